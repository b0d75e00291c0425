/* expr.c - see expr.h: an expression's bytes, types and shape. What it is of a row is in expr_eval.c. */
#include "enclave/pact/expr.h"

#include <string.h>

static const struct sl_field op_fields[] = {
	SL_SCALAR(struct sl_op, SL_KIND_U8, op, 1, SL_OP_COUNT_ - 1, "operation"),
	SL_SCALAR(struct sl_op, SL_KIND_U8, type, SL_TYPE_INTEGER, SL_TYPE_TEXT, "type of the value it leaves"),
	SL_SCALAR(struct sl_op, SL_KIND_I8, scale, 0, SL_SCALE_MAX, "its grid"),
	SL_SCALAR(struct sl_op, SL_KIND_U16, arg, 0, 0, "input, set, or number of operands"),
	SL_SCALAR(struct sl_op, SL_KIND_I64, value, 0, 0, "constant"),
};
SL_RECORD(sl_op_record, sl_op, op_fields);

static const struct sl_field item_fields[] = {
	SL_SCALAR(struct sl_set_item, SL_KIND_I64, value, 0, 0, "member"),
};
static SL_RECORD(set_item_record, sl_set_item, item_fields);

static const struct sl_field set_fields[] = {
	SL_SCALAR(struct sl_set, SL_KIND_I8, scale, 0, SL_SCALE_MAX, "grid of the members"),
	SL_VEC(struct sl_set, items, nitems, SL_EXPR_SET_ITEMS_MAX, set_item_record, "strictly rising"),
};
SL_RECORD(sl_set_record, sl_set, set_fields);

static const struct sl_field expr_fields[] = {
	SL_VEC(struct sl_expr, ops, nops, SL_EXPR_OPS_MAX, sl_op_record, "postfix order"),
	SL_VEC(struct sl_expr, sets, nsets, SL_EXPR_SETS_MAX, sl_set_record, "sets for IN"),
};
SL_RECORD(sl_expr_record, sl_expr, expr_fields);

static const struct {
	const char *name;
	int8_t noperands; /* -1: in arg; -2: 2*arg+1 */
} opcodes[] = {
	[SL_OP_NONE] = {"none", 0},     [SL_OP_CONST] = {"const", 0}, [SL_OP_COLUMN] = {"column", 0},
	[SL_OP_NEG] = {"neg", 1},       [SL_OP_ABS] = {"abs", 1},     [SL_OP_ADD] = {"add", 2},
	[SL_OP_SUB] = {"sub", 2},       [SL_OP_MUL] = {"mul", 2},     [SL_OP_DIV] = {"div-real", 2},
	[SL_OP_IDIV] = {"div", 2},      [SL_OP_MOD] = {"mod", 2},     [SL_OP_EQ] = {"eq", 2},
	[SL_OP_NE] = {"ne", 2},         [SL_OP_LT] = {"lt", 2},       [SL_OP_LE] = {"le", 2},
	[SL_OP_GT] = {"gt", 2},         [SL_OP_GE] = {"ge", 2},       [SL_OP_AND] = {"and", 2},
	[SL_OP_OR] = {"or", 2},         [SL_OP_NOT] = {"not", 1},     [SL_OP_IS_NULL] = {"is-null", 1},
	[SL_OP_IN] = {"in", 1},         [SL_OP_COALESCE] = {"coalesce", -1}, [SL_OP_CASE] = {"case", -2},
	[SL_OP_YEAR] = {"year", 1},     [SL_OP_MONTH] = {"month", 1}, [SL_OP_DAY] = {"day", 1},
	[SL_OP_WEEKDAY] = {"weekday", 1}, [SL_OP_MONTHS] = {"months", 2},
};

const char *sl_opcode_name(enum sl_opcode op)
{
	return (size_t)op < SL_OP_COUNT_ ? opcodes[op].name : "none";
}

