/*
 * test_history.c - plans, results and a publication beside what was released before: which rows are hidden, what the
 * finding names, and what is refused. How sets of units are compared is in tests/unit/history.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

static void test_cells_under_a_released_total_hide_one_more_and_name_it(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 4, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	past_persons(&t, 0, false);
	past_persons(&t, 1, true);
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_int_equal(f->severity, SL_SEVERITY_SUPPRESS);
	assert_int_equal(f->cell, 0);
	assert_int_equal(f->measured, 4);
	assert_int_equal(f->release, 7);
	assert_int_equal(f->other_output, 0);
	assert_int_equal(f->other_cell, 0);
	const struct sl_published_cell *cells = t.now.outputs[0].cells;
	assert_true(!cells[0].shown && !cells[1].shown && cells[2].shown && cells[3].shown);
	past_close(&t);
}

/*
 * 22 men and 22 women of a region were printed 20 and 20, at most 22 each; 44 of them are printed 45, at least 43. Both
 * together leave 43 and 44. With 20 men and 23 women, 20 and 25, all from 43 to 47 are left.
 */
static void test_a_rounded_total_beside_released_rounded_cells_must_leave_what_rounding_leaves(void **state)
{
	(void)state;
	for (int narrow = 0; narrow < 2; narrow++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, narrow ? 22 : 20, 0, 0);
		(void)kit_add(t.k, narrow ? 22 : 23, 0, 1);
		(void)kit_add(t.k, 50, 1, 0);
		(void)kit_add(t.k, 60, 1, 1);
		t.k->setup.rules.transform = SL_TRANSFORM_ROUND;
		t.k->setup.rules.transform_base = 5;
		past_persons(&t, 0, true);
		past_persons(&t, 1, false);
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, !narrow);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_ROUNDING);
		assert_int_equal(f != NULL, narrow);
		if (narrow) {
			assert_int_equal(f->severity, SL_SEVERITY_REFUSE);
			assert_int_equal(f->measured, 2);
			assert_int_equal(f->limit, 3);
		}
		past_close(&t);
	}
}

/* Of one released table less one person nothing is left to show: refused, and it looks like any refusal. */
static void test_a_table_less_a_few_of_a_released_one_is_refused_whole(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 50, 1, 0);
	for (uint32_t i = 0; i < t.k->nrows; i++)
		t.k->rows[i].value[KIT_AGE] = i % 25 == 0 ? 80 : 30;
	past_persons(&t, 0, false);
	kit_where(past_persons(&t, 1, false), KIT_AGE, 20);
	t.k->plans[1].where.ops[1].value = 40; /* age > 40: nobody; turned round below */
	t.k->plans[1].where.ops[2].op = SL_OP_LT;
	t.k->setup.rules.small_complement = 1;
	past_release(&t, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 0);
	assert_non_null(kit_find(&t.now, SL_RULE_HISTORY));
	assert_non_null(kit_find(&t.now, SL_RULE_TRACKER));
	for (uint32_t c = 0; c < t.now.outputs[0].ncells; c++)
		assert_int_equal(t.now.outputs[0].cells[c].shown, 0);
	past_close(&t);
}

/* Who asks for the same persons in other words is told the same: another condition, or a group of a wider table. */
static void test_what_was_released_is_told_again_in_other_words(void **state)
{
	(void)state;
	for (int as_group = 0; as_group < 2; as_group++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 80, 0, 0);
		(void)kit_add(t.k, 60, 1, 0);
		struct sl_plan *now = past_persons(&t, 1, false);
		struct sl_plan *then = past_persons(&t, 0, false);
		if (as_group) {
			kit_key(then, "sick", KIT_SICK, false);
			kit_where(now, KIT_SICK, 0);
		} else {
			kit_where(then, KIT_AGE, 20);
			kit_where(now, KIT_AGE, 21);
			now->where.ops[2].op = SL_OP_GE;
		}
		t.k->setup.rules.small_complement = 1;
		t.k->setup.rules.group_disclosure = t.k->setup.rules.within_group = t.k->setup.rules.all_equal = 1;
		past_release(&t, 1);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_false(kit_has(&t.now, SL_RULE_HISTORY));
		assert_int_equal(t.now.releasable, 1);
		assert_true(t.now.outputs[0].cells[0].shown && t.now.outputs[0].cells[1].shown);
		past_close(&t);
	}
}

