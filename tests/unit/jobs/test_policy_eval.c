/* test_policy_eval.c - verdicts told apart; the wide policy that tells "not granted" from "wrong". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/policy_eval.h"
#include "policy/workbench/widen.h"
#include "tests/unit/policy/faults.h"

static void test_eval_verdicts_tell_what_is_missing_from_what_is_forbidden(void **state)
{
	static const struct {
		enum sl_rc rc;
		const char *rule;
		enum sl_eval_verdict verdict;
		int exit;
	} rows[] = {
		{SL_OK, "", SL_EVAL_PERMITTED, 0},
		{SL_E_DENIED, "role", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "no-such-person", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "no-such-project", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "not-an-analyst", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "catalogue-missing", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "no-such-table", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "no-such-column", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "nothing-granted", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "use-measure", SL_EVAL_NOT_PERMITTED, 1},
		{SL_E_DENIED, "expired", SL_EVAL_FORBIDDEN, 3},
		{SL_E_DENIED, "class", SL_EVAL_FORBIDDEN, 3},
		{SL_E_DENIED, "catalogue-moved", SL_EVAL_FORBIDDEN, 3},
		{SL_E_DENIED, "cells-max", SL_EVAL_FORBIDDEN, 3},
		{SL_E_DENIED, "a rule nobody listed", SL_EVAL_FORBIDDEN, 3},
		{SL_E_INPUT, "", SL_EVAL_ERROR, 65},
		{SL_E_LIMIT, "", SL_EVAL_ERROR, 7},
		{SL_E_HOST, "", SL_EVAL_ERROR, 69},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sl_eval v = {.verdict = (uint8_t)sl_eval_verdict_of(rows[i].rc, rows[i].rule)};

		v.why.rc = rows[i].rc;
		assert_int_equal(v.verdict, rows[i].verdict);
		assert_int_equal(sl_eval_exit(&v), rows[i].exit);
	}
	assert_int_not_equal(sl_eval_exit(&(struct sl_eval){0}), 0);
	assert_string_equal(sl_eval_verdict_name((enum sl_eval_verdict)99), "error");
}

static void load(struct sl_policy *p, struct sl_catalogue *cat)
{
	char *policy = text_of("policy/demo.json"), *study = text_of("catalogue/study.json");

	assert_int_equal(sl_policy_load("policy.json", policy, strlen(policy), p, NULL), SL_OK);
	assert_int_equal(sl_catalogue_load("study.json", study, strlen(study), cat, NULL), SL_OK);
	free(policy);
	free(study);
}

static const struct sl_granted_table *granted(const struct sl_policy *p, const char *table)
{
	for (uint32_t i = 0; i < p->projects[0].ntables; i++)
		if (strcmp(p->projects[0].tables[i].name, table) == 0)
			return &p->projects[0].tables[i];
	return NULL;
}

static void test_widen_grants_what_is_offered_of_the_tables_in_question(void **state)
{
	static const char script[] = "from 'study.wards'";
	struct sl_catalogue cat;
	struct sl_policy_wide w;
	struct sl_policy p;

	(void)state;
	load(&p, &cat);
	memset(cat.sha256, 7, sizeof cat.sha256);
	const struct sl_catalogue *cats[] = {&cat};
	assert_int_equal(sl_policy_widen(&p, "liver", cats, 1, script, strlen(script), &w, NULL), SL_OK);
	assert_memory_equal(w.policy.pins[0].sha256, cat.sha256, sizeof cat.sha256);
	const struct sl_granted_table *persons = granted(&w.policy, "study.persons");
	const struct sl_cat_table *offered = sl_catalogue_table(&cat, "study.persons");
	for (uint32_t i = 0; i < persons->ncolumns; i++) {
		const struct sl_cat_field *f = sl_catalogue_field(offered, persons->columns[i].name);
		assert_false(f->is_unit);
		assert_int_equal(persons->columns[i].uses, f->column.uses);
	}
	assert_true(persons->ncolumns > 3);
	/* A reference table without attributes is a domain and no table to grant, named or not. */
	assert_null(granted(&w.policy, "study.wards"));
	assert_int_equal(w.policy.projects[0].ntables, 2);
	sl_policy_wide_free(&w);
	assert_int_equal(sl_policy_widen(&p, "kidney", cats, 1, NULL, 0, &w, NULL), SL_E_NO);
	sl_policy_free(&p);
	sl_catalogue_free(&cat);
}

