/*
 * test_independent.c - a second reader, written from docs/formats.md alone: it shares no line with enclave/vault, so
 * that page and program cannot drift apart unnoticed.
 *
 * With the words "write DIR ROWS" it writes a segment and what is in it instead, DIR/segment-v1.seg and .txt: that is
 * how the test vector was made, and how segment_reader.py, the third reader, gets a fresh one.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tests/unit/vault/table.h"

static uint64_t number(const uint8_t **at, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v |= (uint64_t)(*at)[i] << (8 * i);
	*at += bytes;
	return v;
}

/* RFC 5869 with an empty salt, one block. */
static void subkey(const uint8_t *segment_key, const char *info, uint8_t out[32])
{
	uint8_t salt[32] = { 0 }, prk[32], message[80];
	size_t n = strlen(info);
	unsigned len = 32;

	memcpy(message, info, n);
	message[n] = 1;
	assert_non_null(HMAC(EVP_sha256(), salt, 32, segment_key, 32, prk, &len));
	assert_non_null(HMAC(EVP_sha256(), prk, 32, message, n + 1, out, &len));
}

static void decipher(const uint8_t *key, uint64_t nonce_number, const uint8_t *aad, int naad, const uint8_t *in,
                     int len, const uint8_t *tag, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[12] = { 0 }, expected[16];
	int n;

	for (int i = 0; i < 8; i++)
		nonce[i] = (uint8_t)(nonce_number >> (8 * i));
	memcpy(expected, tag, 16);
	assert_int_equal(EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, nonce), 1);
	assert_int_equal(EVP_DecryptUpdate(ctx, NULL, &n, aad, naad), 1);
	assert_int_equal(EVP_DecryptUpdate(ctx, out, &n, in, len), 1);
	assert_int_equal(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, 16, expected), 1);
	assert_int_equal(EVP_DecryptFinal_ex(ctx, out, &n), 1);
	EVP_CIPHER_CTX_free(ctx);
}

static void put_number(uint8_t *at, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		at[i] = (uint8_t)(v >> (8 * i));
}

/* Bits [from, from + width) of a string of bytes. */
static uint64_t bits_at(const uint8_t *bytes, size_t from, uint32_t width)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < width; i++)
		v |= (uint64_t)(bytes[(from + i) / 8] >> ((from + i) % 8) & 1) << i;
	return v;
}

static const uint8_t *packed_end(const uint8_t *at, size_t n, uint32_t width)
{
	return at + (n * width + 7) / 8;
}

/* The values of one chunk; returns where they end. */
static const uint8_t *read_values(uint32_t encoding, uint32_t rows, const uint8_t *at, uint64_t *values)
{
	uint32_t n = encoding >= 4 ? (uint32_t)number(&at, 4) : 0;
	uint64_t base = encoding == 3 || encoding == 5 ? number(&at, 8) : 0;
	uint32_t width = encoding == 1 ? 64 : (uint32_t)number(&at, 1), r = 0;

	if (encoding == 5) {
		uint32_t length_width = (uint32_t)number(&at, 1);
		const uint8_t *lengths = packed_end(at, n, width);
		for (uint32_t i = 0; i < n; i++)
			for (uint64_t k = 0; k <= bits_at(lengths, (size_t)i * length_width, length_width); k++)
				values[r++] = base + bits_at(at, (size_t)i * width, width);
		assert_int_equal(r, rows);
		return packed_end(lengths, n, length_width);
	}
	const uint8_t *dictionary = at, *entry;
	at += (size_t)n * 8;
	for (; r < rows; r++) {
		values[r] = base + bits_at(at, (size_t)r * width, width);
		if (encoding == 4) {
			assert_true(values[r] < n);
			entry = dictionary + 8 * values[r];
			values[r] = number(&entry, 8);
		}
	}
	return packed_end(at, rows, width);
}

/* What is read, against what was written. */
static void compare_cells(const struct test_table *t, uint32_t c, uint32_t g, uint32_t rows, uint32_t encoding,
                          const uint8_t *plain, uint32_t bytes)
{
	uint64_t *values = calloc(rows, sizeof *values);
	const uint8_t *nulls = plain[0] == 1 ? plain + 1 : NULL;
	const uint8_t *at = plain + 1 + (nulls != NULL ? (rows + 7) / 8 : 0);

	assert_true(plain[0] <= 1);
	assert_ptr_equal(read_values(encoding, rows, at, values), plain + bytes);
	for (uint32_t r = 0; r < rows; r++) {
		size_t row = (size_t)g * 65536 + r;
		bool null = nulls != NULL && bits_at(nulls, r, 1) == 1;

		assert_int_equal(null, t->nulls[c][row]);
		if (!null)
			assert_int_equal((int64_t)values[r], t->values[c][row]);
	}
	free(values);
}

