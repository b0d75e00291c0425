/* test_attacks.c - what is tried with several releases, one by one, by hand: what must not be seen is hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/unit/history/people.h"

/* count(A), then count(A without V by proxy): the same answer whether V is in A or not. */
static void test_everyone_but_one_is_not_told_whether_he_is_there_or_not(void **state)
{
	(void)state;
	for (int there = 0; there < 2; there++) {
		struct people *p = people_start(10);
		people_add(p, 40, 0, 0, 0, 0);
		people_add(p, 30, 1, 0, 0, 0);
		people_add(p, 1, there ? 0 : 1, 1, 0, 0);
		people_output(p, ALL, OF(0, -1, -1, -1));
		people_audit(p, true);
		assert_false(people_is_hidden(p, 0, 0));
		people_output(p, ALL, OF(0, 0, -1, -1));
		people_audit(p, true);
		assert_true(people_is_hidden(p, 1, 0));
		assert_int_equal(p->audit.hits[0].other, 0);
		people_finish(p);
	}
}

/*
 * Groups, and all who have one of two values: they are the same by what was asked. Where three values are listed and
 * nobody has the third, whose group is hidden, the two others say so; nor are groups by more of the same people, where
 * some of theirs is hidden.
 */
static void test_groups_and_a_list_of_them_are_shown_beside_each_other(void **state)
{
	(void)state;
	for (uint32_t list = 3; list <= 7; list += 4)
		for (int finer = 0; finer < 2; finer++)
			for (int apart = 0; apart < 2; apart++) {
				struct people *p = people_start(10);
				people_add(p, 40, 0, 0, 0, 0);
				people_add(p, 30, 1, 0, 0, 0);
				people_add(p, 20, 0, 1, 0, 0);
				people_add(p, 25, 1, 1, 0, 0);
				people_output(p, finer ? BY(true, true) : BY(true), ANY);
				if (apart)
					people_audit(p, true);
				people_output_in(p, ALL, ANY, (const uint32_t[ATTRIBUTES]){ list });
				people_audit(p, true);
				assert_int_equal(p->audit.nhits > 0, list == 7 || finer);
				people_finish(p);
			}
}

/* As in a space too large for zeros.c: the hidden third group is told by this question alone. */
static void test_a_list_of_groups_of_which_one_is_hidden_is_not_the_same_as_the_others(void **state)
{
	(void)state;
	for (uint32_t list = 3; list <= 7; list += 4) {
		struct people *p = people_start(10);
		people_add(p, 40, 0, 0, 0, 0);
		people_add(p, 30, 1, 0, 0, 0);
		people_output(p, BY(true), ANY);
		people_output_in(p, ALL, ANY, (const uint32_t[ATTRIBUTES]){ list });
		people_prepare(p);
		assert_int_equal(sl_audit_index(&p->audit, NULL), SL_OK);
		assert_int_equal(sl_audit_lattices(&p->audit, NULL), SL_OK);
		assert_int_equal(p->audit.nhits > 0, list == 7);
		people_finish(p);
	}
}

