/*
 * test_secondary.c - known answers about hidden cells of two-way tables, and a witness that is believed only if it
 * holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/secondary/acyclic.h"
#include "policy/secondary/choose.h"
#include "policy/secondary/join_tree.h"
#include "policy/secondary/prover.h"
#include "policy/secondary/witness.h"

#define WORK UINT64_C(2000000000)

#define SIDE_MAX 8

/* A table with its margins: cell (r, c) is fact r * ncolumns + c; the totals of rows and columns come behind. */
struct table {
	struct sl_system s;
	uint32_t nrows, ncolumns;
};

static void add_fact(struct table *t, int64_t value, uint64_t cost)
{
	const struct sl_fact fact = { .value = value, .hi = 1000000, .above = 10, .below = 10, .cost = cost,
		.row = t->s.nfacts };

	assert_int_equal(sl_system_fact(&t->s, &fact, NULL, NULL), SL_OK);
}

static void add_equation(struct table *t, uint32_t first, uint32_t step, uint32_t n, uint32_t total)
{
	assert_int_equal(sl_system_begin(&t->s, NULL), SL_OK);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(sl_system_term(&t->s, first + i * step, 1, NULL), SL_OK);
	assert_int_equal(sl_system_term(&t->s, total, -1, NULL), SL_OK);
}

static void make(struct table *t, uint32_t nrows, uint32_t ncolumns, const int64_t *cells)
{
	int64_t rows[SIDE_MAX] = { 0 }, columns[SIDE_MAX] = { 0 };

	*t = (struct table){ .nrows = nrows, .ncolumns = ncolumns };
	for (uint32_t i = 0; i < nrows * ncolumns; i++) {
		add_fact(t, cells[i], (uint64_t)cells[i]);
		rows[i / ncolumns] += cells[i];
		columns[i % ncolumns] += cells[i];
	}
	for (uint32_t r = 0; r < nrows; r++)
		add_fact(t, rows[r], 0);
	for (uint32_t c = 0; c < ncolumns; c++)
		add_fact(t, columns[c], 0);
	for (uint32_t r = 0; r < nrows; r++)
		add_equation(t, r * ncolumns, 1, ncolumns, nrows * ncolumns + r);
	for (uint32_t c = 0; c < ncolumns; c++)
		add_equation(t, c, ncolumns, nrows, nrows * ncolumns + nrows + c);
	assert_int_equal(sl_system_index(&t->s, NULL), SL_OK);
}

static struct sl_fact *cell(struct table *t, uint32_t r, uint32_t c)
{
	return &t->s.facts[r * t->ncolumns + c];
}

static void hide(struct table *t, uint32_t r, uint32_t c)
{
	cell(t, r, c)->state = SL_FACT_PRIMARY;
}

/* Judged by the checker: both tables, told whole. */
static bool protects(const struct sl_system *s, uint32_t primary, const int64_t *high, const int64_t *low)
{
	struct sl_witness w;

	assert_int_equal(sl_witness_init(&w, s, NULL), SL_OK);
	sl_witness_set_all(&w, high);
	bool is = sl_witness_is_high(&w, primary);
	sl_witness_set_all(&w, low);
	is = sl_witness_is_low(&w, primary) && is;
	sl_witness_fini(&w);
	return is;
}

/* Every value the cell could have for all that is shown: from `least` to `most`, none else up to 200. */
static void assert_interval(struct table *t, uint32_t r, uint32_t c, int64_t least, int64_t most)
{
	struct sl_prover p;
	struct sl_witness w;
	uint32_t fact = r * t->ncolumns + c;

	assert_int_equal(sl_witness_init(&w, &t->s, NULL), SL_OK);
	assert_int_equal(sl_prover_init(&p, &t->s, NULL), SL_OK);
	for (int64_t v = 0; v <= 200; v++) {
		bool found = sl_prover_find(&p, fact, v);
		assert_int_equal(found, v >= least && v <= most);
		if (!found)
			continue;
		sl_witness_set_all(&w, p.values);
		assert_true(sl_witness_holds(&w, fact) && p.values[fact] == v);
	}
	sl_prover_fini(&p);
	sl_witness_fini(&w);
}

