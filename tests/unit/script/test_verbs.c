/* Each verb, and the plan it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "enclave/script/relation.h"
#include "world.h"

static struct sl_value over(const struct sl_expr *x, const struct sl_value *row)
{
	return sl_expr_eval(x, row);
}

static void test_output_whole_chain_makes_the_plan_it_says(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('diagnoses', from 'study.events' :join(from 'study.persons')\n"
	                "  :where \"event <> 'nafld'\" :derive { band = 'bands(age)' }\n"
	                "  :group_by('event', 'band', 'male')\n"
	                "  :summarise { persons = 'units()', first = 'mean(days)' }\n"
	                "  :calc { per_day = 'persons / first' }\n"
	                "  :describe { persons = 'distinct persons', event = 'what was diagnosed', per_day = 'nonsense',\n"
	                "    purpose = 'to show a chain' }\n"
	                "  :order_by('-persons', 'event asc') :limit(5))",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	assert_int_equal(r.nplans, 1);
	assert_string_equal(p->output, "diagnoses");
	assert_int_equal(p->line, 1);
	assert_string_equal(p->purpose, "to show a chain");
	assert_int_equal(p->nsources, 2);
	assert_int_equal(p->sources[0].table, 1);
	assert_int_equal(p->sources[1].table, 0);
	assert_int_equal(p->ninputs, 4);
	assert_int_equal(p->nkeys, 3);
	assert_string_equal(p->keys[0].name, "event");
	assert_string_equal(p->keys[0].description, "what was diagnosed");
	assert_string_equal(p->keys[1].name, "band");
	assert_int_equal(p->keys[1].banded, 1);
	assert_string_equal(p->keys[2].name, "male");
	/* names of one table come in byte order */
	assert_string_equal(p->stats[0].name, "first");
	assert_int_equal(p->stats[0].fn, SL_STAT_MEAN);
	assert_string_equal(p->stats[1].name, "persons");
	assert_string_equal(p->stats[1].description, "distinct persons");
	assert_int_equal(p->ncalcs, 1);
	assert_int_equal(p->norder, 2);
	assert_int_equal(p->order[0].column, 4);
	assert_int_equal(p->order[0].descending, 1);
	assert_int_equal(p->order[1].column, 0);
	assert_int_equal(p->limit, 5);
	assert_int_equal(sl_plan_cells(p, world_view()), 4u * 3u * 2u);
	world_free(&r);
}

static void test_where_twice_means_and(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.persons':where 'age > 20':where('male'):summarise{n='count()'})", &r);
	const struct sl_value yes[] = {{.v = 30}, {.v = 1}}, no[] = {{.v = 30}, {.v = 0}};
	assert_int_equal(over(&r.plans[0].where, yes).v, 1);
	assert_int_equal(over(&r.plans[0].where, no).v, 0);
	world_free(&r);
}

static void test_where_values_come_from_table_then_parameters(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.persons'\n"
	                ":where('age >= $min and age < $max and site = $site and entry > $from_day and male = $m', "
	                "{max = 40, m = true})\n"
	                ":summarise{n='count()'})\n"
	                "output('y', from 'study.persons':where('age >= $min and weight > $w', {min = 30, w = "
	                "1.5}):summarise{n='count()'})",
	                &r);
	const struct sl_value row[] = {{.v = 18}, {.v = 0}, {.v = 18300}, {.v = 1}};
	assert_int_equal(over(&r.plans[0].where, row).v, 1);
	const struct sl_value light[] = { { .v = 30 }, { .v = 15 } }, heavy[] = { { .v = 30 }, { .v = 16 } },
			      young[] = { { .v = 29 }, { .v = 16 } };
	assert_int_equal(over(&r.plans[1].where, light).v, 0);
	assert_int_equal(over(&r.plans[1].where, heavy).v, 1);
	assert_int_equal(over(&r.plans[1].where, young).v, 0);
	world_free(&r);
}

