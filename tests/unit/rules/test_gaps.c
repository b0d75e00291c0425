/* test_gaps.c - each cause a reviewer would send a request back for is found, alone, and its remedy cures it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules/gaps.h"
#include "tests/unit/rules/kit.h"

static void say(char **text, const char *words)
{
	free(*text);
	*text = strdup(words);
}

/* A region's persons, their share of the sick, their mean amount, and a quotient: nothing is missing. */
static struct kit *well(void)
{
	struct kit *k = kit_new();
	struct sl_plan *p = &k->plans[0];

	kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "sick", SL_STAT_SHARE, KIT_SICK, 0);
	kit_stat(p, "amount", SL_STAT_MEAN, KIT_AMOUNT, 0);
	kit_calc_difference(p, "each", 2, 0);
	p->calcs[0].expr.ops[2].op = SL_OP_DIV;
	say(&p->calcs[0].description, "amount a head; unit: EUR per person");
	return k;
}

enum { WHOLE = -1, REGION, PERSONS, SICK, AMOUNT, EACH };

static uint32_t ask(const struct kit *k, int column)
{
	const struct sl_gap_case c = { &k->setup.view, &k->plans[0], k->setup.purpose, k->setup.context,
	                               &k->setup.rules };

	return column == WHOLE ? sl_gaps_of_request(&c) : sl_gaps_of_column(&c, (uint32_t)column);
}

static void no_purpose(struct kit *k) { say(&k->setup.purpose, ""); }
static void no_context(struct kit *k) { say(&k->setup.context, ""); }
static void unseen_purpose(struct kit *k) { say(&k->setup.purpose, "\xE3\x85\xA4 \xC2\xA0"); }
static void unseen_context(struct kit *k)
{
	say(&k->setup.context, "\xE3\x85\xA4 \xE2\xA0\x80 \xE3\x80\x80\xE3\x80\x80\xE3\x80\x80 \xE2\x80\x8D \xC2\xA0 table");
}
static void two_words(struct kit *k) { say(&k->setup.context, "table 1.2"); }
static void two_wide(struct kit *k) { say(&k->setup.context, "年度報告表"); }
static void repeats(struct kit *k)
{
	say(&k->setup.purpose, "Persons by region");
	say(&k->setup.context, "persons by region");
}
static void no_period(struct kit *k) { say(&k->setup.view.tables[0].period, ""); }
static void no_words(struct kit *k) { say(&k->plans[0].stats[1].description, ""); }
static void only_parts(struct kit *k) { say(&k->plans[0].stats[2].description, " unit: EUR; of: persons"); }
static void name_and_unseen(struct kit *k)
{
	say(&k->plans[0].stats[2].description, "Amount \xE3\x85\xA4; unit: EUR");
}
static void unseen_unit(struct kit *k)
{
	say(&k->plans[0].calcs[0].description, "a head; unit: \xE2\xA0\x80; of: x");
}
static void only_name(struct kit *k) { say(&k->plans[0].stats[2].description, "Amount ; unit: EUR"); }
static void key_unknown(struct kit *k) { say(&k->setup.view.tables[0].columns[KIT_REGION].title, ""); }
static void no_unit(struct kit *k) { say(&k->setup.view.tables[0].columns[KIT_AMOUNT].measured_in, ""); }
static void calc_no_unit(struct kit *k) { say(&k->plans[0].calcs[0].description, "a head; unit: ; of: x"); }
static void divides_twice(struct kit *k) { k->plans[0].calcs[0].expr.ops[1].op = SL_OP_DIV; }
/* The only count left is of what the mean does not read. */
static void wrong_count(struct kit *k)
{
	struct kit *other = kit_new();

	sl_codec_free(&sl_plan_record, &k->plans[0]);
	kit_key(&other->plans[0], "region", KIT_REGION, false);
	kit_stat(&other->plans[0], "persons", SL_STAT_COUNT_IF, KIT_PRICE, 0);
	kit_stat(&other->plans[0], "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	kit_stat(&other->plans[0], "amount", SL_STAT_MEAN, KIT_AMOUNT, 0);
	k->plans[0] = other->plans[0];
	other->plans[0] = (struct sl_plan){ 0 };
	kit_free(other);
}

/* sum(case when sick then amount else 1 end), or with a constant in place of the amount. */
static void sums_a_case(struct kit *k, bool measure)
{
	struct sl_stat *s = kit_stat(&k->plans[0], "added", SL_STAT_SUM, KIT_AMOUNT, 0);
	const struct sl_op amount = s->arg.ops[0], one = { .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 1 };
	struct sl_op *ops = calloc(4, sizeof *ops);

	ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_BOOLEAN, .arg = kit_input(&k->plans[0], KIT_SICK) };
	ops[1] = measure ? amount : one;
	ops[2] = one;
	ops[3] = (struct sl_op){ .op = SL_OP_CASE, .type = SL_TYPE_INTEGER, .arg = 1 };
	free(s->arg.ops);
	s->arg.ops = ops;
	s->arg.nops = 4;
}

