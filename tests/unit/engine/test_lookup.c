/* test_lookup.c - codes that become attributes of a reference table's rows, by themselves and in an engine's run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/engine/join.h"
#include "tests/unit/engine/bench.h"

static struct sl_reference_cell cells[6] = { { 10, 0 }, { 1, 0 }, { 20, 0 }, { 0, 1 }, { 30, 0 }, { 0, 0 } };

static void test_lookup_gives_the_rows_cell_or_missing(void **state)
{
	static const int64_t codes[] = { 2, 0, 1, 3, -1, INT64_MIN, INT64_MAX, 1 };
	static const uint8_t code_nulls[] = { 0, 0, 0, 0, 0, 0, 0, 1 };
	static const int64_t tens[] = { 30, 10, 20, 0, 0, 0, 0, 0 }, ones[] = { 0, 1, 0, 0, 0, 0, 0, 0 };
	static const uint8_t tens_nulls[] = { 0, 0, 0, 1, 1, 1, 1, 1 }, ones_nulls[] = { 0, 0, 1, 1, 1, 1, 1, 1 };
	struct sl_lookup lookup = { .cells = cells, .nrows = 3, .ncolumns = 2 };
	int64_t values[8];
	uint8_t nulls[8];

	(void)state;
	sl_lookup_apply(&lookup, 8, codes, code_nulls, values, nulls);
	assert_memory_equal(values, tens, sizeof tens);
	assert_memory_equal(nulls, tens_nulls, sizeof nulls);
	lookup.column = 1;
	sl_lookup_apply(&lookup, 8, codes, code_nulls, values, nulls);
	assert_memory_equal(values, ones, sizeof ones);
	assert_memory_equal(nulls, ones_nulls, sizeof nulls);
	sl_lookup_apply(&lookup, 1, &codes[2], NULL, values, nulls);
	assert_int_equal(nulls[0], 1);
	lookup.nrows = 0;
	sl_lookup_apply(&lookup, 8, codes, NULL, values, nulls);
	for (int i = 0; i < 8; i++)
		assert_int_equal(nulls[i], 1);
}

/* A bench whose place, in both tables, has a reference table of two rows: a boolean and a number as attributes. */
enum { ATTR_COAST, ATTR_COST, ATTRS };
static struct sl_column attributes[ATTRS];
static struct sl_table tables[3];
static struct sl_reference_cell rows[2 * ATTRS];

static void start(struct bench *b)
{
	static const struct bench_row visits[] = {
		{ 1, { 0, 0, 1, 1 } }, { 1, { 1, 0, 1, 2 } }, { 2, { 0, 0, 1, 4 } }, { 3, { 2, 0, 1, 8 } }, { 4, { NONE, 0, 1, 16 } },
	};
	static const struct bench_row people[] = { { 1, { 1, 0, 1, 0 } }, { 2, { 0, 0, 1, 0 } }, { 4, { 1, 0, 1, 0 } } };
	static char name[] = "s.places", coast[] = "coast", cost[] = "cost", none[] = "";

	bench_init(b);
	bench_rows(b, visits, 5);
	bench_rows(b, people, 3);
	attributes[ATTR_COAST] = (struct sl_column){ .name = coast, .title = none, .type = SL_TYPE_BOOLEAN, .uses = 7,
		.nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX };
	attributes[ATTR_COST] = attributes[ATTR_COAST];
	attributes[ATTR_COST].name = cost;
	attributes[ATTR_COST].type = SL_TYPE_INTEGER;
	memset(rows, 0, sizeof rows);
	rows[0 * ATTRS + ATTR_COAST].value = 1;
	rows[0 * ATTRS + ATTR_COST].value = 100;
	rows[1 * ATTRS + ATTR_COST].value = 1000;
	tables[0] = b->tables[0];
	tables[1] = b->tables[1];
	tables[2] = (struct sl_table){ .name = name, .space = none, .unit_column = none, .class_ = SL_CLASS_OPEN,
		.columns = attributes, .ncolumns = ATTRS, .cells = rows, .ncells = 2 * ATTRS };
	b->columns[0][COL_PLACE].reference = b->columns[1][COL_PLACE].reference = 3;
	b->setup.view = (struct sl_view){ .tables = tables, .ntables = 3 };
	assert_int_equal(sl_view_check(&b->setup.view, &b->err), SL_OK);
}

