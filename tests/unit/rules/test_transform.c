/*
 * test_transform.c - one number at a time: how counts are rounded, which counts a printed one may be, and how finely
 * other numbers are printed beside it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "policy/transform.h"

static struct sl_rules rules_of(enum sl_transform transform, uint32_t base, uint32_t threshold)
{
	return (struct sl_rules){ .transform = (uint8_t)transform, .transform_base = base, .threshold = threshold };
}

static int64_t printed(const struct sl_rules *rules, uint64_t n)
{
	int64_t out = -1;

	assert_true(sl_transform_count(rules, n, 0, &out));
	return out;
}

static void test_known_answer_eleven_midpoints(void **state)
{
	const struct sl_rules r = rules_of(SL_TRANSFORM_MIDPOINT, 6, 1);

	(void)state;
	assert_int_equal(printed(&r, 0), 0);
	for (uint64_t n = 1; n <= 18; n++)
		assert_int_equal(printed(&r, n), n <= 6 ? 3 : n <= 12 ? 9 : 15);
}

static void test_transform_counts_go_to_the_nearest_multiple_and_halves_up(void **state)
{
	const struct sl_rules five = rules_of(SL_TRANSFORM_ROUND, 5, 1), ten = rules_of(SL_TRANSFORM_ROUND, 10, 1);
	static const int64_t of_five[] = { 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10, 10, 10, 15 };

	(void)state;
	for (uint64_t n = 0; n < sizeof of_five / sizeof of_five[0]; n++)
		assert_int_equal(printed(&five, n), of_five[n]);
	assert_int_equal(printed(&ten, 4), 0);
	assert_int_equal(printed(&ten, 5), 10);
	assert_int_equal(printed(&ten, 15), 20);
	assert_int_equal(printed(&ten, SL_TRANSFORM_COUNT_MAX), (SL_TRANSFORM_COUNT_MAX + 5) / 10 * 10);
}

static void test_transform_count_too_large_is_refused(void **state)
{
	const struct sl_rules r = rules_of(SL_TRANSFORM_ROUND, 5, 1);
	int64_t out = -1;

	(void)state;
	assert_false(sl_transform_count(&r, (uint64_t)SL_TRANSFORM_COUNT_MAX + 1, 0, &out));
	assert_int_equal(out, 0);
	assert_false(sl_transform_count(&r, UINT64_MAX, 0, &out));
}

static void test_transform_unknown_ones_are_refused(void **state)
{
	static const struct sl_rules bad[] = {
		{ .transform = SL_TRANSFORM_COUNT_, .transform_base = 5 }, { .transform = 255, .transform_base = 5 },
		{ .transform = SL_TRANSFORM_ROUND },                       { .transform = SL_TRANSFORM_ROUND, .transform_base = 1 },
		{ .transform = SL_TRANSFORM_MIDPOINT, .transform_base = 5 }, { .transform_base = 5 },
		{ .transform = SL_TRANSFORM_ROUND, .transform_base = SL_TRANSFORM_BASE_MAX + 1 },
	};
	int64_t out = -1;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(sl_transform_is_known(&bad[i]));
		assert_false(sl_transform_count(&bad[i], 20, 0, &out));
	}
	assert_true(sl_transform_is_known(&(struct sl_rules){ 0 }));
	assert_string_equal(sl_transform_name(&bad[0]), "unknown");
}

/* Every count is in the interval of what it is printed as, and the interval holds no other. */
static void intervals_of(const struct sl_rules *r)
{
	for (int64_t n = 0; n <= 300; n++) {
		if (n > 0 && n < r->threshold)
			continue;
		struct sl_interval in = sl_transform_interval(r, printed(r, (uint64_t)n));
		assert_true(in.lo <= n && n <= in.hi);
		for (int64_t m = in.lo; m <= in.hi; m++)
			assert_true(printed(r, (uint64_t)m) == printed(r, (uint64_t)n));
		assert_true(in.lo == 0 || in.lo == r->threshold || printed(r, (uint64_t)in.lo - 1) != printed(r, (uint64_t)n));
		assert_true(in.hi == 0 || printed(r, (uint64_t)in.hi + 1) != printed(r, (uint64_t)n));
	}
}

