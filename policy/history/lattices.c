/*
 * lattices.c - see audit.h: cells of one family and cells of another that hold the same units.
 *
 * Two families are joined wherever a unit is in a set of each. Sets that hang together so and have no unit that only
 * one family knows are a lattice: both sides add up to the same, as long as no unit is in two sets of a side.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"

/* One new family against another: nodes are the other's sets, then the new one's. */
struct lattice {
	struct sl_audit *a;
	const struct sl_audit_family *side[2]; /* 0: the other, 1: the request's */
	uint32_t *parent;
	bool *open;                            /* per root: units or sums that only one side knows */
	uint32_t nnodes;
};

/* What hangs together, by side. */
struct side_sum {
	uint64_t hidden_units;
	uint32_t nhidden, cheapest;            /* cheapest: shown */
};

static uint32_t root(struct lattice *l, uint32_t node)
{
	while (l->parent[node] != node) {
		l->parent[node] = l->parent[l->parent[node]];
		node = l->parent[node];
	}
	return node;
}

static void join(struct lattice *l, uint32_t x, uint32_t y)
{
	uint32_t rx = root(l, x), ry = root(l, y);

	l->open[rx] = l->open[rx] || l->open[ry];
	l->parent[ry] = rx;
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
		if ((places[lo].set - f->first_set) % f->stride != 0)
			continue;
		*node = (places[lo].set - f->first_set) / f->stride + (side ? l->side[0]->nsets : 0);
		found++;
	}
	return found;
}

/* Rows, or units, that are in one set of each side belong together; what one side knows alone, or twice, is open. */
static void connect_one(struct lattice *l, uint32_t n0, uint32_t node0, uint32_t n1, uint32_t node1)
{
	if (n0 > 0 && n1 > 0)
		join(l, node0, node1);
	if (n0 != 1 && n1 > 0)
		l->open[root(l, node1)] = true;
	if (n1 != 1 && n0 > 0)
		l->open[root(l, node0)] = true;
}

/* Of one table both sides see the same rows: group by group. */
static void connect_rows(struct lattice *l, const struct sl_atom *atom)
{
	const struct sl_atom_place *places = &l->a->atoms->places[atom->first];

	for (uint32_t first = 0, n; first < atom->n; first += n) {
		uint32_t node[2] = { 0, 0 };
		n = l->a->groups_max == 1 ? atom->n : 1;
		while (first + n < atom->n && places[first + n].group == places[first].group)
			n++;
		uint32_t n0 = find_side(l, places + first, n, 0, &node[0]), n1 = find_side(l, places + first, n, 1, &node[1]);
		connect_one(l, n0, node[0], n1, node[1]);
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
			node[side] = found > 0 ? other : node[side];
		}
	}
	connect_one(l, n[0], node[0], n[1], node[1]);
}

static void connect(struct lattice *l)
{
	const struct sl_atoms *atoms = l->a->atoms;
	bool same = atoms->outputs[l->side[0]->output].rows_of == atoms->outputs[l->side[1]->output].rows_of;

	for (uint32_t n = 0; n < l->nnodes; n++) {
		l->parent[n] = n;
		l->open[n] = false;
	}
	for (uint32_t i = 0; i < atoms->natoms; i++) {
		if (same)
			connect_rows(l, &atoms->atoms[i]);
		else
			connect_units(l, &atoms->atoms[i]);
	}
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

static void sum_up(struct lattice *l, uint32_t lattice, struct side_sum sums[2], struct sl_audit_set *common,
                   struct sl_predicate_part *parts)
{
	const struct sl_audit *a = l->a;
	bool first = true;

	for (uint32_t n = 0; n < l->nnodes; n++) {
		const struct sl_audit_set *s = &a->sets[set_of(l, n)];
		struct side_sum *sum = &sums[n >= l->side[0]->nsets];
		if (s->units == 0 || root(l, n) != lattice)
			continue;
		note_common(s, parts, &common->nparts, first);
		first = false;
		if (!s->shown) {
			sum->hidden_units += s->units;
			sum->nhidden++;
		} else if (sl_audit_cheaper(a, set_of(l, n), sum->cheapest)) {
			sum->cheapest = set_of(l, n);
		}
	}
	/* A measure of nobody is no unknown. */
	for (uint32_t n = 0; n < l->nnodes && !a->of_measure; n++) {
		const struct sl_audit_set *s = &a->sets[set_of(l, n)];
		if (s->units == 0 && !s->shown && sl_audit_within(s, common))
			sums[n >= l->side[0]->nsets].nhidden++;
	}
}

static bool is_violation(const struct lattice *l, const struct side_sum sums[2])
{
	const struct side_sum *hidden = sums[0].nhidden > 0 ? &sums[0] : &sums[1];

	if ((sums[0].nhidden > 0) == (sums[1].nhidden > 0))
		return false; /* nothing is hidden, or one unknown stands against another */
	return l->a->of_measure ? hidden->nhidden == 1 : hidden->hidden_units < l->a->threshold;
}

static enum sl_rc judge(struct lattice *l, uint32_t lattice, struct sl_err *err)
{
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	struct sl_audit_set common = { .parts = parts };
	struct side_sum sums[2] = { { 0, 0, SL_AUDIT_NO_SET }, { 0, 0, SL_AUDIT_NO_SET } };

	sum_up(l, lattice, sums, &common, parts);
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
	struct sl_audit_hit hit = { set, beside, sums[hidden].hidden_units };
	return set == SL_AUDIT_NO_SET ? SL_OK : sl_audit_hide(l->a, &hit, err);
}

static enum sl_rc compare(struct lattice *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	l->nnodes = l->side[0]->nsets + l->side[1]->nsets;
	connect(l);
	for (uint32_t n = 0; n < l->nnodes && rc == SL_OK; n++)
		if (root(l, n) == n && !l->open[n] && l->a->sets[set_of(l, n)].units > 0)
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

enum sl_rc sl_audit_lattices(struct sl_audit *a, struct sl_err *err)
{
	struct lattice l = { .a = a, .parent = calloc((size_t)a->nsets + 1, sizeof *l.parent),
		             .open = calloc((size_t)a->nsets + 1, sizeof *l.open) };
	enum sl_rc rc = SL_OK;

	if (l.parent == NULL || l.open == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to compare %u sets", a->nsets);
	for (uint32_t g = 0; g < a->nfamilies && rc == SL_OK; g++) {
		l.side[1] = &a->families[g];
		if (l.side[1]->output < a->nearlier)
			continue;
		for (uint32_t f = 0; f < a->nfamilies && rc == SL_OK; f++) {
			l.side[0] = &a->families[f];
			if (l.side[0]->output >= l.side[1]->output || !sl_audit_together(a, l.side[0]->output, l.side[1]->output) ||
			    (!has_hidden(a, l.side[0]) && !has_hidden(a, l.side[1])))
				continue;
			rc = compare(&l, err);
		}
	}
	free(l.parent);
	free(l.open);
	return rc;
}
