/* check_numbers.c - see check_secondary.h: what is known of a number, and how far it must not be. */
#include "policy/check_secondary.h"
#include "policy/rules/rules.h"

/* Percent of a sum that is protected where policy has no p % rule. */
#define P_PERCENT_DEFAULT 10000

/* A part of a percentage on scale 3, rounded up. */
static sl_i128 percent_of(sl_i128 whole, uint32_t percent)
{
	return (whole * percent + SL_PERCENT_WHOLE - 1) / SL_PERCENT_WHOLE;
}

static sl_i128 larger(sl_i128 a, sl_i128 b)
{
	return a > b ? a : b;
}

static bool fits(sl_i128 v)
{
	return v >= -SL_FACT_VALUE_MAX && v <= SL_FACT_VALUE_MAX;
}

static int64_t clamped(sl_i128 v)
{
	return fits(v) ? (int64_t)v : v > 0 ? SL_FACT_VALUE_MAX : -SL_FACT_VALUE_MAX;
}

/* Where n units have k per cent or more: so much that they would have less (100/k · (x1 + … + xn) − X). */
static sl_i128 dominance_protection(const struct sl_rules *rules, const struct sl_evidence *e)
{
	const int64_t top[3] = { e->top1, e->top2, e->top3 };
	sl_i128 largest = 0;

	for (uint32_t i = 0; i < rules->dominance_n && i < 3; i++)
		largest += top[i];
	if (rules->dominance_k == 0)
		return 0;
	return (largest * SL_PERCENT_WHOLE + rules->dominance_k - 1) / rules->dominance_k - e->sum_abs;
}

/*
 * How far a sum is protected (EU Handbook on SDC, 2nd ed., table 4.2): that nobody would dominate, and p per cent of it
 * all, which is more than that the second largest cannot tell the largest closer (p/100 · x1 − (X − x1 − x2)). Of fewer
 * than `threshold` units as far as a count: as many like the largest could be in it; a sum of ones is a count.
 */
static sl_i128 sum_protection(const struct sl_rules *rules, const struct sl_family *f, const struct sl_evidence *e)
{
	uint32_t p = rules->p_percent > 0 ? rules->p_percent : P_PERCENT_DEFAULT;
	sl_i128 most = larger(1, dominance_protection(rules, e));

	if (e->sum_abs > SL_FACT_VALUE_MAX)
		return SL_FACT_VALUE_MAX;
	most = larger(most, percent_of(e->sum_abs, p));
	return !f->of_amounts && e->contributors < rules->threshold ? larger(most, (sl_i128)e->top1 * rules->threshold) : most;
}

/* A count of rows is protected by as many as `threshold` units could have in it. */
static sl_i128 count_protection(const struct sl_rules *rules, const struct sl_evidence *e, enum sl_number kind)
{
	sl_i128 rows = kind == SL_NUMBER_UNITS || e->rows_by_one_max == 0 ? 1 : (sl_i128)e->rows_by_one_max;

	return rows * rules->threshold;
}

/*
 * A sum whose units all have nothing below 0, or nothing above, is taken for one of which everybody knows that. How
 * many rows are behind a number that is shown may be known, and with them what it can be at all.
 */
static void bound_sum(const struct sl_family *f, const struct sl_evidence *e, bool hidden, struct sl_fact *out)
{
	bool rises = e->contributors > e->negatives + e->zeros;

	out->lo = f->lo < 0 && (e->negatives > 0 || f->hi <= 0) ? -SL_FACT_VALUE_MAX : 0;
	out->hi = f->hi <= 0 || (e->negatives > 0 && !rises) ? 0 : SL_FACT_VALUE_MAX;
	if (hidden)
		return;
	if (f->lo != INT64_MIN)
		out->lo = clamped(larger((sl_i128)f->lo * (int64_t)e->rows, out->lo));
	if (f->hi != INT64_MAX)
		out->hi = clamped(-larger(-(sl_i128)f->hi * (int64_t)e->rows, -(sl_i128)out->hi));
}

/* Where an empty cell is shown, a hidden one is not empty. */
static bool is_zero_shown(const struct sl_check_state *st, uint32_t i)
{
	struct sl_rule_case c = { .setup = st->setup, .rules = &st->setup->rules, .plan = &st->plans[i] };

	return sl_rule_may_show_zeros(&c);
}

bool sl_check_number(const struct sl_check_state *st, const struct sl_family *f, uint32_t i,
                     const struct sl_evidence *e, bool hidden, struct sl_fact *out)
{
	const struct sl_rules *rules = &st->setup->rules;
	bool sum = f->kind == SL_NUMBER_SUM;
	sl_i128 value = sum ? e->sum : f->kind == SL_NUMBER_UNITS ? (sl_i128)e->cell_units : (sl_i128)e->cell_rows;

	if (!fits(value) || e->overflow || e->rows > INT64_MAX)
		return false;
	out->value = (int64_t)value;
	out->lo = e->cell_units > 0 && is_zero_shown(st, i);
	out->hi = SL_FACT_VALUE_MAX;
	if (sum)
		bound_sum(f, e, hidden, out);
	out->above = out->below = clamped(sum ? sum_protection(rules, f, e) : count_protection(rules, e, f->kind));
	out->cost = e->cell_units;
	/* Its one unit knows it; and that nobody is in it is known of many a cell (boys of a maternity ward). */
	uint64_t behind = sum ? e->contributors : e->cell_units;
	out->insider = behind == 0 ? SL_INSIDER_EVERYBODY : behind == 1 ? SL_INSIDER_UNIT : SL_INSIDER_NONE;
	return true;
}
