/*
 * test_amounts.c - random requests for counts beside sums and means, judged as beside the units that there are, and
 * what would leave attacked: somebody knows every sum and mean that is shown, exactly, and what single units have. One
 * reader who knows no more must find a sum that was hidden for what it is as much larger and smaller as policy.md
 * promises; one who also knows in which crossings of all keys nobody is, and what they have at most, must find every
 * hidden sum possible of which the dominance rules would not speak any more.
 *
 * SL_AMOUNTS_REQUESTS and SL_AMOUNTS_SEED in the environment try more, or others, than the everyday ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/agreement/tables.h"
#include "tests/agreement/wish.h"
#include "tests/unit/rules/past.h"

#define ATOMS 16 /* region, gender, sick */

struct request {
	struct past past;
	uint64_t seed, random;
	int64_t least;           /* of every amount; the catalogue says so */
	bool levels;             /* regions lie in districts and cities */
	uint32_t units[ATOMS];
};

enum reader { READER_OF_NUMBERS, READER_WHO_KNOWS_THE_PLACE };

struct seen {
	uint32_t refused, for_a_person, released, promised, dominated, few, undecided;
};

static uint32_t draw(struct request *q, uint32_t below)
{
	q->random = q->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(q->random >> 33) % below;
}

static uint32_t atom_of(const struct kit_row *row)
{
	return (uint32_t)(4 * row->value[KIT_REGION] + 2 * row->value[KIT_GENDER] + row->value[KIT_SICK]);
}

/* Amounts of 20 sizes, and in some crossings one or two that are much larger. */
static void add_units(struct request *q, uint32_t atom)
{
	static const uint32_t least[] = { 0, 1, 4, 10, 10, 12 };
	uint32_t kind = draw(q, 6), n = least[kind] + (kind < 3 ? draw(q, 1 + kind) : draw(q, 12));
	struct kit_row *row = kit_add(q->past.k, n, atom / 4, atom / 2 % 2);

	for (uint32_t i = 0; i < n; i++) {
		row[i].value[KIT_SICK] = atom % 2;
		row[i].value[KIT_AMOUNT] = q->least + 1 + draw(q, 20);
	}
	for (uint32_t big = draw(q, 4) == 0 ? 1 + draw(q, 2) : 0; big-- > 0 && n > big;)
		row[big].value[KIT_AMOUNT] = q->least + (50 << draw(q, 7));
	q->units[atom] = n;
}

