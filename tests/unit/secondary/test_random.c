/*
 * test_random.c - every choice against an attacker who writes down all tables there are.
 *
 * Small two-way tables with their totals, some of the totals hidden too, and a second table linked by one margin; small
 * three-way tables with the totals of each key. When a choice is safe, each hidden number must range as far as it is
 * protected among all integer tables that satisfy what is shown; enumerated here, without the prover, the witness or
 * the index.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/secondary/choose.h"
#include "policy/secondary/witness.h"

#define WORK UINT64_C(2000000000)

#define ROWS 3
#define COLUMNS 3
#define NCELLS (ROWS * COLUMNS)
#define VALUE_MAX 9
#define ROUNDS 60

static uint64_t draw(void)
{
	static uint64_t s = 99;

	s ^= s << 13;
	s ^= s >> 7;
	s ^= s << 17;
	return s;
}

/* Facts: cells, totals of rows, totals of columns; then a column that splits each row's total in two, if linked. */
static void make(struct sl_system *s, int64_t *cells, bool linked)
{
	struct sl_fact fact = { .hi = VALUE_MAX * COLUMNS, .above = 2, .below = 2 };
	int64_t totals[ROWS + COLUMNS] = { 0 };

	memset(s, 0, sizeof *s);
	for (uint32_t i = 0; i < NCELLS; i++) {
		cells[i] = draw() % 4 == 0 ? (int64_t)(draw() % 3) : (int64_t)(draw() % VALUE_MAX);
		totals[i / COLUMNS] += cells[i];
		totals[ROWS + i % COLUMNS] += cells[i];
		fact.value = cells[i];
		fact.cost = (uint64_t)cells[i];
		fact.row = i;
		fact.insider = cells[i] == 1;
		fact.state = cells[i] < 3 ? SL_FACT_PRIMARY : SL_FACT_SHOWN;
		assert_int_equal(sl_system_fact(s, &fact, NULL, NULL), SL_OK);
	}
	for (uint32_t i = 0; i < ROWS + COLUMNS; i++) {
		fact = (struct sl_fact){ .value = totals[i], .hi = VALUE_MAX * COLUMNS, .cost = draw() % 3 ? 0 : 50,
			.row = NCELLS + i, .above = 2, .below = 2 };
		assert_int_equal(sl_system_fact(s, &fact, NULL, NULL), SL_OK);
		assert_int_equal(sl_system_begin(s, NULL), SL_OK);
		for (uint32_t k = 0; k < NCELLS; k++)
			if (i < ROWS ? k / COLUMNS == i : k % COLUMNS == i - ROWS)
				assert_int_equal(sl_system_term(s, k, 1, NULL), SL_OK);
		assert_int_equal(sl_system_term(s, NCELLS + i, -1, NULL), SL_OK);
	}
	for (uint32_t r = 0; r < ROWS && linked; r++) {
		int64_t part = totals[r] > 0 ? (int64_t)(draw() % (uint64_t)(totals[r] + 1)) : 0;
		assert_int_equal(sl_system_begin(s, NULL), SL_OK);
		for (uint32_t k = 0; k < 2; k++) {
			uint32_t at;
			fact = (struct sl_fact){ .value = k == 0 ? part : totals[r] - part, .hi = VALUE_MAX * COLUMNS, .above = 2,
				.below = 2, .row = s->nfacts };
			fact.cost = (uint64_t)fact.value;
			fact.state = fact.value > 0 && fact.value < 3 ? SL_FACT_PRIMARY : SL_FACT_SHOWN;
			assert_int_equal(sl_system_fact(s, &fact, &at, NULL), SL_OK);
			assert_int_equal(sl_system_term(s, at, 1, NULL), SL_OK);
		}
		for (uint32_t k = 0; k < COLUMNS; k++)
			assert_int_equal(sl_system_term(s, r * COLUMNS + k, -1, NULL), SL_OK);
	}
	assert_int_equal(sl_system_index(s, NULL), SL_OK);
}

/* Facts: cells of 2 × 2 × 2, then the totals of each of the three keys: every cell is in three equations. */
static void make_cube(struct sl_system *s)
{
	struct sl_fact fact = { .hi = 9, .above = 2, .below = 2 };
	int64_t totals[6] = { 0 };

	memset(s, 0, sizeof *s);
	for (uint32_t i = 0; i < 8; i++) {
		fact.value = draw() % 3 == 0 ? (int64_t)(draw() % 3) : (int64_t)(draw() % VALUE_MAX);
		fact.cost = (uint64_t)fact.value;
		fact.row = i;
		fact.insider = fact.value == 1;
		fact.state = fact.value < 3 ? SL_FACT_PRIMARY : SL_FACT_SHOWN;
		assert_int_equal(sl_system_fact(s, &fact, NULL, NULL), SL_OK);
		for (uint32_t k = 0; k < 3; k++)
			totals[2 * k + (i >> k & 1)] += fact.value;
	}
	for (uint32_t t = 0; t < 6; t++) {
		fact = (struct sl_fact){ .value = totals[t], .hi = 36, .row = 8 + t };
		assert_int_equal(sl_system_fact(s, &fact, NULL, NULL), SL_OK);
		assert_int_equal(sl_system_begin(s, NULL), SL_OK);
		for (uint32_t i = 0; i < 8; i++)
			if ((i >> t / 2 & 1) == t % 2)
				assert_int_equal(sl_system_term(s, i, 1, NULL), SL_OK);
		assert_int_equal(sl_system_term(s, 8 + t, -1, NULL), SL_OK);
	}
	assert_int_equal(sl_system_index(s, NULL), SL_OK);
}

