/* test_plan_grant.c - plans held against a grant: uses, cells, memory, shape. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/pact/cost.h"
#include "policy/plan_grant.h"

/* Of a view whose first table has ward with `ward` uses, and the wards rent and city. */
static enum sl_rc judge(uint8_t ward, uint8_t rent, uint8_t city, enum sl_stat_fn fn, bool grouped, struct sl_err *err)
{
	static char empty[] = "", names[5][8] = { "s.v", "s.wards", "ward", "rent", "city" }, space[] = "person";
	static char label[] = "E", out[] = "o", key[] = "k", n[] = "n";
	struct sl_label labels[2] = { { label }, { label } };
	struct sl_column base = { .name = names[2], .title = empty, .type = SL_TYPE_TEXT, .has_domain = 1, .labels = labels,
		.nlabels = 2, .uses = ward, .reference = 2, .lo = INT64_MIN, .hi = INT64_MAX };
	struct sl_column attrs[2] = { base, base };
	struct sl_reference_cell cells[4] = { { 1, 0 }, { 1, 0 }, { 2, 0 }, { 0, 0 } };
	struct sl_table tables[2] = {
		{ .name = names[0], .space = space, .unit_column = empty, .columns = &base, .ncolumns = 1 },
		{ .name = names[1], .space = empty, .unit_column = empty, .columns = attrs, .ncolumns = 2, .cells = cells,
		  .ncells = 4 },
	};
	struct sl_view view = { tables, 2 };
	struct sl_source source = { 0 };
	struct sl_input inputs[2] = { { .lookup = 1 }, { .lookup = 2 } };
	struct sl_op op = { .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER };
	struct sl_key keys[1] = { { .name = key, .input = 1, .description = empty } };
	struct sl_stat stat = { .name = n, .fn = (uint8_t)fn, .description = empty };
	struct sl_plan plan = { .output = out, .sources = &source, .nsources = 1, .inputs = inputs, .ninputs = 2,
		.keys = keys, .nkeys = grouped, .stats = &stat, .nstats = 1, .purpose = empty };
	const struct sl_limits limits = { .cells_max = 100, .nodes_max = 100, .plans_max = 1, .threads = 1,
		.engine_memory_bytes = UINT64_C(1) << 30 };

	attrs[0] = (struct sl_column){ .name = names[3], .title = empty, .type = SL_TYPE_INTEGER, .uses = rent, .nullable = 1,
		.lo = INT64_MIN, .hi = INT64_MAX };
	attrs[1].name = names[4];
	attrs[1].reference = 0;
	attrs[1].uses = city;
	attrs[1].nullable = 1;
	if (fn == SL_STAT_SUM)
		stat.arg = (struct sl_expr){ .ops = &op, .nops = 1 };
	sl_err_clear(err);
	assert_int_equal(sl_view_check(&view, err), SL_OK);
	return sl_plan_grant_check(&plan, &view, &limits, NULL, err);
}

