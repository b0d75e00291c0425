/*
 * split.c - splits the command line of an SSH session into words. Called by `sluice session`; runs nothing.
 */
#include "ui-cli/split.h"

#include <string.h>

#include "enclave/base/text.h"

/* A shell would act on these: refused rather than taken as they stand. $ and ` also within double quotes. */
static const char acting[] = "$`|&;<>()*?[]~#{}!";
static const char acting_quoted[] = "$`";

static enum sl_rc refuse(struct sl_err *err, char c)
{
	sl_err_set(err, SL_E_USAGE, "no shell reads this command: \"%c\" would do nothing", c);
	sl_err_remedy(err, "put the word in single quotes, twice over when your own shell takes one pair away");
	return SL_E_USAGE;
}

/* Within quotes, from behind the opening one to behind the closing one. */
static enum sl_rc quoted(const char **at, struct sl_buf *out, struct sl_err *err)
{
	char quote = (*at)[-1];

	for (const char *p = *at; *p; p++) {
		if (*p == quote) {
			*at = p + 1;
			return SL_OK;
		}
		if (quote == '"' && *p == '\\' && p[1] && strchr("\"\\$`", p[1]))
			p++;
		else if (quote == '"' && strchr(acting_quoted, *p))
			return refuse(err, *p);
		sl_buf_u8(out, (uint8_t)*p);
	}
	return sl_err_set(err, SL_E_USAGE, "a quote %c is not closed", quote);
}

static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* One word, from its first character to the blank behind it. */
static enum sl_rc word(const char **at, struct sl_buf *out, struct sl_err *err)
{
	enum sl_rc rc;

	while (**at && !blank(**at)) {
		char c = *(*at)++;

		if (c == '\'' || c == '"') {
			rc = quoted(at, out, err);
			if (rc)
				return rc;
			continue;
		}
		if (c == '\\') {
			if (!**at)
				return sl_err_set(err, SL_E_USAGE, "a backslash stands at the end");
			c = *(*at)++;
		} else if (strchr(acting, c)) {
			return refuse(err, c);
		}
		sl_buf_u8(out, (uint8_t)c);
	}
	sl_buf_u8(out, 0);
	return SL_OK;
}

enum sl_rc sl_split_line(const char *line, struct sl_split *out, struct sl_err *err)
{
	size_t len = strlen(line), starts[SL_SPLIT_WORDS_MAX];
	enum sl_rc rc = SL_OK;

	*out = (struct sl_split){0};
	if (len > SL_SPLIT_BYTES_MAX)
		return sl_err_set(err, SL_E_LIMIT, "the command is longer than %d bytes", SL_SPLIT_BYTES_MAX);
	if (!sl_text_is_utf8(line, len))
		return sl_err_set(err, SL_E_USAGE, "the command is not UTF-8");
	for (const char *at = line; !rc;) {
		while (blank(*at))
			at++;
		if (!*at)
			break;
		if (out->nwords == SL_SPLIT_WORDS_MAX) {
			rc = sl_err_set(err, SL_E_LIMIT, "the command has more than %d words", SL_SPLIT_WORDS_MAX);
			break;
		}
		starts[out->nwords++] = out->text.len;
		rc = word(&at, &out->text, err);
	}
	if (!rc)
		rc = sl_buf_ok(&out->text, "the words of the command", err);
	if (rc) {
		sl_split_free(out);
		return rc;
	}
	for (uint32_t i = 0; i < out->nwords; i++)
		out->words[i] = (const char *)out->text.data + starts[i];
	return SL_OK;
}

void sl_split_free(struct sl_split *s)
{
	sl_buf_free(&s->text);
	*s = (struct sl_split){0};
}
