/*
 * test_reader.c - random requests of outputs of several kinds, one after the other while the table changes, and who
 * reads all that is let go: no few persons can be named, and counted or added up, from what is printed. Where they can,
 * the reviewer was told that conditions differ, or that proof is missing. Nor that nobody is where that was hidden. Who
 * knows all of the persons but what they owe is not told what few owe more in one version than in another.
 *
 * SL_READER_HISTORIES and SL_READER_SEED in the environment try more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/confine/crew.h"
#include "policy/history/predicate.h"
#include "tests/agreement/reader.h"
#include "tests/agreement/wish.h"

struct seen {
	uint32_t requests, released, numbers, tried, large, unsaid, told, nobody;
};

static bool is_reviewer_told(const struct census *c)
{
	for (uint32_t n = 0; n < c->nreleases; n++)
		for (uint32_t f = 0; f < c->releases[n].pub.nfindings && c->releases[n].released; f++) {
			uint8_t rule = c->releases[n].pub.findings[f].rule;
			if (rule == SL_RULE_DIFFERENCING || rule == SL_RULE_DEPTH)
				return true;
		}
	return false;
}

static void fail_with(const struct reader *r, uint64_t seed)
{
	const struct reader_secret *secrets[] = { &r->few, &r->amount, &r->change, &r->nobody };
	static const char *const what[] = { "counted", "added up", "changed since", "nobody is there" };

	census_tell(r->census);
	for (int i = 0; i < 4; i++)
		if (secrets[i]->found)
			reader_tell(r, what[i], secrets[i]);
	fail_msg("SL_READER_SEED=%llu: printed numbers tell of a few persons", (unsigned long long)seed);
}

static void attack(const struct census *c, bool knowing, uint64_t seed, struct seen *seen)
{
	struct reader *r = malloc(sizeof *r);

	assert_non_null(r);
	if (reader_read(r, c, knowing)) {
		reader_try(r);
		seen->tried++;
		seen->unsaid += !r->through;
		seen->numbers += r->nnumbers;
		bool told = is_reviewer_told(c), found = r->few.found || r->amount.found || r->change.found;
		if (found && !told)
			fail_with(r, seed);
		seen->told += found;
		seen->nobody += r->nobody.found && !told;
	} else {
		seen->large++;
	}
	reader_close(r);
	free(r);
}

static void play(uint64_t seed, struct seen *seen)
{
	struct census *c = malloc(sizeof *c);

	assert_non_null(c);
	census_begin(c, seed);
	for (uint32_t n = 1 + census_draw(c, CENSUS_RELEASES); n > 0; n--) {
		struct census_release *r = census_release(c);
		census_draw_request(c, r);
		census_judge(c, r);
		seen->requests++;
		seen->released += r->released;
		if (n > 1)
			census_change(c);
	}
	attack(c, false, seed, seen);
	attack(c, true, seed, seen);
	census_fini(c);
	free(c);
}

static void test_reader_names_no_few_persons(void **state)
{
	uint64_t histories = wish("SL_READER_HISTORIES", 300), first = wish("SL_READER_SEED", 1);
	struct seen seen = { 0 };

	(void)state;
	for (uint64_t seed = first; seed < first + histories; seed++)
		play(seed, &seen);
	print_message("%llu histories: %u requests, %u released; %u attacked (%u numbers, %u not to the end), %u too large; "
	              "of %u a reviewer was told; %u tell that nobody is "
	              "where it was hidden\n",
	              (unsigned long long)histories, seen.requests, seen.released, seen.tried,
	              seen.numbers, seen.unsaid, seen.large, seen.told, seen.nobody);
	if (histories < 100)
		return;
	/* That it is worth attacking. */
	assert_true(seen.released > seen.requests / 2);
	assert_true(seen.numbers > 4 * histories);
	assert_true(seen.tried > histories * 9 / 10);
	assert_true(seen.unsaid < histories / 20);
	assert_true(seen.told < histories / 20);
	assert_true(seen.nobody <= histories / 1000);
}

/* Twelve persons, of whom two outputs tell: each may leave by itself, and beside the other one of them may not. */
static struct census *open_twelve(void)
{
	struct census *c = malloc(sizeof *c);

	assert_non_null(c);
	census_begin(c, 1);
	c->setup.rules = (struct sl_rules){ .threshold = 4, .dof = 4, .group_percent = 90000, .context = 1,
		.small_complement = 1 };
	c->npersons = 12;
	return c;
}

static void let_go(struct census *c, struct census_release *release, bool beside)
{
	if (beside)
		census_judge(c, release);
	else
		census_judge_alone(c, release);
}

static void read_both(struct reader *r, struct census *c, bool beside, bool knowing)
{
	assert_true(c->releases[0].released);
	assert_int_equal(c->releases[1].released, !beside);
	assert_true(reader_read(r, c, knowing));
	reader_try(r);
}

static void close_twelve(struct census *c, struct reader *r)
{
	reader_close(r);
	census_fini(c);
	free(c);
	free(r);
}

/*
 * The attacker finds what there is: of two towns 5 and 4 persons owe, one and two do not. Asked for by themselves both
 * outputs are let go, one beside the other nothing may be left of either.
 */
