/* test_ranges.c - what a filter asks of each input by itself. That no true row lies outside, test_compute.c tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "enclave/engine/compute.h"
#include "tests/unit/pact/build.h"

#define I SL_TYPE_INTEGER
#define R SL_TYPE_REAL
#define B SL_TYPE_BOOLEAN
#define D SL_TYPE_DATE
#define MIN INT64_MIN
#define MAX INT64_MAX

static void compared(struct build *b, enum sl_type type, int scale, enum sl_opcode op, enum sl_type ktype, int kscale,
                     int64_t k)
{
	build_column(b, type, scale, 0);
	build_const(b, ktype, kscale, k);
	build_op(b, op, B, 0, 0);
}

struct asked {
	enum sl_opcode op;
	int scale, kscale;
	int64_t k, lo, hi;
};

static const struct asked comparisons[] = {
	{ SL_OP_LT, 0, 0, 5, MIN, 4 },
	{ SL_OP_LE, 0, 0, 5, MIN, 5 },
	{ SL_OP_GT, 0, 0, 5, 6, MAX },
	{ SL_OP_GE, 0, 0, 5, 5, MAX },
	{ SL_OP_EQ, 0, 0, 5, 5, 5 },
	{ SL_OP_NE, 0, 0, 5, MIN, MAX },
	{ SL_OP_LT, 0, 0, MIN, 1, 0 },
	{ SL_OP_GT, 0, 0, MAX, 1, 0 },
	{ SL_OP_LE, 0, 0, MAX, MIN, MAX },
	/* 1.5 and -1.5 lie between whole numbers. */
	{ SL_OP_LT, 0, 1, 15, MIN, 1 },
	{ SL_OP_LE, 0, 1, 15, MIN, 1 },
	{ SL_OP_GT, 0, 1, 15, 2, MAX },
	{ SL_OP_GE, 0, 1, -15, -1, MAX },
	{ SL_OP_LT, 0, 1, -15, MIN, -2 },
	{ SL_OP_EQ, 0, 1, 15, 1, 0 },
	{ SL_OP_EQ, 0, 1, -20, -2, -2 },
	{ SL_OP_LT, 2, 0, 5, MIN, 499 },
	{ SL_OP_EQ, 2, 0, -5, -500, -500 },
	/* Beyond any value of that grid. */
	{ SL_OP_LT, 9, 0, MAX, MIN, MAX },
	{ SL_OP_GE, 9, 0, MAX, 1, 0 },
	{ SL_OP_EQ, 9, 0, MIN, 1, 0 },
};

static void test_ranges_of_a_comparison_lie_on_the_columns_grid(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof comparisons / sizeof comparisons[0]; i++) {
		const struct asked *a = &comparisons[i];
		struct build b = { 0 };
		struct sl_range ranges[SL_INPUTS_MAX];
		compared(&b, a->scale ? R : I, a->scale, a->op, a->kscale ? R : I, a->kscale, a->k);
		sl_filter_ranges(&b.expr, ranges);
		if (ranges[0].lo != a->lo || ranges[0].hi != a->hi || ranges[0].missing)
			fail_msg("comparison %zu: [%lld, %lld]", i, (long long)ranges[0].lo, (long long)ranges[0].hi);
		assert_true(ranges[1].lo == MIN && ranges[1].hi == MAX && ranges[1].missing);
	}
}

static void assert_range(const struct build *b, int64_t lo, int64_t hi, bool missing)
{
	struct sl_range ranges[SL_INPUTS_MAX];

	sl_filter_ranges(&b->expr, ranges);
	assert_int_equal(ranges[0].lo, lo);
	assert_int_equal(ranges[0].hi, hi);
	assert_int_equal(ranges[0].missing, missing);
}

static void test_ranges_of_sets_nulls_and_truth(void **state)
{
	struct build in = { 0 }, none = { 0 }, null = { 0 }, known = { 0 }, truth = { 0 }, empty = { 0 };

	(void)state;
	assert_range(&empty, MIN, MAX, true);
	build_column(&in, I, 0, 0);
	build_op(&in, SL_OP_IN, B, 0, build_set(&in, 0, (const int64_t[]){ -4, 7, 90 }, 3));
	assert_range(&in, -4, 90, false);
	build_op(&in, SL_OP_NOT, B, 0, 0);
	assert_range(&in, MIN, MAX, false);
	build_column(&none, I, 0, 0);
	build_op(&none, SL_OP_IN, B, 0, build_set(&none, 0, NULL, 0));
	assert_range(&none, 1, 0, false);
	build_column(&null, I, 0, 0);
	build_op(&null, SL_OP_IS_NULL, B, 0, 0);
	assert_range(&null, 1, 0, true);
	build_column(&known, I, 0, 0);
	build_op(&known, SL_OP_IS_NULL, B, 0, 0);
	build_op(&known, SL_OP_NOT, B, 0, 0);
	assert_range(&known, MIN, MAX, false);
	build_column(&truth, B, 0, 0);
	assert_range(&truth, 1, 1, false);
	build_op(&truth, SL_OP_NOT, B, 0, 0);
	assert_range(&truth, 0, 0, false);
}

