/*
 * rejudge.h - plans of the past under another policy's grant: would they be let through?
 */
#ifndef SL_POLICY_WORKBENCH_REJUDGE_H
#define SL_POLICY_WORKBENCH_REJUDGE_H

#include "policy/plan_grant.h"

/*
 * sl_rejudge - judge plans that were made on one view as if the uses and limits were those of a grant.
 *   then  in/out  the view that the plans index; its uses become the grant's
 *   now   in      tables and columns are found by name
 * Fails: SL_E_DENIED (no-such-table: the grant has no such table; or as sl_plan_grant_check), SL_E_INPUT, SL_E_LIMIT,
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_rejudge(struct sl_view *then, const struct sl_plan *plans, uint32_t nplans,
                                    const struct sl_grant *now, struct sl_err *err);

#endif
