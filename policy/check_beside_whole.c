/*
 * check_beside_whole.c - see check_beside_left.h: the means of two groups and the sum of both are one equation with two
 * unknowns, but those are whole numbers: how many have a value in each. Of small groups mostly one pair fits, or a few
 * of which all say that few have none, and it is told as if each had its sum. So it is with the mean of both.
 */
#include <stdlib.h>

#include "policy/check_beside_left.h"
#include "policy/rules/rules.h"

/* Pairs beyond these mostly have several solutions, of two groups of a thousand each. */
#define PAIRS_MAX 1000000u

/* What the values of a group may add up to, by how many have one, so that its mean is the one that is printed. */
struct group {
	uint32_t set, stat;
	uint64_t rows, missing;
	sl_i128 sum;            /* as it is */
	int64_t mean;           /* as it is printed: times 10^scale, and rounded */
};

struct both {
	struct group of[2];
	bool adds_up;           /* the sum of both is told; else their mean is, */
	int64_t mean;           /* as printed */
	sl_i128 grid;           /* 10^scale of all means */
	uint64_t least[2], most[2];     /* that have a value in either, in all solutions */
};

struct range {
	sl_i128 lo, hi;
};

static sl_i128 divide_down(sl_i128 a, sl_i128 b)
{
	return a / b - (a % b < 0);
}

/* Whole numbers that, divided by how many they are of, are printed as the mean: halves are rounded away from zero. */
static struct range sums_of(int64_t mean, uint64_t count, sl_i128 grid)
{
	sl_i128 lo = (2 * (sl_i128)mean - 1) * (sl_i128)count, hi = (2 * (sl_i128)mean + 1) * (sl_i128)count;

	return (struct range){ -divide_down(-lo - (mean <= 0), 2 * grid), divide_down(hi - (mean >= 0), 2 * grid) };
}

static bool fits(const struct both *b, uint64_t x, const struct range *first, const struct range *second, uint64_t y)
{
	const struct range sums = { first->lo + second->lo, first->hi + second->hi };
	struct range want = { b->of[0].sum + b->of[1].sum, b->of[0].sum + b->of[1].sum };

	if (first->lo > first->hi || second->lo > second->hi)
		return false;
	if (!b->adds_up)
		want = sums_of(b->mean, x + y, b->grid);
	return want.lo <= sums.hi && sums.lo <= want.hi;
}

static void note(uint64_t count, uint64_t *least, uint64_t *most)
{
	*least = count < *least ? count : *least;
	*most = count > *most ? count : *most;
}

static enum sl_rc solve(struct both *b, struct sl_err *err)
{
	uint64_t nx = b->of[0].rows, ny = b->of[1].rows;
	struct range *second = malloc((size_t)(ny + 1) * sizeof *second);

	if (second == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what means tell together");
	for (uint64_t y = 1; y <= ny; y++)
		second[y] = sums_of(b->of[1].mean, y, b->grid);
	for (uint64_t x = 1; x <= nx; x++) {
		const struct range first = sums_of(b->of[0].mean, x, b->grid);
		for (uint64_t y = 1; y <= ny; y++) {
			if (!fits(b, x, &first, &second[y], y))
				continue;
			note(x, &b->least[0], &b->most[0]);
			note(y, &b->least[1], &b->most[1]);
		}
	}
	free(second);
	return SL_OK;
}

/* --- the two groups ---------------------------------------------------------------------------------------- */

static const struct sl_evidence *evidence_of(const struct sl_left *l, const struct group *g)
{
	uint32_t i = sl_left_plan(l, g->set), n = l->b->st->plans[i].nstats;

	return &l->b->st->results[i].evidence[(size_t)l->sets[g->set].cell * n + g->stat];
}

/* False: it shows no mean, or nobody has counted, or it is of nothing. */
static bool fill(const struct sl_left *l, struct group *g, uint32_t set)
{
	uint32_t i = sl_left_plan(l, set), cell = l->sets[set].cell;
	const struct sl_plan *plan = &l->b->st->plans[i];

	*g = (struct group){ .set = set, .stat = sl_beside_stat(l->b, i, true, cell) };
	if (g->stat == SL_FINDING_WHOLE || !sl_beside_missing(l->b, i, cell, &g->missing))
		return false;
	const struct sl_evidence *e = evidence_of(l, g);
	g->rows = e->cell_rows;
	g->sum = plan->stats[g->stat].fn == SL_STAT_SHARE ? (sl_i128)e->rows : e->sum;
	g->mean = l->b->st->pub->outputs[i].cells[(size_t)cell * (plan->nstats + plan->ncalcs) + g->stat].value;
	return g->missing < g->rows;
}

static int grid_of(const struct sl_left *l, const struct group *g)
{
	const struct sl_plan *plan = &l->b->st->plans[sl_left_plan(l, g->set)];
	const struct sl_stat *s = &plan->stats[g->stat];
	int scale = sl_rule_stat_type(plan, &l->b->st->setup->view, g->stat).scale;

	return s->fn == SL_STAT_SHARE ? scale : scale - s->arg.ops[s->arg.nops - 1].scale;
}

/* The mean of both, as those of the two are printed. */
static bool fill_both(const struct sl_left *l, struct both *b, uint32_t set)
{
	uint64_t count = b->of[0].rows - b->of[0].missing + b->of[1].rows - b->of[1].missing;
	sl_i128 scaled;

	return sl_left_earlier(l, set) == NULL && sl_left_tells(l, set, true) &&
	       !__builtin_mul_overflow(b->of[0].sum + b->of[1].sum, b->grid, &scaled) &&
	       sl_div_round(scaled, (sl_i128)count, &b->mean);
}

/* Whatever fits, few of a group have no value, and some: a mean goes, that of the smaller group if it will do. */
static enum sl_rc ask(struct sl_left *l, const struct both *b, uint32_t set, struct sl_err *err)
{
	const struct sl_earlier_output *o = sl_left_earlier(l, set);
	const struct sl_seen seen = { o != NULL ? SL_SEEN_EARLIER : SL_SEEN_REQUEST, o != NULL ? o->release : 0,
		                      o != NULL ? o->output : sl_left_plan(l, set), l->sets[set].cell };
	const int smaller = b->of[1].rows < b->of[0].rows;
	enum sl_rc rc = SL_OK;

