/*
 * csv_grid.c - draws the CSV that would leave, read back from its very bytes. Called by review show.
 */
#include "ui-cli/csv_grid.h"

#include <stdlib.h>
#include <string.h>

#include "ui-cli/grid.h"

#define COLUMNS_MAX 256

/* One record's fields, one behind the other with a NUL each. */
struct record {
	struct sl_buf text;
	size_t starts[COLUMNS_MAX];
	uint32_t n;
};

static enum sl_rc bad(struct sl_err *err)
{
	return sl_err_set(err, SL_E_INPUT, "the table is not the CSV that is written here");
}

static enum sl_rc quoted(const char **at, const char *end, struct sl_buf *out, struct sl_err *err)
{
	for (const char *p = *at; p < end; p++) {
		if (*p == '"' && !(p + 1 < end && p[1] == '"')) {
			*at = p + 1;
			return SL_OK;
		}
		if (*p == '"')
			p++;
		sl_buf_u8(out, (uint8_t)*p);
	}
	return bad(err);
}

static enum sl_rc next_record(const char **at, const char *end, struct record *r, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	sl_buf_reset(&r->text);
	r->n = 0;
	for (;;) {
		if (r->n == COLUMNS_MAX)
			return bad(err);
		r->starts[r->n++] = r->text.len;
		if (*at < end && **at == '"') {
			++*at;
			rc = quoted(at, end, &r->text, err);
		}
		while (!rc && *at < end && **at != ',' && **at != '\n')
			sl_buf_u8(&r->text, (uint8_t)*(*at)++);
		sl_buf_u8(&r->text, 0);
		if (rc || *at == end || *(*at)++ == '\n')
			break;
	}
	return rc ? rc : sl_buf_ok(&r->text, "a row", err);
}

static bool numeric(const char *s)
{
	return strcmp(s, "[c]") == 0 || !*s || strspn(s, "-.0123456789") == strlen(s);
}

/* A column stands on the right when all its texts are numbers, empty or hidden. */
static enum sl_rc judge_columns(const char *text, const char *end, uint32_t n, bool right[static COLUMNS_MAX],
                                struct record *r, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n; i++)
		right[i] = true;
	while (text < end && !rc) {
		rc = next_record(&text, end, r, err);
		if (!rc && r->n != n)
			rc = bad(err);
		for (uint32_t i = 0; i < n && !rc; i++)
			right[i] = right[i] && numeric((const char *)r->text.data + r->starts[i]);
	}
	return rc;
}

static enum sl_rc open_grid(struct sl_grid *grid, const struct record *head, const bool *right, struct sl_err *err)
{
	const char *names[COLUMNS_MAX];
	struct sl_buf text = {0};
	size_t starts[COLUMNS_MAX];
	enum sl_rc rc;

	for (uint32_t i = 0; i < head->n; i++) {
		starts[i] = text.len;
		if (right[i])
			sl_buf_u8(&text, '>');
		sl_buf_text(&text, (const char *)head->text.data + head->starts[i]);
		sl_buf_u8(&text, 0);
	}
	rc = sl_buf_ok(&text, "a header", err);
	for (uint32_t i = 0; i < head->n && !rc; i++)
		names[i] = (const char *)text.data + starts[i];
	if (!rc)
		sl_grid_open(grid, names, head->n);
	sl_buf_free(&text);
	return rc;
}

enum sl_rc sl_csv_grid_print(const void *text, size_t len, FILE *f, struct sl_err *err)
{
	const char *at = text, *end = at + len;
	struct record head = {0}, row = {0};
	bool right[COLUMNS_MAX];
	struct sl_grid grid = {0};
	enum sl_rc rc = len ? next_record(&at, end, &head, err) : bad(err);

	if (!rc)
		rc = judge_columns(at, end, head.n, right, &row, err);
	if (!rc)
		rc = open_grid(&grid, &head, right, err);
	while (!rc && at < end) {
		const char *texts[COLUMNS_MAX];

		rc = next_record(&at, end, &row, err);
		for (uint32_t i = 0; i < row.n && !rc; i++)
			texts[i] = (const char *)row.text.data + row.starts[i];
		if (!rc)
			sl_grid_row(&grid, texts);
	}
	if (!rc)
		rc = sl_grid_print(&grid, f, err);
	sl_grid_free(&grid);
	sl_buf_free(&head.text);
	sl_buf_free(&row.text);
	return rc;
}
