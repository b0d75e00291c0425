/* audit_proof.c - see audit_proof.h: what is trusted, and one leaf with its proof. */
#include "jobs/audit_proof.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "jobs/anchor.h"
#include "jobs/sign/base64.h"
#include "jobs/store/log.h"

#define MAGIC "c2sp.org/tlog-proof@v1\n"
#define EXTRA "extra "
#define INDEX "index "

/* The signed text of a note whose signatures are not asked: up to the empty line. */
static enum sl_rc parse_note(const char *note, size_t len, struct sl_checkpoint *cp, struct sl_err *err)
{
	const char *end = memmem(note, len, "\n\n", 2);

	return sl_checkpoint_parse(note, end != NULL ? (size_t)(end - note) + 1 : len, cp, err);
}

static enum sl_rc read_note(const struct sl_audit_trust *trust, const char *note, size_t len, struct sl_checkpoint *cp,
                            struct sl_err *err)
{
	return trust->key.name[0] != '\0' ? sl_checkpoint_verify(note, len, &trust->key, cp, err)
	                                  : parse_note(note, len, cp, err);
}

enum sl_rc sl_audit_trust_read(const struct sl_buf *anchor, const struct sl_buf *against, struct sl_audit_trust *out,
                               struct sl_err *err)
{
	struct sl_anchor read = { 0 };
	enum sl_rc rc = SL_OK;

	memset(out, 0, sizeof *out);
	if (anchor != NULL)
		rc = sl_anchor_read((const char *)anchor->data, anchor->len, &read, err);
	if (rc == SL_OK && anchor != NULL) {
		out->key = read.key;
		out->first = read.first;
	}
	if (rc == SL_OK && against != NULL)
		rc = read_note(out, (const char *)against->data, against->len, &out->against, err);
	if (rc == SL_OK && against != NULL && out->against.size == 0)
		rc = sl_err_set(err, SL_E_INPUT, "a checkpoint of no leaves says nothing");
	if (rc != SL_OK)
		memset(out, 0, sizeof *out);
	return rc;
}

static enum sl_rc put_proof(const struct sl_buf *leaf, uint64_t index, const struct sl_merkle_proof *proof,
                            const struct sl_buf *note, struct sl_buf *out, struct sl_err *err)
{
	sl_buf_text(out, MAGIC EXTRA);
	sl_base64_put(out, leaf->data, leaf->len);
	sl_buf_printf(out, "\n" INDEX "%" PRIu64 "\n", index);
	for (uint32_t i = 0; i < proof->n; i++) {
		sl_base64_put(out, proof->hash[i].b, sizeof proof->hash[i].b);
		sl_buf_text(out, "\n");
	}
	sl_buf_text(out, "\n");
	sl_buf_put(out, note->data, note->len);
	return sl_buf_ok(out, "proof", err);
}

/* The checkpoint given is one of this log: signed by its enclave, and its root is ours at that size. */
static enum sl_rc is_ours(struct sl_enclave *e, const struct sl_buf *note, struct sl_checkpoint *cp, struct sl_err *err)
{
	struct sl_signed_note_key key = {0};
	bool has = false;

	memcpy(key.public, e->public, sizeof key.public);
	(void)snprintf(key.name, sizeof key.name, "%s", e->name);
	enum sl_rc rc = sl_checkpoint_verify((const char *)note->data, note->len, &key, cp, err);
	if (rc == SL_OK)
		rc = sl_audit_has(e, cp, &has, err);
	if (rc == SL_OK && !has)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the log is not a continuation of the checkpoint given, of size %" PRIu64,
		                cp->size);
	return rc;
}

enum sl_rc sl_audit_prove(struct sl_enclave *e, uint64_t index, const struct sl_buf *against, struct sl_buf *out,
                          struct sl_err *err)
{
	struct sl_buf now = {0}, leaf = {0};
	const struct sl_buf *note = against != NULL ? against : &now;
	struct sl_merkle_proof proof;
	struct sl_checkpoint cp;
	enum sl_rc rc = against != NULL ? SL_OK : sl_audit_note(e, &now, err);

	/* The size is read back from the note itself: the log may grow between two questions. */
	if (rc == SL_OK)
		rc = is_ours(e, note, &cp, err);
	if (rc == SL_OK)
		rc = sl_audit_inclusion(e, index, cp.size, &proof, err);
	if (rc == SL_OK)
		rc = sl_audit_leaf(e, index, &leaf, err);
	if (rc == SL_OK)
		rc = put_proof(&leaf, index, &proof, note, out, err);
	sl_buf_free(&leaf);
	sl_buf_free(&now);
	return rc;
}

static enum sl_rc broken(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INTEGRITY, "the proof was changed: %s", why);
}

/* The next line without its line feed; false: there is none. */
static bool next_line(const char **at, const char *end, const char **line, size_t *len)
{
	const char *lf = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;

	if (lf == NULL)
		return false;
	*line = *at;
	*len = (size_t)(lf - *at);
	*at = lf + 1;
	return true;
}

