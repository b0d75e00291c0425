/* test_expr.c - what each operator gives, at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pact/build.h"

#define I SL_TYPE_INTEGER
#define R SL_TYPE_REAL
#define B SL_TYPE_BOOLEAN
#define D SL_TYPE_DATE
#define T SL_TYPE_TEXT
#define MAX INT64_MAX
#define MIN INT64_MIN

static const struct sl_value none = { .missing = true };

/* a op b over two inputs of given types. Says the result's type as the rules give it, and checks that check agrees. */
static struct sl_value binary(enum sl_opcode op, enum sl_type ta, int sa, struct sl_value a, enum sl_type tb, int sb,
                              struct sl_value b, struct sl_input_type *type)
{
	struct build e = { 0 };
	const struct sl_input_type inputs[2] = { { .type = (uint8_t)ta, .scale = (int8_t)sa },
		{ .type = (uint8_t)tb, .scale = (int8_t)sb } };
	const struct sl_value values[2] = { a, b };
	struct sl_input_type checked;
	struct sl_err err = { 0 };
	const char *why = "";

	if (!sl_expr_result(op, inputs, 2, type, &why))
		fail_msg("%s %s", sl_opcode_name(op), why);
	build_column(&e, ta, sa, 0);
	build_column(&e, tb, sb, 1);
	build_op(&e, op, (enum sl_type)type->type, type->scale, 0);
	if (sl_expr_check(&e.expr, inputs, 2, &checked, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_int_equal(checked.type, type->type);
	assert_int_equal(checked.scale, type->scale);
	return sl_expr_eval(&e.expr, values);
}

static struct sl_value of(int64_t v)
{
	return (struct sl_value){ .v = v };
}

struct row {
	enum sl_opcode op;
	int sa, sb;           /* scale 0: integer */
	int64_t a, b;
	int scale;            /* of the result */
	bool missing;
	int64_t want;
};

static const struct row numbers[] = {
	{ SL_OP_ADD, 0, 0, MAX, 1, 0, true, 0 },
	{ SL_OP_ADD, 0, 0, MIN, -1, 0, true, 0 },
	{ SL_OP_ADD, 0, 0, MAX, MIN, 0, false, -1 },
	{ SL_OP_ADD, 2, 0, 1235, 7, 2, false, 1935 },
	{ SL_OP_ADD, 0, 9, MAX / 1000000000, 0, 9, false, MAX / 1000000000 * 1000000000 },
	{ SL_OP_ADD, 0, 9, MAX / 1000000000 + 1, 0, 9, true, 0 },
	{ SL_OP_SUB, 0, 0, 0, MIN, 0, true, 0 },
	{ SL_OP_SUB, 0, 0, -1, MIN, 0, false, MAX },
	{ SL_OP_SUB, 1, 3, 5, 125, 3, false, 375 },
	{ SL_OP_MUL, 0, 0, MIN, -1, 0, true, 0 },
	{ SL_OP_MUL, 0, 0, MAX, MAX, 0, true, 0 },
	{ SL_OP_MUL, 0, 0, MIN, 1, 0, false, MIN },
	{ SL_OP_MUL, 2, 3, 1235, -125, 5, false, -154375 },
	{ SL_OP_MUL, 9, 9, 1000000001, 1000000001, 9, false, 1000000002 },
	{ SL_OP_MUL, 9, 1, 1, 5, 9, false, 1 },
	{ SL_OP_MUL, 9, 1, 1, 4, 9, false, 0 },
	{ SL_OP_MUL, 9, 1, -1, 5, 9, false, -1 },
	{ SL_OP_MUL, 9, 9, MAX, 1000000000, 9, false, MAX },
	{ SL_OP_MUL, 9, 9, MIN, 1000000000, 9, false, MIN },
	{ SL_OP_MUL, 9, 9, MAX, 2000000000, 9, true, 0 },
	{ SL_OP_DIV, 0, 0, 7, 2, 6, false, 3500000 },
	{ SL_OP_DIV, 0, 0, 2, 3, 6, false, 666667 },
	{ SL_OP_DIV, 0, 0, -2, 3, 6, false, -666667 },
	{ SL_OP_DIV, 0, 0, 1, 2000000, 6, false, 1 },
	{ SL_OP_DIV, 0, 0, 1, 2000001, 6, false, 0 },
	{ SL_OP_DIV, 0, 0, 1, 0, 6, true, 0 },
	{ SL_OP_DIV, 0, 0, 0, 0, 6, true, 0 },
	{ SL_OP_DIV, 0, 0, MAX, 1, 6, true, 0 },
	{ SL_OP_DIV, 0, 0, MIN, -1, 6, true, 0 },
	{ SL_OP_DIV, 0, 0, MAX, MAX, 6, false, 1000000 },
	{ SL_OP_DIV, 0, 0, MIN, MIN, 6, false, 1000000 },
	{ SL_OP_DIV, 9, 9, MIN, 1, 9, true, 0 },
	{ SL_OP_DIV, 9, 9, MIN, 1000000000, 9, false, MIN },
	{ SL_OP_DIV, 0, 9, MIN, MIN, 9, false, 1000000000000000000 },
	{ SL_OP_DIV, 9, 0, MAX, 1, 9, false, MAX },
	{ SL_OP_DIV, 2, 3, 1235, -125, 6, false, -98800000 },
	{ SL_OP_IDIV, 0, 0, 7, -2, 0, false, -3 },
	{ SL_OP_IDIV, 0, 0, -7, 2, 0, false, -3 },
	{ SL_OP_IDIV, 0, 0, 7, 0, 0, true, 0 },
	{ SL_OP_IDIV, 0, 0, MIN, -1, 0, true, 0 },
	{ SL_OP_IDIV, 0, 0, MIN, 1, 0, false, MIN },
	{ SL_OP_MOD, 0, 0, 7, -2, 0, false, 1 },
	{ SL_OP_MOD, 0, 0, -7, 2, 0, false, -1 },
	{ SL_OP_MOD, 0, 0, 7, 0, 0, true, 0 },
	{ SL_OP_MOD, 0, 0, MIN, -1, 0, false, 0 },
	{ SL_OP_MOD, 0, 0, MIN, MAX, 0, false, -1 },
};

static void test_expr_arithmetic_at_its_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		const struct row *r = &numbers[i];
		struct sl_input_type type;
		struct sl_value v = binary(r->op, r->sa ? R : I, r->sa, of(r->a), r->sb ? R : I, r->sb, of(r->b), &type);
		if (type.scale != r->scale || v.missing != r->missing || (!v.missing && v.v != r->want))
			fail_msg("row %zu: %lld %s %lld is %s%lld on scale %d", i, (long long)r->a, sl_opcode_name(r->op),
			         (long long)r->b, v.missing ? "missing, " : "", (long long)v.v, type.scale);
		v = binary(r->op, r->sa ? R : I, r->sa, none, r->sb ? R : I, r->sb, of(r->b), &type);
		assert_true(v.missing);
		v = binary(r->op, r->sa ? R : I, r->sa, of(r->a), r->sb ? R : I, r->sb, none, &type);
		assert_true(v.missing);
	}
}