static void test_derive_name_is_used_in_later_verbs(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local r = from 'study.visits':derive{ euro = 'cost * 2', where_to = 'site' }:derive{ dear = "
	                "'euro > 100' }\n"
	                "output('x', r:where \"dear or where_to = 'north'\":group_by('where_to'):summarise{ s = "
	                "'sum(euro)', c = 'count_if(dear)' })",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	assert_string_equal(p->keys[0].name, "where_to");
	const struct sl_value row[] = {{.v = 5001}, {.v = 1}};
	assert_int_equal(over(&p->where, row).v, 1);
	assert_int_equal(over(&p->stats[1].arg, row).v, 10002);
	assert_int_equal(p->ninputs, 2);
	world_free(&r);
}

static void test_derive_unused_column_is_not_read(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok(
		"output('x', from 'study.persons':derive{ a = 'secret + 1' }:where 'male':summarise{n='units()'})", &r);
	assert_int_equal(r.plans[0].ninputs, 1);
	assert_int_equal(r.plans[0].inputs[0].column, 1);
	world_free(&r);
}

static void test_join_folds_the_other_sides_where_and_names(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local p = from 'study.persons':where \"age > 20 and site = 'south'\":derive{ old = 'age > 60' }\n"
	                "output('x', from 'study.visits':where 'cost > 1':join(p):where \"old or visits.site = 'north'\"\n"
	                "  :group_by('persons.site'):summarise{ n = 'count()' })",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	assert_int_equal(p->nsources, 2);
	assert_string_equal(p->keys[0].name, "site");
	assert_int_equal(p->inputs[p->keys[0].input].source, 1);
	/* inputs: cost, age, persons.site, visits.site */
	const struct sl_value in[] = { { .v = 101 }, { .v = 61 }, { .v = 1 }, { .v = 1 } },
			      out[] = { { .v = 101 }, { .v = 59 }, { .v = 1 }, { .v = 1 } };
	assert_int_equal(over(&p->where, in).v, 1);
	assert_int_equal(over(&p->where, out).v, 0);
	world_free(&r);
}

static void test_group_by_forms(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('a', from 'study.persons':group_by('bands(age)'):group_by{'male'}:summarise{n='units()'})\n"
	                "output('b', from 'study.events':derive{ kind = '\"分類*\"' }:group_by('kind'):summarise{n='units()'})",
	                &r);
	assert_string_equal(r.plans[0].keys[0].name, "age");
	assert_int_equal(r.plans[0].keys[0].banded, 1);
	assert_string_equal(r.plans[0].keys[1].name, "male");
	assert_string_equal(r.plans[1].keys[0].name, "kind");
	world_free(&r);
}

static void test_summarise_every_statistic(void **state)
{
	static const enum sl_stat_fn fns[] = {SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM,
	                                      SL_STAT_MEAN,  SL_STAT_SHARE, SL_STAT_MIN,      SL_STAT_MAX};
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.visits':summarise{ a='units()', b='count()', c='count_if(cost > 1)', "
	                "d='sum(cost)',\n"
	                " e='mean(cost)', f='share(cost > 1)', g='min(cost)', h='max(cost)' })",
	                &r);
	for (uint32_t i = 0; i < 8; i++)
		assert_int_equal(r.plans[0].stats[i].fn, fns[i]);
	world_free(&r);
}

