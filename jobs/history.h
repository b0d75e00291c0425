/*
 * history.h - inside jobs: who stands behind a request's outputs, and what was released of their unit spaces before.
 *
 * sluice-engine goes over the tables once more, on the versions the job read, and seals the units of each output; over
 * those and the ones of earlier releases it counts. The parent sees boxes and counts, which it hands on.
 */
#ifndef SL_JOBS_HISTORY_H
#define SL_JOBS_HISTORY_H

#include "jobs/job.h"
#include "policy/public.h"
#include "policy/render.h"

/* The units of each output, in plan order, then of each public total of its tables: bodies of MEMBERS frames. */
struct sl_history_boxes {
	struct sl_buf *boxes;
	uint32_t n, noutputs;
};
/* sl_history_box_number - as what box i of a request is kept: its output, or a public total from SL_PUBLIC_FIRST on. */
uint32_t sl_history_box_number(uint32_t noutputs, uint32_t i);

/*
 * sl_history_members - make them.
 *   standing  in  of the grant, whose catalogues say what is public
 *   grant     in  of now, with the view of the job
 *   material  in  its outputs asked for
 *   known     out what is public of the tables that they read; any content; free with sl_codec_free(&sl_public_record,
 *                 known). Zeroed on failure.
 * Fails: SL_E_NO (a version it read was forgotten), SL_E_LIMIT, SL_E_INPUT (as sl_public_compile), and as
 * sl_keeper_run: such a reason may depend on rows.
 */
SL_MUST_CHECK enum sl_rc sl_history_members(struct sl_enclave *e, const struct sl_standing *standing,
                                            const struct sl_grant *grant, const struct sl_job_material *material,
                                            uint32_t layers_required, struct sl_history_boxes *out,
                                            struct sl_public *known, struct sl_err *err);
/* sl_history_boxes_load - those kept with a request. SL_E_NO: some are not. */
SL_MUST_CHECK enum sl_rc sl_history_boxes_load(struct sl_enclave *e, int64_t request, uint32_t noutputs,
                                               uint32_t npublic, struct sl_history_boxes *out, struct sl_err *err);
void sl_history_boxes_free(struct sl_history_boxes *b);

/* Of one unit space: bodies of a HISTORY and an ATOMS frame. */
struct sl_history_space {
	struct sl_buf history, atoms;
};

struct sl_history_frames {
	struct sl_history_space *spaces;
	uint32_t nspaces;
	int64_t last_release;   /* the newest one that is in them; 0: none */
	uint32_t releases;      /* that are in them, each once per space */
};

/* Where a release stood before a restore: beside what had left then. */
struct sl_history_then {
	int64_t number, at; /* that it left as, and when */
};

/* Whose past it is: the outputs asked for, who stands behind them, and what is public of their tables. Borrowed. */
struct sl_history_case {
	const struct sl_job_material *material;
	const struct sl_history_boxes *boxes;
	const struct sl_public *known;
};

/*
 * sl_history_gather - all that sluice-check is told of the past, and of what is public.
 *   then  in  NULL: the past is all that left
 * Fails: SL_E_NO (an earlier release whose units were not kept: it was made before they were), SL_E_LIMIT, as
 * sl_keeper_run.
 */
SL_MUST_CHECK enum sl_rc sl_history_gather(struct sl_enclave *e, const struct sl_history_case *c,
                                           const struct sl_history_then *then, const struct sl_limits *limits,
                                           uint32_t layers_required, struct sl_history_frames *out,
                                           struct sl_err *err);
void sl_history_frames_free(struct sl_history_frames *f);

/*
 * sl_history_is_known - nothing left of the unit spaces of the material's outputs whose units are not known here.
 * Fails: SL_E_NO with rule "history-unknown", naming the release and what cures it.
 */
#define SL_HISTORY_UNKNOWN "history-unknown"
SL_MUST_CHECK enum sl_rc sl_history_is_known(struct sl_enclave *e, const struct sl_job_material *material,
                                             struct sl_err *err);

/* sl_history_tell - sl_render.tell_other: "L-1, output \"cells\", age 18-39"; self is the enclave. */
void sl_history_tell(void *self, const struct sl_finding *f, struct sl_buf *out);

/* sl_history_since - how many releases after that one are in the unit spaces of the material's outputs. */
SL_MUST_CHECK enum sl_rc sl_history_since(struct sl_enclave *e, const struct sl_job_material *material,
                                          int64_t release, uint32_t *n, struct sl_err *err);

#endif
