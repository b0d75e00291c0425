/*
 * test_wide.c - exact wide integers: quotients and roots of products, against answers of unbounded integers elsewhere.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/wide.h"

#define I128(hi, lo) ((sl_i128)((unsigned __int128)(hi) << 64 | (lo)))
#define LOW(lo) I128(0, lo)
#define MOST I128(INT64_MAX, UINT64_MAX)

/* a * b / (c * d), and its root; roots of what is negative are refused. */
static const struct {
	sl_i128 a, b, c, d;
	bool divides;
	int64_t quotient;
	bool has_root;
	int64_t root;
} cases[] = {
	{ LOW(0x7u), LOW(0x1u), LOW(0x2u), LOW(0x1u), true, INT64_C(4), true, INT64_C(2) },
	{ I128(0xffffffffffffffffu, 0xfffffffffffffff9u), LOW(0x1u), LOW(0x2u), LOW(0x1u), true, INT64_C(-4),
	  false, INT64_C(0) },
	{ LOW(0x5u), LOW(0x1u), I128(0xffffffffffffffffu, 0xfffffffffffffffeu), LOW(0x1u), true, INT64_C(-3),
	  false, INT64_C(0) },
	{ LOW(0x1u), LOW(0x1u), LOW(0x3u), LOW(0x1u), true, INT64_C(0), true, INT64_C(1) },
	{ LOW(0x0u), LOW(0x5u), LOW(0x3u), LOW(0x1u), true, INT64_C(0), true, INT64_C(0) },
	{ LOW(0x1u), LOW(0x1u), LOW(0x4u), LOW(0x1u), true, INT64_C(0), true, INT64_C(1) },
	{ LOW(0x1u), LOW(0x1u), LOW(0x5u), LOW(0x1u), true, INT64_C(0), true, INT64_C(0) },
	{ LOW(0x9u), LOW(0x1u), LOW(0x4u), LOW(0x1u), true, INT64_C(2), true, INT64_C(2) },
	{ LOW(0x1u), LOW(0x1u), LOW(0x0u), LOW(0x7u), false, INT64_C(0), false, INT64_C(0) },
	{ LOW(0x7fffffffffffffffu), LOW(0x1u), LOW(0x1u), LOW(0x1u), true, INT64_C(9223372036854775807),
	  true, INT64_C(3037000500) },
	{ LOW(0x8000000000000000u), LOW(0x1u), LOW(0x1u), LOW(0x1u), false, INT64_C(0),
	  true, INT64_C(3037000500) },
	{ I128(0xffffffffffffffffu, 0x8000000000000000u), LOW(0x1u), LOW(0x1u), LOW(0x1u), true, INT64_MIN,
	  false, INT64_C(0) },
	{ I128(0xffffffffffffffffu, 0x7fffffffffffffffu), LOW(0x1u), LOW(0x1u), LOW(0x1u), false, INT64_C(0),
	  false, INT64_C(0) },
	{ LOW(0xfffffffffffffffeu), LOW(0x1u), LOW(0x2u), LOW(0x1u), true, INT64_C(9223372036854775807),
	  true, INT64_C(3037000500) },
	{ LOW(0xffffffffffffffffu), LOW(0x1u), LOW(0x2u), LOW(0x1u), false, INT64_C(0),
	  true, INT64_C(3037000500) },
	{ I128(0xfffffffffffffffeu, 0xffffffffffffffffu), LOW(0x1u), LOW(0x2u), LOW(0x1u), false, INT64_C(0),
	  false, INT64_C(0) },
	{ LOW(0x7fffffffffffffffu), LOW(0x7fffffffffffffffu), LOW(0x1u), LOW(0x1u), false, INT64_C(0),
	  true, INT64_C(9223372036854775807) },
	{ LOW(0x8000000000000000u), LOW(0x8000000000000000u), LOW(0x1u), LOW(0x1u), false, INT64_C(0),
	  false, INT64_C(0) },
	{ MOST, MOST, MOST, MOST, true, INT64_C(1), true, INT64_C(1) },
	{ -MOST - 1, MOST, MOST, MOST, true, INT64_C(-1), false, INT64_C(0) },
	{ -MOST - 1, -MOST - 1, MOST, I128(0x1u, 0x0u), false, INT64_C(0), true, INT64_C(3037000500) },
	{ MOST, MOST, MOST, LOW(0x8000000000000000u), false, INT64_C(0), true, INT64_C(4294967296) },
	{ MOST, LOW(0x1000000000000000u), MOST, LOW(0x3u), true, INT64_C(384307168202282325),
	  true, INT64_C(619925131) },
	{ MOST, LOW(0x1u), MOST, MOST, true, INT64_C(0), true, INT64_C(0) },
	{ I128(0x1fe0f51bf17fd374u, 0xc6a5387777330bdbu), I128(0x2f96ecbu, 0x1cfb10f62827688du),
	  I128(0x1853f1f65a8u, 0xde5271007814e8a3u), I128(0x24u, 0x1a1afe878b33e969u),
	  true, INT64_C(1899226656165), true, INT64_C(1378124) },
	{ LOW(0x6ebb2edb20u), LOW(0x8f687c966cu), LOW(0x2e9c9u), LOW(0xea95au), true, INT64_C(1596800245656),
	  true, INT64_C(1263646) },
	{ I128(0x9350f2u, 0xcc11d357c30d8b76u), LOW(0xe39e115e4bu), LOW(0x21da8978206f5c67u), LOW(0xf8eb2u),
	  true, INT64_C(70002437037756), true, INT64_C(8366746) },
	{ LOW(0x6ec60a3cabu), LOW(0x942a9eba0cu), LOW(0x504b8u), LOW(0xf6237u), true, INT64_C(913100428115),
	  true, INT64_C(955563) },
	{ LOW(0x68a02fdaa1u), I128(0x2e3b78c50585a01cu, 0x4c7d6df0621aef57u), LOW(0x6a376u),
	  I128(0x10e254cb864u, 0xef901b932a7c1881u), true, INT64_C(2965614203809), true, INT64_C(1722096) },
	{ LOW(0x21568068b9u), I128(0x3d98906u, 0x2f4d4c8650d7d13fu), LOW(0x78f85u),
	  I128(0x3u, 0x2d1634b4b4653253u), true, INT64_C(5876459071898), true, INT64_C(2424141) },
	{ I128(0x2dc747du, 0xbff29101f3001ceeu), LOW(0xced84a1d3au), I128(0x32u, 0x8c8f95ef04a012e9u),
	  LOW(0x6b385u), true, INT64_C(1920953162522), true, INT64_C(1385985) },
	{ I128(0x1297b0u, 0xd75b1e249419cf4du), I128(0xf3c10cu, 0x324f3e81f453324eu),
	  I128(0x3bu, 0x3eff8b3fc177f114u), I128(0x1du, 0xf129c8c6d1ca4dc5u), true, INT64_C(10972597262),
	  true, INT64_C(104750) },
};

