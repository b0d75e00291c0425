/*
 * test_conditions.c - spellings of one condition are one, and two conditions never are: chosen ones, groups, lists of
 * values, and numbers that overflow. Random ones are in test_conditions_random.c, what it costs in
 * test_conditions_cost.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/audit.h"
#include "policy/history/predicate.h"
#include "tests/unit/history/spelled.h"

static const struct {
	const char *one, *other;
} spellings[] = {
	{ "age > 3", "age >= 4" },
	{ "age > 3", "3 < age" },
	{ "age > 3", "not age <= 3" },
	{ "age > 3", "age > 3.5 or age = 4" },
	{ "age = 3", "age in (3)" },
	{ "age in (1, 2)", "age in (2, 1, 2)" },
	{ "age in (1, 2)", "age = 2 or age = 1" },
	{ "age in (1, 2, 3)", "age between 1 and 3" },
	{ "age between 1 and 3", "age >= 1 and age < 4" },
	{ "age between 1 and 3", "3 >= age and not age < 1" },
	{ "not (age <> 3)", "age = 3" },
	{ "not not sick", "sick" },
	{ "sick = true", "sick" },
	{ "sick = false", "not sick" },
	{ "sick <> true", "not sick" },
	{ "sick or age = 1", "age = 1 or sick" },
	{ "sick and age = 1", "age = 1 and sick and age = 1" },
	{ "not (sick and age = 1)", "age <> 1 or not sick" },
	{ "not (sick or age = 1)", "age <> 1 and not sick" },
	{ "(sick or age = 1) or must = 2", "must = 2 or (age = 1 or sick)" },
	{ "amount > 1", "amount >= 1.1" },
	{ "amount > 1.04", "amount >= 1.1" },
	{ "amount = 1", "amount = 1.0" },
	{ "place = 'north'", "place in ('north')" },
	{ "side <> 'north'", "side in ('west', 'south')" },
	{ "age < must", "must > age" },
	{ "age < must or age = must", "age <= must" },
	{ "not (age < must)", "must <= age" },
	{ "age + must > 3", "must + age >= 4" },
	{ "case when sick and age = 1 then 1 else 0 end = 1", "case when age = 1 and sick then 1 else 0 end in (1)" },
};

/* Of the rows that are let through, not of the value: false here and unknown there. */
static const struct {
	const char *one, *other;
} filters[] = {
	{ "age is null or age > 3", "not (age is not null and age <= 3)" },
	{ "age is not null and age > 3", "age > 3" },
	{ "age > 3 or age <= 3", "age is not null" },
	{ "must is not null and sick", "sick" },
	{ "age > 3 and age < 2", "age > 3 and 2 > age" },
	{ "(age > 3 and age < 2) or sick", "sick" },
	{ "sick or not sick", "sick is not null" },
};

/* Near, and not the same: each was one mistake away from it. */
static const struct {
	const char *one, *other;
} different[] = {
	{ "age > 3", "age >= 3" },
	{ "amount > 1", "amount >= 2" },
	{ "age > 3", "must > 3" },
	{ "age > 3 or age is null", "age > 3" },
	{ "not (age > 3)", "age <= 3 or age is null" },
	{ "place <> 'north'", "place = 'south'" },
	{ "age < must", "must < age" },
	{ "sick and age = 1", "sick or age = 1" },
	{ "sick or (age = 1 and must = 2)", "(sick or age = 1) and must = 2" },
	{ "age - must = 1", "must - age = 1" },
	{ "must * must * 9000000000000000000 > 3 or must * must * 9000000000000000000 is null",
	  "must * must * 9000000000000000000 > 3" },
};

static void test_spellings_of_one_condition_are_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(spellings) + COUNTOF(filters); i++) {
		bool only_rows = i >= COUNTOF(spellings);
		const char *x = only_rows ? filters[i - COUNTOF(spellings)].one : spellings[i].one;
		const char *y = only_rows ? filters[i - COUNTOF(spellings)].other : spellings[i].other;
		struct spelled a, b;
		spelled_init(x, &a);
		spelled_init(y, &b);
		spelled_check_rows(x, &a, y, &b);
		if (!spelled_same_rows(&a, &b) || (!only_rows && !spelled_same_value(&a, &b)))
			fail_msg("%s | %s: two conditions", x, y);
		spelled_free(&a);
		spelled_free(&b);
	}
}

static void test_conditions_that_differ_are_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNTOF(different); i++) {
		struct spelled a, b;
		spelled_init(different[i].one, &a);
		spelled_init(different[i].other, &b);
		if (spelled_same_rows(&a, &b) || spelled_same_value(&a, &b))
			fail_msg("%s | %s: one condition", different[i].one, different[i].other);
		spelled_free(&a);
		spelled_free(&b);
	}
}

