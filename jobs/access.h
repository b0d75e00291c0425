/*
 * access.h - who came in, and who was refused, as leaves of the log: for sessions over SSH, and for every attempt that
 * was not somebody's or not allowed. Called by the command line before anything is done.
 */
#ifndef SL_JOBS_ACCESS_H
#define SL_JOBS_ACCESS_H

#include "jobs/actor.h"

/*
 * sl_access_opened - a session's command begins; nothing is done over SSH without this leaf.
 *   command  in  "job run"
 * Fails: as sl_db_begin, sl_audit_append, sl_db_commit.
 */
SL_MUST_CHECK enum sl_rc sl_access_opened(struct sl_enclave *e, const struct sl_actor *actor, const char *command,
                                          struct sl_err *err);

/*
 * sl_access_refused - somebody was not let in, or may not do what they asked.
 *   who   in  the person, when known; "" : not known
 *   why   in  its rule, or kind of error
 * What keeps the leaf from being written is not told: the refusal stands as it is.
 */
void sl_access_refused(struct sl_enclave *e, const char *who, const char *command, const struct sl_err *why);

/* sl_access_fetched - release L-`release` is about to be copied out to `actor`. Fails as sl_access_opened. */
SL_MUST_CHECK enum sl_rc sl_access_fetched(struct sl_enclave *e, const struct sl_actor *actor, int64_t release,
                                           struct sl_err *err);

#endif
