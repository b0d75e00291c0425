/*
 * audit_verify.c - see audit.h: the log recomputed, all of it or since it was last seen whole, and what is kept beside
 * the keys of how far that was.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/base/num.h"
#include "jobs/acknowledged.h"
#include "jobs/audit.h"
#include "jobs/restored.h"
#include "jobs/sign/private_file.h"
#include "jobs/store/log.h"

#define KEPT_NAME "log.note"
#define KEPT_LINES 4

/* An earlier checkpoint that the walk should come by. */
struct earlier {
	const char *what;
	struct sl_checkpoint cp; /* size 0: none */
	bool seen;
	bool outside; /* what whoever verifies brought: that it differs is judged at the end */
};

/* What the walk over the log recomputes. */
struct walk {
	struct sl_enclave *e;
	struct sl_merkle_edge edge;
	struct earlier given, kept;
	struct sl_acknowledged *approvals; /* of a walk from the first leaf; NULL: it begins later */
	uint64_t policy_leaf; /* the last policy.applied that was seen; 0: none, since leaf 0 is the founding */
};

static enum sl_rc changed(struct sl_err *err, uint64_t index)
{
	return sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " was changed", index);
}

static enum sl_rc not_continued(const struct earlier *earlier, struct sl_err *err)
{
	(void)sl_err_set(err, SL_E_INTEGRITY, "the log is not a continuation of the checkpoint %s, of size %" PRIu64
	                 ": it was rolled back or rewritten", earlier->what, earlier->cp.size);
	if (!earlier->outside)
		sl_err_remedy(err, "when an older state.db was brought back, enter again what left since: sluice recover --release "
		                   "DIR, with each bundle");
	return SL_E_INTEGRITY;
}

static enum sl_rc come_by(struct earlier *earlier, const struct sl_merkle_edge *edge, struct sl_err *err)
{
	struct sl_merkle_hash root;

	if (edge->size != earlier->cp.size || edge->size == 0)
		return SL_OK;
	enum sl_rc rc = sl_merkle_edge_root(edge, &root, err);
	if (rc != SL_OK)
		return rc;
	earlier->seen = memcmp(root.b, earlier->cp.root.b, sizeof root.b) == 0;
	return earlier->seen || earlier->outside ? SL_OK : not_continued(earlier, err);
}

static enum sl_rc came_by(const struct earlier *earlier, struct sl_err *err)
{
	return earlier->cp.size == 0 || earlier->seen ? SL_OK : not_continued(earlier, err);
}

/* The subtrees that end here are those that are kept; one that is not kept is worked out when it is asked for. */
static enum sl_rc see_nodes(struct walk *w, const struct sl_merkle_hash *whole, struct sl_err *err)
{
	struct sl_merkle_hash kept;
	enum sl_rc rc = SL_OK;

	for (unsigned k = SL_MERKLE_TILE; rc == SL_OK && sl_merkle_is_whole(w->edge.size, k); k += SL_MERKLE_TILE) {
		rc = sl_log_node(&w->e->db, k, (w->edge.size >> k) - 1, &kept, err);
		if (rc == SL_OK && memcmp(kept.b, whole[k].b, sizeof kept.b) != 0)
			rc = sl_err_set(err, SL_E_INTEGRITY, "the kept hash of the 2^%u leaves before %" PRIu64 " was changed", k,
			                w->edge.size);
		if (rc == SL_E_NO)
			rc = SL_OK;
	}
	return rc;
}

static enum sl_rc see_leaf(void *self, uint64_t index, const void *body, size_t len, const struct sl_merkle_hash *hash,
                           struct sl_err *err)
{
	/* Leaves are canonical JSON: a quote within a text is escaped, so only the member itself reads like this. */
	static const char applied[] = "\"kind\":\"" SL_AUDIT_POLICY_APPLIED "\"";
	struct sl_merkle_hash now, whole[SL_MERKLE_PROOF_MAX];
	struct walk *w = self;

	if (index != w->edge.size)
		return sl_err_set(err, SL_E_INTEGRITY, "log leaf %" PRIu64 " is gone", w->edge.size);
	enum sl_rc rc = sl_merkle_leaf(body, len, &now, err);
	if (rc == SL_OK && memcmp(now.b, hash->b, sizeof now.b) != 0)
		rc = changed(err, index);
	if (rc == SL_OK)
		rc = sl_merkle_edge_grow(&w->edge, 0, &now, whole, err);
	if (rc == SL_OK)
		rc = see_nodes(w, whole, err);
	if (rc == SL_OK && memmem(body, len, applied, sizeof applied - 1) != NULL)
		w->policy_leaf = index;
	if (rc == SL_OK && w->approvals != NULL)
		rc = sl_acknowledged_see(w->approvals, index, body, len, err);
	if (rc == SL_OK)
		rc = come_by(&w->given, &w->edge, err);
	return rc == SL_OK ? come_by(&w->kept, &w->edge, err) : rc;
}

