/* naive.c - see naive.h: a result. naive_differs.c compares it. */
#include "tests/agreement/naive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/num.h"

#define VALUES_MAX 8  /* columns of a table, or folds of a source */
#define INPUTS_MAX 32

/* A row that a source gives; one that its filters leave out is kept in mind for the complement. */
struct given {
	int64_t unit;
	bool kept;
	struct sl_value values[VALUES_MAX];
};

struct side {
	struct given *rows;
	uint32_t n, from; /* the first one that is not of an earlier unit */
};

struct joined {
	int64_t unit;
	bool kept;
	uint32_t cell;
	struct sl_value inputs[INPUTS_MAX];
	uint32_t groups[SL_KEYS_MAX];
};

struct naive {
	const struct sl_plan *plan;
	const struct sl_view *view;
	const struct memory_store *store;
	struct side sides[SL_SOURCES_MAX];
	struct joined *rows;
	uint32_t n, cap, ncells;
};

/* What one unit gives one (cell, statistic). */
struct unit_part {
	uint64_t rows, met, not_met, known;
	sl_i128 total;
};

/* A statistic's argument in one row. */
struct item {
	uint32_t cell, row;
	int64_t unit;
	struct sl_value x, y;
};

static struct sl_value cell_of(const struct memory_table *t, uint32_t column, uint32_t row)
{
	if (t->nulls[column][row])
		return (struct sl_value){ .missing = true };
	return (struct sl_value){ .v = t->values[column][row] };
}

static bool is_true(const struct sl_expr *e, const struct sl_value *inputs)
{
	struct sl_value v = { .v = 1 };

	if (e->nops > 0)
		v = sl_expr_eval(e, inputs);
	return !v.missing && v.v != 0;
}

static struct sl_value fits(sl_i128 v)
{
	if (v > INT64_MAX || v < INT64_MIN)
		return (struct sl_value){ .missing = true };
	return (struct sl_value){ .v = (int64_t)v };
}

static struct sl_value mean_of(sl_i128 sum, int64_t n, int scale)
{
	int steps = scale + 2 < SL_SCALE_MAX ? 2 : SL_SCALE_MAX - scale;

	while (steps-- > 0)
		sum *= 10;
	sl_i128 whole = sum / n, rest = sum % n;
	if (2 * (rest < 0 ? -rest : rest) >= n)
		whole += sum < 0 ? -1 : 1;
	return fits(whole);
}

/* A fold over a unit's rows that passed; values: its argument in each. */
static struct sl_value fold(const struct sl_fold *f, const struct sl_value *values, uint32_t n)
{
	int64_t with = 0, met = 0, least = INT64_MAX, most = INT64_MIN;
	sl_i128 sum = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (values[i].missing)
			continue;
		with++;
		met += values[i].v != 0;
		sum += values[i].v;
		least = values[i].v < least ? values[i].v : least;
		most = values[i].v > most ? values[i].v : most;
	}
	struct sl_value none = { .missing = true };
	switch (f->fn) {
	case SL_FOLD_COUNT:
		return (struct sl_value){ .v = n };
	case SL_FOLD_COUNT_IF:
		return (struct sl_value){ .v = met };
	case SL_FOLD_ANY:
		return (struct sl_value){ .v = met > 0 };
	case SL_FOLD_ALL:
		return (struct sl_value){ .v = met == n };
	case SL_FOLD_SUM:
		return with > 0 ? fits(sum) : none;
	case SL_FOLD_MEAN:
		return with > 0 ? mean_of(sum, with, f->arg.ops[f->arg.nops - 1].scale) : none;
	case SL_FOLD_MIN:
		return with > 0 ? (struct sl_value){ .v = least } : none;
	default:
		return with > 0 ? (struct sl_value){ .v = most } : none;
	}
}

static bool raw_row(const struct sl_source *s, const struct memory_table *t, uint32_t row,
                    struct sl_value raws[static SL_INPUTS_MAX])
{
	for (uint32_t i = 0; i < s->nraws; i++)
		raws[i] = cell_of(t, s->raws[i].column, row);
	return is_true(&s->where, raws);
}

static void fold_unit(const struct sl_source *s, const struct memory_table *t, uint32_t from, uint32_t to,
                      struct given *g)
{
	struct sl_value *values = calloc(to - from, sizeof *values), raws[SL_INPUTS_MAX];
	uint32_t n = 0;

