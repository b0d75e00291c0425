/* test_compute.c - a compiled expression gives what sl_expr_eval gives, row by row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "enclave/engine/compute.h"
#include "tests/unit/engine/scribe.h"
#include "tests/unit/pact/build.h"
#include "tests/unit/vault/failing.h"

#define I SL_TYPE_INTEGER
#define R SL_TYPE_REAL
#define B SL_TYPE_BOOLEAN
#define D SL_TYPE_DATE
#define MIN INT64_MIN
#define MAX INT64_MAX

#define EXPRESSIONS 20000

static struct scribe world;

static void compare_row(const struct sl_computed *got, uint32_t row, uint32_t number)
{
	struct sl_value values[SCRIBE_INPUTS];

	scribe_row(&world, row, values);
	struct sl_value want = sl_expr_eval(&world.expr, values);
	bool missing = got->nulls != NULL && got->nulls[row] != 0;
	if (missing == want.missing && (missing || got->values[row] == want.v))
		return;
	scribe_say(&world);
	fail_msg("expression %u row %u: %lld%s, not %lld%s", number, row, (long long)got->values[row],
	         missing ? " missing" : "", (long long)want.v, want.missing ? " missing" : "");
}

/* A row for which the condition is true lies in every input's range. */
static void compare_truth(const uint8_t *kept, const struct sl_range *ranges, uint32_t row, uint32_t number)
{
	struct sl_value values[SCRIBE_INPUTS];

	scribe_row(&world, row, values);
	struct sl_value want = sl_expr_eval(&world.expr, values);
	bool is_true = !want.missing && want.v != 0;
	if (kept[row] != is_true)
		fail_msg("expression %u row %u: %s", number, row, is_true ? "is true" : "is not true");
	for (uint32_t i = 0; is_true && i < SCRIBE_INPUTS; i++) {
		const struct sl_range *range = &ranges[i];
		if (values[i].missing ? range->missing : range->lo <= values[i].v && values[i].v <= range->hi)
			continue;
		scribe_say(&world);
		fail_msg("expression %u row %u: true, and input %u outside of its range", number, row, i);
	}
}

static void compare(uint32_t number)
{
	static uint8_t kept[SL_BATCH_ROWS];
	struct sl_compute c = { 0 };
	struct sl_err err = { 0 };
	struct sl_range ranges[SL_INPUTS_MAX];
	bool condition = scribe_expression(&world, scribe_draw(&world, 2) == 0).type == SL_TYPE_BOOLEAN;

	assert_int_equal(sl_compute_init(&c, &world.expr, &err), SL_OK);
	struct sl_computed got = sl_compute_run(&c, &world.batch, NULL);
	for (uint32_t r = 0; r < world.batch.rows; r++)
		compare_row(&got, r, number);
	if (condition) {
		sl_compute_true(&c, &world.batch, kept);
		sl_filter_ranges(&world.expr, ranges);
		for (uint32_t r = 0; r < world.batch.rows; r++)
			compare_truth(kept, ranges, r, number);
	}
	sl_compute_fini(&c);
}

static void test_compute_random_expressions_give_what_eval_gives(void **state)
{
	(void)state;
	world.random = UINT64_C(0x9E3779B97F4A7C15);
	for (uint32_t i = 0; i < EXPRESSIONS; i++) {
		if (i % 10 == 0)
			scribe_columns(&world, i % 2000 == 0 ? SL_BATCH_ROWS : 1 + scribe_draw(&world, 24));
		compare(i);
	}
}

