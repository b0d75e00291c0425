/* csv.c - see csv.h. */
#include "enclave/load/csv.h"

#include <stdlib.h>
#include <string.h>

/* A row too long is passed over to tell of those behind it, but not without end: gzip makes gigabytes of nothing. */
#define DROPPED_BYTES_MAX ((size_t)256 << 20)

/* Where a row stands. What the bytes mean is decided here alone; a share's reader follows the same rules. */
enum where {
	AT_FIELD = 0, /* before the first byte of a field */
	PLAIN,        /* in a field without quotes */
	QUOTED,       /* between the quotes */
	QUOTE_SEEN,   /* behind a quote that closes the field or is the first of two */
	TO_LINE_END,  /* behind something that must not be there, or a carriage return */
};

static enum sl_rc next_row(struct sl_row_source *s, struct sl_row *row, bool *more, struct sl_err *err);

enum sl_rc sl_csv_init(struct sl_csv *csv, uint8_t delimiter, uint32_t nshares, struct sl_err *err)
{
	bool ok;

	memset(csv, 0, sizeof *csv);
	csv->rows.next = next_row;
	if (delimiter == 0 || strchr(",;\t|", delimiter) == NULL)
		return sl_err_set(err, SL_E_INPUT, "the delimiter is none of comma, semicolon, tab and bar");
	SL_REQUIRE(nshares > 0 && nshares <= SL_CSV_SHARES_MAX);
	csv->delimiter = delimiter;
	csv->line = 1;
	csv->empty_max = UINT64_MAX;
	csv->stretch_bytes = SL_CSV_STRETCH_BYTES;
	csv->special[delimiter] = csv->special['"'] = csv->special['\r'] = csv->special['\n'] = csv->special[0] = 1;
	csv->shares = calloc(nshares, sizeof *csv->shares);
	csv->cuts = calloc(nshares, sizeof *csv->cuts);
	ok = csv->shares != NULL && csv->cuts != NULL;
	for (; ok && csv->nshares < nshares; csv->nshares++) {
		csv->shares[csv->nshares] = (struct sl_csv_share){ .csv = csv,
			.cells = malloc(SL_SOURCE_COLUMNS_MAX * sizeof(struct sl_cell)) };
		ok = csv->shares[csv->nshares].cells != NULL;
	}
	return ok ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for reading CSV");
}

void sl_csv_fini(struct sl_csv *csv)
{
	for (uint32_t i = 0; csv->shares != NULL && i < csv->nshares; i++)
		free(csv->shares[i].cells);
	free(csv->shares);
	free(csv->cuts);
	free(csv->in);
	memset(csv, 0, sizeof *csv);
}

/*
 * Behind the end of the row in which *where stands, or NULL when the bytes end before it; *where then says how.
 * *opened: the last quote that was opened, where one was.
 */
static const uint8_t *row_end(const struct sl_csv *csv, enum where *where, const uint8_t *at, const uint8_t *end,
                              const uint8_t **opened)
{
	while (at < end) {
		switch (*where) {
		case AT_FIELD:
			*where = *at == '"' ? QUOTED : PLAIN;
			if (*where == QUOTED)
				*opened = at++;
			break;
		case PLAIN:
			while (at < end && !csv->special[*at])
				at++;
			if (at == end)
				return NULL;
			if (*at == '\n')
				return at + 1;
			*where = *at++ == csv->delimiter ? AT_FIELD : TO_LINE_END;
			break;
		case QUOTED:
			at = memchr(at, '"', (size_t)(end - at));
			if (at == NULL)
				return NULL;
			at++;
			*where = QUOTE_SEEN;
			break;
		case QUOTE_SEEN:
			if (*at == '\n')
				return at + 1;
			*where = *at == '"' ? QUOTED : *at == csv->delimiter ? AT_FIELD : TO_LINE_END;
			at++;
			break;
		default:
			at = memchr(at, '\n', (size_t)(end - at));
			return at != NULL ? at + 1 : NULL;
		}
	}
	return NULL;
}

static uint64_t count_lines(const uint8_t *at, const uint8_t *end)
{
	uint64_t n = 0;

	for (; at < end; at++)
		n += *at == '\n';
	return n;
}

