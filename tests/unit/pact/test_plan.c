/* test_plan.c - which plans are refused, and what a plan's cells and columns are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pact/house.h"

static struct house h;

static int fresh(void **state)
{
	(void)state;
	house_init(&h);
	return 0;
}

static void refused(const char *words)
{
	sl_err_clear(&h.err);
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_E_INPUT);
	if (strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	house_init(&h);
}

static void test_plan_that_is_right_passes(void **state)
{
	(void)state;
	if (sl_plan_check(&h.plan, &h.view, &h.err) != SL_OK)
		fail_msg("%s", h.err.text);
	h.plan.where.nops = h.plan.nkeys = h.plan.ncalcs = h.plan.norder = 0;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
}

static void test_plan_sources_that_cannot_be_joined_are_refused(void **state)
{
	static char company[] = "company";

	(void)state;
	h.plan.nsources = h.plan.ninputs = 0;
	refused("reads no table");
	h.sources[1].table = 3;
	refused("no such table");
	h.sources[1].table = 0;
	refused("joins a table with itself: s.visits");
	h.sources[1].table = 2;
	refused("without privacy units: o.places");
	h.tables[1].space = company;
	refused("two unit spaces: s.people");
	h.tables[1].one_row_per_unit = 0;
	refused("both have several rows per unit: s.people");
}

static void test_plan_inputs_outside_the_view_are_refused(void **state)
{
	(void)state;
	h.inputs[3].source = 2;
	refused("no such column");
	h.inputs[3].column = H_COLUMNS;
	refused("no such column");
	h.keys[0].input = 2 * H_COLUMNS;
	refused("no such input for key where");
	h.sum.ops[0].arg = 2 * H_COLUMNS;
	refused("no input 10");
}

static void test_plan_keys_without_groups_or_twice_are_refused(void **state)
{
	(void)state;
	h.keys[0].input = H_PRICE;
	refused("without a finite domain: where");
	h.keys[1].banded = 0;
	refused("without a finite domain: band");
	h.keys[1] = h.keys[0];
	h.keys[1].name = h.plan.purpose;
	refused("no proper name");
	h.keys[1].input = H_PLACE;
	h.keys[1].banded = 0;
	refused("groups twice by the same column: band");
}

static void test_plan_names_that_are_none_or_twice_are_refused(void **state)
{
	static char bad[] = "a b", long_name[80];

	(void)state;
	h.plan.output = bad;
	refused("is not a name");
	h.stats[0].name = bad;
	refused("no proper name");
	memset(long_name, 'a', 65);
	h.calcs[0].name = long_name;
	refused("no proper name");
	h.stats[2].name = h.keys[0].name;
	refused("two columns are named where");
	h.calcs[0].name = h.stats[0].name;
	refused("two columns are named n");
	h.order[0].column = 6;
	refused("orders by a column it does not have");
}

static void test_plan_expressions_of_the_wrong_type_are_refused(void **state)
{
	(void)state;
	h.plan.nstats = h.plan.ncalcs = h.plan.norder = 0;
	refused("has no statistic");
	h.plan.where = h.sum.expr;
	refused("where needs a condition");
	h.stats[1].arg = h.share.expr;
	refused("needs a number: total");
	h.stats[2].arg = h.sum.expr;
	refused("needs a condition: part");
	h.stats[0].arg = h.sum.expr;
	refused("missing or too many for n");
	h.stats[1].arg.nops = 0;
	refused("missing or too many for total");
	h.where.ops[0].type = SL_TYPE_INTEGER;
	refused("another type");
	h.calc.ops[0].arg = 3;
	refused("no input 3");
	h.calc.ops[0].scale = 3; /* the sum as published has two decimals */
	refused("another type");
}

static void test_plan_refusal_tells_the_line_of_the_script(void **state)
{
	(void)state;
	h.plan.output[0] = '1';
	enum sl_rc rc = sl_plan_check(&h.plan, &h.view, &h.err);
	h.plan.output[0] = 't';
	assert_int_equal(rc, SL_E_INPUT);
	assert_int_equal(h.err.line, 12);
	assert_non_null(strstr(h.err.text, "able1"));
	sl_err_clear(&h.err);
	h.where.ops[0].type = SL_TYPE_INTEGER; /* also when it is an expression that is wrong */
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_E_INPUT);
	assert_int_equal(h.err.line, 12);
}

static void test_plan_cells_are_the_cross_of_the_groups(void **state)
{
	(void)state;
	assert_int_equal(sl_plan_cells(&h.plan, &h.view), H_CELLS);
	for (uint64_t cell = 0; cell < H_CELLS; cell++) {
		assert_int_equal(sl_plan_cell_group(&h.plan, &h.view, cell, 0), cell / 3);
		assert_int_equal(sl_plan_cell_group(&h.plan, &h.view, cell, 1), cell % 3);
	}
	assert_ptr_equal(sl_plan_key_column(&h.plan, &h.view, 1), &h.columns[1][H_AGE]);
	h.plan.nkeys = 0;
	assert_int_equal(sl_plan_cells(&h.plan, &h.view), 1);
}

static void test_plan_cells_beyond_64_bits_are_said_to_be_the_most(void **state)
{
	static struct sl_key keys[SL_KEYS_MAX];

	(void)state;
	h.columns[0][H_PLACE].nlabels = SL_LABELS_MAX;
	for (int k = 0; k < SL_KEYS_MAX; k++)
		keys[k] = h.keys[0];
	h.plan.keys = keys;
	h.plan.nkeys = SL_KEYS_MAX;
	assert_true(sl_plan_cells(&h.plan, &h.view) == UINT64_MAX);
	h.plan.nkeys = 4;
	assert_true(sl_plan_cells(&h.plan, &h.view) == UINT64_C(20002) * 20002 * 20002 * 20002);
}

static void test_stat_published_types_are_the_documented_ones(void **state)
{
	const struct sl_input_type real8 = { .type = SL_TYPE_REAL, .scale = 8 }, whole = { .type = SL_TYPE_INTEGER };

	(void)state;
	assert_int_equal(sl_stat_type(SL_STAT_UNITS, whole).type, SL_TYPE_INTEGER);
	assert_int_equal(sl_stat_type(SL_STAT_COUNT_IF, whole).scale, 0);
	assert_int_equal(sl_stat_type(SL_STAT_SUM, real8).scale, 8);
	assert_int_equal(sl_stat_type(SL_STAT_SUM, whole).type, SL_TYPE_INTEGER);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, whole).scale, 2);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, whole).type, SL_TYPE_REAL);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, real8).scale, 9);
	assert_int_equal(sl_stat_type(SL_STAT_SHARE, whole).scale, 4);
	assert_int_equal(sl_stat_type(SL_STAT_MAX, real8).scale, 8);
	assert_string_equal(sl_stat_fn_name(SL_STAT_COUNT_IF), "count_if");
	assert_string_equal(sl_stat_fn_name((enum sl_stat_fn)99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plan_that_is_right_passes, fresh),
		cmocka_unit_test_setup(test_plan_sources_that_cannot_be_joined_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_inputs_outside_the_view_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_keys_without_groups_or_twice_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_names_that_are_none_or_twice_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_expressions_of_the_wrong_type_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_refusal_tells_the_line_of_the_script, fresh),
		cmocka_unit_test_setup(test_plan_cells_are_the_cross_of_the_groups, fresh),
		cmocka_unit_test_setup(test_plan_cells_beyond_64_bits_are_said_to_be_the_most, fresh),
		cmocka_unit_test_setup(test_stat_published_types_are_the_documented_ones, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
