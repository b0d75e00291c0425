/*
 * test_reach.c - whose value may be missing for its size: what is said not to be left never is, whatever the row; and
 * which arguments a reviewer is asked about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/rules/reach.h"
#include "tests/unit/rules/kit.h"

#define COLUMNS 4
#define RUNS 40000

static const struct sl_input_type types[COLUMNS] = {
	{.type = SL_TYPE_INTEGER},
	{.type = SL_TYPE_REAL, .scale = 2},
	{.type = SL_TYPE_REAL, .scale = 6},
	{.type = SL_TYPE_DATE},
};

static uint64_t seed = 7;

static uint64_t any(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return n > 0 ? seed % n : seed;
}

/* As many of each size in bits. */
static int64_t any_value(void)
{
	int64_t v = (int64_t)(any(0) >> any(64));

	return any(2) ? v : -(v + 1);
}

struct drawn {
	struct sl_op ops[32];
	struct sl_input_type stack[32];
	uint32_t nops, depth;
};

static void push_any(struct drawn *d)
{
	struct sl_op op = {.op = SL_OP_CONST, .type = SL_TYPE_INTEGER};

	if (any(3) > 0) {
		op = (struct sl_op){.op = SL_OP_COLUMN, .arg = (uint16_t)any(COLUMNS)};
		op.type = types[op.arg].type;
		op.scale = types[op.arg].scale;
	} else {
		op.value = any_value();
	}
	d->ops[d->nops++] = op;
	d->stack[d->depth++] = (struct sl_input_type){.type = op.type, .scale = op.scale};
}

static void apply_any(struct drawn *d)
{
	static const uint8_t ops[] = {SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_DIV, SL_OP_IDIV, SL_OP_MOD, SL_OP_NEG, SL_OP_ABS,
	                              SL_OP_COALESCE, SL_OP_YEAR, SL_OP_MONTHS, SL_OP_LT};
	struct sl_op op = {.op = ops[any(sizeof ops)], .arg = 2};
	struct sl_input_type r;
	const char *why;
	size_t n;

	if (op.op != SL_OP_COALESCE)
		op.arg = 0;
	n = sl_op_operands(&op);
	if (n > d->depth || !sl_expr_result((enum sl_opcode)op.op, &d->stack[d->depth - n], n, &r, &why))
		return;
	op.type = r.type;
	op.scale = r.scale;
	d->ops[d->nops++] = op;
	d->depth -= (uint32_t)n;
	d->stack[d->depth++] = r;
}

/* An expression of some operators, one value left: what lies below the last is not used. */
static bool draw(struct drawn *d, struct sl_expr *e)
{
	struct sl_input_type result;
	struct sl_err err = {0};

	memset(d, 0, sizeof *d);
	while (d->nops < 12) {
		if (d->depth < 2 || any(2))
			push_any(d);
		else
			apply_any(d);
		if (d->depth == 1 && d->nops > 2 && any(2))
			break;
	}
	for (int tries = 0; d->depth > 1 && tries < 40 && d->nops < 30; tries++)
		apply_any(d);
	*e = (struct sl_expr){.ops = d->ops, .nops = d->nops};
	return sl_expr_check(e, types, COLUMNS, &result, &err) == SL_OK;
}

/* A column that divides as it stands may be 0. */
static bool divides_by_zero(const struct sl_expr *e, const struct sl_value *row)
{
	for (uint32_t i = 1; i < e->nops; i++)
		if ((e->ops[i].op == SL_OP_DIV || e->ops[i].op == SL_OP_IDIV || e->ops[i].op == SL_OP_MOD) &&
		    e->ops[i - 1].op == SL_OP_COLUMN && row[e->ops[i - 1].arg].v == 0)
			return true;
	return false;
}

static void draw_reach(struct sl_reach reach[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++) {
		int64_t a = any_value(), b = any_value();
		reach[c] = (struct sl_reach){.lo = a < b ? a : b, .hi = a < b ? b : a};
	}
	reach[3] = (struct sl_reach){.lo = -700000 + (int64_t)any(100000), .hi = (int64_t)any(2900000)};
}

/* Often at the ends. */
static void draw_row(const struct sl_reach reach[COLUMNS], struct sl_value row[COLUMNS])
{
	for (int c = 0; c < COLUMNS; c++) {
		sl_i128 width = reach[c].hi - reach[c].lo, in = (sl_i128)any(0) % (width + 1);
		uint64_t kind = any(4);

		in = kind == 0 ? 0 : kind == 1 ? width : in;
		row[c] = (struct sl_value){.v = (int64_t)(reach[c].lo + in)};
	}
}

static void test_reach_that_is_not_left_never_is(void **state)
{
	uint32_t held = 0, left = 0;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		struct sl_reach reach[COLUMNS];
		struct sl_value row[COLUMNS];
		struct drawn d;
		struct sl_expr e;

		if (!draw(&d, &e))
			continue;
		draw_reach(reach);
		if (!sl_reach_of_each(&e, reach, NULL)) {
			left++;
			continue;
		}
		held++;
		for (int k = 0; k < 20; k++) {
			draw_row(reach, row);
			if (!divides_by_zero(&e, row))
				assert_false(sl_expr_eval(&e, row).missing);
		}
	}
	/* Both happen, or nothing was tried. */
	assert_true(held > 2000 && left > 2000);
}

