/* test_implied.c - the counts that a plan's statistics tell: which they are, and that they hide what tells them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/predicate.h"
#include "policy/implied.h"
#include "policy/plan_grant.h"
#include "tests/unit/rules/kit.h"
#include "tests/unit/vault/failing.h"

/* Amounts and prices are 0 or 1, on their grids; of age every number from 0 to 5. */
static struct kit *kit_flags(void)
{
	struct kit *k = kit_new();
	struct sl_column *columns = k->setup.view.tables[0].columns;

	columns[KIT_AMOUNT].lo = columns[KIT_PRICE].lo = columns[KIT_AGE].lo = 0;
	columns[KIT_AMOUNT].hi = columns[KIT_PRICE].hi = 1;
	columns[KIT_AGE].hi = 5;
	columns[KIT_AMOUNT].nullable = columns[KIT_PRICE].nullable = columns[KIT_AGE].nullable = 0;
	columns[KIT_SICK].nullable = 0;
	return k;
}

static uint32_t implied(struct kit *k)
{
	struct sl_err err = { 0 };
	uint32_t before = k->plans[0].nstats;

	assert_int_equal(sl_implied_add(&k->plans[0], &k->setup.view, &err), SL_OK);
	assert_int_equal(sl_plan_check(&k->plans[0], &k->setup.view, &err), SL_OK);
	return k->plans[0].nstats - before;
}

/* Whether the n-th statistic counts a row with these values. */
static bool counts(const struct kit *k, uint32_t n, int64_t amount, int64_t price, int64_t age, int64_t sick)
{
	struct kit_row row = { .value = { [KIT_AMOUNT] = amount, [KIT_PRICE] = price, [KIT_AGE] = age,
		                          [KIT_SICK] = sick } };

	return kit_meets(&k->plans[0], &k->plans[0].stats[n], &row);
}

static void test_a_sum_of_two_values_is_a_count_and_so_is_its_mean(void **state)
{
	struct kit *k = kit_flags();

	(void)state;
	kit_stat(&k->plans[0], "s", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "m", SL_STAT_MEAN, KIT_AMOUNT, 0);
	kit_more(kit_stat(&k->plans[0], "more", SL_STAT_SUM, KIT_AMOUNT, 0), 5);
	kit_stat(&k->plans[0], "d", SL_STAT_SD, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "age", SL_STAT_SUM, KIT_AGE, 0);
	assert_int_equal(implied(k), 1);
	assert_true(sl_stat_is_implied(&k->plans[0].stats[5]));
	assert_string_equal(k->plans[0].stats[5].name, "(s)");
	assert_true(counts(k, 5, 1, 0, 0, 0));
	assert_false(counts(k, 5, 0, 1, 5, 1));
	kit_free(k);
}

static void test_a_count_that_is_asked_for_is_not_implied_again(void **state)
{
	struct kit *k = kit_flags();
	struct sl_stat *s;

	(void)state;
	s = kit_stat(&k->plans[0], "c", SL_STAT_COUNT_IF, KIT_AMOUNT, 1);
	s->arg.ops[2].op = SL_OP_EQ;
	kit_stat(&k->plans[0], "s", SL_STAT_SUM, KIT_AMOUNT, 0);
	assert_int_equal(implied(k), 0);
	kit_free(k);
}

/* Each alone, and the four groups that two of them make. */
static void test_a_slope_tells_who_has_both_one_and_neither(void **state)
{
	struct kit *k = kit_flags();
	unsigned groups = 0;

	(void)state;
	kit_second(&k->plans[0], kit_stat(&k->plans[0], "k", SL_STAT_SLOPE, KIT_AMOUNT, 0), KIT_PRICE);
	assert_int_equal(implied(k), 6);
	for (uint32_t n = 1; n <= 6; n++) {
		unsigned met = 0;
		for (unsigned v = 0; v < 4; v++)
			met |= (unsigned)counts(k, n, v & 1, v >> 1, 0, 0) << v;
		groups |= 1u << met;
	}
	/* amounts of 1: rows 1 and 3; prices of 1: rows 2 and 3; one row each */
	assert_int_equal(groups, 1u << 0xa | 1u << 0xc | 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8);
	kit_free(k);
}

