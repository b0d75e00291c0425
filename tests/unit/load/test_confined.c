/* test_confined.c - imports in the real sluice-load, under its filter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <zlib.h>

#include "tests/unit/load/harness.h"

static void test_load_confined_csv_is_imported(void **state)
{
	static const char *const sexes[] = { "f", "m", NULL };
	static const char text[] = "id,age,sex,note\nb,30,f,x\na,41,m,y\nb,31,,z\n";
	struct harness h;

	(void)state;
	harness_init(&h, "id");
	harness_column(&h, "age", SL_TYPE_INTEGER);
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
	assert_int_equal(harness_confined(&h, text, strlen(text), NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 3);
	assert_int_equal(h.report.units, 2);
	assert_int_equal(h.report.new_units, 2);
	assert_int_equal(h.report.nskipped, 1);
	assert_string_equal(h.report.skipped[0].text, "note");
	assert_int_equal(harness_value(&h, 1, 0), 30);
	assert_int_equal(harness_value(&h, 1, 1), 31);
	assert_int_equal(harness_value(&h, 1, 2), 41);
	assert_int_equal(harness_value(&h, 2, 1), INT64_MIN);
	harness_fini(&h);
}

static void test_load_confined_bad_row_is_told(void **state)
{
	static const char text[] = "id,age\n1,30\n2,x\n";
	struct harness h;

	(void)state;
	harness_init(&h, "id");
	harness_column(&h, "age", SL_TYPE_INTEGER);
	assert_int_equal(harness_confined(&h, text, strlen(text), NULL, 0), SL_OK);
	harness_only_bad_row(&h, 3, "age", "not a whole number");
	harness_fini(&h);
}

/* Many rows, so that every allocation a large file needs happens behind the filter. */
static void test_load_confined_many_rows_in_gzip_are_imported(void **state)
{
	struct sl_buf text = { 0 };
	struct harness h;
	z_stream z = { 0 };
	uLong bound;
	Bytef *packed;

	(void)state;
	sl_buf_text(&text, "id,age\n");
	for (int i = 0; i < 150000; i++)
		sl_buf_printf(&text, "u%d,%d\n", (i * 7919) % 50000, i % 100);
	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	bound = deflateBound(&z, text.len);
	packed = malloc(bound);
	z.next_in = text.data;
	z.avail_in = (uInt)text.len;
	z.next_out = packed;
	z.avail_out = (uInt)bound;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_CSV_GZIP;
	h.setup.one_row_per_unit = 0;
	harness_column(&h, "age", SL_TYPE_INTEGER);
	assert_int_equal(harness_confined(&h, packed, z.total_out, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 150000);
	assert_int_equal(h.report.units, 50000);
	assert_int_equal(h.reader.manifest.ngroups, 3);
	(void)deflateEnd(&z);
	free(packed);
	sl_buf_free(&text);
	harness_fini(&h);
}

static void test_load_confined_sqlite_is_imported(void **state)
{
	struct harness h;
	sqlite3 *db = NULL;
	sqlite3_int64 len = 0;
	unsigned char *image;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t(id, age REAL, extra); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
	                                  "SELECT i+1 FROM n WHERE i<70000) INSERT INTO t SELECT 'u'||(i%1000), i+0.25, "
	                                  "hex(randomblob(20)) FROM n", NULL, NULL, NULL), SQLITE_OK);
	image = sqlite3_serialize(db, "main", &len, 0);
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_SQLITE;
	free(h.setup.table);
	h.setup.table = strdup("t");
	harness_column(&h, "age", SL_TYPE_REAL)->scale = 2;
	assert_int_equal(harness_confined(&h, image, (size_t)len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 70000);
	assert_int_equal(harness_value(&h, 1, 0), 125);
	assert_string_equal(h.report.skipped[0].text, "extra");
	sqlite3_free(image);
	sqlite3_close(db);
	harness_fini(&h);
}

static void test_load_confined_reference_rows_are_reported(void **state)
{
	static const char text[] = "code,name\nA,Alpha\nB,Beta\n";
	struct harness h;

	(void)state;
	harness_init(&h, NULL);
	harness_column(&h, "code", SL_TYPE_TEXT);
	harness_column(&h, "name", SL_TYPE_TEXT);
	assert_int_equal(harness_confined(&h, text, strlen(text), NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.nreference, 2);
	assert_string_equal(h.report.reference[1].key, "B");
	assert_string_equal(h.report.reference[1].label, "Beta");
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_confined_csv_is_imported),
		cmocka_unit_test(test_load_confined_bad_row_is_told),
		cmocka_unit_test(test_load_confined_many_rows_in_gzip_are_imported),
		cmocka_unit_test(test_load_confined_sqlite_is_imported),
		cmocka_unit_test(test_load_confined_reference_rows_are_reported),
	};

	return cmocka_run_group_tests_name("load in its process", tests, NULL, NULL);
}