/* The same program over batches that differ in which columns have marks, and over rows of which none is kept. */
static void test_compute_runs_again_over_other_batches(void **state)
{
	struct sl_compute c = { 0 };
	struct sl_err err = { 0 };
	static const uint8_t none[SL_BATCH_ROWS];

	(void)state;
	world.random = 7;
	scribe_columns(&world, 9);
	for (uint32_t i = 0; i < 200; i++) {
		(void)scribe_expression(&world, false);
		assert_int_equal(sl_compute_init(&c, &world.expr, &err), SL_OK);
		for (uint32_t run = 0; run < 5; run++) {
			struct sl_input_type types[SCRIBE_INPUTS];
			memcpy(types, world.inputs, sizeof types);
			scribe_columns(&world, 1 + scribe_draw(&world, 50));
			memcpy(world.inputs, types, sizeof types);
			(void)sl_compute_run(&c, &world.batch, none);
			struct sl_computed got = sl_compute_run(&c, &world.batch, NULL);
			for (uint32_t r = 0; r < world.batch.rows; r++)
				compare_row(&got, r, i);
		}
		sl_compute_fini(&c);
	}
}

static void test_compute_out_of_memory_is_said(void **state)
{
	struct sl_compute c = { 0 };
	unsigned long failures = 0;

	(void)state;
	world.random = 11;
	scribe_columns(&world, 3);
	for (uint32_t i = 0; i < 200; i++) {
		(void)scribe_expression(&world, false);
		for (unsigned long k = 1;; k++) {
			struct sl_err err = { 0 };
			failing_at(k);
			enum sl_rc rc = sl_compute_init(&c, &world.expr, &err);
			int reached = failing_reached();
			failing_at(0);
			sl_compute_fini(&c);
			assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
			failures += reached != 0;
			if (!reached)
				break;
		}
	}
	assert_true(failures > 100);
}

/* Over the values of input 0, of which every 7th is missing. */
static void assert_as_eval(const struct sl_expr *expr, const int64_t *values, uint32_t rows)
{
	static uint8_t nulls[SL_BATCH_ROWS];
	const struct sl_batch batch = { .rows = rows, .values = { values }, .nulls = { nulls } };
	struct sl_compute c = { 0 };
	struct sl_err err = { 0 };

	for (uint32_t r = 0; r < rows; r++)
		nulls[r] = r % 7 == 6;
	assert_int_equal(sl_compute_init(&c, expr, &err), SL_OK);
	struct sl_computed got = sl_compute_run(&c, &batch, NULL);
	for (uint32_t r = 0; r < rows; r++) {
		struct sl_value want = sl_expr_eval(expr, &(struct sl_value){ .v = values[r], .missing = nulls[r] != 0 });
		assert_int_equal(got.nulls != NULL && got.nulls[r] != 0, want.missing);
		if (!want.missing)
			assert_int_equal(got.values[r], want.v);
	}
	sl_compute_fini(&c);
}

static size_t room_of(const struct sl_expr *e)
{
	struct sl_compute c = { 0 };

	assert_int_equal(sl_compute_init(&c, e, NULL), SL_OK);
	size_t bytes = c.room_bytes;
	sl_compute_fini(&c);
	return bytes;
}

/* Every way to look a member up: a range, one by one, bits, a search; at, before and behind each member. */
static void test_compute_membership_finds_every_item_and_nothing_else(void **state)
{
	static const int64_t strides[] = { 1, 2, 70, 100000, INT64_C(1) << 40 };
	static struct sl_set_item items[500];
	static int64_t values[1500];

	(void)state;
	for (uint32_t n = 0; n < 500; n += n < 40 ? 1 : 57) {
		for (size_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
			struct build b = { 0 };
			for (uint32_t k = 0; k < n; k++)
				items[k].value = (int64_t)k * strides[i] - 1000;
			for (uint32_t k = 0; k < 3 * n; k++)
				values[k] = items[k / 3].value + (int64_t)(k % 3) - 1;
			build_column(&b, I, 0, 0);
			build_op(&b, SL_OP_IN, B, 0, build_set(&b, 0, NULL, 0));
			b.sets[0] = (struct sl_set){ .items = items, .nitems = n };
			assert_as_eval(&b.expr, values, 3 * n);
			/* Two masks at most, and bits in proportion to the members. */
			assert_in_range(room_of(&b.expr), 0, SL_BATCH_ROWS * 12 + 8 * (64 + 4 * n) + 1024);
		}
	}
}

