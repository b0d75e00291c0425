/* test_groups_beside.c - a sensitive value of nearly all of a group, told by two outputs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "policy/history/sensitive.h"
#include "tests/unit/rules/past.h"

/* A hundred persons of each region, half of them men; so many of A and a third of the others are sick. */
static void open_with(struct past *t, uint32_t sick)
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 3;
	t->k->setup.rules.group_disclosure = 0;
	t->k->setup.view.tables[0].columns[KIT_SICK].sensitive = 1;
	for (int region = 0; region < 4; region++)
		(void)kit_add(t->k, 100, region, 0);
	for (uint32_t u = 0; u < 400; u++) {
		t->k->rows[u].value[KIT_GENDER] = u % 2;
		t->k->rows[u].value[KIT_SICK] = u < 100 ? u < sick : u % 3 == 0;
		t->k->rows[u].value[KIT_AGE] = 20 + u % 50;
	}
}

enum kept { ALL, SICK, WELL };

static struct sl_plan *put(struct past *t, enum kept kept, bool by_region, bool by_gender)
{
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (by_region)
		kit_key(p, "region", KIT_REGION, false);
	if (by_gender)
		kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	if (kept == ALL)
		return p;
	kit_where(p, KIT_SICK, 0);
	if (kept == WELL) {
		p->where.ops = realloc(p->where.ops, (p->where.nops + 1) * sizeof *p->where.ops);
		assert_non_null(p->where.ops);
		p->where.ops[p->where.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	}
	return p;
}

static void judge(struct past *t, uint32_t earlier)
{
	past_release(t, earlier);
	assert_int_equal(past_judge(t), SL_OK);
	assert_int_equal(t->now.releasable, 1);
}

static bool is_hidden(const struct past *t, uint32_t output, uint32_t cell)
{
	return !kit_cell(t->k, &t->now, output, cell, 0)->shown;
}

/* Which of two outputs loses region A: 0, 1 or none. */
static int loses(enum kept first, enum kept second, uint32_t sick, uint32_t earlier)
{
	struct past t;
	int which = -1;

	open_with(&t, sick);
	(void)put(&t, first, true, false);
	(void)put(&t, second, true, false);
	judge(&t, earlier);
	for (uint32_t i = 0; i < 2 - earlier; i++)
		which = is_hidden(&t, i, 0) ? (int)(i + earlier) : which;
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_GROUP_DISCLOSURE);
	assert_int_equal(f != NULL, which >= 0);
	if (f != NULL) {
		assert_int_equal(f->measured, 1000 * sick);
		assert_true(f->limit == 90000 && f->cell == 0 && f->stat == SL_FINDING_WHOLE && f->other_cell == 0);
		assert_true(f->severity == SL_SEVERITY_SUPPRESS && f->release == (earlier ? 7 : 0));
		assert_int_equal(f->other_output, earlier ? 0 : 1 - which);
	}
	for (uint32_t i = 0; i < 2 - earlier; i++)
		assert_true(!is_hidden(&t, i, 1) && !is_hidden(&t, i, 2) && !is_hidden(&t, i, 3));
	past_close(&t);
	return which;
}

/* The group goes; where that left before, those it is a group of. Those who are well tell of the sick. */
static void test_group_disclosure_nearly_all_of_a_group_are_not_told_by_two_outputs(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (enum kept kept = SICK; kept <= WELL; kept++)
			for (uint32_t sick = 80; sick <= 95; sick += 5) {
				int group = sick > 90 ? 0 : -1, after = sick > 90 ? 1 : -1;
				if (loses(kept, ALL, sick, earlier) != (earlier ? after : group) ||
				    loses(ALL, kept, sick, earlier) != after)
					fail_msg("%d, %u sick, %u earlier", kept, sick, earlier);
			}
}

/* Rare is told: that few are sick is no secret of those who are well. */
static void test_group_disclosure_few_of_a_group_are_told_as_along_a_key(void **state)
{
	(void)state;
	assert_int_equal(loses(SICK, ALL, 5, 0), -1);
	assert_int_equal(loses(SICK, ALL, 5, 1), -1);
}

/* The sick by region and gender beside all by region, and the other way round: rows of the finer one add up. */
static void test_group_disclosure_rows_of_a_finer_output_add_up_to_a_group(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (int finer = 0; finer < 2; finer++)
			for (uint32_t sick = 88; sick <= 95; sick += 7) {
				struct past t;
				open_with(&t, sick);
				(void)put(&t, ALL, true, finer == 0);
				(void)put(&t, SICK, true, finer == 1);
				judge(&t, earlier);
				assert_int_equal(kit_has(&t.now, SL_RULE_GROUP_DISCLOSURE), sick > 90);
				/* Of a finer output the smaller of the two rows of A. */
				bool hidden = is_hidden(&t, 1 - earlier, 0) || (finer == 1 && is_hidden(&t, 1 - earlier, 1));
				assert_int_equal(hidden, sick > 90);
				past_close(&t);
			}
}

static void put_op(struct sl_expr *e, struct sl_op op)
{
	e->ops = realloc(e->ops, (e->nops + 1) * sizeof *e->ops);
	assert_non_null(e->ops);
	e->ops[e->nops++] = op;
}

static const struct sl_op both = { .op = SL_OP_AND, .type = SL_TYPE_BOOLEAN };

