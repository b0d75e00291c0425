/* Keys as a type, digests in one call, sealed boxes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/text.h"
#include "enclave/vault/digest.h"
#include "enclave/vault/seal.h"

#define CONTEXT "result J-7"

static struct sl_secret key_of(uint8_t byte)
{
	struct sl_secret k;

	memset(k.b, byte, sizeof k.b);
	return k;
}

static void seal(const void *data, size_t len, struct sl_buf *out)
{
	struct sl_secret k = key_of(1);

	assert_int_equal(sl_seal_box(&k, CONTEXT, data, len, out, NULL), SL_OK);
	assert_int_equal(out->len, len + SL_SEAL_BOX_EXTRA);
}

static enum sl_rc unseal(uint8_t key, const char *context, const void *box, size_t len, struct sl_buf *out)
{
	struct sl_secret k = key_of(key);
	struct sl_err err = { 0 };
	enum sl_rc rc = sl_seal_unbox(&k, context, box, len, out, &err);

	assert_int_equal(rc, err.rc);
	return rc;
}

static void test_box_opens_to_what_was_sealed(void **state)
{
	static uint8_t data[10000];

	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)(i * 7);
	for (size_t len = 0; len <= sizeof data; len = len * 3 + 1) {
		struct sl_buf box = { 0 }, out = { 0 };
		seal(data, len, &box);
		sl_buf_text(&out, "kept");
		assert_int_equal(unseal(1, CONTEXT, box.data, box.len, &out), SL_OK);
		assert_int_equal(out.len, 4 + len);
		assert_memory_equal(out.data, "kept", 4);
		assert_memory_equal(out.data + 4, data, len);
		sl_buf_free(&box);
		sl_buf_free(&out);
	}
}

static void test_box_of_the_same_bytes_is_another_each_time(void **state)
{
	struct sl_buf a = { 0 }, b = { 0 };

	(void)state;
	seal("same", 4, &a);
	seal("same", 4, &b);
	assert_memory_not_equal(a.data, b.data, 12);
	assert_memory_not_equal(a.data + 12, b.data + 12, 4);
	sl_buf_free(&a);
	sl_buf_free(&b);
}

static void test_box_with_any_bit_changed_is_refused(void **state)
{
	struct sl_buf box = { 0 }, out = { 0 };

	(void)state;
	seal("persons: 11", 11, &box);
	for (size_t bit = 0; bit < 8 * box.len; bit++) {
		box.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		assert_int_equal(unseal(1, CONTEXT, box.data, box.len, &out), SL_E_INTEGRITY);
		assert_int_equal(out.len, 0);
		box.data[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	}
	for (size_t n = 0; n < box.len; n++)
		assert_int_equal(unseal(1, CONTEXT, box.data, n, &out), SL_E_INTEGRITY);
	assert_int_equal(unseal(1, CONTEXT, box.data, box.len, &out), SL_OK);
	sl_buf_free(&box);
	sl_buf_free(&out);
}

static void test_box_of_another_key_or_context_is_refused(void **state)
{
	struct sl_buf box = { 0 }, out = { 0 };

	(void)state;
	seal("persons: 11", 11, &box);
	assert_int_equal(unseal(2, CONTEXT, box.data, box.len, &out), SL_E_INTEGRITY);
	assert_int_equal(unseal(1, "result J-8", box.data, box.len, &out), SL_E_INTEGRITY);
	assert_int_equal(unseal(1, "", box.data, box.len, &out), SL_E_INTEGRITY);
	sl_buf_free(&box);
	sl_buf_free(&out);
}

static void test_box_that_does_not_fit_leaves_the_buffer_as_it_was(void **state)
{
	struct sl_secret k = key_of(1);
	struct sl_buf box = { 0 }, small = { .max = 20 };

	(void)state;
	sl_buf_text(&small, "kept");
	assert_int_equal(sl_seal_box(&k, CONTEXT, "data", 4, &small, NULL), SL_E_LIMIT);
	assert_int_equal(small.len, 4);
	sl_buf_reset(&small);
	sl_buf_text(&small, "kept");
	seal("more than is left there", 23, &box);
	assert_int_equal(unseal(1, CONTEXT, box.data, box.len, &small), SL_E_LIMIT);
	assert_int_equal(small.len, 4);
	sl_buf_free(&box);
	sl_buf_free(&small);
}

static void test_sha256_of_parts_is_that_of_the_whole(void **state)
{
	const struct sl_seal_part parts[] = { { "a", 1 }, { NULL, 0 }, { "bc", 2 } };
	uint8_t whole[32], pieces[32];
	char hex[65];

	(void)state;
	assert_int_equal(sl_seal_sha256("abc", 3, whole, NULL), SL_OK);
	assert_int_equal(sl_seal_sha256_parts(parts, 3, pieces, NULL), SL_OK);
	assert_memory_equal(whole, pieces, 32);
	sl_text_hex(whole, 32, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_hmac_depends_on_key_and_bytes(void **state)
{
	struct sl_secret a = key_of(0xaa), b = key_of(0xab);
	uint8_t of_a[32], of_b[32], other[32];

	(void)state;
	assert_int_equal(sl_seal_hmac(&a, "x", 1, of_a, NULL), SL_OK);
	assert_int_equal(sl_seal_hmac(&b, "x", 1, of_b, NULL), SL_OK);
	assert_int_equal(sl_seal_hmac(&a, "y", 1, other, NULL), SL_OK);
	assert_false(sl_seal_equal(of_a, of_b, 32));
	assert_false(sl_seal_equal(of_a, other, 32));
	assert_int_equal(sl_seal_hmac(&a, "x", 1, other, NULL), SL_OK);
	assert_true(sl_seal_equal(of_a, other, 32));
}

static void test_equal_sees_every_byte(void **state)
{
	uint8_t a[40] = { 0 }, b[40] = { 0 };

	(void)state;
	assert_true(sl_seal_equal(a, b, sizeof a));
	assert_true(sl_seal_equal(a, b, 0));
	for (size_t i = 0; i < sizeof a; i++) {
		b[i] = 0x80;
		assert_false(sl_seal_equal(a, b, sizeof a));
		b[i] = 0;
	}
}

static void test_key_is_fresh_derived_and_wiped(void **state)
{
	struct sl_secret a, b, zero = { { 0 } }, by_hand;

	(void)state;
	assert_int_equal(sl_secret_new(&a, NULL), SL_OK);
	assert_int_equal(sl_secret_new(&b, NULL), SL_OK);
	assert_false(sl_seal_equal(&a, &b, sizeof a));
	assert_false(sl_seal_equal(&a, &zero, sizeof a));
	assert_int_equal(sl_secret_derive(&a, "sluice result v0", &b, NULL), SL_OK);
	assert_int_equal(sl_hkdf(a.b, "sluice result v0", by_hand.b, NULL), SL_OK);
	assert_memory_equal(&b, &by_hand, sizeof b);
	assert_int_equal(sl_secret_derive(&a, "sluice result v1", &by_hand, NULL), SL_OK);
	assert_memory_not_equal(&b, &by_hand, sizeof b);
	sl_secret_wipe(&a);
	assert_memory_equal(&a, &zero, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_box_opens_to_what_was_sealed),
		cmocka_unit_test(test_box_of_the_same_bytes_is_another_each_time),
		cmocka_unit_test(test_box_with_any_bit_changed_is_refused),
		cmocka_unit_test(test_box_of_another_key_or_context_is_refused),
		cmocka_unit_test(test_box_that_does_not_fit_leaves_the_buffer_as_it_was),
		cmocka_unit_test(test_sha256_of_parts_is_that_of_the_whole),
		cmocka_unit_test(test_hmac_depends_on_key_and_bytes),
		cmocka_unit_test(test_equal_sees_every_byte),
		cmocka_unit_test(test_key_is_fresh_derived_and_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
