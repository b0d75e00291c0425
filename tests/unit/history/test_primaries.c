/*
 * test_primaries.c - sets of many units that a rule hid for how many they are: nearly everybody of a group, all but a
 * few. What was split over several requests tells no more of them than one request would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"

/* 120 of a region, of whom 110 are not sick: hidden, for they are nearly all. */
static struct people *start(void)
{
	struct people *p = people_start(10);

	p->values[0] = p->values[1] = p->values[2] = 2;
	people_add(p, 60, 0, 0, 0, 0);
	people_add(p, 50, 0, 0, 1, 0);
	people_add(p, 10, 0, 1, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_add(p, 30, 1, 1, 0, 0);
	return p;
}

static void test_a_total_and_its_cells_tell_no_hidden_cell_in_either_order(void **state)
{
	(void)state;
	for (int total_first = 0; total_first < 2; total_first++) {
		struct people *p = start();
		if (total_first) {
			people_output(p, BY(true), ANY);
			people_audit(p, true);
			people_hide(people_output(p, BY(true, true), ANY), 0);
			people_audit(p, true);
			assert_true(people_is_hidden(p, 1, 0) && people_is_hidden(p, 1, 1));
			assert_false(people_is_hidden(p, 1, 2) || people_is_hidden(p, 1, 3));
		} else {
			people_hide(people_output(p, BY(true, true), ANY), 0);
			people_audit(p, true);
			people_output(p, BY(true), ANY);
			people_audit(p, true);
			assert_true(people_is_hidden(p, 1, 0));
			assert_false(people_is_hidden(p, 1, 1));
		}
		people_finish(p);
	}
}

/* The hidden group, asked for by a condition instead. */
static void test_a_hidden_cell_is_not_told_as_an_output_of_its_own(void **state)
{
	struct people *p = start();

	(void)state;
	people_hide(people_output(p, BY(true, true), ANY), 0);
	people_audit(p, true);
	people_output(p, BY(true), OF(-1, 0, -1, -1));
	people_audit(p, true);
	assert_true(people_is_hidden(p, 1, 0));
	assert_false(people_is_hidden(p, 1, 1));
	people_finish(p);
}

/*
 * One request hid both cells of region A. Its total leaves, and then all who are sick: without those of region B they
 * are the sick of A, which one may know, and the total without these is the hidden cell.
 */
static void test_three_releases_together_tell_no_hidden_cell(void **state)
{
	struct people *p = start();

	(void)state;
	struct people_output *o = people_output(p, BY(true, true), ANY);
	people_hide(o, 0);
	o->hidden[1] = true;
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	assert_false(people_is_hidden(p, 1, 0) || people_is_hidden(p, 1, 1));
	people_output(p, ALL, OF(-1, 1, -1, -1));
	people_audit(p, true);
	assert_true(people_is_hidden(p, 2, 0));
	people_finish(p);
}

/* Hidden for the sake of another, it may be told: what it was hidden for stays unknown. */
static void test_a_cell_that_was_hidden_for_another_may_be_told(void **state)
{
	struct people *p = start();

	(void)state;
	people_output(p, BY(true, true), ANY)->hidden[0] = true;
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	people_finish(p);
}

/* All of a region are not sick, and that is hidden: how many the region has says nothing of them. */
static void test_a_total_beside_a_cell_that_happens_to_be_all_of_it_stays(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	p->values[0] = p->values[1] = 2;
	people_add(p, 60, 0, 0, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_add(p, 30, 1, 1, 0, 0);
	people_hide(people_output(p, BY(true, true), ANY), 0);
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_total_and_its_cells_tell_no_hidden_cell_in_either_order),
		cmocka_unit_test(test_a_hidden_cell_is_not_told_as_an_output_of_its_own),
		cmocka_unit_test(test_three_releases_together_tell_no_hidden_cell),
		cmocka_unit_test(test_a_cell_that_was_hidden_for_another_may_be_told),
		cmocka_unit_test(test_a_total_beside_a_cell_that_happens_to_be_all_of_it_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