static void judged(enum sl_rc rc, const struct sl_err *err, const char *words)
{
	assert_int_equal(rc, SL_E_DENIED);
	if (strstr(err->text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, err->text);
}

static void test_plan_attribute_needs_its_use_and_its_keys(void **state)
{
	const uint8_t g = SL_USE_GROUP, f = SL_USE_FILTER, m = SL_USE_MEASURE;
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(judge(g, 0, g, SL_STAT_COUNT, true, &err), SL_OK);
	judged(judge(g, m, f, SL_STAT_COUNT, true, &err), &err, "needs \"group\" on column \"city\" of \"s.wards\"");
	judged(judge(f, m, g, SL_STAT_COUNT, true, &err), &err, "needs \"group\" on column \"ward\" of \"s.v\"");
	assert_int_equal(judge(f, m, 0, SL_STAT_SUM, false, &err), SL_OK);
	judged(judge(f, g, 0, SL_STAT_SUM, false, &err), &err, "needs \"measure\" on column \"rent\" of \"s.wards\"");
	judged(judge(g, m, 0, SL_STAT_SUM, false, &err), &err, "needs \"filter\" on column \"ward\" of \"s.v\"");
}

/* Plans over one table: inputs 0 group only, 1 filter only, 2 measure only, 3 all. */

static char name_t[] = "d.t", name_s[] = "person", name_u[] = "id", none[] = "", out[] = "out", key[] = "k",
	    stat[] = "s";
static char c0[] = "g", c1[] = "f", c2[] = "m", c3[] = "all", x[] = "x", y[] = "y";
static struct sl_label labels[] = { { x }, { y } };
static struct sl_column columns[] = {
	{ .name = c0,
	  .title = none,
	  .type = SL_TYPE_TEXT,
	  .uses = SL_USE_GROUP,
	  .has_domain = 1,
	  .labels = labels,
	  .nlabels = 2,
	  .lo = INT64_MIN,
	  .hi = INT64_MAX },
	{ .name = c1, .title = none, .type = SL_TYPE_BOOLEAN, .uses = SL_USE_FILTER, .lo = INT64_MIN, .hi = INT64_MAX },
	{ .name = c2,
	  .title = none,
	  .type = SL_TYPE_INTEGER,
	  .uses = SL_USE_MEASURE,
	  .lo = INT64_MIN,
	  .hi = INT64_MAX },
	{ .name = c3,
	  .title = none,
	  .type = SL_TYPE_BOOLEAN,
	  .uses = SL_USE_GROUP | SL_USE_FILTER,
	  .lo = INT64_MIN,
	  .hi = INT64_MAX },
};
static struct sl_table table = { .name = name_t,
	                         .space = name_s,
	                         .unit_column = name_u,
	                         .class_ = SL_CLASS_OPEN,
	                         .columns = columns,
	                         .ncolumns = 4 };
static const struct sl_view view = { &table, 1 };
static const struct sl_limits limits = { .cells_max = 2, .nodes_max = 24, .plans_max = 2, .threads = 2,
	                                     .engine_memory_bytes = UINT64_C(1) << 30 };

struct draft {
	struct sl_source source;
	struct sl_input inputs[4];
	struct sl_op where, arg[3];
	struct sl_key key;
	struct sl_stat stat;
	struct sl_plan plan;
};

/* where on column w, key on column k, fn with column a; -1: none. */
static void draft(struct draft *d, int w, int k, enum sl_stat_fn fn, int a)
{
	memset(d, 0, sizeof *d);
	for (uint16_t i = 0; i < 4; i++)
		d->inputs[i].column = i;
	d->where = (struct sl_op){ .op = SL_OP_COLUMN,
		                   .type = columns[w < 0 ? 0 : w].type,
		                   .arg = (uint16_t)(w < 0 ? 0 : w) };
	d->arg[0] = (struct sl_op){ .op = SL_OP_COLUMN,
		                    .type = columns[a < 0 ? 0 : a].type,
		                    .arg = (uint16_t)(a < 0 ? 0 : a) };
	d->key = (struct sl_key){ .name = key, .input = (uint16_t)(k < 0 ? 0 : k), .description = none };
	d->stat = (struct sl_stat){
		.name = stat, .fn = (uint8_t)fn, .arg = { .ops = d->arg, .nops = a >= 0 }, .description = none
	};
	d->plan = (struct sl_plan){
		.output = out,
		.sources = &d->source,
		.nsources = 1,
		.inputs = d->inputs,
		.ninputs = 4,
		.where = { .ops = &d->where, .nops = w >= 0 },
		.keys = &d->key,
		.nkeys = k >= 0,
		.stats = &d->stat,
		.nstats = 1,
		.line = 12,
		.purpose = none,
	};
}

static const struct {
	int where, key;
	enum sl_stat_fn fn;
	int arg;
	const char *rule; /* NULL: allowed */
} uses[] = {
	{ 1, 0, SL_STAT_SUM, 2, NULL },
	{ 3, 3, SL_STAT_COUNT_IF, 1, NULL },
	{ -1, -1, SL_STAT_UNITS, -1, NULL },
	{ 1, 1, SL_STAT_UNITS, -1, SL_PLAN_USE_GROUP },
	{ -1, -1, SL_STAT_SHARE, 3, NULL },
	{ -1, -1, SL_STAT_MAX, 2, SL_PLAN_EXTREMES },
	{ -1, -1, SL_STAT_MIN, 2, SL_PLAN_EXTREMES },
};

static void test_plan_uses_are_held_against_the_grant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
		struct draft d;
		struct sl_err err = { 0 };
		draft(&d, uses[i].where, uses[i].key, uses[i].fn, uses[i].arg);
		enum sl_rc rc = sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err);
		if (rc != (uses[i].rule == NULL ? SL_OK : SL_E_DENIED))
			fail_msg("case %zu: %s", i, err.text);
		assert_string_equal(err.rule, uses[i].rule == NULL ? "" : uses[i].rule);
		if (uses[i].rule != NULL) {
			assert_int_equal(err.line, 12);
			assert_true(err.remedy[0] != '\0');
		}
	}
}

