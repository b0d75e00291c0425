/*
 * test_check_secondary_refused.c - outputs of one request that are more than sums of one another: numbers that bound
 * each other in other ways are refused, and not hidden.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/sums_kit.h"

static bool refuses(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool refused = !p.releasable && kit_has(&p, SL_RULE_MARGINS) && !kit_has(&p, SL_RULE_SECONDARY);

	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return refused;
}

static void test_check_secondary_what_does_not_add_up_is_refused(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);

	(void)state;
	kit_stat(&k->plans[2], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	assert_true(refuses(k));
	k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
	kit_where(&k->plans[2], KIT_AMOUNT, 0); /* another condition: another question */
	assert_true(refuses(k));
}

/*
 * Two of the nine persons of region C are in A as well. With 40 of A and 47 in all shown, C had at least 7, which no
 * equation says.
 */
static void test_check_secondary_units_in_several_cells_are_refused(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *whole = kit_plan(k);
	struct kit_row *row;

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.zeros_show = 1;
	(void)kit_add(k, 40, 0, 0);
	row = kit_add(k, 9, 2, 0);
	row[0].unit = k->rows[0].unit;
	row[1].unit = k->rows[1].unit;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(whole, "persons", SL_STAT_UNITS, 0, 0);
	assert_true(refuses(k));
}

/* Units are no more than rows, a sum beside a mean tells a count, and a key may say whether a condition is met. */
static void test_check_secondary_two_kinds_of_numbers_are_refused(void **state)
{
	static const struct {
		enum sl_stat_fn first, second;
		enum kit_column column;
	} pairs[] = {
		{ SL_STAT_UNITS, SL_STAT_COUNT, 0 },
		{ SL_STAT_SUM, SL_STAT_MEAN, KIT_AMOUNT },
		{ SL_STAT_COUNT, SL_STAT_SUM, KIT_AMOUNT },
		{ SL_STAT_COUNT, SL_STAT_COUNT_IF, KIT_SICK },
		{ SL_STAT_COUNT_IF, SL_STAT_COUNT_IF, KIT_SICK },
		{ SL_STAT_SHARE, SL_STAT_SHARE, KIT_SICK },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct kit *k = sums_kit_make(sums_kit_example, pairs[i].first, pairs[i].column);
		for (uint32_t o = 0; o < 3; o++)
			kit_stat(&k->plans[o], "other", pairs[i].second, pairs[i].column, 0);
		assert_true(refuses(k));
	}
}

/* Ages within a band are between its edges: a sum of them is bounded by more than equations. */
static void test_check_secondary_a_sum_of_what_is_grouped_by_is_refused(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_SUM, KIT_AGE);

	(void)state;
	kit_key(&k->plans[1], "age", KIT_AGE, true);
	assert_true(refuses(k));
}

/*
 * 100 men and 95 of region A are shown: the hidden eight of B are five at least, though three of them are in A as well
 * and thirty men are women too.
 */
static void test_check_secondary_units_of_a_shared_margin_bound_each_other(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *by_gender = kit_plan(k);
	struct kit_row *row;

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.zeros_show = 1;
	(void)kit_add(k, 95, 0, 0);
	row = kit_add(k, 8, 1, 0);
	for (uint32_t i = 0; i < 3; i++)
		row[i].unit = k->rows[i].unit;
	row = kit_add(k, 30, 0, 1);
	for (uint32_t i = 0; i < 30; i++)
		row[i].unit = k->rows[i].unit;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(by_gender, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(by_gender, "persons", SL_STAT_UNITS, 0, 0);
	assert_true(refuses(k));
}

/* Each person has one row: persons by region, less the men counted as rows, are the two women of A. */
static void test_check_secondary_persons_and_rows_may_be_the_same(void **state)
{
	const enum sl_stat_fn others[] = { SL_STAT_UNITS, SL_STAT_COUNT_IF };

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
		k->setup.nplans = 1;
		sl_codec_free(&sl_plan_record, &k->plans[1]);
		memset(&k->plans[1], 0, sizeof k->plans[1]);
		struct sl_plan *by_region = kit_plan(k);
		kit_key(by_region, "region", KIT_REGION, false);
		kit_stat(by_region, "n", others[i], KIT_AGE, 0); /* everybody is older than 0 */
		assert_true(refuses(k));
	}
}

