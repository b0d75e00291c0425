/* bundle_build.c - every file of a release, from what is stored and from nothing else. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/keeper/keeper.h"
#include "jobs/audit.h"
#include "jobs/bundle.h"
#include "jobs/owner_statement.h"
#include "jobs/pack.h"
#include "jobs/restored.h"
#include "jobs/review_gate.h"
#include "jobs/root.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/dsse.h"
#include "jobs/store/recovered.h"
#include "jobs/store/release.h"
#include "jobs/store/review.h"
#include "policy/render.h"

/* All that goes into one bundle. */
struct build {
	struct sl_enclave *e;
	struct sl_store_release release;
	struct sl_opened o;
	struct sl_store_review *reviews, *owners;
	uint32_t nreviews, nowners;
	struct sl_checkpoint cp;
	struct sl_root *roots;
	uint32_t nroots;
	struct sl_restored *restored;
	uint32_t nrestored;
	struct sl_bundle *b;
};

/* The root of trust as it was changed last before the release; NULL: never. */
static const struct sl_root *changed_root(const struct build *x)
{
	for (uint32_t i = x->nroots; i > 1; i--)
		if (x->roots[i - 1].leaf < (uint64_t)x->release.leaf)
			return &x->roots[i - 1];
	return NULL;
}

/* The last restore before the release; NULL: the log has all that it ever had. */
static const struct sl_restored *last_restored(const struct build *x)
{
	for (uint32_t i = x->nrestored; i > 0; i--)
		if (x->restored[i - 1].leaf < (uint64_t)x->release.leaf)
			return &x->restored[i - 1];
	return NULL;
}

static enum sl_rc add_buf(struct sl_bundle *b, const char *path, struct sl_buf *bytes, struct sl_err *err)
{
	enum sl_rc rc = sl_buf_ok(bytes, path, err);

	if (rc == SL_OK)
		rc = sl_bundle_add(b, path, bytes->data, bytes->len, err);
	sl_buf_free(bytes);
	return rc;
}

/* v's reference is taken. */
static enum sl_rc add_json(struct sl_bundle *b, const char *path, json_t *v, struct sl_err *err)
{
	struct sl_buf bytes = { 0 };
	enum sl_rc rc = v == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_canon_put(v, &bytes, err);

	json_decref(v);
	if (rc != SL_OK) {
		sl_buf_free(&bytes);
		return rc;
	}
	return add_buf(b, path, &bytes, err);
}

static enum sl_rc add_data(struct build *x, struct sl_err *err)
{
	const struct sl_published *p = &x->o.now;
	struct sl_render_file *sums = calloc((size_t)p->nfiles + 1, sizeof *sums);
	char name[SL_PACK_NAME];
	struct sl_render r = sl_opened_render(x->e, &x->o, name);
	struct sl_buf package = { 0 }, record = { 0 };
	enum sl_rc rc = sums == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : SL_OK;

	for (uint32_t i = 0; i < p->nfiles && rc == SL_OK; i++) {
		memcpy(sums[i].sha256, p->files[i].sha256, 32);
		sums[i].bytes = p->files[i].bytes.len;
		rc = sl_bundle_add(x->b, p->files[i].path, p->files[i].bytes.data, p->files[i].bytes.len, err);
	}
	if (rc == SL_OK)
		rc = sl_render_datapackage(&r, sums, &package, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, "datapackage.json", &package, err);
	if (rc == SL_OK)
		rc = sl_render_sdc_record(&r, &record, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, "sdc-record.json", &record, err);
	if (rc == SL_OK)
		rc = sl_bundle_add(x->b, "publication.json", p->json.data, p->json.len, err);
	sl_buf_free(&package);
	sl_buf_free(&record);
	free(sums);
	return rc;
}

/* Decisions of one kind: where they lie and under which namespace they were signed. */
struct approvals {
	const struct sl_store_review *rows;
	uint32_t n;
	const char *folder, *namespace;
};