struct attack {
	const struct sl_system *s;
	uint32_t primary;
	int64_t values[64], least, most;
	uint64_t tables;
};

/* Whether the equation can still be met when facts from `next` on are not set. */
static bool may_hold(const struct attack *a, const struct sl_equation *e, uint32_t next)
{
	int64_t least = 0, most = 0;

	for (uint32_t i = 0; i < e->nterms; i++) {
		const struct sl_term *t = &a->s->terms[e->first + i];
		const struct sl_fact *f = &a->s->facts[t->fact];
		bool known = t->fact < next || f->state == SL_FACT_SHOWN;
		int64_t lo = t->fact < next ? a->values[t->fact] : known ? f->value : f->lo,
			hi = t->fact < next ? a->values[t->fact] : known ? f->value : f->hi;
		least += t->factor > 0 ? lo : -hi;
		most += t->factor > 0 ? hi : -lo;
	}
	return least <= 0 && most >= 0;
}

static void enumerate(struct attack *a, uint32_t next)
{
	for (uint32_t e = 0; e < a->s->nequations; e++)
		if (!may_hold(a, &a->s->equations[e], next))
			return;
	if (next == a->s->nfacts) {
		a->tables++;
		a->least = a->values[a->primary] < a->least ? a->values[a->primary] : a->least;
		a->most = a->values[a->primary] > a->most ? a->values[a->primary] : a->most;
		return;
	}
	const struct sl_fact *f = &a->s->facts[next];
	bool known = f->state == SL_FACT_SHOWN || (f->insider && next != a->primary);
	for (int64_t v = known ? f->value : f->lo; v <= (known ? f->value : f->hi); v++) {
		a->values[next] = v;
		enumerate(a, next + 1);
	}
}

static void test_secondary_what_is_safe_is_safe_from_every_table_there_is(void **state)
{
	uint32_t safe = 0, unsafe = 0, primaries = 0, hidden = 0;

	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		int64_t cells[NCELLS];
		struct sl_choice choice;
		struct sl_system s;

		if (round % 3 == 2)
			make_cube(&s);
		else
			make(&s, cells, round % 3 != 0);
		assert_int_equal(sl_choose(&s, round, WORK, &choice, NULL), SL_OK);
		safe += choice.safe;
		unsafe += !choice.safe;
		hidden += choice.rows_hidden;
		for (uint32_t f = 0; f < s.nfacts; f++)
			choice.rows_hidden -= s.facts[f].state == SL_FACT_SECONDARY;
		assert_int_equal(choice.rows_hidden, 0);
		for (uint32_t f = 0; f < s.nfacts && choice.safe; f++) {
			struct attack a = { .s = &s, .primary = f, .least = INT64_MAX, .most = INT64_MIN };
			if (s.facts[f].state != SL_FACT_PRIMARY)
				continue;
			enumerate(&a, 0);
			assert_true(a.tables > 0);
			assert_true(a.least <= sl_fact_lowest(&s.facts[f]));
			assert_true(a.most >= sl_fact_highest(&s.facts[f]));
			primaries++;
		}
		sl_system_free(&s);
	}
	print_message("%u safe, %u not; %u hidden numbers looked at, %u rows hidden besides\n", safe, unsafe, primaries,
	              hidden);
	assert_true(safe > ROUNDS / 4 && primaries > ROUNDS);
}

/* --- the checker against one who reads every table as a whole ----------------------------------------------- */

static bool are_whole_and_part(const struct sl_system *s, uint32_t one, uint32_t other)
{
	for (uint32_t e = 0; e < s->nequations; e++) {
		const struct sl_term *terms = &s->terms[s->equations[e].first];
		uint32_t n = s->equations[e].nterms, plus = 0;
		int32_t of_one = 0, of_other = 0;
		for (uint32_t i = 0; i < n; i++) {
			plus += terms[i].factor > 0;
			of_one = terms[i].fact == one ? terms[i].factor : of_one;
			of_other = terms[i].fact == other ? terms[i].factor : of_other;
		}
		if (of_one * of_other < 0 && (plus == 1 || plus + 1 == n))
			return true;
	}
	return false;
}