static struct sl_signed_note_key verifier_of(const struct sl_enclave *e)
{
	struct sl_signed_note_key key = {0};

	memcpy(key.public, e->public, sizeof key.public);
	(void)snprintf(key.name, sizeof key.name, "%s", e->name);
	return key;
}

static char *kept_path(const struct sl_enclave *e, const char *end)
{
	char *path = NULL;

	return asprintf(&path, "%s/" KEPT_NAME "%s", e->keys_dir, end) < 0 ? NULL : path;
}

/* The text behind the third line feed: the last line. NULL: there are not four lines. */
static const char *last_line(const char *text, size_t len)
{
	const char *at = text, *end = text + len;

	for (int i = 1; i < KEPT_LINES && at != NULL; i++) {
		at = memchr(at, '\n', (size_t)(end - at));
		at = at != NULL ? at + 1 : NULL;
	}
	return at != NULL && at < end && memchr(at, '\n', (size_t)(end - at)) == end - 1 ? at : NULL;
}

static enum sl_rc read_kept(const struct sl_enclave *e, const struct sl_buf *note, struct walk *w, struct sl_err *err)
{
	struct sl_signed_note_key key = verifier_of(e);
	const char *text = (const char *)note->data, *last;
	int64_t leaf = -1;
	size_t ntext = 0;
	enum sl_rc rc = sl_signed_note_verify(text, note->len, &key, &ntext, err);

	last = rc == SL_OK ? last_line(text, ntext) : NULL;
	if (rc == SL_OK && (last == NULL || !sl_parse_int(last, ntext - 1 - (size_t)(last - text), &leaf) || leaf < 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "it has not four lines");
	if (rc == SL_OK)
		rc = sl_checkpoint_parse(text, (size_t)(last - text), &w->kept.cp, err);
	if (rc == SL_OK && (strcmp(w->kept.cp.origin, e->name) != 0 || (uint64_t)leaf >= w->kept.cp.size))
		rc = sl_err_set(err, SL_E_INTEGRITY, "it is of another log");
	w->policy_leaf = rc == SL_OK ? (uint64_t)leaf : 0;
	return rc;
}

/* Zeroed when there is none: nothing was released yet, or the keys lie where nothing is written. */
static enum sl_rc load_kept(const struct sl_enclave *e, struct walk *w, struct sl_err *err)
{
	struct sl_buf note = {0};
	struct sl_err why = {0};
	char *path = kept_path(e, "");
	enum sl_rc rc = path != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	w->kept = (struct earlier){.what = "beside the keys"};
	if (rc == SL_OK && access(path, F_OK) != 0)
		goto out;
	if (rc == SL_OK)
		rc = sl_private_file_read(path, &note, err);
	if (rc == SL_OK) {
		rc = read_kept(e, &note, w, &why);
		if (rc == SL_E_INPUT || rc == SL_E_UNDECIDED)
			rc = SL_E_INTEGRITY;
		if (rc != SL_OK)
			(void)sl_err_set(err, rc, "%s is not what this enclave wrote: %s", path, why.text);
	}
out:
	sl_buf_free(&note);
	free(path);
	return rc;
}

/* The root worked out is that of the edge in state.db, on which the next leaf will grow. */
static enum sl_rc at_the_edge(struct sl_enclave *e, const struct walk *w, struct sl_checkpoint *now, struct sl_err *err)
{
	struct sl_merkle_hash root;
	enum sl_rc rc = sl_merkle_edge_root(&w->edge, &root, err);

	if (rc == SL_OK)
		rc = sl_audit_checkpoint(e, now, err);
	if (rc == SL_OK && (now->size != w->edge.size || memcmp(now->root.b, root.b, sizeof root.b) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY,
		                "the log was changed: it has %" PRIu64 " leaves, and they do not give the stored edge of %" PRIu64,
		                w->edge.size, now->size);
	return rc;
}

/* A restore that the log tells of explains what it lost, and is told; nothing else does. */
static enum sl_rc came_by_given(struct walk *w, struct sl_err *err)
{
	const struct sl_restored *lost = NULL;
	struct sl_restored *restored = NULL;
	uint32_t n = 0;
	enum sl_rc rc;

