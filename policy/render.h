/*
 * render.h - what a release looks like: the parent's own words around sluice-check's numbers.
 *
 * Labels and titles come from the view, column names and descriptions from the plan (the author's, and marked so). The
 * same publication gives the same bytes. Every reason for hiding prints as the one marker.
 */
#ifndef SL_POLICY_RENDER_H
#define SL_POLICY_RENDER_H

#include "enclave/pact/behind.h"
#include "enclave/pact/setup.h"
#include "policy/public.h"

/*
 * Where policy says `near: earlier`, the last column of every output: of a row that is told again, which row of which
 * release it is; of any other "". No column of an author's can be called so.
 */
#define SL_EARLIER_COLUMN "[earlier]"

/* What is rendered; all borrowed. Each function asks sl_publication_check first. */
struct sl_render {
	const struct sl_view *view;
	const struct sl_plan *plans;
	uint32_t nplans;
	const struct sl_publication *publication;
	const struct sl_rules *rules;
	const char *enclave; /* its name */
	const char *project, *purpose;
	const char *request; /* "R-1" */
	const char *context; /* the author's words on the request */
	uint64_t policy_serial;       /* of the policy it was judged under */
	const uint8_t *policy_sha256; /* 32 */
	const char *tables;           /* JSON: every table read → its version; NULL or "": none */
	const struct sl_public *known; /* what is public of its tables; NULL: nothing */
	/* Appends which number of an earlier release a finding speaks of: "L-1, …". NULL: it is not told. */
	void (*tell_other)(void *self, const struct sl_finding *f, struct sl_buf *out);
	void *tell_self;
	const struct sl_behind *behind; /* checked; NULL: findings do not say what was tried */
};

/*
 * sl_render_csv - output i as canonical CSV: header, rows in canonical order or order_by, limit applied; RFC 4180
 * quoting only where needed, LF, UTF-8, numbers by sl_format_decimal, dates YYYY-MM-DD, booleans false/true,
 * missing empty, hidden SL_MARKER; hidden values order last. Appended to out.
 * sl_render_csv_name - "data/<output>.csv", into out (SL_RENDER_NAME_BYTES).
 * Fails: SL_E_INPUT (shapes disagree), SL_E_LIMIT, SL_E_NOMEM.
 */
#define SL_RENDER_NAME_BYTES 96
/* Suppressed numbers are safe from all outputs of the request, as far as it goes; and from earlier releases. */
#define SL_SECONDARY_TEXT "within the request"
#define SL_SECONDARY_COARSE_TEXT \
	"within the request, by whole lines or tables: the work allowed did not do for fewer rows"
#define SL_HISTORY_TEXT \
	"beside all earlier releases: pairs, remainders, lattices, bounds, combinations; nothing is left unproved"
#define SL_HISTORY_UNPROVED_TEXT \
	"beside all earlier releases: audited to pairs and propagation; not for every small group is there proof that it " \
	"stays hidden, which its reviewers accepted as depth"
/* Where counts are rounded. */
#define SL_TOTALS_TEXT "of the rounded cells of the finest output that has them, hidden cells left out"
#define SL_TOTALS_RANDOM_TEXT "rounded by themselves; they need not be the sum of the rounded cells"
#define SL_PRECISION_TEXT "as fine as the rounded count behind a number tells"
SL_MUST_CHECK enum sl_rc sl_render_csv(const struct sl_render *r, uint32_t i, struct sl_buf *out, struct sl_err *err);
void sl_render_csv_name(const struct sl_plan *plan, char out[static SL_RENDER_NAME_BYTES]);

/*
 * sl_render_number - a value of a column as the CSV has it. sl_render_change - what came to it, with its sign, of dates
 * in days; false, and "", where there is no such number.
 */
void sl_render_number(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, int64_t value,
                      char out[static SL_DECIMAL_TEXT]);
bool sl_render_change(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, int64_t from, int64_t to,
                      char out[static SL_DECIMAL_TEXT + 1]);

/* sl_render_has_earlier - there is such a column. */
bool sl_render_has_earlier(const struct sl_rules *rules);

/* A file of the bundle, for the datapackage. */
struct sl_render_file {
	uint8_t sha256[32];
	uint64_t bytes;
};

/*
 * sl_render_datapackage - datapackage.json of the bundle (Frictionless tabular data package).
 *   files  in  r->nplans, of the CSVs in plan order
 * sl_render_sdc_record - sdc-record.json: every rule by name with its limit, transformation, versions, totals of hidden
 *   values, secondary as sl_render_secondary, history as sl_render_history. Nothing confidential: no (n,k), p %,
 *   margins, evidence, and nothing about single cells.
 * sl_render_history - SL_HISTORY_TEXT, or SL_HISTORY_UNPROVED_TEXT where `depth` was found.
 * Both: jansson, sorted keys, two spaces, a final LF. Appended to out. Fails as sl_render_csv.
 */
SL_MUST_CHECK enum sl_rc sl_render_datapackage(const struct sl_render *r, const struct sl_render_file *files,
                                               struct sl_buf *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_render_sdc_record(const struct sl_render *r, struct sl_buf *out, struct sl_err *err);
const char *sl_render_history(const struct sl_publication *p);

/* sl_render_transformation - append how numbers were rounded, and what the least of them may be; nothing: exact. */
void sl_render_transformation(const struct sl_rules *rules, struct sl_buf *out);

/* sl_render_cell - append a cell's keys and their labels: "age 18-39, sex female". */
void sl_render_cell(const struct sl_plan *plan, const struct sl_view *view, uint32_t cell, struct sl_buf *out);

/* A finding in words, for reviewers. Heap, in publication order; free with sl_render_findings_free. */
struct sl_finding_text {
	const struct sl_finding *finding;
	const char *rule, *acro, *reason, *remedy; /* static */
	const char *severity;                      /* "refuse", "suppress", "review"; static */
	const char *output;                        /* borrowed from the plan */
	const char *column;                        /* borrowed; "" : the row or the output */
	char *cell;                                /* "age 18-39, sex female"; "" : the whole output */
	char *measure;                             /* "3 units, limit 10"; "" : nothing to say */
	char *tried;                               /* "cured without output wards"; "" : nothing was tried */
};
SL_MUST_CHECK enum sl_rc sl_render_findings(const struct sl_render *r, struct sl_finding_text **out, uint32_t *nout,
                                            struct sl_err *err);
/*
 * sl_render_tried - what would cure a finding of the publication, of all that was tried. sl_render_without - "without
 * output wards", "without column median of wards". sl_render_by_level - "with ward by its district". All append.
 */
void sl_render_tried(const struct sl_render *r, uint32_t finding, struct sl_buf *out);
void sl_render_without(const struct sl_plan *plans, const struct sl_behind_tried *t, struct sl_buf *out);
void sl_render_by_level(const struct sl_plan *plans, const struct sl_view *view, const struct sl_behind_level *l,
                        struct sl_buf *out);
/* sl_render_secondary - how more was hidden, for the records: one of the two texts. */
const char *sl_render_secondary(const struct sl_publication *p);
/* sl_render_rule - a rule's id by its number: "threshold". */
const char *sl_render_rule(uint8_t rule);
void sl_render_findings_free(struct sl_finding_text *texts, uint32_t ntexts);

#endif
