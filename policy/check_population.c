/* check_population.c - see check_state.h: every place of a plan that can leave out rows, side by side. */
#include <string.h>

#include "policy/check_state.h"

/* What the columns of an expression are looked up in: a plan's inputs, or a source's raws or folds. */
struct scope {
	const struct sl_plan *plan;
	const struct sl_source *source;
};

typedef bool same_column_fn(const struct scope *a, uint32_t i, const struct scope *b, uint32_t j);

static bool same_sets(const struct sl_expr *a, const struct sl_expr *b)
{
	if (a->nsets != b->nsets)
		return false;
	for (uint32_t i = 0; i < a->nsets; i++) {
		const struct sl_set *x = &a->sets[i], *y = &b->sets[i];
		if (x->scale != y->scale || x->nitems != y->nitems)
			return false;
		if (x->nitems > 0 && memcmp(x->items, y->items, x->nitems * sizeof x->items[0]) != 0)
			return false;
	}
	return true;
}

static bool same_expr(const struct scope *a, const struct sl_expr *ea, const struct scope *b, const struct sl_expr *eb,
                      same_column_fn *same_column)
{
	if (ea->nops != eb->nops || !same_sets(ea, eb))
		return false;
	for (uint32_t i = 0; i < ea->nops; i++) {
		const struct sl_op *x = &ea->ops[i], *y = &eb->ops[i];
		if (x->op != y->op || x->type != y->type || x->scale != y->scale || x->value != y->value)
			return false;
		if (x->op == SL_OP_COLUMN ? !same_column(a, x->arg, b, y->arg) : x->arg != y->arg)
			return false;
	}
	return true;
}

static bool same_raw(const struct scope *a, uint32_t i, const struct scope *b, uint32_t j)
{
	return a->source->raws[i].column == b->source->raws[j].column;
}

static bool same_fold(const struct scope *a, uint32_t i, const struct scope *b, uint32_t j)
{
	const struct sl_fold *x = &a->source->folds[i], *y = &b->source->folds[j];

	return x->fn == y->fn && same_expr(a, &x->arg, b, &y->arg, same_raw);
}

static bool same_input(const struct scope *a, uint32_t i, const struct scope *b, uint32_t j)
{
	const struct sl_input *x = &a->plan->inputs[i], *y = &b->plan->inputs[j];
	struct scope sa = { a->plan, &a->plan->sources[x->source] }, sb = { b->plan, &b->plan->sources[y->source] };

	if (x->source != y->source || x->lookup != y->lookup || (sa.source->nfolds > 0) != (sb.source->nfolds > 0))
		return false;
	return sa.source->nfolds > 0 ? same_fold(&sa, x->column, &sb, y->column) : x->column == y->column;
}

static bool same_source(const struct scope *a, const struct scope *b)
{
	return a->source->table == b->source->table && a->source->join == b->source->join &&
	       same_expr(a, &a->source->where, b, &b->source->where, same_raw) &&
	       same_expr(a, &a->source->having, b, &b->source->having, same_fold);
}

bool sl_check_same_population(const struct sl_plan *a, const struct sl_plan *b)
{
	struct scope sa = { .plan = a }, sb = { .plan = b };

	if (a->nsources != b->nsources)
		return false;
	for (uint32_t i = 0; i < a->nsources; i++) {
		sa.source = &a->sources[i];
		sb.source = &b->sources[i];
		if (!same_source(&sa, &sb))
			return false;
	}
	return same_expr(&sa, &a->where, &sb, &b->where, same_input);
}

bool sl_check_same_argument(const struct sl_plan *a, const struct sl_expr *ea, const struct sl_plan *b,
                            const struct sl_expr *eb)
{
	struct scope sa = { .plan = a }, sb = { .plan = b };

	return same_expr(&sa, ea, &sb, eb, same_input);
}

bool sl_check_same_input(const struct sl_plan *a, uint32_t i, const struct sl_plan *b, uint32_t j)
{
	struct scope sa = { .plan = a }, sb = { .plan = b };

	return same_input(&sa, i, &sb, j);
}
