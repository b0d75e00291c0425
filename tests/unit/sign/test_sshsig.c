/*
 * SSH signatures: those of ssh-keygen verify here, those made by hand verify in ssh-keygen, and none that is
 * changed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/sshsig.h"
#include "tests/unit/sign/hardware.h"
#include "tests/unit/sign/scratch.h"

#define NS "release@sluice"
#define MESSAGE "{\"decision\":\"approve\",\"request\":\"R-1\"}"
#define PRESENT 0x01
#define VERIFIED 0x04

static enum sl_rc verify(const struct sl_buf *armour, const char *namespace, const struct sl_ssh_key *expected,
                         struct sl_ssh_key *signer)
{
	static const struct sl_ssh_key none;
	struct sl_err err = { 0 };
	struct sl_ssh_key who;
	enum sl_rc rc = sl_sshsig_verify(MESSAGE, strlen(MESSAGE), (const char *)armour->data, armour->len, namespace,
	                                 expected, &who, &err);

	assert_int_equal(rc, err.rc);
	if (rc != SL_OK)
		assert_memory_equal(&who, &none, sizeof who);
	if (signer != NULL)
		*signer = who;
	return rc;
}

static void read_key(const char *file, struct sl_ssh_key *key)
{
	struct sl_buf line = { 0 };

	scratch_read(file, &line);
	assert_int_equal(sl_ssh_key_parse((char *)line.data, line.len, key, NULL), SL_OK);
	sl_buf_free(&line);
}

static void test_signature_of_ssh_keygen_verifies(void **state)
{
	static const char *const hashes[] = { "sha256", "sha512" };
	struct sl_ssh_key key, signer;

	(void)state;
	scratch_ssh_key("rui");
	read_key("rui.pub", &key);
	for (int i = 0; i < 2; i++) {
		struct sl_buf armour = { 0 };
		scratch_write("message", MESSAGE, strlen(MESSAGE));
		assert_int_equal(scratch_run("rm -f message.sig; ssh-keygen -Y sign -O hashalg=%s -f rui -n %s message", hashes[i],
		                             NS),
		                 0);
		scratch_read("message.sig", &armour);
		assert_int_equal(verify(&armour, NS, &key, &signer), SL_OK);
		assert_true(sl_ssh_key_equal(&signer, &key));
		assert_int_equal(verify(&armour, NS, NULL, &signer), SL_OK);
		assert_true(sl_ssh_key_equal(&signer, &key));
		assert_int_equal(verify(&armour, "request@sluice", &key, NULL), SL_E_INTEGRITY);
		sl_buf_free(&armour);
	}
}

/* What ssh-keygen says to a signature made here. */
static int theirs(const struct sl_buf *armour, const struct sl_ssh_key *key)
{
	struct sl_buf allowed = { 0 };

	sl_buf_text(&allowed, "rui ");
	sl_ssh_key_text(key, &allowed);
	sl_buf_text(&allowed, "\n");
	scratch_write("allowed", allowed.data, allowed.len);
	scratch_write("sig", armour->data, armour->len);
	scratch_write("message", MESSAGE, strlen(MESSAGE));
	sl_buf_free(&allowed);
	return scratch_run("ssh-keygen -Y verify -f allowed -I rui -n %s -s sig < message", NS);
}

static void test_signature_made_by_hand_verifies_here_and_in_ssh_keygen(void **state)
{
	static const enum sl_ssh_type types[] = { SL_SSH_ED25519, SL_SSH_SK_ED25519 };
	static const char *const hashes[] = { "sha256", "sha512" };

	(void)state;
	for (int t = 0; t < 2; t++)
		for (int h = 0; h < 2; h++) {
			struct armour_twist twist = { .hash = hashes[h] };
			struct sl_buf armour = { 0 };
			struct sl_ssh_key public;
			struct sl_ed25519 key;
			hardware_key(types[t], &key, &public);
			hardware_sign(&key, &public, NS, MESSAGE, PRESENT | VERIFIED, 4711, &twist, &armour);
			assert_int_equal(verify(&armour, NS, &public, NULL), SL_OK);
			assert_int_equal(theirs(&armour, &public), 0);
			armour.data[armour.len / 2] ^= 1;
			assert_int_not_equal(theirs(&armour, &public), 0);
			sl_buf_free(&armour);
		}
}

