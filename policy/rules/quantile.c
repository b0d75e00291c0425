/*
 * quantile.c - a quantile with few units on one side of it, or that is the value of few units.
 *
 * Fewer than t units strictly below or strictly above hide it: near p = 0 or 1 it is a minimum or a maximum by another
 * name. Enough on both sides, it is still some unit's own value: fewer than t units exactly there are for a person to
 * judge.
 */
#include "policy/rules/rules.h"

/* NULL: no quantile, or a cell whose emptiness is public. */
static const struct sl_quantile *quantile_of(const struct sl_rule_case *c)
{
	if (c->plan->stats[c->stat].fn != SL_STAT_QUANTILE)
		return NULL;
	if (c->evidence->contributors == 0 && sl_rule_is_zero_public(c))
		return NULL;
	return sl_rule_quantile(c->plan, c->result, c->cell, c->stat);
}

static bool is_few(const struct sl_rule_case *c, uint64_t units, struct sl_rule_hit *hit)
{
	uint32_t t = c->rules->threshold;

	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors,
		                     .measured = (int64_t)(units < INT64_MAX ? units : INT64_MAX),
		                     .limit = t };
	return t == 0 || units < t;
}

bool sl_rule_quantile_sides(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_quantile *q = quantile_of(c);

	return q != NULL && is_few(c, q->below_units < q->above_units ? q->below_units : q->above_units, hit);
}

bool sl_rule_quantile_value(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_quantile *q = quantile_of(c);

	return q != NULL && is_few(c, q->at_units, hit);
}
