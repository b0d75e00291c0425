/* reach.c - see reach.h. Each operator as sl_expr_eval computes it, over bounds in place of values. */
#include "policy/rules/reach.h"

#define CODES_MOST INT32_MAX
#define MONTHS_MOST (9999 * 12)

/* The days that have a year, 1 to 9999: all that a date column holds. */
static const struct sl_reach civil = {.lo = -719162, .hi = 2932896};

struct slot {
	struct sl_reach in;
	int8_t scale;
	bool is_column;
};

static struct sl_reach around(sl_i128 most)
{
	return (struct sl_reach){.lo = -most, .hi = most};
}

struct sl_reach sl_reach_column(const struct sl_column *column)
{
	struct sl_reach r = around(SL_REACH_UNDECLARED);

	if (column == NULL)
		return r;
	if (column->type == SL_TYPE_BOOLEAN)
		r = (struct sl_reach){.lo = 0, .hi = 1};
	else if (column->type == SL_TYPE_TEXT)
		r = (struct sl_reach){.lo = 0, .hi = CODES_MOST};
	else if (column->type == SL_TYPE_DATE)
		r = civil;
	if (column->lo != INT64_MIN)
		r.lo = column->lo;
	if (column->hi != INT64_MAX)
		r.hi = column->hi;
	/* One bound alone may lie beyond what is taken of the other. */
	if (r.lo > r.hi)
		r = (struct sl_reach){.lo = INT64_MIN, .hi = INT64_MAX};
	return r;
}

static bool fits(struct sl_reach r)
{
	return r.lo >= INT64_MIN && r.hi <= INT64_MAX;
}

static sl_i128 size(sl_i128 v)
{
	return v < 0 ? -v : v;
}

static sl_i128 largest(struct sl_reach r)
{
	return size(r.lo) > size(r.hi) ? size(r.lo) : size(r.hi);
}

/* On a grid at least as fine: at most 2^63 times 10^18. */
static struct sl_reach on_grid(const struct slot *x, int8_t scale)
{
	sl_i128 k = scale > x->scale ? sl_pow10(scale - x->scale) : 1;

	return (struct sl_reach){.lo = x->in.lo * k, .hi = x->in.hi * k};
}

/* Corners of a product, put on the result's grid; rounding moves them by less than one. */
static struct sl_reach product(const struct slot *a, const struct slot *b, int8_t scale)
{
	const sl_i128 corners[] = {a->in.lo * b->in.lo, a->in.lo * b->in.hi, a->in.hi * b->in.lo, a->in.hi * b->in.hi};
	sl_i128 k = sl_pow10(a->scale + b->scale - scale);
	struct sl_reach r = {.lo = corners[0], .hi = corners[0]};

	for (int i = 1; i < 4; i++) {
		r.lo = corners[i] < r.lo ? corners[i] : r.lo;
		r.hi = corners[i] > r.hi ? corners[i] : r.hi;
	}
	if (k > 1)
		r = (struct sl_reach){.lo = r.lo / k - 1, .hi = r.hi / k + 1};
	return r;
}

/* False: a row may have no quotient. */
static bool quotient(const struct slot *a, const struct slot *b, int8_t scale, struct sl_reach *out)
{
	bool has_zero = b->in.lo <= 0 && b->in.hi >= 0;
	sl_i128 least = 1, most;

	if (has_zero && !b->is_column)
		return false;
	if (!has_zero)
		least = size(b->in.lo) < size(b->in.hi) ? size(b->in.lo) : size(b->in.hi);
	if (__builtin_mul_overflow(largest(a->in) * sl_pow10(scale - a->scale), (sl_i128)sl_pow10(b->scale), &most))
		return false;
	*out = around(most / least + 1);
	return true;
}

/* All that a branch may give; conditions among them are 0 or 1 and widen it by nothing that counts. */
static struct sl_reach hull(const struct slot *x, size_t n, int8_t scale)
{
	struct sl_reach r = on_grid(&x[0], scale);

	for (size_t i = 1; i < n; i++) {
		struct sl_reach next = on_grid(&x[i], scale);
		r.lo = next.lo < r.lo ? next.lo : r.lo;
		r.hi = next.hi > r.hi ? next.hi : r.hi;
	}
	return r;
}

static bool has_year(const struct slot *x)
{
	return x->in.lo >= civil.lo && x->in.hi <= civil.hi;
}

/* What an operator gives of x[0..n). False: a row may have no value. */
static bool reach_of(const struct sl_op *op, const struct slot *x, size_t n, struct sl_reach *r)
{
	struct sl_reach a, b;

	switch (op->op) {
	case SL_OP_ADD:
	case SL_OP_SUB:
		a = on_grid(&x[0], op->scale);
		b = on_grid(&x[1], op->scale);
		if (op->op == SL_OP_ADD)
			*r = (struct sl_reach){.lo = a.lo + b.lo, .hi = a.hi + b.hi};
		else
			*r = (struct sl_reach){.lo = a.lo - b.hi, .hi = a.hi - b.lo};
		return fits(a) && fits(b);
	case SL_OP_MUL:
		*r = product(&x[0], &x[1], op->scale);
		return true;
	case SL_OP_DIV:
		return quotient(&x[0], &x[1], op->scale, r);
	case SL_OP_IDIV:
	case SL_OP_MOD:
		*r = around(largest(x[0].in));
		return x[1].is_column || x[1].in.lo > 0 || x[1].in.hi < 0;
	case SL_OP_NEG:
	case SL_OP_ABS:
		*r = around(largest(x[0].in));
		return true;
	case SL_OP_COALESCE:
	case SL_OP_CASE:
		*r = hull(x, n, op->scale);
		return true;
	case SL_OP_YEAR:
	case SL_OP_MONTH:
	case SL_OP_DAY:
	case SL_OP_WEEKDAY:
	case SL_OP_MONTHS:
		*r = around(MONTHS_MOST);
		return has_year(&x[0]) && has_year(&x[n - 1]);
	default:
		*r = (struct sl_reach){.lo = 0, .hi = 1};
		return true;
	}
}

bool sl_reach_of_each(const struct sl_expr *expr, const struct sl_reach *inputs, struct sl_reach *each)
{
	struct slot stack[SL_EXPR_STACK_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		size_t n = sl_op_operands(op);
		struct slot r = {.scale = op->scale, .is_column = op->op == SL_OP_COLUMN};

		if (n > depth || depth - n == SL_EXPR_STACK_MAX)
			return false;
		if (op->op == SL_OP_COLUMN)
			r.in = inputs[op->arg];
		else if (op->op == SL_OP_CONST)
			r.in = (struct sl_reach){.lo = op->value, .hi = op->value};
		else if (!reach_of(op, &stack[depth - n], n, &r.in) || !fits(r.in))
			return false;
		depth -= n;
		stack[depth++] = r;
		if (each != NULL)
			each[i] = r.in;
	}
	return true;
}
