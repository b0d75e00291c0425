/* review_decide.c - a signed decision is recorded and the gate asked, in one transaction; when it opens, it leaves. */
#include <stdlib.h>
#include <string.h>

#include "jobs/bundle.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/review_gate.h"
#include "jobs/signed.h"
#include "jobs/store/release.h"
#include "policy/plan_grant.h"

static enum sl_rc sign_here(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, enum sl_decision decision,
                            const char *comment, struct sl_signed *d, struct sl_err *err)
{
	struct sl_buf text = { 0 };
	enum sl_rc rc = actor->kind == SL_ACTOR_KEY ? sl_review_statement(e, actor, id, decision, comment, &text, err) : SL_OK;

	if (rc == SL_OK)
		rc = sl_signed_make(actor, SL_REVIEW_NAMESPACE, &text, d, err);
	sl_buf_free(&text);
	return rc;
}

/* The statement is the one we would write, with a log size and root that were true once. */
static enum sl_rc check_statement(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                                  enum sl_decision decision, const char *comment, const struct sl_signed *d,
                                  struct sl_err *err)
{
	struct sl_merkle_hash root;
	struct sl_buf ours = { 0 };
	json_t *v = NULL;
	uint64_t size = 0;
	enum sl_rc rc = sl_signed_read(e, d, &v, &size, root.b, err);

	/* The comment is the reviewer's: the statement carries it when it was signed elsewhere. */
	if (rc == SL_OK && (comment == NULL || comment[0] == '\0'))
		comment = sl_pack_text(v, "comment");
	if (rc == SL_OK)
		rc = sl_review_text(e, standing, o, decision, comment, size, &root, &ours, err);
	if (rc == SL_OK)
		rc = sl_signed_is(d, &ours, "this request", err);
	sl_buf_free(&ours);
	json_decref(v);
	return rc;
}

/* How many numbers leave. */
static uint64_t published_cells(const struct sl_publication *p)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < p->noutputs; i++)
		for (uint32_t k = 0; k < p->outputs[i].ncells; k++)
			n += p->outputs[i].cells[k].shown == 1;
	return n;
}

static enum sl_rc make_release(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                               struct sl_opened *o, int64_t *release, struct sl_err *err)
{
	struct sl_store_release row = { .request = o->row.id, .released_at = sl_enclave_now(), .project = o->row.project };
	char name[SL_PACK_NAME], request[SL_PACK_NAME];
	uint64_t leaf = 0;
	enum sl_rc rc = sl_store_release_insert(&e->db, &row, &row.id, err);

	sl_pack_name('L', row.id, name);
	sl_pack_name('R', o->row.id, request);
	for (uint32_t i = 0; i < o->material.nplans && rc == SL_OK; i++)
		rc = sl_store_release_space(&e->db, row.id, row.project,
		                            sl_plan_grant_space(&o->material.plans[i], &o->material.view), err);
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, &o->row, NULL, false, SL_MOVE_RELEASE, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "release.made", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:I, s:o, s:o}", "release", name, "request", request,
		                               "project", row.project, "cells",
		                               (json_int_t)published_cells(&o->frozen.publication), "publication",
		                               sl_pack_hex(o->now.digest), "policy",
		                               sl_pack_hex(o->row.policy_digest)),
		                     &leaf, err);
	if (rc == SL_OK)
		rc = sl_store_release_leaf(&e->db, row.id, leaf, err);
	*release = rc == SL_OK ? row.id : 0;
	return rc;
}

enum sl_rc sl_review_released(struct sl_enclave *e, int64_t release, struct sl_err *err)
{
	enum sl_rc rc = sl_bundle_make(e, release, err);

	/* Where the keys lie may be read-only: the next gate then begins at an earlier checkpoint, and reads more. */
	enum sl_rc kept = sl_audit_keep(e, NULL);
	(void)kept;
	return rc;
}

