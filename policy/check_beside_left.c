/*
 * check_beside_left.c - see check_beside.h: how many have a value, of rows that no two numbers are about alone, but
 * what some leave of others: the sum of all less that of all but one region, beside the mean of that region.
 *
 * Rows that are in the same cells are of one kind. Of each kind there are two unknowns, what the rows add up to and how
 * many have a value. A total is an equation of the former, a quotient of both; from all of them follows of which rows
 * it is told how many have one, whoever adds and subtracts what. Its factors are what the rows have in fact, whatever
 * that is: so it is asked with values that are made up, and fit.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_beside.h"
#include "policy/history/equations.h"
#include "policy/history/row_kinds.h"
#include "policy/history/space.h"

/* A half that is shown. */
struct number {
	uint32_t set;
	bool quotient;
	bool gone;              /* hidden since */
};

struct left {
	struct sl_beside *b;
	const struct sl_check_space *space;
	struct held {
		uint32_t output, cell;  /* history's outputs, then the plans */
	} *sets;                /* the cells of all outputs that have a half */
	uint32_t nsets;
	struct sl_row_kinds kinds;
	uint32_t *order;        /* sets, those of few kinds first: then equations stay short */
	struct number *numbers;
	uint32_t nnumbers;
	/* What all numbers tell, what those of history told, and how many rows have no value as the engine counted. */
	struct sl_equations now, before, counted;
	uint32_t *rows;         /* kinds that are asked about together */
	uint32_t nrows;
	bool has_unknown;       /* of some the engine did not count it */
	bool of_unknown;        /* those are asked about */
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics leave of each other");
}

/* --- the numbers ------------------------------------------------------------------------------------------- */

/* The earlier output that a set is of; NULL: it is the request's. */
static const struct sl_earlier_output *earlier_of(const struct left *l, uint32_t set)
{
	const struct sl_history *h = &l->space->history;

	return l->sets[set].output < h->noutputs ? &h->outputs[l->sets[set].output] : NULL;
}

static uint32_t plan_of(const struct left *l, uint32_t set)
{
	return l->space->history.plans[l->sets[set].output - l->space->history.noutputs].plan;
}

static bool tells(const struct left *l, uint32_t set, bool quotient)
{
	const struct sl_earlier_output *o = earlier_of(l, set);
	uint32_t cell = l->sets[set].cell;

	if (o == NULL)
		return sl_beside_stat(l->b, plan_of(l, set), quotient, cell) != SL_FINDING_WHOLE;
	return (o->sets[(size_t)cell * o->per_cell].told & sl_beside_stats_of(l->b, o, quotient)) != 0;
}

static uint32_t nkinds_of(const struct left *l, uint32_t set)
{
	return l->kinds.first[set + 1] - l->kinds.first[set];
}

static const uint32_t *kinds_of(const struct left *l, uint32_t set)
{
	return &l->kinds.of_set[l->kinds.first[set]];
}

static uint64_t units_of(const struct left *l, const uint32_t *kinds, uint32_t n)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < n; i++)
		units += l->kinds.units[kinds[i]];
	return units;
}

/* Sets by how many kinds they have: how many have fewer is where they begin. */
static enum sl_rc put_in_order(struct left *l, struct sl_err *err)
{
	uint32_t *begin = calloc((size_t)l->kinds.n + 2, sizeof *begin);

	l->order = calloc((size_t)l->nsets + 1, sizeof *l->order);
	if (begin == NULL || l->order == NULL) {
		free(begin);
		return no_memory(err);
	}
	for (uint32_t s = 0; s < l->nsets; s++)
		begin[nkinds_of(l, s) + 1]++;
	for (uint32_t k = 1; k <= l->kinds.n; k++)
		begin[k] += begin[k - 1];
	for (uint32_t s = 0; s < l->nsets; s++)
		l->order[begin[nkinds_of(l, s)]++] = s;
	free(begin);
	return SL_OK;
}

