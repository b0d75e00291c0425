/* review_gate.c - see review_gate.h. A fact that cannot be established stays zero, and zero meets no condition. */
#include "jobs/review_gate.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/again.h"
#include "jobs/judge.h"
#include "jobs/left.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/policy_apply.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsig.h"
#include "jobs/spent.h"
#include "jobs/store/log.h"
#include "jobs/store/review.h"
#include "policy/acknowledge.h"
#include "policy/plan_grant.h"

#define STATEMENT_BYTES_MAX ((size_t)4 << 20)

enum sl_rc sl_review_log_root(struct sl_enclave *e, uint64_t size, struct sl_merkle_hash *root, struct sl_err *err)
{
	struct sl_merkle_edge edge;
	enum sl_rc rc = sl_log_edge(&e->db, &edge, err);

	if (rc != SL_OK)
		return rc;
	if (size == 0 || size > edge.size)
		return sl_err_set(err, SL_E_NO, "the log has %llu leaves, not %llu", (unsigned long long)edge.size,
		                  (unsigned long long)size);
	struct sl_merkle_leaves leaves = sl_log_leaves(&e->db, size);
	return sl_merkle_root(&leaves, size, root, err);
}

json_t *sl_review_files(const struct sl_published *p)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < p->nfiles && o != NULL; i++)
		if (json_object_set_new(o, p->files[i].path, sl_pack_hex(p->files[i].sha256)) != 0) {
			json_decref(o);
			o = NULL;
		}
	return o;
}

/* All of them as they are shown, where they are and of which rule. */
static json_t *findings_list(const struct sl_enclave *e, const struct sl_opened *o)
{
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(e, o, name);
	struct sl_finding_text *texts = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_render_findings(&r, &texts, &n, NULL);
	json_t *a = rc == SL_OK ? json_array() : NULL;

	for (uint32_t i = 0; i < n && a != NULL; i++)
		if (json_array_append_new(a, json_pack("[s, s, s, s]", texts[i].rule, texts[i].output, texts[i].column,
		                                       texts[i].cell)) != 0) {
			json_decref(a);
			a = NULL;
		}
	sl_render_findings_free(texts, n);
	return a;
}

/*
 * A keyed digest, for what is signed travels with the release: in the order of the cells, their rules would tell which
 * of the hidden ones are hidden for the sake of others. The publication's own digest, which is salted, keeps those of
 * two requests apart.
 */
static json_t *findings_json(const struct sl_enclave *e, const struct sl_opened *o)
{
	struct sl_buf bytes = { 0 };
	json_t *v = json_pack("{s:o, s:o}", "findings", findings_list(e, o), "publication sha256",
	                      sl_pack_hex(o->now.digest));
	json_t *digest = v != NULL && sl_canon_put(v, &bytes, NULL) == SL_OK ? sl_pack_keyed(e, bytes.data, bytes.len) : NULL;

	json_decref(v);
	sl_buf_free(&bytes);
	return digest;
}

static enum sl_rc findings_fact(const struct sl_enclave *e, const struct sl_opened *o, uint8_t digest[static 32],
                                struct sl_err *err)
{
	json_t *v = json_pack("{s:o}", "findings", findings_json(e, o));
	enum sl_rc rc = v != NULL && sl_pack_unhex(v, "findings", digest) ? SL_OK
	                                                                  : sl_err_set(err, SL_E_NOMEM, "out of memory");

	json_decref(v);
	return rc;
}

