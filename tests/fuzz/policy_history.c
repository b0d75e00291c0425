/* A history of small outputs and one asked for: whatever is in it, the audit ends and hides rows of the latter only. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/joint.h"

#define OUTPUTS 4u
#define SETS 6u       /* per output */
#define ATOMS 24u
#define LISTS 2u      /* of values, per output */
#define HAS_LISTS 0x80u /* in the byte of the threshold */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct room {
	struct sl_audit_set sets[OUTPUTS * SETS];
	struct sl_audit_output outputs[OUTPUTS + 1];
	struct sl_predicate_part parts[OUTPUTS * SETS][2];
	struct sl_predicate_part measures[2];
	struct sl_condition_union lists[OUTPUTS][LISTS];
	struct sl_predicate_part values[OUTPUTS][LISTS][8];
	struct sl_atoms_output atom_outputs[OUTPUTS];
	struct sl_atom atoms[ATOMS];
	struct sl_atom_place places[ATOMS * OUTPUTS];
};

/* An atom: units, then for each output its set, or none. */
static void take_atoms(struct sl_cursor *c, struct room *r, struct sl_atoms *a)
{
	while (a->natoms < ATOMS && sl_cursor_left(c) > OUTPUTS) {
		struct sl_atom atom = { .units = 1u + sl_cursor_u8(c), .first = a->nplaces };
		uint32_t group = 0, rows_of = 0;
		for (uint32_t o = 0; o < OUTPUTS; o++) {
			uint32_t set = sl_cursor_u8(c) % (SETS + 1);
			bool next = a->nplaces > atom.first && r->atom_outputs[o].rows_of != rows_of;
			if (set == SETS)
				continue;
			group += next || (a->nplaces > atom.first && (set & 1) != 0);
			rows_of = r->atom_outputs[o].rows_of;
			r->places[a->nplaces++] = (struct sl_atom_place){ o * SETS + set, group };
		}
		atom.n = a->nplaces - atom.first;
		if (atom.n > 0)
			r->atoms[a->natoms++] = atom;
	}
}

/* Conditions that ask for one of several values: whole and values are conditions of sets, or of nothing. */
static void take_lists(struct sl_cursor *c, struct room *r)
{
	for (uint32_t o = 0; o < OUTPUTS; o++) {
		r->outputs[o].unions = r->lists[o];
		r->outputs[o].nunions = sl_cursor_u8(c) % (LISTS + 1);
		for (uint32_t u = 0; u < r->outputs[o].nunions; u++) {
			struct sl_condition_union *list = &r->lists[o][u];
			uint8_t b = sl_cursor_u8(c), values = sl_cursor_u8(c);
			*list = (struct sl_condition_union){ .of = { 16u + (b & 3) }, .whole = { b >> 2 & 7 },
				                             .known = { b >> 5 == 1 ? 9 : 0 }, .values = r->values[o][u] };
			for (uint32_t hash = 0; hash < 8; hash++)
				if ((values >> hash & 1) != 0)
					list->values[list->nvalues++].hash = hash;
		}
	}
}

static void take_sets(struct sl_cursor *c, struct room *r, struct sl_audit *a)
{
	uint32_t per_cell = 1u + sl_cursor_u8(c) % 3;

	r->measures[0].hash = 1;
	for (uint32_t o = 0; o < OUTPUTS; o++) {
		r->outputs[o] = (struct sl_audit_output){ .first_set = o * SETS, .per_cell = per_cell, .measures = r->measures,
			                                  .nmeasures = sl_cursor_u8(c) & 1 };
		r->atom_outputs[o] = (struct sl_atoms_output){ SETS, sl_cursor_u8(c) % 3 };
	}
	r->outputs[OUTPUTS].first_set = a->nsets = OUTPUTS * SETS;
	for (uint32_t s = 0; s < a->nsets; s++) {
		uint8_t b = sl_cursor_u8(c);
		r->parts[s][0].hash = b & 3;
		r->parts[s][1].hash = 4u + (b >> 2 & 3);
		r->sets[s] = (struct sl_audit_set){ .parts = r->parts[s], .nparts = 1u + (b >> 4 & 1), .rank = s,
			                            .measures = b >> 5 & 1, .shown = b >> 6 & 1,
			                            .primary = b >> 6 == 2 };
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct room *r = calloc(1, sizeof *r);
	struct sl_cursor c = sl_cursor_over(data, size);
	struct sl_atoms atoms = { .noutputs = OUTPUTS };
	struct sl_audit a = { .atoms = &atoms, .noutputs = OUTPUTS };
	bool shown[OUTPUTS * SETS], asked;
	uint32_t unproved;
	uint8_t first;

	if (r == NULL)
		return 0;
	a.sets = r->sets;
	a.outputs = r->outputs;
	atoms.outputs = r->atom_outputs;
	atoms.atoms = r->atoms;
	atoms.places = r->places;
	first = sl_cursor_u8(&c);
	a.threshold = first % 16;
	a.nearlier = sl_cursor_u8(&c) % OUTPUTS;
	take_sets(&c, r, &a);
	if ((first & HAS_LISTS) != 0)
		take_lists(&c, r);
	take_atoms(&c, r, &atoms);
	for (uint32_t s = 0; s < a.nsets; s++)
		shown[s] = r->sets[s].shown;
	if (sl_atoms_check(&atoms, NULL) == SL_OK && sl_audit_index(&a, NULL) == SL_OK &&
	    sl_audit_run(&a, NULL) == SL_OK && sl_audit_joint(&a, &asked, &unproved, NULL) == SL_OK) {
		for (uint32_t s = 0; s < a.nsets; s++)
			if (r->sets[s].shown != shown[s] && (r->sets[s].shown || !sl_audit_is_new(&a, s)))
				abort();
		for (uint32_t h = 0; h < a.nhits; h++)
			if (a.hits[h].set >= a.nsets || r->sets[a.hits[h].set].shown)
				abort();
	}
	sl_audit_free(&a);
	free(r);
	return 0;
}
