/* test_policy.c - what a good policy says, its lint, the first policy, and the table of roles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/reviews.h"
#include "tests/unit/policy/faults.h"

#define TODAY 20000 /* 2024-10-04 */

static void load_text(const char *text, struct sl_policy *policy)
{
	struct sl_err err = { 0 };

	if (sl_policy_load("policy.json", text, strlen(text), policy, &err) != SL_OK)
		fail_msg("%s:%u:%u: %s", err.file, err.line, err.col, err.text);
}

static void load_with(const char *from, const char *to, struct sl_policy *policy)
{
	char *good = text_of("policy/demo.json"), *text = text_with(good, from, to);

	load_text(text, policy);
	free(text);
	free(good);
}

static void test_policy_people_projects_and_rules_are_read(void **state)
{
	struct sl_policy p;

	(void)state;
	load_with("\"serial\": 1", "\"serial\": 7", &p);
	const struct sl_project *liver = sl_policy_project(&p, "liver");
	assert_string_equal(p.enclave, "demo");
	assert_int_equal(p.serial, 7);
	assert_int_equal(p.npeople, 5);
	assert_int_equal(sl_policy_person(&p, "dora")->roles, SL_ROLE_OWNER | SL_ROLE_AUDITOR);
	assert_null(sl_policy_person(&p, "nobody"));
	assert_int_equal(sl_policy_pin(&p, "study")->sha256[31], 1);
	assert_int_equal(p.rules.threshold, 10);
	assert_int_equal(p.rules.dominance_n, 2);
	assert_int_equal(p.rules.dominance_k, 90000);
	assert_int_equal(p.rules.p_percent, 10000);
	assert_int_equal(p.rules.dof, 10);
	assert_int_equal(p.limits.cells_max, 5000);
	assert_int_equal(p.limits.engine_memory_bytes, 536870912);
	assert_int_equal(p.limits.script_cpu_ms, 5000);
	assert_int_equal(p.limits.slot_ms, 1000);
	assert_int_equal(p.limits.frames_max, 128);
	assert_int_equal(p.limits.output_bytes_max, 536870912);
	assert_string_equal(p.layers[0], "landlock");
	assert_int_equal(liver->approvals, 1);
	assert_int_equal(liver->ntables, 2);
	assert_int_equal(liver->tables[0].ncolumns, 3);
	assert_string_equal(liver->tables[0].reason, "only what the study needs");
	assert_int_equal(liver->tables[1].columns[1].uses, SL_USE_MEASURE);
	assert_true(sl_project_has_analyst(liver, "ana"));
	assert_false(sl_project_has_analyst(liver, "rui"));
	assert_int_equal(p.notes.nitems, 0);
	sl_policy_free(&p);
}

static void test_policy_profile_and_overrides_are_read(void **state)
{
	struct sl_policy p;

	(void)state;
	load_with("\"profile\": \"tre-uk\"",
	          "\"profile\": \"business\", \"threshold\": 5, \"dominance\": {\"n\": 1, \"k\": 85.5}, \"p_percent\": "
	          "false, "
	          "\"zeros\": \"show\", \"numerator\": false, \"all_equal\": true, \"group_percent\": 95, "
	          "\"dof\": 20, \"jitter\": 3, \"near\": \"earlier\"",
	          &p);
	assert_int_equal(p.rules.threshold, 5);
	assert_int_equal(p.rules.dominance_n, 1);
	assert_int_equal(p.rules.dominance_k, 85500);
	assert_int_equal(p.rules.p_percent, 0);
	assert_int_equal(p.rules.zeros_show, 1);
	assert_int_equal(p.rules.numerator, 1);
	assert_int_equal(p.rules.all_equal, 0);
	assert_int_equal(p.rules.group_percent, 95000);
	assert_int_equal(p.rules.dof, 20);
	assert_int_equal(p.rules.jitter, 3);
	assert_int_equal(p.rules.near, SL_NEAR_EARLIER);
	assert_int_equal(p.limits.draws, SL_DRAWS_LIMITS);
	sl_policy_free(&p);
}

