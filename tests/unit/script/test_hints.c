/*
 * test_hints.c - what an editor is told of verbs and statistics are those that a script has, and those of the page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/buf.h"
#include "enclave/script/relation.h"
#include "jobs/job_new.h"

static size_t count_of(const char *text, const char *what)
{
	size_t n = 0;

	for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what))
		n++;
	return n;
}

static void test_hints_have_every_verb_and_no_other(void **state)
{
	char line[100];

	(void)state;
	for (size_t i = 0; i < sl_relation_nverbs; i++) {
		(void)snprintf(line, sizeof line, "\nfunction relation:%s(", sl_relation_verbs[i].name);
		if (count_of(sl_job_hints_verbs, line) != 1)
			fail_msg("jobs/job_hints.c does not tell of the verb %s once", sl_relation_verbs[i].name);
	}
	assert_int_equal(count_of(sl_job_hints_verbs, "\nfunction relation:"), sl_relation_nverbs);
}

/* The names in quotes of one rule of the page's grammar, up to its end. */
static size_t check_rule(const char *page, const char *rule, const char *alias)
{
	const char *at = strstr(page, rule), *hints = strstr(sl_job_hints_verbs, alias);
	char name[40], entry[60];
	size_t n = 0;

	assert_non_null(at);
	assert_non_null(hints);
	const char *end = strchr(at, ';'), *last = strstr(hints, "\n\n");
	struct sl_buf part = {0};
	sl_buf_put(&part, hints, (size_t)(last - hints));
	for (at = strchr(at, '"'); at != NULL && at < end; at = strchr(strchr(at + 1, '"') + 1, '"')) {
		if (sscanf(at, "\"%39[a-z_]\"", name) != 1)
			continue;
		(void)snprintf(entry, sizeof entry, "\"%s(", name);
		if (count_of(sl_buf_cstr(&part), entry) != 1)
			fail_msg("%s: the hints do not tell of %s once", alias, name);
		n++;
	}
	assert_int_equal(count_of(sl_buf_cstr(&part), "\n---| "), n);
	sl_buf_free(&part);
	return n;
}

static void test_hints_have_the_statistics_and_folds_of_the_page(void **state)
{
	static char page[1 << 18];
	FILE *f = fopen(SL_TEST_SOURCE_DIR "/docs/analyst.md", "rb");

	(void)state;
	assert_non_null(f);
	page[fread(page, 1, sizeof page - 1, f)] = '\0';
	fclose(f);
	assert_true(check_rule(page, "\nstatistic   =", "---@alias sluice.Statistic") >= 16);
	assert_true(check_rule(page, "\nfold        =", "---@alias sluice.Fold") >= 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hints_have_every_verb_and_no_other),
		cmocka_unit_test(test_hints_have_the_statistics_and_folds_of_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