static void test_reader_finds_what_two_outputs_tell_apart_from_each_other(void **state)
{
	static const enum census_column town[] = { CENSUS_TOWN };

	(void)state;
	for (int beside = 0; beside < 2; beside++) {
		struct reader *r = malloc(sizeof *r);
		struct census *c = open_twelve();
		assert_non_null(r);
		for (uint32_t p = 0; p < 12; p++)
			c->type[0][p] = (int16_t)((p >= 6) + (p == 0 || p > 9 ? 0 : 2 * CENSUS_TOWNS * CENSUS_AGES));
		memcpy(c->type[1], c->type[0], sizeof c->type[0]);
		for (int n = 0; n < 2; n++) {
			struct census_release *release = census_release(c);
			census_output(c, release, town, n == 0, n == 0 ? CENSUS_ALL : CENSUS_OWES);
			census_stat(c, release, SL_STAT_UNITS, CENSUS_ALL);
			release->version = 0;
			let_go(c, release, beside);
		}
		read_both(r, c, beside, false);
		assert_int_equal(r->few.found, !beside);
		if (!beside)
			assert_int_equal(r->few.persons, 3);
		close_twelve(c, r);
	}
}

/*
 * And what one person owes more: six are in each of two towns, all of the first one owe another amount in the second
 * version, and one of the other. Its total less that town is the other town, which was told of the first version.
 */
static void test_reader_finds_what_two_versions_tell_of_one_person(void **state)
{
	static const enum census_column town[] = { CENSUS_TOWN };

	(void)state;
	for (int beside = 0; beside < 2; beside++) {
		struct reader *r = malloc(sizeof *r);
		struct census *c = open_twelve();
		assert_non_null(r);
		for (uint32_t p = 0; p < 12; p++) {
			c->type[0][p] = (int16_t)((p >= 6) + 2 * CENSUS_TOWNS * CENSUS_AGES * (p % 5));
			c->type[1][p] = (int16_t)(c->type[0][p] + (p <= 6 ? 2 * CENSUS_TOWNS * CENSUS_AGES : 0));
		}
		for (int n = 0; n < 2; n++) {
			struct census_release *release = census_release(c);
			census_output(c, release, town, n == 0, CENSUS_ALL);
			census_stat(c, release, SL_STAT_UNITS, CENSUS_ALL);
			census_stat(c, release, SL_STAT_SUM, CENSUS_ALL);
			if (n == 1) {
				census_output(c, release, town, 0, CENSUS_IN_TOWN_0);
				census_stat(c, release, SL_STAT_UNITS, CENSUS_ALL);
				census_stat(c, release, SL_STAT_SUM, CENSUS_ALL);
			}
			let_go(c, release, beside);
		}
		read_both(r, c, beside, true);
		assert_int_equal(r->change.found, !beside);
		if (!beside)
			assert_int_equal(r->change.persons, 1);
		close_twelve(c, r);
	}
}

static void list_conditions(struct census *c, enum census_column key, enum census_condition asks, uint32_t cell,
                            struct sl_predicate_part **parts, uint32_t *nparts)
{
	struct census_release *r = &c->releases[0];
	struct sl_predicate p;
	struct sl_err err = { 0 };

	r->noutputs = 0;
	census_output(c, r, &key, asks == CENSUS_ALL, asks);
	assert_int_equal(sl_predicate_init(&p, &r->plans[0], &c->setup.view, &err), SL_OK);
	assert_int_equal(sl_predicate_set(&p, cell, parts, nparts, &err), SL_OK);
	sl_predicate_fini(&p);
}

/* Whether asked for by a condition or by a key, it is one group. Two groups are none, nor is a number. */
static void test_reader_a_condition_on_one_group_is_that_of_the_key(void **state)
{
	static const struct {
		enum census_condition asks;
		enum census_column key;
		uint32_t cell;
		bool same;
	} cases[] = { { CENSUS_IS_SICK, CENSUS_SICK, 1, true }, { CENSUS_IS_SICK, CENSUS_SICK, 0, false },
		{ CENSUS_IS_WELL, CENSUS_SICK, 0, true }, { CENSUS_IS_WELL, CENSUS_SICK, 1, false },
		{ CENSUS_IN_TOWN_0, CENSUS_TOWN, 0, true }, { CENSUS_IN_TOWN_0, CENSUS_TOWN, 1, false },
		{ CENSUS_NOT_OLD, CENSUS_AGE, 0, false }, { CENSUS_NOT_OLD, CENSUS_AGE, 1, false } };
	struct census *c = malloc(sizeof *c);

	(void)state;
	assert_non_null(c);
	census_begin(c, 1);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_predicate_part *x, *y;
		uint32_t nx, ny;
		list_conditions(c, cases[i].key, cases[i].asks, 0, &x, &nx);
		list_conditions(c, cases[i].key, CENSUS_ALL, cases[i].cell, &y, &ny);
		assert_int_equal(nx, 2);
		assert_int_equal(ny, 2);
		assert_int_equal(memcmp(x, y, 2 * sizeof *x) == 0, cases[i].same);
		free(x);
		free(y);
	}
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader_a_condition_on_one_group_is_that_of_the_key),
		cmocka_unit_test(test_reader_finds_what_two_outputs_tell_apart_from_each_other),
		cmocka_unit_test(test_reader_finds_what_two_versions_tell_of_one_person),
		cmocka_unit_test(test_reader_names_no_few_persons),
	};
	struct sl_err err = { 0 };

	if (sl_crew_start(1, &err) != SL_OK) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
