/* scribe.c - see scribe.h. */
#include "tests/unit/engine/scribe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define DEPTH 4
#define LABELS 40

enum kind { NUMBER, INTEGER, CONDITION, DATE, TEXT };

uint32_t scribe_draw(struct scribe *s, uint32_t below)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint32_t)((s->random >> 20) % below);
}

static int64_t any_bits(struct scribe *s)
{
	return (int64_t)(((uint64_t)scribe_draw(s, UINT32_MAX) << 32) | scribe_draw(s, UINT32_MAX));
}

static int64_t some_number(struct scribe *s)
{
	switch (scribe_draw(s, 8)) {
	case 0:
		return INT64_MIN + scribe_draw(s, 3);
	case 1:
		return INT64_MAX - scribe_draw(s, 3);
	case 2:
		return any_bits(s);
	case 3:
		return any_bits(s) >> scribe_draw(s, 64);
	case 4:
		return (int64_t)scribe_draw(s, 40) * sl_pow10((int)scribe_draw(s, 10)) - 20;
	default:
		return (int64_t)scribe_draw(s, 41) - 20;
	}
}

/* Most lie in the calendar. */
static int64_t some_date(struct scribe *s)
{
	if (scribe_draw(s, 16) == 0)
		return some_number(s);
	return (int64_t)scribe_draw(s, 20000) - 5000;
}

static int64_t some_value(struct scribe *s, uint8_t type)
{
	switch (type) {
	case SL_TYPE_BOOLEAN:
		return scribe_draw(s, 2);
	case SL_TYPE_DATE:
		return some_date(s);
	case SL_TYPE_TEXT:
		return scribe_draw(s, LABELS);
	default:
		return some_number(s);
	}
}

void scribe_columns(struct scribe *s, uint32_t rows)
{
	static const uint8_t types[SCRIBE_INPUTS] = { SL_TYPE_INTEGER, SL_TYPE_INTEGER, SL_TYPE_INTEGER, SL_TYPE_REAL,
		SL_TYPE_REAL, SL_TYPE_REAL, SL_TYPE_BOOLEAN, SL_TYPE_BOOLEAN, SL_TYPE_DATE, SL_TYPE_DATE, SL_TYPE_TEXT,
		SL_TYPE_TEXT };

	s->batch = (struct sl_batch){ .rows = rows };
	for (uint32_t i = 0; i < SCRIBE_INPUTS; i++) {
		uint32_t gaps = scribe_draw(s, 3);
		bool small = scribe_draw(s, 2) == 0;
		s->inputs[i] = (struct sl_input_type){ .type = types[i], .ncodes = types[i] == SL_TYPE_TEXT ? LABELS : 0,
			.scale = (int8_t)(types[i] == SL_TYPE_REAL ? scribe_draw(s, SL_SCALE_MAX + 1) : 0) };
		for (uint32_t r = 0; r < rows; r++) {
			int64_t v = some_value(s, types[i]);
			s->values[i][r] = small && types[i] <= SL_TYPE_REAL ? v % 50 : v;
			s->nulls[i][r] = gaps == 1 ? scribe_draw(s, 4) == 0 : gaps == 2 && scribe_draw(s, 30) != 0;
			if (s->nulls[i][r])
				s->values[i][r] = any_bits(s);
		}
		s->batch.values[i] = s->values[i];
		s->batch.nulls[i] = gaps == 0 ? NULL : s->nulls[i];
	}
}

static struct sl_input_type put(struct scribe *s, enum sl_opcode op, struct sl_input_type type, uint16_t arg, int64_t v)
{
	assert_true(s->expr.nops < SCRIBE_OPS);
	s->ops[s->expr.nops++] = (struct sl_op){ .op = (uint8_t)op, .type = type.type, .scale = type.scale, .arg = arg,
		.value = v };
	return type;
}

static struct sl_input_type put_result(struct scribe *s, enum sl_opcode op, const struct sl_input_type *x, size_t n,
                                       uint16_t arg)
{
	struct sl_input_type type;
	const char *why = "";

	if (!sl_expr_result(op, x, n, &type, &why))
		fail_msg("%s %s", sl_opcode_name(op), why);
	return put(s, op, type, arg, 0);
}

