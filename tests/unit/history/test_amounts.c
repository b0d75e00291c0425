/*
 * test_amounts.c - what tells each other's sums is one amount, and nothing else is: by the parser and the evaluator of
 * jobs, over every row there can be of a small table.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/script/parser.h"
#include "policy/history/predicate.h"
#include "policy/history/reading.h"
#include "tests/unit/vault/failing.h"

#define COUNTOF(a) (sizeof(a) / sizeof(a)[0])
#define EXPRESSIONS 400
#define TEXT_BYTES 512

enum { PAY, BONUS, RATE, NPERSONS };
static struct sl_column persons[] = {
	{ .name = "pay", .type = SL_TYPE_INTEGER, .lo = 0, .hi = 1000 },
	{ .name = "bonus", .type = SL_TYPE_INTEGER, .lo = 0, .hi = 1000 },
	{ .name = "rate", .type = SL_TYPE_REAL, .scale = 2, .lo = 0, .hi = 1000 },
};
static struct sl_column events[] = { { .name = "days", .type = SL_TYPE_INTEGER, .lo = 0, .hi = 1000 } };
static struct sl_table tables[] = {
	{ .name = "t.persons", .space = "person", .columns = persons, .ncolumns = 3, .one_row_per_unit = 1 },
	{ .name = "t.events", .space = "person", .columns = events, .ncolumns = 1 },
};
static const struct sl_view view = { .tables = tables, .ntables = 2 };

static enum sl_rc name_of(void *self, const char *qualifier, const char *name, struct sl_named *out,
                          struct sl_err *err)
{
	(void)self;
	(void)qualifier;
	for (uint16_t i = 0; i < NPERSONS; i++)
		if (strcmp(persons[i].name, name) == 0) {
			*out = (struct sl_named){ .kind = SL_NAMED_INPUT, .input = i,
				.type = { persons[i].type, persons[i].scale, 0 } };
			return SL_OK;
		}
	return sl_err_set(err, SL_E_INPUT, "no column %s", name);
}

static const struct sl_column *column_of(void *self, uint16_t input)
{
	(void)self;
	return &persons[input];
}

static void parse(const char *text, struct sl_parsed *out)
{
	struct sl_scope scope = { .name = name_of, .column = column_of };
	struct sl_err err = { 0 };

	if (sl_parser_parse(SL_PARSE_DEFINITION, text, strlen(text), &scope, out, &err) != SL_OK)
		fail_msg("%s: %s", text, err.text);
}

static struct sl_source of_persons = { .table = 0 };
static struct sl_input inputs[] = { { .column = PAY }, { .column = BONUS }, { .column = RATE } };

static sl_i128 measure_of(const struct sl_plan *plan)
{
	struct sl_predicate_part part;
	struct sl_err err = { 0 };
	bool has;

	assert_int_equal(sl_predicate_measure(plan, &view, 0, &part, &has, &err), SL_OK);
	assert_true(has);
	return part.hash;
}

static struct sl_plan plan_of(struct sl_stat *stat)
{
	return (struct sl_plan){ .output = "o", .sources = &of_persons, .nsources = 1, .inputs = inputs, .ninputs = 3,
		                 .stats = stat, .nstats = 1 };
}

static sl_i128 measure(enum sl_stat_fn fn, const char *text)
{
	struct sl_parsed parsed;
	parse(text, &parsed);
	struct sl_stat stat = { .fn = (uint8_t)fn, .arg = parsed.expr };
	struct sl_plan plan = plan_of(&stat);
	sl_i128 hash = measure_of(&plan);

	sl_parsed_free(&parsed);
	return hash;
}

static void test_what_tells_each_others_sums_is_one(void **state)
{
	static const char *const same[][2] = {
		{ "pay", "pay * 2" }, { "pay", "2 * pay + 1" }, { "pay", "-pay" }, { "pay", "100 - pay" }, { "pay", "pay / 4" },
		{ "pay", "pay * 0.5" }, { "pay", "pay + pay" }, { "pay", "pay + bonus - bonus" }, { "pay", "(1 + 1) * pay" },
		{ "pay", "pay / 0.5" }, { "pay", "pay * 3 / 1000" }, { "rate", "rate * 10 - 0.25" },
		{ "pay + bonus", "bonus + pay" }, { "pay + bonus", "(bonus + pay) / 2 + 7" }, { "pay - bonus", "bonus - pay" },
		{ "pay + 2 * bonus", "3 * (pay + bonus) + 3 * bonus" }, { "pay * bonus", "bonus * pay * 2" },
		{ "pay / 3", "2 * (pay / 3)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNTOF(same); i++)
		if (measure(SL_STAT_SUM, same[i][0]) != measure(SL_STAT_MEAN, same[i][1]) ||
		    measure(SL_STAT_SD, same[i][0]) != measure(SL_STAT_SD, same[i][1]))
			fail_msg("%s is not %s", same[i][0], same[i][1]);
}

/* Also what is rounded: by how much tells of a few. */
static void test_what_does_not_is_two(void **state)
{
	static const char *const two[][2] = {
		{ "pay", "bonus" }, { "pay", "pay + bonus" }, { "pay + bonus", "pay - bonus" }, { "pay + bonus", "pay + 2 * bonus" },
		{ "pay", "pay / 3" }, { "pay", "pay * pay" }, { "pay", "pay * bonus" }, { "pay", "pay / bonus" },
		{ "pay", "pay div 2" }, { "pay", "pay mod 2" }, { "pay", "abs(pay)" }, { "pay", "pay / 1000000000" },
		{ "pay", "case when pay > 10 then pay else 0 end" }, { "pay", "pay - pay" }, { "rate", "rate / 100000" },
		{ "pay", "pay * (bonus - bonus + 1)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNTOF(two); i++)
		if (measure(SL_STAT_SUM, two[i][0]) == measure(SL_STAT_SUM, two[i][1]))
			fail_msg("%s is %s", two[i][0], two[i][1]);
	assert_true(measure(SL_STAT_SUM, "pay") != measure(SL_STAT_SD, "pay"));
	assert_true(measure(SL_STAT_QUANTILE, "pay") != measure(SL_STAT_QUANTILE, "pay * 2"));
}

static uint64_t seed = 88172645463325252u;

static uint32_t below(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed % n);
}

static void spell(char *to, size_t bytes, unsigned depth)
{
	static const char *const leaves[] = { "pay", "pay", "bonus", "rate", "2", "3", "0.5", "10" };
	static const char *const signs[] = { "+", "-", "*", "/", "+", "-" };
	char a[TEXT_BYTES], b[TEXT_BYTES];

	if (depth == 0 || below(4) == 0) {
		snprintf(to, bytes, "%s", leaves[below(COUNTOF(leaves))]);
		return;
	}
	spell(a, sizeof a / 4, depth - 1);
	spell(b, sizeof b / 4, depth - 1);
	if (snprintf(to, bytes, "(%s %s %s)", a, signs[below(COUNTOF(signs))], b) >= (int)bytes)
		snprintf(to, bytes, "pay");
}

/* Every row there can be: 4 * 4 * 4. False: it has no value in some, which is another matter. */
#define ROWS 64
static bool values_of(const char *text, sl_i128 values[ROWS])
{
	static const int64_t pays[] = { 0, 1, 7, 999 }, rates[] = { 0, 1, 250, 99999 };
	struct sl_parsed parsed;
	bool all = true;

	parse(text, &parsed);
	for (uint32_t i = 0; i < ROWS && all; i++) {
		const struct sl_value row[] = { { pays[i % 4], false }, { pays[i / 4 % 4], false }, { rates[i / 16], false } };
		struct sl_value v = sl_expr_eval(&parsed.expr, row);
		values[i] = v.v;
		all = !v.missing;
	}
	sl_parsed_free(&parsed);
	return all;
}

/* One is so many times the other and so much more, in every row. */
static bool follow(const sl_i128 x[ROWS], const sl_i128 y[ROWS])
{
	uint32_t k = 0;

	while (k < ROWS && x[k] == x[0])
		k++;
	for (uint32_t i = 0; i < ROWS; i++)
		if (k == ROWS ? y[i] != y[0] : (y[i] - y[0]) * (x[k] - x[0]) != (y[k] - y[0]) * (x[i] - x[0]))
			return false;
	return true;
}

static void test_random_amounts_are_one_only_where_every_row_says_so(void **state)
{
	static char texts[EXPRESSIONS][TEXT_BYTES];
	static sl_i128 values[EXPRESSIONS][ROWS], measures[EXPRESSIONS];
	uint32_t n = 0, same = 0;

	(void)state;
	while (n < EXPRESSIONS) {
		spell(texts[n], sizeof texts[n], 3);
		if (!values_of(texts[n], values[n]))
			continue;
		measures[n] = measure(SL_STAT_SUM, texts[n]);
		for (uint32_t i = 0; i < n; i++) {
			same += measures[i] == measures[n];
			if (measures[i] == measures[n] && !follow(values[i], values[n]))
				fail_msg("%s is not %s", texts[i], texts[n]);
		}
		n++;
	}
	assert_true(same > 300);
}

/* More terms than are taken apart: as it is spelled, and still itself. */
static void test_many_terms_are_one_thing(void **state)
{
	char text[TEXT_BYTES] = "pay * 1 * bonus", more[TEXT_BYTES + 8];

	(void)state;
	for (int i = 2; i < 12; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), " + pay div %d", i);
	snprintf(more, sizeof more, "2 * (%s)", text);
	assert_true(measure(SL_STAT_SUM, text) == measure(SL_STAT_SUM, text));
	assert_true(measure(SL_STAT_SUM, text) != measure(SL_STAT_SUM, more));
}

