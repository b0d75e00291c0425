/* engine.c - see engine.h. */
#include "enclave/engine/engine.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/order.h"
#include "enclave/pact/cost.h"

_Static_assert(sizeof(struct sl_tally_block) + sizeof(struct sl_tally_rest) <= SL_COST_CELL_BYTES,
               "a cell's cost is told too low");
_Static_assert(sizeof(struct sl_tally_block) + sizeof(struct sl_tally_rest) <= SL_COST_ARG_BYTES,
               "an argument's cost is told too low");
_Static_assert(sizeof(struct sl_moments) <= SL_COST_MOMENTS_BYTES, "moments' cost is told too low");
_Static_assert(sizeof(struct sl_model_track) + sizeof(struct sl_variable) <= SL_COST_VARIABLE_BYTES / 2,
               "a variable's cost is told too low");
_Static_assert(3 * sizeof(struct sl_sum) <= SL_COST_SUM_BYTES, "a sum's cost is told too low");
_Static_assert((4u << SL_QUANTILE_BITS_MIN) + sizeof(struct sl_quantile_sides) + 16 <= SL_COST_QUANTILE_BYTES,
               "a quantile's cost is told too low");
_Static_assert(sizeof(struct sl_evidence) + sizeof(struct sl_moments) + sizeof(struct sl_quantile) <=
               SL_COST_STAT_BYTES / 2, "a statistic's cost is told too low");

_Static_assert(sizeof(struct sl_draws_cell) <= SL_COST_DRAWN_CELL_BYTES &&
               sizeof(struct sl_draws_arg) <= SL_COST_DRAWN_ARG_BYTES &&
               sizeof(struct sl_draws_contributors) <= SL_COST_LIMIT_ARG_BYTES &&
               2 * sizeof(struct sl_draw) <= SL_COST_LIMIT_CELL_BYTES &&
               2 * sizeof(struct sl_draw) <= SL_COST_DRAW_BYTES, "a draw's cost is told too low");

#define LANE_EXTRA_BYTES 10 /* a varint in front of a lane's units */
#define RESULT_HEAD_BYTES 256 /* all of a result but its vectors' elements, generously */

static enum sl_rc check_limits(const struct sl_engine_setup *setup, const struct sl_plan *plan, struct sl_err *err)
{
	uint64_t cells = sl_plan_cells(plan, &setup->view);
	uint64_t cells_max = setup->cells_max < SL_CELLS_MAX ? setup->cells_max : SL_CELLS_MAX;

	if (cells > cells_max)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %llu cells; at most %llu are allowed", plan->output,
		                  (unsigned long long)cells, (unsigned long long)cells_max);
	if (cells * plan->nstats > SL_ENGINE_EVIDENCE_MAX)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" has %llu cells of %u statistics; at most %u numbers are allowed",
		                  plan->output, (unsigned long long)cells, plan->nstats, SL_ENGINE_EVIDENCE_MAX);
	uint64_t bytes = sl_plan_engine_bytes(plan, &setup->view, sl_crew_size(), setup->draws);
	if (bytes > setup->memory_bytes)
		return sl_err_set(err, SL_E_LIMIT, "output \"%s\" needs %llu bytes of memory; %llu are allowed", plan->output,
		                  (unsigned long long)bytes, (unsigned long long)setup->memory_bytes);
	return SL_OK;
}

/* Everything into the first lane, in their order. */
static void merge(struct sl_run *run)
{
	struct sl_lane *all = &run->lanes[0];

	for (uint32_t i = 1; i < run->nlanes; i++) {
		const struct sl_lane *lane = &run->lanes[i];
		sl_tally_merge(&all->tally, &lane->tally);
		sl_moments_merge(&all->moments, &lane->moments);
		sl_models_merge(&all->models, &lane->models);
		sl_draws_merge(&all->draws, &lane->draws);
	}
	sl_moments_end(&all->moments);
}

