/*
 * test_exact.c - that what is hidden is the cheapest there is, by trying all: of covers, and of tables with their
 * totals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/secondary/choose.h"
#include "policy/secondary/cover.h"
#include "policy/secondary/prover.h"
#include "tests/unit/vault/failing.h"

#define WORK UINT64_C(2000000000)

static uint64_t drawn;

static uint64_t draw(void)
{
	drawn ^= drawn << 13;
	drawn ^= drawn >> 7;
	drawn ^= drawn << 17;
	return drawn;
}

/* --- covers ---------------------------------------------------------------------------------------------- */

#define COVER_ROWS 11
#define COVER_CUTS 9

/* All cuts there are; whoever proposes hears of the first that it does not meet. */
struct riddle {
	int64_t gives[COVER_CUTS][COVER_ROWS], wanted[COVER_CUTS];
	uint64_t cost[COVER_ROWS];
	uint32_t asked;
};

static bool is_met(const struct riddle *r, uint32_t cut, const bool *chosen)
{
	int64_t got = 0;

	for (uint32_t i = 0; i < COVER_ROWS; i++)
		got += chosen[i] ? r->gives[cut][i] : 0;
	return got >= r->wanted[cut];
}

static enum sl_cover_answer answer(void *ctx, struct sl_cover *cover, const bool *chosen)
{
	struct riddle *r = ctx;

	r->asked++;
	for (uint32_t j = 0; j < COVER_CUTS; j++) {
		uint32_t rows[COVER_ROWS], n = 0;
		int64_t gives[COVER_ROWS];
		if (is_met(r, j, chosen))
			continue;
		for (uint32_t i = 0; i < COVER_ROWS; i++)
			if (r->gives[j][i] > 0) {
				rows[n] = i;
				gives[n++] = r->gives[j][i];
			}
		return sl_cover_cut(cover, rows, gives, n, r->wanted[j]) ? SL_COVER_CUT : SL_COVER_STOP;
	}
	return SL_COVER_HOLDS;
}

static void make_riddle(struct riddle *r)
{
	*r = (struct riddle){ .asked = 0 };
	for (uint32_t i = 0; i < COVER_ROWS; i++)
		r->cost[i] = 1 + draw() % 40;
	for (uint32_t j = 0; j < COVER_CUTS; j++) {
		int64_t all = 0;
		for (uint32_t i = 0; i < COVER_ROWS; i++) {
			r->gives[j][i] = draw() % 3 == 0 ? (int64_t)(1 + draw() % 20) : 0;
			all += r->gives[j][i];
		}
		r->wanted[j] = all == 0 ? 0 : 1 + (int64_t)(draw() % (uint64_t)all);
	}
}

static uint64_t cost_of(const struct riddle *r, const bool *chosen)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < COVER_ROWS; i++)
		cost += chosen[i] ? r->cost[i] : 0;
	return cost;
}

static uint64_t all_of(const struct riddle *r)
{
	uint64_t cost = 0;

	for (uint32_t i = 0; i < COVER_ROWS; i++)
		cost += r->cost[i];
	return cost;
}

static uint64_t least_of(const struct riddle *r)
{
	uint64_t least = UINT64_MAX;

	for (uint32_t set = 0; set < 1u << COVER_ROWS; set++) {
		bool chosen[COVER_ROWS], all = true;
		for (uint32_t i = 0; i < COVER_ROWS; i++)
			chosen[i] = set >> i & 1;
		for (uint32_t j = 0; j < COVER_CUTS; j++)
			all = all && is_met(r, j, chosen);
		if (all && cost_of(r, chosen) < least)
			least = cost_of(r, chosen);
	}
	return least;
}

static bool solve(struct riddle *r, struct sl_cover *c, uint64_t best_cost, uint64_t work)
{
	assert_int_equal(sl_cover_init(c, COVER_ROWS, NULL), SL_OK);
	memcpy(c->cost, r->cost, sizeof r->cost);
	c->best_cost = best_cost;
	c->work_end = work;
	return sl_cover_search(c, answer, r);
}

static void test_exact_a_cover_is_the_cheapest_of_all(void **state)
{
	uint32_t asked = 0;

	(void)state;
	drawn = 7;
	for (uint32_t round = 0; round < 300; round++) {
		struct sl_cover c;
		struct riddle r;
		make_riddle(&r);
		uint64_t least = least_of(&r);
		assert_true(solve(&r, &c, all_of(&r) + 1, UINT64_MAX));
		assert_true(c.found);
		assert_int_equal(c.best_cost, least);
		assert_int_equal(cost_of(&r, c.best), least);
		asked += r.asked;
		sl_cover_fini(&c);

		/* What one has already is not found once more, and it is known that nothing is cheaper. */
		assert_true(solve(&r, &c, least, UINT64_MAX));
		assert_false(c.found);
		sl_cover_fini(&c);
	}
	print_message("%u proposals for 600 covers\n", asked);
}

