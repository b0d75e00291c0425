/* space.c - see space.h: Gauss and Jordan's elimination. */
#include "policy/history/space.h"

#include <stdlib.h>

#define PRIME ((UINT64_C(1) << 61) - 1)

enum sl_rc sl_space_init(struct sl_space *s, uint32_t nrows, uint32_t ncolumns, struct sl_err *err)
{
	*s = (struct sl_space){ .nrows = nrows, .ncolumns = ncolumns };
	s->rows = calloc((size_t)nrows * ncolumns + 1, sizeof *s->rows);
	s->pivot = calloc((size_t)nrows + 1, sizeof *s->pivot);
	s->row = calloc((size_t)ncolumns + 1, sizeof *s->row);
	return s->rows != NULL && s->pivot != NULL && s->row != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory to combine %u sets", nrows);
}

void sl_space_fini(struct sl_space *s)
{
	free(s->rows);
	free(s->pivot);
	free(s->row);
}

uint64_t sl_space_times(uint64_t x, uint64_t y)
{
	unsigned __int128 z = (unsigned __int128)x * y;
	uint64_t sum = (uint64_t)(z & PRIME) + (uint64_t)(z >> 61);

	return sum >= PRIME ? sum - PRIME : sum;
}

uint64_t sl_space_plus(uint64_t x, uint64_t y)
{
	return x + y >= PRIME ? x + y - PRIME : x + y;
}

uint64_t sl_space_minus(uint64_t x, uint64_t y)
{
	return x >= y ? x - y : x + PRIME - y;
}

/* By Fermat: x^(p - 2). */
uint64_t sl_space_inverse(uint64_t x)
{
	uint64_t result = 1;

	for (uint64_t e = PRIME - 2; e > 0; e >>= 1) {
		result = e & 1 ? sl_space_times(result, x) : result;
		x = sl_space_times(x, x);
	}
	return result;
}

/* Vigna's splitmix64. */
uint64_t sl_space_mixed(uint64_t x)
{
	x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

uint64_t *sl_space_row(const struct sl_space *s, uint32_t r)
{
	return &s->rows[(size_t)r * s->ncolumns];
}

/* row -= factor × from, from column `first` on. */
static void subtract(const struct sl_space *s, uint64_t *row, const uint64_t *from, uint64_t factor, uint32_t first)
{
	for (uint32_t c = first; c < s->ncolumns; c++)
		if (from[c] != 0)
			row[c] = sl_space_minus(row[c], sl_space_times(factor, from[c]));
}

void sl_space_reduce(struct sl_space *s)
{
	s->rank = 0;
	for (uint32_t c = 0; c < s->ncolumns && s->rank < s->nrows; c++) {
		uint32_t r = s->rank;
		while (r < s->nrows && sl_space_row(s, r)[c] == 0)
			r++;
		if (r == s->nrows)
			continue;
		uint64_t *pivot = sl_space_row(s, s->rank), *found = sl_space_row(s, r);
		for (uint32_t k = 0; r != s->rank && k < s->ncolumns; k++) {
			uint64_t t = pivot[k];
			pivot[k] = found[k];
			found[k] = t;
		}
		uint64_t scale = sl_space_inverse(pivot[c]);
		for (uint32_t k = c; k < s->ncolumns; k++)
			pivot[k] = sl_space_times(pivot[k], scale);
		for (uint32_t k = 0; k < s->nrows; k++)
			if (k != s->rank && sl_space_row(s, k)[c] != 0)
				subtract(s, sl_space_row(s, k), pivot, sl_space_row(s, k)[c], c);
		s->pivot[s->rank++] = c;
	}
}

bool sl_space_is_told(struct sl_space *s)
{
	return sl_space_is_told_in(s, s->ncolumns);
}

bool sl_space_is_told_in(struct sl_space *s, uint32_t ncolumns)
{
	for (uint32_t r = 0; r < s->rank; r++)
		if (s->row[s->pivot[r]] != 0)
			subtract(s, s->row, sl_space_row(s, r), s->row[s->pivot[r]], s->pivot[r]);
	for (uint32_t c = 0; c < ncolumns; c++)
		if (s->row[c] != 0)
			return false;
	return true;
}
