/* test_rules.c - each rule with its ties, and the literature's known answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

/* One cell of n units whose amounts are given; only the rules a test switches on. */
static struct kit *magnitudes(const int64_t *amounts, uint32_t n)
{
	struct kit *k = kit_new();
	struct kit_row *row;

	kit_quiet(k);
	row = kit_add(k, n, 0, 0);
	for (uint32_t i = 0; i < n; i++)
		row[i].value[KIT_AMOUNT] = amounts[i];
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	return k;
}

static bool is_hidden(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool hidden = !p.outputs[0].cells[0].shown;

	sl_codec_free(&sl_publication_record, &p);
	return hidden;
}

static bool hides(const int64_t *amounts, uint32_t n, uint32_t dn, uint32_t dk, uint32_t p)
{
	struct kit *k = magnitudes(amounts, n);
	bool hidden;

	k->setup.rules.dominance_n = dn;
	k->setup.rules.dominance_k = dk;
	k->setup.rules.p_percent = p;
	hidden = is_hidden(k);
	kit_free(k);
	return hidden;
}

/* EU Handbook on SDC, 2nd ed., section 4.2. */
static void test_known_answer_one_handbook_dominance(void **state)
{
	const int64_t first[] = { 50000, 49000, 1000 }, second[] = { 52000, 50000, 8000 };

	(void)state;
	assert_false(hides(first, 3, 1, 90000, 0));
	assert_true(hides(first, 3, 0, 0, 10000));
	assert_true(hides(first, 3, 2, 90000, 0));
	assert_false(hides(second, 3, 0, 0, 10000));
	assert_true(hides(second, 3, 2, 90909, 0));
}

static void test_known_answer_two_handbook_one_dominates(void **state)
{
	const int64_t x[] = { 300, 20, 10 };

	(void)state;
	assert_true(hides(x, 3, 1, 85000, 0));
	assert_true(hides(x, 3, 0, 0, 10000));
	assert_false(hides(x, 3, 1, 95000, 0));
}

