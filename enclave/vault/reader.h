/*
 * reader.h - opens a segment that lies in memory, column by column, each only with its own subkey.
 *
 * Used by the engine over a mapped descriptor. After sl_reader_open, sl_reader_column and sl_chunk_init nothing is
 * allocated and nothing is asked of the system: sl_reader_chunk is for after lock-down. Up to `lanes` threads read at
 * the same time, each with its own lane and its own chunks.
 */
#ifndef SL_VAULT_READER_H
#define SL_VAULT_READER_H

#include "enclave/vault/chunk.h"
#include "enclave/vault/manifest.h"

#define SL_READER_LANES_MAX 64u

struct sl_cipher;

struct sl_reader {
	const uint8_t *data;          /* borrowed for the life of the reader */
	uint64_t bytes;
	struct sl_manifest manifest;  /* owned; read it freely */
	uint32_t lanes;
	struct sl_cipher **ciphers;   /* [column * lanes + lane]; NULL: not granted */
	struct sl_zone **zones;       /* [column][group]; NULL: not granted */
};

/*
 * sl_reader_open - check header, trailer and manifest of a whole segment.
 *   r    out  caller's storage, any content; close with sl_reader_close, also after failure
 *   data, bytes  in  the file; must stay readable and unchanged until close
 *   id   in   the segment it must be
 *   manifest_key in  32 bytes, sl_keys_manifest
 *   lanes in  threads that will read at the same time, 1 to SL_READER_LANES_MAX
 * Fails: SL_E_INTEGRITY (not a segment, of an older format, cut short, another segment, a byte changed, wrong key),
 * SL_E_BUG (lanes), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_reader_open(struct sl_reader *r, const void *data, uint64_t bytes,
                                        const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                        const uint8_t manifest_key[static SL_SEGMENT_KEY_BYTES], uint32_t lanes,
                                        struct sl_err *err);

/*
 * sl_reader_column - make a column readable: keep a cipher per lane for its subkey (sl_keys_column), and open its
 * zones. Before lock-down.
 * Fails: SL_E_INTEGRITY (no such column; naming the column: its zones are not what was sealed, or the key is
 * another's), SL_E_BUG (a second time), SL_E_NOMEM. The column is then not granted.
 */
SL_MUST_CHECK enum sl_rc sl_reader_column(struct sl_reader *r, uint32_t column,
                                          const uint8_t subkey[static SL_SEGMENT_KEY_BYTES], struct sl_err *err);

/* sl_reader_zones - manifest.ngroups zones of the column, until close; NULL when it is not granted. */
const struct sl_zone *sl_reader_zones(const struct sl_reader *r, uint32_t column);

/*
 * sl_reader_chunk - open the chunk of `column` in row group `group` (< manifest.ngroups) into *out.
 *   lane  in      < lanes, no other thread's
 *   out   in/out  sl_chunk_init for this column; what it held is gone
 * Fails: SL_E_INTEGRITY naming column and row group: bytes, place, key or encoding are not what was sealed; *out is
 * then wiped. SL_E_BUG: sl_reader_column was not called for it, or out has no room for it.
 */
SL_MUST_CHECK enum sl_rc sl_reader_chunk(const struct sl_reader *r, uint32_t lane, uint32_t column, uint32_t group,
                                         struct sl_chunk *out, struct sl_err *err);

/*
 * sl_reader_verify - open every chunk of n columns, decode it, and compare it with what else is said of it: zones,
 * whether any is missing, codes of text at most ndomain, unit ordinals in order and as the manifest has them. Row group
 * after row group, as they lie: a file larger than the page cache is read once, not once for each column.
 *   first    in      the first of the columns
 *   scratch  in/out  n of them, each as `out` of sl_reader_chunk
 * Fails: as sl_reader_chunk, at the first row group that is wrong; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_reader_verify(const struct sl_reader *r, uint32_t lane, uint32_t first, uint32_t n,
                                          struct sl_chunk *scratch, struct sl_err *err);

/* sl_reader_close - free, wipe keys and zones. Accepts a reader whose open failed. */
void sl_reader_close(struct sl_reader *r);

#endif
