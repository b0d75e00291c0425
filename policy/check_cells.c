/* check_cells.c - every cell of one output: which numbers are unsafe, what hangs on them, the values of the rest. */
#include <string.h>

#include "policy/check_linked.h"
#include "policy/check_state.h"
#include "policy/rules/few.h"
#include "policy/rules/rules.h"

/* What one output needs again and again. */
struct walk {
	struct sl_check_state *st;
	uint32_t output;
	const struct sl_plan *plan;
	const struct sl_result *result;
	struct sl_published_output *out;
	struct sl_few *few;           /* NULL: no number is of few values, or nobody asks */
	struct sl_linked linked;
};

/* Asks every rule of `scope` about the place; *hidden when one with severity suppress or refuse hits. */
static enum sl_rc ask(struct walk *w, enum sl_rule_scope scope, uint32_t cell, uint32_t stat, bool *hidden,
                      struct sl_err *err)
{
	struct sl_rule_case c = {
		.setup = w->st->setup,
		.rules = &w->st->setup->rules,
		.plan = w->plan,
		.result = w->result,
		.cell = cell,
		.stat = stat,
		.evidence =
			&w->result->evidence[(size_t)cell * w->plan->nstats + (stat == SL_FINDING_WHOLE ? 0 : stat)],
	};

	for (uint32_t r = SL_RULE_NONE + 1; r < SL_RULE_COUNT_; r++) {
		const struct sl_rule_row *row = &sl_rules_table[r];
		struct sl_rule_hit hit = { 0 };
		if ((row->scope & scope) == 0 || r == w->st->without || !sl_rule_ask(row, &c, &hit))
			continue;
		*hidden = *hidden || row->severity != SL_SEVERITY_REVIEW;
		enum sl_rc rc = sl_check_find(w->st, w->output, cell, stat, row->rule, &hit, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

/* Only what failed itself draws others along: what is hidden for its sake gives nothing back. */
static bool is_linked(const struct walk *w, const bool *failed, uint32_t s)
{
	for (uint32_t i = 0; i < w->plan->nstats; i++)
		if (failed[i] && sl_linked_goes(&w->linked, w->plan, s, i))
			return true;
	return false;
}

static enum sl_rc hide_linked(struct walk *w, uint32_t cell, const bool *failed, bool *hidden, struct sl_err *err)
{
	struct sl_rule_hit none = { 0 };
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < w->plan->nstats && rc == SL_OK; s++) {
		if (failed[s] || sl_stat_is_of_known(&w->plan->stats[s]) || !is_linked(w, failed, s))
			continue;
		hidden[s] = true;
		rc = sl_check_find(w->st, w->output, cell, s, SL_RULE_LINKED, &none, err);
	}
	return rc;
}

/* See rule numerator: of an argument with few values, numbers that together tell how many have one of them. */
static enum sl_rc hide_few(struct walk *w, uint32_t cell, bool *hidden, struct sl_err *err)
{
	const struct sl_evidence *e = &w->result->evidence[(size_t)cell * w->plan->nstats];
	struct sl_rule_case c = { .setup = w->st->setup, .rules = &w->st->setup->rules, .plan = w->plan,
		                  .result = w->result, .cell = cell, .evidence = e };
	uint64_t limit = sl_rule_limit_cell(&c), most = 1;
	const struct sl_few_column *column;
	struct sl_few_group group;
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < w->plan->nstats; s++)
		most = e[s].rows_by_one_max > most ? e[s].rows_by_one_max : most;
	while (w->few != NULL && limit > 0 && rc == SL_OK) {
		uint32_t s = sl_few_hide(w->few, cell, hidden, (limit - 1) * most, &column, &group);
		if (s == SL_FINDING_WHOLE)
			break;
		struct sl_rule_hit hit = { .units = e[s].contributors, .limit = (int64_t)limit,
			                   .measured = (int64_t)(group.least / most + (group.least % most != 0)) };
		hidden[s] = true;
		rc = sl_check_find(w->st, w->output, cell, s, SL_RULE_NUMERATOR, &hit, err);
		if (rc == SL_OK)
			rc = sl_check_few_values(w->st, w->output, cell, s, column, &group, err);
	}
	return rc;
}

static enum sl_rc hide_stats(struct walk *w, uint32_t cell, bool *hidden, struct sl_err *err)
{
	bool failed[SL_STATS_MAX] = { false };
	enum sl_rc rc = SL_OK;
	bool any = false;
	uint32_t before = w->st->pub->nfindings;

