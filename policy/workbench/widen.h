/*
 * widen.h - a policy that grants one project everything its catalogues offer: what would a job do if only grants were
 * in its way? Never put in force; for telling "not permitted" from "wrong" and naming what is wanted.
 */
#ifndef SL_POLICY_WORKBENCH_WIDEN_H
#define SL_POLICY_WORKBENCH_WIDEN_H

#include "policy/policy.h"

/*
 * sl_policy_widen - pin the catalogues as they are, and grant the project, beside its own tables, those that `script`
 * names, each with every column and use that its catalogue offers.
 *   policy  in/out  changed also on failure; free as always
 * Fails: SL_E_NO (no such project), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_policy_widen(struct sl_policy *policy, const char *project,
                                         const struct sl_catalogue *const *catalogues, uint32_t ncatalogues,
                                         const void *script, size_t nscript, struct sl_err *err);

#endif
