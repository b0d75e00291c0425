/* test_grant.c - who is granted what, each refusal with its rule. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/plan_grant.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"

#define DAY 20000 /* 2024-10-04 */

static struct sl_reference_row ward_rows[] = { { "w1", "North", NULL, 0 }, { "w2", "South", NULL, 0 } };
static const struct sl_reference wards = { "study.wards", ward_rows, 2 };

struct stage {
	struct sl_policy policy;
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[1];
	struct sl_grant_facts facts;
};

static void open_stage(struct stage *s, const char *from, const char *to, const char *cat_from, const char *cat_to)
{
	char *good = text_of("policy/demo.json"), *text = text_with(good, from, to);
	char *cat_good = text_of("catalogue/study.json"), *cat_text = text_with(cat_good, cat_from, cat_to);
	struct sl_err err = { 0 };

	if (sl_policy_load("policy.json", text, strlen(text), &s->policy, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	if (sl_catalogue_load("study.json", cat_text, strlen(cat_text), &s->cat, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	memset(s->cat.sha256, 1, sizeof s->cat.sha256);
	s->cats[0] = &s->cat;
	s->facts = (struct sl_grant_facts){
		.policy = &s->policy,
		.catalogues = s->cats,
		.ncatalogues = 1,
		.references = { &wards, 1 },
		.project = "liver",
		.person = "ana",
		.today = DAY,
	};
	free(good);
	free(text);
	free(cat_good);
	free(cat_text);
}

static void close_stage(struct stage *s)
{
	sl_policy_free(&s->policy);
	sl_catalogue_free(&s->cat);
}

static void test_grant_is_catalogue_and_policy_together(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };

	(void)state;
	/* bmi: the catalogue offers three uses, the policy one; days: the policy asks a use that is not offered. */
	open_stage(&s, "\"days\": [\"measure\"]", "\"days\": [\"group\"], \"stage\": [\"group\", \"filter\"]", "study",
	           "study");
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_OK);
	assert_int_equal(g.view.ntables, 2);
	assert_string_equal(g.view.tables[0].name, "study.persons");
	assert_int_equal(g.view.tables[0].ncolumns, 3);
	assert_string_equal(g.view.tables[0].columns[2].name, "bmi");
	assert_int_equal(g.view.tables[0].columns[2].uses, SL_USE_MEASURE);
	assert_int_equal(g.view.tables[1].ncolumns, 2);
	assert_string_equal(g.view.tables[1].columns[1].name, "stage");
	assert_int_equal(g.view.tables[1].columns[1].uses, SL_USE_GROUP);
	assert_string_equal(g.tables[1].fields[1]->column.name, "stage");
	assert_int_equal(g.tables[0].fields[0]->load_column, 1);
	assert_int_equal(g.approvals, 1);
	assert_int_equal(g.rules.threshold, 10);
	assert_int_equal(g.limits.cells_max, 5000);
	sl_grant_free(&g);
	close_stage(&s);
}

#define NAME_FIELD "{\"name\": \"name\", \"type\": \"string\"}"
#define CITY_FIELD                                                                                                     \
	NAME_FIELD ", {\"name\": \"note\", \"type\": \"string\"}, "                                                        \
		   "{\"name\": \"rent\", \"type\": \"number\", \"sluice\": {\"uses\": [\"measure\"], \"scale\": 1}}, "          \
		   "{\"name\": \"city\", \"type\": \"string\", \"constraints\": {\"enum\": [\"E\", \"W\"], \"required\": true}, " \
		   "\"sluice\": {\"uses\": [\"group\", \"filter\"]}}"
#define REASON "\"reason\": \"only what the study needs\"}"

/* Wards with a rent and a city; the policy grants ward, and of the wards what `grant` says. */
static void open_wards(struct stage *s, const char *grant)
{
	static char policy[400];

	(void)snprintf(policy, sizeof policy, "\"ward\": [\"group\"], " REASON ", \"study.wards\": {%s}", grant);
	open_stage(s, REASON, policy, NAME_FIELD, CITY_FIELD);
}

static struct sl_reference_cell north[] = { { 125, 0 }, { 1, 0 } }, south[] = { { 0, 1 }, { 0, 0 } };
static struct sl_reference_row city_rows[] = { { "w1", "North", north, 2 }, { "w2", "South", south, 2 } };
static const struct sl_reference cities = { "study.wards", city_rows, 2 };

static void test_grant_of_a_reference_table_shows_its_attributes(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };
	const struct sl_table *t;

	(void)state;
	open_wards(&s, "\"code\": [\"group\"], \"city\": [\"group\"]");
	s.facts.references.items = &cities;
	if (sl_grant_compile(&s.facts, &g, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_int_equal(g.view.ntables, 3);
	t = &g.view.tables[1];
	assert_string_equal(g.view.tables[0].columns[3].name, "ward");
	assert_int_equal(g.view.tables[0].columns[3].reference, 2);
	assert_int_equal(g.view.tables[0].columns[0].reference, 0);
	assert_string_equal(t->space, "");
	assert_int_equal(t->ncolumns, 1);
	assert_string_equal(t->columns[0].name, "city");
	assert_int_equal(t->columns[0].uses, SL_USE_GROUP);
	assert_int_equal(t->columns[0].nullable, 1); /* a ward that is missing has no city */
	assert_int_equal(t->ncells, 2);
	assert_int_equal(t->cells[0].value, 1);
	assert_int_equal(t->cells[1].value, 0);
	sl_grant_free(&g);
	close_stage(&s);
}

static void test_grant_of_attributes_that_are_not_imported_is_refused(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };

	(void)state;
	open_wards(&s, "\"city\": [\"group\"]"); /* the rows are of a catalogue without attributes */
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "not imported with its attributes"));
	assert_string_equal(err.remedy, "import \"study.wards\"");
	s.facts.references.nitems = 0;
	sl_err_clear(&err);
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_INPUT);
	close_stage(&s);
}

