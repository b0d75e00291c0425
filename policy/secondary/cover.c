/* cover.c - see cover.h. */
#include "policy/secondary/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEARLY 1e-6            /* what sums of shares may be wrong by, */
#define NEARLY_ONE 1e-2        /* and those of prices, which are of whole costs, */
#define PRICES_MAX 16          /* as long as none is more than so many times what is the best so far */
#define ROUNDS_FIRST 300       /* prices are improved so often before anything is taken or left out, */
#define ROUNDS 12              /* and after each time that something was, or a cut was added */
#define ROUNDS_PATIENCE 6      /* no better for so many: smaller steps */
#define IDLE_MAX 60            /* a cut that says nothing for so many is dropped */
#define PROPOSALS_MAX 3        /* of what does not do, before the next row is taken or left out */

enum row_state { FREE = 0, TAKEN, LEFT_OUT };

struct sl_cover_row {
	uint32_t last;         /* 1 + its entry added last; 0: none */
	uint8_t state;         /* enum row_state */
	double rest;           /* what is left of its cost when the cuts have paid for it */
	double taken;          /* of the choices that were cheapest at some prices, in which part it was */
};

struct sl_cover_entry {
	uint32_t row, cut;
	uint32_t before;       /* as last */
	double share;          /* of 1 */
};

struct sl_cover_cut {
	uint32_t first, n;
	double price;
	double got;            /* of what is chosen */
	uint32_t idle;         /* for so many rounds its price was 0, and it was met */
};

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* --- cuts ------------------------------------------------------------------------------------------------ */

/* What was at `at`, with room for so many. NULL: no memory, and it stays where it was. */
static void *grown(void *at, uint32_t *cap, uint64_t wanted, size_t size)
{
	if (wanted <= *cap)
		return at;
	uint64_t more = wanted + wanted / 2 + 16;
	void *new = more < UINT32_MAX ? realloc(at, more * size) : NULL;
	*cap = new != NULL ? (uint32_t)more : *cap;
	return new;
}

static bool make_room(struct sl_cover *c, uint32_t nentries)
{
	struct sl_cover_cut *cuts = grown(c->cuts, &c->cuts_cap, (uint64_t)c->ncuts + 1, sizeof *cuts);
	struct sl_cover_entry *entries =
		grown(c->entries, &c->entries_cap, (uint64_t)c->nentries + nentries + 1, sizeof *entries);

	c->cuts = cuts != NULL ? cuts : c->cuts;
	c->entries = entries != NULL ? entries : c->entries;
	c->no_memory |= cuts == NULL || entries == NULL;
	return cuts != NULL && entries != NULL;
}

static void add_entry(struct sl_cover *c, uint32_t row, uint32_t cut, double share)
{
	c->entries[c->nentries++] = (struct sl_cover_entry){ row, cut, c->rows[row].last, share };
	c->rows[row].last = c->nentries;
}

bool sl_cover_cut(struct sl_cover *c, const uint32_t *rows, const int64_t *gives, uint32_t n, int64_t wanted)
{
	if (!make_room(c, n))
		return false;
	c->cuts[c->ncuts] = (struct sl_cover_cut){ .first = c->nentries, .n = n };
	for (uint32_t i = 0; i < n; i++)
		add_entry(c, rows[i], c->ncuts, gives[i] < wanted ? (double)gives[i] / (double)wanted : 1);
	c->ncuts++;
	c->work += n;
	return true;
}

/* What said nothing for long, and would be said again. */
static void drop_idle(struct sl_cover *c)
{
	uint32_t ncuts = 0;

	c->work += c->nentries + c->nrows;
	c->nentries = 0; /* they move towards the front only */
	for (uint32_t i = 0; i < c->nrows; i++)
		c->rows[i].last = 0;
	for (uint32_t j = 0; j < c->ncuts; j++) {
		const struct sl_cover_cut cut = c->cuts[j];
		if (cut.idle > IDLE_MAX)
			continue;
		c->cuts[ncuts] = cut;
		c->cuts[ncuts].first = c->nentries;
		for (uint32_t e = cut.first; e < cut.first + cut.n; e++)
			add_entry(c, c->entries[e].row, ncuts, c->entries[e].share);
		ncuts++;
	}
	c->ncuts = ncuts;
}