json_t *sl_review_rules(uint64_t set)
{
	json_t *a = json_array();

	for (uint32_t rule = 0; rule < SL_RULE_COUNT_ && a != NULL; rule++)
		if ((set >> rule & 1) != 0 && json_array_append_new(a, json_string(sl_render_rule((uint8_t)rule))) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

/* Only who approves answers for what is left to judge. */
static enum sl_rc acknowledged(const char *request, const struct sl_opened *o, const struct sl_say *say, uint64_t *set,
                               struct sl_err *err)
{
	const struct sl_publication *p = &o->frozen.publication;

	*set = 0;
	if (say->decision != SL_DECISION_APPROVE)
		return say->nacknowledged == 0 ? SL_OK
		                               : sl_err_set(err, SL_E_USAGE, "findings are acknowledged by an approval alone");
	enum sl_rc rc = sl_acknowledge_take(request, sl_acknowledge_open(p), say->acknowledged, say->nacknowledged, set, err);
	return rc == SL_OK ? sl_acknowledge_ask(request, p, *set, err) : rc;
}

enum sl_rc sl_review_words(enum sl_decision decision, const char *comment, struct sl_err *err)
{
	bool may_be_none = decision == SL_DECISION_APPROVE;
	enum sl_rc rc;

	if ((may_be_none && comment[0] == '\0') || sl_text_says(comment, SL_TITLE_BYTES))
		return SL_OK;
	if (sl_text_is_blank(comment) && !may_be_none) {
		rc = sl_err_set(err, SL_E_INPUT, "a request is returned or rejected with words, for its author to know why");
		sl_err_remedy(err, "give them with the decision, or to the statement that is signed");
		return rc;
	}
	return sl_err_set(err, SL_E_INPUT, "a comment is one line of clean text of at most %d bytes, and not blank",
	                  SL_TITLE_BYTES);
}

enum sl_rc sl_review_text(const struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                          const struct sl_say *say, uint64_t log_size, const struct sl_merkle_hash *log_root,
                          struct sl_buf *out, struct sl_err *err)
{
	const char *comment = say->comment != NULL ? say->comment : "";
	char name[SL_PACK_NAME];
	uint64_t set = 0;

	sl_pack_name('R', o->row.id, name);
	enum sl_rc rc = sl_review_words(say->decision, comment, err);
	if (rc == SL_OK)
		rc = acknowledged(name, o, say, &set, err);
	if (rc != SL_OK)
		return rc;
	json_t *v = json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:I, s:o}", "acknowledged",
	                      sl_review_rules(set), "enclave", e->name, "request", name, "decision",
	                      sl_gate_decision(say->decision), "publication sha256", sl_pack_hex(o->now.digest), "files",
	                      sl_review_files(&o->now), "policy sha256", sl_pack_hex(standing->policy_digest), "findings",
	                      findings_json(e, o), "comment", comment, "log size", (json_int_t)log_size, "log root",
	                      sl_pack_hex(log_root->b));
	if (v == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	rc = sl_canon_put(v, out, err);
	json_decref(v);
	return rc;
}

/* The rules a signed statement acknowledges; a word that is no rule is none. */
static uint64_t rules_said(const json_t *names)
{
	uint64_t set = 0;

	for (size_t i = 0; i < json_array_size(names); i++) {
		const char *name = json_string_value(json_array_get(names, i));
		for (uint32_t rule = 0; rule < SL_RULE_COUNT_ && name != NULL; rule++)
			if (strcmp(name, sl_render_rule((uint8_t)rule)) == 0)
				set |= UINT64_C(1) << rule;
	}
	return set;
}

/* Signature and content of one stored decision, read again from the bytes that were signed. */
static enum sl_rc review_fact(const struct sl_store_review *row, const char *request, struct sl_gate_review *out,
                              struct sl_err *err)
{
	struct sl_ssh_key key;
	json_t *v = NULL;
	size_t len = strlen(row->statement);
	bool lf = len > 0 && row->statement[len - 1] == '\n';
	enum sl_rc rc = sl_ssh_key_parse(row->key, strlen(row->key), &key, NULL);

	*out = (struct sl_gate_review){ .person = row->person, .key = row->key, .decision = (uint8_t)row->decision };
	if (rc == SL_OK)
		rc = sl_sshsig_verify(row->statement, len, row->signature, strlen(row->signature), SL_REVIEW_NAMESPACE,
		                      &key, NULL, NULL);
	if (rc == SL_OK)
		rc = sl_canon_read("review", row->statement, len - lf, STATEMENT_BYTES_MAX, &v, NULL);
	if (rc == SL_E_NOMEM)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc != SL_OK)
		return SL_OK;
	const char *said = sl_gate_decision((enum sl_decision)row->decision);
	out->signature_verified = strcmp(sl_pack_text(v, "decision"), said) == 0 &&
	                          strcmp(sl_pack_text(v, "request"), request) == 0;
	(void)sl_pack_unhex(v, "publication sha256", out->publication_digest);
	(void)sl_pack_unhex(v, "policy sha256", out->policy_digest);
	(void)sl_pack_unhex(v, "findings", out->findings_digest);
	out->rules_acknowledged = rules_said(json_object_get(v, "acknowledged"));
	json_decref(v);
	return SL_OK;
}

