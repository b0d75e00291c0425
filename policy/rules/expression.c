/*
 * expression.c - a number whose argument treats some rows otherwise than others: of sum(case when … then 1000000 else 1
 * end) the first digits say how many they are, and they may be few though nobody dominates it.
 *
 * No rule sees into the digits of a sum, so a person reads the argument. Columns, constants and their sums,
 * differences, products and quotients treat every row alike, unless some rows have none because it would be too large.
 */
#include "policy/rules/few.h"
#include "policy/rules/reach.h"
#include "policy/rules/rules.h"

static bool tells_apart(const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		switch (e->ops[i].op) {
		case SL_OP_CASE:
		case SL_OP_COALESCE:
		case SL_OP_IDIV:
		case SL_OP_MOD:
			return true;
		default:
			break;
		}
	return false;
}

/* Also where what it reads was put together per unit. */
static bool reads_apart(const struct sl_plan *plan, const struct sl_expr *e)
{
	if (tells_apart(e))
		return true;
	for (uint32_t i = 0; i < plan->ninputs; i++) {
		const struct sl_source *source = &plan->sources[plan->inputs[i].source];
		if (source->nfolds > 0 && sl_rule_reads(e, i) && tells_apart(&source->folds[plan->inputs[i].column].arg))
			return true;
	}
	return false;
}

static struct sl_reach reach_of_input(const struct sl_rule_case *c, const struct sl_input *in)
{
	const struct sl_source *source = &c->plan->sources[in->source];
	const struct sl_table *tables = c->setup->view.tables;
	const struct sl_column *column;

	if (source->nfolds > 0)
		return sl_reach_column(NULL);
	column = &tables[source->table].columns[in->column];
	if (in->lookup > 0)
		column = &tables[column->reference - 1].columns[in->lookup - 1];
	return sl_reach_column(column);
}

/* Also where what it reads is missing for its size already, put together per unit. */
static bool leaves_out_by_size(const struct sl_rule_case *c, const struct sl_expr *e)
{
	const struct sl_plan *plan = c->plan;
	struct sl_reach inputs[SL_INPUTS_MAX], raws[SL_INPUTS_MAX];

	for (uint32_t i = 0; i < plan->ninputs; i++)
		inputs[i] = reach_of_input(c, &plan->inputs[i]);
	if (sl_reach_is_left(e, inputs))
		return true;
	for (uint32_t i = 0; i < plan->ninputs; i++) {
		const struct sl_source *source = &plan->sources[plan->inputs[i].source];
		if (source->nfolds == 0 || !sl_rule_reads(e, i))
			continue;
		for (uint32_t r = 0; r < source->nraws; r++)
			raws[r] = sl_reach_column(&c->setup->view.tables[source->table].columns[source->raws[r].column]);
		if (sl_reach_is_left(&source->folds[plan->inputs[i].column].arg, raws))
			return true;
	}
	return false;
}

bool sl_rule_expression(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = c->stat != SL_FINDING_WHOLE ? &c->plan->stats[c->stat] : NULL;

	*hit = (struct sl_rule_hit){ 0 };
	return s != NULL && !sl_rule_is_condition(s) &&
	       (reads_apart(c->plan, &s->arg) || reads_apart(c->plan, &s->arg2) || leaves_out_by_size(c, &s->arg) ||
	        leaves_out_by_size(c, &s->arg2) || sl_few_looked_up(c));
}
