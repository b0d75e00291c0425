/*
 * test_few.c - columns of few values: what equations tell of how many have each, against all solutions counted one by
 * one; and what the rules then show, against who tries every table.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules/lattice.h"
#include "tests/unit/rules/few_kit.h"

static struct sl_lattice lattice_of(const struct few_table *t, const int64_t (*of)[FEW_VALUES], uint32_t nof)
{
	struct sl_lattice l;
	sl_i128 each[FEW_VALUES];

	sl_lattice_open(&l, t->n, few_rows(t));
	for (uint32_t k = 0; k < nof; k++) {
		for (uint32_t i = 0; i < t->n; i++)
			each[i] = of[k][i];
		sl_lattice_add(&l, each, few_times(t, of[k]));
	}
	return l;
}

/* Two to four values of any size and sign, up to three sums of them. */
static void test_lattice_tells_what_trying_every_solution_tells(void **state)
{
	static const int64_t values[] = { 0, 1, 2, 3, 5, 7, 12, 37, -1, -4, 100, 1000, 412, 509, 6, 10 };
	uint32_t yes = 0;

	(void)state;
	srandom(7);
	for (uint32_t round = 0; round < 4000; round++) {
		struct few_table t = { .n = 2 + (uint32_t)random() % 3 };
		int64_t of[3][FEW_VALUES];
		uint32_t nof = 1 + (uint32_t)random() % 3, few = 1 + (uint32_t)random() % 4;
		for (uint32_t i = 0; i < t.n; i++) {
			t.rows[i] = (uint32_t)random() % (random() % 2 ? 3 : 12);
			of[0][i] = values[random() % 16];
			of[1][i] = of[0][i] * of[0][i];
			of[2][i] = values[random() % 16];
		}
		struct sl_lattice l = lattice_of(&t, (const int64_t(*)[FEW_VALUES])of, nof);
		for (uint32_t mask = 1; mask < (1u << t.n) - 1; mask++) {
			bool told = few_is_told(&t, (const int64_t(*)[FEW_VALUES])of, nof, mask, few);
			sl_i128 least;
			enum sl_lattice_known known = sl_lattice_tells(&l, mask, few, &least);
			if (known == SL_LATTICE_UNSURE && l.nsteps > 2)
				continue; /* four values that are all the same to every sum */
			assert_int_equal(known, told ? SL_LATTICE_YES : SL_LATTICE_NO);
			yes += told;
		}
	}
	assert_true(yes > 1000);
}

/* Of tables that nobody can try all of: there are other solutions, and one is found. */
static void test_lattice_of_large_counts_finds_another_solution(void **state)
{
	static const int64_t of[][FEW_VALUES] = { { 0, 1, 2, 3 }, { 37, 412, 509, 1200 }, { 1, 2, 4, 8 }, { -5, 0, 70, 71 },
		{ 18, 40, 65, 99 } };
	static const uint32_t rows[][FEW_VALUES] = { { 30000, 40, 2000, 700 }, { 200, 90000, 300, 1500 },
		{ 250000, 250000, 250000, 250000 } };

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
		for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
			struct few_table t = { .n = 4 };
			sl_i128 least;
			memcpy(t.rows, rows[k], sizeof t.rows);
			struct sl_lattice l = lattice_of(&t, &of[i], 1);
			for (uint32_t mask = 1; mask < 15; mask++)
				assert_int_equal(sl_lattice_tells(&l, mask, 9, &least), SL_LATTICE_NO);
		}
}

/* Numbers that leave 120 bits, and sums that no table has. */
static void test_lattice_that_is_lost_is_unsure_and_one_without_solution_tells_nothing(void **state)
{
	const sl_i128 large[3] = { INT64_MAX, (sl_i128)1 << 120, ((sl_i128)1 << 126) + 7 }, even[2] = { 2, 4 };
	struct sl_lattice l;
	sl_i128 least;

	(void)state;
	sl_lattice_open(&l, 3, 1000);
	sl_lattice_add(&l, large, ((sl_i128)1 << 126) + 1);
	assert_true(l.lost || l.none);
	sl_lattice_open(&l, 3, 1000);
	sl_lattice_add(&l, large, (sl_i128)INT64_MAX * 1000);
	if (l.lost)
		assert_int_equal(sl_lattice_tells(&l, 1, 9, &least), SL_LATTICE_UNSURE);
	sl_lattice_open(&l, 2, 10);
	sl_lattice_add(&l, even, 21);
	assert_int_equal(sl_lattice_tells(&l, 1, 9, &least), SL_LATTICE_NO);
	sl_lattice_open(&l, 2, 10);
	sl_lattice_add(&l, even, 100);
	assert_int_equal(sl_lattice_tells(&l, 1, 9, &least), SL_LATTICE_NO);
}

