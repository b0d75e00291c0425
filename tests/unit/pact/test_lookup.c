/* test_lookup.c - reference tables with attributes in a view, and plans that look them up: which are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/pact/house.h"

static struct house h;

/* Input H_SEX of the plan reads the attribute sex of the place. */
static int fresh(void **state)
{
	(void)state;
	house_init(&h);
	h.cells[H_PLACE].value = 2;
	h.cells[H_SEX].value = 1;
	h.cells[H_AGE].value = 7;
	h.cells[H_COLUMNS + H_SEX].missing = 1;
	h.inputs[H_SEX] = (struct sl_input){ .column = H_PLACE, .lookup = H_SEX + 1 };
	return 0;
}

static void view_refused(const char *words)
{
	sl_err_clear(&h.err);
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_E_INPUT);
	if (strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	fresh(NULL);
}

static void plan_refused(const char *words)
{
	sl_err_clear(&h.err);
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_E_INPUT);
	if (strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	fresh(NULL);
}

static void test_lookup_that_is_right_passes(void **state)
{
	(void)state;
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_OK);
	if (sl_plan_check(&h.plan, &h.view, &h.err) != SL_OK)
		fail_msg("%s", h.err.text);
}

static void test_view_cells_that_are_no_rows_of_a_reference_are_refused(void **state)
{
	(void)state;
	h.tables[2].ncells--;
	view_refused("has not one row per label");
	h.columns[0][H_PLACE].reference = 0;
	h.tables[2].ncells--;
	view_refused("its cells are no whole rows");
	h.tables[2].ncells -= H_COLUMNS;
	view_refused("has not one row per label");
	h.tables[2].ncells = 0;
	view_refused("has not one row per label");
	h.columns[0][H_PLACE].reference = 0;
	h.tables[2].ncolumns = 0;
	view_refused("its cells are no whole rows");
	h.tables[0].cells = h.cells;
	h.tables[0].ncells = H_COLUMNS;
	view_refused("table s.visits: only a reference table tells its cells");
}

static void test_view_cells_outside_their_domain_are_refused(void **state)
{
	(void)state;
	h.cells[H_PLACE].value = 3;
	view_refused("table o.places, column place: a cell outside its domain");
	h.cells[H_PLACE].value = -1;
	view_refused("column place: a cell");
	h.cells[H_SEX].value = 2;
	view_refused("column sex: a cell");
	h.cells[H_COLUMNS + H_AGE].value = -1;
	view_refused("column age: a cell");
	h.cells[H_COLUMNS + H_SEX].value = 1;
	view_refused("column sex: a cell"); /* missing, and yet a value */
}

static void test_view_references_to_what_is_none_are_refused(void **state)
{
	(void)state;
	h.columns[0][H_PLACE].reference = 4;
	view_refused("table s.visits, column place: its domain is no reference table");
	h.columns[0][H_PLACE].reference = 2;
	view_refused("its domain is no reference table");
	h.columns[0][H_AGE].reference = 3;
	view_refused("column age: its domain is no reference table");
	h.columns[2][H_PLACE].reference = 3;
	view_refused("a reference table refers to none");
}

static void test_plan_lookups_out_of_range_are_refused(void **state)
{
	(void)state;
	h.inputs[H_SEX].lookup = H_COLUMNS + 1;
	plan_refused("no such attribute in the view, of o.places");
	h.inputs[H_SEX].column = H_DAY;
	plan_refused("looks up a column whose domain is no reference table: day");
	h.inputs[H_SEX].lookup = H_AGE + 1;
	plan_refused("an attribute must be able to miss: age");
	h.inputs[H_SEX].lookup = H_DAY + 1;
	plan_refused(""); /* share of a date */
	h.columns[0][H_PLACE].reference = 4;
	plan_refused("whose domain is no reference table");
}

static void test_plan_lookups_of_a_fold_are_refused(void **state)
{
	static struct sl_fold fold = { .fn = SL_FOLD_COUNT };

	(void)state;
	h.sources[0].folds = &fold;
	h.sources[0].nfolds = 1;
	h.plan.ninputs = 1;
	h.inputs[0].lookup = 1;
	plan_refused("looks up what per_unit made");
}

static void test_plan_key_of_a_lookup_groups_by_the_attribute(void **state)
{
	(void)state;
	h.keys[0].input = H_SEX;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
	assert_ptr_equal(sl_plan_key_column(&h.plan, &h.view, 0), &h.columns[2][H_SEX]);
	assert_ptr_equal(sl_plan_base_column(&h.plan, &h.view, H_SEX), &h.columns[0][H_PLACE]);
	assert_int_equal(sl_plan_cells(&h.plan, &h.view), 3 * 3); /* false true (missing), times three bands */
}

static void test_plan_attribute_of_a_sensitive_key_is_sensitive(void **state)
{
	(void)state;
	assert_true(sl_plan_input_sensitive(&h.plan, &h.view, H_SEX));
	h.columns[0][H_PLACE].sensitive = 0;
	assert_false(sl_plan_input_sensitive(&h.plan, &h.view, H_SEX));
	h.columns[2][H_SEX].sensitive = 1;
	assert_true(sl_plan_input_sensitive(&h.plan, &h.view, H_SEX));
}

static void test_plan_fold_is_sensitive_when_a_column_it_reads_is(void **state)
{
	static struct sl_fold fold = { .fn = SL_FOLD_COUNT };
	static struct sl_raw raw = { .column = H_PLACE };

	(void)state;
	h.sources[0].folds = &fold;
	h.sources[0].nfolds = 1;
	h.inputs[0] = (struct sl_input){ 0 };
	assert_false(sl_plan_input_sensitive(&h.plan, &h.view, 0));
	h.sources[0].raws = &raw;
	h.sources[0].nraws = 1;
	assert_true(sl_plan_input_sensitive(&h.plan, &h.view, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lookup_that_is_right_passes, fresh),
		cmocka_unit_test_setup(test_view_cells_that_are_no_rows_of_a_reference_are_refused, fresh),
		cmocka_unit_test_setup(test_view_cells_outside_their_domain_are_refused, fresh),
		cmocka_unit_test_setup(test_view_references_to_what_is_none_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_lookups_out_of_range_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_lookups_of_a_fold_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_key_of_a_lookup_groups_by_the_attribute, fresh),
		cmocka_unit_test_setup(test_plan_attribute_of_a_sensitive_key_is_sensitive, fresh),
		cmocka_unit_test_setup(test_plan_fold_is_sensitive_when_a_column_it_reads_is, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
