/*
 * decimals.c - a mean or a spread tells by its decimals of how many rows it is: 237.84 is 100 · 88 / 37 and, of
 * amounts that are multiples of 100, of no other number of rows up to 40. Where the cell has 40, three have no value.
 *
 * Every number of rows up to the cell's is tried: does a sum of amounts on their grid give what is printed? What all
 * values of an expression have in common, they are `at` more than a multiple of `step`, follows from its constants.
 *
 * A line or model with an x of two values says it without.
 */
#include "policy/rules/rules.h"

/* Whoever looks for it takes it that no more than so many have no value. */
#define TRIES_MAX 4096u
#define COMB_MOST ((sl_i128)1 << 40)

/* On the grid of an operation; a step of 0: one value alone. */
struct comb {
	sl_i128 step, at;
	int8_t scale;
};

static sl_i128 common(sl_i128 a, sl_i128 b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	while (b != 0) {
		sl_i128 rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static sl_i128 size(sl_i128 v)
{
	return v < 0 ? -v : v;
}

static struct comb on_grid(struct comb c, int8_t scale)
{
	sl_i128 k = scale > c.scale ? sl_pow10(scale - c.scale) : 1;

	return (struct comb){ c.step * k, c.at * k, scale };
}

/* Of what is not followed further, and of what leaves its bounds, each number of the grid may be a value. */
static struct comb comb_of(const struct sl_op *op, const struct comb *x)
{
	struct comb r = { 1, 0, op->scale }, a, b;

	if (op->op == SL_OP_CONST) {
		r = (struct comb){ 0, op->value, op->scale };
	} else if (op->op == SL_OP_ADD || op->op == SL_OP_SUB) {
		a = on_grid(x[0], op->scale);
		b = on_grid(x[1], op->scale);
		r = (struct comb){ common(a.step, b.step), op->op == SL_OP_ADD ? a.at + b.at : a.at - b.at, op->scale };
	} else if (op->op == SL_OP_MUL && op->scale == x[0].scale + x[1].scale) {
		r.step = common(common(x[0].step * x[1].step, x[0].step * x[1].at), x[1].step * x[0].at);
		r.at = x[0].at * x[1].at;
	} else if (op->op == SL_OP_NEG) {
		r = (struct comb){ x[0].step, -x[0].at, op->scale };
	}
	return r.step < COMB_MOST && size(r.at) < COMB_MOST ? r : (struct comb){ 1, 0, op->scale };
}

static struct comb comb_of_values(const struct sl_expr *e)
{
	struct comb stack[SL_EXPR_STACK_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < e->nops; i++) {
		size_t n = sl_op_operands(&e->ops[i]);
		if (n > depth || depth - n == SL_EXPR_STACK_MAX)
			return (struct comb){ 0 };
		depth -= n;
		stack[depth] = comb_of(&e->ops[i], &stack[depth]);
		depth++;
	}
	return depth == 1 ? stack[0] : (struct comb){ 0 };
}

static sl_i128 floor_of(sl_i128 a, sl_i128 b)
{
	return a / b - (a % b < 0);
}

/* What is printed is p: of k rows. */
struct printed {
	enum sl_stat_fn fn;
	struct comb values;
	sl_i128 p, factor; /* from the grid of the values, or of their squares, to the printed one */
};

/* Whether a whole number T has lo · by <= of · (at + step · T) <= hi · by. Where that is too large to tell: yes. */
static bool is_between(sl_i128 lo, sl_i128 hi, sl_i128 by, sl_i128 of, const struct comb *c)
{
	sl_i128 least, most, at, step;

	if (__builtin_mul_overflow(lo, by, &least) || __builtin_mul_overflow(hi, by, &most) ||
	    __builtin_mul_overflow(of, c->at, &at) || __builtin_mul_overflow(of, c->step, &step) ||
	    __builtin_sub_overflow(least, at, &least) || __builtin_sub_overflow(most, at, &most) || step == 0)
		return true;
	return floor_of(most, step) >= -floor_of(-least, step);
}

static bool fits(const struct printed *n, sl_i128 k)
{
	const sl_i128 lo = 2 * n->p - 1, hi = 2 * n->p + 1, step = n->values.step;
	/* A sum of k values is k times `at` and a multiple; of a variance, times k (k - 1), every `at` falls out. */
	const struct comb sum = { step, k * n->values.at, 0 }, squares = { step * step, 0, 0 };

	if (n->fn == SL_STAT_MEAN)
		return is_between(lo, hi, k, 2 * n->factor, &sum);
	if (n->fn == SL_STAT_VAR)
		return is_between(lo, hi, k * (k - 1), 2 * n->factor, &squares);
	sl_i128 low, high;
	return __builtin_mul_overflow(lo, lo, &low) || __builtin_mul_overflow(hi, hi, &high) ||
	       is_between(low, high, k * (k - 1), 4 * n->factor * n->factor, &squares);
}

/* The reader knows how many rows there are. */
static bool are_rows_known(const struct sl_rule_case *c)
{
	bool counted = c->evidence->cell_rows == c->evidence->cell_units;

	for (uint32_t s = 0; s < c->plan->nstats && !counted; s++)
		counted = c->plan->stats[s].fn == SL_STAT_COUNT;
	return counted;
}

static bool read_printed(const struct sl_rule_case *c, struct printed *out)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	struct sl_input_type t = sl_rule_stat_type(c->plan, &c->setup->view, c->stat);
	struct sl_value v;

	*out = (struct printed){ .fn = (enum sl_stat_fn)s->fn };
	if (s->fn != SL_STAT_MEAN && !sl_rule_is_spread(s))
		return false;
	if (c->rules->transform != SL_TRANSFORM_NONE ||
	    !sl_rule_value(c->plan, &c->setup->view, c->result, c->cell, c->stat, &v) || v.missing || v.v == 0)
		return false;
	out->values = comb_of_values(&s->arg);
	int grid = s->arg.ops[s->arg.nops - 1].scale;
	/* A variance is of squares. */
	int decimals = t.scale - (s->fn == SL_STAT_VAR ? 2 * grid : grid);
	out->p = v.v;
	out->factor = decimals >= 0 ? sl_pow10(decimals) : 0;
	return out->factor > 0 && out->values.step > 0;
}

/*
 * An x with two values: the standard errors of its model stand to each other as the roots of the two groups do, and the
 * slope is the difference of two means; either says how many each group has, and so of how many rows all is. Of one row
 * a unit two values are also seen by that nobody lies between.
 */
static bool are_groups_told(const struct sl_rule_case *c)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	struct sl_expr parts[SL_REGRESSORS_MAX];
	int64_t values[2];

	if (s->fn == SL_STAT_SLOPE)
		return sl_rule_two_values(c, &s->arg2, values);
	for (uint32_t j = sl_expr_parts(&s->arg2, parts); j > 0; j--) {
		const struct sl_variable *v = sl_rule_model_variable(c, j);
		bool seen = e->rows_by_one_max == 1 && v->above_units + v->below_units == e->contributors;
		if (seen || sl_rule_two_values(c, &parts[j - 1], values))
			return true;
	}
	return false;
}

uint64_t sl_rule_missing_told(const struct sl_rule_case *c, uint64_t limit)
{
	const struct sl_stat *s = &c->plan->stats[c->stat];
	const struct sl_evidence *e = c->evidence;
	uint64_t rows = e->known_rows, missing = e->cell_rows - rows, tried = 0;
	struct printed n;

	if (rows < 2 || missing == 0 || missing >= limit || !are_rows_known(c))
		return 0;
	if (s->fn == SL_STAT_SLOPE || sl_stat_is_model((enum sl_stat_fn)s->fn))
		return are_groups_told(c) ? missing : 0;
	if (!read_printed(c, &n))
		return 0;
	if (fits(&n, (sl_i128)e->cell_rows))
		return 0;
	for (uint64_t k = e->cell_rows > limit ? e->cell_rows - limit : 0; k >= 2 && tried < TRIES_MAX; k--, tried++)
		if (fits(&n, (sl_i128)k))
			return 0;
	return missing;
}
