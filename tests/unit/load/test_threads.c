/* test_threads.c - segment, registry and report do not depend on how many threads there are; progress is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

static struct harness h;

static void table(void)
{
	static const char *const sexes[] = { "f", "m", NULL };

	harness_init(&h, "id");
	harness_column(&h, "n", SL_TYPE_INTEGER);
	harness_column(&h, "amount", SL_TYPE_REAL)->scale = 2;
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
	harness_column(&h, "day", SL_TYPE_DATE);
	harness_column(&h, "open", SL_TYPE_BOOLEAN);
	/* Little memory makes short stretches, so that there are many. */
	h.memory_bytes = 20 << 20;
}

/* Quoted fields with line ends, quotes and delimiters; short and long unit texts; every `bad_each`th row is bad. */
static void make_text(struct sl_buf *text, uint32_t rows, uint32_t bad_each)
{
	uint32_t seed = 7;

	sl_buf_text(text, "note,id,n,amount,sex,day,open\r\n");
	for (uint32_t i = 0; i < rows; i++) {
		uint32_t unit = (seed = seed * 1664525u + 1013904223u) >> 8;

		sl_buf_text(text, unit % 5 == 0 ? "\"a \"\"b\"\",\nc\r\n\"," : unit % 5 == 1 ? "\"\"," : "plain,");
		sl_buf_printf(text, unit % 3 == 0 ? "a-person-with-a-long-name-%u," : "%u,", unit % 9000);
		sl_buf_printf(text, bad_each > 0 && i % bad_each == bad_each - 1 ? "x%u," : "%u,", i);
		sl_buf_printf(text, "-%u.%u,%s,2024-0%u-1%u,%s\n", unit % 1000, i % 10, i % 2 ? "f" : "m", 1 + i % 9, i % 10,
		              i % 2 ? "true" : "");
	}
	assert_false(text->failed);
}

static uint8_t *registry_bytes(size_t *len)
{
	uint8_t *bytes;

	*len = (size_t)h.report.new_units * SL_REGISTRY_HASH_BYTES;
	bytes = malloc(*len + 1);
	assert_int_equal(pread(h.registry, bytes, *len + 1, 0), *len);
	return bytes;
}

static void test_import_is_the_same_for_any_number_of_threads(void **state)
{
	uint8_t *segment = NULL, *registry = NULL, *again;
	size_t segment_len = 0, registry_len = 0, len;
	struct sl_buf text = { 0 };

	(void)state;
	make_text(&text, 100000, 0);
	for (uint32_t threads = 1; threads <= 3; threads++) {
		table();
		h.setup.threads = threads;
		assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_int_equal(h.report.complete, 1);
		assert_int_equal(h.report.rows, 100000);
		assert_int_equal(h.report.nskipped, 1);
		again = registry_bytes(&len);
		if (threads == 1) {
			segment_len = (size_t)h.report.segment_bytes;
			segment = malloc(segment_len);
			memcpy(segment, h.bytes, segment_len);
			registry = again;
			registry_len = len;
		} else {
			assert_int_equal(h.report.segment_bytes, segment_len);
			assert_memory_equal(h.bytes, segment, segment_len);
			assert_int_equal(len, registry_len);
			assert_memory_equal(again, registry, len);
			free(again);
		}
		harness_fini(&h);
	}
	free(segment);
	free(registry);
	sl_buf_free(&text);
}

static void test_bad_rows_are_the_same_for_any_number_of_threads(void **state)
{
	struct sl_load_report first = { 0 };
	struct sl_buf text = { 0 };

	(void)state;
	make_text(&text, 60000, 997);
	for (uint32_t threads = 1; threads <= 3; threads++) {
		table();
		h.setup.threads = threads;
		h.setup.one_row_per_unit = 1;
		h.setup.bad_rows_max = 100;
		assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
		assert_int_equal(h.report.complete, 0);
		assert_int_equal(h.report.nbad_rows, 100);
		if (threads == 1)
			assert_int_equal(sl_codec_copy(&sl_load_report_record, &h.report, &first, NULL), SL_OK);
		assert_int_equal(h.report.bad_rows_total, first.bad_rows_total);
		for (uint32_t i = 0; i < 100; i++) {
			assert_int_equal(h.report.bad_rows[i].line, first.bad_rows[i].line);
			assert_string_equal(h.report.bad_rows[i].column, first.bad_rows[i].column);
			assert_string_equal(h.report.bad_rows[i].reason, first.bad_rows[i].reason);
			assert_true(i == 0 || h.report.bad_rows[i].line > h.report.bad_rows[i - 1].line);
		}
		harness_fini(&h);
	}
	sl_codec_free(&sl_load_report_record, &first);
	sl_buf_free(&text);
}

static struct sl_load_progress last;
static uint32_t times;

static void on_progress(void *self, const uint8_t *body, size_t len)
{
	struct sl_load_progress p;

	(void)self;
	assert_int_equal(sl_codec_decode(&sl_load_progress_record, body, len, &p, NULL), SL_OK);
	assert_true(p.phase > last.phase || p.done > last.done);
	assert_true(p.done <= p.total);
	last = p;
	times++;
}

static void test_import_tells_its_progress(void **state)
{
	struct sl_buf text = { 0 };

	(void)state;
	harness_init(&h, "id");
	h.setup.rows_max = 10000000;
	h.progress = on_progress;
	sl_buf_text(&text, "id,note,rest\n");
	for (uint32_t i = 0; i < 1100000; i++)
		sl_buf_text(&text, "1,a note of no matter, to be long\n");
	assert_int_equal(harness_confined(&h, text.data, text.len, NULL, 0), SL_OK);
	assert_true(times >= 2);
	assert_int_equal(last.phase, SL_LOAD_WRITING);
	assert_int_equal(last.total, 1100000);
	sl_buf_free(&text);
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_import_is_the_same_for_any_number_of_threads),
		cmocka_unit_test(test_bad_rows_are_the_same_for_any_number_of_threads),
		cmocka_unit_test(test_import_tells_its_progress),
	};

	return cmocka_run_group_tests_name("load by threads", tests, NULL, NULL);
}