	g->unit = t->units[from];
	for (uint32_t i = 0; i < s->nfolds; i++) {
		n = 0;
		for (uint32_t r = from; r < to; r++)
			if (raw_row(s, t, r, raws))
				values[n++] = s->folds[i].arg.nops > 0 ? sl_expr_eval(&s->folds[i].arg, raws)
				                                       : (struct sl_value){ 0 };
		g->values[i] = fold(&s->folds[i], values, n);
	}
	g->kept = n > 0 && is_true(&s->having, g->values);
	free(values);
}

static void give_rows(struct naive *v, uint32_t source)
{
	const struct sl_source *s = &v->plan->sources[source];
	const struct memory_table *t = &v->store->tables[s->table];
	struct side *side = &v->sides[source];
	struct sl_value raws[SL_INPUTS_MAX];

	assert_true(s->nfolds <= VALUES_MAX && t->ncolumns <= VALUES_MAX);
	side->rows = calloc(t->rows + 1, sizeof *side->rows);
	for (uint32_t r = 0, end; r < t->rows; r = end) {
		struct given *g = &side->rows[side->n++];
		end = r + 1;
		if (s->nfolds > 0) {
			while (end < t->rows && t->units[end] == t->units[r])
				end++;
			fold_unit(s, t, r, end, g);
			continue;
		}
		g->unit = t->units[r];
		g->kept = raw_row(s, t, r, raws);
		for (uint32_t c = 0; c < t->ncolumns; c++)
			g->values[c] = cell_of(t, c, r);
	}
}

static struct sl_value look_up(const struct naive *v, const struct sl_input *in, struct sl_value code)
{
	const struct sl_column *c = &v->view->tables[v->plan->sources[in->source].table].columns[in->column];

	if (in->lookup == 0)
		return code;
	const struct sl_table *t = &v->view->tables[c->reference - 1];
	if (code.missing || code.v >= t->ncells / t->ncolumns)
		return (struct sl_value){ .missing = true };
	const struct sl_reference_cell *cell = &t->cells[(uint32_t)code.v * t->ncolumns + in->lookup - 1];
	return (struct sl_value){ .v = cell->missing ? 0 : cell->value, .missing = cell->missing };
}

/* The group of a value: labels or bands, then (other), then (missing). */
static uint32_t group_of(const struct sl_column *c, bool banded, struct sl_value value)
{
	uint32_t labels = c->nlabels > 0 ? c->nlabels : 2;

	if (value.missing)
		return sl_column_ngroups(c, banded) - 1;
	if (!banded)
		return value.v < labels ? (uint32_t)value.v : labels;
	for (uint32_t b = 0; b < c->nbands; b++)
		if (value.v >= c->bands[b].lo && value.v <= c->bands[b].hi)
			return b;
	return c->nbands;
}

static void put_joined(struct naive *v, const struct given *const *of, int64_t unit, bool kept)
{
	if (v->n == v->cap) {
		v->cap = v->cap * 2 + 64;
		v->rows = realloc(v->rows, v->cap * sizeof *v->rows);
	}
	struct joined *j = &v->rows[v->n++];
	*j = (struct joined){ .unit = unit };
	for (uint32_t i = 0; i < v->plan->ninputs; i++) {
		const struct sl_input *in = &v->plan->inputs[i];
		j->inputs[i] = (struct sl_value){ .missing = true };
		if (of[in->source] != NULL)
			j->inputs[i] = look_up(v, in, of[in->source]->values[in->column]);
	}
	j->kept = kept && is_true(&v->plan->where, j->inputs);
	for (uint32_t k = 0; j->kept && k < v->plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(v->plan, v->view, k);
		bool banded = v->plan->keys[k].banded != 0;
		j->groups[k] = group_of(c, banded, j->inputs[v->plan->keys[k].input]);
		j->cell = j->cell * sl_column_ngroups(c, banded) + j->groups[k];
	}
}

