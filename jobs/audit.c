/* audit.c - see audit.h. */
#include "jobs/audit.h"

#include <string.h>

#include "jobs/sign/canon.h"
#include "jobs/store/log.h"

enum sl_rc sl_audit_append(struct sl_enclave *e, const char *kind, const char *who, json_t *body, uint64_t *index,
                           struct sl_err *err)
{
	struct sl_merkle_edge edge;
	struct sl_buf text = {0};
	char at[SL_TIME_TEXT];
	enum sl_rc rc = SL_OK;

	sl_enclave_time_text(sl_enclave_now(), at);
	if (body == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = sl_log_edge(&e->db, &edge, err);
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
