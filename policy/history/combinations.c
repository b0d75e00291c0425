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

/* The shown sets, a row each. */
static void fill(const struct sl_audit *a, struct space *s)
{
	s->nrows = 0;
	for (uint32_t set = 0; set < a->nsets; set++) {
		if (!a->sets[set].shown || a->sets[set].units == 0)
			continue;
		uint64_t *row = row_at(s, s->nrows++);
		memset(row, 0, s->ncolumns * sizeof *row);
		for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++)
			row[a->atom_of[i]] = 1;
	}
}

static bool is_few(const struct sl_audit *a, uint64_t units)
{
	return units > 0 && units < a->threshold;
}

/* The first atom, or hidden set, of few units that is told; *atom: one of its. */
static bool find(const struct sl_audit *a, struct space *s, uint32_t *atom, uint64_t *units)
{
	for (uint32_t r = 0; r < s->rank; r++) {
		uint32_t others = 0;
		*atom = s->pivot[r];
		*units = a->atoms->atoms[*atom].units;
		for (uint32_t c = s->pivot[r] + 1; c < s->ncolumns && others == 0; c++)
			others += row_at(s, r)[c] != 0;
		if (others == 0 && is_few(a, *units))
			return true;
	}
	for (uint32_t set = 0; set < a->nsets; set++) {
		*units = a->sets[set].units;
		if (a->sets[set].shown || !is_few(a, *units))
			continue;
		memset(s->row, 0, s->ncolumns * sizeof *s->row);
		for (uint32_t i = a->first_atom[set]; i < a->first_atom[set + 1]; i++)
			s->row[a->atom_of[i]] = 1;
		*atom = a->atom_of[a->first_atom[set]];
		if (is_told(s))
			return true;
	}
	return false;
}

static enum sl_rc ask(struct sl_audit *a, struct space *s, struct sl_err *err)
{
	uint32_t atom;
	uint64_t units;

	for (;;) {
		fill(a, s);
		reduce(s);
		if (!find(a, s, &atom, &units))
			return SL_OK;
		struct sl_audit_hit hit = { .set = sl_audit_way_out(a, atom), .other = SL_AUDIT_NO_SET, .units = units };
		if (hit.set == SL_AUDIT_NO_SET)
			return SL_OK; /* it was told before */
		enum sl_rc rc = sl_audit_hide(a, &hit, err);
		if (rc != SL_OK)
			return rc;
	}
}

enum sl_rc sl_audit_combinations(struct sl_audit *a, struct sl_err *err)
{
	struct space s = { .ncolumns = a->atoms->natoms };
	enum sl_rc rc = SL_OK;

	if (!sl_audit_is_small(a))
		return SL_OK;
	for (uint32_t set = 0; set < a->nsets; set++)
		s.nrows += a->sets[set].shown && a->sets[set].units > 0;
	s.rows = calloc((size_t)s.nrows * s.ncolumns + 1, sizeof *s.rows);
	s.pivot = calloc((size_t)s.nrows + 1, sizeof *s.pivot);
	s.row = calloc((size_t)s.ncolumns + 1, sizeof *s.row);
	if (s.rows == NULL || s.pivot == NULL || s.row == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", s.nrows);
	if (rc == SL_OK)
		rc = ask(a, &s, err);
	free(s.rows);
	free(s.pivot);
	free(s.row);
	return rc;
}
