/* attacker.c - see attacker.h. */
#include "tests/agreement/attacker.h"

#include <string.h>

#define FAR 10000000

static const struct sl_column *base_column(const struct attack *a, const struct clinic_key *b)
{
	return &a->clinic->tables[b->table].columns[b->column];
}

/* What it is grouped by: the base, or what the wards' table says of it. */
static const struct sl_column *column_of(const struct attack *a, const struct clinic_key *k)
{
	return k->lookup > 0 ? &a->clinic->ward[k->lookup - 1] : base_column(a, k);
}

/* The base's value in an atom; its last one is missing, if it may be. */
static bool value_in(const struct attack *a, uint32_t atom, uint8_t table, uint8_t column, int64_t *value)
{
	for (uint32_t b = 0; b < a->nbases; b++) {
		uint32_t v = atom % a->sizes[b];
		const struct clinic_key *base = &a->bases[b];
		atom /= a->sizes[b];
		if (base->table != table || base->column != column)
			continue;
		*value = v;
		return !(base_column(a, base)->nullable && v == a->sizes[b] - 1);
	}
	return false;
}

static void add_base(struct attack *a, uint8_t table, uint8_t column)
{
	const struct clinic_key base = { table, column, false, 0 };
	const struct sl_column *c = base_column(a, &base);

	for (uint32_t b = 0; b < a->nbases; b++)
		if (a->bases[b].table == table && a->bases[b].column == column)
			return;
	a->bases[a->nbases] = base;
	a->sizes[a->nbases] = (c->nlabels > 0 ? c->nlabels : 2) + c->nullable;
	a->natoms *= a->sizes[a->nbases++];
}

static bool is_asked_for(const struct attack *a, uint32_t atom)
{
	int64_t flag = 0, age = 0;
	bool has_age = value_in(a, atom, CLINIC_VISITS, VISIT_AGE, &age);

	if (!a->clinic->ask.where_key && !a->clinic->ask.where_two)
		return true;
	(void)value_in(a, atom, CLINIC_VISITS, VISIT_FLAG, &flag);
	return flag == 1 || (a->clinic->ask.where_two && has_age && age < 2);
}

bool attack_begin(struct attack *a, const struct clinic *c, const struct sl_publication *pub)
{
	*a = (struct attack){ .clinic = c, .pub = pub, .natoms = 1 };
	for (uint32_t i = 0; i < c->setup.nplans; i++) {
		for (uint32_t k = 0; k < c->plans[i].nkeys; k++)
			add_base(a, c->parts[i].what[k].table, c->parts[i].what[k].column);
		for (uint32_t n = 0; n < c->results[i].nevidence; n++) {
			const struct sl_evidence *e = &c->results[i].evidence[n];
			a->falls |= e->negatives > 0;
			a->rises |= e->contributors > e->negatives + e->zeros;
		}
	}
	a->falls |= !c->ask.income && !c->ask.beds && c->ask.fold != SL_FOLD_COUNT && c->visits[VISIT_AMOUNT].hi <= 0;
	if (c->ask.where_key || c->ask.where_two)
		add_base(a, CLINIC_VISITS, VISIT_FLAG);
	if (c->ask.where_two)
		add_base(a, CLINIC_VISITS, VISIT_AGE);
	for (uint32_t atom = 0; atom < a->natoms && a->natoms <= TABLES_CELLS; atom++)
		a->asked_for |= is_asked_for(a, atom) ? UINT64_C(1) << atom : 0;
	return a->natoms <= TABLES_CELLS;
}

/* The group of a key an atom is in. */
static uint32_t group_in(const struct attack *a, const struct clinic_key *k, uint32_t atom)
{
	int64_t v = 0;
	bool there = value_in(a, atom, k->table, k->column, &v);
	const struct sl_column *c = column_of(a, k);

	if (there && k->lookup > 0)
		v = a->clinic->told[CLINIC_ATTRIBUTES * v + k->lookup - 1].value;
	if (!there)
		return sl_column_ngroups(c, k->banded) - 1;
	for (uint32_t b = 0; k->banded && b < c->nbands; b++)
		if (v >= c->bands[b].lo && v <= c->bands[b].hi)
			return b;
	return k->banded ? c->nbands : (uint32_t)v;
}

