/*
 * What a hostile script tries inside Lua (attacks on time, memory, escape and information). Each ends in a
 * clean error or does nothing; what only a kill can end is tried in the real process (test_script_process).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/script/globals.h"
#include "world.h"

struct attack {
	const char *name, *script, *message; /* message: a part of the error; NULL: runs to its end */
};

static void expect(const struct attack *a, uint64_t steps)
{
	struct world_result r;
	struct sl_script_setup setup = world_setup(a->script);

	world_run_setup(&setup, steps, &r);
	if (r.rc != SL_OK)
		fail_msg("%s: rc %d %s", a->name, (int)r.rc, r.err.text);
	if (a->message == NULL ? !r.end.ok : r.end.ok || strstr(r.end.message, a->message) == NULL)
		fail_msg("%s: ok %d, \"%s\", wanted %s", a->name, r.end.ok, r.end.message != NULL ? r.end.message : "",
		         a->message != NULL ? a->message : "an end");
	if (r.printed != NULL && strstr(r.printed, "0x") != NULL)
		fail_msg("%s: prints an address: %s", a->name, r.printed);
	world_free(&r);
}
#define EXPECT(rows) \
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) \
		expect(&rows[i], 1000000)

#define STEPS "the script did not end within 1000000 steps"
#define MEMORY "not enough memory"

static void test_sandbox_loops_end_with_the_step_budget(void **state)
{
	static const struct attack rows[] = {
		{ "loop", "while true do end", STEPS },
		{ "loop in pcall in a loop", "while true do pcall(function() while true do end end) end", STEPS },
		{ "nested pcalls", "local function f() while true do pcall(f) end end f()", STEPS },
		{ "loop in a message handler", "xpcall(error, function() while true do end end)", STEPS },
		{ "handler that loops again", "while true do xpcall(error, function() while true do end end) end",
		  STEPS },
		{ "tail calls", "local function f() return f() end f()", STEPS },
		{ "goto", "::again:: goto again", STEPS },
		{ "sort whose comparator loops", "table.sort({3,2,1}, function() while true do end end)", STEPS },
		{ "gsub whose callback loops", "('x'):gsub('x', function() while true do end end)", STEPS },
		{ "next over a large table",
		  "local t = {} for i = 1, 2000 do t[i] = i end local k while true do k = next(t, k) end", STEPS },
		{ "pairs again and again", "local t = {} for i = 1, 5000 do t[i] = i end while true do pairs(t) end",
		  STEPS },
		{ "repeat until the error is swallowed",
		  "repeat local ok = pcall(function() for i = 1, 1e9 do end end) until ok", STEPS },
		{ "many relations",
		  "local r = from 'study.persons' while true do r = (from 'study.persons'):where 'male' end", STEPS },
	};

	(void)state;
	EXPECT(rows);
}

