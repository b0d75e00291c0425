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

/* --- a place: a row of an output, less what that asks of the column ------------------------------------------ */

/* Numbers of a place beyond these are left out. */
#define SL_FEW_NUMBERS_MAX 256

/* A number of a place, and whose it is; of an earlier release side is NULL, and before is it. */
struct sl_few_place_number {
	const struct sl_few_number *number;
	const struct sl_few_side *side;
	const struct sl_few_before *before;
	uint32_t stat;                 /* SL_FINDING_WHOLE: how many rows there are */
	uint32_t cell;
	/* Of what is left of it, less another output's number: that one; else NULL. */
	const struct sl_few_side *less;
	uint32_t less_cell;
};

struct sl_few_place {
	struct sl_check_state *st;
	struct sl_few_side *sides;
	uint32_t nsides;
	struct sl_few_past *past;      /* NULL: nothing left before */
	const struct sl_few_side *owner;
	uint32_t row;
	bool in[SL_FEW_ATOMS_MAX];     /* by atom: rows of the owner may have it; of all rows, whatever it asks for: any */
	sl_i128 rows;
	uint64_t most;                 /* rows of one unit */
	struct sl_few_place_number given[SL_FEW_NUMBERS_MAX], asked[SL_FEW_NUMBERS_MAX];
	uint32_t ngiven, nasked;
	uint32_t npairs;               /* of places that were looked at together */
	struct sl_few_before before[SL_FEW_NUMBERS_MAX];
};

/* sl_few_evidence - of a cell's first statistic; the others are behind it. */
const struct sl_evidence *sl_few_evidence(const struct sl_few_side *s, uint32_t cell);

/*
 * sl_few_place_at - the row of p->owner: how many rows it has.
 * sl_few_place_find - the numbers of them that are shown.
 */
void sl_few_place_at(struct sl_few_place *p, uint32_t row);
void sl_few_place_find(struct sl_few_place *p);

/*
 * sl_few_place_ask - looks at the numbers that were found, those asked about one after the other.
 *   goes  out  one of them tells of few, and was hidden: they are to be found anew
 */
SL_MUST_CHECK enum sl_rc sl_few_place_ask(struct sl_few_place *p, bool *goes, struct sl_err *err);

/* sl_few_ask_less - the same of what is left of the place, less each row of the request that lies in it. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_few_ask_less(struct sl_few_place *p, bool *goes, struct sl_err *err);

#endif
