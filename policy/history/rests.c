/*
 * rests.c - see audit.h: what is left of a shown set without the shown cells of an output that lie in it, and a set of
 * another version that is of the same units. Asked where versions.c, which finds that too, has too much to look at.
 *
 * Units are compared by their atoms, a number each that is added up: who is left has the sum of all less that of those
 * in the cells. Two sets of different units agree one time in 2^64, and then too much is hidden.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/meeting.h"
#include "policy/history/space.h"

struct keyed {
	uint64_t key;
	uint32_t set;
};

/* Of one family, its sets within the one at hand. */
struct part {
	uint64_t key, units;
};

/* Sets that are added, and sets that are taken away, so that every unit cancels out. */
struct terms {
	uint32_t *sets, n;
	int8_t *signs;
	uint32_t families[4], nfamilies; /* one of each part */
};

struct work {
	struct sl_audit *a;
	struct sl_meetings m;
	uint64_t *key_of;       /* per set; 0: it is not meant */
	struct keyed *by_key;
	uint32_t nkeyed;
	struct part *parts;     /* per family */
	uint32_t *families, nfamilies;
	struct terms terms;
	int32_t *taken;         /* per atom: how often what its units had before is taken */
	uint32_t *touched, ntouched;
	uint64_t work;
};

/* Places of atoms looked at: some tenths of a second. */
#define WORK_MAX UINT64_C(100000000)

static bool is_meant(const struct sl_audit *a, uint32_t set)
{
	return a->sets[set].shown && a->sets[set].units > 0 && a->rows_of[set] == 0;
}

static int by_key(const void *x, const void *y)
{
	const struct keyed *p = x, *q = y;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->set > q->set) - (p->set < q->set);
}

static void list_keys(struct work *w)
{
	const struct sl_audit *a = w->a;

	for (uint32_t set = 0; set < a->nsets; set++) {
		if (!is_meant(a, set))
			continue;
		for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++)
			w->key_of[set] += sl_space_mixed(a->atom_of[i]);
		w->by_key[w->nkeyed++] = (struct keyed){ w->key_of[set], set };
	}
	qsort(w->by_key, w->nkeyed, sizeof *w->by_key, by_key);
}

