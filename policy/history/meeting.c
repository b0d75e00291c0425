/* meeting.c - see meeting.h. */
#include "policy/history/meeting.h"

#include <stdlib.h>

enum sl_rc sl_meetings_init(struct sl_meetings *m, const struct sl_audit *a, struct sl_err *err)
{
	m->with = calloc((size_t)a->nsets + 1, sizeof *m->with);
	m->met = calloc((size_t)a->nsets + 1, sizeof *m->met);
	m->now = calloc((size_t)a->nsets + 1, sizeof *m->now);
	m->is_mine = calloc((size_t)a->groups_max + 1, sizeof *m->is_mine);
	m->nmet = 0;
	return m->with != NULL && m->met != NULL && m->now != NULL && m->is_mine != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
}

void sl_meetings_fini(struct sl_meetings *m)
{
	free(m->with);
	free(m->met);
	free(m->now);
	free(m->is_mine);
}

/* So many atoms ahead: the atom, and when that is there its places. Atoms of a set lie all over the memory. */
#define AHEAD 24u
#define PLACES_AHEAD 12u

void sl_meet_ahead(const struct sl_audit *a, uint32_t set, uint32_t i)
{
	uint32_t end = a->first_atom[set + 1];

	if (i + AHEAD < end)
		__builtin_prefetch(&a->atoms->atoms[a->atom_of[i + AHEAD]]);
	if (i + PLACES_AHEAD < end) {
		const struct sl_atom *atom = &a->atoms->atoms[a->atom_of[i + PLACES_AHEAD]];
		const char *places = (const char *)&a->atoms->places[atom->first];
		for (uint32_t line = 0; line < 4 && line * 8 < atom->n; line++)
			__builtin_prefetch(places + (size_t)line * 64);
	}
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

static uint32_t mark_mine(struct sl_meetings *m, const struct sl_audit *a, uint32_t atom, uint32_t set, bool mark)
{
	const struct sl_atom *from = &a->atoms->atoms[atom];
	uint32_t n = 0;

	if (a->rows_of[set] == 0)
		return 1;
	for (uint32_t p = from->first; p < from->first + from->n; p++)
		if (a->atoms->places[p].set == set) {
			m->is_mine[a->atoms->places[p].group] = mark;
			n++;
		}
	return n;
}

uint32_t sl_meet_mine(struct sl_meetings *m, const struct sl_audit *a, uint32_t atom, uint32_t set)
{
	return mark_mine(m, a, atom, set, true);
}

void sl_meet_forget(struct sl_meetings *m, const struct sl_audit *a, uint32_t atom, uint32_t set)
{
	(void)mark_mine(m, a, atom, set, false);
}

/* Sets of tables with one row per unit, of which every atom has one group: all that they share is the same. */
static void meet_units(struct sl_meetings *m, const struct sl_audit *a, uint32_t set, uint32_t atom)
{
	uint64_t units = a->atoms->atoms[atom].units;
	uint32_t n;
	const struct sl_atom_place *places = sl_meet_places(a, atom, set, &n);

	for (uint32_t p = 0; p < n; p++) {
		struct sl_meeting *with = &m->with[places[p].set];
		if (with->both == 0)
			m->met[m->nmet++] = places[p].set;
		with->both += units;
		with->alike += units;
		with->inside += units;
	}
}

/* The others, by the groups that both have. */
static void meet_rows(struct sl_meetings *m, const struct sl_audit *a, uint32_t set, uint32_t atom)
{
	uint64_t units = a->atoms->atoms[atom].units;
	uint32_t n, mine = sl_meet_mine(m, a, atom, set);
	const struct sl_atom_place *places = sl_meet_places(a, atom, set, &n);

	for (uint32_t p = 0; p < n; p++) {
		struct sl_meeting_now *now = &m->now[places[p].set];
		if (now->atom != atom + 1)
			*now = (struct sl_meeting_now){ .atom = atom + 1 };
		now->groups++;
		now->common += m->is_mine[places[p].group];
	}
	for (uint32_t p = 0; p < n; p++) {
		struct sl_meeting *with = &m->with[places[p].set];
		struct sl_meeting_now *now = &m->now[places[p].set];
		bool compare = a->rows_of[set] != 0 && a->rows_of[places[p].set] == a->rows_of[set];
		if (now->groups == 0)
			continue; /* it was counted for this atom */
		if (with->both == 0)
			m->met[m->nmet++] = places[p].set;
		with->both += units;
		with->alike += !compare || (now->common == mine && now->groups == mine) ? units : 0;
		with->inside += !compare || now->common == now->groups ? units : 0;
		*now = (struct sl_meeting_now){ .atom = 0 }; /* the next set may meet the same atom */
	}
	sl_meet_forget(m, a, atom, set);
}

void sl_meet(struct sl_meetings *m, const struct sl_audit *a, uint32_t set)
{
	for (uint32_t i = 0; i < m->nmet; i++)
		m->with[m->met[i]] = (struct sl_meeting){ .both = 0 };
	m->nmet = 0;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		sl_meet_ahead(a, set, i);
		if (a->groups_max > 1)
			meet_rows(m, a, set, a->atom_of[i]);
		else
			meet_units(m, a, set, a->atom_of[i]);
	}
}
