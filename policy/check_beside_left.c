/*
 * check_beside_left.c - see check_beside.h: how many have a value, of rows that no two numbers are about alone, but
 * what some leave of others: the sum of all less that of all but one region, beside the mean of that region.
 *
 * Rows that are in the same cells are of one kind. Of each kind there are two unknowns, what the rows add up to and how
 * many have a value. A total is an equation of the former, a quotient of both; from all of them follows of which rows
 * it is told how many have one, whoever adds and subtracts what. Its factors are what the rows have in fact, whatever
 * that is: so it is asked with values that are made up, and fit.
 */
#include <string.h>

#include "policy/check_beside_left.h"
#include "policy/history/space.h"

/* --- the equations ----------------------------------------------------------------------------------------- */

/* Of a kind what its rows add up to, or how many have a value: any numbers that depend on nothing. */
static uint64_t made_up(uint32_t kind, bool count)
{
	return sl_space_mixed((uint64_t)kind * 2 + count) >> 4;
}

/* Total: the values add up to it. Quotient: times how many have a value it is what they add up to. */
static enum sl_rc add_number(const struct sl_left *l, struct sl_equations *e, uint32_t number, struct sl_err *err)
{
	const struct sl_left_number *of = &l->numbers[number];
	const uint32_t *kinds = sl_left_kinds(l, of->set);
	uint64_t sum = 0, count = 0;

	for (uint32_t i = 0; i < sl_left_nkinds(l, of->set); i++) {
		sum = sl_space_plus(sum, made_up(kinds[i], false));
		count = sl_space_plus(count, made_up(kinds[i], true));
	}
	for (uint32_t i = 0; i < sl_left_nkinds(l, of->set); i++) {
		sl_equations_add(e, kinds[i], of->quotient ? count : 1);
		if (of->quotient)
			sl_equations_add(e, l->kinds.n + kinds[i], sl_space_minus(0, sum));
	}
	sl_equations_add(e, 2 * l->kinds.n + number, 1);
	return sl_equations_keep(e, err);
}

static enum sl_rc solve(struct sl_left *l, struct sl_equations *e, bool history, struct sl_err *err)
{
	enum sl_rc rc = sl_equations_init(e, 2 * l->kinds.n, l->nnumbers, &l->b->work, err);

	for (uint32_t i = 0; i < l->nnumbers && rc == SL_OK; i++)
		if (!history || sl_left_earlier(l, l->numbers[i].set) != NULL)
			rc = add_number(l, e, i, err);
	return rc;
}

/* Of the rows asked about: whether it is told how many have a value; then e has of which numbers it is made. */
static bool is_told(const struct sl_left *l, struct sl_equations *e)
{
	sl_equations_clear(e);
	for (uint32_t i = 0; i < l->nrows; i++)
		sl_equations_add(e, l->kinds.n + l->rows[i], 1);
	return sl_equations_reduce(e, 0, false) == e->nunknowns;
}

bool sl_left_adds_up(struct sl_left *l, uint32_t set)
{
	sl_equations_clear(&l->now);
	for (uint32_t i = 0; i < sl_left_nkinds(l, set); i++)
		sl_equations_add(&l->now, sl_left_kinds(l, set)[i], 1);
	return sl_equations_reduce(&l->now, 0, false) == l->now.nunknowns;
}

static enum sl_rc was_told(struct sl_left *l, bool *was, struct sl_err *err)
{
	enum sl_rc rc = l->before.first != NULL ? SL_OK : solve(l, &l->before, true, err);

	*was = rc == SL_OK && is_told(l, &l->before);
	return rc;
}

static enum sl_rc count(struct sl_left *l, struct sl_err *err)
{
	enum sl_rc rc = sl_equations_init(&l->counted, l->kinds.n, 1, &l->b->work, err);

	for (uint32_t i = 0; i < l->nsets && rc == SL_OK; i++) {
		uint32_t set = l->order[i];
		uint64_t rows;
		if (sl_left_earlier(l, set) != NULL || !sl_beside_missing(l->b, sl_left_plan(l, set), l->sets[set].cell, &rows))
			continue;
		for (uint32_t k = 0; k < sl_left_nkinds(l, set); k++)
			sl_equations_add(&l->counted, sl_left_kinds(l, set)[k], 1);
		sl_equations_add(&l->counted, l->kinds.n, sl_space_minus(0, rows));
		rc = sl_equations_keep(&l->counted, err);
	}
	return rc;
}

