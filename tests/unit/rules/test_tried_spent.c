/* test_tried_spent.c - where judging again would be more work than is allowed, what was not tried is said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/kit.h"

static void test_what_there_is_no_work_for_is_counted_and_not_tried(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	kit_quiet(k);
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 110);
	kit_stat(&k->plans[0], "over_one_more", SL_STAT_COUNT_IF, KIT_AMOUNT, 111);
	kit_count(k);
	assert_int_equal(sl_check_behind(&k->setup, k->plans, k->results, NULL, &p, &b, NULL), SL_OK);
	assert_true(kit_has(&p, SL_RULE_DIFFERENCING));
	/* Work for one of the two. */
	assert_int_equal(b.remedies->ntried, 1);
	assert_int_equal(b.remedies->untried, 1);
	sl_codec_free(&sl_publication_record, &p);
	sl_codec_free(&sl_behind_record, &b);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_there_is_no_work_for_is_counted_and_not_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
