/* test_policy_can.c - what somebody may do, asked of a policy and a catalogue without an enclave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/policy_can.h"
#include "tests/unit/policy/faults.h"

static struct sl_reference_row ward_rows[] = {{"w1", "North", NULL, 0}, {"w2", "South", NULL, 0}};

struct stage {
	struct sl_standing s;
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[1];
	struct sl_reference wards;
};

static void open_stage(struct stage *g, const char *from, const char *to)
{
	char *good = text_of("policy/demo.json"), *text = text_with(good, from, to), *cat = text_of("catalogue/study.json");

	memset(g, 0, sizeof *g);
	assert_int_equal(sl_policy_load("policy.json", text, strlen(text), &g->s.policy, NULL), SL_OK);
	assert_int_equal(sl_catalogue_load("study.json", cat, strlen(cat), &g->cat, NULL), SL_OK);
	memset(g->cat.sha256, 1, sizeof g->cat.sha256);
	g->cats[0] = &g->cat;
	g->wards = (struct sl_reference){"study.wards", ward_rows, 2};
	g->s.has_policy = true;
	g->s.catalogue_list = g->cats;
	g->s.ncatalogues = 1;
	g->s.reference = &g->wards;
	g->s.nreference = 1;
	free(good);
	free(text);
	free(cat);
}

static void close_stage(struct stage *g)
{
	sl_policy_free(&g->s.policy);
	sl_catalogue_free(&g->cat);
}

static void test_can_names_the_rule_that_decides(void **state)
{
	static const struct {
		enum sl_action action;
		const char *person, *project, *author;
		bool yes;
		const char *rule;
	} rows[] = {
		{SL_ACTION_JOB_RUN, "ana", NULL, "", true, "role"},
		{SL_ACTION_JOB_RUN, "ana", "liver", "", true, "grant"},
		{SL_ACTION_JOB_RUN, "ana", "kidney", "", false, "no-such-project"},
		{SL_ACTION_JOB_RUN, "rui", "liver", "", false, "role"},
		{SL_ACTION_JOB_RUN, "teo", NULL, "", false, "role"},
		{SL_ACTION_REQUEST_NEW, "ana", "liver", "ana", true, "grant"},
		{SL_ACTION_REQUEST_NEW, "ana", "liver", "rui", false, "author"},
		{SL_ACTION_REQUEST_LIST, "ana", "liver", "rui", true, "sight"},
		{SL_ACTION_REQUEST_LIST, "ana", "kidney", "rui", false, "not-an-analyst"},
		{SL_ACTION_REQUEST_LIST, "dora", "kidney", "rui", true, "sight"},
		{SL_ACTION_REVIEW_DECIDE, "rui", "liver", "ana", true, "independent"},
		{SL_ACTION_REVIEW_DECIDE, "rui", "liver", "rui", false, "independent"},
		{SL_ACTION_REVIEW_DECIDE, "ana", "liver", "", false, "role"},
		{SL_ACTION_REVIEW_SHOW, "rui", "kidney", "", false, "independent"},
		{SL_ACTION_POLICY_SIGN, "olga", NULL, "", true, "role"},
		{SL_ACTION_POLICY_SIGN, "dora", NULL, "", false, "role"},
	};
	struct stage g;

	(void)state;
	open_stage(&g, "2027-06-30", "2099-06-30");
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sl_can_question q = {.action = rows[i].action, .person = rows[i].person, .project = rows[i].project,
		                            .author = rows[i].author};
		struct sl_can_answer a;

		assert_int_equal(sl_can_ask(&g.s, &q, &a, NULL), SL_OK);
		assert_string_equal(a.rule, rows[i].rule);
		assert_int_equal(a.yes, rows[i].yes);
		assert_true(a.reason[0] != '\0');
		assert_true(a.yes || a.remedy[0] != '\0');
	}
	close_stage(&g);
}

static void test_can_of_an_expired_project_is_no_in_the_policys_words(void **state)
{
	struct sl_can_question q = {.action = SL_ACTION_JOB_RUN, .person = "ana", .project = "liver", .author = ""};
	struct sl_can_answer a;
	struct stage g;

	(void)state;
	open_stage(&g, "2027-06-30", "2020-06-30");
	assert_int_equal(sl_can_ask(&g.s, &q, &a, NULL), SL_OK);
	assert_false(a.yes);
	assert_string_equal(a.rule, "expired");
	assert_string_equal(a.remedy, "write to the board");
	close_stage(&g);
}

static void test_can_that_cannot_be_answered_is_an_error_and_no_yes(void **state)
{
	struct sl_can_question q = {.action = SL_ACTION_POLICY_SIGN, .person = "olga", .project = "liver", .author = ""};
	struct sl_can_question who = {.action = SL_ACTION_JOB_RUN, .person = "anna", .author = ""};
	struct sl_can_answer a;
	struct sl_err err = {0};
	struct stage g;

	(void)state;
	open_stage(&g, "study", "study");
	assert_int_equal(sl_can_ask(&g.s, &q, &a, &err), SL_E_USAGE);
	assert_int_equal(err.rc, SL_E_USAGE);
	sl_err_clear(&err);
	assert_int_equal(sl_can_ask(&g.s, &who, &a, &err), SL_E_IDENT);
	assert_false(a.yes);
	assert_string_equal(err.remedy, "did you mean \"ana\"?");
	g.s.has_policy = false;
	who.person = "olga";
	assert_int_equal(sl_can_ask(&g.s, &who, &a, NULL), SL_E_DENIED);
	assert_false(a.yes);
	close_stage(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_can_names_the_rule_that_decides),
		cmocka_unit_test(test_can_of_an_expired_project_is_no_in_the_policys_words),
		cmocka_unit_test(test_can_that_cannot_be_answered_is_an_error_and_no_yes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
