/*
 * spread.c - who makes up a spread: of the squared deviations from the mean, whose sum is what a variance, a standard
 * deviation, a line or a model is made of, how much the units have that deviate most. For dominance.c and p_percent.c.
 *
 * With one row a unit the largest is at the smallest or the largest value, and the second of those who lie above the
 * mean is known by the second largest amount; of those below it is taken to be as large as the first, which is its
 * bound.
 *
 * Of a unit with several rows only the total T is known, and the most rows r that any unit has. Were all its rows but
 * one like those of the others, the one would deviate by (n T - r X) (n - 1) / n (n - r); with fewer rows it is between
 * that and what it would be of one. Between the two the least is taken: nobody stands out for having many rows.
 *
 * All is times n² (n - r)², n the rows, so that it is whole numbers. The squares add up to (n Σxx - X²) / n.
 */
#include "policy/rules/rules.h"

/* Of one place: rows, and the sum of what deviates and of its squares. */
struct about {
	struct sl_wide n, x, xx;
	struct sl_wide most, others; /* rows of the unit with most, and all but as many */
};

/* What a line or model goes through is y. */
static bool about_of(const struct sl_rule_case *c, struct about *out)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	sl_i128 x, xx;

	if (sl_stat_is_model((enum sl_stat_fn)s->fn)) {
		if (!sl_rule_model_y(c, &x, &xx))
			return false;
	} else {
		size_t per_cell = sl_result_moments_at(c->plan, c->plan->nstats);
		const struct sl_moments *m =
			&c->result->moments[c->cell * per_cell + sl_result_moments_at(c->plan, c->stat)];
		if (m->overflow)
			return false;
		x = sl_rule_is_spread(s) ? m->x : m->y;
		xx = sl_rule_is_spread(s) ? m->xx : m->yy;
	}
	/* Where one unit has all rows there is no other to compare it with. */
	sl_i128 n = (sl_i128)e->rows, most = (sl_i128)e->rows_by_one_max;
	most = most > 0 && most < n ? most : 1;
	*out = (struct about){ .n = sl_wide_of(n), .x = sl_wide_of(x), .xx = sl_wide_of(xx), .most = sl_wide_of(most),
		               .others = sl_wide_of(n - most) };
	return true;
}

static struct sl_wide larger(struct sl_wide a, struct sl_wide b)
{
	return sl_wide_cmp_abs(&a, &b) < 0 ? b : a;
}

/* The square of how far a unit with this total deviates in one row, be it its only one or one of most. */
static struct sl_wide deviation(const struct about *a, int64_t total)
{
	struct sl_wide here = sl_wide_mul(a->n, sl_wide_of(total));
	struct sl_wide one = sl_wide_mul(sl_wide_sub(here, a->x), a->others);
	struct sl_wide most = sl_wide_mul(sl_wide_sub(here, sl_wide_mul(a->most, a->x)),
	                                  sl_wide_sub(a->n, sl_wide_of(1)));

	if (sl_wide_sign(&one) != sl_wide_sign(&most))
		return sl_wide_of(0);
	struct sl_wide least = sl_wide_cmp_abs(&one, &most) < 0 ? one : most;
	return sl_wide_mul(least, least);
}

static struct sl_wide less(struct sl_wide a, struct sl_wide b)
{
	return sl_wide_cmp_abs(&a, &b) < 0 ? sl_wide_of(0) : sl_wide_sub(a, b);
}

bool sl_rule_deviations(const struct sl_rule_case *c, struct sl_deviations *out)
{
	const struct sl_evidence *e = c->evidence;
	struct about a;

	if (e->contributors == 0 || !about_of(c, &a))
		return false;
	/* Amounts fall from top1 on, whatever their sign: the second from an end, where the first is known to be it. */
	int64_t after_most = e->unit_max == e->top1 ? e->top2 : e->unit_max;
	int64_t after_least = e->unit_min == -e->top1 ? -e->top2 : e->unit_min;
	struct sl_wide most = deviation(&a, e->unit_max), least = deviation(&a, e->unit_min);
	bool above = sl_wide_cmp_abs(&most, &least) >= 0;
	struct sl_wide other = above ? least : most, next = deviation(&a, above ? after_most : after_least);

	out->all = sl_wide_mul(sl_wide_mul(a.n, sl_wide_mul(a.others, a.others)),
	                       sl_wide_sub(sl_wide_mul(a.n, a.xx), sl_wide_mul(a.x, a.x)));
	out->largest = above ? most : least;
	if (sl_wide_cmp_abs(&out->largest, &out->all) > 0)
		out->largest = out->all;
	out->second = larger(other, next);
	out->rest = less(out->all, out->largest);
	if (sl_wide_cmp_abs(&out->second, &out->rest) > 0)
		out->second = out->rest;
	out->rest = less(out->rest, out->second);
	return !out->all.overflow && !out->largest.overflow && !out->second.overflow;
}

/* part / whole in per cent on scale 3. */
int64_t sl_rule_percent_of(const struct sl_wide *part, const struct sl_wide *whole)
{
	int64_t p;

	if (!sl_wide_div_round(sl_wide_mul(*part, sl_wide_of(SL_PERCENT_WHOLE)), *whole, &p) || p > SL_PERCENT_MOST)
		return sl_wide_sign(part) > 0 ? SL_PERCENT_MOST : 0;
	return p;
}
