/*
 * extremes.c - smallest and largest value of a measure are one unit's own, in a cell of any size.
 */
#include "policy/rules/rules.h"

bool sl_rule_extremes(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint8_t fn = c->stat == SL_FINDING_WHOLE ? SL_STAT_NONE : c->plan->stats[c->stat].fn;

	*hit = (struct sl_rule_hit){ 0 };
	return fn == SL_STAT_MIN || fn == SL_STAT_MAX;
}