static enum sl_rc list_numbers(struct left *l, struct sl_err *err)
{
	l->numbers = calloc(2 * (size_t)l->nsets + 1, sizeof *l->numbers);
	l->rows = calloc((size_t)l->kinds.n + 1, sizeof *l->rows);
	if (l->numbers == NULL || l->rows == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < l->nsets; i++)
		for (int q = 0; q < 2; q++)
			if (nkinds_of(l, l->order[i]) > 0 && tells(l, l->order[i], q))
				l->numbers[l->nnumbers++] = (struct number){ .set = l->order[i], .quotient = q };
	return SL_OK;
}

/* --- the equations ----------------------------------------------------------------------------------------- */

/* Of a kind what its rows add up to, or how many have a value: any numbers that depend on nothing. */
static uint64_t made_up(uint32_t kind, bool count)
{
	uint64_t x = ((uint64_t)kind * 2 + count + 1) * UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (x ^ x >> 31) >> 4;
}

/* Total: the values add up to it. Quotient: times how many have a value it is what they add up to. */
static enum sl_rc add_number(const struct left *l, struct sl_equations *e, uint32_t number, struct sl_err *err)
{
	const struct number *of = &l->numbers[number];
	const uint32_t *kinds = kinds_of(l, of->set);
	uint64_t sum = 0, count = 0;

	for (uint32_t i = 0; i < nkinds_of(l, of->set); i++) {
		sum = sl_space_plus(sum, made_up(kinds[i], false));
		count = sl_space_plus(count, made_up(kinds[i], true));
	}
	for (uint32_t i = 0; i < nkinds_of(l, of->set); i++) {
		sl_equations_add(e, kinds[i], of->quotient ? count : 1);
		if (of->quotient)
			sl_equations_add(e, l->kinds.n + kinds[i], sl_space_minus(0, sum));
	}
	sl_equations_add(e, 2 * l->kinds.n + number, 1);
	return sl_equations_keep(e, err);
}

static enum sl_rc solve(struct left *l, struct sl_equations *e, bool history, struct sl_err *err)
{
	enum sl_rc rc = sl_equations_init(e, 2 * l->kinds.n, l->nnumbers, &l->b->work, err);

	for (uint32_t i = 0; i < l->nnumbers && rc == SL_OK; i++)
		if (!history || earlier_of(l, l->numbers[i].set) != NULL)
			rc = add_number(l, e, i, err);
	return rc;
}

/* Of the rows asked about: whether it is told how many have a value; then e has of which numbers it is made. */
static bool is_told(const struct left *l, struct sl_equations *e)
{
	sl_equations_clear(e);
	for (uint32_t i = 0; i < l->nrows; i++)
		sl_equations_add(e, l->kinds.n + l->rows[i], 1);
	return sl_equations_reduce(e, 0, false) == e->nunknowns;
}

static enum sl_rc was_told(struct left *l, bool *was, struct sl_err *err)
{
	enum sl_rc rc = l->before.first != NULL ? SL_OK : solve(l, &l->before, true, err);

	*was = rc == SL_OK && is_told(l, &l->before);
	return rc;
}

static enum sl_rc count(struct left *l, struct sl_err *err)
{
	enum sl_rc rc = sl_equations_init(&l->counted, l->kinds.n, 1, &l->b->work, err);

	for (uint32_t i = 0; i < l->nsets && rc == SL_OK; i++) {
		uint32_t set = l->order[i];
		uint64_t rows;
		if (earlier_of(l, set) != NULL || !sl_beside_missing(l->b, plan_of(l, set), l->sets[set].cell, &rows))
			continue;
		for (uint32_t k = 0; k < nkinds_of(l, set); k++)
			sl_equations_add(&l->counted, kinds_of(l, set)[k], 1);
		sl_equations_add(&l->counted, l->kinds.n, sl_space_minus(0, rows));
		rc = sl_equations_keep(&l->counted, err);
	}
	return rc;
}

