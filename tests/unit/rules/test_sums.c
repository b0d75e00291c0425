/*
 * test_sums.c - what sums leave of each other, however many are added and taken away: few who add something, or one who
 * has most of it.
 *
 * Four hundred persons, a hundred of each region; every other one is old, and of the young every other one is rich.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

enum who { ALL, OLD, YOUNG, RICH, REGIONS };

static void open_with(struct past *t)
{
	past_open(t);
	kit_quiet(t->k);
	t->one_by_one = true;
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int region = 0; region < 4; region++)
		(void)kit_add(t->k, 100, region, 0);
	for (uint32_t u = 0; u < 400; u++) {
		t->k->rows[u].value[KIT_AGE] = u % 2 == 0 ? 50 : 30;
		t->k->rows[u].value[KIT_PRICE] = u % 4 == 1 ? 9000 : 1000;
		t->k->rows[u].value[KIT_AMOUNT] = 100 + u * 37 % 80;
	}
}

static bool is_poor_and_young(uint32_t u)
{
	return u % 4 == 3;
}

/* Of the poor and young only so many have an amount; of no others anybody lacks one. */
static void let_have(struct past *t, uint32_t having)
{
	for (uint32_t u = 0; u < 400; u++)
		t->k->rows[u].missing[KIT_AMOUNT] = is_poor_and_young(u) && u / 4 >= having;
}

static void put(struct past *t, enum who who)
{
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (who == REGIONS)
		kit_key(p, "region", KIT_REGION, false);
	if (who == OLD || who == RICH)
		kit_where(p, who == OLD ? KIT_AGE : KIT_PRICE, 40);
	if (who == YOUNG)
		kit_where(p, KIT_SICK, 0);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void judge(struct past *t, uint32_t earlier)
{
	past_release(t, earlier);
	assert_int_equal(past_judge(t), SL_OK);
	assert_int_equal(t->now.releasable, 1);
}

static bool is_shown(const struct past *t, uint32_t output, uint32_t cell)
{
	assert_true(kit_cell(t->k, &t->now, output, cell, 0)->shown); /* how many there are stays */
	return kit_cell(t->k, &t->now, output, cell, 1)->shown;
}

/*
 * All less the old less the rich are the poor and young. In one request it is known how many of them add something;
 * beside earlier releases nobody knows, and a person decides, unless all have an amount.
 */
static void test_few_that_three_numbers_leave_are_not_told(void **state)
{
	static const struct { uint32_t having, earlier; bool nullable, hidden, depth; } cases[] = {
		{ 9, 0, true, true, false }, { 10, 0, true, false, false }, { 0, 0, true, false, false },
		{ 1, 0, true, true, false }, { 9, 2, true, false, true }, { 100, 2, true, false, true },
		{ 100, 2, false, false, false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		open_with(&t);
		let_have(&t, cases[i].having);
		t.k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = cases[i].nullable;
		put(&t, OLD);
		put(&t, RICH);
		put(&t, ALL);
		judge(&t, cases[i].earlier);
		uint32_t of_all = 2 - cases[i].earlier;
		assert_int_equal(!is_shown(&t, of_all, 0), cases[i].hidden);
		assert_int_equal(kit_has(&t.now, SL_RULE_HISTORY), cases[i].hidden);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_DEPTH);
		assert_int_equal(f != NULL, cases[i].depth);
		if (f != NULL)
			assert_true(f->measured >= 100 && f->stat == 1 && f->release > 0);
		f = kit_find(&t.now, SL_RULE_HISTORY);
		if (f != NULL)
			assert_true(f->measured == cases[i].having && f->limit == 10 && f->output == 2 && f->stat == 1 &&
			            f->other_output == 0);
		past_close(&t);
	}
}

/* Sums by region less one of the old: the young, of whom few add something. No row of regions lies in the old. */
static void test_few_that_one_number_leaves_of_several_rows_are_not_told(void **state)
{
	(void)state;
	for (uint32_t having = 0; having <= 10; having += 5) {
		struct past t;
		open_with(&t);
		for (uint32_t u = 1; u < 400; u += 2)
			t.k->rows[u].missing[KIT_AMOUNT] = u / 2 >= having;
		put(&t, REGIONS);
		put(&t, OLD);
		judge(&t, 0);
		assert_int_equal(is_shown(&t, 1, 0), having != 5);
		assert_true(is_shown(&t, 0, 0) && is_shown(&t, 0, 3));
		past_close(&t);
	}
}

/* Districts A and B, C, D, and cities A and the others: what B has is told by both, of the same persons. */
static void test_few_that_two_ways_to_group_leave_are_not_told(void **state)
{
	static const int64_t of[4][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 1 }, { 1, 1 }, { 2, 1 } };

	(void)state;
	for (uint32_t having = 0; having <= 10; having += 5) {
		struct past t;
		open_with(&t);
		kit_levels(t.k, of);
		for (uint32_t u = 100; u < 200; u++)
			t.k->rows[u].missing[KIT_AMOUNT] = u - 100 >= having;
		for (uint16_t i = 0; i < 2; i++) {
			struct sl_plan *p = i == 0 ? &t.k->plans[0] : kit_plan(t.k);
			kit_level(p, i == 0 ? "district" : "city", i);
			kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
			kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		}
		judge(&t, 0);
		uint32_t hidden = 0;
		for (uint32_t cell = 0; cell < 3; cell++)
			hidden += (uint32_t)!is_shown(&t, 0, cell) + (cell < 2 && !is_shown(&t, 1, cell));
		assert_int_equal(hidden > 0, having == 5);
		past_close(&t);
	}
}

