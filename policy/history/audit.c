/* audit.c - see audit.h: who is in what, how sets are compared, and the asking. */
#include "policy/history/audit.h"

#include <stdlib.h>
#include <string.h>

void sl_audit_free(struct sl_audit *a)
{
	free(a->first_atom);
	free(a->atom_of);
	free(a->families);
	free(a->rows_of);
	free(a->changed);
	free(a->first_own);
	free(a->own);
	free(a->holds);
	free(a->has_near);
	free(a->hits);
	a->first_atom = a->atom_of = a->rows_of = a->changed = a->first_own = NULL;
	a->own = NULL;
	a->holds = a->has_near = NULL;
	a->families = NULL;
	a->hits = NULL;
	a->nhits = a->hits_cap = a->nfamilies = 0;
}

static uint32_t sets_of(const struct sl_audit *a, uint32_t output)
{
	return a->outputs[output + 1].first_set - a->outputs[output].first_set;
}

static enum sl_rc check_shape(const struct sl_audit *a, struct sl_err *err)
{
	bool fits = a->atoms->noutputs == a->noutputs && a->nearlier <= a->noutputs && a->outputs[0].first_set == 0 &&
	            a->outputs[a->noutputs].first_set == a->nsets;

	for (uint32_t i = 0; i < a->noutputs && fits; i++)
		fits = a->outputs[i].first_set <= a->outputs[i + 1].first_set && sets_of(a, i) == a->atoms->outputs[i].nsets &&
		       a->outputs[i].per_cell > 0 && sets_of(a, i) % a->outputs[i].per_cell == 0;
	return fits ? SL_OK : sl_err_set(err, SL_E_INPUT, "the units counted are not of the outputs compared");
}

static enum sl_rc make_families(struct sl_audit *a, struct sl_err *err)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < a->noutputs; i++)
		n += a->outputs[i].per_cell;
	a->families = calloc((size_t)n + 1, sizeof *a->families);
	a->rows_of = calloc((size_t)a->nsets + 1, sizeof *a->rows_of);
	if (a->families == NULL || a->rows_of == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare outputs");
	for (uint32_t i = 0; i < a->noutputs; i++) {
		const struct sl_audit_output *o = &a->outputs[i];
		for (uint32_t k = 0; k < o->per_cell; k++)
			a->families[a->nfamilies + k] = (struct sl_audit_family){ i, o->first_set + k, sets_of(a, i) / o->per_cell,
				                                                  o->per_cell };
		for (uint32_t s = 0; s < sets_of(a, i); s++) {
			a->sets[o->first_set + s].family = a->nfamilies + s % o->per_cell;
			a->rows_of[o->first_set + s] = a->atoms->outputs[i].rows_of;
		}
		a->nfamilies += o->per_cell;
	}
	return SL_OK;
}

/* Calls back for every set of every atom once, however many groups it is in there. */
typedef void see_set(struct sl_audit *a, uint32_t atom, uint32_t set);

static enum sl_rc each_set(struct sl_audit *a, see_set *see, struct sl_err *err)
{
	const struct sl_atoms *atoms = a->atoms;
	uint32_t *last = calloc((size_t)a->nsets + 1, sizeof *last);

	if (last == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	for (uint32_t i = 0; i < atoms->natoms; i++) {
		const struct sl_atom *atom = &atoms->atoms[i];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++) {
			uint32_t set = atoms->places[p].set;
			if (last[set] == i + 1)
				continue;
			last[set] = i + 1;
			see(a, i, set);
		}
	}
	free(last);
	return SL_OK;
}

static void count_atom(struct sl_audit *a, uint32_t atom, uint32_t set)
{
	a->first_atom[set + 2]++;
	a->sets[set].units += a->atoms->atoms[atom].units;
}

static void place_atom(struct sl_audit *a, uint32_t atom, uint32_t set)
{
	a->atom_of[a->first_atom[set + 1]++] = atom;
}

