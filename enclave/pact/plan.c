/* plan.c - see plan.h: its record, types of its numbers, its cells. What a plan must be is in plan_check.c. */
#include "enclave/pact/plan.h"

static const struct sl_field raw_fields[] = {
	SL_SCALAR(struct sl_raw, SL_KIND_U16, column, 0, SL_COLUMNS_MAX, "column of the source's table"),
};
static SL_RECORD(raw_record, sl_raw, raw_fields);

static const struct sl_field fold_fields[] = {
	SL_SCALAR(struct sl_fold, SL_KIND_U8, fn, 1, SL_FOLD_COUNT_ - 1,
	          "count 1, count_if 2, sum 3, mean 4, min 5, max 6, any 7, all 8"),
	SL_REC(struct sl_fold, arg, sl_expr_record, "argument or condition over the raw columns"),
};
static SL_RECORD(fold_record, sl_fold, fold_fields);

static const struct sl_field source_fields[] = {
	SL_SCALAR(struct sl_source, SL_KIND_U16, table, 0, SL_TABLES_MAX, "table of the view"),
	SL_SCALAR(struct sl_source, SL_KIND_U8, join, 0, SL_JOIN_COUNT_ - 1, "inner 0, left 1, semi 2, anti 3"),
	SL_VEC(struct sl_source, raws, nraws, SL_INPUTS_MAX, raw_record, "columns that where and folds read"),
	SL_REC(struct sl_source, where, sl_expr_record, "condition over the raw columns; empty: every row"),
	SL_VEC(struct sl_source, folds, nfolds, SL_FOLDS_MAX, fold_record, "per unit; empty: rows as they are"),
	SL_REC(struct sl_source, having, sl_expr_record, "condition over the folds; empty: every unit"),
};
static SL_RECORD(source_record, sl_source, source_fields);

static const struct sl_field input_fields[] = {
	SL_SCALAR(struct sl_input, SL_KIND_U16, source, 0, SL_SOURCES_MAX, "source of the plan"),
	SL_SCALAR(struct sl_input, SL_KIND_U16, column, 0, SL_COLUMNS_MAX, "column of its table, or its fold"),
	SL_SCALAR(struct sl_input, SL_KIND_U16, lookup, 0, SL_COLUMNS_MAX,
	          "attribute of the column's reference table, plus one; 0: the column itself"),
};
static SL_RECORD(input_record, sl_input, input_fields);

static const struct sl_field key_fields[] = {
	SL_TEXT(struct sl_key, name, SL_IDENT_BYTES, "author's column name"),
	SL_SCALAR(struct sl_key, SL_KIND_U16, input, 0, SL_INPUTS_MAX, "input it groups by"),
	SL_SCALAR(struct sl_key, SL_KIND_U8, banded, 0, 1, "by catalogue bands"),
	SL_TEXT(struct sl_key, description, SL_TITLE_BYTES, "author's words"),
};
static SL_RECORD(key_record, sl_key, key_fields);

static const struct sl_field stat_fields[] = {
	SL_TEXT(struct sl_stat, name, SL_IDENT_BYTES, "author's column name"),
	SL_SCALAR(struct sl_stat, SL_KIND_U8, fn, 1, SL_STAT_COUNT_ - 1,
	          "units 1, count 2, count_if 3, sum 4, mean 5, share 6, min 7, max 8, quantile 9, var 10, sd 11, corr 12, "
	          "slope 13, intercept 14, coef 15, coef_se 16, r2 17"),
	SL_SCALAR(struct sl_stat, SL_KIND_U16, p, 0, SL_QUANTILE_ONE - 1,
	          "of a quantile, in ten-thousandths; of coef and coef_se, which x, 0 the constant"),
	SL_REC(struct sl_stat, arg, sl_expr_record, "argument or condition"),
	SL_REC(struct sl_stat, arg2, sl_expr_record,
	       "x of corr, slope, intercept; of coef, coef_se and r2 x1, x2, … one behind the other"),
	SL_TEXT(struct sl_stat, description, SL_TITLE_BYTES, "author's words"),
};
static SL_RECORD(stat_record, sl_stat, stat_fields);

static const struct sl_field calc_fields[] = {
	SL_TEXT(struct sl_calc, name, SL_IDENT_BYTES, "author's column name"),
	SL_REC(struct sl_calc, expr, sl_expr_record, "over the published statistics"),
	SL_TEXT(struct sl_calc, description, SL_TITLE_BYTES, "author's words"),
};
static SL_RECORD(calc_record, sl_calc, calc_fields);

