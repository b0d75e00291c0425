/*
 * program.c - see program.h.
 *
 * The stack of the expression is walked once with stand-ins for its values: a constant, an input, or a register a step
 * has written. Constants are folded by sl_expr_eval itself. A register is free again once the step that reads it is
 * written, and no step writes over what it reads, so depth bounds their number.
 */
#include "enclave/engine/program.h"

#include <string.h>

/* A bitmap is worth its room up to this many words, or four for each member. */
#define BITMAP_WORDS 64
#define LINEAR_ITEMS 6

enum what {
	IS_CONST,
	IS_VALUES,
	IS_MASK,
	IS_YEAR                    /* of the date in slot; no step yet, for a comparison can ask for its days instead */
};

struct operand {
	enum what what;
	uint8_t type;
	int8_t scale;
	bool missing;              /* constant */
	int64_t value;
	uint16_t slot;             /* else */
};

struct compiler {
	struct sl_program *p;
	const struct sl_expr *expr;
	bool busy[SL_REGISTERS_MAX];
	struct operand stack[SL_EXPR_STACK_MAX];
	uint32_t depth;
};

static bool is_comparison(uint8_t op)
{
	return op >= SL_OP_EQ && op <= SL_OP_GE;
}

/* A step, and the register it leaves its values in. */
static struct operand emit(struct compiler *c, struct sl_step step, bool mask)
{
	struct sl_program *p = c->p;
	uint16_t reg = 0;

	while (reg < p->nregisters && (c->busy[reg] || p->is_mask[reg] != mask))
		reg++;
	SL_REQUIRE(reg < SL_REGISTERS_MAX);
	if (reg == p->nregisters) {
		p->is_mask[reg] = mask;
		p->nregisters++;
	}
	c->busy[reg] = true;
	step.out = reg;
	if (p->steps != NULL)
		p->steps[p->nsteps] = step;
	p->nsteps++;
	return (struct operand){ .what = mask ? IS_MASK : IS_VALUES, .slot = (uint16_t)(SL_INPUTS_MAX + reg) };
}

/* A step that changes what stands in a register already. */
static void emit_into(struct compiler *c, struct sl_step step, const struct operand *out)
{
	step.out = (uint16_t)(out->slot - SL_INPUTS_MAX);
	if (c->p->steps != NULL)
		c->p->steps[c->p->nsteps] = step;
	c->p->nsteps++;
}

static void release(struct compiler *c, const struct operand *x)
{
	if (x->what != IS_CONST && x->slot >= SL_INPUTS_MAX)
		c->busy[x->slot - SL_INPUTS_MAX] = false;
}

static struct operand constant(int64_t value, bool missing)
{
	return (struct operand){ .what = IS_CONST, .value = value, .missing = missing };
}

static struct operand unary(struct compiler *c, struct sl_step step, const struct operand *x, bool mask)
{
	step.a = x->slot;
	step.b = SL_SLOT_NONE;
	struct operand r = emit(c, step, mask);
	release(c, x);
	return r;
}

static struct operand binary(struct compiler *c, struct sl_step step, const struct operand *x, const struct operand *y,
                             bool mask)
{
	step.a = x->slot;
	step.b = y->slot;
	struct operand r = emit(c, step, mask);
	release(c, x);
	release(c, y);
	return r;
}

/* The same value as rows of a slot. Takes x, as do all that follow: its register is free afterwards. */
static struct operand as_rows(struct compiler *c, struct operand x)
{
	struct operand r = x;

	if (x.what == IS_CONST) {
		bool mask = x.type == SL_TYPE_BOOLEAN;
		r = emit(c, (struct sl_step){ .kind = mask ? SL_STEP_FILL_MASK : SL_STEP_FILL, .a = SL_SLOT_NONE,
			.b = SL_SLOT_NONE, .k = x.value, .missing = x.missing }, mask);
	} else if (x.what == IS_YEAR) {
		r = unary(c, (struct sl_step){ .kind = SL_STEP_DATE_PART, .op = SL_OP_YEAR }, &x, false);
	}
	r.type = x.type;
	r.scale = x.scale;
	return r;
}

