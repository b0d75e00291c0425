/* test_engine.c - plans over tables small enough to count by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/tally.h"
#include "tests/unit/engine/bench.h"

#define ROWS(...) \
	(const struct bench_row[]){ __VA_ARGS__ }, \
		sizeof((const struct bench_row[]){ __VA_ARGS__ }) / sizeof(struct bench_row)

/* unit, { place, sick, age, amount } */
#define VISITS \
	{ 1, { 0, 1, 5, 10 } }, { 1, { 0, 0, 5, -4 } }, { 1, { 1, 0, 25, 7 } }, { 2, { 0, 1, 15, -9 } }, \
	{ 3, { 0, NONE, 9, NONE } }, { 4, { 2, 0, 20, 3 } }, { 4, { NONE, 1, 29, -3 } }, { 5, { 0, 0, 10, 0 } }
#define PEOPLE \
	{ 0, { 0, 0, 1, 1 } }, { 1, { 0, 0, 1, 1 } }, { 3, { 1, 1, 2, 2 } }, { 4, { 1, 0, 3, NONE } }, \
	{ 9, { 1, 1, 4, 4 } }

static void start(struct bench *b)
{
	bench_init(b);
	bench_rows(b, ROWS(VISITS));
	bench_rows(b, ROWS(PEOPLE));
}

static void run(struct bench *b)
{
	if (bench_run(b) != SL_OK)
		fail_msg("%s", b->err.text);
}

static void test_engine_units_and_count_are_told_per_cell(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	run(&b);
	static const uint64_t units[] = { 4, 1, 1, 1 }, rows[] = { 5, 1, 1, 1 }, most[] = { 2, 1, 1, 1 };
	assert_int_equal(b.result.nevidence, 8);
	for (uint32_t i = 0; i < 8; i++) {
		const struct sl_evidence *e = &b.result.evidence[i];
		assert_int_equal(e->cell_units, units[i / 2]);
		assert_int_equal(e->contributors, units[i / 2]);
		assert_int_equal(e->cell_rows, rows[i / 2]);
		assert_int_equal(e->rows, rows[i / 2]);
		assert_int_equal(e->known_rows, rows[i / 2]);
		assert_int_equal(e->rows_by_one_max, most[i / 2]);
		assert_true(e->sum == 0 && e->sum_abs == 0 && e->top1 == 0 && e->unit_min == 0 && e->unit_max == 0);
	}
	bench_fini(&b);
}

static void test_engine_sum_and_mean_tell_unit_totals(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&b, SL_STAT_MEAN, COL_AMOUNT, 0);
	run(&b);
	/* Totals: unit 1: 13, 2: -9, 4: 0, 5: 0; unit 3 has no value. */
	for (uint32_t s = 0; s < 2; s++) {
		const struct sl_evidence *e = bench_evidence(&b, 0, s);
		assert_int_equal(e->cell_units, 5);
		assert_int_equal(e->cell_rows, 8);
		assert_int_equal(e->contributors, 4);
		assert_int_equal(e->complement_units, 0);
		assert_int_equal(e->rows, 7);
		assert_int_equal(e->known_rows, 7);
		assert_int_equal(e->rows_by_one_max, 3);
		assert_int_equal(e->negatives, 1);
		assert_int_equal(e->zeros, 2);
		assert_true(e->sum == 4 && e->sum_abs == 22);
		assert_int_equal(e->top1, 13);
		assert_int_equal(e->top2, 9);
		assert_int_equal(e->top3, 0);
		assert_int_equal(e->unit_min, -9);
		assert_int_equal(e->unit_max, 13);
		assert_int_equal(e->all_equal, 0);
		assert_int_equal(e->overflow, 0);
	}
	bench_fini(&b);
}

static void test_engine_count_if_and_share_tell_both_sides_of_the_condition(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_COUNT_IF, COL_SICK, 1);
	bench_stat(&b, SL_STAT_SHARE, COL_SICK, 1);
	run(&b);
	for (uint32_t s = 0; s < 2; s++) {
		const struct sl_evidence *e = bench_evidence(&b, 0, s);
		assert_int_equal(e->contributors, 3);     /* 1 2 4 */
		assert_int_equal(e->complement_units, 4); /* 1 3 4 5 */
		assert_int_equal(e->rows, 3);
		assert_int_equal(e->known_rows, s == 0 ? 3 : 7);
		assert_int_equal(e->rows_by_one_max, 1);
		assert_true(e->sum == 0 && e->top1 == 0 && e->negatives == 0 && e->zeros == 0);
		assert_int_equal(e->all_equal, 0);
	}
	bench_fini(&b);
}