/* A fact is not established for whatever reason but one: want of memory says nothing of it, and is told. */
static enum sl_rc establish(enum sl_rc rc, bool *met, struct sl_err *err)
{
	*met = rc == SL_OK;
	return rc == SL_E_NOMEM ? sl_err_set(err, rc, "out of memory") : SL_OK;
}

/* The author's statement: the same now as when it was signed, and signed by the author's key of the policy in force. */
static enum sl_rc request_facts(const struct sl_enclave *e, const struct sl_standing *standing,
                                const struct sl_store_request *row, struct sl_gate_facts *f, struct sl_err *err)
{
	const struct sl_person *author = sl_policy_person(&standing->policy, row->author);
	struct sl_ssh_key key;
	char *now = NULL;
	enum sl_rc rc = sl_request_statement(e, row, &now, err);

	if (rc == SL_OK)
		rc = sl_seal_sha256(now, strlen(now), f->request_digest_now, err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(row->statement, strlen(row->statement), f->request_digest_signed, err);
	/* A session was proved by sshd when it asked; the leaf says so, and no later check can say more. */
	if (rc == SL_OK && row->signature[0] == '\0')
		f->request_signature_verified = author != NULL;
	else if (rc == SL_OK && author != NULL) {
		enum sl_rc signed_ = sl_ssh_key_parse(author->key, strlen(author->key), &key, NULL);
		if (signed_ == SL_OK)
			signed_ = sl_sshsig_verify(row->statement, strlen(row->statement), row->signature, strlen(row->signature),
			                           SL_REQUEST_NAMESPACE, &key, NULL, NULL);
		rc = establish(signed_, &f->request_signature_verified, err);
	}
	free(now);
	return rc;
}

/* The author may still run exactly these plans, on the same view; and so say the owners of their tables. */
static enum sl_rc grant_facts(const struct sl_standing *standing, const struct sl_opened *o, struct sl_gate_facts *f,
                              struct sl_err *err)
{
	struct sl_grant grant = { 0 };
	struct sl_buf then = { 0 }, now = { 0 };
	enum sl_rc rc = sl_standing_grant(standing, o->row.project, o->row.author, &grant, NULL);

	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &o->material.view, &then, NULL);
	if (rc == SL_OK)
		rc = sl_codec_encode(&sl_view_record, &grant.view, &now, NULL);
	if (rc == SL_OK && (then.len != now.len || memcmp(then.data, now.data, now.len) != 0))
		rc = SL_E_DENIED;
	for (uint32_t i = 0; i < o->material.nplans && rc == SL_OK; i++)
		rc = sl_plan_grant_check(&o->material.plans[i], &grant.view, &grant.limits, NULL, NULL);
	f->grant_holds = rc == SL_OK;
	for (uint32_t i = 0; i < o->material.nplans && rc == SL_OK; i++)
		rc = sl_owner_check_plan(&o->material.plans[i], &grant.view, &grant, NULL);
	rc = establish(rc, &f->owner_grants_hold, err);
	sl_buf_free(&then);
	sl_buf_free(&now);
	sl_grant_free(&grant);
	return rc;
}

/*
 * Nothing came since it was judged, and nothing that it tells again was taken back; or, judged again beside what came,
 * it is the same. What cannot be judged is not.
 */
static enum sl_rc history_facts(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                                bool judge_again, struct sl_gate_facts *f, uint32_t *since, struct sl_err *err)
{
	enum sl_rc rc = sl_history_since(e, &o->material, o->frozen.history_to, since, err);
	bool known = false;