static void test_transform_intervals_are_what_a_reader_knows(void **state)
{
	(void)state;
	for (uint32_t base = 2; base <= 12; base++)
		for (uint32_t threshold = 1; threshold <= 14; threshold++) {
			struct sl_rules r = rules_of(SL_TRANSFORM_ROUND, base, threshold);
			intervals_of(&r);
			r.transform = SL_TRANSFORM_MIDPOINT;
			if (base % 2 == 0)
				intervals_of(&r);
		}
}

#define DRAWS 900u

/* The i-th of draws that lie evenly, half a step from either end. */
static uint64_t draw_at(uint32_t i)
{
	return (uint64_t)((((unsigned __int128)2 * i + 1) << 63) / DRAWS);
}

static int64_t drawn(const struct sl_rules *rules, uint64_t n, uint64_t draw)
{
	int64_t out = -1;

	assert_true(sl_transform_count(rules, n, draw, &out));
	return out;
}

/* 1 is printed 0 in two of three draws and 3 in one; a multiple as it is; whatever n is, all draws together give n. */
static void test_transform_at_random_is_right_on_the_average(void **state)
{
	static const uint32_t bases[] = { 2, 3, 5, 10 };

	(void)state;
	for (size_t b = 0; b < sizeof bases / sizeof bases[0]; b++) {
		const struct sl_rules r = rules_of(SL_TRANSFORM_RANDOM, bases[b], bases[b]);
		for (uint64_t n = 0; n <= 60; n++) {
			int64_t sum = 0, below = (int64_t)(n - n % bases[b]);
			for (uint32_t i = 0; i < DRAWS; i++) {
				int64_t out = drawn(&r, n, draw_at(i));
				assert_true(out == below || (n % bases[b] != 0 && out == below + (int64_t)bases[b]));
				sum += out;
			}
			assert_int_equal(sum, (int64_t)n * DRAWS);
		}
	}
	const struct sl_rules three = rules_of(SL_TRANSFORM_RANDOM, 3, 3);
	assert_int_equal(drawn(&three, 1, 0), 3);
	assert_int_equal(drawn(&three, 1, UINT64_MAX / 3 - 1), 3);
	assert_int_equal(drawn(&three, 1, UINT64_MAX / 3), 0);
	assert_int_equal(drawn(&three, 1, UINT64_MAX), 0);
	assert_int_equal(drawn(&three, 2, UINT64_MAX), 0);
}

/* Every count that some draw prints so, and no other. */
static void test_transform_at_random_intervals_are_what_a_reader_knows(void **state)
{
	(void)state;
	for (uint32_t base = 2; base <= 7; base++)
		for (uint32_t threshold = base; threshold <= 3 * base; threshold += base) {
			const struct sl_rules r = rules_of(SL_TRANSFORM_RANDOM, base, threshold);
			for (int64_t shown = 0; shown <= 60; shown += base) {
				struct sl_interval in = sl_transform_interval(&r, shown);
				for (int64_t n = 0; n <= 70; n++) {
					bool may = (drawn(&r, (uint64_t)n, 0) == shown || drawn(&r, (uint64_t)n, UINT64_MAX) == shown) &&
					           (n == 0 || n >= threshold);
					if (shown == 0 || shown >= threshold)
						assert_int_equal(in.lo <= n && n <= in.hi, may);
				}
			}
			assert_int_equal(sl_transform_least(&r), base);
			assert_int_equal(sl_transform_edge(&r), base);
		}
}