/* Every combination of one unit's rows, a source at a time. */
static void join(struct naive *v, uint32_t source, const struct given **of, int64_t unit, bool kept)
{
	bool has = false;

	if (source == v->plan->nsources || source >= SL_SOURCES_MAX) {
		put_joined(v, of, unit, kept);
		return;
	}
	uint8_t kind = v->plan->sources[source].join;
	struct side *side = &v->sides[source];
	of[source] = NULL;
	while (side->from < side->n && side->rows[side->from].unit < unit)
		side->from++;
	for (uint32_t r = side->from; r < side->n && side->rows[r].unit == unit; r++) {
		const struct given *g = &side->rows[r];
		has |= g->kept;
		if (kind == SL_JOIN_LEFT && g->kept)
			of[source] = g;
		if (kind != SL_JOIN_INNER)
			continue;
		of[source] = g;
		join(v, source + 1, of, unit, kept && g->kept);
	}
	if (kind == SL_JOIN_LEFT)
		join(v, source + 1, of, unit, kept);
	else if (kind != SL_JOIN_INNER)
		join(v, source + 1, of, unit, kept && has == (kind == SL_JOIN_SEMI));
}

static void join_units(struct naive *v)
{
	const struct side *first = &v->sides[0];
	const struct given *of[SL_SOURCES_MAX] = { 0 };

	for (uint32_t r = 0; r < first->n; r++)
		if (r == 0 || first->rows[r].unit != first->rows[r - 1].unit)
			join(v, 0, of, first->rows[r].unit, true);
}

static void count_units(const struct naive *v, struct sl_result *out)
{
	for (uint32_t r = 0, end; r < v->n; r = end) {
		bool kept = false, left_out = false;
		for (end = r; end < v->n && v->rows[end].unit == v->rows[r].unit; end++) {
			kept |= v->rows[end].kept;
			left_out |= !v->rows[end].kept;
		}
		out->population += kept;
		out->complement += !kept;
		out->partly += kept && left_out;
	}
}

static void count_margins(const struct naive *v, struct sl_result *out)
{
	out->margins = calloc(SL_KEYS_MAX, sizeof *out->margins);
	for (uint32_t key = 0; key < v->plan->nkeys; key++) {
		if (!sl_plan_input_sensitive(v->plan, v->view, v->plan->keys[key].input))
			continue;
		struct sl_margin *m = &out->margins[out->nmargins++];
		m->key = (uint16_t)key;
		m->ncells = 1;
		for (uint32_t k = 0; k < v->plan->nkeys; k++)
			if (k != key)
				m->ncells *= sl_column_ngroups(sl_plan_key_column(v->plan, v->view, k), v->plan->keys[k].banded != 0);
		m->cells = calloc(m->ncells, sizeof *m->cells);
		int64_t *last = malloc(m->ncells * sizeof *last);
		memset(last, 0xff, m->ncells * sizeof *last);
		for (uint32_t r = 0; r < v->n; r++) {
			uint32_t cell = 0;
			for (uint32_t k = 0; k < v->plan->nkeys; k++)
				if (k != key)
					cell = cell * sl_column_ngroups(sl_plan_key_column(v->plan, v->view, k),
					                                v->plan->keys[k].banded != 0) + v->rows[r].groups[k];
			if (!v->rows[r].kept || last[cell] == v->rows[r].unit)
				continue;
			last[cell] = v->rows[r].unit;
			m->cells[cell].units++;
		}
		free(last);
	}
}

static int by_cell(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_value(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return x->x.v < y->x.v ? -1 : x->x.v > y->x.v;
}

static int falling(const void *a, const void *b)
{
	sl_i128 x = *(const sl_i128 *)a, y = *(const sl_i128 *)b;

	return x > y ? -1 : x < y;
}

/* The units of one cell's items, which stand in the order of units. */
static uint32_t part_units(const struct item *items, uint32_t n, struct unit_part *parts)
{
	uint32_t nparts = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || items[i].unit != items[i - 1].unit)
			parts[nparts++] = (struct unit_part){ 0 };
		struct unit_part *p = &parts[nparts - 1];
		bool known = !items[i].x.missing;
		p->rows++;
		p->known += known;
		p->met += known && items[i].x.v != 0;
		p->not_met += !known || items[i].x.v == 0;
		p->total += known ? items[i].x.v : 0;
	}
	return nparts;
}

static void tell_totals(const struct item *items, uint32_t n, const struct unit_part *parts, uint32_t nparts,
                        struct sl_evidence *e)
{
	sl_i128 *sizes = calloc(nparts + 3, sizeof *sizes), least = 0, most = 0;
	const struct item *value = NULL;
	bool same = true;

