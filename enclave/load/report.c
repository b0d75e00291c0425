/* report.c - see report.h. */
#include "enclave/load/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"

/* A copy of at most `max` bytes, never ending inside a character; NULL when out of memory. */
static char *copy_text(const char *text, size_t len, size_t max)
{
	char *copy;

	len = sl_text_cut(text, len, max);
	copy = malloc(len + 1);
	if (copy == NULL)
		return NULL;
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

/* Room for one more element of `each` bytes behind `n`. */
static void *grow(void *items, uint32_t n, uint32_t *cap, size_t each, struct sl_err *err)
{
	uint32_t wanted = *cap > 0 ? 2 * *cap : 16;
	void *more;

	if (n < *cap)
		return items;
	more = realloc(items, wanted * each);
	if (more == NULL)
		(void)sl_err_set(err, SL_E_NOMEM, "out of memory for the report");
	else
		*cap = wanted;
	return more;
}

enum sl_rc sl_report_bad_row(struct sl_report_builder *b, uint64_t line, const char *column, const char *reason,
                             struct sl_err *err)
{
	struct sl_load_report *r = b->report;
	struct sl_bad_row row = { .line = line };
	void *more;

	r->bad_rows_total++;
	if (r->nbad_rows >= b->bad_rows_max)
		return SL_OK;
	more = grow(r->bad_rows, r->nbad_rows, &b->bad_rows_cap, sizeof row, err);
	if (more == NULL)
		return SL_E_NOMEM;
	r->bad_rows = more;
	row.column = copy_text(column, strlen(column), SL_NAME_BYTES);
	row.reason = copy_text(reason, strlen(reason), SL_REASON_BYTES);
	r->bad_rows[r->nbad_rows++] = row;
	return row.column != NULL && row.reason != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for the report");
}

enum sl_rc sl_report_skipped(struct sl_report_builder *b, const char *name, size_t len, uint32_t number,
                             struct sl_err *err)
{
	struct sl_load_report *r = b->report;
	char unnamed[32];
	void *more = grow(r->skipped, r->nskipped, &b->skipped_cap, sizeof *r->skipped, err);

	if (more == NULL)
		return SL_E_NOMEM;
	r->skipped = more;
	if (len == 0 || !sl_text_is_utf8(name, len)) {
		len = (size_t)snprintf(unnamed, sizeof unnamed, "(column %u)", number);
		name = unnamed;
	}
	r->skipped[r->nskipped].text = copy_text(name, len, SL_TITLE_BYTES);
	return r->skipped[r->nskipped++].text != NULL ? SL_OK
	                                               : sl_err_set(err, SL_E_NOMEM, "out of memory for the report");
}

enum sl_rc sl_report_reference(struct sl_report_builder *b, const char *key, size_t nkey, const char *label,
                               size_t nlabel, const struct sl_reference_cell *cells, uint32_t ncells,
                               struct sl_err *err)
{
	struct sl_load_report *r = b->report;
	struct sl_reference_row row = { .ncells = ncells };
	void *more;

	if (r->nreference == SL_LABELS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a reference table has at most %d rows", SL_LABELS_MAX);
	if ((r->nreference + UINT64_C(1)) * ncells > SL_REFERENCE_CELLS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a reference table has at most %d attributes of rows in all",
		                  SL_REFERENCE_CELLS_MAX);
	more = grow(r->reference, r->nreference, &b->reference_cap, sizeof row, err);
	if (more == NULL)
		return SL_E_NOMEM;
	r->reference = more;
	row.key = copy_text(key, nkey, SL_TITLE_BYTES);
	row.label = copy_text(label, nlabel, SL_TITLE_BYTES);
	row.cells = malloc((ncells + 1) * sizeof *row.cells);
	if (row.cells != NULL && ncells > 0)
		memcpy(row.cells, cells, ncells * sizeof *cells);
	row.ncells = row.cells != NULL ? ncells : 0;
	r->reference[r->nreference++] = row;
	return row.key != NULL && row.label != NULL && row.cells != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory for the report");
}
