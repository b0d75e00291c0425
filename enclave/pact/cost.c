/* cost.c - see cost.h. */
#include "enclave/pact/cost.h"

#include <string.h>

#include "enclave/pact/result.h"

/*
 * Of a result: evidence, margins, moments, quantiles, variables, sums, draws; each with its count. A margin has its key
 * and a count.
 */
#define VECTORS 8u
#define COUNT_BYTES 4u
#define MARGIN_HEAD_BYTES (2u + COUNT_BYTES)

/* What one expression takes per thread. */
static uint64_t expr_bytes(const struct sl_expr *expr)
{
	uint64_t bytes = expr->nops == 0 ? 0 : ((uint64_t)expr->nops + 2) * SL_COST_REGISTER_BYTES;

	for (uint32_t i = 0; i < expr->nsets; i++)
		bytes += (uint64_t)expr->sets[i].nitems * 32;
	return bytes;
}

/* A list of them is as many expressions. */
static uint64_t list_bytes(const struct sl_expr *list)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(list, parts);
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < n; i++)
		bytes += expr_bytes(&parts[i]);
	return bytes;
}

/* Of one thread, whatever the number of cells. */
static uint64_t thread_bytes(const struct sl_plan *plan)
{
	uint64_t columns = plan->ninputs, bytes = SL_COST_THREAD_BYTES + expr_bytes(&plan->where);

	for (uint32_t s = 0; s < plan->nsources; s++) {
		const struct sl_source *src = &plan->sources[s];
		columns += 1 + src->nraws + src->nfolds;
		bytes += expr_bytes(&src->where) + expr_bytes(&src->having);
		for (uint32_t f = 0; f < src->nfolds; f++)
			bytes += expr_bytes(&src->folds[f].arg);
	}
	for (uint32_t i = 0; i < plan->nstats; i++)
		bytes += expr_bytes(&plan->stats[i].arg) + list_bytes(&plan->stats[i].arg2);
	return bytes + columns * SL_COST_COLUMN_BYTES;
}

/* Of one cell in one thread. */
static uint64_t cell_bytes(const struct sl_plan *plan, const struct sl_view *view, uint8_t drawn)
{
	uint64_t bytes = SL_COST_CELL_BYTES + (drawn ? SL_COST_DRAWN_CELL_BYTES : 0);
	uint64_t arg_bytes = SL_COST_ARG_BYTES + (drawn ? SL_COST_DRAWN_ARG_BYTES : 0) +
	                     (drawn == SL_DRAWS_LIMITS ? SL_COST_LIMIT_ARG_BYTES : 0);
	struct sl_model_place models;
	uint32_t first[SL_STATS_MAX];

	for (uint32_t k = 0; k < plan->nkeys; k++)
		bytes += sl_plan_input_sensitive(plan, view, plan->keys[k].input) ? SL_COST_MARGIN_BYTES : 0;
	for (uint32_t i = 0; i < plan->nstats; i++) {
		enum sl_stat_fn fn = (enum sl_stat_fn)plan->stats[i].fn;
		bytes += plan->stats[i].arg.nops > 0 ? arg_bytes : 0;
		bytes += sl_stat_has_moments(fn) ? SL_COST_MOMENTS_BYTES : 0;
		bytes += fn == SL_STAT_QUANTILE ? SL_COST_QUANTILE_BYTES : 0;
	}
	(void)sl_result_models(plan, first, &models);
	return bytes + models.nvariables * SL_COST_VARIABLE_BYTES + models.nsums * SL_COST_SUM_BYTES;
}

static uint64_t text_bytes(const char *text)
{
	return SL_COST_TEXT_BYTES + (text == NULL ? 0 : strlen(text));
}