/* Of the rows asked about, how many have no value; *known false: the request's cells do not say. */
static enum sl_rc missing(struct left *l, bool *known, uint64_t *rows, struct sl_err *err)
{
	struct sl_equations *e = &l->counted;
	enum sl_rc rc = e->first != NULL ? SL_OK : count(l, err);

	if (rc != SL_OK)
		return rc;
	sl_equations_clear(e);
	for (uint32_t i = 0; i < l->nrows; i++)
		sl_equations_add(e, l->rows[i], 1);
	*known = sl_equations_reduce(e, 0, false) == e->nunknowns;
	*rows = e->at[l->kinds.n];
	return SL_OK;
}

/* --- what goes ---------------------------------------------------------------------------------------------- */

static bool is_of_rows(const struct left *l, uint32_t set)
{
	return nkinds_of(l, set) == l->nrows && memcmp(kinds_of(l, set), l->rows, l->nrows * sizeof *l->rows) == 0;
}

/*
 * A quotient, as in check_beside.c: that of the rows themselves, else of as many as there are, for then no other has to
 * go as well. Only where there is none a total: the smallest.
 */
static bool is_better(const struct left *l, const struct number *n, const struct number *than)
{
	if (than == NULL || n->quotient != than->quotient)
		return than == NULL || n->quotient;
	if (n->quotient && is_of_rows(l, n->set) != is_of_rows(l, than->set))
		return is_of_rows(l, n->set);
	uint64_t x = units_of(l, kinds_of(l, n->set), nkinds_of(l, n->set));
	uint64_t y = units_of(l, kinds_of(l, than->set), nkinds_of(l, than->set));
	return n->quotient ? x > y : x < y;
}

/* Among the numbers that now is made of. NULL: none is the request's, or one is gone and it is not told so any more. */
static struct number *choose(struct left *l)
{
	struct number *best = NULL;

	for (uint32_t c = sl_equations_next(&l->now, l->now.nunknowns); c < l->now.ncolumns;
	     c = sl_equations_next(&l->now, c + 1)) {
		struct number *n = &l->numbers[c - l->now.nunknowns];
		if (n->gone)
			return NULL;
		if (earlier_of(l, n->set) == NULL && is_better(l, n, best))
			best = n;
	}
	return best;
}

/* The more, the more it says of the rows asked about: theirs, and a total rather than a quotient. */
static int closeness(const struct left *l, const struct number *n)
{
	return n == NULL ? -1 : 2 * is_of_rows(l, n->set) + !n->quotient;
}

/* Beside which other number of those. */
static struct sl_seen beside(const struct left *l, const struct number *chosen)
{
	const struct number *other = NULL;

	for (uint32_t c = sl_equations_next(&l->now, l->now.nunknowns); c < l->now.ncolumns;
	     c = sl_equations_next(&l->now, c + 1)) {
		const struct number *n = &l->numbers[c - l->now.nunknowns];
		if (n->set != chosen->set && closeness(l, n) > closeness(l, other))
			other = n;
	}
	other = other != NULL ? other : chosen;
	const struct sl_earlier_output *o = earlier_of(l, other->set);
	return (struct sl_seen){ o != NULL ? SL_SEEN_EARLIER : SL_SEEN_REQUEST, o != NULL ? o->release : 0,
		                 o != NULL ? o->output : plan_of(l, other->set), l->sets[other->set].cell };
}

/* A half of an earlier cell with these rows was hidden, and nobody knows now whether for how few have no value. */
static bool is_half_hidden(const struct left *l)
{
	for (uint32_t set = 0; set < l->nsets; set++) {
		const struct sl_earlier_output *o = earlier_of(l, set);
		for (int q = 0; q < 2 && o != NULL; q++)
			if (sl_beside_stats_of(l->b, o, q) != 0 && !tells(l, set, q) && is_of_rows(l, set))
				return true;
	}
	return false;
}

