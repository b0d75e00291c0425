/* test_keys.c - keys by known answers (made with Python's hmac), wrapping by tampering. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/text.h"
#include "enclave/vault/keys.h"
#include "enclave/vault/registry.h"

static uint8_t key[32];

static int count_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	return 0;
}

static void is_hex(const uint8_t *data, size_t len, const char *hex)
{
	char text[2 * 32 + 1];

	sl_text_hex(data, len, text);
	assert_string_equal(text, hex);
}

static void test_keys_have_the_documented_values(void **state)
{
	uint8_t out[32];

	(void)state;
	assert_int_equal(sl_keys_column(key, 0, out, NULL), SL_OK);
	is_hex(out, 32, "09347547dc69fdfea1f03981a50de0bccb34805f8b9f94ebb918ebc8382f2dd9");
	assert_int_equal(sl_keys_column(key, 17, out, NULL), SL_OK);
	is_hex(out, 32, "5384682471623f6ff2135f7c13107a31e698de720252060e24733e24714ee767");
	assert_int_equal(sl_keys_manifest(key, out, NULL), SL_OK);
	is_hex(out, 32, "75dabab609de3b104d29a7923aed30f1b36122af5e613074f8c8c1c58cac6e7d");
	assert_int_equal(sl_keys_space(key, "person", out, NULL), SL_OK);
	is_hex(out, 32, "9ab3f30b3feb6631864261308299b6f93abe5f14d7b68ea9612a6c773807a2fd");
	assert_int_equal(sl_keys_rounding(key, out, NULL), SL_OK);
	is_hex(out, 32, "fb1c9e8e49e371899fce8739fac238a249f7de29105c4d57b0ded6501f761100");
}

static void test_registry_hash_has_the_documented_value(void **state)
{
	struct sl_registry r;
	uint64_t ordinal;

	(void)state;
	assert_int_equal(sl_registry_init(&r, key, NULL), SL_OK);
	assert_int_equal(sl_registry_ordinal(&r, "unit 1", 6, &ordinal, NULL), SL_OK);
	is_hex(r.hashes[0], 16, "50e61e90c22175393f8a316c3058f426");
	sl_registry_fini(&r);
}

static void test_space_name_too_long_gives_no_key(void **state)
{
	char name[400];
	uint8_t out[32], zero[32] = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	assert_int_equal(sl_keys_space(key, name, out, &err), SL_E_BUG);
	assert_memory_equal(out, zero, 32);
}

static void test_wrapped_key_opens_only_as_it_was_wrapped(void **state)
{
	uint8_t id[16] = { 1 }, other_id[16] = { 2 }, other_vault[32] = { 3 }, secret[32], out[32], zero[32] = { 0 };
	uint8_t wrapped[SL_WRAPPED_KEY_BYTES], again[SL_WRAPPED_KEY_BYTES];
	struct sl_err err = { 0 };

	(void)state;
	memset(secret, 0x5A, sizeof secret);
	assert_int_equal(sl_keys_wrap(key, id, secret, wrapped, &err), SL_OK);
	assert_int_equal(sl_keys_wrap(key, id, secret, again, &err), SL_OK);
	assert_memory_not_equal(wrapped, again, sizeof wrapped);
	assert_int_equal(sl_keys_unwrap(key, id, wrapped, out, &err), SL_OK);
	assert_memory_equal(out, secret, 32);
	assert_int_equal(sl_keys_unwrap(key, other_id, wrapped, out, NULL), SL_E_INTEGRITY);
	assert_memory_equal(out, zero, 32);
	assert_int_equal(sl_keys_unwrap(other_vault, id, wrapped, out, NULL), SL_E_INTEGRITY);
	for (size_t i = 0; i < sizeof wrapped; i++) {
		wrapped[i] ^= 1;
		assert_int_equal(sl_keys_unwrap(key, id, wrapped, out, NULL), SL_E_INTEGRITY);
		assert_memory_equal(out, zero, 32);
		wrapped[i] ^= 1;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_have_the_documented_values),
		cmocka_unit_test(test_registry_hash_has_the_documented_value),
		cmocka_unit_test(test_space_name_too_long_gives_no_key),
		cmocka_unit_test(test_wrapped_key_opens_only_as_it_was_wrapped),
	};

	return cmocka_run_group_tests_name("keys", tests, count_up, NULL);
}