/* The first of those with the key. */
static uint32_t find(const struct work *w, uint64_t key)
{
	uint32_t lo = 0, hi = w->nkeyed;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (w->by_key[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* --- what cancels out ---------------------------------------------------------------------------------------- */

static void take(struct work *w, uint32_t set, int8_t sign)
{
	w->terms.sets[w->terms.n] = set;
	w->terms.signs[w->terms.n++] = sign;
}

static void take_set(struct work *w, uint32_t set, int8_t sign)
{
	w->terms.families[w->terms.nfamilies++] = w->a->sets[set].family;
	take(w, set, sign);
}

static bool is_within(const struct work *w, uint32_t set, uint32_t other)
{
	return other != set && is_meant(w->a, other) && w->m.with[other].inside == w->a->sets[other].units;
}

static void take_cells(struct work *w, uint32_t set, uint32_t family, int8_t sign)
{
	w->terms.families[w->terms.nfamilies++] = family;
	for (uint32_t i = 0; i < w->m.nmet; i++)
		if (w->a->sets[w->m.met[i]].family == family && is_within(w, set, w->m.met[i]))
			take(w, w->m.met[i], sign);
}

static bool is_renewed(const struct work *w, uint32_t set)
{
	return !sl_audit_is_current(w->a, sl_audit_output_of(w->a, set));
}

/* An earlier set of the request's version, of the same units, has told as much of the column. */
static bool was_told(const struct work *w, uint32_t set, const struct sl_reading *column)
{
	uint32_t prints;

	for (uint32_t i = find(w, w->key_of[set]); i < w->nkeyed && w->by_key[i].key == w->key_of[set]; i++) {
		uint32_t other = w->by_key[i].set;
		if (!sl_audit_is_new(w->a, other) && !is_renewed(w, other) &&
		    sl_audit_tells(w->a, &w->a->families[w->a->sets[other].family], column, &prints))
			return true;
	}
	return false;
}

static void count_set(struct work *w, uint32_t set, int8_t sign, uint32_t prints)
{
	const struct sl_audit *a = w->a;

	for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[a->atom_of[i]];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			w->work++;
			if (a->atoms->places[p].set != set)
				continue;
			if ((a->changed[p] & prints) != 0) {
				w->taken[a->atom_of[i]] += sign;
				w->touched[w->ntouched++] = a->atom_of[i];
			}
			break;
		}
	}
}

/* Units that have something else of the column where the terms count; UINT64_MAX: not all tell it, or all is told. */
static uint64_t count_changed(struct work *w, const struct sl_reading *column)
{
	const struct sl_audit *a = w->a;
	uint32_t prints;
	uint64_t units = 0;
	bool told = true;

	for (uint32_t i = 0; i < w->terms.nfamilies; i++)
		if (!sl_audit_tells(a, &a->families[w->terms.families[i]], column, &prints))
			return UINT64_MAX;
	for (uint32_t i = 0; i < w->terms.n && told; i++)
		told = !sl_audit_is_new(a, w->terms.sets[i]) || was_told(w, w->terms.sets[i], column);
	if (told)
		return UINT64_MAX;
	w->ntouched = 0;
	for (uint32_t i = 0; i < w->terms.n && a->changed != NULL; i++) {
		uint32_t set = w->terms.sets[i];
		(void)sl_audit_tells(a, &a->families[a->sets[set].family], column, &prints);
		if (prints != 0 && is_renewed(w, set))
			count_set(w, set, w->terms.signs[i], prints);
	}
	for (uint32_t i = 0; i < w->ntouched; i++) {
		units += w->taken[w->touched[i]] != 0 ? a->atoms->atoms[w->touched[i]].units : 0;
		w->taken[w->touched[i]] = 0;
	}
	return units;
}

static enum sl_rc hide(struct work *w, uint64_t units, struct sl_err *err)
{
	struct sl_audit_hit hit = { .set = SL_AUDIT_NO_SET, .other = SL_AUDIT_NO_SET, .units = units };

	for (uint32_t i = 0; i < w->terms.n; i++) {
		uint32_t set = w->terms.sets[i];
		if (sl_audit_is_new(w->a, set) && sl_audit_cheaper(w->a, set, hit.set))
			hit.set = set;
		if (hit.other == SL_AUDIT_NO_SET && is_renewed(w, set))
			hit.other = set;
	}
	return hit.set != SL_AUDIT_NO_SET ? sl_audit_hide(w->a, &hit, err) : SL_OK;
}

/* As the request reads them, each column that all terms tell. The terms are used up. */
static enum sl_rc judge(struct work *w, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	const struct sl_audit_output *o = NULL;
	bool renewed = false, shown = true;
	uint64_t fewest = UINT64_MAX;

	for (uint32_t i = 0; i < w->terms.n; i++) {
		uint32_t set = w->terms.sets[i];
		renewed = renewed || is_renewed(w, set);
		shown = shown && a->sets[set].shown;
		o = sl_audit_is_new(a, set) ? &a->outputs[sl_audit_output_of(a, set)] : o;
	}
	for (uint32_t i = 0; renewed && shown && o != NULL && i < o->nprinted; i++) {
		uint64_t units = count_changed(w, &o->printed[i]);
		fewest = units < fewest ? units : fewest;
	}
	enum sl_rc rc = fewest < a->threshold ? hide(w, fewest, err) : SL_OK;
	w->terms.n = w->terms.nfamilies = 0;
	return rc;
}

/* --- what is left -------------------------------------------------------------------------------------------- */

static void sort_out(struct work *w, uint32_t set)
{
	const struct sl_audit *a = w->a;

	for (uint32_t i = 0; i < w->m.nmet; i++)
		w->parts[a->sets[w->m.met[i]].family] = (struct part){ .units = 0 };
	w->nfamilies = 0;
	for (uint32_t i = 0; i < w->m.nmet; i++) {
		uint32_t other = w->m.met[i];
		struct part *part = &w->parts[a->sets[other].family];
		if (!is_within(w, set, other))
			continue;
		if (part->units == 0)
			w->families[w->nfamilies++] = a->sets[other].family;
		part->key += w->key_of[other];
		part->units += a->sets[other].units;
	}
}

/* A set that is of those who are left. */
static enum sl_rc judge_rest(struct work *w, uint32_t set, uint32_t family, struct sl_err *err)
{
	uint64_t key = w->key_of[set] - w->parts[family].key;
	uint32_t before = w->a->nhits;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = find(w, key); i < w->nkeyed && w->by_key[i].key == key && rc == SL_OK; i++) {
		if (w->a->nhits > before)
			break;
		take_set(w, set, 1);
		take_cells(w, set, family, -1);
		take_set(w, w->by_key[i].set, -1);
		rc = judge(w, err);
	}
	return rc;
}

