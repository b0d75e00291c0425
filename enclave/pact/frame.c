/* frame.c - see frame.h. Called on both sides of a boundary; makes no system call but read and write. */
#include "enclave/pact/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHORT_BYTES 1024 /* a body that is written together with its header */
#define FRAME_MAGIC UINT32_C(0x30464C53) /* "SLF0" */

static void put_le(uint8_t *out, uint32_t v, size_t nbytes)
{
	for (size_t i = 0; i < nbytes; i++)
		out[i] = (uint8_t)(v >> (8 * i));
}

static enum sl_rc write_all(int fd, const uint8_t *data, size_t len, struct sl_err *err)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return sl_err_errno(err, SL_E_IO, n < 0 ? errno : EIO, "cannot send a frame");
		data += n;
		len -= (size_t)n;
	}
	return SL_OK;
}

/* at_start: end of stream here is the peer's clean goodbye, not half a frame. */
static enum sl_rc read_all(int fd, uint8_t *data, size_t len, bool at_start, struct sl_err *err)
{
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, data + have, len - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return sl_err_errno(err, SL_E_IO, errno, "cannot receive a frame");
		if (n == 0 && at_start && have == 0)
			return sl_err_set(err, SL_E_IO, "the stream is closed");
		if (n == 0)
			return sl_err_set(err, SL_E_IO, "the stream is closed inside a frame");
		have += (size_t)n;
	}
	return SL_OK;
}

void sl_frame_header_put(uint8_t out[static SL_FRAME_HEADER_BYTES], struct sl_frame_side *side, enum sl_frame_type type,
                         uint32_t len)
{
	put_le(out, FRAME_MAGIC, 4);
	put_le(out + 4, (uint32_t)type, 2);
	put_le(out + 6, side->next_sequence, 2);
	put_le(out + 8, len, 4);
	side->next_sequence++;
}

static bool is_allowed(uint16_t type, const enum sl_frame_type *allowed, size_t nallowed)
{
	for (size_t i = 0; i < nallowed; i++)
		if (type == (uint16_t)allowed[i] && allowed[i] != SL_FRAME_NONE)
			return true;
	return false;
}

enum sl_rc sl_frame_header_get(const uint8_t raw[static SL_FRAME_HEADER_BYTES], struct sl_frame_side *side,
                               const enum sl_frame_type *allowed, size_t nallowed, size_t len_max,
                               enum sl_frame_type *type, uint32_t *len, struct sl_err *err)
{
	struct sl_cursor c = sl_cursor_over(raw, SL_FRAME_HEADER_BYTES);
	uint32_t magic = sl_cursor_u32(&c);
	uint16_t got_type = sl_cursor_u16(&c), sequence = sl_cursor_u16(&c);
	uint32_t got_len = sl_cursor_u32(&c);

	if (magic != FRAME_MAGIC)
		return sl_err_set(err, SL_E_INTEGRITY, "frame: wrong magic %08x", magic);
	if (sequence != side->next_sequence)
		return sl_err_set(err, SL_E_INTEGRITY, "frame: sequence %u where %u is due", sequence, side->next_sequence);
	if (!is_allowed(got_type, allowed, nallowed))
		return sl_err_set(err, SL_E_INTEGRITY, "frame: type %u is not expected now", got_type);
	if (got_len > len_max)
		return sl_err_set(err, SL_E_INTEGRITY, "frame: type %u has %u bytes, at most %zu are allowed", got_type,
		                  got_len, len_max);
	side->next_sequence++;
	*type = (enum sl_frame_type)got_type;
	*len = got_len;
	return SL_OK;
}

enum sl_rc sl_frame_write(int fd, struct sl_frame_side *side, enum sl_frame_type type, const void *body, size_t len,
                          struct sl_err *err)
{
	uint8_t first[SL_FRAME_HEADER_BYTES + SHORT_BYTES];
	size_t with = len <= SHORT_BYTES ? len : 0;
	enum sl_rc rc;

	if (len > SL_BUF_MAX)
		return sl_err_set(err, SL_E_LIMIT, "frame: %zu bytes are more than a frame may hold", len);
	sl_frame_header_put(first, side, type, (uint32_t)len);
	if (with > 0)
		memcpy(first + SL_FRAME_HEADER_BYTES, body, with);
	rc = write_all(fd, first, SL_FRAME_HEADER_BYTES + with, err);
	explicit_bzero(first, sizeof first);
	return rc != SL_OK || len == with ? rc : write_all(fd, body, len, err);
}

/* Room for len bytes and the NUL sl_buf_cstr adds, no more: doubling would double what the arena must hold. */
static enum sl_rc make_room(struct sl_buf *body, size_t len, struct sl_err *err)
{
	if (body->cap > len)
		return SL_OK;
	sl_buf_free(body);
	body->data = malloc(len + 1);
	if (body->data == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a frame of %zu bytes", len);
	body->cap = len + 1;
	return SL_OK;
}

enum sl_rc sl_frame_read(int fd, struct sl_frame_side *side, const enum sl_frame_type *allowed, size_t nallowed,
                         size_t len_max, enum sl_frame_type *type, struct sl_buf *body, struct sl_err *err)
{
	uint8_t raw[SL_FRAME_HEADER_BYTES];
	enum sl_frame_type got = SL_FRAME_NONE;
	uint32_t len = 0;
	enum sl_rc rc;

	sl_buf_reset(body);
	rc = read_all(fd, raw, sizeof raw, true, err);
	if (rc == SL_OK)
		rc = sl_frame_header_get(raw, side, allowed, nallowed, len_max < SL_BUF_MAX ? len_max : SL_BUF_MAX, &got,
		                         &len, err);
	if (rc == SL_OK)
		rc = make_room(body, len, err);
	body->max = len_max;
	if (rc == SL_OK && len > 0)
		rc = read_all(fd, body->data, len, false, err);
	if (rc != SL_OK)
		return rc;
	body->len = len;
	*type = got;
	return SL_OK;
}
