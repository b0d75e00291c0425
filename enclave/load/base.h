/*
 * base.h - an earlier version of the table, read from its segment as packed rows: what new rows are merged with, or
 * compared with.
 */
#ifndef SL_LOAD_BASE_H
#define SL_LOAD_BASE_H

#include "enclave/load/stream.h"
#include "enclave/vault/reader.h"

struct sl_base {
	struct sl_stream stream;   /* SL_E_INTEGRITY; SL_E_INPUT: a row that the columns have no room for, unless tolerant */
	const struct sl_layout *layout;
	struct sl_reader reader;
	void *map;                 /* base_bytes of them; NULL: there is no base */
	uint64_t bytes;
	struct sl_chunk *chunks;   /* one per column, of the row group being read */
	bool tolerant;             /* `odd` tells such a row */
	bool odd;                  /* the present row has a value its column has no room for; the row is then not what it is */
	uint32_t group;            /* the next one */
	uint32_t group_at, group_rows;
	int64_t *values;           /* of a batch, one column */
	uint8_t *nulls, *rows, *odds;
	uint32_t at, have;         /* in the batch */
};

/*
 * sl_base_open - map the segment and check that its columns are those of the setup; before lock-down.
 * Fails: SL_E_INTEGRITY, SL_E_INPUT (other columns), SL_E_NOMEM, SL_E_IO. sl_base_close also after failure; accepts a
 * zeroed one.
 */
SL_MUST_CHECK enum sl_rc sl_base_open(struct sl_base *b, int fd, const struct sl_load_setup *setup,
                                      const struct sl_layout *layout, struct sl_err *err);
void sl_base_close(struct sl_base *b);

/* sl_base_rows - how many there are. */
uint64_t sl_base_rows(const struct sl_base *b);

/*
 * sl_base_units - call take(arg, ordinal) for every row's unit, before the stream is read.
 * Fails: SL_E_INTEGRITY, as take.
 */
typedef enum sl_rc sl_base_take_unit(void *arg, uint64_t ordinal, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_base_units(struct sl_base *b, sl_base_take_unit *take, void *arg, struct sl_err *err);

#endif
