/*
 * gaps.h - what a reviewer would send a request back for, as far as declared facts show it: plan, view, the project's
 * purpose, the author's words. No row is asked, so all of it may be told to the author.
 *
 * A description is words, and behind them parts that a program reads: "weight at entry, mean; unit: kg; of: persons".
 * Unit and period are known where the catalogue tells them; the author adds what it does not.
 */
#ifndef SL_POLICY_RULES_GAPS_H
#define SL_POLICY_RULES_GAPS_H

#include "enclave/pact/setup.h"

enum sl_gap {
	SL_GAP_NONE = 0,
	SL_GAP_PURPOSE,     /* the project has no purpose */
	SL_GAP_CONTEXT,     /* the request does not say what it is for */
	SL_GAP_REPEATED,    /* it says again what the project or the output already says */
	SL_GAP_DESCRIPTION, /* a column has no words, or only its own name */
	SL_GAP_UNIT,        /* nobody says what a number is measured in */
	SL_GAP_PERIOD,      /* nobody says what time the rows speak of */
	SL_GAP_DENOMINATOR, /* a ratio does not say of what */
	SL_GAP_COUNT,       /* a share, mean or other ratio without the count behind it */
	SL_GAP_UNROUNDED,   /* policy rounds counts, and a sum counts without being one */
	SL_GAP_COUNT_
};

struct sl_gap_row {
	enum sl_gap gap;
	const char *reason; /* behind the column's name */
	const char *remedy;
};
/* Indexed by enum sl_gap; row 0 is empty. */
extern const struct sl_gap_row sl_gaps_table[SL_GAP_COUNT_];

/* The declared facts. All borrowed. */
struct sl_gap_case {
	const struct sl_view *view;
	const struct sl_plan *plan; /* checked */
	const char *purpose;        /* the project's */
	const char *context;        /* the author's, on the request */
	const struct sl_rules *rules;
};

#define SL_GAP_BIT(gap) (1u << (gap))

/*
 * sl_gaps_of_request - bits of what concerns the request and the output as such. sl_gaps_of_column - of one column:
 * keys, statistics, calcs. sl_gaps_first - the first in a set of bits; SL_GAP_NONE for none.
 */
uint32_t sl_gaps_of_request(const struct sl_gap_case *c);
uint32_t sl_gaps_of_column(const struct sl_gap_case *c, uint32_t column);
enum sl_gap sl_gaps_first(uint32_t bits);

/*
 * What the program itself knows of a column (statistics, then calcs): appended; false: the
 * author must say, and what was appended means nothing.
 * sl_gaps_measured_in - what the number is measured in: "days", "kg squared", "person", "rows", "part of 1".
 * sl_gaps_denominator - what it is a part, mean or spread of; nothing for a count or a sum, which has none: true.
 */
bool sl_gaps_measured_in(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, struct sl_buf *out);
bool sl_gaps_denominator(const struct sl_plan *plan, uint32_t column, struct sl_buf *out);

/*
 * sl_gaps_only_counts - no number of a row takes part in what the expression gives, but flags and constants: its sum
 * is a count.
 */
bool sl_gaps_only_counts(const struct sl_plan *plan, const struct sl_view *view, const struct sl_expr *e);

/*
 * sl_gaps_describe - for people, a line for each table read and each column: what is known, and behind it the author's
 * words in quotes, to the end of the line. Appended.
 */
void sl_gaps_describe(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *out);

/*
 * sl_gaps_part - the text behind "label:" among the parts of a description, which ";" separates; its length in *len.
 * NULL: there is no such part, or nothing stands in it.
 */
const char *sl_gaps_part(const char *words, const char *label, size_t *len);

/*
 * sl_gaps_tell - all gaps of one output in words, a line each with its remedy; whole: also those of the request.
 * Appended to out, whose limit holds.
 */
void sl_gaps_tell(const struct sl_gap_case *c, bool whole, struct sl_buf *out);

#endif