/* Input COL_AMOUNT of visits, or of people, becomes the attribute cost; COL_SICK becomes coast. */
static void look_up(struct bench *b, uint16_t first)
{
	b->inputs[first + COL_AMOUNT] = b->inputs[first + COL_SICK] = b->inputs[first + COL_PLACE];
	b->inputs[first + COL_AMOUNT].lookup = ATTR_COST + 1;
	b->inputs[first + COL_SICK].lookup = ATTR_COAST + 1;
}

static void run(struct bench *b)
{
	if (bench_run(b) != SL_OK)
		fail_msg("%s", b->err.text);
}

static void test_engine_groups_and_sums_attributes(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	look_up(&b, 0);
	bench_key(&b, COL_SICK, false);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	for (b.memory.stretch_rows = 0; b.memory.stretch_rows < 4; b.memory.stretch_rows++) {
		run(&b);
		assert_true(bench_evidence(&b, 0, 0)->sum == 1000); /* false */
		assert_int_equal(bench_evidence(&b, 0, 0)->cell_rows, 1);
		assert_true(bench_evidence(&b, 1, 0)->sum == 200);  /* true */
		assert_int_equal(bench_evidence(&b, 1, 0)->cell_units, 2);
		assert_int_equal(bench_evidence(&b, 2, 0)->cell_rows, 2); /* (other) and missing: the attribute is missing */
		assert_int_equal(bench_evidence(&b, 2, 0)->contributors, 0);
	}
	bench_fini(&b);
}

/* What is asked of the attribute must not become a range of codes: 100 is no code, and rows would be left out. */
static void test_engine_where_on_an_attribute_keeps_its_rows(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	look_up(&b, 0);
	bench_where_equals(&b, COL_AMOUNT, 100);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_COUNT, 0, 0);
	run(&b);
	assert_int_equal(bench_evidence(&b, 0, 0)->cell_rows, 2);
	assert_int_equal(bench_evidence(&b, 1, 0)->cell_rows, 0);
	bench_fini(&b);
}

/* A required place may be (other), of which nothing is known: its attribute is missing all the same. */
static void test_engine_attribute_of_a_required_code_may_be_missing(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	b.memory.tables[0].nulls[COL_PLACE][4] = 0; /* the only missing one */
	b.columns[0][COL_PLACE].nullable = 0;
	look_up(&b, 0);
	bench_stat(&b, SL_STAT_SUM, COL_AMOUNT, 0);
	run(&b);
	assert_int_equal(bench_evidence(&b, 0, 0)->cell_rows, 5);
	assert_int_equal(bench_evidence(&b, 0, 0)->rows, 4); /* code 2 is (other) */
	assert_true(bench_evidence(&b, 0, 0)->sum == 1300);
	bench_fini(&b);
}

static void test_engine_looks_up_what_a_join_brings(void **state)
{
	struct bench b;

	(void)state;
	start(&b);
	bench_join(&b);
	look_up(&b, BENCH_COLUMNS);
	bench_key(&b, COL_PLACE, false);
	bench_stat(&b, SL_STAT_SUM, BENCH_COLUMNS + COL_AMOUNT, 0);
	for (b.memory.stretch_rows = 0; b.memory.stretch_rows < 3; b.memory.stretch_rows++) {
		run(&b);
		assert_int_equal(b.result.population, 3); /* 1 2 4 */
		assert_true(bench_evidence(&b, 0, 0)->sum == 1100);
		assert_true(bench_evidence(&b, 1, 0)->sum == 1000);
		assert_true(bench_evidence(&b, 3, 0)->sum == 1000);
	}
	bench_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup_gives_the_rows_cell_or_missing),
		cmocka_unit_test(test_engine_groups_and_sums_attributes),
		cmocka_unit_test(test_engine_where_on_an_attribute_keeps_its_rows),
		cmocka_unit_test(test_engine_attribute_of_a_required_code_may_be_missing),
		cmocka_unit_test(test_engine_looks_up_what_a_join_brings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
