/* test_plan.c - which plans are refused, and what a plan's cells and columns are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/pact/members.h"
#include "tests/unit/pact/house.h"

static struct house h;

static int fresh(void **state)
{
	(void)state;
	house_init(&h);
	return 0;
}

static void refused(const char *words)
{
	sl_err_clear(&h.err);
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_E_INPUT);
	if (strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	house_init(&h);
}

static void test_plan_that_is_right_passes(void **state)
{
	(void)state;
	if (sl_plan_check(&h.plan, &h.view, &h.err) != SL_OK)
		fail_msg("%s", h.err.text);
	h.plan.where.nops = h.plan.nkeys = h.plan.ncalcs = h.plan.norder = 0;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
}

static void test_plan_sources_that_cannot_be_joined_are_refused(void **state)
{
	static char company[] = "company";

	(void)state;
	h.plan.nsources = h.plan.ninputs = 0;
	refused("reads no table");
	h.sources[1].table = 3;
	refused("no such table");
	h.sources[1].table = 0;
	refused("joins a table with itself: s.visits");
	h.sources[1].table = 2;
	refused("without privacy units: o.places");
	h.tables[1].space = company;
	refused("two unit spaces: s.people");
	h.tables[1].one_row_per_unit = 0;
	refused("both have several rows per unit: s.people");
}

static void test_plan_inputs_outside_the_view_are_refused(void **state)
{
	(void)state;
	h.inputs[3].source = 2;
	refused("no such column");
	h.inputs[3].column = H_COLUMNS;
	refused("no such column");
	h.keys[0].input = 2 * H_COLUMNS;
	refused("no such input for key where");
	h.sum.ops[0].arg = 2 * H_COLUMNS;
	refused("no input 10");
}

static void test_plan_keys_without_groups_or_twice_are_refused(void **state)
{
	(void)state;
	h.keys[0].input = H_PRICE;
	refused("without a finite domain: where");
	h.keys[1].banded = 0;
	refused("without a finite domain: band");
	h.keys[1] = h.keys[0];
	h.keys[1].name = h.plan.purpose;
	refused("no proper name");
	h.keys[1].input = H_PLACE;
	h.keys[1].banded = 0;
	refused("groups twice by the same column: band");
}

static void test_plan_names_that_are_none_or_twice_are_refused(void **state)
{
	static char bad[] = "a b", long_name[80];

	(void)state;
	h.plan.output = bad;
	refused("is not a name");
	h.stats[0].name = bad;
	refused("no proper name");
	memset(long_name, 'a', 65);
	h.calcs[0].name = long_name;
	refused("no proper name");
	h.stats[2].name = h.keys[0].name;
	refused("two columns are named where");
	h.calcs[0].name = h.stats[0].name;
	refused("two columns are named n");
	h.order[0].column = 6;
	refused("orders by a column it does not have");
}

static void test_plan_words_that_act_on_a_reader_are_refused(void **state)
{
	static char bad[][16] = { "a\nb", "\x1b[2J", "\xe2\x80\xaex", "\xff" };
	char **at[] = { &h.plan.purpose, &h.keys[0].description, &h.stats[1].description, &h.calcs[0].description };

	(void)state;
	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++)
		for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
			*at[i] = bad[k];
			refused("characters that are not shown");
		}
}

static void test_plan_expressions_of_the_wrong_type_are_refused(void **state)
{
	(void)state;
	h.plan.nstats = h.plan.ncalcs = h.plan.norder = 0;
	refused("has no statistic");
	h.plan.where = h.sum.expr;
	refused("where needs a condition");
	h.stats[1].arg = h.share.expr;
	refused("needs a number: total");
	h.stats[2].arg = h.sum.expr;
	refused("needs a condition: part");
	h.stats[0].arg = h.sum.expr;
	refused("missing or too many for n");
	h.stats[1].arg.nops = 0;
	refused("missing or too many for total");
	h.where.ops[0].type = SL_TYPE_INTEGER;
	refused("another type");
	h.calc.ops[0].arg = 3;
	refused("no input 3");
	h.calc.ops[0].scale = 3; /* the sum as published has two decimals */
	refused("another type");
}

