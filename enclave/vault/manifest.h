/*
 * manifest.h - what a segment holds and where: columns, row groups, chunks.
 *
 * Written by the writer, read by the reader; as bytes it exists only sealed. No key is known here.
 */
#ifndef SL_VAULT_MANIFEST_H
#define SL_VAULT_MANIFEST_H

#include "enclave/vault/segment.h"

/* One column's cells of one row group. */
struct sl_manifest_chunk {
	uint8_t encoding;     /* enum sl_encoding */
	uint64_t offset;      /* in the file */
	uint32_t bytes;
	uint8_t tag[SL_SEGMENT_TAG_BYTES];
};

struct sl_manifest_column {
	char *name;           /* header in the source; the unit column's for column 0 */
	uint8_t type;         /* enum sl_type; INTEGER for column 0 */
	int8_t scale;
	uint32_t ndomain;     /* TEXT: labels; codes are 0..ndomain-1, ndomain = (other) */
	uint8_t has_missing;  /* at least one null was written */
	struct sl_manifest_chunk *chunks; /* one per group, in order */
	uint32_t nchunks;
	uint64_t zones_offset; /* its zones: SL_ZONE_BYTES per group, sealed under the column's subkey */
	uint32_t zones_bytes;
	uint8_t zones_tag[SL_SEGMENT_TAG_BYTES];
};

struct sl_manifest_group {
	uint32_t rows;        /* 1..SL_CHUNK_ROWS; only the last may be short */
	uint64_t unit_first, unit_last; /* ordinals of its first and last row */
};

struct sl_manifest {
	uint8_t segment_id[SL_SEGMENT_ID_BYTES];
	uint64_t rows;
	uint64_t units;       /* distinct */
	struct sl_manifest_group *groups; /* none when there is no row */
	uint32_t ngroups;
	struct sl_manifest_column *columns; /* [0] is the unit ordinal */
	uint32_t ncolumns;
};

extern const struct sl_record sl_manifest_record;

/*
 * sl_manifest_check - the laws beyond field ranges: groups full and rising, one chunk per column and group, chunks
 * and then zones follow each other without gap from SL_SEGMENT_HEADER_BYTES to `end`, no length is over what rows and
 * encoding allow.
 * Fails: SL_E_INTEGRITY naming column and row group.
 */
SL_MUST_CHECK enum sl_rc sl_manifest_check(const struct sl_manifest *m, uint64_t end, struct sl_err *err);

/* sl_manifest_zones_put - append the n zones of a column as they lie before sealing. out tells of its failure. */
void sl_manifest_zones_put(const struct sl_zone *zones, uint32_t n, struct sl_buf *out);

/*
 * sl_manifest_zones_get - the other way: zones[0..m->ngroups) from exactly `bytes` bytes.
 * Returns false when they are not that many, or one cannot be: more missing than its group has rows, lo over hi.
 */
SL_MUST_CHECK bool sl_manifest_zones_get(const struct sl_manifest *m, const uint8_t *raw, size_t bytes,
                                         struct sl_zone *zones);

/* sl_manifest_free - of a decoded one; zeroed after. */
void sl_manifest_free(struct sl_manifest *m);

#endif
