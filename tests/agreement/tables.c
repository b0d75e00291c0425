/* tables.c - see tables.h. */
#include "tests/agreement/tables.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SMALL 1e-7
#define PIVOTS_MAX 5000
#define NODES_MAX 400

void tables_add(struct tables *t, uint64_t cells, int64_t lo, int64_t hi)
{
	assert_true(t->nsums < TABLES_SUMS);
	t->sums[t->nsums++] = (struct tables_sum){ cells, lo, hi };
}

/*
 * One row per bound, its right side >= 0; columns: cells less `least`, a slack for an inequality, an artificial one to
 * begin with. The last row is what the artificial ones add up to, to be brought to 0.
 */
struct simplex {
	double *at;
	uint32_t *basis;
	uint32_t nrows, ncolumns; /* the last column is the right side */
};

static double *cell(const struct simplex *s, uint32_t r, uint32_t c)
{
	return &s->at[(size_t)r * s->ncolumns + c];
}

static void add_row(struct simplex *s, const struct tables *t, const struct tables_sum *sum, int64_t bound, int slack)
{
	uint32_t r = s->nrows++, artificial = t->ncells + 2 * t->nsums + r;
	double right = (double)bound, sign;

	for (uint32_t c = 0; c < t->ncells; c++)
		if (sum->cells >> c & 1) {
			*cell(s, r, c) = 1;
			right -= (double)t->least;
		}
	if (slack != 0)
		*cell(s, r, t->ncells + r) = slack;
	*cell(s, r, s->ncolumns - 1) = right;
	sign = right < 0 ? -1 : 1;
	for (uint32_t c = 0; c < s->ncolumns; c++)
		*cell(s, r, c) *= sign;
	*cell(s, r, artificial) = 1;
	s->basis[r] = artificial;
}

static void pivot(struct simplex *s, uint32_t row, uint32_t column)
{
	double by = *cell(s, row, column);

	for (uint32_t c = 0; c < s->ncolumns; c++)
		*cell(s, row, c) /= by;
	for (uint32_t r = 0; r <= s->nrows; r++) {
		double times = *cell(s, r, column);
		if (r == row || times == 0)
			continue;
		for (uint32_t c = 0; c < s->ncolumns; c++)
			*cell(s, r, c) -= times * *cell(s, row, c);
	}
	s->basis[row] = column;
}

/* Bland's rule: the first column that helps, the row with the lowest basis among the tightest. False: none helps. */
static bool step(struct simplex *s, uint32_t nreal)
{
	uint32_t column = 0, row = UINT32_MAX;
	double best = 0;

	while (column < nreal && *cell(s, s->nrows, column) > -SMALL)
		column++;
	if (column == nreal)
		return false;
	for (uint32_t r = 0; r < s->nrows; r++) {
		double a = *cell(s, r, column), ratio = *cell(s, r, s->ncolumns - 1) / a;
		if (a > SMALL && (row == UINT32_MAX || ratio < best - SMALL ||
		                  (ratio < best + SMALL && s->basis[r] < s->basis[row]))) {
			row = r;
			best = ratio;
		}
	}
	if (row == UINT32_MAX)
		return false;
	pivot(s, row, column);
	return true;
}

/* A corner, whole or not. False: there is none. */
static enum tables_answer find_corner(const struct tables *t, double *out)
{
	uint32_t nreal = t->ncells + 2 * t->nsums, pivots = 0;
	struct simplex s = { .ncolumns = nreal + 2 * t->nsums + 1 };
	enum tables_answer answer;

	s.at = calloc((size_t)(2 * t->nsums + 1) * s.ncolumns, sizeof *s.at);
	s.basis = calloc(2 * t->nsums + 1, sizeof *s.basis);
	assert_true(s.at != NULL && s.basis != NULL);
	for (uint32_t i = 0; i < t->nsums; i++) {
		const struct tables_sum *sum = &t->sums[i];
		if (sum->lo == sum->hi) {
			add_row(&s, t, sum, sum->lo, 0);
			continue;
		}
		if (sum->lo != -TABLES_ANY)
			add_row(&s, t, sum, sum->lo, -1);
		if (sum->hi != TABLES_ANY)
			add_row(&s, t, sum, sum->hi, 1);
	}
	for (uint32_t r = 0; r < s.nrows; r++)
		for (uint32_t c = 0; c < s.ncolumns; c++)
			if (c < nreal || c == s.ncolumns - 1)
				*cell(&s, s.nrows, c) -= *cell(&s, r, c);
	while (pivots < PIVOTS_MAX && step(&s, nreal))
		pivots++;
	answer = *cell(&s, s.nrows, s.ncolumns - 1) < -1e-4 ? TABLES_NONE : TABLES_SOME;
	answer = pivots == PIVOTS_MAX ? TABLES_UNDECIDED : answer;
	for (uint32_t c = 0; c < t->ncells; c++)
		out[c] = (double)t->least;
	for (uint32_t r = 0; r < s.nrows; r++)
		if (s.basis[r] < t->ncells)
			out[s.basis[r]] += *cell(&s, r, s.ncolumns - 1);
	free(s.at);
	free(s.basis);
	return answer;
}

static bool is_table(const struct tables *t, const double *corner)
{
	for (uint32_t i = 0; i < t->nsums; i++) {
		int64_t sum = 0;
		for (uint32_t c = 0; c < t->ncells; c++) {
			int64_t v = llround(corner[c]);
			if (v < t->least)
				return false;
			sum += t->sums[i].cells >> c & 1 ? v : 0;
		}
		if ((t->sums[i].lo != -TABLES_ANY && sum < t->sums[i].lo) ||
		    (t->sums[i].hi != TABLES_ANY && sum > t->sums[i].hi))
			return false;
	}
	return true;
}

static enum tables_answer branch(struct tables *t, uint32_t *nodes)
{
	double corner[TABLES_CELLS];
	uint32_t worst = UINT32_MAX, before = t->nsums;
	enum tables_answer answer = ++*nodes > NODES_MAX ? TABLES_UNDECIDED : find_corner(t, corner), up;

	if (answer != TABLES_SOME || is_table(t, corner))
		return answer;
	for (uint32_t c = 0; c < t->ncells; c++)
		if (worst == UINT32_MAX || fabs(corner[c] - nearbyint(corner[c])) > fabs(corner[worst] - nearbyint(corner[worst])))
			worst = c;
	if (worst == UINT32_MAX || fabs(corner[worst] - nearbyint(corner[worst])) < SMALL || t->nsums == TABLES_SUMS)
		return TABLES_UNDECIDED;
	tables_add(t, UINT64_C(1) << worst, -TABLES_ANY, (int64_t)floor(corner[worst]));
	answer = branch(t, nodes);
	t->nsums = before;
	if (answer == TABLES_SOME)
		return answer;
	tables_add(t, UINT64_C(1) << worst, (int64_t)floor(corner[worst]) + 1, TABLES_ANY);
	up = branch(t, nodes);
	t->nsums = before;
	return up == TABLES_NONE ? answer : up;
}

enum tables_answer tables_exist(const struct tables *t)
{
	struct tables mine = *t;
	uint32_t nodes = 0;

	return branch(&mine, &nodes);
}
