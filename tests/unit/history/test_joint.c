/*
 * test_joint.c - what looking for witnesses says when its work runs out. Built twice: as it is, and with next to none
 * (SL_JOINT_WORK_MAX), when nothing may be hidden for want of a witness, nor counted as proved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"

#ifdef SL_JOINT_WORK_MAX
#define IS_SPENT true
#else
#define IS_SPENT false
#endif

/* Of three keys of two values each way has people, and two of the ways few. */
static struct people *start(uint32_t few)
{
	struct people *p = people_start(10);

	for (int a = 0; a < 3; a++)
		p->values[a] = 2;
	for (int way = 0; way < 8; way++)
		people_add(p, way == 0 || way == 7 ? few : 30, way & 1, way >> 1 & 1, way >> 2, 0);
	return p;
}

static uint32_t in_danger(const struct people *p)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->atoms.natoms; i++)
		n += p->atoms.atoms[i].units < p->threshold;
	for (uint32_t s = 0; s < p->audit.nsets; s++)
		n += !p->sets[s].shown && p->sets[s].units > 0 && p->sets[s].units < p->threshold;
	return n;
}

/* One table by two keys tells of no group by all three: that has witnesses, and needs work. */
static void test_joint_without_work_proves_nothing_and_says_so(void **state)
{
	struct people *p = start(4);

	(void)state;
	people_output(p, BY(true, true), ANY);
	people_audit(p, false);
	people_output(p, BY(true, false, true), ANY);
	people_audit(p, true);
	assert_true(p->asked == !IS_SPENT);
	assert_int_equal(p->hits_for_proof, 0);
	assert_int_equal(in_danger(p), 2);
	assert_int_equal(p->unproved, IS_SPENT ? 2 : 0);
	for (uint32_t s = 0; s < 4; s++)
		assert_false(people_is_hidden(p, 1, s));
	people_finish(p);
}

/*
 * Three tables by two of three keys of three values. Of these people a row of the third is hidden since a few have no
 * witness beside it, which only looking for one sees.
 */
static struct people *start_three(void)
{
	static const uint32_t ways[27] = {
		23, 9, 19, 4, 21, 3, 9, 5, 13, 12, 1, 1, 1, 5, 4, 18, 7, 8, 11, 0, 20, 20, 0, 2, 18, 1, 2,
	};
	struct people *p = people_start(10);

	for (uint32_t way = 0; way < 27; way++)
		if (ways[way] > 0)
			people_add(p, ways[way], (int)(way % 3), (int)(way / 3 % 3), (int)(way / 9), 0);
	people_output(p, BY(true, true), ANY);
	people_audit(p, false);
	people_output(p, BY(true, false, true), ANY);
	people_audit(p, false);
	people_output(p, BY(false, true, true), ANY);
	return p;
}

static void test_joint_without_work_hides_nothing(void **state)
{
	struct people *p = start_three();

	(void)state;
	people_audit(p, true);
	assert_true(p->asked == !IS_SPENT);
	assert_int_equal(p->hits_for_proof, IS_SPENT ? 0 : 1);
	assert_true((p->unproved > 0) == IS_SPENT);
	assert_true(p->unproved <= in_danger(p));
	people_finish(p);
}

/* Twice the same, whatever ran out when. */
static void test_joint_says_the_same_twice(void **state)
{
	struct people *p = start_three(), *again = start_three();

	(void)state;
	people_audit(p, true);
	people_audit(again, true);
	assert_int_equal(p->unproved, again->unproved);
	assert_int_equal(p->audit.nhits, again->audit.nhits);
	people_finish(p);
	people_finish(again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_joint_without_work_proves_nothing_and_says_so),
		cmocka_unit_test(test_joint_without_work_hides_nothing),
		cmocka_unit_test(test_joint_says_the_same_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