static void test_compute_years_of_dates_and_of_days_no_calendar_has(void **state)
{
	static const int64_t years[] = { -5, 0, 1, 2, 1969, 1970, 2020, 2021, 9999, 10000, 1 << 20 };
	int64_t values[2 * sizeof years / sizeof years[0] + 4] = { MIN, MAX };
	uint32_t rows = 2;

	(void)state;
	for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
		if (!sl_days_from_civil((int)years[i], 1, 1, &values[rows + 1]))
			continue;
		values[rows] = values[rows + 1] - 1;
		rows += 2;
	}
	assert_true(sl_days_from_civil(9999, 12, 31, &values[rows]));
	values[rows + 1] = values[rows] + 1;
	rows += 2;
	for (size_t i = 0; i < sizeof years / sizeof years[0]; i++) {
		for (enum sl_opcode op = SL_OP_EQ; op <= SL_OP_GE; op++) {
			struct build b = { 0 };
			build_column(&b, D, 0, 0);
			build_op(&b, SL_OP_YEAR, I, 0, 0);
			build_const(&b, I, 0, years[i]);
			build_op(&b, op, B, 0, 0);
			assert_as_eval(&b.expr, values, rows);
		}
	}
}

/* Where products may leave int64 a batch goes another way: each pair of numbers at that edge is a batch of its own. */
static void test_compute_products_at_the_edge_of_a_quick_way(void **state)
{
	int64_t edges[40];
	uint32_t n = 0;

	(void)state;
	for (int bit = 30; bit < 34; bit++)
		for (int64_t off = -1; off <= 1; off++) {
			edges[n++] = (INT64_C(1) << bit) + off;
			edges[n++] = -(INT64_C(1) << bit) + off;
			edges[n++] = 3 * (INT64_C(1) << bit) + off;
		}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < n; k++) {
			struct build b = { 0 };
			build_column(&b, I, 0, 0);
			build_const(&b, I, 0, edges[k]);
			build_op(&b, SL_OP_MUL, I, 0, 0);
			assert_as_eval(&b.expr, &edges[i], 1);
		}
}

static void test_compute_division_by_constants(void **state)
{
	static const int64_t by[] = { MIN, -7, -1, 0, 1, 2, 3, 7, 10, 12, 641, 65536, 1000003, INT32_MAX - 1, INT32_MAX,
		INT64_C(1) << 31, MAX };
	static const int64_t far[] = { MIN, MIN + 1, MAX, 0, 5, -12, INT64_C(1) << 32 };
	int64_t near[SL_BATCH_ROWS];

	(void)state;
	world.random = 3;
	for (size_t k = 0; k < sizeof by / sizeof by[0]; k++) {
		/* Multiples of the divisor and their neighbours, and the ends of what goes the quick way. */
		int64_t most = INT32_MAX / (by[k] > 0 && by[k] < INT32_MAX ? by[k] : 1);
		for (uint32_t r = 0; r < SL_BATCH_ROWS; r++) {
			uint64_t times = scribe_draw(&world, (uint32_t)most + 1);
			uint64_t about = times * (uint64_t)by[k] + scribe_draw(&world, 3) - 1;
			near[r] = (int32_t)(scribe_draw(&world, 2) ? about : 0 - about);
		}
		near[0] = INT32_MIN;
		near[1] = INT32_MAX;
		for (enum sl_opcode op = SL_OP_IDIV; op <= SL_OP_MOD; op++) {
			struct build b = { 0 };
			build_column(&b, I, 0, 0);
			build_const(&b, I, 0, by[k]);
			build_op(&b, op, I, 0, 0);
			assert_as_eval(&b.expr, near, SL_BATCH_ROWS);
			assert_as_eval(&b.expr, far, sizeof far / sizeof far[0]);
		}
	}
}

