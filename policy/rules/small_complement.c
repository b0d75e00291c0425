/*
 * small_complement.c - the conditions (where, having, semi and anti) leave out fewer than t units of the tables they
 * read: "everyone but one".
 *
 * Nobody left out is refused with the same words: otherwise the refusal itself would say that somebody is.
 */
#include "policy/rules/rules.h"

/* Whether units may be left out. A source joined from the left leaves its units in, whatever its conditions. */
static bool leaves_out(const struct sl_plan *plan)
{
	bool out = plan->where.nops > 0;

	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_source *s = &plan->sources[i];
		out = out || s->join == SL_JOIN_SEMI || s->join == SL_JOIN_ANTI;
		out = out || (s->join == SL_JOIN_INNER && (s->where.nops > 0 || s->having.nops > 0));
	}
	return out;
}

bool sl_rule_small_complement(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint64_t out = c->result->complement;

	/* Read from the plan; the engine's word for it was compared before. */
	if (c->rules->small_complement == 1 || c->stat != SL_FINDING_WHOLE || !leaves_out(c->plan))
		return false;
	*hit = (struct sl_rule_hit){
		.units = c->result->population,
		.measured = (int64_t)(out < INT64_MAX ? out : INT64_MAX),
		.limit = c->rules->threshold,
	};
	return out < c->rules->threshold || c->rules->threshold == 0;
}
