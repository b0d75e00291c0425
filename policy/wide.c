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

/* How many limbs say something. */
static int used(const struct sl_wide *a)
{
	int n = SL_WIDE_LIMBS;

	while (n > 0 && a->limb[n - 1] == 0)
		n--;
	return n;
}

struct sl_wide sl_wide_mul(struct sl_wide a, struct sl_wide b)
{
	struct sl_wide out = { .negative = a.negative != b.negative, .overflow = a.overflow || b.overflow };
	int na = used(&a), nb = used(&b);

	for (int i = 0; i < na; i++) {
		uint64_t carry = 0;
		int j = 0;
		for (; j < nb && i + j < SL_WIDE_LIMBS; j++) {
			u128 t = (u128)a.limb[i] * b.limb[j] + out.limb[i + j] + carry;
			out.limb[i + j] = (uint64_t)t;
			carry = (uint64_t)(t >> 64);
		}
		if (i + j < SL_WIDE_LIMBS)
			out.limb[i + j] = carry;
		else
			out.overflow = out.overflow || carry != 0 || (j < nb && a.limb[i] != 0);
	}
	return settled(out);
}

static int bits(const struct sl_wide *a)
{
	int n = used(a);

	return n == 0 ? 0 : 64 * n - __builtin_clzll(a->limb[n - 1]);
}

/* The n limbs at from, by `by` < 64 bits to the left; what is pushed out is returned. */
static uint64_t shift(uint64_t *to, const uint64_t *from, int n, int by)
{
	uint64_t carry = 0;

	for (int i = 0; i < n; i++) {
		uint64_t limb = from[i];
		to[i] = limb << by | carry;
		carry = by > 0 ? limb >> (64 - by) : 0;
	}
	return carry;
}

/* rest[0..n] -= v[0..n) * q; whether q was one too many, and v was added again. */
static bool take_off(uint64_t *rest, const uint64_t *v, int n, uint64_t q)
{
	uint64_t carry = 0, borrow = 0;

	for (int i = 0; i < n; i++) {
		u128 p = (u128)q * v[i] + carry, t = (u128)rest[i] - (uint64_t)p - borrow;
		carry = (uint64_t)(p >> 64);
		rest[i] = (uint64_t)t;
		borrow = (uint64_t)(t >> 64) & 1;
	}
	u128 top = (u128)rest[n] - carry - borrow;
	rest[n] = (uint64_t)top;
	if ((top >> 64) == 0)
		return false;
	carry = 0;
	for (int i = 0; i < n; i++) {
		u128 t = (u128)rest[i] + v[i] + carry;
		rest[i] = (uint64_t)t;
		carry = (uint64_t)(t >> 64);
	}
	rest[n] += carry;
	return true;
}

/* The next limb of a quotient: two limbs by one, corrected by a third. */
static uint64_t guess(const uint64_t *rest, const uint64_t *v, int n)
{
	u128 top = (u128)rest[n] << 64 | rest[n - 1], q = top / v[n - 1], r = top % v[n - 1];

	while ((q >> 64) != 0 || (n > 1 && (u128)(uint64_t)q * v[n - 2] > (r << 64 | rest[n - 2]))) {
		q--;
		r += v[n - 1];
		if ((r >> 64) != 0)
			break;
	}
	return (uint64_t)q;
}

/* Long division (Knuth, The Art of Computer Programming, vol. 2, 4.3.1, algorithm D). */
struct sl_wide sl_wide_div(struct sl_wide a, struct sl_wide b)
{
	struct sl_wide out = { .negative = a.negative != b.negative, .overflow = a.overflow || b.overflow };
	uint64_t rest[SL_WIDE_LIMBS + 1], v[SL_WIDE_LIMBS];
	int na = used(&a), n = used(&b);

	if (n == 0)
		out.overflow = true;
	if (n == 0 || na < n)
		return settled(out);
	int by = __builtin_clzll(b.limb[n - 1]);
	(void)shift(v, b.limb, n, by);
	rest[na] = shift(rest, a.limb, na, by);
	for (int i = na - n; i >= 0; i--) {
		uint64_t q = guess(rest + i, v, n);
		out.limb[i] = q - take_off(rest + i, v, n, q);
	}
	return settled(out);
}

/* (2v - 1)^2 * b <= 4 * a, that is v - 1/2 <= √(a / b): v is not above the rounded result. */
static bool reaches(const struct sl_wide *four_a, const struct sl_wide *b, uint64_t v)
{
	struct sl_wide odd = sl_wide_of(2 * (sl_i128)v - 1), left = sl_wide_mul(sl_wide_mul(odd, odd), *b);

	return !left.overflow && sl_wide_cmp_abs(&left, four_a) <= 0;
}

/* ⌊(2a + b) / 2b⌋. */
bool sl_wide_div_round(struct sl_wide a, struct sl_wide b, int64_t *out)
{
	bool negative = a.negative != b.negative;

	*out = 0;
	a.negative = b.negative = false;
	struct sl_wide q = sl_wide_div(sl_wide_add(sl_wide_add(a, a), b), sl_wide_add(b, b));
	if (q.overflow || used(&q) > 1 || q.limb[0] > (uint64_t)INT64_MAX + negative)
		return false;
	*out = negative ? (int64_t)-q.limb[0] : (int64_t)q.limb[0];
	return true;
}

/* Bit by bit from the first that can be set. */
bool sl_wide_root_round(struct sl_wide a, struct sl_wide b, int64_t *out)
{
	int top = (bits(&a) - bits(&b) + 2) / 2;
	struct sl_wide four = sl_wide_mul(a, sl_wide_of(4));
	uint64_t v = 0;

	*out = 0;
	if (a.negative || b.negative || b.overflow || four.overflow || bits(&b) == 0 || top > 64)
		return false;
	for (int i = top > 63 ? 63 : top; i >= 0; i--)
		if (reaches(&four, &b, v | UINT64_C(1) << i))
			v |= UINT64_C(1) << i;
	if (v > INT64_MAX)
		return false;
	*out = (int64_t)v;
	return true;
}
