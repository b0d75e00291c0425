/* text.c - see text.h. */
#include "enclave/base/text.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define BAD_CODE 0xFFFDu

/* Length of the well-formed sequence at p, its code point in *code; 0 when malformed. */
static size_t decode(const uint8_t *p, const uint8_t *end, uint32_t *code)
{
	uint32_t c = p[0], min;
	size_t n;

	if (c < 0x80) {
		*code = c;
		return 1;
	}
	if (c >= 0xC2 && c <= 0xDF)
		n = 2, c &= 0x1F, min = 0x80;
	else if (c >= 0xE0 && c <= 0xEF)
		n = 3, c &= 0x0F, min = 0x800;
	else if (c >= 0xF0 && c <= 0xF4)
		n = 4, c &= 0x07, min = 0x10000;
	else
		return 0;
	if ((size_t)(end - p) < n)
		return 0;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		c = (c << 6) | (p[i] & 0x3Fu);
	}
	if (c < min || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
		return 0;
	*code = c;
	return n;
}

bool sl_text_is_utf8(const void *data, size_t len)
{
	const uint8_t *p = data, *end = p + len;
	uint32_t code;

	while (p < end) {
		size_t n = decode(p, end, &code);
		if (n == 0 || code == 0)
			return false;
		p += n;
	}
	return true;
}

static bool is_clean_code(uint32_t c)
{
	static const struct {
		uint32_t lo, hi;
	} bad[] = {
		{0x00, 0x1F},     {0x7F, 0x9F},     {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x180E, 0x180E}, {0x200B, 0x200B},
		{0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xE000, 0xF8FF}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFF},
		{0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (c >= bad[i].lo && c <= bad[i].hi)
			return false;
	return true;
}

bool sl_text_is_clean(const void *data, size_t len)
{
	const uint8_t *p = data, *end = p + len;
	uint32_t code;

	while (p < end) {
		if (*p >= ' ' && *p <= '~') {
			p++;
			continue;
		}
		size_t n = decode(p, end, &code);
		if (n == 0 || !is_clean_code(code))
			return false;
		p += n;
	}
	return true;
}

/* Blanks, fillers, joiners and variants that leave a name looking like another, or like none. */
bool sl_text_is_unseen(uint32_t c)
{
	static const struct {
		uint32_t lo, hi;
	} unseen[] = {
		{ 0x0020, 0x0020 }, { 0x00A0, 0x00A0 }, { 0x034F, 0x034F }, { 0x115F, 0x1160 }, { 0x1680, 0x1680 },
		{ 0x17B4, 0x17B5 }, { 0x180B, 0x180F }, { 0x2000, 0x200D }, { 0x202F, 0x202F }, { 0x205F, 0x205F },
		{ 0x2800, 0x2800 }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 }, { 0xFE00, 0xFE0F }, { 0xFFA0, 0xFFA0 },
		{ 0x1BCA0, 0x1BCA3 }, { 0x1D159, 0x1D159 }, { 0x1D173, 0x1D17A },
	};

	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
		if (c >= unseen[i].lo && c <= unseen[i].hi)
			return true;
	return false;
}

/* Scripts in which a joiner between two letters changes how they are written: Arabic to Sinhala. */
static bool is_joined_script(uint32_t c)
{
	return c >= 0x0600 && c <= 0x0DFF;
}

static bool may_stand(uint32_t before, uint32_t c, uint32_t after)
{
	if (c == 0x200C || c == 0x200D)
		return is_joined_script(before) && is_joined_script(after);
	if (c >= 0x80)
		return !sl_text_is_unseen(c);
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (before != 0 && (c == '-' || (c >= '0' && c <= '9')));
}

bool sl_text_is_ident(const char *s)
{
	size_t n = strlen(s);
	const char *end = s + n;
	uint32_t before = 0, c, after;

	if (n == 0 || n > 64 || !sl_text_is_clean(s, n))
		return false;
	for (c = sl_text_next(&s, end); c != 0; before = c, c = after) {
		after = s < end ? sl_text_next(&s, end) : 0;
		if (!may_stand(before, c, after))
			return false;
	}
	return true;
}

uint32_t sl_text_next(const char **s, const char *end)
{
	uint32_t code = BAD_CODE;
	size_t n = decode((const uint8_t *)*s, (const uint8_t *)end, &code);

	*s += n == 0 ? 1 : n;
	return n == 0 ? BAD_CODE : code;
}

size_t sl_text_trim(const char **s, size_t len)
{
	const char *end = *s + len, *first = NULL, *last = *s;

	for (const char *at = *s, *from = at; at < end; from = at) {
		uint32_t c = sl_text_next(&at, end);
		if (!is_clean_code(c) || sl_text_is_unseen(c))
			continue;
		first = first != NULL ? first : from;
		last = at;
	}
	*s = first != NULL ? first : *s;
	return first != NULL ? (size_t)(last - first) : 0;
}

bool sl_text_is_blank(const char *s)
{
	return sl_text_trim(&s, strlen(s)) == 0;
}

bool sl_text_says(const char *s, size_t bytes_max)
{
	size_t n = strlen(s);

	return n <= bytes_max && sl_text_is_clean(s, n) && !sl_text_is_blank(s);
}

