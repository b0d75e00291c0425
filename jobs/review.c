/* review.c - all a reviewer sees, and the statement to sign. */
#include <stdlib.h>
#include <string.h>

#include "jobs/behind.h"
#include "jobs/data.h"
#include "jobs/decide.h"
#include "jobs/looked.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/review_change.h"
#include "jobs/review_gate.h"
#include "jobs/store/job.h"
#include "jobs/store/seen.h"
#include "policy/acknowledge.h"
#include "policy/rules/gaps.h"

/* Of an earlier revision, whatever the state is of the one there is. */
static enum sl_rc may_look_back(const struct sl_actor *actor, const struct sl_standing *standing,
                                const struct sl_store_request *row, struct sl_err *err)
{
	return sl_gate_may_review(&standing->policy, row->project, row->author, actor->person, err);
}

/* Role, then independence: the author and the project's analysts decide nothing. */
static enum sl_rc may_review(const struct sl_actor *actor, const struct sl_standing *standing, enum sl_action action,
                             const struct sl_store_request *row, struct sl_err *err)
{
	enum sl_rc rc = sl_actor_may(actor, standing, action, err);

	if (rc == SL_OK)
		rc = sl_gate_may_review(&standing->policy, row->project, row->author, actor->person, err);
	return rc == SL_OK ? sl_request_may(standing, row, actor->person, false, SL_MOVE_LOOK, err) : rc;
}

/* A script alone does not say what it counted: "age > $min" needs the min. Both stand in what the author stated. */
static enum sl_rc show_params(const char *statement, char **out, struct sl_err *err)
{
	json_t *v = json_loads(statement, JSON_REJECT_DUPLICATES, NULL), *params = json_object_get(v, "params");
	enum sl_rc rc = json_is_object(params) ? sl_pack_cstr(json_incref(params), out, err)
	                                       : sl_err_set(err, SL_E_INTEGRITY, "the job's statement cannot be read");

	json_decref(v);
	return rc;
}

static enum sl_rc show_job(struct sl_enclave *e, const struct sl_opened *o, struct sl_review *out, struct sl_err *err)
{
	struct sl_store_job job;
	enum sl_rc rc = sl_store_job_get(&e->db, o->row.job, false, &job, err);

	if (rc != SL_OK)
		return rc == SL_E_NO ? sl_err_set(err, SL_E_INTEGRITY, "the request's job is gone") : rc;
	rc = sl_pack_dup(job.file, &out->script_file, err);
	if (rc == SL_OK)
		rc = show_params(job.statement, &out->params, err);
	out->script = job.script;
	job.script = (struct sl_buf){ 0 };
	sl_store_job_free(&job);
	return rc;
}

static enum sl_rc show_rows(const struct sl_render *render, struct sl_review *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (out->nfiles != render->nplans)
		return sl_err_set(err, SL_E_INTEGRITY, "%u tables of %u outputs", out->nfiles, render->nplans);
	out->rows = calloc((size_t)out->nfiles + 1, sizeof *out->rows);
	if (out->rows == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < out->nfiles && rc == SL_OK; i++)
		rc = sl_render_rows_of(render, i, &out->rows[i], err);
	return rc;
}

/* The number of the one there is is as good as none. Of an earlier one current is what it became. */
static enum sl_rc open_shown(struct sl_enclave *e, int64_t id, int64_t revision, struct sl_opened *o,
                             struct sl_opened *current, bool *earlier, struct sl_err *err)
{
	enum sl_rc rc = sl_opened_load(e, id, o, err);

	*earlier = rc == SL_OK && revision != 0 && o->row.revision != revision;
	if (!*earlier)
		return rc;
	*current = *o;
	*o = (struct sl_opened){ 0 };
	return sl_opened_revision(e, id, revision, o, err);
}

static enum sl_rc show_changes(const struct sl_actor *actor, const struct sl_standing *standing,
                               struct sl_opened *current, struct sl_review *out, struct sl_err *err)
{
	enum sl_rc rc = sl_request_may(standing, &current->row, actor->person, false, SL_MOVE_LOOK, err);
	if (rc != SL_OK)
		return rc;
	out->current = (uint32_t)current->row.revision;
	out->current_files = current->now.files;
	out->ncurrent_files = current->now.nfiles;
	current->now.files = NULL;
	current->now.nfiles = 0;
	return sl_change_find(out->files, out->nfiles, out->current_files, out->ncurrent_files, &out->changes,
	                      &out->nchanges, err);
}

static enum sl_rc log_look(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_store_request *row,
                           const char *form, struct sl_err *err)
{
	char name[SL_PACK_NAME];

	sl_pack_name('R', row->id, name);
	enum sl_rc rc = sl_looked_add_leaf(e, "request.shown", actor,
	                                   json_pack("{s:s, s:I, s:s}", "request", name, "revision",
	                                             (json_int_t)row->revision, "form", form),
	                                   err);
	return rc == SL_OK ? sl_store_seen_put(&e->db, row->id, row->revision, err) : rc;
}

/* What was frozen. What the texts point into moves with them. */
static enum sl_rc show_frozen(const struct sl_enclave *e, struct sl_opened *o, struct sl_review *out,
                              struct sl_err *err)
{
	char name[SL_PACK_NAME];

