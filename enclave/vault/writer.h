/*
 * writer.h - writes a segment front to back with write(2) alone; used by sluice-load after lock-down.
 *
 * Row groups come in order, already sorted by unit ordinal; the caller fsyncs and renames. Either sl_writer_group does
 * all of a group, or several threads seal chunks (sl_writer_seal, each in its own lane, of any column and group) and
 * one thread puts them in the order of the file (sl_writer_put).
 */
#ifndef SL_VAULT_WRITER_H
#define SL_VAULT_WRITER_H

#include <stdatomic.h>

#include "enclave/vault/manifest.h"

#define SL_WRITER_LANES_MAX 64u

struct sl_cipher;
struct sl_sha256;
struct sl_encode_scratch;

/* One chunk, encoded and sealed, on its way to the file. Made by sl_sealed_chunk_init, filled by sl_writer_seal. */
struct sl_sealed_chunk {
	uint8_t *data;                   /* owned; rows_max rows in any encoding fit */
	uint32_t rows_max;
	uint32_t column, group, rows;    /* rows 0: holds nothing */
	enum sl_encoding encoding;
	uint32_t bytes;
	uint8_t tag[SL_SEGMENT_TAG_BYTES];
	struct sl_zone zone;
	uint64_t units;                  /* of column 0: distinct ordinals */
};

struct sl_writer {
	int fd;
	uint64_t offset;
	struct sl_manifest manifest;
	struct sl_zone **zones;          /* [column][group] */
	uint32_t groups_max, groups_cap, lanes;
	uint32_t next_column;            /* of the group that is being put */
	struct sl_cipher **ciphers;      /* [column * lanes + lane] */
	struct sl_cipher *manifest_cipher;
	struct sl_encode_scratch **scratch; /* [lane] */
	_Atomic uint32_t *sealed;        /* bit column * groups_max + group: its nonce is used up */
	struct sl_sha256 *sha256;
	struct sl_sealed_chunk own;      /* of sl_writer_group */
	bool started, finished;
};

/*
 * sl_writer_init - everything that fetches an algorithm; before lock-down. Later only the manifest grows.
 *   w       out  caller's storage, any content; sl_writer_fini also after failure
 *   columns in   borrowed, copied: name, type, scale, ndomain of each; the rest is ignored
 *   rows_max in  bound of all rows
 *   lanes   in   threads that will seal at the same time, 1 to SL_WRITER_LANES_MAX; each takes about 2.2 MB, and each
 *                column a cipher per lane. sl_writer_init has one.
 * Fails: SL_E_NOMEM, SL_E_LIMIT (columns, rows_max over SL_SEGMENT_GROUPS_MAX groups), SL_E_BUG (cipher, lanes).
 */
SL_MUST_CHECK enum sl_rc sl_writer_init(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                        const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                                        const struct sl_manifest_column *columns, uint32_t ncolumns, uint64_t rows_max,
                                        struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_writer_init_lanes(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                              const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                                              const struct sl_manifest_column *columns, uint32_t ncolumns,
                                              uint64_t rows_max, uint32_t lanes, struct sl_err *err);

/* sl_writer_begin - write the header to fd, an empty file at offset 0. SL_E_IO. */
SL_MUST_CHECK enum sl_rc sl_writer_begin(struct sl_writer *w, int fd, struct sl_err *err);

/*
 * sl_writer_group - write the next row group: values[c][r] and nulls[c][r] (nonzero: missing) for every column c,
 * r < rows. nulls[c] may be NULL: none is missing. Column 0 holds ordinals >= 0, not falling. Uses lane 0.
 * Fails: SL_E_IO, SL_E_LIMIT (too many groups), SL_E_NOMEM, SL_E_BUG (a short group before, rows 0 or over
 * SL_CHUNK_ROWS, ordinals that fall or are missing). The file is then worthless.
 */
SL_MUST_CHECK enum sl_rc sl_writer_group(struct sl_writer *w, const int64_t *const *values,
                                         const uint8_t *const *nulls, uint32_t rows, struct sl_err *err);

/* sl_sealed_chunk_init - room for rows_max rows (1 to SL_CHUNK_ROWS). SL_E_NOMEM. _fini: also after that. */
SL_MUST_CHECK enum sl_rc sl_sealed_chunk_init(struct sl_sealed_chunk *c, uint32_t rows_max, struct sl_err *err);
void sl_sealed_chunk_fini(struct sl_sealed_chunk *c);

/*
 * sl_writer_seal - encode and seal the cells of one column and row group; may run in several threads at once, and while
 * another puts, as long as lane and *out are no other thread's. No allocation. values, nulls as of sl_writer_group.
 *   group in      counted by the caller, from 0 (manifest.ngroups already counts a group whose column 0 is put)
 *   out  in/out  what it held is gone; holds nothing after a failure
 * Fails: SL_E_LIMIT (too many groups), SL_E_BUG (rows 0 or over out's room, ordinals of column 0 that fall or are
 * missing; this chunk was sealed before: its nonce is used up).
 */
SL_MUST_CHECK enum sl_rc sl_writer_seal(struct sl_writer *w, uint32_t lane, uint32_t column, uint32_t group,
                                        const int64_t *values, const uint8_t *nulls, uint32_t rows,
                                        struct sl_sealed_chunk *out, struct sl_err *err);

/*
 * sl_writer_put - write the next chunk of the file: group after group, in each column 0, 1, 2 … One thread.
 * Fails: SL_E_IO, SL_E_NOMEM, SL_E_BUG (not the next one, other rows than the group's column 0, a short group before,
 * ordinals lower than the group before). The file is then worthless.
 */
SL_MUST_CHECK enum sl_rc sl_writer_put(struct sl_writer *w, const struct sl_sealed_chunk *chunk, struct sl_err *err);

/*
 * sl_writer_finish - write zones, sealed manifest and trailer. SL_E_BUG when a group lacks a column.
 *   version out  SHA-256 of the whole file
 *   bytes   out  its length
 */
SL_MUST_CHECK enum sl_rc sl_writer_finish(struct sl_writer *w, uint8_t version[static 32], uint64_t *bytes,
                                          struct sl_err *err);

void sl_writer_fini(struct sl_writer *w);

#endif
