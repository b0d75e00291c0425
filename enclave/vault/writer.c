/* writer.c - see writer.h. */
#include "enclave/vault/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/vault/cipher.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/encode.h"
#include "enclave/vault/keys.h"

static enum sl_rc copy_column(struct sl_manifest_column *to, const struct sl_manifest_column *from, struct sl_err *err)
{
	*to = (struct sl_manifest_column){ .type = from->type, .scale = from->scale, .ndomain = from->ndomain };
	to->name = strdup(from->name != NULL ? from->name : "");
	return to->name != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for the manifest");
}

/* `old` with room for n elements; as it was, and *ok false, when there is no memory. */
static void *longer(void *old, size_t n, size_t each, bool *ok)
{
	void *more = *ok ? realloc(old, n * each) : NULL;

	*ok = more != NULL;
	return more != NULL ? more : old;
}

/* Room for one more group, its chunks and zones. */
static enum sl_rc grow(struct sl_writer *w, struct sl_err *err)
{
	struct sl_manifest *m = &w->manifest;
	uint32_t n = w->groups_cap > 0 ? 2 * w->groups_cap : 4;
	bool ok = true;

	if (m->ngroups < w->groups_cap)
		return SL_OK;
	m->groups = longer(m->groups, n, sizeof *m->groups, &ok);
	for (uint32_t c = 0; c < m->ncolumns; c++) {
		m->columns[c].chunks = longer(m->columns[c].chunks, n, sizeof *m->columns[c].chunks, &ok);
		w->zones[c] = longer(w->zones[c], n, sizeof *w->zones[c], &ok);
	}
	if (!ok)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the manifest");
	w->groups_cap = n;
	return SL_OK;
}

static struct sl_cipher **cipher_of(const struct sl_writer *w, uint32_t column, uint32_t lane)
{
	return &w->ciphers[(size_t)column * w->lanes + lane];
}

static enum sl_rc make_ciphers(struct sl_writer *w, const uint8_t *segment_key, struct sl_err *err)
{
	uint8_t key[SL_KEY_BYTES];
	enum sl_rc rc = sl_keys_manifest(segment_key, key, err);

	if (rc == SL_OK)
		rc = sl_cipher_new(key, &w->manifest_cipher, err);
	for (uint32_t c = 0; c < w->manifest.ncolumns && rc == SL_OK; c++) {
		rc = sl_keys_column(segment_key, c, key, err);
		for (uint32_t lane = 0; lane < w->lanes && rc == SL_OK; lane++)
			rc = sl_cipher_new(key, cipher_of(w, c, lane), err);
	}
	explicit_bzero(key, sizeof key);
	return rc;
}

/* Bits of w->sealed, one per chunk there may be. */
static size_t sealed_words(uint32_t ncolumns, uint32_t groups_max)
{
	return ((size_t)ncolumns * groups_max + 31) / 32;
}

static bool make_room(struct sl_writer *w, uint32_t ncolumns)
{
	bool ok;

	w->manifest.columns = calloc(ncolumns, sizeof *w->manifest.columns);
	w->zones = calloc(ncolumns, sizeof(*w->zones));
	w->ciphers = calloc((size_t)ncolumns * w->lanes, sizeof(*w->ciphers));
	w->scratch = calloc(w->lanes, sizeof(*w->scratch));
	w->sealed = calloc(sealed_words(ncolumns, w->groups_max) + 1, sizeof *w->sealed);
	ok = w->manifest.columns != NULL && w->zones != NULL && w->ciphers != NULL && w->scratch != NULL &&
	     w->sealed != NULL;
	for (uint32_t lane = 0; lane < w->lanes && ok; lane++) {
		w->scratch[lane] = malloc(sizeof **w->scratch);
		ok = w->scratch[lane] != NULL;
	}
	return ok;
}

