/* forge.c - see forge.h. */
#include "tests/unit/jobs/forge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/pack.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/checkpoint.h"
#include "jobs/sign/dsse.h"
#include "jobs/sign/sshsign.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void add(struct sl_bundle *b, const char *path, const char *text)
{
	struct sl_err err = { 0 };

	assert_int_equal(sl_bundle_add(b, path, text, strlen(text), &err), SL_OK);
}

static void add_json(struct sl_bundle *b, const char *path, json_t *v)
{
	struct sl_buf text = { 0 };
	struct sl_err err = { 0 };

	assert_non_null(v);
	assert_int_equal(sl_canon_put(v, &text, &err), SL_OK);
	add(b, path, sl_buf_cstr(&text));
	sl_buf_free(&text);
	json_decref(v);
}

static json_t *digest_of(const struct sl_bundle *b, const char *path)
{
	return sl_pack_hex(sl_bundle_find(b, path)->sha256);
}

static const char first_leaf[] = "{\"kind\":\"enclave.founded\"}";

static const char root_leaf[] = "{\"at\":\"2026-11-26T10:00:00Z\",\"kind\":\"enclave.rerooted\",\"reason\":\"lost\"}";

void forge_anchor(const struct sl_ed25519 *key, bool rooted, struct sl_buf *out)
{
	struct sl_checkpoint cp = { .origin = "demo", .size = 1 };
	struct sl_signed_note_key name = { .name = "demo" };
	struct sl_err err = { 0 };

	memcpy(name.public, key->public, sizeof name.public);
	assert_int_equal(sl_merkle_leaf(first_leaf, strlen(first_leaf), &cp.root, &err), SL_OK);
	sl_buf_text(out, "sluice anchor v1\nenclave demo\nkey ");
	assert_int_equal(sl_signed_note_key_put(&name, out, &err), SL_OK);
	if (rooted) {
		struct sl_merkle_hash root;
		char hex[65];
		assert_int_equal(sl_merkle_leaf(root_leaf, strlen(root_leaf), &root, &err), SL_OK);
		sl_text_hex(root.b, sizeof root.b, hex);
		sl_buf_printf(out, "\nroot 1 %s", hex);
	}
	sl_buf_text(out, "\n\n");
	assert_int_equal(sl_checkpoint_sign(&cp, key, out, &err), SL_OK);
}

static void add_publication(struct sl_bundle *b, enum fault f)
{
	add(b, "data/a.csv", "sex,n\nfemale,12\nmale,[c]\n");
	json_t *digest = f == CSV_NOT_APPROVED ? json_string(ZEROS) : digest_of(b, "data/a.csv");
	if (f == EXTRA_CSV)
		add(b, "data/b.csv", "n\n1\n");
	add_json(b, "publication.json",
	         json_pack("{s:s, s:[{s:s, s:o}], s:s, s:s, s:s}", "enclave", "demo", "files", "path", "data/a.csv",
	                   "sha256", digest, "policy sha256", ZEROS, "project", "liver", "request",
	                   f == PUBLICATION_OF_OTHER_REQUEST ? "R-2" : "R-1"));
}

/* What one person signed, whose key signed it, and in which folder it lies. */
static void add_signed(const struct forge *by, struct sl_bundle *b, const char *folder, const char *namespace,
                       json_t *said)
{
	struct sl_buf text = { 0 }, armour = { 0 }, signers = { 0 };
	struct sl_err err = { 0 };
	char path[64];

	assert_non_null(said);
	assert_int_equal(sl_canon_put(said, &text, &err), SL_OK);
	assert_int_equal(sl_sshsign_make(by->key_path, namespace, text.data, text.len, &armour, NULL, &err), SL_OK);
	(void)snprintf(path, sizeof path, "%s/rui.json", folder);
	add(b, path, sl_buf_cstr(&text));
	(void)snprintf(path, sizeof path, "%s/rui.json.sig", folder);
	add(b, path, sl_buf_cstr(&armour));
	sl_buf_printf(&signers, "rui namespaces=\"%s\" ", namespace);
	sl_ssh_key_text(by->rui, &signers);
	sl_buf_text(&signers, "\n");
	(void)snprintf(path, sizeof path, "%s/allowed_signers", folder);
	add(b, path, sl_buf_cstr(&signers));
	sl_buf_free(&text);
	sl_buf_free(&armour);
	sl_buf_free(&signers);
	json_decref(said);
}

