/*
 * test_profiles.c - the profiles that are shipped: each file says in full what its name means, and each is tried where
 * its rules tie: one unit fewer than the threshold and exactly as many, two units with exactly k per cent.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/policy.h"
#include "tests/unit/policy/faults.h"
#include "tests/unit/rules/kit.h"

static const struct profile {
	const char *name;
	uint32_t threshold;
	int64_t printed; /* a count of exactly `threshold` */
	bool zeros_show;
} profiles[] = {
	{ "tre-uk", 10, 10, false }, { "opensafely", 8, 10, false }, { "nhs", 8, 10, true },
	{ "cms", 11, 11, true },     { "business", 3, 3, false },
};
#define PROFILES (sizeof profiles / sizeof profiles[0])

/* What `disclosure`, a policy's member, means. */
static struct sl_rules rules_of(const char *disclosure)
{
	struct sl_policy p;
	struct sl_err err = { 0 };
	char *text = NULL;

	assert_true(asprintf(&text, "{\"sluice_policy\": 1, \"enclave\": \"e\", \"serial\": 1, \"people\": {}, "
	                            "\"catalogues\": {}, \"projects\": {}, %s}", disclosure) > 0);
	if (sl_policy_load("policy.json", text, strlen(text), &p, &err) != SL_OK)
		fail_msg("%s", err.text);
	struct sl_rules rules = p.rules;
	sl_policy_free(&p);
	free(text);
	return rules;
}

static struct sl_rules named(const char *name)
{
	char disclosure[128];

	(void)snprintf(disclosure, sizeof disclosure, "\"disclosure\": {\"profile\": \"%s\"}", name);
	return rules_of(disclosure);
}

static bool same_rules(const struct sl_rules *a, const struct sl_rules *b)
{
	struct sl_buf x = { .max = 4096 }, y = { .max = 4096 };

	assert_int_equal(sl_codec_encode(&sl_rules_record, a, &x, NULL), SL_OK);
	assert_int_equal(sl_codec_encode(&sl_rules_record, b, &y, NULL), SL_OK);
	bool same = x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
	sl_buf_free(&x);
	sl_buf_free(&y);
	return same;
}

/* Nothing in a file is left to the name in it: with any other name it means the same. */
static void test_profiles_have_files_that_say_all_of_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		char name[64], from[64], to[64];
		(void)snprintf(name, sizeof name, "../../examples/profiles/%s.json", profiles[i].name);
		char *file = text_of(name);
		struct sl_rules want = named(profiles[i].name);
		char *inner = strchr(file, '{') + 1;
		*strrchr(inner, '}') = '\0';
		for (size_t j = 0; j < PROFILES; j++) {
			(void)snprintf(from, sizeof from, "\"profile\": \"%s\"", profiles[i].name);
			(void)snprintf(to, sizeof to, "\"profile\": \"%s\"", profiles[j].name);
			char *text = text_with(inner, from, to);
			struct sl_rules got = rules_of(text);
			if (!same_rules(&got, &want))
				fail_msg("%s.json under the name %s", profiles[i].name, profiles[j].name);
			free(text);
		}
		free(file);
	}
}

/* Of one plan by region, under a profile; what a description must say is not asked here. */
static struct kit *kit_of(const struct sl_rules *rules, enum sl_stat_fn fn)
{
	struct kit *k = kit_new();

	k->setup.rules = *rules;
	k->setup.rules.context = 1;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", fn, KIT_AMOUNT, 0);
	return k;
}

static struct sl_published_cell first_of(struct kit *k, uint32_t cell)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	struct sl_published_cell c = *kit_cell(k, &p, 0, cell, 0);

	sl_codec_free(&sl_publication_record, &p);
	return c;
}

static void test_profiles_show_a_count_of_exactly_the_threshold(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct sl_rules rules = named(profiles[i].name);
		for (uint32_t less = 0; less < 2; less++) {
			struct kit *k = kit_of(&rules, SL_STAT_UNITS);
			(void)kit_add(k, profiles[i].threshold - less, 0, 0);
			(void)kit_add(k, 50, 1, 0);
			struct sl_published_cell small = first_of(k, 0), none = first_of(k, 2);
			assert_int_equal(small.shown, less == 0);
			assert_int_equal(small.value, less == 0 ? profiles[i].printed : 0);
			assert_int_equal(none.shown, profiles[i].zeros_show);
			assert_int_equal(none.value, 0);
			kit_free(k);
		}
	}
}

/* What ten units have besides, 100 in all: of few values it would follow who has which. */
static const int64_t others[] = { 5, 6, 7, 8, 9, 11, 12, 13, 14, 15 };

/* 900 of 1,000 from two units is 90 %: a tie, and unsafe. Of 1,001 it is less. */
static void test_profiles_hide_a_sum_of_which_two_have_exactly_k_percent(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct sl_rules rules = named(profiles[i].name);
		for (int64_t more = 0; more < 2; more++) {
			struct kit *k = kit_of(&rules, SL_STAT_SUM);
			struct kit_row *row = kit_add(k, 12, 0, 0);
			for (uint32_t u = 0; u < 12; u++)
				row[u].value[KIT_AMOUNT] = u == 0 ? 500 : u == 1 ? 400 : others[u - 2];
			row[2].value[KIT_AMOUNT] += more;
			assert_int_equal(first_of(k, 0).shown, more);
			kit_free(k);
		}
	}
}

/* The rest beyond two is 100 of the largest 1,000: 10 %, a tie, and safe. With 99 it is not. */
static void test_profiles_show_a_sum_whose_rest_is_exactly_p_percent(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct sl_rules rules = named(profiles[i].name);
		rules.dominance_n = rules.dominance_k = 0;
		for (int64_t less = 0; less < 2; less++) {
			struct kit *k = kit_of(&rules, SL_STAT_SUM);
			struct kit_row *row = kit_add(k, 12, 0, 0);
			for (uint32_t u = 0; u < 12; u++)
				row[u].value[KIT_AMOUNT] = u == 0 ? 1000 : u == 1 ? 400 : others[u - 2];
			row[2].value[KIT_AMOUNT] -= less;
			assert_int_equal(first_of(k, 0).shown, less == 0);
			kit_free(k);
		}
	}
}

static void test_profiles_show_a_spread_of_exactly_ten_degrees_of_freedom(void **state)
{
	(void)state;
	for (size_t i = 0; i < PROFILES; i++) {
		struct sl_rules rules = named(profiles[i].name);
		for (uint32_t less = 0; less < 2; less++) {
			struct kit *k = kit_of(&rules, SL_STAT_SD);
			(void)kit_add(k, 11 - less, 0, 0);
			assert_int_equal(first_of(k, 0).shown, less == 0);
			kit_free(k);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles_have_files_that_say_all_of_them),
		cmocka_unit_test(test_profiles_show_a_count_of_exactly_the_threshold),
		cmocka_unit_test(test_profiles_hide_a_sum_of_which_two_have_exactly_k_percent),
		cmocka_unit_test(test_profiles_show_a_sum_whose_rest_is_exactly_p_percent),
		cmocka_unit_test(test_profiles_show_a_spread_of_exactly_ten_degrees_of_freedom),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
