/*
 * numerator.c - a count_if or share that a few units decide: those who meet the condition, or those who do not, are
 * 1 to t-1 (3 readmissions of 161 stays).
 *
 * For a share, rows known not to meet it are fewer than t: then so are their units, also when many more are unknown.
 *
 * A sum counts too when it adds up ones: units that add something but nothing are its numerator. Of a mean the same.
 * Where all who add something add the same, those who add nothing are the others.
 *
 * A measure that has two values (two_values.c) is a condition told by its sum or mean: a mean of 1.8 of five ones and
 * twos says that one has 1. Its variance says it as well, but for which of the two; there two values are also those
 * that happen to be all, since they can be seen. How many rows have either is solved from the sum; of units at least as
 * many as the one with most rows leaves.
 */
#include "policy/rules/rules.h"
#include "policy/wide.h"

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

static uint64_t units_of_rows(const struct sl_evidence *e, sl_i128 rows)
{
	sl_i128 most = e->rows_by_one_max > 0 ? (sl_i128)e->rows_by_one_max : 1;

	return (uint64_t)((rows + most - 1) / most);
}

/* Of so many rows that add up to `sum` of two values, those who have either. False: they do not. */
static bool rows_of_values(const struct sl_evidence *e, sl_i128 sum, const int64_t values[static 2],
                           uint64_t rows[static 2])
{
	sl_i128 over = sum - (sl_i128)values[0] * (sl_i128)e->rows, step = (sl_i128)values[1] - values[0];
	sl_i128 second = over / step;

	if (over % step != 0 || second < 0 || second > (sl_i128)e->rows)
		return false;
	rows[0] = e->rows - (uint64_t)second;
	rows[1] = (uint64_t)second;
	return true;
}

/* The fewer of those who have the one, or the other. 0: nobody. */
static uint64_t least_of_values(const struct sl_evidence *e, sl_i128 sum, const int64_t values[static 2])
{
	uint64_t rows[2];

	if (!rows_of_values(e, sum, values, rows))
		return 0;
	return least(units_of_rows(e, (sl_i128)rows[0]), units_of_rows(e, (sl_i128)rows[1]));
}

static uint64_t least_of_two(const struct sl_rule_case *c, const struct sl_stat *s, const struct sl_evidence *e)
{
	int64_t values[2];

	return sl_rule_two_values(c, &s->arg, values) ? least_of_values(e, e->sum, values) : 0;
}

/* Every row has the smallest or the largest value: then no (x - smallest)(largest - x) is more than nothing. */
static bool are_two(const struct sl_evidence *e, const struct sl_moments *m)
{
	struct sl_wide lo = sl_wide_of(e->unit_min), hi = sl_wide_of(e->unit_max), n = sl_wide_of((sl_i128)e->rows);
	struct sl_wide sum = sl_wide_mul(sl_wide_of((sl_i128)e->unit_min + e->unit_max), sl_wide_of(m->x));
	struct sl_wide rest = sl_wide_sub(sl_wide_sub(sum, sl_wide_of(m->xx)), sl_wide_mul(n, sl_wide_mul(lo, hi)));

	return e->rows_by_one_max == 1 && e->unit_min < e->unit_max && !rest.overflow && sl_wide_sign(&rest) == 0;
}

static const struct sl_moments *moments_of(const struct sl_rule_case *c)
{
	size_t per_cell = sl_result_moments_at(c->plan, c->plan->nstats);

	return &c->result->moments[c->cell * per_cell + sl_result_moments_at(c->plan, c->stat)];
}

bool sl_rule_rows_of_two(const struct sl_rule_case *c, int64_t values[static 2], uint64_t rows[static 2])
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	bool is_spread = sl_rule_is_spread(s);

	if (!(is_spread || sl_rule_is_magnitude(s)) || !sl_rule_two_values(c, &s->arg, values) ||
	    (is_spread && moments_of(c)->overflow))
		return false;
	return rows_of_values(c->evidence, is_spread ? moments_of(c)->x : c->evidence->sum, values, rows);
}

/* A spread tells how many have the one value, but for which: declared ones, or, of one row a unit, those there are. */
static uint64_t least_of_spread(const struct sl_rule_case *c, const struct sl_stat *s, const struct sl_evidence *e)
{
	const struct sl_moments *m = moments_of(c);
	const int64_t seen[2] = { e->unit_min, e->unit_max };
	int64_t declared[2];

	if (m->overflow)
		return 0;
	if (sl_rule_two_values(c, &s->arg, declared))
		return least_of_values(e, m->x, declared);
	return are_two(e, m) ? least_of_values(e, m->x, seen) : 0;
}

/* Those who meet the condition are few, or those who do not. */
struct side {
	uint64_t few;
	uint32_t limit;
};

static bool is_few(const struct side *s)
{
	return (s->few > 0 && s->few < s->limit) || s->limit == 0;
}

static struct side few_of_condition(const struct sl_rule_case *c, const struct sl_stat *s, const struct sl_evidence *e)
{
	struct side in = { e->contributors, sl_rule_limit(c) };
	struct side out = { least(e->complement_units, s->fn == SL_STAT_SHARE ? e->known_rows - e->rows : 0),
		            sl_rule_limit_others(c) };

	if (is_few(&in) != is_few(&out))
		return is_few(&in) ? in : out;
	return out.few == 0 || (in.few > 0 && in.few < out.few) ? in : out;
}

bool sl_rule_numerator(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	struct side side;

	if (c->rules->numerator == 1 || !(sl_rule_is_condition(s) || sl_rule_is_magnitude(s) || sl_rule_is_spread(s)))
		return false;
	if (sl_rule_is_condition(s))
		side = few_of_condition(c, s, e);
	else if (sl_rule_is_spread(s))
		side = (struct side){ least_of_spread(c, s, e), sl_rule_limit(c) };
	else
		side = (struct side){ least(least_of_sum(e), least_of_two(c, s, e)), sl_rule_limit(c) };
	*hit = (struct sl_rule_hit){ .units = e->contributors,
		                     .measured = (int64_t)(side.few < INT64_MAX ? side.few : INT64_MAX),
		                     .limit = side.limit };
	return is_few(&side);
}
