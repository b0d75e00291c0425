/* test_crew.c - the crew: every member works once a call, what they wrote is seen after, and memory can be shared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"

#define MEMBERS 4

struct calls {
	uint64_t of[MEMBERS];
};

static void count(void *arg, uint32_t index)
{
	((struct calls *)arg)->of[index]++;
}

/* Blocks of many sizes live and die on all threads at once; each must keep what its owner wrote. */
static void allocate(void *arg, uint32_t index)
{
	struct calls *calls = arg;
	uint8_t *held[32] = { 0 };
	uint32_t bad = 0;

	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t at = i % 32, bytes = 16 + (i * 2654435761u >> 20);
		bad += held[at] != NULL && held[at][0] != (uint8_t)(index + at);
		free(held[at]);
		held[at] = i % 3 == 0 ? calloc(1, bytes) : malloc(bytes);
		if (held[at] != NULL)
			memset(held[at], (int)(index + at), bytes);
	}
	for (uint32_t at = 0; at < 32; at++)
		free(held[at]);
	calls->of[index] = bad;
}

static void test_crew_of_one_works_on_the_caller(void **state)
{
	struct calls calls = { 0 };

	(void)state;
	assert_int_equal(sl_crew_size(), 1);
	sl_crew_run(count, &calls);
	assert_int_equal(calls.of[0], 1);
	assert_int_equal(calls.of[1], 0);
}

static void test_crew_is_started_once_and_bounded(void **state)
{
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_crew_start(SL_CREW_MAX + 1, &err), SL_E_LIMIT);
	assert_int_equal(sl_crew_start(MEMBERS, &err), SL_OK);
	assert_int_equal(sl_crew_start(MEMBERS, &err), SL_E_BUG);
	assert_int_equal(sl_crew_size(), MEMBERS);
}

static void test_crew_members_work_once_a_call(void **state)
{
	struct calls calls = { 0 };

	(void)state;
	for (uint64_t n = 1; n <= 20000; n++) {
		sl_crew_run(count, &calls);
		for (uint32_t i = 0; i < MEMBERS; i++)
			assert_int_equal(calls.of[i], n);
	}
}

static void test_crew_members_share_memory(void **state)
{
	struct calls calls = { 0 };

	(void)state;
	sl_crew_run(allocate, &calls);
	for (uint32_t i = 0; i < MEMBERS; i++)
		assert_int_equal(calls.of[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crew_of_one_works_on_the_caller),
		cmocka_unit_test(test_crew_is_started_once_and_bounded),
		cmocka_unit_test(test_crew_members_work_once_a_call),
		cmocka_unit_test(test_crew_members_share_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
