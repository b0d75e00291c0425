/* job.c - a job's life: created with its lease, run, sealed; each step with its leaf in one commit. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/pact/duration.h"
#include "jobs/audit.h"
#include "jobs/data.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/sign/sshsign.h"
#include "jobs/slot.h"
#include "jobs/store/job.h"
#include "jobs/unseen.h"
#include "jobs/visibility.h"

#define JOB_NAMESPACE "job@sluice"
#define START_US 50000u /* to start the engine, take its result and seal it */

enum sl_rc sl_job_check(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *standing,
                        const struct sl_job_spec *spec, struct sl_job *out, struct sl_err *err)
{
	struct sl_job_ready ready = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_job_prepare_taking(e, actor, standing, spec, &ready, out, err);
	sl_job_ready_free(&ready);
	return rc;
}

static json_t *params_json(const struct sl_job_spec *spec)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < spec->nparams && o != NULL; i++)
		if (json_object_set_new(o, spec->params[i].name, json_string(spec->params[i].text)) != 0) {
			json_decref(o);
			o = NULL;
		}
	return o;
}

/* What the author says to want run; signed by a key actor, told in the log for a session. */
static enum sl_rc state_job(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_spec *spec,
                            struct sl_store_job *row, struct sl_err *err)
{
	json_t *v = json_pack("{s:s, s:s, s:o, s:s, s:o}", "enclave", e->name, "file", spec->file, "params",
	                      params_json(spec), "project", spec->project, "script sha256",
	                      sl_pack_sha256(spec->script, spec->nscript));
	struct sl_buf armour = { 0 };
	enum sl_rc rc = sl_pack_cstr(v, &row->statement, err);

	if (rc == SL_OK && actor->kind == SL_ACTOR_KEY)
		rc = sl_sshsign_make(actor->key_path, JOB_NAMESPACE, row->statement, strlen(row->statement), &armour,
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(armour.len > 0 ? sl_buf_cstr(&armour) : "", &row->signature, err);
	sl_buf_free(&armour);
	return rc;
}

static enum sl_rc outputs_json(const struct sl_job *job, char **out, struct sl_err *err)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < job->noutputs && a != NULL; i++) {
		const struct sl_job_output *o = &job->outputs[i];
		if (json_array_append_new(a, json_pack("{s:s, s:I, s:I}", "name", o->name, "cells",
		                                       (json_int_t)o->cells, "columns", (json_int_t)o->columns)) != 0) {
			json_decref(a);
			a = NULL;
		}
	}
	return sl_pack_cstr(a, out, err);
}

