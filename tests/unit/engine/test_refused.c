/* test_refused.c - what the engine answers with no result: limits, and tables, rows and plans that cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/pact/cost.h"
#include "tests/unit/engine/bench.h"

#define ROWS(...) \
	(const struct bench_row[]){ __VA_ARGS__ }, \
		sizeof((const struct bench_row[]){ __VA_ARGS__ }) / sizeof(struct bench_row)

/* Visits that a plan without a mistake counts. */
static void start(struct bench *b)
{
	bench_init(b);
	bench_rows(b, ROWS({ 1, { 0, 1, 5, 10 } }, { 1, { 1, 0, 25, 7 } }, { 2, { 0, 1, 15, -9 } },
	                   { 3, { 0, NONE, 9, NONE } }, { 4, { 2, 0, 20, 3 } },
	                   { 4, { NONE, 1, 29, -3 } }, { 5, { 0, 0, 10, 0 } }));
}

static void run(struct bench *b)
{
	if (bench_run(b) != SL_OK)
		fail_msg("%s", b->err.text);
}

static void test_engine_more_cells_than_allowed_are_refused_with_the_number(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_key(&b, COL_SICK, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	b.setup.cells_max = 12;
	run(&b);
	b.setup.cells_max = 11;
	assert_int_equal(bench_run(&b), SL_E_LIMIT);
	assert_non_null(strstr(b.err.text, "12 cells"));
	assert_int_equal(b.result.nevidence, 0);
	bench_fini(&b);
}

static void test_engine_more_numbers_than_a_result_carries_are_refused(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	b.columns[0][COL_PLACE].nlabels = 19998;
	b.setup.cells_max = SL_CELLS_MAX;
	b.setup.memory_bytes = UINT64_MAX;
	bench_key(&b, COL_PLACE, false);
	bench_key(&b, COL_SICK, false);
	bench_key(&b, COL_AGE, true);
	for (uint32_t i = 0; i < 5; i++)
		bench_stat(&b, SL_STAT_COUNT, 0, 0);
	assert_int_equal(bench_run(&b), SL_E_LIMIT);
	assert_non_null(strstr(b.err.text, "180000 cells of 5 statistics"));
	bench_fini(&b);
}

static void test_engine_more_memory_than_allowed_is_refused_before_a_row_is_read(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	for (uint8_t drawn = 0; drawn < 2; drawn++) {
		b.setup.draws = drawn;
		b.setup.memory_bytes = sl_plan_engine_bytes(&b.plan, &b.setup.view, 1, drawn);
		b.memory.fails_after = b.memory.stretch_rows = 0;
		run(&b);
		assert_int_equal(b.result.ndraws, drawn * b.result.nevidence);
		struct sl_buf wire = { 0 };
		assert_int_equal(sl_engine_encode(&b.result, &wire, &b.err), SL_OK);
		assert_int_equal(wire.len, sl_plan_result_bytes(&b.plan, &b.setup.view, drawn));
		sl_buf_free(&wire);
		b.setup.memory_bytes--;
		b.memory.fails_after = 1;
		b.memory.stretch_rows = 1;
		assert_int_equal(bench_run(&b), SL_E_LIMIT);
		assert_non_null(strstr(b.err.text, "bytes of memory"));
	}
	bench_fini(&b);
}

static void test_engine_a_table_that_fails_gives_no_result(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	b.memory.stretch_rows = 2;
	b.memory.fails_after = 3;
	assert_int_equal(bench_run(&b), SL_E_INTEGRITY);
	assert_null(b.result.evidence);
	bench_fini(&b);
}

static void check_refused_rows(const struct bench_row *rows, uint32_t n, bool one_row_per_unit)
{
	struct bench b;

	bench_init(&b);
	b.tables[0].one_row_per_unit = one_row_per_unit;
	bench_rows(&b, rows, n);
	bench_key(&b, COL_SICK, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	for (b.memory.stretch_rows = 0; b.memory.stretch_rows < 2; b.memory.stretch_rows++)
		assert_int_equal(bench_run(&b), SL_E_INTEGRITY);
	bench_fini(&b);
}

static void test_engine_rows_a_table_cannot_have_are_refused(void **state)
{
	(void)state;
	check_refused_rows(ROWS({ 2, { 0, 0, 0, 0 } }, { 1, { 0, 0, 0, 0 } }), false); /* order */
	check_refused_rows(ROWS({ 1, { 0, 0, 0, 0 } }, { 1, { 0, 0, 0, 0 } }), true);  /* a second row */
	check_refused_rows(ROWS({ -1, { 0, 0, 0, 0 } }), false);                       /* no ordinal */
	check_refused_rows(ROWS({ 1, { 0, 2, 0, 0 } }), false);                        /* outside a closed domain */
}

static void check_refused_people(const struct bench_row *rows, uint32_t n)
{
	struct bench b;

	bench_init(&b);
	bench_rows(&b, ROWS({ 1, { 0, 0, 0, 0 } }, { 9, { 0, 0, 0, 0 } }));
	bench_rows(&b, rows, n);
	bench_join(&b);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	for (b.memory.stretch_rows = 0; b.memory.stretch_rows < 2; b.memory.stretch_rows++)
		assert_int_equal(bench_run(&b), SL_E_INTEGRITY);
	bench_fini(&b);
}

static void test_engine_rows_a_joined_table_cannot_have_are_refused(void **state)
{
	(void)state;
	check_refused_people(ROWS({ 4, { 0, 0, 0, 0 } }, { 3, { 0, 0, 0, 0 } })); /* order */
	check_refused_people(ROWS({ 3, { 0, 0, 0, 0 } }, { 4, { 0, 0, 0, 0 } }, { 2, { 0, 0, 0, 0 } }));
	check_refused_people(ROWS({ 3, { 0, 0, 0, 0 } }, { 3, { 0, 0, 0, 0 } })); /* a second row */
	check_refused_people(ROWS({ -1, { 0, 0, 0, 0 } }, { 0, { 0, 0, 0, 0 } })); /* no ordinal */
}

static void test_engine_missing_where_required_is_refused(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	bench_rows(&b, ROWS({ 1, { 0, 0, NONE, 0 } }));
	bench_key(&b, COL_AGE, true);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	assert_int_equal(bench_run(&b), SL_E_INTEGRITY);
	bench_fini(&b);
}

static void test_engine_a_plan_of_another_view_is_refused(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	b.inputs[0].column = BENCH_COLUMNS;
	assert_int_equal(bench_run(&b), SL_E_INPUT);
	b.inputs[0].column = 0;
	b.ops[0][0].type = SL_TYPE_REAL;
	assert_int_equal(bench_run(&b), SL_E_INPUT);
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engine_more_cells_than_allowed_are_refused_with_the_number),
		cmocka_unit_test(test_engine_more_numbers_than_a_result_carries_are_refused),
		cmocka_unit_test(test_engine_more_memory_than_allowed_is_refused_before_a_row_is_read),
		cmocka_unit_test(test_engine_a_table_that_fails_gives_no_result),
		cmocka_unit_test(test_engine_rows_a_table_cannot_have_are_refused),
		cmocka_unit_test(test_engine_rows_a_joined_table_cannot_have_are_refused),
		cmocka_unit_test(test_engine_missing_where_required_is_refused),
		cmocka_unit_test(test_engine_a_plan_of_another_view_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
