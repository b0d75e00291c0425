/*
 * review_chart.c - see review_chart.h. Called by review show.
 */
#include "ui-cli/review_chart.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui-cli/grid.h"
#include "ui-cli/html.h"

#define PAGE_ROWS 120u /* more bars than these nobody reads */
#define LINE_ROWS 40u
#define PAGE_WIDTH 480
#define LINE_WIDTH 50

/* One bar. text: what stands behind it; hidden ones have no length. */
typedef void (*bar_fn)(void *self, const char *label, const char *text, double part);

struct bars {
	const struct sl_review *r;
	uint32_t i, stat;
	bar_fn bar;
	void *self;
	struct sl_buf label;
};

/* The first count among the statistics, of units before rows, of all before some; else the first statistic. */
static uint32_t charted(const struct sl_plan *plan)
{
	static const enum sl_stat_fn counts[] = {SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF};

	for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (plan->stats[s].fn == counts[c] && !sl_stat_is_implied(&plan->stats[s]))
				return s;
	return 0;
}

/* The largest that is shown; -1: one is below zero, and bars would lie. */
static int64_t most_of(const struct bars *b)
{
	int64_t most = 0;

	for (uint32_t n = 0; n < b->r->rows[b->i].nrows; n++) {
		const struct sl_published_cell *v = sl_review_facts_value(b->r, b->i, n, b->stat);

		if (v->shown && v->value < 0)
			return -1;
		most = v->shown && v->value > most ? v->value : most;
	}
	return most;
}

static void draw_rows(struct bars *b, int64_t most)
{
	for (uint32_t n = 0; n < b->r->rows[b->i].nrows && !b->label.failed; n++) {
		const struct sl_published_cell *v = sl_review_facts_value(b->r, b->i, n, b->stat);
		char text[SL_DECIMAL_TEXT] = "";

		sl_buf_reset(&b->label);
		sl_review_facts_label(b->r, b->i, b->r->rows[b->i].cells[n], &b->label);
		sl_buf_u8(&b->label, 0);
		if (b->label.failed)
			return;
		if (v->shown && !v->missing)
			sl_render_number(&b->r->material.plans[b->i], &b->r->material.view, b->stat, v->value, text);
		b->bar(b->self, (const char *)b->label.data, v->shown ? text : SL_MARKER,
		       v->shown && most > 0 ? (double)v->value / (double)most : 0);
	}
}

static void draw_bands(struct bars *b)
{
	static const char *const names[] = {"no band", "near a limit", "fair", "far", "hidden"};
	uint32_t counts[SL_BAND_COUNT_ + 1] = {0}, most = 0;

	for (uint32_t n = 0; n < b->r->rows[b->i].nrows; n++) {
		uint32_t cell = b->r->rows[b->i].cells[n];
		const struct sl_behind_number *number = sl_review_facts_number(b->r, b->i, cell, b->stat);
		bool shown = sl_review_facts_value(b->r, b->i, n, b->stat)->shown;

		counts[!shown ? SL_BAND_COUNT_ : number ? number->band : SL_BAND_NONE]++;
	}
	for (uint32_t c = 0; c <= SL_BAND_COUNT_; c++)
		most = counts[c] > most ? counts[c] : most;
	for (uint32_t c = SL_BAND_COUNT_ + 1; c-- > 0;) {
		char text[16];

		(void)snprintf(text, sizeof text, "%u", counts[c]);
		if (counts[c])
			b->bar(b->self, names[c], text, (double)counts[c] / (double)most);
	}
}

/* What the bars are of; "" : there are none. */
static bool choose(struct bars *b, uint32_t rows_max, int64_t *most, bool *by_row)
{
	const struct sl_plan *plan = &b->r->material.plans[b->i];

	b->stat = charted(plan);
	*most = most_of(b);
	*by_row = b->r->rows[b->i].nrows <= rows_max;
	return plan->nkeys > 0 && plan->nstats > 0 && *most >= 0;
}

static void put_bar(void *self, const char *label, const char *text, double part)
{
	struct sl_buf *out = self;
	bool hidden = strcmp(text, SL_MARKER) == 0;

	sl_buf_text(out, "<tr><th scope=\"row\">");
	sl_html_cell(out, label);
	sl_buf_printf(out, "</th><td><svg width=\"%d\" height=\"12\" aria-hidden=\"true\">", PAGE_WIDTH);
	sl_buf_printf(out, "<rect width=\"%d\" height=\"12\"/></svg></td><td class=\"n%s\">", (int)(part * PAGE_WIDTH),
	              hidden ? " c" : "");
	sl_html_cell(out, text);
	sl_buf_text(out, "</td></tr>\n");
}

void sl_review_chart_put(const struct sl_review *r, uint32_t i, struct sl_buf *out)
{
	struct bars b = {.r = r, .i = i, .bar = put_bar, .self = out};
	int64_t most;
	bool by_row;

	if (!choose(&b, PAGE_ROWS, &most, &by_row))
		return;
	sl_buf_text(out, "<table class=\"b\"><caption>");
	if (!by_row)
		sl_buf_text(out, "how many rows, by how far from a limit: ");
	sl_html_text(out, r->material.plans[i].stats[b.stat].name, strlen(r->material.plans[i].stats[b.stat].name));
	sl_buf_text(out, "</caption>\n<tbody>\n");
	if (by_row)
		draw_rows(&b, most);
	else
		draw_bands(&b);
	sl_buf_text(out, "</tbody></table>\n");
	if (b.label.failed) {
		out->failed = true;
		out->no_memory = out->no_memory || b.label.no_memory;
	}
	sl_buf_free(&b.label);
}

static void add_bar(void *self, const char *label, const char *text, double part)
{
	char bar[LINE_WIDTH + 1];
	int n = (int)(part * LINE_WIDTH);
	const char *texts[] = {label, text, bar};

	memset(bar, '#', sizeof bar);
	bar[n] = '\0';
	sl_grid_row(self, texts);
}

enum sl_rc sl_review_chart_print(const struct sl_review *r, uint32_t i, struct sl_err *err)
{
	struct sl_grid grid;
	struct bars b = {.r = r, .i = i, .bar = add_bar, .self = &grid};
	const char *names[] = {"", "", ""};
	struct sl_buf value = {0};
	int64_t most;
	bool by_row;
	enum sl_rc rc;

	if (!choose(&b, LINE_ROWS, &most, &by_row))
		return SL_OK;
	sl_buf_printf(&value, ">%s", by_row ? r->material.plans[i].stats[b.stat].name : "rows");
	sl_buf_u8(&value, 0);
	rc = sl_buf_ok(&value, "a chart", err);
	if (!rc) {
		names[1] = (const char *)value.data;
		sl_grid_open(&grid, names, 3);
		if (by_row)
			draw_rows(&b, most);
		else
			draw_bands(&b);
		rc = sl_buf_ok(&b.label, "a chart", err);
		if (!rc)
			rc = sl_grid_print(&grid, stdout, err);
		sl_grid_free(&grid);
	}
	sl_buf_free(&value);
	sl_buf_free(&b.label);
	return rc;
}
