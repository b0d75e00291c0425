/*
 * spent.h - inside jobs: how many numbers a project has of the unit spaces of some outputs, counted from what its
 * releases declared.
 */
#ifndef SL_JOBS_SPENT_H
#define SL_JOBS_SPENT_H

#include "jobs/job.h"
#include "policy/policy.h"
#include "policy/released.h"

/* Of each unit space of the material's outputs. */
struct sl_spent {
	struct sl_released *spaces; /* names are borrowed from the material */
	uint32_t nspaces;
	uint64_t max;               /* that policy lets leave */
};

/*
 * sl_spent_load - count.
 *   request  in  what left by it is asked, not left; 0: it is new
 * What left is counted only where policy bounds it. Every release of the project counts, revoked or not.
 * Fails: SL_E_DENIED (no such project), SL_E_INTEGRITY (what a release declared cannot be read), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_spent_load(struct sl_enclave *e, const struct sl_policy *policy, int64_t request,
                                       const struct sl_job_material *material, struct sl_spent *out,
                                       struct sl_err *err);
void sl_spent_free(struct sl_spent *s);

/* sl_spent_ask - whether a request of these outputs would stay within; as sl_released_ask. */
SL_MUST_CHECK enum sl_rc sl_spent_ask(struct sl_enclave *e, const struct sl_policy *policy, int64_t request,
                                      const struct sl_job_material *material, struct sl_err *err);

#endif