static void test_engine_bands_leave_a_gap_to_other(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_key(&b, COL_AGE, true);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	run(&b);
	static const uint64_t rows[] = { 3, 3, 2 }; /* 5 5 9 | 25 20 29 | 15 10 */
	assert_int_equal(b.result.nevidence, 3);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(b.result.evidence[i].rows, rows[i]);
	bench_fini(&b);
}

static void test_engine_first_key_is_the_slowest_and_margins_drop_sensitive_keys(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_key(&b, COL_PLACE, false); /* north south (other) (missing) */
	bench_key(&b, COL_SICK, false);  /* false true (missing) */
	bench_stat(&b, SL_STAT_UNITS, 0, 0);
	run(&b);
	static const uint64_t units[] = { 2, 2, 1, 1, 0, 0, 1, 0, 0, 0, 1, 0 }, margin[] = { 4, 1, 1, 1 };
	assert_int_equal(b.result.nevidence, 12);
	for (uint32_t i = 0; i < 12; i++)
		assert_int_equal(b.result.evidence[i].cell_units, units[i]);
	assert_int_equal(b.result.nmargins, 1);
	assert_int_equal(b.result.margins[0].key, 1);
	assert_int_equal(b.result.margins[0].ncells, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(b.result.margins[0].cells[i].units, margin[i]);
	bench_fini(&b);
}

static void test_engine_where_keeps_what_is_true_and_tells_who_was_left_out(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	run(&b);
	assert_int_equal(b.result.filtered, 0);
	assert_int_equal(b.result.population, 5);
	assert_int_equal(b.result.complement, 0);
	bench_where_equals(&b, COL_SICK, 1);
	run(&b);
	assert_int_equal(b.result.filtered, 1);
	assert_int_equal(b.result.population, 3); /* 1 2 4 */
	assert_int_equal(b.result.complement, 2); /* 3: unknown, 5: false */
	assert_int_equal(b.result.partly, 2);     /* 1 4 */
	assert_int_equal(bench_evidence(&b, 0, 0)->rows, 3);
	bench_fini(&b);
}

static void test_engine_join_keeps_units_of_every_table(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_join(&b);
	bench_key(&b, BENCH_COLUMNS + COL_PLACE, false);
	bench_stat(&b, SL_STAT_SUM, BENCH_COLUMNS + COL_AMOUNT, 0);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	for (b.memory.stretch_rows = 0; b.memory.stretch_rows < 4; b.memory.stretch_rows++) {
		run(&b);
		assert_int_equal(b.result.population, 3); /* 1 3 4 */
		assert_int_equal(bench_evidence(&b, 0, 0)->cell_rows, 3);
		assert_true(bench_evidence(&b, 0, 0)->sum == 3);
		assert_true(bench_evidence(&b, 0, 1)->sum == 13);
		assert_int_equal(bench_evidence(&b, 1, 0)->cell_units, 2);
		assert_true(bench_evidence(&b, 1, 0)->sum == 2);
		assert_int_equal(bench_evidence(&b, 1, 1)->contributors, 1);
	}
	bench_fini(&b);
}

static void check_all_equal(const struct bench_row *rows, uint32_t n, uint8_t want)
{
	struct bench b;

	bench_init(&b);
	bench_rows(&b, rows, n);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	assert_int_equal(bench_evidence(&b, 0, 0)->all_equal, want);
	bench_fini(&b);
}

static void test_engine_all_equal_means_values_or_totals(void **state)
{
	(void)state;
	check_all_equal(ROWS({ 1, { 0, 0, 0, 5 } }, { 1, { 0, 0, 0, 5 } }, { 2, { 0, 0, 0, 5 } }), 1);
	check_all_equal(ROWS({ 1, { 0, 0, 0, 2 } }, { 1, { 0, 0, 0, 3 } }, { 2, { 0, 0, 0, 5 } }), 1);
	check_all_equal(ROWS({ 1, { 0, 0, 0, 5 } }, { 2, { 0, 0, 0, NONE } }), 1);
	check_all_equal(ROWS({ 1, { 0, 0, 0, 2 } }, { 1, { 0, 0, 0, 2 } }, { 2, { 0, 0, 0, 3 } }), 0);
	check_all_equal(ROWS({ 1, { 0, 0, 0, NONE } }), 0);
}

/* Of the sum of all amounts; required: none of them may be missing. */
static struct sl_evidence sum_evidence(const struct bench_row *rows, uint32_t n, bool required)
{
	struct bench b;

	bench_init(&b);
	b.columns[0][COL_AMOUNT].nullable = !required;
	bench_rows(&b, rows, n);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	struct sl_evidence e = *bench_evidence(&b, 0, 0);
	bench_fini(&b);
	return e;
}

/* Totals differ and lie between those before, long before a second value is met. */
static void test_engine_another_value_is_met_however_late(void **state)
{
	enum { UNITS = 2 * SL_TALLY_LATE };
	struct bench_row rows[2 * UNITS];

	(void)state;
	for (int required = 0; required < 2; required++)
		for (int64_t last = 5; last < 9; last++) {
			uint32_t n = 0;
			for (int64_t unit = 0; unit < UNITS; unit++)
				for (int64_t i = 0; i <= unit % 2; i++)
					rows[n++] = (struct bench_row){ unit, { 0, 0, 0, 5 } };
			rows[n - 1].values[COL_AMOUNT] = last;
			assert_int_equal(sum_evidence(rows, n, required).all_equal, last == 5);
			rows[n - 1] = (struct bench_row){ UNITS, { 0, 0, 0, last } };
			assert_int_equal(sum_evidence(rows, n, required).all_equal, last == 5);
		}
}

static void test_engine_a_unit_total_beyond_64_bits_is_overflow(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	bench_rows(&b, ROWS({ 1, { 0, 0, 0, INT64_MAX } }, { 1, { 0, 0, 0, 1 } }, { 2, { 0, 0, 0, 7 } }));
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	const struct sl_evidence *e = bench_evidence(&b, 0, 0);
	assert_int_equal(e->overflow, 1);
	assert_true(e->sum == 0 && e->sum_abs == 0 && e->top1 == 0 && e->unit_max == 0);
	bench_fini(&b);
}

static void test_engine_totals_of_many_units_beyond_64_bits_are_exact(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	bench_rows(&b, ROWS({ 1, { 0, 0, 0, INT64_MAX } }, { 2, { 0, 0, 0, INT64_MAX } }, { 3, { 0, 0, 0, -INT64_MAX } }));
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	const struct sl_evidence *e = bench_evidence(&b, 0, 0);
	assert_int_equal(e->overflow, 0);
	assert_true(e->sum == INT64_MAX && e->sum_abs == (sl_i128)INT64_MAX * 3);
	bench_fini(&b);
}

/*
 * Twenty units give 3 to 12 each: so many that a total from the smallest to the third largest is known to change the
 * sum alone.
 */
_Static_assert(SL_TALLY_LATE < 20, "what was met is looked at before the last of them");
#define EVERYDAY \
	{ 0, { 0, 0, 0, 12 } }, { 1, { 0, 0, 0, 3 } }, { 2, { 0, 0, 0, 11 } }, { 3, { 0, 0, 0, 10 } }, { 4, { 0, 0, 0, 4 } }, \
	{ 5, { 0, 0, 0, 5 } }, { 6, { 0, 0, 0, 6 } }, { 7, { 0, 0, 0, 7 } }, { 8, { 0, 0, 0, 8 } }, { 9, { 0, 0, 0, 9 } }, \
	{ 10, { 0, 0, 0, 4 } }, { 11, { 0, 0, 0, 5 } }, { 12, { 0, 0, 0, 6 } }, { 13, { 0, 0, 0, 7 } }, \
	{ 14, { 0, 0, 0, 8 } }, { 15, { 0, 0, 0, 9 } }, { 16, { 0, 0, 0, 4 } }, { 17, { 0, 0, 0, 5 } }, \
	{ 18, { 0, 0, 0, 6 } }, { 19, { 0, 0, 0, 7 } }
#define EVERYDAY_SUM 136

static void test_engine_totals_at_the_edges_of_what_was_met_are_told(void **state)
{
	(void)state;
	for (int required = 0; required < 2; required++) {
		struct sl_evidence e = sum_evidence(ROWS(EVERYDAY, { 20, { 0, 0, 0, 2 } }), required);
		assert_true(e.unit_min == 2 && e.unit_max == 12 && e.top3 == 10 && e.sum == EVERYDAY_SUM + 2);
		e = sum_evidence(ROWS(EVERYDAY, { 20, { 0, 0, 0, 1 } }, { 20, { 0, 0, 0, 2 } }, { 21, { 0, 0, 0, 11 } }), required);
		assert_true(e.unit_min == 3 && e.top1 == 12 && e.top2 == 11 && e.top3 == 11 && e.sum == EVERYDAY_SUM + 14);
		assert_true(e.rows_by_one_max == 2 && e.rows == 23 && e.contributors == 22);
		e = sum_evidence(ROWS(EVERYDAY, { 20, { 0, 0, 0, 13 } }), required);
		assert_true(e.unit_max == 13 && e.top1 == 13 && e.top2 == 12 && e.top3 == 11);
		e = sum_evidence(ROWS(EVERYDAY, { 20, { 0, 0, 0, 0 } }, { 21, { 0, 0, 0, -11 } }), required);
		assert_true(e.zeros == 1 && e.negatives == 1 && e.unit_min == -11 && e.top2 == 11 && e.top3 == 11);
		assert_true(e.sum == EVERYDAY_SUM - 11 && e.sum_abs == EVERYDAY_SUM + 11);
	}
}

/* What is left in 64 bits of a total that left them looks like an everyday one. */
static void test_engine_an_everyday_rest_of_a_wide_total_is_not_taken_for_it(void **state)
{
	(void)state;
	for (int required = 0; required < 2; required++) {
		struct sl_evidence e = sum_evidence(
			ROWS(EVERYDAY, { 20, { 0, 0, 0, INT64_MAX } }, { 20, { 0, 0, 0, 5 } }, { 21, { 0, 0, 0, 5 } }), required);
		assert_int_equal(e.overflow, 1);
		e = sum_evidence(ROWS(EVERYDAY, { 20, { 0, 0, 0, INT64_MAX } }, { 20, { 0, 0, 0, 5 } },
		                      { 20, { 0, 0, 0, -INT64_MAX } }, { 21, { 0, 0, 0, 5 } }), required);
		assert_int_equal(e.overflow, 0);
		assert_true(e.sum == EVERYDAY_SUM + 10 && e.sum_abs == e.sum && e.unit_max == 12 && e.unit_min == 3);
	}
}

/* Of rows where a total is wide while what its cell met before is looked at, since `before` totals of another were. */
static void check_wide_total(uint32_t before)
{
	struct bench_row rows[24 + 2 * SL_TALLY_LATE] = { EVERYDAY, { 20, { 0, 0, 0, 0 } } };
	uint32_t n = 21;
	struct bench b;

	for (uint32_t i = 0; i < before; i++)
		rows[n++] = (struct bench_row){ 21 + i, { 1, 0, 0, 0 } };
	rows[n++] = (struct bench_row){ 1000, { 0, 0, 0, INT64_MAX } };
	rows[n++] = (struct bench_row){ 1000, { 0, 0, 0, 5 } };
	for (uint32_t i = 0; i < SL_TALLY_LATE; i++)
		rows[n++] = (struct bench_row){ 1001 + i, { 1, 0, 0, 0 } };
	rows[n++] = (struct bench_row){ 2000, { 0, 0, 0, 5 } };
	bench_init(&b);
	bench_rows(&b, rows, n);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	assert_int_equal(bench_evidence(&b, 0, 0)->overflow, 1);
	assert_int_equal(bench_evidence(&b, 1, 0)->overflow, 0);
	assert_int_equal(bench_evidence(&b, 1, 0)->zeros, before + SL_TALLY_LATE);
	bench_fini(&b);
}

static void test_engine_a_wide_total_stays_wide_whatever_else_is_looked_at(void **state)
{
	(void)state;
	for (uint32_t before = 0; before < SL_TALLY_LATE; before++)
		check_wide_total(before);
}

static void test_engine_an_empty_table_gives_empty_cells(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	bench_rows(&b, NULL, 0);
	bench_key(&b, COL_SICK, false);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&b, SL_STAT_SHARE, COL_SICK, 1);
	run(&b);
	static const struct sl_evidence none;
	for (uint32_t i = 0; i < b.result.nevidence; i++)
		assert_memory_equal(&b.result.evidence[i], &none, sizeof none);
	assert_int_equal(b.result.population, 0);
	bench_fini(&b);
}