static void test_policy_bounds_what_leaves_each_project(void **state)
{
	static const struct {
		const char *disclosure, *project;
		uint64_t max;
		uint32_t notes;
	} of[] = {
		{ "", "", SL_RELEASED_UNBOUNDED, 0 },
		{ ", \"released_numbers_max\": false", "", SL_RELEASED_UNBOUNDED, 0 },
		{ ", \"released_numbers_max\": 500", "", 500, 0 },
		{ ", \"released_numbers_max\": 500", "\"released_numbers_max\": 20, ", 20, 0 },
		{ ", \"released_numbers_max\": 500", "\"released_numbers_max\": 500, ", 500, 0 },
		{ ", \"released_numbers_max\": 500", "\"released_numbers_max\": 501, ", 501, 1 },
		{ ", \"released_numbers_max\": 500", "\"released_numbers_max\": false, ", SL_RELEASED_UNBOUNDED, 1 },
		{ "", "\"released_numbers_max\": 20, ", 20, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		char disclosure[96], project[96], *good = text_of("policy/demo.json");
		struct sl_policy p;
		(void)snprintf(disclosure, sizeof disclosure, "\"tre-uk\"%s", of[i].disclosure);
		(void)snprintf(project, sizeof project, "%s\"approvals\": 1", of[i].project);
		char *with = text_with(good, "\"tre-uk\"", disclosure), *text = text_with(with, "\"approvals\": 1", project);
		load_text(text, &p);
		assert_true(sl_policy_project(&p, "liver")->released_numbers_max == of[i].max);
		assert_int_equal(p.notes.nitems, of[i].notes);
		if (of[i].notes > 0)
			assert_string_equal(p.notes.items[0].what.rule, "released-numbers-more");
		sl_policy_free(&p);
		free(text);
		free(with);
		free(good);
	}
}

static void test_policy_transformations_are_read(void **state)
{
	static const struct {
		const char *disclosure;
		enum sl_transform transform;
		uint32_t base;
	} of[] = {
		{ "\"profile\": \"tre-uk\"", SL_TRANSFORM_NONE, 0 },
		{ "\"profile\": \"opensafely\"", SL_TRANSFORM_ROUND, 5 },
		{ "\"profile\": \"opensafely\", \"round\": false", SL_TRANSFORM_NONE, 0 },
		{ "\"profile\": \"opensafely\", \"midpoint\": 6", SL_TRANSFORM_MIDPOINT, 6 },
		{ "\"profile\": \"tre-uk\", \"round\": {\"base\": 10}", SL_TRANSFORM_ROUND, 10 },
		{ "\"profile\": \"tre-uk\", \"threshold\": 12, \"random\": 3", SL_TRANSFORM_RANDOM, 3 },
		{ "\"profile\": \"opensafely\", \"threshold\": 10, \"random\": 5", SL_TRANSFORM_RANDOM, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		struct sl_policy p;
		load_with("\"profile\": \"tre-uk\"", of[i].disclosure, &p);
		assert_int_equal(p.rules.transform, of[i].transform);
		assert_int_equal(p.rules.transform_base, of[i].base);
		sl_policy_free(&p);
	}
}

static void test_policy_refresh_days_are_read(void **state)
{
	struct sl_policy p;
	int64_t day = 0;

	(void)state;
	load_with("\"requires\": {", "\"refresh_on\": {\"study.events\": \"1970-01-03\"}, \"requires\": {", &p);
	assert_true(sl_policy_refresh_day(&p, "study.events", &day));
	assert_int_equal(day, 2);
	assert_false(sl_policy_refresh_day(&p, "study.persons", &day));
	sl_policy_free(&p);
}

static void test_policy_reviews_are_read_and_nothing_is_asked_without(void **state)
{
	struct sl_policy p;

	(void)state;
	load_with("\"demo\"", "\"demo\"", &p);
	assert_false(sl_reviews_by_class(&p));
	assert_false(p.reviews.apart);
	assert_int_equal(p.reviews.unseen_max, 10);
	assert_int_equal(p.reviews.unseen_jobs_max, 10);
	sl_policy_free(&p);
	load_with("\"requires\": {",
	          "\"reviews\": {\"approvals_by_class\": {\"confidential\": 3, \"open\": 2}, \"same_organisation\": "
	          "\"never\", \"unseen_requests_max\": 3, \"unseen_jobs_max\": 4}, \"requires\": {", &p);
	assert_true(sl_reviews_by_class(&p));
	assert_int_equal(p.reviews.approvals_by_class[SL_CLASS_NONE], 0);
	assert_int_equal(p.reviews.approvals_by_class[SL_CLASS_OPEN], 2);
	assert_int_equal(p.reviews.approvals_by_class[SL_CLASS_ON_APPLICATION], 0);
	assert_int_equal(p.reviews.approvals_by_class[SL_CLASS_CONFIDENTIAL], 3);
	assert_true(p.reviews.apart);
	assert_int_equal(p.reviews.unseen_max, 3);
	assert_int_equal(p.reviews.unseen_jobs_max, 4);
	sl_policy_free(&p);
	load_with("\"requires\": {", "\"reviews\": {\"same_organisation\": \"allowed\"}, \"requires\": {", &p);
	assert_false(p.reviews.apart);
	assert_int_equal(p.reviews.unseen_max, 10);
	assert_int_equal(p.reviews.unseen_jobs_max, 10);
	sl_policy_free(&p);
}

static void test_policy_reviews_the_largest_number_asked_is_needed(void **state)
{
	struct sl_cat_table open = { .class_ = SL_CLASS_OPEN }, applied = { .class_ = SL_CLASS_ON_APPLICATION },
			    confidential = { .class_ = SL_CLASS_CONFIDENTIAL }, odd = { .class_ = 9 };
	const struct sl_cat_table *tables[] = { &open, &applied };
	enum sl_class asks;
	struct sl_policy p;

	(void)state;
	load_with("\"requires\": {",
	          "\"reviews\": {\"approvals_by_class\": {\"confidential\": 3, \"on_application\": 2, \"open\": 1}}, "
	          "\"requires\": {", &p);
	struct sl_project *liver = &p.projects[0];
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 1, &asks), 1);
	assert_int_equal(asks, SL_CLASS_NONE);
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 2, &asks), 2);
	assert_int_equal(asks, SL_CLASS_ON_APPLICATION);
	tables[0] = &confidential;
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 2, &asks), 3);
	assert_int_equal(asks, SL_CLASS_CONFIDENTIAL);
	liver->approvals = 4;
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 2, &asks), 4);
	assert_int_equal(asks, SL_CLASS_NONE);
	/* What is not known is asked for the most; a project that asks none refuses, whatever the classes say. */
	liver->approvals = 1;
	assert_int_equal(sl_reviews_needed(&p, liver, NULL, 0, NULL), 3);
	tables[0] = &odd;
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 1, NULL), 3);
	liver->approvals = 0;
	assert_int_equal(sl_reviews_needed(&p, liver, tables, 2, NULL), 0);
	assert_int_equal(sl_reviews_needed(&p, NULL, tables, 2, NULL), 0);
	sl_policy_free(&p);
}

