/* test_typing.c - one value at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

#define MISSING INT64_MIN

static struct harness h;
static struct sl_load_column *column;
static struct sl_typer typer;

static void with(enum sl_type type)
{
	harness_init(&h, NULL);
	column = harness_column(&h, "c", type);
}

static void ready(void)
{
	assert_int_equal(sl_typer_init(&typer, column, &h.err), SL_OK);
}

static void done(void)
{
	sl_typer_fini(&typer);
	harness_fini(&h);
}

static void cell_is(const struct sl_cell *cell, int64_t expected)
{
	int64_t value;
	bool missing;
	const char *reason = sl_typer_value(&typer, cell, &value, &missing);

	if (reason != NULL)
		fail_msg("\"%.*s\": %s", (int)cell->len, cell->text, reason);
	assert_int_equal(missing ? MISSING : value, expected);
}

static void is(const char *text, int64_t expected)
{
	struct sl_cell cell = { .kind = SL_CELL_TEXT, .text = text, .len = strlen(text) };

	cell_is(&cell, expected);
}

static void cell_is_bad(const struct sl_cell *cell, const char *reason_part)
{
	int64_t value;
	bool missing;
	const char *reason = sl_typer_value(&typer, cell, &value, &missing);

	if (reason == NULL || strstr(reason, reason_part) == NULL)
		fail_msg("\"%.*s\": %s", (int)cell->len, cell->text, reason != NULL ? reason : "taken");
}

static void is_bad(const char *text, const char *reason_part)
{
	struct sl_cell cell = { .kind = SL_CELL_TEXT, .text = text, .len = strlen(text) };

	cell_is_bad(&cell, reason_part);
}

static void test_integer_texts_are_typed(void **state)
{
	static const char *const missing[] = { "NA", "-9", NULL };

	(void)state;
	with(SL_TYPE_INTEGER);
	harness_missing(column, missing);
	column->lo = -10;
	column->hi = 120;
	ready();
	is("0", 0);
	is("+7", 7);
	is("-8", -8);
	is(" 42 ", 42);
	is("", MISSING);
	is("   ", MISSING);
	is("NA", MISSING);
	is("-9", MISSING);
	is_bad(" NA", "whole number");
	is_bad("1.0", "whole number");
	is_bad("1e3", "whole number");
	is_bad("0x10", "whole number");
	is_bad("99999999999999999999", "whole number");
	is_bad("121", "above the declared maximum");
	is_bad("-11", "below the declared minimum");
	is("120", 120);
	is("-10", -10);
	is_bad("\xFF", "not UTF-8");
	done();
}

static void test_real_texts_are_rounded_to_the_grid(void **state)
{
	(void)state;
	with(SL_TYPE_REAL);
	column->scale = 2;
	column->lo = 0;
	column->hi = 100000;
	ready();
	is("2.675", 268);
	is("2.674999", 267);
	is("0.005", 1);
	is("1e2", 10000);
	is("7", 700);
	is(".5", 50);
	is_bad("1,5", "decimal");
	is_bad("nan", "decimal");
	is_bad("inf", "decimal");
	is_bad("-0.01", "below");
	is("-0.004", 0);
	is_bad("1000.01", "above");
	done();
}

static void test_boolean_texts_are_typed(void **state)
{
	static const char *const words[] = { "不是", "是", NULL };

	(void)state;
	with(SL_TYPE_BOOLEAN);
	ready();
	is("0", 0);
	is("1", 1);
	is("false", 0);
	is("TRUE", 1);
	is_bad("yes", "boolean");
	is_bad("tRUE", "boolean");
	done();
	with(SL_TYPE_BOOLEAN);
	harness_labels(column, words);
	ready();
	is("不是", 0);
	is("是", 1);
	is_bad("1", "two texts");
	done();
}

static void test_date_texts_are_typed(void **state)
{
	(void)state;
	with(SL_TYPE_DATE);
	ready();
	is("1970-01-02", 1);
	is("2024-02-29", 19782);
	is_bad("2023-02-29", "no such day");
	is_bad("2024-2-9", "declared pattern");
	is_bad("2024-02-29T00:00:00", "declared pattern");
	done();
	with(SL_TYPE_DATE);
	free(column->date_format);
	column->date_format = strdup("%d/%m/%Y");
	ready();
	is("29/02/2024", 19782);
	is("9/2/2024", 19762);
	is_bad("2024-02-29", "declared pattern");
	is_bad("29/02/24", "declared pattern");
	is_bad("29/02/2024x", "declared pattern");
	is_bad("32/01/2024", "no such day");
	done();
	with(SL_TYPE_DATE);
	free(column->date_format);
	column->date_format = strdup("%Y%m%d");
	ready();
	is("20240229", 19782);
	cell_is(&(struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = 20240229 }, 19782);
	done();
}

static void test_domain_texts_are_compared_byte_by_byte(void **state)
{
	static const char *const labels[] = { "f", "m", "non-binary", NULL };

	(void)state;
	with(SL_TYPE_TEXT);
	harness_labels(column, labels);
	ready();
	is("f", 0);
	is("non-binary", 2);
	is("", MISSING);
	is_bad("F", "not in the declared domain");
	is_bad("f ", "not in the declared domain");
	is_bad("  ", "not in the declared domain");
	done();
	with(SL_TYPE_TEXT);
	harness_labels(column, labels);
	column->has_other = 1;
	ready();
	is("m", 1);
	is("x", 3);
	is("  ", 3);
	is_bad("\xC3\x28", "not UTF-8");
	done();
}

/* 20,000 labels, each found at its place. */
static void test_domain_of_many_labels_is_found(void **state)
{
	(void)state;
	with(SL_TYPE_TEXT);
	column->labels = calloc(SL_LABELS_MAX, sizeof *column->labels);
	column->nlabels = SL_LABELS_MAX;
	for (uint32_t i = 0; i < SL_LABELS_MAX; i++) {
		char text[32];

		(void)snprintf(text, sizeof text, "label %u", i);
		column->labels[i].text = strdup(text);
	}
	ready();
	for (uint32_t i = 0; i < SL_LABELS_MAX; i += 7)
		is(column->labels[i].text, i);
	done();
}