/* Two conditions in one request: refused where nothing is known of the units, compared by them where it is. */
static void test_outputs_about_different_units_are_compared_by_them(void **state)
{
	(void)state;
	for (int few = 0; few < 2; few++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 90, 0, 0);
		(void)kit_add(t.k, 90, 1, 0);
		for (uint32_t i = 0; i < t.k->nrows; i++)
			t.k->rows[i].value[KIT_AGE] = i % (few ? 30 : 3) == 0 ? 10 : 50;
		past_persons(&t, 0, false);
		kit_where(past_persons(&t, 1, false), KIT_AGE, 20);
		t.k->setup.rules.small_complement = 1;
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		assert_false(kit_has(&t.now, SL_RULE_MARGINS));
		assert_int_equal(kit_has(&t.now, SL_RULE_HISTORY), few);
		assert_int_equal(t.now.releasable, !few);
		struct sl_publication alone = kit_check(t.k, SL_RULE_NONE);
		assert_true(kit_has(&alone, SL_RULE_MARGINS));
		sl_codec_free(&sl_publication_record, &alone);
		past_close(&t);
	}
}

/* A condition of a statistic is a set like that of an output. */
static void test_a_condition_of_a_statistic_is_compared_with_one_of_an_output(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 60, 0, 0);
	for (uint32_t i = 0; i < t.k->nrows; i++)
		t.k->rows[i].value[KIT_AGE] = i < 20 ? 10 : i < 24 ? 25 : 50;
	kit_stat(&t.k->plans[0], "old", SL_STAT_COUNT_IF, KIT_AGE, 20); /* 40 of 60 */
	struct sl_plan *p = kit_plan(t.k);
	kit_stat(p, "older", SL_STAT_UNITS, 0, 0);
	kit_where(p, KIT_AGE, 30);                                       /* 36: four fewer */
	past_release(&t, 1);
	assert_int_equal(t.before.releasable, 1);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 0);
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_HISTORY);
	assert_non_null(f);
	assert_int_equal(f->measured, 4);
	past_close(&t);
}

/* Two kinds of numbers have no equations together; their units have. An amount that was hidden has those of amounts. */
static void test_outputs_of_two_kinds_are_compared_by_units_and_dominated_sums_by_amounts(void **state)
{
	(void)state;
	for (int way = 0; way < 5; way++) {
		bool known = way > 0, dominated = way >= 2, spread = way >= 3;
		struct past t;
		past_open(&t);
		t.k->setup.rules.context = 1; /* nobody describes these */
		(void)kit_add(t.k, 40, 0, 0);
		(void)kit_add(t.k, way == 4 ? 64 : 4, 0, 1);
		(void)kit_add(t.k, 30, 1, 0);
		(void)kit_add(t.k, 60, 1, 1);
		past_persons(&t, 0, true);
		kit_stat(past_persons(&t, 1, false), "rows", SL_STAT_COUNT, 0, 0);
		if (dominated) {
			kit_stat(&t.k->plans[0], "amount", SL_STAT_SUM, KIT_AMOUNT, 0);
			t.k->rows[0].value[KIT_AMOUNT] = way == 4 ? 60000 : 1000000000; /* of the region, or only of the cell */
		}
		if (spread) /* tells more of amounts than what they add up to */
			kit_stat(&t.k->plans[1], "spread", way == 3 ? SL_STAT_SD : SL_STAT_SUM, KIT_AMOUNT, 0);
		if (way == 4)
			kit_more(&t.k->plans[1].stats[2], 1);
		past_release(&t, 0);
		t.setup.nspaces = known;
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(kit_has(&t.now, SL_RULE_MARGINS), !known || spread);
		assert_int_equal(t.now.releasable, known && !spread);
		if (t.now.releasable) {
			assert_true(kit_has(&t.now, SL_RULE_HISTORY));
			assert_false(kit_cell(t.k, &t.now, 0, 1, 0)->shown);
			assert_true(!kit_cell(t.k, &t.now, 0, 0, 0)->shown || !kit_cell(t.k, &t.now, 1, 0, 0)->shown);
			assert_true(kit_cell(t.k, &t.now, 0, 3, 0)->shown && (!dominated || kit_cell(t.k, &t.now, 0, 3, 1)->shown));
		}
		past_close(&t);
	}
}

/* What a reader makes of a hidden mean from the one beside it and their total: too near only if it is not released. */
static void assert_mean_is_not_told(const struct past *t, const int64_t sums[4][2], uint32_t region, uint32_t gender)
{
	int64_t mine = sums[region][gender], beside = sums[region][!gender];

	if (!kit_cell(t->k, &t->now, 1, region, 1)->shown)
		return;
	assert_false(kit_cell(t->k, &t->now, 0, 2 * region + !gender, 1)->shown);
	assert_true(10 * beside >= mine);
}

