/* test_population.c - every way a plan leaves out units is seen by the rules about who is left out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

static struct sl_expr over(int64_t bound)
{
	struct sl_expr e = { .ops = calloc(3, sizeof *e.ops), .nops = 3 };

	assert_non_null(e.ops);
	e.ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER };
	e.ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = bound };
	e.ops[2] = (struct sl_op){ .op = SL_OP_GT, .type = SL_TYPE_BOOLEAN };
	return e;
}

static void add_raw(struct sl_source *s, enum kit_column column)
{
	s->raws = realloc(s->raws, (s->nraws + 1) * sizeof *s->raws);
	assert_non_null(s->raws);
	s->raws[s->nraws++].column = (uint16_t)column;
}

static void add_source(struct sl_plan *plan, enum sl_join_kind join)
{
	plan->sources = realloc(plan->sources, (plan->nsources + 1) * sizeof *plan->sources);
	assert_non_null(plan->sources);
	plan->sources[plan->nsources++] = (struct sl_source){ .join = (uint8_t)join };
}

/* The amount's sum per unit, or its largest. */
static void add_fold(struct sl_source *s, enum sl_fold_fn fn)
{
	s->folds = calloc(1, sizeof *s->folds);
	assert_non_null(s->folds);
	s->nfolds = 1;
	s->folds[0].fn = (uint8_t)fn;
	s->folds[0].arg = over(0);
	s->folds[0].arg.nops = 1;
}

static void make_plain(struct sl_plan *plan, int64_t bound)
{
	(void)plan;
	(void)bound;
}

static void make_where(struct sl_plan *plan, int64_t bound)
{
	kit_where(plan, KIT_AMOUNT, bound);
}

static void make_source_where(struct sl_plan *plan, int64_t bound)
{
	add_raw(&plan->sources[0], KIT_AMOUNT);
	plan->sources[0].where = over(bound);
}

static void make_other_column(struct sl_plan *plan, int64_t bound)
{
	add_raw(&plan->sources[0], KIT_AGE);
	plan->sources[0].where = over(bound);
}

static void make_having(struct sl_plan *plan, int64_t bound)
{
	add_raw(&plan->sources[0], KIT_AMOUNT);
	add_fold(&plan->sources[0], SL_FOLD_SUM);
	plan->sources[0].having = over(bound);
}

static void make_other_fold(struct sl_plan *plan, int64_t bound)
{
	add_raw(&plan->sources[0], KIT_AMOUNT);
	add_fold(&plan->sources[0], SL_FOLD_MAX);
	plan->sources[0].having = over(bound);
}

static void make_semi(struct sl_plan *plan, int64_t bound)
{
	add_source(plan, SL_JOIN_SEMI);
	add_raw(&plan->sources[1], KIT_AMOUNT);
	plan->sources[1].where = over(bound);
}

static void make_anti(struct sl_plan *plan, int64_t bound)
{
	add_source(plan, SL_JOIN_ANTI);
	add_raw(&plan->sources[1], KIT_AMOUNT);
	plan->sources[1].where = over(bound);
}

typedef void make_fn(struct sl_plan *plan, int64_t bound);
static make_fn *const ways[] = { make_plain,  make_where,      make_source_where, make_other_column,
	                         make_having, make_other_fold, make_semi,         make_anti };
#define WAYS (sizeof ways / sizeof ways[0])

/* Whatever the engine found: `complement` units are left out. */
static struct sl_publication check(struct kit *k, uint64_t complement)
{
	struct sl_publication p;
	struct sl_err err = { 0 };

	kit_count(k);
	for (uint32_t i = 0; i < k->setup.nplans; i++)
		k->results[i].complement = complement;
	if (sl_check_run(&k->setup, k->plans, k->results, &p, &err) != SL_OK)
		fail_msg("%s", err.text);
	return p;
}

static void test_small_complement_of_every_kind_of_filter_is_refused(void **state)
{
	(void)state;
	for (size_t way = 0; way < WAYS; way++)
		for (uint64_t out = 0; out < 12; out++) {
			struct kit *k = kit_new();
			(void)kit_add(k, 40, 0, 0);
			kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
			ways[way](&k->plans[0], 1);
			struct sl_publication p = check(k, out);
			assert_int_equal(kit_has(&p, SL_RULE_SMALL_COMPLEMENT), way > 0 && out < 10);
			assert_int_equal(p.releasable, way == 0 || out >= 10);
			sl_codec_free(&sl_publication_record, &p);
			kit_free(k);
		}
}

static void add_table(struct sl_view *view)
{
	struct sl_table *t;

	view->tables = realloc(view->tables, 2 * sizeof *view->tables);
	assert_non_null(view->tables);
	t = &view->tables[view->ntables++];
	memset(t, 0, sizeof *t);
	t->name = strdup("study.persons");
	t->space = strdup("person");
	t->unit_column = strdup("person_id");
	t->class_ = SL_CLASS_CONFIDENTIAL;
	t->one_row_per_unit = 1;
	t->columns = calloc(1, sizeof *t->columns);
	assert_non_null(t->columns);
	t->ncolumns = 1;
	t->columns[0] = (struct sl_column){ .name = strdup("weight"), .title = strdup("weight"), .type = SL_TYPE_INTEGER,
		                            .nullable = 1, .uses = SL_USE_FILTER, .lo = INT64_MIN, .hi = INT64_MAX };
}