/* By counting: how many atoms each set has, where they begin, which they are. */
static enum sl_rc place_atoms(struct sl_audit *a, struct sl_err *err)
{
	a->first_atom = calloc((size_t)a->nsets + 2, sizeof *a->first_atom);
	a->atom_of = calloc((size_t)a->atoms->nplaces + 1, sizeof *a->atom_of);
	if (a->first_atom == NULL || a->atom_of == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	enum sl_rc rc = each_set(a, count_atom, err);
	for (uint32_t s = 2; s < a->nsets + 2; s++)
		a->first_atom[s] += a->first_atom[s - 1];
	return rc == SL_OK ? each_set(a, place_atom, err) : rc;
}

static enum sl_rc place_own(struct sl_audit *a, struct sl_err *err)
{
	const struct sl_atoms *atoms = a->atoms;
	uint32_t n = 0, first_new = a->outputs[a->nearlier].first_set;

	for (uint32_t p = 0; p < atoms->nplaces; p++) {
		n += atoms->places[p].set >= first_new;
		a->groups_max = atoms->places[p].group >= a->groups_max ? atoms->places[p].group + 1 : a->groups_max;
	}
	a->first_own = calloc((size_t)atoms->natoms + 1, sizeof *a->first_own);
	a->own = calloc((size_t)n + 1, sizeof *a->own);
	if (a->first_own == NULL || a->own == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	n = 0;
	for (uint32_t i = 0; i < atoms->natoms; i++) {
		const struct sl_atom *atom = &atoms->atoms[i];
		for (uint32_t p = atom->first; p < atom->first + atom->n; p++)
			if (atoms->places[p].set >= first_new)
				a->own[n++] = atoms->places[p];
		a->first_own[i + 1] = n;
	}
	return SL_OK;
}

static enum sl_rc place_changes(struct sl_audit *a, struct sl_err *err)
{
	const struct sl_atoms *atoms = a->atoms;

	if (atoms->nchanges == 0)
		return SL_OK;
	a->changed = calloc(atoms->nplaces, sizeof *a->changed);
	if (a->changed == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	for (uint32_t i = 0; i < atoms->nchanges; i++)
		a->changed[atoms->changes[i].place] = atoms->changes[i].columns;
	return SL_OK;
}

enum sl_rc sl_audit_index(struct sl_audit *a, struct sl_err *err)
{
	enum sl_rc rc = check_shape(a, err);