static void test_what_the_catalogue_says_of_two_conditions_is_no_count(void **state)
{
	struct kit *k = kit_flags();
	struct sl_stat *s = kit_stat(&k->plans[0], "m", SL_STAT_R2, KIT_AMOUNT, 0);

	(void)state;
	k->setup.view.tables[0].columns[KIT_AMOUNT].hi = 900;
	/* Over 2, and over 4: nobody has the second alone, and who has both has the second. */
	kit_second_condition(&k->plans[0], s, KIT_AGE, 2);
	kit_second_condition(&k->plans[0], s, KIT_AGE, 4);
	assert_int_equal(implied(k), 3);
	assert_true(counts(k, 1, 0, 0, 3, 0) && counts(k, 1, 0, 0, 5, 0) && !counts(k, 1, 0, 0, 2, 0));
	assert_true(!counts(k, 2, 0, 0, 4, 0) && counts(k, 2, 0, 0, 5, 0));
	assert_true(counts(k, 3, 0, 0, 3, 0) && counts(k, 3, 0, 0, 4, 0) && !counts(k, 3, 0, 0, 5, 0) &&
	            !counts(k, 3, 0, 0, 2, 0));
	kit_free(k);
}

static void test_rows_that_a_model_leaves_out_are_left_out(void **state)
{
	struct kit *k = kit_flags();
	struct kit_row row = { .value = { [KIT_SICK] = 1 } };

	(void)state;
	k->setup.view.tables[0].columns[KIT_PRICE].nullable = 1;
	k->setup.view.tables[0].columns[KIT_PRICE].hi = 900;
	kit_second_condition(&k->plans[0], kit_stat(&k->plans[0], "m", SL_STAT_R2, KIT_PRICE, 0), KIT_SICK, 0);
	assert_int_equal(implied(k), 1);
	assert_true(kit_meets(&k->plans[0], &k->plans[0].stats[1], &row));
	row.missing[KIT_PRICE] = true;
	assert_false(kit_meets(&k->plans[0], &k->plans[0].stats[1], &row));
	kit_free(k);
}

