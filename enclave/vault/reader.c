/* reader.c - see reader.h. */
#include "enclave/vault/reader.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/vault/cipher.h"

static enum sl_rc read_ends(const struct sl_reader *r, const uint8_t *id, struct sl_segment_header *head,
                            struct sl_segment_trailer *tail, struct sl_err *err)
{
	enum sl_rc rc;

	if (r->bytes < SL_SEGMENT_HEADER_BYTES + SL_SEGMENT_TRAILER_BYTES)
		return sl_err_set(err, SL_E_INTEGRITY, "segment is cut short: %llu bytes", (unsigned long long)r->bytes);
	rc = sl_segment_header_get(r->data, head, err);
	if (rc == SL_OK)
		rc = sl_segment_trailer_get(r->data + r->bytes - SL_SEGMENT_TRAILER_BYTES, r->bytes, tail, err);
	if (rc == SL_OK && memcmp(head->id, id, SL_SEGMENT_ID_BYTES) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "another segment lies where this one should");
	return rc;
}

/* The manifest is bound to the header before it and to its own place. */
static enum sl_rc open_manifest(struct sl_reader *r, const struct sl_segment_trailer *tail, const uint8_t *key,
                                struct sl_err *err)
{
	uint8_t aad[SL_MANIFEST_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES] = { 0 };
	size_t len = tail->manifest_bytes;
	uint8_t *plain = malloc(len > 0 ? len : 1);
	struct sl_cipher *cipher = NULL;
	enum sl_rc rc;