static void test_exact_a_search_that_is_stopped_does_not_say_that_nothing_is_cheaper(void **state)
{
	uint32_t stopped = 0, done = 0;

	(void)state;
	drawn = 8;
	for (uint32_t round = 0; round < 50; round++) {
		struct riddle r;
		make_riddle(&r);
		uint64_t least = least_of(&r);
		for (uint64_t work = 1; work < 1000000; work *= 3) {
			struct sl_cover c;
			bool is_least = solve(&r, &c, all_of(&r) + 1, work);
			assert_true(!is_least || c.best_cost == least);
			assert_true(!c.found || (c.best_cost >= least && cost_of(&r, c.best) == c.best_cost));
			stopped += !is_least;
			done += is_least;
			sl_cover_fini(&c);
		}
	}
	assert_true(stopped > 50 && done > 50);
}

static enum sl_cover_answer say_the_same(void *ctx, struct sl_cover *cover, const bool *chosen)
{
	const uint32_t row = 0;
	const int64_t gives = 1;

	(void)ctx;
	(void)chosen;
	return sl_cover_cut(cover, &row, &gives, 1, 1) ? SL_COVER_CUT : SL_COVER_STOP;
}

static void test_exact_who_says_nothing_new_is_asked_no_more(void **state)
{
	struct sl_cover c;

	(void)state;
	assert_int_equal(sl_cover_init(&c, 3, NULL), SL_OK);
	for (uint32_t i = 0; i < 3; i++)
		c.cost[i] = 1;
	c.best_cost = 4;
	c.work_end = UINT64_MAX;
	assert_false(sl_cover_search(&c, say_the_same, NULL));
	assert_false(c.found);
	sl_cover_fini(&c);

	assert_int_equal(sl_cover_init(&c, 1, NULL), SL_OK);
	c.cost[0] = 1;
	c.best_cost = SL_COVER_COST_MAX + 1; /* a bound could not be told from the next number */
	c.work_end = UINT64_MAX;
	assert_false(sl_cover_search(&c, say_the_same, NULL));
	assert_int_equal(c.ncuts, 0);
	sl_cover_fini(&c);
}

/* --- tables with their totals ---------------------------------------------------------------------------- */

#define SIDE 7
#define FACTS_MAX (SIDE * SIDE + 2 * SIDE + 1)

static void add_fact(struct sl_system *s, int64_t value, uint64_t cost)
{
	const int64_t far = 10 + (int64_t)(draw() % 30); /* further than some neighbours go */
	const struct sl_fact fact = { .value = value, .hi = SL_FACT_VALUE_MAX, .above = far, .below = far, .cost = cost,
		.row = s->nfacts, .state = value < 10 ? SL_FACT_PRIMARY : SL_FACT_SHOWN,
		.insider = value == 0 ? SL_INSIDER_EVERYBODY : value == 1 ? SL_INSIDER_UNIT : SL_INSIDER_NONE };

	assert_int_equal(sl_system_fact(s, &fact, NULL, NULL), SL_OK);
}

static void add_line(struct sl_system *s, uint32_t first, uint32_t step, uint32_t n, uint32_t total)
{
	assert_int_equal(sl_system_begin(s, NULL), SL_OK);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(sl_system_term(s, first + i * step, 1, NULL), SL_OK);
	assert_int_equal(sl_system_term(s, total, -1, NULL), SL_OK);
}

/*
 * Cells, totals of rows, totals of columns, the total of all; or totals that nobody may hide, and none of all. One cell
 * in so many is few, and of those one in four is empty.
 */
static void make_table(struct sl_system *s, uint32_t nrows, uint32_t ncolumns, bool fixed, uint32_t one_in)
{
	int64_t rows[SIDE] = { 0 }, columns[SIDE] = { 0 }, all = 0;
	uint32_t ncells = nrows * ncolumns;

	*s = (struct sl_system){ 0 };
	for (uint32_t i = 0; i < ncells; i++) {
		bool few = draw() % one_in == 0;
		int64_t value = (int64_t)(few ? draw() % 4 == 0 ? 0 : draw() % 10 : 10 + draw() % 60);
		add_fact(s, value, (uint64_t)value);
		rows[i / ncolumns] += value;
		columns[i % ncolumns] += value;
		all += value;
	}
	for (uint32_t r = 0; r < nrows; r++)
		add_fact(s, rows[r], fixed ? 0 : (uint64_t)rows[r]);
	for (uint32_t c = 0; c < ncolumns; c++)
		add_fact(s, columns[c], fixed ? 0 : (uint64_t)columns[c]);
	for (uint32_t r = 0; r < nrows; r++)
		add_line(s, r * ncolumns, 1, ncolumns, ncells + r);
	for (uint32_t c = 0; c < ncolumns; c++)
		add_line(s, c, ncolumns, nrows, ncells + nrows + c);
	if (!fixed) {
		add_fact(s, all, (uint64_t)all);
		add_line(s, ncells, 1, nrows, s->nfacts - 1);
		add_line(s, ncells + nrows, 1, ncolumns, s->nfacts - 1);
		sl_system_implied(s);
	}
	assert_int_equal(sl_system_index(s, NULL), SL_OK);
}

