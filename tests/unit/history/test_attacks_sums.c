/* test_attacks_sums.c - as test_attacks.c, of what is told beside counts of units: sums, and rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"

/* Sums hidden because one unit dominates, with their rows or not: counts may be told, that sum of a total may not. */
static void test_what_was_hidden_for_its_sum_is_told_by_no_total_of_that_sum(void **state)
{
	(void)state;
	for (int way = 0; way < 4; way++) {
		struct people *p = people_start(3);
		bool same = way & 1, row = way & 2;
		p->values[0] = 2;
		people_add(p, 40, 0, 0, 0, 0);
		people_add(p, 30, 1, 0, 0, 0);
		p->measures_same[0] = p->measures_same[1] = same;
		struct people_output *o = people_output(p, BY(true), ANY);
		o->sum_hidden[1] = true;
		o->hidden[1] = row;
		people_audit(p, true);
		people_output(p, ALL, ANY);
		people_audit(p, true);
		assert_int_equal(people_is_hidden(p, 1, 0), same);
		people_finish(p);
	}
}

/* And when the total of the sum came first, the cells hide one more; of three, so that two are shown. */
static void test_a_sum_hidden_beside_a_total_is_not_hidden_alone(void **state)
{
	(void)state;
	for (int same = 0; same < 2; same++) {
		struct people *p = people_start(3);
		people_add(p, 40, 0, 0, 0, 0);
		people_add(p, 30, 1, 0, 0, 0);
		people_add(p, 50, 2, 0, 0, 0);
		p->measures_same[0] = p->measures_same[1] = same == 1;
		people_output(p, ALL, ANY);
		people_audit(p, true);
		struct people_output *o = people_output(p, BY(true), ANY);
		o->sum_hidden[1] = true;
		people_audit(p, true);
		assert_false(people_is_hidden(p, 1, 1));
		assert_int_equal(people_is_hidden(p, 1, 0), same == 1);
		assert_false(people_is_hidden(p, 1, 2));
		people_finish(p);
	}
}

/*
 * A table with several rows per unit: all visits, and visits by year. Three have a visit in the last year, and others
 * before, so as units they are in the other years too: it is their rows that are left over.
 */
static void play_visits(bool total_first, struct sl_audit_set sets[static 4])
{
	static const struct sl_atom_place visits[] = {
		{ 0, 0 }, { 1, 0 }, { 0, 1 }, { 2, 1 },  /* 50: one row in the first year, one in the second */
		{ 0, 0 }, { 1, 0 },                      /* 40 */
		{ 0, 0 }, { 2, 0 },                      /* 45 */
		{ 0, 0 }, { 1, 0 }, { 0, 1 }, { 3, 1 },  /* 3 */
	};
	static const struct sl_atom_place places_last[] = {
		{ 0, 0 }, { 3, 0 }, { 1, 1 }, { 3, 1 }, { 0, 0 }, { 3, 0 }, { 1, 0 }, { 3, 0 },
		{ 0, 0 }, { 3, 0 }, { 2, 1 }, { 3, 1 },
	};
	struct sl_atom atoms[] = { { 50, 0, 4 }, { 40, 4, 2 }, { 45, 6, 2 }, { 3, 8, 4 } };
	struct sl_atoms_output outputs[2];
	struct sl_audit_output places[3] = { { .first_set = 0, .per_cell = 1 }, { .per_cell = 1 }, { .first_set = 4 } };
	struct sl_predicate_part parts[4] = { { 1 }, { 2 }, { 3 }, { 4 } };
	struct sl_atoms a = { .outputs = outputs, .noutputs = 2, .atoms = atoms, .natoms = 4, .nplaces = 12 };
	struct sl_audit audit = { .atoms = &a, .sets = sets, .nsets = 4, .outputs = places, .noutputs = 2, .nearlier = 1,
		                  .threshold = 10 };
	uint32_t last = total_first ? 3 : 2;

	outputs[0] = (struct sl_atoms_output){ total_first ? 1 : 3, 1 };
	outputs[1] = (struct sl_atoms_output){ total_first ? 3 : 1, 1 };
	places[1].first_set = outputs[0].nsets;
	a.places = (struct sl_atom_place *)(uintptr_t)(total_first ? visits : places_last);
	for (uint32_t s = 0; s < 4; s++)
		sets[s] = (struct sl_audit_set){ .parts = &parts[s], .nparts = 1, .rank = s, .shown = s != last };
	assert_int_equal(sl_atoms_check(&a, NULL), SL_OK);
	assert_int_equal(sl_audit_index(&audit, NULL), SL_OK);
	assert_int_equal(sets[last].units, 3);
	assert_int_equal(sl_audit_run(&audit, NULL), SL_OK);
	sl_audit_free(&audit);
}

