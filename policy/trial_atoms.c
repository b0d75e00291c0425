/*
 * trial_atoms.c - see trial.h: who is in which sets, where some of the sets are not there. Units that differed in those
 * alone become one kind, as the engine would have made them. What has changed of an earlier version stays what it was
 * beside all that was asked for.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/trial.h"

struct place {
	uint32_t set, changed; /* columns */
};

/* Places of one group; groups of one atom. Both lie behind each other in the arrays of `fewer`. */
struct group {
	const struct place *places;
	uint32_t n;
};

struct kind {
	const struct group *groups;
	uint32_t n;
	uint64_t units;
};

struct fewer {
	const struct sl_atoms *of;
	const uint32_t *to;
	struct place *places;
	struct group *groups;
	struct kind *kinds;
	uint32_t nplaces, ngroups, nkinds, change; /* change: the next of of->changes */
};

static int order_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->set > y->set) - (x->set < y->set);
}

static int order_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int by = 0;

	for (uint32_t i = 0; i < x->n && i < y->n && by == 0; i++) {
		by = order_places(&x->places[i], &y->places[i]);
		if (by == 0)
			by = (x->places[i].changed > y->places[i].changed) - (x->places[i].changed < y->places[i].changed);
	}
	return by != 0 ? by : (x->n > y->n) - (x->n < y->n);
}

static int order_kinds(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;
	int by = 0;

	for (uint32_t i = 0; i < x->n && i < y->n && by == 0; i++)
		by = order_groups(&x->groups[i], &y->groups[i]);
	return by != 0 ? by : (x->n > y->n) - (x->n < y->n);
}

static uint32_t changed_at(struct fewer *f, uint32_t place)
{
	const struct sl_atoms *of = f->of;

	while (f->change < of->nchanges && of->changes[f->change].place < place)
		f->change++;
	return f->change < of->nchanges && of->changes[f->change].place == place ? of->changes[f->change].columns : 0;
}

/* The groups of an atom that still are in a set; what is left of two that are then alike is one. */
static void take_atom(struct fewer *f, const struct sl_atom *atom)
{
	struct group *first = &f->groups[f->ngroups];
	uint32_t n = 0, same = 0, end = atom->first + atom->n;

	for (uint32_t at = atom->first; at < end;) {
		struct group g = { &f->places[f->nplaces], 0 };
		uint32_t number = f->of->places[at].group;
		for (; at < end && f->of->places[at].group == number; at++) {
			uint32_t set = f->to[f->of->places[at].set], changed = changed_at(f, at);
			if (set != SL_TRIAL_NO_SET)
				f->places[f->nplaces + g.n++] = (struct place){ set, changed };
		}
		if (g.n == 0)
			continue;
		qsort(&f->places[f->nplaces], g.n, sizeof *f->places, order_places);
		f->nplaces += g.n;
		first[n++] = g;
	}
	if (n == 0)
		return;
	qsort(first, n, sizeof *first, order_groups);
	for (uint32_t i = 1; i < n; i++)
		if (order_groups(&first[same], &first[i]) != 0)
			first[++same] = first[i];
	f->kinds[f->nkinds++] = (struct kind){ first, same + 1, atom->units };
	f->ngroups += same + 1;
}

static bool allocate(struct fewer *f, struct sl_atoms *out, uint32_t noutputs)
{
	size_t places = (size_t)f->of->nplaces + 1;

	f->places = malloc(places * sizeof *f->places);
	f->groups = malloc(places * sizeof *f->groups);
	f->kinds = malloc(((size_t)f->of->natoms + 1) * sizeof *f->kinds);
	out->outputs = calloc((size_t)noutputs + 1, sizeof *out->outputs);
	out->atoms = calloc((size_t)f->of->natoms + 1, sizeof *out->atoms);
	out->places = calloc(places, sizeof *out->places);
	out->changes = calloc((size_t)f->of->nchanges + 1, sizeof *out->changes);
	return f->places != NULL && f->groups != NULL && f->kinds != NULL && out->outputs != NULL && out->atoms != NULL &&
	       out->places != NULL && out->changes != NULL;
}

static void put_kind(const struct kind *k, struct sl_atoms *out)
{
	struct sl_atom *atom = &out->atoms[out->natoms++];

	*atom = (struct sl_atom){ .units = k->units, .first = out->nplaces };
	for (uint32_t g = 0; g < k->n; g++)
		for (uint32_t i = 0; i < k->groups[g].n; i++) {
			const struct place *p = &k->groups[g].places[i];
			if (p->changed != 0)
				out->changes[out->nchanges++] = (struct sl_atom_change){ out->nplaces, p->changed };
			out->places[out->nplaces++] = (struct sl_atom_place){ p->set, g };
		}
	atom->n = out->nplaces - atom->first;
}

enum sl_rc sl_trial_atoms(const struct sl_atoms *of, const uint32_t *to, const struct sl_atoms_output *outputs,
                          uint32_t noutputs, struct sl_atoms *out, struct sl_err *err)
{
	struct fewer f = { .of = of, .to = to };
	enum sl_rc rc = SL_OK;

	*out = (struct sl_atoms){ 0 };
	if (!allocate(&f, out, noutputs))
		rc = sl_err_set(err, SL_E_NOMEM, "no memory for units by fewer sets");
	for (uint32_t i = 0; i < noutputs && rc == SL_OK; i++)
		out->outputs[out->noutputs++] = outputs[i];
	for (uint32_t i = 0; i < of->natoms && rc == SL_OK; i++)
		take_atom(&f, &of->atoms[i]);
	if (rc == SL_OK)
		qsort(f.kinds, f.nkinds, sizeof *f.kinds, order_kinds);
	for (uint32_t i = 0; i < f.nkinds && rc == SL_OK; i++) {
		if (i > 0 && order_kinds(&f.kinds[i - 1], &f.kinds[i]) == 0)
			out->atoms[out->natoms - 1].units += f.kinds[i].units;
		else
			put_kind(&f.kinds[i], out);
	}
	free(f.places);
	free(f.groups);
	free(f.kinds);
	return rc;
}
