/*
 * behind.h - inside jobs: what stands behind the numbers of a request, and what earlier releases printed in their
 * place.
 */
#ifndef SL_JOBS_BEHIND_H
#define SL_JOBS_BEHIND_H

#include "enclave/pact/behind.h"
#include "jobs/request_open.h"

/*
 * sl_behind_keep - look up what was printed before, and encode all of it.
 *   material  in      of the request
 *   b         in/out  from sluice-check; its `was` are filled in
 *   out       out     appended: what is kept sealed with the request
 * Fails: SL_E_INTEGRITY (an earlier cell that no release has), as sl_opened_read.
 */
SL_MUST_CHECK enum sl_rc sl_behind_keep(struct sl_enclave *e, const struct sl_job_material *material,
                                        struct sl_behind *b, struct sl_buf *out, struct sl_err *err);

/* sl_behind_open - read back; nothing kept: *out is zeroed. SL_E_INTEGRITY: it does not fit the request. */
SL_MUST_CHECK enum sl_rc sl_behind_open(const struct sl_opened *o, struct sl_behind *out, struct sl_err *err);

#endif
