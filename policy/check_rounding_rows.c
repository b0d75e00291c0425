/*
 * check_rounding_rows.c - rule rounding, units behind rows: where everybody has the same number of rows, which is often
 * known (twelve months), a rounded number of rows tells units. Half of what rounding leaves possible must be left.
 */
#include "policy/check_rounding.h"
#include "policy/rules/rules.h"
#include "policy/transform.h"

/* Beside its mean a sum tells the rounded rows that it was made with. */
static bool has_mean_beside(const struct sl_plan *plan, uint32_t stat)
{
	for (uint32_t s = 0; s < plan->nstats; s++)
		if (plan->stats[s].fn == SL_STAT_MEAN &&
		    sl_check_same_argument(plan, &plan->stats[s].arg, plan, &plan->stats[stat].arg))
			return true;
	return false;
}

/* A reader has the rounded rows from it: they are what it counts, or it adds up one number for each of them. */
static bool tells_rows(const struct sl_plan *plan, uint32_t stat, const struct sl_evidence *e)
{
	const struct sl_stat *s = &plan->stats[stat];

	if (s->fn == SL_STAT_SUM)
		return e->all_equal || has_mean_beside(plan, stat);
	return sl_rounding_is_count(s) && s->fn != SL_STAT_UNITS;
}

/* Every count that a shown number may be. False: it is not shown. */
static bool interval_of(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat,
                        struct sl_interval *out)
{
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_rules *rules = &st->setup->rules;
	uint64_t draw = sl_check_draw(&st->results[i], cell * plan->nstats + stat).counted;
	int64_t printed = 0;

	if (!st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + stat].shown ||
	    !sl_transform_count(rules, sl_rounding_true_count(st, i, cell, stat), draw, &printed))
		return false;
	*out = sl_transform_interval(rules, printed);
	return true;
}

/* How many units a shown number of rows leaves possible where each has as many; what does not tell them leaves all. */
static int64_t units_left(const struct sl_check_state *st, uint32_t i, uint32_t cell, uint32_t stat)
{
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_evidence *e = sl_rounding_evidence(st, i, cell, stat);
	bool all = plan->stats[stat].fn == SL_STAT_COUNT;
	uint64_t units = all ? e->cell_units : e->contributors, rows = sl_rounding_true_count(st, i, cell, stat);
	int64_t k = (int64_t)e->rows_by_one_max, lo = st->setup->rules.threshold, hi = INT64_MAX;
	struct sl_interval in;

	if (k < 2 || rows == 0 || rows / (uint64_t)k != units || rows % (uint64_t)k != 0 || !tells_rows(plan, stat, e))
		return INT64_MAX;
	if (!interval_of(st, i, cell, stat, &in))
		return INT64_MAX;
	lo = (in.lo + k - 1) / k > lo ? (in.lo + k - 1) / k : lo;
	hi = in.hi / k;
	for (uint32_t s = 0; s < plan->nstats && all; s++)
		if (plan->stats[s].fn == SL_STAT_UNITS && interval_of(st, i, cell, s, &in)) {
			lo = in.lo > lo ? in.lo : lo;
			hi = in.hi < hi ? in.hi : hi;
		}
	return hi - lo + 1;
}

/* The first of an output is enough. A total that was made of printed cells says nothing besides. */
enum sl_rc sl_rounding_rows(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	uint32_t nstats = st->plans[i].nstats, n = st->total_of[i] == 0 ? sl_rounding_ncells(st, i) * nstats : 0;

	for (uint32_t at = 0; at < n; at++) {
		int64_t left = units_left(st, i, at / nstats, at % nstats);
		if (left < sl_transform_least(&st->setup->rules))
			return sl_rounding_tell(st, i, at / nstats, at % nstats, left, err);
	}
	return SL_OK;
}
