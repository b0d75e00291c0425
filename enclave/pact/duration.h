/*
 * duration.h - how long sluice-engine may take for a plan, from the plan and how large its tables are, whatever their
 * rows are: jobs/slot.h tells an end by it, so that one which comes sooner tells nothing.
 *
 * It is no bound that is proved: what it is made of was measured on one machine, in one thread, where each step takes
 * longest (numbers that leave 64 bits, brackets of quantiles that miss), and more was taken. An end that is later all
 * the same is counted (jobs/unseen.h).
 */
#ifndef SL_PACT_DURATION_H
#define SL_PACT_DURATION_H

#include "enclave/pact/plan.h"

/*
 * sl_plan_engine_us - of a checked plan, in microseconds; UINT64_MAX when it is no number of them.
 *   rows  in  of each table of the view; each is rounded up to a power of two, so that a few more or less are not seen
 */
uint64_t sl_plan_engine_us(const struct sl_plan *plan, const struct sl_view *view, const uint64_t *rows);

#endif