static void bytes_of(const struct bench_row *rows, uint32_t n, struct sl_buf *out)
{
	struct bench b;

	bench_init(&b);
	bench_rows(&b, rows, n);
	bench_key(&b, COL_PLACE, false);
	bench_key(&b, COL_SICK, false);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&b, SL_STAT_SHARE, COL_SICK, 1);
	bench_where_equals(&b, COL_AGE, 5);
	run(&b);
	assert_int_equal(sl_engine_encode(&b.result, out, NULL), SL_OK);
	bench_fini(&b);
}

static void test_engine_the_order_of_a_units_rows_does_not_show(void **state)
{
	struct sl_buf one = { 0 }, again = { 0 }, other = { 0 };
	const struct bench_row rows[] = { { 1, { 0, 1, 5, 10 } }, { 1, { 1, 0, 5, -4 } }, { 1, { 0, 1, 5, 7 } },
		{ 1, { 0, 1, 6, 1 } }, { 2, { 0, 1, 5, 3 } } };
	const struct bench_row permuted[] = { rows[3], rows[2], rows[1], rows[0], rows[4] };

	(void)state;
	bytes_of(rows, 5, &one);
	bytes_of(rows, 5, &again);
	bytes_of(permuted, 5, &other);
	assert_int_equal(one.len, again.len);
	assert_int_equal(one.len, other.len);
	assert_memory_equal(one.data, again.data, one.len);
	assert_memory_equal(one.data, other.data, one.len);
	sl_buf_free(&one);
	sl_buf_free(&again);
	sl_buf_free(&other);
}

