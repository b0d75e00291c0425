/*
 * test_errors_expressions.c - what a script is told of an expression that is wrong: its types, its syntax, its
 * functions, its lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "errors.h"

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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types_that_do_not_fit_are_told_with_a_remedy),
		cmocka_unit_test(test_syntax_errors_have_a_character),
		cmocka_unit_test(test_functions_of_texts_and_dates_are_told),
		cmocka_unit_test(test_lists_that_are_none_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