/* One thing changed, and the rule that must refuse. */
static const struct {
	const char *rule, *from, *to, *project, *person;
	int64_t today;
	enum { AS_IS, MOVED, UNMARKED, ABSENT, NO_POLICY, NO_APPROVALS, NO_CLASS, NO_PURPOSE, NO_TABLES } how;
} refusals[] = {
	{ SL_GRANT_NO_SUCH_PERSON, "demo", "demo", "liver", "rui", DAY, AS_IS },
	{ SL_GRANT_NO_SUCH_PERSON, "demo", "demo", "liver", "eve", DAY, AS_IS },
	{ SL_GRANT_NO_SUCH_PERSON, "demo", "demo", "liver", "ana", DAY, NO_POLICY },
	{ SL_GRANT_NO_SUCH_PROJECT, "demo", "demo", "livr", "ana", DAY, AS_IS },
	{ SL_GRANT_NOT_AN_ANALYST, "[\"ana\"]", "[]", "liver", "ana", DAY, AS_IS },
	{ SL_GRANT_EXPIRED, "demo", "demo", "liver", "ana", 30000, AS_IS },
	{ SL_GRANT_APPROVALS, "demo", "demo", "liver", "ana", DAY, NO_APPROVALS },
	{ SL_GRANT_CATALOGUE_MOVED, "demo", "demo", "liver", "ana", DAY, MOVED },
	{ SL_GRANT_CATALOGUE_MOVED, "sha256:0101010101010101010101010101010101010101010101010101010101010101",
	  "sha256:0000000000000000000000000000000000000000000000000000000000000000", "liver", "ana", DAY, UNMARKED },
	{ SL_GRANT_CATALOGUE_MISSING, "demo", "demo", "liver", "ana", DAY, ABSENT },
	{ SL_GRANT_NO_SUCH_TABLE, "study.events", "study.visits", "liver", "ana", DAY, AS_IS },
	{ SL_GRANT_NO_SUCH_TABLE, "study.events", "study.wards", "liver", "ana", DAY, AS_IS },
	{ SL_GRANT_NO_SUCH_COLUMN, "\"age\": [", "\"agee\": [", "liver", "ana", DAY, AS_IS },
	{ SL_GRANT_NO_SUCH_COLUMN, "\"age\": [", "\"person_id\": [", "liver", "ana", DAY, AS_IS },
	{ SL_GRANT_CLASS, "demo", "demo", "liver", "ana", DAY, NO_CLASS },
	{ SL_GRANT_CLASS, "demo", "demo", "liver", "ana", DAY, NO_PURPOSE },
	{ SL_GRANT_NOTHING, "demo", "demo", "liver", "ana", DAY, NO_TABLES },
};