size_t sl_op_operands(const struct sl_op *op)
{
	int8_t n = opcodes[op->op].noperands;

	if (n >= 0)
		return (size_t)n;
	return n == -1 ? op->arg : 2u * op->arg + 1u;
}

static bool is_number(const struct sl_input_type *t)
{
	return t->type == SL_TYPE_INTEGER || t->type == SL_TYPE_REAL;
}

static int8_t max_scale(const struct sl_input_type *a, const struct sl_input_type *b)
{
	return a->scale > b->scale ? a->scale : b->scale;
}

static void number(struct sl_input_type *r, const struct sl_input_type *a, const struct sl_input_type *b, int8_t scale)
{
	bool real = a->type == SL_TYPE_REAL || b->type == SL_TYPE_REAL;

	*r = (struct sl_input_type){.type = real ? SL_TYPE_REAL : SL_TYPE_INTEGER, .scale = scale};
}

/* The common type of two branches; false when there is none. */
static bool unify(const struct sl_input_type *a, const struct sl_input_type *b, struct sl_input_type *r)
{
	if (is_number(a) && is_number(b)) {
		number(r, a, b, max_scale(a, b));
		return true;
	}
	*r = *a;
	return a->type == b->type && a->type != SL_TYPE_TEXT;
}

static bool result_of_sum(enum sl_opcode op, const struct sl_input_type *x, struct sl_input_type *r, const char **why)
{
	if (is_number(&x[0]) && is_number(&x[1])) {
		number(r, &x[0], &x[1], max_scale(&x[0], &x[1]));
		return true;
	}
	if (x[0].type == SL_TYPE_DATE && x[1].type == SL_TYPE_DATE && op == SL_OP_SUB) {
		*r = (struct sl_input_type){.type = SL_TYPE_INTEGER};
		return true;
	}
	if (x[0].type == SL_TYPE_DATE && x[1].type == SL_TYPE_INTEGER) {
		*r = (struct sl_input_type){.type = SL_TYPE_DATE};
		return true;
	}
	*why = "needs two numbers, two dates to subtract, or a date and days";
	return false;
}

static bool result_of_comparison(enum sl_opcode op, const struct sl_input_type *x, struct sl_input_type *r,
                                 const char **why)
{
	bool equality = op == SL_OP_EQ || op == SL_OP_NE;
	bool ok = (is_number(&x[0]) && is_number(&x[1])) || (x[0].type == x[1].type && x[0].type == SL_TYPE_DATE) ||
	          (equality && x[0].type == x[1].type && x[0].type == SL_TYPE_BOOLEAN);

	*r = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
	if (!ok)
		*why = "cannot compare these two types";
	return ok;
}

static bool result_of_branches(enum sl_opcode op, const struct sl_input_type *x, size_t n, struct sl_input_type *r,
                               const char **why)
{
	size_t first = op == SL_OP_CASE ? 1 : 0, step = op == SL_OP_CASE ? 2 : 1;

	if (n == 0) {
		*why = "needs at least one value";
		return false;
	}
	*r = x[n - 1];
	if (x[n - 1].type == SL_TYPE_TEXT) {
		*why = "text cannot be chosen by case or coalesce";
		return false;
	}
	for (size_t i = first; i + (op == SL_OP_CASE ? 1 : 0) < n; i += step) {
		if (op == SL_OP_CASE && x[i - 1].type != SL_TYPE_BOOLEAN) {
			*why = "a condition must be true or false";
			return false;
		}
		if (!unify(r, &x[i], r)) {
			*why = "the branches have different types";
			return false;
		}
	}
	return true;
}