static enum sl_rc fill_row(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_spec *spec,
                           const struct sl_job_ready *ready, const struct sl_job_tables *tables,
                           const struct sl_job *job, struct sl_store_job *row, struct sl_err *err)
{
	enum sl_rc rc = state_job(e, actor, spec, row, err);

	row->state = SL_JOB_RUNNING;
	row->created_at = sl_enclave_now();
	row->policy_serial = (int64_t)ready->standing.policy.serial;
	memcpy(row->policy_digest, ready->standing.policy_digest, sizeof row->policy_digest);
	sl_buf_put(&row->script, spec->script, spec->nscript);
	if (rc == SL_OK)
		rc = sl_buf_ok(&row->script, "script", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(job->project, &row->project, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(job->author, &row->author, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(job->file, &row->file, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(job->printed, &row->printed, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(tables->versions, &row->versions, err);
	if (rc == SL_OK)
		rc = outputs_json(job, &row->outputs, err);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &ready->grant.view, &row->view, err);
	if (rc == SL_OK)
		rc = sl_pack_list(ready->wire, ready->nplans, &row->plans, err);
	return rc == SL_OK ? sl_job_lease(&row->lease, err) : rc;
}

/* Of one table: its version, and the columns with the uses that the plans need. NULL: out of memory. */
static json_t *read_json(const struct sl_job_ready *ready, const char *table, const char *version)
{
	const struct sl_view *view = &ready->grant.view;
	json_t *columns = json_object();

	for (uint32_t t = 0; t < view->ntables; t++)
		for (uint32_t c = 0; c < view->tables[t].ncolumns && strcmp(view->tables[t].name, table) == 0; c++) {
			uint8_t wants = sl_plan_grant_wants(ready->plans, ready->nplans, view, t, c);
			json_t *uses = wants != 0 ? json_array() : NULL;
			for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE && uses != NULL; bit <<= 1)
				if ((wants & bit) != 0)
					(void)json_array_append_new(uses, json_string(sl_use_name((enum sl_use)bit)));
			if (uses != NULL)
				(void)json_object_set_new(columns, view->tables[t].columns[c].name, uses);
		}
	return json_pack("{s:o, s:s}", "columns", columns, "version", version);
}

/* What the owners' ledgers tell of the job. It follows from script, grant and catalogue, and from no row. */
static json_t *reads_json(const struct sl_job_ready *ready, const char *versions)
{
	json_t *of = json_loads(versions, 0, NULL), *reads = json_object(), *version;
	const char *table;

	json_object_foreach(of, table, version)
		if (json_object_set_new(reads, table, read_json(ready, table, json_string_value(version))) != 0) {
			json_decref(reads);
			reads = NULL;
			break;
		}
	json_decref(of);
	return reads;
}

/* Row and leaf "job.created" in one commit. */
static enum sl_rc create(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_ready *ready,
                         struct sl_store_job *row, struct sl_err *err)
{
	json_t *reads = reads_json(ready, row->versions);
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_db_begin(&e->db, err);

	/* What runs counts: whatever may come of it has room. */
	if (rc == SL_OK)
		rc = sl_unseen_ask_job(e, &ready->standing.policy, row->project, err);
	if (rc == SL_OK)
		rc = sl_store_job_insert(&e->db, row, &row->id, err);
	sl_pack_name('J', row->id, name);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "job.created", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:o, s:o, s:o, s:s, s:o}", "job", name, "project",
		                               row->project, "policy", sl_pack_hex(row->policy_digest), "statement",
		                               sl_pack_keyed(e, row->statement, strlen(row->statement)), "plans",
		                               sl_pack_keyed(e, row->plans.data, row->plans.len), "identified",
		                               row->signature[0] != '\0' ? "signature" : "session", "reads", reads),
		                     NULL, err);
	else
		json_decref(reads);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

/* Body of the leaf that tells the end. Made before the slot is waited for: hashing a result takes its time. */
static json_t *end_leaf(const struct sl_enclave *e, const struct sl_store_job *row)
{
	char name[SL_PACK_NAME];

	sl_pack_name('J', row->id, name);
	return row->state == SL_JOB_HELD ? json_pack("{s:s, s:o}", "job", name, "result",
	                                             sl_pack_keyed(e, row->result.data, row->result.len))
	                                 : json_pack("{s:s}", "job", name);
}

/* Row and leaf of the end in one commit. leaf is taken. */
static enum sl_rc finish(struct sl_enclave *e, const struct sl_actor *actor, struct sl_store_job *row, json_t *leaf,
                         struct sl_err *err)
{
	const char *kind = row->state == SL_JOB_HELD ? "job.held" : "job.failed";
	enum sl_rc rc = sl_db_begin(&e->db, err);

	row->finished_at = sl_enclave_now();
	if (rc == SL_OK)
		rc = sl_store_job_finish(&e->db, row, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, kind, sl_pack_who(actor), leaf, NULL, err);
	else
		json_decref(leaf);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

/* Why it failed, for the operator alone: class of the end, and the engine's own words made harmless. */
static enum sl_rc set_reason(struct sl_store_job *row, enum sl_keeper_fate fate, const struct sl_err *why,
                             struct sl_err *err)
{
	struct sl_buf b = { 0 };
	enum sl_rc rc;

	sl_buf_printf(&b, "%s: ", sl_keeper_fate_name(fate));
	sl_text_escape(&b, why->text, strlen(why->text));
	rc = sl_buf_ok(&b, "reason", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(sl_buf_cstr(&b), &row->reason, err);
	sl_buf_free(&b);
	return rc;
}

/*
 * How many slots after its start a job may be told of that is held, and nothing be told by it: as many as it may take,
 * whatever rows are. 0: there is no such time, for a limit may end it, or it may take long.
 */
static uint32_t planned_slots(const struct sl_job_ready *ready, const struct sl_job_tables *tables)
{
	const struct sl_limits *limits = &ready->grant.limits;
	uint64_t rows[SL_TABLES_MAX] = { 0 }, us = START_US, of_plan;
	uint32_t cpu_ms = limits->engine_cpu_ms, wall_ms = limits->engine_wall_ms;

	for (uint32_t i = 0; i < tables->n && i < SL_TABLES_MAX; i++)
		rows[i] = tables->segments[i].rows;
	for (uint32_t i = 0; i < ready->nplans; i++) {
		of_plan = sl_plan_engine_us(&ready->plans[i], &ready->grant.view, rows);
		if (__builtin_add_overflow(us, of_plan, &us))
			return 0;
	}
	if (us / 1000 >= wall_ms || (cpu_ms > 0 && us / 1000 >= cpu_ms))
		return 0;
	return sl_slot_planned(us / 1000, limits->slot_ms);
}

/*
 * From here rows are read: whatever happens is told in one constant, at a slot since `started`. Until then state.db
 * says that the job runs, so that nobody who asks it learns more; a parent killed while it waits leaves a lost job,
 * whatever the engine did. A failure to record the end is ours and is told as it is; the lease makes the job lost.
 */
static enum sl_rc run_engine(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_ready *ready,
                             struct sl_job_tables *tables, int64_t started, struct sl_store_job *row,
                             struct sl_err *err)
{
	json_t *leaf;
	struct sl_buf results = { 0 };
	struct sl_err why = { 0 };
	enum sl_keeper_fate fate = SL_FATE_NONE;
	uint32_t layers = 0;
	char name[SL_PACK_NAME], told[64];
	uint8_t key[SL_ROUNDING_KEY_BYTES];
	struct sl_job_task task;
	enum sl_rc rc;
	uint32_t slots = planned_slots(ready, tables);

	sl_pack_name('J', row->id, name);
	(void)snprintf(told, sizeof told, "%s did not complete", name);
	enum sl_rc ran = sl_job_results_task(e, ready->grant.limits.draws, key, &task, &why);
	if (ran == SL_OK)
		ran = sl_job_engine(ready, tables, &task, &results, &layers, &fate, &why);
	explicit_bzero(key, sizeof key);
	row->layers = ran == SL_OK ? layers & ready->layers : layers;
	if (ran == SL_OK)
		ran = sl_enclave_seal(e, "result", name, results.data, results.len, &row->result, &why);
	row->state = ran == SL_OK ? SL_JOB_HELD : SL_JOB_FAILED;
	if (ran == SL_OK) {
		rc = SL_OK;
	} else {
		sl_buf_free(&row->result);
		rc = set_reason(row, fate, &why, err);
		if (rc == SL_OK)
			rc = sl_pack_dup(told, &row->told, err);
	}
	leaf = end_leaf(e, row);
	bool in_time = sl_slot_wait(started, ready->grant.limits.slot_ms, slots > 0 ? slots : 1);
	row->unseen = !in_time || slots == 0 || ran != SL_OK;
	if (rc == SL_OK)
		rc = finish(e, actor, row, leaf, err);
	else
		json_decref(leaf);
	if (rc == SL_OK && ran != SL_OK) {
		rc = sl_err_set(err, SL_E_NO, "%s", told);
		sl_err_remedy(err, "ask the operator; the reason is in the job's record");
	}
	sl_buf_free(&results);
	return rc;
}

static enum sl_rc tell_end(const struct sl_actor *actor, const struct sl_standing *standing,
                           const struct sl_store_job *row, struct sl_job *out, struct sl_err *err)
{
	enum sl_rc rc;

	out->id = row->id;
	out->state = (uint8_t)row->state;
	out->created_at = row->created_at;
	out->finished_at = row->finished_at;
	out->layers = sl_job_layers_shown(row->state, row->layers, sl_pack_is_operator(actor, standing));
	rc = sl_pack_dup(row->told, &out->told, err);
	return rc == SL_OK ? sl_pack_dup(sl_pack_is_operator(actor, standing) ? row->reason : "",
	                                 &out->operator_reason, err)
	                   : rc;
}

enum sl_rc sl_job_run(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_job_spec *spec,
                      struct sl_job *out, struct sl_err *err)
{
	struct sl_job_ready ready = { 0 };
	struct sl_job_tables tables = { 0 };
	struct sl_store_job row = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_job_prepare(e, actor, spec, &ready, out, err);
	if (rc == SL_OK)
		rc = sl_visibility_settle(e, &ready.standing, err);
	if (rc == SL_OK)
		rc = sl_job_tables_open(e, &ready, &tables, err);
	if (rc == SL_OK)
		rc = fill_row(e, actor, spec, &ready, &tables, out, &row, err);
	int64_t started = sl_slot_now();
	if (rc == SL_OK)
		rc = create(e, actor, &ready, &row, err);
	if (rc == SL_OK) {
		rc = run_engine(e, actor, &ready, &tables, started, &row, err);
		enum sl_rc told = tell_end(actor, &ready.standing, &row, out, err);
		rc = rc == SL_OK ? told : rc;
	}
	sl_store_job_free(&row);
	sl_job_tables_free(&tables);
	sl_job_ready_free(&ready);
	return rc;
}
