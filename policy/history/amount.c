/* amount.c - see amount.h: an expression as numbers times what they are of, from the top down. */
#include "policy/history/amount.h"

#include "policy/history/condition.h"
#include "policy/history/value.h"

struct term {
	struct sl_meaning of;
	sl_i128 times;
};

/* Sum of times * of, divided by `by`, and some number; terms rise by what they are of, none is there 0 times. */
struct sum {
	struct term terms[SL_AMOUNT_TERMS_MAX];
	uint32_t n;
	sl_i128 by;
};

static enum sl_rc read_sum(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                           bool *fits, struct sl_err *err);

/* The source whose rows the plan has; NULL: it has units. */
static const struct sl_source *rows_of(const struct sl_operands *s)
{
	for (uint32_t i = 0; i < s->plan->nsources && s->kind == SL_OPERANDS_INPUTS; i++) {
		const struct sl_source *source = &s->plan->sources[i];
		if ((i == 0 || source->join == SL_JOIN_INNER) && !sl_source_one_row(source, s->view))
			return source;
	}
	return NULL;
}

static bool reads_source(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, const struct sl_source *of)
{
	for (uint32_t i = sl_value_start(e, to); i < to; i++)
		if (e->ops[i].op == SL_OP_COLUMN && &s->plan->sources[s->plan->inputs[e->ops[i].arg].source] == of)
			return true;
	return false;
}

/* Something that is not taken apart. What a unit has once, and is added up for each row of another table, is more. */
static enum sl_rc read_whole(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                             struct sl_err *err)
{
	const struct sl_source *rows = rows_of(s);
	struct sl_meaning *of = &out->terms[0].of;

	*out = (struct sum){ .n = 1, .by = 1 };
	out->terms[0].times = 1;
	enum sl_rc rc = sl_value_of(s, e, to, of, err);
	if (rc != SL_OK || rows == NULL || reads_source(s, e, to, rows))
		return rc;
	struct sl_buf b = { 0 };
	sl_buf_printf(&b, "for each row of %s ", s->view->tables[rows->table].name);
	sl_meaning_put(&b, of);
	rc = sl_meaning_of(&b, of, err);
	sl_buf_free(&b);
	return rc;
}

/*
 * What adds up rows of which none is left out adds up the same, unit by unit; of one row every fold but counting is it,
 * and who has none is no unit.
 */
static const struct sl_fold *adding_fold(const struct sl_operands *s, uint32_t operand, const struct sl_source **source)
{
	if (s->kind != SL_OPERANDS_INPUTS)
		return NULL;
	const struct sl_input *in = &s->plan->inputs[operand];
	*source = &s->plan->sources[in->source];
	bool one = s->view->tables[(*source)->table].one_row_per_unit != 0;
	if ((*source)->nfolds == 0 || ((*source)->where.nops > 0 && !one) || rows_of(s) != NULL)
		return NULL;
	const struct sl_fold *f = &(*source)->folds[in->column];
	one = one && (f->fn == SL_FOLD_MIN || f->fn == SL_FOLD_MAX || f->fn == SL_FOLD_MEAN);
	return f->fn == SL_FOLD_SUM || one ? f : NULL;
}

static enum sl_rc read_column(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                              bool *fits, struct sl_err *err)
{
	const struct sl_source *source;
	const struct sl_fold *f = adding_fold(s, e->ops[to - 1].arg, &source);

	if (f == NULL)
		return read_whole(s, e, to, out, err);
	struct sl_operands raws = { s->plan, s->view, source, SL_OPERANDS_RAWS };
	return read_sum(&raws, &f->arg, f->arg.nops, out, fits, err);
}

/* Times v / by. False: the numbers are too large. */
static bool scale(struct sum *x, sl_i128 v, sl_i128 by)
{
	bool fits = !__builtin_mul_overflow(x->by, by, &x->by);

	for (uint32_t i = 0; i < x->n && fits; i++)
		fits = !__builtin_mul_overflow(x->terms[i].times, v, &x->terms[i].times);
	if (v == 0)
		x->n = 0;
	if (fits && x->by < 0)
		return scale(x, -1, -1);
	return fits;
}

/* One more term, at its place. False: there are too many, or its number is too large. */
static bool add_term(struct sum *x, const struct term *t)
{
	uint32_t i = 0;

	while (i < x->n && sl_meaning_order(&x->terms[i].of, &t->of) < 0)
		i++;
	if (i < x->n && sl_meaning_order(&x->terms[i].of, &t->of) == 0) {
		if (__builtin_add_overflow(x->terms[i].times, t->times, &x->terms[i].times))
			return false;
		if (x->terms[i].times != 0)
			return true;
		for (x->n--; i < x->n; i++)
			x->terms[i] = x->terms[i + 1];
		return true;
	}
	if (x->n == SL_AMOUNT_TERMS_MAX)
		return false;
	for (uint32_t k = x->n++; k > i; k--)
		x->terms[k] = x->terms[k - 1];
	x->terms[i] = *t;
	return true;
}

static bool add(struct sum *x, struct sum *y, bool minus)
{
	sl_i128 x_by = x->by;
	bool fits = scale(x, y->by, y->by) && scale(y, minus ? -x_by : x_by, 1);

	for (uint32_t i = 0; i < y->n && fits; i++)
		fits = add_term(x, &y->terms[i]);
	return fits;
}

/* Without a column: whatever row there is, it is one number. */
static bool is_number(const struct sl_expr *e, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		uint8_t op = e->ops[i].op;
		if (op != SL_OP_CONST && op != SL_OP_NEG && (op < SL_OP_ADD || op > SL_OP_DIV))
			return false;
	}
	return true;
}

