/*
 * check_beside_whole.c - see check_beside_left.h: the means of some groups and the sum of all are one equation with as
 * many unknowns, but those are whole numbers: how many have a value in each. Of small groups mostly one solution fits,
 * or a few of which all say that few have none, and it is told as if each had its sum. So it is with the mean of all.
 */
#include <stdlib.h>

#include "policy/check_beside_left.h"
#include "policy/rules/rules.h"

/* Groups, and ways to choose how many have a value in each: beyond these there mostly are several solutions. */
#define GROUPS_MAX 8
#define WAYS_MAX 4000000u
#define ROWS_MAX 100000u

struct range {
	sl_i128 lo, hi;
};

/* So many have a value: then they add up to so much, that their mean is the one that is printed. */
struct way {
	uint64_t count;
	struct range sums;
};

struct group {
	uint32_t set, stat;
	uint64_t rows, missing;
	sl_i128 sum;            /* as it is */
	int64_t mean;           /* as it is printed: times 10^scale, and rounded */
	struct way *ways;
	uint32_t nways;
	uint64_t least, most;   /* that have a value, in all solutions */
};

struct all {
	struct group of[GROUPS_MAX];
	uint32_t n;
	bool adds_up;           /* the sum of all is told; else their mean is, */
	int64_t mean;           /* as printed */
	sl_i128 grid;           /* 10^scale of all means */
	sl_i128 sum;
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

static bool fits(const struct all *b, uint64_t count, const struct range *sums)
{
	struct range want = { b->sum, b->sum };

	if (!b->adds_up)
		want = sums_of(b->mean, count, b->grid);
	return want.lo <= sums->hi && sums->lo <= want.hi;
}

/* All solutions that have what is chosen of the groups before g. */
static void solve(struct all *b, uint32_t g, uint64_t count, struct range sums, uint64_t chosen[static GROUPS_MAX])
{
	if (g == b->n) {
		for (uint32_t i = 0; i < b->n && fits(b, count, &sums); i++) {
			struct group *of = &b->of[i];
			of->least = chosen[i] < of->least ? chosen[i] : of->least;
			of->most = chosen[i] > of->most ? chosen[i] : of->most;
		}
		return;
	}
	for (uint32_t w = 0; w < b->of[g].nways; w++) {
		const struct way *way = &b->of[g].ways[w];
		chosen[g] = way->count;
		solve(b, g + 1, count + way->count, (struct range){ sums.lo + way->sums.lo, sums.hi + way->sums.hi }, chosen);
	}
}

static enum sl_rc list_ways(const struct all *b, struct group *g, struct sl_err *err)
{
	g->ways = malloc((size_t)(g->rows + 1) * sizeof *g->ways);
	if (g->ways == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what means tell together");
	for (uint64_t count = 1; count <= g->rows; count++) {
		const struct way way = { count, sums_of(g->mean, count, b->grid) };
		if (way.sums.lo <= way.sums.hi)
			g->ways[g->nways++] = way;
	}
	return SL_OK;
}

/* *steps: what it takes; beyond WAYS_MAX: it is not looked at. */
static enum sl_rc list_all(struct all *b, uint64_t *steps, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	*steps = 1;
	for (uint32_t i = 0; i < b->n && *steps <= WAYS_MAX && rc == SL_OK; i++) {
		if (b->of[i].rows > ROWS_MAX) {
			*steps = WAYS_MAX + 1;
			break;
		}
		rc = list_ways(b, &b->of[i], err);
		*steps *= b->of[i].nways;
	}
	return rc;
}

/* --- the groups -------------------------------------------------------------------------------------------- */

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

