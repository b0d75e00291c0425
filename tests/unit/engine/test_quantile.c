/* test_quantile.c - order statistics by digits against a sort; power sums against the order of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/moments.h"
#include "enclave/engine/quantile.h"

#define ROWS 700
#define CELLS 3
#define LANES 3

static const uint16_t ps[] = { 1, 2500, 5000, 9999 };
#define NPS (sizeof ps / sizeof ps[0])

struct rows {
	int64_t units[ROWS], values[ROWS];
	uint8_t nulls[ROWS], marks[ROWS];
	uint32_t cells[ROWS];
};

static uint64_t draw(void)
{
	static uint64_t s = 7;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

/* Kinds of columns: few values, many, all of 64 bits, one alone, none. */
static int64_t value_of(int kind)
{
	switch (kind) {
	case 0:
		return (int64_t)(draw() % 5) - 2;
	case 1:
		return (int64_t)(draw() % 100000) - 50000;
	case 2:
		return draw() % 4 == 0 ? INT64_MIN : draw() % 3 == 0 ? INT64_MAX : (int64_t)draw();
	default:
		return 42;
	}
}

static void fill(struct rows *r, int kind)
{
	for (uint32_t i = 0; i < ROWS; i++) {
		r->units[i] = i / 4;
		r->values[i] = value_of(kind);
		r->nulls[i] = kind == 4 || draw() % 10 == 0;
		r->marks[i] = draw() % 8 ? SL_ROW_KEPT : draw() % 2 ? SL_ROW_LEFT_OUT : SL_ROW_ABSENT;
		r->cells[i] = (uint32_t)(draw() % CELLS);
	}
}

static bool counts(const struct rows *r, uint32_t i, uint32_t cell)
{
	return r->marks[i] == SL_ROW_KEPT && !r->nulls[i] && r->cells[i] == cell;
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Sorted values of a cell; how many. */
static uint32_t sorted(const struct rows *r, uint32_t cell, int64_t out[static ROWS])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < ROWS; i++)
		if (counts(r, i, cell))
			out[n++] = r->values[i];
	qsort(out, n, sizeof *out, by_value);
	return n;
}

static uint64_t units_beside(const struct rows *r, uint32_t cell, int64_t value, int side)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < ROWS; i += 4) {
		bool any = false;
		for (uint32_t k = i; k < i + 4 && k < ROWS; k++)
			any |= counts(r, k, cell) &&
			       (side < 0 ? r->values[k] < value : side > 0 ? r->values[k] > value : r->values[k] == value);
		n += any;
	}
	return n;
}

/* A third of the units each: rows from..to of lane. */
static struct sl_batch batch_of(const struct rows *r, uint32_t lane, uint32_t nlanes, uint32_t *from)
{
	uint32_t third = ROWS / 4 / nlanes * 4, to = lane + 1 == nlanes ? ROWS : (lane + 1) * third;

	*from = lane * third;
	return (struct sl_batch){ .rows = to - *from, .units = r->units + *from };
}

static void pass(const struct rows *r, struct sl_quantiles *q, bool beside)
{
	for (uint32_t lane = 0; lane < q->nlanes; lane++) {
		uint32_t from;
		struct sl_batch b = batch_of(r, lane, q->nlanes, &from);
		struct sl_computed arg = { r->values + from, r->nulls + from };
		for (uint32_t at = 0; at < NPS; at++)
			(beside ? sl_quantiles_beside : sl_quantiles_count)(q, lane, at, &b, r->marks + from, r->cells + from, &arg);
	}
}

static void find(const struct rows *r, uint8_t bits, uint32_t nlanes, struct sl_quantile out[static CELLS * NPS])
{
	struct sl_quantiles q;
	int64_t values[ROWS], least = INT64_MAX, most = INT64_MIN;

	assert_int_equal(sl_quantiles_init(&q, CELLS, NPS, nlanes, bits, NULL), SL_OK);
	for (uint32_t cell = 0; cell < CELLS; cell++) {
		uint32_t n = sorted(r, cell, values);
		if (n > 0 && values[0] < least)
			least = values[0];
		if (n > 0 && values[n - 1] > most)
			most = values[n - 1];
		for (uint32_t at = 0; at < NPS; at++)
			sl_quantiles_rank(&q, cell, at, n, ps[at]);
	}
	for (uint32_t at = 0; at < NPS && least <= most; at++)
		sl_quantiles_span(&q, at, 0, least, most);
	while (sl_quantiles_pass(&q)) {
		pass(r, &q, false);
		sl_quantiles_settle(&q);
	}
	pass(r, &q, true);
	sl_quantiles_tell(&q, out);
	sl_quantiles_fini(&q);
}