static void test_plan_uses_reach_through_expressions(void **state)
{
	struct draft d;
	struct sl_err err = { 0 };

	(void)state;
	/* sum(m + m) with m a measure is fine; the same column in a condition is not. */
	draft(&d, -1, -1, SL_STAT_SUM, 2);
	d.arg[1] = d.arg[0];
	d.arg[2] = (struct sl_op){ .op = SL_OP_ADD, .type = SL_TYPE_INTEGER };
	d.stat.arg.nops = 3;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_OK);
	d.stat.fn = SL_STAT_COUNT_IF;
	d.arg[2] = (struct sl_op){ .op = SL_OP_EQ, .type = SL_TYPE_BOOLEAN };
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_USE_FILTER);
	/* The same in where. */
	err = (struct sl_err){ 0 };
	d.stat.fn = SL_STAT_UNITS;
	d.stat.arg.nops = 0;
	d.plan.where = (struct sl_expr){ .ops = d.arg, .nops = 3 };
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_USE_FILTER);
	/* A sum over a column that is no measure. */
	err = (struct sl_err){ 0 };
	columns[2].uses = SL_USE_FILTER;
	draft(&d, -1, -1, SL_STAT_MEAN, 2);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_USE_MEASURE);
	assert_string_equal(err.remedy,
	                    "ask an officer to grant \"measure\" on \"m\" of \"d.t\", if its catalogue offers that");
	columns[2].uses = SL_USE_MEASURE;
}

/* A fold of column `raw`, put to use by a statistic, by where after it (having), or by where before it. */
static const struct {
	enum sl_fold_fn fold;
	uint16_t raw;
	enum sl_stat_fn fn; /* of the fold; UNITS: nothing reads it */
	bool having, where; /* where: on the raw column */
	const char *rule;
} folds[] = {
	{ SL_FOLD_SUM, 2, SL_STAT_MEAN, false, false, NULL },
	{ SL_FOLD_COUNT_IF, 1, SL_STAT_SUM, false, false, NULL },
	{ SL_FOLD_ANY, 1, SL_STAT_SHARE, false, false, NULL },
	{ SL_FOLD_COUNT, 1, SL_STAT_VAR, true, false, NULL },
	{ SL_FOLD_ANY, 1, SL_STAT_UNITS, true, true, NULL },
	{ SL_FOLD_ANY, 0, SL_STAT_UNITS, false, false, NULL },
	{ SL_FOLD_MAX, 2, SL_STAT_UNITS, true, false, SL_PLAN_USE_FILTER },
	{ SL_FOLD_COUNT_IF, 4, SL_STAT_SUM, false, false, SL_PLAN_USE_FILTER },
	{ SL_FOLD_ALL, 4, SL_STAT_COUNT_IF, false, false, SL_PLAN_USE_FILTER },
	{ SL_FOLD_SUM, 2, SL_STAT_UNITS, false, true, SL_PLAN_USE_FILTER },
	{ SL_FOLD_MIN, 3, SL_STAT_QUANTILE, false, false, SL_PLAN_USE_MEASURE },
	{ SL_FOLD_MEAN, 3, SL_STAT_SD, false, false, SL_PLAN_USE_MEASURE },
};

