/* lane.c - see lane.h. */
#include "enclave/engine/lane.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/engine/spread.h"

static bool is_condition(enum sl_stat_fn fn)
{
	return fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE;
}

static bool is_same(const struct sl_engine_arg *a, const struct sl_stat *s)
{
	bool has_pair = s->arg2.nops > 0;

	return a->is_condition == is_condition((enum sl_stat_fn)s->fn) && sl_expr_equal(a->expr, &s->arg) &&
	       (a->pair != NULL) == has_pair && (!has_pair || sl_expr_equal(a->pair, &s->arg2));
}

static bool is_whole(const struct sl_work *w, const struct sl_stat *s)
{
	if (is_condition((enum sl_stat_fn)s->fn) || s->arg2.nops > 0 || s->arg.nops != 1 || s->arg.ops[0].op != SL_OP_COLUMN)
		return false;
	const struct sl_input *in = &w->plan->inputs[s->arg.ops[0].arg];
	const struct sl_source *source = &w->plan->sources[in->source];
	return source->nfolds == 0 && source->join == SL_JOIN_INNER && source->where.nops == 0 &&
	       in->lookup == 0 && !w->view->tables[source->table].columns[in->column].nullable;
}

/* A quantile has no totals (result.h): where its argument is never missing, its evidence is that of its cell's rows. */
static bool counts_rows(const struct sl_work *w, const struct sl_stat *s)
{
	return s->fn == SL_STAT_QUANTILE && is_whole(w, s);
}

static int arg_of(struct sl_work *w, const struct sl_stat *s)
{
	if (s->arg.nops == 0)
		return SL_TALLY_NO_ARG;
	for (uint32_t i = 0; i < w->nargs; i++)
		if (is_same(&w->args[i], s))
			return (int)i;
	w->args[w->nargs] = (struct sl_engine_arg){ .expr = &s->arg, .pair = s->arg2.nops > 0 ? &s->arg2 : NULL,
		.is_condition = is_condition((enum sl_stat_fn)s->fn), .is_whole = is_whole(w, s) };
	w->is_condition[w->nargs] = w->args[w->nargs].is_condition;
	w->args[w->nargs].nparts = sl_expr_parts(&s->arg2, w->args[w->nargs].parts);
	return (int)w->nargs++;
}

void sl_work_init(struct sl_work *w, const struct sl_plan *plan, const struct sl_view *view,
                  const struct sl_store *store)
{
	memset(w, 0, sizeof *w);
	w->plan = plan;
	w->view = view;
	w->store = store;
	for (uint32_t i = 0; i < plan->nstats; i++)
		if (!counts_rows(w, &plan->stats[i]))
			w->arg_of[i] = arg_of(w, &plan->stats[i]);
	w->ntallied = w->nargs;
	for (uint32_t i = 0; i < plan->nstats; i++)
		if (counts_rows(w, &plan->stats[i]))
			w->arg_of[i] = arg_of(w, &plan->stats[i]);
	sl_filter_ranges(&plan->where, w->ranges);
	sl_keys_init(&w->keys, plan, view);
	w->counts_units = w->ntallied == 0 && sl_result_moments_at(plan, plan->nstats) == 0;
}

int sl_work_tallied(const struct sl_work *w, uint32_t stat)
{
	return w->arg_of[stat] < (int)w->ntallied ? w->arg_of[stat] : SL_TALLY_NO_ARG;
}

bool sl_work_span(const struct sl_work *w, const struct sl_expr *arg, int64_t *least, int64_t *most)
{
	if (arg->nops != 1 || arg->ops[0].op != SL_OP_COLUMN)
		return false;
	const struct sl_input *in = &w->plan->inputs[arg->ops[0].arg];
	const struct sl_source *source = &w->plan->sources[in->source];
	return source->nfolds == 0 && in->lookup == 0 && w->store->span(w->store, source->table, in->column, least, most);
}