	for (uint32_t s = 0; s < a->nsets; s++)
		a->sets[s].units = 0;
	if (rc == SL_OK)
		rc = make_families(a, err);
	if (rc == SL_OK)
		rc = place_atoms(a, err);
	if (rc == SL_OK)
		rc = place_own(a, err);
	if (rc == SL_OK)
		rc = place_changes(a, err);
	return rc == SL_OK ? sl_audit_neighbours(a, err) : rc;
}

static uint32_t row_of(const struct sl_audit *a, uint32_t set)
{
	const struct sl_audit_output *o = &a->outputs[sl_audit_output_of(a, set)];

	return set - (set - o->first_set) % o->per_cell;
}

/* The numbers of its row that go with a set, or with what is asked about; 0: the row does. */
static uint64_t numbers_of(const struct sl_audit *a, uint32_t set)
{
	const struct sl_audit_output *o = &a->outputs[sl_audit_output_of(a, set)];
	uint32_t row = row_of(a, set);
	uint64_t go = 0;

	if (o->numbers == NULL || (!a->of_measure && (set == row || !a->by_number)))
		return 0;
	for (uint32_t m = 0; m < o->nmeasures && a->of_measure; m++)
		go |= (o->asked >> m & 1) != 0 ? o->numbers->by_measure[m] : 0;
	if (!a->of_measure)
		go = o->numbers->by_set[set - row];
	return (a->sets[row].numbers & go) != 0 && (a->sets[row].numbers & ~go) != 0 ? go : 0;
}

bool sl_audit_costs_less(const struct sl_audit *a, uint32_t x, uint32_t y)
{
	return numbers_of(a, x) != 0 && numbers_of(a, y) == 0;
}

bool sl_audit_goes(const struct sl_audit *a, uint32_t set, uint32_t with)
{
	uint64_t go = numbers_of(a, with);
	uint32_t row = row_of(a, set);

	if (go == 0 || set == row)
		return go == 0;
	return (go >> a->outputs[sl_audit_output_of(a, set)].numbers->stat_of[set - row] & 1) != 0;
}

void sl_audit_hide_again(struct sl_audit *a, const struct sl_audit_hit *hit)
{
	const struct sl_audit_output *o = &a->outputs[sl_audit_output_of(a, hit->set)];
	uint32_t row = row_of(a, hit->set);

	for (uint32_t i = 0; i < o->per_cell; i++)
		if (hit->numbers == 0 || (i > 0 && (hit->numbers >> o->numbers->stat_of[i] & 1) != 0))
			a->sets[row + i].shown = false;
	a->sets[row].numbers &= hit->numbers == 0 ? 0 : ~hit->numbers;
	for (uint32_t m = 0; m < o->nmeasures && hit->numbers != 0; m++)
		if ((o->numbers->telling[m] & a->sets[row].numbers) == 0)
			a->sets[row].measures &= ~(UINT32_C(1) << m);
}

enum sl_rc sl_audit_hide(struct sl_audit *a, const struct sl_audit_hit *hit, struct sl_err *err)
{
	if (a->nhits == a->hits_cap) {
		uint32_t cap = a->hits_cap == 0 ? 64 : a->hits_cap * 2;
		struct sl_audit_hit *hits = realloc(a->hits, cap * sizeof *hits);
		if (hits == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for what was found");
		a->hits = hits;
		a->hits_cap = cap;
	}
	a->hits[a->nhits++] = *hit;
	a->hits[a->nhits - 1].numbers = numbers_of(a, hit->set);
	if (a->of_measure)
		a->sets[hit->set].shown = false; /* the measure; all else of the row once it has been asked about */
	else
		sl_audit_hide_again(a, &a->hits[a->nhits - 1]);
	return SL_OK;
}

enum sl_rc sl_audit_run(struct sl_audit *a, struct sl_err *err)
{
	static enum sl_rc (*const questions[])(struct sl_audit *, struct sl_err *) = {
		sl_audit_pairs, sl_audit_remainders, sl_audit_lattices, sl_audit_combinations, sl_audit_bounds,
		sl_audit_primaries, sl_audit_zeros, sl_audit_measures, sl_audit_versions,
		sl_audit_row_versions,
	};
	enum sl_rc rc = SL_OK;
	uint32_t before;

