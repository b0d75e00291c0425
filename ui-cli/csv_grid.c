/*
 * csv_grid.c - draws the CSV that would leave, read back from its very bytes. Called by review show.
 */
#include "ui-cli/csv_grid.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/csv_record.h"
#include "ui-cli/grid.h"

static bool numeric(const char *s)
{
	return strcmp(s, "[c]") == 0 || !*s || strspn(s, "-.0123456789") == strlen(s);
}

/* A column stands on the right when all its texts are numbers, empty or hidden. */
static enum sl_rc judge_columns(const char *text, const char *end, uint32_t n, bool right[static SL_CSV_COLUMNS_MAX],
                                struct sl_csv_record *r, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n; i++)
		right[i] = true;
	while (text < end && !rc) {
		rc = sl_csv_record_next(&text, end, r, err);
		if (!rc && r->n != n)
			rc = sl_csv_record_bad(err);
		for (uint32_t i = 0; i < n && !rc; i++)
			right[i] = right[i] && numeric(sl_csv_record_field(r, i));
	}
	return rc;
}

static enum sl_rc open_grid(struct sl_grid *grid, const struct sl_csv_record *head, const bool *right,
                            struct sl_err *err)
{
	const char *names[SL_CSV_COLUMNS_MAX];
	struct sl_buf text = {0};
	size_t starts[SL_CSV_COLUMNS_MAX];
	enum sl_rc rc;

	for (uint32_t i = 0; i < head->n; i++) {
		starts[i] = text.len;
		if (right[i])
			sl_buf_u8(&text, '>');
		sl_buf_text(&text, sl_csv_record_field(head, i));
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
	struct sl_csv_record head = {0}, row = {0};
	bool right[SL_CSV_COLUMNS_MAX];
	struct sl_grid grid = {0};
	enum sl_rc rc = len ? sl_csv_record_next(&at, end, &head, err) : sl_csv_record_bad(err);

	if (!rc)
		rc = judge_columns(at, end, head.n, right, &row, err);
	if (!rc)
		rc = open_grid(&grid, &head, right, err);
	while (!rc && at < end) {
		const char *texts[SL_CSV_COLUMNS_MAX];

		rc = sl_csv_record_next(&at, end, &row, err);
		for (uint32_t i = 0; i < row.n && !rc; i++)
			texts[i] = sl_csv_record_field(&row, i);
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
