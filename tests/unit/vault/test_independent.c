/*
 * test_independent.c - a second reader, written from docs/formats.md alone: it shares no line with enclave/vault, so
 * that page and program cannot drift apart unnoticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void decipher(const uint8_t *key, uint32_t nonce_number, const uint8_t *aad, int naad, const uint8_t *in,
                     int len, const uint8_t *tag, uint8_t *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	uint8_t nonce[12] = { 0 }, expected[16];
	int n;

	for (int i = 0; i < 4; i++)
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

static void read_chunk(const struct test_table *t, const uint8_t *file, uint32_t c, uint32_t g, uint32_t rows,
                       const uint8_t **at)
{
	uint8_t key[32], aad[44], *plain;
	char info[64];
	uint32_t encoding = (uint32_t)number(at, 1);
	uint64_t offset = number(at, 8);
	uint32_t bytes = (uint32_t)number(at, 4);
	const uint8_t *tag = *at, *cell;

	*at += 16;
	assert_int_equal(encoding, 1);
	assert_int_equal(bytes, rows * 8 + (rows + 7) / 8);
	(void)snprintf(info, sizeof info, "sluice segment v0 column %u", c);
	subkey(test_key, info, key);
	memcpy(aad, "SLUICESG", 8);
	put_number(aad + 8, 0, 4);
	memcpy(aad + 12, test_id, 16);
	put_number(aad + 28, c, 4);
	put_number(aad + 32, g, 4);
	put_number(aad + 36, rows, 4);
	put_number(aad + 40, encoding, 4);
	plain = malloc(bytes);
	decipher(key, g, aad, sizeof aad, file + offset, (int)bytes, tag, plain);
	cell = plain;
	for (uint32_t r = 0; r < rows; r++) {
		size_t row = (size_t)g * 65536 + r;

		assert_int_equal((int64_t)number(&cell, 8), t->values[c][row]);
		assert_int_equal(plain[(size_t)rows * 8 + r / 8] >> (r % 8) & 1, t->nulls[c][row]);
	}
	free(plain);
}

static void read_manifest(const struct test_table *t, const uint8_t *file, const uint8_t *plain, size_t len)
{
	const uint8_t *at = plain + 16;
	uint32_t rows[8], ngroups;

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
			read_chunk(t, file, c, g, rows[g], &at);
	}
	assert_ptr_equal(at, plain + len);
}

static void test_segment_is_read_from_the_page_of_formats(void **state)
{
	struct test_table t = test_table_random(3, 65536 + 77, 21);
	uint8_t version[32], digest[32], key[32], aad[44], *plain;
	size_t len = 0;
	uint8_t *file = test_table_write(&t, test_id, test_key, &len, version);
	const uint8_t *at = file + 8, *tail = file + len - 40;

	(void)state;
	assert_memory_equal(file, "SLUICESG", 8);
	assert_int_equal(number(&at, 4), 0);
	assert_int_equal(number(&at, 4), 3);
	assert_memory_equal(at, test_id, 16);
	memcpy(aad, file, 32);
	memcpy(aad + 32, tail, 12);
	uint64_t offset = number(&tail, 8);
	uint32_t bytes = (uint32_t)number(&tail, 4);
	assert_int_equal(number(&tail, 4), 0);
	assert_memory_equal(tail + 16, "SLUICEND", 8);
	subkey(test_key, "sluice segment v0 manifest", key);
	plain = malloc(bytes);
	decipher(key, 0, aad, sizeof aad, file + offset, (int)bytes, tail, plain);
	read_manifest(&t, file, plain, bytes);
	assert_int_equal(EVP_Digest(file, len, digest, NULL, EVP_sha256(), NULL), 1);
	assert_memory_equal(digest, version, 32);
	free(plain);
	free(file);
	test_table_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_segment_is_read_from_the_page_of_formats),
	};

	return cmocka_run_group_tests_name("a second reader", tests, NULL, NULL);
}