	out->material = o->material;
	out->publication = o->frozen.publication;
	out->files = o->now.files;
	out->nfiles = o->now.nfiles;
	o->material = (struct sl_job_material){ 0 };
	o->frozen.publication = (struct sl_publication){ 0 };
	o->now.files = NULL;
	o->now.nfiles = 0;
	struct sl_render r = sl_opened_render(e, o, name);
	r.view = &out->material.view;
	r.plans = out->material.plans;
	r.nplans = out->material.nplans;
	r.publication = &out->publication;
	r.behind = &out->behind;
	enum sl_rc rc = sl_render_findings(&r, &out->findings, &out->nfindings, err);
	if (rc == SL_OK)
		rc = show_rows(&r, out, err);
	sl_render_transformation(r.rules, &out->rounding);
	for (uint32_t i = 0; i < r.nplans; i++)
		sl_gaps_describe(&r.plans[i], r.view, &out->columns);
	if (rc == SL_OK)
		rc = sl_buf_ok(&out->columns, "what the columns are", err);
	if (rc == SL_OK)
		rc = sl_buf_ok(&out->rounding, "how numbers were rounded", err);
	out->threshold = o->frozen.rules.threshold;
	out->has_earlier = sl_render_has_earlier(&o->frozen.rules);
	out->rules_open = sl_acknowledge_open(&out->publication);
	return rc;
}

enum sl_rc sl_review_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, int64_t revision,
                          bool judge_again, const char *form, struct sl_review *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_opened o = { 0 }, current = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REVIEW_SHOW, err);
	if (rc == SL_OK)
		rc = open_shown(e, id, revision, &o, &current, &out->earlier, err);
	if (rc == SL_OK)
		rc = out->earlier ? may_look_back(actor, &standing, &o.row, err)
		                  : may_review(actor, &standing, SL_ACTION_REVIEW_SHOW, &o.row, err);
	if (rc == SL_OK)
		rc = sl_request_tell(e, &standing, &o.row, true, &out->request, err);
	if (rc == SL_OK)
		rc = show_job(e, &o, out, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(o.frozen.purpose, &out->purpose, err);
	if (rc == SL_OK)
		rc = sl_data_forgotten(e, o.material.versions_json, &out->forgotten, err);
	if (rc == SL_OK)
		rc = sl_behind_open(&o, &out->behind, err);
	if (rc == SL_OK && !out->earlier)
		rc = sl_review_gate_look(e, &standing, &o, judge_again, &out->verdict, &out->since, err);
	if (rc == SL_OK)
		rc = show_frozen(e, &o, out, err);
	if (rc == SL_OK && out->earlier)
		rc = show_changes(actor, &standing, &current, out, err);
	out->judged_again = judge_again && out->since > 0;
	if (rc == SL_OK && !out->earlier)
		out->request.approvals = out->verdict.approvals;
	if (rc == SL_OK)
		rc = log_look(e, actor, &o.row, form, err);
	sl_opened_free(&current);
	sl_opened_free(&o);
	sl_standing_free(&standing);
	if (rc != SL_OK)
		sl_review_free(out);
	return rc;
}

void sl_review_free(struct sl_review *r)
{
	if (r == NULL)
		return;
	sl_render_findings_free(r->findings, r->nfindings);
	sl_request_free(&r->request);
	free(r->purpose);
	free(r->script_file);
	free(r->params);
	sl_buf_free(&r->script);
	sl_buf_free(&r->columns);
	sl_buf_free(&r->rounding);
	sl_buf_free(&r->forgotten);
	for (uint32_t i = 0; r->rows != NULL && i < r->nfiles; i++)
		free(r->rows[i].cells);
	free(r->rows);
	sl_change_free(r->changes, r->nchanges);
	sl_release_files_free(r->current_files, r->ncurrent_files);
	sl_release_files_free(r->files, r->nfiles);
	sl_codec_free(&sl_publication_record, &r->publication);
	sl_codec_free(&sl_behind_record, &r->behind);
	sl_job_material_free(&r->material);
	memset(r, 0, sizeof *r);
}

/* Whoever approves several at once has not read what was found in each. */
static enum sl_rc not_flagged(const struct sl_opened *o, struct sl_err *err)
{
	const long long id = (long long)o->row.id;
	uint32_t n = o->frozen.publication.nfindings;

	if (n == 0)
		return SL_OK;
	(void)sl_err_set(err, SL_E_DENIED, "R-%lld has %u finding%s: several are approved at once where there is none",
	                 id, n, n == 1 ? "" : "s");
	sl_err_rule(err, "flagged");
	sl_err_remedy(err, "read it: review show R-%lld; then approve it by itself", id);
	return SL_E_DENIED;
}

enum sl_rc sl_review_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
                               struct sl_buf *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_opened o = { 0 };
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REVIEW_DECIDE, err);
	if (rc == SL_OK)
		rc = sl_opened_load(e, id, &o, err);
	if (rc == SL_OK)
		rc = may_review(actor, &standing, SL_ACTION_REVIEW_DECIDE, &o.row, err);
	if (rc == SL_OK)
		rc = sl_decide_meant(&o.row, say, "review show", err);
	if (rc == SL_OK && say->beside)
		rc = not_flagged(&o, err);
	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, &cp, err);
	if (rc == SL_OK)
		rc = sl_review_text(e, &standing, &o, say, cp.size, &cp.root, out, err);
	sl_opened_free(&o);
	sl_standing_free(&standing);
	return rc;
}
