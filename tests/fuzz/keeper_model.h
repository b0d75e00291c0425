/*
 * keeper_model.h - what a conversation means, written down a second time from the pages alone (frame.h, keeper.h) and
 * without a line of the keeper's own code but its list of layers: the fuzz targets hold the keeper against it.
 */
#ifndef SL_FUZZ_KEEPER_MODEL_H
#define SL_FUZZ_KEEPER_MODEL_H

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/keeper/talk.h"
#include "enclave/pact/load.h"

#define MODEL_FRAMES 64
#define MODEL_PIPE_BYTES 65536

enum model_end { MODEL_CUT = 0, MODEL_DONE, MODEL_FAILED, MODEL_PROTOCOL, MODEL_LAYER };

struct model_frame {
	uint32_t type;
	const uint8_t *body;
	uint32_t len;
};

struct model {
	/* what was agreed */
	const struct sl_keeper_expect *expect;
	size_t nexpect;
	uint32_t layers_required, frames_max;
	uint32_t layers_before;  /* on before the peer spoke */
	bool may_tell_progress;
	/* what must come of it */
	enum model_end end;
	bool ready;             /* READY came and was enough */
	struct model_frame frames[MODEL_FRAMES];
	uint32_t nframes, nprogress;
};

static inline uint32_t model_number(const uint8_t *at, int bytes)
{
	uint32_t v = 0;

	for (int i = bytes - 1; i >= 0; i--)
		v = v << 8 | at[i];
	return v;
}

/* RFC 3629, and no NUL. */
static inline bool model_is_text(const uint8_t *s, uint32_t n)
{
	for (uint32_t i = 0; i < n;) {
		uint32_t more = s[i] < 0x80 ? 0 : s[i] >= 0xC2 && s[i] < 0xE0 ? 1 : (s[i] & 0xF0) == 0xE0 ? 2 : 3;
		uint32_t code = more == 0 ? s[i] : more == 1 ? s[i] & 0x1Fu : more == 2 ? s[i] & 0xFu : s[i] & 7u;

		if (s[i] == 0 || (s[i] >= 0x80 && s[i] < 0xC2) || s[i] > 0xF4 || n - i <= more)
			return false;
		for (uint32_t k = 1; k <= more; k++) {
			if ((s[i + k] & 0xC0) != 0x80)
				return false;
			code = code << 6 | (s[i + k] & 0x3Fu);
		}
		if ((more == 2 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) ||
		    (more == 3 && (code < 0x10000 || code > 0x10FFFF)))
			return false;
		i += more + 1;
	}
	return true;
}

/* u8 ok, u8 reason, u32 length, text: the whole body and nothing more, and the two agree. */
static inline bool model_end_of(const uint8_t *body, uint32_t len, bool *ok)
{
	if (len < 6 || len > 2048 || body[0] > 1 || body[1] > 6 || (body[0] == 1) != (body[1] == 1))
		return false;
	*ok = body[0] == 1;
	return model_number(body + 2, 4) == len - 6 && len - 6 <= 1024 && model_is_text(body + 6, len - 6);
}

static inline uint32_t model_count(const struct model *m, uint32_t type)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->nframes; i++)
		n += m->frames[i].type == type;
	return n;
}

static inline const struct sl_keeper_expect *model_expects(const struct model *m, uint32_t type)
{
	for (size_t i = 0; i < m->nexpect; i++)
		if ((uint32_t)m->expect[i].type == type)
			return &m->expect[i];
	return NULL;
}

/* Is a header of this type and length in order now? */
static inline bool model_may_come(const struct model *m, uint32_t type, uint32_t len)
{
	const struct sl_keeper_expect *e = model_expects(m, type);

	if (type == 41)
		return len <= 2048;
	if (!m->ready)
		return type == 40 && len <= 4;
	if (type == 32)
		return m->may_tell_progress && len <= 25;
	return e != NULL && len <= e->len_max && model_count(m, type) < e->count_max;
}

static inline bool model_is_enough(const struct model *m)
{
	for (size_t i = 0; i < m->nexpect; i++)
		if (model_count(m, (uint32_t)m->expect[i].type) < m->expect[i].count_min)
			return false;
	return true;
}