static void test_sandbox_memory_ends_in_an_error(void **state)
{
	static const struct attack rows[] = {
		{ "growing table", "local t = {} for i = 1, 1e8 do t[i] = i end", MEMORY },
		{ "large rep", "local s = string.rep('x', 1 << 26)", MEMORY },
		{ "huge rep", "string.rep('x', 1 << 40)", "resulting string too large" },
		{ "rep beyond sizes", "string.rep('xx', math.maxinteger)", "resulting string too large" },
		{ "doubling", "local s = 'x' while true do s = s .. s end", MEMORY },
		{ "gsub amplification", "local s = ('x'):rep(50000) s = s:gsub('x', ('y'):rep(1000))", MEMORY },
		{ "recursion", "local function f() return 1 + f() end f()", MEMORY },
		{ "concat of many", "local t = {} for i = 1, 1000 do t[i] = ('x'):rep(100000) end table.concat(t)",
		  MEMORY },
		{ "memory error swallowed is no way out", "local ok, e = pcall(string.rep, 'x', 1 << 30) print(ok, e)",
		  NULL },
		{ "kept relations",
		  "local t = {} local r = from 'study.persons'\nfor i = 1, 1e6 do r = r:where 'age > 3' t[i] = r end",
		  "operations" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect(&rows[i], 100000000);
}

static void test_sandbox_recursion_overflows_cleanly(void **state)
{
	static const char *const texts[] = {"local function f() return 1 + f() end f()",
	                                    "local function f() return pcall(f) and 1 + f() end f()",
	                                    "local function f(...) return select('#', f(1, ...)) end f()",
	                                    "local function f() string.gsub('x', 'x', f) end f()",
	                                    "local function f() table.sort({1, 2}, f) end f()"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct world_result r;
		struct sl_script_setup setup = world_setup(texts[i]);
		setup.memory_bytes = 512u << 20;
		world_run_setup(&setup, 100000000, &r);
		assert_int_equal(r.rc, SL_OK);
		if (r.end.ok || (strstr(r.end.message, "overflow") == NULL && strstr(r.end.message, "steps") == NULL))
			fail_msg("%s: %s", texts[i], r.end.message);
		world_free(&r);
	}
}

static void test_sandbox_extreme_arguments_end_in_an_error(void **state)
{
	static const struct attack rows[] = {
		{ "table.move over 2^53", "table.move({}, 1, 1 << 53, 2)", "table.move of more than 1000000 elements" },
		{ "table.move over everything", "table.move({}, math.mininteger, math.maxinteger, 2)",
		  "table.move of more than" },
		{ "unpack range", "table.unpack({}, 1, 1e8)", "too many results to unpack" },
		{ "unpack all integers", "table.unpack({}, math.mininteger, math.maxinteger)",
		  "too many results to unpack" },
		{ "select of the least integer", "select(math.mininteger, 1)", "index out of range" },
		{ "format width", "string.format('%99999d', 1)", "invalid conversion" },
		{ "format precision", "print(#string.format('%99.99f', 1e308))", NULL },
		{ "byte of a long text", "string.byte(('x'):rep(1 << 20), 1, -1)", "string slice too long" },
		{ "char out of range", "string.char(-1)", "value out of range" },
		{ "utf8.char out of range", "utf8.char(-1)", "value out of range" },
		{ "concat over a range", "table.concat({}, 'x', 1, 1 << 60)", "invalid value (nil) at index 1" },
		{ "insert far out", "table.insert({}, 1 << 60, 1)", "position out of bounds" },
		{ "tonumber base", "tonumber('z', 99)", "base out of range" },
		{ "integer of nan", "('x'):rep(0/0)", "number has no integer representation" },
		{ "integer of 2^63", "('x'):rep(2^63)", "number has no integer representation" },
		{ "where with an endless text", "from('study.persons'):where(('('):rep(262145))",
		  "the expression has more than 262144 bytes" },
		{ "where with deep parentheses",
		  "from('study.persons'):where(('('):rep(4000) .. 'male' .. (')'):rep(4000))",
		  "nested deeper than 48" },
		{ "where with many nots", "from('study.persons'):where(('not '):rep(1000) .. 'male')",
		  "nested deeper than 48" },
		{ "where with many signs", "from('study.persons'):where(('- '):rep(1000) .. 'age > 3')",
		  "nested deeper than 48" },
		{ "where with many terms", "from('study.persons'):where('age' .. ('+1'):rep(600) .. ' > 1')",
		  "more than 512 operations" },
		{ "where with many sets", "from('study.persons'):where('male' .. (\" or site = 'north'\"):rep(40))",
		  "more than 32 comparisons" },
		{ "where with many waiting values",
		  "from('study.persons'):where('1+(1+(' .. ('1*(1+('):rep(20) .. 'age' .. ('))'):rep(21) .. ' > 1')",
		  NULL },
		{ "derive of too many",
		  "local t = {} for i = 1, 65 do t['k' .. i] = '1' end from('study.persons'):derive(t)",
		  "more than 64 names" },
		{ "outputs without end",
		  "for i = 1, 100 do output('x' .. i, from('study.persons'):summarise{n='units()'}) end",
		  "output 17, the limit plans_max is 16" },
	};

	(void)state;
	EXPECT(rows);
}

static void test_sandbox_parser_of_lua_refuses_extremes(void **state)
{
	static const struct attack rows[] = {
		{"unterminated long bracket", "x = [==[ abc", "unfinished long string"},
		{"unterminated long comment", "--[[", "unfinished long comment"},
		{"bad escape", "x = '\\400'", "decimal escape too large"},
		{"const env", "local _ENV <const> = {} x = 1", NULL},
		{"own env", "local _ENV = {} output = 3", NULL},
		{"closed variable", "local x <close> = 4", "variable 'x' got a non-closable value"},
	};
	char text[20000];
	struct world_result r;

	(void)state;
	EXPECT(rows);
	/* 300 nested parentheses, 250 locals, 10,000 constants */
	static const char *const shapes[][3] = { { "x = ", "(", "1" },
		                                 { "", "local a ", "" },
		                                 { "x = ", "{", "" },
		                                 { "return ", "function() return ", "1" } };
	for (size_t k = 0; k < sizeof shapes / sizeof shapes[0]; k++) {
		size_t n = (size_t)snprintf(text, sizeof text, "%s", shapes[k][0]);
		for (int i = 0; i < 300; i++)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s", shapes[k][1]);
		snprintf(text + n, sizeof text - n, "%s", shapes[k][2]);
		world_run(text, &r);
		assert_int_equal(r.rc, SL_OK);
		assert_int_equal(r.end.ok, 0);
		world_free(&r);
	}
}

static void test_sandbox_names_that_reach_out_are_absent(void **state)
{
	static const char *const names[] = { "io",
		                             "os",
		                             "package",
		                             "require",
		                             "debug",
		                             "dofile",
		                             "loadfile",
		                             "load",
		                             "loadstring",
		                             "rawset",
		                             "rawget",
		                             "collectgarbage",
		                             "coroutine",
		                             "setmetatable",
		                             "getmetatable",
		                             "_G",
		                             "warn",
		                             "_VERSION",
		                             "string.dump",
		                             "string.pack",
		                             "string.packsize",
		                             "string.unpack",
		                             "math.random",
		                             "math.randomseed",
		                             "unpack" };
	char script[128], message[128];

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(script, sizeof script, "local x = %s", names[i]);
		snprintf(message, sizeof message, "%s is not offered", names[i]);
		world_expect_error(script, 1, message, NULL);
	}
}

static void test_sandbox_cannot_be_changed(void **state)
{
	static const struct attack rows[] = {
		{"replace a verb", "from = print", "belongs to the enclave"},
		{"replace a base function", "pcall = function() end", "belongs to the enclave"},
		{"replace a library", "string = {}", "belongs to the enclave"},
		{"replace _G", "_G = {}", "belongs to the enclave"},
		{"define a refused name", "function load() end", "belongs to the enclave"},
		{"define through _ENV", "_ENV.output = 1", "belongs to the enclave"},
		{"change a library", "string.rep = function() end", "the library string cannot be changed"},
		{"change a library by insert", "table.insert(string, 1)", "the library string cannot be changed"},
		{"change a library by move", "table.move({1}, 1, 1, 1, math)", "the library math cannot be changed"},
		{"change params", "params.min = 1", "params cannot be changed"},
		{"methods of texts are guarded too", "print(('x').dump)", "string.dump is not offered"},
		{"method of texts cannot be set", "('x').rep = 1", "attempt to index a string value"},
		{"libraries look empty", "for k in pairs(string) do error('seen ' .. k) end", NULL},
		{"environment shows own names only", "x = 1 for k in pairs(_ENV) do if k ~= 'x' then error(k) end end", NULL},
	};

	(void)state;
	EXPECT(rows);
}

static void test_sandbox_byte_code_is_refused(void **state)
{
	struct world_result r;
	static const char code[] = "\x1bLua";
	struct sl_script_setup setup = world_setup(code);

	(void)state;
	world_run_setup(&setup, 1000, &r);
	assert_int_equal(r.end.ok, 0);
	assert_string_equal(r.end.message, "a job is Lua text, not byte code");
	assert_int_equal(r.end.line, 1);
	world_free(&r);
	setup = world_setup("\xEF\xBB\xBFprint(1)");
	world_run_setup(&setup, 1000, &r);
	assert_int_equal(r.end.ok, 1);
	world_free(&r);
	setup = world_setup("\xEF\xBB\xBF\x1bLua");
	world_run_setup(&setup, 1000, &r);
	assert_int_equal(r.end.ok, 0);
	world_free(&r);
}

static void test_sandbox_shows_no_address(void **state)
{
	static const char *const made[] = { "tostring(print)",
		                            "tostring({})",
		                            "tostring(from 'study.persons')",
		                            "string.format('%s %s', {}, print)",
		                            "string.format('%-20s|', from)",
		                            "string.format('\\0%s', {})",
		                            "string.format('%%%s\\0\\0%5s', {}, from)",
		                            "select(2, pcall(error, {}))",
		                            "tostring(nil)",
		                            "select(2, pcall(string.rep))",
		                            "select(2, pcall(ipairs))",
		                            "select(2, pcall(table.concat, {{}}))",
		                            "select(2, pcall(string.format, '%d', {}))",
		                            "select(2, pcall(string.format, '%q', {}))",
		                            "select(2, pcall(function() return {} .. 'x' end))",
		                            "select(2, pcall(function() return from + 1 end))" };
	char script[256];
	struct world_result r;

	(void)state;
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
		snprintf(script, sizeof script, "print(%s)", made[i]);
		world_expect_ok(script, &r);
		if (strstr(r.printed, "0x") != NULL || strstr(r.printed, ": 5") != NULL)
			fail_msg("%s prints %s", script, r.printed);
		world_free(&r);
	}
	world_expect_error("string.format('%p', {})", 1, "%p is not offered: addresses differ from run to run", "use %s");
	world_expect_error("string.format('%-20p', {})", 1, "%p is not offered: addresses differ from run to run", NULL);
	world_expect_error("string.format('a\\0%p', print)", 1, "%p is not offered: addresses differ from run to run", NULL);
	world_expect_error("string.format('%% %p', print)", 1, "%p is not offered: addresses differ from run to run", NULL);
}

