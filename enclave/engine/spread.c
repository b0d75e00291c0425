/* spread.c - see spread.h. */
#include "enclave/engine/spread.h"

#define BLOCK_ROWS 16u

/*
 * NAME. Blocks of constant length become wide stores: over the unit's end, and the next one writes over that. Most
 * units have no more rows: the processor can guess that.
 */
#define SPREAD(NAME, TYPE) \
	void NAME(struct sl_unit_ends units, uint32_t rows, const TYPE *by_unit, TYPE *out) \
	{ \
		for (uint32_t u = 0, at = 0; u < units.n; at = units.ends[u++]) { \
			uint32_t from = at, end = units.ends[u]; \
			TYPE value = by_unit[u]; \
			for (uint32_t k = 0; at + BLOCK_ROWS <= rows && k < BLOCK_ROWS; k++) \
				out[at + k] = value; \
			from += at + BLOCK_ROWS <= rows ? BLOCK_ROWS : 0; \
			for (; from < end; from++) \
				out[from] = value; \
		} \
	}

SPREAD(sl_spread_values_anywhere, int64_t)
SPREAD(sl_spread_cells_anywhere, uint32_t)
SPREAD(sl_spread_marks, uint8_t)

#ifdef __x86_64__
#include <immintrin.h>

#define VECTORS __attribute__((target("avx512f")))

bool sl_spread_has_vectors(void)
{
	return __builtin_cpu_supports("avx512f");
}

static VECTORS void values_by_vectors(struct sl_unit_ends units, uint32_t rows, const int64_t *by_unit, int64_t *out)
{
	for (uint32_t u = 0, at = 0; u < units.n; at = units.ends[u++]) {
		const __m512i value = _mm512_set1_epi64(by_unit[u]);
		uint32_t end = units.ends[u];
		if (end + BLOCK_ROWS > rows)
			for (; at < end; at++)
				out[at] = by_unit[u];
		for (; at < end; at += BLOCK_ROWS) {
			_mm512_storeu_si512(out + at, value);
			_mm512_storeu_si512(out + at + BLOCK_ROWS / 2, value);
		}
	}
}

static VECTORS void cells_by_vectors(struct sl_unit_ends units, uint32_t rows, const uint32_t *by_unit, uint32_t *out)
{
	for (uint32_t u = 0, at = 0; u < units.n; at = units.ends[u++]) {
		const __m512i value = _mm512_set1_epi32((int32_t)by_unit[u]);
		uint32_t end = units.ends[u];
		if (end + BLOCK_ROWS > rows)
			for (; at < end; at++)
				out[at] = by_unit[u];
		for (; at < end; at += BLOCK_ROWS)
			_mm512_storeu_si512(out + at, value);
	}
}

void sl_spread_values(struct sl_unit_ends units, uint32_t rows, const int64_t *by_unit, int64_t *out)
{
	if (sl_spread_has_vectors())
		values_by_vectors(units, rows, by_unit, out);
	else
		sl_spread_values_anywhere(units, rows, by_unit, out);
}

void sl_spread_cells(struct sl_unit_ends units, uint32_t rows, const uint32_t *by_unit, uint32_t *out)
{
	if (sl_spread_has_vectors())
		cells_by_vectors(units, rows, by_unit, out);
	else
		sl_spread_cells_anywhere(units, rows, by_unit, out);
}
#else
bool sl_spread_has_vectors(void)
{
	return false;
}

void sl_spread_values(struct sl_unit_ends units, uint32_t rows, const int64_t *by_unit, int64_t *out)
{
	sl_spread_values_anywhere(units, rows, by_unit, out);
}

void sl_spread_cells(struct sl_unit_ends units, uint32_t rows, const uint32_t *by_unit, uint32_t *out)
{
	sl_spread_cells_anywhere(units, rows, by_unit, out);
}
#endif
