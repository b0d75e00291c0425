/* test_groups.c - what tells of everyone in a group: numerators, group disclosure, equal values, small complements. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

/* `sick` of `all` meet the condition. */
static bool condition_hidden(enum sl_stat_fn fn, uint32_t sick, uint32_t all)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, all, 0, 0);
	struct sl_publication p;
	bool hidden;

	k->setup.rules.all_equal = k->setup.rules.group_disclosure = 1;
	for (uint32_t i = 0; i < all; i++)
		row[i].value[KIT_SICK] = i < sick;
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "sick", fn, KIT_SICK, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.outputs[0].cells[0].shown, 1);
	hidden = !p.outputs[0].cells[1].shown;
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_numerator_few_on_either_side_are_hidden(void **state)
{
	(void)state;
	for (int fn = SL_STAT_COUNT_IF; fn <= SL_STAT_SHARE; fn += SL_STAT_SHARE - SL_STAT_COUNT_IF) {
		assert_true(condition_hidden((enum sl_stat_fn)fn, 3, 161)); /* 3 readmissions of 161 stays */
		assert_true(condition_hidden((enum sl_stat_fn)fn, 9, 161));
		assert_false(condition_hidden((enum sl_stat_fn)fn, 10, 161));
		assert_false(condition_hidden((enum sl_stat_fn)fn, 151, 161));
		assert_true(condition_hidden((enum sl_stat_fn)fn, 152, 161));
		assert_true(condition_hidden((enum sl_stat_fn)fn, 0, 161)); /* a zero prints like a small number */
		assert_false(condition_hidden((enum sl_stat_fn)fn, 161, 161));
	}
}

static void test_numerator_few_known_not_to_meet_among_many_unknown_are_hidden(void **state)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 100, 0, 0);
	struct sl_publication p;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		row[i].value[KIT_AMOUNT] = i < 50 ? 5 : 0;
		row[i].missing[KIT_AMOUNT] = i >= 53;
	}
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "paid", SL_STAT_SHARE, KIT_AMOUNT, 1);
	p = kit_check(k, SL_RULE_NONE);
	assert_false(p.outputs[0].cells[1].shown);
	assert_true(kit_has(&p, SL_RULE_NUMERATOR));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A sum of ones, and one of other amounts: whoever adds something is its numerator; of ones, who does not, the rest. */
static void test_numerator_a_count_disguised_as_a_sum_is_hidden_too(void **state)
{
	static const struct { uint32_t some; bool ones, hidden; } cases[] = {
		{ 9, true, true }, { 10, true, false }, { 90, true, false }, { 91, true, true }, { 9, false, true },
		{ 91, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 100, 0, 0);
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = 10;
		for (uint32_t u = 0; u < 100; u++)
			row[u].value[KIT_AMOUNT] = u >= cases[i].some ? 0 : cases[i].ones ? 1 : 5 + u % 3;
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), cases[i].hidden);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !cases[i].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/*
 * Of 100 ones and twos some are two: a sum or mean says how many, as it stands or with something added. Of a measure
 * with three values it says it less exactly; without a range it is known what there is in the table. Of rows that may
 * be one unit's, fewer units are certain.
 */
static void test_numerator_a_measure_of_two_values_is_a_condition(void **state)
{
	static const struct {
		uint32_t twos;
		int64_t lo, hi, more;
		bool by_one, hidden;
	} cases[] = { { 9, 1, 2, 0, false, true }, { 10, 1, 2, 0, false, false }, { 91, 1, 2, 0, false, true },
		{ 90, 1, 2, 0, false, false }, { 9, 1, 2, 7, false, true }, { 0, 1, 2, 0, false, false },
		/* Of three, five to nine have more than 1; and 15 to 30. */
		{ 9, 1, 3, 0, false, true }, { 30, 1, 3, 0, false, false },
		{ 9, 1, INT64_MAX, 0, false, true }, { 9, INT64_MIN, 2, 0, false, true },
		{ 18, 1, 2, 0, true, true }, { 20, 1, 2, 0, true, false } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = 10;
		k->setup.view.tables[0].columns[KIT_AGE].lo = cases[i / 2].lo;
		k->setup.view.tables[0].columns[KIT_AGE].hi = cases[i / 2].hi;
		for (uint32_t u = 0; u < 100; u++) {
			struct kit_row *row = kit_add(k, 1, 0, 0);
			row->value[KIT_AGE] = u < cases[i / 2].twos ? 2 : 1;
			if (cases[i / 2].by_one && u % 2 == 1)
				row->unit = k->rows[k->nrows - 2].unit;
		}
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		struct sl_stat *s = kit_stat(&k->plans[0], "ages", i % 2 == 0 ? SL_STAT_SUM : SL_STAT_MEAN, KIT_AGE, 0);
		if (cases[i / 2].more > 0)
			kit_more(s, cases[i / 2].more);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), cases[i / 2].hidden);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, !cases[i / 2].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* case when age > 5 then 7 else 2 end, of any ages. */
