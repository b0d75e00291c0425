/* test_sqlite.c - tables of SQLite files: fresh rows, foreign schemas, damaged images. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "tests/unit/load/harness.h"

static struct harness h;

static void table(const char *name, const char *column, enum sl_type type)
{
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_SQLITE;
	free(h.setup.table);
	h.setup.table = strdup(name);
	if (column != NULL)
		harness_column(&h, column, type)->scale = type == SL_TYPE_REAL ? 2 : 0;
}

/* The image of a database made by sql. */
static uint8_t *image_of(const char *sql, size_t *len)
{
	sqlite3 *db = NULL;
	sqlite3_int64 n = 0;
	char *message = NULL;
	uint8_t *image, *copy;

	assert_int_equal(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	image = sqlite3_serialize(db, "main", &n, 0);
	copy = malloc((size_t)n + 1);
	memcpy(copy, image, (size_t)n);
	*len = (size_t)n;
	sqlite3_free(image);
	sqlite3_close(db);
	return copy;
}

static enum sl_rc import(const char *sql)
{
	size_t len;
	uint8_t *image = image_of(sql, &len);
	enum sl_rc rc = harness_run(&h, image, len, NULL, 0);

	free(image);
	return rc;
}

static void test_sqlite_values_are_typed(void **state)
{
	static const char *const labels[] = { "a", "5", NULL };

	(void)state;
	table("t", "v", SL_TYPE_REAL);
	harness_labels(harness_column(&h, "w", SL_TYPE_TEXT), labels);
	assert_int_equal(import("CREATE TABLE t(id, v, w, other); INSERT INTO t VALUES (1, 2.675, 'a', 0), "
	                        "('x', 3, 5, 0), (2.0, '4.5', '', 0), ('1', NULL, NULL, 0);"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.units, 3);
	assert_string_equal(h.report.skipped[0].text, "other");
	assert_int_equal(harness_value(&h, 0, 1), 0);
	assert_int_equal(harness_value(&h, 1, 0), 268);
	assert_int_equal(harness_value(&h, 1, 1), INT64_MIN);
	assert_int_equal(harness_value(&h, 1, 2), 300);
	assert_int_equal(harness_value(&h, 1, 3), 450);
	assert_int_equal(harness_value(&h, 2, 0), 0);
	assert_int_equal(harness_value(&h, 2, 2), 1);
	assert_int_equal(harness_value(&h, 2, 3), INT64_MIN);
	harness_fini(&h);
}

static void test_sqlite_bad_row_is_told_by_its_number(void **state)
{
	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(import("CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2), (2, x'00'), (3, 3);"), SL_OK);
	harness_only_bad_row(&h, 2, "v", "blob");
	assert_int_equal(import("CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2), (2, 4), (NULL, 3);"), SL_OK);
	harness_only_bad_row(&h, 3, "id", "unit is missing");
	assert_int_equal(import("CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2.5);"), SL_OK);
	harness_only_bad_row(&h, 1, "v", "whole number");
	assert_int_equal(import("CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 9e999);"), SL_OK);
	harness_only_bad_row(&h, 1, "v", "whole number");
	harness_fini(&h);
}

static void test_sqlite_row_over_its_bytes_is_told(void **state)
{
	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(import("CREATE TABLE t(id, v); INSERT INTO t VALUES (1, 2), (2, hex(zeroblob(9000000))), (3, 4);"),
	                 SL_OK);
	harness_only_bad_row(&h, 2, "", "row 2 is longer than 16 MiB");
	harness_fini(&h);
}

static void test_sqlite_reference_numbers_are_texts(void **state)
{
	(void)state;
	harness_init(&h, NULL);
	h.setup.format = SL_LOAD_SQLITE;
	free(h.setup.table);
	h.setup.table = strdup("t");
	harness_column(&h, "code", SL_TYPE_TEXT);
	harness_column(&h, "name", SL_TYPE_TEXT);
	assert_int_equal(import("CREATE TABLE t(code, name); INSERT INTO t VALUES (17, 'x'), ('18', 5.0);"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_string_equal(h.report.reference[0].key, "17");
	assert_string_equal(h.report.reference[1].label, "5");
	assert_int_equal(import("CREATE TABLE t(code, name); INSERT INTO t VALUES (17, x'01');"), SL_OK);
	harness_only_bad_row(&h, 1, "name", "blob");
	harness_fini(&h);
}

static void refused(const char *name, const char *sql, const char *part)
{
	table(name, "v", SL_TYPE_INTEGER);
	assert_int_equal(import(sql), SL_OK);
	assert_int_equal(h.report.complete, 0);
	if (strstr(h.report.bad_rows[0].reason, part) == NULL)
		fail_msg("%s", h.report.bad_rows[0].reason);
	harness_fini(&h);
}

static void test_sqlite_what_is_no_plain_table_is_refused(void **state)
{
	(void)state;
	refused("t", "CREATE TABLE u(id, v);", "no table");
	refused("v", "CREATE TABLE t(id, v); CREATE VIEW v AS SELECT * FROM t;", "but a view");
	refused("f", "CREATE VIRTUAL TABLE f USING fts5(id, v);", "but a virtual");
	refused("f_content", "CREATE VIRTUAL TABLE f USING fts5(id, v);", "but a shadow");
	refused("sqlite_schema", "CREATE TABLE t(id, v);", "of SQLite itself");
	refused("t", "CREATE TABLE t(id, v AS (abs(id)));", "generated");
	refused("t", "CREATE TABLE t(id, v AS (abs(id)) STORED);", "generated");
	refused("t", "CREATE TABLE t(id, w);", "no such column");
}

/* Things in a schema that would run if anything but plain reading happened. */
static void test_sqlite_schema_is_not_run(void **state)
{
	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(import("CREATE TABLE t(id, v CHECK (abs(v) >= 0), g AS (hex(zeroblob(id * 1000000))));"
	                        "CREATE INDEX i ON t(v) WHERE v > 0; CREATE INDEX j ON t(abs(v));"
	                        "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;"
	                        "CREATE VIEW w AS SELECT load_extension('x');"
	                        "INSERT INTO t(id, v) VALUES (1, 7);"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(harness_value(&h, 1, 0), 7);
	harness_fini(&h);
}

static void test_sqlite_rows_come_in_the_order_of_the_table(void **state)
{
	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(import("CREATE TABLE t(id, v); CREATE INDEX cover ON t(v, id);"
	                        "INSERT INTO t VALUES ('b', 9), ('b', 1), ('a', 5);"), SL_OK);
	assert_int_equal(harness_value(&h, 1, 0), 9);
	assert_int_equal(harness_value(&h, 1, 1), 1);
	assert_int_equal(harness_value(&h, 1, 2), 5);
	harness_fini(&h);
}

static void test_sqlite_names_are_quoted(void **state)
{
	(void)state;
	harness_init(&h, "i\"d");
	h.setup.format = SL_LOAD_SQLITE;
	free(h.setup.table);
	h.setup.table = strdup("a\"b; --");
	harness_column(&h, "性別", SL_TYPE_INTEGER);
	assert_int_equal(import("CREATE TABLE \"a\"\"b; --\"(\"i\"\"d\", 性別);"
	                        "INSERT INTO \"a\"\"b; --\" VALUES (1, 3);"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(harness_value(&h, 1, 0), 3);
	harness_fini(&h);
}

static void test_sqlite_utf16_and_without_rowid_are_read(void **state)
{
	static const char *const labels[] = { "女", "男", NULL };

	(void)state;
	table("t", NULL, SL_TYPE_NONE);
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), labels);
	assert_int_equal(import("PRAGMA encoding='UTF-16'; CREATE TABLE t(id TEXT PRIMARY KEY, sex TEXT) WITHOUT ROWID;"
	                        "INSERT INTO t VALUES ('x', '男'), ('y', '女');"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(harness_value(&h, 1, 0), 1);
	harness_fini(&h);
}

static uint8_t *read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *data;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	data = malloc((size_t)st.st_size + 1);
	assert_int_equal(read(fd, data, (size_t)st.st_size), st.st_size);
	*len = (size_t)st.st_size;
	close(fd);
	return data;
}

/* A database whose last rows are only in the log, while its owner still has it open. */
static void with_log(void (*use)(const uint8_t *, size_t, const uint8_t *, size_t))
{
	char dir[] = "/tmp/sluice-wal-XXXXXX", path[64], wal_path[80];
	sqlite3 *db = NULL;
	size_t len, wal_len;
	uint8_t *image, *wal;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/t.sqlite", dir);
	(void)snprintf(wal_path, sizeof wal_path, "%s-wal", path);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "unix"), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id, v);"
	                                  "INSERT INTO t VALUES (1, 10); PRAGMA wal_checkpoint(TRUNCATE);"
	                                  "INSERT INTO t VALUES (2, 20); UPDATE t SET v = 11 WHERE id = 1;",
	                              NULL, NULL, NULL), SQLITE_OK);
	image = read_file(path, &len);
	wal = read_file(wal_path, &wal_len);
	assert_true(wal_len > 0);
	sqlite3_close(db);
	(void)unlink(path);
	(void)unlink(wal_path);
	(void)rmdir(dir);
	use(image, len, wal, wal_len);
	free(image);
	free(wal);
}

static void fresh_rows(const uint8_t *image, size_t len, const uint8_t *wal, size_t wal_len)
{
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(harness_run(&h, image, len, wal, wal_len), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 2);
	assert_int_equal(harness_value(&h, 1, 0), 11);
	assert_int_equal(harness_value(&h, 1, 1), 20);
	harness_fini(&h);
	/* Without its log the file is what the last checkpoint left. */
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(harness_run(&h, image, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.rows, 1);
	assert_int_equal(harness_value(&h, 1, 0), 10);
	harness_fini(&h);
}

static void fresh_rows_confined(const uint8_t *image, size_t len, const uint8_t *wal, size_t wal_len)
{
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(harness_confined(&h, image, len, wal, wal_len), SL_OK);
	assert_int_equal(h.report.rows, 2);
	assert_int_equal(harness_value(&h, 1, 0), 11);
	harness_fini(&h);
}

/* A log cut anywhere ends at its last whole commit; it never gives an error or a half commit. */
static void cut_logs(const uint8_t *image, size_t len, const uint8_t *wal, size_t wal_len)
{
	for (size_t n = 0; n < wal_len; n += 97) {
		table("t", "v", SL_TYPE_INTEGER);
		assert_int_equal(harness_run(&h, image, len, wal, n), SL_OK);
		assert_int_equal(h.report.complete, 1);
		assert_true(harness_value(&h, 1, 0) == 10);
		harness_fini(&h);
	}
}

static void test_sqlite_log_gives_fresh_rows(void **state)
{
	(void)state;
	with_log(fresh_rows);
	with_log(fresh_rows_confined);
	with_log(cut_logs);
}

/* One flipped byte: an answer, never a crash, and never a segment with more rows than there can be. */
static void flip(uint8_t *image, size_t len, size_t from, size_t to, size_t step, uint8_t mask)
{
	for (size_t i = from; i < to && i < len; i += step) {
		enum sl_rc rc;

		image[i] ^= mask;
		rc = harness_run(&h, image, len, NULL, 0);
		image[i] ^= mask;
		assert_true(rc == SL_OK || rc == SL_E_LIMIT || rc == SL_E_NOMEM);
		if (rc == SL_OK && !h.report.complete)
			assert_true(h.report.bad_rows_total > 0);
	}
}

static void test_sqlite_damaged_images_never_crash(void **state)
{
	size_t len;
	uint8_t *image = image_of("PRAGMA page_size=512; CREATE TABLE t(id, v, w); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
	                          "SELECT i+1 FROM n WHERE i<60) INSERT INTO t SELECT i, i, CASE WHEN i=30 THEN "
	                          "hex(zeroblob(700)) END FROM n;", &len);

	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	h.setup.rows_max = 1000;
	flip(image, len, 0, 600, 1, 0xFF);
	flip(image, len, 0, 600, 1, 0x01);
	flip(image, len, 600, len, 3, 0x40);
	flip(image, len, 600, len, 5, 0xFF);
	for (size_t n = 0; n < len; n += 61)
		assert_int_equal(harness_run(&h, image, n, NULL, 0), SL_OK);
	harness_fini(&h);
	free(image);
}

static void test_sqlite_not_a_database_is_told(void **state)
{
	static const char text[] = "id,v\n1,2\n this is a text file, long enough to have the header of a database:"
	                           " 100 bytes of it, and a few more .....";

	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	assert_int_equal(harness_text(&h, text), SL_OK);
	harness_only_bad_row(&h, 0, "", "not an SQLite file");
	assert_int_equal(harness_text(&h, ""), SL_OK);
	harness_only_bad_row(&h, 0, "", "no table");
	harness_fini(&h);
}

static void test_sqlite_image_over_the_memory_is_refused(void **state)
{
	(void)state;
	table("t", "v", SL_TYPE_INTEGER);
	h.memory_bytes = 1 << 20;
	h.setup.rows_max = 100000;
	assert_int_equal(import("CREATE TABLE t(id, v, w); INSERT INTO t VALUES (1, 1, zeroblob(2000000));"), SL_E_LIMIT);
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sqlite_values_are_typed),
		cmocka_unit_test(test_sqlite_bad_row_is_told_by_its_number),
		cmocka_unit_test(test_sqlite_row_over_its_bytes_is_told),
		cmocka_unit_test(test_sqlite_reference_numbers_are_texts),
		cmocka_unit_test(test_sqlite_what_is_no_plain_table_is_refused),
		cmocka_unit_test(test_sqlite_schema_is_not_run),
		cmocka_unit_test(test_sqlite_rows_come_in_the_order_of_the_table),
		cmocka_unit_test(test_sqlite_names_are_quoted),
		cmocka_unit_test(test_sqlite_utf16_and_without_rowid_are_read),
		cmocka_unit_test(test_sqlite_log_gives_fresh_rows),
		cmocka_unit_test(test_sqlite_damaged_images_never_crash),
		cmocka_unit_test(test_sqlite_not_a_database_is_told),
		cmocka_unit_test(test_sqlite_image_over_the_memory_is_refused),
	};

	return cmocka_run_group_tests_name("sqlite", tests, NULL, NULL);
}
