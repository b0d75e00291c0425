/* test_quality.c - what is missing, outside the domain and repeated is counted, whatever way the rows take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/load/quality.h"
#include "tests/unit/load/harness.h"

static struct harness h;

/* id, n (may be missing), sex (may be missing, or another). */
static void table(void)
{
	static const char *const sexes[] = { "f", "m", NULL };
	struct sl_load_column *sex;

	harness_init(&h, "id");
	harness_column(&h, "n", SL_TYPE_INTEGER)->nullable = 1;
	sex = harness_column(&h, "sex", SL_TYPE_TEXT);
	harness_labels(sex, sexes);
	sex->nullable = 1;
	sex->has_other = 1;
}

static void assert_counts(uint64_t n_missing, uint64_t sex_missing, uint64_t sex_other, uint64_t repeated)
{
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.nquality, 3);
	assert_int_equal(h.report.quality[0].missing, 0);
	assert_int_equal(h.report.quality[0].other, 0);
	assert_int_equal(h.report.quality[1].missing, n_missing);
	assert_int_equal(h.report.quality[1].other, 0);
	assert_int_equal(h.report.quality[2].missing, sex_missing);
	assert_int_equal(h.report.quality[2].other, sex_other);
	assert_int_equal(h.report.repeated_rows, repeated);
}

static void test_missing_and_other_values_are_counted_by_column(void **state)
{
	(void)state;
	table();
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nb,,x\nc,3,\nd,,y\n"), SL_OK);
	assert_counts(2, 1, 2, 0);
	harness_fini(&h);
}

static void test_a_row_that_repeats_one_of_its_unit_is_counted_and_of_another_unit_not(void **state)
{
	(void)state;
	table();
	/* a: 1f twice more, and 2m once more, never one behind the other; b has a's row once. */
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\na,2,m\nb,1,f\na,1,f\na,2,m\nb,,f\na,1,f\nb,,f\n"), SL_OK);
	assert_counts(2, 0, 0, 4);
	assert_int_equal(h.report.unit_rows_max, 5);
	harness_fini(&h);
}

static void test_the_rows_of_the_unit_that_has_most_are_counted_wherever_it_stands(void **state)
{
	static const char *const texts[] = { "id,n,sex\na,1,f\na,1,f\na,2,f\nb,1,f\nc,1,f\nc,1,f\n",
		                             "id,n,sex\na,1,f\nb,1,f\nb,2,f\nb,1,f\n",
		                             "id,n,sex\nb,1,f\na,1,f\nb,2,f\nc,1,f\nb,1,f\nc,2,f\n" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		table();
		assert_int_equal(harness_text(&h, texts[i]), SL_OK);
		assert_int_equal(h.report.unit_rows_max, 3);
		harness_fini(&h);
	}
	table();
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nb,1,f\n"), SL_OK);
	assert_int_equal(h.report.unit_rows_max, 1);
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, "id,n,sex\nb,1,f\nc,1,f\n"), SL_OK);
	assert_int_equal(h.report.unit_rows_max, 2);
	harness_fini(&h);
}

static void test_a_missing_value_is_not_the_value_that_stands_in_its_place(void **state)
{
	(void)state;
	table();
	assert_int_equal(harness_text(&h, "id,n,sex\na,0,f\na,,f\n"), SL_OK);
	assert_counts(1, 0, 0, 0);
	harness_fini(&h);
}

static void test_nothing_repeats_where_a_unit_has_one_row(void **state)
{
	(void)state;
	table();
	h.setup.one_row_per_unit = 1;
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nb,1,f\n"), SL_OK);
	assert_counts(0, 0, 0, 0);
	assert_int_equal(h.report.unit_rows_max, 1);
	harness_fini(&h);
}

static void test_an_append_counts_the_rows_that_stay_too(void **state)
{
	(void)state;
	table();
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nb,,x\n"), SL_OK);
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nc,,\n"), SL_OK);
	assert_int_equal(h.report.old_rows, 2);
	assert_counts(2, 1, 1, 1);
	harness_fini(&h);
}