static struct approvals by_reviewers(const struct build *x)
{
	return (struct approvals){ x->reviews, x->nreviews, SL_BUNDLE_APPROVALS, SL_REVIEW_NAMESPACE };
}

static struct approvals by_owners(const struct build *x)
{
	return (struct approvals){ x->owners, x->nowners, SL_BUNDLE_OWNERS, SL_GRANT_NAMESPACE };
}

/* The statement as signed, its signature, and a line for ssh-keygen. */
static enum sl_rc add_approval(struct build *x, const struct approvals *a, const struct sl_store_review *v,
                               struct sl_buf *signers, struct sl_err *err)
{
	char path[SL_NAME_BYTES + 32];
	struct sl_ssh_key key;
	enum sl_rc rc = sl_ssh_key_parse(v->key, strlen(v->key), &key, err);

	if (rc != SL_OK)
		return rc;
	if (strchr(v->person, '/') != NULL || v->person[0] == '.' || strlen(v->person) >= SL_NAME_BYTES)
		return sl_err_set(err, SL_E_BUG, "a person's name makes no file name");
	(void)snprintf(path, sizeof path, "%s/%s.json", a->folder, v->person);
	rc = sl_bundle_add(x->b, path, v->statement, strlen(v->statement), err);
	(void)snprintf(path, sizeof path, "%s/%s.json.sig", a->folder, v->person);
	if (rc == SL_OK)
		rc = sl_bundle_add(x->b, path, v->signature, strlen(v->signature), err);
	sl_buf_printf(signers, "%s namespaces=\"%s\" ", v->person, a->namespace);
	sl_ssh_key_text(&key, signers);
	sl_buf_text(signers, "\n");
	return rc;
}

static enum sl_rc add_approvals_of(struct build *x, const struct approvals *a, struct sl_err *err)
{
	char path[SL_NAME_BYTES];
	struct sl_buf signers = { 0 };
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < a->n && rc == SL_OK; i++)
		if (a->rows[i].decision == SL_DECISION_APPROVE)
			rc = add_approval(x, a, &a->rows[i], &signers, err);
	(void)snprintf(path, sizeof path, "%s/allowed_signers", a->folder);
	/* Of a kind that nobody approved as there is no file; one that could not be put together is not that. */
	if (rc == SL_OK)
		rc = sl_buf_ok(&signers, path, err);
	if (rc == SL_OK && signers.len > 0)
		rc = add_buf(x->b, path, &signers, err);
	sl_buf_free(&signers);
	return rc;
}

static enum sl_rc add_approvals(struct build *x, struct sl_err *err)
{
	enum sl_rc rc = sl_store_review_list(&x->e->db, x->o.row.id, &x->reviews, &x->nreviews, err);

	if (rc == SL_OK)
		rc = sl_store_owner_review_list(&x->e->db, x->o.row.id, &x->owners, &x->nowners, err);
	const struct approvals reviewers = by_reviewers(x), owners = by_owners(x);
	if (rc == SL_OK)
		rc = add_approvals_of(x, &reviewers, err);
	return rc == SL_OK ? add_approvals_of(x, &owners, err) : rc;
}

static enum sl_rc add_inclusion(struct build *x, uint64_t index, const char *leaf_path, const char *proof_path,
                                struct sl_err *err)
{
	struct sl_merkle_proof proof;
	struct sl_buf leaf = { 0 };
	json_t *hashes = json_array();
	enum sl_rc rc = sl_audit_leaf(x->e, index, &leaf, err);

	if (rc == SL_OK)
		rc = add_buf(x->b, leaf_path, &leaf, err);
	if (rc == SL_OK)
		rc = sl_audit_inclusion(x->e, index, x->cp.size, &proof, err);
	for (uint32_t i = 0; rc == SL_OK && i < proof.n; i++)
		if (json_array_append_new(hashes, sl_pack_hex(proof.hash[i].b)) != 0)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	sl_buf_free(&leaf);
	if (rc != SL_OK) {
		json_decref(hashes);
		return rc;
	}
	return add_json(x->b, proof_path,
	                json_pack("{s:o, s:I, s:I}", "hashes", hashes, "index", (json_int_t)index, "size",
	                          (json_int_t)x->cp.size),
	                err);
}

