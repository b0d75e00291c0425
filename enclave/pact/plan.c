/* plan.c - see plan.h. */
#include "enclave/pact/plan.h"

#include <string.h>

#include "enclave/base/text.h"

static const struct sl_field source_fields[] = {
	SL_SCALAR(struct sl_source, SL_KIND_U16, table, 0, SL_TABLES_MAX, "table of the view"),
};
static SL_RECORD(source_record, sl_source, source_fields);

static const struct sl_field input_fields[] = {
	SL_SCALAR(struct sl_input, SL_KIND_U16, source, 0, SL_SOURCES_MAX, "source of the plan"),
	SL_SCALAR(struct sl_input, SL_KIND_U16, column, 0, SL_COLUMNS_MAX, "column of its table"),
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
	          "units 1, count 2, count_if 3, sum 4, mean 5, share 6, min 7, max 8"),
	SL_REC(struct sl_stat, arg, sl_expr_record, "argument or condition"),
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
	[SL_STAT_MAX] = "max",
};

const char *sl_stat_fn_name(enum sl_stat_fn fn)
{
	return (size_t)fn < SL_STAT_COUNT_ ? fn_names[fn] : "none";
}

/* An expression knows nothing of the script; the plan knows the line. */
static enum sl_rc check_expr(const struct sl_plan *plan, const struct sl_expr *expr, const struct sl_input_type *inputs,
                             size_t ninputs, struct sl_input_type *result, struct sl_err *err)
{
	enum sl_rc rc = sl_expr_check(expr, inputs, ninputs, result, err);

	if (rc != SL_OK)
		sl_err_at(err, "", plan->line, 0);
	return rc;
}

static const struct sl_column *input_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_input *in = &plan->inputs[input];

	return &view->tables[plan->sources[in->source].table].columns[in->column];
}

static enum sl_rc refuse(const struct sl_plan *plan, struct sl_err *err, const char *why, const char *name)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "output \"%s\": %s%s%s", plan->output, why, name[0] ? " " : "", name);

	sl_err_at(err, "", plan->line, 0);
	return rc;
}

enum sl_rc sl_plan_inputs(const struct sl_plan *plan, const struct sl_view *view,
                          struct sl_input_type out[static SL_INPUTS_MAX], struct sl_err *err)
{
	for (uint32_t i = 0; i < plan->nsources; i++)
		if (plan->sources[i].table >= view->ntables)
			return refuse(plan, err, "no such table in the view", "");
	for (uint32_t i = 0; i < plan->ninputs; i++) {
		const struct sl_input *in = &plan->inputs[i];
		if (in->source >= plan->nsources || in->column >= view->tables[plan->sources[in->source].table].ncolumns)
			return refuse(plan, err, "no such column in the view", "");
		const struct sl_column *c = input_column(plan, view, i);
		out[i] = (struct sl_input_type){
			.type = c->type,
			.scale = c->scale,
			.ncodes = c->type == SL_TYPE_TEXT ? c->nlabels + c->has_other : 0,
		};
	}
	return SL_OK;
}

struct sl_input_type sl_stat_type(enum sl_stat_fn fn, struct sl_input_type arg)
{
	struct sl_input_type t = {.type = SL_TYPE_INTEGER};

	if (fn == SL_STAT_SUM || fn == SL_STAT_MIN || fn == SL_STAT_MAX)
		t = arg;
	if (fn == SL_STAT_MEAN)
		t = (struct sl_input_type){
			.type = SL_TYPE_REAL,
			.scale = (int8_t)(arg.scale + 2 > SL_SCALE_MAX ? SL_SCALE_MAX : arg.scale + 2),
		};
	if (fn == SL_STAT_SHARE)
		t = (struct sl_input_type){.type = SL_TYPE_REAL, .scale = 4};
	return t;
}

static enum sl_rc check_sources(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	uint32_t many = 0;

	if (plan->nsources == 0)
		return refuse(plan, err, "reads no table", "");
	const struct sl_table *first = &view->tables[plan->sources[0].table];
	for (uint32_t i = 0; i < plan->nsources; i++) {
		const struct sl_table *t = &view->tables[plan->sources[i].table];
		for (uint32_t j = 0; j < i; j++)
			if (plan->sources[j].table == plan->sources[i].table)
				return refuse(plan, err, "joins a table with itself:", t->name);
		if (t->space[0] == '\0')
			return refuse(plan, err, "reads a table without privacy units:", t->name);
		if (strcmp(t->space, first->space) != 0)
			return refuse(plan, err, "joins tables of two unit spaces:", t->name);
		if (!t->one_row_per_unit && ++many > 1)
			return refuse(plan, err, "joins two tables that both have several rows per unit:", t->name);
	}
	return SL_OK;
}

