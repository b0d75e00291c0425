/*
 * verify.c - a bundle verified offline, from nothing but its bytes and the anchor.
 *
 * Every file is either a subject of the signed statement or follows from others byte by byte, so a changed, added or
 * missing byte anywhere is found. Whether approvals were the right people's is the enclave's word: it signs their
 * fingerprints.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/acknowledged.h"
#include "jobs/again_verify.h"
#include "jobs/anchor.h"
#include "jobs/audit.h"
#include "jobs/bundle.h"
#include "jobs/owner_statement.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/restored.h"
#include "jobs/review_gate.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/dsse.h"
#include "jobs/sign/sshsig.h"

#define FILE_JSON_MAX ((size_t)64 << 20)

/* What is asked of a bundle, and where each answer goes. */
struct verify {
	struct sl_bundle_facts *f;
	struct sl_buf *steps;
	json_t *approvals, *owners; /* the statements that were verified, of reviewers and of owners */
};

/* One line per check; any failure of a bundle's bytes is one of integrity. */
static enum sl_rc step(struct verify *v, enum sl_rc rc, const char *what, struct sl_err *err)
{
	sl_buf_printf(v->steps, "%s %s\n", rc == SL_OK ? "ok" : "FAILED", what);
	if (rc == SL_OK || rc == SL_E_IO || rc == SL_E_NOMEM || rc == SL_E_BUG)
		return rc;
	if (err != NULL)
		err->rc = SL_E_INTEGRITY;
	return SL_E_INTEGRITY;
}

static enum sl_rc need(const struct verify *v, const char *path, const struct sl_release_file **out, struct sl_err *err)
{
	*out = sl_bundle_find(&v->f->b, path);
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_INTEGRITY, "%s is missing", path);
}

static enum sl_rc need_json(const struct verify *v, const char *path, json_t **out, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = need(v, path, &f, err);

	*out = NULL;
	return rc == SL_OK ? sl_canon_read(path, f->bytes.data, f->bytes.len, FILE_JSON_MAX, out, err) : rc;
}

static enum sl_rc differs(struct sl_err *err, const char *path, const char *what)
{
	return sl_err_set(err, SL_E_INTEGRITY, "%s: %s", path, what);
}

/* A file that must be exactly these bytes. */
static enum sl_rc same_bytes(const struct verify *v, const char *path, const struct sl_buf *want, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = sl_buf_ok(want, path, err);

	if (rc == SL_OK)
		rc = need(v, path, &f, err);
	if (rc == SL_OK && (f->bytes.len != want->len || memcmp(f->bytes.data, want->data, want->len) != 0))
		rc = differs(err, path, "not what follows from the other files");
	return rc;
}

static enum sl_rc check_key(struct verify *v, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = need(v, "enclave.pub.pem", &f, err);

	return rc == SL_OK ? sl_ed25519_public_from_pem((const char *)f->bytes.data, f->bytes.len, v->f->public, err) : rc;
}

static enum sl_rc check_signature(struct verify *v, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = need(v, SL_BUNDLE_STATEMENT, &f, err);

	if (rc == SL_OK)
		rc = sl_dsse_verify((const char *)f->bytes.data, f->bytes.len, v->f->public, &v->f->payload, err);
	if (rc == SL_OK)
		rc = sl_canon_read(SL_BUNDLE_STATEMENT, v->f->payload.data, v->f->payload.len, SL_DSSE_BYTES_MAX, &v->f->statement,
		                   err);
	if (rc != SL_OK)
		return rc;
	v->f->predicate = json_object_get(v->f->statement, "predicate");
	if (strcmp(sl_pack_text(v->f->statement, "_type"), SL_BUNDLE_STATEMENT_TYPE) != 0 ||
	    strcmp(sl_pack_text(v->f->statement, "predicateType"), SL_BUNDLE_PREDICATE) != 0 ||
	    !json_is_object(v->f->predicate))
		return differs(err, SL_BUNDLE_STATEMENT, "no statement about a release");
	return SL_OK;
}

/* Each subject is a file with that digest, and each file but the statement's own is a subject. */
static enum sl_rc check_subjects(struct verify *v, struct sl_err *err)
{
	const json_t *subjects = json_object_get(v->f->statement, "subject");
	size_t at = 0, n = json_array_size(subjects);

