/* sides.c - see sides.h. */
#include "enclave/engine/sides.h"

#include <string.h>

_Static_assert(SL_HELD_ABOVE == 2 * SL_HELD_BELOW && SL_HELD_BELOW == 1, "a row's marks are a unit's flags");

/* Flags as sl_bracket_cell.units has them. */
static inline uint32_t flags_of(struct sl_sides s, uint32_t rows)
{
	return (uint32_t)(s.below > 0) | (uint32_t)(rows > s.upto) << 1;
}

/* A unit whose rows lie somewhere around the k-th bracket. Returns its flags, of a pair. */
static inline uint32_t tell(struct sl_bracket_cell *c, uint32_t k, uint32_t rows, struct sl_sides s, struct sl_held *h)
{
	uint32_t flags = flags_of(s, rows);

	if (s.upto > s.below)
		h->marks[s.first] = (uint8_t)(SL_HELD_FIRST | flags);
	c->sums.below[k] += s.below;
	return flags << 2 * k;
}

static inline void count_unit(struct sl_bracket_cell *c, uint32_t rows, uint32_t flags)
{
	c->units[flags]++;
	c->sums.units++;
	c->sums.rows += rows;
	c->most_rows = rows > c->most_rows ? rows : c->most_rows;
}

static inline void tell_unit(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *o, uint32_t u)
{
	uint32_t from = o->ends.ends[u - 1], end = o->ends.ends[u], flags = 0;
	struct sl_bracket_cell *c = &of[o->cells[u]];

	for (uint32_t k = 0; k < 1 + (uint32_t)o->two; k++) {
		uint32_t list = sl_brackets_list(o->cells[u], k);
		struct sl_sides s = sl_sides_of_rows(c, k, h, list, from, end, o->values);
		flags |= tell(c, k, end - from, s, h);
	}
	count_unit(c, end - from, flags);
}

void sl_sides_anywhere(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *order)
{
	for (uint32_t u = order->u; u < order->to; u++)
		tell_unit(of, h, order, u);
}

#ifdef __x86_64__
#include <immintrin.h>

#define VECTOR_ROWS 16u
#define UNITS_AT_ONCE 32u
#define FEW_ROWS 4u
#define AHEAD_ROWS 48u /* room that is fetched before it is written */
#define VECTORS __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512bitalg,avx512vbmi2,bmi2,popcnt")))
_Static_assert(SL_HELD_STEP_ROWS == VECTOR_ROWS, "a list is written a vector at a time");
_Static_assert(sizeof(struct sl_bracket_sums) == 16, "sums are added at once");

