/* audit.c - see audit.h. */
#include "jobs/audit.h"

#include <string.h>

#include "jobs/pack.h"
#include "jobs/sign/canon.h"
#include "jobs/store/log.h"

#define LEAF_BYTES_MAX ((size_t)4 << 20)

/* When the last leaf was added. Texts of times are in the order of times. */
static enum sl_rc last_time(struct sl_enclave *e, uint64_t size, char at[static SL_TIME_TEXT], struct sl_err *err)
{
	struct sl_buf body = {0};
	json_t *leaf = NULL;
	enum sl_rc rc = SL_OK;

	at[0] = '\0';
	if (size == 0)
		return SL_OK;
	rc = sl_log_body(&e->db, size - 1, &body, err);
	if (rc == SL_OK)
		rc = sl_canon_read("the last leaf", body.data, body.len, LEAF_BYTES_MAX, &leaf, err);
	if (rc == SL_OK)
		(void)snprintf(at, SL_TIME_TEXT, "%s", sl_pack_text(leaf, "at"));
	json_decref(leaf);
	sl_buf_free(&body);
	return rc;
}

/* A clock that was set back would open again what has expired. */
static enum sl_rc check_clock(struct sl_enclave *e, uint64_t size, int64_t now, struct sl_err *err)
{
	char last[SL_TIME_TEXT], until[SL_TIME_TEXT], here[SL_TIME_TEXT];
	enum sl_rc rc = last_time(e, size, last, err);

	sl_enclave_time_text(now + SL_AUDIT_CLOCK_S, until);
	if (rc != SL_OK || strcmp(last, until) <= 0)
		return rc;
	sl_enclave_time_text(now, here);
	(void)sl_err_set(err, SL_E_HOST, "the clock of this machine says %s, which is before the last leaf of the log (%s)",
	                 here, last);
	sl_err_remedy(err, "an operator sets it right; when it was wrong before, and is right now: sluice recover --clock");
	return SL_E_HOST;
}

enum sl_rc sl_audit_correct_clock(struct sl_enclave *e, const char *who, struct sl_err *err)
{
	char last[SL_TIME_TEXT];
	uint64_t size = 0;
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = sl_audit_size(e, &size, err);
	if (rc == SL_OK && check_clock(e, size, sl_enclave_now(), NULL) != SL_E_HOST)
		rc = sl_err_set(err, SL_E_NO, "the clock of this machine is not before the last leaf of the log");
	if (rc == SL_OK)
		rc = last_time(e, size, last, err);
	if (rc == SL_OK)
		rc = sl_audit_append(e, SL_AUDIT_CLOCK, who, json_pack("{s:s}", "last leaf at", last), NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_audit_append(struct sl_enclave *e, const char *kind, const char *who, json_t *body, uint64_t *index,
                           struct sl_err *err)
{
	struct sl_merkle_edge edge = {0};
	struct sl_buf text = {0};
	const int64_t now = sl_enclave_now();
	char at[SL_TIME_TEXT];
	enum sl_rc rc = SL_OK;

	sl_enclave_time_text(now, at);
	if (body == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = sl_log_edge(&e->db, &edge, err);
	if (rc == SL_OK && strcmp(kind, SL_AUDIT_CLOCK) != 0)
		rc = check_clock(e, edge.size, now, err);
	if (rc == SL_OK && (json_object_set_new(body, "at", json_string(at)) != 0 ||
	                    json_object_set_new(body, "kind", json_string(kind)) != 0 ||
	                    json_object_set_new(body, "who", json_string(who)) != 0 ||
	                    json_object_set_new(body, "n", json_integer((json_int_t)edge.size)) != 0))
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = sl_canon_put(body, &text, err);
	if (rc == SL_OK)
		rc = sl_log_add(&e->db, &edge, text.data, text.len, err);
	if (rc == SL_OK && index != NULL)
		*index = edge.size - 1;
	json_decref(body);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_audit_size(struct sl_enclave *e, uint64_t *size, struct sl_err *err)
{
	struct sl_merkle_edge edge;
	enum sl_rc rc = sl_log_edge(&e->db, &edge, err);

	*size = edge.size;
	return rc;
}

enum sl_rc sl_audit_checkpoint(struct sl_enclave *e, struct sl_checkpoint *cp, struct sl_err *err)
{
	struct sl_merkle_edge edge;
	enum sl_rc rc = sl_log_edge(&e->db, &edge, err);

	memset(cp, 0, sizeof *cp);
	if (rc != SL_OK)
		return rc;
	(void)snprintf(cp->origin, sizeof cp->origin, "%s", e->name);
	cp->size = edge.size;
	return sl_merkle_edge_root(&edge, &cp->root, err);
}

enum sl_rc sl_audit_note(struct sl_enclave *e, struct sl_buf *out, struct sl_err *err)
{
	struct sl_checkpoint cp;
	struct sl_ed25519 key;
	enum sl_rc rc = sl_audit_checkpoint(e, &cp, err);

	if (rc == SL_OK)
		rc = sl_enclave_sign_key(e, &key, err);
	if (rc == SL_OK) {
		rc = sl_checkpoint_sign(&cp, &key, out, err);
		sl_ed25519_wipe(&key);
	}
	return rc;
}

enum sl_rc sl_audit_inclusion(struct sl_enclave *e, uint64_t index, uint64_t size, struct sl_merkle_proof *proof,
                              struct sl_err *err)
{
	struct sl_merkle_leaves leaves = sl_log_leaves(&e->db, size);

	return sl_merkle_inclusion(&leaves, index, size, proof, err);
}

enum sl_rc sl_audit_leaf(struct sl_enclave *e, uint64_t index, struct sl_buf *out, struct sl_err *err)
{
	return sl_log_body(&e->db, index, out, err);
}