	if (w->given.cp.size == 0 || w->given.seen)
		return SL_OK;
	rc = sl_restored_load(w->e, &restored, &n, err);
	for (uint32_t i = 0; i < n && lost == NULL; i++)
		lost = sl_restored_explains(&restored[i], &w->given.cp) ? &restored[i] : NULL;
	if (rc == SL_OK)
		rc = lost != NULL ? sl_restored_tell(lost, &w->given.cp, err) : not_continued(&w->given, err);
	if (rc == SL_E_INTEGRITY)
		sl_restored_ask(n > 0 ? &restored[n - 1] : NULL, &w->given.cp, err);
	free(restored);
	return rc;
}

static enum sl_rc walk_all(struct walk *w, struct sl_checkpoint *now, struct sl_err *err)
{
	struct sl_acknowledged approvals = {0};
	enum sl_rc rc;

	w->policy_leaf = 0;
	w->approvals = &approvals;
	rc = sl_log_each(&w->e->db, 0, see_leaf, w, err);
	w->approvals = NULL;
	sl_acknowledged_free(&approvals);
	if (rc == SL_OK)
		rc = at_the_edge(w->e, w, now, err);
	if (rc == SL_OK)
		rc = came_by(&w->kept, err);
	return rc == SL_OK ? came_by_given(w, err) : rc;
}

enum sl_rc sl_audit_verify(struct sl_enclave *e, const char *note, size_t nnote, struct sl_checkpoint *now,
                           struct sl_err *err)
{
	struct walk w = {.e = e, .given = {.what = "given", .outside = true}};
	struct sl_signed_note_key key = verifier_of(e);
	enum sl_rc rc = note != NULL ? sl_checkpoint_verify(note, nnote, &key, &w.given.cp, err) : SL_OK;

	memset(now, 0, sizeof *now);
	if (rc == SL_OK)
		rc = load_kept(e, &w, err);
	return rc == SL_OK ? walk_all(&w, now, err) : rc;
}

/* These bytes are leaf `index` of the tree of now. */
static enum sl_rc in_tree(const struct sl_buf *body, uint64_t index, const struct walk *w,
                          const struct sl_checkpoint *now, struct sl_err *err)
{
	struct sl_merkle_proof proof;
	struct sl_merkle_hash leaf;
	enum sl_rc rc = sl_merkle_leaf(body->data, body->len, &leaf, err);

	if (rc == SL_OK)
		rc = sl_audit_inclusion(w->e, index, now->size, &proof, err);
	if (rc == SL_OK && sl_merkle_verify_inclusion(&leaf, index, now->size, &now->root, &proof, NULL) != SL_OK)
		rc = changed(err, index);
	return rc;
}

/* Whom the enclave was founded by, and the policy that was applied last: that one and no other. */
static enum sl_rc rests_on(const struct walk *w, const struct sl_checkpoint *now, struct sl_err *err)
{
	struct sl_buf root = {0}, policy = {0};
	enum sl_rc rc = sl_audit_leaf(w->e, 0, &root, err);

	if (rc == SL_OK)
		rc = in_tree(&root, 0, w, now, err);
	if (rc == SL_OK) {
		rc = sl_log_last_policy(&w->e->db, &policy, err);
		if (rc == SL_E_NO && w->policy_leaf != 0)
			rc = changed(err, w->policy_leaf);
		else if (rc == SL_E_NO)
			rc = SL_OK;
		else if (rc == SL_OK)
			rc = in_tree(&policy, w->policy_leaf, w, now, err);
	}
	sl_buf_free(&root);
	sl_buf_free(&policy);
	return rc;
}

static enum sl_rc walk_recent(struct walk *w, struct sl_checkpoint *now, struct sl_err *err)
{
	struct sl_merkle_leaves leaves = sl_log_leaves(&w->e->db, w->kept.cp.size);
	enum sl_rc rc = sl_merkle_edge_of(&leaves, w->kept.cp.size, &w->edge, err);

	if (rc == SL_OK)
		rc = come_by(&w->kept, &w->edge, err);
	if (rc == SL_OK)
		rc = sl_log_each(&w->e->db, w->kept.cp.size, see_leaf, w, err);
	if (rc == SL_OK)
		rc = at_the_edge(w->e, w, now, err);
	return rc == SL_OK ? rests_on(w, now, err) : rc;
}

static enum sl_rc verify_recent(struct walk *w, struct sl_checkpoint *now, struct sl_err *err)
{
	enum sl_rc rc = load_kept(w->e, w, err);

	memset(now, 0, sizeof *now);
	if (rc != SL_OK)
		return rc;
	return w->kept.cp.size == 0 ? walk_all(w, now, err) : walk_recent(w, now, err);
}

enum sl_rc sl_audit_verify_recent(struct sl_enclave *e, struct sl_checkpoint *now, struct sl_err *err)
{
	struct walk w = {.e = e};

