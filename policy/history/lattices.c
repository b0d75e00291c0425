/*
 * lattices.c - see audit.h: cells of one family and cells of another that hold the same units, or all but a few.
 *
 * Two families are joined wherever a unit is in a set of each. Sets that hang together so and have no unit that only
 * one family knows are a lattice: both sides add up to the same, as long as no unit is in two sets of a side. Of shown
 * sets alone: where one side knows of units that the other does not, and the other of none, these are told by what is
 * left of all its sets.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"

/* One new family against another: nodes are the other's sets, then the new one's. */
struct lattice {
	struct sl_audit *a;
	const struct sl_audit_family *side[2]; /* 0: the other, 1: the request's */
	uint32_t *parent;
	struct hanging {
		uint64_t alone[2];                 /* units that one side alone knows */
		bool twice;                        /* one is in two sets of a side */
		bool judged;
		uint32_t nodes;                    /* sets that are asked about */
	} *of;                                 /* per root */
	uint32_t nnodes, nopen;                /* nopen: sets of which the answer may still be yes */
	bool only_shown;                       /* hidden sets are as if they were not */
	uint32_t *seen, time;                  /* per atom: the last time it was looked at; now */
	uint32_t *cell_of[2];                  /* per atom: its set of a side, by place; NO_CELL, SEVERAL_CELLS */
	/* of which family those of the request's side are, and of which of its sets: who is hidden has a hit */
	const struct sl_audit_family *marked;
	bool marked_shown;
	uint32_t marked_hits;
	bool *grouped;                         /* per atom: it has several groups */
};
#define NO_CELL UINT32_MAX
#define SEVERAL_CELLS (UINT32_MAX - 1)

/* What hangs together, by side. */
struct side_sum {
	uint64_t hidden_units;
	uint32_t nhidden, cheapest;            /* cheapest: shown */
	bool primary;                          /* one is hidden for how many it counts */
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	uint32_t nparts, nsets;                /* conditions that all of its sets have; those that somebody is in */
};

static uint32_t root(struct lattice *l, uint32_t node)
{
	while (l->parent[node] != node) {
		l->parent[node] = l->parent[l->parent[node]];
		node = l->parent[node];
	}
	return node;
}

/* What more units cannot change any more: nothing is told of it. */
static bool is_settled(const struct lattice *l, const struct hanging *h)
{
	if (l->only_shown)
		return h->twice || (h->alone[0] > 0 && h->alone[1] > 0) || h->alone[0] + h->alone[1] >= l->a->threshold;
	return h->twice || h->alone[0] > 0 || h->alone[1] > 0;
}

static void join(struct lattice *l, uint32_t x, uint32_t y)
{
	uint32_t rx = root(l, x), ry = root(l, y);
	struct hanging *hx = &l->of[rx], *hy = &l->of[ry];

	if (rx == ry)
		return;
	uint32_t open = (is_settled(l, hx) ? 0 : hx->nodes) + (is_settled(l, hy) ? 0 : hy->nodes);
	hx->twice = hx->twice || hy->twice;
	for (int side = 0; side < 2; side++)
		hx->alone[side] += hy->alone[side];
	hx->nodes += hy->nodes;
	l->parent[ry] = rx;
	l->nopen -= is_settled(l, hx) ? open : 0;
}

/* A node's units that one side alone knows, or knows twice. */
static void note(struct lattice *l, uint32_t node, int side, uint64_t alone, bool twice)
{
	struct hanging *h = &l->of[root(l, node)];
	bool settled = is_settled(l, h);

	h->alone[side] += alone;
	h->twice = h->twice || twice;
	l->nopen -= !settled && is_settled(l, h) ? h->nodes : 0;
}

static uint32_t set_of(const struct lattice *l, uint32_t node)
{
	int side = node >= l->side[0]->nsets;
	uint32_t k = side ? node - l->side[0]->nsets : node;

	return l->side[side]->first_set + k * l->side[side]->stride;
}

