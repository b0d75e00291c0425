/* request.c - a held job's outputs are judged, frozen and handed to reviewers. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/audit.h"
#include "jobs/behind.h"
#include "jobs/judge.h"
#include "jobs/job_run.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsign.h"
#include "jobs/slot.h"
#include "jobs/store/members.h"
#include "policy/rules/gaps.h"

/* Whatever depends on data is told in this one sentence, or a refusal would be an answer. */
#define REFUSED_BY_DATA "what was asked for cannot be protected in this shape: ask for fewer or coarser groups, " \
	"or change the conditions"

enum sl_rc sl_request_statement(const struct sl_enclave *e, const struct sl_store_request *row, char **out,
                                struct sl_err *err)
{
	char name[SL_PACK_NAME], request[SL_PACK_NAME];
	json_t *outputs = NULL, *v;
	enum sl_rc rc =
		sl_canon_read("a request's outputs", row->outputs, strlen(row->outputs), (size_t)1 << 20, &outputs, err);

	*out = NULL;
	if (rc != SL_OK)
		return rc;
	sl_pack_name('J', row->job, name);
	v = json_pack("{s:s, s:s, s:s, s:o, s:s}", "context", row->context, "enclave", e->name, "job", name, "outputs",
	              outputs, "project", row->project);
	/* The first revision is signed before it has a number. */
	sl_pack_name('R', row->id, request);
	if (v != NULL && row->revision > 1 &&
	    (json_object_set_new(v, "request", json_string(request)) != 0 ||
	     json_object_set_new(v, "revision", json_integer(row->revision)) != 0)) {
		json_decref(v);
		v = NULL;
	}
	/* So that a statement of before, which had none, is the same now. */
	if (v != NULL && row->title[0] != '\0' && json_object_set_new(v, "title", json_string(row->title)) != 0) {
		json_decref(v);
		v = NULL;
	}
	return sl_pack_cstr(v, out, err);
}

static enum sl_rc outputs_json(const struct sl_job_material *m, char **out, struct sl_err *err)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < m->nplans && a != NULL; i++)
		if (json_array_append_new(a, json_string(m->plans[i].output)) != 0) {
			json_decref(a);
			a = NULL;
		}
	return sl_pack_cstr(a, out, err);
}

/*
 * What is rounded at random is drawn while rows are read; a job that ran before policy asked for it has no draws. Where
 * results stay sealed, a draft is submitted: it was asked when the draft was made, under the policy it still has.
 */
static enum sl_rc check_draws(const struct sl_rules *rules, const struct sl_job_material *m, struct sl_err *err)
{
	enum sl_rc rc;
	bool drawn = true;

	if (rules->transform != SL_TRANSFORM_RANDOM || m->result_wire == NULL)
		return SL_OK;
	for (uint32_t i = 0; i < m->nplans; i++)
		drawn = drawn && sl_result_is_drawn(&m->result_wire[i]);
	if (drawn)
		return SL_OK;
	rc = sl_err_set(err, SL_E_NO, "the job ran before policy asked for random rounding");
	sl_err_remedy(err, "run the job again");
	return rc;
}

/* The author must still be granted what the job read, with the same view. */
enum sl_rc sl_request_grant(const struct sl_standing *standing, const struct sl_actor *actor,
                            const struct sl_job_material *m, struct sl_grant *grant, struct sl_err *err)
{
	struct sl_buf then = { 0 }, now = { 0 };
	enum sl_rc rc = sl_standing_grant(standing, m->project, actor->person, grant, err);

	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &m->view, &then, err);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &grant->view, &now, err);
	if (rc == SL_OK && (then.len != now.len || memcmp(then.data, now.data, now.len) != 0)) {
		rc = sl_err_set(err, SL_E_DENIED, "the project's grant has changed since the job ran");
		sl_err_rule(err, "grant-changed");
		sl_err_remedy(err, "run the job again");
	}
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		rc = sl_plan_grant_check(&m->plans[i], &grant->view, &grant->limits, NULL, err);
	for (uint32_t i = 0; i < m->nplans && rc == SL_OK; i++)
		rc = sl_owner_check_plan(&m->plans[i], &grant->view, grant, err);
	if (rc == SL_OK)
		rc = check_draws(&grant->rules, m, err);
	sl_buf_free(&then);
	sl_buf_free(&now);
	return rc;
}

