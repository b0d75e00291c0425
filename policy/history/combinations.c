/*
 * combinations.c - see audit.h: what follows from shown sets by adding and subtracting them, however many of them.
 *
 * A number is told by sums and differences of others just when its row lies in the space of theirs. Of one atom, or one
 * hidden set, that is asked here; of several atoms together in unions.c.
 */
#include "policy/history/unions.h"

#include <stdlib.h>
#include <string.h>

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

/* The first column, or hidden set, of few units that is told, and was not before; *atom: one that has it. */
static bool find(const struct sl_audit *a, const struct sl_audit_columns *c, struct spaces *s, uint32_t *atom,
                 uint64_t *units)
{
	for (uint32_t r = 0; r < s->now.rank; r++) {
		uint32_t others = 0, pivot = s->now.pivot[r];
		*atom = c->list[pivot].atom;
		*units = c->list[pivot].units;
		for (uint32_t k = pivot + 1; k < s->now.ncolumns && others == 0; k++)
			others += sl_space_row(&s->now, r)[k] != 0;
		if (others == 0 && is_few(a, *units) && !column_was_told(a, c, s, pivot))
			return true;
	}
	for (uint32_t set = 0; set < a->nsets; set++) {
		*units = a->sets[set].units;
		if (a->sets[set].shown || !is_few(a, *units) || (c->rows_of != 0 && a->rows_of[set] != c->rows_of))
			continue;
		*atom = a->atom_of[a->first_atom[set]];
		if (sl_columns_tell(a, c, &s->now, set) && !set_was_told(a, c, s, set))
			return true;
	}
	return false;
}

static enum sl_rc ask(struct sl_audit *a, struct sl_audit_columns *c, struct spaces *s, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t atom;
	uint64_t units;
	bool through;

	for (;;) {
		sl_columns_fill(a, c, a->nsets, &s->now, s->row_of);
		sl_space_reduce(&s->now);
		s->has_before = false; /* columns may be in another order now */
		struct sl_audit_hit hit = { .set = SL_AUDIT_NO_SET, .other = SL_AUDIT_NO_SET };
		if (find(a, c, s, &atom, &units)) {
			hit.set = sl_audit_way_out(a, atom);
			hit.units = units;
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