static enum sl_rc add_review(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_person *person,
                             int64_t id, enum sl_decision decision, const struct sl_signed *d, struct sl_err *err)
{
	const char *kind = decision == SL_DECISION_APPROVE  ? "review.approved"
	                   : decision == SL_DECISION_RETURN ? "review.returned"
	                                                    : "review.rejected";
	char request[SL_PACK_NAME];
	struct sl_store_review row = {
		.request = id,
		.decision = decision,
		.decided_at = sl_enclave_now(),
		.person = actor->person,
		.key = person->key,
		.statement = d->statement,
		.signature = d->armour,
	};
	enum sl_rc rc = sl_store_review_insert(&e->db, &row, err);

	sl_pack_name('R', id, request);
	if (rc == SL_OK)
		rc = sl_audit_append(e, kind,
		                     sl_pack_who(actor),
		                     json_pack("{s:s, s:o}", "request", request, "statement",
		                               sl_pack_keyed(e, d->statement, d->nstatement)),
		                     NULL, err);
	return rc;
}

/* Enough approvals are a state of their own: the gate may wait for something that is no reviewer's. */
enum sl_rc sl_review_ask_gate(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                              struct sl_opened *o, int64_t *release, struct sl_err *err)
{
	struct sl_gate_verdict verdict = { 0 };
	enum sl_rc rc = sl_review_gate(e, standing, o, &verdict, err);

	/* More approvals would not open it: the approval is not kept, and the reviewer learns why. */
	if (rc == SL_OK && !verdict.open && !verdict.waiting)
		rc = sl_gate_refusal(&verdict, err);
	if (rc == SL_OK && verdict.met[SL_CONDITION_APPROVALS] && o->row.state == SL_REQUEST_PARTLY)
		rc = sl_request_move(e, standing, &o->row, NULL, false, SL_MOVE_COMPLETE, err);
	if (rc == SL_OK && verdict.open)
		rc = make_release(e, actor, standing, o, release, err);
	return rc;
}

static enum sl_move move_of(enum sl_decision decision)
{
	switch (decision) {
	case SL_DECISION_APPROVE:
		return SL_MOVE_APPROVE;
	case SL_DECISION_REJECT:
		return SL_MOVE_REJECT;
	case SL_DECISION_RETURN:
		return SL_MOVE_RETURN;
	default:
		return SL_MOVE_NONE;
	}
}

/* Within the transaction: what was signed is judged against what is stored now. */
static enum sl_rc decide(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         int64_t id, enum sl_decision decision, const char *comment, struct sl_signed *d,
                         int64_t *release, struct sl_err *err)
{
	const struct sl_person *person = sl_policy_person(&standing->policy, actor->person);
	struct sl_opened o = { 0 };
	enum sl_rc rc = person == NULL ? sl_err_set(err, SL_E_IDENT, "\"%s\" is nobody in the policy", actor->person)
	                               : sl_opened_load(e, id, &o, err);

	if (rc == SL_OK)
		rc = sl_gate_may_review(&standing->policy, o.row.project, o.row.author, actor->person, err);
	if (rc == SL_OK)
		rc = sl_request_may(standing, &o.row, actor->person, false, move_of(decision), err);
	if (rc == SL_OK)
		rc = sl_signed_check(person, SL_REVIEW_NAMESPACE, d, err);
	if (rc == SL_OK)
		rc = check_statement(e, standing, &o, decision, comment, d, err);
	if (rc == SL_OK)
		rc = add_review(e, actor, person, id, decision, d, err);
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, &o.row, actor->person, false, move_of(decision), err);
	if (rc == SL_OK && decision == SL_DECISION_APPROVE)
		rc = sl_review_ask_gate(e, actor, standing, &o, release, err);
	sl_opened_free(&o);
	return rc;
}

enum sl_rc sl_review_decide(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, enum sl_decision decision,
                            const char *comment, const void *signed_statement, size_t nsigned, int64_t *release,
                            struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_signed d = { 0 };

	*release = 0;
	if (move_of(decision) == SL_MOVE_NONE)
		return sl_err_set(err, SL_E_USAGE, "a decision is to approve, to return or to reject");
	enum sl_rc rc = signed_statement != NULL ? sl_signed_take(signed_statement, nsigned, &d, err)
	                                         : sign_here(e, actor, id, decision, comment, &d, err);
	if (rc == SL_OK)
		rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_REVIEW_DECIDE, err);
	if (rc == SL_OK)
		rc = decide(e, actor, &standing, id, decision, comment, &d, release, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	if (rc != SL_OK)
		*release = 0;
	if (rc == SL_OK && *release != 0)
		rc = sl_review_released(e, *release, err);
	sl_signed_free(&d);
	sl_standing_free(&standing);
	return rc;
}
