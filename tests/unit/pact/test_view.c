/* test_view.c - which views are refused, and which group a value falls into. */
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
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_E_INPUT);
	if (strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	house_init(&h);
}

static void test_view_that_is_right_passes(void **state)
{
	(void)state;
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_OK);
	h.view.ntables = 0;
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_OK);
}

static void test_view_each_law_of_a_column_is_held(void **state)
{
	struct sl_column *c = h.columns[1];

	(void)state;
	c[H_AGE].scale = 1;
	refused("only a real has a scale");
	c[H_DAY].scale = 9;
	refused("only a real has a scale");
	c[H_PLACE].has_domain = 0;
	refused("text without a domain");
	c[H_PLACE].nlabels = 0;
	refused("domain without labels");
	c[H_AGE].nlabels = 2;
	refused("labels without a domain");
	c[H_SEX].has_domain = 1;
	c[H_SEX].labels = c[H_PLACE].labels;
	c[H_SEX].nlabels = 1;
	refused("a boolean has two labels");
	c[H_AGE].has_other = 1;
	refused("(other) is for text");
	c[H_SEX].bands = c[H_AGE].bands;
	c[H_SEX].nbands = 1;
	refused("bands on something");
	c[H_PRICE].lo = 1;
	c[H_PRICE].hi = 0;
	refused("minimum above maximum");
	c[H_AGE].bands[1].lo = 17;
	refused("bands do not rise");
	c[H_AGE].bands[2].hi = 39;
	refused("bands do not rise");
}

static void test_view_names_are_unique(void **state)
{
	static char same[] = "s.visits", place[] = "place";

	(void)state;
	h.tables[2].name = same;
	refused("table s.visits twice");
	h.columns[2][H_DAY].name = place;
	refused("column place twice");
}

static void test_view_message_names_table_and_column(void **state)
{
	(void)state;
	h.columns[2][H_DAY].scale = 1;
	assert_int_equal(sl_view_check(&h.view, &h.err), SL_E_INPUT);
	assert_non_null(strstr(h.err.text, "table o.places, column day"));
}

static void groups_are(const struct sl_column *c, bool banded, const char *const *want, uint32_t n)
{
	assert_int_equal(sl_column_ngroups(c, banded), n);
	for (uint32_t g = 0; g < n; g++)
		assert_string_equal(sl_column_group_label(c, banded, g), want[g]);
}

static void test_column_groups_are_labels_then_other_then_missing(void **state)
{
	static const char *const place[] = { "north", "south", "(other)", "(missing)" };
	static const char *const sex[] = { "false", "true", "(missing)" };
	struct sl_column *c = h.columns[0];

	(void)state;
	groups_are(&c[H_PLACE], false, place, 4);
	assert_int_equal(sl_column_group(&c[H_PLACE], false, 0, false), 0);
	assert_int_equal(sl_column_group(&c[H_PLACE], false, 1, false), 1);
	assert_int_equal(sl_column_group(&c[H_PLACE], false, 2, false), 2);
	assert_int_equal(sl_column_group(&c[H_PLACE], false, -1, false), 2);
	assert_int_equal(sl_column_group(&c[H_PLACE], false, 0, true), 3);
	groups_are(&c[H_SEX], false, sex, 3);
	assert_int_equal(sl_column_group(&c[H_SEX], false, 1, false), 1);
	assert_int_equal(sl_column_group(&c[H_SEX], false, 1, true), 2);
	c[H_PLACE].nullable = 0;
	groups_are(&c[H_PLACE], false, place, 3);
	c[H_PLACE].has_other = 0;
	groups_are(&c[H_PLACE], false, place, 2);
	c[H_SEX].has_domain = 1;
	c[H_SEX].labels = c[H_PLACE].labels;
	c[H_SEX].nlabels = 2;
	c[H_SEX].nullable = 0;
	groups_are(&c[H_SEX], false, place, 2);
}

static void test_column_without_a_finite_domain_has_no_groups(void **state)
{
	(void)state;
	assert_int_equal(sl_column_ngroups(&h.columns[0][H_AGE], false), 0);
	assert_int_equal(sl_column_ngroups(&h.columns[0][H_PRICE], true), 0);
	assert_int_equal(sl_column_ngroups(&h.columns[0][H_PLACE], true), 0);
	/* a coded number: its labels are names of values, not positions */
	h.columns[0][H_AGE].has_domain = 1;
	h.columns[0][H_AGE].labels = h.columns[0][H_PLACE].labels;
	h.columns[0][H_AGE].nlabels = 2;
	assert_int_equal(sl_column_ngroups(&h.columns[0][H_AGE], false), 0);
}

static void test_column_bands_have_other_only_where_they_leave_a_gap(void **state)
{
	struct sl_column *c = &h.columns[0][H_AGE];
	static const char *const whole[] = { "0-17", "18-39", "40+" };
	static const char *const gap[] = { "0-17", "18-39", "40+", "(other)" };

	(void)state;
	groups_are(c, true, whole, 3);
	assert_int_equal(sl_column_group(c, true, 0, false), 0);
	assert_int_equal(sl_column_group(c, true, 17, false), 0);
	assert_int_equal(sl_column_group(c, true, 18, false), 1);
	assert_int_equal(sl_column_group(c, true, INT64_MAX, false), 2);
	c->lo = -1; /* below the first */
	groups_are(c, true, gap, 4);
	assert_int_equal(sl_column_group(c, true, -1, false), 3);
	c->lo = 0;
	c->bands[1].hi = 38; /* between */
	groups_are(c, true, gap, 4);
	assert_int_equal(sl_column_group(c, true, 39, false), 3);
	c->bands[1].hi = 39;
	c->bands[2].hi = 99; /* above the last, whose end is open */
	groups_are(c, true, gap, 4);
	c->hi = 99;
	groups_are(c, true, whole, 3);
	c->nullable = 1;
	assert_int_equal(sl_column_ngroups(c, true), 4);
	assert_int_equal(sl_column_group(c, true, 5, true), 3);
	assert_string_equal(sl_column_group_label(c, true, 3), "(missing)");
}

static void test_view_words_of_types_and_uses(void **state)
{
	(void)state;
	assert_string_equal(sl_type_name(SL_TYPE_DATE), "date");
	assert_string_equal(sl_type_name((enum sl_type)77), "none");
	assert_string_equal(sl_use_name(SL_USE_GROUP), "group");
	assert_string_equal(sl_use_name(SL_USE_FILTER), "filter");
	assert_string_equal(sl_use_name(SL_USE_MEASURE), "measure");
	assert_string_equal(sl_use_name((enum sl_use)0), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_view_that_is_right_passes, fresh),
		cmocka_unit_test_setup(test_view_each_law_of_a_column_is_held, fresh),
		cmocka_unit_test_setup(test_view_names_are_unique, fresh),
		cmocka_unit_test_setup(test_view_message_names_table_and_column, fresh),
		cmocka_unit_test_setup(test_column_groups_are_labels_then_other_then_missing, fresh),
		cmocka_unit_test_setup(test_column_without_a_finite_domain_has_no_groups, fresh),
		cmocka_unit_test_setup(test_column_bands_have_other_only_where_they_leave_a_gap, fresh),
		cmocka_unit_test_setup(test_view_words_of_types_and_uses, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