static void test_gaps_a_sum_of_ones_is_a_count_where_counts_are_rounded(void **state)
{
	static const struct {
		bool rounds, measure, flag, gap;
	} rows[] = { { true, false, false, true }, { false, false, false, false }, { true, true, false, false },
		     { true, true, true, true } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct kit *k = kit_new();
		if (rows[i].rounds) {
			k->setup.rules.transform = SL_TRANSFORM_ROUND;
			k->setup.rules.transform_base = 5;
		}
		if (rows[i].flag) {
			k->setup.view.tables[0].columns[KIT_AMOUNT].lo = 0;
			k->setup.view.tables[0].columns[KIT_AMOUNT].hi = 1;
		}
		sums_a_case(k, rows[i].measure);
		say(&k->plans[0].stats[0].description, "added up; unit: 1");
		assert_int_equal(ask(k, 0), rows[i].gap ? SL_GAP_BIT(SL_GAP_UNROUNDED) : 0);
		kit_free(k);
	}
}

static const struct {
	void (*spoil)(struct kit *k);
	int column;
	enum sl_gap gap;
} spoilt[] = {
	{ no_purpose, WHOLE, SL_GAP_PURPOSE },     { no_context, WHOLE, SL_GAP_CONTEXT },
	{ unseen_purpose, WHOLE, SL_GAP_PURPOSE }, { unseen_context, WHOLE, SL_GAP_CONTEXT },
	{ name_and_unseen, AMOUNT, SL_GAP_DESCRIPTION }, { unseen_unit, EACH, SL_GAP_UNIT },
	{ two_words, WHOLE, SL_GAP_CONTEXT },      { two_wide, WHOLE, SL_GAP_CONTEXT },
	{ repeats, WHOLE, SL_GAP_REPEATED },       { no_period, WHOLE, SL_GAP_PERIOD },
	{ no_words, SICK, SL_GAP_DESCRIPTION },    { only_parts, AMOUNT, SL_GAP_DESCRIPTION },
	{ only_name, AMOUNT, SL_GAP_DESCRIPTION }, { key_unknown, REGION, SL_GAP_DESCRIPTION },
	{ no_unit, AMOUNT, SL_GAP_UNIT },          { calc_no_unit, EACH, SL_GAP_UNIT },
	{ divides_twice, EACH, SL_GAP_DENOMINATOR }, { wrong_count, AMOUNT, SL_GAP_COUNT },
};

static void test_gaps_each_is_found_alone(void **state)
{
	struct kit *k = well();

	(void)state;
	for (int c = WHOLE; c <= EACH; c++)
		assert_int_equal(ask(k, c), 0);
	kit_free(k);
	for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
		k = well();
		spoilt[i].spoil(k);
		assert_int_equal(ask(k, spoilt[i].column), SL_GAP_BIT(spoilt[i].gap));
		assert_int_equal(sl_gaps_first(ask(k, spoilt[i].column)), spoilt[i].gap);
		kit_free(k);
	}
}

static void test_gaps_what_the_author_adds_fills_them(void **state)
{
	struct kit *k = well();

	(void)state;
	no_period(k);
	no_unit(k);
	divides_twice(k);
	say(&k->setup.context, "肝病年度報告表一");
	say(&k->plans[0].purpose, "regions; Period: 2019");
	say(&k->plans[0].stats[2].description, "amount of a visit; unit: EUR");
	say(&k->plans[0].calcs[0].description, "part; of: persons; unit: 1");
	for (int c = WHOLE; c <= EACH; c++)
		assert_int_equal(ask(k, c), 0);
	kit_free(k);
}

static void test_gaps_a_name_is_enough_where_units_are_counted(void **state)
{
	struct kit *k = well();

	(void)state;
	say(&k->plans[0].stats[0].description, "persons");
	assert_int_equal(ask(k, PERSONS), 0);
	say(&k->plans[0].stats[0].description, "");
	assert_int_equal(ask(k, PERSONS), SL_GAP_BIT(SL_GAP_DESCRIPTION));
	kit_free(k);
}

static void assert_known(const struct kit *k, uint32_t column, const char *unit, const char *of)
{
	struct sl_buf b = { 0 };

	assert_int_equal(sl_gaps_measured_in(&k->plans[0], &k->setup.view, column, &b), unit != NULL);
	if (unit != NULL)
		assert_string_equal(sl_buf_cstr(&b), unit);
	sl_buf_reset(&b);
	assert_int_equal(sl_gaps_denominator(&k->plans[0], column, &b), of != NULL);
	if (of != NULL)
		assert_string_equal(b.len > 0 ? sl_buf_cstr(&b) : "", of);
	sl_buf_free(&b);
}

