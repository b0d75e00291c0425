/*
 * check_sums_groups.c - see check_sums.h: of which rows together it is told what they add up to. In reduced form every
 * equation has a kind that no other has; so what is told of some kinds, each once, is a sum of some equations, each
 * once. One that falls into two of the same sort says nothing that these do not: an equation is added only where
 * something is no group yet, or where it takes away from one.
 */
#include <stdlib.h>

#include "policy/check_sums.h"
#include "policy/history/space.h"

enum row_state { ROW_FREE = 0, ROW_TAKEN, ROW_PASSED };

struct term {
	uint32_t kind;
	uint64_t factor;
};

struct groups {
	struct sl_sums *l;
	struct term *terms;
	uint32_t *first;        /* terms[first[row]] … of the reduced equations */
	uint32_t *first_of, *of; /* of[first_of[kind]] …: equations that have it */
	uint64_t *news;         /* per equation, and of those taken: 0 where earlier releases alone tell it */
	uint64_t taken_news;
	uint8_t *state;         /* per equation */
	uint32_t *taken, ntaken;
	uint32_t *passed, npassed; /* those that had their turn, last ones last */
	uint64_t *sum;          /* per kind: of those taken */
	uint32_t *nfree;        /* per kind: equations that have it and are free */
	uint32_t *wrong, nwrong; /* kinds of which the sum is neither 0 nor 1 */
	uint32_t *wrong_at;     /* per kind: 1 + its place there; 0: none */
	bool *seen;             /* per kind, while kinds are listed */
	uint64_t steps;         /* that are left */
};

/* Equations that are added to one group. */
#define TAKEN_MAX 200u

static void spend(struct groups *g, uint64_t steps)
{
	g->steps -= steps < g->steps ? steps : g->steps;
}

/* --- the equations, reduced ---------------------------------------------------------------------------------- */

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what sums leave of each other");
}

/* A kept row less what the others say of it; stays in now as the one that is made. */
static void reduce(struct sl_equations *e, uint32_t row)
{
	sl_equations_take(e, row);
	(void)sl_equations_reduce(e, e->terms[e->first[row]].column + 1, true);
}

/* Numbers of the request that are in it are none that earlier ones tell: each counts as another number. */
static uint64_t news_of(const struct sl_sums *l)
{
	const struct sl_equations *e = &l->now;
	uint64_t news = 0;

	for (uint32_t c = sl_equations_next(e, e->nunknowns); c < e->ncolumns; c = sl_equations_next(e, c + 1)) {
		uint32_t set = l->numbers[c - e->nunknowns];
		if (!l->sets[set].was_told)
			news = sl_space_plus(news, sl_space_times(e->at[c], sl_space_mixed(set) >> 4));
	}
	return news;
}

static enum sl_rc list_terms(struct groups *g, struct sl_err *err)
{
	struct sl_equations *e = &g->l->now;
	uint32_t n = 0, cap = 0;

	for (uint32_t r = 0; r < e->nrows && g->l->work > 0; r++) {
		reduce(e, r);
		for (uint32_t c = sl_equations_next(e, 0); c < e->nunknowns; c = sl_equations_next(e, c + 1)) {
			if (n == cap) {
				cap = cap == 0 ? 1024 : cap * 2;
				struct term *terms = realloc(g->terms, cap * sizeof *terms);
				if (terms == NULL)
					return no_memory(err);
				g->terms = terms;
			}
			g->terms[n++] = (struct term){ c, e->at[c] };
		}
		g->first[r + 1] = n;
		g->news[r] = news_of(g->l);
		if (n > SL_EQUATIONS_TERMS_MAX)
			g->l->work = 0;
	}
	return SL_OK;
}

static enum sl_rc list_equations(struct groups *g, struct sl_err *err)
{
	const struct sl_equations *e = &g->l->now;
	uint32_t n = g->first[e->nrows];