	for (uint32_t i = 0; i < v->f->b.nfiles; i++) {
		const struct sl_release_file *f = &v->f->b.files[i];
		uint8_t digest[32];
		if (!sl_bundle_is_subject(f->path))
			continue;
		/* Both are in byte order of the paths. */
		const json_t *s = json_array_get(subjects, at);
		const char *name = sl_pack_text(s, "name");
		if (at < n && strcmp(name, f->path) < 0)
			return differs(err, name, "missing");
		if (at >= n || strcmp(name, f->path) != 0)
			return differs(err, f->path, "not one of the release's files");
		if (!sl_pack_unhex(json_object_get(s, "digest"), "sha256", digest) ||
		    memcmp(digest, f->sha256, sizeof digest) != 0)
			return differs(err, f->path, "not the bytes that were released");
		at++;
	}
	if (at < n)
		return differs(err, sl_pack_text(json_array_get(subjects, at), "name"), "missing");
	return SL_OK;
}

static enum sl_rc check_derived(struct verify *v, struct sl_err *err)
{
	struct sl_buf pae = { 0 }, sig = { 0 }, sums = { 0 };
	enum sl_rc rc = sl_bundle_pae(v->f->payload.data, v->f->payload.len, &pae, err);

	if (rc == SL_OK)
		rc = same_bytes(v, SL_BUNDLE_PAE, &pae, err);
	if (rc == SL_OK)
		rc = sl_bundle_sig(sl_bundle_find(&v->f->b, SL_BUNDLE_STATEMENT), &sig, err);
	if (rc == SL_OK)
		rc = same_bytes(v, SL_BUNDLE_SIG, &sig, err);
	if (rc == SL_OK)
		rc = sl_bundle_sums(&v->f->b, &sums, err);
	if (rc == SL_OK)
		rc = same_bytes(v, SL_BUNDLE_SUMS, &sums, err);
	sl_buf_free(&pae);
	sl_buf_free(&sig);
	sl_buf_free(&sums);
	return rc;
}

static bool same_text(const json_t *a, const json_t *b, const char *key)
{
	return sl_pack_text(a, key)[0] != '\0' && strcmp(sl_pack_text(a, key), sl_pack_text(b, key)) == 0;
}

/* The publication names exactly the CSVs, by digest; the statement names the publication. */
static enum sl_rc check_publication(struct verify *v, struct sl_err *err)
{
	const char *path = "publication.json";
	const struct sl_release_file *f;
	uint8_t digest[32];
	json_t *p = NULL;
	uint32_t csvs = 0;
	enum sl_rc rc = need(v, path, &f, err);

	if (rc == SL_OK)
		rc = need_json(v, path, &p, err);
	if (rc == SL_OK && (!sl_pack_unhex(v->f->predicate, "publication sha256", digest) ||
	                    memcmp(digest, f->sha256, sizeof digest) != 0))
		rc = differs(err, path, "not the publication that was approved");
	if (rc == SL_OK && (!same_text(p, v->f->predicate, "enclave") || !same_text(p, v->f->predicate, "request") ||
	                    !same_text(p, v->f->predicate, "project") || !same_text(p, v->f->predicate, "policy sha256")))
		rc = differs(err, path, "of another request");
	const json_t *files = json_object_get(p, "files");
	for (size_t i = 0; i < json_array_size(files) && rc == SL_OK; i++) {
		const json_t *o = json_array_get(files, i);
		const char *name = sl_pack_text(o, "path");
		f = sl_bundle_find(&v->f->b, name);
		if (f == NULL || !sl_pack_unhex(o, "sha256", digest) || memcmp(digest, f->sha256, 32) != 0)
			rc = differs(err, name, "not the bytes that were approved");
	}
	for (uint32_t i = 0; i < v->f->b.nfiles; i++)
		csvs += strncmp(v->f->b.files[i].path, "data/", 5) == 0;
	if (rc == SL_OK && csvs != json_array_size(files))
		rc = differs(err, "data", "another number of files than were approved");
	json_decref(p);
	return rc;
}

