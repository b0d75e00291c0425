/* Signed notes and checkpoints: the published example of the format, and everything that is not quite one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/base64.h"
#include "jobs/sign/checkpoint.h"
#include "jobs/sign/signed_note.h"

#define NAME "demo.sluice"
#define TEXT "demo.sluice\n3\nAAAA\n"

static struct sl_ed25519 secret;
static struct sl_signed_note_key who;

static int make_key(void **state)
{
	uint8_t seed[32] = { 7 };

	(void)state;
	memcpy(who.name, NAME, sizeof NAME);
	if (sl_ed25519_from_seed(seed, &secret, NULL) != SL_OK)
		return 1;
	memcpy(who.public, secret.public, 32);
	return 0;
}

static enum sl_rc verify(const void *note, size_t len, const struct sl_signed_note_key *key, size_t *ntext)
{
	struct sl_err err = { 0 };
	enum sl_rc rc = sl_signed_note_verify(note, len, key, ntext, &err);

	assert_int_equal(rc, err.rc);
	if (rc != SL_OK)
		assert_int_equal(*ntext, 0);
	return rc;
}

static void test_note_of_the_published_example_verifies(void **state)
{
	/* golang.org/x/mod/sumdb/note's documentation, from which C2SP's signed-note grew. */
	static const char key_text[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	static const char note[] =
		"If you think cryptography is the answer to your problem,\n"
		"then you don't know what your problem is.\n\n"
		"\xe2\x80\x94 PeterNeumann "
	        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
	struct sl_signed_note_key key;
	struct sl_buf again = { 0 };
	size_t n;

	(void)state;
	assert_int_equal(sl_signed_note_key_parse(key_text, strlen(key_text), &key, NULL), SL_OK);
	assert_string_equal(key.name, "PeterNeumann");
	assert_int_equal(verify(note, strlen(note), &key, &n), SL_OK);
	assert_int_equal(n, strstr(note, "\n\n") - note + 1);
	assert_int_equal(sl_signed_note_key_put(&key, &again, NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&again), key_text);
	sl_buf_free(&again);
}

static void sign(const char *text, struct sl_buf *out)
{
	assert_int_equal(sl_signed_note_sign(text, strlen(text), NAME, &secret, out, NULL), SL_OK);
}

static void test_note_signed_verifies_and_with_any_byte_changed_does_not(void **state)
{
	struct sl_buf note = { 0 };
	size_t n;

	(void)state;
	sign(TEXT, &note);
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_OK);
	assert_int_equal(n, strlen(TEXT));
	for (size_t i = 0; i < note.len; i++)
		for (int c = 1; c < 256; c++) {
			note.data[i] ^= (uint8_t)c;
			assert_int_not_equal(verify(note.data, note.len, &who, &n), SL_OK);
			note.data[i] ^= (uint8_t)c;
		}
	for (size_t len = 0; len < note.len; len++)
		assert_int_not_equal(verify(note.data, len, &who, &n), SL_OK);
	sl_buf_free(&note);
}

static void test_note_of_another_key_is_undecided(void **state)
{
	struct sl_signed_note_key other = who, renamed = who;
	struct sl_buf note = { 0 };
	size_t n;

	(void)state;
	sign(TEXT, &note);
	other.public[0] ^= 1;
	assert_int_equal(verify(note.data, note.len, &other, &n), SL_E_UNDECIDED);
	memcpy(renamed.name, "other", 6);
	assert_int_equal(verify(note.data, note.len, &renamed, &n), SL_E_UNDECIDED);
	sl_buf_free(&note);
}

static void test_note_with_lines_of_strangers_verifies(void **state)
{
	struct sl_buf note = { 0 };
	char base64[800];
	uint8_t bytes[500] = { 1, 2, 3, 4, 5 };
	size_t n;

	(void)state;
	sign(TEXT, &note);
	/* Another algorithm has another length; it is not ours to judge. */
	sl_base64_write(bytes, 5, base64);
	sl_buf_printf(&note, "\xe2\x80\x94 witness.example %s\n", base64);
	sl_base64_write(bytes, sizeof bytes, base64);
	sl_buf_printf(&note, "\xe2\x80\x94 " NAME " %s\n", base64);
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_OK);
	for (int i = 3; i < SL_SIGNED_NOTE_SIGNATURES_MAX; i++)
		sl_buf_text(&note, "\xe2\x80\x94 witness.example AQIDBAU=\n");
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_OK);
	sl_buf_text(&note, "\xe2\x80\x94 witness.example AQIDBAU=\n");
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_E_INPUT);
	sl_buf_free(&note);
}