enum sl_rc sl_lane_init(struct sl_lane *lane, const struct sl_work *work, const struct sl_join_part *part,
                        struct sl_err *err)
{
	struct sl_tally_arg args[SL_STATS_MAX];
	const struct sl_plan *plan = work->plan;
	enum sl_rc rc = SL_OK;

	lane->work = work;
	lane->part = *part;
	if (plan->where.nops > 0)
		rc = sl_compute_init(&lane->where, &plan->where, err);
	for (uint32_t i = 0; i < work->nargs && rc == SL_OK; i++) {
		args[i] = (struct sl_tally_arg){ work->args[i].is_condition, work->args[i].is_whole };
		lane->least[i] = INT64_MAX;
		lane->most[i] = INT64_MIN;
		rc = sl_compute_init(&lane->args[i], work->args[i].expr, err);
		for (uint32_t p = 0; p < work->args[i].nparts && rc == SL_OK; p++)
			rc = sl_compute_init(&lane->pairs[i][p], &work->args[i].parts[p], err);
	}
	if (rc == SL_OK && work->pass == SL_PASS_MEMBERS) {
		const struct sl_source *driver = &plan->sources[sl_join_driver(plan, work->view)];
		return sl_members_init(&lane->members, plan, work->view, sl_source_one_row(driver, work->view), err);
	}
	if (rc == SL_OK)
		rc = sl_tally_init(&lane->tally, plan, work->view, &work->keys, args, work->ntallied, err);
	if (rc == SL_OK)
		rc = sl_moments_init(&lane->moments, lane->tally.ncells, sl_result_moments_at(plan, plan->nstats), err);
	if (rc == SL_OK)
		rc = sl_models_init(&lane->models, plan, lane->tally.ncells, err);
	if (rc == SL_OK && work->rounding_key != NULL) {
		const char *space = work->view->tables[plan->sources[sl_join_driver(plan, work->view)].table].space;
		rc = sl_draws_init(&lane->draws, work->rounding_key, space, work->draws, lane->tally.ncells, work->is_condition,
		                   work->nargs, err);
	}
	return rc;
}

void sl_lane_fini(struct sl_lane *lane)
{
	sl_lane_close(lane);
	sl_compute_fini(&lane->where);
	for (uint32_t i = 0; i < SL_STATS_MAX; i++) {
		sl_compute_fini(&lane->args[i]);
		for (uint32_t p = 0; p < SL_REGRESSORS_MAX; p++)
			sl_compute_fini(&lane->pairs[i][p]);
	}
	sl_tally_fini(&lane->tally);
	sl_members_fini(&lane->members);
	sl_moments_fini(&lane->moments);
	sl_models_fini(&lane->models);
	sl_draws_fini(&lane->draws);
	explicit_bzero(lane, sizeof *lane); /* rows went through here */
}

enum sl_rc sl_lane_open(struct sl_lane *lane, struct sl_err *err)
{
	const struct sl_work *w = lane->work;

	return sl_join_open(&lane->join, w->plan, w->view, w->store, &lane->part, w->ranges, err);
}

void sl_lane_close(struct sl_lane *lane)
{
	sl_join_close(&lane->join);
}

/* The join's marks and the plan's where; NULL: every row is kept. */
static const uint8_t *mark_rows(struct sl_lane *lane, const struct sl_batch *batch)
{
	if (lane->where.expr == NULL || batch->none_kept)
		return batch->marks;
	sl_compute_true(&lane->where, batch, lane->kept);
	if (batch->marks == NULL)
		return lane->kept; /* true is kept, all else left out */
	for (uint32_t r = 0; r < batch->rows; r++)
		lane->marks[r] = batch->marks[r] == SL_ROW_KEPT ? lane->kept[r] : batch->marks[r];
	return lane->marks;
}

/* An argument; where one of its others is missing, it is. seconds: their values, for moments and models. */
static struct sl_computed compute_arg(struct sl_lane *lane, uint32_t i, const struct sl_batch *batch,
                                      struct sl_computed seconds[static SL_REGRESSORS_MAX])
{
	struct sl_computed arg = sl_compute_run(&lane->args[i], batch, NULL);
	uint8_t *nulls = lane->pair_nulls[i];

