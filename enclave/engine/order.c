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

/* From ranks among all rows to ranks among those held. False: some value is not, or not every row that should be. */
static bool narrow_ranks(struct sl_run *run)
{
	const struct sl_brackets *b = &run->work.brackets;
	struct sl_quantiles *q = &run->work.quantiles;

	for (size_t i = 0; i < (size_t)b->nlanes * b->nquantiles; i++)
		if (b->held[i].overran)
			return false;
	for (uint32_t i = 0; i < b->npairs * SL_BRACKET_PAIR; i++) {
		const struct sl_bracket_pair *p = &b->pairs[i / SL_BRACKET_PAIR];
		uint32_t k = i % SL_BRACKET_PAIR;
		for (uint32_t cell = 0; k < p->n && cell < b->ncells; cell++) {
			uint64_t *rank = &q->rank[(size_t)cell * q->n + p->at[k]];
			struct sl_bracket_sums s = sl_brackets_sums(b, i / SL_BRACKET_PAIR, k, cell);
			if (*rank == 0)
				continue;
			if (*rank <= s.rows_below || *rank - s.rows_below > s.rows_inside)
				return false;
			*rank -= s.rows_below;
		}
	}
	return true;
}

/* Units on each side: those counted as the rows went by, and those of held rows that were not. */
static void widen_sides(const struct sl_brackets *b, struct sl_quantile *out)
{
	for (uint32_t i = 0; i < b->npairs * SL_BRACKET_PAIR; i++) {
		const struct sl_bracket_pair *p = &b->pairs[i / SL_BRACKET_PAIR];
		uint32_t k = i % SL_BRACKET_PAIR;
		for (uint32_t cell = 0; k < p->n && cell < b->ncells; cell++) {
			struct sl_quantile *o = &out[(size_t)cell * b->nquantiles + p->at[k]];
			struct sl_bracket_sums s = sl_brackets_sums(b, i / SL_BRACKET_PAIR, k, cell);
			if (s.rows_below + s.rows_inside + s.units_above == 0)
				continue;
			o->below_units += s.units_below;
			o->above_units += s.units_above;
		}
	}
}

/* What a bracket holds lies in it; where one has no end, what is held says how far it goes. */
static void set_held_span(const struct sl_brackets *b, uint32_t pair, uint32_t k, const struct sl_held_lists *in,
                          struct sl_quantiles *q)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	uint32_t at = b->pairs[pair].at[k];

	for (uint32_t cell = 0; cell < b->ncells; cell++) {
		struct sl_bracket of = sl_brackets_of(b, pair, k, cell);
		least = of.lo < least ? of.lo : least;
		most = of.hi > most ? of.hi : most;
	}
	if (least == INT64_MIN || most == INT64_MAX)
		sl_held_span(in, at, &least, &most);
	sl_quantiles_span(q, at, at, least, most);
}

/* Among what the brackets held. *found false: a bracket missed, and there are no brackets any more. */
static enum sl_rc search_held(struct sl_run *run, struct sl_quantile *out, bool *found, struct sl_err *err)
{
	struct sl_brackets *b = &run->work.brackets;
	struct sl_quantiles *q = &run->work.quantiles;
	struct sl_held_lists in = { b->held, b->nlanes, b->nquantiles, 1, 1 };

	sl_brackets_end(b);
	*found = narrow_ranks(run);
	if (*found) {
		for (uint32_t i = 0; i < b->npairs * SL_BRACKET_PAIR; i++)
			if (i % SL_BRACKET_PAIR < b->pairs[i / SL_BRACKET_PAIR].n)
				set_held_span(b, i / SL_BRACKET_PAIR, i % SL_BRACKET_PAIR, &in, q);
		sl_held_search(&in, 0, q);
		sl_held_beside(&in, q);
		sl_quantiles_tell(q, out);
		widen_sides(b, out);
		return SL_OK;
	}
	sl_brackets_fini(b);
	sl_quantiles_fini(q);
	return init_quantiles(run, run->work.spare_bytes, err);
}

enum sl_rc sl_order_find(struct sl_run *run, struct sl_result *out, struct sl_err *err)
{
	struct sl_quantiles *q = &run->work.quantiles;
	uint32_t n = sl_result_quantile_at(run->work.plan, run->work.plan->nstats), ncells = run->lanes[0].tally.ncells;
	bool found = false, had_brackets = run->work.brackets.npairs > 0;
	enum sl_rc rc = SL_OK;

	if (n == 0)
		return SL_OK;
	out->quantiles = calloc((size_t)ncells * n, sizeof *out->quantiles);
	if (out->quantiles == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for a result of %u cells", ncells);
	out->nquantiles = ncells * n;
	if (had_brackets) {
		rc = init_quantiles(run, run->work.spare_bytes / 4, err);
		if (rc == SL_OK)
			set_ranks(run, out);
		if (rc == SL_OK)
			rc = search_held(run, out->quantiles, &found, err);
	}
	if (rc != SL_OK || found)
		return rc;
	set_ranks(run, out);
	rc = search_table(run, !had_brackets, err);
	sl_quantiles_tell(q, out->quantiles);
	return rc;
}