/* Rows of 7, 3 and 6, columns of 9 and 7, the third row shown (EU Handbook, section 4.3). */
static void test_known_answer_four_two_by_two_of_the_handbook(void **state)
{
	const int64_t cells[] = { 5, 2, 1, 2, 3, 3 };
	struct table t;

	(void)state;
	make(&t, 3, 2, cells);
	for (uint32_t i = 0; i < 4; i++)
		hide(&t, i / 2, i % 2);
	assert_interval(&t, 0, 0, 3, 6);
	assert_interval(&t, 0, 1, 1, 4);
	assert_interval(&t, 1, 0, 0, 3);
	assert_interval(&t, 1, 1, 0, 3);
	sl_system_free(&t.s);
}

/* Fischetti and Salazar's table: with 8, 17 and 12 hidden beside it, 22 is between 5 and 30. */
static void test_known_answer_five_three_by_three_of_fischetti_and_salazar(void **state)
{
	const int64_t cells[] = { 20, 50, 10, 8, 19, 22, 17, 32, 12 };
	struct table t;

	(void)state;
	make(&t, 3, 3, cells);
	hide(&t, 1, 2);
	hide(&t, 1, 0);
	hide(&t, 2, 0);
	hide(&t, 2, 2);
	assert_interval(&t, 1, 2, 5, 30);
	sl_system_free(&t.s);
}

/*
 * The same table, 22 to be protected by so much. The best there is costs 37 (their answer for 5 and 8), 63 (for 10)
 * and, by trying all, 101 for 17.
 */
static void test_known_answer_five_costs_the_least_there_is(void **state)
{
	static const struct {
		int64_t by;
		uint64_t least;
	} cases[] = { { 5, 37 }, { 8, 37 }, { 10, 63 }, { 17, 101 } };
	const int64_t cells[] = { 20, 50, 10, 8, 19, 22, 17, 32, 12 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sl_choice choice;
		uint64_t cost = 0;
		struct table t;
		make(&t, 3, 3, cells);
		hide(&t, 1, 2);
		cell(&t, 1, 2)->above = cell(&t, 1, 2)->below = cases[i].by;
		assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
		assert_true(choice.safe && !choice.coarse);
		for (uint32_t f = 0; f < 9; f++)
			cost += t.s.facts[f].state == SL_FACT_SECONDARY ? t.s.facts[f].cost : 0;
		assert_int_equal(cost, cases[i].least);
		sl_system_free(&t.s);
	}
}

/*
 * With less and less work: first all is as ever, then whole lines are hidden, and said to be; at last there is no proof
 * of that either.
 */
static void test_secondary_what_is_not_chosen_in_time_is_hidden_coarsely(void **state)
{
	const int64_t cells[] = { 3, 40, 51, 62, 70, 4, 80, 91, 45, 56, 5, 67, 78, 89, 44, 6 };
	uint32_t fine = 0, coarse = 0, refused = 0, least = UINT32_MAX;

	(void)state;
	for (uint64_t work = UINT64_C(1) << 20; work > 0; work = work * 7 / 8) {
		struct sl_choice choice;
		struct table t;
		make(&t, 4, 4, cells);
		for (uint32_t i = 0; i < 4; i++)
			hide(&t, i, i);
		assert_int_equal(sl_choose(&t.s, 1, work, &choice, NULL), SL_OK);
		fine += choice.safe && !choice.coarse;
		coarse += choice.safe && choice.coarse;
		refused += !choice.safe;
		least = choice.safe && !choice.coarse && choice.rows_hidden < least ? choice.rows_hidden : least;
		assert_true(!choice.safe || choice.rows_hidden >= least);
		sl_system_free(&t.s);
	}
	assert_true(fine > 0 && coarse > 0 && refused > 0);
}

/* The total of all follows from the totals of the rows; those follow from nothing, and a witness must meet them. */
static void test_secondary_who_calls_an_equation_implied_is_not_believed(void **state)
{
	const int64_t cells[] = { 3, 40, 50, 60 };

	(void)state;
	for (uint32_t wrong = 0; wrong < 2; wrong++) {
		struct sl_choice choice;
		struct table t;
		make(&t, 2, 2, cells);
		hide(&t, 0, 0);
		t.s.equations[0].implied = t.s.equations[1].implied = wrong != 0;
		assert_int_equal(sl_system_index(&t.s, NULL), SL_OK);
		assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
		assert_int_equal(choice.safe, !wrong);
		sl_system_free(&t.s);
	}
}

