/*
 * test_sides.c - rows and units below, inside and above of brackets are those counted one by one, and what is held
 * those inside, by vectors and without: units of every length, brackets without an end, around one value, at both ends
 * of what a number can be. And brackets that are asked once a unit count and hold what they do row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/sides.h"
#include "tests/unit/engine/lists.h"

#define CELLS 5u
#define ROUNDS 3000u
#define BATCHES 4u
#define LISTS (CELLS * SL_BRACKET_PAIR)

struct world {
	uint64_t state;
	bool near;
	struct sl_bracket of[CELLS][SL_BRACKET_PAIR];
	uint32_t rows, cells[SL_BATCH_ROWS], unit_cells[SL_BATCH_ROWS];
	int64_t values[SL_BATCH_ROWS];
	uint16_t ends[SL_BATCH_ROWS];
	int64_t units[SL_BATCH_ROWS], each[SL_BATCH_ROWS]; /* by row; by unit */
	struct sl_batch batch;
};

/* What a batch comes to. */
struct outcome {
	struct sl_bracket_cell of[CELLS];
	struct list lists[LISTS];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->state = w->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((w->state >> 33) % n);
}

/* Small, or now and then at an end of what is near, or of what can be. */
static int64_t any_value(struct world *w, bool far)
{
	static const int64_t ends[] = { -SL_HELD_NEAR, SL_HELD_NEAR - 1, -SL_HELD_NEAR - 1, SL_HELD_NEAR,
		INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };

	return below(w, 20) == 0 ? ends[below(w, far ? 8 : 2)] : (int64_t)below(w, 60) - 30;
}

static void make_brackets(struct world *w)
{
	for (uint32_t i = 0; i < LISTS; i++) {
		int64_t a = any_value(w, true), b = any_value(w, true);
		w->of[i / SL_BRACKET_PAIR][i % SL_BRACKET_PAIR] = (struct sl_bracket){ a < b ? a : b, a < b ? b : a };
	}
	w->near = below(w, 2) == 0;
}

static void make_rows(struct world *w)
{
	static const uint32_t longest[] = { 1, 12, 40, SL_BATCH_ROWS };
	uint32_t most = longest[below(w, 4)];

	w->rows = below(w, 4) == 0 ? SL_BATCH_ROWS : 1 + below(w, 100);
	w->batch = (struct sl_batch){ .rows = w->rows, .ends = { .ends = w->ends } };
	for (uint32_t r = 0; r < w->rows;) {
		uint32_t cell = below(w, CELLS), end = r + 1 + below(w, most);
		w->unit_cells[w->batch.ends.n] = cell;
		for (; r < end && r < w->rows; r++) {
			w->cells[r] = cell;
			w->values[r] = any_value(w, !w->near);
		}
		w->ends[w->batch.ends.n++] = (uint16_t)r;
	}
}

/* Row by row, what a unit between the first and the last one adds. */
static void expect_unit(const struct world *w, struct outcome *o, bool two, uint32_t from, uint32_t end)
{
	struct sl_bracket_cell *c = &o->of[w->cells[from]];
	uint32_t flags = 0;

	for (uint32_t k = 0; k < 1 + (uint32_t)two; k++) {
		struct sl_bracket b = w->of[w->cells[from]][k];
		struct list *list = &o->lists[sl_brackets_list(w->cells[from], k)];
		uint32_t first = list->n, sides = 0;
		for (uint32_t r = from; r < end; r++) {
			c->sums.below[k] += w->values[r] < b.lo;
			sides |= (w->values[r] < b.lo ? SL_HELD_BELOW : 0) | (w->values[r] > b.hi ? SL_HELD_ABOVE : 0);
			if (w->values[r] >= b.lo && w->values[r] <= b.hi)
				list_add(list, w->values[r], 0);
		}
		if (list->n > first)
			list->marks[first] = (uint8_t)(SL_HELD_FIRST | sides);
		flags |= sides << 2 * k;
	}
	c->units[flags]++;
	c->sums.units++;
	c->sums.rows += end - from;
	c->most_rows = end - from > c->most_rows ? end - from : c->most_rows;
}

