/*
 * review_table.c - see review_table.h. Called by review_html.c.
 */
#include "ui-cli/review_table.h"

#include <string.h>

#include "ui-cli/html.h"
#include "ui-cli/review_rows.h"

#define FOLD 500u /* rows under one line that unfolds */

struct table {
	const struct sl_review *r;
	uint32_t i;
	bool folded;              /* it has parts */
	const char *class;
	struct sl_buf *out;
	struct sl_buf head, text; /* the head, for each part; words of ours, before they are escaped */
};

static void take(struct sl_buf *out, const struct sl_buf *from)
{
	if (from->failed) {
		out->failed = true;
		out->no_memory = out->no_memory || from->no_memory;
	}
}

static void put_hidden(struct table *t, uint32_t cell, uint32_t column)
{
	const struct sl_review *r = t->r;
	struct sl_review_hidden by[SL_REVIEW_HIDDEN_MAX];
	uint32_t n = sl_review_facts_hidden(r, t->i, cell, column, by);
	const char *none = r->publication.releasable ? "no finding that was kept names it" : "the request is refused";

	sl_buf_text(t->out, "<td class=\"n c\" title=\"");
	for (uint32_t k = 0; k < n; k++) {
		const struct sl_finding_text *f = &r->findings[by[k].finding];

		sl_buf_printf(t->out, "%s%u. %s%s: ", k ? "; " : "", by[k].finding + 1, by[k].of_row ? "of its row: " : "", f->rule);
		if (*f->measure) {
			sl_html_text(t->out, f->measure, strlen(f->measure));
			sl_buf_text(t->out, ": ");
		}
		sl_html_text(t->out, f->reason, strlen(f->reason));
	}
	sl_buf_printf(t->out, "%s\">" SL_MARKER " <small>", n ? "" : none);
	for (uint32_t k = 0; k < n; k++)
		sl_buf_printf(t->out, "%s<a href=\"#f%u\">%s%s</a>", k ? ", " : "", by[k].finding + 1,
		              by[k].of_row ? "of its row: " : "", r->findings[by[k].finding].rule);
	sl_buf_printf(t->out, "%s</small></td>", n ? "" : none);
}

typedef void (*teller)(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out);

static void put_ours(struct table *t, uint32_t cell, teller tell, const char *class)
{
	sl_buf_reset(&t->text);
	tell(t->r, t->i, cell, &t->text);
	sl_buf_printf(t->out, "<td class=\"r%s\">", class);
	sl_html_text(t->out, t->text.data, t->text.len);
	sl_buf_text(t->out, "</td>");
}

static void put_head(void *self, const struct sl_csv_record *head)
{
	struct table *t = self;
	bool kept = t->i < t->r->behind.noutputs;
	uint32_t nkeys = t->r->material.plans[t->i].nkeys;

	sl_buf_printf(&t->head, "<table class=\"%s\">\n<thead><tr><th scope=\"col\" class=\"r\">row</th>", t->class);
	for (uint32_t i = 0; i < head->n; i++) {
		sl_buf_printf(&t->head, "<th scope=\"col\"%s>", i < nkeys ? "" : " class=\"n\"");
		sl_html_cell(&t->head, sl_csv_record_field(head, i));
		sl_buf_text(&t->head, "</th>");
	}
	if (kept)
		sl_buf_text(&t->head, "<th scope=\"col\" class=\"r\">units</th>");
	if (kept && sl_review_facts_has_rows(t->r, t->i))
		sl_buf_text(&t->head, "<th scope=\"col\" class=\"r\">rows behind</th>");
	if (kept)
		sl_buf_text(&t->head, "<th scope=\"col\" class=\"r\">margin</th>");
	if (sl_review_facts_compared(t->r, t->i))
		sl_buf_text(&t->head, "<th scope=\"col\" class=\"r\">was</th><th scope=\"col\" class=\"r\">change</th>"
		                      "<th scope=\"col\" class=\"r\">where it was</th>");
	sl_buf_text(&t->head, "<th scope=\"col\" class=\"r\">look</th></tr></thead>\n<tbody>\n");
	if (!t->folded)
		sl_buf_put(t->out, t->head.data, t->head.len);
}