static void test_per_unit_folds_the_rows_it_keeps(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local v = from 'study.visits':where 'cost > 1'"
	                ":derive{ dear = 'cost > 100', unused = \"site = 'north'\" }\n"
	                "  :where \"site = 'south'\":per_unit{ n = 'count()', t = 'sum(cost * 2)', ever = 'any(dear)',\n"
	                "    hits = 'count_if(not dear)', cost = 'mean(cost)' }\n"
	                "  :where 'n >= 2':derive{ each = 't / n' }:where 'ever and each < 50'\n"
	                "output('x', v:summarise{ persons = 'units()', m = 'median(cost)', "
	                "c = 'count_if(hits > 1)', e = 'mean(each)' })",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	const struct sl_source *s = &p->sources[0];
	assert_int_equal(p->nsources, 1);
	assert_int_equal(p->where.nops, 0);
	/* raws in order of use: cost, site; folds by byte order of their names: cost, ever, hits, n, t */
	assert_int_equal(s->nraws, 2);
	assert_int_equal(s->raws[0].column, 0);
	assert_int_equal(s->raws[1].column, 1);
	const struct sl_value cheap[] = {{.v = 100}, {.v = 1}}, kept[] = {{.v = 101}, {.v = 1}},
	                      north[] = {{.v = 101}, {.v = 0}};
	assert_int_equal(over(&s->where, cheap).v, 0);
	assert_int_equal(over(&s->where, kept).v, 1);
	assert_int_equal(over(&s->where, north).v, 0);
	static const enum sl_fold_fn fns[] = {SL_FOLD_MEAN, SL_FOLD_ANY, SL_FOLD_COUNT_IF, SL_FOLD_COUNT, SL_FOLD_SUM};
	assert_int_equal(s->nfolds, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(s->folds[i].fn, fns[i]);
	assert_int_equal(over(&s->folds[4].arg, kept).v, 202);
	/* having over cost, ever, hits, n, t */
	const struct sl_value rare[] = {{.v = 0}, {.v = 1}, {.v = 0}, {.v = 1}, {.v = 1}},
	                      fit[] = {{.v = 0}, {.v = 1}, {.v = 0}, {.v = 2}, {.v = 200}},
	                      dear[] = {{.v = 0}, {.v = 1}, {.v = 0}, {.v = 2}, {.v = 20000}};
	assert_int_equal(over(&s->having, rare).v, 0);
	assert_int_equal(over(&s->having, fit).v, 1);
	assert_int_equal(over(&s->having, dear).v, 0);
	/* the plan reads hits, t, n, cost */
	assert_int_equal(p->ninputs, 4);
	world_free(&r);
}

static void test_per_unit_can_be_joined_and_is_then_judged_with_the_rows(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local v = from 'study.visits':per_unit{ n = 'count()', age = 'max(cost)' }\n"
	                "output('x', from 'study.events':join(v):where 'n > 1 and visits.age > 3'\n"
	                "  :join(from 'study.persons', 'left'):group_by('event')\n"
	                "  :summarise{ a = 'sum(n)', b = 'slope(days, visits.age)', h = 'hist(persons.age)' })",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	assert_int_equal(p->nsources, 3);
	assert_int_equal(p->sources[1].nfolds, 2);
	assert_int_equal(p->sources[1].having.nops, 0);
	assert_int_equal(p->sources[1].join, SL_JOIN_INNER);
	assert_int_equal(p->sources[2].join, SL_JOIN_LEFT);
	assert_true(p->where.nops > 0);
	assert_int_equal(p->inputs[p->stats[0].arg.ops[0].arg].source, 1);
	assert_int_equal(p->stats[1].arg2.nops, 1);
	world_free(&r);
}

/* A source reads columns of its own table only. */
static void test_per_unit_of_what_is_looked_up_is_refused(void **state)
{
	const struct sl_pair pair = {.name = "n", .text = "count()"};
	struct sl_call call = {.view = world_view(), .text = "study.persons", .pairs = &pair, .npairs = 1};
	struct sl_relation rel;
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(sl_relation_from(&rel, &call, &err), SL_OK);
	call.text = "male";
	assert_int_equal(sl_relation_verbs[0].apply(&rel, &call, &err), SL_OK);
	rel.plan.inputs[0].lookup = 1;
	assert_int_equal(sl_combine_per_unit(&rel, &call, &err), SL_E_INPUT);
	assert_string_equal(err.text, "what lookup gives is not known yet where a table's own rows are chosen or folded");
	sl_codec_free(&sl_relation_record, &rel);
}

static void test_join_kinds_keep_their_conditions_to_themselves(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local old = from 'study.persons':where \"age > 60 and site = 'south'\":derive{ unused = 'weight' }\n"
	                "local dead = from 'study.events':where \"event = 'death'\"\n"
	                "local busy = from 'study.visits':per_unit{ n = 'count()' }:where 'n > 3'\n"
	                "for _, kind in ipairs{ 'left', 'semi', 'anti' } do\n"
	                "  output(kind, from 'study.visits':where 'cost > 1':join(old, kind):summarise{ n = 'count()' })\n"
	                "end\n"
	                "output('all', from 'study.persons':where 'male':join(dead, 'anti'):join(busy, 'semi')\n"
	                "  :join(from 'study.persons':where 'age < 80', 'semi'):join(from 'study.visits', 'inner')\n"
	                "  :where 'cost > 5':summarise{ n = 'count()' })",
	                &r);
	for (int i = 0; i < 3; i++) {
		const struct sl_source *s = &r.plans[i].sources[1];
		assert_int_equal(s->join, SL_JOIN_LEFT + i);
		assert_int_equal(s->nraws, 2);
		assert_int_equal(s->raws[0].column, 0);
		assert_int_equal(s->raws[1].column, 4);
		const struct sl_value in[] = {{.v = 61}, {.v = 1}}, out[] = {{.v = 61}, {.v = 0}};
		assert_int_equal(over(&s->where, in).v, 1);
		assert_int_equal(over(&s->where, out).v, 0);
		assert_int_equal(r.plans[i].ninputs, 1);
	}
	const struct sl_plan *p = &r.plans[3];
	assert_int_equal(p->nsources, 5);
	assert_int_equal(p->sources[1].join, SL_JOIN_ANTI);
	assert_int_equal(p->sources[2].join, SL_JOIN_SEMI);
	assert_int_equal(p->sources[2].having.nops, 3);
	assert_int_equal(p->sources[3].table, p->sources[0].table);
	assert_int_equal(p->sources[4].join, SL_JOIN_INNER);
	assert_int_equal(p->ninputs, 2);
	world_free(&r);
}

