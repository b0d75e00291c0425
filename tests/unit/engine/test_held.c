/*
 * test_held.c - order statistics of held rows are those of a sort, and units beside them those counted one by one:
 * lists of none to thousands of rows, of several threads, near and wide, of few values and of the widest span there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/held.h"
#include "tests/unit/engine/lists.h"

#define ROUNDS 400u
#define LANES 3u
#define BLOCKS 20u

struct world {
	uint64_t state;
	struct sl_held stores[LANES];
	struct sl_held_end ends[LANES];
	struct sl_held_lists in;
	uint32_t n, units;
	int64_t values[LIST_ROWS_MAX];        /* in the order they were added */
	uint32_t unit[LIST_ROWS_MAX];
	uint8_t counted[LIST_ROWS_MAX];       /* by unit: where it was counted before */
	int64_t sorted[LIST_ROWS_MAX];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->state = w->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((w->state >> 33) % n);
}

static int64_t any_value(struct world *w, uint32_t kind)
{
	if (kind == 0)
		return (int64_t)below(w, 5) - 2;
	if (kind == 1)
		return (int64_t)below(w, 1u << 31) - SL_HELD_NEAR;
	if (kind == 2)
		return below(w, 100) == 0 ? (int64_t)below(w, 1u << 30) : (int64_t)below(w, 300);
	return (int64_t)((uint64_t)below(w, 1u << 31) << 33 | (uint64_t)below(w, 1u << 31) << 2 | below(w, 4));
}