static void test_expr_comparison_is_exact_over_all_grids(void **state)
{
	static const struct {
		int sa, sb;
		int64_t a, b;
		int order;
	} rows[] = { { 0, 0, 1, 2, -1 }, { 0, 0, MIN, MAX, -1 }, { 0, 9, MAX, MAX, 1 }, { 9, 0, MIN, MIN, 1 },
		{ 0, 3, 7, 7000, 0 }, { 2, 3, 1235, 12351, -1 }, { 0, 9, MAX / 1000000000, MAX, -1 }, { 9, 9, -1, 1, -1 },
		{ 0, 9, 0, 0, 0 }, { 1, 2, -15, -150, 0 } };
	static const enum sl_opcode ops[] = { SL_OP_EQ, SL_OP_NE, SL_OP_LT, SL_OP_LE, SL_OP_GT, SL_OP_GE };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (size_t k = 0; k < 6; k++) {
			struct sl_input_type type;
			int c = rows[i].order;
			bool want[] = { c == 0, c != 0, c < 0, c <= 0, c > 0, c >= 0 };
			enum sl_type ta = rows[i].sa ? R : I, tb = rows[i].sb ? R : I;
			struct sl_value v = binary(ops[k], ta, rows[i].sa, of(rows[i].a), tb, rows[i].sb, of(rows[i].b), &type);
			if (v.missing || v.v != want[k])
				fail_msg("row %zu, %s", i, sl_opcode_name(ops[k]));
			assert_int_equal(type.type, B);
			assert_true(binary(ops[k], ta, rows[i].sa, none, tb, rows[i].sb, of(0), &type).missing);
			assert_true(binary(ops[k], ta, rows[i].sa, of(0), tb, rows[i].sb, none, &type).missing);
		}
}