/* The same set in another version, and cells of an output of that one that are of the same units as these. */
static enum sl_rc judge_twins(struct work *w, uint32_t set, uint32_t family, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	uint32_t before = a->nhits;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = find(w, w->key_of[set]); i < w->nkeyed && w->by_key[i].key == w->key_of[set]; i++) {
		uint32_t twin = w->by_key[i].set;
		if (sl_audit_is_new(a, twin) || !is_renewed(w, twin))
			continue;
		for (uint32_t f = 0; f < w->nfamilies && rc == SL_OK && a->nhits == before; f++) {
			uint32_t other = w->families[f];
			if (other == family || w->parts[other].key != w->parts[family].key ||
			    sl_audit_is_renewed(a, a->families[other].output, sl_audit_output_of(a, twin)))
				continue;
			take_set(w, set, 1);
			take_cells(w, set, family, -1);
			take_set(w, twin, -1);
			take_cells(w, set, other, 1);
			rc = judge(w, err);
		}
	}
	return rc;
}

/* Until something is hidden: the families are others then, and all is asked once more. */
static enum sl_rc judge_set(struct work *w, uint32_t set, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	bool is_new = sl_audit_is_new(a, set);
	uint32_t before = a->nhits;
	enum sl_rc rc = SL_OK;

	sl_meet(&w->m, a, set);
	sort_out(w, set);
	for (uint32_t i = 0; i < w->nfamilies && rc == SL_OK && a->nhits == before; i++) {
		uint32_t family = w->families[i];
		if (a->sets[set].units - w->parts[family].units < a->threshold)
			continue;
		rc = judge_rest(w, set, family, err);
		if (rc == SL_OK && is_new && a->nhits == before && a->families[family].output >= a->nearlier)
			rc = judge_twins(w, set, family, err);
	}
	return rc;
}

static enum sl_rc open_work(struct work *w, struct sl_err *err)
{
	struct sl_audit *a = w->a;
	size_t nsets = (size_t)a->nsets + 1, natoms = (size_t)a->atoms->natoms + 1;

	w->key_of = calloc(nsets, sizeof *w->key_of);
	w->by_key = calloc(nsets, sizeof *w->by_key);
	w->parts = calloc((size_t)a->nfamilies + 1, sizeof *w->parts);
	w->families = calloc((size_t)a->nfamilies + 1, sizeof *w->families);
	w->terms.sets = calloc(2 * nsets, sizeof *w->terms.sets);
	w->terms.signs = calloc(2 * nsets, sizeof *w->terms.signs);
	w->taken = calloc(natoms, sizeof *w->taken);
	w->touched = calloc(4 * natoms, sizeof *w->touched); /* by each part an atom is taken once */
	if (w->key_of == NULL || w->by_key == NULL || w->parts == NULL || w->families == NULL || w->terms.sets == NULL ||
	    w->terms.signs == NULL || w->taken == NULL || w->touched == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	return sl_meetings_init(&w->m, a, err);
}

enum sl_rc sl_audit_rests(struct sl_audit *a, struct sl_err *err)
{
	struct work w = { .a = a };
	enum sl_rc rc = open_work(&w, err);

	if (rc == SL_OK)
		list_keys(&w);
	for (uint32_t set = 0; set < a->nsets && rc == SL_OK && w.work <= WORK_MAX; set++)
		if (is_meant(a, set) && (a->holds[set] || sl_audit_is_new(a, set)))
			rc = judge_set(&w, set, err);
	sl_meetings_fini(&w.m);
	free(w.key_of);
	free(w.by_key);
	free(w.parts);
	free(w.families);
	free(w.terms.sets);
	free(w.terms.signs);
	free(w.taken);
	free(w.touched);
	return rc;
}
