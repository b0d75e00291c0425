/*
 * test_bends.c - arithmetic without a condition that sets some rows apart: what is said not to never does, by trying
 * every value of a column; and arguments as analysts write them are not asked about.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/rules/bends.h"

/* The values of the one column: whole numbers from FIRST on. */
#define FIRST 18
#define VALUES 200
#define RUNS 30000
/* A product of as many factors as one here can have takes one value that often; a step takes it more often. */
#define TIMES_MOST 12

static const struct sl_input_type age = {.type = SL_TYPE_INTEGER};

static uint64_t seed = 11;

static uint64_t any(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return n > 0 ? seed % n : seed;
}

/* Postfix, with the types of what is on the stack. */
struct written {
	struct sl_op ops[64];
	struct sl_input_type stack[64];
	uint32_t nops, depth;
};

static void push(struct written *w, enum sl_opcode op, int64_t value, int8_t scale)
{
	struct sl_input_type type = age;

	if (op == SL_OP_CONST && scale > 0)
		type = (struct sl_input_type){.type = SL_TYPE_REAL, .scale = scale};
	w->stack[w->depth++] = type;
	w->ops[w->nops++] = (struct sl_op){.op = (uint8_t)op, .type = type.type, .scale = scale, .value = value};
}

static bool apply(struct written *w, enum sl_opcode op)
{
	struct sl_op o = {.op = (uint8_t)op};
	size_t n = sl_op_operands(&o);
	struct sl_input_type r;
	const char *why;

	if (n > w->depth || !sl_expr_result(op, &w->stack[w->depth - n], n, &r, &why))
		return false;
	o.type = r.type;
	o.scale = r.scale;
	w->ops[w->nops++] = o;
	w->depth -= (uint32_t)n;
	w->stack[w->depth++] = r;
	return true;
}

static enum sl_bend bend_of(const struct written *w, const struct sl_bends_inputs *inputs)
{
	struct sl_expr e = {.ops = (struct sl_op *)w->ops, .nops = w->nops};

	return sl_bends(&e, inputs);
}

static struct sl_bends_inputs one_column(void)
{
	struct sl_bends_inputs in = {.bent = 0};

	in.reach[0] = (struct sl_reach){.lo = FIRST, .hi = FIRST + VALUES - 1};
	in.same[0] = 1;
	return in;
}

/* The values that an expression gives, sorted; false: some row has none. */
static bool evaluate(const struct written *w, int64_t out[VALUES])
{
	struct sl_expr e = {.ops = (struct sl_op *)w->ops, .nops = w->nops};

	for (int i = 0; i < VALUES; i++) {
		struct sl_value v = sl_expr_eval(&e, &(struct sl_value){.v = FIRST + i});
		int at = i;
		if (v.missing)
			return false;
		for (; at > 0 && out[at - 1] > v.v; at--)
			out[at] = out[at - 1];
		out[at] = v.v;
	}
	return true;
}

static int most_often(const int64_t values[VALUES])
{
	int most = 0;

	for (int i = 0, run = 0; i < VALUES; i++) {
		run = i > 0 && values[i] == values[i - 1] ? run + 1 : 1;
		most = run > most ? run : most;
	}
	return most;
}

/* Constants of every size and number of decimals, the column, and what can be made of them. */
static void write_any(struct written *w)
{
	static const enum sl_opcode ops[] = {SL_OP_ADD, SL_OP_SUB, SL_OP_MUL, SL_OP_DIV, SL_OP_DIV, SL_OP_NEG, SL_OP_ABS};

	*w = (struct written){.nops = 0};
	while (w->nops < 13 && (w->nops < 3 || w->depth != 1 || any(4) > 0)) {
		if (w->depth >= 2 && any(2) > 0)
			(void)apply(w, ops[any(sizeof ops / sizeof *ops)]);
		else if (any(2) > 0)
			push(w, SL_OP_COLUMN, 0, 0);
		else
			push(w, SL_OP_CONST, (int64_t)(any(0) >> (24 + any(40))) + 1, (int8_t)(any(2) * any(10)));
	}
	while (w->depth > 1)
		assert_true(apply(w, ops[any(4)]));
}

static void test_bends_not_apart_takes_no_value_often(void **state)
{
	const struct sl_bends_inputs in = one_column();
	uint32_t smooth = 0, steps = 0;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		int64_t values[VALUES];
		struct written w;

		write_any(&w);
		enum sl_bend bend = bend_of(&w, &in);
		if (!evaluate(&w, values) || values[0] == values[VALUES - 1])
			continue;
		int most = most_often(values);
		if (bend != SL_BEND_APART) {
			smooth++;
			assert_in_range(most, 1, TIMES_MOST);
		} else if (most > TIMES_MOST) {
			steps++;
		}
	}
	/* Both happen, or nothing was tried. */
	assert_true(smooth > 1000 && steps > 200);
}

/* age / divisor, times 1000000, less age times less; abs: abs(age - divisor) less abs(age - less). */
static enum sl_bend bend_against(bool is_abs, int64_t divisor, int8_t scale, int64_t less)
{
	const struct sl_bends_inputs in = one_column();
	struct written w = {.nops = 0};

