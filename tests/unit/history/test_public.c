/*
 * test_public.c - what everybody knows from elsewhere, beside what is asked for: it counts as released, and refuses
 * nothing by itself.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"

static uint32_t hidden_of(const struct people *p, uint32_t output)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < p->outputs[output].nsets; s++)
		n += people_is_hidden(p, output, s);
	return n;
}

/* Two regions; three of the first have what nobody else there has. */
static struct people *start(void)
{
	struct people *p = people_start(10);

	p->values[0] = 2;
	people_add(p, 50, 0, 0, 0, 0);
	people_add(p, 20, 0, 1, 0, 0);
	people_add(p, 3, 0, 2, 0, 0);
	people_add(p, 60, 1, 0, 0, 0);
	people_add(p, 22, 1, 1, 0, 0);
	people_add(p, 12, 1, 2, 0, 0);
	return p;
}

static void test_a_hidden_cell_of_a_public_line_gets_another(void **state)
{
	(void)state;
	for (int is_known = 0; is_known < 2; is_known++) {
		struct people *p = start();
		if (is_known)
			people_public(p, BY(true));
		people_output(p, BY(true, true), ANY);
		people_audit(p, true);
		assert_true(people_is_hidden(p, (uint32_t)is_known, 2));
		assert_int_equal(people_is_hidden(p, (uint32_t)is_known, 1), is_known);
		assert_int_equal(hidden_of(p, (uint32_t)is_known), 1 + is_known);
		assert_int_equal(p->unproved, 0);
		people_finish(p);
	}
}

static void test_all_but_few_is_hidden_beside_the_public_number_of_all(void **state)
{
	struct people *p = start();

	(void)state;
	people_public(p, BY(true));
	people_output(p, BY(true), OF(-1, 0, -1, -1));
	people_output(p, ALL, OF(0, 1, -1, -1));
	people_audit(p, true);
	/* 50 and 20 of 73: together they leave three. */
	assert_int_equal(people_is_hidden(p, 1, 0) + people_is_hidden(p, 2, 0), 1);
	assert_false(people_is_hidden(p, 1, 1));
	people_finish(p);
}

/* Five of a region, and seven of another who differ in something: public. Who asks for something else is answered. */
static void test_small_public_cells_refuse_nothing(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	p->values[2] = 2;
	people_add(p, 2, 0, 0, 0, 0);
	people_add(p, 3, 0, 0, 1, 0);
	people_add(p, 3, 1, 0, 0, 0);
	people_add(p, 4, 1, 0, 1, 0);
	people_add(p, 15, 1, 1, 0, 0);
	people_add(p, 15, 1, 1, 1, 0);
	people_add(p, 34, 2, 2, 0, 0);
	people_add(p, 36, 2, 2, 1, 0);
	people_public(p, BY(true));
	people_public(p, BY(true, true));
	people_output(p, BY(false, false, true), ANY);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	assert_true(p->asked);
	assert_int_equal(p->unproved, 0);
	assert_int_equal(hidden_of(p, 2), 0);
	people_finish(p);
}

/* The same question as what is public is answered, whatever else there is. */
static void test_a_public_number_is_shown(void **state)
{
	struct people *p = start();

	(void)state;
	people_public(p, BY(true));
	people_public(p, ALL);
	people_output(p, BY(true), ANY);
	people_output(p, ALL, ANY);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	people_finish(p);
}

/* That a region has eight is public; how many of them are sick is not. */
static void test_what_is_public_may_not_be_told_more_closely(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	p->values[0] = p->values[1] = 2;
	people_add(p, 4, 0, 0, 0, 0);
	people_add(p, 4, 0, 1, 0, 0);
	people_add(p, 20, 1, 0, 0, 0);
	people_add(p, 30, 1, 1, 0, 0);
	people_public(p, BY(true));
	people_output(p, BY(false, true), ANY);
	people_audit(p, true);
	assert_int_equal(hidden_of(p, 1), 0); /* 24 and 34 say of the eight nothing new */
	people_output(p, ALL, OF(1, 0, -1, -1));
	people_audit(p, true);
	assert_true(people_is_hidden(p, 2, 0)); /* 24 less 20 are four of the eight */
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_hidden_cell_of_a_public_line_gets_another),
		cmocka_unit_test(test_all_but_few_is_hidden_beside_the_public_number_of_all),
		cmocka_unit_test(test_small_public_cells_refuse_nothing),
		cmocka_unit_test(test_a_public_number_is_shown),
		cmocka_unit_test(test_what_is_public_may_not_be_told_more_closely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
