/* test_segment.c - what is written is read back; what was touched is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/vault/table.h"

static void round_trip(uint32_t ncolumns, uint32_t rows, uint32_t seed)
{
	struct test_table t = test_table_random(ncolumns, rows, seed);
	struct sl_err err = { 0 };
	uint8_t version[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);

	assert_int_equal(test_table_read(data, len, test_id, test_key, &t, &err), SL_OK);
	free(data);
	test_table_free(&t);
}

static void test_segment_random_tables_come_back(void **state)
{
	(void)state;
	for (uint32_t seed = 0; seed < 40; seed++)
		round_trip(1 + seed % 7, seed * 37 % 400, seed);
}

static void test_segment_empty_and_one_row_come_back(void **state)
{
	(void)state;
	round_trip(1, 0, 1);
	round_trip(3, 0, 2);
	round_trip(3, 1, 3);
	round_trip(SL_SEGMENT_COLUMNS_MAX, 3, 4);
}

static void test_segment_group_bounds_come_back(void **state)
{
	(void)state;
	round_trip(2, SL_CHUNK_ROWS - 1, 5);
	round_trip(2, SL_CHUNK_ROWS, 6);
	round_trip(2, SL_CHUNK_ROWS + 1, 7);
	round_trip(2, 2 * SL_CHUNK_ROWS + 9, 8);
}

static void test_segment_same_table_gives_same_bytes(void **state)
{
	struct test_table t = test_table_random(3, 500, 9);
	uint8_t version[2][32];
	size_t len[2];
	uint8_t *data[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		data[i] = test_table_write(&t, test_id, test_key, &len[i], version[i]);
	assert_int_equal(len[0], len[1]);
	assert_memory_equal(data[0], data[1], len[0]);
	assert_memory_equal(version[0], version[1], 32);
	free(data[0]);
	free(data[1]);
	test_table_free(&t);
}

static void test_segment_each_changed_byte_is_found(void **state)
{
	struct test_table t = test_table_random(3, 20, 10);
	uint8_t version[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);

	(void)state;
	for (size_t i = 0; i < len; i++)
		for (int bit = 0; bit < 8; bit += 3) {
			struct sl_err err = { 0 };

			data[i] ^= (uint8_t)(1 << bit);
			assert_int_equal(test_table_read(data, len, test_id, test_key, NULL, &err), SL_E_INTEGRITY);
			assert_int_equal(err.rc, SL_E_INTEGRITY);
			data[i] ^= (uint8_t)(1 << bit);
		}
	free(data);
	test_table_free(&t);
}

static void test_segment_each_truncation_is_found(void **state)
{
	struct test_table t = test_table_random(3, 20, 11);
	uint8_t version[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);

	(void)state;
	for (size_t n = 0; n < len; n++) {
		struct sl_err err = { 0 };
		uint8_t *cut = malloc(n + 1);

		memcpy(cut, data, n);
		assert_int_equal(test_table_read(cut, n, test_id, test_key, NULL, &err), SL_E_INTEGRITY);
		memcpy(cut, data + len - n, n);
		sl_err_clear(&err);
		assert_int_equal(test_table_read(cut, n, test_id, test_key, NULL, &err), SL_E_INTEGRITY);
		free(cut);
	}
	free(data);
	test_table_free(&t);
}

/* Exchange two chunks, as far as the shorter one goes, and say which column and chunk the reader must name. */
static void exchange(uint32_t rows, uint32_t column_a, uint32_t group_a, uint32_t column_b, uint32_t group_b,
                     const char *named)
{
	struct test_table t = test_table_random(3, rows, 12);
	struct sl_err err = { 0 };
	uint8_t version[32], sub[32], *spare = malloc(SL_CHUNK_BYTES_MAX);
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	struct sl_reader r;

	assert_int_equal(sl_keys_manifest(test_key, sub, &err), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 1, &err), SL_OK);
	struct sl_manifest_chunk *a = &r.manifest.columns[column_a].chunks[group_a];
	struct sl_manifest_chunk *b = &r.manifest.columns[column_b].chunks[group_b];
	size_t n = a->bytes < b->bytes ? a->bytes : b->bytes;
	memcpy(spare, data + a->offset, n);
	memcpy(data + a->offset, data + b->offset, n);
	memcpy(data + b->offset, spare, n);
	sl_reader_close(&r);
	assert_int_equal(test_table_read(data, len, test_id, test_key, NULL, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, named));
	free(spare);
	free(data);
	test_table_free(&t);
}

