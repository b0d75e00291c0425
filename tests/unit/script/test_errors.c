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

#define VISITS "from 'study.visits'"
#define FOLDED VISITS ":per_unit{n='count()', t='sum(cost)'}"

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

static void test_functions_of_texts_and_dates_are_told(void **state)
{
	static const struct wrong rows[] = {
		{ EVENTS ":where \"lower(event) = 'Nash'\"", 1,
		  "'Nash' is not in the domain of event in lower case (character 16 of \"lower(event) = 'Nash'\")",
		  "there is 'nash'" },
		{ EVENTS ":where 'lower(event) = event'", 1, NULL, NULL },
		{ EVENTS ":where \"lower('x') = 'x'\"", 1,
		  "lower() wants a text column (character 7 of \"lower('x') = 'x'\")", NULL },
		{ EVENTS ":derive{k='lower(event)'}", 1,
		  "lower() and upper() stand in comparisons only (character 1 of \"lower(event)\")",
		  "compare it at once: lower(x) = 'a'" },
		{ EVENTS ":where \"starts_with(event)\"", 1,
		  "starts_with() takes 2 arguments (character 18 of \"starts_with(event)\")", NULL },
		{ EVENTS ":where \"length(event, 'x') = 1\"", 1,
		  "too many arguments for length() (character 15 of \"length(event, 'x') = 1\")", NULL },
		{ EVENTS ":where 'event like event'", 1,
		  "a text is matched with a text (character 12 of \"event like event\")", "write it in single quotes" },
		{ PERSONS ":where \"age like '1%'\"", 1, "like wants a text column (character 1 of \"age like '1%'\")", "" },
		{ EVENTS ":where('event like $p', {p = ('x'):rep(513)})", 1,
		  "the text has more than 512 bytes, no label has (character 12 of \"event like $p\")", "" },
		{ PERSONS ":where 'year(age) > 3'", 1,
		  "\"year\" needs a date: age is an integer (character 1 of \"year(age) > 3\")", "" },
		{ PERSONS ":where 'months_between(entry, age) > 3'", 1, NULL, NULL },
		{ PERSONS ":where 'yaer(entry) > 3'", 1, NULL, "did you mean year()?" },
		{ PERSONS ":where 'xyzzy(entry) > 3'", 1, "no function xyzzy() (character 1 of \"xyzzy(entry) > 3\")",
		  "numbers: abs coalesce; dates: year quarter month day weekday months_between years_between; texts: "
		  "lower upper length starts_with ends_with contains" },
	};

	(void)state;
	EXPECT(rows);
}

static void test_lists_that_are_none_are_told(void **state)
{
	static const struct wrong rows[] = {
		{ EVENTS ":where('event in $c', {c = {'nash', 'nahs'}})", 1,
		  "'nahs' is not in the domain of event (character 10 of \"event in $c\")", "did you mean 'nash'?" },
		{ EVENTS ":where('event in $c', {c = {1}})", 1,
		  "a list for a text column holds texts (character 10 of \"event in $c\")", NULL },
		{ EVENTS ":where('event in $c', {c = {'nash', {}}})", 1, "value 2 of the list $c is a table",
		  "texts or numbers, one behind the other: {'a', 'b'}" },
		{ EVENTS ":where('event in $c', {c = {x = 1}})", 1, "the list $c is empty", NULL },
		{ EVENTS ":where('event = $c', {c = {'nash'}})", 1,
		  "$c is a list, not one value (character 9 of \"event = $c\")", "look a value up in it: x in $name" },
		{ PERSONS ":where('entry > date $c', {c = {'nash'}})", 1, "$c is a list, not one value (character 14 of \"entry > "
		  "date $c\")", NULL },
		{ EVENTS ":where('event in $site')", 1, "\"(\" expected, not $site (character 10 of \"event in $site\")", NULL },
		{ PERSONS ":where('age in $c', {c = {18, 'north'}})", 1,
		  "the text 'north' is no number, date or condition (character 8 of \"age in $c\")", NULL },
		{ "local t = {} for i = 1, 20001 do t[i] = i end\n" PERSONS ":where('age in $c', {c = t})", 2,
		  "the list $c has more than 20000 values", "split it: x in $a or x in $b" },
		{ "local t = {} for i = 1, 20000 do t[i] = i end\n" PERSONS ":where('age in ($c, 30000)', {c = t})", 2,
		  "a comparison covers more than 20000 values (character 1 of \"age in ($c, 30000)\")",
		  "split it: x in (…) or x in (…)" },
		{ "local t = {} for i = 1, 20000 do t[i] = 'nash' end\n" EVENTS ":where(\"event in ($c, 'x')\", {c = t})", 2,
		  "a list has more than 20000 texts (character 15 of \"event in ($c, 'x')\")", NULL },
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
		  "declare arithmetic on results with :calc{…}; the verbs are where derive per_unit join lookup group_by "
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
		cmocka_unit_test(test_per_unit_where_it_cannot_stand_is_refused),
		cmocka_unit_test(test_kinds_of_join_that_cannot_be_are_refused),
		cmocka_unit_test(test_statistics_that_do_not_fit_are_told),
		cmocka_unit_test(test_functions_of_texts_and_dates_are_told),
		cmocka_unit_test(test_lists_that_are_none_are_told),
		cmocka_unit_test(test_cells_cannot_be_read),
		cmocka_unit_test(test_lines_are_found_in_a_chain_over_several_lines),
		cmocka_unit_test(test_plain_lua_errors_keep_line_and_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
