/* test_fold.c - what counts as the same word in a search, and where in the text it stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/fold.h"

static void same(const char *given, const char *folded)
{
	struct sl_buf b = {0};

	sl_fold_text(&b, given, strlen(given));
	assert_string_equal(sl_buf_cstr(&b), folded);
	/* folding what is folded changes nothing */
	sl_buf_reset(&b);
	sl_fold_text(&b, folded, strlen(folded));
	assert_string_equal(sl_buf_cstr(&b), folded);
	sl_buf_free(&b);
}

static void test_words_without_case_and_marks_are_the_same(void **state)
{
	(void)state;
	same("", "");
	same("BMI_2 é", "bmi_2 e");
	same("Größe GRÖSSE STRAẞE", "grosse grosse strasse");
	same("E\xCC\x81lève", "eleve"); /* a letter and its accent apart */
	same("Łódź, Ørsted, Đà Nẵng, İzmir ısı", "lodz, orsted, da nang, izmir isi");
	same("Ελλάς, ΟΔΟΣ", "ελλασ, οδοσ");
	same("Ёлка ЖИЗНЬ", "елка жизнь");
	same("ＢＭＩ：９９", "bmi:99");
	same("住院登记", "住院登记");
	same("الإِدَارَة ـ مستشفى", "الاداره  مستشفي");
	same("\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80");
	same("\xFF", "\xEF\xBF\xBD");
}

static void test_the_place_of_a_folded_word_is_found_in_the_text(void **state)
{
	const char *text = "Die Größe der Straße";

	(void)state;
	/* "die grosse der strasse": "der" at 11, behind a letter that became two and one that lost its dots */
	assert_int_equal(sl_fold_origin(text, strlen(text), 11), strlen("Die Größe "));
	assert_int_equal(sl_fold_origin(text, strlen(text), 0), 0);
	assert_int_equal(sl_fold_origin(text, strlen(text), 1000), strlen(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_without_case_and_marks_are_the_same),
		cmocka_unit_test(test_the_place_of_a_folded_word_is_found_in_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