/* An inner side keeps what it was joined with. */
static void test_join_of_joined_tables_keeps_their_kinds(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local side = from 'study.persons':join(from 'study.events', 'anti')\n"
	                "  :join(from 'study.visits':per_unit{ n = 'count()' }, 'left'):where 'n is missing or n > 2'\n"
	                "output('x', from 'study.visits':derive{ dear = 'cost > 1' }:where 'dear'"
	                ":summarise{ n = 'count()' })\n"
	                "output('y', from 'study.events':where \"event = 'nash'\":join(side):where 'n < 9'"
	                ":summarise{ n = 'count()' })",
	                &r);
	const struct sl_plan *p = &r.plans[1];
	assert_int_equal(p->nsources, 4);
	assert_int_equal(p->sources[1].join, SL_JOIN_INNER);
	assert_int_equal(p->sources[2].join, SL_JOIN_ANTI);
	assert_int_equal(p->sources[3].join, SL_JOIN_LEFT);
	assert_int_equal(p->inputs[1].source, 3);
	/* event, n */
	const struct sl_value in[] = {{.v = 1}, {.v = 3}}, few[] = {{.v = 1}, {.v = 2}},
	                      none[] = {{.v = 1}, {.missing = true}};
	assert_int_equal(over(&p->where, in).v, 1);
	assert_int_equal(over(&p->where, few).v, 0);
	assert_true(over(&p->where, none).missing);
	world_free(&r);
}

static void test_summarise_numbers_of_values_and_pairs(void **state)
{
	static const struct {
		enum sl_stat_fn fn;
		uint16_t p;
	} rows[] = {
		{SL_STAT_QUANTILE, 5000}, {SL_STAT_QUANTILE, 9000}, {SL_STAT_QUANTILE, 1}, {SL_STAT_QUANTILE, 2500},
		{SL_STAT_VAR, 0},         {SL_STAT_SD, 0},          {SL_STAT_CORR, 0},     {SL_STAT_SLOPE, 0},
		{SL_STAT_INTERCEPT, 0},
	};
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.visits':summarise({ a='median(cost)', b='quantile(cost, 0.9)', "
	                "c='quantile(cost, 0.0001)',\n"
	                " d='quantile(cost, $p)', e='var(cost)', f='sd(cost)', g='corr(cost, cost * 2)',\n"
	                " h='slope(cost, case when cost in (1.5, 2) then 1 else 0 end)', i='intercept(cost, cost)' }, "
	                "{ p = 0.25 })\n"
	                " :calc{ fit = 'h * 2 + i', part = 'g * g' })",
	                &r);
	for (uint32_t i = 0; i < 9; i++) {
		assert_int_equal(r.plans[0].stats[i].fn, rows[i].fn);
		assert_int_equal(r.plans[0].stats[i].p, rows[i].p);
		assert_int_equal(r.plans[0].stats[i].arg2.nops > 0, i >= 6);
	}
	assert_int_equal(r.plans[0].stats[7].arg2.nsets, 1);
	assert_int_equal(r.plans[0].stats[7].arg.nsets, 0);
	world_free(&r);
}

