/*
 * within_group.c - a line of the table has exactly two non-empty cells and one of them is a single unit: that one
 * knows where all the others are.
 *
 * Lines run along each key with the other keys fixed. Both cells are unsafe.
 */
#include "policy/rules/rules.h"

static uint32_t ngroups(const struct sl_rule_case *c, uint32_t k)
{
	return sl_column_ngroups(sl_plan_key_column(c->plan, &c->setup->view, k), c->plan->keys[k].banded != 0);
}

static bool line_is_unsafe(const struct sl_rule_case *c, uint32_t k, uint32_t step)
{
	uint32_t n = ngroups(c, k), at = sl_plan_cell_group(c->plan, &c->setup->view, c->cell, k);
	uint32_t first = c->cell - at * step, nonempty = 0, single = 0;

	for (uint32_t g = 0; g < n && nonempty <= 2; g++) {
		uint64_t units = c->result->evidence[(size_t)(first + g * step) * c->plan->nstats].cell_units;
		nonempty += units > 0;
		single += units == 1;
	}
	return nonempty == 2 && single > 0;
}

bool sl_rule_within_group(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint32_t step = 1;

	*hit = (struct sl_rule_hit){ .units = c->evidence->cell_units, .measured = 1 };
	if (c->rules->within_group == 1 || c->evidence->cell_units == 0)
		return false;
	for (uint32_t k = c->plan->nkeys; k-- > 0; step *= ngroups(c, k))
		if (line_is_unsafe(c, k, step))
			return true;
	return false;
}
