/*
 * combinations.c - see audit.h: what follows from shown sets by adding and subtracting them, however many of them.
 *
 * A number is told by sums and differences of others just when its row lies in the space of theirs. Of one atom, or one
 * hidden set, that is asked here; of several atoms together in unions.c.
 */
#include "policy/history/unions.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of equations looked at to choose what is hidden, by all hits: nearly all are 0, and passed over. */
#define WAY_OUT_WORK_MAX UINT64_C(4000000000)

static bool is_few(const struct sl_audit *a, uint64_t units)
{
	return units > 0 && units < a->threshold;
}

/* What shown sets tell together, and what those of history did by themselves: made when it is asked. */
struct spaces {
	struct sl_space now, before;
	uint32_t *row_of;
	bool has_before;
};

static void fill_before(const struct sl_audit *a, const struct sl_audit_columns *c, struct spaces *s)
{
	if (!s->has_before) {
		sl_columns_fill(a, c, a->outputs[a->nearlier].first_set, &s->before, s->row_of);
		sl_space_reduce(&s->before);
	}
	s->has_before = true;
}

static bool column_was_told(const struct sl_audit *a, const struct sl_audit_columns *c, struct spaces *s, uint32_t k)
{
	fill_before(a, c, s);
	memset(s->before.row, 0, s->before.ncolumns * sizeof *s->before.row);
	s->before.row[k] = 1;
	return sl_space_is_told(&s->before);
}

static bool set_was_told(const struct sl_audit *a, const struct sl_audit_columns *c, struct spaces *s, uint32_t set)
{
	fill_before(a, c, s);
	return sl_columns_tell(a, c, &s->before, set);
}

/* What is told: a column, or a hidden set, of few units; atom: one that has it. */
struct told {
	uint32_t column, set; /* of one of them: UINT32_MAX, SL_AUDIT_NO_SET */
	uint32_t atom;
	uint64_t units;
};

/* The first that was not told before. */
static bool find(const struct sl_audit *a, const struct sl_audit_columns *c, struct spaces *s, struct told *t)
{
	for (uint32_t r = 0; r < s->now.rank; r++) {
		uint32_t others = 0, pivot = s->now.pivot[r];
		*t = (struct told){ pivot, SL_AUDIT_NO_SET, c->list[pivot].atom, c->list[pivot].units };
		for (uint32_t k = pivot + 1; k < s->now.ncolumns && others == 0; k++)
			others += sl_space_row(&s->now, r)[k] != 0;
		if (others == 0 && is_few(a, t->units) && !column_was_told(a, c, s, pivot))
			return true;
	}
	for (uint32_t set = 0; set < a->nsets; set++) {
		*t = (struct told){ UINT32_MAX, set, SL_AUDIT_NO_SET, a->sets[set].units };
		if (a->sets[set].shown || !is_few(a, t->units) || (c->rows_of != 0 && a->rows_of[set] != c->rows_of))
			continue;
		t->atom = a->atom_of[a->first_atom[set]];
		if (sl_columns_tell(a, c, &s->now, set) && !set_was_told(a, c, s, set))
			return true;
	}
	return false;
}

/* --- what is hidden for it ---------------------------------------------------------------------------------- */

static bool is_in(const struct sl_audit *a, const struct sl_audit_column *k, uint32_t set)
{
	for (uint32_t p = k->first; p < k->first + k->n; p++)
		if (a->atoms->places[p].set == set)
			return true;
	return false;
}

/* Shown sets, those of the request first: a row each, and a column each that says whether it was taken. */
static uint32_t list_rows(const struct sl_audit *a, const struct sl_audit_columns *c, uint32_t *sets)
{
	uint32_t n = 0, first_new = a->outputs[a->nearlier].first_set;

	for (uint32_t i = 0; i < a->nsets; i++) {
		uint32_t set = (i + first_new) % a->nsets;
		if (a->sets[set].shown && a->sets[set].units > 0 && (c->rows_of == 0 || a->rows_of[set] == c->rows_of))
			sets[n++] = set;
	}
	return n;
}

static void fill_taken(const struct sl_audit *a, const struct sl_audit_columns *c, const uint32_t *sets,
                       const struct told *t, struct sl_space *s)
{
	for (uint32_t r = 0; r < s->nrows; r++) {
		for (uint32_t k = 0; k < c->n; k++)
			sl_space_row(s, r)[k] = is_in(a, &c->list[k], sets[r]);
		sl_space_row(s, r)[c->n + r] = 1;
	}
	for (uint32_t k = 0; k < c->n; k++)
		s->row[k] = t->set != SL_AUDIT_NO_SET ? is_in(a, &c->list[k], t->set) : k == t->column;
}

