/*
 * bounds.c - see audit.h: what all shown sets say of each atom, carried from equation to equation until nothing
 * changes.
 *
 * The units of a shown set are its atoms' together, so each atom is no more than what the others leave at least, and no
 * less than what they leave at most. Whoever reads the releases is taken to know which atoms there are.
 */
#include <stdlib.h>

#include "policy/history/audit.h"

/* Changes of a bound, at most, per atom: a system that is not still by then is left as it is, which is less tight. */
#define ROUNDS_MAX 100u

struct bounds {
	uint64_t *lo, *hi;   /* per atom */
};

static void start(const struct sl_audit *a, struct bounds *b)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		b->lo[i] = 0;
		b->hi[i] = UINT64_MAX;
	}
	for (uint32_t s = 0; s < a->nsets; s++)
		for (uint32_t i = a->first_atom[s]; a->sets[s].shown && i < a->first_atom[s + 1]; i++)
			if (a->sets[s].units < b->hi[a->atom_of[i]])
				b->hi[a->atom_of[i]] = a->sets[s].units;
}

/* One equation. Sums stay within 64 bits: no atom of a shown set is beyond it, and there are fewer than 2^32. */
static bool tighten(const struct sl_audit *a, uint32_t set, struct bounds *b)
{
	uint64_t units = a->sets[set].units, lo = 0, hi = 0;
	bool changed = false;

	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		lo += b->lo[a->atom_of[i]];
		hi += b->hi[a->atom_of[i]];
	}
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		uint32_t atom = a->atom_of[i];
		uint64_t most = units - (lo - b->lo[atom]), others = hi - b->hi[atom];
		uint64_t least = units > others ? units - others : 0;
		if (most < b->hi[atom]) {
			hi -= b->hi[atom] - most;
			b->hi[atom] = most;
			changed = true;
		}
		if (least > b->lo[atom]) {
			lo += least - b->lo[atom];
			b->lo[atom] = least;
			changed = true;
		}
	}
	return changed;
}

static void settle(const struct sl_audit *a, struct bounds *b)
{
	bool changed = true;

	start(a, b);
	for (uint32_t round = 0; changed && round < ROUNDS_MAX; round++) {
		changed = false;
		for (uint32_t s = 0; s < a->nsets; s++)
			if (a->sets[s].shown && a->sets[s].units > 0)
				changed = tighten(a, s, b) || changed;
	}
}

/* There are some, and few: so much may not be known of an atom. */
static bool is_pinned(const struct sl_audit *a, uint64_t lo, uint64_t hi)
{
	return lo >= 1 && hi < a->threshold;
}

static struct sl_audit_hit everything_against(const struct sl_audit *a, uint32_t atom, uint64_t units)
{
	return (struct sl_audit_hit){ .set = sl_audit_way_out(a, atom), .other = SL_AUDIT_NO_SET, .units = units };
}

/* The first atom that is, or hidden set. False: none. */
static bool find(const struct sl_audit *a, const struct bounds *b, struct sl_audit_hit *hit)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++)
		if (is_pinned(a, b->lo[i], b->hi[i])) {
			*hit = everything_against(a, i, a->atoms->atoms[i].units);
			return hit->set != SL_AUDIT_NO_SET;
		}
	for (uint32_t s = 0; s < a->nsets; s++) {
		uint64_t lo = 0, hi = 0;
		for (uint32_t i = a->first_atom[s]; !a->sets[s].shown && i < a->first_atom[s + 1]; i++) {
			uint64_t more = b->hi[a->atom_of[i]];
			lo += b->lo[a->atom_of[i]];
			hi = more < a->threshold && hi < a->threshold ? hi + more : a->threshold;
		}
		if (a->sets[s].units > 0 && !a->sets[s].shown && is_pinned(a, lo, hi)) {
			*hit = everything_against(a, a->atom_of[a->first_atom[s]], a->sets[s].units);
			return hit->set != SL_AUDIT_NO_SET;
		}
	}
	return false;
}

enum sl_rc sl_audit_bounds(struct sl_audit *a, struct sl_err *err)
{
	size_t n = (size_t)a->atoms->natoms + 1;
	struct bounds b = { calloc(n, sizeof *b.lo), calloc(n, sizeof *b.hi) };
	struct sl_audit_hit hit;
	enum sl_rc rc = SL_OK;

	if (b.lo == NULL || b.hi == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	while (rc == SL_OK) {
		settle(a, &b);
		if (!find(a, &b, &hit))
			break;
		rc = sl_audit_hide(a, &hit, err);
	}
	free(b.lo);
	free(b.hi);
	return rc;
}