/* As much as there is room for, or up to the end. */
static enum sl_rc read_more(struct sl_csv *csv, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	size_t n;

	while (rc == SL_OK && csv->have < csv->cap && !csv->from_ended) {
		n = 0;
		rc = csv->from->read(csv->from, csv->in + csv->have, csv->cap - csv->have, &n, err);
		csv->have += n;
		csv->from_ended = n == 0;
		if (rc == SL_OK && csv->from->given > csv->bytes_max)
			rc = sl_err_set(err, SL_E_LIMIT, "the source is longer than %llu bytes, the limit for this many rows",
			                (unsigned long long)csv->bytes_max);
	}
	return rc;
}

/* A byte order mark may stand before the first field, quoted or not. */
static void skip_mark(struct sl_csv *csv)
{
	static const uint8_t mark[3] = { 0xEF, 0xBB, 0xBF };

	if (!csv->past_start && csv->have >= sizeof mark && memcmp(csv->in, mark, sizeof mark) == 0)
		csv->at = sizeof mark;
	csv->past_start = true;
}

static enum sl_rc endless_row(uint64_t line, struct sl_err *err)
{
	sl_err_at(err, "", (uint32_t)line, 0);
	return sl_err_set(err, SL_E_INPUT, "the row that begins in line %llu is longer than 256 MiB",
	                  (unsigned long long)line);
}

static enum sl_rc open_quote(uint64_t line, struct sl_err *err)
{
	sl_err_at(err, "", (uint32_t)line, 0);
	return sl_err_set(err, SL_E_INPUT, "the quote opened in line %llu is never closed", (unsigned long long)line);
}

/* Without quotes every line end is a row's end. */
static void cut_lines(struct sl_csv *csv)
{
	csv->whole = csv->have;
	while (csv->whole > csv->at && csv->in[csv->whole - 1] != '\n')
		csv->whole--;
	for (uint32_t i = 1; i < csv->nshares; i++) {
		size_t aim = csv->at + (csv->whole - csv->at) / csv->nshares * i;
		uint8_t *end = csv->whole > aim ? memchr(csv->in + aim, '\n', csv->whole - aim) : NULL;

		csv->cuts[i - 1] = end != NULL ? (size_t)(end - csv->in) + 1 : csv->whole;
	}
}

/* Row by row; the line of a quote that is open at the end goes to *open_line. */
static void cut_rows(struct sl_csv *csv, uint64_t *open_line)
{
	const uint8_t *end = csv->in + csv->have, *next = csv->in + csv->at, *opened = NULL;
	enum where where = AT_FIELD;
	uint32_t cut = 1;

	do {
		csv->whole = (size_t)(next - csv->in);
		while (cut < csv->nshares && csv->whole - csv->at >= (csv->have - csv->at) / csv->nshares * cut)
			csv->cuts[cut++ - 1] = csv->whole;
		where = AT_FIELD;
		next = row_end(csv, &where, next, end, &opened);
	} while (next != NULL);
	while (cut < csv->nshares)
		csv->cuts[cut++ - 1] = csv->whole;
	csv->open = where == QUOTED;
	if (csv->open)
		*open_line = csv->line + csv->dropped_lines + count_lines(csv->in + csv->at, opened);
}

/* Where the rows end of what was read, and where it can be divided. */
static void find_rows(struct sl_csv *csv, uint64_t *open_line)
{
	csv->open = false;
	if (memchr(csv->in + csv->at, '"', csv->have - csv->at) == NULL)
		cut_lines(csv);
	else
		cut_rows(csv, open_line);
	/* The last row may do without a line end. */
	if (csv->from_ended && !csv->open)
		csv->whole = csv->have;
}

static bool grow(struct sl_csv *csv, size_t cap)
{
	uint8_t *more = realloc(csv->in, cap + 1);

	if (more == NULL)
		return false;
	csv->in = more;
	csv->cap = cap;
	return true;
}

/* Pass over a row of which no end is in sight, counting its lines. */
static enum sl_rc drop_row(struct sl_csv *csv, const char *fault, struct sl_err *err)
{
	enum where where = AT_FIELD;
	const uint8_t *opened = NULL, *end, *next;
	uint64_t open_line = csv->line;
	size_t passed = 0;
	enum sl_rc rc = SL_OK;

