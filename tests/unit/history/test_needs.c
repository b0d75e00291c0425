/* test_needs.c - of releases that tell of few only together with the request, those that it takes, and no others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/history/needs.h"
#include "tests/unit/history/people.h"
#include "tests/unit/vault/failing.h"

/*
 * Of 300, 100 have a = 0 and 195 have b = 0. Those with b = 0 and not a = 0 are 100, so five have a = 0 and not b = 0.
 * How many have which c, in whichever release, has nothing to do with it.
 */
static struct people *some_people(uint32_t others)
{
	struct people *p = people_start(10);

	p->values[0] = p->values[1] = p->values[2] = 2;
	for (int c = 0; c < 2; c++) {
		people_add(p, c == 0 ? 48 : 47, 0, 0, c, 0);
		people_add(p, c == 0 ? 2 : 3, 0, 1, c, 0);
		people_add(p, 50, 1, 0, c, 0);
		people_add(p, 50, 1, 1, c, 0);
	}
	for (uint32_t i = 0; i < others; i++)
		people_output(p, BY(false, false, true), ANY);
	people_output(p, BY(true), ANY);
	people_output(p, ALL, OF(-1, 0, -1, -1));
	people_audit(p, true);
	people_output(p, ALL, OF(1, 0, -1, -1));
	return p;
}

static const struct sl_audit_hit *audit(struct people *p)
{
	struct sl_err err = { 0 };

	people_prepare(p);
	assert_int_equal(people_ask(p, false, &err), SL_OK);
	assert_int_equal(p->audit.nhits, 1);
	assert_int_equal(p->audit.hits[0].other, SL_AUDIT_NO_SET);
	assert_int_equal(p->audit.hits[0].units, 5);
	return &p->audit.hits[0];
}

static void test_needs_only_the_releases_it_takes(void **state)
{
	(void)state;
	for (uint32_t others = 0; others < 3; others++) {
		struct people *p = some_people(others);
		const struct sl_audit_hit *hit = audit(p);
		bool needed[OUTPUTS_MAX];
		uint64_t work = SL_NEEDS_WORK;
		struct sl_err err = { 0 };
		assert_int_equal(sl_audit_needs(&p->audit, hit->set, needed, &work, &err), SL_OK);
		for (uint32_t i = 0; i < p->audit.nearlier; i++)
			assert_int_equal(needed[i], i >= others);
		assert_true(work < SL_NEEDS_WORK);
		assert_false(p->sets[hit->set].shown);
		/* Without work those are named that have units in common: all. */
		work = 0;
		assert_int_equal(sl_audit_needs(&p->audit, hit->set, needed, &work, &err), SL_OK);
		for (uint32_t i = 0; i < p->audit.nearlier; i++) {
			assert_true(needed[i]);
			assert_int_not_equal(sl_audit_needs_set(&p->audit, i, hit->set), SL_AUDIT_NO_SET);
		}
		people_finish(p);
	}
}

static void test_needs_each_failed_allocation_is_reported(void **state)
{
	struct people *p = some_people(1);
	uint32_t set = audit(p)->set;
	unsigned long k = 0;
	bool reached;

	(void)state;
	do {
		bool needed[OUTPUTS_MAX];
		uint64_t work = SL_NEEDS_WORK;
		struct sl_err err = { 0 };
		failing_at(++k);
		enum sl_rc rc = sl_audit_needs(&p->audit, set, needed, &work, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_err_clear(&err);
	} while (reached);
	assert_true(k > 10);
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_needs_only_the_releases_it_takes),
		cmocka_unit_test(test_needs_each_failed_allocation_is_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
