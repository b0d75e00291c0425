/*
 * check_differences.c - rule differencing: two statistics of a request that differ by what they are computed from.
 * count_if(sick) less count_if(sick and not …) is about those whom the second leaves out, who may be one unit.
 *
 * Each is judged on its own units; how many stand between them is not known here. So every pair over a column in common
 * is for a person to judge, but for those that cannot be nested: what adds up to as much (history/amount.h) or is met
 * by the same rows, plain columns, ranges that do not overlap. A condition can be nested in the groups of another
 * output, too. And a condition on what is added up may leave out just those who add nothing: the sum is the one of
 * everybody, though the units are others. Earlier requests may have told that one, so it is for a person to judge by
 * itself.
 */
#include "policy/check_state.h"
#include "policy/history/amount.h"
#include "policy/history/condition.h"
#include "policy/history/value.h"
#include "policy/rules/rules.h"

/* Statistics of one kind can be taken from each other; a quantile cannot. */
enum kind { KIND_NONE, KIND_CONDITION, KIND_VALUES };

struct range {
	uint32_t input;
	int64_t lo, hi;
};

static enum kind kind_of(const struct sl_stat *s)
{
	/* Nobody asked for it, and so nobody writes it in two ways. */
	if (sl_stat_is_implied(s))
		return KIND_NONE;
	if (sl_rule_is_condition(s))
		return KIND_CONDITION;
	return sl_rule_is_magnitude(s) || sl_stat_has_moments(s->fn) || sl_stat_is_model((enum sl_stat_fn)s->fn)
	               ? KIND_VALUES : KIND_NONE;
}

/* A statistic and the plan that its inputs are of. */
struct side {
	const struct sl_plan *plan;
	const struct sl_stat *stat;
};

static bool same_as_written(const struct side *a, const struct side *b)
{
	const struct sl_stat *x = a->stat, *y = b->stat;

	return (sl_check_same_argument(a->plan, &x->arg, b->plan, &y->arg) &&
	        sl_check_same_argument(a->plan, &x->arg2, b->plan, &y->arg2)) ||
	       (sl_check_same_argument(a->plan, &x->arg, b->plan, &y->arg2) &&
	        sl_check_same_argument(a->plan, &x->arg2, b->plan, &y->arg));
}

/* What the statistic is of: its amount, or its condition however it is spelled. */
static enum sl_rc meaning_of(const struct side *s, const struct sl_view *view, struct sl_meaning *out,
                             struct sl_err *err)
{
	struct sl_operands inputs = { s->plan, view, NULL, SL_OPERANDS_INPUTS };

	return kind_of(s->stat) == KIND_CONDITION ? sl_condition_value(&inputs, &s->stat->arg, out, err)
	                                          : sl_amount_of(&inputs, &s->stat->arg, out, err);
}

/* It is a multiple of what both add up; with a number besides, the two would tell how many have a value at all. */
static bool is_multiple(const struct side *s)
{
	const struct sl_value none[SL_INPUTS_MAX] = { 0 };
	const struct sl_value v = sl_expr_eval(&s->stat->arg, none);

	return !v.missing && v.v == 0;
}

static bool tells_who_has_none(const struct side *a, const struct side *b, const struct sl_view *view)
{
	struct sl_operands inputs = { a->plan, view, NULL, SL_OPERANDS_INPUTS };

	return sl_rule_is_magnitude(a->stat) && sl_rule_is_magnitude(b->stat) && !(is_multiple(a) && is_multiple(b)) &&
	       !sl_value_never_missing(&inputs, &a->stat->arg);
}

/* Two of one thing each, which are one thing. */
static enum sl_rc are_one(const struct side *a, const struct side *b, const struct sl_view *view, bool *one,
                          struct sl_err *err)
{
	struct sl_meaning x = { 0 }, y = { 0 };
	enum sl_rc rc;

	*one = false;
	if (a->stat->arg2.nops > 0 || b->stat->arg2.nops > 0)
		return SL_OK;
	rc = meaning_of(a, view, &x, err);
	if (rc == SL_OK)
		rc = meaning_of(b, view, &y, err);
	*one = rc == SL_OK && sl_meaning_order(&x, &y) == 0 && !tells_who_has_none(a, b, view);
	return rc;
}

