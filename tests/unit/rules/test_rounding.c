/*
 * test_rounding.c - whole publications under a transformation: totals from the rounded cells, ratios and sums made
 * again from what is printed, and what a reader makes of numbers that were rounded apart.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/transform.h"
#include "tests/unit/rules/past.h"

#define GENDERS 2

/* Rounding as OpenSAFELY does it: 7 and less is hidden, the rest goes to the nearest 5. */
static struct kit *rounding_kit(void)
{
	struct kit *k = kit_new();

	kit_quiet(k);
	k->setup.rules.threshold = 8;
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	return k;
}

static struct kit *two_by_four(enum sl_transform transform, uint32_t base)
{
	static const uint32_t counts[4][GENDERS] = { { 3, 18 }, { 8, 23 }, { 16, 31 }, { 23, 44 } };
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	k->setup.rules.transform = (uint8_t)transform;
	k->setup.rules.transform_base = base;
	for (uint32_t r = 0; r < 4; r++)
		for (uint32_t g = 0; g < GENDERS; g++)
			(void)kit_add(k, counts[r][g], r, g);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(total, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_stat(total, "n", SL_STAT_UNITS, 0, 0);
	k->setup.view.tables[0].one_row_per_unit = 1;
	return k;
}

static void assert_row(const struct kit *k, const struct sl_publication *p, uint32_t output, const int64_t *values,
                       uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const struct sl_published_cell *c = kit_cell(k, p, output, i, 0);
		assert_int_equal(c->shown, values[i] >= 0);
		assert_int_equal(c->value, values[i] >= 0 ? values[i] : 0);
	}
}

