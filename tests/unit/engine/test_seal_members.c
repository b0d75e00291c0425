/* test_seal_members.c - the box that units lie in between a request and later ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enclave/engine/seal_members.h"

/* Units of half a gigabyte would not be held twice over for the sake of a tag. */
static void test_a_box_has_the_room_it_needs_from_the_first(void **state)
{
	struct sl_members m = { .nsets = 3, .nunits = 1, .units = calloc(100000, 1), .nunits_bytes = 100000, .one_row = 1 };
	struct sl_cipher *cipher;
	struct sl_buf box = { 0 };
	uint8_t key[32] = { 1 }, id[16] = { 2 };

	(void)state;
	assert_int_equal(sl_cipher_new(key, &cipher, NULL), SL_OK);
	assert_int_equal(sl_members_seal(&m, id, cipher, &box, NULL), SL_OK);
	assert_in_range(box.cap, m.nunits_bytes, m.nunits_bytes + 129);
	sl_buf_free(&box);
	sl_cipher_free(cipher);
	free(m.units);
}

static void test_a_box_opens_with_its_key_and_id_and_no_other(void **state)
{
	struct sl_members m = { .nsets = 3, .nunits = 1, .units = (uint8_t[]){ 5, 1, 2 }, .nunits_bytes = 3, .one_row = 1 };
	struct sl_members back;
	struct sl_cipher *cipher, *other;
	struct sl_buf box = { 0 }, copy = { 0 };
	uint8_t key[32] = { 1 }, id[16] = { 2 }, id2[16] = { 3 };

	(void)state;
	assert_int_equal(sl_cipher_new(key, &cipher, NULL), SL_OK);
	key[0] = 9;
	assert_int_equal(sl_cipher_new(key, &other, NULL), SL_OK);
	assert_int_equal(sl_members_seal(&m, id, cipher, &box, NULL), SL_OK);
	assert_memory_equal(box.data, id, sizeof id);
	for (size_t i = 0; i <= box.len; i++) {
		sl_buf_reset(&copy);
		sl_buf_put(&copy, box.data, box.len);
		if (i < box.len)
			copy.data[i] ^= 1;
		assert_int_equal(sl_members_unseal(&copy, id, cipher, &back, NULL), i < box.len ? SL_E_INTEGRITY : SL_OK);
		sl_codec_free(&sl_members_record, &back);
	}
	sl_buf_reset(&copy);
	sl_buf_put(&copy, box.data, box.len);
	assert_int_equal(sl_members_unseal(&copy, id, other, &back, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_members_unseal(&copy, id2, cipher, &back, NULL), SL_E_INTEGRITY);
	copy.len = 31;
	assert_int_equal(sl_members_unseal(&copy, id, cipher, &back, NULL), SL_E_INTEGRITY);
	sl_cipher_free(cipher);
	sl_cipher_free(other);
	sl_buf_free(&box);
	sl_buf_free(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_box_has_the_room_it_needs_from_the_first),
		cmocka_unit_test(test_a_box_opens_with_its_key_and_id_and_no_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