/* The first source folded: raws place, price, day; folds count(), sum(price), min(day), any(place is missing). */
static struct sl_raw raws[3];
static struct sl_fold folds[4];
static struct build fold_sum, fold_min, fold_any, having, first_where;

static void fold_first_source(void)
{
	memset(&fold_sum, 0, sizeof fold_sum);
	memset(&fold_min, 0, sizeof fold_min);
	memset(&fold_any, 0, sizeof fold_any);
	memset(&having, 0, sizeof having);
	memset(&first_where, 0, sizeof first_where);
	raws[0].column = H_PLACE;
	raws[1].column = H_PRICE;
	raws[2].column = H_DAY;
	build_column(&fold_sum, SL_TYPE_REAL, 2, 1);
	build_column(&fold_min, SL_TYPE_DATE, 0, 2);
	build_column(&fold_any, SL_TYPE_TEXT, 0, 0);
	build_op(&fold_any, SL_OP_IS_NULL, SL_TYPE_BOOLEAN, 0, 0);
	first_where = fold_any;
	first_where.expr.ops = first_where.ops;
	build_column(&having, SL_TYPE_BOOLEAN, 0, 3);
	folds[0] = (struct sl_fold){ .fn = SL_FOLD_COUNT };
	folds[1] = (struct sl_fold){ .fn = SL_FOLD_SUM, .arg = fold_sum.expr };
	folds[2] = (struct sl_fold){ .fn = SL_FOLD_MIN, .arg = fold_min.expr };
	folds[3] = (struct sl_fold){ .fn = SL_FOLD_ANY, .arg = fold_any.expr };
	h.sources[0].raws = raws;
	h.sources[0].nraws = 3;
	h.sources[0].folds = folds;
	h.sources[0].nfolds = 4;
	h.sources[0].where = first_where.expr;
	h.sources[0].having = having.expr;
	/* what the plan reads of it: the sum in the statistic, the condition in the share; no key */
	h.inputs[H_PRICE].column = 1;
	h.inputs[H_SEX].column = 3;
	for (int i = 0; i < H_COLUMNS; i++)
		if (i != H_PRICE && i != H_SEX)
			h.inputs[i].column = 0;
	h.keys[0] = h.keys[1];
	h.plan.nkeys = 1;
	h.plan.norder = 0;
}

static void test_plan_with_folds_passes_and_gives_their_types(void **state)
{
	struct sl_input_type types[SL_INPUTS_MAX];

	(void)state;
	fold_first_source();
	if (sl_plan_check(&h.plan, &h.view, &h.err) != SL_OK)
		fail_msg("%s", h.err.text);
	assert_int_equal(sl_plan_inputs(&h.plan, &h.view, types, &h.err), SL_OK);
	assert_int_equal(types[H_PRICE].type, SL_TYPE_REAL);
	assert_int_equal(types[H_PRICE].scale, 2);
	assert_int_equal(types[H_SEX].type, SL_TYPE_BOOLEAN);
	assert_int_equal(types[H_AGE].type, SL_TYPE_INTEGER);
	assert_int_equal(sl_fold_type(SL_FOLD_MEAN, types[H_PRICE]).scale, 4);
	assert_int_equal(sl_fold_type(SL_FOLD_MEAN, (struct sl_input_type){ .type = SL_TYPE_REAL, .scale = 9 }).scale, 9);
	assert_int_equal(sl_fold_type(SL_FOLD_MIN, (struct sl_input_type){ .type = SL_TYPE_DATE }).type, SL_TYPE_DATE);
	assert_true(sl_source_one_row(&h.sources[0], &h.view));
	h.sources[0].nfolds = 0;
	assert_false(sl_source_one_row(&h.sources[0], &h.view));
}

