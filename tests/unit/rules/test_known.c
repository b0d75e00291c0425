/*
 * test_known.c - who has a value, where a total and a mean of the same rows tell how many do: compared with counts of
 * other conditions, of the request and of releases, as a count is. What is left is attacked by whoever subtracts.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "policy/implied.h"
#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

enum { T = 10, PERSONS = 60, OVER = 1000 }; /* of each of two regions; an amount that is over */
enum { SUM, MEAN };

/* Of each region so many have an amount, and of those so many one that is over. */
static void fill(struct past *t, const uint32_t have[2], const uint32_t over[2])
{
	past_open(t);
	kit_quiet(t->k);
	t->k->setup.rules.threshold = T;
	t->k->setup.rules.numerator = 0;
	t->k->setup.rules.zeros_show = 1;
	t->k->setup.view.tables[0].columns[KIT_AMOUNT].nullable = 1;
	for (uint32_t r = 0; r < 2; r++) {
		struct kit_row *rows = kit_add(t->k, PERSONS, r, 0);
		for (uint32_t u = 0; u < PERSONS; u++) {
			rows[u].missing[KIT_AMOUNT] = u >= have[r];
			rows[u].value[KIT_AMOUNT] = u >= have[r] ? 0 : u < over[r] ? OVER + 1 + u : 1 + u;
			rows[u].value[KIT_AGE] = u % 2;
		}
	}
}

static struct sl_plan *plan(struct past *t, uint32_t i, bool by_region)
{
	struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);

	if (by_region)
		kit_key(p, "region", KIT_REGION, false);
	return p;
}

static void imply(struct past *t, struct sl_plan *p, uint32_t expected)
{
	uint32_t before = p->nstats;

	assert_int_equal(sl_implied_add(p, &t->k->setup.view, &t->err), SL_OK);
	assert_int_equal(sl_plan_check(p, &t->k->setup.view, &t->err), SL_OK);
	assert_int_equal(p->nstats - before, expected);
	for (uint32_t s = before; s < p->nstats; s++)
		assert_true(sl_stat_is_of_known(&p->stats[s]) && !sl_plan_prints(p, s));
}

static void add_sum_and_mean(struct past *t, uint32_t i, bool by_region)
{
	struct sl_plan *p = plan(t, i, by_region);

	kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(p, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	imply(t, p, 1);
}

static void add_count(struct past *t, uint32_t i, bool by_region)
{
	struct sl_plan *p = plan(t, i, by_region);

	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(p, "over", SL_STAT_COUNT_IF, KIT_AMOUNT, OVER);
}

static const struct sl_published_cell *number(const struct past *t, const struct sl_publication *pub, uint32_t first,
                                              uint32_t output, uint32_t cell, uint32_t stat)
{
	return &pub->outputs[output].cells[(size_t)cell * t->k->plans[first + output].nstats + stat];
}

/* --- one of each -------------------------------------------------------------------------------------------- */

static void test_a_count_that_leaves_few_who_have_a_value_goes_and_its_row_stays(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 42, 20 };
	struct past t;

	(void)state;
	fill(&t, have, over);
	add_sum_and_mean(&t, 0, true);
	add_count(&t, 1, true);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	for (uint32_t region = 0; region < 2; region++) {
		assert_true(number(&t, &t.now, 1, 0, region, 0)->shown);
		assert_int_equal(number(&t, &t.now, 1, 0, region, 1)->shown, region == 1);
	}
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_true(f->cell == 0 && f->stat == 1 && f->measured == 3 && f->release > 0);
	past_close(&t);
}

/* The mean says it, and the total stays. */
static void test_a_mean_that_tells_of_few_beside_an_earlier_count_goes(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 42, 20 };
	struct past t;

	(void)state;
	fill(&t, have, over);
	add_count(&t, 0, true);
	add_sum_and_mean(&t, 1, true);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	for (uint32_t region = 0; region < 2; region++) {
		assert_true(number(&t, &t.now, 1, 0, region, SUM)->shown);
		assert_int_equal(number(&t, &t.now, 1, 0, region, MEAN)->shown, region == 1);
		assert_int_equal(number(&t, &t.now, 1, 0, region, 2)->shown, region == 1);
	}
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_true(f->cell == 0 && f->stat == MEAN && f->measured == 3);
	assert_false(kit_has(&t.now, SL_RULE_LINKED));
	past_close(&t);
}

