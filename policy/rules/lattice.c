/*
 * lattice.c - see lattice.h.
 *
 * An equation is taken in by Euclid's algorithm on the steps: all but one are turned into steps along which it holds,
 * and that one is gone as many times as it takes to make it hold. What is left are the solutions among the integers.
 * Those without a negative number are looked for only when it is asked: with no step left there is one, with one step
 * they are an interval; with two they lie on lines, each an interval, and the lines between two ends have one (Fourier
 * and Motzkin). The middle of a wide table nearly always has a solution, so that lines are tried from there.
 */
#include "policy/rules/lattice.h"

#include <string.h>

/* Lines that are looked at. */
#define TRIES 512
/* Numbers beyond are given up, so that a sum of some of them, or one turned round, is still a number. */
#define FAR ((sl_i128)1 << 120)

static bool add_times(sl_i128 *to, sl_i128 times, sl_i128 v)
{
	sl_i128 more;

	return !__builtin_mul_overflow(times, v, &more) && !__builtin_add_overflow(*to, more, to) && *to < FAR && *to > -FAR;
}

/* a, times times more; false: a number left its range. */
static bool go(const struct sl_lattice *l, sl_i128 *a, sl_i128 times, const sl_i128 *step)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (!add_times(&a[i], times, step[i]))
			return false;
	return true;
}

static bool apply(const struct sl_lattice *l, const sl_i128 *of, const sl_i128 *x, sl_i128 *sum)
{
	*sum = 0;
	for (uint32_t i = 0; i < l->n; i++)
		if (!add_times(sum, of[i], x[i]))
			return false;
	return true;
}

void sl_lattice_open(struct sl_lattice *l, uint32_t n, sl_i128 sum)
{
	*l = (struct sl_lattice){ .n = n, .nsteps = n - 1 };
	l->at[0] = sum;
	for (uint32_t i = 1; i < n; i++) {
		l->steps[i - 1][0] = -1;
		l->steps[i - 1][i] = 1;
	}
}

static void swap_steps(struct sl_lattice *l, uint32_t a, uint32_t b)
{
	sl_i128 t[SL_LATTICE_UNKNOWNS];

	memcpy(t, l->steps[a], sizeof t);
	memcpy(l->steps[a], l->steps[b], sizeof t);
	memcpy(l->steps[b], t, sizeof t);
}

/* Only the first step changes `of`, by *by, not negative; 0: none does. */
static bool gather(struct sl_lattice *l, const sl_i128 *of, sl_i128 *by)
{
	sl_i128 g[SL_LATTICE_UNKNOWNS], t;

	*by = 0;
	for (uint32_t s = 0; s < l->nsteps; s++)
		if (!apply(l, of, l->steps[s], &g[s]))
			return false;
	for (uint32_t s = 1; s < l->nsteps; s++)
		while (g[s] != 0) {
			t = g[0] / g[s];
			if (!go(l, l->steps[0], -t, l->steps[s]))
				return false;
			g[0] -= t * g[s];
			swap_steps(l, 0, s);
			t = g[0];
			g[0] = g[s];
			g[s] = t;
		}
	if (l->nsteps > 0 && g[0] < 0) {
		for (uint32_t i = 0; i < l->n; i++)
			l->steps[0][i] = -l->steps[0][i];
		g[0] = -g[0];
	}
	*by = l->nsteps > 0 ? g[0] : 0;
	return true;
}

void sl_lattice_add(struct sl_lattice *l, const sl_i128 *of, sl_i128 sum)
{
	sl_i128 by, is;

	l->lost = l->lost || !gather(l, of, &by) || !apply(l, of, l->at, &is) || __builtin_sub_overflow(sum, is, &is);
	if (l->lost)
		return;
	l->none = l->none || (by == 0 ? is != 0 : is % by != 0);
	if (by == 0 || l->none)
		return;
	l->lost = !go(l, l->at, is / by, l->steps[0]);
	l->nsteps--;
	memmove(l->steps[0], l->steps[1], l->nsteps * sizeof l->steps[0]);
}

static sl_i128 floor_of(sl_i128 a, sl_i128 b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* How often `step` may be gone from x without a negative number. False: never. */
static bool stay(const struct sl_lattice *l, const sl_i128 *x, const sl_i128 *step, sl_i128 *lo, sl_i128 *hi)
{
	bool low = false, high = false;

	/* Steps add up to nothing, so that some number falls where another rises: there are both ends. */
	*lo = *hi = 0;
	for (uint32_t i = 0; i < l->n; i++) {
		if (step[i] == 0 && x[i] < 0)
			return false;
		sl_i128 end = step[i] == 0 ? 0 : step[i] > 0 ? -floor_of(x[i], step[i]) : floor_of(x[i], -step[i]);
		if (step[i] > 0 && (!low || end > *lo)) {
			*lo = end;
			low = true;
		}
		if (step[i] < 0 && (!high || end < *hi)) {
			*hi = end;
			high = true;
		}
	}
	return *lo <= *hi;
}

/* In every solution they are so many. */
static enum sl_lattice_known tells_interval(sl_i128 lo, sl_i128 hi, sl_i128 few, sl_i128 *least)
{
	*least = lo;
	return lo >= 1 && hi <= few ? SL_LATTICE_YES : SL_LATTICE_NO;
}

/* As near to nothing as whole steps lead, by the step's largest number: else its numbers soon leave their range. */
static bool come_near(const struct sl_lattice *l, sl_i128 *x, const sl_i128 *step)
{
	uint32_t at = 0;
	sl_i128 most = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		sl_i128 abs = step[i] < 0 ? -step[i] : step[i];
		at = abs > most ? i : at;
		most = abs > most ? abs : most;
	}
	return most == 0 || go(l, x, -(x[at] / step[at]), step);
}