/* Sets of one side among some places that rise: the node of one of them in *node; how many there are. */
static uint32_t find_side(const struct lattice *l, const struct sl_atom_place *places, uint32_t n, int side,
                          uint32_t *node)
{
	const struct sl_audit_family *f = l->side[side];
	uint32_t lo = 0, hi = n, found = 0, end = f->first_set + f->nsets * f->stride;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (places[mid].set < f->first_set)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < n && places[lo].set < end; lo++) {
		if ((places[lo].set - f->first_set) % f->stride != 0 || (l->only_shown && !l->a->sets[places[lo].set].shown))
			continue;
		*node = (places[lo].set - f->first_set) / f->stride + (side ? l->side[0]->nsets : 0);
		found++;
	}
	return found;
}

/* Rows, or units, that are in one set of each side belong together; what one side knows alone, or twice, is open. */
static void connect_one(struct lattice *l, uint64_t units, const uint32_t n[static 2], const uint32_t node[static 2])
{
	if (n[0] > 0 && n[1] > 0)
		join(l, node[0], node[1]);
	for (int side = 0; side < 2; side++)
		if (n[side] > 0 && n[!side] != 1)
			note(l, node[side], side, n[!side] == 0 ? units : 0, n[!side] > 1);
}

/* Of one table both sides see the same rows: group by group. */
static void connect_rows(struct lattice *l, const struct sl_atom *atom)
{
	const struct sl_atom_place *places = &l->a->atoms->places[atom->first];

	for (uint32_t first = 0, k; first < atom->n; first += k) {
		uint32_t n[2], node[2] = { 0, 0 };
		k = l->a->groups_max == 1 ? atom->n : 1;
		while (first + k < atom->n && places[first + k].group == places[first].group)
			k++;
		for (int side = 0; side < 2; side++)
			n[side] = find_side(l, places + first, k, side, &node[side]);
		connect_one(l, atom->units, n, node);
	}
}

/* Of two tables they see the same units: a set counts once, however many rows it has. */
static void connect_units(struct lattice *l, const struct sl_atom *atom)
{
	const struct sl_atom_place *places = &l->a->atoms->places[atom->first];
	uint32_t n[2] = { 0, 0 }, node[2] = { 0, 0 };

	for (uint32_t first = 0, k; first < atom->n; first += k) {
		for (k = 1; first + k < atom->n && places[first + k].group == places[first].group; k++)
			;
		for (int side = 0; side < 2; side++) {
			uint32_t other = 0, found = find_side(l, places + first, k, side, &other);
			n[side] += found > 1 || (found == 1 && (n[side] == 0 || node[side] != other)) ? found : 0;
			if (n[side] > 1 && found > 0) {
				note(l, node[side], side, 0, true);
				note(l, other, side, 0, true);
			}
			node[side] = found > 0 ? other : node[side];
		}
	}
	connect_one(l, atom->units, n, node);
}

static bool is_open(struct lattice *l, uint32_t node)
{
	return !is_settled(l, &l->of[root(l, node)]);
}

/*
 * What each atom has of a side, from the sets' lists of atoms: a walk through arrays of one number an atom, where
 * looking for a side's sets among all of an atom's places would be a walk through memory.
 */
static void mark_side(struct lattice *l, int side)
{
	const struct sl_audit *a = l->a;

	memset(l->cell_of[side], 0xFF, a->atoms->natoms * sizeof *l->cell_of[side]);
	for (uint32_t k = 0; k < l->side[side]->nsets; k++) {
		uint32_t set = l->side[side]->first_set + k * l->side[side]->stride;
		if (l->only_shown && !a->sets[set].shown)
			continue;
		for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++) {
			uint32_t *at = &l->cell_of[side][a->atom_of[i]];
			*at = *at == NO_CELL ? k : SEVERAL_CELLS;
		}
	}
}

/* One family of the request meets all others: of its side mostly nothing has changed since. */
static void mark_sides(struct lattice *l)
{
	mark_side(l, 0);
	if (l->marked == l->side[1] && l->marked_shown == l->only_shown && l->marked_hits == l->a->nhits)
		return;
	mark_side(l, 1);
	l->marked = l->side[1];
	l->marked_shown = l->only_shown;
	l->marked_hits = l->a->nhits;
}

