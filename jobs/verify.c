/*
 * verify.c - a bundle verified offline, from nothing but its bytes and the anchor.
 *
 * Every file is either a subject of the signed statement or follows from others byte by byte, so a changed, added or
 * missing byte anywhere is found. Whether approvals were the right people's is the enclave's word: it signs their
 * fingerprints. Whoever signed is looked at in verify_approvals.c, the log in verify_log.c.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jobs/again_verify.h"
#include "jobs/anchor.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/dsse.h"
#include "jobs/verify_parts.h"

/* One line per check; any failure of a bundle's bytes is one of integrity. */
static enum sl_rc step(struct sl_verify *v, enum sl_rc rc, const char *what, struct sl_err *err)
{
	sl_buf_printf(v->steps, "%s %s\n", rc == SL_OK ? "ok" : "FAILED", what);
	if (rc == SL_OK || rc == SL_E_IO || rc == SL_E_NOMEM || rc == SL_E_BUG)
		return rc;
	if (err != NULL)
		err->rc = SL_E_INTEGRITY;
	return SL_E_INTEGRITY;
}

enum sl_rc sl_verify_need(const struct sl_verify *v, const char *path, const struct sl_release_file **out,
                          struct sl_err *err)
{
	*out = sl_bundle_find(&v->f->b, path);
	return *out != NULL ? SL_OK : sl_err_set(err, SL_E_INTEGRITY, "%s is missing", path);
}

enum sl_rc sl_verify_need_json(const struct sl_verify *v, const char *path, json_t **out, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = sl_verify_need(v, path, &f, err);

	*out = NULL;
	return rc == SL_OK ? sl_canon_read(path, f->bytes.data, f->bytes.len, SL_VERIFY_JSON_MAX, out, err) : rc;
}

enum sl_rc sl_verify_differs(struct sl_err *err, const char *path, const char *what)
{
	return sl_err_set(err, SL_E_INTEGRITY, "%s: %s", path, what);
}

/* A file that must be exactly these bytes. */
static enum sl_rc same_bytes(const struct sl_verify *v, const char *path, const struct sl_buf *want, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = sl_buf_ok(want, path, err);

	if (rc == SL_OK)
		rc = sl_verify_need(v, path, &f, err);
	if (rc == SL_OK && (f->bytes.len != want->len || memcmp(f->bytes.data, want->data, want->len) != 0))
		rc = sl_verify_differs(err, path, "not what follows from the other files");
	return rc;
}

static enum sl_rc check_key(struct sl_verify *v, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = sl_verify_need(v, "enclave.pub.pem", &f, err);

	return rc == SL_OK ? sl_ed25519_public_from_pem((const char *)f->bytes.data, f->bytes.len, v->f->public, err) : rc;
}

static enum sl_rc check_signature(struct sl_verify *v, struct sl_err *err)
{
	const struct sl_release_file *f;
	enum sl_rc rc = sl_verify_need(v, SL_BUNDLE_STATEMENT, &f, err);

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
		return sl_verify_differs(err, SL_BUNDLE_STATEMENT, "no statement about a release");
	return SL_OK;
}

/* Each subject is a file with that digest, and each file but the statement's own is a subject. */
static enum sl_rc check_subjects(struct sl_verify *v, struct sl_err *err)
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
			return sl_verify_differs(err, name, "missing");
		if (at >= n || strcmp(name, f->path) != 0)
			return sl_verify_differs(err, f->path, "not one of the release's files");
		if (!sl_pack_unhex(json_object_get(s, "digest"), "sha256", digest) ||
		    memcmp(digest, f->sha256, sizeof digest) != 0)
			return sl_verify_differs(err, f->path, "not the bytes that were released");
		at++;
	}
	if (at < n)
		return sl_verify_differs(err, sl_pack_text(json_array_get(subjects, at), "name"), "missing");
	return SL_OK;
}

static enum sl_rc check_derived(struct sl_verify *v, struct sl_err *err)
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

bool sl_verify_same(const json_t *a, const json_t *b, const char *key)
{
	return sl_pack_text(a, key)[0] != '\0' && strcmp(sl_pack_text(a, key), sl_pack_text(b, key)) == 0;
}

/* The publication names exactly the CSVs, by digest; the statement names the publication. */
static enum sl_rc check_publication(struct sl_verify *v, struct sl_err *err)
{
	const char *path = "publication.json";
	const struct sl_release_file *f;
	uint8_t digest[32];
	json_t *p = NULL;
	uint32_t csvs = 0;
	enum sl_rc rc = sl_verify_need(v, path, &f, err);

