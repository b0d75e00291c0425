/* test_model.c - least squares on several x: values, known answers, rules. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rules/rules.h"
#include "tests/unit/rules/kit.h"

static char name[] = "m";

/* A table of its own, since the kit has too few numbers: y, then k x's. */
struct table {
	struct sl_plan plan;
	struct sl_stat stat;
	struct sl_op y, xs[SL_REGRESSORS_MAX];
	struct sl_result result;
	struct sl_evidence evidence;
	struct sl_variable variables[SL_REGRESSORS_MAX + 1];
	struct sl_sum sums[64];
};

static void table_init(struct table *t, uint32_t k, const int64_t *rows, uint32_t n, const int8_t *scales)
{
	uint32_t at = k + 1;

	memset(t, 0, sizeof *t);
	t->plan = (struct sl_plan){ .stats = &t->stat, .nstats = 1 };
	for (uint32_t a = 0; a <= k; a++) {
		struct sl_op op = { .op = SL_OP_COLUMN, .type = SL_TYPE_REAL, .scale = scales[a], .arg = (uint16_t)a };
		*(a == 0 ? &t->y : &t->xs[a - 1]) = op;
		t->variables[a].lo = t->variables[a].hi = rows[a];
		for (uint32_t i = 0; i < n; i++)
			t->sums[a].v += rows[i * (k + 1) + a];
		for (uint32_t b = a; b <= k; b++, at++)
			for (uint32_t i = 0; i < n; i++)
				t->sums[at].v += (sl_i128)rows[i * (k + 1) + a] * rows[i * (k + 1) + b];
	}
	t->stat = (struct sl_stat){ .name = name, .arg = { .ops = &t->y, .nops = 1 }, .arg2 = { .ops = t->xs, .nops = k } };
	t->evidence = (struct sl_evidence){ .contributors = n, .rows = n, .rows_by_one_max = 1 };
	t->result = (struct sl_result){ .evidence = &t->evidence, .nevidence = 1, .variables = t->variables,
		.nvariables = k + 1, .sums = t->sums, .nsums = at };
}

static bool table_value(struct table *t, enum sl_stat_fn fn, uint32_t p, int64_t *out)
{
	struct sl_value v;
	struct sl_view none = { .ntables = 0 };

	t->stat.fn = (uint8_t)fn;
	t->stat.p = (uint16_t)p;
	bool has = sl_rule_value(&t->plan, &none, &t->result, 0, 0, &v);
	*out = v.v;
	return has;
}

/*
 * Longley (1967), "An Appraisal of Least Squares Programs for the Electronic Computer from the Point of View of the
 * User", with the values that NIST certifies (Statistical Reference Datasets, linear regression, higher difficulty).
 * Printed to six decimals, every one of them is right.
 */
static void test_known_answer_longley(void **state)
{
	static const int64_t rows[16 * 7] = {
		60323, 830, 234289, 2356, 1590, 107608, 1947, 61122, 885, 259426, 2325, 1456, 108632, 1948,
		60171, 882, 258054, 3682, 1616, 109773, 1949, 61187, 895, 284599, 3351, 1650, 110929, 1950,
		63221, 962, 328975, 2099, 3099, 112075, 1951, 63639, 981, 346999, 1932, 3594, 113270, 1952,
		64989, 990, 365385, 1870, 3547, 115094, 1953, 63761, 1000, 363112, 3578, 3350, 116219, 1954,
		66019, 1012, 397469, 2904, 3048, 117388, 1955, 67857, 1046, 419180, 2822, 2857, 118734, 1956,
		68169, 1084, 442769, 2936, 2798, 120445, 1957, 66513, 1108, 444546, 4681, 2637, 121950, 1958,
		68655, 1126, 482704, 3813, 2552, 123366, 1959, 69564, 1142, 502601, 3931, 2514, 125368, 1960,
		69331, 1157, 518173, 4806, 2572, 127852, 1961, 70551, 1169, 554894, 4007, 2827, 130081, 1962,
	};
	static const int8_t scales[7] = { 0, 1, 0, 0, 0, 0, 0 };
	/* B0 to B6, and their standard deviations */
	static const int64_t answers[2][7] = {
		{ -3482258634596, 15061872, -35819, -2020230, -1033227, -51104, 1829151465 },
		{ 890420383607, 84914926, 33491, 488400, 214274, 226073, 455478499 },
	};
	struct table t;
	int64_t v;

	(void)state;
	table_init(&t, 6, rows, 16, scales);
	for (uint32_t p = 0; p < 7; p++) {
		assert_true(table_value(&t, SL_STAT_COEF, p, &v));
		assert_int_equal(v, answers[0][p]);
		assert_true(table_value(&t, SL_STAT_COEF_SE, p, &v));
		assert_int_equal(v, answers[1][p]);
	}
	assert_true(table_value(&t, SL_STAT_R2, 0, &v));
	assert_int_equal(v, 995479); /* 0.995479004577296 */
	assert_false(sl_rule_model_is_exact(&t.plan, &t.result, 0, 0));
}