/* Of the rows asked about, how many have no value; *known false: the request's cells do not say. */
static enum sl_rc missing(struct sl_left *l, bool *known, uint64_t *rows, struct sl_err *err)
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

static bool is_of_rows(const struct sl_left *l, uint32_t set)
{
	return sl_left_nkinds(l, set) == l->nrows && memcmp(sl_left_kinds(l, set), l->rows, l->nrows * sizeof *l->rows) == 0;
}

/*
 * A quotient, as in check_beside.c: that of the rows themselves, else of as many as there are, for then no other has to
 * go as well. Only where there is none a total: the smallest.
 */
static bool is_better(const struct sl_left *l, const struct sl_left_number *n, const struct sl_left_number *than)
{
	if (than == NULL || n->quotient != than->quotient)
		return than == NULL || n->quotient;
	if (n->quotient && is_of_rows(l, n->set) != is_of_rows(l, than->set))
		return is_of_rows(l, n->set);
	uint64_t x = sl_left_units(l, sl_left_kinds(l, n->set), sl_left_nkinds(l, n->set));
	uint64_t y = sl_left_units(l, sl_left_kinds(l, than->set), sl_left_nkinds(l, than->set));
	return n->quotient ? x > y : x < y;
}

/* Among the numbers that now is made of. NULL: none is the request's, or one is gone and it is not told so any more. */
static struct sl_left_number *choose(struct sl_left *l)
{
	struct sl_left_number *best = NULL;

	for (uint32_t c = sl_equations_next(&l->now, l->now.nunknowns); c < l->now.ncolumns;
	     c = sl_equations_next(&l->now, c + 1)) {
		struct sl_left_number *n = &l->numbers[c - l->now.nunknowns];
		if (n->gone)
			return NULL;
		if (sl_left_earlier(l, n->set) == NULL && is_better(l, n, best))
			best = n;
	}
	return best;
}

/* The more, the more it says of the rows asked about: theirs, and a total rather than a quotient. */
static int closeness(const struct sl_left *l, const struct sl_left_number *n)
{
	return n == NULL ? -1 : 2 * is_of_rows(l, n->set) + !n->quotient;
}

/* Beside which other number of those. */
static struct sl_seen beside(const struct sl_left *l, const struct sl_left_number *chosen)
{
	const struct sl_left_number *other = NULL;

	for (uint32_t c = sl_equations_next(&l->now, l->now.nunknowns); c < l->now.ncolumns;
	     c = sl_equations_next(&l->now, c + 1)) {
		const struct sl_left_number *n = &l->numbers[c - l->now.nunknowns];
		if (n->set != chosen->set && closeness(l, n) > closeness(l, other))
			other = n;
	}
	other = other != NULL ? other : chosen;
	const struct sl_earlier_output *o = sl_left_earlier(l, other->set);
	return (struct sl_seen){ o != NULL ? SL_SEEN_EARLIER : SL_SEEN_REQUEST, o != NULL ? o->release : 0,
		                 o != NULL ? o->output : sl_left_plan(l, other->set), l->sets[other->set].cell };
}

/* A half of an earlier cell with these rows was hidden, and nobody knows now whether for how few have no value. */
static bool is_half_hidden(const struct sl_left *l)
{
	for (uint32_t set = 0; set < l->nsets; set++) {
		const struct sl_earlier_output *o = sl_left_earlier(l, set);
		for (int q = 0; q < 2 && o != NULL; q++)
			if (sl_beside_stats_of(l->b, o, q) != 0 && !sl_left_tells(l, set, q) && is_of_rows(l, set))
				return true;
	}
	return false;
}