/* Most atoms are in one set of a side or in none: then the sets say it all, if not who has which rows of a unit. */
static void connect_atom(struct lattice *l, uint32_t atom, bool same)
{
	const struct sl_atom *of = &l->a->atoms->atoms[atom];
	const uint32_t cell[2] = { l->cell_of[0][atom], l->cell_of[1][atom] };

	if (cell[0] != SEVERAL_CELLS && cell[1] != SEVERAL_CELLS && !(same && l->grouped[atom]))
		connect_one(l, of->units, (const uint32_t[2]){ cell[0] != NO_CELL, cell[1] != NO_CELL },
		            (const uint32_t[2]){ cell[0], cell[1] + l->side[0]->nsets });
	else if (same)
		connect_rows(l, of);
	else
		connect_units(l, of);
}

static void connect_unseen(struct lattice *l, uint32_t atom, bool same)
{
	if (l->seen[atom] == l->time)
		return;
	l->seen[atom] = l->time;
	connect_atom(l, atom, same);
}

/* Atoms of a set that were not looked at, `most` of them, until nothing is told of it any more. */
static void connect_set(struct lattice *l, uint32_t node, uint32_t most, bool same)
{
	const struct sl_audit *a = l->a;
	uint32_t set = set_of(l, node), first = a->first_atom[set], n = a->first_atom[set + 1] - first;

	for (uint32_t i = 0; i < n && i < most && is_open(l, node); i++)
		connect_unseen(l, a->atom_of[first + i], same);
}

static bool is_asked(const struct lattice *l, uint32_t node)
{
	const struct sl_audit_set *s = &l->a->sets[set_of(l, node)];

	return s->units > 0 && (s->shown || !l->only_shown);
}

static void connect_sets(struct lattice *l, uint32_t most, bool same)
{
	l->nopen = 0;
	l->time++;
	for (uint32_t n = 0; n < l->nnodes; n++) {
		l->parent[n] = n;
		l->of[n] = (struct hanging){ .nodes = is_asked(l, n) };
		l->nopen += l->of[n].nodes;
	}
	for (uint32_t n = 0; n < l->nnodes && l->nopen > 0; n++)
		if (is_asked(l, n))
			connect_set(l, n, most, same);
}

/* All sets of which something may be told hang together. */
static bool is_one(struct lattice *l)
{
	uint32_t one = UINT32_MAX;

	for (uint32_t n = 0; n < l->nnodes; n++) {
		if (!is_asked(l, n) || !is_open(l, n))
			continue;
		if (one != UINT32_MAX && root(l, n) != one)
			return false;
		one = root(l, n);
	}
	return true;
}

/*
 * What is settled stays so, whoever else hangs on it; of all other sets every atom is looked at, once. A few atoms of
 * each mostly settle all, or tie all into one: then the others may come in any order, and come in that of memory.
 */
#define FEW_ATOMS 16u
static void connect(struct lattice *l)
{
	const struct sl_atoms *atoms = l->a->atoms;
	bool same = atoms->outputs[l->side[0]->output].rows_of == atoms->outputs[l->side[1]->output].rows_of;

	mark_sides(l);
	if (atoms->natoms / FEW_ATOMS > l->nnodes) {
		connect_sets(l, FEW_ATOMS, same);
		if (is_one(l)) {
			for (uint32_t i = 0; i < atoms->natoms && l->nopen > 0; i++)
				connect_unseen(l, i, same);
			return;
		}
	}
	connect_sets(l, UINT32_MAX, same);
}

/* The conditions that all sets of a lattice have: what the empty sets that belong to it have, too. */
static void note_common(const struct sl_audit_set *set, struct sl_predicate_part *common, uint32_t *n, bool first)
{
	uint32_t kept = 0;

	if (first) {
		memcpy(common, set->parts, set->nparts * sizeof *common);
		*n = set->nparts;
		return;
	}
	for (uint32_t i = 0, j = 0; i < *n && j < set->nparts;) {
		if (common[i].hash == set->parts[j].hash)
			common[kept++] = common[i++];
		else if (common[i].hash < set->parts[j].hash)
			i++;
		else
			j++;
	}
	*n = kept;
}