	for (uint32_t p = 0; p < lane->work->args[i].nparts; p++) {
		const uint8_t *before = arg.nulls;
		seconds[p] = sl_compute_run(&lane->pairs[i][p], batch, NULL);
		if (seconds[p].nulls == NULL)
			continue;
		for (uint32_t r = 0; r < batch->rows; r++)
			nulls[r] = seconds[p].nulls[r] != 0 || (before != NULL && before[r] != 0);
		arg.nulls = nulls;
	}
	return arg;
}

static void note_span(struct sl_lane *lane, uint32_t i, const struct sl_batch *batch, const uint8_t *marks,
                      const struct sl_computed *arg)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		if ((marks != NULL && marks[r] != SL_ROW_KEPT) || (arg->nulls != NULL && arg->nulls[r] != 0))
			continue;
		lane->least[i] = arg->values[r] < lane->least[i] ? arg->values[r] : lane->least[i];
		lane->most[i] = arg->values[r] > lane->most[i] ? arg->values[r] : lane->most[i];
	}
}

/* Counting rests on it, so it is looked at and not believed. */
static bool is_missing(const struct sl_batch *batch, const uint8_t *marks, const struct sl_computed *arg)
{
	for (uint32_t r = 0; arg->nulls != NULL && r < batch->rows; r++)
		if (arg->nulls[r] != 0 && (marks == NULL || marks[r] == SL_ROW_KEPT))
			return true;
	return false;
}

/* Whether units are counted as a whole, in the brackets and not in the tally. */
static bool counts_units(const struct sl_work *w)
{
	return w->counts_units && w->rounding_key == NULL && (w->pass == SL_PASS_SAMPLE || w->brackets.npairs > 0) &&
	       (w->pass == SL_PASS_TALLY || w->pass == SL_PASS_SAMPLE);
}

static void collect_cells(struct sl_lane *lane, const struct sl_batch *batch)
{
	for (uint32_t u = 0, at = 0; u < batch->ends.n; at = batch->ends.ends[u++])
		lane->unit_cells[u] = lane->cells[at];
}

static void add_to_brackets(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks,
                            const struct sl_computed *args)
{
	const struct sl_brackets *b = &lane->work->brackets;

	bool by_unit = lane->tally.is_by_unit && !counts_units(lane->work);

	if (by_unit && b->npairs > 0)
		collect_cells(lane, batch);
	for (uint32_t p = 0; p < b->npairs; p++) {
		const struct sl_computed *arg = &args[b->pairs[p].arg];
		if (by_unit && arg->nulls == NULL)
			sl_brackets_add_units(b, lane->part.lane, p, batch, lane->unit_cells, arg->values);
		else
			sl_brackets_add(b, lane->part.lane, p, batch, marks, lane->cells, arg);
	}
}

static void sample_batch(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks)
{
	const struct sl_brackets *b = &lane->work->sample;
	struct sl_computed others[SL_REGRESSORS_MAX];

	for (uint32_t p = 0; p < b->npairs; p++) {
		struct sl_computed arg = compute_arg(lane, b->pairs[p].arg, batch, others);
		sl_brackets_add(b, lane->part.lane, p, batch, marks, lane->cells, &arg);
	}
}

/* Cells of units, where each has one. */
static bool find_unit_cells(struct sl_lane *lane, const struct sl_batch *batch)
{
	const struct sl_keys *keys = &lane->work->keys;

	if (sl_keys_are_by_unit(keys, batch))
		return sl_keys_unit_cells(keys, batch, lane->unit_cells);
	if (sl_keys_cells(keys, batch, NULL, lane->cells, NULL) != SL_OK ||
	    !sl_tally_are_by_unit(&lane->tally, batch, lane->cells))
		return false;
	collect_cells(lane, batch);
	return true;
}

