/* talk.c - see talk.h. */
#include "enclave/keeper/talk.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "enclave/pact/load.h"

#define READ_BYTES ((size_t)64 << 10)
#define RESERVE_BYTES ((size_t)8 << 20)
#define LARGE_PAGE_BYTES ((size_t)2 << 20)
#define END_BYTES_MAX 2048
#define ALLOWED_MAX 16

int64_t sl_talk_now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum sl_rc broken(enum sl_keeper_fate *fate, enum sl_rc rc)
{
	if (rc == SL_E_INTEGRITY)
		*fate = SL_FATE_PROTOCOL;
	return rc;
}

/* SL_FRAME_END may come at any time; READY only first, the agreed types only after it. */
static size_t allowed_now(const struct sl_talk *t, enum sl_frame_type allowed[static ALLOWED_MAX])
{
	size_t n = 0;

	allowed[n++] = SL_FRAME_END;
	if (t->phase == SL_TALK_AWAIT_READY)
		allowed[n++] = SL_FRAME_READY;
	if (t->phase == SL_TALK_OPEN && t->may_tell_progress)
		allowed[n++] = SL_FRAME_LOAD_PROGRESS;
	for (size_t i = 0; t->phase == SL_TALK_OPEN && i < t->nexpect && n < ALLOWED_MAX; i++)
		allowed[n++] = t->expect[i].type;
	return n;
}

static size_t len_max_of(const struct sl_talk *t, enum sl_frame_type type)
{
	if (type == SL_FRAME_READY)
		return 4;
	if (type == SL_FRAME_LOAD_PROGRESS)
		return SL_LOAD_PROGRESS_BYTES;
	for (size_t i = 0; i < t->nexpect; i++)
		if (t->expect[i].type == type)
			return t->expect[i].len_max;
	return END_BYTES_MAX;
}

static uint32_t count_of(const struct sl_talk *t, enum sl_frame_type type)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->nframes; i++)
		n += t->frames[i].type == type;
	return n;
}

static enum sl_rc check_counts(const struct sl_talk *t, struct sl_err *err)
{
	for (size_t i = 0; i < t->nexpect; i++) {
		uint32_t n = count_of(t, t->expect[i].type);

		if (n < t->expect[i].count_min)
			return sl_err_set(err, SL_E_INTEGRITY, "ended with %u frames of type %u, at least %u are due", n,
			                  (unsigned)t->expect[i].type, t->expect[i].count_min);
	}
	return SL_OK;
}

static enum sl_rc take_head(struct sl_talk *t, struct sl_err *err)
{
	enum sl_frame_type allowed[ALLOWED_MAX];
	size_t nallowed = allowed_now(t, allowed);
	enum sl_rc rc;

	rc = sl_frame_header_get(t->head, &t->in, allowed, nallowed, SL_BUF_MAX, &t->type, &t->body_len, err);
	if (rc != SL_OK)
		return rc;
	if (t->body_len > len_max_of(t, t->type))
		return sl_err_set(err, SL_E_INTEGRITY, "frame: type %u has %u bytes, at most %zu are allowed",
		                  (unsigned)t->type, t->body_len, len_max_of(t, t->type));
	for (size_t i = 0; i < t->nexpect; i++)
		if (t->expect[i].type == t->type && count_of(t, t->type) >= t->expect[i].count_max)
			return sl_err_set(err, SL_E_INTEGRITY, "frame: more than %u of type %u", t->expect[i].count_max,
			                  (unsigned)t->type);
	if (t->body_len > SL_BUF_MAX - t->total)
		return sl_err_set(err, SL_E_INTEGRITY, "frames: more than %zu bytes in all", SL_BUF_MAX);
	t->total += t->body_len;
	t->body.max = t->body_len;
	t->body_have = 0;
	return SL_OK;
}

/* What is no answer is for the talk itself. */
static struct sl_buf *body_of(struct sl_talk *t)
{
	bool is_answer = t->type != SL_FRAME_READY && t->type != SL_FRAME_END && t->type != SL_FRAME_LOAD_PROGRESS;

	return is_answer && t->bodies != NULL ? t->bodies : &t->body;
}