static void test_sandbox_error_values_are_never_called(void **state)
{
	(void)state;
	world_expect_error("error(print)", 1, "the script raised an error that is a function, not a text", NULL);
	world_expect_error("error(from 'study.persons')", 1,
	                   "the script raised an error that is a userdata, not a text", NULL);
	world_expect_error("error()", 1, "the script raised an error that is a nil, not a text", NULL);
	world_expect_error("error(true)", 1, "the script raised an error that is a boolean, not a text", NULL);
}

static void test_sandbox_order_is_fixed(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local t = {z = 1, a = 2, [3] = 3, [1] = 4, [2.5] = 5, [-1] = 6, [true] = 7, [false] = 8, "
	                "['ä'] = 9, Z = 10, [2^60] = 11}\n"
	                "local s = {} for k in pairs(t) do s[#s + 1] = tostring(k) end print(table.concat(s, ' '))\n"
	                "local k, n = nil, {} repeat k = next(t, k) n[#n + 1] = tostring(k) until k == nil "
	                "print(table.concat(n, ' '))\n"
	                "for k in pairs{a = 1, b = 2, c = 3} do t[k] = nil end\n"
	                "local u = {a = 1, b = 2, c = 3} for k in pairs(u) do u.b = nil u.d = 4 print(k) end",
	                &r);
	assert_string_equal(r.printed, "-1 1 2.5 3 1152921504606846976 Z a z ä false true\n"
	                               "-1 1 2.5 3 1152921504606846976 Z a z ä false true nil\na\nc\n");
	world_free(&r);
	world_expect_error("for k in pairs{[{}] = 1} do end", 1,
	                   "a table whose keys are tables or functions has no fixed order",
	                   "use texts or numbers as keys");
}

