/*
 * test_errors_names.c - what a script is told of names: unknown ones with a near one, those taken already, and
 * uses that the grant does not give.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "errors.h"

static void test_names_unknown_are_told_with_a_near_one(void **state)
{
	static const struct wrong rows[] = {
		{ "\nfrom 'study.persn'", 2, "no table \"study.persn\" is granted", "did you mean \"study.persons\"?" },
		{ "from 'tax.income'", 1, "no table \"tax.income\" is granted",
		  "granted are study.persons, study.events, …" },
		{ PERSONS ":where 'agee > 3'", 1,
		  "no column \"agee\" is granted in study.persons (character 1 of \"agee > 3\")", "did you mean age?" },
		{ EVENTS ":join(" PERSONS "):where 'zzzz > 3'", 1,
		  "no column \"zzzz\" is granted (character 1 of \"zzzz > 3\")", "" },
		{ EVENTS ":where 'inn > 3'", 1,
		  "no column \"inn\" is granted in study.events (character 1 of \"inn > 3\")", "did you mean \"in\"?" },
		{ PERSONS ":where 'visits.age > 3'", 1,
		  "no column \"age\" is granted in visits (character 1 of \"visits.age > 3\")", NULL },
		{ PERSONS ":where 'id = 3'", 1,
		  "id is the privacy unit of study.persons: it cannot be read (character 1 of \"id = 3\")",
		  "units() counts distinct units; join uses it by itself" },
		{ PERSONS ":whre 'male'", 1,
		  "a relation has no verb \"whre\" and no cells to read: a job is static: the script ends before the "
		  "first row is read",
		  "did you mean :where?" },
		{ PERSONS ":pivot('codes.sectors')", 1,
		  "a relation has no verb \"pivot\" and no cells to read: a job is static: the script ends before the "
		  "first row is read",
		  "the verbs are where derive per_unit join lookup group_by summarise calc describe order_by limit" },
		{ PERSONS ":per_units{}", 1, NULL, "did you mean :per_unit?" },
		{ PERSONS ":where 'abc(age) > 1'", 1, "no function abc() (character 1 of \"abc(age) > 1\")",
		  "did you mean abs()?" },
		{ PERSONS ":where 'age > $mni'", 1, "no value is given for $mni (character 7 of \"age > $mni\")",
		  "did you mean $min?" },
		{ PERSONS ":where('age > $low', {hi = 3})", 1,
		  "no value is given for $low (character 7 of \"age > $low\")",
		  "give it in the table behind the text: {low = …}, or as a parameter of the job" },
		{ EVENTS ":where \"event = 'nafdl'\"", 1,
		  "'nafdl' is not in the domain of event (character 9 of \"event = 'nafdl'\")",
		  "did you mean 'nafld'?" },
		{ PERSONS ":where \"site = '(missing)'\"", 1,
		  "'(missing)' is not in the domain of site (character 8 of \"site = '(missing)'\")",
		  "write site is missing" },
		{ PERSONS ":summarise{n='unit()'}", 1,
		  "summarise takes one statistic per name (character 1 of \"unit()\")", "did you mean units()?" },
		{ PERSONS SUM ":order_by('m')", 1, "the output has no column \"m\"", NULL },
		{ PERSONS ":summarise{persons='units()'}:calc{x='person * 2'}", 1,
		  "the output has no column \"person\" (character 1 of \"person * 2\")", "did you mean \"persons\"?" },
		{ PERSONS ":summarise{persons='units()'}:describe{person='x'}", 1,
		  "the output has no column \"person\"", "did you mean \"persons\"?" },
		{ PERSONS ":summarise{h='hist(age)', n='units()'}:describe{h='x'}", 1, "the output has no column \"h\"",
		  "it makes several columns, \"h_1\" and on: name the one you mean, or describe each" },
		{ "print(params.mn)", 1, "the job has no parameter \"mn\"", "did you mean params.min?" },
		{ "local limit = 3\nfunction helper() end\nhelpr()", 3, "unknown name helpr", "did you mean helper?" },
		{ "ouput('x')", 1, "unknown name ouput", "did you mean output?" },
		{ "print(string.formt('x'))", 1, "unknown name string.formt", "did you mean string.format?" },
	};

	(void)state;
	EXPECT(rows);
}

static void test_names_ambiguous_or_taken_are_refused(void **state)
{
	static const struct wrong rows[] = {
		{ "from 'study.visits':join(" PERSONS "):where \"site = 'north'\"", 1,
		  "\"site\" is a column of study.visits and of study.persons (character 1 of \"site = 'north'\")",
		  "write visits.site or persons.site" },
		{ PERSONS ":derive{age='1'}", 1, "\"age\" is a column of study.persons already",
		  "choose another name" },
		{ PERSONS ":derive{x='1'}:derive{x='2'}", 1, "\"x\" is derived already", "choose another name" },
		{ PERSONS ":derive{x='1', y='x + 1'}", 1,
		  "\"x\" stands in the same table, and a Lua table has no order (character 1 of \"x + 1\")",
		  "use it in a second derive" },
		{ EVENTS ":derive{age='days'}:join(" PERSONS ")", 1, "\"age\" is a column of study.persons already",
		  "choose another name" },
		{ PERSONS ":derive{['a b']='1'}", 1, "\"a b\" is not a name for an output or its column",
		  "letters, digits, _ and -, beginning with a letter or _, at most 64 bytes" },
		{ PERSONS ":group_by('male', 'male')", 1, "group_by names \"male\" twice", "" },
		{ PERSONS ":group_by('male'):summarise{male='units()'}", 1, "the output has a column \"male\" already",
		  "" },
		{ EVENTS ":group_by('分類*')", 1, "\"分類*\" cannot be the name of an output column",
		  "give it one: derive{ kind = '\"分類*\"' }, group_by(\"kind\")" },
		{ "output('x', " PERSONS SUM ")\noutput('x', " PERSONS SUM ")", 2, "there is an output \"x\" already",
		  "each output has its own name; capital letters make no other" },
		{ "output('a b', " PERSONS SUM ")", 1, "\"a b\" is not a name for an output or its column", NULL },
		{ PERSONS SUM ":calc{a='n', b='a'}", 1,
		  "\"a\" stands in the same table, and a Lua table has no order (character 1 of \"a\")",
		  "use it in a second calc" },
		{ PERSONS SUM ":calc{b='n', a='b'}", 1,
		  "\"b\" stands in the same table, and a Lua table has no order (character 1 of \"b\")", NULL },
		{ PERSONS ":group_by('male')" SUM ":calc{b='male'}", 1,
		  "\"male\" is a key: calc computes with statistics (character 1 of \"male\")",
		  "use the names of summarise" },
	};

	(void)state;
	EXPECT(rows);
}

static void test_grant_refusals_name_their_rule(void **state)
{
	static const struct wrong rows[] = {
		{ EVENTS ":where 'days > 3'", 1,
		  "you may not put a condition on days of study.events: the grant gives it measure [use-filter]",
		  "ask the data owner for the use \"filter\", or do without the column here" },
		{ PERSONS ":where 'secret > 3'", 1,
		  "you may not put a condition on secret of study.persons: the grant gives it no use [use-filter]",
		  NULL },
		{ PERSONS ":derive{x='secret * 2'}:where 'x > 3'", 1,
		  "you may not put a condition on secret of study.persons: the grant gives it no use [use-filter]",
		  NULL },
		{ PERSONS ":summarise{n='mean(age)'}", 1,
		  "you may not sum or average age of study.persons: the grant gives it group and filter [use-measure]",
		  "ask the data owner for the use \"measure\", or do without the column here" },
		{ EVENTS ":summarise{n='share(days > 3)'}", 1,
		  "you may not put a condition on days of study.events: the grant gives it measure [use-filter]",
		  NULL },
		{ PERSONS ":group_by('entry')", 1, "entry has no finite domain to group by",
		  "group by a text, true/false or banded column, or put it in sum, mean or where" },
	};

	(void)state;
	EXPECT(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_unknown_are_told_with_a_near_one),
		cmocka_unit_test(test_names_ambiguous_or_taken_are_refused),
		cmocka_unit_test(test_grant_refusals_name_their_rule),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
