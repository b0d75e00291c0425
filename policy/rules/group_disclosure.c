/*
 * group_disclosure.c - along a key on a sensitive column, nobody, everybody or nearly everybody of a group is in this
 * cell: 20 of 20 positive tells of each of the twenty, and so does 0 of 20.
 *
 * Units of the cell against units of the margin that leaves the sensitive key out (the engine counts both; a unit may
 * be in several cells of one margin). A group that is empty itself tells nothing here; rule zero has it.
 */
#include "policy/rules/rules.h"

/* The cell's index among the cells of the plan without key k. */
static uint32_t margin_index(const struct sl_rule_case *c, uint32_t k)
{
	uint32_t index = 0;

	for (uint32_t i = 0; i < c->plan->nkeys; i++)
		if (i != k)
			index = index * sl_column_ngroups(sl_plan_key_column(c->plan, &c->setup->view, i),
			                                  c->plan->keys[i].banded != 0) +
			        sl_plan_cell_group(c->plan, &c->setup->view, c->cell, i);
	return index;
}

bool sl_rule_group_disclosure(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint64_t units = c->evidence->cell_units;
	sl_i128 limit = c->rules->group_percent;

	if (c->rules->group_disclosure == 1)
		return false;
	for (uint32_t m = 0; m < c->result->nmargins; m++) {
		const struct sl_margin *margin = &c->result->margins[m];
		uint64_t all = margin->cells[margin_index(c, margin->key)].units;
		bool none = units == 0 && !sl_plan_key_column(c->plan, &c->setup->view, margin->key)->structural_zero;
		if (all == 0)
			continue;
		int64_t part = sl_rule_percent((sl_i128)units, (sl_i128)all);
		bool unsafe = none || units >= all || (units > 0 && (sl_i128)units * SL_PERCENT_WHOLE > limit * (sl_i128)all);
		if (unsafe || part >= hit->measured)
			*hit = (struct sl_rule_hit){ .units = units, .measured = part, .limit = c->rules->group_percent };
		if (unsafe)
			return true;
	}
	return false;
}
