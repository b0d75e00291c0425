/*
 * job.h - a job from script to sealed result: grant, sluice-script, plans judged and encoded anew, sluice-engine.
 */
#ifndef SL_JOBS_JOB_H
#define SL_JOBS_JOB_H

#include "enclave/pact/setup.h"
#include "jobs/actor.h"

enum sl_job_state { SL_JOB_NONE = 0, SL_JOB_RUNNING, SL_JOB_HELD, SL_JOB_FAILED, SL_JOB_LOST };

struct sl_job_spec {
	const char *file;        /* for messages */
	const void *script;
	size_t nscript;
	const char *project;
	const struct sl_param *params;
	uint32_t nparams;
};

/* Declared shape of one output: all an analyst sees before release. */
struct sl_job_output {
	char *name;
	uint64_t cells;
	uint32_t columns;
};

/* A job as listings show it, or as a run ended. Heap texts; free with sl_job_free. */
struct sl_job {
	int64_t id;
	uint8_t state;
	char *project, *author, *file;
	int64_t created_at, finished_at;
	struct sl_script_end end;      /* script errors, shown in full */
	char *printed;                 /* escaped */
	struct sl_job_output *outputs;
	uint32_t noutputs;
	char *told;                    /* what the analyst is told: "J-7 did not complete" */
	char *operator_reason;         /* for the operator only; "" : none */
	uint32_t layers;               /* on in every process of the job */
	uint32_t unseen;               /* for who may look: what it told of rows that nobody looked at; 0 while it runs */
};

/*
 * sl_job_check - run script and grant, touch no table, store nothing. out->state is NONE.
 *   standing  in/out  of sl_standing_people; taken and zeroed, also on failure
 * sl_job_run - the same, then the engine; the result is sealed and the job held.
 * A script error or a refused plan: SL_E_INPUT / SL_E_DENIED with line, near name, remedy; no job is stored by
 * check; run
 * stores nothing either (no row was read). From the moment the engine starts every failure is SL_E_NO with the constant
 * text in out->told; the reason goes to operator_reason and the log.
 * Job statement: with a key actor {"enclave","file","params","project","script sha256"} is signed (job@sluice) and
 * stored.
 */
SL_MUST_CHECK enum sl_rc sl_job_check(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *standing,
                                      const struct sl_job_spec *spec, struct sl_job *out, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_job_run(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_spec *spec,
                                    struct sl_job *out, struct sl_err *err);
/*
 * sl_job_list, sl_job_show - jobs that the actor may see. To show one that told of rows by how it ended is a look, if
 * the actor is an operator or auditor and no analyst of its project: a leaf "job.shown", before anything is shown.
 */
SL_MUST_CHECK enum sl_rc sl_job_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_job **out,
                                     uint32_t *nout, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_job_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_job *out,
                                     struct sl_buf *script, struct sl_err *err);
void sl_job_free(struct sl_job *job);
const char *sl_job_state_name(enum sl_job_state state);

/*
 * sl_job_repair - called by sl_enclave_open: RUNNING jobs whose lease is dead (pid gone, other start time, other boot)
 * become LOST with a leaf "job.lost", in one commit; a line for each is appended to told.
 */
SL_MUST_CHECK enum sl_rc sl_job_repair(struct sl_enclave *e, struct sl_buf *told, struct sl_err *err);

/* What a request needs of a held job: view, plans and results, unsealed. Free with sl_job_material_free. */
struct sl_job_material {
	char *project, *author;
	struct sl_view view;
	struct sl_plan *plans;
	uint32_t nplans;
	struct sl_buf *plan_wire, *result_wire; /* one each per plan; results are opaque here */
	uint8_t policy_digest[32];
	char *versions_json;                    /* {"study.persons":"sha256:…"} */
	uint32_t layers;
};
SL_MUST_CHECK enum sl_rc sl_job_material(struct sl_enclave *e, int64_t id, struct sl_job_material *out,
                                         struct sl_err *err);
void sl_job_material_free(struct sl_job_material *m);

#endif
