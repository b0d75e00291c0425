/*
 * expr_eval.c - what an expression is of a row, value by value: the meaning that docs/semantics.md writes down, and to
 * which faster programs of the engine are held. See expr.h.
 */
#include "enclave/pact/expr.h"

/* Three-way comparison of values on different grids, exact in 128 bits. */
static int compare(int64_t a, int sa, int64_t b, int sb)
{
	sl_i128 x = a, y = b;

	if (sa == sb)
		return a < b ? -1 : a > b;
	if (sa < sb)
		x *= sl_pow10(sb - sa);
	else
		y *= sl_pow10(sa - sb);
	return x < y ? -1 : x > y;
}

static struct sl_value missing_value(void)
{
	return (struct sl_value){.missing = true};
}

static struct sl_value arithmetic(const struct sl_op *op, struct sl_value a, int sa, struct sl_value b, int sb)
{
	struct sl_value r = {0};
	int64_t x, y;
	bool ok = false;

	if (a.missing || b.missing)
		return missing_value();
	switch (op->op) {
	case SL_OP_ADD:
	case SL_OP_SUB:
		ok = sl_rescale(a.v, sa, op->scale, &x) && sl_rescale(b.v, sb, op->scale, &y) &&
		     (op->op == SL_OP_ADD ? sl_add(x, y, &r.v) : sl_sub(x, y, &r.v));
		break;
	case SL_OP_MUL:
		ok = sl_div_round((sl_i128)a.v * b.v, sl_pow10(sa + sb - op->scale), &r.v);
		break;
	case SL_OP_DIV: {
		/* a/10^sa ÷ b/10^sb on grid s: a·10^(s+sb-sa) / b; s ≥ sa, and |a|·10^18 fits 127 bits. */
		sl_i128 num = (sl_i128)a.v * sl_pow10(op->scale - sa);
		sl_i128 scaled;
		ok = !__builtin_mul_overflow(num, (sl_i128)sl_pow10(sb), &scaled) && sl_div_round(scaled, b.v, &r.v);
		break;
	}
	case SL_OP_IDIV:
		ok = b.v != 0 && !(a.v == INT64_MIN && b.v == -1);
		r.v = ok ? a.v / b.v : 0;
		break;
	default: /* SL_OP_MOD */
		ok = b.v != 0;
		r.v = ok && b.v != -1 ? a.v % b.v : 0;
		break;
	}
	return ok ? r : missing_value();
}

static struct sl_value comparison(enum sl_opcode op, struct sl_value a, int sa, struct sl_value b, int sb)
{
	if (a.missing || b.missing)
		return missing_value();
	int c = compare(a.v, sa, b.v, sb);
	bool yes = op == SL_OP_EQ   ? c == 0
	           : op == SL_OP_NE ? c != 0
	           : op == SL_OP_LT ? c < 0
	           : op == SL_OP_LE ? c <= 0
	           : op == SL_OP_GT ? c > 0
	                            : c >= 0;
	return (struct sl_value){.v = yes};
}

/* Kleene: a known false decides AND, a known true decides OR. */
static struct sl_value logic(enum sl_opcode op, struct sl_value a, struct sl_value b)
{
	int64_t decides = op == SL_OP_OR;

	if ((!a.missing && a.v == decides) || (!b.missing && b.v == decides))
		return (struct sl_value){.v = decides};
	if (a.missing || b.missing)
		return missing_value();
	return (struct sl_value){.v = !decides};
}

static struct sl_value member(const struct sl_set *set, struct sl_value a)
{
	size_t lo = 0, hi = set->nitems;

	if (a.missing)
		return a;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (set->items[mid].value < a.v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return (struct sl_value){.v = lo < set->nitems && set->items[lo].value == a.v};
}

struct slot {
	struct sl_value value;
	int8_t scale;
};

static struct sl_value branch(const struct sl_op *op, const struct slot *x, size_t n)
{
	const struct slot *chosen = &x[n - 1];

