/*
 * test_rounding_random.c - counts rounded at random: one answer for the same persons, whoever asks and however, totals
 * drawn by themselves, and beside the past what exact numbers would do.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "policy/transform.h"
#include "tests/unit/rules/past.h"
#include "tests/unit/rules/rounding_kit.h"

/* The value of the only number of the only output. */
static int64_t only_number(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_published_cell *c = kit_cell(k, &p, 0, 0, 0);
	int64_t value = c->value;

	assert_int_equal(p.releasable, 1);
	assert_int_equal(c->shown, 1);
	sl_codec_free(&sl_publication_record, &p);
	return value;
}

/*
 * Fifty questions in other words about the same 25 persons: where on another column, of another bound, a count of rows,
 * of units, of a condition that all meet, a sum of ones. There is one answer, and its average is not 25.
 */
static void test_rounding_at_random_gives_the_same_persons_one_answer(void **state)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM };
	uint32_t asked = 0;

	(void)state;
	for (uint64_t key = 1; key <= 3; key++) {
		int64_t first = -1;
		for (int64_t q = 0; q < 50; q++) {
			struct kit *k = rounding_kit_random();
			struct kit_row *row = kit_add(k, 25, 0, 0);
			k->drawn_with = key;
			for (uint32_t i = 0; i < 25; i++)
				row[i].value[KIT_AMOUNT] = 1;
			(void)kit_add(k, 30, 1, 0);
			for (uint32_t i = 0; i < k->nrows; i++)
				k->rows[i].value[KIT_AGE] = i < 25 ? 70 : 20;
			kit_where(&k->plans[0], KIT_AGE, 20 + q % 49);
			kit_stat(&k->plans[0], "n", fns[q % 4], KIT_AMOUNT, 0);
			int64_t got = only_number(k);
			assert_true(got == 24 || got == 27);
			assert_true(first < 0 || got == first);
			first = got;
			asked++;
			kit_free(k);
		}
	}
	assert_int_equal(asked, 150);
}