	csv->dropped = fault;
	for (;;) {
		end = csv->in + csv->have;
		next = row_end(csv, &where, csv->in + csv->at, end, &opened);
		if (opened != NULL)
			open_line = csv->line + csv->dropped_lines + count_lines(csv->in + csv->at, opened);
		opened = NULL;
		csv->dropped_lines += count_lines(csv->in + csv->at, next != NULL ? next : end);
		csv->at = 0;
		csv->have = next != NULL ? (size_t)(end - next) : 0;
		if (next != NULL || csv->from_ended)
			break;
		passed += (size_t)(end - csv->in);
		rc = passed > DROPPED_BYTES_MAX ? endless_row(csv->line, err) : read_more(csv, err);
		if (rc != SL_OK)
			return rc;
	}
	if (next != NULL)
		memmove(csv->in, next, csv->have);
	return next == NULL && where == QUOTED ? open_quote(open_line, err) : SL_OK;
}

/* The next stretch of whole rows; nothing of the last one is left. */
static enum sl_rc fill(struct sl_csv *csv, struct sl_err *err)
{
	uint64_t open_line = 0;
	enum sl_rc rc;

	if (csv->cap == 0 && !grow(csv, csv->stretch_bytes))
		return sl_err_set(err, SL_E_NOMEM, "out of memory for reading CSV");
	csv->have -= csv->whole;
	memmove(csv->in, csv->in + csv->whole, csv->have);
	csv->at = csv->whole = 0;
	for (;;) {
		rc = read_more(csv, err);
		if (rc != SL_OK)
			return rc;
		skip_mark(csv);
		find_rows(csv, &open_line);
		if (csv->whole > csv->at || csv->from_ended)
			break;
		if (csv->cap > SL_SOURCE_ROW_BYTES)
			return drop_row(csv, "a row longer than 16 MiB", err);
		if (!grow(csv, 2 * csv->cap))
			return drop_row(csv, "a row too long for the memory there is", err);
	}
	return csv->open && csv->whole == csv->at ? open_quote(open_line, err) : SL_OK;
}

/* Where the rows stand that were not handed out, or not read. */
static void take_back(struct sl_csv *csv)
{
	for (uint32_t i = 0; i < csv->ngiven; i++) {
		csv->line += csv->shares[i].line;
		csv->at = (size_t)(csv->shares[i].at - csv->in);
		csv->empty += csv->shares[i].empty;
	}
	csv->ngiven = 0;
}

static enum sl_rc hand_out(struct sl_csv *csv, uint32_t n, bool *more, struct sl_err *err)
{
	size_t from;
	enum sl_rc rc = SL_OK;

	take_back(csv);
	if (csv->empty > csv->empty_max)
		return sl_err_set(err, SL_E_LIMIT, "the source has more than %llu empty lines, the limit for this many rows",
		                  (unsigned long long)csv->empty_max);
	if (csv->at == csv->whole && !(csv->from_ended && csv->have == csv->whole && csv->cap > 0))
		rc = fill(csv, err);
	if (rc != SL_OK)
		return rc;
	from = csv->at;
	for (uint32_t i = 0; i < n; i++) {
		size_t to = i + 1 < n ? csv->cuts[i] : csv->whole;

		csv->shares[i].at = csv->in + from;
		from = to > from ? to : from;
		csv->shares[i].end = csv->in + from;
		csv->shares[i].line = csv->shares[i].empty = 0;
		csv->shares[i].dropped = NULL;
	}
	csv->ngiven = n;
	*more = csv->whole > csv->at || csv->dropped != NULL;
	csv->shares[0].dropped = csv->dropped;
	csv->shares[0].dropped_lines = csv->dropped_lines;
	csv->dropped = NULL;
	csv->dropped_lines = 0;
	return SL_OK;
}

enum sl_rc sl_csv_stretch(struct sl_csv *csv, bool *more, struct sl_err *err)
{
	return hand_out(csv, csv->nshares, more, err);
}

uint64_t sl_csv_share_line(const struct sl_csv *csv, uint32_t i)
{
	uint64_t line = csv->line;

	while (i-- > 0)
		line += csv->shares[i].line;
	return line;
}

/* A field as it lies in the source. */
struct field {
	uint8_t *at;
	size_t len;
	bool quoted, doubled; /* doubled: some quote in it is written twice */
};

/* The field that begins at `at`; behind it, or behind what of it is there. */
static uint8_t *quoted_field(struct field *f, uint8_t *at, const uint8_t *end, struct sl_csv_share *s,
                             const char **fault)
{
	f->quoted = true;
	f->at = ++at;
	for (;;) {
		uint8_t *quote = memchr(at, '"', (size_t)(end - at));

		/* A quote that stays open to the end of a share is a fault of the file, found by fill. */
		SL_REQUIRE(quote != NULL);
		if (*fault == NULL && memchr(at, 0, (size_t)(quote - at)) != NULL)
			*fault = "a NUL byte";
		s->line += count_lines(at, quote);
		at = quote + 1;
		if (at == end || *at != '"') {
			f->len = (size_t)(quote - f->at);
			return at;
		}
		f->doubled = true;
		at++;
	}
}