/* --- what can at best be had: a price for each cut ------------------------------------------------------- */

static void set(struct sl_cover *c, uint32_t row, enum row_state state)
{
	c->rows[row].state = (uint8_t)state;
	c->trail[c->ntrail++] = row;
}

static void take_back(struct sl_cover *c, uint32_t to)
{
	while (c->ntrail > to)
		c->rows[c->trail[--c->ntrail]].state = FREE;
}

static bool is_in(const struct sl_cover_row *row)
{
	return row->state == TAKEN || (row->state == FREE && row->rest < 0);
}

/* At these prices nothing costs less than what is returned. */
static double bound_now(struct sl_cover *c)
{
	double sum = 0;

	for (uint32_t i = 0; i < c->nrows; i++)
		c->rows[i].rest = (double)c->cost[i];
	for (uint32_t j = 0; j < c->ncuts; j++) {
		const struct sl_cover_cut *cut = &c->cuts[j];
		sum += cut->price;
		for (uint32_t e = cut->first; e < cut->first + cut->n && cut->price > 0; e++)
			c->rows[c->entries[e].row].rest -= cut->price * c->entries[e].share;
	}
	for (uint32_t i = 0; i < c->nrows; i++) {
		struct sl_cover_row *row = &c->rows[i];
		sum += is_in(row) ? row->rest : 0;
		row->taken += (is_in(row) - row->taken) / ROUNDS;
	}
	c->work += c->nentries + 2 * (uint64_t)c->nrows;
	return sum;
}

/* Costs are whole numbers. */
static bool is_too_dear(const struct sl_cover *c, double bound)
{
	return bound > (double)c->best_cost - 1 + NEARLY_ONE;
}

/* A row that is too dear the other way round is settled. */
static void settle(struct sl_cover *c, double bound)
{
	for (uint32_t i = 0; i < c->nrows; i++)
		if (c->rows[i].state == FREE && is_too_dear(c, bound + fabs(c->rows[i].rest)))
			set(c, i, c->rows[i].rest > 0 ? LEFT_OUT : TAKEN);
}

/* What each cut has, of what costs less than nothing. False: one can no longer have enough. */
static bool count_got(struct sl_cover *c, double *norm)
{
	*norm = 0;
	c->work += c->nentries;
	for (uint32_t j = 0; j < c->ncuts; j++) {
		struct sl_cover_cut *cut = &c->cuts[j];
		double could = 0;
		cut->got = 0;
		for (uint32_t e = cut->first; e < cut->first + cut->n; e++) {
			const struct sl_cover_row *row = &c->rows[c->entries[e].row];
			cut->got += is_in(row) ? c->entries[e].share : 0;
			could += row->state != LEFT_OUT ? c->entries[e].share : 0;
		}
		if (could < 1 - NEARLY)
			return false;
		double lacks = cut->got < 1 - NEARLY || (cut->got > 1 + NEARLY && cut->price > 0) ? 1 - cut->got : 0;
		cut->got = 1 - lacks;
		cut->idle = lacks > 0 || cut->price > 0 ? 0 : cut->idle + 1;
		*norm += lacks * lacks;
	}
	return true;
}

/* Dearer where a cut lacks something, cheaper where it has too much. False: nothing cheaper is to be had here. */
static bool improve_prices(struct sl_cover *c, uint32_t rounds)
{
	double factor = 1, highest = -INFINITY, norm;
	uint32_t patience = ROUNDS_PATIENCE;

	for (uint32_t k = 0; k < rounds && c->work < c->work_end; k++) {
		double bound = bound_now(c);
		if (is_too_dear(c, bound))
			return false;
		settle(c, bound);
		if (!count_got(c, &norm))
			return false;
		if (norm == 0)
			break;
		patience = bound > highest ? ROUNDS_PATIENCE : patience - 1;
		highest = bound > highest ? bound : highest;
		if (patience == 0) {
			factor /= 2;
			patience = ROUNDS_PATIENCE;
		}
		double step = factor * ((double)c->best_cost - bound) / norm;
		for (uint32_t j = 0; j < c->ncuts; j++) {
			double price = c->cuts[j].price + step * (1 - c->cuts[j].got);
			c->cuts[j].price = price > 0 ? least(price, PRICES_MAX * (double)c->best_cost) : 0;
		}
	}
	return true;
}

