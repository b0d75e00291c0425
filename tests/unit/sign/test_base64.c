/* Base64 in its one canonical form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/base64.h"

static void test_base64_of_rfc_4648_is_its(void **state)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		char text[16];
		uint8_t back[8];
		size_t n = 99;
		struct sl_buf out = { 0 };
		sl_base64_write(pairs[i][0], strlen(pairs[i][0]), text);
		assert_string_equal(text, pairs[i][1]);
		assert_int_equal(strlen(text), SL_BASE64_TEXT(strlen(pairs[i][0])));
		sl_base64_put(&out, pairs[i][0], strlen(pairs[i][0]));
		assert_string_equal(sl_buf_cstr(&out), pairs[i][1]);
		assert_true(sl_base64_read(text, strlen(text), back, sizeof back, &n));
		assert_int_equal(n, strlen(pairs[i][0]));
		assert_memory_equal(back, pairs[i][0], n);
		sl_buf_free(&out);
	}
}

static void test_base64_of_another_form_is_refused(void **state)
{
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zm8", "====", "Z===", "Zg==Zg==", "Zm9v\n",
		" Zm9v", "Zm9v Zg==", "Zm-v", "Zm_v", "Zg=a", "=g==", "Zm\xc3\xa9" };
	uint8_t out[64];
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		n = 99;
		assert_false(sl_base64_read(bad[i], strlen(bad[i]), out, sizeof out, &n));
		assert_int_equal(n, 0);
	}
}

static void test_base64_of_a_part_of_a_group_is_refused(void **state)
{
	uint8_t out[64];
	size_t n;

	(void)state;
	/* What stands behind the length is not looked at, even where it would make the group whole. */
	for (size_t len = 5; len < 8; len++)
		assert_false(sl_base64_read("Zm9vYmFy", len, out, sizeof out, &n));
}

static void test_base64_longer_than_its_room_is_refused(void **state)
{
	uint8_t out[5] = { 1, 1, 1, 1, 0xee };
	size_t n;

	(void)state;
	assert_false(sl_base64_read("Zm9vYmE=", 8, out, 4, &n));
	assert_int_equal(out[4], 0xee);
	assert_true(sl_base64_read("Zm9vYg==", 8, out, 4, &n));
	assert_int_equal(out[4], 0xee);
}

static void test_base64_two_texts_never_mean_the_same_bytes(void **state)
{
	/* Every text of four characters over a few: those that are read are those that are written. */
	static const char some[] = "AQgw/+=9";
	size_t read = 0;

	(void)state;
	for (size_t i = 0; i < 8 * 8 * 8 * 8; i++) {
		char text[4] = { some[i & 7], some[i >> 3 & 7], some[i >> 6 & 7], some[i >> 9] }, again[8];
		uint8_t out[3];
		size_t n;
		if (!sl_base64_read(text, 4, out, sizeof out, &n))
			continue;
		sl_base64_write(out, n, again);
		assert_memory_equal(again, text, 4);
		read++;
	}
	assert_true(read > 7 * 7 * 7 * 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64_of_rfc_4648_is_its),
		cmocka_unit_test(test_base64_of_another_form_is_refused),
		cmocka_unit_test(test_base64_of_a_part_of_a_group_is_refused),
		cmocka_unit_test(test_base64_longer_than_its_room_is_refused),
		cmocka_unit_test(test_base64_two_texts_never_mean_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