static void seven_or_two(struct sl_plan *plan, struct sl_stat *s)
{
	const struct sl_op from[] = {
		{ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER, .arg = kit_input(plan, KIT_AGE) },
		{ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 5 }, { .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN },
		{ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 7 },
		{ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 2 },
		{ .op = SL_OP_CASE, .type = SL_TYPE_INTEGER, .arg = 1 },
	};

	free(s->arg.ops);
	s->arg.ops = malloc(sizeof from);
	assert_non_null(s->arg.ops);
	memcpy(s->arg.ops, from, sizeof from);
	s->arg.nops = sizeof from / sizeof from[0];
}

/*
 * Two values that are no neighbours: of a column divided, of a choice; and by how far they spread, too, where two
 * values, or three, may also just happen to be all there are. `few` of 100 have the larger one, which the others lack.
 */
static void test_numerator_any_two_values_are_a_condition_and_so_is_their_spread(void **state)
{
	enum made { PLAIN, DIVIDED, CHOSEN };
	static const struct {
		enum sl_stat_fn fn;
		enum made made;
		int64_t small, large, hi;
		uint32_t few;
		bool third, hidden;
	} cases[] = {
		{ SL_STAT_SUM, DIVIDED, 2, 5, 5, 9, false, true },     { SL_STAT_SUM, DIVIDED, 2, 5, 5, 10, false, false },
		{ SL_STAT_MEAN, DIVIDED, 2, 5, 7, 9, false, true },    { SL_STAT_MEAN, DIVIDED, 2, 5, 7, 30, false, false },
		{ SL_STAT_SUM, CHOSEN, 1, 8, INT64_MAX, 9, false, true },
		{ SL_STAT_MEAN, CHOSEN, 1, 8, INT64_MAX, 9, false, true },
		{ SL_STAT_MEAN, CHOSEN, 1, 8, INT64_MAX, 10, false, false },
		{ SL_STAT_VAR, PLAIN, 1, 2, 2, 9, false, true },       { SL_STAT_SD, PLAIN, 1, 2, 2, 91, false, true },
		{ SL_STAT_SD, PLAIN, 1, 2, 2, 10, false, false },      { SL_STAT_VAR, PLAIN, 2, 7, INT64_MAX, 9, false, true },
		{ SL_STAT_SD, PLAIN, -2, 7, INT64_MAX, 9, false, true },
		{ SL_STAT_SD, PLAIN, 2, 7, INT64_MAX, 10, false, false },
		{ SL_STAT_VAR, PLAIN, 2, 7, INT64_MAX, 9, true, true },
		{ SL_STAT_SD, CHOSEN, 1, 8, INT64_MAX, 9, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.numerator = 0;
		k->setup.rules.threshold = 10;
		k->setup.view.tables[0].columns[KIT_AGE].lo = cases[i].hi == INT64_MAX ? INT64_MIN : cases[i].small;
		k->setup.view.tables[0].columns[KIT_AGE].hi = cases[i].hi;
		for (uint32_t u = 0; u < 100; u++)
			kit_add(k, 1, 0, 0)->value[KIT_AGE] = u < cases[i].few ? cases[i].large : cases[i].small;
		if (cases[i].third)
			k->rows[99].value[KIT_AGE] = cases[i].small + 1;
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		struct sl_stat *s = kit_stat(&k->plans[0], "ages", cases[i].fn, KIT_AGE, 0);
		if (cases[i].made == DIVIDED)
			kit_divide(s, 2);
		else if (cases[i].made == CHOSEN)
			seven_or_two(&k->plans[0], s);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		if (kit_has(&p, SL_RULE_NUMERATOR) != cases[i].hidden || kit_cell(k, &p, 0, 0, 1)->shown == cases[i].hidden)
			fail_msg("case %zu", i);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* `in` of 200 units of a region are sick: is the cell hidden when one groups by it? */
static bool group_hidden(uint32_t in, uint32_t all, uint32_t cell)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, all, 0, 0);
	struct sl_publication p;
	bool hidden;

	kit_quiet(k);
	k->setup.rules.group_disclosure = 0;
	k->setup.rules.zeros_show = 1;
	for (uint32_t i = 0; i < all; i++)
		row[i].value[KIT_SICK] = i < in;
	kit_key(&k->plans[0], "sick", KIT_SICK, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[cell].shown;
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_group_disclosure_zero_all_and_nearly_all_are_hidden(void **state)
{
	(void)state;
	assert_true(group_hidden(20, 20, 1)); /* 20 of 20 */
	assert_true(group_hidden(0, 20, 1));  /* 0 of 20, even where zeros are shown */
	assert_true(group_hidden(181, 200, 1));
	assert_false(group_hidden(180, 200, 1)); /* exactly 90 % */
	assert_false(group_hidden(100, 200, 1));
	assert_false(group_hidden(181, 200, 0)); /* the other side is judged by its own share */
}

static void test_within_group_single_beside_one_other_is_hidden(void **state)
{
	static const struct {
		uint32_t a, b, c;
		bool hidden;
	} rows[] = {
		{ 1, 50, 0, true }, { 2, 50, 0, false }, { 1, 50, 3, false }, { 1, 0, 0, false }, { 1, 1, 0, true }
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.within_group = 0;
		kit_key(&k->plans[0], "region", KIT_REGION, false);
		kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		(void)kit_add(k, rows[i].a, 0, 0);
		(void)kit_add(k, rows[i].b, 1, 0);
		(void)kit_add(k, rows[i].c, 2, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(!p.outputs[0].cells[0].shown, rows[i].hidden);
		if (rows[i].b > 0)
			assert_int_equal(!p.outputs[0].cells[1].shown, rows[i].hidden);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_all_equal_one_value_for_everyone_is_hidden(void **state)
{
	const int64_t same[] = { 7, 7, 7, 7 }, mixed[] = { 7, 7, 7, 8 };
	struct kit *k;

	(void)state;
	k = kit_magnitudes(same, 4);
	k->setup.rules.all_equal = 0;
	assert_true(kit_first_is_hidden(k));
	kit_free(k);
	k = kit_magnitudes(mixed, 4);
	k->setup.rules.all_equal = 0;
	assert_false(kit_first_is_hidden(k));
	kit_free(k);
}

/* A number of the region, looked up: by region it is what the open table says, by gender of where they live. */
static bool looked_up_hidden(bool by_region, uint32_t more)
{
	static const int64_t of[4][KIT_ATTRIBUTES] = { { 37, 0 }, { 412, 0 }, { 509, 0 }, { 7, 0 } };
	struct kit *k = kit_new();

	kit_quiet(k);
	kit_levels(k, of);
	k->setup.rules.all_equal = 0;
	k->setup.view.tables[1].columns[0].type = SL_TYPE_INTEGER;
	k->setup.view.tables[1].columns[0].uses = SL_USE_MEASURE;
	struct kit_row *rows = kit_add(k, 20, 0, 0);
	for (uint32_t i = 0; i < 20; i++) {
		rows[i].attribute[0].v = 37;
		rows[i].value[KIT_AMOUNT] = more;
	}
	struct sl_plan *plan = &k->plans[0];
	if (by_region)
		kit_key(plan, "region", KIT_REGION, false);
	else
		kit_key(plan, "gender", KIT_GENDER, false);
	struct sl_stat *s = kit_stat(plan, "beds", SL_STAT_SUM, KIT_AMOUNT, 0);
	if (more == 0)
		plan->inputs[s->arg.ops[0].arg] = (struct sl_input){ .column = KIT_REGION, .lookup = 1 };
	bool hidden = kit_first_is_hidden(k);
	kit_free(k);
	return hidden;
}

static void test_all_equal_what_a_reference_table_says_of_the_group_is_shown(void **state)
{
	(void)state;
	assert_false(looked_up_hidden(true, 0));
	assert_true(looked_up_hidden(false, 0)); /* all of them live in one region */
	assert_true(looked_up_hidden(true, 5));  /* their own amounts, by the same groups */
}

static void test_all_equal_nought_or_hundred_per_cent_of_a_sensitive_condition_is_hidden(void **state)
{
	(void)state;
	for (uint32_t sick = 0; sick <= 60; sick += 30) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 60, 0, 0);
		kit_quiet(k);
		k->setup.rules.all_equal = 0;
		k->setup.rules.zeros_show = 1;
		for (uint32_t i = 0; i < 60; i++)
			row[i].value[KIT_SICK] = i < sick;
		kit_stat(&k->plans[0], "sick", SL_STAT_SHARE, KIT_SICK, 0);
		assert_int_equal(kit_first_is_hidden(k), sick != 30);
		kit_free(k);
	}
}

/* Where all who are well have a large amount, whoever has a small one is sick: the same as sick by amounts. */
static void test_all_equal_a_condition_that_all_of_a_sensitive_group_meet_is_hidden(void **state)
{
	(void)state;
	for (uint32_t well_small = 0; well_small <= 20; well_small += 20) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 80, 0, 0);
		struct sl_publication p;
		kit_quiet(k);
		k->setup.rules.all_equal = 0;
		for (uint32_t i = 0; i < 80; i++) {
			row[i].value[KIT_SICK] = i >= 40;
			row[i].value[KIT_AMOUNT] = i >= well_small && i < 60 ? 9 : 1;
		}
		kit_key(&k->plans[0], "sick", KIT_SICK, false);
		kit_stat(&k->plans[0], "large", SL_STAT_COUNT_IF, KIT_AMOUNT, 5);
		p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.outputs[0].cells[0].shown, well_small > 0);
		assert_true(p.outputs[0].cells[1].shown);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* `out` of 100 + out units do not meet the condition. */
static bool filter_refused(uint32_t out)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 100 + out, 0, 0);
	struct sl_publication p;
	bool refused;

	for (uint32_t i = 0; i < out; i++)
		row[i].value[KIT_AMOUNT] = 0;
	kit_where(&k->plans[0], KIT_AMOUNT, 1);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	refused = !p.releasable;
	if (refused)
		assert_int_equal(p.outputs[0].suppressed, 1);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return refused;
}

static void test_small_complement_everyone_but_few_is_refused_nobody_included(void **state)
{
	(void)state;
	assert_true(filter_refused(0));
	assert_true(filter_refused(1));
	assert_true(filter_refused(9));
	assert_false(filter_refused(10));
}

/* `in` of 200 are sick, and the condition keeps them, or the others; `off`: what small_complement says in policy. */
static bool sensitive_filter_refused(uint32_t in, bool others, uint8_t off)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 200, 0, 0);
	struct sl_plan *plan = &k->plans[0];
	struct sl_publication p;
	bool refused;

	kit_quiet(k);
	k->setup.rules.zeros_show = 1;
	k->setup.rules.group_disclosure = 0;
	k->setup.rules.small_complement = off;
	for (uint32_t i = 0; i < 200; i++)
		row[i].value[KIT_SICK] = i < in;
	kit_where(plan, KIT_SICK, 0);
	if (others) {
		plan->where.ops = realloc(plan->where.ops, 2 * sizeof *plan->where.ops);
		assert_non_null(plan->where.ops);
		plan->where.ops[plan->where.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	}
	kit_stat(plan, "persons", SL_STAT_UNITS, 0, 0);
	p = kit_check(k, SL_RULE_NONE);
	refused = !p.releasable;
	assert_int_equal(refused, kit_has(&p, SL_RULE_SMALL_COMPLEMENT));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return refused;
}

