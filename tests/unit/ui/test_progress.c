/*
 * test_progress.c - how far an import is, in words; the numbers come from a process that may say anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui-cli/progress.h"

static void says(uint8_t phase, uint64_t rows, uint64_t done, uint64_t total, int64_t elapsed_ms, const char *expected)
{
	const struct sl_load_progress p = { .phase = phase, .rows = rows, .done = done, .total = total };
	char line[SL_PROGRESS_LINE];

	memset(line, 'x', sizeof line);
	sl_progress_line(&p, elapsed_ms, line);
	assert_string_equal(line, expected);
}

static void test_progress_says_share_rate_and_time_left(void **state)
{
	(void)state;
	says(SL_LOAD_READING, 3000000, 250, 1000, 2000, "reading 25 %, 3.0 million rows, 1.5 million a second, 7 s left");
	says(SL_LOAD_WRITING, 500, 500, 1000, 1000, "writing 50 %, 500 rows, 500 a second, 2 s left");
	says(SL_LOAD_READING, 1000, 10, 1000, 10000, "reading 1 %, 1000 rows, 100 a second, 16 min left");
	says(SL_LOAD_READING, 1000, 2, 1000, 60000, "reading 0 %, 1000 rows, 17 a second, 8 h left");
}

static void test_progress_foretells_nothing_from_little(void **state)
{
	(void)state;
	says(SL_LOAD_READING, 90000, 500, 1000, 499, "reading 50 %, 90000 rows");
	says(SL_LOAD_READING, 10, 1, 1000000, 60000, "reading 0 %, 10 rows, 0 a second");
	says(SL_LOAD_READING, 4000, 77, 0, 1000, "reading 4000 rows, 4000 a second");
	says(SL_LOAD_READING, 0, 0, 100, 0, "reading 0 %, 0 rows");
}

static void test_progress_takes_any_number(void **state)
{
	static const uint64_t any[] = { 0, 1, 1000, UINT64_MAX / 2, UINT64_MAX };
	char line[SL_PROGRESS_LINE];

	(void)state;
	for (size_t i = 0; i < 5 * 5 * 5 * 5; i++) {
		const struct sl_load_progress p = { .phase = (uint8_t)i, .rows = any[i % 5], .done = any[i / 5 % 5],
			.total = any[i / 25 % 5] };
		static const int64_t times[] = { -1, 0, 1, 1000, INT64_MAX };

		sl_progress_line(&p, times[i / 125], line);
		assert_true(strlen(line) < sizeof line);
		assert_null(strstr(line, "-"));
	}
	says(SL_LOAD_READING, 5, 2000, 1000, 2000, "reading 100 %, 5 rows, 2 a second");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress_says_share_rate_and_time_left),
		cmocka_unit_test(test_progress_foretells_nothing_from_little),
		cmocka_unit_test(test_progress_takes_any_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
