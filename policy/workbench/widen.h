/*
 * widen.h - a policy that grants one project everything its catalogues offer: what would a job do if only grants were
 * in its way? Never put in force; for telling "not permitted" from "wrong" and naming what is wanted.
 */
#ifndef SL_POLICY_WORKBENCH_WIDEN_H
#define SL_POLICY_WORKBENCH_WIDEN_H

#include "policy/policy.h"

/* Beside its own lists everything in policy is borrowed from what was widened and from the catalogues. */
struct sl_policy_wide {
	struct sl_policy policy;
	/* Owned, and what policy points at. */
	struct sl_pin *pins;
	struct sl_project *projects;
	struct sl_granted_table *tables; /* of the one project */
	struct sl_granted_column *columns;
};

/*
 * sl_policy_widen - pin the catalogues as they are, and grant the project, beside its own tables, those that `script`
 * names, each with every column and use that its catalogue offers.
 *   policy  in   stays as it is, and so do the catalogues, as long as *out is used
 *   out     out  any content; free with sl_policy_wide_free, also on failure
 * Fails: SL_E_NO (no such project), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_policy_widen(const struct sl_policy *policy, const char *project,
                                         const struct sl_catalogue *const *catalogues, uint32_t ncatalogues,
                                         const void *script, size_t nscript, struct sl_policy_wide *out,
                                         struct sl_err *err);
void sl_policy_wide_free(struct sl_policy_wide *w);

#endif