static void test_policy_column_named_reason_is_a_column(void **state)
{
	struct sl_policy p;

	(void)state;
	load_with("\"reason\": \"only what the study needs\"", "\"reason\": [\"group\"]", &p);
	assert_int_equal(p.projects[0].tables[0].ncolumns, 4);
	assert_string_equal(p.projects[0].tables[0].columns[3].name, "reason");
	assert_string_equal(p.projects[0].tables[0].reason, "");
	sl_policy_free(&p);
}

static const struct sl_note *note_of(const struct sl_notes *notes, const char *rule)
{
	for (uint32_t i = 0; i < notes->nitems; i++)
		if (strcmp(notes->items[i].what.rule, rule) == 0)
			return &notes->items[i];
	return NULL;
}

static void load_study(struct sl_catalogue *cat)
{
	char *text = text_of("catalogue/study.json");
	struct sl_err err = { 0 };

	assert_int_equal(sl_catalogue_load("study.json", text, strlen(text), cat, &err), SL_OK);
	memset(cat->sha256, 1, sizeof cat->sha256);
	free(text);
}

/* One change to the policy or the catalogue's digest, and the note it must raise at this line. */
static const struct {
	const char *from, *to, *rule;
	uint32_t line;
	enum sl_note_kind kind;
	bool moved, missing;
	int64_t today;
} lints[] = {
	{ "AAAAIRUI rui", "AAAAIANA again", "key-twice", 9, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"roles\": [\"officer\"]", "\"roles\": []", "officers", 1, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"roles\": [\"officer\"]", "\"roles\": [\"officer\", \"reviewer\"]", "officer-reviews", 7, SL_NOTE_WARNING,
	  false, false, TODAY },
	{ "\"roles\": [\"operator\"]", "\"roles\": []", "no-role", 10, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"How often diagnoses are recorded, by age and sex\"", "\" \xE3\x85\xA4\xE2\xA0\x80\"", "blank-purpose", 20,
	  SL_NOTE_ERROR, false, false, TODAY },
	{ "\"approvals\": 1", "\"approvals\": 2", "too-few-reviewers", 20, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"roles\": [\"analyst\"]", "\"roles\": [\"analyst\", \"reviewer\"]", "reviewer-is-analyst", 20,
	  SL_NOTE_WARNING, false, false, TODAY },
	{ "\"requires\": {", "\"reviews\": {\"approvals_by_class\": {\"confidential\": 2}}, \"requires\": {",
	  "too-few-reviewers", 20, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"requires\": {", "\"reviews\": {\"same_organisation\": \"never\"}, \"requires\": {", "too-few-reviewers", 20,
	  SL_NOTE_ERROR, false, false, TODAY },
	{ "[\"ana\"]", "[]", "empty-project", 20, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"tre-uk\"", "\"tre-uk\", \"dominance\": false", "dominance-off", 16, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"tre-uk\"", "\"tre-uk\", \"p_percent\": false", "p-percent-off", 16, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"tre-uk\"", "\"tre-uk\", \"threshold\": 2", "threshold-low", 16, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"tre-uk\"", "\"tre-uk\", \"context\": false", "rule-off", 16, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"tre-uk\"", "\"tre-uk\", \"threshold\": 12, \"random\": 3, \"numerator\": false", "random-numerator", 16,
	  SL_NOTE_WARNING, false, false, TODAY },
	{ "\"cells_max\": 5000", "\"slot_ms\": 0", "slot-off", 17, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"cells_max\": 5000", "\"secondary_work\": 5001", "secondary-slow", 17, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"cells_max\": 5000", "\"check_cpu_ms\": 100", "secondary-slow", 17, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"days\": [\"measure\"]", "\"days\": []", "no-use", 30, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"age\": [", "\"agee\": [", "no-such-column", 29, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"age\": [", "\"person_id\": [", "unit-column", 29, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"study.events\"", "\"study.event\"", "no-such-table", 30, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"study.events\"", "\"study.wards\"", "reference-table", 30, SL_NOTE_ERROR, false, false, TODAY },
	{ "\"days\": [\"measure\"]", "\"days\": [\"group\"]", "use-not-offered", 30, SL_NOTE_WARNING, false, false,
	  TODAY },
	{ "[\"owner\", \"auditor\"]", "[\"auditor\"]", "no-owner", 29, SL_NOTE_WARNING, false, false, TODAY },
	{ "\"requires\": {", "\"refresh_on\": {\"study.event\": \"2027-01-01\"}, \"requires\": {", "no-such-table", 18,
	  SL_NOTE_ERROR, false, false, TODAY },
	{ "\"demo\"", "\"demo\"", "expired", 20, SL_NOTE_WARNING, false, false, 30000 },
	{ "\"demo\"", "\"demo\"", "catalogue-moved", 14, SL_NOTE_ERROR, true, false, TODAY },
	{ "\"demo\"", "\"demo\"", "catalogue-missing", 14, SL_NOTE_ERROR, false, true, TODAY },
};