	push(&w, SL_OP_COLUMN, 0, 0);
	push(&w, SL_OP_CONST, divisor, scale);
	assert_true(apply(&w, is_abs ? SL_OP_SUB : SL_OP_DIV));
	if (is_abs)
		assert_true(apply(&w, SL_OP_ABS));
	if (less != 0) {
		push(&w, SL_OP_COLUMN, 0, 0);
		push(&w, SL_OP_CONST, less, 0);
		assert_true(apply(&w, is_abs ? SL_OP_SUB : SL_OP_DIV));
		assert_true(apply(&w, SL_OP_ABS));
		assert_true(apply(&w, SL_OP_SUB));
	}
	return bend_of(&w, &in);
}

static void test_bends_at_a_step(void **state)
{
	(void)state;
	/* What analysts write: a month's pay, centimetres, years of days; how far from the mean. */
	assert_int_equal(bend_against(false, 12, 0, 0), SL_BEND_BENT);
	assert_int_equal(bend_against(false, 100, 0, 0), SL_BEND_NONE);
	assert_int_equal(bend_against(false, 36525, 2, 0), SL_BEND_BENT);
	assert_int_equal(bend_against(false, 1000000, 0, 0), SL_BEND_NONE);
	assert_int_equal(bend_against(true, 40, 0, 0), SL_BEND_BENT);
	/* abs(age - 10) is age - 10 for all. */
	assert_int_equal(bend_against(true, 10, 0, 0), SL_BEND_NONE);
	assert_int_equal(bend_against(true, 10, 0, 12), SL_BEND_NONE);
	/* Steps at 97; the second is the difference of two straight lines but for what is rounded. */
	assert_int_equal(bend_against(false, 194000000, 0, 0), SL_BEND_APART);
	assert_int_equal(bend_against(false, 1000001, 0, 0), SL_BEND_APART);
	assert_int_equal(bend_against(false, 1000000052, 9, 1), SL_BEND_APART);
	assert_int_equal(bend_against(true, 96, 0, 97), SL_BEND_APART);
}

/* above / (age + more): the inverse of an age, or of an age that hardly counts. Of age itself: nearly 1. */
static enum sl_bend bend_of_inverse(bool of_itself, int64_t above, int64_t more, int8_t scale)
{
	const struct sl_bends_inputs in = one_column();
	struct written w = {.nops = 0};

	push(&w, of_itself ? SL_OP_COLUMN : SL_OP_CONST, of_itself ? 0 : above, 0);
	push(&w, SL_OP_COLUMN, 0, 0);
	push(&w, SL_OP_CONST, more, scale);
	assert_true(apply(&w, SL_OP_ADD));
	assert_true(apply(&w, SL_OP_DIV));
	return bend_of(&w, &in);
}

static void test_bends_at_a_step_of_an_inverse(void **state)
{
	(void)state;
	assert_int_equal(bend_of_inverse(false, 100, 1, 0), SL_BEND_BENT);
	assert_int_equal(bend_of_inverse(false, 1, 700, 0), SL_BEND_BENT);
	assert_int_equal(bend_of_inverse(false, 1, 1000, 0), SL_BEND_APART);
	assert_int_equal(bend_of_inverse(true, 0, 1, 3), SL_BEND_APART);
	/* Exactly divided after it was rounded, it is rounded all the same. */
	struct sl_bends_inputs in = one_column();
	struct written w = {.nops = 0};
	push(&w, SL_OP_CONST, 100, 0);
	push(&w, SL_OP_COLUMN, 0, 0);
	assert_true(apply(&w, SL_OP_DIV));
	push(&w, SL_OP_CONST, 1, 3);
	assert_true(apply(&w, SL_OP_DIV));
	assert_int_equal(bend_of(&w, &in), SL_BEND_BENT);
}

/* bonus / 12 + pay / 12 of two columns, or of two folds of one table. */
static void test_bends_reads_the_same_by_folds_of_one_table(void **state)
{
	struct sl_bends_inputs in = one_column();
	struct written w = {.nops = 0};

	(void)state;
	in.reach[1] = in.reach[0];
	in.same[1] = 2;
	for (uint16_t i = 0; i < 2; i++) {
		push(&w, SL_OP_COLUMN, 0, 0);
		w.ops[w.nops - 1].arg = i;
		push(&w, SL_OP_CONST, 12, 0);
		assert_true(apply(&w, SL_OP_DIV));
	}
	assert_true(apply(&w, SL_OP_ADD));
	assert_int_equal(bend_of(&w, &in), SL_BEND_BENT);
	in.same[0] = in.same[1] = 3;
	assert_int_equal(bend_of(&w, &in), SL_BEND_APART);

	/* mean less mean, of which the folds were rounded already. */
	w = (struct written){.nops = 0};
	push(&w, SL_OP_COLUMN, 0, 0);
	push(&w, SL_OP_COLUMN, 0, 0);
	w.ops[1].arg = 1;
	assert_true(apply(&w, SL_OP_SUB));
	assert_int_equal(bend_of(&w, &in), SL_BEND_NONE);
	in.bent = 2;
	assert_int_equal(bend_of(&w, &in), SL_BEND_APART);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bends_not_apart_takes_no_value_often),
		cmocka_unit_test(test_bends_at_a_step),
		cmocka_unit_test(test_bends_at_a_step_of_an_inverse),
		cmocka_unit_test(test_bends_reads_the_same_by_folds_of_one_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
