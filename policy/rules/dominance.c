/*
 * dominance.c - the n largest units hold k per cent or more of a sum or mean (NKCheck), or of what a line or model goes
 * through: with the means of its x its coefficients tell the mean of y.
 *
 *   x1 + … + xn >= k/100 · X, on |unit totals|; a tie is unsafe (ACRO, sdcLog, GaussSuppression; EU Handbook on
 *   SDC, 2nd ed., writes >). Exact in 128 bits, k on scale 3.
 */
#include "policy/rules/rules.h"

bool sl_rule_dominance(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_rules *r = c->rules;
	const struct sl_evidence *e = c->evidence;
	const int64_t top[3] = { e->top1, e->top2, e->top3 };
	sl_i128 largest = 0, left, right;

	if ((r->dominance_n == 0 && r->dominance_k == 0) || !sl_rule_tells_total(&c->plan->stats[c->stat]))
		return false;
	for (uint32_t i = 0; i < r->dominance_n && i < 3; i++)
		largest += top[i];
	*hit = (struct sl_rule_hit){ .units = e->contributors,
		                     .measured = sl_rule_percent(largest, e->sum_abs),
		                     .limit = r->dominance_k };
	if (e->contributors == 0 && sl_rule_is_zero_public(c))
		return false;
	/* The engine counts the three largest; more than that is a rule that cannot be answered. */
	if (r->dominance_n > 3 || __builtin_mul_overflow(largest, (sl_i128)SL_PERCENT_WHOLE, &left) ||
	    __builtin_mul_overflow(e->sum_abs, (sl_i128)r->dominance_k, &right))
		return true;
	return left >= right;
}