static void test_a_narrower_condition_is_seen_to_lie_within(void **state)
{
	static const char *const pairs[][2] = { { "age between 1 and 3", "age >= 1" }, { "age = 3 and sick", "sick" },
		                                { "age in (1, 3)", "age between 1 and 3" }, { "age > 3", "age is not null" },
		                                { "age > 3", "age > 3 or age is null" } };
	(void)state;
	for (size_t i = 0; i < COUNTOF(pairs); i++) {
		struct spelled a, b;
		spelled_init(pairs[i][0], &a);
		spelled_init(pairs[i][1], &b);
		assert_true(spelled_within(&a, &b));
		assert_false(spelled_within(&b, &a));
		spelled_free(&a);
		spelled_free(&b);
	}
}

/* A group is the condition that is true of it. */
static void test_a_group_is_the_condition_on_its_column(void **state)
{
	static const struct {
		uint16_t column;
		uint8_t banded;
		uint32_t group;
		const char *condition;
	} groups[] = {
		{ 0, 1, 0, "age < 2" },              { 0, 1, 1, "age in (2, 3)" },    { 0, 1, 2, "age > 3" },
		{ 0, 1, 3, "age is null" },          { 3, 0, 0, "not sick" },         { 3, 0, 1, "sick" },
		{ 3, 0, 2, "sick is null" },         { 4, 0, 1, "place = 'south'" },
		{ 4, 0, 2, "place not in ('north', 'south')" },                       { 4, 0, 3, "place is null" },
		{ 5, 0, 2, "not side in ('south', 'north')" },
	};
	(void)state;
	for (size_t i = 0; i < COUNTOF(groups); i++) {
		struct sl_plan plan = spelled_plan();
		struct sl_key key = { .input = groups[i].column, .banded = groups[i].banded };
		struct spelled in_group = { 0 }, asked;
		plan.keys = &key;
		plan.nkeys = 1;
		spelled_read_parts(&plan, groups[i].group, &in_group.parts, &in_group.nparts);
		spelled_init(groups[i].condition, &asked);
		if (!spelled_same_rows(&in_group, &asked))
			fail_msg("group %u of %s is not %s", groups[i].group, spelled_columns[groups[i].column].name, groups[i].condition);
		free(in_group.parts);
		spelled_free(&asked);
	}
}

/* The group of a key is asked for by this value of the list, and that there is one. */
static void assert_is_group(uint16_t column, uint32_t group, const struct sl_condition_union *u, sl_i128 value)
{
	struct sl_plan plan = spelled_plan();
	struct sl_key key = { .input = column };
	struct spelled of = { 0 };

	plan.keys = &key;
	plan.nkeys = 1;
	spelled_read_parts(&plan, group, &of.parts, &of.nparts);
	assert_int_equal(of.nparts, u->known.hash != 0 ? 3 : 2);
	assert_true(spelled_has(&of, value) && (u->known.hash == 0 || spelled_has(&of, u->known.hash)));
	free(of.parts);
}

/* A condition that asks for one of a few values of a column without order is told by the groups of a key. */
static void test_a_list_of_values_is_told_by_its_groups(void **state)
{
	static const struct {
		const char *condition;
		uint16_t column;
		uint32_t n, groups[3]; /* n 0: it is none */
	} cases[] = {
		{ "side in ('south', 'west')", 5, 2, { 1, 2 } }, { "side <> 'north'", 5, 2, { 1, 2 } },
		{ "place in ('south', 'north')", 4, 2, { 0, 1 } }, { "not place = 'north'", 4, 2, { 1, 2 } },
		{ "place = 'south'", 4, 1, { 1 } }, { "not sick", 3, 1, { 0 } }, { "sick = true", 3, 1, { 1 } },
		{ "age in (1, 3)", 0, 0, { 0 } }, { "place is null", 4, 0, { 0 } }, { "place = 'north' or sick", 4, 0, { 0 } },
		{ "place = 'north' or place is null", 4, 0, { 0 } }, { "amount > 1", 2, 0, { 0 } },
	};
	sl_i128 of_place = 0;
	(void)state;
	for (size_t i = 0; i < COUNTOF(cases); i++) {
		struct sl_condition_unions all = { 0 };
		struct sl_plan plan = spelled_plan();
		struct spelled whole;
		struct sl_err err = { 0 };
		spelled_init(cases[i].condition, &whole);
		plan.where = whole.parsed.expr;
		assert_int_equal(sl_predicate_unions(&plan, &spelled_view, &all, &err), SL_OK);
		assert_int_equal(all.n, cases[i].n > 0);
		if (all.n > 0) {
			assert_int_equal(all.at[0].nvalues, cases[i].n);
			assert_true(spelled_has(&whole, all.at[0].whole.hash));
			assert_int_equal(all.at[0].values[0].hash == all.at[0].whole.hash, cases[i].n == 1);
			for (uint32_t v = 0; v < cases[i].n; v++)
				assert_is_group(cases[i].column, cases[i].groups[v], &all.at[0], all.at[0].values[v].hash);
			if (cases[i].column == 4)
				assert_true(of_place == 0 || of_place == all.at[0].of.hash);
			else
				assert_true(of_place != all.at[0].of.hash);
			of_place = cases[i].column == 4 ? all.at[0].of.hash : of_place;
		}
		sl_condition_unions_free(&all);
		spelled_free(&whole);
	}
}

