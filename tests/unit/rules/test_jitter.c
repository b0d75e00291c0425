/*
 * test_jitter.c - a threshold that asks some more of some groups, drawn from who they are: a cell tuned to t - 1 and
 * the victim, and what can be tried against it.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

#define T 10
#define JITTER 3
#define GROUPS 400

/* The first `others` of 100, by key of the enclave: whoever they are counts, so each key is another group. */
static struct kit *tuned(uint32_t others, bool victim, uint64_t key)
{
	struct kit *k = kit_new();

	kit_quiet(k);
	k->setup.rules.threshold = T;
	k->setup.rules.jitter = JITTER;
	k->drawn_with = key;
	(void)kit_add(k, others + victim, 0, 0);
	(void)kit_add(k, 100, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	return k;
}

static bool is_shown(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool shown = kit_cell(k, &p, 0, 0, 0)->shown != 0;

	sl_codec_free(&sl_publication_record, &p);
	return shown;
}

/* Nine and the victim: hidden in three of four groups as if there were nine. Thirteen are shown whoever they are. */
static void test_a_cell_tuned_to_one_less_does_not_say_whether_the_victim_is_in(void **state)
{
	uint32_t shown[6] = { 0 };

	(void)state;
	for (uint64_t key = 1; key <= GROUPS; key++)
		for (uint32_t more = 0; more < 6; more++) {
			struct kit *k = tuned(T - 2 + more, true, key);
			kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
			shown[more] += is_shown(k);
			kit_free(k);
		}
	assert_int_equal(shown[0], 0);
	assert_int_equal(shown[4], GROUPS);
	assert_int_equal(shown[5], GROUPS);
	/* A quarter, a half, three quarters; give or take four times 10 at most. */
	for (uint32_t more = 1; more < 4; more++)
		assert_in_range(shown[more], GROUPS * more / 4 - 40, GROUPS * more / 4 + 40);
}

/* However they are asked for the answer is the same: there is no second draw to be had. */
static void test_the_same_persons_are_asked_the_same_in_other_words(void **state)
{
	(void)state;
	for (uint64_t key = 1; key <= 50; key++) {
		struct kit *k = tuned(T, false, key);
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		bool first = is_shown(k);
		kit_free(k);
		for (int way = 0; way < 3; way++) {
			k = tuned(T, false, key);
			if (way == 0)
				kit_stat(&k->plans[0], "rows", SL_STAT_COUNT, 0, 0);
			else if (way == 1)
				kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AGE, 0);
			else
				kit_stat(&k->plans[0], "old", SL_STAT_COUNT_IF, KIT_AGE, -1);
			assert_int_equal(is_shown(k), first);
			kit_free(k);
		}
	}
}

/* Few who do not are few, too: all but nine and the victim. */
static void test_all_but_a_tuned_group_are_hidden_by_the_same_draw(void **state)
{
	uint32_t shown = 0;

	(void)state;
	for (uint64_t key = 1; key <= GROUPS; key++) {
		struct kit *k = tuned(50, false, key);
		k->setup.rules.numerator = 0;
		for (uint32_t i = 0; i < 50; i++)
			k->rows[i].value[KIT_AGE] = i < T ? 10 : 50;
		kit_stat(&k->plans[0], "old", SL_STAT_COUNT_IF, KIT_AGE, 20);
		shown += is_shown(k);
		kit_free(k);
	}
	assert_in_range(shown, GROUPS / 4 - 40, GROUPS / 4 + 40);
}

/* The reviewer is told what was asked of this group; without draws nobody is asked. */
static void test_the_finding_tells_what_was_asked_and_a_result_without_draws_is_refused(void **state)
{
	bool above = false;

	(void)state;
	for (uint64_t key = 1; key <= 20; key++) {
		struct kit *k = tuned(T - 1, true, key);
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		const struct sl_finding *f = kit_find(&p, SL_RULE_THRESHOLD);
		assert_non_null(f);
		if (f->cell == 0) {
			assert_in_range(f->limit, T + 1, T + JITTER);
			assert_int_equal(f->measured, T);
			above = true;
		}
		sl_codec_free(&sl_publication_record, &p);
		struct sl_err err = { 0 };
		k->results[0].drawn = SL_DRAWS_COUNTS;
		k->results[0].ndraws = k->results[0].nevidence;
		assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
		assert_non_null(strstr(err.text, "before policy asked for draws"));
		kit_free(k);
	}
	assert_true(above);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cell_tuned_to_one_less_does_not_say_whether_the_victim_is_in),
		cmocka_unit_test(test_the_same_persons_are_asked_the_same_in_other_words),
		cmocka_unit_test(test_all_but_a_tuned_group_are_hidden_by_the_same_draw),
		cmocka_unit_test(test_the_finding_tells_what_was_asked_and_a_result_without_draws_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