/* Once a mean is gone nobody knows how many have a value. */
static void test_a_sum_alone_is_compared_with_no_count(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 42, 20 };
	struct past t;

	(void)state;
	fill(&t, have, over);
	struct sl_plan *p = plan(&t, 0, true);
	kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	imply(&t, p, 0);
	add_count(&t, 1, true);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_false(kit_has(&t.now, SL_RULE_HISTORY));
	assert_true(number(&t, &t.now, 1, 0, 0, 1)->shown);
	past_close(&t);
}

/* Everybody has a value, of whom the catalogue does not say so: other rows of the same persons are told as before. */
static void test_where_nobody_lacks_a_value_nothing_is_hidden(void **state)
{
	static const uint32_t have[] = { PERSONS, PERSONS }, over[] = { 30, 20 };
	struct past t;

	(void)state;
	fill(&t, have, over);
	add_sum_and_mean(&t, 0, true);
	add_count(&t, 1, true);
	add_sum_and_mean(&t, 2, false);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_int_equal(t.now.nfindings, 0);
	for (uint32_t region = 0; region < 2; region++)
		assert_true(number(&t, &t.now, 1, 0, region, 1)->shown);
	assert_true(number(&t, &t.now, 1, 1, 0, MEAN)->shown);
	past_close(&t);
}

/* A share and the count of its condition: of how many it is known whether they are over. */
static void test_a_share_and_its_count_tell_of_how_many_it_is_known(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 20, 20 };
	struct past t;

	(void)state;
	fill(&t, have, over);
	struct sl_plan *p = plan(&t, 0, true);
	kit_stat(p, "over", SL_STAT_COUNT_IF, KIT_AMOUNT, OVER);
	kit_stat(p, "share", SL_STAT_SHARE, KIT_AMOUNT, OVER);
	kit_stat(p, "age", SL_STAT_SHARE, KIT_AGE, 0);
	imply(&t, p, 1);
	p = kit_plan(t.k);
	kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "some", SL_STAT_COUNT_IF, KIT_AMOUNT, 3); /* all with an amount but three */
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_true(kit_has(&t.now, SL_RULE_HISTORY) || !t.now.releasable);
	past_close(&t);
}

/* --- attacked ----------------------------------------------------------------------------------------------- */

/* What somebody who holds an output knows of a region, or of both, as numbers of persons; UINT32_MAX: nothing. */
struct known {
	uint32_t have, over, persons;
};

static void learn(const struct past *t, const struct sl_publication *pub, uint32_t first, uint32_t output,
                  uint32_t cell, uint32_t have, uint32_t over, struct known *k)
{
	const struct sl_plan *p = &t->k->plans[first + output];
	bool counts = p->stats[1].fn == SL_STAT_COUNT_IF;

	if (!pub->releasable)
		return;
	if (counts && number(t, pub, first, output, cell, 1)->shown)
		k->over = over;
	if (!counts && number(t, pub, first, output, cell, SUM)->shown && number(t, pub, first, output, cell, MEAN)->shown)
		k->have = have;
}

static bool are_few(int64_t n)
{
	return n > 0 && n < T;
}

/* regions[0], [1], and both together: what follows of one by the others is known as well. */
static void complete(struct known k[3])
{
	for (int i = 0; i < 3; i++) {
		const struct known *a = &k[i == 0 ? 1 : 0], *b = &k[i == 2 ? 1 : 2];
		bool sum = i == 2;
		if (k[i].have == UINT32_MAX && a->have != UINT32_MAX && b->have != UINT32_MAX)
			k[i].have = sum ? a->have + b->have : b->have - a->have;
		if (k[i].over == UINT32_MAX && a->over != UINT32_MAX && b->over != UINT32_MAX)
			k[i].over = sum ? a->over + b->over : b->over - a->over;
	}
}