/* An expression of up to three operations that begins with column `arg` and is a condition or a number, as asked. */
static struct sl_expr over(struct sl_op ops[static 3], uint16_t arg, uint8_t type, int8_t scale, bool condition)
{
	ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = type, .scale = scale, .arg = arg };
	ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 1 };
	ops[2] = (struct sl_op){ .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN };
	if (type == SL_TYPE_TEXT) {
		ops[1] = (struct sl_op){ .op = SL_OP_IS_NULL, .type = SL_TYPE_BOOLEAN };
		return (struct sl_expr){ .ops = ops, .nops = 2 };
	}
	return (struct sl_expr){ .ops = ops, .nops = condition && type != SL_TYPE_BOOLEAN ? 3 : 1 };
}

static void test_plan_uses_reach_through_folds(void **state)
{
	(void)state;
	columns[3].type = SL_TYPE_INTEGER; /* all but measure */
	for (size_t i = 0; i < sizeof folds / sizeof folds[0]; i++) {
		struct draft d;
		struct sl_err err = { 0 };
		struct sl_op fold_ops[3], having_ops[3], where_ops[3], stat_ops[3];
		/* 4 stands for the measure as a condition */
		struct sl_raw raw = { .column = folds[i].raw == 4 ? 2 : folds[i].raw };
		const struct sl_column *c = &columns[raw.column];
		bool condition = folds[i].fold == SL_FOLD_COUNT_IF || folds[i].fold == SL_FOLD_ANY ||
		                 folds[i].fold == SL_FOLD_ALL;
		struct sl_fold fold = { .fn = (uint8_t)folds[i].fold };
		draft(&d, -1, -1, folds[i].fn, -1);
		if (folds[i].fold != SL_FOLD_COUNT)
			fold.arg = over(fold_ops, 0, c->type, c->scale, condition);
		d.source = (struct sl_source){ .raws = &raw, .nraws = 1, .folds = &fold, .nfolds = 1 };
		struct sl_input_type t = sl_fold_type(folds[i].fold, (struct sl_input_type){ .type = SL_TYPE_INTEGER });
		if (folds[i].having)
			d.source.having = over(having_ops, 0, t.type, t.scale, true);
		if (folds[i].where)
			d.source.where = over(where_ops, 0, c->type, c->scale, true);
		d.plan.ninputs = 1;
		if (folds[i].fn != SL_STAT_UNITS)
			d.stat.arg = over(stat_ops, 0, t.type, t.scale, folds[i].fn == SL_STAT_COUNT_IF || folds[i].fn == SL_STAT_SHARE);
		d.stat.p = folds[i].fn == SL_STAT_QUANTILE ? 5000 : 0;
		enum sl_rc rc = sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err);
		if (rc != (folds[i].rule == NULL ? SL_OK : SL_E_DENIED))
			fail_msg("case %zu: %s", i, err.text);
		assert_string_equal(err.rule, folds[i].rule == NULL ? "" : folds[i].rule);
	}
	columns[3].type = SL_TYPE_BOOLEAN;
}

static void test_plan_second_argument_needs_measure_too(void **state)
{
	struct draft d;
	struct sl_err err = { 0 };
	struct sl_op second[3];

	(void)state;
	columns[3].type = SL_TYPE_INTEGER;
	draft(&d, -1, -1, SL_STAT_CORR, 2);
	d.stat.arg2 = over(second, 2, SL_TYPE_INTEGER, 0, false);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_OK);
	d.stat.arg2 = over(second, 3, SL_TYPE_INTEGER, 0, false);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_USE_MEASURE);
	columns[3].type = SL_TYPE_BOOLEAN;
}

