/* sides.c - see sides.h. */
#include "enclave/engine/sides.h"

/* Numbers whose order without a sign is that of values: one subtraction tells below from not, and inside from above. */
#define UNSIGNED(v) ((uint64_t)(v) ^ UINT64_C(1) << 63)

/* Without a branch: where a row lies cannot be guessed. */
static inline __attribute__((always_inline)) void look_around(struct sl_bracket bracket, uint32_t from, uint32_t end,
                                                          const int64_t *values, struct sl_inside *in, uint16_t *below,
                                                          uint16_t *inside)
{
	uint64_t lo = UNSIGNED(bracket.lo), wide = UNSIGNED(bracket.hi) - lo, over;
	uint32_t under = 0, n = in->n;

	for (uint32_t r = from; r < end; r++) {
		in->rows[n] = (uint16_t)r;
		under += __builtin_sub_overflow(UNSIGNED(values[r]), lo, &over);
		n += over <= wide;
	}
	*below = (uint16_t)under;
	*inside = (uint16_t)(n - in->n);
	in->n = n;
}

void sl_sides_anywhere(const struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	for (uint32_t u = 0, at = 0; u < batch->ends.n; at = batch->ends.ends[u++]) {
		const struct sl_bracket *b = of[cells[at]].of;
		struct sl_unit_sides *o = &out[u];
		*o = (struct sl_unit_sides){ 0 };
		for (uint32_t k = 0; k < 1 + (uint32_t)two; k++)
			look_around(b[k], at, batch->ends.ends[u], values, &in[k], &o->below[k], &o->inside[k]);
	}
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

/* Of two times eight values, those of `valid`: which are below a bracket, and which inside. */
static inline __attribute__((always_inline)) VECTORS __mmask16 look_at(__m512i v, __m512i w, __mmask16 valid,
                                                                       struct sl_bracket bracket, __mmask16 *below)
{
	const __m512i lo = _mm512_set1_epi64(bracket.lo), hi = _mm512_set1_epi64(bracket.hi);
	__mmask8 left = (__mmask8)valid, right = (__mmask8)(valid >> 8);

	*below = _mm512_kunpackb(_mm512_mask_cmplt_epi64_mask(right, w, lo), _mm512_mask_cmplt_epi64_mask(left, v, lo));
	return _mm512_kandn(*below, _mm512_kunpackb(_mm512_mask_cmple_epi64_mask(right, w, hi),
	                                            _mm512_mask_cmple_epi64_mask(left, v, hi)));
}

static inline __attribute__((always_inline)) VECTORS void list_rows(struct sl_inside *in, uint32_t *n, __m256i rows,
                                                                    __mmask16 inside)
{
	_mm256_storeu_si256((__m256i *)(void *)(in->rows + *n), _mm256_maskz_compress_epi16(inside, rows));
	*n += (uint32_t)__builtin_popcount(inside);
}

static inline __attribute__((always_inline)) VECTORS void
sides_by_vectors(const struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                 const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                 struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	const __m256i each = _mm256_set_epi16(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	const uint16_t *ends = batch->ends.ends;
	uint32_t units = batch->ends.n, n_a = in[0].n, n_b = in[1].n;

	for (uint32_t u = 0, at = 0; u < units; at = ends[u++]) {
		const struct sl_bracket *b = of[cells[at]].of;
		uint32_t end = ends[u], before_a = n_a, before_b = n_b, below_a = 0, below_b = 0;
		for (uint32_t r = at; r < end; r += VECTOR_ROWS) { /* once for most units: that can be guessed */
			uint32_t n = end - r < VECTOR_ROWS ? end - r : VECTOR_ROWS;
			__mmask16 valid = (__mmask16)_bzhi_u32(0xffff, n), below;
			__m512i v = _mm512_maskz_loadu_epi64((__mmask8)valid, values + r);
			__m512i w = _mm512_maskz_loadu_epi64((__mmask8)(valid >> 8), values + r + 8);
			__m256i rows = _mm256_add_epi16(_mm256_set1_epi16((short)r), each);
			list_rows(&in[0], &n_a, rows, look_at(v, w, valid, b[0], &below));
			below_a += (uint32_t)__builtin_popcount(below);
			if (two) {
				list_rows(&in[1], &n_b, rows, look_at(v, w, valid, b[1], &below));
				below_b += (uint32_t)__builtin_popcount(below);
			}
		}
		out[u] = (struct sl_unit_sides){ { (uint16_t)below_a, (uint16_t)below_b },
			{ (uint16_t)(n_a - before_a), (uint16_t)(n_b - before_b) } };
	}
	in[0].n = n_a;
	in[1].n = n_b;
}

static VECTORS void sides_of_one(const struct sl_bracket_cell *of, const struct sl_batch *batch, const uint32_t *cells,
                                 const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                                 struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	sides_by_vectors(of, false, batch, cells, values, in, out);
}

static VECTORS void sides_of_two(const struct sl_bracket_cell *of, const struct sl_batch *batch, const uint32_t *cells,
                                 const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                                 struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	sides_by_vectors(of, true, batch, cells, values, in, out);
}

void sl_sides_of_units(const struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	if (!sl_sides_has_vectors())
		sl_sides_anywhere(of, two, batch, cells, values, in, out);
	else if (two)
		sides_of_two(of, batch, cells, values, in, out);
	else
		sides_of_one(of, batch, cells, values, in, out);
}
#else
bool sl_sides_has_vectors(void)
{
	return false;
}

void sl_sides_of_units(const struct sl_bracket_cell *of, bool two, const struct sl_batch *batch, const uint32_t *cells,
                       const int64_t *values, struct sl_inside in[static SL_BRACKET_PAIR],
                       struct sl_unit_sides out[static SL_BATCH_ROWS])
{
	sl_sides_anywhere(of, two, batch, cells, values, in, out);
}
#endif
