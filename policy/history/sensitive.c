/* sensitive.c - see sensitive.h. */
#include "policy/history/sensitive.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/condition.h"
#include "policy/history/value.h"

struct found {
	struct sl_sensitive list[SL_PREDICATE_PARTS_MAX];
	uint32_t n;
};

static bool is_sensitive(const struct sl_operands *s, uint32_t operand)
{
	if (s->source == NULL)
		return sl_plan_input_sensitive(s->plan, s->view, operand);
	return s->view->tables[s->source->table].columns[s->source->raws[operand].column].sensitive != 0;
}

static bool reads_sensitive(const struct sl_operands *s, const struct sl_expr *e)
{
	for (uint32_t i = 0; i < e->nops; i++)
		if (e->ops[i].op == SL_OP_COLUMN && is_sensitive(s, e->ops[i].arg))
			return true;
	return false;
}

/* Of a flag, a boolean or a number that is 0 or 1: it keeps those who have it not. */
static bool negates(const struct sl_operands *s, const struct sl_expr *e)
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
	const struct sl_column *column = NULL;
	uint32_t at = 0;

	for (uint32_t i = 0; i < e->nops; i++) {
		if (e->ops[i].op != SL_OP_COLUMN)
			continue;
		if (column != NULL && e->ops[i].arg != at)
			return false;
		at = e->ops[i].arg;
		column = sl_operands_column(s, at);
		if (column == NULL || at >= SL_INPUTS_MAX ||
		    !(column->type == SL_TYPE_BOOLEAN ||
		      (column->type == SL_TYPE_INTEGER && column->lo == 0 && column->hi == 1)))
			return false;
	}
	if (column == NULL)
		return false;
	struct sl_value none = sl_expr_eval(e, in);
	in[at].v = 1;
	struct sl_value one = sl_expr_eval(e, in);
	return !none.missing && none.v != 0 && (one.missing || one.v == 0);
}

static enum sl_rc add_parts(const struct sl_operands *s, const struct sl_expr *e, struct found *f, struct sl_err *err)
{
	struct sl_predicate_part parts[SL_PREDICATE_PARTS_MAX];
	uint32_t n = 0;
	enum sl_rc rc = sl_condition_parts(s, e, parts, &n, err);

	for (uint32_t i = 0; i < n && rc == SL_OK; i++) {
		if (f->n == SL_PREDICATE_PARTS_MAX)
			return sl_err_set(err, SL_E_LIMIT, "more than %d conditions", SL_PREDICATE_PARTS_MAX);
		f->list[f->n++] = (struct sl_sensitive){ .part = parts[i], .negates = n == 1 && negates(s, e) };
	}
	return rc;
}

/* Those of the conditions that AND puts together which read one. */
static enum sl_rc add_where(const struct sl_operands *s, const struct sl_expr *where, struct found *f,
                            struct sl_err *err)
{
	uint32_t ends[SL_EXPR_OPS_MAX + 1] = { where->nops }, n = where->nops > 0;
	enum sl_rc rc = SL_OK;

	while (n > 0 && rc == SL_OK) {
		uint32_t to = ends[--n], from = sl_value_start(where, to);
		struct sl_expr one = { .ops = where->ops + from, .nops = to - from, .sets = where->sets,
			               .nsets = where->nsets };
		if (where->ops[to - 1].op == SL_OP_AND) {
			ends[n++] = sl_value_start(where, to - 1);
			ends[n++] = to - 1;
		} else if (reads_sensitive(s, &one)) {
			rc = add_parts(s, &one, f, err);
		}
	}
	return rc;
}

static int order(const void *a, const void *b)
{
	const struct sl_sensitive *x = a, *y = b;

	if (x->part.hash != y->part.hash)
		return x->part.hash < y->part.hash ? -1 : 1;
	return (int)y->negates - (int)x->negates;
}

static void sort(struct found *f)
{
	uint32_t n = 0;

	qsort(f->list, f->n, sizeof *f->list, order);
	for (uint32_t i = 0; i < f->n; i++)
		if (n == 0 || f->list[n - 1].part.hash != f->list[i].part.hash)
			f->list[n++] = f->list[i];
	f->n = n;
}

enum sl_rc sl_sensitive_list(const struct sl_plan *plan, const struct sl_view *view, struct sl_sensitive **out,
                             uint32_t *nout, struct sl_err *err)
{
	struct sl_operands inputs = { plan, view, NULL, SL_OPERANDS_INPUTS };
	struct found f = { .n = 0 };
	enum sl_rc rc = add_where(&inputs, &plan->where, &f, err);

	*out = NULL;
	*nout = 0;
	for (uint32_t i = 0; i < plan->nstats && rc == SL_OK; i++)
		if ((plan->stats[i].fn == SL_STAT_COUNT_IF && !sl_stat_is_of_known(&plan->stats[i])) ||
		    plan->stats[i].fn == SL_STAT_SHARE)
			rc = add_where(&inputs, &plan->stats[i].arg, &f, err);
	for (uint32_t i = 0; i < plan->nsources && rc == SL_OK; i++) {
		struct sl_operands raws = { plan, view, &plan->sources[i], SL_OPERANDS_RAWS };
		if (raws.source->nfolds == 0 && raws.source->join == SL_JOIN_INNER)
			rc = add_where(&raws, &raws.source->where, &f, err);
	}
	if (rc != SL_OK || f.n == 0)
		return rc;
	sort(&f);
	*out = malloc(f.n * sizeof **out);
	if (*out == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for conditions");
	memcpy(*out, f.list, f.n * sizeof **out);
	*nout = f.n;
	return SL_OK;
}
