/* test_places.c - lines and columns of a long file: the same in whatever order they are asked for, and soon told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enclave/base/buf.h"
#include "policy/json/json.h"

#define TABLES 12
#define FIELDS 9

/* Where field k of table i, its name and its second cut point begin, one on a line each. */
static void write_package(struct sl_buf *out, uint32_t tables, uint32_t fields)
{
	sl_buf_text(out, "{ \"tables\": [\n");
	for (uint32_t i = 0; i < tables; i++) {
		sl_buf_printf(out, " {\"é\\u006d\": \"]}\\\"\", \"fields\": [\n");
		for (uint32_t k = 0; k < fields; k++)
			sl_buf_printf(out, "  {\"name\": \"表%u\",\n   \"bands\": [1, 2]}%s\n", k, k + 1 < fields ? "," : "");
		sl_buf_printf(out, " ]}%s\n", i + 1 < tables ? "," : "");
	}
	sl_buf_text(out, "] }\n");
}

static void ask(const struct sl_json_doc *doc, uint32_t i, uint32_t k, uint32_t fields)
{
	struct sl_json_at root = sl_json_root(doc), list, fs, name, bands;
	uint32_t line, col, first = 2 + i * (2 * fields + 2);

	assert_true(sl_json_opt(&root, "tables", &list));
	struct sl_json_at table = sl_json_item(&list, i);
	sl_json_where(&table, false, &line, &col);
	assert_int_equal(line, first);
	assert_int_equal(col, 2);
	assert_true(sl_json_opt(&table, "fields", &fs));
	struct sl_json_at field = sl_json_item(&fs, k);
	assert_true(sl_json_opt(&field, "bands", &bands));
	struct sl_json_at cut = sl_json_item(&bands, 1);
	sl_json_where(&cut, false, &line, &col);
	assert_int_equal(line, first + 2 + 2 * k);
	assert_int_equal(col, 17);
	assert_true(sl_json_opt(&field, "name", &name));
	sl_json_where(&name, true, &line, &col);
	assert_int_equal(line, first + 1 + 2 * k);
	assert_int_equal(col, 4);
	sl_json_where(&field, false, &line, &col);
	assert_int_equal(col, 3);
}

static void test_places_asked_in_any_order_are_those_of_the_file(void **state)
{
	struct sl_buf text = { .max = 1 << 20 };
	struct sl_json_doc doc;
	struct sl_err err = { 0 };
	uint32_t seed = 7;

	(void)state;
	write_package(&text, TABLES, FIELDS);
	assert_int_equal(sl_json_open("f", text.data, text.len, text.len, &doc, &err), SL_OK);
	for (uint32_t i = 0; i < TABLES; i++)
		for (uint32_t k = 0; k < FIELDS; k++)
			ask(&doc, i, k, FIELDS);
	for (uint32_t n = 0; n < 2000; n++) {
		seed = seed * 1664525u + 1013904223u;
		ask(&doc, (seed >> 8) % TABLES, (seed >> 20) % FIELDS, FIELDS);
	}
	sl_json_close(&doc);
	sl_buf_free(&text);
}

/* From the start of the file each, these places are some 10^11 bytes to read. */
static void test_places_of_a_long_file_take_its_length_once(void **state)
{
	struct sl_buf text = { .max = 16 << 20 };
	struct sl_json_doc doc;
	struct sl_err err = { 0 };
	clock_t start;

	(void)state;
	write_package(&text, 200, 500);
	assert_int_equal(sl_json_open("f", text.data, text.len, text.len, &doc, &err), SL_OK);
	start = clock();
	for (uint32_t i = 0; i < 200; i++)
		for (uint32_t k = 0; k < 500; k++)
			ask(&doc, i, k, 500);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 20);
	sl_json_close(&doc);
	sl_buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places_asked_in_any_order_are_those_of_the_file),
		cmocka_unit_test(test_places_of_a_long_file_take_its_length_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