static enum sl_rc check_earlier(struct verify *v, struct sl_err *err)
{
	return sl_again_verify(&v->f->b, sl_pack_text(v->f->predicate, "release"), err);
}

/* Signed decisions of one kind: where they lie, how they are signed, and what makes one an approval. */
struct approvals {
	const char *folder, *namespace;
	const char *people; /* who they are, in the enclave's statement */
	const char *says;   /* member of a decision that has to be "approve" */
};
static const struct approvals by_reviewers = { SL_BUNDLE_APPROVALS, SL_REVIEW_NAMESPACE, "reviewers", "decision" };
static const struct approvals by_owners = { SL_BUNDLE_OWNERS, SL_GRANT_NAMESPACE, "owners", "act" };

/* The key of a person in the folder's allowed_signers: "PERSON namespaces=… TYPE BASE64". */
static enum sl_rc signer_key(const struct verify *v, const struct approvals *a, const char *person,
                             struct sl_ssh_key *key, struct sl_err *err)
{
	char head[SL_NAME_BYTES + 64], path[SL_NAME_BYTES];
	const struct sl_release_file *f;

	(void)snprintf(path, sizeof path, "%s/allowed_signers", a->folder);
	enum sl_rc rc = need(v, path, &f, err);
	if (rc != SL_OK)
		return rc;
	int n = snprintf(head, sizeof head, "%s namespaces=\"%s\" ", person, a->namespace);
	const char *at = (const char *)f->bytes.data, *end = at + f->bytes.len;
	while (n > 0 && (size_t)n < sizeof head && at < end) {
		const char *lf = memchr(at, '\n', (size_t)(end - at)), *stop = lf != NULL ? lf : end;
		if (stop - at > n && memcmp(at, head, (size_t)n) == 0)
			return sl_ssh_key_parse(at + n, (size_t)(stop - at - n), key, err);
		at = lf != NULL ? lf + 1 : end;
	}
	return differs(err, path, "names somebody else");
}

/* *said is the statement that was signed, the caller's to free. */
static enum sl_rc check_approval(const struct verify *v, const struct approvals *a, const json_t *by, json_t **said,
                                 struct sl_err *err)
{
	const char *person = sl_pack_text(by, "person");
	const json_t *release = v->f->predicate;
	char path[SL_NAME_BYTES + 32], print[SL_SSH_FINGERPRINT_TEXT];
	const struct sl_release_file *text, *sig;
	struct sl_ssh_key key;

	*said = NULL;
	(void)snprintf(path, sizeof path, "%s/%s.json.sig", a->folder, person);
	enum sl_rc rc = need(v, path, &sig, err);
	(void)snprintf(path, sizeof path, "%s/%s.json", a->folder, person);
	if (rc == SL_OK)
		rc = need(v, path, &text, err);
	if (rc == SL_OK)
		rc = signer_key(v, a, person, &key, err);
	if (rc == SL_OK)
		rc = sl_ssh_key_fingerprint(&key, print, err);
	if (rc == SL_OK && strcmp(print, sl_pack_text(by, "fingerprint")) != 0)
		rc = differs(err, path, "by another key than the release says");
	if (rc == SL_OK)
		rc = sl_sshsig_verify(text->bytes.data, text->bytes.len, (const char *)sig->bytes.data, sig->bytes.len,
		                      a->namespace, &key, NULL, err);
	if (rc == SL_OK) {
		size_t len = text->bytes.len;
		len -= len > 0 && text->bytes.data[len - 1] == '\n';
		rc = sl_canon_read(path, text->bytes.data, len, FILE_JSON_MAX, said, err);
	}
	if (rc == SL_OK && strcmp(sl_pack_text(*said, a->says), "approve") != 0)
		rc = differs(err, path, "approves nothing");
	if (rc == SL_OK && (!same_text(*said, release, "publication sha256") || !same_text(*said, release, "request") ||
	                    !same_text(*said, release, "policy sha256") || !same_text(*said, release, "enclave")))
		rc = differs(err, path, "approves something else");
	return rc;
}

/* Each of them, nobody twice, and no file besides. *statements: what they signed, the caller's to free. */
static enum sl_rc check_approvals_of(struct verify *v, const struct approvals *a, json_t **statements,
                                     struct sl_err *err)
{
	const json_t *people = json_object_get(v->f->predicate, a->people);
	size_t n = json_array_size(people), nfolder = strlen(a->folder);
	uint32_t files = 0;
	*statements = json_array();
	enum sl_rc rc = *statements != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");