	g->of = calloc((size_t)n + 1, sizeof *g->of);
	if (g->of == NULL)
		return no_memory(err);
	for (uint32_t t = 0; t < n; t++)
		g->first_of[g->terms[t].kind + 2]++;
	for (uint32_t k = 2; k <= e->nunknowns; k++)
		g->first_of[k] += g->first_of[k - 1];
	for (uint32_t r = 0; r < e->nrows; r++)
		for (uint32_t t = g->first[r]; t < g->first[r + 1]; t++)
			g->of[g->first_of[g->terms[t].kind + 1]++] = r;
	for (uint32_t k = 0; k < e->nunknowns; k++)
		g->nfree[k] = g->first_of[k + 1] - g->first_of[k];
	return SL_OK;
}

static enum sl_rc open_groups(struct groups *g, struct sl_err *err)
{
	const struct sl_equations *e = &g->l->now;
	size_t nrows = (size_t)e->nrows + 1, nkinds = (size_t)e->nunknowns + 2;

	g->first = calloc(nrows, sizeof *g->first);
	g->first_of = calloc(nkinds, sizeof *g->first_of);
	g->news = calloc(nrows, sizeof *g->news);
	g->state = calloc(nrows, sizeof *g->state);
	g->taken = calloc(nrows, sizeof *g->taken);
	g->passed = calloc(nrows, sizeof *g->passed);
	g->sum = calloc(nkinds, sizeof *g->sum);
	g->seen = calloc(nkinds, sizeof *g->seen);
	g->nfree = calloc(nkinds, sizeof *g->nfree);
	g->wrong = calloc(nkinds, sizeof *g->wrong);
	g->wrong_at = calloc(nkinds, sizeof *g->wrong_at);
	if (g->first == NULL || g->first_of == NULL || g->news == NULL || g->state == NULL || g->taken == NULL ||
	    g->passed == NULL || g->sum == NULL || g->seen == NULL || g->nfree == NULL || g->wrong == NULL ||
	    g->wrong_at == NULL)
		return no_memory(err);
	enum sl_rc rc = list_terms(g, err);
	return rc == SL_OK && g->l->work > 0 ? list_equations(g, err) : rc;
}

static void close_groups(struct groups *g)
{
	free(g->terms);
	free(g->first);
	free(g->first_of);
	free(g->of);
	free(g->news);
	free(g->state);
	free(g->taken);
	free(g->passed);
	free(g->sum);
	free(g->seen);
	free(g->nfree);
	free(g->wrong);
	free(g->wrong_at);
}

/* --- the search ---------------------------------------------------------------------------------------------- */

static void put_sum(struct groups *g, uint32_t kind, uint64_t sum)
{
	bool was = g->sum[kind] > 1;

	g->sum[kind] = sum;
	if (was == (sum > 1))
		return;
	if (was) {
		uint32_t last = g->wrong[--g->nwrong];
		g->wrong[g->wrong_at[kind] - 1] = last;
		g->wrong_at[last] = g->wrong_at[kind];
		g->wrong_at[kind] = 0;
	} else {
		g->wrong[g->nwrong++] = kind;
		g->wrong_at[kind] = g->nwrong;
	}
}

static void take(struct groups *g, uint32_t row)
{
	for (uint32_t t = g->first[row]; t < g->first[row + 1]; t++) {
		put_sum(g, g->terms[t].kind, sl_space_plus(g->sum[g->terms[t].kind], g->terms[t].factor));
		g->nfree[g->terms[t].kind]--;
	}
	g->taken_news = sl_space_plus(g->taken_news, g->news[row]);
	g->state[row] = ROW_TAKEN;
	g->taken[g->ntaken++] = row;
	spend(g, 1 + g->first[row + 1] - g->first[row]);
}

static void take_back(struct groups *g)
{
	uint32_t row = g->taken[--g->ntaken];

	for (uint32_t t = g->first[row]; t < g->first[row + 1]; t++)
		put_sum(g, g->terms[t].kind, sl_space_minus(g->sum[g->terms[t].kind], g->terms[t].factor));
	g->taken_news = sl_space_minus(g->taken_news, g->news[row]);
	g->state[row] = ROW_PASSED;
	g->passed[g->npassed++] = row;
}