static void column_key(uint32_t c, uint8_t key[32])
{
	char info[64];

	(void)snprintf(info, sizeof info, "sluice segment v0 column %u", c);
	subkey(test_key, info, key);
}

static void sealed_with(uint8_t aad[44], uint32_t c, uint32_t group, uint32_t rows, uint32_t encoding)
{
	memcpy(aad, "SLUICESG", 8);
	put_number(aad + 8, 1, 4);
	memcpy(aad + 12, test_id, 16);
	put_number(aad + 28, c, 4);
	put_number(aad + 32, group, 4);
	put_number(aad + 36, rows, 4);
	put_number(aad + 40, encoding, 4);
}

/* Returns the encoding. */
static uint32_t read_chunk(const struct test_table *t, const uint8_t *file, uint32_t c, uint32_t g, uint32_t rows,
                           const uint8_t **at)
{
	uint8_t key[32], aad[44], *plain;
	uint32_t encoding = (uint32_t)number(at, 1);
	uint64_t offset = number(at, 8);
	uint32_t bytes = (uint32_t)number(at, 4);
	const uint8_t *tag = *at;

	*at += 16;
	column_key(c, key);
	sealed_with(aad, c, g, rows, encoding);
	plain = malloc(bytes);
	decipher(key, (uint64_t)g, aad, sizeof aad, file + offset, (int)bytes, tag, plain);
	compare_cells(t, c, g, rows, encoding, plain, bytes);
	free(plain);
	return encoding;
}

static void compare_zone(const struct test_table *t, uint32_t c, size_t first, uint32_t rows, const uint8_t **at)
{
	int64_t lo = INT64_MAX, hi = INT64_MIN;
	uint32_t nulls = 0;

	for (size_t r = first; r < first + rows; r++) {
		nulls += t->nulls[c][r];
		if (t->nulls[c][r])
			continue;
		lo = t->values[c][r] < lo ? t->values[c][r] : lo;
		hi = t->values[c][r] > hi ? t->values[c][r] : hi;
	}
	assert_int_equal((int64_t)number(at, 8), lo);
	assert_int_equal((int64_t)number(at, 8), hi);
	assert_int_equal(number(at, 4), nulls);
}

static void read_zones(const struct test_table *t, const uint8_t *file, uint32_t c, const uint32_t *rows,
                       uint32_t ngroups, const uint8_t **at)
{
	uint64_t offset = number(at, 8);
	uint32_t bytes = (uint32_t)number(at, 4);
	uint8_t key[32], aad[44], *plain = malloc(bytes);
	const uint8_t *zone = plain;

	assert_int_equal(bytes, ngroups * 20);
	column_key(c, key);
	sealed_with(aad, c, 0xffffffff, ngroups, 0);
	decipher(key, (uint64_t)1 << 32, aad, sizeof aad, file + offset, (int)bytes, *at, plain);
	*at += 16;
	for (uint32_t g = 0; g < ngroups; g++)
		compare_zone(t, c, (size_t)g * 65536, rows[g], &zone);
	free(plain);
}

/* Returns the encodings that occur, as bits. */
static uint32_t read_manifest(const struct test_table *t, const uint8_t *file, const uint8_t *plain, size_t len)
{
	const uint8_t *at = plain + 16;
	uint32_t rows[8], ngroups, encodings = 0;

	assert_memory_equal(plain, test_id, 16);
	assert_int_equal(number(&at, 8), t->rows);
	(void)number(&at, 8);
	ngroups = (uint32_t)number(&at, 4);
	for (uint32_t g = 0; g < ngroups; g++) {
		rows[g] = (uint32_t)number(&at, 4);
		assert_int_equal((int64_t)number(&at, 8), t->values[0][(size_t)g * 65536]);
		assert_int_equal((int64_t)number(&at, 8), t->values[0][(size_t)g * 65536 + rows[g] - 1]);
	}
	assert_int_equal(number(&at, 4), t->ncolumns);
	for (uint32_t c = 0; c < t->ncolumns; c++) {
		at += number(&at, 4);    /* name */
		at += 1 + 1 + 4 + 1;     /* type, scale, ndomain, has_missing */
		assert_int_equal(number(&at, 4), ngroups);
		for (uint32_t g = 0; g < ngroups; g++)
			encodings |= 1u << read_chunk(t, file, c, g, rows[g], &at);
		read_zones(t, file, c, rows, ngroups, &at);
	}
	assert_ptr_equal(at, plain + len);
	return encodings;
}

