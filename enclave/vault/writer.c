/* writer.c - see writer.h. */
#include "enclave/vault/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/keys.h"

static enum sl_rc copy_column(struct sl_manifest_column *to, const struct sl_manifest_column *from, struct sl_err *err)
{
	*to = (struct sl_manifest_column){ .type = from->type, .scale = from->scale, .ndomain = from->ndomain };
	to->name = strdup(from->name != NULL ? from->name : "");
	return to->name != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for the manifest");
}

/* Room for one more group and its chunks. */
static enum sl_rc grow(struct sl_writer *w, struct sl_err *err)
{
	struct sl_manifest *m = &w->manifest;
	uint32_t cap = w->groups_cap > 0 ? 2 * w->groups_cap : 4;
	void *more;

	if (m->ngroups < w->groups_cap)
		return SL_OK;
	more = realloc(m->groups, cap * sizeof *m->groups);
	if (more != NULL)
		m->groups = more;
	for (uint32_t c = 0; c < m->ncolumns && more != NULL; c++) {
		more = realloc(m->columns[c].chunks, cap * sizeof *m->columns[c].chunks);
		if (more != NULL)
			m->columns[c].chunks = more;
	}
	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the manifest");
	w->groups_cap = cap;
	return SL_OK;
}

static enum sl_rc make_ciphers(struct sl_writer *w, const uint8_t *segment_key, struct sl_err *err)
{
	uint8_t key[SL_KEY_BYTES];
	enum sl_rc rc = sl_keys_manifest(segment_key, key, err);

	if (rc == SL_OK)
		rc = sl_cipher_new(key, &w->manifest_cipher, err);
	for (uint32_t c = 0; c < w->manifest.ncolumns && rc == SL_OK; c++) {
		rc = sl_keys_column(segment_key, c, key, err);
		if (rc == SL_OK)
			rc = sl_cipher_new(key, &w->ciphers[c], err);
	}
	explicit_bzero(key, sizeof key);
	return rc;
}

enum sl_rc sl_writer_init(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                          const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                          const struct sl_manifest_column *columns, uint32_t ncolumns, uint64_t rows_max,
                          struct sl_err *err)
{
	uint64_t groups_max = rows_max / SL_CHUNK_ROWS + (rows_max % SL_CHUNK_ROWS != 0);
	enum sl_rc rc;

	*w = (struct sl_writer){ .fd = -1 };
	if (ncolumns == 0 || ncolumns > SL_SEGMENT_COLUMNS_MAX || groups_max > SL_SEGMENT_GROUPS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a segment has 1 to %u columns and at most %llu rows", SL_SEGMENT_COLUMNS_MAX,
		                  (unsigned long long)SL_SEGMENT_GROUPS_MAX * SL_CHUNK_ROWS);
	w->groups_max = (uint32_t)groups_max;
	memcpy(w->manifest.segment_id, id, SL_SEGMENT_ID_BYTES);
	w->manifest.columns = calloc(ncolumns, sizeof *columns);
	w->ciphers = calloc(ncolumns, sizeof(*w->ciphers));
	w->plain = malloc(SL_CHUNK_BYTES_MAX);
	w->sealed = malloc(SL_CHUNK_BYTES_MAX);
	if (w->manifest.columns == NULL || w->ciphers == NULL || w->plain == NULL || w->sealed == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for writing a segment");
	for (uint32_t c = 0; c < ncolumns; c++) {
		w->manifest.ncolumns = c + 1;
		rc = copy_column(&w->manifest.columns[c], &columns[c], err);
		if (rc != SL_OK)
			return rc;
	}
	rc = make_ciphers(w, segment_key, err);
	return rc == SL_OK ? sl_sha256_new(&w->sha256, err) : rc;
}

/* To the file and into its hash. */
static enum sl_rc put(struct sl_writer *w, const uint8_t *data, size_t len, struct sl_err *err)
{
	enum sl_rc rc = sl_sha256_add(w->sha256, data, len, err);

	if (rc != SL_OK)
		return rc;
	while (len > 0) {
		ssize_t n = write(w->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_set(err, SL_E_IO, "the segment cannot be written: %s",
			                  n < 0 && errno == ENOSPC ? "the disk is full" : "the system refused");
		data += n;
		len -= (size_t)n;
		w->offset += (uint64_t)n;
	}
	return SL_OK;
}

enum sl_rc sl_writer_begin(struct sl_writer *w, int fd, struct sl_err *err)
{
	struct sl_segment_header head = { .ncolumns = w->manifest.ncolumns };
	uint8_t raw[SL_SEGMENT_HEADER_BYTES];

	if (w->started)
		return sl_err_set(err, SL_E_BUG, "a segment is begun once");
	w->started = true;
	w->fd = fd;
	memcpy(head.id, w->manifest.segment_id, SL_SEGMENT_ID_BYTES);
	sl_segment_header_put(&head, raw);
	return put(w, raw, sizeof raw, err);
}

/* Returns whether any value is missing. */
static bool encode_plain(uint8_t *out, const int64_t *values, const uint8_t *nulls, uint32_t rows)
{
	uint8_t *bitmap = out + (size_t)rows * 8;
	bool any = false;

	memset(bitmap, 0, (rows + 7) / 8);
	for (uint32_t i = 0; i < rows; i++) {
		bool null = nulls != NULL && nulls[i] != 0;
		uint64_t v = null ? 0 : (uint64_t)values[i];

		for (int k = 0; k < 8; k++)
			out[(size_t)i * 8 + (size_t)k] = (uint8_t)(v >> (8 * k));
		bitmap[i / 8] = (uint8_t)(bitmap[i / 8] | (null ? 1u << (i % 8) : 0));
		any |= null;
	}
	return any;
}

static enum sl_rc put_chunk(struct sl_writer *w, uint32_t c, const int64_t *values, const uint8_t *nulls, uint32_t rows,
                            struct sl_err *err)
{
	struct sl_manifest_column *column = &w->manifest.columns[c];
	struct sl_manifest_chunk *chunk = &column->chunks[column->nchunks];
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	enum sl_rc rc;

