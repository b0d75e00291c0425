/*
 * test_sums_spent.c - with hardly any steps to look at what sums leave of each other a person is told that there was
 * too much of it: all less what the old have less what the rich have.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

static void put(struct past *t, enum kit_column column)
{
	struct sl_plan *p = t->k->plans[0].nstats == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (column != KIT_COLUMNS)
		kit_where(p, column, 40);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void test_where_it_is_too_much_a_person_is_told(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	kit_quiet(t.k);
	t.k->setup.rules.threshold = 10;
	t.k->setup.rules.numerator = 0;
	(void)kit_add(t.k, 120, 0, 0);
	for (uint32_t u = 0; u < 120; u++) {
		t.k->rows[u].value[KIT_AGE] = u % 3 == 0 ? 50 : 30;
		t.k->rows[u].value[KIT_PRICE] = u % 3 == 1 ? 9000 : 1000;
		t.k->rows[u].value[KIT_AMOUNT] = 100 + u * 37 % 80;
	}
	put(&t, KIT_AGE);
	put(&t, KIT_PRICE);
	put(&t, KIT_COLUMNS);
	past_release(&t, 0);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_false(kit_has(&t.now, SL_RULE_HISTORY));
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_DEPTH);
	assert_non_null(f);
	assert_true(f->measured == -1 && f->stat == 1 && f->output == 0 && f->severity == SL_SEVERITY_REVIEW);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_where_it_is_too_much_a_person_is_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
