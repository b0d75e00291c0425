/*
 * test_errors_verbs.c - what a script is told of verbs in a wrong order or shape, of joins that cannot be and of
 * statistics that do not fit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "errors.h"

static void test_verbs_in_wrong_order_or_shape_are_told(void **state)
{
	static const struct wrong rows[] = {
		{ PERSONS SUM ":where 'male'", 1, "where comes before summarise",
		  "after summarise stand calc, describe, order_by and limit" },
		{ PERSONS SUM ":derive{x='1'}", 1, "derive comes before summarise", NULL },
		{ PERSONS SUM ":group_by('male')", 1, "group_by comes before summarise", NULL },
		{ PERSONS SUM ":join(" EVENTS ")", 1, "join comes before summarise", NULL },
		{ PERSONS ":calc{x='1'}", 1, "calc comes after summarise",
		  "say what is counted first: :summarise{ persons = \"units()\" }" },
		{ PERSONS ":describe{x='1'}", 1, "describe comes after summarise", NULL },
		{ PERSONS ":order_by('x')", 1, "order_by comes after summarise", NULL },
		{ PERSONS ":limit(1)", 1, "limit comes after summarise", NULL },
		{ "output('x', " PERSONS ")", 1, "output comes after summarise", NULL },
		{ PERSONS SUM ":calc{x='n'}:summarise{m='count()'}", 1, "summarise comes before calc", NULL },
		{ EVENTS ":join(" PERSONS ":group_by('male'))", 1,
		  "join takes tables with where and derive, not groups or results", "group after the join" },
		{ PERSONS ":join(" PERSONS ")", 1, "join: study.persons would be joined with itself: study.persons",
		  "a table stands once in an output; \"semi\" and \"anti\" may name it again" },
		{ PERSONS ":join(from 'firms.books')", 1, "join: study.persons and another unit space: firms.books",
		  "only tables about the same kind of unit join" },
		{ EVENTS ":join(from 'study.visits')", 1,
		  "join: study.events and, both several rows per unit: study.visits",
		  "join with a table that has one row per unit, or fold one with per_unit" },
		{ "from 'codes.sectors'", 1, "codes.sectors has no privacy unit: it is a list of labels, not of units",
		  "begin with a table about units" },
		{ PERSONS ":group_by('age')", 1, "age has no finite domain to group by",
		  "group by its bands: derive{ band = \"bands(age)\" }, group_by(\"band\")" },
		{ PERSONS ":derive{b='bands(weight)'}", 1, "the catalogue declares no bands for weight",
		  "ask the data owner to declare bands, or group by a column with a domain" },
		{ EVENTS ":derive{b='bands(event)'}", 1, "the catalogue declares no bands for event",
		  "group by event itself: it has a domain" },
		{ PERSONS ":derive{b='age > 3'}:group_by('b')", 1,
		  "\"b\" is computed: groups come from columns and bands",
		  "count it instead: count_if(…) or share(…)" },
		{ PERSONS SUM ":order_by('n down')", 1, "\"n down\" is no order",
		  "write \"name\", or \"-name\" for largest first" },
		{ PERSONS SUM ":limit(0)", 1, "limit(0) is no number of rows", "a whole number from 1" },
		{ PERSONS SUM ":limit(-1)", 1, "limit(-1) is no number of rows", NULL },
		{ PERSONS SUM ":limit(1.5)", 1, "limit wants a whole number", ":limit(10)" },
		{ PERSONS SUM ":limit(0/0)", 1, "limit wants a whole number", NULL },
		{ PERSONS SUM ":limit(2^53)", 1, "limit(9007199254740992) is no number of rows", NULL },
		{ PERSONS SUM ":limit(math.mininteger)", 1, "limit(-9223372036854775808) is no number of rows", NULL },
		{ PERSONS SUM ":limit('ten')", 1, "limit wants a whole number", NULL },
		{ PERSONS ":where(3)", 1, "where wants a text, not number", NULL },
		{ PERSONS ":where('age > $x', {x = {}})", 1, "the list $x is empty",
		  "nothing is in it: leave the condition out" },
		{ PERSONS ":where('age > $x', {x = print})", 1, "the value of $x is a function",
		  "a text, number, true or false, or a list of texts or numbers" },
		{ PERSONS ":where('age > $x', {x = 0/0})", 1, "the value of $x is no plain decimal number",
		  "give it as a text: '0.000001'" },
		{ PERSONS ":where('age > $x', {x = 1e300})", 1, "the value of $x is no plain decimal number", NULL },
		{ PERSONS ":where('age > $x', 3)", 1, "the values of $names stand in a table", NULL },
		{ PERSONS ":where('age > $x', {3})", 1, "the table of $names wants names in its table: name = …",
		  NULL },
		{ PERSONS ":derive('x')", 1, "derive wants a table of names, not string",
		  ":derive{ band = \"bands(age)\" }" },
		{ PERSONS ":derive{'bands(age)'}", 1, "derive wants names in its table: name = …", NULL },
		{ PERSONS ":derive{}", 1, "derive names nothing", NULL },
		{ PERSONS ":derive{b=3}", 1, "derive: b is a number, not a text", NULL },
		{ PERSONS ":group_by()", 1, "group_by takes 1 to 64 names", NULL },
		{ PERSONS ":group_by(3)", 1, "group_by wants a text, not number", NULL },
		{ PERSONS ":join('study.events')", 1, "join wants a relation, not string",
		  "begin with from \"dataset.table\", and call verbs with a colon: rel:where(…)" },
		{ PERSONS ".where('male')", 1, "where wants a relation, not string", NULL },
		{ "output('x')", 1, "output wants a relation, not no value", NULL },
		{ "output(nil, " PERSONS SUM ")", 1, "output wants a text, not nil", NULL },
		{ "from(5)", 1, "from wants a text, not number", NULL },
		{ PERSONS SUM ":describe{n='two\\nlines'}", 1,
		  "the description of \"n\" must be one line of plain text, at most 512 bytes", NULL },
		{ PERSONS SUM ":describe{n='\\u{202e}'}", 1, NULL, NULL },
	};

	(void)state;
	EXPECT(rows);
}

static void test_per_unit_where_it_cannot_stand_is_refused(void **state)
{
	static const struct wrong rows[] = {
		{ FOLDED ":per_unit{m='count()'}", 1, "the table is folded per unit already",
		  "put all names into one per_unit" },
		{ VISITS ":join(" PERSONS "):per_unit{m='count()'}", 1,
		  "per_unit comes before join: it folds the rows of one table",
		  "fold first, then join: from(T):per_unit{…}:join(…)" },
		{ PERSONS ":join(" FOLDED "):per_unit{m='count()'}", 1,
		  "per_unit comes before join: it folds the rows of one table", NULL },
		{ VISITS ":group_by('site'):per_unit{m='count()'}", 1, "per_unit comes before group_by",
		  "group by columns of a joined table" },
		{ VISITS SUM ":per_unit{m='count()'}", 1, "per_unit comes before summarise", NULL },
		{ FOLDED ":group_by('n')", 1, "what per_unit made has no declared domain, so it makes no groups",
		  "count it instead, count_if(n > 3), or keep units with where" },
		{ VISITS ":per_unit{e='any(cost > 1)'}:group_by('e')", 1,
		  "what per_unit made has no declared domain, so it makes no groups", NULL },
		{ FOLDED ":derive{b='bands(n)'}", 1, "what per_unit made has no declared domain, so it makes no groups",
		  NULL },
		{ FOLDED ":summarise{h='hist(n)'}", 1,
		  "hist() counts by catalogue bands, and a column made by per_unit has none",
		  "count ranges with count_if(x between 0 and 9), or ask the data owner to declare bands" },
		{ FOLDED ":where 'cost > 3'", 1,
		  "per_unit made one row per unit of study.visits: \"cost\" is gone (character 1 of \"cost > 3\")",
		  "use it before per_unit, or inside: per_unit{ first = \"min(cost)\" }" },
		{ VISITS ":derive{dear='cost > 1'}:per_unit{n='count()'}:where 'dear'", 1,
		  "no column \"dear\" is granted in study.visits (character 1 of \"dear\")", NULL },
		{ FOLDED ":where 'nn > 3'", 1, "no column \"nn\" is granted in study.visits (character 1 of \"nn > 3\")",
		  "did you mean n?" },
		{ FOLDED ":derive{n='1'}", 1, "\"n\" is a column of study.visits already", "choose another name" },
		{ VISITS ":per_unit{n='unts()'}", 1,
		  "per_unit takes one fold of a unit's rows per name (character 1 of \"unts()\")", NULL },
		{ VISITS ":per_unit{n='median(cost)'}", 1,
		  "per_unit takes one fold of a unit's rows per name (character 1 of \"median(cost)\")", NULL },
		{ VISITS ":per_unit{n='man(cost)'}", 1, NULL, "did you mean mean()?" },
		{ VISITS ":per_unit{n='cost'}", 1, NULL,
		  "count() count_if(cond) sum(x) mean(x) min(x) max(x) any(cond) all(cond)" },
		{ VISITS ":per_unit{n='sum(cost) / 2'}", 1,
		  "a fold stands alone in per_unit (character 11 of \"sum(cost) / 2\")",
		  "give each fold its own name, and compute with them in derive" },
		{ VISITS ":per_unit{n='min(site)'}", 1,
		  "min() needs a number or a date and this is text (character 5 of \"min(site)\")", "" },
		{ VISITS ":per_unit{n='any()'}", 1, "any() needs a condition (character 5 of \"any()\")", "" },
		{ VISITS ":per_unit{['a b']='count()'}", 1, "\"a b\" is not a name for an output or its column", NULL },
		{ VISITS ":per_unit{}", 1, "per_unit names nothing", ":per_unit{ visits = \"count()\" }" },
		{ "local t = {} for i = 1, 33 do t['n' .. i] = 'count()' end\n" VISITS ":per_unit(t)", 2,
		  "more than 32 names in per_unit", NULL },
		{ VISITS ":where 'any(cost > 1)'", 1,
		  "any() stands alone in per_unit (character 1 of \"any(cost > 1)\")",
		  "give it a name there: per_unit{ ever = \"any(cond)\" }" },
		/* what may not be used raw may not be used folded */
		{ EVENTS ":per_unit{d='max(days)'}:where 'd > 3'", 1,
		  "you may not put a condition on days of study.events: the grant gives it measure [use-filter]", NULL },
		{ EVENTS ":per_unit{d='any(days > 3)'}", 1,
		  "you may not put a condition on days of study.events: the grant gives it measure [use-filter]", NULL },
		{ EVENTS ":per_unit{d='max(days)'}:summarise{n='count_if(d > 3)'}", 1,
		  "you may not put a condition on days of study.events: the grant gives it measure [use-filter]", NULL },
		{ PERSONS ":per_unit{a='max(age)'}:summarise{n='mean(a)'}", 1,
		  "you may not sum or average age of study.persons: the grant gives it group and filter [use-measure]",
		  NULL },
		{ PERSONS ":per_unit{a='max(secret)'}", 1,
		  "you may not sum or average secret of study.persons: the grant gives it no use [use-measure]", NULL },
		{ EVENTS ":join(" PERSONS ":per_unit{a='max(age)'}):summarise{n='slope(days, a)'}", 1,
		  "you may not sum or average age of study.persons: the grant gives it group and filter [use-measure]",
		  NULL },
	};

	(void)state;
	EXPECT(rows);
}

