/* job_list.c - jobs as they are shown, and what a request takes from one. */
#include <stdlib.h>
#include <string.h>

#include "jobs/job_run.h"
#include "jobs/looked.h"
#include "jobs/pack.h"
#include "jobs/request_open.h"
#include "jobs/sign/canon.h"
#include "jobs/store/job.h"
#include "jobs/store/seen.h"

#define OUTPUTS_JSON_MAX ((size_t)1 << 20)

const char *sl_job_state_name(enum sl_job_state state)
{
	static const char *const names[] = { "none", "running", "held", "failed", "lost" };

	return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "none";
}

uint32_t sl_job_layers_shown(int64_t state, int64_t layers, bool operator)
{
	return operator || state == SL_JOB_HELD ? (uint32_t)layers : 0;
}

void sl_job_free(struct sl_job *job)
{
	if (job == NULL)
		return;
	free(job->project);
	free(job->author);
	free(job->file);
	free(job->printed);
	free(job->told);
	free(job->operator_reason);
	for (uint32_t i = 0; i < job->noutputs; i++)
		free(job->outputs[i].name);
	free(job->outputs);
	sl_codec_free(&sl_script_end_record, &job->end);
	memset(job, 0, sizeof *job);
}

static enum sl_rc take_outputs(const char *text, struct sl_job *out, struct sl_err *err)
{
	json_t *a = NULL;
	enum sl_rc rc = sl_canon_read("a job's outputs", text, strlen(text), OUTPUTS_JSON_MAX, &a, err);

	if (rc != SL_OK)
		return rc;
	out->outputs = calloc(json_array_size(a) + 1, sizeof *out->outputs);
	if (out->outputs == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (size_t i = 0; i < json_array_size(a) && rc == SL_OK; i++) {
		const json_t *o = json_array_get(a, i);
		struct sl_job_output *to = &out->outputs[i];
		to->cells = (uint64_t)json_integer_value(json_object_get(o, "cells"));
		to->columns = (uint32_t)json_integer_value(json_object_get(o, "columns"));
		rc = sl_pack_dup(sl_pack_text(o, "name"), &to->name, err);
		out->noutputs += rc == SL_OK;
	}
	json_decref(a);
	return rc;
}

static enum sl_rc show_row(const struct sl_store_job *row, bool operator, struct sl_job *out, struct sl_err *err)
{
	const char *from[] = { row->project, row->author, row->file, row->printed, row->told, operator ? row->reason : "" };
	char **to[] = { &out->project, &out->author, &out->file, &out->printed, &out->told, &out->operator_reason };
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	out->id = row->id;
	out->state = (uint8_t)row->state;
	out->created_at = row->created_at;
	out->finished_at = row->finished_at;
	out->layers = sl_job_layers_shown(row->state, row->layers, operator);
	out->end.ok = 1;
	for (size_t i = 0; i < sizeof to / sizeof to[0] && rc == SL_OK; i++)
		rc = sl_pack_dup(from[i], to[i], err);
	if (rc == SL_OK)
		rc = take_outputs(row->outputs, out, err);
	if (rc != SL_OK)
		sl_job_free(out);
	return rc;
}

/* Whose look is one: not the author's own, nor another analyst's of the project. */
static bool may_look(const struct sl_actor *actor, const struct sl_standing *standing, const struct sl_store_job *row)
{
	const struct sl_project *p = sl_policy_project(&standing->policy, row->project);
	const char *person = sl_pack_who(actor);

	if (actor->kind == SL_ACTOR_OPERATOR)
		return true;
	return strcmp(person, row->author) != 0 && (p == NULL || !sl_project_has_analyst(p, person)) &&
	       sl_pack_sees(actor, standing, SL_ACTION_JOB_LIST, row->project, row->author);
}

/* How much there is to look at. */
static uint32_t to_look_at(const struct sl_actor *actor, const struct sl_standing *standing,
                           const struct sl_store_job *row)
{
	return row->state != SL_JOB_RUNNING && may_look(actor, standing, row) ? (uint32_t)row->unseen : 0;
}

static enum sl_rc look(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                       const struct sl_store_job *row, struct sl_err *err)
{
	char name[SL_PACK_NAME];

