/*
 * plan_grant.h - is this plan within the grant? Depends on declared domains and catalogue only, so every refusal
 * can be told in full before a row is read.
 */
#ifndef SL_POLICY_PLAN_GRANT_H
#define SL_POLICY_PLAN_GRANT_H

#include "policy/grant.h"

#define SL_PLAN_USE_GROUP "use-group"
#define SL_PLAN_USE_FILTER "use-filter"
#define SL_PLAN_USE_MEASURE "use-measure"
#define SL_PLAN_CELLS "cells-max"
#define SL_PLAN_NODES "nodes-max"
#define SL_PLAN_MEMORY "engine-memory-bytes"
#define SL_PLAN_OUTPUTS "outputs-max"
#define SL_PLAN_BYTES "output-bytes-max"
#define SL_PLAN_TWICE "output-twice"
#define SL_PLAN_EXTREMES "extremes"

/*
 * sl_plan_grant_check - judge a decoded plan against the grant and encode it anew for the engine.
 *   view      in   the grant's
 *   limits    in   the grant's
 *   encoded   out  appended: the canonical wire form; what the script sent is never passed on. May be NULL.
 * Includes sl_plan_check. Fails: SL_E_DENIED (rule, line, remedy), SL_E_INPUT (shape), SL_E_LIMIT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_plan_grant_check(const struct sl_plan *plan, const struct sl_view *view,
                                             const struct sl_limits *limits, struct sl_buf *encoded,
                                             struct sl_err *err);

/* sl_plan_grant_uses - the part of it that asks the uses of the view's columns. Fails: SL_E_DENIED (with its line). */
SL_MUST_CHECK enum sl_rc sl_plan_grant_uses(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err);

/*
 * sl_plan_grant_wants - the uses of a column that plans need: those without which they would be refused.
 *   view  in/out  the one they index; as it was, afterwards
 */
uint8_t sl_plan_grant_wants(const struct sl_plan *plans, uint32_t nplans, const struct sl_view *view, uint32_t table,
                            uint32_t column);

/* sl_plan_grant_set - what concerns all plans of a job: how many, names unique. Fails: SL_E_DENIED. */
SL_MUST_CHECK enum sl_rc sl_plan_grant_set(const struct sl_plan *plans, size_t nplans, const struct sl_limits *limits,
                                           struct sl_err *err);

/* sl_plan_grant_results - the bytes of all results together, of checked plans (nplans > 0). Fails: SL_E_DENIED. */
SL_MUST_CHECK enum sl_rc sl_plan_grant_results(const struct sl_plan *plans, size_t nplans, const struct sl_view *view,
                                               const struct sl_limits *limits, struct sl_err *err);

/* sl_plan_grant_nodes - operations, set members, inputs, keys, statistics, calcs: what a reader has to understand. */
uint64_t sl_plan_grant_nodes(const struct sl_plan *plan);

/*
 * sl_plan_grant_space - the unit space the plan reads (one, by sl_plan_check); "" when none. Borrowed from view.
 */
const char *sl_plan_grant_space(const struct sl_plan *plan, const struct sl_view *view);

#endif
