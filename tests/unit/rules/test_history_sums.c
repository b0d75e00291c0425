/* test_history_sums.c - a sum beside others, of now or released before: what is left between them is of a few. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

/*
 * A sum of a column and something is of the rows that have a value. Where the catalogue says that all have, these are
 * the rows that an earlier output counted, and nothing is told; else it would be, that nobody lacks one, or that
 * nobody's is so large that the sum overflows, which is missing.
 */
static void test_values_that_no_row_lacks_are_of_the_rows_that_were_counted(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		bool nullable = i == 1, unbounded = i == 2;
		struct past t;
		past_open(&t);
		t.k->setup.view.tables[0].columns[KIT_AGE].nullable = nullable;
		t.k->setup.view.tables[0].columns[KIT_AGE].hi = unbounded ? INT64_MAX : 120;
		(void)kit_add(t.k, 40, 0, 0);
		(void)kit_add(t.k, 60, 1, 0);
		for (uint32_t u = 0; u < t.k->nrows; u++)
			t.k->rows[u].value[KIT_AGE] = 20 + u % 50;
		past_persons(&t, 0, false);
		kit_more(kit_stat(past_persons(&t, 1, false), "older", SL_STAT_SUM, KIT_AGE, 0), 1);
		t.k->setup.rules.context = 1;
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(kit_has(&t.now, SL_RULE_HISTORY), nullable || unbounded);
		assert_int_equal(t.now.outputs[0].cells[1].shown, !nullable && !unbounded);
		assert_true(t.now.outputs[0].cells[0].shown); /* how many they are left before */
		past_close(&t);
	}
}

/* Amounts of region A: all of them, and of those over 40; one of the thirty others has nearly all of what is left. */
static void amounts(struct past *t, int64_t of_one, int64_t of_the_old)
{
	for (uint32_t i = 0; i < 2; i++) {
		struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);
		kit_key(p, "region", KIT_REGION, false);
		kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
		kit_stat(p, "amount", SL_STAT_SUM, KIT_AMOUNT, 0);
		if (i == 1)
			kit_where(p, KIT_AGE, 40);
	}
	(void)kit_add(t->k, 130, 0, 0);
	for (uint32_t u = 0; u < 130; u++) {
		t->k->rows[u].value[KIT_AGE] = u < 30 ? 30 : 50;
		t->k->rows[u].value[KIT_AMOUNT] = u == 0 ? of_one : (u < 30 ? 10 : of_the_old) + u % 7;
	}
	t->k->setup.rules.all_equal = 1;
}

/*
 * 130 persons and then 100 of them: neither sum is dominated, and 30 are enough. But of what lies between them one has
 * all but a little. Within a request that is seen; beside an earlier release nobody knows, and a person decides.
 */
static void test_a_sum_less_another_that_one_dominates_is_for_a_person(void **state)
{
	static const struct {
		uint32_t earlier;
		int64_t of_one;
		bool off, told;
	} cases[] = { { 0, 9000, false, true }, { 1, 9000, false, true }, { 0, 10, false, false }, { 1, 10, false, true },
		{ 0, 9000, true, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		past_open(&t);
		amounts(&t, cases[i].of_one, cases[i].of_one == 10 ? 10 : 1000);
		if (cases[i].off)
			t.k->setup.rules.dominance_n = t.k->setup.rules.dominance_k = t.k->setup.rules.p_percent = 0;
		past_release(&t, cases[i].earlier);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		for (uint32_t r = SL_RULE_NONE + 1; r < SL_RULE_COUNT_; r++)
			assert_false((r == SL_RULE_DOMINANCE || r == SL_RULE_P_PERCENT || r == SL_RULE_HISTORY) &&
			             kit_has(&t.now, (enum sl_rule)r));
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DEPTH);
		assert_true((f != NULL) == cases[i].told);
		if (f != NULL) {
			assert_int_equal(f->severity, SL_SEVERITY_REVIEW);
			assert_int_equal(f->measured, 30);
			assert_int_equal(f->stat, 1);
			assert_int_equal(f->release, cases[i].earlier ? 7 : 0);
			assert_int_equal(f->other_cell, 0);
		}
		past_close(&t);
	}
}

/* The p % rule alone, and amounts below nought, of which the largest say nothing. */
static void test_a_sum_less_another_is_asked_of_each_rule(void **state)
{
	(void)state;
	for (int which = 0; which < 4; which++) {
		struct past t;
		past_open(&t);
		amounts(&t, which < 2 ? 9000 : 10, which < 2 ? 1000 : 10);
		t.k->setup.rules.dominance_k = which == 0 ? 0 : 90000;
		t.k->setup.rules.dominance_n = which == 0 ? 0 : 2;
		t.k->setup.rules.p_percent = which == 1 ? 0 : 10000;
		if (which == 2)
			t.k->rows[1].value[KIT_AMOUNT] = -1;
		if (which == 3)
			t.k->rows[129].value[KIT_AMOUNT] = -1;
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_non_null(kit_find(&t.now, SL_RULE_DEPTH));
		past_close(&t);
	}
}

/* Where nobody asks who dominates: of the thirty that are left nine add something, too few; or ten, or nobody. */
static void test_few_that_add_something_to_what_is_left_are_not_told(void **state)
{
	static const struct { uint32_t adding; uint32_t off; bool told; } cases[] = { { 9, 0, true }, { 10, 0, false },
		{ 0, 0, false }, { 9, 1, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		past_open(&t);
		amounts(&t, 10, 10);
		for (uint32_t u = cases[i].adding; u < 30; u++)
			t.k->rows[u].value[KIT_AMOUNT] = 0;
		t.k->rows[129].value[KIT_AMOUNT] = 20; /* it is no count in disguise */
		t.k->setup.rules.dominance_n = t.k->setup.rules.dominance_k = t.k->setup.rules.p_percent = 0;
		t.k->setup.rules.numerator = (uint8_t)cases[i].off;
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
		assert_int_equal(f != NULL, cases[i].told);
		if (f != NULL)
			assert_true(f->measured == 9 && f->stat == 1 && f->output == 0 && f->cell == 0 && f->other_output == 1);
		assert_null(kit_find(&t.now, SL_RULE_DEPTH));
		past_close(&t);
	}
}

/* Beside what left it is not known how many, but where all have a value. */
static void test_how_many_have_a_value_of_what_is_left_of_an_earlier_sum_is_for_a_person(void **state)
{
	static const struct { uint8_t nullable, off; bool told; } cases[] = { { 1, 0, true }, { 0, 0, false },
		{ 1, 1, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		past_open(&t);
		amounts(&t, 10, 10);
		t.k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = cases[i].nullable;
		t.k->setup.rules.dominance_n = t.k->setup.rules.dominance_k = t.k->setup.rules.p_percent = 0;
		t.k->setup.rules.numerator = cases[i].off;
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(kit_find(&t.now, SL_RULE_DEPTH) != NULL, cases[i].told);
		past_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_that_no_row_lacks_are_of_the_rows_that_were_counted),
		cmocka_unit_test(test_a_sum_less_another_that_one_dominates_is_for_a_person),
		cmocka_unit_test(test_how_many_have_a_value_of_what_is_left_of_an_earlier_sum_is_for_a_person),
		cmocka_unit_test(test_few_that_add_something_to_what_is_left_are_not_told),
		cmocka_unit_test(test_a_sum_less_another_is_asked_of_each_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
