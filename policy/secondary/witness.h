/*
 * witness.h - the one part of secondary suppression that is trusted: it looks at a table and says whether it could be
 * the true one for all that is published. Whoever found the table (prover.c) is not believed.
 *
 * A table is told by where it differs from the true one, which meets everything. So what has to be looked at are those
 * numbers and the equations they stand in, and of twelve thousand tables of a hundred thousand numbers each none is
 * read as a whole.
 */
#ifndef SL_POLICY_SECONDARY_WITNESS_H
#define SL_POLICY_SECONDARY_WITNESS_H

#include "policy/secondary/system.h"

struct sl_witness {
	const struct sl_system *s;
	int64_t *values;            /* per fact: the table at hand */
	uint32_t *changed, nchanged;  /* facts that were set in it */
	uint8_t *is_changed;
	int64_t *residual;          /* per equation: what is missing to 0 in the table at hand */
	uint8_t *has_whole;         /* per equation: a number stands alone on one side, the sum of the others */
	/* places[first_place[f]] … places[first_place[f + 1] - 1]: twice the equation, and 1 more for factor -1 */
	uint32_t *first_place, *places;
};

/*
 * sl_witness_init - at hand is the true table. Facts, terms and equations are read as they were built, implied ones
 * too; their index is not. Later on facts may get another state, insider or bound, but no other value.
 * Fails: SL_E_INPUT (not even the true table meets everything), SL_E_NOMEM. sl_witness_fini also after failure.
 */
SL_MUST_CHECK enum sl_rc sl_witness_init(struct sl_witness *w, const struct sl_system *s, struct sl_err *err);
void sl_witness_fini(struct sl_witness *w);

/* sl_witness_set - in the table at hand the fact has this value, which may be any. sl_witness_set_all - all facts. */
void sl_witness_set(struct sl_witness *w, uint32_t fact, int64_t value);
void sl_witness_set_all(struct sl_witness *w, const int64_t *values);

/*
 * sl_witness_holds - whether the table at hand satisfies everything that is known beside the true values: each number
 * is within its fact's bounds, every shown one is as shown, every equation is met; and a unit that stands alone
 * behind a hidden number knows that one as well, but for `primary`'s own: this is also safe against all such units
 * together. That nobody is behind a number everybody knows; but who does not know it of the primary knows it neither of
 * what the primary is a part of, nor of all its parts. Afterwards the true table is at hand again.
 *   primary  in  < s->nfacts
 */
bool sl_witness_holds(struct sl_witness *w, uint32_t primary);

/*
 * sl_witness_is_high, sl_witness_is_low - whether the table at hand shows that a hidden number cannot be told closer
 * than it must be: it holds, and the primary is at least sl_fact_highest, or at most sl_fact_lowest. Who is protected
 * has one of each. False of what is no primary. Afterwards the true table is at hand again.
 */
bool sl_witness_is_high(struct sl_witness *w, uint32_t primary);
bool sl_witness_is_low(struct sl_witness *w, uint32_t primary);

#endif
