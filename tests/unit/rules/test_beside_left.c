/*
 * test_beside_left.c - how few have a value, where it is told by what numbers of several outputs leave of each other.
 *
 * Four hundred persons, a hundred of each region; every other one is old, and the others young.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

enum who { ALL, OLD, YOUNG, REGIONS };

/* So many of the old and of the young without an amount, from the first region on. */
static void open_with(struct past *t, uint32_t old, uint32_t young)
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int region = 0; region < 4; region++)
		(void)kit_add(t->k, 100, region, 0);
	for (uint32_t u = 0; u < 400; u++) {
		bool is_old = u % 2 == 0;
		t->k->rows[u].value[KIT_AGE] = is_old ? 50 : 30;
		t->k->rows[u].value[KIT_PRICE] = is_old ? 1000 : 9000;
		t->k->rows[u].value[KIT_AMOUNT] = 100 + u * 37 % 80;
		t->k->rows[u].missing[KIT_AMOUNT] = u / 2 < (is_old ? old : young);
	}
}

/* The next plan: how many there are, the sum, the mean, or both. */
static void put(struct past *t, enum who who, bool sum, bool mean)
{
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (who == REGIONS)
		kit_key(p, "region", KIT_REGION, false);
	if (who == OLD || who == YOUNG)
		kit_where(p, who == OLD ? KIT_AGE : KIT_PRICE, 40);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	if (sum)
		kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	if (mean)
		kit_stat(p, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
}

static void judge_now(struct past *t)
{
	assert_int_equal(past_judge(t), SL_OK);
	assert_int_equal(t->now.releasable, 1);
}

static void judge(struct past *t, uint32_t earlier)
{
	t->one_by_one = true;
	past_release(t, earlier);
	judge_now(t);
}

static bool is_hidden(const struct past *t, uint32_t output, uint32_t cell, uint32_t stat)
{
	return !kit_cell(t->k, &t->now, output, cell, stat)->shown;
}

static uint32_t count_hidden(const struct past *t)
{
	uint32_t n = 0;

	for (uint32_t f = 0; f < t->now.nfindings; f++)
		n += t->now.findings[f].severity == SL_SEVERITY_SUPPRESS;
	return n;
}

/* The sum of the young is that of all less that of the old; what stands in the request last goes. */
static void test_numerator_a_sum_that_two_others_leave_is_put_beside_the_mean(void **state)
{
	(void)state;
	for (uint32_t missing = 0; missing <= 10; missing += 5)
		for (uint32_t earlier = 0; earlier <= 2; earlier++) {
			struct past t;
			open_with(&t, 20, missing);
			put(&t, ALL, true, false);
			put(&t, OLD, true, false);
			put(&t, YOUNG, false, true);
			judge(&t, earlier);
			assert_int_equal(is_hidden(&t, 2 - earlier, 0, 1), missing == 5);
			assert_int_equal(count_hidden(&t), missing == 5);
			const struct sl_finding *f = kit_find(&t.now, SL_RULE_NUMERATOR);
			assert_int_equal(f != NULL, missing == 5);
			if (f != NULL)
				assert_true(f->measured == 5 && f->limit == 10 && f->stat == 1 && f->other_cell == 0 &&
				            f->release == (earlier == 2 ? 8 : 0));
			past_close(&t);
		}
}

/* Where the mean left before, a sum goes: of the two that leave the third the one of fewer. */
static void test_numerator_where_the_mean_left_before_the_smaller_sum_goes(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 20, 5);
	put(&t, YOUNG, false, true);
	put(&t, ALL, true, false);
	put(&t, OLD, true, false);
	judge(&t, 1);
	assert_false(is_hidden(&t, 0, 0, 1));
	assert_true(is_hidden(&t, 1, 0, 1));
	past_close(&t);
}

/* Of all and of the old it is told how many have none: of the young too, and the mean of all goes. */
static void test_numerator_those_without_a_value_that_two_rows_leave_are_counted(void **state)
{
	(void)state;
	for (uint32_t young = 0; young <= 10; young += 5)
		for (int apart = 0; apart < 2; apart++) {
			struct past t;
			open_with(&t, 20, young);
			put(&t, ALL, true, !apart);
			put(&t, OLD, true, true);
			if (apart)
				put(&t, ALL, false, true);
			judge(&t, 0);
			assert_int_equal(count_hidden(&t), young == 5);
			assert_int_equal(is_hidden(&t, apart ? 2 : 0, 0, apart ? 1 : 2), young == 5);
			past_close(&t);
		}
}

/*
 * Of the earlier row the engine does not count now, so of what is left nobody knows: a person looks, once; and once at
 * the sum, which may be of a few who have a value.
 */
