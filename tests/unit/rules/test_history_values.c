/*
 * test_history_values.c - a sum of the request beside one that left before, of the same column: written in another way
 * it is the same, made of it in another way it may tell what a rule hid, or what few have.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"

/* How the second plan reads a column. */
enum reading { AS_IT_IS, SOME_MORE, SQUARED };

static void read_as(struct sl_plan *p, enum sl_stat_fn fn, enum kit_column column, enum reading as)
{
	struct sl_stat *s = kit_stat(p, "money", fn, column, 0);

	if (as == SOME_MORE)
		kit_more(s, 7);
	if (as == SQUARED) {
		struct sl_op *ops = realloc(s->arg.ops, 3 * sizeof *ops);
		assert_non_null(ops);
		ops[1] = ops[0];
		ops[2] = (struct sl_op){ .op = SL_OP_MUL, .type = SL_TYPE_INTEGER };
		s->arg = (struct sl_expr){ .ops = ops, .nops = 3 };
	}
}

/* 40 persons of each of four regions, half of each gender; one of the first has nearly all of its, or nobody has. */
static void fill(struct past *t, bool dominated)
{
	t->k->setup.rules.context = 1;
	struct sl_column *columns = t->k->setup.view.tables[0].columns;
	columns[KIT_AMOUNT].nullable = columns[KIT_PRICE].nullable = 0;
	columns[KIT_AMOUNT].lo = 0; /* so that nobody's is too large for arithmetic */
	columns[KIT_AMOUNT].hi = 1000000;
	for (int64_t region = 0; region < 4; region++)
		for (int64_t gender = 0; gender < 2; gender++)
			(void)kit_add(t->k, 20, region, gender);
	for (uint32_t u = 0; u < 160; u++) {
		t->k->rows[u].value[KIT_AMOUNT] = u >= 40 ? 10000 + u : dominated && u == 0 ? 60000 : 100 + u;
		t->k->rows[u].value[KIT_AGE] = u % 2 == 0 ? 30 : 50;
		t->k->rows[u].value[KIT_SICK] = u % 2 == 0;
	}
}

/* The sum of one region is hidden for what it is. Whatever is made of the amounts of all gives it back, or nearly. */
static void test_what_a_rule_hid_is_not_told_by_another_way_to_read_its_column(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		enum kit_column column;
		enum reading as;
		bool told;
	} cases[] = { { SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS, true }, { SL_STAT_SUM, KIT_AMOUNT, SOME_MORE, true },
		{ SL_STAT_MEAN, KIT_AMOUNT, SOME_MORE, true }, { SL_STAT_SUM, KIT_AMOUNT, SQUARED, true },
		{ SL_STAT_SD, KIT_AMOUNT, AS_IT_IS, true }, { SL_STAT_SUM, KIT_PRICE, AS_IT_IS, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		past_open(&t);
		fill(&t, true);
		read_as(past_persons(&t, 0, false), SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS);
		struct sl_plan *total = kit_plan(t.k);
		kit_stat(total, "persons", SL_STAT_UNITS, 0, 0);
		read_as(total, cases[i].fn, cases[i].column, cases[i].as);
		past_release(&t, 1);
		assert_false(t.before.outputs[0].cells[1].shown);
		assert_true(t.before.outputs[0].cells[3].shown);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		assert_true(t.now.outputs[0].cells[0].shown); /* how many they are says nothing of it */
		assert_int_equal(t.now.outputs[0].cells[1].shown, !cases[i].told);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
		assert_int_equal(f != NULL, cases[i].told);
		if (f != NULL)
			assert_true(f->release == 7 && f->stat == 1);
		past_close(&t);
	}
}