	if (plain == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a manifest of %zu bytes", len);
	sl_segment_manifest_aad(r->data, tail, aad);
	rc = sl_cipher_new(key, &cipher, err);
	if (rc == SL_OK && sl_cipher_open(cipher, nonce, aad, sizeof aad, r->data + tail->manifest_offset, len, tail->tag,
	                               plain, NULL) != SL_OK)
		rc = sl_err_set(err, SL_E_INTEGRITY, "the segment's manifest is not what was sealed, or this is not its key");
	if (rc == SL_OK) {
		rc = sl_codec_decode(&sl_manifest_record, plain, len, &r->manifest, err);
		if (rc == SL_E_INPUT)
			rc = SL_E_INTEGRITY;
	}
	sl_cipher_free(cipher);
	free(plain);
	return rc;
}

enum sl_rc sl_reader_open(struct sl_reader *r, const void *data, uint64_t bytes,
                          const uint8_t id[static SL_SEGMENT_ID_BYTES],
                          const uint8_t manifest_key[static SL_SEGMENT_KEY_BYTES], uint32_t lanes, struct sl_err *err)
{
	struct sl_segment_header head;
	struct sl_segment_trailer tail;
	enum sl_rc rc;

	*r = (struct sl_reader){ .data = data, .bytes = bytes, .lanes = lanes };
	if (lanes == 0 || lanes > SL_READER_LANES_MAX)
		return sl_err_set(err, SL_E_BUG, "a reader has 1 to %u lanes", SL_READER_LANES_MAX);
	rc = read_ends(r, id, &head, &tail, err);
	if (rc == SL_OK)
		rc = open_manifest(r, &tail, manifest_key, err);
	if (rc == SL_OK)
		rc = sl_manifest_check(&r->manifest, tail.manifest_offset, err);
	if (rc == SL_OK && (r->manifest.ncolumns != head.ncolumns ||
	                    memcmp(r->manifest.segment_id, head.id, SL_SEGMENT_ID_BYTES) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "header and manifest of the segment disagree");
	if (rc == SL_OK) {
		r->ciphers = calloc((size_t)r->manifest.ncolumns * lanes, sizeof(*r->ciphers));
		r->zones = calloc(r->manifest.ncolumns, sizeof(*r->zones));
		if (r->ciphers == NULL || r->zones == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory for ciphers");
	}
	return rc;
}

static struct sl_cipher **ciphers_of(const struct sl_reader *r, uint32_t column)
{
	return r->ciphers + (size_t)column * r->lanes;
}

static void forget_column(struct sl_reader *r, uint32_t column)
{
	for (uint32_t lane = 0; lane < r->lanes; lane++) {
		sl_cipher_free(ciphers_of(r, column)[lane]);
		ciphers_of(r, column)[lane] = NULL;
	}
	if (r->zones[column] != NULL)
		explicit_bzero(r->zones[column], r->manifest.ngroups * sizeof **r->zones);
	free(r->zones[column]);
	r->zones[column] = NULL;
}

static enum sl_rc open_zones(struct sl_reader *r, uint32_t column, struct sl_err *err)
{
	const struct sl_manifest_column *m = &r->manifest.columns[column];
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES], *plain = malloc(m->zones_bytes + 1);
	struct sl_zone *zones = calloc((size_t)r->manifest.ngroups + 1, sizeof *zones);
	enum sl_rc rc = SL_OK;

	r->zones[column] = zones;
	if (plain == NULL || zones == NULL) {
		free(plain);
		return sl_err_set(err, SL_E_NOMEM, "out of memory for zones");
	}
	sl_segment_zones_aad(r->manifest.segment_id, column, r->manifest.ngroups, aad);
	sl_segment_zones_nonce(nonce);
	if (sl_cipher_open(ciphers_of(r, column)[0], nonce, aad, sizeof aad, r->data + m->zones_offset, m->zones_bytes,
	                   m->zones_tag, plain, NULL) != SL_OK ||
	    !sl_manifest_zones_get(&r->manifest, plain, m->zones_bytes, zones))
		rc = sl_err_set(err, SL_E_INTEGRITY,
		                "column %u (\"%s\"): its zones are not what was sealed, or its key is another's", column,
		                m->name);
	explicit_bzero(plain, m->zones_bytes);
	free(plain);
	return rc;
}

enum sl_rc sl_reader_column(struct sl_reader *r, uint32_t column, const uint8_t subkey[static SL_SEGMENT_KEY_BYTES],
                            struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	if (column >= r->manifest.ncolumns)
		return sl_err_set(err, SL_E_INTEGRITY, "the segment has no column %u", column);
	if (r->zones[column] != NULL)
		return sl_err_set(err, SL_E_BUG, "column %u is granted twice", column);
	for (uint32_t lane = 0; lane < r->lanes && rc == SL_OK; lane++)
		rc = sl_cipher_new(subkey, &ciphers_of(r, column)[lane], err);
	if (rc == SL_OK)
		rc = open_zones(r, column, err);
	if (rc != SL_OK)
		forget_column(r, column);
	return rc;
}

const struct sl_zone *sl_reader_zones(const struct sl_reader *r, uint32_t column)
{
	return column < r->manifest.ncolumns ? r->zones[column] : NULL;
}

static enum sl_rc refuse(const struct sl_reader *r, uint32_t column, uint32_t group, const char *why,
                         struct sl_err *err)
{
	return sl_err_set(err, SL_E_INTEGRITY, "column %u (\"%s\") row group %u %s", column,
	                  r->manifest.columns[column].name, group, why);
}

enum sl_rc sl_reader_chunk(const struct sl_reader *r, uint32_t lane, uint32_t column, uint32_t group,
                           struct sl_chunk *out, struct sl_err *err)
{
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	const struct sl_manifest_chunk *chunk;
	uint32_t rows;

	if (lane >= r->lanes || sl_reader_zones(r, column) == NULL || group >= r->manifest.ngroups)
		return sl_err_set(err, SL_E_BUG, "column %u row group %u was not asked for before", column, group);
	chunk = &r->manifest.columns[column].chunks[group];
	rows = r->manifest.groups[group].rows;
	if (chunk->bytes > out->bytes_max || (chunk->encoding == SL_ENCODING_RUNS && rows > out->runs_max))
		return sl_err_set(err, SL_E_BUG, "the chunk was made for another column than %u", column);
	out->rows = 0;
	sl_segment_chunk_aad(r->manifest.segment_id, column, group, rows, chunk->encoding, aad);
	sl_segment_chunk_nonce(group, nonce);
	if (sl_cipher_open(ciphers_of(r, column)[lane], nonce, aad, sizeof aad, r->data + chunk->offset, chunk->bytes,
	                   chunk->tag, out->plain, NULL) != SL_OK)
		return refuse(r, column, group, "is not what was sealed, or its key is another's", err);
	if (!sl_chunk_parse(out, chunk->encoding, rows, chunk->bytes))
		return refuse(r, column, group, "was sealed so, but is not a chunk of this format", err);
	return SL_OK;
}

/* What goes from stretch to stretch, and for a column as a whole. */
struct verifying {
	const struct sl_reader *r;
	uint32_t column;
	struct sl_zone zone;       /* as found in this group */
	uint64_t nulls, units;
	int64_t last;              /* ordinal of the row before */
	bool is_first;             /* no row before */
};

#define STRETCH_ROWS 1024u

static const char *verify_value(struct verifying *v, int64_t value)
{
	const struct sl_manifest_column *m = &v->r->manifest.columns[v->column];

	v->zone.lo = value < v->zone.lo ? value : v->zone.lo;
	v->zone.hi = value > v->zone.hi ? value : v->zone.hi;
	if (m->type == SL_TYPE_TEXT && (value < 0 || value > m->ndomain))
		return "has a code outside its domain";
	if (v->column == 0) {
		if (value < 0 || (!v->is_first && value < v->last))
			return "has unit ordinals that fall";
		v->units += v->is_first || value != v->last;
		v->last = value;
		v->is_first = false;
	}
	return NULL;
}

static const char *verify_values(struct verifying *v, const struct sl_chunk *c)
{
	int64_t values[STRETCH_ROWS];
	uint8_t nulls[STRETCH_ROWS];
	const char *why = NULL;

	v->zone = (struct sl_zone){ .lo = INT64_MAX, .hi = INT64_MIN };
	for (uint32_t from = 0; from < c->rows && why == NULL; from += STRETCH_ROWS) {
		uint32_t rows = c->rows - from < STRETCH_ROWS ? c->rows - from : STRETCH_ROWS;

		sl_chunk_values(c, from, rows, values);
		if (!sl_chunk_nulls(c, from, rows, nulls))
			memset(nulls, 0, rows);
		for (uint32_t i = 0; i < rows && why == NULL; i++) {
			v->zone.nulls += nulls[i];
			why = nulls[i] ? NULL : verify_value(v, values[i]);
		}
	}
	v->nulls += v->zone.nulls;
	return why;
}

static enum sl_rc verify_group(struct verifying *v, uint32_t group, const struct sl_chunk *c, struct sl_err *err)
{
	const struct sl_zone *sealed = &v->r->zones[v->column][group];
	const struct sl_manifest_group *m = &v->r->manifest.groups[group];
	const char *why = verify_values(v, c);

	if (why == NULL &&
	    (v->zone.lo != sealed->lo || v->zone.hi != sealed->hi || v->zone.nulls != sealed->nulls))
		why = "is not what its zone says";
	if (why == NULL && v->column == 0 &&
	    (v->zone.nulls > 0 || (uint64_t)v->zone.lo != m->unit_first || (uint64_t)v->zone.hi != m->unit_last))
		why = "has other unit ordinals than the manifest says";
	return why == NULL ? SL_OK : refuse(v->r, v->column, group, why, err);
}

/* After the last group. */
static enum sl_rc verify_whole(const struct verifying *v, struct sl_err *err)
{
	const struct sl_manifest_column *m = &v->r->manifest.columns[v->column];

	if ((v->nulls > 0) != (m->has_missing != 0))
		return sl_err_set(err, SL_E_INTEGRITY, "column %u (\"%s\"): the manifest is wrong on missing values", v->column,
		                  m->name);
	if (v->column == 0 && v->units != v->r->manifest.units)
		return sl_err_set(err, SL_E_INTEGRITY, "column %u (\"%s\"): the manifest counts other units", v->column, m->name);
	return SL_OK;
}

enum sl_rc sl_reader_verify(const struct sl_reader *r, uint32_t lane, uint32_t first, uint32_t n,
                            struct sl_chunk *scratch, struct sl_err *err)
{
	struct verifying *v = calloc((size_t)n + 1, sizeof *v);
	enum sl_rc rc = v != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for %u columns", n);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		v[i] = (struct verifying){ .r = r, .column = first + i, .is_first = true };
		if (sl_reader_zones(r, first + i) == NULL)
			rc = sl_err_set(err, SL_E_BUG, "column %u was not asked for before", first + i);
	}
	for (uint32_t g = 0; rc == SL_OK && g < r->manifest.ngroups; g++)
		for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
			rc = sl_reader_chunk(r, lane, first + i, g, &scratch[i], err);
			if (rc == SL_OK)
				rc = verify_group(&v[i], g, &scratch[i], err);
		}
	for (uint32_t i = 0; i < n && rc == SL_OK; i++)
		rc = verify_whole(&v[i], err);
	free(v);
	return rc;
}

void sl_reader_close(struct sl_reader *r)
{
	for (uint32_t c = 0; r->ciphers != NULL && r->zones != NULL && c < r->manifest.ncolumns; c++)
		forget_column(r, c);
	free(r->ciphers);
	free(r->zones);
	sl_manifest_free(&r->manifest);
	memset(r, 0, sizeof *r);
}