static bool begins(const char *line, size_t len, const char *word)
{
	return len > strlen(word) && memcmp(line, word, strlen(word)) == 0;
}

static enum sl_rc read_leaf(const char *text, size_t len, struct sl_buf *leaf, struct sl_err *err)
{
	size_t n = 0;
	uint8_t *bytes = malloc(len);

	if (bytes == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	bool ok = sl_base64_read(text, len, bytes, len, &n);
	if (ok)
		sl_buf_put(leaf, bytes, n);
	free(bytes);
	return ok ? sl_buf_ok(leaf, "leaf", err) : broken(err, "its leaf is not base64");
}

/* Up to the empty line; *at is then at the note. */
static enum sl_rc read_hashes(const char **at, const char *end, struct sl_merkle_proof *proof, struct sl_err *err)
{
	const char *line;
	size_t len, n;

	memset(proof, 0, sizeof *proof);
	while (next_line(at, end, &line, &len)) {
		if (len == 0)
			return SL_OK;
		if (proof->n == SL_MERKLE_PROOF_MAX)
			return broken(err, "too many hashes");
		struct sl_merkle_hash *hash = &proof->hash[proof->n++];
		if (!sl_base64_read(line, len, hash->b, sizeof hash->b, &n) || n != sizeof hash->b)
			return broken(err, "a hash is not 32 bytes of base64");
	}
	return broken(err, "it has no checkpoint");
}

/* A note within a proof that is not as it was signed is a changed proof, whatever else is wrong with it. */
static enum sl_rc read_own_note(const struct sl_audit_trust *trust, const char *note, size_t len,
                                struct sl_checkpoint *cp, struct sl_err *err)
{
	struct sl_err why = {0};
	enum sl_rc rc = read_note(trust, note, len, cp, &why);

	if (rc == SL_OK || rc == SL_E_NOMEM || rc == SL_E_BUG)
		return rc == SL_OK ? rc : sl_err_set(err, rc, "%s", why.text);
	return broken(err, why.text);
}

static enum sl_rc which_checkpoint(const struct sl_audit_trust *trust, const struct sl_checkpoint *own,
                                   struct sl_checkpoint *cp, struct sl_err *err)
{
	*cp = trust->against.size != 0 ? trust->against : *own;
	if (trust->against.size == 0 && trust->key.name[0] == '\0') {
		(void)sl_err_set(err, SL_E_UNDECIDED, "whose proof this is cannot be told from itself");
		sl_err_remedy(err, "give a checkpoint that you have from elsewhere (--against), or the enclave's anchor (--anchor)");
		return SL_E_UNDECIDED;
	}
	if (cp->size != own->size) {
		(void)sl_err_set(err, SL_E_INPUT, "the proof is for a checkpoint of size %" PRIu64 ", not %" PRIu64, own->size,
		                 cp->size);
		sl_err_remedy(err, "ask for a proof in your checkpoint: sluice audit prove N --against CHECKPOINT");
		return SL_E_INPUT;
	}
	return memcmp(cp->root.b, own->root.b, sizeof own->root.b) == 0 ? SL_OK : broken(err, "it has another root");
}

enum sl_rc sl_audit_proof_verify(const struct sl_buf *proof, const struct sl_audit_trust *trust, uint64_t *index,
                                 struct sl_buf *leaf, struct sl_checkpoint *cp, struct sl_err *err)
{
	const char *at = (const char *)proof->data, *end = at + proof->len, *line;
	struct sl_merkle_proof hashes;
	struct sl_merkle_hash hash;
	struct sl_checkpoint own;
	size_t len, magic = sizeof MAGIC - 1;
	int64_t n = -1;

	if (proof->len < magic || memcmp(at, MAGIC, magic) != 0)
		return sl_err_set(err, SL_E_INPUT, "this is no proof: it does not begin with c2sp.org/tlog-proof@v1");
	at += magic;
	if (!next_line(&at, end, &line, &len) || !begins(line, len, EXTRA))
		return broken(err, "it has no leaf");
	enum sl_rc rc = read_leaf(line + strlen(EXTRA), len - strlen(EXTRA), leaf, err);
	if (rc == SL_OK && (!next_line(&at, end, &line, &len) || !begins(line, len, INDEX) ||
	                    !sl_parse_int(line + strlen(INDEX), len - strlen(INDEX), &n) || n < 0))
		rc = broken(err, "it has no index");
	if (rc == SL_OK)
		rc = read_hashes(&at, end, &hashes, err);
	if (rc == SL_OK)
		rc = read_own_note(trust, at, (size_t)(end - at), &own, err);
	if (rc == SL_OK)
		rc = which_checkpoint(trust, &own, cp, err);
	*index = (uint64_t)n;
	if (rc == SL_OK)
		rc = sl_merkle_leaf(leaf->data, leaf->len, &hash, err);
	return rc == SL_OK ? sl_merkle_verify_inclusion(&hash, *index, cp->size, &cp->root, &hashes, err) : rc;
}