static void add_plan(struct request *q, uint32_t i, bool with_amounts)
{
	static const enum kit_column columns[] = { KIT_REGION, KIT_GENDER, KIT_SICK };
	static const char *const names[] = { "region", "gender", "sick" };
	struct sl_plan *plan = i == 0 ? &q->past.k->plans[0] : kit_plan(q->past.k);
	uint32_t keys = i == 0 ? 3 + 4 * draw(q, 2) : draw(q, 8);

	bool district = q->levels && i > 0 && draw(q, 2) == 0;
	for (uint32_t k = 0; k < 3; k++)
		if ((keys >> k & 1) && k == 0 && district)
			kit_level(plan, "district", 0);
		else if (keys >> k & 1)
			kit_key(plan, names[k], columns[k], false);
	kit_stat(plan, "persons", SL_STAT_UNITS, 0, 0);
	uint32_t what = with_amounts ? 1 + draw(q, 3) : 0;
	if (what & 1)
		kit_stat(plan, "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	if (what & 2)
		kit_stat(plan, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
}

static void ask(struct request *q, uint64_t seed)
{
	static const int64_t districts[4][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 0 }, { 1, 1 }, { 2, 1 } };

	*q = (struct request){ .seed = seed, .random = seed };
	past_open(&q->past);
	q->past.k->setup.rules.context = 1;
	q->past.k->setup.rules.group_disclosure = 1;
	q->past.k->setup.rules.zeros_show = draw(q, 3) == 0;
	if ((q->levels = draw(q, 3) == 0))
		kit_levels(q->past.k, districts);
	q->least = draw(q, 3) == 0 ? 10 : 0;
	for (uint32_t atom = 0; atom < ATOMS; atom++)
		add_units(q, atom);
	struct sl_column *amount = &q->past.k->setup.view.tables[0].columns[KIT_AMOUNT];
	if (draw(q, 2) || q->least > 0)
		amount->lo = q->least;
	if (draw(q, 4) == 0)
		amount->hi = 4000;
	uint32_t n = 2 + draw(q, 3);
	for (uint32_t i = 0; i < n; i++)
		add_plan(q, i, i == 0 || draw(q, 4) > 0);
	past_release(&q->past, 0);
	assert_int_equal(past_judge(&q->past), SL_OK);
}

static uint64_t atoms_in(const struct request *q, uint32_t output, uint32_t cell)
{
	const struct kit *k = q->past.k;
	uint64_t atoms = 0;

	for (uint32_t atom = 0; atom < ATOMS; atom++) {
		struct kit_row row = {
			.value = { [KIT_REGION] = atom / 4, [KIT_GENDER] = atom / 2 % 2, [KIT_SICK] = atom % 2 },
		};
		if (kit_cell_of(k, &k->plans[output], &row) == cell)
			atoms |= UINT64_C(1) << atom;
	}
	return atoms;
}

static uint32_t cells_of(const struct request *q, uint32_t output)
{
	const struct sl_plan *plan = &q->past.k->plans[output];

	return q->past.k->results[output].nevidence / plan->nstats;
}

/* The sum of a cell's amounts is printed, or a mean that tells it. */
static bool is_told(const struct request *q, uint32_t output, uint32_t cell)
{
	const struct sl_plan *plan = &q->past.k->plans[output];

	for (uint32_t s = 1; s < plan->nstats; s++)
		if (kit_cell(q->past.k, &q->past.now, output, cell, s)->shown)
			return true;
	return false;
}

struct amounts {
	int64_t sum, top[2];
	uint32_t n;
};

static struct amounts amounts_of(const struct request *q, uint64_t atoms)
{
	struct amounts a = { 0 };

	for (uint32_t r = 0; r < q->past.k->nrows; r++) {
		const struct kit_row *row = &q->past.k->rows[r];
		int64_t v = row->value[KIT_AMOUNT];
		if ((atoms >> atom_of(row) & 1) == 0)
			continue;
		a.n++;
		a.sum += v;
		if (v > a.top[0]) {
			a.top[1] = a.top[0];
			a.top[0] = v;
		} else if (v > a.top[1]) {
			a.top[1] = v;
		}
	}
	return a;
}

/* A part of a percentage on scale 3, rounded up. */
static int64_t part_of(int64_t whole, int64_t part, int64_t of)
{
	return (whole * part + of - 1) / of;
}

/*
 * How much more, or less, a sum must seem able to be: that two have not k % of it, that the second largest does not
 * tell the largest to p % (EU Handbook on SDC, 2nd ed., table 4.2); where it was hidden for that, p % of it.
 */
static int64_t promised(const struct sl_rules *r, const struct amounts *a, enum reader reader)
{
	int64_t two = a->top[0] + a->top[1], most = part_of(two, 100000, r->dominance_k) - a->sum;
	int64_t p = reader == READER_OF_NUMBERS ? part_of(a->sum, r->p_percent, 100000)
	                                        : part_of(a->top[0], r->p_percent, 100000) - (a->sum - two);

	most = p > most ? p : most;
	return most > 1 ? most : 1;
}

static bool is_dominated(const struct sl_rules *r, const struct amounts *a)
{
	int64_t two = a->top[0] + a->top[1];

	return a->sum > 0 && (two * 100000 >= a->sum * r->dominance_k ||
	                      (a->sum - two) * 100000 < a->top[0] * r->p_percent);
}

static bool has_amounts(const struct request *q, uint32_t output)
{
	return q->past.k->plans[output].nstats > 1;
}

/* That nobody is there, and what one unit has, is known to all but those of the target. */
static void know(const struct request *q, struct tables *t, uint32_t i, uint32_t cell, uint64_t target)
{
	uint64_t atoms = atoms_in(q, i, cell);
	struct amounts a = amounts_of(q, atoms);
	bool known = is_told(q, i, cell) || (a.n < 2 && (atoms & target) == 0);

	if (atoms != target && has_amounts(q, i) && known)
		tables_add(t, atoms, a.sum, a.sum);
}

static void know_the_place(const struct request *q, struct tables *t)
{
	int64_t hi = q->past.k->setup.view.tables[0].columns[KIT_AMOUNT].hi;

	for (uint32_t atom = 0; atom < ATOMS; atom++)
		tables_add(t, UINT64_C(1) << atom, 0,
		           q->units[atom] == 0 ? 0 : hi == INT64_MAX ? TABLES_ANY : hi * q->units[atom]);
}

static void tell(const struct request *q)
{
	const struct kit *k = q->past.k;

	for (uint32_t atom = 0; atom < ATOMS; atom++)
		print_error("atom %u: %u units, %lld\n", atom, q->units[atom],
		            (long long)amounts_of(q, UINT64_C(1) << atom).sum);
	for (uint32_t i = 0; i < k->setup.nplans; i++) {
		print_error("out%u:", i);
		for (uint32_t n = 0; n < k->plans[i].nkeys; n++)
			print_error(" %s", k->plans[i].keys[n].name);
		for (uint32_t s = 0; s < k->plans[i].nstats; s++)
			print_error(" %s", k->plans[i].stats[s].name);
		for (uint32_t c = 0; c < cells_of(q, i); c++) {
			struct amounts a = amounts_of(q, atoms_in(q, i, c));
			print_error("\n  %u: n%s %u sum%s %lld (%lld, %lld)", c,
			            kit_cell(k, &q->past.now, i, c, 0)->shown ? "" : "*", a.n, is_told(q, i, c) ? "" : "*",
			            (long long)a.sum, (long long)a.top[0], (long long)a.top[1]);
		}
		print_error("\n");
	}
	for (uint32_t f = 0; f < q->past.now.nfindings; f++)
		print_error("finding %u.%u.%u %u\n", q->past.now.findings[f].output, q->past.now.findings[f].cell,
		            q->past.now.findings[f].stat, q->past.now.findings[f].rule);
}

static void attack(const struct request *q, uint32_t output, uint32_t cell, enum reader reader, struct seen *seen)
{
	uint64_t target = atoms_in(q, output, cell);
	struct amounts a = amounts_of(q, target);
	int64_t far = promised(&q->past.k->setup.rules, &a, reader);

	for (int high = 0; high < 2; high++) {
		struct tables t = { .ncells = ATOMS };
		int64_t at = high ? a.sum + far : a.sum > far ? a.sum - far : 0;
		tables_add(&t, target, high ? at : -TABLES_ANY, high ? TABLES_ANY : at);
		if (reader == READER_WHO_KNOWS_THE_PLACE)
			know_the_place(q, &t);
		for (uint32_t i = 0; i < q->past.k->setup.nplans; i++)
			for (uint32_t c = 0; c < cells_of(q, i); c++)
				know(q, &t, i, c, target);
		enum tables_answer answer = tables_exist(&t);
		seen->undecided += answer == TABLES_UNDECIDED;
		if (answer == TABLES_NONE)
			tell(q);
		if (answer == TABLES_NONE)
			fail_msg("SL_AMOUNTS_SEED=%llu, output %u, cell %u is told too closely from %s to reader %d",
			         (unsigned long long)q->seed, output, cell, high ? "above" : "below", (int)reader);
	}
}

static bool was_hidden_for_it(const struct request *q, uint32_t output, uint32_t cell)
{
	for (uint32_t f = 0; f < q->past.now.nfindings; f++) {
		const struct sl_finding *finding = &q->past.now.findings[f];
		if (finding->output == output && finding->cell == cell &&
		    (finding->rule == SL_RULE_DOMINANCE || finding->rule == SL_RULE_P_PERCENT))
			return true;
	}
	return false;
}

static void attack_all(const struct request *q, struct seen *seen)
{
	const struct sl_rules *rules = &q->past.k->setup.rules;

	for (uint32_t i = 0; i < q->past.k->setup.nplans; i++)
		for (uint32_t c = 0; c < cells_of(q, i) && has_amounts(q, i); c++) {
			struct amounts a = amounts_of(q, atoms_in(q, i, c));
			if (is_told(q, i, c) || a.n == 0 || !is_dominated(rules, &a))
				continue;
			attack(q, i, c, READER_WHO_KNOWS_THE_PLACE, seen);
			if (was_hidden_for_it(q, i, c))
				attack(q, i, c, READER_OF_NUMBERS, seen);
			seen->promised += was_hidden_for_it(q, i, c);
			seen->dominated++;
			seen->few += a.n < rules->threshold;
		}
}

static void test_amounts_no_dominated_sum_is_told_closer_than_promised_beside_counts(void **state)
{
	uint64_t requests = wish("SL_AMOUNTS_REQUESTS", 300), first = wish("SL_AMOUNTS_SEED", 1);
	struct request *q = malloc(sizeof *q);
	struct seen seen = { 0 };

	(void)state;
	assert_non_null(q);
	for (uint64_t seed = first; seed < first + requests; seed++) {
		ask(q, seed);
		bool person = kit_has(&q->past.now, SL_RULE_DEPTH);
		if (q->past.now.releasable && !person)
			attack_all(q, &seen);
		seen.refused += !q->past.now.releasable;
		seen.for_a_person += q->past.now.releasable && person;
		seen.released += q->past.now.releasable && !person;
		past_close(&q->past);
	}
	free(q);
	print_message("%llu requests: %u refused, %u for a person, %u released; ", (unsigned long long)requests, seen.refused,
	              seen.for_a_person, seen.released);
	print_message("%u dominated sums attacked, %u of few, %u hidden for that, %u undecided\n", seen.dominated, seen.few,
	              seen.promised, seen.undecided);
	if (requests >= 200)
		assert_true(seen.released > requests / 3 && seen.promised > requests / 4 && seen.few > requests / 2);
	assert_true(seen.undecided * 100 <= seen.dominated);
}

/* A cell hidden for how few it is of, of whom one has nearly all; by sex and by illness all others are shown. */
static void test_amounts_few_of_whom_one_has_nearly_all_are_audited_too(void **state)
{
	static const uint32_t units[ATOMS] = { 6, 15, 0, 18, 17, 18, 5, 4, 0, 0, 14, 16, 5, 13, 17, 6 };
	static const int64_t large[] = { 3200, 800 };
	struct request *q = calloc(1, sizeof *q);
	struct seen seen = { 0 };

	(void)state;
	assert_non_null(q);
	past_open(&q->past);
	q->past.k->setup.rules.context = q->past.k->setup.rules.group_disclosure = 1;
	for (uint32_t atom = 0; atom < ATOMS; atom++) {
		struct kit_row *row = kit_add(q->past.k, units[atom], atom / 4, atom / 2 % 2);
		q->units[atom] = units[atom];
		for (uint32_t i = 0; i < units[atom]; i++) {
			row[i].value[KIT_SICK] = atom % 2;
			row[i].value[KIT_AMOUNT] = atom == 6 && i < 2 ? large[i] : 1 + (int64_t)i;
		}
	}
	kit_stat(past_persons(&q->past, 0, true), "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
	struct sl_plan *plan = kit_plan(q->past.k);
	kit_key(plan, "sick", KIT_SICK, false);
	kit_stat(plan, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(plan, "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
	past_release(&q->past, 0);
	assert_int_equal(past_judge(&q->past), SL_OK);
	assert_true(q->past.now.releasable && !kit_has(&q->past.now, SL_RULE_DEPTH));
	attack_all(q, &seen);
	assert_true(seen.few > 0);
	past_close(&q->past);
	free(q);
}

/*
 * Of the women of the first region one has nearly all; of its men all are between 40 and 64 years old, and there are as
 * many as make their total fit to be shown: by their bands, or by how many are over 45, the women's is told to some
 * per cent.
 */
static void ask_for_ages(struct past *t)
{
	past_open(t);
	t->k->setup.rules.context = 1;
	t->k->setup.rules.group_disclosure = 1;
	for (uint32_t cell = 0; cell < 8; cell++) {
		uint32_t n = cell == 1 ? 200 : 30;
		struct kit_row *row = kit_add(t->k, n, cell / 2, cell % 2);
		for (uint32_t i = 0; i < n; i++)
			row[i].value[KIT_AGE] = 41 + (int64_t)i % 20;
		if (cell == 0)
			row[0].value[KIT_AGE] = 50000;
	}
	kit_stat(past_persons(t, 0, true), "mean", SL_STAT_MEAN, KIT_AGE, 0);
	kit_stat(past_persons(t, 1, false), "mean", SL_STAT_MEAN, KIT_AGE, 0);
}

static void test_amounts_no_count_of_the_request_is_by_what_is_added_up(void **state)
{
	(void)state;
	for (int way = 0; way < 3; way++) {
		struct past t;
		ask_for_ages(&t);
		struct sl_plan *plan = way > 0 ? past_persons(&t, 2, true) : NULL;
		if (way == 1)
			kit_key(plan, "age", KIT_AGE, true);
		if (way == 2)
			kit_where(plan, KIT_AGE, 45);
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, way == 0);
		assert_int_equal(kit_has(&t.now, SL_RULE_MARGINS), way > 0);
		if (way == 0) {
			assert_false(kit_cell(t.k, &t.now, 0, 0, 1)->shown || kit_cell(t.k, &t.now, 0, 1, 1)->shown);
			assert_true(kit_cell(t.k, &t.now, 1, 0, 1)->shown);
		}
		past_close(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_amounts_no_dominated_sum_is_told_closer_than_promised_beside_counts),
		cmocka_unit_test(test_amounts_few_of_whom_one_has_nearly_all_are_audited_too),
		cmocka_unit_test(test_amounts_no_count_of_the_request_is_by_what_is_added_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
