/* request_judge.h - inside jobs: what a request is judged to be, before anything of it is stored. */
#ifndef SL_JOBS_REQUEST_JUDGE_H
#define SL_JOBS_REQUEST_JUDGE_H

#include "jobs/request_move.h"

/*
 * sl_request_judge - who stands behind the outputs, what was released before, and sluice-check.
 *   grant  in      what the author may have, of now
 *   then   in      the past that counts; NULL: all of it
 *   o      in/out  filled but for the judgement: the publication, what stands behind it and what the author is told of
 *                  a refusal are added, its findings counted
 *   boxes  out     who stands behind the outputs; free with sl_history_boxes_free, also on failure
 *   why    out     where err has the constant: what happened, for the operator alone; or NULL
 * Fails: SL_E_NO in one constant where data may be the reason; SL_E_HOST, SL_E_NOMEM. How long it takes depends on
 * rows: the caller waits for its slot.
 */
SL_MUST_CHECK enum sl_rc sl_request_judge(struct sl_enclave *e, const struct sl_standing *standing,
                                          const struct sl_grant *grant, const struct sl_history_then *then,
                                          struct sl_opened *o, struct sl_history_boxes *boxes, struct sl_err *why,
                                          struct sl_err *err);

#endif
