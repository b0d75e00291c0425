/* token.c - see token.h. */
#include "policy/json/token.h"

#include <string.h>

#include "enclave/base/text.h"

static bool is(const struct sl_token *t, char c)
{
	return t->at < t->end && *t->at == c;
}

void sl_token_space(struct sl_token *t)
{
	while (t->at < t->end && (*t->at == ' ' || *t->at == '\t' || *t->at == '\n' || *t->at == '\r'))
		t->at++;
}

/* Over a string; its bytes with quotes in *from, *len. False: none here. */
static bool token_string(struct sl_token *t, const char **from, size_t *len)
{
	const char *p = t->at;

	if (!is(t, '"'))
		return false;
	for (p++; p < t->end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	if (p >= t->end)
		return false;
	*from = t->at;
	*len = (size_t)(p + 1 - t->at);
	t->at = p + 1;
	return true;
}

static bool skip_nested(struct sl_token *t)
{
	size_t depth = 0, len;
	const char *from;

	while (t->at < t->end) {
		if (*t->at == '"') {
			if (!token_string(t, &from, &len))
				return false;
			continue;
		}
		if (*t->at == '{' || *t->at == '[')
			depth++;
		if ((*t->at == '}' || *t->at == ']') && --depth == 0) {
			t->at++;
			return true;
		}
		t->at++;
	}
	return false;
}

bool sl_token_value(struct sl_token *t)
{
	const char *from;
	size_t len;

	sl_token_space(t);
	if (is(t, '"'))
		return token_string(t, &from, &len);
	if (is(t, '{') || is(t, '['))
		return skip_nested(t);
	from = t->at;
	while (t->at < t->end && strchr(",]} \t\r\n", *t->at) == NULL)
		t->at++;
	return t->at > from;
}

static bool hex4(const char *p, const char *end, uint32_t *out)
{
	uint8_t b[2];
	char hex[5] = "";

	if (end - p < 4)
		return false;
	for (size_t i = 0; i < 4; i++)
		hex[i] = (char)(p[i] >= 'A' && p[i] <= 'F' ? p[i] - 'A' + 'a' : p[i]);
	if (!sl_text_unhex(hex, b, 2))
		return false;
	*out = (uint32_t)b[0] << 8 | b[1];
	return true;
}

/* One escape behind a backslash at *p; advances *p behind it. */
static size_t unescape(const char **p, const char *end, char out[static 4])
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	uint32_t c = 0, low = 0;
	char e = **p;

	(*p)++;
	if (e != 'u') {
		const char *hit = strchr(from, e);
		out[0] = hit != NULL && e != '\0' ? to[hit - from] : e;
		return 1;
	}
	if (!hex4(*p, end, &c))
		return 0;
	*p += 4;
	if (c >= 0xD800 && c < 0xDC00 && end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' &&
	    hex4(*p + 2, end, &low)) {
		*p += 6;
		c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
	}
	return sl_text_put(c, out);
}

/* Does the quoted text mean `key`? */
static bool means(const char *from, size_t len, const char *key)
{
	const char *p = from + 1, *end = from + len - 1;
	size_t nkey = strlen(key), at = 0;
	char bytes[4];

	while (p < end) {
		size_t n = 1;
		bytes[0] = *p++;
		if (bytes[0] == '\\' && p < end)
			n = unescape(&p, end, bytes);
		if (n > nkey - at || memcmp(key + at, bytes, n) != 0)
			return false;
		at += n;
	}
	return at == nkey;
}

bool sl_token_colon(struct sl_token *t)
{
	const char *from;
	size_t len;

	if (!token_string(t, &from, &len))
		return false;
	sl_token_space(t);
	if (!is(t, ':'))
		return false;
	t->at++;
	sl_token_space(t);
	return true;
}

/* Behind the opening bracket and what blanks follow it. */
static bool enter(struct sl_token *t, char bracket)
{
	sl_token_space(t);
	if (!is(t, bracket))
		return false;
	t->at++;
	sl_token_space(t);
	return true;
}

bool sl_token_next(struct sl_token *t)
{
	if (!sl_token_value(t))
		return false;
	sl_token_space(t);
	if (!is(t, ','))
		return false;
	t->at++;
	sl_token_space(t);
	return t->at < t->end;
}

bool sl_token_member_from(struct sl_token *t, const char *key)
{
	for (;;) {
		struct sl_token name = *t;
		const char *from;
		size_t len;
		if (!token_string(&name, &from, &len))
			return false;
		if (means(from, len, key))
			return true;
		if (!sl_token_colon(t) || !sl_token_next(t))
			return false;
	}
}

bool sl_token_member(struct sl_token *t, const char *key)
{
	return enter(t, '{') && sl_token_member_from(t, key);
}

bool sl_token_element(struct sl_token *t, size_t i)
{
	if (!enter(t, '['))
		return false;
	for (; i > 0; i--)
		if (!sl_token_next(t))
			return false;
	return t->at < t->end;
}

size_t sl_token_depth(const char *text, size_t len)
{
	struct sl_token t = { text, text, text + len };
	size_t depth = 0, most = 0, n;
	const char *from;

	while (t.at < t.end) {
		if (*t.at == '"') {
			if (!token_string(&t, &from, &n))
				break;
			continue;
		}
		if (*t.at == '{' || *t.at == '[')
			most = ++depth > most ? depth : most;
		else if ((*t.at == '}' || *t.at == ']') && depth > 0)
			depth--;
		t.at++;
	}
	return most;
}
