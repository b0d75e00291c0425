/*
 * numerator.c - a count_if or share that a few units decide: those who meet the condition, or those who do not, are
 * 1 to t-1 (3 readmissions of 161 stays).
 *
 * For a share, rows known not to meet it are fewer than t: then so are their units, also when many more are unknown.
 *
 * A sum counts too when it adds up ones: units that add something but nothing are its numerator. Of a mean the same.
 * Where all who add something add the same, those who add nothing are the others.
 */
#include "policy/rules/rules.h"

/* The least of those that are not nobody; 0: all are. */
static uint64_t least(uint64_t x, uint64_t y)
{
	if (x == 0 || y == 0)
		return x > y ? x : y;
	return x < y ? x : y;
}

/* Of a sum or mean: units that add something, or, where it is a count in disguise, units that do not. */
static uint64_t least_of_sum(const struct sl_evidence *e)
{
	uint64_t some = e->contributors - e->zeros;
	bool is_count = e->unit_min >= 0 && e->sum == (sl_i128)some * e->unit_max;

	return least(some, is_count ? e->zeros : 0);
}

static uint64_t least_of_condition(const struct sl_stat *s, const struct sl_evidence *e)
{
	uint64_t units = least(e->contributors, e->complement_units);

	return least(units, s->fn == SL_STAT_SHARE ? e->known_rows - e->rows : 0);
}

bool sl_rule_numerator(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	uint32_t t = c->rules->threshold;
	uint64_t few;

	if (c->rules->numerator == 1 || !(sl_rule_is_condition(s) || sl_rule_is_magnitude(s)))
		return false;
	few = sl_rule_is_condition(s) ? least_of_condition(s, e) : least_of_sum(e);
	*hit = (struct sl_rule_hit){ .units = e->contributors,
		                     .measured = (int64_t)(few < INT64_MAX ? few : INT64_MAX),
		                     .limit = t };
	return (few > 0 && few < t) || t == 0;
}