static void test_grant_each_refusal_has_its_rule_and_remedy(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct stage s;
		struct sl_grant g;
		struct sl_err err = { 0 };
		open_stage(&s, refusals[i].from, refusals[i].to, "study", "study");
		s.facts.project = refusals[i].project;
		s.facts.person = refusals[i].person;
		s.facts.today = refusals[i].today;
		uint32_t ntables = s.policy.projects[0].ntables;
		if (refusals[i].how == MOVED)
			s.cat.sha256[5] ^= 1;
		if (refusals[i].how == UNMARKED)
			memset(s.cat.sha256, 0, sizeof s.cat.sha256);
		if (refusals[i].how == ABSENT)
			s.facts.ncatalogues = 0;
		if (refusals[i].how == NO_POLICY)
			s.facts.policy = NULL;
		if (refusals[i].how == NO_APPROVALS)
			s.policy.projects[0].approvals = 0;
		if (refusals[i].how == NO_CLASS)
			s.cat.tables[0].class_ = SL_CLASS_NONE;
		if (refusals[i].how == NO_PURPOSE)
			s.policy.projects[0].purpose[0] = '\0';
		if (refusals[i].how == NO_TABLES)
			s.policy.projects[0].ntables = 0;
		assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_DENIED);
		assert_string_equal(err.rule, refusals[i].rule);
		assert_true(err.remedy[0] != '\0' && err.text[0] != '\0');
		assert_int_equal(g.view.ntables, 0);
		s.policy.projects[0].ntables = ntables;
		close_stage(&s);
	}
}

static void test_grant_refusal_carries_the_policys_own_words_and_near_names(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s, "demo", "demo", "study", "study");
	s.facts.today = 30000;
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_DENIED);
	assert_string_equal(err.text, "project \"liver\" expired on 2027-06-30: the ethics board decided so");
	assert_string_equal(err.remedy, "write to the board");
	err = (struct sl_err){ 0 };
	s.facts.project = "livr";
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_DENIED);
	assert_string_equal(err.text, "no project \"livr\" (did you mean \"liver\"?)");
	close_stage(&s);
}

static void test_grant_last_day_still_counts(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s, "demo", "demo", "study", "study");
	s.facts.today = s.policy.projects[0].expires;
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_OK);
	sl_grant_free(&g);
	s.facts.today++;
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_DENIED);
	close_stage(&s);
}

static void test_grant_reference_domain_needs_its_table(void **state)
{
	struct stage s;
	struct sl_grant g;
	struct sl_err err = { 0 };

	(void)state;
	open_stage(&s, "\"age\": [\"group\", \"filter\"]", "\"ward\": [\"group\"]", "study", "study");
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_OK);
	assert_string_equal(g.view.tables[0].columns[0].labels[1].text, "South");
	sl_grant_free(&g);
	s.facts.references.nitems = 0;
	assert_int_equal(sl_grant_compile(&s.facts, &g, &err), SL_E_INPUT);
	assert_string_equal(err.remedy, "import \"study.wards\" first");
	close_stage(&s);
}

static void test_grant_fails_whole_when_memory_does(void **state)
{
	struct stage s;
	bool reached = true;

	(void)state;
	open_stage(&s, "demo", "demo", "study", "study");
	for (unsigned long n = 1; reached && n < 1000; n++) {
		struct sl_grant g;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_grant_compile(&s.facts, &g, &err);
		reached = failing_reached();
		faults_at(0);
		assert_true(rc == (reached ? SL_E_NOMEM : SL_OK));
		sl_grant_free(&g);
	}
	assert_false(reached);
	close_stage(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_grant_is_catalogue_and_policy_together),
		cmocka_unit_test(test_grant_each_refusal_has_its_rule_and_remedy),
		cmocka_unit_test(test_grant_refusal_carries_the_policys_own_words_and_near_names),
		cmocka_unit_test(test_grant_last_day_still_counts),
		cmocka_unit_test(test_grant_of_a_reference_table_shows_its_attributes),
		cmocka_unit_test(test_grant_of_attributes_that_are_not_imported_is_refused),
		cmocka_unit_test(test_grant_reference_domain_needs_its_table),
		cmocka_unit_test(test_grant_fails_whole_when_memory_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
