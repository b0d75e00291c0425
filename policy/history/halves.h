/*
 * halves.h - statistics of which two tell together how many have a value: a total (sum, count_if) over a quotient
 * (mean, share) of the same thing and the same rows. Either half alone does not.
 */
#ifndef SL_POLICY_HISTORY_HALVES_H
#define SL_POLICY_HISTORY_HALVES_H

#include "enclave/pact/history.h"
#include "enclave/pact/publication.h"

/*
 * sl_halves_list - of a checked plan's printed statistics, in order, into heap memory of the caller's. Sums and means
 * are of the same thing where they add up to as much (amount.h), conditions where one is the other or its opposite, and
 * those of two values where their implied condition is. Of a share it is noted which set it is of.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_halves_list(const struct sl_plan *plan, const struct sl_view *view, struct sl_half **out,
                                        uint32_t *nout, struct sl_err *err);

/*
 * Of a plan's implied count of who has a value (sl_stat_is_of_known): the numbers that tell it, a bit for each
 * statistic. One of either is enough.
 */
struct sl_half_known {
	uint8_t stat;
	uint64_t totals, quotients;
};

/* sl_halves_known - all of them, into heap memory of the caller's; NULL: there are none. As sl_halves_list. */
SL_MUST_CHECK enum sl_rc sl_halves_known(const struct sl_plan *plan, const struct sl_view *view,
                                         struct sl_half_known **out, uint32_t *nout, struct sl_err *err);

/*
 * sl_halves_are_told - whether a number that is hidden is a mean or share of which another output, or an earlier
 * release, shows the total: nobody has to be kept from that, but from both together.
 */
bool sl_halves_are_told(const struct sl_plan *plan, const struct sl_publication *published, uint32_t output,
                        uint32_t cell, uint32_t stat);

#endif
