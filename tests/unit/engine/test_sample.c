/* test_sample.c - order statistics between guessed brackets are those of the search without, and every allocation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/pact/cost.h"
#include "tests/unit/engine/bench.h"
#include "tests/unit/vault/failing.h"

#define ROWS 2000
#define UNIT_ROWS 4

enum kind { AT_RANDOM, RISING, FEW_VALUES, BY_UNIT, KINDS };

static uint64_t draw(void)
{
	static uint64_t s = 11;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

/*
 * Three places; the amount rises with the unit when asked, so that what few stretches say is off. By unit: a unit has
 * one place, and no amount is missing, so that brackets are asked once a unit.
 */
static void start(struct bench *b, enum kind kind)
{
	struct bench_row *rows = calloc(ROWS, sizeof *rows);

	bench_init(b);
	for (uint32_t r = 0; r < ROWS; r++) {
		int64_t amount = kind == RISING ? (int64_t)r * r : (int64_t)(draw() % (kind == AT_RANDOM ? 1000000 : 3));
		int64_t place = kind == BY_UNIT ? r / UNIT_ROWS % 3 : (int64_t)(draw() % 3);
		rows[r] = (struct bench_row){ r / UNIT_ROWS, { place, (int64_t)(draw() % 2), (int64_t)(draw() % 30),
			kind != BY_UNIT && draw() % 9 == 0 ? NONE : amount } };
	}
	b->columns[0][COL_AMOUNT].nullable = kind != BY_UNIT;
	bench_rows(b, rows, ROWS);
	free(rows);
	bench_key(b, COL_PLACE, false);
	bench_stat(b, SL_STAT_QUANTILE, COL_AMOUNT, 0);
	bench_stat(b, SL_STAT_QUANTILE, COL_AMOUNT, 0);
	bench_stat(b, SL_STAT_QUANTILE, COL_AGE, 0);
	bench_stat(b, SL_STAT_QUANTILE, COL_AMOUNT, 0);
	static const uint32_t p[] = { 5000, 9000, 2500, 100 };
	for (uint32_t i = 0; i < 4; i++)
		b->stats[i].p = (uint16_t)p[i];
}

/* With no memory to spare there are no brackets. */
static void find_without(struct bench *b, struct sl_quantile **out, uint32_t *n)
{
	uint64_t bytes = b->setup.memory_bytes;

	b->setup.memory_bytes = sl_plan_engine_bytes(&b->plan, &b->setup.view, 1, false);
	if (bench_run(b) != SL_OK)
		fail_msg("%s", b->err.text);
	b->setup.memory_bytes = bytes;
	*n = b->result.nquantiles;
	*out = malloc(*n * sizeof **out);
	memcpy(*out, b->result.quantiles, *n * sizeof **out);
}

static void same(const struct bench *b, const struct sl_quantile *want, uint32_t n)
{
	assert_int_equal(b->result.nquantiles, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct sl_quantile *got = &b->result.quantiles[i];
		assert_true(got->value == want[i].value);
		assert_int_equal(got->below_units, want[i].below_units);
		assert_int_equal(got->at_units, want[i].at_units);
		assert_int_equal(got->above_units, want[i].above_units);
	}
}

static void test_sample_brackets_that_hold_or_miss_change_no_number(void **state)
{
	(void)state;
	for (int kind = AT_RANDOM; kind < KINDS; kind++)
		for (int filtered = 0; filtered < 2; filtered++) {
			struct sl_quantile *want;
			struct bench b;
			uint32_t n;
			start(&b, (enum kind)kind);
			if (filtered)
				bench_where_equals(&b, COL_SICK, 1);
			find_without(&b, &want, &n);
			assert_int_equal(bench_run(&b), SL_OK);
			same(&b, want, n);
			free(want);
			bench_fini(&b);
		}
}

static void test_sample_every_allocation_that_fails_is_told(void **state)
{
	(void)state;
	for (int kind = AT_RANDOM; kind <= RISING; kind++) {
		struct sl_quantile *want;
		struct bench b;
		int reached = 1;
		uint32_t n;
		start(&b, (enum kind)kind);
		find_without(&b, &want, &n);
		for (unsigned long k = 1; reached; k++) {
			failing_at(k);
			enum sl_rc rc = bench_run(&b);
			reached = failing_reached();
			failing_at(0);
			assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
			assert_int_equal(b.memory.nopen, 0);
		}
		same(&b, want, n);
		free(want);
		bench_fini(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sample_brackets_that_hold_or_miss_change_no_number),
		cmocka_unit_test(test_sample_every_allocation_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
