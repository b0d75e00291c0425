/* test_policy_faults.c - each way a policy can be wrong is told with its line and column. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/vault/failing.h"

static const struct fault faults[] = {
	{
		"not_json",
		"\"serial\": 1,",
		"\"serial\": 1",
		"5:19: not JSON: '}' expected near '\"officers_needed\"'",
	},
	{
		"key_twice",
		"\"serial\": 1,",
		"\"serial\": 1, \"serial\": 2,",
		"4:23: not JSON: duplicate object key near '\"serial\"'",
	},
	{
		"unknown_key",
		"\"serial\": 1,",
		"\"serail\": 1,",
		"4:3: unknown key \"serail\" (did you mean \"serial\"?)",
	},
	{
		"unknown_key_by_escapes",
		"\"serial\": 1,",
		"\"ser\\u0061\\u0069l\": 1,",
		"4:3: unknown key \"serail\" (did you mean \"serial\"?)",
	},
	{
		"version_two",
		"\"sluice_policy\": 1",
		"\"sluice_policy\": 2",
		"2:20: sluice_policy: 2 is not between 1 and 1",
	},
	{
		"version_missing",
		"\"sluice_policy\": 1,\n",
		"\n",
		"1:1: missing key \"sluice_policy\"",
	},
	{
		"serial_zero",
		"\"serial\": 1,",
		"\"serial\": 0,",
		"4:13: serial: 0 is not between 1 and 9223372036854775807",
	},
	{
		"serial_negative",
		"\"serial\": 1,",
		"\"serial\": -1,",
		"4:13: serial: -1 is not between 1 and 9223372036854775807",
	},
	{
		"serial_fraction",
		"\"serial\": 1,",
		"\"serial\": 1.5,",
		"4:13: serial: expected a whole number, found a number",
	},
	{
		"exceptions_no_array",
		"\"requires\"",
		"\"exceptions\": {}, \"requires\"",
		"18:17: exceptions: expected an array, found an object",
	},
	{
		"exception_of_nobody",
		"\"requires\"",
		"\"exceptions\": [{\"person\": \"tio\", \"roles\": [\"operator\", \"reviewer\"], \"reason\": \"r\", "
		"\"expires\": \"2027-01-01\"}], \"requires\"",
		"18:29: exceptions[0].person: \"tio\" is not among the people",
	},
	{
		"exception_of_roles_that_need_none",
		"\"requires\"",
		"\"exceptions\": [{\"person\": \"teo\", \"roles\": [\"owner\", \"auditor\"], \"reason\": \"r\", "
		"\"expires\": \"2027-01-01\"}], \"requires\"",
		"18:45: exceptions[0].roles: expected operator and reviewer, or officer and auditor",
	},
	{
		"exception_without_reason",
		"\"requires\"",
		"\"exceptions\": [{\"person\": \"teo\", \"roles\": [\"operator\", \"reviewer\"], "
		"\"expires\": \"2027-01-01\"}], \"requires\"",
		"18:18: exceptions[0]: missing key \"reason\"",
	},
	{
		"exception_without_last_day",
		"\"requires\"",
		"\"exceptions\": [{\"person\": \"teo\", \"roles\": [\"operator\", \"reviewer\"], \"reason\": \"r\"}], "
		"\"requires\"",
		"18:18: exceptions[0]: missing key \"expires\"",
	},
	{
		"reviews_no_object",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": 2,",
		"18:14: reviews: expected an object, found a number",
	},
	{
		"reviews_unknown_key",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"approvals_by_clas\": {}},",
		"18:15: reviews: unknown key \"approvals_by_clas\" (did you mean \"approvals_by_class\"?)",
	},
	{
		"reviews_unknown_class",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"approvals_by_class\": {\"confidental\": 2}},",
		"18:38: reviews.approvals_by_class: unknown key \"confidental\" (did you mean \"confidential\"?)",
	},
	{
		"reviews_no_approval",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"approvals_by_class\": {\"open\": 0}},",
		"18:46: reviews.approvals_by_class.open: 0 is not between 1 and 10",
	},
	{
		"reviews_other_word",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"same_organisation\": \"nevr\"},",
		"18:36: reviews.same_organisation: \"nevr\" is none of allowed, never (did you mean \"never\"?)",
	},
	{
		"reviews_nothing_seen",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"unseen_requests_max\": 0},",
		"18:38: reviews.unseen_requests_max: 0 is not between 1 and 100000",
	},
	{
		"reviews_no_job_seen",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"reviews\": {\"unseen_jobs_max\": 100001},",
		"18:34: reviews.unseen_jobs_max: 100001 is not between 1 and 100000",
	},
	{
		"refresh_no_object",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"refresh_on\": [],",
		"18:17: refresh_on: expected an object, found an array",
	},
	{
		"refresh_no_table",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"refresh_on\": {\"events\": \"2027-01-01\"},",
		"18:18: refresh_on.events: not the name of a table: \"dataset.table\"",
	},
	{
		"refresh_not_pinned",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"refresh_on\": {\"stdy.events\": \"2027-01-01\"},",
		"18:18: refresh_on.\"stdy.events\": no catalogue \"stdy\" is pinned (did you mean \"study\"?)",
	},
	{
		"refresh_no_day",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"refresh_on\": {\"study.events\": \"2027-02-30\"},",
		"18:34: refresh_on.\"study.events\": expected a date \"YYYY-MM-DD\"",
	},
	{
		"refresh_no_text",
		"\"requires\": {\"layers\": [\"landlock\"]},",
		"\"refresh_on\": {\"study.events\": 2027},",
		"18:34: refresh_on.\"study.events\": expected a date \"YYYY-MM-DD\"",
	},
	{
		"enclave_missing",
		"\"enclave\": \"demo\",\n",
		"\n",
		"1:1: missing key \"enclave\"",
	},
	{
		"enclave_no_name",
		"\"enclave\": \"demo\"",
		"\"enclave\": \"the demo\"",
		"3:14: enclave: \"the demo\" is not a name (letters, digits, _ and -, at most 64 bytes)",
	},
	{
		"officers_zero",
		"\"officers_needed\": 1",
		"\"officers_needed\": 0",
		"5:22: officers_needed: 0 is not between 1 and 10",
	},
	{
		"role_unknown",
		"\"roles\": [\"reviewer\"]",
		"\"roles\": [\"reviwer\"]",
		"8:23: people.rui.roles[0]: \"reviwer\" is none of analyst, reviewer, officer, owner, auditor, operator"
		" (did you mean \"reviewer\"?)",
	},
	{
		"role_twice",
		"\"roles\": [\"reviewer\"]",
		"\"roles\": [\"reviewer\", \"reviewer\"]",
		"8:35: people.rui.roles[1]: \"reviewer\" twice",
	},
	{
		"person_key_unknown",
		"\"roles\": [\"reviewer\"]",
		"\"role\": [\"reviewer\"]",
		"8:13: people.rui: unknown key \"role\" (did you mean \"roles\"?)",
	},
	{
		"person_no_name",
		"\"rui\": {",
		"\"rui r\": {",
		"8:5: people.\"rui r\": not a name (letters, digits, _ and -, at most 64 bytes)",
	},
	{
		"key_missing",
		", \"key\": \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI rui\"",
		"",
		"8:12: people.rui: missing key \"key\"",
	},
	{
		"key_rsa",
		"\"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIRUI rui\"",
		"\"ssh-rsa AAAA\"",
		"8:43: people.rui.key: a key is a line \"ssh-ed25519 AAAA…\" or \"sk-ssh-ed25519@openssh.com AAAA…\"",
	},
	{
		"key_two_lines",
		"AAAAIRUI rui\"",
		"AAAAIRUI rui\\nssh-ed25519 BBBB\"",
		"8:43: people.rui.key: holds a control or invisible character",
	},
	{
		"digest_short",
		"sha256:01",
		"sha256:",
		"14:14: catalogues.study: expected \"sha256:\" and 64 lower-case hex digits",
	},
	{
		"digest_upper",
		"sha256:01",
		"sha256:AB",
		"14:14: catalogues.study: expected \"sha256:\" and 64 lower-case hex digits",
	},
	{
		"digest_other",
		"sha256:01",
		"sha512:01",
		"14:14: catalogues.study: expected \"sha256:\" and 64 lower-case hex digits",
	},
	{
		"profile_unknown",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-us\"",
		"16:29: disclosure.profile: \"tre-us\" is none of tre-uk, opensafely, nhs, cms, business (did you mean \"tre-uk\"?)",
	},
	{
		"profile_missing",
		"\"profile\": \"tre-uk\"",
		"\"threshold\": 5",
		"16:17: disclosure: missing key \"profile\"",
	},
	{
		"round_number",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": 5",
		"16:48: disclosure.round: expected an object, found a number",
	},
	{
		"round_no_base",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": {}",
		"16:48: disclosure.round: missing key \"base\"",
	},
	{
		"round_base_one",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": {\"base\": 1}",
		"16:57: disclosure.round.base: 1 is not between 2 and 1000",
	},
	{
		"round_other_key",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": {\"bases\": 5}",
		"16:49: disclosure.round: unknown key \"bases\" (did you mean \"base\"?)",
	},
	{
		"midpoint_odd",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"midpoint\": 5",
		"16:51: disclosure.midpoint: a midpoint needs an even number",
	},
	{
		"midpoint_and_round",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": {\"base\": 5}, \"midpoint\": 6",
		"16:61: disclosure.midpoint: beside round: counts are changed in one way",
	},
	{
		"random_and_round",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"round\": {\"base\": 5}, \"random\": 5",
		"16:61: disclosure.random: beside round: counts are changed in one way",
	},
	{
		"random_and_midpoint",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"random\": 5, \"midpoint\": 6",
		"16:39: disclosure.random: beside midpoint: counts are changed in one way",
	},
	{
		"random_edge",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"random\": 3",
		"16:49: disclosure.random: with threshold 10 the smallest number that is printed would tell the count to 2, and a "
		"base of 3 needs 3",
	},
	{
		"round_edge",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"threshold\": 12, \"round\": {\"base\": 5}",
		"16:65: disclosure.round: with threshold 12 the smallest number that is printed would tell the count to 1, "
		"and a base of 5 needs 3",
	},
	{
		"threshold_zero",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"threshold\": 0",
		"16:52: disclosure.threshold: 0 is not between 1 and 100000",
	},
	{
		"dof_zero",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"dof\": 0",
		"16:46: disclosure.dof: 0 is not between 1 and 100000",
	},
	{
		"dominance_n_four",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"dominance\": {\"n\": 4, \"k\": 90}",
		"16:58: disclosure.dominance.n: 4 is not between 1 and 3",
	},
	{
		"dominance_k_over",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"dominance\": {\"n\": 1, \"k\": 101}",
		"16:66: disclosure.dominance.k: not a per cent between 1 and 100",
	},
	{
		"dominance_k_missing",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"dominance\": {\"n\": 1}",
		"16:52: disclosure.dominance: missing key \"k\"",
	},
	{
		"dominance_true",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"dominance\": true",
		"16:52: disclosure.dominance: expected an object, found true or false",
	},
	{
		"p_percent_text",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"p_percent\": \"10\"",
		"16:52: disclosure.p_percent: expected a number, found a string",
	},
	{
		"p_percent_fine",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"p_percent\": 10.0001",
		"16:52: disclosure.p_percent: has more than 3 decimals",
	},
	{
		"zeros_unknown",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"zeros\": \"shown\"",
		"16:48: disclosure.zeros: \"shown\" is none of hide, show (did you mean \"show\"?)",
	},
	{
		"switch_number",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"numerator\": 0",
		"16:52: disclosure.numerator: expected true or false, found a number",
	},
	{
		"rule_unknown",
		"\"profile\": \"tre-uk\"",
		"\"profile\": \"tre-uk\", \"all_equals\": true",
		"16:39: disclosure: unknown key \"all_equals\" (did you mean \"all_equal\"?)",
	},
	{
		"limit_unknown",
		"\"cells_max\": 5000",
		"\"cell_max\": 5000",
		"17:14: limits: unknown key \"cell_max\" (did you mean \"cells_max\"?)",
	},
	{
		"limit_frames",
		"\"cells_max\": 5000",
		"\"plans_max\": 3, \"frames_max\": 4",
		"17:13: limits: frames_max is 4, and plans_max 3 needs at least 5",
	},
	{
		"limit_slot",
		"\"cells_max\": 5000",
		"\"slot_ms\": 600001",
		"17:25: limits.slot_ms: 600001 is not between 0 and 600000",
	},
	{
		"limit_over",
		"\"cells_max\": 5000",
		"\"cells_max\": 999999999",
		"17:27: limits.cells_max: 999999999 is not between 1 and 200000",
	},
	{
		"requires_unknown",
		"{\"layers\": [\"landlock\"]}",
		"{\"layer\": [\"landlock\"]}",
		"18:16: requires: unknown key \"layer\" (did you mean \"layers\"?)",
	},
	{
		"layer_number",
		"{\"layers\": [\"landlock\"]}",
		"{\"layers\": [1]}",
		"18:27: requires.layers[0]: expected a string, found a number",
	},
	{
		"project_key_unknown",
		"\"purpose\":",
		"\"porpose\":",
		"21:7: projects.liver: unknown key \"porpose\" (did you mean \"purpose\"?)",
	},
	{
		"purpose_empty",
		"\"How often diagnoses are recorded, by age and sex\"",
		"\"\"",
		"21:18: projects.liver.purpose: must not be empty",
	},
	{
		"analyst_unknown",
		"\"analysts\": [\"ana\"]",
		"\"analysts\": [\"anna\"]",
		"23:20: projects.liver.analysts[0]: no person \"anna\" (did you mean \"ana\"?)",
	},
	{
		"analyst_without_role",
		"\"analysts\": [\"ana\"]",
		"\"analysts\": [\"rui\"]",
		"23:20: projects.liver.analysts[0]: \"rui\" has not the role \"analyst\"",
	},
	{
		"analyst_twice",
		"\"analysts\": [\"ana\"]",
		"\"analysts\": [\"ana\", \"ana\"]",
		"23:27: projects.liver.analysts[1]: \"ana\" twice",
	},
	{
		"released_zero",
		"\"approvals\": 1",
		"\"approvals\": 1, \"released_numbers_max\": 0",
		"25:47: projects.liver.released_numbers_max: 0 is not between 1 and 1000000000000",
	},
	{
		"released_true",
		"\"tre-uk\"",
		"\"tre-uk\", \"released_numbers_max\": true",
		"16:63: disclosure.released_numbers_max: expected a whole number, found true or false",
	},
	{
		"expires_no_date",
		"\"2027-06-30\"",
		"\"2027-06-31\"",
		"24:18: projects.liver.expires: expected a date \"YYYY-MM-DD\"",
	},
	{
		"expires_missing",
		"\"expires\": \"2027-06-30\",\n",
		"\n",
		"20:14: projects.liver: missing key \"expires\"",
	},
	{
		"approvals_zero",
		"\"approvals\": 1",
		"\"approvals\": 0",
		"25:20: projects.liver.approvals: 0 is not between 1 and 10",
	},
	{
		"approvals_missing",
		"\"approvals\": 1,\n",
		"\n",
		"20:14: projects.liver: missing key \"approvals\"",
	},
	{
		"table_no_dataset",
		"\"study.events\"",
		"\"events\"",
		"30:9: projects.liver.tables.events: not the name of a table: \"dataset.table\"",
	},
	{
		"table_other_dataset",
		"\"study.events\"",
		"\"studi.events\"",
		"30:9: projects.liver.tables.\"studi.events\": no catalogue \"studi\" is pinned (did you mean "
	        "\"study\"?)",
	},
	{
		"table_unpinned",
		"\"study.events\"",
		"\"health.events\"",
		"30:9: projects.liver.tables.\"health.events\": no catalogue \"health\" is pinned",
	},
	{
		"use_unknown",
		"\"age\": [\"group\", \"filter\"]",
		"\"age\": [\"group\", \"filtre\"]",
		"29:44: projects.liver.tables.\"study.persons\".age[1]: \"filtre\" is none of group, filter, measure "
	        "(did"
		" you mean \"filter\"?)",
	},
	{
		"use_twice",
		"\"age\": [\"group\", \"filter\"]",
		"\"age\": [\"group\", \"group\"]",
		"29:44: projects.liver.tables.\"study.persons\".age[1]: \"group\" twice",
	},
	{
		"use_text",
		"\"age\": [\"group\", \"filter\"]",
		"\"age\": \"group\"",
		"29:34: projects.liver.tables.\"study.persons\".age: expected an array, found a string",
	},
	{
		"table_array",
		"{\"event\": [\"group\", \"filter\"], \"days\": [\"measure\"]}",
		"[\"event\"]",
		"30:25: projects.liver.tables.\"study.events\": expected an object, found an array",
	},
	{
		"deep",
		"\"serial\": 1,",
		"\"serial\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],",
		"1:1: nested too deeply",
	},
	{
		"projects_missing",
		"\"projects\":",
		"\"description\": \"\", \"project\":",
		"19:22: unknown key \"project\" (did you mean \"projects\"?)",
	},
};

static void test_policy_each_fault_names_its_place(void **state)
{
	char *good = text_of("policy/demo.json");

	(void)state;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
		struct sl_policy policy;
		struct sl_err err = { 0 };
		char *bad = text_with(good, faults[i].from, faults[i].to);
		enum sl_rc rc = sl_policy_load("f.json", bad, strlen(bad), &policy, &err);
		assert_fault(&faults[i], rc, &err);
		assert_null(policy.people);
		free(bad);
	}
	free(good);
}

static void test_policy_each_allocation_that_fails_is_told(void **state)
{
	char *good = text_of("policy/demo.json");
	bool reached = true;
	unsigned long n;

	(void)state;
	for (n = 1; reached && n < 100000; n++) {
		struct sl_policy policy;
		struct sl_err err = { 0 };
		faults_at(n);
		enum sl_rc rc = sl_policy_load("f.json", good, strlen(good), &policy, &err);
		reached = failing_reached();
		faults_at(0);
		if (rc != (reached ? SL_E_NOMEM : SL_OK))
			fail_msg("allocation %lu: %d %s", n, rc, err.text);
		sl_policy_free(&policy);
	}
	assert_false(reached);
	assert_true(n > 50);
	free(good);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy_each_fault_names_its_place),
		cmocka_unit_test(test_policy_each_allocation_that_fails_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
