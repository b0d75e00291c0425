/* The enclave's key: RFC 8032's answers, its two files, and stock openssl saying the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/base/text.h"
#include "jobs/sign/ed25519.h"
#include "jobs/sign/private_file.h"
#include "tests/unit/sign/scratch.h"

static void test_signature_of_rfc_8032_is_its(void **state)
{
	/* Section 7.1, tests 1 to 3. */
	static const struct {
		const char *seed, *public, *sig;
		uint8_t message[2];
		size_t len;
	} cases[] = {
		{ "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
		  "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
		  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595b"
		  "be24655141438e7a100b",
		  { 0 }, 0 },
		{ "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
		  "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
		  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb430"
		  "2aeeb00d291612bb0c00",
		  { 0x72 }, 1 },
		{ "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
		  "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
		  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716e"
		  "d28dc027beceea1ec40a",
		  { 0xaf, 0x82 }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint8_t seed[32], public[32], want[64], sig[64];
		struct sl_ed25519 key;
		assert_true(sl_text_unhex(cases[i].seed, seed, 32) && sl_text_unhex(cases[i].public, public, 32) &&
		            sl_text_unhex(cases[i].sig, want, 64));
		assert_int_equal(sl_ed25519_from_seed(seed, &key, NULL), SL_OK);
		assert_memory_equal(key.public, public, 32);
		assert_int_equal(sl_ed25519_sign(&key, cases[i].message, cases[i].len, sig, NULL), SL_OK);
		assert_memory_equal(sig, want, 64);
		assert_int_equal(sl_ed25519_verify(public, cases[i].message, cases[i].len, sig, NULL), SL_OK);
	}
}