static bool is_better(const struct sl_audit *a, uint32_t set, uint32_t best)
{
	if (best == SL_AUDIT_NO_SET || sl_audit_costs_less(a, set, best))
		return true;
	return !sl_audit_costs_less(a, best, set) && sl_audit_cheaper(a, set, best);
}

/*
 * Of all ways to put it together the one that takes the least of the request, and of that the cheapest: a number before
 * a row. Where that is too much to look at, a set that has the atom, whether it helps or not.
 */
static enum sl_rc way_out(struct sl_audit *a, const struct sl_audit_columns *c, const struct told *t, uint32_t *best,
                          struct sl_err *err)
{
	uint32_t *sets = calloc((size_t)a->nsets + 1, sizeof *sets);
	uint32_t n = sets != NULL ? list_rows(a, c, sets) : 0;
	uint64_t work = (uint64_t)n * n * (c->n + n);
	struct sl_space s = { 0 };
	enum sl_rc rc = sets != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory to combine sets");

	*best = SL_AUDIT_NO_SET;
	if (rc == SL_OK && work <= WAY_OUT_WORK_MAX - a->ways_out) {
		a->ways_out += work;
		rc = sl_space_init(&s, n, c->n + n, err);
		if (rc == SL_OK) {
			fill_taken(a, c, sets, t, &s);
			sl_space_reduce(&s);
			bool told = sl_space_is_told_in(&s, c->n);
			for (uint32_t r = 0; r < n && told; r++)
				if (s.row[c->n + r] != 0 && sl_audit_is_new(a, sets[r]) && is_better(a, sets[r], *best))
					*best = sets[r];
		}
	}
	if (rc == SL_OK && *best == SL_AUDIT_NO_SET)
		*best = sl_audit_way_out(a, t->atom);
	sl_space_fini(&s);
	free(sets);
	return rc;
}

static enum sl_rc ask(struct sl_audit *a, struct sl_audit_columns *c, struct spaces *s, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	struct told told;
	bool through;

	for (;;) {
		sl_columns_fill(a, c, a->nsets, &s->now, s->row_of);
		sl_space_reduce(&s->now);
		s->has_before = false; /* columns may be in another order now */
		struct sl_audit_hit hit = { .set = SL_AUDIT_NO_SET, .other = SL_AUDIT_NO_SET };
		if (find(a, c, s, &told)) {
			rc = way_out(a, c, &told, &hit.set, err);
			hit.units = told.units;
		} else {
			rc = sl_unions_find(a, c, &s->now, &hit, &through, err);
			if (rc == SL_OK && !through && !c->freed) {
				rc = sl_unions_free(a, c, err);
				if (rc == SL_OK)
					continue;
			}
		}
		if (rc != SL_OK || hit.set == SL_AUDIT_NO_SET)
			return rc; /* nothing, or it was told before */
		rc = sl_audit_hide(a, &hit, err);
		if (rc != SL_OK)
			return rc;
	}
}

/* By units, or by the rows of one table. */
static enum sl_rc ask_of(struct sl_audit *a, struct sl_audit_columns *c, struct sl_err *err)
{
	struct spaces s = { 0 };
	uint32_t nrows = 0, nbefore = 0;

	if (!sl_columns_list(a, c))
		return SL_OK;
	for (uint32_t set = 0; set < a->nsets; set++) {
		nrows += a->sets[set].shown && a->sets[set].units > 0;
		nbefore += a->sets[set].shown && a->sets[set].units > 0 && !sl_audit_is_new(a, set);
	}
	s.row_of = calloc((size_t)a->nsets + 1, sizeof *s.row_of);
	enum sl_rc rc = sl_space_init(&s.now, nrows, c->n, err);
	if (rc == SL_OK)
		rc = sl_space_init(&s.before, nbefore, c->n, err);
	if (rc == SL_OK && s.row_of == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", nrows);
	if (rc == SL_OK)
		rc = ask(a, c, &s, err);
	sl_space_fini(&s.now);
	sl_space_fini(&s.before);
	free(s.row_of);
	return rc;
}

enum sl_rc sl_audit_combinations(struct sl_audit *a, struct sl_err *err)
{
	struct sl_audit_columns c = { .rows_of = 0 };
	uint32_t tables = 0;
	enum sl_rc rc = SL_OK;

	if (!sl_audit_is_small(a))
		return SL_OK;
	c.list = calloc(SL_AUDIT_ATOMS_SMALL + 1, sizeof *c.list);
	if (c.list == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to combine sets");
	for (uint32_t i = 0; i < a->noutputs; i++)
		tables = a->atoms->outputs[i].rows_of > tables ? a->atoms->outputs[i].rows_of : tables;
	for (; c.rows_of <= tables && rc == SL_OK; c.rows_of++)
		rc = ask_of(a, &c, err);
	free(c.list);
	return rc;
}
