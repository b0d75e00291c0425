/*
 * small_complement.c - the conditions (where, having, semi and anti) leave out fewer than t units of the tables they
 * read: "everyone but one".
 *
 * Nobody left out is refused with the same words: otherwise the refusal itself would say that somebody is.
 */
#include "policy/rules/rules.h"

bool sl_rule_small_complement(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint64_t out = c->result->complement;

	*hit = (struct sl_rule_hit){
		.units = c->result->population,
		.measured = (int64_t)(out < INT64_MAX ? out : INT64_MAX),
		.limit = c->rules->threshold,
	};
	/* Whether there is a filter is read from the plan; the engine's word for it was compared before. */
	if (c->rules->small_complement == 1 || c->stat != SL_FINDING_WHOLE || !sl_plan_is_filtered(c->plan))
		return false;
	return out < c->rules->threshold || c->rules->threshold == 0;
}
