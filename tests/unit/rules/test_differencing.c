/* test_differencing.c - two numbers of one request whose difference is of a few are for a person. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/kit.h"

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

/* Not at most the bound. */
static void respell(struct sl_stat *s)
{
	struct sl_op *ops = realloc(s->arg.ops, 4 * sizeof *ops);

	assert_non_null(ops);
	s->arg.ops = ops;
	ops[2].op = SL_OP_LE;
	ops[3] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	s->arg.nops = 4;
}

static void test_differencing_two_ways_to_one_column_are_for_a_person(void **state)
{
	static const struct {
		enum sl_stat_fn fn[2];
		enum kit_column column[2];
		int64_t bound[2], to[2]; /* to: a range's end; -1: the negative; -2: another spelling; -3: a third; -4: and 7 */
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
		/* What adds up to as much is one; what is rounded on the way is not. */
		{ { SL_STAT_SUM, SL_STAT_MEAN }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -1 }, false },
		{ { SL_STAT_SUM, SL_STAT_MEAN }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -3 }, true },
		{ { SL_STAT_VAR, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { -1, 0 }, false },
		{ { SL_STAT_VAR, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { -3, 0 }, true },
		/* Seven more of each who has one are how many have one, unless everybody has. */
		{ { SL_STAT_SUM, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -4 }, true },
		{ { SL_STAT_SUM, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -1 }, false },
		{ { SL_STAT_SUM, SL_STAT_VAR }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 0 }, { 0, -4 }, false },
		{ { SL_STAT_SUM, SL_STAT_SUM }, { KIT_AGE, KIT_AGE }, { 0, 0 }, { 0, -4 }, false },
		{ { SL_STAT_COUNT_IF, SL_STAT_SHARE }, { KIT_AMOUNT, KIT_AMOUNT }, { 110, 110 }, { 0, -2 }, false },
		{ { SL_STAT_SUM, SL_STAT_SUM }, { KIT_AMOUNT, KIT_PRICE }, { 0, 0 }, { 0, -1 }, false },
		{ { SL_STAT_SUM, SL_STAT_COUNT_IF }, { KIT_AMOUNT, KIT_AMOUNT }, { 0, 110 }, { 0, 0 }, false },
		{ { SL_STAT_QUANTILE, SL_STAT_SUM }, { KIT_AMOUNT, KIT_AMOUNT }, { 5000, 0 }, { 0, -1 }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct kit *k = kit_new();
		k->setup.view.tables[0].columns[KIT_AGE].hi = 120;
		kit_quiet(k);
		(void)kit_add(k, 40, 0, 0);
		for (int n = 0; n < 2; n++) {
			struct sl_stat *s = kit_stat(&k->plans[0], n == 0 ? "a" : "b", pairs[i].fn[n], pairs[i].column[n],
			                             pairs[i].bound[n]);
			if (pairs[i].to[n] > 0)
				make_range_of(s, pairs[i].bound[n], pairs[i].to[n]);
			else if (pairs[i].to[n] == -1)
				make_negative(s);
			else if (pairs[i].to[n] == -2)
				respell(s);
			else if (pairs[i].to[n] == -3)
				kit_divide(s, 3);
			else if (pairs[i].to[n] == -4)
				kit_more(s, 7);
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
		cmocka_unit_test(test_differencing_two_ways_to_one_column_are_for_a_person),
		cmocka_unit_test(test_differencing_a_condition_on_what_is_added_up_is_for_a_person),
		cmocka_unit_test(test_differencing_another_output_may_hold_the_other_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
