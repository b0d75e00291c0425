/*
 * outputs.h - an output as history holds it: its sets, their conditions, which of them anybody has seen.
 *
 * Made of what was published, by sluice-check for the request's outputs and by the parent for earlier releases.
 */
#ifndef SL_POLICY_HISTORY_OUTPUTS_H
#define SL_POLICY_HISTORY_OUTPUTS_H

#include "enclave/pact/history.h"
#include "enclave/pact/publication.h"
#include "enclave/pact/setup.h"

/*
 * sl_history_output - of a checked plan and what was, or would be, published of it.
 *   published        in  the whole, with its findings; the plan is its output `number`
 *   rules            in  under which it was, or would be
 *   release          in  7: L-7; of a request's: not yet known, any
 *   out              out  all but its versions, which the plan does not say; any content; free with
 *                         sl_history_output_free. Zeroed on failure.
 * Fails: SL_E_LIMIT (more sets than SL_SETS_MAX, more conditions than SL_PREDICATE_PARTS_MAX), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_history_output(const struct sl_plan *plan, const struct sl_view *view,
                                           const struct sl_publication *published, const struct sl_rules *rules,
                                           uint64_t release, uint32_t number, struct sl_earlier_output *out,
                                           struct sl_err *err);
/* sl_history_public - a public total: of a checked plan of units, of which everybody has seen every set. As above. */
SL_MUST_CHECK enum sl_rc sl_history_public(const struct sl_plan *plan, const struct sl_view *view, uint64_t release,
                                           uint32_t number, struct sl_earlier_output *out, struct sl_err *err);
/* sl_history_stat_of - the statistic that a cell's set `number` is of; SL_FINDING_WHOLE: it is the row itself. */
uint32_t sl_history_stat_of(const struct sl_plan *plan, uint32_t number);
void sl_history_output_free(struct sl_earlier_output *o);

#endif