static void test_quotients_and_roots_round_half_away(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_wide n = sl_wide_mul(sl_wide_of(cases[i].a), sl_wide_of(cases[i].b));
		struct sl_wide m = sl_wide_mul(sl_wide_of(cases[i].c), sl_wide_of(cases[i].d));
		int64_t v = 1;
		assert_int_equal(sl_wide_div_round(n, m, &v), cases[i].divides);
		assert_true(v == cases[i].quotient);
		v = 1;
		assert_int_equal(sl_wide_root_round(n, m, &v), cases[i].has_root);
		assert_true(v == cases[i].root);
	}
}

/* (a + b)^2 - (a - b)^2 = 4ab, for every sign of a and b. */
static void test_sums_carry_and_borrow_through_all_limbs(void **state)
{
	const sl_i128 values[] = { 0, 1, -1, INT64_MAX, INT64_MIN, MOST, -MOST, -MOST - 1, (sl_i128)1 << 64 };
	const size_t n = sizeof values / sizeof values[0];

	(void)state;
	for (size_t i = 0; i < n * n; i++) {
		struct sl_wide a = sl_wide_of(values[i / n]), b = sl_wide_of(values[i % n]);
		struct sl_wide s = sl_wide_add(a, b), d = sl_wide_sub(a, b);
		struct sl_wide left = sl_wide_sub(sl_wide_mul(s, s), sl_wide_mul(d, d));
		struct sl_wide right = sl_wide_mul(sl_wide_of(4), sl_wide_mul(a, b));
		struct sl_wide none = sl_wide_sub(left, right);
		assert_int_equal(sl_wide_sign(&a), (values[i / n] > 0) - (values[i / n] < 0));
		assert_int_equal(sl_wide_sign(&none), 0);
		assert_false(none.overflow);
		assert_int_equal(sl_wide_sign(&right), sl_wide_sign(&a) * sl_wide_sign(&b));
	}
}

