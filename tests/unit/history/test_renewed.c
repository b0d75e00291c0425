/*
 * test_renewed.c - one question in two versions of a table: cells are hidden where fewer than the threshold have
 * something else now, nobody included, and where it cannot be known.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"
#include "tests/unit/vault/failing.h"

enum { PAY = 1, AGE = 2 };

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

static struct people_output *ask(struct people *p, const bool by[ATTRIBUTES], int version, uint32_t tells)
{
	struct people_output *o = people_output(p, by, ANY);

	o->version = version;
	o->tells = tells;
	return o;
}

/* The first n of a region; of a sex, too, where it is not -1. */
static void change(struct people *p, uint32_t n, int region, int sex, uint32_t columns)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (n > 0 && p->has[i][0] == region && (sex < 0 || p->has[i][1] == sex)) {
			p->changed[i] |= columns;
			n--;
		}
}

static void test_a_cell_in_which_few_have_changed_is_hidden_and_none_are_few(void **state)
{
	(void)state;
	for (uint32_t n = 0; n <= 12; n++) {
		struct people *p = start();
		ask(p, BY(true), 0, PAY);
		people_audit(p, true);
		change(p, n, 0, -1, PAY);
		change(p, 12, 1, -1, PAY);
		ask(p, BY(true), 1, PAY);
		people_audit(p, true);
		assert_int_equal(people_is_hidden(p, 1, 0), n < 10);
		assert_false(people_is_hidden(p, 1, 1));
		assert_int_equal(sl_audit_all_repeat(&p->audit), SL_AUDIT_RENEWED);
		if (n < 10) {
			assert_int_equal(p->audit.nhits, 1);
			assert_int_equal(p->audit.hits[0].units, n);
			assert_int_equal(p->audit.hits[0].other, 0);
		}
		people_finish(p);
	}
}

static void test_the_same_version_gives_the_same_answer(void **state)
{
	struct people *p = start();

	(void)state;
	ask(p, BY(true), 1, PAY);
	people_audit(p, true);
	ask(p, BY(true), 1, PAY | AGE);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	people_finish(p);
}

/* Fifty have another pay; of one the age is another one, too. What tells of no common column is another question. */
static void test_each_column_that_both_tell_is_looked_at_by_itself(void **state)
{
	static const struct { uint32_t then, now; bool hidden; } cases[] = {
		{ PAY, PAY, false }, { PAY, PAY | AGE, false }, { PAY | AGE, PAY, false }, { PAY | AGE, PAY | AGE, true },
		{ AGE, AGE, true },  { PAY, AGE, false },       { PAY, 0, false },         { 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct people *p = start();
		ask(p, BY(true), 0, cases[i].then);
		people_audit(p, true);
		change(p, 30, 0, -1, PAY);
		change(p, 30, 1, -1, PAY);
		change(p, 1, 0, -1, AGE);
		ask(p, BY(true), 1, cases[i].now);
		people_audit(p, true);
		assert_int_equal(people_is_hidden(p, 1, 0), cases[i].hidden);
		people_finish(p);
	}
}

/* A total, and cells that make it up: in either order, and both of another table's cut. */
static void test_cells_that_hold_together_whom_an_earlier_table_held_are_compared_with_it(void **state)
{
	const struct { const bool *then, *now; } cases[] = {
		{ ALL, BY(true) }, { BY(true), ALL }, { BY(true), BY(false, true) }, { BY(true), BY(true, true) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (uint32_t n = 1; n <= 10; n += 9) {
			struct people *p = start();
			ask(p, cases[i].then, 0, PAY);
			people_audit(p, true);
			change(p, n, 0, 0, PAY);
			ask(p, cases[i].now, 1, PAY);
			people_audit(p, true);
			bool hidden = false;
			for (uint32_t s = 0; s < p->outputs[1].nsets; s++)
				hidden = hidden || people_is_hidden(p, 1, s);
			/* In the other region nobody has changed, where there is one. */
			assert_int_equal(hidden, n < 10 || i == 3);
			people_finish(p);
		}
}

/* A column that the one reads in another way, or of which there is no print: who has changed is not known. */
static void test_what_cannot_be_compared_counts_as_unchanged(void **state)
{
	(void)state;
	for (int other = 0; other < 3; other++) {
		struct people *p = start();
		struct sl_err err = { 0 };
		ask(p, BY(true), 0, PAY);
		people_audit(p, true);
		change(p, 30, 0, -1, PAY);
		change(p, 30, 1, -1, PAY);
		ask(p, BY(true), 1, PAY);
		people_prepare(p);
		p->printed[1][0].way = other == 1 ? 99 : p->printed[1][0].way;
		p->printed[0][0].way = other == 2 ? 0 : p->printed[0][0].way;
		p->printed[1][0].way = other == 2 ? 0 : p->printed[1][0].way;
		assert_int_equal(people_ask(p, false, &err), SL_OK);
		assert_int_equal(p->audit.nhits, other == 0 ? 0 : 2);
		people_finish(p);
	}
}

/* Hidden since few had changed; later enough have: that number is not the one that was hidden. */
static void test_what_one_version_hides_a_later_one_may_tell(void **state)
{
	struct people *p = start();

	(void)state;
	for (int version = 0; version < 3; version++) {
		struct people_output *o = ask(p, BY(true), version, PAY);
		p->measures_same[version] = true;
		change(p, version == 1 ? 3 : 30, 0, -1, version > 0 ? PAY : 0);
		change(p, 30, 1, -1, version > 0 ? PAY : 0);
		people_audit(p, true);
		assert_int_equal(o->hidden[0], version == 1);
		assert_false(o->hidden[1]);
		o->sum_hidden[0] = o->hidden[0];
	}
	people_finish(p);
}

/* What is public says what there is now, and hides nothing. */
static void test_a_public_total_is_of_no_version(void **state)
{
	struct people *p = start();

	(void)state;
	people_public(p, BY(true));
	ask(p, BY(true), 1, PAY);
	people_audit(p, true);
	assert_int_equal(p->audit.nhits, 0);
	people_finish(p);
}

static void test_every_allocation_may_fail(void **state)
{
	struct sl_err err = { 0 };
	uint32_t n = 0;

	(void)state;
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		struct people *p = start();
		ask(p, BY(true), 0, PAY);
		people_audit(p, true);
		change(p, 3, 0, -1, PAY);
		ask(p, ALL, 1, PAY);
		people_prepare(p);
		failing_at(n + 1);
		rc = people_ask(p, false, &err);
		failing_at(0);
		assert_true(rc == SL_E_NOMEM || (rc == SL_OK && p->audit.nhits == 1));
		people_finish(p);
	}
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_cell_in_which_few_have_changed_is_hidden_and_none_are_few),
		cmocka_unit_test(test_the_same_version_gives_the_same_answer),
		cmocka_unit_test(test_each_column_that_both_tell_is_looked_at_by_itself),
		cmocka_unit_test(test_cells_that_hold_together_whom_an_earlier_table_held_are_compared_with_it),
		cmocka_unit_test(test_what_cannot_be_compared_counts_as_unchanged),
		cmocka_unit_test(test_what_one_version_hides_a_later_one_may_tell),
		cmocka_unit_test(test_a_public_total_is_of_no_version),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests_name("history: new versions", tests, NULL, NULL);
}