static void test_hardware_signature_tells_flags_and_counter(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_ssh_key public;
	struct sl_ed25519 key;
	struct sl_sshsig sig;

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &key, &public);
	hardware_sign(&key, &public, NS, MESSAGE, PRESENT | VERIFIED, 0x01020304, NULL, &armour);
	assert_int_equal(sl_sshsig_parse((char *)armour.data, armour.len, &sig, NULL), SL_OK);
	assert_int_equal(sig.flags, PRESENT | VERIFIED);
	assert_int_equal(sig.counter, 0x01020304);
	assert_int_equal(sig.hash, SL_SSHSIG_SHA512);
	assert_string_equal(sig.namespace, NS);
	sl_buf_free(&armour);
}

static void test_hardware_signature_nobody_touched_for_is_refused(void **state)
{
	static const struct {
		uint8_t flags;
		enum sl_rc want;
	} cases[] = { { PRESENT, SL_OK }, { PRESENT | VERIFIED, SL_OK }, { 0, SL_E_IDENT }, { VERIFIED, SL_E_IDENT },
		{ PRESENT | 0x40, SL_E_INTEGRITY }, { PRESENT | 0x80, SL_E_INTEGRITY } };
	struct sl_ssh_key public;
	struct sl_ed25519 key;

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &key, &public);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_buf armour = { 0 };
		hardware_sign(&key, &public, NS, MESSAGE, cases[i].flags, 1, NULL, &armour);
		assert_int_equal(verify(&armour, NS, &public, NULL), cases[i].want);
		sl_buf_free(&armour);
	}
}

static void test_signature_of_another_key_is_not_theirs(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_ssh_key rui, ana, none = { 0 };
	struct sl_ed25519 rui_key, ana_key;

	(void)state;
	hardware_key(SL_SSH_ED25519, &rui_key, &rui);
	hardware_key(SL_SSH_ED25519, &ana_key, &ana);
	hardware_sign(&ana_key, &ana, NS, MESSAGE, 0, 0, NULL, &armour);
	assert_int_equal(verify(&armour, NS, &ana, NULL), SL_OK);
	assert_int_equal(verify(&armour, NS, &rui, NULL), SL_E_IDENT);
	assert_int_equal(verify(&armour, NS, &none, NULL), SL_E_IDENT);
	/* Ana signs and claims to be rui. */
	sl_buf_reset(&armour);
	hardware_sign(&ana_key, &rui, NS, MESSAGE, 0, 0, NULL, &armour);
	assert_int_equal(verify(&armour, NS, &rui, NULL), SL_E_INTEGRITY);
	assert_int_equal(verify(&armour, NS, NULL, NULL), SL_E_INTEGRITY);
	sl_buf_free(&armour);
}

static void test_signature_of_another_message_is_refused(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_ssh_key public;
	struct sl_ed25519 key;

	(void)state;
	hardware_key(SL_SSH_ED25519, &key, &public);
	hardware_sign(&key, &public, NS, MESSAGE "\n", 0, 0, NULL, &armour);
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INTEGRITY);
	sl_buf_free(&armour);
}

static void test_namespace_must_be_the_whole_one(void **state)
{
	static const char *const others[] = { "release@sluic", "release@sluice2", "Release@sluice", "file", "job@sluice" };
	char long_one[SL_SSHSIG_NAMESPACE_BYTES + 1];
	struct sl_buf armour = { 0 };
	struct sl_ssh_key public;
	struct sl_ed25519 key;

	(void)state;
	hardware_key(SL_SSH_ED25519, &key, &public);
	hardware_sign(&key, &public, NS, MESSAGE, 0, 0, NULL, &armour);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_int_equal(verify(&armour, others[i], &public, NULL), SL_E_INTEGRITY);
	assert_int_equal(verify(&armour, "", &public, NULL), SL_E_INPUT);
	memset(long_one, 'n', sizeof long_one - 1);
	long_one[sizeof long_one - 1] = '\0';
	assert_int_equal(verify(&armour, long_one, &public, NULL), SL_E_INPUT);
	sl_buf_reset(&armour);
	hardware_sign(&key, &public, long_one, MESSAGE, 0, 0, NULL, &armour);
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	sl_buf_reset(&armour);
	hardware_sign(&key, &public, "", MESSAGE, 0, 0, NULL, &armour);
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	sl_buf_free(&armour);
}