/* The smallest shown count may be printed as the multiple below it, which then tells it. */
static void test_transform_at_random_needs_a_threshold_that_is_a_multiple(void **state)
{
	(void)state;
	for (uint32_t base = 2; base <= 7; base++)
		for (uint32_t threshold = 1; threshold <= 4 * base; threshold++) {
			const struct sl_rules r = rules_of(SL_TRANSFORM_RANDOM, base, threshold);
			assert_int_equal(sl_transform_edge(&r) >= sl_transform_least(&r), threshold % base == 0);
		}
}

static void test_transform_edge_is_what_a_threshold_leaves_of_the_smallest_number(void **state)
{
	static const struct {
		uint32_t base, threshold;
		int64_t edge;
	} at[] = { { 5, 8, 5 }, { 5, 9, 4 }, { 5, 10, 3 }, { 5, 11, 2 }, { 5, 12, 1 }, { 5, 13, 5 }, { 10, 10, 5 } };

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		struct sl_rules r = rules_of(SL_TRANSFORM_ROUND, at[i].base, at[i].threshold);
		assert_int_equal(sl_transform_edge(&r), at[i].edge);
	}
}

static void test_transform_precision_is_what_the_count_tells(void **state)
{
	const struct sl_rules r = rules_of(SL_TRANSFORM_ROUND, 5, 8);
	static const struct {
		int64_t v, n, one, out;
	} at[] = {
		{ 45321, 1000, 100, 45500 },   /* 453.21: 5 of 1,000 are 2.27, so that it is told to 5 */
		{ -45321, 1000, 100, -45500 },
		{ 4532100, 10, 100, 5000000 }, /* 5 of 10 are half of it */
		{ 100, 10, 100, 100 },         /* everybody has 1 */
		{ 31, 100, 100, 30 },          /* 0.31 of a 0 or 1: 31 of 100 are told as 30 are */
		{ 0, 100, 100, 0 },
		{ 7, 5, 1, 10 },               /* no coarser than the number itself is large */
	};
	int64_t out = -1;

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		assert_true(sl_transform_limit(&r, at[i].v, at[i].n, at[i].one, &out));
		assert_int_equal(out, at[i].out);
	}
	assert_false(sl_transform_limit(&r, INT64_MAX, 5, 1, &out));
	assert_true(sl_transform_limit(&r, INT64_MIN + 1, INT64_MAX, 1, &out));
}

static void test_transform_share_has_as_many_decimals_as_its_whole(void **state)
{
	const struct sl_rules r = rules_of(SL_TRANSFORM_ROUND, 5, 8);
	static const struct {
		int64_t part, whole, out;
	} at[] = {
		{ 10, 30, 3000 }, { 10, 40, 3000 }, { 15, 40, 4000 }, { 55, 160, 3400 }, { 430, 1000, 4300 }, { 435, 1000, 4350 },
		{ 5, 5, 10000 },  { 0, 10, 0 },     { 10, 10, 10000 },
	};
	int64_t out = -1;

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		assert_true(sl_transform_share(&r, at[i].part, at[i].whole, 4, &out));
		assert_int_equal(out, at[i].out);
	}
	assert_false(sl_transform_share(&r, 5, 0, 4, &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer_eleven_midpoints),
		cmocka_unit_test(test_transform_counts_go_to_the_nearest_multiple_and_halves_up),
		cmocka_unit_test(test_transform_count_too_large_is_refused),
		cmocka_unit_test(test_transform_unknown_ones_are_refused),
		cmocka_unit_test(test_transform_intervals_are_what_a_reader_knows),
		cmocka_unit_test(test_transform_at_random_is_right_on_the_average),
		cmocka_unit_test(test_transform_at_random_intervals_are_what_a_reader_knows),
		cmocka_unit_test(test_transform_at_random_needs_a_threshold_that_is_a_multiple),
		cmocka_unit_test(test_transform_edge_is_what_a_threshold_leaves_of_the_smallest_number),
		cmocka_unit_test(test_transform_precision_is_what_the_count_tells),
		cmocka_unit_test(test_transform_share_has_as_many_decimals_as_its_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
