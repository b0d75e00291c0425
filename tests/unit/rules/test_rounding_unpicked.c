/*
 * test_rounding_unpicked.c - what a reader makes of numbers that were rounded apart: refused exactly where trying all
 * counts tells one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/rounding_kit.h"

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
	assert_in_range(unpicked(rounding_kit_random, few_regions, 400), 1, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounding_that_conditions_unpick_is_refused),
		cmocka_unit_test(test_rounding_is_refused_where_trying_all_counts_unpicks_it),
		cmocka_unit_test(test_rounding_at_random_is_refused_where_trying_all_counts_unpicks_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
