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

/* sl_hash - eight bytes at a time, each step a multiplication folded to 64 bits. */
static inline uint64_t sl_hash(uint64_t key, const char *text, size_t len)
{
	uint64_t h = key ^ len, word;

	for (; len >= 8; text += 8, len -= 8) {
		memcpy(&word, text, 8);
		h = sl_hash_mix(h ^ word, UINT64_C(0xa0761d6478bd642f));
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (uint8_t)text[i];
	return sl_hash_mix(h ^ word, UINT64_C(0xe7037ed1a0b428db));
}

#endif