/* NIST, Wampler1: y = 1 + x + … + x⁵ for x = 0 … 20, exactly; in Wampler4 noise is ten thousand times as large. */
static void test_known_answer_wampler(void **state)
{
	static const int64_t noise[21] = { 75901, -204794, 204863, -204436, 253665, -200894, 214131, -185192, 221249, -138370,
		315911, -27644, 455253, 197434, 783995, 608816, 1370781, 1303798, 2205519, 2408860, 3444321 };
	static const int8_t scales[6] = { 0 };
	int64_t rows[21 * 6], v;
	struct table t;

	(void)state;
	for (int64_t i = 0; i < 21; i++) {
		rows[i * 6] = 1;
		for (int64_t p = 1, power = i; p <= 5; p++, power *= i) {
			rows[i * 6 + p] = power;
			rows[i * 6] += power;
		}
	}
	table_init(&t, 5, rows, 21, scales);
	for (uint32_t p = 0; p < 6; p++) {
		assert_true(table_value(&t, SL_STAT_COEF, p, &v));
		assert_int_equal(v, 1000000);
		assert_true(table_value(&t, SL_STAT_COEF_SE, p, &v));
		assert_int_equal(v, 0);
	}
	assert_true(sl_rule_model_is_exact(&t.plan, &t.result, 0, 0));
	for (int64_t i = 0; i < 21; i++)
		rows[i * 6] = noise[i];
	table_init(&t, 5, rows, 21, scales);
	for (uint32_t p = 0; p < 6; p++) {
		assert_true(table_value(&t, SL_STAT_COEF, p, &v));
		assert_int_equal(v, 1000000);
	}
	assert_false(sl_rule_model_is_exact(&t.plan, &t.result, 0, 0));
	assert_true(table_value(&t, SL_STAT_R2, 0, &v));
	assert_int_equal(v, 957478); /* 0.957478440825662 */
}

static void test_a_model_without_freedom_or_independent_x_has_no_value(void **state)
{
	static const int64_t rows[] = { 3, 1, 2, 5, 2, 4, 4, 3, 6, 9, 4, 8 }; /* the second x is twice the first */
	static const int64_t few[] = { 3, 1, 2, 5, 2, 1, 4, 3, 3 };
	static const int8_t scales[3] = { 0 };
	struct table t;
	int64_t v;

	(void)state;
	table_init(&t, 2, rows, 4, scales);
	for (int fn = SL_STAT_COEF; fn <= SL_STAT_R2; fn++)
		assert_false(table_value(&t, (enum sl_stat_fn)fn, 0, &v));
	table_init(&t, 2, few, 3, scales);
	assert_true(table_value(&t, SL_STAT_COEF, 1, &v));
	assert_false(table_value(&t, SL_STAT_COEF_SE, 1, &v));
	t.variables[0].overflow = 1;
	assert_false(table_value(&t, SL_STAT_COEF, 1, &v));
}