static void add_approval(const struct forge *by, struct sl_bundle *b, enum fault f)
{
	json_t *digest =
		f == OTHER_PUBLICATION_APPROVED ? json_string(ZEROS) : digest_of(b, "publication.json");

	json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:o}", "decision", f == REJECTED ? "reject" : "approve", "enclave",
	                         "demo", "policy sha256", f == OTHER_POLICY_APPROVED ? ZEROS "0" : ZEROS, "request", "R-1",
	                         "publication sha256", digest);
	if (by->between == JUDGED) {
		json_t *named = f == NOT_ACKNOWLEDGED          ? json_array()
		                : f == OTHER_ACKNOWLEDGED      ? json_pack("[s, s]", "depth", "differencings")
		                : f == ONE_OF_TWO_ACKNOWLEDGED ? json_pack("[s]", "differencing")
		                                               : json_pack("[s, s]", "differencing", "depth");
		assert_int_equal(json_object_set_new(said, "acknowledged", named), 0);
		assert_int_equal(json_object_set_new(said, "findings", json_string(ZEROS)), 0);
	}
	add_signed(by, b, "approvals", "review@sluice", said);
	if (f == EXTRA_APPROVAL)
		add(b, "approvals/ana.json", "{}");
}

static void add_owner(const struct forge *by, struct sl_bundle *b, enum fault f)
{
	json_t *digest = f == OWNER_APPROVED_OTHER ? json_string(ZEROS) : digest_of(b, "publication.json");

	add_signed(by, b, "owners", f == OWNER_SIGNED_AS_REVIEWER ? "review@sluice" : "grant@sluice",
	           json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "act", f == OWNER_REJECTED ? "reject" : "approve", "enclave",
	                     "demo", "owner", f == OWNER_DID_NOT_ANSWER ? "taxes" : "health", "policy sha256", ZEROS,
	                     "request", "R-1", "publication sha256", digest));
}

static void add_proof(struct sl_bundle *b, const char *path, struct sl_merkle_hash *hashes, uint64_t index)
{
	struct sl_merkle_leaves leaves = sl_merkle_array(hashes, 3);
	struct sl_merkle_proof proof;
	struct sl_err err = { 0 };
	json_t *list = json_array();

	assert_int_equal(sl_merkle_inclusion(&leaves, index, 3, &proof, &err), SL_OK);
	for (uint32_t i = 0; i < proof.n; i++)
		json_array_append_new(list, sl_pack_hex(proof.hash[i].b));
	add_json(b, path, json_pack("{s:o, s:I, s:I}", "hashes", list, "index", (json_int_t)index, "size", (json_int_t)3));
}

/* The leaf of a restore, as an enclave signs it for place 1. */
static void restored_leaf(const struct forge *by, enum fault f, struct sl_buf *out)
{
	struct sl_buf said = { 0 }, sig = { 0 };
	uint8_t bytes[SL_ED25519_SIGNATURE_BYTES];
	struct sl_err err = { 0 };
	json_t *v = json_pack("{s:s, s:s, s:i, s:s, s:i}", "sluice", "log.restored", "enclave", "demo", "log leaf",
	                      f == RESTORE_NOT_SIGNED ? 2 : 1, "outside root", ZEROS, "outside size", 9);

	assert_int_equal(sl_canon_put(v, &said, &err), SL_OK);
	assert_int_equal(sl_ed25519_sign(by->signer, said.data, said.len, bytes, &err), SL_OK);
	sl_base64_put(&sig, bytes, sizeof bytes);
	json_decref(v);
	v = json_pack("{s:s, s:s, s:s, s:i, s:s}", "at", "2026-11-26T10:00:00Z", "kind", "log.restored", "outside root", ZEROS,
	              "outside size", 9, "signature", sl_buf_cstr(&sig));
	assert_int_equal(sl_canon_put(v, out, &err), SL_OK);
	json_decref(v);
	sl_buf_free(&said);
	sl_buf_free(&sig);
}

