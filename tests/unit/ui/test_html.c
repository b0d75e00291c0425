/*
 * test_html.c - hostile texts in a page: read there, and nothing more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui-cli/html.h"

static void text_is(const char *from, size_t len, const char *expected)
{
	struct sl_buf out = {0};

	sl_html_text(&out, from, len);
	assert_false(out.failed);
	assert_string_equal(sl_buf_cstr(&out), expected);
	sl_buf_free(&out);
}

static void cell_is(const char *from, const char *expected)
{
	struct sl_buf out = {0};

	sl_html_cell(&out, from);
	assert_string_equal(sl_buf_cstr(&out), expected);
	sl_buf_free(&out);
}

static void words_are(const char *from, const char *expected)
{
	struct sl_buf out = {0};

	sl_html_words(&out, from, strlen(from));
	assert_string_equal(out.len ? sl_buf_cstr(&out) : "", expected);
	sl_buf_free(&out);
}

static void test_html_text_opens_no_element_and_closes_no_attribute(void **state)
{
	(void)state;
	text_is("<script>x</script>", 18, "&lt;script&gt;x&lt;/script&gt;");
	text_is("\" onload='x'", 12, "&quot; onload=&#39;x&#39;");
	text_is("&lt;&amp", 8, "&amp;lt;&amp;amp");
	text_is("--></style><!--", 15, "--&gt;&lt;/style&gt;&lt;!--");
}

static void test_html_text_of_control_direction_and_no_utf8_stands_escaped(void **state)
{
	(void)state;
	text_is("a\033[2Jb\\", 7, "a\\u{1b}[2Jb\\\\");
	text_is("a\xe2\x80\xae"
	        "b\xe2\x81\xa6",
	        8, "a\\u{202e}b\\u{2066}");
	text_is("a\0b", 3, "a\\u{0}b");
	text_is("\xff\xc0\xbc", 3, "\\xff\\xc0\\xbc");
	text_is("\xc2\x9b\r\n", 4, "\\u{9b}\\u{d}\\n");
	text_is("S\xc3\xbc"
	        "d \xe8\xa1\xa8",
	        8, "S\xc3\xbc"
	           "d \xe8\xa1\xa8");
}

static void test_html_cells_are_no_formulas_and_numbers_stay(void **state)
{
	(void)state;
	cell_is("=cmd|' /C calc'!A0", "&#39;=cmd|&#39; /C calc&#39;!A0");
	cell_is("+1+1", "&#39;+1+1");
	cell_is("@SUM(A1)", "&#39;@SUM(A1)");
	cell_is("-2+3", "&#39;-2+3");
	cell_is("  =1", "&#39;  =1");
	cell_is("\t=1", "&#39;\\u{9}=1");
	cell_is("\xc2\xa0=1", "&#39;\xc2\xa0=1");
	cell_is("\xef\xbc\x9d"
	        "1",
	        "&#39;\xef\xbc\x9d"
	        "1");
	cell_is("-12.50", "-12.50");
	cell_is("18-39", "18-39");
	cell_is("", "");
}

static void test_html_words_never_begin_a_line(void **state)
{
	(void)state;
	words_are("", "");
	words_are("=1\n</pre>\n\ta", "<pre>| =1\n| &lt;/pre&gt;\n|         a\n</pre>\n");
	words_are("a\n\n", "<pre>| a\n| \n</pre>\n");
}

static void test_html_text_too_long_fails_and_stays_failed(void **state)
{
	struct sl_buf out = {.max = 8};
	struct sl_err err = {0};

	(void)state;
	sl_html_text(&out, "<<<", 3);
	assert_true(out.failed);
	assert_int_equal(sl_buf_ok(&out, "the page", &err), SL_E_LIMIT);
	sl_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_html_text_opens_no_element_and_closes_no_attribute),
		cmocka_unit_test(test_html_text_of_control_direction_and_no_utf8_stands_escaped),
		cmocka_unit_test(test_html_cells_are_no_formulas_and_numbers_stay),
		cmocka_unit_test(test_html_words_never_begin_a_line),
		cmocka_unit_test(test_html_text_too_long_fails_and_stays_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