/* (3, 8, 16, 23) and (18, 23, 31, 44). The hidden 3 is in no total, so that none gives it back: no other is hidden. */
static void test_rounding_totals_are_of_the_rounded_cells(void **state)
{
	static const int64_t cells[] = { -1, 10, 15, 25, 20, 25, 30, 45 }, totals[] = { 50, 120 };
	struct kit *k = two_by_four(SL_TRANSFORM_ROUND, 5);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_int_equal(p.releasable, 1);
	assert_row(k, &p, 0, cells, 8);
	assert_row(k, &p, 1, totals, 2);
	assert_int_equal(p.outputs[0].suppressed, 1);
	assert_false(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static void test_rounding_to_midpoints_adds_up_too(void **state)
{
	static const int64_t cells[] = { -1, 9, 15, 21, 15, 21, 33, 45 }, totals[] = { 45, 114 };
	struct kit *k = two_by_four(SL_TRANSFORM_MIDPOINT, 6);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_row(k, &p, 0, cells, 8);
	assert_row(k, &p, 1, totals, 2);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Without a transformation the total is 50 and another cell is hidden for the 3. */
static void test_rounding_that_is_off_changes_nothing(void **state)
{
	static const int64_t totals[] = { 50, 116 };
	struct kit *k = two_by_four(SL_TRANSFORM_NONE, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);

	(void)state;
	assert_row(k, &p, 1, totals, 2);
	assert_true(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Units that may be in several cells do not add up: their total is rounded by itself, and the 3 is in it. */
static void test_rounding_of_units_that_may_be_in_two_cells_is_by_themselves(void **state)
{
	static const int64_t totals[] = { 50, 115 };
	struct kit *k = two_by_four(SL_TRANSFORM_ROUND, 5);

	(void)state;
	k->setup.view.tables[0].one_row_per_unit = 0;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_row(k, &p, 1, totals, 2);
	assert_true(kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A total that is hidden itself must not come out by adding up: it is then no total, but a number like any other. */
static void test_rounding_does_not_add_up_what_is_hidden(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	(void)state;
	/* Each part fits 64 bits, and both together do not. */
	for (int64_t region = 0; region < 2; region++) {
		struct kit_row *row = kit_add(k, 10, region, 0);
		for (uint32_t i = 0; i < 10; i++)
			row[i].value[KIT_AMOUNT] = INT64_MAX / 16;
	}
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(total, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(kit_has(&p, SL_RULE_RANGE));
	assert_true(kit_has(&p, SL_RULE_MARGINS));
	assert_int_equal(p.releasable, 0);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Sick of A 18 of 40 and of B 30 of 63: shares of 20 of 40, of 30 of 65 and of 50 of 105. */
static void test_rounding_makes_shares_and_differences_from_what_is_printed(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_plan *total = kit_plan(k);

	(void)state;
	struct kit_row *a = kit_add(k, 40, 0, 0), *b = kit_add(k, 63, 1, 0);
	for (uint32_t i = 0; i < 40; i++)
		a[i].value[KIT_SICK] = i < 18;
	for (uint32_t i = 0; i < 63; i++)
		b[i].value[KIT_SICK] = i < 30;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	for (size_t i = 0; i < 2; i++) {
		struct sl_plan *plan = i == 0 ? &k->plans[0] : total;
		kit_stat(plan, "n", SL_STAT_COUNT, 0, 0);
		kit_stat(plan, "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
		kit_stat(plan, "share", SL_STAT_SHARE, KIT_SICK, 0);
		kit_calc_difference(plan, "well", 0, 1);
	}
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	static const int64_t want[3][4] = { { 40, 20, 5000, 20 }, { 65, 30, 4600, 35 }, { 105, 50, 4800, 55 } };
	assert_int_equal(p.releasable, 1);
	for (uint32_t c = 0; c < 4; c++) {
		assert_int_equal(kit_cell(k, &p, 0, 0, c)->value, want[0][c]);
		assert_int_equal(kit_cell(k, &p, 0, 1, c)->value, want[1][c]);
		assert_int_equal(kit_cell(k, &p, 1, 0, c)->value, want[2][c]);
	}
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* One who adds up ones, or noughts and ones, gets a rounded count and no other. */
static void test_rounding_of_a_sum_of_ones_is_that_of_their_count(void **state)
{
	(void)state;
	for (uint32_t n = 8; n < 60; n++) {
		struct kit *k = rounding_kit();
		struct kit_row *row = kit_add(k, n, 0, 0);
		for (uint32_t i = 0; i < n; i++)
			row[i].value[KIT_AMOUNT] = 1;
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, (n + 2) / 5 * 5);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, kit_cell(k, &p, 0, 0, 0)->value);
		assert_int_equal(kit_cell(k, &p, 0, 0, 2)->value, 100);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/*
 * From mean and rounded count alone: for every count that may be behind it there is a sum of whole numbers with this
 * mean. The reader divides by each of them.
 */
static void test_rounding_leaves_every_count_possible_beside_a_mean(void **state)
{
	(void)state;
	for (uint32_t n = 8; n < 120; n += 3) {
		struct kit *k = rounding_kit();
		(void)kit_add(k, n, 0, 0);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		int64_t shown = kit_cell(k, &p, 0, 0, 0)->value, mean = kit_cell(k, &p, 0, 0, 1)->value;
		assert_int_equal(kit_cell(k, &p, 0, 0, 2)->value, mean * shown / 100);
		for (int64_t m = shown - 2; m <= shown + 2; m++) {
			bool possible = false;
			for (int64_t sum = 0; sum < 400 * m && !possible; sum++) {
				int64_t exact = (200 * sum / m + 1) / 2, got = -1;
				const struct sl_rules *r = &k->setup.rules;
				possible = sl_transform_limit(r, exact, shown, 100, &got) && got == mean;
			}
			assert_true(possible);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* A spread is as coarse as its count; a quantile is somebody's value and no count of them. */
static void test_rounding_prints_other_numbers_as_coarsely(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_published_cell exact[2];

	(void)state;
	(void)kit_add(k, 100, 0, 0);
	kit_stat(&k->plans[0], "sd", SL_STAT_SD, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	k->setup.rules.transform = SL_TRANSFORM_NONE;
	k->setup.rules.transform_base = 0;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	exact[0] = *kit_cell(k, &p, 0, 0, 0);
	exact[1] = *kit_cell(k, &p, 0, 0, 1);
	sl_codec_free(&sl_publication_record, &p);
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(exact[0].value, 2901); /* 29.01 */
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, 3000);
	assert_int_equal(kit_cell(k, &p, 0, 0, 1)->value, exact[1].value);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Those sick and those not, and all of them, each rounded by itself: 13 + 13 are printed as 15 and 15, and 26 as 25. */
static void test_rounding_that_conditions_unpick_is_refused(void **state)
{
	struct kit *k = rounding_kit();

	(void)state;
	(void)kit_add(k, 26, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_stat(&k->plans[0], "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	struct sl_stat *well = kit_stat(&k->plans[0], "well", SL_STAT_COUNT_IF, KIT_SICK, 0);
	well->arg.ops = realloc(well->arg.ops, (well->arg.nops + 1) * sizeof *well->arg.ops);
	well->arg.ops[well->arg.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(kit_has(&p, SL_RULE_ROUNDING));
	assert_int_equal(p.releasable, 0);
	assert_int_equal(p.outputs[0].suppressed, p.outputs[0].ncells);
	sl_codec_free(&sl_publication_record, &p);
	/* 30 of 15 and 15: nothing follows. */
	(void)kit_add(k, 4, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

#define SUM_MAX 400

/* Every count of the threshold and more that is printed so, and none at all. */
static bool may_be(const struct kit *k, int64_t count, int64_t shown)
{
	const struct sl_rules *r = &k->setup.rules;

	if (count < r->threshold)
		return count == 0 && shown == 0;
	return r->transform == SL_TRANSFORM_RANDOM ? count - shown < 3 && shown - count < 3 : (count + 2) / 5 * 5 == shown;
}

/* The sums that the numbers of an output may have, number `without` left out. */
static void sums_of(const struct kit *k, const struct sl_publication *p, uint32_t output, uint32_t n, uint32_t without,
                    bool out[SUM_MAX])
{
	memset(out, 0, SUM_MAX * sizeof *out);
	out[0] = true;
	for (uint32_t i = 0; i < n; i++) {
		bool next[SUM_MAX] = { false };
		for (int64_t v = 0; v < SUM_MAX && i != without; v++)
			for (int64_t sum = 0; may_be(k, v, kit_cell(k, p, output, i, 0)->value) && sum + v < SUM_MAX; sum++)
				next[sum + v] = next[sum + v] || out[sum];
		if (i != without)
			memcpy(out, next, sizeof next);
	}
}

/* How few counts a number of output `i` may be, by trying all of both. */
static int fewest(const struct kit *k, const struct sl_publication *p, uint32_t i, uint32_t n, uint32_t nother)
{
	bool all[SUM_MAX], rest[SUM_MAX];
	int least = SUM_MAX;

	sums_of(k, p, 1 - i, nother, UINT32_MAX, all);
	for (uint32_t cell = 0; cell < n; cell++) {
		int possible = 0;
		if (kit_cell(k, p, i, cell, 0)->value == 0)
			continue;
		sums_of(k, p, i, n, cell, rest);
		for (int64_t v = 0; v < SUM_MAX; v++) {
			bool any = false;
			for (int64_t sum = 0; may_be(k, v, kit_cell(k, p, i, cell, 0)->value) && sum + v < SUM_MAX; sum++)
				any = any || (rest[sum] && all[sum + v]);
			possible += any;
		}
		least = possible < least ? possible : least;
	}
	return least;
}

static uint32_t die_of(uint64_t *random)
{
	*random = *random * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(*random >> 59);
}

/* Nobody is in the last region; most cells have 6, whose sums all go far one way by region, the other by gender. */
static void many_sixes(struct kit *k, uint64_t *random)
{
	for (uint32_t i = 0; i < 3 * GENDERS; i++) {
		uint32_t die = die_of(random);
		(void)kit_add(k, die < 8 ? 4 + die : 6, i / GENDERS, i % GENDERS);
	}
}

/* Two tables of the same persons, by region and by gender: refused exactly where trying all finds a number told. */
static uint32_t unpicked(struct kit *(*kit)(void), void (*fill)(struct kit *k, uint64_t *random), uint32_t ntables)
{
	uint64_t random = 7;
	uint32_t refused = 0;

	for (uint32_t table = 0; table < ntables; table++) {
		struct kit *k = kit();
		struct sl_plan *other = kit_plan(k);
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_key(other, "gender", KIT_GENDER, false);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(other, "n", SL_STAT_COUNT, 0, 0);
		k->setup.rules.zeros_show = 1;
		k->drawn_with = table;
		fill(k, &random);
		struct sl_publication p = kit_check(k, SL_RULE_NONE), shown = kit_check(k, SL_RULE_ROUNDING);
		int regions = fewest(k, &shown, 0, 4, GENDERS), genders = fewest(k, &shown, 1, GENDERS, 4);
		assert_int_equal(kit_has(&p, SL_RULE_ROUNDING), regions < 3 || genders < 3);
		refused += kit_has(&p, SL_RULE_ROUNDING);
		sl_codec_free(&sl_publication_record, &p);
		sl_codec_free(&sl_publication_record, &shown);
		kit_free(k);
	}
	return refused;
}

static void test_rounding_is_refused_where_trying_all_counts_unpicks_it(void **state)
{
	(void)state;
	assert_in_range(unpicked(rounding_kit, many_sixes, 150), 1, 149);
}

/* At random to multiples of 3: fewer are hidden than 9. */
static struct kit *random_kit(void)
{
	struct kit *k = rounding_kit();

	k->setup.rules.threshold = 9;
	k->setup.rules.transform = SL_TRANSFORM_RANDOM;
	k->setup.rules.transform_base = 3;
	k->drawn_with = 1;
	return k;
}

/* All are of one gender, in one to three regions: cells and a total. */
static void few_regions(struct kit *k, uint64_t *random)
{
	uint32_t n = 1 + die_of(random) % 3;

	for (uint32_t i = 0; i < n; i++)
		(void)kit_add(k, 9 + die_of(random) % 6, i, 0);
}

/* Seldom: all cells must have gone one way and their total the other way, as far as they can. */
static void test_rounding_at_random_is_refused_where_trying_all_counts_unpicks_it(void **state)
{
	(void)state;
	assert_in_range(unpicked(random_kit, few_regions, 400), 1, 100);
}

/* The value of the only number of the only output. */
static int64_t only_number(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_published_cell *c = kit_cell(k, &p, 0, 0, 0);
	int64_t value = c->value;

	assert_int_equal(p.releasable, 1);
	assert_int_equal(c->shown, 1);
	sl_codec_free(&sl_publication_record, &p);
	return value;
}

/*
 * Fifty questions in other words about the same 25 persons: where on another column, of another bound, a count of rows,
 * of units, of a condition that all meet, a sum of ones. There is one answer, and its average is not 25.
 */
static void test_rounding_at_random_gives_the_same_persons_one_answer(void **state)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM };
	uint32_t asked = 0;

	(void)state;
	for (uint64_t key = 1; key <= 3; key++) {
		int64_t first = -1;
		for (int64_t q = 0; q < 50; q++) {
			struct kit *k = random_kit();
			struct kit_row *row = kit_add(k, 25, 0, 0);
			k->drawn_with = key;
			for (uint32_t i = 0; i < 25; i++)
				row[i].value[KIT_AMOUNT] = 1;
			(void)kit_add(k, 30, 1, 0);
			for (uint32_t i = 0; i < k->nrows; i++)
				k->rows[i].value[KIT_AGE] = i < 25 ? 70 : 20;
			kit_where(&k->plans[0], KIT_AGE, 20 + q % 49);
			kit_stat(&k->plans[0], "n", fns[q % 4], KIT_AMOUNT, 0);
			int64_t got = only_number(k);
			assert_true(got == 24 || got == 27);
			assert_true(first < 0 || got == first);
			first = got;
			asked++;
			kit_free(k);
		}
	}
	assert_int_equal(asked, 150);
}

/* Over many keys the answer is 25 on the average, and with each key it is one of two. */
static void test_rounding_at_random_differs_between_enclaves(void **state)
{
	struct kit *k = random_kit();
	int64_t sum = 0;

	(void)state;
	(void)kit_add(k, 25, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	for (k->drawn_with = 1; k->drawn_with <= 900; k->drawn_with++)
		sum += only_number(k);
	/* One in three goes up: 300 of 900, give or take five times 14. */
	assert_in_range(sum, 900 * 24 + 3 * 230, 900 * 24 + 3 * 370);
	kit_free(k);
}

/* A total is what it is without its cells, and they need not add up to it. */
static void test_rounding_at_random_draws_totals_by_themselves(void **state)
{
	uint32_t apart = 0, shown = 0;

	(void)state;
	for (uint64_t key = 1; key <= 60; key++) {
		struct kit *k = two_by_four(SL_TRANSFORM_RANDOM, 3);
		k->setup.rules.threshold = 3;
		k->drawn_with = key;
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		k->plans[2] = k->plans[0];
		k->plans[0] = k->plans[1];
		k->setup.nplans = 1;
		struct sl_publication alone = kit_check(k, SL_RULE_NONE);
		for (uint32_t g = 0; g < GENDERS && p.releasable; g++) {
			int64_t sum = 0;
			for (uint32_t r = 0; r < 4; r++)
				sum += p.outputs[0].cells[4 * g + r].value;
			assert_int_equal(p.outputs[1].cells[g].value, alone.outputs[0].cells[g].value);
			shown++;
			apart += sum != p.outputs[1].cells[g].value;
		}
		k->plans[0] = k->plans[2];
		k->plans[2] = (struct sl_plan){ 0 };
		k->setup.nplans = 2;
		sl_codec_free(&sl_publication_record, &alone);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_in_range(shown, 60, 120);
	assert_in_range(apart, 1, shown - 1);
}

/* As beside a count to the nearest: for every count that may be behind it there is a sum with this mean. */
static void test_rounding_at_random_leaves_every_count_possible_beside_a_mean(void **state)
{
	(void)state;
	for (uint32_t n = 9; n < 80; n += 4) {
		struct kit *k = random_kit();
		(void)kit_add(k, n, 0, 0);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		int64_t shown = kit_cell(k, &p, 0, 0, 0)->value, mean = kit_cell(k, &p, 0, 0, 1)->value;
		for (int64_t m = shown - 2; m <= shown + 2; m++) {
			bool possible = false;
			for (int64_t sum = 0; sum < 400 * m && !possible; sum++) {
				int64_t exact = (200 * sum / m + 1) / 2, got = -1;
				possible = sl_transform_limit(&k->setup.rules, exact, shown, 100, &got) && got == mean;
			}
			assert_true(possible);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Persons by region have left; by region and gender are asked for now: what is shown, a bit for each number. */
static uint64_t shown_after(uint32_t men_of_a, enum sl_transform transform, uint64_t key)
{
	struct past t;
	uint64_t bits = 0;

	past_open(&t);
	kit_quiet(t.k);
	t.k->setup.rules.threshold = 9;
	t.k->setup.rules.transform = (uint8_t)transform;
	t.k->setup.rules.transform_base = transform == SL_TRANSFORM_RANDOM ? 3 : 0;
	t.k->drawn_with = key;
	(void)kit_add(t.k, men_of_a, 0, 0);
	(void)kit_add(t.k, 44 - men_of_a, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	kit_key(&t.k->plans[0], "region", KIT_REGION, false);
	kit_stat(&t.k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	struct sl_plan *p = kit_plan(t.k);
	kit_key(p, "region", KIT_REGION, false);
	kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	if (past_judge(&t) != SL_OK)
		fail_msg("%s", t.err.text);
	for (uint32_t c = 0; c < t.now.outputs[0].ncells; c++)
		bits |= (uint64_t)t.now.outputs[0].cells[c].shown << c;
	bits |= (uint64_t)t.now.releasable << 63;
	past_close(&t);
	return bits;
}

/*
 * What left before is compared by who is counted, and not by what was printed: men of A, 44 less so many women, are
 * hidden beside the 44 exactly where they would be without rounding, whatever was drawn.
 */
static void test_rounding_at_random_hides_beside_the_past_what_exact_numbers_do(void **state)
{
	uint32_t hidden = 0;

	(void)state;
	for (uint32_t men = 30; men <= 44; men++) {
		uint64_t exact = shown_after(men, SL_TRANSFORM_NONE, 0);
		for (uint64_t key = 1; key <= 5; key++)
			assert_true(shown_after(men, SL_TRANSFORM_RANDOM, key) == exact);
		hidden += (exact & 1) == 0;
		assert_int_equal(exact & 1, 44 - men >= 9);
	}
	assert_int_equal(hidden, 9);
}

/* A result of before the policy has no draws: rounding all up would be known. */
static void test_rounding_at_random_without_draws_is_refused(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_count(k);
	k->setup.rules.threshold = 9;
	k->setup.rules.transform = SL_TRANSFORM_RANDOM;
	k->setup.rules.transform_base = 3;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "the job ran before policy asked for draws"));
	assert_int_equal(p.noutputs, 0);
	k->results[0].drawn = 1;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	kit_free(k);
}

static void test_rounding_of_an_unknown_kind_is_refused(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_count(k);
	k->setup.rules.transform = SL_TRANSFORM_COUNT_;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	assert_int_equal(p.noutputs, 0);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounding_totals_are_of_the_rounded_cells),
		cmocka_unit_test(test_rounding_to_midpoints_adds_up_too),
		cmocka_unit_test(test_rounding_that_is_off_changes_nothing),
		cmocka_unit_test(test_rounding_of_units_that_may_be_in_two_cells_is_by_themselves),
		cmocka_unit_test(test_rounding_does_not_add_up_what_is_hidden),
		cmocka_unit_test(test_rounding_makes_shares_and_differences_from_what_is_printed),
		cmocka_unit_test(test_rounding_of_a_sum_of_ones_is_that_of_their_count),
		cmocka_unit_test(test_rounding_leaves_every_count_possible_beside_a_mean),
		cmocka_unit_test(test_rounding_prints_other_numbers_as_coarsely),
		cmocka_unit_test(test_rounding_that_conditions_unpick_is_refused),
		cmocka_unit_test(test_rounding_is_refused_where_trying_all_counts_unpicks_it),
		cmocka_unit_test(test_rounding_at_random_is_refused_where_trying_all_counts_unpicks_it),
		cmocka_unit_test(test_rounding_at_random_gives_the_same_persons_one_answer),
		cmocka_unit_test(test_rounding_at_random_differs_between_enclaves),
		cmocka_unit_test(test_rounding_at_random_draws_totals_by_themselves),
		cmocka_unit_test(test_rounding_at_random_leaves_every_count_possible_beside_a_mean),
		cmocka_unit_test(test_rounding_at_random_hides_beside_the_past_what_exact_numbers_do),
		cmocka_unit_test(test_rounding_at_random_without_draws_is_refused),
		cmocka_unit_test(test_rounding_of_an_unknown_kind_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
