/*
 * test_rounded.c - what rounded numbers of several releases say together: an example by hand; and random people and
 * random releases, of which every table of whole numbers that fits what is printed lies within what was narrowed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/history/rounded.h"
#include "tests/agreement/tables.h"
#include "tests/unit/history/people.h"

#define BASE 5 /* two more or less print alike */
#define FAR 1000000 /* further than anybody can count */

/* To the nearest five, and what is hidden not at all. */
static void know(const struct people *p, uint32_t noutputs, struct sl_rounded *known)
{
	for (uint32_t s = 0; s < p->audit.nsets; s++) {
		int64_t units = (int64_t)p->sets[s].units, printed = (units + BASE / 2) / BASE * BASE;
		bool told = p->sets[s].shown && sl_audit_output_of(&p->audit, s) < noutputs;
		known[s] = told ? (struct sl_rounded){ printed > 2 ? printed - 2 : 0, printed + 2 } : (struct sl_rounded){ 0, FAR };
	}
}

/* 47 is printed 45, 43 to 47: 20 and 25 leave all of that. 66 is printed 65, 63 to 67: three times 20 do not. */
static void test_a_total_and_its_cells_of_another_release_narrow_each_other(void **state)
{
	struct people *p = people_start(10);
	struct sl_rounded known[PEOPLE_SETS_MAX];
	bool settled;
	struct sl_err err = { 0 };

	(void)state;
	people_add(p, 22, 0, 0, 0, 0);
	people_add(p, 25, 1, 0, 0, 0);
	people_output(p, ALL, ANY);
	people_audit(p, false);
	people_output(p, BY(true), ANY);
	people_audit(p, false);
	know(p, 2, known);
	assert_int_equal(known[0].lo, 43);
	assert_int_equal(sl_rounded_narrow(&p->audit, known, &settled, &err), SL_OK);
	assert_true(settled);
	assert_int_equal(known[0].lo, 43);
	assert_int_equal(known[0].hi, 47);
	people_finish(p);

	p = people_start(10);
	people_add(p, 22, 0, 0, 0, 0);
	people_add(p, 22, 1, 0, 0, 0);
	people_add(p, 22, 2, 0, 0, 0);
	people_output(p, ALL, ANY);
	people_audit(p, false);
	people_output(p, BY(true), ANY);
	people_audit(p, false);
	know(p, 2, known);
	assert_int_equal(sl_rounded_narrow(&p->audit, known, &settled, &err), SL_OK);
	/* 66 is printed 65, and is 63 to 67; three times 20 are 66 at most. */
	assert_int_equal(known[0].hi, 66);
	assert_int_equal(known[1].lo, 19);
	people_finish(p);
}

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

/* The people of a set, atom by atom. */
static uint64_t atoms_of(const struct people *p, uint32_t set)
{
	uint64_t atoms = 0;

	for (uint32_t i = p->audit.first_atom[set]; i < p->audit.first_atom[set + 1]; i++)
		atoms |= UINT64_C(1) << p->audit.atom_of[i];
	return atoms;
}

static uint32_t check_narrowed(const struct people *p)
{
	struct sl_rounded before[PEOPLE_SETS_MAX], after[PEOPLE_SETS_MAX];
	struct tables t = { .ncells = p->atoms.natoms };
	struct sl_err err = { 0 };
	uint32_t narrowed = 0;
	bool settled;

	know(p, p->noutputs, before);
	know(p, p->noutputs, after);
	assert_int_equal(sl_rounded_narrow(&p->audit, after, &settled, &err), SL_OK);
	assert_true(settled);
	for (uint32_t s = 0; s < p->audit.nsets; s++)
		if (p->sets[s].shown)
			tables_add(&t, atoms_of(p, s), before[s].lo, before[s].hi);
	for (uint32_t s = 0; s < p->audit.nsets; s++) {
		struct tables below = t, above = t;
		assert_true(after[s].lo <= (int64_t)p->sets[s].units && after[s].hi >= (int64_t)p->sets[s].units);
		narrowed += after[s].lo > before[s].lo || after[s].hi < before[s].hi;
		tables_add(&below, atoms_of(p, s), -TABLES_ANY, after[s].lo - 1);
		tables_add(&above, atoms_of(p, s), after[s].hi + 1, TABLES_ANY);
		if (after[s].lo > before[s].lo)
			assert_int_not_equal(tables_exist(&below), TABLES_SOME);
		if (after[s].hi < before[s].hi && after[s].hi < FAR / 2)
			assert_int_not_equal(tables_exist(&above), TABLES_SOME);
	}
	return narrowed;
}

static void test_whatever_fits_what_is_printed_lies_within(void **state)
{
	uint32_t narrowed = 0;

	(void)state;
	for (uint32_t i = 0; i < 300; i++) {
		struct people *p = people_start(2 + i % 4);
		seed = 4711 + i;
		for (uint32_t n = 10 + draw(60); n > 0; n--)
			people_add(p, 1, (int)draw(3), (int)draw(2), (int)draw(2), 0);
		for (uint32_t r = 0; r < 3; r++) {
			bool by[ATTRIBUTES] = { draw(2) == 0, draw(2) == 0, draw(2) == 0, false };
			int condition[ATTRIBUTES] = { -1, -1, draw(4) == 0 && !by[2] ? (int)draw(2) : -1, -1 };
			people_output(p, by, condition);
			people_audit(p, false);
		}
		narrowed += check_narrowed(p);
		people_finish(p);
	}
	print_message("%u intervals narrowed\n", narrowed);
	assert_true(narrowed > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_total_and_its_cells_of_another_release_narrow_each_other),
		cmocka_unit_test(test_whatever_fits_what_is_printed_lies_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
