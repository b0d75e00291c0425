/*
 * test_history_numbers.c - of a row that would tell of few beside an earlier release the number goes that does, and
 * what could give it back; the others of the row stay. What is left is attacked by trying every table there is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/rules/past.h"

enum { FIRST = 40, SECOND = 50 }; /* persons of each gender in either region */

/* Of the first region 30 and 4 are sick, of the second 25 and 25. */
static void fill(struct past *t)
{
	static const uint32_t sick[4] = { 30, 4, 25, 25 };

	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = 10;
	t->k->setup.rules.numerator = 0;
	t->k->setup.rules.zeros_show = 1; /* of the two other regions nobody is */
	for (uint32_t i = 0; i < 4; i++) {
		struct kit_row *rows = kit_add(t->k, i < 2 ? FIRST : SECOND, i / 2, i % 2);
		for (uint32_t u = 0; u < (i < 2 ? FIRST : SECOND); u++) {
			rows[u].value[KIT_SICK] = u < sick[i];
			rows[u].value[KIT_AMOUNT] = 100 + u;
		}
	}
}

enum keys { BY_BOTH, BY_GENDER, BY_NOTHING };

static struct sl_plan *add_sick(struct past *t, enum keys keys)
{
	struct sl_plan *p = kit_plan(t->k);

	if (keys == BY_BOTH)
		kit_key(p, "region", KIT_REGION, false);
	if (keys != BY_NOTHING)
		kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	return p;
}

/* How many are sick by region left before; then it is asked for by gender, too. */
static struct sl_plan *ask(struct past *t)
{
	fill(t);
	kit_stat(past_persons(t, 0, false), "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	return add_sick(t, BY_BOTH);
}

static uint32_t cell_of(uint32_t region, uint32_t gender)
{
	return region * 2 + gender;
}

static const struct sl_published_cell *number(const struct past *t, uint32_t output, uint32_t cell, uint32_t stat)
{
	return &t->now.outputs[output].cells[(size_t)cell * t->k->plans[output + 1].nstats + stat];
}

static void test_a_number_goes_with_what_could_give_it_back_and_its_row_stays(void **state)
{
	enum { PERSONS, SICK, SHARE, AMOUNT };
	struct past t;

	(void)state;
	struct sl_plan *p = ask(&t);
	kit_stat(p, "share", SL_STAT_SHARE, KIT_SICK, 0);
	kit_stat(p, "amount", SL_STAT_SUM, KIT_AMOUNT, 0);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	for (uint32_t region = 0; region < 2; region++)
		for (uint32_t gender = 0; gender < 2; gender++) {
			uint32_t cell = cell_of(region, gender);
			assert_true(number(&t, 0, cell, PERSONS)->shown);
			assert_true(number(&t, 0, cell, AMOUNT)->shown);
			assert_int_equal(number(&t, 0, cell, SICK)->shown, region == 1);
			assert_int_equal(number(&t, 0, cell, SHARE)->shown, region == 1);
		}
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_true(f->cell == cell_of(0, 0) && (f->stat == SICK || f->stat == SHARE) && f->measured == 4);
	past_close(&t);
}

/* --- attacked ------------------------------------------------------------------------------------------------- */

/* Whether a table of the sick says what is printed: of an output, by its keys. */
static bool agrees(const struct past *t, uint32_t output, enum keys keys, const uint32_t sick[4])
{
	static const struct sl_published_cell hidden = { 0 };

	for (uint32_t g = 0; g < 2; g++)
		for (uint32_t r = 0; r < 2; r++) {
			uint32_t cell = keys == BY_BOTH ? cell_of(r, g) : keys == BY_GENDER ? g : 0;
			uint32_t is = keys == BY_BOTH ? sick[r * 2 + g] : keys == BY_GENDER ? sick[g] + sick[2 + g]
			                                                                    : sick[0] + sick[1] + sick[2] + sick[3];
			const struct sl_published_cell *told = output < t->now.noutputs ? number(t, output, cell, 1) : &hidden;
			if (told->shown && told->value != is)
				return false;
		}
	return true;
}

/* The fewest and most who may be sick in the cell with four of them. */
static void attack(const struct past *t, const enum keys *keys, uint32_t n, uint32_t *least, uint32_t *most)
{
	uint32_t sick[4];

	*least = UINT32_MAX;
	*most = 0;
	for (sick[0] = 0; sick[0] <= 34; sick[0]++)
		for (sick[2] = 0; sick[2] <= SECOND; sick[2]++) {
			bool all = true;
			sick[1] = 34 - sick[0]; /* both regions left before */
			sick[3] = 50 - sick[2];
			for (uint32_t i = 0; i < n && all; i++)
				all = agrees(t, i, keys[i], sick);
			if (!all)
				continue;
			*least = sick[1] < *least ? sick[1] : *least;
			*most = sick[1] > *most ? sick[1] : *most;
		}
}

static void test_no_table_of_what_is_left_tells_how_few_are_sick(void **state)
{
	static const struct {
		uint32_t n;
		enum keys keys[3];
	} cases[] = { { 1, { BY_BOTH } }, { 2, { BY_BOTH, BY_GENDER } }, { 2, { BY_BOTH, BY_NOTHING } },
		{ 2, { BY_GENDER, BY_BOTH } }, { 3, { BY_BOTH, BY_GENDER, BY_NOTHING } } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct past t;
		uint32_t least, most;
		fill(&t);
		kit_stat(past_persons(&t, 0, false), "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
		for (uint32_t k = 0; k < cases[i].n; k++)
			(void)add_sick(&t, cases[i].keys[k]);
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		attack(&t, cases[i].keys, cases[i].n, &least, &most);
		if (least > 0 || most < 10)
			fail_msg("case %zu: %u to %u of the few are sick", i, least, most);
		for (uint32_t k = 0; k < cases[i].n; k++)
			for (uint32_t n = 0; n < t.now.outputs[k].ncells; n += 2)
				assert_true(t.now.outputs[k].cells[n].shown); /* how many persons there are */
		past_close(&t);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	struct past t;

	(void)state;
	kit_stat(ask(&t), "amount", SL_STAT_SUM, KIT_AMOUNT, 0);
	past_release(&t, 1);
	past_judge_failing(&t, SL_RULE_HISTORY);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_number_goes_with_what_could_give_it_back_and_its_row_stays),
		cmocka_unit_test(test_no_table_of_what_is_left_tells_how_few_are_sick),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