static void test_required_column_refuses_missing(void **state)
{
	(void)state;
	with(SL_TYPE_INTEGER);
	column->nullable = 0;
	ready();
	is_bad("", "required");
	cell_is_bad(&(struct sl_cell){ .kind = SL_CELL_NULL, .text = "" }, "required");
	done();
}

static void test_cells_of_a_database_are_typed(void **state)
{
	(void)state;
	with(SL_TYPE_INTEGER);
	ready();
	cell_is(&(struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = -INT64_MAX }, -INT64_MAX);
	cell_is(&(struct sl_cell){ .kind = SL_CELL_NULL }, MISSING);
	cell_is_bad(&(struct sl_cell){ .kind = SL_CELL_UNFIT, .text = "a blob" }, "blob");
	done();
	with(SL_TYPE_REAL);
	column->scale = 3;
	ready();
	cell_is(&(struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = 12 }, 12000);
	cell_is_bad(&(struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = INT64_MAX }, "too large");
	done();
}

static void unit_is(const char *text, const char *expected)
{
	struct sl_cell cell = { .kind = SL_CELL_TEXT, .text = text, .len = strlen(text) };
	char room[SL_DECIMAL_TEXT];
	const char *unit = NULL;
	size_t len = 0;
	const char *reason = sl_typer_unit(&typer, &cell, room, &unit, &len);

	if (expected == NULL) {
		assert_non_null(reason);
		return;
	}
	assert_null(reason);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(unit, expected, len);
}

static void test_unit_is_trimmed_of_spaces_and_nothing_else(void **state)
{
	static const char *const missing[] = { "NA", NULL };
	char room[SL_DECIMAL_TEXT];
	const char *unit;
	size_t len;

	(void)state;
	with(SL_TYPE_TEXT);
	column->has_other = 1;
	harness_missing(column, missing);
	ready();
	unit_is("a", "a");
	unit_is("  a b ", "a b");
	unit_is("\ta", "\ta");
	unit_is("A", "A");
	unit_is("007", "007");
	unit_is("", NULL);
	unit_is("   ", NULL);
	unit_is("NA", NULL);
	unit_is("\xFE", NULL);
	assert_null(sl_typer_unit(&typer, &(struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = -7 }, room, &unit, &len));
	assert_memory_equal(unit, "-7", 2);
	assert_non_null(sl_typer_unit(&typer, &(struct sl_cell){ .kind = SL_CELL_NULL }, room, &unit, &len));
	done();
}

static void test_unit_of_integer_type_has_one_text(void **state)
{
	(void)state;
	with(SL_TYPE_INTEGER);
	ready();
	unit_is("7", "7");
	unit_is("007", "7");
	unit_is(" +7 ", "7");
	unit_is("-0", "0");
	unit_is("7.0", NULL);
	unit_is("x", NULL);
	unit_is("99999999999999999999", NULL);
	done();
}

static void refuses(const char *part)
{
	assert_int_equal(sl_typer_init(&typer, column, &h.err), SL_E_INPUT);
	assert_non_null(strstr(h.err.text, part));
	done();
}

static void test_column_that_contradicts_itself_is_refused(void **state)
{
	static const char *const twice[] = { "a", "b", "a", NULL }, *const three[] = { "a", "b", "c", NULL };
	static const char *const patterns[] = { "%Y", "%d/%m/%y", "%Y-%m-%d %H", "%Y-%m-%d-%d", "%Y-%m-%", "x" };

	(void)state;
	with(SL_TYPE_TEXT);
	harness_labels(column, twice);
	refuses("occurs before");
	with(SL_TYPE_INTEGER);
	harness_missing(column, twice);
	refuses("occurs before");
	with(SL_TYPE_BOOLEAN);
	harness_labels(column, three);
	refuses("two texts or none");
	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		with(SL_TYPE_DATE);
		free(column->date_format);
		column->date_format = strdup(patterns[i]);
		refuses("date pattern");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integer_texts_are_typed),
		cmocka_unit_test(test_real_texts_are_rounded_to_the_grid),
		cmocka_unit_test(test_boolean_texts_are_typed),
		cmocka_unit_test(test_date_texts_are_typed),
		cmocka_unit_test(test_domain_texts_are_compared_byte_by_byte),
		cmocka_unit_test(test_domain_of_many_labels_is_found),
		cmocka_unit_test(test_required_column_refuses_missing),
		cmocka_unit_test(test_cells_of_a_database_are_typed),
		cmocka_unit_test(test_unit_is_trimmed_of_spaces_and_nothing_else),
		cmocka_unit_test(test_unit_of_integer_type_has_one_text),
		cmocka_unit_test(test_column_that_contradicts_itself_is_refused),
	};

	return cmocka_run_group_tests_name("typing", tests, NULL, NULL);
}
