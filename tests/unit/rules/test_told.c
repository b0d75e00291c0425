/* test_told.c - what a number tells besides itself: who has what is counted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

/* `in` of 200 have a flag that the owner marked; is what a statistic of it says hidden? */
enum asked { HAS_IT, HAS_NOT, SHARE, IS_ONE, LESS_ONE, MEAN, SPREAD, ONE_OR_TWO };

/* "not sick", "1 - age": of a flag those who have it not. */
static void turn(struct sl_stat *s, bool condition)
{
	struct sl_op column = s->arg.ops[0];

	free(s->arg.ops);
	s->arg.nops = condition ? 2 : 3;
	s->arg.ops = calloc(s->arg.nops, sizeof *s->arg.ops);
	assert_non_null(s->arg.ops);
	if (condition) {
		s->arg.ops[0] = column;
		s->arg.ops[1] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
		return;
	}
	s->arg.ops[0] = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 1 };
	s->arg.ops[1] = column;
	s->arg.ops[2] = (struct sl_op){ .op = SL_OP_SUB, .type = SL_TYPE_INTEGER };
}

static void ask_for(struct kit *k, enum asked asked)
{
	static const enum sl_stat_fn of_age[] = { [IS_ONE] = SL_STAT_SUM, [LESS_ONE] = SL_STAT_SUM,
		[MEAN] = SL_STAT_MEAN, [SPREAD] = SL_STAT_SD, [ONE_OR_TWO] = SL_STAT_MEAN };
	struct sl_column *age = &k->setup.view.tables[0].columns[KIT_AGE];
	struct sl_plan *plan = &k->plans[0];
	struct sl_stat *s;

	age->sensitive = 1;
	age->lo = asked == ONE_OR_TWO;
	age->hi = age->lo + 1;
	if (asked <= SHARE)
		s = kit_stat(plan, "s", asked == SHARE ? SL_STAT_SHARE : SL_STAT_COUNT_IF, KIT_SICK, 0);
	else
		s = kit_stat(plan, "s", of_age[asked], KIT_AGE, 0);
	if (asked == HAS_NOT || asked == LESS_ONE)
		turn(s, asked == HAS_NOT);
}

static bool number_hidden(enum asked asked, uint32_t in)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 200, 0, 0);
	bool hidden;

	kit_quiet(k);
	k->setup.rules.group_disclosure = 0;
	for (uint32_t i = 0; i < 200; i++) {
		row[i].value[KIT_SICK] = i < in;
		row[i].value[KIT_AGE] = (asked == ONE_OR_TWO) + (i < in);
	}
	ask_for(k, asked);
	struct sl_publication p = kit_check(k, SL_RULE_NONE), without = kit_check(k, SL_RULE_GROUP_DISCLOSURE);
	hidden = !p.outputs[0].cells[0].shown;
	assert_int_equal(hidden, kit_has(&p, SL_RULE_GROUP_DISCLOSURE));
	assert_true(without.outputs[0].cells[0].shown || in == 0);
	sl_codec_free(&sl_publication_record, &p);
	sl_codec_free(&sl_publication_record, &without);
	kit_free(k);
	return hidden;
}

