/*
 * history_versions.h - inside jobs/history*.c only: which versions of tables an output was made of, and whose prints
 * sluice-engine compares because of it.
 */
#ifndef SL_JOBS_HISTORY_VERSIONS_H
#define SL_JOBS_HISTORY_VERSIONS_H

#include "enclave/pact/history.h"
#include "jobs/job.h"

/*
 * sl_history_versions - of the tables of a plan, as its job read them; heap, NULL on failure.
 *   versions_json  in  of the job's material
 * Fails: SL_E_INTEGRITY (it is none), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_history_versions(const struct sl_plan *plan, const struct sl_view *view,
                                             const char *versions_json, struct sl_table_version **out, uint32_t *n,
                                             struct sl_err *err);

/*
 * sl_history_prints - for SL_TASK_ATOMS over h's outputs and then the request's own of h->plans: the prints of all of
 * them, and which read a table in another version than the request. None: all read the same versions.
 *   material  in   of the request
 *   out       out  heap; NULL on failure, and when there are none
 * Fails: SL_E_LIMIT, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_history_prints(const struct sl_history *h, const struct sl_job_material *material,
                                           struct sl_members_print **out, uint32_t *n, struct sl_err *err);

#endif
