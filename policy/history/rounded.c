/* rounded.c - see rounded.h. */
#include "policy/history/rounded.h"

#include <stdlib.h>

#include "policy/secondary/intervals.h"

#define FAMILIES_MAX 512u

/* Two families at a time: the sets of one, then those of the other. */
struct halves {
	const struct sl_audit *a;
	uint32_t *set_in;            /* per atom and family: its set there; SL_AUDIT_NO_SET: none */
	uint32_t *parent;
	bool *is_alone;              /* per root: one side alone knows of some units */
	struct sl_system s;          /* a fact for each set */
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare rounded numbers");
}

static enum sl_rc place_sets(struct halves *h, struct sl_err *err)
{
	const struct sl_audit *a = h->a;
	size_t n = (size_t)a->atoms->natoms * a->nfamilies;

	h->set_in = calloc(n + 1, sizeof *h->set_in);
	h->parent = calloc((size_t)a->nsets + 1, sizeof *h->parent);
	h->is_alone = calloc((size_t)a->nsets + 1, sizeof *h->is_alone);
	if (h->set_in == NULL || h->parent == NULL || h->is_alone == NULL)
		return no_memory(err);
	for (size_t i = 0; i < n; i++)
		h->set_in[i] = SL_AUDIT_NO_SET;
	for (uint32_t i = 0; i < a->atoms->natoms; i++)
		for (uint32_t p = a->atoms->atoms[i].first; p < a->atoms->atoms[i].first + a->atoms->atoms[i].n; p++) {
			uint32_t set = a->atoms->places[p].set;
			h->set_in[(size_t)i * a->nfamilies + a->sets[set].family] = set;
		}
	return SL_OK;
}

static enum sl_rc add_facts(struct halves *h, const struct sl_rounded *known, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < h->a->nsets && rc == SL_OK; s++)
		rc = sl_system_fact(&h->s, &(struct sl_fact){ .value = (int64_t)h->a->sets[s].units, .lo = known[s].lo,
		                                              .hi = known[s].hi }, NULL, err);
	return rc;
}

static uint32_t root(struct halves *h, uint32_t set)
{
	while (h->parent[set] != set)
		set = h->parent[set] = h->parent[h->parent[set]];
	return set;
}

static void reset(struct halves *h, const struct sl_audit_family *f)
{
	for (uint32_t k = 0, set = f->first_set; k < f->nsets; k++, set += f->stride) {
		h->parent[set] = set;
		h->is_alone[set] = false;
	}
}

static void connect(struct halves *h, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < h->a->atoms->natoms; i++) {
		uint32_t in_x = h->set_in[(size_t)i * h->a->nfamilies + x], in_y = h->set_in[(size_t)i * h->a->nfamilies + y];
		if (in_x == SL_AUDIT_NO_SET && in_y == SL_AUDIT_NO_SET)
			continue;
		if (in_x == SL_AUDIT_NO_SET || in_y == SL_AUDIT_NO_SET) {
			h->is_alone[root(h, in_x == SL_AUDIT_NO_SET ? in_y : in_x)] = true;
			continue;
		}
		uint32_t from = root(h, in_x), to = root(h, in_y);
		h->is_alone[to] = h->is_alone[to] || h->is_alone[from];
		h->parent[from] = to;
	}
}

static enum sl_rc add_side(struct halves *h, const struct sl_audit_family *f, uint32_t top, int32_t factor,
                           struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0, set = f->first_set; k < f->nsets && rc == SL_OK; k++, set += f->stride)
		if (h->a->sets[set].units > 0 && root(h, set) == top)
			rc = sl_system_term(&h->s, set, factor, err);
	return rc;
}

/* An equation for what hangs together, and is known to both. */
static enum sl_rc equate(struct halves *h, const struct sl_audit_family *x, const struct sl_audit_family *y,
                         struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0, set = y->first_set; k < y->nsets && rc == SL_OK; k++, set += y->stride) {
		if (h->a->sets[set].units == 0 || root(h, set) != set || h->is_alone[set])
			continue;
		rc = sl_system_begin(&h->s, err);
		if (rc == SL_OK)
			rc = add_side(h, x, set, 1, err);
		if (rc == SL_OK)
			rc = add_side(h, y, set, -1, err);
	}
	return rc;
}

static bool has_one_row(const struct sl_audit *a, uint32_t family)
{
	return a->atoms->outputs[a->families[family].output].rows_of == 0;
}

static enum sl_rc add_equations(struct halves *h, struct sl_err *err)
{
	const struct sl_audit *a = h->a;
	enum sl_rc rc = SL_OK;

	for (uint32_t x = 0; x < a->nfamilies && rc == SL_OK; x++)
		for (uint32_t y = x + 1; y < a->nfamilies && rc == SL_OK; y++) {
			if (!has_one_row(a, x) || !has_one_row(a, y))
				continue;
			reset(h, &a->families[x]);
			reset(h, &a->families[y]);
			connect(h, x, y);
			rc = equate(h, &a->families[x], &a->families[y], err);
		}
	return rc;
}

enum sl_rc sl_rounded_narrow(const struct sl_audit *a, struct sl_rounded *known, bool *settled, struct sl_err *err)
{
	struct halves h = { .a = a };
	enum sl_rc rc;

	*settled = sl_audit_is_small(a) && a->nfamilies <= FAMILIES_MAX && a->nsets <= SL_SYSTEM_FACTS_MAX;
	if (!*settled)
		return SL_OK;
	rc = place_sets(&h, err);
	if (rc == SL_OK)
		rc = add_facts(&h, known, err);
	if (rc == SL_OK)
		rc = add_equations(&h, err);
	if (rc == SL_OK)
		sl_intervals_narrow(&h.s, settled);
	for (uint32_t s = 0; s < a->nsets && rc == SL_OK; s++)
		known[s] = (struct sl_rounded){ h.s.facts[s].lo, h.s.facts[s].hi };
	sl_system_free(&h.s);
	free(h.set_in);
	free(h.parent);
	free(h.is_alone);
	return rc;
}
