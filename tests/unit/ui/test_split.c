/*
 * test_split.c - words of a session's command line: as a shell would split them, and nothing a shell would do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui-cli/split.h"

/* Splits and joins with '|', so that a test is one line. */
static void splits_to(const char *line, const char *joined)
{
	struct sl_split s;
	struct sl_err err = {0};
	char got[512] = "";

	assert_int_equal(sl_split_line(line, &s, &err), SL_OK);
	for (uint32_t i = 0; i < s.nwords; i++) {
		strcat(got, i ? "|" : "");
		strcat(got, s.words[i]);
	}
	assert_string_equal(got, joined);
	sl_split_free(&s);
}

static void is_refused(const char *line, enum sl_rc rc)
{
	struct sl_split s;
	struct sl_err err = {0};

	assert_int_equal(sl_split_line(line, &s, &err), rc);
	assert_int_equal(s.nwords, 0);
	assert_null(s.text.data);
}

static void test_split_blanks_separate_words(void **state)
{
	(void)state;
	splits_to("", "");
	splits_to("  \t\n ", "");
	splits_to("job ls", "job|ls");
	splits_to("  job\t run -\n", "job|run|-");
}

static void test_split_quotes_keep_words_whole(void **state)
{
	(void)state;
	splits_to("request new J-1 --context 'how often; by age'", "request|new|J-1|--context|how often; by age");
	splits_to("a \"b c\" d", "a|b c|d");
	splits_to("a'b 'c\"d e\"", "ab cd e");
	splits_to("'' \"\"", "|");
	splits_to("\"\\\"\\\\\\$\\`\\n\"", "\"\\$`\\n");
	splits_to("'$HOME `id` \\'", "$HOME `id` \\");
	splits_to("a\\ b \\'", "a b|'");
	splits_to("--context '年齢と性別'", "--context|年齢と性別");
}

static void test_split_what_a_shell_would_do_is_refused(void **state)
{
	static const char acting[] = "$`|&;<>()*?[]~#{}!";
	char line[] = "job x";

	(void)state;
	for (size_t i = 0; i < sizeof acting - 1; i++) {
		line[4] = acting[i];
		is_refused(line, SL_E_USAGE);
	}
	is_refused("a \"$HOME\"", SL_E_USAGE);
	is_refused("a \"`id`\"", SL_E_USAGE);
}

static void test_split_open_quotes_and_ends_are_refused(void **state)
{
	(void)state;
	is_refused("a 'b", SL_E_USAGE);
	is_refused("a \"b", SL_E_USAGE);
	is_refused("a \"b\\\"", SL_E_USAGE);
	is_refused("a \\", SL_E_USAGE);
	is_refused("a \xff", SL_E_USAGE);
}

static void test_split_too_much_is_refused(void **state)
{
	char *line = malloc(SL_SPLIT_BYTES_MAX + 2);

	(void)state;
	assert_non_null(line);
	memset(line, 'a', SL_SPLIT_BYTES_MAX + 1);
	line[SL_SPLIT_BYTES_MAX + 1] = 0;
	is_refused(line, SL_E_LIMIT);
	for (size_t i = 0; i < SL_SPLIT_WORDS_MAX + 1; i++)
		memcpy(line + 2 * i, "a ", 3);
	is_refused(line, SL_E_LIMIT);
	line[2 * SL_SPLIT_WORDS_MAX] = 0;
	struct sl_split s;
	struct sl_err err = {0};
	assert_int_equal(sl_split_line(line, &s, &err), SL_OK);
	assert_int_equal(s.nwords, SL_SPLIT_WORDS_MAX);
	sl_split_free(&s);
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split_blanks_separate_words),
		cmocka_unit_test(test_split_quotes_keep_words_whole),
		cmocka_unit_test(test_split_what_a_shell_would_do_is_refused),
		cmocka_unit_test(test_split_open_quotes_and_ends_are_refused),
		cmocka_unit_test(test_split_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
