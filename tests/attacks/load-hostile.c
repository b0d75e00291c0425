/*
 * load-hostile.c - sources made to break the importer, in the real sluice-load under its filter. Each must end in an
 * answer or a limit; a process that is killed by the filter or crashes fails the case.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <zlib.h>

#include "enclave/keeper/keeper.h"
#include "tests/unit/load/harness.h"

static struct harness h;

static void table(void)
{
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_SQLITE;
	free(h.setup.table);
	h.setup.table = strdup("t");
	h.setup.rows_max = 100000;
	harness_column(&h, "v", SL_TYPE_INTEGER);
}

static uint8_t *image_of(const char *sql, size_t *len)
{
	sqlite3 *db = NULL;
	sqlite3_int64 n = 0;
	uint8_t *image, *copy;

	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	image = sqlite3_serialize(db, "main", &n, 0);
	copy = malloc((size_t)n);
	memcpy(copy, image, (size_t)n);
	*len = (size_t)n;
	sqlite3_free(image);
	sqlite3_close(db);
	return copy;
}

/* An answer: complete, or refused with a reason. */
static void answers(const uint8_t *image, size_t len, const char *reason_part)
{
	assert_int_equal(harness_confined(&h, image, len, NULL, 0), SL_OK);
	if (reason_part == NULL) {
		assert_int_equal(h.report.complete, 1);
		return;
	}
	assert_int_equal(h.report.complete, 0);
	if (strstr(h.report.bad_rows[0].reason, reason_part) == NULL)
		fail_msg("%s", h.report.bad_rows[0].reason);
}

static void test_damaged_images_end_in_answers(void **state)
{
	size_t len;
	uint8_t *image = image_of("PRAGMA page_size=512; CREATE TABLE t(id, v, w);"
	                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<40)"
	                          "INSERT INTO t SELECT i, i, CASE WHEN i=20 THEN "
	                          "hex(zeroblob(700)) END FROM n;", &len);

	(void)state;
	table();
	for (size_t i = 0; i < len; i += i < 110 ? 5 : 191) {
		image[i] ^= 0xFF;
		assert_int_equal(harness_confined(&h, image, len, NULL, 0), SL_OK);
		image[i] ^= 0xFF;
	}
	for (size_t n = 0; n < len; n += 1023)
		assert_int_equal(harness_confined(&h, image, n, NULL, 0), SL_OK);
	harness_fini(&h);
	free(image);
}

/* Every child pointer of the table's root names the root itself, and every overflow page its predecessor. */
static void test_pages_that_point_in_circles_end(void **state)
{
	size_t len;
	uint8_t *image = image_of("PRAGMA page_size=512; CREATE TABLE t(id, v, w);"
	                          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<400)"
	                          "INSERT INTO t SELECT i, i, hex(zeroblob(100)) FROM n;",
	                          &len);
	uint8_t *root = image + 512;

	(void)state;
	table();
	assert_int_equal(root[0], 5);
	for (int cell = 0; cell < (root[3] << 8 | root[4]); cell++) {
		size_t at = (size_t)(root[12 + 2 * cell] << 8 | root[13 + 2 * cell]);

		memcpy(root + at, (const uint8_t[]){ 0, 0, 0, 2 }, 4);
	}
	memcpy(root + 8, (const uint8_t[]){ 0, 0, 0, 2 }, 4);
	answers(image, len, "damaged");
	harness_fini(&h);
	free(image);
}

static void test_schema_of_three_thousand_objects_ends(void **state)
{
	struct sl_buf sql = { 0 };
	size_t len;
	uint8_t *image;

	(void)state;
	sl_buf_text(&sql, "BEGIN; CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2);");
	for (int i = 0; i < 3000; i++)
		sl_buf_printf(&sql, "CREATE VIEW v%d AS SELECT * FROM t, t, t;", i);
	sl_buf_text(&sql, "COMMIT;");
	image = image_of(sl_buf_cstr(&sql), &len);
	table();
	answers(image, len, NULL);
	harness_fini(&h);
	free(image);
	sl_buf_free(&sql);
}

static void test_schema_that_would_run_is_inert(void **state)
{
	static const char *const schemas[] = {
		"CREATE VIEW t(id, v) AS SELECT 1, load_extension('x');",
		"CREATE VIEW t(id, v) AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i, i FROM n;",
		"CREATE VIRTUAL TABLE t USING fts3(id, v);",
		"CREATE VIRTUAL TABLE t USING rtree(id, v, w);",
		"CREATE TABLE t(id, v AS (printf('%.*c', 500000000, 'x')));",
	};

	(void)state;
	for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++) {
		size_t len;
		uint8_t *image = image_of(schemas[i], &len);

		table();
		answers(image, len, i < 2 ? "but a view" : i < 4 ? "but a virtual" : "generated");
		harness_fini(&h);
		free(image);
	}
}

