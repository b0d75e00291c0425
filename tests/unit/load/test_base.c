/* test_base.c - new rows put behind those of an earlier version, or compared with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

#define HEAD "id,n,sex\n"

static struct harness h;

static void table(void)
{
	static const char *const sexes[] = { "f", "m", NULL };

	harness_init(&h, "id");
	harness_column(&h, "n", SL_TYPE_INTEGER);
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
}

static void start(const char *text)
{
	table();
	assert_int_equal(harness_text(&h, text), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.old_rows, 0);
	assert_int_equal(h.report.changed_units, 0);
}

static void changes(uint64_t changed, uint64_t added, uint64_t removed)
{
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.changed_units, changed);
	assert_int_equal(h.report.added_units, added);
	assert_int_equal(h.report.removed_units, removed);
}

/* Rows of the segment as "unit:n:sex ", a missing one as "-". */
static void holds(const char *expected)
{
	struct sl_buf out = { 0 };

	for (uint64_t r = 0; r < h.reader.manifest.rows; r++)
		for (uint32_t c = 0; c < 3; c++) {
			int64_t v = harness_value(&h, c, r);

			if (v == INT64_MIN)
				sl_buf_text(&out, "-");
			else
				sl_buf_printf(&out, "%lld", (long long)v);
			sl_buf_text(&out, c < 2 ? ":" : " ");
		}
	assert_string_equal(sl_buf_cstr(&out), expected);
	sl_buf_free(&out);
}

static void test_append_puts_new_rows_behind_the_old_ones_of_their_unit(void **state)
{
	(void)state;
	start(HEAD "b,1,f\na,2,\nb,3,m\n");
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, HEAD "c,4,f\na,5,m\nb,6,f\na,,f\n"), SL_OK);
	holds("0:1:0 0:3:1 0:6:0 1:2:- 1:5:1 1:-:0 2:4:0 ");
	changes(3, 1, 0);
	assert_int_equal(h.report.rows, 4);
	assert_int_equal(h.report.old_rows, 3);
	assert_int_equal(h.report.units, 3);
	assert_int_equal(h.report.new_units, 1);
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, HEAD), SL_OK);
	holds("0:1:0 0:3:1 0:6:0 1:2:- 1:5:1 1:-:0 2:4:0 ");
	changes(0, 0, 0);
	harness_fini(&h);
}

static void test_append_to_an_empty_version_adds_all(void **state)
{
	(void)state;
	start(HEAD);
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, HEAD "b,1,f\nb,2,f\n"), SL_OK);
	holds("0:1:0 0:2:0 ");
	changes(1, 1, 0);
	harness_fini(&h);
}

static void test_append_of_a_second_row_is_bad_where_a_unit_has_one(void **state)
{
	(void)state;
	table();
	h.setup.one_row_per_unit = 1;
	assert_int_equal(harness_text(&h, HEAD "a,1,f\nb,2,f\n"), SL_OK);
	harness_base(&h, false);
	assert_int_equal(harness_text(&h, HEAD "c,1,f\nb,2,f\n"), SL_OK);
	harness_only_bad_row(&h, 3, "id", "second row of its unit");
	harness_again(&h);
	assert_int_equal(harness_text(&h, HEAD "c,1,f\n"), SL_OK);
	holds("0:1:0 1:2:0 2:1:0 ");
	h.setup.compare = 1;
	assert_int_equal(harness_text(&h, HEAD "a,1,f\nb,2,m\n"), SL_OK);
	changes(1, 0, 0);
	harness_fini(&h);
}

static void test_compare_counts_units_whose_rows_differ_as_multisets(void **state)
{
	(void)state;
	start(HEAD "same,1,f\nsame,2,m\nother,3,f\ngone,4,f\nless,5,f\nless,5,f\nmissing,,f\n");
	harness_base(&h, true);
	assert_int_equal(harness_text(&h, HEAD "same,2,m\nsame,1,f\nother,3,m\nless,5,f\nnew,7,f\nmissing,0,f\n"), SL_OK);
	changes(5, 1, 1);
	assert_int_equal(h.report.old_rows, 0);
	assert_int_equal(h.report.units, 5);
	assert_int_equal(h.reader.manifest.rows, 6);
	harness_again(&h);
	assert_int_equal(harness_text(&h, HEAD "missing,,f\nless,5,f\ngone,4,f\nless,5,f\nother,3,f\nsame,2,m\nsame,1,f\n"),
	                 SL_OK);
	changes(0, 0, 0);
	harness_fini(&h);
}

