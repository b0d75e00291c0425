/*
 * threshold.c - fewer than t units behind a number (MinimumThresholdCheck).
 *
 * Asked of the cell (units with a row in it) and of each statistic (units with a row that meets its condition and
 * has a value). Strict: exactly t is enough. With jitter t is drawn for each group of units. An empty cell counts as
 * small unless its emptiness is public.
 */
#include "policy/rules/rules.h"

bool sl_rule_threshold(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	bool whole_cell = c->stat == SL_FINDING_WHOLE;
	uint32_t t = whole_cell ? sl_rule_limit_cell(c) : sl_rule_limit(c);
	uint64_t units = whole_cell ? c->evidence->cell_units : c->evidence->contributors;

	if (!whole_cell && c->plan->stats[c->stat].fn <= SL_STAT_COUNT)
		units = c->evidence->cell_units;
	*hit = (struct sl_rule_hit){ .units = units,
		                     .measured = (int64_t)(units < INT64_MAX ? units : INT64_MAX),
		                     .limit = t };
	if (t == 0)
		return true;
	if (units == 0)
		return !sl_rule_is_zero_public(c);
	return units < t;
}