static void test_plan_folds_that_are_wrong_are_refused(void **state)
{
	(void)state;
	fold_first_source();
	raws[2].column = H_COLUMNS;
	refused("no such column");
	fold_first_source();
	raws[2].column = H_PRICE;
	refused("reads a column twice: price");
	fold_first_source();
	folds[0].arg = fold_sum.expr;
	refused("per_unit: argument missing or too many");
	fold_first_source();
	folds[1].arg.nops = 0;
	refused("per_unit: argument missing or too many");
	fold_first_source();
	folds[3].arg = fold_sum.expr;
	refused("per_unit needs a condition");
	fold_first_source();
	folds[1].arg = fold_min.expr; /* dates have no sum */
	refused("per_unit needs a number");
	fold_first_source();
	folds[2].arg = fold_any.expr; /* nor conditions a least */
	refused("per_unit needs a number");
	fold_first_source();
	folds[2].arg.nops = 1;
	folds[2].arg.ops = fold_any.ops; /* nor texts */
	refused("per_unit needs a number");
	fold_first_source();
	fold_sum.ops[0].arg = 3; /* beyond the raws */
	refused("no input 3");
	fold_first_source();
	fold_sum.ops[0].scale = 1;
	refused("another type");
}

static void test_plan_conditions_of_a_source_that_are_wrong_are_refused(void **state)
{
	(void)state;
	fold_first_source();
	h.sources[0].where = fold_sum.expr;
	refused("where needs a condition");
	fold_first_source();
	first_where.ops[0].arg = 3;
	refused("no input 3");
	fold_first_source();
	h.sources[0].having = fold_sum.expr; /* over the folds it is the sum */
	refused("where needs a condition");
	fold_first_source();
	having.ops[0].arg = 4; /* beyond the folds */
	refused("no input 4");
	h.sources[1].having = h.share.expr; /* without folds */
	refused("filters units of a table it did not fold per unit: s.people");
}

static void test_plan_uses_of_folds_that_are_wrong_are_refused(void **state)
{
	(void)state;
	fold_first_source();
	h.inputs[H_PRICE].column = 4;
	refused("no such column");
	fold_first_source();
	h.keys[0].input = H_PRICE;
	refused("groups by what per_unit made: band");
	fold_first_source();
	h.keys[0].banded = 0;
	h.keys[0].input = H_SEX; /* although true and false are a domain */
	refused("groups by what per_unit made: band");
}

static void test_plan_group_that_a_left_join_may_leave_without_is_refused(void **state)
{
	(void)state;
	h.sources[1].join = SL_JOIN_LEFT;
	h.columns[1][H_AGE].nullable = 1;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
	h.columns[1][H_AGE].nullable = 0;
	refused("never missing, of a table joined from the left: band");
}

static void test_plan_kinds_of_join_that_are_wrong_are_refused(void **state)
{
	static struct sl_source three[3];

	(void)state;
	h.sources[1].join = SL_JOIN_LEFT;
	h.columns[1][H_AGE].nullable = 1;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
	assert_true(sl_plan_is_filtered(&h.plan)); /* by its where */
	h.plan.where.nops = 0;
	assert_false(sl_plan_is_filtered(&h.plan));
	h.tables[1].one_row_per_unit = 0;
	refused("from the left a table with several rows per unit: s.people");
	h.sources[1].join = SL_JOIN_LEFT;
	h.sources[1].table = 0;
	refused("joins a table with itself: s.visits");
	h.sources[0].join = SL_JOIN_SEMI;
	refused("looks for units in");
	h.plan.nsources = 1;
	h.plan.ninputs = H_COLUMNS;
	h.sources[0].join = SL_JOIN_LEFT;
	refused("begins with a table it joins to nothing: s.visits");
	h.sources[1].join = SL_JOIN_SEMI;
	refused("looks for units in");
	h.sources[1].join = SL_JOIN_ANTI;
	refused("looks for units in");
	/* the same table again, with several rows per unit: for its units only */
	for (int kind = SL_JOIN_INNER; kind < SL_JOIN_COUNT_; kind++) {
		three[0] = h.sources[0];
		three[1] = h.sources[1];
		three[2] = (struct sl_source){ .join = (uint8_t)kind };
		h.plan.sources = three;
		h.plan.nsources = 3;
		if (kind == SL_JOIN_SEMI || kind == SL_JOIN_ANTI) {
			h.plan.where.nops = 0;
			assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
			assert_true(sl_plan_is_filtered(&h.plan));
			house_init(&h);
		} else {
			refused("joins a table with itself: s.visits");
		}
	}
	h.plan.ninputs = 0;
	h.sources[1].join = SL_JOIN_SEMI;
	h.tables[1].space = h.tables[2].space;
	refused("without privacy units: s.people");
}

