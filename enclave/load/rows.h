/*
 * rows.h - packed rows (layout.h) in memory in the order they came, and their order by unit.
 */
#ifndef SL_LOAD_ROWS_H
#define SL_LOAD_ROWS_H

#include "enclave/load/layout.h"

#define SL_ROWS_CHUNK 8192u

struct sl_row_order {
	uint32_t unit, row;
};

struct sl_rows {
	uint32_t row_bytes;
	uint64_t count;
	uint8_t **chunks;          /* SL_ROWS_CHUNK rows each */
	uint64_t nchunks, chunks_cap;
	struct sl_row_order *order;    /* after sl_rows_sort */
};

void sl_rows_init(struct sl_rows *r, uint32_t row_bytes);
void sl_rows_fini(struct sl_rows *r);

/* sl_rows_reserve - memory for `count` rows in all, which 32 bits number. SL_E_NOMEM; what there was stays. */
SL_MUST_CHECK enum sl_rc sl_rows_reserve(struct sl_rows *r, uint64_t count, struct sl_err *err);

/*
 * sl_rows_set - copy n rows that lie one behind the other to places at, at + 1 …; reserved, and no other thread's. The
 * caller counts them.
 */
void sl_rows_set(struct sl_rows *r, uint64_t at, const uint8_t *rows, uint64_t n);

static inline const uint8_t *sl_rows_at(const struct sl_rows *r, uint64_t i)
{
	return r->chunks[i / SL_ROWS_CHUNK] + i % SL_ROWS_CHUNK * r->row_bytes;
}

/*
 * sl_rows_sort - r->order: every row once, by unit, rows of a unit as they came. On the whole crew.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_rows_sort(struct sl_rows *r, struct sl_err *err);

/* sl_rows_clear - no rows, and their memory given back. */
void sl_rows_clear(struct sl_rows *r);

/* sl_rows_bytes - memory that `count` rows take, sorting included. */
uint64_t sl_rows_bytes(uint32_t row_bytes, uint64_t count);

#endif
