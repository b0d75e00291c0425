/*
 * say.c - prints text that may come from anybody, and errors. Called by every command.
 */
#include "ui-cli/say.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "enclave/base/text.h"

#define TAB "        "

/* A terminal, and NO_COLOR is not set. */
static bool may_colour(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && strcmp(term, "dumb") != 0 && isatty(fileno(f));
}

static void put_escaped(FILE *f, const char *s, size_t len)
{
	struct sl_buf b = {0};

	sl_text_escape(&b, s, len);
	if (b.failed)
		fputs("(text too long to print)", f);
	else if (b.len)
		fwrite(b.data, 1, b.len, f);
	sl_buf_free(&b);
}

void sl_say_text(FILE *f, const char *s, size_t len)
{
	put_escaped(f, s, len);
}

/* Everything but backslashes, or tabs, goes through the escape. */
static void put_between(FILE *f, const char *s, size_t len, char mark, const char *instead)
{
	while (len) {
		const char *hit = memchr(s, mark, len);
		size_t n = hit ? (size_t)(hit - s) : len;

		put_escaped(f, s, n);
		if (!hit)
			return;
		fputs(instead, f);
		s += n + 1;
		len -= n + 1;
	}
}

void sl_say_json(FILE *f, const char *json)
{
	const char *end = json + strlen(json);

	while (json < end) {
		const char *at = json;
		uint32_t code = sl_text_next(&json, end);

		if (sl_text_is_clean(at, (size_t)(json - at)))
			fwrite(at, 1, (size_t)(json - at), f);
		else if (code > 0xFFFF)
			fprintf(f, "\\u%04X\\u%04X", (unsigned)(0xD7C0 + (code >> 10)), (unsigned)(0xDC00 | (code & 0x3FF)));
		else
			fprintf(f, "\\u%04X", (unsigned)code);
	}
}

void sl_say_told(FILE *f, const char *s)
{
	put_between(f, s, strlen(s), '\\', "\\");
}

static void lines(FILE *f, const char *indent, const char *s, size_t len, char mark, const char *instead)
{
	while (len) {
		const char *lf = memchr(s, '\n', len);
		size_t n = lf ? (size_t)(lf - s) : len;

		fputs(indent, f);
		put_between(f, s, n, mark, instead);
		fputc('\n', f);
		n += lf ? 1 : 0;
		s += n;
		len -= n;
	}
}

void sl_say_lines(FILE *f, const char *indent, const void *s, size_t len)
{
	lines(f, indent, s, len, '\t', TAB);
}

void sl_say_told_lines(FILE *f, const char *indent, const char *s)
{
	lines(f, indent, s, strlen(s), '\\', "\\");
}

void sl_say_error(FILE *f, const struct sl_err *err, const char *source_line)
{
	bool colour = may_colour(f);

	fputs(colour ? "\033[1;31msluice:\033[0m " : "sluice: ", f);
	if (err->line) {
		sl_say_told(f, *err->file ? err->file : "line");
		fprintf(f, ":%u", err->line);
		if (err->col)
			fprintf(f, ":%u", err->col);
		fputs(": ", f);
	} else if (*err->file) {
		sl_say_told(f, err->file);
		fputs(": ", f);
	}
	sl_say_told(f, *err->text ? err->text : sl_rc_name(err->rc));
	fputc('\n', f);
	if (*source_line)
		sl_say_lines(f, "  | ", source_line, strlen(source_line));
	if (*err->rule) {
		fputs("  rule: ", f);
		sl_say_told(f, err->rule);
		fputc('\n', f);
	}
	if (*err->remedy) {
		fputs("  remedy: ", f);
		sl_say_told(f, err->remedy);
		fputc('\n', f);
	}
}
