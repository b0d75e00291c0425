/*
 * program_ranges.c - sl_filter_ranges of compute.h.
 *
 * What is said of an input is told by conditions on it alone: a column against a constant or in a set, OR of two of
 * them, AND of anything. Whatever else stands there asks nothing.
 */
#include "enclave/engine/compute.h"

struct tree {
	const struct sl_expr *expr;
	uint16_t start[SL_EXPR_OPS_MAX]; /* by op: the first op of what it computes */
	bool constant[SL_EXPR_OPS_MAX];  /* it reads no input */
};

/* A condition on one input. */
struct ask {
	uint16_t input;
	struct sl_range range;
};

static const struct sl_range anything = { .lo = INT64_MIN, .hi = INT64_MAX, .missing = true };

static struct sl_range both(struct sl_range a, struct sl_range b)
{
	return (struct sl_range){ .lo = a.lo > b.lo ? a.lo : b.lo, .hi = a.hi < b.hi ? a.hi : b.hi,
		.missing = a.missing && b.missing };
}

static struct sl_range hull(struct sl_range a, struct sl_range b)
{
	struct sl_range r = { .lo = a.lo < b.lo ? a.lo : b.lo, .hi = a.hi > b.hi ? a.hi : b.hi };

	if (a.lo > a.hi)
		r = b;
	else if (b.lo > b.hi)
		r = a;
	r.missing = a.missing || b.missing;
	return r;
}

static const struct sl_op *op_at(const struct tree *t, uint32_t at)
{
	return &t->expr->ops[at];
}

/* The last op of the left operand of a binary op; the right one's is the op before. */
static uint32_t left_of(const struct tree *t, uint32_t at)
{
	return t->start[at - 1] - 1u;
}

static enum sl_opcode opposite(enum sl_opcode op)
{
	static const enum sl_opcode of[] = { [SL_OP_EQ] = SL_OP_NE, [SL_OP_NE] = SL_OP_EQ, [SL_OP_LT] = SL_OP_GE,
		[SL_OP_GE] = SL_OP_LT, [SL_OP_GT] = SL_OP_LE, [SL_OP_LE] = SL_OP_GT };

	return of[op];
}

/* What reads no input is computed here and now: -5, or a date and some days. */
static struct sl_value constant_at(const struct tree *t, uint32_t at)
{
	struct sl_expr part = *t->expr;

	part.ops += t->start[at];
	part.nops = at + 1 - t->start[at];
	return sl_expr_eval(&part, NULL);
}

/* A column, or the year of one, against a constant. A missing value makes no comparison true. */
static bool ask_of_comparison(const struct tree *t, uint32_t at, bool negated, struct ask *ask)
{
	enum sl_opcode op = op_at(t, at)->op;
	uint32_t value = left_of(t, at), k = at - 1;

	if (t->constant[value]) {
		value = at - 1;
		k = left_of(t, at);
		op = sl_opcode_mirrored(op);
	}
	bool year = op_at(t, value)->op == SL_OP_YEAR;
	const struct sl_op *column = op_at(t, value - year);
	if (!t->constant[k] || column->op != SL_OP_COLUMN)
		return false;
	struct sl_value constant = constant_at(t, k);
	struct sl_bounds in = { .lo = INT64_MIN, .hi = INT64_MAX };
	if (negated)
		op = opposite(op);
	if (constant.missing)
		in = (struct sl_bounds){ .lo = 1, .hi = 0 };
	else if (op != SL_OP_NE)
		in = sl_program_bounds(op, op_at(t, value)->scale, constant.v, op_at(t, k)->scale);
	if (year)
		in = sl_program_year_days(in);
	*ask = (struct ask){ .input = column->arg, .range = { .lo = in.lo, .hi = in.hi } };
	return true;
}

