/* plan_grant.c - see plan_grant.h. */
#include "policy/plan_grant.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "enclave/pact/cost.h"
#include "policy/rules/rule.h"

static enum sl_rc refuse(const struct sl_plan *plan, const char *rule, struct sl_err *err, const char *fmt, ...)
	SL_PRINTF(4, 5);

static enum sl_rc refuse(const struct sl_plan *plan, const char *rule, struct sl_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)sl_err_vset(err, SL_E_DENIED, fmt, ap);
	va_end(ap);
	sl_err_rule(err, rule);
	sl_err_at(err, "", plan->line, 0);
	return SL_E_DENIED;
}

static const char *rule_of(enum sl_use use)
{
	return use == SL_USE_GROUP    ? SL_PLAN_USE_GROUP
	       : use == SL_USE_FILTER ? SL_PLAN_USE_FILTER
	                              : SL_PLAN_USE_MEASURE;
}

/* Column c of t is put to `use`; `what` names what for. */
static enum sl_rc check_column(const struct sl_plan *plan, const struct sl_table *t, const struct sl_column *c,
                               enum sl_use use, const char *what, struct sl_err *err)
{
	if ((c->uses & use) != 0)
		return SL_OK;
	enum sl_rc rc = refuse(plan, rule_of(use), err, "output \"%s\": %s needs \"%s\" on column \"%s\" of \"%s\"",
	                       plan->output, what, sl_use_name(use), c->name, t->name);
	sl_grant_wish(t, c, use, err);
	return rc;
}

/* Every column that an expression over a source's raw columns reads. */
static enum sl_rc check_raws(const struct sl_plan *plan, const struct sl_view *view, const struct sl_source *source,
                             const struct sl_expr *expr, enum sl_use use, const char *what, struct sl_err *err)
{
	const struct sl_table *t = &view->tables[source->table];
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < expr->nops && rc == SL_OK; i++)
		if (expr->ops[i].op == SL_OP_COLUMN)
			rc = check_column(plan, t, &t->columns[source->raws[expr->ops[i].arg].column], use, what, err);
	return rc;
}

/* What per_unit made is put to `use`: so is what it was made of, and a condition in it is a condition. */
static enum sl_rc check_fold(const struct sl_plan *plan, const struct sl_view *view, const struct sl_source *source,
                             uint32_t fold, enum sl_use use, const char *what, struct sl_err *err)
{
	const struct sl_fold *f = &source->folds[fold];
	bool measures = f->fn == SL_FOLD_SUM || f->fn == SL_FOLD_MEAN || f->fn == SL_FOLD_MIN || f->fn == SL_FOLD_MAX;

	return check_raws(plan, view, source, &f->arg, measures ? use : SL_USE_FILTER, what, err);
}

/* Input i is put to `use`. */
static enum sl_rc check_input(const struct sl_plan *plan, const struct sl_view *view, uint32_t i, enum sl_use use,
                              const char *what, struct sl_err *err)
{
	const struct sl_input *in = &plan->inputs[i];
	const struct sl_source *source = &plan->sources[in->source];
	const struct sl_table *t = &view->tables[source->table];

	if (source->nfolds > 0)
		return check_fold(plan, view, source, in->column, use, what, err);
	const struct sl_column *c = &t->columns[in->column];
	/*
	 * An attribute may tell as much as its key: grouped by, it groups by the key; a sum of it counts keys, which is
	 * what a condition on the key does.
	 */
	if (in->lookup > 0 && (c->uses & (use == SL_USE_MEASURE ? SL_USE_FILTER : use)) != 0) {
		t = &view->tables[c->reference - 1];
		c = &t->columns[in->lookup - 1];
	} else if (in->lookup > 0 && use == SL_USE_MEASURE) {
		use = SL_USE_FILTER;
	}
	return check_column(plan, t, c, use, what, err);
}

/*
 * What a source does before it is joined. A fold that nothing reads needs nothing: it leaves no trace in the result. A
 * SEMI or ANTI tells who has a row, which every use of a granted table tells too.
 */
static enum sl_rc check_source(const struct sl_plan *plan, const struct sl_view *view, const struct sl_source *source,
                               struct sl_err *err)
{
	enum sl_rc rc = check_raws(plan, view, source, &source->where, SL_USE_FILTER, "where", err);

