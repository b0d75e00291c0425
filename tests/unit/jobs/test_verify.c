/*
 * test_verify.c - a bundle made here is verified; then it is changed byte by byte, file by file, and, signed anew
 * by the
 * same enclave, in each thing that the signature alone would not show.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "enclave/base/text.h"
#include "jobs/bundle.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/sign/base64.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/checkpoint.h"
#include "jobs/sign/dsse.h"
#include "jobs/sign/sshsign.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* What is wrong with a bundle that is otherwise signed in order. */
enum fault {
	NOTHING = 0, NOBODY_APPROVED, REJECTED, OTHER_PUBLICATION_APPROVED, OTHER_POLICY_APPROVED, OTHER_FINGERPRINT,
	APPROVED_TWICE, CSV_NOT_APPROVED, EXTRA_CSV, OTHER_RELEASE_IN_LOG, OTHER_KIND_IN_LOG, FIRST_LEAF_NOT_FIRST,
	PUBLICATION_OF_OTHER_REQUEST, EXTRA_APPROVAL, ROOT_NOT_TOLD, ROOT_TOLD_OTHERWISE, RESTORE_NOT_TOLD,
	RESTORE_TOLD_OTHERWISE, RESTORE_NOT_SIGNED, OWNER_DID_NOT_ANSWER, OWNER_REJECTED, OWNER_APPROVED_OTHER,
	OWNER_SIGNED_AS_REVIEWER, NOT_ACKNOWLEDGED, OTHER_ACKNOWLEDGED, ONE_OF_TWO_ACKNOWLEDGED, NOT_TOLD_WHAT,
	NOT_A_LIST_OF_RULES, FAULTS_
};

/*
 * What the log of a bundle has between its first leaf and its own; or that an owner was asked as well, or something was
 * left to judge.
 */
enum between { PLAIN = 0, REROOTED, RESTORED, OWNED, JUDGED, BETWEENS_ };

static char play[48];
static char key_path[64], dir[64];
static struct sl_ed25519 enclave_key, other_key;
static struct sl_ssh_key rui;
static struct sl_buf anchor, other_anchor;
static struct sl_buf rooted_anchor;                      /* names the root of trust of a bundle that was REROOTED */
static const struct sl_ed25519 *signer = &enclave_key;   /* of the bundle that is made */
static enum between between;

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

static void make_anchor(const struct sl_ed25519 *key, bool rooted, struct sl_buf *out)
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
static void add_signed(struct sl_bundle *b, const char *folder, const char *namespace, json_t *said)
{
	struct sl_buf text = { 0 }, armour = { 0 }, signers = { 0 };
	struct sl_err err = { 0 };
	char path[64];

	assert_non_null(said);
	assert_int_equal(sl_canon_put(said, &text, &err), SL_OK);
	assert_int_equal(sl_sshsign_make(key_path, namespace, text.data, text.len, &armour, NULL, &err), SL_OK);
	(void)snprintf(path, sizeof path, "%s/rui.json", folder);
	add(b, path, sl_buf_cstr(&text));
	(void)snprintf(path, sizeof path, "%s/rui.json.sig", folder);
	add(b, path, sl_buf_cstr(&armour));
	sl_buf_printf(&signers, "rui namespaces=\"%s\" ", namespace);
	sl_ssh_key_text(&rui, &signers);
	sl_buf_text(&signers, "\n");
	(void)snprintf(path, sizeof path, "%s/allowed_signers", folder);
	add(b, path, sl_buf_cstr(&signers));
	sl_buf_free(&text);
	sl_buf_free(&armour);
	sl_buf_free(&signers);
	json_decref(said);
}

