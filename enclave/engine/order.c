/* order.c - see order.h. */
#include "enclave/engine/order.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/confine/crew.h"
#include "enclave/engine/sample.h"
#include "enclave/pact/cost.h"

/* Counters for digits as wide as `bytes` allow, beside those that the plan's cost has in it. */
static enum sl_rc init_quantiles(struct sl_run *run, uint64_t bytes, struct sl_err *err)
{
	uint32_t n = sl_result_quantile_at(run->work.plan, run->work.plan->nstats), ncells = run->lanes[0].tally.ncells;
	uint64_t spare = bytes + sl_quantile_bytes(ncells, n, run->nlanes, SL_QUANTILE_BITS_MIN);

	return sl_quantiles_init(&run->work.quantiles, ncells, n, run->nlanes,
	                         sl_quantile_bits(ncells, n, run->nlanes, spare), err);
}

/* Of the rows that a pass went over; least > most: none has a value. */
static void seen_span(const struct sl_run *run, int arg, int64_t *least, int64_t *most)
{
	*least = INT64_MAX;
	*most = INT64_MIN;
	for (uint32_t i = 0; i < run->nlanes; i++) {
		const struct sl_lane *lane = &run->lanes[i];
		*least = lane->least[arg] < *least ? lane->least[arg] : *least;
		*most = lane->most[arg] > *most ? lane->most[arg] : *most;
	}
}

/* Spans of all quantiles: `known`, of their tables, else what a pass saw. False: one of them is not known. */
static bool set_spans(struct sl_run *run, bool known)
{
	const struct sl_plan *plan = run->work.plan;
	uint32_t at = 0, first_of[SL_STATS_MAX];

	memset(first_of, 0xff, sizeof first_of);
	for (uint32_t s = 0; s < plan->nstats; s++) {
		int arg = run->work.arg_of[s];
		int64_t least, most;
		if (plan->stats[s].fn != SL_STAT_QUANTILE)
			continue;
		if (known && !sl_work_span(&run->work, &plan->stats[s].arg, &least, &most))
			return false;
		if (!known)
			seen_span(run, arg, &least, &most);
		first_of[arg] = first_of[arg] < at ? first_of[arg] : at;
		if (least <= most)
			sl_quantiles_span(&run->work.quantiles, at, first_of[arg], least, most);
		at++;
	}
	return true;
}

static void set_ranks(struct sl_run *run, const struct sl_result *out)
{
	const struct sl_plan *plan = run->work.plan;
	struct sl_quantiles *q = &run->work.quantiles;
	uint32_t at = 0;

	for (uint32_t s = 0; s < plan->nstats; s++) {
		if (plan->stats[s].fn != SL_STAT_QUANTILE)
			continue;
		for (uint32_t cell = 0; cell < q->ncells; cell++)
			sl_quantiles_rank(q, cell, at, out->evidence[(size_t)cell * plan->nstats + s].rows, plan->stats[s].p);
		at++;
	}
}

enum sl_rc sl_order_open(struct sl_run *run, uint64_t memory_bytes, struct sl_err *err)
{
	struct sl_work *w = &run->work;

	if (sl_result_quantile_at(w->plan, w->plan->nstats) == 0)
		return SL_OK;
	w->spare_bytes = memory_bytes - sl_plan_engine_bytes(w->plan, w->view, sl_crew_size(), w->draws);
	enum sl_rc rc = sl_sample_brackets(run, w->spare_bytes, err);
	if (rc != SL_OK || w->brackets.npairs > 0)
		return rc;
	rc = init_quantiles(run, w->spare_bytes, err);
	if (rc == SL_OK && set_spans(run, true))
		w->counts_digits = sl_quantiles_pass(&w->quantiles);
	return rc;
}

/* Digit by digit, over the rows of the table. is_spanned: the pass that made the evidence saw the values' spans. */
static enum sl_rc search_table(struct sl_run *run, bool is_spanned, struct sl_err *err)
{
	struct sl_quantiles *q = &run->work.quantiles;
	enum sl_rc rc = SL_OK;

	if (run->work.counts_digits) {
		sl_quantiles_settle(q);
	} else if (is_spanned || !set_spans(run, true)) {
		if (!is_spanned)
			rc = sl_run_pass(run, SL_PASS_SPAN, err);
		(void)set_spans(run, false);
	}
	while (rc == SL_OK && sl_quantiles_pass(q)) {
		rc = sl_run_pass(run, SL_PASS_DIGITS, err);
		sl_quantiles_settle(q);
	}
	return rc == SL_OK ? sl_run_pass(run, SL_PASS_BESIDE, err) : rc;
}