static enum sl_rc add_log(struct build *x, struct sl_err *err)
{
	struct sl_signed_note_key key = { 0 };
	struct sl_buf note = { 0 };
	enum sl_rc rc = sl_audit_note(x->e, &note, err);

	(void)snprintf(key.name, sizeof key.name, "%s", x->e->name);
	memcpy(key.public, x->e->public, sizeof key.public);
	/* The size is read back from the note itself: the log may grow between two questions. */
	if (rc == SL_OK)
		rc = sl_checkpoint_verify((const char *)note.data, note.len, &key, &x->cp, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, "log/checkpoint.txt", &note, err);
	if (rc == SL_OK)
		rc = add_inclusion(x, (uint64_t)x->release.leaf, "log/leaf.json", "log/inclusion.json", err);
	if (rc == SL_OK)
		rc = add_inclusion(x, 0, "log/first-leaf.json", "log/first-inclusion.json", err);
	if (rc == SL_OK && changed_root(x) != NULL)
		rc = add_inclusion(x, changed_root(x)->leaf, "log/root-leaf.json", "log/root-inclusion.json", err);
	if (rc == SL_OK && last_restored(x) != NULL)
		rc = add_inclusion(x, last_restored(x)->leaf, "log/restored-leaf.json", "log/restored-inclusion.json", err);
	sl_buf_free(&note);
	return rc;
}

static void tell_ssh_keygen(const struct approvals *a, struct sl_buf *out)
{
	for (uint32_t i = 0; i < a->n; i++)
		if (a->rows[i].decision == SL_DECISION_APPROVE)
			sl_buf_printf(out, "  ssh-keygen -Y verify -f %s/allowed_signers -I %s -n %s -s %s/%s.json.sig < %s/%s.json\n",
			              a->folder, a->rows[i].person, a->namespace, a->folder, a->rows[i].person, a->folder,
			              a->rows[i].person);
}

static enum sl_rc add_words(struct build *x, struct sl_err *err)
{
	struct sl_buf pem = { 0 }, v = { 0 };
	enum sl_rc rc;

	sl_ed25519_public_pem(x->e->public, &pem);
	rc = add_buf(x->b, "enclave.pub.pem", &pem, err);
	sl_buf_printf(&v,
	              "Release L-%" PRId64 " of the enclave %s.\n\n"
	              "With sluice:\n"
	              "  sluice release verify . --anchor ANCHOR\n\n"
	              "With what every Linux has, in this directory:\n"
	              "  sha256sum -c SHA256SUMS\n"
	              "  openssl pkeyutl -verify -rawin -pubin -inkey enclave.pub.pem -in statement.pae -sigfile "
	              "statement.sig\n",
	              x->release.id, x->e->name);
	const struct approvals reviewers = by_reviewers(x), owners = by_owners(x);
	tell_ssh_keygen(&reviewers, &v);
	tell_ssh_keygen(&owners, &v);
	sl_buf_text(&v,
	            "\nstatement.pae is what the enclave signed: an in-toto statement that names every file by SHA-256,\n"
	            "in the form DSSE gives it. The key in enclave.pub.pem is the enclave's if it is the key of the\n"
	            "anchor that the enclave published when it was made; take the anchor from where it was published.\n");
	if (changed_root(x) != NULL)
		sl_buf_printf(&v,
		              "\nThe root of trust was changed on %s, since its officers were lost: %s\n"
		              "log/root-leaf.json is the leaf that did it. An anchor from before does not vouch for what came "
		              "after.\n",
		              changed_root(x)->at, changed_root(x)->reason);
	if (last_restored(x) != NULL)
		sl_buf_printf(&v,
		              "\nThe log was brought back from a backup on %s: log/restored-leaf.json says so. A checkpoint of\n"
		              "up to %" PRIu64 " leaves may be of what was lost then.\n",
		              last_restored(x)->at, last_restored(x)->outside.size);
	return rc == SL_OK ? add_buf(x->b, "VERIFY.txt", &v, err) : (sl_buf_free(&v), rc);
}