/*
 * Who stands behind the outputs, what was released before, and sluice-check. A failure may depend on data, so its
 * author hears one constant, but for what the store says without looking at a row.
 */
static enum sl_rc judge(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_grant *grant,
                        struct sl_opened *o, struct sl_history_boxes *boxes, struct sl_err *err)
{
	struct sl_history_frames history = { 0 };
	struct sl_behind behind = { 0 };
	struct sl_err why = { 0 };
	uint32_t layers = 0, on = 0;
	enum sl_rc rc = sl_job_layers(&standing->policy, &layers, err);

	if (rc != SL_OK)
		return rc;
	rc = sl_history_members(e, grant, &o->material, layers, boxes, &why);
	if (rc == SL_OK)
		rc = sl_history_gather(e, &o->material, boxes, &grant->limits, layers, &history, &why);
	o->frozen.history_to = history.last_release;
	if (rc == SL_OK) {
		struct sl_judge_case c = { &o->material, &o->frozen.rules, o->frozen.purpose, o->row.context, &grant->limits,
			                   layers, &history };
		rc = sl_judge(&c, &o->frozen.publication, &behind, &on, &why);
		o->row.layers = on;
	}
	if (rc == SL_OK)
		rc = sl_behind_keep(e, &o->material, &behind, &o->frozen.behind, &why);
	sl_codec_free(&sl_behind_record, &behind);
	sl_history_frames_free(&history);
	if (rc == SL_OK || rc == SL_E_HOST || rc == SL_E_NOMEM || rc == SL_E_NO) {
		if (rc != SL_OK && err != NULL)
			*err = why;
		return rc;
	}
	rc = sl_err_set(err, SL_E_NO, "the results could not be judged");
	sl_err_remedy(err, "ask the operator to run `sluice doctor`; nothing was stored");
	return rc;
}

/* What a context lacks follows from declared facts. That there are too many findings does not. */
static bool is_gap(const struct sl_finding *f)
{
	return f->rule == SL_RULE_CONTEXT && f->limit == 0;
}

static void tell_gaps(const struct sl_opened *o, struct sl_buf *b)
{
	for (uint32_t i = 0; i < o->material.nplans; i++) {
		const struct sl_gap_case facts = { &o->material.view, &o->material.plans[i], o->frozen.purpose,
			                           o->row.context, &o->frozen.rules };
		sl_gaps_tell(&facts, i == 0, b);
	}
}

static enum sl_rc tell_refusal(const struct sl_enclave *e, const struct sl_opened *o, char **out, struct sl_err *err)
{
	struct sl_finding_text *texts = NULL;
	struct sl_buf b = { 0 };
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(e, o, name);
	uint32_t n = 0;
	bool data = false, gaps = false;
	enum sl_rc rc = sl_render_findings(&r, &texts, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		const struct sl_finding_text *t = &texts[i];
		if (t->finding->severity != SL_SEVERITY_REFUSE)
			continue;
		if (is_gap(t->finding)) {
			if (!gaps)
				tell_gaps(o, &b);
			gaps = true;
			continue;
		}
		if (t->finding->rule != SL_RULE_EXTREMES) {
			data = true;
			continue;
		}
		sl_buf_printf(&b, "%s%s, output \"%s\"%s%s: %s; %s", b.len > 0 ? "\n" : "", t->rule, t->output,
		              t->column[0] != '\0' ? ", column " : "", t->column, t->reason, t->remedy);
	}
	if (data)
		sl_buf_printf(&b, "%s%s", b.len > 0 ? "\n" : "", REFUSED_BY_DATA);
	if (rc == SL_OK)
		rc = sl_buf_ok(&b, "refusal", err);
	if (rc == SL_OK)
		rc = sl_pack_dup(b.len > 0 ? sl_buf_cstr(&b) : REFUSED_BY_DATA, out, err);
	sl_render_findings_free(texts, n);
	sl_buf_free(&b);
	return rc;
}

enum sl_rc sl_request_sign(struct sl_enclave *e, const struct sl_actor *actor, struct sl_store_request *row,
                           struct sl_err *err)
{
	struct sl_buf armour = { 0 };

	free(row->statement);
	free(row->signature);
	row->statement = row->signature = NULL;
	enum sl_rc rc = sl_request_statement(e, row, &row->statement, err);

