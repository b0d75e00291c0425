/*
 * witness.h - the one part of secondary suppression that is trusted: it looks at a table and says whether it could be
 * the true one for all that is published. Whoever found the table (prover.c) is not believed.
 */
#ifndef SL_POLICY_SECONDARY_WITNESS_H
#define SL_POLICY_SECONDARY_WITNESS_H

#include "policy/secondary/system.h"

/*
 * sl_witness_holds - whether `values`, one integer per fact, satisfy everything that is known beside the true values:
 * each is within its fact's bounds, every shown one is as shown, every equation is met; and a unit that stands alone
 * behind a hidden number knows that one as well, but for `primary`'s own: this is also safe against all such units
 * together. That nobody is behind a number everybody knows; but who does not know it of the primary knows it neither of
 * what the primary is a part of, nor of all its parts.
 *   primary  in  < s->nfacts
 */
bool sl_witness_holds(const struct sl_system *s, uint32_t primary, const int64_t *values);

/*
 * sl_witness_protects - whether the two tables show that a hidden number cannot be told closer than it must be: both
 * hold; in `high` it is at least sl_fact_highest, in `low` at most sl_fact_lowest.
 */
bool sl_witness_protects(const struct sl_system *s, uint32_t primary, const int64_t *high, const int64_t *low);

#endif