/* The leaf at place 1, and when a bundle has it, its file and its proof's name. */
static const char *leaf_between(const struct forge *by, struct sl_bundle *b, enum fault f,
                                struct sl_merkle_hash *hash)
{
	struct sl_buf leaf = { 0 };
	struct sl_err err = { 0 };

	if (by->between == RESTORED)
		restored_leaf(by, f, &leaf);
	else
		sl_buf_text(&leaf, by->between == REROOTED ? root_leaf : "x");
	assert_int_equal(sl_merkle_leaf(leaf.data, leaf.len, hash, &err), SL_OK);
	if (by->between == REROOTED || by->between == RESTORED)
		add(b, by->between == RESTORED ? "log/restored-leaf.json" : "log/root-leaf.json", sl_buf_cstr(&leaf));
	sl_buf_free(&leaf);
	return by->between == RESTORED    ? "log/restored-inclusion.json"
	       : by->between == REROOTED ? "log/root-inclusion.json"
	                                 : NULL;
}

static void add_log(const struct forge *by, struct sl_bundle *b, enum fault f)
{
	struct sl_merkle_hash hashes[3];
	struct sl_checkpoint cp = { .origin = "demo", .size = 3 };
	struct sl_buf note = { 0 };
	struct sl_err err = { 0 };
	uint64_t first = f == FIRST_LEAF_NOT_FIRST ? 1 : 0;

	json_t *made = json_pack("{s:s, s:s, s:s, s:s, s:o}", "kind", f == OTHER_KIND_IN_LOG ? "job.held" : "release.made",
	                         "project", "liver", "release", f == OTHER_RELEASE_IN_LOG ? "L-2" : "L-1", "request", "R-1",
	                         "publication", digest_of(b, "publication.json"));
	if (by->between == OWNED)
		assert_int_equal(json_object_set_new(made, "owners", json_pack("[s]", "health")), 0);
	if (by->between == JUDGED && f != NOT_TOLD_WHAT)
		assert_int_equal(json_object_set_new(made, "acknowledge",
		                                     f == NOT_A_LIST_OF_RULES ? json_pack("[i]", 7)
		                                                              : json_pack("[s, s]", "differencing", "depth")),
		                 0);
	add_json(b, "log/leaf.json", made);
	add(b, "log/first-leaf.json", first_leaf);
	const char *proof = leaf_between(by, b, f, &hashes[1 - first]);
	/* Behind it: adding a file moves the others. */
	const struct sl_release_file *leaf = sl_bundle_find(b, "log/leaf.json");
	assert_int_equal(sl_merkle_leaf(first_leaf, strlen(first_leaf), &hashes[first], &err), SL_OK);
	assert_int_equal(sl_merkle_leaf(leaf->bytes.data, leaf->bytes.len, &hashes[2], &err), SL_OK);
	struct sl_merkle_leaves leaves = sl_merkle_array(hashes, 3);
	assert_int_equal(sl_merkle_root(&leaves, 3, &cp.root, &err), SL_OK);
	add_proof(b, "log/inclusion.json", hashes, 2);
	add_proof(b, "log/first-inclusion.json", hashes, first);
	if (proof != NULL)
		add_proof(b, proof, hashes, 1);
	assert_int_equal(sl_checkpoint_sign(&cp, by->signer, &note, &err), SL_OK);
	add(b, "log/checkpoint.txt", sl_buf_cstr(&note));
	sl_buf_free(&note);
}