static struct sl_input_type put_leaf(struct scribe *s, enum kind kind)
{
	static const uint8_t of[] = { [INTEGER] = SL_TYPE_INTEGER, [CONDITION] = SL_TYPE_BOOLEAN, [DATE] = SL_TYPE_DATE,
		[TEXT] = SL_TYPE_TEXT };
	uint8_t type = kind == NUMBER ? (scribe_draw(s, 2) ? SL_TYPE_INTEGER : SL_TYPE_REAL) : of[kind];
	uint16_t i = (uint16_t)scribe_draw(s, SCRIBE_INPUTS);
	struct sl_input_type t = { .type = type };

	if (kind != TEXT && scribe_draw(s, 3) == 0) {
		t.scale = (int8_t)(type == SL_TYPE_REAL ? scribe_draw(s, SL_SCALE_MAX + 1) : 0);
		return put(s, SL_OP_CONST, t, 0, some_value(s, type));
	}
	while (s->inputs[i].type != type)
		i = (uint16_t)((i + 1) % SCRIBE_INPUTS);
	return put(s, SL_OP_COLUMN, s->inputs[i], i, 0);
}

static struct sl_input_type write(struct scribe *s, enum kind kind, int depth);

/* Gaps of one, of a few, or of many between the members. */
static uint16_t some_set(struct scribe *s, const struct sl_input_type *of)
{
	uint16_t at = (uint16_t)s->expr.nsets++;
	struct sl_set *set = &s->sets[at];
	bool text = of->type == SL_TYPE_TEXT;
	uint32_t style = scribe_draw(s, 4), n = scribe_draw(s, 3) ? scribe_draw(s, 12) : scribe_draw(s, SCRIBE_ITEMS + 1);
	int64_t v = text ? (int64_t)scribe_draw(s, LABELS) : some_value(s, of->type);

	*set = (struct sl_set){ .scale = of->scale, .items = s->items[at] };
	while (set->nitems < n && (!text || v < LABELS)) {
		s->items[at][set->nitems++].value = v;
		int64_t gap = style == 0 ? 1 : style == 1 ? 1 + scribe_draw(s, 4) : style == 2 ? 1 + scribe_draw(s, 1000)
		                                                                            : 1 + (any_bits(s) & INT32_MAX);
		if (__builtin_add_overflow(v, gap, &v))
			break;
	}
	return at;
}

static struct sl_input_type write_in(struct scribe *s, int depth)
{
	static const enum kind kinds[] = { NUMBER, INTEGER, DATE, TEXT };

	struct sl_input_type x = write(s, kinds[scribe_draw(s, 4)], depth);
	/* The sets may have been used up below. */
	if (s->expr.nsets == SCRIBE_SETS)
		return put_result(s, SL_OP_IS_NULL, &x, 1, 0);
	uint16_t set = some_set(s, &x);
	return put(s, SL_OP_IN, (struct sl_input_type){ .type = SL_TYPE_BOOLEAN }, set, 0);
}

static struct sl_input_type write_branches(struct scribe *s, enum kind kind, int depth)
{
	struct sl_input_type x[7];
	uint32_t n = 0, pairs = 1 + scribe_draw(s, 3);

	if (scribe_draw(s, 2)) {
		for (n = 0; n <= pairs; n++)
			x[n] = write(s, kind, depth);
		return put_result(s, SL_OP_COALESCE, x, n, (uint16_t)n);
	}
	for (uint32_t i = 0; i < pairs; i++) {
		x[n++] = write(s, CONDITION, depth);
		x[n++] = write(s, kind, depth);
	}
	x[n++] = write(s, kind, depth);
	return put_result(s, SL_OP_CASE, x, n, (uint16_t)pairs);
}

static struct sl_input_type write_two(struct scribe *s, enum sl_opcode op, enum kind a, enum kind b, int depth)
{
	struct sl_input_type x[2] = { write(s, a, depth) };

	x[1] = write(s, b, depth);
	return put_result(s, op, x, 2, 0);
}

static struct sl_input_type write_one(struct scribe *s, enum sl_opcode op, enum kind a, int depth)
{
	struct sl_input_type x = write(s, a, depth);

	return put_result(s, op, &x, 1, 0);
}