static void add(struct world *w, uint32_t lane, int64_t value, uint8_t mark)
{
	struct sl_held *h = &w->stores[lane];
	struct sl_held_end *end = &w->ends[lane];

	if (end->at >= end->full)
		sl_held_turn(h, 1, end);
	if (h->near)
		((int32_t *)h->values)[end->at] = (int32_t)value;
	else
		((int64_t *)h->values)[end->at] = value;
	h->marks[end->at++] = mark;
	w->values[w->n] = value;
	w->unit[w->n++] = w->units - 1;
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void make(struct world *w, uint32_t kind)
{
	uint32_t most = below(w, 3) == 0 ? 4000 : 1 + below(w, 300);

	w->n = w->units = 0;
	memset(w->ends, 0, sizeof w->ends);
	for (uint32_t lane = 0; lane < LANES; lane++) {
		assert_int_equal(sl_held_init(&w->stores[lane], 2, BLOCKS, kind < 3, NULL), SL_OK);
		uint32_t rows = below(w, 4) == 0 ? 0 : below(w, most), longest = below(w, 4) == 0 ? 400 : 12;
		for (uint32_t done = 0; done < rows;) {
			uint32_t n = 1 + below(w, longest);
			w->counted[w->units++] = (uint8_t)below(w, 4);
			for (uint32_t i = 0; i < n && done < rows; i++, done++)
				add(w, lane, any_value(w, kind), i == 0 ? (uint8_t)(SL_HELD_FIRST | w->counted[w->units - 1]) : 0);
		}
		sl_held_end(&w->stores[lane], &w->ends[lane]);
		assert_false(w->stores[lane].overran);
	}
	w->in = (struct sl_held_lists){ w->stores, LANES, 1, 1 };
	memcpy(w->sorted, w->values, w->n * sizeof *w->values);
	qsort(w->sorted, w->n, sizeof *w->sorted, by_value);
}

static uint32_t rows_below(const struct world *w, int64_t value)
{
	uint32_t n = 0;

	while (n < w->n && w->sorted[n] < value)
		n++;
	return n;
}

static void check_place(const struct world *w, const struct sl_held_place *p, uint32_t rank, uint64_t beside)
{
	assert_true(p->least <= w->sorted[rank - 1] && w->sorted[rank - 1] <= p->most);
	assert_int_equal(p->below, rows_below(w, p->least));
	assert_int_equal(p->below + p->here, p->most == INT64_MAX ? w->n : rows_below(w, p->most + 1));
	assert_true(p->here <= beside || p->least == p->most);
}

static void check_ranks(struct world *w, int64_t *grouped)
{
	struct sl_held_counts counts;
	int64_t least, most;

	sl_held_span(&w->in, &least, &most);
	assert_int_equal(sl_held_rows(&w->in), w->n);
	assert_true(w->n == 0 || (least == w->sorted[0] && most == w->sorted[w->n - 1]));
	sl_held_count(&w->in, least, most, &counts);
	sl_held_group(&w->in, &counts, grouped);
	for (uint32_t i = 0; i < 12 && w->n > 0; i++) {
		uint32_t rank = i == 0 ? 1 : i == 1 ? w->n : 1 + below(w, w->n);
		uint64_t beside = i % 3 == 0 ? 0 : below(w, 40);
		struct sl_held_place place = sl_held_find(&w->in, &counts, i % 2 == 0 ? grouped : NULL, rank, beside);
		check_place(w, &place, rank, beside);
	}
}

/* A row of the unit on a side where it was not counted before. */
static struct sl_quantile beside_by_rows(const struct world *w, int64_t value)
{
	struct sl_quantile q = { 0 };

	for (uint32_t u = 0, r = 0; u < w->units; u++) {
		bool below = false, at = false, above = false;
		for (; r < w->n && w->unit[r] == u; r++) {
			below |= w->values[r] < value;
			at |= w->values[r] == value;
			above |= w->values[r] > value;
		}
		q.below_units += below && !(w->counted[u] & SL_HELD_BELOW);
		q.above_units += above && !(w->counted[u] & SL_HELD_ABOVE);
		q.at_units += at;
	}
	return q;
}

static void check_beside(const struct world *w, int64_t value)
{
	struct sl_quantile want = beside_by_rows(w, value), got = { 0 };

	sl_held_beside(&w->in, value, &got);
	assert_int_equal(got.below_units, want.below_units);
	assert_int_equal(got.at_units, want.at_units);
	assert_int_equal(got.above_units, want.above_units);
}

static void check_shares(const struct world *w)
{
	static const uint32_t p[] = { 5000, 9000 };
	int64_t values[] = { w->n > 0 ? w->sorted[w->n / 2] : 0, w->n > 0 ? w->sorted[w->n * 9 / 10] : 0 };
	struct sl_held_share got[2];

	sl_held_shares(&w->in, 2, values, p, got);
	for (uint32_t k = 0; k < 2; k++) {
		uint64_t squares = 0;
		for (uint32_t u = 0, r = 0; u < w->units; u++) {
			int64_t off = 0;
			for (; r < w->n && w->unit[r] == u; r++)
				off += (w->values[r] < values[k] ? SL_QUANTILE_ONE : 0) - (int64_t)p[k];
			squares += (uint64_t)(off * off);
		}
		assert_int_equal(got[k].units, w->units);
		assert_true(got[k].squares == squares);
	}
}

static void test_held_rows_are_found_as_by_a_sort(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	int64_t *grouped = calloc(LIST_ROWS_MAX, sizeof *grouped);

	(void)state;
	w->state = 3;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		make(w, round % 4);
		check_ranks(w, grouped);
		for (uint32_t i = 0; i < 4; i++)
			check_beside(w, w->n > 0 ? w->sorted[below(w, w->n)] : 0);
		check_shares(w);
		sl_held_wipe(w->stores, LANES);
		assert_int_equal(sl_held_rows(&w->in), 0);
		for (uint32_t lane = 0; lane < LANES; lane++)
			sl_held_fini(&w->stores[lane]);
	}
	free(grouped);
	free(w);
}

/* With no block left a list goes on where it does no harm, and says so. */
static void test_held_more_rows_than_blocks_is_told(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	(void)state;
	for (uint32_t blocks = 0; blocks < 3; blocks++) {
		w->n = w->units = 0;
		w->ends[0] = (struct sl_held_end){ 0 };
		assert_int_equal(sl_held_init(&w->stores[0], 2, blocks, true, NULL), SL_OK);
		for (uint32_t i = 0; i < 3 * SL_HELD_BLOCK_ROWS; i++) {
			assert_int_equal(w->stores[0].overran, i > blocks * SL_HELD_BLOCK_ROWS);
			add(w, 0, (int64_t)i, SL_HELD_FIRST);
		}
		sl_held_end(&w->stores[0], &w->ends[0]);
		w->in = (struct sl_held_lists){ w->stores, 1, 1, 1 };
		assert_int_equal(sl_held_rows(&w->in), blocks * SL_HELD_BLOCK_ROWS);
		sl_held_fini(&w->stores[0]);
	}
	free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_held_rows_are_found_as_by_a_sort),
		cmocka_unit_test(test_held_more_rows_than_blocks_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
