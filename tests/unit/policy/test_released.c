/* test_released.c - numbers are counted as declared, added without wrapping, and exactly as many as may leave may. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "policy/policy.h"
#include "policy/released.h"

/* Keys of four and three groups (of which one is the missing ones'); so many statistics, and one that is implied. */
static uint64_t of(uint32_t nkeys, uint32_t nstats)
{
	static char name[] = "x", implied[] = "(x)", empty[] = "";
	struct sl_stat stats[6] = { { .name = name }, { .name = name }, { .name = name }, { .name = name },
		                    { .name = name } };
	struct sl_label labels[4] = { { name }, { name }, { name }, { name } };
	struct sl_column columns[2] = {
		{ .name = name, .title = empty, .type = SL_TYPE_TEXT, .has_domain = 1, .labels = labels, .nlabels = 4 },
		{ .name = name, .title = empty, .type = SL_TYPE_TEXT, .has_domain = 1, .labels = labels, .nlabels = 2,
		  .nullable = 1 },
	};
	struct sl_table table = { .name = name, .space = name, .unit_column = empty, .columns = columns, .ncolumns = 2 };
	struct sl_view view = { &table, 1 };
	struct sl_source source = { 0 };
	struct sl_input inputs[2] = { { .column = 0 }, { .column = 1 } };
	struct sl_key keys[2] = { { .name = name, .input = 0 }, { .name = name, .input = 1 } };
	struct sl_plan plan = { .output = name, .sources = &source, .nsources = 1, .inputs = inputs, .ninputs = 2,
		.keys = keys, .nkeys = nkeys, .stats = stats, .nstats = nstats + 1 };

	stats[nstats].name = implied;

	return sl_released_of(&plan, &view);
}

static void test_released_counts_statistics_of_the_whole_cross(void **state)
{
	(void)state;
	assert_int_equal(of(0, 1), 1);
	assert_int_equal(of(1, 1), 4);
	assert_int_equal(of(2, 1), 12);
	assert_int_equal(of(2, 5), 60);
}

static void test_released_sums_do_not_wrap(void **state)
{
	(void)state;
	assert_true(sl_released_add(1, 2) == 3);
	assert_true(sl_released_add(UINT64_MAX, 1) == UINT64_MAX);
	assert_true(sl_released_add(UINT64_MAX - 1, 1) == UINT64_MAX);
}

static void test_released_exactly_the_bound_may_leave(void **state)
{
	struct sl_released s[2] = { { "person", 90, 10 }, { "company", 100, 0 } };
	struct sl_err err = { 0 };

	(void)state;
	assert_true(sl_released_within(s, 2, 100));
	assert_false(sl_released_within(s, 2, 99));
	assert_int_equal(sl_released_ask(s, 2, 100, "liver", &err), SL_OK);
	s[1].asked = 1;
	assert_string_equal(sl_released_fullest(s, 2)->space, "company");
	assert_int_equal(sl_released_ask(s, 2, 100, "liver", &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_RELEASED_NUMBERS);
	assert_string_equal(err.text, "100 numbers of \"company\" left project \"liver\", hidden ones counted, and the "
	                              "request has 1: policy lets 100 leave in all");
	assert_true(err.remedy[0] != '\0');
}

static void test_released_without_a_bound_everything_may_and_of_no_space_nothing(void **state)
{
	const struct sl_released s = { "person", UINT64_MAX, 10 };

	(void)state;
	assert_true(sl_released_within(&s, 1, SL_RELEASED_UNBOUNDED));
	assert_false(sl_released_within(NULL, 0, SL_RELEASED_UNBOUNDED));
	assert_int_equal(sl_released_ask(NULL, 0, 7, "liver", NULL), SL_E_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_released_counts_statistics_of_the_whole_cross),
		cmocka_unit_test(test_released_sums_do_not_wrap),
		cmocka_unit_test(test_released_exactly_the_bound_may_leave),
		cmocka_unit_test(test_released_without_a_bound_everything_may_and_of_no_space_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
