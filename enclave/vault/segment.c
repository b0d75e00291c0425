/* segment.c - see segment.h. */
#include "enclave/vault/segment.h"

#include <string.h>

static void put_u32(uint8_t *at, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

static void put_u64(uint8_t *at, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

void sl_segment_chunk_aad(const uint8_t id[static SL_SEGMENT_ID_BYTES], uint32_t column, uint32_t group, uint32_t rows,
                          enum sl_encoding encoding, uint8_t out[static SL_CHUNK_AAD_BYTES])
{
	memcpy(out, SL_SEGMENT_MAGIC, 8);
	put_u32(out + 8, SL_SEGMENT_FORMAT);
	memcpy(out + 12, id, SL_SEGMENT_ID_BYTES);
	put_u32(out + 28, column);
	put_u32(out + 32, group);
	put_u32(out + 36, rows);
	put_u32(out + 40, (uint32_t)encoding);
}

void sl_segment_chunk_nonce(uint32_t group, uint8_t out[static SL_CHUNK_NONCE_BYTES])
{
	memset(out, 0, SL_CHUNK_NONCE_BYTES);
	put_u32(out, group);
}

void sl_segment_zones_aad(const uint8_t id[static SL_SEGMENT_ID_BYTES], uint32_t column, uint32_t ngroups,
                          uint8_t out[static SL_CHUNK_AAD_BYTES])
{
	sl_segment_chunk_aad(id, column, UINT32_MAX, ngroups, SL_ENCODING_NONE, out);
}

void sl_segment_zones_nonce(uint8_t out[static SL_CHUNK_NONCE_BYTES])
{
	memset(out, 0, SL_CHUNK_NONCE_BYTES);
	put_u32(out + 4, 1);
}

void sl_segment_manifest_aad(const uint8_t header[static SL_SEGMENT_HEADER_BYTES], const struct sl_segment_trailer *t,
                             uint8_t out[static SL_MANIFEST_AAD_BYTES])
{
	memcpy(out, header, SL_SEGMENT_HEADER_BYTES);
	put_u64(out + SL_SEGMENT_HEADER_BYTES, t->manifest_offset);
	put_u32(out + SL_SEGMENT_HEADER_BYTES + 8, t->manifest_bytes);
}

void sl_segment_header_put(const struct sl_segment_header *h, uint8_t out[static SL_SEGMENT_HEADER_BYTES])
{
	memcpy(out, SL_SEGMENT_MAGIC, 8);
	put_u32(out + 8, SL_SEGMENT_FORMAT);
	put_u32(out + 12, h->ncolumns);
	memcpy(out + 16, h->id, SL_SEGMENT_ID_BYTES);
}

void sl_segment_trailer_put(const struct sl_segment_trailer *t, uint8_t out[static SL_SEGMENT_TRAILER_BYTES])
{
	put_u64(out, t->manifest_offset);
	put_u32(out + 8, t->manifest_bytes);
	put_u32(out + 12, SL_SEGMENT_FORMAT);
	memcpy(out + 16, t->tag, SL_SEGMENT_TAG_BYTES);
	memcpy(out + 32, SL_SEGMENT_END_MAGIC, 8);
}

enum sl_rc sl_segment_header_get(const uint8_t raw[static SL_SEGMENT_HEADER_BYTES], struct sl_segment_header *h,
                                 struct sl_err *err)
{
	struct sl_cursor in = sl_cursor_over(raw + 8, SL_SEGMENT_HEADER_BYTES - 8);
	uint32_t format = sl_cursor_u32(&in);

	memset(h, 0, sizeof *h);
	if (memcmp(raw, SL_SEGMENT_MAGIC, 8) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "not a segment file");
	if (format < SL_SEGMENT_FORMAT)
		return sl_err_set(err, SL_E_INTEGRITY, "segment format %u is no longer read: import the table again", format);
	if (format != SL_SEGMENT_FORMAT)
		return sl_err_set(err, SL_E_INTEGRITY, "segment format %u is not known here", format);
	h->ncolumns = sl_cursor_u32(&in);
	memcpy(h->id, raw + 16, SL_SEGMENT_ID_BYTES);
	if (h->ncolumns == 0 || h->ncolumns > SL_SEGMENT_COLUMNS_MAX)
		return sl_err_set(err, SL_E_INTEGRITY, "segment header: number of columns is out of range");
	return SL_OK;
}

enum sl_rc sl_segment_trailer_get(const uint8_t raw[static SL_SEGMENT_TRAILER_BYTES], uint64_t file_bytes,
                                  struct sl_segment_trailer *t, struct sl_err *err)
{
	struct sl_cursor in = sl_cursor_over(raw, SL_SEGMENT_TRAILER_BYTES);
	uint32_t format;

	memset(t, 0, sizeof *t);
	if (memcmp(raw + 32, SL_SEGMENT_END_MAGIC, 8) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "segment is cut short: its last bytes are not a trailer");
	t->manifest_offset = sl_cursor_u64(&in);
	t->manifest_bytes = sl_cursor_u32(&in);
	format = sl_cursor_u32(&in);
	memcpy(t->tag, raw + 16, SL_SEGMENT_TAG_BYTES);
	if (format != SL_SEGMENT_FORMAT || t->manifest_bytes > SL_MANIFEST_BYTES_MAX ||
	    t->manifest_offset < SL_SEGMENT_HEADER_BYTES || t->manifest_offset > file_bytes ||
	    file_bytes - t->manifest_offset != (uint64_t)t->manifest_bytes + SL_SEGMENT_TRAILER_BYTES)
		return sl_err_set(err, SL_E_INTEGRITY, "segment trailer: the manifest does not lie where it says");
	return SL_OK;
}