	*g = (struct group){ .set = set, .stat = sl_beside_stat(l->b, i, true, cell), .least = UINT64_MAX };
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

/* The mean of all, as those of the groups are printed. */
static bool fill_all(const struct sl_left *l, struct all *b, uint32_t set)
{
	uint64_t count = 0;
	sl_i128 scaled;

	for (uint32_t i = 0; i < b->n; i++)
		count += b->of[i].rows - b->of[i].missing;
	return sl_left_earlier(l, set) == NULL && sl_left_tells(l, set, true) &&
	       !__builtin_mul_overflow(b->sum, b->grid, &scaled) && sl_div_round(scaled, (sl_i128)count, &b->mean);
}

static bool are_few(const struct sl_left *l, const struct group *g, uint64_t have)
{
	return sl_beside_are_few(l->b, sl_left_plan(l, g->set), l->sets[g->set].cell, g->stat, g->rows - have);
}

/* The smallest of which all solutions say that few have no value, and some; NULL: there is none. */
static const struct group *find_told(const struct sl_left *l, const struct all *b)
{
	const struct group *told = NULL;

	for (uint32_t i = 0; i < b->n; i++) {
		const struct group *g = &b->of[i];
		if (g->least <= g->most && are_few(l, g, g->least) && are_few(l, g, g->most) &&
		    (told == NULL || g->rows < told->rows))
			told = g;
	}
	return told;
}

static enum sl_rc ask(struct sl_left *l, const struct all *b, uint32_t set, struct sl_err *err)
{
	const struct sl_earlier_output *o = sl_left_earlier(l, set);
	const struct sl_seen seen = { o != NULL ? SL_SEEN_EARLIER : SL_SEEN_REQUEST, o != NULL ? o->release : 0,
		                      o != NULL ? o->output : sl_left_plan(l, set), l->sets[set].cell };
	const struct group *told = find_told(l, b);

	return told == NULL ? SL_OK : sl_beside_ask(l->b, sl_left_plan(l, told->set), l->sets[told->set].cell, told->stat,
	                                            told->missing, &seen, err);
}

/* False: not all show a mean, or are of one statistic, or nobody lacks a value. */
static bool fill_groups(const struct sl_left *l, const uint32_t *cells, struct all *b)
{
	uint64_t missing = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		if (!fill(l, &b->of[i], cells[i]) || b->of[i].stat != b->of[0].stat)
			return false;
		missing += b->of[i].missing;
		b->sum += b->of[i].sum;
	}
	return missing > 0;
}

static enum sl_rc look_at(struct sl_left *l, uint32_t set, const uint32_t *cells, uint32_t n, struct sl_err *err)
{
	struct all b = { .n = n };
	uint64_t steps, chosen[GROUPS_MAX];

	if (!fill_groups(l, cells, &b))
		return SL_OK;
	b.grid = sl_pow10(grid_of(l, &b.of[0]));
	b.adds_up = sl_left_adds_up(l, set);
	if (!b.adds_up && !fill_all(l, &b, set))
		return SL_OK;
	enum sl_rc rc = list_all(&b, &steps, err);
	if (rc == SL_OK && steps <= WAYS_MAX) {
		l->b->work -= steps < l->b->work ? steps : l->b->work;
		if (l->b->work > 0) {
			solve(&b, 0, 0, (struct range){ 0, 0 }, chosen);
			rc = ask(l, &b, set, err);
		}
	}
	for (uint32_t i = 0; i < n; i++)
		free(b.of[i].ways);
	return rc;
}

/* --- where they are ----------------------------------------------------------------------------------------- */

/* The cells of an output that make up the set, up to GROUPS_MAX; of: by kind. 0: none do, or more, or one alone. */
static uint32_t find_cells(const struct sl_left *l, uint32_t set, const uint32_t *of,
                           uint32_t cells[static GROUPS_MAX])
{
	const uint32_t *kinds = sl_left_kinds(l, set);
	uint32_t n = sl_left_nkinds(l, set), found = 0, all = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t cell = of[kinds[i]], k = 0;
		if (cell == SL_ROW_KINDS_NO_SET)
			return 0;
		while (k < found && cells[k] != cell)
			k++;
		if (k < found)
			continue;
		if (found == GROUPS_MAX)
			return 0;
		cells[found++] = cell;
		all += sl_left_nkinds(l, cell);
	}
	return found > 1 && all == n ? found : 0;
}

/* All sets of other outputs, beside the cells first … end - 1 of one. */
static enum sl_rc look_beside(struct sl_left *l, uint32_t first, uint32_t end, uint32_t *of, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;
	uint32_t cells[GROUPS_MAX], n;

	for (uint32_t k = 0; k < l->kinds.n; k++)
		of[k] = SL_ROW_KINDS_NO_SET;
	for (uint32_t set = first; set < end; set++)
		for (uint32_t i = 0; i < sl_left_nkinds(l, set); i++)
			of[sl_left_kinds(l, set)[i]] = set;
	for (uint32_t set = 0; set < l->nsets && rc == SL_OK && !l->b->hid && l->b->work > 0; set++)
		if ((set < first || set >= end) && (n = find_cells(l, set, of, cells)) > 0)
			rc = look_at(l, set, cells, n, err);
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
