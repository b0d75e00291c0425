/*
 * plan_check.c - everything about a plan's shape and types that does not need policy: its sources, inputs, keys,
 * statistics, names and words. See plan.h.
 */
#include <string.h>

#include "enclave/base/text.h"
#include "enclave/pact/plan.h"

/* An expression knows nothing of the script; the plan knows the line. */
static enum sl_rc check_expr(const struct sl_plan *plan, const struct sl_expr *expr, const struct sl_input_type *inputs,
                             size_t ninputs, struct sl_input_type *result, struct sl_err *err)
{
	enum sl_rc rc = sl_expr_check(expr, inputs, ninputs, result, err);

	if (rc != SL_OK)
		sl_err_at(err, "", plan->line, 0);
	return rc;
}

static enum sl_rc refuse(const struct sl_plan *plan, struct sl_err *err, const char *why, const char *name)
{
	enum sl_rc rc = sl_err_set(err, SL_E_INPUT, "output \"%s\": %s%s%s", plan->output, why, name[0] ? " " : "", name);

	sl_err_at(err, "", plan->line, 0);
	return rc;
}

static struct sl_input_type column_type(const struct sl_column *c)
{
	return (struct sl_input_type){
		.type = c->type,
		.scale = c->scale,
		.ncodes = c->type == SL_TYPE_TEXT ? c->nlabels + c->has_other : 0,
	};
}

static bool is_number(struct sl_input_type t)
{
	return t.type == SL_TYPE_INTEGER || t.type == SL_TYPE_REAL;
}

static enum sl_rc check_fold(const struct sl_plan *plan, const struct sl_fold *f, const struct sl_input_type *raws,
                             uint32_t nraws, struct sl_input_type *result, struct sl_err *err)
{
	struct sl_input_type arg = {0};
	bool condition = f->fn == SL_FOLD_COUNT_IF || f->fn == SL_FOLD_ANY || f->fn == SL_FOLD_ALL;
	bool date_fits = f->fn == SL_FOLD_MIN || f->fn == SL_FOLD_MAX;

	if ((f->fn != SL_FOLD_COUNT) != (f->arg.nops > 0))
		return refuse(plan, err, "per_unit: argument missing or too many", "");
	if (f->arg.nops > 0) {
		enum sl_rc rc = check_expr(plan, &f->arg, raws, nraws, &arg, err);
		if (rc != SL_OK)
			return rc;
		if (condition ? arg.type != SL_TYPE_BOOLEAN
		              : !is_number(arg) && !(date_fits && arg.type == SL_TYPE_DATE))
			return refuse(plan, err, condition ? "per_unit needs a condition" : "per_unit needs a number", "");
	}
	*result = sl_fold_type(f->fn, arg);
	return SL_OK;
}

static enum sl_rc check_condition(const struct sl_plan *plan, const struct sl_expr *expr,
                                  const struct sl_input_type *inputs, uint32_t ninputs, struct sl_err *err)
{
	struct sl_input_type t;
	enum sl_rc rc = expr->nops > 0 ? check_expr(plan, expr, inputs, ninputs, &t, err) : SL_OK;

	if (rc == SL_OK && expr->nops > 0 && t.type != SL_TYPE_BOOLEAN)
		rc = refuse(plan, err, "where needs a condition", "");
	return rc;
}

/* What a source makes before the join; folds out has SL_FOLDS_MAX. */
static enum sl_rc check_source(const struct sl_plan *plan, const struct sl_source *s, const struct sl_table *t,
                               struct sl_input_type *folds, struct sl_err *err)
{
	struct sl_input_type raws[SL_INPUTS_MAX];

	for (uint32_t i = 0; i < s->nraws; i++) {
		if (s->raws[i].column >= t->ncolumns)
			return refuse(plan, err, "no such column in the view", "");
		for (uint32_t j = 0; j < i; j++)
			if (s->raws[j].column == s->raws[i].column)
				return refuse(plan, err, "a source reads a column twice:", t->columns[s->raws[i].column].name);
		raws[i] = column_type(&t->columns[s->raws[i].column]);
	}
	if (s->having.nops > 0 && s->nfolds == 0)
		return refuse(plan, err, "filters units of a table it did not fold per unit:", t->name);
	enum sl_rc rc = check_condition(plan, &s->where, raws, s->nraws, err);
	for (uint32_t i = 0; i < s->nfolds && rc == SL_OK; i++)
		rc = check_fold(plan, &s->folds[i], raws, s->nraws, &folds[i], err);
	return rc == SL_OK ? check_condition(plan, &s->having, folds, s->nfolds, err) : rc;
}

