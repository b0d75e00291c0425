/*
 * test_versions.c - sums and differences of what two versions of a table tell: who is in them cancels out, and few of
 * those who are left have something else now.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"
#include "tests/unit/vault/failing.h"

enum { PAY = 1, AGE = 2 };
#define IS_LARGE (SL_AUDIT_SETS_SMALL < 2)
#define NORTH 0
#define SOUTH 1

/* Two regions of 40, half of each of either sex. */
static struct people *start(void)
{
	struct people *p = people_start(10);

	p->values[0] = p->values[1] = 2;
	for (int region = 0; region < 2; region++)
		for (int sex = 0; sex < 2; sex++)
			people_add(p, 20, region, sex, 0, 0);
	return p;
}

/* One cell, or one of each value: region and sex as asked for, or -1. */
struct asked {
	bool by_region, by_sex;
	int region, sex;
	uint32_t tells;
};
#define TOTAL { false, false, -1, -1, PAY }
#define REGIONS { true, false, -1, -1, PAY }
#define SEXES { false, true, -1, -1, PAY }
#define ONE(region, sex) { false, false, region, sex, PAY }
#define ASKED_MAX 3

static void ask(struct people *p, const struct asked *a, int version)
{
	struct people_output *o = people_output(p, BY(a->by_region, a->by_sex), OF(a->region, a->sex, -1, -1));

	o->version = version;
	o->tells = a->tells;
}

static void ask_all(struct people *p, const struct asked asked[static ASKED_MAX], int version)
{
	for (uint32_t i = 0; i < ASKED_MAX && asked[i].tells != 0; i++)
		ask(p, &asked[i], version);
}

/* The first n of a region, and most of the other. */
static void change(struct people *p, uint32_t n, uint32_t columns)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->has[i][0] == SOUTH ? i % 40 < 30 : i % 40 < n)
			p->changed[i] |= columns;
}

static uint32_t hidden_in(const struct people *p, uint32_t output)
{
	uint32_t n = 0;

	for (uint32_t s = 0; s < p->outputs[output].nsets; s++)
		n += people_is_hidden(p, output, s);
	return n;
}

static uint32_t hidden_since(const struct people *p, uint32_t first)
{
	uint32_t n = 0;

	for (uint32_t o = first; o < p->noutputs; o++)
		n += hidden_in(p, o);
	return n;
}

/* What is left is the north, before and now. Fewer than ten have changed there, or nobody: something is hidden. */
static const struct {
	struct asked then[ASKED_MAX], now[ASKED_MAX];
	bool few; /* of so few sets that it is found however many there are */
} ways[] = {
	{ { REGIONS }, { TOTAL, ONE(SOUTH, -1) }, true },                       /* all but the south */
	{ { TOTAL, ONE(SOUTH, -1) }, { ONE(NORTH, -1) }, true },                /* the other way round */
	{ { TOTAL, ONE(SOUTH, -1) }, { TOTAL, ONE(SOUTH, -1) }, true },         /* a difference, and a difference */
	{ { TOTAL, ONE(SOUTH, -1) }, { SEXES, ONE(SOUTH, -1) }, false },
	{ { ONE(NORTH, -1) }, { ONE(NORTH, 0), ONE(NORTH, 1) }, true },         /* cells of two outputs, together */
	{ { ONE(NORTH, 0), ONE(NORTH, 1) }, { TOTAL, ONE(SOUTH, -1) }, false },
	{ { ONE(NORTH, -1), ONE(SOUTH, 0) }, { TOTAL, ONE(SOUTH, -1), ONE(SOUTH, 0) }, true },
};

static void test_what_is_left_of_several_numbers_is_not_told_in_two_versions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		for (uint32_t n = 0; n <= 11; n++) {
			struct people *p = start();
			ask_all(p, ways[i].then, 0);
			people_audit(p, true);
			uint32_t first = p->noutputs;
			assert_int_equal(hidden_since(p, 0), 0);
			change(p, n, PAY);
			ask_all(p, ways[i].now, 1);
			people_audit(p, true);
			bool hidden = n < 10 && (ways[i].few || !IS_LARGE);
			if (hidden_since(p, first) != hidden)
				fail_msg("way %zu, %u have changed: %u are hidden", i, n, hidden_since(p, first));
			assert_true(!hidden || (p->audit.hits[0].units == n && p->audit.hits[0].other < p->places[first].first_set));
			assert_int_equal(p->audit.versions_given_up, IS_LARGE);
			people_finish(p);
		}
}