static uint64_t column_bytes(const struct sl_column *c)
{
	uint64_t bytes = sizeof *c + text_bytes(c->name) + text_bytes(c->title) + text_bytes(c->measured_in);

	for (uint32_t i = 0; i < c->nlabels; i++)
		bytes += sizeof *c->labels + text_bytes(c->labels == NULL ? NULL : c->labels[i].text);
	for (uint32_t i = 0; i < c->nbands; i++)
		bytes += sizeof *c->bands + text_bytes(c->bands[i].label);
	return bytes;
}

/* All that a project may see, domains and reference tables, whether the plan reads it or not. */
static uint64_t view_bytes(const struct sl_view *view)
{
	uint64_t bytes = 0;

	for (uint32_t t = 0; t < view->ntables; t++) {
		const struct sl_table *table = &view->tables[t];
		bytes += sizeof *table + (uint64_t)table->ncells * sizeof *table->cells;
		for (uint32_t c = 0; c < table->ncolumns; c++)
			bytes += column_bytes(&table->columns[c]);
	}
	return bytes;
}

uint64_t sl_plan_engine_bytes(const struct sl_plan *plan, const struct sl_view *view, uint32_t threads, uint8_t drawn)
{
	uint64_t cells = sl_plan_cells(plan, view), bytes = 0, result = 0;
	uint64_t stat_bytes = SL_COST_STAT_BYTES + drawn * SL_COST_DRAW_BYTES;
	uint64_t limit_bytes = drawn == SL_DRAWS_LIMITS ? SL_COST_LIMIT_CELL_BYTES : 0;

	/* The result stands beside the counts it is made of, and is encoded while it stands. */
	if (__builtin_mul_overflow(cells, cell_bytes(plan, view, drawn) * threads, &bytes) ||
	    __builtin_mul_overflow(cells, stat_bytes * plan->nstats + limit_bytes + SL_COST_MARGIN_BYTES * plan->nkeys,
	                           &result) ||
	    __builtin_add_overflow(bytes, result, &bytes) ||
	    __builtin_add_overflow(bytes, thread_bytes(plan) * threads + view_bytes(view), &bytes))
		return UINT64_MAX;
	return bytes;
}

uint64_t sl_plan_result_bytes(const struct sl_plan *plan, const struct sl_view *view, uint8_t drawn)
{
	uint64_t cells = sl_plan_cells(plan, view), per_cell = 0, bytes;
	uint16_t inputs[SL_INPUTS_MAX];
	struct sl_model_place models;
	uint32_t first[SL_STATS_MAX];

	for (uint32_t i = 0; i < plan->nstats; i++) {
		enum sl_stat_fn fn = (enum sl_stat_fn)plan->stats[i].fn;
		per_cell += sl_codec_fixed_bytes(&sl_evidence_record);
		per_cell += sl_stat_has_moments(fn) ? sl_codec_fixed_bytes(&sl_moments_record) : 0;
		per_cell += fn == SL_STAT_QUANTILE ? sl_codec_fixed_bytes(&sl_quantile_record) : 0;
	}
	(void)sl_result_models(plan, first, &models);
	per_cell += sl_result_draws(drawn, 1, plan->nstats) * sl_codec_fixed_bytes(&sl_draw_record);
	per_cell += models.nvariables * sl_codec_fixed_bytes(&sl_variable_record) +
	            models.nsums * sl_codec_fixed_bytes(&sl_sum_record);
	if (__builtin_mul_overflow(cells, per_cell + 8 * (uint64_t)plan->nkeys, &bytes))
		return UINT64_MAX;
	bytes = cells * per_cell + sl_codec_fixed_bytes(&sl_result_record) + VECTORS * COUNT_BYTES +
	        sl_result_distinct(plan, view, inputs) * sl_codec_fixed_bytes(&sl_distinct_record);
	for (uint32_t k = 0; k < plan->nkeys; k++)
		if (sl_plan_input_sensitive(plan, view, plan->keys[k].input))
			bytes += MARGIN_HEAD_BYTES +
			         cells / sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0) * 8;
	return bytes;
}
