/*
 * test_known_answers.c - the known answers of the literature that the rules and the check give: dominance,
 * frequencies, how far a number is protected, sums that give a hidden one back. Those of patterns of hidden cells are
 * in tests/unit/secondary, those of earlier releases in tests/unit/history, each test named by its number.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/check_secondary.h"
#include "tests/unit/rules/kit.h"

/* EU Handbook on SDC, 2nd ed., section 4.2. */
static void test_known_answer_one_handbook_dominance(void **state)
{
	const int64_t first[] = { 50000, 49000, 1000 }, second[] = { 52000, 50000, 8000 };

	(void)state;
	assert_false(kit_dominated(first, 3, 1, 90000, 0));
	assert_true(kit_dominated(first, 3, 0, 0, 10000));
	assert_true(kit_dominated(first, 3, 2, 90000, 0));
	assert_false(kit_dominated(second, 3, 0, 0, 10000));
	assert_true(kit_dominated(second, 3, 2, 90909, 0));
}

static void test_known_answer_two_handbook_one_dominates(void **state)
{
	const int64_t x[] = { 300, 20, 10 };

	(void)state;
	assert_true(kit_dominated(x, 3, 1, 85000, 0));
	assert_true(kit_dominated(x, 3, 0, 0, 10000));
	assert_false(kit_dominated(x, 3, 1, 95000, 0));
}

/* sdcTable's microdata1, 100 rows: A m18 f2, B m14 f19, C m12 f10, D m11 f14. */
static void test_known_answer_three_sdctable_frequencies(void **state)
{
	static const uint32_t counts[8] = { 18, 2, 14, 19, 12, 10, 11, 14 };

	(void)state;
	for (uint32_t t = 3; t <= 4; t++) { /* "2 or fewer" and "3 or fewer" are unsafe */
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = t;
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_key(&k->plans[0], "gender", KIT_GENDER, false);
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
		for (uint32_t i = 0; i < 8; i++)
			(void)kit_add(k, counts[i], i / 2, i % 2);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t i = 0; i < 8; i++) {
			assert_int_equal(p.outputs[0].cells[i].shown, i != 1);
			assert_int_equal(p.outputs[0].cells[i].value, i == 1 ? 0 : counts[i]);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* How far the sum of one cell is protected, one way and the other. */
static int64_t protected_by(const int64_t *amounts, uint32_t n, uint32_t dn, uint32_t dk, uint32_t p)
{
	const struct sl_family family = { .kind = SL_NUMBER_SUM, .lo = INT64_MIN, .hi = INT64_MAX };
	struct kit *k = kit_magnitudes(amounts, n);
	struct sl_check_state st = { .setup = &k->setup, .plans = k->plans, .results = k->results };
	struct sl_fact fact = { 0 };

	k->setup.rules.dominance_n = dn;
	k->setup.rules.dominance_k = dk;
	k->setup.rules.p_percent = p;
	kit_count(k);
	assert_true(sl_check_number(&st, &family, 0, &k->results[0].evidence[0], true, &fact));
	assert_int_equal(fact.above, fact.below);
	kit_free(k);
	return fact.above;
}

/*
 * (300, 20, 10): by (1,85) up to 22.94 more, by p 10 up to 20. Of whole numbers that is 23; p per cent of all, which is
 * kept besides, is 33 with p 10, and with p 1 less than either.
 */
static void test_known_answer_two_handbook_upper_protection(void **state)
{
	const int64_t x[] = { 300, 20, 10 };

	(void)state;
	assert_int_equal(protected_by(x, 3, 1, 85000, 1000), 23);
	assert_int_equal(protected_by(x, 3, 0, 0, 1000), 4);
	assert_true(protected_by(x, 3, 0, 0, 10000) >= 20);
	assert_true(protected_by(x, 3, 1, 85000, 10000) >= 23);
}

/*
 * The same table with amounts under which two women of A have all of their cell, and two men of D three quarters of
 * theirs: (2,75), p 70 and the prior-posterior rule (60,80), which is p 75, hide those two and no others.
 */
static void test_known_answer_three_sdctable_dominance(void **state)
{
	static const uint32_t counts[8] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	static const struct {
		uint32_t n, k, p;
	} rules[] = { { 2, 75000, 0 }, { 0, 0, 70000 }, { 0, 0, 75000 } };

	(void)state;
	for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.dominance_n = rules[r].n;
		k->setup.rules.dominance_k = rules[r].k;
		k->setup.rules.p_percent = rules[r].p;
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_key(&k->plans[0], "gender", KIT_GENDER, false);
		kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
		for (uint32_t i = 0; i < 8; i++) {
			struct kit_row *row = kit_add(k, counts[i], i / 2, i % 2);
			for (uint32_t u = 0; u < counts[i]; u++)
				row[u].value[KIT_AMOUNT] = i == 6 && u < 2 ? 14 : 1;
		}
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t i = 0; i < 8; i++)
			assert_int_equal(kit_cell(k, &p, 0, i, 0)->shown, i != 1 && i != 6);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* 56,600 less 47,600 and 8,002 is 998, which is hidden; so it is given back unless another cell goes with it. */
static void test_known_answer_eight_a_total_less_what_is_shown(void **state)
{
	static const int64_t sums[] = { 47600, 8002, 998 };

	(void)state;
	for (uint32_t with = 0; with < 2; with++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = 3;
		for (uint32_t r = 0; r < 3; r++) {
			uint32_t n = r == 2 ? 2 : 10;
			struct kit_row *row = kit_add(k, n, r, 0);
			for (uint32_t u = 0; u < n; u++)
				row[u].value[KIT_AMOUNT] = sums[r] / n + (u < sums[r] % n);
		}
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
		kit_stat(kit_plan(k), "total", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, with ? SL_RULE_NONE : SL_RULE_MARGINS);
		const struct sl_published_cell *total = kit_cell(k, &p, 1, 0, 0);
		const struct sl_published_cell *cells[] = { kit_cell(k, &p, 0, 0, 0), kit_cell(k, &p, 0, 1, 0),
			                                    kit_cell(k, &p, 0, 2, 0) };
		assert_true(p.releasable && total->shown && !cells[2]->shown);
		assert_int_equal(total->value, 56600);
		assert_int_equal(cells[0]->shown && cells[1]->shown, !with);
		if (!with)
			assert_int_equal(total->value - cells[0]->value - cells[1]->value, 998);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer_one_handbook_dominance),
		cmocka_unit_test(test_known_answer_two_handbook_one_dominates),
		cmocka_unit_test(test_known_answer_two_handbook_upper_protection),
		cmocka_unit_test(test_known_answer_three_sdctable_frequencies),
		cmocka_unit_test(test_known_answer_three_sdctable_dominance),
		cmocka_unit_test(test_known_answer_eight_a_total_less_what_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
