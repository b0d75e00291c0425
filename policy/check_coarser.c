/*
 * check_coarser.c - remedies that were tried, for reviewers: of an output with groups too small, how many would still
 * be with one key left out, or with its values put together as a reference table has them. "Use wider bands or fewer
 * keys" says not which.
 *
 * Of a group that several become the units are the sum of theirs where every unit is in one of them: where all groups
 * together have as many as the output. Otherwise they are at least as many as those of the largest.
 */
#include <stdlib.h>
#include <string.h>

#include "policy/check_levels.h"
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

/* --- by a coarser level ----------------------------------------------------------------------------------- */

/* A key of an output, and what its groups would be by an attribute of its reference table. */
struct level {
	uint32_t key, ngroups;
	uint32_t *map; /* per group of the key */
};

/* What the plan would have as a key. One whose values are not finite is none. */
static bool attribute_key(const struct sl_table *ref, uint32_t attribute, const struct sl_plan *plan, uint32_t k,
                          struct sl_plan *with, struct sl_key *key)
{
	const struct sl_column *c = &ref->columns[attribute];
	struct sl_input *input = &with->inputs[plan->ninputs];

	*input = plan->inputs[plan->keys[k].input];
	if ((c->uses & SL_USE_GROUP) == 0 || input->lookup == attribute + 1)
		return false;
	input->lookup = (uint16_t)(attribute + 1);
	*key = (struct sl_key){ .name = plan->keys[k].name, .input = (uint16_t)plan->ninputs,
		                .banded = sl_column_ngroups(c, false) == 0 };
	return sl_column_ngroups(c, key->banded != 0) > 0;
}

/* map NULL: groups of the key do not lie in groups of the attribute, or may not be asked for by it. */
static enum sl_rc find_level(const struct sl_check_state *st, uint32_t i, uint32_t k, uint32_t attribute,
                             struct level *out, struct sl_err *err)
{
	const struct sl_view *view = &st->setup->view;
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_column *base = sl_plan_base_column(plan, view, plan->keys[k].input);
	const struct sl_table *ref = &view->tables[base->reference - 1];
	struct sl_input inputs[SL_INPUTS_MAX + 1];
	struct sl_plan with = *plan;
	struct sl_key key;
	enum sl_levels how = SL_LEVELS_CROSS;

	*out = (struct level){ .key = k };
	memcpy(inputs, plan->inputs, plan->ninputs * sizeof *inputs);
	with.inputs = inputs;
	if (!attribute_key(ref, attribute, plan, k, &with, &key))
		return SL_OK;
	with.ninputs++;
	out->ngroups = sl_column_ngroups(&ref->columns[attribute], key.banded != 0);
	if (sl_plan_cells(plan, view) / sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0) *
	            out->ngroups > SL_CELLS_MAX)
		return SL_OK;
	enum sl_rc rc = sl_levels_compare(view, (struct sl_level){ plan, &plan->keys[k] }, (struct sl_level){ &with, &key },
	                                  &how, &out->map, err);
	if (how != SL_LEVELS_WITHIN) {
		free(out->map);
		out->map = NULL;
	}
	return rc;
}

static enum sl_rc count_level(const struct sl_check_state *st, uint32_t i, const struct level *level,
                              struct sl_behind_level *to, struct sl_err *err)
{
	const struct sl_plan *plan = &st->plans[i];
	const struct sl_view *view = &st->setup->view;
	uint32_t ncells = (uint32_t)sl_plan_cells(plan, view), nkey = sl_column_ngroups(
		sl_plan_key_column(plan, view, level->key), plan->keys[level->key].banded != 0);
	uint32_t n = ncells / nkey * level->ngroups;
	uint64_t limit = (uint64_t)st->setup->rules.threshold + st->setup->rules.jitter;
	uint64_t *units = calloc((size_t)n + 1, sizeof *units);
	bool exact = is_each_unit_once(st, i, ncells);

	if (units == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for groups by another level");
	for (uint32_t cell = 0; cell < ncells; cell++) {
		uint64_t here = units_of(st, i, cell);
		uint64_t *at = &units[sl_plan_cell_by(plan, view, cell, ~(1u << level->key)) * level->ngroups +
		                      level->map[sl_plan_cell_group(plan, view, cell, level->key)]];
		*at = exact ? *at + here : here > *at ? here : *at;
	}
	for (uint32_t g = 0; g < n; g++) {
		to->groups += units[g] > 0;
		to->few += units[g] > 0 && units[g] < limit;
	}
	to->at_most = !exact;
	free(units);
	return SL_OK;
}

static enum sl_rc add_levels(struct sl_check_state *st, uint32_t i, uint32_t k, struct sl_behind_remedies *out,
                             struct sl_err *err)
{
	const struct sl_view *view = &st->setup->view;
	const struct sl_column *base = sl_plan_base_column(&st->plans[i], view, st->plans[i].keys[k].input);
	uint32_t nattributes = base->reference == 0 ? 0 : view->tables[base->reference - 1].ncolumns;
	enum sl_rc rc = SL_OK;

	for (uint32_t a = 0; a < nattributes && rc == SL_OK && out->nlevels < SL_BEHIND_LEVELS_MAX; a++) {
		struct sl_behind_level *to = &out->levels[out->nlevels];
		struct level level;
		rc = find_level(st, i, k, a, &level, err);
		if (rc != SL_OK || level.map == NULL)
			continue;
		*to = (struct sl_behind_level){ .output = (uint16_t)i, .key = (uint16_t)k, .attribute = (uint16_t)a };
		rc = count_level(st, i, &level, to, err);
		out->nlevels += rc == SL_OK;
		free(level.map);
	}
	return rc;
}

enum sl_rc sl_check_by_level(struct sl_check_state *st, struct sl_behind_remedies *out, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	out->levels = calloc(SL_BEHIND_LEVELS_MAX, sizeof *out->levels);
	if (out->levels == NULL)
		return sl_err_set(err, SL_E_NOMEM, "no memory for groups by another level");
	for (uint32_t c = 0; c < st->behind->ncoarser && rc == SL_OK; c++)
		if (st->behind->coarser[c].without < st->plans[st->behind->coarser[c].output].nkeys)
			rc = add_levels(st, st->behind->coarser[c].output, st->behind->coarser[c].without, out, err);
	return rc;
}

/* --- without a key ---------------------------------------------------------------------------------------- */

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
