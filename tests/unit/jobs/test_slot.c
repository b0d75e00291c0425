/* When an end is told: the arithmetic of slots, and that a wait is never too short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "jobs/slot.h"

#define MS INT64_C(1000000)

static void test_slot_next_is_the_first_doubling_since_the_start_that_is_later(void **state)
{
	static const struct {
		int64_t start, now;
		uint32_t slot_ms;
		int64_t want;
	} rows[] = {
		{ 5, 5, 1000, 5 + 1000 * MS },
		{ 5, 6, 1000, 5 + 1000 * MS },
		{ 5, 5 + 1000 * MS - 1, 1000, 5 + 1000 * MS },
		{ 5, 5 + 1000 * MS, 1000, 5 + 2000 * MS },
		{ 5, 5 + 3500 * MS, 1000, 5 + 4000 * MS },
		{ 5, 5 + 2000 * MS - 1, 1000, 5 + 2000 * MS },
		{ 5, 5 + 2000 * MS, 1000, 5 + 4000 * MS },
		{ 5, 5 + 4000 * MS, 1000, 5 + 8000 * MS },
		{ 7 * MS, 10 * MS, 1, 11 * MS },
		{ 7 * MS, 3 * MS, 10, 17 * MS },
		{ 0, INT64_C(86400000) * MS, 600000, INT64_C(153600000) * MS },
		{ 7, 99, 0, 99 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(sl_slot_next(rows[i].start, rows[i].now, rows[i].slot_ms, 1), rows[i].want);
}

static void test_slot_wait_returns_at_a_slot_and_says_whether_it_is_the_first(void **state)
{
	int64_t start = sl_slot_now() - 25 * MS, before = sl_slot_now();

	(void)state;
	/* The first slot has passed: that it is later is told. */
	assert_false(sl_slot_wait(start, 10, 1));
	int64_t after = sl_slot_now();
	assert_true(after >= sl_slot_next(start, before, 10, 1));
	/* Loose, for a busy machine: that it does not wait for a slot of its own length on top. */
	assert_true(after < before + 2000 * MS);
	before = sl_slot_now();
	assert_true(sl_slot_wait(start, 0, 1));
	assert_true(sl_slot_now() - before < 500 * MS);
}

static volatile sig_atomic_t rung;
static void ring(int sig)
{
	(void)sig;
	rung++;
}

static void test_slot_wait_is_not_cut_short_by_signals(void **state)
{
	struct sigaction old, act = { .sa_handler = ring };
	const struct itimerval every_ms = { { 0, 1000 }, { 0, 1000 } }, never = { { 0, 0 }, { 0, 0 } };
	int64_t start = sl_slot_now();

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &act, &old), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &every_ms, NULL), 0);
	assert_true(sl_slot_wait(start, 15, 4));
	assert_true(sl_slot_now() >= start + 60 * MS);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_true(rung > 1);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
}

/* What is planned for so many slots is told then, and later at twice as many, and so on. */
static void test_slot_planned_is_as_long_as_the_work_may_take(void **state)
{
	static const struct {
		uint64_t work_ms;
		uint32_t slot_ms, want;
	} rows[] = {
		{ 0, 1000, 1 },       { 1000, 1000, 1 },    { 1001, 1000, 2 }, { 2000, 1000, 2 },        { 2001, 1000, 4 },
		{ 16000, 1000, 16 },  { 16001, 1000, 0 },   { 50, 1, 0 },      { UINT64_MAX, 600000, 0 }, { UINT64_MAX, 0, 1 },
		{ 9600000, 600000, 16 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(sl_slot_planned(rows[i].work_ms, rows[i].slot_ms), rows[i].want);
	assert_int_equal(sl_slot_next(5, 5, 1000, 4), 5 + 4000 * MS);
	assert_int_equal(sl_slot_next(5, 5 + 4000 * MS - 1, 1000, 4), 5 + 4000 * MS);
	assert_int_equal(sl_slot_next(5, 5 + 4000 * MS, 1000, 4), 5 + 8000 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slot_next_is_the_first_doubling_since_the_start_that_is_later),
		cmocka_unit_test(test_slot_wait_returns_at_a_slot_and_says_whether_it_is_the_first),
		cmocka_unit_test(test_slot_planned_is_as_long_as_the_work_may_take),
		cmocka_unit_test(test_slot_wait_is_not_cut_short_by_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
