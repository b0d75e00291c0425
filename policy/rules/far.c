/*
 * far.c - who is far from the others in an x: a line or model goes through that unit, whatever the others have, and who
 * knows its x reads its y off the coefficients. For dominance.c and p_percent.c, which ask it of each x of a model, and
 * leverage.c, of a line.
 *
 * With d the deviations of x from its mean, a row's part of the line's own value there is 1 / n + d² / Σd²: near 1 the
 * line is that row's (Belsley, Kuh and Welsch, Regression Diagnostics, 1980, section 2.1). Of a model that part is no
 * smaller. So the d² are asked as amounts are.
 *
 * The largest is at the smallest or the largest value; a unit with several rows may have all of them there. The next is
 * not known, and taken to be as large. All is times n².
 */
#include "policy/rules/reach.h"
#include "policy/rules/rules.h"

/* Of one x: its rows, their sum and that of their squares, and between what it lies. */
struct span {
	sl_i128 n, x, xx, lo, hi;
	sl_i128 rows_by_one;
};

static struct sl_wide squared(sl_i128 value, const struct span *s)
{
	struct sl_wide d = sl_wide_sub(sl_wide_mul(sl_wide_of(s->n), sl_wide_of(value)), sl_wide_of(s->x));

	return sl_wide_mul(d, d);
}

static void deviations_of(const struct span *s, struct sl_deviations *out)
{
	struct sl_wide n = sl_wide_of(s->n), x = sl_wide_of(s->x);
	struct sl_wide least = squared(s->lo, s), most = squared(s->hi, s);

	out->all = sl_wide_mul(n, sl_wide_sub(sl_wide_mul(n, sl_wide_of(s->xx)), sl_wide_mul(x, x)));
	out->largest = sl_wide_mul(sl_wide_cmp_abs(&least, &most) < 0 ? most : least, sl_wide_of(s->rows_by_one));
	if (sl_wide_cmp_abs(&out->largest, &out->all) > 0)
		out->largest = out->all;
	out->rest = sl_wide_sub(out->all, out->largest);
	out->second = sl_wide_cmp_abs(&out->largest, &out->rest) < 0 ? out->largest : out->rest;
	out->rest = sl_wide_sub(out->rest, out->second);
}

/* Of the j-th x of a model, from 1: no more than they are. False: there is none. */
static bool far_of_x(const struct sl_rule_case *c, uint32_t j, struct sl_deviations *out)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	struct sl_expr parts[SL_REGRESSORS_MAX];
	struct span x = { .n = (sl_i128)e->rows, .rows_by_one = (sl_i128)e->rows_by_one_max };

	if (!sl_stat_is_model((enum sl_stat_fn)s->fn) || j > sl_expr_parts(&s->arg2, parts) || e->contributors == 0 ||
	    !sl_rule_model_x(c, j, &x.x, &x.xx))
		return false;
	x.lo = sl_rule_model_variable(c, j)->lo;
	x.hi = sl_rule_model_variable(c, j)->hi;
	deviations_of(&x, out);
	/* An x that does not vary is none: range. */
	return sl_wide_sign(&out->all) > 0;
}

bool sl_rule_any_deviations(const struct sl_rule_case *c, sl_rule_asks_deviations *asks, struct sl_rule_hit *hit)
{
	struct sl_deviations d;

	if (sl_rule_deviations(c, &d) && asks(c, &d, hit))
		return true;
	for (uint32_t j = 1; far_of_x(c, j, &d); j++)
		if (asks(c, &d, hit))
			return true;
	return false;
}

/* What the catalogue lets the x of a line be. More than a column is not looked into. */
static struct sl_reach reach_of(const struct sl_rule_case *c)
{
	const struct sl_expr *e = &c->plan->stats[c->stat].arg2;
	const struct sl_view *view = &c->setup->view;
	const struct sl_input *in = e->nops == 1 && e->ops[0].op == SL_OP_COLUMN ? &c->plan->inputs[e->ops[0].arg] : NULL;
	const struct sl_source *source = in != NULL ? &c->plan->sources[in->source] : NULL;

	if (source == NULL || source->nfolds > 0 || in->lookup > 0)
		return sl_reach_column(NULL);
	return sl_reach_column(&view->tables[source->table].columns[in->column]);
}

bool sl_rule_far_of_line(const struct sl_rule_case *c, struct sl_deviations *out)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;

	if ((s->fn != SL_STAT_SLOPE && s->fn != SL_STAT_INTERCEPT && s->fn != SL_STAT_CORR) || e->contributors == 0)
		return false;
	const struct sl_reach reach = reach_of(c);
	const struct sl_moments *m = &c->result->moments[(size_t)c->cell * sl_result_moments_at(c->plan, c->plan->nstats) +
	                                                 sl_result_moments_at(c->plan, c->stat)];
	const struct span x = { .n = (sl_i128)e->rows, .x = m->x, .xx = m->xx, .lo = reach.lo, .hi = reach.hi,
		                .rows_by_one = (sl_i128)e->rows_by_one_max };
	if (m->overflow)
		return false;
	deviations_of(&x, out);
	return sl_wide_sign(&out->all) > 0;
}