static uint64_t hidden_cost(const struct sl_system *s)
{
	uint64_t cost = 0;

	for (uint32_t f = 0; f < s->nfacts; f++)
		cost += s->facts[f].state == SL_FACT_SECONDARY ? s->facts[f].cost : 0;
	return cost;
}

static uint32_t count_hidden(const struct sl_system *s)
{
	uint32_t n = 0;

	for (uint32_t f = 0; f < s->nfacts; f++)
		n += s->facts[f].state == SL_FACT_SECONDARY;
	return n;
}

/* By trial and not by paths. */
static bool protects(struct sl_system *s)
{
	struct sl_prover p;
	bool all = true;

	assert_int_equal(sl_prover_init(&p, s, NULL), SL_OK);
	p.network.whole = false;
	for (uint32_t f = 0; f < s->nfacts && all; f++)
		all = s->facts[f].state != SL_FACT_PRIMARY ||
		      (sl_prover_find(&p, f, sl_fact_highest(&s->facts[f])) &&
		       sl_prover_find(&p, f, sl_fact_lowest(&s->facts[f])));
	sl_prover_fini(&p);
	return all;
}

/* Of all sets of rows that cost less than `than`, whether one protects every primary. */
static bool is_there_a_cheaper(struct sl_system *s, uint64_t than)
{
	uint32_t rows[FACTS_MAX], n = 0;
	bool found = false;

	for (uint32_t f = 0; f < s->nfacts; f++)
		if (s->facts[f].state != SL_FACT_PRIMARY && s->facts[f].cost > 0 && s->facts[f].cost < than)
			rows[n++] = f;
	for (uint32_t set = 0; set < 1u << n && !found; set++) {
		for (uint32_t i = 0; i < n; i++)
			s->facts[rows[i]].state = set >> i & 1 ? SL_FACT_SECONDARY : SL_FACT_SHOWN;
		found = hidden_cost(s) < than && protects(s);
	}
	return found;
}

static void test_exact_of_tables_nothing_cheaper_would_do(void **state)
{
	uint32_t proved = 0, hidden = 0;

	(void)state;
	drawn = 9;
	for (uint32_t round = 0; round < 300; round++) {
		struct sl_choice choice;
		struct sl_system s;
		make_table(&s, 3, 3 + round % 2, round % 3 > 0, 2 + round % 4);
		assert_int_equal(sl_choose(&s, round, WORK, &choice, NULL), SL_OK);
		if (choice.safe && choice.primaries > 0 && hidden_cost(&s) > 0) {
			assert_true(choice.cheapest);
			assert_int_equal(choice.rows_hidden, count_hidden(&s));
			hidden += choice.rows_hidden;
			proved++;
			assert_false(is_there_a_cheaper(&s, hidden_cost(&s)));
		}
		sl_system_free(&s);
	}
	print_message("%u tables of which nothing cheaper would do, %u rows hidden in them\n", proved, hidden);
	assert_true(proved > 150);
}

/* As much work as there is, or little: what is tried on the way is not hidden at the end. */
static void test_exact_of_larger_tables_no_more_is_hidden_than_is_said(void **state)
{
	uint32_t cheapest = 0;

	(void)state;
	drawn = 13;
	for (uint32_t round = 0; round < 300; round++) {
		struct sl_choice choice;
		struct sl_system s;
		make_table(&s, 2 + round % (SIDE - 1), 2 + round / 3 % (SIDE - 1), round % 4 == 0, 4 + round % 5);
		assert_int_equal(sl_choose(&s, round, WORK >> round % 13, &choice, NULL), SL_OK);
		assert_true(!choice.safe || choice.rows_hidden == count_hidden(&s));
		cheapest += choice.safe && choice.cheapest;
		sl_system_free(&s);
	}
	print_message("%u of 300 are the cheapest\n", cheapest);
	assert_true(cheapest > 80 && cheapest < 280);
}

static void test_with_an_allocation_failing_nothing_is_chosen(void **state)
{
	unsigned long k = 1;
	enum sl_rc rc;

	(void)state;
	do {
		struct sl_choice choice;
		struct sl_system s;
		drawn = 11;
		make_table(&s, 4, 4, false, 5);
		failing_at(k++);
		rc = sl_choose(&s, 3, WORK, &choice, NULL);
		bool reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(choice.safe, !reached);
		sl_system_free(&s);
	} while (rc != SL_OK);
	assert_true(k > 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exact_a_cover_is_the_cheapest_of_all),
		cmocka_unit_test(test_exact_a_search_that_is_stopped_does_not_say_that_nothing_is_cheaper),
		cmocka_unit_test(test_exact_who_says_nothing_new_is_asked_no_more),
		cmocka_unit_test(test_exact_of_tables_nothing_cheaper_would_do),
		cmocka_unit_test(test_exact_of_larger_tables_no_more_is_hidden_than_is_said),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_chosen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
