/*
 * bounds.c - see audit.h: what all shown sets say of each atom, carried from equation to equation until nothing
 * changes.
 *
 * The units of a shown set are its atoms' together, so each atom is no more than what the others leave at least, and no
 * less than what they leave at most. Whoever reads the releases is taken to know which atoms there are.
 */
#include "policy/history/bounds.h"

#include <stdlib.h>

/* Changes of a bound, at most, per atom: a system that is not still by then is left as it is, which is less tight. */
#define ROUNDS_MAX 100u

enum sl_rc sl_bounds_init(struct sl_bounds *b, const struct sl_audit *a, struct sl_err *err)
{
	size_t n = (size_t)a->atoms->natoms + 1;

	*b = (struct sl_bounds){ calloc(n, sizeof *b->lo), calloc(n, sizeof *b->hi) };
	return b->lo != NULL && b->hi != NULL
	               ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
}

void sl_bounds_fini(struct sl_bounds *b)
{
	free(b->lo);
	free(b->hi);
	*b = (struct sl_bounds){ 0 };
}

static void start(struct sl_bounds *b, const struct sl_audit *a, uint32_t nsets)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		b->lo[i] = 0;
		b->hi[i] = UINT64_MAX;
	}
	for (uint32_t s = 0; s < nsets; s++)
		for (uint32_t i = a->first_atom[s]; a->sets[s].shown && i < a->first_atom[s + 1]; i++)
			if (a->sets[s].units < b->hi[a->atom_of[i]])
				b->hi[a->atom_of[i]] = a->sets[s].units;
}

/* One equation. Sums stay within 64 bits: no atom of a shown set is beyond it, and there are fewer than 2^32. */
static bool tighten(const struct sl_audit *a, uint32_t set, struct sl_bounds *b)
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

void sl_bounds_settle(struct sl_bounds *b, const struct sl_audit *a, uint32_t nsets)
{
	bool changed = true;

	start(b, a, nsets);
	for (uint32_t round = 0; changed && round < ROUNDS_MAX; round++) {
		changed = false;
		for (uint32_t s = 0; s < nsets; s++)
			if (a->sets[s].shown && a->sets[s].units > 0)
				changed = tighten(a, s, b) || changed;
	}
}

void sl_bounds_of_set(const struct sl_bounds *b, const struct sl_audit *a, uint32_t set, uint64_t *lo, uint64_t *hi)
{
	*lo = *hi = 0;
	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		uint64_t more = b->hi[a->atom_of[i]];
		*lo += b->lo[a->atom_of[i]];
		*hi = more < UINT64_MAX - *hi ? *hi + more : UINT64_MAX;
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

/* By all that is shown, and by what was without the request: that is made when it is asked. */
struct both {
	struct sl_bounds now, before;
	bool has_before;
};

/* Pinned, and closer than history had it by itself, which nothing takes back. set: of all its atoms; NO_SET: of one. */
static bool is_told(const struct sl_audit *a, struct both *b, uint32_t set, uint32_t atom)
{
	uint64_t lo[2], hi[2];

	for (int before = 0; before < 2; before++) {
		struct sl_bounds *of = before ? &b->before : &b->now;
		if (before && !b->has_before)
			sl_bounds_settle(of, a, a->outputs[a->nearlier].first_set);
		b->has_before = b->has_before || before;
		lo[before] = of->lo[atom];
		hi[before] = of->hi[atom];
		if (set != SL_AUDIT_NO_SET)
			sl_bounds_of_set(of, a, set, &lo[before], &hi[before]);
		if (!before && !is_pinned(a, lo[0], hi[0]))
			return false;
	}
	return lo[0] > lo[1] || hi[0] < hi[1];
}

/* The first atom that is, or hidden set. False: none. */
static bool find(const struct sl_audit *a, struct both *b, struct sl_audit_hit *hit)
{
	for (uint32_t i = 0; i < a->atoms->natoms; i++)
		if (is_told(a, b, SL_AUDIT_NO_SET, i)) {
			*hit = everything_against(a, i, a->atoms->atoms[i].units);
			return hit->set != SL_AUDIT_NO_SET;
		}
	for (uint32_t s = 0; s < a->nsets; s++) {
		uint32_t atom = a->atom_of[a->first_atom[s]];
		if (!a->sets[s].shown && a->sets[s].units > 0 && is_told(a, b, s, atom)) {
			*hit = everything_against(a, atom, a->sets[s].units);
			return hit->set != SL_AUDIT_NO_SET;
		}
	}
	return false;
}

enum sl_rc sl_audit_bounds(struct sl_audit *a, struct sl_err *err)
{
	struct both b = { 0 };
	struct sl_audit_hit hit;
	enum sl_rc rc = sl_bounds_init(&b.now, a, err);

	if (rc == SL_OK)
		rc = sl_bounds_init(&b.before, a, err);
	while (rc == SL_OK) {
		sl_bounds_settle(&b.now, a, a->nsets);
		if (!find(a, &b, &hit))
			break;
		rc = sl_audit_hide(a, &hit, err);
	}
	sl_bounds_fini(&b.now);
	sl_bounds_fini(&b.before);
	return rc;
}
