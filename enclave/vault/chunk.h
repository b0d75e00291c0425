/*
 * chunk.h - one column's cells of one row group, deciphered and still encoded; values are made from it as asked for.
 *
 * Used by the reader, which fills `plain`, and by whoever reads rows. A chunk belongs to one thread at a time and is
 * used for row group after row group of one column. After sl_chunk_init nothing is allocated.
 */
#ifndef SL_VAULT_CHUNK_H
#define SL_VAULT_CHUNK_H

#include <stdbool.h>

#include "enclave/vault/segment.h"

struct sl_reader;

struct sl_chunk {
	uint8_t *plain;            /* owned: bytes_max, and behind them some that are read and not used */
	uint16_t *run_last;        /* owned: runs_max; the last row of each run */
	uint32_t bytes_max, runs_max;
	uint32_t rows;             /* 0: nothing is open */
	enum sl_encoding encoding;
	/* Parts of plain; which of them there are follows from the encoding. */
	const uint8_t *nulls;      /* bit r % 8 of byte r / 8: row r is missing; NULL: none is */
	const uint8_t *packed;     /* numbers of `width` bits: values, offsets, indexes, offsets of runs */
	uint64_t base;             /* added to each number */
	uint32_t width;
	const uint8_t *dictionary; /* entries × i64, of any alignment */
	uint32_t entries;
	uint32_t runs;
};

/*
 * sl_chunk_init - room for the largest chunk of a column.
 *   c  out  caller's storage, any content; sl_chunk_fini also after failure. Not tied to r's life.
 *   r  in   open; the column need not be granted. A column that is not there has the room of an empty one.
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_chunk_init(struct sl_chunk *c, const struct sl_reader *r, uint32_t column,
                                       struct sl_err *err);
/* Wipes and frees. Accepts one whose init failed. */
void sl_chunk_fini(struct sl_chunk *c);

/* The most memory that sl_chunk_init takes, whatever the column. */
#define SL_CHUNK_SLACK_BYTES 16
#define SL_CHUNK_MEMORY_MAX (SL_CHUNK_BYTES_MAX + SL_CHUNK_SLACK_BYTES + SL_CHUNK_ROWS * 2)

/*
 * sl_chunk_parse - find the parts of c->plain[0..bytes), and that they are what the format says: lengths, widths,
 * dictionary and every index into it, runs that add up to `rows`, unused bits 0.
 *   rows, bytes  in  any; more than c has room for is refused
 * Returns false, and leaves c wiped with rows 0, when they are not. Any bytes are safe here.
 */
SL_MUST_CHECK bool sl_chunk_parse(struct sl_chunk *c, enum sl_encoding encoding, uint32_t rows, uint32_t bytes);

/*
 * sl_chunk_values - decode rows [from, from + rows) into values[0..rows); missing ones give 0. from + rows <= c->rows.
 * No system call, no allocation, no failure.
 */
void sl_chunk_values(const struct sl_chunk *c, uint32_t from, uint32_t rows, int64_t *values);

/*
 * sl_chunk_nulls - whether some row of the whole chunk is missing. True: nulls[0..rows) is 1 where row from + i is
 * missing, or 0. False: nulls is not touched. Bounds as above.
 */
bool sl_chunk_nulls(const struct sl_chunk *c, uint32_t from, uint32_t rows, uint8_t *nulls);

/*
 * sl_chunk_runs - how many runs rows [from, from + rows), at least one, lie in: ends[i] is the row after run i, from
 * `from` on, values[i] what its rows are; those of neighbours may be the same. 0: the chunk is encoded otherwise.
 * Bounds as above; below 65,536 rows.
 */
uint32_t sl_chunk_runs(const struct sl_chunk *c, uint32_t from, uint32_t rows, uint16_t *ends, int64_t *values);

/*
 * sl_chunk_stretches - values of n stretches of rows, the i-th of which ends before row from + ends[i]; ends rise.
 * False: in one of them the value may change, or be missing; values are then anything. Bounds as sl_chunk_values.
 */
bool sl_chunk_stretches(const struct sl_chunk *c, uint32_t from, const uint16_t *ends, uint32_t n, int64_t *values);

/*
 * sl_chunk_pick - sl_chunk_values and sl_chunk_nulls of n single rows, from + rows[]: they do not fall, and are below
 * c->rows. Returns as sl_chunk_nulls.
 */
bool sl_chunk_pick(const struct sl_chunk *c, uint32_t from, const uint32_t *rows, uint32_t n, int64_t *values,
                   uint8_t *nulls);

#endif