static void add_approval(struct sl_bundle *b, enum fault f)
{
	json_t *digest =
		f == OTHER_PUBLICATION_APPROVED ? json_string(ZEROS) : digest_of(b, "publication.json");

	json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:o}", "decision", f == REJECTED ? "reject" : "approve", "enclave",
	                         "demo", "policy sha256", f == OTHER_POLICY_APPROVED ? ZEROS "0" : ZEROS, "request", "R-1",
	                         "publication sha256", digest);
	if (between == JUDGED) {
		json_t *named = f == NOT_ACKNOWLEDGED          ? json_array()
		                : f == OTHER_ACKNOWLEDGED      ? json_pack("[s, s]", "depth", "differencings")
		                : f == ONE_OF_TWO_ACKNOWLEDGED ? json_pack("[s]", "differencing")
		                                               : json_pack("[s, s]", "differencing", "depth");
		assert_int_equal(json_object_set_new(said, "acknowledged", named), 0);
		assert_int_equal(json_object_set_new(said, "findings", json_string(ZEROS)), 0);
	}
	add_signed(b, "approvals", "review@sluice", said);
	if (f == EXTRA_APPROVAL)
		add(b, "approvals/ana.json", "{}");
}

static void add_owner(struct sl_bundle *b, enum fault f)
{
	json_t *digest = f == OWNER_APPROVED_OTHER ? json_string(ZEROS) : digest_of(b, "publication.json");

	add_signed(b, "owners", f == OWNER_SIGNED_AS_REVIEWER ? "review@sluice" : "grant@sluice",
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
static void restored_leaf(enum fault f, struct sl_buf *out)
{
	struct sl_buf said = { 0 }, sig = { 0 };
	uint8_t bytes[SL_ED25519_SIGNATURE_BYTES];
	struct sl_err err = { 0 };
	json_t *v = json_pack("{s:s, s:s, s:i, s:s, s:i}", "sluice", "log.restored", "enclave", "demo", "log leaf",
	                      f == RESTORE_NOT_SIGNED ? 2 : 1, "outside root", ZEROS, "outside size", 9);

	assert_int_equal(sl_canon_put(v, &said, &err), SL_OK);
	assert_int_equal(sl_ed25519_sign(signer, said.data, said.len, bytes, &err), SL_OK);
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
static const char *leaf_between(struct sl_bundle *b, enum fault f, struct sl_merkle_hash *hash)
{
	struct sl_buf leaf = { 0 };
	struct sl_err err = { 0 };

	if (between == RESTORED)
		restored_leaf(f, &leaf);
	else
		sl_buf_text(&leaf, between == REROOTED ? root_leaf : "x");
	assert_int_equal(sl_merkle_leaf(leaf.data, leaf.len, hash, &err), SL_OK);
	if (between == REROOTED || between == RESTORED)
		add(b, between == RESTORED ? "log/restored-leaf.json" : "log/root-leaf.json", sl_buf_cstr(&leaf));
	sl_buf_free(&leaf);
	return between == RESTORED ? "log/restored-inclusion.json" : between == REROOTED ? "log/root-inclusion.json" : NULL;
}

static void add_log(struct sl_bundle *b, enum fault f)
{
	struct sl_merkle_hash hashes[3];
	struct sl_checkpoint cp = { .origin = "demo", .size = 3 };
	struct sl_buf note = { 0 };
	struct sl_err err = { 0 };
	uint64_t first = f == FIRST_LEAF_NOT_FIRST ? 1 : 0;

	json_t *made = json_pack("{s:s, s:s, s:s, s:s, s:o}", "kind", f == OTHER_KIND_IN_LOG ? "job.held" : "release.made",
	                         "project", "liver", "release", f == OTHER_RELEASE_IN_LOG ? "L-2" : "L-1", "request", "R-1",
	                         "publication", digest_of(b, "publication.json"));
	if (between == OWNED)
		assert_int_equal(json_object_set_new(made, "owners", json_pack("[s]", "health")), 0);
	if (between == JUDGED && f != NOT_TOLD_WHAT)
		assert_int_equal(json_object_set_new(made, "acknowledge",
		                                     f == NOT_A_LIST_OF_RULES ? json_pack("[i]", 7)
		                                                              : json_pack("[s, s]", "differencing", "depth")),
		                 0);
	add_json(b, "log/leaf.json", made);
	add(b, "log/first-leaf.json", first_leaf);
	const char *proof = leaf_between(b, f, &hashes[1 - first]);
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
	assert_int_equal(sl_checkpoint_sign(&cp, signer, &note, &err), SL_OK);
	add(b, "log/checkpoint.txt", sl_buf_cstr(&note));
	sl_buf_free(&note);
}

static void add_statement(struct sl_bundle *b, enum fault f)
{
	struct sl_buf payload = { 0 }, out = { 0 };
	struct sl_err err = { 0 };
	char print[SL_SSH_FINGERPRINT_TEXT];
	json_t *subjects = json_array(), *reviewers = json_array();

	for (uint32_t i = 0; i < b->nfiles; i++)
		json_array_append_new(subjects,
		                      json_pack("{s:s, s:{s:o}}", "name", b->files[i].path, "digest", "sha256",
		                                sl_pack_hex(b->files[i].sha256)));
	assert_int_equal(sl_ssh_key_fingerprint(&rui, print, &err), SL_OK);
	int n = f == NOBODY_APPROVED ? 0 : f == APPROVED_TWICE ? 2 : 1;
	for (int i = 0; i < n; i++)
		json_array_append_new(reviewers, json_pack("{s:s, s:s}", "fingerprint",
		                                           f == OTHER_FINGERPRINT ? "SHA256:x" : print, "person", "rui"));
	json_t *v = json_pack("{s:s, s:s, s:o, s:{s:s, s:s, s:s, s:s, s:s, s:o, s:o}}", "_type", SL_BUNDLE_STATEMENT_TYPE,
	                      "predicateType", SL_BUNDLE_PREDICATE, "subject", subjects, "predicate", "enclave", "demo",
	                      "release", "L-1", "request", "R-1", "project", "liver", "policy sha256", ZEROS,
	                      "publication sha256", digest_of(b, "publication.json"), "reviewers", reviewers);
	json_t *predicate = json_object_get(v, "predicate");
	if (between == OWNED)
		json_object_set_new(predicate, "owners", json_pack("[{s:s, s:s}]", "fingerprint", print, "person", "rui"));
	if (between == REROOTED && f != ROOT_NOT_TOLD)
		json_object_set_new(predicate, "root changed",
		                    json_pack("{s:s, s:i, s:s}", "at", "2026-11-26T10:00:00Z", "leaf", 1, "reason",
		                              f == ROOT_TOLD_OTHERWISE ? "found" : "lost"));
	if (between == RESTORED && f != RESTORE_NOT_TOLD)
		json_object_set_new(predicate, "log restored",
		                    json_pack("{s:s, s:i, s:i}", "at", "2026-11-26T10:00:00Z", "leaf", 1, "outside size",
		                              f == RESTORE_TOLD_OTHERWISE ? 8 : 9));
	assert_int_equal(sl_canon_put(v, &payload, &err), SL_OK);
	json_decref(v);
	assert_int_equal(sl_dsse_make(payload.data, payload.len, signer, &out, &err), SL_OK);
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

static void make(struct sl_bundle *b, enum fault f)
{
	struct sl_buf pem = { 0 };

	memset(b, 0, sizeof *b);
	add_publication(b, f);
	add_approval(b, f);
	if (between == OWNED)
		add_owner(b, f);
	add_log(b, f);
	sl_ed25519_public_pem(signer->public, &pem);
	add(b, "enclave.pub.pem", sl_buf_cstr(&pem));
	add(b, "VERIFY.txt", "how\n");
	add(b, "datapackage.json", "{}");
	add(b, "sdc-record.json", "{}");
	add_statement(b, f);
	sl_buf_free(&pem);
}

static void wipe(void)
{
	char command[128];

	(void)snprintf(command, sizeof command, "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

static void place(const struct sl_bundle *b)
{
	struct sl_err err = { 0 };

	wipe();
	assert_int_equal(sl_bundle_write(b, dir, &err), SL_OK);
}

static enum sl_rc verify_with(const char *text, size_t len)
{
	struct sl_buf steps = { 0 };
	struct sl_err err = { 0 };
	enum sl_rc rc = sl_release_verify(dir, text, len, &steps, &err);

	assert_true(rc == SL_OK ? err.rc == SL_OK : err.rc == rc);
	sl_buf_free(&steps);
	return rc;
}

static enum sl_rc verify(void)
{
	const struct sl_buf *a = between == REROOTED ? &rooted_anchor : &anchor;

	return verify_with((const char *)a->data, a->len);
}

static void test_whole_bundle_with_its_anchor_verifies_and_without_is_undecided(void **state)
{
	struct sl_bundle b;

	(void)state;
	make(&b, NOTHING);
	place(&b);
	assert_int_equal(verify(), SL_OK);
	assert_int_equal(verify_with(NULL, 0), SL_E_UNDECIDED);
	assert_int_equal(verify_with((const char *)other_anchor.data, other_anchor.len), SL_E_INTEGRITY);
	sl_bundle_free(&b);
}

static void test_anchor_cut_anywhere_is_no_anchor(void **state)
{
	struct sl_bundle b;

	(void)state;
	make(&b, NOTHING);
	place(&b);
	for (size_t n = 0; n < anchor.len; n++) {
		char *cut = malloc(n + 1);
		assert_non_null(cut);
		memcpy(cut, anchor.data, n);
		assert_int_equal(verify_with(cut, n), SL_E_INPUT);
		free(cut);
	}
	sl_bundle_free(&b);
}

/* Rewrites one file in place. */
static void put(const struct sl_release_file *f)
{
	char path[256];

	(void)snprintf(path, sizeof path, "%s/%s", dir, f->path);
	FILE *to = fopen(path, "wb");
	assert_non_null(to);
	assert_int_equal(fwrite(f->bytes.data, 1, f->bytes.len, to), f->bytes.len);
	assert_int_equal(fclose(to), 0);
}

/*
 * Of the signed statement each byte is changed. The other files are found by their digest in it, or are compared as a
 * whole with what is made of it, each byte as its neighbours are: of them it is every eleventh, and the last. With
 * SL_VERIFY_EVERY_BYTE, as under ctest -L long, it is every byte of all.
 */
static size_t next_byte(const struct sl_release_file *f, size_t k)
{
	size_t step = strcmp(f->path, SL_BUNDLE_STATEMENT) != 0 && getenv("SL_VERIFY_EVERY_BYTE") == NULL ? 11 : 1;

	return k + 1 < f->bytes.len && k + step >= f->bytes.len ? f->bytes.len - 1 : k + step;
}

/* Bytes of every file, whatever the log has. */
static void test_changed_byte_in_any_file_is_found(void **state)
{
	struct sl_bundle b;

	(void)state;
	for (between = PLAIN; between < BETWEENS_; between++) {
		make(&b, NOTHING);
		place(&b);
		for (uint32_t i = 0; i < b.nfiles; i++) {
			struct sl_release_file *f = &b.files[i];
			if (between != PLAIN && strncmp(f->path, "log/r", 5) != 0 && strncmp(f->path, "owners/", 7) != 0 &&
			    (between != JUDGED || strcmp(f->path, "approvals/rui.json") != 0))
				continue; /* the others are as they were */
			for (size_t k = 0; k < f->bytes.len; k = next_byte(f, k)) {
				f->bytes.data[k] ^= 1;
				put(f);
				if (verify() != SL_E_INTEGRITY)
					fail_msg("%s: byte %zu was changed and not found", f->path, k);
				f->bytes.data[k] ^= 1;
			}
			put(f);
		}
		assert_int_equal(verify(), SL_OK);
		sl_bundle_free(&b);
	}
	between = PLAIN;
}

/* The files that bundle.h lists are those that the tests here change: a new one is not forgotten. */
static void test_every_file_that_a_bundle_may_have_is_among_these(void **state)
{
	bool restored = false, rooted = false;
	char line[256], *rest, *word;
	FILE *in = fopen(SL_TEST_SOURCE_DIR "/jobs/bundle.h", "r");
	struct sl_bundle b[BETWEENS_];
	size_t found = 0;

	(void)state;
	assert_non_null(in);
	for (between = PLAIN; between < BETWEENS_; between++)
		make(&b[between], NOTHING);
	between = PLAIN;
	while (fgets(line, sizeof line, in) != NULL && strcmp(line, " */\n") != 0)
		for (word = strncmp(line, " *   ", 5) != 0 ? NULL : strtok_r(line, " *\n;", &rest); word != NULL;
		     word = strtok_r(NULL, " *\n;", &rest)) {
			const char *path = strcmp(word, "data/NAME.csv") == 0 ? "data/a.csv"
			                   : strcmp(word, "approvals/PERSON.json") == 0     ? "approvals/rui.json"
			                   : strcmp(word, "approvals/PERSON.json.sig") == 0 ? "approvals/rui.json.sig"
			                   : strcmp(word, "owners/PERSON.json") == 0        ? "owners/rui.json"
			                   : strcmp(word, "owners/PERSON.json.sig") == 0    ? "owners/rui.json.sig"
			                                                                    : word;
			if (strchr(path, '/') == NULL && strchr(path, '.') == NULL && strcmp(path, SL_BUNDLE_SUMS) != 0)
				continue;
			bool there = false;
			for (size_t i = 0; i < BETWEENS_; i++)
				there = there || sl_bundle_find(&b[i], path) != NULL;
			if (!there)
				fail_msg("%s may be in a bundle, and is in none of these", path);
			restored = restored || strcmp(path, "log/restored-inclusion.json") == 0;
			rooted = rooted || strcmp(path, "log/root-inclusion.json") == 0;
			found++;
		}
	assert_int_equal(fclose(in), 0);
	assert_true(restored && rooted && found > 20);
	for (size_t i = 0; i < BETWEENS_; i++)
		sl_bundle_free(&b[i]);
}

/* Another enclave signs all of it with its own key: everything fits but the anchor, and that does not. */
static void test_bundle_signed_anew_by_another_enclave_is_refused(void **state)
{
	struct sl_bundle b;

	(void)state;
	signer = &other_key;
	for (between = PLAIN; between < BETWEENS_; between++) {
		make(&b, NOTHING);
		place(&b);
		assert_int_equal(verify(), SL_E_INTEGRITY);
		assert_int_equal(verify_with(NULL, 0), SL_E_UNDECIDED);
		sl_bundle_free(&b);
	}
	signer = &enclave_key;
	between = PLAIN;
}

static void test_missing_and_longer_files_are_found(void **state)
{
	struct sl_bundle b;
	char path[256];

	(void)state;
	make(&b, NOTHING);
	place(&b);
	for (uint32_t i = 0; i < b.nfiles; i++) {
		struct sl_release_file *f = &b.files[i];
		(void)snprintf(path, sizeof path, "%s/%s", dir, f->path);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(verify(), SL_E_INTEGRITY);
		sl_buf_text(&f->bytes, "\n");
		put(f);
		assert_int_equal(verify(), SL_E_INTEGRITY);
		f->bytes.len--;
		put(f);
	}
	assert_int_equal(verify(), SL_OK);
	sl_bundle_free(&b);
}

static void test_extra_file_folder_or_link_is_found(void **state)
{
	static const char *const extras[] = { "zz", "data/zz.csv", "more/zz" };
	struct sl_bundle b;
	char path[256];

	(void)state;
	make(&b, NOTHING);
	for (size_t i = 0; i < sizeof extras / sizeof extras[0]; i++) {
		struct sl_err err = { 0 };
		struct sl_bundle with;
		make(&with, NOTHING);
		assert_int_equal(sl_bundle_add(&with, extras[i], "", 0, &err), SL_OK);
		place(&with);
		assert_int_equal(verify(), SL_E_INTEGRITY);
		sl_bundle_free(&with);
	}
	place(&b);
	(void)snprintf(path, sizeof path, "%s/empty", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(verify(), SL_E_INTEGRITY);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink("VERIFY.txt", path), 0);
	assert_int_equal(verify(), SL_E_INTEGRITY);
	sl_bundle_free(&b);
}

static void test_each_fault_signed_by_the_enclave_is_found(void **state)
{
	(void)state;
	for (int f = NOTHING + 1; f < FAULTS_; f++) {
		struct sl_bundle b;
		between = f >= NOT_ACKNOWLEDGED       ? JUDGED
		          : f >= OWNER_DID_NOT_ANSWER ? OWNED
		          : f >= RESTORE_NOT_TOLD   ? RESTORED
		          : f >= ROOT_NOT_TOLD      ? REROOTED
		                                    : PLAIN;
		make(&b, (enum fault)f);
		place(&b);
		if (verify() != SL_E_INTEGRITY)
			fail_msg("fault %d was not found", f);
		sl_bundle_free(&b);
	}
	between = PLAIN;
}

static int set_up(void **state)
{
	char command[256];
	struct sl_buf line = { 0 };
	struct sl_err err = { 0 };
	char text[1024];

	(void)state;
	const char *tmp = getenv("TMPDIR");
	(void)snprintf(play, sizeof play, "%s/sluice-verify-XXXXXX", tmp != NULL && strlen(tmp) < 24 ? tmp : "/tmp");
	if (mkdtemp(play) == NULL)
		return -1;
	(void)snprintf(dir, sizeof dir, "%s/L-1", play);
	(void)snprintf(key_path, sizeof key_path, "%s/rui", play);
	(void)snprintf(command, sizeof command, "ssh-keygen -q -t ed25519 -N '' -C rui -f %s", key_path);
	if (system(command) != 0)
		return -1;
	(void)snprintf(command, sizeof command, "%s.pub", key_path);
	FILE *pub = fopen(command, "r");
	if (pub == NULL || fgets(text, sizeof text, pub) == NULL || fclose(pub) != 0)
		return -1;
	sl_buf_free(&line);
	if (sl_ssh_key_parse(text, strlen(text), &rui, &err) != SL_OK || sl_ed25519_generate(&enclave_key, &err) != SL_OK ||
	    sl_ed25519_generate(&other_key, &err) != SL_OK)
		return -1;
	make_anchor(&enclave_key, false, &anchor);
	make_anchor(&enclave_key, true, &rooted_anchor);
	make_anchor(&other_key, false, &other_anchor);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	sl_buf_free(&anchor);
	sl_buf_free(&other_anchor);
	sl_buf_free(&rooted_anchor);
	(void)snprintf(command, sizeof command, "rm -rf %s", play);
	return system(command) == 0 ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_bundle_with_its_anchor_verifies_and_without_is_undecided),
		cmocka_unit_test(test_anchor_cut_anywhere_is_no_anchor),
		cmocka_unit_test(test_changed_byte_in_any_file_is_found),
		cmocka_unit_test(test_every_file_that_a_bundle_may_have_is_among_these),
		cmocka_unit_test(test_bundle_signed_anew_by_another_enclave_is_refused),
		cmocka_unit_test(test_missing_and_longer_files_are_found),
		cmocka_unit_test(test_extra_file_folder_or_link_is_found),
		cmocka_unit_test(test_each_fault_signed_by_the_enclave_is_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
