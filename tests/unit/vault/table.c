/* table.c - see table.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/vault/table.h"

const uint8_t test_key[32] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
const uint8_t test_id[16] = { 0xA0, 0xA1, 0xA2 };

static uint32_t next(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

struct test_table test_table_random(uint32_t ncolumns, uint32_t rows, uint32_t seed)
{
	struct test_table t = { .ncolumns = ncolumns, .rows = rows };
	uint32_t state = seed;
	int64_t ordinal = 0;

	t.values = calloc(ncolumns, sizeof(*t.values));
	t.nulls = calloc(ncolumns, sizeof(*t.nulls));
	for (uint32_t c = 0; c < ncolumns; c++) {
		t.values[c] = calloc(rows + 1, sizeof(**t.values));
		t.nulls[c] = calloc(rows + 1, 1);
		for (uint32_t r = 0; r < rows; r++) {
			if (c == 0) {
				t.values[c][r] = ordinal += next(&state) % 3;
			} else if (next(&state) % 10 == 0) {
				t.nulls[c][r] = 1;
			} else {
				t.values[c][r] = (int64_t)((uint64_t)next(&state) << 40 ^ next(&state));
			}
		}
	}
	return t;
}

void test_table_free(struct test_table *t)
{
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		free(t->values[c]);
		free(t->nulls[c]);
	}
	free(t->values);
	free(t->nulls);
}

static void write_groups(const struct test_table *t, struct sl_writer *w)
{
	const int64_t *values[SL_SEGMENT_COLUMNS_MAX];
	const uint8_t *nulls[SL_SEGMENT_COLUMNS_MAX];
	struct sl_err err = { 0 };

	for (uint32_t at = 0; at < t->rows; at += SL_CHUNK_ROWS) {
		uint32_t n = t->rows - at < SL_CHUNK_ROWS ? t->rows - at : SL_CHUNK_ROWS;

		for (uint32_t c = 0; c < t->ncolumns; c++) {
			values[c] = t->values[c] + at;
			nulls[c] = c == 0 ? NULL : t->nulls[c] + at;
		}
		assert_int_equal(sl_writer_group(w, values, nulls, n, &err), SL_OK);
	}
}

static uint8_t *read_back(int fd, size_t len)
{
	uint8_t *data = malloc(len);

	assert_int_equal(pread(fd, data, len, 0), (ssize_t)len);
	assert_int_equal(lseek(fd, 0, SEEK_END), (off_t)len);
	return data;
}

uint8_t *test_table_write(const struct test_table *t, const uint8_t *id, const uint8_t *key, size_t *len,
                          uint8_t version[32])
{
	struct sl_manifest_column columns[SL_SEGMENT_COLUMNS_MAX] = { 0 };
	char names[SL_SEGMENT_COLUMNS_MAX][16];
	struct sl_err err = { 0 };
	struct sl_writer w;
	uint64_t bytes = 0;
	uint8_t *data;
	int fd = memfd_create("segment", 0);

	for (uint32_t c = 0; c < t->ncolumns; c++) {
		(void)snprintf(names[c], sizeof names[c], "c%u", c);
		columns[c] = (struct sl_manifest_column){ .name = names[c], .type = SL_TYPE_INTEGER };
	}
	assert_int_equal(sl_writer_init(&w, id, key, columns, t->ncolumns, t->rows, &err), SL_OK);
	assert_int_equal(sl_writer_begin(&w, fd, &err), SL_OK);
	write_groups(t, &w);
	assert_int_equal(sl_writer_finish(&w, version, &bytes, &err), SL_OK);
	sl_writer_fini(&w);
	*len = (size_t)bytes;
	data = read_back(fd, *len);
	close(fd);
	return data;
}

static void compare(const struct test_table *t, uint32_t column, uint32_t group, const struct sl_chunk *chunk)
{
	size_t at = (size_t)group * SL_CHUNK_ROWS;

	assert_true(at + chunk->rows <= t->rows);
	assert_memory_equal(chunk->values, t->values[column] + at, chunk->rows * sizeof *chunk->values);
	assert_memory_equal(chunk->nulls, t->nulls[column] + at, chunk->rows);
}

enum sl_rc test_table_read(const uint8_t *data, size_t len, const uint8_t *id, const uint8_t *key,
                           const struct test_table *t, struct sl_err *err)
{
	static struct sl_chunk chunk;
	struct sl_reader r;
	uint8_t sub[SL_KEY_BYTES];
	enum sl_rc rc;

	assert_int_equal(sl_keys_manifest(key, sub, err), SL_OK);
	rc = sl_reader_open(&r, data, len, id, sub, err);
	for (uint32_t c = 0; rc == SL_OK && c < r.manifest.ncolumns; c++) {
		assert_int_equal(sl_keys_column(key, c, sub, err), SL_OK);
		rc = sl_reader_column(&r, c, sub, err);
		for (uint32_t g = 0; rc == SL_OK && g < r.manifest.ngroups; g++) {
			rc = sl_reader_chunk(&r, c, g, &chunk, err);
			if (rc == SL_OK && t != NULL)
				compare(t, c, g, &chunk);
		}
	}
	if (rc == SL_OK && t != NULL) {
		assert_int_equal(r.manifest.rows, t->rows);
		assert_int_equal(r.manifest.ncolumns, t->ncolumns);
	}
	sl_reader_close(&r);
	return rc;
}
