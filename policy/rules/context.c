/*
 * context.c - what a reviewer cannot judge: any gap of gaps.h. Asked of a statistic, then of the whole: request, keys,
 * calcs. The hit's measured value is the set of gaps, for the words of the finding; its limit is 0.
 */
#include "policy/rules/gaps.h"
#include "policy/rules/rules.h"

bool sl_rule_context(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_plan *plan = c->plan;
	const struct sl_gap_case facts = { &c->setup->view, plan, c->setup->purpose, c->setup->context,
		                            c->rules };
	uint32_t bits = 0;

	*hit = (struct sl_rule_hit){ 0 };
	if (c->rules->context == 1)
		return false;
	if (c->stat != SL_FINDING_WHOLE) {
		bits = sl_gaps_of_column(&facts, plan->nkeys + c->stat);
	} else {
		bits = sl_gaps_of_request(&facts);
		for (uint32_t k = 0; k < plan->nkeys; k++)
			bits |= sl_gaps_of_column(&facts, k);
		for (uint32_t i = 0; i < plan->ncalcs; i++)
			bits |= sl_gaps_of_column(&facts, plan->nkeys + plan->nstats + i);
	}
	hit->measured = bits;
	return bits != 0;
}
