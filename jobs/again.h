/*
 * again.h - inside jobs: the numbers of earlier releases that a publication tells again, as they left. sluice-check
 * says which rows; it is never told a number of an earlier release.
 */
#ifndef SL_JOBS_AGAIN_H
#define SL_JOBS_AGAIN_H

#include "jobs/history.h"
#include "jobs/request_open.h"
#include "jobs/store/release.h"

/*
 * sl_again_may - whether numbers of a release may be told again to a project: they are its own, and were not taken
 * back, by now or, with then, by that time.
 */
SL_MUST_CHECK enum sl_rc sl_again_may(struct sl_enclave *e, const struct sl_store_release *row, const char *project,
                                      const struct sl_history_then *then, bool *may, struct sl_err *err);

/*
 * sl_again_fill - in each row that the publication tells again, where it is from and its numbers.
 *   material  in  of the publication
 *   then      in  as sl_history_gather
 * Fails: SL_E_INTEGRITY (what was chosen may not be told again, or is not there), SL_E_NOMEM, as sl_opened_read.
 */
SL_MUST_CHECK enum sl_rc sl_again_fill(struct sl_enclave *e, const struct sl_job_material *material,
                                       const struct sl_history_then *then, struct sl_publication *publication,
                                       struct sl_err *err);

/*
 * sl_again_holds - every row that a request's publication tells again may be told again now, with these numbers. Within
 * the caller's transaction. Fails: SL_E_NO, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_again_holds(struct sl_enclave *e, const struct sl_opened *o);

#endif