/* One of region A has a third of what all of it have: it is hidden, and the old, the young and B, C and D leave it. */
static void set_one(struct past *t, bool has_much)
{
	t->k->setup.rules.dominance_n = 1;
	t->k->setup.rules.dominance_k = 35000;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 0;
	for (uint32_t u = 0; u < 400; u++)
		t->k->rows[u].value[KIT_SICK] = u % 2 != 0;
	t->k->rows[7].value[KIT_AMOUNT] = has_much ? 9000 : 150;
}

static void test_what_one_has_most_of_is_not_left_by_numbers_of_three_outputs(void **state)
{
	(void)state;
	for (uint32_t earlier = 0; earlier <= 2; earlier++)
		for (int much = 0; much < 2; much++) {
			struct past t;
			open_with(&t);
			set_one(&t, much);
			put(&t, REGIONS);
			put(&t, OLD);
			put(&t, YOUNG);
			judge(&t, earlier);
			uint32_t hidden = 0;
			for (uint32_t i = earlier == 0; i < 3 - earlier; i++)
				hidden += !is_shown(&t, i, 0);
			assert_int_equal(hidden, much);
			const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
			assert_int_equal(f != NULL, much);
			if (f != NULL)
				assert_true(f->measured == (earlier == 0 ? 1 : 100) && f->stat == 1);
			past_close(&t);
		}
}

/* Numbers of which each is a sum of others leave nothing. */
static void test_what_only_adds_up_is_shown(void **state)
{
	struct past t;

	(void)state;
	open_with(&t);
	set_one(&t, false);
	put(&t, OLD);
	put(&t, YOUNG);
	put(&t, ALL);
	judge(&t, 1);
	assert_true(is_shown(&t, 0, 0) && is_shown(&t, 1, 0));
	past_close(&t);
}

/* --- against all that can be added and taken away ------------------------------------------------------------ */

#define KINDS 12
#define PRIME INT64_C(1000003)

/* What is told of the kinds, as equations in reduced form. */
struct told {
	int64_t rows[16][KINDS];
	uint32_t pivot[16], n;
};

static int64_t over(int64_t x)
{
	int64_t y = 1;

	for (int64_t e = PRIME - 2; e > 0; e >>= 1, x = x * x % PRIME)
		y = e & 1 ? y * x % PRIME : y;
	return y;
}

static void take_off(const struct told *t, int64_t row[KINDS])
{
	for (uint32_t r = 0; r < t->n; r++) {
		int64_t times = row[t->pivot[r]];
		for (uint32_t k = 0; k < KINDS; k++)
			row[k] = ((row[k] - times * t->rows[r][k]) % PRIME + PRIME) % PRIME;
	}
}