/* The rank of a cell's p-th row among those below a bracket and in it; 0: the cell has no row. */
static uint64_t rank_in(const struct sl_run *run, const struct sl_result *out, uint32_t pair, uint32_t k, uint32_t cell)
{
	const struct sl_bracket_pair *p = &run->work.brackets.pairs[pair];
	const struct sl_plan *plan = run->work.plan;
	uint32_t s = 0;

	for (uint32_t at = 0;; s++)
		if (plan->stats[s].fn == SL_STAT_QUANTILE && at++ == p->at[k])
			break;
	return sl_quantile_rank(out->evidence[(size_t)cell * plan->nstats + s].rows, p->p[k]);
}

/* False: some value is not held, or not every row that should be. */
static bool is_all_held(const struct sl_run *run, const struct sl_result *out)
{
	const struct sl_brackets *b = &run->work.brackets;

	for (size_t i = 0; i < (size_t)b->nlanes * b->npairs; i++)
		if (b->held[i].overran)
			return false;
	for (uint32_t i = 0; i < b->npairs * SL_BRACKET_PAIR; i++) {
		uint32_t pair = i / SL_BRACKET_PAIR, k = i % SL_BRACKET_PAIR;
		for (uint32_t cell = 0; k < b->pairs[pair].n && cell < b->ncells; cell++) {
			struct sl_bracket_around s = sl_brackets_around(b, pair, k, cell);
			uint64_t rank = rank_in(run, out, pair, k, cell);
			if (rank > 0 && (rank <= s.rows_below || rank - s.rows_below > s.rows_inside))
				return false;
		}
	}
	return true;
}

/* What is held for a bracket lies in it; where it has no end, the values say how far they go. */
static void find_in(const struct sl_run *run, const struct sl_result *result, uint32_t pair, uint32_t k, uint32_t cell,
                    struct sl_held_counts *counts)
{
	const struct sl_brackets *b = &run->work.brackets;
	struct sl_held_lists in = sl_brackets_lists(b, pair, k, cell);
	struct sl_bracket of = sl_brackets_of(b, pair, k, cell);
	struct sl_bracket_around s = sl_brackets_around(b, pair, k, cell);
	uint64_t rank = rank_in(run, result, pair, k, cell);
	struct sl_quantile *out = &result->quantiles[(size_t)cell * b->nquantiles + b->pairs[pair].at[k]];

	*out = (struct sl_quantile){ 0 };
	if (rank == 0)
		return;
	if (of.lo == INT64_MIN || of.hi == INT64_MAX)
		sl_held_span(&in, &of.lo, &of.hi);
	sl_held_count(&in, of.lo, of.hi, counts);
	out->value = sl_held_find(&in, counts, NULL, rank - s.rows_below, 0).least;
	sl_held_beside(&in, out->value, out);
	/* Units of rows that were not held were counted as they went by. */
	out->below_units += s.units_below;
	out->above_units += s.units_above;
}

/* Among what the brackets held, each thread in cells of its own. */
struct search {
	const struct sl_run *run;
	const struct sl_result *result;
};

static void search_lane(void *arg, uint32_t lane)
{
	const struct search *search = arg;
	const struct sl_brackets *b = &search->run->work.brackets;
	struct sl_held_counts counts;

	for (uint32_t cell = lane; cell < b->ncells; cell += sl_crew_size())
		for (uint32_t i = 0; i < b->npairs * SL_BRACKET_PAIR; i++)
			if (i % SL_BRACKET_PAIR < b->pairs[i / SL_BRACKET_PAIR].n)
				find_in(search->run, search->result, i / SL_BRACKET_PAIR, i % SL_BRACKET_PAIR, cell, &counts);
}

/* False: a bracket missed, and there are no brackets any more. */
static bool search_held(struct sl_run *run, struct sl_result *out)
{
	struct search search = { run, out };

	sl_brackets_end(&run->work.brackets);
	if (is_all_held(run, out)) {
		sl_crew_run(search_lane, &search);
		return true;
	}
	sl_brackets_fini(&run->work.brackets);
	return false;
}

enum sl_rc sl_order_find(struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	struct sl_quantiles *q = &run->work.quantiles;
	uint32_t n = sl_result_quantile_at(run->work.plan, run->work.plan->nstats), ncells = run->lanes[0].tally.ncells;
	bool had_brackets = run->work.brackets.npairs > 0;
	enum sl_rc rc = SL_OK;

	if (n == 0)
		return SL_OK;
	out->quantiles = calloc((size_t)ncells * n, sizeof *out->quantiles);
	if (out->quantiles == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a result of %u cells", ncells);
	out->nquantiles = ncells * n;
	if (had_brackets && search_held(run, out))
		return SL_OK;
	if (had_brackets)
		rc = init_quantiles(run, run->work.spare_bytes, err);
	if (rc != SL_OK)
		return rc;
	set_ranks(run, out);
	rc = search_table(run, !had_brackets, err);
	sl_quantiles_tell(q, out->quantiles);
	return rc;
}
