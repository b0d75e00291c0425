/* fault.c - see fault.h. */
#include "enclave/script/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

uint32_t sl_fault_line(lua_State *L)
{
	lua_Debug ar;

	for (int level = 0; lua_getstack(L, level, &ar); level++)
		if (lua_getinfo(L, "l", &ar) && ar.currentline > 0)
			return (uint32_t)ar.currentline;
	return 0;
}

/* Line `line` (from 1) of the script: its start, and its length without the line end. */
static const char *line_of(const struct sl_script_setup *setup, uint32_t line, size_t *len)
{
	const char *at = (const char *)setup->script, *stop = at + setup->nscript;

	for (uint32_t n = 1; n < line && at < stop; n++) {
		const char *nl = memchr(at, '\n', (size_t)(stop - at));
		at = nl != NULL ? nl + 1 : stop;
	}
	const char *nl = at < stop ? memchr(at, '\n', (size_t)(stop - at)) : NULL;
	*len = at < stop ? (size_t)((nl != NULL ? nl : stop) - at) : 0;
	return at;
}

static bool has_quoted(const char *line, size_t len, const char *text, size_t n)
{
	for (size_t i = 1; i + n <= len; i++)
		if (memcmp(line + i, text, n) == 0 && (strchr("\"'[", line[i - 1]) != NULL))
			return true;
	return false;
}

static bool has_name(const char *line, size_t len, const char *text, size_t n)
{
	for (size_t i = 0; i + n < len; i++)
		if (memcmp(line + i, text, n) == 0 && (i == 0 || strchr(" \t{,", line[i - 1]) != NULL) &&
		    strchr(" \t=", line[i + n]) != NULL)
			return true;
	return false;
}