static void test_lm_is_a_statistic_for_every_number_of_the_model(void **state)
{
	static const char *const names[] = {"m_0", "m_0_se", "m_1", "m_1_se", "m_2", "m_2_se", "m_r2", "n"};
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.visits':summarise{ m = 'lm(cost, cost * cost, cost in (1, 2) or cost > 9)', "
	                "n = 'count()' }:calc{ t = 'm_1 / m_1_se' })",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	struct sl_expr parts[SL_EXPR_PARTS_MAX];
	assert_int_equal(p->nstats, 8);
	for (uint32_t i = 0; i < 7; i++) {
		assert_string_equal(p->stats[i].name, names[i]);
		assert_int_equal(p->stats[i].fn, i == 6 ? SL_STAT_R2 : i % 2 == 1 ? SL_STAT_COEF_SE : SL_STAT_COEF);
		assert_int_equal(p->stats[i].p, i == 6 ? 0 : i / 2);
		assert_true(sl_stat_same_model(&p->stats[0], &p->stats[i]));
	}
	assert_string_equal(p->stats[0].description, "constant of lm(cost, cost * cost, cost in (1, 2) or cost > 9)");
	assert_string_equal(p->stats[5].description,
	                    "standard error of the coefficient of x 2 in lm(cost, cost * cost, cost in (1, 2) or cost > 9)");
	assert_int_equal(sl_expr_parts(&p->stats[0].arg2, parts), 2);
	assert_int_equal(parts[0].nops, 3);
	assert_int_equal(parts[1].nops, 6);
	world_free(&r);
}

static void test_hist_is_a_count_for_every_band(void **state)
{
	static const char *const names[] = {"h_1", "h_2", "h_3", "n"};
	static const char *const words[] = {"age: 18-39", "oldish", "age: 65+", ""};
	static const int64_t ages[] = {17, 18, 39, 40, 64, 65, 200}, bands[] = {-1, 0, 0, 1, 1, 2, 2};
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.persons':group_by('male'):summarise{ h = 'hist(age)', n = 'count()' }\n"
	                "  :calc{ part = 'h_1 / n' }:describe{ h_2 = 'oldish' }:order_by('-h_3'))",
	                &r);
	const struct sl_plan *p = &r.plans[0];
	assert_int_equal(p->nstats, 4);
	for (uint32_t i = 0; i < 4; i++) {
		assert_string_equal(p->stats[i].name, names[i]);
		assert_string_equal(p->stats[i].description, words[i]);
		assert_int_equal(p->stats[i].fn, i < 3 ? SL_STAT_COUNT_IF : SL_STAT_COUNT);
	}
	for (size_t a = 0; a < sizeof ages / sizeof ages[0]; a++)
		for (int64_t i = 0; i < 3; i++) {
			const struct sl_value row[] = {{.v = 0}, {.v = ages[a]}};
			assert_int_equal(over(&p->stats[i].arg, row).v, i == bands[a]);
		}
	world_free(&r);
}

