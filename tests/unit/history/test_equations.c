/* test_equations.c - which numbers follow from which, and of which kinds of rows sets are made up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/equations.h"
#include "policy/history/row_kinds.h"
#include "policy/history/space.h"
#include "tests/unit/vault/failing.h"

#define UNKNOWNS 9u

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void fill(uint32_t *seed, uint64_t row[static UNKNOWNS])
{
	for (uint32_t c = 0; c < UNKNOWNS; c++)
		row[c] = next_random(seed) % 3 == 0 ? 1 + next_random(seed) % 5 : 0;
}

static void put(struct sl_equations *e, const uint64_t row[static UNKNOWNS], uint64_t times)
{
	for (uint32_t c = 0; c < UNKNOWNS; c++)
		if (row[c] != 0)
			sl_equations_add(e, c, sl_space_times(times, row[c]));
}

/* The columns behind the unknowns say how often each row was taken: so often they are what was asked about. */
static void assert_adds_up(struct sl_equations *e, uint64_t rows[][UNKNOWNS], uint32_t n,
                           const uint64_t asked[static UNKNOWNS])
{
	uint64_t sum[UNKNOWNS] = { 0 };

	for (uint32_t r = 0; r < n; r++)
		for (uint32_t c = 0; c < UNKNOWNS; c++)
			sum[c] = sl_space_minus(sum[c], sl_space_times(e->at[UNKNOWNS + r], rows[r][c]));
	assert_memory_equal(sum, asked, sizeof sum);
}

static void test_equations_tell_what_the_space_of_their_rows_does(void **state)
{
	uint32_t seed = 7, ntold = 0, nuntold = 0;

	(void)state;
	for (uint32_t round = 0; round < 3000; round++) {
		uint64_t rows[8][UNKNOWNS], asked[UNKNOWNS], work = UINT64_MAX;
		uint32_t n = next_random(&seed) % 9;
		struct sl_equations e;
		struct sl_space s;
		assert_int_equal(sl_equations_init(&e, UNKNOWNS, n, &work, NULL), SL_OK);
		assert_int_equal(sl_space_init(&s, n, UNKNOWNS, NULL), SL_OK);
		for (uint32_t r = 0; r < n; r++) {
			fill(&seed, rows[r]);
			memcpy(sl_space_row(&s, r), rows[r], sizeof rows[r]);
			put(&e, rows[r], 1);
			sl_equations_add(&e, UNKNOWNS + r, 1);
			assert_int_equal(sl_equations_keep(&e, NULL), SL_OK);
		}
		sl_space_reduce(&s);
		assert_int_equal(e.nrows, s.rank);
		fill(&seed, asked);
		for (uint32_t c = 0; c < UNKNOWNS && round % 2 == 0 && n > 1; c++)
			asked[c] = sl_space_plus(rows[0][c], sl_space_times(3, rows[1][c]));
		memcpy(s.row, asked, sizeof asked);
		put(&e, asked, 1);
		bool told = sl_equations_reduce(&e, 0, false) == UNKNOWNS;
		assert_int_equal(told, sl_space_is_told(&s));
		if (told)
			assert_adds_up(&e, rows, n, asked);
		ntold += told;
		nuntold += !told;
		sl_equations_free(&e);
		sl_space_fini(&s);
	}
	assert_true(ntold > 1000 && nuntold > 1000);
}

/* x + y + z and y + z, w + z: less the others the first row is x, and the last stays as it is. */
static void test_equations_less_the_others_a_row_says_what_they_leave(void **state)
{
	const uint64_t rows[3][UNKNOWNS] = { { 1, 1, 1 }, { 0, 1, 1 }, { 0, 0, 1, 1 } };
	uint64_t work = 1000;
	struct sl_equations e;

	(void)state;
	assert_int_equal(sl_equations_init(&e, UNKNOWNS, 0, &work, NULL), SL_OK);
	for (int r = 0; r < 3; r++) {
		put(&e, rows[r], 5);
		assert_int_equal(sl_equations_keep(&e, NULL), SL_OK);
	}
	sl_equations_take(&e, 0);
	assert_int_equal(sl_equations_reduce(&e, 1, true), UNKNOWNS);
	assert_int_equal(sl_equations_next(&e, 0), 0);
	assert_int_equal(sl_equations_next(&e, 1), UNKNOWNS);
	sl_equations_take(&e, 1);
	assert_int_equal(sl_equations_reduce(&e, 2, true), 3);
	assert_int_equal(e.at[3], sl_space_minus(0, 1));
	sl_equations_free(&e);
}

/* A step a row, and one for each term that is taken off: none, four, and four. */
static void test_equations_beyond_the_work_are_given_up(void **state)
{
	static const uint64_t rows[3][UNKNOWNS] = { { 1, 1, 1, 1 }, { 1 }, { 1, 1 } };

	(void)state;
	for (uint64_t most = 1; most <= 15; most++) {
		uint64_t work = most;
		struct sl_equations e;
		assert_int_equal(sl_equations_init(&e, UNKNOWNS, 0, &work, NULL), SL_OK);
		for (uint32_t r = 0; r < 3; r++) {
			put(&e, rows[r], 1);
			assert_int_equal(sl_equations_keep(&e, NULL), SL_OK);
		}
		assert_int_equal(work > 0, most > 11);
		assert_int_equal(e.nrows == 3, most > 11);
		sl_equations_free(&e);
	}
}

