/*
 * moments.c - values of variance, standard deviation, correlation, slope and intercept, exact from power sums.
 *
 * With n rows, x and y integers on grids of 10^-sx and 10^-sy:
 *
 *   dx = n Σxx - (Σx)²    dy = n Σyy - (Σy)²    dxy = n Σxy - Σx Σy
 *   variance dx / n(n-1)  slope dxy / dx  intercept (Σy Σxx - Σx Σxy) / dx  correlation dxy / √(dx dy)
 *
 * Each is one quotient of whole numbers, or the root of one, scaled to the published grid and rounded once.
 */
#include "policy/rules/rules.h"
#include "policy/wide.h"

/* The power sums of one place and their spreads. */
struct spread {
	const struct sl_moments *m;
	struct sl_wide n, dx, dy, dxy;
};

/* n Σab - Σa Σb. */
static struct sl_wide about_means(struct sl_wide n, sl_i128 ab, sl_i128 a, sl_i128 b)
{
	return sl_wide_sub(sl_wide_mul(n, sl_wide_of(ab)), sl_wide_mul(sl_wide_of(a), sl_wide_of(b)));
}

static struct spread spread_of(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat)
{
	size_t per_cell = sl_result_moments_at(plan, plan->nstats);
	const struct sl_moments *m = &result->moments[cell * per_cell + sl_result_moments_at(plan, stat)];
	struct sl_wide n = sl_wide_of((sl_i128)result->evidence[(size_t)cell * plan->nstats + stat].rows);

	return (struct spread){
		.m = m,
		.n = n,
		.dx = about_means(n, m->xx, m->x, m->x),
		.dy = about_means(n, m->yy, m->y, m->y),
		.dxy = about_means(n, m->xy, m->x, m->y),
	};
}

static struct sl_wide power_of_ten(int n)
{
	return sl_wide_of((sl_i128)sl_pow10(n));
}

/* a / b on a grid 10^by finer; by may be negative. */
static bool quotient(struct sl_wide a, struct sl_wide b, int by, int64_t *out)
{
	return sl_wide_div_round(sl_wide_mul(a, power_of_ten(by > 0 ? by : 0)),
	                         sl_wide_mul(b, power_of_ten(by < 0 ? -by : 0)), out);
}

/* √(a / b) on a grid 10^by finer; by is not negative. */
static bool root(struct sl_wide a, struct sl_wide b, int by, int64_t *out)
{
	return sl_wide_root_round(sl_wide_mul(a, power_of_ten(2 * by)), b, out);
}

static bool correlation(const struct spread *s, int by, int64_t *out)
{
	bool fits = root(sl_wide_mul(s->dxy, s->dxy), sl_wide_mul(s->dx, s->dy), by, out);

	if (fits && s->dxy.negative)
		*out = -*out;
	return fits;
}

static int scale_of(const struct sl_expr *e)
{
	return e->ops[e->nops - 1].scale;
}

bool sl_rule_moments_value(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat,
                           int scale, int64_t *out)
{
	const struct sl_stat *st = &plan->stats[stat];
	struct spread s = spread_of(plan, result, cell, stat);
	struct sl_wide pairs = sl_wide_mul(s.n, sl_wide_sub(s.n, sl_wide_of(1)));
	int by = scale - scale_of(&st->arg);

	*out = 0;
	if (s.m->overflow || s.dx.negative || s.dy.negative)
		return false;
	switch (st->fn) {
	case SL_STAT_VAR:
		return quotient(s.dx, pairs, by - scale_of(&st->arg), out);
	case SL_STAT_SD:
		return root(s.dx, pairs, by, out);
	case SL_STAT_CORR:
		return correlation(&s, scale, out);
	case SL_STAT_SLOPE:
		return quotient(s.dxy, s.dx, by + scale_of(&st->arg2), out);
	case SL_STAT_INTERCEPT:
		return quotient(sl_wide_sub(sl_wide_mul(sl_wide_of(s.m->y), sl_wide_of(s.m->xx)),
		                            sl_wide_mul(sl_wide_of(s.m->x), sl_wide_of(s.m->xy))),
		                s.dx, by, out);
	default:
		return false;
	}
}

bool sl_rule_moments_on_line(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat)
{
	uint8_t fn = plan->stats[stat].fn;
	struct spread s = spread_of(plan, result, cell, stat);

	if (s.m->overflow)
		return false;
	if (fn == SL_STAT_VAR || fn == SL_STAT_SD)
		return sl_wide_sign(&s.dx) == 0;
	struct sl_wide explained = sl_wide_mul(s.dxy, s.dxy), all = sl_wide_mul(s.dx, s.dy);
	return !all.overflow && !explained.overflow && sl_wide_cmp_abs(&explained, &all) == 0;
}