static void test_gaps_what_plan_and_catalogue_know(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		const char *unit, *of;
	} rows[] = {
		{ SL_STAT_UNITS, "person", "" },
		{ SL_STAT_COUNT, "rows", "" },
		{ SL_STAT_COUNT_IF, "rows", "" },
		{ SL_STAT_SUM, "EUR", "" },
		{ SL_STAT_MEAN, "EUR", "rows that have a value" },
		{ SL_STAT_SHARE, "part of 1", "rows where the condition is known" },
		{ SL_STAT_QUANTILE, "EUR", "rows that have a value" },
		{ SL_STAT_VAR, "EUR squared", "rows that have a value" },
		{ SL_STAT_SD, "EUR", "rows that have a value" },
		{ SL_STAT_CORR, "none, -1 to 1", "rows that have both values" },
		{ SL_STAT_SLOPE, "EUR per years", "rows that have both values" },
		{ SL_STAT_INTERCEPT, "EUR", "rows that have both values" },
	};
	struct kit *k = kit_new();
	uint32_t n = sizeof rows / sizeof rows[0];

	(void)state;
	say(&k->setup.view.tables[0].columns[KIT_AGE].measured_in, "years");
	for (uint32_t i = 0; i < n; i++) {
		struct sl_stat *s = kit_stat(&k->plans[0], "s", rows[i].fn, KIT_AMOUNT, 1);
		if (rows[i].fn >= SL_STAT_CORR)
			kit_second(&k->plans[0], s, KIT_AGE);
	}
	kit_calc_difference(&k->plans[0], "same", 3, 4);  /* EUR - EUR */
	kit_calc_difference(&k->plans[0], "mixed", 3, 1); /* EUR - rows */
	kit_calc_difference(&k->plans[0], "ratio", 3, 1);
	k->plans[0].calcs[2].expr.ops[2].op = SL_OP_DIV;
	k->plans[0].stats[1].name[0] = 'n';
	for (uint32_t i = 0; i < n; i++)
		assert_known(k, i, rows[i].unit, rows[i].of);
	assert_known(k, n, "EUR", "");
	assert_known(k, n + 1, NULL, "");
	assert_known(k, n + 2, NULL, "n");
	kit_free(k);
}

static void test_gaps_are_told_with_place_and_remedy_and_no_row(void **state)
{
	struct kit *k = well();
	struct sl_buf b = { 0 };

	(void)state;
	no_context(k);
	no_period(k);
	no_unit(k);
	const struct sl_gap_case c = { &k->setup.view, &k->plans[0], k->setup.purpose, k->setup.context,
	                               &k->setup.rules };
	sl_gaps_tell(&c, true, &b);
	assert_string_equal(sl_buf_cstr(&b),
	                    "context: the request does not say what it is for; add --context \"…\": the table and report "
	                    "it is for, in three words or more\n"
	                    "context, output \"out0\", table \"study.visits\": nobody says what time its rows speak of; add "
	                    "\"; period: …\" to the purpose in describe{…}, or ask the owner to declare it in the catalogue\n"
	                    "context, output \"out0\", column \"amount\": nobody says what it is measured in; add "
	                    "\"; unit: …\" to its description, or ask the owner for measured_in in the catalogue");
	sl_buf_reset(&b);
	sl_gaps_tell(&c, false, &b);
	assert_null(strstr(sl_buf_cstr(&b), "--context"));
	sl_buf_free(&b);
	kit_free(k);
}

static void test_gaps_a_reviewer_reads_what_is_known_apart_from_what_is_said(void **state)
{
	struct kit *k = well();
	struct sl_buf b = { 0 };

	(void)state;
	say(&k->plans[0].stats[0].description, "persons\"; in EUR");
	sl_gaps_describe(&k->plans[0], &k->setup.view, &b);
	assert_string_equal(sl_buf_cstr(&b),
	                    "out0, of study.visits: 2010 to 2019\n"
	                    "out0.region: region\n"
	                    "out0.persons: unit of measure: person; the author: \"persons\"; in EUR\"\n"
	                    "out0.sick: unit of measure: part of 1, of rows where the condition is known; the author: "
	                    "\"described\"\n"
	                    "out0.amount: unit of measure: EUR, of rows that have a value; the author: \"described\"\n"
	                    "out0.each: its unit of measure is the author's, of persons; the author: \"amount a head; "
	                    "unit: EUR per person\"\n");
	sl_buf_free(&b);
	kit_free(k);
}

/* Every row of the table has words, and stands in its own place. */
static void test_gaps_table_is_whole(void **state)
{
	(void)state;
	for (uint32_t g = SL_GAP_NONE + 1; g < SL_GAP_COUNT_; g++) {
		assert_int_equal(sl_gaps_table[g].gap, g);
		assert_true(strlen(sl_gaps_table[g].reason) > 10 && strlen(sl_gaps_table[g].remedy) > 10);
	}
	assert_int_equal(sl_gaps_first(0), SL_GAP_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gaps_each_is_found_alone),
		cmocka_unit_test(test_gaps_what_the_author_adds_fills_them),
		cmocka_unit_test(test_gaps_a_name_is_enough_where_units_are_counted),
		cmocka_unit_test(test_gaps_a_sum_of_ones_is_a_count_where_counts_are_rounded),
		cmocka_unit_test(test_gaps_what_plan_and_catalogue_know),
		cmocka_unit_test(test_gaps_are_told_with_place_and_remedy_and_no_row),
		cmocka_unit_test(test_gaps_a_reviewer_reads_what_is_known_apart_from_what_is_said),
		cmocka_unit_test(test_gaps_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