static void read_segment(const struct test_table *t, const uint8_t *file, size_t len)
{
	uint8_t key[32], aad[44], *plain;
	const uint8_t *at = file + 8, *tail = file + len - 40;

	assert_memory_equal(file, "SLUICESG", 8);
	assert_int_equal(number(&at, 4), 1);
	assert_int_equal(number(&at, 4), t->ncolumns);
	assert_memory_equal(at, test_id, 16);
	memcpy(aad, file, 32);
	memcpy(aad + 32, tail, 12);
	uint64_t offset = number(&tail, 8);
	uint32_t bytes = (uint32_t)number(&tail, 4);
	assert_int_equal(number(&tail, 4), 1);
	assert_memory_equal(tail + 16, "SLUICEND", 8);
	subkey(test_key, "sluice segment v0 manifest", key);
	plain = malloc(bytes);
	decipher(key, 0, aad, sizeof aad, file + offset, (int)bytes, tail, plain);
	/* Each of the five is read. */
	assert_int_equal(read_manifest(t, file, plain, bytes), 2 | 4 | 8 | 16 | 32);
	free(plain);
}

static void test_segment_is_read_from_the_page_of_formats(void **state)
{
	struct test_table t = test_table_shapes(65536 + 177);
	uint8_t version[32], digest[32];
	size_t len = 0;
	uint8_t *file = test_table_write(&t, test_id, test_key, &len, version);

	(void)state;
	read_segment(&t, file, len);
	assert_int_equal(EVP_Digest(file, len, digest, NULL, EVP_sha256(), NULL), 1);
	assert_memory_equal(digest, version, 32);
	free(file);
	test_table_free(&t);
}

#define VECTOR_ROWS 150

static void test_segment_vector_is_read_and_still_made(void **state)
{
	struct test_table t = test_table_shapes(VECTOR_ROWS);
	uint8_t version[32], *kept = malloc(1 << 20);
	size_t len = 0;
	uint8_t *made = test_table_write(&t, test_id, test_key, &len, version);
	int fd = open(SL_TEST_SOURCE_DIR "/tests/unit/vault/vector/segment-v1.seg", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(read(fd, kept, 1 << 20), len);
	close(fd);
	read_segment(&t, kept, len);
	assert_memory_equal(made, kept, len);
	free(kept);
	free(made);
	test_table_free(&t);
}

static void print_hex(FILE *out, const char *name, const uint8_t *bytes, size_t n)
{
	fputs(name, out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%02x", bytes[i]);
	fputs("\n", out);
}

static FILE *make_file(const char *dir, const char *ending)
{
	char path[1024];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/segment-v1.%s", dir, ending);
	out = fopen(path, "wb");
	assert_non_null(out);
	return out;
}

/* The segment, and its values as text: a line a row, nothing where one is missing. */
static int write_files(const char *dir, uint32_t rows)
{
	struct test_table t = test_table_shapes(rows);
	uint8_t version[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	FILE *seg = make_file(dir, "seg"), *txt = make_file(dir, "txt");
	bool ok = fwrite(data, 1, len, seg) == len;

	print_hex(txt, "key ", test_key, 32);
	print_hex(txt, "id ", test_id, 16);
	print_hex(txt, "version ", version, 32);
	for (uint32_t r = 0; r < rows; r++)
		for (uint32_t c = 0; c < t.ncolumns; c++) {
			if (!t.nulls[c][r])
				fprintf(txt, "%lld", (long long)t.values[c][r]);
			fputs(c + 1 < t.ncolumns ? "," : "\n", txt);
		}
	ok = fclose(seg) == 0 && ok;
	ok = fclose(txt) == 0 && ok;
	free(data);
	test_table_free(&t);
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_segment_is_read_from_the_page_of_formats),
		cmocka_unit_test(test_segment_vector_is_read_and_still_made),
	};

	if (argc == 4 && strcmp(argv[1], "write") == 0)
		return write_files(argv[2], (uint32_t)strtoul(argv[3], NULL, 10));
	return cmocka_run_group_tests_name("a second reader", tests, NULL, NULL);
}