/* IN, IS_NULL, or nothing but the column; op works on the column at `at`. */
static bool ask_of_column(const struct tree *t, uint32_t at, const struct sl_op *op, bool negated, struct ask *ask)
{
	struct sl_range r = { .lo = INT64_MIN, .hi = INT64_MAX };

	if (op_at(t, at)->op != SL_OP_COLUMN)
		return false;
	if (op->op == SL_OP_COLUMN) {
		r.lo = r.hi = !negated;
	} else if (op->op == SL_OP_IN && !negated) {
		const struct sl_set *set = &t->expr->sets[op->arg];
		r.lo = set->nitems > 0 ? set->items[0].value : 1;
		r.hi = set->nitems > 0 ? set->items[set->nitems - 1].value : 0;
	} else if (op->op == SL_OP_IS_NULL && !negated) {
		r = (struct sl_range){ .lo = 1, .hi = 0, .missing = true };
	}
	*ask = (struct ask){ .input = op_at(t, at)->arg, .range = r };
	return true;
}

/* What the condition ending at `at`, or its opposite, asks of one input; false: nothing that could be told. */
static bool ask_of(const struct tree *t, uint32_t at, bool negated, struct ask *ask)
{
	const struct sl_op *op = op_at(t, at);
	struct ask left = { 0 }, right = { 0 };

	switch (op->op) {
	case SL_OP_NOT:
		return ask_of(t, at - 1, !negated, ask);
	case SL_OP_COLUMN:
		return ask_of_column(t, at, op, negated, ask);
	case SL_OP_IN:
	case SL_OP_IS_NULL:
		return ask_of_column(t, at - 1, op, negated, ask);
	case SL_OP_AND:
	case SL_OP_OR: {
		bool has_left = ask_of(t, left_of(t, at), negated, &left), has_right = ask_of(t, at - 1, negated, &right);
		bool one_input = has_left && has_right && left.input == right.input, is_and = (op->op == SL_OP_AND) != negated;
		if (!one_input && !is_and)
			return false;
		/* Of two inputs in an AND one is told of. */
		*ask = has_left ? left : right;
		if (one_input)
			ask->range = is_and ? both(left.range, right.range) : hull(left.range, right.range);
		return has_left || has_right;
	}
	case SL_OP_EQ:
	case SL_OP_NE:
	case SL_OP_LT:
	case SL_OP_LE:
	case SL_OP_GT:
	case SL_OP_GE:
		return ask_of_comparison(t, at, negated, ask);
	default:
		return false;
	}
}

/* The conditions that all must hold, each for itself. */
static void narrow(const struct tree *t, uint32_t at, bool negated, struct sl_range *ranges)
{
	const struct sl_op *op = op_at(t, at);
	struct ask ask;

	if (op->op == SL_OP_NOT) {
		narrow(t, at - 1, !negated, ranges);
	} else if (op->op == (negated ? SL_OP_OR : SL_OP_AND)) {
		narrow(t, left_of(t, at), negated, ranges);
		narrow(t, at - 1, negated, ranges);
	} else if (ask_of(t, at, negated, &ask)) {
		ranges[ask.input] = both(ranges[ask.input], ask.range);
	}
}

void sl_filter_ranges(const struct sl_expr *where, struct sl_range ranges[static SL_INPUTS_MAX])
{
	struct tree t = { .expr = where };
	uint16_t stack[SL_EXPR_STACK_MAX];
	uint32_t depth = 0;

	for (uint32_t i = 0; i < SL_INPUTS_MAX; i++)
		ranges[i] = anything;
	for (uint32_t i = 0; i < where->nops; i++) {
		uint32_t n = (uint32_t)sl_op_operands(&where->ops[i]);
		t.start[i] = n > 0 ? t.start[stack[depth - n]] : (uint16_t)i;
		t.constant[i] = where->ops[i].op != SL_OP_COLUMN;
		for (uint32_t x = depth - n; x < depth; x++)
			t.constant[i] &= t.constant[stack[x]];
		depth -= n;
		stack[depth++] = (uint16_t)i;
	}
	if (where->nops > 0)
		narrow(&t, where->nops - 1, false, ranges);
}
