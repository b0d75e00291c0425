/* test_moments.c - variance, standard deviation, correlation, slope, intercept: rules, values, known answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

/* Statistic 0: fn of the amount, on the price for a pair. */
static void moment(struct kit *k, enum sl_stat_fn fn)
{
	struct sl_stat *s = kit_stat(&k->plans[0], "moment", fn, KIT_AMOUNT, 0);

	if (fn != SL_STAT_VAR && fn != SL_STAT_SD)
		kit_second(&k->plans[0], s, KIT_PRICE);
}

/*
 * In cell 0 the amount of few is known, so the first statistic fails: what reads a column of its, the second
 * argument's included, goes there with it. What goes along draws nothing more, and cell 1 has all.
 */
static void test_moments_take_along_what_reads_either_argument(void **state)
{
	static const enum sl_stat_fn one[] = { SL_STAT_MEAN, SL_STAT_SUM, SL_STAT_VAR, SL_STAT_SD };
	static const enum kit_column columns[] = { KIT_AMOUNT, KIT_PRICE, KIT_AGE };
	char name[] = "a";

	(void)state;
	for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++) {
		struct kit *k = kit_new();
		struct sl_plan *plan = &k->plans[0];
		bool pair = fn != SL_STAT_VAR && fn != SL_STAT_SD;
		kit_quiet(k);
		k->setup.rules.dof = 10;
		(void)kit_add(k, 30, 0, 0);
		(void)kit_add(k, 30, 0, 1);
		for (uint32_t i = 0; i < k->nrows; i++) {
			k->rows[i].missing[KIT_AMOUNT] = i >= 10 && i < 30;
			k->rows[i].value[KIT_AGE] += i % 3; /* not on one line */
			k->rows[i].value[KIT_PRICE] += i % 7;
		}
		kit_key(plan, "gender", KIT_GENDER, false);
		moment(k, (enum sl_stat_fn)fn);
		for (uint32_t i = 0; i < 12; i++) {
			name[0] = (char)('a' + i);
			kit_stat(plan, name, one[i % 4], columns[i / 4], 0);
		}
		for (int two = SL_STAT_CORR; two <= SL_STAT_INTERCEPT; two++) {
			name[0] = (char)('A' + two);
			kit_second(plan, kit_stat(plan, name, (enum sl_stat_fn)two, KIT_AGE, 0), KIT_PRICE);
		}
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t i = 0; i < plan->nstats; i++) {
			bool along = i <= 4 || (pair && (i <= 8 || i > 12));
			assert_int_equal(kit_cell(k, &p, 0, 0, i)->shown, !along);
			assert_int_equal(kit_cell(k, &p, 0, 1, i)->shown, 1);
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_degrees_of_freedom_are_units_less_what_is_estimated(void **state)
{
	(void)state;
	for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++)
		for (uint32_t more = 0; more < 2; more++) {
			uint32_t used = fn == SL_STAT_VAR || fn == SL_STAT_SD ? 1 : 2;
			struct kit *k = kit_new();
			kit_quiet(k);
			k->setup.rules.dof = 10;
			(void)kit_add(k, 9 + used + more, 0, 0);
			(void)kit_add(k, 20, 0, 0);
			for (uint32_t i = 9 + used + more; i < k->nrows; i++)
				k->rows[i].unit = 1; /* more rows of one unit are no more freedom */
			moment(k, (enum sl_stat_fn)fn);
			struct sl_publication p = kit_check(k, SL_RULE_NONE);
			assert_int_equal(kit_has(&p, SL_RULE_DEGREES_OF_FREEDOM), more == 0);
			if (more == 0) {
				const struct sl_finding *f = &p.findings[p.nfindings - 1];
				assert_int_equal(f->rule, SL_RULE_DEGREES_OF_FREEDOM);
				assert_int_equal(f->measured, 9);
				assert_int_equal(f->limit, 10);
				assert_int_equal(f->units, 9 + used);
			}
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

/* Amounts 5, 5 + step, … with the eighth moved by `off`; prices 0, price_step, …: told as all the same? */
static bool on_line(enum sl_stat_fn fn, int64_t step, int64_t price_step, int64_t off)
{
	struct kit *k = kit_new();
	bool found;

	kit_quiet(k);
	k->setup.rules.all_equal = 0;
	(void)kit_add(k, 20, 0, 0);
	for (uint32_t i = 0; i < 20; i++) {
		k->rows[i].value[KIT_AMOUNT] = 5 + step * i + (i == 7 ? off : 0);
		k->rows[i].value[KIT_PRICE] = price_step * i;
	}
	moment(k, fn);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	found = kit_has(&p, SL_RULE_ALL_EQUAL);
	assert_int_equal(p.outputs[0].cells[0].shown, !found);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return found;
}

static void test_all_equal_no_spread_or_every_point_on_a_line_is_hidden(void **state)
{
	(void)state;
	assert_true(on_line(SL_STAT_VAR, 0, 1, 0));
	assert_true(on_line(SL_STAT_SD, 0, 1, 0));
	assert_false(on_line(SL_STAT_VAR, 0, 1, 1));
	assert_false(on_line(SL_STAT_SD, 3, 1, 0));
	for (int fn = SL_STAT_CORR; fn <= SL_STAT_INTERCEPT; fn++) {
		assert_true(on_line((enum sl_stat_fn)fn, 3, 2, 0));
		assert_true(on_line((enum sl_stat_fn)fn, -3, 2, 0));
		assert_true(on_line((enum sl_stat_fn)fn, 0, 2, 0)); /* y is one value */
		assert_true(on_line((enum sl_stat_fn)fn, 3, 0, 0)); /* x is one value */
		assert_false(on_line((enum sl_stat_fn)fn, 3, 2, 1));
		assert_false(on_line((enum sl_stat_fn)fn, 1000000000, 1000000, 1));
	}
}

/* Anscombe (1973), "Graphs in Statistical Analysis": four tables with the same line. y in hundredths, x as it is. */
/*
 * One of forty has nearly all of y, and so nearly all of what deviates in it: who knows every x has that one's y from a
 * slope. Each dominance rule sees it by itself.
 */
static void test_dominance_of_y_hides_a_line(void **state)
{
	(void)state;
	for (int fn = SL_STAT_CORR; fn <= SL_STAT_INTERCEPT; fn++)
		for (int which = 0; which < 3; which++) {
			struct kit *k = kit_new();
			struct kit_row *row = kit_add(k, 40, 0, 0);
			kit_quiet(k);
			k->setup.rules.dominance_n = which == 0 ? 2 : 0;
			k->setup.rules.dominance_k = which == 0 ? 90000 : 0;
			k->setup.rules.p_percent = which == 1 ? 10000 : 0;
			row[7].value[KIT_AMOUNT] = 1000000;
			kit_second(&k->plans[0], kit_stat(&k->plans[0], "line", (enum sl_stat_fn)fn, KIT_AMOUNT, 0), KIT_PRICE);
			struct sl_publication p = kit_check(k, SL_RULE_NONE);
			bool hidden = which < 2;
			assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, !hidden);
			assert_int_equal(kit_has(&p, SL_RULE_DOMINANCE), hidden && which == 0);
			assert_int_equal(kit_has(&p, SL_RULE_P_PERCENT), hidden && which == 1);
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

/*
 * One of 40 is far from the others in x, and so the line's value there is that one's y: of a model that is known, of a
 * line as far as the catalogue bounds x.
 */
static void test_a_line_through_who_is_far_in_x_is_hidden_or_for_a_person(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		bool far, bounded;
		enum sl_rule hides, asks;
	} of[] = {
		{ SL_STAT_COEF, true, false, SL_RULE_DOMINANCE, SL_RULE_NONE },
		{ SL_STAT_COEF_SE, true, false, SL_RULE_DOMINANCE, SL_RULE_NONE },
		{ SL_STAT_R2, true, true, SL_RULE_DOMINANCE, SL_RULE_NONE },
		{ SL_STAT_COEF, false, false, SL_RULE_NONE, SL_RULE_NONE },
		{ SL_STAT_SLOPE, true, false, SL_RULE_NONE, SL_RULE_LEVERAGE },
		{ SL_STAT_INTERCEPT, true, true, SL_RULE_NONE, SL_RULE_LEVERAGE },
		{ SL_STAT_CORR, false, false, SL_RULE_NONE, SL_RULE_LEVERAGE },
		{ SL_STAT_CORR, false, true, SL_RULE_NONE, SL_RULE_NONE },
		{ SL_STAT_SLOPE, false, true, SL_RULE_NONE, SL_RULE_NONE },
		{ SL_STAT_VAR, true, true, SL_RULE_NONE, SL_RULE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++) {
		struct kit *k = kit_new();
		struct sl_column *x = &k->setup.view.tables[0].columns[KIT_PRICE];
		struct kit_row *row = kit_add(k, 40, 0, 0);
		kit_quiet(k);
		k->setup.rules.dominance_n = 2;
		k->setup.rules.dominance_k = 90000;
		for (uint32_t u = 0; u < 40; u++) {
			row[u].value[KIT_PRICE] = (int64_t)(u % 8);
			row[u].value[KIT_AMOUNT] = 100 + (int64_t)(u * 11 % 7);
		}
		if (of[i].far)
			row[7].value[KIT_PRICE] = 1000;
		x->lo = of[i].bounded ? 0 : INT64_MIN;
		x->hi = of[i].bounded ? of[i].far ? 1000 : 10 : INT64_MAX;
		struct sl_stat *s = kit_stat(&k->plans[0], "line", of[i].fn, KIT_AMOUNT, 0);
		if (of[i].fn != SL_STAT_VAR)
			kit_second(&k->plans[0], s, KIT_PRICE);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, of[i].hides == SL_RULE_NONE);
		assert_int_equal(kit_has(&p, SL_RULE_DOMINANCE), of[i].hides == SL_RULE_DOMINANCE);
		assert_int_equal(kit_has(&p, SL_RULE_LEVERAGE), of[i].asks == SL_RULE_LEVERAGE);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static void test_known_answer_anscombe(void **state)
{
	static const int64_t x123[11] = { 10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5 };
	static const int64_t x4[11] = { 8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8 };
	static const int64_t y[4][11] = {
		{ 804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568 },
		{ 914, 814, 874, 877, 926, 810, 613, 310, 913, 726, 474 },
		{ 746, 677, 1274, 711, 781, 884, 608, 539, 815, 642, 573 },
		{ 658, 576, 771, 884, 847, 704, 525, 1250, 556, 791, 689 },
	};
	static const enum sl_stat_fn fns[] = { SL_STAT_MEAN, SL_STAT_VAR,   SL_STAT_SD,
		                               SL_STAT_CORR, SL_STAT_SLOPE, SL_STAT_INTERCEPT };
	/* mean on scale 4, variance 6, standard deviation 4, correlation 4, slope 6, intercept 4 */
	static const int64_t answers[4][6] = {
		{ 75009, 4127269, 20316, 8164, 500091, 30001 },
		{ 75009, 4127629, 20317, 8162, 500000, 30009 },
		{ 75000, 4122620, 20304, 8163, 499727, 30025 },
		{ 75009, 4123249, 20306, 8165, 499909, 30017 },
	};

	(void)state;
	for (int t = 0; t < 4; t++) {
		struct kit *k = kit_new();
		char name[] = "a";
		kit_quiet(k);
		k->setup.rules.all_equal = 0;
		(void)kit_add(k, 11, 0, 0);
		for (uint32_t i = 0; i < 11; i++) {
			k->rows[i].value[KIT_PRICE] = y[t][i];
			k->rows[i].value[KIT_AMOUNT] = t == 3 ? x4[i] : x123[i];
		}
		for (int s = 0; s < 6; s++, name[0]++) {
			struct sl_stat *st = kit_stat(&k->plans[0], name, fns[s], KIT_PRICE, 0);
			if (s > 2)
				kit_second(&k->plans[0], st, KIT_AMOUNT);
		}
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		for (uint32_t s = 0; s < 6; s++)
			assert_int_equal(kit_cell(k, &p, 0, 0, s)->value, answers[t][s]);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* y, the price, has `sy` decimals; x, the amount, `sx`. */
static void set_scales(struct kit *k, int8_t sy, int8_t sx)
{
	struct sl_column *columns = k->setup.view.tables[0].columns;

	columns[KIT_PRICE].scale = sy;
	columns[KIT_AMOUNT].scale = sx;
	columns[KIT_AMOUNT].type = SL_TYPE_REAL;
	for (uint32_t i = 0; i < k->plans[0].nstats; i++) {
		struct sl_stat *s = &k->plans[0].stats[i];
		s->arg.ops[0].scale = sy;
		if (s->arg2.nops > 0) {
			s->arg2.ops[0].scale = sx;
			s->arg2.ops[0].type = SL_TYPE_REAL;
		}
	}
}

/* Straight from the rows in long double, means first: another way than the sums. */
static long double reading(const struct kit *k, enum sl_stat_fn fn, int8_t sy, int8_t sx)
{
	long double mx = 0, my = 0, xx = 0, yy = 0, xy = 0, n = k->nrows, px = powl(10, sx), py = powl(10, sy);

	for (uint32_t i = 0; i < k->nrows; i++) {
		my += k->rows[i].value[KIT_PRICE] / py / n;
		mx += k->rows[i].value[KIT_AMOUNT] / px / n;
	}
	for (uint32_t i = 0; i < k->nrows; i++) {
		long double dy = k->rows[i].value[KIT_PRICE] / py - my, dx = k->rows[i].value[KIT_AMOUNT] / px - mx;
		xx += dx * dx;
		yy += dy * dy;
		xy += dx * dy;
	}
	switch (fn) {
	case SL_STAT_VAR:
		return yy / (n - 1);
	case SL_STAT_SD:
		return sqrtl(yy / (n - 1));
	case SL_STAT_CORR:
		return xy / sqrtl(xx * yy);
	case SL_STAT_SLOPE:
		return xy / xx;
	default:
		return my - xy / xx * mx;
	}
}

/* Decimals of the published grid. */
static int decimals(enum sl_stat_fn fn, int sy)
{
	int d = fn == SL_STAT_CORR ? 4 : fn == SL_STAT_SLOPE ? 6 : fn == SL_STAT_VAR ? 2 * sy + 2 : sy + 2;

	return d < SL_SCALE_MAX ? d : SL_SCALE_MAX;
}

/* Returns how many values were shown, each within half a unit of its grid. */
static int compare(struct kit *k, int8_t sy, int8_t sx)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	int shown = 0;

	for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++) {
		const struct sl_published_cell *c = kit_cell(k, &p, 0, 0, (uint32_t)(fn - SL_STAT_VAR));
		long double want = reading(k, (enum sl_stat_fn)fn, sy, sx) * powl(10, decimals((enum sl_stat_fn)fn, sy));
		if (!c->shown)
			continue;
		shown++;
		if (fabsl(want - c->value) > 0.5L + 1e-4L + fabsl(want) * 1e-14L)
			fail_msg("fn %d, scales %d and %d: %lld, not %Lf", fn, sy, sx, (long long)c->value, want);
	}
	sl_codec_free(&sl_publication_record, &p);
	return shown;
}

static void test_values_agree_with_a_reading_of_the_rows(void **state)
{
	unsigned seed = 11;
	int shown = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct kit *k = kit_new();
		char name[] = "a";
		int width = 1 + rand_r(&seed) % 100000;
		int8_t sy = (int8_t)(round % 10), sx = (int8_t)(round / 10 % 10);
		kit_quiet(k);
		(void)kit_add(k, 3 + (uint32_t)rand_r(&seed) % 20, 0, 0);
		for (uint32_t i = 0; i < k->nrows; i++) {
			k->rows[i].value[KIT_PRICE] = rand_r(&seed) % width - width / 2;
			k->rows[i].value[KIT_AMOUNT] = rand_r(&seed) % (round % 2 ? 5 : width) - width / 3;
		}
		for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++, name[0]++) {
			struct sl_stat *s = kit_stat(&k->plans[0], name, (enum sl_stat_fn)fn, KIT_PRICE, 0);
			if (fn > SL_STAT_SD)
				kit_second(&k->plans[0], s, KIT_AMOUNT);
		}
		set_scales(k, sy, sx);
		shown += compare(k, sy, sx);
		kit_free(k);
	}
	assert_true(shown > 1200);
}

/* Half a unit goes away from zero, on both sides; what rounds to zero has no sign. */
static void test_values_round_half_away(void **state)
{
	static const struct {
		int64_t price[4];
		enum sl_stat_fn fn;
		int8_t sy;
		int64_t value;
	} cases[] = {
		/* x is 0, 0, 2000000, 2000000: a slope of the difference over two million, scale 6 */
		{ { 0, 0, 1, 1 }, SL_STAT_SLOPE, 0, 1 },    { { 1, 1, 0, 0 }, SL_STAT_SLOPE, 0, -1 },
		{ { 0, 0, 3, 3 }, SL_STAT_SLOPE, 0, 2 },    { { 3, 3, 0, 0 }, SL_STAT_SLOPE, 0, -2 },
		{ { 4, 4, 0, 0 }, SL_STAT_SLOPE, 1, 0 },    { { 5, 5, 0, 0 }, SL_STAT_SLOPE, 1, 0 },
		{ { 10, 10, 0, 0 }, SL_STAT_SLOPE, 1, -1 }, { { -7, -8, 0, 0 }, SL_STAT_INTERCEPT, 0, -750 },
		{ { 0, 0, 3, 3 }, SL_STAT_VAR, 5, 0 }, /* 3 · 10^-10 on scale 9 */
		{ { 0, 0, 9, 0 }, SL_STAT_VAR, 5, 2 }, /* 20.25 · 10^-10 */
		{ { 0, 0, 5, 5 }, SL_STAT_SD, 9, 3 },  /* 2.886… · 10^-9 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct kit *k = kit_new();
		kit_quiet(k);
		(void)kit_add(k, 4, 0, 0);
		for (uint32_t r = 0; r < 4; r++) {
			k->rows[r].value[KIT_PRICE] = cases[i].price[r];
			k->rows[r].value[KIT_AMOUNT] = r < 2 ? 0 : 2000000;
		}
		struct sl_stat *s = kit_stat(&k->plans[0], "v", cases[i].fn, KIT_PRICE, 0);
		if (cases[i].fn > SL_STAT_SD)
			kit_second(&k->plans[0], s, KIT_AMOUNT);
		set_scales(k, cases[i].sy, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.outputs[0].cells[0].shown, 1);
		assert_int_equal(p.outputs[0].cells[0].value, cases[i].value);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Statistic 0 as the rules see it after `spoil`; hidden for range, or else shown. */
static bool has_no_value(enum sl_stat_fn fn, void (*spoil)(struct kit *k))
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_err err = { 0 };

	kit_quiet(k);
	(void)kit_add(k, 20, 0, 0);
	for (uint32_t i = 0; i < 20; i++)
		k->rows[i].value[KIT_AMOUNT] += i % 3;
	moment(k, fn);
	spoil(k);
	if (k->results[0].nmoments == 0)
		kit_count(k);
	if (sl_check_run(&k->setup, k->plans, k->results, &p, &err) != SL_OK)
		fail_msg("%s", err.text);
	bool none = kit_has(&p, SL_RULE_RANGE);
	assert_int_equal(p.outputs[0].cells[0].shown, !none);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return none;
}

static void spoil_nothing(struct kit *k)
{
	(void)k;
}

static void spoil_sums(struct kit *k)
{
	kit_count(k);
	k->results[0].moments[0].overflow = 1;
}

static void spoil_totals(struct kit *k)
{
	kit_count(k);
	k->results[0].evidence[0].overflow = 1;
}

/* No table has these sums: squares below what their mean asks for. */
static void spoil_squares(struct kit *k)
{
	kit_count(k);
	k->results[0].moments[0].xx = k->results[0].moments[0].yy = 1;
}

static void one_x(struct kit *k)
{
	for (uint32_t i = 0; i < 20; i++)
		k->rows[i].value[KIT_PRICE] = 5;
}

static void one_y(struct kit *k)
{
	for (uint32_t i = 0; i < 20; i++)
		k->rows[i].value[KIT_AMOUNT] = 5;
}

static void large_y(struct kit *k)
{
	for (uint32_t i = 0; i < 20; i++)
		k->rows[i].value[KIT_AMOUNT] = (i % 2 ? 1 : -1) * (INT64_MAX / 40);
}

static void test_what_has_no_value_is_hidden_for_it(void **state)
{
	(void)state;
	for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++) {
		enum sl_stat_fn f = (enum sl_stat_fn)fn;
		bool pair = f != SL_STAT_VAR && f != SL_STAT_SD;
		assert_false(has_no_value(f, spoil_nothing));
		assert_true(has_no_value(f, spoil_sums));
		assert_true(has_no_value(f, spoil_totals));
		assert_true(has_no_value(f, spoil_squares));
		assert_int_equal(has_no_value(f, one_x), pair);
		assert_int_equal(has_no_value(f, one_y), f == SL_STAT_CORR);
		assert_int_equal(has_no_value(f, large_y), f != SL_STAT_CORR);
	}
}

/* A public empty cell has no value to tell, like a mean of nothing; any other is hidden. */
static void test_empty_cell_is_missing_where_zeros_are_public(void **state)
{
	(void)state;
	for (int fn = SL_STAT_VAR; fn <= SL_STAT_INTERCEPT; fn++)
		for (uint8_t show = 0; show < 2; show++) {
			struct kit *k = kit_new();
			(void)kit_add(k, 20, 1, 0);
			k->setup.rules.zeros_show = show;
			k->setup.rules.context = 1;
			kit_key(&k->plans[0], "region", KIT_REGION, false);
			moment(k, (enum sl_stat_fn)fn);
			struct sl_publication p = kit_check(k, SL_RULE_NONE);
			assert_int_equal(kit_cell(k, &p, 0, 0, 0)->shown, show);
			assert_int_equal(kit_cell(k, &p, 0, 0, 0)->missing, show);
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_degrees_of_freedom_are_units_less_what_is_estimated),
		cmocka_unit_test(test_moments_take_along_what_reads_either_argument),
		cmocka_unit_test(test_all_equal_no_spread_or_every_point_on_a_line_is_hidden),
		cmocka_unit_test(test_dominance_of_y_hides_a_line),
		cmocka_unit_test(test_a_line_through_who_is_far_in_x_is_hidden_or_for_a_person),
		cmocka_unit_test(test_known_answer_anscombe),
		cmocka_unit_test(test_values_agree_with_a_reading_of_the_rows),
		cmocka_unit_test(test_values_round_half_away),
		cmocka_unit_test(test_what_has_no_value_is_hidden_for_it),
		cmocka_unit_test(test_empty_cell_is_missing_where_zeros_are_public),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
