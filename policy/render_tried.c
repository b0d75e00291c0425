/* render_tried.c - see render.h: what was tried to cure a finding, in words. */
#include <string.h>

#include "policy/render_rows.h"
#include "policy/rules/rules.h"

/* More names would not be read. */
#define NAMES_MAX 6

struct names {
	struct sl_buf *out;
	uint32_t n;
};

static const char *before(struct names *w)
{
	return w->n++ == 0 ? "cured " : ", ";
}

void sl_render_without(const struct sl_plan *plans, const struct sl_behind_tried *t, struct sl_buf *out)
{
	const struct sl_plan *plan = &plans[t->output];

	if (t->stat == SL_FINDING_WHOLE)
		sl_buf_printf(out, "without output %s", plan->output);
	else
		sl_buf_printf(out, "without column %s of %s", plan->stats[t->stat].name, plan->output);
}

void sl_render_by_level(const struct sl_plan *plans, const struct sl_view *view, const struct sl_behind_level *l,
                        struct sl_buf *out)
{
	const struct sl_plan *plan = &plans[l->output];
	const struct sl_column *base = sl_plan_base_column(plan, view, plan->keys[l->key].input);

	sl_buf_printf(out, "with %s by its %s", plan->keys[l->key].name,
	              view->tables[base->reference - 1].columns[l->attribute].name);
}

/* Rules that ask how many are in a group: fewer groups cure them. */
static bool is_of_groups(const struct sl_finding *f)
{
	return f->rule == SL_RULE_THRESHOLD && f->stat == SL_FINDING_WHOLE;
}

/* Groups that nobody is in are not counted, and there may be others. */
static bool is_of_nobody(const struct sl_finding *f)
{
	return f->rule == SL_RULE_ZERO || (is_of_groups(f) && f->units == 0);
}

/* Keys and levels by which no group is too small; how many were tried. */
static uint32_t put_groups(const struct sl_render *r, const struct sl_finding *f, struct names *w)
{
	const struct sl_behind *b = r->behind;
	const struct sl_plan *plan = &r->plans[f->output];
	uint32_t tried = 0;

	for (uint32_t i = 0; i < b->ncoarser; i++) {
		const struct sl_behind_coarser *c = &b->coarser[i];
		if (c->output != f->output || c->without >= plan->nkeys)
			continue;
		tried++;
		if (c->few == 0)
			sl_buf_printf(w->out, "%swithout key %s", before(w), plan->keys[c->without].name);
	}
	for (uint32_t i = 0; i < b->remedies->nlevels; i++) {
		const struct sl_behind_level *l = &b->remedies->levels[i];
		if (l->output != f->output || l->few > 0)
			continue;
		sl_buf_text(w->out, before(w));
		sl_render_by_level(r->plans, r->view, l, w->out);
	}
	return tried;
}

/* What was left out one at a time: an output that lets the request pass is named before a column. */
static uint32_t put_left_out(const struct sl_render *r, uint32_t finding, struct names *w)
{
	const struct sl_behind_remedies *m = r->behind->remedies;
	uint32_t more = 0;

	for (uint32_t i = 0; i < m->ntried; i++) {
		if (!sl_behind_cures(&m->tried[i], finding))
			continue;
		if (w->n >= NAMES_MAX) {
			more++;
			continue;
		}
		sl_buf_text(w->out, before(w));
		sl_render_without(r->plans, &m->tried[i], w->out);
	}
	if (more > 0)
		sl_buf_printf(w->out, " and %u more", more);
	return m->ntried;
}

void sl_render_tried(const struct sl_render *r, uint32_t finding, struct sl_buf *out)
{
	const struct sl_finding *f = &r->publication->findings[finding];
	struct names w = { .out = out };

	if (r->behind == NULL || r->behind->nremedies == 0 || is_of_nobody(f))
		return;
	uint32_t tried = is_of_groups(f) ? put_groups(r, f, &w) : put_left_out(r, finding, &w);
	uint32_t untried = is_of_groups(f) ? 0 : r->behind->remedies->untried;
	if (tried > 0 && w.n == 0)
		sl_buf_text(out, is_of_groups(f) ? "not cured by leaving out one key"
		                                 : "not cured by leaving out one output or one column");
	if (untried > 0)
		sl_buf_printf(out, "%s%u left out not tried: judging so often is too much work", tried > 0 ? "; " : "", untried);
}
