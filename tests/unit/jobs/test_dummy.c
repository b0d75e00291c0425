/* test_dummy.c - invented rows: each kind of column, the same bytes for the same words, nothing but the view asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/num.h"
#include "jobs/dummy.h"
#include "tests/unit/vault/failing.h"

#define OPEN .lo = INT64_MIN, .hi = INT64_MAX
#define TEXTS(n) .name = n, .title = n, .measured_in = ""

static struct sl_label sexes[] = { { "female" }, { "male" } };
static struct sl_label wards[] = { { "First, east" }, { "Second" }, { "Second" }, { "Fourth" } };
static struct sl_label districts[] = { { "east" }, { "west" } };
static struct sl_band ages[] = { { INT64_MIN, 17, "young" }, { 18, 64, "adult" }, { 65, INT64_MAX, "old" } };

enum { SEX, WARD, AGE, YEARS, SCORE, DAY, ILL, ANY, NCOLUMNS };
static struct sl_column columns[] = {
	[SEX] = { TEXTS("sex"), .type = SL_TYPE_TEXT, OPEN, .has_domain = 1, .labels = sexes, .nlabels = 2 },
	[WARD] = { TEXTS("ward"), .type = SL_TYPE_TEXT, OPEN, .nullable = 1, .has_domain = 1, .has_other = 1,
	           .labels = wards, .nlabels = 4, .reference = 2 },
	[AGE] = { TEXTS("age"), .type = SL_TYPE_INTEGER, .lo = 10, .hi = INT64_MAX, .bands = ages, .nbands = 3 },
	[YEARS] = { TEXTS("years"), .type = SL_TYPE_INTEGER, .lo = -3, .hi = 3, .nullable = 1 },
	[SCORE] = { TEXTS("score"), .type = SL_TYPE_REAL, .scale = 2, OPEN },
	[DAY] = { TEXTS("day"), .type = SL_TYPE_DATE, .lo = 0, .hi = 9 },
	[ILL] = { TEXTS("ill"), .type = SL_TYPE_BOOLEAN, OPEN },
	[ANY] = { TEXTS("any"), .type = SL_TYPE_INTEGER, .lo = INT64_MIN + 1, .hi = INT64_MAX - 1 },
};
static struct sl_column attributes[] = {
	{ TEXTS("district"), .type = SL_TYPE_TEXT, OPEN, .has_domain = 1, .labels = districts, .nlabels = 2 },
	{ TEXTS("rent"), .type = SL_TYPE_REAL, .scale = 1, .lo = 100, .hi = 200, .nullable = 1 },
};
static struct sl_reference_cell cells[8];
static struct sl_table tables[] = {
	{ .name = "study.persons", .space = "person", .unit_column = "id", .one_row_per_unit = 1, .columns = columns,
	  .ncolumns = NCOLUMNS },
	{ .name = "study.wards", .space = "", .unit_column = "", .columns = attributes, .ncolumns = 2,
	  .cells = cells, .ncells = 8 },
	{ .name = "study.visits", .space = "person", .unit_column = "id", .columns = columns, .ncolumns = NCOLUMNS },
};
static struct sl_view view = { .tables = tables, .ntables = 3 };
static const struct sl_dummy_size size = { .seed = 7, .units = 400, .rows = 900 };

static char *csv_of(uint32_t table, const struct sl_dummy_size *s, enum sl_dummy_texts texts)
{
	struct sl_buf b = { 0 };

	assert_int_equal(sl_dummy_csv(&view, table, s, texts, "id", &b, NULL), SL_OK);
	char *text = strdup(sl_buf_cstr(&b));
	sl_buf_free(&b);
	return text;
}

/* Field i of the line at *at, which has neither quotes nor commas in it. */
static void field(const char *line, unsigned i, char out[static 64])
{
	for (; i > 0; i--)
		line = strchr(line, ',') + 1;
	size_t n = strcspn(line, ",\n");
	memcpy(out, line, n);
	out[n] = '\0';
}

static int64_t number(const char *text)
{
	int64_t v = 0;

	assert_true(sl_parse_int(text, strlen(text), &v));
	return v;
}