/* --- units and rows -------------------------------------------------------------------------------------- */

#define INTEGER(o, a, v) { .op = o, .type = SL_TYPE_INTEGER, .arg = a, .value = v }
static struct sl_op first_input[] = { INTEGER(SL_OP_COLUMN, 0, 0) };
static struct sl_op some_rows[] = { INTEGER(SL_OP_COLUMN, 0, 0), INTEGER(SL_OP_CONST, 0, 3),
	                            { .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN } };
static struct sl_raw raw_first[] = { { .column = 0 } };

/* The sum of the first input, of source `from`, of a plan of these sources. */
static sl_i128 sum_of(struct sl_source *sources, uint32_t n, uint16_t from)
{
	struct sl_input input = { .source = from };
	struct sl_stat stat = { .fn = SL_STAT_SUM, .arg = { .ops = first_input, .nops = 1 } };
	struct sl_plan plan = { .output = "o", .sources = sources, .nsources = n, .inputs = &input, .ninputs = 1,
		                .stats = &stat, .nstats = 1 };

	return measure_of(&plan);
}

static struct sl_source folded(uint16_t table, struct sl_fold *fold, bool where)
{
	return (struct sl_source){ .table = table, .raws = raw_first, .nraws = 1, .folds = fold, .nfolds = 1,
		                   .where = { .ops = where ? some_rows : NULL, .nops = where ? 3 : 0 } };
}