static void test_policy_lint_says_what_is_wrong_and_where(void **state)
{
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[] = { &cat };

	(void)state;
	load_study(&cat);
	for (size_t i = 0; i < sizeof lints / sizeof lints[0]; i++) {
		struct sl_policy p;
		struct sl_notes notes = { 0 };
		struct sl_err err = { 0 };
		load_with(lints[i].from, lints[i].to, &p);
		cat.sha256[0] = lints[i].moved ? 2 : 1;
		assert_int_equal(sl_policy_lint(&p, cats, lints[i].missing ? 0 : 1, lints[i].today, &notes, &err),
		                 SL_OK);
		const struct sl_note *n = note_of(&notes, lints[i].rule);
		if (n == NULL)
			fail_msg("no note %s", lints[i].rule);
		if (n->what.line != lints[i].line || n->kind != lints[i].kind)
			fail_msg("%s: line %u, kind %u", lints[i].rule, n->what.line, n->kind);
		assert_string_equal(n->what.file, "policy.json");
		assert_int_equal(sl_notes_errors(&notes) > 0, lints[i].kind == SL_NOTE_ERROR);
		sl_notes_free(&notes);
		sl_policy_free(&p);
	}
	sl_catalogue_free(&cat);
}

static void test_policy_lint_of_a_good_policy_has_no_error_and_names_near(void **state)
{
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[] = { &cat };
	struct sl_notes notes = { 0 };
	struct sl_policy p;

	(void)state;
	load_study(&cat);
	load_with("\"demo\"", "\"demo\"", &p);
	assert_int_equal(sl_policy_lint(&p, cats, 1, TODAY, &notes, NULL), SL_OK);
	assert_int_equal(sl_notes_errors(&notes), 0);
	assert_int_equal(notes.nitems, cat.notes.nitems);
	sl_notes_free(&notes);
	sl_policy_free(&p);
	load_with("\"age\": [", "\"agee\": [", &p);
	assert_int_equal(sl_policy_lint(&p, cats, 1, TODAY, &notes, NULL), SL_OK);
	assert_string_equal(note_of(&notes, "no-such-column")->what.text, "no column \"agee\" (did you mean \"age\"?)");
	sl_notes_free(&notes);
	sl_policy_free(&p);
	sl_catalogue_free(&cat);
}