/* sdcTable's microdata1, 100 rows: A m18 f2, B m14 f19, C m12 f10, D m11 f14. */
static void test_known_answer_three_sdctable_frequencies(void **state)
{
	static const uint32_t counts[8] = { 18, 2, 14, 19, 12, 10, 11, 14 };

	(void)state;
	for (uint32_t t = 3; t <= 4; t++) { /* "2 or fewer" and "3 or fewer" are unsafe */
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = t;
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_key(&k->plans[0], "gender", KIT_GENDER, false);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		for (uint32_t i = 0; i < 8; i++)
			(void)kit_add(k, counts[i], i / 2, i % 2);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t i = 0; i < 8; i++) {
			assert_int_equal(p.outputs[0].cells[i].shown, i != 1);
			assert_int_equal(p.outputs[0].cells[i].value, i == 1 ? 0 : counts[i]);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_dominance_tie_is_unsafe(void **state)
{
	const int64_t tie[] = { 50, 40, 5, 5 }, below[] = { 50, 39, 6, 5 };

	(void)state;
	assert_true(hides(tie, 4, 2, 90000, 0));
	assert_false(hides(below, 4, 2, 90000, 0));
	assert_true(hides(tie, 4, 3, 95000, 0));
	assert_false(hides(tie, 4, 2, 90001, 0));
}

static void test_p_percent_tie_is_safe(void **state)
{
	const int64_t tie[] = { 100, 50, 10 }, below[] = { 100, 50, 9 };

	(void)state;
	assert_false(hides(tie, 3, 0, 0, 10000));
	assert_true(hides(below, 3, 0, 0, 10000));
}

static void test_dominance_of_nothing_is_unsafe(void **state)
{
	const int64_t zeros[] = { 0, 0, 0, 0 };

	(void)state;
	assert_true(hides(zeros, 4, 2, 90000, 0));
}

static void test_dominance_counts_units_not_rows(void **state)
{
	int64_t one_by_one[] = { 10, 10, 10, 10, 10, 10, 10, 10, 10, 10 };
	struct kit *k;

	(void)state;
	assert_false(hides(one_by_one, 10, 2, 90000, 0));
	k = magnitudes(one_by_one, 10);
	for (uint32_t i = 0; i < 9; i++)
		k->rows[i].unit = 1;
	k->setup.rules.dominance_n = 1;
	k->setup.rules.dominance_k = 90000;
	assert_true(is_hidden(k));
	kit_free(k);
}

static void test_dominance_is_judged_on_absolute_amounts(void **state)
{
	/* The signed sum is 20, of which nobody holds 90 %; the first two hold nearly all that moved. */
	const int64_t x[] = { 1000, -990, 5, 5 };
	struct kit *k = magnitudes(x, 4);
	struct sl_publication p;

	(void)state;
	k->setup.rules.dominance_n = 2;
	k->setup.rules.dominance_k = 90000;
	p = kit_check(k, SL_RULE_NONE);
	assert_false(p.outputs[0].cells[0].shown);
	assert_true(kit_has(&p, SL_RULE_NEGATIVES));
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
		assert_int_equal(is_hidden(k), n < 10);
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
		assert_int_equal(is_hidden(k), persons == 8);
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

/* `sick` of `all` meet the condition. */
static bool condition_hidden(enum sl_stat_fn fn, uint32_t sick, uint32_t all)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, all, 0, 0);
	struct sl_publication p;
	bool hidden;

	k->setup.rules.all_equal = 1;
	for (uint32_t i = 0; i < all; i++)
		row[i].value[KIT_SICK] = i < sick;
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "sick", fn, KIT_SICK, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.outputs[0].cells[0].shown, 1);
	hidden = !p.outputs[0].cells[1].shown;
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_numerator_few_on_either_side_are_hidden(void **state)
{
	(void)state;
	for (int fn = SL_STAT_COUNT_IF; fn <= SL_STAT_SHARE; fn += SL_STAT_SHARE - SL_STAT_COUNT_IF) {
		assert_true(condition_hidden((enum sl_stat_fn)fn, 3, 161)); /* 3 readmissions of 161 stays */
		assert_true(condition_hidden((enum sl_stat_fn)fn, 9, 161));
		assert_false(condition_hidden((enum sl_stat_fn)fn, 10, 161));
		assert_false(condition_hidden((enum sl_stat_fn)fn, 151, 161));
		assert_true(condition_hidden((enum sl_stat_fn)fn, 152, 161));
		assert_true(condition_hidden((enum sl_stat_fn)fn, 0, 161)); /* a zero prints like a small number */
		assert_false(condition_hidden((enum sl_stat_fn)fn, 161, 161));
	}
}

static void test_numerator_few_known_not_to_meet_among_many_unknown_are_hidden(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 100, 0, 0);
	struct sl_publication p;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		row[i].value[KIT_AMOUNT] = i < 50 ? 5 : 0;
		row[i].missing[KIT_AMOUNT] = i >= 53;
	}
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "paid", SL_STAT_SHARE, KIT_AMOUNT, 1);
	p = kit_check(k, SL_RULE_NONE);
	assert_false(p.outputs[0].cells[1].shown);
	assert_true(kit_has(&p, SL_RULE_NUMERATOR));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A sum of ones, and one of other amounts: whoever adds something is its numerator; of ones, who does not, the rest. */
static void test_numerator_a_count_disguised_as_a_sum_is_hidden_too(void **state)
{
	static const struct { uint32_t some; bool ones, hidden; } cases[] = {
		{ 9, true, true }, { 10, true, false }, { 90, true, false }, { 91, true, true }, { 9, false, true },
		{ 91, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 100, 0, 0);
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = 10;
		for (uint32_t u = 0; u < 100; u++)
			row[u].value[KIT_AMOUNT] = u >= cases[i].some ? 0 : cases[i].ones ? 1 : 5 + u % 3;
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), cases[i].hidden);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !cases[i].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/*
 * Of 100 ones and twos some are two: a sum or mean says how many, as it stands or with something added. Of a measure
 * with three values, or without a range, it does not; and of rows that may be one unit's, fewer units are certain.
 */
