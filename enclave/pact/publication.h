/*
 * publication.h - what sluice-check decided: exactly what would leave, and why the rest would not.
 *
 * Numbers only. The parent adds names and labels from plan and view and renders the CSV itself, so a
 * confined process cannot put text into a release.
 */
#ifndef SL_PACT_PUBLICATION_H
#define SL_PACT_PUBLICATION_H

#include "enclave/pact/public.h"
#include "enclave/pact/result.h"

#define SL_FINDINGS_MAX 100000
#define SL_PUBLICATION_WIRE_MAX (64u << 20)

/* Disclosure rules, each a file in policy/rules/. Ids are stable; names follow ACRO where one exists. */
enum sl_rule {
	SL_RULE_NONE = 0,
	SL_RULE_THRESHOLD, SL_RULE_NUMERATOR, SL_RULE_DOMINANCE, SL_RULE_P_PERCENT, SL_RULE_NEGATIVES,
	SL_RULE_GROUP_DISCLOSURE, SL_RULE_WITHIN_GROUP, SL_RULE_ALL_EQUAL, SL_RULE_EXTREMES, SL_RULE_SMALL_COMPLEMENT,
	SL_RULE_ZERO, SL_RULE_RANGE, SL_RULE_CONTEXT, SL_RULE_MARGINS, SL_RULE_LINKED,
	SL_RULE_QUANTILE, SL_RULE_QUANTILE_VALUE, SL_RULE_DEGREES_OF_FREEDOM, SL_RULE_DIFFERENCING,
	SL_RULE_SECONDARY, SL_RULE_HISTORY, SL_RULE_TRACKER, SL_RULE_DEPTH, SL_RULE_ROUNDING,
	SL_RULE_EXPRESSION, SL_RULE_REGRESSOR, SL_RULE_LEVERAGE, SL_RULE_NARROW,
	SL_RULE_COUNT_
};

/* What a finding asks for. 0 refuses the whole request. */
enum sl_severity { SL_SEVERITY_REFUSE = 0, SL_SEVERITY_SUPPRESS, SL_SEVERITY_REVIEW };

#define SL_FINDING_WHOLE UINT32_MAX /* cell or stat: the whole output */

struct sl_finding {
	uint8_t rule;       /* enum sl_rule */
	uint8_t severity;
	uint16_t output;    /* index of the plan within the request */
	uint32_t stat;      /* plan.stats[]; SL_FINDING_WHOLE: the row or the output */
	uint32_t cell;      /* SL_FINDING_WHOLE: the output */
	uint64_t units;     /* contributors behind the cell and statistic */
	int64_t measured;   /* against limit, in the rule's unit: units, or percent on scale 3 */
	int64_t limit;
	/* the number it must not be seen beside; other_cell SL_FINDING_WHOLE: none, or all of them together */
	uint64_t release;   /* 7: L-7; 0: of this request */
	uint16_t other_output; /* from SL_PUBLIC_FIRST on: a public total (public.h) */
	uint32_t other_cell;
};

struct sl_published_cell {
	uint8_t shown;      /* 0: [c] */
	int64_t value;      /* on the column's published grid; 0 when not shown */
	uint8_t missing;    /* shown and without value (mean of nothing, x/0 in calc): printed empty */
};

struct sl_published_output {
	struct sl_published_cell *cells; /* cell-major: cells[cell * (nstats + ncalcs) + column] */
	uint32_t ncells;
	uint64_t population;  /* for the reviewer; never in the bundle */
	uint32_t suppressed;  /* cells of this output that are [c] */
};

/*
 * A row that is hidden, and in whose place the numbers of an earlier row are told again, which differs from it by few
 * units or by none. sluice-check says which row; the parent has its numbers.
 */
struct sl_published_again {
	uint16_t output;      /* of the request, and its cell */
	uint32_t cell;
	uint64_t release;     /* 7: L-7; its output, and the cell there */
	uint16_t from_output;
	uint32_t from_cell;
	char *from;           /* the row as people find it: "L-7/data/cells.csv#row=2"; "" : not yet filled in */
	struct sl_published_cell *columns; /* as the row's: shown where the earlier row tells the same; none: not yet */
	uint32_t ncolumns;
};

#define SL_PUBLISHED_FROM_BYTES 160

/* Of which values of a column a hidden number would have told that few rows have one: for the reviewer alone. */
struct sl_published_few {
	uint16_t output;      /* the number's finding, of rule NUMERATOR */
	uint32_t cell, stat;
	uint16_t table, column; /* view.tables[].columns[] */
	struct sl_published_cell *values; /* on the column's grid, each shown */
	uint32_t nvalues;
};
#define SL_PUBLISHED_VALUES_MAX 66

/* Zeroed: refused, nothing shown. */
struct sl_publication {
	uint8_t releasable;  /* 1: no finding of severity refuse is left */
	struct sl_published_output *outputs;
	uint32_t noutputs;
	struct sl_finding *findings; /* by output, cell, stat, rule */
	uint32_t nfindings;
	struct sl_published_again *again; /* by output, cell */
	uint32_t nagain;
	struct sl_published_few *few; /* by output, cell, stat */
	uint32_t nfew;
};

extern const struct sl_record sl_finding_record, sl_publication_record;

/* sl_publication_again - what is told again in a row's place; NULL: nothing. */
const struct sl_published_again *sl_publication_again(const struct sl_publication *p, uint32_t output, uint32_t cell);
/* sl_publication_told - a number as it is printed: the row's own, or what is told again. ncolumns: of the output. */
const struct sl_published_cell *sl_publication_told(const struct sl_publication *p, uint32_t output, uint32_t cell,
                                                    uint32_t column, uint32_t ncolumns);

/* sl_publication_few - of a finding, which values of a column it is about; NULL: it does not say. */
const struct sl_published_few *sl_publication_few(const struct sl_publication *p, const struct sl_finding *f);

/* sl_publication_stored - as sl_codec_decode; what an earlier version stored lacks at its end what that had not. */
SL_MUST_CHECK enum sl_rc sl_publication_stored(const void *data, size_t len, struct sl_publication *out,
                                               struct sl_err *err);

/*
 * sl_publication_check - shapes agree with the plans: cells per output, indexes in range, [c] cells carry value 0, rows
 * that are told again are hidden and have no number of their own, values are ones of their column. SL_E_INPUT.
 */
SL_MUST_CHECK enum sl_rc sl_publication_check(const struct sl_publication *p, const struct sl_plan *plans,
                                              size_t nplans, const struct sl_view *view, struct sl_err *err);

#endif
