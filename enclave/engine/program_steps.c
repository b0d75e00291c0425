/*
 * program_steps.c - the loops of program.h's steps that give numbers. See program_loop.h; those that give true or false
 * are in program_truth.c, those of dates in program_dates.c.
 */
#include "enclave/engine/program_loop.h"

#include <string.h>

const uint8_t *sl_marks_either(const struct sl_frame *f)
{
	uint8_t *restrict own = f->out->own;
	const uint8_t *restrict a = f->a.nulls, *restrict b = f->b.nulls;

	if (a == NULL && b == NULL)
		return NULL;
	if (a == NULL || b == NULL) {
		memcpy(own, a != NULL ? a : b, f->rows);
		return own;
	}
	SL_EACH_ROW(f)
		own[r] = a[r] | b[r];
	return own;
}

static void add_marks(uint8_t *restrict own, const uint8_t *restrict nulls, uint32_t rows)
{
	if (nulls != NULL)
		for (uint32_t r = 0; r < rows; r++)
			own[r] |= nulls[r];
}

const uint8_t *sl_marks_settle(const struct sl_frame *f, bool any)
{
	if (!any)
		return sl_marks_either(f);
	add_marks(f->out->own, f->a.nulls, f->rows);
	add_marks(f->out->own, f->b.nulls, f->rows);
	return f->out->own;
}

/* b where taken is 1, else a. */
static inline int64_t either_of(uint8_t taken, int64_t a, int64_t b)
{
	return a ^ ((a ^ b) & -(int64_t)taken);
}

/* Whether all numbers lie in [-2^bits, 2^bits). */
static bool all_within(const int64_t *restrict values, uint32_t bits, uint32_t rows)
{
	uint64_t any = 0, bound = UINT64_C(1) << bits;

	for (uint32_t r = 0; r < rows; r++)
		any |= (uint64_t)values[r] + bound;
	return any >> bits < 2;
}

static const uint8_t *fill_marks(const struct sl_frame *f, bool missing)
{
	if (!missing)
		return NULL;
	memset(f->out->own, 1, f->rows);
	return f->out->own;
}

static const uint8_t *run_fill(const struct sl_step *s, const struct sl_frame *f)
{
	int64_t *restrict out = f->out->values;

	SL_EACH_ROW(f)
		out[r] = s->k;
	return fill_marks(f, s->missing);
}

static const uint8_t *run_fill_mask(const struct sl_step *s, const struct sl_frame *f)
{
	memset(f->out->mask, s->k != 0, f->rows);
	return fill_marks(f, s->missing);
}

static const uint8_t *run_copy(const struct sl_step *s, const struct sl_frame *f)
{
	(void)s;
	memcpy(f->out->values, f->a.values, f->rows * sizeof *f->out->values);
	return sl_marks_either(f);
}

static const uint8_t *run_copy_mask(const struct sl_step *s, const struct sl_frame *f)
{
	(void)s;
	memcpy(f->out->mask, f->a.mask, f->rows);
	return sl_marks_either(f);
}

static const uint8_t *run_narrow(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = a[r] != 0;
	return sl_marks_either(f);
}

static const uint8_t *run_rescale(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values;
	uint8_t *restrict own = f->out->own;
	uint64_t k = (uint64_t)s->k;
	uint8_t any = 0;

	if (all_within(a, (uint32_t)__builtin_clzll(k) - 1, f->rows)) {
		SL_EACH_ROW(f)
			out[r] = (int64_t)((uint64_t)a[r] * k);
		return sl_marks_either(f);
	}
	SL_EACH_ROW(f) {
		own[r] = __builtin_mul_overflow(a[r], s->k, &out[r]);
		any |= own[r];
	}
	return sl_marks_settle(f, any);
}

/* Only the least number has no opposite. */
static const uint8_t *mark_least(const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	uint8_t *restrict own = f->out->own;
	uint8_t any = 0;

	SL_EACH_ROW(f) {
		own[r] = a[r] == INT64_MIN;
		any |= own[r];
	}
	return sl_marks_settle(f, any);
}

static const uint8_t *run_neg(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = (int64_t)(0 - (uint64_t)a[r]);
	return mark_least(f);
}

static const uint8_t *run_abs(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values;

	(void)s;
	SL_EACH_ROW(f) {
		uint64_t sign = 0 - ((uint64_t)a[r] >> 63);
		out[r] = (int64_t)(((uint64_t)a[r] ^ sign) - sign);
	}
	return mark_least(f);
}

/* A sum or difference overflowed somewhere: mark where. */
static const uint8_t *mark_overflow(const struct sl_frame *f, bool sum)
{
	uint8_t *restrict own = f->out->own;
	int64_t unused;

	SL_EACH_ROW(f) {
		bool over = sum ? __builtin_add_overflow(f->a.values[r], f->b.values[r], &unused)
		                : __builtin_sub_overflow(f->a.values[r], f->b.values[r], &unused);
		own[r] = over;
	}
	return sl_marks_settle(f, true);
}