static const struct sl_field order_fields[] = {
	SL_SCALAR(struct sl_order, SL_KIND_U16, column, 0, SL_KEYS_MAX + SL_STATS_MAX + SL_CALCS_MAX, "output column"),
	SL_SCALAR(struct sl_order, SL_KIND_U8, descending, 0, 1, "largest first"),
};
static SL_RECORD(order_record, sl_order, order_fields);

static const struct sl_field plan_fields[] = {
	SL_TEXT(struct sl_plan, output, SL_IDENT_BYTES, "author's name of the output"),
	SL_VEC(struct sl_plan, sources, nsources, SL_SOURCES_MAX, source_record, "joined on the unit"),
	SL_VEC(struct sl_plan, inputs, ninputs, SL_INPUTS_MAX, input_record, "columns that are read"),
	SL_REC(struct sl_plan, where, sl_expr_record, "condition; empty: every row"),
	SL_VEC(struct sl_plan, keys, nkeys, SL_KEYS_MAX, key_record, "grouping, first slowest"),
	SL_VEC(struct sl_plan, stats, nstats, SL_STATS_MAX, stat_record, "statistics"),
	SL_VEC(struct sl_plan, calcs, ncalcs, SL_CALCS_MAX, calc_record, "arithmetic on published cells"),
	SL_VEC(struct sl_plan, order, norder, SL_KEYS_MAX, order_record, "order of the publication"),
	SL_SCALAR(struct sl_plan, SL_KIND_U32, limit, 0, 0, "rows of the publication; 0: all"),
	SL_SCALAR(struct sl_plan, SL_KIND_U32, line, 0, 0, "line of output() in the script"),
	SL_TEXT(struct sl_plan, purpose, SL_TITLE_BYTES, "author's words on the whole output"),
};
SL_RECORD(sl_plan_record, sl_plan, plan_fields);

static const char *const fn_names[] = {
	[SL_STAT_NONE] = "none", [SL_STAT_UNITS] = "units", [SL_STAT_COUNT] = "count", [SL_STAT_COUNT_IF] = "count_if",
	[SL_STAT_SUM] = "sum",   [SL_STAT_MEAN] = "mean",   [SL_STAT_SHARE] = "share", [SL_STAT_MIN] = "min",
	[SL_STAT_MAX] = "max",   [SL_STAT_QUANTILE] = "quantile", [SL_STAT_VAR] = "var", [SL_STAT_SD] = "sd",
	[SL_STAT_CORR] = "corr", [SL_STAT_SLOPE] = "slope",       [SL_STAT_INTERCEPT] = "intercept",
	[SL_STAT_COEF] = "coef", [SL_STAT_COEF_SE] = "coef_se",  [SL_STAT_R2] = "r2",
};

const char *sl_stat_fn_name(enum sl_stat_fn fn)
{
	return (size_t)fn < SL_STAT_COUNT_ ? fn_names[fn] : "none";
}

const struct sl_column *sl_plan_base_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_input *in = &plan->inputs[input];

	return &view->tables[plan->sources[in->source].table].columns[in->column];
}

const struct sl_column *sl_plan_input_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_column *base = sl_plan_base_column(plan, view, input);
	uint16_t lookup = plan->inputs[input].lookup;

	return lookup == 0 ? base : &view->tables[base->reference - 1].columns[lookup - 1];
}

bool sl_plan_input_sensitive(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_source *s = &plan->sources[plan->inputs[input].source];

	for (uint32_t i = 0; i < s->nraws && s->nfolds > 0; i++)
		if (view->tables[s->table].columns[s->raws[i].column].sensitive)
			return true;
	if (s->nfolds > 0)
		return false;
	return sl_plan_base_column(plan, view, input)->sensitive != 0 ||
	       sl_plan_input_column(plan, view, input)->sensitive != 0;
}

static int8_t finer(int scale)
{
	return (int8_t)(scale > SL_SCALE_MAX ? SL_SCALE_MAX : scale);
}

