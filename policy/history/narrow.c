/* narrow.c - see narrow.h: bounds.h with the request and without it. */
#include "policy/history/narrow.h"

#include <stdlib.h>

#include "policy/history/bounds.h"

struct search {
	const struct sl_audit *a;
	struct sl_bounds now, before;
	bool has_before;         /* made when it is asked for first */
	struct sl_narrow *of;    /* per set of the request that is a row's first */
};

static bool is_near(const struct sl_audit *a, uint64_t lo, uint64_t hi)
{
	return lo < hi && hi - lo < a->threshold;
}

static uint32_t first_new(const struct sl_audit *a)
{
	return a->outputs[a->nearlier].first_set;
}

static enum sl_rc look_before(struct search *q, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (q->has_before)
		return SL_OK;
	rc = sl_bounds_init(&q->before, q->a, err);
	if (rc == SL_OK)
		sl_bounds_settle(&q->before, q->a, first_new(q->a));
	q->has_before = rc == SL_OK;
	return rc;
}

/* The narrowest of the row stays; of those the first. */
static void note(struct search *q, uint32_t set, const struct sl_narrow *n)
{
	const struct sl_audit_output *o = &q->a->outputs[sl_audit_output_of(q->a, set)];
	struct sl_narrow *row = &q->of[set - (set - o->first_set) % o->per_cell - first_new(q->a)];

	if (row->hi == 0 || n->hi - n->lo < row->hi - row->lo)
		*row = *n;
}

static enum sl_rc ask_atoms(struct search *q, struct sl_err *err)
{
	const struct sl_audit *a = q->a;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < a->atoms->natoms && rc == SL_OK; i++) {
		struct sl_narrow n = { .units = a->atoms->atoms[i].units, .lo = q->now.lo[i], .hi = q->now.hi[i] };
		if (!is_near(a, n.lo, n.hi))
			continue;
		rc = look_before(q, err);
		n.set = sl_audit_way_out(a, i);
		if (rc == SL_OK && n.set != SL_AUDIT_NO_SET && q->before.hi[i] - q->before.lo[i] >= a->threshold)
			note(q, n.set, &n);
	}
	return rc;
}

/* Of a set the bounds of its atoms are too wide where they bound each other: it is one group more to look at. */
static enum sl_rc ask_sets(struct search *q, struct sl_err *err)
{
	const struct sl_audit *a = q->a;
	enum sl_rc rc = SL_OK;

	for (uint32_t set = 0; set < a->nsets && rc == SL_OK; set++) {
		struct sl_narrow n = { .units = a->sets[set].units };
		uint64_t lo, hi;
		if (a->sets[set].shown || n.units == 0)
			continue;
		sl_bounds_of_set(&q->now, a, set, &n.lo, &n.hi);
		if (!is_near(a, n.lo, n.hi))
			continue;
		rc = look_before(q, err);
		if (rc != SL_OK)
			break;
		sl_bounds_of_set(&q->before, a, set, &lo, &hi);
		n.set = sl_audit_is_new(a, set) ? set : sl_audit_way_out(a, a->atom_of[a->first_atom[set]]);
		if (n.set != SL_AUDIT_NO_SET && hi - lo >= a->threshold)
			note(q, n.set, &n);
	}
	return rc;
}

static void hand_out(struct search *q, struct sl_narrow **found, uint32_t *nfound)
{
	uint32_t n = q->a->nsets - first_new(q->a);

	*nfound = 0;
	for (uint32_t i = 0; i < n; i++)
		if (q->of[i].hi > 0)
			q->of[(*nfound)++] = q->of[i];
	*found = q->of;
	q->of = NULL;
}

enum sl_rc sl_audit_narrow(const struct sl_audit *a, struct sl_narrow **found, uint32_t *nfound, struct sl_err *err)
{
	struct search q = { .a = a };
	enum sl_rc rc = sl_bounds_init(&q.now, a, err);

	*found = NULL;
	*nfound = 0;
	q.of = calloc((size_t)(a->nsets - first_new(a)) + 1, sizeof *q.of);
	if (rc == SL_OK && q.of == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	if (rc == SL_OK) {
		sl_bounds_settle(&q.now, a, a->nsets);
		rc = ask_atoms(&q, err);
	}
	if (rc == SL_OK)
		rc = ask_sets(&q, err);
	if (rc == SL_OK)
		hand_out(&q, found, nfound);
	free(q.of);
	sl_bounds_fini(&q.now);
	sl_bounds_fini(&q.before);
	return rc;
}