/* Two rows of a unit in set 0, one of them in set 2; a unit in 0 and 2; one in 1, 3; one in 3 alone. */
static const struct sl_atom_place places[] = { { 0, 0 }, { 0, 1 }, { 2, 1 }, { 0, 0 }, { 2, 0 }, { 1, 0 }, { 3, 0 },
	{ 3, 0 } };
static const struct sl_atom atoms[] = { { 5, 0, 3 }, { 7, 3, 2 }, { 11, 5, 2 }, { 13, 7, 1 } };

static enum sl_rc make(const uint32_t asked[4], uint32_t nsets, struct sl_row_kinds *k, bool *fits)
{
	struct sl_atoms a = { .atoms = (struct sl_atom *)atoms, .natoms = 4, .places = (struct sl_atom_place *)places,
		              .nplaces = 8 };

	return sl_row_kinds_make(&a, asked, nsets, k, fits, NULL);
}

static void test_row_kinds_are_rows_in_the_same_of_the_sets_asked_about(void **state)
{
	static const uint32_t all[] = { 0, 1, 2, 3 }, last[] = { SL_ROW_KINDS_NO_SET, SL_ROW_KINDS_NO_SET, 1, 0 };
	static const uint64_t units_of_all[] = { 5, 12, 11, 13 }, units_of_last[] = { 12, 24 };
	struct sl_row_kinds k;
	bool fits = false;

	(void)state;
	assert_int_equal(make(all, 4, &k, &fits), SL_OK);
	assert_true(fits && k.n == 4 && k.nsets == 4);
	assert_memory_equal(k.units, units_of_all, sizeof units_of_all);
	assert_memory_equal(k.first, ((uint32_t[]){ 0, 2, 3, 4, 6 }), 5 * sizeof *k.first);
	assert_memory_equal(k.of_set, ((uint32_t[]){ 0, 1, 2, 1, 2, 3 }), 6 * sizeof *k.of_set);
	sl_row_kinds_free(&k);
	assert_int_equal(make(last, 2, &k, &fits), SL_OK);
	assert_true(fits && k.n == 2);
	assert_memory_equal(k.units, units_of_last, sizeof units_of_last);
	assert_memory_equal(k.first, ((uint32_t[]){ 0, 1, 2 }), 3 * sizeof *k.first);
	assert_memory_equal(k.of_set, ((uint32_t[]){ 1, 0 }), 2 * sizeof *k.of_set);
	sl_row_kinds_free(&k);
}

/* A thousand sets with a unit of their own, and each unit in the next one too. */
static void test_row_kinds_of_many_sets_are_found_again(void **state)
{
	enum { N = 1000 };
	struct sl_atom_place *many = calloc(2 * N * 2, sizeof *many);
	struct sl_atom *of = calloc(2 * N, sizeof *of);
	uint32_t *asked = calloc(N + 1, sizeof *asked);
	struct sl_row_kinds k;
	bool fits = false;

	(void)state;
	assert_true(many != NULL && of != NULL && asked != NULL);
	for (uint32_t i = 0; i < 2 * N; i++) {
		many[2 * i].set = i % N;
		many[2 * i + 1].set = i % N + 1;
		of[i] = (struct sl_atom){ 1 + i / N, 2 * i, 2 };
	}
	for (uint32_t s = 0; s <= N; s++)
		asked[s] = s;
	struct sl_atoms a = { .atoms = of, .natoms = 2 * N, .places = many, .nplaces = 4 * N };
	assert_int_equal(sl_row_kinds_make(&a, asked, N + 1, &k, &fits, NULL), SL_OK);
	assert_true(fits && k.n == N);
	for (uint32_t i = 0; i < N; i++)
		assert_true(k.units[i] == 3 && k.first[i + 1] - k.first[i] == (i == 0 ? 1u : 2u));
	sl_row_kinds_free(&k);
	free(asked);
	free(of);
	free(many);
}

static void test_with_an_allocation_failing_there_are_no_kinds_and_no_equations(void **state)
{
	static const uint32_t all[] = { 0, 1, 2, 3 };
	const uint64_t row[UNKNOWNS] = { 1, 1 };
	unsigned long k = 1;
	enum sl_rc rc;

	(void)state;
	do {
		struct sl_row_kinds kinds = { 0 };
		struct sl_equations e = { 0 };
		uint64_t work = 100;
		bool fits;
		failing_at(k++);
		rc = make(all, 4, &kinds, &fits);
		if (rc == SL_OK)
			rc = sl_equations_init(&e, UNKNOWNS, 1, &work, NULL);
		if (rc == SL_OK)
			put(&e, row, 1);
		if (rc == SL_OK)
			rc = sl_equations_keep(&e, NULL);
		bool reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_row_kinds_free(&kinds);
		sl_equations_free(&e);
	} while (rc != SL_OK);
	assert_int_equal(k - 2, 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equations_tell_what_the_space_of_their_rows_does),
		cmocka_unit_test(test_equations_less_the_others_a_row_says_what_they_leave),
		cmocka_unit_test(test_equations_beyond_the_work_are_given_up),
		cmocka_unit_test(test_row_kinds_are_rows_in_the_same_of_the_sets_asked_about),
		cmocka_unit_test(test_row_kinds_of_many_sets_are_found_again),
		cmocka_unit_test(test_with_an_allocation_failing_there_are_no_kinds_and_no_equations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