static void test_armour_with_any_byte_changed_is_refused(void **state)
{
	static const enum sl_ssh_type types[] = { SL_SSH_ED25519, SL_SSH_SK_ED25519 };

	(void)state;
	for (int t = 0; t < 2; t++) {
		struct sl_buf armour = { 0 };
		struct sl_ssh_key public;
		struct sl_ed25519 key;
		hardware_key(types[t], &key, &public);
		hardware_sign(&key, &public, NS, MESSAGE, PRESENT, 1, NULL, &armour);
		for (size_t i = 0; i < armour.len; i++)
			for (int c = 1; c < 256; c = c < 16 ? c * 2 : c + 7) {
				armour.data[i] ^= (uint8_t)c;
				assert_int_not_equal(verify(&armour, NS, NULL, NULL), SL_OK);
				armour.data[i] ^= (uint8_t)c;
			}
		assert_int_equal(verify(&armour, NS, &public, NULL), SL_OK);
		sl_buf_free(&armour);
	}
}

static void test_armour_cut_or_lengthened_is_refused(void **state)
{
	struct sl_buf armour = { 0 };
	struct sl_ssh_key public;
	struct sl_ed25519 key;
	uint8_t twice[SL_SSHSIG_TEXT_MAX];
	size_t whole;

	(void)state;
	hardware_key(SL_SSH_ED25519, &key, &public);
	hardware_sign(&key, &public, NS, MESSAGE, 0, 0, NULL, &armour);
	whole = armour.len;
	/* The last line feed may be missing: editors and mail take it away. */
	for (armour.len = 0; armour.len < whole - 1; armour.len++)
		assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_OK);
	armour.len = whole;
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_OK);
	sl_buf_text(&armour, "\n");
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	armour.len = whole;
	assert_true(whole <= sizeof twice);
	memcpy(twice, armour.data, whole);
	sl_buf_put(&armour, twice, whole);
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	while (armour.len <= SL_SSHSIG_TEXT_MAX)
		sl_buf_text(&armour, "A");
	assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
	sl_buf_free(&armour);
}

static void test_blob_with_a_field_wrong_is_refused(void **state)
{
	static const struct armour_twist twists[] = { { .magic = "SSHSIX" }, { .version_off = 1 }, { .reserved = "x" },
		{ .hash = "sha1" }, { .hash = "SHA512" }, { .hash = "" }, { .algorithm = "ssh-rsa" },
		{ .algorithm = "ssh-ed25519" }, { .signature_short = 1 }, { .behind_key = "x" }, { .behind_signature = "x" },
		{ .behind = "x" } };
	struct sl_ssh_key public;
	struct sl_ed25519 key;

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &key, &public);
	for (size_t i = 0; i < sizeof twists / sizeof twists[0]; i++) {
		struct sl_buf armour = { 0 };
		hardware_sign(&key, &public, NS, MESSAGE, PRESENT, 1, &twists[i], &armour);
		assert_int_equal(verify(&armour, NS, &public, NULL), SL_E_INPUT);
		sl_buf_free(&armour);
	}
}