	if (to_look_at(actor, standing, row) == 0)
		return SL_OK;
	sl_pack_name('J', row->id, name);
	enum sl_rc rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_looked_put_leaf(e, "job.shown", actor, json_pack("{s:s}", "job", name), err);
	if (rc == SL_OK)
		rc = sl_store_seen_job(&e->db, row->id, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

/* One job of the list; *seen false: not this actor's to see. */
static enum sl_rc list_one(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                           int64_t id, struct sl_job *out, bool *seen, struct sl_err *err)
{
	bool operator = sl_pack_is_operator(actor, standing);
	struct sl_store_job row;
	enum sl_rc rc = sl_store_job_get(&e->db, id, false, &row, err);

	*seen = false;
	if (rc != SL_OK)
		return rc;
	*seen = operator || sl_pack_sees(actor, standing, SL_ACTION_JOB_LIST, row.project, row.author);
	if (*seen)
		rc = show_row(&row, operator, out, err);
	if (*seen && rc == SL_OK)
		out->unseen = to_look_at(actor, standing, &row);
	sl_store_job_free(&row);
	return rc;
}

enum sl_rc sl_job_list(struct sl_enclave *e, const struct sl_actor *actor, struct sl_job **out, uint32_t *nout,
                       struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_JOB_LIST, err);
	if (rc == SL_OK)
		rc = sl_store_job_ids(&e->db, 0, &ids, &n, err);
	if (rc == SL_OK && (*out = calloc((size_t)n + 1, sizeof **out)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		bool seen;
		rc = list_one(e, actor, &standing, ids[i], &(*out)[*nout], &seen, err);
		*nout += rc == SL_OK && seen;
	}
	if (rc != SL_OK) {
		for (uint32_t i = 0; i < *nout; i++)
			sl_job_free(&(*out)[i]);
		free(*out);
		*out = NULL;
		*nout = 0;
	}
	free(ids);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_job_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_job *out,
                       struct sl_buf *script, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_job row = { 0 };
	enum sl_rc rc = sl_standing_people(e, &standing, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_JOB_LIST, err);
	if (rc == SL_OK)
		rc = sl_store_job_get(&e->db, id, false, &row, err);
	/* Another's job and no job are the same answer. */
	bool operator = sl_pack_is_operator(actor, &standing);
	if (rc == SL_OK && !operator && !sl_pack_sees(actor, &standing, SL_ACTION_JOB_LIST, row.project, row.author))
		rc = SL_E_NO;
	if (rc == SL_OK)
		rc = show_row(&row, operator, out, err);
	else if (rc == SL_E_NO)
		(void)sl_err_set(err, SL_E_NO, "there is no job J-%lld", (long long)id);
	if (rc == SL_OK && script != NULL) {
		sl_buf_put(script, row.script.data, row.script.len);
		rc = sl_buf_ok(script, "script", err);
	}
	if (rc == SL_OK)
		rc = look(e, actor, &standing, &row, err);
	if (rc != SL_OK)
		sl_job_free(out);
	sl_store_job_free(&row);
	sl_standing_free(&standing);
	return rc;
}

static enum sl_rc take_plans(struct sl_job_material *m, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	m->plans = calloc((size_t)m->nplans + 1, sizeof *m->plans);
	if (m->plans == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++) {
		rc = sl_codec_decode(&sl_plan_record, m->plan_wire[i].data, m->plan_wire[i].len, &m->plans[i], err);
		if (rc == SL_OK)
			rc = sl_plan_check(&m->plans[i], &m->view, err);
	}
	return rc;
}

static enum sl_rc take_results(struct sl_enclave *e, const struct sl_store_job *row, struct sl_job_material *m,
                               struct sl_err *err)
{
	struct sl_buf open = { 0 };
	char name[SL_PACK_NAME];
	uint32_t n = 0;
	enum sl_rc rc;

	sl_pack_name('J', row->id, name);
	rc = sl_enclave_unseal(e, "result", name, row->result.data, row->result.len, &open, err);
	if (rc == SL_OK)
		rc = sl_pack_unlist(&open, SL_PLANS_MAX, &m->result_wire, &n, err);
	sl_buf_free(&open);
	if (rc == SL_OK && n != m->nplans) {
		sl_pack_free(m->result_wire, n);
		m->result_wire = NULL;
		rc = sl_err_set(err, SL_E_INTEGRITY, "%s: %u results for %u plans", name, n, m->nplans);
	}
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		rc = sl_result_complete(&m->plans[i], &m->view, &m->result_wire[i], err);
	return rc;
}

enum sl_rc sl_job_material(struct sl_enclave *e, int64_t id, struct sl_job_material *out, struct sl_err *err)
{
	return sl_job_material_open(e, id, true, out, err);
}

static enum sl_rc decode_view(int64_t id, const struct sl_buf *bytes, struct sl_view *out, struct sl_err *err)
{
	struct sl_err why = { 0 };
	enum sl_rc rc = sl_codec_decode(&sl_view_record, bytes->data, bytes->len, out, &why);

	if (rc == SL_OK)
		return sl_view_check(out, err);
	if (rc == SL_E_NOMEM)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_err_set(err, SL_E_INTEGRITY, "J-%lld is damaged, or was stored by an older version of Sluice", (long long)id);
	sl_err_remedy(err, "run the job again");
	return rc;
}

enum sl_rc sl_job_material_open(struct sl_enclave *e, int64_t id, bool with_results, struct sl_job_material *out,
                                struct sl_err *err)
{
	struct sl_store_job row;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_store_job_get(&e->db, id, with_results, &row, err);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_NO, "there is no job J-%lld", (long long)id);
	if (rc != SL_OK)
		return rc;
	if (row.state != SL_JOB_HELD)
		rc = sl_err_set(err, SL_E_NO, "job J-%lld is %s, not held", (long long)id,
		                sl_job_state_name((enum sl_job_state)row.state));
	if (rc == SL_OK)
		rc = sl_pack_dup(row.project, &out->project, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(row.author, &out->author, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(row.versions, &out->versions_json, err);
	memcpy(out->policy_digest, row.policy_digest, sizeof out->policy_digest);
	out->layers = (uint32_t)row.layers;
	if (rc == SL_OK)
		rc = decode_view(id, &row.view, &out->view, err);
	if (rc == SL_OK)
		rc = sl_pack_unlist(&row.plans, SL_PLANS_MAX, &out->plan_wire, &out->nplans, err);
	if (rc == SL_OK)
		rc = take_plans(out, err);
	if (rc == SL_OK && with_results)
		rc = take_results(e, &row, out, err);
	if (rc != SL_OK)
		sl_job_material_free(out);
	sl_store_job_free(&row);
	return rc;
}

void sl_job_material_free(struct sl_job_material *m)
{
	if (m == NULL)
		return;
	for (uint32_t i = 0; m->plans != NULL && i < m->nplans; i++)
		sl_codec_free(&sl_plan_record, &m->plans[i]);
	free(m->plans);
	sl_pack_free(m->plan_wire, m->nplans);
	sl_pack_free(m->result_wire, m->nplans);
	sl_codec_free(&sl_view_record, &m->view);
	free(m->project);
	free(m->author);
	free(m->versions_json);
	memset(m, 0, sizeof *m);
}
