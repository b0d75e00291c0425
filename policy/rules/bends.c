/* bends.c - see bends.h: each operator, by how many decimals its operands need and by how far they go (reach.h). */
#include "policy/rules/bends.h"

#include "enclave/base/num.h"

/* A quotient of two columns with fewer steps than one of two whole numbers can have is a class, not a number. */
#define STEPS_FEWEST 1000000

struct slot {
	struct sl_reach in;
	uint64_t reads;
	bool is_constant, bent;
	int8_t scale, decimals; /* of its grid; those that it needs */
};

static sl_i128 size(sl_i128 v)
{
	return v < 0 ? -v : v;
}

static bool has_few_steps(struct sl_reach r)
{
	return r.hi < STEPS_FEWEST && r.lo > -STEPS_FEWEST;
}

/* Of a divisor: the one nearest to 0, on its grid. 1 where it may be 0, which is a column as it stands. */
static sl_i128 smallest(const struct slot *b)
{
	if (b->in.lo <= 0 && b->in.hi >= 0)
		return 1;
	return size(b->in.lo) < size(b->in.hi) ? size(b->in.lo) : size(b->in.hi);
}

static sl_i128 largest(const struct slot *b)
{
	return size(b->in.lo) > size(b->in.hi) ? size(b->in.lo) : size(b->in.hi);
}

/* 1 / b, where two b that differ by least give one number: 1 / (age + 1000000). */
static bool inverse_is_apart(const struct slot *x, const struct slot *b, int8_t scale)
{
	sl_i128 step = sl_pow10(b->scale - b->decimals), whole;

	return __builtin_mul_overflow(size(x->in.lo) * sl_pow10(scale - x->scale), (sl_i128)sl_pow10(b->scale), &whole) ||
	       whole / largest(b) * step < largest(b) + step;
}

/* Whether values of x that differ by least may become one, if they are divided by b and rounded to the scale of r. */
static bool quotient_is_apart(const struct slot *x, const struct slot *b, struct slot *r)
{
	sl_i128 step = (sl_i128)sl_pow10(r->scale - x->decimals) * sl_pow10(b->scale);

	r->bent = true;
	r->decimals = r->scale;
	if (x->is_constant)
		return inverse_is_apart(x, b, r->scale);
	if (!b->is_constant)
		return has_few_steps(r->in) || step < smallest(b);
	for (int8_t d = x->decimals; d <= r->scale && b->in.lo == b->in.hi; d++)
		if ((sl_i128)sl_pow10(d - x->decimals) * sl_pow10(b->scale) % b->in.lo == 0) {
			r->decimals = d;
			r->bent = x->bent;
			return false;
		}
	return step < size(b->in.lo);
}

/* The same of a product, whose grid is no finer than the finest there is. */
static bool product_is_apart(const struct slot *a, const struct slot *b, struct slot *r)
{
	int lost = a->decimals + b->decimals - r->scale;
	const struct slot *constant = a->is_constant ? a : b;

	if (lost <= 0) {
		r->decimals = (int8_t)(a->decimals + b->decimals);
		return false;
	}
	r->bent = true;
	r->decimals = r->scale;
	return constant->is_constant ? size(constant->in.lo) < sl_pow10(lost) : has_few_steps(r->in);
}

/* A number set against what reads the same, when one of the two was bent. */
static bool is_against_itself(const struct slot *a, const struct slot *b)
{
	return (a->bent || b->bent) && (a->reads & b->reads) != 0;
}

/* True: it treats some rows otherwise than others. */
static bool bends(const struct sl_op *op, const struct slot *x, size_t n, struct slot *r)
{
	for (size_t i = 0; i < n; i++) {
		r->reads |= x[i].reads;
		r->bent = r->bent || x[i].bent;
		r->decimals = x[i].decimals > r->decimals ? x[i].decimals : r->decimals;
	}
	r->is_constant = r->reads == 0;
	if (r->is_constant) {
		r->decimals = op->scale;
		return false;
	}
	switch (op->op) {
	case SL_OP_ADD:
	case SL_OP_SUB:
		return is_against_itself(&x[0], &x[1]);
	case SL_OP_MUL:
		return is_against_itself(&x[0], &x[1]) || product_is_apart(&x[0], &x[1], r);
	case SL_OP_DIV: /* age / (age + 0.001) is 1 but for what is rounded */
		return (x[0].reads & x[1].reads) != 0 || quotient_is_apart(&x[0], &x[1], r);
	case SL_OP_ABS:
		r->bent = r->bent || (x[0].in.lo < 0 && x[0].in.hi > 0);
		return false;
	case SL_OP_YEAR:
	case SL_OP_MONTH:
	case SL_OP_DAY:
	case SL_OP_WEEKDAY:
	case SL_OP_MONTHS:
		r->bent = true;
		return false;
	case SL_OP_CASE:
	case SL_OP_COALESCE:
	case SL_OP_IDIV:
	case SL_OP_MOD:
		return true;
	default:
		return false;
	}
}

enum sl_bend sl_bends(const struct sl_expr *expr, const struct sl_bends_inputs *inputs)
{
	struct slot stack[SL_EXPR_STACK_MAX];
	struct sl_reach each[SL_EXPR_OPS_MAX];
	size_t depth = 0;
	bool bent = false;

	if (expr->nops > SL_EXPR_OPS_MAX || !sl_reach_of_each(expr, inputs->reach, each))
		return SL_BEND_APART;
	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		size_t n = sl_op_operands(op);
		struct slot r = {.in = each[i], .scale = op->scale};

		if (op->op == SL_OP_CONST) {
			r.is_constant = true;
			r.decimals = op->scale;
		} else if (op->op == SL_OP_COLUMN) {
			r.reads = inputs->same[op->arg];
			r.bent = (inputs->bent >> op->arg & 1) != 0;
			r.decimals = op->scale;
		} else if (bends(op, &stack[depth - n], n, &r)) {
			return SL_BEND_APART;
		}
		depth -= n;
		stack[depth++] = r;
	}
	for (size_t i = 0; i < depth; i++)
		bent = bent || stack[i].bent;
	return bent ? SL_BEND_BENT : SL_BEND_NONE;
}