static void set_cells(const struct world *w, struct sl_bracket_cell *of)
{
	memset(of, 0, CELLS * sizeof *of);
	for (uint32_t i = 0; i < LISTS; i++) {
		struct sl_bracket b = w->of[i / SL_BRACKET_PAIR][i % SL_BRACKET_PAIR];
		of[i / SL_BRACKET_PAIR].of[i % SL_BRACKET_PAIR] = b;
		of[i / SL_BRACKET_PAIR].near[i % SL_BRACKET_PAIR] = sl_bracket_near(b);
	}
}

static void check(struct sl_bracket_cell *of, struct sl_held *h, const struct outcome *want)
{
	assert_false(h->overran);
	for (uint32_t i = 0; i < LISTS; i++) {
		sl_held_end(h, &of[i / SL_BRACKET_PAIR].end[i % SL_BRACKET_PAIR]);
		list_compare(h, i, &want->lists[i]);
	}
	for (uint32_t cell = 0; cell < CELLS; cell++) {
		memset(of[cell].end, 0, sizeof of[cell].end);
		of[cell].units[0] = want->of[cell].units[0]; /* of no flag: never asked for */
	}
	assert_memory_equal(of, want->of, sizeof want->of);
}

static void test_sides_of_every_unit_are_those_counted_one_by_one(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct outcome *want = calloc(1, sizeof *want);
	struct sl_bracket_cell of[CELLS];

	(void)state;
	w->state = 5;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		bool two = round % 3 != 0;
		make_brackets(w);
		make_rows(w);
		struct sl_sides_order order = { .ends = w->batch.ends, .u = 1, .to = w->batch.ends.n - 1, .rows = w->rows,
			.cells = w->unit_cells, .values = w->values, .two = two };
		memset(want, 0, sizeof *want);
		set_cells(w, want->of);
		for (uint32_t u = 1; u + 1 < w->batch.ends.n; u++)
			expect_unit(w, want, two, w->ends[u - 1], w->ends[u]);
		for (int any = 0; any < 2 && w->batch.ends.n > 2; any++) {
			struct sl_held h;
			assert_int_equal(sl_held_init(&h, LISTS, SL_BRACKET_PAIR * SL_BATCH_ROWS / SL_HELD_BLOCK_ROWS + LISTS,
			                              w->near, NULL), SL_OK);
			set_cells(w, of);
			(any ? sl_sides_anywhere : sl_sides_of_units)(of, &h, &order);
			check(of, &h, want);
			sl_held_fini(&h);
		}
	}
	if (!sl_sides_has_vectors())
		print_message("this processor has no AVX-512 BITALG: one way was tried\n");
	free(want);
	free(w);
}

/* What was known beforehand is looked at: 32 bits do not hold such a value. */
static void test_sides_a_value_that_is_not_near_is_told(void **state)
{
	(void)state;
	for (int any = 0; any < 2; any++)
		for (uint32_t far = 1; far < 40; far++) {
			uint16_t ends[] = { 1, 20, 40, 41 };
			int64_t values[41] = { 0 };
			uint32_t cells[4] = { 0 };
			struct sl_bracket_cell of[1] = { { .of = { { INT64_MIN, INT64_MAX } } } };
			struct sl_sides_order order = { .ends = { ends, 4, NULL }, .u = 1, .to = 3, .rows = 41, .cells = cells,
				.values = values };
			struct sl_held h;
			of[0].near[0] = sl_bracket_near(of[0].of[0]);
			assert_int_equal(sl_held_init(&h, SL_BRACKET_PAIR, 2, true, NULL), SL_OK);
			values[far] = far % 2 == 0 ? SL_HELD_NEAR : -SL_HELD_NEAR - 1;
			(any ? sl_sides_anywhere : sl_sides_of_units)(of, &h, &order);
			assert_true(h.overran);
			sl_held_fini(&h);
		}
}

