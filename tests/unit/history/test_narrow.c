/*
 * test_narrow.c - groups that no output shows and that are known nearly: three tables by two keys each tell of every
 * way to have the three keys how many they are, up to as many as the two smallest are together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/history/narrow.h"
#include "tests/unit/history/people.h"

#define THRESHOLD 10

static struct sl_err err;

/* Eight ways to have three keys of two values; `few` are 0, 0, 0, and `others` 1, 1, 1; 30 each of the rest. */
static struct people *start(uint32_t few, uint32_t others)
{
	struct people *p = people_start(THRESHOLD);

	for (int a = 0; a < ATTRIBUTES; a++)
		p->values[a] = 2;
	for (int way = 0; way < 8; way++)
		people_add(p, way == 0 ? few : way == 7 ? others : 30, way & 1, way >> 1 & 1, way >> 2, 0);
	return p;
}

static uint32_t ask(const struct people *p, struct sl_narrow **found)
{
	uint32_t n;

	assert_int_equal(sl_audit_narrow(&p->audit, found, &n, &err), SL_OK);
	return n;
}

static uint32_t count(const struct people *p)
{
	struct sl_narrow *found;
	uint32_t n = ask(p, &found);

	free(found);
	return n;
}

/* As they are shown, whatever the audit of small systems would say: large ones are asked less. */
static void show(struct people *p, uint32_t nearlier)
{
	p->nearlier = nearlier;
	people_prepare(p);
	assert_int_equal(sl_audit_index(&p->audit, &err), SL_OK);
}

static struct people *start_three(uint32_t few, uint32_t others)
{
	struct people *p = start(few, others);

	people_output(p, BY(true, true), ANY);
	people_output(p, BY(true, false, true), ANY);
	people_output(p, BY(false, true, true), ANY);
	return p;
}

/* Of 34 with the first two keys 0 to 7 have the third: all others are known to seven as well. */
static void test_narrow_is_what_the_third_of_three_tables_tells(void **state)
{
	struct people *p = start_three(4, 3);
	struct sl_narrow *found;

	(void)state;
	show(p, 2);
	assert_int_equal(ask(p, &found), 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_int_equal(sl_audit_output_of(&p->audit, found[i].set), 2);
		assert_int_equal(found[i].hi - found[i].lo, 7);
		assert_true(found[i].lo <= found[i].units && found[i].units <= found[i].hi);
	}
	free(found);
	people_finish(p);
}

/* 5 and 4 are known to nine more or less, and 5 and 5 to ten. */
static void test_narrow_is_fewer_than_the_threshold(void **state)
{
	struct people *p = start_three(5, 4);

	(void)state;
	show(p, 2);
	assert_int_equal(count(p), 4);
	people_finish(p);
	p = start_three(5, 5);
	show(p, 2);
	assert_int_equal(count(p), 0);
	people_finish(p);
}

/* Two tables tell nothing nearly; and what three told before a fourth does not tell. */
static void test_narrow_is_not_what_was_before(void **state)
{
	struct people *p = start(4, 3);

	(void)state;
	people_output(p, BY(true, true), ANY);
	people_output(p, BY(true, false, true), ANY);
	show(p, 1);
	assert_int_equal(count(p), 0);
	people_finish(p);
	p = start_three(4, 3);
	people_output(p, BY(true), ANY);
	show(p, 3);
	assert_int_equal(count(p), 0);
	people_finish(p);
}

/* All ways but the few and the others are shown: exact numbers are no intervals. */
static void test_narrow_is_not_what_is_known_exactly(void **state)
{
	struct people *p = start(30, 30);

	(void)state;
	people_output(p, BY(true, true), ANY);
	people_output(p, BY(true, true, true), ANY)->hidden[0] = true;
	show(p, 1);
	assert_int_equal(count(p), 0);
	people_finish(p);
}

/* A hidden cell of the request is its own row: of its table it is the one that is named. */
static void test_narrow_names_the_hidden_cell(void **state)
{
	struct people *p = start_three(4, 3);
	struct sl_narrow *found;
	bool named = false;

	(void)state;
	people_output(p, BY(true, true, true), ANY);
	for (uint32_t s = 0; s < 8; s++)
		p->outputs[3].hidden[s] = true;
	show(p, 2);
	for (uint32_t n = ask(p, &found), i = 0; i < n; i++)
		named = named || (sl_audit_output_of(&p->audit, found[i].set) == 3 && !p->sets[found[i].set].shown &&
		                  p->sets[found[i].set].units == found[i].units);
	assert_true(named);
	free(found);
	people_finish(p);
}

static uint32_t needs(const struct people *p, const struct sl_narrow *n, uint64_t work, uint32_t *beside)
{
	uint32_t taken = 0;

	assert_int_equal(sl_narrow_needs(&p->audit, n, beside, &work, &err), SL_OK);
	for (uint32_t o = 0; o < p->nearlier; o++) {
		taken += beside[o] != SL_AUDIT_NO_SET;
		assert_true(beside[o] == SL_AUDIT_NO_SET || (sl_audit_output_of(&p->audit, beside[o]) == o &&
		                                             p->audit.sets[beside[o]].shown));
	}
	return taken;
}

/* Of three earlier tables one says nothing to it; and where two say the same the older is named. */
static void test_narrow_names_the_outputs_that_it_takes(void **state)
{
	struct people *p = start(4, 3);
	struct sl_narrow *found;
	uint32_t beside[4], n;

	(void)state;
	people_output(p, BY(true), ANY);
	people_output(p, BY(true, true), ANY);
	people_output(p, BY(true, false, true), ANY);
	people_output(p, BY(true, false, true), ANY);
	people_output(p, BY(false, true, true), ANY);
	show(p, 4);
	n = ask(p, &found);
	assert_int_equal(n, 4);
	for (uint32_t i = 0; i < n; i++) {
		assert_int_equal(needs(p, &found[i], UINT64_MAX, beside), 2);
		assert_true(beside[1] != SL_AUDIT_NO_SET && beside[2] != SL_AUDIT_NO_SET);
		/* Without work all that have units of the group. */
		assert_int_equal(needs(p, &found[i], 0, beside), 4);
	}
	free(found);
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_narrow_is_what_the_third_of_three_tables_tells),
		cmocka_unit_test(test_narrow_is_fewer_than_the_threshold),
		cmocka_unit_test(test_narrow_is_not_what_was_before),
		cmocka_unit_test(test_narrow_is_not_what_is_known_exactly),
		cmocka_unit_test(test_narrow_names_the_hidden_cell),
		cmocka_unit_test(test_narrow_names_the_outputs_that_it_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