/* Where what is before them is another they have their turn again. */
static void free_passed(struct groups *g, uint32_t before)
{
	while (g->npassed > before) {
		uint32_t row = g->passed[--g->npassed];
		g->state[row] = ROW_FREE;
		for (uint32_t t = g->first[row]; t < g->first[row + 1]; t++)
			g->nfree[g->terms[t].kind]++;
	}
}

/* How many equations may still make something else of a kind that is no group's; the least. UINT32_MAX: all are. */
static uint32_t find_wrong(struct groups *g, uint32_t *kind)
{
	uint32_t least = UINT32_MAX;

	for (uint32_t i = 0; i < g->nwrong && least > 0; i++)
		if (g->nfree[g->wrong[i]] < least) {
			*kind = g->wrong[i];
			least = g->nfree[*kind];
		}
	spend(g, 1 + g->nwrong / 8);
	return least;
}

static enum sl_rc search(struct groups *g, struct sl_err *err);

/* One more equation, and whatever goes with it; it has had its turn then. */
static enum sl_rc try_with(struct groups *g, uint32_t row, struct sl_err *err)
{
	take(g, row);
	enum sl_rc rc = search(g, err);
	take_back(g);
	return rc;
}

static bool takes_away(const struct groups *g, uint32_t row, uint32_t kind)
{
	uint32_t t = g->first[row];

	while (g->terms[t].kind != kind)
		t++;
	return g->terms[t].factor != 1;
}

/* Those of a kind; once something is a group, those that take away from it. */
static enum sl_rc try_each(struct groups *g, uint32_t kind, bool is_group, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t e = g->first_of[kind]; e < g->first_of[kind + 1] && rc == SL_OK && g->steps > 0; e++, spend(g, 1))
		if (g->state[g->of[e]] == ROW_FREE && (!is_group || takes_away(g, g->of[e], kind)))
			rc = try_with(g, g->of[e], err);
	return rc;
}

static enum sl_rc look(struct groups *g, struct sl_err *err)
{
	struct sl_sums *l = g->l;

	l->nrows = 0;
	if (g->taken_news == 0)
		return SL_OK;
	for (uint32_t i = 0; i < g->ntaken; i++)
		for (uint32_t t = g->first[g->taken[i]]; t < g->first[g->taken[i] + 1]; t++) {
			uint32_t kind = g->terms[t].kind;
			if (g->sum[kind] == 1 && !g->seen[kind])
				l->rows[l->nrows++] = kind;
			g->seen[kind] = g->sum[kind] == 1;
		}
	for (uint32_t i = 0; i < l->nrows; i++)
		g->seen[l->rows[i]] = false;
	spend(g, l->nrows);
	return sl_sums_look(l, err);
}

static enum sl_rc search(struct groups *g, struct sl_err *err)
{
	uint32_t kind = 0, before = g->npassed, left = find_wrong(g, &kind);
	enum sl_rc rc = SL_OK;

	if (g->ntaken > TAKEN_MAX)
		g->steps = 0;
	if (left == 0 || g->steps == 0)
		return SL_OK;
	if (left < UINT32_MAX) {
		rc = try_each(g, kind, false, err);
	} else {
		rc = look(g, err);
		for (uint32_t i = 0; i < g->ntaken && rc == SL_OK; i++)
			for (uint32_t t = g->first[g->taken[i]]; t < g->first[g->taken[i] + 1] && rc == SL_OK; t++)
				if (g->sum[g->terms[t].kind] == 1 && g->l->work > 0)
					rc = try_each(g, g->terms[t].kind, true, err);
	}
	free_passed(g, before);
	return rc;
}

enum sl_rc sl_sums_groups(struct sl_sums *l, bool *through, struct sl_err *err)
{
	struct groups g = { .l = l, .steps = l->steps };
	enum sl_rc rc = open_groups(&g, err);

	for (uint32_t row = 0; row < l->now.nrows && rc == SL_OK && l->work > 0 && g.steps > 0; row++)
		rc = g.news[row] != 0 ? try_with(&g, row, err) : SL_OK;
	l->steps = g.steps;
	*through = g.steps > 0;
	close_groups(&g);
	return rc;
}