/* A column of thousands of codes, and lists of as many: sorted once, not inserted one by one. */
#define CODES 20000
static void test_lists_of_thousands_are_quick(void **state)
{
	static char texts[CODES][16];
	static struct sl_label labels[CODES];
	static struct sl_column columns[] = {
		{.name = "code", .type = SL_TYPE_TEXT, .uses = SL_USE_FILTER, .has_domain = 1, .labels = labels, .nlabels = CODES,
		 .lo = INT64_MIN, .hi = INT64_MAX},
		{.name = "n", .type = SL_TYPE_INTEGER, .uses = SL_USE_FILTER, .lo = INT64_MIN, .hi = INT64_MAX}};
	static struct sl_table table = {.name = "s.t", .space = "person", .unit_column = "id", .class_ = SL_CLASS_CONFIDENTIAL,
	                                .columns = columns, .ncolumns = 2};
	const struct sl_view view = {.tables = &table, .ntables = 1};
	static char text[SL_PARSER_TEXT_MAX];
	struct sl_relation rel;
	struct sl_err err = {0};
	struct sl_call call = {.view = &view, .text = "s.t"};
	size_t n = (size_t)snprintf(text, sizeof text, "code in (");

	(void)state;
	for (int i = 0; i < CODES; i++) {
		snprintf(texts[i], sizeof texts[i], "%c%d", 'A' + i % 26, i);
		labels[i].text = texts[i];
	}
	for (int i = CODES - 1; i >= 0; i--)
		n += (size_t)snprintf(text + n, sizeof text - n, "'%s'%s", texts[i], i > 0 ? "," : ")");
	assert_int_equal(sl_relation_from(&rel, &call, &err), SL_OK);
	call.text = text;
	if (sl_relation_verbs[0].apply(&rel, &call, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_int_equal(rel.plan.where.sets[0].nitems, CODES);
	sl_codec_free(&sl_relation_record, &rel);
}

static void test_lists_given_as_parameters(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local codes, days = {}, {}\n"
	                "for i = 1, 20000 do codes[i] = i % 2 == 0 and 'nash' or 'death'; days[i] = 40000 - i end\n"
	                "output('x', from 'study.events':where('event in $codes and \"in\" in $days', "
	                "{codes = codes, days = days})\n"
	                "  :summarise{n = 'count()'})\n"
	                "output('y', from 'study.persons':where('weight in ($w, 3) and entry not in $d', {w = {1.5, '2'}, d = "
	                "{'2020-01-01'}})\n"
	                "  :summarise{n = 'count()'})",
	                &r);
	const struct sl_expr *x = &r.plans[0].where, *y = &r.plans[1].where;
	assert_int_equal(x->sets[0].nitems, 2);
	assert_int_equal(x->sets[0].items[0].value, 1);
	assert_int_equal(x->sets[1].nitems, 20000);
	assert_int_equal(x->sets[1].items[0].value, 20000);
	assert_int_equal(y->sets[0].nitems, 3);
	assert_int_equal(y->sets[0].items[2].value, 30);
	assert_int_equal(y->sets[1].items[0].value, 18262);
	world_free(&r);
}

static void test_patterns_match_labels_as_written(void **state)
{
	/* nafld nash cirrhosis death */
	static const struct {
		const char *condition;
		int codes; /* bits */
	} rows[] = {
		{"event like 'na%'", 3}, {"event like '%a%'", 11}, {"event like 'nas_'", 2}, {"event like '____'", 2},
		{"event like '%'", 15}, {"event like ''", 0}, {"event like 'nash'", 2}, {"event like '%s%s%s'", 0},
		{"event like '%s%s'", 4}, {"event like '%_s_%'", 6}, {"event like 'N%'", 0}, {"upper(event) like 'N%'", 3},
		{"event not like '%a%'", 4}, {"event LIKE 'd%'", 8}, {"starts_with(event, 'na')", 3}, {"ends_with(event, 'h')", 10},
		{"contains(event, 'rr')", 4}, {"contains(event, '')", 15}, {"starts_with(event, '')", 15},
		{"starts_with(event, 'nashville')", 0}, {"ends_with(event, 'xnash')", 0}, {"contains(event, 'sis')", 4},
		{"lower(event) between 'd' and 'nas'", 9}, {"upper(event) > 'NA'", 3}, {"lower(event) <> 'nash'", 13},
		{"upper(event) not in ('NASH', 'DEATH')", 5}, {"length(event) = 5", 9}, {"length(event) between 4 and 5", 11},
		{"length(upper(event)) > 5", 4}, {"contains(event, $site) or event like $min", 0},
	};
	struct world_result r;
	char script[256];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int codes = 0;
		snprintf(script, sizeof script, "output('x', from 'study.events':where \"%s\":summarise{n='count()'})",
		         rows[i].condition);
		world_expect_ok(script, &r);
		for (int code = 0; code < 4; code++) {
			const struct sl_value row[] = {{.v = code}};
			codes |= (int)over(&r.plans[0].where, row).v << code;
		}
		if (codes != rows[i].codes)
			fail_msg("%s: %d, not %d", rows[i].condition, codes, rows[i].codes);
		world_free(&r);
	}
}

static void test_calc_sees_earlier_calcs(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.visits':summarise{ n='units()', m='count()' }:calc{ a='m / n' }:calc{ "
	                "b='a * 100' })",
	                &r);
	const struct sl_value published[] = {{.v = 3}, {.v = 2}}; /* m, n */
	assert_int_equal(over(&r.plans[0].calcs[1].expr, published).v, 150000000);
	world_free(&r);
}

