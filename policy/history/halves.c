/* halves.c - see halves.h. */
#include "policy/history/halves.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/condition.h"
#include "policy/history/predicate.h"
#include "policy/history/value.h"

static bool is_quotient(const struct sl_stat *s)
{
	return s->fn == SL_STAT_MEAN || s->fn == SL_STAT_SHARE;
}

static bool is_condition(const struct sl_stat *s)
{
	return s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE;
}

static enum sl_rc hash_of(const struct sl_operands *inputs, const struct sl_expr *condition, sl_i128 *hash,
                          struct sl_err *err)
{
	struct sl_predicate_part part = { 0 };
	struct sl_meaning m = { 0 };
	uint32_t n = 0;
	enum sl_rc rc = sl_condition_value(inputs, condition, &m, err);

	if (rc == SL_OK)
		rc = sl_meaning_part(&m, &part, &n, err);
	*hash = part.hash;
	return rc;
}

/* A condition and its opposite are known of the same rows, and each tells the other's part of them. */
static enum sl_rc hash_either(const struct sl_operands *inputs, const struct sl_expr *condition, sl_i128 *hash,
                              struct sl_err *err)
{
	struct sl_expr not = *condition;
	sl_i128 opposite;

	not.ops = malloc(((size_t)condition->nops + 1) * sizeof *not.ops);
	if (not.ops == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	memcpy(not.ops, condition->ops, condition->nops * sizeof *not.ops);
	not.ops[not.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	enum sl_rc rc = hash_of(inputs, condition, hash, err);
	if (rc == SL_OK)
		rc = hash_of(inputs, &not, &opposite, err);
	if (rc == SL_OK && opposite < *hash)
		*hash = opposite;
	free(not.ops);
	return rc;
}

/* Of a share whose condition may be not known, which of a cell's sets meets it; else 0. */
static uint8_t set_of(const struct sl_operands *inputs, uint32_t stat)
{
	const struct sl_stat *s = &inputs->plan->stats[stat];

	if (s->fn != SL_STAT_SHARE || sl_value_never_missing(inputs, &s->arg))
		return 0;
	return (uint8_t)(1 + sl_plan_watched(inputs->plan, stat));
}

/* The count that a sum or mean of two values implies; NULL: it has more, or the author asks for that count. */
static const struct sl_stat *implied_by(const struct sl_plan *plan, const struct sl_stat *s)
{
	char name[SL_IDENT_BYTES + 1];

	(void)snprintf(name, sizeof name, "(%.*s)", SL_IDENT_BYTES - 2, s->name);
	for (uint32_t i = 0; i < plan->nstats && !is_condition(s); i++)
		if (sl_stat_is_implied(&plan->stats[i]) && strcmp(plan->stats[i].name, name) == 0)
			return &plan->stats[i];
	return NULL;
}

static bool is_half(const struct sl_stat *s)
{
	return s->fn == SL_STAT_SUM || s->fn == SL_STAT_MEAN || is_condition(s);
}

static enum sl_rc add(const struct sl_operands *inputs, uint32_t stat, struct sl_half *list, uint32_t *n,
                      struct sl_err *err)
{
	const struct sl_stat *s = &inputs->plan->stats[stat], *implied = implied_by(inputs->plan, s);
	struct sl_half half = { .stat = (uint8_t)stat, .quotient = is_quotient(s) };
	struct sl_predicate_part part = { 0 };
	bool has;
	enum sl_rc rc = is_condition(s) ? hash_either(inputs, &s->arg, &part.hash, err)
	                                : sl_predicate_measure(inputs->plan, inputs->view, stat, &part, &has, err);

	half.of = part.hash;
	half.set = set_of(inputs, stat);
	list[(*n)++] = half;
	if (rc == SL_OK && implied != NULL) {
		rc = hash_either(inputs, &implied->arg, &half.of, err);
		list[(*n)++] = half;
	}
	return rc;
}

enum sl_rc sl_halves_list(const struct sl_plan *plan, const struct sl_view *view, struct sl_half **out, uint32_t *nout,
                          struct sl_err *err)
{
	const struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	struct sl_half list[SL_HALVES_MAX];
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	*out = NULL;
	*nout = 0;
	for (uint32_t s = 0; s < plan->nstats && sl_plan_prints(plan, s) && rc == SL_OK; s++)
		if (is_half(&plan->stats[s]))
			rc = add(&inputs, s, list, &n, err);
	if (rc != SL_OK)
		return rc;
	*out = malloc(((size_t)n + 1) * sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics tell");
	memcpy(*out, list, n * sizeof **out);
	*nout = n;
	return SL_OK;
}

/* Whose name it has, in two parentheses: see policy/implied.c. */
static uint32_t quotient_of(const struct sl_plan *plan, const struct sl_stat *known)
{
	char name[SL_IDENT_BYTES + 1];

	for (uint32_t s = 0; s < plan->nstats; s++) {
		(void)snprintf(name, sizeof name, "((%.*s))", SL_IDENT_BYTES - 4, plan->stats[s].name);
		if (is_quotient(&plan->stats[s]) && strcmp(known->name, name) == 0)
			return s;
	}
	return plan->nstats;
}

static void note_tellers(const struct sl_half *halves, uint32_t n, uint32_t quotient, struct sl_half_known *out)
{
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; halves[i].stat == quotient && j < n; j++) {
			uint64_t bit = halves[j].of == halves[i].of ? UINT64_C(1) << halves[j].stat : 0;
			out->quotients |= halves[j].quotient ? bit : 0;
			out->totals |= halves[j].quotient ? 0 : bit;
		}
}

enum sl_rc sl_halves_known(const struct sl_plan *plan, const struct sl_view *view, struct sl_half_known **out,
                           uint32_t *nout, struct sl_err *err)
{
	struct sl_half *halves = NULL;
	uint32_t n = 0, nhalves;
	enum sl_rc rc = SL_OK;

	*out = NULL;
	*nout = 0;
	for (uint32_t s = 0; s < plan->nstats; s++)
		n += sl_stat_is_of_known(&plan->stats[s]);
	if (n == 0)
		return SL_OK;
	*out = calloc(n, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics tell");
	rc = sl_halves_list(plan, view, &halves, &nhalves, err);
	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++)
		if (sl_stat_is_of_known(&plan->stats[s])) {
			(*out)[*nout].stat = (uint8_t)s;
			note_tellers(halves, nhalves, quotient_of(plan, &plan->stats[s]), &(*out)[(*nout)++]);
		}
	free(halves);
	if (rc != SL_OK) {
		free(*out);
		*out = NULL;
		*nout = 0;
	}
	return rc;
}

/* The first finding of the cell, or of what follows it: they stand by output and cell. */
static uint32_t first_of(const struct sl_publication *p, uint32_t output, uint32_t cell)
{
	uint32_t lo = 0, hi = p->nfindings;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct sl_finding *f = &p->findings[mid];
		if (f->output < output || (f->output == output && f->cell < cell))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool sl_halves_are_told(const struct sl_plan *plan, const struct sl_publication *published, uint32_t output,
                        uint32_t cell, uint32_t stat)
{
	const struct sl_finding *f = published->findings;

	for (uint32_t i = first_of(published, output, cell);
	     is_quotient(&plan->stats[stat]) && i < published->nfindings && f[i].output == output && f[i].cell == cell; i++)
		if (f[i].rule == SL_RULE_NUMERATOR && f[i].stat == stat && f[i].other_cell != SL_FINDING_WHOLE)
			return true;
	return false;
}