static void test_compute_finer_grids_at_the_edge_of_int64(void **state)
{
	(void)state;
	for (int scale = 1; scale <= SL_SCALE_MAX; scale++) {
		struct build b = { 0 };
		build_column(&b, I, 0, 0);
		build_const(&b, R, scale, 0);
		build_op(&b, SL_OP_ADD, R, scale, 0);
		for (int64_t off = -1; off <= 1; off++) {
			int64_t values[] = { MAX / sl_pow10(scale) + off, MIN / sl_pow10(scale) + off, 0 };
			for (int bit = 32; bit < 63; bit++) {
				values[2] = (INT64_C(1) << bit) + off;
				assert_as_eval(&b.expr, &values[2], 1);
			}
			assert_as_eval(&b.expr, &values[0], 1);
			assert_as_eval(&b.expr, &values[1], 1);
		}
	}
}

/* The step has the calendar's arithmetic in a form of its own. */
static void test_compute_parts_of_every_day_are_those_of_the_calendar(void **state)
{
	static const enum sl_opcode part[] = { SL_OP_YEAR, SL_OP_MONTH, SL_OP_DAY };
	static int64_t days[SL_BATCH_ROWS];
	struct build b[3] = { 0 };
	struct sl_compute c[3] = { 0 };
	struct sl_err err = { 0 };
	int64_t first, last;

	(void)state;
	assert_true(sl_days_from_civil(1, 1, 1, &first) && sl_days_from_civil(9999, 12, 31, &last));
	for (int i = 0; i < 3; i++) {
		build_column(&b[i], D, 0, 0);
		build_op(&b[i], part[i], I, 0, 0);
		assert_int_equal(sl_compute_init(&c[i], &b[i].expr, &err), SL_OK);
	}
	for (int64_t day = first - 1; day <= last + 1; day += SL_BATCH_ROWS) {
		const struct sl_batch batch = { .rows = SL_BATCH_ROWS, .values = { days } };
		struct sl_computed got[3];
		for (uint32_t r = 0; r < SL_BATCH_ROWS; r++)
			days[r] = day + r;
		for (int i = 0; i < 3; i++)
			got[i] = sl_compute_run(&c[i], &batch, NULL);
		for (uint32_t r = 0; r < SL_BATCH_ROWS; r++) {
			int want[3];
			bool known = sl_civil_from_days(days[r], &want[0], &want[1], &want[2]);
			for (int i = 0; i < 3; i++)
				if (known ? (got[i].nulls != NULL && got[i].nulls[r]) || got[i].values[r] != want[i]
				          : got[i].nulls == NULL || !got[i].nulls[r])
					fail_msg("%s of day %lld", sl_opcode_name(part[i]), (long long)days[r]);
		}
	}
	for (int i = 0; i < 3; i++)
		sl_compute_fini(&c[i]);
}

static void test_compute_months_are_complete_on_the_day_of_the_same_number(void **state)
{
	static int64_t dates[SL_BATCH_ROWS];
	struct build b = { 0 }, back = { 0 };

	(void)state;
	for (uint32_t r = 0; r < SL_BATCH_ROWS; r++)
		dates[r] = (int64_t)r - 1000;
	build_column(&b, D, 0, 0);
	build_const(&b, D, 0, 30);
	build_op(&b, SL_OP_MONTHS, I, 0, 0);
	assert_as_eval(&b.expr, dates, SL_BATCH_ROWS);
	build_const(&back, D, 0, 58);
	build_column(&back, D, 0, 0);
	build_op(&back, SL_OP_MONTHS, I, 0, 0);
	assert_as_eval(&back.expr, dates, SL_BATCH_ROWS);
}

static void add_chain(struct build *b, uint32_t depth)
{
	for (uint32_t i = 0; i < depth; i++)
		build_column(b, I, 0, 0);
	for (uint32_t i = 1; i < depth; i++)
		build_op(b, SL_OP_ADD, I, 0, 0);
}

/* 31 pairs and an else stand on the stack at once, each computed. */
static void wide_case(struct build *b)
{
	for (uint32_t i = 0; i < 31; i++) {
		build_column(b, B, 0, 1);
		build_op(b, SL_OP_NOT, B, 0, 0);
		build_column(b, I, 0, 0);
		build_op(b, SL_OP_NEG, I, 0, 0);
	}
	build_column(b, R, 2, 2);
	build_op(b, SL_OP_CASE, R, 2, 31);
}