	for (int i = 0; i < 2 && rc == SL_OK && !l->b->hid; i++) {
		int g = i == 0 ? smaller : !smaller;
		const struct group *of = &b->of[g];
		uint32_t plan = sl_left_plan(l, of->set), cell = l->sets[of->set].cell;
		if (sl_beside_are_few(l->b, plan, cell, of->stat, of->rows - b->least[g]) &&
		    sl_beside_are_few(l->b, plan, cell, of->stat, of->rows - b->most[g]))
			rc = sl_beside_ask(l->b, plan, cell, of->stat, of->missing, &seen, err);
	}
	return rc;
}

static enum sl_rc look_at(struct sl_left *l, uint32_t set, const uint32_t two[static 2], struct sl_err *err)
{
	struct both b = { .least = { UINT64_MAX, UINT64_MAX } };

	if (!fill(l, &b.of[0], two[0]) || !fill(l, &b.of[1], two[1]) || b.of[0].stat != b.of[1].stat ||
	    (b.of[0].missing == 0 && b.of[1].missing == 0) || b.of[1].rows > PAIRS_MAX ||
	    b.of[0].rows * b.of[1].rows > PAIRS_MAX)
		return SL_OK;
	b.grid = sl_pow10(grid_of(l, &b.of[0]));
	b.adds_up = sl_left_adds_up(l, set);
	if (!b.adds_up && !fill_both(l, &b, set))
		return SL_OK;
	uint64_t steps = b.of[0].rows * b.of[1].rows;
	l->b->work -= steps < l->b->work ? steps : l->b->work;
	enum sl_rc rc = l->b->work > 0 ? solve(&b, err) : SL_OK;
	return rc == SL_OK && l->b->work > 0 ? ask(l, &b, set, err) : rc;
}

/* --- where they are ----------------------------------------------------------------------------------------- */

/* The two cells of an output that make up the set; of: by kind. */
static bool find_two(const struct sl_left *l, uint32_t set, const uint32_t *of, uint32_t two[static 2])
{
	const uint32_t *kinds = sl_left_kinds(l, set);
	uint32_t n = sl_left_nkinds(l, set), found = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t cell = of[kinds[i]];
		if (cell == SL_ROW_KINDS_NO_SET)
			return false;
		if ((found > 0 && cell == two[0]) || (found > 1 && cell == two[1]))
			continue;
		if (found == 2)
			return false;
		two[found++] = cell;
	}
	return found == 2 && sl_left_nkinds(l, two[0]) + sl_left_nkinds(l, two[1]) == n;
}

/* All sets of other outputs, beside the cells first … end - 1 of one. */
static enum sl_rc look_beside(struct sl_left *l, uint32_t first, uint32_t end, uint32_t *of, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t two[2] = { 0, 0 };

	for (uint32_t k = 0; k < l->kinds.n; k++)
		of[k] = SL_ROW_KINDS_NO_SET;
	for (uint32_t set = first; set < end; set++)
		for (uint32_t i = 0; i < sl_left_nkinds(l, set); i++)
			of[sl_left_kinds(l, set)[i]] = set;
	for (uint32_t set = 0; set < l->nsets && rc == SL_OK && !l->b->hid && l->b->work > 0; set++)
		if ((set < first || set >= end) && find_two(l, set, of, two))
			rc = look_at(l, set, two, err);
	return rc;
}

enum sl_rc sl_left_whole(struct sl_left *l, struct sl_err *err)
{
	uint32_t *of = malloc(((size_t)l->kinds.n + 1) * sizeof *of);
	enum sl_rc rc = of != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory for what means tell together");

	for (uint32_t first = 0, end; first < l->nsets && rc == SL_OK; first = end) {
		for (end = first + 1; end < l->nsets && l->sets[end].output == l->sets[first].output; end++)
			;
		if (sl_left_earlier(l, first) == NULL &&
		    sl_beside_stat(l->b, sl_left_plan(l, first), true, SL_FINDING_WHOLE) != SL_FINDING_WHOLE)
			rc = look_beside(l, first, end, of, err);
	}
	free(of);
	return rc;
}