	for (size_t i = 0; i < n && rc == SL_OK; i++) {
		const json_t *by = json_array_get(people, i);
		json_t *said = NULL;
		for (size_t j = 0; j < i; j++)
			if (same_text(by, json_array_get(people, j), "person") ||
			    same_text(by, json_array_get(people, j), "fingerprint"))
				return differs(err, SL_BUNDLE_STATEMENT, "one person twice");
		rc = check_approval(v, a, by, &said, err);
		if (rc == SL_OK && json_array_append(*statements, said) != 0)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		json_decref(said);
	}
	for (uint32_t i = 0; i < v->f->b.nfiles; i++)
		files += strncmp(v->f->b.files[i].path, a->folder, nfolder) == 0 && v->f->b.files[i].path[nfolder] == '/';
	if (rc == SL_OK && files != (n > 0 ? 2 * n + 1 : 0))
		rc = differs(err, a->folder, "another number of files than people who approved");
	return rc;
}

static enum sl_rc check_approvals(struct verify *v, struct sl_err *err)
{
	if (json_array_size(json_object_get(v->f->predicate, "reviewers")) == 0)
		return differs(err, SL_BUNDLE_STATEMENT, "nobody approved");
	return check_approvals_of(v, &by_reviewers, &v->approvals, err);
}

/*
 * The leaf tells what the gate asked to be acknowledged: each approval names it. A leaf from before that was told has
 * no such list, and its approvals have no digest of findings, which came with it.
 */
static enum sl_rc check_acknowledged(struct verify *v, struct sl_err *err)
{
	json_t *leaf = NULL;
	enum sl_rc rc = need_json(v, "log/leaf.json", &leaf, err);
	const json_t *asked = json_object_get(leaf, "acknowledge"), *said;
	size_t i;

	json_array_foreach(v->approvals, i, said) {
		const char *lacks = sl_acknowledged_lacks(asked, json_object_get(said, "acknowledged"));
		if (rc == SL_OK && asked == NULL && json_is_string(json_object_get(said, "findings")))
			rc = differs(err, "log/leaf.json", "it does not say what was to be acknowledged");
		if (rc == SL_OK && lacks != NULL)
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s/%s.json: it does not acknowledge \"%.48s\", which was left to judge",
			                SL_BUNDLE_APPROVALS,
			                sl_pack_text(json_array_get(json_object_get(v->f->predicate, "reviewers"), i), "person"), lacks);
	}
	json_decref(leaf);
	return rc;
}

/* The leaf tells whose approval the gate asked for: an owner of each has signed. */
static enum sl_rc check_owners(struct verify *v, struct sl_err *err)
{
	json_t *leaf = NULL;
	enum sl_rc rc = check_approvals_of(v, &by_owners, &v->owners, err);

	if (rc == SL_OK)
		rc = need_json(v, "log/leaf.json", &leaf, err);
	const json_t *asked = json_object_get(leaf, "owners"), *said;
	for (size_t i = 0; i < json_array_size(asked) && rc == SL_OK; i++) {
		const char *name = json_string_value(json_array_get(asked, i));
		bool spoke = false;
		size_t j;
		json_array_foreach(v->owners, j, said)
			spoke = spoke || (name != NULL && strcmp(sl_pack_text(said, "owner"), name) == 0);
		if (!spoke)
			rc = sl_err_set(err, SL_E_INTEGRITY, "%s: no owner of \"%s\" has approved", SL_BUNDLE_OWNERS,
			                name != NULL ? name : "");
	}
	json_decref(leaf);
	return rc;
}

/* The leaf at leaf_path is in the checkpoint's tree at the index its proof says. */
static enum sl_rc check_inclusion(const struct verify *v, const struct sl_checkpoint *cp, const char *leaf_path,
                                  const char *proof_path, uint64_t *index, struct sl_merkle_hash *hash,
                                  struct sl_err *err)
{
	const struct sl_release_file *leaf;
	struct sl_merkle_proof proof = { 0 };
	json_t *o = NULL;
	enum sl_rc rc = need(v, leaf_path, &leaf, err);

