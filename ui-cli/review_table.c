/*
 * review_table.c - see review_table.h. Called by review_html.c.
 */
#include "ui-cli/review_table.h"

#include <inttypes.h>
#include <string.h>

#include "enclave/base/csv_record.h"
#include "ui-cli/html.h"

const struct sl_published_cell *sl_review_table_value(const struct sl_review *r, uint32_t i, uint32_t row,
                                                      uint32_t column)
{
	size_t columns = r->material.plans[i].nstats + r->material.plans[i].ncalcs;

	return &r->publication.outputs[i].cells[r->rows[i].cells[row] * columns + column];
}

/* Findings stand by output, then cell; those of the whole output behind its cells'. */
static uint32_t first_of(const struct sl_review *r, uint32_t output, uint32_t cell)
{
	uint32_t low = 0, high = r->nfindings;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct sl_finding *f = r->findings[middle].finding;

		if (f->output < output || (f->output == output && f->cell < cell))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_of(const struct sl_review *r, uint32_t at, uint32_t output, uint32_t cell)
{
	return at < r->nfindings && r->findings[at].finding->output == output && r->findings[at].finding->cell == cell;
}

/* What is told of one hidden number: the title of its cell, and the marks in it. */
struct told {
	struct sl_buf title, marks;
	uint32_t n;
};

static void tell_one(const struct sl_finding_text *f, uint32_t number, const char *how, struct told *t)
{
	const char *between = t->n ? ", " : "";

	if (t->n++)
		sl_buf_text(&t->title, "; ");
	sl_buf_printf(&t->title, "%u. %s%s", number, how, f->rule);
	if (*f->measure) {
		sl_buf_text(&t->title, ": ");
		sl_html_text(&t->title, f->measure, strlen(f->measure));
	}
	sl_buf_text(&t->title, ": ");
	sl_html_text(&t->title, f->reason, strlen(f->reason));
	sl_buf_printf(&t->marks, "%s<a href=\"#f%u\">%s%s</a>", between, number, how, f->rule);
}

/* Findings of this cell that hide; stat: only those that speak of it or of the whole row. */
static void tell(const struct sl_review *r, uint32_t output, uint32_t cell, uint32_t stat, const char *how,
                 struct told *t)
{
	for (uint32_t at = first_of(r, output, cell); is_of(r, at, output, cell); at++) {
		const struct sl_finding *f = r->findings[at].finding;

		if (f->severity != SL_SEVERITY_REVIEW &&
		    (stat == SL_FINDING_WHOLE || f->stat == SL_FINDING_WHOLE || f->stat == stat))
			tell_one(&r->findings[at], at + 1, how, t);
	}
}

static void put_hidden(const struct sl_review *r, uint32_t i, uint32_t cell, uint32_t column, struct sl_buf *out)
{
	const struct sl_plan *plan = &r->material.plans[i];
	struct told t = {0};

	if (column < plan->nstats)
		tell(r, i, cell, column, "", &t);
	if (!t.n)
		tell(r, i, SL_FINDING_WHOLE, column, "", &t);
	/* A quotient of hidden numbers is hidden, and so is what would give a number of its row back. */
	if (!t.n)
		tell(r, i, cell, SL_FINDING_WHOLE, "of its row: ", &t);
	if (!t.n) {
		const char *why = r->publication.releasable ? "no finding that was kept names it" : "the request is refused";

		sl_buf_text(&t.title, why);
		sl_buf_text(&t.marks, why);
	}
	sl_buf_text(out, "<td class=\"c\" title=\"");
	sl_buf_put(out, t.title.data, t.title.len);
	sl_buf_text(out, "\">" SL_MARKER " <small>");
	sl_buf_put(out, t.marks.data, t.marks.len);
	sl_buf_text(out, "</small></td>");
	if (t.title.failed || t.marks.failed) {
		out->failed = true;
		out->no_memory = out->no_memory || t.title.no_memory || t.marks.no_memory;
	}
	sl_buf_free(&t.title);
	sl_buf_free(&t.marks);
}

/* Of what findings hide in this row; its statistics may have different ones: 3 to 7. */
static void put_contributors(const struct sl_review *r, uint32_t i, uint32_t cell, struct sl_buf *out)
{
	uint64_t least = UINT64_MAX, most = 0;

	for (uint32_t at = first_of(r, i, cell); is_of(r, at, i, cell); at++) {
		const struct sl_finding *f = r->findings[at].finding;

		/* A rule that does not count leaves 0. */
		if (f->severity == SL_SEVERITY_REVIEW || (f->units == 0 && f->rule != SL_RULE_THRESHOLD))
			continue;
		least = f->units < least ? f->units : least;
		most = f->units > most ? f->units : most;
	}
	if (least == UINT64_MAX)
		sl_buf_text(out, "<td class=\"r\"></td>");
	else if (least == most)
		sl_buf_printf(out, "<td class=\"r\">%" PRIu64 "</td>", most);
	else
		sl_buf_printf(out, "<td class=\"r\">%" PRIu64 " to %" PRIu64 "</td>", least, most);
}

static void put_head(const struct sl_csv_record *head, struct sl_buf *out)
{
	sl_buf_text(out, "<table>\n<thead><tr><th class=\"r\">row</th>");
	for (uint32_t i = 0; i < head->n; i++) {
		sl_buf_text(out, "<th>");
		sl_html_cell(out, sl_csv_record_field(head, i));
		sl_buf_text(out, "</th>");
	}
	sl_buf_text(out, "<th class=\"r\">contributors of " SL_MARKER "</th></tr></thead>\n<tbody>\n");
}

static enum sl_rc put_row(const struct sl_review *r, uint32_t i, uint32_t n, const struct sl_csv_record *row,
                          struct sl_buf *out, struct sl_err *err)
{
	const struct sl_plan *plan = &r->material.plans[i];
	uint32_t cell = r->rows[i].cells[n];

	sl_buf_printf(out, "<tr><td class=\"r\">%u</td>", n + 1);
	for (uint32_t f = 0; f < row->n; f++) {
		const char *text = sl_csv_record_field(row, f);
		bool hidden = f >= plan->nkeys && !sl_review_table_value(r, i, n, f - plan->nkeys)->shown;

		if (f >= plan->nkeys && hidden != (strcmp(text, SL_MARKER) == 0))
			return sl_err_set(err, SL_E_INTEGRITY, "table %u and its publication disagree on what is hidden", i + 1);
		if (hidden) {
			put_hidden(r, i, cell, f - plan->nkeys, out);
			continue;
		}
		sl_buf_text(out, f < plan->nkeys ? "<td>" : "<td class=\"n\">");
		sl_html_cell(out, text);
		sl_buf_text(out, "</td>");
	}
	put_contributors(r, i, cell, out);
	sl_buf_text(out, "</tr>\n");
	return SL_OK;
}

enum sl_rc sl_review_table_put(const struct sl_review *r, uint32_t i, struct sl_buf *out, struct sl_err *err)
{
	const struct sl_plan *plan = &r->material.plans[i];
	const struct sl_buf *csv = &r->files[i].bytes;
	const char *at = (const char *)csv->data, *end = at + csv->len;
	struct sl_csv_record record = {0};
	enum sl_rc rc = csv->len ? sl_csv_record_next(&at, end, &record, err) : sl_csv_record_bad(err);

	if (!rc)
		put_head(&record, out);
	for (uint32_t n = 0; n < r->rows[i].nrows && !rc; n++) {
		rc = sl_csv_record_next(&at, end, &record, err);
		if (!rc && record.n != plan->nkeys + plan->nstats + plan->ncalcs)
			rc = sl_csv_record_bad(err);
		if (!rc)
			rc = put_row(r, i, n, &record, out, err);
	}
	if (!rc && at != end)
		rc = sl_csv_record_bad(err);
	sl_buf_text(out, "</tbody></table>\n");
	sl_buf_free(&record.text);
	return rc;
}
