/* held.h - rows kept in memory, to be searched there for order statistics. Used by bracket.c, sample.c and order.c. */
#ifndef SL_ENGINE_HELD_H
#define SL_ENGINE_HELD_H

#include "enclave/engine/quantile.h"

struct sl_held_row {
	int64_t value;
	uint32_t unit;         /* its ordinal */
	uint32_t cell;         /* with SL_HELD bits where a unit's rows were counted before and elsewhere */
};

/* The unit of this row, its first in its cell, has been counted below what is looked for, or above it. */
#define SL_HELD_BELOW (UINT32_C(1) << 28)
#define SL_HELD_ABOVE (UINT32_C(1) << 29)
#define SL_HELD_CELL (SL_HELD_BELOW - 1)

/* Rows kept back by one thread, in the order they came, so that units do not fall. */
struct sl_held {
	struct sl_held_row *list;
	uint32_t rows, rows_max;
	bool overran;          /* there were more */
};

/* sl_held_init - room for rows_max rows. SL_E_NOMEM; sl_held_fini also after failure, wipes. */
SL_MUST_CHECK enum sl_rc sl_held_init(struct sl_held *h, uint32_t rows_max, struct sl_err *err);
void sl_held_fini(struct sl_held *h);

/* sl_held_add - the kept rows of a batch that have a value; units of at most 32 bits, cells of at most 28. */
void sl_held_add(struct sl_held *h, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                 const struct sl_computed *arg);

/* Lists that quantiles are looked for in, borrowed. */
struct sl_held_lists {
	const struct sl_held *lists; /* of quantile `at` in thread `lane`: lists[lane * lane_step + at * at_step] */
	uint32_t nlanes, lane_step, at_step;
	uint32_t row_step;           /* 1; more: every so-manieth row is looked at, the first of each list among them */
};

/* sl_held_wipe - n lists of each lane, on all threads: they are empty then. */
void sl_held_wipe(struct sl_held *lists, uint32_t nlanes, uint32_t n);

/* sl_held_span - all values that are held for quantile `at` lie in *least … *most. */
void sl_held_span(const struct sl_held_lists *in, uint32_t at, int64_t *least, int64_t *most);

/*
 * sl_held_search - the values of all quantiles, on all threads; or, sooner, between which two (sl_quantiles_most) they
 * lie with no more than `beside` rows in all. q has as many lanes as there are lists' lanes; its ranks (within the held
 * rows) and spans are set. sl_held_beside - then, as sl_quantiles_beside: units that were not counted yet.
 */
void sl_held_search(const struct sl_held_lists *in, uint64_t beside, struct sl_quantiles *q);
void sl_held_beside(const struct sl_held_lists *in, const struct sl_quantiles *q);

#endif
