/* columns.c - see columns.h. */
#include "policy/history/columns.h"

#include <stdlib.h>
#include <string.h>

/* The places of one group, from `first` on. */
static uint32_t group_size(const struct sl_audit *a, const struct sl_atom *atom, uint32_t first)
{
	const struct sl_atom_place *p = &a->atoms->places[first];
	uint32_t n = 1;

	while (first + n < atom->first + atom->n && p[n].group == p[0].group)
		n++;
	return n;
}

static bool is_same_group(const struct sl_audit *a, const struct sl_audit_column *c, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (c->n != n || a->atoms->places[c->first + i].set != a->atoms->places[first + i].set)
			return false;
	return true;
}

/* One more group: of a kind that is there already, or a new column. False: there are too many kinds. */
static bool add_group(const struct sl_audit *a, struct sl_audit_columns *c, uint32_t atom, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (is_same_group(a, &c->list[i], first, n)) {
			c->list[i].units += a->atoms->atoms[atom].units;
			return true;
		}
	if (c->n == SL_AUDIT_ATOMS_SMALL)
		return false;
	c->list[c->n++] = (struct sl_audit_column){ first, n, atom, a->atoms->atoms[atom].units, false };
	return true;
}

/* False: too many. */
static bool list(const struct sl_audit *a, struct sl_audit_columns *c)
{
	c->n = 0;
	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[i];
		if (c->rows_of == 0) {
			c->list[c->n++] = (struct sl_audit_column){ atom->first, atom->n, i, atom->units, false };
			continue;
		}
		for (uint32_t first = atom->first, n; first < atom->first + atom->n; first += n) {
			n = group_size(a, atom, first);
			if (a->rows_of[a->atoms->places[first].set] == c->rows_of && !add_group(a, c, i, first, n))
				return false;
		}
	}
	return true;
}

/* Many units first: as many of those columns as can be are pivots, and the rows of the others are 0 there. */
static int by_size(const void *x, const void *y)
{
	const struct sl_audit_column *p = x, *q = y;

	return p->is_few != q->is_few ? (p->is_few ? 1 : -1) : (p->first > q->first) - (p->first < q->first);
}

void sl_columns_sort(struct sl_audit_columns *c)
{
	qsort(c->list, c->n, sizeof *c->list, by_size);
}

bool sl_columns_list(const struct sl_audit *a, struct sl_audit_columns *c)
{
	if (!list(a, c))
		return false;
	for (uint32_t k = 0; k < c->n; k++)
		c->list[k].is_few = c->list[k].units < a->threshold;
	c->freed = c->rows_of != 0;
	sl_columns_sort(c);
	return true;
}

void sl_columns_fill(const struct sl_audit *a, const struct sl_audit_columns *c, uint32_t nsets, struct sl_space *s,
                     uint32_t *row_of)
{
	uint32_t n = 0;

	for (uint32_t set = 0; set < a->nsets; set++)
		row_of[set] = s->nrows;
	for (uint32_t set = 0; set < nsets; set++) {
		bool meant = c->rows_of == 0 || a->rows_of[set] == c->rows_of;
		row_of[set] = meant && a->sets[set].shown && a->sets[set].units > 0 ? n++ : s->nrows;
	}
	memset(s->rows, 0, (size_t)s->nrows * s->ncolumns * sizeof *s->rows);
	for (uint32_t k = 0; k < c->n; k++)
		for (uint32_t p = c->list[k].first; p < c->list[k].first + c->list[k].n; p++)
			if (row_of[a->atoms->places[p].set] < s->nrows)
				sl_space_row(s, row_of[a->atoms->places[p].set])[k] = 1;
}

bool sl_columns_tell(const struct sl_audit *a, const struct sl_audit_columns *c, struct sl_space *s, uint32_t set)
{
	memset(s->row, 0, s->ncolumns * sizeof *s->row);
	for (uint32_t k = 0; k < c->n; k++)
		for (uint32_t p = c->list[k].first; p < c->list[k].first + c->list[k].n; p++)
			if (a->atoms->places[p].set == set)
				s->row[k] = 1;
	return sl_space_is_told(s);
}

bool sl_columns_has(const struct sl_audit *a, const struct sl_audit_column *c, uint32_t atom)
{
	const struct sl_atom *from = &a->atoms->atoms[atom];

	for (uint32_t first = from->first, n; first < from->first + from->n; first += n) {
		n = group_size(a, from, first);
		if (is_same_group(a, c, first, n))
			return true;
	}
	return false;
}