/* What is meant is sought among the script's own names too, and of a thousand not those that a hash happens to give. */
static void test_sandbox_guesses_do_not_depend_on_hashes(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		world_expect_error("for i = 1, 2000 do _ENV['abcdefgh' .. i] = 1 end\nlocal x = abcdefgh3x", 2,
		                   "unknown name abcdefgh3x", "did you mean abcdefgh1?");
	world_expect_error("for i = 1, 2000 do _ENV['abcdefgh' .. i] = 1 end\nlocal x = abcdefgh99x", 2,
	                   "unknown name abcdefgh99x", NULL);
	world_expect_error("for i = 2000, 1, -1 do _ENV['n' .. i] = 1 end\nlocal x = pritn", 2, "unknown name pritn",
	                   "did you mean print?");
}

static void test_sandbox_sort_is_stable_and_never_breaks(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local t = {} for i = 1, 500 do t[i] = {k = i % 7, i = i} end\n"
	                "table.sort(t, function(a, b) return a.k < b.k end)\n"
	                "for i = 2, 500 do assert(t[i-1].k < t[i].k or (t[i-1].k == t[i].k and t[i-1].i < t[i].i)) end\n"
	                "table.sort(t, function() return true end) table.sort(t, function() return false end)\n"
	                "local n = {3, 1, 2} table.sort(n) print(n[1], n[2], n[3]) table.sort{} table.sort{1}",
	                &r);
	assert_string_equal(r.printed, "1 2 3\n");
	world_free(&r);
	world_expect_error("table.sort{1, 'x'}", 1, "attempt to compare string with number", NULL);
	world_expect_error("table.sort({2, 1}, 3)", 1, NULL, NULL);
}