/* sdcTable's example: every line has two hidden cells, and yet one of them is known to the unit. */
static void test_known_answer_six_every_line_has_two_and_one_is_known(void **state)
{
	const int64_t cells[] = { 30, 47, 64, 89, 90, 124, 5, 31, 92, 100, 59, 85, 800, 991, 651, 685 };
	struct table t;

	(void)state;
	make(&t, 4, 4, cells);
	hide(&t, 0, 0);
	hide(&t, 0, 1);
	hide(&t, 0, 2);
	hide(&t, 1, 0);
	hide(&t, 1, 2);
	hide(&t, 2, 1);
	hide(&t, 2, 3);
	hide(&t, 3, 1);
	hide(&t, 3, 3);
	assert_interval(&t, 0, 1, 47, 47);
	hide(&t, 1, 3);
	assert_interval(&t, 0, 1, 0, 78);
	sl_system_free(&t.s);
}

/* Only women of region A are few (2); the cheapest cells that hide them are A's men, and C's men and women: 40. */
static void test_known_answer_seven_cheapest_complements_are_chosen(void **state)
{
	const int64_t cells[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	struct sl_choice choice;
	uint64_t cost = 0;
	struct table t;

	(void)state;
	make(&t, 4, 2, cells);
	hide(&t, 0, 1);
	cell(&t, 0, 1)->above = cell(&t, 0, 1)->below = 3;
	assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
	assert_true(choice.safe);
	assert_int_equal(choice.rows_hidden, 3);
	assert_int_equal(cell(&t, 0, 0)->state, SL_FACT_SECONDARY);
	assert_int_equal(cell(&t, 2, 0)->state, SL_FACT_SECONDARY);
	assert_int_equal(cell(&t, 2, 1)->state, SL_FACT_SECONDARY);
	for (uint32_t i = 0; i < 8; i++)
		cost += t.s.facts[i].state == SL_FACT_SECONDARY ? t.s.facts[i].cost : 0;
	assert_int_equal(cost, 40);
	sl_system_free(&t.s);
}

/* Two of one row: who stands alone behind the one could take it from the total and have the other. */
static void test_secondary_a_unit_alone_does_not_learn_its_neighbour(void **state)
{
	const int64_t cells[] = { 1, 4, 30, 25, 40, 35, 20, 50, 45 };
	struct sl_choice choice;
	uint32_t hidden = 0;
	struct table t;

	(void)state;
	make(&t, 3, 3, cells);
	hide(&t, 0, 0);
	hide(&t, 0, 1);
	cell(&t, 0, 0)->insider = 1;
	assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
	assert_true(choice.safe);
	for (uint32_t c = 0; c < 3; c++)
		hidden += cell(&t, 0, c)->state != SL_FACT_SHOWN;
	assert_int_equal(hidden, 3); /* two would do for anybody else */
	sl_system_free(&t.s);
}

/* A zero gives nothing to hide behind: the only neighbour is 0, so there is no way. */
static void test_secondary_nothing_left_to_hide_is_not_safe(void **state)
{
	const int64_t cells[] = { 3, 0, 40, 50 };
	struct sl_choice choice;
	struct table t;

	(void)state;
	make(&t, 2, 2, cells);
	hide(&t, 0, 0);
	cell(&t, 0, 1)->cost = 7; /* units whose amounts are nought */
	assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
	assert_false(choice.safe);
	assert_int_equal(cell(&t, 0, 1)->state, SL_FACT_SHOWN);
	sl_system_free(&t.s);
}

/* No equation ties them: each proof changes one number, and no more is looked at to judge it. */
static void test_secondary_a_hundred_thousand_proofs_are_judged(void **state)
{
	const struct sl_fact few = { .value = 2, .hi = 9, .above = 3, .below = 2, .cost = 2, .state = SL_FACT_PRIMARY };
	struct sl_choice choice;

	(void)state;
	for (int all = 0; all < 2; all++) {
		struct sl_system s = { 0 };
		for (uint32_t i = 0; i < (all ? SL_SYSTEM_FACTS_MAX : 100); i++)
			assert_int_equal(sl_system_fact(&s, &few, NULL, NULL), SL_OK);
		assert_int_equal(sl_system_index(&s, NULL), SL_OK);
		assert_int_equal(sl_choose(&s, 1, WORK, &choice, NULL), SL_OK);
		assert_true(choice.safe && choice.primaries == s.nfacts);
		sl_system_free(&s);
	}
}

/* Rows are hidden whole: a second table of the same cells loses its number too. */
static void test_secondary_facts_of_a_row_go_together(void **state)
{
	const int64_t cells[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	const struct sl_fact twin = { .value = 180, .hi = 1000000, .cost = 18, .row = 0 };
	struct sl_choice choice;
	struct table t;
	uint32_t other;

	(void)state;
	make(&t, 4, 2, cells);
	assert_int_equal(sl_system_fact(&t.s, &twin, &other, NULL), SL_OK);
	assert_int_equal(sl_system_index(&t.s, NULL), SL_OK);
	hide(&t, 0, 1);
	assert_int_equal(sl_choose(&t.s, 1, WORK, &choice, NULL), SL_OK);
	assert_true(choice.safe);
	assert_int_equal(t.s.facts[0].state, SL_FACT_SECONDARY);
	assert_int_equal(t.s.facts[other].state, SL_FACT_SECONDARY);
	sl_system_free(&t.s);
}

/* Each thing that is known, taken back alone, makes the same table no witness. */
static void test_secondary_a_witness_is_not_believed(void **state)
{
	const int64_t cells[] = { 5, 12, 20, 30 };
	int64_t high[8], low[8];
	struct table t;

	(void)state;
	make(&t, 2, 2, cells);
	for (uint32_t i = 0; i < 4; i++)
		hide(&t, i / 2, i % 2);
	cell(&t, 0, 0)->above = 7;
	cell(&t, 0, 0)->below = 4;
	for (uint32_t i = 0; i < 8; i++)
		high[i] = low[i] = t.s.facts[i].value;
	const int64_t by[] = { 1, -1, -1, 1 };
	for (uint32_t i = 0; i < 4; i++) {
		high[i] += 7 * by[i];
		low[i] -= 4 * by[i];
	}
	assert_true(protects(&t.s, 0, high, low));
	assert_false(protects(&t.s, 0, low, high));
	assert_false(protects(&t.s, 0, high, high));
	assert_false(protects(&t.s, 8, high, low)); /* no such number */
	cell(&t, 0, 0)->above = 8;
	assert_false(protects(&t.s, 0, high, low));
	cell(&t, 0, 0)->above = 7;
	cell(&t, 0, 0)->below = 5;
	assert_false(protects(&t.s, 0, high, low));
	cell(&t, 0, 0)->below = 4;
	for (uint32_t i = 1; i < 4; i++) {
		t.s.facts[i].state = SL_FACT_SHOWN; /* and so known to be another */
		assert_false(protects(&t.s, 0, high, low));
		t.s.facts[i].state = SL_FACT_SECONDARY;
		t.s.facts[i].insider = 1;
		assert_false(protects(&t.s, 0, high, low));
		t.s.facts[i].insider = 0;
		t.s.facts[i].hi = t.s.facts[i].value + 1; /* no more than that, as everybody knows */
		assert_int_equal(protects(&t.s, 0, high, low), false);
		t.s.facts[i].hi = 1000000;
		t.s.facts[i].lo = t.s.facts[i].value - 1;
		assert_false(protects(&t.s, 0, high, low));
		t.s.facts[i].lo = 0;
	}
	t.s.facts[0].insider = 1; /* its own unit knows it anyway */
	assert_true(protects(&t.s, 0, high, low));
	high[3]++;
	assert_false(protects(&t.s, 0, high, low)); /* an equation is not met */
	high[3]--;
	cell(&t, 0, 0)->state = SL_FACT_SECONDARY; /* nothing to protect: no proof of it either */
	assert_false(protects(&t.s, 0, high, low));
	sl_system_free(&t.s);
}

/*
 * Three empty cells a, b of one total t, and c of another total u; t + u + d is shown, d is hidden. That nobody is in a
 * may be told from nothing but t, of which it is a part; not from c, that nobody is in either.
 */
static void test_secondary_nobody_is_known_of_all_but_wholes_and_parts(void **state)
{
	enum { A, B, T, C, U, D, SHOWN, FACTS };
	const int32_t equations[][FACTS] = { { 1, 1, -1, 0, 0, 0, 0 }, { 0, 0, 0, 1, -1, 0, 0 }, { 0, 0, 1, 0, 1, 1, -1 } };
	int64_t low[FACTS] = { [D] = 9, [SHOWN] = 9 }, high[FACTS] = { [A] = 3, [T] = 3, [D] = 6, [SHOWN] = 9 };
	struct sl_system s = { 0 };
	struct sl_prover p;

	(void)state;
	for (uint32_t f = 0; f < FACTS; f++) {
		struct sl_fact fact = { .value = f >= D ? 9 : 0, .hi = 100, .above = 3, .row = f, .state = SL_FACT_PRIMARY };
		fact.insider = f < D ? SL_INSIDER_EVERYBODY : SL_INSIDER_NONE;
		fact.state = f == SHOWN ? SL_FACT_SHOWN : SL_FACT_PRIMARY;
		assert_int_equal(sl_system_fact(&s, &fact, NULL, NULL), SL_OK);
	}
	for (uint32_t e = 0; e < 3; e++) {
		assert_int_equal(sl_system_begin(&s, NULL), SL_OK);
		for (uint32_t f = 0; f < FACTS; f++)
			if (equations[e][f] != 0)
				assert_int_equal(sl_system_term(&s, f, equations[e][f], NULL), SL_OK);
	}
	assert_int_equal(sl_system_index(&s, NULL), SL_OK);
	assert_true(protects(&s, A, high, low));
	assert_int_equal(sl_prover_init(&p, &s, NULL), SL_OK);
	assert_true(sl_prover_find(&p, A, 3));
	s.facts[T].insider = SL_INSIDER_UNIT; /* who stands there knows it */
	assert_false(protects(&s, A, high, low));
	s.facts[T].insider = SL_INSIDER_EVERYBODY;
	high[A] = 0; /* of the whole, by a part of it */
	high[B] = 3;
	assert_true(protects(&s, T, high, low));
	assert_false(protects(&s, B, low, low));
	high[B] = high[T] = 0;
	high[C] = high[U] = 3;
	assert_true(protects(&s, C, high, low));
	high[A] = high[T] = 1; /* a is no part of u */
	high[D] = 5;
	assert_false(protects(&s, C, high, low));
	s.facts[D].state = SL_FACT_SHOWN;
	sl_prover_changed(&p, D);
	assert_false(sl_prover_find(&p, A, 3));
	sl_prover_fini(&p);
	sl_system_free(&s);
}

static void test_secondary_a_system_that_is_none_is_refused(void **state)
{
	const struct sl_fact bad[] = {
		{ .value = 1, .hi = SL_FACT_VALUE_MAX + 1 },
		{ .value = 1, .lo = -SL_FACT_VALUE_MAX - 1, .hi = 1 },
		{ .value = 1, .hi = 1, .above = -1 },
		{ .value = 1, .hi = 1, .below = -1 },
	};
	const struct sl_fact outside[] = { { .value = 5, .hi = 4 }, { .value = -1, .hi = 4 } };
	const struct sl_fact five = { .value = 5, .hi = SL_FACT_VALUE_MAX }, four = { .value = 4, .lo = 4, .hi = 4 };
	struct sl_system s = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(sl_system_fact(&s, &bad[i], NULL, NULL), SL_E_LIMIT);
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
		assert_int_equal(sl_system_fact(&s, &outside[i], NULL, NULL), SL_E_INPUT);
	assert_int_equal(sl_system_fact(&s, &five, NULL, NULL), SL_OK);
	assert_int_equal(sl_system_fact(&s, &four, NULL, NULL), SL_OK);
	assert_int_equal(sl_system_term(&s, 0, 1, NULL), SL_E_BUG); /* of no equation */
	assert_int_equal(sl_system_begin(&s, NULL), SL_OK);
	assert_int_equal(sl_system_term(&s, 0, 2, NULL), SL_E_BUG);
	assert_int_equal(sl_system_term(&s, 2, 1, NULL), SL_E_BUG);
	assert_int_equal(sl_system_term(&s, 0, 1, NULL), SL_OK);
	assert_int_equal(sl_system_term(&s, 1, -1, NULL), SL_OK);
	assert_int_equal(sl_system_index(&s, NULL), SL_E_INPUT); /* 5 is not 4 */
	sl_system_free(&s);
}

/* As far as it is protected, but not beyond what anybody knows. */
static void test_secondary_nothing_is_promised_beyond_what_anybody_knows(void **state)
{
	struct sl_fact f = { .value = 5, .lo = -3, .hi = 9, .above = 3, .below = 7 };

	(void)state;
	assert_int_equal(sl_fact_highest(&f), 8);
	assert_int_equal(sl_fact_lowest(&f), -2);
	f.above = 4;
	f.below = 8;
	assert_int_equal(sl_fact_highest(&f), 9);
	assert_int_equal(sl_fact_lowest(&f), -3);
	f.above = f.below = SL_FACT_VALUE_MAX;
	assert_int_equal(sl_fact_highest(&f), 9);
	assert_int_equal(sl_fact_lowest(&f), -3);
}

/* As many as are allowed, and one more; of terms in all there are too many to try. */
static void test_secondary_a_system_has_its_limits(void **state)
{
	const struct sl_fact fact = { 0 };
	struct sl_system s = { 0 };

	(void)state;
	for (uint32_t i = 0; i < SL_SYSTEM_FACTS_MAX; i++)
		assert_int_equal(sl_system_fact(&s, &fact, NULL, NULL), SL_OK);
	assert_int_equal(sl_system_fact(&s, &fact, NULL, NULL), SL_E_LIMIT);
	for (uint32_t e = 0; e < 2; e++) {
		assert_int_equal(sl_system_begin(&s, NULL), SL_OK);
		for (uint32_t i = 0; i < SL_EQUATION_TERMS_MAX; i++)
			assert_int_equal(sl_system_term(&s, i % SL_SYSTEM_FACTS_MAX, 1, NULL), SL_OK);
		assert_int_equal(sl_system_term(&s, 0, 1, NULL), SL_E_LIMIT);
	}
	sl_system_free(&s);
}

static void test_secondary_tables_that_are_of_one_have_no_cycle(void **state)
{
	static const struct {
		bool acyclic;
		uint32_t n;
		uint64_t sets[5];
	} cases[] = {
		{ true, 0, { 0 } },
		{ true, 1, { 7 } },
		{ true, 2, { 3, 3 } },
		{ true, 2, { 3, 6 } },
		{ true, 3, { 1, 2, 0 } },
		{ true, 3, { 3, 6, 12 } },
		{ false, 3, { 3, 6, 5 } },       /* A × B, B × C, A × C */
		{ true, 4, { 3, 6, 5, 7 } },     /* and A × B × C, of which they are sums */
		{ true, 4, { 7, 3, 6, 5 } },
		{ false, 4, { 3, 6, 12, 9 } },   /* a ring of four */
		{ false, 5, { 3, 6, 5, 12, 1 } },
		{ false, 5, { 1, 12, 3, 6, 5 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint64_t sets[5];
		memcpy(sets, cases[i].sets, sizeof sets);
		assert_int_equal(sl_is_acyclic(sets, cases[i].n), cases[i].acyclic);
	}
}

/* By ward and sex, and the totals; tables of some rows, of which one does not count. */
static void test_secondary_tables_and_their_totals_make_a_path(void **state)
{
	enum { WARD = 1, DISTRICT = 2, SEX = 4, AGE = 8 };
	static const struct {
		uint32_t n;
		uint64_t keys[6], tree[6];
		uint32_t rows[6];
	} cases[] = {
		{ 4, { WARD | SEX, WARD, SEX, 0 }, { 6, 1, 9, 4 }, { 400, 200, 2, 1 } },
		{ 4, { 0, SEX, WARD, WARD | SEX }, { 2, 9, 8, 6 }, { 1, 2, 200, 400 } },
		/* Districts are above wards: their totals hang on the longer ones. */
		{ 6, { WARD | DISTRICT | SEX, DISTRICT | SEX, SEX, WARD | DISTRICT, DISTRICT, 0 },
		  { 10, 5, 34, 17, 8, 4 }, { 400, 20, 2, 200, 10, 1 } },
		/* Three keys: the table itself branches. */
		{ 5, { WARD | SEX | AGE, WARD, SEX, AGE, 0 }, { 14, 1, 17, 1, 4 }, { 4000, 200, 2, 10, 1 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool in_group[7] = { false };
		uint64_t keys[7] = { 0 }, tree[7];
		uint32_t first_row[8] = { 0 };
		for (uint32_t k = 0; k < cases[i].n; k++) {
			in_group[k] = true;
			keys[k] = cases[i].keys[k];
			first_row[k + 1] = first_row[k] + cases[i].rows[k];
		}
		keys[cases[i].n] = WARD | SEX | AGE;
		first_row[cases[i].n + 1] = first_row[cases[i].n] + 1;
		sl_join_tree(keys, in_group, cases[i].n + 1, first_row, tree);
		assert_memory_equal(tree, cases[i].tree, cases[i].n * sizeof tree[0]);
		assert_int_equal(tree[cases[i].n], 0);
	}
}

/* In sixes: bounds and what is promised are rounded towards less freedom. */
static void test_secondary_numbers_of_one_size_are_counted_in_it(void **state)
{
	const struct sl_fact a = { .value = -12, .lo = -17, .hi = 11, .above = 1, .below = 13, .cost = 5, .row = 1 },
			     b = { .value = 18, .lo = 13, .hi = 23, .above = 12 }, one = { .value = 1, .lo = -17, .hi = 11 };
	struct sl_system s = { 0 };

	(void)state;
	assert_int_equal(sl_system_fact(&s, &a, NULL, NULL), SL_OK);
	assert_int_equal(sl_system_fact(&s, &b, NULL, NULL), SL_OK);
	sl_system_coarsen(&s);
	const struct sl_fact coarse_a = { .value = -2, .lo = -2, .hi = 1, .above = 1, .below = 3, .cost = 5, .row = 1 },
			     coarse_b = { .value = 3, .lo = 3, .hi = 3, .above = 2 };
	assert_memory_equal(&s.facts[0], &coarse_a, sizeof coarse_a);
	assert_memory_equal(&s.facts[1], &coarse_b, sizeof coarse_b);
	assert_int_equal(sl_system_fact(&s, &one, NULL, NULL), SL_OK);
	sl_system_coarsen(&s);
	assert_memory_equal(&s.facts[0], &coarse_a, sizeof coarse_a);
	assert_memory_equal(&s.facts[2], &one, sizeof one);
	sl_system_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_answer_four_two_by_two_of_the_handbook),
		cmocka_unit_test(test_known_answer_five_three_by_three_of_fischetti_and_salazar),
		cmocka_unit_test(test_known_answer_five_costs_the_least_there_is),
		cmocka_unit_test(test_secondary_what_is_not_chosen_in_time_is_hidden_coarsely),
		cmocka_unit_test(test_secondary_who_calls_an_equation_implied_is_not_believed),
		cmocka_unit_test(test_secondary_tables_and_their_totals_make_a_path),
		cmocka_unit_test(test_known_answer_six_every_line_has_two_and_one_is_known),
		cmocka_unit_test(test_known_answer_seven_cheapest_complements_are_chosen),
		cmocka_unit_test(test_secondary_a_unit_alone_does_not_learn_its_neighbour),
		cmocka_unit_test(test_secondary_nothing_left_to_hide_is_not_safe),
		cmocka_unit_test(test_secondary_a_hundred_thousand_proofs_are_judged),
		cmocka_unit_test(test_secondary_facts_of_a_row_go_together),
		cmocka_unit_test(test_secondary_a_witness_is_not_believed),
		cmocka_unit_test(test_secondary_nobody_is_known_of_all_but_wholes_and_parts),
		cmocka_unit_test(test_secondary_a_system_that_is_none_is_refused),
		cmocka_unit_test(test_secondary_a_system_has_its_limits),
		cmocka_unit_test(test_secondary_nothing_is_promised_beyond_what_anybody_knows),
		cmocka_unit_test(test_secondary_tables_that_are_of_one_have_no_cycle),
		cmocka_unit_test(test_secondary_numbers_of_one_size_are_counted_in_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
