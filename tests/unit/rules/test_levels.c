/*
 * test_levels.c - outputs by a column and by what an open reference table says of it: region, district, city. What is
 * hidden of one is attacked by trying all tables of whole numbers, region by region, without looking at equations.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/check_common.h"
#include "policy/check_levels.h"
#include "tests/unit/rules/kit.h"

#define REGIONS 4
#define THRESHOLD 3
#define TRIED_MAX 14 /* units of a region in a table that is tried */

/* Regions A and B are the east, C and D the west; all of it one city. */
static const int64_t two_and_two[REGIONS][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 0 }, { 1, 0 }, { 1, 0 } };

enum level { BY_REGION, BY_DISTRICT, BY_CITY, BY_NOTHING };

static struct sl_plan *by(struct kit *k, struct sl_plan *plan, enum level level, enum sl_stat_fn fn,
                          enum kit_column column)
{
	plan = plan != NULL ? plan : kit_plan(k);
	if (level == BY_REGION)
		kit_key(plan, "region", KIT_REGION, false);
	else if (level != BY_NOTHING)
		kit_level(plan, level == BY_DISTRICT ? "district" : "city", level == BY_CITY);
	kit_stat(plan, "n", fn, column, 0);
	return plan;
}

static struct kit *make(const int64_t of[REGIONS][KIT_ATTRIBUTES], const uint32_t counts[REGIONS])
{
	struct kit *k = kit_new();

	kit_levels(k, of);
	kit_quiet(k);
	k->setup.rules.threshold = THRESHOLD;
	for (uint32_t r = 0; r < REGIONS; r++)
		(void)kit_add(k, counts[r], r, 0);
	return k;
}

static void make_outputs(struct kit *k, enum sl_stat_fn fn, enum kit_column column)
{
	(void)by(k, &k->plans[0], BY_REGION, fn, column);
	(void)by(k, NULL, BY_DISTRICT, fn, column);
	(void)by(k, NULL, BY_CITY, fn, column);
	(void)by(k, NULL, BY_NOTHING, fn, column);
}

static bool is_shown(const struct kit *k, const struct sl_publication *p, uint32_t output, uint32_t cell)
{
	return kit_cell(k, p, output, cell, 0)->shown != 0;
}

