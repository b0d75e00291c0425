/* test_policy_diff.c - each change of a policy has its effect, the reverse change the reverse, and no change none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jobs/policy_compare.h"
#include "tests/unit/policy/faults.h"

static void load(const char *from, const char *to, struct sl_policy *p)
{
	char *good = text_of("policy/demo.json"), *text = text_with(good, from, to);
	struct sl_err err = {0};

	if (sl_policy_load("policy.json", text, strlen(text), p, &err) != SL_OK)
		fail_msg("%u:%u: %s", err.line, err.col, err.text);
	free(good);
	free(text);
}

static void effect_text(const struct sl_effect *e, char *out, size_t cap)
{
	snprintf(out, cap, "%s %s %s %s%s%s", e->who, sl_effect_kind_name((enum sl_effect_kind)e->kind), e->what, e->from,
	         *e->from || *e->to ? ">" : "", e->to);
	for (size_t n = strlen(out); n > 0 && out[n - 1] == ' '; n--)
		out[n - 1] = '\0';
}

#define LIVER ", in project \"liver\""

static const struct {
	const char *from, *to, *effect, *reverse;
} changes[] = {
	{"Numbers for the yearly report", "Other words", NULL, NULL},
	{"\"days\": [\"measure\"]", "\"days\": [\"filter\", \"measure\"]",
	 "ana gains filter on \"days\" of \"study.events\"" LIVER,
	 "ana loses filter on \"days\" of \"study.events\"" LIVER},
	{", \"bmi\": [\"measure\"]", "", "ana loses measure on \"bmi\" of \"study.persons\"" LIVER,
	 "ana gains measure on \"bmi\" of \"study.persons\"" LIVER},
	{"\"approvals\": 1", "\"approvals\": 2", "liver stricter approvals 1>2", "liver looser approvals 2>1"},
	{"\"tre-uk\"", "\"tre-uk\", \"released_numbers_max\": 500",
	 "liver stricter numbers that may leave of one unit space unbounded>500",
	 "liver looser numbers that may leave of one unit space 500>unbounded"},
	{"\"approvals\": 1", "\"released_numbers_max\": 500, \"approvals\": 1",
	 "liver stricter numbers that may leave of one unit space unbounded>500",
	 "liver looser numbers that may leave of one unit space 500>unbounded"},
	{"\"requires\"", "\"reviews\": {\"approvals_by_class\": {\"confidential\": 2}}, \"requires\"",
	 "everybody stricter approvals for tables of class confidential the project's>2",
	 "everybody looser approvals for tables of class confidential 2>the project's"},
	{"\"requires\"", "\"reviews\": {\"same_organisation\": \"never\"}, \"requires\"",
	 "everybody stricter a review by the author's organisation allowed>never",
	 "everybody looser a review by the author's organisation never>allowed"},
	{"\"requires\"", "\"reviews\": {\"unseen_requests_max\": 4}, \"requires\"",
	 "everybody stricter requests of a project that are judged before a reviewer looks 10>4",
	 "everybody looser requests of a project that are judged before a reviewer looks 4>10"},
	{"\"requires\"", "\"reviews\": {\"unseen_jobs_max\": 12}, \"requires\"",
	 "everybody looser jobs of a project that tell by their ends before anybody looks 10>12",
	 "everybody stricter jobs of a project that tell by their ends before anybody looks 12>10"},
	{"2027-06-30", "2028-06-30", "liver looser last day 2027-06-30>2028-06-30",
	 "liver stricter last day 2028-06-30>2027-06-30"},
	{"How often", "Why",
	 "liver changes purpose How often diagnoses are recorded, by age and sex"
	 ">Why diagnoses are recorded, by age and sex",
	 "liver changes purpose Why diagnoses are recorded, by age and sex"
	 ">How often diagnoses are recorded, by age and sex"},
	{"[\"reviewer\"]", "[\"reviewer\", \"auditor\"]", "rui gains role \"auditor\"", "rui loses role \"auditor\""},
	{"IRUI rui", "IRUJ rui",
	 "rui changes key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI rui>ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUJ rui",
	 "rui changes key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUJ rui>ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI rui"},
	{"IRUI rui", "IRUI another comment", NULL, NULL},
	{"\"organisation\": \"clinic\"", "\"organisation\": \"ward\"", "dora changes organisation clinic>ward",
	 "dora changes organisation ward>clinic"},
	{"\"officers_needed\": 1", "\"officers_needed\": 2",
	 "everybody stricter officers who must sign the policy after this one 1>2",
	 "everybody looser officers who must sign the policy after this one 2>1"},
	{"[\"landlock\"]", "[]", "everybody looser layer \"landlock\" required>",
	 "everybody stricter layer \"landlock\" >required"},
	{"sha256:01", "sha256:02", "everybody changes catalogue \"study\" is another one",
	 "everybody changes catalogue \"study\" is another one"},
	{"\"catalogues\": {",
	 "\"catalogues\": {\"tax\": \"sha256:0101010101010101010101010101010101010101010101010101010101010101\", ",
	 "everybody gains catalogue \"tax\"", "everybody loses catalogue \"tax\""},
	{"\"requires\"", "\"refresh_on\": {\"study.events\": \"2027-01-01\"}, \"requires\"",
	 "everybody changes day from which small refreshes of \"study.events\" count >2027-01-01",
	 "everybody changes day from which small refreshes of \"study.events\" count 2027-01-01>"},
	{"\"enclave\": \"demo\"", "\"enclave\": \"other\"", "everybody changes enclave demo>other",
	 "everybody changes enclave other>demo"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"threshold\": 5, \"dof\": 10",
	 "everybody looser rule threshold 10>5",
	 "everybody stricter rule threshold 5>10"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"p_percent\": false",
	 "everybody looser rule p_percent 10 %>off",
	 "everybody stricter rule p_percent off>10 %"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"group_percent\": 95",
	 "everybody looser rule group_percent 90 %>95 %",
	 "everybody stricter rule group_percent 95 %>90 %"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"context\": false", "everybody looser rule context on>off",
	 "everybody stricter rule context off>on"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"zeros\": \"show\"",
	 "everybody looser rule zeros_show 0>1",
	 "everybody stricter rule zeros_show 1>0"},
	{"\"profile\": \"tre-uk\"", "\"profile\": \"tre-uk\", \"near\": \"earlier\"",
	 "everybody looser rule near refuse>earlier",
	 "everybody stricter rule near earlier>refuse"},
	{"\"cells_max\": 5000", "\"cells_max\": 6000", "everybody looser limit cells_max 5000>6000",
	 "everybody stricter limit cells_max 6000>5000"},
	{"\"cells_max\": 5000", "\"cells_max\": 5000, \"slot_ms\": 2000", "everybody stricter limit slot_ms 1000>2000",
	 "everybody looser limit slot_ms 2000>1000"},
};

static void expect_effects(const struct sl_policy *now, const struct sl_policy *next, const char *effect)
{
	struct sl_effects e = {0};
	char text[600];

	assert_int_equal(sl_policy_diff(now, next, NULL, 0, &e, NULL), SL_OK);
	if (effect == NULL) {
		assert_int_equal(e.nitems, 0);
	} else {
		assert_int_equal(e.nitems, 1);
		effect_text(&e.items[0], text, sizeof text);
		assert_string_equal(text, effect);
	}
	sl_effects_free(&e);
}

static void test_diff_tells_each_change_and_its_reverse(void **state)
{
	struct sl_policy now, next;

	(void)state;
	load("demo", "demo", &now);
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		load(changes[i].from, changes[i].to, &next);
		expect_effects(&now, &next, changes[i].effect);
		expect_effects(&next, &now, changes[i].reverse);
		sl_policy_free(&next);
	}
	sl_policy_free(&now);
}

static void test_diff_of_a_new_analyst_lists_all_they_may_use(void **state)
{
	static const char *const expected[] = {
		"teo gains role \"analyst\"", "teo gains project \"liver\"", "teo gains table \"study.persons\"" LIVER,
		"teo gains group, filter on \"age\" of \"study.persons\"" LIVER,
		"teo gains group, filter on \"male\" of \"study.persons\"" LIVER,
		"teo gains measure on \"bmi\" of \"study.persons\"" LIVER, "teo gains table \"study.events\"" LIVER,
		"teo gains group, filter on \"event\" of \"study.events\"" LIVER,
		"teo gains measure on \"days\" of \"study.events\"" LIVER,
	};
	struct sl_policy now, next;
	struct sl_effects e = {0};
	char text[600], *analysts;

	(void)state;
	load("demo", "demo", &now);
	load("[\"operator\"]", "[\"operator\", \"analyst\"]", &next);
	/* Named by the project alone it would be refused by the loader; here the second half of the change. */
	analysts = strdup("teo");
	char **more = realloc(next.projects[0].analysts, 2 * sizeof *more);
	more[1] = analysts;
	next.projects[0].analysts = more;
	next.projects[0].nanalysts = 2;
	assert_int_equal(sl_policy_diff(&now, &next, NULL, 0, &e, NULL), SL_OK);
	assert_int_equal(e.nitems, sizeof expected / sizeof expected[0]);
	for (uint32_t i = 0; i < e.nitems; i++) {
		effect_text(&e.items[i], text, sizeof text);
		assert_string_equal(text, expected[i]);
	}
	sl_effects_free(&e);
	sl_policy_free(&now);
	sl_policy_free(&next);
}