/* On a grid at least as fine; overflow is missing. */
static struct operand to_scale(struct compiler *c, struct operand x, int8_t scale)
{
	struct operand r = x;

	if (x.scale == scale)
		return r;
	if (x.what == IS_CONST) {
		r.missing = x.missing || !sl_rescale(x.value, x.scale, scale, &r.value);
	} else {
		x = as_rows(c, x);
		r = unary(c, (struct sl_step){ .kind = SL_STEP_RESCALE, .k = sl_pow10(scale - x.scale) }, &x, false);
		r.type = x.type;
	}
	r.scale = scale;
	return r;
}

/* Some operand is known to be missing, and the op gives missing for that. */
static bool surely_missing(const struct sl_op *op, const struct operand *x, uint32_t n)
{
	if (op->op == SL_OP_AND || op->op == SL_OP_OR || op->op == SL_OP_IS_NULL || op->op == SL_OP_COALESCE ||
	    op->op == SL_OP_CASE)
		return false;
	for (uint32_t i = 0; i < n; i++)
		if (x[i].what == IS_CONST && x[i].missing)
			return true;
	return false;
}

static bool all_constant(const struct operand *x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (x[i].what != IS_CONST)
			return false;
	return true;
}

static struct operand fold(const struct compiler *c, const struct sl_op *op, const struct operand *x, uint32_t n)
{
	struct sl_op ops[SL_EXPR_STACK_MAX + 1];
	struct sl_value row[SL_EXPR_STACK_MAX];
	const struct sl_expr alone = { .ops = ops, .nops = n + 1, .sets = c->expr->sets, .nsets = c->expr->nsets };

	for (uint32_t i = 0; i < n; i++) {
		ops[i] = (struct sl_op){ .op = SL_OP_COLUMN, .type = x[i].type, .scale = x[i].scale, .arg = (uint16_t)i };
		row[i] = (struct sl_value){ .v = x[i].value, .missing = x[i].missing };
	}
	ops[n] = *op;
	struct sl_value v = sl_expr_eval(&alone, row);
	return constant(v.v, v.missing);
}

static bool divides_by_small(const struct sl_op *op, const struct operand *by)
{
	return (op->op == SL_OP_IDIV || op->op == SL_OP_MOD) && by->what == IS_CONST && by->value >= 2 &&
	       by->value <= INT32_MAX;
}

static struct operand arithmetic(struct compiler *c, const struct sl_op *op, struct operand *x)
{
	struct sl_step step = { .kind = SL_STEP_NONE };
	bool sum = op->op == SL_OP_ADD || op->op == SL_OP_SUB;

	for (uint32_t i = 0; i < 2; i++) {
		if (sum)
			x[i] = to_scale(c, x[i], op->scale);
		if (x[i].what == IS_CONST && x[i].missing) {
			release(c, &x[!i]);
			return constant(0, true);
		}
	}
	if (op->op == SL_OP_MUL)
		step.k = sl_pow10(x[0].scale + x[1].scale - op->scale);
	if (op->op == SL_OP_DIV)
		step.k = sl_pow10(op->scale - x[0].scale + x[1].scale);
	step.kind = op->op == SL_OP_ADD    ? SL_STEP_ADD
	            : op->op == SL_OP_SUB  ? SL_STEP_SUB
	            : op->op == SL_OP_DIV  ? SL_STEP_DIV
	            : op->op == SL_OP_IDIV ? SL_STEP_IDIV
	            : op->op == SL_OP_MOD  ? SL_STEP_MOD
	            : step.k == 1          ? SL_STEP_MUL
	                                   : SL_STEP_MUL_ROUND;
	x[0] = as_rows(c, x[0]);
	if (divides_by_small(op, &x[1])) {
		step.kind = op->op == SL_OP_IDIV ? SL_STEP_IDIV_BY : SL_STEP_MOD_BY;
		step.k = x[1].value;
		return unary(c, step, &x[0], false);
	}
	x[1] = as_rows(c, x[1]);
	return binary(c, step, &x[0], &x[1], false);
}