/* (a · b + r) / b = a for 0 <= r < b, of numbers of many sizes, those of hard quotient limbs among them. */
static void test_division_gives_back_what_was_multiplied(void **state)
{
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct sl_wide x[3] = { { .negative = false } };
		for (int i = 0; i < 3; i++) {
			int limbs = 1 + (int)(seed % 12);
			for (int l = 0; l < limbs; l++) {
				seed ^= seed << 13;
				seed ^= seed >> 7;
				seed ^= seed << 17;
				x[i].limb[l] = seed % 5 == 0 ? UINT64_MAX : seed % 7 == 0 ? 0 : seed % 11 == 0 ? UINT64_C(1) << 63 : seed;
			}
			x[i].limb[limbs - 1] |= 1;
		}
		struct sl_wide a = x[0], b = x[1], r = x[2];
		r = sl_wide_sub(r, sl_wide_mul(sl_wide_div(r, b), b));
		assert_true(sl_wide_sign(&r) >= 0 && sl_wide_cmp_abs(&r, &b) < 0);
		struct sl_wide q = sl_wide_div(sl_wide_add(sl_wide_mul(a, b), r), b);
		assert_int_equal(sl_wide_cmp_abs(&q, &a), 0);
		b.negative = true;
		q = sl_wide_div(sl_wide_mul(a, b), b);
		assert_true(!q.negative && sl_wide_cmp_abs(&q, &a) == 0);
	}
	struct sl_wide none = sl_wide_of(0), one = sl_wide_of(1), q = sl_wide_div(none, one);
	assert_true(sl_wide_div(one, none).overflow);
	assert_int_equal(sl_wide_sign(&q), 0);
}

static void test_what_leaves_4096_bits_is_nothing(void **state)
{
	struct sl_wide most = sl_wide_of(MOST), big = sl_wide_mul(most, most), one = sl_wide_of(1);
	int64_t v = 1;

	(void)state;
	for (int i = 0; i < 4; i++)
		big = sl_wide_mul(big, big); /* not quite 2^4064 */
	assert_false(big.overflow);
	struct sl_wide over = sl_wide_mul(big, sl_wide_of((sl_i128)1 << 33));
	assert_true(over.overflow);
	assert_true(sl_wide_add(over, one).overflow && sl_wide_sub(one, over).overflow && sl_wide_mul(one, over).overflow);
	assert_true(sl_wide_mul(over, sl_wide_of(0)).overflow);
	assert_false(sl_wide_div_round(over, over, &v));
	assert_int_equal(v, 0);
	assert_false(sl_wide_root_round(one, over, &v));
	assert_true(sl_wide_div_round(big, big, &v));
	assert_int_equal(v, 1);
	for (int i = 0; i < 33; i++)
		big = sl_wide_add(big, big); /* 2^4097 */
	assert_true(big.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quotients_and_roots_round_half_away),
		cmocka_unit_test(test_sums_carry_and_borrow_through_all_limbs),
		cmocka_unit_test(test_division_gives_back_what_was_multiplied),
		cmocka_unit_test(test_what_leaves_4096_bits_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
