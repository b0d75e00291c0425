/* test_acknowledge.c - what is left to judge is asked for by name, all of it and nothing else. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "policy/acknowledge.h"
#include "policy/rules/rule.h"

#define BIT(rule) (UINT64_C(1) << (rule))
#define MANY 4096

static struct sl_finding findings[MANY];

/* Finding i of a rule with the severity the list of rules gives it; n of them. */
static struct sl_publication publication_of(const uint8_t *rules, uint32_t n)
{
	memset(findings, 0, sizeof findings);
	for (uint32_t i = 0; i < n; i++) {
		findings[i].rule = rules[i];
		findings[i].severity = (uint8_t)sl_rule_find(rules[i])->severity;
	}
	return (struct sl_publication){ .findings = findings, .nfindings = n };
}

static void test_acknowledge_asks_for_what_hides_nothing_alone(void **state)
{
	static const uint8_t rules[] = { SL_RULE_THRESHOLD, SL_RULE_DEPTH, SL_RULE_LINKED, SL_RULE_NEGATIVES,
		                         SL_RULE_DEPTH };
	const struct sl_publication p = publication_of(rules, sizeof rules);
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_acknowledge_open(&p), BIT(SL_RULE_DEPTH) | BIT(SL_RULE_NEGATIVES));
	assert_int_equal(sl_acknowledge_ask("R-1", &p, BIT(SL_RULE_DEPTH), &err), SL_E_DENIED);
	assert_non_null(strstr(err.text, "negatives (finding 4)"));
	assert_null(strstr(err.text, "depth"));
	assert_string_equal(err.rule, "findings");
	assert_non_null(strstr(err.remedy, "--acknowledge negatives"));
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_acknowledge_ask("R-1", &p, 0, &err), SL_E_DENIED);
	assert_non_null(strstr(err.text, "negatives (finding 4); depth (finding 2, 5)"));
	assert_int_equal(sl_acknowledge_ask("R-1", &p, BIT(SL_RULE_DEPTH) | BIT(SL_RULE_NEGATIVES), NULL), SL_OK);
	const struct sl_publication hides = publication_of(rules, 1);
	assert_int_equal(sl_acknowledge_open(&hides), 0);
	assert_int_equal(sl_acknowledge_ask("R-1", &hides, 0, NULL), SL_OK);
}

static void test_acknowledge_of_a_name_without_a_finding_is_refused_with_a_near_one(void **state)
{
	static const uint8_t rules[] = { SL_RULE_DIFFERENCING, SL_RULE_THRESHOLD };
	const struct sl_publication p = publication_of(rules, sizeof rules);
	const uint64_t open = sl_acknowledge_open(&p);
	static const char *const wrong[] = { "threshold", "depth", "", "DIFFERENCING", "none", "differencing " };
	static const char *const twice[] = { "differencing", "differencing" };
	struct sl_err err = { 0 };
	uint64_t set = 9;

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(sl_acknowledge_take("R-1", open, (const char *const[]){ "differencing", wrong[i] }, 2, &set, &err),
		                 SL_E_USAGE);
		assert_int_equal(set, 0);
	}
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_acknowledge_take("R-1", open, (const char *const[]){ "diferencing" }, 1, &set, &err), SL_E_USAGE);
	assert_non_null(strstr(err.text, "did you mean \"differencing\"?"));
	assert_string_equal(err.remedy, "to be acknowledged: differencing");
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_acknowledge_take("R-1", 0, twice, 1, &set, &err), SL_E_USAGE);
	assert_non_null(strstr(err.remedy, "leave --acknowledge out"));
	assert_int_equal(sl_acknowledge_take("R-1", open, twice, 2, &set, NULL), SL_OK);
	assert_int_equal(set, BIT(SL_RULE_DIFFERENCING));
	assert_int_equal(sl_acknowledge_take("R-1", open, NULL, 0, &set, NULL), SL_OK);
	assert_int_equal(set, 0);
}

/* Every rule that is judged by a person, thousands of times: the message keeps its ends. */
static void test_acknowledge_of_very_many_findings_is_one_whole_message(void **state)
{
	uint8_t rules[MANY], judged[SL_RULE_COUNT_];
	struct sl_err err = { 0 };
	uint32_t n = 0;

	(void)state;
	for (uint8_t rule = 1; rule < SL_RULE_COUNT_; rule++)
		if (sl_rule_find(rule)->severity == SL_SEVERITY_REVIEW)
			judged[n++] = rule;
	assert_true(n >= 5);
	for (uint32_t i = 0; i < MANY; i++)
		rules[i] = judged[i % n];
	const struct sl_publication p = publication_of(rules, MANY);
	assert_int_equal(sl_acknowledge_ask("R-9007199254740993", &p, 0, &err), SL_E_DENIED);
	for (uint32_t i = 0; i < n; i++)
		assert_non_null(strstr(err.text, sl_rule_find(judged[i])->id));
	assert_int_equal(err.text[strlen(err.text) - 1], ')');
	assert_non_null(strstr(err.text, "more)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_acknowledge_asks_for_what_hides_nothing_alone),
		cmocka_unit_test(test_acknowledge_of_a_name_without_a_finding_is_refused_with_a_near_one),
		cmocka_unit_test(test_acknowledge_of_very_many_findings_is_one_whole_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
