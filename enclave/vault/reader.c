/* reader.c - see reader.h. */
#include "enclave/vault/reader.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/vault/cipher.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "chunks are deciphered into int64_t as they lie: this host order needs a swap here"
#endif
_Static_assert(offsetof(struct sl_chunk, values) == 0 && offsetof(struct sl_chunk, bitmap) == SL_CHUNK_ROWS * 8,
               "a full chunk lies in one piece");

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
                          const uint8_t manifest_key[static SL_SEGMENT_KEY_BYTES], struct sl_err *err)
{
	struct sl_segment_header head;
	struct sl_segment_trailer tail;
	enum sl_rc rc;

	*r = (struct sl_reader){ .data = data, .bytes = bytes };
	rc = read_ends(r, id, &head, &tail, err);
	if (rc == SL_OK)
		rc = open_manifest(r, &tail, manifest_key, err);
	if (rc == SL_OK)
		rc = sl_manifest_check(&r->manifest, tail.manifest_offset, err);
	if (rc == SL_OK && (r->manifest.ncolumns != head.ncolumns ||
	                    memcmp(r->manifest.segment_id, head.id, SL_SEGMENT_ID_BYTES) != 0))
		rc = sl_err_set(err, SL_E_INTEGRITY, "header and manifest of the segment disagree");
	if (rc == SL_OK) {
		r->ciphers = calloc(r->manifest.ncolumns, sizeof(*r->ciphers));
		if (r->ciphers == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory for ciphers");
	}
	return rc;
}

enum sl_rc sl_reader_column(struct sl_reader *r, uint32_t column, const uint8_t subkey[static SL_SEGMENT_KEY_BYTES],
                            struct sl_err *err)
{
	if (column >= r->manifest.ncolumns)
		return sl_err_set(err, SL_E_INTEGRITY, "the segment has no column %u", column);
	if (r->ciphers[column] != NULL)
		return sl_err_set(err, SL_E_BUG, "column %u is granted twice", column);
	return sl_cipher_new(subkey, &r->ciphers[column], err);
}

/* 0/1 per row from the bitmap; false when an unused bit is set or a missing value is not written as 0. */
static bool expand_nulls(struct sl_chunk *out, const uint8_t *bitmap)
{
	int64_t stray = 0;
	uint8_t any = 0;

	for (uint32_t i = 0; i < (out->rows + 7) / 8; i++)
		any |= bitmap[i];
	if (any == 0) {
		memset(out->nulls, 0, out->rows);
		return true;
	}
	for (uint32_t i = 0; i < out->rows; i++) {
		uint8_t null = bitmap[i / 8] >> (i % 8) & 1;

		out->nulls[i] = null;
		stray |= out->values[i] & -(int64_t)null;
	}
	return stray == 0 && (out->rows % 8 == 0 || bitmap[out->rows / 8] >> (out->rows % 8) == 0);
}

enum sl_rc sl_reader_chunk(struct sl_reader *r, uint32_t column, uint32_t group, struct sl_chunk *out,
                           struct sl_err *err)
{
	uint8_t aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	const struct sl_manifest_chunk *chunk;

	if (column >= r->manifest.ncolumns || group >= r->manifest.ngroups || r->ciphers[column] == NULL)
		return sl_err_set(err, SL_E_BUG, "column %u chunk %u was not asked for before", column, group);
	chunk = &r->manifest.columns[column].chunks[group];
	out->rows = r->manifest.groups[group].rows;
	sl_segment_chunk_aad(r->manifest.segment_id, column, group, out->rows, chunk->encoding, aad);
	sl_segment_chunk_nonce(group, nonce);
	if (sl_cipher_open(r->ciphers[column], nonce, aad, sizeof aad, r->data + chunk->offset, chunk->bytes, chunk->tag,
	                (uint8_t *)out, NULL) != SL_OK ||
	    !expand_nulls(out, (const uint8_t *)out + (size_t)out->rows * 8)) {
		memset(out, 0, sizeof *out);
		return sl_err_set(err, SL_E_INTEGRITY, "column %u (\"%s\") chunk %u is not what was sealed, or its key is another's",
		                  column, r->manifest.columns[column].name, group);
	}
	return SL_OK;
}

void sl_reader_close(struct sl_reader *r)
{
	for (uint32_t c = 0; r->ciphers != NULL && c < r->manifest.ncolumns; c++)
		sl_cipher_free(r->ciphers[c]);
	free(r->ciphers);
	sl_manifest_free(&r->manifest);
	memset(r, 0, sizeof *r);
}