/* Where a key is missing or (other) so is the attribute: one that never is would have no group for it. */
static enum sl_rc check_lookup(const struct sl_plan *plan, const struct sl_view *view, const struct sl_input *in,
                               struct sl_err *err)
{
	const struct sl_source *s = &plan->sources[in->source];
	const struct sl_column *base = s->nfolds == 0 ? &view->tables[s->table].columns[in->column] : NULL;
	const struct sl_table *ref;

	if (base == NULL)
		return refuse(plan, err, "looks up what per_unit made", "");
	if (base->reference == 0 || base->reference > view->ntables)
		return refuse(plan, err, "looks up a column whose domain is no reference table:", base->name);
	ref = &view->tables[base->reference - 1];
	if (in->lookup > ref->ncolumns)
		return refuse(plan, err, "no such attribute in the view, of", ref->name);
	if (!ref->columns[in->lookup - 1].nullable)
		return refuse(plan, err, "an attribute must be able to miss:", ref->columns[in->lookup - 1].name);
	return SL_OK;
}

static enum sl_rc check_input(const struct sl_plan *plan, const struct sl_view *view, const struct sl_input *in,
                              struct sl_err *err)
{
	if (in->source >= plan->nsources)
		return refuse(plan, err, "no such column in the view", "");
	const struct sl_source *s = &plan->sources[in->source];
	if (s->join == SL_JOIN_SEMI || s->join == SL_JOIN_ANTI)
		return refuse(plan, err, "reads a column of a table it only looks for units in", "");
	if (in->column >= (s->nfolds > 0 ? s->nfolds : view->tables[s->table].ncolumns))
		return refuse(plan, err, "no such column in the view", "");
	return in->lookup > 0 ? check_lookup(plan, view, in, err) : SL_OK;
}

enum sl_rc sl_plan_inputs(const struct sl_plan *plan, const struct sl_view *view,
                          struct sl_input_type out[static SL_INPUTS_MAX], struct sl_err *err)
{
	struct sl_input_type folds[SL_SOURCES_MAX][SL_FOLDS_MAX];
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++) {
		if (plan->sources[i].table >= view->ntables)
			return refuse(plan, err, "no such table in the view", "");
		rc = check_source(plan, &plan->sources[i], &view->tables[plan->sources[i].table], folds[i], err);
	}
	for (uint32_t i = 0; i < plan->ninputs && rc == SL_OK; i++) {
		const struct sl_input *in = &plan->inputs[i];
		rc = check_input(plan, view, in, err);
		if (rc == SL_OK)
			out[i] = plan->sources[in->source].nfolds > 0 ? folds[in->source][in->column]
			                                              : column_type(sl_plan_input_column(plan, view, i));
	}
	return rc;
}

/* Rows multiply only where two sources have several per unit; SEMI and ANTI bring none. */
static enum sl_rc check_join(const struct sl_plan *plan, const struct sl_view *view, uint32_t i, uint32_t *many,
                             struct sl_err *err)
{
	const struct sl_source *s = &plan->sources[i];
	const struct sl_table *t = &view->tables[s->table];
	bool only_units = s->join == SL_JOIN_SEMI || s->join == SL_JOIN_ANTI;

	for (uint32_t j = 0; j < i && !only_units; j++)
		if (plan->sources[j].table == s->table && plan->sources[j].join != SL_JOIN_SEMI &&
		    plan->sources[j].join != SL_JOIN_ANTI)
			return refuse(plan, err, "joins a table with itself:", t->name);
	if (i == 0 && s->join != SL_JOIN_INNER)
		return refuse(plan, err, "begins with a table it joins to nothing:", t->name);
	if (t->space[0] == '\0')
		return refuse(plan, err, "reads a table without privacy units:", t->name);
	if (strcmp(t->space, view->tables[plan->sources[0].table].space) != 0)
		return refuse(plan, err, "joins tables of two unit spaces:", t->name);
	if (only_units || sl_source_one_row(s, view))
		return SL_OK;
	if (s->join == SL_JOIN_LEFT)
		return refuse(plan, err, "joins from the left a table with several rows per unit:", t->name);
	return ++*many > 1 ? refuse(plan, err, "joins two tables that both have several rows per unit:", t->name) : SL_OK;
}

