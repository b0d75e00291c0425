/* test_import.c - whole imports in this process: what goes in, what is refused, and that nothing is half done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

static struct harness h;

/* A table of persons: id, age (integer 0..120, required), weight (real, scale 1), sex (f, m). */
static void persons(void)
{
	static const char *const sexes[] = { "f", "m", NULL };
	struct sl_load_column *age;

	harness_init(&h, "id");
	age = harness_column(&h, "age", SL_TYPE_INTEGER);
	age->lo = 0;
	age->hi = 120;
	age->nullable = 0;
	harness_column(&h, "weight", SL_TYPE_REAL)->scale = 1;
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
}

static void test_import_takes_named_columns_in_any_order(void **state)
{
	(void)state;
	persons();
	assert_int_equal(harness_text(&h, "sex,x,weight,id,age,y z\nf,1,70.25,B,40,\nm,2,,A,41,\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.nskipped, 2);
	assert_string_equal(h.report.skipped[0].text, "x");
	assert_string_equal(h.report.skipped[1].text, "y z");
	assert_int_equal(harness_value(&h, 0, 0), 0);
	assert_int_equal(harness_value(&h, 1, 0), 40);
	assert_int_equal(harness_value(&h, 2, 0), 703);
	assert_int_equal(harness_value(&h, 3, 0), 0);
	assert_int_equal(harness_value(&h, 2, 1), INT64_MIN);
	assert_string_equal(h.reader.manifest.columns[0].name, "id");
	assert_string_equal(h.reader.manifest.columns[3].name, "sex");
	assert_int_equal(h.reader.manifest.columns[3].ndomain, 2);
	assert_int_equal(h.reader.manifest.columns[2].scale, 1);
	harness_fini(&h);
}

static void test_import_of_header_alone_is_an_empty_table(void **state)
{
	(void)state;
	persons();
	assert_int_equal(harness_text(&h, "id,age,weight,sex\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 0);
	assert_int_equal(h.reader.manifest.ngroups, 0);
	harness_fini(&h);
}

static void one_bad(const char *csv, uint64_t line, const char *column, const char *reason)
{
	persons();
	assert_int_equal(harness_text(&h, csv), SL_OK);
	harness_only_bad_row(&h, line, column, reason);
	assert_int_equal(lseek(h.registry, 0, SEEK_END), 0);
	harness_fini(&h);
}

static void test_import_bad_row_is_told_with_its_place(void **state)
{
	(void)state;
	one_bad("", 1, "", "empty");
	one_bad("id,age,weight\n1,2,3\n", 1, "sex", "no such column");
	one_bad("id,age,weight,sex,age\n1,2,3,f,2\n", 1, "age", "more than once");
	one_bad("id,age,weight,sex\n1,2,3,f\n2,x,3,f\n", 3, "age", "not a whole number");
	one_bad("id,age,weight,sex\n1,,3,f\n", 2, "age", "required");
	one_bad("id,age,weight,sex\n1,121,3,f\n", 2, "age", "maximum");
	one_bad("id,age,weight,sex\n1,12,3kg,f\n", 2, "weight", "decimal");
	one_bad("id,age,weight,sex\n1,12,3,F\n", 2, "sex", "domain");
	one_bad("id,age,weight,sex\n  ,12,3,f\n", 2, "id", "unit is missing");
	one_bad("id,age,weight,sex\n1,12,3\n", 2, "", "fewer fields");
	one_bad("id,age,weight,sex\n1,12,3,f\n\"2,12,3,f\n", 3, "", "never closed");
	one_bad("id,age,weight,s\"ex\n1,12,3,f\n", 1, "", "quote in the middle");
	one_bad("id,age,weight,sex\n1,12,3,\xC3\xA9\xFF\n", 2, "sex", "UTF-8");
}

static void test_import_without_a_named_column_tells_no_word_of_the_source(void **state)
{
	(void)state;
	persons();
	assert_int_equal(harness_text(&h, "Ann Secret,41,70,f\nBob Secret,42,71,m\n"), SL_OK);
	assert_int_equal(h.report.complete, 0);
	assert_int_equal(h.report.bad_rows_total, 4);
	assert_int_equal(h.report.nskipped, 0);
	harness_fini(&h);
}

static void test_import_reason_never_holds_the_value(void **state)
{
	(void)state;
	persons();
	assert_int_equal(harness_text(&h, "id,age,weight,sex\nSECRET,SECRET,1,f\nSECRET,1,SECRET,f\nSECRET,1,1,SECRET\n"
	                                  "SECRET\nSECRET,1,1,SEC\"RET\n"), SL_OK);
	assert_int_equal(h.report.bad_rows_total, 5);
	for (uint32_t i = 0; i < h.report.nbad_rows; i++)
		assert_null(strstr(h.report.bad_rows[i].reason, "SEC"));
	harness_fini(&h);
}

static void test_import_counts_bad_rows_beyond_those_it_keeps(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	persons();
	h.setup.bad_rows_max = 10;
	sl_buf_text(&text, "id,age,weight,sex\n");
	for (int i = 0; i < 1000; i++)
		sl_buf_printf(&text, "%d,%s,1,f\n", i, i % 2 == 0 ? "x" : "5");
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_OK);
	assert_int_equal(h.report.nbad_rows, 10);
	assert_int_equal(h.report.bad_rows_total, 500);
	assert_int_equal(h.report.rows, 1000);
	assert_int_equal(h.report.bad_rows[9].line, 20);
	sl_buf_free(&text);
	harness_fini(&h);
}

static void test_import_second_row_of_a_unit_is_bad_where_it_has_one(void **state)
{
	(void)state;
	persons();
	h.setup.one_row_per_unit = 1;
	assert_int_equal(harness_text(&h, "id,age,weight,sex\na,1,1,f\nb,1,1,f\n a ,1,1,f\n"), SL_OK);
	harness_only_bad_row(&h, 4, "id", "second row of its unit");
	harness_again(&h);
	assert_int_equal(harness_text(&h, "id,age,weight,sex\na,1,1,f\nb,1,1,f\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	harness_again(&h);
	assert_int_equal(harness_text(&h, "id,age,weight,sex\nb,1,1,f\na,1,1,f\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	harness_fini(&h);
}

static void test_import_again_finds_the_units_of_before(void **state)
{
	(void)state;
	persons();
	assert_int_equal(harness_text(&h, "id,age,weight,sex\nx,1,1,f\ny,2,1,f\n"), SL_OK);
	assert_int_equal(h.report.new_units, 2);
	harness_again(&h);
	assert_int_equal(harness_text(&h, "id,age,weight,sex\nz,3,1,f\ny,4,1,f\nz,5,1,f\n"), SL_OK);
	assert_int_equal(h.report.new_units, 1);
	assert_int_equal(h.report.units, 2);
	assert_int_equal(harness_value(&h, 0, 0), 1);
	assert_int_equal(harness_value(&h, 1, 0), 4);
	assert_int_equal(harness_value(&h, 0, 2), 2);
	harness_again(&h);
	assert_int_equal(h.setup.registry_count, 3);
	harness_fini(&h);
}

/* Rows of a unit keep their order; rows of different units may come in any. */
static void test_import_of_permuted_units_gives_the_same_rows_per_unit(void **state)
{
	enum { UNITS = 300, EACH = 5 };
	struct sl_buf text = { 0 };
	uint64_t rows = UNITS * EACH;

	(void)state;
	for (int permutation = 0; permutation < 3; permutation++) {
		int step[] = { 1, 7, 299 };

		persons();
		h.setup.rows_max = 5000;
		sl_buf_reset(&text);
		sl_buf_text(&text, "id,age,weight,sex\n");
		for (int k = 0; k < EACH; k++)
			for (int i = 0; i < UNITS; i++) {
				int unit = (i * step[permutation]) % UNITS;

				sl_buf_printf(&text, "u%d,%d,%d.%d,m\n", unit, k, unit, k);
			}
		assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_int_equal(h.report.rows, rows);
		for (uint64_t r = 0; r < rows; r++) {
			int64_t unit = (int64_t)(r / EACH) * step[permutation] % UNITS;

			assert_int_equal(harness_value(&h, 0, r), r / EACH);
			assert_int_equal(harness_value(&h, 1, r), r % EACH);
			assert_int_equal(harness_value(&h, 2, r), unit * 10 + (int64_t)(r % EACH));
		}
		harness_fini(&h);
	}
	sl_buf_free(&text);
}

static void test_import_over_its_rows_is_refused(void **state)
{
	(void)state;
	persons();
	h.setup.rows_max = 2;
	assert_int_equal(harness_text(&h, "id,age,weight,sex\na,1,1,f\nb,1,1,f\n"), SL_OK);
	assert_int_equal(harness_text(&h, "id,age,weight,sex\na,1,1,f\nb,1,1,f\nc,1,1,f\n"), SL_E_LIMIT);
	assert_non_null(strstr(h.err.text, "more than 2 rows"));
	harness_fini(&h);
}

static void test_import_over_its_memory_is_refused_with_numbers(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	persons();
	h.memory_bytes = 2 << 20;
	sl_buf_text(&text, "id,age,weight,sex\n");
	for (int i = 0; i < 100000; i++)
		sl_buf_printf(&text, "%d,1,1,f\n", i % 10);
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_E_LIMIT);
	assert_non_null(strstr(h.err.text, "over the limit of 2097152"));
	sl_buf_free(&text);
	harness_fini(&h);
}

static void test_import_registry_shorter_than_told_is_found(void **state)
{
	(void)state;
	persons();
	h.setup.registry_count = 1;
	assert_int_equal(harness_text(&h, "id,age,weight,sex\na,1,1,f\n"), SL_E_INTEGRITY);
	harness_fini(&h);
}

static void references(uint32_t ncolumns)
{
	harness_init(&h, NULL);
	harness_column(&h, "code", SL_TYPE_TEXT);
	if (ncolumns > 1)
		harness_column(&h, "name", SL_TYPE_TEXT);
}

static void test_reference_rows_come_in_order(void **state)
{
	(void)state;
	references(2);
	assert_int_equal(harness_text(&h, "name,code,x\n元朗,YL,\n\"Sha, Tin\",ST,\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.nreference, 2);
	assert_string_equal(h.report.reference[0].key, "YL");
	assert_string_equal(h.report.reference[0].label, "元朗");
	assert_string_equal(h.report.reference[1].label, "Sha, Tin");
	harness_fini(&h);
	references(1);
	assert_int_equal(harness_text(&h, "code\nA\nB\n"), SL_OK);
	assert_string_equal(h.report.reference[1].key, "B");
	assert_string_equal(h.report.reference[1].label, "B");
	harness_fini(&h);
}

static void bad_reference(const char *csv, uint64_t line, const char *column, const char *reason)
{
	references(2);
	assert_int_equal(harness_text(&h, csv), SL_OK);
	harness_only_bad_row(&h, line, column, reason);
	assert_true(h.report.nreference <= 1);
	harness_fini(&h);
}

static void test_reference_bad_rows_are_told(void **state)
{
	(void)state;
	bad_reference("code,name\nA,x\nA,y\n", 3, "code", "occurs before");
	bad_reference("code,name\nA,x\n,y\n", 3, "code", "missing");
	bad_reference("code,name\nA,\n", 2, "name", "missing");
	bad_reference("code,name\nA,x\x1B[31m\n", 2, "name", "control");
	bad_reference("code,name\nA,x\xFF\n", 2, "name", "UTF-8");
	bad_reference("code,name\nA,(missing)\n", 2, "name", "label of ours");
	bad_reference("code,name\nA,x\n[c],y\n", 3, "code", "label of ours");
	char text[700] = "code,name\nA,";
	memset(text + 12, 'x', 513);
	bad_reference(text, 2, "name", "longer than 512");
}

/* code, name, and behind them what a lookup brings: a number and a domain of its own. */
static void attributes(void)
{
	static const char *const kinds[] = { "old", "new", NULL };

	references(2);
	harness_column(&h, "rent", SL_TYPE_REAL)->scale = 1;
	harness_labels(harness_column(&h, "kind", SL_TYPE_TEXT), kinds);
	h.setup.attributes = 2;
}

static void test_reference_attributes_are_typed(void **state)
{
	(void)state;
	attributes();
	assert_int_equal(harness_text(&h, "kind,code,rent,name\nnew,A,12.5,x\n,B,,y\n"), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.nreference, 2);
	assert_string_equal(h.report.reference[0].label, "x");
	assert_int_equal(h.report.reference[0].ncells, 2);
	assert_int_equal(h.report.reference[0].cells[0].value, 125);
	assert_int_equal(h.report.reference[0].cells[0].missing, 0);
	assert_int_equal(h.report.reference[0].cells[1].value, 1);
	assert_int_equal(h.report.reference[1].cells[0].missing, 1);
	assert_int_equal(h.report.reference[1].cells[1].missing, 1);
	harness_fini(&h);
}

static void bad_attribute(const char *csv, const char *column, const char *reason)
{
	attributes();
	h.columns[3].nullable = 0;
	assert_int_equal(harness_text(&h, csv), SL_OK);
	harness_only_bad_row(&h, 2, column, reason);
	assert_int_equal(h.report.nreference, 0);
	harness_fini(&h);
}

static void test_reference_attributes_that_are_none_are_bad_rows(void **state)
{
	(void)state;
	bad_attribute("code,name,rent,kind\nA,x,much,old\n", "rent", "not a decimal number");
	bad_attribute("code,name,rent,kind\nA,x,1,odd\n", "kind", "not in the declared domain");
	bad_attribute("code,name,rent,kind\nA,x,1,\n", "kind", "missing, but the column is required");
}

static void test_reference_of_too_many_attributes_is_refused(void **state)
{
	struct sl_buf text = { 0 };
	char name[8];

	(void)state;
	references(1);
	sl_buf_text(&text, "code");
	for (int i = 0; i < 11; i++) {
		(void)snprintf(name, sizeof name, "a%d", i);
		harness_column(&h, name, SL_TYPE_INTEGER);
		sl_buf_printf(&text, ",%s", name);
	}
	h.setup.attributes = 11;
	for (int i = 0; i <= SL_REFERENCE_CELLS_MAX / 11; i++)
		sl_buf_printf(&text, "\n%d,,,,,,,,,,,", i);
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_E_LIMIT);
	sl_buf_free(&text);
	harness_fini(&h);
}

static void test_reference_of_too_many_rows_is_refused(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	references(1);
	sl_buf_text(&text, "code\n");
	for (int i = 0; i <= SL_LABELS_MAX; i++)
		sl_buf_printf(&text, "%d\n", i);
	assert_int_equal(harness_run(&h, text.data, text.len, NULL, 0), SL_E_LIMIT);
	sl_buf_free(&text);
	harness_fini(&h);
}

static void setup_refused(const char *part)
{
	assert_int_equal(harness_text(&h, "id,age,weight,sex\n"), SL_E_INPUT);
	if (strstr(h.err.text, part) == NULL)
		fail_msg("%s", h.err.text);
	harness_fini(&h);
}

static void test_setup_that_contradicts_itself_is_refused(void **state)
{
	(void)state;
	persons();
	h.columns[2].header[0] = '\0';
	setup_refused("no name");
	persons();
	free(h.columns[2].header);
	h.columns[2].header = strdup("age");
	setup_refused("named twice");
	persons();
	h.columns[3].type = SL_TYPE_INTEGER;
	setup_refused("does not take");
	persons();
	harness_column(&h, "note", SL_TYPE_TEXT);
	setup_refused("no domain");
	persons();
	h.columns[1].lo = 121;
	setup_refused("bounds");
	persons();
	h.columns[1].scale = 2;
	setup_refused("scale");
	persons();
	h.setup.bad_rows_max = 0;
	setup_refused("bad_rows_max");
	persons();
	h.setup.delimiter = 'x';
	setup_refused("delimiter");
	persons();
	h.setup.format = SL_LOAD_SQLITE;
	setup_refused("no table");
	persons();
	close(h.registry);
	h.registry = -1;
	assert_int_equal(harness_text(&h, ""), SL_E_INPUT);
	harness_fini(&h);
	references(2);
	harness_column(&h, "third", SL_TYPE_TEXT);
	setup_refused("columns");
	references(2);
	h.setup.attributes = 2;
	setup_refused("columns");
	references(2);
	h.setup.attributes = 3;
	setup_refused("columns");
	references(2);
	h.setup.attributes = 1; /* which is then a text without a domain */
	setup_refused("no domain");
	persons();
	h.setup.attributes = 1;
	setup_refused("columns");
	persons();
	h.setup.rows_max = (uint64_t)1 << 32;
	assert_int_equal(harness_text(&h, ""), SL_E_LIMIT);
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_import_takes_named_columns_in_any_order),
		cmocka_unit_test(test_import_of_header_alone_is_an_empty_table),
		cmocka_unit_test(test_import_bad_row_is_told_with_its_place),
		cmocka_unit_test(test_import_without_a_named_column_tells_no_word_of_the_source),
		cmocka_unit_test(test_import_reason_never_holds_the_value),
		cmocka_unit_test(test_import_counts_bad_rows_beyond_those_it_keeps),
		cmocka_unit_test(test_import_second_row_of_a_unit_is_bad_where_it_has_one),
		cmocka_unit_test(test_import_again_finds_the_units_of_before),
		cmocka_unit_test(test_import_of_permuted_units_gives_the_same_rows_per_unit),
		cmocka_unit_test(test_import_over_its_rows_is_refused),
		cmocka_unit_test(test_import_over_its_memory_is_refused_with_numbers),
		cmocka_unit_test(test_import_registry_shorter_than_told_is_found),
		cmocka_unit_test(test_reference_rows_come_in_order),
		cmocka_unit_test(test_reference_bad_rows_are_told),
		cmocka_unit_test(test_reference_attributes_are_typed),
		cmocka_unit_test(test_reference_attributes_that_are_none_are_bad_rows),
		cmocka_unit_test(test_reference_of_too_many_attributes_is_refused),
		cmocka_unit_test(test_reference_of_too_many_rows_is_refused),
		cmocka_unit_test(test_setup_that_contradicts_itself_is_refused),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