static void attack(const struct past *t, const uint32_t have[2], const uint32_t over[2], uint32_t *found)
{
	struct known k[3];

	for (int i = 0; i < 3; i++)
		k[i] = (struct known){ UINT32_MAX, UINT32_MAX, i == 2 ? 2 * PERSONS : PERSONS };
	for (uint32_t o = 0; o < t->k->setup.nplans; o++) {
		bool before = o < t->earlier, by_region = t->k->plans[o].nkeys > 0;
		const struct sl_publication *pub = before ? &t->before : &t->now;
		uint32_t first = before ? 0 : t->earlier;
		for (uint32_t cell = 0; cell < (by_region ? 2 : 1); cell++)
			learn(t, pub, first, o - first, cell, by_region ? have[cell] : have[0] + have[1],
			      by_region ? over[cell] : over[0] + over[1], &k[by_region ? cell : 2]);
	}
	complete(k);
	for (int i = 0; i < 3; i++) {
		if (k[i].have != UINT32_MAX && k[i].over != UINT32_MAX)
			*found += are_few((int64_t)k[i].have - k[i].over);
		if (k[i].have != UINT32_MAX)
			*found += are_few((int64_t)k[i].persons - k[i].have);
	}
}

static uint32_t drawn(uint64_t *random, uint32_t below)
{
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*random >> 33) % below;
}

/* Two or three outputs, some of them released before the others are asked for. */
static void test_whoever_subtracts_is_left_with_no_few_of_those_who_have_a_value(void **state)
{
	uint32_t hidden = 0, shown = 0;
	uint64_t random = 7;

	(void)state;
	for (uint32_t n = 0; n < 300; n++) {
		uint32_t have[2], over[2], found = 0;
		struct past t;
		for (int r = 0; r < 2; r++) {
			have[r] = drawn(&random, 4) == 0 ? PERSONS : T + drawn(&random, PERSONS - 2 * T);
			over[r] = T + drawn(&random, have[r] - T + 1);
		}
		fill(&t, have, over);
		uint32_t nplans = 2 + drawn(&random, 2), earlier = drawn(&random, 2);
		uint32_t first = drawn(&random, 2);
		for (uint32_t i = 0; i < nplans; i++) {
			bool by_region = drawn(&random, 2);
			if ((i + first) % 2 == 0)
				add_sum_and_mean(&t, i, by_region);
			else
				add_count(&t, i, by_region);
		}
		past_release(&t, earlier);
		assert_int_equal(past_judge(&t), SL_OK);
		attack(&t, have, over, &found);
		if (found > 0)
			fail_msg("round %u: %u and %u have an amount, %u and %u over; it is told of few", n, have[0], have[1],
			         over[0], over[1]);
		hidden += kit_has(&t.now, SL_RULE_HISTORY);
		shown += t.now.releasable && t.now.nfindings == 0;
		past_close(&t);
	}
	print_message("%u with something hidden, %u with nothing to say\n", hidden, shown);
	assert_true(hidden > 20 && shown > 100);
}

static void test_out_of_memory_is_told(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 42, 20 };
	bool failed = true;

	(void)state;
	for (unsigned long n = 1; failed; n++) {
		struct past t;
		fill(&t, have, over);
		add_count(&t, 0, true);
		struct sl_plan *p = plan(&t, 1, true);
		kit_stat(p, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		kit_stat(p, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		failing_at(n);
		enum sl_rc rc = sl_implied_add(p, &t.k->setup.view, &t.err);
		failed = failing_reached() != 0;
		failing_at(0);
		assert_int_equal(rc, failed ? SL_E_NOMEM : SL_OK);
		if (!failed)
			past_release(&t, 1);
		past_close(&t);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	static const uint32_t have[] = { 45, 45 }, over[] = { 42, 20 };
	struct past t;
	unsigned long k = 0;
	bool reached;

	(void)state;
	fill(&t, have, over);
	add_count(&t, 0, true);
	add_sum_and_mean(&t, 1, true);
	past_release(&t, 1);
	do {
		failing_at(++k);
		enum sl_rc rc = past_judge(&t);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		if (reached)
			sl_err_clear(&t.err);
	} while (reached);
	assert_true(k > 50);
	assert_true(kit_has(&t.now, SL_RULE_HISTORY));
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_count_that_leaves_few_who_have_a_value_goes_and_its_row_stays),
		cmocka_unit_test(test_a_mean_that_tells_of_few_beside_an_earlier_count_goes),
		cmocka_unit_test(test_a_sum_alone_is_compared_with_no_count),
		cmocka_unit_test(test_where_nobody_lacks_a_value_nothing_is_hidden),
		cmocka_unit_test(test_a_share_and_its_count_tell_of_how_many_it_is_known),
		cmocka_unit_test(test_whoever_subtracts_is_left_with_no_few_of_those_who_have_a_value),
		cmocka_unit_test(test_out_of_memory_is_told),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
