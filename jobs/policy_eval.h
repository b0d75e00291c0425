/*
 * policy_eval.h - what a policy says of a job, without running it: permitted, not permitted, forbidden, or wrong.
 *
 * The job goes the way every job goes up to its first table: grant, sluice-script, plans judged (sl_job_prepare). There
 * is no second judge.
 */
#ifndef SL_JOBS_POLICY_EVAL_H
#define SL_JOBS_POLICY_EVAL_H

#include "jobs/job.h"
#include "policy/released.h"

enum sl_eval_verdict {
	SL_EVAL_ERROR = 0,     /* no answer: the script, the policy or a limit of the host is at fault */
	SL_EVAL_NOT_PERMITTED, /* nothing grants it: a person, project, table, column or use is missing */
	SL_EVAL_FORBIDDEN,     /* a rule speaks against it: expired, a class, a limit */
	SL_EVAL_PERMITTED,
};

/* A column the job needs. */
struct sl_eval_use {
	char *table, *column;
	uint8_t wanted, given; /* enum sl_use bits; given: by catalogue ∩ policy */
};

struct sl_eval_question {
	const char *person;
	const struct sl_job_spec *spec;
};

/* Zeroed: no answer. */
struct sl_eval {
	uint8_t verdict;
	struct sl_err why;        /* rule, text, place, remedy; empty when permitted */
	uint64_t serial;          /* of the policy that was asked */
	struct sl_eval_use *uses; /* as far as the script tells them */
	uint32_t nuses;
	struct sl_released_told released; /* by a request of all outputs, where policy bounds it; of a job that is permitted */
	struct sl_job job;        /* printed text, script errors, declared outputs */
};

/*
 * sl_policy_stand - what holds now, or with a text, what would hold under that policy.
 * Fails: SL_E_INPUT (it does not load), SL_E_DENIED (neither), SL_E_IO, SL_E_NOMEM. *out is to be freed all the same.
 */
SL_MUST_CHECK enum sl_rc sl_policy_stand(struct sl_enclave *e, const char *file, const struct sl_buf *text,
                                         struct sl_standing *out, struct sl_err *err);

/*
 * sl_policy_eval - ask.
 *   standing  in   of sl_policy_stand; for any number of questions
 *   out       out  any content; free with sl_eval_free, also on failure
 * Fails: SL_E_IO, SL_E_NOMEM. What the job itself meets is a verdict, not a failure.
 */
SL_MUST_CHECK enum sl_rc sl_policy_eval(struct sl_enclave *e, const struct sl_standing *standing,
                                        const struct sl_eval_question *q, struct sl_eval *out, struct sl_err *err);
void sl_eval_free(struct sl_eval *v);

/* sl_eval_verdict_name - "not permitted". sl_eval_exit - 0, 1 not permitted, 3 forbidden, an error's own. */
const char *sl_eval_verdict_name(enum sl_eval_verdict verdict);
int sl_eval_exit(const struct sl_eval *v);

/* sl_eval_verdict_of - of how a job's preparation ended: rc and, of a refusal, its rule id. */
enum sl_eval_verdict sl_eval_verdict_of(enum sl_rc rc, const char *rule);

#endif
