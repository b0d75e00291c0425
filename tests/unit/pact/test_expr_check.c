/* test_expr_check.c - which expressions are refused, and what type the others have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pact/build.h"

#define I SL_TYPE_INTEGER
#define R SL_TYPE_REAL
#define B SL_TYPE_BOOLEAN
#define D SL_TYPE_DATE
#define T SL_TYPE_TEXT

static void refused(struct build *e, const struct sl_input_type *inputs, size_t n, const char *words)
{
	struct sl_input_type r;
	struct sl_err err = { 0 };

	if (sl_expr_check(&e->expr, inputs, n, &r, &err) != SL_E_INPUT || strstr(err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, err.text);
}

static void test_expr_check_refuses_parts_of_what_is_no_date(void **state)
{
	static const struct sl_input_type types[] = { { .type = I }, { .type = R, .scale = 4 }, { .type = B },
		{ .type = T, .ncodes = 3 } };

	(void)state;
	for (int op = SL_OP_YEAR; op <= SL_OP_MONTHS; op++)
		for (size_t i = 0; i < 4; i++)
			for (int other = 0; other <= (op == SL_OP_MONTHS); other++) {
				struct build e = { 0 };
				const struct sl_input_type in[2] = { types[i], { .type = D } };
				build_column(&e, (enum sl_type)in[other].type, in[other].scale, (uint16_t)other);
				if (op == SL_OP_MONTHS)
					build_column(&e, (enum sl_type)in[!other].type, in[!other].scale, (uint16_t)!other);
				build_op(&e, (enum sl_opcode)op, I, 0, 0);
				refused(&e, in, 2, op == SL_OP_MONTHS ? "needs two dates" : "needs a date");
			}
}

static void test_expr_check_refuses_what_does_not_leave_one_value(void **state)
{
	struct build none_ = { 0 }, two = { 0 }, starved = { 0 }, deep = { 0 }, wide = { 0 };

	(void)state;
	refused(&none_, NULL, 0, "leaves 0 values");
	build_const(&two, I, 0, 1);
	build_const(&two, I, 0, 1);
	refused(&two, NULL, 0, "leaves 2 values");
	build_const(&starved, I, 0, 1);
	build_op(&starved, SL_OP_ADD, I, 0, 0);
	refused(&starved, NULL, 0, "without operands");
	for (int i = 0; i <= SL_EXPR_STACK_MAX; i++)
		build_const(&deep, I, 0, 1);
	refused(&deep, NULL, 0, "deeper than");
	build_const(&wide, I, 0, 1);
	build_op(&wide, SL_OP_COALESCE, I, 0, UINT16_MAX);
	refused(&wide, NULL, 0, "without operands");
	wide.ops[1].op = SL_OP_CASE;
	refused(&wide, NULL, 0, "without operands");
	wide.ops[1] = (struct sl_op){ .op = SL_OP_COALESCE, .type = I };
	refused(&wide, NULL, 0, "at least one value");
}

static void test_expr_check_refuses_inputs_and_sets_that_are_not_there(void **state)
{
	static const int64_t rising[] = { 1, 2 }, falling[] = { 2, 1 }, twice[] = { 1, 1 }, below[] = { -1, 0 },
		above[] = { 0, 9 };
	static const struct sl_input_type text = { .type = T, .ncodes = 9 }, flag = { .type = B },
					  real = { .type = R, .scale = 2 };
	struct build column = { 0 }, type = { 0 };

	(void)state;
	build_column(&column, I, 0, 1);
	refused(&column, &text, 1, "no input 1");
	build_column(&type, I, 0, 0);
	refused(&type, &text, 1, "another type");
	type.ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = R, .scale = 3 };
	refused(&type, &real, 1, "another type");
	const struct {
		const int64_t *items;
		const struct sl_input_type *in;
		int scale;
		uint16_t set;
		const char *words;
	} rows[] = { { rising, &text, 0, 1, "no set 1" }, { falling, &text, 0, 0, "out of order" },
		{ twice, &text, 0, 0, "out of order" }, { below, &text, 0, 0, "outside the domain" },
		{ above, &text, 0, 0, "outside the domain" }, { rising, &real, 1, 0, "another grid" },
		{ rising, &flag, 0, 0, "another grid" } };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct build e = { 0 };
		build_column(&e, (enum sl_type)rows[i].in->type, rows[i].in->scale, 0);
		(void)build_set(&e, rows[i].scale, rows[i].items, 2);
		build_op(&e, SL_OP_IN, B, 0, rows[i].set);
		refused(&e, rows[i].in, 1, rows[i].words);
	}
}

static void test_expr_check_refuses_constants_that_do_not_fit_their_type(void **state)
{
	static const struct sl_op bad[] = {
		{ .op = SL_OP_CONST, .type = T }, { .op = SL_OP_CONST, .type = I, .scale = 1 },
		{ .op = SL_OP_CONST, .type = D, .scale = 2 }, { .op = SL_OP_CONST, .type = B, .value = 2 },
		{ .op = SL_OP_CONST, .type = B, .value = -1 }, { .op = SL_OP_CONST, .type = B, .scale = 1, .value = 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct build e = { 0 };
		build_const(&e, I, 0, 0);
		e.ops[0] = bad[i];
		refused(&e, NULL, 0, "constant does not fit");
	}
}

/* Every operator over every pair of types: sl_expr_result's answer is what check holds an expression to. */
static void test_expr_check_agrees_with_the_rules_of_every_operator_and_type(void **state)
{
	static const struct sl_input_type types[] = { { .type = I }, { .type = R, .scale = 4 }, { .type = B }, { .type = D },
		{ .type = T, .ncodes = 3 } };
	uint32_t allowed = 0;

	(void)state;
	for (int op = SL_OP_ADD; op <= SL_OP_OR; op++)
		for (size_t a = 0; a < 5; a++)
			for (size_t b = 0; b < 5; b++) {
				const struct sl_input_type in[2] = { types[a], types[b] };
				struct sl_input_type r, checked;
				const char *why = "";
				bool ok = sl_expr_result((enum sl_opcode)op, in, 2, &r, &why);
				struct build e = { 0 };
				build_column(&e, (enum sl_type)in[0].type, in[0].scale, 0);
				build_column(&e, (enum sl_type)in[1].type, in[1].scale, 1);
				build_op(&e, (enum sl_opcode)op, ok ? (enum sl_type)r.type : B, ok ? r.scale : 0, 0);
				if (!ok) {
					assert_true(why[0] != '\0');
					refused(&e, in, 2, why);
					continue;
				}
				allowed++;
				assert_int_equal(sl_expr_check(&e.expr, in, 2, &checked, NULL), SL_OK);
				e.ops[2].scale = (int8_t)(r.scale == 9 ? 8 : r.scale + 1);
				refused(&e, in, 2, "another type");
				e.ops[2].scale = r.scale;
				e.ops[2].type = r.type == I ? R : I;
				refused(&e, in, 2, "another type");
			}
	/* add, sub, mul, /, div, mod, equality, order, logic: counted by hand from docs/semantics.md */
	assert_int_equal(allowed, 5 + 6 + 4 + 4 + 1 + 1 + 2 * 6 + 4 * 5 + 2);
}

