/*
 * test_presence.c - units counted by bits are the units counted one by one: batches of every length, units that go on
 * from batch to batch, rows of every kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "enclave/engine/presence.h"

#define ROWS_MAX 5000u
#define ROUNDS 2000u

struct world {
	uint64_t state;
	uint32_t rows;
	int64_t units[ROWS_MAX];
	uint8_t marks[ROWS_MAX];
};

static uint32_t below(struct world *w, uint32_t n)
{
	w->state = w->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)((w->state >> 33) % n);
}

static uint8_t any_mark(struct world *w, uint32_t kinds)
{
	if (kinds == 4)
		return below(w, 30) == 0 ? SL_ROW_LEFT_OUT : SL_ROW_KEPT;
	return (uint8_t)below(w, kinds);
}

/* Stretches from one row to several words; kinds alone, mixed, and nearly all kept. */
static void make_rows(struct world *w, bool marked)
{
	static const uint32_t longest[] = { 1, 3, 20, 200 };
	uint32_t most = longest[below(w, 4)], kinds = 1 + below(w, 4);
	int64_t unit = below(w, 3);

	w->rows = 1 + below(w, below(w, 2) != 0 ? 300 : ROWS_MAX);
	for (uint32_t r = 0; r < w->rows;) {
		uint32_t n = 1 + below(w, most);
		uint8_t kind = (uint8_t)below(w, 3);
		for (uint32_t i = 0; i < n && r < w->rows; i++, r++) {
			w->units[r] = unit;
			w->marks[r] = !marked ? SL_ROW_KEPT : kinds == 1 ? kind : any_mark(w, kinds);
		}
		unit += 1 + below(w, 3);
	}
}

struct counts {
	uint64_t present, kept, left_out;
};

static struct counts one_by_one(const struct world *w)
{
	struct counts c = { 0 };

	for (uint32_t r = 0; r < w->rows;) {
		bool seen[3] = { false };
		int64_t unit = w->units[r];
		for (; r < w->rows && w->units[r] == unit; r++)
			seen[w->marks[r]] = true;
		c.kept += seen[SL_ROW_KEPT];
		c.left_out += seen[SL_ROW_LEFT_OUT];
		c.present += seen[SL_ROW_KEPT] || seen[SL_ROW_LEFT_OUT];
	}
	return c;
}

static bool are_kept(const uint8_t *marks, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++)
		kept += marks[i] == SL_ROW_KEPT;
	return kept == n;
}

static struct sl_unit_ends ends_of(const int64_t *units, uint32_t n, uint16_t *ends)
{
	uint32_t found = 0;

	for (uint32_t i = 0; i < n; i++)
		if (i + 1 == n || units[i] != units[i + 1])
			ends[found++] = (uint16_t)(i + 1);
	return (struct sl_unit_ends){ ends, found, NULL };
}

/*
 * A batch whose rows are all kept comes with marks, or without, as it is when no condition is behind it; and where its
 * units end is told or not.
 */
static struct counts by_batches(struct world *w, bool marked)
{
	uint16_t ends[SL_BATCH_ROWS];
	struct sl_presence p;

	sl_presence_init(&p);
	for (uint32_t at = 0, n; at < w->rows; at += n) {
		n = 1 + below(w, below(w, 2) != 0 ? 70 : SL_BATCH_ROWS);
		n = n < w->rows - at ? n : w->rows - at;
		struct sl_batch batch = { .rows = n, .units = w->units + at };
		if (below(w, 2) != 0)
			batch.ends = ends_of(w->units + at, n, ends);
		bool bare = !marked || (are_kept(w->marks + at, n) && below(w, 2) != 0);
		sl_presence_add(&p, &batch, bare ? NULL : w->marks + at);
	}
	sl_presence_end(&p);
	return (struct counts){ p.present, p.kept, p.left_out };
}

static void test_presence_by_bits_is_presence_one_by_one(void **state)
{
	static struct world w = { .state = 7 };
	uint64_t partly = 0;

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		bool marked = round % 4 != 0;
		make_rows(&w, marked);
		struct counts wanted = one_by_one(&w), got = by_batches(&w, marked);
		assert_int_equal(got.present, wanted.present);
		assert_int_equal(got.kept, wanted.kept);
		assert_int_equal(got.left_out, wanted.left_out);
		partly += wanted.kept + wanted.left_out - wanted.present;
	}
	assert_true(partly > 1000); /* the worlds have what is counted */
}

static void test_presence_of_a_batch_without_a_kept_row_is_left_out(void **state)
{
	const int64_t units[] = { 0, 0, 4, 9, 9 };
	struct sl_batch batch = { .rows = 5, .units = units, .none_kept = true };
	struct sl_presence p;

	(void)state;
	sl_presence_init(&p);
	sl_presence_add(&p, &batch, NULL);
	sl_presence_add(&p, &(struct sl_batch){ .rows = 0 }, NULL);
	sl_presence_end(&p);
	assert_int_equal(p.present, 3);
	assert_int_equal(p.left_out, 3);
	assert_int_equal(p.kept, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presence_by_bits_is_presence_one_by_one),
		cmocka_unit_test(test_presence_of_a_batch_without_a_kept_row_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
