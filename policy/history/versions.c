/*
 * versions.c - see audit.h: sums and differences of shown sets in which every unit cancels out, while the sets are of
 * several versions of a table.
 *
 * What is left of such a sum is told of the units that have something else in the one version than in the other, in a
 * set that counts there. So the ways to cancel out are a space; of that the combinations are looked for in which few
 * units, or none, are left. None is found whenever there is one, and so is a kind of unit by itself; of several kinds
 * that only together are few, those that are left over when as many as can be of the large ones are taken away.
 *
 * A combination is the request's doing when its sets tell something there that releases of the same version did not.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"
#include "policy/history/space.h"

/* Units alike: in the same sets of those at hand, or changed in the same ones. */
struct kind {
	uint64_t key;
	uint64_t units;
	uint32_t atom;               /* one of them */
};

struct work {
	struct sl_audit *a;
	struct sl_reading column;    /* as the request reads it */
	uint32_t *rows, nrows, nown; /* shown sets that tell it: the request's, then history's */
	uint32_t *row_of;            /* per set; nrows: none */
	uint32_t *bits;              /* per row: the prints that are of the column */
	struct kind *kinds, *changed;
	uint32_t nkinds, nchanged;
	struct sl_space all;         /* rows: who is in each, then which row it is */
	struct sl_space ways;        /* to cancel out: what is left of whom has changed, then how often each row is taken */
	struct sl_space current;     /* earlier sets of the request's version */
	bool found, large;           /* large: of some column there is too much to look at */
};

static enum sl_rc no_memory(const struct sl_audit *a, struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
}

/* --- the sets at hand ---------------------------------------------------------------------------------------- */

static void list_rows(struct work *w, uint32_t first, uint32_t end)
{
	const struct sl_audit *a = w->a;

	for (uint32_t set = first; set < end; set++) {
		uint32_t bits;
		if (!a->sets[set].shown || a->sets[set].units == 0 || a->rows_of[set] != 0 ||
		    !sl_audit_tells(a, &a->families[a->sets[set].family], &w->column, &bits))
			continue;
		w->bits[w->nrows] = bits;
		w->rows[w->nrows++] = set;
	}
}

/* False: there is nothing to compare. */
static bool choose_rows(struct work *w)
{
	const struct sl_audit *a = w->a;
	uint32_t first = a->outputs[a->nearlier].first_set;
	bool renewed = false;

	w->nrows = 0;
	list_rows(w, first, a->nsets);
	w->nown = w->nrows;
	list_rows(w, 0, first);
	for (uint32_t set = 0; set < a->nsets; set++)
		w->row_of[set] = w->nrows;
	for (uint32_t r = 0; r < w->nrows; r++) {
		w->row_of[w->rows[r]] = r;
		renewed = renewed || !sl_audit_is_current(a, sl_audit_output_of(a, w->rows[r]));
	}
	return renewed && w->nown > 0;
}

static bool is_changed(const struct work *w, uint32_t place, uint32_t row)
{
	return w->a->changed != NULL && (w->a->changed[place] & w->bits[row]) != 0;
}

static int by_key(const void *x, const void *y)
{
	const struct kind *p = x, *q = y;

	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->atom > q->atom) - (p->atom < q->atom);
}

static int by_size(const void *x, const void *y)
{
	const struct kind *p = x, *q = y;

	if (p->units != q->units)
		return p->units > q->units ? -1 : 1;
	return (p->atom > q->atom) - (p->atom < q->atom);
}

/* Of units in a row, or changed in one: many first. */
static uint32_t list_kinds(const struct work *w, bool changed, struct kind *out)
{
	const struct sl_atoms *atoms = w->a->atoms;
	uint32_t n = 0, kept = 0;

	for (uint32_t i = 0; i < atoms->natoms; i++) {
		const struct sl_atom *atom = &atoms->atoms[i];
		struct kind k = { .units = atom->units, .atom = i };
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			uint32_t row = w->row_of[atoms->places[p].set];
			k.key += row < w->nrows && (!changed || is_changed(w, p, row)) ? sl_space_mixed(row) : 0;
		}
		if (k.key != 0)
			out[n++] = k;
	}
	qsort(out, n, sizeof *out, by_key);
	for (uint32_t i = 0; i < n; i++) {
		if (kept > 0 && out[kept - 1].key == out[i].key)
			out[kept - 1].units += out[i].units;
		else
			out[kept++] = out[i];
	}
	qsort(out, kept, sizeof *out, by_size);
	return kept;
}

