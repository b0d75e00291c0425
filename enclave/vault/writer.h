/*
 * writer.h - writes a segment front to back with write(2) alone; used by sluice-load after lock-down.
 *
 * Row groups come in order, already sorted by unit ordinal; the caller fsyncs and renames.
 */
#ifndef SL_VAULT_WRITER_H
#define SL_VAULT_WRITER_H

#include "enclave/vault/manifest.h"

struct sl_cipher;
struct sl_sha256;

struct sl_writer {
	int fd;
	uint64_t offset;
	struct sl_manifest manifest;
	uint32_t groups_max, groups_cap;
	struct sl_cipher **ciphers;
	struct sl_cipher *manifest_cipher;
	struct sl_sha256 *sha256;
	uint8_t *plain, *sealed;      /* SL_CHUNK_BYTES_MAX each */
	bool started, finished;
};

/*
 * sl_writer_init - everything that fetches an algorithm; before lock-down. Later only the manifest grows.
 *   w       out  caller's storage, any content; sl_writer_fini also after failure
 *   columns in   borrowed, copied: name, type, scale, ndomain of each; chunks ignored
 *   rows_max in  bound of all rows
 * Fails: SL_E_NOMEM, SL_E_LIMIT (columns, rows_max over SL_SEGMENT_GROUPS_MAX groups), SL_E_BUG (cipher).
 */
SL_MUST_CHECK enum sl_rc sl_writer_init(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                        const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                                        const struct sl_manifest_column *columns, uint32_t ncolumns, uint64_t rows_max,
                                        struct sl_err *err);

/* sl_writer_begin - write the header to fd, an empty file at offset 0. SL_E_IO. */
SL_MUST_CHECK enum sl_rc sl_writer_begin(struct sl_writer *w, int fd, struct sl_err *err);

/*
 * sl_writer_group - write the next row group: values[c][r] and nulls[c][r] (nonzero: missing) for every column c,
 * r < rows. nulls[c] may be NULL: none is missing. Column 0 holds ordinals >= 0, not falling.
 * Fails: SL_E_IO, SL_E_LIMIT (too many groups), SL_E_BUG (a short group before, rows 0 or over SL_CHUNK_ROWS, ordinals
 * that fall or are missing). The file is then worthless.
 */
SL_MUST_CHECK enum sl_rc sl_writer_group(struct sl_writer *w, const int64_t *const *values,
                                         const uint8_t *const *nulls, uint32_t rows, struct sl_err *err);

/*
 * sl_writer_finish - write sealed manifest and trailer.
 *   version out  SHA-256 of the whole file
 *   bytes   out  its length
 */
SL_MUST_CHECK enum sl_rc sl_writer_finish(struct sl_writer *w, uint8_t version[static 32], uint64_t *bytes,
                                          struct sl_err *err);

void sl_writer_fini(struct sl_writer *w);

#endif
