/*
 * test_draws.c - what decides how a count is rounded at random: the same for the same units however they are asked for,
 * as if by chance for others, and with nothing in it that could be put together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/draws.h"
#include "tests/unit/engine/bench.h"
#include "tests/unit/vault/failing.h"

#define ROWS(...) \
	(const struct bench_row[]){ __VA_ARGS__ }, \
		sizeof((const struct bench_row[]){ __VA_ARGS__ }) / sizeof(struct bench_row)

/* unit, { place, sick, age, amount }: in place 0 everybody is sick, and in place 1 nobody, but of 4 it is not known. */
#define VISITS \
	{ 1, { 0, 1, 5, 10 } }, { 1, { 0, 1, 5, -4 } }, { 1, { 1, 0, 25, 7 } }, { 2, { 0, 1, 15, -9 } }, \
	{ 3, { 0, 1, 9, NONE } }, { 4, { 1, NONE, 20, 3 } }, { 4, { 0, 1, 29, -3 } }, { 7, { 0, 1, 10, 0 } }
/* One row each: those of visits, and 9, who is not sick. */
#define PEOPLE \
	{ 1, { 0, 1, 1, 1 } }, { 2, { 0, 1, 2, 2 } }, { 3, { 0, 1, 3, 3 } }, { 4, { 0, 1, 4, 4 } }, { 7, { 0, 1, 7, 7 } }, \
	{ 9, { 1, 0, 9, 9 } }

static void start(struct bench *b, uint8_t key)
{
	bench_init(b);
	bench_rows(b, ROWS(VISITS));
	bench_rows(b, ROWS(PEOPLE));
	b->setup.draws = 1;
	memset(b->setup.rounding_key, key, sizeof b->setup.rounding_key);
}

static struct sl_draw draw_of(struct bench *b, uint32_t cell, uint32_t stat)
{
	if (bench_run(b) != SL_OK)
		fail_msg("%s", b->err.text);
	assert_int_equal(b->result.ndraws, b->result.nevidence);
	return b->result.draws[cell * b->plan.nstats + stat];
}

/* The vectors of the reference code: bytes 0, 1, … under the key 0 to 15. */
static void test_siphash_gives_the_published_values(void **state)
{
	static const struct {
		size_t len;
		uint8_t out[16];
	} want[] = {
		{ 0, { 0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6, 0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93 } },
		{ 1, { 0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44, 0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45 } },
	};
	uint8_t key[SL_SIPHASH_KEY_BYTES], data[16];

	(void)state;
	for (uint8_t i = 0; i < 16; i++)
		key[i] = data[i] = i;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		unsigned __int128 got = sl_siphash(key, data, want[i].len);
		assert_memory_equal(&got, want[i].out, sizeof got);
	}
	/* Of whole words and of a rest, each byte counts. */
	for (size_t len = 1; len <= 16; len++)
		for (size_t at = 0; at < len; at++) {
			unsigned __int128 before = sl_siphash(key, data, len);
			data[at] ^= 1;
			assert_true(sl_siphash(key, data, len) != before);
			data[at] ^= 1;
		}
}

/* All rows of place 0: by a key, by a condition, by where, beside other numbers. */
static void test_the_same_rows_have_one_draw_however_they_are_asked_for(void **state)
{
	struct bench b;

	(void)state;
	start(&b, 1);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_stat(&b, SL_STAT_SHARE, COL_SICK, 1);
	struct sl_draw by_key = draw_of(&b, 0, 0);
	assert_int_equal(draw_of(&b, 0, 1).counted, by_key.counted);
	assert_int_equal(draw_of(&b, 0, 2).counted, by_key.counted);
	assert_int_equal(draw_of(&b, 0, 2).known, by_key.counted);
	assert_int_not_equal(draw_of(&b, 1, 0).counted, by_key.counted);
	/* Of place 1 it is known of unit 1's row alone, and of an amount in place 0 not of unit 3's. */
	assert_int_not_equal(draw_of(&b, 1, 2).known, draw_of(&b, 1, 0).counted);
	assert_int_not_equal(draw_of(&b, 1, 2).known, draw_of(&b, 1, 2).counted);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&b, SL_STAT_SUM, COL_AGE, 0);
	assert_int_not_equal(draw_of(&b, 0, 3).counted, by_key.counted);
	assert_int_equal(draw_of(&b, 0, 4).counted, by_key.counted);
	bench_fini(&b);
	start(&b, 1);
	bench_stat(&b, SL_STAT_MEAN, COL_AGE, 0);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	assert_int_equal(draw_of(&b, 0, 1).counted, by_key.counted);
	assert_int_not_equal(draw_of(&b, 0, 0).counted, by_key.counted);
	bench_where_equals(&b, COL_SICK, 1);
	assert_int_equal(draw_of(&b, 0, 0).counted, by_key.counted);
	bench_fini(&b);
}

