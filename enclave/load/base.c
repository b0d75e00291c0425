/* base.c - see base.h. */
#include "enclave/load/base.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "enclave/vault/keys.h"

/* Rows decoded at once. */
#define BATCH 4096u

static enum sl_rc next_row(struct sl_stream *s, struct sl_err *err);

static enum sl_rc map_file(struct sl_base *b, int fd, uint64_t bytes, struct sl_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return sl_err_set(err, SL_E_IO, "the size of the earlier version cannot be had");
	if (st.st_size < 0 || (uint64_t)st.st_size != bytes || bytes > SIZE_MAX)
		return sl_err_set(err, SL_E_INTEGRITY, "the earlier version has %lld bytes, not %llu", (long long)st.st_size,
		                  (unsigned long long)bytes);
	b->map = mmap(NULL, (size_t)bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (b->map == MAP_FAILED) {
		b->map = NULL;
		return sl_err_set(err, SL_E_IO, "the earlier version cannot be mapped");
	}
	b->bytes = bytes;
	return SL_OK;
}

static bool is_same(const struct sl_manifest_column *have, const struct sl_load_column *c, bool is_unit)
{
	if (strcmp(have->name, c->header) != 0 || is_unit)
		return strcmp(have->name, c->header) == 0;
	return have->type == c->type && have->scale == c->scale &&
	       have->ndomain == (c->type == SL_TYPE_TEXT ? c->nlabels : 0);
}

static enum sl_rc check_columns(const struct sl_base *b, const struct sl_load_setup *setup, struct sl_err *err)
{
	const struct sl_manifest *m = &b->reader.manifest;

	if (m->ncolumns != setup->ncolumns)
		return sl_err_set(err, SL_E_INPUT, "the earlier version has %u columns, the catalogue now %u", m->ncolumns,
		                  setup->ncolumns);
	for (uint32_t i = 0; i < m->ncolumns; i++)
		if (!is_same(&m->columns[i], &setup->columns[i], i == 0))
			return sl_err_set(err, SL_E_INPUT, "column \"%s\" is not what it was in the earlier version",
			                  setup->columns[i].header);
	return SL_OK;
}

static enum sl_rc open_columns(struct sl_base *b, const struct sl_load_setup *setup, struct sl_err *err)
{
	uint8_t key[SL_SEGMENT_KEY_BYTES];
	enum sl_rc rc = SL_OK;

	b->chunks = calloc(setup->ncolumns, sizeof *b->chunks);
	b->values = malloc(BATCH * sizeof *b->values);
	b->nulls = malloc(BATCH);
	b->odds = malloc(BATCH);
	b->rows = malloc((size_t)BATCH * b->layout->row_bytes + SL_LAYOUT_SLACK);
	if (b->chunks == NULL || b->values == NULL || b->nulls == NULL || b->odds == NULL || b->rows == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for the earlier version");
	for (uint32_t c = 0; c < setup->ncolumns && rc == SL_OK; c++) {
		rc = sl_keys_column(setup->base_key, c, key, err);
		if (rc == SL_OK)
			rc = sl_reader_column(&b->reader, c, key, err);
		if (rc == SL_OK)
			rc = sl_chunk_init(&b->chunks[c], &b->reader, c, err);
	}
	explicit_bzero(key, sizeof key);
	return rc;
}

enum sl_rc sl_base_open(struct sl_base *b, int fd, const struct sl_load_setup *setup, const struct sl_layout *layout,
                        struct sl_err *err)
{
	uint8_t key[SL_SEGMENT_KEY_BYTES];
	enum sl_rc rc;

	*b = (struct sl_base){ .stream = { .next = next_row }, .layout = layout, .tolerant = setup->compare != 0 };
	rc = map_file(b, fd, setup->base_bytes, err);
	if (rc == SL_OK)
		rc = sl_keys_manifest(setup->base_key, key, err);
	if (rc == SL_OK)
		rc = sl_reader_open(&b->reader, b->map, b->bytes, setup->base_id, key, 1, err);
	explicit_bzero(key, sizeof key);
	if (rc == SL_OK)
		rc = check_columns(b, setup, err);
	return rc == SL_OK ? open_columns(b, setup, err) : rc;
}

void sl_base_close(struct sl_base *b)
{
	for (uint32_t c = 0; b->chunks != NULL && c < b->layout->ncolumns; c++)
		sl_chunk_fini(&b->chunks[c]);
	free(b->chunks);
	free(b->values);
	free(b->nulls);
	free(b->odds);
	free(b->rows);
	if (b->map != NULL) {
		sl_reader_close(&b->reader);
		(void)munmap(b->map, (size_t)b->bytes);
	}
	*b = (struct sl_base){ 0 };
}

uint64_t sl_base_rows(const struct sl_base *b)
{
	return b->map != NULL ? b->reader.manifest.rows : 0;
}

/* A batch of one column into the rows. */
static enum sl_rc take_column(struct sl_base *b, uint32_t c, uint32_t n, struct sl_err *err)
{
	const struct sl_layout_column *lc = &b->layout->columns[c];
	bool any = sl_chunk_nulls(&b->chunks[c], b->group_at, n, b->nulls);

	sl_chunk_values(&b->chunks[c], b->group_at, n, b->values);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *row = b->rows + (size_t)i * b->layout->row_bytes;
		bool missing = any && b->nulls[i] != 0;
		uint64_t v = missing ? 0 : (uint64_t)b->values[i] - (uint64_t)lc->lo;

		if (missing ? lc->null_bit == 0 : b->values[i] < lc->lo || b->values[i] > lc->hi) {
			if (!b->tolerant || c == 0)
				return sl_err_set(err, SL_E_INPUT,
				                  "column \"%s\" of the earlier version has a value that the catalogue now rules out",
				                  b->reader.manifest.columns[c].name);
			b->odds[i] = 1;
			continue;
		}
		if (missing)
			row[lc->null_byte] |= lc->null_bit;
		memcpy(row + lc->offset, &v, lc->bytes);
	}
	return SL_OK;
}

static enum sl_rc next_batch(struct sl_base *b, struct sl_err *err)
{
	uint32_t n;
	enum sl_rc rc = SL_OK;

	b->at = b->have = 0;
	if (b->group_at == b->group_rows) {
		if (b->group == b->reader.manifest.ngroups)
			return SL_OK;
		for (uint32_t c = 0; c < b->layout->ncolumns && rc == SL_OK; c++)
			rc = sl_reader_chunk(&b->reader, 0, c, b->group, &b->chunks[c], err);
		b->group_rows = b->reader.manifest.groups[b->group++].rows;
		b->group_at = 0;
	}
	n = b->group_rows - b->group_at < BATCH ? b->group_rows - b->group_at : BATCH;
	memset(b->rows, 0, (size_t)n * b->layout->row_bytes);
	memset(b->odds, 0, n);
	for (uint32_t c = 0; c < b->layout->ncolumns && rc == SL_OK; c++)
		rc = take_column(b, c, n, err);
	b->group_at += n;
	b->have = n;
	return rc;
}

static enum sl_rc next_row(struct sl_stream *s, struct sl_err *err)
{
	struct sl_base *b = (struct sl_base *)s;
	enum sl_rc rc = b->at == b->have ? next_batch(b, err) : SL_OK;

	s->row = NULL;
	if (rc == SL_OK && b->at < b->have) {
		b->odd = b->odds[b->at] != 0;
		s->row = b->rows + (size_t)b->at++ * b->layout->row_bytes;
	}
	return rc;
}

enum sl_rc sl_base_units(struct sl_base *b, sl_base_take_unit *take, void *arg, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t g = 0; g < b->reader.manifest.ngroups && rc == SL_OK; g++) {
		uint32_t rows = b->reader.manifest.groups[g].rows, n;

		rc = sl_reader_chunk(&b->reader, 0, 0, g, &b->chunks[0], err);
		for (uint32_t at = 0; at < rows && rc == SL_OK; at += n) {
			n = rows - at < BATCH ? rows - at : BATCH;
			sl_chunk_values(&b->chunks[0], at, n, b->values);
			for (uint32_t i = 0; i < n && rc == SL_OK; i++)
				rc = take(arg, (uint64_t)b->values[i], err);
		}
	}
	return rc;
}
