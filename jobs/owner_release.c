/* owner_release.c - see owner.h: an owner sees what would leave of a request, and has a signed say. */
#include <stdlib.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/decide.h"
#include "jobs/owner_terms.h"
#include "jobs/looked.h"
#include "jobs/pack.h"
#include "jobs/request_move.h"
#include "jobs/review_gate.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsig.h"
#include "jobs/store/review.h"

/* --- what the gate is told ---------------------------------------------------------------------------- */

static bool has_table(const struct sl_cat_table *const *tables, uint32_t n, const struct sl_cat_table *t)
{
	for (uint32_t i = 0; i < n; i++)
		if (tables[i] == t)
			return true;
	return false;
}

enum sl_rc sl_owner_tables(const struct sl_standing *s, const struct sl_job_material *m,
                           const struct sl_cat_table ***out, uint32_t *n, struct sl_err *err)
{
	*n = 0;
	*out = calloc((size_t)m->view.ntables + 1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t p = 0; p < m->nplans; p++)
		for (uint32_t i = 0; i < m->plans[p].nsources; i++) {
			const char *name = m->view.tables[m->plans[p].sources[i].table].name;
			const struct sl_cat_table *t = sl_owner_table(s, name);
			if (t == NULL) {
				free(*out);
				*out = NULL;
				*n = 0;
				return sl_err_set(err, SL_E_NO, "the table \"%s\" is in no catalogue any more", name);
			}
			if (!has_table(*out, *n, t))
				(*out)[(*n)++] = t;
		}
	return SL_OK;
}

/* Signature and content of one stored decision, read again from the bytes that were signed. */
static enum sl_rc owner_fact(const struct sl_enclave *e, const struct sl_store_review *row, struct sl_gate_owner *out,
                             char **organisation, struct sl_err *err)
{
	char request[SL_PACK_NAME];
	uint8_t enclave[32];
	struct sl_ssh_key key;
	json_t *v = NULL;
	size_t len = strlen(row->statement);
	bool lf = len > 0 && row->statement[len - 1] == '\n';
	enum sl_rc rc = sl_ssh_key_parse(row->key, strlen(row->key), &key, NULL);

	*out = (struct sl_gate_owner){ .person = row->person, .key = row->key, .organisation = "",
		                           .decision = (uint8_t)row->decision };
	if (rc == SL_OK)
		rc = sl_sshsig_verify(row->statement, len, row->signature, strlen(row->signature), SL_GRANT_NAMESPACE, &key, NULL,
		                      NULL);
	if (rc == SL_OK)
		rc = sl_canon_read("decision", row->statement, len - lf, SL_SIGNED_BYTES_MAX, &v, NULL);
	if (rc == SL_E_NOMEM)
		return sl_err_set(err, rc, "out of memory");
	if (rc != SL_OK)
		return SL_OK;
	sl_pack_name('R', row->request, request);
	out->signature_verified =
		strcmp(sl_pack_text(v, "act"), row->decision == SL_DECISION_APPROVE ? "approve" : "reject") == 0 &&
		strcmp(sl_pack_text(v, "request"), request) == 0 && strcmp(sl_pack_text(v, "enclave"), e->name) == 0 &&
		sl_pack_unhex(v, "enclave key", enclave) && memcmp(enclave, e->public, sizeof enclave) == 0;
	(void)sl_pack_unhex(v, "publication sha256", out->publication_digest);
	(void)sl_pack_unhex(v, "policy sha256", out->policy_digest);
	rc = sl_pack_dup(sl_pack_text(v, "owner"), organisation, err);
	out->organisation = rc == SL_OK ? *organisation : "";
	json_decref(v);
	return rc;
}

enum sl_rc sl_owner_facts_load(struct sl_enclave *e, const struct sl_standing *s, const struct sl_opened *o,
                               struct sl_owner_facts *out, struct sl_err *err)
{
	enum sl_rc rc = sl_owner_tables(s, &o->material, &out->tables, &out->ntables, NULL);

