/*
 * range.c - a number that does not fit: a unit total left 64 bits, so that the evidence says nothing, or the value
 * to publish does; or one that does not exist, like the slope where every x is the same.
 */
#include "policy/rules/rules.h"

bool sl_rule_range(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	struct sl_value v;
	uint8_t fn = c->plan->stats[c->stat].fn;

	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors };
	if (c->evidence->overflow)
		return true;
	return fn != SL_STAT_MIN && fn != SL_STAT_MAX &&
	       !sl_rule_value(c->plan, &c->setup->view, c->result, c->cell, c->stat, &v);
}
