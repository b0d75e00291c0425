/* test_writer.c - what a writer refuses, and a manifest that breaks its own laws. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/vault/table.h"

static char name[] = "c";
static const struct sl_manifest_column columns[2] = { { .name = name, .type = SL_TYPE_INTEGER },
	{ .name = name, .type = SL_TYPE_INTEGER } };

static enum sl_rc write_group(struct sl_writer *w, const int64_t *ordinals, const uint8_t *nulls, uint32_t rows)
{
	const int64_t *values[2] = { ordinals, ordinals };
	const uint8_t *null_of[2] = { nulls, NULL };

	return sl_writer_group(w, values, null_of, rows, NULL);
}

static void test_writer_wrong_groups_are_bugs(void **state)
{
	static const int64_t rising[4] = { 5, 6, 6, 7 }, falling[4] = { 5, 6, 4, 7 }, negative[1] = { -1 };
	static const uint8_t nulls[4] = { 0, 1, 0, 0 };
	struct sl_writer w;
	int fd = memfd_create("segment", 0);

	(void)state;
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, 2, 200000, NULL), SL_OK);
	assert_int_equal(write_group(&w, rising, NULL, 4), SL_E_BUG);
	assert_int_equal(sl_writer_begin(&w, fd, NULL), SL_OK);
	assert_int_equal(sl_writer_begin(&w, fd, NULL), SL_E_BUG);
	assert_int_equal(write_group(&w, rising, NULL, 0), SL_E_BUG);
	assert_int_equal(write_group(&w, rising, NULL, SL_CHUNK_ROWS + 1), SL_E_BUG);
	assert_int_equal(write_group(&w, falling, NULL, 4), SL_E_BUG);
	assert_int_equal(write_group(&w, negative, NULL, 1), SL_E_BUG);
	assert_int_equal(write_group(&w, rising, nulls, 4), SL_E_BUG);
	assert_int_equal(write_group(&w, rising, NULL, 4), SL_OK);
	assert_int_equal(write_group(&w, rising, NULL, 4), SL_E_BUG);
	sl_writer_fini(&w);
	close(fd);
}

static void test_writer_more_groups_than_promised_are_refused(void **state)
{
	int64_t *ordinals = calloc(SL_CHUNK_ROWS, sizeof *ordinals);
	struct sl_writer w;
	int fd = memfd_create("segment", 0);

	(void)state;
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, 2, SL_CHUNK_ROWS, NULL), SL_OK);
	assert_int_equal(sl_writer_begin(&w, fd, NULL), SL_OK);
	assert_int_equal(write_group(&w, ordinals, NULL, SL_CHUNK_ROWS), SL_OK);
	assert_int_equal(write_group(&w, ordinals, NULL, 1), SL_E_LIMIT);
	sl_writer_fini(&w);
	close(fd);
	free(ordinals);
}

static void test_writer_full_disk_is_told(void **state)
{
	struct sl_writer w;
	struct sl_err err = { 0 };
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, 2, 10, NULL), SL_OK);
	assert_int_equal(sl_writer_begin(&w, fd, &err), SL_E_IO);
	assert_non_null(strstr(err.text, "disk is full"));
	sl_writer_fini(&w);
	close(fd);
}

static void test_writer_too_many_columns_or_rows_are_refused(void **state)
{
	struct sl_writer w;

	(void)state;
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, 0, 10, NULL), SL_E_LIMIT);
	sl_writer_fini(&w);
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, SL_SEGMENT_COLUMNS_MAX + 1, 10, NULL), SL_E_LIMIT);
	sl_writer_fini(&w);
	assert_int_equal(sl_writer_init(&w, test_id, test_key, columns, 2, UINT64_MAX, NULL), SL_E_LIMIT);
	sl_writer_fini(&w);
}

/* A writer of two columns with three lanes, begun over *fd. */
static void begin(struct sl_writer *w, uint64_t rows_max, int *fd)
{
	*fd = memfd_create("segment", 0);
	assert_int_equal(sl_writer_init_lanes(w, test_id, test_key, columns, 2, rows_max, 3, NULL), SL_OK);
	assert_int_equal(sl_writer_begin(w, *fd, NULL), SL_OK);
}

