/*
 * test_verify.c - a bundle made here is verified; then it is changed byte by byte, file by file, and, signed anew by
 * the same enclave, in each thing that the signature alone would not show.
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

#include "jobs/release.h"
#include "tests/unit/jobs/forge.h"

static char play[48];
static char key_path[64], dir[64];
static struct sl_ed25519 enclave_key, other_key;
static struct sl_ssh_key rui;
static struct sl_buf anchor, other_anchor;
static struct sl_buf rooted_anchor;                      /* names the root of trust of a bundle that was REROOTED */
static struct forge by = { .signer = &enclave_key, .rui = &rui, .key_path = key_path };

/* Of what by makes. */
static void make(struct sl_bundle *b, enum fault f)
{
	forge_bundle(&by, b, f);
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
	const struct sl_buf *a = by.between == REROOTED ? &rooted_anchor : &anchor;

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
	for (by.between = PLAIN; by.between < BETWEENS_; by.between++) {
		make(&b, NOTHING);
		place(&b);
		for (uint32_t i = 0; i < b.nfiles; i++) {
			struct sl_release_file *f = &b.files[i];
			if (by.between != PLAIN && strncmp(f->path, "log/r", 5) != 0 && strncmp(f->path, "owners/", 7) != 0 &&
			    (by.between != JUDGED || strcmp(f->path, "approvals/rui.json") != 0))
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
	by.between = PLAIN;
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
	for (by.between = PLAIN; by.between < BETWEENS_; by.between++)
		make(&b[by.between], NOTHING);
	by.between = PLAIN;
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
	by.signer = &other_key;
	for (by.between = PLAIN; by.between < BETWEENS_; by.between++) {
		make(&b, NOTHING);
		place(&b);
		assert_int_equal(verify(), SL_E_INTEGRITY);
		assert_int_equal(verify_with(NULL, 0), SL_E_UNDECIDED);
		sl_bundle_free(&b);
	}
	by.signer = &enclave_key;
	by.between = PLAIN;
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
		by.between = f >= NOT_ACKNOWLEDGED       ? JUDGED
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
	by.between = PLAIN;
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
	forge_anchor(&enclave_key, false, &anchor);
	forge_anchor(&enclave_key, true, &rooted_anchor);
	forge_anchor(&other_key, false, &other_anchor);
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
