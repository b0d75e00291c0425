/* csv.c - see csv.h. */
#include "enclave/load/csv.h"

#include <stdlib.h>
#include <string.h>

#define IN_BYTES ((size_t)64 << 10)

enum state {
	AT_FIELD = 0, /* before the first byte of a field */
	PLAIN,        /* in a field without quotes */
	QUOTED,       /* between the quotes */
	QUOTE_SEEN,   /* behind a quote that closes the field or is the first of two */
	CR_SEEN,      /* behind a carriage return that should end the row */
	SKIPPING,     /* in a faulty row: up to the end of the line */
};

static enum sl_rc next_row(struct sl_row_source *s, struct sl_row *row, bool *more, struct sl_err *err);

enum sl_rc sl_csv_init(struct sl_csv *csv, uint8_t delimiter, struct sl_err *err)
{
	memset(csv, 0, sizeof *csv);
	csv->rows.next = next_row;
	if (delimiter == 0 || strchr(",;\t|", delimiter) == NULL)
		return sl_err_set(err, SL_E_INPUT, "the delimiter is none of comma, semicolon, tab and bar");
	csv->delimiter = delimiter;
	csv->line = 1;
	csv->text.max = SL_SOURCE_ROW_BYTES;
	csv->special[delimiter] = csv->special['"'] = csv->special['\r'] = csv->special['\n'] = csv->special[0] = 1;
	csv->starts = malloc((SL_SOURCE_COLUMNS_MAX + 1) * sizeof *csv->starts);
	csv->cells = malloc(SL_SOURCE_COLUMNS_MAX * sizeof *csv->cells);
	csv->in = malloc(IN_BYTES);
	if (csv->starts == NULL || csv->cells == NULL || csv->in == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for reading CSV");
	return SL_OK;
}

void sl_csv_fini(struct sl_csv *csv)
{
	sl_buf_free(&csv->text);
	free(csv->starts);
	free(csv->cells);
	free(csv->in);
	csv->starts = NULL;
	csv->cells = NULL;
	csv->in = NULL;
}

/* False when there is no further byte. */
static enum sl_rc refill(struct sl_csv *csv, bool *more, struct sl_err *err)
{
	size_t n = 0;
	enum sl_rc rc;

	rc = csv->from->read(csv->from, csv->in, IN_BYTES, &n, err);
	csv->at = csv->in;
	csv->end = csv->in + n;
	*more = n > 0;
	if (rc == SL_OK && csv->from->given > csv->bytes_max)
		rc = sl_err_set(err, SL_E_LIMIT, "the source is longer than %llu bytes, the limit for this many rows",
		                (unsigned long long)csv->bytes_max);
	return rc;
}

static void set_fault(struct sl_csv *csv, const char *fault)
{
	if (csv->fault == NULL)
		csv->fault = fault;
}

static void begin_field(struct sl_csv *csv)
{
	if (csv->nfields == SL_SOURCE_COLUMNS_MAX) {
		set_fault(csv, "more than 2048 fields");
		return;
	}
	csv->starts[csv->nfields++] = csv->text.len;
}

static void add(struct sl_csv *csv, const uint8_t *from, size_t len)
{
	if (csv->fault != NULL || len == 0)
		return;
	if (csv->text.len - csv->starts[csv->nfields - 1] + len > SL_SOURCE_FIELD_BYTES) {
		set_fault(csv, "a field longer than 1 MiB");
		return;
	}
	sl_buf_put(&csv->text, from, len);
	if (csv->text.failed)
		set_fault(csv, csv->text.len + len > SL_SOURCE_ROW_BYTES ? "a row longer than 16 MiB"
			                                                     : "a row too long for the memory there is");
}

/* A byte that must not stand here; the rest of the line is passed over, in quotes or not. */
static void refuse(struct sl_csv *csv, const char *fault)
{
	set_fault(csv, fault);
	csv->state = SKIPPING;
}

static void begin_row(struct sl_csv *csv)
{
	sl_buf_reset(&csv->text);
	csv->nfields = 0;
	csv->fault = NULL;
	csv->row_quoted = false;
	csv->row_line = csv->line;
	csv->state = AT_FIELD;
	begin_field(csv);
}

/* A delimiter or the first byte behind one. */
static void step_plain(struct sl_csv *csv, uint8_t c)
{
	if (c == csv->delimiter) {
		begin_field(csv);
		csv->state = AT_FIELD;
	} else if (c == '"' && csv->state == AT_FIELD) {
		csv->state = QUOTED;
		csv->row_quoted = true;
		csv->quote_line = csv->line;
	} else if (c == '"') {
		refuse(csv, "a quote in the middle of a field that does not begin with one");
	} else if (c == '\r') {
		csv->state = CR_SEEN;
	} else if (c == 0) {
		refuse(csv, "a NUL byte");
	} else {
		csv->state = PLAIN;
		add(csv, &c, 1);
	}
}

static void step_quoted(struct sl_csv *csv, uint8_t c)
{
	if (csv->state == QUOTED) {
		if (c == '"')
			csv->state = QUOTE_SEEN;
		else if (c == 0)
			set_fault(csv, "a NUL byte");
		else
			add(csv, &c, 1);
		return;
	}
	if (c == '"') {
		csv->state = QUOTED;
		add(csv, &c, 1);
	} else if (c == csv->delimiter) {
		begin_field(csv);
		csv->state = AT_FIELD;
	} else if (c == '\r') {
		csv->state = CR_SEEN;
	} else {
		refuse(csv, "text behind a closing quote");
	}
}

/* One byte that is not the line feed at the end of a row. */
static void step(struct sl_csv *csv, uint8_t c)
{
	switch (csv->state) {
	case AT_FIELD:
	case PLAIN:
		step_plain(csv, c);
		break;
	case QUOTED:
	case QUOTE_SEEN:
		step_quoted(csv, c);
		break;
	case CR_SEEN:
		refuse(csv, "a carriage return without a line feed");
		break;
	default:
		break;
	}
}

/* Text up to the next byte that means something, at once. */
static void take_run(struct sl_csv *csv)
{
	const uint8_t *from = csv->at;

	if (csv->state == PLAIN || csv->state == AT_FIELD) {
		while (csv->at < csv->end && !csv->special[*csv->at])
			csv->at++;
		if (csv->at > from)
			csv->state = PLAIN;
	} else if (csv->state == QUOTED) {
		while (csv->at < csv->end && *csv->at != '"' && *csv->at != '\n' && *csv->at != 0)
			csv->at++;
	} else {
		return;
	}
	add(csv, from, (size_t)(csv->at - from));
}

/* Read up to the end of a row. *got false: the source ended before a row began. */
static enum sl_rc read_row(struct sl_csv *csv, bool *got, struct sl_err *err)
{
	bool any = false, more = true;
	enum sl_rc rc;