static enum sl_rc check_sources(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	uint32_t many = 0;
	enum sl_rc rc = plan->nsources > 0 ? SL_OK : refuse(plan, err, "reads no table", "");

	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++)
		rc = check_join(plan, view, i, &many, err);
	return rc;
}

static enum sl_rc check_keys(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	for (uint32_t i = 0; i < plan->nkeys; i++) {
		const struct sl_key *k = &plan->keys[i];
		if (k->input >= plan->ninputs)
			return refuse(plan, err, "no such input for key", k->name);
		if (plan->sources[plan->inputs[k->input].source].nfolds > 0)
			return refuse(plan, err, "groups by what per_unit made:", k->name);
		/* Units it lacks would have no group, and whether there are such units may not be told by a job that fails. */
		if (plan->sources[plan->inputs[k->input].source].join == SL_JOIN_LEFT &&
		    !sl_plan_input_column(plan, view, k->input)->nullable) {
			(void)refuse(plan, err, "groups by a column that is never missing, of a table joined from the left:", k->name);
			sl_err_remedy(err, "join it \"inner\", or group by a column that may be missing");
			return SL_E_INPUT;
		}
		if (sl_column_ngroups(sl_plan_input_column(plan, view, k->input), k->banded != 0) == 0)
			return refuse(plan, err, "groups by a column without a finite domain:", k->name);
		for (uint32_t j = 0; j < i; j++)
			if (plan->keys[j].input == k->input && plan->keys[j].banded == k->banded)
				return refuse(plan, err, "groups twice by the same column:", k->name);
	}
	return SL_OK;
}

/* Each x by itself: a number, or a condition that counts 1 where it is true and 0 where it is false. */
static enum sl_rc check_regressors(const struct sl_plan *plan, const struct sl_stat *s,
                                   const struct sl_input_type *inputs, struct sl_err *err)
{
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);
	struct sl_input_type type;
	enum sl_rc rc = n > 0 ? SL_OK : refuse(plan, err, "has no x, or too many:", s->name);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		rc = check_expr(plan, &parts[i], inputs, plan->ninputs, &type, err);
		if (rc == SL_OK && !is_number(type) && type.type != SL_TYPE_BOOLEAN)
			rc = refuse(plan, err, "needs numbers or conditions:", s->name);
	}
	if (rc == SL_OK && s->p > (s->fn == SL_STAT_R2 ? 0 : n))
		rc = refuse(plan, err, "asks for the coefficient of an x it does not have:", s->name);
	return rc;
}

static enum sl_rc check_stat(const struct sl_plan *plan, const struct sl_stat *s, const struct sl_input_type *inputs,
                             struct sl_input_type *published, struct sl_err *err)
{
	struct sl_input_type arg = {0}, arg2 = {0};
	bool wants_arg = s->fn != SL_STAT_UNITS && s->fn != SL_STAT_COUNT;
	bool model = sl_stat_is_model((enum sl_stat_fn)s->fn);
	bool wants_two = s->fn >= SL_STAT_CORR && s->fn <= SL_STAT_INTERCEPT;
	bool condition = s->fn == SL_STAT_COUNT_IF || s->fn == SL_STAT_SHARE;
	enum sl_rc rc = SL_OK;

	if (wants_arg != (s->arg.nops > 0) || (wants_two || model) != (s->arg2.nops > 0))
		return refuse(plan, err, "argument missing or too many for", s->name);
	if (!model && (s->fn == SL_STAT_QUANTILE) != (s->p > 0))
		return refuse(plan, err, "p is of a quantile, between 0 and 1:", s->name);
	if (wants_arg)
		rc = check_expr(plan, &s->arg, inputs, plan->ninputs, &arg, err);
	if (rc == SL_OK && wants_two)
		rc = check_expr(plan, &s->arg2, inputs, plan->ninputs, &arg2, err);
	if (rc == SL_OK && model)
		rc = check_regressors(plan, s, inputs, err);
	if (rc != SL_OK)
		return rc;
	if (wants_arg && (condition ? arg.type != SL_TYPE_BOOLEAN : !is_number(arg)))
		return refuse(plan, err, condition ? "needs a condition:" : "needs a number:", s->name);
	if (wants_two && !is_number(arg2))
		return refuse(plan, err, "needs a number:", s->name);
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

/* Behind the author's own, and counts of what meets a condition. */
static enum sl_rc check_implied(const struct sl_plan *plan, struct sl_err *err)
{
	uint32_t named = sl_plan_printed(plan) - plan->ncalcs;

