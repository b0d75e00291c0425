/* wire.c - see wire.h. */
#include "jobs/sign/wire.h"

#include <string.h>

#include "enclave/base/text.h"

uint32_t sl_wire_u32(struct sl_cursor *c)
{
	const uint8_t *p = sl_cursor_take(c, 4);

	return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct sl_wire_string sl_wire_get(struct sl_cursor *c)
{
	struct sl_wire_string s = { NULL, sl_wire_u32(c) };

	s.data = sl_cursor_take(c, s.len);
	if (s.data == NULL)
		s.len = 0;
	return s;
}

bool sl_wire_is(struct sl_wire_string s, const char *text)
{
	return s.data != NULL && s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

bool sl_wire_text(struct sl_wire_string s, char *out, size_t max)
{
	if (s.data == NULL || s.len >= max || !sl_text_is_clean(s.data, s.len))
		return false;
	memcpy(out, s.data, s.len);
	out[s.len] = '\0';
	return true;
}

void sl_wire_put_u32(struct sl_buf *out, uint32_t v)
{
	const uint8_t raw[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	sl_buf_put(out, raw, sizeof raw);
}

void sl_wire_put(struct sl_buf *out, const void *data, size_t len)
{
	sl_wire_put_u32(out, (uint32_t)len);
	sl_buf_put(out, data, len);
}