/* Sick units of visits, and of people: the same five persons, one table with several rows of one of them. */
static void test_the_same_units_have_one_draw_in_another_table(void **state)
{
	struct bench b;

	(void)state;
	start(&b, 1);
	bench_where_equals(&b, COL_SICK, 1);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	struct sl_draw visits = draw_of(&b, 0, 0);
	assert_int_not_equal(draw_of(&b, 0, 1).counted, visits.counted);
	bench_fini(&b);
	start(&b, 1);
	b.sources[0].table = 1;
	bench_where_equals(&b, COL_SICK, 1);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	assert_int_equal(draw_of(&b, 0, 0).counted, visits.counted);
	assert_int_equal(draw_of(&b, 0, 1).counted, visits.counted);
	bench_fini(&b);
}

static void test_another_key_or_unit_space_draws_anew_and_without_a_key_nothing_is_drawn(void **state)
{
	struct bench b;

	(void)state;
	start(&b, 1);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	uint64_t one = draw_of(&b, 0, 0).counted;
	memset(b.setup.rounding_key, 2, sizeof b.setup.rounding_key);
	uint64_t two = draw_of(&b, 0, 0).counted;
	assert_int_not_equal(one, two);
	/* Either half of the key alone. */
	memset(b.setup.rounding_key, 1, sizeof b.setup.rounding_key / 2);
	assert_int_not_equal(draw_of(&b, 0, 0).counted, one);
	assert_int_not_equal(draw_of(&b, 0, 0).counted, two);
	memset(b.setup.rounding_key, 1, sizeof b.setup.rounding_key);
	char *before = b.tables[0].space, other[] = "households";
	b.tables[0].space = other;
	assert_int_not_equal(draw_of(&b, 0, 0).counted, one);
	b.tables[0].space = before;
	assert_int_equal(draw_of(&b, 0, 0).counted, one);
	b.setup.draws = 0;
	assert_int_equal(bench_run(&b), SL_OK);
	assert_int_equal(b.result.ndraws, 0);
	assert_int_equal(b.result.drawn, 0);
	bench_fini(&b);
}

/* Other stretches of rows; a missing value is nobody's. */
static void test_stretches_do_not_matter(void **state)
{
	struct bench b;

	(void)state;
	start(&b, 1);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	struct sl_draw units = draw_of(&b, 0, 0), sum = draw_of(&b, 0, 1);
	assert_int_not_equal(units.counted, sum.counted);
	for (uint32_t rows = 1; rows < 9; rows++) {
		b.memory.stretch_rows = rows;
		assert_int_equal(draw_of(&b, 0, 0).counted, units.counted);
		assert_int_equal(draw_of(&b, 0, 1).counted, sum.counted);
	}
	bench_fini(&b);
}

/* As draws of counts: of who, not of what. Of the sick, of the others, and of the cell. */
static void test_limits_are_drawn_from_units_however_they_are_asked_for(void **state)
{
	struct bench b;

	(void)state;
	start(&b, 1);
	b.setup.draws = SL_DRAWS_LIMITS;
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	assert_int_equal(bench_run(&b), SL_OK);
	assert_int_equal(b.result.drawn, SL_DRAWS_LIMITS);
	assert_int_equal(b.result.ndraws, 2 * 2 + 1);
	/* Every person in visits is sick in one of them: nobody else is there, and rows do not count. */
	struct sl_draw sick = sl_result_limit_draw(&b.result, 0), all = sl_result_limit_draw(&b.result, 1);
	assert_int_equal(sick.counted, all.counted);
	assert_int_equal(sick.known, all.known);
	assert_int_equal(sl_result_cell_draw(&b.result, 0).counted, all.counted);
	assert_int_not_equal(all.counted, b.result.draws[1].counted);
	bench_fini(&b);
	/* The same persons in a table with one row of each, where 9 is not sick. */
	start(&b, 1);
	b.setup.draws = SL_DRAWS_LIMITS;
	b.sources[0].table = 1;
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	assert_int_equal(bench_run(&b), SL_OK);
	struct sl_draw again = sl_result_limit_draw(&b.result, 0);
	assert_int_equal(again.counted, sick.counted);
	assert_int_not_equal(again.known, sick.known);
	assert_int_not_equal(sl_result_cell_draw(&b.result, 0).counted, all.counted);
	uint64_t nine = again.known;
	bench_fini(&b);
	start(&b, 1);
	b.setup.draws = SL_DRAWS_LIMITS;
	b.sources[0].table = 1;
	bench_where_equals(&b, COL_SICK, 0);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	assert_int_equal(bench_run(&b), SL_OK);
	assert_int_equal(sl_result_cell_draw(&b.result, 0).counted, nine);
	bench_fini(&b);
}

