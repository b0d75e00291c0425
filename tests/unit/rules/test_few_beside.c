/*
 * test_few_beside.c - numbers of a column with few values in several outputs: what is shown of them, against who tries
 * every table; and of one table each, what goes, and beside what it is said to go.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/few_kit.h"
#include "tests/unit/rules/past.h"

/* What an output has of the ages, besides how many there are. */
enum has { NOTHING, ABOVE, SUM, SQUARES, WHERE_ABOVE, BY_AGE, SUM_WHERE_ABOVE };

#define OUTPUTS 3
#define EQUATIONS 16

static void put(struct kit *k, uint32_t i, enum has has, int64_t bound)
{
	struct sl_plan *plan = i == 0 ? &k->plans[0] : kit_plan(k);

	kit_stat(plan, "n", SL_STAT_UNITS, KIT_AGE, 0);
	if (has == ABOVE)
		kit_stat(plan, "above", SL_STAT_COUNT_IF, KIT_AGE, bound);
	if (has == SUM || has == SUM_WHERE_ABOVE)
		kit_stat(plan, "s", SL_STAT_SUM, KIT_AGE, 0);
	if (has == SQUARES)
		few_square(plan);
	if (has == WHERE_ABOVE || has == SUM_WHERE_ABOVE)
		kit_where(plan, KIT_AGE, bound);
	if (has == BY_AGE)
		kit_key(plan, "age", KIT_AGE, true);
}

/* A band for each of three ages. */
static void band(struct kit *k, int64_t lo)
{
	struct sl_band *bands = k->setup.view.tables[0].columns[KIT_AGE].bands;

	for (uint32_t i = 0; i < 3; i++)
		bands[i].lo = bands[i].hi = lo + i;
}

/* Whose rows a cell of the output has, by value; and what one of its numbers adds up of each. */
static int64_t adds(enum has has, uint32_t cell, uint32_t stat, int64_t lo, int64_t bound, uint32_t i)
{
	int64_t v = lo + i;
	bool above = v > bound, in = (has != WHERE_ABOVE && has != SUM_WHERE_ABOVE) || above;

	if (!in || (has == BY_AGE && cell != i))
		return 0;
	return stat == 0 ? 1 : has == ABOVE ? above : has == SQUARES ? v * v : v;
}

/* Numbers that are shown; of counts and conditions, or all. How many. */
static uint32_t list(const struct kit *k, const struct sl_publication *p, const enum has *has, int64_t lo,
                     int64_t bound, bool all, int64_t (*of)[FEW_VALUES])
{
	uint32_t n = 0;

	for (uint32_t o = 0; o < k->setup.nplans; o++)
		for (uint32_t at = 0; at < p->outputs[o].ncells; at++) {
			uint32_t nstats = k->plans[o].nstats, stat = at % nstats;
			bool counts = stat == 0 || has[o] == ABOVE;
			if (!p->outputs[o].cells[at].shown || (!all && !counts))
				continue;
			assert_true(n < EQUATIONS);
			for (uint32_t i = 0; i < FEW_VALUES; i++)
				of[n][i] = adds(has[o], at / nstats, stat, lo, bound, i);
			n++;
		}
	return n;
}

/* Few have a value, or one of some, in every table; in those with the counts alone it is not so. */
static bool leaks(const struct few_table *t, const struct kit *k, const struct sl_publication *p, const enum has *has,
                  int64_t lo, int64_t bound)
{
	int64_t all[EQUATIONS][FEW_VALUES], counts[EQUATIONS][FEW_VALUES];
	uint32_t nall = list(k, p, has, lo, bound, true, all), ncounts = list(k, p, has, lo, bound, false, counts);

	for (uint32_t mask = 1; mask < (1u << t->n) - 1; mask++)
		if (few_is_told(t, (const int64_t(*)[FEW_VALUES])all, nall, mask, FEW_THRESHOLD - 1) &&
		    !few_is_told(t, (const int64_t(*)[FEW_VALUES])counts, ncounts, mask, FEW_THRESHOLD - 1))
			return true;
	return false;
}

