/*
 * leverage.c - a coefficient that a few units may decide, since the other x of its model say nearly the same.
 *
 * What the others leave of an x's sum of squares is compared with t units that differ by its whole range: age beside
 * age plus one person's flag leaves 1, and the coefficient is that person. Less than t may also be an honest model of
 * few rows whose x go together, so a person judges, of an x with more than two values only where the others explain
 * more than half of it.
 *
 * A line goes through who is far from the others in its x (far.c), and how far somebody is of a line is known only as
 * the catalogue bounds it. Unless the spread of x is that of three at the bound or more, a person judges.
 */
#include "policy/rules/rules.h"

#define FAR_UNITS 3

static bool is_of_one(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	struct sl_deviations d;

	if (!sl_rule_far_of_line(c, &d))
		return false;
	struct sl_wide units = sl_wide_mul(d.largest, sl_wide_of(FAR_UNITS));
	bool few = sl_wide_cmp_abs(&d.all, &units) < 0;

	units = sl_wide_add(d.largest, d.largest);
	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors, .limit = FAR_UNITS,
		                     .measured = !few ? FAR_UNITS : sl_wide_cmp_abs(&d.all, &units) < 0 ? 1 : 2 };
	return few;
}

bool sl_rule_leverage(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);
	uint64_t least = UINT32_MAX;
	struct sl_model_own own;

	if (!sl_stat_is_model((enum sl_stat_fn)s->fn))
		return is_of_one(c, hit);
	if (s->fn != SL_STAT_COEF || n < 2)
		return false;
	/* The constant speaks of all of them. */
	for (uint32_t j = s->p > 0 ? s->p : 1; j <= (s->p > 0 ? s->p : n); j++)
		if (sl_rule_model_own(c, j, &own) && (own.two_valued || own.shared) && own.half_units / 2 < least)
			least = own.half_units / 2;
	if (least == UINT32_MAX)
		return false;
	*hit = (struct sl_rule_hit){
		.units = c->evidence->contributors, .measured = (int64_t)least, .limit = c->rules->threshold };
	return least < c->rules->threshold;
}
