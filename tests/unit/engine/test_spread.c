/* test_spread.c - every row has what its unit has, and none behind them is touched, by vectors and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/spread.h"

#define ROUNDS 5000u
#define CANARY 0x5ca1ab1e

struct world {
	uint64_t state;
	uint32_t rows;
	uint16_t ends[SL_BATCH_ROWS];
	struct sl_unit_ends units;
	int64_t values[SL_BATCH_ROWS], row_values[SL_BATCH_ROWS + 1];
	uint32_t cells[SL_BATCH_ROWS], row_cells[SL_BATCH_ROWS + 1];
	uint8_t marks[SL_BATCH_ROWS], row_marks[SL_BATCH_ROWS + 1];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->state = w->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((w->state >> 33) % n);
}

static void make(struct world *w)
{
	static const uint32_t longest[] = { 1, 12, 40, SL_BATCH_ROWS };
	uint32_t most = longest[below(w, 4)], n = 0;

	w->rows = below(w, 4) == 0 ? SL_BATCH_ROWS : 1 + below(w, 100);
	for (uint32_t r = 0; r < w->rows; n++) {
		r += 1 + below(w, most);
		r = r < w->rows ? r : w->rows;
		w->ends[n] = (uint16_t)r;
		w->values[n] = (int64_t)(w->state * w->state);
		w->cells[n] = (uint32_t)(w->state >> 20);
		w->marks[n] = (uint8_t)(w->state >> 40);
	}
	w->units = (struct sl_unit_ends){ w->ends, n, NULL };
}

static void blank(struct world *w)
{
	memset(w->row_values, 0, sizeof w->row_values);
	memset(w->row_cells, 0, sizeof w->row_cells);
	memset(w->row_marks, 0, sizeof w->row_marks);
	w->row_values[w->rows] = w->row_cells[w->rows] = CANARY;
	w->row_marks[w->rows] = 0xcc;
}

static void check(const struct world *w)
{
	for (uint32_t u = 0, r = 0; u < w->units.n; u++)
		for (; r < w->ends[u]; r++) {
			assert_true(w->row_values[r] == w->values[u]);
			assert_int_equal(w->row_cells[r], w->cells[u]);
			assert_int_equal(w->row_marks[r], w->marks[u]);
		}
	assert_true(w->row_values[w->rows] == CANARY && w->row_cells[w->rows] == CANARY && w->row_marks[w->rows] == 0xcc);
}

static void test_spread_gives_each_row_what_its_unit_has(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		make(w);
		blank(w);
		sl_spread_values(w->units, w->rows, w->values, w->row_values);
		sl_spread_cells(w->units, w->rows, w->cells, w->row_cells);
		sl_spread_marks(w->units, w->rows, w->marks, w->row_marks);
		check(w);
		blank(w);
		sl_spread_values_anywhere(w->units, w->rows, w->values, w->row_values);
		sl_spread_cells_anywhere(w->units, w->rows, w->cells, w->row_cells);
		sl_spread_marks(w->units, w->rows, w->marks, w->row_marks);
		check(w);
	}
	if (!sl_spread_has_vectors())
		print_message("this processor has no AVX-512: one way was tried\n");
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spread_gives_each_row_what_its_unit_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