bool sl_expr_result(enum sl_opcode op, const struct sl_input_type *x, size_t n, struct sl_input_type *r,
                    const char **why)
{
	struct sl_input_type none = {0};

	*r = none;
	*why = "needs a number";
	switch (op) {
	case SL_OP_NEG:
	case SL_OP_ABS:
		*r = x[0];
		return is_number(&x[0]);
	case SL_OP_ADD:
	case SL_OP_SUB:
		return result_of_sum(op, x, r, why);
	case SL_OP_MUL: {
		int scale = x[0].scale + x[1].scale;
		number(r, &x[0], &x[1], (int8_t)(scale > SL_SCALE_MAX ? SL_SCALE_MAX : scale));
		*why = "needs two numbers";
		return is_number(&x[0]) && is_number(&x[1]);
	}
	case SL_OP_DIV: {
		int8_t scale = max_scale(&x[0], &x[1]);
		*r = (struct sl_input_type){.type = SL_TYPE_REAL, .scale = scale > SL_DIV_SCALE ? scale : SL_DIV_SCALE};
		*why = "needs two numbers";
		return is_number(&x[0]) && is_number(&x[1]);
	}
	case SL_OP_IDIV:
	case SL_OP_MOD:
		*r = (struct sl_input_type){.type = SL_TYPE_INTEGER};
		*why = "needs two integers";
		return x[0].type == SL_TYPE_INTEGER && x[1].type == SL_TYPE_INTEGER;
	case SL_OP_EQ:
	case SL_OP_NE:
	case SL_OP_LT:
	case SL_OP_LE:
	case SL_OP_GT:
	case SL_OP_GE:
		return result_of_comparison(op, x, r, why);
	case SL_OP_AND:
	case SL_OP_OR:
	case SL_OP_NOT:
		*r = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
		*why = "needs conditions";
		for (size_t i = 0; i < n; i++)
			if (x[i].type != SL_TYPE_BOOLEAN)
				return false;
		return true;
	case SL_OP_IS_NULL:
		*r = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
		return true;
	case SL_OP_YEAR:
	case SL_OP_MONTH:
	case SL_OP_DAY:
	case SL_OP_WEEKDAY:
	case SL_OP_MONTHS:
		*r = (struct sl_input_type){.type = SL_TYPE_INTEGER};
		*why = op == SL_OP_MONTHS ? "needs two dates" : "needs a date";
		return x[0].type == SL_TYPE_DATE && x[n - 1].type == SL_TYPE_DATE;
	case SL_OP_COALESCE:
	case SL_OP_CASE:
		return result_of_branches(op, x, n, r, why);
	default:
		*why = "is not an operator";
		return false;
	}
}

static enum sl_rc check_set(const struct sl_expr *expr, const struct sl_op *op, const struct sl_input_type *x,
                            struct sl_input_type *r, struct sl_err *err)
{
	if (op->arg >= expr->nsets)
		return sl_err_set(err, SL_E_INPUT, "expression: no set %u", op->arg);
	const struct sl_set *set = &expr->sets[op->arg];
	if (set->scale != x->scale || x->type == SL_TYPE_BOOLEAN)
		return sl_err_set(err, SL_E_INPUT, "expression: set on another grid than its operand");
	for (uint32_t i = 0; i < set->nitems; i++) {
		int64_t v = set->items[i].value;
		if ((i > 0 && v <= set->items[i - 1].value) || (x->type == SL_TYPE_TEXT && (v < 0 || v >= (int64_t)x->ncodes)))
			return sl_err_set(err, SL_E_INPUT, "expression: set member out of order or outside the domain");
	}
	*r = (struct sl_input_type){.type = SL_TYPE_BOOLEAN};
	return SL_OK;
}