bool sl_sides_has_vectors(void)
{
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bitalg") &&
	       __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

/* Up to sixteen values: their 32 bits where all of a batch are near, else twice eight. */
struct sixteen {
	__m512i v, w;
};

/* Rows behind the last are loaded, too, of values that are near: they lie in take_near's room. */
static inline __attribute__((always_inline)) VECTORS struct sixteen load(const void *values, uint32_t from,
                                                                         uint32_t rows, bool near)
{
	uint32_t valid = _bzhi_u32(0xffff, rows < VECTOR_ROWS ? rows : VECTOR_ROWS);
	const int64_t *wide = (const int64_t *)values + from;
	struct sixteen s;

	s.v = near ? _mm512_loadu_si512((const int32_t *)values + from) : _mm512_maskz_loadu_epi64((__mmask8)valid, wide);
	s.w = near ? s.v : _mm512_maskz_loadu_epi64((__mmask8)(valid >> 8), wide + 8);
	return s;
}

/* Of rows that are valid, those below the k-th bracket, or not above it. */
static inline __attribute__((always_inline)) VECTORS __mmask16
below(const struct sixteen *s, __mmask16 valid, const struct sl_bracket_cell *c, uint32_t k, bool near)
{
	if (near)
		return _mm512_mask_cmplt_epi32_mask(valid, s->v, _mm512_set1_epi32(c->near[k].lo));
	const __m512i lo = _mm512_set1_epi64(c->of[k].lo);
	return _mm512_kunpackb(_mm512_mask_cmplt_epi64_mask((__mmask8)(valid >> 8), s->w, lo),
	                       _mm512_mask_cmplt_epi64_mask((__mmask8)valid, s->v, lo));
}

static inline __attribute__((always_inline)) VECTORS __mmask16
upto(const struct sixteen *s, __mmask16 valid, const struct sl_bracket_cell *c, uint32_t k, bool near)
{
	if (near)
		return _mm512_mask_cmple_epi32_mask(valid, s->v, _mm512_set1_epi32(c->near[k].hi));
	const __m512i hi = _mm512_set1_epi64(c->of[k].hi);
	return _mm512_kunpackb(_mm512_mask_cmple_epi64_mask((__mmask8)(valid >> 8), s->w, hi),
	                       _mm512_mask_cmple_epi64_mask((__mmask8)valid, s->v, hi));
}

/* Rows behind the last one of a list, whose end is not moved. */
static inline __attribute__((always_inline)) VECTORS void hold(const struct sixteen *s, __mmask16 inside, bool near,
                                                               void *values, uint32_t at)
{
	int64_t *wide = (int64_t *)values + at;

	if (near) {
		_mm512_storeu_si512((int32_t *)values + at, _mm512_maskz_compress_epi32(inside, s->v));
		return;
	}
	_mm512_storeu_si512(wide, _mm512_maskz_compress_epi64((__mmask8)inside, s->v));
	wide += _mm_popcnt_u32(_cvtmask16_u32(inside) & 0xff);
	_mm512_storeu_si512(wide, _mm512_maskz_compress_epi64((__mmask8)(inside >> 8), s->w));
}

/* What is told of the units of a batch, unit by unit: sides before anything is counted, so that many are at once. */
struct told {
	uint16_t below[SL_BRACKET_PAIR][SL_BATCH_ROWS + UNITS_AT_ONCE];  /* bit i: the i-th row lies below the bracket */
	uint16_t inside[SL_BRACKET_PAIR][SL_BATCH_ROWS + UNITS_AT_ONCE]; /* not above it, then inside */
	uint16_t held[SL_BRACKET_PAIR][SL_BATCH_ROWS + UNITS_AT_ONCE];   /* how many of them */
	uint16_t marks[SL_BRACKET_PAIR][SL_BATCH_ROWS + UNITS_AT_ONCE];  /* of the first of them */
	uint16_t holders[SL_BRACKET_PAIR][SL_BATCH_ROWS + UNITS_AT_ONCE]; /* units with a row inside, of which there are n */
	uint32_t n[SL_BRACKET_PAIR];
	uint16_t flags[SL_BATCH_ROWS + UNITS_AT_ONCE];
	uint16_t sums[SL_BATCH_ROWS + UNITS_AT_ONCE][4];                 /* as sl_bracket_sums */
};

/* Of a unit of more rows than a vector has none is told, until long_unit. */
static inline __attribute__((always_inline)) VECTORS void tell_sides(const struct sl_bracket_cell *of,
                                                                     const struct sl_sides_order *o, const void *values,
                                                                     bool two, bool near, struct told *t)
{
	const uint16_t *ends = o->ends.ends;
	const uint32_t *cells = o->cells;

	for (uint32_t u = o->u, to = o->to, at = ends[u - 1]; u < to; at = ends[u++]) {
		const struct sl_bracket_cell *c = &of[cells[u]];
		uint32_t rows = ends[u] - at;
		__mmask16 valid = _cvtu32_mask16(_bzhi_u32(0xffff, rows <= VECTOR_ROWS ? rows : 0));
		struct sixteen s = load(values, at, rows, near);
		_store_mask16((__mmask16 *)&t->below[0][u], below(&s, valid, c, 0, near));
		_store_mask16((__mmask16 *)&t->inside[0][u], upto(&s, valid, c, 0, near));
		if (!two)
			continue;
		_store_mask16((__mmask16 *)&t->below[1][u], below(&s, valid, c, 1, near));
		_store_mask16((__mmask16 *)&t->inside[1][u], upto(&s, valid, c, 1, near));
	}
}

/* Units u … u + 31: what follows from the masks of the k-th bracket. Returns their flags, which are a row's marks. */
static inline __attribute__((always_inline)) VECTORS __m512i count_sides(struct told *t, uint32_t u, uint32_t k,
                                                                         __mmask32 valid, __m512i units, __m512i rows,
                                                                         __m512i *below)
{
	const __m512i one = _mm512_set1_epi16(SL_HELD_BELOW), two = _mm512_set1_epi16(SL_HELD_ABOVE);
	__m512i lower = _mm512_loadu_si512(&t->below[k][u]), upper = _mm512_loadu_si512(&t->inside[k][u]);
	__m512i upto = _mm512_popcnt_epi16(upper), flags, held;

	*below = _mm512_popcnt_epi16(lower);
	flags = _mm512_maskz_mov_epi16(_mm512_test_epi16_mask(lower, lower), one);
	flags = _mm512_or_si512(flags, _mm512_maskz_mov_epi16(_mm512_cmpgt_epi16_mask(rows, upto), two));
	_mm512_storeu_si512(&t->inside[k][u], _mm512_andnot_si512(lower, upper));
	held = _mm512_sub_epi16(upto, *below);
	_mm512_storeu_si512(&t->held[k][u], held);
	__mmask32 holders = _mm512_mask_test_epi16_mask(valid, held, held);
	_mm512_storeu_si512(&t->holders[k][t->n[k]], _mm512_maskz_compress_epi16(holders, units));
	t->n[k] += (uint32_t)_mm_popcnt_u32(holders);
	_mm512_storeu_si512(&t->marks[k][u], _mm512_or_si512(flags, _mm512_set1_epi16(SL_HELD_FIRST)));
	return flags;
}

static VECTORS void count_all(const struct sl_sides_order *o, struct told *t)
{
	static const uint16_t numbers[UNITS_AT_ONCE] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
		20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31 };
	const __m512i ones = _mm512_set1_epi16(1);
	__m512i units = _mm512_add_epi16(_mm512_loadu_si512(numbers), _mm512_set1_epi16((int16_t)o->u));

	for (uint32_t u = o->u; u < o->to; u += UNITS_AT_ONCE) {
		__mmask32 valid = _bzhi_u32(UINT32_MAX, o->to - u < UNITS_AT_ONCE ? o->to - u : UNITS_AT_ONCE);
		__m512i rows = _mm512_sub_epi16(_mm512_maskz_loadu_epi16(valid, o->ends.ends + u),
		                                _mm512_maskz_loadu_epi16(valid, o->ends.ends + u - 1));
		__m512i below[SL_BRACKET_PAIR] = { _mm512_setzero_si512(), _mm512_setzero_si512() };
		__m512i flags = count_sides(t, u, 0, valid, units, rows, &below[0]);
		if (o->two)
			flags = _mm512_or_si512(flags, _mm512_slli_epi16(count_sides(t, u, 1, valid, units, rows, &below[1]), 2));
		_mm512_storeu_si512(&t->flags[u], flags);
		units = _mm512_add_epi16(units, _mm512_set1_epi16(UNITS_AT_ONCE));
		/* Four numbers a unit, as they are added: the units of each 128 bits come four at a time. */
		__m512i low = _mm512_unpacklo_epi16(below[0], below[1]), high = _mm512_unpackhi_epi16(below[0], below[1]);
		__m512i few = _mm512_unpacklo_epi16(rows, ones), more = _mm512_unpackhi_epi16(rows, ones);
		__m512i parts[] = { _mm512_unpacklo_epi32(low, few), _mm512_unpackhi_epi32(low, few),
			_mm512_unpacklo_epi32(high, more), _mm512_unpackhi_epi32(high, more) };
#pragma GCC unroll 4
		for (uint32_t i = 0; i < 4; i++) {
			uint16_t (*to)[4] = &t->sums[u + 2 * i];
			_mm_storeu_si128((__m128i *)(void *)to[0], _mm512_extracti32x4_epi32(parts[i], 0));
			_mm_storeu_si128((__m128i *)(void *)to[8], _mm512_extracti32x4_epi32(parts[i], 1));
			_mm_storeu_si128((__m128i *)(void *)to[16], _mm512_extracti32x4_epi32(parts[i], 2));
			_mm_storeu_si128((__m128i *)(void *)to[24], _mm512_extracti32x4_epi32(parts[i], 3));
		}
	}
}

