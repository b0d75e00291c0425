/*
 * p_percent.c - the second largest unit can estimate the largest to within p per cent (PPercentCheck).
 *
 *   X - x1 - x2 < p/100 · x1, on |unit totals|; strict (EU Handbook on SDC, 2nd ed., section 4.2). Exact in 128 bits.
 */
#include "policy/rules/rules.h"

bool sl_rule_p_percent(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_evidence *e = c->evidence;
	uint32_t p = c->rules->p_percent;
	sl_i128 rest = e->sum_abs - e->top1 - e->top2, left;

	if (p == 0 || !sl_rule_tells_total(&c->plan->stats[c->stat]))
		return false;
	*hit = (struct sl_rule_hit){ .units = e->contributors, .measured = sl_rule_percent(rest, e->top1), .limit = p };
	if (rest < 0 || __builtin_mul_overflow(rest, (sl_i128)SL_PERCENT_WHOLE, &left))
		return true;
	return left < (sl_i128)e->top1 * p;
}
