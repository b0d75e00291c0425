/* test_beside.c - numbers of several outputs that tell together how few have a value. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"

enum half { SUM, MEAN, COUNT, SHARE };

/* A hundred persons of each region, some of A and B without an amount; the rule, and nothing else that can be off. */
static void open_with(struct past *t, uint32_t of_a, uint32_t of_b)
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int region = 0; region < 4; region++)
		(void)kit_add(t->k, 100, region, 0);
	for (uint32_t u = 0; u < 400; u++) {
		t->k->rows[u].value[KIT_AGE] = u % 2 == 0 ? 30 : 50;
		t->k->rows[u].value[KIT_AMOUNT] = 100 + u * 37 % 80;
		t->k->rows[u].missing[KIT_AMOUNT] = u < of_a || (u >= 100 && u < 100 + of_b);
	}
}

/* The next plan: persons, and one half. */
static struct sl_plan *put(struct past *t, enum half half, bool by_region)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_SUM, SL_STAT_MEAN, SL_STAT_COUNT_IF, SL_STAT_SHARE };
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (by_region)
		kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "half", fns[half], KIT_AMOUNT, 140);
	return p;
}

static bool is_hidden(const struct past *t, uint32_t output, uint32_t cell)
{
	return !kit_cell(t->k, &t->now, output, cell, 1)->shown;
}

static void judge(struct past *t, uint32_t earlier)
{
	past_release(t, earlier);
	assert_int_equal(past_judge(t), SL_OK);
	assert_int_equal(t->now.releasable, 1);
}

/* Which of two outputs loses a number, 0, 1 or none; and none of region B, where nobody lacks a value. */
static int loses(enum half first, enum half second, uint32_t earlier, uint32_t missing)
{
	struct past t;
	int which = -1;

	open_with(&t, missing, 0);
	(void)put(&t, first, true);
	(void)put(&t, second, true);
	judge(&t, earlier);
	for (uint32_t i = 0; i < 2 - earlier; i++) {
		which = is_hidden(&t, i, 0) ? (int)(i + earlier) : which;
		assert_true(t.now.outputs[i].cells[0].shown);
		assert_false(is_hidden(&t, i, 1));
	}
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_NUMERATOR);
	assert_int_equal(f != NULL, which >= 0);
	if (f != NULL) {
		assert_true(f->measured == missing && f->limit == 10 && f->stat == 1 && f->severity == SL_SEVERITY_SUPPRESS);
		assert_int_equal(f->release, earlier ? 7 : 0);
		assert_int_equal(f->other_output, earlier ? 0 : 1 - which);
		assert_int_equal(f->other_cell, 0);
	}
	assert_false(kit_has(&t.now, SL_RULE_HISTORY) || kit_has(&t.now, SL_RULE_SECONDARY));
	past_close(&t);
	return which;
}

/* The mean or share goes, the total only where that left before; and only where those without a value are few. */
static void test_numerator_of_two_outputs_that_tell_who_has_no_value_one_loses_a_number(void **state)
{
	static const struct {
		enum half first, second;
		int together, after;
	} cases[] = { { SUM, MEAN, 1, 1 }, { MEAN, SUM, 0, 1 }, { SUM, SUM, -1, -1 }, { MEAN, MEAN, -1, -1 },
		{ COUNT, SHARE, 1, 1 }, { SHARE, SUM, -1, -1 }, { COUNT, MEAN, -1, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (uint32_t missing = 0; missing <= 10; missing += missing == 1 ? 8 : 1)
			for (uint32_t earlier = 0; earlier <= 1; earlier++) {
				int expected = missing == 0 || missing == 10 ? -1 : earlier ? cases[i].after : cases[i].together;
				if (loses(cases[i].first, cases[i].second, earlier, missing) != expected)
					fail_msg("case %zu, %u missing, %u earlier", i, missing, earlier);
			}
}

/* Of how many a condition is not known the engine does not count for a count_if; of none the catalogue says so. */
static void test_numerator_a_count_beside_an_earlier_share_is_for_a_person(void **state)
{
	(void)state;
	for (uint8_t nullable = 0; nullable < 2; nullable++) {
		struct past t;
		open_with(&t, 3, 0);
		t.k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = nullable;
		(void)put(&t, SHARE, true);
		(void)put(&t, COUNT, true);
		judge(&t, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DIFFERENCING);
		assert_int_equal(f != NULL, nullable);
		if (f != NULL)
			assert_true(f->severity == SL_SEVERITY_REVIEW && f->release == 7 && f->stat == 1);
		assert_false(is_hidden(&t, 0, 0));
		past_close(&t);
	}
}

/* The sums of all regions are the sum of all, and so their quotient with the mean of all is told. */
static void test_numerator_totals_of_all_groups_are_the_total_of_all(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (int mean_first = 0; mean_first < 2; mean_first++)
			for (uint32_t missing = 0; missing <= 10; missing += 5) {
				struct past t;
				open_with(&t, missing, 0);
				(void)put(&t, mean_first ? MEAN : SUM, !mean_first);
				(void)put(&t, mean_first ? SUM : MEAN, mean_first);
				judge(&t, earlier);
				assert_int_equal(kit_has(&t.now, SL_RULE_NUMERATOR), missing == 5);
				uint32_t loses = mean_first && !earlier ? 0 : 1 - earlier;
				assert_int_equal(is_hidden(&t, loses, 0), missing == 5);
				past_close(&t);
			}
}

/* Means of groups do not add up, so beside a sum of all they tell nothing. */
static void test_numerator_means_of_groups_beside_the_total_of_all_tell_nothing(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++) {
		struct past t;
		open_with(&t, 5, 0);
		(void)put(&t, MEAN, true);
		(void)put(&t, SUM, false);
		judge(&t, earlier);
		assert_int_equal(t.now.nfindings, 0);
		past_close(&t);
	}
}

/* Three of A lack a value and so many of B: those of all less those of B are three. */
static void test_numerator_what_is_left_of_those_without_a_value_is_not_told(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 2; earlier += 2) {
		struct past t;
		open_with(&t, 3, 20);
		(void)put(&t, SUM, true);
		(void)put(&t, SUM, false);
		(void)put(&t, MEAN, true);
		(void)put(&t, MEAN, false);
		judge(&t, earlier);
		assert_true(is_hidden(&t, 2 - earlier, 0) && is_hidden(&t, 3 - earlier, 0));
		assert_false(is_hidden(&t, 2 - earlier, 1));
		assert_true(earlier > 0 || !(is_hidden(&t, 0, 0) || is_hidden(&t, 0, 1) || is_hidden(&t, 1, 0)));
		past_close(&t);
	}
}