	/* A table that is gone is asked about by nobody: no table is known then, and that shuts the gate. */
	if (rc == SL_E_NOMEM)
		return sl_err_set(err, rc, "out of memory");
	rc = sl_store_owner_review_list(&e->db, o->row.id, &out->rows, &out->nowners, err);
	if (rc != SL_OK)
		return rc;
	out->owners = calloc((size_t)out->nowners + 1, sizeof *out->owners);
	out->organisations = calloc((size_t)out->nowners + 1, sizeof *out->organisations);
	if (out->owners == NULL || out->organisations == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < out->nowners && rc == SL_OK; i++)
		rc = owner_fact(e, &out->rows[i], &out->owners[i], &out->organisations[i], err);
	return rc;
}

void sl_owner_facts_free(struct sl_owner_facts *f)
{
	for (uint32_t i = 0; f->organisations != NULL && i < f->nowners; i++)
		free(f->organisations[i]);
	free(f->organisations);
	free(f->owners);
	sl_store_review_free(f->rows, f->nowners);
	free(f->tables);
	memset(f, 0, sizeof *f);
}

/* --- what an owner sees ------------------------------------------------------------------------------- */

/* The first of the tables that asks for the approval of an owner this actor is; NULL: none. */
static const struct sl_cat_table *asked(const struct sl_actor *actor, const struct sl_standing *s, const char *project,
                                        const struct sl_cat_table *const *tables, uint32_t n)
{
	const struct sl_person *p =
		s->has_policy && actor->person != NULL ? sl_policy_person(&s->policy, actor->person) : NULL;

	for (uint32_t i = 0; i < n; i++)
		if (sl_gate_asks_owner(&s->policy, project, tables[i]) &&
		    sl_owner_is(&s->policy, p, tables[i]->owner, sl_enclave_today()))
			return tables[i];
	return NULL;
}

static enum sl_rc no_request(int64_t id, struct sl_err *err)
{
	enum sl_rc rc = sl_err_set(err, SL_E_NO, "there is no request R-%lld that asks for your approval", (long long)id);

	sl_err_remedy(err, "sluice data review lists those that do");
	return rc;
}

static enum sl_rc waits_for(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s, int64_t id,
                            bool *waits, struct sl_err *err)
{
	const struct sl_cat_table **tables = NULL;
	struct sl_store_request row = { 0 };
	struct sl_job_material m = { 0 };
	uint32_t n = 0;
	enum sl_rc rc = sl_store_request_get(&e->db, id, &row, err);

	*waits = false;
	if (rc == SL_OK && sl_moves_next((enum sl_request_state)row.state, SL_MOVE_OWNER_APPROVE, SL_PARTY_OWNER) !=
	                           SL_REQUEST_NONE) {
		rc = sl_job_material_open(e, row.job, false, &m, err);
		if (rc == SL_OK)
			rc = sl_owner_tables(s, &m, &tables, &n, err);
		*waits = rc == SL_OK && asked(actor, s, row.project, tables, n) != NULL;
		rc = rc == SL_E_NO ? SL_OK : rc;
	}
	free(tables);
	sl_job_material_free(&m);
	sl_store_request_free(&row);
	return rc;
}

enum sl_rc sl_owner_review_list(struct sl_enclave *e, const struct sl_actor *actor, int64_t **ids, uint32_t *n,
                                struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	uint32_t all = 0;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	*ids = NULL;
	*n = 0;
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_APPROVE, err);
	if (rc == SL_OK)
		rc = sl_store_request_ids(&e->db, false, ids, &all, err);
	for (uint32_t i = 0; i < all && rc == SL_OK; i++) {
		bool waits;
		rc = waits_for(e, actor, &standing, (*ids)[i], &waits, err);
		if (rc == SL_OK && waits)
			(*ids)[(*n)++] = (*ids)[i];
	}
	if (rc != SL_OK) {
		free(*ids);
		*ids = NULL;
		*n = 0;
	}
	sl_standing_free(&standing);
	return rc;
}

