/*
 * spread.h - what is known by unit, to each of the unit's rows. Used by join.c and keys.c.
 */
#ifndef SL_ENGINE_SPREAD_H
#define SL_ENGINE_SPREAD_H

#include "enclave/engine/batch.h"

#define SL_SPREAD_ROWS 16u

/*
 * NAME - out[r] = by_unit[u] for all rows r of unit u, of `rows` in all. Blocks of constant length become wide stores:
 * over the unit's end, and the next one writes over that. Most units have no more rows: the processor can guess that.
 */
#define SL_SPREAD(NAME, TYPE) \
	static inline void NAME(struct sl_unit_ends units, uint32_t rows, const TYPE *by_unit, TYPE *out) \
	{ \
		for (uint32_t u = 0, at = 0; u < units.n; at = units.ends[u++]) { \
			uint32_t from = at, end = units.ends[u]; \
			TYPE value = by_unit[u]; \
			for (uint32_t k = 0; at + SL_SPREAD_ROWS <= rows && k < SL_SPREAD_ROWS; k++) \
				out[at + k] = value; \
			from += at + SL_SPREAD_ROWS <= rows ? SL_SPREAD_ROWS : 0; \
			for (; from < end; from++) \
				out[from] = value; \
		} \
	}

SL_SPREAD(sl_spread_values, int64_t)
SL_SPREAD(sl_spread_marks, uint8_t)
SL_SPREAD(sl_spread_cells, uint32_t)

#endif