/* A batch all of whose rows are kept and have values. False: it is none, and nothing has been done. */
static bool count_units(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks)
{
	const struct sl_work *w = lane->work;
	const struct sl_brackets *b = w->pass == SL_PASS_SAMPLE ? &w->sample : &w->brackets;
	struct sl_computed args[SL_STATS_MAX], others[SL_REGRESSORS_MAX];

	if (!counts_units(w) || marks != NULL || batch->none_kept || batch->ends.n == 0 || batch->ends.units == NULL)
		return false;
	for (uint32_t i = 0; i < w->nargs; i++) {
		args[i] = compute_arg(lane, i, batch, others);
		if (args[i].nulls != NULL)
			return false;
	}
	if (!find_unit_cells(lane, batch))
		return false;
	if (w->pass == SL_PASS_TALLY)
		sl_tally_add_edges(&lane->tally, batch, lane->unit_cells);
	for (uint32_t p = 0; p < b->npairs; p++)
		sl_brackets_add_units(b, lane->part.lane, p, batch, lane->unit_cells, args[b->pairs[p].arg].values);
	return true;
}

/* What count_units left to the brackets: each of them was shown all. */
static void take_counts(struct sl_lane *lane)
{
	const struct sl_work *w = lane->work;

	for (uint32_t cell = 0; counts_units(w) && cell < lane->tally.ncells; cell++) {
		const struct sl_bracket_cell *c = sl_brackets_cell(&w->brackets, lane->part.lane, 0, cell);
		sl_tally_add_counts(&lane->tally, cell, c->sums.units, c->sums.rows, c->most_rows);
	}
}

static enum sl_rc tally_batch(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks)
{
	const struct sl_plan *plan = lane->work->plan;
	struct sl_computed args[SL_STATS_MAX], seconds[SL_STATS_MAX][SL_REGRESSORS_MAX];
	bool spanned[SL_STATS_MAX] = { 0 };
	uint32_t at = 0, quantile = 0;

	for (uint32_t i = 0; i < lane->work->nargs; i++) {
		args[i] = compute_arg(lane, i, batch, seconds[i]);
		if (lane->work->args[i].is_whole && is_missing(batch, marks, &args[i]))
			return sl_err_set(&lane->err, SL_E_INTEGRITY, "a value is missing that the catalogue requires");
	}
	sl_tally_add(&lane->tally, batch, marks, lane->cells, args);
	sl_draws_add(&lane->draws, batch, marks, lane->cells, args);
	add_to_brackets(lane, batch, marks, args);
	for (uint32_t s = 0; s < plan->nstats; s++) {
		int i = lane->work->arg_of[s];
		bool searched = plan->stats[s].fn == SL_STAT_QUANTILE && lane->work->brackets.npairs == 0;
		if (searched && lane->work->counts_digits)
			sl_quantiles_count(&lane->work->quantiles, lane->part.lane, quantile++, batch, marks, lane->cells, &args[i]);
		else if (searched && !spanned[i])
			note_span(lane, (uint32_t)i, batch, marks, &args[i]);
		if (searched)
			spanned[i] = true;
		if (!sl_stat_has_moments((enum sl_stat_fn)plan->stats[s].fn))
			continue;
		if (lane->work->args[i].pair == NULL)
			sl_moments_add(&lane->moments, at, batch, marks, lane->cells, &args[i], NULL);
		else /* arg is y and the second x; missing rows of the pair stand with y */
			sl_moments_add(&lane->moments, at, batch, marks, lane->cells, seconds[i], &args[i]);
		at++;
	}
	for (uint32_t m = 0; m < lane->models.nmodels; m++) {
		int i = lane->work->arg_of[lane->models.first[m]];
		sl_models_add(&lane->models, m, batch, marks, lane->cells, &args[i], seconds[i]);
	}
	return SL_OK;
}

