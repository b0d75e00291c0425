/*
 * policy_replay.h - a policy over real history: which jobs that were held would be denied, which releases would not
 * have passed.
 *
 * Jobs: their stored plans are judged by the grant as it is and as it would be; only what changes is told. Releases:
 * their sealed results are judged once more by sluice-check, by themselves, with the rules as they would be. A release
 * passes when nothing that it shows would be hidden, and its project had no more numbers with it than policy would let
 * leave in all.
 *
 * What is told of a release depends on its rows, and whoever writes rules could ask many times. So its rules are
 * brought to round numbers first (policy/workbench/ladder.h), how much it would lose is told in four words, and each
 * replay is a leaf of the log.
 */
#ifndef SL_JOBS_POLICY_REPLAY_H
#define SL_JOBS_POLICY_REPLAY_H

#include "jobs/job.h"

struct sl_replay_item {
	char letter;      /* 'J' a job, 'L' a release */
	int64_t id;
	char *project, *author;
	struct sl_err why; /* rule, text, remedy */
};

/* Zeroed: nothing was judged. */
struct sl_replay {
	struct sl_replay_item *items; /* what would be otherwise */
	uint32_t nitems;
	uint32_t jobs, releases;      /* judged */
	uint32_t all_jobs, all_releases; /* that there are: those before the newest were not judged */
	uint32_t unjudged;            /* releases that could not be: results are gone, or a limit was met */
	uint32_t denied, not_passed;
	char *rounded;                /* "dominance k 85 for 82.5": numbers that releases were not asked with; "" : none */
};

/* Of each kind, where nobody says more: a release takes a second or so. */
#define SL_REPLAY_LAST 1000u

/*
 * sl_policy_replay - judge history under a policy text.
 *   who   in   for the leaf "policy.replayed"
 *   last  in   so many held jobs and so many releases, the newest. What older releases took of released_numbers_max
 *              is counted all the same
 *   out   out  any content; free with sl_replay_free, also on failure
 * Fails: SL_E_INPUT (the text does not load), SL_E_DENIED (no policy is in force to compare with), SL_E_IO, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_policy_replay(struct sl_enclave *e, const struct sl_actor *who, const char *file,
                                          const void *text, size_t len, uint32_t last, struct sl_replay *out,
                                          struct sl_err *err);
void sl_replay_free(struct sl_replay *r);

#endif
