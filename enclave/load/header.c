/* header.c - see header.h. */
#include "enclave/load/header.h"

#include <string.h>

static bool is_named(const struct sl_cell *cell, const char *name)
{
	return cell->len == strlen(name) && memcmp(cell->text, name, cell->len) == 0;
}

static enum sl_rc find_one(const struct sl_load_column *column, const struct sl_row *row, uint32_t *place, bool *ok,
                           struct sl_report_builder *b, struct sl_err *err)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < row->ncells; i++)
		if (is_named(&row->cells[i], column->header)) {
			*place = i;
			found++;
		}
	if (found == 1)
		return SL_OK;
	*ok = false;
	return sl_report_bad_row(b, row->line, column->header, found == 0 ? "the source has no such column"
	                                                                  : "the source has this column more than once", err);
}

static bool is_taken(const uint32_t *place, uint32_t n, uint32_t column)
{
	for (uint32_t i = 0; i < n; i++)
		if (place[i] == column)
			return true;
	return false;
}

enum sl_rc sl_header_match(const struct sl_load_setup *setup, const struct sl_row *row, uint32_t *place, bool *ok,
                           struct sl_report_builder *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*ok = row->fault == NULL;
	if (row->fault != NULL)
		return sl_report_bad_row(b, row->line, "", row->fault, err);
	for (uint32_t i = 0; i < setup->ncolumns && rc == SL_OK; i++)
		rc = find_one(&setup->columns[i], row, &place[i], ok, b, err);
	for (uint32_t i = 0; *ok && i < row->ncells && rc == SL_OK; i++)
		if (!is_taken(place, setup->ncolumns, i))
			rc = sl_report_skipped(b, row->cells[i].text, row->cells[i].len, i + 1, err);
	return rc;
}