	if (rc == SL_OK)
		rc = need_json(v, proof_path, &o, err);
	const json_t *hashes = json_object_get(o, "hashes");
	json_int_t at = json_integer_value(json_object_get(o, "index"));
	if (rc == SL_OK && (json_array_size(hashes) > SL_MERKLE_PROOF_MAX || at < 0 ||
	                    json_integer_value(json_object_get(o, "size")) != (json_int_t)cp->size))
		rc = differs(err, proof_path, "no proof for this checkpoint");
	for (size_t i = 0; rc == SL_OK && i < json_array_size(hashes); i++) {
		json_t *one = json_pack("{s:O}", "h", json_array_get(hashes, i));
		if (one == NULL || !sl_pack_unhex(one, "h", proof.hash[proof.n++].b))
			rc = differs(err, proof_path, "no proof for this checkpoint");
		json_decref(one);
	}
	json_decref(o);
	*index = (uint64_t)at;
	if (rc == SL_OK)
		rc = sl_merkle_leaf(leaf->bytes.data, leaf->bytes.len, hash, err);
	return rc == SL_OK ? sl_merkle_verify_inclusion(hash, *index, cp->size, &cp->root, &proof, err) : rc;
}

/* The leaf by which the log goes on from a backup, when the statement speaks of one; and no such file when not. */
static enum sl_rc check_restored(struct verify *v, struct sl_err *err)
{
	static const char path[] = "log/restored-leaf.json";
	const json_t *said = json_object_get(v->f->predicate, "log restored");
	const struct sl_release_file *leaf;
	struct sl_merkle_hash hash;
	struct sl_restored r = { 0 };
	uint64_t index = 0;
	enum sl_rc rc;

	if (said == NULL)
		return sl_bundle_find(&v->f->b, path) == NULL ? SL_OK : differs(err, path, "the statement tells of no restore");
	rc = check_inclusion(v, &v->f->cp, path, "log/restored-inclusion.json", &index, &hash, err);
	if (rc == SL_OK)
		rc = need(v, path, &leaf, err);
	if (rc == SL_OK)
		rc = sl_restored_read(leaf->bytes.data, leaf->bytes.len, index, sl_pack_text(v->f->predicate, "enclave"),
		                      v->f->public, &r, err);
	if (rc == SL_OK && (r.leaf == 0 || r.leaf >= v->f->leaf || strcmp(r.at, sl_pack_text(said, "at")) != 0 ||
	                    json_integer_value(json_object_get(said, "leaf")) != (json_int_t)r.leaf ||
	                    json_integer_value(json_object_get(said, "outside size")) != (json_int_t)r.outside.size))
		rc = differs(err, path, "not the restore that the statement tells of");
	if (rc == SL_OK)
		sl_buf_printf(v->steps,
		              "note the log was brought back from a backup on %s (log leaf %" PRIu64 "): what it had after that "
		              "backup, up to %" PRIu64 " leaves, is lost\n",
		              r.at, r.leaf, r.outside.size);
	return rc;
}

static enum sl_rc check_log(struct verify *v, struct sl_err *err)
{
	struct sl_signed_note_key key = { 0 };
	const struct sl_release_file *note;
	struct sl_checkpoint *cp = &v->f->cp;
	const json_t *release = v->f->predicate;
	uint64_t index = 0;
	json_t *leaf = NULL;
	enum sl_rc rc = need(v, "log/checkpoint.txt", &note, err);

