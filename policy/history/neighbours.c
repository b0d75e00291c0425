/*
 * neighbours.c - see audit.h: which sets have another one within them, or differ from one by few, once and for all.
 * Questions that compare sets two by two ask these only: hardly any do, and all others would be met in vain.
 */
#include <stdlib.h>

#include "policy/history/meeting.h"

/* Units in common of one set with all others. */
struct common {
	uint64_t *units;       /* per set */
	uint32_t *last;        /* per set: the atom, from 1, that was counted last */
	uint32_t *met, nmet;
};

static void count_common(const struct sl_audit *a, struct common *c, uint32_t set)
{
	for (uint32_t i = 0; i < c->nmet; i++)
		c->units[c->met[i]] = c->last[c->met[i]] = 0;
	c->nmet = 0;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[a->atom_of[i]];
		const struct sl_atom_place *places = &a->atoms->places[atom->first];
		sl_meet_ahead(a, set, i);
		for (uint32_t p = 0; p < atom->n; p++) {
			uint32_t other = places[p].set;
			if (c->last[other] == a->atom_of[i] + 1)
				continue;
			if (c->last[other] == 0)
				c->met[c->nmet++] = other;
			c->last[other] = a->atom_of[i] + 1;
			c->units[other] += atom->units;
		}
	}
}

/* What both have is no less than what both have with the same rows: nobody is missed. */
static void look_at(struct sl_audit *a, const struct common *c, uint32_t set)
{
	uint64_t units = a->sets[set].units;

	for (uint32_t i = 0; i < c->nmet; i++) {
		uint32_t other = c->met[i];
		uint64_t both = c->units[other], others = a->sets[other].units;
		if (!sl_audit_together(a, sl_audit_output_of(a, set), sl_audit_output_of(a, other)))
			continue;
		a->holds[set] = a->holds[set] || both == others;
		a->holds[other] = a->holds[other] || both == units;
		a->has_near[set] = a->has_near[set] || units + others - 2 * both < a->threshold;
	}
}

enum sl_rc sl_audit_neighbours(struct sl_audit *a, struct sl_err *err)
{
	struct common c = { .units = calloc((size_t)a->nsets + 1, sizeof *c.units),
		            .last = calloc((size_t)a->nsets + 1, sizeof *c.last),
		            .met = calloc((size_t)a->nsets + 1, sizeof *c.met) };
	enum sl_rc rc = SL_OK;

	a->holds = calloc((size_t)a->nsets + 1, sizeof *a->holds);
	a->has_near = calloc((size_t)a->nsets + 1, sizeof *a->has_near);
	if (c.units == NULL || c.last == NULL || c.met == NULL || a->holds == NULL || a->has_near == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	for (uint32_t set = a->outputs[a->nearlier].first_set; rc == SL_OK && set < a->nsets; set++) {
		count_common(a, &c, set);
		look_at(a, &c, set);
	}
	free(c.units);
	free(c.last);
	free(c.met);
	return rc;
}
