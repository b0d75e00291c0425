/* reading.c - see reading.h. */
#include "policy/history/reading.h"

#include <stdlib.h>

#include "enclave/pact/result.h"
#include "policy/history/amount.h"
#include "policy/history/predicate.h"

struct readings {
	const struct sl_operands *of;
	struct sl_reading *list;
	uint32_t n, cap;
};

bool sl_reading_adds_up(const struct sl_stat *stat)
{
	enum sl_stat_fn fn = (enum sl_stat_fn)stat->fn;

	return fn == SL_STAT_SUM || fn == SL_STAT_MEAN || sl_stat_has_moments(fn) || sl_stat_is_model(fn);
}

static enum sl_rc add(struct readings *r, const struct sl_reading *one, struct sl_err *err)
{
	for (uint32_t i = 0; i < r->n; i++) {
		const struct sl_reading *is = &r->list[i];
		if (is->column == one->column && is->way == one->way && is->measure == one->measure)
			return SL_OK;
	}
	if (r->n == SL_READINGS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "statistics read more than %d columns", SL_READINGS_MAX);
	if (r->n == r->cap) {
		uint32_t cap = r->cap == 0 ? 8 : 2 * r->cap;
		struct sl_reading *list = realloc(r->list, cap * sizeof *list);
		if (list == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory for what statistics read");
		r->list = list;
		r->cap = cap;
	}
	r->list[r->n++] = *one;
	return SL_OK;
}

/* A column, or the number of its rows (SL_COLUMNS_MAX), of a table. */
static enum sl_rc add_column(struct readings *r, const struct sl_table *t, uint32_t column, struct sl_reading one,
                             struct sl_err *err)
{
	struct sl_predicate_part part;
	struct sl_meaning m;
	struct sl_buf b = { 0 };
	uint32_t n = 0;

	sl_buf_printf(&b, "reads %s.%s", t->name, column == SL_COLUMNS_MAX ? "" : t->columns[column].name);
	enum sl_rc rc = sl_meaning_of(&b, &m, err);
	if (rc == SL_OK)
		rc = sl_meaning_part(&m, &part, &n, err);
	if (rc == SL_OK) {
		one.column = part.hash;
		rc = add(r, &one, err);
	}
	sl_buf_free(&b);
	return rc;
}

/* What an input is read from: a column as it stands or as a key of another table, or those of a fold. */
static enum sl_rc add_input(struct readings *r, uint32_t input, struct sl_reading one, struct sl_err *err)
{
	const struct sl_input *in = &r->of->plan->inputs[input];
	const struct sl_source *source = &r->of->plan->sources[in->source];
	const struct sl_table *t = &r->of->view->tables[source->table];
	enum sl_rc rc = SL_OK;

	if (source->nfolds == 0)
		return add_column(r, t, in->column, one, err);
	const struct sl_expr *arg = &source->folds[in->column].arg;
	if (arg->nops == 0)
		return add_column(r, t, SL_COLUMNS_MAX, one, err);
	for (uint32_t i = 0; i < arg->nops && rc == SL_OK; i++)
		if (arg->ops[i].op == SL_OP_COLUMN)
			rc = add_column(r, t, source->raws[arg->ops[i].arg].column, one, err);
	return rc;
}

static enum sl_rc add_argument(struct readings *r, const struct sl_expr *arg, uint32_t measure, struct sl_err *err)
{
	struct sl_predicate_part part;
	struct sl_meaning m;
	uint32_t n = 0;
	enum sl_rc rc = sl_amount_of(r->of, arg, &m, err);

	if (rc == SL_OK)
		rc = sl_meaning_part(&m, &part, &n, err);
	for (uint32_t i = 0; i < arg->nops && rc == SL_OK; i++)
		if (arg->ops[i].op == SL_OP_COLUMN) {
			struct sl_reading one = { .way = part.hash, .measure = (uint8_t)measure };
			rc = add_input(r, arg->ops[i].arg, one, err);
		}
	return rc;
}

static enum sl_rc add_stat(struct readings *r, const struct sl_stat *stat, uint32_t measure, struct sl_err *err)
{
	struct sl_expr more[SL_EXPR_PARTS_MAX];
	uint32_t nmore = stat->arg2.nops > 0 ? sl_expr_parts(&stat->arg2, more) : 0;
	enum sl_rc rc = add_argument(r, &stat->arg, measure, err);

	for (uint32_t i = 0; i < nmore && rc == SL_OK; i++)
		rc = add_argument(r, &more[i], measure, err);
	return rc;
}

enum sl_rc sl_reading_list(const struct sl_plan *plan, const struct sl_view *view,
                           const struct sl_predicate_part *measures, uint32_t nmeasures, struct sl_reading **out,
                           uint32_t *nout, struct sl_err *err)
{
	const struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	struct readings r = { .of = &inputs };
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < plan->nstats && rc == SL_OK; s++) {
		struct sl_predicate_part part;
		uint32_t m = 0;
		bool has;
		if (!sl_reading_adds_up(&plan->stats[s]))
			continue;
		rc = sl_predicate_measure(plan, view, s, &part, &has, err);
		while (rc == SL_OK && m < nmeasures && measures[m].hash != part.hash)
			m++;
		if (rc == SL_OK)
			rc = add_stat(&r, &plan->stats[s], m, err);
	}
	if (rc != SL_OK) {
		free(r.list);
		r = (struct readings){ .list = NULL };
	}
	*out = r.list;
	*nout = r.n;
	return rc;
}
