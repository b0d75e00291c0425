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

static uint64_t next64(uint32_t *state)
{
	uint64_t high = next(state), middle = next(state);

	return high << 44 ^ middle << 20 ^ next(state);
}

/* One cell; false: missing. */
static bool shaped(uint32_t column, uint32_t r, uint32_t *state, int64_t *v)
{
	uint64_t any = next64(state);

	switch (column) {
	case 1:
		*v = (int64_t)any;
		return true;
	case 2:
		*v = (int64_t)(any % 500);
		return any % 11 != 0;
	case 3:
		*v = -INT64_C(7000000000) + (int64_t)(any % 1000);
		return true;
	case 4:
		*v = (int64_t)(any % 5) * INT64_C(1000000000000000003) - INT64_C(3000000000000000000);
		return any % 7 != 0;
	case 5:
		*v = (int64_t)(r / 23 * 7919 % 100003);
		return r / 5 % 9 != 0;
	case 7:
		*v = -17;
		return true;
	case 8:
		*v = any % 2 == 0 ? INT64_MIN : INT64_MAX;
		return true;
	case 9:
		*v = (int64_t)(any % 3000);
		return any % 31 == 0;
	case 10:
		*v = (int64_t)(any >> 3);
		return true;
	default:
		return false;
	}
}

struct test_table test_table_shapes(uint32_t rows)
{
	struct test_table t = test_table_random(TEST_SHAPES, rows, 0);
	uint32_t state = 77;

	for (uint32_t c = 0; c < TEST_SHAPES; c++)
		for (uint32_t r = 0; r < rows; r++) {
			int64_t v = r / 4 + (r % 9 == 0);
			bool there = c == 0 || shaped(c, r, &state, &v);

			if (c == 0 && r > 0 && v < t.values[0][r - 1])
				v = t.values[0][r - 1];
			t.values[c][r] = there ? v : 0;
			t.nulls[c][r] = !there;
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
	static int64_t values[SL_CHUNK_ROWS];
	static uint8_t nulls[SL_CHUNK_ROWS];
	size_t at = (size_t)group * SL_CHUNK_ROWS;

	assert_true(at + chunk->rows <= t->rows);
	sl_chunk_values(chunk, 0, chunk->rows, values);
	if (!sl_chunk_nulls(chunk, 0, chunk->rows, nulls))
		memset(nulls, 0, chunk->rows);
	assert_memory_equal(values, t->values[column] + at, chunk->rows * sizeof *values);
	assert_memory_equal(nulls, t->nulls[column] + at, chunk->rows);
}

static enum sl_rc read_column(struct sl_reader *r, uint32_t column, const uint8_t *key, const struct test_table *t,
                              struct sl_err *err)
{
	struct sl_chunk chunk = { 0 };
	uint8_t sub[SL_KEY_BYTES];
	enum sl_rc rc;

	assert_int_equal(sl_keys_column(key, column, sub, err), SL_OK);
	rc = sl_reader_column(r, column, sub, err);
	if (rc == SL_OK)
		rc = sl_chunk_init(&chunk, r, column, err);
	if (rc == SL_OK)
		rc = sl_reader_verify(r, 0, column, 1, &chunk, err);
	for (uint32_t g = 0; rc == SL_OK && t != NULL && g < r->manifest.ngroups; g++) {
		rc = sl_reader_chunk(r, 0, column, g, &chunk, err);
		if (rc == SL_OK)
			compare(t, column, g, &chunk);
	}
	sl_chunk_fini(&chunk);
	return rc;
}

enum sl_rc test_table_read(const uint8_t *data, size_t len, const uint8_t *id, const uint8_t *key,
                           const struct test_table *t, struct sl_err *err)
{
	struct sl_reader r;
	uint8_t sub[SL_KEY_BYTES];
	enum sl_rc rc;

	assert_int_equal(sl_keys_manifest(key, sub, err), SL_OK);
	rc = sl_reader_open(&r, data, len, id, sub, 1, err);
	for (uint32_t c = 0; rc == SL_OK && c < r.manifest.ncolumns; c++)
		rc = read_column(&r, c, key, t, err);
	if (rc == SL_OK && t != NULL) {
		assert_int_equal(r.manifest.rows, t->rows);
		assert_int_equal(r.manifest.ncolumns, t->ncolumns);
	}
	sl_reader_close(&r);
	return rc;
}
