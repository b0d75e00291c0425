/* kit_moments.c - see kit_parts.h: sums of products, what a model is made of, and the draws of random rounding. */
#include "tests/unit/rules/kit_parts.h"

static struct sl_moments moments_of(const struct kit *k, const struct sl_plan *plan, uint64_t cell,
                                    const struct sl_stat *s)
{
	struct sl_moments m = { 0 };

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (kit_cell_of(k, plan, row) != cell)
			continue;
		struct sl_value y = kit_evaluate(plan, &s->arg, row);
		struct sl_value x = s->arg2.nops > 0 ? kit_evaluate(plan, &s->arg2, row) : y;
		if (x.missing || y.missing)
			continue;
		m.x += x.v;
		m.xx += (sl_i128)x.v * x.v;
		m.y += s->arg2.nops > 0 ? y.v : 0;
		m.xy += s->arg2.nops > 0 ? (sl_i128)x.v * y.v : 0;
		m.yy += s->arg2.nops > 0 ? (sl_i128)y.v * y.v : 0;
	}
	return m;
}

void kit_count_moments(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	r->moments = kit_zeroed((size_t)ncells * plan->nstats, sizeof *r->moments);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t s = 0; s < plan->nstats; s++)
			if (sl_stat_has_moments(plan->stats[s].fn))
				r->moments[r->nmoments++] = moments_of(k, plan, cell, &plan->stats[s]);
}

/* Whether the unit of row `at` has a row off the extreme. */
static bool unit_is_off(uint32_t n, const int64_t *values, const uint32_t *units, uint32_t at, int64_t extreme)
{
	for (uint32_t i = 0; i < n; i++)
		if (units[i] == units[at] && values[i] != extreme)
			return true;
	return false;
}

static bool is_first_row(const uint32_t *units, uint32_t at)
{
	for (uint32_t i = 0; i < at; i++)
		if (units[i] == units[at])
			return false;
	return true;
}

/* The values that a model takes from the rows of a cell; how many rows. */
static uint32_t model_rows(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                           int64_t values[SL_REGRESSORS_MAX + 1][KIT_ROWS_MAX], uint32_t *units)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts), rows = 0;

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (kit_cell_of(k, plan, row) != cell || kit_lacks_second(plan, s, row) ||
		    kit_evaluate(plan, &s->arg, row).missing)
			continue;
		values[0][rows] = kit_evaluate(plan, &s->arg, row).v;
		for (uint32_t j = 0; j < n; j++)
			values[j + 1][rows] = kit_evaluate(plan, &parts[j], row).v;
		units[rows++] = row->unit;
	}
	return rows;
}

static void count_model(const struct kit *k, const struct sl_plan *plan, uint64_t cell, const struct sl_stat *s,
                        struct sl_model_place size, struct sl_result *r)
{
	static int64_t values[SL_REGRESSORS_MAX + 1][KIT_ROWS_MAX];
	static uint32_t units[KIT_ROWS_MAX];
	uint32_t rows = model_rows(k, plan, cell, s, values, units);

	for (uint32_t a = 0; a < size.nvariables; a++) {
		struct sl_variable v = { .lo = rows > 0 ? INT64_MAX : 0, .hi = rows > 0 ? INT64_MIN : 0 };
		sl_i128 sum = 0;
		for (uint32_t i = 0; i < rows; i++) {
			sum += values[a][i];
			v.lo = values[a][i] < v.lo ? values[a][i] : v.lo;
			v.hi = values[a][i] > v.hi ? values[a][i] : v.hi;
		}
		for (uint32_t i = 0; i < rows; i++) {
			v.above_units += is_first_row(units, i) && unit_is_off(rows, values[a], units, i, v.lo);
			v.below_units += is_first_row(units, i) && unit_is_off(rows, values[a], units, i, v.hi);
		}
		r->variables[r->nvariables++] = v;
		r->sums[r->nsums++].v = sum;
	}
	for (uint32_t a = 0; a < size.nvariables; a++)
		for (uint32_t b = a; b < size.nvariables; b++) {
			sl_i128 sum = 0;
			for (uint32_t i = 0; i < rows; i++)
				sum += (sl_i128)values[a][i] * values[b][i];
			r->sums[r->nsums++].v = sum;
		}
}