static inline enum model_end model_take(struct model *m, uint32_t type, const uint8_t *body, uint32_t len)
{
	uint32_t layers;
	bool ok;

	if (type == 41) {
		if (!model_end_of(body, len, &ok) || (ok && (!m->ready || !model_is_enough(m))))
			return MODEL_PROTOCOL;
		return ok ? MODEL_DONE : MODEL_FAILED;
	}
	if (type == 40) {
		layers = len == 4 ? model_number(body, 4) : 0;
		if (len != 4 || (layers & ~sl_layers_known()) != 0)
			return MODEL_PROTOCOL;
		m->ready = ((sl_layers_required() | m->layers_required) & ~(layers | m->layers_before)) == 0;
		return m->ready ? MODEL_CUT : MODEL_LAYER;
	}
	if (type == 32)
		return m->nprogress == SL_LOAD_PROGRESS_MAX ? MODEL_PROTOCOL : (m->nprogress++, MODEL_CUT);
	if (m->nframes == MODEL_FRAMES || (m->frames_max > 0 && m->nframes == m->frames_max))
		return MODEL_PROTOCOL;
	m->frames[m->nframes++] = (struct model_frame){ type, body, len };
	return MODEL_CUT;
}

static inline void model_run(struct model *m, const uint8_t *data, size_t size)
{
	uint32_t sequence = 0;
	size_t at = 0;

	m->end = MODEL_CUT;
	while (at < size) {
		uint32_t type, len;

		if (m->end != MODEL_CUT) {
			m->end = MODEL_PROTOCOL; /* nothing follows an end */
			return;
		}
		if (size - at < 12)
			return;
		type = model_number(data + at + 4, 2);
		len = model_number(data + at + 8, 4);
		if (memcmp(data + at, "SLF0", 4) != 0 || model_number(data + at + 6, 2) != (sequence++ & 0xFFFF) ||
		    !model_may_come(m, type, len)) {
			m->end = MODEL_PROTOCOL;
			return;
		}
		at += 12;
		if (size - at < len)
			return;
		m->end = model_take(m, type, data + at, len);
		at += len;
		if (m->end == MODEL_PROTOCOL || m->end == MODEL_LAYER)
			return;
	}
}

/* The keeper's talk over a real pipe; in packets, so that reads are cut wherever `cut` bytes end. 0: as they come. */
static inline enum sl_rc model_talk(struct sl_talk *t, const uint8_t *data, size_t size, size_t cut,
                                    enum sl_keeper_fate *fate, struct sl_err *err)
{
	int ends[2];
	enum sl_rc rc;

	if (pipe2(ends, cut > 0 ? O_DIRECT : 0) != 0)
		abort();
	for (size_t at = 0, n; at < size; at += n) {
		n = cut > 0 && cut < size - at ? cut : size - at;
		if (write(ends[1], data + at, n) != (ssize_t)n)
			abort();
	}
	(void)close(ends[1]);
	t->child->from_child = ends[0];
	rc = sl_talk_until_closed(t, fate, err);
	(void)close(ends[0]);
	t->child->from_child = -1;
	return rc;
}

/* What the keeper took is what the model says, byte for byte. */
static inline void model_hold(const struct model *m, const struct sl_talk *t, enum sl_rc rc, enum sl_keeper_fate fate,
                              const struct sl_err *err, uint32_t nprogress)
{
	bool done = rc == SL_OK && t->phase == SL_TALK_ENDED && t->end.ok;
	bool failed = rc == SL_OK && t->phase == SL_TALK_ENDED && !t->end.ok;

	if ((rc == SL_OK) != (err->rc == SL_OK) || (rc == SL_E_INTEGRITY) != (fate == SL_FATE_PROTOCOL))
		abort();
	if (done != (m->end == MODEL_DONE) || failed != (m->end == MODEL_FAILED) ||
	    (rc == SL_E_INTEGRITY) != (m->end == MODEL_PROTOCOL) || (rc == SL_E_HOST) != (m->end == MODEL_LAYER))
		abort();
	if (rc == SL_OK && !done && !failed && m->end != MODEL_CUT)
		abort();
	if (t->nframes != m->nframes || nprogress != m->nprogress)
		abort();
	for (uint32_t i = 0; i < t->nframes; i++)
		if ((uint32_t)t->frames[i].type != m->frames[i].type || t->frames[i].body.len != m->frames[i].len ||
		    (m->frames[i].len > 0 && memcmp(t->frames[i].body.data, m->frames[i].body, m->frames[i].len) != 0))
			abort();
}

#endif
