/*
 * needs.c - see needs.h. Of what several outputs tell together no equation is kept: so each is left out once, the
 * newest first, and what is found without it does not need it.
 */
#include "policy/history/needs.h"

#include <stdlib.h>
#include <string.h>

/* The audit once more, of copied sets: with the set, and without the outputs that are not needed. */
struct again {
	struct sl_audit audit;
	const struct sl_audit *of;
	uint32_t set;
	const bool *needed;
};

static enum sl_rc again_init(struct again *g, const struct sl_audit *a, struct sl_err *err)
{
	g->audit = *a;
	g->audit.hits = NULL;
	g->audit.hits_cap = 0;
	g->audit.rest = NULL;
	g->audit.sets = calloc((size_t)a->nsets + 1, sizeof *g->audit.sets);
	return g->audit.sets != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
}

static void again_fini(struct again *g)
{
	free(g->audit.sets);
	free(g->audit.hits);
}

static enum sl_rc is_found(struct again *g, bool *found, struct sl_err *err)
{
	struct sl_audit *a = &g->audit;

	memcpy(a->sets, g->of->sets, a->nsets * sizeof *a->sets);
	a->sets[g->set].shown = true;
	for (uint32_t i = 0; i < a->nearlier; i++)
		for (uint32_t s = a->outputs[i].first_set; s < a->outputs[i + 1].first_set; s++)
			a->sets[s].shown = a->sets[s].shown && g->needed[i];
	a->nhits = 0;
	a->searched = 0;
	enum sl_rc rc = sl_audit_bounds(a, err);
	if (rc == SL_OK && a->nhits == 0)
		rc = sl_audit_combinations(a, err);
	*found = rc == SL_OK && a->nhits > 0;
	return rc;
}

uint64_t sl_audit_needs_cost(const struct sl_audit *a)
{
	return UINT64_C(20) * a->atoms->nplaces;
}

/* About what one question costs. */
static uint64_t cost_of(const struct sl_audit *a)
{
	uint64_t shown = 0;

	for (uint32_t s = 0; s < a->nsets; s++)
		shown += a->sets[s].shown;
	return sl_audit_needs_cost(a) + (sl_audit_is_small(a) ? shown * shown * a->atoms->natoms : 0);
}

uint32_t sl_audit_needs_set_of_atom(const struct sl_audit *a, uint32_t output, uint32_t atom)
{
	const struct sl_atom *of = &a->atoms->atoms[atom];

	for (uint32_t p = of->first; p < of->first + of->n; p++) {
		uint32_t set = a->atoms->places[p].set;
		if (set >= a->outputs[output].first_set && set < a->outputs[output + 1].first_set && a->sets[set].shown)
			return set;
	}
	return SL_AUDIT_NO_SET;
}

uint32_t sl_audit_needs_set(const struct sl_audit *a, uint32_t output, uint32_t set)
{
	uint32_t found = SL_AUDIT_NO_SET;

	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1] && found == SL_AUDIT_NO_SET; i++)
		found = sl_audit_needs_set_of_atom(a, output, a->atom_of[i]);
	return found;
}

static enum sl_rc leave_out(struct again *g, bool *needed, uint64_t *work, struct sl_err *err)
{
	const struct sl_audit *a = g->of;
	uint64_t cost = cost_of(a);
	bool found = false;
	enum sl_rc rc = SL_OK;

	memset(needed, true, a->nearlier * sizeof *needed);
	if (*work / (a->nearlier + 1) >= cost) {
		*work -= cost * (a->nearlier + 1);
		rc = is_found(g, &found, err);
	}
	for (uint32_t i = a->nearlier; found && i-- > 0 && rc == SL_OK;) {
		bool still;
		needed[i] = false;
		rc = is_found(g, &still, err);
		needed[i] = !still;
	}
	for (uint32_t i = 0; i < a->nearlier && !found; i++)
		needed[i] = sl_audit_needs_set(a, i, g->set) != SL_AUDIT_NO_SET;
	return rc;
}

enum sl_rc sl_audit_needs(const struct sl_audit *a, uint32_t set, bool *needed, uint64_t *work, struct sl_err *err)
{
	struct again g = { .of = a, .set = set, .needed = needed };
	enum sl_rc rc = again_init(&g, a, err);

	if (rc == SL_OK)
		rc = leave_out(&g, needed, work, err);
	again_fini(&g);
	return rc;
}
