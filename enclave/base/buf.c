/* buf.c - see buf.h. */
#include "enclave/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t bound(const struct sl_buf *b)
{
	return b->max != 0 ? b->max : SL_BUF_MAX;
}

/* Room for len more bytes and a NUL, which is never counted. */
static bool reserve(struct sl_buf *b, size_t len)
{
	if (b->failed)
		return false;
	if (len > bound(b) - b->len) {
		b->failed = true;
		return false;
	}
	size_t need = b->len + len + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap + b->cap / 2 + 64;
	if (cap < need)
		cap = need;
	/* Not realloc: the old bytes may be secret and must be wiped where they lay. */
	uint8_t *data = malloc(cap);
	if (data == NULL) {
		b->failed = true;
		b->no_memory = true;
		return false;
	}
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->cap = cap;
	return true;
}

void sl_buf_free(struct sl_buf *b)
{
	if (b == NULL)
		return;
	if (b->data != NULL)
		explicit_bzero(b->data, b->cap);
	free(b->data);
	size_t max = b->max;
	memset(b, 0, sizeof *b);
	b->max = max;
}

void sl_buf_reset(struct sl_buf *b)
{
	b->len = 0;
	b->failed = false;
	b->no_memory = false;
}

void sl_buf_reserve(struct sl_buf *b, size_t len)
{
	(void)reserve(b, len);
}

uint8_t *sl_buf_room(struct sl_buf *b, size_t len)
{
	if (!reserve(b, len))
		return NULL;
	b->len += len;
	return b->data + b->len - len;
}

void sl_buf_put(struct sl_buf *b, const void *data, size_t len)
{
	uint8_t *to = len > 0 ? sl_buf_room(b, len) : NULL;

	if (to != NULL)
		memcpy(to, data, len);
}

void sl_buf_text(struct sl_buf *b, const char *s)
{
	sl_buf_put(b, s, strlen(s));
}

void sl_buf_printf(struct sl_buf *b, const char *fmt, ...)
{
	char small[512];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n < 0) {
		b->failed = true;
		return;
	}
	if ((size_t)n < sizeof small) {
		sl_buf_put(b, small, (size_t)n);
		return;
	}
	if (!reserve(b, (size_t)n))
		return;
	va_start(ap, fmt);
	(void)vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

static void put_le(struct sl_buf *b, uint64_t v, size_t bytes)
{
	uint8_t raw[8];

	for (size_t i = 0; i < bytes; i++)
		raw[i] = (uint8_t)(v >> (8 * i));
	sl_buf_put(b, raw, bytes);
}

void sl_buf_u8(struct sl_buf *b, uint8_t v)
{
	put_le(b, v, 1);
}

void sl_buf_u16(struct sl_buf *b, uint16_t v)
{
	put_le(b, v, 2);
}

void sl_buf_u32(struct sl_buf *b, uint32_t v)
{
	put_le(b, v, 4);
}

void sl_buf_u64(struct sl_buf *b, uint64_t v)
{
	put_le(b, v, 8);
}

enum sl_rc sl_buf_ok(const struct sl_buf *b, const char *what, struct sl_err *err)
{
	if (!b->failed)
		return SL_OK;
	if (b->no_memory)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return sl_err_set(err, SL_E_LIMIT, "%s does not fit into %zu bytes", what, bound(b));
}

void sl_buf_fails_with(struct sl_buf *out, const struct sl_buf *part)
{
	out->no_memory = out->failed ? out->no_memory : part->no_memory;
	out->failed = out->failed || part->failed;
}

char *sl_buf_cstr(struct sl_buf *b)
{
	if (!reserve(b, 0))
		return NULL;
	b->data[b->len] = '\0';
	return (char *)b->data;
}

struct sl_cursor sl_cursor_over(const void *data, size_t len)
{
	const uint8_t *at = data;
	return (struct sl_cursor){.at = at, .end = at == NULL ? at : at + len};
}

size_t sl_cursor_left(const struct sl_cursor *c)
{
	return c->failed ? 0 : (size_t)(c->end - c->at);
}

const uint8_t *sl_cursor_take(struct sl_cursor *c, size_t len)
{
	if (c->failed || len > (size_t)(c->end - c->at)) {
		c->failed = true;
		return NULL;
	}
	const uint8_t *at = c->at;
	c->at += len;
	return at;
}

static uint64_t take_le(struct sl_cursor *c, size_t bytes)
{
	const uint8_t *at = sl_cursor_take(c, bytes);
	uint64_t v = 0;

	for (size_t i = 0; at != NULL && i < bytes; i++)
		v |= (uint64_t)at[i] << (8 * i);
	return v;
}

uint8_t sl_cursor_u8(struct sl_cursor *c)
{
	return (uint8_t)take_le(c, 1);
}

uint16_t sl_cursor_u16(struct sl_cursor *c)
{
	return (uint16_t)take_le(c, 2);
}

uint32_t sl_cursor_u32(struct sl_cursor *c)
{
	return (uint32_t)take_le(c, 4);
}

uint64_t sl_cursor_u64(struct sl_cursor *c)
{
	return take_le(c, 8);
}
