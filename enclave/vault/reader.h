/*
 * reader.h - opens a segment that lies in memory, column by column, each only with its own subkey.
 *
 * Used by the engine over a mapped descriptor. After sl_reader_open and sl_reader_column nothing is allocated
 * and nothing is asked of the system: sl_reader_chunk is for after lock-down. Single-threaded per reader.
 */
#ifndef SL_VAULT_READER_H
#define SL_VAULT_READER_H

#include "enclave/vault/manifest.h"

struct sl_cipher;

struct sl_reader {
	const uint8_t *data;          /* borrowed for the life of the reader */
	uint64_t bytes;
	struct sl_manifest manifest;  /* owned; read it freely */
	struct sl_cipher **ciphers;      /* one per segment column; NULL: not granted */
};

/* Where a chunk is opened to; the caller's, reused chunk after chunk, never copied. */
struct sl_chunk {
	int64_t values[SL_CHUNK_ROWS];
	uint8_t bitmap[SL_CHUNK_ROWS / 8]; /* directly behind values: a full chunk is deciphered in place */
	uint8_t nulls[SL_CHUNK_ROWS];      /* 1: missing; values[] is then 0 */
	uint32_t rows;
};

/*
 * sl_reader_open - check header, trailer and manifest of a whole segment.
 *   r    out  caller's storage, any content; close with sl_reader_close, also after failure
 *   data, bytes  in  the file; must stay readable and unchanged until close
 *   id   in   the segment it must be
 *   manifest_key in  32 bytes, sl_keys_manifest
 * Fails: SL_E_INTEGRITY (not a segment, cut short, another segment, a byte changed, wrong key), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_reader_open(struct sl_reader *r, const void *data, uint64_t bytes,
                                        const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                        const uint8_t manifest_key[static SL_SEGMENT_KEY_BYTES], struct sl_err *err);

/*
 * sl_reader_column - make a column readable: keep a cipher for its subkey (sl_keys_column). Before lock-down.
 * Fails: SL_E_INTEGRITY (no such column), SL_E_BUG (a second time), SL_E_NOMEM. A wrong key shows only when a chunk is
 * opened.
 */
SL_MUST_CHECK enum sl_rc sl_reader_column(struct sl_reader *r, uint32_t column,
                                          const uint8_t subkey[static SL_SEGMENT_KEY_BYTES], struct sl_err *err);

/*
 * sl_reader_chunk - open the chunk of `column` in row group `group` (< manifest.ngroups) into *out.
 * Fails: SL_E_INTEGRITY naming column and chunk: bytes, place, key or code are not what was sealed; *out is then
 * zeroed. SL_E_BUG: sl_reader_column was not called for it.
 */
SL_MUST_CHECK enum sl_rc sl_reader_chunk(struct sl_reader *r, uint32_t column, uint32_t group, struct sl_chunk *out,
                                         struct sl_err *err);

/* sl_reader_close - free, wipe keys. Accepts a reader whose open failed. */
void sl_reader_close(struct sl_reader *r);

#endif