enum sl_rc sl_expr_check(const struct sl_expr *expr, const struct sl_input_type *inputs, size_t ninputs,
                         struct sl_input_type *result, struct sl_err *err)
{
	struct sl_input_type stack[SL_EXPR_STACK_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		size_t n = sl_op_operands(op);
		struct sl_input_type r = {.type = op->type, .scale = op->scale};
		const char *why = "";
		if (n > depth)
			return sl_err_set(err, SL_E_INPUT, "expression: operator %s without operands", sl_opcode_name(op->op));
		const struct sl_input_type *x = &stack[depth - n];
		if (op->op == SL_OP_COLUMN) {
			if (op->arg >= ninputs)
				return sl_err_set(err, SL_E_INPUT, "expression: no input %u", op->arg);
			r = inputs[op->arg];
		} else if (op->op == SL_OP_IN) {
			enum sl_rc rc = check_set(expr, op, x, &r, err);
			if (rc != SL_OK)
				return rc;
		} else if (op->op == SL_OP_CONST) {
			if (op->type == SL_TYPE_TEXT || (op->type != SL_TYPE_REAL && op->scale != 0) ||
			    (op->type == SL_TYPE_BOOLEAN && op->value != 0 && op->value != 1))
				return sl_err_set(err, SL_E_INPUT, "expression: constant does not fit its type");
		} else if (!sl_expr_result(op->op, x, n, &r, &why)) {
			return sl_err_set(err, SL_E_INPUT, "expression: %s %s", sl_opcode_name(op->op), why);
		}
		if (r.type != op->type || r.scale != op->scale)
			return sl_err_set(err, SL_E_INPUT, "expression: %s says another type than its operands give",
			                  sl_opcode_name(op->op));
		depth -= n;
		if (depth == SL_EXPR_STACK_MAX)
			return sl_err_set(err, SL_E_INPUT, "expression: deeper than %d", SL_EXPR_STACK_MAX);
		stack[depth++] = r;
	}
	if (depth != 1)
		return sl_err_set(err, SL_E_INPUT, "expression: leaves %zu values, not one", depth);
	*result = stack[0];
	return SL_OK;
}

uint32_t sl_expr_parts(const struct sl_expr *list, struct sl_expr parts[static SL_EXPR_PARTS_MAX])
{
	uint32_t starts[SL_EXPR_PARTS_MAX + SL_EXPR_STACK_MAX], n = 0;

	/* Where each value that waits began: an operator's is where its first operand did. */
	for (uint32_t i = 0; i < list->nops; i++) {
		size_t takes = sl_op_operands(&list->ops[i]);
		if (takes > n || n == sizeof starts / sizeof starts[0])
			return 0;
		if (takes == 0)
			starts[n++] = i;
		else
			n -= (uint32_t)takes - 1;
	}
	if (n > SL_EXPR_PARTS_MAX)
		return 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t end = i + 1 < n ? starts[i + 1] : list->nops;
		parts[i] = (struct sl_expr){
			.ops = list->ops + starts[i], .nops = end - starts[i], .sets = list->sets, .nsets = list->nsets};
	}
	return n;
}

static bool sets_equal(const struct sl_set *a, const struct sl_set *b)
{
	if (a->scale != b->scale || a->nitems != b->nitems)
		return false;
	for (uint32_t i = 0; i < a->nitems; i++)
		if (a->items[i].value != b->items[i].value)
			return false;
	return true;
}

enum sl_opcode sl_opcode_mirrored(enum sl_opcode op)
{
	switch (op) {
	case SL_OP_LT:
		return SL_OP_GT;
	case SL_OP_LE:
		return SL_OP_GE;
	case SL_OP_GT:
		return SL_OP_LT;
	case SL_OP_GE:
		return SL_OP_LE;
	default:
		return op;
	}
}

bool sl_expr_equal(const struct sl_expr *a, const struct sl_expr *b)
{
	if (a->nops != b->nops)
		return false;
	for (uint32_t i = 0; i < a->nops; i++) {
		const struct sl_op *x = &a->ops[i], *y = &b->ops[i];
		if (x->op != y->op || x->type != y->type || x->scale != y->scale)
			return false;
		if (x->op == SL_OP_CONST ? x->value != y->value
		    : x->op == SL_OP_IN  ? !sets_equal(&a->sets[x->arg], &b->sets[y->arg])
		                         : x->arg != y->arg)
			return false;
	}
	return true;
}
