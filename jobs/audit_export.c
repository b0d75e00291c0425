/* audit_export.c - see audit_proof.h: the whole log as one text, and that text verified line by line. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/acknowledged.h"
#include "jobs/audit_proof.h"
#include "jobs/restored.h"
#include "jobs/store/log.h"

#define MAGIC "sluice log export v1\n"

/* --- writing ------------------------------------------------------------------------------------------ */

struct writing {
	FILE *out;
	struct sl_merkle_edge edge;
};

static enum sl_rc write_leaf(void *self, uint64_t index, const void *body, size_t len,
                             const struct sl_merkle_hash *hash, struct sl_err *err)
{
	struct writing *w = self;
	struct sl_merkle_hash now;
	enum sl_rc rc = sl_merkle_leaf(body, len, &now, err);

	if (rc == SL_OK && (index != w->edge.size || memcmp(now.b, hash->b, sizeof now.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " is gone or was changed", w->edge.size);
	if (rc == SL_OK)
		rc = sl_merkle_edge_add(&w->edge, &now, err);
	if (rc == SL_OK && (fwrite(body, 1, len, w->out) != len || fputc('\n', w->out) == EOF))
		rc = sl_err_errno(err, SL_E_IO, errno, "the log cannot be written");
	return rc;
}

/* The writer lock keeps leaves and checkpoint of one moment. */
enum sl_rc sl_audit_export(struct sl_enclave *e, FILE *out, struct sl_err *err)
{
	struct writing w = {.out = out};
	struct sl_checkpoint now;
	struct sl_merkle_hash root;
	struct sl_buf note = {0};
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK && fputs(MAGIC, out) == EOF)
		rc = sl_err_errno(err, SL_E_IO, errno, "the log cannot be written");
	if (rc == SL_OK)
		rc = sl_log_each(&e->db, 0, write_leaf, &w, err);
	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, &now, err);
	if (rc == SL_OK)
		rc = sl_merkle_edge_root(&w.edge, &root, err);
	if (rc == SL_OK && (w.edge.size != now.size || memcmp(root.b, now.root.b, sizeof root.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the leaves of the log do not give its stored edge");
	if (rc == SL_OK)
		rc = sl_audit_note(e, &note, err);
	sl_db_rollback(&e->db);
	if (rc == SL_OK && (fputc('\n', out) == EOF || fwrite(note.data, 1, note.len, out) != note.len || fflush(out) != 0))
		rc = sl_err_errno(err, SL_E_IO, errno, "the log cannot be written");
	sl_buf_free(&note);
	return rc;
}

/* --- verifying ---------------------------------------------------------------------------------------- */

struct reading {
	FILE *in;
	char *line;
	size_t room;
	struct sl_merkle_edge edge;
	bool differs;                /* at the size of the checkpoint given */
	struct sl_restored restored; /* that explains it; leaf 0: none does */
	struct sl_restored last;     /* the last one there is */
	struct sl_acknowledged approvals;
};

/* Whether the root at the size of a checkpoint that is trusted is another one. */
static enum sl_rc come_by(const struct sl_merkle_edge *edge, const struct sl_checkpoint *cp, bool *differs,
                          struct sl_err *err)
{
	struct sl_merkle_hash root;
	enum sl_rc rc = SL_OK;

	if (cp->size != edge->size)
		return SL_OK;
	rc = sl_merkle_edge_root(edge, &root, err);
	*differs = rc == SL_OK && memcmp(root.b, cp->root.b, sizeof root.b) != 0;
	return rc;
}

static enum sl_rc not_continued(const struct sl_checkpoint *cp, const char *what, struct sl_err *err)
{
	return sl_err_set(err, SL_E_INTEGRITY, "the log is not a continuation of %s, of size %" PRIu64, what, cp->size);
}

/* A leaf of a restore that explains the checkpoint given is kept; one that the key did not sign is told. */
static enum sl_rc see_restore(struct reading *r, const struct sl_audit_trust *trust, size_t len, struct sl_err *err)
{
	struct sl_restored one;
	enum sl_rc rc = sl_restored_read(r->line, len, r->edge.size, trust->key.name, trust->key.public, &one, err);

	if (rc == SL_OK && one.leaf != 0)
		r->last = one;
	if (rc == SL_OK && r->restored.leaf == 0 && sl_restored_explains(&one, &trust->against))
		r->restored = one;
	return rc;
}

static enum sl_rc read_leaves(struct reading *r, const struct sl_audit_trust *trust, struct sl_err *err)
{
	struct sl_merkle_hash hash;
	enum sl_rc rc = SL_OK;
	ssize_t n;

	while (rc == SL_OK && (n = getline(&r->line, &r->room, r->in)) > 1) {
		if (r->line[n - 1] != '\n')
			return sl_err_set(err, SL_E_INTEGRITY, "the export ends within a line");
		bool other = false;
		rc = sl_merkle_leaf(r->line, (size_t)n - 1, &hash, err);
		if (rc == SL_OK)
			rc = see_restore(r, trust, (size_t)n - 1, err);
		if (rc == SL_OK)
			rc = sl_acknowledged_see(&r->approvals, r->edge.size, r->line, (size_t)n - 1, err);
		if (rc == SL_OK)
			rc = sl_merkle_edge_add(&r->edge, &hash, err);
		if (rc == SL_OK)
			rc = come_by(&r->edge, &trust->first, &other, err);
		if (rc == SL_OK && other)
			rc = not_continued(&trust->first, "the anchor", err);
		if (rc == SL_OK && trust->against.size == r->edge.size)
			rc = come_by(&r->edge, &trust->against, &r->differs, err);
	}
	return rc;
}

/* What is behind the empty line, to the end. */
static enum sl_rc read_note(struct reading *r, const struct sl_audit_trust *trust, struct sl_checkpoint *cp,
                            struct sl_err *err)
{
	struct sl_buf note = {.max = SL_SIGNED_NOTE_BYTES_MAX};
	struct sl_err why = {0};
	enum sl_rc rc;
	ssize_t n;

	while ((n = getline(&r->line, &r->room, r->in)) > 0)
		sl_buf_put(&note, r->line, (size_t)n);
	rc = sl_buf_ok(&note, "the checkpoint of the export", &why);
	if (rc == SL_OK)
		rc = sl_checkpoint_verify((const char *)note.data, note.len, &trust->key, cp, &why);
	sl_buf_free(&note);
	/* What the anchor's key did not sign as it stands here was changed, or is another's log. */
	if (rc == SL_E_INPUT || rc == SL_E_UNDECIDED || rc == SL_E_LIMIT)
		rc = SL_E_INTEGRITY;
	return rc == SL_OK ? rc : sl_err_set(err, rc, "the export's checkpoint: %s", why.text);
}

enum sl_rc sl_audit_export_verify(FILE *in, const struct sl_audit_trust *trust, struct sl_checkpoint *cp,
                                  struct sl_err *err)
{
	struct reading r = {.in = in};
	struct sl_merkle_hash root;
	enum sl_rc rc = SL_OK;

	memset(cp, 0, sizeof *cp);
	if (trust->key.name[0] == '\0') {
		(void)sl_err_set(err, SL_E_UNDECIDED, "whose log this is cannot be told without the enclave's key");
		sl_err_remedy(err, "give the anchor that the enclave published: --anchor FILE");
		return SL_E_UNDECIDED;
	}
	if (getline(&r.line, &r.room, in) < 0 || strcmp(r.line, MAGIC) != 0)
		rc = sl_err_set(err, SL_E_INPUT, "this is no export of a log: it does not begin with \"sluice log export v1\"");
	if (rc == SL_OK)
		rc = read_leaves(&r, trust, err);
	if (rc == SL_OK)
		rc = read_note(&r, trust, cp, err);
	if (rc == SL_OK && ferror(in))
		rc = sl_err_errno(err, SL_E_IO, errno, "the export cannot be read");
	if (rc == SL_OK)
		rc = sl_merkle_edge_root(&r.edge, &root, err);
	if (rc == SL_OK && (cp->size != r.edge.size || memcmp(root.b, cp->root.b, sizeof root.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "the %" PRIu64 " leaves are not those of the checkpoint of size %" PRIu64
		                ": one was changed, moved or taken away", r.edge.size, cp->size);
	if (rc == SL_OK && (r.differs || trust->against.size > cp->size) && r.restored.leaf != 0)
		rc = sl_restored_tell(&r.restored, &trust->against, err);
	else if (rc == SL_OK && r.differs)
		rc = not_continued(&trust->against, "the checkpoint given", err);
	else if (rc == SL_OK && trust->against.size > cp->size)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the log is shorter than the checkpoint given, of size %" PRIu64
		                ": it was rolled back", trust->against.size);
	if (rc == SL_E_INTEGRITY && (r.differs || trust->against.size > cp->size))
		sl_restored_ask(&r.last, &trust->against, err);
	free(r.line);
	sl_acknowledged_free(&r.approvals);
	return rc;
}
