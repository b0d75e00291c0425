/* test_csv.c - the CSV machine alone: what comes out of bytes, whole or one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/load/csv.h"

/* The rows as text: fields between [ ], faults in <>, lines in front. */
static char *show(const void *bytes, size_t len, uint8_t delimiter, size_t step, enum sl_rc *rc, struct sl_err *err)
{
	struct sl_bytes_memory from;
	struct sl_buf out = { 0 };
	struct sl_csv csv;
	struct sl_row row;
	bool more = true;

	sl_bytes_memory_init(&from, bytes, len);
	from.step = step;
	*rc = sl_csv_init(&csv, delimiter, 1, err);
	csv.from = &from.base;
	csv.bytes_max = UINT64_MAX;
	while (*rc == SL_OK && more) {
		*rc = csv.rows.next(&csv.rows, &row, &more, err);
		if (*rc != SL_OK || !more)
			break;
		sl_buf_printf(&out, "%llu", (unsigned long long)row.line);
		if (row.fault != NULL)
			sl_buf_printf(&out, "<%s>", row.fault);
		for (uint32_t i = 0; i < row.ncells; i++) {
			sl_buf_u8(&out, '[');
			sl_buf_put(&out, row.cells[i].text, row.cells[i].len);
			sl_buf_u8(&out, ']');
		}
		sl_buf_text(&out, " ");
	}
	sl_csv_fini(&csv);
	char *text = strdup(sl_buf_cstr(&out));
	sl_buf_free(&out);
	return text;
}

/* The same whether the bytes come at once or one by one. */
static void gives_bytes(const void *bytes, size_t len, const char *expected)
{
	for (size_t step = 0; step < 4; step++) {
		struct sl_err err = { 0 };
		enum sl_rc rc;
		char *text = show(bytes, len, ',', step, &rc, &err);

		assert_int_equal(rc, SL_OK);
		assert_string_equal(text, expected);
		free(text);
	}
}

static void gives(const char *csv, const char *expected)
{
	gives_bytes(csv, strlen(csv), expected);
}

static void test_csv_line_ends_and_mark_are_taken(void **state)
{
	(void)state;
	gives("a,b\n1,2\n", "1[a][b] 2[1][2] ");
	gives("a,b\n1,2", "1[a][b] 2[1][2] ");
	gives("a,b\r\n1,2\r\n", "1[a][b] 2[1][2] ");
	gives("a,b\r\n1,2\n3,4\r\n", "1[a][b] 2[1][2] 3[3][4] ");
	gives("\xEF\xBB\xBF" "a,b\n1,2\n", "1[a][b] 2[1][2] ");
	gives("\xEF\xBB\xBF\"a\",b\n1,2\n", "1[a][b] 2[1][2] ");
	gives("\xEF\xBB" "a,b\n", "1[\xEF\xBB" "a][b] ");
	gives("", "");
	gives("\xEF\xBB\xBF", "");
}

static void test_csv_quotes_and_line_breaks_are_taken(void **state)
{
	(void)state;
	gives("a,b\n\"x,y\",\"he said \"\"no\"\"\"\n", "1[a][b] 2[x,y][he said \"no\"] ");
	gives("a,b\n\"one\ntwo\r\nthree\",2\n3,4\n", "1[a][b] 2[one\ntwo\r\nthree][2] 5[3][4] ");
	gives("a,b\n\"\",\"\"\n,\n", "1[a][b] 2[][] 3[][] ");
	gives("a,b\n\"\"\"\",x\n", "1[a][b] 2[\"][x] ");
	gives("a,b\n 1 , 2 \n", "1[a][b] 2[ 1 ][ 2 ] ");
	gives("a,b\n1,2,\n", "1[a][b] 2<more fields than the header> ");
	gives("a,b\n1\n3,4\n", "1[a][b] 2<fewer fields than the header> 3[3][4] ");
	gives("個案,性別\n1,男\n", "1[個案][性別] 2[1][男] ");
}

static void test_csv_empty_lines_are_no_rows_but_count(void **state)
{
	(void)state;
	gives("a,b\n\n1,2\n\n\r\n3,4\n\n", "1[a][b] 3[1][2] 6[3][4] ");
	gives("\n\na,b\n", "3[a][b] ");
	gives("a\n\n1\n", "1[a] 2[] 3[1] ");
	gives("a,b\n\"\"\n", "1[a][b] 2<fewer fields than the header> ");
}

static void test_csv_faulty_row_does_not_spoil_the_next(void **state)
{
	static const char nul[] = "a,b\n1,x\0y\n3,4\n", nul_quoted[] = "a,b\n1,\"x\0\ny\"\n3,4\n";

	(void)state;
	gives("a,b\n1,x\"y\n3,4\n", "1[a][b] 2<a quote in the middle of a field that does not begin with one> 3[3][4] ");
	gives("a,b\n1,\"x\"y\n3,4\n", "1[a][b] 2<text behind a closing quote> 3[3][4] ");
	gives("a,b\n1,x\ry\n3,4\n", "1[a][b] 2<a carriage return without a line feed> 3[3][4] ");
	gives("a,b\n1,2\r", "1[a][b] 2<a carriage return without a line feed> ");
	gives_bytes(nul, sizeof nul - 1, "1[a][b] 2<a NUL byte> 3[3][4] ");
	gives_bytes(nul_quoted, sizeof nul_quoted - 1, "1[a][b] 2<a NUL byte> 4[3][4] ");
}

