/* err.c - see err.h. Uses no allocation: it must work when memory is gone. */
#include "enclave/base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	int exit_code;
} rc_table[] = {
	[SL_OK] = {"ok", 0},
	[SL_E_NO] = {"no", 1},
	[SL_E_USAGE] = {"usage", 2},
	[SL_E_DENIED] = {"denied", 3},
	[SL_E_IDENT] = {"not-identified", 4},
	[SL_E_UNDECIDED] = {"undecided", 5},
	[SL_E_INTEGRITY] = {"integrity", 6},
	[SL_E_LIMIT] = {"limit", 7},
	[SL_E_INPUT] = {"input", 65},
	[SL_E_HOST] = {"host", 69},
	[SL_E_BUG] = {"bug", 70},
	[SL_E_NOMEM] = {"no-memory", 70},
	[SL_E_IO] = {"io", 74},
	[SL_E_BUSY] = {"busy", 75},
	[SL_E_INTR] = {"interrupted", 130},
};

#define RC_COUNT (sizeof rc_table / sizeof rc_table[0])

/* A cut in the middle of a UTF-8 sequence would make the whole message invalid text. */
static void trim_partial_utf8(char *s)
{
	size_t n = strlen(s), back = 0;

	while (back < 3 && back < n && ((unsigned char)s[n - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back >= n)
		return;
	unsigned char lead = (unsigned char)s[n - 1 - back];
	size_t want = lead < 0x80 ? 0 : lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
	if (lead >= 0x80 && want != back)
		s[n - 1 - back] = '\0';
}

enum sl_rc sl_err_vset(struct sl_err *err, enum sl_rc rc, const char *fmt, va_list ap)
{
	SL_REQUIRE(rc != SL_OK);
	if (err != NULL && err->rc == SL_OK) {
		err->rc = rc;
		if (vsnprintf(err->text, sizeof err->text, fmt, ap) >= (int)sizeof err->text)
			trim_partial_utf8(err->text);
	}
	return rc;
}

enum sl_rc sl_err_set(struct sl_err *err, enum sl_rc rc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rc = sl_err_vset(err, rc, fmt, ap);
	va_end(ap);
	return rc;
}

enum sl_rc sl_err_errno(struct sl_err *err, enum sl_rc rc, int error, const char *fmt, ...)
{
	char text[384];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof text, fmt, ap) >= (int)sizeof text)
		trim_partial_utf8(text);
	va_end(ap);
	return sl_err_set(err, rc, "%s: %s", text, strerrordesc_np(error) ? strerrordesc_np(error) : "unknown error");
}

void sl_err_at(struct sl_err *err, const char *file, uint32_t line, uint32_t col)
{
	if (err == NULL || err->line != 0 || err->file[0] != '\0')
		return;
	size_t n = strlen(file);
	const char *tail = n < sizeof err->file ? file : file + (n - (sizeof err->file - 1));
	while (((unsigned char)*tail & 0xC0) == 0x80)
		tail++;
	(void)snprintf(err->file, sizeof err->file, "%s", tail);
	err->line = line;
	err->col = col;
}

void sl_err_rule(struct sl_err *err, const char *rule)
{
	if (err != NULL && err->rule[0] == '\0')
		(void)snprintf(err->rule, sizeof err->rule, "%s", rule);
}

void sl_err_remedy(struct sl_err *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL || err->remedy[0] != '\0')
		return;
	va_start(ap, fmt);
	if (vsnprintf(err->remedy, sizeof err->remedy, fmt, ap) >= (int)sizeof err->remedy)
		trim_partial_utf8(err->remedy);
	va_end(ap);
}

void sl_err_clear(struct sl_err *err)
{
	if (err != NULL)
		memset(err, 0, sizeof *err);
}

int sl_rc_exit(enum sl_rc rc)
{
	return (size_t)rc < RC_COUNT ? rc_table[rc].exit_code : 70;
}

const char *sl_rc_name(enum sl_rc rc)
{
	return (size_t)rc < RC_COUNT ? rc_table[rc].name : "unknown";
}

_Noreturn void sl_bug(const char *what, const char *file, int line)
{
	char text[256];
	int n = snprintf(text, sizeof text, "sluice: bug: %s is false (%s:%d)\n", what, file, line);

	if (n > 0)
		(void)!write(STDERR_FILENO, text, (size_t)n < sizeof text ? (size_t)n : sizeof text - 1);
	_exit(70);
}