static struct operand in_range(struct compiler *c, const struct operand *x, struct sl_bounds in, bool invert,
                               enum sl_step_kind kind)
{
	struct sl_step step = { .kind = (uint8_t)kind, .invert = invert, .k = in.lo,
		.span = (uint64_t)in.hi - (uint64_t)in.lo };

	/* No number is outside of all of them. */
	if (in.lo > in.hi) {
		step.k = INT64_MIN;
		step.span = UINT64_MAX;
		step.invert = !invert;
	}
	return unary(c, step, x, true);
}

static struct operand compare_constant(struct compiler *c, enum sl_opcode op, struct operand x, const struct operand *k)
{
	struct sl_bounds in = sl_program_bounds(op, x.scale, k->value, k->scale);
	bool invert = op == SL_OP_NE;

	if (x.what == IS_YEAR)
		return in_range(c, &x, sl_program_year_days(in), invert, SL_STEP_DATE_RANGE);
	return in_range(c, &x, in, invert, SL_STEP_RANGE);
}

static struct operand comparison(struct compiler *c, const struct sl_op *op, struct operand *x)
{
	bool equality = op->op == SL_OP_EQ || op->op == SL_OP_NE;

	if (x[0].type != SL_TYPE_BOOLEAN && x[1].what == IS_CONST)
		return compare_constant(c, op->op, x[0], &x[1]);
	if (x[0].type != SL_TYPE_BOOLEAN && x[0].what == IS_CONST)
		return compare_constant(c, sl_opcode_mirrored(op->op), x[1], &x[0]);
	x[0] = as_rows(c, x[0]);
	x[1] = as_rows(c, x[1]);
	if (x[0].type == SL_TYPE_BOOLEAN)
		return binary(c, (struct sl_step){ .kind = SL_STEP_EQUAL_MASK, .invert = op->op == SL_OP_NE }, &x[0], &x[1],
		              true);
	/* a <= b is not (b < a). */
	bool swap = op->op == SL_OP_GT || op->op == SL_OP_LE;
	const struct operand *a = &x[swap], *b = &x[!swap];
	struct sl_step step = { .kind = equality ? SL_STEP_EQUAL : SL_STEP_LESS,
		.invert = op->op == SL_OP_NE || op->op == SL_OP_LE || op->op == SL_OP_GE };
	if (a->scale != b->scale) {
		int8_t finer = a->scale > b->scale ? a->scale : b->scale;
		step.kind = equality ? SL_STEP_EQUAL_WIDE : SL_STEP_LESS_WIDE;
		step.k = sl_pow10(finer - a->scale);
		step.kb = sl_pow10(finer - b->scale);
	}
	return binary(c, step, a, b, true);
}

/* Sets bit by bit the words of one bitmap; only their number is counted while there is no room yet. */
static const uint64_t *write_bitmap(struct compiler *c, const struct sl_set *set, uint32_t nwords)
{
	uint64_t *bits = c->p->bits != NULL ? c->p->bits + c->p->nbits : NULL;

	c->p->nbits += nwords;
	if (bits == NULL)
		return NULL;
	memset(bits, 0, nwords * sizeof *bits);
	for (uint32_t i = 0; i < set->nitems; i++) {
		uint64_t at = (uint64_t)set->items[i].value - (uint64_t)set->items[0].value;
		bits[at / 64] |= UINT64_C(1) << at % 64;
	}
	return bits;
}

static struct operand member(struct compiler *c, const struct sl_op *op, struct operand x)
{
	const struct sl_set *set = &c->expr->sets[op->arg];
	struct sl_step step = { .kind = SL_STEP_SEARCH, .set = set };