static json_t *layers_json(uint32_t mask)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < SL_LAYER_COUNT && a != NULL; i++)
		if ((mask & SL_LAYER_BIT(i)) != 0 &&
		    json_array_append_new(a, json_string(sl_layers_table[i].name)) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

static json_t *people_json(const struct approvals *of)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < of->n && a != NULL; i++) {
		char print[SL_SSH_FINGERPRINT_TEXT] = "";
		struct sl_ssh_key key;
		if (of->rows[i].decision != SL_DECISION_APPROVE)
			continue;
		if (sl_ssh_key_parse(of->rows[i].key, strlen(of->rows[i].key), &key, NULL) != SL_OK ||
		    sl_ssh_key_fingerprint(&key, print, NULL) != SL_OK ||
		    json_array_append_new(a, json_pack("{s:s, s:s}", "fingerprint", print, "person", of->rows[i].person)) !=
		            0) {
			json_decref(a);
			a = NULL;
		}
	}
	return a;
}

static json_t *subjects_json(const struct sl_bundle *b)
{
	json_t *a = json_array();

	for (uint32_t i = 0; i < b->nfiles && a != NULL; i++)
		if (json_array_append_new(a, json_pack("{s:s, s:{s:o}}", "name", b->files[i].path, "digest", "sha256",
		                                       sl_pack_hex(b->files[i].sha256))) != 0) {
			json_decref(a);
			a = NULL;
		}
	return a;
}

static json_t *root_json(const struct sl_root *root)
{
	return root == NULL ? NULL
	                    : json_pack("{s:s, s:I, s:s}", "at", root->at, "leaf", (json_int_t)root->leaf, "reason",
	                                root->reason);
}

static json_t *restored_json(const struct sl_restored *r)
{
	return r == NULL ? NULL
	                 : json_pack("{s:s, s:I, s:I}", "at", r->at, "leaf", (json_int_t)r->leaf, "outside size",
	                             (json_int_t)r->outside.size);
}

static json_t *predicate_json(const struct build *x)
{
	char release[SL_PACK_NAME], request[SL_PACK_NAME], at[SL_TIME_TEXT];
	uint32_t layers = x->o.material.layers & (uint32_t)x->o.row.layers;

	sl_pack_name('L', x->release.id, release);
	sl_pack_name('R', x->o.row.id, request);
	sl_enclave_time_text(x->release.released_at, at);
	const struct approvals reviewers = by_reviewers(x), owners = by_owners(x);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o*, s:o*}", "enclave",
	                 x->e->name,
	                 "release", release, "request", request, "project", x->o.row.project, "released at", at,
	                 "policy serial",
	                 (json_int_t)x->o.row.policy_serial, "policy sha256", sl_pack_hex(x->o.row.policy_digest),
	                 "publication sha256", sl_pack_hex(x->o.now.digest), "layers",
	                 layers_json(layers), "owners", people_json(&owners), "reviewers", people_json(&reviewers),
	                 "secondary suppression", sl_render_secondary(&x->o.frozen.publication), "history",
	                 sl_render_history(&x->o.frozen.publication), "root changed", root_json(changed_root(x)),
	                 "log restored", restored_json(last_restored(x)));
}

/* The enclave's word on all of it, and the same for stock tools. */
static enum sl_rc add_statement(struct build *x, struct sl_err *err)
{
	struct sl_buf payload = { 0 }, envelope = { 0 }, pae = { 0 }, sig = { 0 }, sums = { 0 };
	struct sl_ed25519 key = { 0 };
	json_t *v = json_pack("{s:s, s:o, s:s, s:o}", "_type", SL_BUNDLE_STATEMENT_TYPE, "predicate", predicate_json(x),
	                      "predicateType", SL_BUNDLE_PREDICATE, "subject", subjects_json(x->b));
	enum sl_rc rc = v == NULL ? sl_err_set(err, SL_E_NOMEM, "out of memory") : sl_canon_put(v, &payload, err);

