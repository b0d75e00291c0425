/* needed.c - see needed.h. */
#include "tests/unit/rules/needed.h"

static void make_quantile(struct kit *k)
{
	(void)kit_add(k, 30, 0, 0);
	kit_stat(&k->plans[0], "least", SL_STAT_QUANTILE, KIT_AMOUNT, 1);
}

static void make_quantile_value(struct kit *k)
{
	k->setup.rules.threshold = 10;
	(void)kit_add(k, 30, 0, 0);
	kit_stat(&k->plans[0], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
}

static void make_dof(struct kit *k)
{
	k->setup.rules.dof = 10;
	(void)kit_add(k, 10, 0, 0);
	kit_stat(&k->plans[0], "spread", SL_STAT_VAR, KIT_AMOUNT, 0);
}

static void make_threshold(struct kit *k)
{
	k->setup.rules.threshold = 10;
	(void)kit_add(k, 9, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
}

static void make_numerator(struct kit *k)
{
	struct kit_row *row = kit_add(k, 100, 0, 0);

	k->setup.rules.threshold = 10;
	k->setup.rules.numerator = 0;
	for (uint32_t i = 0; i < 100; i++)
		row[i].value[KIT_SICK] = i < 95;
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT_IF, KIT_SICK, 0);
}

static void make_dominance(struct kit *k)
{
	k->setup.rules.dominance_n = 1;
	k->setup.rules.dominance_k = 50000;
	kit_add(k, 3, 0, 0)->value[KIT_AMOUNT] = 10000;
	kit_stat(&k->plans[0], "n", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void make_p_percent(struct kit *k)
{
	k->setup.rules.p_percent = 10000;
	kit_add(k, 3, 0, 0)->value[KIT_AMOUNT] = 10000;
	kit_stat(&k->plans[0], "n", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void make_negatives(struct kit *k)
{
	kit_add(k, 3, 0, 0)->value[KIT_AMOUNT] = -1;
	kit_stat(&k->plans[0], "n", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void make_group(struct kit *k)
{
	struct kit_row *row = kit_add(k, 100, 0, 0);

	k->setup.rules.group_disclosure = 0;
	for (uint32_t i = 0; i < 100; i++)
		row[i].value[KIT_SICK] = i < 5;
	kit_key(&k->plans[0], "sick", KIT_SICK, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
}

static void make_within(struct kit *k)
{
	k->setup.rules.within_group = 0;
	(void)kit_add(k, 1, 0, 0);
	(void)kit_add(k, 50, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
}

static void make_all_equal(struct kit *k)
{
	struct kit_row *row = kit_add(k, 5, 0, 0);

	k->setup.rules.all_equal = 0;
	for (uint32_t i = 0; i < 5; i++)
		row[i].value[KIT_AMOUNT] = 3;
	kit_stat(&k->plans[0], "n", SL_STAT_MEAN, KIT_AMOUNT, 0);
}

static void make_extremes(struct kit *k)
{
	(void)kit_add(k, 500, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_MAX, KIT_AMOUNT, 0);
}

static void make_complement(struct kit *k)
{
	k->setup.rules.threshold = 10;
	k->setup.rules.small_complement = 0;
	kit_add(k, 100, 0, 0)->value[KIT_AMOUNT] = 0;
	kit_where(&k->plans[0], KIT_AMOUNT, 1);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
}

static void make_zero(struct kit *k)
{
	(void)kit_add(k, 20, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
}

static void make_range(struct kit *k)
{
	struct kit_row *row = kit_add(k, 20, 0, 0);

	for (uint32_t i = 0; i < 20; i++)
		row[i].value[KIT_AMOUNT] = INT64_MAX / 4;
	kit_stat(&k->plans[0], "n", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void make_context(struct kit *k)
{
	k->setup.rules.context = 0;
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_SHARE, KIT_SICK, 0);
}

static void make_secondary(struct kit *k)
{
	struct sl_plan *second = kit_plan(k);

	k->setup.rules.threshold = 10;
	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_stat(second, "n", SL_STAT_COUNT, 0, 0);
}

/* A median adds up to nothing, so that there is no saying what it gives back. */
static void make_margins(struct kit *k)
{
	make_secondary(k);
	kit_stat(&k->plans[1], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
}

static void make_linked(struct kit *k)
{
	k->setup.rules.dominance_n = 1;
	k->setup.rules.dominance_k = 50000;
	kit_add(k, 30, 0, 0)->value[KIT_AMOUNT] = 1000000;
	kit_stat(&k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&k->plans[0], "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 110);
}

static void make_differencing(struct kit *k)
{
	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "over", SL_STAT_COUNT_IF, KIT_AMOUNT, 110);
	kit_stat(&k->plans[0], "over_one_more", SL_STAT_COUNT_IF, KIT_AMOUNT, 111);
}

/* 36 persons, 30 by region and 40 by gender as printed: there is one number that is both. */
static void make_rounding(struct kit *k)
{
	struct sl_plan *second = kit_plan(k);

	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	k->setup.rules.threshold = 3;
	k->setup.rules.zeros_show = 1;
	for (int64_t i = 0; i < 6; i++)
		(void)kit_add(k, 6, i / 2, i % 2);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_key(second, "gender", KIT_GENDER, false);
	kit_stat(second, "n", SL_STAT_COUNT, 0, 0);
}

/* sum(amount div 100): whole hundreds. */
static void make_expression(struct kit *k)
{
	(void)kit_add(k, 40, 0, 0);
	kit_divide(kit_stat(&k->plans[0], "hundreds", SL_STAT_SUM, KIT_AMOUNT, 0), 100);
}

/* amount on age and on a condition that 3 of 80 meet; or on two conditions that agree for all but 8. */
static void model_of(struct kit *k, bool few)
{
	static const char *const names[] = { "constant", "first", "second" };

	(void)kit_add(k, 80, 0, 0);
	for (uint32_t i = 0; i < 80; i++) {
		k->rows[i].value[KIT_AMOUNT] += 7 * (i % 5);
		k->rows[i].value[KIT_PRICE] = few ? i < 3 : i % 40 < 20;
		k->rows[i].value[KIT_SICK] = (i % 40 < 20) != (i % 10 == 0);
	}
	for (uint16_t p = 0; p < 3; p++) {
		struct sl_stat *s = kit_stat(&k->plans[0], names[p], SL_STAT_COEF, KIT_AMOUNT, 0);
		s->p = p;
		if (few)
			kit_second(&k->plans[0], s, KIT_AGE);
		else
			kit_second_condition(&k->plans[0], s, KIT_SICK, 0);
		kit_second_condition(&k->plans[0], s, KIT_PRICE, 0);
	}
}

static void make_regressor(struct kit *k)
{
	k->setup.rules.threshold = 10;
	model_of(k, true);
}

static void make_leverage(struct kit *k)
{
	k->setup.rules.threshold = 10;
	model_of(k, false);
}

const struct needed needed[] = {
	{ SL_RULE_THRESHOLD, make_threshold, true, 0, false },
	{ SL_RULE_NUMERATOR, make_numerator, true, 0, false },
	{ SL_RULE_DOMINANCE, make_dominance, true, 0, false },
	{ SL_RULE_P_PERCENT, make_p_percent, true, 0, false },
	{ SL_RULE_NEGATIVES, make_negatives, true, 0, false },
	{ SL_RULE_GROUP_DISCLOSURE, make_group, true, 0, false },
	{ SL_RULE_WITHIN_GROUP, make_within, true, 0, false },
	{ SL_RULE_ALL_EQUAL, make_all_equal, true, 0, false },
	{ SL_RULE_EXTREMES, make_extremes, false, 0, true }, /* an extreme has no value to print in any case */
	{ SL_RULE_SMALL_COMPLEMENT, make_complement, true, 0, true },
	{ SL_RULE_ZERO, make_zero, false, 0, false },   /* threshold holds an empty cell too */
	{ SL_RULE_RANGE, make_range, false, 0, false }, /* what does not fit has no value to print */
	{ SL_RULE_CONTEXT, make_context, true, 0, true },
	{ SL_RULE_MARGINS, make_margins, true, 0, true },
	{ SL_RULE_LINKED, make_linked, true, 1, false },
	{ SL_RULE_QUANTILE, make_quantile, true, 0, false },
	{ SL_RULE_QUANTILE_VALUE, make_quantile_value, true, 0, false },
	{ SL_RULE_DEGREES_OF_FREEDOM, make_dof, true, 0, false },
	{ SL_RULE_DIFFERENCING, make_differencing, true, 0, false },
	{ SL_RULE_SECONDARY, make_secondary, true, 0, false },
	{ SL_RULE_ROUNDING, make_rounding, true, 0, true },
	{ SL_RULE_EXPRESSION, make_expression, true, 0, false },
	{ SL_RULE_REGRESSOR, make_regressor, true, 0, false },
	{ SL_RULE_LEVERAGE, make_leverage, true, 0, false },
};
const size_t nneeded = sizeof needed / sizeof needed[0];