	(void)snprintf(key.name, sizeof key.name, "%s", sl_pack_text(release, "enclave"));
	memcpy(key.public, v->f->public, sizeof key.public);
	if (rc == SL_OK)
		rc = sl_checkpoint_verify((const char *)note->bytes.data, note->bytes.len, &key, cp, err);
	if (rc == SL_OK)
		rc = check_inclusion(v, cp, "log/first-leaf.json", "log/first-inclusion.json", &index, &v->f->first, err);
	if (rc == SL_OK && index != 0)
		rc = differs(err, "log/first-inclusion.json", "not of the first leaf");
	if (rc == SL_OK)
		rc = check_inclusion(v, cp, "log/leaf.json", "log/inclusion.json", &v->f->leaf, &v->f->leaf_hash, err);
	if (rc == SL_OK)
		rc = need_json(v, "log/leaf.json", &leaf, err);
	if (rc == SL_OK && (strcmp(sl_pack_text(leaf, "kind"), "release.made") != 0 ||
	                    !same_text(leaf, release, "release") || !same_text(leaf, release, "request") ||
	                    !same_text(leaf, release, "project") ||
	                    strcmp(sl_pack_text(leaf, "publication"), sl_pack_text(release, "publication sha256")) != 0))
		rc = differs(err, "log/leaf.json", "records another release");
	json_decref(leaf);
	return rc == SL_OK ? check_restored(v, err) : rc;
}

/* The leaf by which the root of trust was changed, when the statement speaks of one; and no such file when not. */
static enum sl_rc check_root(struct verify *v, struct sl_err *err)
{
	static const char path[] = "log/root-leaf.json";
	const json_t *said = json_object_get(v->f->predicate, "root changed");
	json_t *leaf = NULL;
	enum sl_rc rc;

	if (said == NULL)
		return sl_bundle_find(&v->f->b, path) == NULL ? SL_OK : differs(err, path, "the statement tells of no change");
	rc = check_inclusion(v, &v->f->cp, path, "log/root-inclusion.json", &v->f->root, &v->f->root_hash, err);
	if (rc == SL_OK)
		rc = need_json(v, path, &leaf, err);
	if (rc == SL_OK && (strcmp(sl_pack_text(leaf, "kind"), SL_AUDIT_REROOTED) != 0 || !same_text(leaf, said, "reason") ||
	                    !same_text(leaf, said, "at") || v->f->root == 0 || v->f->root >= v->f->leaf ||
	                    json_integer_value(json_object_get(said, "leaf")) != (json_int_t)v->f->root))
		rc = differs(err, path, "not the change that the statement tells of");
	json_decref(leaf);
	if (rc == SL_OK)
		sl_buf_printf(v->steps, "note the root of trust was changed on %s (log leaf %" PRIu64 "): %s\n",
		              sl_pack_text(said, "at"), v->f->root, sl_pack_text(said, "reason"));
	return rc;
}

static enum sl_rc check_anchor(struct verify *v, const struct sl_anchor *a, struct sl_err *err)
{
	if (memcmp(a->key.public, v->f->public, sizeof v->f->public) != 0)
		return differs(err, "enclave.pub.pem", "not the anchor's key: another enclave signed this");
	if (strcmp(a->key.name, sl_pack_text(v->f->predicate, "enclave")) != 0)
		return differs(err, SL_BUNDLE_STATEMENT, "of an enclave of another name than the anchor's");
	if (memcmp(a->first.root.b, v->f->first.b, sizeof v->f->first.b) != 0)
		return differs(err, "log/first-leaf.json", "not the log that the anchor begins");
	if (a->root != 0 && v->f->root < a->root && v->f->leaf > a->root)
		return differs(err, SL_BUNDLE_STATEMENT, "it does not tell of the root of trust that the anchor names");
	if (a->root != 0 && v->f->root == a->root && memcmp(a->root_hash.b, v->f->root_hash.b, sizeof a->root_hash.b) != 0)
		return differs(err, "log/root-leaf.json", "not the root of trust that the anchor names");
	return SL_OK;
}

/* An anchor vouches for the root it names: what came after another one is open, not wrong. */
static enum sl_rc check_root_known(const struct verify *v, const struct sl_anchor *a, struct sl_err *err)
{
	const json_t *said = json_object_get(v->f->predicate, "root changed");

	if (v->f->root <= a->root)
		return SL_OK;
	(void)sl_err_set(err, SL_E_UNDECIDED,
	                 "the root of trust was changed on %s, after this anchor was published: %s; the same enclave signed, "
	                 "under officers whom this anchor does not know",
	                 sl_pack_text(said, "at"), sl_pack_text(said, "reason"));
	sl_err_remedy(err, "get the enclave's anchor of now from where it is published, and ask there whether that is so");
	return SL_E_UNDECIDED;
}

