/* request_list.c - requests as they are shown. */
#include <stdlib.h>
#include <string.h>

#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "policy/reviews.h"

static void free_decisions(struct sl_request_decision *d, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		free(d[i].person);
		free(d[i].comment);
		free(d[i].acknowledged);
	}
	free(d);
}

void sl_request_free(struct sl_request *r)
{
	if (r == NULL)
		return;
	free(r->project);
	free(r->author);
	free(r->context);
	free(r->refusal);
	free(r->rejection);
	for (uint32_t i = 0; i < r->ncomments; i++) {
		free(r->comments[i].person);
		free(r->comments[i].text);
	}
	free(r->comments);
	free_decisions(r->decisions, r->ndecisions);
	for (uint32_t i = 0; i < r->nrevisions; i++) {
		free(r->revisions[i].title);
		free(r->revisions[i].context);
		free(r->revisions[i].outputs);
		free_decisions(r->revisions[i].decisions, r->revisions[i].ndecisions);
	}
	free(r->revisions);
	free(r->title);
	free(r->outputs);
	free(r->turn.not_theirs);
	memset(r, 0, sizeof *r);
}

void sl_request_list_free(struct sl_request *r, uint32_t n)
{
	for (uint32_t i = 0; r != NULL && i < n; i++)
		sl_request_free(&r[i]);
	free(r);
}

/* Catalogues only where a class of tables asks for approvals: they take far longer than the people. */
static enum sl_rc load_standing(struct sl_enclave *e, struct sl_standing *standing, struct sl_err *err)
{
	enum sl_rc rc = sl_standing_people(e, standing, err);

	if (rc != SL_OK || !standing->has_policy || !sl_reviews_by_class(&standing->policy))
		return rc;
	sl_standing_free(standing);
	return sl_standing_load(e, standing, err);
}

/* Whether a listed request is this reviewer's to look at. */
static enum sl_rc tell_turn(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                            const struct sl_store_request *row, struct sl_request *out, struct sl_err *err)
{
	struct sl_err no = { 0 };
	int64_t spoke = 0;
	enum sl_rc may = sl_gate_may_review(&standing->policy, row->project, row->author, actor->person, &no);

	if (may == SL_OK)
		may = sl_request_may(standing, row, actor->person, false, SL_MOVE_APPROVE, &no);
	out->turn.asked = true;
	enum sl_rc rc = may != SL_OK ? sl_pack_dup(no.text, &out->turn.not_theirs, err) : SL_OK;
	/* Before the first revision nobody spoke on an earlier one. */
	if (rc == SL_OK && row->revision > 1)
		rc = sl_store_request_spoke(&e->db, row->id, actor->person, &spoke, err);
	/* How many there are to judge is a reviewer's to know who may look. */
	out->turn.njudge = may == SL_OK ? row->njudge : -1;
	out->turn.revised = spoke > 0 && spoke < row->revision;
	for (uint32_t i = 0; i < out->ndecisions; i++)
		out->turn.decided = out->turn.decided || strcmp(out->decisions[i].person, actor->person) == 0;
	return rc;
}

/* SL_E_NO without words: not there, or not this actor's to see. */
static enum sl_rc show_one(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                           int64_t id, struct sl_request *out, struct sl_err *err)
{
	struct sl_store_request row;
	enum sl_rc rc = sl_store_request_head(&e->db, id, &row, err);

	if (rc != SL_OK)
		return rc;
	if (!sl_pack_sees(actor, standing, SL_ACTION_REQUEST_LIST, row.project, row.author))
		rc = SL_E_NO;
	uint32_t parties = sl_moves_parties(&standing->policy, row.project, row.author, actor->person, false,
	                                    sl_enclave_today());
	/* Of one's own project nobody is a reviewer, and no auditor's sight is deeper. */
	bool own = strcmp(actor->person, row.author) == 0 || (parties & (SL_PARTY_AUTHOR | SL_PARTY_ANALYST)) != 0;
	bool reviewer = !own && (parties & (SL_PARTY_REVIEWER | SL_PARTY_AUDITOR)) != 0;
	if (rc == SL_OK)
		rc = sl_request_tell(e, standing, &row, reviewer, out, err);
	const struct sl_person *person = sl_policy_person(&standing->policy, actor->person);
	if (rc == SL_OK && person != NULL && (person->roles & SL_ROLE_REVIEWER) != 0) {
		rc = tell_turn(e, actor, standing, &row, out, err);
		if (rc != SL_OK)
			sl_request_free(out);
	}
	sl_store_request_free(&row);
	return rc;
}

enum sl_rc sl_request_list(struct sl_enclave *e, const struct sl_actor *actor, bool waiting, struct sl_request **out,
                           uint32_t *nout, struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = load_standing(e, &standing, err);

	*out = NULL;
	*nout = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_LIST, err);
	if (rc == SL_OK)
		rc = sl_store_request_ids(&e->db, waiting, &ids, &n, err);
	if (rc == SL_OK && (*out = calloc((size_t)n + 1, sizeof **out)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = show_one(e, actor, &standing, ids[i], &(*out)[*nout], err);
		*nout += rc == SL_OK;
		rc = rc == SL_E_NO ? SL_OK : rc;
	}
	if (rc != SL_OK) {
		sl_request_list_free(*out, *nout);
		*out = NULL;
		*nout = 0;
	}
	free(ids);
	sl_standing_free(&standing);
	return rc;
}

enum sl_rc sl_request_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, struct sl_request *out,
                           struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	enum sl_rc rc = load_standing(e, &standing, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REQUEST_LIST, err);
	if (rc == SL_OK) {
		rc = show_one(e, actor, &standing, id, out, err);
		if (rc == SL_E_NO)
			(void)sl_err_set(err, SL_E_NO, "there is no request R-%lld", (long long)id);
	}
	sl_standing_free(&standing);
	return rc;
}
