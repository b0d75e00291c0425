/*
 * check.h - from plans, results and rules to findings and a publication: exactly what would leave.
 *
 * Runs inside sluice-check, and in tests in-process. Pure; allocates only what it returns. Order (first refusal
 * wins): plan well-formed → evidence complete and bound to the plan → population → rules of cell and statistic →
 * linked → values → margins and secondary, over the outputs together → history, and both again while more is hidden →
 * transformation → rounding → decision → which earlier rows are told again.
 */
#ifndef SL_POLICY_CHECK_H
#define SL_POLICY_CHECK_H

#include "enclave/pact/behind.h"
#include "enclave/pact/history.h"
#include "policy/rules/rule.h"

/* Findings beyond it are counted alone. Places are kept for what refuses: two rules per statistic, and those about a
 * whole output. */
#define SL_CHECK_KEPT_MAX (SL_FINDINGS_MAX - (2 * SL_STATS_MAX + 4) * SL_PLANS_MAX)

/*
 * sl_check_run - judge.
 *   setup    in   checked here: view, nplans
 *   plans, results  in  setup->nplans each, results[i] is of plans[i]
 *   out      out  any content; free with sl_codec_free(&sl_publication_record, out). Zeroed on failure.
 * With a finding that refuses, every cell is [c] and out->releasable is 0: the findings are the answer.
 * Fails: SL_E_INPUT (a plan or result is not what it says), SL_E_INTEGRITY (a result of another plan), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_check_run(const struct sl_check_setup *setup, const struct sl_plan *plans,
                                      const struct sl_result *results, struct sl_publication *out, struct sl_err *err);

/* What was released before in a unit space, and the units behind it and behind the request's outputs there. */
struct sl_check_space {
	struct sl_history history;
	struct sl_atoms atoms;
};

/*
 * sl_check_after - the same beside what was released before.
 *   spaces  in  setup->nspaces of them; checked here. Of a plan's unit space that is not among them nothing is known,
 * and
 *               nothing is looked at: the caller answers for that
 */
SL_MUST_CHECK enum sl_rc sl_check_after(const struct sl_check_setup *setup, const struct sl_plan *plans,
                                        const struct sl_result *results, const struct sl_check_space *spaces,
                                        struct sl_publication *out, struct sl_err *err);

/*
 * sl_check_behind - the same, and what stands behind each number.
 *   behind  out  any content; free with sl_codec_free(&sl_behind_record, behind). Zeroed on failure.
 */
SL_MUST_CHECK enum sl_rc sl_check_behind(const struct sl_check_setup *setup, const struct sl_plan *plans,
                                         const struct sl_result *results, const struct sl_check_space *spaces,
                                         struct sl_publication *out, struct sl_behind *behind, struct sl_err *err);

/*
 * sl_check_without - the same with one rule of the table left out: for tests that show that each rule is needed.
 * SL_RULE_NONE leaves out nothing.
 */
SL_MUST_CHECK enum sl_rc sl_check_without(enum sl_rule rule, const struct sl_check_setup *setup,
                                          const struct sl_plan *plans, const struct sl_result *results,
                                          struct sl_publication *out, struct sl_err *err);

/* sl_check_calcs - arithmetic on the published statistics of a row: one that is hidden hides what reads it. */
void sl_check_calcs(const struct sl_plan *plan, struct sl_published_cell *row);

/* sl_check_column_type - published type and scale of column i of an output (statistics, then calcs). */
struct sl_input_type sl_check_column_type(const struct sl_plan *plan, const struct sl_view *view, uint32_t column);

#endif
