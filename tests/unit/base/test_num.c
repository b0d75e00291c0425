/* test_num.c - numbers on a grid: what is exact, what is rounded, what is refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/num.h"

#define MAX INT64_MAX
#define MIN INT64_MIN

static void test_num_arithmetic_that_leaves_64_bits_is_refused_and_writes_nothing(void **state)
{
	int64_t r = 77;

	(void)state;
	assert_false(sl_add(MAX, 1, &r));
	assert_false(sl_add(MIN, -1, &r));
	assert_false(sl_sub(MIN, 1, &r));
	assert_false(sl_sub(0, MIN, &r));
	assert_false(sl_mul(MAX, 2, &r));
	assert_false(sl_mul(MIN, -1, &r));
	assert_int_equal(r, 77);
	assert_true(sl_add(MAX, MIN, &r));
	assert_int_equal(r, -1);
	assert_true(sl_sub(-1, MIN, &r));
	assert_int_equal(r, MAX);
	assert_true(sl_mul(MIN, 1, &r));
	assert_true(r == MIN);
}

static void test_num_division_rounds_half_away_from_zero(void **state)
{
	static const struct {
		int64_t a, b, want;
	} rows[] = {
		{ 1, 2, 1 },   { -1, 2, -1 }, { 1, -2, -1 },  { -1, -2, 1 },    { 1, 3, 0 },       { 2, 3, 1 },
		{ 7, 2, 4 },   { -7, 2, -4 }, { 5, 10, 1 },   { 4, 10, 0 },     { -5, 10, -1 },    { -4, 10, 0 },
		{ 0, -9, 0 },  { 49, 100, 0 }, { 50, 100, 1 }, { MAX, 1, MAX },  { MAX, -1, -MAX }, { MIN, 1, MIN },
		{ MAX, MAX, 1 }, { MIN, MIN, 1 }, { MIN, MAX, -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t r = 77;
		assert_true(sl_div_round(rows[i].a, rows[i].b, &r));
		if (r != rows[i].want)
			fail_msg("%lld / %lld is %lld", (long long)rows[i].a, (long long)rows[i].b, (long long)r);
	}
}

static void test_num_division_by_zero_or_out_of_range_is_refused(void **state)
{
	const sl_i128 huge = ((sl_i128)1) << 126, least = -(huge - 1) - huge - 1;
	int64_t r = 77;

	(void)state;
	assert_false(sl_div_round(1, 0, &r));
	assert_false(sl_div_round(MIN, -1, &r));
	assert_false(sl_div_round(huge, 1, &r));
	assert_false(sl_div_round((sl_i128)MAX * 2 + 1, 2, &r)); /* rounds up out of range */
	assert_false(sl_div_round(least, 1, &r));
	assert_int_equal(r, 77);
	assert_true(sl_div_round(least, least, &r));
	assert_int_equal(r, 1);
	assert_true(sl_div_round((sl_i128)MIN * 2 + 1, 2, &r));
	assert_true(r == MIN);
	assert_true(sl_div_round(1, least, &r));
	assert_int_equal(r, 0);
}

static void test_num_rescale_is_exact_upwards_and_rounded_downwards(void **state)
{
	int64_t r = 77;

	(void)state;
	assert_true(sl_rescale(123, 2, 4, &r));
	assert_int_equal(r, 12300);
	assert_true(sl_rescale(12350, 4, 2, &r));
	assert_int_equal(r, 124);
	assert_true(sl_rescale(-12350, 4, 2, &r));
	assert_int_equal(r, -124);
	assert_true(sl_rescale(MIN, 3, 3, &r));
	assert_true(r == MIN);
	r = 77;
	assert_false(sl_rescale(MAX, 0, 1, &r));
	assert_false(sl_rescale(1, 0, 19, &r));
	assert_false(sl_rescale(1, 19, 0, &r));
	assert_int_equal(r, 77);
}

static bool parse_int(const char *s, int64_t *out)
{
	return sl_parse_int(s, strlen(s), out);
}

static void test_num_integers_are_read_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = { "", "+", "-", "1 ", " 1", "1.0", "0x1", "9223372036854775808",
		"-9223372036854775809", "99999999999999999999", "1e3", "--1", "+-1", "1_0" };
	int64_t v = 77;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (parse_int(bad[i], &v) || v != 77)
			fail_msg("\"%s\" was read as %lld", bad[i], (long long)v);
	assert_true(parse_int("9223372036854775807", &v) && v == MAX);
	assert_true(parse_int("-9223372036854775808", &v) && v == MIN);
	assert_true(parse_int("+007", &v) && v == 7);
	assert_true(parse_int("-0", &v) && v == 0);
	assert_true(sl_parse_int("12345", 2, &v) && v == 12); /* not a byte behind the length */
}

struct decimal {
	const char *text;
	int scale;
	int64_t want;
};