/* Rows inside of the k-th bracket, to their lists: of units that have some. */
static inline __attribute__((always_inline)) VECTORS void put(struct sl_bracket_cell *of, struct sl_held *h,
                                                              const struct sl_sides_order *o, const void *values,
                                                              const struct told *t, uint32_t k, bool near)
{
	void *to = h->values;
	uint8_t *marks = h->marks;

	for (uint32_t i = 0; i < t->n[k]; i++) {
		uint32_t u = t->holders[k][i], from = o->ends.ends[u - 1], held = t->held[k][u], mark = t->marks[k][u];
		struct sl_bracket_cell *c = &of[o->cells[u]];
		uint32_t at = c->end[k].at;
		if (__builtin_expect(at >= c->end[k].full, 0)) {
			sl_held_turn(h, sl_brackets_list(o->cells[u], k), &c->end[k]);
			at = c->end[k].at;
		}
		struct sixteen s = load(values, from, o->ends.ends[u] - from, near);
		__mmask16 inside = _load_mask16((__mmask16 *)(uintptr_t)&t->inside[k][u]);
		if (near && __builtin_expect(held <= FEW_ROWS, 1)) { /* a store that seldom lies in two lines of the cache */
			__m512i rows = _mm512_maskz_compress_epi32(inside, s.v);
			_mm_storeu_si128((__m128i *)(void *)((int32_t *)to + at), _mm512_castsi512_si128(rows));
			memcpy(marks + at, &mark, FEW_ROWS);
		} else {
			hold(&s, inside, near, to, at);
			_mm_storeu_si128((__m128i *)(void *)(marks + at), _mm_cvtsi32_si128((int32_t)mark));
		}
		__builtin_prefetch((char *)to + (at + AHEAD_ROWS) * (near ? sizeof(int32_t) : sizeof(int64_t)), 1);
		c->end[k].at = at + held;
	}
}