static void test_numerator_a_measure_of_two_values_is_a_condition(void **state)
{
	static const struct {
		uint32_t twos;
		int64_t lo, hi, more;
		bool by_one, hidden;
	} cases[] = { { 9, 1, 2, 0, false, true }, { 10, 1, 2, 0, false, false }, { 91, 1, 2, 0, false, true },
		{ 90, 1, 2, 0, false, false }, { 9, 1, 2, 7, false, true }, { 0, 1, 2, 0, false, false },
		{ 9, 1, 3, 0, false, false }, { 9, 1, INT64_MAX, 0, false, false }, { 9, INT64_MIN, 2, 0, false, false },
		{ 18, 1, 2, 0, true, true }, { 20, 1, 2, 0, true, false } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = 10;
		k->setup.view.tables[0].columns[KIT_AGE].lo = cases[i / 2].lo;
		k->setup.view.tables[0].columns[KIT_AGE].hi = cases[i / 2].hi;
		for (uint32_t u = 0; u < 100; u++) {
			struct kit_row *row = kit_add(k, 1, 0, 0);
			row->value[KIT_AGE] = u < cases[i / 2].twos ? 2 : 1;
			if (cases[i / 2].by_one && u % 2 == 1)
				row->unit = k->rows[k->nrows - 2].unit;
		}
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		struct sl_stat *s = kit_stat(&k->plans[0], "ages", i % 2 == 0 ? SL_STAT_SUM : SL_STAT_MEAN, KIT_AGE, 0);
		if (cases[i / 2].more > 0)
			kit_more(s, cases[i / 2].more);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), cases[i / 2].hidden);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, !cases[i / 2].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* `in` of 200 units of a region are sick: is the cell hidden when one groups by it? */