	return verify_recent(&w, now, err);
}

static enum sl_rc kept_note(const struct sl_enclave *e, const struct sl_checkpoint *now, uint64_t policy_leaf,
                            struct sl_buf *out, struct sl_err *err)
{
	struct sl_buf text = {0};

	sl_checkpoint_put(now, &text);
	sl_buf_printf(&text, "%" PRIu64 "\n", policy_leaf);
	enum sl_rc rc = sl_buf_ok(&text, KEPT_NAME, err);
	if (rc == SL_OK)
		rc = sl_enclave_sign_note(e, &text, out, err);
	sl_buf_free(&text);
	return rc;
}

static enum sl_rc write_kept(const struct sl_enclave *e, const struct sl_buf *note, struct sl_err *err)
{
	char *path = kept_path(e, ""), *fresh = kept_path(e, ".new");
	enum sl_rc rc = path != NULL && fresh != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	if (rc == SL_OK) {
		(void)unlink(fresh);
		rc = sl_private_file_write(fresh, note->data, note->len, err);
	}
	if (rc == SL_OK && rename(fresh, path) != 0)
		rc = sl_err_set(err, SL_E_IO, "cannot write %s", path);
	free(path);
	free(fresh);
	return rc;
}

/* Under the writer lock. */
static enum sl_rc keep(const struct sl_enclave *e, const struct sl_checkpoint *now, uint64_t policy_leaf,
                       struct sl_err *err)
{
	struct sl_buf note = {0};
	enum sl_rc rc = kept_note(e, now, policy_leaf, &note, err);

	if (rc == SL_OK)
		rc = write_kept(e, &note, err);
	sl_buf_free(&note);
	return rc;
}

enum sl_rc sl_audit_keep(struct sl_enclave *e, struct sl_err *err)
{
	struct walk w = {.e = e};
	struct sl_checkpoint now;
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = verify_recent(&w, &now, err);
	if (rc == SL_OK && now.size != w.kept.cp.size)
		rc = keep(e, &now, w.policy_leaf, err);
	sl_db_rollback(&e->db);
	return rc;
}

enum sl_rc sl_audit_beside(struct sl_enclave *e, struct sl_checkpoint *kept, struct sl_err *err)
{
	struct walk w = {.e = e};
	struct sl_checkpoint now;
	enum sl_rc rc = load_kept(e, &w, err);

	*kept = w.kept.cp;
	memset(&w.kept, 0, sizeof w.kept);
	return rc == SL_OK ? walk_all(&w, &now, err) : rc;
}

enum sl_rc sl_audit_has(struct sl_enclave *e, const struct sl_checkpoint *cp, bool *has, struct sl_err *err)
{
	struct sl_merkle_leaves leaves;
	struct sl_merkle_hash root;
	uint64_t size = 0;
	enum sl_rc rc = sl_audit_size(e, &size, err);

	*has = false;
	if (rc != SL_OK || cp->size == 0 || cp->size > size)
		return rc;
	leaves = sl_log_leaves(&e->db, cp->size);
	rc = sl_merkle_root(&leaves, cp->size, &root, err);
	*has = rc == SL_OK && memcmp(root.b, cp->root.b, sizeof root.b) == 0;
	return rc;
}

/* Within the writer lock: what lies beside the keys is continued, or a restore that the log tells of explains it. */
static enum sl_rc explained(struct sl_enclave *e, const struct sl_checkpoint *kept, struct sl_err *err)
{
	struct sl_restored *restored = NULL;
	uint32_t n = 0;
	bool has = kept->size == 0;
	enum sl_rc rc = has ? SL_OK : sl_audit_has(e, kept, &has, err);

	if (rc == SL_OK && !has)
		rc = sl_restored_load(e, &restored, &n, err);
	for (uint32_t i = 0; i < n && !has; i++)
		has = sl_restored_explains(&restored[i], kept);
	if (rc == SL_OK && !has)
		rc = not_continued(&(struct earlier){.what = "beside the keys", .cp = *kept}, err);
	free(restored);
	return rc;
}

enum sl_rc sl_audit_go_on(struct sl_enclave *e, struct sl_err *err)
{
	struct walk w = {.e = e};
	struct sl_checkpoint now, kept;
	enum sl_rc rc = sl_db_begin(&e->db, err);

	if (rc == SL_OK)
		rc = load_kept(e, &w, err);
	kept = w.kept.cp;
	memset(&w.kept, 0, sizeof w.kept);
	if (rc == SL_OK)
		rc = walk_all(&w, &now, err);
	if (rc == SL_OK)
		rc = explained(e, &kept, err);
	if (rc == SL_OK)
		rc = keep(e, &now, w.policy_leaf, err);
	sl_db_rollback(&e->db);
	return rc;
}
