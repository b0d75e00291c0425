/* test_lookup.c - attributes of a reference table as columns: where they may be used, and each refusal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "world.h"

#define LOOKED "from 'study.persons':lookup('codes.sites', 'site')"
#define OUT ":summarise{ n = 'units()' })"

/* Inputs of persons.site (column 4) that read attribute `lookup`. */
static void reads(const struct sl_plan *p, uint32_t input, uint16_t lookup)
{
	assert_true(input < p->ninputs);
	assert_int_equal(p->inputs[input].source, 0);
	assert_int_equal(p->inputs[input].column, 4);
	assert_int_equal(p->inputs[input].lookup, lookup);
}

static void test_lookup_attribute_is_a_key_a_condition_and_a_measure(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('o', " LOOKED ":where(\"coastal and city <> 'hills'\"):derive{ large = 'beds > 100' }"
	                ":group_by('city'):summarise{ n = 'units()', beds = 'sum(beds)', k = 'count_if(large)' })", &r);
	const struct sl_plan *p = &r.plans[0];
	assert_int_equal(p->nsources, 1);
	assert_int_equal(p->ninputs, 3); /* coastal, city, beds: the site itself is not read */
	reads(p, 0, 4);
	reads(p, 1, 1);
	reads(p, 2, 2);
	assert_string_equal(p->keys[0].name, "city");
	assert_int_equal(p->keys[0].input, 1);
	world_free(&r);
}

static void test_lookup_name_that_is_taken_is_qualified(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('o', " LOOKED ":where('sites.age > 10 and persons.age < 65 and codes.sites.city is not null')"
	                OUT, &r);
	reads(&r.plans[0], 0, 3);
	assert_int_equal(r.plans[0].inputs[1].lookup, 0);
	reads(&r.plans[0], 2, 1);
	world_free(&r);
	world_expect_error("output('o', " LOOKED ":where('age > 10')" OUT, 1, NULL, "write persons.age or sites.age");
}

static void test_lookup_goes_through_a_join(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('o', (from 'study.events'):join(" LOOKED "):group_by('city')" OUT, &r);
	assert_int_equal(r.plans[0].inputs[0].source, 1);
	assert_int_equal(r.plans[0].inputs[0].lookup, 1);
	world_free(&r);
	world_expect_ok("output('o', (from 'study.events'):join(from 'study.persons')"
	                ":lookup('codes.sites', 'persons.site'):group_by('city')" OUT, &r);
	assert_int_equal(r.plans[0].inputs[0].source, 1);
	assert_int_equal(r.plans[0].inputs[0].lookup, 1);
	world_free(&r);
}

static void test_lookup_of_no_reference_table_is_refused(void **state)
{
	(void)state;
	world_expect_error("local x = from 'study.persons':lookup('codes.sits', 'site')", 1,
	                   "no reference table \"codes.sits\" is granted", "did you mean \"codes.sites\"?");
	world_expect_error("local x = from 'study.persons':lookup('wards', 'site')", 1,
	                   "no reference table \"wards\" is granted", "granted is \"codes.sectors\", …");
	world_expect_error("local x = from 'study.persons':lookup('study.visits', 'site')", 1,
	                   "study.visits is about units: it is joined, not looked up", "join(from \"study.visits\")");
	world_expect_error("local x = from 'study.persons':lookup('codes.sites')", 1,
	                   "lookup takes a reference table and the column to look it up by", NULL);
	world_expect_error("local x = from 'study.persons':lookup('codes.sites', 'site', 'age')", 1,
	                   "lookup takes a reference table and the column to look it up by", NULL);
}

static void test_lookup_by_a_column_of_another_domain_is_refused(void **state)
{
	(void)state;
	world_expect_error("local x = from 'study.persons':lookup('codes.sites', 'male')", 1,
	                   "male is no column whose domain is codes.sites", "look it up by \"site\" of study.persons");
	world_expect_error("local x = from 'study.persons':lookup('codes.sites', 'bands(age)')", 1,
	                   "bands(age) is no column whose domain is codes.sites", NULL);
	world_expect_error("local x = from 'study.persons':lookup('codes.sectors', 'site')", 1,
	                   "site is no column whose domain is codes.sectors", "");
	world_expect_error("local x = " LOOKED ":lookup('codes.sectors', 'city')", 1,
	                   "city is no column whose domain is codes.sectors", NULL);
	world_expect_error("local x = from 'study.persons':lookup('codes.sites', 'place')", 1, NULL, NULL);
	world_expect_error("local x = from 'study.persons':per_unit{ site = 'count()' }:lookup('codes.sites', 'site')", 1,
	                   "site is no column whose domain is codes.sites", NULL);
}

static void test_lookup_twice_is_refused(void **state)
{
	(void)state;
	world_expect_error("local x = " LOOKED ":lookup('codes.sites', 'site')", 1, "codes.sites is looked up already",
	                   "a reference table is looked up once in an output");
}

static void test_lookup_and_derive_of_one_name_are_refused(void **state)
{
	(void)state;
	world_expect_error("local x = from 'study.persons':derive{ city = 'male' }:lookup('codes.sites', 'site')", 1,
	                   "\"city\" of codes.sites is a derived name already", "give the derived one another name");
	world_expect_error("local x = " LOOKED ":derive{ city = 'male' }", 1, "\"city\" is a column of codes.sites already",
	                   "choose another name");
	world_expect_error("local x = (from 'study.events'):derive{ city = 'days > 1' }:join(" LOOKED ")", 1,
	                   "\"city\" is a column of codes.sites already", NULL);
}

static void test_lookup_attribute_without_the_use_is_refused(void **state)
{
	(void)state;
	world_expect_error("output('o', " LOOKED ":group_by('coastal')" OUT, 1,
	                   "you may not group by coastal of codes.sites: the grant gives it filter [use-group]", NULL);
	world_expect_error("output('o', " LOOKED ":summarise{ n = 'sum(age + 0 * sites.age)' })", 1, NULL, NULL);
	world_expect_error("output('o', " LOOKED ":summarise{ n = 'sum(sites.age)' })", 1,
	                   "you may not sum or average age of codes.sites: the grant gives it filter [use-measure]", NULL);
	world_expect_error("output('o', " LOOKED ":group_by('rooms')" OUT, 1, NULL, NULL);
	world_expect_error("output('o', (from 'study.persons'):group_by('city')" OUT, 1, NULL, NULL);
}

static void test_lookup_comes_before_summarise(void **state)
{
	(void)state;
	world_expect_error("local x = from 'study.persons':summarise{ n = 'units()' }:lookup('codes.sites', 'site')", 1,
	                   "lookup comes before summarise", NULL);
}

static void test_lookup_is_gone_behind_per_unit(void **state)
{
	(void)state;
	world_expect_error("output('o', " LOOKED ":per_unit{ n = 'count()' }:where('beds > 1')" OUT, 1, NULL, NULL);
	world_expect_error("output('o', " LOOKED ":per_unit{ n = 'sum(beds)' }" OUT, 1,
	                   "what lookup gives is not known yet where a table's own rows are chosen or folded", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookup_attribute_is_a_key_a_condition_and_a_measure),
		cmocka_unit_test(test_lookup_name_that_is_taken_is_qualified),
		cmocka_unit_test(test_lookup_goes_through_a_join),
		cmocka_unit_test(test_lookup_of_no_reference_table_is_refused),
		cmocka_unit_test(test_lookup_by_a_column_of_another_domain_is_refused),
		cmocka_unit_test(test_lookup_twice_is_refused),
		cmocka_unit_test(test_lookup_and_derive_of_one_name_are_refused),
		cmocka_unit_test(test_lookup_attribute_without_the_use_is_refused),
		cmocka_unit_test(test_lookup_comes_before_summarise),
		cmocka_unit_test(test_lookup_is_gone_behind_per_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
