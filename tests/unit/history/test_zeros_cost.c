/* test_zeros_cost.c - how much the search for what nobody is in looks at before it gives up, and says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>

#include "policy/history/audit.h"

#define ATOMS 2000u
#define PER_CELL 33u
#define OUTPUTS_MAX 24u

/* Outputs of one cell with many conditions each: anybody meets half of them, nobody the last. At most 500 are shown. */
static bool gives_up(uint32_t noutputs)
{
	static struct sl_audit_set sets[OUTPUTS_MAX * PER_CELL];
	static struct sl_predicate_part parts[OUTPUTS_MAX * PER_CELL][3];
	static struct sl_atom atoms[ATOMS];
	struct sl_audit_output outputs[OUTPUTS_MAX + 1];
	struct sl_atoms_output made[OUTPUTS_MAX];
	uint32_t nsets = noutputs * PER_CELL;
	struct sl_atoms all = { .outputs = made, .noutputs = noutputs, .atoms = atoms, .natoms = ATOMS,
		                .places = calloc((size_t)ATOMS * nsets, sizeof *all.places) };
	struct sl_audit a = { .atoms = &all, .sets = sets, .nsets = nsets, .outputs = outputs, .noutputs = noutputs,
		              .threshold = 10 };
	uint64_t seed = 88172645463325252u;

	assert_non_null(all.places);
	for (uint32_t o = 0; o <= noutputs; o++)
		outputs[o] = (struct sl_audit_output){ .first_set = o * PER_CELL, .per_cell = PER_CELL };
	for (uint32_t s = 0; s < nsets; s++) {
		parts[s][0].hash = 1;
		parts[s][1].hash = 10 + s / PER_CELL;
		parts[s][2].hash = 1000 + s;
		made[s / PER_CELL] = (struct sl_atoms_output){ .nsets = PER_CELL };
		sets[s] = (struct sl_audit_set){ .parts = parts[s], .nparts = s % PER_CELL == 0 ? 2 : 3,
			                         .shown = s % PER_CELL < 20 };
	}
	for (uint32_t i = 0; i < ATOMS; i++) {
		atoms[i] = (struct sl_atom){ .units = 20, .first = all.nplaces };
		for (uint32_t s = 0; s + 1 < nsets; s++) {
			seed ^= seed << 13;
			seed ^= seed >> 7;
			seed ^= seed << 17;
			if (s % PER_CELL == 0 || seed >> 63 != 0)
				all.places[all.nplaces++] = (struct sl_atom_place){ s, 0 };
		}
		atoms[i].n = all.nplaces - atoms[i].first;
	}
	assert_int_equal(sl_audit_index(&a, NULL), SL_OK);
	assert_true(sl_audit_is_small(&a));
	assert_int_equal(sl_audit_zeros(&a, NULL), SL_OK);
	assert_int_equal(a.nhits, 0);
	sl_audit_free(&a);
	free(all.places);
	return a.zeros_given_up;
}

static void test_sets_of_an_atom_two_by_two_are_too_many_and_it_says_so(void **state)
{
	(void)state;
	assert_false(gives_up(8));
	assert_true(gives_up(OUTPUTS_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets_of_an_atom_two_by_two_are_too_many_and_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
