/*
 * trial_result.c - see trial.h: a result less the evidence of statistics that were not asked for. What the engine tells
 * of one statistic does not depend on the others, so that it is what it would have told.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/digest.h"
#include "policy/trial.h"

struct less {
	const struct sl_plan *was, *plan;
	const struct sl_result *told;
	const struct sl_view *view;
	const uint32_t *from;
	uint32_t ncells;
	struct sl_result *out;
};

static bool allocate(struct less *l)
{
	struct sl_result *r = l->out;
	struct sl_model_place models;
	uint32_t first[SL_STATS_MAX];

	(void)sl_result_models(l->plan, first, &models);
	r->nevidence = l->ncells * l->plan->nstats;
	r->nmoments = l->ncells * sl_result_moments_at(l->plan, l->plan->nstats);
	r->nquantiles = l->ncells * sl_result_quantile_at(l->plan, l->plan->nstats);
	r->nvariables = l->ncells * models.nvariables;
	r->nsums = l->ncells * models.nsums;
	r->ndraws = (uint32_t)sl_result_draws(r->drawn, l->ncells, l->plan->nstats);
	r->evidence = calloc((size_t)r->nevidence + 1, sizeof *r->evidence);
	r->moments = calloc((size_t)r->nmoments + 1, sizeof *r->moments);
	r->quantiles = calloc((size_t)r->nquantiles + 1, sizeof *r->quantiles);
	r->variables = calloc((size_t)r->nvariables + 1, sizeof *r->variables);
	r->sums = calloc((size_t)r->nsums + 1, sizeof *r->sums);
	r->draws = calloc((size_t)r->ndraws + 1, sizeof *r->draws);
	r->distinct = calloc(SL_INPUTS_MAX, sizeof *r->distinct);
	return r->evidence != NULL && r->moments != NULL && r->quantiles != NULL && r->variables != NULL &&
	       r->sums != NULL && r->draws != NULL && r->distinct != NULL;
}

static void take_stat(struct less *l, uint32_t cell, uint32_t s)
{
	const struct sl_result *t = l->told;
	uint32_t n = l->plan->nstats, was_n = l->was->nstats, from = l->from[s];
	size_t at = (size_t)cell * n + s, was = (size_t)cell * was_n + from;

	l->out->evidence[at] = t->evidence[was];
	if (sl_stat_has_moments((enum sl_stat_fn)l->plan->stats[s].fn))
		l->out->moments[cell * sl_result_moments_at(l->plan, n) + sl_result_moments_at(l->plan, s)] =
			t->moments[cell * sl_result_moments_at(l->was, was_n) + sl_result_moments_at(l->was, from)];
	if (l->plan->stats[s].fn == SL_STAT_QUANTILE)
		l->out->quantiles[cell * sl_result_quantile_at(l->plan, n) + sl_result_quantile_at(l->plan, s)] =
			t->quantiles[cell * sl_result_quantile_at(l->was, was_n) + sl_result_quantile_at(l->was, from)];
	if (l->out->drawn >= SL_DRAWS_COUNTS)
		l->out->draws[at] = t->draws[was];
	if (l->out->drawn >= SL_DRAWS_LIMITS)
		l->out->draws[l->out->nevidence + at] = t->draws[t->nevidence + was];
}

static void take_models(struct less *l)
{
	struct sl_model_place now, then;
	uint32_t first[SL_STATS_MAX], was_first[SL_STATS_MAX];
	uint32_t nmodels = sl_result_models(l->plan, first, &now);

	(void)sl_result_models(l->was, was_first, &then);
	for (uint32_t m = 0; m < nmodels; m++) {
		const struct sl_model_place to = sl_result_model(l->plan, first[m]);
		const struct sl_model_place of = sl_result_model(l->was, l->from[first[m]]);
		for (uint32_t c = 0; c < l->ncells; c++) {
			memcpy(&l->out->variables[c * now.nvariables + to.variable],
			       &l->told->variables[c * then.nvariables + of.variable],
			       to.nvariables * sizeof *l->out->variables);
			memcpy(&l->out->sums[c * now.nsums + to.sum], &l->told->sums[c * then.nsums + of.sum],
			       to.nsums * sizeof *l->out->sums);
		}
	}
}

/* Inputs stay where they are, so those that are still read have the values they had. */
static void take_distinct(struct less *l)
{
	uint16_t now[SL_INPUTS_MAX], then[SL_INPUTS_MAX];
	uint32_t nthen = sl_result_distinct(l->was, l->view, then);

	if (l->told->ndistinct != nthen)
		return;
	l->out->ndistinct = sl_result_distinct(l->plan, l->view, now);
	for (uint32_t i = 0; i < l->out->ndistinct; i++)
		for (uint32_t j = 0; j < nthen; j++)
			if (then[j] == now[i])
				l->out->distinct[i] = l->told->distinct[j];
}

static enum sl_rc bind(struct less *l, struct sl_err *err)
{
	struct sl_buf wire = { .max = SL_PLAN_WIRE_MAX };
	enum sl_rc rc = sl_codec_encode(&sl_plan_record, l->plan, &wire, err);

	if (rc == SL_OK)
		sl_digest_sha256(wire.data, wire.len, l->out->plan_digest);
	sl_buf_free(&wire);
	return rc;
}

/* What is told of the output as a whole. */
static bool take_margins(struct less *l)
{
	const struct sl_result *t = l->told;

	l->out->margins = calloc((size_t)t->nmargins + 1, sizeof *l->out->margins);
	for (uint32_t m = 0; l->out->margins != NULL && m < t->nmargins; m++) {
		struct sl_margin *to = &l->out->margins[m];
		to->key = t->margins[m].key;
		to->cells = malloc(((size_t)t->margins[m].ncells + 1) * sizeof *to->cells);
		if (to->cells == NULL)
			return false;
		to->ncells = t->margins[m].ncells;
		memcpy(to->cells, t->margins[m].cells, to->ncells * sizeof *to->cells);
		l->out->nmargins = m + 1;
	}
	return l->out->margins != NULL;
}

enum sl_rc sl_trial_result(const struct sl_view *view, const struct sl_plan *was, const struct sl_result *told,
                           const struct sl_plan *plan, const uint32_t *from, struct sl_result *out, struct sl_err *err)
{
	struct less l = { was, plan, told, view, from, (uint32_t)sl_plan_cells(plan, view), out };

	*out = (struct sl_result){ .population = told->population, .complement = told->complement,
		                   .partly = told->partly, .filtered = told->filtered, .drawn = told->drawn };
	if (!take_margins(&l) || !allocate(&l))
		return sl_err_set(err, SL_E_NOMEM, "no memory for a result less a statistic");
	for (uint32_t c = 0; c < l.ncells; c++) {
		for (uint32_t s = 0; s < plan->nstats; s++)
			take_stat(&l, c, s);
		if (out->drawn >= SL_DRAWS_LIMITS)
			out->draws[2 * out->nevidence + c] = told->draws[2 * told->nevidence + c];
	}
	take_models(&l);
	take_distinct(&l);
	return bind(&l, err);
}
