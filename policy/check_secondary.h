/*
 * check_secondary.h - between check_margins.c, check_secondary.c, check_family.c and check_numbers.c only: what can be
 * audited together, and what is known of its numbers.
 */
#ifndef SL_POLICY_CHECK_SECONDARY_H
#define SL_POLICY_CHECK_SECONDARY_H

#include "policy/check_state.h"
#include "policy/secondary/system.h"

enum sl_number { SL_NUMBER_NONE, SL_NUMBER_ROWS, SL_NUMBER_SUM, SL_NUMBER_UNITS };

/* What every number of the outputs is: of this statistic and, if it has one, of this argument. */
struct sl_family {
	enum sl_number kind;
	const struct sl_plan *plan;
	const struct sl_stat *stat;
	/* A sum: what one row adds is between these, as the catalogue tells everybody; INT64_MIN, INT64_MAX: any. */
	int64_t lo, hi;
	bool of_amounts;              /* sums and means of one argument beside counts: see sl_check_amount; */
	bool must;                    /* one of them was hidden for what it is */
	bool has[SL_PLANS_MAX];       /* per output: it holds such a number, */
	uint32_t stat_of[SL_PLANS_MAX]; /* first of this statistic, */
	uint64_t keys[SL_PLANS_MAX];  /* by these keys and what they tell, a bit each */
};

/*
 * sl_check_family - the one kind of number that all outputs of the group hold.
 * Fails: SL_E_LIMIT when something is known of the numbers that neither their equations nor bounds say:
 * - there are two kinds of them (units are no more than rows, a sum beside a mean tells a count), or one that does not
 *   add up;
 * - a sum is not of one column, or of one column that a fold adds up: a constant in it may pack two numbers into one,
 *   and what a reference table says of its rows everybody knows;
 * - a key or a condition tells of a row what it adds to a sum;
 * - two keys come from one column and neither tells the other (check_levels.h), or one condition reads two columns that
 *   are grouped by: groups of the one are empty in groups of the other, also where no output shows both;
 * - the outputs' keys are cyclic (see secondary/acyclic.h).
 */
SL_MUST_CHECK enum sl_rc sl_check_family(const struct sl_check_state *st, const bool *in_group, struct sl_family *f,
                                         struct sl_err *err);

/* sl_check_hides_for_amount - a number of this statistic, or SL_FINDING_WHOLE: any, was hidden for what it is. */
bool sl_check_hides_for_amount(const struct sl_check_state *st, uint32_t i, uint32_t s);

/*
 * sl_check_amount - where outputs hold more than one kind: the n-th argument of sums and means of which a number is
 * hidden that one or two units dominate, whatever it was hidden for. Who else is where, and how many, is then taken as
 * it is: amounts alone may be others.
 *   found  out  false: there is none
 * Fails: SL_E_LIMIT as above, or a statistic is none of count, units, sum, mean, so that more may be told of amounts.
 */
SL_MUST_CHECK enum sl_rc sl_check_amount(const struct sl_check_state *st, const bool *in_group, uint32_t n,
                                         struct sl_family *f, bool *found, struct sl_err *err);

/* sl_check_is_of - whether a statistic of a plan is such a number. */
bool sl_check_is_of(const struct sl_family *f, const struct sl_plan *plan, const struct sl_stat *stat);

/*
 * sl_check_keys_cross - whether two outputs group by one column in two ways of which neither puts the groups of the
 * other together: wards on the coast less large wards is about a ward that neither shows, also where nothing is hidden.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_check_keys_cross(const struct sl_view *view, const struct sl_plan *a,
                                             const struct sl_plan *b, bool *cross, struct sl_err *err);

/* sl_check_same_key - two keys group in the same way by the same column. */
bool sl_check_same_key(const struct sl_plan *a, const struct sl_key *ka, const struct sl_plan *b,
                       const struct sl_key *kb);

/*
 * sl_check_number - the number of a cell of output i as a fact, but for its row and state.
 *   hidden  in  it is for its own sake: how many rows are behind it is then not known
 * False: too large to be audited, or there is no telling what it adds up to.
 */
SL_MUST_CHECK bool sl_check_number(const struct sl_check_state *st, const struct sl_family *f, uint32_t i,
                                   const struct sl_evidence *e, bool hidden, struct sl_fact *out);

#endif
