/*
 * leverage.c - a coefficient that a few units may decide, since the other x of its model say nearly the same.
 *
 * What the others leave of an x's sum of squares is compared with t units that differ by its whole range: age beside
 * age plus one person's flag leaves 1, and the coefficient is that person. Less than t may also be an honest model of
 * few rows whose x go together, so a person judges, of an x with more than two values only where the others explain
 * more than half of it.
 */
#include "policy/rules/rules.h"

bool sl_rule_leverage(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);
	uint64_t least = UINT32_MAX;
	struct sl_model_own own;

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
