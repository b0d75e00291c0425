/* reading.c - see reading.h. */
#include "policy/history/reading.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/pact/result.h"
#include "policy/history/amount.h"
#include "policy/history/condition.h"
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

/* --- prints ------------------------------------------------------------------------------------------------ */

/* How values are coded: the same number means the same. */
static void put_coding(const struct sl_column *c, struct sl_buf *b)
{
	sl_buf_printf(b, " %u %d", c->type, c->scale);
	for (uint32_t i = 0; i < c->nlabels; i++)
		sl_buf_printf(b, " %zu %s", strlen(c->labels[i].text), c->labels[i].text);
}

static const struct sl_table *table_of(const struct sl_operands *inputs, uint32_t input)
{
	const struct sl_source *source = &inputs->plan->sources[inputs->plan->inputs[input].source];

	return &inputs->view->tables[source->table];
}

/* The table that may have several rows of a unit. */
static const struct sl_table *table_of_rows(const struct sl_operands *inputs)
{
	const struct sl_plan *plan = inputs->plan;

	for (uint32_t i = 0; i < plan->nsources; i++)
		if (!sl_source_one_row(&plan->sources[i], inputs->view) &&
		    (i == 0 || plan->sources[i].join == SL_JOIN_INNER || plan->sources[i].join == SL_JOIN_LEFT))
			return &inputs->view->tables[plan->sources[i].table];
	return &inputs->view->tables[plan->sources[0].table];
}

/* An input, as what it is and how it is coded; of a fold, how all that its source reads is coded. */
static enum sl_rc put_input(const struct sl_operands *inputs, uint32_t input, struct sl_buf *b, struct sl_err *err)
{
	const struct sl_source *source = &inputs->plan->sources[inputs->plan->inputs[input].source];
	struct sl_op column = { .op = SL_OP_COLUMN, .arg = (uint16_t)input };
	struct sl_expr e = { .ops = &column, .nops = 1 };
	struct sl_meaning m = { 0 };
	enum sl_rc rc = sl_condition_value(inputs, &e, &m, err);

	sl_meaning_put(b, &m);
	if (source->nfolds == 0)
		put_coding(sl_plan_input_column(inputs->plan, inputs->view, input), b);
	for (uint32_t i = 0; source->nfolds > 0 && i < source->nraws; i++)
		put_coding(&table_of(inputs, input)->columns[source->raws[i].column], b);
	return rc;
}

static enum sl_rc way_of(const struct sl_operands *inputs, uint32_t input, sl_i128 *way, struct sl_err *err)
{
	struct sl_predicate_part part;
	struct sl_meaning m = { 0 };
	struct sl_buf b = { 0 };
	uint32_t n = 0;
	enum sl_rc rc = SL_OK;

	sl_buf_text(&b, "prints ");
	if (input == SL_PRINT_ROW)
		sl_buf_printf(&b, "rows of %s", table_of_rows(inputs)->name);
	else
		rc = put_input(inputs, input, &b, err);
	if (rc == SL_OK)
		rc = sl_meaning_of(&b, &m, err);
	sl_buf_free(&b);
	if (rc == SL_OK)
		rc = sl_meaning_part(&m, &part, &n, err);
	if (rc == SL_OK)
		*way = part.hash;
	return rc;
}

static bool reads_input(const struct sl_stat *stat, uint32_t input)
{
	const struct sl_expr *args[] = { &stat->arg, &stat->arg2 };

	for (int a = 0; a < 2; a++)
		for (uint32_t i = 0; i < args[a]->nops; i++)
			if (args[a]->ops[i].op == SL_OP_COLUMN && args[a]->ops[i].arg == input)
				return true;
	return false;
}

/* Beyond the last print: what is told of the column, and nothing is known of it. */
static enum sl_rc add_unprinted(struct readings *r, uint32_t first, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < r->of->plan->nstats; s++)
		for (uint32_t i = first; i < r->of->plan->ninputs && rc == SL_OK; i++)
			if (reads_input(&r->of->plan->stats[s], i))
				rc = add_input(r, i, (struct sl_reading){ .measure = SL_PRINTS_MAX - 1 }, err);
	return rc;
}

enum sl_rc sl_reading_printed(const struct sl_plan *plan, const struct sl_view *view, struct sl_reading **out,
                              uint32_t *nout, struct sl_err *err)
{
	const struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	struct readings r = { .of = &inputs };
	uint16_t printed[SL_PRINTS_MAX];
	uint32_t n = sl_plan_printed_inputs(plan, view, printed);
	enum sl_rc rc = SL_OK;

	for (uint32_t k = 0; k < n && rc == SL_OK; k++) {
		struct sl_reading one = { .measure = (uint8_t)k };
		rc = way_of(&inputs, printed[k], &one.way, err);
		if (rc == SL_OK && printed[k] == SL_PRINT_ROW)
			rc = add_column(&r, table_of_rows(&inputs), SL_COLUMNS_MAX, one, err);
		else if (rc == SL_OK)
			rc = add_input(&r, printed[k], one, err);
	}
	if (rc == SL_OK && n == SL_PRINTS_MAX)
		rc = add_unprinted(&r, printed[n - 1] + 1u, err);
	if (rc != SL_OK) {
		free(r.list);
		r = (struct readings){ .list = NULL };
	}
	*out = r.list;
	*nout = r.n;
	return rc;
}

/* Of what a condition picks out the print of a row is, and no value: who meets it is in the set. */
static bool is_of(const struct sl_stat *stat, uint32_t input)
{
	bool condition = stat->fn == SL_STAT_COUNT_IF || stat->fn == SL_STAT_SHARE;

	return condition ? input == SL_PRINT_ROW : reads_input(stat, input);
}

enum sl_rc sl_reading_by_set(const struct sl_plan *plan, const struct sl_view *view, struct sl_printed_set **out,
                             uint32_t *nout, struct sl_err *err)
{
	uint16_t printed[SL_PRINTS_MAX];
	uint32_t n = sl_plan_printed_inputs(plan, view, printed);

	*nout = 1 + sl_plan_watched(plan, plan->nstats);
	*out = calloc(*nout, sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for what prints are of");
	for (uint32_t k = 0; k < n; k++)
		(*out)[0].prints |= UINT32_C(1) << k;
	for (uint32_t s = 0; s < plan->nstats; s++)
		for (uint32_t k = 0; sl_plan_watches(&plan->stats[s]) && k < n; k++)
			if (is_of(&plan->stats[s], printed[k]))
				(*out)[1 + sl_plan_watched(plan, s)].prints |= UINT32_C(1) << k;
	return SL_OK;
}
