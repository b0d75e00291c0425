/*
 * test_lattices.c - two tables beside each other, once over few kinds of units and once over many: what is told of
 * them is the same, in whichever order the kinds are looked at. What makes the kinds many is a third table that is
 * compared with nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/history/audit.h"

#define ROUNDS 3000
#define CELLS 4            /* of each of the two; one more place is: in none */
#define KINDS (CELLS + 1)
#define OTHERS 40          /* cells of the third */
#define SETS (2 * CELLS + OTHERS)

static uint64_t draw(void)
{
	static uint64_t s = 17;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

/* Units by cell of the first, of the second, of the third table. */
struct world {
	uint64_t units[KINDS][KINDS][OTHERS];
	bool hidden[2 * CELLS];
};

/* Cells of both hang together in one or two lattices, but for a few units; some are hidden. */
static void make(struct world *w)
{
	bool apart = draw() % 2, any_alone = draw() % 2;

	memset(w, 0, sizeof *w);
	for (uint32_t x = 0; x < KINDS; x++)
		for (uint32_t y = 0; y < KINDS; y++) {
			bool alone = x == CELLS || y == CELLS;
			bool there = alone ? any_alone && draw() % 8 == 0 : draw() % 4 != 0 && (!apart || x / 2 == y / 2);
			for (uint32_t z = 0; z < OTHERS && there && (x < CELLS || y < CELLS); z++)
				w->units[x][y][z] = alone ? draw() % 16 == 0 : draw() % 8 != 0;
		}
	for (uint32_t s = 0; s < 2 * CELLS; s++)
		w->hidden[s] = draw() % 6 == 0;
}

static void add_atom(struct sl_atoms *a, uint64_t units, uint32_t x, uint32_t y, uint32_t z)
{
	struct sl_atom *atom = &a->atoms[a->natoms];

	if (units == 0)
		return;
	*atom = (struct sl_atom){ .units = units, .first = a->nplaces };
	if (x < CELLS)
		a->places[a->nplaces++] = (struct sl_atom_place){ x, 0 };
	if (z < OTHERS)
		a->places[a->nplaces++] = (struct sl_atom_place){ CELLS + z, 0 };
	if (y < CELLS)
		a->places[a->nplaces++] = (struct sl_atom_place){ CELLS + OTHERS + y, 0 };
	atom->n = a->nplaces - atom->first;
	a->natoms++;
}

/* The first table and the third left before, the second is asked for; many: every cell of the third is a kind more. */
static void ask(const struct world *w, bool many, struct sl_audit *a)
{
	static struct sl_atom list[KINDS * KINDS * OTHERS];
	static struct sl_atom_place places[3 * KINDS * KINDS * OTHERS];
	static struct sl_predicate_part parts[SETS][2];
	static struct sl_audit_set sets[SETS];
	static struct sl_audit_output outputs[4];
	struct sl_atoms_output shapes[] = { { .nsets = CELLS }, { .nsets = OTHERS }, { .nsets = CELLS } };
	struct sl_atoms atoms = { .outputs = shapes, .noutputs = 3, .atoms = list, .places = places };

	for (uint32_t x = 0; x < KINDS; x++)
		for (uint32_t y = 0; y < KINDS; y++) {
			uint64_t all = 0;
			for (uint32_t z = 0; z < OTHERS; z++) {
				all += w->units[x][y][z];
				if (many)
					add_atom(&atoms, w->units[x][y][z], x, y, z);
			}
			if (!many)
				add_atom(&atoms, all, x, y, OTHERS);
		}
	assert_int_equal(sl_atoms_check(&atoms, NULL), SL_OK);
	memset(sets, 0, sizeof sets);
	for (uint32_t s = 0; s < SETS; s++) {
		parts[s][1].hash = s + UINT64_C(1);
		sets[s] = (struct sl_audit_set){ .parts = parts[s], .nparts = 2 };
	}
	outputs[0] = (struct sl_audit_output){ .first_set = 0, .per_cell = 1 };
	outputs[1] = (struct sl_audit_output){ .first_set = CELLS, .per_cell = 1, .absent = true };
	outputs[2] = (struct sl_audit_output){ .first_set = CELLS + OTHERS, .per_cell = 1 };
	outputs[3] = (struct sl_audit_output){ .first_set = SETS };
	*a = (struct sl_audit){ .atoms = &atoms, .sets = sets, .nsets = SETS, .outputs = outputs, .noutputs = 3,
		                .nearlier = 2, .threshold = 10 };
	assert_int_equal(sl_audit_index(a, NULL), SL_OK);
	for (uint32_t s = 0; s < SETS; s++)
		sets[s].shown = s < CELLS ? !w->hidden[s] : s >= CELLS + OTHERS && !w->hidden[s - OTHERS];
	assert_int_equal(sl_audit_lattices(a, NULL), SL_OK);
	a->atoms = NULL;
}

static void test_lattices_are_the_same_over_few_kinds_of_units_and_over_many(void **state)
{
	uint32_t hits = 0, rounds = 0;

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		static struct world w;
		struct sl_audit few, many;
		make(&w);
		ask(&w, false, &few);
		ask(&w, true, &many);
		assert_int_equal(many.nhits, few.nhits);
		for (uint32_t h = 0; h < few.nhits; h++) {
			assert_int_equal(many.hits[h].set, few.hits[h].set);
			assert_int_equal(many.hits[h].other, few.hits[h].other);
			assert_int_equal(many.hits[h].units, few.hits[h].units);
		}
		hits += few.nhits;
		rounds += few.nhits > 0;
		sl_audit_free(&few);
		sl_audit_free(&many);
	}
	print_message("%u of %u pairs of tables tell something, %u times\n", rounds, ROUNDS, hits);
	assert_true(rounds > ROUNDS / 20 && rounds < ROUNDS / 20 * 19);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lattices_are_the_same_over_few_kinds_of_units_and_over_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
