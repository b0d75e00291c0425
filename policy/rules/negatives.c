/*
 * negatives.c - units with a negative total: shares of a signed sum say nothing, so dominance and p % look at |x| and
 * a person looks at the cell.
 */
#include "policy/rules/rules.h"

bool sl_rule_negatives(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_evidence *e = c->evidence;

	*hit = (struct sl_rule_hit){
		.units = e->contributors,
		.measured = (int64_t)(e->negatives < INT64_MAX ? e->negatives : INT64_MAX),
	};
	return sl_rule_is_magnitude(&c->plan->stats[c->stat]) && e->negatives > 0;
}
