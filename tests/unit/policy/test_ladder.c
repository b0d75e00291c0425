/* test_ladder.c - the round numbers that history is asked with: never stricter than the policy's own, and few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>

#include "policy/transform.h"
#include "policy/workbench/ladder.h"

static const struct sl_rules usual = {
	.threshold = 10, .dominance_n = 2, .dominance_k = 90000, .p_percent = 10000, .group_percent = 90000, .dof = 10,
};

static void rounds(struct sl_rules r, const char *expected)
{
	struct sl_buf moved = {0};

	sl_ladder_round(&r, &moved);
	assert_int_equal(sl_buf_ok(&moved, "moved", NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&moved), expected);
	moved.len = 0;
	struct sl_rules again = r;
	sl_ladder_round(&again, &moved);
	assert_memory_equal(&again, &r, sizeof r);
	sl_buf_free(&moved);
}

static void test_numbers_between_rungs_are_asked_at_the_one_that_hides_less(void **state)
{
	struct sl_rules r = usual;

	(void)state;
	rounds(usual, "");
	r.dominance_k = 82500;
	r.threshold = 14;
	r.dof = 2;
	rounds(r, "threshold 12 for 14, dof 1 for 2, dominance k 85 for 82.5");
	r = usual;
	r.p_percent = 4999;
	r.group_percent = 100000;
	r.jitter = 3;
	rounds(r, "p_percent off for 4.999, jitter off for 3");
	r = usual;
	r.dominance_n = r.dominance_k = r.p_percent = 0;
	rounds(r, "");
}

static void test_rounding_stays_one_that_a_policy_may_have(void **state)
{
	struct sl_rules r = usual;

	(void)state;
	r.transform = SL_TRANSFORM_ROUND;
	r.transform_base = 5;
	r.threshold = 8;
	rounds(r, "");
	r.transform = SL_TRANSFORM_MIDPOINT;
	r.transform_base = 4;
	r.threshold = 9;
	for (r.transform_base = 2; r.transform_base < 120; r.transform_base += 2)
		for (r.threshold = 1; r.threshold < 120; r.threshold++) {
			struct sl_rules rounded = r;
			struct sl_buf moved = {0};
			sl_ladder_round(&rounded, &moved);
			assert_true(sl_transform_is_known(&rounded));
			assert_true(!sl_transform_is_on(&rounded) ||
			            sl_transform_edge(&rounded) >= sl_transform_least(&rounded));
			sl_buf_free(&moved);
		}
}

/* What can be told of a share, however often it is asked: one of 21 answers. */
static void test_every_number_stands_on_one_of_few_rungs(void **state)
{
	uint32_t last = 0, rungs = 0;

	(void)state;
	for (uint32_t k = 1; k <= 100000; k++) {
		struct sl_rules r = usual;
		struct sl_buf moved = {0};
		r.dominance_k = k;
		sl_ladder_round(&r, &moved);
		assert_true(r.dominance_k >= k && r.dominance_k >= last);
		rungs += r.dominance_k != last;
		last = r.dominance_k;
		sl_buf_free(&moved);
	}
	assert_int_equal(rungs, 20);
}

static void test_what_a_release_loses_is_told_in_four_answers(void **state)
{
	(void)state;
	assert_int_equal(sl_ladder_part(0, 0), SL_LADDER_NONE);
	assert_int_equal(sl_ladder_part(1, 10), SL_LADDER_TENTH);
	assert_int_equal(sl_ladder_part(2, 10), SL_LADDER_HALF);
	assert_int_equal(sl_ladder_part(6, 10), SL_LADDER_MOST);
	assert_int_equal(sl_ladder_part(1, 1), SL_LADDER_MOST);
	assert_string_equal(sl_ladder_part_name(SL_LADDER_TENTH), "a tenth or less");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_between_rungs_are_asked_at_the_one_that_hides_less),
		cmocka_unit_test(test_rounding_stays_one_that_a_policy_may_have),
		cmocka_unit_test(test_every_number_stands_on_one_of_few_rungs),
		cmocka_unit_test(test_what_a_release_loses_is_told_in_four_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