/* Persons over forty, and how many of all are over forty and sick: the count goes, and its row stays. */
static void test_group_disclosure_a_count_of_the_group_beside_all_of_it_is_hidden(void **state)
{
	(void)state;
	for (uint32_t sick = 85; sick <= 95; sick += 10) {
		struct past t;
		uint32_t old = 0;
		open_with(&t, 0);
		for (uint32_t u = 0; u < 400; u++) {
			bool is_old = t.k->rows[u].value[KIT_AGE] > 40;
			old += is_old;
			t.k->rows[u].value[KIT_SICK] = is_old && old % 100 <= sick - 1;
		}
		kit_where(put(&t, ALL, false, false), KIT_AGE, 40);
		struct sl_plan *p = put(&t, ALL, false, false);
		struct sl_stat *s = kit_stat(p, "sick", SL_STAT_COUNT_IF, KIT_AGE, 40);
		uint16_t input = kit_input(p, KIT_SICK);
		put_op(&s->arg, (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_BOOLEAN, .arg = input });
		put_op(&s->arg, both);
		judge(&t, 1);
		assert_int_equal(kit_cell(t.k, &t.now, 0, 0, 1)->shown, sick == 85);
		assert_int_equal(kit_cell(t.k, &t.now, 0, 0, 0)->shown, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_GROUP_DISCLOSURE);
		assert_true((f != NULL) == (sick == 95) && (f == NULL || (f->stat == 1 && f->release == 7)));
		past_close(&t);
	}
}

/* Of other rows it is no group; without the mark, or where policy leaves the rule out, nothing is. */
static void test_group_disclosure_only_a_sensitive_condition_makes_a_group(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 1; earlier++)
		for (int which = 0; which < 3; which++) {
			struct past t;
			open_with(&t, 95);
			t.k->setup.view.tables[0].columns[KIT_SICK].sensitive = which != 0;
			t.k->setup.rules.group_disclosure = which == 1;
			struct sl_plan *p = put(&t, ALL, true, false);
			if (which == 2)
				kit_where(p, KIT_AGE, 40);
			(void)put(&t, SICK, true, false);
			judge(&t, earlier);
			assert_false(kit_has(&t.now, SL_RULE_GROUP_DISCLOSURE));
			past_close(&t);
		}
}

/* What is hidden as a group counts as hidden for how many it is: it does not follow from a total either. */
static void test_group_disclosure_a_hidden_group_does_not_follow_from_a_total(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 95);
	(void)put(&t, ALL, true, false);
	(void)put(&t, SICK, true, false);
	(void)put(&t, SICK, false, false);
	judge(&t, 1);
	uint32_t n = 0;
	for (uint32_t cell = 0; cell < 4; cell++)
		n += is_hidden(&t, 0, cell);
	assert_true(is_hidden(&t, 0, 0) && (n == 2 || is_hidden(&t, 1, 0)));
	past_close(&t);
}

/* --- which conditions ---------------------------------------------------------------------------------------- */

static uint32_t list(const struct past *t, const struct sl_plan *p, struct sl_sensitive **out)
{
	uint32_t n;

	assert_int_equal(sl_sensitive_list(p, &t->k->setup.view, out, &n, &(struct sl_err){ 0 }), SL_OK);
	return n;
}

static void test_sensitive_conditions_are_told_apart(void **state)
{
	struct past t;
	struct sl_sensitive *one, *two, *range;

	(void)state;
	open_with(&t, 50);
	t.k->setup.view.tables[0].columns[KIT_AGE].sensitive = 1;
	struct sl_plan *p = put(&t, SICK, true, false), *q = kit_plan(t.k), *r = kit_plan(t.k);
	kit_where(p, KIT_AMOUNT, 3);
	put_op(&p->where, both);
	assert_int_equal(list(&t, p, &one), 1);
	assert_false(one->negates);
	kit_where(q, KIT_AMOUNT, 3);
	kit_where(q, KIT_SICK, 0);
	put_op(&q->where, (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN });
	put_op(&q->where, both);
	assert_int_equal(list(&t, q, &two), 1);
	assert_true(two->negates);
	assert_false(one->part.hash == two->part.hash);
	kit_where(r, KIT_AGE, 30);
	kit_where(r, KIT_AGE, 50);
	put_op(&r->where, (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN });
	put_op(&r->where, both);
	assert_int_equal(list(&t, r, &range), 2);
	assert_false(range[0].negates || range[1].negates);
	free(one);
	free(two);
	free(range);
	past_close(&t);
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	struct past t;

	(void)state;
	open_with(&t, 95);
	(void)put(&t, ALL, true, false);
	(void)put(&t, SICK, true, false);
	past_release(&t, 1);
	past_judge_failing(&t, SL_RULE_GROUP_DISCLOSURE);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_group_disclosure_nearly_all_of_a_group_are_not_told_by_two_outputs),
		cmocka_unit_test(test_group_disclosure_few_of_a_group_are_told_as_along_a_key),
		cmocka_unit_test(test_group_disclosure_rows_of_a_finer_output_add_up_to_a_group),
		cmocka_unit_test(test_group_disclosure_a_count_of_the_group_beside_all_of_it_is_hidden),
		cmocka_unit_test(test_group_disclosure_only_a_sensitive_condition_makes_a_group),
		cmocka_unit_test(test_group_disclosure_a_hidden_group_does_not_follow_from_a_total),
		cmocka_unit_test(test_sensitive_conditions_are_told_apart),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