/* The length was judged, so it is memory that is missing, or the caller's bound that is met. */
static enum sl_rc check_room(const struct sl_talk *t, const struct sl_buf *b, struct sl_err *err)
{
	if (b->failed && (b->no_memory || b == &t->body))
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a frame of %u bytes", t->body_len);
	return sl_buf_ok(b, "what a process sent", err);
}

/*
 * As sl_buf_reserve, from the start of a large page where that is worth it: a fault for each of five hundred pages
 * takes longer than all else that is done with the bytes. A host without large pages goes on as ever.
 */
static void reserve(struct sl_buf *b, size_t bytes)
{
	size_t cap = (bytes + b->len + LARGE_PAGE_BYTES) & ~(LARGE_PAGE_BYTES - 1);
	struct sl_buf large = { .len = b->len, .cap = cap, .max = b->max };

	if (!b->failed && bytes >= LARGE_PAGE_BYTES / 2 && b->cap - b->len <= bytes)
		large.data = aligned_alloc(LARGE_PAGE_BYTES, cap);
	if (large.data != NULL) {
		(void)madvise(large.data, cap, MADV_HUGEPAGE);
		if (b->len > 0)
			memcpy(large.data, b->data, b->len);
		sl_buf_free(b);
		*b = large;
	}
	sl_buf_reserve(b, bytes);
}

/* Room for what was announced, so far as a liar should have it. */
static enum sl_rc make_room(struct sl_talk *t, struct sl_err *err)
{
	struct sl_buf *b = body_of(t);

	if (b == t->bodies)
		sl_buf_u32(b, t->body_len);
	reserve(b, t->body_len < RESERVE_BYTES ? t->body_len : RESERVE_BYTES);
	return check_room(t, b, err);
}

static enum sl_rc take_ready(struct sl_talk *t, enum sl_keeper_fate *fate, struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(t->body.data, t->body.len);
	uint32_t layers = sl_cursor_u32(&c);
	enum sl_rc rc;

	if (c.failed || (layers & ~sl_layers_known()) != 0)
		return sl_err_set(err, SL_E_INTEGRITY, "the READY frame does not hold layers");
	t->layers |= layers;
	rc = sl_keeper_judge_layers(t->layers, t->layers_required, err);
	if (rc != SL_OK)
		*fate = SL_FATE_HOST;
	else
		t->phase = SL_TALK_OPEN;
	return rc;
}

static enum sl_rc take_end(struct sl_talk *t, struct sl_err *err)
{
	enum sl_rc rc = sl_codec_decode(&sl_end_record, t->body.data, t->body.len, &t->end, err);

	if (rc == SL_E_INPUT)
		return SL_E_INTEGRITY;
	if (rc == SL_OK && t->end.ok != (t->end.reason == SL_END_DONE))
		return sl_err_set(err, SL_E_INTEGRITY, "the END frame contradicts itself");
	if (rc == SL_OK && t->end.ok && t->phase != SL_TALK_OPEN)
		return sl_err_set(err, SL_E_INTEGRITY, "done before it was ready");
	if (rc == SL_OK && t->end.ok)
		rc = check_counts(t, err);
	t->phase = SL_TALK_ENDED;
	return rc;
}

static enum sl_rc keep_frame(struct sl_talk *t, struct sl_err *err)
{
	uint32_t most = t->frames_max > 0 && t->frames_max < SL_KEEPER_FRAMES_MAX ? t->frames_max : SL_KEEPER_FRAMES_MAX;

	if (t->nframes == most)
		return sl_err_set(err, SL_E_INTEGRITY, "more than %u frames", most);
	if (t->nframes == t->frames_cap) {
		uint32_t cap = t->frames_cap * 2 + 8;
		struct sl_keeper_frame *grown = realloc(t->frames, cap * sizeof *grown);

		if (grown == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for frames");
		t->frames = grown;
		t->frames_cap = cap;
	}
	t->frames[t->nframes++] = (struct sl_keeper_frame){ .type = t->type, .body = t->body };
	t->body = (struct sl_buf){ 0 }; /* empty already where bodies lie apart */
	return SL_OK;
}

/* Handed on and forgotten: no limit on what is kept bounds it, so its number is bounded here. */
static enum sl_rc take_progress(struct sl_talk *t, struct sl_err *err)
{
	if (t->nprogress++ == SL_LOAD_PROGRESS_MAX)
		return sl_err_set(err, SL_E_INTEGRITY, "progress was told more than %d times", SL_LOAD_PROGRESS_MAX);
	if (t->progress != NULL)
		t->progress(t->progress_self, t->body.data, t->body.len);
	return SL_OK;
}

static enum sl_rc take_frame(struct sl_talk *t, enum sl_keeper_fate *fate, struct sl_err *err)
{
	enum sl_rc rc;