static bool read_whole(const struct sl_system *s, uint32_t primary, const int64_t *values)
{
	for (uint32_t f = 0; f < s->nfacts; f++) {
		const struct sl_fact *fact = &s->facts[f];
		bool known = fact->state == SL_FACT_SHOWN || (f != primary && fact->insider == SL_INSIDER_UNIT);
		if (f != primary && fact->insider == SL_INSIDER_EVERYBODY)
			known = known || s->facts[primary].insider != SL_INSIDER_EVERYBODY || !are_whole_and_part(s, f, primary);
		if (values[f] < fact->lo || values[f] > fact->hi || (known && values[f] != fact->value))
			return false;
	}
	for (uint32_t e = 0; e < s->nequations; e++) {
		int64_t sum = 0;
		for (uint32_t i = 0; i < s->equations[e].nterms; i++) {
			const struct sl_term *t = &s->terms[s->equations[e].first + i];
			sum += t->factor * values[t->fact];
		}
		if (sum != 0)
			return false;
	}
	return true;
}

/* Another table than the true one: one more or less along a rectangle, or of a cell and its totals, or of anything. */
static void alter(const struct sl_system *s, int64_t *values)
{
	uint32_t r = (uint32_t)(draw() % ROWS), c = (uint32_t)(draw() % COLUMNS), r2 = (r + 1) % ROWS, c2 = (c + 1) % COLUMNS;
	int64_t by = draw() % 2 ? 1 : -1;

	values[r * COLUMNS + c] += by;
	if (draw() % 2) {
		values[r * COLUMNS + c2] -= by;
		values[r2 * COLUMNS + c] -= by;
		values[r2 * COLUMNS + c2] += by;
	} else {
		values[NCELLS + r] += by;
		values[NCELLS + ROWS + c] += by;
	}
	if (draw() % 8 == 0)
		values[draw() % s->nfacts] += by;
}

static void test_secondary_what_is_told_by_its_changes_is_judged_as_the_whole_is(void **state)
{
	uint32_t holds = 0, not = 0;

	(void)state;
	for (uint32_t round = 0; round < 40 * ROUNDS; round++) {
		int64_t values[64];
		struct sl_witness w;
		struct sl_system s;

		make(&s, values, round % 2 != 0);
		for (uint32_t f = 0; f < s.nfacts; f++) {
			s.facts[f].state = (uint8_t)(draw() % 8 ? SL_FACT_PRIMARY : SL_FACT_SHOWN);
			if (s.facts[f].value == 0)
				s.facts[f].insider = SL_INSIDER_EVERYBODY;
		}
		assert_int_equal(sl_witness_init(&w, &s, NULL), SL_OK);
		for (uint32_t k = 0; k < 20; k++) {
			uint32_t primary = (uint32_t)(draw() % s.nfacts);
			for (uint32_t f = 0; f < s.nfacts; f++)
				values[f] = s.facts[f].value;
			alter(&s, values);
			sl_witness_set(&w, (uint32_t)(draw() % s.nfacts), INT64_MIN); /* and once more, as it is */
			sl_witness_set_all(&w, values);
			bool is = sl_witness_holds(&w, primary);
			assert_int_equal(is, read_whole(&s, primary, values));
			holds += is;
			not += !is;
		}
		sl_witness_fini(&w);
		sl_system_free(&s);
	}
	print_message("%u tables hold, %u do not\n", holds, not);
	assert_true(holds > ROUNDS && not > ROUNDS);
}

/* An implied equation binds as any other; and what does not even hold of the true numbers is judged by nobody. */
static void test_secondary_implied_equations_bind_and_a_true_table_must_hold(void **state)
{
	int64_t cells[NCELLS];
	struct sl_witness w;
	struct sl_system s;

	(void)state;
	make(&s, cells, false);
	for (uint32_t f = 0; f < s.nfacts; f++)
		s.facts[f].state = SL_FACT_PRIMARY;
	for (uint32_t f = 0; f < s.nfacts; f++)
		s.facts[f].insider = SL_INSIDER_NONE;
	s.equations[0].implied = true;
	assert_int_equal(sl_system_index(&s, NULL), SL_OK);
	assert_int_equal(sl_witness_init(&w, &s, NULL), SL_OK);
	sl_witness_set(&w, NCELLS, s.facts[NCELLS].value + 1);
	assert_false(sl_witness_is_high(&w, NCELLS));
	assert_true(sl_witness_holds(&w, NCELLS)); /* the true table again */
	sl_witness_fini(&w);
	s.facts[NCELLS].value++;
	assert_int_equal(sl_witness_init(&w, &s, NULL), SL_E_INPUT);
	sl_witness_fini(&w);
	s.facts[NCELLS].value--;
	s.facts[NCELLS].hi = s.facts[NCELLS].value - 1;
	assert_int_equal(sl_witness_init(&w, &s, NULL), SL_E_INPUT);
	sl_witness_fini(&w);
	sl_system_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secondary_what_is_told_by_its_changes_is_judged_as_the_whole_is),
		cmocka_unit_test(test_secondary_implied_equations_bind_and_a_true_table_must_hold),
		cmocka_unit_test(test_secondary_what_is_safe_is_safe_from_every_table_there_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
