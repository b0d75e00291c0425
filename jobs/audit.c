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

/* What the walk over the log recomputes. */
struct walk {
	struct sl_merkle_edge edge;
	uint64_t earlier_size;
	struct sl_merkle_hash earlier_root; /* recomputed when the walk passes earlier_size */
	bool earlier_seen;
};

static enum sl_rc note_earlier(struct walk *w, struct sl_err *err)
{
	if (w->edge.size != w->earlier_size || w->edge.size == 0)
		return SL_OK;
	w->earlier_seen = true;
	return sl_merkle_edge_root(&w->edge, &w->earlier_root, err);
}

static enum sl_rc see_leaf(void *self, uint64_t index, const void *body, size_t len, const struct sl_merkle_hash *hash,
                           struct sl_err *err)
{
	struct walk *w = self;
	struct sl_merkle_hash now;

	if (index != w->edge.size)
		return sl_err_set(err, SL_E_INTEGRITY, "log leaf %llu is gone", (unsigned long long)w->edge.size);
	enum sl_rc rc = sl_merkle_leaf(body, len, &now, err);
	if (rc == SL_OK && memcmp(now.b, hash->b, sizeof now.b) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %llu was changed", (unsigned long long)index);
	if (rc == SL_OK)
		rc = sl_merkle_edge_add(&w->edge, &now, err);
	return rc == SL_OK ? note_earlier(w, err) : rc;
}

enum sl_rc sl_audit_verify(struct sl_enclave *e, const char *note, size_t nnote, struct sl_checkpoint *now,
                           struct sl_err *err)
{
	struct walk w = {0};
	struct sl_checkpoint earlier = {0};
	struct sl_signed_note_key key = {0};
	struct sl_merkle_hash root;
	enum sl_rc rc = SL_OK;

	memcpy(key.public, e->public, sizeof key.public);
	(void)snprintf(key.name, sizeof key.name, "%s", e->name);
	if (note != NULL)
		rc = sl_checkpoint_verify(note, nnote, &key, &earlier, err);
	w.earlier_size = earlier.size;
	if (rc == SL_OK)
		rc = sl_log_each(&e->db, see_leaf, &w, err);
	if (rc == SL_OK)
		rc = sl_merkle_edge_root(&w.edge, &root, err);
	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, now, err);
	if (rc == SL_OK && (now->size != w.edge.size || memcmp(now->root.b, root.b, sizeof root.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY,
		                "the log was changed: it has %llu leaves, and they do not give the stored edge of %llu",
		                (unsigned long long)w.edge.size, (unsigned long long)now->size);
	if (rc == SL_OK && note != NULL &&
	    (!w.earlier_seen || memcmp(w.earlier_root.b, earlier.root.b, sizeof root.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the log is not a continuation of the checkpoint of size %llu: it was rolled "
		                "back or rewritten", (unsigned long long)earlier.size);
	return rc;
}