	a->by_number = sl_audit_is_small(a);
	do {
		before = a->nhits;
		for (size_t q = 0; q < sizeof questions / sizeof questions[0] && rc == SL_OK; q++)
			rc = questions[q](a, err);
	} while (a->nhits > before && rc == SL_OK);
	return rc;
}

bool sl_audit_is_small(const struct sl_audit *a)
{
	uint32_t shown = 0;

	for (uint32_t s = 0; s < a->nsets; s++)
		shown += a->sets[s].shown && a->sets[s].units > 0;
	return a->atoms->natoms <= SL_AUDIT_ATOMS_SMALL && shown <= SL_AUDIT_SETS_SMALL;
}

uint32_t sl_audit_output_of(const struct sl_audit *a, uint32_t set)
{
	return a->families[a->sets[set].family].output;
}

bool sl_audit_is_new(const struct sl_audit *a, uint32_t set)
{
	return sl_audit_output_of(a, set) >= a->nearlier;
}

bool sl_audit_is_asked(const struct sl_audit *a, uint32_t set)
{
	return !a->of_measure || row_of(a, set) == set;
}

bool sl_audit_is_asked_of(const struct sl_audit *a, uint32_t output)
{
	if (a->asked_of == SL_AUDIT_EARLIER)
		return output < a->nearlier;
	return a->asked_of == SL_AUDIT_EACH || output + 2 == a->asked_of;
}

bool sl_audit_together(const struct sl_audit *a, uint32_t output, uint32_t other)
{
	uint32_t nnew = a->noutputs - a->nearlier;

	if (output == other || (output < a->nearlier && other < a->nearlier) || a->outputs[output].absent ||
	    a->outputs[other].absent)
		return false;
	if (a->asked_of != SL_AUDIT_EACH && sl_audit_is_asked_of(a, output) == sl_audit_is_asked_of(a, other))
		return false;
	if (output < a->nearlier || other < a->nearlier || a->apart == NULL)
		return true;
	return !a->apart[(size_t)(output - a->nearlier) * nnew + (other - a->nearlier)];
}

bool sl_audit_same(const struct sl_audit_set *x, const struct sl_audit_set *y)
{
	return x->nparts == y->nparts && memcmp(x->parts, y->parts, x->nparts * sizeof *x->parts) == 0;
}

bool sl_audit_within(const struct sl_audit_set *inner, const struct sl_audit_set *outer)
{
	uint32_t i = 0;

	for (uint32_t o = 0; o < outer->nparts; o++) {
		while (i < inner->nparts && inner->parts[i].hash < outer->parts[o].hash)
			i++;
		if (i == inner->nparts || inner->parts[i].hash != outer->parts[o].hash)
			return false;
	}
	return true;
}

bool sl_audit_cheaper(const struct sl_audit *a, uint32_t x, uint32_t y)
{
	if (y == SL_AUDIT_NO_SET)
		return true;
	const struct sl_audit_set *p = &a->sets[x], *q = &a->sets[y];
	if (p->units != q->units)
		return p->units < q->units;
	return p->rank != q->rank ? p->rank < q->rank : x < y;
}

/*
 * Of a row that the atom is in, a set with nearly all of the row besides: less it, the row tells of a few by itself,
 * and a number goes instead of the row. The cheapest; NO_SET: there is none.
 */
static uint32_t nearly_the_row(const struct sl_audit *a, uint32_t row, uint32_t atom)
{
	const struct sl_audit_output *o = &a->outputs[sl_audit_output_of(a, row)];
	const struct sl_atom *from = &a->atoms->atoms[atom];
	uint32_t best = SL_AUDIT_NO_SET;

	for (uint32_t set = row + 1; set < row + o->per_cell && o->numbers != NULL && a->by_number; set++) {
		bool in = !a->sets[set].shown || a->sets[set].units + a->threshold <= a->sets[row].units;
		for (uint32_t p = from->first; p < from->first + from->n && !in; p++)
			in = a->atoms->places[p].set == set;
		if (!in && sl_audit_cheaper(a, set, best))
			best = set;
	}
	return best;
}

uint32_t sl_audit_way_out(const struct sl_audit *a, uint32_t atom)
{
	const struct sl_atom *from = &a->atoms->atoms[atom];
	uint32_t best = SL_AUDIT_NO_SET;

	for (uint32_t p = from->first; p < from->first + from->n; p++) {
		uint32_t set = a->atoms->places[p].set;
		if (a->sets[set].shown && sl_audit_is_new(a, set) && sl_audit_cheaper(a, set, best))
			best = set;
	}
	if (best != SL_AUDIT_NO_SET && best == row_of(a, best)) {
		uint32_t number = nearly_the_row(a, best, atom);
		return number != SL_AUDIT_NO_SET ? number : best;
	}
	if (best != SL_AUDIT_NO_SET)
		return best;
	for (uint32_t set = a->outputs[a->nearlier].first_set; set < a->nsets; set++)
		if (a->sets[set].shown && a->sets[set].units > 0 && sl_audit_cheaper(a, set, best))
			best = set;
	return best;
}
