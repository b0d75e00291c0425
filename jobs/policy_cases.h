/*
 * policy_cases.h - cases beside a policy: who, what, the verdict it must have, and the rule that must decide it.
 *
 * Asked as everybody is asked: an action by sl_can_ask, a job by sl_policy_eval. docs/policy.md tells the file.
 */
#ifndef SL_JOBS_POLICY_CASES_H
#define SL_JOBS_POLICY_CASES_H

#include "enclave/base/buf.h"
#include "jobs/enclave.h"

#define SL_CASES_BYTES_MAX (1u << 20)
#define SL_CASES_MAX 10000

/* One case and how it went. Heap texts. */
struct sl_policy_case {
	char *name, *person, *project, *action, *job; /* project, action, job "" where there is none */
	char *expect, *rule;                          /* rule "": any */
	uint32_t line, col;
	bool passed;
	char got[32], got_rule[48], reason[512];
};

/* Zeroed: none. */
struct sl_policy_cases {
	struct sl_policy_case *items;
	uint32_t nitems, failed;
};

/* The files: cases and policy as texts (policy NULL: the one in force), scripts read as the cases name them. */
struct sl_cases_files {
	const char *cases_file, *policy_file;
	const struct sl_buf *cases, *policy;
	enum sl_rc (*read)(void *self, const char *name, struct sl_buf *out, struct sl_err *err);
	void *self;
};

/*
 * sl_policy_cases_run - read the cases and ask each.
 *   out  out  any content; free with sl_policy_cases_free, also on failure
 * Fails: SL_E_INPUT (cases or policy do not load, with place), SL_E_DENIED (no policy), SL_E_IO, SL_E_NOMEM. A case
 * that comes out otherwise is no failure.
 */
SL_MUST_CHECK enum sl_rc sl_policy_cases_run(struct sl_enclave *e, const struct sl_cases_files *files,
                                             struct sl_policy_cases *out, struct sl_err *err);
void sl_policy_cases_free(struct sl_policy_cases *c);

/* Every rule that can decide a case, for coverage. sl_policy_cases_covers - some case was decided by it. */
extern const char *const sl_policy_case_rules[];
extern const size_t sl_policy_case_rules_count;
bool sl_policy_cases_covers(const struct sl_policy_cases *c, const char *rule);

#endif