static void undouble(struct field *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->len; i++) {
		f->at[n++] = f->at[i];
		i += f->at[i] == '"';
	}
	f->len = n;
}

/* What stands behind a field, where it is neither delimiter nor line feed; *at goes to the row's end. */
static const char *odd_end(struct sl_csv_share *s, const struct field *f, uint8_t **at)
{
	uint8_t c = **at;
	bool fits = c == '\r' && *at + 1 < s->end && (*at)[1] == '\n';

	*at = memchr(*at, '\n', (size_t)(s->end - *at));
	s->line += *at != NULL;
	*at = *at != NULL ? *at + 1 : s->end;
	if (fits)
		return NULL;
	if (c == '\r')
		return "a carriage return without a line feed";
	if (f->quoted)
		return "text behind a closing quote";
	return c == '"' ? "a quote in the middle of a field that does not begin with one" : "a NUL byte";
}

/* One row into the share's cells. */
static const char *take_row(struct sl_csv_share *s, uint32_t *nfields, bool *any_quoted)
{
	const uint8_t *special = s->csv->special, *end = s->end;
	uint8_t *at = s->at, delimiter = s->csv->delimiter;
	const char *fault = NULL;
	uint32_t n = 0;

	for (;;) {
		struct field f = { .at = at };

		if (at < end && *at == '"') {
			at = quoted_field(&f, at, end, s, &fault);
			*any_quoted = true;
		} else {
			while (at < end && !special[*at])
				at++;
			f.len = (size_t)(at - f.at);
		}
		if (f.len > SL_SOURCE_FIELD_BYTES && fault == NULL)
			fault = "a field longer than 1 MiB";
		if (f.doubled)
			undouble(&f);
		if (n < SL_SOURCE_COLUMNS_MAX)
			s->cells[n++] = (struct sl_cell){ .kind = SL_CELL_TEXT, .text = (const char *)f.at, .len = f.len };
		else if (fault == NULL)
			fault = "more than 2048 fields";
		if (at == end)
			break;
		if (*at == delimiter) {
			at++;
			continue;
		}
		if (*at == '\n') {
			at++;
			s->line++;
			break;
		}
		const char *odd = odd_end(s, &f, &at);
		fault = fault != NULL ? fault : odd;
		break;
	}
	if (fault == NULL && (size_t)(at - s->at) > SL_SOURCE_ROW_BYTES)
		fault = "a row longer than 16 MiB";
	s->at = at;
	*nfields = n;
	return fault;
}

bool sl_csv_share_next(struct sl_csv_share *s, struct sl_row *row)
{
	uint32_t width = s->csv->width;

	*row = (struct sl_row){ .line = s->line, .fault = s->dropped };
	if (s->dropped != NULL) {
		s->line += s->dropped_lines;
		s->dropped = NULL;
		return true;
	}
	while (s->at < s->end) {
		bool any_quoted = false;

		row->line = s->line;
		row->fault = take_row(s, &row->ncells, &any_quoted);
		if (row->fault == NULL && row->ncells == 1 && s->cells[0].len == 0 && !any_quoted && width != 1) {
			s->empty++;
			continue;
		}
		if (row->fault == NULL && width > 0 && row->ncells != width)
			row->fault = row->ncells < width ? "fewer fields than the header" : "more fields than the header";
		row->cells = s->cells;
		if (row->fault != NULL)
			row->ncells = 0;
		return true;
	}
	return false;
}

static enum sl_rc next_row(struct sl_row_source *rows, struct sl_row *row, bool *more, struct sl_err *err)
{
	struct sl_csv *csv = (struct sl_csv *)rows;

	*more = true;
	while (csv->ngiven == 0 || !sl_csv_share_next(&csv->shares[0], row)) {
		enum sl_rc rc = hand_out(csv, 1, more, err);

		if (rc != SL_OK || !*more)
			return rc;
	}
	row->line += csv->line;
	if (csv->width == 0 && row->fault == NULL)
		csv->width = row->ncells;
	return SL_OK;
}
