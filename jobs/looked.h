/*
 * looked.h - inside jobs: what has not left was shown to a person, and the log says so.
 */
#ifndef SL_JOBS_LOOKED_H
#define SL_JOBS_LOOKED_H

#include <jansson.h>

#include "jobs/actor.h"

/*
 * sl_looked_add_leaf - a leaf in a commit of its own, before anything is shown: what cannot be logged is not shown. The
 * same leaf of the same day among the last SL_LOOKED_BACK is enough, so that who reads a page again and again does not
 * fill the log.
 *   kind  in  "request.shown", "table.counted", "job.shown"
 *   body  in  what was shown; its reference is taken, also on failure. NULL (out of memory in the caller): SL_E_NOMEM
 * Fails: as sl_audit_append; SL_E_BUSY.
 */
#define SL_LOOKED_BACK 256u
SL_MUST_CHECK enum sl_rc sl_looked_add_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor,
                                            json_t *body, struct sl_err *err);
/* sl_looked_put_leaf - the same in the caller's transaction. */
SL_MUST_CHECK enum sl_rc sl_looked_put_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor,
                                            json_t *body, struct sl_err *err);

#endif