/* Rows and columns: false, true, unknown. 2 is unknown. */
static void test_expr_logic_is_three_valued(void **state)
{
	static const int and_[3][3] = { { 0, 0, 0 }, { 0, 1, 2 }, { 0, 2, 2 } };
	static const int or_[3][3] = { { 0, 1, 2 }, { 1, 1, 1 }, { 2, 1, 2 } };
	const struct sl_value values[3] = { { .v = 0 }, { .v = 1 }, { .missing = true } };
	struct sl_input_type type;

	(void)state;
	for (int a = 0; a < 3; a++)
		for (int b = 0; b < 3; b++) {
			struct sl_value v = binary(SL_OP_AND, B, 0, values[a], B, 0, values[b], &type);
			assert_int_equal(v.missing ? 2 : v.v, and_[a][b]);
			v = binary(SL_OP_OR, B, 0, values[a], B, 0, values[b], &type);
			assert_int_equal(v.missing ? 2 : v.v, or_[a][b]);
		}
}

/* One operand. */
static struct sl_value unary(enum sl_opcode op, enum sl_type t, int scale, struct sl_value a)
{
	struct build e = { 0 };
	struct sl_input_type in = { .type = (uint8_t)t, .scale = (int8_t)scale, .ncodes = 9 }, r, checked;
	const char *why;

	assert_true(sl_expr_result(op, &in, 1, &r, &why));
	build_column(&e, t, scale, 0);
	build_op(&e, op, (enum sl_type)r.type, r.scale, 0);
	assert_int_equal(sl_expr_check(&e.expr, &in, 1, &checked, NULL), SL_OK);
	return sl_expr_eval(&e.expr, &a);
}

static void test_expr_signs_and_not(void **state)
{
	(void)state;
	assert_true(unary(SL_OP_NEG, I, 0, of(MIN)).missing);
	assert_true(unary(SL_OP_ABS, I, 0, of(MIN)).missing);
	assert_true(unary(SL_OP_NEG, I, 0, of(MAX)).v == -MAX);
	assert_true(unary(SL_OP_ABS, R, 3, of(-MAX)).v == MAX);
	assert_int_equal(unary(SL_OP_ABS, I, 0, of(5)).v, 5);
	assert_true(unary(SL_OP_NEG, I, 0, none).missing);
	assert_int_equal(unary(SL_OP_NOT, B, 0, of(0)).v, 1);
	assert_int_equal(unary(SL_OP_NOT, B, 0, of(1)).v, 0);
	assert_true(unary(SL_OP_NOT, B, 0, none).missing);
	assert_int_equal(unary(SL_OP_IS_NULL, T, 0, none).v, 1);
	assert_int_equal(unary(SL_OP_IS_NULL, T, 0, of(0)).v, 0);
	assert_false(unary(SL_OP_IS_NULL, D, 0, none).missing);
}

static void test_expr_dates_move_by_days(void **state)
{
	struct sl_input_type type;

	(void)state;
	assert_int_equal(binary(SL_OP_SUB, D, 0, of(100), D, 0, of(30), &type).v, 70);
	assert_int_equal(type.type, I);
	assert_int_equal(binary(SL_OP_ADD, D, 0, of(100), I, 0, of(30), &type).v, 130);
	assert_int_equal(type.type, D);
	assert_int_equal(binary(SL_OP_SUB, D, 0, of(100), I, 0, of(30), &type).v, 70);
	assert_int_equal(type.type, D);
	assert_true(binary(SL_OP_ADD, D, 0, of(MAX), I, 0, of(1), &type).missing);
}

static struct sl_value part_of(enum sl_opcode op, struct sl_value date)
{
	const struct sl_input_type in = { .type = D };
	struct sl_input_type checked;
	struct build e = { 0 };

	build_column(&e, D, 0, 0);
	build_op(&e, op, I, 0, 0);
	assert_int_equal(sl_expr_check(&e.expr, &in, 1, &checked, NULL), SL_OK);
	return sl_expr_eval(&e.expr, &date);
}

