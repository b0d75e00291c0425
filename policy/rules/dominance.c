/*
 * dominance.c - the n largest units hold k per cent or more of a sum or mean (NKCheck), or of what a line or model goes
 * through: with the means of its x its coefficients tell the mean of y.
 *
 *   x1 + … + xn >= k/100 · X, on |unit totals|; a tie is unsafe (ACRO, sdcLog, GaussSuppression; EU Handbook on
 *   SDC, 2nd ed., writes >). Exact in 128 bits, k on scale 3.
 *
 * A count of rows is a sum of how many each unit has: one of fifty with 5,000 of 5,050 rows.
 *
 * A spread tells the largest amount as a sum does, and it tells who deviates most as a sum tells who has most: so both
 * are asked of it, the sum and the squared deviations (spread.c); of a line's or model's y the deviations, too, and of
 * a model's x, since it goes through who is far from the others (far.c).
 */
#include "policy/rules/rules.h"

static bool is_in_total(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_rules *r = c->rules;
	const struct sl_evidence *e = c->evidence;
	sl_i128 largest = 0, left, right;
	struct sl_amounts a;

	if (!sl_rule_amounts(c, &a))
		return false;
	for (uint32_t i = 0; i < r->dominance_n && i < 3; i++)
		largest += a.top[i];
	*hit = (struct sl_rule_hit){ .units = e->contributors,
		                     .measured = a.all == 0 ? SL_PERCENT_WHOLE : sl_rule_percent(largest, a.all),
		                     .limit = r->dominance_k };
	if (e->contributors == 0 && sl_rule_is_zero_public(c))
		return false;
	/* The engine counts the three largest; more than that is a rule that cannot be answered. */
	if (r->dominance_n > 3 || __builtin_mul_overflow(largest, (sl_i128)SL_PERCENT_WHOLE, &left) ||
	    __builtin_mul_overflow(a.all, (sl_i128)r->dominance_k, &right))
		return true;
	return left >= right;
}

static bool is_most(const struct sl_rule_case *c, const struct sl_deviations *d, struct sl_rule_hit *hit)
{
	struct sl_wide part = sl_wide_of(0);

	/* The third is not known, but no larger than the second. */
	for (uint32_t i = 0; i < c->rules->dominance_n && i < 3; i++)
		part = sl_wide_add(part, i == 0 ? d->largest : d->second);
	int64_t percent = sl_rule_percent_of(&part, &d->all);
	struct sl_wide left = sl_wide_mul(part, sl_wide_of(SL_PERCENT_WHOLE));
	struct sl_wide right = sl_wide_mul(d->all, sl_wide_of(c->rules->dominance_k));
	bool unsafe = c->rules->dominance_n > 3 || sl_wide_cmp_abs(&left, &right) >= 0;
	if (unsafe || percent > hit->measured)
		*hit = (struct sl_rule_hit){ .units = c->evidence->contributors, .measured = percent,
			                     .limit = c->rules->dominance_k };
	return unsafe;
}

bool sl_rule_dominance(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];

	if (c->rules->dominance_n == 0 && c->rules->dominance_k == 0)
		return false;
	if (is_in_total(c, hit))
		return true;
	return sl_rule_has_spread(s) && sl_rule_any_deviations(c, is_most, hit);
}
