/* program_truth.c - the loops of steps that give true or false: comparisons, members of a set, Kleene's logic. */
#include "enclave/engine/program_loop.h"

#include <string.h>

#define SIGN (UINT64_C(1) << 63)

const uint8_t *sl_loop_less(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	uint8_t *restrict out = f->out->mask;
	uint8_t invert = s->invert;

	SL_EACH_ROW(f)
		out[r] = sl_below((uint64_t)a[r] ^ SIGN, (uint64_t)b[r] ^ SIGN) ^ invert;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_equal(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values, *restrict b = f->b.values;
	uint8_t *restrict out = f->out->mask;
	uint8_t same = !s->invert;

	SL_EACH_ROW(f)
		out[r] = sl_differ((uint64_t)a[r], (uint64_t)b[r]) ^ same;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_less_wide(const struct sl_step *s, const struct sl_frame *f)
{
	SL_EACH_ROW(f)
		f->out->mask[r] = ((sl_i128)f->a.values[r] * s->k < (sl_i128)f->b.values[r] * s->kb) != s->invert;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_equal_wide(const struct sl_step *s, const struct sl_frame *f)
{
	SL_EACH_ROW(f)
		f->out->mask[r] = ((sl_i128)f->a.values[r] * s->k == (sl_i128)f->b.values[r] * s->kb) != s->invert;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_equal_mask(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict a = f->a.mask, *restrict b = f->b.mask;
	uint8_t *restrict out = f->out->mask;
	uint8_t same = !s->invert;

	SL_EACH_ROW(f)
		out[r] = a[r] ^ b[r] ^ same;
	return sl_marks_either(f);
}

/* Below k wraps round to above the span: one comparison for both ends. */
const uint8_t *sl_loop_range(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	uint8_t *restrict out = f->out->mask;
	uint64_t first = (uint64_t)s->k, span = s->span;
	uint8_t otherwise = !s->invert;

	SL_EACH_ROW(f)
		out[r] = sl_below(span, (uint64_t)a[r] - first) ^ otherwise;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_any_of(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	uint8_t *restrict out = f->out->mask;

	memset(out, 0, f->rows);
	for (uint32_t i = 0; i < s->set->nitems; i++) {
		uint64_t item = (uint64_t)s->set->items[i].value;
		SL_EACH_ROW(f)
			out[r] |= sl_differ((uint64_t)a[r], item) ^ 1;
	}
	return sl_marks_either(f);
}

const uint8_t *sl_loop_bitmap(const struct sl_step *s, const struct sl_frame *f)
{
	const int64_t *restrict a = f->a.values;
	const uint64_t *restrict bits = s->bits;
	uint8_t *restrict out = f->out->mask;

	SL_EACH_ROW(f) {
		uint64_t at = (uint64_t)a[r] - (uint64_t)s->k, inside = at <= s->span;
		at = inside ? at : 0;
		out[r] = (uint8_t)(bits[at / 64] >> (at % 64) & inside);
	}
	return sl_marks_either(f);
}

/* The last item not above v is kept at `base`; the same number of moves for every row. */
const uint8_t *sl_loop_search(const struct sl_step *s, const struct sl_frame *f)
{
	SL_EACH_ROW(f) {
		const struct sl_set_item *base = s->set->items;
		int64_t v = f->a.values[r];
		for (uint32_t left = s->set->nitems; left > 1; left -= left / 2)
			base += base[left / 2].value <= v ? left / 2 : 0;
		f->out->mask[r] = base->value == v;
	}
	return sl_marks_either(f);
}

/* Kleene: a known `decides` settles a row whatever stands on the other side; the mask of a missing row is any bit. */
static const uint8_t *kleene(const struct sl_frame *f, uint8_t decides)
{
	uint8_t *restrict own = f->out->own;
	const uint8_t *restrict a = f->a.mask, *restrict b = f->b.mask;
	const uint8_t *restrict an = f->a.nulls, *restrict bn = f->b.nulls;

	if (an == NULL && bn == NULL)
		return NULL;
	if (an != NULL && bn != NULL) {
		SL_EACH_ROW(f) {
			uint8_t settled = (uint8_t)(((an[r] == 0) & (a[r] == decides)) | ((bn[r] == 0) & (b[r] == decides)));
			own[r] = (uint8_t)(((an[r] | bn[r]) != 0) & (settled ^ 1));
		}
		return own;
	}
	const uint8_t *restrict nulls = an != NULL ? an : bn, *restrict known = an != NULL ? b : a;
	SL_EACH_ROW(f)
		own[r] = (uint8_t)((nulls[r] != 0) & (known[r] != decides));
	return own;
}

const uint8_t *sl_loop_and(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict a = f->a.mask, *restrict b = f->b.mask;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = a[r] & b[r];
	return kleene(f, 0);
}

const uint8_t *sl_loop_or(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict a = f->a.mask, *restrict b = f->b.mask;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = a[r] | b[r];
	return kleene(f, 1);
}

const uint8_t *sl_loop_not(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict a = f->a.mask;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	SL_EACH_ROW(f)
		out[r] = a[r] ^ 1;
	return sl_marks_either(f);
}

const uint8_t *sl_loop_is_null(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict nulls = f->a.nulls;
	uint8_t *restrict out = f->out->mask;
	uint8_t invert = s->invert;

	if (nulls == NULL)
		memset(out, invert, f->rows);
	else
		SL_EACH_ROW(f)
			out[r] = (uint8_t)((nulls[r] != 0) ^ invert);
	return NULL;
}

const uint8_t *sl_loop_is_true(const struct sl_step *s, const struct sl_frame *f)
{
	const uint8_t *restrict a = f->a.mask, *restrict nulls = f->a.nulls;
	uint8_t *restrict out = f->out->mask;

	(void)s;
	if (nulls == NULL)
		memcpy(out, a, f->rows);
	else
		SL_EACH_ROW(f)
			out[r] = a[r] & (nulls[r] == 0);
	return NULL;
}
