/* test_audit_kinds.c - every kind of leaf that a source appends is in the table, and every row is appended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/audit_kinds.h"

/* Kinds as the sources write them: "word.word" as the second argument of a call, or chosen for one. */
static FILE *kinds_in_sources(void)
{
	return popen("cd '" SL_TEST_SOURCE_DIR "' && cat jobs/*.c jobs/audit.h | grep -v '^\t{ \"' | tr '\\n' ' ' | "
	             "grep -oE '(append\\(e|append\\(im->e|append\\(&[a-z>-]*"
	             "|(add|put)_leaf\\(e|kind = |SL_AUDIT_[A-Z_]*)[^;]*' | "
	             "grep -oE '\"[a-z]+\\.[a-z-]+\"' | tr -d '\"' | sort -u",
	             "r");
}

static void test_kinds_appended_are_those_of_the_table(void **state)
{
	bool *seen = calloc(sl_audit_kinds_count, sizeof *seen);
	char line[80];
	FILE *in = kinds_in_sources();

	(void)state;
	assert_non_null(seen);
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		bool found = false;
		for (size_t i = 0; i < sl_audit_kinds_count; i++)
			if (strcmp(sl_audit_kinds[i].kind, line) == 0)
				found = seen[i] = true;
		if (!found)
			fail_msg("%s is appended and has no row", line);
	}
	assert_int_equal(pclose(in), 0);
	for (size_t i = 0; i < sl_audit_kinds_count; i++)
		if (!seen[i])
			fail_msg("%s has a row and is not appended", sl_audit_kinds[i].kind);
	free(seen);
}

static void test_kinds_are_asked_for_by_name_or_by_what_they_are_about(void **state)
{
	(void)state;
	assert_true(sl_audit_kind_is("job.held", "job.held"));
	assert_true(sl_audit_kind_is("job.held", "data access"));
	assert_false(sl_audit_kind_is("job.held", "egress"));
	assert_false(sl_audit_kind_is("of another version", "egress"));
	assert_true(sl_audit_kind_known("egress") && sl_audit_kind_known("release.made"));
	assert_false(sl_audit_kind_known("") || sl_audit_kind_known("job"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_appended_are_those_of_the_table),
		cmocka_unit_test(test_kinds_are_asked_for_by_name_or_by_what_they_are_about),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