/* "column op constant" of whole numbers, where the column goes from in.lo to in.hi. */
static bool is_left(enum sl_opcode op, struct sl_reach in, int64_t constant)
{
	struct sl_input_type of[2] = {{.type = SL_TYPE_INTEGER}, {.type = SL_TYPE_INTEGER}}, r;
	const char *why;

	assert_true(sl_expr_result(op, of, 2, &r, &why));
	struct sl_op ops[] = {{.op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER},
	                      {.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = constant},
	                      {.op = (uint8_t)op, .type = r.type, .scale = r.scale}};
	struct sl_expr e = {.ops = ops, .nops = 3};

	return !sl_reach_of_each(&e, &in, NULL);
}

static void test_reach_is_left_where_the_author_can_choose_whom(void **state)
{
	const struct sl_reach undeclared = sl_reach_column(NULL), ages = {.lo = 0, .hi = 120};

	(void)state;
	assert_false(is_left(SL_OP_ADD, undeclared, 1000000));
	assert_false(is_left(SL_OP_MUL, undeclared, 1000));
	assert_true(is_left(SL_OP_ADD, undeclared, INT64_MAX - 500));
	assert_true(is_left(SL_OP_MUL, undeclared, INT64_C(1000000000000)));
	assert_false(is_left(SL_OP_ADD, ages, INT64_MAX - 120));
	assert_true(is_left(SL_OP_ADD, ages, INT64_MAX - 119));
	assert_true(is_left(SL_OP_MUL, ages, INT64_MAX / 119));
	assert_false(is_left(SL_OP_DIV, ages, 365));
	assert_true(is_left(SL_OP_DIV, ages, 0));
	assert_false(is_left(SL_OP_SUB, ages, INT64_MAX));
	assert_true(is_left(SL_OP_SUB, ages, INT64_MIN));

	/* 1 / (age - 40) leaves out who is 40; 1 / age is what a person would write. */
	struct sl_op ops[] = {{.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 1},
	                      {.op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER},
	                      {.op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 40},
	                      {.op = SL_OP_SUB, .type = SL_TYPE_INTEGER},
	                      {.op = SL_OP_DIV, .type = SL_TYPE_REAL, .scale = SL_DIV_SCALE}};
	struct sl_expr e = {.ops = ops, .nops = 5};
	assert_false(sl_reach_of_each(&e, &ages, NULL));
	assert_true(sl_reach_of_each(&e, &(struct sl_reach){.lo = 41, .hi = 120}, NULL));
	ops[2] = ops[4];
	e.nops = 3;
	assert_true(sl_reach_of_each(&e, &ages, NULL));
}

static void test_reach_of_a_column_is_what_the_catalogue_declares(void **state)
{
	struct sl_column c = {.type = SL_TYPE_INTEGER, .lo = INT64_MIN, .hi = INT64_MAX};

	(void)state;
	assert_true(sl_reach_column(&c).hi == SL_REACH_UNDECLARED && sl_reach_column(&c).lo == -SL_REACH_UNDECLARED);
	c.lo = 0;
	assert_true(sl_reach_column(&c).lo == 0 && sl_reach_column(&c).hi == SL_REACH_UNDECLARED);
	c.hi = 120;
	assert_true(sl_reach_column(&c).hi == 120);
	c.lo = 2 * SL_REACH_UNDECLARED;
	c.hi = INT64_MAX;
	assert_true(sl_reach_column(&c).lo == INT64_MIN && sl_reach_column(&c).hi == INT64_MAX);
	c = (struct sl_column){.type = SL_TYPE_BOOLEAN, .lo = INT64_MIN, .hi = INT64_MAX};
	assert_true(sl_reach_column(&c).lo == 0 && sl_reach_column(&c).hi == 1);
}

/* The rule itself, with everything around it. */
static bool is_asked(int64_t more, bool second)
{
	struct kit *k = kit_new();

	(void)kit_add(k, 40, 0, 0);
	struct sl_stat *s = kit_stat(&k->plans[0], "n", second ? SL_STAT_CORR : SL_STAT_SUM, KIT_AMOUNT, 0);
	if (second)
		kit_second(&k->plans[0], s, KIT_PRICE);
	if (more != 0)
		kit_more(s, more);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool asked = kit_has(&p, SL_RULE_EXPRESSION);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return asked;
}

static void test_reach_asks_a_reviewer(void **state)
{
	(void)state;
	assert_false(is_asked(0, false));
	assert_false(is_asked(1000, false));
	assert_true(is_asked(INT64_MAX - 120, false));
	assert_false(is_asked(0, true));
	assert_true(is_asked(INT64_MAX - 120, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reach_that_is_not_left_never_is),
		cmocka_unit_test(test_reach_is_left_where_the_author_can_choose_whom),
		cmocka_unit_test(test_reach_of_a_column_is_what_the_catalogue_declares),
		cmocka_unit_test(test_reach_asks_a_reviewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