static void open_brackets(struct sl_brackets *b, const struct world *w, uint32_t n)
{
	*b = (struct sl_brackets){ .ncells = CELLS, .nquantiles = n, .nlanes = 1, .npairs = 1,
		.pairs = { { .n = n, .at = { 0, 1 } } } };
	assert_int_equal(sl_brackets_init(b, NULL), SL_OK);
	for (uint32_t k = 0; k < n; k++)
		for (uint32_t cell = 0; cell < CELLS; cell++)
			sl_brackets_set(b, 0, k, cell, w->of[cell][k]);
	assert_int_equal(sl_held_init(sl_brackets_held(b, 0, 0), LISTS,
	                              n * BATCHES * SL_BATCH_ROWS / SL_HELD_BLOCK_ROWS + LISTS, w->near, NULL), SL_OK);
}

static void compare(const struct sl_brackets *a, const struct sl_brackets *b)
{
	static struct list want;

	for (uint32_t i = 0; i < a->nquantiles * CELLS; i++) {
		uint32_t k = i / CELLS, cell = i % CELLS;
		struct sl_bracket_around s = sl_brackets_around(a, 0, k, cell), t = sl_brackets_around(b, 0, k, cell);
		assert_memory_equal(&s, &t, sizeof s);
		list_read(sl_brackets_held(a, 0, 0), sl_brackets_list(cell, k), &want);
		assert_int_equal(want.n, s.rows_inside);
		list_compare(sl_brackets_held(b, 0, 0), sl_brackets_list(cell, k), &want);
	}
}

/* A batch of units that rise from *unit on; its first rows may be of the unit and cell that the last one had. */
static void number_units(struct world *w, int64_t *unit, uint32_t *cell)
{
	bool goes_on = *unit >= 0 && below(w, 2) == 0;

	for (uint32_t u = 0, r = 0; u < w->batch.ends.n; u++) {
		*unit += u > 0 || !goes_on;
		*cell = u > 0 || !goes_on ? w->cells[r] : *cell;
		w->unit_cells[u] = *cell;
		w->each[u] = *unit;
		for (; r < w->ends[u]; r++) {
			w->units[r] = *unit;
			w->cells[r] = *cell;
		}
	}
	w->batch.ends.units = w->each;
}

static void test_sides_once_a_unit_are_counted_and_held_as_row_by_row(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	(void)state;
	w->state = 9;
	for (uint32_t round = 0; round < ROUNDS / 10; round++) {
		struct sl_brackets by_unit, by_row;
		int64_t unit = -1;
		uint32_t cell = 0, n = 1 + round % SL_BRACKET_PAIR;
		make_brackets(w);
		open_brackets(&by_unit, w, n);
		open_brackets(&by_row, w, n);
		for (uint32_t i = 0; i < BATCHES; i++) {
			struct sl_computed arg = { w->values, NULL };
			make_rows(w);
			number_units(w, &unit, &cell);
			sl_brackets_add_units(&by_unit, 0, 0, &w->batch, w->unit_cells, w->values);
			w->batch.units = w->units;
			sl_brackets_add(&by_row, 0, 0, &w->batch, NULL, w->cells, &arg);
		}
		sl_brackets_end(&by_unit);
		sl_brackets_end(&by_row);
		compare(&by_unit, &by_row);
		sl_brackets_fini(&by_unit);
		sl_brackets_fini(&by_row);
	}
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sides_of_every_unit_are_those_counted_one_by_one),
		cmocka_unit_test(test_sides_a_value_that_is_not_near_is_told),
		cmocka_unit_test(test_sides_once_a_unit_are_counted_and_held_as_row_by_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