/* The second statistic becomes a number of a model, its x the first n of ops. */
static struct sl_stat *model(int fn, uint16_t p, struct sl_op *ops, uint32_t n)
{
	struct sl_stat *s = &h.stats[1];

	h.plan.ncalcs = h.plan.norder = 0; /* they are about a sum */
	s->fn = (uint8_t)fn;
	s->p = p;
	s->arg2 = (struct sl_expr){.ops = ops, .nops = n};
	return s;
}

static void test_plan_models_are_judged_x_by_x(void **state)
{
	const struct sl_op plain = h.sum.expr.ops[0], condition = {.op = SL_OP_CONST, .type = SL_TYPE_BOOLEAN, .value = 1};
	struct sl_op ops[SL_REGRESSORS_MAX + 2], other[2] = {{.op = SL_OP_ADD, .type = SL_TYPE_INTEGER}, plain};

	(void)state;
	for (uint32_t i = 0; i < SL_REGRESSORS_MAX + 2; i++)
		ops[i] = i == 1 ? condition : plain;
	for (int fn = SL_STAT_COEF; fn <= SL_STAT_R2; fn++) {
		(void)model(fn, 0, ops, 0);
		refused("missing or too many for total");
		(void)model(fn, fn == SL_STAT_R2 ? 0 : SL_REGRESSORS_MAX, ops, SL_REGRESSORS_MAX);
		assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
		(void)model(fn, fn == SL_STAT_R2 ? 1 : SL_REGRESSORS_MAX + 1, ops, SL_REGRESSORS_MAX);
		refused("the coefficient of an x it does not have: total");
		(void)model(fn, 0, ops, SL_REGRESSORS_MAX + 1);
		refused("has no x, or too many: total");
		(void)model(fn, 0, other, 2); /* adds to nothing */
		refused("has no x, or too many: total");
		other[0] = (struct sl_op){.op = SL_OP_CONST, .type = SL_TYPE_DATE};
		(void)model(fn, 0, other, 2);
		refused("needs numbers or conditions: total");
		other[0] = (struct sl_op){.op = SL_OP_ADD, .type = SL_TYPE_INTEGER};
		model(fn, 0, ops, 2)->arg = h.share.expr;
		refused("needs a number: total");
	}
}

static void test_plan_a_model_is_one_for_all_its_numbers_and_watched_for_what_may_be_missing(void **state)
{
	const struct sl_op plain = h.sum.expr.ops[0];
	struct sl_op ops[5] = {plain, plain, plain, {.op = SL_OP_LT, .type = SL_TYPE_BOOLEAN}, plain};
	struct sl_stat *s = model(SL_STAT_COEF, 1, ops, 5), r2 = *s, less = *s;

	(void)state;
	r2.fn = SL_STAT_R2;
	less.arg2.nops = 4;
	assert_true(sl_stat_same_model(s, &r2));
	assert_false(sl_stat_same_model(s, &less));
	r2.fn = SL_STAT_SUM;
	assert_false(sl_stat_same_model(s, &r2));
	assert_false(sl_plan_watches(s)); /* x, x < x, x */
	ops[2].op = SL_OP_CONST;
	assert_false(sl_plan_watches(s));
	ops[2].op = SL_OP_COLUMN;
	ops[2].arg = (uint16_t)(plain.arg + 1);
	assert_true(sl_plan_watches(s)); /* of two columns */
	ops[2].arg = plain.arg;
	ops[3].op = SL_OP_DIV;
	assert_true(sl_plan_watches(s));
}