/* Over many keys the answer is 25 on the average, and with each key it is one of two. */
static void test_rounding_at_random_differs_between_enclaves(void **state)
{
	struct kit *k = rounding_kit_random();
	int64_t sum = 0;

	(void)state;
	(void)kit_add(k, 25, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	for (k->drawn_with = 1; k->drawn_with <= 900; k->drawn_with++)
		sum += only_number(k);
	/* One in three goes up: 300 of 900, give or take five times 14. */
	assert_in_range(sum, 900 * 24 + 3 * 230, 900 * 24 + 3 * 370);
	kit_free(k);
}

/* A total is what it is without its cells, and they need not add up to it. */
static void test_rounding_at_random_draws_totals_by_themselves(void **state)
{
	uint32_t apart = 0, shown = 0;

	(void)state;
	for (uint64_t key = 1; key <= 60; key++) {
		struct kit *k = rounding_kit_two_by_four(SL_TRANSFORM_RANDOM, 3);
		k->setup.rules.threshold = 3;
		k->drawn_with = key;
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		k->plans[2] = k->plans[0];
		k->plans[0] = k->plans[1];
		k->setup.nplans = 1;
		struct sl_publication alone = kit_check(k, SL_RULE_NONE);
		for (uint32_t g = 0; g < GENDERS && p.releasable; g++) {
			int64_t sum = 0;
			for (uint32_t r = 0; r < 4; r++)
				sum += p.outputs[0].cells[4 * g + r].value;
			assert_int_equal(p.outputs[1].cells[g].value, alone.outputs[0].cells[g].value);
			shown++;
			apart += sum != p.outputs[1].cells[g].value;
		}
		k->plans[0] = k->plans[2];
		k->plans[2] = (struct sl_plan){ 0 };
		k->setup.nplans = 2;
		sl_codec_free(&sl_publication_record, &alone);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_in_range(shown, 60, 120);
	assert_in_range(apart, 1, shown - 1);
}

/* As beside a count to the nearest: for every count that may be behind it there is a sum with this mean. */
static void test_rounding_at_random_leaves_every_count_possible_beside_a_mean(void **state)
{
	(void)state;
	for (uint32_t n = 9; n < 80; n += 4) {
		struct kit *k = rounding_kit_random();
		(void)kit_add(k, n, 0, 0);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		kit_stat(&k->plans[0], "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		int64_t shown = kit_cell(k, &p, 0, 0, 0)->value, mean = kit_cell(k, &p, 0, 0, 1)->value;
		rounding_kit_assert_any_count(k, shown, mean);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/*
 * Persons by region have left; by region and gender are asked for now: what is shown, a bit for each number; all
 * of them: refused, for what was printed then and now leaves too few numbers.
 */
static uint64_t shown_after(uint32_t men_of_a, enum sl_transform transform, uint64_t key)
{
	struct past t;
	uint64_t bits = 0;

	past_open(&t);
	kit_quiet(t.k);
	t.k->setup.rules.threshold = 9;
	t.k->setup.rules.transform = (uint8_t)transform;
	t.k->setup.rules.transform_base = transform == SL_TRANSFORM_RANDOM ? 3 : 0;
	t.k->drawn_with = key;
	(void)kit_add(t.k, men_of_a, 0, 0);
	(void)kit_add(t.k, 44 - men_of_a, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	kit_key(&t.k->plans[0], "region", KIT_REGION, false);
	kit_stat(&t.k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	struct sl_plan *p = kit_plan(t.k);
	kit_key(p, "region", KIT_REGION, false);
	kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	if (past_judge(&t) != SL_OK)
		fail_msg("%s", t.err.text);
	for (uint32_t c = 0; c < t.now.outputs[0].ncells; c++)
		bits |= (uint64_t)t.now.outputs[0].cells[c].shown << c;
	bits |= (uint64_t)t.now.releasable << 63;
	if (kit_has(&t.now, SL_RULE_ROUNDING))
		bits = UINT64_MAX;
	past_close(&t);
	return bits;
}

/*
 * What left before is compared by who is counted, and not by what was printed: men of A, 44 less so many women, are
 * hidden beside the 44 exactly where they would be without rounding, whatever was drawn.
 */
static void test_rounding_at_random_hides_beside_the_past_what_exact_numbers_do(void **state)
{
	uint32_t hidden = 0, refused = 0;

	(void)state;
	for (uint32_t men = 30; men <= 44; men++) {
		uint64_t exact = shown_after(men, SL_TRANSFORM_NONE, 0);
		for (uint64_t key = 1; key <= 5; key++) {
			uint64_t bits = shown_after(men, SL_TRANSFORM_RANDOM, key);
			assert_true(bits == exact || bits == UINT64_MAX);
			refused += bits == UINT64_MAX;
		}
		hidden += (exact & 1) == 0;
		assert_int_equal(exact & 1, 44 - men >= 9);
	}
	assert_int_equal(hidden, 9);
	assert_true(refused > 0 && refused < 10);
}

/* A result of before the policy has no draws: rounding all up would be known. */
static void test_rounding_at_random_without_draws_is_refused(void **state)
{
	struct kit *k = rounding_kit();
	struct sl_publication p;
	struct sl_err err = { 0 };

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_count(k);
	k->setup.rules.threshold = 9;
	k->setup.rules.transform = SL_TRANSFORM_RANDOM;
	k->setup.rules.transform_base = 3;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "the job ran before policy asked for draws"));
	assert_int_equal(p.noutputs, 0);
	k->results[0].drawn = 1;
	assert_int_equal(sl_check_run(&k->setup, k->plans, k->results, &p, &err), SL_E_INPUT);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounding_at_random_gives_the_same_persons_one_answer),
		cmocka_unit_test(test_rounding_at_random_differs_between_enclaves),
		cmocka_unit_test(test_rounding_at_random_draws_totals_by_themselves),
		cmocka_unit_test(test_rounding_at_random_leaves_every_count_possible_beside_a_mean),
		cmocka_unit_test(test_rounding_at_random_hides_beside_the_past_what_exact_numbers_do),
		cmocka_unit_test(test_rounding_at_random_without_draws_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
