/* common.c - see rules.h: what several rules ask of a case. */
#include "policy/rules/rules.h"

int64_t sl_rule_percent(sl_i128 part, sl_i128 whole)
{
	sl_i128 scaled;
	int64_t p;

	if (whole <= 0 || part <= 0)
		return 0;
	if (__builtin_mul_overflow(part, (sl_i128)SL_PERCENT_WHOLE, &scaled) || !sl_div_round(scaled, whole, &p) ||
	    p > SL_PERCENT_MOST)
		return SL_PERCENT_MOST;
	return p;
}

bool sl_rule_may_show_zeros(const struct sl_rule_case *c)
{
	if (c->rules->zeros_show == 1)
		return true;
	for (uint32_t k = 0; k < c->plan->nkeys; k++)
		if (sl_plan_key_column(c->plan, &c->setup->view, k)->structural_zero == 1)
			return true;
	return false;
}

/*
 * Whole tables only: that no row of a value meets a condition, or has a row in another table, nobody declared. Cells
 * of a value stand together by runs of as many as the keys behind it make.
 */
bool sl_rule_is_absent(const struct sl_rule_case *c, uint32_t k)
{
	const struct sl_plan *plan = c->plan;
	uint32_t ncells = c->result->nevidence / plan->nstats, run = 1, groups = 1;

	if (sl_plan_key_column(plan, &c->setup->view, k)->structural_zero != 1 || plan->nsources != 1 ||
	    sl_plan_is_filtered(plan))
		return false;
	for (uint32_t i = plan->nkeys; i-- > k;) {
		run *= i + 1 < plan->nkeys ? groups : 1;
		groups = sl_column_ngroups(sl_plan_key_column(plan, &c->setup->view, i), plan->keys[i].banded != 0);
	}
	for (uint32_t cell = sl_plan_cell_group(plan, &c->setup->view, c->cell, k) * run; cell < ncells; cell += groups * run)
		for (uint32_t i = cell; i < cell + run; i++)
			if (c->result->evidence[(size_t)i * plan->nstats].cell_units > 0)
				return false;
	return true;
}

bool sl_rule_is_zero_public(const struct sl_rule_case *c)
{
	bool public = c->rules->zeros_show == 1;

	for (uint32_t k = 0; k < c->plan->nkeys && !public; k++)
		public = sl_rule_is_absent(c, k);
	return public;
}

bool sl_rule_is_magnitude(const struct sl_stat *stat)
{
	return stat->fn == SL_STAT_SUM || stat->fn == SL_STAT_MEAN;
}

bool sl_rule_tells_total(const struct sl_stat *stat)
{
	return sl_rule_is_magnitude(stat) || stat->fn == SL_STAT_INTERCEPT || sl_stat_is_model((enum sl_stat_fn)stat->fn);
}

bool sl_rule_is_condition(const struct sl_stat *stat)
{
	return stat->fn == SL_STAT_COUNT_IF || stat->fn == SL_STAT_SHARE;
}

bool sl_rule_counts_rows(const struct sl_stat *stat)
{
	return stat->fn == SL_STAT_COUNT || sl_rule_is_condition(stat);
}

/* Whoever has most has so many rows; the next at most as many, and at most what is left when all others have one. */
static void amounts_of_rows(const struct sl_evidence *e, bool all_rows, struct sl_amounts *out)
{
	sl_i128 most = (sl_i128)e->rows_by_one_max, left = (sl_i128)(all_rows ? e->cell_rows : e->rows);
	sl_i128 units = (sl_i128)(all_rows ? e->cell_units : e->contributors);

	*out = (struct sl_amounts){ .all = left };
	for (int i = 0; i < 3 && units > 0; i++, units--) {
		sl_i128 spare = left - (units - 1);
		out->top[i] = most < spare ? most : spare;
		left -= out->top[i];
	}
}