	for (uint32_t i = 0; i < source->having.nops && rc == SL_OK; i++)
		if (source->having.ops[i].op == SL_OP_COLUMN)
			rc = check_fold(plan, view, source, source->having.ops[i].arg, SL_USE_FILTER, "where", err);
	return rc;
}

/* Every column the expression reads, derived ones included: the script has written them out. */
static enum sl_rc check_expr(const struct sl_plan *plan, const struct sl_view *view, const struct sl_expr *expr,
                             enum sl_use use, const char *what, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < expr->nops && rc == SL_OK; i++)
		if (expr->ops[i].op == SL_OP_COLUMN)
			rc = check_input(plan, view, expr->ops[i].arg, use, what, err);
	return rc;
}

static enum sl_rc check_stat(const struct sl_plan *plan, const struct sl_view *view, const struct sl_stat *s,
                             struct sl_err *err)
{
	bool condition = s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE;
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	char what[32 + SL_IDENT_BYTES];

	if (s->fn == SL_STAT_MIN || s->fn == SL_STAT_MAX) {
		enum sl_rc rc =
			refuse(plan, SL_PLAN_EXTREMES, err, "output \"%s\": %s() in \"%s\" is one unit's own value",
		               plan->output, sl_stat_fn_name(s->fn), s->name);
		sl_err_remedy(err, SL_RULE_EXTREMES_REMEDY);
		return rc;
	}
	(void)snprintf(what, sizeof what, "%s() in \"%.*s\"", sl_stat_fn_name(s->fn), SL_IDENT_BYTES, s->name);
	enum sl_rc rc = check_expr(plan, view, &s->arg, condition ? SL_USE_FILTER : SL_USE_MEASURE, what, err);
	uint32_t n = sl_expr_parts(&s->arg2, parts);
	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		bool is_met = parts[i].ops[parts[i].nops - 1].type == SL_TYPE_BOOLEAN;
		rc = check_expr(plan, view, &parts[i], is_met ? SL_USE_FILTER : SL_USE_MEASURE, what, err);
	}
	return rc;
}

enum sl_rc sl_plan_grant_uses(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	enum sl_rc rc = check_expr(plan, view, &plan->where, SL_USE_FILTER, "where", err);

	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++)
		rc = check_source(plan, view, &plan->sources[i], err);
	for (uint32_t k = 0; k < plan->nkeys && rc == SL_OK; k++)
		rc = check_input(plan, view, plan->keys[k].input, SL_USE_GROUP, "group_by", err);
	/* What is implied tells nothing that those which the author asks for do not. */
	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++)
		if (!sl_stat_is_implied(&plan->stats[s]))
			rc = check_stat(plan, view, &plan->stats[s], err);
	return rc;
}

uint8_t sl_plan_grant_wants(const struct sl_plan *plans, uint32_t nplans, const struct sl_view *view, uint32_t table,
                            uint32_t column)
{
	struct sl_column *c = &view->tables[table].columns[column];
	uint8_t uses = c->uses, wanted = 0;

	for (uint32_t bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1) {
		c->uses = (uint8_t)(uses & ~bit);
		for (uint32_t i = 0; i < nplans && (uses & bit) != 0; i++)
			if (sl_plan_grant_uses(&plans[i], view, NULL) != SL_OK)
				wanted |= (uint8_t)bit;
	}
	c->uses = uses;
	return wanted;
}

static uint64_t expr_nodes(const struct sl_expr *expr)
{
	return (uint64_t)expr->nops + expr->nsets;
}

uint64_t sl_plan_grant_nodes(const struct sl_plan *plan)
{
	uint64_t n = (uint64_t)plan->nsources + plan->ninputs + plan->nkeys + sl_plan_printed(plan) + plan->norder +
	             expr_nodes(&plan->where);

	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_source *source = &plan->sources[i];
		n += (uint64_t)source->nraws + source->nfolds + expr_nodes(&source->where) + expr_nodes(&source->having);
		for (uint32_t f = 0; f < source->nfolds; f++)
			n += expr_nodes(&source->folds[f].arg);
	}
	for (uint32_t i = 0; i < plan->nstats && !sl_stat_is_implied(&plan->stats[i]); i++)
		n += expr_nodes(&plan->stats[i].arg) + expr_nodes(&plan->stats[i].arg2);
	for (uint32_t i = 0; i < plan->ncalcs; i++)
		n += expr_nodes(&plan->calcs[i].expr);
	return n;
}

