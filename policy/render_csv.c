/* render_csv.c - see sl_render_csv. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/check.h"
#include "policy/render_rows.h"

#define CSV_BYTES_MAX ((size_t)256 << 20)

void sl_render_csv_name(const struct sl_plan *plan, char out[static SL_RENDER_NAME_BYTES])
{
	(void)snprintf(out, SL_RENDER_NAME_BYTES, "data/%.*s.csv", SL_IDENT_BYTES, plan->output);
}

void sl_render_field(struct sl_buf *out, bool first, const char *text)
{
	size_t len = strlen(text);
	bool quote = strpbrk(text, ",\"\r\n") != NULL || (len > 0 && (text[0] == ' ' || text[len - 1] == ' '));

	if (!first)
		sl_buf_text(out, ",");
	if (!quote) {
		sl_buf_put(out, text, len);
		return;
	}
	sl_buf_text(out, "\"");
	for (; *text != '\0'; text++)
		sl_buf_put(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
	sl_buf_text(out, "\"");
}

static void format_value(int64_t value, struct sl_input_type type, char text[static SL_DECIMAL_TEXT])
{
	if (type.type == SL_TYPE_BOOLEAN)
		(void)snprintf(text, SL_DECIMAL_TEXT, "%s", value != 0 ? "true" : "false");
	else if (type.type == SL_TYPE_DATE)
		(void)sl_format_date(value, text);
	else
		(void)sl_format_decimal(value, type.scale, text);
}

void sl_render_number(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, int64_t value,
                      char out[static SL_DECIMAL_TEXT])
{
	format_value(value, sl_check_column_type(plan, view, column), out);
}

bool sl_render_change(const struct sl_plan *plan, const struct sl_view *view, uint32_t column, int64_t from, int64_t to,
                      char out[static SL_DECIMAL_TEXT + 1])
{
	struct sl_input_type type = sl_check_column_type(plan, view, column);
	int64_t by;

	out[0] = '\0';
	if (type.type == SL_TYPE_BOOLEAN || __builtin_sub_overflow(to, from, &by))
		return false;
	out[0] = '+';
	(void)sl_format_decimal(by, type.type == SL_TYPE_DATE ? 0 : type.scale, out + (by > 0));
	return true;
}

static void put_value(struct sl_buf *out, bool first, const struct sl_published_cell *v, struct sl_input_type type)
{
	char text[SL_DECIMAL_TEXT] = "";

	if (!v->shown) {
		sl_render_field(out, first, SL_MARKER);
		return;
	}
	if (!v->missing)
		format_value(v->value, type, text);
	sl_render_field(out, first, text);
}

static void put_header(struct sl_buf *out, const struct sl_plan *plan, bool earlier)
{
	for (uint32_t k = 0; k < plan->nkeys; k++)
		sl_render_field(out, k == 0, plan->keys[k].name);
	for (uint32_t s = 0; s < plan->nstats && sl_plan_prints(plan, s); s++)
		sl_render_field(out, plan->nkeys + s == 0, plan->stats[s].name);
	for (uint32_t c = 0; c < plan->ncalcs; c++)
		sl_render_field(out, false, plan->calcs[c].name);
	if (earlier)
		sl_render_field(out, false, SL_EARLIER_COLUMN);
	sl_buf_text(out, "\n");
}

static void put_row(const struct sl_render *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	const struct sl_plan *plan = &r->plans[i];

	for (uint32_t k = 0; k < plan->nkeys; k++)
		sl_render_field(out, k == 0,
		          sl_column_group_label(sl_plan_key_column(plan, r->view, k), plan->keys[k].banded != 0,
		                                sl_plan_cell_group(plan, r->view, cell, k)));
	for (uint32_t n = 0; n < sl_plan_printed(plan); n++) {
		uint32_t c = sl_plan_column(plan, n);
		put_value(out, plan->nkeys + c == 0, sl_render_value(r, i, cell, c),
		          sl_check_column_type(plan, r->view, c));
	}
	if (sl_render_has_earlier(r->rules)) {
		const struct sl_published_again *again = sl_publication_again(r->publication, i, cell);
		sl_render_field(out, false, again != NULL && again->from != NULL ? again->from : "");
	}
	sl_buf_text(out, "\n");
}

enum sl_rc sl_render_csv(const struct sl_render *r, uint32_t i, struct sl_buf *out, struct sl_err *err)
{
	struct sl_render_rows rows = { 0 };
	enum sl_rc rc = sl_render_check(r, err);

	if (rc == SL_OK && i >= r->nplans)
		rc = sl_err_set(err, SL_E_INPUT, "no output %u", i);
	if (rc == SL_OK)
		rc = sl_render_rows_of(r, i, &rows, err);
	if (rc != SL_OK)
		return rc;
	if (out->max == 0)
		out->max = CSV_BYTES_MAX;
	put_header(out, &r->plans[i], sl_render_has_earlier(r->rules));
	for (uint32_t n = 0; n < rows.nrows; n++)
		put_row(r, i, rows.cells[n], out);
	free(rows.cells);
	return sl_buf_ok(out, "the output as CSV", err);
}
