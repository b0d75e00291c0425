/*
 * rows.h - the typed rows of a table in memory, until they can be written in the order of their units.
 */
#ifndef SL_LOAD_ROWS_H
#define SL_LOAD_ROWS_H

#include "enclave/vault/writer.h"

#define SL_ROWS_BLOCK 4096u

struct sl_rows_block;

struct sl_rows {
	uint32_t ncolumns;             /* values of a row; [0] is the unit ordinal */
	uint64_t count;
	struct sl_rows_block **blocks; /* SL_ROWS_BLOCK rows each */
	uint64_t nblocks, blocks_cap;
};

void sl_rows_init(struct sl_rows *r, uint32_t ncolumns);

/*
 * sl_rows_add - append one row: ncolumns values, missing[c] nonzero where there is none.
 * Fails: SL_E_NOMEM; the rows before it are untouched.
 */
SL_MUST_CHECK enum sl_rc sl_rows_add(struct sl_rows *r, const int64_t *values, const uint8_t *missing,
                                     struct sl_err *err);

/* sl_rows_bytes - memory that count rows need until they are written, sorting included. */
uint64_t sl_rows_bytes(uint32_t ncolumns, uint64_t count);

/*
 * sl_rows_write - everything as row groups into w (begun), by unit ordinal, equal ordinals in order of arrival.
 *   units  out  distinct ordinals
 * Fails: SL_E_NOMEM, and as sl_writer_group.
 */
SL_MUST_CHECK enum sl_rc sl_rows_write(const struct sl_rows *r, struct sl_writer *w, uint64_t *units,
                                       struct sl_err *err);

void sl_rows_fini(struct sl_rows *r);

#endif
