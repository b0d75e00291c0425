/*
 * test_buf.c - bytes that grow to a bound, and the cursor over bytes that are not trusted. Linked with
 * --wrap=malloc.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/buf.h"

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
static bool no_memory;

void *__wrap_malloc(size_t n)
{
	return no_memory ? NULL : __real_malloc(n);
}

static void test_buf_numbers_are_little_endian_and_read_back(void **state)
{
	static const uint8_t want[] = { 0xFE, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12, 8, 7, 6, 5, 4, 3, 2, 1 };
	struct sl_buf b = { 0 };

	(void)state;
	sl_buf_u8(&b, 0xFE);
	sl_buf_u16(&b, 0x1234);
	sl_buf_u32(&b, 0x12345678);
	sl_buf_u64(&b, UINT64_C(0x0102030405060708));
	assert_int_equal(b.len, sizeof want);
	assert_memory_equal(b.data, want, sizeof want);
	struct sl_cursor c = sl_cursor_over(b.data, b.len);
	assert_int_equal(sl_cursor_u8(&c), 0xFE);
	assert_int_equal(sl_cursor_u16(&c), 0x1234);
	assert_int_equal(sl_cursor_u32(&c), 0x12345678);
	assert_true(sl_cursor_u64(&c) == UINT64_C(0x0102030405060708));
	assert_int_equal(sl_cursor_left(&c), 0);
	assert_false(c.failed);
	sl_buf_free(&b);
}

static void test_buf_bound_is_met_and_stays_met(void **state)
{
	struct sl_buf b = { .max = 8 };
	struct sl_err err = { 0 };

	(void)state;
	sl_buf_text(&b, "12345678");
	assert_int_equal(sl_buf_ok(&b, "note", &err), SL_OK);
	assert_string_equal(sl_buf_cstr(&b), "12345678"); /* the NUL is not counted */
	sl_buf_u8(&b, 1);
	assert_int_equal(sl_buf_ok(&b, "note", &err), SL_E_LIMIT);
	assert_non_null(strstr(err.text, "note"));
	assert_int_equal(b.len, 8);
	sl_buf_put(&b, "", 0);
	assert_true(b.failed);
	assert_null(sl_buf_cstr(&b));
	sl_buf_reset(&b);
	sl_buf_text(&b, "1234");
	assert_int_equal(sl_buf_ok(&b, "note", NULL), SL_OK);
	sl_buf_free(&b);
	assert_int_equal(b.max, 8);
	assert_int_equal(b.len, 0);
}

static void test_buf_that_fails_keeps_what_it_had_and_takes_no_more(void **state)
{
	struct sl_buf b = { .max = 4 };

	(void)state;
	sl_buf_text(&b, "abc");
	sl_buf_text(&b, "defg");
	sl_buf_text(&b, "d"); /* would fit, but something before it is missing */
	assert_int_equal(b.len, 3);
	assert_memory_equal(b.data, "abc", 3);
	sl_buf_free(&b);
}

static void test_buf_printf_fits_any_length_or_none(void **state)
{
	char long_text[2000];
	struct sl_buf b = { 0 }, small = { .max = 1000 };

	(void)state;
	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	sl_buf_printf(&b, "%s%d", "n=", 5);
	sl_buf_printf(&b, "%s", long_text);
	assert_int_equal(b.len, 3 + sizeof long_text - 1);
	assert_memory_equal(b.data, "n=5xxx", 6);
	sl_buf_printf(&small, "%s", long_text);
	assert_true(small.failed);
	assert_int_equal(small.len, 0);
	sl_buf_free(&b);
	sl_buf_free(&small);
}

static void test_buf_grows_without_losing_a_byte(void **state)
{
	struct sl_buf b = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 50000; i++)
		sl_buf_u32(&b, i);
	struct sl_cursor c = sl_cursor_over(b.data, b.len);
	for (uint32_t i = 0; i < 50000; i++)
		assert_int_equal(sl_cursor_u32(&c), i);
	sl_buf_free(&b);
}

static void test_buf_without_memory_says_so(void **state)
{
	struct sl_buf b = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	no_memory = true;
	sl_buf_u8(&b, 1);
	enum sl_rc rc = sl_buf_ok(&b, "note", &err);
	char *s = sl_buf_cstr(&b);
	no_memory = false;
	assert_int_equal(rc, SL_E_NOMEM);
	assert_null(s);
	assert_int_equal(b.len, 0);
	/* After a reset the next cause is told, not the last. */
	sl_buf_reset(&b);
	b.max = 1;
	sl_buf_u16(&b, 1);
	assert_int_equal(sl_buf_ok(&b, "note", NULL), SL_E_LIMIT);
	sl_buf_free(&b);
}

static void test_cursor_short_reads_fail_for_good_and_give_zero(void **state)
{
	static const uint8_t bytes[5] = { 1, 2, 3, 4, 5 };
	struct sl_cursor c = sl_cursor_over(bytes, sizeof bytes);

	(void)state;
	assert_int_equal(sl_cursor_u32(&c), 0x04030201);
	assert_int_equal(sl_cursor_u16(&c), 0);
	assert_true(c.failed);
	assert_int_equal(sl_cursor_u8(&c), 0); /* one byte is left, but the record it belongs to is not */
	assert_int_equal(sl_cursor_left(&c), 0);
	assert_null(sl_cursor_take(&c, 0));
}

static void test_cursor_takes_no_length_that_wraps(void **state)
{
	static const uint8_t bytes[2] = { 1, 2 };
	struct sl_cursor c = sl_cursor_over(bytes, sizeof bytes), empty = sl_cursor_over(NULL, 0);

	(void)state;
	assert_null(sl_cursor_take(&c, SIZE_MAX));
	assert_true(c.failed);
	assert_int_equal(sl_cursor_left(&empty), 0);
	assert_int_equal(sl_cursor_u8(&empty), 0);
	assert_true(empty.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf_numbers_are_little_endian_and_read_back),
		cmocka_unit_test(test_buf_bound_is_met_and_stays_met),
		cmocka_unit_test(test_buf_that_fails_keeps_what_it_had_and_takes_no_more),
		cmocka_unit_test(test_buf_printf_fits_any_length_or_none),
		cmocka_unit_test(test_buf_grows_without_losing_a_byte),
		cmocka_unit_test(test_buf_without_memory_says_so),
		cmocka_unit_test(test_cursor_short_reads_fail_for_good_and_give_zero),
		cmocka_unit_test(test_cursor_takes_no_length_that_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
