/*
 * context.c - what a reviewer cannot judge: a statistic without a description, a project without a purpose,
 * a share without the count it is a share of.
 *
 * A key is described by the catalogue's title when the author says nothing.
 */
#include "policy/rules/rules.h"

static bool is_empty(const char *text)
{
	return text == NULL || text[0] == '\0';
}

static bool has_count(const struct sl_plan *plan)
{
	for (uint32_t i = 0; i < plan->nstats; i++)
		if (plan->stats[i].fn == SL_STAT_UNITS || plan->stats[i].fn == SL_STAT_COUNT ||
		    plan->stats[i].fn == SL_STAT_COUNT_IF)
			return true;
	return false;
}

/* Asked of the whole: purpose, keys, calcs. */
static bool whole_is_unclear(const struct sl_rule_case *c)
{
	const struct sl_plan *plan = c->plan;

	if (is_empty(c->setup->purpose))
		return true;
	for (uint32_t k = 0; k < plan->nkeys; k++)
		if (is_empty(plan->keys[k].description) &&
		    is_empty(sl_plan_key_column(plan, &c->setup->view, k)->title))
			return true;
	for (uint32_t i = 0; i < plan->ncalcs; i++)
		if (is_empty(plan->calcs[i].description))
			return true;
	return false;
}

bool sl_rule_context(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	*hit = (struct sl_rule_hit){ 0 };
	if (c->rules->context == 1)
		return false;
	if (c->stat == SL_FINDING_WHOLE)
		return whole_is_unclear(c);
	const struct sl_stat *s = &c->plan->stats[c->stat];
	return is_empty(s->description) || (s->fn == SL_STAT_SHARE && !has_count(c->plan));
}