static bool group_hidden(uint32_t in, uint32_t all, uint32_t cell)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, all, 0, 0);
	struct sl_publication p;
	bool hidden;

	kit_quiet(k);
	k->setup.rules.group_disclosure = 0;
	k->setup.rules.zeros_show = 1;
	for (uint32_t i = 0; i < all; i++)
		row[i].value[KIT_SICK] = i < in;
	kit_key(&k->plans[0], "sick", KIT_SICK, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[cell].shown;
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_group_disclosure_zero_all_and_nearly_all_are_hidden(void **state)
{
	(void)state;
	assert_true(group_hidden(20, 20, 1)); /* 20 of 20 */
	assert_true(group_hidden(0, 20, 1));  /* 0 of 20, even where zeros are shown */
	assert_true(group_hidden(181, 200, 1));
	assert_false(group_hidden(180, 200, 1)); /* exactly 90 % */
	assert_false(group_hidden(100, 200, 1));
	assert_false(group_hidden(181, 200, 0)); /* the other side is judged by its own share */
}

static void test_within_group_single_beside_one_other_is_hidden(void **state)
{
	static const struct {
		uint32_t a, b, c;
		bool hidden;
	} rows[] = {
		{ 1, 50, 0, true }, { 2, 50, 0, false }, { 1, 50, 3, false }, { 1, 0, 0, false }, { 1, 1, 0, true }
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.within_group = 0;
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		(void)kit_add(k, rows[i].a, 0, 0);
		(void)kit_add(k, rows[i].b, 1, 0);
		(void)kit_add(k, rows[i].c, 2, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(!p.outputs[0].cells[0].shown, rows[i].hidden);
		if (rows[i].b > 0)
			assert_int_equal(!p.outputs[0].cells[1].shown, rows[i].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_all_equal_one_value_for_everyone_is_hidden(void **state)
{
	const int64_t same[] = { 7, 7, 7, 7 }, mixed[] = { 7, 7, 7, 8 };
	struct kit *k;

	(void)state;
	k = magnitudes(same, 4);
	k->setup.rules.all_equal = 0;
	assert_true(is_hidden(k));
	kit_free(k);
	k = magnitudes(mixed, 4);
	k->setup.rules.all_equal = 0;
	assert_false(is_hidden(k));
	kit_free(k);
}

static void test_all_equal_nought_or_hundred_per_cent_of_a_sensitive_condition_is_hidden(void **state)
{
	(void)state;
	for (uint32_t sick = 0; sick <= 60; sick += 30) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 60, 0, 0);
		kit_quiet(k);
		k->setup.rules.all_equal = 0;
		k->setup.rules.zeros_show = 1;
		for (uint32_t i = 0; i < 60; i++)
			row[i].value[KIT_SICK] = i < sick;
		kit_stat(&k->plans[0], "sick", SL_STAT_SHARE, KIT_SICK, 0);
		assert_int_equal(is_hidden(k), sick != 30);
		kit_free(k);
	}
}

/* Where all who are well have a large amount, whoever has a small one is sick: the same as sick by amounts. */
static void test_all_equal_a_condition_that_all_of_a_sensitive_group_meet_is_hidden(void **state)
{
	(void)state;
	for (uint32_t well_small = 0; well_small <= 20; well_small += 20) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 80, 0, 0);
		struct sl_publication p;
		kit_quiet(k);
		k->setup.rules.all_equal = 0;
		for (uint32_t i = 0; i < 80; i++) {
			row[i].value[KIT_SICK] = i >= 40;
			row[i].value[KIT_AMOUNT] = i >= well_small && i < 60 ? 9 : 1;
		}
		kit_key(&k->plans[0], "sick", KIT_SICK, false);
		kit_stat(&k->plans[0], "large", SL_STAT_COUNT_IF, KIT_AMOUNT, 5);
		p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.outputs[0].cells[0].shown, well_small > 0);
		assert_true(p.outputs[0].cells[1].shown);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* `out` of 100 + out units do not meet the condition. */
static bool filter_refused(uint32_t out)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 100 + out, 0, 0);
	struct sl_publication p;
	bool refused;

	for (uint32_t i = 0; i < out; i++)
		row[i].value[KIT_AMOUNT] = 0;
	kit_where(&k->plans[0], KIT_AMOUNT, 1);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	refused = !p.releasable;
	if (refused)
		assert_int_equal(p.outputs[0].suppressed, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return refused;
}

static void test_small_complement_everyone_but_few_is_refused_nobody_included(void **state)
{
	(void)state;
	assert_true(filter_refused(0));
	assert_true(filter_refused(1));
	assert_true(filter_refused(9));
	assert_false(filter_refused(10));
}

static void test_small_complement_without_filter_passes(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	(void)kit_add(k, 100, 0, 0);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	assert_false(is_hidden(k));
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
		{ 100, 1100, true, 110 }, { 100, 1000, false, 0 }, /* 10 below; 9 below */
		{ 100, 9000, true, 189 }, { 100, 9001, false, 0 }, /* 10 above; 9 above */
		{ 100, 1, false, 0 },     { 100, 9999, false, 0 }, /* minimum and maximum by another name */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k;
		struct sl_publication p = check_quantile(cases[i].n, cases[i].p, 10, &k);
		assert_int_equal(p.outputs[0].cells[0].shown, cases[i].shown);
		assert_int_equal(p.outputs[0].cells[0].value, cases[i].value);
		assert_int_equal(kit_has(&p, SL_RULE_QUANTILE), !cases[i].shown);
		assert_true(kit_has(&p, SL_RULE_QUANTILE_VALUE)); /* each amount is one unit's */
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
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

/* Makes the statistic's condition "column > bound" a range of that column. */
static void make_range_of(struct sl_stat *s, int64_t lo, int64_t hi)
{
	struct sl_op *ops = realloc(s->arg.ops, 7 * sizeof *ops);

	assert_non_null(ops);
	s->arg.ops = ops;
	s->arg.nops = 7;
	for (int i = 0; i < 3; i++)
		ops[3 + i] = ops[i];
	ops[1].value = lo;
	ops[2].op = SL_OP_GE;
	ops[4].value = hi;
	ops[5].op = SL_OP_LE;
	ops[6] = (struct sl_op){ .op = SL_OP_AND, .type = SL_TYPE_BOOLEAN };
}

static void make_negative(struct sl_stat *s)
{
	struct sl_op *ops = realloc(s->arg.ops, 2 * sizeof *ops);

	assert_non_null(ops);
	s->arg.ops = ops;
	ops[1] = ops[0];
	ops[1].op = SL_OP_NEG;
	ops[1].arg = 0;
	s->arg.nops = 2;
}

static void test_differencing_two_ways_to_one_column_are_for_a_person(void **state)
{
	static const struct {
		enum sl_stat_fn fn[2];
		enum kit_column column[2];
		int64_t bound[2], to[2]; /* to: makes a range of it; -1: the negative of the column */
		bool found;
	} pairs[] = {
		{ { SL_STAT_COUNT_IF, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 110, 111 }, { 0, 0 }, true },
		{ { SL_STAT_COUNT_IF, SL_STAT_SHARE }, { KIT_AMOUNT, KIT_AMOUNT }, { 110, 111 }, { 0, 0 }, true },
		{ { SL_STAT_COUNT_IF, SL_STAT_SHARE }, { KIT_AMOUNT, KIT_AMOUNT }, { 110, 110 }, { 0, 0 }, false },
		{ { SL_STAT_COUNT_IF, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_SICK }, { 110, 0 }, { 0, 0 }, false },
		{ { SL_STAT_COUNT_IF, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 100, 115 }, { 114, 130 }, false },
		{ { SL_STAT_COUNT_IF, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 100, 114 }, { 114, 130 }, true },
		{ { SL_STAT_COUNT_IF, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 100, 110 }, { 130, 0 }, true },
		{ { SL_STAT_SUM, SL_STAT_MEAN }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, 0 }, false },
		{ { SL_STAT_SUM, SL_STAT_SD }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, 0 }, false },
		{ { SL_STAT_SUM, SL_STAT_MEAN }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -1 }, true },
		{ { SL_STAT_VAR, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { -1, 0 }, true },
		{ { SL_STAT_SUM, SL_STAT_SUM }, { KIT_AMOUNT, KIT_PRICE }, { 0, 0 }, { 0, -1 }, false },
		{ { SL_STAT_SUM, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 110 }, { 0, 0 }, false },
		{ { SL_STAT_QUANTILE, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 5000, 0 }, { 0, -1 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		(void)kit_add(k, 40, 0, 0);
		for (int n = 0; n < 2; n++) {
			struct sl_stat *s = kit_stat(&k->plans[0], n == 0 ? "a" : "b", pairs[i].fn[n], pairs[i].column[n],
			                             pairs[i].bound[n]);
			if (pairs[i].to[n] > 0)
				make_range_of(s, pairs[i].bound[n], pairs[i].to[n]);
			else if (pairs[i].to[n] < 0)
				make_negative(s);
		}
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_DIFFERENCING), pairs[i].found);
		assert_int_equal(p.releasable, 1);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Who adds nothing may be left out by it: the sum is everybody's, and beside cells of everybody tells a cell. */
static void test_differencing_a_condition_on_what_is_added_up_is_for_a_person(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		enum kit_column where;
		bool found;
	} cases[] = { { SL_STAT_SUM, KIT_AMOUNT, true }, { SL_STAT_MEAN, KIT_AMOUNT, true },
		{ SL_STAT_SUM, KIT_PRICE, false }, { SL_STAT_UNITS, KIT_AMOUNT, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		(void)kit_add(k, 40, 0, 0);
		kit_where(&k->plans[0], cases[i].where, 1);
		kit_stat(&k->plans[0], "debts", cases[i].fn, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_DIFFERENCING), cases[i].found);
		assert_int_equal(p.releasable, 1);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_differencing_another_output_may_hold_the_other_way(void **state)
{
	static const struct {
		int64_t bound; /* of the second output's condition; the first has 110 */
		bool banded;   /* the first output is grouped by age, and its condition is on sickness instead */
		bool found;
	} cases[] = { { 111, false, true }, { 110, false, false }, { 41, true, true } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		struct sl_plan *second = kit_plan(k);
		kit_quiet(k);
		(void)kit_add(k, 200, 0, 0);
		if (cases[i].banded)
			kit_key(&k->plans[0], "age", KIT_AGE, true);
		kit_stat(&k->plans[0], "a", SL_STAT_COUNT_IF, cases[i].banded ? KIT_SICK : KIT_AMOUNT, 110);
		kit_stat(second, "b", SL_STAT_COUNT_IF, cases[i].banded ? KIT_AGE : KIT_AMOUNT, cases[i].bound);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_DIFFERENCING), cases[i].found);
		for (uint32_t n = 0; n < p.nfindings; n++)
			if (p.findings[n].rule == SL_RULE_DIFFERENCING)
				assert_int_equal(p.findings[n].output, 1);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer_one_handbook_dominance),
		cmocka_unit_test(test_known_answer_two_handbook_one_dominates),
		cmocka_unit_test(test_known_answer_three_sdctable_frequencies),
		cmocka_unit_test(test_dominance_tie_is_unsafe),
		cmocka_unit_test(test_p_percent_tie_is_safe),
		cmocka_unit_test(test_dominance_of_nothing_is_unsafe),
		cmocka_unit_test(test_dominance_counts_units_not_rows),
		cmocka_unit_test(test_dominance_is_judged_on_absolute_amounts),
		cmocka_unit_test(test_threshold_exactly_t_units_passes),
		cmocka_unit_test(test_threshold_counts_persons_not_rows),
		cmocka_unit_test(test_threshold_statistic_counts_units_with_a_value),
		cmocka_unit_test(test_numerator_few_on_either_side_are_hidden),
		cmocka_unit_test(test_numerator_a_count_disguised_as_a_sum_is_hidden_too),
		cmocka_unit_test(test_numerator_a_measure_of_two_values_is_a_condition),
		cmocka_unit_test(test_numerator_few_known_not_to_meet_among_many_unknown_are_hidden),
		cmocka_unit_test(test_group_disclosure_zero_all_and_nearly_all_are_hidden),
		cmocka_unit_test(test_within_group_single_beside_one_other_is_hidden),
		cmocka_unit_test(test_all_equal_one_value_for_everyone_is_hidden),
		cmocka_unit_test(test_all_equal_nought_or_hundred_per_cent_of_a_sensitive_condition_is_hidden),
		cmocka_unit_test(test_all_equal_a_condition_that_all_of_a_sensitive_group_meet_is_hidden),
		cmocka_unit_test(test_small_complement_everyone_but_few_is_refused_nobody_included),
		cmocka_unit_test(test_small_complement_without_filter_passes),
		cmocka_unit_test(test_zero_is_hidden_unless_public),
		cmocka_unit_test(test_context_what_cannot_be_judged_is_refused),
		cmocka_unit_test(test_quantile_needs_t_units_on_each_side),
		cmocka_unit_test(test_quantile_that_many_share_is_nobodys_own),
		cmocka_unit_test(test_differencing_two_ways_to_one_column_are_for_a_person),
		cmocka_unit_test(test_differencing_a_condition_on_what_is_added_up_is_for_a_person),
		cmocka_unit_test(test_differencing_another_output_may_hold_the_other_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
