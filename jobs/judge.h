/*
 * judge.h - inside jobs: sluice-check over results, rules and what was released before.
 */
#ifndef SL_JOBS_JUDGE_H
#define SL_JOBS_JUDGE_H

#include "enclave/pact/behind.h"
#include "jobs/history.h"
#include "jobs/request_open.h"

/* What is judged, and by what. All borrowed. */
struct sl_judge_case {
	const struct sl_job_material *material; /* with results */
	const struct sl_rules *rules;
	const char *purpose, *context;
	const struct sl_limits *limits;
	uint32_t layers_required;
	const struct sl_history_frames *history;
};

/*
 * sl_judge - one run of sluice-check. What is told again is not filled in: sl_again_fill.
 *   out     out  any content; free with sl_codec_free(&sl_publication_record, out). Zeroed on failure.
 *   behind  out  what stands behind its numbers, the same; NULL: not asked
 *   layers  out  those that were on in it
 * Fails as sl_keeper_run; SL_E_INTEGRITY (no publication of these plans came back). The reason may depend on rows: it
 * is for nobody but the operator.
 */
SL_MUST_CHECK enum sl_rc sl_judge(const struct sl_judge_case *c, struct sl_publication *out,
                                  struct sl_behind *behind, uint32_t *layers, struct sl_err *err);

/*
 * sl_judge_again - whether a request's publication, judged now beside all that was released by now, may leave and is
 * byte for byte the one frozen with it. Reads only; within the caller's transaction, so that no release can come
 * between. SL_E_NOMEM; SL_E_NO: it is not, or cannot be judged.
 */
SL_MUST_CHECK enum sl_rc sl_judge_again(struct sl_enclave *e, const struct sl_standing *standing,
                                        const struct sl_opened *o);

#endif
