/*
 * degrees_of_freedom.c - a spread or a line through few units (MinimumDoFCheck).
 *
 * Contributors less what the statistic estimates on the way: one mean for a variance or standard deviation, two for
 * the line of a correlation, slope or intercept, one more than its x's for a model. Units, not rows: ten rows of one
 * unit are that unit's own spread.
 */
#include "policy/rules/rules.h"

bool sl_rule_degrees_of_freedom(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	enum sl_stat_fn fn = (enum sl_stat_fn)s->fn;
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint64_t units = c->evidence->contributors, used = 1 + (uint64_t)sl_expr_parts(&s->arg2, parts);
	uint64_t left = units > used ? units - used : 0;
	uint32_t dof = c->rules->dof;

	if (!sl_stat_has_moments(fn) && !sl_stat_is_model(fn))
		return false;
	*hit = (struct sl_rule_hit){ .units = units,
		                     .measured = (int64_t)(left < INT64_MAX ? left : INT64_MAX),
		                     .limit = dof };
	if (units == 0 && dof > 0 && sl_rule_is_zero_public(c))
		return false;
	return dof == 0 || left < dof;
}