static void test_armour_of_other_lines_is_refused(void **state)
{
	static const struct {
		const char *body;
		enum sl_rc want;
	} cases[] = { { "", SL_E_INPUT }, { "\n", SL_E_INPUT }, { "AAAA", SL_E_INPUT }, { "AAAA\n\nAAAA\n", SL_E_INPUT },
		{ "AAAA\nAA\nAAAA\n", SL_E_INPUT }, { "AAAA\nAAAAAAAA\n", SL_E_INPUT }, { "AAAA\r\n", SL_E_INPUT } };
	struct sl_sshsig sig;
	struct sl_buf armour = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		sl_buf_reset(&armour);
		sl_buf_printf(&armour, "-----BEGIN SSH SIGNATURE-----\n%s-----END SSH SIGNATURE-----\n", cases[i].body);
		assert_int_equal(sl_sshsig_parse((char *)armour.data, armour.len, &sig, NULL), cases[i].want);
	}
	sl_buf_free(&armour);
}

/* The base64 of an armour in lines of these widths, the last width for all that is left. */
static void in_lines(const struct sl_buf *armour, const size_t *widths, size_t n, const char *behind,
                     struct sl_buf *out)
{
	static const char head[] = "-----BEGIN SSH SIGNATURE-----\n", tail[] = "-----END SSH SIGNATURE-----\n";
	struct sl_buf base64 = { 0 };

	for (size_t i = sizeof head - 1; i < armour->len - (sizeof tail - 1); i++)
		if (armour->data[i] != '\n')
			sl_buf_put(&base64, armour->data + i, 1);
	sl_buf_text(out, head);
	for (size_t at = 0, i = 0; at < base64.len; i++) {
		size_t width = widths[i < n ? i : n - 1], left = base64.len - at;
		sl_buf_put(out, base64.data + at, width < left ? width : left);
		sl_buf_text(out, "\n");
		at += width < left ? width : left;
	}
	sl_buf_text(out, behind);
	sl_buf_text(out, tail);
	sl_buf_free(&base64);
}

static void test_right_signature_in_other_lines_is_refused(void **state)
{
	static const struct {
		size_t widths[3], n;
		const char *behind;
		enum sl_rc want;
	} cases[] = { { { 70 }, 1, "", SL_OK }, { { 76 }, 1, "", SL_OK }, { { 64 }, 1, "", SL_OK },
		{ { 77 }, 1, "", SL_E_INPUT }, { { 4000 }, 1, "", SL_E_INPUT }, { { 0, 70 }, 2, "", SL_E_INPUT },
		{ { 70 }, 1, "\n", SL_E_INPUT }, { { 70, 60, 70 }, 3, "", SL_E_INPUT }, { { 60, 70 }, 2, "", SL_E_INPUT },
		{ { 70, 69 }, 2, "", SL_E_INPUT } };
	struct sl_buf armour = { 0 };
	struct sl_ssh_key public;
	struct sl_ed25519 key;

	(void)state;
	hardware_key(SL_SSH_SK_ED25519, &key, &public);
	hardware_sign(&key, &public, NS, MESSAGE, PRESENT, 1, NULL, &armour);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_buf other = { 0 };
		in_lines(&armour, cases[i].widths, cases[i].n, cases[i].behind, &other);
		assert_int_equal(verify(&other, NS, &public, NULL), cases[i].want);
		sl_buf_free(&other);
	}
	sl_buf_free(&armour);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signature_of_ssh_keygen_verifies),
		cmocka_unit_test(test_signature_made_by_hand_verifies_here_and_in_ssh_keygen),
		cmocka_unit_test(test_hardware_signature_tells_flags_and_counter),
		cmocka_unit_test(test_hardware_signature_nobody_touched_for_is_refused),
		cmocka_unit_test(test_signature_of_another_key_is_not_theirs),
		cmocka_unit_test(test_signature_of_another_message_is_refused),
		cmocka_unit_test(test_namespace_must_be_the_whole_one),
		cmocka_unit_test(test_armour_with_any_byte_changed_is_refused),
		cmocka_unit_test(test_armour_cut_or_lengthened_is_refused),
		cmocka_unit_test(test_blob_with_a_field_wrong_is_refused),
		cmocka_unit_test(test_armour_of_other_lines_is_refused),
		cmocka_unit_test(test_right_signature_in_other_lines_is_refused),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
