/*
 * test_beside_whole.c - how few have a value, where hardly any whole numbers fit the means of two groups and the
 * sum, or the mean, of both.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/rules/rules.h"
#include "tests/unit/rules/past.h"

/* Women and men, and how many of either have no amount. */
struct groups {
	uint32_t units[2], missing[2];
	int64_t least, step;    /* of the amounts */
};

/* How many there are, and one number: means by gender, and the sum or mean of all. */
static void open_with(struct past *t, const struct groups *g, bool sum, bool sum_first)
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int gender = 0; gender < 2; gender++) {
		struct kit_row *row = kit_add(t->k, g->units[gender], 0, gender);
		for (uint32_t u = 0; u < g->units[gender]; u++) {
			row[u].value[KIT_AMOUNT] = g->least + (int64_t)(u * u + 3 * u * (uint32_t)gender) % 97 * g->step;
			row[u].missing[KIT_AMOUNT] = u < g->missing[gender];
		}
	}
	struct sl_plan *p = &t->k->plans[0], *all = sum_first ? p : kit_plan(t->k);
	p = sum_first ? kit_plan(t->k) : p;
	kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	kit_stat(all, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(all, "all", sum ? SL_STAT_SUM : SL_STAT_MEAN, KIT_AMOUNT, 0);
}

static int64_t mean_of(int64_t sum, uint32_t count, int64_t grid)
{
	int64_t mean = 0;

	assert_true(sl_div_round((sl_i128)sum * grid, count, &mean));
	return mean;
}

/* Sums that so many have with the mean, looked for one by one around it. */
static bool has_mean(int64_t sum, uint32_t count, int64_t mean, int64_t grid)
{
	return mean_of(sum, count, grid) == mean;
}

static bool fits(const int64_t sums[2], const uint32_t n[2], const uint32_t true_n[2], bool sum, int64_t grid)
{
	const int64_t means[2] = { mean_of(sums[0], true_n[0], grid), mean_of(sums[1], true_n[1], grid) };
	const int64_t all = sums[0] + sums[1], mean = mean_of(all, true_n[0] + true_n[1], grid);
	const int64_t near[2] = { means[0] * n[0] / grid, means[1] * n[1] / grid };

	for (int64_t x = near[0] - 2; x <= near[0] + 2; x++)
		for (int64_t y = near[1] - 2; y <= near[1] + 2; y++)
			if (has_mean(x, n[0], means[0], grid) && has_mean(y, n[1], means[1], grid) &&
			    (sum ? x + y == all : has_mean(x + y, n[0] + n[1], mean, grid)))
				return true;
	return false;
}

/* Of which group all numbers that fit say that few have no amount, and some: naively. */
static void find_told(const struct past *t, const struct groups *g, bool sum, int64_t grid, bool told[2])
{
	int64_t sums[2] = { 0, 0 };
	const uint32_t is[2] = { g->units[0] - g->missing[0], g->units[1] - g->missing[1] };

	for (uint32_t r = 0; r < t->k->nrows; r++)
		if (!t->k->rows[r].missing[KIT_AMOUNT])
			sums[t->k->rows[r].value[KIT_GENDER]] += t->k->rows[r].value[KIT_AMOUNT];
	told[0] = told[1] = true;
	for (uint32_t x = 1; x <= g->units[0]; x++)
		for (uint32_t y = 1; y <= g->units[1]; y++)
			if (fits(sums, (const uint32_t[2]){ x, y }, is, sum, grid)) {
				told[0] = told[0] && x < g->units[0] && x + 10 > g->units[0];
				told[1] = told[1] && y < g->units[1] && y + 10 > g->units[1];
			}
}

/* Told by the decimals of one mean alone. */
static bool is_told_alone(const struct past *t)
{
	for (uint32_t f = 0; f < t->now.nfindings; f++)
		if (t->now.findings[f].rule == SL_RULE_NUMERATOR && t->now.findings[f].other_cell == SL_FINDING_WHOLE)
			return true;
	return false;
}

static bool is_hidden(const struct past *t, uint32_t output, uint32_t cell)
{
	return !kit_cell(t->k, &t->now, output, cell, 1)->shown;
}

/* One mean goes where it is told of its group; how often, of all. */
static uint32_t judge(const struct groups *g, bool sum, bool sum_first)
{
	struct past t;
	bool told[2];

	open_with(&t, g, sum, sum_first);
	past_release(&t, 0);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	find_told(&t, g, sum, sl_pow10(sl_rule_stat_type(&t.k->plans[sum_first], &t.k->setup.view, 1).scale), told);
	uint32_t hidden = is_hidden(&t, sum_first, 0) + is_hidden(&t, sum_first, 1), alone = is_told_alone(&t);
	assert_true(alone || hidden == (told[0] || told[1]));
	assert_true(alone || !is_hidden(&t, sum_first, 0) || told[0]);
	assert_true(alone || !is_hidden(&t, sum_first, 1) || told[1]);
	assert_false(is_hidden(&t, !sum_first, 0));
	past_close(&t);
	return alone ? 0 : hidden;
}

static void test_numerator_means_of_two_groups_tell_where_whatever_fits_leaves_few(void **state)
{
	uint32_t seed = 5, ntold[2] = { 0, 0 };

	(void)state;
	for (uint32_t round = 0; round < 120; round++) {
		struct groups g;
		bool sum = round % 2 == 0;
		uint32_t random[6];
		for (int i = 0; i < 6; i++) {
			seed = seed * 1664525u + 1013904223u;
			random[i] = seed >> 16;
		}
		for (int i = 0; i < 2; i++) {
			g.units[i] = 24 + random[i] % (round % 4 < 2 ? 10 : 40);
			g.missing[i] = random[2 + i] % 14;
		}
		g.least = round % 5 == 0 ? -40 : (int64_t)(10 + random[4] % 500);
		g.step = 1 + random[5] % 30;
		ntold[sum] += judge(&g, sum, round % 3 == 0);
	}
	assert_true(ntold[0] > 5 && ntold[1] > 20 && ntold[0] < 55 && ntold[1] < 55);
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	const struct groups g = { { 30, 25 }, { 3, 2 }, 500, 7 };
	struct past t;

	(void)state;
	open_with(&t, &g, true, false);
	past_release(&t, 0);
	past_judge_failing(&t, SL_RULE_NUMERATOR);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_means_of_two_groups_tell_where_whatever_fits_leaves_few),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
