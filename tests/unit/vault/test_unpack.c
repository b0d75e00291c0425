/* test_unpack.c - numbers of every width, from every place, by every way there is, against one bit after another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enclave/vault/unpack.h"

#define NUMBERS 61u

/* Memory that ends where it may not be read any more: what is told of a byte behind it, a sanitizer tells. */
static uint8_t *random_bytes(uint32_t width, uint32_t *seed)
{
	size_t n = (NUMBERS * width + 7) / 8 + SL_UNPACK_SLACK_BYTES;
	uint8_t *bytes = malloc(n);

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++) {
		*seed = *seed * 1664525u + 1013904223u;
		bytes[i] = (uint8_t)(*seed >> 24);
	}
	return bytes;
}

static uint64_t bit_by_bit(const uint8_t *packed, uint32_t width, uint32_t i)
{
	uint64_t v = 0;

	for (uint32_t k = 0; k < width; k++)
		v |= (uint64_t)(packed[(i * width + k) / 8] >> (i * width + k) % 8 & 1) << k;
	return v;
}

static void check(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows)
{
	const int64_t untouched = 0x5a5a5a5a5a5a5a5a;
	int64_t here[NUMBERS + 1], anywhere[NUMBERS + 1];

	here[rows] = anywhere[rows] = untouched;
	sl_unpack(packed, width, base, from, rows, here);
	sl_unpack_anywhere(packed, width, base, from, rows, anywhere);
	for (uint32_t i = 0; i < rows; i++) {
		int64_t want = (int64_t)(base + bit_by_bit(packed, width, from + i));
		if (here[i] != want || anywhere[i] != want)
			fail_msg("width %u, number %u + %u of %u: %lld and %lld, not %lld", width, from, i, rows,
			         (long long)here[i], (long long)anywhere[i], (long long)want);
	}
	assert_true(here[rows] == untouched && anywhere[rows] == untouched);
}

static void test_unpack_every_width_from_every_place_is_what_its_bits_say(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (uint32_t width = 0; width <= 64; width++) {
		uint8_t *packed = random_bytes(width, &seed);
		for (uint32_t from = 0; from <= 17; from++)
			for (uint32_t rows = 0; rows <= NUMBERS - from; rows++)
				check(packed, width, rows % 2 == 0 ? 0 : UINT64_C(0xfedcba9876543210), from, rows);
		free(packed);
	}
	if (!sl_unpack_has_vectors())
		print_message("this processor has no AVX-512 VBMI: one way was tried\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unpack_every_width_from_every_place_is_what_its_bits_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