/* The rows of a unit of more than a vector has. */
static __attribute__((noinline)) VECTORS void long_unit(struct sl_bracket_cell *of, struct sl_held *h,
                                                        const struct sl_sides_order *o, const void *values, bool near,
                                                        uint32_t u)
{
	uint32_t from = o->ends.ends[u - 1], rows = o->ends.ends[u] - from, cell = o->cells[u], flags = 0;
	struct sl_bracket_cell *c = &of[cell];

	for (uint32_t k = 0; k < 1 + (uint32_t)o->two; k++) {
		struct sl_sides sides = { 0 };
		for (uint32_t r = 0; r < rows; r += VECTOR_ROWS) {
			struct sixteen s = load(values, from + r, rows - r, near);
			__mmask16 valid = _cvtu32_mask16(_bzhi_u32(0xffff, rows - r < VECTOR_ROWS ? rows - r : VECTOR_ROWS));
			__mmask16 lower = below(&s, valid, c, k, near), upper = upto(&s, valid, c, k, near);
			if (c->end[k].at >= c->end[k].full)
				sl_held_turn(h, sl_brackets_list(cell, k), &c->end[k]);
			uint32_t at = c->end[k].at, n = (uint32_t)_mm_popcnt_u32(_cvtmask16_u32(lower));
			sides.first = sides.upto == sides.below ? at : sides.first;
			hold(&s, _kandn_mask16(lower, upper), near, h->values, at);
			_mm_storeu_si128((__m128i *)(void *)(h->marks + at), _mm_setzero_si128());
			sides.below += n;
			sides.upto += (uint32_t)_mm_popcnt_u32(_cvtmask16_u32(upper));
			c->end[k].at = at + (uint32_t)_mm_popcnt_u32(_cvtmask16_u32(upper)) - n;
		}
		flags |= tell(c, k, rows, sides, h);
	}
	count_unit(c, rows, flags);
}

