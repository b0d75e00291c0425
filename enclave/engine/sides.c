/* sides.c - see sides.h. */
#include "enclave/engine/sides.h"

#include <string.h>

/* Numbers whose order without a sign is that of values: one subtraction tells below from not, and inside from above. */
#define UNSIGNED(v) ((uint64_t)(v) ^ UINT64_C(1) << 63)

/* Rows of the present unit: below a bracket, and up to its end. */
struct around {
	uint32_t below, upto;
};

/* Flags as sl_bracket_cell.units has them. */
static inline uint32_t flags_of(struct around a, uint32_t rows)
{
	return (uint32_t)(a.below > 0) | (uint32_t)(rows > a.upto) << 1;
}

/* A unit of so many rows, at its cell. Its rows inside are the last of the n that have been listed. */
static inline __attribute__((always_inline)) uint32_t tell(struct sl_bracket_cell *c, uint32_t k, uint32_t rows,
                                                           struct around a, struct sl_inside *in, uint32_t n)
{
	uint32_t flags = flags_of(a, rows), inside = a.upto - a.below;

	in->counted[n - inside] = (uint8_t)flags; /* with no row inside the next unit writes over it */
	c->rows[k] += SL_BRACKET_ROWS(a.below, inside);
	return flags << 2 * k;
}

/* Without a branch: where a row lies cannot be guessed. */
static inline __attribute__((always_inline)) struct around look_around(struct sl_bracket bracket, uint32_t from,
                                                                       uint32_t end, const int64_t *values,
                                                                       struct sl_inside *in)
{
	uint64_t lo = UNSIGNED(bracket.lo), wide = UNSIGNED(bracket.hi) - lo, over;
	uint32_t below = 0, n = in->n, before = n;

	for (uint32_t r = from; r < end; r++) {
		in->rows[n] = (uint16_t)r;
		below += __builtin_sub_overflow(UNSIGNED(values[r]), lo, &over);
		n += over <= wide;
	}
	in->n = n;
	return (struct around){ below, below + n - before };
}

/* Units from..to. */
static void sides_anywhere(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, uint32_t from,
                           uint32_t to, const uint32_t *cells, const int64_t *values,
                           struct sl_inside in[static SL_BRACKET_PAIR])
{
	const uint16_t *ends = batch->ends.ends;

	for (uint32_t u = from; u < to; u++) {
		uint32_t at = ends[u - 1], end = ends[u];
		struct sl_bracket_cell *c = &of[cells[at]];
		struct around a = look_around(c->of[0], at, end, values, &in[0]);
		uint32_t flags = tell(c, 0, end - at, a, &in[0], in[0].n);
		if (two) {
			a = look_around(c->of[1], at, end, values, &in[1]);
			flags |= tell(c, 1, end - at, a, &in[1], in[1].n);
		}
		c->units[flags]++;
	}
}

typedef void sides_of_range(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, uint32_t from,
                            uint32_t to, const uint32_t *cells, const int64_t *values,
                            struct sl_inside in[static SL_BRACKET_PAIR]);

/* The first or the last unit. */
static struct sl_unit_sides edge_of(const struct sl_bracket_cell *c, bool two, uint32_t from, uint32_t end,
                                    const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR])
{
	struct sl_unit_sides edge = { 0 };

	for (uint32_t k = 0; k < 1 + (uint32_t)two; k++) {
		struct around a = look_around(c->of[k], from, end, values, &in[k]);
		edge.below[k] = (uint16_t)a.below;
		edge.inside[k] = (uint16_t)(a.upto - a.below);
	}
	return edge;
}

static inline __attribute__((always_inline)) void
sides_of_units(sides_of_range *between, struct sl_bracket_cell *of, bool two, const struct sl_batch *batch,
               const uint32_t *cells, const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
               struct sl_unit_sides edges[static 2])
{
	const uint16_t *ends = batch->ends.ends;
	uint32_t units = batch->ends.n, last = units > 1 ? ends[units - 2] : 0;

	for (uint32_t k = 0; k < SL_BRACKET_PAIR; k++) {
		memset(in[k].counted, 0, batch->rows + 1);
		in[k].n = 0;
	}
	edges[0] = edges[1] = edge_of(&of[cells[0]], two, 0, ends[0], values, in);
	if (units < 2)
		return;
	between(of, two, batch, 1, units - 1, cells, values, in);
	edges[1] = edge_of(&of[cells[last]], two, last, batch->rows, values, in);
}

void sl_sides_anywhere(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides edges[static 2])
{
	sides_of_units(sides_anywhere, of, two, batch, cells, values, in, edges);
}

#ifdef __x86_64__
#include <immintrin.h>

#define VECTOR_ROWS 16u
#define VECTORS __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi2,bmi2,popcnt")))
_Static_assert(SL_SIDES_SLACK_ROWS >= VECTOR_ROWS, "a list is written a vector at a time");

