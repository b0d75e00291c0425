/*
 * result_check.c - sl_result_check of result.h: a result that no honest engine makes is found by itself, before a rule
 * looks at it.
 */
#include "enclave/pact/result.h"

/* Written so that no sum of two counts can wrap. */
static bool counts_are_sound(const struct sl_evidence *e)
{
	return e->contributors <= e->cell_units && e->complement_units <= e->cell_units && e->cell_units <= e->cell_rows &&
	       e->contributors <= e->rows && e->rows <= e->cell_rows && e->rows <= e->known_rows &&
	       e->known_rows <= e->cell_rows && e->rows_by_one_max <= e->rows && e->negatives <= e->contributors &&
	       e->zeros <= e->contributors - e->negatives;
}

static bool totals_are_sound(const struct sl_evidence *e)
{
	return e->top1 >= e->top2 && e->top2 >= e->top3 && e->top3 >= 0 && e->unit_min <= e->unit_max && e->sum_abs >= 0 &&
	       e->sum <= e->sum_abs && e->sum >= -e->sum_abs &&
	       (sl_i128)e->top1 + e->top2 + e->top3 <= e->sum_abs;
}

static bool evidence_is_sound(const struct sl_evidence *e)
{
	return counts_are_sound(e) && totals_are_sound(e);
}

/* By Cauchy and Schwarz each product sum is bounded by the two square sums; an honest engine's are. */
static bool moments_are_sound(const struct sl_moments *m)
{
	const sl_i128 bound = (sl_i128)1 << 126;

	return m->xx >= 0 && m->xx <= bound && m->yy >= 0 && m->yy <= bound && m->xy <= bound && m->xy >= -bound;
}

static bool quantile_is_sound(const struct sl_quantile *q, const struct sl_evidence *e)
{
	return q->below_units <= e->contributors && q->above_units <= e->contributors && q->at_units <= e->contributors &&
	       (e->contributors == 0) == (q->at_units == 0) && (e->contributors > 0 || q->value == 0);
}

static bool vectors_are_sound(const struct sl_result *r, const struct sl_plan *plan)
{
	uint32_t m = 0, q = 0;

	for (uint32_t i = 0; i < r->nevidence; i++) {
		enum sl_stat_fn fn = plan->stats[i % plan->nstats].fn;
		if (sl_stat_has_moments(fn) && !moments_are_sound(&r->moments[m++]))
			return false;
		if (fn == SL_STAT_QUANTILE && !quantile_is_sound(&r->quantiles[q++], &r->evidence[i]))
			return false;
	}
	return true;
}

static bool variable_is_sound(const struct sl_variable *v, const struct sl_evidence *e)
{
	return v->lo <= v->hi && v->above_units <= e->contributors && v->below_units <= e->contributors &&
	       (v->lo < v->hi) == (v->above_units > 0) && (v->lo < v->hi) == (v->below_units > 0);
}

/* Sums of squares are bounded, and by Cauchy and Schwarz every sum of products with them. */
static bool models_are_sound(const struct sl_result *r, const struct sl_plan *plan, uint64_t ncells)
{
	const sl_i128 bound = (sl_i128)1 << 126;
	struct sl_model_place all;
	uint32_t first[SL_STATS_MAX], n = sl_result_models(plan, first, &all);

	for (uint32_t i = 0; i < r->nsums; i++)
		if (r->sums[i].v > bound || r->sums[i].v < -bound)
			return false;
	for (uint64_t cell = 0; cell < ncells; cell++)
		for (uint32_t m = 0; m < n; m++) {
			struct sl_model_place place = sl_result_model(plan, first[m]);
			const struct sl_variable *v = &r->variables[cell * all.nvariables + place.variable];
			for (uint32_t i = 0; i < place.nvariables; i++)
				if (!variable_is_sound(&v[i], &r->evidence[cell * plan->nstats + first[m]]))
					return false;
		}
	return true;
}

static bool distinct_is_sound(const struct sl_result *r, const struct sl_plan *plan, const struct sl_view *view)
{
	uint16_t inputs[SL_INPUTS_MAX];

	if (r->ndistinct != 0 && r->ndistinct != sl_result_distinct(plan, view, inputs))
		return false;
	for (uint32_t i = 0; i < r->ndistinct; i++) {
		const struct sl_distinct *d = &r->distinct[i];
		for (uint32_t k = 0; k < SL_DISTINCT_MAX; k++)
			if (k >= d->n ? d->v[k] != 0 : k > 0 && d->v[k] <= d->v[k - 1])
				return false;
	}
	return true;
}

static enum sl_rc refuse(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "result: %s", why);
}

enum sl_rc sl_result_check(const struct sl_result *result, const struct sl_plan *plan, const struct sl_view *view,
                           struct sl_err *err)
{
	uint64_t ncells = sl_plan_cells(plan, view);
	struct sl_model_place models;
	uint32_t m = 0, first[SL_STATS_MAX];

	if (ncells > SL_CELLS_MAX || result->nevidence != ncells * plan->nstats)
		return refuse(err, "not one evidence per cell and statistic");
	if (result->nmoments != ncells * sl_result_moments_at(plan, plan->nstats) ||
	    result->nquantiles != ncells * sl_result_quantile_at(plan, plan->nstats))
		return refuse(err, "not one record of moments or quantiles per cell and statistic that has them");
	(void)sl_result_models(plan, first, &models);
	if (result->nvariables != ncells * models.nvariables || result->nsums != ncells * models.nsums)
		return refuse(err, "not the variables and sums that the models of the plan have");
	if (result->ndraws != sl_result_draws(result->drawn, ncells, plan->nstats))
		return refuse(err, "not as many draws as cells and statistics have");
	if (!distinct_is_sound(result, plan, view))
		return refuse(err, "values of columns that are not the plan's, or do not rise");
	if (result->filtered != sl_plan_is_filtered(plan))
		return refuse(err, "filter flag disagrees with the plan");
	for (uint32_t i = 0; i < result->nevidence; i++)
		if (!evidence_is_sound(&result->evidence[i]))
			return refuse(err, "evidence contradicts itself");
	if (!models_are_sound(result, plan, ncells))
		return refuse(err, "variables or sums of a model contradict themselves");
	if (!vectors_are_sound(result, plan))
		return refuse(err, "moments or quantiles contradict themselves");
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(plan, view, k);
		if (!sl_plan_input_sensitive(plan, view, plan->keys[k].input))
			continue;
		if (m >= result->nmargins || result->margins[m].key != k ||
		    result->margins[m].ncells != ncells / sl_column_ngroups(c, plan->keys[k].banded != 0))
			return refuse(err, "a margin is missing or has another shape");
		m++;
	}
	return m == result->nmargins ? SL_OK : refuse(err, "a margin too many");
}