/* The request as it is stored, and the table this owner is asked about. */
static enum sl_rc open_asked(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s,
                             int64_t id, struct sl_opened *o, const struct sl_cat_table **table, struct sl_err *err)
{
	const struct sl_cat_table **tables = NULL;
	struct sl_err why = { 0 };
	uint32_t n = 0;
	enum sl_rc rc = sl_opened_load(e, id, o, &why);

	if (rc == SL_E_NO)
		return no_request(id, err);
	if (rc == SL_OK)
		rc = sl_owner_tables(s, &o->material, &tables, &n, &why);
	if (rc != SL_OK) {
		if (err != NULL)
			*err = why;
		return rc;
	}
	bool with_reviewers = o->row.state != SL_REQUEST_REFUSED && o->row.state != SL_REQUEST_DRAFT &&
	                      o->row.state != SL_REQUEST_WITHDRAWN;
	*table = with_reviewers ? asked(actor, s, o->row.project, tables, n) : NULL;
	free(tables);
	if (*table == NULL)
		return no_request(id, err);
	return sl_owner_may_speak(&s->policy, *table, o->row.project, actor->person, sl_enclave_today(), err);
}

enum sl_rc sl_owner_may_answer(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *s,
                               int64_t request, enum sl_move move, struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_opened o = { 0 };
	enum sl_rc rc = open_asked(e, actor, s, request, &o, &table, err);

	if (rc == SL_OK && move != SL_MOVE_NONE)
		rc = sl_request_may(s, &o.row, actor->person, true, move, err);
	sl_opened_free(&o);
	return rc;
}

static enum sl_rc tell_tables(const struct sl_standing *s, const struct sl_opened *o, const char *owner,
                              struct sl_owner_review *out, struct sl_err *err)
{
	const struct sl_cat_table **tables = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_owner_tables(s, &o->material, &tables, &n, err);

	if (rc == SL_OK && (out->tables = calloc((size_t)n + 1, sizeof *out->tables)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		if (strcmp(tables[i]->owner, owner) == 0 && sl_gate_asks_owner(&s->policy, o->row.project, tables[i])) {
			rc = sl_pack_dup(tables[i]->name, &out->tables[out->ntables], err);
			out->ntables += rc == SL_OK;
		}
	free(tables);
	return rc;
}

enum sl_rc sl_owner_review_show(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                struct sl_owner_review *out, struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_standing standing = { 0 };
	struct sl_opened o = { 0 };
	char name[SL_PACK_NAME];
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_APPROVE, err);
	if (rc == SL_OK)
		rc = open_asked(e, actor, &standing, id, &o, &table, err);
	/* Nothing of it tells of hidden cells: an owner is no reviewer of other owners' tables. */
	if (rc == SL_OK)
		rc = sl_request_tell(e, &standing, &o.row, false, &out->request, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(o.frozen.purpose, &out->purpose, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(table->owner, &out->organisation, err);
	if (rc == SL_OK)
		rc = tell_tables(&standing, &o, table->owner, out, err);
	sl_pack_name('R', id, name);
	if (rc == SL_OK)
		rc = sl_looked_add_leaf(e, "request.shown", actor,
		                        json_pack("{s:s, s:I, s:s, s:s}", "request", name, "revision",
		                                  (json_int_t)o.row.revision, "form", "publication", "owner", table->owner),
		                        err);
	if (rc == SL_OK) {
		out->files = o.now.files;
		out->nfiles = o.now.nfiles;
		o.now.files = NULL;
		o.now.nfiles = 0;
	}
	sl_opened_free(&o);
	sl_standing_free(&standing);
	if (rc != SL_OK)
		sl_owner_review_free(out);
	return rc;
}

void sl_owner_review_free(struct sl_owner_review *r)
{
	sl_request_free(&r->request);
	free(r->purpose);
	free(r->organisation);
	sl_release_files_free(r->files, r->nfiles);
	for (uint32_t i = 0; i < r->ntables; i++)
		free(r->tables[i]);
	free(r->tables);
	memset(r, 0, sizeof *r);
}

/* --- deciding ----------------------------------------------------------------------------------------- */

enum sl_rc sl_owner_release_statement(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                      const struct sl_say *say, struct sl_buf *out, struct sl_err *err)
{
	const struct sl_cat_table *table = NULL;
	struct sl_standing standing = { 0 };
	struct sl_opened o = { 0 };
	struct sl_checkpoint cp;
	enum sl_rc rc = sl_standing_load(e, &standing, err);

	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_DATA_APPROVE, err);
	if (rc == SL_OK)
		rc = open_asked(e, actor, &standing, id, &o, &table, err);
	if (rc == SL_OK)
		rc = sl_decide_meant(&o.row, say, "data review", err);
	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, &cp, err);
	if (rc == SL_OK)
		rc = sl_owner_release_put(e, &standing, &o, say->decision, table->owner, say->comment, cp.size, cp.root.b, out,
		                          err);
	sl_opened_free(&o);
	sl_standing_free(&standing);
	return rc;
}

static enum sl_rc check_statement(struct sl_enclave *e, const struct sl_standing *standing, const struct sl_opened *o,
                                  const struct sl_say *say, const char *owner, const struct sl_signed *d,
                                  struct sl_err *err)
{
	const char *comment = say->comment;
	struct sl_buf ours = { 0 };
	uint8_t root[32];
	uint64_t size = 0;
	json_t *v = NULL;
	enum sl_rc rc = sl_signed_read(e, d, &v, &size, root, err);