static enum sl_rc check_size(const struct sl_plan *plan, const struct sl_view *view, const struct sl_limits *limits,
                             struct sl_err *err)
{
	uint64_t cells = sl_plan_cells(plan, view), nodes = sl_plan_grant_nodes(plan);

	if (cells > limits->cells_max) {
		enum sl_rc rc = refuse(plan, SL_PLAN_CELLS, err, "output \"%s\" has %llu cells, the limit cells_max is %u",
		                       plan->output, (unsigned long long)cells, limits->cells_max);
		sl_err_remedy(err, "group by fewer columns, or by bands");
		return rc;
	}
	uint64_t bytes = sl_plan_engine_bytes(plan, view, limits->threads, limits->draws);
	if (bytes > limits->engine_memory_bytes) {
		enum sl_rc rc = refuse(plan, SL_PLAN_MEMORY, err,
		                       "output \"%s\" needs %llu bytes of memory, the limit engine_memory_bytes is %llu",
		                       plan->output, (unsigned long long)bytes,
		                       (unsigned long long)limits->engine_memory_bytes);
		sl_err_remedy(err, "group by fewer columns, ask for fewer statistics, or have the limit raised");
		return rc;
	}
	if (nodes > limits->nodes_max) {
		enum sl_rc rc = refuse(plan, SL_PLAN_NODES, err, "output \"%s\" has %llu parts, the limit nodes_max is %u",
		                       plan->output, (unsigned long long)nodes, limits->nodes_max);
		sl_err_remedy(err, "split it into several outputs");
		return rc;
	}
	return SL_OK;
}

enum sl_rc sl_plan_grant_check(const struct sl_plan *plan, const struct sl_view *view, const struct sl_limits *limits,
                               struct sl_buf *encoded, struct sl_err *err)
{
	enum sl_rc rc = sl_plan_check(plan, view, err);

	if (rc == SL_OK)
		rc = sl_plan_grant_uses(plan, view, err);
	if (rc == SL_OK)
		rc = check_size(plan, view, limits, err);
	if (rc == SL_OK && encoded != NULL)
		rc = sl_codec_encode(&sl_plan_record, plan, encoded, err);
	return rc;
}

enum sl_rc sl_plan_grant_set(const struct sl_plan *plans, size_t nplans, const struct sl_limits *limits,
                             struct sl_err *err)
{
	if (nplans == 0) {
		(void)sl_err_set(err, SL_E_DENIED, "the script declares no output");
		sl_err_rule(err, SL_PLAN_OUTPUTS);
		sl_err_remedy(err, "end with output(\"name\", relation)");
		return SL_E_DENIED;
	}
	if (nplans > limits->plans_max)
		return refuse(&plans[limits->plans_max], SL_PLAN_OUTPUTS, err, "%zu outputs, the limit plans_max is %u", nplans,
		              limits->plans_max);
	/* Each becomes a file, and many a reader's disk takes x and X for one. */
	for (size_t i = 0; i < nplans; i++)
		for (size_t j = 0; j < i; j++)
			if (strcasecmp(plans[i].output, plans[j].output) == 0)
				return refuse(&plans[i], SL_PLAN_TWICE, err, "output \"%s\" twice", plans[i].output);
	return SL_OK;
}

enum sl_rc sl_plan_grant_results(const struct sl_plan *plans, size_t nplans, const struct sl_view *view,
                                 const struct sl_limits *limits, struct sl_err *err)
{
	uint64_t bytes = 0;
	enum sl_rc rc;

	for (size_t i = 0; i < nplans; i++)
		if (__builtin_add_overflow(bytes, sl_plan_result_bytes(&plans[i], view, limits->draws), &bytes))
			bytes = UINT64_MAX;
	if (bytes <= limits->output_bytes_max)
		return SL_OK;
	rc = refuse(&plans[nplans - 1], SL_PLAN_BYTES, err, "the results take %llu bytes, the limit output_bytes_max is %llu",
	            (unsigned long long)bytes, (unsigned long long)limits->output_bytes_max);
	sl_err_remedy(err, "group by fewer columns, ask for fewer statistics, or make two jobs");
	return rc;
}

const char *sl_plan_grant_space(const struct sl_plan *plan, const struct sl_view *view)
{
	return plan->nsources > 0 ? view->tables[plan->sources[0].table].space : "";
}
