/* Canonical JSON: one text for one value, and a reader that takes no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/sign/canon.h"

#define MAX 4096

static enum sl_rc read_with(enum sl_rc (*reader)(const char *, const void *, size_t, size_t, json_t **,
                                                 struct sl_err *),
                            const void *text, size_t len, struct sl_err *err)
{
	json_t *value = (json_t *)1;
	enum sl_rc rc;

	memset(err, 0, sizeof *err);
	rc = reader("approval.json", text, len, MAX, &value, err);
	assert_int_equal(rc, err->rc);
	assert_int_equal(rc == SL_OK, value != NULL);
	json_decref(value);
	return rc;
}

static void test_canonical_text_sorts_and_packs(void **state)
{
	static const char in[] =
		"{ \"b\" : [1, -2, true, null, {\"y\":0,\"x\":\"\\u00e9\\u4e2d \\/ \\\" \\n\"}],\n \"a\": \"\", "
		"\"\xc3\xa9\": 1, \"Z\": 2 }";
	static const char want[] = "{\"Z\":2,\"a\":\"\",\"b\":[1,-2,true,null,{\"x\":\"\xc3\xa9\xe4\xb8\xad / \\\" \\n\","
				   "\"y\":0}],\"\xc3\xa9\":1}";
	struct sl_buf out = { 0 };
	struct sl_err err;
	json_t *value;

	(void)state;
	assert_int_equal(sl_canon_parse("x", in, strlen(in), MAX, &value, NULL), SL_OK);
	assert_int_equal(sl_canon_put(value, &out, NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&out), want);
	assert_int_equal(read_with(sl_canon_read, out.data, out.len, &err), SL_OK);
	assert_int_equal(read_with(sl_canon_read, in, strlen(in), &err), SL_E_INPUT);
	json_decref(value);
	sl_buf_free(&out);
}

static void test_text_that_is_not_strict_json_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "1", "\"text\"", "null", "{", "{}{}", "{} x", "[1,]", "{\"a\":1,}",
		"{\"a\":1,\"a\":2}", "{\"a\":{\"b\":1,\"b\":1}}", "{'a':1}", "{a:1}", "[01]", "[1e400]", "[9223372036854775808]",
		"[NaN]", "[\"\\u0000\"]", "{\"\\u0000\":1}", "[\"\\ud800\"]", "[\"\xff\"]", "[\"\xc0\x80\"]", "[\"a\tb\"]",
		"\xef\xbb\xbf{}", "[1] // no" };
	struct sl_err err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(read_with(sl_canon_parse, bad[i], strlen(bad[i]), &err), SL_E_INPUT);
		assert_int_equal(read_with(sl_canon_read, bad[i], strlen(bad[i]), &err), SL_E_INPUT);
	}
	assert_int_equal(read_with(sl_canon_parse, "[1]\0", 4, &err), SL_E_INPUT);
	assert_int_equal(read_with(sl_canon_parse, "[\"a\0b\"]", 7, &err), SL_E_INPUT);
}

static void test_refusal_tells_the_place_without_control_characters(void **state)
{
	static const char bad[] = "{\"a\": 1,\n \"b\": \x1b[31m}";
	struct sl_err err;

	(void)state;
	assert_int_equal(read_with(sl_canon_parse, bad, strlen(bad), &err), SL_E_INPUT);
	assert_string_equal(err.file, "approval.json");
	assert_int_equal(err.line, 2);
	assert_null(strchr(err.text, '\x1b'));
}

static void test_text_too_deep_or_too_long_is_refused(void **state)
{
	char text[2 * SL_CANON_DEPTH_MAX + 3], flat[MAX + 2];
	struct sl_err err;

	(void)state;
	memset(text, '[', SL_CANON_DEPTH_MAX + 1);
	memset(text + SL_CANON_DEPTH_MAX + 1, ']', SL_CANON_DEPTH_MAX + 1);
	assert_int_equal(read_with(sl_canon_parse, text, 2 * SL_CANON_DEPTH_MAX + 2, &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "deeper"));
	assert_int_equal(read_with(sl_canon_parse, text + 1, 2 * SL_CANON_DEPTH_MAX, &err), SL_OK);
	/* Brackets in a string are not nesting, and a quoted quote does not end it. */
	memset(flat, '[', sizeof flat);
	memcpy(flat, "[\"\\\"", 4);
	memcpy(flat + MAX - 2, "\"]", 2);
	assert_int_equal(read_with(sl_canon_read, flat, MAX, &err), SL_OK);
	assert_int_equal(read_with(sl_canon_parse, flat, MAX + 1, &err), SL_E_LIMIT);
}

static void test_canonical_reader_takes_no_second_text(void **state)
{
	static const char *const good = "{\"a\":[1,\"\xc3\xa9\"],\"b\":null}";
	static const char *const other[] = { "{\"b\":null,\"a\":[1,\"\xc3\xa9\"]}",
		                             "{\"a\":[1,\"\\u00e9\"],\"b\":null}",
		                             "{\"a\": [1,\"\xc3\xa9\"],\"b\":null}",
		                             "{\"a\":[1,\"\xc3\xa9\"],\"b\":null}\n",
		                             "{\"a\":[1.0,\"\xc3\xa9\"],\"b\":null}",
		                             "{\"a\":[-0],\"b\":null}",
		                             "{\"a\":1e2}",
		                             "{\"\\u0061\":1}",
		                             "[\"\\/\"]" };
	struct sl_err err;

	(void)state;
	assert_int_equal(read_with(sl_canon_read, good, strlen(good), &err), SL_OK);
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++) {
		assert_int_equal(read_with(sl_canon_parse, other[i], strlen(other[i]), &err), SL_OK);
		assert_int_equal(read_with(sl_canon_read, other[i], strlen(other[i]), &err), SL_E_INPUT);
	}
}

static void test_value_without_canonical_text_is_a_bug(void **state)
{
	json_t *real = json_pack("{s:[{s:f}]}", "a", "b", 0.5), *text = json_string("x");
	struct sl_buf out = { 0 };

	(void)state;
	sl_buf_text(&out, "kept");
	assert_int_equal(sl_canon_put(real, &out, NULL), SL_E_BUG);
	assert_int_equal(sl_canon_put(text, &out, NULL), SL_E_BUG);
	assert_int_equal(sl_canon_put(NULL, &out, NULL), SL_E_BUG);
	assert_int_equal(out.len, 4);
	json_decref(real);
	json_decref(text);
	sl_buf_free(&out);
}

static void test_canonical_text_that_does_not_fit_leaves_the_buffer(void **state)
{
	json_t *value = json_pack("{s:s}", "key", "a value that is longer than the room");
	struct sl_buf out = { .max = 20 };

	(void)state;
	sl_buf_text(&out, "kept");
	assert_int_equal(sl_canon_put(value, &out, NULL), SL_E_LIMIT);
	assert_int_equal(out.len, 4);
	json_decref(value);
	sl_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_text_sorts_and_packs),
		cmocka_unit_test(test_text_that_is_not_strict_json_is_refused),
		cmocka_unit_test(test_refusal_tells_the_place_without_control_characters),
		cmocka_unit_test(test_text_too_deep_or_too_long_is_refused),
		cmocka_unit_test(test_canonical_reader_takes_no_second_text),
		cmocka_unit_test(test_value_without_canonical_text_is_a_bug),
		cmocka_unit_test(test_canonical_text_that_does_not_fit_leaves_the_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