/* Where a chain of calls cannot go on: an empty line, or a new statement. */
static bool ends_chain(const char *line, size_t len)
{
	static const char *const words[] = {"local ", "output", "return", "end", "for ", "if ", "function "};
	size_t i = 0;

	while (i < len && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r'))
		i++;
	for (size_t k = 0; k < sizeof words / sizeof words[0]; k++)
		if (len - i >= strlen(words[k]) && memcmp(line + i, words[k], strlen(words[k])) == 0)
			return true;
	return i == len;
}

#define CHAIN_LINES_MAX 200
static uint32_t line_with(const struct sl_script_setup *setup, uint32_t from, const char *text)
{
	size_t n = strcspn(text, "\n"), len = 0;

	if (from == 0 || n == 0)
		return from;
	for (uint32_t line = from; line < from + CHAIN_LINES_MAX; line++) {
		const char *at = line_of(setup, line, &len);
		if (at >= (const char *)setup->script + setup->nscript || (line > from && ends_chain(at, len)))
			break;
		if (has_quoted(at, len, text, n) || has_name(at, len, text, n))
			return line;
	}
	return from;
}

#define EXPRESSION_SHOWN 120
static void compose(char out[static SL_STATE_MESSAGE_BYTES], const struct sl_err *err, const char *culprit)
{
	bool of = err->col > 0 && culprit != NULL;
	size_t n = culprit != NULL ? strcspn(culprit, "\n") : 0;

	snprintf(out, SL_STATE_MESSAGE_BYTES, "%s%s%s%s", err->text, err->rule[0] != '\0' ? " [" : "", err->rule,
	         err->rule[0] != '\0' ? "]" : "");
	size_t used = strlen(out);
	if (of)
		snprintf(out + used, SL_STATE_MESSAGE_BYTES - used, " (character %u of \"%.*s%s\")", err->col,
		         n > EXPRESSION_SHOWN ? EXPRESSION_SHOWN : (int)n, culprit,
		         culprit[n] != '\0' || n > EXPRESSION_SHOWN ? "…" : "");
}

_Noreturn void sl_fault_raise(lua_State *L, const struct sl_err *err, const char *culprit)
{
	struct sl_script *s = sl_state_of(L);
	struct sl_state_fault *f = &s->fault;

	f->line = line_with(s->setup, sl_fault_line(L), culprit != NULL ? culprit : "");
	compose(f->text, err, culprit);
	snprintf(f->remedy, sizeof f->remedy, "%s", err->remedy);
	snprintf(f->raised, sizeof f->raised, "%s:%u: %.1150s", SL_STATE_CHUNK, f->line, f->text);
	lua_pushstring(L, f->raised);
	lua_error(L);
	__builtin_unreachable();
}

_Noreturn void sl_fault_raisef(lua_State *L, const char *remedy, const char *fmt, ...)
{
	struct sl_err err = {0};
	va_list ap;

	va_start(ap, fmt);
	sl_err_vset(&err, SL_E_INPUT, fmt, ap);
	va_end(ap);
	if (remedy != NULL)
		sl_err_remedy(&err, "%s", remedy);
	sl_fault_raise(L, &err, NULL);
}

/* A heap copy that is UTF-8 without controls, cut to max bytes at a character. */
static char *clean(const char *s, size_t len, size_t max)
{
	char *out = malloc(max + 1);
	const char *end = s + len;
	size_t n = 0;

	if (out == NULL)
		return NULL;
	while (s < end) {
		const char *at = s;
		bool bad = sl_text_next(&s, end) == 0xFFFD || !sl_text_is_clean(at, (size_t)(s - at));
		const char *from = *at == '\t' || *at == '\n' ? " " : bad ? "\xEF\xBF\xBD" : at;
		size_t k = *from == ' ' ? 1 : bad ? 3 : (size_t)(s - at);
		if (n + k > max)
			break;
		memcpy(out + n, from, k);
		n += k;
	}
	out[n] = '\0';
	return out;
}

/* Takes "script:12: " off a message and gives the 12; 0 when it is not there. */
static uint32_t split_place(const char **text, size_t *len)
{
	size_t n = strlen(SL_STATE_CHUNK ":"), i = n;
	uint32_t line = 0;

	if (*len <= n || memcmp(*text, SL_STATE_CHUNK ":", n) != 0)
		return 0;
	for (; i < *len && (*text)[i] >= '0' && (*text)[i] <= '9' && line < 100000000; i++)
		line = line * 10 + (uint32_t)((*text)[i] - '0');
	if (i + 1 >= *len || (*text)[i] != ':' || (*text)[i + 1] != ' ')
		return 0;
	*text += i + 2;
	*len -= i + 2;
	return line;
}

static void set_remedy(const struct sl_script *s, int status, char *out, size_t cap)
{
	out[0] = '\0';
	if (status == LUA_ERRMEM)
		snprintf(out, cap, "make fewer or smaller tables and texts; the limit script_memory_bytes is %llu",
		         (unsigned long long)s->memory_max);
}

enum sl_rc sl_fault_end(struct sl_script *s, int status, struct sl_script_end *end, struct sl_err *err)
{
	const struct sl_state_fault *f = &s->fault;
	char other[80], room[120];
	size_t len = 0, line_len = 0;
	const char *text, *remedy = room;
	bool is_text = lua_type(s->L, -1) == LUA_TSTRING;

	set_remedy(s, status, room, sizeof room);
	snprintf(other, sizeof other, "the script raised an error that is a %s, not a text",
	         lua_typename(s->L, lua_type(s->L, -1)));
	text = is_text ? lua_tolstring(s->L, -1, &len) : other;
	if (!is_text)
		len = strlen(other);
	/* A spent budget is told as such, whatever the script made of it. */
	if (s->exhausted || (is_text && f->raised[0] != '\0' && strcmp(text, f->raised) == 0)) {
		text = f->text;
		len = strlen(text);
		remedy = f->remedy;
		end->line = f->line;
	} else {
		end->line = split_place(&text, &len);
		if (end->line == 0 && status == LUA_ERRRUN)
			end->line = s->error_line;
	}
	const char *line = line_of(s->setup, end->line, &line_len);
	end->ok = 0;
	end->message = clean(text, len, 2048);
	end->remedy = clean(remedy, strlen(remedy), SL_TITLE_BYTES);
	end->source_line = clean(line, end->line > 0 ? line_len : 0, SL_TITLE_BYTES);
	if (end->message == NULL || end->remedy == NULL || end->source_line == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return SL_OK;
}
