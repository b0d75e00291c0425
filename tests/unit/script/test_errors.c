/* What a script is told when it is wrong: line, words, remedy. Each row falls when its refusal is removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "world.h"

struct wrong {
	const char *script;
	uint32_t line;
	const char *message, *remedy;
};

static void expect_all(const struct wrong *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		world_expect_error(rows[i].script, rows[i].line, rows[i].message, rows[i].remedy);
}
#define EXPECT(rows) expect_all(rows, sizeof rows / sizeof rows[0])

#define PERSONS "from 'study.persons'"
#define EVENTS "from 'study.events'"
#define SUM ":summarise{n='units()'}"

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
		{ PERSONS ":lookup('codes.sectors')", 1,
		  "a relation has no verb \"lookup\" and no cells to read: a job is static: the script ends before the "
		  "first row is read",
		  "the verbs are where derive per_unit join group_by summarise calc describe order_by limit" },
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
		  "each output has its own name" },
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

static void test_types_that_do_not_fit_are_told_with_a_remedy(void **state)
{
	static const struct wrong rows[] = {
		{ PERSONS ":where 'male = 1'", 1,
		  "cannot compare: male is true or false, 1 is an integer (character 6 of \"male = 1\")",
		  "write male or not male" },
		{ PERSONS ":where \"male = 'yes'\"", 1,
		  "male is true or false and 'yes' is text (character 8 of \"male = 'yes'\")",
		  "write male or not male" },
		{ PERSONS ":where 'male in (true)'", 1,
		  "true/false is not looked up in a list (character 6 of \"male in (true)\")",
		  "write the condition itself, or not in front of it" },
		{ EVENTS ":where 'event = 5'", 1,
		  "cannot compare: event is text, 5 is an integer (character 7 of \"event = 5\")",
		  "compare event with a text in single quotes" },
		{ EVENTS ":where 'event in (5)'", 1,
		  "a list for a text column holds texts (character 11 of \"event in (5)\")",
		  "write texts in single quotes" },
		{ EVENTS ":where \"event between 1 and 'b'\"", 1,
		  "between on a text column takes two texts (character 7 of \"event between 1 and 'b'\")",
		  "write texts in single quotes" },
		{ PERSONS ":where \"age = '18'\"", 1,
		  "age is a number and '18' is text (character 7 of \"age = '18'\")",
		  "write the number without quotes" },
		{ PERSONS ":where \"entry > '2020-01-01'\"", 1,
		  "entry is a date and '2020-01-01' is text (character 9 of \"entry > '2020-01-01'\")",
		  "write date '2020-01-31'" },
		{ PERSONS ":where \"entry > date '2020-13-01'\"", 1,
		  "'2020-13-01' is no date (character 14 of \"entry > date '2020-13-01'\")",
		  "write year-month-day: date '2020-01-31'" },
		{ PERSONS ":where 'entry > 5'", 1,
		  "cannot compare: entry is a date, 5 is an integer (character 7 of \"entry > 5\")",
		  "write a date as date '2020-01-31'" },
		{ PERSONS ":where 'entry in (5)'", 1,
		  "the list holds a integer and what is looked for is a date (character 11 of \"entry in (5)\")",
		  "write date '2020-01-31'" },
		{ PERSONS ":where 'age'", 1, "a condition is wanted and this is integer (character 1 of \"age\")",
		  "compare it with something: x > 0, x = 'a', x is not missing" },
		{ PERSONS ":where 'age + male > 1'", 1,
		  "needs two numbers, two dates to subtract, or a date and days: age is an integer, male is true or "
		  "false (character 5 of \"age + male > 1\")",
		  "" },
		{ PERSONS ":where 'weight div 2 = 1'", 1,
		  "needs two integers: weight is a real, 2 is an integer (character 8 of \"weight div 2 = 1\")",
		  "divide reals with /" },
		{ PERSONS ":where 'age and male'", 1,
		  "needs conditions: age is an integer, male is true or false (character 5 of \"age and male\")",
		  "a condition is a comparison, or a true/false column" },
		{ PERSONS ":where '-male = 1'", 1,
		  "\"-\" needs a number: male is true or false (character 1 of \"-male = 1\")", "" },
		{ PERSONS ":where 'age = null'", 1,
		  "null is no value to compute or compare with (character 7 of \"age = null\")",
		  "ask with: x is null, x is not null" },
		{ EVENTS ":where \"case when event = 'nash' then event else event end = 'nash'\"", 1,
		  "text cannot be chosen by case or coalesce (character 1 of \"case when event = 'nash' then event "
		  "else event end = 'nash'\")",
		  "group by the column instead, or give numbers" },
		{ PERSONS ":where 'case when male then 1 end = 1'", 1,
		  "case has no else (character 23 of \"case when male then 1 end = 1\")",
		  "say what stands for the remaining rows: else 0" },
		{ PERSONS ":where \"site > 'a'\"", 1,
		  "site has values outside its domain, (other), which have no order (character 6 of \"site > 'a'\")",
		  "name the labels: in ('…', '…')" },
		{ PERSONS ":summarise{n='sum(male)'}", 1,
		  "sum() needs a number and this is boolean (character 5 of \"sum(male)\")",
		  "count it with count_if, or use share" },
		{ PERSONS ":summarise{n='count_if(age)'}", 1,
		  "count_if() needs a condition and this is integer (character 10 of \"count_if(age)\")",
		  "compare it with something: x > 0" },
	};

	(void)state;
	EXPECT(rows);
}

static void test_syntax_errors_have_a_character(void **state)
{
	static const struct wrong rows[] = {
		{ PERSONS ":where '(age > 3'", 1,
		  "\")\" expected, and the expression ends (character 9 of \"(age > 3\")", "" },
		{ PERSONS ":where 'age > 3 and'", 1,
		  "a value expected, and the expression ends (character 12 of \"age > 3 and\")", "" },
		{ PERSONS ":where 'age > 3 male'", 1,
		  "an operator or the end expected, not male (character 9 of \"age > 3 male\")", "" },
		{ PERSONS ":where 'age == 3'", 1, "\"==\" is not an operator (character 5 of \"age == 3\")",
		  "write =" },
		{ PERSONS ":where 'age != 3'", 1, "\"!=\" is not an operator (character 5 of \"age != 3\")",
		  "write <>" },
		{ PERSONS ":where 'age > 3 && male'", 1,
		  "\"&&\" is not an operator (character 9 of \"age > 3 && male\")", "write and" },
		{ PERSONS ":where 'age > 3 -- x'", 1, NULL, "write - (-x), or put the comment in Lua" },
		{ PERSONS ":where 'age > 1e3'", 1, "a number runs into a name (character 7 of \"age > 1e3\")",
		  "write a space between them; numbers have no exponent" },
		{ PERSONS ":where \"site = 'x\"", 1, "a text has no end (character 8 of \"site = 'x\")",
		  "close it with the quote it began with" },
		{ PERSONS ":where '1 < age < 3'", 1, "comparisons do not chain (character 9 of \"1 < age < 3\")",
		  "write a < b and b < c" },
		{ PERSONS ":where 'age ? 3'", 1, "this character means nothing here (character 5 of \"age ? 3\")",
		  "names with such characters stand in \"double quotes\"" },
		{ PERSONS ":where 'age > $'", 1, "a $ without a name (character 7 of \"age > $\")",
		  "write $name and give the name a value in the table behind the text" },
		{ PERSONS ":where '年齢 > 3 and agg > 2 or ü ? 2'", 1, NULL, NULL },
		{ EVENTS ":where \"\\\"分類*\\\" = '輸出'\"", 1,
		  "'輸出' is not in the domain of 分類* (character 9 of \"\"分類*\" = '輸出'\")", NULL },
		{ PERSONS ":where 'age not 3'", 1, "between, in or like expected, not 3 (character 9 of \"age not 3\")", "" },
		{ PERSONS ":where 'age is 3'", 1, "null or missing expected, not 3 (character 8 of \"age is 3\")", "" },
		{ PERSONS ":where ''", 1, "the text is empty (character 1 of \"\")", "" },
		{ PERSONS ":where '\\xff'", 1, "the expression is not UTF-8 text", "" },
		{ PERSONS ":where 'age\\0 > 3'", 1, "where: a text with a NUL byte", "" },
		{ PERSONS ":where 'sum(age) > 3'", 1,
		  "sum() is a statistic and stands alone in summarise (character 1 of \"sum(age) > 3\")",
		  "give it a name in summarise; arithmetic on results is for calc" },
		{ PERSONS ":where 'bands(age) > 3'", 1,
		  "bands() stands alone in derive or group_by (character 1 of \"bands(age) > 3\")",
		  "name it alone: derive{ band = \"bands(age)\" }, and group by band" },
		{ PERSONS ":derive{b='bands(age + 1)'}", 1,
		  "\")\" expected, not + (character 11 of \"bands(age + 1)\")", "" },
		{ PERSONS ":derive{b='bands(age)'}:where 'b > 3'", 1,
		  "b is bands(…): a key, no value (character 1 of \"b > 3\")",
		  "group by it, or compare the column itself: age between 18 and 39" },
		{ PERSONS ":summarise{n='units() / count()'}", 1,
		  "a statistic stands alone in summarise (character 9 of \"units() / count()\")",
		  "give each statistic its own name, and compute with them in calc" },
		{ PERSONS ":summarise{n='count(*)'}", 1, "count() takes no argument (character 7 of \"count(*)\")",
		  "write count(), or count_if(x is not missing)" },
		{ PERSONS ":summarise{n='mean()'}", 1, "mean() needs a number (character 6 of \"mean()\")", "" },
		{ PERSONS ":group_by('age + 1')", 1,
		  "group_by takes names and bands(column) (character 5 of \"age + 1\")", "name it with derive first" },
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

static void test_cells_cannot_be_read(void **state)
{
	static const char no_cells[] =
		"a relation has no cells to read: a job is static: the script ends before the first row is read";
	static const struct wrong rows[] = {
		{ "local r = " PERSONS SUM "\nif r.n > 10 then output('x', r) end", 2,
		  "a relation has no verb \"n\" and no cells to read: a job is static: the script ends before the "
		  "first row is read",
		  "declare arithmetic on results with :calc{…}; the verbs are where derive per_unit join group_by "
		  "summarise calc describe order_by limit" },
		{ "local r = " PERSONS SUM "\nprint(r[1])", 2, no_cells,
		  "declare arithmetic on results with :calc{…}" },
		{ "for i, row in ipairs(" PERSONS SUM ") do end", 1, no_cells, NULL },
		{ "for k, v in pairs(" PERSONS SUM ") do end", 1, "pairs() walks a table, not a relation",
		  "a job is static: the script ends before the first row is read" },
		{ "print(#" PERSONS ")", 1,
		  "a relation has no length: a job is static: the script ends before the first row is read",
		  "count in the result: summarise{ n = \"count()\" }" },
		{ "local r = " PERSONS "\nr.n = 1", 2, "a relation does not change; each verb returns a new one",
		  "keep what a verb returns: local r = r:where(…)" },
		{ "local r = " PERSONS "\nprint(r + 1)", 2,
		  "attempt to perform arithmetic on a relation value (local 'r')", NULL },
		{ "local r = " PERSONS "\nprint(r < r)", 2, "attempt to compare two relation values", NULL },
	};

	(void)state;
	EXPECT(rows);
}

static void test_lines_are_found_in_a_chain_over_several_lines(void **state)
{
	static const struct wrong rows[] = {
		{ "-- a comment\noutput('x',\n  from 'study.persons'\n  :where 'male'\n  :where 'agee > 3'\n  "
		  ":summarise{ n = 'units()' })",
		  5, "no column \"agee\" is granted in study.persons (character 1 of \"agee > 3\")", NULL },
		{ "output('x',\n  from 'study.persons'\n  :group_by('male', \"sitt\")\n  :summarise{ n = 'units()' })",
		  3, NULL, "did you mean site?" },
		{ "local function f(t)\n  local r = from(t)\n  return r\nend\nf('study.person')", 2, NULL, NULL },
		{ "output('x',\n  from 'study.persons'\n  :summarise{ n = 'units()',\n    m = 'sum(age)' })", 4, NULL,
		  NULL },
		{ "output('x',\n  from 'study.persons'\n  :derive{\n    age = '1' }\n  :summarise{ n = 'units()' })", 4,
		  NULL, NULL },
	};

	(void)state;
	EXPECT(rows);
}

static void test_plain_lua_errors_keep_line_and_source(void **state)
{
	struct world_result r;
	static const struct wrong rows[] = {
		{"\n\nlocal x = = 3", 3, "unexpected symbol near '='", ""},
		{"\nerror('my own words')", 2, "my own words", ""},
		{"\nerror({})", 2, "the script raised an error that is a table, not a text", ""},
		{"local ok, e = pcall(function() from 'x' end)\nerror(e, 0)", 1, "no table \"x\" is granted", NULL},
		{"local t = nil\nprint(t.x)", 2, "attempt to index a nil value (local 't')", ""},
		{"error('bad \\xff bytes\\27[31m')", 1, "bad \xEF\xBF\xBD bytes\xEF\xBF\xBD[31m", ""},
	};

	(void)state;
	EXPECT(rows);
	world_run("\n\terror('x') -- \xff", &r);
	assert_string_equal(r.end.source_line, " error('x') -- \xEF\xBF\xBD");
	world_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_unknown_are_told_with_a_near_one),
		cmocka_unit_test(test_names_ambiguous_or_taken_are_refused),
		cmocka_unit_test(test_types_that_do_not_fit_are_told_with_a_remedy),
		cmocka_unit_test(test_syntax_errors_have_a_character),
		cmocka_unit_test(test_grant_refusals_name_their_rule),
		cmocka_unit_test(test_verbs_in_wrong_order_or_shape_are_told),
		cmocka_unit_test(test_cells_cannot_be_read),
		cmocka_unit_test(test_lines_are_found_in_a_chain_over_several_lines),
		cmocka_unit_test(test_plain_lua_errors_keep_line_and_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