#define MANY 6000u

/* Units of one row to thousands, over the ends of batches; values small, one in a while as large as there are. */
static void make_visits(struct bench_row rows[static MANY])
{
	uint64_t s = 11, unit = 0;

	for (uint32_t r = 0, left = 0; r < MANY; r++, left--) {
		s = s * UINT64_C(6364136223846793005) + 1442695040888963407u;
		if (left == 0) {
			unit += 1 + (s >> 60);
			left = 1 + (uint32_t)((s >> 40) % ((s >> 35 & 15) != 0 ? 20 : 2500));
		}
		int64_t value = s >> 50 == 0 ? INT64_MAX - 5 : (int64_t)(s >> 45) - 200000;
		rows[r] = (struct bench_row){ (int64_t)unit, { r % 2, 0, 5, value } };
	}
}

static void test_engine_units_added_up_whole_are_units_added_row_by_row(void **state)
{
	static struct bench_row rows[MANY], people[MANY];
	struct sl_buf first = { 0 }, again = { 0 };
	struct bench b;

	(void)state;
	make_visits(rows);
	bench_init(&b);
	b.columns[0][COL_AMOUNT].nullable = 0;
	bench_rows(&b, rows, MANY);
	for (uint32_t i = 0; i < MANY; i++)
		people[i] = (struct bench_row){ i, { i % 3, 0, 5, 0 } };
	bench_rows(&b, people, MANY);
	bench_join(&b);
	bench_key(&b, BENCH_COLUMNS + COL_PLACE, false);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	b.memory.hides_ends = true;
	run(&b);
	assert_int_equal(sl_engine_encode(&b.result, &first, &b.err), SL_OK);
	b.memory.hides_ends = false;
	for (b.memory.stretch_rows = 500; b.memory.stretch_rows < 2500; b.memory.stretch_rows += 501) {
		run(&b);
		assert_int_equal(sl_engine_encode(&b.result, &again, &b.err), SL_OK);
		assert_int_equal(first.len, again.len);
		assert_memory_equal(first.data, again.data, first.len);
	}
	sl_buf_free(&first);
	sl_buf_free(&again);
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engine_units_and_count_are_told_per_cell),
		cmocka_unit_test(test_engine_sum_and_mean_tell_unit_totals),
		cmocka_unit_test(test_engine_count_if_and_share_tell_both_sides_of_the_condition),
		cmocka_unit_test(test_engine_bands_leave_a_gap_to_other),
		cmocka_unit_test(test_engine_first_key_is_the_slowest_and_margins_drop_sensitive_keys),
		cmocka_unit_test(test_engine_where_keeps_what_is_true_and_tells_who_was_left_out),
		cmocka_unit_test(test_engine_join_keeps_units_of_every_table),
		cmocka_unit_test(test_engine_all_equal_means_values_or_totals),
		cmocka_unit_test(test_engine_a_unit_total_beyond_64_bits_is_overflow),
		cmocka_unit_test(test_engine_totals_of_many_units_beyond_64_bits_are_exact),
		cmocka_unit_test(test_engine_another_value_is_met_however_late),
		cmocka_unit_test(test_engine_totals_at_the_edges_of_what_was_met_are_told),
		cmocka_unit_test(test_engine_an_everyday_rest_of_a_wide_total_is_not_taken_for_it),
		cmocka_unit_test(test_engine_a_wide_total_stays_wide_whatever_else_is_looked_at),
		cmocka_unit_test(test_engine_an_empty_table_gives_empty_cells),
		cmocka_unit_test(test_engine_the_order_of_a_units_rows_does_not_show),
		cmocka_unit_test(test_engine_units_added_up_whole_are_units_added_row_by_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