static const uint8_t *run_add(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	int64_t *restrict out = f->out->values;
	uint64_t overflowed = 0;

	(void)s;
	SL_EACH_ROW(f) {
		uint64_t x = (uint64_t)a[r], y = (uint64_t)b[r], sum = x + y;
		out[r] = (int64_t)sum;
		overflowed |= (x ^ sum) & (y ^ sum);
	}
	return overflowed >> 63 ? mark_overflow(f, true) : sl_marks_either(f);
}

static const uint8_t *run_sub(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	int64_t *restrict out = f->out->values;
	uint64_t overflowed = 0;

	(void)s;
	SL_EACH_ROW(f) {
		uint64_t x = (uint64_t)a[r], y = (uint64_t)b[r], difference = x - y;
		out[r] = (int64_t)difference;
		overflowed |= (x ^ y) & (x ^ difference);
	}
	return overflowed >> 63 ? mark_overflow(f, false) : sl_marks_either(f);
}

static const uint8_t *run_mul(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	int64_t *restrict out = f->out->values;
	uint8_t *restrict own = f->out->own;
	uint8_t any = 0;

	(void)s;
	if (all_within(a, 31, f->rows) && all_within(b, 31, f->rows)) {
		SL_EACH_ROW(f)
			out[r] = a[r] * b[r];
		return sl_marks_either(f);
	}
	SL_EACH_ROW(f) {
		own[r] = __builtin_mul_overflow(a[r], b[r], &out[r]);
		any |= own[r];
	}
	return sl_marks_settle(f, any);
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

/* x * y / by as sl_div_round has it; nearly every product fits 64 bits, and to divide 128 takes far longer. */
static bool scaled_quotient(int64_t x, int64_t y, int64_t by, int64_t *out)
{
	int64_t product;

	*out = 0;
	if (by == 0)
		return false;
	if (__builtin_mul_overflow(x, y, &product))
		return sl_div_round((sl_i128)x * y, by, out);
	uint64_t whole = magnitude(product), part = magnitude(by), quotient = whole / part, rest = whole % part;
	bool negative = (product < 0) != (by < 0);
	quotient += rest >= part - rest;
	*out = (int64_t)(negative ? 0 - quotient : quotient);
	return quotient <= (uint64_t)INT64_MAX + (negative ? 1 : 0);
}

static const uint8_t *run_mul_round(const struct sl_step *s, const struct sl_frame *f)
{
	uint8_t any = 0;

	SL_EACH_ROW(f) {
		f->out->own[r] = !scaled_quotient(f->a.values[r], f->b.values[r], s->k, &f->out->values[r]);
		any |= f->out->own[r];
	}
	return sl_marks_settle(f, any);
}

static const uint8_t *run_div(const struct sl_step *s, const struct sl_frame *f)
{
	uint8_t any = 0;

	SL_EACH_ROW(f) {
		f->out->own[r] = !scaled_quotient(f->a.values[r], s->k, f->b.values[r], &f->out->values[r]);
		any |= f->out->own[r];
	}
	return sl_marks_settle(f, any);
}

static const uint8_t *run_idiv(const struct sl_step *s, const struct sl_frame *f)
{
	uint8_t any = 0;

	(void)s;
	SL_EACH_ROW(f) {
		int64_t a = f->a.values[r], b = f->b.values[r];
		bool none = b == 0 || (a == INT64_MIN && b == -1);
		f->out->values[r] = a / (none ? 1 : b);
		f->out->own[r] = none;
		any |= none;
	}
	return sl_marks_settle(f, any);
}

static const uint8_t *run_mod(const struct sl_step *s, const struct sl_frame *f)
{
	uint8_t any = 0;

	(void)s;
	SL_EACH_ROW(f) {
		int64_t b = f->b.values[r];
		f->out->values[r] = f->a.values[r] % (b == 0 || b == -1 ? 1 : b);
		f->out->own[r] = b == 0;
		any |= f->out->own[r];
	}
	return sl_marks_settle(f, any);
}

/* Division of |a| < 2^32 by multiplying with 2^64 over the divisor, rounded up (Lemire, Kaser and Kurz 2019). */
static inline int64_t quick_quotient(int64_t a, uint64_t inverse)
{
	uint64_t sign = 0 - ((uint64_t)a >> 63), size = ((uint64_t)a ^ sign) - sign;
	uint64_t quotient = (uint64_t)(((unsigned __int128)size * inverse) >> 64);

	return (int64_t)((quotient ^ sign) - sign);
}

static const uint8_t *run_idiv_by(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values, k = s->k;
	uint64_t inverse = UINT64_MAX / (uint64_t)k + 1;

	if (all_within(a, 31, f->rows))
		SL_EACH_ROW(f)
			out[r] = quick_quotient(a[r], inverse);
	else
		SL_EACH_ROW(f)
			out[r] = a[r] / k;
	return sl_marks_either(f);
}

static const uint8_t *run_mod_by(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	int64_t *restrict out = f->out->values, k = s->k;
	uint64_t inverse = UINT64_MAX / (uint64_t)k + 1;

	if (all_within(a, 31, f->rows))
		SL_EACH_ROW(f)
			out[r] = a[r] - quick_quotient(a[r], inverse) * k;
	else
		SL_EACH_ROW(f)
			out[r] = a[r] % k;
	return sl_marks_either(f);
}

static const uint8_t *blend_marks(const struct sl_frame *f, bool missing)
{
	const uint8_t *restrict taken = f->a.mask, *restrict nulls = f->b.nulls;
	uint8_t *restrict own = f->out->own;

	if (f->out->nulls == NULL && nulls == NULL && !missing)
		return NULL;
	if (f->out->nulls == NULL)
		memset(own, 0, f->rows);
	if (nulls == NULL)
		SL_EACH_ROW(f)
			own[r] = taken[r] ? missing : own[r];
	else
		SL_EACH_ROW(f)
			own[r] = taken[r] ? nulls[r] : own[r];
	return own;
}

static const uint8_t *run_blend(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict taken = f->a.mask;
	const int64_t *restrict b = f->b.values;
	int64_t *restrict out = f->out->values;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = either_of(taken[r], out[r], b[r]);
	return blend_marks(f, false);
}

static const uint8_t *run_blend_fill(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict taken = f->a.mask;
	int64_t *restrict out = f->out->values;
	int64_t k = s->k;

	SL_EACH_ROW(f)
		out[r] = either_of(taken[r], out[r], k);
	return blend_marks(f, s->missing);
}

static const uint8_t *run_blend_mask(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict taken = f->a.mask, *restrict b = f->b.mask;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = taken[r] ? b[r] : out[r];
	return blend_marks(f, false);
}

static const uint8_t *(*const loops[SL_STEP_COUNT_])(const struct sl_step *, const struct sl_frame *) = {
	[SL_STEP_FILL] = run_fill,
	[SL_STEP_FILL_MASK] = run_fill_mask,
	[SL_STEP_COPY] = run_copy,
	[SL_STEP_COPY_MASK] = run_copy_mask,
	[SL_STEP_NARROW] = run_narrow,
	[SL_STEP_RESCALE] = run_rescale,
	[SL_STEP_NEG] = run_neg,
	[SL_STEP_ABS] = run_abs,
	[SL_STEP_ADD] = run_add,
	[SL_STEP_SUB] = run_sub,
	[SL_STEP_MUL] = run_mul,
	[SL_STEP_MUL_ROUND] = run_mul_round,
	[SL_STEP_DIV] = run_div,
	[SL_STEP_IDIV] = run_idiv,
	[SL_STEP_MOD] = run_mod,
	[SL_STEP_IDIV_BY] = run_idiv_by,
	[SL_STEP_MOD_BY] = run_mod_by,
	[SL_STEP_DATE_PART] = sl_loop_date_part,
	[SL_STEP_MONTHS] = sl_loop_months,
	[SL_STEP_LESS] = sl_loop_less,
	[SL_STEP_EQUAL] = sl_loop_equal,
	[SL_STEP_LESS_WIDE] = sl_loop_less_wide,
	[SL_STEP_EQUAL_WIDE] = sl_loop_equal_wide,
	[SL_STEP_EQUAL_MASK] = sl_loop_equal_mask,
	[SL_STEP_RANGE] = sl_loop_range,
	[SL_STEP_DATE_RANGE] = sl_loop_date_range,
	[SL_STEP_ANY_OF] = sl_loop_any_of,
	[SL_STEP_BITMAP] = sl_loop_bitmap,
	[SL_STEP_SEARCH] = sl_loop_search,
	[SL_STEP_AND] = sl_loop_and,
	[SL_STEP_OR] = sl_loop_or,
	[SL_STEP_NOT] = sl_loop_not,
	[SL_STEP_IS_NULL] = sl_loop_is_null,
	[SL_STEP_IS_TRUE] = sl_loop_is_true,
	[SL_STEP_BLEND] = run_blend,
	[SL_STEP_BLEND_FILL] = run_blend_fill,
	[SL_STEP_BLEND_MASK] = run_blend_mask,
};

void sl_step_run(const struct sl_step *step, struct sl_vector a, struct sl_vector b, struct sl_register *out,
                 uint32_t rows)
{
	const struct sl_frame f = { .a = a, .b = b, .out = out, .rows = rows };

	SL_REQUIRE(step->kind != SL_STEP_NONE && step->kind < SL_STEP_COUNT_);
	out->nulls = loops[step->kind](step, &f);
}