static struct sl_value day_of(const char *text)
{
	struct sl_value v = { 0 };

	assert_true(sl_parse_date(text, strlen(text), &v.v));
	return v;
}

static void test_expr_parts_of_dates_at_the_ends_of_the_calendar(void **state)
{
	static const struct {
		const char *date;
		int64_t year, month, day, weekday;
	} rows[] = {
		{ "1970-01-01", 1970, 1, 1, 4 }, { "1969-12-31", 1969, 12, 31, 3 }, { "2000-02-29", 2000, 2, 29, 2 },
		{ "1900-03-01", 1900, 3, 1, 4 }, { "2100-02-28", 2100, 2, 28, 7 },  { "0001-01-01", 1, 1, 1, 1 },
		{ "9999-12-31", 9999, 12, 31, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(part_of(SL_OP_YEAR, day_of(rows[i].date)).v, rows[i].year);
		assert_int_equal(part_of(SL_OP_MONTH, day_of(rows[i].date)).v, rows[i].month);
		assert_int_equal(part_of(SL_OP_DAY, day_of(rows[i].date)).v, rows[i].day);
		assert_int_equal(part_of(SL_OP_WEEKDAY, day_of(rows[i].date)).v, rows[i].weekday);
	}
	for (int op = SL_OP_YEAR; op <= SL_OP_WEEKDAY; op++) {
		assert_true(part_of((enum sl_opcode)op, none).missing);
		assert_true(part_of((enum sl_opcode)op, of(day_of("0001-01-01").v - 1)).missing);
		assert_true(part_of((enum sl_opcode)op, of(day_of("9999-12-31").v + 1)).missing);
		assert_true(part_of((enum sl_opcode)op, of(MIN)).missing);
		assert_true(part_of((enum sl_opcode)op, of(MAX)).missing);
	}
}

/* The week goes on without a gap over every month, year and century. */
static void test_expr_weekdays_follow_one_another(void **state)
{
	(void)state;
	for (int64_t d = day_of("1899-12-01").v; d < day_of("2100-04-01").v; d++)
		assert_int_equal(part_of(SL_OP_WEEKDAY, of(d + 1)).v, part_of(SL_OP_WEEKDAY, of(d)).v % 7 + 1);
}

static void test_expr_months_between_counts_completed_ones_both_ways(void **state)
{
	static const struct {
		const char *from, *to;
		int64_t months;
	} rows[] = {
		{ "2020-01-15", "2020-01-15", 0 },   { "2020-01-15", "2020-02-14", 0 },   { "2020-01-15", "2020-02-15", 1 },
		{ "2020-01-31", "2020-02-29", 0 },   { "2020-01-31", "2020-03-01", 1 },   { "2020-02-29", "2021-02-28", 11 },
		{ "2020-02-29", "2024-02-29", 48 },  { "2020-02-15", "2020-01-15", -1 },  { "2020-02-14", "2020-01-15", 0 },
		{ "2020-03-01", "2020-01-31", -1 },  { "0001-01-01", "9999-12-31", 119987 },
		{ "9999-12-31", "0001-01-01", -119987 },
	};
	struct sl_input_type type;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			binary(SL_OP_MONTHS, D, 0, day_of(rows[i].from), D, 0, day_of(rows[i].to), &type).v, rows[i].months);
	assert_int_equal(type.type, I);
	assert_true(binary(SL_OP_MONTHS, D, 0, none, D, 0, of(0), &type).missing);
	assert_true(binary(SL_OP_MONTHS, D, 0, of(0), D, 0, none, &type).missing);
	assert_true(binary(SL_OP_MONTHS, D, 0, of(0), D, 0, of(MAX), &type).missing);
	assert_true(binary(SL_OP_MONTHS, D, 0, of(MIN), D, 0, of(0), &type).missing);
}

