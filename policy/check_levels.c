/* check_levels.c - see check_levels.h. */
#include "policy/check_levels.h"

#include <stdlib.h>
#include <string.h>

#include "policy/check_secondary.h"
#include "policy/rules/rules.h"

#define NO_GROUP UINT32_MAX

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "no memory to compare keys");
}

static const struct sl_column *base_of(const struct sl_view *view, struct sl_level l)
{
	return sl_plan_base_column(l.plan, view, l.key->input);
}

static uint32_t groups_of(const struct sl_view *view, struct sl_level l)
{
	return sl_column_ngroups(sl_plan_input_column(l.plan, view, l.key->input), l.key->banded != 0);
}

/* Groups of the column the key comes from, where the group of the key follows from each; 0: it does not. */
static uint32_t values_of(const struct sl_view *view, struct sl_level l)
{
	const struct sl_column *base = base_of(view, l);

	if (l.plan->inputs[l.key->input].lookup == 0 && l.key->banded != 0)
		return 0;
	return sl_column_ngroups(base, false);
}

/* Where rows with a value of the column are; of what the reference table does not list all attributes are missing. */
static uint32_t group_at(const struct sl_view *view, struct sl_level l, uint32_t value)
{
	const struct sl_column *base = base_of(view, l), *column = sl_plan_input_column(l.plan, view, l.key->input);
	uint32_t lookup = l.plan->inputs[l.key->input].lookup;

	if (lookup == 0)
		return value;
	if (value >= base->nlabels)
		return sl_column_group(column, l.key->banded != 0, 0, true);
	const struct sl_table *ref = &view->tables[base->reference - 1];
	const struct sl_reference_cell *cell = &ref->cells[(size_t)value * ref->ncolumns + lookup - 1];
	return sl_column_group(column, l.key->banded != 0, cell->value, cell->missing != 0);
}

/* Each group of a lies in one of b: which. *within false: one does not. */
static enum sl_rc map_groups(const struct sl_view *view, struct sl_level a, struct sl_level b, bool *within,
                             uint32_t **map, struct sl_err *err)
{
	uint32_t n = groups_of(view, a), values = values_of(view, a);
	uint32_t *to = malloc(((size_t)n + 1) * sizeof *to);

	*within = true;
	*map = NULL;
	if (to == NULL)
		return no_memory(err);
	for (uint32_t g = 0; g < n; g++)
		to[g] = NO_GROUP;
	for (uint32_t v = 0; v < values && *within; v++) {
		uint32_t from = group_at(view, a, v), at = group_at(view, b, v);
		*within = to[from] == NO_GROUP || to[from] == at;
		to[from] = at;
	}
	for (uint32_t g = 0; g < n; g++)
		to[g] = to[g] == NO_GROUP ? 0 : to[g];
	if (*within)
		*map = to;
	else
		free(to);
	return SL_OK;
}

enum sl_rc sl_levels_compare(const struct sl_view *view, struct sl_level a, struct sl_level b, enum sl_levels *out,
                             uint32_t **map, struct sl_err *err)
{
	uint32_t *to = NULL;
	bool within = false, around = false;
	enum sl_rc rc = SL_OK;

	*out = SL_LEVELS_CROSS;
	if (map != NULL)
		*map = NULL;
	if (sl_check_same_key(a.plan, a.key, b.plan, b.key)) {
		*out = SL_LEVELS_SAME;
		return SL_OK;
	}
	if (!sl_rule_same_column(a.plan, a.key->input, b.plan, b.key->input)) {
		*out = SL_LEVELS_APART;
		return SL_OK;
	}
	if (values_of(view, a) == 0 || values_of(view, b) == 0)
		return SL_OK;
	rc = map_groups(view, a, b, &within, &to, err);
	if (rc == SL_OK && !within)
		rc = map_groups(view, b, a, &around, &to, err);
	if (rc == SL_OK && (within || around))
		*out = within ? SL_LEVELS_WITHIN : SL_LEVELS_AROUND;
	if (map != NULL)
		*map = to;
	else
		free(to);
	return rc;
}

/* The keys of one column among those of a plan, and where their groups count. */
struct together {
	uint32_t keys[SL_KEYS_MAX], n;
	uint32_t ncells; /* of these keys alone, the first slowest */
};

static bool gather(const struct sl_view *view, const struct sl_plan *plan, uint32_t first, struct together *t)
{
	*t = (struct together){ .ncells = 1 };
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		struct sl_level l = { plan, &plan->keys[k] };
		if (!sl_rule_same_column(plan, plan->keys[first].input, plan, plan->keys[k].input))
			continue;
		if (k < first || values_of(view, l) == 0)
			return false;
		t->keys[t->n++] = k;
		t->ncells *= groups_of(view, l);
	}
	return t->n > 1 || plan->inputs[plan->keys[first].input].lookup > 0;
}

static void forbid(const struct sl_view *view, const struct sl_plan *plan, const struct together *t, const bool *seen,
                   bool *possible, uint32_t ncells)
{
	for (uint32_t cell = 0; cell < ncells; cell++) {
		uint32_t at = 0;
		for (uint32_t i = 0; i < t->n; i++) {
			struct sl_level l = { plan, &plan->keys[t->keys[i]] };
			at = at * groups_of(view, l) + sl_plan_cell_group(plan, view, cell, t->keys[i]);
		}
		possible[cell] = possible[cell] && seen[at];
	}
}

static enum sl_rc look_at(const struct sl_view *view, const struct sl_plan *plan, const struct together *t,
                          bool *possible, uint32_t ncells, struct sl_err *err)
{
	struct sl_level first = { plan, &plan->keys[t->keys[0]] };
	bool *seen = calloc((size_t)t->ncells + 1, sizeof *seen);

	if (seen == NULL)
		return no_memory(err);
	for (uint32_t v = 0; v < values_of(view, first); v++) {
		uint32_t at = 0;
		for (uint32_t i = 0; i < t->n; i++) {
			struct sl_level l = { plan, &plan->keys[t->keys[i]] };
			at = at * groups_of(view, l) + group_at(view, l, v);
		}
		seen[at] = true;
	}
	forbid(view, plan, t, seen, possible, ncells);
	free(seen);
	return SL_OK;
}

enum sl_rc sl_levels_possible(const struct sl_view *view, const struct sl_plan *plan, bool **out, struct sl_err *err)
{
	uint32_t ncells = (uint32_t)sl_plan_cells(plan, view);
	bool *possible = malloc(((size_t)ncells + 1) * sizeof *possible);
	enum sl_rc rc = possible != NULL ? SL_OK : no_memory(err);

	*out = NULL;
	for (uint32_t cell = 0; cell < ncells && rc == SL_OK; cell++)
		possible[cell] = true;
	for (uint32_t k = 0; k < plan->nkeys && rc == SL_OK; k++) {
		struct together t;
		if (gather(view, plan, k, &t))
			rc = look_at(view, plan, &t, possible, ncells, err);
	}
	if (rc != SL_OK) {
		free(possible);
		return rc;
	}
	*out = possible;
	return SL_OK;
}