	x = as_rows(c, x);
	if (set->nitems == 0)
		return in_range(c, &x, (struct sl_bounds){ .lo = 1, .hi = 0 }, false, SL_STEP_RANGE);
	step.k = set->items[0].value;
	step.span = (uint64_t)set->items[set->nitems - 1].value - (uint64_t)step.k;
	uint64_t words = step.span / 64 + 1;
	if (step.span == set->nitems - 1) {
		step.kind = SL_STEP_RANGE;
	} else if (set->nitems <= LINEAR_ITEMS) {
		step.kind = SL_STEP_ANY_OF;
	} else if (words <= BITMAP_WORDS || words <= 4 * (uint64_t)set->nitems) {
		step.kind = SL_STEP_BITMAP;
		step.bits = write_bitmap(c, set, (uint32_t)words);
	}
	return unary(c, step, &x, true);
}

static struct operand logic(struct compiler *c, const struct sl_op *op, struct operand *x)
{
	bool decides = op->op == SL_OP_OR;

	for (uint32_t i = 0; i < 2; i++) {
		if (x[i].what != IS_CONST || x[i].missing)
			continue;
		if ((x[i].value != 0) != decides)
			return x[!i];
		release(c, &x[!i]);
		return constant(decides, false);
	}
	x[0] = as_rows(c, x[0]);
	x[1] = as_rows(c, x[1]);
	return binary(c, (struct sl_step){ .kind = decides ? SL_STEP_OR : SL_STEP_AND }, &x[0], &x[1], true);
}

/* A register of its own for what CASE and COALESCE give, from their last branch. Leaves x where it is. */
static struct operand start_branches(struct compiler *c, const struct sl_op *op, const struct operand *x)
{
	struct operand k = *x;
	bool mask = op->type == SL_TYPE_BOOLEAN;

	if (x->what == IS_CONST) {
		k = to_scale(c, k, op->scale);
		k.type = op->type;
		return as_rows(c, k);
	}
	struct sl_step step = { .kind = mask ? SL_STEP_COPY_MASK : SL_STEP_COPY, .a = x->slot, .b = SL_SLOT_NONE };
	if (x->scale != op->scale) {
		step.kind = SL_STEP_RESCALE;
		step.k = sl_pow10(op->scale - x->scale);
	}
	return emit(c, step, mask);
}

/* Where `taken`, a condition that is never missing, x is the value. Takes taken, leaves x. */
static void blend(struct compiler *c, const struct sl_op *op, const struct operand *into, const struct operand *taken,
                  const struct operand *x)
{
	bool mask = op->type == SL_TYPE_BOOLEAN;
	struct sl_step step = { .kind = mask ? SL_STEP_BLEND_MASK : SL_STEP_BLEND, .a = taken->slot, .b = x->slot };
	struct operand scaled = { .what = IS_CONST };

	if (x->what == IS_CONST && !mask) {
		scaled = to_scale(c, *x, op->scale);
		step.kind = SL_STEP_BLEND_FILL;
		step.b = SL_SLOT_NONE;
		step.k = scaled.value;
		step.missing = scaled.missing;
	} else if (x->what == IS_CONST || x->scale != op->scale) {
		scaled = start_branches(c, op, x);
		step.b = scaled.slot;
	}
	emit_into(c, step, into);
	release(c, &scaled);
	release(c, taken);
}

static void each_as_rows(struct compiler *c, struct operand *x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (x[i].what != IS_CONST)
			x[i] = as_rows(c, x[i]);
}

/* From the last branch to the first, each over what the later ones left. */
static struct operand branches(struct compiler *c, const struct sl_op *op, struct operand *x, uint32_t n)
{
	bool is_case = op->op == SL_OP_CASE;
	uint32_t step = is_case ? 2 : 1;

