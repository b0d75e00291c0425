/* review_decide.c - a signed decision is recorded and the gate asked, in one transaction; when it opens, it leaves. */
#include <stdlib.h>
#include <string.h>

#include "jobs/bundle.h"
#include "jobs/decide.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/review_gate.h"
#include "jobs/store/release.h"
#include "jobs/store/review.h"
#include "policy/acknowledge.h"
#include "policy/plan_grant.h"

static enum sl_rc rules_of(const json_t *a, const char *names[static SL_RULE_COUNT_], struct sl_say *said,
                           struct sl_err *err)
{
	said->acknowledged = names;
	for (size_t i = 0; i < json_array_size(a); i++) {
		const char *name = json_string_value(json_array_get(a, i));
		if (name == NULL || said->nacknowledged == SL_RULE_COUNT_)
			return sl_err_set(err, SL_E_INPUT, "the statement acknowledges what is no list of rules");
		names[said->nacknowledged++] = name;
	}
	return SL_OK;
}

/* The statement is the one we would write, with a log size and root that were true once. */
static enum sl_rc check_statement(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                                  const struct sl_say *say, const struct sl_signed *d, json_t **v, struct sl_err *err)
{
	const char *names[SL_RULE_COUNT_];
	struct sl_say said = *say;
	struct sl_merkle_hash root;
	struct sl_buf ours = { 0 };
	uint64_t size = 0;
	enum sl_rc rc = sl_signed_read(e, d, v, &size, root.b, err);

	/* The comment is the reviewer's, and so are the rules: the statement carries them when it was signed elsewhere. */
	if (rc == SL_OK && (said.comment == NULL || said.comment[0] == '\0'))
		said.comment = sl_pack_text(*v, "comment");
	if (rc == SL_OK && said.nacknowledged == 0)
		rc = rules_of(json_object_get(*v, "acknowledged"), names, &said, err);
	if (rc == SL_OK)
		rc = sl_review_text(e, standing, o, &said, size, &root, &ours, err);
	if (rc == SL_OK)
		rc = sl_signed_is(d, &ours, "this request", err);
	sl_buf_free(&ours);
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

/* Organisations whose approval was asked, each once; NULL in *out: nobody's. */
static enum sl_rc asked_owners(const struct sl_standing *standing, const struct sl_opened *o, json_t **out,
                               struct sl_err *err)
{
	const struct sl_cat_table **tables = NULL;
	json_t *names = json_object();
	uint32_t n = 0;
	enum sl_rc rc = names != NULL ? sl_owner_tables(standing, &o->material, &tables, &n, err)
	                              : sl_err_set(err, SL_E_NOMEM, "out of memory");

	*out = NULL;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (sl_gate_asks_owner(&standing->policy, o->row.project, tables[i]) &&
		    json_object_set_new(names, tables[i]->owner, json_true()) != 0)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK && json_object_size(names) > 0)
		rc = sl_pack_keys(names, out, err);
	free(tables);
	json_decref(names);
	return rc;
}

static enum sl_rc make_release(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                               struct sl_opened *o, int64_t *release, struct sl_err *err)
{
	struct sl_store_release row = { .request = o->row.id, .released_at = sl_enclave_now(), .project = o->row.project };
	char name[SL_PACK_NAME], request[SL_PACK_NAME];
	json_t *owners = NULL;
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
		rc = asked_owners(standing, o, &owners, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "release.made", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o*}", "release", name, "request",
		                               request, "project", row.project, "cells",
		                               (json_int_t)published_cells(&o->frozen.publication), "acknowledge",
		                               sl_review_rules(sl_acknowledge_open(&o->frozen.publication)), "publication",
		                               sl_pack_hex(o->now.digest), "policy",
		                               sl_pack_hex(o->row.policy_digest), "owners", owners),
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
                             int64_t id, enum sl_decision decision, const struct sl_signed *d, const json_t *v,
                             struct sl_err *err)
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
		rc = sl_audit_append(e, kind, sl_pack_who(actor),
		                     json_pack("{s:s, s:o, s:O*}", "request", request, "statement",
		                               sl_pack_keyed(e, d->statement, d->nstatement), "acknowledged",
		                               decision == SL_DECISION_APPROVE ? json_object_get(v, "acknowledged") : NULL),
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

/* What was signed is judged against what is stored now. */
static enum sl_rc record(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         int64_t id, const struct sl_say *say, struct sl_signed *d, int64_t *release,
                         struct sl_err *err)
{
	const struct sl_person *person = sl_policy_person(&standing->policy, actor->person);
	enum sl_move move = move_of(say->decision);
	struct sl_opened o = { 0 };
	json_t *v = NULL;
	enum sl_rc rc = person == NULL ? sl_err_set(err, SL_E_IDENT, "\"%s\" is nobody in the policy", actor->person)
	                               : sl_opened_load(e, id, &o, err);

	if (rc == SL_OK)
		rc = sl_gate_may_review(&standing->policy, o.row.project, o.row.author, actor->person, err);
	if (rc == SL_OK)
		rc = sl_request_may(standing, &o.row, actor->person, false, move, err);
	if (rc == SL_OK)
		rc = sl_signed_check(person, SL_REVIEW_NAMESPACE, d, err);
	if (rc == SL_OK)
		rc = check_statement(e, standing, &o, say, d, &v, err);
	if (rc == SL_OK)
		rc = add_review(e, actor, person, id, say->decision, d, v, err);
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, &o.row, actor->person, false, move, err);
	if (rc == SL_OK && say->decision == SL_DECISION_APPROVE)
		rc = sl_review_ask_gate(e, actor, standing, &o, release, err);
	json_decref(v);
	sl_opened_free(&o);
	return rc;
}

enum sl_rc sl_review_decide(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const struct sl_say *say,
                            const void *signed_statement, size_t nsigned, int64_t *release, struct sl_err *err)
{
	static const struct sl_decide_as reviewer = {
		.action = SL_ACTION_REVIEW_DECIDE,
		.namespace = SL_REVIEW_NAMESPACE,
		.words = "to approve, to return or to reject",
		.decisions = 1u << SL_DECISION_APPROVE | 1u << SL_DECISION_RETURN | 1u << SL_DECISION_REJECT,
		.statement = sl_review_statement,
		.record = record,
	};

	return sl_decide_record(e, actor, id, say, signed_statement, nsigned, &reviewer, release, err);
}
