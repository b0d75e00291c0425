/*
 * hash.h - a quick keyed hash of short texts, for tables in memory. It decides only where to look: who looks compares
 * the text. Not for anything stored.
 */
#ifndef SL_LOAD_HASH_H
#define SL_LOAD_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t sl_hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 p = (unsigned __int128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/* sl_hash_word - up to eight bytes as one number, the first lowest, 0 behind the last. */
static inline uint64_t sl_hash_word(const char *text, size_t len)
{
	const uint8_t *t = (const uint8_t *)text;
	uint32_t head, tail;

	if (len >= 4) {
		memcpy(&head, t, 4);
		memcpy(&tail, t + len - 4, 4);
		return head | (uint64_t)tail << 8 * (len - 4);
	}
	if (len == 0)
		return 0;
	/* First, middle and last: with up to three bytes these are all. */
	return (uint64_t)t[0] | (uint64_t)t[len / 2] << 8 * (len / 2) | (uint64_t)t[len - 1] << 8 * (len - 1);
}

/* sl_hash - eight bytes at a time, each step a multiplication folded to 64 bits. */
static inline uint64_t sl_hash(uint64_t key, const char *text, size_t len)
{
	uint64_t h = key ^ len;

	for (; len > 8; text += 8, len -= 8)
		h = sl_hash_mix(h ^ sl_hash_word(text, 8), UINT64_C(0xa0761d6478bd642f));
	return sl_hash_mix(h ^ sl_hash_word(text, len), UINT64_C(0xe7037ed1a0b428db));
}

#endif
