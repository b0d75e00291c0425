/* value.c - see value.h. */
#include "policy/history/value.h"

#include "policy/history/condition.h"

uint32_t sl_value_start(const struct sl_expr *e, uint32_t to)
{
	size_t wanted = 1;

	while (wanted > 0 && to > 0)
		wanted += sl_op_operands(&e->ops[--to]) - 1;
	return to;
}

static void put_column(struct sl_buf *b, const struct sl_table *t, uint32_t column)
{
	sl_buf_printf(b, "%s.%s", t->name, t->columns[column].name);
}

static enum sl_rc put_fold(struct sl_buf *b, const struct sl_operands *s, const struct sl_source *source, uint32_t i,
                           struct sl_err *err)
{
	const struct sl_fold *f = &source->folds[i];
	struct sl_operands raws = { s->plan, s->view, source, SL_OPERANDS_RAWS };
	struct sl_meaning arg = { 0 };
	bool is_condition = f->fn == SL_FOLD_COUNT_IF || f->fn == SL_FOLD_ANY || f->fn == SL_FOLD_ALL;

	sl_buf_printf(b, "%s:fold%u", s->view->tables[source->table].name, f->fn);
	if (f->arg.nops == 0)
		return SL_OK;
	enum sl_rc rc = is_condition ? sl_condition_filter(&raws, &f->arg, &arg, err)
	                             : sl_condition_value(&raws, &f->arg, &arg, err);
	if (rc == SL_OK)
		sl_meaning_put(b, &arg);
	return rc;
}

static enum sl_rc put_operand(struct sl_buf *b, const struct sl_operands *s, uint32_t i, struct sl_err *err)
{
	if (s->kind == SL_OPERANDS_FOLDS)
		return put_fold(b, s, s->source, i, err);
	if (s->kind == SL_OPERANDS_RAWS) {
		put_column(b, &s->view->tables[s->source->table], s->source->raws[i].column);
		return SL_OK;
	}
	const struct sl_input *in = &s->plan->inputs[i];
	const struct sl_source *source = &s->plan->sources[in->source];
	const struct sl_table *t = &s->view->tables[source->table];
	if (source->nfolds > 0)
		return put_fold(b, s, source, in->column, err);
	put_column(b, t, in->column);
	if (in->lookup > 0) {
		sl_buf_text(b, "@");
		put_column(b, &s->view->tables[t->columns[in->column].reference - 1], in->lookup - 1u);
	}
	return SL_OK;
}

enum sl_rc sl_value_column(const struct sl_operands *s, uint32_t operand, uint8_t type, int8_t scale,
                           struct sl_meaning *out, struct sl_err *err)
{
	struct sl_buf b = { 0 };

	sl_buf_printf(&b, "column/%u/%d ", type, scale);
	enum sl_rc rc = put_operand(&b, s, operand, err);
	if (rc == SL_OK)
		rc = sl_meaning_of(&b, out, err);
	sl_buf_free(&b);
	return rc;
}

static bool is_condition(enum sl_opcode op)
{
	return (op >= SL_OP_EQ && op <= SL_OP_NOT) || op == SL_OP_IS_NULL || op == SL_OP_IN;
}

/* Of a choice by CASE every second value but the last is a condition, and unknown is not true. */
static bool only_filters(const struct sl_op *op, size_t operand)
{
	return op->op == SL_OP_CASE && operand % 2 == 0 && operand / 2 < op->arg;
}

static enum sl_rc put_operands(struct sl_buf *b, const struct sl_operands *s, const struct sl_expr *e, uint32_t at,
                               struct sl_err *err)
{
	const struct sl_op *op = &e->ops[at];
	size_t n = sl_op_operands(op);
	struct sl_meaning operands[SL_EXPR_STACK_MAX];
	enum sl_rc rc = SL_OK;

	for (size_t i = n; i-- > 0 && rc == SL_OK; at = sl_value_start(e, at))
		rc = only_filters(op, i) ? sl_value_condition(s, e, at, true, &operands[i], err)
		                         : sl_value_of(s, e, at, &operands[i], err);
	if (rc != SL_OK)
		return rc;
	if ((op->op == SL_OP_ADD || op->op == SL_OP_MUL) && sl_meaning_order(&operands[0], &operands[1]) > 0) {
		struct sl_meaning first = operands[0];
		operands[0] = operands[1];
		operands[1] = first;
	}
	for (size_t i = 0; i < n; i++)
		sl_meaning_put(b, &operands[i]);
	return SL_OK;
}

