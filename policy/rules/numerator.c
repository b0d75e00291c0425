/*
 * numerator.c - a count_if or share that a few units decide: those who meet the condition, or those who do not, are
 * 1 to t-1 (3 readmissions of 161 stays).
 *
 * For a share, rows known not to meet it are fewer than t: then so are their units, also when many more are unknown.
 */
#include "policy/rules/rules.h"

static bool is_few(uint64_t n, uint32_t t)
{
	return n >= 1 && n < t;
}

bool sl_rule_numerator(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	uint32_t t = c->rules->threshold;
	uint64_t few = 0;

	if (c->rules->numerator == 1 || !sl_rule_is_condition(s))
		return false;
	if (is_few(e->contributors, t))
		few = e->contributors;
	else if (is_few(e->complement_units, t))
		few = e->complement_units;
	else if (s->fn == SL_STAT_SHARE && is_few(e->known_rows - e->rows, t))
		few = e->known_rows - e->rows;
	*hit = (struct sl_rule_hit){ .units = e->contributors, .measured = (int64_t)few, .limit = t };
	return few > 0 || t == 0;
}