/* Each branch is brought to the common grid, one at a time. */
static void rescaled_case(struct build *b)
{
	for (uint32_t i = 0; i < 31; i++) {
		build_column(b, B, 0, 1);
		build_column(b, I, 0, 0);
	}
	build_column(b, R, 2, 2);
	build_op(b, SL_OP_CASE, R, 2, 31);
}

static void test_compute_the_deepest_allowed_is_computed_in_the_memory_said(void **state)
{
	struct build deep = { 0 }, wide = { 0 }, rescaled = { 0 }, nots = { 0 };
	int64_t ones[] = { 1, 2, -3 }, falses[] = { 1, 0, 1 }, cents[] = { 250, 1, 7 };
	const struct sl_batch batch = { .rows = 3, .values = { ones, falses, cents } };
	struct sl_compute c = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	add_chain(&deep, SL_EXPR_STACK_MAX);
	wide_case(&wide);
	rescaled_case(&rescaled);
	/* All of the chain but the last sum are the column itself. */
	assert_in_range(room_of(&deep.expr), SL_BATCH_ROWS * 9, SL_BATCH_ROWS * 30);
	assert_in_range(room_of(&wide.expr), SL_BATCH_ROWS * 31 * 11, SL_BATCH_ROWS * 64 * 11);
	build_column(&nots, B, 0, 0);
	for (uint32_t i = 0; i < 100; i++)
		build_op(&nots, SL_OP_NOT, B, 0, 0);
	assert_in_range(room_of(&nots.expr), SL_BATCH_ROWS * 12, SL_BATCH_ROWS * 18);
	assert_in_range(room_of(&rescaled.expr), SL_BATCH_ROWS * 31 * 2, SL_BATCH_ROWS * 31 * 4);
	assert_int_equal(sl_compute_init(&c, &deep.expr, &err), SL_OK);
	struct sl_computed got = sl_compute_run(&c, &batch, NULL);
	assert_null(got.nulls);
	assert_int_equal(got.values[2], -3 * SL_EXPR_STACK_MAX);
	sl_compute_fini(&c);
	assert_int_equal(sl_compute_init(&c, &wide.expr, &err), SL_OK);
	got = sl_compute_run(&c, &batch, NULL);
	assert_int_equal(got.values[0], 250);
	assert_int_equal(got.values[1], -200);
	sl_compute_fini(&c);
}

static void compared(struct build *b, enum sl_type type, int scale, enum sl_opcode op, enum sl_type ktype, int kscale,
                     int64_t k)
{
	build_column(b, type, scale, 0);
	build_const(b, ktype, kscale, k);
	build_op(b, op, B, 0, 0);
}

static void test_compute_equal_is_op_by_op(void **state)
{
	struct build a = { 0 }, b = { 0 }, c = { 0 };

	(void)state;
	compared(&a, I, 0, SL_OP_LT, I, 0, 5);
	compared(&b, I, 0, SL_OP_LT, I, 0, 5);
	compared(&c, I, 0, SL_OP_LT, I, 0, 6);
	assert_true(sl_expr_equal(&a.expr, &b.expr));
	assert_false(sl_expr_equal(&a.expr, &c.expr));
	b.ops[0].arg = 1;
	assert_false(sl_expr_equal(&a.expr, &b.expr));
	b.ops[0].arg = 0;
	b.ops[2].op = SL_OP_LE;
	assert_false(sl_expr_equal(&a.expr, &b.expr));
	b.ops[2].op = SL_OP_LT;
	build_op(&b, SL_OP_NOT, B, 0, 0);
	assert_false(sl_expr_equal(&a.expr, &b.expr));
}