static void test_columns_that_are_printed_stay_what_they_were(void **state)
{
	struct kit *k = kit_flags();
	struct sl_plan *plan = &k->plans[0];

	(void)state;
	kit_stat(plan, "s", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(plan, "t", SL_STAT_SUM, KIT_PRICE, 0);
	kit_calc_difference(plan, "less", 0, 0);
	plan->order = calloc(2, sizeof *plan->order);
	plan->order[plan->norder++].column = 2;
	plan->order[plan->norder++].column = 1;
	assert_int_equal(implied(k), 2);
	assert_int_equal(sl_plan_printed(plan), 3);
	assert_int_equal(sl_plan_column(plan, 0), 0);
	assert_int_equal(sl_plan_column(plan, 1), 1);
	assert_int_equal(sl_plan_column(plan, 2), 4);
	assert_int_equal(plan->order[0].column, 4);
	assert_int_equal(plan->order[1].column, 1);
	plan->order[0].column = 2;
	assert_int_equal(sl_plan_check(plan, &k->setup.view, NULL), SL_E_INPUT);
	kit_free(k);
}

/* A statistic that is printed nowhere has left nowhere, and is none that could be told again. */
static void test_what_is_not_printed_is_none_that_could_be_told_again(void **state)
{
	struct kit *k = kit_flags();
	struct sl_predicate_part *stats = NULL;
	uint32_t nstats = 0;

	(void)state;
	kit_stat(&k->plans[0], "s", SL_STAT_SUM, KIT_AMOUNT, 0);
	assert_int_equal(implied(k), 1);
	assert_int_equal(k->plans[0].nstats, 2);
	assert_int_equal(sl_predicate_stats(&k->plans[0], &k->setup.view, &stats, &nstats, NULL), SL_OK);
	assert_int_equal(nstats, 1);
	free(stats);
	kit_free(k);
}

static void test_more_than_can_be_looked_after_is_refused_with_what_to_do(void **state)
{
	struct kit *k = kit_flags();
	struct sl_stat *s = kit_stat(&k->plans[0], "m", SL_STAT_R2, KIT_SICK, 0);
	struct sl_err err = { 0 };

	(void)state;
	k->setup.view.tables[0].columns[KIT_AGE].hi = 900;
	for (int64_t i = 0; i < SL_REGRESSORS_MAX; i++)
		kit_second_condition(&k->plans[0], s, KIT_AGE, i);
	assert_int_equal(sl_implied_add(&k->plans[0], &k->setup.view, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_IMPLIED);
	assert_non_null(strstr(err.remedy, "fewer variables"));
	kit_free(k);
}

/* Nobody but who judges plans makes them: they need no right to the columns they read. */
static void test_a_script_implies_nothing(void **state)
{
	struct kit *k = kit_flags();
	struct sl_plan *plan = &k->plans[0];

	(void)state;
	kit_stat(plan, "n", SL_STAT_UNITS, 0, 0);
	kit_stat(plan, "(s)", SL_STAT_COUNT_IF, KIT_SICK, 0);
	assert_int_equal(sl_implied_add(plan, &k->setup.view, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_plan_check(plan, &k->setup.view, NULL), SL_OK);
	plan->stats[1].fn = SL_STAT_SHARE;
	assert_int_equal(sl_plan_check(plan, &k->setup.view, NULL), SL_E_INPUT);
	plan->stats[1].fn = SL_STAT_COUNT_IF;
	kit_stat(plan, "behind", SL_STAT_COUNT, 0, 0);
	assert_int_equal(sl_plan_check(plan, &k->setup.view, NULL), SL_E_INPUT);
	kit_free(k);
}

/* Of 300, a have the amount, b the price, both of them both. Bit 0: the slope is shown, 1: the number of units. */
static unsigned shown(uint32_t a, uint32_t b, uint32_t both)
{
	struct kit *k = kit_flags();
	struct kit_row *row = kit_add(k, 300, 0, 0);

	for (uint32_t i = 0; i < 300; i++) {
		row[i].value[KIT_AMOUNT] = i < a;
		row[i].value[KIT_PRICE] = i >= a - both && i < a + b - both;
	}
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_second(&k->plans[0], kit_stat(&k->plans[0], "k", SL_STAT_SLOPE, KIT_AMOUNT, 0), KIT_PRICE);
	(void)implied(k);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_published_cell *cells = p.outputs[0].cells;
	unsigned out = (unsigned)cells[1].shown | (unsigned)cells[0].shown << 1;
	/* What it implies is known where it is shown, and nowhere else. */
	assert_true(cells[1].shown || !cells[2].shown);
	assert_true(!cells[1].shown || (cells[2].shown && cells[2].value == a));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return out;
}

static void test_a_slope_is_hidden_where_few_have_both_or_one_alone(void **state)
{
	(void)state;
	assert_int_equal(shown(103, 80, 40), 3);
	assert_int_equal(shown(103, 80, 3), 2);
	assert_int_equal(shown(103, 80, 77), 2); /* three have the price alone */
	assert_int_equal(shown(103, 5, 0), 2);
	assert_int_equal(shown(200, 110, 13), 2); /* three have neither */
}

static void test_it_needs_no_right_to_filter(void **state)
{
	struct kit *k = kit_flags();
	struct sl_err err = { 0 };

	(void)state;
	kit_stat(&k->plans[0], "s", SL_STAT_SUM, KIT_AMOUNT, 0);
	k->setup.view.tables[0].columns[KIT_AMOUNT].uses = SL_USE_MEASURE;
	uint64_t nodes = sl_plan_grant_nodes(&k->plans[0]);
	assert_int_equal(implied(k), 1);
	assert_int_equal(sl_plan_grant_uses(&k->plans[0], &k->setup.view, &err), SL_OK);
	assert_int_equal(sl_plan_grant_nodes(&k->plans[0]), nodes);
	kit_free(k);
}

static void test_out_of_memory_is_told(void **state)
{
	bool failed = true;

	(void)state;
	for (unsigned long n = 1; failed; n++) {
		struct kit *k = kit_flags();
		struct sl_err err = { 0 };
		kit_second(&k->plans[0], kit_stat(&k->plans[0], "k", SL_STAT_SLOPE, KIT_AMOUNT, 0), KIT_PRICE);
		failing_at(n);
		enum sl_rc rc = sl_implied_add(&k->plans[0], &k->setup.view, &err);
		failed = failing_reached() != 0;
		failing_at(0);
		assert_int_equal(rc, failed ? SL_E_NOMEM : SL_OK);
		assert_true(n < 1000);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_sum_of_two_values_is_a_count_and_so_is_its_mean),
		cmocka_unit_test(test_a_count_that_is_asked_for_is_not_implied_again),
		cmocka_unit_test(test_a_slope_tells_who_has_both_one_and_neither),
		cmocka_unit_test(test_what_the_catalogue_says_of_two_conditions_is_no_count),
		cmocka_unit_test(test_rows_that_a_model_leaves_out_are_left_out),
		cmocka_unit_test(test_columns_that_are_printed_stay_what_they_were),
		cmocka_unit_test(test_what_is_not_printed_is_none_that_could_be_told_again),
		cmocka_unit_test(test_more_than_can_be_looked_after_is_refused_with_what_to_do),
		cmocka_unit_test(test_a_script_implies_nothing),
		cmocka_unit_test(test_a_slope_is_hidden_where_few_have_both_or_one_alone),
		cmocka_unit_test(test_it_needs_no_right_to_filter),
		cmocka_unit_test(test_out_of_memory_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
