/* render.c - the rows of an output: canonical order, order_by, limit. Judged on what is published only. */
#include <stdlib.h>
#include <string.h>

#include "policy/render_rows.h"

enum sl_rc sl_render_check(const struct sl_render *r, struct sl_err *err)
{
	enum sl_rc rc = sl_view_check(r->view, err);

	if (rc == SL_OK && r->publication->noutputs != r->nplans)
		rc = sl_err_set(err, SL_E_INPUT, "publication: not one output per plan");
	for (uint32_t i = 0; i < r->nplans && rc == SL_OK; i++)
		rc = sl_plan_check(&r->plans[i], r->view, err);
	return rc == SL_OK ? sl_publication_check(r->publication, r->plans, r->nplans, r->view, err) : rc;
}

const struct sl_published_cell *sl_render_value(const struct sl_render *r, uint32_t i, uint32_t cell, uint32_t column)
{
	return sl_publication_told(r->publication, i, cell, column, r->plans[i].nstats + r->plans[i].ncalcs);
}

bool sl_render_has_earlier(const struct sl_rules *rules)
{
	return rules->near == SL_NEAR_EARLIER;
}

struct sorter {
	const struct sl_render *r;
	uint32_t output;
};

/* Hidden values stand last and missing ones before them, in either direction. */
static int compare_values(const struct sl_published_cell *a, const struct sl_published_cell *b, bool descending)
{
	int ra = !a->shown ? 2 : a->missing, rb = !b->shown ? 2 : b->missing;

	if (ra != rb || ra != 0)
		return ra - rb;
	int c = a->value < b->value ? -1 : a->value > b->value;
	return descending ? -c : c;
}

static int compare_rows(const void *x, const void *y, void *arg)
{
	const struct sorter *s = arg;
	const struct sl_plan *plan = &s->r->plans[s->output];
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	int c = 0;

	for (uint32_t o = 0; o < plan->norder && c == 0; o++) {
		uint32_t column = plan->order[o].column;
		bool descending = plan->order[o].descending != 0;
		if (column < plan->nkeys) {
			uint32_t ga = sl_plan_cell_group(plan, s->r->view, a, column),
				 gb = sl_plan_cell_group(plan, s->r->view, b, column);
			c = ga < gb ? -1 : ga > gb;
			c = descending ? -c : c;
		} else {
			column -= plan->nkeys;
			c = compare_values(sl_render_value(s->r, s->output, a, column),
			                   sl_render_value(s->r, s->output, b, column), descending);
		}
	}
	return c != 0 ? c : (a < b ? -1 : a > b);
}

enum sl_rc sl_render_rows_of(const struct sl_render *r, uint32_t i, struct sl_render_rows *out, struct sl_err *err)
{
	const struct sl_plan *plan = &r->plans[i];
	uint32_t n = (uint32_t)sl_plan_cells(plan, r->view);
	struct sorter sorter = { r, i };

	*out = (struct sl_render_rows){ .cells = malloc(n * sizeof *out->cells) };
	if (out->cells == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (uint32_t c = 0; c < n; c++)
		out->cells[c] = c;
	if (plan->norder > 0)
		qsort_r(out->cells, n, sizeof out->cells[0], compare_rows, &sorter);
	out->nrows = plan->limit > 0 && plan->limit < n ? plan->limit : n;
	return SL_OK;
}