/* Column 1 may be filtered by, column 2 measured: each x by what it is. */
static void test_plan_conditions_of_a_model_need_filter(void **state)
{
	struct draft d;
	struct sl_err err = { 0 };
	struct sl_op list[6], *second = list + 1;

	(void)state;
	draft(&d, -1, -1, SL_STAT_COEF, 2);
	(void)over(list, 1, SL_TYPE_BOOLEAN, 0, true);
	(void)over(second, 2, SL_TYPE_INTEGER, 0, false);
	d.stat.arg2 = (struct sl_expr){ .ops = list, .nops = 2 };
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_OK);
	(void)over(second, 2, SL_TYPE_INTEGER, 0, true);
	d.stat.arg2.nops = 4;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_USE_FILTER);
}

static void test_plan_that_would_not_fit_is_refused_with_its_bytes(void **state)
{
	struct draft d;
	struct sl_limits tight = limits;
	struct sl_err err = { 0 };
	char needs[64];

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	tight.engine_memory_bytes = sl_plan_engine_bytes(&d.plan, &view, 2, false);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, &err), SL_OK);
	(void)snprintf(needs, sizeof needs, "needs %llu bytes of memory", (unsigned long long)tight.engine_memory_bytes);
	tight.engine_memory_bytes--;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_MEMORY);
	assert_non_null(strstr(err.text, needs));
	assert_true(err.remedy[0] != '\0');
	/* Draws take more, which is told beforehand as well. */
	tight.draws = true;
	tight.engine_memory_bytes = sl_plan_engine_bytes(&d.plan, &view, 2, true);
	assert_true(tight.engine_memory_bytes > sl_plan_engine_bytes(&d.plan, &view, 2, false));
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, NULL), SL_OK);
	tight.engine_memory_bytes--;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, NULL), SL_E_DENIED);
}

static void test_plan_over_a_limit_is_refused(void **state)
{
	struct draft d;
	struct sl_limits tight = limits;
	struct sl_err err = { 0 };

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	tight.cells_max = 1;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_CELLS);
	assert_non_null(strstr(err.text, "has 2 cells, the limit cells_max is 1"));
	tight = limits;
	tight.nodes_max = (uint32_t)sl_plan_grant_nodes(&d.plan);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, NULL), SL_OK);
	tight.nodes_max--;
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &tight, NULL, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_NODES);
	char told[64];
	(void)snprintf(told, sizeof told, "has %u parts, the limit nodes_max is %u", tight.nodes_max + 1, tight.nodes_max);
	assert_non_null(strstr(err.text, told));
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &(struct sl_limits){ 0 }, NULL, &err), SL_E_DENIED);
}

