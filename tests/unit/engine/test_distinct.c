/* test_distinct.c - which values a sealed column has, against looking at every row of it in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/engine/distinct.h"
#include "enclave/engine/segment_store.h"
#include "tests/unit/engine/bench.h"

#define ROWS 70000u /* two row groups */

/* What row r of a column has; NONE: nothing. */
typedef int64_t made(uint32_t r);

static int64_t two_far_apart(uint32_t r)
{
	return r % 3 == 0 ? 7 : 2;
}

static int64_t three_and_missing(uint32_t r)
{
	return r % 5 == 0 ? NONE : 10 + 100 * (r % 3);
}

static int64_t four_in_runs(uint32_t r)
{
	return (int64_t)(r / 10000 % 4) * -9;
}

static int64_t neighbours(uint32_t r)
{
	return 5 + r % 2;
}

static int64_t a_third_between(uint32_t r)
{
	return r == 30001 ? 6 : r % 2 == 0 ? 5 : 7;
}

static int64_t four_next_to_each_other(uint32_t r)
{
	return r * 7 % 4;
}

static int64_t a_fifth_at_the_end(uint32_t r)
{
	return r == ROWS - 1 ? 6 : 1 + r % 4 * 2;
}

static int64_t a_fifth_in_the_first_group(uint32_t r)
{
	return r == 4096 ? 4 : r % 4 * 3;
}

static int64_t extremes(uint32_t r)
{
	return r % 2 == 0 ? INT64_MAX : r % 4 == 1 ? INT64_MIN + 1 : 0;
}

static int64_t one_in_each_group(uint32_t r)
{
	return r < SL_CHUNK_ROWS ? 3 : 4;
}

static int64_t nothing(uint32_t r)
{
	(void)r;
	return NONE;
}

static int64_t many(uint32_t r)
{
	return r;
}

/* In memory and sealed; one may not know what the other does. */
static struct sl_distinct both_say(made *of)
{
	struct bench b;
	struct sl_engine_setup setup;
	struct sl_segment_store store;
	struct sl_distinct plain, sealed;
	int fds[SL_TABLES_MAX];
	struct sl_err err = { 0 };

	bench_init(&b);
	struct memory_table *t = memory_store_table(&b.memory, ROWS, BENCH_COLUMNS);
	for (uint32_t r = 0; r < ROWS; r++) {
		int64_t v = of(r);
		t->units[r] = r;
		t->nulls[COL_AMOUNT][r] = v == NONE;
		t->values[COL_AMOUNT][r] = v == NONE ? 0 : v;
	}
	(void)memory_store_table(&b.memory, 0, BENCH_COLUMNS);
	memory_store_seal(&b.memory, &b.setup.view, &setup, fds);
	uint64_t bytes = setup.tables[0].segment_bytes;
	void *data = mmap(NULL, bytes, PROT_READ, MAP_PRIVATE, fds[0], 0);
	assert_true(data != MAP_FAILED);
	sl_segment_store_init(&store, &setup, 1);
	assert_int_equal(sl_segment_store_table(&store, 0, data, bytes, &err), SL_OK);
	assert_int_equal(store.store.distinct(&store.store, 0, COL_AMOUNT, &sealed, &err), SL_OK);
	assert_int_equal(store.store.distinct(&store.store, 1, COL_AMOUNT, &plain, &err), SL_E_INPUT);
	assert_int_equal(b.memory.store.distinct(&b.memory.store, 0, COL_AMOUNT, &plain, &err), SL_OK);
	assert_int_equal(sealed.n, plain.n);
	assert_memory_equal(sealed.v, plain.v, sizeof plain.v);
	sl_segment_store_fini(&store);
	munmap(data, bytes);
	close(fds[0]);
	close(fds[1]);
	sl_codec_free(&sl_engine_setup_record, &setup);
	bench_fini(&b);
	return sealed;
}

static void test_distinct_values_of_a_sealed_column_are_those_of_its_rows(void **state)
{
	static const struct {
		made *of;
		uint8_t n;
	} cases[] = { { two_far_apart, 2 }, { three_and_missing, 3 }, { four_in_runs, 4 }, { neighbours, 2 },
		{ a_third_between, 3 }, { four_next_to_each_other, 4 }, { a_fifth_at_the_end, 0 },
		{ a_fifth_in_the_first_group, 0 }, { extremes, 3 }, { one_in_each_group, 2 }, { nothing, 0 }, { many, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(both_say(cases[i].of).n, cases[i].n);
}

/* Any order gives the same, a value that is there adds nothing, a fifth is one too many. */
static void test_distinct_values_rise_whatever_their_order(void **state)
{
	const int64_t rows[] = { 7, 2, 7, 99, -3, 2, -3 };
	const uint8_t nulls[] = { 0, 0, 0, 1, 0, 0, 0 };
	struct sl_distinct d = { 0 };

	(void)state;
	assert_true(sl_distinct_add_rows(&d, rows, nulls, 7));
	assert_int_equal(d.n, 3);
	assert_memory_equal(d.v, ((int64_t[]){ -3, 2, 7, 0 }), sizeof d.v);
	assert_true(sl_distinct_add_rows(&d, rows, nulls, 7));
	assert_int_equal(d.n, 3);
	assert_true(sl_distinct_add_rows(&d, rows, NULL, 7));
	assert_int_equal(d.n, 4);
	assert_false(sl_distinct_add(&d, 50));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distinct_values_of_a_sealed_column_are_those_of_its_rows),
		cmocka_unit_test(test_distinct_values_rise_whatever_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