	if (rc == SL_OK)
		rc = establish(sl_history_is_known(e, &o->material, NULL), &known, err);
	if (rc != SL_OK || !known)
		return rc;
	if (o->frozen.history_to < 0)
		return SL_OK;
	if (*since > 0 && judge_again)
		return establish(sl_judge_again(e, standing, o), &f->history_holds, err);
	return *since == 0 ? establish(sl_again_holds(e, o), &f->history_holds, err) : SL_OK;
}

enum sl_rc sl_review_gate(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                          struct sl_gate_verdict *verdict, struct sl_err *err)
{
	uint32_t since;

	return sl_review_gate_look(e, standing, o, true, verdict, &since, err);
}

enum sl_rc sl_review_gate_look(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                               bool judge_again, struct sl_gate_verdict *verdict, uint32_t *since, struct sl_err *err)
{
	struct sl_gate_facts f = {
		.submitted = o->row.state == SL_REQUEST_SUBMITTED || o->row.state == SL_REQUEST_PARTLY ||
		             o->row.state == SL_REQUEST_APPROVED,
		.project = o->row.project,
		.author = o->row.author,
		.releasable = o->frozen.publication.releasable == 1,
		.rules_open = sl_acknowledge_open(&o->frozen.publication),
		.secondary = SL_SECONDARY_WITHIN_REQUEST,
		.policy = standing->has_policy ? &standing->policy : NULL,
		.today = sl_enclave_today(),
	};
	struct sl_store_review *rows = NULL;
	struct sl_gate_review *reviews = NULL;
	struct sl_owner_facts owners = { 0 };
	struct sl_spent spent = { 0 };
	struct sl_checkpoint now;
	char name[SL_PACK_NAME];
	uint32_t n = 0;
	bool counted = false;

	memset(verdict, 0, sizeof *verdict);
	*since = 0;
	sl_pack_name('R', o->row.id, name);
	memcpy(f.publication_digest, o->row.digest, 32);
	memcpy(f.publication_digest_now, o->now.digest, 32);
	memcpy(f.policy_digest, standing->policy_digest, 32);
	memcpy(f.policy_digest_evaluated, o->row.policy_digest, 32);
	enum sl_rc rc = request_facts(e, standing, &o->row, &f, err);
	if (rc == SL_OK)
		rc = findings_fact(e, o, f.findings_digest, err);
	if (rc == SL_OK)
		rc = sl_store_review_list(&e->db, o->row.id, &rows, &n, err);
	if (rc == SL_OK && (reviews = calloc((size_t)n + 1, sizeof *reviews)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = review_fact(&rows[i], name, &reviews[i], err);
	f.reviews = reviews;
	f.nreviews = n;
	if (rc == SL_OK)
		rc = sl_owner_facts_load(e, standing, o, &owners, err);
	f.tables = owners.tables;
	f.ntables = owners.ntables;
	f.owners = owners.owners;
	f.nowners = owners.nowners;
	if (rc == SL_OK)
		rc = establish(sl_spent_load(e, &standing->policy, o->row.id, &o->material, &spent, NULL), &counted, err);
	f.released = spent.spaces;
	f.nreleased = spent.nspaces;
	if (rc == SL_OK)
		rc = history_facts(e, standing, o, judge_again, &f, since, err);
	if (rc == SL_OK)
		rc = establish(sl_policy_still_signed(e, NULL), &f.policy_signature_verified, err);
	if (rc == SL_OK)
		rc = grant_facts(standing, o, &f, err);
	if (rc == SL_OK)
		rc = establish(sl_audit_verify_recent(e, &now, NULL), &f.log_consistent, err);
	if (rc == SL_OK && f.log_consistent)
		rc = establish(sl_left_check(e, NULL), &f.log_consistent, err);
	if (rc == SL_OK)
		sl_gate_decide(&f, verdict);
	free(reviews);
	sl_owner_facts_free(&owners);
	sl_spent_free(&spent);
	sl_store_review_free(rows, n);
	return rc;
}