/*
 * Counts and mean amounts by region and gender, and by region; in some cells one unit has nearly all. The rest of the
 * table leaves, and of no such cell its mean is known closer than 10 %.
 */
static void test_counts_beside_means_lose_rows_for_a_dominated_one_and_not_all(void **state)
{
	uint32_t released = 0, dominated = 0, whole_regions = 0;
	unsigned seed = 3;

	(void)state;
	for (uint32_t round = 0; round < 40; round++) {
		int64_t sums[4][2] = { { 0 } };
		struct past t;
		past_open(&t);
		for (uint32_t cell = 0; cell < 8; cell++) {
			seed = seed * 1103515245u + 12345u;
			uint32_t n = 11 + (seed >> 16) % 20;
			struct kit_row *row = kit_add(t.k, n, cell / 2, cell % 2);
			if ((seed >> 24) % 4 == 0)
				row[0].value[KIT_AMOUNT] = 1000 * (1 + (seed >> 8) % 300);
			for (uint32_t u = 0; u < n; u++)
				sums[cell / 2][cell % 2] += row[u].value[KIT_AMOUNT];
		}
		for (uint32_t o = 0; o < 2; o++)
			kit_stat(past_persons(&t, o, o == 0), "mean", SL_STAT_MEAN, KIT_AMOUNT, 0);
		past_release(&t, 0);
		assert_int_equal(past_judge(&t), SL_OK);
		released += t.now.releasable;
		for (uint32_t i = 0; i < t.now.nfindings && t.now.releasable; i++) {
			const struct sl_finding *f = &t.now.findings[i];
			if ((f->rule != SL_RULE_DOMINANCE && f->rule != SL_RULE_P_PERCENT) || f->output != 0)
				continue;
			assert_mean_is_not_told(&t, (const int64_t(*)[2])sums, f->cell / 2, f->cell % 2);
			dominated++;
		}
		for (uint32_t r = 0; r < 4 && t.now.releasable; r++)
			whole_regions += kit_cell(t.k, &t.now, 0, 2 * r, 1)->shown && kit_cell(t.k, &t.now, 0, 2 * r + 1, 1)->shown &&
			                 kit_cell(t.k, &t.now, 1, r, 1)->shown;
		past_close(&t);
	}
	print_message("%u released, %u dominated, %u regions whole\n", released, dominated, whole_regions);
	assert_true(released > 30 && dominated > 30 && whole_regions > 30);
}

/* Units in several cells: cells less their total tell how many are in two of them, with nothing hidden. */
static void test_units_in_two_cells_are_not_told_by_the_total_when_they_are_few(void **state)
{
	static struct sl_atom atoms[] = { { 100, 0, 2 }, { 50, 2, 2 }, { 0, 4, 4 } };
	static struct sl_atom_place places[] = {
		{ 0, 0 }, { 4, 0 }, { 1, 0 }, { 4, 0 }, { 0, 0 }, { 4, 0 }, { 1, 1 }, { 4, 1 },
	};
	static struct sl_atoms_output outputs[] = { { 4, 1 }, { 1, 1 } };

	(void)state;
	for (uint32_t both = 3; both <= 20; both += 17) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 100 + both, 0, 0);
		(void)kit_add(t.k, 50 + both, 1, 0);
		for (uint32_t i = 0; i < both; i++)
			t.k->rows[100 + both + i].unit = t.k->rows[i].unit;
		past_persons(&t, 0, false);
		kit_stat(kit_plan(t.k), "persons", SL_STAT_UNITS, 0, 0);
		t.k->setup.rules.zeros_show = 1;
		past_release(&t, 0);
		sl_codec_free(&sl_atoms_record, &t.space.atoms);
		atoms[2].units = both;
		t.space.atoms = (struct sl_atoms){ .outputs = outputs, .noutputs = 2, .atoms = atoms, .natoms = 3,
			                           .places = places, .nplaces = 8 };
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(kit_has(&t.now, SL_RULE_HISTORY), both == 3);
		assert_false(kit_has(&t.now, SL_RULE_MARGINS));
		assert_int_equal(t.now.releasable, 1);
		t.space.atoms = (struct sl_atoms){ .natoms = 0 };
		past_close(&t);
	}
}