static void test_note_longer_than_any_is_refused(void **state)
{
	size_t ntext = SL_SIGNED_NOTE_BYTES_MAX - 512, n;
	char *text = malloc(ntext), base64[SL_BASE64_TEXT(400) + 1];
	uint8_t bytes[400] = { 1 };
	struct sl_buf note = { 0 };

	(void)state;
	assert_non_null(text);
	memset(text, 'x', ntext);
	text[ntext - 1] = '\n';
	assert_int_equal(sl_signed_note_sign(text, ntext, NAME, &secret, &note, NULL), SL_OK);
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_OK);
	sl_base64_write(bytes, sizeof bytes, base64);
	sl_buf_printf(&note, "\xe2\x80\x94 witness.example %s\n", base64);
	assert_true(note.len > SL_SIGNED_NOTE_BYTES_MAX);
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_E_INPUT);
	free(text);
	sl_buf_free(&note);
}

static void test_note_with_its_signature_twice_is_refused(void **state)
{
	struct sl_buf note = { 0 };
	size_t n, line;

	(void)state;
	sign(TEXT, &note);
	line = note.len - strlen(TEXT) - 1;
	sl_buf_put(&note, memcpy((char[512]){ 0 }, note.data + strlen(TEXT) + 1, line), line);
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_E_INPUT);
	sl_buf_free(&note);
}

static void test_note_of_another_form_is_refused(void **state)
{
	static const char *const behind[] = { "x", "\n", " \n", "\xe2\x80\x94 name\n", "\xe2\x80\x94  AQIDBAU=\n",
		"\xe2\x80\x94 a+b AQIDBAU=\n", "\xe2\x80\x94 name AQIDBAV=\n", "\xe2\x80\x94 name AQIDBA==\n",
		"- name AQIDBAU=\n", "\xe2\x80\x94 name AQIDBAU=", "\xe2\x80\x94 name AQIDBAU= \n",
		"\xe2\x80\x94 name AQIDBAU=\r\n" };
	struct sl_buf note = { 0 };
	size_t n, whole;

	(void)state;
	sign(TEXT, &note);
	whole = note.len;
	for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
		note.len = whole;
		sl_buf_text(&note, behind[i]);
		assert_int_not_equal(verify(note.data, note.len, &who, &n), SL_OK);
	}
	assert_int_equal(verify(TEXT "\n", strlen(TEXT) + 1, &who, &n), SL_E_INPUT);
	assert_int_equal(verify(TEXT, strlen(TEXT), &who, &n), SL_E_INPUT);
	assert_int_equal(verify("", 0, &who, &n), SL_E_INPUT);
	sl_buf_free(&note);
}

static void test_signing_what_is_no_note_is_refused(void **state)
{
	static const char *const texts[] = { "", "no line feed", "a\tb\n", "a\x1b[31m\n", "\xff\n", "a\r\n", "\x7f\n" };
	static const char *const names[] = { "", "a b", "a+b", "a\n", "\xc2\xa0", "x\xe3\x80\x80y", "\xe2\x80\xaf" };
	static char long_text[SL_SIGNED_NOTE_BYTES_MAX], long_name[SL_SIGNED_NOTE_NAME_BYTES + 1];
	struct sl_buf note = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(sl_signed_note_sign(texts[i], strlen(texts[i]), NAME, &secret, &note, NULL), SL_E_INPUT);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(sl_signed_note_sign(TEXT, strlen(TEXT), names[i], &secret, &note, NULL), SL_E_INPUT);
	memset(long_text, 'x', sizeof long_text);
	long_text[sizeof long_text - 1] = '\n';
	assert_int_equal(sl_signed_note_sign(long_text, sizeof long_text, NAME, &secret, &note, NULL), SL_E_LIMIT);
	memset(long_name, 'x', sizeof long_name - 1);
	assert_int_equal(sl_signed_note_sign(TEXT, strlen(TEXT), long_name, &secret, &note, NULL), SL_E_INPUT);
	assert_int_equal(note.len, 0);
	/* A text may hold empty lines: the last one parts it from the signatures. */
	sign("one\n\ntwo\n", &note);
	size_t n;
	assert_int_equal(verify(note.data, note.len, &who, &n), SL_OK);
	assert_int_equal(n, 9);
	sl_buf_free(&note);
}

static void test_verifier_key_with_any_byte_changed_is_refused(void **state)
{
	struct sl_signed_note_key key;
	struct sl_buf text = { 0 };

	(void)state;
	assert_int_equal(sl_signed_note_key_put(&who, &text, NULL), SL_OK);
	assert_int_equal(sl_signed_note_key_parse((char *)text.data, text.len, &key, NULL), SL_OK);
	assert_memory_equal(&key, &who, sizeof key);
	for (size_t i = 0; i < text.len; i++)
		for (int c = 1; c < 256; c++) {
			text.data[i] ^= (uint8_t)c;
			assert_int_equal(sl_signed_note_key_parse((char *)text.data, text.len, &key, NULL), SL_E_INPUT);
			assert_int_equal(key.name[0], '\0');
			text.data[i] ^= (uint8_t)c;
		}
	for (size_t n = 0; n < text.len; n++)
		assert_int_equal(sl_signed_note_key_parse((char *)text.data, n, &key, NULL), SL_E_INPUT);
	sl_buf_text(&text, "\n");
	assert_int_equal(sl_signed_note_key_parse((char *)text.data, text.len, &key, NULL), SL_E_INPUT);
	sl_buf_free(&text);
}