bool sl_rule_amounts(const struct sl_rule_case *c, struct sl_amounts *out)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;

	if (sl_rule_counts_rows(s)) {
		amounts_of_rows(e, s->fn == SL_STAT_COUNT, out);
		return e->rows_by_one_max > 1;
	}
	*out = (struct sl_amounts){ .all = e->sum_abs, .top = { e->top1, e->top2, e->top3 } };
	return sl_rule_tells_total(s) || sl_rule_is_spread(s);
}

bool sl_rule_is_spread(const struct sl_stat *stat)
{
	return stat->fn == SL_STAT_VAR || stat->fn == SL_STAT_SD;
}

bool sl_rule_has_spread(const struct sl_stat *stat)
{
	return sl_stat_has_moments(stat->fn) || sl_stat_is_model((enum sl_stat_fn)stat->fn);
}

bool sl_rule_reads(const struct sl_expr *expr, uint32_t input)
{
	for (uint32_t i = 0; i < expr->nops; i++)
		if (expr->ops[i].op == SL_OP_COLUMN && expr->ops[i].arg == input)
			return true;
	return false;
}

/* The fold behind an input; NULL: it is a column as it stands. */
static const struct sl_fold *fold_of(const struct sl_plan *plan, uint32_t input)
{
	const struct sl_source *source = &plan->sources[plan->inputs[input].source];

	return source->nfolds > 0 ? &source->folds[plan->inputs[input].column] : NULL;
}

static bool comes_from(const struct sl_plan *plan, uint32_t input, uint32_t column)
{
	const struct sl_source *source = &plan->sources[plan->inputs[input].source];
	const struct sl_fold *fold = fold_of(plan, input);

	if (fold == NULL)
		return plan->inputs[input].column == column;
	for (uint32_t r = 0; r < source->nraws; r++)
		if (source->raws[r].column == column && sl_rule_reads(&fold->arg, r))
			return true;
	return false;
}

bool sl_rule_same_column(const struct sl_plan *a, uint32_t i, const struct sl_plan *b, uint32_t j)
{
	const struct sl_source *source = &a->sources[a->inputs[i].source];
	const struct sl_fold *x = fold_of(a, i), *y = fold_of(b, j);

	if (source->table != b->sources[b->inputs[j].source].table)
		return false;
	if (x == NULL)
		return comes_from(b, j, a->inputs[i].column);
	if (x->arg.nops == 0)
		return y != NULL && y->arg.nops == 0;
	for (uint32_t r = 0; r < source->nraws; r++)
		if (sl_rule_reads(&x->arg, r) && comes_from(b, j, source->raws[r].column))
			return true;
	return false;
}

bool sl_rule_reads_column(const struct sl_rule_case *c)
{
	const struct sl_expr *arg = &c->plan->stats[c->stat].arg;

	for (uint32_t i = 0; i < arg->nops; i++)
		if (arg->ops[i].op == SL_OP_COLUMN)
			return true;
	return false;
}

bool sl_rule_reads_sensitive(const struct sl_rule_case *c)
{
	const struct sl_plan *plan = c->plan;

	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (sl_rule_reads(&plan->stats[c->stat].arg, i) && sl_plan_input_sensitive(plan, &c->setup->view, i))
			return true;
	return false;
}

struct sl_input_type sl_rule_stat_type(const struct sl_plan *plan, const struct sl_view *view, uint32_t stat)
{
	const struct sl_stat *s = &plan->stats[stat];
	struct sl_input_type arg = { 0 };

	(void)view;
	/* A checked expression says its own type in its last operation. */
	if (s->arg.nops > 0)
		arg = (struct sl_input_type){ .type = s->arg.ops[s->arg.nops - 1].type,
			                      .scale = s->arg.ops[s->arg.nops - 1].scale };
	return sl_stat_type(s->fn, arg);
}

/* part / whole on a grid of 10^-scale; missing when there is nothing to divide by. */
static bool ratio(sl_i128 part, uint64_t whole, int scale, struct sl_value *out)
{
	sl_i128 scaled;

	*out = (struct sl_value){ .missing = whole == 0 };
	if (whole == 0)
		return true;
	return !__builtin_mul_overflow(part, (sl_i128)sl_pow10(scale), &scaled) &&
	       sl_div_round(scaled, (sl_i128)whole, &out->v);
}