/* --- the rules --------------------------------------------------------------------------------------------- */

/* Whether what is shown of sums tells whoever tries all tables of few who have a value, or one of some. */
static bool leaks(const struct few_table *t, const struct sl_publication *p, const int64_t (*of)[FEW_VALUES],
                  uint32_t nof)
{
	int64_t shown[3][FEW_VALUES];
	uint32_t n = 0;

	for (uint32_t k = 0; k < nof; k++) {
		if (!p->outputs[0].cells[k + 1].shown)
			continue;
		for (uint32_t i = 0; i < t->n; i++)
			shown[n][i] = of[k][i];
		n++;
	}
	for (uint32_t mask = 1; mask < (1u << t->n) - 1 && n > 0; mask++)
		if (few_is_told(t, (const int64_t(*)[FEW_VALUES])shown, n, mask, FEW_THRESHOLD - 1))
			return true;
	return false;
}

/* All tables of 6 … 15 rows: n, the sum, the sum of squares; what the rule left would leak without it. */
static void test_numerator_who_tries_every_table_learns_of_no_few_of_three_or_four_values(void **state)
{
	uint32_t would = 0;

	(void)state;
	for (uint32_t n = 3; n <= 4; n++)
		for (int64_t lo = -1; lo <= 1; lo++) {
			int64_t of[2][FEW_VALUES];
			for (uint32_t i = 0; i < n; i++) {
				of[0][i] = lo + i;
				of[1][i] = of[0][i] * of[0][i];
			}
			for (uint32_t rows = 6; rows <= 15; rows += 3) {
				struct few_table t = { .n = n, .rows = { rows } };
				do {
					struct kit *k = few_kit(&t, lo);
					kit_stat(&k->plans[0], "s", SL_STAT_SUM, KIT_AGE, 0);
					few_square(&k->plans[0]);
					struct sl_publication p = kit_check(k, SL_RULE_NONE);
					assert_false(leaks(&t, &p, (const int64_t(*)[FEW_VALUES])of, 2));
					sl_codec_free(&sl_publication_record, &p);
					p = kit_check(k, SL_RULE_NUMERATOR);
					would += leaks(&t, &p, (const int64_t(*)[FEW_VALUES])of, 2);
					sl_codec_free(&sl_publication_record, &p);
					kit_free(k);
				} while (few_next(&t));
			}
		}
	assert_true(would > 1000);
}

