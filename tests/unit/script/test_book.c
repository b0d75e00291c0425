/* docs/analyst.md: its Lua runs, and it knows every verb, statistic and rule of use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/script/lexer.h"
#include "enclave/script/relation.h"
#include "world.h"

#define BOOK SL_TEST_SOURCE_DIR "/docs/analyst.md"

static char book[1 << 17];

static int read_book(void **state)
{
	FILE *f = fopen(BOOK, "r");

	(void)state;
	if (f == NULL)
		return -1;
	size_t n = fread(book, 1, sizeof book - 1, f);
	book[n] = '\0';
	fclose(f);
	return 0;
}

static void test_book_every_lua_example_runs(void **state)
{
	size_t n = 0;

	(void)state;
	for (char *at = book; (at = strstr(at, "```lua\n")) != NULL; n++) {
		at += strlen("```lua\n");
		char *end = strstr(at, "```");
		assert_non_null(end);
		char *text = strndup(at, (size_t)(end - at));
		struct world_result r;
		assert_non_null(text);
		world_expect_ok(text, &r);
		assert_true(r.nplans > 0);
		world_free(&r);
		free(text);
		at = end;
	}
	assert_true(n >= 2);
}

static void expect_word(const char *fmt, const char *word)
{
	char text[64];

	snprintf(text, sizeof text, fmt, word);
	if (strstr(book, text) == NULL)
		fail_msg("docs/analyst.md does not mention %s", text);
}

static void test_book_mentions_everything_there_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < sl_relation_nverbs; i++)
		expect_word("`:%s", sl_relation_verbs[i].name);
	for (int fn = SL_STAT_UNITS; fn < SL_STAT_COUNT_; fn++) {
		/* A model's numbers are asked for together, by one word. */
		const char *word = sl_stat_is_model((enum sl_stat_fn)fn) ? "lm" : sl_stat_fn_name((enum sl_stat_fn)fn);
		expect_word("%s(", word);
		expect_word("\"%s\"", word);
	}
	for (int use = SL_USE_GROUP; use <= SL_USE_MEASURE; use <<= 1)
		expect_word("`use-%s`", sl_use_name((enum sl_use)use));
	for (int word = SL_WORD_AND; word <= SL_WORD_CLOSE; word++)
		expect_word("\"%s\"", sl_lexer_word((enum sl_word)word));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_book_every_lua_example_runs),
		cmocka_unit_test(test_book_mentions_everything_there_is),
	};

	return cmocka_run_group_tests(tests, read_book, NULL);
}
