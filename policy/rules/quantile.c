/*
 * quantile.c - a quantile with few units on one side of it, that is the value of few units, or that tells how many
 * units have less.
 *
 * Fewer than t units strictly below or strictly above hide it: near p = 0 or 1 it is a minimum or a maximum by another
 * name. Enough on both sides, it is still some unit's own value: fewer than t units exactly there are for a person to
 * judge.
 *
 * A quantile is a count in disguise, too: at least p of n have its value or less. Where 0.5 is 4 and 0.5001 is 5, half
 * of a thousand have 4 or less, exactly. Between two quantiles that may be asked of one set there must be t units, in
 * whichever requests they are asked; so which parts may be asked follows from the number of units alone (distance_of).
 */
#include "policy/rules/rules.h"
#include "policy/transform.h"

/* NULL: no quantile, or a cell whose emptiness is public. */
static const struct sl_quantile *quantile_of(const struct sl_rule_case *c)
{
	if (c->plan->stats[c->stat].fn != SL_STAT_QUANTILE)
		return NULL;
	if (c->evidence->contributors == 0 && sl_rule_is_zero_public(c))
		return NULL;
	return sl_rule_quantile(c->plan, c->result, c->cell, c->stat);
}

static bool is_few(const struct sl_rule_case *c, uint64_t units, struct sl_rule_hit *hit)
{
	uint32_t t = c->rules->threshold;

	*hit = (struct sl_rule_hit){ .units = c->evidence->contributors,
		                     .measured = (int64_t)(units < INT64_MAX ? units : INT64_MAX),
		                     .limit = t };
	return t == 0 || units < t;
}

/*
 * How far p is from its neighbours in the coarsest list that has it, in ten-thousandths. Each list has the ones before
 * it whole, so that any two parts are at least as far apart as the nearer of their two answers.
 */
static uint32_t distance_of(uint16_t p)
{
	static const uint16_t coarse[] = { 1000, 2500, 5000, 7500, 9000 };
	static const uint32_t fine[] = { 500, 100, 10 };

	if (p == 5000)
		return 5000;
	if (p % 2500 == 0)
		return 2500;
	for (size_t i = 0; i < sizeof coarse / sizeof coarse[0]; i++)
		if (p == coarse[i])
			return 1500;
	for (size_t i = 0; i < sizeof fine / sizeof fine[0]; i++)
		if (p % fine[i] == 0)
			return fine[i];
	return 1;
}

/*
 * The fewest units that print like n do. Whether a quantile is shown must tell no more of n than what is printed: where
 * limits cut through what prints alike it would.
 */
static uint64_t least_alike(const struct sl_rules *rules, uint64_t n)
{
	int64_t printed, before;

	if (rules->transform == SL_TRANSFORM_RANDOM && rules->transform_base > 0)
		return n - n % rules->transform_base;
	while (n > 0 && sl_transform_is_on(rules) && sl_transform_count(rules, n, 0, &printed) &&
	       sl_transform_count(rules, n - 1, 0, &before) && before == printed)
		n--;
	return n;
}

/* Units between two quantiles that may be asked of the cell, at least; rows are those of units with most. */
static uint64_t units_between(const struct sl_rule_case *c)
{
	const struct sl_evidence *e = c->evidence;
	uint64_t by_rows = e->rows_by_one_max > 0 ? e->rows / e->rows_by_one_max : 0;
	uint64_t units = least_alike(c->rules, e->contributors < by_rows ? e->contributors : by_rows);

	return (uint64_t)((unsigned __int128)units * distance_of(c->plan->stats[c->stat].p) / SL_QUANTILE_ONE);
}

bool sl_rule_quantile_sides(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_quantile *q = quantile_of(c);
	uint64_t least, between;

	if (q == NULL)
		return false;
	least = q->below_units < q->above_units ? q->below_units : q->above_units;
	between = units_between(c);
	return is_few(c, between < least ? between : least, hit);
}

bool sl_rule_quantile_value(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_quantile *q = quantile_of(c);

	return q != NULL && is_few(c, q->at_units, hit);
}