static void test_ranges_of_and_or_and_not(void **state)
{
	struct build b = { 0 }, other = { 0 }, never = { 0 };

	(void)state;
	/* What is never true adds nothing, on either side. */
	compared(&never, I, 0, SL_OP_LT, I, 0, MIN);
	compared(&never, I, 0, SL_OP_EQ, I, 0, 20);
	build_op(&never, SL_OP_OR, B, 0, 0);
	compared(&never, I, 0, SL_OP_LT, I, 0, MIN);
	build_op(&never, SL_OP_OR, B, 0, 0);
	assert_range(&never, 20, 20, false);
	/* 3 <= x and x < 9; or x = 20; or missing */
	compared(&b, I, 0, SL_OP_GE, I, 0, 3);
	compared(&b, I, 0, SL_OP_LT, I, 0, 9);
	build_op(&b, SL_OP_AND, B, 0, 0);
	assert_range(&b, 3, 8, false);
	compared(&b, I, 0, SL_OP_EQ, I, 0, 20);
	build_op(&b, SL_OP_OR, B, 0, 0);
	assert_range(&b, 3, 20, false);
	build_column(&b, I, 0, 0);
	build_op(&b, SL_OP_IS_NULL, B, 0, 0);
	build_op(&b, SL_OP_OR, B, 0, 0);
	assert_range(&b, 3, 20, true);
	/* Not (x <= 5 or y): x > 5. */
	compared(&other, I, 0, SL_OP_LE, I, 0, 5);
	build_column(&other, B, 0, 1);
	build_op(&other, SL_OP_OR, B, 0, 0);
	assert_range(&other, MIN, MAX, true);
	build_op(&other, SL_OP_NOT, B, 0, 0);
	assert_range(&other, 6, MAX, false);
}

static void test_ranges_of_what_is_constant_when_computed(void **state)
{
	struct build minus = { 0 }, days = { 0 }, never = { 0 };

	(void)state;
	/* -5 < x; date <= 100 - 7; x = 1 div 0 */
	build_const(&minus, I, 0, 5);
	build_op(&minus, SL_OP_NEG, I, 0, 0);
	build_column(&minus, I, 0, 0);
	build_op(&minus, SL_OP_LT, B, 0, 0);
	assert_range(&minus, -4, MAX, false);
	build_column(&days, D, 0, 0);
	build_const(&days, D, 0, 100);
	build_const(&days, I, 0, 7);
	build_op(&days, SL_OP_SUB, D, 0, 0);
	build_op(&days, SL_OP_LE, B, 0, 0);
	assert_range(&days, MIN, 93, false);
	build_column(&never, I, 0, 0);
	build_const(&never, I, 0, 1);
	build_const(&never, I, 0, 0);
	build_op(&never, SL_OP_IDIV, I, 0, 0);
	build_op(&never, SL_OP_EQ, B, 0, 0);
	assert_range(&never, 1, 0, false);
}

static void test_ranges_of_a_year_are_its_days(void **state)
{
	struct build year = { 0 }, never = { 0 };
	int64_t first = 0, last = 0;

	(void)state;
	assert_true(sl_days_from_civil(2020, 1, 1, &first));
	assert_true(sl_days_from_civil(2020, 12, 31, &last));
	build_const(&year, I, 0, 2020);
	build_column(&year, D, 0, 0);
	build_op(&year, SL_OP_YEAR, I, 0, 0);
	build_op(&year, SL_OP_EQ, B, 0, 0);
	assert_range(&year, first, last, false);
	build_column(&never, D, 0, 0);
	build_op(&never, SL_OP_YEAR, I, 0, 0);
	build_const(&never, I, 0, 9999);
	build_op(&never, SL_OP_GT, B, 0, 0);
	assert_range(&never, 1, 0, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranges_of_a_comparison_lie_on_the_columns_grid),
		cmocka_unit_test(test_ranges_of_sets_nulls_and_truth),
		cmocka_unit_test(test_ranges_of_and_or_and_not),
		cmocka_unit_test(test_ranges_of_what_is_constant_when_computed),
		cmocka_unit_test(test_ranges_of_a_year_are_its_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