static void test_num_decimals_are_put_on_their_grid(void **state)
{
	static const struct decimal rows[] = {
		{ "0", 0, 0 }, { "12.35", 2, 1235 }, { "12.345", 2, 1235 }, { "12.344", 2, 1234 }, { "-12.345", 2, -1235 },
		{ "12", 3, 12000 }, { ".5", 1, 5 }, { "5.", 1, 50 }, { "0.5", 0, 1 }, { "-0.5", 0, -1 }, { "0.49", 0, 0 },
		{ "+1.25", 2, 125 }, { "1e2", 0, 100 }, { "1.5e1", 0, 15 }, { "15e-1", 1, 15 }, { "15E-1", 0, 2 },
		{ "1e+2", 1, 1000 }, { "0.0004e4", 0, 4 }, { "4000e-3", 0, 4 }, { "0e400", 9, 0 }, { "1e-400", 9, 0 },
		{ "5e-10", 9, 1 }, { "4.9e-10", 9, 0 }, { "0.0000000005", 9, 1 }, { "00012.500", 1, 125 },
		{ "9223372036854775807", 0, MAX }, { "-9223372036854775808", 0, MIN }, { "92233720368547758.07", 2, MAX },
		{ "922337203685477580.7e-1", 2, MAX }, { "0.00000000000000000000000000000000000000000001", 9, 0 },
		{ "1.99999999999999999999999999999999999", 2, 200 }, { "0.5e-1", 1, 1 }, { "0.04e0", 1, 0 },
		{ "50e-3", 1, 1 }, { "5e-2", 1, 1 }, { "49e-3", 1, 0 }, { "500e-5", 1, 0 }, { "5e-3", 1, 0 },
		{ "123e-5", 0, 0 }, { "-5e-1", 0, -1 }, { "9e-1", 0, 1 }, { "1000e-3", 0, 1 }, { "0005e-1", 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t v = 77;
		if (!sl_parse_decimal(rows[i].text, strlen(rows[i].text), rows[i].scale, &v) || v != rows[i].want)
			fail_msg("%s on scale %d is %lld, not %lld", rows[i].text, rows[i].scale, (long long)v,
			         (long long)rows[i].want);
	}
}

static void test_num_what_is_no_decimal_or_too_large_is_refused(void **state)
{
	static const struct decimal rows[] = {
		{ "", 0, 0 },
		{ ".", 0, 0 },
		{ "-", 0, 0 },
		{ "-.", 2, 0 },
		{ "1.2.3", 2, 0 },
		{ "1,2", 2, 0 },
		{ "e5", 0, 0 },
		{ "1e", 0, 0 },
		{ "1e5.0", 0, 0 },
		{ "1e401", 0, 0 },
		{ "0e401", 0, 0 },
		{ "1e-401", 0, 0 },
		{ "1e99999999999999999999", 0, 0 },
		{ " 1", 0, 0 },
		{ "1 ", 0, 0 },
		{ "nan", 0, 0 },
		{ "inf", 0, 0 },
		{ "0x10", 0, 0 },
		{ "1e2e3", 0, 0 },
		{ "9223372036854775808", 0, 0 },
		{ "-9223372036854775809", 0, 0 },
		{ "9223372036854775807.5", 0, 0 },
		{ "-9223372036854775808.5", 0, 0 },
		{ "92233720368547758.075", 2, 0 },
		{ "1e19", 0, 0 },
		{ "1e10", 9, 0 },
		{ "1e400", 0, 0 },
		{ "--1", 0, 0 },
		{ "1-", 0, 0 },
		{ "1+1", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t v = 77;
		if (sl_parse_decimal(rows[i].text, strlen(rows[i].text), rows[i].scale, &v) || v != 77)
			fail_msg("\"%s\" on scale %d was read as %lld", rows[i].text, rows[i].scale, (long long)v);
	}
}

/* What is written is read back, on every grid. */
static void test_num_formatted_decimals_read_back(void **state)
{
	static const int64_t values[] = { 0, 1, -1, 9, 10, -10, 99, 100, 12345, -12345, 1000000000, MAX, MIN, MIN + 1 };

	(void)state;
	for (int scale = 0; scale <= SL_SCALE_MAX; scale++)
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
			char text[SL_DECIMAL_TEXT];
			int64_t v = 77;
			size_t n = sl_format_decimal(values[i], scale, text);
			assert_int_equal(n, strlen(text));
			if (!sl_parse_decimal(text, strlen(text), scale, &v) || v != values[i])
				fail_msg("%s on scale %d read as %lld", text, scale, (long long)v);
		}
}

static void test_num_decimals_have_one_form(void **state)
{
	char text[SL_DECIMAL_TEXT];

	(void)state;
	(void)sl_format_decimal(0, 2, text);
	assert_string_equal(text, "0.00");
	(void)sl_format_decimal(-5, 2, text);
	assert_string_equal(text, "-0.05");
	(void)sl_format_decimal(-5, 0, text);
	assert_string_equal(text, "-5");
	(void)sl_format_decimal(MIN, 9, text);
	assert_string_equal(text, "-9223372036.854775808");
}

static void test_num_dates_follow_the_calendar(void **state)
{
	static const struct {
		const char *text;
		int64_t days;
	} rows[] = { { "1970-01-01", 0 }, { "1969-12-31", -1 }, { "2000-02-29", 11016 }, { "2000-03-01", 11017 },
		{ "0001-01-01", -719162 }, { "9999-12-31", 2932896 }, { "2026-11-26", 20783 }, { "1900-03-01", -25508 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char text[SL_DECIMAL_TEXT];
		int64_t d = 77;
		assert_true(sl_parse_date(rows[i].text, 10, &d));
		assert_int_equal(d, rows[i].days);
		assert_int_equal(sl_format_date(d, text), 10);
		assert_string_equal(text, rows[i].text);
	}
}

/* Every day there is: one after the other, and back. */
static void test_num_every_day_has_a_number_and_every_number_a_day(void **state)
{
	int64_t last = -719163, days;
	int y, m, d;

	(void)state;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= 31 && sl_days_from_civil(year, month, day, &days); day++) {
				assert_int_equal(days, last + 1);
				last = days;
				assert_true(sl_civil_from_days(days, &y, &m, &d));
				assert_true(y == year && m == month && d == day);
			}
	assert_int_equal(last, 2932896);
}

static void test_num_what_is_no_date_is_refused(void **state)
{
	static const char *const bad[] = { "2021-02-29", "1900-02-29", "2020-00-10", "2020-13-01", "2020-04-31", "2020-01-00",
		"0000-01-01", "2020/01/01", "2020-1-1", "20200101", "-020-01-01", "2020-+1-01", "2020-01-+1", "+020-01-01",
		"2020-01-1a", " 020-01-01", "2020-01-011" };
	char text[SL_DECIMAL_TEXT] = "x";
	int64_t d = 77;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_parse_date(bad[i], strlen(bad[i]), &d) || d != 77)
			fail_msg("%s was read as %lld", bad[i], (long long)d);
	assert_int_equal(sl_format_date(-719163, text), 0);
	assert_string_equal(text, "");
	assert_int_equal(sl_format_date(2932897, text), 0);
	assert_int_equal(sl_format_date(MAX, text), 0);
	assert_int_equal(sl_format_date(MIN, text), 0);
}

