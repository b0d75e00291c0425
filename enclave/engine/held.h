/* held.h - rows kept in memory, to be searched there for order statistics. Used by bracket.c, sample.c and order.c. */
#ifndef SL_ENGINE_HELD_H
#define SL_ENGINE_HELD_H

#include "enclave/engine/quantile.h"

/* Rows kept back by one thread, in the order they came, so that units do not fall. */
struct sl_held {
	int64_t *units;        /* ordinals; with SL_HELD bits where a unit's rows were counted before and elsewhere */
	int64_t *values;
	uint32_t *cells;
	uint32_t rows, rows_max;
	bool overran;          /* there were more */
};

/* The unit of this row, its first in its cell, has been counted below what is looked for, or above it. */
#define SL_HELD_BELOW (INT64_C(1) << 32)
#define SL_HELD_ABOVE (INT64_C(1) << 33)
#define SL_HELD_UNIT (SL_HELD_BELOW - 1)

#define SL_HELD_ROW_BYTES (2 * sizeof(int64_t) + sizeof(uint32_t))

/* sl_held_init - room for rows_max rows. SL_E_NOMEM; sl_held_fini also after failure, wipes. */
SL_MUST_CHECK enum sl_rc sl_held_init(struct sl_held *h, uint32_t rows_max, struct sl_err *err);
void sl_held_fini(struct sl_held *h);

static inline void sl_held_row(struct sl_held *h, uint32_t cell, int64_t unit, int64_t value)
{
	if (h->rows == h->rows_max) {
		h->overran = true;
		return;
	}
	h->units[h->rows] = unit;
	h->values[h->rows] = value;
	h->cells[h->rows++] = cell;
}

/* sl_held_add - the kept rows of a batch that have a value. */
void sl_held_add(struct sl_held *h, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                 const struct sl_computed *arg);

/* Lists that quantiles are looked for in, borrowed. */
struct sl_held_lists {
	const struct sl_held *lists; /* of quantile `at` in thread `lane`: lists[lane * lane_step + at * at_step] */
	uint32_t nlanes, lane_step, at_step;
};

/*
 * sl_held_search - the values of all quantiles, on all threads. q has as many lanes as there are lists' lanes, and its
 * ranks (within the held rows) are set. sl_held_beside - then, as sl_quantiles_beside: units that were not counted yet.
 */
void sl_held_search(const struct sl_held_lists *in, struct sl_quantiles *q);
void sl_held_beside(const struct sl_held_lists *in, const struct sl_quantiles *q);

#endif
