/* release_revoke.c - what left should not be used any more: who answers for the rules or the data says so. */
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/request_move.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/sshsign.h"
#include "jobs/store/job.h"
#include "jobs/store/release.h"
#include "policy/owner.h"

/* The actor speaks for one of the tables that the job read, as the catalogues of now name their owners. */
static enum sl_rc is_owner(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                           int64_t job, bool *owns, struct sl_err *err)
{
	const struct sl_person *p = sl_policy_person(&standing->policy, actor->person);
	struct sl_store_job row;
	json_t *versions = NULL;
	enum sl_rc rc = sl_store_job_get(&e->db, job, false, &row, err);

	*owns = false;
	if (rc != SL_OK)
		return rc == SL_E_NO ? sl_err_set(err, SL_E_INTEGRITY, "the release's job is gone") : rc;
	rc = sl_canon_read("versions", row.versions, strlen(row.versions), (size_t)1 << 20, &versions, err);
	for (uint32_t c = 0; rc == SL_OK && p != NULL && c < standing->ncatalogues; c++)
		for (uint32_t t = 0; t < standing->catalogues[c].ntables; t++) {
			const struct sl_cat_table *table = &standing->catalogues[c].tables[t];
			if (json_object_get(versions, table->name) != NULL && table->owner != NULL &&
			    sl_owner_is(&standing->policy, p, table->owner, sl_enclave_today()))
				*owns = true;
		}
	json_decref(versions);
	sl_store_job_free(&row);
	return rc;
}

static enum sl_rc sign(const struct sl_enclave *e, const struct sl_actor *actor, const struct sl_store_request *request,
                       struct sl_store_revoked *row, struct sl_err *err)
{
	char name[SL_PACK_NAME], of[SL_PACK_NAME];
	struct sl_buf armour = { 0 };

	sl_pack_name('L', row->release, name);
	sl_pack_name('R', request->id, of);
	enum sl_rc rc = sl_pack_cstr(json_pack("{s:s, s:s, s:s, s:s, s:o, s:s}", "decision", "revoke", "enclave", e->name,
	                                       "release", name, "request", of, "publication sha256",
	                                       sl_pack_hex(request->digest), "reason", row->reason),
	                             &row->statement, err);
	if (rc == SL_OK && actor->kind == SL_ACTOR_KEY)
		rc = sl_sshsign_make(actor->key_path, SL_RELEASE_NAMESPACE, row->statement, strlen(row->statement), &armour,
		                     NULL, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(armour.len > 0 ? sl_buf_cstr(&armour) : "", &row->signature, err);
	sl_buf_free(&armour);
	return rc;
}

/* Of which request it is, and whether this actor may; request: to be freed also on failure. */
static enum sl_rc open_revocable(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                                 int64_t id, struct sl_store_request *request, bool *owns, struct sl_err *err)
{
	struct sl_store_release release = { 0 };
	enum sl_rc rc = sl_store_release_get(&e->db, id, &release, err);

	if (rc == SL_OK)
		rc = sl_store_request_get(&e->db, release.request, request, err);
	sl_store_release_free(&release);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_NO, "there is no release L-%lld", (long long)id);
	if (rc == SL_OK)
		rc = is_owner(e, actor, standing, request->job, owns, err);
	return rc == SL_OK ? sl_request_may(standing, request, actor->person, *owns, SL_MOVE_REVOKE, err) : rc;
}

enum sl_rc sl_release_may_revoke(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                                 int64_t id, struct sl_err *err)
{
	struct sl_store_request request = { 0 };
	bool owns = false;
	enum sl_rc rc = open_revocable(e, actor, standing, id, &request, &owns, err);

	sl_store_request_free(&request);
	return rc;
}

/* State, row and leaf, in the transaction of the caller. */
static enum sl_rc revoke(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                         struct sl_store_request *request, bool owns, struct sl_store_revoked *row, struct sl_err *err)
{
	char name[SL_PACK_NAME], of[SL_PACK_NAME];
	enum sl_rc rc;

	sl_pack_name('L', row->release, name);
	sl_pack_name('R', request->id, of);
	rc = sign(e, actor, request, row, err);
	if (rc == SL_OK)
		rc = sl_request_move(e, standing, request, actor->person, owns, SL_MOVE_REVOKE, err);
	if (rc == SL_OK)
		rc = sl_store_revoked_insert(&e->db, row, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, "release.revoked", sl_pack_who(actor),
		                     json_pack("{s:s, s:s, s:o, s:o, s:s}", "release", name, "request", of, "publication",
		                               sl_pack_hex(request->digest), "statement",
		                               sl_pack_keyed(e, row->statement, strlen(row->statement)), "identified",
		                               row->signature[0] != '\0' ? "signature" : "session"),
		                     NULL, err);
	return rc;
}

enum sl_rc sl_release_revoke(struct sl_enclave *e, const struct sl_actor *actor, int64_t id, const char *reason,
                             struct sl_err *err)
{
	struct sl_standing standing = { 0 };
	struct sl_store_request request = { 0 };
	struct sl_store_revoked row = { .release = id, .at = sl_enclave_now() };
	bool owns = false;

	if (!sl_text_says(reason, SL_TITLE_BYTES))
		return sl_err_set(err, SL_E_INPUT, "a reason is one line of clean text of at most %d bytes, and not blank",
		                  SL_TITLE_BYTES);
	enum sl_rc rc = sl_db_begin(&e->db, err);
	if (rc == SL_OK)
		rc = sl_standing_load(e, &standing, err);
	if (rc == SL_OK)
		rc = sl_actor_may(actor, &standing, SL_ACTION_RELEASE_REVOKE, err);
	if (rc == SL_OK)
		rc = open_revocable(e, actor, &standing, id, &request, &owns, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(reason, &row.reason, err);
	if (rc == SL_OK)
		rc = sl_pack_dup(actor->person, &row.person, err);
	if (rc == SL_OK)
		rc = revoke(e, actor, &standing, &request, owns, &row, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	sl_store_revoked_free(&row);
	sl_store_request_free(&request);
	sl_standing_free(&standing);
	return rc;
}