/* First what goes; of what is left then of which nobody counts, and nothing hides it, a person is told. */
static enum sl_rc ask(struct sl_left *l, struct sl_left_number *n, struct sl_err *err)
{
	uint32_t i = sl_left_plan(l, n->set), cell = l->sets[n->set].cell, stat = sl_beside_stat(l->b, i, n->quotient, cell);
	const struct sl_seen seen = beside(l, n);
	bool known = false;
	uint64_t rows = 0;
	enum sl_rc rc = missing(l, &known, &rows, err);

	if (rc != SL_OK || l->b->work == 0)
		return rc;
	if (known)
		rc = sl_beside_ask(l->b, i, cell, stat, rows, &seen, err);
	else if (is_half_hidden(l))
		rc = sl_beside_hide(l->b, i, cell, stat, sl_left_units(l, l->rows, l->nrows), &seen, err);
	else if (l->of_unknown)
		rc = sl_beside_unknown(l->b, i, stat, &seen, err);
	else
		l->has_unknown = true;
	n->gone = sl_beside_stat(l->b, i, n->quotient, cell) != stat;
	return rc;
}

enum sl_rc sl_left_look(struct sl_left *l, struct sl_err *err)
{
	bool was = false;

	if (l->nrows == 0 || !is_told(l, &l->now))
		return SL_OK;
	struct sl_left_number *n = choose(l);
	enum sl_rc rc = n != NULL ? was_told(l, &was, err) : SL_OK;
	return rc == SL_OK && n != NULL && !was && l->b->work > 0 ? ask(l, n, err) : rc;
}

/* --- of which rows ------------------------------------------------------------------------------------------ */

static enum sl_rc ask_sets(struct sl_left *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < l->nsets && rc == SL_OK && l->b->work > 0; i++) {
		l->nrows = sl_left_nkinds(l, l->order[i]);
		memcpy(l->rows, sl_left_kinds(l, l->order[i]), l->nrows * sizeof *l->rows);
		l->sets[l->order[i]].is_told = l->nrows > 0 && is_told(l, &l->now);
		rc = sl_left_look(l, err);
	}
	return rc;
}

/* A kept row of now, less the others: the kinds it asks for, if it is each of them once. */
static void take_rows(struct sl_left *l, uint32_t row)
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
static enum sl_rc ask_rests(struct sl_left *l, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t r = 0; r < l->now.nrows && rc == SL_OK && l->b->work > 0; r++) {
		take_rows(l, r);
		rc = sl_left_look(l, err);
	}
	return rc;
}

static enum sl_rc ask_kinds(struct sl_left *l, struct sl_err *err)
{
	enum sl_rc rc = sl_left_numbers(l, err);

	if (rc == SL_OK)
		rc = solve(l, &l->now, false, err);
	do {
		l->of_unknown = l->has_unknown;
		if (rc == SL_OK)
			rc = ask_sets(l, err);
		if (rc == SL_OK)
			rc = ask_rests(l, err);
		if (rc == SL_OK)
			rc = sl_left_unions(l, err);
	} while (rc == SL_OK && l->has_unknown && !l->of_unknown && !l->b->hid);
	return rc == SL_OK && !l->b->hid && l->b->work > 0 ? sl_left_whole(l, err) : rc;
}

/* There was too much of it: a person is told so. */
static enum sl_rc give_up(const struct sl_left *l, struct sl_err *err)
{
	const struct sl_rule_hit hit = { .measured = -1 };
	const struct sl_history *h = &l->space->history;
	uint32_t k = 0;

	while (sl_left_half(l, h->plans[k].plan) == SL_FINDING_WHOLE)
		k++;
	return sl_check_depth(l->b->st, h->plans[k].plan, sl_left_half(l, h->plans[k].plan), &hit, err);
}

enum sl_rc sl_beside_left(struct sl_beside *b, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < b->st->setup->nspaces && rc == SL_OK; s++) {
		struct sl_left l = { .b = b, .space = &b->st->spaces[s] };
		bool fits = true;
		if (!sl_left_is_to_ask(&l))
			continue;
		rc = sl_left_sets(&l, &fits, err);
		if (rc == SL_OK && fits && b->work > 0)
			rc = ask_kinds(&l, err);
		if (rc == SL_OK && (!fits || b->work == 0))
			rc = give_up(&l, err);
		sl_left_close(&l);
	}
	return rc;
}
