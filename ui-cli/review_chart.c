/*
 * review_chart.c - see review_chart.h. Called by review_html.c.
 */
#include "ui-cli/review_chart.h"

#include <inttypes.h>

#include "ui-cli/html.h"
#include "ui-cli/review_table.h"

#define ROWS_MAX 120 /* more bars than these nobody reads */
#define BAR 14
#define LEFT 44
#define WIDTH 480

/* The first count among the statistics, of units before rows, of all before some; -1: none. */
static int count_of(const struct sl_plan *plan)
{
	static const enum sl_stat_fn counts[] = {SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF};

	for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (plan->stats[s].fn == counts[c])
				return (int)s;
	return -1;
}

static void put_bar(const struct sl_published_cell *v, uint32_t n, int64_t most, struct sl_buf *out)
{
	unsigned y = n * BAR, base = y + BAR - 3;
	int wide;

	sl_buf_printf(out, "<text x=\"%d\" y=\"%u\" text-anchor=\"end\">%u</text>", LEFT - 6, base, n + 1);
	if (!v->shown || v->missing) {
		sl_buf_printf(out, "<text x=\"%d\" y=\"%u\" fill=\"#a00\">%s</text>\n", LEFT + 4, base,
		              v->shown ? "" : SL_MARKER);
		return;
	}
	wide = most > 0 && v->value > 0 ? (int)((double)v->value / (double)most * WIDTH) : 0;
	sl_buf_printf(out, "<rect x=\"%d\" y=\"%u\" width=\"%d\" height=\"%d\" fill=\"#47a\"/>", LEFT, y + 2, wide, BAR - 4);
	sl_buf_printf(out, "<text x=\"%d\" y=\"%u\">%" PRId64 "</text>\n", LEFT + wide + 4, base, v->value);
}

static void draw(const struct sl_review *r, uint32_t i, uint32_t stat, struct sl_buf *out)
{
	uint32_t nrows = r->rows[i].nrows;
	int64_t most = 0;

	for (uint32_t n = 0; n < nrows; n++) {
		const struct sl_published_cell *v = sl_review_table_value(r, i, n, stat);

		most = v->shown && !v->missing && v->value > most ? v->value : most;
	}
	sl_buf_text(out, "<p>");
	sl_html_cell(out, r->material.plans[i].stats[stat].name);
	sl_buf_printf(out,
	              " by row:</p>\n<svg width=\"%d\" height=\"%u\" role=\"img\" font-size=\"11\" "
	              "font-family=\"monospace\">\n",
	              LEFT + WIDTH + 120, nrows * BAR);
	for (uint32_t n = 0; n < nrows; n++)
		put_bar(sl_review_table_value(r, i, n, stat), n, most, out);
	sl_buf_text(out, "</svg>\n");
}

void sl_review_chart_put(const struct sl_review *r, uint32_t i, struct sl_buf *out)
{
	const struct sl_plan *plan = &r->material.plans[i];
	int stat = count_of(plan);

	if (stat >= 0 && plan->nkeys >= 1 && plan->nkeys <= 2 && r->rows[i].nrows <= ROWS_MAX)
		draw(r, i, (uint32_t)stat, out);
}