static size_t code_width(uint32_t c)
{
	static const struct {
		uint32_t lo, hi;
		size_t width;
	} ranges[] = {
		/* marks that stand on the letter before: Latin, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Hangul, kana */
		{ 0x0300, 0x036F, 0 },   { 0x0483, 0x0489, 0 },   { 0x0591, 0x05BD, 0 },   { 0x0610, 0x061A, 0 },
		{ 0x064B, 0x065F, 0 },   { 0x0670, 0x0670, 0 },   { 0x06D6, 0x06DC, 0 },   { 0x0900, 0x0902, 0 },
		{ 0x093C, 0x093C, 0 },   { 0x0941, 0x0948, 0 },   { 0x094D, 0x094D, 0 },   { 0x0E31, 0x0E31, 0 },
		{ 0x0E34, 0x0E3A, 0 },   { 0x0E47, 0x0E4E, 0 },   { 0x1160, 0x11FF, 0 },   { 0x302A, 0x302D, 0 },
		{ 0x3099, 0x309A, 0 },   { 0x200B, 0x200F, 0 },   { 0x20D0, 0x20FF, 0 },   { 0xFE00, 0xFE0F, 0 },
		{ 0xFE20, 0xFE2F, 0 },   { 0x1100, 0x115F, 2 },   { 0x2E80, 0x303E, 2 },   { 0x3041, 0x33FF, 2 },
		{ 0x3400, 0x4DBF, 2 },   { 0x4E00, 0x9FFF, 2 },   { 0xA000, 0xA4CF, 2 },   { 0xAC00, 0xD7A3, 2 },
		{ 0xF900, 0xFAFF, 2 },   { 0xFE30, 0xFE4F, 2 },   { 0xFF00, 0xFF60, 2 },   { 0xFFE0, 0xFFE6, 2 },
		{ 0x1F300, 0x1F64F, 2 }, { 0x1F900, 0x1F9FF, 2 }, { 0x20000, 0x3FFFD, 2 },
	};

	for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (c >= ranges[i].lo && c <= ranges[i].hi)
			return ranges[i].width;
	return 1;
}

size_t sl_text_put(uint32_t code, char out[static 4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

size_t sl_text_cut(const char *s, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char)s[max] & 0xC0) == 0x80)
		max--;
	return max;
}

size_t sl_text_width(const char *s, size_t len)
{
	const char *end = s + len;
	size_t width = 0;

	while (s < end)
		width += code_width(sl_text_next(&s, end));
	return width;
}

void sl_text_quote(struct sl_buf *out, const char *s)
{
	sl_buf_text(out, "\"");
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			sl_buf_text(out, "\\");
		sl_buf_put(out, s, 1);
	}
	sl_buf_text(out, "\"");
}

void sl_text_escape(struct sl_buf *out, const char *s, size_t len)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + len;
	uint32_t code = 0;

	while (p < end) {
		size_t n = decode(p, end, &code);
		if (n == 0)
			sl_buf_printf(out, "\\x%02x", *p);
		else if (code == '\n')
			sl_buf_text(out, "\\n");
		else if (code == '\\')
			sl_buf_text(out, "\\\\");
		else if (!is_clean_code(code))
			sl_buf_printf(out, "\\u{%x}", (unsigned)code);
		else
			sl_buf_put(out, p, n);
		p += n == 0 ? 1 : n;
	}
}

#define NEAR_LEN_MAX 64

/* What is written in the other case was meant all the same. */
static bool is_same(char a, char b)
{
	return a == b || ((a ^ b) == 0x20 && (a | 0x20) >= 'a' && (a | 0x20) <= 'z');
}

/* Optimal string alignment: insert, delete, replace, swap neighbours, each at cost one. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[3][NEAR_LEN_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		row[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *cur = row[i % 3], *prev = row[(i + 2) % 3], *prev2 = row[(i + 1) % 3];
		cur[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = prev[j - 1] + (is_same(a[i - 1], b[j - 1]) ? 0 : 1);
			if (prev[j] + 1 < best)
				best = prev[j] + 1;
			if (cur[j - 1] + 1 < best)
				best = cur[j - 1] + 1;
			if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2]) && is_same(a[i - 2], b[j - 1]) && prev2[j - 2] + 1 < best)
				best = prev2[j - 2] + 1;
			cur[j] = best;
		}
	}
	return row[na % 3][nb];
}

int sl_text_near(const char *word, const char *const *names, size_t nnames)
{
	size_t n = strlen(word), best = n / 3 > 0 ? n / 3 : 1;
	int found = -1;

	if (n > NEAR_LEN_MAX)
		return -1;
	for (size_t i = 0; i < nnames; i++) {
		size_t m = strlen(names[i]);
		/* As many as one is longer have to be put in: most names need no more than this look. */
		if (m > NEAR_LEN_MAX || (m > n ? m - n : n - m) > best)
			continue;
		size_t d = distance(word, n, names[i], m);
		if (d < best || (d == best && found < 0)) {
			best = d;
			found = (int)i;
		}
	}
	return found;
}

void sl_text_hex(const uint8_t *data, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		out[2 * i] = digits[data[i] >> 4];
		out[2 * i + 1] = digits[data[i] & 15];
	}
	out[2 * len] = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool sl_text_unhex(const char *hex, uint8_t *out, size_t len)
{
	if (strlen(hex) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++) {
		int hi = hex_value(hex[2 * i]), lo = hex_value(hex[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi * 16 + lo);
	}
	return true;
}