static void add_statement(const struct forge *by, struct sl_bundle *b, enum fault f)
{
	struct sl_buf payload = { 0 }, out = { 0 };
	struct sl_err err = { 0 };
	char print[SL_SSH_FINGERPRINT_TEXT];
	json_t *subjects = json_array(), *reviewers = json_array();

	for (uint32_t i = 0; i < b->nfiles; i++)
		json_array_append_new(subjects,
		                      json_pack("{s:s, s:{s:o}}", "name", b->files[i].path, "digest", "sha256",
		                                sl_pack_hex(b->files[i].sha256)));
	assert_int_equal(sl_ssh_key_fingerprint(by->rui, print, &err), SL_OK);
	int n = f == NOBODY_APPROVED ? 0 : f == APPROVED_TWICE ? 2 : 1;
	for (int i = 0; i < n; i++)
		json_array_append_new(reviewers, json_pack("{s:s, s:s}", "fingerprint",
		                                           f == OTHER_FINGERPRINT ? "SHA256:x" : print, "person", "rui"));
	json_t *v = json_pack("{s:s, s:s, s:o, s:{s:s, s:s, s:s, s:s, s:s, s:o, s:o}}", "_type", SL_BUNDLE_STATEMENT_TYPE,
	                      "predicateType", SL_BUNDLE_PREDICATE, "subject", subjects, "predicate", "enclave", "demo",
	                      "release", "L-1", "request", "R-1", "project", "liver", "policy sha256", ZEROS,
	                      "publication sha256", digest_of(b, "publication.json"), "reviewers", reviewers);
	json_t *predicate = json_object_get(v, "predicate");
	if (by->between == OWNED)
		json_object_set_new(predicate, "owners", json_pack("[{s:s, s:s}]", "fingerprint", print, "person", "rui"));
	if (by->between == REROOTED && f != ROOT_NOT_TOLD)
		json_object_set_new(predicate, "root changed",
		                    json_pack("{s:s, s:i, s:s}", "at", "2026-11-26T10:00:00Z", "leaf", 1, "reason",
		                              f == ROOT_TOLD_OTHERWISE ? "found" : "lost"));
	if (by->between == RESTORED && f != RESTORE_NOT_TOLD)
		json_object_set_new(predicate, "log restored",
		                    json_pack("{s:s, s:i, s:i}", "at", "2026-11-26T10:00:00Z", "leaf", 1, "outside size",
		                              f == RESTORE_TOLD_OTHERWISE ? 8 : 9));
	assert_int_equal(sl_canon_put(v, &payload, &err), SL_OK);
	json_decref(v);
	assert_int_equal(sl_dsse_make(payload.data, payload.len, by->signer, &out, &err), SL_OK);
	add(b, SL_BUNDLE_STATEMENT, sl_buf_cstr(&out));
	sl_buf_reset(&out);
	assert_int_equal(sl_bundle_pae(payload.data, payload.len, &out, &err), SL_OK);
	add(b, SL_BUNDLE_PAE, sl_buf_cstr(&out));
	sl_buf_reset(&out);
	assert_int_equal(sl_bundle_sig(sl_bundle_find(b, SL_BUNDLE_STATEMENT), &out, &err), SL_OK);
	assert_int_equal(sl_bundle_add(b, SL_BUNDLE_SIG, out.data, out.len, &err), SL_OK);
	sl_buf_reset(&out);
	assert_int_equal(sl_bundle_sums(b, &out, &err), SL_OK);
	add(b, SL_BUNDLE_SUMS, sl_buf_cstr(&out));
	sl_buf_free(&out);
	sl_buf_free(&payload);
}

void forge_bundle(const struct forge *by, struct sl_bundle *b, enum fault f)
{
	struct sl_buf pem = { 0 };

	memset(b, 0, sizeof *b);
	add_publication(b, f);
	add_approval(by, b, f);
	if (by->between == OWNED)
		add_owner(by, b, f);
	add_log(by, b, f);
	sl_ed25519_public_pem(by->signer->public, &pem);
	add(b, "enclave.pub.pem", sl_buf_cstr(&pem));
	add(b, "VERIFY.txt", "how\n");
	add(b, "datapackage.json", "{}");
	add(b, "sdc-record.json", "{}");
	add_statement(by, b, f);
	sl_buf_free(&pem);
}
