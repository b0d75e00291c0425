/*
 * test_beside_whole.c - how few have a value, where hardly any whole numbers fit the means of two groups or three and
 * the sum, or the mean, of all.
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

/* --- three groups ------------------------------------------------------------------------------------------- */

enum { REGIONS = 3, UNITS_MAX = 40, NEAR = 5 };

/* By how many have an amount, what those may add up to. */
struct naive {
	int64_t sums[UNITS_MAX + 1][NEAR];
	uint32_t n[UNITS_MAX + 1];
};

static void list_naive(struct naive *v, int64_t sum, uint32_t true_n, uint32_t units, int64_t grid)
{
	const int64_t mean = mean_of(sum, true_n, grid);

	*v = (struct naive){ .n = { 0 } };
	for (uint32_t n = 1; n <= units; n++)
		for (int64_t near = mean * n / grid - NEAR / 2; near <= mean * n / grid + NEAR / 2; near++)
			if (has_mean(near, n, mean, grid))
				v->sums[n][v->n[n]++] = near;
}

static bool any_fits(const struct naive v[REGIONS], const uint32_t n[REGIONS], int64_t all, int64_t mean, int64_t grid)
{
	for (uint32_t x = 0; x < v[0].n[n[0]]; x++)
		for (uint32_t y = 0; y < v[1].n[n[1]]; y++)
			for (uint32_t z = 0; z < v[2].n[n[2]]; z++) {
				int64_t sum = v[0].sums[n[0]][x] + v[1].sums[n[1]][y] + v[2].sums[n[2]][z];
				if (mean == INT64_MIN ? sum == all : has_mean(sum, n[0] + n[1] + n[2], mean, grid))
					return true;
			}
	return false;
}

static void find_told_of_three(const uint32_t units[REGIONS], const uint32_t have[REGIONS], const int64_t sums[REGIONS],
                               bool sum, int64_t grid, bool told[REGIONS])
{
	static struct naive v[REGIONS];
	const int64_t all = sums[0] + sums[1] + sums[2];
	const int64_t mean = sum ? INT64_MIN : mean_of(all, have[0] + have[1] + have[2], grid);
	uint32_t n[REGIONS];

	for (int i = 0; i < REGIONS; i++) {
		list_naive(&v[i], sums[i], have[i], units[i], grid);
		told[i] = true;
	}
	for (n[0] = 1; n[0] <= units[0]; n[0]++)
		for (n[1] = 1; n[1] <= units[1]; n[1]++)
			for (n[2] = 1; n[2] <= units[2]; n[2]++)
				for (int i = 0; any_fits(v, n, all, mean, grid) && i < REGIONS; i++)
					told[i] = told[i] && n[i] < units[i] && n[i] + 10 > units[i];
}

/* Means by region, and the sum or mean of all; returns how many means went, none where one says it alone. */
static uint32_t judge_three(const uint32_t units[REGIONS], const uint32_t have[REGIONS], int64_t step, bool sum)
{
	int64_t sums[REGIONS] = { 0 };
	bool told[REGIONS], any = false;
	uint32_t hidden = 0;
	struct past t;

	open_with(&t, &(struct groups){ { 0, 0 }, { 0, 0 }, 0, 1 }, sum, true);
	for (uint32_t i = 0; i < REGIONS; i++) {
		struct kit_row *row = kit_add(t.k, units[i], i, 0);
		for (uint32_t u = 0; u < units[i]; u++) {
			row[u].value[KIT_AMOUNT] = 300 + (int64_t)(u * u + 5 * u * i) % 97 * step;
			row[u].missing[KIT_AMOUNT] = u >= have[i];
			sums[i] += u >= have[i] ? 0 : row[u].value[KIT_AMOUNT];
		}
	}
	t.k->setup.rules.zeros_show = 1;
	struct sl_plan *p = &t.k->plans[1];
	p->keys[0].input = kit_input(p, KIT_REGION);
	past_release(&t, 0);
	assert_int_equal(past_judge(&t), SL_OK);
	find_told_of_three(units, have, sums, sum, sl_pow10(sl_rule_stat_type(p, &t.k->setup.view, 1).scale), told);
	bool alone = is_told_alone(&t);
	for (uint32_t i = 0; i < REGIONS; i++) {
		any = any || told[i];
		hidden += is_hidden(&t, 1, i);
		assert_true(alone || !is_hidden(&t, 1, i) || told[i]);
	}
	assert_true(alone || hidden == any);
	past_close(&t);
	return alone ? 0 : hidden;
}

static void test_numerator_means_of_three_groups_tell_where_whatever_fits_leaves_few(void **state)
{
	uint32_t seed = 9, ntold[2] = { 0, 0 };

	(void)state;
	for (uint32_t round = 0; round < 40; round++) {
		uint32_t units[REGIONS], have[REGIONS];
		for (int i = 0; i < REGIONS; i++) {
			seed = seed * 1664525u + 1013904223u;
			units[i] = 22 + (seed >> 16) % 12;
			have[i] = units[i] - (seed >> 24) % 5 * 3;
		}
		ntold[round % 2] += judge_three(units, have, 1 + (seed >> 8) % 20, round % 2 == 0);
	}
	print_message("%u and %u of 20 are told\n", ntold[0], ntold[1]);
	assert_true(ntold[0] > 5 && ntold[0] < 20 && ntold[1] > 0);
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
		cmocka_unit_test(test_numerator_means_of_three_groups_tell_where_whatever_fits_leaves_few),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