static void test_diff_of_a_use_that_no_catalogue_offers_is_no_effect(void **state)
{
	char *study = text_of("catalogue/study.json");
	struct sl_policy now, next;
	struct sl_effects e = {0};
	struct sl_catalogue cat;
	const struct sl_catalogue *cats[] = {&cat};

	(void)state;
	assert_int_equal(sl_catalogue_load("study.json", study, strlen(study), &cat, NULL), SL_OK);
	load("demo", "demo", &now);
	load("\"days\": [\"measure\"]", "\"days\": [\"group\", \"measure\"]", &next);
	assert_int_equal(sl_policy_diff(&now, &next, cats, 1, &e, NULL), SL_OK);
	assert_int_equal(e.nitems, 0);
	expect_effects(&now, &next, "ana gains group on \"days\" of \"study.events\"" LIVER);
	sl_policy_free(&now);
	sl_policy_free(&next);
	sl_catalogue_free(&cat);
	free(study);
}

#define LIMITS "{\"cells_max\": 5000, \"engine_memory_bytes\": 536870912}"

/* A limit that is loaded is compared: each of them, by its name in the file. */
static void test_diff_knows_every_limit_and_every_rule(void **state)
{
	static const struct {
		const char *name;
		int value;
	} limits[] = {
		{"script_cpu_ms", 500}, {"script_wall_ms", 500}, {"engine_cpu_ms", 500}, {"engine_wall_ms", 500},
		{"check_cpu_ms", 500}, {"check_wall_ms", 500}, {"load_cpu_ms", 500}, {"load_wall_ms", 500},
		{"script_memory_bytes", 104857600}, {"engine_memory_bytes", 104857600}, {"check_memory_bytes", 104857600},
		{"load_memory_bytes", 104857600}, {"output_bytes_max", 104857600}, {"plans_max", 17}, {"cells_max", 500},
		{"nodes_max", 500}, {"print_bytes_max", 500}, {"frames_max", 500}, {"slot_ms", 500}, {"threads", 3},
		{"rows_max", 500}, {"secondary_work", 500},
	};
	struct sl_policy now, next;
	struct sl_effects e = {0};
	char text[200];

	(void)state;
	load(LIMITS, "{}", &now);
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
		snprintf(text, sizeof text, "{\"%s\": %d}", limits[i].name, limits[i].value);
		load(LIMITS, text, &next);
		assert_int_equal(sl_policy_diff(&now, &next, NULL, 0, &e, NULL), SL_OK);
		assert_int_equal(e.nitems, 1);
		assert_non_null(strstr(e.items[0].what, limits[i].name));
		sl_effects_free(&e);
		sl_policy_free(&next);
	}
	for (size_t i = 0; i < sl_rules_record.nfields; i++) {
		load(LIMITS, "{}", &next);
		((uint8_t *)&next.rules)[sl_rules_record.fields[i].offset] ^= 1;
		assert_int_equal(sl_policy_diff(&now, &next, NULL, 0, &e, NULL), SL_OK);
		assert_int_equal(e.nitems, 1);
		assert_non_null(strstr(e.items[0].what, sl_rules_record.fields[i].name));
		sl_effects_free(&e);
		sl_policy_free(&next);
	}
	sl_policy_free(&now);
}

static void test_diff_survives_every_failed_allocation(void **state)
{
	struct sl_policy now, next;
	enum sl_rc rc = SL_E_NOMEM;

	(void)state;
	load("demo", "demo", &now);
	load("\"days\": [\"measure\"]", "\"days\": [\"filter\"]", &next);
	for (unsigned long n = 1; rc == SL_E_NOMEM; n++) {
		struct sl_effects e = {0};

		faults_at(n);
		rc = sl_policy_diff(&now, &next, NULL, 0, &e, NULL);
		faults_at(0);
		sl_effects_free(&e);
	}
	assert_int_equal(rc, SL_OK);
	sl_policy_free(&now);
	sl_policy_free(&next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diff_tells_each_change_and_its_reverse),
		cmocka_unit_test(test_diff_of_a_new_analyst_lists_all_they_may_use),
		cmocka_unit_test(test_diff_of_a_use_that_no_catalogue_offers_is_no_effect),
		cmocka_unit_test(test_diff_knows_every_limit_and_every_rule),
		cmocka_unit_test(test_diff_survives_every_failed_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