/* The text of a double by fifteen digits, wherever it has few enough of them; and nothing else. */
static void test_num_short_decimal_is_the_text_of_fifteen_digits(void **state)
{
	uint64_t seed = 11;
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		int64_t digits = (int64_t)(seed >> (14 + i % 45)), got;
		double v = (double)(i % 2 ? digits : -digits) / (double)sl_pow10((int)(seed % 7));
		char wanted[64], text[SL_DECIMAL_TEXT];
		int scale;
		(void)snprintf(wanted, sizeof wanted, "%.15g", v);
		if (!sl_short_decimal(v, &got, &scale))
			continue;
		(void)sl_format_decimal(got, scale, text);
		if (v != (double)(int64_t)v)
			assert_string_equal(text, wanted);
		assert_true(strtod(text, NULL) == v);
		found++;
	}
	assert_true(found > 100000);
}

static void test_num_short_decimal_refuses_what_has_none(void **state)
{
	const double none[] = { 0, 1.0 / 3, 5e-5, 1e15, -2e18, (double)INFINITY, -(double)INFINITY, (double)NAN, 0.1234567 };
	int64_t digits;
	int scale;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(sl_short_decimal(none[i], &digits, &scale));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_num_arithmetic_that_leaves_64_bits_is_refused_and_writes_nothing),
		cmocka_unit_test(test_num_division_rounds_half_away_from_zero),
		cmocka_unit_test(test_num_division_by_zero_or_out_of_range_is_refused),
		cmocka_unit_test(test_num_rescale_is_exact_upwards_and_rounded_downwards),
		cmocka_unit_test(test_num_integers_are_read_whole_or_not_at_all),
		cmocka_unit_test(test_num_decimals_are_put_on_their_grid),
		cmocka_unit_test(test_num_what_is_no_decimal_or_too_large_is_refused),
		cmocka_unit_test(test_num_formatted_decimals_read_back),
		cmocka_unit_test(test_num_decimals_have_one_form),
		cmocka_unit_test(test_num_dates_follow_the_calendar),
		cmocka_unit_test(test_num_every_day_has_a_number_and_every_number_a_day),
		cmocka_unit_test(test_num_what_is_no_date_is_refused),
		cmocka_unit_test(test_num_short_decimal_is_the_text_of_fifteen_digits),
		cmocka_unit_test(test_num_short_decimal_refuses_what_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