	if (t->type == SL_FRAME_READY)
		rc = take_ready(t, fate, err);
	else if (t->type == SL_FRAME_END)
		rc = take_end(t, err);
	else if (t->type == SL_FRAME_LOAD_PROGRESS)
		rc = take_progress(t, err);
	else
		rc = keep_frame(t, err);
	sl_buf_reset(&t->body);
	t->head_have = 0;
	return rc;
}

/* Bytes as they came, in any cut, into headers and bodies. */
static enum sl_rc take_bytes(struct sl_talk *t, const uint8_t *data, size_t len, enum sl_keeper_fate *fate,
                             struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	while (len > 0 && rc == SL_OK) {
		/* Not even a part of a header. */
		if (t->phase == SL_TALK_ENDED)
			return sl_err_set(err, SL_E_INTEGRITY, "bytes after the last frame");

		bool in_head = t->head_have < sizeof t->head;
		size_t want = in_head ? sizeof t->head - t->head_have : t->body_len - t->body_have;
		size_t n = want < len ? want : len;

		if (in_head) {
			memcpy(t->head + t->head_have, data, n);
			t->head_have += n;
			if (t->head_have == sizeof t->head)
				rc = take_head(t, err);
			if (rc == SL_OK && t->head_have == sizeof t->head)
				rc = make_room(t, err);
		} else {
			sl_buf_put(body_of(t), data, n);
			t->body_have += (uint32_t)n;
			rc = check_room(t, body_of(t), err);
		}
		data += n;
		len -= n;
		if (rc == SL_OK && t->head_have == sizeof t->head && t->body_have == t->body_len)
			rc = take_frame(t, fate, err);
	}
	return rc;
}

/*
 * What is left of a long body, but its last byte: so much is read to where it stays. That byte comes with what follows,
 * so that every frame ends in take_bytes. 0: what comes is looked at first.
 */
static size_t bytes_of_body_alone(const struct sl_talk *t)
{
	size_t left = t->head_have == sizeof t->head ? t->body_len - t->body_have : 0;

	return left < READ_BYTES ? 0 : left < RESERVE_BYTES ? left - 1 : RESERVE_BYTES;
}

static enum sl_rc read_failed(struct sl_err *err)
{
	return errno == EINTR || errno == EAGAIN ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot receive");
}

static enum sl_rc receive_body(struct sl_talk *t, size_t most, bool *closed, struct sl_err *err)
{
	struct sl_buf *b = body_of(t);
	uint8_t *to = sl_buf_room(b, most);
	ssize_t n;

	if (to == NULL)
		return check_room(t, b, err);
	n = read(t->child->from_child, to, most);
	b->len -= most - (n > 0 ? (size_t)n : 0);
	if (n < 0)
		return read_failed(err);
	t->body_have += (uint32_t)n;
	*closed = n == 0; /* it died inside a frame: how it died says more */
	return SL_OK;
}

static enum sl_rc receive(struct sl_talk *t, bool *closed, enum sl_keeper_fate *fate, struct sl_err *err)
{
	static uint8_t bytes[READ_BYTES];
	size_t alone = bytes_of_body_alone(t);
	ssize_t n;
	enum sl_rc rc;

