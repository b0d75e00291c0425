/*
 * test_decimals.c - what a mean or a spread tells by its decimals: whether a number of rows is the only one
 * that gives what is printed is found here by trying all sums.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>

#include "tests/unit/rules/kit.h"

#define ROWS 40u
#define LIMIT 5u

/* Some whole number of multiples gives p of k rows. */
static bool gives(enum sl_stat_fn fn, int64_t p, uint32_t k, int64_t by, int64_t more)
{
	const long double of = fn == SL_STAT_MEAN ? k : (long double)k * (k - 1);

	for (int64_t n = 0; n <= 100 * ROWS * ROWS; n++) {
		long double x = (long double)n * by / of + more;
		if (fn == SL_STAT_VAR || fn == SL_STAT_SD)
			x = (long double)n * by * by / of;
		if (fn == SL_STAT_SD)
			x = sqrtl(x);
		x = x * 100 - p;
		if (fabsl(x) <= 0.5L + 1e-9L)
			return true;
		if (x > 1)
			return false;
	}
	fail_msg("there are more");
	return false;
}

static bool is_told(enum sl_stat_fn fn, int64_t p, uint32_t missing, int64_t by, int64_t more)
{
	if (missing == 0 || missing >= LIMIT || gives(fn, p, ROWS, by, more))
		return false;
	for (uint32_t k = 2; k <= ROWS - LIMIT; k++)
		if (gives(fn, p, k, by, more))
			return false;
	return true;
}

/* Returns whether it is hidden. */
static bool asked(enum sl_stat_fn fn, uint32_t missing, int64_t by, int64_t more, uint32_t seed)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, ROWS, 0, 0);
	struct sl_rules rules;

	for (uint32_t u = 0; u < ROWS; u++) {
		row[u].value[KIT_AMOUNT] = (int64_t)((u * u * 7 + u * seed + seed) % 23);
		row[u].missing[KIT_AMOUNT] = u < missing;
	}
	kit_quiet(k);
	struct sl_stat *s = kit_stat(&k->plans[0], "s", fn, KIT_AMOUNT, 11);
	if (by != 1)
		kit_times(s, by);
	if (more != 0)
		kit_more(s, more);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_published_cell *cell = kit_cell(k, &p, 0, 0, 0);
	assert_true(cell->shown);
	bool told = is_told(fn, cell->value, missing, by, more);
	sl_codec_free(&sl_publication_record, &p);
	rules = k->setup.rules;
	rules.numerator = 0;
	rules.threshold = LIMIT;
	k->setup.rules = rules;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !told);
	assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), told);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return told;
}

static void test_numerator_decimals_tell_few_without_a_value_where_no_other_number_gives_them(void **state)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_MEAN, SL_STAT_VAR, SL_STAT_SD };
	uint32_t told[3] = { 0 }, plain = 0;

	(void)state;
	for (size_t f = 0; f < 3; f++)
		for (int64_t by = 1; by <= 10000; by *= 100)
			for (uint32_t missing = 0; missing <= LIMIT; missing++)
				for (uint32_t seed = 1; seed <= 4; seed++) {
					told[f] += asked(fns[f], missing, by, 0, seed);
					plain += fns[f] == SL_STAT_MEAN && by == 1 && told[0] > 0;
				}
	/* A plain mean has too few decimals; of multiples they tell. */
	assert_int_equal(plain, 0);
	for (size_t f = 0; f < 3; f++)
		assert_true(told[f] > 0);
	/* That something is added to each changes nothing. */
	assert_true(asked(SL_STAT_MEAN, 3, 10000, 7, 1));
}

/* Two rows each: how many there are is known only where they are counted. */
static void test_numerator_decimals_are_read_where_rows_are_known(void **state)
{
	(void)state;
	for (int counted = 0; counted < 2; counted++) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, ROWS, 0, 0);
		for (uint32_t r = 0; r < ROWS; r++) {
			row[r].unit = row[r - r % 2].unit;
			row[r].value[KIT_AMOUNT] = (int64_t)((r * r * 7 + r) % 23);
			row[r].missing[KIT_AMOUNT] = r < 3;
		}
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = LIMIT;
		kit_times(kit_stat(&k->plans[0], "s", SL_STAT_MEAN, KIT_AMOUNT, 0), 10000);
		if (counted)
			kit_stat(&k->plans[0], "t", SL_STAT_COUNT, 0, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !counted);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* The two groups of an x with two values are told, and so how many have no y. */
static void test_numerator_a_line_of_two_groups_tells_how_many_have_a_value(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		uint32_t missing, values;
		bool hidden;
	} of[] = {
		{ SL_STAT_COEF, 3, 2, true },  { SL_STAT_R2, 3, 2, true },     { SL_STAT_COEF, 0, 2, false },
		{ SL_STAT_COEF, 5, 2, false }, { SL_STAT_COEF, 3, 7, false },  { SL_STAT_SLOPE, 3, 2, true },
		{ SL_STAT_SLOPE, 5, 2, false }, { SL_STAT_SLOPE, 3, 7, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, ROWS, 0, 0);
		struct sl_column *x = &k->setup.view.tables[0].columns[KIT_PRICE];
		for (uint32_t u = 0; u < ROWS; u++) {
			row[u].value[KIT_AMOUNT] = (int64_t)((u * u * 7 + u) % 23);
			row[u].missing[KIT_AMOUNT] = u < of[i].missing;
			row[u].value[KIT_PRICE] = (int64_t)(u % of[i].values);
		}
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = LIMIT;
		/* A model's are seen, a line's declared. */
		x->lo = 0;
		x->hi = of[i].fn == SL_STAT_SLOPE ? (int64_t)of[i].values - 1 : 1000;
		kit_second(&k->plans[0], kit_stat(&k->plans[0], "s", of[i].fn, KIT_AMOUNT, 0), KIT_PRICE);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !of[i].hidden);
		assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), of[i].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_a_line_of_two_groups_tells_how_many_have_a_value),
		cmocka_unit_test(test_numerator_decimals_tell_few_without_a_value_where_no_other_number_gives_them),
		cmocka_unit_test(test_numerator_decimals_are_read_where_rows_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