	for (uint32_t i = 0; i < nparts; i++) {
		sl_i128 total = parts[i].total;
		e->overflow |= total > INT64_MAX || total <= INT64_MIN;
		if (parts[i].known == 0)
			continue;
		least = e->contributors == 0 || total < least ? total : least;
		most = e->contributors == 0 || total > most ? total : most;
		sizes[i] = total < 0 ? -total : total;
		e->contributors++;
		e->rows += parts[i].known;
		e->rows_by_one_max = parts[i].known > e->rows_by_one_max ? parts[i].known : e->rows_by_one_max;
		e->negatives += total < 0;
		e->zeros += total == 0;
		e->sum += total;
		e->sum_abs += sizes[i];
	}
	e->known_rows = e->rows;
	for (uint32_t i = 0; i < n; i++) {
		same &= items[i].x.missing || value == NULL || items[i].x.v == value->x.v;
		value = items[i].x.missing ? value : &items[i];
	}
	if (e->overflow) {
		e->negatives = e->zeros = 0;
		e->sum = e->sum_abs = 0;
	} else {
		qsort(sizes, nparts + 3, sizeof *sizes, falling);
		e->top1 = (int64_t)sizes[0];
		e->top2 = (int64_t)sizes[1];
		e->top3 = (int64_t)sizes[2];
		e->unit_min = (int64_t)least;
		e->unit_max = (int64_t)most;
		e->all_equal = value != NULL && (same || least == most);
	}
	free(sizes);
}

static void tell_counts(enum sl_stat_fn fn, const struct unit_part *parts, uint32_t nparts, struct sl_evidence *e)
{
	bool condition = fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE;
	uint64_t of = 0;

	for (uint32_t i = 0; i < nparts; i++) {
		uint64_t rows = condition ? parts[i].met : parts[i].rows;
		e->contributors += rows > 0;
		e->complement_units += condition && parts[i].not_met > 0;
		e->rows += rows;
		e->rows_by_one_max = rows > e->rows_by_one_max ? rows : e->rows_by_one_max;
		of += fn == SL_STAT_SHARE ? parts[i].known : parts[i].rows;
	}
	e->known_rows = fn == SL_STAT_SHARE ? of : e->rows;
	e->all_equal = condition && of > 0 && (e->rows == 0 || e->rows == of);
}

/* Of a quantile, whose units and rows are counted and nothing is added up. */
static void tell_known(const struct unit_part *parts, uint32_t nparts, struct sl_evidence *e)
{
	for (uint32_t i = 0; i < nparts; i++) {
		e->contributors += parts[i].known > 0;
		e->rows += parts[i].known;
		e->rows_by_one_max = parts[i].known > e->rows_by_one_max ? parts[i].known : e->rows_by_one_max;
	}
	e->known_rows = e->rows;
}

static void tell_moments(const struct sl_stat *s, const struct item *items, uint32_t n, struct sl_moments *m)
{
	const sl_i128 most = (sl_i128)1 << 126;

	for (uint32_t i = 0; i < n && !m->overflow; i++) {
		if (items[i].x.missing)
			continue;
		/* y is the first argument where there are two. */
		sl_i128 x = s->arg2.nops > 0 ? items[i].y.v : items[i].x.v, y = s->arg2.nops > 0 ? items[i].x.v : 0;
		m->overflow = x * x > most - m->xx || y * y > most - m->yy;
		if (m->overflow)
			break;
		m->x += x;
		m->y += y;
		m->xx += x * x;
		m->yy += y * y;
		/* Within the bounds of xx and yy at the end, but not on the way. */
		m->xy = (sl_i128)((unsigned __int128)m->xy + (unsigned __int128)(x * y));
	}
	if (m->overflow)
		*m = (struct sl_moments){ .overflow = 1 };
}

