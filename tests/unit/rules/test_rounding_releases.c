/*
 * test_rounding_releases.c - counts of two releases, each printed by the rules of its time: exact, to the nearest 5, to
 * midpoints of 6, at random to multiples of 3. A request is refused just where who tries all tables has too few left.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"

#define THRESHOLD 9
#define MOST 120          /* persons in a region */
#define LEAST 3           /* numbers that must be left of one that is printed, however it is rounded */
#define REGIONS 2

struct rounding {
	enum sl_transform transform;
	uint32_t base;
};

static const struct rounding roundings[] = { { SL_TRANSFORM_NONE, 0 }, { SL_TRANSFORM_ROUND, 5 },
	{ SL_TRANSFORM_MIDPOINT, 6 }, { SL_TRANSFORM_RANDOM, 3 } };

/* Whether n may be printed so. */
static bool may_print(const struct rounding *r, int64_t n, int64_t printed)
{
	if (n < THRESHOLD)
		return false;
	switch (r->transform) {
	case SL_TRANSFORM_ROUND:
		return (n + 2) / 5 * 5 == printed;
	case SL_TRANSFORM_MIDPOINT:
		return (n + 5) / 6 * 6 - 3 == printed;
	case SL_TRANSFORM_RANDOM:
		return n - printed < 3 && printed - n < 3;
	default:
		return n == printed;
	}
}

/* What a release prints of a region: two genders, or both together. */
struct printed {
	struct rounding by;
	bool by_gender;
	int64_t number[2];
};

static bool fits(const struct printed *p, int64_t men, int64_t women)
{
	if (!p->by_gender)
		return may_print(&p->by, men + women, p->number[0]);
	return may_print(&p->by, men, p->number[0]) && may_print(&p->by, women, p->number[1]);
}

/* The men, the women and all of them: how many numbers are left of each. */
static void count_left(const struct printed *before, const struct printed *now, uint32_t left[3])
{
	bool seen[3][MOST + 1] = { 0 };

	for (int64_t men = 0; men <= MOST; men++)
		for (int64_t women = 0; men + women <= MOST; women++)
			if (fits(before, men, women) && (now == NULL || fits(now, men, women)))
				seen[0][men] = seen[1][women] = seen[2][men + women] = true;
	for (int i = 0; i < 3; i++)
		for (int64_t n = 0; n <= MOST; n++)
			left[i] += seen[i][n];
}

static bool is_printed(const struct printed *p, int i)
{
	return p->by_gender == (i < 2);
}

/* A number that is printed, of which the request leaves fewer than it must, and what was before did not. */
static bool is_told(const struct printed *before, const struct printed *now)
{
	uint32_t then[3] = { 0 }, after[3] = { 0 };
	bool told = false;

	count_left(before, NULL, then);
	count_left(before, now, after);
	for (int i = 0; i < 3; i++)
		told = told || ((is_printed(before, i) || is_printed(now, i)) && then[i] >= LEAST && after[i] < LEAST);
	return told;
}

static void read_region(const struct sl_publication *pub, uint32_t region, struct printed *p)
{
	for (uint32_t i = 0; i < (p->by_gender ? 2u : 1u); i++) {
		const struct sl_published_cell *c = &pub->outputs[0].cells[p->by_gender ? region * 2 + i : region];
		assert_int_equal(c->shown, 1);
		p->number[i] = c->value;
	}
}

struct tally {
	uint32_t asked, refused, of_random;
};

static void set_rounding(struct sl_rules *rules, const struct rounding *by)
{
	rules->transform = (uint8_t)by->transform;
	rules->transform_base = by->base;
}

static void play(struct printed before, struct printed now, uint64_t key, struct tally *tally)
{
	struct past t;
	struct sl_publication alone;
	bool told = false;

	past_open(&t);
	kit_quiet(t.k);
	t.k->setup.rules.threshold = THRESHOLD;
	set_rounding(&t.k->setup.rules, &before.by);
	t.k->drawn_with = key;
	for (uint32_t region = 0; region < REGIONS; region++)
		for (uint32_t gender = 0; gender < 2; gender++)
			(void)kit_add(t.k, 20 + (uint32_t)(key * 7 + region * 3 + gender * 5) % 11, region, gender);
	past_persons(&t, 0, before.by_gender);
	past_persons(&t, 1, now.by_gender);
	past_release(&t, 1);
	set_rounding(&t.k->setup.rules, &now.by);
	kit_count(t.k);
	t.setup.rules = t.k->setup.rules;
	t.setup.nspaces = 0;
	assert_int_equal(sl_check_run(&t.setup, t.k->plans + 1, t.k->results + 1, &alone, &t.err), SL_OK);
	t.setup.nspaces = 1;
	assert_int_equal(past_judge(&t), SL_OK);
	for (uint32_t region = 0; region < REGIONS; region++) {
		read_region(&t.before, region, &before);
		read_region(&alone, region, &now);
		told = told || is_told(&before, &now);
	}
	assert_int_equal(kit_has(&t.now, SL_RULE_ROUNDING), told);
	assert_int_equal(t.now.releasable, !told);
	tally->asked++;
	tally->refused += told;
	tally->of_random += told && before.by.transform == SL_TRANSFORM_RANDOM && now.by.transform == SL_TRANSFORM_RANDOM;
	sl_codec_free(&sl_publication_record, &alone);
	past_close(&t);
}

static void test_numbers_of_two_releases_are_refused_where_trying_all_tables_unpicks_them(void **state)
{
	struct tally t = { 0 };

	(void)state;
	for (size_t b = 0; b < sizeof roundings / sizeof roundings[0]; b++)
		for (size_t n = 1; n < sizeof roundings / sizeof roundings[0]; n++)
			for (uint32_t shape = 0; shape < 4; shape++)
				/* Of two drawn alike few are unpicked: more of those. */
				for (uint64_t key = 1; key <= (b == 3 && n == 3 ? 100 : 16); key++)
					play((struct printed){ .by = roundings[b], .by_gender = shape & 1 },
					     (struct printed){ .by = roundings[n], .by_gender = shape >> 1 }, key, &t);
	print_message("%u requests, %u refused, %u of them beside numbers at random as its own are\n", t.asked, t.refused,
	              t.of_random);
	assert_true(t.refused > 50 && t.of_random > 0 && t.refused < t.asked / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_of_two_releases_are_refused_where_trying_all_tables_unpicks_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