	if (alone > 0)
		return receive_body(t, alone, closed, err);
	n = read(t->child->from_child, bytes, sizeof bytes);
	if (n < 0)
		return read_failed(err);
	*closed = n == 0;
	if (n == 0 && t->head_have != 0)
		return SL_OK; /* as above */
	rc = broken(fate, take_bytes(t, bytes, (size_t)n, fate, err));
	explicit_bzero(bytes, (size_t)n); /* results pass through here */
	return rc;
}

static void stop_sending(struct sl_talk *t)
{
	if (t->child->to_child >= 0)
		(void)close(t->child->to_child);
	t->child->to_child = -1;
}

/* The first message is what the child prepares from; the rest waits until its layers were judged. */
static bool may_send(const struct sl_talk *t)
{
	return t->child->to_child >= 0 && t->sending < t->nsend && (t->sending == 0 || t->phase == SL_TALK_OPEN);
}

/* A short body goes along with its header, so that it is read at once; not a secret one, of which no copy is made. */
static size_t first_bytes(const struct sl_talk *t, const struct sl_keeper_message *m)
{
	bool is_secret = t->setup_is_secret && t->sending == 0;

	return SL_FRAME_HEADER_BYTES + (m->len <= SL_TALK_SHORT_BYTES && !is_secret ? m->len : 0);
}

static enum sl_rc send_some(struct sl_talk *t, struct sl_err *err)
{
	const struct sl_keeper_message *m = &t->send[t->sending];
	size_t first = first_bytes(t, m), whole = SL_FRAME_HEADER_BYTES + m->len;
	size_t len = (t->sent < first ? first : whole) - t->sent;
	const uint8_t *from = t->sent < first ? t->send_first + t->sent
	                                      : (const uint8_t *)m->data + (t->sent - SL_FRAME_HEADER_BYTES);
	ssize_t n;

	if (t->headed == t->sending) {
		t->headed++;
		sl_frame_header_put(t->send_first, &t->out, m->type, (uint32_t)m->len);
		if (first > SL_FRAME_HEADER_BYTES)
			memcpy(t->send_first + SL_FRAME_HEADER_BYTES, m->data, m->len);
	}
	n = len > 0 ? write(t->child->to_child, from, len) : 0;
	if (n < 0 && errno == EPIPE) {
		stop_sending(t); /* it is gone; what it sent and how it died say why */
		return SL_OK;
	}
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? SL_OK : sl_err_errno(err, SL_E_IO, errno, "cannot send");
	if (t->setup_is_secret && t->sending == 0 && t->sent >= first)
		explicit_bzero((void *)(uintptr_t)from, (size_t)n);
	t->sent += (size_t)n;
	if (t->sent == whole) {
		t->sending++;
		t->sent = 0;
		if (t->sending == t->nsend)
			stop_sending(t);
	}
	return SL_OK;
}

static enum sl_rc check_agreement(const struct sl_talk *t, struct sl_err *err)
{
	if (t->nexpect > ALLOWED_MAX - 2)
		return sl_err_set(err, SL_E_BUG, "too many kinds of frames expected");
	for (size_t i = 0; i < t->nsend; i++)
		if (t->send[i].len > SL_BUF_MAX)
			return sl_err_set(err, SL_E_LIMIT, "a frame of %zu bytes is too long to send", t->send[i].len);
	return SL_OK;
}

enum sl_rc sl_talk_until_closed(struct sl_talk *t, enum sl_keeper_fate *fate, struct sl_err *err)
{
	enum sl_rc rc = check_agreement(t, err);
	bool closed = false;

	if (t->nsend == 0)
		stop_sending(t);
	while (rc == SL_OK && !closed) {
		int64_t left = t->deadline - sl_talk_now_ms();
		struct pollfd fds[2] = { { .fd = t->child->from_child, .events = POLLIN },
			                     { .fd = may_send(t) ? t->child->to_child : -1, .events = POLLOUT } };

		if (left <= 0) {
			*fate = SL_FATE_DEADLINE;
			return sl_err_set(err, SL_E_LIMIT, "the deadline passed");
		}
		if (poll(fds, 2, (int)(left < 60000 ? left : 60000)) < 0 && errno != EINTR)
			return sl_err_errno(err, SL_E_IO, errno, "cannot wait for a process");
		if (fds[0].revents != 0)
			rc = receive(t, &closed, fate, err);
		if (rc == SL_OK && !closed && fds[1].revents != 0)
			rc = send_some(t, err);
	}
	return rc;
}

void sl_talk_free(struct sl_talk *t)
{
	for (uint32_t i = 0; i < t->nframes; i++)
		sl_buf_free(&t->frames[i].body);
	free(t->frames);
	t->frames = NULL;
	t->nframes = 0;
	sl_buf_free(&t->body);
	explicit_bzero(t->send_first, sizeof t->send_first);
	sl_codec_free(&sl_end_record, &t->end);
}