static void test_policy_template_loads_and_pins_the_catalogues(void **state)
{
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[] = { &cat };
	struct sl_template t = {
		.enclave = "demo",
		.serial = 3,
		.officer = "olga",
		.officer_key = "ssh-ed25519 AAAA \"o\\g",
		.catalogues = cats,
	};
	struct sl_err err = { 0 };
	struct sl_policy p;

	(void)state;
	load_study(&cat);
	for (t.ncatalogues = 0; t.ncatalogues < 2; t.ncatalogues++) {
		struct sl_buf text = { 0 };
		assert_int_equal(sl_policy_template(&t, &text, &err), SL_OK);
		load_text(sl_buf_cstr(&text), &p);
		assert_int_equal(p.serial, 3);
		assert_int_equal(p.npins, t.ncatalogues);
		assert_string_equal(p.people[0].key, t.officer_key);
		assert_int_equal(sl_notes_errors(&p.notes), 0);
		if (t.ncatalogues == 1)
			assert_memory_equal(p.pins[0].sha256, cat.sha256, 32);
		sl_policy_free(&p);
		sl_buf_free(&text);
	}
	struct sl_buf text = { 0 };
	t.enclave = "a\nb";
	assert_int_equal(sl_policy_template(&t, &text, &err), SL_E_INPUT);
	sl_buf_free(&text);
	sl_catalogue_free(&cat);
}

static void test_policy_same_key_ignores_the_comment_only(void **state)
{
	(void)state;
	assert_true(sl_policy_same_key("ssh-ed25519 AAAA ana", "ssh-ed25519 AAAA"));
	assert_true(sl_policy_same_key("ssh-ed25519 AAAA ana", "ssh-ed25519 AAAA rui"));
	assert_true(sl_policy_same_key("ssh-ed25519 AAAA", "ssh-ed25519 AAAA"));
	assert_false(sl_policy_same_key("ssh-ed25519 AAAA", "ssh-ed25519 AAAAB"));
	assert_false(sl_policy_same_key("ssh-ed25519 AAAA", "sk-ssh-ed25519@openssh.com AAAA"));
	assert_false(sl_policy_same_key("ssh-ed25519", "ssh-ed25519"));
	assert_false(sl_policy_same_key("", ""));
}

