/*
 * zero.c - an empty cell prints like a small one (PresenceOfZeroCheck), unless policy shows zeros or the catalogue
 * declares that this one is public knowledge.
 */
#include "policy/rules/rules.h"

bool sl_rule_zero(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	*hit = (struct sl_rule_hit){ 0 };
	return c->evidence->cell_units == 0 && !sl_rule_is_zero_public(c);
}