/* With bounds that rule an old value out, its unit has surely changed; it cannot be kept either. */
static void test_base_with_a_value_now_ruled_out_is_changed_and_not_kept(void **state)
{
	(void)state;
	start(HEAD "a,1,f\nb,200,f\n");
	harness_base(&h, true);
	h.columns[1].hi = 100;
	h.columns[1].lo = 0;
	assert_int_equal(harness_text(&h, HEAD "a,1,f\nb,100,f\n"), SL_OK);
	changes(1, 0, 0);
	harness_again(&h);
	h.setup.compare = 0;
	assert_int_equal(harness_text(&h, HEAD "a,1,f\n"), SL_E_INPUT);
	assert_non_null(strstr(h.err.text, "the catalogue now rules out"));
	harness_fini(&h);
	start(HEAD "a,,f\n");
	harness_base(&h, false);
	h.columns[1].nullable = 0;
	assert_int_equal(harness_text(&h, HEAD "a,1,f\n"), SL_E_INPUT);
	assert_non_null(strstr(h.err.text, "the catalogue now rules out"));
	harness_fini(&h);
}

static void refused(enum sl_rc rc, const char *part)
{
	assert_int_equal(harness_text(&h, HEAD "a,1,f\n"), rc);
	if (strstr(h.err.text, part) == NULL)
		fail_msg("%s", h.err.text);
	harness_fini(&h);
}

static void based(void)
{
	start(HEAD "a,1,f\n");
	harness_base(&h, false);
}

static void test_base_that_is_not_the_one_told_is_refused(void **state)
{
	(void)state;
	based();
	h.setup.base_key[3] ^= 1;
	refused(SL_E_INTEGRITY, "");
	based();
	h.setup.base_id[3] ^= 1;
	refused(SL_E_INTEGRITY, "");
	based();
	h.setup.base_bytes++;
	refused(SL_E_INTEGRITY, "has");
	based();
	assert_int_equal(pwrite(h.base, "x", 1, 40), 1);
	refused(SL_E_INTEGRITY, "");
	based();
	free(h.columns[1].header);
	h.columns[1].header = strdup("m");
	refused(SL_E_INPUT, "column \"m\" is not what it was");
	based();
	h.columns[1].type = SL_TYPE_DATE;
	refused(SL_E_INPUT, "column \"n\" is not what it was");
	based();
	harness_column(&h, "more", SL_TYPE_INTEGER);
	refused(SL_E_INPUT, "has 3 columns, the catalogue now 4");
	table();
	h.setup.compare = 1;
	refused(SL_E_INPUT, "nothing to compare with");
	based();
	h.setup.base_bytes = 0;
	refused(SL_OK, "");
}

/* Over several row groups, the new rows spilt, and in the confined process. */
static void test_append_of_many_rows_spilt_or_confined_keeps_them_all(void **state)
{
	enum { EACH = 250000, UNITS = 20000 };
	struct sl_buf text[2] = { { 0 }, { 0 } };

	(void)state;
	for (int part = 0; part < 2; part++) {
		sl_buf_text(&text[part], HEAD);
		for (int i = 0; i < EACH; i++)
			sl_buf_printf(&text[part], "%d,%d,f\n", i * 7919 % UNITS, part * EACH + i);
	}
	for (int confined = 0; confined < 2; confined++) {
		table();
		assert_int_equal(harness_run(&h, text[0].data, text[0].len, NULL, 0), SL_OK);
		harness_base(&h, false);
		h.memory_bytes = confined ? 0 : 7 << 20;
		h.setup.threads = confined ? 2 : 1;
		assert_int_equal((confined ? harness_confined : harness_run)(&h, text[1].data, text[1].len, NULL, 0), SL_OK);
		assert_true(confined || h.spilt_bytes > 0);
		changes(UNITS, 0, 0);
		assert_int_equal(h.reader.manifest.rows, 2 * EACH);
		for (uint64_t r = 1; r < 2 * EACH; r++) {
			int64_t unit = harness_value(&h, 0, r), before = harness_value(&h, 0, r - 1);

			assert_true(unit >= before);
			assert_true(unit > before || harness_value(&h, 1, r) > harness_value(&h, 1, r - 1));
		}
		harness_fini(&h);
	}
	sl_buf_free(&text[0]);
	sl_buf_free(&text[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_append_puts_new_rows_behind_the_old_ones_of_their_unit),
		cmocka_unit_test(test_append_to_an_empty_version_adds_all),
		cmocka_unit_test(test_append_of_a_second_row_is_bad_where_a_unit_has_one),
		cmocka_unit_test(test_compare_counts_units_whose_rows_differ_as_multisets),
		cmocka_unit_test(test_base_with_a_value_now_ruled_out_is_changed_and_not_kept),
		cmocka_unit_test(test_base_that_is_not_the_one_told_is_refused),
		cmocka_unit_test(test_append_of_many_rows_spilt_or_confined_keeps_them_all),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
