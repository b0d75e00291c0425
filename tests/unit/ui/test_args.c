/*
 * test_args.c - command lines against a small table: what is taken, what is refused, which remedy is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/buf.h"
#include "ui-cli/args.h"

static const struct sl_command table[] = {
	{.noun = "init", .verb = "", .words = {{.name = "DIR", .file = true}},
	 .flags = {{.name = "--name", .value = "NAME", .needed = true}}},
	{.noun = "job", .verb = "run", .words = {{.name = "FILE|-", .file = true}},
	 .flags = {{.name = "--project", .value = "PROJECT", .needed = true},
	           {.name = "--param", .value = "NAME=VALUE", .many = true},
	           {.name = "--raw"}},
	 .session = true},
	{.noun = "job", .verb = "ls", .session = true},
	{.noun = "help", .verb = "", .words = {{.name = "COMMAND", .optional = true, .many = true}}, .session = true},
};

#define NTABLE (sizeof table / sizeof *table)

static enum sl_rc parse(const char *const *words, bool session, struct sl_args *a, struct sl_err *err)
{
	const struct sl_command *rows[NTABLE];
	int n = 0;

	for (size_t i = 0; i < NTABLE; i++)
		rows[i] = &table[i];
	while (words[n])
		n++;
	memset(a, 0, sizeof *a);
	memset(err, 0, sizeof *err);
	return sl_args_parse(rows, NTABLE, n, words, session, a, err);
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define REFUSED(code, session, ...) \
	do { \
		assert_int_equal(parse(WORDS(__VA_ARGS__), session, &a, &err), code); \
		assert_int_equal(err.rc, code); \
		assert_string_not_equal(err.text, ""); \
	} while (0)

static void test_args_command_with_flags_in_any_order_is_taken(void **state)
{
	struct sl_args a;
	struct sl_err err;
	uint32_t at = 0;

	(void)state;
	assert_int_equal(parse(WORDS("--json", "job", "run", "--param", "a=1", "x.lua", "-p", "liver", "--param=b=2", "--dir",
	                             "d"),
	                       false, &a, &err),
	                 SL_OK);
	assert_ptr_equal(a.command, &table[1]);
	assert_true(a.json);
	assert_string_equal(a.dir, "d");
	assert_int_equal(a.nwords, 1);
	assert_string_equal(a.words[0], "x.lua");
	assert_string_equal(sl_args_flag(&a, "--project"), "liver");
	assert_string_equal(sl_args_next(&a, "--param", &at), "a=1");
	assert_string_equal(sl_args_next(&a, "--param", &at), "b=2");
	assert_null(sl_args_next(&a, "--param", &at));
	assert_null(sl_args_flag(&a, "--raw"));
}

static void test_args_words_behind_two_dashes_are_no_flags(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	assert_int_equal(parse(WORDS("job", "run", "-p", "liver", "--", "--json"), false, &a, &err), SL_OK);
	assert_false(a.json);
	assert_string_equal(a.words[0], "--json");
}

static void test_args_unknown_word_names_the_nearest(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	REFUSED(SL_E_USAGE, false, "jop", "run");
	assert_non_null(strstr(err.remedy, "\"job\""));
	REFUSED(SL_E_USAGE, false, "job", "rum");
	assert_non_null(strstr(err.remedy, "\"run\""));
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "--projct", "p");
	assert_non_null(strstr(err.remedy, "\"--project\""));
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "--proj", "p");
}

static void test_args_incomplete_or_doubled_is_refused(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	REFUSED(SL_E_USAGE, false, "job");
	REFUSED(SL_E_USAGE, false, "--json");
	REFUSED(SL_E_USAGE, false, "job", "run", "-p", "liver");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "-p");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "-p", "");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "-p", "a", "-p", "b");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "y.lua", "-p", "a");
	REFUSED(SL_E_USAGE, false, "job", "run", "x.lua", "-p", "a", "--raw=yes");
	REFUSED(SL_E_USAGE, false, "job", "ls", "extra");
	REFUSED(SL_E_USAGE, false, "job", "ls", "--raw");
	REFUSED(SL_E_USAGE, false, "help", "a", "b", "c", "d", "e", "f", "g", "h", "i");
}

static void test_args_help_and_version_need_nothing_else(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	assert_int_equal(parse(WORDS("--help"), false, &a, &err), SL_OK);
	assert_true(a.help);
	assert_null(a.command);
	assert_int_equal(parse(WORDS("job", "run", "--help"), false, &a, &err), SL_OK);
	assert_ptr_equal(a.command, &table[1]);
	assert_int_equal(parse(WORDS("--version"), false, &a, &err), SL_OK);
	assert_true(a.version);
}

static void test_args_session_takes_standard_input_only(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	assert_int_equal(parse(WORDS("job", "run", "-", "-p", "liver"), true, &a, &err), SL_OK);
	assert_string_equal(a.words[0], "-");
	REFUSED(SL_E_DENIED, true, "job", "run", "x.lua", "-p", "liver");
	REFUSED(SL_E_DENIED, true, "job", "run", "-p", "liver", "--", "/etc/passwd");
}

static void test_args_session_refuses_commands_directory_and_key(void **state)
{
	struct sl_args a;
	struct sl_err err;

	(void)state;
	REFUSED(SL_E_DENIED, true, "init", "d", "--name", "n");
	REFUSED(SL_E_DENIED, true, "job", "ls", "--dir", "d");
	REFUSED(SL_E_DENIED, true, "job", "ls", "--dir=d");
	REFUSED(SL_E_DENIED, true, "--dir", "d", "job", "ls");
	REFUSED(SL_E_DENIED, true, "job", "ls", "--key", "k");
	REFUSED(SL_E_DENIED, true, "--dir", "job", "init", "d", "--name", "n");
	assert_int_equal(parse(WORDS("job", "ls", "--json"), true, &a, &err), SL_OK);
}

static void test_args_id_is_letter_and_number(void **state)
{
	static const char *const wrong[] = {"", "J", "J-", "J-0", "J-01", "J--1", "J-1 ", "R-1", "1", "j-1", "J-+1",
	                                    "J-99999999999999999999"};
	struct sl_err err;
	int64_t id = 0;

	(void)state;
	memset(&err, 0, sizeof err);
	assert_int_equal(sl_args_id("J-12", 'J', &id, &err), SL_OK);
	assert_int_equal(id, 12);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		memset(&err, 0, sizeof err);
		assert_int_equal(sl_args_id(wrong[i], 'J', &id, &err), SL_E_USAGE);
	}
}

static void test_args_usage_shows_words_and_flags(void **state)
{
	struct sl_buf b = {0};

	(void)state;
	sl_args_usage(&table[1], &b);
	assert_string_equal(sl_buf_cstr(&b), "sluice job run FILE|- -p PROJECT [--param NAME=VALUE]… [--raw]");
	sl_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_args_command_with_flags_in_any_order_is_taken),
		cmocka_unit_test(test_args_words_behind_two_dashes_are_no_flags),
		cmocka_unit_test(test_args_unknown_word_names_the_nearest),
		cmocka_unit_test(test_args_incomplete_or_doubled_is_refused),
		cmocka_unit_test(test_args_help_and_version_need_nothing_else),
		cmocka_unit_test(test_args_session_takes_standard_input_only),
		cmocka_unit_test(test_args_session_refuses_commands_directory_and_key),
		cmocka_unit_test(test_args_id_is_letter_and_number),
		cmocka_unit_test(test_args_usage_shows_words_and_flags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
