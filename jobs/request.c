/*
 * request.c - a held job's outputs are asked for: judged (request_judge.c), frozen, stored and handed to reviewers,
 * once or in a revision.
 */
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "jobs/pack.h"
#include "jobs/request_judge.h"
#include "jobs/slot.h"
#include "jobs/spent.h"
#include "jobs/store/job.h"
#include "jobs/store/members.h"
#include "jobs/store/seen.h"
#include "jobs/unseen.h"

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

/* A title stands in a row of a list. */
#define TITLE_MAX 120

/* Seconds that a box may be without its request: many times the longest slot. */
#define BOX_WAITS 86400
#define BOXES_MAX (SL_PLANS_MAX + SL_PUBLIC_TOTALS_MAX)

/*
 * The boxes of what can be released are in state.db before the slot ends, or how long the commit takes would tell how
 * many rows there are. Those of a command that died meanwhile go with a later request.
 */
static enum sl_rc keep_boxes(struct sl_enclave *e, const struct sl_opened *o, struct sl_history_boxes *boxes,
                             int64_t ids[static BOXES_MAX], struct sl_err *err)
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

/* Until what comes of it is stored it counts as what could not be judged; where it does not come to that, it stays. */
static enum sl_rc count(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                        int64_t job, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_unseen_ask_job(e, &standing->policy, o->material.project, err);
	if (rc == SL_OK)
		rc = sl_store_seen_not_job(&e->db, job, true, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
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

	/* Once more: others may have been judged meanwhile, and what comes of this one has not been told. */
	if (rc == SL_OK)
		rc = sl_unseen_ask(e, &standing->policy, row->project, err);
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
	if (rc == SL_OK)
		rc = sl_store_seen_not_job(&e->db, a->job, false, err);
	/* Nobody need look at what told nothing. */
	if (rc == SL_OK && o->told_nothing)
		rc = sl_store_seen_put(&e->db, row->id, row->revision, err);
	/* What can never be released is no history. */
	for (uint32_t i = 0; i < o->material.nplans + o->frozen.known.ntotals && rc == SL_OK && !refused; i++)
		rc = sl_store_members_put(&e->db, row->id, sl_history_box_number(o->material.nplans, i), boxes[i], err);
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
	/* A draft, too: that it is not refused tells its author of rows. */
	return rc == SL_OK ? sl_request_sign(e, actor, row, err) : rc;
}

enum sl_rc sl_request_again(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_request_was *was,
                            struct sl_opened *o, struct sl_history_boxes *boxes, struct sl_err *err)
{
	const struct sl_actor author = { .kind = SL_ACTOR_SESSION, .person = o->material.author };
	const struct asked a = { .job = was->job, .context = was->context };
	struct sl_grant grant = { 0 };
	enum sl_rc rc = sl_request_grant(standing, &author, &o->material, &grant, err);

	if (rc == SL_OK)
		rc = fill(e, &author, standing, &grant, &a, o, err);
	o->row.id = was->id;
	o->row.revision = was->revision;
	memcpy(o->frozen.salt, was->salt, sizeof o->frozen.salt);
	if (rc == SL_OK)
		rc = sl_request_judge(e, standing, &grant, was->then, o, boxes, NULL, err);
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

/* With the job, where operators look. That it cannot be kept is no other answer to the author. */
static void keep_reason(struct sl_enclave *e, int64_t job, const struct sl_err *why)
{
	char time[SL_TIME_TEXT];
	struct sl_buf b = { 0 };

	sl_enclave_time_text(sl_enclave_now(), time);
	sl_buf_printf(&b, "%s a request could not be judged: ", time);
	sl_text_escape(&b, why->text, strlen(why->text));
	enum sl_rc rc = sl_buf_ok(&b, "reason", NULL);
	if (rc == SL_OK)
		rc = sl_store_job_reason(&e->db, job, sl_buf_cstr(&b), NULL);
	(void)rc;
	sl_buf_free(&b);
}

static enum sl_rc make(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                       const struct asked *a, struct sl_request *out, struct sl_err *err)
{
	struct sl_grant grant = { 0 };
	struct sl_opened o = { 0 };
	struct sl_history_boxes boxes = { 0 };
	struct sl_err why = { 0 };
	int64_t kept[BOXES_MAX] = { 0 };
	enum sl_rc rc = sl_job_material(e, a->job, &o.material, err);

	/* Only the author of a job speaks for it; another's job and no job are the same answer. */
	if (rc == SL_OK && strcmp(o.material.author, actor->person) != 0)
		rc = sl_err_set(err, SL_E_NO, "there is no job J-%lld", (long long)a->job);
	if (rc == SL_OK)
		rc = select_outputs(&o.material, a, err);
	if (rc == SL_OK)
		rc = sl_request_grant(standing, actor, &o.material, &grant, err);
	if (rc == SL_OK)
		rc = sl_history_is_known(e, &o.material, err);
	if (rc == SL_OK)
		rc = sl_spent_ask(e, &standing->policy, 0, &o.material, err);
	if (rc == SL_OK)
		rc = sl_unseen_ask(e, &standing->policy, o.material.project, err);
	if (rc == SL_OK)
		rc = fill(e, actor, standing, &grant, a, &o, err);
	if (rc == SL_OK)
		rc = count(e, standing, &o, a->job, err);
	bool judged = rc == SL_OK;
	int64_t started = sl_slot_now();
	if (rc == SL_OK)
		rc = sl_request_judge(e, standing, &grant, NULL, &o, &boxes, &why, err);
	if (rc == SL_OK)
		rc = keep_boxes(e, &o, &boxes, kept, err);
	sl_history_boxes_free(&boxes);
	/* What was judged depends on rows, so how long it took may: it is told, and stored, at a slot. */
	if (judged && !sl_slot_wait(started, grant.limits.slot_ms, 1))
		o.told_nothing = false;
	if (rc != SL_OK && why.text[0] != '\0')
		keep_reason(e, a->job, &why);
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
	if (ask->title != NULL && ask->title[0] != '\0' && !sl_text_says(ask->title, TITLE_MAX))
		return sl_err_set(err, SL_E_INPUT, "a title is one line of clean text of at most %d bytes, and not blank", TITLE_MAX);
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