static void test_what_per_unit_adds_up_is_what_its_rows_add_up(void **state)
{
	struct sl_source rows = { .table = 1 }, units = { .table = 0 };
	struct sl_fold sum = { .fn = SL_FOLD_SUM, .arg = { .ops = first_input, .nops = 1 } }, most = sum;
	struct sl_source all = folded(1, &sum, false), some = folded(1, &sum, true), one = folded(0, &sum, true);

	(void)state;
	most.fn = SL_FOLD_MAX;
	struct sl_source of_many = folded(1, &most, false), of_one = folded(0, &most, false);
	assert_true(sum_of(&all, 1, 0) == sum_of(&rows, 1, 0));
	assert_true(sum_of(&some, 1, 0) != sum_of(&rows, 1, 0)); /* of units, and not of all their rows */
	assert_true(sum_of(&one, 1, 0) == sum_of(&units, 1, 0));
	assert_true(sum_of(&of_one, 1, 0) == sum_of(&units, 1, 0));
	assert_true(sum_of(&of_many, 1, 0) != sum_of(&rows, 1, 0));
}

/* The pay of persons for each of their events is another amount: it counts whoever has two twice. */
static void test_what_a_unit_has_once_is_more_for_each_row_of_a_table(void **state)
{
	struct sl_source rows_first[] = { { .table = 1 }, { .table = 0, .join = SL_JOIN_INNER } };
	struct sl_source units = { .table = 0 }, rows = { .table = 1 };

	(void)state;
	assert_true(sum_of(rows_first, 2, 1) != sum_of(&units, 1, 0));
	assert_true(sum_of(rows_first, 2, 0) == sum_of(&rows, 1, 0));
	rows_first[0].join = SL_JOIN_SEMI;
	struct sl_source semi[] = { rows_first[1], rows_first[0] };
	assert_true(sum_of(semi, 2, 0) == sum_of(&units, 1, 0));
}