static void test_signature_with_any_bit_changed_is_refused(void **state)
{
	struct sl_ed25519 key;
	uint8_t sig[64], message[] = "persons: 11", public[32];

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	assert_int_equal(sl_ed25519_sign(&key, message, sizeof message, sig, NULL), SL_OK);
	for (size_t bit = 0; bit < 8 * sizeof sig; bit++) {
		sig[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(sl_ed25519_verify(key.public, message, sizeof message, sig, NULL), SL_E_INTEGRITY);
		sig[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t bit = 0; bit < 8 * sizeof message; bit++) {
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(sl_ed25519_verify(key.public, message, sizeof message, sig, NULL), SL_E_INTEGRITY);
		message[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t bit = 0; bit < 8 * sizeof public; bit++) {
		memcpy(public, key.public, 32);
		public[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_not_equal(sl_ed25519_verify(public, message, sizeof message, sig, NULL), SL_OK);
	}
	assert_int_equal(sl_ed25519_verify(key.public, message, sizeof message, sig, NULL), SL_OK);
	assert_int_equal(sl_ed25519_verify(key.public, message, sizeof message - 1, sig, NULL), SL_E_INTEGRITY);
}

static void test_weak_key_verifies_nothing(void **state)
{
	/* Under the neutral point, R neutral and S zero is a signature of every message: OpenSSL alone says yes. */
	uint8_t public[32] = { 1 }, sig[64] = { 1 };
	struct sl_err err = { 0 };

	(void)state;
	assert_true(sl_ed25519_is_weak(public));
	assert_int_equal(sl_ed25519_verify(public, "anything", 8, sig, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "weak"));
	public[31] = 0x80;
	assert_true(sl_ed25519_is_weak(public));
	public[0] = 2;
	public[31] = 0;
	assert_false(sl_ed25519_is_weak(public));
}

static void test_key_written_is_read_by_us_and_by_openssl(void **state)
{
	struct sl_ed25519 key, again;
	struct sl_buf pem = { 0 }, theirs = { 0 };
	uint8_t sig[64], public[32];

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	assert_int_equal(sl_ed25519_write(&key, "enclave.pem", NULL), SL_OK);
	assert_int_equal(sl_ed25519_read("enclave.pem", &again, NULL), SL_OK);
	assert_memory_equal(&again, &key, sizeof key);
	sl_ed25519_public_pem(key.public, &pem);
	scratch_write("enclave.pub", pem.data, pem.len);
	assert_int_equal(scratch_run("openssl pkey -in enclave.pem -pubout -out theirs.pub"), 0);
	scratch_read("theirs.pub", &theirs);
	assert_int_equal(theirs.len, pem.len);
	assert_memory_equal(theirs.data, pem.data, pem.len);
	assert_int_equal(sl_ed25519_public_from_pem((char *)pem.data, pem.len, public, NULL), SL_OK);
	assert_memory_equal(public, key.public, 32);
	/* Ours verified by openssl, openssl's verified by us. */
	assert_int_equal(sl_ed25519_sign(&key, "statement", 9, sig, NULL), SL_OK);
	scratch_write("message", "statement", 9);
	scratch_write("sig", sig, 64);
	assert_int_equal(scratch_run("openssl pkeyutl -verify -rawin -pubin -inkey enclave.pub -in message -sigfile sig"), 0);
	sig[5] ^= 1;
	scratch_write("sig", sig, 64);
	assert_int_not_equal(scratch_run("openssl pkeyutl -verify -rawin -pubin -inkey enclave.pub -in message -sigfile sig"),
	                     0);
	assert_int_equal(scratch_run("openssl pkeyutl -sign -rawin -inkey enclave.pem -in message -out sig"), 0);
	sl_buf_reset(&theirs);
	scratch_read("sig", &theirs);
	assert_int_equal(theirs.len, 64);
	assert_int_equal(sl_ed25519_verify(key.public, "statement", 9, theirs.data, NULL), SL_OK);
	sl_buf_free(&theirs);
	sl_buf_free(&pem);
}

static void test_key_file_has_its_mode_under_any_umask(void **state)
{
	static const mode_t masks[] = { 0, 022, 077, 0277, 0777 };
	struct sl_ed25519 key;
	struct stat st;

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		mode_t before = umask(masks[i]);
		enum sl_rc rc = sl_ed25519_write(&key, "masked.pem", NULL);
		(void)umask(before);
		assert_int_equal(rc, SL_OK);
		assert_int_equal(stat("masked.pem", &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_int_equal(unlink("masked.pem"), 0);
	}
}

static void test_key_made_by_openssl_is_read(void **state)
{
	struct sl_ed25519 key;

	(void)state;
	assert_int_equal(scratch_run("umask 077 && openssl genpkey -algorithm ed25519 -out made.pem"), 0);
	assert_int_equal(sl_ed25519_read("made.pem", &key, NULL), SL_OK);
	assert_int_equal(scratch_run("umask 077 && openssl genpkey -algorithm x25519 -out other.pem"), 0);
	assert_int_equal(sl_ed25519_read("other.pem", &key, NULL), SL_E_INPUT);
	assert_int_equal(scratch_run("umask 077 && openssl pkey -in made.pem -aes256 -passout pass:x -out locked.pem"), 0);
	assert_int_equal(sl_ed25519_read("locked.pem", &key, NULL), SL_E_INPUT);
}

static void test_id_is_what_openssl_and_sha256sum_say(void **state)
{
	struct sl_ed25519 key;
	struct sl_buf pem = { 0 }, said = { 0 };
	char id[SL_ED25519_ID_TEXT];

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	sl_ed25519_public_pem(key.public, &pem);
	scratch_write("id.pub", pem.data, pem.len);
	assert_int_equal(sl_ed25519_id(key.public, id, NULL), SL_OK);
	assert_int_equal(scratch_run("openssl pkey -pubin -in id.pub -outform DER | sha256sum"), 0);
	scratch_read("out", &said);
	assert_true(said.len > 64);
	assert_memory_equal(said.data, id, 64);
	sl_buf_free(&pem);
	sl_buf_free(&said);
}

static void test_public_pem_with_any_byte_changed_is_another_key_or_none(void **state)
{
	struct sl_ed25519 key;
	struct sl_buf pem = { 0 };
	uint8_t public[32];

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	sl_ed25519_public_pem(key.public, &pem);
	for (size_t i = 0; i < pem.len; i++)
		for (int c = 0; c < 256; c++) {
			uint8_t was = pem.data[i];
			if (c == was)
				continue;
			pem.data[i] = (uint8_t)c;
			if (sl_ed25519_public_from_pem((char *)pem.data, pem.len, public, NULL) == SL_OK)
				assert_memory_not_equal(public, key.public, 32);
			pem.data[i] = was;
		}
	assert_int_equal(sl_ed25519_public_from_pem((char *)pem.data, pem.len - 1, public, NULL), SL_E_INPUT);
	sl_buf_text(&pem, "\n");
	assert_int_equal(sl_ed25519_public_from_pem((char *)pem.data, pem.len, public, NULL), SL_E_INPUT);
	sl_buf_free(&pem);
}

static void test_key_file_that_exists_is_never_overwritten(void **state)
{
	struct sl_ed25519 key;
	struct sl_buf left = { 0 };

	(void)state;
	assert_int_equal(sl_ed25519_generate(&key, NULL), SL_OK);
	scratch_write("there", "precious", 8);
	assert_int_equal(sl_ed25519_write(&key, "there", NULL), SL_E_NO);
	scratch_read("there", &left);
	assert_int_equal(left.len, 8);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(sl_ed25519_write(&key, "dangling", NULL), SL_E_NO);
	assert_int_not_equal(access("nowhere", F_OK), 0);
	assert_int_equal(sl_ed25519_write(&key, "no/such/folder", NULL), SL_E_IO);
	sl_buf_free(&left);
}

static enum sl_rc read_private(const char *path, struct sl_err *err)
{
	struct sl_buf out = { 0 };
	enum sl_rc rc;

	memset(err, 0, sizeof *err);
	sl_buf_text(&out, "kept");
	rc = sl_private_file_read(path, &out, err);
	assert_int_equal(rc, err->rc);
	if (rc != SL_OK)
		assert_int_equal(out.len, 4);
	sl_buf_free(&out);
	return rc;
}

static void test_key_file_open_to_others_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0620, 0610, 0604, 0602, 0601 };
	struct sl_err err;

	(void)state;
	scratch_write("open", "secret", 6);
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		assert_int_equal(chmod("open", modes[i]), 0);
		assert_int_equal(read_private("open", &err), SL_E_DENIED);
		assert_non_null(strstr(err.remedy, "chmod 600"));
	}
	assert_int_equal(chmod("open", 0600), 0);
	assert_int_equal(read_private("open", &err), SL_OK);
	assert_int_equal(chmod("open", 0400), 0);
	assert_int_equal(read_private("open", &err), SL_OK);
}

static void test_key_file_that_is_no_plain_file_is_refused(void **state)
{
	static uint8_t much[SL_PRIVATE_FILE_BYTES_MAX + 1];
	struct sl_err err;

	(void)state;
	scratch_write("target", "secret", 6);
	assert_int_equal(chmod("target", 0600), 0);
	assert_int_equal(symlink("target", "link"), 0);
	assert_int_equal(read_private("link", &err), SL_E_DENIED);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_int_equal(read_private("fifo", &err), SL_E_DENIED);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(read_private("folder", &err), SL_E_DENIED);
	assert_int_equal(read_private("/dev/null", &err), SL_E_DENIED);
	assert_int_equal(read_private("missing", &err), SL_E_IO);
	scratch_write("much", much, sizeof much);
	assert_int_equal(chmod("much", 0600), 0);
	assert_int_equal(read_private("much", &err), SL_E_INPUT);
}

static void test_key_file_of_another_owner_is_refused(void **state)
{
	struct sl_err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	scratch_write("theirs", "secret", 6);
	assert_int_equal(chmod("theirs", 0600), 0);
	assert_int_equal(chown("theirs", 12345, 12345), 0);
	assert_int_equal(read_private("theirs", &err), SL_E_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signature_of_rfc_8032_is_its),
		cmocka_unit_test(test_signature_with_any_bit_changed_is_refused),
		cmocka_unit_test(test_weak_key_verifies_nothing),
		cmocka_unit_test(test_key_written_is_read_by_us_and_by_openssl),
		cmocka_unit_test(test_key_file_has_its_mode_under_any_umask),
		cmocka_unit_test(test_key_made_by_openssl_is_read),
		cmocka_unit_test(test_id_is_what_openssl_and_sha256sum_say),
		cmocka_unit_test(test_public_pem_with_any_byte_changed_is_another_key_or_none),
		cmocka_unit_test(test_key_file_that_exists_is_never_overwritten),
		cmocka_unit_test(test_key_file_open_to_others_is_refused),
		cmocka_unit_test(test_key_file_that_is_no_plain_file_is_refused),
		cmocka_unit_test(test_key_file_of_another_owner_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
