/*
 * policy_compare.h - two policies compared: their effects (policy/workbench/diff.h), read from texts.
 */
#ifndef SL_JOBS_POLICY_COMPARE_H
#define SL_JOBS_POLICY_COMPARE_H

#include "jobs/standing.h"
#include "policy/workbench/diff.h"

/*
 * sl_policy_compare - load both texts and append the effects of the second one after the first.
 *   standing    in   catalogues, if an enclave is there; NULL: policies alone
 *   now_serial, next_serial  out
 * Fails: SL_E_INPUT (with place), SL_E_LIMIT, SL_E_NOMEM.
 */
struct sl_policy_file {
	const char *name;
	const struct sl_buf *text;
};
SL_MUST_CHECK enum sl_rc sl_policy_compare(const struct sl_standing *standing, const struct sl_policy_file *now,
                                           const struct sl_policy_file *next, struct sl_effects *out,
                                           uint64_t *now_serial, uint64_t *next_serial, struct sl_err *err);

#endif