/* One more pass for quantiles: only their arguments. */
static void search_batch(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks)
{
	const struct sl_work *w = lane->work;
	struct sl_computed args[SL_STATS_MAX], others[SL_REGRESSORS_MAX];
	bool computed[SL_STATS_MAX] = { 0 };
	uint32_t at = 0;

	for (uint32_t s = 0; s < w->plan->nstats; s++) {
		int i = w->arg_of[s];
		if (w->plan->stats[s].fn != SL_STAT_QUANTILE)
			continue;
		if (!computed[i])
			args[i] = compute_arg(lane, (uint32_t)i, batch, others);
		if (w->pass == SL_PASS_DIGITS)
			sl_quantiles_count(&w->quantiles, lane->part.lane, at, batch, marks, lane->cells, &args[i]);
		else if (w->pass == SL_PASS_BESIDE)
			sl_quantiles_beside(&w->quantiles, lane->part.lane, at, batch, marks, lane->cells, &args[i]);
		else if (!computed[i])
			note_span(lane, (uint32_t)i, batch, marks, &args[i]);
		computed[i] = true;
		at++;
	}
}

static void note_members(struct sl_lane *lane, const struct sl_batch *batch, const uint8_t *marks)
{
	const struct sl_work *w = lane->work;
	struct sl_computed args[SL_STATS_MAX] = { { 0 } }, others[SL_REGRESSORS_MAX];
	bool is_condition[SL_STATS_MAX] = { 0 };
	uint32_t n = 0;

	for (uint32_t s = 0; s < w->plan->nstats && !batch->none_kept; s++) {
		if (!sl_plan_watches(&w->plan->stats[s]))
			continue;
		int i = w->arg_of[s];
		is_condition[n] = w->args[i].is_condition;
		args[n++] = compute_arg(lane, (uint32_t)i, batch, others);
	}
	sl_members_add(&lane->members, batch, marks, lane->cells, args, is_condition);
}

static enum sl_rc run_batch(struct sl_lane *lane, struct sl_batch *batch)
{
	const uint8_t *marks = mark_rows(lane, batch);
	enum sl_rc rc = SL_OK;

	if (sl_batch_last_unit(batch) > SL_TALLY_UNIT_MAX)
		return sl_err_set(&lane->err, SL_E_LIMIT, "a unit space of more than %u units", SL_TALLY_UNIT_MAX);
	if (count_units(lane, batch, marks))
		return SL_OK;
	if (batch->units == NULL) {
		sl_spread_values(batch->ends, batch->rows, batch->ends.units, lane->units);
		batch->units = lane->units;
	}
	if (batch->none_kept) {
		if (lane->work->pass == SL_PASS_TALLY)
			sl_tally_add(&lane->tally, batch, marks, NULL, NULL);
		else if (lane->work->pass == SL_PASS_MEMBERS)
			note_members(lane, batch, marks);
		return SL_OK;
	}
	rc = sl_keys_cells(&lane->work->keys, batch, marks, lane->cells, &lane->err);
	if (rc != SL_OK)
		return rc;
	if (lane->work->pass == SL_PASS_TALLY)
		return tally_batch(lane, batch, marks);
	if (lane->work->pass == SL_PASS_MEMBERS)
		note_members(lane, batch, marks);
	else if (lane->work->pass == SL_PASS_SAMPLE)
		sample_batch(lane, batch, marks);
	else
		search_batch(lane, batch, marks);
	return SL_OK;
}

void sl_lane_run(struct sl_lane *lane)
{
	struct sl_batch batch = { 0 };

	do {
		lane->rc = sl_join_next(&lane->join, &batch, &lane->err);
		if (lane->rc == SL_OK && batch.rows > 0)
			lane->rc = run_batch(lane, &batch);
	} while (lane->rc == SL_OK && batch.rows > 0);
	if (lane->rc == SL_OK && lane->work->pass == SL_PASS_TALLY) {
		take_counts(lane);
		sl_tally_end(&lane->tally);
		sl_models_end(&lane->models);
	}
	if (lane->rc == SL_OK && lane->work->pass == SL_PASS_MEMBERS)
		lane->rc = sl_members_end(&lane->members, &lane->err);
}
