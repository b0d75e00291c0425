/*
 * test_say.c - what reaches a terminal: escapes, errors with their place, tables with wide text, a CSV drawn.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui-cli/csv_grid.h"
#include "ui-cli/grid.h"
#include "ui-cli/say.h"

static char *text;
static size_t ntext;

static FILE *opened(void)
{
	FILE *f = open_memstream(&text, &ntext);

	assert_non_null(f);
	return f;
}

static void closed(FILE *f, const char *expected)
{
	fclose(f);
	assert_string_equal(text, expected);
	free(text);
	text = NULL;
}

static void test_say_text_of_others_cannot_reach_the_terminal(void **state)
{
	FILE *f = opened();

	(void)state;
	sl_say_text(f, "a\033[2Jb\\", 7);
	closed(f, "a\\u{1b}[2Jb\\\\");
	f = opened();
	sl_say_told(f, "a\033[2J \"\\x1b\"\n");
	closed(f, "a\\u{1b}[2J \"\\x1b\"\\n");
	f = opened();
	sl_say_lines(f, "> ", "a\tb\r\nc", 6);
	closed(f, "> a        b\\u{d}\n> c\n");
}

/* A compact document on one line, the same value: what JSON lets stand in a text and a terminal obeys is escaped. */
static void test_say_json_holds_nothing_that_acts(void **state)
{
	FILE *f = opened();

	(void)state;
	sl_say_json(f, "{\"a\":\"\xe6\xbc\xa2 \xe2\x80\xae \x7f \xf3\xa0\x81\x81 \xf0\x9f\x99\x82\"}");
	closed(f, "{\"a\":\"\xe6\xbc\xa2 \\u202E \\u007F \\uDB40\\uDC41 \xf0\x9f\x99\x82\"}");
}

static void test_say_error_has_place_rule_and_remedy(void **state)
{
	struct sl_err err = {.rc = SL_E_INPUT, .line = 3, .col = 7, .file = "job.lua", .rule = "no-such-column",
	                     .text = "no column \"agge\"", .remedy = "did you mean \"age\"?"};
	FILE *f = opened();

	(void)state;
	sl_say_error(f, &err, "  t.agge\033");
	closed(f, "sluice: job.lua:3:7: no column \"agge\"\n  |   t.agge\\u{1b}\n  rule: no-such-column\n"
	          "  remedy: did you mean \"age\"?\n");
	err = (struct sl_err){.rc = SL_E_IO};
	f = opened();
	sl_say_error(f, &err, "");
	closed(f, "sluice: io\n");
}

static void test_grid_wide_text_keeps_columns_straight(void **state)
{
	const char *const names[] = {"NAME", ">N"};
	struct sl_grid grid;
	struct sl_err err = {0};
	FILE *f = opened();

	(void)state;
	sl_grid_open(&grid, names, 2);
	sl_grid_row(&grid, (const char *const[]){"女性", "1"});
	sl_grid_row(&grid, (const char *const[]){"female", "12"});
	sl_grid_row(&grid, (const char *const[]){"\033[2J\\x", NULL});
	assert_int_equal(sl_grid_print(&grid, f, &err), SL_OK);
	sl_grid_free(&grid);
	closed(f, "NAME          N\n女性          1\nfemale       12\n\\u{1b}[2J\\\\x \n");
}

static void test_grid_without_utf8_ends_and_prints_ascii(void **state)
{
	const char *const names[] = {"N"};
	struct sl_grid grid;
	struct sl_err err = {0};
	FILE *f = opened();

	(void)state;
	setlocale(LC_CTYPE, "C");
	sl_grid_open(&grid, names, 1);
	sl_grid_row(&grid, (const char *const[]){"性x"});
	assert_int_equal(sl_grid_print(&grid, f, &err), SL_OK);
	sl_grid_free(&grid);
	setlocale(LC_CTYPE, "C.UTF-8");
	closed(f, "N\n???x\n");
}

static void test_csv_grid_draws_what_would_leave(void **state)
{
	static const char csv[] = "sex,units\n\"a \"\"b\"\", c\",12\nfemale,[c]\n";
	struct sl_err err = {0};
	FILE *f = opened();

	(void)state;
	assert_int_equal(sl_csv_grid_print(csv, sizeof csv - 1, f, &err), SL_OK);
	closed(f, "sex      units\na \"b\", c    12\nfemale     [c]\n");
}

static void test_csv_grid_ragged_or_open_is_refused(void **state)
{
	static const char *const wrong[] = {"", "a,b\n1\n", "a,b\n1,2,3\n", "a\n\"1\n"};

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct sl_err err = {0};
		FILE *f = opened();

		assert_int_equal(sl_csv_grid_print(wrong[i], strlen(wrong[i]), f, &err), SL_E_INPUT);
		closed(f, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_say_text_of_others_cannot_reach_the_terminal),
		cmocka_unit_test(test_say_json_holds_nothing_that_acts),
		cmocka_unit_test(test_say_error_has_place_rule_and_remedy),
		cmocka_unit_test(test_grid_wide_text_keeps_columns_straight),
		cmocka_unit_test(test_grid_without_utf8_ends_and_prints_ascii),
		cmocka_unit_test(test_csv_grid_draws_what_would_leave),
		cmocka_unit_test(test_csv_grid_ragged_or_open_is_refused),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
