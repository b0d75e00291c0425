/*
 * segment.h - segment format v0 in numbers: the one file that holds a version of a table.
 *
 *   header    32 bytes, in the clear: magic, format, columns, segment id
 *   chunks    row group after row group, in each group column after column; AES-256-GCM, tag in the manifest
 *   manifest  AES-256-GCM under the manifest subkey
 *   trailer   40 bytes, in the clear: where the manifest lies, its tag, magic
 *
 * Rows are sorted by unit ordinal; a unit's rows keep the order of the source. Column 0 is the unit ordinal.
 * Every group but the last has SL_CHUNK_ROWS rows. docs/formats.md has it byte by byte.
 */
#ifndef SL_VAULT_SEGMENT_H
#define SL_VAULT_SEGMENT_H

#include <stdint.h>

#include "enclave/pact/view.h"

#define SL_SEGMENT_FORMAT 0
#define SL_SEGMENT_HEADER_BYTES 32
#define SL_SEGMENT_TRAILER_BYTES 40
#define SL_SEGMENT_MAGIC "SLUICESG"      /* 8 bytes, at the start of the header */
#define SL_SEGMENT_END_MAGIC "SLUICEND"  /* 8 bytes, at the end of the trailer */
#define SL_SEGMENT_ID_BYTES 16
#define SL_SEGMENT_TAG_BYTES 16
#define SL_SEGMENT_KEY_BYTES 32

#define SL_CHUNK_ROWS 65536u
#define SL_SEGMENT_COLUMNS_MAX (SL_COLUMNS_MAX + 1) /* with the unit ordinal */
#define SL_SEGMENT_GROUPS_MAX 65536u                 /* 4,294,967,296 rows */
#define SL_MANIFEST_BYTES_MAX ((size_t)1 << 30)

/* How the plaintext of a chunk is written. 0 is none. */
enum sl_encoding {
	SL_ENCODING_NONE = 0,
	SL_ENCODING_PLAIN, /* rows × i64, then the null bitmap: bit r%8 of byte r/8, 1 = missing; unused bits 0 */
	SL_ENCODING_COUNT_
};

/* Bytes of a plain chunk. */
static inline uint32_t sl_chunk_plain_bytes(uint32_t rows)
{
	return rows * 8 + (rows + 7) / 8;
}
#define SL_CHUNK_BYTES_MAX (SL_CHUNK_ROWS * 8 + SL_CHUNK_ROWS / 8)

/* What a chunk's tag is bound to, besides key and nonce. */
#define SL_CHUNK_AAD_BYTES 44
void sl_segment_chunk_aad(const uint8_t id[static SL_SEGMENT_ID_BYTES], uint32_t column, uint32_t group, uint32_t rows,
                          enum sl_encoding encoding, uint8_t out[static SL_CHUNK_AAD_BYTES]);
/* The nonce: the group's number. Each column has its own key, each segment its own column keys. */
#define SL_CHUNK_NONCE_BYTES 12
void sl_segment_chunk_nonce(uint32_t group, uint8_t out[static SL_CHUNK_NONCE_BYTES]);

/* Header and trailer. */
struct sl_segment_header {
	uint32_t ncolumns;
	uint8_t id[SL_SEGMENT_ID_BYTES];
};
struct sl_segment_trailer {
	uint64_t manifest_offset;
	uint32_t manifest_bytes;
	uint8_t tag[SL_SEGMENT_TAG_BYTES];
};
/* What the manifest's tag is bound to: the whole header, and its own place. Its nonce is zero: one seal per key. */
#define SL_MANIFEST_AAD_BYTES (SL_SEGMENT_HEADER_BYTES + 12)
void sl_segment_manifest_aad(const uint8_t header[static SL_SEGMENT_HEADER_BYTES], const struct sl_segment_trailer *t,
                             uint8_t out[static SL_MANIFEST_AAD_BYTES]);
void sl_segment_header_put(const struct sl_segment_header *h, uint8_t out[static SL_SEGMENT_HEADER_BYTES]);
void sl_segment_trailer_put(const struct sl_segment_trailer *t, uint8_t out[static SL_SEGMENT_TRAILER_BYTES]);
/* get: SL_E_INTEGRITY when a byte is not what this format has there. file_bytes bounds the manifest's place. */
SL_MUST_CHECK enum sl_rc sl_segment_header_get(const uint8_t raw[static SL_SEGMENT_HEADER_BYTES],
                                               struct sl_segment_header *h, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_segment_trailer_get(const uint8_t raw[static SL_SEGMENT_TRAILER_BYTES], uint64_t file_bytes,
                                                struct sl_segment_trailer *t, struct sl_err *err);

#endif
