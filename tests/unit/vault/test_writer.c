/* test_writer.c - what a writer refuses, and a manifest that breaks its own laws. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
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
		cmocka_unit_test(test_manifest_that_breaks_a_law_is_refused),
	};

	return cmocka_run_group_tests_name("writer and manifest", tests, NULL, NULL);
}
