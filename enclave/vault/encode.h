/*
 * encode.h - one column's cells of one row group as the bytes of a chunk, in the encoding that is smallest.
 *
 * Used by the writer. Knows no key and no file. The same cells give the same bytes.
 */
#ifndef SL_VAULT_ENCODE_H
#define SL_VAULT_ENCODE_H

#include "enclave/vault/segment.h"

/* Slots of the table that finds distinct values; a dictionary of more than half of them is never the smallest. */
#define SL_ENCODE_SLOTS (2 * SL_CHUNK_ROWS)

/* What encoding one chunk takes; one per thread, any content, wiped by its owner. */
struct sl_encode_scratch {
	int64_t values[SL_CHUNK_ROWS];     /* with something in the place of missing ones */
	int64_t distinct[SL_CHUNK_ROWS];   /* of a dictionary; or what is packed of runs */
	uint32_t slots[SL_ENCODE_SLOTS];   /* 1 + place in distinct; 0: empty */
	uint8_t out[SL_CHUNK_BYTES_MAX];
};

/* What lies in scratch->out. */
struct sl_encoded {
	enum sl_encoding encoding;
	uint32_t bytes;
	struct sl_zone zone;
};

/*
 * sl_encode_chunk - encode rows 0 to rows - 1 into s->out.
 *   values  in  values[r] is not looked at where nulls[r] is nonzero
 *   nulls   in  NULL: none is missing
 *   rows    in  1 to SL_CHUNK_ROWS
 */
struct sl_encoded sl_encode_chunk(struct sl_encode_scratch *s, const int64_t *values, const uint8_t *nulls,
                                  uint32_t rows);

#endif
