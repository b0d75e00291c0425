/* check_behind.c - what stands behind each number, for reviewers: units, and how far from what would hide it. */
#include <stdlib.h>

#include "policy/check_state.h"
#include "policy/rules/rules.h"

enum sl_rc sl_check_behind_open(struct sl_check_state *st, struct sl_err *err)
{
	struct sl_behind *b = st->behind;

	if (b == NULL)
		return SL_OK;
	b->outputs = calloc(st->setup->nplans, sizeof *b->outputs);
	if (b->outputs == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for what stands behind the numbers");
	b->noutputs = st->setup->nplans;
	for (uint32_t i = 0; i < b->noutputs; i++) {
		struct sl_behind_output *o = &b->outputs[i];
		uint32_t n = (uint32_t)sl_plan_cells(&st->plans[i], &st->setup->view);
		o->cells = calloc(n, sizeof *o->cells);
		o->numbers = calloc((size_t)n * st->plans[i].nstats, sizeof *o->numbers);
		if (o->cells == NULL || o->numbers == NULL)
			return sl_err_set(err, SL_E_NOMEM, "no memory for what stands behind the numbers");
		o->ncells = n;
		o->nnumbers = n * st->plans[i].nstats;
	}
	return SL_OK;
}

/* Of a percentage that must stay below its limit, what is missing to all of it is what must not become too little. */
static enum sl_margin_band band_of(const struct sl_rule_row *row, const struct sl_rule_hit *hit)
{
	if (hit->limit <= 0 || hit->measured < 0)
		return SL_BAND_NONE;
	if (row->margin == SL_RULE_MARGIN_ABOVE)
		return sl_margin_band_of((uint64_t)hit->measured, (uint64_t)hit->limit);
	if (hit->limit >= SL_PERCENT_WHOLE)
		return SL_BAND_FAR;
	return hit->measured > SL_PERCENT_WHOLE ? SL_BAND_NONE
	                                        : sl_margin_band_of((uint64_t)(SL_PERCENT_WHOLE - hit->measured),
	                                                            (uint64_t)(SL_PERCENT_WHOLE - hit->limit));
}

/* The nearest limit of all rules that measure here; the first of two that are as near. */
static void ask(struct sl_rule_case *c, enum sl_rule_scope scope, uint8_t *band, uint8_t *rule)
{
	for (uint32_t r = SL_RULE_NONE + 1; r < SL_RULE_COUNT_; r++) {
		const struct sl_rule_row *row = &sl_rules_table[r];
		struct sl_rule_hit hit = { 0 };
		if ((row->scope & scope) == 0 || row->margin == SL_RULE_MARGIN_NONE || sl_rule_ask(row, c, &hit))
			continue;
		enum sl_margin_band here = band_of(row, &hit);
		if (here != SL_BAND_NONE && (*band == SL_BAND_NONE || here < *band)) {
			*band = (uint8_t)here;
			*rule = (uint8_t)r;
		}
	}
}

/* What is told with the count behind it, for whoever must judge it. */
static bool is_quotient(enum sl_stat_fn fn)
{
	return fn == SL_STAT_MEAN || fn == SL_STAT_SHARE || fn == SL_STAT_QUANTILE || sl_stat_has_moments(fn);
}

static void note_number(struct sl_rule_case *c, bool shown, struct sl_behind_number *out)
{
	enum sl_stat_fn fn = (enum sl_stat_fn)c->plan->stats[c->stat].fn;
	const struct sl_evidence *e = c->evidence;

	out->units = fn <= SL_STAT_COUNT ? e->cell_units : e->contributors;
	/* A cell that is public though nobody is in it is near nothing. */
	if (!shown || e->cell_units == 0)
		return;
	if (is_quotient(fn))
		out->rows = fn == SL_STAT_SHARE ? e->known_rows : e->rows;
	ask(c, SL_RULE_SCOPE_STAT, &out->band, &out->rule);
	c->stat = SL_FINDING_WHOLE;
	ask(c, SL_RULE_SCOPE_CELL, &out->band, &out->rule);
}

static void note_output(struct sl_check_state *st, uint32_t i)
{
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_published_output *published = &st->pub->outputs[i];
	struct sl_behind_output *out = &st->behind->outputs[i];
	struct sl_rule_case c = { .setup = st->setup, .rules = &st->setup->rules, .plan = plan, .result = &st->results[i] };

	for (uint32_t n = 0; n < out->nnumbers; n++) {
		c.cell = n / plan->nstats;
		c.stat = n % plan->nstats;
		c.evidence = &c.result->evidence[n];
		note_number(&c, published->cells[(size_t)c.cell * (plan->nstats + plan->ncalcs) + c.stat].shown != 0,
		            &out->numbers[n]);
	}
	uint8_t rule = SL_RULE_NONE;
	c.cell = c.stat = SL_FINDING_WHOLE;
	c.evidence = NULL;
	out->left_out = c.result->filtered ? c.result->complement : 0;
	ask(&c, SL_RULE_SCOPE_OUTPUT, &out->band, &rule);
}

void sl_check_behind_numbers(struct sl_check_state *st)
{
	for (uint32_t i = 0; st->behind != NULL && i < st->behind->noutputs; i++)
		note_output(st, i);
}