static void test_plan_statistics_of_two_numbers_and_parts_are_judged(void **state)
{
	(void)state;
	h.stats[1].fn = SL_STAT_CORR;
	refused("missing or too many for total");
	h.stats[1].arg2 = h.sum.expr;
	refused("missing or too many for total");
	h.stats[1].fn = SL_STAT_SLOPE;
	h.stats[1].arg2 = h.share.expr;
	refused("needs a number: total");
	h.stats[1].fn = SL_STAT_INTERCEPT;
	h.stats[1].arg2 = h.calc.expr; /* its inputs are those of another expression */
	refused("another type");
	h.stats[1].fn = SL_STAT_QUANTILE;
	refused("p is of a quantile");
	h.stats[1].p = 5000;
	refused("p is of a quantile");
	h.stats[1].fn = SL_STAT_QUANTILE;
	h.stats[1].p = 5000;
	h.stats[1].arg = h.share.expr;
	refused("needs a number: total");
	h.stats[1].fn = SL_STAT_SD;
	h.stats[1].arg = h.share.expr;
	refused("needs a number: total");
	h.stats[1].fn = SL_STAT_QUANTILE;
	h.stats[1].p = SL_QUANTILE_ONE - 1;
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_OK);
}

static void test_plan_wire_refuses_kinds_and_parts_that_are_none(void **state)
{
	struct sl_buf wire = { .max = SL_PLAN_WIRE_MAX };
	struct sl_plan back;

	(void)state;
	h.sources[1].join = SL_JOIN_COUNT_;
	assert_int_not_equal(sl_codec_encode(&sl_plan_record, &h.plan, &wire, &h.err), SL_OK);
	house_init(&h);
	h.stats[1].p = SL_QUANTILE_ONE;
	assert_int_not_equal(sl_codec_encode(&sl_plan_record, &h.plan, &wire, &h.err), SL_OK);
	house_init(&h);
	fold_first_source();
	folds[0].fn = SL_FOLD_COUNT_;
	assert_int_not_equal(sl_codec_encode(&sl_plan_record, &h.plan, &wire, &h.err), SL_OK);
	sl_buf_free(&wire);
	house_init(&h);
	fold_first_source();
	wire = (struct sl_buf){ .max = SL_PLAN_WIRE_MAX };
	sl_err_clear(&h.err);
	assert_int_equal(sl_codec_encode(&sl_plan_record, &h.plan, &wire, &h.err), SL_OK);
	assert_int_equal(sl_codec_decode(&sl_plan_record, wire.data, wire.len, &back, &h.err), SL_OK);
	assert_int_equal(back.sources[0].nfolds, 4);
	assert_int_equal(back.sources[0].folds[3].arg.nops, 2);
	sl_codec_free(&sl_plan_record, &back);
	sl_buf_free(&wire);
}

static void test_plan_refusal_tells_the_line_of_the_script(void **state)
{
	(void)state;
	h.plan.output[0] = '1';
	enum sl_rc rc = sl_plan_check(&h.plan, &h.view, &h.err);
	h.plan.output[0] = 't';
	assert_int_equal(rc, SL_E_INPUT);
	assert_int_equal(h.err.line, 12);
	assert_non_null(strstr(h.err.text, "able1"));
	sl_err_clear(&h.err);
	h.where.ops[0].type = SL_TYPE_INTEGER; /* also when it is an expression that is wrong */
	assert_int_equal(sl_plan_check(&h.plan, &h.view, &h.err), SL_E_INPUT);
	assert_int_equal(h.err.line, 12);
}

static void test_plan_cells_are_the_cross_of_the_groups(void **state)
{
	(void)state;
	assert_int_equal(sl_plan_cells(&h.plan, &h.view), H_CELLS);
	for (uint64_t cell = 0; cell < H_CELLS; cell++) {
		assert_int_equal(sl_plan_cell_group(&h.plan, &h.view, cell, 0), cell / 3);
		assert_int_equal(sl_plan_cell_group(&h.plan, &h.view, cell, 1), cell % 3);
	}
	assert_ptr_equal(sl_plan_key_column(&h.plan, &h.view, 1), &h.columns[1][H_AGE]);
	h.plan.nkeys = 0;
	assert_int_equal(sl_plan_cells(&h.plan, &h.view), 1);
}

static void test_plan_cells_beyond_64_bits_are_said_to_be_the_most(void **state)
{
	static struct sl_key keys[SL_KEYS_MAX];

	(void)state;
	h.columns[0][H_PLACE].nlabels = SL_LABELS_MAX;
	for (int k = 0; k < SL_KEYS_MAX; k++)
		keys[k] = h.keys[0];
	h.plan.keys = keys;
	h.plan.nkeys = SL_KEYS_MAX;
	assert_true(sl_plan_cells(&h.plan, &h.view) == UINT64_MAX);
	h.plan.nkeys = 4;
	assert_true(sl_plan_cells(&h.plan, &h.view) == UINT64_C(20002) * 20002 * 20002 * 20002);
}

