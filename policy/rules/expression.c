/*
 * expression.c - a number whose argument treats some rows otherwise than others: of sum(case when … then 1000000 else 1
 * end) the first digits say how many they are, and they may be few though nobody dominates it.
 *
 * No rule sees into the digits of a sum, so a person reads the argument. Columns, constants and their sums,
 * differences, products and quotients treat every row alike, unless some rows have none because it would be too large,
 * or what is lost by rounding is a step (bends.h).
 */
#include "policy/rules/bends.h"
#include "policy/rules/few.h"
#include "policy/rules/rules.h"

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

/* What a fold makes of a unit's rows, of which nothing is bent before. */
static enum sl_bend bend_of_fold(const struct sl_rule_case *c, const struct sl_source *source,
                                 const struct sl_fold *fold)
{
	struct sl_bends_inputs raws = { .bent = 0 };

	for (uint32_t r = 0; r < source->nraws; r++) {
		raws.reach[r] = sl_reach_column(&c->setup->view.tables[source->table].columns[source->raws[r].column]);
		raws.same[r] = UINT64_C(1) << r;
	}
	enum sl_bend bend = sl_bends(&fold->arg, &raws);
	return bend == SL_BEND_NONE && fold->fn == SL_FOLD_MEAN ? SL_BEND_BENT : bend;
}

/* False: what the expression reads was put together per unit in a way that treats some rows otherwise. */
static bool knows_inputs(const struct sl_rule_case *c, const struct sl_expr *e, struct sl_bends_inputs *in)
{
	const struct sl_plan *plan = c->plan;

	*in = (struct sl_bends_inputs){ .bent = 0 };
	for (uint32_t i = 0; i < plan->ninputs; i++) {
		const struct sl_source *source = &plan->sources[plan->inputs[i].source];
		in->reach[i] = reach_of_input(c, &plan->inputs[i]);
		in->same[i] = UINT64_C(1) << i;
		if (source->nfolds == 0 || !sl_rule_reads(e, i))
			continue;
		enum sl_bend bend = bend_of_fold(c, source, &source->folds[plan->inputs[i].column]);
		if (bend == SL_BEND_APART)
			return false;
		in->bent |= bend == SL_BEND_BENT ? UINT64_C(1) << i : 0;
		/* Folds of one table read the same rows, whichever columns. */
		for (uint32_t k = 0; k < plan->ninputs; k++)
			in->same[i] |= plan->inputs[k].source == plan->inputs[i].source ? UINT64_C(1) << k : 0;
	}
	return true;
}

static bool tells_apart(const struct sl_rule_case *c, const struct sl_expr *e)
{
	struct sl_bends_inputs in;

	return !knows_inputs(c, e, &in) || sl_bends(e, &in) == SL_BEND_APART;
}

bool sl_rule_expression(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = c->stat != SL_FINDING_WHOLE ? &c->plan->stats[c->stat] : NULL;

	*hit = (struct sl_rule_hit){ 0 };
	return s != NULL && !sl_rule_is_condition(s) &&
	       (tells_apart(c, &s->arg) || tells_apart(c, &s->arg2) || sl_few_looked_up(c));
}
