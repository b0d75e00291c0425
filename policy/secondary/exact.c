/*
 * exact.c - see choosing.h: the cheapest rows there are, by cutting planes (Fischetti and Salazar, Management Science
 * 47 (2001) 1008). Rows are proposed (cover.h) and the prover looks for the witnesses. Where it finds none, what is
 * hidden does not carry enough from one part of the network to the other: of the numbers that lead there more must be
 * hidden, which is a cut that the next proposal has to meet. A network never overlooks a way, so what is proposed at
 * last is the cheapest.
 *
 * As everywhere here nothing is believed: who is wrong hides more than needed.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/secondary/choosing.h"
#include "policy/secondary/cover.h"

struct exact {
	struct sl_choosing *c;
	struct sl_cover cover;
	uint64_t cost;          /* of what is hidden now */
	uint32_t *number;       /* per fact: of its row among those that may be hidden; SL_NO_ROW: it may not */
	uint32_t *fact;         /* per such row: the fact that it is hidden for */
	int64_t *room;          /* per fact, see sl_prover_blocked */
	uint32_t *rows;         /* of a cut, and what each gives */
	int64_t *gives;
	bool *hidden;           /* per such row: it is now */
};

/* Hiding it could help somebody, and costs no more than what is hidden now. */
static bool may_hide(const struct exact *x, const struct sl_fact *f)
{
	return f->state != SL_FACT_PRIMARY && f->cost > 0 && f->cost <= x->cost && f->value != 0 &&
	       f->insider == SL_INSIDER_NONE;
}

/* --- cuts ------------------------------------------------------------------------------------------------ */

static bool add_cut(struct exact *x, uint32_t primary, int64_t target)
{
	const struct sl_system *s = x->c->s;
	int64_t wanted = sl_prover_blocked(&x->c->prover, primary, target, x->room);
	uint32_t n = 0;

	for (uint32_t f = 0; f < s->nfacts && wanted > 0; f++) {
		if (x->room[f] == 0 || (x->number[f] == SL_NO_ROW && s->facts[f].state == SL_FACT_SHOWN))
			continue;
		if (x->number[f] == SL_NO_ROW) { /* hidden whatever is proposed */
			wanted = x->room[f] < wanted ? wanted - x->room[f] : 0;
			continue;
		}
		x->rows[n] = x->number[f];
		x->gives[n++] = x->room[f];
	}
	return wanted > 0 && sl_cover_cut(&x->cover, x->rows, x->gives, n, wanted);
}

/* --- what is proposed ------------------------------------------------------------------------------------ */

static void hide_only(struct exact *x, const bool *chosen)
{
	for (uint32_t i = 0; i < x->cover.nrows; i++) {
		if (x->hidden[i] == chosen[i])
			continue;
		sl_choosing_set(x->c, x->c->s->facts[x->fact[i]].row, x->hidden[i] ? SL_FACT_SECONDARY : SL_FACT_SHOWN,
		                x->hidden[i] ? SL_FACT_SHOWN : SL_FACT_SECONDARY);
		x->hidden[i] = chosen[i];
	}
}

static enum sl_cover_answer look_for(struct exact *x, uint32_t primary, int64_t target)
{
	if (sl_prover_find(&x->c->prover, primary, target))
		return SL_COVER_HOLDS;
	return add_cut(x, primary, target) ? SL_COVER_CUT : SL_COVER_STOP;
}

/* What is proposed and what it takes besides, where that is cheaper than anything so far. */
static void repair(struct exact *x, const bool *chosen)
{
	struct sl_choosing *c = x->c;
	uint64_t cost = 0;
	bool all = true;

	for (uint32_t i = 0; i < x->cover.nrows; i++)
		cost += chosen[i] ? x->cover.cost[i] : 0;
	if (cost >= x->cover.best_cost)
		return;
	c->nhidden = 0;
	c->cost_end = x->cover.best_cost - cost;
	for (uint32_t f = 0; f < c->s->nfacts && all; f++)
		all = c->s->facts[f].state != SL_FACT_PRIMARY || sl_choosing_protect(c, f);
	for (uint32_t i = 0; i < c->nhidden; i++)
		cost += c->hidden[i].cost;
	c->cost_end = UINT64_MAX;
	if (all && !c->no_memory && cost < x->cover.best_cost) {
		for (uint32_t i = 0; i < x->cover.nrows; i++)
			x->hidden[i] = c->s->facts[x->fact[i]].state == SL_FACT_SECONDARY;
		sl_cover_accept(&x->cover, x->hidden, cost);
		memcpy(x->hidden, chosen, x->cover.nrows * sizeof *x->hidden);
	}
	while (c->nhidden > 0)
		sl_choosing_show_last(c);
}