static void sum_up(struct lattice *l, uint32_t lattice, struct side_sum sums[2])
{
	const struct sl_audit *a = l->a;

	for (uint32_t n = 0; n < l->nnodes; n++) {
		const struct sl_audit_set *s = &a->sets[set_of(l, n)];
		struct side_sum *sum = &sums[n >= l->side[0]->nsets];
		if (s->units == 0 || root(l, n) != lattice)
			continue;
		note_common(s, sum->parts, &sum->nparts, sum->nsets++ == 0);
		if (!s->shown) {
			sum->hidden_units += s->units;
			sum->nhidden++;
			sum->primary = sum->primary || s->primary;
		} else if (sl_audit_cheaper(a, set_of(l, n), sum->cheapest)) {
			sum->cheapest = set_of(l, n);
		}
	}
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	struct sl_audit_set common = { .parts = parts }, other = { .parts = sums[1].parts, .nparts = sums[1].nparts };
	note_common(&(struct sl_audit_set){ .parts = sums[0].parts, .nparts = sums[0].nparts }, parts, &common.nparts, true);
	note_common(&other, parts, &common.nparts, false);
	bool others[2]; /* empty groups of this side have other values than those that the other one lists */
	for (int i = 0; i < 2; i++) {
		struct sl_audit_set asks = { .parts = sums[!i].parts, .nparts = sums[!i].nparts };
		others[i] = sl_audit_is_listed(a, l->side[!i]->output, &asks, l->side[i], &common);
	}
	/* A measure of nobody is no unknown. */
	for (uint32_t n = 0; n < l->nnodes && !a->of_measure; n++) {
		const struct sl_audit_set *s = &a->sets[set_of(l, n)];
		int side = n >= l->side[0]->nsets;
		if (s->units == 0 && !s->shown && !others[side] && sl_audit_within(s, &common))
			sums[side].nhidden++;
	}
}

/* By their conditions both sides are of the same units, whoever there is. */
static bool is_same_by_conditions(const struct side_sum sums[2])
{
	struct sl_audit_set sides[2];

	for (int i = 0; i < 2; i++)
		sides[i] = (struct sl_audit_set){ .parts = sums[i].parts, .nparts = sums[i].nparts };
	return sl_audit_same(&sides[0], &sides[1]);
}

/* One cell in two versions of a table: what the one hides is not the number that the other tells. */
static bool is_another_version(const struct lattice *l, const struct side_sum sums[2])
{
	return sums[0].nsets == 1 && sums[1].nsets == 1 && is_same_by_conditions(sums) &&
	       sl_audit_is_renewed(l->a, l->side[0]->output, l->side[1]->output);
}

static bool is_violation(const struct lattice *l, const struct side_sum sums[2])
{
	const struct side_sum *hidden = sums[0].nhidden > 0 ? &sums[0] : &sums[1];

	if ((sums[0].nhidden > 0) == (sums[1].nhidden > 0))
		return false; /* nothing is hidden, or one unknown stands against another */
	if (l->a->of_measure)
		return hidden->nhidden == 1 && !is_another_version(l, sums);
	return hidden->hidden_units < l->a->threshold ||
	       (hidden->nhidden == 1 && hidden->primary && is_same_by_conditions(sums));
}

static enum sl_rc judge(struct lattice *l, uint32_t lattice, struct sl_err *err)
{
	struct side_sum sums[2];

