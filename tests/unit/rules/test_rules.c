/* test_rules.c - dominance, threshold, zeros, context and quantiles with their ties. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/rules/rules.h"
#include "policy/transform.h"
#include "tests/unit/rules/kit.h"

static void test_dominance_tie_is_unsafe(void **state)
{
	const int64_t tie[] = { 50, 40, 5, 5 }, below[] = { 50, 39, 6, 5 };

	(void)state;
	assert_true(kit_dominated(tie, 4, 2, 90000, 0));
	assert_false(kit_dominated(below, 4, 2, 90000, 0));
	assert_true(kit_dominated(tie, 4, 3, 95000, 0));
	assert_false(kit_dominated(tie, 4, 2, 90001, 0));
}

static void test_p_percent_tie_is_safe(void **state)
{
	const int64_t tie[] = { 100, 50, 10 }, below[] = { 100, 50, 9 };

	(void)state;
	assert_false(kit_dominated(tie, 3, 0, 0, 10000));
	assert_true(kit_dominated(below, 3, 0, 0, 10000));
}

static void test_dominance_of_nothing_is_unsafe(void **state)
{
	const int64_t zeros[] = { 0, 0, 0, 0 };

	(void)state;
	assert_true(kit_dominated(zeros, 4, 2, 90000, 0));
}

static void test_dominance_counts_units_not_rows(void **state)
{
	int64_t one_by_one[] = { 10, 10, 10, 10, 10, 10, 10, 10, 10, 10 };
	struct kit *k;

	(void)state;
	assert_false(kit_dominated(one_by_one, 10, 2, 90000, 0));
	k = kit_magnitudes(one_by_one, 10);
	for (uint32_t i = 0; i < 9; i++)
		k->rows[i].unit = 1;
	k->setup.rules.dominance_n = 1;
	k->setup.rules.dominance_k = 90000;
	assert_true(kit_first_is_hidden(k));
	kit_free(k);
}

static void test_dominance_is_judged_on_absolute_amounts(void **state)
{
	/* The signed sum is 20, of which nobody holds 90 %; the first two hold nearly all that moved. */
	const int64_t x[] = { 1000, -990, 5, 5 };
	struct kit *k = kit_magnitudes(x, 4);
	struct sl_publication p;

	(void)state;
	k->setup.rules.dominance_n = 2;
	k->setup.rules.dominance_k = 90000;
	p = kit_check(k, SL_RULE_NONE);
	assert_false(p.outputs[0].cells[0].shown);
	/* What is hidden is not left to judge. */
	assert_false(kit_has(&p, SL_RULE_NEGATIVES));
	assert_int_equal(p.releasable, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_threshold_exactly_t_units_passes(void **state)
{
	(void)state;
	for (uint32_t n = 9; n <= 10; n++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = 10;
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		(void)kit_add(k, n, 0, 0);
		assert_int_equal(kit_first_is_hidden(k), n < 10);
		kit_free(k);
	}
}

/* "Other [10-20)": 10 rows of 8 persons. "Asian [90-100)": 11 rows of exactly 10. */
static void test_threshold_counts_persons_not_rows(void **state)
{
	(void)state;
	for (uint32_t persons = 8; persons <= 10; persons += 2) {
		struct kit *k = kit_new();
		kit_stat(&k->plans[0], "visits", SL_STAT_COUNT, 0, 0);
		(void)kit_add(k, persons == 8 ? 10 : 11, 0, 0);
		for (uint32_t i = persons; i < k->nrows; i++)
			k->rows[i].unit = 1;
		assert_int_equal(kit_first_is_hidden(k), persons == 8);
		kit_free(k);
	}
}

static void test_threshold_statistic_counts_units_with_a_value(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 30, 0, 0);
	struct sl_publication p;

	(void)state;
	for (uint32_t i = 9; i < 30; i++)
		row[i].missing[KIT_AMOUNT] = true;
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.outputs[0].cells[0].shown, 1);
	assert_int_equal(p.outputs[0].cells[0].value, 30);
	assert_int_equal(p.outputs[0].cells[1].shown, 0);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_zero_is_hidden_unless_public(void **state)
{
	(void)state;
	for (int how = 0; how < 3; how++) {
		struct kit *k = kit_new();
		k->setup.rules.zeros_show = how == 1;
		k->setup.view.tables[0].columns[KIT_REGION].structural_zero = how == 2;
		(void)kit_add(k, 20, 1, 0);
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, how != 0);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, 0);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->missing, how != 0);
		assert_int_equal(kit_has(&p, SL_RULE_ZERO), how == 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* That a region never occurs is declared, not that it has no women, nor that a condition leaves nobody of it. */
static void test_zero_is_public_only_where_the_whole_value_is_absent(void **state)
{
	(void)state;
	for (int how = 0; how < 3; how++) {
		struct kit *k = kit_new();
		k->setup.rules.within_group = k->setup.rules.small_complement = 1;
		k->setup.view.tables[0].columns[KIT_REGION].structural_zero = 1;
		(void)kit_add(k, 20, 1, 0);
		(void)kit_add(k, 30, 2, 1);
		if (how == 2)
			kit_where(&k->plans[0], KIT_AGE, 0);
		if (how != 1)
			kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_key(&k->plans[0], "gender", KIT_GENDER, false);
		if (how == 1)
			kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t cell = 0; cell < 8; cell++) {
			uint32_t region = how == 1 ? cell % 4 : cell / 2, gender = how == 1 ? cell / 4 : cell % 2;
			bool shown = (region == 1 && gender == 0) || (region == 2 && gender == 1) ||
			             (how < 2 && (region == 0 || region == 3));
			assert_int_equal(kit_cell(k, &p, 0, cell, 0)->shown, shown);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_context_what_cannot_be_judged_is_refused(void **state)
{
	(void)state;
	for (int what = 0; what < 6; what++) {
		struct kit *k = kit_new();
		struct sl_plan *plan = &k->plans[0];
		(void)kit_add(k, 100, 0, 0);
		kit_key(plan, "gender", KIT_GENDER, false);
		struct sl_stat *s = kit_stat(plan, "x", what == 3 ? SL_STAT_SHARE : SL_STAT_UNITS, KIT_SICK, 0);
		if (what == 1)
			s->description[0] = '\0';
		if (what == 2)
			k->setup.purpose[0] = '\0';
		if (what == 4) {
			kit_calc_difference(plan, "zero", 0, 0);
			plan->calcs[0].description[0] = '\0';
		}
		if (what == 5)
			k->setup.view.tables[0].columns[KIT_GENDER].title[0] = '\0';
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, what == 0);
		assert_int_equal(kit_has(&p, SL_RULE_CONTEXT), what != 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Units above and below: amounts 100, 101, … of n units. */
static struct sl_publication check_quantile(uint32_t n, int64_t p, uint32_t threshold, struct kit **k)
{
	*k = kit_new();
	kit_quiet(*k);
	(*k)->setup.rules.threshold = threshold;
	(void)kit_add(*k, n, 0, 0);
	kit_stat(&(*k)->plans[0], "part", SL_STAT_QUANTILE, KIT_AMOUNT, p);
	return kit_check(*k, SL_RULE_NONE);
}

static void test_quantile_needs_t_units_on_each_side(void **state)
{
	static const struct {
		uint32_t n;
		int64_t p;
		bool shown;
		int64_t value;
	} cases[] = {
		{ 21, 5000, true, 110 },  { 20, 5000, false, 0 }, /* 9 below, 10 above */
		{ 101, 1000, true, 110 }, { 100, 1000, false, 0 }, /* 10 below; 9 below */
		{ 100, 9000, true, 189 }, { 99, 9000, false, 0 },  /* 10 above; 9 above */
		{ 100, 1, false, 0 },     { 100, 9999, false, 0 }, /* minimum and maximum by another name */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k;
		struct sl_publication p = check_quantile(cases[i].n, cases[i].p, 10, &k);
		assert_int_equal(p.outputs[0].cells[0].shown, cases[i].shown);
		assert_int_equal(p.outputs[0].cells[0].value, cases[i].value);
		assert_int_equal(kit_has(&p, SL_RULE_QUANTILE), !cases[i].shown);
		/* Each amount is one unit's; of one that is hidden nothing is left to judge. */
		assert_int_equal(kit_has(&p, SL_RULE_QUANTILE_VALUE), cases[i].shown);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Of n units with a row each: is the quantile hidden? Its sides are large. */
static bool is_hidden(uint32_t n, uint16_t part, const struct sl_rules *rules)
{
	struct sl_stat stat = { .fn = SL_STAT_QUANTILE, .p = part };
	struct sl_plan plan = { .stats = &stat, .nstats = 1 };
	struct sl_quantile q = { .below_units = n / 2, .at_units = 1, .above_units = n / 2 };
	struct sl_result result = { .quantiles = &q, .nquantiles = 1 };
	struct sl_evidence e = { .cell_units = n, .cell_rows = n, .contributors = n, .rows = n, .rows_by_one_max = 1 };
	struct sl_rule_hit hit;

	return sl_rule_quantile_sides(
		&(struct sl_rule_case){ .rules = rules, .plan = &plan, .result = &result, .evidence = &e }, &hit);
}

/* However they are asked for, in one request or many: between two that are shown of one set there are t units. */
static void test_quantile_parts_are_t_units_apart(void **state)
{
	static const struct {
		uint32_t n, shown;
	} sizes[] = {
		{ 19, 0 },    { 20, 1 },    { 39, 1 },    { 40, 3 },       /* the median; quartiles */
		{ 66, 3 },    { 67, 5 },    { 199, 5 },   { 200, 19 },     /* a tenth, nine tenths; twentieths */
		{ 999, 19 },  { 1000, 99 }, { 9999, 99 }, { 10000, 999 },  /* hundredths; thousandths */
		{ 99999, 999 }, { 100000, 9999 },
	};
	const struct sl_rules rules = { .threshold = 10 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint32_t shown = 0, last = 0;
		for (uint32_t part = 1; part < SL_QUANTILE_ONE; part++) {
			if (is_hidden(sizes[i].n, (uint16_t)part, &rules))
				continue;
			assert_true(shown == 0 || sizes[i].n * (part - last) >= 10 * SL_QUANTILE_ONE);
			last = part;
			shown++;
		}
		assert_int_equal(shown, sizes[i].shown);
	}
}

/* Rows of one unit are not many units: 400 rows, of which 200 are one person's. */
static void test_quantile_parts_are_counted_in_units(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 400, 0, 0);

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	for (uint32_t i = 200; i < 400; i++)
		row[i].unit = row[200].unit;
	kit_stat(&k->plans[0], "part", SL_STAT_QUANTILE, KIT_AMOUNT, 2500);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(kit_has(&p, SL_RULE_QUANTILE));
	assert_false(p.outputs[0].cells[0].shown);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Whether it is shown tells nothing of a count that how the count is printed does not. */
static void test_quantile_parts_tell_no_more_than_the_printed_count(void **state)
{
	static const struct sl_rules kinds[] = {
		{ .threshold = 8, .transform = SL_TRANSFORM_ROUND, .transform_base = 5 },
		{ .threshold = 8, .transform = SL_TRANSFORM_ROUND, .transform_base = 10 },
		{ .threshold = 7, .transform = SL_TRANSFORM_MIDPOINT, .transform_base = 6 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		int64_t before = -1, printed;
		bool hidden = true;
		for (uint32_t n = 20; n < 2000; n++) {
			bool now = is_hidden(n, 4500, &kinds[i]);
			assert_true(sl_transform_count(&kinds[i], n, 0, &printed));
			assert_true(printed != before || now == hidden);
			before = printed;
			hidden = now;
		}
		assert_false(hidden);
		assert_true(is_hidden(20 * kinds[i].threshold - 1, 4500, &kinds[i]));
	}
}

/* Of what is rounded at random, three counts are left behind the smallest number beside which it is shown. */
static void test_quantile_parts_start_at_a_multiple_where_counts_are_drawn(void **state)
{
	const struct sl_rules rules = { .threshold = 12, .transform = SL_TRANSFORM_RANDOM, .transform_base = 3 };
	uint32_t n = 20;

	(void)state;
	while (is_hidden(n, 9000, &rules))
		n++;
	assert_int_equal(n, 81); /* 80 x 0.15 are 12 */
}

static void test_quantile_that_many_share_is_nobodys_own(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 30, 0, 0);

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	for (uint32_t i = 0; i < 30; i++)
		row[i].value[KIT_AMOUNT] = i / 10;
	kit_stat(&k->plans[0], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.nfindings, 0);
	assert_int_equal(p.outputs[0].cells[0].value, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dominance_tie_is_unsafe),
		cmocka_unit_test(test_p_percent_tie_is_safe),
		cmocka_unit_test(test_dominance_of_nothing_is_unsafe),
		cmocka_unit_test(test_dominance_counts_units_not_rows),
		cmocka_unit_test(test_dominance_is_judged_on_absolute_amounts),
		cmocka_unit_test(test_threshold_exactly_t_units_passes),
		cmocka_unit_test(test_threshold_counts_persons_not_rows),
		cmocka_unit_test(test_threshold_statistic_counts_units_with_a_value),
		cmocka_unit_test(test_zero_is_hidden_unless_public),
		cmocka_unit_test(test_zero_is_public_only_where_the_whole_value_is_absent),
		cmocka_unit_test(test_context_what_cannot_be_judged_is_refused),
		cmocka_unit_test(test_quantile_needs_t_units_on_each_side),
		cmocka_unit_test(test_quantile_parts_are_t_units_apart),
		cmocka_unit_test(test_quantile_parts_are_counted_in_units),
		cmocka_unit_test(test_quantile_parts_tell_no_more_than_the_printed_count),
		cmocka_unit_test(test_quantile_parts_start_at_a_multiple_where_counts_are_drawn),
		cmocka_unit_test(test_quantile_that_many_share_is_nobodys_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
