/*
 * p_percent.c - the second largest unit can estimate the largest to within p per cent (PPercentCheck).
 *
 *   X - x1 - x2 < p/100 · x1, on |unit totals|; strict (EU Handbook on SDC, 2nd ed., section 4.2). Exact in 128 bits.
 *
 * Of a count of rows the amounts are rows. Of a spread the same of the squared deviations, too, and of a line's or
 * model's y, and of a model's x: see dominance.c.
 */
#include "policy/rules/rules.h"

static bool is_in_total(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	uint32_t p = c->rules->p_percent;
	struct sl_amounts a;
	sl_i128 left;

	if (!sl_rule_amounts(c, &a))
		return false;
	sl_i128 rest = a.all - a.top[0] - a.top[1];
	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors, .measured = sl_rule_percent(rest, a.top[0]),
		                     .limit = p };
	if (rest < 0 || __builtin_mul_overflow(rest, (sl_i128)SL_PERCENT_WHOLE, &left))
		return true;
	return left < a.top[0] * p;
}

static bool is_most(const struct sl_rule_case *c, const struct sl_deviations *d, struct sl_rule_hit *hit)
{
	uint32_t p = c->rules->p_percent;
	int64_t percent = sl_rule_percent_of(&d->rest, &d->largest);
	struct sl_wide left = sl_wide_mul(d->rest, sl_wide_of(SL_PERCENT_WHOLE));
	struct sl_wide right = sl_wide_mul(d->largest, sl_wide_of(p));
	bool unsafe = sl_wide_cmp_abs(&left, &right) < 0;
	if (unsafe || hit->limit == 0 || percent < hit->measured)
		*hit = (struct sl_rule_hit){ .units = c->evidence->contributors, .measured = percent, .limit = p };
	return unsafe;
}

bool sl_rule_p_percent(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];

	if (c->rules->p_percent == 0)
		return false;
	if (is_in_total(c, hit))
		return true;
	return sl_rule_has_spread(s) && sl_rule_any_deviations(c, is_most, hit);
}