	if (rc == SL_OK && (comment == NULL || comment[0] == '\0'))
		comment = sl_pack_text(v, "comment");
	if (rc == SL_OK)
		rc = sl_owner_release_put(e, standing, o, say->decision, owner, comment, size, root, &ours, err);
	if (rc == SL_OK)
		rc = sl_signed_is(d, &ours, "this request", err);
	sl_buf_free(&ours);
	json_decref(v);
	return rc;
}

static enum sl_rc add_decision(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_person *person,
                               int64_t id, const char *owner, enum sl_decision decision, const struct sl_signed *d,
                               struct sl_err *err)
{
	char request[SL_PACK_NAME];
	const struct sl_store_review row = {
		.request = id,
		.decision = decision,
		.decided_at = sl_enclave_now(),
		.person = actor->person,
		.key = person->key,
		.statement = d->statement,
		.signature = d->armour,
	};
	const char *kind = decision == SL_DECISION_APPROVE ? "owner.approved" : "owner.rejected";
	enum sl_rc rc = sl_store_owner_review_insert(&e->db, &row, err);

	sl_pack_name('R', id, request);
	if (rc == SL_OK)
		rc = sl_audit_append(e, kind, sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:o}", "request", request, "owner", owner, "statement",
		                               sl_pack_keyed(e, d->statement, d->nstatement)),
		                     NULL, err);
	return rc;
}

static enum sl_rc record(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         int64_t id, const struct sl_say *say, struct sl_signed *d, int64_t *release,
                         struct sl_err *err)
{
	const struct sl_person *person =
		standing->has_policy && actor->person != NULL ? sl_policy_person(&standing->policy, actor->person) : NULL;
	bool approves = say->decision == SL_DECISION_APPROVE;
	enum sl_move move = approves ? SL_MOVE_OWNER_APPROVE : SL_MOVE_OWNER_REJECT;
	const struct sl_cat_table *table = NULL;
	struct sl_opened o = { 0 };
	enum sl_rc rc = person == NULL ? sl_err_set(err, SL_E_IDENT, "the policy in force does not know you")
	                               : open_asked(e, actor, standing, id, &o, &table, err);

	if (rc == SL_OK)
		rc = sl_request_may(standing, &o.row, actor->person, true, move, err);
	if (rc == SL_OK)
		rc = sl_signed_check(person, SL_GRANT_NAMESPACE, d, err);
	if (rc == SL_OK)
		rc = check_statement(e, standing, &o, say, table->owner, d, err);
	if (rc == SL_OK)
		rc = add_decision(e, actor, person, id, table->owner, say->decision, d, err);
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, &o.row, actor->person, true, move, err);
	if (rc == SL_OK && approves)
		rc = sl_review_ask_gate(e, actor, standing, &o, release, err);
	sl_opened_free(&o);
	return rc;
}

enum sl_rc sl_owner_release_decide(struct sl_enclave *e, const struct sl_actor *actor, int64_t id,
                                   const struct sl_say *say, const void *signed_statement, size_t nsigned,
                                   int64_t *release, struct sl_err *err)
{
	static const struct sl_decide_as owner = {
		.action = SL_ACTION_DATA_APPROVE,
		.namespace = SL_GRANT_NAMESPACE,
		.words = "to approve or to reject",
		.decisions = 1u << SL_DECISION_APPROVE | 1u << SL_DECISION_REJECT,
		.statement = sl_owner_release_statement,
		.record = record,
	};

	return sl_decide_record(e, actor, id, say, signed_statement, nsigned, &owner, release, err);
}
