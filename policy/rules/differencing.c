/*
 * differencing.c - two statistics of one output that differ by what they are computed from: count_if(sick) less
 * count_if(sick and not …) is about those whom the second leaves out, who may be one unit.
 *
 * Each is judged on its own units; how many stand between them is not known here. So every pair over a column in common
 * is for a person to judge, but for those that cannot be nested: the same argument, plain columns, bands that do not
 * overlap.
 */
#include "policy/rules/rules.h"

/* Statistics of one kind can be taken from each other; a quantile cannot. */
enum kind { KIND_NONE, KIND_CONDITION, KIND_VALUES };

struct range {
	uint32_t input;
	int64_t lo, hi;
};

static enum kind kind_of(const struct sl_stat *s)
{
	if (sl_rule_is_condition(s))
		return KIND_CONDITION;
	return sl_rule_is_magnitude(s) || sl_stat_has_moments(s->fn) ? KIND_VALUES : KIND_NONE;
}

static bool same_expr(const struct sl_expr *a, const struct sl_expr *b)
{
	/* Sets are compared by nobody: two conditions with lists count as different. */
	if (a->nops != b->nops || a->nsets > 0 || b->nsets > 0)
		return false;
	for (uint32_t i = 0; i < a->nops; i++) {
		const struct sl_op *x = &a->ops[i], *y = &b->ops[i];
		if (x->op != y->op || x->type != y->type || x->scale != y->scale || x->value != y->value ||
		    x->arg != y->arg)
			return false;
	}
	return true;
}

static bool same_arguments(const struct sl_stat *a, const struct sl_stat *b)
{
	return (same_expr(&a->arg, &b->arg) && same_expr(&a->arg2, &b->arg2)) ||
	       (same_expr(&a->arg, &b->arg2) && same_expr(&a->arg2, &b->arg));
}

/* Takes "column >= v" or "column <= v" from the three operations at ops. */
static bool take_bound(const struct sl_op *ops, struct range *r)
{
	if (ops[0].op != SL_OP_COLUMN || ops[1].op != SL_OP_CONST || ops[0].scale != ops[1].scale)
		return false;
	r->input = ops[0].arg;
	if (ops[2].op == SL_OP_GE)
		r->lo = ops[1].value;
	else if (ops[2].op == SL_OP_LE)
		r->hi = ops[1].value;
	return ops[2].op == SL_OP_GE || ops[2].op == SL_OP_LE;
}

/* A condition that is one range of one column, as hist writes them. */
static bool is_range(const struct sl_expr *e, struct range *r)
{
	struct range second = { .lo = INT64_MIN, .hi = INT64_MAX };

	*r = second;
	if (e->nops == 3)
		return take_bound(e->ops, r);
	if (e->nops != 7 || e->ops[6].op != SL_OP_AND || !take_bound(e->ops, r) || !take_bound(e->ops + 3, &second))
		return false;
	r->lo = r->lo > second.lo ? r->lo : second.lo;
	r->hi = r->hi < second.hi ? r->hi : second.hi;
	return r->input == second.input;
}

static bool are_disjoint(const struct sl_stat *a, const struct sl_stat *b)
{
	struct range x, y;

	return is_range(&a->arg, &x) && is_range(&b->arg, &y) && x.input == y.input && (x.hi < y.lo || y.hi < x.lo);
}

static bool is_plain(const struct sl_stat *s)
{
	return s->arg.nops <= 1 && s->arg2.nops <= 1;
}

/* A column in common, by two ways to it unless both read it plainly. */
static bool share_column(const struct sl_plan *plan, const struct sl_stat *a, const struct sl_stat *b)
{
	bool plain = is_plain(a) && is_plain(b);

	for (uint32_t i = 0; i < plan->ninputs; i++)
		for (uint32_t j = 0; j < plan->ninputs; j++)
			if ((sl_rule_reads(&a->arg, i) || sl_rule_reads(&a->arg2, i)) &&
			    (sl_rule_reads(&b->arg, j) || sl_rule_reads(&b->arg2, j)) &&
			    (i != j || !plain) && sl_rule_same_column(plan, i, j))
				return true;
	return false;
}

bool sl_rule_differencing(const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	*hit = (struct sl_rule_hit){ 0 };
	if (c->stat == SL_FINDING_WHOLE)
		return false;
	const struct sl_stat *s = &c->plan->stats[c->stat];
	for (uint32_t i = 0; i < c->stat; i++) {
		const struct sl_stat *earlier = &c->plan->stats[i];
		if (kind_of(s) != KIND_NONE && kind_of(s) == kind_of(earlier) && !same_arguments(s, earlier) &&
		    !are_disjoint(s, earlier) && share_column(c->plan, s, earlier))
			return true;
	}
	return false;
}