static void test_segment_exchanged_chunks_are_named(void **state)
{
	(void)state;
	exchange(2 * SL_CHUNK_ROWS, 1, 0, 1, 1, "column 1 (\"c1\") row group 0");
	exchange(30, 1, 0, 2, 0, "column 1 (\"c1\") row group 0");
	exchange(2 * SL_CHUNK_ROWS, 0, 1, 2, 1, "column 0 (\"c0\") row group 1");
}

/* Even with the tags exchanged along, as a forger of manifests would: place and column are in AAD and key. */
static void test_segment_chunk_sealed_for_another_place_does_not_open(void **state)
{
	struct test_table t = test_table_random(2, 2 * SL_CHUNK_ROWS, 13);
	struct sl_chunk chunk;
	struct sl_err err = { 0 };
	uint8_t version[32], sub[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	struct sl_reader r;

	(void)state;
	assert_int_equal(sl_keys_manifest(test_key, sub, &err), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 1, &err), SL_OK);
	assert_int_equal(sl_keys_column(test_key, 1, sub, &err), SL_OK);
	assert_int_equal(sl_reader_column(&r, 1, sub, &err), SL_OK);
	assert_int_equal(sl_chunk_init(&chunk, &r, 1, &err), SL_OK);
	r.manifest.columns[1].chunks[0] = r.manifest.columns[1].chunks[1];
	assert_int_equal(sl_reader_chunk(&r, 0, 1, 0, &chunk, &err), SL_E_INTEGRITY);
	assert_int_equal(chunk.rows, 0);
	sl_chunk_fini(&chunk);
	sl_reader_close(&r);
	free(data);
	test_table_free(&t);
}

static void test_segment_wrong_key_or_id_does_not_open(void **state)
{
	static const uint8_t other_key[32] = { 9 }, other_id[16] = { 9 };
	struct test_table t = test_table_random(2, 10, 14);
	struct sl_err err = { 0 };
	uint8_t version[32], sub[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	struct sl_reader r;

	(void)state;
	assert_int_equal(test_table_read(data, len, test_id, other_key, NULL, &err), SL_E_INTEGRITY);
	sl_err_clear(&err);
	assert_int_equal(test_table_read(data, len, other_id, test_key, NULL, &err), SL_E_INTEGRITY);
	sl_err_clear(&err);
	assert_int_equal(sl_keys_manifest(test_key, sub, &err), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 1, &err), SL_OK);
	assert_int_equal(sl_keys_column(test_key, 0, sub, &err), SL_OK);
	assert_int_equal(sl_reader_column(&r, 1, sub, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "column 1 (\"c1\")"));
	assert_null(sl_reader_zones(&r, 1));
	sl_reader_close(&r);
	free(data);
	test_table_free(&t);
}

static void test_reader_column_not_granted_is_a_bug(void **state)
{
	struct sl_chunk chunk;
	struct test_table t = test_table_random(2, 10, 15);
	struct sl_err err = { 0 };
	uint8_t version[32], sub[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	struct sl_reader r;

	(void)state;
	assert_int_equal(sl_keys_manifest(test_key, sub, &err), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 1, &err), SL_OK);
	assert_int_equal(sl_chunk_init(&chunk, &r, 1, &err), SL_OK);
	assert_null(sl_reader_zones(&r, 1));
	assert_int_equal(sl_reader_chunk(&r, 0, 1, 0, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_verify_column(&r, 0, 1, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_chunk(&r, 0, 5, 0, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_column(&r, 5, sub, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_keys_column(test_key, 1, sub, &err), SL_OK);
	assert_int_equal(sl_reader_column(&r, 1, sub, &err), SL_OK);
	assert_int_equal(sl_reader_column(&r, 1, sub, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_chunk(&r, 1, 1, 0, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_chunk(&r, 0, 1, 1, &chunk, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_chunk(&r, 0, 1, 0, &chunk, &err), SL_OK);
	sl_chunk_fini(&chunk);
	sl_reader_close(&r);
	free(data);
	test_table_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_segment_random_tables_come_back),
		cmocka_unit_test(test_segment_empty_and_one_row_come_back),
		cmocka_unit_test(test_segment_group_bounds_come_back),
		cmocka_unit_test(test_segment_same_table_gives_same_bytes),
		cmocka_unit_test(test_segment_each_changed_byte_is_found),
		cmocka_unit_test(test_segment_each_truncation_is_found),
		cmocka_unit_test(test_segment_exchanged_chunks_are_named),
		cmocka_unit_test(test_segment_chunk_sealed_for_another_place_does_not_open),
		cmocka_unit_test(test_segment_wrong_key_or_id_does_not_open),
		cmocka_unit_test(test_reader_column_not_granted_is_a_bug),
	};

	return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