/* First what goes; of what is left then of which nobody counts, and nothing hides it, a person is told. */
static enum sl_rc ask(struct left *l, struct number *n, struct sl_err *err)
{
	uint32_t i = plan_of(l, n->set), cell = l->sets[n->set].cell, stat = sl_beside_stat(l->b, i, n->quotient, cell);
	const struct sl_seen seen = beside(l, n);
	bool known = false;
	uint64_t rows = 0;
	enum sl_rc rc = missing(l, &known, &rows, err);

	if (rc != SL_OK || l->b->work == 0)
		return rc;
	if (known)
		rc = sl_beside_ask(l->b, i, cell, stat, rows, &seen, err);
	else if (is_half_hidden(l))
		rc = sl_beside_hide(l->b, i, cell, stat, units_of(l, l->rows, l->nrows), &seen, err);
	else if (l->of_unknown)
		rc = sl_beside_unknown(l->b, i, stat, &seen, err);
	else
		l->has_unknown = true;
	n->gone = sl_beside_stat(l->b, i, n->quotient, cell) != stat;
	return rc;
}

static enum sl_rc look_at(struct left *l, struct sl_err *err)
{
	bool was = false;

	if (l->nrows == 0 || !is_told(l, &l->now))
		return SL_OK;
	struct number *n = choose(l);
	enum sl_rc rc = n != NULL ? was_told(l, &was, err) : SL_OK;
	return rc == SL_OK && n != NULL && !was && l->b->work > 0 ? ask(l, n, err) : rc;
}

/* --- of which rows ------------------------------------------------------------------------------------------ */

static enum sl_rc ask_sets(struct left *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < l->nsets && rc == SL_OK && l->b->work > 0; i++) {
		l->nrows = nkinds_of(l, l->order[i]);
		memcpy(l->rows, kinds_of(l, l->order[i]), l->nrows * sizeof *l->rows);
		rc = look_at(l, err);
	}
	return rc;
}

/* A kept row of now, less the others: the kinds it asks for, if it is each of them once. */
static void take_rows(struct left *l, uint32_t row)
{
	struct sl_equations *e = &l->now;
	uint32_t lead = e->terms[e->first[row]].column;

	l->nrows = 0;
	if (lead < l->kinds.n)
		return;
	sl_equations_take(e, row);
	(void)sl_equations_reduce(e, lead + 1, true);
	for (uint32_t c = lead; c < e->nunknowns; c = sl_equations_next(e, c + 1)) {
		if (e->at[c] != 1) {
			l->nrows = 0;
			return;
		}
		l->rows[l->nrows++] = c - l->kinds.n;
	}
}

/* What cells that are told leave of each other, and each kind that is told by itself. */
static enum sl_rc ask_rests(struct left *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t r = 0; r < l->now.nrows && rc == SL_OK && l->b->work > 0; r++) {
		take_rows(l, r);
		rc = look_at(l, err);
	}
	return rc;
}

static enum sl_rc ask_kinds(struct left *l, struct sl_err *err)
{
	enum sl_rc rc = put_in_order(l, err);

	if (rc == SL_OK)
		rc = list_numbers(l, err);
	if (rc == SL_OK)
		rc = solve(l, &l->now, false, err);
	do {
		l->of_unknown = l->has_unknown;
		if (rc == SL_OK)
			rc = ask_sets(l, err);
		if (rc == SL_OK)
			rc = ask_rests(l, err);
	} while (rc == SL_OK && l->has_unknown && !l->of_unknown && !l->b->hid);
	return rc;
}

/* --- of which outputs --------------------------------------------------------------------------------------- */

/* The request's statistic that is a half; SL_FINDING_WHOLE: it has none. */
static uint32_t half_of(const struct left *l, uint32_t plan)
{
	uint32_t total = sl_beside_stat(l->b, plan, false, SL_FINDING_WHOLE);

	return total != SL_FINDING_WHOLE ? total : sl_beside_stat(l->b, plan, true, SL_FINDING_WHOLE);
}