static void test_rows_of_a_few_are_not_what_is_left_of_all_rows(void **state)
{
	struct sl_audit_set sets[4];

	(void)state;
	play_visits(true, sets);
	assert_true(sets[0].shown);
	assert_true(!sets[1].shown || !sets[2].shown);
	play_visits(false, sets);
	assert_false(sets[3].shown);
}

/*
 * Emergency visits by year were told, but for the three of the last year; now all planned visits are asked for. Whoever
 * has the one has the other. Of one table those are other rows, and tell nothing; of two, the same persons, and years
 * add up to their number unless some came in two.
 */
static bool are_planned_shown(uint32_t rows_of_planned, bool in_two)
{
	struct sl_atom_place visits[] = { { 0, 0 }, { 3, 1 }, { 1, 0 }, { 3, 1 }, { 2, 0 }, { 3, 1 }, { 0, 0 }, { 1, 1 },
		{ 3, 2 } };
	struct sl_atom atoms[] = { { 60, 0, 2 }, { 50, 2, 2 }, { 3, 4, 2 }, { 5, 6, 3 } };
	struct sl_atoms_output outputs[] = { { 3, 1 }, { 1, rows_of_planned } };
	struct sl_audit_output places[] = { { .per_cell = 1 }, { .first_set = 3, .per_cell = 1 }, { .first_set = 4 } };
	struct sl_predicate_part parts[] = { { 1 }, { 2 }, { 3 }, { 4 } };
	struct sl_audit_set sets[4];
	struct sl_atoms a = { .outputs = outputs, .noutputs = 2, .atoms = atoms, .natoms = in_two ? 4 : 3,
		              .places = visits, .nplaces = in_two ? 9 : 6 };
	struct sl_audit audit = { .atoms = &a, .sets = sets, .nsets = 4, .outputs = places, .noutputs = 2, .nearlier = 1,
		                  .threshold = 10 };

	for (uint32_t s = 0; s < 4; s++)
		sets[s] = (struct sl_audit_set){ .parts = &parts[s], .nparts = 1, .rank = s, .shown = s != 2 };
	assert_int_equal(sl_atoms_check(&a, NULL), SL_OK);
	assert_int_equal(sl_audit_index(&audit, NULL), SL_OK);
	assert_int_equal(sl_audit_lattices(&audit, NULL), SL_OK);
	sl_audit_free(&audit);
	return sets[3].shown;
}

static void test_other_rows_of_the_same_persons_add_up_to_nothing(void **state)
{
	(void)state;
	assert_true(are_planned_shown(1, false));
	assert_false(are_planned_shown(2, false));
	assert_true(are_planned_shown(2, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_was_hidden_for_its_sum_is_told_by_no_total_of_that_sum),
		cmocka_unit_test(test_a_sum_hidden_beside_a_total_is_not_hidden_alone),
		cmocka_unit_test(test_rows_of_a_few_are_not_what_is_left_of_all_rows),
		cmocka_unit_test(test_other_rows_of_the_same_persons_add_up_to_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
