/*
 * test_refusable.c - which rules can refuse what has a shape. That each refusal is among them is asked of all that the
 * other tests of rules judge (kit_refusable); here, that it says no more than it must.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/refusable.h"
#include "tests/unit/rules/kit.h"

static struct sl_refusable shape_of(const struct kit *k)
{
	return (struct sl_refusable){ k->plans, k->setup.nplans, &k->setup.view, &k->setup.rules };
}

static bool is_told(const struct kit *k, const char *words)
{
	struct sl_refusable r = shape_of(k);
	struct sl_buf b = { .max = 64 * 1024 };

	sl_refusable_tell(&r, &b);
	bool told = strstr(sl_buf_cstr(&b), words) != NULL;
	sl_buf_free(&b);
	return told;
}

static struct kit *one_output(void)
{
	struct kit *k = kit_new();

	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	return k;
}

/* One table without conditions can only be too near to what was released. */
static void test_refusable_of_a_plain_table_is_what_left_before(void **state)
{
	struct kit *k = one_output();
	struct sl_refusable r = shape_of(k);

	(void)state;
	for (uint32_t rule = 0; rule < SL_RULE_COUNT_; rule++)
		assert_true(sl_refusable_by(&r, rule, 0) == (rule == SL_RULE_TRACKER));
	assert_true(is_told(k, "\ntracker, output \"out0\": beside what was released before"));
	assert_false(is_told(k, "small-complement"));
	kit_free(k);
}

static void test_refusable_of_a_condition_is_whom_it_leaves_out(void **state)
{
	struct kit *k = one_output();

	(void)state;
	kit_key(kit_plan(k), "gender", KIT_GENDER, false);
	kit_stat(&k->plans[1], "persons", SL_STAT_UNITS, 0, 0);
	kit_where(&k->plans[1], KIT_AGE, 30);
	assert_true(is_told(k, "\nsmall-complement, output \"out1\": "));
	assert_true(is_told(k, "\nmargins, output \"out0\", output \"out1\": "));
	/* Where no policy asks, nobody is told of it. */
	k->setup.rules.small_complement = 1;
	assert_true(is_told(k, "small-complement"));
	k->setup.rules.group_disclosure = 1;
	assert_false(is_told(k, "small-complement"));
	kit_free(k);
}

static void test_refusable_of_rounded_numbers_is_that_they_tell(void **state)
{
	struct kit *k = one_output();

	(void)state;
	assert_false(is_told(k, "\nrounding"));
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	assert_true(is_told(k, "\nrounding, output \"out0\": "));
	kit_free(k);
}

/* More than a person can read there can be of many numbers alone. */
static void test_refusable_of_many_numbers_is_that_they_are_many(void **state)
{
	static const enum kit_column keys[] = { KIT_REGION, KIT_GENDER, KIT_SICK };
	struct kit *k = kit_new();

	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct sl_plan *p = i == 0 ? &k->plans[0] : kit_plan(k);
		for (size_t j = 0; j < 3; j++)
			kit_key(p, (const char *[]){ "region", "gender", "sick" }[j], keys[j], false);
		kit_key(p, "age", KIT_AGE, true);
		assert_true(i > 0 || !is_told(k, "\ncontext"));
		for (uint32_t s = 0; s < SL_STATS_MAX / 4; s++)
			kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	}
	assert_true(is_told(k, "\ncontext, output \"out0\", output \"out1\", "));
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusable_of_a_plain_table_is_what_left_before),
		cmocka_unit_test(test_refusable_of_a_condition_is_whom_it_leaves_out),
		cmocka_unit_test(test_refusable_of_rounded_numbers_is_that_they_tell),
		cmocka_unit_test(test_refusable_of_many_numbers_is_that_they_are_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