void kit_count_models(const struct kit *k, const struct sl_plan *plan, uint32_t ncells, struct sl_result *r)
{
	uint32_t first[SL_STATS_MAX];
	struct sl_model_place all;
	uint32_t n = sl_result_models(plan, first, &all);

	r->variables = kit_zeroed((size_t)ncells * all.nvariables, sizeof *r->variables);
	r->sums = kit_zeroed((size_t)ncells * all.nsums, sizeof *r->sums);
	for (uint32_t cell = 0; cell < ncells; cell++)
		for (uint32_t m = 0; m < n; m++)
			count_model(k, plan, cell, &plan->stats[first[m]], sl_result_model(plan, first[m]), r);
}

/* As any keyed hash would do: this one is no secret's. */
static uint64_t mixed(uint64_t v)
{
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	return v ^ v >> 31;
}

/* Of the units of the rows that are counted; of units, each once. */
static struct sl_draw draw_cell(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat)
{
	const struct sl_stat *s = &plan->stats[stat];
	uint64_t counted = 0, known = 0;
	bool seen[KIT_ROWS_MAX + 1] = { false };

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		uint64_t one = mixed(k->drawn_with + row->unit * UINT64_C(0x9e3779b97f4a7c15));
		if (kit_cell_of(k, plan, row) != cell)
			continue;
		struct sl_value v = s->arg.nops > 0 ? kit_evaluate(plan, &s->arg, row) : (struct sl_value){ .v = 1 };
		bool missing = v.missing || kit_lacks_second(plan, s, row);
		known += missing ? 0 : one;
		counted += missing || (kit_is_condition(s->fn) && v.v != 1) || (s->fn == SL_STAT_UNITS && seen[row->unit]) ? 0 : one;
		seen[row->unit] = true;
	}
	return (struct sl_draw){ mixed(~k->drawn_with ^ counted), s->fn == SL_STAT_SHARE ? mixed(~k->drawn_with ^ known) : 0 };
}

/* Of who has a value, or meets the condition, and of who else is in the cell; stat nstats: of all. */
static struct sl_draw draw_limit(const struct kit *k, const struct sl_plan *plan, uint64_t cell, uint32_t stat)
{
	bool in[KIT_ROWS_MAX + 1] = { false }, has[KIT_ROWS_MAX + 1] = { false };
	uint64_t some = 0, others = 0;

	for (uint32_t i = 0; i < k->nrows; i++) {
		const struct kit_row *row = &k->rows[i];
		if (kit_cell_of(k, plan, row) != cell)
			continue;
		in[row->unit] = true;
		const struct sl_stat *s = stat < plan->nstats ? &plan->stats[stat] : NULL;
		struct sl_value v = s != NULL && s->arg.nops > 0 ? kit_evaluate(plan, &s->arg, row) : (struct sl_value){ .v = 1 };
		bool missing = s != NULL && (v.missing || kit_lacks_second(plan, s, row));
		has[row->unit] |= !missing && (s == NULL || !kit_is_condition(s->fn) || v.v == 1);
	}
	for (uint64_t u = 0; u <= KIT_ROWS_MAX; u++) {
		uint64_t one = in[u] ? mixed(k->drawn_with + u * UINT64_C(0x9e3779b97f4a7c15)) : 0;
		some += has[u] ? one : 0;
		others += has[u] ? 0 : one;
	}
	return (struct sl_draw){ mixed(~k->drawn_with ^ some ^ 1),
		                 stat < plan->nstats ? mixed(~k->drawn_with ^ others ^ 1) : 0 };
}

void kit_draw_counts(const struct kit *k, const struct sl_plan *plan, struct sl_result *r)
{
	bool limits = k->setup.rules.jitter > 0;
	uint32_t n = r->nevidence, ncells = n / plan->nstats;

	if (k->setup.rules.transform != SL_TRANSFORM_RANDOM && !limits)
		return;
	r->drawn = limits ? SL_DRAWS_LIMITS : SL_DRAWS_COUNTS;
	r->ndraws = (uint32_t)sl_result_draws(r->drawn, ncells, plan->nstats);
	r->draws = kit_zeroed(r->ndraws, sizeof *r->draws);
	for (uint32_t i = 0; i < n; i++) {
		r->draws[i] = draw_cell(k, plan, i / plan->nstats, i % plan->nstats);
		if (limits)
			r->draws[n + i] = draw_limit(k, plan, i / plan->nstats, i % plan->nstats);
	}
	for (uint32_t c = 0; limits && c < ncells; c++)
		r->draws[2 * n + c] = draw_limit(k, plan, c, plan->nstats);
}