#define SETS 3000u
#define PER_SET 8u

/* Set s of units s … s + n - 1, in `parts` threads. */
static uint64_t draw_set(int64_t first, uint32_t n, uint32_t parts)
{
	static const uint8_t key[SL_ROUNDING_KEY_BYTES] = { 42 };
	const uint32_t cells[PER_SET] = { 0 };
	struct sl_draws all[PER_SET] = { { 0 } };
	struct sl_err err = { 0 };

	for (uint32_t p = 0; p < parts; p++) {
		uint32_t from = n * p / parts, rows = n * (p + 1) / parts - from;
		int64_t units[PER_SET];
		for (uint32_t i = 0; i < rows; i++)
			units[i] = first + from + i;
		struct sl_batch batch = { .rows = rows, .units = units };
		assert_int_equal(sl_draws_init(&all[p], key, "persons", SL_DRAWS_COUNTS, 1, NULL, 0, &err), SL_OK);
		sl_draws_add(&all[p], &batch, NULL, cells, NULL);
		if (p > 0)
			sl_draws_merge(&all[0], &all[p]);
	}
	uint64_t draw = sl_draws_tell(&all[0], 0, -1, SL_STAT_UNITS).counted;
	for (uint32_t p = 0; p < parts; p++)
		sl_draws_fini(&all[p]);
	return draw;
}

static void test_threads_do_not_matter(void **state)
{
	(void)state;
	for (uint32_t parts = 2; parts <= PER_SET; parts++)
		assert_int_equal(draw_set(5, PER_SET, parts), draw_set(5, PER_SET, 1));
}

/*
 * Overlapping sets of seven units, whose count goes up from 6 to 9 for the first third of draws (policy/transform.h):
 * 1,000 of 3,000, give or take four times 26, also right behind one that went up: that a neighbour differs in one unit
 * tells nothing of it.
 */
static void test_draws_of_many_sets_are_as_if_by_chance(void **state)
{
	uint32_t up = 0, both = 0;
	bool before = false;

	(void)state;
	for (uint32_t s = 0; s < SETS; s++) {
		bool goes_up = draw_set(s, 7, 1) < UINT64_MAX / 3;
		up += goes_up;
		both += goes_up && before;
		before = goes_up;
	}
	assert_in_range(up, 1000 - 104, 1000 + 104);
	assert_in_range(both, 333 - 76, 333 + 76);
}

/* Draws of two sets do not give that of both together: neither as a sum nor nearly. */
static void test_draws_do_not_add_up(void **state)
{
	uint32_t near = 0;

	(void)state;
	for (uint32_t s = 0; s < SETS; s++) {
		uint64_t sum = draw_set(s, 4, 1) + draw_set(s + 4, 4, 1), whole = draw_set(s, 8, 1);
		assert_true(sum != whole);
		near += (sum - whole) >> 61 == 0 || (whole - sum) >> 61 == 0;
	}
	/* An eighth on either side: 750, give or take four times 24. */
	assert_in_range(near, 750 - 96, 750 + 96);
}

static void test_every_allocation_that_fails_is_told(void **state)
{
	struct bench b;
	unsigned long k = 0;

	(void)state;
	start(&b, 1);
	b.setup.draws = SL_DRAWS_LIMITS;
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	do {
		struct sl_result result;
		failing_at(++k);
		enum sl_rc rc = sl_engine_run(&b.setup, &b.memory.store, &b.plan, &result, &b.err);
		bool reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(result.ndraws, reached ? 0 : sl_result_draws(SL_DRAWS_LIMITS, 4, 2));
		sl_codec_free(&sl_result_record, &result);
		if (!reached)
			break;
	} while (k < 1000);
	assert_in_range(k, 5, 999);
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_siphash_gives_the_published_values),
		cmocka_unit_test(test_the_same_rows_have_one_draw_however_they_are_asked_for),
		cmocka_unit_test(test_the_same_units_have_one_draw_in_another_table),
		cmocka_unit_test(test_another_key_or_unit_space_draws_anew_and_without_a_key_nothing_is_drawn),
		cmocka_unit_test(test_stretches_do_not_matter),
		cmocka_unit_test(test_threads_do_not_matter),
		cmocka_unit_test(test_draws_of_many_sets_are_as_if_by_chance),
		cmocka_unit_test(test_limits_are_drawn_from_units_however_they_are_asked_for),
		cmocka_unit_test(test_draws_do_not_add_up),
		cmocka_unit_test(test_every_allocation_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
