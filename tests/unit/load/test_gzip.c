/* test_gzip.c - members, padding, cuts and damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "enclave/load/gzip.h"
#include "tests/unit/load/harness.h"

static void pack(struct sl_buf *out, const char *text)
{
	z_stream z = { 0 };
	uint8_t packed[4096];

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)text;
	z.avail_in = (uInt)strlen(text);
	z.next_out = packed;
	z.avail_out = sizeof packed;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	sl_buf_put(out, packed, z.total_out);
	(void)deflateEnd(&z);
}

static enum sl_rc read_all(struct sl_bytes *b, struct sl_buf *out, struct sl_err *err)
{
	uint8_t step[1000];
	size_t n = 0;

	do {
		enum sl_rc rc = b->read(b, step, sizeof step, &n, err);
		if (rc != SL_OK)
			return rc;
		sl_buf_put(out, step, n);
	} while (n > 0);
	return sl_buf_ok(out, "text", err);
}

/* Unzip; SL_OK and the text, or the failure. */
static enum sl_rc unpack(const uint8_t *data, size_t len, size_t step, struct sl_buf *out, struct sl_err *err)
{
	struct sl_bytes_memory from;
	struct sl_gzip *g = calloc(1, sizeof *g);
	enum sl_rc rc = sl_gzip_init(g, err);

	sl_bytes_memory_init(&from, data, len);
	from.step = step;
	g->from = &from.base;
	sl_buf_reset(out);
	if (rc == SL_OK)
		rc = read_all(&g->base, out, err);
	sl_gzip_fini(g);
	free(g);
	return rc;
}

static void test_gzip_members_and_padding_are_taken(void **state)
{
	static const uint8_t zeros[600] = { 0 };
	struct sl_buf packed = { 0 }, text = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	pack(&packed, "id,a\n");
	pack(&packed, "");
	pack(&packed, "1,2\n");
	for (size_t step = 0; step < 3; step++) {
		assert_int_equal(unpack(packed.data, packed.len, step, &text, &err), SL_OK);
		assert_string_equal(sl_buf_cstr(&text), "id,a\n1,2\n");
	}
	sl_buf_put(&packed, zeros, sizeof zeros);
	assert_int_equal(unpack(packed.data, packed.len, 7, &text, &err), SL_OK);
	assert_string_equal(sl_buf_cstr(&text), "id,a\n1,2\n");
	sl_buf_text(&packed, "x");
	assert_int_equal(unpack(packed.data, packed.len, 0, &text, &err), SL_E_INPUT);
	sl_buf_free(&packed);
	sl_buf_free(&text);
}

static void test_gzip_each_cut_is_found(void **state)
{
	struct sl_buf packed = { 0 }, text = { 0 };

	(void)state;
	pack(&packed, "id,a\n1,2\n1,2\n1,2\n1,2\n1,2\n3,4\n");
	for (size_t n = 0; n < packed.len; n++) {
		struct sl_err err = { 0 };

		assert_int_equal(unpack(packed.data, n, n % 3, &text, &err), SL_E_INPUT);
		assert_true(strstr(err.text, n == 0 ? "empty" : "too early") != NULL);
	}
	sl_buf_free(&packed);
	sl_buf_free(&text);
}

static void test_gzip_damage_is_found(void **state)
{
	struct sl_buf packed = { 0 }, text = { 0 };

	(void)state;
	pack(&packed, "id,a\n1,2\n3,4\n");
	for (size_t i = 10; i < packed.len; i++) {
		struct sl_err err = { 0 };

		packed.data[i] ^= 0x10;
		/* The bits between the last block and the next byte mean nothing. */
		if (unpack(packed.data, packed.len, 0, &text, &err) != SL_E_INPUT)
			assert_string_equal(sl_buf_cstr(&text), "id,a\n1,2\n3,4\n");
		packed.data[i] ^= 0x10;
	}
	struct sl_err err = { 0 };
	assert_int_equal(unpack((const uint8_t *)"id,a\n1,2\n", 9, 0, &text, &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "not gzip"));
	sl_buf_free(&packed);
	sl_buf_free(&text);
}

/* 64 MiB of line feeds in 64 KB: no row at all, so only the bound on bytes ends it. */
static void bomb_is_refused(char filler, const char *reason)
{
	enum { STEP = 1 << 20, STEPS = 70 };
	struct harness h;
	struct sl_buf packed = { 0 };
	z_stream z = { 0 };
	uint8_t *lines = malloc(STEP), *out = malloc(STEP);

	memset(lines, filler, STEP);
	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	for (int i = 0; i < STEPS; i++) {
		z.next_in = lines;
		z.avail_in = STEP;
		z.next_out = out;
		z.avail_out = STEP;
		assert_true(deflate(&z, i == STEPS - 1 ? Z_FINISH : Z_NO_FLUSH) >= 0);
		sl_buf_put(&packed, out, STEP - z.avail_out);
	}
	(void)deflateEnd(&z);
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_CSV_GZIP;
	h.setup.rows_max = 10;
	assert_int_equal(harness_run(&h, packed.data, packed.len, NULL, 0), SL_E_LIMIT);
	assert_non_null(strstr(h.err.text, reason));
	harness_fini(&h);
	free(lines);
	free(out);
	sl_buf_free(&packed);
}

static void test_gzip_bomb_is_refused(void **state)
{
	(void)state;
	bomb_is_refused('x', "longer than");
	bomb_is_refused('\n', "empty lines");
}

static void test_gzip_cut_in_an_import_is_a_bad_row(void **state)
{
	struct harness h;
	struct sl_buf packed = { 0 };

	(void)state;
	pack(&packed, "id\n1\n2\n");
	harness_init(&h, "id");
	h.setup.format = SL_LOAD_CSV_GZIP;
	assert_int_equal(harness_run(&h, packed.data, packed.len - 3, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 0);
	assert_non_null(strstr(h.report.bad_rows[0].reason, "too early"));
	assert_int_equal(harness_run(&h, packed.data, packed.len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 2);
	harness_fini(&h);
	sl_buf_free(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gzip_members_and_padding_are_taken),
		cmocka_unit_test(test_gzip_each_cut_is_found),
		cmocka_unit_test(test_gzip_damage_is_found),
		cmocka_unit_test(test_gzip_bomb_is_refused),
		cmocka_unit_test(test_gzip_cut_in_an_import_is_a_bad_row),
	};

	return cmocka_run_group_tests_name("gzip", tests, NULL, NULL);
}