/* --- rows that meet every cut there is -------------------------------------------------------------------- */

static void choose(struct sl_cover *c, uint32_t row, bool chosen)
{
	c->chosen[row] = chosen;
	for (uint32_t e = c->rows[row].last; e > 0; e = c->entries[e - 1].before, c->work++)
		c->cuts[c->entries[e - 1].cut].got += chosen ? c->entries[e - 1].share : -c->entries[e - 1].share;
}

/* For what it lacks, the row that is cheapest at the prices there are. False: there is none. */
static bool choose_for(struct sl_cover *c, const struct sl_cover_cut *cut)
{
	uint32_t best = UINT32_MAX;
	double best_price = INFINITY;

	c->work += cut->n;
	for (uint32_t e = cut->first; e < cut->first + cut->n; e++) {
		uint32_t i = c->entries[e].row;
		const struct sl_cover_row *row = &c->rows[i];
		double price = ((row->rest > 0 ? row->rest : 0) + (double)c->cost[i] / 64) /
			       least(c->entries[e].share, 1 - cut->got);
		if (row->state == FREE && !c->chosen[i] && price < best_price) {
			best = i;
			best_price = price;
		}
	}
	if (best != UINT32_MAX)
		choose(c, best, true);
	return best != UINT32_MAX;
}

static bool is_needed(struct sl_cover *c, uint32_t row)
{
	for (uint32_t e = c->rows[row].last; e > 0; e = c->entries[e - 1].before, c->work++)
		if (c->cuts[c->entries[e - 1].cut].got - c->entries[e - 1].share < 1 - NEARLY)
			return true;
	return false;
}

/* What was taken, and cheaply what it takes besides. Returns what that costs; UINT64_MAX: there is nothing. */
static uint64_t complete(struct sl_cover *c)
{
	uint64_t cost = 0;

	for (uint32_t j = 0; j < c->ncuts; j++)
		c->cuts[j].got = 0;
	memset(c->chosen, 0, c->nrows * sizeof *c->chosen);
	for (uint32_t i = 0; i < c->nrows; i++)
		if (c->rows[i].state == TAKEN)
			choose(c, i, true);
	for (uint32_t j = 0; j < c->ncuts; j++)
		while (c->cuts[j].got < 1 - NEARLY)
			if (!choose_for(c, &c->cuts[j]))
				return UINT64_MAX;
	for (uint32_t i = 0; i < c->nrows; i++) {
		uint32_t row = c->order[i];
		if (c->chosen[row] && c->rows[row].state == FREE && !is_needed(c, row))
			choose(c, row, false);
		cost += c->chosen[row] ? c->cost[row] : 0;
	}
	c->work += c->nrows;
	return cost;
}

/* --- branch and bound ------------------------------------------------------------------------------------ */

static bool is_met(const struct sl_cover *c, const struct sl_cover_cut *cut)
{
	double got = 0;

	for (uint32_t e = cut->first; e < cut->first + cut->n; e++)
		got += c->chosen[c->entries[e].row] ? c->entries[e].share : 0;
	return got >= 1 - NEARLY;
}

/* Whoever is asked must say something new. */
static enum sl_cover_answer ask(struct sl_cover *c)
{
	uint32_t before = c->ncuts, unmet = 0;
	enum sl_cover_answer answer = c->ask(c->ctx, c, c->chosen);

	for (uint32_t j = before; j < c->ncuts && !c->no_memory; j++)
		unmet += !is_met(c, &c->cuts[j]);
	return answer == SL_COVER_CUT && unmet == 0 ? SL_COVER_STOP : answer;
}

void sl_cover_accept(struct sl_cover *c, const bool *rows, uint64_t cost)
{
	memcpy(c->best, rows, c->nrows * sizeof *c->best);
	c->best_cost = cost;
	c->found = true;
}

static uint64_t cost_of_chosen(const struct sl_cover *c)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < c->nrows; i++)
		cost += c->chosen[i] ? c->cost[i] : 0;
	return cost;
}

/* False: it is to be stopped, or no cut came of it. */
static bool propose(struct sl_cover *c)
{
	uint64_t cost = cost_of_chosen(c);
	enum sl_cover_answer answer = ask(c);

	c->stopped |= answer == SL_COVER_STOP;
	if (answer == SL_COVER_HOLDS && cost < c->best_cost)
		sl_cover_accept(c, c->chosen, cost);
	return answer == SL_COVER_CUT;
}

