/*
 * implied.h - counts that the statistics of a plan tell though nobody asked for them: the sum of an argument with two
 * values is a count of those who have the larger one, and so is its mean or spread; a line or a model tells it of each
 * of its variables, and of two of them how many have both, one alone, or neither.
 *
 * Such a count becomes a statistic of the plan, behind the author's own, that is printed nowhere: the engine counts and
 * seals it, the rules judge it, later requests are compared with it. What it is told by goes where it goes.
 */
#ifndef SL_POLICY_IMPLIED_H
#define SL_POLICY_IMPLIED_H

#include "enclave/pact/plan.h"

#define SL_PLAN_IMPLIED "implied-max"

/*
 * sl_implied_add - append what a checked plan's statistics imply; two values are those that the catalogue and the
 * expression leave. A count that the author asks for, or that another statistic implies, is not appended again.
 *   plan  in/out  of the script, without any of them; unchanged on failure but for those appended before it
 * Fails: SL_E_DENIED (SL_PLAN_IMPLIED: more than an output can have), SL_E_INTEGRITY (it has some), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_implied_add(struct sl_plan *plan, const struct sl_view *view, struct sl_err *err);

#endif
