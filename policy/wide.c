/* wide.c - see wide.h: school arithmetic on 64-bit limbs. */
#include "policy/wide.h"

typedef unsigned __int128 u128;

static struct sl_wide settled(struct sl_wide a)
{
	uint64_t any = 0;

	for (int i = 0; i < SL_WIDE_LIMBS; i++)
		any |= a.limb[i];
	a.negative = a.negative && any != 0;
	return a;
}

struct sl_wide sl_wide_of(sl_i128 v)
{
	u128 abs = v < 0 ? -(u128)v : (u128)v;

	return (struct sl_wide){ .limb = { (uint64_t)abs, (uint64_t)(abs >> 64) }, .negative = v < 0 };
}

int sl_wide_cmp_abs(const struct sl_wide *a, const struct sl_wide *b)
{
	for (int i = SL_WIDE_LIMBS - 1; i >= 0; i--)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

int sl_wide_sign(const struct sl_wide *a)
{
	static const struct sl_wide zero;
	int sign = sl_wide_cmp_abs(a, &zero);

	return a->negative ? -sign : sign;
}

/* |a| + |b| with the sign of a. */
static struct sl_wide add_abs(struct sl_wide a, const struct sl_wide *b)
{
	uint64_t carry = 0;

	for (int i = 0; i < SL_WIDE_LIMBS; i++) {
		u128 t = (u128)a.limb[i] + b->limb[i] + carry;
		a.limb[i] = (uint64_t)t;
		carry = (uint64_t)(t >> 64);
	}
	a.overflow = a.overflow || b->overflow || carry != 0;
	return a;
}

/* |a| - |b| with the sign of a, for |a| not below |b|. */
static struct sl_wide sub_abs(struct sl_wide a, const struct sl_wide *b)
{
	uint64_t borrow = 0;

	for (int i = 0; i < SL_WIDE_LIMBS; i++) {
		u128 t = (u128)a.limb[i] - b->limb[i] - borrow;
		a.limb[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	a.overflow = a.overflow || b->overflow;
	return settled(a);
}

struct sl_wide sl_wide_add(struct sl_wide a, struct sl_wide b)
{
	if (a.negative == b.negative)
		return add_abs(a, &b);
	return sl_wide_cmp_abs(&a, &b) >= 0 ? sub_abs(a, &b) : sub_abs(b, &a);
}

struct sl_wide sl_wide_sub(struct sl_wide a, struct sl_wide b)
{
	b.negative = !b.negative;
	return settled(sl_wide_add(a, settled(b)));
}

struct sl_wide sl_wide_mul(struct sl_wide a, struct sl_wide b)
{
	struct sl_wide out = { .negative = a.negative != b.negative, .overflow = a.overflow || b.overflow };

	for (int i = 0; i < SL_WIDE_LIMBS; i++) {
		uint64_t carry = 0;
		if (a.limb[i] == 0)
			continue;
		for (int j = 0; i + j < SL_WIDE_LIMBS; j++) {
			u128 t = (u128)a.limb[i] * b.limb[j] + out.limb[i + j] + carry;
			out.limb[i + j] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
		out.overflow = out.overflow || carry != 0;
		for (int j = SL_WIDE_LIMBS - i; j < SL_WIDE_LIMBS; j++)
			out.overflow = out.overflow || b.limb[j] != 0;
	}
	return settled(out);
}

static int bits(const struct sl_wide *a)
{
	for (int i = SL_WIDE_LIMBS - 1; i >= 0; i--)
		if (a->limb[i] != 0)
			return 64 * i + 64 - __builtin_clzll(a->limb[i]);
	return 0;
}

/* (2v - 1)^power * b <= 2^power * a, that is v - 1/2 <= (a / b)^(1/power): v is not above the rounded result. */
static bool reaches(const struct sl_wide *a, const struct sl_wide *b, uint64_t v, int power)
{
	struct sl_wide odd = sl_wide_of(2 * (sl_i128)v - 1), left = sl_wide_mul(odd, *b), right = sl_wide_add(*a, *a);

	if (power == 2) {
		left = sl_wide_mul(odd, left);
		right = sl_wide_add(right, right);
	}
	return !left.overflow && !right.overflow && sl_wide_cmp_abs(&left, &right) <= 0;
}

/* The largest v that is reached, bit by bit from the first that can be set. */
static bool round_up_from(struct sl_wide a, struct sl_wide b, int power, uint64_t *out)
{
	int top = (bits(&a) - bits(&b) + power) / power;

	*out = 0;
	if (a.overflow || b.overflow || bits(&b) == 0 || bits(&a) > 64 * SL_WIDE_LIMBS - 2 || top > 64)
		return false;
	for (int i = top > 63 ? 63 : top; i >= 0; i--)
		if (reaches(&a, &b, *out | UINT64_C(1) << i, power))
			*out |= UINT64_C(1) << i;
	return true;
}

bool sl_wide_div_round(struct sl_wide a, struct sl_wide b, int64_t *out)
{
	bool negative = a.negative != b.negative;
	uint64_t v;

	a.negative = b.negative = false;
	*out = 0;
	if (!round_up_from(a, b, 1, &v) || v > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)-v : (int64_t)v;
	return true;
}

bool sl_wide_root_round(struct sl_wide a, struct sl_wide b, int64_t *out)
{
	uint64_t v;

	*out = 0;
	if (a.negative || b.negative || !round_up_from(a, b, 2, &v) || v > INT64_MAX)
		return false;
	*out = (int64_t)v;
	return true;
}
