/* test_arena.c - a document lives in a few chunks, whatever it holds, and is whole or not there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "enclave/base/buf.h"
#include "policy/json/json.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"

#define MEMBERS 5000
#define LONG_BYTES (3u << 20)

/* Many small values, and behind them one that is longer than a chunk. */
static void write_document(struct sl_buf *out)
{
	sl_buf_text(out, "{");
	for (unsigned i = 0; i < MEMBERS; i++)
		sl_buf_printf(out, "\"column_%u\": [\"group\", %u],", i, i);
	sl_buf_text(out, "\"long\": \"");
	for (size_t i = 0; i < LONG_BYTES; i++)
		sl_buf_u8(out, 'x');
	sl_buf_text(out, "\"}");
	assert_false(out->failed);
}

static void assert_whole(const struct sl_json_doc *doc)
{
	struct sl_json_at root = sl_json_root(doc), m;
	char name[32];

	for (unsigned i = 0; i < MEMBERS; i++) {
		(void)snprintf(name, sizeof name, "column_%u", i);
		assert_true(sl_json_opt(&root, name, &m));
		assert_string_equal(json_string_value(json_array_get(m.value, 0)), "group");
		assert_int_equal(json_integer_value(json_array_get(m.value, 1)), i);
	}
	assert_true(sl_json_opt(&root, "long", &m));
	assert_int_equal(json_string_length(m.value), LONG_BYTES);
}

static void test_arena_of_many_values_takes_few_allocations(void **state)
{
	struct sl_buf text = {0};
	struct sl_json_doc doc;
	struct sl_err err = {0};

	(void)state;
	write_document(&text);
	faults_at(0);
	assert_int_equal(sl_json_open("f", text.data, text.len, text.len, &doc, &err), SL_OK);
	assert_true(failing_count() < 40);
	assert_whole(&doc);
	sl_json_close(&doc);
	sl_buf_free(&text);
}

static void test_arena_each_chunk_that_fails_leaves_no_document(void **state)
{
	struct sl_buf text = {0};
	bool reached = true;
	unsigned long n;

	(void)state;
	write_document(&text);
	for (n = 1; reached && n < 1000; n++) {
		struct sl_json_doc doc;
		struct sl_err err = {0};
		faults_at(n);
		enum sl_rc rc = sl_json_open("f", text.data, text.len, text.len, &doc, &err);
		reached = failing_reached();
		faults_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		if (!reached)
			assert_whole(&doc);
		sl_json_close(&doc);
	}
	assert_false(reached);
	assert_true(n > 10);
	sl_buf_free(&text);
}

/* Values that others make while a document is open are theirs. */
static void test_arena_is_not_where_other_values_live(void **state)
{
	static const char text[] = "{\"a\": [1, 2, 3]}";
	struct sl_json_doc doc;
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(sl_json_open("f", text, strlen(text), sizeof text, &doc, &err), SL_OK);
	json_t *other = json_pack("{s:s}", "of", "another");
	sl_json_close(&doc);
	assert_string_equal(json_string_value(json_object_get(other, "of")), "another");
	json_decref(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_of_many_values_takes_few_allocations),
		cmocka_unit_test(test_arena_each_chunk_that_fails_leaves_no_document),
		cmocka_unit_test(test_arena_is_not_where_other_values_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