/* The total of the new version is told already, and nobody of the north is in what is asked then. */
static void test_a_number_of_the_same_version_that_left_before_counts(void **state)
{
	static const struct asked regions = REGIONS, total = TOTAL, south = ONE(SOUTH, -1);

	(void)state;
	for (uint32_t n = 0; n <= 11; n++) {
		struct people *p = start();
		ask(p, &regions, 0);
		people_audit(p, true);
		change(p, n, PAY);
		ask(p, &total, 1);
		people_audit(p, true);
		assert_int_equal(hidden_in(p, 1), 0);
		ask(p, &south, 1);
		people_audit(p, true);
		assert_int_equal(hidden_in(p, 2), n < 10);
		/* What the version has told by itself may be told of it again: with the south the north is. */
		if (n >= 10) {
			ask(p, &regions, 1);
			people_audit(p, true);
			assert_int_equal(hidden_in(p, 3), 0);
		}
		people_finish(p);
	}
}

/* In the south many have another pay; each column is looked at by itself, where all tell it. */
static void test_only_a_column_that_all_of_them_tell_is_looked_at(void **state)
{
	static const struct { uint32_t then, total, south; bool hidden; } cases[] = {
		{ PAY, PAY, PAY, true },        { AGE, PAY, PAY, false },       { PAY, PAY, AGE, false },
		{ PAY, PAY | AGE, PAY, true },  { PAY | AGE, AGE, AGE, true },  { PAY, PAY, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct people *p = start();
		struct asked then = REGIONS, total = TOTAL, south = ONE(SOUTH, -1);
		then.tells = cases[i].then;
		total.tells = cases[i].total;
		south.tells = cases[i].south;
		ask(p, &then, 0);
		people_audit(p, true);
		change(p, 3, PAY | AGE);
		ask(p, &total, 1);
		ask(p, &south, 1);
		people_audit(p, true);
		assert_int_equal(hidden_since(p, 1), cases[i].hidden);
		people_finish(p);
	}
}

/* Read in another way, or without prints: nobody is known to have changed, however many have. */
static void test_what_cannot_be_compared_counts_as_unchanged(void **state)
{
	static const struct asked regions = REGIONS, total = TOTAL, south = ONE(SOUTH, -1);

	(void)state;
	for (int other = 0; other < 3; other++) {
		struct people *p = start();
		struct sl_err err = { 0 };
		ask(p, &regions, 0);
		people_audit(p, true);
		change(p, 30, PAY);
		ask(p, &total, 1);
		ask(p, &south, 1);
		people_prepare(p);
		for (int o = 1; o <= 2; o++)
			p->printed[o][0].way = other == 1 ? 99 : other == 2 ? 0 : p->printed[o][0].way;
		p->printed[0][0].way = other == 2 ? 0 : p->printed[0][0].way;
		assert_int_equal(people_ask(p, false, &err), SL_OK);
		assert_true(other == 0 ? p->audit.nhits == 0 : p->audit.nhits > 0);
		people_finish(p);
	}
}

/* Everybody has another pay, as in most years: all is told again, in any cut. */
static void test_where_many_have_changed_everywhere_nothing_is_hidden(void **state)
{
	static const struct asked all[] = { TOTAL, REGIONS, SEXES, { true, true, -1, -1, PAY } };

	(void)state;
	struct people *p = start();
	for (int version = 0; version < 2; version++) {
		for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
			ask(p, &all[i], version);
		change(p, version > 0 ? 40 : 0, version > 0 ? PAY : 0);
		for (uint32_t i = 0; version > 0 && i < p->n; i++)
			p->changed[i] = PAY;
		people_audit(p, true);
		assert_int_equal(hidden_since(p, 0), 0);
	}
	people_finish(p);
}

static void test_every_allocation_may_fail(void **state)
{
	struct sl_err err = { 0 };
	uint32_t n = 0;

	(void)state;
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		struct people *p = start();
		ask_all(p, ways[0].then, 0);
		people_audit(p, true);
		change(p, 3, PAY);
		ask_all(p, ways[0].now, 1);
		people_prepare(p);
		failing_at(n + 1);
		rc = people_ask(p, false, &err);
		failing_at(0);
		assert_true(rc == SL_E_NOMEM || (rc == SL_OK && p->audit.nhits == 1));
		people_finish(p);
	}
	assert_true(n > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_left_of_several_numbers_is_not_told_in_two_versions),
		cmocka_unit_test(test_a_number_of_the_same_version_that_left_before_counts),
		cmocka_unit_test(test_only_a_column_that_all_of_them_tell_is_looked_at),
		cmocka_unit_test(test_what_cannot_be_compared_counts_as_unchanged),
		cmocka_unit_test(test_where_many_have_changed_everywhere_nothing_is_hidden),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("history: versions", tests, NULL, NULL);
}