bool sl_sides_has_vectors(void)
{
	return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2") &&
	       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

/* Up to sixteen values: twice eight or, where all of a batch are near, their 32 bits at once. */
struct sixteen {
	__m512i v, w, near;
	__mmask16 valid;
	__m256i rows;
};

static inline __attribute__((always_inline)) VECTORS struct sixteen load(const int64_t *values, uint32_t from,
                                                                         uint32_t end)
{
	const __m256i each = _mm256_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	const __m512i low = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
	struct sixteen s = { .valid = (__mmask16)_bzhi_u32(0xffff, end - from < 16 ? end - from : 16) };

	s.v = _mm512_maskz_loadu_epi64((__mmask8)s.valid, values + from);
	s.w = _mm512_maskz_loadu_epi64((__mmask8)(s.valid >> 8), values + from + 8);
	s.near = _mm512_permutex2var_epi32(s.v, low, s.w);
	s.rows = _mm256_add_epi16(_mm256_set1_epi16((short)from), each);
	return s;
}

/* Rows inside of the k-th bracket are listed from `list` on. */
static inline __attribute__((always_inline)) VECTORS struct around
look_at(const struct sixteen *s, const struct sl_bracket_cell *c, uint32_t k, bool near, uint16_t *list)
{
	__mmask8 left = (__mmask8)s->valid, right = (__mmask8)(s->valid >> 8);
	__mmask16 below, upto;

	if (near) {
		below = _mm512_mask_cmplt_epi32_mask(s->valid, s->near, _mm512_set1_epi32(c->near[k].lo));
		upto = _mm512_mask_cmple_epi32_mask(s->valid, s->near, _mm512_set1_epi32(c->near[k].hi));
	} else {
		const __m512i lo = _mm512_set1_epi64(c->of[k].lo), hi = _mm512_set1_epi64(c->of[k].hi);
		below = _mm512_kunpackb(_mm512_mask_cmplt_epi64_mask(right, s->w, lo),
		                        _mm512_mask_cmplt_epi64_mask(left, s->v, lo));
		upto = _mm512_kunpackb(_mm512_mask_cmple_epi64_mask(right, s->w, hi),
		                       _mm512_mask_cmple_epi64_mask(left, s->v, hi));
	}
	_mm256_storeu_si256((__m256i *)(void *)list, _mm256_maskz_compress_epi16(_mm512_kandn(below, upto), s->rows));
	return (struct around){ (uint32_t)_mm_popcnt_u32(_cvtmask16_u32(below)),
		(uint32_t)_mm_popcnt_u32(_cvtmask16_u32(upto)) };
}

/* A unit of more rows than a vector has. */
static __attribute__((noinline)) VECTORS void look_long(const struct sl_bracket_cell *c, bool two, bool near,
                                                        uint32_t from, uint32_t end, const int64_t *values,
                                                        struct sl_inside in[static SL_BRACKET_PAIR],
                                                        struct around around[static SL_BRACKET_PAIR])
{
	for (uint32_t r = from; r < end; r += VECTOR_ROWS) {
		struct sixteen s = load(values, r, end);
		for (uint32_t k = 0; k < 1 + (uint32_t)two; k++) {
			struct around here = look_at(&s, c, k, near, in[k].rows + in[k].n);
			in[k].n += here.upto - here.below;
			around[k].below += here.below;
			around[k].upto += here.upto;
		}
	}
}

static inline __attribute__((always_inline)) VECTORS void
by_vectors(struct sl_bracket_cell *of, bool two, bool near, const uint16_t *ends, uint32_t from, uint32_t to,
           const uint32_t *cells, const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR])
{
	uint32_t n_a = in[0].n, n_b = in[1].n;

	for (uint32_t u = from, at = ends[from - 1]; u < to; u++) {
		struct sl_bracket_cell *c = &of[cells[at]];
		struct around around[SL_BRACKET_PAIR] = { { 0, 0 } };
		uint32_t end = ends[u], rows = end - at;
		if (__builtin_expect(rows <= VECTOR_ROWS, 1)) {
			struct sixteen s = load(values, at, end);
			around[0] = look_at(&s, c, 0, near, in[0].rows + n_a);
			n_a += around[0].upto - around[0].below;
			if (two)
				around[1] = look_at(&s, c, 1, near, in[1].rows + n_b);
			n_b += around[1].upto - around[1].below;
		} else {
			in[0].n = n_a;
			in[1].n = n_b;
			look_long(c, two, near, at, end, values, in, around);
			n_a = in[0].n;
			n_b = in[1].n;
		}
		at = end;
		uint32_t flags = tell(c, 0, rows, around[0], &in[0], n_a);
		if (two)
			flags |= tell(c, 1, rows, around[1], &in[1], n_b);
		c->units[flags]++;
	}
	in[0].n = n_a;
	in[1].n = n_b;
}

static VECTORS bool are_near(const int64_t *values, uint32_t rows)
{
	const __m512i near = _mm512_set1_epi64(SL_BRACKET_NEAR);
	__m512i all = _mm512_setzero_si512();
	uint64_t rest = 0;
	uint32_t r = 0;

	for (; r + 8 <= rows; r += 8)
		all = _mm512_or_si512(all, _mm512_add_epi64(_mm512_loadu_si512(values + r), near));
	for (; r < rows; r++)
		rest |= (uint64_t)values[r] + SL_BRACKET_NEAR;
	return ((uint64_t)_mm512_reduce_or_epi64(all) | rest) < 2 * SL_BRACKET_NEAR;
}

static VECTORS void sides_by_vectors(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, uint32_t from,
                                     uint32_t to, const uint32_t *cells, const int64_t *values,
                                     struct sl_inside in[static SL_BRACKET_PAIR])
{
	const uint16_t *ends = batch->ends.ends;
	bool near = are_near(values, batch->rows);

	if (two && near)
		by_vectors(of, true, true, ends, from, to, cells, values, in);
	else if (two)
		by_vectors(of, true, false, ends, from, to, cells, values, in);
	else if (near)
		by_vectors(of, false, true, ends, from, to, cells, values, in);
	else
		by_vectors(of, false, false, ends, from, to, cells, values, in);
}

void sl_sides_of_units(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides edges[static 2])
{
	sides_of_units(sl_sides_has_vectors() ? sides_by_vectors : sides_anywhere, of, two, batch, cells, values, in, edges);
}
#else
bool sl_sides_has_vectors(void)
{
	return false;
}

void sl_sides_of_units(struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides edges[static 2])
{
	sl_sides_anywhere(of, two, batch, cells, values, in, edges);
}
#endif