/* --- the ways to cancel out ---------------------------------------------------------------------------------- */

/* Who is in the rows from `first` on that are meant; in column k those of kind k. */
static void fill_members(const struct work *w, struct sl_space *s, uint32_t first, bool current)
{
	const struct sl_atoms *atoms = w->a->atoms;

	for (uint32_t k = 0; k < w->nkinds; k++) {
		const struct sl_atom *atom = &atoms->atoms[w->kinds[k].atom];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			uint32_t row = w->row_of[atoms->places[p].set];
			if (row < first || row >= w->nrows)
				continue;
			if (!current || sl_audit_is_current(w->a, sl_audit_output_of(w->a, w->rows[row])))
				sl_space_row(s, row - first)[k] = 1;
		}
	}
}

static enum sl_rc find_ways(struct work *w, struct sl_err *err)
{
	enum sl_rc rc = sl_space_init(&w->all, w->nrows, w->nkinds + w->nrows, err);
	uint32_t first = 0;

	if (rc != SL_OK)
		return rc;
	fill_members(w, &w->all, 0, false);
	for (uint32_t r = 0; r < w->nrows; r++)
		sl_space_row(&w->all, r)[w->nkinds + r] = 1;
	sl_space_reduce(&w->all);
	while (first < w->all.rank && w->all.pivot[first] < w->nkinds)
		first++;
	rc = sl_space_init(&w->ways, w->nrows - first, w->nchanged + w->nrows, err);
	for (uint32_t i = 0; i < w->ways.nrows && rc == SL_OK; i++)
		memcpy(&sl_space_row(&w->ways, i)[w->nchanged], &sl_space_row(&w->all, first + i)[w->nkinds],
		       w->nrows * sizeof *w->ways.rows);
	return rc;
}

/* Of each way, how often it takes what units of each changed kind had. */
static void fill_changed(struct work *w)
{
	const struct sl_atoms *atoms = w->a->atoms;

	for (uint32_t k = 0; k < w->nchanged; k++) {
		const struct sl_atom *atom = &atoms->atoms[w->changed[k].atom];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			uint32_t row = w->row_of[atoms->places[p].set];
			if (row >= w->nrows || !is_changed(w, p, row))
				continue;
			for (uint32_t i = 0; i < w->ways.nrows; i++) {
				uint64_t *way = sl_space_row(&w->ways, i);
				way[k] = sl_space_plus(way[k], way[w->nchanged + row]);
			}
		}
	}
	sl_space_reduce(&w->ways);
}

static enum sl_rc find_current(struct work *w, struct sl_err *err)
{
	enum sl_rc rc = sl_space_init(&w->current, w->nrows - w->nown, w->nkinds, err);

	if (rc == SL_OK) {
		fill_members(w, &w->current, w->nown, true);
		sl_space_reduce(&w->current);
	}
	return rc;
}

/* --- what is left -------------------------------------------------------------------------------------------- */

/* What the request's sets add up to there, earlier ones of its version do, too. */
static bool was_told(struct work *w, const uint64_t *taken)
{
	const struct sl_atoms *atoms = w->a->atoms;

	memset(w->current.row, 0, w->nkinds * sizeof *w->current.row);
	for (uint32_t k = 0; k < w->nkinds; k++) {
		const struct sl_atom *atom = &atoms->atoms[w->kinds[k].atom];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			uint32_t row = w->row_of[atoms->places[p].set];
			if (row < w->nown)
				w->current.row[k] = sl_space_plus(w->current.row[k], taken[row]);
		}
	}
	return sl_space_is_told(&w->current);
}

/* The cheapest of the request's sets that the way takes, and the first one of another version. False: one is hidden. */
static bool find_sets(const struct work *w, const uint64_t *taken, struct sl_audit_hit *hit)
{
	const struct sl_audit *a = w->a;

	hit->set = hit->other = SL_AUDIT_NO_SET;
	for (uint32_t r = 0; r < w->nrows; r++) {
		uint32_t set = w->rows[r];
		if (taken[r] == 0)
			continue;
		if (!a->sets[set].shown)
			return false;
		if (r < w->nown && sl_audit_cheaper(a, set, hit->set))
			hit->set = set;
		if (r >= w->nown && hit->other == SL_AUDIT_NO_SET && !sl_audit_is_current(a, sl_audit_output_of(a, set)))
			hit->other = set;
	}
	return hit->set != SL_AUDIT_NO_SET;
}