/* C has four and would be the cheapest to hide beside A; but it does not lie in A's district. */
static void test_levels_the_sibling_of_a_small_region_is_hidden(void **state)
{
	const uint32_t counts[REGIONS] = { 2, 30, 4, 20 };
	struct kit *k = make(two_and_two, counts);
	struct sl_publication p;

	(void)state;
	make_outputs(k, SL_STAT_COUNT, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(is_shown(k, &p, 0, 0));
	assert_false(is_shown(k, &p, 0, 1));
	assert_true(is_shown(k, &p, 0, 2) && is_shown(k, &p, 0, 3));
	assert_int_equal(kit_cell(k, &p, 1, 0, 0)->value, 32);
	assert_int_equal(kit_cell(k, &p, 1, 1, 0)->value, 24);
	assert_int_equal(kit_cell(k, &p, 2, 0, 0)->value, 56);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A district of one small region alone has no sibling in it: another district goes. */
static void test_levels_a_district_of_one_small_region_hides_another_district(void **state)
{
	static const int64_t alone[REGIONS][KIT_ATTRIBUTES] = { { 0, 0 }, { 1, 0 }, { 1, 0 }, { 2, 0 } };
	const uint32_t counts[REGIONS] = { 2, 30, 40, 20 };
	struct kit *k = make(alone, counts);
	struct sl_publication p;

	(void)state;
	make_outputs(k, SL_STAT_COUNT, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(is_shown(k, &p, 0, 0));
	assert_false(is_shown(k, &p, 1, 0));
	assert_false(is_shown(k, &p, 0, 3) || is_shown(k, &p, 1, 2));
	assert_true(is_shown(k, &p, 0, 1) && is_shown(k, &p, 1, 1));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* --- all tables of whole numbers -------------------------------------------------------------------------- */

struct tried {
	const struct kit *k;
	const struct sl_publication *p;
	const int64_t (*of)[KIT_ATTRIBUTES];
	const enum level *levels;
	uint32_t now[REGIONS], output, cell;
	int64_t least, most;
};

/* What a table says of a cell. */
static int64_t sum_in(const struct tried *t, enum level level, uint32_t cell)
{
	int64_t sum = 0;

	for (uint32_t r = 0; r < REGIONS; r++) {
		int64_t told = level == BY_DISTRICT ? t->of[r][0] : t->of[r][1], missing = level == BY_DISTRICT ? 3 : 2;
		bool in = level == BY_NOTHING || (level == BY_REGION ? r == cell : (told < 0 ? missing : told) == (int64_t)cell);
		sum += in ? t->now[r] : 0;
	}
	return sum;
}

static bool agrees(const struct tried *t)
{
	for (uint32_t i = 0; i < t->k->setup.nplans; i++)
		for (uint32_t cell = 0; cell < t->p->outputs[i].ncells; cell++)
			if (is_shown(t->k, t->p, i, cell) &&
			    sum_in(t, t->levels[i], cell) != kit_cell(t->k, t->p, i, cell, 0)->value)
				return false;
	return true;
}

static void try_all(struct tried *t, uint32_t region)
{
	if (region == REGIONS) {
		int64_t v = sum_in(t, t->levels[t->output], t->cell);
		if ((v >= t->least && v <= t->most) || !agrees(t))
			return;
		t->least = v < t->least ? v : t->least;
		t->most = v > t->most ? v : t->most;
		return;
	}
	for (t->now[region] = 0; t->now[region] <= TRIED_MAX; t->now[region]++)
		try_all(t, region + 1);
}

static int64_t truth(const struct kit *k, uint32_t output, uint32_t cell)
{
	return (int64_t)k->results[output].evidence[cell].cell_units;
}

/* Every cell that a rule hid, of two units or more: it may be three less, or none, and three more. */
static uint32_t attack(const struct tried *of)
{
	uint32_t attacked = 0;

	for (uint32_t i = 0; i < of->k->setup.nplans; i++)
		for (uint32_t cell = 0; cell < of->p->outputs[i].ncells; cell++) {
			struct tried t = *of;
			int64_t v = truth(of->k, i, cell);
			if (v < 2 || v >= THRESHOLD || is_shown(of->k, of->p, i, cell))
				continue;
			t.output = i;
			t.cell = cell;
			t.least = t.most = v;
			try_all(&t, 0);
			assert_true(t.least <= 0 && t.most >= v + THRESHOLD);
			attacked++;
		}
	return attacked;
}

static unsigned random_of(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % below;
}

/* Random hierarchies, some of which do not say where a region lies. */
static void test_levels_no_small_cell_is_left_to_who_tries_all_tables(void **state)
{
	static const enum level levels[] = { BY_REGION, BY_DISTRICT, BY_CITY, BY_NOTHING };
	uint32_t attacked = 0, released = 0;
	unsigned seed = 11;

	(void)state;
	for (uint32_t round = 0; round < 300; round++) {
		uint32_t counts[REGIONS];
		int64_t of[REGIONS][KIT_ATTRIBUTES];
		for (uint32_t r = 0; r < REGIONS; r++) {
			counts[r] = random_of(&seed, 3) ? random_of(&seed, 10) : 2;
			of[r][0] = (int64_t)random_of(&seed, 4) - (random_of(&seed, 2) ? 1 : 0);
			of[r][0] = of[r][0] > 2 ? 1 : of[r][0];
		}
		for (uint32_t r = 0; r < REGIONS; r++)
			of[r][1] = of[r][0] < 0 ? -1 : of[r][0] / 2;
		struct kit *k = make((const int64_t (*)[KIT_ATTRIBUTES])of, counts);
		make_outputs(k, SL_STAT_COUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		struct tried t = { .k = k, .p = &p, .of = (const int64_t (*)[KIT_ATTRIBUTES])of, .levels = levels };
		released += p.releasable;
		attacked += p.releasable ? attack(&t) : 0;
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_true(released > 150);
	assert_true(attacked > 150);
}

/* --- what is no hierarchy --------------------------------------------------------------------------------- */

/* Two cities that share districts: neither level puts the groups of the other together. */
static void test_levels_that_cross_are_refused(void **state)
{
	static const int64_t crossing[REGIONS][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 1 }, { 1, 1 }, { 1, 0 } };
	const uint32_t counts[REGIONS] = { 20, 30, 40, 50 };
	struct kit *k = make(crossing, counts);
	struct sl_publication p;

	(void)state;
	(void)by(k, &k->plans[0], BY_DISTRICT, SL_STAT_COUNT, 0);
	(void)by(k, NULL, BY_CITY, SL_STAT_COUNT, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 0);
	assert_true(kit_has(&p, SL_RULE_MARGINS));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* Beside districts in a table by both: only the cells that can have rows count, also for who adds up. */
static void test_levels_beside_each_other_in_one_table(void **state)
{
	const uint32_t counts[REGIONS] = { 2, 30, 4, 20 };
	struct kit *k = make(two_and_two, counts);
	struct sl_publication p;
	bool *possible = NULL;
	uint32_t n = 0;

	(void)state;
	kit_level(&k->plans[0], "district", 0);
	(void)by(k, &k->plans[0], BY_REGION, SL_STAT_COUNT, 0);
	(void)by(k, NULL, BY_CITY, SL_STAT_COUNT, 0);
	(void)by(k, NULL, BY_DISTRICT, SL_STAT_COUNT, 0);
	assert_int_equal(sl_levels_possible(&k->setup.view, &k->plans[0], &possible, NULL), SL_OK);
	for (uint32_t cell = 0; cell < 4 * REGIONS; cell++) {
		assert_int_equal(possible[cell], cell / REGIONS == two_and_two[cell % REGIONS][0]);
		n += possible[cell];
	}
	assert_int_equal(n, REGIONS);
	free(possible);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(is_shown(k, &p, 0, 0) || is_shown(k, &p, 0, 1));
	assert_true(is_shown(k, &p, 0, REGIONS + 2) && is_shown(k, &p, 0, REGIONS + 3));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* --- two keys --------------------------------------------------------------------------------------------- */

static enum sl_levels compare(const struct kit *k, uint32_t a, uint32_t b, uint32_t **map)
{
	struct sl_level x = { &k->plans[a], &k->plans[a].keys[0] }, y = { &k->plans[b], &k->plans[b].keys[0] };
	enum sl_levels how = SL_LEVELS_CROSS;

	assert_int_equal(sl_levels_compare(&k->setup.view, x, y, &how, map, NULL), SL_OK);
	return how;
}

static void test_levels_are_compared_by_what_the_reference_table_says(void **state)
{
	static const int64_t of[REGIONS][KIT_ATTRIBUTES] = { { 0, 1 }, { 2, 1 }, { -1, 0 }, { 0, 1 } };
	const uint32_t none[REGIONS] = { 0, 0, 0, 0 };
	struct kit *k = make(of, none);
	uint32_t *map = NULL;

	(void)state;
	make_outputs(k, SL_STAT_COUNT, 0);
	kit_key(&k->plans[3], "gender", KIT_GENDER, false);
	assert_int_equal(compare(k, 0, 0, NULL), SL_LEVELS_SAME);
	assert_int_equal(compare(k, 0, 3, NULL), SL_LEVELS_APART);
	assert_int_equal(compare(k, 0, 1, &map), SL_LEVELS_WITHIN);
	assert_true(map[0] == 0 && map[1] == 2 && map[2] == 3 && map[3] == 0);
	free(map);
	assert_int_equal(compare(k, 2, 1, &map), SL_LEVELS_AROUND);
	assert_true(map[0] == 1 && map[2] == 1 && map[3] == 0);
	free(map);
	kit_free(k);
}

static void test_levels_in_common_number_cells_by_the_coarser(void **state)
{
	const uint32_t none[REGIONS] = { 0, 0, 0, 0 };
	struct kit *k = make(two_and_two, none);
	struct sl_common c;

	(void)state;
	make_outputs(k, SL_STAT_COUNT, 0);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	assert_int_equal(sl_common_find(&k->plans[0], &k->plans[1], &k->setup.view, &c, NULL), SL_OK);
	assert_int_equal(c.ncells, 4);
	for (uint32_t cell = 0; cell < 2 * REGIONS; cell++)
		assert_int_equal(sl_common_cell(&c, 0, cell), two_and_two[cell / 2][0]);
	assert_true(sl_common_keeps(&c, 1, 0));
	assert_false(sl_common_keeps(&c, 0, 0) || sl_common_keeps(&c, 0, 1));
	sl_common_free(&c);
	kit_free(k);
}

/* --- rounding --------------------------------------------------------------------------------------------- */

/* Districts are added up from the printed regions, and so is the city; a hidden region is nothing in them. */
static void test_levels_totals_are_of_the_rounded_regions(void **state)
{
	const uint32_t counts[REGIONS] = { 23, 31, 2, 44 };
	struct kit *k = make(two_and_two, counts);
	struct sl_publication p;

	(void)state;
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	/* The city first: what it is made of stands behind it. */
	(void)by(k, &k->plans[0], BY_CITY, SL_STAT_COUNT, 0);
	(void)by(k, NULL, BY_DISTRICT, SL_STAT_COUNT, 0);
	(void)by(k, NULL, BY_REGION, SL_STAT_COUNT, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_int_equal(kit_cell(k, &p, 2, 0, 0)->value, 25);
	assert_int_equal(kit_cell(k, &p, 2, 1, 0)->value, 30);
	assert_false(is_shown(k, &p, 2, 2));
	assert_int_equal(kit_cell(k, &p, 2, 3, 0)->value, 45);
	assert_int_equal(kit_cell(k, &p, 1, 0, 0)->value, 55);
	assert_int_equal(kit_cell(k, &p, 1, 1, 0)->value, 45);
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, 100);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A unit with rows in two regions is once in their district: it is rounded by itself. */
static void test_levels_units_in_two_regions_are_not_added_up(void **state)
{
	static const int64_t three[REGIONS][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 0 }, { 0, 0 }, { 1, 0 } };
	const uint32_t counts[REGIONS] = { 22, 22, 22, 22 };
	struct kit *k = make(three, counts);
	struct sl_publication p;

	(void)state;
	k->setup.rules.transform = SL_TRANSFORM_ROUND;
	k->setup.rules.transform_base = 5;
	(void)by(k, &k->plans[0], BY_REGION, SL_STAT_UNITS, 0);
	(void)by(k, NULL, BY_DISTRICT, SL_STAT_UNITS, 0);
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(kit_cell(k, &p, 0, 0, 0)->value, 20);
	assert_int_equal(kit_cell(k, &p, 1, 0, 0)->value, 65);
	sl_codec_free(&sl_publication_record, &p);
	k->setup.view.tables[0].one_row_per_unit = 1;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(kit_cell(k, &p, 1, 0, 0)->value, 60);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_the_sibling_of_a_small_region_is_hidden),
		cmocka_unit_test(test_levels_a_district_of_one_small_region_hides_another_district),
		cmocka_unit_test(test_levels_no_small_cell_is_left_to_who_tries_all_tables),
		cmocka_unit_test(test_levels_that_cross_are_refused),
		cmocka_unit_test(test_levels_beside_each_other_in_one_table),
		cmocka_unit_test(test_levels_are_compared_by_what_the_reference_table_says),
		cmocka_unit_test(test_levels_in_common_number_cells_by_the_coarser),
		cmocka_unit_test(test_levels_totals_are_of_the_rounded_regions),
		cmocka_unit_test(test_levels_units_in_two_regions_are_not_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