static void test_small_complement_a_sensitive_condition_that_keeps_nearly_all_or_nobody_is_refused(void **state)
{
	(void)state;
	for (uint8_t off = 0; off < 2; off++) {
		assert_true(sensitive_filter_refused(181, false, off));
		assert_false(sensitive_filter_refused(180, false, off));
		assert_false(sensitive_filter_refused(10, false, off));
		assert_true(sensitive_filter_refused(0, false, off));
		assert_true(sensitive_filter_refused(10, true, off)); /* 95 % are well */
		assert_false(sensitive_filter_refused(100, true, off));
		assert_true(sensitive_filter_refused(190, true, off)); /* 95 % are not */
	}
}

static void test_small_complement_without_filter_passes(void **state)
{
	struct kit *k = kit_new();

	(void)state;
	(void)kit_add(k, 100, 0, 0);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	assert_false(kit_first_is_hidden(k));
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numerator_few_on_either_side_are_hidden),
		cmocka_unit_test(test_numerator_a_count_disguised_as_a_sum_is_hidden_too),
		cmocka_unit_test(test_numerator_a_measure_of_two_values_is_a_condition),
		cmocka_unit_test(test_numerator_any_two_values_are_a_condition_and_so_is_their_spread),
		cmocka_unit_test(test_numerator_few_known_not_to_meet_among_many_unknown_are_hidden),
		cmocka_unit_test(test_group_disclosure_zero_all_and_nearly_all_are_hidden),
		cmocka_unit_test(test_within_group_single_beside_one_other_is_hidden),
		cmocka_unit_test(test_all_equal_one_value_for_everyone_is_hidden),
		cmocka_unit_test(test_all_equal_what_a_reference_table_says_of_the_group_is_shown),
		cmocka_unit_test(test_all_equal_nought_or_hundred_per_cent_of_a_sensitive_condition_is_hidden),
		cmocka_unit_test(test_all_equal_a_condition_that_all_of_a_sensitive_group_meet_is_hidden),
		cmocka_unit_test(test_small_complement_everyone_but_few_is_refused_nobody_included),
		cmocka_unit_test(test_small_complement_a_sensitive_condition_that_keeps_nearly_all_or_nobody_is_refused),
		cmocka_unit_test(test_small_complement_without_filter_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
