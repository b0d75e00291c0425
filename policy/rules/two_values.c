/*
 * two_values.c - which two values an argument can have, from what the catalogue declares and the expression says: a
 * measure from 1 to 2, the square of one from -1 to 1, case when … then 7 else 2 end. For numerator.c.
 */
#include "policy/rules/rules.h"

/* Columns with more values than these are not gone through. */
#define VALUES_MAX 64

/* Distinct values; of more than two no more is known. */
struct few {
	int64_t v[2];
	uint32_t n;
};

static void add(struct few *to, int64_t v)
{
	for (uint32_t i = 0; i < to->n && i < 2; i++)
		if (to->v[i] == v)
			return;
	if (to->n < 2)
		to->v[to->n] = v;
	if (to->n < 3)
		to->n++;
}

static bool all_known(const struct few *x)
{
	return x->n <= 2;
}

/* The one column as it stands that an expression reads; NULL: none, or several, or what was put together per unit. */
static const struct sl_column *column_of(const struct sl_rule_case *c, const struct sl_expr *e, uint32_t *input)
{
	const struct sl_column *column = NULL;

	for (uint32_t i = 0; i < c->plan->ninputs; i++) {
		const struct sl_input *in = &c->plan->inputs[i];
		if (!sl_rule_reads(e, i))
			continue;
		if (column != NULL || c->plan->sources[in->source].nfolds > 0)
			return NULL;
		column = sl_plan_input_column(c->plan, &c->setup->view, i);
		*input = i;
	}
	return column;
}

/* How many values from *lo on a column has; 0: too many, or nobody says. */
static uint32_t values_of(const struct sl_column *c, int64_t *lo)
{
	*lo = 0;
	if (c->type == SL_TYPE_BOOLEAN)
		return 2;
	if (c->type == SL_TYPE_TEXT)
		return c->nlabels + c->has_other <= VALUES_MAX ? c->nlabels + c->has_other : 0;
	*lo = c->lo;
	if (c->lo == INT64_MIN || c->hi == INT64_MAX || (sl_i128)c->hi - c->lo >= VALUES_MAX)
		return 0;
	return (uint32_t)(c->hi - c->lo) + 1;
}

static bool may_be_missing(const struct sl_rule_case *c, uint32_t input)
{
	const struct sl_input *in = &c->plan->inputs[input];

	return in->lookup > 0 || c->plan->sources[in->source].join != SL_JOIN_INNER ||
	       sl_plan_input_column(c->plan, &c->setup->view, input)->nullable;
}

/* Of one column, by every value that it has, and by none where it may be missing. */
static struct few by_trying(const struct sl_rule_case *c, const struct sl_expr *e)
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
	struct few out = { .n = 0 };
	uint32_t input = 0;
	int64_t lo;
	const struct sl_column *column = column_of(c, e, &input);
	uint32_t n = column != NULL ? values_of(column, &lo) : 0;

	if (n == 0)
		return (struct few){ .n = 3 };
	for (uint32_t i = 0; i < n + may_be_missing(c, input); i++) {
		in[input] = (struct sl_value){ .v = i < n ? lo + i : 0, .missing = i == n };
		struct sl_value v = sl_expr_eval(e, in);
		if (!v.missing)
			add(&out, v.v);
	}
	return out;
}

struct slot {
	struct few values;
	uint8_t type;
	int8_t scale;
};

/* An operator over all that its operands, two at most, may be. */
static struct few combined(const struct sl_op *op, const struct slot *x, size_t n)
{
	struct few out = { .n = 0 };

	for (uint32_t i = 0; i < x[0].values.n; i++)
		for (uint32_t j = 0; j < (n > 1 ? x[n - 1].values.n : 1); j++) {
			struct sl_op ops[3] = { { .op = SL_OP_CONST, .type = x[0].type, .scale = x[0].scale,
				                  .value = x[0].values.v[i] } };
			if (n > 1)
				ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = x[1].type, .scale = x[1].scale,
					                 .value = x[1].values.v[j] };
			ops[n] = *op;
			struct sl_value v = sl_expr_eval(&(struct sl_expr){ .ops = ops, .nops = (uint32_t)n + 1 }, NULL);
			if (!v.missing)
				add(&out, v.v);
		}
	return out;
}

/* Any of the branches, whatever the conditions are. */
static struct few chosen(const struct sl_op *op, const struct slot *x, size_t n)
{
	struct few out = { .n = 0 };
	bool is_case = op->op == SL_OP_CASE;

	for (size_t i = 0; i < n; i++) {
		if (is_case && i % 2 == 0 && i + 1 < n)
			continue;
		if (!all_known(&x[i].values))
			return (struct few){ .n = 3 };
		for (uint32_t k = 0; k < x[i].values.n; k++) {
			int64_t v;
			if (sl_rescale(x[i].values.v[k], x[i].scale, op->scale, &v))
				add(&out, v);
		}
	}
	return out;
}

static struct few of_op(const struct sl_op *op, const struct slot *x, size_t n)
{
	struct few one = { .n = 0 };

	if (op->op == SL_OP_CONST) {
		add(&one, op->value);
		return one;
	}
	if (op->op == SL_OP_CASE || op->op == SL_OP_COALESCE)
		return chosen(op, x, n);
	if (op->op < SL_OP_NEG || op->op > SL_OP_MOD || !all_known(&x[0].values) || !all_known(&x[n - 1].values))
		return (struct few){ .n = 3 };
	return combined(op, x, n);
}

/* Of any number of columns, by its constants. */
static struct few by_reading(const struct sl_expr *e)
{
	struct slot stack[SL_EXPR_STACK_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < e->nops; i++) {
		const struct sl_op *op = &e->ops[i];
		size_t n = sl_op_operands(op);
		if (n > depth || depth - n == SL_EXPR_STACK_MAX)
			return (struct few){ .n = 3 };
		struct slot made = { of_op(op, &stack[depth - n], n), op->type, op->scale };
		depth -= n;
		stack[depth++] = made;
	}
	return depth == 1 ? stack[0].values : (struct few){ .n = 3 };
}

bool sl_rule_two_values(const struct sl_rule_case *c, const struct sl_expr *e, int64_t values[static 2])
{
	struct few found = by_trying(c, e);

	if (!all_known(&found))
		found = by_reading(e);
	values[0] = found.v[0];
	values[1] = found.v[1];
	return found.n == 2;
}

bool sl_rule_of_flag(const struct sl_rule_case *c, const struct sl_expr *e, int64_t of[static 2])
{
	struct sl_value in[SL_INPUTS_MAX] = { { 0 } };
	uint32_t input = 0;
	int64_t lo = 0;
	const struct sl_column *column = column_of(c, e, &input);

	if (column == NULL || column->type == SL_TYPE_TEXT || values_of(column, &lo) != 2 || lo != 0)
		return false;
	for (int64_t has = 0; has < 2; has++) {
		in[input].v = has;
		struct sl_value v = sl_expr_eval(e, in);
		of[has] = v.missing ? 0 : v.v;
	}
	return of[0] != of[1];
}