	each_as_rows(c, x, n);
	struct operand r = start_branches(c, op, &x[n - 1]);
	for (uint32_t i = n - 1; i >= step; i -= step) {
		const struct operand *asked = &x[i - step], *value = &x[i - 1];
		if (asked->what == IS_CONST) {
			if (asked->missing || (is_case && asked->value == 0))
				continue;
			release(c, &r);
			r = start_branches(c, op, value);
			continue;
		}
		struct operand taken = emit(c, (struct sl_step){ .kind = is_case ? SL_STEP_IS_TRUE : SL_STEP_IS_NULL,
			.invert = true, .a = asked->slot, .b = SL_SLOT_NONE }, true);
		blend(c, op, &r, &taken, value);
	}
	for (uint32_t i = 0; i < n; i++)
		release(c, &x[i]);
	return r;
}

static struct operand one_operand(struct compiler *c, const struct sl_op *op, struct operand x)
{
	struct sl_step step = { .kind = SL_STEP_DATE_PART, .op = op->op };

	if (op->op == SL_OP_IN)
		return member(c, op, x);
	if (op->op == SL_OP_YEAR) {
		x.what = IS_YEAR;
		return x;
	}
	x = as_rows(c, x);
	if (op->op == SL_OP_NEG || op->op == SL_OP_ABS)
		step.kind = op->op == SL_OP_NEG ? SL_STEP_NEG : SL_STEP_ABS;
	if (op->op == SL_OP_NOT || op->op == SL_OP_IS_NULL)
		step.kind = op->op == SL_OP_NOT ? SL_STEP_NOT : SL_STEP_IS_NULL;
	return unary(c, step, &x, op->type == SL_TYPE_BOOLEAN);
}

static struct operand column(struct compiler *c, const struct sl_op *op)
{
	struct operand x = { .what = IS_VALUES, .slot = op->arg };

	if (op->type == SL_TYPE_BOOLEAN)
		return unary(c, (struct sl_step){ .kind = SL_STEP_NARROW }, &x, true);
	return x;
}

static struct operand compile_op(struct compiler *c, const struct sl_op *op, struct operand *x, uint32_t n)
{
	if (op->op == SL_OP_COLUMN)
		return column(c, op);
	if (op->op == SL_OP_CONST)
		return constant(op->value, false);
	if (all_constant(x, n))
		return fold(c, op, x, n);
	if (surely_missing(op, x, n)) {
		for (uint32_t i = 0; i < n; i++)
			release(c, &x[i]);
		return constant(0, true);
	}
	if (op->op == SL_OP_CASE || op->op == SL_OP_COALESCE)
		return branches(c, op, x, n);
	if (n == 1)
		return one_operand(c, op, x[0]);
	if (op->op == SL_OP_AND || op->op == SL_OP_OR)
		return logic(c, op, x);
	if (is_comparison(op->op))
		return comparison(c, op, x);
	if (op->op == SL_OP_MONTHS) {
		x[0] = as_rows(c, x[0]);
		x[1] = as_rows(c, x[1]);
		return binary(c, (struct sl_step){ .kind = SL_STEP_MONTHS }, &x[0], &x[1], false);
	}
	return arithmetic(c, op, x);
}

void sl_program_write(struct sl_program *p, const struct sl_expr *expr)
{
	struct compiler c = { .p = p, .expr = expr };

	p->nsteps = p->nbits = p->nregisters = 0;
	for (uint32_t i = 0; i < expr->nops; i++) {
		const struct sl_op *op = &expr->ops[i];
		uint32_t n = (uint32_t)sl_op_operands(op);
		struct operand *x = &c.stack[c.depth - n];
		struct operand r = compile_op(&c, op, x, n);
		r.type = op->type;
		r.scale = op->scale;
		*x = r;
		c.depth += 1 - n;
	}
	struct operand result = as_rows(&c, c.stack[0]);
	p->result = result.slot;
	p->result_is_mask = result.what == IS_MASK;
}