static void tell_quantile(const struct sl_stat *s, const struct item *items, uint32_t n, struct sl_quantile *q)
{
	struct item *sorted = calloc(n + 1, sizeof *sorted);
	uint32_t with = 0, rank = 1;

	for (uint32_t i = 0; i < n; i++)
		if (!items[i].x.missing)
			sorted[with++] = items[i];
	qsort(sorted, with, sizeof *sorted, by_value);
	while ((uint64_t)rank * SL_QUANTILE_ONE < (uint64_t)with * s->p)
		rank++;
	if (with > 0)
		q->value = sorted[rank - 1].x.v;
	for (uint32_t i = 0, end; i < n; i = end) {
		bool below = false, at = false, above = false;
		for (end = i; end < n && items[end].unit == items[i].unit; end++) {
			below |= !items[end].x.missing && items[end].x.v < q->value;
			at |= !items[end].x.missing && items[end].x.v == q->value;
			above |= !items[end].x.missing && items[end].x.v > q->value;
		}
		q->below_units += below;
		q->at_units += at;
		q->above_units += above;
	}
	free(sorted);
}

/* Of each variable of a model, y first: sums, then extremes and who is off them, by looking again for each. */
static void tell_model(const struct naive *v, const struct sl_stat *s, const struct item *items, uint32_t n,
                       struct sl_variable *variables, struct sl_sum *sums)
{
	const sl_i128 most = (sl_i128)1 << 126;
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t nv = sl_expr_parts(&s->arg2, parts) + 1, at = nv, rows = 0;
	int64_t(*values)[SL_REGRESSORS_MAX + 1] = calloc(n + 1, sizeof *values);
	uint32_t *units = calloc(n + 1, sizeof *units);

	for (uint32_t i = 0; i < n; i++) {
		if (items[i].x.missing)
			continue;
		for (uint32_t a = 0; a < nv; a++)
			values[rows][a] = sl_expr_eval(a == 0 ? &s->arg : &parts[a - 1], v->rows[items[i].row].inputs).v;
		units[rows++] = (uint32_t)items[i].unit;
	}
	for (uint32_t a = 0; a < nv; a++) {
		struct sl_variable *one = &variables[a];
		for (uint32_t i = 0; i < rows; i++) {
			sums[a].v += values[i][a];
			one->lo = i == 0 || values[i][a] < one->lo ? values[i][a] : one->lo;
			one->hi = i == 0 || values[i][a] > one->hi ? values[i][a] : one->hi;
		}
		for (uint32_t i = 0, end; i < rows; i = end) {
			bool above = false, below = false;
			for (end = i; end < rows && units[end] == units[i]; end++) {
				above |= values[end][a] > one->lo;
				below |= values[end][a] < one->hi;
			}
			one->above_units += above;
			one->below_units += below;
		}
		for (uint32_t b = a; b < nv; b++, at++)
			for (uint32_t i = 0; i < rows; i++) {
				sl_i128 product = (sl_i128)values[i][a] * values[i][b];
				variables->overflow |= a == b && product > most - sums[at].v;
				sums[at].v = (sl_i128)((unsigned __int128)sums[at].v + (unsigned __int128)product);
				if (variables->overflow)
					sums[at].v = 0;
			}
	}
	for (uint32_t i = 0; variables->overflow && i < nv + nv * (nv + 1) / 2; i++)
		sums[i].v = 0;
	free(values);
	free(units);
}

static uint32_t list_items(const struct naive *v, const struct sl_stat *s, struct item *items)
{
	uint32_t n = 0;

	for (uint32_t r = 0; r < v->n; r++) {
		struct item *i = &items[n];
		if (!v->rows[r].kept)
			continue;
		*i = (struct item){ .cell = v->rows[r].cell, .row = r, .unit = v->rows[r].unit, .x = { .missing = true } };
		if (s->arg.nops > 0)
			i->x = sl_expr_eval(&s->arg, v->rows[r].inputs);
		struct sl_expr parts[SL_EXPR_PARTS_MAX];
		uint32_t nparts = sl_expr_parts(&s->arg2, parts);
		for (uint32_t p = 0; p < nparts; p++) {
			i->y = sl_expr_eval(&parts[p], v->rows[r].inputs);
			i->x.missing |= i->y.missing;
		}
		n++;
	}
	qsort(items, n, sizeof *items, by_cell);
	return n;
}