enum sl_rc sl_writer_init_lanes(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                                const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                                const struct sl_manifest_column *columns, uint32_t ncolumns, uint64_t rows_max,
                                uint32_t lanes, struct sl_err *err)
{
	uint64_t groups_max = rows_max / SL_CHUNK_ROWS + (rows_max % SL_CHUNK_ROWS != 0);
	enum sl_rc rc;

	*w = (struct sl_writer){ .fd = -1 };
	if (lanes == 0 || lanes > SL_WRITER_LANES_MAX)
		return sl_err_set(err, SL_E_BUG, "a writer has 1 to %u lanes", SL_WRITER_LANES_MAX);
	if (ncolumns == 0 || ncolumns > SL_SEGMENT_COLUMNS_MAX || groups_max > SL_SEGMENT_GROUPS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a segment has 1 to %u columns and at most %llu rows", SL_SEGMENT_COLUMNS_MAX,
		                  (unsigned long long)SL_SEGMENT_GROUPS_MAX * SL_CHUNK_ROWS);
	w->groups_max = (uint32_t)groups_max;
	w->lanes = lanes;
	memcpy(w->manifest.segment_id, id, SL_SEGMENT_ID_BYTES);
	if (!make_room(w, ncolumns))
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

enum sl_rc sl_writer_init(struct sl_writer *w, const uint8_t id[static SL_SEGMENT_ID_BYTES],
                          const uint8_t segment_key[static SL_SEGMENT_KEY_BYTES],
                          const struct sl_manifest_column *columns, uint32_t ncolumns, uint64_t rows_max,
                          struct sl_err *err)
{
	return sl_writer_init_lanes(w, id, segment_key, columns, ncolumns, rows_max, 1, err);
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

static bool ordinals_rise(const int64_t *ordinals, const uint8_t *nulls, uint32_t rows)
{
	int64_t last = 0;

	for (uint32_t i = 0; i < rows; i++) {
		if (ordinals[i] < last || (nulls != NULL && nulls[i] != 0))
			return false;
		last = ordinals[i];
	}
	return true;
}

static uint64_t count_units(const int64_t *ordinals, uint32_t rows)
{
	uint64_t units = rows > 0;

	for (uint32_t i = 1; i < rows; i++)
		units += ordinals[i] != ordinals[i - 1];
	return units;
}

enum sl_rc sl_sealed_chunk_init(struct sl_sealed_chunk *c, uint32_t rows_max, struct sl_err *err)
{
	*c = (struct sl_sealed_chunk){ .rows_max = rows_max };
	c->data = malloc(sl_chunk_bytes_max(rows_max));
	return c->data != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for a chunk");
}

void sl_sealed_chunk_fini(struct sl_sealed_chunk *c)
{
	free(c->data);
	*c = (struct sl_sealed_chunk){ 0 };
}

/* True the first time only: a second seal under the same key and nonce would give both away. */
static bool take_nonce(struct sl_writer *w, uint32_t column, uint32_t group)
{
	size_t bit = (size_t)column * w->groups_max + group;

	return (atomic_fetch_or(&w->sealed[bit / 32], 1u << bit % 32) >> bit % 32 & 1) == 0;
}

enum sl_rc sl_writer_seal(struct sl_writer *w, uint32_t lane, uint32_t column, uint32_t group, const int64_t *values,
                          const uint8_t *nulls, uint32_t rows, struct sl_sealed_chunk *out, struct sl_err *err)
{
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	struct sl_encoded e;
	enum sl_rc rc;

	out->rows = 0;
	if (lane >= w->lanes || column >= w->manifest.ncolumns || rows == 0 || rows > SL_CHUNK_ROWS ||
	    rows > out->rows_max || (column == 0 && !ordinals_rise(values, nulls, rows)))
		return sl_err_set(err, SL_E_BUG, "column %u row group %u breaks the order or size of groups", column, group);
	if (group >= w->groups_max)
		return sl_err_set(err, SL_E_LIMIT, "more rows than the segment was made for");
	if (!take_nonce(w, column, group))
		return sl_err_set(err, SL_E_BUG, "column %u row group %u is sealed twice", column, group);
	e = sl_encode_chunk(w->scratch[lane], values, nulls, rows);
	sl_segment_chunk_aad(w->manifest.segment_id, column, group, rows, e.encoding, aad);
	sl_segment_chunk_nonce(group, nonce);
	rc = sl_cipher_seal(*cipher_of(w, column, lane), nonce, aad, sizeof aad, w->scratch[lane]->out, e.bytes, out->data,
	                    out->tag, err);
	if (rc != SL_OK)
		return rc;
	out->column = column;
	out->group = group;
	out->rows = rows;
	out->encoding = e.encoding;
	out->bytes = e.bytes;
	out->zone = e.zone;
	out->units = column == 0 ? count_units(values, rows) : 0;
	return SL_OK;
}

/* Column 0 says how long the group is and whose rows it has. */
static enum sl_rc open_group(struct sl_writer *w, const struct sl_sealed_chunk *chunk, struct sl_err *err)
{
	struct sl_manifest *m = &w->manifest;
	uint64_t first = (uint64_t)chunk->zone.lo;
	enum sl_rc rc;

	if (m->ngroups > 0 && (m->groups[m->ngroups - 1].rows != SL_CHUNK_ROWS || first < m->groups[m->ngroups - 1].unit_last))
		return sl_err_set(err, SL_E_BUG, "row group %u breaks the order or size of groups", m->ngroups);
	rc = grow(w, err);
	if (rc != SL_OK)
		return rc;
	m->units += chunk->units - (m->ngroups > 0 && first == m->groups[m->ngroups - 1].unit_last);
	m->rows += chunk->rows;
	m->groups[m->ngroups++] = (struct sl_manifest_group){ .rows = chunk->rows, .unit_first = first,
		.unit_last = (uint64_t)chunk->zone.hi };
	return SL_OK;
}

enum sl_rc sl_writer_put(struct sl_writer *w, const struct sl_sealed_chunk *chunk, struct sl_err *err)
{
	struct sl_manifest *m = &w->manifest;
	uint32_t c = w->next_column, g = c == 0 ? m->ngroups : m->ngroups - 1;
	enum sl_rc rc = SL_OK;

	if (!w->started || w->finished || chunk->rows == 0 || chunk->column != c || chunk->group != g ||
	    (c > 0 && chunk->rows != m->groups[g].rows))
		return sl_err_set(err, SL_E_BUG, "column %u row group %u is not the next chunk", chunk->column, chunk->group);
	if (c == 0)
		rc = open_group(w, chunk, err);
	if (rc != SL_OK)
		return rc;
	m->columns[c].chunks[g] = (struct sl_manifest_chunk){ .encoding = (uint8_t)chunk->encoding, .offset = w->offset,
		.bytes = chunk->bytes };
	memcpy(m->columns[c].chunks[g].tag, chunk->tag, SL_SEGMENT_TAG_BYTES);
	m->columns[c].nchunks = g + 1;
	m->columns[c].has_missing |= chunk->zone.nulls > 0;
	w->zones[c][g] = chunk->zone;
	w->next_column = (c + 1) % m->ncolumns;
	return put(w, chunk->data, chunk->bytes, err);
}

enum sl_rc sl_writer_group(struct sl_writer *w, const int64_t *const *values, const uint8_t *const *nulls,
                           uint32_t rows, struct sl_err *err)
{
	uint32_t group = w->manifest.ngroups;
	enum sl_rc rc = SL_OK;

	if (!w->started || w->finished || w->next_column != 0)
		return sl_err_set(err, SL_E_BUG, "row group %u breaks the order or size of groups", group);
	if (w->own.data == NULL)
		rc = sl_sealed_chunk_init(&w->own, SL_CHUNK_ROWS, err);
	for (uint32_t c = 0; c < w->manifest.ncolumns && rc == SL_OK; c++) {
		rc = sl_writer_seal(w, 0, c, group, values[c], nulls[c], rows, &w->own, err);
		if (rc == SL_OK)
			rc = sl_writer_put(w, &w->own, err);
	}
	return rc;
}

static enum sl_rc put_zones(struct sl_writer *w, uint32_t c, struct sl_err *err)
{
	struct sl_manifest_column *column = &w->manifest.columns[c];
	struct sl_buf plain = { .max = (size_t)SL_SEGMENT_GROUPS_MAX * SL_ZONE_BYTES };
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	enum sl_rc rc;

	sl_manifest_zones_put(w->zones[c], w->manifest.ngroups, &plain);
	rc = sl_buf_ok(&plain, "zones", err);
	sl_segment_zones_aad(w->manifest.segment_id, c, w->manifest.ngroups, aad);
	sl_segment_zones_nonce(nonce);
	column->zones_offset = w->offset;
	column->zones_bytes = (uint32_t)plain.len;
	if (rc == SL_OK)
		rc = sl_cipher_seal(*cipher_of(w, c, 0), nonce, aad, sizeof aad, plain.data, plain.len, plain.data,
		                    column->zones_tag, err);
	if (rc == SL_OK)
		rc = put(w, plain.data, plain.len, err);
	sl_buf_free(&plain);
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
	enum sl_rc rc = SL_OK;

	if (!w->started || w->finished || w->next_column != 0)
		return sl_err_set(err, SL_E_BUG, "a segment is finished once, behind its last whole group");
	w->finished = true;
	for (uint32_t c = 0; c < w->manifest.ncolumns && rc == SL_OK; c++)
		rc = put_zones(w, c, err);
	if (rc == SL_OK)
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
	for (uint32_t c = 0; c < w->manifest.ncolumns; c++) {
		for (uint32_t lane = 0; lane < w->lanes; lane++)
			sl_cipher_free(*cipher_of(w, c, lane));
		free(w->zones[c]);
	}
	for (uint32_t lane = 0; w->scratch != NULL && lane < w->lanes; lane++) {
		if (w->scratch[lane] != NULL)
			explicit_bzero(w->scratch[lane], sizeof **w->scratch);
		free(w->scratch[lane]);
	}
	free(w->zones);
	free(w->ciphers);
	free(w->scratch);
	free(w->sealed);
	sl_sealed_chunk_fini(&w->own);
	sl_cipher_free(w->manifest_cipher);
	sl_sha256_free(w->sha256);
	sl_manifest_free(&w->manifest);
	*w = (struct sl_writer){ .fd = -1 };
}