static uint64_t atoms_of(const struct attack *a, uint32_t output, uint32_t cell)
{
	const struct clinic *c = a->clinic;
	uint64_t atoms = 0;

	for (uint32_t atom = 0; atom < a->natoms; atom++) {
		uint32_t at = 0;
		for (uint32_t k = 0; k < c->plans[output].nkeys; k++) {
			const struct clinic_key *what = &c->parts[output].what[k];
			at = at * sl_column_ngroups(column_of(a, what), what->banded) + group_in(a, what, atom);
		}
		atoms |= at == cell ? UINT64_C(1) << atom : 0;
	}
	return atoms & a->asked_for;
}

static bool is_sum(const struct attack *a)
{
	return a->clinic->ask.fn == SL_STAT_SUM || a->clinic->ask.fn == SL_STAT_MEAN;
}

static int64_t number_of(const struct attack *a, const struct sl_evidence *e)
{
	return is_sum(a) ? (int64_t)e->sum
	                 : (int64_t)(a->clinic->ask.fn == SL_STAT_UNITS ? e->cell_units : e->cell_rows);
}

bool attack_is_primary(const struct attack *a, uint32_t output, uint32_t cell)
{
	/* That nobody can be in a cell everybody knows: no ward is neither large nor small. */
	if (a->pub->outputs[output].cells[cell].shown || atoms_of(a, output, cell) == 0)
		return false;
	for (uint32_t f = 0; f < a->pub->nfindings; f++) {
		const struct sl_finding *finding = &a->pub->findings[f];
		if (finding->rule == SL_RULE_SECONDARY && finding->output == output && finding->cell == cell)
			return false;
	}
	return true;
}

static void scale_up(int64_t by, int64_t *lo, int64_t *hi)
{
	*lo = *lo == INT64_MIN ? *lo : *lo * by;
	*hi = *hi == INT64_MAX ? *hi : *hi * by;
}

/* What one row adds is at least, and at most: as the catalogue says, and the conditions. */
static void row_bounds(const struct attack *a, int64_t *lo, int64_t *hi)
{
	const struct clinic *c = a->clinic;
	const struct clinic_ask *ask = &c->ask;
	const struct sl_column *column = ask->income ? &c->people[PERSON_INCOME] : &c->visits[VISIT_AMOUNT];

	*lo = (ask->where_amount || ask->where_source) && !ask->income ? CLINIC_AMOUNT_OVER + 1 : column->lo;
	*hi = column->hi;
	if (ask->beds) {
		*lo = CLINIC_BEDS_LEAST;
		*hi = CLINIC_BEDS_MOST;
	}
	if (ask->fold == SL_FOLD_COUNT) {
		*lo = 1;
		*hi = INT64_MAX;
	}
	if (ask->having && *lo <= clinic_having(c))
		*lo = clinic_having(c) + 1;
	if (ask->constant)
		scale_up(100, lo, hi);
	if (ask->fold == SL_FOLD_MEAN)
		scale_up(100, lo, hi);
	/* A unit's total of several rows. */
	*lo = ask->fold == SL_FOLD_SUM && *lo < 0 ? INT64_MIN : *lo;
	*hi = ask->fold == SL_FOLD_SUM && *hi > 0 ? INT64_MAX : *hi;
}

/*
 * `ignorant`: the atoms of a target that nobody is in. Who does not know that does not know it either of all its parts,
 * nor of what it is a part of.
 */
