/* test_duration.c - how long a plan may take follows from the plan and from how large tables are, roughly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "enclave/pact/duration.h"
#include "tests/unit/pact/house.h"

static struct house h;

static int fresh(void **state)
{
	(void)state;
	house_init(&h);
	return 0;
}

static uint64_t us(uint64_t visits, uint64_t people)
{
	const uint64_t rows[3] = { visits, people, 0 };

	return sl_plan_engine_us(&h.plan, &h.view, rows);
}

/* Whoever is one row more or less is not seen. */
static void test_duration_is_the_same_up_to_the_next_power_of_two(void **state)
{
	(void)state;
	assert_int_equal(us(600000, 40000), us(1048576, 65536));
	assert_int_equal(us(600000, 40000), us(524289, 32769));
	assert_true(us(1048577, 65536) > us(1048576, 65536));
	assert_true(us(1048576, 65537) > us(1048576, 65536));
	assert_int_equal(us(0, 0), us(1, 1));
}

static void test_duration_grows_with_what_a_plan_does(void **state)
{
	uint64_t before = us(1 << 20, 1 << 16), nothing;

	(void)state;
	h.stats[1].fn = SL_STAT_VAR;
	assert_true(us(1 << 20, 1 << 16) > before);
	before = us(1 << 20, 1 << 16);
	h.stats[1].fn = SL_STAT_QUANTILE;
	h.stats[1].p = 5000;
	assert_true(us(1 << 20, 1 << 16) > before);
	before = us(1 << 20, 1 << 16);
	build_const(&h.sum, SL_TYPE_INTEGER, 0, 7);
	build_op(&h.sum, SL_OP_ADD, SL_TYPE_REAL, 2, 0);
	h.stats[1].arg = h.sum.expr;
	nothing = us(1 << 20, 1 << 16) - before;
	assert_true(nothing > 0);
	before = us(1 << 20, 1 << 16);
	build_const(&h.sum, SL_TYPE_INTEGER, 0, 7);
	build_op(&h.sum, SL_OP_MUL, SL_TYPE_REAL, 2, 0);
	h.stats[1].arg = h.sum.expr;
	assert_true(us(1 << 20, 1 << 16) - before > nothing);
	before = us(1 << 20, 1 << 16);
	h.plan.nkeys = 0;
	assert_true(us(1 << 20, 1 << 16) < before);
	before = us(1 << 20, 1 << 16);
	h.plan.where.nops = 0;
	assert_true(us(1 << 20, 1 << 16) < before);
}

/* A plan of most people takes tens of nanoseconds a row, and not a part of one. */
static void test_duration_of_a_plan_is_of_its_size(void **state)
{
	(void)state;
	uint64_t ns = us(1 << 24, 1) * 1000 / (1 << 24);
	assert_true(ns >= 60 && ns <= 400);
	assert_true(us(0, 0) >= 1000 && us(0, 0) < 20000);
}

static void test_duration_that_is_no_number_is_the_longest(void **state)
{
	(void)state;
	assert_int_equal(us(UINT64_MAX, 1), UINT64_MAX);
	assert_int_equal(us(1, UINT64_C(1) << 62), UINT64_MAX);
	assert_int_equal(us((UINT64_C(1) << 62) + 1, 1), UINT64_MAX);
}

#define FRESH(t) cmocka_unit_test_setup(t, fresh)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(test_duration_is_the_same_up_to_the_next_power_of_two),
		FRESH(test_duration_grows_with_what_a_plan_does),
		FRESH(test_duration_of_a_plan_is_of_its_size),
		FRESH(test_duration_that_is_no_number_is_the_longest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
