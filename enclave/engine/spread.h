/*
 * spread.h - what is known by unit, to each of the unit's rows. Used by segment_store.c, join.c and keys.c.
 *
 * There are two ways with one outcome: for any processor, and for those with AVX-512, which is asked for as the program
 * runs.
 */
#ifndef SL_ENGINE_SPREAD_H
#define SL_ENGINE_SPREAD_H

#include "enclave/engine/batch.h"

/* sl_spread_values, _cells, _marks - out[r] = by_unit[u] for all rows r of unit u, of `rows` in all. */
void sl_spread_values(struct sl_unit_ends units, uint32_t rows, const int64_t *by_unit, int64_t *out);
void sl_spread_cells(struct sl_unit_ends units, uint32_t rows, const uint32_t *by_unit, uint32_t *out);
void sl_spread_marks(struct sl_unit_ends units, uint32_t rows, const uint8_t *by_unit, uint8_t *out);

/* The same on any processor, whatever this one can; sl_spread_has_vectors - it can more. */
void sl_spread_values_anywhere(struct sl_unit_ends units, uint32_t rows, const int64_t *by_unit, int64_t *out);
void sl_spread_cells_anywhere(struct sl_unit_ends units, uint32_t rows, const uint32_t *by_unit, uint32_t *out);
bool sl_spread_has_vectors(void);

#endif
