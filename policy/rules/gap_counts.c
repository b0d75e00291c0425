/*
 * gap_counts.c - see gaps.h: a sum that is a count by another name.
 *
 * A sum of a flag, of a case between constants or of a constant counts rows, whatever it is called. Where policy rounds
 * counts, a sum is only made as coarse as the rows behind it, which is finer: so the author is asked to count.
 */
#include "policy/rules/gaps.h"

/* A column that only says yes or no, as declared; what per_unit makes is judged as a number. */
static bool is_flag(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	if (plan->sources[plan->inputs[input].source].nfolds > 0)
		return false;
	const struct sl_column *c = sl_plan_input_column(plan, view, input);
	return c->type == SL_TYPE_BOOLEAN || (c->type == SL_TYPE_INTEGER && c->lo >= 0 && c->hi <= 1);
}

static bool is_said(uint8_t op)
{
	return (op >= SL_OP_EQ && op <= SL_OP_NOT) || op == SL_OP_IS_NULL || op == SL_OP_IN;
}

/* Whether the value that `op` leaves may be any number of its operands; a condition chooses, it is no value. */
static bool takes_part(const struct sl_op *op, const bool *operands, size_t n)
{
	for (size_t i = 0; i < n && !is_said(op->op); i++) {
		bool condition = op->op == SL_OP_CASE && i % 2 == 0 && i + 1 < n;
		if (operands[i] && !condition)
			return true;
	}
	return false;
}

bool sl_gaps_only_counts(const struct sl_plan *plan, const struct sl_view *view, const struct sl_expr *e)
{
	bool measures[SL_EXPR_OPS_MAX + 1] = { false };
	size_t depth = 0;

	for (uint32_t i = 0; i < e->nops; i++) {
		const struct sl_op *op = &e->ops[i];
		size_t n = sl_op_operands(op);
		bool leaves = op->op == SL_OP_COLUMN ? !is_flag(plan, view, op->arg)
		                                     : takes_part(op, measures + depth - n, n);
		depth -= n;
		measures[depth++] = leaves;
	}
	return !measures[0];
}