static void test_plan_results_over_their_bytes_are_refused_with_both_numbers(void **state)
{
	struct draft d;
	struct sl_plan plans[2];
	struct sl_limits tight = limits;
	struct sl_err err = { 0 };
	char told[96];

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	plans[0] = plans[1] = d.plan;
	uint64_t one = sl_plan_result_bytes(&d.plan, &view, false);
	assert_true(one > 0);
	tight.output_bytes_max = 2 * one;
	assert_int_equal(sl_plan_grant_results(plans, 2, &view, &tight, &err), SL_OK);
	tight.output_bytes_max--;
	assert_int_equal(sl_plan_grant_results(plans, 1, &view, &tight, &err), SL_OK);
	assert_int_equal(sl_plan_grant_results(plans, 2, &view, &tight, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_BYTES);
	(void)snprintf(told, sizeof told, "take %llu bytes, the limit output_bytes_max is %llu", (unsigned long long)(2 * one),
	               (unsigned long long)tight.output_bytes_max);
	assert_non_null(strstr(err.text, told));
	assert_int_equal(sl_plan_grant_results(plans, 1, &view, &(struct sl_limits){ 0 }, NULL), SL_E_DENIED);
	/* Two cells of one statistic, each with a draw. */
	uint64_t drawn = sl_plan_result_bytes(&d.plan, &view, true);
	assert_int_equal(drawn, one + 2 * sl_codec_fixed_bytes(&sl_draw_record));
	tight.draws = true;
	tight.output_bytes_max = drawn;
	assert_int_equal(sl_plan_grant_results(plans, 1, &view, &tight, NULL), SL_OK);
	tight.output_bytes_max--;
	assert_int_equal(sl_plan_grant_results(plans, 1, &view, &tight, NULL), SL_E_DENIED);
}

static void test_plan_is_encoded_anew(void **state)
{
	struct draft d;
	struct sl_buf bytes = { 0 };
	struct sl_plan again;
	struct sl_err err = { 0 };

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, &bytes, &err), SL_OK);
	assert_int_equal(sl_codec_decode(&sl_plan_record, bytes.data, bytes.len, &again, &err), SL_OK);
	assert_string_equal(again.output, "out");
	assert_int_equal(again.where.nops, 1);
	assert_string_equal(sl_plan_grant_space(&again, &view), "person");
	sl_codec_free(&sl_plan_record, &again);
	sl_buf_free(&bytes);
}

static void test_plan_of_another_shape_is_bad_input(void **state)
{
	struct draft d;
	struct sl_buf bytes = { 0 };
	struct sl_err err = { 0 };

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	d.source.table = 1;
	assert_int_equal(sl_plan_grant_check(&d.plan, &view, &limits, &bytes, &err), SL_E_INPUT);
	assert_int_equal(bytes.len, 0);
}

static void test_plan_set_counts_and_names_outputs(void **state)
{
	struct draft d;
	struct sl_plan plans[3];
	struct sl_err err = { 0 };
	char other[] = "other", third[] = "third";

	(void)state;
	draft(&d, 1, 0, SL_STAT_SUM, 2);
	plans[0] = plans[1] = plans[2] = d.plan;
	plans[1].output = other;
	plans[2].output = third;
	assert_int_equal(sl_plan_grant_set(plans, 2, &limits, &err), SL_OK);
	assert_int_equal(sl_plan_grant_set(plans, 3, &limits, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_OUTPUTS);
	assert_non_null(strstr(err.text, "3 outputs, the limit plans_max is 2"));
	assert_int_equal(sl_plan_grant_set(plans, 0, &limits, NULL), SL_E_DENIED);
	plans[1].output = out;
	err = (struct sl_err){ 0 };
	assert_int_equal(sl_plan_grant_set(plans, 2, &limits, &err), SL_E_DENIED);
	assert_string_equal(err.rule, SL_PLAN_TWICE);
	plans[0].output = other;
	plans[1].output = third;
	memcpy(third, "OTHEr", sizeof "OTHEr");
	assert_int_equal(sl_plan_grant_set(plans, 2, &limits, &err), SL_E_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan_attribute_needs_its_use_and_its_keys),
		cmocka_unit_test(test_plan_uses_are_held_against_the_grant),
		cmocka_unit_test(test_plan_uses_reach_through_expressions),
		cmocka_unit_test(test_plan_uses_reach_through_folds),
		cmocka_unit_test(test_plan_second_argument_needs_measure_too),
		cmocka_unit_test(test_plan_conditions_of_a_model_need_filter),
		cmocka_unit_test(test_plan_that_would_not_fit_is_refused_with_its_bytes),
		cmocka_unit_test(test_plan_over_a_limit_is_refused),
		cmocka_unit_test(test_plan_results_over_their_bytes_are_refused_with_both_numbers),
		cmocka_unit_test(test_plan_is_encoded_anew),
		cmocka_unit_test(test_plan_of_another_shape_is_bad_input),
		cmocka_unit_test(test_plan_set_counts_and_names_outputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