static void test_writer_wrong_lanes_are_bugs(void **state)
{
	struct sl_writer w;

	(void)state;
	assert_int_equal(sl_writer_init_lanes(&w, test_id, test_key, columns, 2, 10, 0, NULL), SL_E_BUG);
	sl_writer_fini(&w);
	assert_int_equal(sl_writer_init_lanes(&w, test_id, test_key, columns, 2, 10, SL_WRITER_LANES_MAX + 1, NULL), SL_E_BUG);
	sl_writer_fini(&w);
}

static void test_writer_a_chunk_is_sealed_once_and_in_bounds(void **state)
{
	static const int64_t rising[4] = { 5, 6, 6, 7 }, falling[4] = { 5, 6, 4, 7 };
	static const uint8_t nulls[4] = { 0, 1, 0, 0 };
	struct sl_sealed_chunk chunk;
	struct sl_writer w;
	int fd;

	(void)state;
	begin(&w, 2 * SL_CHUNK_ROWS, &fd);
	assert_int_equal(sl_sealed_chunk_init(&chunk, 4, NULL), SL_OK);
	assert_int_equal(sl_writer_seal(&w, 3, 0, 0, rising, NULL, 4, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 2, 0, rising, NULL, 4, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 0, rising, NULL, 0, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 0, rising, NULL, 5, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 0, falling, NULL, 4, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 0, rising, nulls, 4, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 2, rising, NULL, 4, &chunk, NULL), SL_E_LIMIT);
	assert_int_equal(chunk.rows, 0);
	assert_int_equal(sl_writer_put(&w, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_seal(&w, 0, 0, 0, rising, NULL, 4, &chunk, NULL), SL_OK);
	assert_int_equal(chunk.rows, 4);
	assert_int_equal(sl_writer_seal(&w, 1, 0, 0, rising, NULL, 4, &chunk, NULL), SL_E_BUG);
	assert_int_equal(chunk.rows, 0);
	assert_int_equal(sl_writer_seal(&w, 1, 1, 0, falling, nulls, 4, &chunk, NULL), SL_OK);
	assert_int_equal(sl_writer_seal(&w, 2, 1, 1, falling, NULL, 4, &chunk, NULL), SL_OK);
	sl_sealed_chunk_fini(&chunk);
	sl_writer_fini(&w);
	close(fd);
}

static void seal(struct sl_writer *w, uint32_t column, uint32_t group, const int64_t *values, uint32_t rows,
                 struct sl_sealed_chunk *out)
{
	assert_int_equal(sl_sealed_chunk_init(out, SL_CHUNK_ROWS, NULL), SL_OK);
	assert_int_equal(sl_writer_seal(w, 0, column, group, values, NULL, rows, out, NULL), SL_OK);
}

static void test_writer_chunks_out_of_order_are_bugs(void **state)
{
	int64_t *ones = calloc(SL_CHUNK_ROWS, sizeof *ones);
	static const int64_t zero[3] = { 0 };
	struct sl_sealed_chunk units, values, short_values, next_units, next_values;
	uint8_t version[32];
	uint64_t bytes;
	struct sl_writer w, other;
	int fd, other_fd;

	(void)state;
	for (uint32_t i = 0; i < SL_CHUNK_ROWS; i++)
		ones[i] = 1;
	begin(&w, 3 * SL_CHUNK_ROWS, &fd);
	begin(&other, 3 * SL_CHUNK_ROWS, &other_fd);
	seal(&w, 0, 0, ones, SL_CHUNK_ROWS, &units);
	seal(&w, 1, 0, ones, SL_CHUNK_ROWS, &values);
	seal(&other, 1, 0, ones, 3, &short_values);
	seal(&w, 0, 1, zero, 3, &next_units);
	seal(&w, 1, 1, zero, 3, &next_values);
	assert_int_equal(sl_writer_put(&w, &values, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_put(&w, &next_units, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_put(&w, &units, NULL), SL_OK);
	assert_int_equal(sl_writer_put(&w, &units, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_put(&w, &short_values, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_put(&w, &next_values, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_finish(&w, version, &bytes, NULL), SL_E_BUG);
	assert_int_equal(write_group(&w, ones, NULL, 3), SL_E_BUG);
	assert_int_equal(sl_writer_put(&w, &values, NULL), SL_OK);
	/* Its ordinals are lower than those of the group before. */
	assert_int_equal(sl_writer_put(&w, &next_units, NULL), SL_E_BUG);
	assert_int_equal(sl_writer_finish(&w, version, &bytes, NULL), SL_OK);
	assert_int_equal(sl_writer_put(&w, &next_units, NULL), SL_E_BUG);
	sl_sealed_chunk_fini(&units);
	sl_sealed_chunk_fini(&values);
	sl_sealed_chunk_fini(&short_values);
	sl_sealed_chunk_fini(&next_units);
	sl_sealed_chunk_fini(&next_values);
	sl_writer_fini(&w);
	sl_writer_fini(&other);
	close(fd);
	close(other_fd);
	free(ones);
}

/* Chunks of a table, sealed by several threads in whatever order they get to them. */
#define LANES 3
#define GROUPS 3
struct crew {
	struct sl_writer w;
	const struct test_table *t;
	struct sl_sealed_chunk chunks[GROUPS][TEST_SHAPES];
	atomic_uint next, lane, failed;
};

static uint32_t rows_of(const struct test_table *t, uint32_t group)
{
	return t->rows - group * SL_CHUNK_ROWS < SL_CHUNK_ROWS ? t->rows - group * SL_CHUNK_ROWS : SL_CHUNK_ROWS;
}

static void *seal_some(void *arg)
{
	struct crew *crew = arg;
	uint32_t lane = atomic_fetch_add(&crew->lane, 1);

	for (;;) {
		uint32_t i = atomic_fetch_add(&crew->next, 1), column = i / GROUPS, group = i % GROUPS;
		size_t at = (size_t)group * SL_CHUNK_ROWS;

		if (i >= GROUPS * TEST_SHAPES)
			return NULL;
		if (sl_writer_seal(&crew->w, lane, column, group, crew->t->values[column] + at, crew->t->nulls[column] + at,
		                   rows_of(crew->t, group), &crew->chunks[group][column], NULL) != SL_OK)
			atomic_fetch_add(&crew->failed, 1);
	}
}

static void put_all(struct crew *crew)
{
	for (uint32_t g = 0; g < GROUPS; g++)
		for (uint32_t c = 0; c < TEST_SHAPES; c++) {
			assert_int_equal(sl_writer_put(&crew->w, &crew->chunks[g][c], NULL), SL_OK);
			sl_sealed_chunk_fini(&crew->chunks[g][c]);
		}
}

static void test_writer_several_threads_write_the_same_bytes_as_one(void **state)
{
	struct test_table t = test_table_shapes((GROUPS - 1) * SL_CHUNK_ROWS + 99);
	struct sl_manifest_column of_table[TEST_SHAPES];
	char names[TEST_SHAPES][8];
	static struct crew crew;
	pthread_t threads[LANES];
	uint8_t version[32], alone[32];
	uint64_t bytes;
	size_t len = 0;
	int fd = memfd_create("segment", 0);

	(void)state;
	free(test_table_write(&t, test_id, test_key, &len, alone));
	crew.t = &t;
	for (uint32_t c = 0; c < TEST_SHAPES; c++) {
		(void)snprintf(names[c], sizeof names[c], "c%u", c);
		of_table[c] = (struct sl_manifest_column){ .name = names[c], .type = SL_TYPE_INTEGER };
		for (uint32_t g = 0; g < GROUPS; g++)
			assert_int_equal(sl_sealed_chunk_init(&crew.chunks[g][c], rows_of(&t, g), NULL), SL_OK);
	}
	assert_int_equal(sl_writer_init_lanes(&crew.w, test_id, test_key, of_table, TEST_SHAPES, t.rows, LANES, NULL), SL_OK);
	assert_int_equal(sl_writer_begin(&crew.w, fd, NULL), SL_OK);
	for (int i = 0; i < LANES; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, seal_some, &crew), 0);
	for (int i = 0; i < LANES; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(crew.failed, 0);
	put_all(&crew);
	assert_int_equal(sl_writer_finish(&crew.w, version, &bytes, NULL), SL_OK);
	assert_int_equal(bytes, len);
	assert_memory_equal(version, alone, 32);
	sl_writer_fini(&crew.w);
	close(fd);
	test_table_free(&t);
}

/* A manifest as a reader would decode it: one group of 10 rows, two columns. */
struct forged {
	struct sl_manifest m;
	struct sl_manifest_group group;
	struct sl_manifest_column column[2];
	struct sl_manifest_chunk chunk[2];
};

static void forge(struct forged *f)
{
	memset(f, 0, sizeof *f);
	f->group = (struct sl_manifest_group){ .rows = 10, .unit_first = 3, .unit_last = 9 };
	for (uint32_t c = 0; c < 2; c++) {
		f->chunk[c] = (struct sl_manifest_chunk){ .encoding = SL_ENCODING_PLAIN, .bytes = 82,
			.offset = SL_SEGMENT_HEADER_BYTES + 82 * c };
		f->column[c] = (struct sl_manifest_column){ .name = name, .type = SL_TYPE_INTEGER, .chunks = &f->chunk[c],
			.nchunks = 1, .zones_offset = SL_SEGMENT_HEADER_BYTES + 164 + SL_ZONE_BYTES * c,
			.zones_bytes = SL_ZONE_BYTES };
	}
	f->m = (struct sl_manifest){ .rows = 10, .units = 4, .groups = &f->group, .ngroups = 1, .columns = f->column,
		.ncolumns = 2 };
}

#define END (SL_SEGMENT_HEADER_BYTES + 164 + 2 * SL_ZONE_BYTES)
#define BREAKS(change) \
	do { \
		forge(&f); \
		assert_int_equal(sl_manifest_check(&f.m, END, NULL), SL_OK); \
		change; \
		assert_int_equal(sl_manifest_check(&f.m, END, NULL), SL_E_INTEGRITY); \
	} while (0)

static void test_manifest_that_breaks_a_law_is_refused(void **state)
{
	struct forged f;

	(void)state;
	BREAKS(f.m.rows = 11);
	BREAKS(f.m.units = 0);
	BREAKS(f.m.units = 11);
	BREAKS(f.group.rows = 0);
	BREAKS(f.group.unit_last = 2);
	BREAKS(f.group.unit_last = UINT64_MAX);
	BREAKS(f.m.ncolumns = 0);
	BREAKS(f.m.ncolumns = 1);
	BREAKS(f.column[0].type = SL_TYPE_TEXT);
	BREAKS(f.column[0].has_missing = 1);
	BREAKS(f.column[1].nchunks = 0);
	BREAKS(f.chunk[1].offset++);
	BREAKS(f.chunk[0].offset = 0);
	BREAKS(f.chunk[1].bytes--);
	BREAKS(f.chunk[1].bytes = 0);
	BREAKS(f.chunk[1].bytes = sl_chunk_bytes_max(10) + 1);
	BREAKS(f.chunk[1].encoding = SL_ENCODING_NONE);
	BREAKS(f.column[1].zones_offset--);
	BREAKS(f.column[0].zones_bytes = 0);
	BREAKS(f.chunk[1].encoding = SL_ENCODING_COUNT_);
	forge(&f);
	assert_int_equal(sl_manifest_check(&f.m, END + 1, NULL), SL_E_INTEGRITY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_wrong_groups_are_bugs),
		cmocka_unit_test(test_writer_more_groups_than_promised_are_refused),
		cmocka_unit_test(test_writer_full_disk_is_told),
		cmocka_unit_test(test_writer_too_many_columns_or_rows_are_refused),
		cmocka_unit_test(test_writer_wrong_lanes_are_bugs),
		cmocka_unit_test(test_writer_a_chunk_is_sealed_once_and_in_bounds),
		cmocka_unit_test(test_writer_chunks_out_of_order_are_bugs),
		cmocka_unit_test(test_writer_several_threads_write_the_same_bytes_as_one),
		cmocka_unit_test(test_manifest_that_breaks_a_law_is_refused),
	};

	return cmocka_run_group_tests_name("writer and manifest", tests, NULL, NULL);
}