	if (rc == SL_OK && actor->kind == SL_ACTOR_KEY)
		rc = sl_sshsign_make(actor->key_path, SL_REQUEST_NAMESPACE, row->statement, strlen(row->statement),
		                     &armour, NULL, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(armour.len > 0 ? sl_buf_cstr(&armour) : "", &row->signature, err);
	sl_buf_free(&armour);
	return rc;
}

/* A title stands in a row of a list. */
#define TITLE_MAX 120

/* Seconds that a box may be without its request: many times the longest slot. */
#define BOX_WAITS 86400

/*
 * The boxes of what can be released are in state.db before the slot ends, or how long the commit takes would tell how
 * many rows there are. Those of a command that died meanwhile go with a later request.
 */
static enum sl_rc keep_boxes(struct sl_enclave *e, const struct sl_opened *o, struct sl_history_boxes *boxes,
                             int64_t ids[static SL_PLANS_MAX], struct sl_err *err)
{
	int64_t now = sl_enclave_now();
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_store_members_sweep(&e->db, now - BOX_WAITS, err);
	for (uint32_t i = 0; i < boxes->n && rc == SL_OK && o->frozen.publication.releasable == 1; i++)
		rc = sl_store_members_box(&e->db, now, &boxes->boxes[i], &ids[i], err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_request_leaf(struct sl_enclave *e, const char *kind, const struct sl_actor *actor,
                           const struct sl_store_request *row, struct sl_err *err)
{
	char name[SL_PACK_NAME], job[SL_PACK_NAME];

	sl_pack_name('R', row->id, name);
	sl_pack_name('J', row->job, job);
	json_t *body = json_pack("{s:s, s:s, s:s, s:o, s:o, s:s}", "request", name, "job", job, "project", row->project,
	                         "publication", sl_pack_hex(row->digest), "statement",
	                         sl_pack_keyed(e, row->statement, strlen(row->statement)), "identified",
	                         row->signature[0] != '\0' ? "signature" : "session");
	if (body != NULL && row->revision > 1 &&
	    json_object_set_new(body, "revision", json_integer(row->revision)) != 0) {
		json_decref(body);
		body = NULL;
	}
	return sl_audit_append(e, kind, sl_pack_who(actor), body, NULL, err);
}

/* What is asked: a new request of a job, or another revision of one. */
struct asked {
	const struct sl_store_request *before; /* NULL: a new one */
	int64_t job;
	const char *context, *title;
	const char *const *outputs;
	size_t noutputs;
	bool draft;
};

/* Under the lock: the request may have moved on while this was judged, and what is revised is what was read. */
static enum sl_rc revise_row(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                             const struct asked *a, struct sl_store_request *row, struct sl_err *err)
{
	struct sl_store_request now;
	enum sl_rc rc = sl_store_request_get(&e->db, a->before->id, &now, err);

	if (rc != SL_OK)
		return rc;
	if (now.revision != a->before->revision) {
		rc = sl_err_set(err, SL_E_NO, "R-%lld was revised meanwhile", (long long)now.id);
		sl_err_rule(err, SL_MOVES_STATE);
		sl_err_remedy(err, "look at it again: request show R-%lld", (long long)now.id);
	}
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, &now, actor->person, false, SL_MOVE_REVISE, err);
	if (rc == SL_OK)
		rc = sl_store_request_revise(&e->db, row, err);
	row->state = now.state;
	sl_store_request_free(&now);
	return rc;
}

/* From the draft that everything begins as. */
static enum sl_rc first_move(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                             bool refused, bool draft, struct sl_store_request *row, struct sl_err *err)
{
	if (refused)
		return sl_request_move(e, standing, row, NULL, false, SL_MOVE_REFUSE, err);
	return draft ? SL_OK : sl_request_move(e, standing, row, actor->person, false, SL_MOVE_SUBMIT, err);
}

/* Number, frozen bytes, seal and leaf in one commit. */
static enum sl_rc store(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                        const struct asked *a, struct sl_opened *o, const int64_t *boxes, struct sl_err *err)
{
	struct sl_store_request *row = &o->row;
	bool refused = o->frozen.publication.releasable != 1;
	const char *kind = refused ? "request.refused" : a->draft ? "request.drafted" : "request.submitted";
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = a->before != NULL ? revise_row(e, actor, standing, a, row, err)
		                       : sl_store_request_insert(&e->db, row, &row->id, err);
	sl_pack_name('R', row->id, name);
	if (rc == SL_OK)
		rc = sl_published_make(e, o, err);
	memcpy(row->digest, o->now.digest, sizeof row->digest);
	if (rc == SL_OK)
		rc = sl_frozen_seal(e, name, &o->frozen, &row->publication, err);
	if (rc == SL_OK)
		rc = sl_store_request_seal(&e->db, row, err);
	if (rc == SL_OK)
		rc = first_move(e, actor, standing, refused, a->draft, row, err);
	/* What can never be released is no history. */
	for (uint32_t i = 0; i < o->material.nplans && rc == SL_OK && !refused; i++)
		rc = sl_store_members_put(&e->db, row->id, i, boxes[i], err);
	if (rc == SL_OK)
		rc = sl_request_leaf(e, kind, actor, row, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

/* From the job to everything but the judgement. */
static enum sl_rc fill(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                       const struct sl_grant *grant, const struct asked *a, struct sl_opened *o, struct sl_err *err)
{
	struct sl_store_request *row = &o->row;
	enum sl_rc rc = outputs_json(&o->material, &row->outputs, err);

	row->id = a->before != NULL ? a->before->id : 0;
	row->revision = a->before != NULL ? a->before->revision + 1 : 1;
	row->state = SL_REQUEST_DRAFT;
	row->job = a->job;
	row->created_at = sl_enclave_now();
	row->policy_serial = (int64_t)standing->policy.serial;
	memcpy(row->policy_digest, standing->policy_digest, sizeof row->policy_digest);
	o->frozen.rules = grant->rules;
	if (rc == SL_OK)
		rc = sl_random(o->frozen.salt, sizeof o->frozen.salt, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(grant->project->purpose, &o->frozen.purpose, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(o->material.project, &row->project, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(actor->person, &row->author, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(a->context, &row->context, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(a->title, &row->title, err);
	/* A draft is signed when it is submitted. */
	if (rc == SL_OK && !a->draft)
		return sl_request_sign(e, actor, row, err);
	if (rc == SL_OK)
		rc = sl_pack_dup("", &row->statement, err);
	return rc == SL_OK ? sl_pack_dup("", &row->signature, err) : rc;
}

enum sl_rc sl_request_again(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_request_was *was,
                            struct sl_opened *o, struct sl_history_boxes *boxes, struct sl_err *err)
{
	const struct sl_actor author = { .kind = SL_ACTOR_SESSION, .person = o->material.author };
	const struct asked a = { .job = was->job, .context = was->context };
	struct sl_grant grant = { 0 };
	enum sl_rc rc = sl_request_grant(standing, &author, &o->material, &grant, err);

	if (rc == SL_OK)
		rc = sl_history_is_known(e, &o->material, was->release, err);
	if (rc == SL_OK)
		rc = fill(e, &author, standing, &grant, &a, o, err);
	if (rc == SL_OK)
		rc = sl_pack_dup("", &o->row.refusal, err);
	o->row.id = was->id;
	o->row.revision = was->revision;
	memcpy(o->frozen.salt, was->salt, sizeof o->frozen.salt);
	if (rc == SL_OK)
		rc = judge(e, standing, &grant, o, boxes, err);
	o->row.nfindings = o->frozen.publication.nfindings;
	if (rc == SL_OK)
		rc = sl_published_make(e, o, err);
	if (rc == SL_OK && o->frozen.publication.releasable != 1)
		rc = sl_err_set(err, SL_E_NO, "judged again it could not leave");
	memcpy(o->row.digest, o->now.digest, sizeof o->row.digest);
	sl_grant_free(&grant);
	return rc;
}

/* Its outputs as they were, when no others are named. */
static enum sl_rc select_outputs(struct sl_job_material *m, const struct asked *a, struct sl_err *err)
{
	if (a->before != NULL && a->noutputs == 0)
		return sl_request_select(a->before, m, err);
	return sl_material_select(m, a->outputs, a->noutputs, err);
}

static int64_t to_judge(const struct sl_publication *p)
{
	int64_t n = 0;

	for (uint32_t i = 0; i < p->nfindings; i++)
		n += p->findings[i].severity == SL_SEVERITY_REVIEW;
	return n;
}

static enum sl_rc make(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                       const struct asked *a, struct sl_request *out, struct sl_err *err)
{
	struct sl_grant grant = { 0 };
	struct sl_opened o = { 0 };
	struct sl_history_boxes boxes = { 0 };
	int64_t kept[SL_PLANS_MAX] = { 0 };
	enum sl_rc rc = sl_job_material(e, a->job, &o.material, err);

	/* Only the author of a job speaks for it; another's job and no job are the same answer. */
	if (rc == SL_OK && strcmp(o.material.author, actor->person) != 0)
		rc = sl_err_set(err, SL_E_NO, "there is no job J-%lld", (long long)a->job);
	if (rc == SL_OK)
		rc = select_outputs(&o.material, a, err);
	if (rc == SL_OK)
		rc = sl_request_grant(standing, actor, &o.material, &grant, err);
	if (rc == SL_OK)
		rc = sl_history_is_known(e, &o.material, SL_HISTORY_ALL, err);
	if (rc == SL_OK)
		rc = fill(e, actor, standing, &grant, a, &o, err);
	bool judged = rc == SL_OK;
	int64_t started = sl_slot_now();
	if (rc == SL_OK)
		rc = judge(e, standing, &grant, &o, &boxes, err);
	if (rc == SL_OK) {
		o.row.nfindings = o.frozen.publication.nfindings;
		o.row.njudge = to_judge(&o.frozen.publication);
		rc = o.frozen.publication.releasable == 1 ? sl_pack_dup("", &o.row.refusal, err)
		                                          : tell_refusal(e, &o, &o.row.refusal, err);
	}
	if (rc == SL_OK)
		rc = keep_boxes(e, &o, &boxes, kept, err);
	sl_history_boxes_free(&boxes);
	/* What was judged depends on rows, so how long it took may: it is told, and stored, at a slot. */
	if (judged)
		sl_slot_wait(started, grant.limits.slot_ms);
	if (rc == SL_OK)
		rc = store(e, actor, standing, a, &o, kept, err);
	if (rc == SL_OK)
		rc = sl_request_tell(e, standing, &o.row, false, out, err);
	sl_opened_free(&o);
	sl_grant_free(&grant);
	return rc;
}

/* NULL: as it was. */
static enum sl_rc check_words(const struct sl_request_ask *ask, struct sl_err *err)
{
	if (ask->context != NULL && !sl_text_is_clean(ask->context, strlen(ask->context)))
		return sl_err_set(err, SL_E_INPUT, "a context is one line of clean text");
	if (ask->title != NULL && (strlen(ask->title) > TITLE_MAX || !sl_text_is_clean(ask->title, strlen(ask->title))))
		return sl_err_set(err, SL_E_INPUT, "a title is one line of clean text of at most %d bytes", TITLE_MAX);
	return SL_OK;
}

enum sl_rc sl_request_new(struct sl_enclave *e, const struct sl_actor *actor, int64_t job,
                          const struct sl_request_ask *ask, struct sl_request *out, struct sl_err *err)
{
	const struct asked a = { .job = job, .context = ask->context != NULL ? ask->context : "",
		                 .title = ask->title != NULL ? ask->title : "",
		                 .outputs = ask->outputs, .noutputs = ask->noutputs, .draft = ask->draft };
	struct sl_standing standing = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = check_words(ask, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_NEW, err);
	if (rc == SL_OK)
		rc = make(e, actor, &standing, &a, out, err);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_request_revise(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                             const struct sl_request_ask *ask, struct sl_request *out, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_request before = { 0 };
	struct asked a = { .before = &before, .outputs = ask->outputs, .noutputs = ask->noutputs, .draft = ask->draft };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = check_words(ask, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_NEW, err);
	if (rc == SL_OK)
		rc = sl_request_get(e, actor, &standing, id, &before, err);
	if (rc == SL_OK)
		rc = sl_request_may(&standing, &before, actor->person, false, SL_MOVE_REVISE, err);
	a.job = before.job;
	a.context = ask->context != NULL ? ask->context : before.context;
	a.title = ask->title != NULL ? ask->title : before.title;
	if (rc == SL_OK)
		rc = make(e, actor, &standing, &a, out, err);
	sl_store_request_free(&before);
	sl_standing_free(&standing);
	return rc;
}
