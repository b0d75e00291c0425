/* test_spill.c - rows that do not fit the memory: the same segment, by way of an enciphered file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

#define ROWS 300000u

static struct harness h;
static struct sl_buf text;

/* Some rows of many units, in no order; five columns, some missing. */
static int make_text(void **state)
{
	uint32_t seed = 1;

	(void)state;
	sl_buf_text(&text, "id,n,amount,sex,day\n");
	for (uint32_t i = 0; i < ROWS; i++) {
		seed = seed * 1664525u + 1013904223u;
		sl_buf_printf(&text, "u%u,%u,%u.%02u,%s,%s\n", (seed >> 8) % 40000, i, seed >> 20, i % 100,
		              i % 3 == 0 ? "f" : i % 3 == 1 ? "m" : "", i % 7 == 0 ? "" : "2024-02-29");
	}
	return text.failed;
}

static int free_text(void **state)
{
	(void)state;
	sl_buf_free(&text);
	return 0;
}

static void table(void)
{
	static const char *const sexes[] = { "f", "m", NULL };

	harness_init(&h, "id");
	harness_column(&h, "n", SL_TYPE_INTEGER);
	harness_column(&h, "amount", SL_TYPE_REAL)->scale = 2;
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
	harness_column(&h, "day", SL_TYPE_DATE);
}

static void test_spill_gives_the_bytes_that_memory_gives(void **state)
{
	static const uint64_t megabytes[] = { 18, 10 };
	uint8_t *bytes;
	size_t len;

	(void)state;
	table();
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_OK);
	assert_int_equal(h.report.rows, ROWS);
	assert_int_equal(h.spilt_bytes, 0);
	len = (size_t)h.report.segment_bytes;
	bytes = malloc(len);
	memcpy(bytes, h.bytes, len);
	harness_fini(&h);
	for (size_t i = 0; i < 2; i++) {
		table();
		h.memory_bytes = megabytes[i] << 20;
		assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_true(h.spilt_bytes > ROWS * 20);
		assert_int_equal(h.report.segment_bytes, len);
		assert_memory_equal(h.bytes, bytes, len);
		harness_fini(&h);
	}
	free(bytes);
}

static void test_spill_works_behind_the_filter(void **state)
{
	(void)state;
	for (uint32_t threads = 1; threads <= 2; threads++) {
		table();
		h.memory_bytes = 18 << 20;
		h.setup.threads = threads;
		assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_int_equal(h.report.rows, ROWS);
		assert_true(h.spilt_bytes > ROWS * 20);
		harness_fini(&h);
	}
}

/* /dev/full is a disk without room. */
static void test_spill_and_segment_on_a_full_disk_are_told(void **state)
{
	(void)state;
	table();
	h.memory_bytes = 13 << 20;
	h.full_spill = true;
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_E_IO);
	assert_non_null(strstr(h.err.text, "rows that do not fit the memory cannot be put on disk: the disk is full"));
	harness_fini(&h);
	table();
	h.full_segment = true;
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_E_IO);
	assert_non_null(strstr(h.err.text, "the segment cannot be written: the disk is full"));
	harness_fini(&h);
}

/* Rows of eight bytes: a unit, and a number. */
static void fill(struct sl_rows *rows, uint32_t n)
{
	sl_rows_init(rows, 8);
	assert_int_equal(sl_rows_reserve(rows, n, NULL), SL_OK);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t row[2] = { i * 7919u % 1000, i };

		sl_rows_set(rows, i, (const uint8_t *)row, 1);
	}
	rows->count = n;
	assert_int_equal(sl_rows_sort(rows, NULL), SL_OK);
}

static enum sl_rc read_run(struct sl_spill *spill, uint32_t run, uint64_t *n, struct sl_err *err)
{
	struct sl_spill_stream s;
	uint32_t last[2] = { 0, 0 }, row[2];
	enum sl_rc rc = sl_spill_stream_init(&s, spill, run, err);

	*n = 0;
	while (rc == SL_OK && (rc = s.base.next(&s.base, err)) == SL_OK && s.base.row != NULL) {
		memcpy(row, s.base.row, sizeof row);
		assert_true(*n == 0 || row[0] > last[0] || (row[0] == last[0] && row[1] > last[1]));
		memcpy(last, row, sizeof row);
		++*n;
	}
	sl_spill_stream_fini(&s);
	return rc;
}

static void test_spill_run_comes_back_sorted_and_is_not_in_clear(void **state)
{
	struct sl_spill spill;
	struct sl_rows rows;
	uint8_t disk[4096];
	uint64_t n;
	int fd = memfd_create("spill", 0), zeros = 0;

	(void)state;
	assert_int_equal(sl_spill_init(&spill, fd, 8, NULL), SL_OK);
	fill(&rows, 20000);
	assert_int_equal(sl_spill_write(&spill, &rows, NULL), SL_OK);
	assert_int_equal(sl_spill_write(&spill, &rows, NULL), SL_OK);
	for (uint32_t run = 0; run < 2; run++) {
		assert_int_equal(read_run(&spill, run, &n, NULL), SL_OK);
		assert_int_equal(n, 20000);
	}
	/* In clear, every other 16-bit word is 0. */
	assert_int_equal(pread(fd, disk, sizeof disk, 0), sizeof disk);
	for (size_t i = 0; i < sizeof disk; i++)
		zeros += disk[i] == 0;
	assert_true(zeros < 100);
	sl_rows_fini(&rows);
	sl_spill_fini(&spill);
	close(fd);
}

/* Whatever is done to the file, it is found: a byte, a block from elsewhere, an end too early. */
static void test_spill_changed_on_disk_is_found(void **state)
{
	enum { BLOCK = SL_SPILL_BLOCK_BYTES + 16 };
	struct sl_spill spill;
	struct sl_rows rows;
	struct sl_err err = { 0 };
	uint8_t *block = malloc(BLOCK), byte;
	uint64_t n;
	int fd = memfd_create("spill", 0);

	(void)state;
	assert_int_equal(sl_spill_init(&spill, fd, 8, NULL), SL_OK);
	fill(&rows, 20000);
	assert_int_equal(sl_spill_write(&spill, &rows, NULL), SL_OK);
	assert_int_equal(sl_spill_write(&spill, &rows, NULL), SL_OK);
	assert_int_equal(pread(fd, &byte, 1, 100), 1);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 100), 1);
	assert_int_equal(read_run(&spill, 0, &n, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "not there as they were written"));
	assert_int_equal(n, 0);
	byte ^= 1;
	assert_int_equal(pwrite(fd, &byte, 1, 100), 1);
	assert_int_equal(pread(fd, block, BLOCK, BLOCK), BLOCK);
	assert_int_equal(pwrite(fd, block, BLOCK, 0), BLOCK);
	assert_int_equal(read_run(&spill, 0, &n, NULL), SL_E_INTEGRITY);
	assert_int_equal(ftruncate(fd, BLOCK + 5), 0);
	assert_int_equal(read_run(&spill, 1, &n, NULL), SL_E_IO);
	sl_rows_fini(&rows);
	sl_spill_fini(&spill);
	free(block);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spill_gives_the_bytes_that_memory_gives),
		cmocka_unit_test(test_spill_works_behind_the_filter),
		cmocka_unit_test(test_spill_and_segment_on_a_full_disk_are_told),
		cmocka_unit_test(test_spill_run_comes_back_sorted_and_is_not_in_clear),
		cmocka_unit_test(test_spill_changed_on_disk_is_found),
	};

	return cmocka_run_group_tests_name("spill", tests, make_text, free_text);
}
