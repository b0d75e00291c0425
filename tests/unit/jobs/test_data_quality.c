/* test_data_quality.c - what sluice-load says of a table's rows is taken only where rows could be so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "jobs/data_quality.h"

/* A unit, a number that may be missing, a label that may be another. */
static struct sl_load_column columns[] = { { 0 }, { .nullable = 1 }, { .has_other = 1 } };
static const struct sl_load_setup setup = { .columns = columns, .ncolumns = 3 };

static enum sl_rc check(struct sl_load_report report, const struct sl_load_quality counts[static 3])
{
	struct sl_load_quality own[3] = { counts[0], counts[1], counts[2] };

	report.quality = own;
	if (report.nquality == 0)
		report.nquality = 3;
	return sl_data_quality_check(&setup, &report, NULL);
}

static void test_counts_above_what_rows_can_have_are_refused(void **state)
{
	static const struct sl_load_quality good[] = { { 0 }, { .missing = 12 }, { .other = 12 } };
	static const struct {
		struct sl_load_quality counts[3];
	} bad[] = {
		{ { { .missing = 1 }, { 0 }, { 0 } } },  { { { .other = 1 }, { 0 }, { 0 } } },
		{ { { 0 }, { .missing = 13 }, { 0 } } }, { { { 0 }, { .other = 1 }, { 0 } } },
		{ { { 0 }, { 0 }, { .missing = 1 } } },  { { { 0 }, { 0 }, { .other = 13 } } },
	};
	/* Twelve rows of four units, two of them from an earlier version. */
	struct sl_load_report report = { .rows = 10, .old_rows = 2, .units = 4, .unit_rows_max = 3, .repeated_rows = 8 };

	(void)state;
	assert_int_equal(check(report, good), SL_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(check(report, bad[i].counts), SL_E_INTEGRITY);
	report.repeated_rows = 9;
	assert_int_equal(check(report, good), SL_E_INTEGRITY);
	report.repeated_rows = 0;
	report.nquality = 2;
	assert_int_equal(check(report, good), SL_E_INTEGRITY);
}

/* Who says it too small opens bands that one unit chooses. */
static void test_the_largest_unit_has_no_fewer_rows_than_the_mean_and_leaves_one_to_each_other(void **state)
{
	static const struct sl_load_quality none[3];
	static const struct {
		uint64_t rows, units, least, most;
	} tables[] = { { 0, 0, 0, 0 }, { 1, 1, 1, 1 }, { 7, 7, 1, 1 }, { 12, 4, 3, 9 }, { 13, 4, 4, 10 }, { 13, 1, 13, 13 } };

	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (uint64_t most = 0; most <= 15; most++) {
			bool could_be = most >= tables[i].least && most <= tables[i].most;
			struct sl_load_report report = { .rows = tables[i].rows, .units = tables[i].units, .unit_rows_max = most };
			assert_int_equal(check(report, none), could_be ? SL_OK : SL_E_INTEGRITY);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_above_what_rows_can_have_are_refused),
		cmocka_unit_test(test_the_largest_unit_has_no_fewer_rows_than_the_mean_and_leaves_one_to_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