static struct sl_input_type write_condition(struct scribe *s, int depth)
{
	enum sl_opcode order = SL_OP_EQ + scribe_draw(s, 6);

	switch (scribe_draw(s, 11)) {
	case 0:
	case 1:
		return write_two(s, order, NUMBER, NUMBER, depth);
	case 2:
		return write_two(s, order, DATE, DATE, depth);
	case 3:
		return write_two(s, SL_OP_EQ + scribe_draw(s, 2), CONDITION, CONDITION, depth);
	case 4:
	case 5:
		return write_two(s, SL_OP_AND, CONDITION, CONDITION, depth);
	case 6:
	case 7:
		return write_two(s, SL_OP_OR, CONDITION, CONDITION, depth);
	case 8:
		return write_one(s, SL_OP_NOT, CONDITION, depth);
	case 9:
		return write_one(s, SL_OP_IS_NULL, (enum kind)scribe_draw(s, 5), depth);
	default:
		return write_in(s, depth);
	}
}

static struct sl_input_type write_number(struct scribe *s, enum kind kind, int depth)
{
	static const enum sl_opcode any[] = { SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_DIV, SL_OP_NEG, SL_OP_ABS };
	static const enum sl_opcode whole[] = { SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_IDIV, SL_OP_MOD, SL_OP_NEG, SL_OP_ABS };
	static const enum sl_opcode dates[] = { SL_OP_YEAR, SL_OP_MONTH, SL_OP_DAY, SL_OP_WEEKDAY, SL_OP_MONTHS, SL_OP_SUB };
	enum sl_opcode op = kind == NUMBER ? any[scribe_draw(s, 6)] : whole[scribe_draw(s, 7)];
	enum sl_opcode part = dates[scribe_draw(s, 6)];

	if (scribe_draw(s, 5) == 0)
		return part == SL_OP_MONTHS || part == SL_OP_SUB ? write_two(s, part, DATE, DATE, depth)
		                                                 : write_one(s, part, DATE, depth);
	if (op == SL_OP_NEG || op == SL_OP_ABS)
		return write_one(s, op, kind, depth);
	return write_two(s, op, kind, kind, depth);
}

static struct sl_input_type write(struct scribe *s, enum kind kind, int depth)
{
	if (depth == 0 || kind == TEXT || scribe_draw(s, 5) == 0 || s->expr.nops > SCRIBE_OPS / 2)
		return put_leaf(s, kind);
	if (scribe_draw(s, 6) == 0)
		return write_branches(s, kind, depth - 1);
	if (kind == CONDITION)
		return write_condition(s, depth - 1);
	if (kind == DATE)
		return write_two(s, scribe_draw(s, 2) ? SL_OP_ADD : SL_OP_SUB, DATE, INTEGER, depth - 1);
	return write_number(s, kind, depth - 1);
}

struct sl_input_type scribe_expression(struct scribe *s, bool condition)
{
	struct sl_input_type type;
	struct sl_err err = { 0 };

	s->expr = (struct sl_expr){ .ops = s->ops, .sets = s->sets };
	(void)write(s, condition ? CONDITION : (enum kind)scribe_draw(s, 4), 1 + (int)scribe_draw(s, DEPTH));
	if (sl_expr_check(&s->expr, s->inputs, SCRIBE_INPUTS, &type, &err) != SL_OK)
		fail_msg("%s", err.text);
	return type;
}

void scribe_row(const struct scribe *s, uint32_t row, struct sl_value out[static SCRIBE_INPUTS])
{
	for (uint32_t i = 0; i < SCRIBE_INPUTS; i++)
		out[i] = (struct sl_value){ .v = s->values[i][row],
			.missing = s->batch.nulls[i] != NULL && s->nulls[i][row] != 0 };
}

void scribe_say(const struct scribe *s)
{
	for (uint32_t i = 0; i < s->expr.nops; i++) {
		const struct sl_op *op = &s->ops[i];
		print_message("%s/%d.%d", sl_opcode_name(op->op), op->type, op->scale);
		if (op->op == SL_OP_CONST)
			print_message("=%lld ", (long long)op->value);
		else
			print_message("(%u) ", op->arg);
	}
	print_message("\n");
}