static bool follows(const struct told *t, uint32_t kinds)
{
	int64_t row[KINDS], left = 0;

	for (uint32_t k = 0; k < KINDS; k++)
		row[k] = kinds >> k & 1;
	take_off(t, row);
	for (uint32_t k = 0; k < KINDS; k++)
		left += row[k];
	return left == 0;
}

static void tell(struct told *t, uint32_t kinds)
{
	int64_t row[KINDS];
	uint32_t lead = 0;

	for (uint32_t k = 0; k < KINDS; k++)
		row[k] = kinds >> k & 1;
	take_off(t, row);
	while (lead < KINDS && row[lead] == 0)
		lead++;
	if (lead == KINDS)
		return;
	int64_t by = over(row[lead]);
	for (uint32_t k = 0; k < KINDS; k++)
		row[k] = row[k] * by % PRIME;
	for (uint32_t r = 0; r < t->n; r++) {
		int64_t times = t->rows[r][lead];
		for (uint32_t k = 0; k < KINDS; k++)
			t->rows[r][k] = ((t->rows[r][k] - times * row[k]) % PRIME + PRIME) % PRIME;
	}
	for (uint32_t k = 0; k < KINDS; k++)
		t->rows[t->n][k] = row[k];
	t->pivot[t->n++] = lead;
}

static uint32_t kind_of(const struct kit_row *row)
{
	return (uint32_t)(row->value[KIT_REGION] * 4 + (row->value[KIT_AGE] > 40) * 2 + (row->value[KIT_PRICE] > 5000));
}

/* Few add something, or the second could tell what the first has nearly. */
static bool is_unsafe(const struct past *t, uint32_t kinds)
{
	const struct sl_rules *rules = &t->k->setup.rules;
	int64_t all = 0, first = 0, second = 0;
	uint32_t adding = 0;

	for (uint32_t u = 0; u < t->k->nrows; u++) {
		const struct kit_row *row = &t->k->rows[u];
		int64_t v = row->missing[KIT_AMOUNT] ? 0 : row->value[KIT_AMOUNT];
		if ((kinds >> kind_of(row) & 1) == 0 || v == 0)
			continue;
		adding++;
		all += v;
		second = v > first ? first : v > second ? v : second;
		first = v > first ? v : first;
	}
	bool few = rules->numerator == 0 && adding > 0 && adding < rules->threshold;
	return few || (adding > 0 && (all - first - second) * 100000 < first * rules->p_percent);
}

static uint32_t drawn;

static uint32_t draw(uint32_t below)
{
	drawn = drawn * 1664525 + 1013904223;
	return (drawn >> 8) % below;
}

/* Of three regions, some kinds with hardly any amounts, and some with a large one. */
static void draw_rows(struct past *t)
{
	uint32_t poor = draw(1 << KINDS) & draw(1 << KINDS), rich = draw(1 << KINDS) & draw(1 << KINDS);

	past_open(t);
	kit_quiet(t->k);
	t->one_by_one = true;
	t->k->setup.rules.threshold = 4;
	t->k->setup.rules.numerator = draw(4) == 0;
	t->k->setup.rules.p_percent = draw(2) ? 20000 : 0;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	(void)kit_add(t->k, KINDS * 7, 0, 0);
	for (uint32_t u = 0; u < t->k->nrows; u++) {
		struct kit_row *row = &t->k->rows[u];
		uint32_t kind = u % KINDS;
		row->value[KIT_REGION] = kind / 4;
		row->value[KIT_AGE] = (kind & 2) != 0 ? 50 : 30;
		row->value[KIT_PRICE] = (kind & 1) != 0 ? 9000 : 1000;
		row->value[KIT_AMOUNT] = 100 + draw(50) + ((rich >> kind & 1) != 0 && u < KINDS ? 900 : 0);
		row->missing[KIT_AMOUNT] = draw((poor >> kind & 1) != 0 ? 2 : 20) == 0 || ((poor >> kind & 1) != 0 && draw(3));
	}
}

