/* manifest.c - see manifest.h. */
#include "enclave/vault/manifest.h"

#define CHUNK(k, m, lo, hi, doc) SL_SCALAR(struct sl_manifest_chunk, k, m, lo, hi, doc)
static const struct sl_field chunk_fields[] = {
	CHUNK(SL_KIND_U8, encoding, SL_ENCODING_PLAIN, SL_ENCODING_COUNT_ - 1,
	      "plain 1, packed 2, frame 3, dictionary 4, runs 5"),
	CHUNK(SL_KIND_U64, offset, 0, 0, "first byte in the file"),
	CHUNK(SL_KIND_U32, bytes, 1, SL_CHUNK_BYTES_MAX, "length"),
	SL_BYTES(struct sl_manifest_chunk, tag, SL_SEGMENT_TAG_BYTES, "AES-256-GCM tag"),
};
static SL_RECORD(chunk_record, sl_manifest_chunk, chunk_fields);

#define COLUMN(k, m, lo, hi, doc) SL_SCALAR(struct sl_manifest_column, k, m, lo, hi, doc)
static const struct sl_field column_fields[] = {
	SL_TEXT(struct sl_manifest_column, name, SL_NAME_BYTES, "header in the source"),
	COLUMN(SL_KIND_U8, type, SL_TYPE_INTEGER, SL_TYPE_COUNT_ - 1, "integer 1, real 2, boolean 3, date 4, text 5"),
	COLUMN(SL_KIND_I8, scale, 0, SL_SCALE_MAX, "decimals of the grid"),
	COLUMN(SL_KIND_U32, ndomain, 0, SL_LABELS_MAX, "labels of the domain"),
	COLUMN(SL_KIND_U8, has_missing, 0, 1, "some value is missing"),
	SL_VEC(struct sl_manifest_column, chunks, nchunks, SL_SEGMENT_GROUPS_MAX, chunk_record, "one per row group"),
	COLUMN(SL_KIND_U64, zones_offset, 0, 0, "first byte of its zones in the file"),
	COLUMN(SL_KIND_U32, zones_bytes, 0, SL_SEGMENT_GROUPS_MAX * SL_ZONE_BYTES, "their length"),
	SL_BYTES(struct sl_manifest_column, zones_tag, SL_SEGMENT_TAG_BYTES, "their AES-256-GCM tag"),
};
static SL_RECORD(column_record, sl_manifest_column, column_fields);

#define GROUP(k, m, lo, hi, doc) SL_SCALAR(struct sl_manifest_group, k, m, lo, hi, doc)
static const struct sl_field group_fields[] = {
	GROUP(SL_KIND_U32, rows, 1, SL_CHUNK_ROWS, "rows"),
	GROUP(SL_KIND_U64, unit_first, 0, 0, "unit ordinal of the first row"),
	GROUP(SL_KIND_U64, unit_last, 0, 0, "unit ordinal of the last row"),
};
static SL_RECORD(group_record, sl_manifest_group, group_fields);

static const struct sl_field manifest_fields[] = {
	SL_BYTES(struct sl_manifest, segment_id, SL_SEGMENT_ID_BYTES, "as in the header"),
	SL_SCALAR(struct sl_manifest, SL_KIND_U64, rows, 0, 0, "rows of all groups"),
	SL_SCALAR(struct sl_manifest, SL_KIND_U64, units, 0, 0, "distinct units"),
	SL_VEC(struct sl_manifest, groups, ngroups, SL_SEGMENT_GROUPS_MAX, group_record, "row groups"),
	SL_VEC(struct sl_manifest, columns, ncolumns, SL_SEGMENT_COLUMNS_MAX, column_record, "columns, unit ordinal first"),
};
SL_RECORD(sl_manifest_record, sl_manifest, manifest_fields);

static enum sl_rc check_groups(const struct sl_manifest *m, struct sl_err *err)
{
	uint64_t rows = 0, last = 0;

	for (uint32_t g = 0; g < m->ngroups; g++) {
		const struct sl_manifest_group *group = &m->groups[g];

		if (group->rows == 0 || group->rows > SL_CHUNK_ROWS ||
		    (g + 1 < m->ngroups && group->rows != SL_CHUNK_ROWS) || group->unit_first < last ||
		    group->unit_last < group->unit_first || group->unit_last > INT64_MAX)
			return sl_err_set(err, SL_E_INTEGRITY, "manifest: row group %u breaks the order or size of groups", g);
		last = group->unit_last;
		rows += group->rows;
	}
	if (rows != m->rows || m->units > rows || (rows > 0 && m->units == 0))
		return sl_err_set(err, SL_E_INTEGRITY, "manifest: its rows or units do not add up");
	return SL_OK;
}

