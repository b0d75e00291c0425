/* meeting.c - see meeting.h. */
#include "policy/history/meeting.h"

#include <stdlib.h>

enum sl_rc sl_meetings_init(struct sl_meetings *m, const struct sl_audit *a, struct sl_err *err)
{
	m->with = calloc((size_t)a->nsets + 1, sizeof *m->with);
	m->met = calloc((size_t)a->nsets + 1, sizeof *m->met);
	m->nmet = 0;
	return m->with != NULL && m->met != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
}

void sl_meetings_fini(struct sl_meetings *m)
{
	free(m->with);
	free(m->met);
}

uint32_t sl_meet_first(const struct sl_audit *a, const struct sl_atom *atom, uint32_t set)
{
	const struct sl_atom_place *places = &a->atoms->places[atom->first];
	uint32_t first = 0;

	if (sl_audit_is_new(a, set))
		return 0;
	/* Sets rise within an atom and the request's come last. */
	for (uint32_t n = atom->n; n > 0 && places[n - 1].set >= a->outputs[a->nearlier].first_set; n--)
		first = n;
	return first > 0 ? first - 1 : atom->n;
}

static uint32_t group_of(const struct sl_atom_place *places, uint32_t n, uint32_t set)
{
	uint32_t lo = 0;

	while (n > 1) {
		uint32_t half = n / 2;
		if (places[lo + half].set <= set) {
			lo += half;
			n -= half;
		} else {
			n = half;
		}
	}
	return places[lo].group;
}

void sl_meet(struct sl_meetings *m, const struct sl_audit *a, uint32_t set)
{
	const struct sl_atoms *atoms = a->atoms;
	uint32_t rows_of = atoms->outputs[sl_audit_output_of(a, set)].rows_of;

	for (uint32_t i = 0; i < m->nmet; i++)
		m->with[m->met[i]] = (struct sl_meeting){ 0, 0 };
	m->nmet = 0;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		const struct sl_atom *atom = &atoms->atoms[a->atom_of[i]];
		const struct sl_atom_place *places = &atoms->places[atom->first];
		uint32_t group = group_of(places, atom->n, set);
		for (uint32_t p = sl_meet_first(a, atom, set); p < atom->n; p++) {
			struct sl_meeting *with = &m->with[places[p].set];
			if (with->both == 0)
				m->met[m->nmet++] = places[p].set;
			with->both += atom->units;
			if (places[p].group == group || atoms->outputs[sl_audit_output_of(a, places[p].set)].rows_of != rows_of)
				with->alike += atom->units;
		}
	}
}
