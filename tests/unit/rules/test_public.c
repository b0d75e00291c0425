/*
 * test_public.c - what is public from elsewhere, as sluice-check is told it: which rows are hidden beside it, what the
 * finding names, what rounding does with it, and that it refuses nothing by itself.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

/* Persons by region are public. */
static void open_regions(struct past *t, uint32_t men, uint32_t women)
{
	past_open(t);
	t->is_public = true;
	(void)kit_add(t->k, men, 0, 0);
	(void)kit_add(t->k, women, 0, 1);
	(void)kit_add(t->k, 50, 1, 0);
	(void)kit_add(t->k, 60, 1, 1);
	past_persons(t, 0, false);
}

/* A table by region and gender, or by region again, is asked for. */
static void open_town(struct past *t, uint32_t men, uint32_t women, bool by_gender)
{
	open_regions(t, men, women);
	past_persons(t, 1, by_gender);
}

static void test_a_hidden_cell_of_a_public_total_hides_one_more_and_names_it(void **state)
{
	struct past t;

	(void)state;
	open_town(&t, 40, 4, true);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_int_equal(f->cell, 0);
	assert_int_equal(f->measured, 4);
	assert_int_equal(f->release, 0);
	assert_int_equal(f->other_output, SL_PUBLIC_FIRST);
	assert_int_equal(f->other_cell, 0);
	const struct sl_published_cell *cells = t.now.outputs[0].cells;
	assert_true(!cells[0].shown && !cells[1].shown && cells[2].shown && cells[3].shown);
	past_close(&t);
}

/* As in test_history.c, but the total is exact: of 22 and 22 both follow, of 20 and 23 each may be three numbers. */
static void test_an_exact_public_total_must_leave_what_rounding_leaves(void **state)
{
	(void)state;
	for (int narrow = 0; narrow < 2; narrow++) {
		struct past t;
		open_town(&t, narrow ? 22 : 20, narrow ? 22 : 23, true);
		t.k->setup.rules.transform = SL_TRANSFORM_ROUND;
		t.k->setup.rules.transform_base = 5;
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, !narrow);
		assert_int_equal(kit_has(&t.now, SL_RULE_ROUNDING), narrow);
		past_close(&t);
	}
}

/* It is told exactly elsewhere: that rounding hides it is nobody's matter. */
static void test_a_public_number_may_be_printed_rounded(void **state)
{
	struct past t;

	(void)state;
	open_town(&t, 22, 22, false);
	t.k->setup.rules.transform = SL_TRANSFORM_ROUND;
	t.k->setup.rules.transform_base = 5;
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_int_equal(t.now.outputs[0].cells[0].value, 45);
	past_close(&t);
}

/* A region of four is public. Who asks for both genders is told them, and no reviewer is asked about the four. */
static void test_a_small_public_cell_refuses_nothing_and_is_not_told_as_unproved(void **state)
{
	struct past t;

	(void)state;
	open_regions(&t, 2, 2);
	struct sl_plan *p = kit_plan(t.k);
	kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_false(kit_has(&t.now, SL_RULE_HISTORY) || kit_has(&t.now, SL_RULE_DEPTH));
	assert_int_equal(t.now.outputs[0].suppressed, 0);
	past_close(&t);
}

/* What is of no release and not public is nothing. */
static void test_an_earlier_output_of_no_release_is_refused(void **state)
{
	struct past t;

	(void)state;
	open_town(&t, 40, 4, true);
	past_release(&t, 1);
	t.space.history.outputs[0].output = 0;
	assert_int_equal(past_judge(&t), SL_E_INPUT);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hidden_cell_of_a_public_total_hides_one_more_and_names_it),
		cmocka_unit_test(test_an_exact_public_total_must_leave_what_rounding_leaves),
		cmocka_unit_test(test_a_public_number_may_be_printed_rounded),
		cmocka_unit_test(test_a_small_public_cell_refuses_nothing_and_is_not_told_as_unproved),
		cmocka_unit_test(test_an_earlier_output_of_no_release_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