static enum sl_rc tell_evidence(const struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	const struct sl_lane *all = &run->lanes[0];
	uint32_t ncells = all->tally.ncells;

	out->filtered = sl_plan_is_filtered(plan);
	out->population = all->tally.population;
	out->complement = all->tally.complement;
	out->partly = all->tally.partly;
	out->evidence = calloc((size_t)ncells * plan->nstats, sizeof *out->evidence);
	if (out->evidence == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a result of %u cells", ncells);
	out->nevidence = ncells * plan->nstats;
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			sl_tally_evidence(&all->tally, cell, sl_work_tallied(&run->work, s),
			                  (enum sl_stat_fn)plan->stats[s].fn, &out->evidence[(size_t)cell * plan->nstats + s]);
	return SL_OK;
}

static enum sl_rc tell_margins(const struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	const struct sl_tally *t = &run->lanes[0].tally;

	if (t->nmargins == 0)
		return SL_OK;
	out->margins = calloc(t->nmargins, sizeof *out->margins);
	if (out->margins == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for margins");
	for (uint32_t m = 0; m < t->nmargins; m++) {
		const struct sl_tally_margin *from = &t->margins[m];
		struct sl_margin *to = &out->margins[out->nmargins++];
		*to = (struct sl_margin){ .key = from->key, .cells = calloc(from->ncells, sizeof *to->cells) };
		if (to->cells == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for a margin of %u cells", from->ncells);
		to->ncells = from->ncells;
		for (uint32_t i = 0; i < from->ncells; i++)
			to->cells[i].units = from->units[i];
	}
	return SL_OK;
}

static enum sl_rc tell_draws(const struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	const struct sl_draws *d = &run->lanes[0].draws;
	uint32_t n = out->nevidence, ncells = n / plan->nstats;

	if (run->work.rounding_key == NULL)
		return SL_OK;
	out->drawn = run->work.draws;
	out->ndraws = (uint32_t)sl_result_draws(out->drawn, ncells, plan->nstats);
	out->draws = calloc(out->ndraws, sizeof *out->draws);
	if (out->draws == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for draws of %u numbers", n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t s = i % plan->nstats;
		enum sl_stat_fn fn = (enum sl_stat_fn)plan->stats[s].fn;
		out->draws[i] = sl_draws_tell(d, i / plan->nstats, run->work.arg_of[s], fn);
		if (out->drawn == SL_DRAWS_LIMITS)
			out->draws[n + i] = sl_draws_limit(d, i / plan->nstats, run->work.arg_of[s], fn);
	}
	for (uint32_t c = 0; out->drawn == SL_DRAWS_LIMITS && c < ncells; c++)
		out->draws[2 * n + c] = sl_draws_cell_limit(d, c);
	return SL_OK;
}

/* Before any feed is open, so that room and lane are free. */
static enum sl_rc tell_distinct(const struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	uint16_t inputs[SL_INPUTS_MAX];
	uint32_t n = sl_result_distinct(plan, run->work.view, inputs);
	enum sl_rc rc = SL_OK;

	if (n == 0)
		return SL_OK;
	out->distinct = calloc(n, sizeof *out->distinct);
	if (out->distinct == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for values of columns");
	out->ndistinct = n;
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		const struct sl_input *in = &plan->inputs[inputs[i]];
		rc = run->work.store->distinct(run->work.store, plan->sources[in->source].table, in->column,
		                               &out->distinct[i], err);
	}
	return rc;
}

static void tell_moments(struct sl_run *run, struct sl_result *out)
{
	struct sl_moments_tally *m = &run->lanes[0].moments;

	out->moments = m->moments;
	out->nmoments = m->ncells * m->n;
	m->moments = NULL;
}

static enum sl_rc execute(struct sl_run *run, const struct sl_engine_setup *setup, struct sl_result *out,
                          struct sl_err *err)
{
	enum sl_rc rc = tell_distinct(run, out, err);

	if (rc == SL_OK)
		rc = sl_run_open(run, err);
	if (rc == SL_OK)
		rc = sl_order_open(run, setup->memory_bytes, err);
	if (rc == SL_OK)
		rc = sl_run_pass(run, SL_PASS_TALLY, err);
	if (rc != SL_OK)
		return rc;
	merge(run);
	rc = tell_evidence(run, out, err);
	if (rc == SL_OK)
		rc = tell_margins(run, out, err);
	tell_moments(run, out);
	if (rc == SL_OK)
		rc = tell_draws(run, out, err);
	if (rc == SL_OK)
		rc = sl_models_tell(&run->lanes[0].models, out, err);
	return rc == SL_OK ? sl_order_find(run, out, err) : rc;
}

/* All lanes' units, one behind the other. */
static enum sl_rc tell_members(const struct sl_run *run, const struct sl_engine_setup *setup, struct sl_members *out,
                               struct sl_err *err)
{
	const struct sl_plan *plan = run->work.plan;
	const struct sl_source *driver = &plan->sources[sl_join_driver(plan, run->work.view)];
	struct sl_buf units = { .max = SL_MEMBERS_WIRE_MAX };
	int64_t last = -1;
	size_t bytes = 0;
	enum sl_rc rc = SL_OK;

	out->one_row = sl_source_one_row(driver, run->work.view);
	out->nsets = run->lanes[0].members.nsets;
	out->nprints = (uint8_t)run->lanes[0].members.nprints;
	if (!out->one_row && driver->table < setup->ntables)
		memcpy(out->rows_of, setup->tables[driver->table].segment_id, sizeof out->rows_of);
	/* There may be hundreds of millions of bytes, and growing would hold them twice over. */
	for (uint32_t i = 0; i < run->nlanes; i++)
		bytes += run->lanes[i].members.out.len + LANE_EXTRA_BYTES;
	if (bytes <= SL_MEMBERS_WIRE_MAX)
		sl_buf_reserve(&units, bytes);
	for (uint32_t i = 0; i < run->nlanes && rc == SL_OK; i++)
		rc = sl_members_append(&run->lanes[i].members, &last, &units, &out->nunits, err);
	if (rc != SL_OK) {
		sl_buf_free(&units);
		return rc;
	}
	out->units = units.data;
	out->nunits_bytes = (uint32_t)units.len;
	return SL_OK;
}

/* A plan that is checked and within limits, made ready. *out is NULL on failure. */
static enum sl_rc new_run(const struct sl_engine_setup *setup, const struct sl_store *store, const struct sl_plan *plan,
                          struct sl_run **out, struct sl_err *err)
{
	enum sl_rc rc = sl_plan_check(plan, &setup->view, err);

	*out = NULL;
	if (rc == SL_OK)
		rc = check_limits(setup, plan, err);
	if (rc != SL_OK)
		return rc;
	*out = calloc(1, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory to run a plan");
	sl_work_init(&(*out)->work, plan, &setup->view, store);
	return SL_OK;
}

enum sl_rc sl_engine_members(const struct sl_engine_setup *setup, const struct sl_store *store,
                             const struct sl_plan *plan, struct sl_members *out, struct sl_err *err)
{
	struct sl_run *run;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = new_run(setup, store, plan, &run, err);
	if (rc != SL_OK)
		return rc;
	run->work.pass = SL_PASS_MEMBERS;
	rc = sl_run_open(run, err);
	if (rc == SL_OK)
		rc = sl_run_pass(run, SL_PASS_MEMBERS, err);
	if (rc == SL_OK)
		rc = tell_members(run, setup, out, err);
	sl_run_close(run);
	free(run);
	return rc;
}

enum sl_rc sl_engine_run(const struct sl_engine_setup *setup, const struct sl_store *store, const struct sl_plan *plan,
                         struct sl_result *out, struct sl_err *err)
{
	struct sl_run *run;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = new_run(setup, store, plan, &run, err);
	if (rc != SL_OK)
		return rc;
	run->work.rounding_key = setup->draws ? setup->rounding_key : NULL;
	run->work.draws = setup->draws;
	rc = execute(run, setup, out, err);
	sl_run_close(run);
	free(run);
	if (rc != SL_OK)
		sl_codec_free(&sl_result_record, out);
	return rc;
}

enum sl_rc sl_engine_encode(const struct sl_result *result, struct sl_buf *out, struct sl_err *err)
{
	uint64_t bytes = RESULT_HEAD_BYTES + result->nevidence * sl_codec_fixed_bytes(&sl_evidence_record) +
	                 result->nmoments * sl_codec_fixed_bytes(&sl_moments_record) +
	                 result->nquantiles * sl_codec_fixed_bytes(&sl_quantile_record) +
	                 result->nvariables * sl_codec_fixed_bytes(&sl_variable_record) +
	                 result->nsums * sl_codec_fixed_bytes(&sl_sum_record) +
	                 result->ndraws * sl_codec_fixed_bytes(&sl_draw_record) +
	                 result->ndistinct * sl_codec_fixed_bytes(&sl_distinct_record);

	for (uint32_t i = 0; i < result->nmargins; i++)
		bytes += (uint64_t)result->margins[i].ncells * 8;
	sl_buf_free(out);
	out->max = SL_RESULT_WIRE_MAX;
	out->cap = bytes;
	out->data = malloc(out->cap);
	if (out->data == NULL) {
		out->cap = 0;
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a result of %u numbers", result->nevidence);
	}
	return sl_codec_encode(&sl_result_record, result, out, err);
}