static void test_weak_verifier_key_is_refused(void **state)
{
	struct sl_signed_note_key weak = { .name = "weak", .public = { 1 } }, key;
	struct sl_buf text = { 0 };

	(void)state;
	assert_int_equal(sl_signed_note_key_put(&weak, &text, NULL), SL_OK);
	assert_int_equal(sl_signed_note_key_parse((char *)text.data, text.len, &key, NULL), SL_E_INPUT);
	sl_buf_free(&text);
}

static struct sl_checkpoint some_checkpoint(uint64_t size)
{
	struct sl_checkpoint cp = { .origin = NAME, .size = size };

	memset(cp.root.b, 0x5a, sizeof cp.root.b);
	return cp;
}

static void test_checkpoint_signed_verifies(void **state)
{
	static const uint64_t sizes[] = { 0, 1, 10, 123456789, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct sl_checkpoint cp = some_checkpoint(sizes[i]), back;
		struct sl_buf note = { 0 };
		assert_int_equal(sl_checkpoint_sign(&cp, &secret, &note, NULL), SL_OK);
		assert_int_equal(sl_checkpoint_verify((char *)note.data, note.len, &who, &back, NULL), SL_OK);
		assert_string_equal(back.origin, NAME);
		assert_int_equal(back.size, sizes[i]);
		assert_memory_equal(&back.root, &cp.root, sizeof cp.root);
		for (size_t k = 0; k < note.len; k++) {
			note.data[k] ^= 1;
			assert_int_not_equal(sl_checkpoint_verify((char *)note.data, note.len, &who, &back, NULL), SL_OK);
			assert_int_equal(back.origin[0], '\0');
			note.data[k] ^= 1;
		}
		sl_buf_free(&note);
	}
}

static void test_checkpoint_of_another_log_is_refused(void **state)
{
	struct sl_checkpoint back;
	struct sl_buf note = { 0 };

	(void)state;
	sign("other\n1\nWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=\n", &note);
	assert_int_equal(sl_checkpoint_verify((char *)note.data, note.len, &who, &back, NULL), SL_E_INTEGRITY);
	assert_int_equal(back.origin[0], '\0');
	sl_buf_free(&note);
}

#define ROOT "WlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=\n"

static void test_checkpoint_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = { "", "\n", "o\n1\n", "o\n1\n" ROOT "\n", "o\n1\n" ROOT "extension\n", "o\n\n" ROOT,
		"o\n01\n" ROOT, "o\n+1\n" ROOT, "o\n-1\n" ROOT, "o\n1 \n" ROOT, "o\n0x1\n" ROOT, "o\n1.0\n" ROOT,
		"o\n9223372036854775808\n" ROOT, "\n1\n" ROOT, "o o\n1\n" ROOT, "o+\n1\n" ROOT, "o\n1\nWlpa\n", "o\n1\n\n" };
	static const char good[] = "o\n1\n" ROOT, cut[] = "o\n1\nWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlpaWlo=";
	struct sl_checkpoint cp;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(sl_checkpoint_parse(bad[i], strlen(bad[i]), &cp, NULL), SL_E_INPUT);
	assert_int_equal(sl_checkpoint_parse(cut, strlen(cut), &cp, NULL), SL_E_INPUT);
	assert_int_equal(sl_checkpoint_parse("o\0p\n1\n" ROOT, 6 + strlen(ROOT), &cp, NULL), SL_E_INPUT);
	assert_int_equal(sl_checkpoint_parse(good, strlen(good), &cp, NULL), SL_OK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_note_of_the_published_example_verifies),
		cmocka_unit_test(test_note_signed_verifies_and_with_any_byte_changed_does_not),
		cmocka_unit_test(test_note_of_another_key_is_undecided),
		cmocka_unit_test(test_note_with_lines_of_strangers_verifies),
		cmocka_unit_test(test_note_longer_than_any_is_refused),
		cmocka_unit_test(test_note_with_its_signature_twice_is_refused),
		cmocka_unit_test(test_note_of_another_form_is_refused),
		cmocka_unit_test(test_signing_what_is_no_note_is_refused),
		cmocka_unit_test(test_verifier_key_with_any_byte_changed_is_refused),
		cmocka_unit_test(test_weak_verifier_key_is_refused),
		cmocka_unit_test(test_checkpoint_signed_verifies),
		cmocka_unit_test(test_checkpoint_of_another_log_is_refused),
		cmocka_unit_test(test_checkpoint_of_another_form_is_refused),
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
