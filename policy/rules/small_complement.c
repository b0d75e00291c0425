/*
 * small_complement.c - the conditions (where, having, semi and anti) leave out fewer than t units of the tables they
 * read: "everyone but one".
 *
 * Nobody left out is refused with the same words: otherwise the refusal itself would say that somebody is.
 *
 * A condition that reads a sensitive column makes of the table what a key on it would make a cell: where it keeps
 * nobody or nearly everybody (group_disclosure.c), that is what the output would tell, however many are left out. So
 * does "not sick" where it leaves out nearly everybody.
 */
#include "policy/rules/rules.h"

/* Whether units may be left out. A source joined from the left leaves its units in, whatever its conditions. */
bool sl_rule_leaves_out(const struct sl_plan *plan)
{
	bool out = plan->where.nops > 0;

	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_source *s = &plan->sources[i];
		out = out || s->join == SL_JOIN_SEMI || s->join == SL_JOIN_ANTI;
		out = out || (s->join == SL_JOIN_INNER && (s->where.nops > 0 || s->having.nops > 0));
	}
	return out;
}

static bool reads_sensitive(const struct sl_rule_case *c, const struct sl_source *s)
{
	const struct sl_table *table = &c->setup->view.tables[s->table];

	for (uint32_t i = 0; i < s->nraws; i++)
		if (table->columns[s->raws[i].column].sensitive != 0 && (s->having.nops > 0 || sl_rule_reads(&s->where, i)))
			return true;
	return false;
}

/* *negates: it keeps those who have not what somebody has. */
static bool filters_sensitive(const struct sl_rule_case *c, bool *negates)
{
	const struct sl_plan *plan = c->plan;
	int64_t of[2];
	bool found = false;

	for (uint32_t i = 0; i < plan->ninputs && !found; i++)
		found = sl_rule_reads(&plan->where, i) && sl_plan_input_sensitive(plan, &c->setup->view, i);
	*negates = found && sl_rule_of_flag(c, &plan->where, of) && of[0] > of[1];
	for (uint32_t i = 0; i < plan->nsources && !found; i++)
		found = reads_sensitive(c, &plan->sources[i]);
	return found;
}

/* What a key would not let a cell have of its margin, said of those who are not in it: so many there must be. */
static bool gives_group_away(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	sl_i128 all = (sl_i128)c->result->population + (sl_i128)c->result->complement;
	uint64_t limit = (uint64_t)(all - all * c->rules->group_percent / SL_PERCENT_WHOLE), few = c->result->complement;
	bool negates;

	if (c->rules->group_disclosure == 1 || !filters_sensitive(c, &negates))
		return false;
	if (c->result->population == 0 || (negates && c->result->population < few))
		few = c->result->population;
	if (few > 0 && few >= limit)
		return false;
	*hit = (struct sl_rule_hit){ .units = c->result->population, .measured = (int64_t)few,
		                     .limit = (int64_t)(limit > 0 ? limit : 1) };
	return true;
}

bool sl_rule_small_complement(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint64_t out = c->result->complement;

	/* Read from the plan; the engine's word for it was compared before. */
	if (c->stat != SL_FINDING_WHOLE || !sl_rule_leaves_out(c->plan))
		return false;
	if (c->rules->small_complement != 1) {
		*hit = (struct sl_rule_hit){
			.units = c->result->population,
			.measured = (int64_t)(out < INT64_MAX ? out : INT64_MAX),
			.limit = c->rules->threshold,
		};
		if (out < c->rules->threshold || c->rules->threshold == 0)
			return true;
	}
	return gives_group_away(c, hit);
}