static void test_stat_published_types_are_the_documented_ones(void **state)
{
	const struct sl_input_type real8 = { .type = SL_TYPE_REAL, .scale = 8 }, whole = { .type = SL_TYPE_INTEGER };

	(void)state;
	assert_int_equal(sl_stat_type(SL_STAT_UNITS, whole).type, SL_TYPE_INTEGER);
	assert_int_equal(sl_stat_type(SL_STAT_COUNT_IF, whole).scale, 0);
	assert_int_equal(sl_stat_type(SL_STAT_SUM, real8).scale, 8);
	assert_int_equal(sl_stat_type(SL_STAT_SUM, whole).type, SL_TYPE_INTEGER);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, whole).scale, 2);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, whole).type, SL_TYPE_REAL);
	assert_int_equal(sl_stat_type(SL_STAT_MEAN, real8).scale, 9);
	assert_int_equal(sl_stat_type(SL_STAT_SHARE, whole).scale, 4);
	assert_int_equal(sl_stat_type(SL_STAT_MAX, real8).scale, 8);
	assert_int_equal(sl_stat_type(SL_STAT_QUANTILE, real8).scale, 8);
	assert_int_equal(sl_stat_type(SL_STAT_QUANTILE, whole).type, SL_TYPE_INTEGER);
	assert_int_equal(sl_stat_type(SL_STAT_VAR, whole).scale, 2);
	assert_int_equal(sl_stat_type(SL_STAT_VAR, (struct sl_input_type){ .type = SL_TYPE_REAL, .scale = 2 }).scale, 6);
	assert_int_equal(sl_stat_type(SL_STAT_VAR, real8).scale, 9);
	assert_int_equal(sl_stat_type(SL_STAT_SD, whole).scale, 2);
	assert_int_equal(sl_stat_type(SL_STAT_CORR, real8).scale, 4);
	assert_int_equal(sl_stat_type(SL_STAT_SLOPE, whole).scale, 6);
	assert_int_equal(sl_stat_type(SL_STAT_INTERCEPT, whole).scale, 2);
	assert_int_equal(sl_stat_type(SL_STAT_INTERCEPT, whole).type, SL_TYPE_REAL);
	assert_string_equal(sl_stat_fn_name(SL_STAT_COUNT_IF), "count_if");
	assert_string_equal(sl_stat_fn_name((enum sl_stat_fn)99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_plan_that_is_right_passes, fresh),
		cmocka_unit_test_setup(test_plan_sources_that_cannot_be_joined_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_inputs_outside_the_view_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_keys_without_groups_or_twice_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_names_that_are_none_or_twice_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_words_that_act_on_a_reader_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_expressions_of_the_wrong_type_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_with_folds_passes_and_gives_their_types, fresh),
		cmocka_unit_test_setup(test_plan_folds_that_are_wrong_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_conditions_of_a_source_that_are_wrong_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_uses_of_folds_that_are_wrong_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_group_that_a_left_join_may_leave_without_is_refused, fresh),
		cmocka_unit_test_setup(test_plan_kinds_of_join_that_are_wrong_are_refused, fresh),
		cmocka_unit_test_setup(test_plan_statistics_of_two_numbers_and_parts_are_judged, fresh),
		cmocka_unit_test_setup(test_plan_models_are_judged_x_by_x, fresh),
		cmocka_unit_test_setup(test_plan_a_model_is_one_for_all_its_numbers_and_watched_for_what_may_be_missing, fresh),
		cmocka_unit_test_setup(test_plan_wire_refuses_kinds_and_parts_that_are_none, fresh),
		cmocka_unit_test_setup(test_plan_refusal_tells_the_line_of_the_script, fresh),
		cmocka_unit_test_setup(test_plan_cells_are_the_cross_of_the_groups, fresh),
		cmocka_unit_test_setup(test_plan_cells_beyond_64_bits_are_said_to_be_the_most, fresh),
		cmocka_unit_test_setup(test_stat_published_types_are_the_documented_ones, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