static void know_cell(const struct attack *a, struct tables *t, uint32_t output, uint32_t cell, bool is_target,
                      uint64_t ignorant)
{
	const struct sl_evidence *e = &a->clinic->results[output].evidence[cell];
	uint64_t atoms = atoms_of(a, output, cell), behind = is_sum(a) ? e->contributors : e->cell_units;
	int64_t v = number_of(a, e), lo = -TABLES_ANY, hi = TABLES_ANY;

	if (is_target)
		return;
	uint64_t within = atoms & ignorant;
	bool part = ignorant != 0 && (within == atoms || within == ignorant);
	if (a->pub->outputs[output].cells[cell].shown || behind == 1 || (behind == 0 && !part)) {
		tables_add(t, atoms, v, v);
		return;
	}
	if (!is_sum(a)) {
		lo = a->clinic->setup.rules.zeros_show && behind > 0;
	} else if (!attack_is_primary(a, output, cell)) {
		row_bounds(a, &lo, &hi);
		lo = lo == INT64_MIN ? -TABLES_ANY : lo * (int64_t)e->rows;
		hi = hi == INT64_MAX ? TABLES_ANY : hi * (int64_t)e->rows;
	}
	if (lo != -TABLES_ANY || hi != TABLES_ANY)
		tables_add(t, atoms, lo, hi);
}

static int64_t rounded_up(int64_t whole, int64_t part, int64_t of)
{
	return (whole * part + of - 1) / of;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* How far from the truth it must seem possible that the number is: docs/policy.md. */
static int64_t promised(const struct attack *a, const struct sl_evidence *e)
{
	const struct sl_rules *r = &a->clinic->setup.rules;
	int64_t p = r->p_percent ? r->p_percent : 10000, x = (int64_t)e->sum_abs, far;

	if (!is_sum(a))
		return (int64_t)r->threshold *
		       (a->clinic->ask.fn == SL_STAT_UNITS ? 1 : most(1, (int64_t)e->rows_by_one_max));
	far = most(1, rounded_up(x, p, 100000));
	far = most(far, rounded_up(e->top1, p, 100000) - (x - e->top1 - e->top2));
	if (r->dominance_n > 0)
		far = most(far, rounded_up(e->top1 + (r->dominance_n > 1 ? e->top2 : 0), 100000, r->dominance_k) - x);
	return e->contributors < r->threshold ? most(far, e->top1 * r->threshold) : far;
}

enum tables_answer attack_allows(const struct attack *a, uint32_t output, uint32_t cell, bool high)
{
	const struct clinic *c = a->clinic;
	const struct sl_evidence *e = &c->results[output].evidence[cell];
	int64_t v = number_of(a, e), far = promised(a, e), bound = v + (high ? far : -far);
	struct tables t = { .ncells = a->natoms, .least = is_sum(a) && a->falls ? -FAR : 0 };

	if (!is_sum(a) && bound < (c->setup.rules.zeros_show && v > 0))
		bound = c->setup.rules.zeros_show && v > 0;
	/* A cell without an amount below 0, or above, is believed to be so. */
	bool may_fall = e->negatives > 0 || (a->falls && !a->rises);
	bool may_rise = a->rises ? e->negatives == 0 || e->negatives + e->zeros < e->contributors : !a->falls;
	if (is_sum(a) && (high ? bound > 0 && !may_rise : bound < 0 && !may_fall))
		bound = 0;
	uint64_t behind = is_sum(a) ? e->contributors : e->cell_units;
	tables_add(&t, atoms_of(a, output, cell), high ? bound : -TABLES_ANY, high ? TABLES_ANY : bound);
	for (uint32_t i = 0; i < c->setup.nplans; i++)
		for (uint32_t n = 0; n < c->results[i].nevidence; n++)
			know_cell(a, &t, i, n, i == output && n == cell, behind == 0 ? atoms_of(a, output, cell) : 0);
	for (uint32_t atom = 0; atom < a->natoms; atom++)
		if ((a->asked_for >> atom & 1) == 0)
			tables_add(&t, UINT64_C(1) << atom, 0, 0);
		else if (is_sum(a) && a->falls && !a->rises)
			tables_add(&t, UINT64_C(1) << atom, -TABLES_ANY, 0);
	return tables_exist(&t);
}