/* What prices would rather have: as a whole it seldom does, and the cuts that say so are worth having. */
static bool propose_at(struct sl_cover *c, double part)
{
	for (uint32_t i = 0; i < c->nrows; i++)
		c->chosen[i] = c->rows[i].state == TAKEN || (c->rows[i].state == FREE && c->rows[i].taken >= part);
	return propose(c);
}

/* False: no cut came of either. */
static bool propose_rounded(struct sl_cover *c)
{
	bool half = propose_at(c, 0.5);

	return (!c->stopped && propose_at(c, 0.25)) || half;
}

/* Cuts are added until what is cheapest at the prices there are does, or is no cheaper. False: nothing is to be had. */
static bool look_here(struct sl_cover *c, uint32_t rounds)
{
	uint32_t proposals = 0;

	while (!c->stopped && improve_prices(c, rounds) && c->work < c->work_end) {
		if (complete(c) < c->best_cost)
			(void)propose(c);
		else if (proposals++ == PROPOSALS_MAX || !propose_rounded(c))
			return !c->stopped;
	}
	return false;
}

/* The row that prices say least of. */
static uint32_t most_open(const struct sl_cover *c)
{
	uint32_t best = UINT32_MAX;
	double nearest = INFINITY;

	for (uint32_t k = 0; k < c->nrows; k++) {
		const struct sl_cover_row *row = &c->rows[c->order[k]];
		double off = fabs(row->taken - 0.5);
		if (row->state == FREE && row->last > 0 && off < nearest) {
			best = c->order[k];
			nearest = off;
		}
	}
	return best;
}

static void look(struct sl_cover *c, uint32_t rounds)
{
	uint32_t before = c->ntrail, row;

	drop_idle(c);
	while (look_here(c, rounds) && (row = most_open(c)) != UINT32_MAX) {
		bool first = c->rows[row].taken >= 0.5;
		uint32_t here = c->ntrail;
		rounds = ROUNDS;
		set(c, row, first ? TAKEN : LEFT_OUT);
		look(c, rounds);
		take_back(c, here);
		set(c, row, first ? LEFT_OUT : TAKEN);
	}
	c->stopped |= c->work >= c->work_end;
	take_back(c, before);
}

static int by_cost(const void *a, const void *b, void *ctx)
{
	const uint64_t *cost = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	if (cost[x] != cost[y])
		return cost[x] > cost[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

bool sl_cover_search(struct sl_cover *c, sl_cover_ask ask_of, void *ctx)
{
	c->ask = ask_of;
	c->ctx = ctx;
	if (c->best_cost > SL_COVER_COST_MAX)
		return false;
	for (uint32_t i = 0; i < c->nrows; i++)
		c->order[i] = i;
	if (c->nrows > 0)
		qsort_r(c->order, c->nrows, sizeof *c->order, by_cost, c->cost);
	look(c, ROUNDS_FIRST);
	return !c->stopped && !c->no_memory;
}

enum sl_rc sl_cover_init(struct sl_cover *c, uint32_t nrows, struct sl_err *err)
{
	size_t n = (size_t)nrows + 1;

	*c = (struct sl_cover){ .nrows = nrows, .best_cost = UINT64_MAX };
	c->cost = calloc(n, sizeof *c->cost);
	c->best = calloc(n, sizeof *c->best);
	c->rows = calloc(n, sizeof *c->rows);
	c->order = calloc(n, sizeof *c->order);
	c->trail = calloc(n, sizeof *c->trail);
	c->chosen = calloc(n, sizeof *c->chosen);
	if (c->cost != NULL && c->best != NULL && c->rows != NULL && c->order != NULL && c->trail != NULL &&
	    c->chosen != NULL)
		return SL_OK;
	return sl_err_set(err, SL_E_NOMEM, "no memory to choose what to hide");
}

void sl_cover_fini(struct sl_cover *c)
{
	free(c->cost);
	free(c->best);
	free(c->rows);
	free(c->order);
	free(c->trail);
	free(c->chosen);
	free(c->cuts);
	free(c->entries);
	*c = (struct sl_cover){ 0 };
}
