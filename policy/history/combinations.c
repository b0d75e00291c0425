/*
 * combinations.c - see audit.h: what follows from shown sets by adding and subtracting them, however many of them.
 *
 * A number is told by sums and differences of others just when its row lies in the space of theirs. Gauss and Jordan's
 * elimination finds that space; modulo a prime of 61 bits, so that it stays exact and short. Where a determinant
 * happens to be a multiple of that prime something could be missed or found too much: one chance in 2^61, and nobody
 * chooses it.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"

#define PRIME ((UINT64_C(1) << 61) - 1)

struct space {
	uint64_t *rows;      /* nrows × ncolumns; after reduce() the first `rank` are in reduced form */
	uint32_t nrows, ncolumns, rank;
	uint32_t *pivot;     /* per reduced row: its column */
	uint64_t *row;       /* one more, to be reduced */
};

static uint64_t times(uint64_t x, uint64_t y)
{
	unsigned __int128 z = (unsigned __int128)x * y;
	uint64_t sum = (uint64_t)(z & PRIME) + (uint64_t)(z >> 61);

	return sum >= PRIME ? sum - PRIME : sum;
}

static uint64_t minus(uint64_t x, uint64_t y)
{
	return x >= y ? x - y : x + PRIME - y;
}

/* By Fermat: x^(p - 2). */
static uint64_t inverse(uint64_t x)
{
	uint64_t result = 1;

	for (uint64_t e = PRIME - 2; e > 0; e >>= 1) {
		result = e & 1 ? times(result, x) : result;
		x = times(x, x);
	}
	return result;
}

static uint64_t *row_at(const struct space *s, uint32_t r)
{
	return &s->rows[(size_t)r * s->ncolumns];
}

/* row -= factor × from, from column `first` on. */
static void subtract(const struct space *s, uint64_t *row, const uint64_t *from, uint64_t factor, uint32_t first)
{
	for (uint32_t c = first; c < s->ncolumns; c++)
		if (from[c] != 0)
			row[c] = minus(row[c], times(factor, from[c]));
}

static void reduce(struct space *s)
{
	s->rank = 0;
	for (uint32_t c = 0; c < s->ncolumns && s->rank < s->nrows; c++) {
		uint32_t r = s->rank;
		while (r < s->nrows && row_at(s, r)[c] == 0)
			r++;
		if (r == s->nrows)
			continue;
		uint64_t *pivot = row_at(s, s->rank), *found = row_at(s, r);
		for (uint32_t k = 0; r != s->rank && k < s->ncolumns; k++) {
			uint64_t t = pivot[k];
			pivot[k] = found[k];
			found[k] = t;
		}
		uint64_t scale = inverse(pivot[c]);
		for (uint32_t k = c; k < s->ncolumns; k++)
			pivot[k] = times(pivot[k], scale);
		for (uint32_t k = 0; k < s->nrows; k++)
			if (k != s->rank && row_at(s, k)[c] != 0)
				subtract(s, row_at(s, k), pivot, row_at(s, k)[c], c);
		s->pivot[s->rank++] = c;
	}
}

/* Whether s->row is a combination of the reduced rows; it is used up. */
static bool is_told(struct space *s)
{
	for (uint32_t r = 0; r < s->rank; r++)
		if (s->row[s->pivot[r]] != 0)
			subtract(s, s->row, row_at(s, r), s->row[s->pivot[r]], s->pivot[r]);
	for (uint32_t c = 0; c < s->ncolumns; c++)
		if (s->row[c] != 0)
			return false;
	return true;
}

/*
 * What the columns stand for: atoms, by the units of which a set is told; or of one table with several rows per unit
 * the groups, by the rows.
 */
struct columns {
	uint32_t rows_of;       /* 0: atoms */
	struct column {
		uint32_t first, n;  /* places: its sets, each once for a group */
		uint32_t atom;      /* one that has it */
		uint64_t units;     /* that have it */
	} *list;
	uint32_t n;
};

/* The places of one group, from `first` on. */
static uint32_t group_size(const struct sl_audit *a, const struct sl_atom *atom, uint32_t first)
{
	const struct sl_atom_place *p = &a->atoms->places[first];
	uint32_t n = 1;

	while (first + n < atom->first + atom->n && p[n].group == p[0].group)
		n++;
	return n;
}

static bool is_same_group(const struct sl_audit *a, const struct column *c, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (c->n != n || a->atoms->places[c->first + i].set != a->atoms->places[first + i].set)
			return false;
	return true;
}

/* One more group: of a kind that is there already, or a new column. False: there are too many kinds. */
static bool add_group(const struct sl_audit *a, struct columns *c, uint32_t atom, uint32_t first, uint32_t n)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (is_same_group(a, &c->list[i], first, n)) {
			c->list[i].units += a->atoms->atoms[atom].units;
			return true;
		}
	if (c->n == SL_AUDIT_ATOMS_SMALL)
		return false;
	c->list[c->n++] = (struct column){ first, n, atom, a->atoms->atoms[atom].units };
	return true;
}