	begin_row(csv);
	for (;;) {
		if (csv->at == csv->end) {
			rc = refill(csv, &more, err);
			if (rc != SL_OK)
				return rc;
			if (!more)
				break;
		}
		any = true;
		take_run(csv);
		if (csv->at == csv->end)
			continue;
		uint8_t c = *csv->at++;
		if (c == '\n') {
			csv->line++;
			if (csv->state != QUOTED) {
				*got = true;
				return SL_OK;
			}
		}
		step(csv, c);
	}
	csv->ended = true;
	*got = any;
	if (csv->state == QUOTED) {
		sl_err_at(err, "", (uint32_t)csv->quote_line, 0);
		return sl_err_set(err, SL_E_INPUT, "the quote opened in line %llu is never closed",
		                  (unsigned long long)csv->quote_line);
	}
	if (csv->state == CR_SEEN)
		set_fault(csv, "a carriage return without a line feed");
	return SL_OK;
}

/* A byte order mark may stand before the first field, quoted or not. */
static enum sl_rc skip_mark(struct sl_csv *csv, struct sl_err *err)
{
	static const uint8_t mark[3] = { 0xEF, 0xBB, 0xBF };
	size_t have = 0, n = 1;

	csv->past_start = true;
	while (have < sizeof mark && n > 0) {
		enum sl_rc rc = csv->from->read(csv->from, csv->in + have, IN_BYTES - have, &n, err);

		if (rc != SL_OK)
			return rc;
		have += n;
	}
	csv->at = csv->in;
	csv->end = csv->in + have;
	if (have >= sizeof mark && memcmp(csv->in, mark, sizeof mark) == 0)
		csv->at += sizeof mark;
	return SL_OK;
}

static bool is_empty_line(const struct sl_csv *csv)
{
	return csv->fault == NULL && csv->nfields == 1 && csv->text.len == 0 && !csv->row_quoted && csv->width != 1;
}

static void give_row(struct sl_csv *csv, struct sl_row *row)
{
	if (csv->fault == NULL && csv->width > 0 && csv->nfields != csv->width)
		set_fault(csv, csv->nfields < csv->width ? "fewer fields than the header" : "more fields than the header");
	*row = (struct sl_row){ .line = csv->row_line, .fault = csv->fault };
	if (csv->fault != NULL)
		return;
	csv->starts[csv->nfields] = csv->text.len;
	for (uint32_t i = 0; i < csv->nfields; i++)
		csv->cells[i] = (struct sl_cell){ .kind = SL_CELL_TEXT,
			.text = csv->text.data != NULL ? (const char *)csv->text.data + csv->starts[i] : "",
			.len = csv->starts[i + 1] - csv->starts[i] };
	if (csv->width == 0)
		csv->width = csv->nfields;
	row->cells = csv->cells;
	row->ncells = csv->nfields;
}

static enum sl_rc next_row(struct sl_row_source *s, struct sl_row *row, bool *more, struct sl_err *err)
{
	struct sl_csv *csv = (struct sl_csv *)s;
	enum sl_rc rc = csv->past_start ? SL_OK : skip_mark(csv, err);

	*more = false;
	while (rc == SL_OK && !csv->ended) {
		rc = read_row(csv, more, err);
		if (rc != SL_OK || !*more)
			break;
		if (is_empty_line(csv)) {
			*more = false;
			continue;
		}
		give_row(csv, row);
		break;
	}
	return rc;
}
