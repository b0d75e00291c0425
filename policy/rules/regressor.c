/*
 * regressor.c - an x of a model that few units vary: its coefficient is about those few.
 *
 * Of each x the units with a row above its smallest value, and those with a row below its largest: of a condition the
 * units that meet it, and those that do not. Either fewer than t is unsafe, as a count of them would be (numerator.c):
 * the coefficient of a condition that one person meets is that person's value less what the model expects.
 *
 * An x with two values may be the same as the others but for a few units (the wards' flags that leave one patient for
 * the constant). What the others leave of its sum of squares is ab / (a + b) where a and b units are told apart by it
 * alone; with t units on each side that is t / 2, so less than that is fewer than t on one side.
 */
#include "policy/rules/rules.h"

static uint64_t fewest(const struct sl_rule_case *c, uint32_t j)
{
	const struct sl_variable *v = sl_rule_model_variable(c, j);
	uint64_t units = v->above_units < v->below_units ? v->above_units : v->below_units;
	struct sl_model_own own;

	/* Where it is no x by itself there is no value to print: range. */
	if (sl_rule_model_own(c, j, &own) && own.two_valued && own.half_units < units)
		return own.half_units;
	return units;
}

bool sl_rule_regressor(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint64_t least = UINT32_MAX;

	if (!sl_stat_is_model((enum sl_stat_fn)s->fn))
		return false;
	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors, .limit = c->rules->threshold };
	if (c->evidence->contributors == 0 && sl_rule_is_zero_public(c))
		return false;
	uint32_t n = sl_expr_parts(&s->arg2, parts);
	for (uint32_t j = 1; j <= n; j++) {
		uint64_t units = fewest(c, j);
		least = units < least ? units : least;
	}
	hit->measured = (int64_t)least;
	return c->rules->threshold == 0 || least < c->rules->threshold;
}