static void tell_stat(const struct naive *v, uint32_t stat, struct sl_result *out)
{
	const struct sl_stat *s = &v->plan->stats[stat];
	struct item *items = calloc(v->n + 1, sizeof *items);
	struct unit_part *parts = calloc(v->n + 1, sizeof *parts);
	uint32_t n = list_items(v, s, items), end, nm = sl_result_moments_at(v->plan, v->plan->nstats),
		nq = sl_result_quantile_at(v->plan, v->plan->nstats), first[SL_STATS_MAX];
	struct sl_model_place all, place = { 0 };
	uint32_t nmodels = sl_result_models(v->plan, first, &all);
	bool leads = false;

	for (uint32_t m = 0; m < nmodels; m++)
		leads |= first[m] == stat;
	if (leads)
		place = sl_result_model(v->plan, stat);

	for (uint32_t i = 0; i < n; i = end) {
		uint32_t cell = items[i].cell;
		struct sl_evidence *e = &out->evidence[cell * v->plan->nstats + stat];
		for (end = i; end < n && items[end].cell == cell; end++)
			;
		uint32_t nparts = part_units(items + i, end - i, parts);
		e->cell_units = nparts;
		e->cell_rows = end - i;
		if (s->fn <= SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE)
			tell_counts((enum sl_stat_fn)s->fn, parts, nparts, e);
		else if (s->fn == SL_STAT_QUANTILE)
			tell_known(parts, nparts, e);
		else
			tell_totals(items + i, end - i, parts, nparts, e);
		if (leads)
			tell_model(v, s, items + i, end - i, &out->variables[cell * all.nvariables + place.variable],
			           &out->sums[cell * all.nsums + place.sum]);
		if (s->fn >= SL_STAT_VAR && s->fn <= SL_STAT_INTERCEPT)
			tell_moments(s, items + i, end - i, &out->moments[cell * nm + sl_result_moments_at(v->plan, stat)]);
		if (s->fn == SL_STAT_QUANTILE)
			tell_quantile(s, items + i, end - i, &out->quantiles[cell * nq + sl_result_quantile_at(v->plan, stat)]);
	}
	free(items);
	free(parts);
}

static void tell_distinct(const struct naive *v, struct sl_result *out)
{
	uint16_t inputs[SL_INPUTS_MAX];

	out->ndistinct = sl_result_distinct(v->plan, v->view, inputs);
	out->distinct = calloc(out->ndistinct + 1, sizeof *out->distinct);
	for (uint32_t i = 0; i < out->ndistinct; i++) {
		const struct sl_input *in = &v->plan->inputs[inputs[i]];
		assert_int_equal(v->store->store.distinct(&v->store->store, v->plan->sources[in->source].table, in->column,
		                                          &out->distinct[i], NULL), SL_OK);
	}
}

void naive_run(const struct sl_plan *plan, const struct sl_view *view, const struct memory_store *store,
               struct sl_result *out)
{
	struct naive v = { .plan = plan, .view = view, .store = store, .ncells = (uint32_t)sl_plan_cells(plan, view) };

	struct sl_model_place models;
	uint32_t first[SL_STATS_MAX];

	memset(out, 0, sizeof *out);
	(void)sl_result_models(plan, first, &models);
	assert_true(plan->ninputs <= INPUTS_MAX);
	for (uint32_t s = 0; s < plan->nsources; s++)
		give_rows(&v, s);
	join_units(&v);
	out->nevidence = v.ncells * plan->nstats;
	out->nmoments = v.ncells * sl_result_moments_at(plan, plan->nstats);
	out->nquantiles = v.ncells * sl_result_quantile_at(plan, plan->nstats);
	out->evidence = calloc(out->nevidence + 1, sizeof *out->evidence);
	out->moments = calloc(out->nmoments + 1, sizeof *out->moments);
	out->quantiles = calloc(out->nquantiles + 1, sizeof *out->quantiles);
	out->nvariables = v.ncells * models.nvariables;
	out->nsums = v.ncells * models.nsums;
	out->variables = calloc(out->nvariables + 1, sizeof *out->variables);
	out->sums = calloc(out->nsums + 1, sizeof *out->sums);
	out->filtered = plan->where.nops > 0;
	for (uint32_t s = 0; s < plan->nsources; s++)
		out->filtered |= plan->sources[s].where.nops > 0 || plan->sources[s].having.nops > 0 ||
		                 plan->sources[s].join >= SL_JOIN_SEMI;
	count_units(&v, out);
	count_margins(&v, out);
	tell_distinct(&v, out);
	for (uint32_t s = 0; s < plan->nstats; s++)
		tell_stat(&v, s, out);
	for (uint32_t s = 0; s < plan->nsources; s++)
		free(v.sides[s].rows);
	free(v.rows);
}