/* a + times · b is not negative: the ends for `times` come nearer. False: for none it is so. */
static bool bound(sl_i128 a, sl_i128 b, sl_i128 *lo, sl_i128 *hi)
{
	if (b == 0)
		return a >= 0;
	sl_i128 end = b > 0 ? -floor_of(a, b) : floor_of(a, -b);
	if (b > 0 && end > *lo)
		*lo = end;
	if (b < 0 && end < *hi)
		*hi = end;
	return true;
}

/* How often the first step may be gone so that some part of the second leads where no number is negative. */
static bool find_lines(const struct sl_lattice *l, sl_i128 *lo, sl_i128 *hi)
{
	const sl_i128 *first = l->steps[0], *second = l->steps[1];

	*lo = -FAR;
	*hi = FAR;
	for (uint32_t i = 0; i < l->n; i++) {
		if (second[i] == 0 && !bound(l->at[i], first[i], lo, hi))
			return false;
		for (uint32_t j = 0; j < l->n && second[i] > 0; j++) {
			sl_i128 a = 0, b = 0;
			if (second[j] >= 0)
				continue;
			if (!add_times(&a, second[i], l->at[j]) || !add_times(&a, -second[j], l->at[i]) ||
			    !add_times(&b, second[i], first[j]) || !add_times(&b, -second[j], first[i]) ||
			    !bound(a, b, lo, hi))
				return false;
		}
	}
	return true;
}

/* There is a solution `times` first steps away, and some of the second. */
static bool is_on_line(const struct sl_lattice *l, sl_i128 times)
{
	sl_i128 x[SL_LATTICE_UNKNOWNS], lo, hi;

	memcpy(x, l->at, sizeof x);
	return go(l, x, times, l->steps[0]) && stay(l, x, l->steps[1], &lo, &hi);
}

/* On one of the lines from lo to hi, the middle ones first. */
static enum sl_lattice_known is_on_some(const struct sl_lattice *l, sl_i128 lo, sl_i128 hi)
{
	sl_i128 up = lo + (hi - lo) / 2, down = up - 1;

	for (uint32_t i = 0; i < TRIES && (up <= hi || down >= lo); i++)
		if ((up <= hi && is_on_line(l, up++)) || (down >= lo && is_on_line(l, down--)))
			return SL_LATTICE_YES;
	return up > hi && down < lo ? SL_LATTICE_NO : SL_LATTICE_UNSURE;
}

/* Two steps, of which the first makes them `by` more: is there a solution with none of them, or with more than few? */
static enum sl_lattice_known tells_lines(struct sl_lattice *l, const sl_i128 *of, sl_i128 by, sl_i128 few,
                                         sl_i128 *least)
{
	sl_i128 u, lo, hi;
	bool near = come_near(l, l->steps[0], l->steps[1]);

	*least = 1;
	for (uint32_t i = 0; i < 4 && near; i++)
		near = come_near(l, l->at, l->steps[0]) && come_near(l, l->at, l->steps[1]);
	if (!near || !apply(l, of, l->at, &u) || !find_lines(l, &lo, &hi))
		return SL_LATTICE_UNSURE;
	sl_i128 none = -u / by, many = -floor_of(u - few - 1, by);
	if (u % by == 0 && none >= lo && none <= hi && is_on_line(l, none))
		return SL_LATTICE_NO;
	enum sl_lattice_known is_many = is_on_some(l, many > lo ? many : lo, hi);
	return is_many == SL_LATTICE_NO ? SL_LATTICE_YES : is_many == SL_LATTICE_YES ? SL_LATTICE_NO : SL_LATTICE_UNSURE;
}

enum sl_lattice_known sl_lattice_tells(const struct sl_lattice *l, uint32_t mask, sl_i128 few, sl_i128 *least)
{
	struct sl_lattice turned = *l;
	sl_i128 of[SL_LATTICE_UNKNOWNS] = { 0 }, by, u, lo, hi, most;

	*least = 1;
	for (uint32_t i = 0; i < l->n; i++)
		of[i] = (mask >> i) & 1;
	if (l->none)
		return SL_LATTICE_NO;
	if (l->lost || !gather(&turned, of, &by) || !apply(l, of, l->at, &u))
		return SL_LATTICE_UNSURE;
	if (by == 0)
		return tells_interval(u, u, few, least);
	if (turned.nsteps > 2)
		return SL_LATTICE_UNSURE;
	if (turned.nsteps == 2)
		return tells_lines(&turned, of, by, few, least);
	if (!stay(&turned, turned.at, turned.steps[0], &lo, &hi))
		return SL_LATTICE_NO;
	most = u;
	if (!add_times(&u, lo, by) || !add_times(&most, hi, by))
		return SL_LATTICE_UNSURE;
	return tells_interval(u, most, few, least);
}