/* There was too much of it: a person is told so. */
static enum sl_rc give_up(const struct left *l, struct sl_err *err)
{
	const struct sl_rule_hit hit = { .measured = -1 };
	const struct sl_history *h = &l->space->history;
	uint32_t k = 0;

	while (half_of(l, h->plans[k].plan) == SL_FINDING_WHOLE)
		k++;
	return sl_check_depth(l->b->st, h->plans[k].plan, half_of(l, h->plans[k].plan), &hit, err);
}

static bool has_half(const struct left *l, uint32_t output)
{
	const struct sl_history *h = &l->space->history;

	if (output < h->noutputs)
		return (sl_beside_stats_of(l->b, &h->outputs[output], false) |
		        sl_beside_stats_of(l->b, &h->outputs[output], true)) != 0;
	return half_of(l, h->plans[output - h->noutputs].plan) != SL_FINDING_WHOLE;
}

static uint32_t per_cell_of(const struct left *l, uint32_t output)
{
	const struct sl_history *h = &l->space->history;

	if (output < h->noutputs)
		return h->outputs[output].per_cell;
	const struct sl_plan *plan = &l->b->st->plans[h->plans[output - h->noutputs].plan];
	return 1 + sl_plan_watched(plan, plan->nstats);
}

/* Several outputs have one, the request's is one of them, and somebody may lack a value. */
static bool is_to_ask(const struct left *l)
{
	const struct sl_history *h = &l->space->history;
	uint32_t all = 0, own = 0;

	for (uint32_t o = 0; o < h->noutputs + h->nplans; o++)
		all += has_half(l, o);
	for (uint32_t k = 0; k < h->nplans; k++)
		own += has_half(l, h->noutputs + k) &&
		       !sl_beside_never_missing(l->b, h->plans[k].plan, half_of(l, h->plans[k].plan));
	return all > 1 && own > 0 && l->space->atoms.noutputs == h->noutputs + h->nplans;
}

static enum sl_rc list_sets(struct left *l, bool *fits, struct sl_err *err)
{
	const struct sl_atoms *atoms = &l->space->atoms;
	uint32_t nall = 0, set = 0;

	for (uint32_t o = 0; o < atoms->noutputs; o++)
		nall += atoms->outputs[o].nsets;
	uint32_t *asked = malloc(((size_t)nall + 1) * sizeof *asked);
	l->sets = calloc((size_t)nall + 1, sizeof *l->sets);
	if (asked == NULL || l->sets == NULL) {
		free(asked);
		return no_memory(err);
	}
	for (uint32_t o = 0; o < atoms->noutputs; o++) {
		uint32_t per_cell = per_cell_of(l, o);
		for (uint32_t s = 0; s < atoms->outputs[o].nsets; s++, set++) {
			bool is_row = has_half(l, o) && s % per_cell == 0;
			asked[set] = is_row ? l->nsets : SL_ROW_KINDS_NO_SET;
			if (is_row)
				l->sets[l->nsets++] = (struct held){ o, s / per_cell };
		}
	}
	enum sl_rc rc = sl_row_kinds_make(atoms, asked, l->nsets, &l->kinds, fits, err);
	free(asked);
	return rc;
}

static void close_left(struct left *l)
{
	sl_row_kinds_free(&l->kinds);
	sl_equations_free(&l->now);
	sl_equations_free(&l->before);
	sl_equations_free(&l->counted);
	free(l->sets);
	free(l->order);
	free(l->numbers);
	free(l->rows);
}

enum sl_rc sl_beside_left(struct sl_beside *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < b->st->setup->nspaces && rc == SL_OK; s++) {
		struct left l = { .b = b, .space = &b->st->spaces[s] };
		bool fits = true;
		if (!is_to_ask(&l))
			continue;
		rc = list_sets(&l, &fits, err);
		if (rc == SL_OK && fits && b->work > 0)
			rc = ask_kinds(&l, err);
		if (rc == SL_OK && (!fits || b->work == 0))
			rc = give_up(&l, err);
		close_left(&l);
	}
	return rc;
}