/* An index that lies about the table is not asked; a hidden rowid column does not stand in for a named one. */
static void test_names_that_nearly_fit_are_other_names(void **state)
{
	size_t len;
	uint8_t *image = image_of("CREATE TABLE T2(id, v); CREATE TABLE t(ID, v); INSERT INTO t VALUES (1, 1);", &len);

	(void)state;
	table();
	answers(image, len, "no such column");
	harness_fini(&h);
	free(image);
}

static void test_text_without_end_is_refused(void **state)
{
	size_t len = (size_t)40 << 20;
	char *text = malloc(len);

	(void)state;
	memset(text, 'x', len);
	memcpy(text, "id,v\n1,2\n\"", 10);
	harness_init(&h, "id");
	harness_column(&h, "v", SL_TYPE_INTEGER);
	answers((const uint8_t *)text, len, "never closed");
	memset(text + 9, ',', len - 9);
	answers((const uint8_t *)text, len, "a row longer than 16 MiB");
	memset(text, '\0', len);
	answers((const uint8_t *)text, len, "a row longer than 16 MiB");
	harness_fini(&h);
	free(text);
}

/* Once, when the first 16 MiB were read. */
static void cut_the_source(void *self, const uint8_t *body, size_t len)
{
	const struct harness *running = self;

	(void)body, (void)len;
	assert_int_equal(ftruncate(running->source, 17 << 20), 0);
}

static void test_source_cut_under_the_reader_is_no_signal(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	sl_buf_text(&text, "id,v\n");
	while (text.len < (size_t)60 << 20)
		sl_buf_text(&text, "10000001,1\n10000002,2\n10000003,3\n10000004,4\n10000005,5\n");
	harness_init(&h, "id");
	harness_column(&h, "v", SL_TYPE_INTEGER);
	h.setup.rows_max = 10000000;
	h.progress = cut_the_source;
	assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
	assert_true(h.report.rows > 1000000 && h.report.rows < text.len / 11 - 1000000);
	assert_true(h.report.complete || h.report.bad_rows_total == 1);
	harness_fini(&h);
	sl_buf_free(&text);
}

static void test_memory_that_cannot_suffice_is_a_limit(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	sl_buf_text(&text, "id,v\n");
	for (int i = 0; i < 300000; i++)
		sl_buf_printf(&text, "%d,1\n", i);
	harness_init(&h, "id");
	harness_column(&h, "v", SL_TYPE_INTEGER);
	h.memory_bytes = (uint64_t)8 << 20;
	assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_E_LIMIT);
	assert_non_null(strstr(h.err.text, "memory"));
	harness_fini(&h);
	sl_buf_free(&text);
}

static void test_setup_that_is_no_setup_is_refused(void **state)
{
	static const uint8_t garbage[300] = { 1, ',', 0xFF, 0xFF, 0xFF, 0xFF };
	struct sl_keeper_job job = { .program = SL_PROGRAM_LOAD, .path = SL_TEST_BIN_DIR "/sluice-load",
		.memory_bytes = (uint64_t)64 << 20, .deadline_ms = 10000 };
	struct sl_keeper_expect expect = { SL_FRAME_LOAD_REPORT, 1, 1, 1 << 20 };

	(void)state;
	for (size_t n = 0; n <= sizeof garbage; n += 50) {
		struct sl_keeper_message send = { SL_FRAME_LOAD_SETUP, garbage, n };
		struct sl_keeper_outcome out = { 0 };
		struct sl_err err = { 0 };

		assert_int_equal(sl_keeper_run(&job, &send, 1, &expect, 1, &out, &err), SL_E_INPUT);
		assert_int_equal(out.fate, SL_FATE_FAILED);
		assert_int_equal(out.nframes, 0);
		sl_keeper_outcome_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damaged_images_end_in_answers),
		cmocka_unit_test(test_pages_that_point_in_circles_end),
		cmocka_unit_test(test_schema_of_three_thousand_objects_ends),
		cmocka_unit_test(test_schema_that_would_run_is_inert),
		cmocka_unit_test(test_names_that_nearly_fit_are_other_names),
		cmocka_unit_test(test_text_without_end_is_refused),
		cmocka_unit_test(test_source_cut_under_the_reader_is_no_signal),
		cmocka_unit_test(test_memory_that_cannot_suffice_is_a_limit),
		cmocka_unit_test(test_setup_that_is_no_setup_is_refused),
	};

	return cmocka_run_group_tests_name("hostile sources", tests, NULL, NULL);
}