	for (int i = 0; i < 2; i++)
		sums[i] = (struct side_sum){ .cheapest = SL_AUDIT_NO_SET };
	sum_up(l, lattice, sums);
	if (!is_violation(l, sums))
		return SL_OK;
	int hidden = sums[1].nhidden > 0;
	bool other_is_new = l->side[0]->output >= l->a->nearlier;
	/* One more on the side where something is hidden; else one on the other, so that both have an unknown. */
	uint32_t set = hidden == 1 || other_is_new ? sums[hidden].cheapest : SL_AUDIT_NO_SET;
	if (set == SL_AUDIT_NO_SET && (hidden == 0 || other_is_new))
		set = sums[!hidden].cheapest;
	uint32_t beside = sums[0].cheapest != SL_AUDIT_NO_SET && sums[0].cheapest != set ? sums[0].cheapest
	                                                                                   : l->side[0]->first_set;
	struct sl_audit_hit hit = { .set = set, .other = beside, .units = sums[hidden].hidden_units };
	return set == SL_AUDIT_NO_SET ? SL_OK : sl_audit_hide(l->a, &hit, err);
}

/* Shown sets that hang together. */
struct hung {
	struct sl_audit_hit hit;               /* set: the cheapest of the request's; other: another one */
	struct sl_predicate_part parts[2][SL_PREDICATE_PARTS_MAX];
	uint32_t nparts[2];                    /* conditions that all of a side have */
	uint32_t nsets[2];
};

static void find_hung(struct lattice *l, uint32_t hanging, struct hung *out)
{
	const struct sl_audit *a = l->a;

	*out = (struct hung){ .hit = { .set = SL_AUDIT_NO_SET, .other = SL_AUDIT_NO_SET } };
	for (uint32_t n = 0; n < l->nnodes; n++) {
		uint32_t set = set_of(l, n), was = out->hit.set;
		int side = n >= l->side[0]->nsets;
		if (!a->sets[set].shown || a->sets[set].units == 0 || root(l, n) != hanging)
			continue;
		note_common(&a->sets[set], out->parts[side], &out->nparts[side], out->nsets[side]++ == 0);
		if (sl_audit_is_new(a, set) && sl_audit_cheaper(a, set, was)) {
			out->hit.set = set;
			out->hit.other = was != SL_AUDIT_NO_SET ? was : out->hit.other;
		} else {
			out->hit.other = set;
		}
	}
}

/* One side asks for what the other does, and more: that nobody fails it would be told, if its list does not say so. */
static bool asks_for_more(const struct lattice *l, const struct hung *h)
{
	struct sl_audit_set side[2];

	for (int i = 0; i < 2; i++)
		side[i] = (struct sl_audit_set){ .parts = (struct sl_predicate_part *)h->parts[i], .nparts = h->nparts[i] };
	int more = side[1].nparts > side[0].nparts;
	return side[0].nparts != side[1].nparts && sl_audit_within(&side[more], &side[!more]) &&
	       !sl_audit_is_listed(l->a, l->side[more]->output, &side[more], l->side[!more], &side[!more]);
}

/* Both sides hold the same units, one row of each: how many a new version tells something else of. */
static bool is_renewed(struct lattice *l, uint32_t hanging, uint64_t *units)
{
	const struct sl_audit *a = l->a;
	uint64_t counts[SL_PRINTS_MAX] = { 0 };

	if (!sl_audit_is_renewed(a, l->side[0]->output, l->side[1]->output) || a->rows_of[l->side[0]->first_set] != 0 ||
	    a->rows_of[l->side[1]->first_set] != 0)
		return false;
	for (uint32_t n = 0; n < l->side[0]->nsets; n++)
		if (a->sets[set_of(l, n)].shown && a->sets[set_of(l, n)].units > 0 && root(l, n) == hanging)
			sl_audit_count_renewed(a, set_of(l, n), counts);
	*units = sl_audit_renewed(a, l->side[0], l->side[1], counts);
	return *units < a->threshold;
}

static enum sl_rc judge_rest(struct lattice *l, uint32_t hanging, struct sl_err *err)
{
	uint64_t left = l->of[hanging].alone[0] + l->of[hanging].alone[1];
	struct hung h;