/* More atoms than witnesses are looked for. */
static void make_too_much(struct past *t)
{
	(void)kit_add(t->k, 900, 0, 0);
	(void)kit_add(t->k, 900, 1, 1);
	past_persons(t, 0, false);
	past_persons(t, 1, true);
	past_release(t, 1);
	/* As though every unit were an atom of its own: the same counts. */
	struct sl_atoms *a = &t->space.atoms, many = { .outputs = a->outputs, .noutputs = a->noutputs };
	many.atoms = calloc(3600, sizeof *many.atoms);
	many.places = calloc(3600, sizeof *many.places);
	assert_true(many.atoms != NULL && many.places != NULL);
	for (uint32_t i = 0; i < 2; i++)
		for (uint32_t u = 0; u < a->atoms[i].units; u++) {
			many.atoms[many.natoms++] = (struct sl_atom){ .units = 1, .first = many.nplaces, .n = a->atoms[i].n };
			memcpy(&many.places[many.nplaces], &a->places[a->atoms[i].first], a->atoms[i].n * sizeof *a->places);
			many.nplaces += a->atoms[i].n;
		}
	a->outputs = NULL;
	a->noutputs = 0;
	sl_codec_free(&sl_atoms_record, a);
	*a = many;
	t->setup.rules.within_group = t->setup.rules.group_disclosure = 1;
}

/* The reviewer is told. */
static void test_what_is_too_much_for_witnesses_is_for_the_reviewer(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	make_too_much(&t);
	assert_int_equal(past_judge(&t), SL_OK);
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_DEPTH);
	assert_true(f != NULL || !t.now.releasable);
	if (f != NULL) {
		assert_int_equal(f->severity, SL_SEVERITY_REVIEW);
		assert_int_equal(f->measured, -1);
	}
	past_close(&t);
}

/* Of those over 20 by region; of each region 400 are not. */
static void add_the_old(struct past *t)
{
	struct sl_plan *p = kit_plan(t->k);

	kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	kit_where(p, KIT_AGE, 20);
}

/* Every unit an atom of its own, in the sets that it is in anyway: of the first two outputs. */
static void split_atoms(const struct sl_atoms *from, struct sl_atoms *out)
{
	out->atoms = calloc(2200, sizeof *out->atoms);
	out->places = calloc(4400, sizeof *out->places);
	assert_true(out->atoms != NULL && out->places != NULL);
	for (uint32_t i = 0; i < from->natoms; i++)
		for (uint32_t u = 0; u < from->atoms[i].units; u++) {
			struct sl_atom *atom = &out->atoms[out->natoms++];
			*atom = (struct sl_atom){ .units = 1, .first = out->nplaces };
			for (uint32_t p = from->atoms[i].first; p < from->atoms[i].first + from->atoms[i].n; p++)
				if (from->places[p].set < 8)
					out->places[out->nplaces++] = from->places[p];
			atom->n = out->nplaces - atom->first;
		}
}

/*
 * An output of which too much would have to be said, and one of another space in which a row is hidden: so all is asked
 * again, and the first is told of once.
 */
static void test_what_is_asked_again_is_told_once(void **state)
{
	static struct sl_atom atoms[] = { { 695, 0, 2 }, { 5, 2, 1 }, { 700, 3, 2 }, { 400, 5, 1 } };
	static struct sl_atom_place places[] = { { 0, 0 }, { 4, 0 }, { 0, 0 }, { 1, 0 }, { 5, 0 }, { 1, 0 } };
	struct sl_atoms_output outputs[] = { { 4, 0 }, { 4, 0 } };
	struct sl_atoms many = { .outputs = outputs, .noutputs = 2 };
	struct sl_history_plan plans[2] = { { .plan = 0 }, { .plan = 1 } };
	struct past t;
	uint32_t told = 0;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 1100, 0, 0);
	(void)kit_add(t.k, 1100, 1, 1);
	for (uint32_t u = 0; u < 2200; u++)
		t.k->rows[u].value[KIT_AGE] = u % 1100 < 400 ? 10 : 50;
	past_persons(&t, 0, false);
	add_the_old(&t);
	add_the_old(&t);
	past_release(&t, 1);
	split_atoms(&t.space.atoms, &many);
	struct sl_check_space spaces[2] = { t.space, t.space };
	for (uint16_t s = 0; s < 2; s++) {
		spaces[s].history.plans = &plans[s];
		spaces[s].history.nplans = 1;
	}
	spaces[0].atoms = many;
	spaces[1].atoms = (struct sl_atoms){ .outputs = outputs, .noutputs = 2, .atoms = atoms, .natoms = 4,
		.places = places, .nplaces = 6 };
	t.setup.nspaces = 2;
	assert_int_equal(sl_check_after(&t.setup, t.k->plans + 1, t.k->results + 1, spaces, &t.now, &t.err), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_true(kit_has(&t.now, SL_RULE_HISTORY));
	for (uint32_t f = 0; f < t.now.nfindings; f++)
		told += t.now.findings[f].rule == SL_RULE_DEPTH && t.now.findings[f].output == 0;
	assert_int_equal(told, 1);
	free(many.atoms);
	free(many.places);
	past_close(&t);
}

