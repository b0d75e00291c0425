/* test_rhythm.c - how often a table is expected: what is one, and until when the next import is in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdint.h>
#include <string.h>

#include "enclave/base/num.h"
#include "policy/rhythm.h"

static void test_rhythm_of_one_part_is_read_and_nothing_else(void **state)
{
	static const char *const bad[] = {"", "P", "D", "P1", "PD", "P0D", "P01D", "P1000D", "P99999999999D", "P1d", "P1D ",
	                                  "P1M1D", "PT1H", "P-1D", "P1.5D", "R/P1D", "daily"};
	struct sl_rhythm r;

	(void)state;
	assert_true(sl_rhythm_parse("P1D", &r) && r.n == 1 && r.of == 'D');
	assert_true(sl_rhythm_parse("P999Y", &r) && r.n == 999 && r.of == 'Y');
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(sl_rhythm_parse(bad[i], &r));
		assert_int_equal(r.n, 0);
	}
}

static void due(const char *rhythm, const char *from, const char *expected)
{
	struct sl_rhythm r;
	int64_t day;
	char text[SL_DECIMAL_TEXT];

	assert_true(sl_rhythm_parse(rhythm, &r));
	assert_true(sl_parse_date(from, strlen(from), &day));
	sl_format_date(sl_rhythm_due(&r, day), text);
	assert_string_equal(text, expected);
}

static void test_rhythm_due_is_the_same_day_or_the_last_of_a_shorter_month(void **state)
{
	struct sl_rhythm r;
	int64_t day;

	(void)state;
	due("P1D", "2026-12-31", "2027-01-01");
	due("P2W", "2026-02-20", "2026-03-06");
	due("P1M", "2026-01-31", "2026-02-28");
	due("P1M", "2028-01-31", "2028-02-29");
	due("P3M", "2026-11-30", "2027-02-28");
	due("P12M", "2026-11-30", "2027-11-30");
	due("P1Y", "2028-02-29", "2029-02-28");
	assert_true(sl_rhythm_parse("P999Y", &r));
	assert_true(sl_parse_date("9900-01-01", 10, &day));
	assert_int_equal(sl_rhythm_due(&r, day), INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rhythm_of_one_part_is_read_and_nothing_else),
		cmocka_unit_test(test_rhythm_due_is_the_same_day_or_the_last_of_a_shorter_month),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
