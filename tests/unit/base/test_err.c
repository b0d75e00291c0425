/* test_err.c - the first cause wins, texts stay text, every code has its exit. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/base/text.h"

static void test_err_first_cause_wins(void **state)
{
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_err_set(&err, SL_E_INPUT, "row %d", 7), SL_E_INPUT);
	assert_int_equal(sl_err_set(&err, SL_E_IO, "later"), SL_E_IO); /* its own code, for its own caller */
	assert_int_equal(err.rc, SL_E_INPUT);
	assert_string_equal(err.text, "row 7");
	sl_err_clear(&err);
	assert_int_equal(err.rc, SL_OK);
	assert_string_equal(err.text, "");
	sl_err_clear(NULL);
	assert_int_equal(sl_err_set(NULL, SL_E_NOMEM, "nobody listens"), SL_E_NOMEM);
}

static void test_err_first_place_rule_and_remedy_stay(void **state)
{
	struct sl_err err = { 0 };

	(void)state;
	sl_err_at(&err, "policy.json", 14, 3);
	sl_err_at(&err, "other.json", 1, 1);
	sl_err_rule(&err, "uses");
	sl_err_rule(&err, "other");
	sl_err_remedy(&err, "ask %s", "olga");
	sl_err_remedy(&err, "other");
	assert_string_equal(err.file, "policy.json");
	assert_int_equal(err.line, 14);
	assert_int_equal(err.col, 3);
	assert_string_equal(err.rule, "uses");
	assert_string_equal(err.remedy, "ask olga");
	sl_err_at(NULL, "x", 1, 1);
	sl_err_rule(NULL, "x");
	sl_err_remedy(NULL, "x");
}

/* Whatever is cut is cut between characters. */
static void test_err_long_texts_are_cut_between_characters(void **state)
{
	char text[1000];

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		static const char *const letters[] = { "\xC3\xA9", "\xE6\x9C\xAC", "\xF0\x9F\x98\x80" };
		for (size_t k = 0; k < 3; k++) {
			struct sl_err err = { 0 }, number = { 0 };
			size_t n = strlen(letters[k]), at = lead;
			memset(text, 'a', lead);
			for (; at + n < sizeof text; at += n)
				memcpy(text + at, letters[k], n);
			text[at] = '\0';
			(void)sl_err_set(&err, SL_E_INPUT, "%s", text);
			assert_true(sl_text_is_utf8(err.text, strlen(err.text)));
			assert_true(strlen(err.text) > sizeof err.text - 5);
			sl_err_remedy(&err, "%s", text);
			assert_true(sl_text_is_utf8(err.remedy, strlen(err.remedy)));
			sl_err_at(&err, text, 1, 1);
			assert_true(sl_text_is_utf8(err.file, strlen(err.file)));
			(void)sl_err_errno(&number, SL_E_IO, ENOSPC, "%s", text);
			assert_true(sl_text_is_utf8(number.text, strlen(number.text)));
			assert_non_null(strstr(number.text, strerror(ENOSPC)));
		}
	}
}

static void test_err_long_paths_keep_their_end(void **state)
{
	char path[300];
	struct sl_err err = { 0 };

	(void)state;
	memset(path, 'd', sizeof path);
	memcpy(path + sizeof path - 12, "/policy.json", 12);
	path[sizeof path - 1] = '\0';
	sl_err_at(&err, path, 1, 1);
	assert_int_equal(strlen(err.file), sizeof err.file - 1);
	assert_non_null(strstr(err.file, "/policy.jso"));
}

static void test_err_unknown_errno_is_told_without_a_crash(void **state)
{
	struct sl_err err = { 0 };

	(void)state;
	(void)sl_err_errno(&err, SL_E_IO, 99999, "cannot write");
	assert_string_equal(err.text, "cannot write: unknown error");
}

static void test_rc_exit_codes_are_the_documented_ones(void **state)
{
	static const struct {
		enum sl_rc rc;
		int code;
	} rows[] = { { SL_OK, 0 }, { SL_E_NO, 1 }, { SL_E_USAGE, 2 }, { SL_E_DENIED, 3 }, { SL_E_IDENT, 4 },
		{ SL_E_UNDECIDED, 5 }, { SL_E_INTEGRITY, 6 }, { SL_E_LIMIT, 7 }, { SL_E_INPUT, 65 }, { SL_E_HOST, 69 },
		{ SL_E_BUG, 70 }, { SL_E_NOMEM, 70 }, { SL_E_IO, 74 }, { SL_E_BUSY, 75 }, { SL_E_INTR, 130 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(sl_rc_exit(rows[i].rc), rows[i].code);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(sl_rc_name(rows[i].rc), sl_rc_name(rows[j].rc));
	}
	assert_int_equal(sl_rc_exit((enum sl_rc)99), 70);
	assert_string_equal(sl_rc_name((enum sl_rc)99), "unknown");
}

static void test_require_that_is_false_ends_the_process_with_70(void **state)
{
	int status = 0;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		(void)close(STDERR_FILENO);
		SL_REQUIRE(pid != 0);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err_first_cause_wins),
		cmocka_unit_test(test_err_first_place_rule_and_remedy_stay),
		cmocka_unit_test(test_err_long_texts_are_cut_between_characters),
		cmocka_unit_test(test_err_long_paths_keep_their_end),
		cmocka_unit_test(test_err_unknown_errno_is_told_without_a_crash),
		cmocka_unit_test(test_rc_exit_codes_are_the_documented_ones),
		cmocka_unit_test(test_require_that_is_false_ends_the_process_with_70),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
