/*
 * narrow.c - see narrow.h: bounds.h with the request and without it; and, for the names of the releases it takes, once
 * without each.
 */
#include "policy/history/narrow.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/bounds.h"
#include "policy/history/needs.h"

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
		struct sl_narrow n = { .hidden = SL_AUDIT_NO_SET, .atom = i, .units = a->atoms->atoms[i].units,
			               .lo = q->now.lo[i], .hi = q->now.hi[i] };
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
		struct sl_narrow n = { .hidden = set, .units = a->sets[set].units };
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

/* --- which releases it takes ------------------------------------------------------------------------------ */

static void show_output(struct sl_audit *without, const struct sl_audit *a, uint32_t output, bool shown)
{
	for (uint32_t s = a->outputs[output].first_set; s < a->outputs[output + 1].first_set; s++)
		without->sets[s].shown = shown && a->sets[s].shown;
}

static bool is_still_near(struct sl_bounds *b, const struct sl_audit *without, const struct sl_narrow *n)
{
	uint64_t lo, hi;

	sl_bounds_settle(b, without, without->nsets);
	if (n->hidden != SL_AUDIT_NO_SET) {
		sl_bounds_of_set(b, without, n->hidden, &lo, &hi);
	} else {
		lo = b->lo[n->atom];
		hi = b->hi[n->atom];
	}
	return hi - lo < without->threshold;
}

static enum sl_rc leave_out(const struct sl_audit *a, const struct sl_narrow *n, bool *needed, struct sl_err *err)
{
	struct sl_audit without = *a;
	struct sl_bounds b;
	enum sl_rc rc = sl_bounds_init(&b, a, err);

	without.sets = malloc((size_t)a->nsets * sizeof *without.sets);
	if (rc == SL_OK && without.sets == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	if (rc == SL_OK)
		memcpy(without.sets, a->sets, a->nsets * sizeof *without.sets);
	for (uint32_t o = a->nearlier; o-- > 0 && rc == SL_OK;) {
		show_output(&without, a, o, false);
		needed[o] = !is_still_near(&b, &without, n);
		show_output(&without, a, o, needed[o]);
	}
	free(without.sets);
	sl_bounds_fini(&b);
	return rc;
}

/* A shown set of the output with units of the group. */
static uint32_t set_with(const struct sl_audit *a, uint32_t output, const struct sl_narrow *n)
{
	return n->hidden != SL_AUDIT_NO_SET ? sl_audit_needs_set(a, output, n->hidden)
	                                    : sl_audit_needs_set_of_atom(a, output, n->atom);
}

enum sl_rc sl_narrow_needs(const struct sl_audit *a, const struct sl_narrow *n, uint32_t *beside, uint64_t *work,
                           struct sl_err *err)
{
	uint64_t cost = sl_audit_needs_cost(a) * a->nearlier;
	bool *needed = calloc((size_t)a->nearlier + 1, sizeof *needed);
	bool asked = *work >= cost;
	enum sl_rc rc = SL_OK;

	if (needed == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	if (asked) {
		*work -= cost;
		rc = leave_out(a, n, needed, err);
	}
	for (uint32_t o = 0; o < a->nearlier && rc == SL_OK; o++) {
		beside[o] = set_with(a, o, n);
		if (asked && !needed[o])
			beside[o] = SL_AUDIT_NO_SET;
		else if (asked && beside[o] == SL_AUDIT_NO_SET)
			beside[o] = a->outputs[o].first_set;
	}
	free(needed);
	return rc;
}
