/*
 * unseen.h - how many requests of a project were judged and no reviewer has looked at, and how many jobs told of rows
 * by how they ended, and no operator has.
 *
 * Whether a request is refused or submitted depends on rows and is told before a person has seen it: one bit. Asked
 * again and again, with another number in a condition each time, that finds one person's value with nobody's approval.
 * So does a job that does not complete, or takes long, and a request that could not be judged: for it takes
 * a limit that is just met. So policy bounds how many such bits there are for one look of a person.
 */
#ifndef SL_JOBS_UNSEEN_H
#define SL_JOBS_UNSEEN_H

#include "jobs/actor.h"
#include "jobs/standing.h"
#include "jobs/store/seen.h"

#define SL_UNSEEN_REQUESTS "unseen-requests"
#define SL_UNSEEN_JOBS "unseen-jobs"

/*
 * sl_unseen_ask - whether another request of the project may be judged. It depends on no row.
 * Fails: SL_E_DENIED with rule SL_UNSEEN_REQUESTS and remedy; as the store.
 */
SL_MUST_CHECK enum sl_rc sl_unseen_ask(struct sl_enclave *e, const struct sl_policy *policy, const char *project,
                                       struct sl_err *err);
/*
 * sl_unseen_ask_job - whether another job of the project may read rows, or a request of one be judged, which counts
 * until it is stored. Asked in the transaction that counts it: what runs counts, so many at once get no further than
 * one after another. It depends on no row that was not told of.
 * Fails: SL_E_DENIED with rule SL_UNSEEN_JOBS and remedy; as the store.
 */
SL_MUST_CHECK enum sl_rc sl_unseen_ask_job(struct sl_enclave *e, const struct sl_policy *policy, const char *project,
                                           struct sl_err *err);
/*
 * sl_unseen_list - those that the actor may look at as a reviewer, and that do not wait for a decision: what waits is
 * listed anyway. The oldest request first, heap.
 */
SL_MUST_CHECK enum sl_rc sl_unseen_list(struct sl_enclave *e, const struct sl_actor *actor,
                                        struct sl_store_unseen **out, uint32_t *n, struct sl_err *err);

#endif