	chunk->encoding = SL_ENCODING_PLAIN;
	chunk->offset = w->offset;
	chunk->bytes = sl_chunk_plain_bytes(rows);
	if (encode_plain(w->plain, values, nulls, rows))
		column->has_missing = 1;
	sl_segment_chunk_aad(w->manifest.segment_id, c, column->nchunks, rows, SL_ENCODING_PLAIN, aad);
	sl_segment_chunk_nonce(column->nchunks, nonce);
	rc = sl_cipher_seal(w->ciphers[c], nonce, aad, sizeof aad, w->plain, chunk->bytes, w->sealed, chunk->tag, err);
	if (rc == SL_OK)
		rc = put(w, w->sealed, chunk->bytes, err);
	column->nchunks++;
	return rc;
}

static bool ordinals_rise(const int64_t *ordinals, const uint8_t *nulls, uint32_t rows, int64_t last)
{
	for (uint32_t i = 0; i < rows; i++) {
		if (ordinals[i] < last || (nulls != NULL && nulls[i] != 0))
			return false;
		last = ordinals[i];
	}
	return true;
}

static uint64_t count_units(const int64_t *ordinals, uint32_t rows, bool first_group, int64_t last)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < rows; i++) {
		units += (i == 0 && first_group) || ordinals[i] != last;
		last = ordinals[i];
	}
	return units;
}

enum sl_rc sl_writer_group(struct sl_writer *w, const int64_t *const *values, const uint8_t *const *nulls,
                           uint32_t rows, struct sl_err *err)
{
	struct sl_manifest *m = &w->manifest;
	struct sl_manifest_group *before = m->ngroups > 0 ? &m->groups[m->ngroups - 1] : NULL;
	int64_t last = before != NULL ? (int64_t)before->unit_last : 0;
	enum sl_rc rc;

	if (!w->started || w->finished || rows == 0 || rows > SL_CHUNK_ROWS ||
	    (before != NULL && before->rows != SL_CHUNK_ROWS) || !ordinals_rise(values[0], nulls[0], rows, last))
		return sl_err_set(err, SL_E_BUG, "row group %u breaks the order or size of groups", m->ngroups);
	if (m->ngroups == w->groups_max)
		return sl_err_set(err, SL_E_LIMIT, "more rows than the segment was made for");
	rc = grow(w, err);
	if (rc != SL_OK)
		return rc;
	for (uint32_t c = 0; c < m->ncolumns && rc == SL_OK; c++)
		rc = put_chunk(w, c, values[c], nulls[c], rows, err);
	m->units += count_units(values[0], rows, before == NULL, last);
	m->rows += rows;
	m->groups[m->ngroups++] = (struct sl_manifest_group){ .rows = rows, .unit_first = (uint64_t)values[0][0],
		.unit_last = (uint64_t)values[0][rows - 1] };
	return rc;
}

static enum sl_rc put_manifest(struct sl_writer *w, struct sl_buf *plain, struct sl_err *err)
{
	struct sl_segment_trailer tail = { .manifest_offset = w->offset, .manifest_bytes = (uint32_t)plain->len };
	struct sl_segment_header head = { .ncolumns = w->manifest.ncolumns };
	uint8_t header[SL_SEGMENT_HEADER_BYTES], aad[SL_MANIFEST_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES] = { 0 };
	uint8_t raw[SL_SEGMENT_TRAILER_BYTES];
	enum sl_rc rc;

	memcpy(head.id, w->manifest.segment_id, SL_SEGMENT_ID_BYTES);
	sl_segment_header_put(&head, header);
	sl_segment_manifest_aad(header, &tail, aad);
	uint8_t *sealed = malloc(plain->len);
	if (sealed == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a manifest of %zu bytes", plain->len);
	rc = sl_cipher_seal(w->manifest_cipher, nonce, aad, sizeof aad, plain->data, plain->len, sealed, tail.tag, err);
	if (rc == SL_OK)
		rc = put(w, sealed, plain->len, err);
	free(sealed);
	sl_segment_trailer_put(&tail, raw);
	return rc == SL_OK ? put(w, raw, sizeof raw, err) : rc;
}

enum sl_rc sl_writer_finish(struct sl_writer *w, uint8_t version[static 32], uint64_t *bytes, struct sl_err *err)
{
	struct sl_buf plain = { .max = SL_MANIFEST_BYTES_MAX };
	enum sl_rc rc;

	if (!w->started || w->finished)
		return sl_err_set(err, SL_E_BUG, "a segment is finished once");
	w->finished = true;
	rc = sl_codec_encode(&sl_manifest_record, &w->manifest, &plain, err);
	if (rc == SL_OK)
		rc = put_manifest(w, &plain, err);
	if (rc == SL_OK)
		rc = sl_sha256_end(w->sha256, version, err);
	*bytes = w->offset;
	sl_buf_free(&plain);
	return rc;
}

void sl_writer_fini(struct sl_writer *w)
{
	for (uint32_t c = 0; w->ciphers != NULL && c < w->manifest.ncolumns; c++)
		sl_cipher_free(w->ciphers[c]);
	free(w->ciphers);
	sl_cipher_free(w->manifest_cipher);
	sl_sha256_free(w->sha256);
	sl_manifest_free(&w->manifest);
	free(w->plain);
	free(w->sealed);
	*w = (struct sl_writer){ .fd = -1 };
}