/* In the words of the statement that was verified; without an anchor they are whoever's who signed it. */
static void tell_what(const struct verify *v, bool known)
{
	const json_t *p = v->f->predicate, *reviewers = json_object_get(p, "reviewers");

	sl_buf_printf(v->steps, "%s %s of the enclave \"%s\", project \"%s\", released on %s, approved by",
	              known ? "it is" : "it says that it is", sl_pack_text(p, "release"), sl_pack_text(p, "enclave"),
	              sl_pack_text(p, "project"), sl_pack_text(p, "released at"));
	for (size_t i = 0; i < json_array_size(reviewers); i++)
		sl_buf_printf(v->steps, "%s %s", i > 0 ? "," : "", sl_pack_text(json_array_get(reviewers, i), "person"));
	sl_buf_text(v->steps, "\n");
}

static enum sl_rc check_all(struct verify *v, const char *dir, struct sl_err *err)
{
	static const struct {
		enum sl_rc (*check)(struct verify *v, struct sl_err *err);
		const char *what;
	} checks[] = {
		{ check_key, "enclave.pub.pem holds one key, of the enclave that signed" },
		{ check_signature, "statement.dsse.json is signed with that key" },
		{ check_subjects, "no file was changed, added or taken away: all are as the signed statement lists them" },
		{ check_derived, "statement.pae, statement.sig and SHA256SUMS, made for other tools, say the same" },
		{ check_publication, "the tables in data are those that were put before the reviewers (publication.json)" },
		{ check_earlier, "rows that are of an earlier release say which, and are counted in sdc-record.json" },
		{ check_approvals, "every approval is signed by its reviewer, and is of these tables" },
		{ check_acknowledged, "what was left to a person to judge, as the log names it, is named by every approval" },
		{ check_owners,
		  "whoever owns a table and was asked has approved: an owner of each organisation that the log names" },
		{ check_log, "the release stands in the enclave's signed log, and so does the leaf that begins it" },
		{ check_root, "the officers are those who founded the enclave, or it is told when and why they were replaced" },
	};
	enum sl_rc rc = step(v, sl_bundle_read(dir, &v->f->b, err), "the bundle is readable", err);

	for (size_t i = 0; i < sizeof checks / sizeof checks[0] && rc == SL_OK; i++)
		rc = step(v, checks[i].check(v, err), checks[i].what, err);
	return rc;
}

void sl_bundle_facts_free(struct sl_bundle_facts *f)
{
	json_decref(f->statement);
	sl_buf_free(&f->payload);
	sl_bundle_free(&f->b);
	memset(f, 0, sizeof *f);
}

enum sl_rc sl_bundle_open(const char *dir, const char *anchor, size_t nanchor, struct sl_bundle_facts *out,
                          struct sl_buf *steps, struct sl_err *err)
{
	struct verify v = { .f = out, .steps = steps };
	struct sl_anchor a = { 0 };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = anchor != NULL ? sl_anchor_read(anchor, nanchor, &a, err) : SL_OK;
	if (rc == SL_OK)
		rc = check_all(&v, dir, err);
	if (rc == SL_OK && anchor != NULL)
		rc = step(&v, check_anchor(&v, &a, err), "key and log are those of the enclave whose anchor you gave", err);
	if (rc == SL_OK && anchor != NULL)
		rc = check_root_known(&v, &a, err);
	if (rc == SL_OK)
		tell_what(&v, anchor != NULL);
	if (rc == SL_OK)
		rc = sl_buf_ok(steps, "steps", err);
	json_decref(v.approvals);
	json_decref(v.owners);
	if (rc != SL_OK)
		sl_bundle_facts_free(out);
	return rc;
}

enum sl_rc sl_release_verify(const char *dir, const char *anchor, size_t nanchor, struct sl_buf *steps,
                             struct sl_err *err)
{
	struct sl_bundle_facts f;
	enum sl_rc rc = sl_bundle_open(dir, anchor, nanchor, &f, steps, err);

	if (rc == SL_OK && anchor == NULL) {
		rc = sl_err_set(err, SL_E_UNDECIDED, "the bundle is whole; whose it is cannot be told without an anchor");
		sl_err_remedy(err, "give the anchor that the enclave published: --anchor FILE");
	}
	sl_bundle_facts_free(&f);
	return rc;
}