static enum sl_rc check_keys(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	for (uint32_t i = 0; i < plan->nkeys; i++) {
		const struct sl_key *k = &plan->keys[i];
		if (k->input >= plan->ninputs)
			return refuse(plan, err, "no such input for key", k->name);
		if (sl_column_ngroups(input_column(plan, view, k->input), k->banded != 0) == 0)
			return refuse(plan, err, "groups by a column without a finite domain:", k->name);
		for (uint32_t j = 0; j < i; j++)
			if (plan->keys[j].input == k->input && plan->keys[j].banded == k->banded)
				return refuse(plan, err, "groups twice by the same column:", k->name);
	}
	return SL_OK;
}

static enum sl_rc check_stat(const struct sl_plan *plan, const struct sl_stat *s, const struct sl_input_type *inputs,
                             struct sl_input_type *published, struct sl_err *err)
{
	struct sl_input_type arg = {0};
	bool wants_arg = s->fn != SL_STAT_UNITS && s->fn != SL_STAT_COUNT;

	if (wants_arg != (s->arg.nops > 0))
		return refuse(plan, err, "argument missing or too many for", s->name);
	if (wants_arg) {
		enum sl_rc rc = check_expr(plan, &s->arg, inputs, plan->ninputs, &arg, err);
		if (rc != SL_OK)
			return rc;
		bool condition = s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE;
		if (condition ? arg.type != SL_TYPE_BOOLEAN : arg.type != SL_TYPE_INTEGER && arg.type != SL_TYPE_REAL)
			return refuse(plan, err, condition ? "needs a condition:" : "needs a number:", s->name);
	}
	*published = sl_stat_type(s->fn, arg);
	return SL_OK;
}

static const char *column_name(const struct sl_plan *plan, uint32_t i)
{
	if (i < plan->nkeys)
		return plan->keys[i].name;
	if (i < plan->nkeys + plan->nstats)
		return plan->stats[i - plan->nkeys].name;
	return plan->calcs[i - plan->nkeys - plan->nstats].name;
}

static enum sl_rc check_names(const struct sl_plan *plan, struct sl_err *err)
{
	uint32_t ncolumns = plan->nkeys + plan->nstats + plan->ncalcs;

	if (!sl_text_is_ident(plan->output))
		return refuse(plan, err, "is not a name", "");
	for (uint32_t i = 0; i < ncolumns; i++) {
		if (!sl_text_is_ident(column_name(plan, i)))
			return refuse(plan, err, "a column has no proper name", "");
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(column_name(plan, i), column_name(plan, j)) == 0)
				return refuse(plan, err, "two columns are named", column_name(plan, i));
	}
	for (uint32_t i = 0; i < plan->norder; i++)
		if (plan->order[i].column >= ncolumns)
			return refuse(plan, err, "orders by a column it does not have", "");
	return SL_OK;
}

enum sl_rc sl_plan_check(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	struct sl_input_type inputs[SL_INPUTS_MAX], published[SL_STATS_MAX], t;
	enum sl_rc rc = sl_plan_inputs(plan, view, inputs, err);

	if (rc == SL_OK)
		rc = check_sources(plan, view, err);
	if (rc == SL_OK)
		rc = check_names(plan, err);
	if (rc == SL_OK)
		rc = check_keys(plan, view, err);
	if (rc == SL_OK && plan->nstats == 0)
		rc = refuse(plan, err, "has no statistic", "");
	if (rc == SL_OK && plan->where.nops > 0) {
		rc = check_expr(plan, &plan->where, inputs, plan->ninputs, &t, err);
		if (rc == SL_OK && t.type != SL_TYPE_BOOLEAN)
			rc = refuse(plan, err, "where needs a condition", "");
	}
	for (uint32_t i = 0; i < plan->nstats && rc == SL_OK; i++)
		rc = check_stat(plan, &plan->stats[i], inputs, &published[i], err);
	for (uint32_t i = 0; i < plan->ncalcs && rc == SL_OK; i++) {
		rc = check_expr(plan, &plan->calcs[i].expr, published, plan->nstats, &t, err);
		if (rc == SL_OK && t.type == SL_TYPE_TEXT)
			rc = refuse(plan, err, "calc gives text:", plan->calcs[i].name);
	}
	return rc;
}

const struct sl_column *sl_plan_key_column(const struct sl_plan *plan, const struct sl_view *view, uint32_t k)
{
	return input_column(plan, view, plan->keys[k].input);
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