static void test_quantile_by_digits_is_the_one_of_a_sort_for_any_digit_and_number_of_threads(void **state)
{
	struct rows *r = malloc(sizeof *r);
	int64_t values[ROWS];

	(void)state;
	for (int kind = 0; kind < 5; kind++) {
		struct sl_quantile got[CELLS * NPS];
		fill(r, kind);
		for (uint8_t bits = SL_QUANTILE_BITS_MIN; bits <= SL_QUANTILE_BITS_MAX; bits += 4)
			for (uint32_t nlanes = 1; nlanes <= LANES; nlanes++) {
				find(r, bits, nlanes, got);
				for (uint32_t i = 0; i < CELLS * NPS; i++) {
					uint32_t cell = i / NPS, n = sorted(r, cell, values);
					uint64_t rank = ((uint64_t)n * ps[i % NPS] + SL_QUANTILE_ONE - 1) / SL_QUANTILE_ONE;
					int64_t want = n > 0 ? values[rank - 1] : 0;
					assert_true(got[i].value == want);
					assert_int_equal(got[i].below_units, n > 0 ? units_beside(r, cell, want, -1) : 0);
					assert_int_equal(got[i].at_units, n > 0 ? units_beside(r, cell, want, 0) : 0);
					assert_int_equal(got[i].above_units, n > 0 ? units_beside(r, cell, want, 1) : 0);
				}
			}
	}
	free(r);
}

static void test_quantile_digits_are_as_wide_as_memory_allows(void **state)
{
	(void)state;
	assert_int_equal(sl_quantile_bits(1000, 2, 2, UINT64_MAX), SL_QUANTILE_BITS_MAX);
	assert_int_equal(sl_quantile_bits(1000, 2, 2, 0), SL_QUANTILE_BITS_MIN);
	for (uint8_t bits = SL_QUANTILE_BITS_MIN; bits <= SL_QUANTILE_BITS_MAX; bits++)
		assert_int_equal(sl_quantile_bits(1000, 2, 2, sl_quantile_bytes(1000, 2, 2, bits)), bits);
}

/* Power sums of rows taken forwards, backwards, and in two tallies that are merged. */
static struct sl_moments sums_of(const int64_t *x, const int64_t *y, uint32_t n, bool backwards, uint32_t split)
{
	static const uint32_t cells[ROWS];
	struct sl_moments_tally t[2];
	struct sl_moments out;

	for (int i = 0; i < 2; i++)
		assert_int_equal(sl_moments_init(&t[i], 1, 1, NULL), SL_OK);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t r = backwards ? n - 1 - i : i;
		struct sl_batch b = { .rows = 1 };
		struct sl_computed cx = { &x[r], NULL }, cy = { &y[r], NULL };
		sl_moments_add(&t[i >= split], 0, &b, NULL, cells, &cx, &cy);
	}
	sl_moments_merge(&t[0], &t[1]);
	sl_moments_end(&t[0]);
	out = t[0].moments[0];
	sl_moments_fini(&t[0]);
	sl_moments_fini(&t[1]);
	return out;
}

static void check_sums(const int64_t *x, const int64_t *y, uint32_t n, bool overflow)
{
	struct sl_moments first = sums_of(x, y, n, false, n);

	assert_int_equal(first.overflow, overflow);
	for (uint32_t split = 0; split <= n; split++)
		for (int backwards = 0; backwards < 2; backwards++) {
			struct sl_moments again = sums_of(x, y, n, backwards, split);
			assert_true(again.x == first.x && again.y == first.y && again.xx == first.xx && again.xy == first.xy &&
			            again.yy == first.yy && again.overflow == first.overflow);
		}
	if (overflow)
		assert_true(first.x == 0 && first.y == 0 && first.xx == 0 && first.xy == 0 && first.yy == 0);
}

static void test_moments_do_not_depend_on_the_order_of_rows_or_on_threads(void **state)
{
	static const int64_t small[] = { 3, -1, 4, -1, 5, -9, 2, 6 }, other[] = { 2, 7, 1, -8, 2, 8, -1, 8 };
	static const int64_t large[] = { INT64_MAX, 1, -5 }, larger[] = { INT64_MAX, 1, INT64_MIN, 2 };
	static const int64_t mixed[] = { INT64_MAX / 2, INT64_MIN / 2, 9 };

	(void)state;
	check_sums(small, other, 8, false);
	check_sums(large, mixed, 3, false);
	check_sums(larger, small, 4, true);
	check_sums(small, larger, 4, true);
	struct sl_moments m = sums_of(small, other, 8, false, 8);
	assert_true(m.x == 9 && m.y == 19 && m.xx == 173 && m.yy == 251 && m.xy == -5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quantile_by_digits_is_the_one_of_a_sort_for_any_digit_and_number_of_threads),
		cmocka_unit_test(test_quantile_digits_are_as_wide_as_memory_allows),
		cmocka_unit_test(test_moments_do_not_depend_on_the_order_of_rows_or_on_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