/* Takes "column >= v", or with another sign, from the three operations at ops. */
static bool take_bound(const struct sl_op *ops, struct range *r)
{
	if (ops[0].op != SL_OP_COLUMN || ops[1].op != SL_OP_CONST || ops[0].scale != ops[1].scale)
		return false;
	const int64_t v = ops[1].value;
	r->input = ops[0].arg;
	if (ops[2].op == SL_OP_GE || (ops[2].op == SL_OP_GT && v < INT64_MAX))
		r->lo = ops[2].op == SL_OP_GE ? v : v + 1;
	else if (ops[2].op == SL_OP_LE || (ops[2].op == SL_OP_LT && v > INT64_MIN))
		r->hi = ops[2].op == SL_OP_LE ? v : v - 1;
	else
		return false;
	return true;
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

bool sl_check_are_disjoint(const struct sl_plan *a, const struct sl_expr *ea, const struct sl_plan *b,
                           const struct sl_expr *eb)
{
	struct range x, y;

	return is_range(ea, &x) && is_range(eb, &y) && (x.hi < y.lo || y.hi < x.lo) &&
	       sl_rule_same_column(a, x.input, b, y.input);
}

bool sl_check_includes(const struct sl_plan *plan, const struct sl_expr *outer, const struct sl_expr *inner)
{
	struct range x, y;

	return is_range(outer, &x) && is_range(inner, &y) && sl_check_same_input(plan, x.input, plan, y.input) &&
	       x.lo <= y.lo && y.hi <= x.hi && (x.lo < y.lo || y.hi < x.hi);
}

static bool are_disjoint(const struct side *a, const struct side *b)
{
	return sl_check_are_disjoint(a->plan, &a->stat->arg, b->plan, &b->stat->arg);
}

static bool is_plain(const struct sl_stat *s)
{
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts);

	/* Of a list each is one operation, and so as many as there are operations. */
	return s->arg.nops <= 1 && s->arg2.nops == n;
}

static bool reads(const struct sl_stat *s, uint32_t input)
{
	return sl_rule_reads(&s->arg, input) || sl_rule_reads(&s->arg2, input);
}

/* Both plainly from one column is no matter, unless each folds it in its own way. */
static bool share_column(const struct side *a, const struct side *b)
{
	bool plain = is_plain(a->stat) && is_plain(b->stat);

	for (uint32_t i = 0; i < a->plan->ninputs; i++)
		for (uint32_t j = 0; j < b->plan->ninputs; j++)
			if (reads(a->stat, i) && reads(b->stat, j) && sl_rule_same_column(a->plan, i, b->plan, j) &&
			    !(plain && sl_check_same_input(a->plan, i, b->plan, j)))
				return true;
	return false;
}

static bool reads_a_key(const struct side *a, const struct sl_plan *b)
{
	for (uint32_t k = 0; k < b->nkeys; k++)
		for (uint32_t i = 0; i < a->plan->ninputs; i++)
			if (reads(a->stat, i) && sl_rule_same_column(a->plan, i, b, b->keys[k].input))
				return true;
	return false;
}

/* *found: the statistic, with those of plan b before `n`, tells them apart. */
static enum sl_rc differs(const struct side *s, const struct sl_view *view, const struct sl_plan *b, uint32_t n,
                          bool *found, struct sl_err *err)
{
	enum kind kind = kind_of(s->stat);
	enum sl_rc rc = SL_OK;

	for (uint32_t i = 0; i < n && kind != KIND_NONE && !*found && rc == SL_OK; i++) {
		struct side other = { b, &b->stats[i] };
		bool one;
		if (kind != kind_of(other.stat) || same_as_written(s, &other) || are_disjoint(s, &other) ||
		    !share_column(s, &other))
			continue;
		rc = are_one(s, &other, view, &one, err);
		*found = rc == SL_OK && !one;
	}
	return rc;
}

static enum sl_rc differs_from_another(const struct sl_check_state *st, uint32_t i, uint32_t s, bool *found,
                                       struct sl_err *err)
{
	const struct sl_view *view = &st->setup->view;
	struct side mine = { &st->plans[i], &st->plans[i].stats[s] };
	enum sl_rc rc;

	*found = sl_rule_is_magnitude(mine.stat) && sl_check_conditions_read(mine.plan, &mine.stat->arg);
	rc = differs(&mine, view, mine.plan, s, found, err);
	for (uint32_t j = 0; j < st->pub->noutputs && !*found && rc == SL_OK; j++) {
		const struct sl_plan *other = &st->plans[j];
		*found = j != i && kind_of(mine.stat) == KIND_CONDITION && !is_plain(mine.stat) && reads_a_key(&mine, other);
		if (j < i)
			rc = differs(&mine, view, other, other->nstats, found, err);
	}
	return rc;
}

enum sl_rc sl_check_differences(struct sl_check_state *st, uint32_t i, struct sl_err *err)
{
	const struct sl_rule_hit none = { 0 };
	enum sl_rc rc = SL_OK;

	for (uint32_t s = 0; s < st->plans[i].nstats && st->without != SL_RULE_DIFFERENCING && rc == SL_OK; s++) {
		bool found;
		rc = differs_from_another(st, i, s, &found, err);
		if (rc == SL_OK && found)
			rc = sl_check_find(st, i, SL_FINDING_WHOLE, s, SL_RULE_DIFFERENCING, &none, err);
	}
	return rc;
}