static void test_print_is_bounded_and_escaped(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("print('a\\27[31mb', 'c\\nd', '\\u{202e}', 'é')", &r);
	assert_null(strchr(r.printed, 27));
	assert_non_null(strstr(r.printed, "\\n"));
	assert_non_null(strstr(r.printed, "é"));
	world_free(&r);
	world_expect_ok("for i = 1, 10000 do print('line', i) end", &r);
	assert_true(strlen(r.printed) <= 1000);
	assert_non_null(strstr(r.printed, "(no more is printed: the limit print_bytes_max is 1000)\n"));
	world_free(&r);
	world_expect_ok("print(('x'):rep(5000))", &r);
	assert_string_equal(r.printed, "(no more is printed: the limit print_bytes_max is 1000)\n");
	world_free(&r);
}

/* Both sides of the table: each allowed row is there, each refused row is not, and nothing else exists. */
static void test_globals_table_is_exactly_what_there_is(void **state)
{
	char script[256];
	struct world_result r;

	(void)state;
	for (size_t i = 0; i < sl_globals_count; i++) {
		const struct sl_global *g = &sl_globals_table[i];
		const char *dot = g->library[0] != '\0' ? "." : "";
		assert_true(g->why != NULL && g->why[0] != '\0');
		snprintf(script, sizeof script, "local x = %s%s%s assert(x ~= nil)", g->library, dot, g->name);
		world_run(script, &r);
		assert_int_equal(r.end.ok, g->kind != SL_GLOBAL_REFUSED);
		world_free(&r);
	}
	static const char *const elsewhere[] = { "table.foreach", "string.gfind", "math.pow", "utf8.x",
		                                 "arg",           "bit32",        "ffi",      "jit" };
	for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++) {
		snprintf(script, sizeof script, "local x = %s", elsewhere[i]);
		world_run(script, &r);
		assert_int_equal(r.end.ok, 0);
		world_free(&r);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sandbox_loops_end_with_the_step_budget),
		cmocka_unit_test(test_sandbox_memory_ends_in_an_error),
		cmocka_unit_test(test_sandbox_recursion_overflows_cleanly),
		cmocka_unit_test(test_sandbox_extreme_arguments_end_in_an_error),
		cmocka_unit_test(test_sandbox_parser_of_lua_refuses_extremes),
		cmocka_unit_test(test_sandbox_names_that_reach_out_are_absent),
		cmocka_unit_test(test_sandbox_cannot_be_changed),
		cmocka_unit_test(test_sandbox_byte_code_is_refused),
		cmocka_unit_test(test_sandbox_shows_no_address),
		cmocka_unit_test(test_sandbox_error_values_are_never_called),
		cmocka_unit_test(test_sandbox_order_is_fixed),
		cmocka_unit_test(test_sandbox_guesses_do_not_depend_on_hashes),
		cmocka_unit_test(test_sandbox_sort_is_stable_and_never_breaks),
		cmocka_unit_test(test_print_is_bounded_and_escaped),
		cmocka_unit_test(test_globals_table_is_exactly_what_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