static void test_relation_is_a_value(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("local base = from 'study.persons'\n"
	                "local men = base:where 'male'\n"
	                "output('all', base:summarise{n='units()'})\n"
	                "output('men', men:summarise{n='units()'})\n"
	                "for _, limit in ipairs{30, 40} do\n"
	                "  output('under_' .. limit, base:where('age < $x', {x = limit}):summarise{n='units()'})\n"
	                "end",
	                &r);
	assert_int_equal(r.nplans, 4);
	assert_int_equal(r.plans[0].where.nops, 0);
	assert_int_equal(r.plans[1].where.nops, 1);
	assert_string_equal(r.plans[2].output, "under_30");
	assert_int_equal(r.plans[2].line, 6);
	assert_string_equal(r.plans[3].output, "under_40");
	world_free(&r);
}

static void test_params_are_texts_and_numbers(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("print(params.min + 1, params.site, params.code, type(params.code), math.type(params.min))", &r);
	assert_string_equal(r.printed, "19 north 007 string integer\n");
	world_free(&r);
}

static void test_text_comparisons_become_sets(void **state)
{
	struct world_result r;

	(void)state;
	world_expect_ok("output('x', from 'study.events':where \"event >= 'd' and 'nash' <> event and event not in "
	                "('death')\"\n"
	                ":summarise{n='count()'})",
	                &r);
	for (int64_t code = 0; code < 4; code++) {
		const struct sl_value row[] = {{.v = code}};
		assert_int_equal(over(&r.plans[0].where, row).v, code == 0);
	}
	world_free(&r);
}

static void test_script_same_text_gives_same_bytes(void **state)
{
	static const char text[] =
		"local t = {} for i = 1, 50 do t['k' .. i] = i end\n"
		"local s = '' for k, v in pairs(t) do s = s .. k end print(s)\n"
		"for k, v in next, t do print(k) break end\n"
		"local d = {} for k in pairs(t) do if t[k] < 20 then d[k] = 'cost * ' .. t[k] end end\n"
		"output('x', from 'study.visits':derive(d):where 'k7 > k3':summarise{ b='sum(k5)', a='mean(k9)' })";
	struct world_result first, again;

	(void)state;
	world_expect_ok(text, &first);
	for (int i = 0; i < 20; i++) {
		world_expect_ok(text, &again);
		assert_int_equal(first.bytes.len, again.bytes.len);
		assert_memory_equal(first.bytes.data, again.bytes.data, first.bytes.len);
		world_free(&again);
	}
	world_free(&first);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_output_whole_chain_makes_the_plan_it_says),
		cmocka_unit_test(test_where_twice_means_and),
		cmocka_unit_test(test_where_values_come_from_table_then_parameters),
		cmocka_unit_test(test_derive_name_is_used_in_later_verbs),
		cmocka_unit_test(test_derive_unused_column_is_not_read),
		cmocka_unit_test(test_join_folds_the_other_sides_where_and_names),
		cmocka_unit_test(test_group_by_forms),
		cmocka_unit_test(test_summarise_every_statistic),
		cmocka_unit_test(test_per_unit_folds_the_rows_it_keeps),
		cmocka_unit_test(test_per_unit_can_be_joined_and_is_then_judged_with_the_rows),
		cmocka_unit_test(test_per_unit_of_what_is_looked_up_is_refused),
		cmocka_unit_test(test_join_kinds_keep_their_conditions_to_themselves),
		cmocka_unit_test(test_join_of_joined_tables_keeps_their_kinds),
		cmocka_unit_test(test_summarise_numbers_of_values_and_pairs),
		cmocka_unit_test(test_lm_is_a_statistic_for_every_number_of_the_model),
		cmocka_unit_test(test_hist_is_a_count_for_every_band),
		cmocka_unit_test(test_lists_of_thousands_are_quick),
		cmocka_unit_test(test_lists_given_as_parameters),
		cmocka_unit_test(test_patterns_match_labels_as_written),
		cmocka_unit_test(test_calc_sees_earlier_calcs),
		cmocka_unit_test(test_relation_is_a_value),
		cmocka_unit_test(test_params_are_texts_and_numbers),
		cmocka_unit_test(test_text_comparisons_become_sets),
		cmocka_unit_test(test_script_same_text_gives_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