/* --- readings -------------------------------------------------------------------------------------------- */

static uint32_t readings_of(enum sl_stat_fn fn, const char *text, struct sl_reading **out)
{
	struct sl_parsed parsed;
	struct sl_predicate_part *measures;
	struct sl_err err = { 0 };
	uint32_t n, nmeasures;
	parse(text, &parsed);
	struct sl_stat stat = { .fn = (uint8_t)fn, .arg = parsed.expr };
	struct sl_plan plan = plan_of(&stat);

	assert_int_equal(sl_predicate_measures(&plan, &view, &measures, &nmeasures, &err), SL_OK);
	assert_int_equal(sl_reading_list(&plan, &view, measures, nmeasures, out, &n, &err), SL_OK);
	free(measures);
	sl_parsed_free(&parsed);
	return n;
}

static void test_a_column_is_read_in_one_way_whatever_is_computed_of_it(void **state)
{
	struct sl_reading *sum, *spread, *both, *none;

	(void)state;
	assert_int_equal(readings_of(SL_STAT_SUM, "pay", &sum), 1);
	assert_int_equal(readings_of(SL_STAT_SD, "pay * 3 + 1", &spread), 1);
	assert_true(sum[0].column == spread[0].column && sum[0].way == spread[0].way);
	assert_int_equal(readings_of(SL_STAT_MEAN, "bonus + pay", &both), 2);
	assert_true(both[1].column == sum[0].column && both[1].way != sum[0].way && both[0].way == both[1].way);
	assert_int_equal(readings_of(SL_STAT_QUANTILE, "pay", &none), 0);
	free(sum);
	free(spread);
	free(both);
	free(none);
}

static void test_every_allocation_may_fail(void **state)
{
	struct sl_parsed parsed;
	struct sl_predicate_part *measures;
	struct sl_reading *list;
	uint32_t n, nmeasures;
	unsigned long k = 0;
	bool reached;

	(void)state;
	parse("2 * pay + bonus * rate + case when bonus > 3 then pay else 0 end", &parsed);
	struct sl_stat stat = { .fn = SL_STAT_SUM, .arg = parsed.expr };
	struct sl_plan plan = plan_of(&stat);
	do {
		struct sl_err err = { 0 };
		failing_at(++k);
		enum sl_rc rc = sl_predicate_measures(&plan, &view, &measures, &nmeasures, &err);
		if (rc == SL_OK)
			rc = sl_reading_list(&plan, &view, measures, nmeasures, &list, &n, &err);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		free(measures);
		if (rc == SL_OK)
			free(list);
		sl_err_clear(&err);
	} while (reached);
	assert_true(k > 10);
	sl_parsed_free(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_tells_each_others_sums_is_one),
		cmocka_unit_test(test_what_does_not_is_two),
		cmocka_unit_test(test_random_amounts_are_one_only_where_every_row_says_so),
		cmocka_unit_test(test_many_terms_are_one_thing),
		cmocka_unit_test(test_what_per_unit_adds_up_is_what_its_rows_add_up),
		cmocka_unit_test(test_what_a_unit_has_once_is_more_for_each_row_of_a_table),
		cmocka_unit_test(test_a_column_is_read_in_one_way_whatever_is_computed_of_it),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