	if (is_settled(l, &l->of[hanging]))
		return SL_OK;
	find_hung(l, hanging, &h);
	if (h.nsets[0] == 0 || h.nsets[1] == 0 || (left == 0 && !asks_for_more(l, &h) && !is_renewed(l, hanging, &left)))
		return SL_OK;
	h.hit.units = left;
	return sl_audit_hide(l->a, &h.hit, err);
}

/* By what is shown: one side may know a few units more than the other, and nothing else. */
static enum sl_rc compare_shown(struct lattice *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	l->nnodes = l->side[0]->nsets + l->side[1]->nsets;
	l->only_shown = true;
	connect(l);
	for (uint32_t n = l->side[0]->nsets; n < l->nnodes && l->nopen > 0 && rc == SL_OK; n++)
		if (l->a->sets[set_of(l, n)].units > 0 && !l->of[root(l, n)].judged) {
			l->of[root(l, n)].judged = true;
			rc = judge_rest(l, root(l, n), err);
		}
	l->only_shown = false;
	return rc;
}

static enum sl_rc compare(struct lattice *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	l->nnodes = l->side[0]->nsets + l->side[1]->nsets;
	connect(l);
	for (uint32_t n = 0; n < l->nnodes && l->nopen > 0 && rc == SL_OK; n++)
		if (root(l, n) == n && !is_settled(l, &l->of[n]) && l->a->sets[set_of(l, n)].units > 0)
			rc = judge(l, n, err);
	return rc;
}

static bool has_hidden(const struct sl_audit *a, const struct sl_audit_family *f)
{
	for (uint32_t k = 0; k < f->nsets; k++)
		if (!a->sets[f->first_set + k * f->stride].shown)
			return true;
	return false;
}

static enum sl_rc lattice_init(struct lattice *l, struct sl_audit *a, struct sl_err *err)
{
	const struct sl_atoms *atoms = a->atoms;
	size_t natoms = (size_t)atoms->natoms + 1;

	*l = (struct lattice){ .a = a, .parent = calloc((size_t)a->nsets + 1, sizeof *l->parent),
		               .of = calloc((size_t)a->nsets + 1, sizeof *l->of), .seen = calloc(natoms, sizeof *l->seen),
		               .cell_of = { calloc(natoms, sizeof **l->cell_of), calloc(natoms, sizeof **l->cell_of) },
		               .grouped = calloc(natoms, sizeof *l->grouped) };
	if (l->parent == NULL || l->of == NULL || l->seen == NULL || l->cell_of[0] == NULL || l->cell_of[1] == NULL ||
	    l->grouped == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	for (uint32_t i = 0; i < atoms->natoms && a->groups_max > 1; i++)
		l->grouped[i] = atoms->atoms[i].n > 0 && atoms->places[atoms->atoms[i].first + atoms->atoms[i].n - 1].group > 0;
	return SL_OK;
}

static void lattice_fini(struct lattice *l)
{
	free(l->parent);
	free(l->of);
	free(l->seen);
	free(l->cell_of[0]);
	free(l->cell_of[1]);
	free(l->grouped);
}

enum sl_rc sl_audit_lattices(struct sl_audit *a, struct sl_err *err)
{
	struct lattice l;
	enum sl_rc rc = lattice_init(&l, a, err);

	for (uint32_t g = 0; g < a->nfamilies && rc == SL_OK; g++) {
		l.side[1] = &a->families[g];
		if (l.side[1]->output < a->nearlier || !sl_audit_is_asked(a, l.side[1]->first_set))
			continue;
		for (uint32_t f = 0; f < a->nfamilies && rc == SL_OK; f++) {
			l.side[0] = &a->families[f];
			if (l.side[0]->output >= l.side[1]->output || !sl_audit_is_asked(a, l.side[0]->first_set) ||
			    !sl_audit_together(a, l.side[0]->output, l.side[1]->output))
				continue;
			if (!a->of_measure)
				rc = compare_shown(&l, err);
			if (rc == SL_OK && (has_hidden(a, l.side[0]) || has_hidden(a, l.side[1])))
				rc = compare(&l, err);
		}
	}
	lattice_fini(&l);
	return rc;
}
