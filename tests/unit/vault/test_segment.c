/* test_segment.c - what is written is read back; what was touched is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/vault/cipher.h"
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
	assert_int_equal(sl_reader_verify(&r, 0, 1, 1, &chunk, NULL), SL_E_BUG);
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

/* Rows enough for every encoding; short, so that each byte can be tried. */
#define SHAPE_ROWS 110

struct opened {
	struct test_table t;
	uint8_t *data;
	size_t len;
	struct sl_reader r;
};

static void open_shapes(struct opened *o, const uint8_t *id, const uint8_t *key)
{
	uint8_t version[32], sub[32];

	o->t = test_table_shapes(SHAPE_ROWS);
	o->data = test_table_write(&o->t, id, key, &o->len, version);
	assert_int_equal(sl_keys_manifest(key, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_open(&o->r, o->data, o->len, id, sub, 1, NULL), SL_OK);
}

static void grant(struct opened *o, uint32_t column, struct sl_chunk *chunk)
{
	uint8_t sub[32];

	assert_int_equal(sl_keys_column(test_key, column, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_column(&o->r, column, sub, NULL), SL_OK);
	assert_int_equal(sl_chunk_init(chunk, &o->r, column, NULL), SL_OK);
}

static void close_shapes(struct opened *o)
{
	sl_reader_close(&o->r);
	free(o->data);
	test_table_free(&o->t);
}

/* The whole file is refused, and the message has the words. */
static void refused(const uint8_t *data, size_t len, const char *words)
{
	struct sl_err err = { 0 };

	assert_int_equal(test_table_read(data, len, test_id, test_key, NULL, &err), SL_E_INTEGRITY);
	if (strstr(err.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

/* A bit in each of up to 64 places, the first among them. */
static void region_is_refused(struct opened *o, uint64_t from, uint64_t bytes, const char *words)
{
	for (uint64_t i = from; i < from + bytes; i += 1 + bytes / 64) {
		o->data[i] ^= (uint8_t)(1 << i % 8);
		refused(o->data, o->len, words);
		o->data[i] ^= (uint8_t)(1 << i % 8);
	}
}

static void test_segment_a_flipped_bit_is_named_by_region(void **state)
{
	struct opened o;
	char words[64];
	uint64_t end = 0;

	(void)state;
	open_shapes(&o, test_id, test_key);
	region_is_refused(&o, 0, 8, "not a segment file");
	region_is_refused(&o, 8, 4, "segment format");
	region_is_refused(&o, 16, 16, "another segment lies where this one should");
	for (uint32_t c = 0; c < TEST_SHAPES; c++) {
		const struct sl_manifest_column *m = &o.r.manifest.columns[c];

		(void)snprintf(words, sizeof words, "column %u (\"c%u\") row group 0 is not what was sealed", c, c);
		region_is_refused(&o, m->chunks[0].offset, m->chunks[0].bytes, words);
		(void)snprintf(words, sizeof words, "column %u (\"c%u\"): its zones are not what was sealed", c, c);
		region_is_refused(&o, m->zones_offset, m->zones_bytes, words);
		end = m->zones_offset + m->zones_bytes;
	}
	region_is_refused(&o, end, o.len - SL_SEGMENT_TRAILER_BYTES - end, "the segment's manifest is not what was sealed");
	region_is_refused(&o, o.len - SL_SEGMENT_TRAILER_BYTES, 16, "the manifest does not lie where it says");
	region_is_refused(&o, o.len - 24, 16, "the segment's manifest is not what was sealed");
	region_is_refused(&o, o.len - 8, 8, "segment is cut short");
	close_shapes(&o);
}

static void test_segment_of_format_0_asks_for_a_new_import(void **state)
{
	struct opened o;

	(void)state;
	open_shapes(&o, test_id, test_key);
	o.data[8] = 0;
	refused(o.data, o.len, "segment format 0 is no longer read: import the table again");
	o.data[8] = 2;
	refused(o.data, o.len, "segment format 2 is not known here");
	close_shapes(&o);
}

static void swap(uint8_t *a, uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t was = a[i];

		a[i] = b[i];
		b[i] = was;
	}
}

/* Chunks of equal length and zones, all of two columns. */
static void test_segment_exchanged_columns_are_named(void **state)
{
	struct test_table t = test_table_random(4, 40, 3);
	struct sl_reader r;
	uint8_t version[32], sub[32];
	size_t len = 0;

	(void)state;
	for (uint32_t i = 0; i < 40; i++) {
		t.values[2][i] = (int64_t)i * 3 % 16;
		t.values[3][i] = (int64_t)i * 5 % 16;
		t.nulls[2][i] = t.nulls[3][i] = 0;
	}
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	assert_int_equal(sl_keys_manifest(test_key, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 1, NULL), SL_OK);
	const struct sl_manifest_column *a = &r.manifest.columns[2], *b = &r.manifest.columns[3];
	assert_int_equal(a->chunks[0].bytes, b->chunks[0].bytes);
	swap(data + a->chunks[0].offset, data + b->chunks[0].offset, a->chunks[0].bytes);
	refused(data, len, "column 2 (\"c2\") row group 0");
	swap(data + a->zones_offset, data + b->zones_offset, a->zones_bytes);
	refused(data, len, "column 2 (\"c2\"): its zones");
	sl_reader_close(&r);
	free(data);
	test_table_free(&t);
}

/* The same table written twice has everything at the same place. */
static void test_segment_chunk_and_zones_of_an_older_attempt_are_named(void **state)
{
	static const uint8_t older_key[32] = { 77 };
	struct opened now, then;
	char words[64];

	(void)state;
	open_shapes(&now, test_id, test_key);
	open_shapes(&then, test_id, older_key);
	assert_int_equal(now.len, then.len);
	for (uint32_t c = 0; c < TEST_SHAPES; c++) {
		const struct sl_manifest_column *m = &now.r.manifest.columns[c];

		(void)snprintf(words, sizeof words, "column %u (\"c%u\") row group 0", c, c);
		swap(now.data + m->chunks[0].offset, then.data + m->chunks[0].offset, m->chunks[0].bytes);
		refused(now.data, now.len, words);
		swap(now.data + m->chunks[0].offset, then.data + m->chunks[0].offset, m->chunks[0].bytes);
		(void)snprintf(words, sizeof words, "column %u (\"c%u\"): its zones", c, c);
		swap(now.data + m->zones_offset, then.data + m->zones_offset, m->zones_bytes);
		refused(now.data, now.len, words);
		swap(now.data + m->zones_offset, then.data + m->zones_offset, m->zones_bytes);
	}
	swap(now.data + 32, then.data + 32, now.len - 32);
	refused(now.data, now.len, "the segment's manifest is not what was sealed");
	close_shapes(&now);
	close_shapes(&then);
}

/* Even if somebody gave two segments one key, and brought the tags along. */
static void test_segment_chunk_and_zones_of_another_segment_do_not_open(void **state)
{
	static const uint8_t other_id[16] = { 78 };
	struct opened here, there;
	struct sl_chunk chunk;
	uint8_t sub[32];

	(void)state;
	open_shapes(&here, test_id, test_key);
	open_shapes(&there, other_id, test_key);
	grant(&here, 1, &chunk);
	here.r.manifest.columns[1].chunks[0] = there.r.manifest.columns[1].chunks[0];
	assert_int_equal(sl_reader_chunk(&here.r, 0, 1, 0, &chunk, NULL), SL_E_INTEGRITY);
	memcpy(here.r.manifest.columns[2].zones_tag, there.r.manifest.columns[2].zones_tag, SL_SEGMENT_TAG_BYTES);
	assert_int_equal(sl_keys_column(test_key, 2, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_column(&here.r, 2, sub, NULL), SL_E_INTEGRITY);
	sl_chunk_fini(&chunk);
	close_shapes(&here);
	close_shapes(&there);
}

/* Seal other plaintext over a chunk, as a writer with a fault would have. */
static void reseal(struct opened *o, uint32_t column, uint8_t *plain, enum sl_encoding encoding)
{
	struct sl_manifest_chunk *chunk = &o->r.manifest.columns[column].chunks[0];
	uint8_t sub[32], aad[SL_CHUNK_AAD_BYTES], nonce[SL_CHUNK_NONCE_BYTES];
	struct sl_cipher *cipher;

	chunk->encoding = (uint8_t)encoding;
	assert_int_equal(sl_keys_column(test_key, column, sub, NULL), SL_OK);
	assert_int_equal(sl_cipher_new(sub, &cipher, NULL), SL_OK);
	sl_segment_chunk_aad(test_id, column, 0, SHAPE_ROWS, encoding, aad);
	sl_segment_chunk_nonce(0, nonce);
	assert_int_equal(sl_cipher_seal(cipher, nonce, aad, sizeof aad, plain, chunk->bytes, o->data + chunk->offset,
	                                chunk->tag, NULL), SL_OK);
	sl_cipher_free(cipher);
}

static void test_reader_sealed_bytes_that_are_no_chunk_are_named(void **state)
{
	uint8_t plain[SHAPE_ROWS * 9] = { 0 };
	struct opened o;
	struct sl_chunk chunk;
	struct sl_err err = { 0 };

	(void)state;
	open_shapes(&o, test_id, test_key);
	grant(&o, 1, &chunk);
	plain[0] = 3;
	reseal(&o, 1, plain, SL_ENCODING_PLAIN);
	assert_int_equal(sl_reader_chunk(&o.r, 0, 1, 0, &chunk, &err), SL_E_INTEGRITY);
	assert_string_equal(err.text, "column 1 (\"c1\") row group 0 was sealed so, but is not a chunk of this format");
	assert_int_equal(chunk.rows, 0);
	sl_chunk_fini(&chunk);
	close_shapes(&o);
}

static void test_reader_a_chunk_without_the_room_is_a_bug(void **state)
{
	struct opened o;
	struct sl_chunk small, large;

	(void)state;
	open_shapes(&o, test_id, test_key);
	grant(&o, 7, &small);
	grant(&o, 1, &large);
	assert_int_equal(sl_reader_chunk(&o.r, 0, 1, 0, &small, NULL), SL_E_BUG);
	assert_int_equal(sl_reader_chunk(&o.r, 0, 1, 0, &large, NULL), SL_OK);
	sl_chunk_fini(&small);
	sl_chunk_fini(&large);
	close_shapes(&o);
}

static void verify_says(struct opened *o, uint32_t column, struct sl_chunk *chunk, const char *words)
{
	struct sl_err err = { 0 };
	enum sl_rc rc = sl_reader_verify(&o->r, 0, column, 1, chunk, &err);

	assert_int_equal(rc, words == NULL ? SL_OK : SL_E_INTEGRITY);
	if (words != NULL && strstr(err.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void test_reader_verify_finds_what_disagrees(void **state)
{
	struct opened o;
	struct sl_chunk units, texts;

	(void)state;
	open_shapes(&o, test_id, test_key);
	grant(&o, 0, &units);
	grant(&o, 2, &texts);
	verify_says(&o, 0, &units, NULL);
	verify_says(&o, 2, &texts, NULL);
	o.r.manifest.columns[2].type = SL_TYPE_TEXT;
	o.r.manifest.columns[2].ndomain = 600;
	verify_says(&o, 2, &texts, NULL);
	o.r.manifest.columns[2].ndomain = 90;
	verify_says(&o, 2, &texts, "column 2 (\"c2\") row group 0 has a code outside its domain");
	o.r.manifest.columns[2].ndomain = 600;
	o.r.manifest.columns[2].has_missing = 0;
	verify_says(&o, 2, &texts, "column 2 (\"c2\"): the manifest is wrong on missing values");
	o.r.zones[2][0].nulls++;
	verify_says(&o, 2, &texts, "column 2 (\"c2\") row group 0 is not what its zone says");
	o.r.zones[2][0].nulls--;
	o.r.zones[2][0].lo--;
	verify_says(&o, 2, &texts, "column 2 (\"c2\") row group 0 is not what its zone says");
	o.r.manifest.units++;
	verify_says(&o, 0, &units, "column 0 (\"c0\"): the manifest counts other units");
	o.r.manifest.groups[0].unit_last++;
	verify_says(&o, 0, &units, "column 0 (\"c0\") row group 0 has other unit ordinals than the manifest says");
	sl_chunk_fini(&units);
	sl_chunk_fini(&texts);
	close_shapes(&o);
}

static void test_reader_verify_finds_ordinals_that_fall(void **state)
{
	uint8_t plain[SHAPE_ROWS] = { 0, 2, 1 };
	struct opened o;
	struct sl_chunk chunk;

	(void)state;
	open_shapes(&o, test_id, test_key);
	grant(&o, 0, &chunk);
	o.r.manifest.columns[0].chunks[0].bytes = 2 + (SHAPE_ROWS * 2 + 7) / 8;
	reseal(&o, 0, plain, SL_ENCODING_PACKED);
	verify_says(&o, 0, &chunk, "column 0 (\"c0\") row group 0 has unit ordinals that fall");
	sl_chunk_fini(&chunk);
	close_shapes(&o);
}

static void test_reader_zones_are_those_of_the_rows(void **state)
{
	struct test_table t = test_table_shapes(SL_CHUNK_ROWS + 50);
	uint8_t version[32], sub[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	struct sl_reader r;

	(void)state;
	assert_int_equal(sl_keys_manifest(test_key, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_open(&r, data, len, test_id, sub, 2, NULL), SL_OK);
	assert_int_equal(sl_keys_column(test_key, 6, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_column(&r, 6, sub, NULL), SL_OK);
	assert_int_equal(sl_keys_column(test_key, 0, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_column(&r, 0, sub, NULL), SL_OK);
	const struct sl_zone *missing = sl_reader_zones(&r, 6), *units = sl_reader_zones(&r, 0);
	assert_true(missing[0].lo > missing[0].hi && missing[1].nulls == 50);
	assert_int_equal(units[1].lo, t.values[0][SL_CHUNK_ROWS]);
	assert_int_equal(units[1].hi, t.values[0][SL_CHUNK_ROWS + 49]);
	assert_int_equal(units[1].nulls, 0);
	assert_null(sl_reader_zones(&r, 1));
	assert_null(sl_reader_zones(&r, TEST_SHAPES));
	sl_reader_close(&r);
	free(data);
	test_table_free(&t);
}

static void test_reader_zones_that_cannot_be_are_refused(void **state)
{
	struct sl_manifest_group group = { .rows = 10 };
	const struct sl_manifest m = { .groups = &group, .ngroups = 1 };
	static const struct {
		struct sl_zone zone;
		bool taken;
	} rows[] = { { { 1, 1, 0 }, true }, { { 1, 5, 9 }, true }, { { INT64_MAX, INT64_MIN, 10 }, true },
		{ { 2, 1, 0 }, false }, { { 1, 2, 10 }, false }, { { 1, 2, 11 }, false }, { { INT64_MAX, INT64_MIN, 9 }, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sl_buf raw = { .max = 100 };
		struct sl_zone zone;

		sl_manifest_zones_put(&rows[i].zone, 1, &raw);
		assert_int_equal(sl_manifest_zones_get(&m, raw.data, raw.len, &zone), rows[i].taken);
		assert_false(sl_manifest_zones_get(&m, raw.data, raw.len - 1, &zone));
		sl_buf_u8(&raw, 0);
		assert_false(sl_manifest_zones_get(&m, raw.data, raw.len, &zone));
		sl_buf_free(&raw);
	}
}

static void test_reader_lanes_out_of_range_are_a_bug(void **state)
{
	struct opened o;
	struct sl_reader r;
	uint8_t sub[32];

	(void)state;
	open_shapes(&o, test_id, test_key);
	assert_int_equal(sl_keys_manifest(test_key, sub, NULL), SL_OK);
	assert_int_equal(sl_reader_open(&r, o.data, o.len, test_id, sub, 0, NULL), SL_E_BUG);
	sl_reader_close(&r);
	assert_int_equal(sl_reader_open(&r, o.data, o.len, test_id, sub, SL_READER_LANES_MAX + 1, NULL), SL_E_BUG);
	sl_reader_close(&r);
	close_shapes(&o);
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
		cmocka_unit_test(test_segment_a_flipped_bit_is_named_by_region),
		cmocka_unit_test(test_segment_of_format_0_asks_for_a_new_import),
		cmocka_unit_test(test_segment_exchanged_columns_are_named),
		cmocka_unit_test(test_segment_chunk_and_zones_of_an_older_attempt_are_named),
		cmocka_unit_test(test_segment_chunk_and_zones_of_another_segment_do_not_open),
		cmocka_unit_test(test_reader_sealed_bytes_that_are_no_chunk_are_named),
		cmocka_unit_test(test_reader_a_chunk_without_the_room_is_a_bug),
		cmocka_unit_test(test_reader_verify_finds_what_disagrees),
		cmocka_unit_test(test_reader_verify_finds_ordinals_that_fall),
		cmocka_unit_test(test_reader_zones_are_those_of_the_rows),
		cmocka_unit_test(test_reader_zones_that_cannot_be_are_refused),
		cmocka_unit_test(test_reader_lanes_out_of_range_are_a_bug),
	};

	return cmocka_run_group_tests_name("segment", tests, NULL, NULL);
}
