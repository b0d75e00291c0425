/* unpack.c - see unpack.h. Numbers are unpacked in blocks of eight, which begin at a byte whatever their width. */
#include "enclave/vault/unpack.h"

#define BLOCK_ROWS 8u

/* So many whole blocks, the first at `at`. */
typedef void unpack_blocks(const uint8_t *at, uint32_t width, uint64_t base, uint32_t blocks, int64_t *out);

/* With w a constant, each number is a load, a shift and a mask at places that the compiler knows. */
static inline __attribute__((always_inline)) void unpack_of(const uint8_t *at, const uint32_t w, uint64_t base,
                                                            uint32_t blocks, int64_t *out)
{
	for (uint32_t b = 0; b < blocks; b++, at += w, out += BLOCK_ROWS) {
#pragma GCC unroll 8
		for (uint32_t k = 0; k < BLOCK_ROWS; k++)
			out[k] = (int64_t)(base + sl_unpack_bits(at, k * w, w));
	}
}

#define WIDTH(w) \
	case w: \
		unpack_of(at, w, base, blocks, out); \
		return;
#define WIDTHS(w) \
	WIDTH(w) WIDTH(w + 1) WIDTH(w + 2) WIDTH(w + 3) WIDTH(w + 4) WIDTH(w + 5) WIDTH(w + 6) WIDTH(w + 7)

static void blocks_anywhere(const uint8_t *at, uint32_t width, uint64_t base, uint32_t blocks, int64_t *out)
{
	switch (width) {
		WIDTHS(1)
		WIDTHS(9)
		WIDTHS(17)
		WIDTHS(25)
		WIDTHS(33)
		WIDTHS(41)
		WIDTHS(49)
		WIDTHS(57)
	default:
		return;
	}
}

#ifdef __x86_64__
#include <immintrin.h>

/* Eight numbers of more bits have one that lies in nine bytes. */
#define VECTOR_WIDTH_MAX 57u
#define HALF_WIDTH_MAX 32u

bool sl_unpack_has_vectors(void)
{
	return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl");
}

#define VECTORS __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))

/* A block's bytes, and not one behind. Half a vector is enough for most, and lies less often in two cache lines. */
static inline __attribute__((always_inline)) VECTORS __m512i load_block(const uint8_t *at, uint32_t width, bool few)
{
	if (few)
		return _mm512_castsi256_si512(_mm256_maskz_loadu_epi8((__mmask32)((UINT64_C(1) << width) - 1), at));
	return _mm512_maskz_loadu_epi8((UINT64_C(1) << width) - 1, at);
}

/* The bytes that each number begins in go to a lane of its own, then the bits before and behind it go. */
static inline __attribute__((always_inline)) VECTORS void
blocks_of(const uint8_t *at, uint32_t width, uint64_t base, uint32_t blocks, int64_t *out, bool few)
{
	uint64_t bytes[BLOCK_ROWS], shifts[BLOCK_ROWS];

	for (uint32_t k = 0; k < BLOCK_ROWS; k++) {
		bytes[k] = k * width / 8 * UINT64_C(0x0101010101010101) + UINT64_C(0x0706050403020100);
		shifts[k] = k * width % 8;
	}
	const __m512i from = _mm512_loadu_si512(bytes), shift = _mm512_loadu_si512(shifts);
	const __m512i bits = _mm512_set1_epi64((int64_t)(UINT64_MAX >> (64 - width)));
	const __m512i add = _mm512_set1_epi64((int64_t)base);
	for (uint32_t b = 0; b < blocks; b++, at += width, out += BLOCK_ROWS) {
		__m512i v = _mm512_permutexvar_epi8(from, load_block(at, width, few));
		v = _mm512_and_si512(_mm512_srlv_epi64(v, shift), bits);
		_mm512_storeu_si512(out, _mm512_add_epi64(v, add));
	}
}

static VECTORS void blocks_by_vectors(const uint8_t *at, uint32_t width, uint64_t base, uint32_t blocks, int64_t *out)
{
	if (width <= HALF_WIDTH_MAX)
		blocks_of(at, width, base, blocks, out, true);
	else
		blocks_of(at, width, base, blocks, out, false);
}

static unpack_blocks *blocks_here(uint32_t width)
{
	return width <= VECTOR_WIDTH_MAX && sl_unpack_has_vectors() ? blocks_by_vectors : blocks_anywhere;
}
#else
bool sl_unpack_has_vectors(void)
{
	return false;
}

static unpack_blocks *blocks_here(uint32_t width)
{
	(void)width;
	return blocks_anywhere;
}
#endif

/* What does not fill a block. */
static void unpack_few(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows, int64_t *out)
{
	for (uint32_t i = 0; i < rows; i++)
		out[i] = (int64_t)(base + sl_unpack_at(packed, width, from + i));
}

static void unpack(unpack_blocks *by_blocks, const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from,
                   uint32_t rows, int64_t *out)
{
	uint32_t head = (BLOCK_ROWS - from % BLOCK_ROWS) % BLOCK_ROWS, blocks, tail;

	head = head < rows && width > 0 ? head : rows;
	blocks = (rows - head) / BLOCK_ROWS;
	tail = head + blocks * BLOCK_ROWS;
	unpack_few(packed, width, base, from, head, out);
	if (blocks > 0)
		by_blocks(packed + (size_t)(from + head) / 8 * width, width, base, blocks, out + head);
	unpack_few(packed, width, base, from + tail, rows - tail, out + tail);
}

void sl_unpack(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows, int64_t *out)
{
	unpack(blocks_here(width), packed, width, base, from, rows, out);
}

void sl_unpack_anywhere(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows,
                        int64_t *out)
{
	unpack(blocks_anywhere, packed, width, base, from, rows, out);
}