/* Without work nothing is chosen, and what was not chosen is not shown. */
static void test_check_secondary_without_work_is_refused(void **state)
{
	(void)state;
	for (uint32_t work = 0; work < 2; work++) {
		struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
		k->setup.secondary_work = work;
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, work > 0);
		assert_int_equal(kit_has(&p, SL_RULE_MARGINS), work == 0);
		assert_true(work == 0 || kit_find(&p, SL_RULE_SECONDARY)->limit == 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Everything there is to hide is hidden, and it is not enough: 2 and 1 are all there is. */
static void test_check_secondary_nothing_to_hide_behind_is_refused(void **state)
{
	const uint32_t counts[] = { 2, 0, 0, 0, 0, 0, 1, 0 };
	struct kit *k = sums_kit_make(counts, SL_STAT_COUNT, 0);

	(void)state;
	k->setup.rules.zeros_show = 1;
	k->setup.nplans = 2;
	k->setup.rules.threshold = 2; /* the 1 alone is hidden, its region's total too; beside zeros that are shown */
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(!p.releasable || !sums_kit_shown(k, &p, 1, 3));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static struct sl_op of(struct sl_plan *plan, enum kit_column column, enum sl_type type)
{
	return (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .arg = kit_input(plan, column) };
}

static struct sl_op number(int64_t value)
{
	return (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = value };
}

static struct sl_op operation(enum sl_opcode op, enum sl_type type)
{
	return (struct sl_op){ .op = (uint8_t)op, .type = (uint8_t)type };
}

static void write_expr(struct sl_expr *e, const struct sl_op *ops, uint32_t nops)
{
	free(e->ops);
	e->ops = calloc(nops, sizeof *ops);
	assert_non_null(e->ops);
	memcpy(e->ops, ops, nops * sizeof *ops);
	e->nops = nops;
}

/* A sum of ones is a count, and 1000 × amount + 1 is a sum and a count in one number. */
static void test_check_secondary_a_sum_of_more_than_a_column_is_refused(void **state)
{
	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_SUM, KIT_AMOUNT);
		for (uint32_t o = 0; o < 3; o++) {
			const struct sl_op one = number(1), amount = of(&k->plans[o], KIT_AMOUNT, SL_TYPE_INTEGER);
			const struct sl_op ops[] = { amount, number(1000), operation(SL_OP_MUL, SL_TYPE_INTEGER), one,
				operation(SL_OP_ADD, SL_TYPE_INTEGER) };
			if (packed)
				write_expr(&k->plans[o].stats[0].arg, ops, 5);
			else
				write_expr(&k->plans[o].stats[0].arg, &one, 1);
		}
		assert_true(refuses(k));
	}
}

/* Region by gender, region by sickness and gender by sickness: any two agree, which says less than all do. */
static void test_check_secondary_cyclic_keys_are_refused(void **state)
{
	(void)state;
	for (int cyclic = 0; cyclic < 2; cyclic++) {
		struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
		kit_key(&k->plans[1], "sick", KIT_SICK, false);
		if (cyclic)
			kit_key(&k->plans[2], "sick", KIT_SICK, false);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, !cyclic);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Every output asks "sick `join` age > 30": what is empty in one that is by both is known. */
static bool is_released_where(enum sl_opcode join)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
	struct sl_publication p;

	for (uint32_t i = 0; i < k->nrows; i++)
		k->rows[i].value[KIT_SICK] = 1;
	kit_key(&k->plans[1], "sick", KIT_SICK, false);
	kit_key(&k->plans[1], "age", KIT_AGE, true);
	for (uint32_t o = 0; o < 3; o++) {
		struct sl_plan *plan = &k->plans[o];
		const struct sl_op ops[] = { of(plan, KIT_SICK, SL_TYPE_BOOLEAN), of(plan, KIT_AGE, SL_TYPE_INTEGER), number(18),
			operation(SL_OP_GT, SL_TYPE_BOOLEAN), operation(join, SL_TYPE_BOOLEAN) };
		write_expr(&plan->where, ops, 5);
	}
	k->setup.rules.zeros_show = 1;
	p = kit_check(k, SL_RULE_NONE);
	bool released = p.releasable;
	assert_true(!released || p.outputs[0].suppressed > 0);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return released;
}

static void test_check_secondary_a_condition_on_two_keys_together_is_refused(void **state)
{
	(void)state;
	assert_true(is_released_where(SL_OP_AND));
	assert_false(is_released_where(SL_OP_OR));
	assert_false(is_released_where(SL_OP_EQ));
}

/* Amounts over 100 alone: of so many rows, a sum is more than so many hundreds. */
static void test_check_secondary_a_condition_on_what_is_added_up_is_refused(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_SUM, KIT_AMOUNT);

	(void)state;
	for (uint32_t o = 0; o < 3; o++)
		kit_where(&k->plans[o], KIT_AMOUNT, 100);
	assert_true(refuses(k));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_secondary_units_in_several_cells_are_refused),
		cmocka_unit_test(test_check_secondary_two_kinds_of_numbers_are_refused),
		cmocka_unit_test(test_check_secondary_a_sum_of_what_is_grouped_by_is_refused),
		cmocka_unit_test(test_check_secondary_what_does_not_add_up_is_refused),
		cmocka_unit_test(test_check_secondary_units_of_a_shared_margin_bound_each_other),
		cmocka_unit_test(test_check_secondary_persons_and_rows_may_be_the_same),
		cmocka_unit_test(test_check_secondary_without_work_is_refused),
		cmocka_unit_test(test_check_secondary_nothing_to_hide_behind_is_refused),
		cmocka_unit_test(test_check_secondary_a_sum_of_more_than_a_column_is_refused),
		cmocka_unit_test(test_check_secondary_cyclic_keys_are_refused),
		cmocka_unit_test(test_check_secondary_a_condition_on_two_keys_together_is_refused),
		cmocka_unit_test(test_check_secondary_a_condition_on_what_is_added_up_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
