/*
 * test_sides.c - rows and units below, inside and above of brackets are those counted one by one, by vectors and
 * without: units of every length, brackets without an end, around one value, at both ends of what a number can be. And
 * brackets that are asked once a unit count and hold what they do row by row.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/sides.h"

#define CELLS 5u
#define ROUNDS 3000u
#define BATCHES 4u

struct world {
	uint64_t state;
	struct sl_bracket_cell of[CELLS];
	uint32_t rows, cells[SL_BATCH_ROWS];
	int64_t values[SL_BATCH_ROWS];
	uint16_t ends[SL_BATCH_ROWS];
	struct sl_batch batch;
};

struct outcome {
	struct sl_bracket_cell of[CELLS];
	struct sl_inside in[SL_BRACKET_PAIR];
	struct sl_unit_sides edges[2];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->state = w->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((w->state >> 33) % n);
}

/* Small, or now and then at an end of what is near, or of what can be. */
static int64_t any_value(struct world *w, bool far)
{
	static const int64_t ends[] = { -SL_BRACKET_NEAR, SL_BRACKET_NEAR - 1, -SL_BRACKET_NEAR - 1, SL_BRACKET_NEAR,
		INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };

	return below(w, 20) == 0 ? ends[below(w, far ? 8 : 2)] : (int64_t)below(w, 60) - 30;
}

static struct sl_bracket any_bracket(struct world *w)
{
	int64_t a = any_value(w, true), b = any_value(w, true);

	return (struct sl_bracket){ a < b ? a : b, a < b ? b : a };
}

static void make_brackets(struct world *w)
{
	for (uint32_t i = 0; i < CELLS * SL_BRACKET_PAIR; i++) {
		struct sl_bracket bracket = any_bracket(w);
		w->of[i / SL_BRACKET_PAIR].of[i % SL_BRACKET_PAIR] = bracket;
		w->of[i / SL_BRACKET_PAIR].near[i % SL_BRACKET_PAIR] = sl_bracket_near(bracket);
	}
}

static void make_rows(struct world *w)
{
	static const uint32_t longest[] = { 1, 12, 40, SL_BATCH_ROWS };
	uint32_t most = longest[below(w, 4)];
	bool far = below(w, 2) == 0;

	w->rows = below(w, 4) == 0 ? SL_BATCH_ROWS : 1 + below(w, 100);
	w->batch = (struct sl_batch){ .rows = w->rows, .ends = { .ends = w->ends } };
	for (uint32_t r = 0; r < w->rows;) {
		uint32_t cell = below(w, CELLS), end = r + 1 + below(w, most);
		for (; r < end && r < w->rows; r++) {
			w->cells[r] = cell;
			w->values[r] = any_value(w, far);
		}
		w->ends[w->batch.ends.n++] = (uint16_t)r;
	}
}

/* Row by row: all of a unit's rows but those inside, whose numbers are compared. */
static struct sl_unit_sides count_unit(const struct world *w, const struct outcome *got, bool two, uint32_t from,
                                       uint32_t end, uint32_t n[static SL_BRACKET_PAIR])
{
	struct sl_unit_sides unit = { 0 };

	for (uint32_t r = from; r < end; r++)
		for (uint32_t k = 0; k < 1 + (uint32_t)two; k++) {
			struct sl_bracket b = w->of[w->cells[r]].of[k];
			unit.below[k] = (uint16_t)(unit.below[k] + (w->values[r] < b.lo));
			if (w->values[r] < b.lo || w->values[r] > b.hi)
				continue;
			unit.inside[k]++;
			assert_int_equal(got->in[k].rows[n[k]++], r);
		}
	return unit;
}

/* A unit between the first and the last: into its cell; its first row inside says where it was counted. */
static void add_unit(struct sl_bracket_cell *c, const struct outcome *got, bool two, uint32_t rows,
                     const struct sl_unit_sides *unit, const uint32_t n[static SL_BRACKET_PAIR])
{
	uint32_t flags = 0;

	for (uint32_t k = 0; k < 1 + (uint32_t)two; k++) {
		uint32_t below = unit->below[k], inside = unit->inside[k];
		uint32_t sides = (below > 0) + 2u * (rows > below + inside);
		flags |= sides << 2 * k;
		c->rows[k] += SL_BRACKET_ROWS(below, inside);
		for (uint32_t i = 0; i < inside; i++)
			assert_int_equal(got->in[k].counted[n[k] - inside + i], i == 0 ? sides : 0);
	}
	c->units[flags]++;
}

