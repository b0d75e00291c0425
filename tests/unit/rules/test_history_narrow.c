/*
 * test_history_narrow.c - rule narrow as sluice-check asks it: three tables by two keys each, of a unit space too large
 * to look for proof in.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/past.h"

#define CROWD 2500u /* atoms: more than proof is looked for of */

/* Of every way to have two regions, two genders and to be sick or not `few` or, for the most, 60. */
static void add_people(struct past *t, uint32_t few)
{
	for (int way = 0; way < 8; way++) {
		struct kit_row *r = kit_add(t->k, way == 0 || way == 7 ? few : 60, way & 1, way >> 1 & 1);
		for (; r < t->k->rows + t->k->nrows; r++)
			r->value[KIT_SICK] = way >> 2;
	}
}

static void add_table(struct past *t, uint32_t i, enum kit_column x, enum kit_column y)
{
	struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);

	kit_key(p, "x", x, false);
	kit_key(p, "y", y, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
}

/* So many others, each alike to nobody else that matters, whom a cell of the first earlier table shows. */
static void add_crowd(struct past *t)
{
	struct sl_atoms *a = &t->space.atoms;
	uint32_t set = t->space.history.outputs[0].nsets - 1;

	t->space.history.outputs[0].sets[set].shown = 1;
	a->atoms = realloc(a->atoms, (a->natoms + CROWD) * sizeof *a->atoms);
	a->places = realloc(a->places, (a->nplaces + CROWD) * sizeof *a->places);
	assert_true(a->atoms != NULL && a->places != NULL);
	for (uint32_t i = 0; i < CROWD; i++) {
		a->atoms[a->natoms++] = (struct sl_atom){ .units = 1, .first = a->nplaces, .n = 1 };
		a->places[a->nplaces++] = (struct sl_atom_place){ .set = set };
	}
}

static void open_tables(struct past *t, uint32_t few, uint32_t earlier)
{
	past_open(t);
	add_people(t, few);
	add_table(t, 0, KIT_REGION, KIT_GENDER);
	add_table(t, 1, KIT_REGION, KIT_SICK);
	if (earlier == 2)
		add_table(t, 2, KIT_GENDER, KIT_SICK);
	t->k->setup.rules.within_group = t->k->setup.rules.group_disclosure = 1;
	t->k->setup.rules.zeros_show = 1;
	past_release(t, earlier);
	add_crowd(t);
}

/* 4 and 4: each of the eight groups is known to eight more or less once the third table is shown. */
static void test_what_the_third_table_tells_nearly_is_for_the_reviewer(void **state)
{
	struct past t;
	uint32_t n[2] = { 0 };

	(void)state;
	open_tables(&t, 4, 2);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	for (uint32_t f = 0; f < t.now.nfindings; f++) {
		const struct sl_finding *found = &t.now.findings[f];
		if (found->rule != SL_RULE_NARROW)
			continue;
		/* Both earlier tables are named, each by a row that has the group. */
		assert_true(found->release == 7 && found->other_output < 2 && found->other_cell < 4);
		n[found->other_output]++;
		assert_int_equal(found->severity, SL_SEVERITY_REVIEW);
		assert_true(found->output == 0 && found->cell < 4 && found->stat == SL_FINDING_WHOLE);
		assert_true(found->measured == 8 && found->limit == 10 && (found->units == 4 || found->units == 60));
	}
	assert_true(n[0] == 4 && n[1] == 4);
	for (uint32_t c = 0; c < 4; c++)
		assert_int_equal(t.now.outputs[0].cells[c].shown, 1);
	past_close(&t);
}

/* Five and five are known to ten; and two tables tell nothing nearly. */
static void test_ordinary_tables_are_for_nobody(void **state)
{
	(void)state;
	for (uint32_t earlier = 1; earlier <= 2; earlier++) {
		struct past t;
		open_tables(&t, earlier == 1 ? 4 : 5, earlier);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		assert_false(kit_has(&t.now, SL_RULE_NARROW));
		past_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_third_table_tells_nearly_is_for_the_reviewer),
		cmocka_unit_test(test_ordinary_tables_are_for_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