/* Of other rows it is another quotient; of the same ones, whatever order conditions and outputs have, it is one. */
static void test_numerator_only_halves_of_the_same_rows_are_put_together(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (int both = 0; both < 2; both++) {
			struct past t;
			open_with(&t, 5, 0);
			kit_where(put(&t, SUM, true), KIT_AGE, 40);
			struct sl_plan *p = put(&t, MEAN, true);
			if (both)
				kit_where(p, KIT_AGE, 40);
			judge(&t, earlier);
			assert_int_equal(is_hidden(&t, 1 - earlier, 0), both);
			past_close(&t);
		}
}

static void test_numerator_where_policy_leaves_it_out_halves_are_shown(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 5, 0);
	t.k->setup.rules.numerator = 1;
	(void)put(&t, SUM, true);
	(void)put(&t, MEAN, true);
	judge(&t, 0);
	assert_int_equal(t.now.nfindings, 0);
	past_close(&t);
}

/*
 * The share of those who do not meet a condition, beside how many do, tells who has no value just the same: it goes in
 * that region, and nothing else but what would give it back from the share of all.
 */
static void test_numerator_of_a_share_of_the_opposite_no_row_goes(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (int of_all = 0; of_all < 2; of_all++) {
			struct past t;
			bool given_back = of_all != 0;
			open_with(&t, 3, 20);
			(void)put(&t, COUNT, true);
			for (int by_region = 1; by_region >= 1 - of_all; by_region--) {
				struct sl_stat *s = &put(&t, SHARE, by_region != 0)->stats[1];
				struct sl_op *ops = realloc(s->arg.ops, (s->arg.nops + 1) * sizeof *ops);
				assert_non_null(ops);
				ops[s->arg.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
				s->arg.ops = ops;
			}
			judge(&t, earlier);
			uint32_t share = 1 - earlier;
			assert_true(is_hidden(&t, share, 0));
			for (uint32_t i = 0; i < t.now.noutputs; i++)
				for (uint32_t n = 0; n < t.now.outputs[i].ncells; n += 2)
					assert_true(t.now.outputs[i].cells[n].shown);
			for (uint32_t region = 0; region < 4; region++) {
				assert_true(earlier == 1 || !is_hidden(&t, 0, region));
				given_back = given_back && (region == 0 || !is_hidden(&t, share, region));
			}
			assert_false(given_back && !is_hidden(&t, share + 1, 0));
			past_close(&t);
		}
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 3, 20);
	(void)put(&t, MEAN, false);
	(void)put(&t, SUM, true);
	(void)put(&t, MEAN, true);
	kit_where(put(&t, SUM, true), KIT_AGE, 40);
	past_release(&t, 1);
	past_judge_failing(&t, SL_RULE_NUMERATOR);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_of_two_outputs_that_tell_who_has_no_value_one_loses_a_number),
		cmocka_unit_test(test_numerator_a_count_beside_an_earlier_share_is_for_a_person),
		cmocka_unit_test(test_numerator_totals_of_all_groups_are_the_total_of_all),
		cmocka_unit_test(test_numerator_means_of_groups_beside_the_total_of_all_tell_nothing),
		cmocka_unit_test(test_numerator_what_is_left_of_those_without_a_value_is_not_told),
		cmocka_unit_test(test_numerator_only_halves_of_the_same_rows_are_put_together),
		cmocka_unit_test(test_numerator_where_policy_leaves_it_out_halves_are_shown),
		cmocka_unit_test(test_numerator_of_a_share_of_the_opposite_no_row_goes),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