static bool whole_number(uint64_t n, struct sl_value *out)
{
	*out = (struct sl_value){ .v = (int64_t)n };
	return n <= INT64_MAX;
}

const struct sl_quantile *sl_rule_quantile(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell,
                                           uint32_t stat)
{
	return &result->quantiles[(size_t)cell * sl_result_quantile_at(plan, plan->nstats) +
	                          sl_result_quantile_at(plan, stat)];
}

bool sl_rule_value(const struct sl_plan *plan, const struct sl_view *view, const struct sl_result *result,
                   uint32_t cell, uint32_t stat, struct sl_value *out)
{
	const struct sl_evidence *e = &result->evidence[(size_t)cell * plan->nstats + stat];
	const struct sl_stat *s = &plan->stats[stat];
	struct sl_input_type t = sl_rule_stat_type(plan, view, stat);

	*out = (struct sl_value){ 0 };
	switch (s->fn) {
	case SL_STAT_UNITS:
		return whole_number(e->cell_units, out);
	case SL_STAT_COUNT:
		return whole_number(e->cell_rows, out);
	case SL_STAT_COUNT_IF:
		return whole_number(e->rows, out);
	case SL_STAT_SUM:
		if (e->sum < INT64_MIN || e->sum > INT64_MAX)
			return false;
		/* Nobody has a value: there is nothing to add, which is not the same as a sum of zero. */
		*out = (struct sl_value){ .v = e->rows > 0 ? (int64_t)e->sum : 0, .missing = e->rows == 0 };
		return true;
	case SL_STAT_MEAN:
		return ratio(e->sum, e->rows, t.scale - s->arg.ops[s->arg.nops - 1].scale, out);
	case SL_STAT_SHARE:
		return ratio((sl_i128)e->rows, e->known_rows, t.scale, out);
	case SL_STAT_QUANTILE:
		*out = (struct sl_value){ .missing = e->rows == 0 };
		if (e->rows > 0)
			out->v = sl_rule_quantile(plan, result, cell, stat)->value;
		return true;
	case SL_STAT_VAR:
	case SL_STAT_SD:
	case SL_STAT_CORR:
	case SL_STAT_SLOPE:
	case SL_STAT_INTERCEPT:
		*out = (struct sl_value){ .missing = e->rows == 0 };
		return e->rows == 0 || sl_rule_moments_value(plan, result, cell, stat, t.scale, &out->v);
	case SL_STAT_COEF:
	case SL_STAT_COEF_SE:
	case SL_STAT_R2:
		*out = (struct sl_value){ .missing = e->rows == 0 };
		return e->rows == 0 || sl_rule_model_value(plan, result, cell, stat, t.scale, &out->v);
	default: /* MIN, MAX: never a value */
		return false;
	}
}

/* What was not drawn is the most there is. */
static uint32_t limit_of(const struct sl_rule_case *c, uint64_t draw)
{
	uint32_t t = c->rules->threshold, jitter = c->rules->jitter;

	if (t == 0)
		return 0;
	return t + (c->result->drawn == SL_DRAWS_LIMITS ? (uint32_t)(draw % (jitter + 1)) : jitter);
}

uint32_t sl_rule_limit_cell(const struct sl_rule_case *c)
{
	return limit_of(c, sl_result_cell_draw(c->result, c->cell).counted);
}

static struct sl_draw draw_of(const struct sl_rule_case *c)
{
	return sl_result_limit_draw(c->result, c->cell * c->plan->nstats + c->stat);
}

uint32_t sl_rule_limit(const struct sl_rule_case *c)
{
	return limit_of(c, draw_of(c).counted);
}

uint32_t sl_rule_limit_others(const struct sl_rule_case *c)
{
	return limit_of(c, draw_of(c).known);
}