	for (uint32_t s = 0; s < w->plan->nstats && rc == SL_OK; s++) {
		if (!sl_stat_is_of_known(&w->plan->stats[s]))
			rc = ask(w, SL_RULE_SCOPE_STAT, cell, s, &failed[s], err);
		any = any || failed[s];
	}
	/* Who has a value is asked about in sl_check_told, by what tells it. */
	for (uint32_t s = 0; s < w->plan->nstats; s++)
		hidden[s] = failed[s] || sl_stat_is_of_known(&w->plan->stats[s]);
	if (any && w->st->without != SL_RULE_LINKED && rc == SL_OK)
		rc = hide_linked(w, cell, failed, hidden, err);
	if (rc == SL_OK)
		rc = sl_check_told(w->st, w->output, cell, hidden, err);
	if (rc == SL_OK)
		rc = hide_few(w, cell, hidden, err);
	/* In the order of statistics again: the few of this cell, by insertion. */
	struct sl_finding *f = w->st->pub->findings;
	for (uint32_t i = before; i < w->st->pub->nfindings; i++)
		for (uint32_t j = i; j > before && f[j].stat < f[j - 1].stat; j--) {
			struct sl_finding t = f[j];
			f[j] = f[j - 1];
			f[j - 1] = t;
		}
	return rc;
}

void sl_check_calcs(const struct sl_plan *plan, struct sl_published_cell *row)
{
	struct sl_value values[SL_STATS_MAX] = { { 0 } };

	for (uint32_t s = 0; s < plan->nstats; s++)
		values[s] = (struct sl_value){ .v = row[s].value, .missing = row[s].missing != 0 };
	for (uint32_t i = 0; i < plan->ncalcs; i++) {
		const struct sl_expr *expr = &plan->calcs[i].expr;
		struct sl_value v = sl_expr_eval(expr, values);
		bool shown = true;
		for (uint32_t s = 0; s < plan->nstats; s++)
			shown = shown && (row[s].shown || !sl_rule_reads(expr, s));
		row[plan->nstats + i] = (struct sl_published_cell){ 0 };
		if (shown)
			row[plan->nstats + i] = (struct sl_published_cell){ .shown = 1, .value = v.missing ? 0 : v.v,
				                                            .missing = v.missing };
	}
}

/* Whether a number that is shown reads what the implied one does; else nobody knows that. */
static bool is_told(const struct walk *w, const bool *hidden, uint32_t implied)
{
	for (uint32_t s = 0; s < w->plan->nstats; s++)
		if (!sl_stat_is_implied(&w->plan->stats[s]) && !hidden[s] && (w->linked.reads[s] & w->linked.reads[implied]) != 0)
			return true;
	return false;
}

static void hide_implied(const struct walk *w, bool *hidden)
{
	for (uint32_t s = 0; s < w->plan->nstats; s++)
		if (sl_stat_is_of_known(&w->plan->stats[s]))
			hidden[s] = false; /* until sl_check_known has looked */
		else if (sl_stat_is_implied(&w->plan->stats[s]))
			hidden[s] = hidden[s] || !is_told(w, hidden, s);
}

static void publish_row(struct walk *w, uint32_t cell, const bool *hidden)
{
	const struct sl_evidence *e = &w->result->evidence[(size_t)cell * w->plan->nstats];
	struct sl_published_cell *row = &w->out->cells[(size_t)cell * (w->plan->nstats + w->plan->ncalcs)];
	struct sl_value v;

	for (uint32_t s = 0; s < w->plan->nstats; s++)
		if (!hidden[s] && !e[s].overflow && sl_rule_value(w->plan, &w->st->setup->view, w->result, cell, s, &v))
			row[s] = (struct sl_published_cell){ .shown = 1, .value = v.missing ? 0 : v.v,
				                             .missing = v.missing };
	sl_check_known(w->st, w->output, row);
	sl_check_calcs(w->plan, row);
}

enum sl_rc sl_check_cells(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	struct walk w = {
		.st = st,
		.output = i,
		.plan = &st->plans[i],
		.result = &st->results[i],
		.out = &st->pub->outputs[i],
	};
	uint32_t ncells = (uint32_t)sl_plan_cells(w.plan, &st->setup->view);
	enum sl_rc rc = SL_OK;

	sl_linked_read(w.plan, &w.linked);
	if (st->setup->rules.numerator != 1 && st->without != SL_RULE_NUMERATOR)
		rc = sl_few_new(st->setup, w.plan, w.result, &w.few, err);
	for (uint32_t cell = 0; cell < ncells && rc == SL_OK; cell++) {
		bool row_hidden = false, hidden[SL_STATS_MAX] = { false };
		rc = ask(&w, SL_RULE_SCOPE_CELL, cell, SL_FINDING_WHOLE, &row_hidden, err);
		if (rc != SL_OK || row_hidden)
			continue; /* the row stays as it was allocated: all [c] */
		rc = hide_stats(&w, cell, hidden, err);
		hide_implied(&w, hidden);
		if (rc == SL_OK)
			publish_row(&w, cell, hidden);
	}
	sl_few_free(w.few);
	for (uint32_t n = 0; n < w.out->ncells; n++)
		w.out->suppressed += !w.out->cells[n].shown;
	return rc;
}