/* The whole table, by hand: which roles may, in the order of the bits. */
static const struct {
	enum sl_action action;
	const char *may;
} rights[] = {
	{ SL_ACTION_DATA_IMPORT, "operator" },
	{ SL_ACTION_DATA_LIST, "analyst reviewer officer owner auditor operator" },
	{ SL_ACTION_DATA_VERIFY, "auditor operator" },
	{ SL_ACTION_DATA_FORGET, "operator" },
	{ SL_ACTION_DATA_REQUEST, "analyst" },
	{ SL_ACTION_DATA_REQUESTS, "analyst officer owner auditor" },
	{ SL_ACTION_DATA_GRANT, "owner" },
	{ SL_ACTION_DATA_APPROVE, "owner" },
	{ SL_ACTION_DATA_LEDGER, "owner auditor" },
	{ SL_ACTION_DATA_QUALITY, "analyst reviewer officer owner auditor operator" },
	{ SL_ACTION_POLICY_SIGN, "officer" },
	{ SL_ACTION_POLICY_APPLY, "officer operator" },
	{ SL_ACTION_POLICY_SHOW, "analyst reviewer officer owner auditor operator" },
	{ SL_ACTION_POLICY_TRY, "officer auditor" },
	{ SL_ACTION_JOB_RUN, "analyst" },
	{ SL_ACTION_JOB_LIST, "analyst auditor operator" },
	{ SL_ACTION_REQUEST_NEW, "analyst" },
	{ SL_ACTION_REQUEST_LIST, "analyst reviewer owner auditor" },
	{ SL_ACTION_REVIEW_SHOW, "reviewer" },
	{ SL_ACTION_REVIEW_DECIDE, "reviewer" },
	{ SL_ACTION_RELEASE_LIST, "analyst reviewer officer owner auditor operator" },
	{ SL_ACTION_RELEASE_GET, "analyst reviewer owner auditor" },
	{ SL_ACTION_RELEASE_REVOKE, "officer owner" },
	{ SL_ACTION_RELEASE_RECOVER, "operator" },
	{ SL_ACTION_AUDIT_READ, "reviewer officer owner auditor operator" },
};

static void test_roles_each_action_has_its_roles_and_no_other(void **state)
{
	(void)state;
	assert_int_equal(sizeof rights / sizeof rights[0], SL_ACTION_COUNT_ - 1);
	for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++)
		for (uint32_t bit = 1; bit <= SL_ROLE_OPERATOR; bit <<= 1) {
			bool may = strstr(rights[i].may, sl_role_name((enum sl_role)bit)) != NULL;
			assert_int_equal(sl_roles_allow(bit, rights[i].action), may);
		}
}

static void test_roles_nobody_and_nothing_are_refused(void **state)
{
	(void)state;
	assert_false(sl_roles_allow(0, SL_ACTION_POLICY_SHOW));
	assert_false(sl_roles_allow(SL_ROLES_ALL, SL_ACTION_NONE));
	assert_false(sl_roles_allow(SL_ROLES_ALL, SL_ACTION_COUNT_));
	assert_false(sl_roles_allow(SL_ROLES_ALL | 64, SL_ACTION_POLICY_SHOW));
	assert_null(sl_roles_action(SL_ACTION_NONE));
	assert_string_equal(sl_role_name(SL_ROLE_NONE), "none");
	for (int a = 1; a < SL_ACTION_COUNT_; a++)
		assert_true(sl_roles_action((enum sl_action)a)->why[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy_people_projects_and_rules_are_read),
		cmocka_unit_test(test_policy_profile_and_overrides_are_read),
		cmocka_unit_test(test_policy_bounds_what_leaves_each_project),
		cmocka_unit_test(test_policy_transformations_are_read),
		cmocka_unit_test(test_policy_refresh_days_are_read),
		cmocka_unit_test(test_policy_reviews_are_read_and_nothing_is_asked_without),
		cmocka_unit_test(test_policy_reviews_the_largest_number_asked_is_needed),
		cmocka_unit_test(test_policy_column_named_reason_is_a_column),
		cmocka_unit_test(test_policy_lint_says_what_is_wrong_and_where),
		cmocka_unit_test(test_policy_lint_of_a_good_policy_has_no_error_and_names_near),
		cmocka_unit_test(test_policy_template_loads_and_pins_the_catalogues),
		cmocka_unit_test(test_policy_same_key_ignores_the_comment_only),
		cmocka_unit_test(test_roles_each_action_has_its_roles_and_no_other),
		cmocka_unit_test(test_roles_nobody_and_nothing_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
