/*
 * test_needed.c - each rule of the table is needed: a case that it alone finds; without it the finding is gone and
 * what it held is out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/needed.h"


static void test_every_rule_of_the_table_is_needed(void **state)
{
	/* Four hold nothing without earlier releases: tests/unit/history. */
	bool seen[SL_RULE_COUNT_] = { true, [SL_RULE_HISTORY] = true, [SL_RULE_TRACKER] = true, [SL_RULE_DEPTH] = true,
		                    [SL_RULE_NARROW] = true };

	(void)state;
	for (size_t i = 0; i < nneeded; i++) {
		const struct needed *n = &needed[i];
		struct kit *k = kit_new();
		kit_quiet(k);
		n->make(k);
		struct sl_publication with = kit_check(k, SL_RULE_NONE), without = kit_check(k, n->rule);
		seen[n->rule] = true;
		assert_true(kit_has(&with, n->rule));
		assert_false(kit_has(&without, n->rule));
		assert_int_equal(with.releasable, !n->refuses);
		assert_int_equal(without.releasable, 1);
		if (sl_rule_find((uint8_t)n->rule)->severity != SL_SEVERITY_REVIEW)
			assert_int_equal(kit_cell(k, &with, 0, 0, n->column)->shown, 0);
		assert_int_equal(kit_cell(k, &without, 0, 0, n->column)->shown, n->shows_without);
		sl_codec_free(&sl_publication_record, &with);
		sl_codec_free(&sl_publication_record, &without);
		kit_free(k);
	}
	for (size_t r = 0; r < SL_RULE_COUNT_; r++)
		assert_true(seen[r]);
}

static void test_zeroed_rules_show_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < nneeded; i++) {
		struct kit *k = kit_new();
		needed[i].make(k);
		k->setup.rules = (struct sl_rules){ 0 };
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t o = 0; o < p.noutputs; o++)
			assert_int_equal(p.outputs[o].suppressed, p.outputs[o].ncells);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_rule_table_rows_are_complete(void **state)
{
	(void)state;
	for (uint32_t r = 1; r < SL_RULE_COUNT_; r++) {
		const struct sl_rule_row *row = sl_rule_find((uint8_t)r);
		assert_int_equal(row->rule, r);
		assert_true(row->id[0] != '\0' && row->reason[0] != '\0' && row->remedy[0] != '\0');
		assert_int_equal(row->unsafe == NULL, row->scope == SL_RULE_SCOPE_CLOSURE);
		assert_true(row->scope != SL_RULE_SCOPE_NONE);
		for (uint32_t s = 1; s < r; s++)
			assert_string_not_equal(row->id, sl_rule_find((uint8_t)s)->id);
	}
	assert_int_equal(sl_rule_find(200)->rule, SL_RULE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_rule_of_the_table_is_needed),
		cmocka_unit_test(test_zeroed_rules_show_nothing),
		cmocka_unit_test(test_rule_table_rows_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
