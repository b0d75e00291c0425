/* test_beside_left_spent.c - where what numbers leave of each other is too much to ask, a person is told so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

static void test_depth_what_was_not_asked_for_its_work_is_for_a_person(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	kit_quiet(t.k);
	t.k->setup.rules.threshold = 10;
	t.k->setup.rules.numerator = 0;
	t.k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (int region = 0; region < 4; region++)
		(void)kit_add(t.k, 100, region, 0);
	for (uint32_t u = 0; u < 20; u++)
		t.k->rows[u].missing[KIT_AMOUNT] = true;
	kit_stat(&t.k->plans[0], "half", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_key(kit_plan(t.k), "region", KIT_REGION, false);
	kit_stat(&t.k->plans[1], "half", SL_STAT_MEAN, KIT_AMOUNT, 0);
	past_release(&t, 0);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.nfindings, 1);
	assert_true(t.now.findings[0].rule == SL_RULE_DEPTH && t.now.findings[0].stat == 0 &&
	            t.now.findings[0].output == 0 && t.now.findings[0].measured == -1);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depth_what_was_not_asked_for_its_work_is_for_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