static void test_widen_of_a_table_that_only_the_script_names_adds_it(void **state)
{
	struct sl_catalogue cat;
	struct sl_policy_wide w;
	struct sl_policy p;

	(void)state;
	load(&p, &cat);
	const struct sl_catalogue *cats[] = {&cat};
	free(p.projects[0].tables[1].name);
	p.projects[0].tables[1].name = strdup("study.other");
	assert_int_equal(sl_policy_widen(&p, "liver", cats, 1, "x", 1, &w, NULL), SL_OK);
	assert_null(granted(&w.policy, "study.events"));
	sl_policy_wide_free(&w);
	assert_int_equal(sl_policy_widen(&p, "liver", cats, 1, "study.events", 12, &w, NULL), SL_OK);
	assert_non_null(granted(&w.policy, "study.events"));
	assert_null(granted(&p, "study.events")); /* what was widened stays as it is */
	sl_policy_wide_free(&w);
	sl_policy_free(&p);
	sl_catalogue_free(&cat);
}

static void test_widen_survives_every_failed_allocation(void **state)
{
	struct sl_catalogue cat;
	struct sl_policy_wide w;
	struct sl_policy p;
	enum sl_rc rc = SL_E_NOMEM;

	(void)state;
	for (unsigned long n = 1; rc == SL_E_NOMEM; n++) {
		load(&p, &cat);
		const struct sl_catalogue *cats[] = {&cat};
		faults_at(n);
		rc = sl_policy_widen(&p, "liver", cats, 1, "", 0, &w, NULL);
		faults_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		sl_policy_wide_free(&w);
		sl_policy_free(&p);
		sl_catalogue_free(&cat);
	}
}

/* Which roles count, by the day: the role that checks the other one is the one that goes. */
static void test_roles_that_are_apart_count_together_until_the_exceptions_last_day(void **state)
{
	struct sl_person who = {.name = (char *)"teo"};
	struct sl_exception x = {.person = (char *)"teo", .expires = 100};
	struct sl_policy p = {.exceptions = &x, .nexceptions = 1};
	static const struct {
		uint32_t roles, excepted, before, after;
	} rows[] = {
		{SL_ROLE_OPERATOR | SL_ROLE_REVIEWER, 0, SL_ROLE_OPERATOR, SL_ROLE_OPERATOR},
		{SL_ROLE_OPERATOR | SL_ROLE_REVIEWER, SL_ROLE_OPERATOR | SL_ROLE_REVIEWER, SL_ROLE_OPERATOR | SL_ROLE_REVIEWER,
	     SL_ROLE_OPERATOR},
		{SL_ROLE_OFFICER | SL_ROLE_AUDITOR, SL_ROLE_OPERATOR | SL_ROLE_REVIEWER, SL_ROLE_OFFICER, SL_ROLE_OFFICER},
		{SL_ROLE_OFFICER | SL_ROLE_AUDITOR, SL_ROLE_OFFICER | SL_ROLE_AUDITOR, SL_ROLE_OFFICER | SL_ROLE_AUDITOR,
	     SL_ROLE_OFFICER},
		{SL_ROLE_OWNER | SL_ROLE_AUDITOR, 0, SL_ROLE_OWNER | SL_ROLE_AUDITOR, SL_ROLE_OWNER | SL_ROLE_AUDITOR},
		{SL_ROLES_ALL, 0, SL_ROLES_ALL - SL_ROLE_REVIEWER - SL_ROLE_AUDITOR,
	     SL_ROLES_ALL - SL_ROLE_REVIEWER - SL_ROLE_AUDITOR},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		who.roles = rows[i].roles;
		x.roles = rows[i].excepted;
		assert_int_equal(sl_policy_roles(&p, &who, 100), rows[i].before);
		assert_int_equal(sl_policy_roles(&p, &who, 101), rows[i].after);
	}
	/* Somebody else's exception is nobody's. */
	x.person = (char *)"rui";
	who.roles = x.roles = SL_ROLE_OFFICER | SL_ROLE_AUDITOR;
	assert_int_equal(sl_policy_roles(&p, &who, 100), SL_ROLE_OFFICER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eval_verdicts_tell_what_is_missing_from_what_is_forbidden),
		cmocka_unit_test(test_widen_grants_what_is_offered_of_the_tables_in_question),
		cmocka_unit_test(test_widen_of_a_table_that_only_the_script_names_adds_it),
		cmocka_unit_test(test_widen_survives_every_failed_allocation),
		cmocka_unit_test(test_roles_that_are_apart_count_together_until_the_exceptions_last_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