static void check(const struct world *w, const struct outcome *got, bool two)
{
	uint32_t n[SL_BRACKET_PAIR] = { 0 }, units = w->batch.ends.n;
	struct sl_bracket_cell of[CELLS];

	memcpy(of, w->of, sizeof of);
	for (uint32_t u = 0, at = 0; u < units; at = w->ends[u++]) {
		struct sl_unit_sides unit = count_unit(w, got, two, at, w->ends[u], n);
		if (u == 0)
			assert_memory_equal(&got->edges[0], &unit, sizeof unit);
		if (u + 1 == units)
			assert_memory_equal(&got->edges[1], &unit, sizeof unit);
		if (u > 0 && u + 1 < units)
			add_unit(&of[w->cells[at]], got, two, w->ends[u] - at, &unit, n);
	}
	for (uint32_t k = 0; k < 1 + (uint32_t)two; k++)
		assert_int_equal(got->in[k].n, n[k]);
	assert_memory_equal(got->of, of, sizeof of);
}

static void test_sides_of_every_unit_are_those_counted_one_by_one(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	struct outcome *o = calloc(1, sizeof *o);

	(void)state;
	w->state = 5;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		bool two = round % 3 != 0;
		make_brackets(w);
		make_rows(w);
		for (int any = 0; any < 2; any++) {
			o->in[0].n = o->in[1].n = 0;
			memset(o->in[0].counted, 0xcc, sizeof o->in[0].counted);
			memcpy(o->of, w->of, sizeof o->of);
			(any ? sl_sides_anywhere : sl_sides_of_units)(o->of, two, &w->batch, w->cells, w->values, o->in, o->edges);
			check(w, o, two);
		}
	}
	if (!sl_sides_has_vectors())
		print_message("this processor has no AVX-512 VBMI2: one way was tried\n");
	free(o);
	free(w);
}

static void open_brackets(struct sl_brackets *b, const struct world *w, uint32_t n)
{
	*b = (struct sl_brackets){ .ncells = CELLS, .nquantiles = n, .nlanes = 1, .npairs = 1,
		.pairs = { { .n = n, .at = { 0, 1 } } } };
	assert_int_equal(sl_brackets_init(b, NULL), SL_OK);
	for (uint32_t k = 0; k < n; k++) {
		for (uint32_t cell = 0; cell < CELLS; cell++)
			sl_brackets_set(b, 0, k, cell, w->of[cell].of[k]);
		assert_int_equal(sl_held_init(sl_brackets_held(b, 0, k), BATCHES * SL_BATCH_ROWS, NULL), SL_OK);
	}
}

static void compare(const struct sl_brackets *a, const struct sl_brackets *b)
{
	for (uint32_t k = 0; k < a->nquantiles; k++) {
		const struct sl_held *x = sl_brackets_held(a, 0, k), *y = sl_brackets_held(b, 0, k);
		for (uint32_t cell = 0; cell < CELLS; cell++) {
			struct sl_bracket_sums s = sl_brackets_sums(a, 0, k, cell), t = sl_brackets_sums(b, 0, k, cell);
			assert_memory_equal(&s, &t, sizeof s);
		}
		assert_int_equal(x->rows, y->rows);
		assert_memory_equal(x->list, y->list, x->rows * sizeof *x->list);
	}
}

/* A batch of units that rise from *unit on; its first rows may be of the unit and cell that the last one had. */
static void number_units(struct world *w, int64_t units[static SL_BATCH_ROWS], int64_t *unit, uint32_t *cell)
{
	bool goes_on = *unit >= 0 && below(w, 2) == 0;

	for (uint32_t u = 0, r = 0; u < w->batch.ends.n; u++) {
		*unit += u > 0 || !goes_on;
		*cell = u > 0 || !goes_on ? w->cells[r] : *cell;
		for (; r < w->ends[u]; r++) {
			units[r] = *unit;
			w->cells[r] = *cell;
		}
	}
	w->batch.units = units;
}

static void test_sides_once_a_unit_are_counted_and_held_as_row_by_row(void **state)
{
	static int64_t units[SL_BATCH_ROWS];
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
			number_units(w, units, &unit, &cell);
			sl_brackets_add(&by_unit, 0, 0, &w->batch, NULL, true, w->cells, &arg);
			sl_brackets_add(&by_row, 0, 0, &w->batch, NULL, false, w->cells, &arg);
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
		cmocka_unit_test(test_sides_once_a_unit_are_counted_and_held_as_row_by_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
