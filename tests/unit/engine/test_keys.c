/*
 * test_keys.c - the cells of a batch, which may be told sixteen rows at once, are those of its rows one by one: codes
 * with a label, codes beyond every label, and codes that are no code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enclave/engine/keys.h"
#include "tests/unit/engine/bench.h"

#define ROUNDS 500u

static uint32_t below(uint64_t *state, uint32_t n)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((*state >> 33) % n);
}

static void compare(const struct sl_keys *keys, const int64_t *values, uint32_t rows)
{
	static const int64_t units[SL_BATCH_ROWS];
	uint32_t cells[SL_BATCH_ROWS], cell[SL_BATCH_ROWS];
	struct sl_batch all = { .rows = rows, .units = units }, one = { .rows = 1, .units = units };
	struct sl_err err = { 0 };

	all.values[COL_PLACE] = values;
	assert_int_equal(sl_keys_cells(keys, &all, NULL, cells, &err), SL_OK);
	for (uint32_t r = 0; r < rows; r++) {
		one.values[COL_PLACE] = values + r;
		assert_int_equal(sl_keys_cells(keys, &one, NULL, cell, &err), SL_OK);
		assert_int_equal(cells[r], cell[0]);
		assert_int_equal(cells[r], values[r] == 0 || values[r] == 1 ? values[r] : 2);
	}
}

static void test_keys_of_many_rows_at_once_are_those_of_each(void **state)
{
	static const int64_t far[] = { 31, 32, 4095, 4096, -1, INT64_MIN, INT64_MAX };
	static struct sl_keys keys;
	int64_t values[SL_BATCH_ROWS];
	uint64_t draws = 3;
	struct bench b;

	(void)state;
	bench_init(&b);
	bench_key(&b, COL_PLACE, false);
	sl_keys_init(&keys, &b.plan, &b.setup.view);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t rows = 1 + below(&draws, 100), rare = 1 + below(&draws, 200);
		for (uint32_t r = 0; r < rows; r++)
			values[r] = below(&draws, rare) == 0 ? far[below(&draws, 7)] : below(&draws, 5);
		compare(&keys, values, rows);
	}
	bench_fini(&b);
}

/* A closed domain. */
static void test_keys_of_a_row_without_a_cell_are_refused_wherever_it_stands(void **state)
{
	static struct sl_keys keys;
	static const int64_t units[SL_BATCH_ROWS];
	struct bench b;

	(void)state;
	bench_init(&b);
	b.columns[0][COL_PLACE].has_other = 0;
	bench_key(&b, COL_PLACE, false);
	sl_keys_init(&keys, &b.plan, &b.setup.view);
	for (uint32_t at = 0; at < 50; at++) {
		uint32_t cells[SL_BATCH_ROWS];
		int64_t values[50] = { 0 };
		struct sl_batch batch = { .rows = 50, .units = units };
		struct sl_err err = { 0 };
		batch.values[COL_PLACE] = values;
		assert_int_equal(sl_keys_cells(&keys, &batch, NULL, cells, &err), SL_OK);
		values[at] = at % 2 == 0 ? 2 : 40;
		assert_int_equal(sl_keys_cells(&keys, &batch, NULL, cells, &err), SL_E_INTEGRITY);
	}
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_of_many_rows_at_once_are_those_of_each),
		cmocka_unit_test(test_keys_of_a_row_without_a_cell_are_refused_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