/* The number, as a row has it: v / by. False: there is none. */
static bool number_of(const struct sl_expr *e, uint32_t from, uint32_t to, sl_i128 *v, sl_i128 *by)
{
	const struct sl_expr part = { .ops = e->ops + from, .nops = to - from };
	struct sl_value value = sl_expr_eval(&part, NULL);

	*v = value.v;
	*by = sl_pow10(e->ops[to - 1].scale);
	return !value.missing;
}

/* A product with a number that its grid has room for. *whole: it is none, and nothing was read. */
static enum sl_rc read_product(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                               bool *fits, bool *whole, struct sl_err *err)
{
	uint32_t split = sl_value_start(e, to - 1), from = sl_value_start(e, to);
	int fine = e->ops[split - 1].scale + e->ops[to - 2].scale;
	bool first = is_number(e, from, split), exact = e->ops[to - 1].scale == fine;
	sl_i128 v, by;

	*whole = !exact || (!first && !is_number(e, split, to - 1)) ||
	         !number_of(e, first ? from : split, first ? split : to - 1, &v, &by);
	if (*whole)
		return SL_OK;
	enum sl_rc rc = read_sum(s, e, first ? to - 1 : split, out, fits, err);
	*fits = rc == SL_OK && *fits && scale(out, v, by);
	return rc;
}

/* A quotient by a number that leaves nothing over, whatever is divided. */
static enum sl_rc read_quotient(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                                bool *fits, bool *whole, struct sl_err *err)
{
	uint32_t split = sl_value_start(e, to - 1);
	sl_i128 steps = sl_pow10(e->ops[to - 1].scale - e->ops[split - 1].scale), v, by;

	*whole = !is_number(e, split, to - 1) || !number_of(e, split, to - 1, &v, &by) || v == 0 || steps * by % v != 0;
	if (*whole)
		return SL_OK;
	enum sl_rc rc = read_sum(s, e, split, out, fits, err);
	*fits = rc == SL_OK && *fits && scale(out, by, v);
	return rc;
}

static enum sl_rc read_total(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                             bool *fits, struct sl_err *err)
{
	struct sum y;
	enum sl_rc rc = read_sum(s, e, sl_value_start(e, to - 1), out, fits, err);

	if (rc == SL_OK && *fits)
		rc = read_sum(s, e, to - 1, &y, fits, err);
	*fits = rc == SL_OK && *fits && add(out, &y, e->ops[to - 1].op == SL_OP_SUB);
	return rc;
}

/* *fits false: it is too long, or its numbers are too large. */
static enum sl_rc read_sum(const struct sl_operands *s, const struct sl_expr *e, uint32_t to, struct sum *out,
                           bool *fits, struct sl_err *err)
{
	const struct sl_op *op = &e->ops[to - 1];
	bool whole = false;
	enum sl_rc rc;

	if (is_number(e, sl_value_start(e, to), to)) {
		*out = (struct sum){ .by = 1 };
		return SL_OK;
	}
	switch (op->op) {
	case SL_OP_COLUMN:
		return read_column(s, e, to, out, fits, err);
	case SL_OP_NEG:
		rc = read_sum(s, e, to - 1, out, fits, err);
		*fits = rc == SL_OK && *fits && scale(out, -1, 1);
		return rc;
	case SL_OP_ADD:
	case SL_OP_SUB:
		return read_total(s, e, to, out, fits, err);
	case SL_OP_MUL:
		rc = read_product(s, e, to, out, fits, &whole, err);
		return rc == SL_OK && whole ? read_whole(s, e, to, out, err) : rc;
	case SL_OP_DIV:
		rc = read_quotient(s, e, to, out, fits, &whole, err);
		return rc == SL_OK && whole ? read_whole(s, e, to, out, err) : rc;
	default:
		return read_whole(s, e, to, out, err);
	}
}

static sl_i128 common_divisor(sl_i128 a, sl_i128 b)
{
	while (b != 0) {
		sl_i128 t = a % b;
		a = b;
		b = t;
	}
	return a < 0 ? -a : a;
}

/* Of numbers only how they stand to each other counts. */
static void put_sum(struct sl_buf *b, const struct sum *x)
{
	sl_i128 all = 0;

	for (uint32_t i = 0; i < x->n; i++)
		all = common_divisor(all, x->terms[i].times);
	if (x->n > 0 && x->terms[0].times < 0)
		all = -all;
	sl_buf_text(b, "adds up");
	for (uint32_t i = 0; i < x->n; i++) {
		sl_i128 times = x->terms[i].times / all;
		sl_buf_put(b, &times, sizeof times);
		sl_meaning_put(b, &x->terms[i].of);
	}
}

enum sl_rc sl_amount_of(const struct sl_operands *s, const struct sl_expr *e, struct sl_meaning *out,
                        struct sl_err *err)
{
	struct sum x;
	bool fits = true;
	enum sl_rc rc = read_sum(s, e, e->nops, &x, &fits, err);

	if (rc == SL_OK && !fits)
		rc = read_whole(s, e, e->nops, &x, err);
	if (rc != SL_OK)
		return rc;
	if (x.n == 1) {
		*out = x.terms[0].of;
		return SL_OK;
	}
	struct sl_buf b = { 0 };
	put_sum(&b, &x);
	rc = sl_meaning_of(&b, out, err);
	sl_buf_free(&b);
	return rc;
}
