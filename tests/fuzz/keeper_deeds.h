/*
 * keeper_deeds.h - what a peer that knows the language may say: a list of bytes is played as deeds - frames in order,
 * replayed, reordered, cut, too long, of other types, before their time, with bytes changed - into one stream. Shared
 * by the fuzz target and the test that speaks from a real process.
 */
#ifndef SL_FUZZ_KEEPER_DEEDS_H
#define SL_FUZZ_KEEPER_DEEDS_H

#include <stdint.h>
#include <string.h>

#include "enclave/confine/layers.h"

#define STREAM_BYTES 60000
#define DEEDS 40

struct stream {
	uint8_t bytes[STREAM_BYTES];
	size_t len;
	size_t starts[DEEDS + 1];  /* of frames as they were put */
	uint32_t nstarts;
	uint16_t sequence;
};

struct script {
	const uint8_t *at, *end;
};

static inline uint8_t next(struct script *s)
{
	return s->at < s->end ? *s->at++ : 0;
}

static inline void put_bytes(struct stream *out, const uint8_t *from, size_t n)
{
	if (n > STREAM_BYTES - out->len)
		n = STREAM_BYTES - out->len;
	memmove(out->bytes + out->len, from, n);
	out->len += n;
}

/* says: the length in the header; has: the bytes that follow. */
static inline void put_frame(struct stream *out, uint32_t type, const uint8_t *body, uint32_t says, uint32_t has)
{
	uint8_t head[12] = { 'S', 'L', 'F', '0', (uint8_t)type, (uint8_t)(type >> 8), (uint8_t)out->sequence,
		                 (uint8_t)(out->sequence >> 8), (uint8_t)says, (uint8_t)(says >> 8), (uint8_t)(says >> 16),
		                 (uint8_t)(says >> 24) };

	out->sequence++;
	if (out->nstarts < DEEDS)
		out->starts[out->nstarts++] = out->len;
	put_bytes(out, head, sizeof head);
	put_bytes(out, body, has);
}

static inline void put_filled(struct stream *out, uint32_t type, uint32_t len, uint8_t fill)
{
	static uint8_t body[8192];

	len = len < sizeof body ? len : sizeof body;
	memset(body, fill, len);
	put_frame(out, type, body, len, len);
}

static inline void put_ready(struct stream *out, uint32_t layers)
{
	const uint8_t body[4] = { (uint8_t)layers, (uint8_t)(layers >> 8), (uint8_t)(layers >> 16), (uint8_t)(layers >> 24) };

	put_frame(out, 40, body, 4, 4);
}

/* A frame again, with the number it had: the one before last, or any. */
static inline void replay(struct stream *out, uint8_t which)
{
	uint32_t i;
	size_t end;

	if (out->nstarts == 0)
		return;
	i = which % out->nstarts;
	end = i + 1 < out->nstarts ? out->starts[i + 1] : out->len;
	if (end > out->starts[i])
		put_bytes(out, out->bytes + out->starts[i], end - out->starts[i]);
}

/* The last two frames change places. */
static inline void reorder(struct stream *out)
{
	static uint8_t kept[STREAM_BYTES];
	size_t a, b, n;

	if (out->nstarts < 2)
		return;
	a = out->starts[out->nstarts - 2];
	b = out->starts[out->nstarts - 1];
	n = out->len - b;
	memcpy(kept, out->bytes + a, b - a);
	memmove(out->bytes + a, out->bytes + b, n);
	memcpy(out->bytes + a + n, kept, b - a);
	out->starts[out->nstarts - 1] = a + n;
}

static inline void cut_short(struct stream *out, size_t n)
{
	out->len -= out->len > n ? n : 0;
	while (out->nstarts > 0 && out->starts[out->nstarts - 1] >= out->len)
		out->nstarts--;
}

static inline void deed(struct stream *out, struct script *s)
{
	uint8_t body[12] = { 0 };

	switch (next(s) % 15) {
	case 0:
		return put_ready(out, sl_layers_known());
	case 1:
		return put_ready(out, sl_layers_known() & ~(1u << next(s) % 32));
	case 2:
		return put_filled(out, 2, next(s), 'p');
	case 3:
		return put_filled(out, 3, next(s) * 32u, 't');
	case 4:
		return put_filled(out, 32, next(s) % 32u, 1);
	case 5:
		body[0] = body[1] = 1;
		return put_frame(out, 41, body, 6, 6);
	case 6:
		body[1] = next(s) % 9;
		body[0] = next(s) % 3;
		body[2] = next(s) % 7;
		memset(body + 6, next(s), 6);
		return put_frame(out, 41, body, 6u + body[2] % 6, 6u + body[2] % 6);
	case 7:
		return replay(out, next(s));
	case 8:
		return reorder(out);
	case 9:
		return cut_short(out, next(s) % 40);
	case 10:
		return put_frame(out, next(s) % 48u, body, UINT32_MAX - next(s), next(s) % 12u);
	case 11:
		if (out->len > 0)
			out->bytes[(next(s) | (size_t)next(s) << 8) % out->len] ^= next(s);
		return;
	case 12:
		body[0] = next(s);
		return put_bytes(out, body, 1 + next(s) % 12u);
	case 13:
		return put_filled(out, next(s) | (uint32_t)next(s) << 8, next(s), 0);
	default:
		out->sequence = (uint16_t)(out->sequence + next(s) - 128);
		return;
	}
}

static inline void play_deeds(struct stream *out, struct script *s)
{
	out->len = out->nstarts = out->sequence = 0;
	for (int i = 0; i < DEEDS && s->at < s->end; i++)
		deed(out, s);
}

#endif