/*
 * Overflow is missing: what a measure is multiplied with may leave out just those who are beyond a limit. Only where
 * the catalogue's bounds say that nobody is are those who have a value all there are.
 */
static void test_numbers_that_may_overflow_are_not_of_everybody(void **state)
{
	static const struct {
		const char *measure;
		int64_t lo, hi;
		bool of_all;
	} cases[] = {
		{ "must + 0", INT64_MIN, INT64_MAX, true },
		{ "must * 1000000000000000000", 0, 9, true },
		{ "must * 1000000000000000000", 0, 10, false },
		{ "must * 1000000000000000000", -10, 0, false },
		{ "must + 1", INT64_MIN, INT64_MAX, false },
		{ "must + 1", INT64_MIN, INT64_MAX - 1, true },
		{ "must - 1", INT64_MIN, 0, false },
		{ "1 - must", INT64_MIN + 2, 0, true },
		{ "1 - must", INT64_MIN + 1, 0, false },
		{ "-must", INT64_MIN, 0, false },
		{ "-must", INT64_MIN + 1, 0, true },
		{ "abs(must)", INT64_MIN, 0, false },
		{ "abs(must) * 2", -10, 5, true },
		{ "must + 0.5", 0, INT64_MAX / 10 + 1, false },
		{ "must + 0.5", 0, INT64_MAX / 10, true },
		{ "(must - 5) * (must - 5)", 0, 10, true },
		{ "must * must", -4000000000, 4000000000, false },
		{ "must div 1", 0, 10, false },
		{ "age + 0", 0, 10, false },
	};
	const struct sl_column was = spelled_columns[1];

	(void)state;
	for (size_t i = 0; i < COUNTOF(cases); i++) {
		struct sl_plan plan = spelled_plan();
		struct sl_stat stat = { .fn = SL_STAT_MEAN };
		struct sl_parsed parsed;
		struct sl_predicate_part *row, *measured;
		uint32_t nrow, nmeasured;
		spelled_columns[1].lo = cases[i].lo;
		spelled_columns[1].hi = cases[i].hi;
		spelled_parse_as(SL_PARSE_DEFINITION, cases[i].measure, &parsed);
		stat.arg = parsed.expr;
		plan.stats = &stat;
		plan.nstats = 1;
		spelled_read_parts(&plan, 0, &row, &nrow);
		spelled_read_parts(&plan, 1, &measured, &nmeasured);
		if ((nrow == nmeasured) != cases[i].of_all)
			fail_msg("%s, %lld to %lld: %u and %u conditions", cases[i].measure, (long long)cases[i].lo,
			         (long long)cases[i].hi, nrow, nmeasured);
		free(row);
		free(measured);
		sl_parsed_free(&parsed);
	}
	spelled_columns[1] = was;
}

/* Two that agree in 64 bits are found in minutes by whoever writes conditions. */
static void test_conditions_that_agree_in_64_bits_are_two(void **state)
{
	struct sl_meaning one = { { 0 } }, other = { { 0 } };

	(void)state;
	for (size_t at = 0; at < 16; at++) {
		struct sl_predicate_part parts[2];
		uint32_t n = 0;
		other = one;
		other.digest[at] = 1;
		assert_int_equal(sl_meaning_part(&one, parts, &n, NULL), SL_OK);
		assert_int_equal(sl_meaning_part(&other, parts, &n, NULL), SL_OK);
		assert_int_equal(n, 2);
		struct sl_audit_set x = { .parts = &parts[0], .nparts = 1 }, y = { .parts = &parts[1], .nparts = 1 };
		assert_false(sl_audit_same(&x, &y));
		assert_false(sl_audit_within(&x, &y));
		assert_false(sl_audit_within(&y, &x));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings_of_one_condition_are_one),
		cmocka_unit_test(test_conditions_that_differ_are_two),
		cmocka_unit_test(test_a_narrower_condition_is_seen_to_lie_within),
		cmocka_unit_test(test_a_group_is_the_condition_on_its_column),
		cmocka_unit_test(test_a_list_of_values_is_told_by_its_groups),
		cmocka_unit_test(test_numbers_that_may_overflow_are_not_of_everybody),
		cmocka_unit_test(test_conditions_that_agree_in_64_bits_are_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
