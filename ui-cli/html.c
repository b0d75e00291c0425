/*
 * html.c - see html.h. Called by review show --html.
 */
#include "ui-cli/html.h"

#include <string.h>

#include "enclave/base/text.h"

#define TAB "        "

static const char *entity(uint8_t byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void sl_html_text(struct sl_buf *out, const void *s, size_t len)
{
	struct sl_buf plain = {0};

	sl_text_escape(&plain, s, len);
	for (size_t i = 0; i < plain.len; i++) {
		const char *instead = entity(plain.data[i]);

		if (instead)
			sl_buf_text(out, instead);
		else
			sl_buf_u8(out, plain.data[i]);
	}
	if (plain.failed) {
		out->failed = true;
		out->no_memory = out->no_memory || plain.no_memory;
	}
	sl_buf_free(&plain);
}

/* Blanks that a browser or a spreadsheet may drop before it looks at what follows. */
static bool is_blank(uint32_t code)
{
	return code <= ' ' || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F ||
	       code == 0x205F || code == 0x3000;
}

static bool begins_formula(const char *s)
{
	static const uint32_t signs[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
	const char *end = s + strlen(s);
	uint32_t code = ' ';

	if (*s == '-' && s[1] && strspn(s + 1, ".0123456789") == strlen(s + 1))
		return false;
	while (s < end && is_blank(code))
		code = sl_text_next(&s, end);
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (code == signs[i])
			return true;
	return false;
}

void sl_html_cell(struct sl_buf *out, const char *s)
{
	if (begins_formula(s))
		sl_buf_text(out, "&#39;");
	sl_html_text(out, s, strlen(s));
}

static void put_line(struct sl_buf *out, const char *s, size_t len)
{
	sl_buf_text(out, "| ");
	for (;;) {
		const char *tab = len ? memchr(s, '\t', len) : NULL;
		size_t n = tab ? (size_t)(tab - s) : len;

		sl_html_text(out, s, n);
		if (!tab)
			break;
		sl_buf_text(out, TAB);
		s += n + 1;
		len -= n + 1;
	}
	sl_buf_text(out, "\n");
}

void sl_html_words(struct sl_buf *out, const void *words, size_t len)
{
	const char *s = words;

	if (!len)
		return;
	sl_buf_text(out, "<pre>");
	while (len) {
		const char *lf = memchr(s, '\n', len);
		size_t n = lf ? (size_t)(lf - s) : len;

		put_line(out, s, n);
		n += lf ? 1 : 0;
		s += n;
		len -= n;
	}
	sl_buf_text(out, "</pre>\n");
}