/* The same question again has the same answer. */
static void test_the_same_table_again_is_shown_again(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	people_add(p, 40, 0, 0, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_add(p, 4, 2, 0, 0, 0);
	for (uint32_t i = 0; i < 3; i++) {
		people_output(p, BY(true), ANY);
		people_audit(p, true);
		assert_false(people_is_hidden(p, i, 0));
		assert_false(people_is_hidden(p, i, 1));
		assert_true(people_is_hidden(p, i, 2));
		assert_int_equal(p->audit.nhits, 0);
		assert_int_equal(sl_audit_all_repeat(&p->audit), i > 0 ? SL_AUDIT_REPEATS : SL_AUDIT_NEW);
	}
	people_finish(p);
}

/* One that shows a cell more, or has one person more, is no repeat. */
static void test_a_table_that_says_more_is_no_repeat(void **state)
{
	(void)state;
	for (int more = 0; more < 3; more++) {
		struct people *p = people_start(10);
		people_add(p, 40, 0, 0, 0, 0);
		people_add(p, 30, 1, 0, 0, 0);
		people_output(p, BY(true), ANY)->hidden[1] = more == 1;
		people_audit(p, true);
		people_output(p, BY(true), more == 2 ? OF(-1, 0, -1, -1) : ANY);
		people_audit(p, true);
		assert_int_equal(sl_audit_all_repeat(&p->audit), more == 0 ? SL_AUDIT_REPEATS : SL_AUDIT_NEW);
		people_finish(p);
	}
}

/* A hidden cell is the total less the others: the total, or another cell, must go. */
static void test_a_total_asked_for_later_does_not_give_a_hidden_cell_back(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	people_add(p, 40, 0, 0, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_add(p, 4, 2, 0, 0, 0);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	people_output(p, ALL, ANY);
	people_audit(p, true);
	assert_true(people_is_hidden(p, 1, 0));
	people_finish(p);
}

/* And when the total came first, of what is asked for later one more is hidden: the smallest. */
static void test_cells_asked_for_later_hide_one_more_beside_the_total(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	people_add(p, 40, 0, 0, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_add(p, 4, 2, 0, 0, 0);
	people_output(p, ALL, ANY);
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	assert_false(people_is_hidden(p, 1, 0));
	assert_true(people_is_hidden(p, 1, 1));
	assert_true(people_is_hidden(p, 1, 2));
	people_finish(p);
}

/* An empty cell is hidden like a small one, and what is left of the total is 0: that nobody is there is not told. */
static void test_that_a_hidden_cell_is_empty_is_not_told_by_the_total(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	people_add(p, 40, 0, 0, 0, 0);
	people_add(p, 30, 1, 0, 0, 0);
	people_output(p, ALL, ANY);
	people_audit(p, true);
	people_output(p, BY(true), ANY);
	people_audit(p, true);
	assert_true(people_is_hidden(p, 1, 2));
	assert_true(people_is_hidden(p, 1, 1));
	people_finish(p);
}

/* Nor by the total, one cell of an earlier output and another one of this. With many there nothing is hidden. */
static void test_that_a_hidden_cell_is_empty_is_not_told_by_three_outputs(void **state)
{
	(void)state;
	for (uint32_t there = 0; there < 21; there += there == 0 ? 1 : 19) {
		struct people *p = people_start(10);
		people_add(p, there, 0, 0, 0, 0);
		people_add(p, 20, 0, 1, 0, 0);
		people_add(p, 23, 0, 2, 0, 0);
		people_output(p, ALL, ANY);
		people_audit(p, true);
		people_output(p, ALL, OF(-1, 1, -1, -1));
		people_audit(p, true);
		assert_false(people_is_hidden(p, 1, 0));
		people_output(p, BY(false, true), ANY);
		people_audit(p, true);
		assert_int_equal(people_is_hidden(p, 2, 0), there < 20);
		assert_int_equal(people_is_hidden(p, 2, 1), there < 20);
		assert_int_equal(people_is_hidden(p, 2, 2), there < 20);
		people_finish(p);
	}
}

/* A strip of few is left over beside what is hidden. */
static void test_what_is_left_of_a_total_is_not_few(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	for (int c = 0; c < 2; c++) {
		people_add(p, 20, 0, 0, c, 0);
		people_add(p, 15, 0, 1, c, 0);
		people_add(p, 2, 0, 2, c, 0);
		people_add(p, c == 0 ? 5 : 0, 0, 2, c, 1);
		people_add(p, 30, 1, 0, c, 0);
	}
	people_output(p, BY(true, false, true), ANY); /* who splits all others */
	people_output(p, ALL, OF(0, -1, -1, -1));     /* 79 */
	people_audit(p, false);
	people_output(p, BY(false, true), OF(0, -1, -1, 0)); /* 40 30 [c]: 9 are left */
	people_audit(p, false);
	assert_true(people_is_hidden(p, 2, 1));
	assert_int_equal(p->audit.hits[0].units, 9);
	people_finish(p);
}

/* No total is shown, but cells by sex and cells by age add up to the same. */
static void test_two_margins_add_up_to_the_same(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	p->values[1] = p->values[2] = 2;
	people_add(p, 20, 0, 0, 0, 0);
	people_add(p, 20, 0, 0, 1, 0);
	people_add(p, 2, 0, 1, 0, 0);
	people_add(p, 2, 0, 1, 1, 0);
	for (int i = 0; i < 4; i++)
		people_add(p, 15, 1, i / 2, i % 2, 0);
	people_output(p, BY(true, true), ANY);
	people_audit(p, false);
	people_output(p, BY(true, false, true), ANY);
	people_audit(p, false);
	assert_true(people_is_hidden(p, 1, 0) || people_is_hidden(p, 1, 1));
	assert_int_equal(p->audit.hits[0].units, 4);
	people_finish(p);
}

/* Two towns, and of both together those who have a debt: three, or nobody, have none. */
static void test_several_sets_without_several_others_are_not_few(void **state)
{
	(void)state;
	for (int without = 0; without < 5; without += without ? 1 : 3) {
		struct people *p = people_start(4);
		people_add(p, 5, 0, 1, 0, 0);
		people_add(p, 4, 1, 1, 0, 0);
		people_add(p, without > 0, 0, 0, 0, 0);
		people_add(p, (uint32_t)(without > 0 ? without - 1 : 0), 1, 0, 0, 0);
		people_output(p, BY(true), ANY);                            /* 6, and 6 or 7 */
		people_audit(p, false);
		people_output(p, ALL, OF(-1, 1, -1, -1));                   /* 9 */
		people_audit(p, false);
		assert_int_equal(people_is_hidden(p, 1, 0), without < 4);
		if (without < 4)
			assert_int_equal(p->audit.hits[0].units, without);
		people_finish(p);
	}
}

/* w is shown; w and x are; x and y are: so y is known, step by step. */
static void test_a_chain_of_sets_does_not_lead_to_a_few(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	people_add(p, 20, 0, 1, 0, 0);  /* w */
	people_add(p, 20, 1, 1, 0, 0);  /* x */
	people_add(p, 3, 1, 0, 0, 0);   /* y */
	people_output(p, ALL, OF(0, -1, -1, -1));
	people_output(p, ALL, OF(-1, 1, -1, -1));
	people_audit(p, false);
	assert_int_equal(p->audit.nhits, 0);
	people_output(p, ALL, OF(1, -1, -1, -1));
	people_audit(p, false);
	assert_true(people_is_hidden(p, 2, 0));
	assert_int_equal(p->audit.hits[0].units, 3);
	people_finish(p);
}

/*
 * Denning's tracker, on microdata1 of sdcTable: C is "region A and female", T is region B. C or T, and C or not T, less
 * T and not T are C: 35 + 67 - 33 - 67 = 2. Whichever is asked last is not answered, nor any before that tells as much.
 */
static void test_known_answer_ten_a_general_tracker_does_not_find_its_two_women(void **state)
{
	enum { T, C_OR_T, C_OR_NOT_T };
	static const uint32_t men[] = { 18, 14, 12, 11 }, women[] = { 2, 19, 10, 14 };
	static const int questions[4][ATTRIBUTES] = { { 1, -1, -1, -1 }, { 0, -1, -1, -1 }, { -1, 1, -1, -1 },
		                                      { -1, -1, 1, -1 } };
	static const uint32_t answers[4] = { 33, 67, 35, 67 };

	(void)state;
	for (uint32_t first = 0; first < 4; first++) {
		struct people *p = people_start(3);
		uint32_t counted[4] = { 0 }, hidden = 0;
		p->values[T] = p->values[C_OR_T] = p->values[C_OR_NOT_T] = p->values[3] = 2;
		for (int r = 0; r < 4; r++) {
			people_add(p, men[r], r == 1, r == 1, r != 1, 0);
			people_add(p, women[r], r == 1, r <= 1, r != 1, r == 0);
		}
		for (uint32_t q = 0; q < 4; q++) {
			const int *of = questions[(first + q) % 4];
			people_output(p, ALL, of);
			people_audit(p, true);
			hidden += people_is_hidden(p, q, 0);
			for (uint32_t i = 0; i < p->n; i++)
				counted[(first + q) % 4] += (of[0] < 0 || p->has[i][0] == of[0]) && (of[1] < 0 || p->has[i][1] == of[1]) &&
				                            (of[2] < 0 || p->has[i][2] == of[2]);
		}
		assert_memory_equal(counted, answers, sizeof answers);
		assert_int_equal(counted[2] + counted[3] - counted[0] - counted[1], 2);
		assert_true(hidden >= 1);
		people_finish(p);
	}
}

/*
 * Two geographies, by sex and age, that differ by a strip (EU Handbook, 2nd ed., geographic differencing): 50, 54; 128,
 * 140; 39, 49 against 52, 55; 130, 140; 39, 49. The one less the other is 2, 1; 2, 0; 0, 0.
 */
static void test_known_answer_nine_two_geographies_that_differ_by_a_strip_are_not_both_shown(void **state)
{
	static const uint32_t old[3][2] = { { 50, 54 }, { 128, 140 }, { 39, 49 } };
	static const uint32_t strip[3][2] = { { 2, 1 }, { 2, 0 }, { 0, 0 } };
	struct people *p = people_start(3);

	(void)state;
	p->values[0] = p->values[1] = p->values[3] = 2;
	for (int age = 0; age < 3; age++)
		for (int sex = 0; sex < 2; sex++) {
			people_add(p, old[age][sex], 1, 1, age, sex);
			people_add(p, strip[age][sex], 0, 1, age, sex);
		}
	people_output(p, BY(false, false, true, true), OF(1, -1, -1, -1));
	people_audit(p, true);
	for (uint32_t i = 0; i < p->outputs[0].nsets; i++)
		assert_false(people_is_hidden(p, 0, i));
	people_output(p, BY(false, false, true, true), OF(-1, 1, -1, -1));
	people_audit(p, true);
	for (uint32_t i = 0; i < p->outputs[1].nsets; i++)
		assert_true(people_is_hidden(p, 1, i));
	people_finish(p);
}

/* Three sums of which none is small and no two differ by few: together they say who is in the middle. */
static void test_three_large_sets_together_do_not_single_out_a_small_one(void **state)
{
	struct people *p = people_start(4);

	(void)state;
	p->values[0] = p->values[1] = p->values[2] = 2;
	/* pairwise sums of three atoms: x + y, y + z, x + z give each of them: 2y = (x + y) + (y + z) - (x + z) */
	people_add(p, 2, 1, 1, 0, 0);
	people_add(p, 20, 1, 0, 1, 0);
	people_add(p, 30, 0, 1, 1, 0);
	people_output(p, ALL, OF(1, -1, -1, -1));
	people_output(p, ALL, OF(-1, 1, -1, -1));
	people_audit(p, true);
	people_output(p, ALL, OF(-1, -1, 1, -1));
	people_audit(p, true);
	assert_true(people_is_hidden(p, 2, 0));
	people_finish(p);
}

/*
 * A total less a cell of one output less a cell of another leaves two people, whom a fourth output tells apart: neither
 * alone is known, and both together are few. Where they are ten the last output is let go.
 */
static void test_a_group_of_several_kinds_that_is_left_is_not_few(void **state)
{
	(void)state;
	for (uint32_t many = 0; many < 2; many++) {
		struct people *p = people_start(10);
		p->values[2] = 2;
		people_add(p, 20, 1, 0, 0, 0);
		people_add(p, 20, 1, 0, 1, 0);
		people_add(p, 20, 0, 1, 0, 0);
		people_add(p, 20, 0, 1, 1, 0);
		people_add(p, many ? 5 : 1, 0, 0, 0, 0);
		people_add(p, many ? 5 : 1, 0, 0, 1, 0);
		people_output(p, BY(false, false, true), ANY);
		people_audit(p, false);
		people_output(p, ALL, OF(1, -1, -1, -1));
		people_audit(p, false);
		assert_false(people_is_hidden(p, 0, 0) || people_is_hidden(p, 0, 1) || people_is_hidden(p, 1, 0));
		people_output(p, ALL, OF(-1, 1, -1, -1));
		people_audit(p, false);
		assert_int_equal(people_is_hidden(p, 2, 0), !many);
		if (!many)
			assert_int_equal(p->audit.hits[0].units, 2);
		assert_true(p->audit.searched <= SL_AUDIT_SEARCH_MAX);
		people_finish(p);
	}
}

/* What earlier releases tell by themselves is no reason to hide what is asked for now. */
static void test_a_group_that_was_told_before_hides_nothing_now(void **state)
{
	struct people *p = people_start(10);

	(void)state;
	p->values[2] = 2;
	people_add(p, 20, 1, 0, 0, 1);
	people_add(p, 20, 1, 0, 1, 0);
	people_add(p, 20, 0, 1, 0, 0);
	people_add(p, 20, 0, 1, 1, 1);
	people_add(p, 1, 0, 0, 0, 0);
	people_add(p, 1, 0, 0, 1, 0);
	people_output(p, BY(false, false, true), ANY);
	people_output(p, ALL, OF(1, -1, -1, -1));
	people_output(p, ALL, OF(-1, 1, -1, -1));
	p->nearlier = 3;
	people_output(p, ALL, OF(-1, -1, -1, 1));
	people_audit(p, false);
	assert_false(people_is_hidden(p, 3, 0));
	people_finish(p);
}

/* Whoever asks is told that there was no time to search. */
static void test_a_search_that_is_given_up_says_so(void **state)
{
	struct people *p = people_start(10);
	struct sl_audit *a = &p->audit;

	(void)state;
	for (int i = 0; i < 200; i++)
		people_add(p, 1, i * 7 % 13 % 3, i * 11 % 17 % 3, i * 5 % 19 % 3, i * 3 % 23 % 3);
	people_output(p, BY(true, true), ANY);
	people_audit(p, false);
	people_output(p, BY(false, false, true, true), ANY);
	people_audit(p, false);
	uint64_t needed = a->searched;
	assert_true(needed > 0 && needed <= SL_AUDIT_SEARCH_MAX);
	for (uint32_t s = 0; s < a->nsets; s++)
		a->sets[s].shown = true;
	a->searched = SL_AUDIT_SEARCH_MAX - needed / 2;
	assert_int_equal(sl_audit_combinations(a, NULL), SL_OK);
	assert_true(a->searched > SL_AUDIT_SEARCH_MAX);
	people_finish(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everyone_but_one_is_not_told_whether_he_is_there_or_not),
		cmocka_unit_test(test_groups_and_a_list_of_them_are_shown_beside_each_other),
		cmocka_unit_test(test_a_list_of_groups_of_which_one_is_hidden_is_not_the_same_as_the_others),
		cmocka_unit_test(test_the_same_table_again_is_shown_again),
		cmocka_unit_test(test_a_table_that_says_more_is_no_repeat),
		cmocka_unit_test(test_a_total_asked_for_later_does_not_give_a_hidden_cell_back),
		cmocka_unit_test(test_cells_asked_for_later_hide_one_more_beside_the_total),
		cmocka_unit_test(test_that_a_hidden_cell_is_empty_is_not_told_by_the_total),
		cmocka_unit_test(test_that_a_hidden_cell_is_empty_is_not_told_by_three_outputs),
		cmocka_unit_test(test_what_is_left_of_a_total_is_not_few),
		cmocka_unit_test(test_two_margins_add_up_to_the_same),
		cmocka_unit_test(test_several_sets_without_several_others_are_not_few),
		cmocka_unit_test(test_a_chain_of_sets_does_not_lead_to_a_few),
		cmocka_unit_test(test_known_answer_ten_a_general_tracker_does_not_find_its_two_women),
		cmocka_unit_test(test_known_answer_nine_two_geographies_that_differ_by_a_strip_are_not_both_shown),
		cmocka_unit_test(test_three_large_sets_together_do_not_single_out_a_small_one),
		cmocka_unit_test(test_a_group_of_several_kinds_that_is_left_is_not_few),
		cmocka_unit_test(test_a_group_that_was_told_before_hides_nothing_now),
		cmocka_unit_test(test_a_search_that_is_given_up_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
