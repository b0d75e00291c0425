/*
 * test_commands.c - the real table: rows are whole and told apart, and everything that is told comes from it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui-cli/commands.h"
#include "ui-cli/help.h"

static char *told_by(void (*tell)(FILE *f))
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	tell(f);
	fclose(f);
	return text;
}

static void test_commands_rows_are_whole_and_distinct(void **state)
{
	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		const struct sl_command *c = sl_commands[i];

		assert_non_null(c->run);
		assert_string_not_equal(c->brief, "");
		assert_non_null(c->more);
		assert_null(c->flags[SL_FLAGS_MAX - 1].name);
		for (const struct sl_flag *f = c->flags; f->name; f++) {
			assert_memory_equal(f->name, "--", 2);
			assert_non_null(f->help);
			for (const struct sl_flag *g = sl_args_globals; g->name; g++)
				assert_string_not_equal(f->name, g->name);
		}
		for (size_t j = 0; j < i; j++)
			assert_false(strcmp(c->noun, sl_commands[j]->noun) == 0 && strcmp(c->verb, sl_commands[j]->verb) == 0);
	}
}

/* A hyphen that is meant as one is \\- in the manual page. */
static void in_roff(const char *word, char *out, size_t cap)
{
	size_t n = 0;

	for (; *word && n + 2 < cap; word++) {
		if (*word == '-')
			out[n++] = '\\';
		out[n++] = *word;
	}
	out[n] = 0;
}

static void test_commands_each_is_in_help_manual_and_completion(void **state)
{
	char *help = told_by(sl_help_all), *manual = told_by(sl_help_manual), *completion = told_by(sl_help_completion);

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		char name[64], roff[64];

		snprintf(name, sizeof name, "%s %s", sl_commands[i]->noun, sl_commands[i]->verb);
		in_roff(sl_commands[i]->noun, roff, sizeof roff);
		assert_non_null(strstr(help, name));
		assert_non_null(strstr(help, sl_commands[i]->brief));
		assert_non_null(strstr(completion, sl_commands[i]->noun));
		assert_non_null(strstr(completion, sl_commands[i]->verb));
		assert_non_null(strstr(manual, roff));
	}
	free(help);
	free(manual);
	free(completion);
}

/* A session reads no file of the enclave's account, makes no enclave, and starts no other session. */
static void test_commands_of_the_account_are_refused_in_a_session(void **state)
{
	static const char *const refused[] = {"init", "recover", "session", "doctor", "principals authorized-keys",
	                                      "data import", "data attach", "data append", "data refresh", "data forget",
	                                      "policy new", "policy sign", "policy apply", "policy test", "policy schema",
	                                      "release export", "release verify", "completion"};

	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		char name[64];
		bool expected = true;

		snprintf(name, sizeof name, "%s%s%s", sl_commands[i]->noun, *sl_commands[i]->verb ? " " : "",
		         sl_commands[i]->verb);
		for (size_t j = 0; j < sizeof refused / sizeof *refused; j++)
			if (strcmp(name, refused[j]) == 0)
				expected = false;
		assert_int_equal(sl_commands[i]->session, expected);
	}
}

/*
 * Whatever a session may do is done as somebody: only help and the table of roles open nothing, and the anchor and
 * lint name no row of data.
 */
static void test_commands_of_a_session_want_an_actor(void **state)
{
	(void)state;
	for (size_t i = 0; i < sl_commands_count; i++) {
		const struct sl_command *c = sl_commands[i];

		if (!c->session || strcmp(c->noun, "help") == 0 || strcmp(c->noun, "explain") == 0 ||
		    strcmp(c->noun, "anchor") == 0 ||
		    strcmp(c->verb, "lint") == 0 || strcmp(c->verb, "matrix") == 0)
			continue;
		assert_true(c->need == SL_NEED_ACTOR || c->need == SL_NEED_ENCLAVE_IF_NAMED);
		assert_int_not_equal(c->action, SL_ACTION_NONE);
	}
}

static void test_commands_exit_codes_told_are_those_given(void **state)
{
	(void)state;
	for (int rc = SL_OK; rc <= SL_E_INTR; rc++) {
		bool told = false;

		for (size_t i = 0; i < sizeof sl_help_exits / sizeof *sl_help_exits; i++)
			told = told || sl_help_exits[i].code == sl_rc_exit((enum sl_rc)rc);
		assert_true(told);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands_rows_are_whole_and_distinct),
		cmocka_unit_test(test_commands_each_is_in_help_manual_and_completion),
		cmocka_unit_test(test_commands_of_the_account_are_refused_in_a_session),
		cmocka_unit_test(test_commands_of_a_session_want_an_actor),
		cmocka_unit_test(test_commands_exit_codes_told_are_those_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