/* What a chunk holds is checked when it is open; here only that it cannot be longer than that. */
static enum sl_rc check_chunk(const struct sl_manifest *m, uint32_t g, uint32_t c, uint64_t *at, struct sl_err *err)
{
	const struct sl_manifest_chunk *chunk = &m->columns[c].chunks[g];

	if (chunk->encoding == SL_ENCODING_NONE || chunk->encoding >= SL_ENCODING_COUNT_ || chunk->bytes == 0 ||
	    chunk->bytes > sl_chunk_bytes_max(m->groups[g].rows) || chunk->offset != *at)
		return sl_err_set(err, SL_E_INTEGRITY,
		                  "manifest: column %u (\"%s\") row group %u: encoding, place or length is wrong", c,
		                  m->columns[c].name, g);
	*at += chunk->bytes;
	return SL_OK;
}

static enum sl_rc check_zones(const struct sl_manifest *m, uint32_t c, uint64_t *at, struct sl_err *err)
{
	const struct sl_manifest_column *column = &m->columns[c];

	if (column->zones_offset != *at || column->zones_bytes != m->ngroups * SL_ZONE_BYTES)
		return sl_err_set(err, SL_E_INTEGRITY, "manifest: column %u (\"%s\"): place or length of its zones is wrong",
		                  c, column->name);
	*at += column->zones_bytes;
	return SL_OK;
}

enum sl_rc sl_manifest_check(const struct sl_manifest *m, uint64_t end, struct sl_err *err)
{
	uint64_t at = SL_SEGMENT_HEADER_BYTES;
	enum sl_rc rc = check_groups(m, err);

	if (rc == SL_OK && (m->ncolumns == 0 || m->columns[0].type != SL_TYPE_INTEGER || m->columns[0].scale != 0 ||
	                    m->columns[0].has_missing))
		rc = sl_err_set(err, SL_E_INTEGRITY, "manifest: column 0 is not a unit ordinal");
	for (uint32_t c = 0; c < m->ncolumns && rc == SL_OK; c++)
		if (m->columns[c].nchunks != m->ngroups)
			rc = sl_err_set(err, SL_E_INTEGRITY, "manifest: column %u has %u chunks for %u row groups", c,
			                m->columns[c].nchunks, m->ngroups);
	for (uint32_t g = 0; g < m->ngroups && rc == SL_OK; g++)
		for (uint32_t c = 0; c < m->ncolumns && rc == SL_OK; c++)
			rc = check_chunk(m, g, c, &at, err);
	for (uint32_t c = 0; c < m->ncolumns && rc == SL_OK; c++)
		rc = check_zones(m, c, &at, err);
	if (rc == SL_OK && at != end)
		rc = sl_err_set(err, SL_E_INTEGRITY, "manifest: zones do not end where the manifest begins");
	return rc;
}

void sl_manifest_zones_put(const struct sl_zone *zones, uint32_t n, struct sl_buf *out)
{
	for (uint32_t g = 0; g < n; g++) {
		sl_buf_u64(out, (uint64_t)zones[g].lo);
		sl_buf_u64(out, (uint64_t)zones[g].hi);
		sl_buf_u32(out, zones[g].nulls);
	}
}

/* Whether a group of that many rows can have this zone. */
static bool zone_is_sound(const struct sl_zone *z, uint32_t rows)
{
	return z->nulls == rows ? z->lo == INT64_MAX && z->hi == INT64_MIN : z->nulls < rows && z->lo <= z->hi;
}

bool sl_manifest_zones_get(const struct sl_manifest *m, const uint8_t *raw, size_t bytes, struct sl_zone *zones)
{
	struct sl_cursor in = sl_cursor_over(raw, bytes);

	for (uint32_t g = 0; g < m->ngroups; g++) {
		zones[g].lo = (int64_t)sl_cursor_u64(&in);
		zones[g].hi = (int64_t)sl_cursor_u64(&in);
		zones[g].nulls = sl_cursor_u32(&in);
		if (!zone_is_sound(&zones[g], m->groups[g].rows))
			return false;
	}
	return !in.failed && sl_cursor_left(&in) == 0;
}

void sl_manifest_free(struct sl_manifest *m)
{
	sl_codec_free(&sl_manifest_record, m);
}