	if (rc == SL_OK)
		rc = sl_enclave_sign_key(x->e, &key, err);
	if (rc == SL_OK)
		rc = sl_dsse_make(payload.data, payload.len, &key, &envelope, err);
	sl_ed25519_wipe(&key);
	if (rc == SL_OK)
		rc = add_buf(x->b, SL_BUNDLE_STATEMENT, &envelope, err);
	if (rc == SL_OK)
		rc = sl_bundle_pae(payload.data, payload.len, &pae, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, SL_BUNDLE_PAE, &pae, err);
	if (rc == SL_OK)
		rc = sl_bundle_sig(sl_bundle_find(x->b, SL_BUNDLE_STATEMENT), &sig, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, SL_BUNDLE_SIG, &sig, err);
	if (rc == SL_OK)
		rc = sl_bundle_sums(x->b, &sums, err);
	if (rc == SL_OK)
		rc = add_buf(x->b, SL_BUNDLE_SUMS, &sums, err);
	json_decref(v);
	sl_buf_free(&payload);
	sl_buf_free(&envelope);
	sl_buf_free(&pae);
	sl_buf_free(&sig);
	sl_buf_free(&sums);
	return rc;
}

/* What was signed of it then cannot be signed again: its leaf is not in this log. */
static enum sl_rc check_made_here(struct sl_enclave *e, int64_t release, struct sl_err *err)
{
	struct sl_store_recovered row;
	enum sl_rc rc = sl_store_recovered_get(&e->db, release, &row, err);

	if (rc == SL_E_NO)
		return SL_OK;
	if (rc != SL_OK)
		return rc;
	sl_store_recovered_free(&row);
	(void)sl_err_set(err, SL_E_NO,
	                 "L-%lld was entered again after a restore; its bundle is gone here, and no other is made",
	                 (long long)release);
	sl_err_remedy(err, "an operator puts it back from a copy: sluice recover --release DIR");
	return SL_E_NO;
}

enum sl_rc sl_bundle_build(struct sl_enclave *e, int64_t release, struct sl_bundle *out, struct sl_err *err)
{
	struct build x = { .e = e, .b = out };

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_store_release_get(&e->db, release, &x.release, err);
	if (rc == SL_E_NO)
		return sl_err_set(err, SL_E_NO, "there is no release L-%lld", (long long)release);
	if (rc == SL_OK)
		rc = check_made_here(e, release, err);
	if (rc == SL_OK)
		rc = sl_opened_load(e, x.release.request, &x.o, err);
	/* What leaves is what was signed, or nothing does. */
	if (rc == SL_OK && memcmp(x.o.now.digest, x.o.row.digest, 32) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "L-%lld: the publication is not the one that was approved",
		                (long long)release);
	if (rc == SL_OK)
		rc = sl_roots_load(e, &x.roots, &x.nroots, err);
	if (rc == SL_OK)
		rc = sl_restored_load(e, &x.restored, &x.nrestored, err);
	if (rc == SL_OK)
		rc = add_data(&x, err);
	if (rc == SL_OK)
		rc = add_approvals(&x, err);
	if (rc == SL_OK)
		rc = add_log(&x, err);
	if (rc == SL_OK)
		rc = add_words(&x, err);
	if (rc == SL_OK)
		rc = add_statement(&x, err);
	sl_store_review_free(x.reviews, x.nreviews);
	sl_store_review_free(x.owners, x.nowners);
	sl_roots_free(x.roots, x.nroots);
	free(x.restored);
	sl_opened_free(&x.o);
	sl_store_release_free(&x.release);
	if (rc != SL_OK)
		sl_bundle_free(out);
	return rc;
}