/* With one x a model says what slope, intercept and corr say. */
static void test_a_model_of_one_x_is_the_line(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *plan = &k->plans[0];
	static const enum sl_stat_fn fns[] = { SL_STAT_SLOPE, SL_STAT_INTERCEPT, SL_STAT_CORR,
		                               SL_STAT_COEF, SL_STAT_COEF, SL_STAT_R2 };

	(void)state;
	kit_quiet(k);
	(void)kit_add(k, 40, 0, 0);
	for (uint32_t i = 0; i < 40; i++)
		k->rows[i].value[KIT_AMOUNT] += (int64_t)(i * i % 13);
	for (uint32_t i = 0; i < 6; i++) {
		char one[] = { (char)('a' + i), '\0' };
		struct sl_stat *s = kit_stat(plan, one, fns[i], KIT_AMOUNT, 0);
		kit_second(plan, s, KIT_AGE);
		s->p = i == 3;
	}
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	const struct sl_published_cell *c = kit_cell(k, &p, 0, 0, 0);
	assert_true(c[0].shown && c[3].shown);
	assert_int_equal(c[0].value, c[3].value);
	assert_true(llabs(c[1].value * 10000 - c[4].value) <= 5000);
	double r = (double)c[2].value / 10000, r2 = (double)c[5].value / 1000000;
	assert_true(fabs(r * r - r2) < 0.0002);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* amount on age and sick; of 3 numbers, the coefficient of what `p` says. */
static void model(struct kit *k, uint16_t p)
{
	struct sl_stat *s = kit_stat(&k->plans[0], name, SL_STAT_COEF, KIT_AMOUNT, 0);

	s->p = p;
	kit_second(&k->plans[0], s, KIT_AGE);
	kit_second_condition(&k->plans[0], s, KIT_SICK, 0);
}

/* units persons with a row each, `sick` of them sick; and what the rules find. */
static bool found(uint32_t units, uint32_t sick, bool exact, enum sl_rule rule, int64_t *measured)
{
	struct kit *k = kit_new();
	bool has;

	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.dof = 10;
	k->setup.rules.all_equal = 0;
	(void)kit_add(k, units, 0, 0);
	for (uint32_t i = 0; i < units; i++) {
		int64_t *v = k->rows[i].value;
		v[KIT_AGE] = 20 + 3 * (i % 17);
		v[KIT_SICK] = i < sick;
		v[KIT_AMOUNT] = 100 + 2 * v[KIT_AGE] - 7 * v[KIT_SICK] + (exact ? 0 : (int64_t)(i * 7 % 5));
	}
	model(k, 2);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	has = kit_has(&p, rule);
	for (uint32_t i = 0; i < p.nfindings; i++)
		if (p.findings[i].rule == rule)
			*measured = p.findings[i].measured;
	assert_int_equal(p.outputs[0].cells[0].shown, !kit_has(&p, SL_RULE_DEGREES_OF_FREEDOM) &&
	                 !kit_has(&p, SL_RULE_REGRESSOR) && !kit_has(&p, SL_RULE_ALL_EQUAL) &&
	                 !kit_has(&p, SL_RULE_THRESHOLD) && !kit_has(&p, SL_RULE_RANGE));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return has;
}

static void test_rules_of_a_model(void **state)
{
	int64_t measured = 0;

	(void)state;
	assert_true(found(12, 6, false, SL_RULE_DEGREES_OF_FREEDOM, &measured));
	assert_int_equal(measured, 9);
	assert_false(found(13, 6, false, SL_RULE_DEGREES_OF_FREEDOM, &measured));
	assert_true(found(80, 9, false, SL_RULE_REGRESSOR, &measured));
	assert_int_equal(measured, 9);
	assert_false(found(80, 10, false, SL_RULE_REGRESSOR, &measured));
	assert_false(found(80, 70, false, SL_RULE_REGRESSOR, &measured));
	assert_true(found(80, 71, false, SL_RULE_REGRESSOR, &measured));
	assert_true(found(80, 1, false, SL_RULE_REGRESSOR, &measured));
	assert_int_equal(measured, 1);
	assert_true(found(80, 40, true, SL_RULE_ALL_EQUAL, &measured));
	assert_false(found(80, 40, false, SL_RULE_ALL_EQUAL, &measured));
	assert_true(found(80, 0, false, SL_RULE_RANGE, &measured)); /* nobody is sick: there is no such x */
	assert_false(found(80, 40, false, SL_RULE_LEVERAGE, &measured));
}

/*
 * Three wards' flags, and the fourth ward is the constant: 20 patients in each of three and `last` in the fourth, so
 * that the constant is the fourth ward's mean. price is the ward.
 */
static bool wards(uint32_t last, enum sl_rule rule)
{
	struct kit *k = kit_new();
	bool has;

	kit_quiet(k);
	k->setup.rules.threshold = 10;
	(void)kit_add(k, 60 + last, 0, 0);
	for (uint32_t i = 0; i < 60 + last; i++) {
		k->rows[i].value[KIT_REGION] = 0;
		k->rows[i].value[KIT_SICK] = i < 20;
		k->rows[i].value[KIT_PRICE] = i >= 20 && i < 40;
		k->rows[i].value[KIT_AGE] = i >= 40 && i < 60;
		k->rows[i].value[KIT_AMOUNT] = 100 + (int64_t)(i * 11 % 7);
	}
	struct sl_stat *s = kit_stat(&k->plans[0], name, SL_STAT_COEF, KIT_AMOUNT, 0);
	kit_second_condition(&k->plans[0], s, KIT_SICK, 0);
	kit_second_condition(&k->plans[0], s, KIT_PRICE, 0);
	kit_second_condition(&k->plans[0], s, KIT_AGE, 0);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	has = kit_has(&p, rule);
	assert_int_equal(p.outputs[0].cells[0].shown, !kit_has(&p, SL_RULE_REGRESSOR));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return has;
}

static void test_a_saturated_model_hides_a_small_group_behind_its_constant(void **state)
{
	(void)state;
	for (uint32_t last = 1; last < 7; last++)
		assert_true(wards(last, SL_RULE_REGRESSOR));
	/* 20 · 9 / 29 is more than 5: somebody looks. */
	for (uint32_t last = 7; last < 20; last++)
		assert_true(!wards(last, SL_RULE_REGRESSOR) && wards(last, SL_RULE_LEVERAGE));
	assert_false(wards(20, SL_RULE_REGRESSOR) || wards(20, SL_RULE_LEVERAGE));
}

/* age, and age with one person's year more: what is left of either is that person. */
static void test_leverage_two_x_that_differ_by_one_person(void **state)
{
	(void)state;
	for (int differ = 0; differ < 2; differ++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		k->setup.rules.threshold = 10;
		(void)kit_add(k, 200, 0, 0);
		for (uint32_t i = 0; i < 200; i++) {
			k->rows[i].value[KIT_AGE] = 20 + 3 * (i % 17);
			k->rows[i].value[KIT_PRICE] = differ ? (int64_t)(i * 31 % 23) : k->rows[i].value[KIT_AGE] + (i == 5);
			k->rows[i].value[KIT_AMOUNT] = 100 + (int64_t)(i * 11 % 7);
		}
		for (uint16_t p = 0; p < 3; p++) {
			char one[] = { (char)('a' + p), '\0' };
			struct sl_stat *s = kit_stat(&k->plans[0], one, SL_STAT_COEF, KIT_AMOUNT, 0);
			s->p = p;
			kit_second(&k->plans[0], s, KIT_AGE);
			kit_second(&k->plans[0], s, KIT_PRICE);
		}
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		uint32_t n = 0;
		for (uint32_t i = 0; i < p.nfindings; i++)
			n += p.findings[i].rule == SL_RULE_LEVERAGE;
		assert_int_equal(n, differ ? 0 : 3);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer_longley),
		cmocka_unit_test(test_known_answer_wampler),
		cmocka_unit_test(test_a_model_without_freedom_or_independent_x_has_no_value),
		cmocka_unit_test(test_a_model_of_one_x_is_the_line),
		cmocka_unit_test(test_rules_of_a_model),
		cmocka_unit_test(test_a_saturated_model_hides_a_small_group_behind_its_constant),
		cmocka_unit_test(test_leverage_two_x_that_differ_by_one_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