	if (rc == SL_OK)
		rc = sl_verify_need_json(v, path, &p, err);
	if (rc == SL_OK && (!sl_pack_unhex(v->f->predicate, "publication sha256", digest) ||
	                    memcmp(digest, f->sha256, sizeof digest) != 0))
		rc = sl_verify_differs(err, path, "not the publication that was approved");
	if (rc == SL_OK && (!sl_verify_same(p, v->f->predicate, "enclave") ||
	                    !sl_verify_same(p, v->f->predicate, "request") ||
	                    !sl_verify_same(p, v->f->predicate, "project") ||
	                    !sl_verify_same(p, v->f->predicate, "policy sha256")))
		rc = sl_verify_differs(err, path, "of another request");
	const json_t *files = json_object_get(p, "files");
	for (size_t i = 0; i < json_array_size(files) && rc == SL_OK; i++) {
		const json_t *o = json_array_get(files, i);
		const char *name = sl_pack_text(o, "path");
		f = sl_bundle_find(&v->f->b, name);
		if (f == NULL || !sl_pack_unhex(o, "sha256", digest) || memcmp(digest, f->sha256, 32) != 0)
			rc = sl_verify_differs(err, name, "not the bytes that were approved");
	}
	for (uint32_t i = 0; i < v->f->b.nfiles; i++)
		csvs += strncmp(v->f->b.files[i].path, "data/", 5) == 0;
	if (rc == SL_OK && csvs != json_array_size(files))
		rc = sl_verify_differs(err, "data", "another number of files than were approved");
	json_decref(p);
	return rc;
}

static enum sl_rc check_earlier(struct sl_verify *v, struct sl_err *err)
{
	return sl_again_verify(&v->f->b, sl_pack_text(v->f->predicate, "release"), err);
}

static enum sl_rc check_anchor(struct sl_verify *v, const struct sl_anchor *a, struct sl_err *err)
{
	if (memcmp(a->key.public, v->f->public, sizeof v->f->public) != 0)
		return sl_verify_differs(err, "enclave.pub.pem", "not the anchor's key: another enclave signed this");
	if (strcmp(a->key.name, sl_pack_text(v->f->predicate, "enclave")) != 0)
		return sl_verify_differs(err, SL_BUNDLE_STATEMENT, "of an enclave of another name than the anchor's");
	if (memcmp(a->first.root.b, v->f->first.b, sizeof v->f->first.b) != 0)
		return sl_verify_differs(err, "log/first-leaf.json", "not the log that the anchor begins");
	if (a->root != 0 && v->f->root < a->root && v->f->leaf > a->root)
		return sl_verify_differs(err, SL_BUNDLE_STATEMENT, "it does not tell of the root of trust that the anchor names");
	if (a->root != 0 && v->f->root == a->root && memcmp(a->root_hash.b, v->f->root_hash.b, sizeof a->root_hash.b) != 0)
		return sl_verify_differs(err, "log/root-leaf.json", "not the root of trust that the anchor names");
	return SL_OK;
}

/* An anchor vouches for the root it names: what came after another one is open, not wrong. */
static enum sl_rc check_root_known(const struct sl_verify *v, const struct sl_anchor *a, struct sl_err *err)
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
static void tell_what(const struct sl_verify *v, bool known)
{
	const json_t *p = v->f->predicate, *reviewers = json_object_get(p, "reviewers");

	sl_buf_printf(v->steps, "%s %s of the enclave \"%s\", project \"%s\", released on %s, approved by",
	              known ? "it is" : "it says that it is", sl_pack_text(p, "release"), sl_pack_text(p, "enclave"),
	              sl_pack_text(p, "project"), sl_pack_text(p, "released at"));
	for (size_t i = 0; i < json_array_size(reviewers); i++)
		sl_buf_printf(v->steps, "%s %s", i > 0 ? "," : "", sl_pack_text(json_array_get(reviewers, i), "person"));
	sl_buf_text(v->steps, "\n");
}

static enum sl_rc check_all(struct sl_verify *v, const char *dir, struct sl_err *err)
{
	static const struct {
		enum sl_rc (*check)(struct sl_verify *v, struct sl_err *err);
		const char *what;
	} checks[] = {
		{ check_key, "enclave.pub.pem holds one key, of the enclave that signed" },
		{ check_signature, "statement.dsse.json is signed with that key" },
		{ check_subjects, "no file was changed, added or taken away: all are as the signed statement lists them" },
		{ check_derived, "statement.pae, statement.sig and SHA256SUMS, made for other tools, say the same" },
		{ check_publication, "the tables in data are those that were put before the reviewers (publication.json)" },
		{ check_earlier, "rows that are of an earlier release say which, and are counted in sdc-record.json" },
		{ sl_verify_approvals, "every approval is signed by its reviewer, and is of these tables" },
		{ sl_verify_acknowledged, "what was left to a person to judge, as the log names it, is named by every approval" },
		{ sl_verify_owners,
		  "whoever owns a table and was asked has approved: an owner of each organisation that the log names" },
		{ sl_verify_log, "the release stands in the enclave's signed log, and so does the leaf that begins it" },
		{ sl_verify_root, "the officers are those who founded the enclave, or it is told when and why they were replaced" },
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
	struct sl_verify v = { .f = out, .steps = steps };
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