static inline __attribute__((always_inline)) VECTORS void by_vectors(struct sl_bracket_cell *of, struct sl_held *h,
                                                                     const struct sl_sides_order *o,
                                                                     const void *values, bool two, bool near)
{
	const uint16_t *ends = o->ends.ends;
	const uint32_t *cells = o->cells;
	struct told t;

	t.n[0] = t.n[1] = 0;
	tell_sides(of, o, values, two, near, &t);
	count_all(o, &t);
	for (uint32_t u = o->u, to = o->to, at = ends[u - 1]; u < to; at = ends[u++]) {
		uint32_t rows = ends[u] - at;
		struct sl_bracket_cell *c = &of[cells[u]];
		if (__builtin_expect(rows > VECTOR_ROWS, 0)) {
			long_unit(of, h, o, values, near, u);
			continue;
		}
		__m128i *sums = (__m128i *)(void *)&c->sums;
		_mm_storeu_si128(sums, _mm_add_epi32(_mm_loadu_si128(sums), _mm_cvtepu16_epi32(_mm_loadl_epi64(
			(const __m128i *)(const void *)t.sums[u]))));
		if (__builtin_expect(rows > c->most_rows, 0))
			c->most_rows = rows;
		c->units[t.flags[u]]++;
	}
	put(of, h, o, values, &t, 0, near);
	if (two)
		put(of, h, o, values, &t, 1, near);
}

/* Values of a batch as 32 bits, with room behind them for one more vector. False: some are not near. */
static VECTORS bool take_near(const int64_t *values, uint32_t rows, int32_t *out)
{
	const __m512i near = _mm512_set1_epi64(SL_HELD_NEAR);
	const __m512i low = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
	__m512i all = _mm512_setzero_si512();
	uint64_t rest = 0;
	uint32_t r = 0;

	for (; r + VECTOR_ROWS <= rows; r += VECTOR_ROWS) {
		__m512i v = _mm512_loadu_si512(values + r), w = _mm512_loadu_si512(values + r + VECTOR_ROWS / 2);
		all = _mm512_or_si512(all, _mm512_or_si512(_mm512_add_epi64(v, near), _mm512_add_epi64(w, near)));
		_mm512_storeu_si512(out + r, _mm512_permutex2var_epi32(v, low, w));
	}
	for (; r < rows; r++) {
		rest |= (uint64_t)values[r] + SL_HELD_NEAR;
		out[r] = (int32_t)values[r];
	}
	return ((uint64_t)_mm512_reduce_or_epi64(all) | rest) < 2 * SL_HELD_NEAR;
}

static VECTORS void sides_by_vectors(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *o)
{
	int32_t near[SL_BATCH_ROWS + VECTOR_ROWS];

	if (h->near && !take_near(o->values, o->rows, near))
		h->overran = true;
	else if (h->near && o->two)
		by_vectors(of, h, o, near, true, true);
	else if (h->near)
		by_vectors(of, h, o, near, false, true);
	else if (o->two)
		by_vectors(of, h, o, o->values, true, false);
	else
		by_vectors(of, h, o, o->values, false, false);
}

void sl_sides_of_units(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *order)
{
	(sl_sides_has_vectors() ? sides_by_vectors : sl_sides_anywhere)(of, h, order);
}
#else
bool sl_sides_has_vectors(void)
{
	return false;
}

void sl_sides_of_units(struct sl_bracket_cell *of, struct sl_held *h, const struct sl_sides_order *order)
{
	sl_sides_anywhere(of, h, order);
}
#endif
