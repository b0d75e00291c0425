/* typing.c - see typing.h. */
#include "enclave/load/typing.h"

#include <string.h>

#include "enclave/base/text.h"

/* A source value as text, whatever it was. */
struct span {
	const char *text;
	size_t len;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct span trim(struct span s)
{
	while (s.len > 0 && s.text[0] == ' ')
		s.text++, s.len--;
	while (s.len > 0 && s.text[s.len - 1] == ' ')
		s.len--;
	return s;
}

/* Each of year, month and day once; other characters stand for themselves. */
static bool is_date_pattern(const char *pattern)
{
	int seen[3] = { 0, 0, 0 };

	for (const char *p = pattern; *p != '\0'; p++) {
		const char *kind;

		if (*p != '%')
			continue;
		kind = p[1] != '\0' ? strchr("Ymd", *++p) : NULL;
		if (kind == NULL)
			return false;
		seen[*kind == 'Y' ? 0 : *kind == 'm' ? 1 : 2]++;
	}
	return *pattern == '\0' || (seen[0] == 1 && seen[1] == 1 && seen[2] == 1);
}

enum sl_rc sl_typer_init(struct sl_typer *t, const struct sl_load_column *column, struct sl_err *err)
{
	enum sl_rc rc;

	memset(t, 0, sizeof *t);
	t->column = column;
	if (column->type == SL_TYPE_BOOLEAN && column->nlabels != 0 && column->nlabels != 2)
		return sl_err_set(err, SL_E_INPUT, "column \"%s\": a boolean has two texts or none", column->header);
	if (column->type == SL_TYPE_DATE && !is_date_pattern(column->date_format))
		return sl_err_set(err, SL_E_INPUT, "column \"%s\": a date pattern has %%Y, %%m and %%d once each, nothing else",
		                  column->header);
	rc = sl_texts_init(&t->missing, column->missing, column->nmissing, err);
	if (rc == SL_OK)
		rc = sl_texts_init(&t->domain, column->labels, column->nlabels, err);
	return rc;
}

void sl_typer_fini(struct sl_typer *t)
{
	sl_texts_fini(&t->domain);
	sl_texts_fini(&t->missing);
}

static const char *type_integer(struct span s, int64_t *out)
{
	return sl_parse_int(s.text, s.len, out) ? NULL : "not a whole number, or too large a one";
}

static const char *type_real(struct span s, int scale, int64_t *out)
{
	return sl_parse_decimal(s.text, s.len, scale, out) ? NULL : "not a decimal number, or too large a one for the scale";
}

/* The words of Frictionless Table Schema, where the catalogue declares no others. */
static const char *type_boolean(const struct sl_typer *t, struct span s, int64_t *out)
{
	static const char *const words[] = { "0", "1", "false", "true", "False", "True", "FALSE", "TRUE" };
	uint32_t position;

	if (t->column->nlabels > 0) {
		if (!sl_texts_find(&t->domain, s.text, s.len, &position))
			return "none of the two texts declared for this boolean";
		*out = position;
		return NULL;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == s.len && memcmp(words[i], s.text, s.len) == 0) {
			*out = (int64_t)(i & 1);
			return NULL;
		}
	return "not a boolean: 0, 1, false or true";
}

/* `least` to `most` digits. */
static bool take_number(struct span *s, size_t least, size_t most, int *out)
{
	size_t n = 0;
	int v = 0;

	while (n < most && n < s->len && is_digit(s->text[n]))
		v = v * 10 + (s->text[n++] - '0');
	s->text += n;
	s->len -= n;
	*out = v;
	return n >= least;
}

static bool parse_by_pattern(const char *pattern, struct span s, int64_t *out)
{
	int year = 0, month = 0, day = 0;

	for (const char *p = pattern; *p != '\0'; p++) {
		bool ok;

		if (*p != '%') {
			ok = s.len > 0 && *s.text == *p;
			s.text += ok;
			s.len -= ok;
		} else if (*++p == 'Y') {
			ok = take_number(&s, 4, 4, &year);
		} else {
			ok = take_number(&s, 1, 2, *p == 'm' ? &month : &day);
		}
		if (!ok)
			return false;
	}
	return s.len == 0 && sl_days_from_civil(year, month, day, out);
}

static const char *type_date(const char *pattern, struct span s, int64_t *out)
{
	bool ok = *pattern == '\0' ? sl_parse_date(s.text, s.len, out) : parse_by_pattern(pattern, s, out);

	return ok ? NULL : "not a date by the declared pattern, or no such day";
}

static const char *type_text(const struct sl_typer *t, struct span s, int64_t *out)
{
	uint32_t position;

	if (sl_texts_find(&t->domain, s.text, s.len, &position))
		*out = position;
	else if (t->column->has_other)
		*out = t->column->nlabels;
	else
		return "not in the declared domain";
	return NULL;
}

static const char *type_span(const struct sl_typer *t, struct span s, int64_t *out)
{
	switch (t->column->type) {
	case SL_TYPE_INTEGER:
		return type_integer(trim(s), out);
	case SL_TYPE_REAL:
		return type_real(trim(s), t->column->scale, out);
	case SL_TYPE_BOOLEAN:
		return type_boolean(t, trim(s), out);
	case SL_TYPE_DATE:
		return type_date(t->column->date_format, trim(s), out);
	default:
		return type_text(t, s, out);
	}
}

/* NULL when usable as text. */
static const char *span_of(const struct sl_cell *cell, char room[static SL_DECIMAL_TEXT], struct span *s)
{
	switch (cell->kind) {
	case SL_CELL_INTEGER:
		s->len = sl_format_decimal(cell->integer, 0, room);
		s->text = room;
		return NULL;
	case SL_CELL_TEXT:
		*s = (struct span){ cell->text, cell->len };
		return sl_text_is_utf8(cell->text, cell->len) ? NULL : "not UTF-8";
	case SL_CELL_UNFIT:
		return cell->text;
	default:
		*s = (struct span){ "", 0 };
		return NULL;
	}
}

static bool is_missing(const struct sl_typer *t, struct span s)
{
	uint32_t position;

	if (s.len == 0 || sl_texts_find(&t->missing, s.text, s.len, &position))
		return true;
	return t->column->type != SL_TYPE_TEXT && trim(s).len == 0;
}

static const char *long_value(const struct sl_typer *t, const struct sl_cell *cell, int64_t *value, bool *missing)
{
	char room[SL_DECIMAL_TEXT];
	struct span s = { "", 0 };
	const char *reason = span_of(cell, room, &s);

	*value = 0;
	*missing = false;
	if (reason != NULL)
		return reason;
	if (is_missing(t, s)) {
		*missing = true;
		return t->column->nullable ? NULL : "missing, but the column is required";
	}
	reason = type_span(t, s, value);
	if (reason == NULL && t->column->type != SL_TYPE_TEXT && t->column->type != SL_TYPE_BOOLEAN) {
		if (*value < t->column->lo)
			reason = "below the declared minimum";
		else if (*value > t->column->hi)
			reason = "above the declared maximum";
	}
	return reason;
}

/* Digits; behind them. At most 18 in all, so that nothing can overflow. */
static size_t quick_digits(const char *text, size_t len, size_t at, uint64_t *v)
{
	while (at < len && (uint8_t)(text[at] - '0') < 10)
		*v = *v * 10 + (uint8_t)(text[at++] - '0');
	return at;
}

/* What most numbers look like: digits, and at most as many decimals as the grid has. */
static bool quick_decimal(const char *text, size_t len, int scale, int64_t *out)
{
	size_t begin = text[0] == '-', whole, at;
	uint64_t v = 0;

	if (len + (size_t)scale > 18)
		return false;
	at = whole = quick_digits(text, len, begin, &v);
	if (at < len && text[at] == '.' && scale > 0) {
		at = quick_digits(text, len, at + 1, &v);
		scale -= (int)(at - whole - 1);
	}
	if (at != len || whole == begin || scale < 0)
		return false;
	for (; scale > 0; scale--)
		v *= 10;
	*out = begin ? -(int64_t)v : (int64_t)v;
	return true;
}

/* Whether the value has the usual form; if not, the long way says what it is. */
static bool quick_value(const struct sl_typer *t, const struct sl_cell *cell, int64_t *value)
{
	const struct sl_load_column *c = t->column;
	uint32_t position;
	bool ok;

	if (cell->kind != SL_CELL_TEXT || cell->len == 0 ||
	    (t->missing.nslots > 0 && sl_texts_find(&t->missing, cell->text, cell->len, &position)))
		return false;
	switch (c->type) {
	case SL_TYPE_TEXT:
		ok = sl_texts_find(&t->domain, cell->text, cell->len, &position);
		*value = ok ? position : 0;
		return ok;
	case SL_TYPE_INTEGER:
	case SL_TYPE_REAL:
		ok = quick_decimal(cell->text, cell->len, c->type == SL_TYPE_REAL ? c->scale : 0, value);
		break;
	case SL_TYPE_DATE:
		ok = c->date_format[0] == '\0' && sl_parse_date(cell->text, cell->len, value);
		break;
	default:
		return false;
	}
	return ok && *value >= c->lo && *value <= c->hi;
}

const char *sl_typer_value(const struct sl_typer *t, const struct sl_cell *cell, int64_t *value, bool *missing)
{
	*missing = false;
	return quick_value(t, cell, value) ? NULL : long_value(t, cell, value, missing);
}

/*
 * Whether the text is a unit as it stands: no spaces, nothing but ASCII, and, where the unit is an integer, written the
 * one way a number is written.
 */
static bool quick_unit(const struct sl_typer *t, const struct sl_cell *cell)
{
	bool integer = t->column->type == SL_TYPE_INTEGER;

	if (cell->kind != SL_CELL_TEXT || cell->len == 0 || t->missing.nslots > 0)
		return false;
	if (integer && (cell->len > 18 || (cell->text[0] == '0' && cell->len > 1)))
		return false;
	for (size_t i = 0; i < cell->len; i++)
		if (integer ? !is_digit(cell->text[i]) : cell->text[i] <= ' ' || cell->text[i] > '~')
			return false;
	return true;
}

const char *sl_typer_unit(const struct sl_typer *t, const struct sl_cell *cell, char room[static SL_DECIMAL_TEXT],
                          const char **text, size_t *len)
{
	struct span s = { "", 0 };
	const char *reason;
	uint32_t position;

	if (quick_unit(t, cell)) {
		*text = cell->text;
		*len = cell->len;
		return NULL;
	}
	reason = span_of(cell, room, &s);
	if (reason != NULL)
		return reason;
	if (sl_texts_find(&t->missing, s.text, s.len, &position))
		return "the unit is missing";
	s = trim(s);
	if (s.len == 0)
		return "the unit is missing";
	/* One person written 7 here and 07 there would be two, and count twice against a threshold. */
	if (t->column->type == SL_TYPE_INTEGER) {
		int64_t number;
		if (!sl_parse_int(s.text, s.len, &number))
			return "the unit is not an integer";
		s.len = sl_format_decimal(number, 0, room);
		s.text = room;
	}
	*text = s.text;
	*len = s.len;
	return NULL;
}