static void test_kinds_of_join_that_cannot_be_are_refused(void **state)
{
	static const struct wrong rows[] = {
		{ PERSONS ":join(" EVENTS ", 'outer')", 1, "join: no kind of join is \"outer\"",
		  "\"inner\" (both have the unit), \"left\" (all of the first), \"semi\" (rows of units that the other "
		  "has), \"anti\" (that it lacks)" },
		{ PERSONS ":join(" EVENTS ", 3)", 1, "join wants a text, not number", NULL },
		{ PERSONS ":join(" EVENTS ", 'left')", 1,
		  "join: study.persons \"left\", with several rows per unit: study.events",
		  "fold it first: from(T):per_unit{…}, or join \"inner\"" },
		{ PERSONS ":join(" PERSONS ", 'left')", 1,
		  "join: study.persons would be joined with itself: study.persons", NULL },
		{ PERSONS ":join(" PERSONS ", 'semi'):join(" PERSONS ")", 1,
		  "join: study.persons would be joined with itself: study.persons", NULL },
		{ PERSONS ":join(from 'firms.books', 'anti')", 1,
		  "join: study.persons and another unit space: firms.books", NULL },
		{ VISITS ":join(" EVENTS ":join(" PERSONS "), 'semi')", 1,
		  "join: only \"inner\" takes tables that are joined already", "join them one after the other" },
		{ PERSONS ":join(" EVENTS SUM ", 'semi')", 1,
		  "join takes tables with where and derive, not groups or results", NULL },
		{ PERSONS ":join(" EVENTS ", 'semi'):where \"event = 'nash'\"", 1,
		  "\"event\" is of study.events, in which the join only looks for units (character 1 of \"event = 'nash'\")",
		  "put the condition before the join, or join \"inner\" or \"left\"" },
		{ PERSONS ":join(" FOLDED ", 'anti'):summarise{s='sum(n)'}", 1,
		  "\"n\" is of study.visits, in which the join only looks for units (character 5 of \"sum(n)\")", NULL },
		{ PERSONS ":derive{n='1'}:join(" FOLDED ")", 1, "\"n\" is a column of study.visits already", NULL },
		{ "local r = " PERSONS "\nfor i = 1, 8 do r = r:join(" EVENTS ", 'semi') end", 2,
		  "more than 8 tables in one output", NULL },
	};

	(void)state;
	EXPECT(rows);
}