static bool leaks_where(const struct few_table *t, const enum has *has, int64_t lo, int64_t bound, bool off)
{
	struct past p;

	past_open(&p);
	few_fill(p.k, t, lo);
	p.k->setup.rules.numerator = off;
	band(p.k, lo);
	for (uint32_t i = 0; i < OUTPUTS && (i < 2 || has[i] != NOTHING); i++)
		put(p.k, i, has[i], bound);
	past_release(&p, 0);
	assert_int_equal(past_judge(&p), SL_OK);
	bool leak = leaks(t, p.k, &p.now, has, lo, bound);
	past_close(&p);
	return leak;
}

/* All tables of 6 or 9 rows of three values, and of four. */
static void test_numerator_who_tries_every_table_learns_of_no_few_from_several_outputs(void **state)
{
	static const enum has shapes[][OUTPUTS] = { { ABOVE, SUM }, { SUM, ABOVE }, { SUM, SQUARES }, { ABOVE, SUM, SQUARES },
		{ WHERE_ABOVE, SUM }, { SUM, SUM_WHERE_ABOVE, SQUARES }, { SUM, BY_AGE }, { BY_AGE, SUM }, { ABOVE, BY_AGE, SUM } };

	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		uint32_t would = 0;
		for (uint32_t n = 3; n <= 4; n++)
			for (uint32_t rows = 6; rows <= 12; rows += 3) {
				struct few_table t = { .n = n, .rows = { rows } };
				bool by_age = shapes[i][0] == BY_AGE || shapes[i][1] == BY_AGE;
				do {
					if ((by_age && n == 4) || (n == 4 && rows > 9))
						continue;
					if (leaks_where(&t, shapes[i], 0, n - 3, false))
						fail_msg("outputs %zu, rows %u %u %u %u", i, t.rows[0], t.rows[1], t.rows[2], t.rows[3]);
					would += leaks_where(&t, shapes[i], 0, n - 3, true);
				} while (few_next(&t));
			}
		if (would < 10)
			fail_msg("outputs %zu would leak of %u tables", i, would);
	}
}

/* --- one table, and what goes ------------------------------------------------------------------------------ */

/* 120 persons: 57 have none, 60 one, 3 two; alternately men and women. */
static void open_with(struct past *p, const enum has *has, uint32_t noutputs)
{
	past_open(p);
	few_fill(p->k, &(struct few_table){ 3, { 57, 60, 3 } }, 0);
	p->k->setup.rules.threshold = 10;
	band(p->k, 0);
	for (uint32_t r = 0; r < p->k->nrows; r++)
		p->k->rows[r].value[KIT_GENDER] = r % 2;
	for (uint32_t i = 0; i < noutputs; i++)
		put(p->k, i, has[i], 0);
}

static void judge(struct past *p)
{
	past_release(p, 0);
	assert_int_equal(past_judge(p), SL_OK);
}

static bool is_hidden(const struct past *p, uint32_t output, uint32_t at)
{
	return !p->now.outputs[output].cells[at].shown;
}

