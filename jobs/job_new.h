/*
 * job_new.h - a script to begin with, and what an editor wants to know, of the tables that a project is granted.
 */
#ifndef SL_JOBS_JOB_NEW_H
#define SL_JOBS_JOB_NEW_H

#include "jobs/actor.h"

/* The first line of the hints: a file that begins with it is ours, and may be written anew. */
#define SL_JOB_HINTS_HEAD "---@meta sluice"

/*
 * sl_job_new - append a script with one output that `job check` passes, and hints for the Lua language server.
 *   script, hints  out  either may be NULL
 * Fails: as a job of that person in that project would before its script runs; SL_E_DENIED: no table that can be
 * counted may be used yet, with the remedy of the first; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_job_new(struct sl_enclave *e, const struct sl_actor *actor, const char *project,
                                    struct sl_buf *script, struct sl_buf *hints, struct sl_err *err);

/* The part of the hints that every project has: verbs and statistics. A test holds it to those of sluice-script. */
extern const char sl_job_hints_verbs[];

#endif
