/*
 * repeats.c - see audit.h: an output of the request that says nothing an earlier one did not say.
 *
 * The same sets by their conditions, with the same rows of the same units in each, and nothing shown that was not shown
 * then: it has been compared with everything already. In another version of a table the same units may have something
 * else: that is left to ask.
 */
#include <stdlib.h>

#include "policy/history/audit.h"

static bool says_no_more(const struct sl_audit *a, const struct sl_audit_output *now,
                         const struct sl_audit_output *then, uint32_t n)
{
	for (uint32_t s = 0; s < n; s++) {
		const struct sl_audit_set *x = &a->sets[now->first_set + s], *y = &a->sets[then->first_set + s];
		if (!sl_audit_same(x, y) || x->units != y->units || (x->shown && !y->shown) ||
		    (x->measures & ~y->measures) != 0)
			return false;
	}
	return true;
}

static bool tells_the_same(const struct sl_audit_output *x, const struct sl_audit_output *y)
{
	if (x->per_cell != y->per_cell || x->nmeasures != y->nmeasures)
		return false;
	for (uint32_t m = 0; m < x->nmeasures; m++)
		if (x->measures[m].hash != y->measures[m].hash)
			return false;
	return true;
}

/* Of every atom and group: the later output's sets are the earlier one's, one for one. */
static bool has_the_same_rows(const struct sl_audit *a, uint32_t now, uint32_t then, uint32_t n)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		const struct sl_atom_place *p = &a->atoms->places[a->atoms->atoms[i].first];
		uint32_t end = a->atoms->atoms[i].n;
		for (uint32_t x = 0, y = 0;;) {
			while (x < end && p[x].set - then >= n)
				x++;
			while (y < end && p[y].set - now >= n)
				y++;
			if (x == end || y == end) {
				if (x != y)
					return false;
				break;
			}
			if (p[x].set - then != p[y].set - now || p[x].group != p[y].group)
				return false;
			x++;
			y++;
		}
	}
	return true;
}

/* renewed: whether in another version is as good. */
static bool is_repeat(const struct sl_audit *a, uint32_t output, bool renewed)
{
	const struct sl_audit_output *now = &a->outputs[output];
	uint32_t n = now[1].first_set - now->first_set;

	for (uint32_t i = 0; i < a->nearlier; i++) {
		const struct sl_audit_output *then = &a->outputs[i];
		if ((renewed || !sl_audit_is_renewed(a, output, i)) && then[1].first_set - then->first_set == n &&
		    tells_the_same(now, then) && says_no_more(a, now, then, n) &&
		    has_the_same_rows(a, now->first_set, then->first_set, n))
			return true;
	}
	return false;
}

enum sl_audit_repeat sl_audit_all_repeat(const struct sl_audit *a)
{
	enum sl_audit_repeat all = SL_AUDIT_REPEATS;

	for (uint32_t i = a->nearlier; i < a->noutputs; i++) {
		if (is_repeat(a, i, false))
			continue;
		if (!is_repeat(a, i, true))
			return SL_AUDIT_NEW;
		all = SL_AUDIT_RENEWED;
	}
	return all;
}
