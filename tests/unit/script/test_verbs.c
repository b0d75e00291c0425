/* Each verb, and the plan it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

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
		cmocka_unit_test(test_calc_sees_earlier_calcs),
		cmocka_unit_test(test_relation_is_a_value),
		cmocka_unit_test(test_params_are_texts_and_numbers),
		cmocka_unit_test(test_text_comparisons_become_sets),
		cmocka_unit_test(test_script_same_text_gives_same_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
