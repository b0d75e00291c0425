/*
 * check_beside_rows.c - see check_beside_left.h: the cells that may show a half, and the kinds of their rows.
 */
#include <stdlib.h>

#include "policy/check_beside_left.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics leave of each other");
}

/* --- the numbers ------------------------------------------------------------------------------------------- */

const struct sl_earlier_output *sl_left_earlier(const struct sl_left *l, uint32_t set)
{
	const struct sl_history *h = &l->space->history;

	return l->sets[set].output < h->noutputs ? &h->outputs[l->sets[set].output] : NULL;
}

uint32_t sl_left_plan(const struct sl_left *l, uint32_t set)
{
	return l->space->history.plans[l->sets[set].output - l->space->history.noutputs].plan;
}

bool sl_left_tells(const struct sl_left *l, uint32_t set, bool quotient)
{
	const struct sl_earlier_output *o = sl_left_earlier(l, set);
	uint32_t cell = l->sets[set].cell;

	if (o == NULL)
		return sl_beside_stat(l->b, sl_left_plan(l, set), quotient, cell) != SL_FINDING_WHOLE;
	return (o->sets[(size_t)cell * o->per_cell].told & sl_beside_stats_of(l->b, o, quotient)) != 0;
}

uint32_t sl_left_nkinds(const struct sl_left *l, uint32_t set)
{
	return l->kinds.first[set + 1] - l->kinds.first[set];
}

const uint32_t *sl_left_kinds(const struct sl_left *l, uint32_t set)
{
	return &l->kinds.of_set[l->kinds.first[set]];
}

uint64_t sl_left_units(const struct sl_left *l, const uint32_t *kinds, uint32_t n)
{
	uint64_t units = 0;

	for (uint32_t i = 0; i < n; i++)
		units += l->kinds.units[kinds[i]];
	return units;
}

/* Sets by how many kinds they have: how many have fewer is where they begin. */
static enum sl_rc put_in_order(struct sl_left *l, struct sl_err *err)
{
	uint32_t *begin = calloc((size_t)l->kinds.n + 2, sizeof *begin);

	l->order = calloc((size_t)l->nsets + 1, sizeof *l->order);
	if (begin == NULL || l->order == NULL) {
		free(begin);
		return no_memory(err);
	}
	for (uint32_t s = 0; s < l->nsets; s++)
		begin[sl_left_nkinds(l, s) + 1]++;
	for (uint32_t k = 1; k <= l->kinds.n; k++)
		begin[k] += begin[k - 1];
	for (uint32_t s = 0; s < l->nsets; s++)
		l->order[begin[sl_left_nkinds(l, s)]++] = s;
	free(begin);
	return SL_OK;
}

enum sl_rc sl_left_numbers(struct sl_left *l, struct sl_err *err)
{
	enum sl_rc rc = put_in_order(l, err);

	if (rc != SL_OK)
		return rc;
	l->numbers = calloc(2 * (size_t)l->nsets + 1, sizeof *l->numbers);
	l->rows = calloc((size_t)l->kinds.n + 1, sizeof *l->rows);
	if (l->numbers == NULL || l->rows == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < l->nsets; i++)
		for (int q = 0; q < 2; q++)
			if (sl_left_nkinds(l, l->order[i]) > 0 && sl_left_tells(l, l->order[i], q))
				l->numbers[l->nnumbers++] = (struct sl_left_number){ .set = l->order[i], .quotient = q };
	return SL_OK;
}

/* --- of which outputs --------------------------------------------------------------------------------------- */

uint32_t sl_left_half(const struct sl_left *l, uint32_t plan)
{
	uint32_t total = sl_beside_stat(l->b, plan, false, SL_FINDING_WHOLE);

	return total != SL_FINDING_WHOLE ? total : sl_beside_stat(l->b, plan, true, SL_FINDING_WHOLE);
}

static bool has_half(const struct sl_left *l, uint32_t output)
{
	const struct sl_history *h = &l->space->history;

	if (output < h->noutputs)
		return (sl_beside_stats_of(l->b, &h->outputs[output], false) |
		        sl_beside_stats_of(l->b, &h->outputs[output], true)) != 0;
	return sl_left_half(l, h->plans[output - h->noutputs].plan) != SL_FINDING_WHOLE;
}

static uint32_t per_cell_of(const struct sl_left *l, uint32_t output)
{
	const struct sl_history *h = &l->space->history;

	if (output < h->noutputs)
		return h->outputs[output].per_cell;
	const struct sl_plan *plan = &l->b->st->plans[h->plans[output - h->noutputs].plan];
	return 1 + sl_plan_watched(plan, plan->nstats);
}

bool sl_left_is_to_ask(const struct sl_left *l)
{
	const struct sl_history *h = &l->space->history;
	uint32_t all = 0, own = 0;

	for (uint32_t o = 0; o < h->noutputs + h->nplans; o++)
		all += has_half(l, o);
	for (uint32_t k = 0; k < h->nplans; k++)
		own += has_half(l, h->noutputs + k) &&
		       !sl_beside_never_missing(l->b, h->plans[k].plan, sl_left_half(l, h->plans[k].plan));
	return all > 1 && own > 0 && l->space->atoms.noutputs == h->noutputs + h->nplans;
}

enum sl_rc sl_left_sets(struct sl_left *l, bool *fits, struct sl_err *err)
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
				l->sets[l->nsets++] = (struct sl_left_set){ .output = o, .cell = s / per_cell };
		}
	}
	enum sl_rc rc = sl_row_kinds_make(atoms, asked, l->nsets, &l->kinds, fits, err);
	free(asked);
	return rc;
}

void sl_left_close(struct sl_left *l)
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