static void test_expr_membership_finds_every_item_and_nothing_else(void **state)
{
	static const int64_t items[] = { MIN, -3, 7, MAX };
	struct build e = { 0 };
	struct sl_input_type in = { .type = I }, r;

	(void)state;
	build_column(&e, I, 0, 0);
	build_op(&e, SL_OP_IN, B, 0, build_set(&e, 0, items, 4));
	assert_int_equal(sl_expr_check(&e.expr, &in, 1, &r, NULL), SL_OK);
	for (size_t i = 0; i < 4; i++) {
		struct sl_value v = of(items[i]);
		assert_int_equal(sl_expr_eval(&e.expr, &v).v, 1);
	}
	static const int64_t others[] = { MIN + 1, -4, -2, 0, 6, 8, MAX - 1 };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct sl_value v = of(others[i]);
		assert_int_equal(sl_expr_eval(&e.expr, &v).v, 0);
	}
	assert_true(sl_expr_eval(&e.expr, &none).missing);
	e.sets[0].nitems = 0;
	struct sl_value v = of(7);
	assert_int_equal(sl_expr_eval(&e.expr, &v).v, 0);
}

/* case when i0 then i1 when i2 then i3 else i4 end, of different grids. */
static void test_expr_case_takes_the_first_true_branch_on_the_common_grid(void **state)
{
	static const struct sl_input_type inputs[] = { { .type = B }, { .type = I }, { .type = B }, { .type = R, .scale = 2 },
		{ .type = I } };
	struct build e = { 0 };
	struct sl_input_type r;

	(void)state;
	for (uint16_t i = 0; i < 5; i++)
		build_column(&e, (enum sl_type)inputs[i].type, inputs[i].scale, i);
	build_op(&e, SL_OP_CASE, R, 2, 2);
	assert_int_equal(sl_expr_check(&e.expr, inputs, 5, &r, NULL), SL_OK);
	struct sl_value row[5] = { of(0), of(1), of(0), of(250), of(3) };
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 300);
	row[2] = of(1);
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 250);
	row[0] = of(1);
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 100);
	row[0] = none;
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 250);
	row[3] = none;
	assert_true(sl_expr_eval(&e.expr, row).missing);
	row[2] = of(0);
	row[4] = of(MAX); /* does not fit the grid of the others */
	assert_true(sl_expr_eval(&e.expr, row).missing);
}

static void test_expr_coalesce_takes_the_first_known(void **state)
{
	static const struct sl_input_type inputs[] = { { .type = I }, { .type = I }, { .type = R, .scale = 1 } };
	struct build e = { 0 };
	struct sl_input_type r;

	(void)state;
	for (uint16_t i = 0; i < 3; i++)
		build_column(&e, (enum sl_type)inputs[i].type, inputs[i].scale, i);
	build_op(&e, SL_OP_COALESCE, R, 1, 3);
	assert_int_equal(sl_expr_check(&e.expr, inputs, 3, &r, NULL), SL_OK);
	struct sl_value row[3] = { of(1), of(2), of(35) };
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 10);
	row[0] = none;
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 20);
	row[1] = none;
	assert_int_equal(sl_expr_eval(&e.expr, row).v, 35);
	row[2] = none;
	assert_true(sl_expr_eval(&e.expr, row).missing);
}

static void test_expr_the_deepest_allowed_is_evaluated(void **state)
{
	struct build e = { 0 };
	struct sl_input_type r;

	(void)state;
	for (int i = 0; i < SL_EXPR_STACK_MAX; i++)
		build_const(&e, I, 0, 1);
	for (int i = 1; i < SL_EXPR_STACK_MAX; i++)
		build_op(&e, SL_OP_ADD, I, 0, 0);
	assert_int_equal(sl_expr_check(&e.expr, NULL, 0, &r, NULL), SL_OK);
	assert_int_equal(sl_expr_eval(&e.expr, NULL).v, SL_EXPR_STACK_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expr_arithmetic_at_its_edges),
		cmocka_unit_test(test_expr_comparison_is_exact_over_all_grids),
		cmocka_unit_test(test_expr_logic_is_three_valued),
		cmocka_unit_test(test_expr_signs_and_not),
		cmocka_unit_test(test_expr_dates_move_by_days),
		cmocka_unit_test(test_expr_parts_of_dates_at_the_ends_of_the_calendar),
		cmocka_unit_test(test_expr_weekdays_follow_one_another),
		cmocka_unit_test(test_expr_months_between_counts_completed_ones_both_ways),
		cmocka_unit_test(test_expr_membership_finds_every_item_and_nothing_else),
		cmocka_unit_test(test_expr_case_takes_the_first_true_branch_on_the_common_grid),
		cmocka_unit_test(test_expr_coalesce_takes_the_first_known),
		cmocka_unit_test(test_expr_the_deepest_allowed_is_evaluated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
