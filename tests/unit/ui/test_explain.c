/* test_explain.c - every stable id that the sources give is explained, and none twice within its kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/base/err.h"
#include "jobs/explain.h"
#include "policy/gate.h"
#include "policy/rules/rule.h"

static bool is_explained(const char *id)
{
	struct sl_explained x;

	for (size_t i = 0; sl_explain_at(i, &x); i++)
		if (strcmp(x.id, id) == 0)
			return true;
	return false;
}

/* Of every rule that measures, at the least, it is said which side of the limit is allowed. */
static void test_explain_says_how_a_measure_must_stand_to_its_limit(void **state)
{
	struct sl_explained x;

	(void)state;
	for (size_t i = 0; i < SL_RULE_COUNT_ - 1; i++) {
		const struct sl_rule_row *r = &sl_rules_table[i + 1];
		assert_true(sl_explain_at(i, &x));
		assert_string_equal(x.id, r->id);
		assert_ptr_equal(x.allowed, r->allowed);
		assert_true(r->allowed != NULL || (r->margin == SL_RULE_MARGIN_NONE && strcmp(r->unit, "percent") != 0));
		assert_true(r->allowed == NULL || r->unit[0] != '\0');
		if (r->margin == SL_RULE_MARGIN_ABOVE)
			assert_string_equal(r->allowed, "at least");
	}
}

static void test_explain_rows_are_whole_and_told_apart(void **state)
{
	struct sl_explained x, y;

	(void)state;
	for (size_t i = 0; sl_explain_at(i, &x); i++) {
		assert_string_not_equal(x.id, "");
		assert_string_not_equal(x.meaning, "");
		if (x.exit != 0 && (*x.remedy == '\0' || *x.who == '\0'))
			fail_msg("%s has no remedy", x.id);
		for (size_t j = 0; j < i; j++)
			if (sl_explain_at(j, &y) && strcmp(x.id, y.id) == 0 && strcmp(x.kind, y.kind) == 0)
				fail_msg("%s is there twice", x.id);
	}
}

static void test_explain_knows_rules_conditions_and_exit_codes(void **state)
{
	struct sl_explained x;

	(void)state;
	for (size_t i = 1; i < SL_RULE_COUNT_; i++)
		assert_true(is_explained(sl_rules_table[i].id));
	for (size_t i = 0; i < SL_CONDITION_COUNT_; i++)
		assert_true(is_explained(sl_conditions_table[i].id));
	for (int rc = SL_OK; rc <= SL_E_INTR; rc++) {
		bool found = false;
		for (size_t i = 0; sl_explain_at(i, &x); i++)
			found = found || (x.exit == sl_rc_exit((enum sl_rc)rc) && strcmp(x.id, sl_rc_name((enum sl_rc)rc)) == 0);
		if (!found)
			fail_msg("exit code %d, %s", sl_rc_exit((enum sl_rc)rc), sl_rc_name((enum sl_rc)rc));
	}
}

/* Literal ids of refusals and of lint, and those with a name in a header. */
static void test_explain_knows_every_id_in_the_sources(void **state)
{
	FILE *in = popen("cd '" SL_TEST_SOURCE_DIR "' && { "
	                 "cat policy/*.c policy/json/*.c policy/workbench/*.c jobs/*.c ui-cli/*.c enclave/script/*.c | "
	                 "tr -d '\\n\\t' | grep -oE '(sl_err_rule\\([^;,]*, |SL_NOTE_(ERROR|WARNING),[^;\"()]*)\"[a-z-]+\"' | "
	                 "grep -oE '\"[a-z-]+\"$'; grep -hoE 'SL_(GRANT|PLAN)_[A-Z_]+ \"[a-z-]+\"' policy/grant.h "
	                 "policy/owner.h policy/plan_grant.h | grep -oE '\"[a-z-]+\"'; "
	                 "grep -rhoE 'sl_err_rule\\([^,]*, [A-Z_]+\\)' policy jobs ui-cli | grep -oE '[A-Z_]{4,}' | "
	                 "sort -u | while read -r name; do grep -rhE \"^#define $name \" policy jobs | "
	                 "grep -oE '\"[a-z-]+\"' || echo \"$name\"; done; } | tr -d '\"' | sort -u",
	                 "r");
	char line[80];
	unsigned n = 0;

	(void)state;
	assert_non_null(in);
	while (fgets(line, sizeof line, in) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!is_explained(line))
			fail_msg("%s is not explained", line);
		n++;
	}
	assert_int_equal(pclose(in), 0);
	assert_true(n > 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_explain_rows_are_whole_and_told_apart),
		cmocka_unit_test(test_explain_says_how_a_measure_must_stand_to_its_limit),
		cmocka_unit_test(test_explain_knows_rules_conditions_and_exit_codes),
		cmocka_unit_test(test_explain_knows_every_id_in_the_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
