/* test_text.c - text from anybody: what is well-formed, what is clean, what it looks like, what is near. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/text.h"

#define U(literal) literal, sizeof(literal) - 1

static void test_text_malformed_utf8_is_refused(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ U("\x80") }, { U("\xC0\x80") }, { U("\xC1\xBF") }, { U("\xC3") }, { U("\xE0\x9F\xBF") }, { U("\xED\xA0\x80") },
		{ U("\xED\xBF\xBF") }, { U("\xF0\x8F\xBF\xBF") }, { U("\xF4\x90\x80\x80") }, { U("\xF5\x80\x80\x80") },
		{ U("\xE4\xBD") }, { U("a\xFF") }, { U("\0") }, { U("a\0b") }, { U("\xE4\xBD\x41") }, { U("\xF0\x9F\x98") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_text_is_utf8(bad[i].bytes, bad[i].len))
			fail_msg("row %zu passes", i);
	assert_true(sl_text_is_utf8(U("")));
	assert_true(sl_text_is_utf8(U("a\xC2\x80\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF")));
}

static void test_text_clean_refuses_what_acts_on_a_terminal_or_an_eye(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{ U("\x1b[31m") }, { U("a\nb") }, { U("a\tb") }, { U("\x7F") }, { U("\xC2\x85") }, { U("\xC2\xAD") },
		{ U("\xE2\x80\x8B") }, { U("\xE2\x80\x8E") }, { U("\xE2\x80\xAE") }, { U("\xE2\x80\xA8") },
		{ U("\xE2\x81\xA6") }, { U("\xEF\xBB\xBF") }, { U("\xEE\x80\x80") }, { U("\xF3\xA0\x80\x81") },
		{ U("\xD8\x9C") }, { U("\xE1\xA0\x8E") }, { U("\xFF") },
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_text_is_clean(bad[i].bytes, bad[i].len))
			fail_msg("row %zu passes", i);
	assert_true(sl_text_is_clean(U("\xE6\x9C\xAC\xE5\x9C\xB0 caf\xC3\xA9 18-39")));
	assert_true(sl_text_is_clean(U("\xE2\x80\x8D"))); /* a joiner is part of words in some scripts */
}

static void test_text_of_which_nothing_is_seen_is_blank(void **state)
{
	static const char *const blank[] = {
		"", " ", "\t \n", "\xC2\xA0", "\xC2\xAD", "\xCD\x8F", "\xE1\x85\x9F\xE1\x85\xA0",
		"\xE2\x80\x80", "\xE2\x80\x8B",
		"\xE2\x80\x8C\xE2\x80\x8D", "\xE2\x80\xA8", "\xE2\x81\xA0", "\xE2\xA0\x80", "\xE3\x80\x80", "\xE3\x85\xA4",
		"\xEF\xB8\x8F", "\xEF\xBB\xBF", "\xEF\xBE\xA0", "\xF0\x9B\xB2\xA0", "\xF3\xA0\x80\xA0", " \xE3\x85\xA4 \xC2\xA0",
	};
	static const char *const seen[] = { ".", "a", " a ", ("\xE3\x85\xA4" "a"), "\xE5\xB9\xB4",
		                            "\xE2\xA0\x81", "\xED\x95\x9C" };
	const char *text = " \xE3\x85\xA4to be \xC2\xA0seen\xE2\x80\x8B ", *none = "\xE3\x80\x80 ";

	(void)state;
	for (size_t i = 0; i < sizeof blank / sizeof blank[0]; i++)
		if (!sl_text_is_blank(blank[i]) || sl_text_says(blank[i], 100))
			fail_msg("row %zu says something", i);
	for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++)
		if (sl_text_is_blank(seen[i]) || !sl_text_says(seen[i], strlen(seen[i])) ||
		    sl_text_says(seen[i], strlen(seen[i]) - 1))
			fail_msg("row %zu is blank", i);
	assert_false(sl_text_says("two\nlines", 100));
	assert_int_equal(sl_text_trim(&text, strlen(text)), strlen("to be \xC2\xA0seen"));
	assert_memory_equal(text, "to be", 5);
	assert_int_equal(sl_text_trim(&none, strlen(none)), 0);
}