static void test_csv_open_quote_names_its_line(void **state)
{
	static const char text[] = "a,b\n1,2\n3,\"x\ny\nz\n";
	struct sl_err err = { 0 };
	enum sl_rc rc;
	char *shown = show(text, strlen(text), ',', 0, &rc, &err);

	(void)state;
	assert_int_equal(rc, SL_E_INPUT);
	assert_int_equal(err.line, 3);
	assert_non_null(strstr(err.text, "line 3"));
	free(shown);
}

static void test_csv_other_delimiters_are_taken(void **state)
{
	static const char delimiters[] = ";\t|";

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct sl_err err = { 0 };
		enum sl_rc rc;
		char text[32];

		(void)snprintf(text, sizeof text, "a%cb\n1,0%c2\n", delimiters[i], delimiters[i]);
		char *shown = show(text, strlen(text), (uint8_t)delimiters[i], 1, &rc, &err);
		assert_string_equal(shown, "1[a][b] 2[1,0][2] ");
		free(shown);
	}
}

static void test_csv_unknown_delimiter_is_refused(void **state)
{
	static const char unknown[] = "\"\n\rx\0";

	(void)state;
	for (size_t i = 0; i < sizeof unknown; i++) {
		struct sl_csv csv;

		assert_int_equal(sl_csv_init(&csv, (uint8_t)unknown[i], 1, NULL), SL_E_INPUT);
		sl_csv_fini(&csv);
	}
}

/* A row with `fields` fields of `each` bytes. */
static char *long_row(size_t fields, size_t each, size_t *len)
{
	struct sl_buf b = { 0 };
	char *field = malloc(each + 1);

	memset(field, 'x', each);
	for (size_t i = 0; i < fields; i++) {
		sl_buf_text(&b, i > 0 ? "," : "");
		sl_buf_put(&b, field, each);
	}
	sl_buf_text(&b, "\n1\n");
	char *out = malloc(b.len);
	memcpy(out, b.data, b.len);
	*len = b.len;
	free(field);
	sl_buf_free(&b);
	return out;
}

static void fault_of(size_t fields, size_t each, const char *expected)
{
	struct sl_err err = { 0 };
	size_t len;
	char *row = long_row(fields, each, &len);
	enum sl_rc rc;
	char *shown = show(row, len, ',', 0, &rc, &err);

	assert_int_equal(rc, SL_OK);
	if (expected != NULL)
		assert_non_null(strstr(shown, expected));
	else
		assert_memory_equal(shown, "1[", 2);
	free(shown);
	free(row);
}

static void test_csv_limits_of_field_row_and_columns_hold(void **state)
{
	(void)state;
	fault_of(1, SL_SOURCE_FIELD_BYTES, NULL);
	fault_of(1, SL_SOURCE_FIELD_BYTES + 1, "1<a field longer than 1 MiB> 2[1]");
	fault_of(SL_SOURCE_COLUMNS_MAX, 1, NULL);
	fault_of(SL_SOURCE_COLUMNS_MAX + 1, 1, "1<more than 2048 fields> 2[1]");
	fault_of(17, SL_SOURCE_FIELD_BYTES, "1<a row longer than 16 MiB> 2[1]");
}

static void test_csv_source_over_its_bytes_is_refused(void **state)
{
	struct sl_bytes_memory from;
	struct sl_csv csv;
	struct sl_row row;
	struct sl_err err = { 0 };
	bool more = true;
	char *text = calloc(200000, 1);
	enum sl_rc rc = SL_OK;

	(void)state;
	memset(text, '\n', 200000);
	sl_bytes_memory_init(&from, text, 200000);
	assert_int_equal(sl_csv_init(&csv, ',', 1, NULL), SL_OK);
	csv.from = &from.base;
	csv.bytes_max = 100000;
	while (rc == SL_OK && more)
		rc = csv.rows.next(&csv.rows, &row, &more, &err);
	assert_int_equal(rc, SL_E_LIMIT);
	sl_csv_fini(&csv);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_csv_line_ends_and_mark_are_taken),
		cmocka_unit_test(test_csv_quotes_and_line_breaks_are_taken),
		cmocka_unit_test(test_csv_empty_lines_are_no_rows_but_count),
		cmocka_unit_test(test_csv_faulty_row_does_not_spoil_the_next),
		cmocka_unit_test(test_csv_open_quote_names_its_line),
		cmocka_unit_test(test_csv_other_delimiters_are_taken),
		cmocka_unit_test(test_csv_unknown_delimiter_is_refused),
		cmocka_unit_test(test_csv_limits_of_field_row_and_columns_hold),
		cmocka_unit_test(test_csv_source_over_its_bytes_is_refused),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
