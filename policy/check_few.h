/*
 * check_few.h - between check_few*.c only: an output as it would be without what it asks of one column of few values.
 *
 * Rows grouped by the column, or kept for one value of it, are then rows of everybody, of whom it is known how many
 * have which value. So numbers of the column in several outputs, about the same rows but for that, are equations of one
 * system.
 */
#ifndef SL_POLICY_CHECK_FEW_H
#define SL_POLICY_CHECK_FEW_H

#include "policy/check_sides.h"
#include "policy/check_state.h"
#include "policy/rules/few_column.h"

/* Some numbers of a group of values, added up over cells. */
struct sl_few_sum {
	struct sl_few_number number;
	uint32_t ncells;               /* that somebody is in */
	uint32_t cell;                 /* of those, the one with fewest rows */
	bool all;                      /* it is shown in all of them */
};

struct sl_few_side {
	uint32_t output;
	struct sl_few_plan at;
	struct sl_few_column column;
	struct sl_plan less;           /* the plan without the column; what is not its own is borrowed */
	struct sl_earlier_output rows; /* what a row of `less` asks for, per_cell 1 */
	struct sl_side found;
	uint32_t *row_of, *first, *cells; /* by cell: its row of `less`; by row: its cells, cells[first[row]] … */
	uint32_t *group_of, ngroups;   /* by cell: which groups of keys by the column it is of */
	bool *in;                      /* [group * natoms + atom]: rows of it may have the atom */
	struct sl_few_sum *sums;       /* [group * (nstats + 1) + i]: how many rows; then the column's statistics */
	bool asks;                     /* it has a number, a key or a condition of the column */
};

/*
 * sl_few_side_open - of an output, and a column of another one, with that one's values; asks: whether it has any of it.
 * sl_few_side_list - of one that asks: rows and cells.
 * SL_E_LIMIT (open, list), SL_E_NOMEM; sl_few_side_close also after failure, and of a zeroed one.
 */
SL_MUST_CHECK enum sl_rc sl_few_side_open(struct sl_few_side *s, const struct sl_check_state *st, uint32_t output,
                                          const struct sl_few_plan *owner, const struct sl_few_column *column,
                                          struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_few_side_list(struct sl_few_side *s, struct sl_err *err);
void sl_few_side_close(struct sl_few_side *s);
/* sl_few_side_once - a unit has one row at most. */
bool sl_few_side_once(const struct sl_few_side *s);

/* --- earlier releases -------------------------------------------------------------------------------------- */

struct sl_few_past;

/* A number of an earlier release. */
struct sl_few_before {
	struct sl_few_number number;
	bool is_known;                 /* of a sum: it is of the column as it stands, though not how much it is */
	uint64_t release;
	uint32_t output, cell;
};

/*
 * sl_few_past_open - what earlier releases in the history of the side's output have of its column. *out NULL: nothing.
 *   counted  in  the request adds the column up, so that counts matter
 * sl_few_past_close takes NULL. SL_E_LIMIT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_few_past_open(struct sl_few_past **out, const struct sl_check_state *st,
                                          const struct sl_few_side *side, bool counted, struct sl_err *err);
void sl_few_past_close(struct sl_few_past *p);

/*
 * sl_few_past_counts - how many of a row's rows have some of the values, up to `max` numbers; how many.
 * sl_few_past_sum - the next sum, mean or spread of the row, from *at on, which moves. False: there is no other.
 */
uint32_t sl_few_past_counts(const struct sl_few_past *p, const struct sl_earlier_set *row, struct sl_few_before *out,
                            uint32_t max);
bool sl_few_past_sum(const struct sl_few_past *p, const struct sl_earlier_set *row, uint32_t *at,
                     struct sl_few_before *out);

#endif