static void test_every_value_is_of_its_columns_domain_and_range(void **state)
{
	char *csv = csv_of(0, &size, SL_DUMMY_CODED), text[64];
	unsigned rows = 0, missing[NCOLUMNS] = { 0 }, others = 0, ages_of[3] = { 0 }, seen[4] = { 0 };

	(void)state;
	assert_memory_equal(csv, "id,sex,ward,age,years,score,day,ill,any\nDUMMY-1,", 48);
	for (char *line = strchr(csv, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, rows++) {
		int64_t v;
		for (unsigned c = 0; c < NCOLUMNS; c++) {
			field(line, c + 1, text);
			missing[c] += text[0] == '\0';
		}
		field(line, 1 + SEX, text);
		assert_in_range(number(text), 0, 1);
		field(line, 1 + WARD, text);
		v = text[0] != '\0' ? number(text) : 0;
		assert_in_range(v, 0, 4);
		others += v == 4;
		if (v < 4)
			seen[v]++;
		field(line, 1 + AGE, text);
		v = number(text);
		assert_in_range(v, 10, 1000);
		ages_of[v < 18 ? 0 : v < 65 ? 1 : 2]++;
		field(line, 1 + YEARS, text);
		assert_true(text[0] == '\0' || (number(text) >= -3 && number(text) <= 3));
		field(line, 1 + SCORE, text);
		assert_true(sl_parse_decimal(text, strlen(text), 2, &v) && v >= 0 && v <= 10000);
		field(line, 1 + DAY, text);
		assert_true(sl_parse_date(text, strlen(text), &v) && v >= 0 && v <= 9);
		field(line, 1 + ILL, text);
		assert_true(strcmp(text, "true") == 0 || strcmp(text, "false") == 0);
		field(line, 1 + ANY, text);
		(void)number(text);
	}
	/* What may be missing sometimes is, what may not never; so with values outside a domain; and each band has some. */
	assert_int_equal(rows, size.units);
	assert_true(missing[WARD] > 0 && missing[YEARS] > 0 && others > 0);
	assert_int_equal(missing[SEX] + missing[AGE] + missing[SCORE] + missing[DAY] + missing[ILL] + missing[ANY], 0);
	assert_true(ages_of[0] > 0 && ages_of[1] > 0 && ages_of[2] > 0);
	assert_true(seen[0] > seen[3] && seen[3] > 0);
	free(csv);
}

static void test_people_read_labels_quoted_where_needed(void **state)
{
	char *csv = csv_of(0, &size, SL_DUMMY_LABELS);

	(void)state;
	assert_non_null(strstr(csv, ",female,\"First, east\","));
	assert_non_null(strstr(csv, "," SL_LABEL_OTHER ","));
	free(csv);
}

static void test_the_same_words_give_the_same_bytes_and_other_seeds_others(void **state)
{
	struct sl_dummy_size other = size;
	char *a = csv_of(0, &size, SL_DUMMY_LABELS), *b = csv_of(0, &size, SL_DUMMY_LABELS);

	(void)state;
	other.seed++;
	char *c = csv_of(0, &other, SL_DUMMY_LABELS);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	free(a);
	free(b);
	free(c);
}

/* So that a grant that is widened leaves what was written before as it was. */
static void test_a_column_is_drawn_the_same_whichever_others_are_granted(void **state)
{
	char *all = csv_of(0, &size, SL_DUMMY_CODED), a[64], b[64];

	(void)state;
	tables[0].columns = &columns[AGE];
	tables[0].ncolumns = 1;
	char *one = csv_of(0, &size, SL_DUMMY_CODED);
	tables[0].columns = columns;
	tables[0].ncolumns = NCOLUMNS;
	const char *x = all, *y = one;
	for (uint32_t i = 0; i <= size.units; i++) {
		field(x, 1 + AGE, a);
		field(y, 1, b);
		assert_string_equal(a, b);
		x = strchr(x, '\n') + 1;
		y = strchr(y, '\n') + 1;
	}
	free(all);
	free(one);
}

static void test_one_row_a_unit_or_several_of_the_same_units(void **state)
{
	char *persons = csv_of(0, &size, SL_DUMMY_CODED), *visits = csv_of(2, &size, SL_DUMMY_CODED), unit[64];
	unsigned of_unit[401] = { 0 }, rows = 0, several = 0;
	uint32_t at = 0;

	(void)state;
	for (char *line = strchr(persons, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1) {
		field(line, 0, unit);
		assert_memory_equal(unit, "DUMMY-", 6);
		assert_int_equal(number(unit + 6), ++at);
	}
	for (char *line = strchr(visits, '\n') + 1; *line != '\0'; line = strchr(line, '\n') + 1, rows++) {
		field(line, 0, unit);
		assert_in_range(number(unit + 6), 1, size.units);
		several += ++of_unit[number(unit + 6)] == 2;
	}
	assert_int_equal(at, size.units);
	assert_int_equal(rows, size.rows);
	assert_true(several > 100);
	free(persons);
	free(visits);
}

/* What was imported beside the keys of a reference table does not come through. */
static void test_attributes_of_a_reference_table_are_invented(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 8; i++)
		cells[i] = (struct sl_reference_cell){ .value = i % 2 ? 111 : 1 };
	sl_dummy_attributes(&view, size.seed);
	char *a = csv_of(1, &size, SL_DUMMY_LABELS);
	for (unsigned i = 0; i < 8; i++)
		cells[i] = (struct sl_reference_cell){ .value = i % 2 ? 199 : 0 };
	sl_dummy_attributes(&view, size.seed);
	char *b = csv_of(1, &size, SL_DUMMY_LABELS);
	assert_string_equal(a, b);
	assert_memory_equal(a, "id,district,rent\n\"First, east\",", 31);
	for (unsigned i = 1; i < 8; i += 2)
		assert_true(cells[i].missing || (cells[i].value >= 100 && cells[i].value <= 200));
	free(a);
	free(b);
	columns[WARD].reference = 0;
	struct sl_err err = { 0 };
	struct sl_buf out = { 0 };
	assert_int_equal(sl_dummy_csv(&view, 1, &size, SL_DUMMY_LABELS, "code", &out, &err), SL_E_NO);
	columns[WARD].reference = 2;
	sl_buf_free(&out);
}

static void test_no_rows_and_too_many_are_refused(void **state)
{
	const struct sl_dummy_size bad[] = { { 0 }, { .units = 1 }, { .rows = 1 },
		                             { .units = 1, .rows = SL_DUMMY_ROWS_MAX + 1 },
		                             { .units = SL_DUMMY_UNITS_MAX + 1, .rows = 1 } };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct sl_buf out = { 0 };
		struct sl_err err = { 0 };
		assert_int_equal(sl_dummy_csv(&view, 0, &bad[i], SL_DUMMY_CODED, "id", &out, &err), SL_E_LIMIT);
		assert_int_equal(out.len, 0);
		sl_buf_free(&out);
	}
}

static void test_memory_that_runs_out_is_told(void **state)
{
	enum sl_rc rc;
	unsigned long k = 0;

	(void)state;
	do {
		struct sl_buf out = { 0 };
		failing_at(++k);
		rc = sl_dummy_csv(&view, 0, &size, SL_DUMMY_CODED, "id", &out, NULL);
		bool reached = failing_reached() != 0;
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_buf_free(&out);
	} while (rc != SL_OK);
	assert_true(k > 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_value_is_of_its_columns_domain_and_range),
		cmocka_unit_test(test_people_read_labels_quoted_where_needed),
		cmocka_unit_test(test_the_same_words_give_the_same_bytes_and_other_seeds_others),
		cmocka_unit_test(test_a_column_is_drawn_the_same_whichever_others_are_granted),
		cmocka_unit_test(test_one_row_a_unit_or_several_of_the_same_units),
		cmocka_unit_test(test_attributes_of_a_reference_table_are_invented),
		cmocka_unit_test(test_no_rows_and_too_many_are_refused),
		cmocka_unit_test(test_memory_that_runs_out_is_told),
	};

	return cmocka_run_group_tests_name("dummy tables", tests, NULL, NULL);
}