static void draw_plan(struct past *t, uint32_t i)
{
	struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (draw(2))
		kit_key(p, "region", KIT_REGION, false);
	if (draw(3) == 0)
		kit_where(p, KIT_AGE, 40);
	else if (draw(2))
		kit_where(p, KIT_PRICE, 40);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "sum", draw(6) ? SL_STAT_SUM : SL_STAT_MEAN, KIT_AMOUNT, 0);
}

static uint32_t kinds_of(const struct past *t, uint32_t plan, uint32_t cell)
{
	uint32_t kinds = 0;

	for (uint32_t u = 0; u < t->k->nrows; u++)
		if (kit_cell_of(t->k, &t->k->plans[plan], &t->k->rows[u]) == cell)
			kinds |= 1u << kind_of(&t->k->rows[u]);
	return kinds;
}

static void tell_all(const struct past *t, bool history, struct told *told)
{
	for (uint32_t i = 0; i < t->earlier; i++) {
		const struct sl_earlier_output *o = &t->space.history.outputs[i];
		for (uint32_t s = 0; s < o->nsets; s += o->per_cell)
			if ((o->sets[s].told >> 1 & 1) != 0)
				tell(told, kinds_of(t, i, s / o->per_cell));
	}
	for (uint32_t i = t->earlier; !history && i < t->k->setup.nplans; i++)
		for (uint32_t cell = 0; cell < sl_plan_cells(&t->k->plans[i], &t->k->setup.view); cell++)
			if (t->now.outputs[i - t->earlier].cells[cell * 2 + 1].shown)
				tell(told, kinds_of(t, i, cell));
}

/* Whatever cells are told: nothing that is told besides is unsafe, unless a person is told of it. */
static void test_nothing_unsafe_is_told_by_any_sums_and_differences(void **state)
{
	uint32_t shown = 0, hidden = 0, persons = 0;

	(void)state;
	for (drawn = 1; drawn > 0 && shown + hidden + persons < 400;) {
		struct past t;
		struct told now = { .n = 0 }, before = { .n = 0 };
		draw_rows(&t);
		for (uint32_t i = 0; i < KIT_PLANS_MAX; i++)
			draw_plan(&t, i);
		past_release(&t, draw(2) ? draw(KIT_PLANS_MAX) : 0);
		assert_int_equal(past_judge(&t), SL_OK);
		bool for_a_person = kit_has(&t.now, SL_RULE_DEPTH) || kit_has(&t.now, SL_RULE_MARGINS);
		tell_all(&t, false, &now);
		tell_all(&t, true, &before);
		for (uint32_t kinds = 1; kinds < 1u << KINDS && t.now.releasable && !for_a_person; kinds++)
			if (follows(&now, kinds) && !follows(&before, kinds) && is_unsafe(&t, kinds))
				fail_msg("kinds %x are told", kinds);
		persons += for_a_person;
		hidden += !for_a_person && kit_has(&t.now, SL_RULE_HISTORY);
		shown += !for_a_person && !kit_has(&t.now, SL_RULE_HISTORY) && t.now.releasable;
		past_close(&t);
	}
	print_message("%u shown, %u with something hidden, %u for a person\n", shown, hidden, persons);
	assert_true(shown > 40 && hidden > 40 && persons > 40);
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	struct past t;

	(void)state;
	open_with(&t);
	let_have(&t, 9);
	put(&t, OLD);
	put(&t, RICH);
	put(&t, ALL);
	past_release(&t, 0);
	past_judge_failing(&t, SL_RULE_HISTORY);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_that_three_numbers_leave_are_not_told),
		cmocka_unit_test(test_few_that_one_number_leaves_of_several_rows_are_not_told),
		cmocka_unit_test(test_few_that_two_ways_to_group_leave_are_not_told),
		cmocka_unit_test(test_what_one_has_most_of_is_not_left_by_numbers_of_three_outputs),
		cmocka_unit_test(test_what_only_adds_up_is_shown),
		cmocka_unit_test(test_nothing_unsafe_is_told_by_any_sums_and_differences),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
