/*
 * test_rounding.c - whole publications under a transformation: totals from the rounded cells, ratios and sums made
 * again from what is printed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "policy/transform.h"
#include "tests/unit/rules/rounding_kit.h"

static void assert_row(const struct kit *k, const struct sl_publication *p, uint32_t output, const int64_t *values,
                       uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sl_published_cell *c = kit_cell(k, p, output, i, 0);
		assert_int_equal(c->shown, values[i] >= 0);
		assert_int_equal(c->value, values[i] >= 0 ? values[i] : 0);
	}
}

/* (3, 8, 16, 23) and (18, 23, 31, 44). The hidden 3 is in no total, so that none gives it back: no other is hidden. */
static void test_rounding_totals_are_of_the_rounded_cells(void **state)
{
	static const int64_t cells[] = { -1, 10, 15, 25, 20, 25, 30, 45 }, totals[] = { 50, 120 };
	struct kit *k = rounding_kit_two_by_four(SL_TRANSFORM_ROUND, 5);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_int_equal(p.releasable, 1);
	assert_row(k, &p, 0, cells, 8);
	assert_row(k, &p, 1, totals, 2);
	assert_int_equal(p.outputs[0].suppressed, 1);
	assert_false(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_rounding_to_midpoints_adds_up_too(void **state)
{
	static const int64_t cells[] = { -1, 9, 15, 21, 15, 21, 33, 45 }, totals[] = { 45, 114 };
	struct kit *k = rounding_kit_two_by_four(SL_TRANSFORM_MIDPOINT, 6);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_row(k, &p, 0, cells, 8);
	assert_row(k, &p, 1, totals, 2);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Without a transformation the total is 50 and another cell is hidden for the 3. */
static void test_rounding_that_is_off_changes_nothing(void **state)
{
	static const int64_t totals[] = { 50, 116 };
	struct kit *k = rounding_kit_two_by_four(SL_TRANSFORM_NONE, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_row(k, &p, 1, totals, 2);
	assert_true(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Units that may be in several cells do not add up: their total is rounded by itself, and the 3 is in it. */
static void test_rounding_of_units_that_may_be_in_two_cells_is_by_themselves(void **state)
{
	static const int64_t totals[] = { 50, 115 };
	struct kit *k = rounding_kit_two_by_four(SL_TRANSFORM_ROUND, 5);

	(void)state;
	k->setup.view.tables[0].one_row_per_unit = 0;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_row(k, &p, 1, totals, 2);
	assert_true(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A total that is hidden itself must not come out by adding up: it is then no total, but a number like any other. */
static void test_rounding_does_not_add_up_what_is_hidden(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	(void)state;
	/* Each part fits 64 bits, and both together do not. */
	for (int64_t region = 0; region < 2; region++) {
		struct kit_row *row = kit_add(k, 10, region, 0);
		for (uint32_t i = 0; i < 10; i++)
			row[i].value[KIT_AMOUNT] = INT64_MAX / 16;
	}
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(total, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(kit_has(&p, SL_RULE_RANGE));
	assert_true(kit_has(&p, SL_RULE_MARGINS));
	assert_int_equal(p.releasable, 0);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Sick of A 18 of 40 and of B 30 of 63: shares of 20 of 40, of 30 of 65 and of 50 of 105. */
static void test_rounding_makes_shares_and_differences_from_what_is_printed(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	(void)state;
	struct kit_row *a = kit_add(k, 40, 0, 0), *b = kit_add(k, 63, 1, 0);
	for (uint32_t i = 0; i < 40; i++)
		a[i].value[KIT_SICK] = i < 18;
	for (uint32_t i = 0; i < 63; i++)
		b[i].value[KIT_SICK] = i < 30;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	for (size_t i = 0; i < 2; i++) {
		struct sl_plan *plan = i == 0 ? &k->plans[0] : total;
		kit_stat(plan, "n", SL_STAT_COUNT, 0, 0);
		kit_stat(plan, "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
		kit_stat(plan, "share", SL_STAT_SHARE, KIT_SICK, 0);
		kit_calc_difference(plan, "well", 0, 1);
	}
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	static const int64_t want[3][4] = { { 40, 20, 5000, 20 }, { 65, 30, 4600, 35 }, { 105, 50, 4800, 55 } };
	assert_int_equal(p.releasable, 1);
	for (uint32_t c = 0; c < 4; c++) {
		assert_int_equal(kit_cell(k, &p, 0, 0, c)->value, want[0][c]);
		assert_int_equal(kit_cell(k, &p, 0, 1, c)->value, want[1][c]);
		assert_int_equal(kit_cell(k, &p, 1, 0, c)->value, want[2][c]);
	}
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* One who adds up ones, or noughts and ones, gets a rounded count and no other. */
static void test_rounding_of_a_sum_of_ones_is_that_of_their_count(void **state)
{
	(void)state;
	for (uint32_t n = 8; n < 60; n++) {
		struct kit *k = rounding_kit();
		struct kit_row *row = kit_add(k, n, 0, 0);
		for (uint32_t i = 0; i < n; i++)
			row[i].value[KIT_AMOUNT] = 1;
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, (n + 2) / 5 * 5);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, kit_cell(k, &p, 0, 0, 0)->value);
		assert_int_equal(kit_cell(k, &p, 0, 0, 2)->value, 100);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/*
 * From mean and rounded count alone: for every count that may be behind it there is a sum of whole numbers with this
 * mean. The reader divides by each of them.
 */
static void test_rounding_leaves_every_count_possible_beside_a_mean(void **state)
{
	(void)state;
	for (uint32_t n = 8; n < 120; n += 3) {
		struct kit *k = rounding_kit();
		(void)kit_add(k, n, 0, 0);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		int64_t shown = kit_cell(k, &p, 0, 0, 0)->value, mean = kit_cell(k, &p, 0, 0, 1)->value;
		assert_int_equal(kit_cell(k, &p, 0, 0, 2)->value, mean * shown / 100);
		rounding_kit_assert_any_count(k, shown, mean);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* A spread is as coarse as its count; a quantile is somebody's value and no count of them. */
static void test_rounding_prints_other_numbers_as_coarsely(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_published_cell exact[2];

	(void)state;
	(void)kit_add(k, 100, 0, 0);
	kit_stat(&k->plans[0], "sd", SL_STAT_SD, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	k->setup.rules.transform = SL_TRANSFORM_NONE;
	k->setup.rules.transform_base = 0;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	exact[0] = *kit_cell(k, &p, 0, 0, 0);
	exact[1] = *kit_cell(k, &p, 0, 0, 1);
	sl_codec_free(&sl_publication_record, &p);
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(exact[0].value, 2901); /* 29.01 */
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, 3000);
	assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, exact[1].value);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_rounding_of_an_unknown_kind_is_refused(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_count(k);
	k->setup.rules.transform = SL_TRANSFORM_COUNT_;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	assert_int_equal(p.noutputs, 0);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounding_totals_are_of_the_rounded_cells),
		cmocka_unit_test(test_rounding_to_midpoints_adds_up_too),
		cmocka_unit_test(test_rounding_that_is_off_changes_nothing),
		cmocka_unit_test(test_rounding_of_units_that_may_be_in_two_cells_is_by_themselves),
		cmocka_unit_test(test_rounding_does_not_add_up_what_is_hidden),
		cmocka_unit_test(test_rounding_makes_shares_and_differences_from_what_is_printed),
		cmocka_unit_test(test_rounding_of_a_sum_of_ones_is_that_of_their_count),
		cmocka_unit_test(test_rounding_leaves_every_count_possible_beside_a_mean),
		cmocka_unit_test(test_rounding_prints_other_numbers_as_coarsely),
		cmocka_unit_test(test_rounding_of_an_unknown_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
