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

#include "jobs/bundle.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "jobs/sign/canon.h"
#include "jobs/sign/checkpoint.h"
#include "jobs/sign/dsse.h"
#include "jobs/sign/sshsign.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* What is wrong with a bundle that is otherwise signed in order. */
enum fault {
	NOTHING = 0, NOBODY_APPROVED, REJECTED, OTHER_PUBLICATION_APPROVED, OTHER_POLICY_APPROVED, OTHER_FINGERPRINT,
	APPROVED_TWICE, CSV_NOT_APPROVED, EXTRA_CSV, OTHER_RELEASE_IN_LOG, OTHER_KIND_IN_LOG, FIRST_LEAF_NOT_FIRST,
	PUBLICATION_OF_OTHER_REQUEST, EXTRA_APPROVAL, FAULTS_
};

static char play[] = "/tmp/sluice-verify-XXXXXX";
static char key_path[64], dir[64];
static struct sl_ed25519 enclave_key, other_key;
static struct sl_ssh_key rui;
static struct sl_buf anchor, other_anchor;

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

static void make_anchor(const struct sl_ed25519 *key, struct sl_buf *out)
{
	struct sl_checkpoint cp = { .origin = "demo", .size = 1 };
	struct sl_signed_note_key name = { .name = "demo" };
	struct sl_err err = { 0 };

	memcpy(name.public, key->public, sizeof name.public);
	assert_int_equal(sl_merkle_leaf(first_leaf, strlen(first_leaf), &cp.root, &err), SL_OK);
	sl_buf_text(out, "sluice anchor v1\nenclave demo\nkey ");
	assert_int_equal(sl_signed_note_key_put(&name, out, &err), SL_OK);
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

static void add_approval(struct sl_bundle *b, enum fault f)
{
	struct sl_buf text = { 0 }, armour = { 0 }, signers = { 0 };
	struct sl_err err = { 0 };
	json_t *digest =
		f == OTHER_PUBLICATION_APPROVED ? json_string(ZEROS) : digest_of(b, "publication.json");
	json_t *v = json_pack("{s:s, s:s, s:s, s:s, s:o}", "decision", f == REJECTED ? "reject" : "approve", "enclave",
	                      "demo", "policy sha256", f == OTHER_POLICY_APPROVED ? ZEROS "0" : ZEROS, "request", "R-1",
	                      "publication sha256", digest);

	assert_int_equal(sl_canon_put(v, &text, &err), SL_OK);
	assert_int_equal(sl_sshsign_make(key_path, "review@sluice", text.data, text.len, &armour, NULL, &err), SL_OK);
	add(b, "approvals/rui.json", sl_buf_cstr(&text));
	add(b, "approvals/rui.json.sig", sl_buf_cstr(&armour));
	sl_buf_text(&signers, "rui namespaces=\"review@sluice\" ");
	sl_ssh_key_text(&rui, &signers);
	sl_buf_text(&signers, "\n");
	add(b, "approvals/allowed_signers", sl_buf_cstr(&signers));
	if (f == EXTRA_APPROVAL)
		add(b, "approvals/ana.json", "{}");
	sl_buf_free(&text);
	sl_buf_free(&armour);
	sl_buf_free(&signers);
	json_decref(v);
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

static void add_log(struct sl_bundle *b, enum fault f)
{
	struct sl_merkle_hash hashes[3];
	struct sl_checkpoint cp = { .origin = "demo", .size = 3 };
	struct sl_buf note = { 0 };
	struct sl_err err = { 0 };
	uint64_t first = f == FIRST_LEAF_NOT_FIRST ? 1 : 0;

	add_json(b, "log/leaf.json",
	         json_pack("{s:s, s:s, s:s, s:s, s:o}", "kind", f == OTHER_KIND_IN_LOG ? "job.held" : "release.made",
	                   "project", "liver", "release", f == OTHER_RELEASE_IN_LOG ? "L-2" : "L-1", "request", "R-1",
	                   "publication", digest_of(b, "publication.json")));
	add(b, "log/first-leaf.json", first_leaf);
	const struct sl_release_file *leaf = sl_bundle_find(b, "log/leaf.json");
	assert_int_equal(sl_merkle_leaf("x", 1, &hashes[1 - first], &err), SL_OK);
	assert_int_equal(sl_merkle_leaf(first_leaf, strlen(first_leaf), &hashes[first], &err), SL_OK);
	assert_int_equal(sl_merkle_leaf(leaf->bytes.data, leaf->bytes.len, &hashes[2], &err), SL_OK);
	struct sl_merkle_leaves leaves = sl_merkle_array(hashes, 3);
	assert_int_equal(sl_merkle_root(&leaves, 3, &cp.root, &err), SL_OK);
	add_proof(b, "log/inclusion.json", hashes, 2);
	add_proof(b, "log/first-inclusion.json", hashes, first);
	assert_int_equal(sl_checkpoint_sign(&cp, &enclave_key, &note, &err), SL_OK);
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
	assert_int_equal(sl_canon_put(v, &payload, &err), SL_OK);
	json_decref(v);
	assert_int_equal(sl_dsse_make(payload.data, payload.len, &enclave_key, &out, &err), SL_OK);
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
	add_log(b, f);
	sl_ed25519_public_pem(enclave_key.public, &pem);
	add(b, "enclave.pub.pem", sl_buf_cstr(&pem));
	add(b, "VERIFY.txt", "how\n");
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
	return verify_with((const char *)anchor.data, anchor.len);
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

static void test_changed_byte_in_any_file_is_found(void **state)
{
	struct sl_bundle b;

	(void)state;
	make(&b, NOTHING);
	place(&b);
	for (uint32_t i = 0; i < b.nfiles; i++) {
		struct sl_release_file *f = &b.files[i];
		for (size_t k = 0; k < f->bytes.len; k++) {
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
		make(&b, (enum fault)f);
		place(&b);
		if (verify() != SL_E_INTEGRITY)
			fail_msg("fault %d was not found", f);
		sl_bundle_free(&b);
	}
}

static int set_up(void **state)
{
	char command[256];
	struct sl_buf line = { 0 };
	struct sl_err err = { 0 };
	char text[1024];

	(void)state;
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
	make_anchor(&enclave_key, &anchor);
	make_anchor(&other_key, &other_anchor);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	sl_buf_free(&anchor);
	sl_buf_free(&other_anchor);
	(void)snprintf(command, sizeof command, "rm -rf %s", play);
	return system(command) == 0 ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_bundle_with_its_anchor_verifies_and_without_is_undecided),
		cmocka_unit_test(test_anchor_cut_anywhere_is_no_anchor),
		cmocka_unit_test(test_changed_byte_in_any_file_is_found),
		cmocka_unit_test(test_missing_and_longer_files_are_found),
		cmocka_unit_test(test_extra_file_folder_or_link_is_found),
		cmocka_unit_test(test_each_fault_signed_by_the_enclave_is_found),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
