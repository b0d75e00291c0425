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

const struct sl_atom_place *sl_meet_places(const struct sl_audit *a, uint32_t atom, uint32_t set, uint32_t *n)
{
	if (sl_audit_is_new(a, set)) {
		*n = a->atoms->atoms[atom].n;
		return &a->atoms->places[a->atoms->atoms[atom].first];
	}
	*n = a->first_own[atom + 1] - a->first_own[atom];
	return &a->own[a->first_own[atom]];
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
	uint32_t rows_of = a->rows_of[set];
	bool is_new = sl_audit_is_new(a, set);

	for (uint32_t i = 0; i < m->nmet; i++)
		m->with[m->met[i]] = (struct sl_meeting){ 0, 0 };
	m->nmet = 0;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		uint64_t units = a->atoms->atoms[a->atom_of[i]].units;
		uint32_t n;
		const struct sl_atom_place *places = sl_meet_places(a, a->atom_of[i], set, &n);
		uint32_t group = is_new ? group_of(places, n, set) : 0;
		for (uint32_t p = 0; p < n; p++) {
			struct sl_meeting *with = &m->with[places[p].set];
			if (with->both == 0)
				m->met[m->nmet++] = places[p].set;
			with->both += units;
			if (is_new && (places[p].group == group || a->rows_of[places[p].set] != rows_of))
				with->alike += units;
		}
	}
}