static enum sl_cover_answer ask(void *ctx, struct sl_cover *cover, const bool *chosen)
{
	struct exact *x = ctx;
	const struct sl_system *s = x->c->s;
	enum sl_cover_answer all = SL_COVER_HOLDS;

	x->c->prover.work = cover->work;
	hide_only(x, chosen);
	for (uint32_t f = 0; f < s->nfacts && all != SL_COVER_STOP; f++) {
		const int64_t targets[] = { sl_fact_highest(&s->facts[f]), sl_fact_lowest(&s->facts[f]) };
		for (uint32_t k = 0; k < 2 && s->facts[f].state == SL_FACT_PRIMARY && all != SL_COVER_STOP; k++) {
			enum sl_cover_answer one = look_for(x, f, targets[k]);
			all = one == SL_COVER_HOLDS ? all : one;
		}
	}
	if (all == SL_COVER_CUT)
		repair(x, chosen);
	cover->work = x->c->prover.work > cover->work ? x->c->prover.work : cover->work;
	return all;
}

/* --- before and after ------------------------------------------------------------------------------------ */

static bool number_rows(struct exact *x, uint32_t *nrows)
{
	const struct sl_system *s = x->c->s;
	size_t n = (size_t)s->nfacts + 1;

	x->number = malloc(n * sizeof *x->number);
	x->fact = calloc(n, sizeof *x->fact);
	x->room = calloc(n, sizeof *x->room);
	x->rows = calloc(n, sizeof *x->rows);
	x->gives = calloc(n, sizeof *x->gives);
	x->hidden = calloc(n, sizeof *x->hidden);
	if (x->number == NULL || x->fact == NULL || x->room == NULL || x->rows == NULL || x->gives == NULL ||
	    x->hidden == NULL)
		return false;
	*nrows = 0;
	for (uint32_t f = 0; f < s->nfacts; f++) {
		x->number[f] = may_hide(x, &s->facts[f]) ? *nrows : SL_NO_ROW;
		if (may_hide(x, &s->facts[f]))
			x->fact[(*nrows)++] = f;
	}
	return true;
}

/* A row of several numbers is hidden for any of them, and each has its own cut: not looked for. */
static bool is_one_number_a_row(const struct sl_system *s)
{
	for (uint32_t f = 1; f < s->nfacts; f++)
		if (s->facts[f].row <= s->facts[f - 1].row)
			return false;
	return true;
}

static void begin(struct exact *x)
{
	struct sl_choosing *c = x->c;

	x->cover.best_cost = x->cost;
	for (uint32_t i = 0; i < x->cover.nrows; i++) {
		const struct sl_fact *f = &c->s->facts[x->fact[i]];
		x->cover.cost[i] = f->cost;
		x->hidden[i] = f->state == SL_FACT_SECONDARY;
		x->cover.best[i] = x->hidden[i];
	}
	x->cover.work = c->prover.work;
	x->cover.work_end = c->work_end;
}

/* What was found, or what was hidden before. */
static void end(struct exact *x)
{
	struct sl_choosing *c = x->c;

	hide_only(x, x->cover.best);
	c->nhidden = 0;
	for (uint32_t i = 0; i < x->cover.nrows; i++) {
		const struct sl_fact *f = &c->s->facts[x->fact[i]];
		if (x->hidden[i])
			c->hidden[c->nhidden++] = (struct sl_hidden_row){ f->row, f->cost };
	}
	for (uint32_t f = 0; f < c->s->nfacts; f++)
		if (c->s->facts[f].state == SL_FACT_PRIMARY)
			(void)sl_proof_find(c, f); /* where there is none, the checker will see it */
}

void sl_choosing_exact(struct sl_choosing *c)
{
	struct exact x = { .c = c };
	uint32_t nrows;

	if (!is_one_number_a_row(c->s))
		return;
	for (uint32_t i = 0; i < c->nhidden; i++)
		x.cost += c->hidden[i].cost;
	if (number_rows(&x, &nrows) && sl_cover_init(&x.cover, nrows, NULL) == SL_OK) {
		begin(&x);
		c->out->cheapest = sl_cover_search(&x.cover, ask, &x);
		c->prover.work = x.cover.work;
		c->no_memory |= x.cover.no_memory;
		end(&x);
	} else {
		c->no_memory = true;
	}
	sl_cover_fini(&x.cover);
	free(x.number);
	free(x.fact);
	free(x.room);
	free(x.rows);
	free(x.gives);
	free(x.hidden);
}
