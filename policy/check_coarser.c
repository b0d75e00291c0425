/*
 * check_coarser.c - a remedy that was tried, for reviewers: of an output with groups too small, how many would still be
 * with one key left out. "Use fewer keys" says not which.
 *
 * Of a group that several become the units are the sum of theirs where every unit is in one of them: where all groups
 * together have as many as the output. Otherwise they are at least as many as those of the largest.
 */
#include <stdlib.h>

#include "policy/check_state.h"

/* Per group with key `without` left out, its units. */
struct groups {
	uint64_t *units;
	uint64_t limit;
	bool exact;
};

static uint64_t units_of(const struct sl_check_state *st, uint32_t i, uint32_t cell)
{
	return st->results[i].evidence[(size_t)cell * st->plans[i].nstats].cell_units;
}

static bool is_each_unit_once(const struct sl_check_state *st, uint32_t i, uint32_t ncells)
{
	uint64_t all = 0;

	for (uint32_t cell = 0; cell < ncells; cell++)
		all += units_of(st, i, cell);
	return all == st->results[i].population;
}

static struct sl_behind_coarser count(const struct sl_check_state *st, uint32_t i, uint32_t ncells, uint32_t without,
                                      const struct groups *g)
{
	struct sl_behind_coarser c = { .output = (uint16_t)i, .without = (uint16_t)without, .limit = (uint32_t)g->limit,
		                       .at_most = !g->exact && without < st->plans[i].nkeys };

	for (uint32_t cell = 0; cell < ncells; cell++)
		g->units[cell] = 0;
	for (uint32_t cell = 0; cell < ncells; cell++) {
		uint64_t *units = &g->units[sl_plan_cell_by(&st->plans[i], &st->setup->view, cell, ~(1u << without))];
		uint64_t here = units_of(st, i, cell);
		*units = g->exact ? *units + here : here > *units ? here : *units;
	}
	for (uint32_t cell = 0; cell < ncells; cell++) {
		c.groups += g->units[cell] > 0;
		c.few += g->units[cell] > 0 && g->units[cell] < g->limit;
	}
	return c;
}

static void add_output(struct sl_check_state *st, uint32_t i, struct groups *g)
{
	struct sl_behind *b = st->behind;
	uint32_t nkeys = st->plans[i].nkeys, ncells = (uint32_t)sl_plan_cells(&st->plans[i], &st->setup->view);

	g->exact = is_each_unit_once(st, i, ncells);
	struct sl_behind_coarser as_asked = count(st, i, ncells, nkeys, g);
	if (as_asked.few == 0)
		return;
	b->coarser[b->ncoarser++] = as_asked;
	for (uint32_t k = 0; k < nkeys; k++)
		b->coarser[b->ncoarser++] = count(st, i, ncells, k, g);
}

enum sl_rc sl_check_coarser(struct sl_check_state *st, struct sl_err *err)
{
	const struct sl_rules *rules = &st->setup->rules;
	struct groups g = { .limit = (uint64_t)rules->threshold + rules->jitter };
	uint64_t most = 0, rows = 0;

	if (st->behind == NULL)
		return SL_OK;
	for (uint32_t i = 0; i < st->setup->nplans; i++) {
		uint64_t ncells = sl_plan_cells(&st->plans[i], &st->setup->view);
		most = ncells > most ? ncells : most;
		rows += st->plans[i].nkeys + 1;
	}
	g.units = calloc((size_t)most + 1, sizeof *g.units);
	st->behind->coarser = calloc((size_t)rows + 1, sizeof *st->behind->coarser);
	enum sl_rc rc = g.units != NULL && st->behind->coarser != NULL
	                        ? SL_OK : sl_err_set(err, SL_E_NOMEM, "no memory for groups without a key");
	for (uint32_t i = 0; i < st->setup->nplans && rc == SL_OK; i++)
		if (st->plans[i].nkeys > 0)
			add_output(st, i, &g);
	free(g.units);
	return rc;
}
