/* siphash.c - see siphash.h. */
#include "enclave/engine/siphash.h"

#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "words are loaded as they lie: this host order needs a swap here"
#endif

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t turned(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void rounds(struct sip *s, int n)
{
	for (; n > 0; n--) {
		s->v0 += s->v1;
		s->v2 += s->v3;
		s->v1 = turned(s->v1, 13) ^ s->v0;
		s->v3 = turned(s->v3, 16) ^ s->v2;
		s->v0 = turned(s->v0, 32) + s->v3;
		s->v2 += s->v1;
		s->v1 = turned(s->v1, 17) ^ s->v2;
		s->v3 = turned(s->v3, 21) ^ s->v0;
		s->v2 = turned(s->v2, 32);
	}
}

static inline void take(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	rounds(s, 2);
	s->v0 ^= word;
}

static uint64_t word_at(const uint8_t *data, size_t len)
{
	uint64_t word = 0;

	memcpy(&word, data, len);
	return word;
}

unsigned __int128 sl_siphash(const uint8_t key[static SL_SIPHASH_KEY_BYTES], const void *data, size_t len)
{
	const uint8_t *at = data;
	uint64_t k0 = word_at(key, 8), k1 = word_at(key + 8, 8), low, last = (uint64_t)len << 56;
	struct sip s = { k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d) ^ 0xee,
		         k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573) };

	for (; len >= 8; at += 8, len -= 8)
		take(&s, word_at(at, 8));
	if (len > 0)
		last |= word_at(at, len);
	take(&s, last);
	s.v2 ^= 0xee;
	rounds(&s, 4);
	low = s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
	s.v1 ^= 0xdd;
	rounds(&s, 4);
	return (unsigned __int128)(s.v0 ^ s.v1 ^ s.v2 ^ s.v3) << 64 | low;
}