/*
 * Nobody declared that a region says the gender, but it does in every row: A 4 and B 60 are men, C 15 and D 80 women.
 * C is the cheapest to hide beside A where columns say nothing of each other; then men less B are A.
 */
static void test_a_column_that_follows_from_another_in_every_row_is_seen_by_its_units(void **state)
{
	struct past t;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 4, 0, 0);
	(void)kit_add(t.k, 60, 1, 0);
	(void)kit_add(t.k, 15, 2, 1);
	(void)kit_add(t.k, 80, 3, 1);
	t.k->setup.rules.within_group = t.k->setup.rules.group_disclosure = 1;
	past_persons(&t, 0, false);
	struct sl_plan *p = kit_plan(t.k);
	kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 0);
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(t.now.releasable, 1);
	assert_false(t.now.outputs[0].cells[0].shown);
	assert_false(t.now.outputs[0].cells[1].shown && t.now.outputs[1].cells[0].shown);
	past_close(&t);
}

static void test_a_history_that_does_not_fit_is_no_input(void **state)
{
	(void)state;
	for (int wrong = 0; wrong < 5; wrong++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 40, 0, 0);
		past_persons(&t, 0, false);
		past_persons(&t, 1, true);
		past_release(&t, 1);
		if (wrong == 0)
			t.space.history.plans[0].plan = 1;      /* the request has one output */
		else if (wrong == 1)
			t.space.history.nplans = 0;
		else if (wrong == 2)
			t.space.atoms.outputs[1].nsets++;       /* other outputs than those judged */
		else if (wrong == 3)
			t.space.atoms.atoms[0].units = 0;
		else
			t.space.atoms.places[0].set = 100000;
		assert_int_equal(past_judge(&t), SL_E_INPUT);
		past_close(&t);
	}
}

static void test_every_allocation_may_fail(void **state)
{
	struct past t;
	unsigned long n = 0;
	bool reached;
	enum sl_rc rc;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 4, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	past_persons(&t, 0, false);
	past_persons(&t, 1, true);
	past_release(&t, 1);
	do {
		sl_codec_free(&sl_publication_record, &t.now);
		failing_at(++n);
		rc = past_judge(&t);
		reached = failing_reached() != 0;
		failing_at(0);
		assert_true(rc == SL_OK || (rc == SL_E_NOMEM && t.now.outputs == NULL));
		assert_true(rc != SL_OK || !reached || t.now.releasable == 0); /* what could not be asked is not said yes to */
	} while (reached);
	assert_int_equal(rc, SL_OK);
	assert_true(n > 30);
	assert_true(kit_has(&t.now, SL_RULE_HISTORY));
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rounded_total_beside_released_rounded_cells_must_leave_what_rounding_leaves),
		cmocka_unit_test(test_cells_under_a_released_total_hide_one_more_and_name_it),
		cmocka_unit_test(test_a_table_less_a_few_of_a_released_one_is_refused_whole),
		cmocka_unit_test(test_what_was_released_is_told_again_in_other_words),
		cmocka_unit_test(test_outputs_about_different_units_are_compared_by_them),
		cmocka_unit_test(test_a_condition_of_a_statistic_is_compared_with_one_of_an_output),
		cmocka_unit_test(test_outputs_of_two_kinds_are_compared_by_units_and_dominated_sums_by_amounts),
		cmocka_unit_test(test_counts_beside_means_lose_rows_for_a_dominated_one_and_not_all),
		cmocka_unit_test(test_units_in_two_cells_are_not_told_by_the_total_when_they_are_few),
		cmocka_unit_test(test_what_is_too_much_for_witnesses_is_for_the_reviewer),
		cmocka_unit_test(test_what_is_asked_again_is_told_once),
		cmocka_unit_test(test_a_column_that_follows_from_another_in_every_row_is_seen_by_its_units),
		cmocka_unit_test(test_a_history_that_does_not_fit_is_no_input),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
