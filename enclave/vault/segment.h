/*
 * segment.h - segment format v1 in numbers: the one file that holds a version of a table.
 *
 *   header    32 bytes, in the clear: magic, format, columns, segment id
 *   chunks    row group after row group, in each group column after column; AES-256-GCM, tag in the manifest
 *   zones     column after column: smallest, largest and missing of each of its chunks, under the column's subkey
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

#define SL_SEGMENT_FORMAT 1
#define SL_SEGMENT_HEADER_BYTES 32
#define SL_SEGMENT_TRAILER_BYTES 40
#define SL_SEGMENT_MAGIC "SLUICESG"      /* 8 bytes, at the start of the header */
#define SL_SEGMENT_END_MAGIC "SLUICEND"  /* 8 bytes, at the end of the trailer */
#define SL_SEGMENT_ID_BYTES 16
#define SL_SEGMENT_TAG_BYTES 16
#define SL_SEGMENT_KEY_BYTES 32

#define SL_CHUNK_ROWS 65536u
#define SL_SEGMENT_COLUMNS_MAX (SL_COLUMNS_MAX + 1) /* with the unit ordinal */
#define SL_SEGMENT_GROUPS_MAX 65535u                 /* 4,294,901,760 rows: they are counted in 32 bits */
#define SL_MANIFEST_BYTES_MAX ((size_t)1 << 30)

/*
 * How the values of a chunk are written. The writer takes the smallest, among equals the first. All integers are
 * little-endian; "packed" is n numbers of `width` bits, number i from bit i * width on, bit 0 the lowest of byte 0.
 */
enum sl_encoding {
	SL_ENCODING_NONE = 0,
	SL_ENCODING_PLAIN,      /* i64 each */
	SL_ENCODING_PACKED,     /* u8 width 0..63; the values, packed; none is negative */
	SL_ENCODING_FRAME,      /* i64 base, u8 width 0..64; value - base, packed */
	SL_ENCODING_DICTIONARY, /* u32 n, u8 width 0..16, n rising i64; index, packed */
	SL_ENCODING_RUNS,       /* u32 n, i64 base, u8 width, u8 width; n × value - base, n × length - 1, packed */
	SL_ENCODING_COUNT_
};

/* A chunk opens with one byte: SL_CHUNK_NULLS when a bitmap of missing rows follows, or 0 when none is missing. */
#define SL_CHUNK_NULLS 1

/* Most bytes a chunk of so many rows takes: plain, with a bitmap. */
static inline uint32_t sl_chunk_bytes_max(uint32_t rows)
{
	return 1 + (rows + 7) / 8 + rows * 8;
}
#define SL_CHUNK_BYTES_MAX (1 + SL_CHUNK_ROWS / 8 + SL_CHUNK_ROWS * 8)

/* Smallest and largest value that is there in a chunk, and how many are missing. All are: INT64_MAX and INT64_MIN. */
struct sl_zone {
	int64_t lo, hi;
	uint32_t nulls;
};
#define SL_ZONE_BYTES 20 /* i64, i64, u32 */

/* What a chunk's tag is bound to, besides key and nonce. */
#define SL_CHUNK_AAD_BYTES 44
void sl_segment_chunk_aad(const uint8_t id[static SL_SEGMENT_ID_BYTES], uint32_t column, uint32_t group, uint32_t rows,
                          enum sl_encoding encoding, uint8_t out[static SL_CHUNK_AAD_BYTES]);
/*
 * The nonce: the group's number, then 0. Each column has its own key, each segment its own column keys. A column's
 * zones go under the same key with what no chunk has: nonce 0 then 1, group 2^32-1, encoding 0; rows is ngroups.
 */
#define SL_CHUNK_NONCE_BYTES 12
void sl_segment_chunk_nonce(uint32_t group, uint8_t out[static SL_CHUNK_NONCE_BYTES]);
void sl_segment_zones_aad(const uint8_t id[static SL_SEGMENT_ID_BYTES], uint32_t column, uint32_t ngroups,
                          uint8_t out[static SL_CHUNK_AAD_BYTES]);
void sl_segment_zones_nonce(uint8_t out[static SL_CHUNK_NONCE_BYTES]);

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
/*
 * get: SL_E_INTEGRITY when a byte is not what this format has there, or the format is older. file_bytes bounds the
 * manifest's place.
 */
SL_MUST_CHECK enum sl_rc sl_segment_header_get(const uint8_t raw[static SL_SEGMENT_HEADER_BYTES],
                                               struct sl_segment_header *h, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_segment_trailer_get(const uint8_t raw[static SL_SEGMENT_TRAILER_BYTES], uint64_t file_bytes,
                                                struct sl_segment_trailer *t, struct sl_err *err);

#endif