/* Sets are compared by what is in them, wherever they stand. */
static void test_compute_equal_looks_into_sets(void **state)
{
	struct build a = { 0 }, b = { 0 };

	(void)state;
	(void)build_set(&b, 0, (const int64_t[]){ 1 }, 1);
	build_column(&a, I, 0, 0);
	build_op(&a, SL_OP_IN, B, 0, build_set(&a, 0, (const int64_t[]){ 3, 4 }, 2));
	build_column(&b, I, 0, 0);
	build_op(&b, SL_OP_IN, B, 0, build_set(&b, 0, (const int64_t[]){ 3, 4 }, 2));
	assert_true(sl_expr_equal(&a.expr, &b.expr));
	b.items[1][1].value = 5;
	assert_false(sl_expr_equal(&a.expr, &b.expr));
	b.sets[1].nitems = 1;
	assert_false(sl_expr_equal(&a.expr, &b.expr));
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void time_one(const char *what, const struct build *b, const struct sl_batch *batch)
{
	struct sl_compute c = { 0 };
	struct sl_err err = { 0 };
	static uint8_t kept[SL_BATCH_ROWS];
	const uint32_t runs = 4000;
	double best = 1;

	assert_int_equal(sl_compute_init(&c, &b->expr, &err), SL_OK);
	for (int again = 0; again < 5; again++) {
		double start = seconds();
		for (uint32_t i = 0; i < runs; i++) {
			if (c.program.result_is_mask)
				sl_compute_true(&c, batch, kept);
			else
				(void)sl_compute_run(&c, batch, NULL);
		}
		double took = (seconds() - start) / runs / SL_BATCH_ROWS;
		best = took < best ? took : best;
	}
	print_message("%-28s %6.2f ns a row\n", what, best * 1e9);
	sl_compute_fini(&c);
}

/* Figures for whoever changes a loop: SL_TEST_SPEED=1. Inputs: whole numbers, tenths, a date, a boolean with gaps. */
static void time_all(const struct sl_batch *batch)
{
	static const struct {
		const char *what;
		uint8_t type, scale;
		uint16_t input;
		enum sl_opcode op;
		uint8_t result, result_scale;
		int64_t k;         /* 0: with the column after it */
	} each[] = {
		{ "x < 5", I, 0, 0, SL_OP_LT, B, 0, 5 },          { "x = 5", I, 0, 0, SL_OP_EQ, B, 0, 5 },
		{ "x < y", I, 0, 0, SL_OP_LT, B, 0, 0 },          { "x = y", I, 0, 0, SL_OP_EQ, B, 0, 0 },
		{ "x + 5", I, 0, 0, SL_OP_ADD, I, 0, 5 },         { "x + y", I, 0, 0, SL_OP_ADD, I, 0, 0 },
		{ "x * y", I, 0, 0, SL_OP_MUL, I, 0, 0 },         { "x div 5", I, 0, 0, SL_OP_IDIV, I, 0, 5 },
		{ "x mod 5", I, 0, 0, SL_OP_MOD, I, 0, 5 },       { "x / 7", I, 0, 0, SL_OP_DIV, R, 6, 7 },
		{ "tenths + 5", R, 1, 2, SL_OP_ADD, R, 1, 5 },    { "date + 7", D, 0, 3, SL_OP_ADD, D, 0, 7 },
		{ "date - date", D, 0, 3, SL_OP_SUB, I, 0, 0 },   { "months(date, date)", D, 0, 3, SL_OP_MONTHS, I, 0, 0 },
	};

	for (size_t i = 0; i < sizeof each / sizeof each[0]; i++) {
		struct build b = { 0 };
		build_column(&b, each[i].type, each[i].scale, each[i].input);
		if (each[i].k != 0)
			build_const(&b, I, 0, each[i].k);
		else
			build_column(&b, each[i].type, each[i].scale, each[i].input + 1);
		build_op(&b, each[i].op, each[i].result, each[i].result_scale, 0);
		time_one(each[i].what, &b, batch);
	}
}

static void time_special(const struct sl_batch *batch)
{
	struct build year = { 0 }, part = { 0 }, both = { 0 }, gaps = { 0 }, few = { 0 }, bits = { 0 }, bands = { 0 };
	static struct sl_set_item items[1000];

	build_column(&year, D, 0, 3);
	build_op(&year, SL_OP_YEAR, I, 0, 0);
	build_const(&year, I, 0, 2020);
	build_op(&year, SL_OP_EQ, B, 0, 0);
	time_one("year(date) = 2020", &year, batch);
	build_column(&part, D, 0, 3);
	build_op(&part, SL_OP_MONTH, I, 0, 0);
	time_one("month(date)", &part, batch);
	compared(&both, I, 0, SL_OP_GE, I, 0, 3);
	compared(&both, I, 0, SL_OP_LT, I, 0, 9);
	build_op(&both, SL_OP_AND, B, 0, 0);
	time_one("3 <= x and x < 9", &both, batch);
	build_column(&gaps, B, 0, 5);
	compared(&gaps, I, 0, SL_OP_LT, I, 0, 9);
	build_op(&gaps, SL_OP_OR, B, 0, 0);
	time_one("flag with gaps or x < 9", &gaps, batch);
	build_column(&few, I, 0, 0);
	build_op(&few, SL_OP_IN, B, 0, build_set(&few, 0, (const int64_t[]){ 1, 3, 7 }, 3));
	time_one("x in 3", &few, batch);
	for (int64_t i = 0; i < 1000; i++)
		items[i].value = 2 * i;
	build_column(&bits, I, 0, 0);
	build_op(&bits, SL_OP_IN, B, 0, build_set(&bits, 0, NULL, 0));
	bits.sets[0] = (struct sl_set){ .items = items, .nitems = 1000 };
	time_one("x in 1000 dense", &bits, batch);
	for (int64_t i = 0; i < 1000; i++)
		items[i].value = 100000 * i;
	time_one("x in 1000 sparse", &bits, batch);
	for (int64_t i = 0; i < 4; i++) {
		compared(&bands, I, 0, SL_OP_LT, I, 0, 200 * (i + 1));
		build_const(&bands, I, 0, i);
	}
	build_const(&bands, I, 0, 4);
	build_op(&bands, SL_OP_CASE, I, 0, 4);
	time_one("case of 4 bands", &bands, batch);
}

static void tell_speed(void)
{
	static int64_t values[6][SL_BATCH_ROWS];
	static uint8_t gaps[SL_BATCH_ROWS];
	const struct sl_batch batch = { .rows = SL_BATCH_ROWS, .nulls = { [5] = gaps },
		.values = { values[0], values[1], values[2], values[3], values[4], values[5] } };

	world.random = 5;
	for (uint32_t r = 0; r < SL_BATCH_ROWS; r++) {
		for (uint32_t i = 0; i < 5; i++)
			values[i][r] = (int64_t)scribe_draw(&world, i < 3 ? 1000 : 20000);
		values[5][r] = scribe_draw(&world, 2);
		gaps[r] = scribe_draw(&world, 10) == 0;
	}
	time_all(&batch);
	time_special(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compute_random_expressions_give_what_eval_gives),
		cmocka_unit_test(test_compute_runs_again_over_other_batches),
		cmocka_unit_test(test_compute_out_of_memory_is_said),
		cmocka_unit_test(test_compute_membership_finds_every_item_and_nothing_else),
		cmocka_unit_test(test_compute_years_of_dates_and_of_days_no_calendar_has),
		cmocka_unit_test(test_compute_products_at_the_edge_of_a_quick_way),
		cmocka_unit_test(test_compute_division_by_constants),
		cmocka_unit_test(test_compute_finer_grids_at_the_edge_of_int64),
		cmocka_unit_test(test_compute_parts_of_every_day_are_those_of_the_calendar),
		cmocka_unit_test(test_compute_months_are_complete_on_the_day_of_the_same_number),
		cmocka_unit_test(test_compute_the_deepest_allowed_is_computed_in_the_memory_said),
		cmocka_unit_test(test_compute_equal_is_op_by_op),
		cmocka_unit_test(test_compute_equal_looks_into_sets),
	};

	if (getenv("SL_TEST_SPEED") != NULL)
		tell_speed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
