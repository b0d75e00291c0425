/*
 * stretches.h - stretches of rows as bits of a word: how many of them have a row of some kind. Used by presence.c and
 * held.c.
 */
#ifndef SL_ENGINE_STRETCHES_H
#define SL_ENGINE_STRETCHES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "eight bytes are loaded as they lie: this host order needs a swap here"
#endif

#define SL_STRETCHES_ROWS 64u

/*
 * sl_stretches_ended - how many stretches that end in this word have a bit of `kind`; *carry: whether one that is open
 * has one. Below its last bit a stretch is all ones in ~ends, so a bit added there carries into the last; out of the
 * word it carries into the rest of an open stretch.
 */
static inline uint32_t sl_stretches_ended(uint64_t kind, uint64_t ends, bool *carry)
{
	uint64_t sum;
	bool over = __builtin_add_overflow(kind & ~ends, ~ends, &sum);

	over |= __builtin_add_overflow(sum, (uint64_t)*carry, &sum);
	*carry = over;
	return (uint32_t)__builtin_popcountll((sum | kind) & ends);
}

/* sl_stretches_bits - bit i: byte i of the word's rows has its shift-th bit. */
static inline uint64_t sl_stretches_bits(const uint8_t bytes[static SL_STRETCHES_ROWS], uint32_t shift)
{
	uint64_t bits = 0, eight;

	for (uint32_t i = 0; i < SL_STRETCHES_ROWS; i += 8) {
		memcpy(&eight, bytes + i, 8);
		bits |= ((eight >> shift & UINT64_C(0x0101010101010101)) * UINT64_C(0x0102040810204080) >> 56) << i;
	}
	return bits;
}

#endif