static void test_numerator_of_what_an_earlier_row_leaves_nobody_counts_and_a_person_looks(void **state)
{
	(void)state;
	for (uint8_t nullable = 0; nullable < 2; nullable++) {
		struct past t;
		open_with(&t, nullable ? 20 : 0, nullable ? 20 : 0);
		t.k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = nullable;
		put(&t, ALL, true, true);
		put(&t, OLD, true, true);
		judge(&t, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DIFFERENCING);
		assert_int_equal(f != NULL, nullable);
		if (f != NULL)
			assert_true(f->severity == SL_SEVERITY_REVIEW && f->release == 7 && f->cell == SL_FINDING_WHOLE);
		assert_int_equal(kit_has(&t.now, SL_RULE_DEPTH), nullable);
		assert_int_equal(t.now.nfindings, 2 * nullable);
		assert_int_equal(count_hidden(&t), 0);
		past_close(&t);
	}
}

/* Sums by region, then means by region, of which one is hidden, then the mean of all: it would tell of that region. */
static void test_numerator_what_was_hidden_is_not_told_by_a_third_request(void **state)
{
	(void)state;
	for (int hides = 0; hides < 2; hides++) {
		struct past t;
		open_with(&t, 20, 20);
		put(&t, REGIONS, true, false);
		put(&t, REGIONS, false, true);
		put(&t, ALL, false, true);
		t.one_by_one = true;
		past_release(&t, 2);
		struct sl_earlier_set *row = &t.space.history.outputs[1].sets[0];
		assert_int_equal(row->told, 3);
		row->told -= hides ? 2 : 0;
		judge_now(&t);
		assert_int_equal(is_hidden(&t, 0, 0, 1), hides);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_NUMERATOR);
		assert_int_equal(f != NULL, hides);
		if (f != NULL)
			assert_true(f->measured == 100 && f->release == 7 && f->severity == SL_SEVERITY_SUPPRESS);
		assert_int_equal(t.now.nfindings, hides);
		past_close(&t);
	}
}

/* Two means and that of both weigh how many have a value against each other; with the sum of one that is a number. */
static void test_numerator_means_that_weigh_each_other_tell_with_a_sum_of_one_of_them(void **state)
{
	(void)state;
	for (int with_sum = 0; with_sum < 2; with_sum++) {
		struct past t;
		open_with(&t, 20, 5);
		put(&t, OLD, with_sum, true);
		put(&t, YOUNG, false, true);
		put(&t, ALL, false, true);
		judge(&t, 0);
		assert_int_equal(is_hidden(&t, 1, 0, 1), with_sum);
		assert_int_equal(count_hidden(&t), with_sum);
		past_close(&t);
	}
}

/* All regions less the young are the old, though no region is: three of them have no amount, or nobody, or many. */
static void test_numerator_of_all_groups_less_a_condition_that_crosses_them_few_are_not_told(void **state)
{
	(void)state;
	for (uint32_t old = 0; old <= 20; old = old == 0 ? 3 : old + 17)
		for (int groups_first = 0; groups_first < 2; groups_first++) {
			struct past t;
			open_with(&t, old, 20);
			put(&t, groups_first ? REGIONS : YOUNG, true, true);
			put(&t, groups_first ? YOUNG : REGIONS, true, true);
			judge(&t, 0);
			assert_int_equal(count_hidden(&t), old == 3);
			const struct sl_finding *f = kit_find(&t.now, SL_RULE_NUMERATOR);
			assert_int_equal(f != NULL, old == 3);
			assert_true(f == NULL || (f->measured == 3 && f->other_output != f->output));
			past_close(&t);
		}
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 20, 5);
	put(&t, ALL, true, false);
	put(&t, OLD, true, false);
	put(&t, YOUNG, false, true);
	past_release(&t, 1);
	past_judge_failing(&t, SL_RULE_NUMERATOR);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_a_sum_that_two_others_leave_is_put_beside_the_mean),
		cmocka_unit_test(test_numerator_where_the_mean_left_before_the_smaller_sum_goes),
		cmocka_unit_test(test_numerator_those_without_a_value_that_two_rows_leave_are_counted),
		cmocka_unit_test(test_numerator_of_what_an_earlier_row_leaves_nobody_counts_and_a_person_looks),
		cmocka_unit_test(test_numerator_what_was_hidden_is_not_told_by_a_third_request),
		cmocka_unit_test(test_numerator_means_that_weigh_each_other_tell_with_a_sum_of_one_of_them),
		cmocka_unit_test(test_numerator_of_all_groups_less_a_condition_that_crosses_them_few_are_not_told),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