static void put_end(struct table *t)
{
	sl_buf_text(t->out, "</tbody></table>\n");
}

static void put_fold(struct table *t, uint32_t row)
{
	uint32_t nrows = t->r->rows[t->i].nrows, end = row + FOLD < nrows ? row + FOLD : nrows, look = 0;

	for (uint32_t n = row; n < end; n++)
		look += sl_review_facts_flags(t->r, t->i, t->r->rows[t->i].cells[n]) != 0;
	if (row) {
		put_end(t);
		sl_buf_text(t->out, "</details>\n");
	}
	sl_buf_printf(t->out, "<details%s><summary>rows %u to %u of %u; to look at: %u</summary>\n", row ? "" : " open",
	              row + 1, end, nrows, look);
	sl_buf_put(t->out, t->head.data, t->head.len);
}

static void put_row(void *self, uint32_t row, const struct sl_csv_record *record)
{
	struct table *t = self;
	const struct sl_review *r = t->r;
	uint32_t nkeys = r->material.plans[t->i].nkeys, cell = r->rows[t->i].cells[row];
	bool kept = t->i < r->behind.noutputs;

	if (t->folded && row % FOLD == 0)
		put_fold(t, row);
	sl_buf_printf(t->out, "<tr%s><td class=\"r\">%u</td>",
	              sl_review_facts_flags(r, t->i, cell) ? " class=\"look\"" : "", row + 1);
	for (uint32_t f = 0; f < record->n; f++) {
		uint32_t column = f >= nkeys ? sl_plan_column(&r->material.plans[t->i], f - nkeys) : 0;

		if (sl_review_facts_hides(r, t->i, row, f)) {
			put_hidden(t, cell, column);
			continue;
		}
		sl_buf_text(t->out, f < nkeys ? "<th scope=\"row\">" : "<td class=\"n\">");
		sl_html_cell(t->out, sl_csv_record_field(record, f));
		sl_buf_text(t->out, f < nkeys ? "</th>" : "</td>");
	}
	if (kept)
		put_ours(t, cell, sl_review_facts_units, " n");
	if (kept && sl_review_facts_has_rows(r, t->i))
		put_ours(t, cell, sl_review_facts_rows, " n");
	if (kept)
		put_ours(t, cell, sl_review_facts_margin, "");
	if (sl_review_facts_compared(r, t->i)) {
		put_ours(t, cell, sl_review_facts_earlier, " n");
		put_ours(t, cell, sl_review_facts_change, " n");
		put_ours(t, cell, sl_review_facts_then, "");
	}
	put_ours(t, cell, sl_review_rows_look, "");
	sl_buf_text(t->out, "</tr>\n");
}

static enum sl_rc put_part(const struct sl_review *r, uint32_t i, const struct sl_review_rows *which, bool folded,
                           const char *class, struct sl_buf *out, struct sl_err *err)
{
	struct table t = {.r = r, .i = i, .folded = folded, .class = class, .out = out};
	enum sl_rc rc = sl_review_rows_each(r, i, which, put_head, put_row, &t, err);

	if (!folded || r->rows[i].nrows)
		put_end(&t);
	if (folded && r->rows[i].nrows)
		sl_buf_text(out, "</details>\n");
	take(out, &t.head);
	take(out, &t.text);
	sl_buf_free(&t.head);
	sl_buf_free(&t.text);
	return rc;
}

enum sl_rc sl_review_table_put(const struct sl_review *r, uint32_t i, struct sl_buf *out, struct sl_err *err)
{
	uint32_t nrows = r->rows[i].nrows, nflagged = sl_review_rows_flagged(r, i);
	struct sl_review_rows which = {.end = nrows, .flagged = true, .most = FOLD};
	enum sl_rc rc = SL_OK;

	if (nrows > FOLD && nflagged) {
		sl_buf_printf(out, "<p>To look at: %u of %u rows%s</p>\n", nflagged, nrows,
		              nflagged > FOLD ? "; the first 500 of them:" : ":");
		rc = put_part(r, i, &which, false, "l", out, err);
	}
	which = (struct sl_review_rows){.end = nrows};
	return rc ? rc : put_part(r, i, &which, nrows > FOLD, "d", out, err);
}