struct sl_input_type sl_fold_type(enum sl_fold_fn fn, struct sl_input_type arg)
{
	if (fn == SL_FOLD_SUM || fn == SL_FOLD_MIN || fn == SL_FOLD_MAX)
		return arg;
	if (fn == SL_FOLD_MEAN)
		return (struct sl_input_type){.type = SL_TYPE_REAL, .scale = finer(arg.scale + 2)};
	if (fn == SL_FOLD_ANY || fn == SL_FOLD_ALL)
		return (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
	return (struct sl_input_type){.type = SL_TYPE_INTEGER};
}

bool sl_source_one_row(const struct sl_source *s, const struct sl_view *view)
{
	return s->nfolds > 0 || view->tables[s->table].one_row_per_unit != 0;
}

struct sl_input_type sl_stat_type(enum sl_stat_fn fn, struct sl_input_type arg)
{
	switch (fn) {
	case SL_STAT_SUM:
	case SL_STAT_MIN:
	case SL_STAT_MAX:
	case SL_STAT_QUANTILE:
		return arg;
	case SL_STAT_MEAN:
	case SL_STAT_SD:
	case SL_STAT_INTERCEPT:
		return (struct sl_input_type){.type = SL_TYPE_REAL, .scale = finer(arg.scale + 2)};
	case SL_STAT_VAR:
		return (struct sl_input_type){.type = SL_TYPE_REAL, .scale = finer(2 * arg.scale + 2)};
	case SL_STAT_SHARE:
	case SL_STAT_CORR:
		return (struct sl_input_type){.type = SL_TYPE_REAL, .scale = 4};
	case SL_STAT_SLOPE:
	case SL_STAT_COEF:
	case SL_STAT_COEF_SE:
	case SL_STAT_R2:
		return (struct sl_input_type){.type = SL_TYPE_REAL, .scale = 6};
	default:
		return (struct sl_input_type){.type = SL_TYPE_INTEGER};
	}
}

bool sl_plan_is_filtered(const struct sl_plan *plan)
{
	bool filtered = plan->where.nops > 0;

	for (uint32_t s = 0; s < plan->nsources; s++)
		filtered |= plan->sources[s].where.nops > 0 || plan->sources[s].having.nops > 0 ||
		            plan->sources[s].join == SL_JOIN_SEMI || plan->sources[s].join == SL_JOIN_ANTI;
	return filtered;
}

bool sl_stat_is_implied(const struct sl_stat *stat)
{
	return stat->name != NULL && stat->name[0] == '(';
}

bool sl_stat_is_of_known(const struct sl_stat *stat)
{
	return sl_stat_is_implied(stat) && stat->name[1] == '(';
}

bool sl_plan_prints(const struct sl_plan *plan, uint32_t column)
{
	return column >= plan->nstats || !sl_stat_is_implied(&plan->stats[column]);
}

uint32_t sl_plan_printed(const struct sl_plan *plan)
{
	uint32_t n = plan->ncalcs;

	for (uint32_t s = 0; s < plan->nstats; s++)
		n += !sl_stat_is_implied(&plan->stats[s]);
	return n;
}

uint32_t sl_plan_column(const struct sl_plan *plan, uint32_t printed)
{
	uint32_t implied = plan->nstats + plan->ncalcs - sl_plan_printed(plan);

	/* They stand between the author's own and the calcs. */
	return printed < plan->nstats - implied ? printed : printed + implied;
}

bool sl_stat_is_model(enum sl_stat_fn fn)
{
	return fn >= SL_STAT_COEF && fn <= SL_STAT_R2;
}

bool sl_stat_same_model(const struct sl_stat *a, const struct sl_stat *b)
{
	return sl_stat_is_model((enum sl_stat_fn)a->fn) && sl_stat_is_model((enum sl_stat_fn)b->fn) &&
	       sl_expr_equal(&a->arg, &b->arg) && sl_expr_equal(&a->arg2, &b->arg2);
}

const struct sl_column *sl_plan_key_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t k)
{
	return sl_plan_input_column(plan, view, plan->keys[k].input);
}

uint64_t sl_plan_cells(const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t cells = 1;

	for (uint32_t k = 0; k < plan->nkeys; k++) {
		uint64_t n = sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0);
		if (__builtin_mul_overflow(cells, n, &cells))
			return UINT64_MAX;
	}
	return cells;
}

uint32_t sl_plan_cell_group(const struct sl_plan *plan, const struct sl_view *view, uint64_t cell, uint32_t k)
{
	for (uint32_t i = plan->nkeys - 1; i > k; i--)
		cell /= sl_column_ngroups(sl_plan_key_column(plan, view, i), plan->keys[i].banded != 0);
	return (uint32_t)(cell % sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0));
}

uint32_t sl_plan_cell_by(const struct sl_plan *plan, const struct sl_view *view, uint64_t cell, uint32_t keys)
{
	uint32_t at = 0;

	for (uint32_t k = 0; k < plan->nkeys; k++)
		if ((keys >> k & 1) != 0)
			at = at * sl_column_ngroups(sl_plan_key_column(plan, view, k), plan->keys[k].banded != 0) +
			     sl_plan_cell_group(plan, view, cell, k);
	return at;
}