static void test_expr_result_refuses_branches_that_do_not_go_together(void **state)
{
	static const struct sl_input_type mixed[] = { { .type = B }, { .type = I }, { .type = D } };
	static const struct sl_input_type texts[] = { { .type = B }, { .type = T }, { .type = T } };
	static const struct sl_input_type number[] = { { .type = I }, { .type = I }, { .type = I } };
	struct sl_input_type r;
	const char *why;

	(void)state;
	assert_false(sl_expr_result(SL_OP_CASE, mixed, 3, &r, &why));
	assert_non_null(strstr(why, "different types"));
	assert_false(sl_expr_result(SL_OP_CASE, texts, 3, &r, &why));
	assert_non_null(strstr(why, "text"));
	assert_false(sl_expr_result(SL_OP_CASE, number, 3, &r, &why));
	assert_non_null(strstr(why, "condition"));
	assert_false(sl_expr_result(SL_OP_COALESCE, mixed + 1, 2, &r, &why));
	assert_false(sl_expr_result(SL_OP_COALESCE, NULL, 0, &r, &why));
	assert_false(sl_expr_result(SL_OP_CONST, NULL, 0, &r, &why));
	assert_false(sl_expr_result(SL_OP_NONE, NULL, 0, &r, &why));
	assert_string_equal(sl_opcode_name(SL_OP_IDIV), "div");
	assert_string_equal(sl_opcode_name((enum sl_opcode)200), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expr_check_refuses_parts_of_what_is_no_date),
		cmocka_unit_test(test_expr_check_refuses_what_does_not_leave_one_value),
		cmocka_unit_test(test_expr_check_refuses_inputs_and_sets_that_are_not_there),
		cmocka_unit_test(test_expr_check_refuses_constants_that_do_not_fit_their_type),
		cmocka_unit_test(test_expr_check_agrees_with_the_rules_of_every_operator_and_type),
		cmocka_unit_test(test_expr_result_refuses_branches_that_do_not_go_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