static void test_a_version_that_is_compared_with_is_not_counted(void **state)
{
	(void)state;
	table();
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nb,,x\n"), SL_OK);
	harness_base(&h, true);
	assert_int_equal(harness_text(&h, "id,n,sex\na,1,f\nc,,\n"), SL_OK);
	assert_counts(1, 1, 0, 0);
	harness_fini(&h);
}

static void test_a_unit_of_more_rows_than_are_remembered_is_compared_with_the_first(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	table();
	sl_buf_text(&text, "id,n,sex\n");
	for (uint32_t pass = 0; pass < 2; pass++)
		for (uint32_t i = 0; i < SL_QUALITY_DISTINCT + 100; i++)
			sl_buf_printf(&text, "a,%u,f\n", i);
	assert_int_equal(harness_text(&h, sl_buf_cstr(&text)), SL_OK);
	assert_counts(0, 0, 0, SL_QUALITY_DISTINCT);
	sl_buf_free(&text);
	harness_fini(&h);
}

/* Units of one row, of few and of very many, over several row groups; each tenth row of the many stands twice. */
static void make_text(struct sl_buf *text, uint64_t *repeated)
{
	*repeated = 0;
	sl_buf_text(text, "id,n,sex\n");
	for (uint32_t i = 0; i < 90000; i++) {
		const char *unit = i % 3 == 0 ? "many" : i % 3 == 1 ? "few" : "one";
		uint32_t which = i % 3 == 0 ? 0 : i % 3 == 1 ? i / 30 : i;

		sl_buf_printf(text, "%s%u,%u,f\n", unit, which, i % 3 == 0 ? i / 3 % 3000 : i % 3 == 1 ? i % 4 : i);
	}
	*repeated = 30000 - 3000;
	/* Of each ten rows of "few" four values at most differ. */
	for (uint32_t which = 0; which < 3000; which++) {
		bool seen[4] = { false };
		for (uint32_t i = which * 30; i < which * 30 + 30; i++)
			if (i % 3 == 1) {
				*repeated += seen[i % 4];
				seen[i % 4] = true;
			}
	}
	assert_false(text->failed);
}

static void test_counts_are_the_same_for_any_number_of_threads_and_through_the_spill(void **state)
{
	struct sl_buf text = { 0 };
	uint64_t repeated = 0;

	(void)state;
	make_text(&text, &repeated);
	for (uint32_t threads = 1; threads <= 3; threads++) {
		table();
		h.setup.threads = threads;
		assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_counts(0, 0, 0, repeated);
		assert_int_equal(h.report.unit_rows_max, 30000);
		harness_fini(&h);
	}
	table();
	h.memory_bytes = 7 << 20;
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_OK);
	assert_true(h.spilt_bytes > 0);
	assert_counts(0, 0, 0, repeated);
	assert_int_equal(h.report.unit_rows_max, 30000);
	harness_fini(&h);
	sl_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_missing_and_other_values_are_counted_by_column),
		cmocka_unit_test(test_a_row_that_repeats_one_of_its_unit_is_counted_and_of_another_unit_not),
		cmocka_unit_test(test_the_rows_of_the_unit_that_has_most_are_counted_wherever_it_stands),
		cmocka_unit_test(test_a_missing_value_is_not_the_value_that_stands_in_its_place),
		cmocka_unit_test(test_nothing_repeats_where_a_unit_has_one_row),
		cmocka_unit_test(test_an_append_counts_the_rows_that_stay_too),
		cmocka_unit_test(test_a_version_that_is_compared_with_is_not_counted),
		cmocka_unit_test(test_a_unit_of_more_rows_than_are_remembered_is_compared_with_the_first),
		cmocka_unit_test(test_counts_are_the_same_for_any_number_of_threads_and_through_the_spill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
