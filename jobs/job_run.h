/*
 * job_run.h - inside jobs: what job.c, the engine's part and requests share of starting confined programs.
 */
#ifndef SL_JOBS_JOB_RUN_H
#define SL_JOBS_JOB_RUN_H

#include "enclave/keeper/keeper.h"
#include "jobs/job.h"
#include "policy/plan_grant.h"

/* A job whose script has run and whose plans are within the grant. Zeroed before; free with sl_job_ready_free. */
struct sl_job_ready {
	struct sl_standing standing;
	struct sl_grant grant;
	struct sl_plan *plans;
	struct sl_buf *wire;       /* canonical, one per plan */
	uint32_t nplans;
	uint32_t layers;           /* on in every process so far */
	uint32_t layers_required;  /* by policy */
};

/* sl_job_prepare - standing, actor, grant, sluice-script, plans judged and encoded anew. Fails as sl_job_check. */
SL_MUST_CHECK enum sl_rc sl_job_prepare(struct sl_enclave *e, const struct sl_actor *actor,
                                        const struct sl_job_spec *spec, struct sl_job_ready *ready, struct sl_job *out,
                                        struct sl_err *err);
/* sl_job_prepare_taking - the same with what sl_standing_people loaded; taken and zeroed, also on failure. */
SL_MUST_CHECK enum sl_rc sl_job_prepare_taking(struct sl_enclave *e, const struct sl_actor *actor,
                                               struct sl_standing *standing, const struct sl_job_spec *spec,
                                               struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err);
/* sl_job_prepare_under - the same under ready->standing as the caller filled it in. */
SL_MUST_CHECK enum sl_rc sl_job_prepare_under(const struct sl_actor *actor, const struct sl_job_spec *spec,
                                              struct sl_job_ready *ready, struct sl_job *out, struct sl_err *err);
void sl_job_ready_free(struct sl_job_ready *ready);

/* sl_job_layers - the mask of the policy's layer names; SL_E_INPUT for a name there is none of. */
SL_MUST_CHECK enum sl_rc sl_job_layers(const struct sl_policy *policy, uint32_t *mask, struct sl_err *err);

/* sl_job_layers_shown - of a job that failed they say how far it got: only the operator sees them. */
uint32_t sl_job_layers_shown(int64_t state, int64_t layers, bool operator);

/* The granted tables, opened: setup and descriptors for the engine. Wiped and closed by sl_job_tables_free. */
struct sl_job_tables {
	struct sl_engine_table *tables;
	struct sl_data_segment *segments;
	int *fds;
	uint32_t n;
	char *versions; /* JSON: those the plans read */
};
SL_MUST_CHECK enum sl_rc sl_job_tables_open(struct sl_enclave *e, const struct sl_job_ready *ready,
                                            struct sl_job_tables *out, struct sl_err *err);
/*
 * sl_job_tables_pinned - the same of the versions that a job read, {"study.persons":"sha256:…"}, whatever is in force.
 * Fails also: SL_E_NO (one was forgotten since: its table is named).
 */
SL_MUST_CHECK enum sl_rc sl_job_tables_pinned(struct sl_enclave *e, const struct sl_job_ready *ready,
                                              const char *versions_json, struct sl_job_tables *out,
                                              struct sl_err *err);
/* Where the segments come from of the tables that plans read. */
struct sl_job_segments {
	/* s->fd is -1 before. Only tables with a unit space are asked for. */
	enum sl_rc (*open)(void *self, uint32_t table, struct sl_data_segment *s, struct sl_err *err);
	void *self;
	bool granted_alone; /* they hold the unit and the view's columns in its order, not all that the catalogue loads */
};
/* sl_job_tables_from - the same of segments that the caller has. Fails as from->open. */
SL_MUST_CHECK enum sl_rc sl_job_tables_from(const struct sl_job_ready *ready, const struct sl_job_segments *from,
                                            struct sl_job_tables *out, struct sl_err *err);
void sl_job_tables_free(struct sl_job_tables *t);

/* What sluice-engine is to do with the plans. Zeroed: results. */
struct sl_job_task {
	enum sl_engine_task task;
	struct sl_members_key *keys; /* SL_TASK_MEMBERS: one per plan; wiped as the tables' are */
	uint8_t draws;               /* SL_TASK_RESULTS: enum sl_draws_level */
	const uint8_t *rounding_key; /* what is drawn with; NULL: nothing is */
};

/*
 * sl_job_results_task - what a job runs for: results, with draws where they are asked for.
 *   key   out  wiped by the caller when the engine has it; what task->rounding_key is borrowed from
 * Fails as sl_enclave_vault_key.
 */
SL_MUST_CHECK enum sl_rc sl_job_results_task(const struct sl_enclave *e, uint8_t draws,
                                             uint8_t key[static SL_ROUNDING_KEY_BYTES], struct sl_job_task *task,
                                             struct sl_err *err);


/*
 * sl_job_engine - sluice-engine over the tables, once: their subkeys are wiped as soon as they are encoded for it, and
 * the encoded ones as it takes them.
 *   results  out  appended: sl_pack list, one opaque body per plan
 *   fate     out  how the process ended
 * Fails as sl_keeper_run.
 */
SL_MUST_CHECK enum sl_rc sl_job_engine(const struct sl_job_ready *ready, struct sl_job_tables *tables,
                                       const struct sl_job_task *task, struct sl_buf *results, uint32_t *layers,
                                       enum sl_keeper_fate *fate, struct sl_err *err);

/* sl_job_lease - this process as a lease. sl_job_lease_alive - whether the holder still runs. */
struct sl_lease;
SL_MUST_CHECK enum sl_rc sl_job_lease(struct sl_lease *out, struct sl_err *err);
bool sl_job_lease_alive(const struct sl_lease *lease);

#endif