/* 0, 1 and 2 of 120: n and the mean, then the spread. */
static bool second_hidden(const struct few_table *t, enum sl_stat_fn first, enum sl_stat_fn second)
{
	struct kit *k = few_kit(t, 0);
	bool hidden;

	k->setup.rules.threshold = 10;
	kit_stat(&k->plans[0], "a", first, KIT_AGE, 0);
	kit_stat(&k->plans[0], "b", second, KIT_AGE, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(p.outputs[0].cells[0].shown && p.outputs[0].cells[1].shown);
	hidden = !p.outputs[0].cells[2].shown;
	assert_int_equal(hidden, kit_has(&p, SL_RULE_NUMERATOR));
	if (hidden)
		assert_int_equal(kit_find(&p, SL_RULE_NUMERATOR)->measured, 3);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_numerator_a_spread_beside_a_mean_of_three_values_is_hidden_where_few_have_one(void **state)
{
	(void)state;
	assert_true(second_hidden(&(struct few_table){ 3, { 57, 60, 3 } }, SL_STAT_SUM, SL_STAT_VAR));
	assert_true(second_hidden(&(struct few_table){ 3, { 57, 60, 3 } }, SL_STAT_MEAN, SL_STAT_SD));
	assert_true(second_hidden(&(struct few_table){ 3, { 57, 3, 60 } }, SL_STAT_MEAN, SL_STAT_SD));
	assert_true(second_hidden(&(struct few_table){ 3, { 3, 57, 60 } }, SL_STAT_SUM, SL_STAT_VAR));
	assert_false(second_hidden(&(struct few_table){ 3, { 50, 60, 10 } }, SL_STAT_MEAN, SL_STAT_SD));
	assert_false(second_hidden(&(struct few_table){ 3, { 60, 60, 0 } }, SL_STAT_MEAN, SL_STAT_SD));
	assert_false(second_hidden(&(struct few_table){ 3, { 57, 60, 3 } }, SL_STAT_SUM, SL_STAT_MEAN));
	/* Four values: three more or fewer of each have the same. */
	assert_false(second_hidden(&(struct few_table){ 4, { 57, 60, 30, 3 } }, SL_STAT_MEAN, SL_STAT_SD));
}

/* A condition, a band as key and where leave fewer solutions. */
static void test_numerator_what_conditions_and_keys_say_of_the_column_is_taken_in(void **state)
{
	const struct few_table t = { 4, { 20, 30, 40, 3 } };

	(void)state;
	for (uint32_t way = 0; way < 3; way++) {
		struct kit *k = few_kit(&t, 0);
		struct sl_plan *plan = &k->plans[0];
		k->setup.rules.threshold = 10;
		if (way == 1)
			kit_where(plan, KIT_AGE, 0);
		if (way == 2)
			kit_stat(plan, "above", SL_STAT_COUNT_IF, KIT_AGE, 0);
		kit_stat(plan, "s", SL_STAT_MEAN, KIT_AGE, 0);
		kit_stat(plan, "v", SL_STAT_VAR, KIT_AGE, 0);
		struct sl_publication p = kit_check(k, SL_RULE_LINKED);
		assert_int_equal(p.outputs[0].cells[plan->nstats - 2].shown, 1);
		assert_int_equal(p.outputs[0].cells[plan->nstats - 1].shown, way == 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Each column as a fold of it that stands in its place. */
static void fold(struct kit *k, enum sl_fold_fn fn)
{
	struct sl_source *s = &k->plans[0].sources[0];

	s->raws = calloc(KIT_COLUMNS, sizeof *s->raws);
	s->folds = calloc(KIT_COLUMNS, sizeof *s->folds);
	assert_true(s->raws != NULL && s->folds != NULL);
	s->nraws = s->nfolds = KIT_COLUMNS;
	for (uint16_t i = 0; i < KIT_COLUMNS; i++) {
		const struct sl_column *c = &k->setup.view.tables[0].columns[i];
		s->raws[i].column = i;
		bool number = c->type == SL_TYPE_INTEGER || c->type == SL_TYPE_REAL;
		s->folds[i].fn = (uint8_t)(number ? fn : SL_FOLD_COUNT);
		if (!number)
			continue;
		s->folds[i].arg.ops = calloc(1, sizeof *s->folds[i].arg.ops);
		assert_non_null(s->folds[i].arg.ops);
		s->folds[i].arg.ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = c->type, .scale = c->scale, .arg = i };
		s->folds[i].arg.nops = 1;
	}
}

/* A unit's largest row has a value of the column; a sum of its rows may have any. */
static void test_numerator_what_is_largest_of_a_units_rows_has_the_values_of_its_column(void **state)
{
	static const enum sl_fold_fn fns[] = { SL_FOLD_MIN, SL_FOLD_MAX, SL_FOLD_SUM };
	const struct few_table t = { 3, { 57, 60, 3 } };

	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct kit *k = few_kit(&t, 0);
		k->setup.rules.threshold = 10;
		fold(k, fns[i]);
		kit_stat(&k->plans[0], "m", SL_STAT_MEAN, KIT_AGE, 0);
		kit_stat(&k->plans[0], "v", SL_STAT_VAR, KIT_AGE, 0);
		struct sl_publication p = kit_check(k, SL_RULE_LINKED);
		assert_true(p.outputs[0].cells[1].shown);
		assert_int_equal(p.outputs[0].cells[2].shown, fns[i] == SL_FOLD_SUM);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* 100 of two to five values that nobody declared; those of other regions are in the table as well. */
static bool undeclared_hidden(const int64_t values[5], const uint32_t rows[5], enum sl_stat_fn fn)
{
	struct kit *k = kit_new();
	bool hidden;

	kit_quiet(k);
	k->setup.rules.numerator = 0;
	k->setup.rules.threshold = 10;
	k->setup.view.tables[0].columns[KIT_AMOUNT].lo = INT64_MIN;
	k->setup.view.tables[0].columns[KIT_AMOUNT].hi = INT64_MAX;
	for (uint32_t i = 0; i < 5; i++)
		for (uint32_t r = 0; r < 2 * rows[i]; r++)
			kit_add(k, 1, r % 2, 0)->value[KIT_AMOUNT] = values[i];
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, KIT_AGE, 0);
	kit_stat(&k->plans[0], "a", fn, KIT_AMOUNT, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[1].shown;
	assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), hidden);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_numerator_two_values_that_nobody_declared_are_known_from_the_table(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		enum sl_stat_fn fn = i == 0 ? SL_STAT_SUM : SL_STAT_MEAN;
		assert_true(undeclared_hidden((int64_t[5]){ 2, 7 }, (uint32_t[5]){ 97, 3, 0, 0, 0 }, fn));
		assert_true(undeclared_hidden((int64_t[5]){ 2, 7 }, (uint32_t[5]){ 9, 91, 0, 0, 0 }, fn));
		assert_false(undeclared_hidden((int64_t[5]){ 2, 7 }, (uint32_t[5]){ 10, 90, 0, 0, 0 }, fn));
		assert_true(undeclared_hidden((int64_t[5]){ 2, 7, 5000 }, (uint32_t[5]){ 60, 37, 3, 0, 0 }, fn));
		assert_false(undeclared_hidden((int64_t[5]){ 2, 7, 11 }, (uint32_t[5]){ 60, 37, 3, 0, 0 }, fn));
		assert_false(undeclared_hidden((int64_t[5]){ 2, 7, 11, 12, 13 }, (uint32_t[5]){ 60, 28, 3, 4, 5 }, fn));
	}
}

/* --- what is looked up ------------------------------------------------------------------------------------- */

/* The sum of a number of four regions; how many persons are in each. */
static bool looked_up_hidden(const int64_t beds[4], const uint32_t persons[4], bool by_region, enum sl_rule *rule)
{
	const int64_t of[4][KIT_ATTRIBUTES] = { { beds[0], 0 }, { beds[1], 0 }, { beds[2], 0 }, { beds[3], 0 } };
	struct kit *k = kit_new();
	bool hidden;

	kit_quiet(k);
	k->setup.rules.numerator = 0;
	k->setup.rules.threshold = 10;
	kit_levels(k, of);
	struct sl_column *c = &k->setup.view.tables[1].columns[0];
	c->type = SL_TYPE_INTEGER;
	c->has_domain = 0;
	for (uint32_t i = 0; i < c->nlabels; i++)
		free(c->labels[i].text);
	free(c->labels);
	c->labels = NULL;
	c->nlabels = 0;
	c->lo = 0;
	c->hi = 200000;
	c->uses = SL_USE_MEASURE;
	for (uint32_t r = 0; r < 4; r++) {
		struct kit_row *row = persons[r] > 0 ? kit_add(k, persons[r], r, 0) : NULL;
		for (uint32_t i = 0; i < persons[r]; i++)
			row[i].attribute[0].v = beds[r];
	}
	struct sl_plan *plan = &k->plans[0];
	if (by_region)
		kit_key(plan, "region", KIT_REGION, false);
	kit_stat(plan, "n", SL_STAT_UNITS, KIT_AGE, 0);
	struct sl_stat *s = kit_stat(plan, "beds", SL_STAT_SUM, KIT_AMOUNT, 0);
	plan->inputs[s->arg.ops[0].arg] = (struct sl_input){ .column = KIT_REGION, .lookup = 1 };
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[1].shown;
	*rule = p.nfindings > 0 ? (enum sl_rule)p.findings[0].rule : SL_RULE_NONE;
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_numerator_a_sum_of_a_looked_up_number_is_hidden_where_one_division_gives_it(void **state)
{
	enum sl_rule rule;

	(void)state;
	assert_true(looked_up_hidden((int64_t[]){ 37, 412, 509, -1 }, (uint32_t[]){ 140, 57, 3, 0 }, false, &rule));
	assert_int_equal(rule, SL_RULE_NUMERATOR);
	assert_true(looked_up_hidden((int64_t[]){ 1, 1000, 100000, -1 }, (uint32_t[]){ 140, 57, 3, 0 }, false, &rule));
	assert_false(looked_up_hidden((int64_t[]){ 37, 412, 509, -1 }, (uint32_t[]){ 140, 57, 30, 0 }, false, &rule));
	assert_false(looked_up_hidden((int64_t[]){ 10, 20, 30, -1 }, (uint32_t[]){ 140, 57, 3, 0 }, false, &rule));
	assert_int_equal(rule, SL_RULE_NONE);
	/* Four of them, of which one by itself. */
	assert_true(looked_up_hidden((int64_t[]){ 1, 2, 3, 100000 }, (uint32_t[]){ 140, 57, 30, 4 }, false, &rule));
	/* Within a region it says what everybody can read. */
	assert_false(looked_up_hidden((int64_t[]){ 37, 412, 509, 7 }, (uint32_t[]){ 140, 57, 20, 30 }, true, &rule));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lattice_tells_what_trying_every_solution_tells),
		cmocka_unit_test(test_lattice_of_large_counts_finds_another_solution),
		cmocka_unit_test(test_lattice_that_is_lost_is_unsure_and_one_without_solution_tells_nothing),
		cmocka_unit_test(test_numerator_who_tries_every_table_learns_of_no_few_of_three_or_four_values),
		cmocka_unit_test(test_numerator_a_spread_beside_a_mean_of_three_values_is_hidden_where_few_have_one),
		cmocka_unit_test(test_numerator_what_is_largest_of_a_units_rows_has_the_values_of_its_column),
		cmocka_unit_test(test_numerator_what_conditions_and_keys_say_of_the_column_is_taken_in),
		cmocka_unit_test(test_numerator_two_values_that_nobody_declared_are_known_from_the_table),
		cmocka_unit_test(test_numerator_a_sum_of_a_looked_up_number_is_hidden_where_one_division_gives_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