/* As a cell of a key is: what is told, of nearly all; and of a flag those who have it, whichever is told. */
static void test_group_disclosure_a_number_of_a_sensitive_column_is_a_cell_of_it(void **state)
{
	static const struct {
		enum asked asked;
		uint32_t in;
		bool hidden;
	} cases[] = {
		{ HAS_IT, 190, true }, { HAS_IT, 181, true }, { HAS_IT, 180, false }, { HAS_IT, 10, false },
		{ HAS_IT, 200, true }, { HAS_IT, 0, true }, { SHARE, 181, true }, { SHARE, 180, false }, { SHARE, 10, false },
		{ HAS_NOT, 10, true }, { HAS_NOT, 20, false }, { HAS_NOT, 180, false }, { HAS_NOT, 181, true },
		{ IS_ONE, 181, true }, { IS_ONE, 180, false }, { IS_ONE, 10, false }, { LESS_ONE, 181, true },
		{ LESS_ONE, 180, false }, { LESS_ONE, 10, true }, { MEAN, 181, true }, { MEAN, 20, false },
		{ SPREAD, 181, true }, { SPREAD, 180, false }, { ONE_OR_TWO, 181, true }, { ONE_OR_TWO, 180, false },
		{ ONE_OR_TWO, 10, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (number_hidden(cases[i].asked, cases[i].in) != cases[i].hidden)
			fail_msg("case %zu", i);
}

/* What is not sensitive, and a share of those of whom it is known. */
static void test_group_disclosure_asks_of_sensitive_columns_and_of_what_is_known(void **state)
{
	(void)state;
	for (uint32_t sensitive = 0; sensitive < 2; sensitive++) {
		struct kit *k = kit_new();
		struct kit_row *row = kit_add(k, 200, 0, 0);
		kit_quiet(k);
		k->setup.rules.group_disclosure = 0;
		k->setup.view.tables[0].columns[KIT_AMOUNT].sensitive = (uint8_t)sensitive;
		for (uint32_t i = 0; i < 200; i++) {
			row[i].value[KIT_AMOUNT] = i < 95 ? 9 : 1;
			row[i].missing[KIT_AMOUNT] = i >= 100;
		}
		kit_stat(&k->plans[0], "n", SL_STAT_COUNT_IF, KIT_AMOUNT, 5);
		kit_stat(&k->plans[0], "part", SL_STAT_SHARE, KIT_AMOUNT, 5);
		struct sl_publication p = kit_check(k, SL_RULE_LINKED);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, 1);
		assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, !sensitive);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* What is known of forty amounts, one a unit: like the others, but for those given. */
static const struct {
	int64_t first, second; /* of the first two units; 0: as the others */
	int64_t base, step;    /* the others: base, base + step, … */
	bool dominance, p_percent;
} spreads[] = {
	{ 0, 0, 3000, 1, false, false },
	{ 9000, 0, 2990, 1, true, true }, /* no rule of sums minds */
	{ 9000, 8000, 2990, 1, true, true }, { 9000, 8000, 2990, 15, true, false }, { 9000, 8000, 2990, 40, false, false },
	{ 9000, 0, 2990, 70, false, false },
	{ 1, 0, 3000, 1, true, true },    /* who has least */
	{ -9000, 0, -2990, -1, true, true }, { -1, 0, -3000, -1, true, true }, { 0, 0, -20, 1, false, false },
	{ 100000, 0, 1, 1, true, true },
};

static bool spread_hidden(size_t i, enum sl_stat_fn fn, bool dominance)
{
	struct kit *k = kit_new();
	struct kit_row *row = kit_add(k, 40, 0, 0);
	bool hidden;

	kit_quiet(k);
	k->setup.rules.dominance_n = dominance ? 2 : 0;
	k->setup.rules.dominance_k = dominance ? 90000 : 0;
	k->setup.rules.p_percent = dominance ? 0 : 10000;
	for (int64_t u = 0; u < 40; u++)
		row[u].value[KIT_AMOUNT] = spreads[i].base + spreads[i].step * u;
	if (spreads[i].first != 0)
		row[0].value[KIT_AMOUNT] = spreads[i].first;
	if (spreads[i].second != 0)
		row[1].value[KIT_AMOUNT] = spreads[i].second;
	for (uint32_t u = 0; u < 40; u++)
		row[u].value[KIT_PRICE] = u * 37 % 40;
	struct sl_stat *s = kit_stat(&k->plans[0], "s", fn, KIT_AMOUNT, 0);
	if (fn != SL_STAT_VAR && fn != SL_STAT_SD)
		kit_second(&k->plans[0], s, KIT_PRICE);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[0].shown;
	assert_int_equal(hidden, kit_has(&p, dominance ? SL_RULE_DOMINANCE : SL_RULE_P_PERCENT));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

/* Each rule by itself; of a line and a model y is what deviates. */
static void test_dominance_whoever_makes_up_a_spread_hides_it(void **state)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_VAR, SL_STAT_SD, SL_STAT_CORR, SL_STAT_SLOPE, SL_STAT_INTERCEPT,
		SL_STAT_COEF, SL_STAT_R2 };

	(void)state;
	for (size_t i = 0; i < sizeof spreads / sizeof spreads[0]; i++)
		for (size_t f = 0; f < sizeof fns / sizeof fns[0]; f++)
			if (spread_hidden(i, fns[f], true) != spreads[i].dominance ||
			    spread_hidden(i, fns[f], false) != spreads[i].p_percent)
				fail_msg("amounts %zu, statistic %u", i, fns[f]);
}

/*
 * Of units with up to twelve rows about the mean nobody stands out, however many of them a unit has; whose one row is
 * far off does. A sum that one unit has nearly all of hides the spread as well, though rows are alike.
 */
static void test_dominance_of_a_spread_of_units_with_several_rows_is_seen_by_their_totals(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 3; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.dominance_n = 2;
		k->setup.rules.dominance_k = 90000;
		for (uint32_t u = 0; u < 40; u++)
			for (uint32_t r = 0; r < (i < 2 ? 1 + u % 12 : u == 0 ? 900 : 1); r++) {
				struct kit_row *row = kit_add(k, 1, 0, 0);
				row->unit = 1 + u;
				row->value[KIT_AMOUNT] = i == 1 && u == 30 && r == 0 ? 100000 : 95 + (7 * u + r) % 11;
			}
		kit_stat(&k->plans[0], "s", SL_STAT_SD, KIT_AMOUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_DOMINANCE), i > 0);
		assert_int_equal(p.outputs[0].cells[0].shown, i == 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

enum beside { SUM_MEAN, SUM_ALONE, MEAN_ALONE, COUNT_SHARE, SHARE_ALONE, COUNT_NOT, BANDS, OVERLAPPING };

/* Two statistics of amounts of 100 persons, of whom some have none. */
static void put_beside(struct sl_plan *plan, enum beside beside)
{
	struct sl_stat *s = NULL;

	if (beside == SUM_MEAN || beside == SUM_ALONE)
		kit_stat(plan, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	if (beside == SUM_MEAN || beside == MEAN_ALONE)
		kit_stat(plan, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	if (beside >= COUNT_SHARE && beside != SHARE_ALONE)
		s = kit_stat(plan, "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 140);
	if (beside == COUNT_SHARE || beside == SHARE_ALONE)
		s = kit_stat(plan, "part", SL_STAT_SHARE, KIT_AMOUNT, 140);
	if (beside == BANDS)
		s->arg.ops[1].value = 141, s->arg.ops[2].op = SL_OP_GE;
	if (beside >= COUNT_NOT)
		s = kit_stat(plan, "not", SL_STAT_COUNT_IF, KIT_AMOUNT, 140);
	if (beside == BANDS)
		s->arg.ops[2].op = SL_OP_LE;
	if (beside == OVERLAPPING)
		s->arg.ops[1].value = 120;
	if (beside == COUNT_NOT) {
		s->arg.ops = realloc(s->arg.ops, 4 * sizeof *s->arg.ops);
		assert_non_null(s->arg.ops);
		s->arg.ops[s->arg.nops++] = (struct sl_op){ .op = SL_OP_NOT, .type = SL_TYPE_BOOLEAN };
	}
}

/* How many of the row's numbers are hidden, and which the finding names. */
static uint32_t beside_hidden(enum beside beside, uint32_t missing, uint32_t each, const char **name)
{
	struct kit *k = kit_new();
	struct sl_plan *plan = &k->plans[0];
	uint32_t n = 0;

	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.numerator = 0;
	for (uint32_t i = 0; i < 100; i++)
		for (uint32_t r = 0; r < each; r++) {
			struct kit_row *row = kit_add(k, 1, 0, 0);
			row->unit = i + 1;
			row->value[KIT_AMOUNT] = 100 + (i * 37 + r) % 80;
			row->missing[KIT_AMOUNT] = i < missing;
		}
	kit_stat(plan, "persons", SL_STAT_UNITS, 0, 0);
	put_beside(plan, beside);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	for (uint32_t s = 0; s < plan->nstats; s++)
		n += !p.outputs[0].cells[s].shown;
	const struct sl_finding *f = kit_find(&p, SL_RULE_NUMERATOR);
	assert_int_equal(f != NULL, n > 0);
	*name = "";
	if (f != NULL) {
		static const char *const names[] = { "sum", "mean", "over", "part", "not" };
		assert_int_equal(f->measured, missing);
		assert_int_equal(f->limit, 10);
		for (uint32_t i = 0; i < 5; i++)
			*name = strcmp(plan->stats[f->stat].name, names[i]) == 0 ? names[i] : *name;
	}
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return n;
}

/* One of two goes, and only where those who are in none are few: a mean beside the count tells nothing. */
static void test_numerator_numbers_that_tell_together_who_has_no_value_lose_one(void **state)
{
	static const char *const loses[] = { "sum", "", "", "part", "", "not", "not", "" };
	const char *name;

	(void)state;
	for (int b = SUM_MEAN; b <= OVERLAPPING; b++)
		for (uint32_t each = 1; each <= 2; each++)
			for (uint32_t missing = 0; missing <= 10; missing += missing == 1 ? 8 : 1) {
				bool few = missing > 0 && missing < 10 && loses[b][0] != '\0';
				uint32_t n = beside_hidden((enum beside)b, missing, each, &name);
				if (n != few || strcmp(name, few ? loses[b] : "") != 0)
					fail_msg("%d, %u missing: %u hidden, %s", b, missing, n, name);
			}
}

/* Of 70 of 100 who have an amount so many are under 140: sum and mean say 70, and who is over is counted. */
static void test_numerator_who_has_a_value_and_does_not_meet_a_condition_of_it_is_not_told(void **state)
{
	static const uint32_t under[] = { 0, 1, 9, 10, 60 };

	(void)state;
	for (size_t i = 0; i < sizeof under / sizeof under[0]; i++)
		for (int with = 0; with < 4; with++) { /* bit 0: the mean; bit 1: the condition is of the amount */
			struct kit *k = kit_new();
			struct sl_plan *plan = &k->plans[0];
			kit_quiet(k);
			k->setup.rules.threshold = 10;
			k->setup.rules.numerator = 0;
			(void)kit_add(k, 100, 0, 0);
			for (uint32_t u = 0; u < 100; u++) {
				bool is_under = u < under[i];
				k->rows[u].missing[KIT_AMOUNT] = u >= 70;
				k->rows[u].value[KIT_AMOUNT] = (is_under ? 100 : 141) + u % 30;
				k->rows[u].value[KIT_AGE] = is_under || u >= 70 ? 100 + u % 30 : 141;
			}
			kit_stat(plan, "over", SL_STAT_COUNT_IF, (with & 2) != 0 ? KIT_AMOUNT : KIT_AGE, 140);
			kit_stat(plan, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
			kit_stat(plan, "average", (with & 1) != 0 ? SL_STAT_MEAN : SL_STAT_SUM, KIT_AMOUNT, 0);
			struct sl_publication p = kit_check(k, SL_RULE_NONE);
			bool few = with == 3 && under[i] > 0 && under[i] < 10;
			assert_true(kit_cell(k, &p, 0, 0, 0)->shown);
			assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, !few);
			assert_true(kit_cell(k, &p, 0, 0, 2)->shown);
			const struct sl_finding *f = kit_find(&p, SL_RULE_NUMERATOR);
			assert_true((f != NULL) == few && (!few || (f->stat == 1 && f->measured == under[i] && f->limit == 10)));
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

/* More than 140 and more than 140 - width: who lies between is few, or nobody. Signs and shares make no difference. */
static void test_numerator_of_two_conditions_those_between_are_few(void **state)
{
	static const struct {
		enum sl_opcode outer, inner;
	} signs[] = { { SL_OP_GT, SL_OP_GT }, { SL_OP_GE, SL_OP_GE }, { SL_OP_GT, SL_OP_GE } };

	(void)state;
	for (int64_t width = 0; width <= 12; width++)
		for (uint32_t i = 0; i < 6; i++) {
			struct kit *k = kit_new();
			bool order = i % 2 == 0;
			kit_quiet(k);
			k->setup.rules.threshold = 10;
			k->setup.rules.numerator = 0;
			(void)kit_add(k, 100, 0, 0);
			for (uint32_t u = 0; u < 100; u++)
				k->rows[u].value[KIT_AMOUNT] = 100 + u;
			enum sl_stat_fn fn = width % 2 == 0 ? SL_STAT_COUNT_IF : SL_STAT_SHARE;
			const int64_t bounds[2] = { 140 - width, 140 };
			for (int n = 0; n < 2; n++) {
				int which = order ? n : 1 - n;
				struct sl_expr *e =
					&kit_stat(&k->plans[0], n == 0 ? "a" : "b", n == 0 ? SL_STAT_COUNT_IF : fn, KIT_AMOUNT, 0)->arg;
				enum sl_opcode sign = which == 0 ? signs[i / 2].outer : signs[i / 2].inner;
				e->ops[1].value = bounds[which] + (sign == SL_OP_GE ? 1 : 0);
				e->ops[2].op = (uint8_t)sign;
			}
			struct sl_publication p = kit_check(k, SL_RULE_NONE);
			/* Of one condition twice there is nobody between. */
			bool few = width > 0 && width < 10;
			assert_true(kit_cell(k, &p, 0, 0, 0)->shown);
			assert_int_equal(kit_cell(k, &p, 0, 0, 1)->shown, !few);
			assert_int_equal(kit_has(&p, SL_RULE_NUMERATOR), few);
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

/* One of `units` has so many rows, the others one each. */
static bool rows_hidden(enum sl_stat_fn fn, uint32_t units, uint32_t most, bool dominance)
{
	struct kit *k = kit_new();
	bool hidden;

	kit_quiet(k);
	k->setup.rules.dominance_n = dominance ? 2 : 0;
	k->setup.rules.dominance_k = dominance ? 90000 : 0;
	k->setup.rules.p_percent = dominance ? 0 : 10000;
	for (uint32_t u = 0; u < units; u++)
		for (uint32_t r = 0; r < (u == 3 ? most : 1); r++)
			kit_add(k, 1, 0, 0)->unit = u + 1;
	kit_stat(&k->plans[0], "n", fn, KIT_AMOUNT, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	hidden = !p.outputs[0].cells[0].shown;
	assert_int_equal(hidden, kit_has(&p, dominance ? SL_RULE_DOMINANCE : SL_RULE_P_PERCENT));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return hidden;
}

static void test_dominance_one_unit_with_nearly_all_rows_hides_their_count(void **state)
{
	static const enum sl_stat_fn fns[] = { SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SHARE };

	(void)state;
	for (size_t f = 0; f < sizeof fns / sizeof fns[0]; f++)
		for (int dominance = 0; dominance < 2; dominance++) {
			assert_true(rows_hidden(fns[f], 50, 3000, dominance));
			assert_false(rows_hidden(fns[f], 50, 50, dominance));
			assert_false(rows_hidden(fns[f], 12, 1, dominance));
		}
	assert_false(rows_hidden(SL_STAT_UNITS, 50, 3000, true));
	/* With the next, who has one: 441 of 489, and 431 of 479 are less than 90 %. */
	assert_true(rows_hidden(SL_STAT_COUNT, 50, 440, true));
	assert_false(rows_hidden(SL_STAT_COUNT, 50, 430, true));
}

static void test_differencing_few_rows_more_than_units_are_for_a_person(void **state)
{
	(void)state;
	for (uint32_t more = 0; more <= 10; more += more == 1 ? 8 : 1) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = 10;
		(void)kit_add(k, 50, 0, 0);
		for (uint32_t i = 0; i < more; i++)
			kit_add(k, 1, 0, 0)->unit = 1 + i / 2;
		kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
		kit_stat(&k->plans[0], "rows", SL_STAT_COUNT, 0, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		const struct sl_finding *f = kit_find(&p, SL_RULE_DIFFERENCING);
		assert_int_equal(f != NULL, more > 0 && more < 10);
		if (f != NULL)
			assert_true(f->severity == SL_SEVERITY_REVIEW && f->cell == 0 && f->stat == 1);
		assert_int_equal(p.outputs[0].suppressed, 0);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_group_disclosure_a_number_of_a_sensitive_column_is_a_cell_of_it),
		cmocka_unit_test(test_group_disclosure_asks_of_sensitive_columns_and_of_what_is_known),
		cmocka_unit_test(test_dominance_whoever_makes_up_a_spread_hides_it),
		cmocka_unit_test(test_dominance_of_a_spread_of_units_with_several_rows_is_seen_by_their_totals),
		cmocka_unit_test(test_numerator_who_has_a_value_and_does_not_meet_a_condition_of_it_is_not_told),
		cmocka_unit_test(test_numerator_of_two_conditions_those_between_are_few),
		cmocka_unit_test(test_numerator_numbers_that_tell_together_who_has_no_value_lose_one),
		cmocka_unit_test(test_dominance_one_unit_with_nearly_all_rows_hides_their_count),
		cmocka_unit_test(test_differencing_few_rows_more_than_units_are_for_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