static enum sl_rc judge_ways(struct work *w, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < w->ways.rank && rc == SL_OK; i++) {
		const uint64_t *left = sl_space_row(&w->ways, i), *taken = left + w->nchanged;
		struct sl_audit_hit hit = { .units = 0 };
		for (uint32_t k = 0; k < w->nchanged; k++)
			hit.units += left[k] != 0 ? w->changed[k].units : 0;
		if (hit.units >= w->a->threshold || !find_sets(w, taken, &hit) || was_told(w, taken))
			continue;
		w->found = true;
		rc = sl_audit_hide(w->a, &hit, err);
	}
	return rc;
}

static void forget(struct work *w)
{
	sl_space_fini(&w->all);
	sl_space_fini(&w->ways);
	sl_space_fini(&w->current);
	w->all = w->ways = w->current = (struct sl_space){ 0 };
}

/* One column, until nothing is found any more. */
static enum sl_rc ask(struct work *w, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	do {
		w->found = false;
		if (!choose_rows(w))
			return SL_OK;
		w->nkinds = list_kinds(w, false, w->kinds);
		if (w->nrows > SL_AUDIT_SETS_SMALL || w->nkinds > SL_AUDIT_ATOMS_SMALL) {
			w->large = true;
			return SL_OK;
		}
		w->nchanged = list_kinds(w, true, w->changed);
		rc = find_ways(w, err);
		if (rc == SL_OK)
			rc = find_current(w, err);
		if (rc == SL_OK) {
			fill_changed(w);
			rc = judge_ways(w, err);
		}
		forget(w);
	} while (w->found && rc == SL_OK);
	return rc;
}

/* Each column that the request tells, in each way that it reads it, once. */
static enum sl_rc ask_all(struct work *w, struct sl_err *err)
{
	const struct sl_audit *a = w->a;
	enum sl_rc rc = SL_OK;

	for (uint32_t o = a->nearlier; o < a->noutputs; o++)
		for (uint32_t i = 0; i < a->outputs[o].nprinted && rc == SL_OK; i++) {
			bool seen = false;
			w->column = a->outputs[o].printed[i];
			for (uint32_t x = a->nearlier; x <= o; x++)
				for (uint32_t k = 0; k < (x < o ? a->outputs[x].nprinted : i) && !seen; k++)
					seen = a->outputs[x].printed[k].column == w->column.column &&
					       a->outputs[x].printed[k].way == w->column.way;
			rc = seen ? SL_OK : ask(w, err);
		}
	return rc;
}

enum sl_rc sl_audit_versions(struct sl_audit *a, struct sl_err *err)
{
	struct work w = { .a = a };
	uint32_t renewed = 0;
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < a->nearlier; i++)
		renewed += !sl_audit_is_current(a, i) && a->outputs[i].nprinted > 0;
	if (renewed == 0)
		return SL_OK;
	w.rows = calloc((size_t)a->nsets + 1, sizeof *w.rows);
	w.row_of = calloc((size_t)a->nsets + 1, sizeof *w.row_of);
	w.bits = calloc((size_t)a->nsets + 1, sizeof *w.bits);
	w.kinds = calloc((size_t)a->atoms->natoms + 1, sizeof *w.kinds);
	w.changed = calloc((size_t)a->atoms->natoms + 1, sizeof *w.changed);
	if (w.rows == NULL || w.row_of == NULL || w.bits == NULL || w.kinds == NULL || w.changed == NULL)
		rc = no_memory(a, err);
	if (rc == SL_OK)
		rc = ask_all(&w, err);
	a->versions_given_up = a->versions_given_up || w.large;
	if (rc == SL_OK && w.large)
		rc = sl_audit_rests(a, err);
	free(w.rows);
	free(w.row_of);
	free(w.bits);
	free(w.kinds);
	free(w.changed);
	return rc;
}
