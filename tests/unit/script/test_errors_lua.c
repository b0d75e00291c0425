/*
 * test_errors_lua.c - what a script is told of Lua itself: there are no cells to read, the line in a chain, its
 * own errors.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "errors.h"

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
		cmocka_unit_test(test_cells_cannot_be_read),
		cmocka_unit_test(test_lines_are_found_in_a_chain_over_several_lines),
		cmocka_unit_test(test_plain_lua_errors_keep_line_and_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