	if (op->op == SL_OP_COALESCE) {
		for (size_t i = n; i-- > 0;)
			if (!x[i].value.missing)
				chosen = &x[i];
	} else {
		for (size_t i = n - 1; i >= 2; i -= 2)
			if (!x[i - 2].value.missing && x[i - 2].value.v == 1)
				chosen = &x[i - 1];
	}
	struct sl_value r = chosen->value;
	if (!r.missing && !sl_rescale(r.v, chosen->scale, op->scale, &r.v))
		r = missing_value();
	return r;
}

static struct sl_value date_part(enum sl_opcode op, struct sl_value date)
{
	int year, month, day;

	if (date.missing || !sl_civil_from_days(date.v, &year, &month, &day))
		return missing_value();
	if (op == SL_OP_WEEKDAY) {
		/* 1970-01-01 was a Thursday. */
		int64_t since_monday = (date.v + 3) % 7;
		return (struct sl_value){.v = (since_monday < 0 ? since_monday + 7 : since_monday) + 1};
	}
	return (struct sl_value){.v = op == SL_OP_YEAR ? year : op == SL_OP_MONTH ? month : day};
}

/* A month is complete on the day of the same number; 31 January to 28 February is none yet. */
static struct sl_value months_between(struct sl_value from, struct sl_value to)
{
	int y1, m1, d1, y2, m2, d2;

	if (from.missing || to.missing || !sl_civil_from_days(from.v, &y1, &m1, &d1) ||
	    !sl_civil_from_days(to.v, &y2, &m2, &d2))
		return missing_value();
	int64_t months = ((int64_t)y2 - y1) * 12 + (m2 - m1);
	if (months > 0 && d2 < d1)
		months--;
	if (months < 0 && d2 > d1)
		months++;
	return (struct sl_value){.v = months};
}

static struct sl_value unary(const struct sl_expr *expr, const struct sl_op *op, struct sl_value a)
{
	switch (op->op) {
	case SL_OP_YEAR:
	case SL_OP_MONTH:
	case SL_OP_DAY:
	case SL_OP_WEEKDAY:
		return date_part(op->op, a);
	case SL_OP_IS_NULL:
		return (struct sl_value){.v = a.missing};
	case SL_OP_IN:
		return member(&expr->sets[op->arg], a);
	case SL_OP_NOT:
		a.v = !a.v;
		return a;
	default: /* NEG, ABS */
		if (a.missing || a.v == INT64_MIN)
			return missing_value();
		if (op->op == SL_OP_NEG || a.v < 0)
			a.v = -a.v;
		return a;
	}
}

struct sl_value sl_expr_eval(const struct sl_expr *expr, const struct sl_value *inputs)
{
	struct slot stack[SL_EXPR_STACK_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		size_t n = sl_op_operands(op);
		struct slot *x = &stack[depth - n];
		struct sl_value r;
		if (op->op == SL_OP_CONST)
			r = (struct sl_value){.v = op->value};
		else if (op->op == SL_OP_COLUMN)
			r = inputs[op->arg];
		else if (op->op == SL_OP_CASE || op->op == SL_OP_COALESCE)
			r = branch(op, x, n);
		else if (n == 1)
			r = unary(expr, op, x[0].value);
		else if (op->op == SL_OP_AND || op->op == SL_OP_OR)
			r = logic(op->op, x[0].value, x[1].value);
		else if (op->op == SL_OP_MONTHS)
			r = months_between(x[0].value, x[1].value);
		else if (op->op >= SL_OP_EQ && op->op <= SL_OP_GE)
			r = comparison(op->op, x[0].value, x[0].scale, x[1].value, x[1].scale);
		else
			r = arithmetic(op, x[0].value, x[0].scale, x[1].value, x[1].scale);
		x[0] = (struct slot){.value = r, .scale = op->scale};
		depth += 1 - n;
	}
	return stack[0].value;
}