static void test_text_identifiers_are_letters_first_and_at_most_64_bytes(void **state)
{
	static const char *const good[] = { "a", "_", "a1", "mean-age", "\xE5\xB9\xB4\xE9\xBD\xA1", "A_b-9" };
	static const char *const bad[] = { "",    "1a", "-a",  "a.b",           "a b",   "a\"", "a'",
		                           "a,b", "=a", "a\n", "a\xE2\x80\x8B", "a\xFF", "a;",  "@a" };
	char text[66];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(sl_text_is_ident(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_text_is_ident(bad[i]))
			fail_msg("\"%s\" passes", bad[i]);
	memset(text, 'a', sizeof text);
	text[64] = '\0';
	assert_true(sl_text_is_ident(text));
	text[64] = 'a';
	text[65] = '\0';
	assert_false(sl_text_is_ident(text));
}

/* Blank names, and names that look like others: n and n with a filler behind. */
static void test_text_identifiers_have_nothing_that_is_not_seen(void **state)
{
	static const char *const bad[] = { "n\xC2\xA0",         "\xE3\x85\xA4",  "n\xEF\xBE\xA0",    "\xE3\x80\x80",
		                           "n\xE2\x80\x83m",    "n\xE2\x80\x8D", "\xE2\x80\x8Cn",    "n\xE2\x80\x8Cm",
		                           "n\xEF\xB8\x8F",     "\xE2\xA0\x80",  "\xE1\x85\x9F",     "n\xCD\x8F",
		                           "n\xE1\xA0\x8B",     "\xD9\x85\xE2\x80\x8C" };
	static const char *const good[] = { "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE", "caf\xC3\xA9", "cafe\xCC\x81",
		                            "\xE5\xB9\xB4\xEF\xBC\x88\xE5\xB2\x81\xEF\xBC\x89" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_text_is_ident(bad[i]))
			fail_msg("%zu passes", i);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(sl_text_is_ident(good[i]));
}

static void test_text_put_is_what_next_reads_and_cut_never_halves_one(void **state)
{
	static const uint32_t codes[] = {0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF};

	(void)state;
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		char bytes[6] = "aaaaa";
		const char *at = bytes + 1;
		size_t n = sl_text_put(codes[i], bytes + 1);

		if (codes[i] != 0)
			assert_int_equal(sl_text_next(&at, bytes + 1 + n), codes[i]);
		else
			at++;
		assert_ptr_equal(at, bytes + 1 + n);
		for (size_t max = 0; max <= 6; max++)
			assert_int_equal(sl_text_cut(bytes, 1 + n, max), max == 0 ? 0 : max < 1 + n ? 1 : 1 + n);
	}
}

static void test_text_next_walks_any_bytes_to_their_end(void **state)
{
	static const char bytes[] = "a\xE6\x9C\xAC\xFF\xE6\x9C";
	static const uint32_t want[] = { 'a', 0x672C, 0xFFFD, 0xFFFD, 0xFFFD };
	const char *at = bytes, *end = bytes + sizeof bytes - 1;

	(void)state;
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		assert_true(at < end);
		assert_int_equal(sl_text_next(&at, end), want[i]);
	}
	assert_ptr_equal(at, end);
}

static void test_text_width_counts_columns(void **state)
{
	(void)state;
	assert_int_equal(sl_text_width(U("")), 0);
	assert_int_equal(sl_text_width(U("abc")), 3);
	assert_int_equal(sl_text_width(U("\xE6\x9C\xAC\xE5\x9C\xB0")), 4);
	assert_int_equal(sl_text_width(U("e\xCC\x81")), 1);
	assert_int_equal(sl_text_width(U("\xEF\xBC\xA1")), 2);      /* full-width A */
	assert_int_equal(sl_text_width(U("\xED\x95\x9C")), 2);      /* Hangul */
	assert_int_equal(sl_text_width(U("\xF0\x9F\x98\x80")), 2);  /* emoji */
	assert_int_equal(sl_text_width(U("caf\xC3\xA9")), 4);
	assert_int_equal(sl_text_width(U("\xE2\x80\x8D")), 0);      /* joiner */
	assert_int_equal(sl_text_width(U("\xE0\xB8\x99\xE0\xB8\xB3\xE0\xB9\x89")), 2); /* Thai, a tone mark above */
	assert_int_equal(sl_text_width(U("\xD7\xA9\xD6\xB8")), 1);  /* Hebrew, a vowel below */
	assert_int_equal(sl_text_width(U("\xE3\x81\x8B\xE3\x82\x99")), 2); /* kana, voiced */
}

static void test_text_quote_keeps_quotes_and_backslashes_inside(void **state)
{
	struct sl_buf out = { 0 };

	(void)state;
	sl_text_quote(&out, "a \"b\" \\ c");
	assert_string_equal(sl_buf_cstr(&out), "\"a \\\"b\\\" \\\\ c\"");
	sl_buf_reset(&out);
	sl_text_quote(&out, "");
	assert_string_equal(sl_buf_cstr(&out), "\"\"");
	sl_buf_free(&out);
}