	if (named > SL_STATS_NAMED_MAX)
		return refuse(plan, err, "has too many statistics", "");
	for (uint32_t s = 0; s < plan->nstats; s++)
		if (sl_stat_is_implied(&plan->stats[s]) != (s >= named) ||
		    (s >= named && plan->stats[s].fn != SL_STAT_COUNT_IF))
			return refuse(plan, err, "a column has no proper name", "");
	return SL_OK;
}

static enum sl_rc check_names(const struct sl_plan *plan, struct sl_err *err)
{
	uint32_t ncolumns = plan->nkeys + plan->nstats + plan->ncalcs;

	if (!sl_text_is_ident(plan->output))
		return refuse(plan, err, "is not a name", "");
	for (uint32_t i = 0; i < ncolumns; i++) {
		if (i >= plan->nkeys && !sl_plan_prints(plan, i - plan->nkeys))
			continue;
		if (!sl_text_is_ident(column_name(plan, i)))
			return refuse(plan, err, "a column has no proper name", "");
		for (uint32_t j = 0; j < i; j++)
			if (strcmp(column_name(plan, i), column_name(plan, j)) == 0)
				return refuse(plan, err, "two columns are named", column_name(plan, i));
	}
	for (uint32_t i = 0; i < plan->norder; i++)
		if (plan->order[i].column >= ncolumns ||
		    (plan->order[i].column >= plan->nkeys && !sl_plan_prints(plan, plan->order[i].column - plan->nkeys)))
			return refuse(plan, err, "orders by a column it does not have", "");
	return SL_OK;
}

static bool is_clean(const char *words)
{
	return words == NULL || sl_text_is_clean(words, strlen(words));
}

/* A reviewer reads them, and whoever gets the release: nothing in them acts on a terminal or an eye. */
static enum sl_rc check_words(const struct sl_plan *plan, struct sl_err *err)
{
	bool clean = is_clean(plan->purpose);

	for (uint32_t i = 0; i < plan->nkeys; i++)
		clean = clean && is_clean(plan->keys[i].description);
	for (uint32_t i = 0; i < plan->nstats; i++)
		clean = clean && is_clean(plan->stats[i].description);
	for (uint32_t i = 0; i < plan->ncalcs; i++)
		clean = clean && is_clean(plan->calcs[i].description);
	return clean ? SL_OK : refuse(plan, err, "has a description with characters that are not shown", "");
}

enum sl_rc sl_plan_check(const struct sl_plan *plan, const struct sl_view *view, struct sl_err *err)
{
	struct sl_input_type inputs[SL_INPUTS_MAX], published[SL_STATS_MAX], t;
	enum sl_rc rc = sl_plan_inputs(plan, view, inputs, err);

	if (rc == SL_OK)
		rc = check_sources(plan, view, err);
	if (rc == SL_OK)
		rc = check_implied(plan, err);
	if (rc == SL_OK)
		rc = check_names(plan, err);
	if (rc == SL_OK)
		rc = check_words(plan, err);
	if (rc == SL_OK)
		rc = check_keys(plan, view, err);
	if (rc == SL_OK && plan->nstats == 0)
		rc = refuse(plan, err, "has no statistic", "");
	if (rc == SL_OK)
		rc = check_condition(plan, &plan->where, inputs, plan->ninputs, err);
	for (uint32_t i = 0; i < plan->nstats && rc == SL_OK; i++)
		rc = check_stat(plan, &plan->stats[i], inputs, &published[i], err);
	for (uint32_t i = 0; i < plan->ncalcs && rc == SL_OK; i++) {
		rc = check_expr(plan, &plan->calcs[i].expr, published, plan->nstats, &t, err);
		if (rc == SL_OK && t.type == SL_TYPE_TEXT)
			rc = refuse(plan, err, "calc gives text:", plan->calcs[i].name);
	}
	return rc;
}
