/* test_owner.c - what a grant of an owner covers, to its last day; and what may be joined. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/owner.h"
#include "tests/unit/policy/faults.h"

#define DAY 20000
#define DORA "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDORA dora"

static char *analysts[] = { (char *)"ana" };

static struct sl_owner_grant grant_of_dora(void)
{
	return (struct sl_owner_grant){ .id = 1, .project = (char *)"liver",
		.purpose = (char *)"How often diagnoses are recorded, by age and sex", .table = (char *)"study.persons",
		.owner = (char *)"clinic", .analysts = analysts, .nanalysts = 1, .until = DAY, .person = (char *)"dora",
		.key = (char *)DORA, .verified = true };
}

static void test_owner_grant_holds_for_what_it_says_and_nothing_else(void **state)
{
	struct sl_cat_table table = { .name = (char *)"study.persons", .owner = (char *)"clinic",
		                          .class_ = SL_CLASS_ON_APPLICATION };
	char *text = text_of("policy/demo.json");
	struct sl_policy p;
	struct sl_owner_grant g;

	(void)state;
	assert_int_equal(sl_policy_load("policy.json", text, strlen(text), &p, NULL), SL_OK);
	struct sl_owner_question q = { .policy = &p, .project = &p.projects[0], .table = &table, .person = "ana",
		                           .today = DAY };
	g = grant_of_dora();
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_GRANTS); /* through its last day */
	q.today = DAY + 1;
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_EXPIRED);
	q.today = DAY;
	q.person = "rui";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_PERSON);
	q.person = "ana";
	g.project = (char *)"heart";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_SILENT);
	g = grant_of_dora();
	g.verified = false;
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_UNVERIFIED);
	g = grant_of_dora();
	g.key = (char *)"ssh-ed25519 AAAAOLD dora";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_NO_OWNER);
	g = grant_of_dora();
	g.person = (char *)"rui";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_NO_OWNER);
	g = grant_of_dora();
	g.withdrawn = true;
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_WITHDRAWN);
	g = grant_of_dora();
	g.purpose = (char *)"another";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_PURPOSE);
	g = grant_of_dora();
	table.owner = (char *)"laboratory";
	assert_int_equal(sl_owner_judge(&q, &g), SL_OWNER_NO_OWNER);
	sl_policy_free(&p);
	free(text);
}

static void test_owner_joins_by_list_and_by_class(void **state)
{
	char *list[] = { (char *)"study.events", (char *)"tax.*" };
	struct sl_cat_table t = { .name = (char *)"study.persons", .class_ = SL_CLASS_CONFIDENTIAL };

	(void)state;
	assert_true(sl_owner_joins(&t, "study.labs"));
	assert_false(sl_owner_joins(&t, "studying.labs"));
	assert_false(sl_owner_joins(&t, "tax.returns"));
	t.class_ = SL_CLASS_OPEN;
	assert_true(sl_owner_joins(&t, "tax.returns"));
	t.says_joins = 1;
	assert_false(sl_owner_joins(&t, "tax.returns"));
	t.joins = list;
	t.njoins = 2;
	assert_true(sl_owner_joins(&t, "tax.returns"));
	assert_true(sl_owner_joins(&t, "study.events"));
	assert_false(sl_owner_joins(&t, "study.labs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_owner_grant_holds_for_what_it_says_and_nothing_else),
		cmocka_unit_test(test_owner_joins_by_list_and_by_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
