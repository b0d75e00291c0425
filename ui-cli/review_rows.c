/*
 * review_rows.c - see review_rows.h. Called by who shows a table on a terminal, as JSON, on a page.
 */
#include "ui-cli/review_rows.h"

#include <string.h>

/* What is hidden by the publication, and nothing else, has the marker. */
static enum sl_rc compare(const struct sl_review *r, uint32_t i, uint32_t row, const struct sl_csv_record *record,
                          struct sl_err *err)
{
	const struct sl_plan *plan = &r->material.plans[i];

	uint32_t end = plan->nkeys + sl_plan_printed(plan);

	if (record->n != end + r->has_earlier)
		return sl_csv_record_bad(err);
	for (uint32_t f = plan->nkeys; f < end; f++)
		if (sl_review_facts_value(r, i, row, sl_plan_column(plan, f - plan->nkeys))->shown ==
		    (strcmp(sl_csv_record_field(record, f), SL_MARKER) == 0))
			return sl_err_set(err, SL_E_INTEGRITY, "table %u and its publication disagree on what is hidden", i + 1);
	return SL_OK;
}

enum sl_rc sl_review_rows_each(const struct sl_review *r, uint32_t i, const struct sl_review_rows *which,
                               sl_review_rows_head head, sl_review_rows_row row, void *self, struct sl_err *err)
{
	const struct sl_buf *csv = &r->files[i].bytes;
	const char *at = (const char *)csv->data, *end = at + csv->len;
	struct sl_csv_record record = {0};
	uint32_t given = 0;
	enum sl_rc rc = csv->len ? sl_csv_record_next(&at, end, &record, err) : sl_csv_record_bad(err);

	if (!rc)
		head(self, &record);
	for (uint32_t n = 0; n < r->rows[i].nrows && !rc; n++) {
		rc = sl_csv_record_next(&at, end, &record, err);
		if (!rc)
			rc = compare(r, i, n, &record, err);
		if (rc || n < which->begin || n >= which->end || (which->most && given == which->most))
			continue;
		if (which->flagged && !sl_review_facts_flags(r, i, r->rows[i].cells[n]))
			continue;
		row(self, n, &record);
		given++;
	}
	if (!rc && at != end)
		rc = sl_csv_record_bad(err);
	sl_buf_free(&record.text);
	return rc;
}

uint32_t sl_review_rows_flagged(const struct sl_review *r, uint32_t i)
{
	uint32_t n = 0;

	for (uint32_t row = 0; row < r->rows[i].nrows; row++)
		n += sl_review_facts_flags(r, i, r->rows[i].cells[row]) != 0;
	return n;
}

void sl_review_rows_look(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	uint32_t flags = sl_review_facts_flags(r, i, cell);
	const char *between = "";

	for (uint32_t f = 0; f < SL_REVIEW_FLAGS; f++) {
		if (!(flags >> f & 1))
			continue;
		sl_buf_printf(out, "%s%s", between, sl_review_facts_flag_name(f));
		between = ", ";
	}
}
