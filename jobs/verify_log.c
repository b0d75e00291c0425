/* verify_log.c - of a bundle: its leaves of the log are in the tree that the enclave signed, and say what it says. */
#include "jobs/verify_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/pack.h"
#include "jobs/restored.h"

/* The leaf at leaf_path is in the checkpoint's tree at the index its proof says. */
static enum sl_rc check_inclusion(const struct sl_verify *v, const struct sl_checkpoint *cp, const char *leaf_path,
                                  const char *proof_path, uint64_t *index, struct sl_merkle_hash *hash,
                                  struct sl_err *err)
{
	const struct sl_release_file *leaf;
	struct sl_merkle_proof proof = { 0 };
	json_t *o = NULL;
	enum sl_rc rc = sl_verify_need(v, leaf_path, &leaf, err);

	if (rc == SL_OK)
		rc = sl_verify_need_json(v, proof_path, &o, err);
	const json_t *hashes = json_object_get(o, "hashes");
	json_int_t at = json_integer_value(json_object_get(o, "index"));
	if (rc == SL_OK && (json_array_size(hashes) > SL_MERKLE_PROOF_MAX || at < 0 ||
	                    json_integer_value(json_object_get(o, "size")) != (json_int_t)cp->size))
		rc = sl_verify_differs(err, proof_path, "no proof for this checkpoint");
	for (size_t i = 0; rc == SL_OK && i < json_array_size(hashes); i++) {
		json_t *one = json_pack("{s:O}", "h", json_array_get(hashes, i));
		if (one == NULL || !sl_pack_unhex(one, "h", proof.hash[proof.n++].b))
			rc = sl_verify_differs(err, proof_path, "no proof for this checkpoint");
		json_decref(one);
	}
	json_decref(o);
	*index = (uint64_t)at;
	if (rc == SL_OK)
		rc = sl_merkle_leaf(leaf->bytes.data, leaf->bytes.len, hash, err);
	return rc == SL_OK ? sl_merkle_verify_inclusion(hash, *index, cp->size, &cp->root, &proof, err) : rc;
}

/* The leaf by which the log goes on from a backup, when the statement speaks of one; and no such file when not. */
static enum sl_rc check_restored(struct sl_verify *v, struct sl_err *err)
{
	static const char path[] = "log/restored-leaf.json";
	const json_t *said = json_object_get(v->f->predicate, "log restored");
	const struct sl_release_file *leaf;
	struct sl_merkle_hash hash;
	struct sl_restored r = { 0 };
	uint64_t index = 0;
	enum sl_rc rc;

	if (said == NULL)
		return sl_bundle_find(&v->f->b, path) == NULL
		               ? SL_OK : sl_verify_differs(err, path, "the statement tells of no restore");
	rc = check_inclusion(v, &v->f->cp, path, "log/restored-inclusion.json", &index, &hash, err);
	if (rc == SL_OK)
		rc = sl_verify_need(v, path, &leaf, err);
	if (rc == SL_OK)
		rc = sl_restored_read(leaf->bytes.data, leaf->bytes.len, index, sl_pack_text(v->f->predicate, "enclave"),
		                      v->f->public, &r, err);
	if (rc == SL_OK && (r.leaf == 0 || r.leaf >= v->f->leaf || strcmp(r.at, sl_pack_text(said, "at")) != 0 ||
	                    json_integer_value(json_object_get(said, "leaf")) != (json_int_t)r.leaf ||
	                    json_integer_value(json_object_get(said, "outside size")) != (json_int_t)r.outside.size))
		rc = sl_verify_differs(err, path, "not the restore that the statement tells of");
	if (rc == SL_OK)
		sl_buf_printf(v->steps,
		              "note the log was brought back from a backup on %s (log leaf %" PRIu64 "): what it had after that "
		              "backup, up to %" PRIu64 " leaves, is lost\n",
		              r.at, r.leaf, r.outside.size);
	return rc;
}

enum sl_rc sl_verify_log(struct sl_verify *v, struct sl_err *err)
{
	struct sl_signed_note_key key = { 0 };
	const struct sl_release_file *note;
	struct sl_checkpoint *cp = &v->f->cp;
	const json_t *release = v->f->predicate;
	uint64_t index = 0;
	json_t *leaf = NULL;
	enum sl_rc rc = sl_verify_need(v, "log/checkpoint.txt", &note, err);

	(void)snprintf(key.name, sizeof key.name, "%s", sl_pack_text(release, "enclave"));
	memcpy(key.public, v->f->public, sizeof key.public);
	if (rc == SL_OK)
		rc = sl_checkpoint_verify((const char *)note->bytes.data, note->bytes.len, &key, cp, err);
	if (rc == SL_OK)
		rc = check_inclusion(v, cp, "log/first-leaf.json", "log/first-inclusion.json", &index, &v->f->first, err);
	if (rc == SL_OK && index != 0)
		rc = sl_verify_differs(err, "log/first-inclusion.json", "not of the first leaf");
	if (rc == SL_OK)
		rc = check_inclusion(v, cp, "log/leaf.json", "log/inclusion.json", &v->f->leaf, &v->f->leaf_hash, err);
	if (rc == SL_OK)
		rc = sl_verify_need_json(v, "log/leaf.json", &leaf, err);
	if (rc == SL_OK && (strcmp(sl_pack_text(leaf, "kind"), "release.made") != 0 ||
	                    !sl_verify_same(leaf, release, "release") || !sl_verify_same(leaf, release, "request") ||
	                    !sl_verify_same(leaf, release, "project") ||
	                    strcmp(sl_pack_text(leaf, "publication"), sl_pack_text(release, "publication sha256")) != 0))
		rc = sl_verify_differs(err, "log/leaf.json", "records another release");
	json_decref(leaf);
	return rc == SL_OK ? check_restored(v, err) : rc;
}

/* The leaf by which the root of trust was changed, when the statement speaks of one; and no such file when not. */
enum sl_rc sl_verify_root(struct sl_verify *v, struct sl_err *err)
{
	static const char path[] = "log/root-leaf.json";
	const json_t *said = json_object_get(v->f->predicate, "root changed");
	json_t *leaf = NULL;
	enum sl_rc rc;

	if (said == NULL)
		return sl_bundle_find(&v->f->b, path) == NULL
		               ? SL_OK : sl_verify_differs(err, path, "the statement tells of no change");
	rc = check_inclusion(v, &v->f->cp, path, "log/root-inclusion.json", &v->f->root, &v->f->root_hash, err);
	if (rc == SL_OK)
		rc = sl_verify_need_json(v, path, &leaf, err);
	if (rc == SL_OK && (strcmp(sl_pack_text(leaf, "kind"), SL_AUDIT_REROOTED) != 0 ||
	                    !sl_verify_same(leaf, said, "reason") ||
	                    !sl_verify_same(leaf, said, "at") || v->f->root == 0 || v->f->root >= v->f->leaf ||
	                    json_integer_value(json_object_get(said, "leaf")) != (json_int_t)v->f->root))
		rc = sl_verify_differs(err, path, "not the change that the statement tells of");
	json_decref(leaf);
	if (rc == SL_OK)
		sl_buf_printf(v->steps, "note the root of trust was changed on %s (log leaf %" PRIu64 "): %s\n",
		              sl_pack_text(said, "at"), v->f->root, sl_pack_text(said, "reason"));
	return rc;
}
