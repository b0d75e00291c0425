/*
 * unpack.h - numbers of a few bits, packed one behind the other, to 64 bits each. Used by chunk.c.
 *
 * Number i of `width` bits begins at bit i × width, least bit first. There are two ways with one outcome: for any
 * processor, and for those that move bytes of a register about (x86-64 with AVX-512 VBMI), which is asked for as the
 * program runs. Both read up to SL_UNPACK_SLACK_BYTES behind the last number, and use nothing of it.
 */
#ifndef SL_VAULT_UNPACK_H
#define SL_VAULT_UNPACK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed numbers are loaded as they lie: this host order needs a swap here"
#endif

#define SL_UNPACK_SLACK_BYTES 9

static inline uint64_t sl_unpack_load(const uint8_t *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof v);
	return v;
}

/* sl_unpack_bits - the number of `width` bits, 1 to 64, that begins at a bit of bytes; some end in a ninth byte. */
static inline uint64_t sl_unpack_bits(const uint8_t *bytes, uint32_t bit, uint32_t width)
{
	uint32_t shift = bit % 8;
	uint64_t v = sl_unpack_load(bytes + bit / 8) >> shift;

	if (shift + width > 64)
		v |= (uint64_t)bytes[bit / 8 + 8] << (64 - shift);
	return v & UINT64_MAX >> (64 - width);
}

/* sl_unpack_at - number i; of no bits: 0. */
static inline uint64_t sl_unpack_at(const uint8_t *packed, uint32_t width, uint32_t i)
{
	return width == 0 ? 0 : sl_unpack_bits(packed, i * width, width);
}

/* sl_unpack - base and number from + i into out[i], for rows of them, wrapping; width 0 to 64. */
void sl_unpack(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows, int64_t *out);

/* sl_unpack_anywhere - the same on any processor, whatever this one can; sl_unpack_has_vectors - it can more. */
void sl_unpack_anywhere(const uint8_t *packed, uint32_t width, uint64_t base, uint32_t from, uint32_t rows,
                        int64_t *out);
bool sl_unpack_has_vectors(void);

#endif