/* The other way round: the total in one way, then the regions in another, of which one is hidden: one more is. */
static void test_a_hidden_number_of_the_request_has_another_beside_it(void **state)
{
	(void)state;
	for (int as = AS_IT_IS; as <= SQUARED; as++) {
		struct past t;
		past_open(&t);
		fill(&t, true);
		kit_stat(&t.k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		read_as(&t.k->plans[0], SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS);
		read_as(past_persons(&t, 1, false), SL_STAT_SUM, KIT_AMOUNT, (enum reading)as);
		past_release(&t, 1);
		assert_true(t.before.outputs[0].cells[1].shown);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_true(kit_has(&t.now, SL_RULE_HISTORY));
		const struct sl_published_cell *cells = t.now.outputs[0].cells;
		assert_false(cells[1].shown);
		assert_int_equal(cells[3].shown + cells[5].shown + cells[7].shown, 2);
		past_close(&t);
	}
}

/* Nothing is hidden; the regions of all, or of the sick, left before. */
static void test_a_column_that_is_read_in_another_way_is_for_a_person(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		enum kit_column column;
		enum reading as;
		bool by_gender, of_others, told;
	} cases[] = {
		/* ordinary second questions */
		{ SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS, true, false, false },
		{ SL_STAT_MEAN, KIT_AMOUNT, AS_IT_IS, true, false, false },
		{ SL_STAT_MEAN, KIT_AMOUNT, SOME_MORE, false, false, false },
		{ SL_STAT_SD, KIT_AMOUNT, AS_IT_IS, false, false, false },
		{ SL_STAT_SUM, KIT_PRICE, AS_IT_IS, false, false, false },
		/* what may be of few */
		{ SL_STAT_SUM, KIT_AMOUNT, SQUARED, false, false, true },
		{ SL_STAT_MEAN, KIT_AMOUNT, SQUARED, true, false, true },
		{ SL_STAT_SD, KIT_AMOUNT, SQUARED, true, false, true },
		/* of nobody who was in what left before */
		{ SL_STAT_SUM, KIT_AMOUNT, SQUARED, false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		past_open(&t);
		fill(&t, false);
		read_as(past_persons(&t, 0, false), SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS);
		struct sl_plan *p = past_persons(&t, 1, cases[i].by_gender);
		read_as(p, cases[i].fn, cases[i].column, cases[i].as);
		if (cases[i].of_others) {
			kit_where(&t.k->plans[0], KIT_SICK, 0);
			kit_where(p, KIT_AGE, 40);
		}
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DIFFERENCING);
		if ((f != NULL) != cases[i].told)
			fail_msg("case %zu", i);
		if (f != NULL) {
			assert_int_equal(f->severity, SL_SEVERITY_REVIEW);
			assert_int_equal(f->stat, 1);
			assert_int_equal(f->release, 7);
			assert_int_equal(f->other_output, 0);
			assert_int_equal(f->other_cell, 0);
		}
		past_close(&t);
	}
}

/* Written as something more, a sum that lies in another is asked for what is left, as it is itself. */
static void test_a_sum_written_otherwise_is_asked_who_dominates_what_is_left(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier < 2; earlier++) {
		struct past t;
		past_open(&t);
		fill(&t, false);
		for (uint32_t u = 0; u < 160; u++)
			t.k->rows[u].value[KIT_AMOUNT] = t.k->rows[u].value[KIT_AGE] > 40 ? 90000 : u == 0 ? 400000 : 1;
		read_as(past_persons(&t, 0, false), SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS);
		read_as(past_persons(&t, 1, false), SL_STAT_SUM, KIT_AMOUNT, SOME_MORE);
		kit_where(&t.k->plans[1], KIT_AGE, 40);
		t.k->setup.rules.all_equal = 1;
		past_release(&t, earlier);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DEPTH);
		assert_non_null(f);
		assert_int_equal(f->measured, 20);
		past_close(&t);
	}
}

/*
 * What a condition counts is no sum that was hidden: beside the pay of all and how many are old the pay of the old is
 * shown. Where the pay of one region is hidden it is not shown of all by the regions of another output.
 */
static void test_a_count_of_a_condition_hides_no_sum_of_those_who_meet_it(void **state)
{
	(void)state;
	for (int dominated = 0; dominated < 2; dominated++) {
		struct past t;
		past_open(&t);
		fill(&t, dominated != 0);
		struct sl_plan *p = past_persons(&t, 0, false);
		kit_stat(p, "old", SL_STAT_COUNT_IF, KIT_AGE, 40);
		kit_stat(p, "money", SL_STAT_SUM, KIT_AMOUNT, 0);
		p = past_persons(&t, 1, false);
		kit_stat(p, "money", SL_STAT_SUM, KIT_AMOUNT, 0);
		kit_where(p, KIT_AGE, 40);
		p = kit_plan(t.k);
		kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
		kit_stat(p, "money", SL_STAT_SUM, KIT_AMOUNT, 0);
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		for (uint32_t region = 0; region < 4; region++)
			assert_true(t.now.outputs[0].cells[region * 2 + 1].shown); /* the one who dominates is young */
		assert_int_equal(t.now.outputs[1].cells[1].shown, !dominated);
		past_close(&t);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	fill(&t, false);
	read_as(past_persons(&t, 0, false), SL_STAT_SUM, KIT_AMOUNT, AS_IT_IS);
	read_as(past_persons(&t, 1, true), SL_STAT_SUM, KIT_AMOUNT, SQUARED);
	past_release(&t, 1);
	past_judge_failing(&t, SL_RULE_DIFFERENCING);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_rule_hid_is_not_told_by_another_way_to_read_its_column),
		cmocka_unit_test(test_a_hidden_number_of_the_request_has_another_beside_it),
		cmocka_unit_test(test_a_column_that_is_read_in_another_way_is_for_a_person),
		cmocka_unit_test(test_a_sum_written_otherwise_is_asked_who_dominates_what_is_left),
		cmocka_unit_test(test_a_count_of_a_condition_hides_no_sum_of_those_who_meet_it),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