/* From the left a table's condition leaves nobody out; inside it does. */
static void test_condition_of_a_left_join_leaves_nobody_out(void **state)
{
	(void)state;
	for (int join = SL_JOIN_INNER; join <= SL_JOIN_LEFT; join++) {
		struct kit *k = kit_new();
		add_table(&k->setup.view);
		(void)kit_add(k, 40, 0, 0);
		kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
		add_source(&k->plans[0], (enum sl_join_kind)join);
		k->plans[0].sources[1].table = 1;
		add_raw(&k->plans[0].sources[1], (enum kit_column)0);
		k->plans[0].sources[1].where = over(1);
		struct sl_publication p = check(k, 0);
		assert_int_equal(kit_has(&p, SL_RULE_SMALL_COMPLEMENT), join == SL_JOIN_INNER);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Two outputs go together when their filters are the same in kind, column and bound, and not otherwise. */
static bool go_together(make_fn *a, make_fn *b, int64_t bound)
{
	struct kit *k = kit_new();
	struct sl_plan *second = kit_plan(k);

	(void)kit_add(k, 40, 0, 0);
	kit_stat(&k->plans[0], "n", SL_STAT_UNITS, 0, 0);
	kit_stat(second, "n", SL_STAT_UNITS, 0, 0);
	a(&k->plans[0], 1);
	b(second, bound);
	struct sl_publication p = check(k, 20);
	bool pass = p.releasable;
	assert_int_equal(kit_has(&p, SL_RULE_MARGINS), !pass);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return pass;
}

static void test_two_outputs_with_other_filters_are_refused(void **state)
{
	(void)state;
	for (size_t a = 0; a < WAYS; a++)
		for (size_t b = 0; b < WAYS; b++) {
			assert_int_equal(go_together(ways[a], ways[b], 1), a == b);
			assert_int_equal(go_together(ways[a], ways[b], 2), a == 0 && b == 0);
		}
}

/* The plan's own condition reads what a fold made: another fold under the same number is another condition. */
static void test_two_conditions_on_other_folds_are_refused(void **state)
{
	(void)state;
	for (int other = 0; other < 2; other++) {
		struct kit *k = kit_new();
		struct sl_plan *plans[2] = { &k->plans[0], kit_plan(k) };
		(void)kit_add(k, 40, 0, 0);
		for (int i = 0; i < 2; i++) {
			kit_stat(plans[i], "n", SL_STAT_UNITS, 0, 0);
			add_raw(&plans[i]->sources[0], KIT_AMOUNT);
			add_fold(&plans[i]->sources[0], i == 1 && other == 1 ? SL_FOLD_MAX : SL_FOLD_SUM);
			(void)kit_input(plans[i], KIT_REGION); /* column 0: now the fold */
			plans[i]->where = over(-1); /* true of every row as the kit counts it */
		}
		struct sl_publication p = check(k, 20);
		assert_int_equal(p.releasable, !other);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Folds: two of the amount, one of the age, one of neither. What fails draws along its own column's folds only. */
static void test_folds_of_one_column_hang_together(void **state)
{
	static const struct {
		enum sl_fold_fn fn;
		uint16_t raw;
	} folds[] = { { SL_FOLD_SUM, 0 }, { SL_FOLD_MAX, 0 }, { SL_FOLD_SUM, 1 }, { SL_FOLD_COUNT, 0 } };
	static const enum kit_column reads[] = { KIT_REGION, KIT_GENDER, KIT_SICK, KIT_AMOUNT }; /* 0, 1, 2, 3 */
	struct kit *k = kit_new();
	struct sl_plan *plan = &k->plans[0];
	struct sl_source *source = &plan->sources[0];
	char name[] = "a";

	(void)state;
	kit_quiet(k);
	(void)kit_add(k, 20, 0, 0);
	add_raw(source, KIT_AMOUNT);
	add_raw(source, KIT_AGE);
	source->folds = calloc(4, sizeof *source->folds);
	assert_non_null(source->folds);
	source->nfolds = 4;
	for (uint32_t i = 0; i < 4; i++, name[0]++) {
		source->folds[i].fn = (uint8_t)folds[i].fn;
		if (folds[i].fn != SL_FOLD_COUNT) {
			source->folds[i].arg = over(0);
			source->folds[i].arg.nops = 1;
			source->folds[i].arg.ops[0].arg = folds[i].raw;
		}
		struct sl_stat *s = kit_stat(plan, name, SL_STAT_SUM, reads[i], 0);
		s->arg.ops[0].type = SL_TYPE_INTEGER;
	}
	kit_count(k);
	k->results[0].evidence[0].overflow = 1;
	struct sl_publication p;
	struct sl_err err = { 0 };
	if (sl_check_run(&k->setup, k->plans, k->results, &p, &err) != SL_OK)
		fail_msg("%s", err.text);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(p.outputs[0].cells[i].shown, i > 1);
	assert_int_equal(p.nfindings, 3); /* the sum and the maximum of the amount are for a person, too */
	assert_true(kit_has(&p, SL_RULE_DIFFERENCING));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_small_complement_of_every_kind_of_filter_is_refused),
		cmocka_unit_test(test_condition_of_a_left_join_leaves_nobody_out),
		cmocka_unit_test(test_two_outputs_with_other_filters_are_refused),
		cmocka_unit_test(test_two_conditions_on_other_folds_are_refused),
		cmocka_unit_test(test_folds_of_one_column_hang_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