static void test_statistics_that_do_not_fit_are_told(void **state)
{
	static const struct wrong rows[] = {
		{ VISITS ":summarise{n='quantile(cost)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 14 of \"quantile(cost)\")",
		  "quantile(x, 0.9): the value that nine tenths of the rows do not exceed" },
		{ VISITS ":summarise{n='quantile(0.5, cost)'}", 1,
		  "quantile() takes its arguments the other way round: first the values, then the part (character 15 of "
		  "\"quantile(0.5, cost)\")", "write the column first: quantile(x, 0.9)" },
		{ VISITS ":summarise{n='quantile(cost, 0)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, 0)\")",
		  NULL },
		{ VISITS ":summarise{n='quantile(cost, 1.0)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, 1.0)\")",
		  NULL },
		{ VISITS ":summarise{n='quantile(cost, -0.5)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, -0.5)\")",
		  NULL },
		{ VISITS ":summarise{n='quantile(cost, 0.12345)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, 0.12345)\")",
		  NULL },
		{ VISITS ":summarise{n='quantile(cost, 90)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, 90)\")",
		  NULL },
		{ VISITS ":summarise{n='quantile(cost, cost)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, cost)\")",
		  NULL },
		{ VISITS ":summarise{n=\"quantile(cost, date '2020-01-01')\"}", 1, NULL, NULL },
		{ VISITS ":summarise{n='quantile(cost, true)'}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, true)\")",
		  NULL },
		{ VISITS ":summarise{n=\"quantile(cost, 'x')\"}", 1,
		  "quantile() takes a part between 0 and 1, in at most 4 decimals (character 16 of \"quantile(cost, 'x')\")",
		  NULL },
		{ VISITS ":summarise{n='corr(cost)'}", 1,
		  "corr() takes two numbers (character 10 of \"corr(cost)\")", "corr(x, y)" },
		{ VISITS ":summarise{n='slope(cost)'}", 1, NULL, "first y, then x: slope(y, x)" },
		{ VISITS ":summarise{n='lm(cost)'}", 1,
		  "lm() takes a number and at least one x (character 8 of \"lm(cost)\")", "first y, then each x: lm(y, x1, x2)" },
		{ VISITS ":summarise{n='lm(cost, site)'}", 1,
		  "lm() needs numbers and conditions and this is text (character 10 of \"lm(cost, site)\")", NULL },
		{ VISITS ":summarise{n='lm(cost > 1, cost)'}", 1, NULL, NULL },
		{ VISITS ":summarise{n='lm(cost, cost, cost, cost, cost, cost, cost, cost, cost, cost)'}", 1,
		  "lm() takes at most 8 x (character 56 of \"lm(cost, cost, cost, cost, cost, cost, cost, cost, cost, cost)\")",
		  NULL },
		{ VISITS ":summarise{a='count()', b='lm(cost, cost, cost, cost, cost, cost, cost, cost, cost)'}"
		  ":summarise{c='lm(cost, cost, cost, cost, cost, cost, cost, cost, cost)'}", 1,
		  "lm() of 8 x makes 19 statistics, and an output has at most 32", "ask for it in an output of its own" },
		{ VISITS ":summarise{n='corr(cost, site)'}", 1,
		  "corr() needs a number and this is text (character 12 of \"corr(cost, site)\")", NULL },
		{ VISITS ":summarise{n='corr(cost, cost, cost)'}", 1,
		  "\")\" expected, not , (character 16 of \"corr(cost, cost, cost)\")", NULL },
		{ VISITS ":summarise{n='medain(cost)'}", 1, NULL, "did you mean median()?" },
		{ VISITS ":summarise{n='hist(cost)'}", 1, "hist() counts by catalogue bands, and cost has none", NULL },
		{ PERSONS ":summarise{n='hist(age + 1)'}", 1, NULL, NULL },
		{ PERSONS ":derive{x='age + 1'}:summarise{n='hist(x)'}", 1,
		  "hist() takes one column of a table (character 6 of \"hist(x)\")", "name the column: hist(age)" },
		{ PERSONS ":summarise{h='hist(age)', h_2='count()'}", 1, "the output has a column \"h_2\" already", "" },
		{ "local t = {} for i = 1, 30 do t['n' .. i] = 'count()' end\n" PERSONS
		  ":summarise(t):summarise{h='hist(age)'}",
		  2, "hist(age) makes 3 statistics, and an output has at most 32",
		  "group by the bands instead: derive{ band = \"bands(age)\" }" },
		{ "local t = {} for i = 1, 33 do t['n' .. i] = 'count()' end\n" PERSONS ":summarise(t)", 2,
		  "more than 32 statistics in one output", "" },
		{ PERSONS ":where 'median(age) > 3'", 1,
		  "median() is a statistic and stands alone in summarise (character 1 of \"median(age) > 3\")", NULL },
		{ PERSONS ":summarise{n='median(age)'}", 1,
		  "you may not sum or average age of study.persons: the grant gives it group and filter [use-measure]",
		  NULL },
		{ EVENTS ":join(" PERSONS "):summarise{n='corr(days, age)'}", 1,
		  "you may not sum or average age of study.persons: the grant gives it group and filter [use-measure]",
		  NULL },
	};

	(void)state;
	EXPECT(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verbs_in_wrong_order_or_shape_are_told),
		cmocka_unit_test(test_per_unit_where_it_cannot_stand_is_refused),
		cmocka_unit_test(test_kinds_of_join_that_cannot_be_are_refused),
		cmocka_unit_test(test_statistics_that_do_not_fit_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