static void test_numerator_a_sum_goes_beside_what_another_output_counts_and_says_beside_which(void **state)
{
	static const enum has shapes[][3] = { { ABOVE, SUM, NOTHING }, { SUM, ABOVE, NOTHING },
		{ NOTHING, WHERE_ABOVE, SUM } };
	static const struct { uint32_t goes, other; } cases[] = { { 1, 0 }, { 0, 1 }, { 2, 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		struct past p;
		open_with(&p, shapes[i], 3);
		judge(&p);
		const struct sl_finding *f = kit_find(&p.now, SL_RULE_NUMERATOR);
		assert_non_null(f);
		assert_true(f->output == cases[i].goes && f->cell == 0 && f->stat == 1 && f->measured == 3 && f->limit == 10);
		assert_true(f->other_output == cases[i].other && f->other_cell == 0 && f->release == 0);
		for (uint32_t o = 0; o < 3; o++)
			for (uint32_t at = 0; at < p.now.outputs[o].ncells; at++)
				assert_int_equal(is_hidden(&p, o, at), o == cases[i].goes && at == 1);
		past_close(&p);
	}
}

/* What a group of the table by age hides for being few, the sum of all would tell. */
static void test_numerator_a_sum_goes_beside_groups_of_its_column_of_which_few_are_hidden(void **state)
{
	(void)state;
	for (uint32_t few = 3; few <= 10; few += 7) {
		const enum has has[] = { BY_AGE, SUM };
		struct past p;
		open_with(&p, has, 2);
		for (uint32_t i = 0; i < few - 3; i++)
			p.k->rows[i].value[KIT_AGE] = 2;
		judge(&p);
		assert_int_equal(is_hidden(&p, 1, 1), few == 3);
		past_close(&p);
	}
}

/* Sums of men and of women are one of all; where that tells, the one of fewer goes. */
static void test_numerator_sums_of_parts_make_up_the_rows_that_another_output_counts(void **state)
{
	(void)state;
	for (uint32_t by_gender = 0; by_gender < 2; by_gender++) {
		const enum has has[] = { ABOVE, SUM };
		struct past p;
		open_with(&p, has, 2);
		kit_key(&p.k->plans[by_gender], "gender", KIT_GENDER, false);
		judge(&p);
		const struct sl_finding *f = kit_find(&p.now, SL_RULE_NUMERATOR);
		assert_true(f != NULL && f->output == 1 && f->stat == 1 && f->other_output == 0 && f->measured == 3);
		assert_int_equal(is_hidden(&p, 1, 1) + (by_gender ? is_hidden(&p, 1, 3) : 0), 1);
		past_close(&p);
	}
}

/* What is left of everybody less those of an amount, whose ages are fine: all tables of 6 … 12. */
static bool leaks_left(const struct few_table *t, bool squares, bool off)
{
	static const int64_t of[2][FEW_VALUES] = { { 0, 1, 2, 3 }, { 0, 1, 4, 9 } };
	int64_t shown[2][FEW_VALUES];
	uint32_t n = 0;
	struct past p;
	bool leak = false;

	past_open(&p);
	few_fill(p.k, &(struct few_table){ 3, { 8, 7, 6 } }, 0);
	few_fill(p.k, t, 0);
	p.k->setup.rules.numerator = off;
	for (uint32_t r = 0; r < p.k->nrows; r++)
		p.k->rows[r].value[KIT_AMOUNT] = r < 21 ? 1000 : 5;
	for (uint32_t i = 0; i < 2; i++) {
		put(p.k, i, SUM, 0);
		if (squares)
			few_square(&p.k->plans[i]);
	}
	kit_where(&p.k->plans[0], KIT_AMOUNT, 50);
	past_release(&p, 0);
	assert_int_equal(past_judge(&p), SL_OK);
	for (uint32_t s = 1; s < p.k->plans[0].nstats; s++)
		if (p.now.outputs[0].cells[s].shown && p.now.outputs[1].cells[s].shown)
			memcpy(shown[n++], of[s - 1], sizeof shown[0]);
	for (uint32_t mask = 1; mask < 7 && n > 0; mask++)
		leak = leak || few_is_told(t, (const int64_t(*)[FEW_VALUES])shown, n, mask, FEW_THRESHOLD - 1);
	past_close(&p);
	return leak;
}

static void test_numerator_who_tries_every_table_learns_of_no_few_of_those_that_one_output_has_more(void **state)
{
	(void)state;
	for (int squares = 0; squares < 2; squares++) {
		uint32_t would = 0;
		for (uint32_t rows = 6; rows <= 12; rows += 3) {
			struct few_table t = { .n = 3, .rows = { rows } };
			do {
				if (leaks_left(&t, squares, false))
					fail_msg("squares %d, rows %u %u %u", squares, t.rows[0], t.rows[1], t.rows[2]);
				would += leaks_left(&t, squares, true);
			} while (few_next(&t));
		}
		assert_true(would > 10);
	}
}

/* What left before, and what is asked for now; of the third value few or ten. */
static void test_numerator_beside_an_earlier_count_a_sum_goes_and_beside_an_earlier_sum_a_person_looks(void **state)
{
	static const struct {
		enum has before, now;
		bool goes, looks, looks_at_many;
	} cases[] = {
		{ ABOVE, SUM, true, false, false }, { WHERE_ABOVE, SUM, true, false, false },
		{ SUM, ABOVE, false, true, true }, { SUM, WHERE_ABOVE, false, true, true }, { SUM, SQUARES, false, true, true },
		{ SQUARES, SUM, false, true, true }, { SUM, SUM, false, false, false }, { NOTHING, SUM, false, false, false },
		{ SUM, NOTHING, false, false, false }, { SUM, BY_AGE, false, true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (uint32_t many = 0; many < 2; many++) {
			const enum has has[] = { cases[i].before, cases[i].now };
			struct past p;
			open_with(&p, has, 2);
			p.k->setup.view.tables[0].one_row_per_unit = 1;
			for (uint32_t r = 0; r < 7 * many; r++)
				p.k->rows[r].value[KIT_AGE] = 2;
			past_release(&p, 1);
			assert_int_equal(past_judge(&p), SL_OK);
			const struct sl_finding *goes = kit_find(&p.now, SL_RULE_NUMERATOR);
			const struct sl_finding *looks = kit_find(&p.now, SL_RULE_DIFFERENCING);
			if ((goes != NULL) != (cases[i].goes && many == 0))
				fail_msg("case %zu, %u many: goes", i, many);
			if (goes != NULL)
				assert_true(goes->stat == 1 && goes->release == 7 && goes->other_output == 0 && goes->measured == 3);
			if ((looks != NULL) != (many == 0 ? cases[i].looks : cases[i].looks_at_many))
				fail_msg("case %zu, %u many: looks", i, many);
			if (looks != NULL)
				assert_true(looks->release == 7 && looks->cell == SL_FINDING_WHOLE && looks->severity == SL_SEVERITY_REVIEW);
			past_close(&p);
		}
}

/* Conditions on something else make other rows; the same ones, however they are spelled, the same. */
static void test_numerator_only_numbers_of_the_same_rows_are_equations(void **state)
{
	(void)state;
	for (uint32_t where = 0; where < 4; where++) {
		const enum has has[] = { ABOVE, SUM };
		struct past p;
		open_with(&p, has, 2);
		for (uint32_t r = 0; r < p.k->nrows; r++)
			p.k->rows[r].value[KIT_AMOUNT] = r < 20 ? 5 : 1000;
		for (uint32_t i = 0; i < 2; i++)
			if ((where >> i & 1) != 0)
				kit_where(&p.k->plans[i], KIT_AMOUNT, 50);
		judge(&p);
		assert_int_equal(is_hidden(&p, 1, 1), where == 0 || where == 3);
		past_close(&p);
	}
}

static void test_with_an_allocation_failing_nothing_is_judged(void **state)
{
	const enum has has[] = { ABOVE, SUM, BY_AGE, SUM };

	(void)state;
	for (uint32_t earlier = 0; earlier < 2; earlier++) {
		struct past p;
		open_with(&p, has, earlier > 0 ? 2 : 4);
		for (uint32_t r = 0; r < p.k->nrows; r++)
			p.k->rows[r].value[KIT_AMOUNT] = r < 40 ? 5 : 1000;
		if (earlier == 0)
			kit_key(&p.k->plans[0], "gender", KIT_GENDER, false);
		if (earlier == 0)
			kit_where(&p.k->plans[3], KIT_AMOUNT, 50);
		p.k->setup.view.tables[0].one_row_per_unit = 1;
		past_release(&p, earlier);
		past_judge_failing(&p, SL_RULE_NUMERATOR);
		past_close(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_who_tries_every_table_learns_of_no_few_from_several_outputs),
		cmocka_unit_test(test_numerator_a_sum_goes_beside_what_another_output_counts_and_says_beside_which),
		cmocka_unit_test(test_numerator_a_sum_goes_beside_groups_of_its_column_of_which_few_are_hidden),
		cmocka_unit_test(test_numerator_sums_of_parts_make_up_the_rows_that_another_output_counts),
		cmocka_unit_test(test_numerator_who_tries_every_table_learns_of_no_few_of_those_that_one_output_has_more),
		cmocka_unit_test(test_numerator_beside_an_earlier_count_a_sum_goes_and_beside_an_earlier_sum_a_person_looks),
		cmocka_unit_test(test_numerator_only_numbers_of_the_same_rows_are_equations),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
