/* test_out_of_memory.c - every allocation of an audit fails once: an error, and no leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/history/narrow.h"
#include "tests/unit/history/people.h"
#include "tests/unit/vault/failing.h"

/* Somebody is in a few sets, and nobody in others; once without a trouble to find and once with each kind of it. */
static struct people *some_people(uint32_t there)
{
	struct people *p = people_start(10);

	people_add(p, there, 0, 0, 0, 0);
	people_add(p, 20, 0, 1, 0, 0);
	people_add(p, 23, 1, 2, 0, 0);
	people_output(p, ALL, ANY);
	people_audit(p, true);
	people_output(p, ALL, OF(-1, 1, -1, -1));
	people_audit(p, true);
	people_output(p, BY(false, true), ANY);
	people_output_in(p, BY(true), ANY, (const uint32_t[ATTRIBUTES]){ 0, 5 });
	people_output(p, BY(true), OF(-1, 2, -1, -1));
	return p;
}

/* A cell of many that a rule hid, and three releases that tell it. */
static struct people *some_hidden(void)
{
	struct people *p = people_start(10);

	p->values[0] = p->values[1] = 2;
	people_add(p, 30, 0, 0, 0, 0);
	people_add(p, 10, 0, 1, 0, 0);
	people_add(p, 20, 1, 0, 0, 0);
	people_add(p, 20, 1, 1, 0, 0);
	struct people_output *o = people_output(p, BY(true, true), ANY);
	people_hide(o, 0);
	o->hidden[1] = true;
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	people_output(p, ALL, OF(-1, 1, -1, -1));
	return p;
}

/* Small cells that are public, and a table of which one hidden cell would follow from them. */
static struct people *some_public(void)
{
	struct people *p = people_start(10);

	people_add(p, 3, 0, 0, 0, 0);
	people_add(p, 40, 1, 0, 0, 0);
	people_add(p, 4, 1, 1, 0, 0);
	people_add(p, 30, 1, 2, 0, 0);
	people_add(p, 50, 2, 1, 0, 0);
	people_public(p, BY(true));
	people_output(p, BY(true, true), ANY);
	return p;
}

static void fail_each(struct people *p)
{
	unsigned long k = 1;

	for (int reached = 1; reached; k++) {
		struct sl_err err = { 0 };
		people_prepare(p);
		failing_at(k);
		enum sl_rc rc = people_ask(p, true, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_err_clear(&err);
	}
	assert_true(k > 50);
	people_finish(p);
}

static void test_audit_each_failed_allocation_is_reported(void **state)
{
	(void)state;
	for (uint32_t there = 0; there < 30; there += 5)
		fail_each(some_people(there));
	fail_each(some_hidden());
	fail_each(some_public());
}

static struct people *some_narrow(void)
{
	struct people *p = people_start(10);

	for (int a = 0; a < 3; a++)
		p->values[a] = 2;
	for (int way = 0; way < 8; way++)
		people_add(p, way == 0 || way == 7 ? 4 : 30, way & 1, way >> 1 & 1, way >> 2, 0);
	people_output(p, BY(true, true), ANY);
	people_output(p, BY(true, false, true), ANY);
	people_output(p, BY(false, true, true), ANY);
	p->nearlier = 2;
	people_prepare(p);
	struct sl_err err = { 0 };
	assert_int_equal(sl_audit_index(&p->audit, &err), SL_OK);
	return p;
}

static void test_narrow_each_failed_allocation_is_reported(void **state)
{
	struct people *p = some_narrow();
	struct sl_err err = { 0 };
	unsigned long k = 1;

	(void)state;
	for (int reached = 1; reached; k++) {
		struct sl_narrow *found = NULL;
		uint32_t n = 0;
		failing_at(k);
		enum sl_rc rc = sl_audit_narrow(&p->audit, &found, &n, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(n, reached ? 0 : 4);
		free(found);
		sl_err_clear(&err);
	}
	assert_int_equal(k, 7); /* bounds twice, and the rows */
	people_finish(p);
}

static void test_narrow_needs_each_failed_allocation_is_reported(void **state)
{
	struct people *p = some_narrow();
	struct sl_err err = { 0 };
	struct sl_narrow *found;
	uint32_t n, beside[2];
	unsigned long k = 1;

	(void)state;
	assert_int_equal(sl_audit_narrow(&p->audit, &found, &n, &err), SL_OK);
	for (int reached = 1; reached; k++) {
		uint64_t work = UINT64_MAX;
		failing_at(k);
		enum sl_rc rc = sl_narrow_needs(&p->audit, &found[0], beside, &work, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_err_clear(&err);
	}
	assert_int_equal(k, 6); /* what is needed, bounds, and the sets */
	free(found);
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_audit_each_failed_allocation_is_reported),
		cmocka_unit_test(test_narrow_each_failed_allocation_is_reported),
		cmocka_unit_test(test_narrow_needs_each_failed_allocation_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