enum sl_rc sl_value_of(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sl_meaning *out,
                       struct sl_err *err)
{
	const struct sl_op *op = &e->ops[to - 1];
	struct sl_buf b = { 0 };
	enum sl_rc rc = SL_OK;

	if (op->op == SL_OP_COLUMN)
		return sl_value_column(s, op->arg, op->type, op->scale, out, err);
	if (is_condition((enum sl_opcode)op->op))
		return sl_value_condition(s, e, to, false, out, err);
	sl_buf_printf(&b, "%s/%u/%d/%u=%lld ", sl_opcode_name((enum sl_opcode)op->op), op->type, op->scale, op->arg,
	              (long long)op->value);
	rc = put_operands(&b, s, e, to - 1, err);
	if (rc == SL_OK)
		rc = sl_meaning_of(&b, out, err);
	sl_buf_free(&b);
	return rc;
}

/* Where a value lies, on its grid. */
struct span {
	sl_i128 lo, hi;
	int scale;
};

static bool is_int64(const struct span *x)
{
	return x->lo >= INT64_MIN && x->hi <= INT64_MAX;
}

/* Whether what an operator on the way to the finer grid makes of x is a number. */
static bool refine(struct span *x, int scale)
{
	sl_i128 factor = sl_pow10(scale - x->scale);

	*x = (struct span){ x->lo * factor, x->hi * factor, scale };
	return is_int64(x);
}

static void multiply(const struct span *x, const struct span *y, struct span *out)
{
	sl_i128 step = sl_pow10(x->scale + y->scale - out->scale);
	const sl_i128 ends[4] = { x->lo * y->lo, x->lo * y->hi, x->hi * y->lo, x->hi * y->hi };

	out->lo = out->hi = ends[0];
	for (int i = 1; i < 4; i++) {
		out->lo = ends[i] < out->lo ? ends[i] : out->lo;
		out->hi = ends[i] > out->hi ? ends[i] : out->hi;
	}
	out->lo = out->lo / step - (step > 1); /* rounded either way */
	out->hi = out->hi / step + (step > 1);
}

/* Of the operands x; false: of some of their values there is none. Beyond int64 a value is missing. */
static bool span_of(const struct sl_op *op, struct span *x, struct span *out)
{
	*out = (struct span){ 0, 1, op->scale };
	switch (op->op) {
	case SL_OP_NEG:
		out->lo = -x->hi;
		out->hi = -x->lo;
		return x->lo > INT64_MIN;
	case SL_OP_ABS:
		out->lo = 0;
		out->hi = -x->lo > x->hi ? -x->lo : x->hi;
		return x->lo > INT64_MIN;
	case SL_OP_ADD:
	case SL_OP_SUB:
		if (!refine(&x[0], op->scale) || !refine(&x[1], op->scale))
			return false;
		out->lo = op->op == SL_OP_ADD ? x[0].lo + x[1].lo : x[0].lo - x[1].hi;
		out->hi = op->op == SL_OP_ADD ? x[0].hi + x[1].hi : x[0].hi - x[1].lo;
		return is_int64(out);
	case SL_OP_MUL:
		multiply(&x[0], &x[1], out);
		return is_int64(out);
	default:
		return (op->op >= SL_OP_EQ && op->op <= SL_OP_NOT) || op->op == SL_OP_IS_NULL || op->op == SL_OP_IN;
	}
}

bool sl_value_never_missing(const struct sl_operands *s, const struct sl_expr *list)
{
	struct span stack[SL_EXPR_STACK_MAX + SL_EXPR_PARTS_MAX];
	size_t depth = 0;

	for (uint32_t i = 0; i < list->nops; i++) {
		const struct sl_op *op = &list->ops[i];
		struct span made = { op->value, op->value, op->scale };
		if (op->op == SL_OP_COLUMN) {
			const struct sl_column *column = sl_operands_column(s, op->arg);
			if (!sl_operands_never_missing(s, op->arg))
				return false;
			made.lo = column->lo;
			made.hi = column->hi;
		} else if (op->op != SL_OP_CONST) {
			depth -= sl_op_operands(op);
			if (!span_of(op, &stack[depth], &made))
				return false;
		}
		stack[depth++] = made;
	}
	return true;
}