static void test_text_escape_leaves_nothing_that_acts(void **state)
{
	struct sl_buf out = { 0 };

	(void)state;
	sl_text_escape(&out, U("a\\b\n\x1b[0m\xFF\xE2\x80\xAE\xE6\x9C\xAC\0z"));
	assert_string_equal(sl_buf_cstr(&out), "a\\\\b\\n\\u{1b}[0m\\xff\\u{202e}\xE6\x9C\xAC\\u{0}z");
	assert_true(sl_text_is_clean(out.data, out.len));
	sl_buf_free(&out);
}

/* Whatever goes in: what comes out is clean. */
static void test_text_escape_of_every_pair_of_bytes_is_clean(void **state)
{
	(void)state;
	for (unsigned a = 0; a < 256; a++)
		for (unsigned b = 0; b < 256; b++) {
			const char bytes[2] = { (char)a, (char)b };
			struct sl_buf out = { 0 };
			sl_text_escape(&out, bytes, 2);
			assert_true(sl_text_is_clean(out.data, out.len));
			sl_buf_free(&out);
		}
}

static void test_text_near_finds_the_name_that_was_meant(void **state)
{
	static const char *const names[] = { "age", "event", "persons", "days", "dyas" };

	(void)state;
	assert_int_equal(sl_text_near("agge", names, 5), 0);
	assert_int_equal(sl_text_near("evnet", names, 5), 1);   /* neighbours swapped cost one */
	assert_int_equal(sl_text_near("person", names, 5), 2);
	assert_int_equal(sl_text_near("days", names, 5), 3);
	assert_int_equal(sl_text_near("ag", names, 5), 0);
	assert_int_equal(sl_text_near("AGE", names, 5), 0);
	assert_int_equal(sl_text_near("Evnet", names, 5), 1);
	assert_int_equal(sl_text_near("xyz", names, 5), -1);
	assert_int_equal(sl_text_near("event", names, 0), -1);
	assert_int_equal(sl_text_near("", names, 5), -1);
}

static void test_text_near_prefers_the_nearest_then_the_first(void **state)
{
	static const char *const names[] = { "patient_b", "patient_c", "patient_a", "patients" };

	(void)state;
	assert_int_equal(sl_text_near("patient_a", names, 4), 2);
	assert_int_equal(sl_text_near("patient_x", names, 4), 0);
	assert_int_equal(sl_text_near("patient", names, 4), 3);
}

static void test_text_near_leaves_very_long_words_alone(void **state)
{
	char word[80], name[80];
	const char *names[] = { name };

	(void)state;
	memset(word, 'a', 65);
	word[65] = '\0';
	memcpy(name, word, sizeof word);
	assert_int_equal(sl_text_near(word, names, 1), -1);
	word[64] = '\0';
	assert_int_equal(sl_text_near(word, names, 1), -1); /* the name is still too long */
	name[64] = '\0';
	assert_int_equal(sl_text_near(word, names, 1), 0);
}

static void test_text_hex_goes_both_ways_and_takes_nothing_else(void **state)
{
	static const char *const bad[] = { "", "0", "00ff1", "00ff1020", "00FF10", "00fg10", "0x0ff1", "00ff1 " };
	uint8_t bytes[3] = { 0x00, 0xFF, 0x10 }, back[3];
	char hex[7];

	(void)state;
	sl_text_hex(bytes, 3, hex);
	assert_string_equal(hex, "00ff10");
	assert_true(sl_text_unhex(hex, back, 3));
	assert_memory_equal(back, bytes, 3);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (sl_text_unhex(bad[i], back, 3))
			fail_msg("\"%s\" passes", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_malformed_utf8_is_refused),
		cmocka_unit_test(test_text_clean_refuses_what_acts_on_a_terminal_or_an_eye),
		cmocka_unit_test(test_text_of_which_nothing_is_seen_is_blank),
		cmocka_unit_test(test_text_identifiers_are_letters_first_and_at_most_64_bytes),
		cmocka_unit_test(test_text_identifiers_have_nothing_that_is_not_seen),
		cmocka_unit_test(test_text_put_is_what_next_reads_and_cut_never_halves_one),
		cmocka_unit_test(test_text_next_walks_any_bytes_to_their_end),
		cmocka_unit_test(test_text_width_counts_columns),
		cmocka_unit_test(test_text_quote_keeps_quotes_and_backslashes_inside),
		cmocka_unit_test(test_text_escape_leaves_nothing_that_acts),
		cmocka_unit_test(test_text_escape_of_every_pair_of_bytes_is_clean),
		cmocka_unit_test(test_text_near_finds_the_name_that_was_meant),
		cmocka_unit_test(test_text_near_prefers_the_nearest_then_the_first),
		cmocka_unit_test(test_text_near_leaves_very_long_words_alone),
		cmocka_unit_test(test_text_hex_goes_both_ways_and_takes_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