/* False: too many. */
static bool list_columns(const struct sl_audit *a, struct columns *c)
{
	c->n = 0;
	for (uint32_t i = 0; i < a->atoms->natoms; i++) {
		const struct sl_atom *atom = &a->atoms->atoms[i];
		if (c->rows_of == 0) {
			c->list[c->n++] = (struct column){ atom->first, atom->n, i, atom->units };
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

/* The shown sets, a row each; row_of: per set, or s->nrows. */
static void fill(const struct sl_audit *a, const struct columns *c, struct space *s, uint32_t *row_of)
{
	uint32_t n = 0;

	for (uint32_t set = 0; set < a->nsets; set++) {
		bool meant = c->rows_of == 0 || a->rows_of[set] == c->rows_of;
		row_of[set] = meant && a->sets[set].shown && a->sets[set].units > 0 ? n++ : s->nrows;
	}
	memset(s->rows, 0, (size_t)s->nrows * s->ncolumns * sizeof *s->rows);
	for (uint32_t k = 0; k < c->n; k++)
		for (uint32_t p = c->list[k].first; p < c->list[k].first + c->list[k].n; p++)
			if (row_of[a->atoms->places[p].set] < s->nrows)
				row_at(s, row_of[a->atoms->places[p].set])[k] = 1;
}

static bool is_few(const struct sl_audit *a, uint64_t units)
{
	return units > 0 && units < a->threshold;
}

/* Whether what a hidden set holds is told. */
static bool is_set_told(const struct sl_audit *a, const struct columns *c, struct space *s, uint32_t set)
{
	memset(s->row, 0, s->ncolumns * sizeof *s->row);
	for (uint32_t k = 0; k < c->n; k++)
		for (uint32_t p = c->list[k].first; p < c->list[k].first + c->list[k].n; p++)
			if (a->atoms->places[p].set == set)
				s->row[k] = 1;
	return is_told(s);
}

/* The first column, or hidden set, of few units that is told; *atom: one that has it. */
static bool find(const struct sl_audit *a, const struct columns *c, struct space *s, uint32_t *atom, uint64_t *units)
{
	for (uint32_t r = 0; r < s->rank; r++) {
		uint32_t others = 0;
		*atom = c->list[s->pivot[r]].atom;
		*units = c->list[s->pivot[r]].units;
		for (uint32_t k = s->pivot[r] + 1; k < s->ncolumns && others == 0; k++)
			others += row_at(s, r)[k] != 0;
		if (others == 0 && is_few(a, *units))
			return true;
	}
	for (uint32_t set = 0; set < a->nsets; set++) {
		*units = a->sets[set].units;
		if (a->sets[set].shown || !is_few(a, *units) || (c->rows_of != 0 && a->rows_of[set] != c->rows_of))
			continue;
		*atom = a->atom_of[a->first_atom[set]];
		if (is_set_told(a, c, s, set))
			return true;
	}
	return false;
}

static enum sl_rc ask(struct sl_audit *a, const struct columns *c, struct space *s, uint32_t *row_of,
                      struct sl_err *err)
{
	uint32_t atom;
	uint64_t units;

	for (;;) {
		fill(a, c, s, row_of);
		reduce(s);
		if (!find(a, c, s, &atom, &units))
			return SL_OK;
		struct sl_audit_hit hit = { .set = sl_audit_way_out(a, atom), .other = SL_AUDIT_NO_SET, .units = units };
		if (hit.set == SL_AUDIT_NO_SET)
			return SL_OK; /* it was told before */
		enum sl_rc rc = sl_audit_hide(a, &hit, err);
		if (rc != SL_OK)
			return rc;
	}
}

/* By units, or by the rows of one table. */
static enum sl_rc ask_of(struct sl_audit *a, struct columns *c, struct sl_err *err)
{
	struct space s = { .nrows = 0 };
	enum sl_rc rc = SL_OK;

	if (!list_columns(a, c))
		return SL_OK;
	for (uint32_t set = 0; set < a->nsets; set++)
		s.nrows += a->sets[set].shown && a->sets[set].units > 0;
	s.ncolumns = c->n;
	s.rows = calloc((size_t)s.nrows * s.ncolumns + 1, sizeof *s.rows);
	s.pivot = calloc((size_t)s.nrows + 1, sizeof *s.pivot);
	s.row = calloc((size_t)s.ncolumns + 1, sizeof *s.row);
	uint32_t *row_of = calloc((size_t)a->nsets + 1, sizeof *row_of);
	if (s.rows == NULL || s.pivot == NULL || s.row == NULL || row_of == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", s.nrows);
	if (rc == SL_OK)
		rc = ask(a, c, &s, row_of, err);
	free(s.rows);
	free(s.pivot);
	free(s.row);
	free(row_of);
	return rc;
}

enum sl_rc sl_audit_combinations(struct sl_audit *a, struct sl_err *err)
{
	struct columns c = { .rows_of = 0 };
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
