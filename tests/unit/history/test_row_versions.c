/*
 * test_row_versions.c - sums and differences of what two versions of a table with several rows per unit tell: of which
 * few units leave something.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/history/audit.h"
#include "tests/unit/vault/failing.h"

#define PERSONS 80u
#define STAYS 4u       /* rows of a person */
#define SETS_MAX 1400u
#define OUTPUTS 6u
#define PLACES_MAX 16000u

enum { NORTH, SOUTH, EAST, WARDS };
#define EACH UINT32_MAX

/* What somebody has of a stay, before and now; 0: it is none of that version. */
struct stay {
	uint32_t ward, half;
	uint32_t days[2];
};

/* Stays in one of some wards and halves, a bit each, all together or one set per ward. */
struct asked {
	uint32_t wards, halves;
	bool by_ward;
};
#define ALL { 7, 3, false }
#define BY_WARD { 7, 3, true }
#define IN(wards) { (wards), 3, false }

struct town {
	struct stay stays[PERSONS][STAYS];
	struct asked asked[OUTPUTS];
	int version[OUTPUTS];
	uint32_t noutputs, nearlier;
	/* of the last audit */
	struct sl_audit audit;
	struct sl_atoms atoms;
	struct sl_atoms_output atom_outputs[OUTPUTS];
	struct sl_atom atom[PERSONS];
	struct sl_atom_place places[PLACES_MAX];
	struct sl_alike_column columns[1];
	struct sl_alike alike[PERSONS];
	struct sl_alike_place alike_places[PLACES_MAX];
	struct sl_audit_set sets[SETS_MAX];
	struct sl_predicate_part parts[SETS_MAX];
	struct sl_audit_output outputs[OUTPUTS + 1];
	struct sl_reading printed[1];
	struct sl_printed_set by_set[1];
	struct sl_table_version versions[OUTPUTS];
};

/* Each has stays in two wards, one of them in both halves; what they have is theirs alone. */
static struct town *start(void)
{
	struct town *t = calloc(1, sizeof *t);

	assert_non_null(t);
	for (uint32_t i = 0; i < PERSONS; i++)
		for (uint32_t s = 0; s < STAYS; s++) {
			struct stay *stay = &t->stays[i][s];
			*stay = (struct stay){ .ward = (i + s / 2) % WARDS, .half = s == 1 || (s == 3 && i % 5 < 2) };
			stay->days[0] = stay->days[1] = 1 + i * 10 + s;
		}
	return t;
}

static uint32_t wards_of(const struct asked *a)
{
	return a->by_ward ? WARDS : 1;
}

/* The set of an output that a stay is in, over all; EACH: none. */
static uint32_t set_of(const struct town *t, uint32_t output, const struct stay *s)
{
	const struct asked *a = &t->asked[output];

	if ((a->wards >> s->ward & 1) == 0 || (a->halves >> s->half & 1) == 0 || s->days[t->version[output]] == 0)
		return EACH;
	return t->outputs[output].first_set + (a->by_ward ? s->ward : 0);
}

/* Rows are groups of their own: in each the sets of one version. */
static void make_atom(struct town *t, uint32_t person)
{
	struct sl_atoms *a = &t->atoms;
	struct sl_atom *atom = &t->atom[a->natoms];
	uint32_t group = 0;

	*atom = (struct sl_atom){ .units = 1, .first = a->nplaces };
	for (int version = 0; version < 2; version++)
		for (uint32_t s = 0; s < STAYS; s++) {
			uint32_t before = a->nplaces;
			for (uint32_t o = 0; o < t->noutputs; o++) {
				uint32_t set = set_of(t, o, &t->stays[person][s]);
				if (t->version[o] == version && set != EACH)
					t->places[a->nplaces++] = (struct sl_atom_place){ set, group };
			}
			group += a->nplaces > before;
		}
	atom->n = a->nplaces - atom->first;
	a->natoms += atom->n > 0;
}

/* By comparing all numbers that a stay can have. */
static void make_alike(struct town *t, uint32_t person)
{
	struct sl_atoms *a = &t->atoms;
	struct sl_alike *alike = &t->alike[a->nalike];
	uint32_t group = 0;

	*alike = (struct sl_alike){ .units = 1, .first = a->nalike_places };
	for (uint32_t days = 1; days < 2000; days++) {
		uint32_t before = a->nalike_places;
		for (uint32_t o = 0; o < t->noutputs; o++)
			for (uint32_t set = t->outputs[o].first_set; set < t->outputs[o + 1].first_set; set++) {
				uint32_t times = 0;
				for (uint32_t s = 0; s < STAYS; s++)
					times += t->stays[person][s].days[t->version[o]] == days &&
					         set_of(t, o, &t->stays[person][s]) == set;
				if (times > 0)
					t->alike_places[a->nalike_places++] = (struct sl_alike_place){ set, group, times };
			}
		group += a->nalike_places > before;
	}
	alike->n = a->nalike_places - alike->first;
	a->nalike += alike->n > 0;
}

static void place(struct town *t)
{
	uint32_t set = 0;

	t->printed[0] = (struct sl_reading){ .column = 50, .way = 60 };
	t->by_set[0].prints = 1;
	for (uint32_t o = 0; o < t->noutputs; o++) {
		t->versions[o] = (struct sl_table_version){ .table = 1, .version = t->version[o] };
		t->outputs[o] = (struct sl_audit_output){ .first_set = set, .per_cell = 1, .printed = t->printed, .nprinted = 1,
			.by_set = t->by_set, .nby_set = 1, .versions = &t->versions[o], .nversions = 1 };
		t->atom_outputs[o] = (struct sl_atoms_output){ wards_of(&t->asked[o]), 1u + (uint32_t)t->version[o] };
		set += wards_of(&t->asked[o]);
	}
	t->outputs[t->noutputs] = (struct sl_audit_output){ .first_set = set };
	for (uint32_t s = 0; s < set; s++) {
		t->parts[s].hash = s;
		t->sets[s] = (struct sl_audit_set){ .parts = &t->parts[s], .nparts = 1, .rank = s, .shown = true };
	}
	t->audit = (struct sl_audit){ .atoms = &t->atoms, .sets = t->sets, .nsets = set, .outputs = t->outputs,
		.noutputs = t->noutputs, .nearlier = t->nearlier, .threshold = 10 };
}

static void prepare(struct town *t)
{
	sl_audit_free(&t->audit);
	t->atoms = (struct sl_atoms){ .outputs = t->atom_outputs, .noutputs = t->noutputs, .atoms = t->atom,
		.places = t->places, .alike_columns = t->columns, .nalike_columns = 1, .alike = t->alike,
		.alike_places = t->alike_places };
	t->columns[0] = (struct sl_alike_column){ .output = t->nearlier };
	place(t);
	for (uint32_t i = 0; i < PERSONS; i++) {
		make_atom(t, i);
		make_alike(t, i);
	}
	assert_true(t->atoms.nplaces < PLACES_MAX && t->atoms.nalike_places < PLACES_MAX);
	assert_int_equal(sl_atoms_check(&t->atoms, NULL), SL_OK);
	assert_int_equal(sl_audit_index(&t->audit, NULL), SL_OK);
}

/* How many of the request's sets this question alone hides. */
static uint32_t hidden(struct town *t)
{
	uint32_t n = 0;

	prepare(t);
	assert_int_equal(sl_audit_row_versions(&t->audit, NULL), SL_OK);
	for (uint32_t s = 0; s < t->audit.nsets; s++) {
		assert_true(t->sets[s].shown || sl_audit_is_new(&t->audit, s));
		n += !t->sets[s].shown;
	}
	return n;
}

static void finish(struct town *t)
{
	sl_audit_free(&t->audit);
	free(t);
}

static void ask(struct town *t, const struct asked *a, int version)
{
	t->asked[t->noutputs] = *a;
	t->version[t->noutputs++] = version;
	t->nearlier += version == 0;
}

#define ASKED_MAX 3
static void ask_all(struct town *t, const struct asked asked[static ASKED_MAX], int version)
{
	for (uint32_t i = 0; i < ASKED_MAX && asked[i].wards != 0; i++)
		ask(t, &asked[i], version);
}

/* --- what changes ------------------------------------------------------------------------------------------- */

/* A stay in a ward and half of the first n who have one; EACH: any half. */
typedef void change(struct town *t, uint32_t person, struct stay *s);

static void each(struct town *t, uint32_t ward, uint32_t half, uint32_t n, change *made)
{
	for (uint32_t i = 0; i < PERSONS && n > 0; i++)
		for (uint32_t s = 0; s < STAYS; s++)
			if (t->stays[i][s].ward == ward && (half == EACH || t->stays[i][s].half == half)) {
				made(t, i, &t->stays[i][s]);
				n--;
				break;
			}
	assert_int_equal(n, 0);
}

static void is_longer(struct town *t, uint32_t person, struct stay *s)
{
	(void)t;
	(void)person;
	s->days[1] += 900;
}

static void is_struck_out(struct town *t, uint32_t person, struct stay *s)
{
	(void)t;
	(void)person;
	s->days[1] = 0;
}

static void was_not_known(struct town *t, uint32_t person, struct stay *s)
{
	(void)t;
	(void)person;
	s->days[0] = 0;
}

/* Another stay of the same person is as long now as this one was, and this one as that. */
static void is_exchanged(struct town *t, uint32_t person, struct stay *s)
{
	for (uint32_t k = 0; k < STAYS; k++) {
		struct stay *other = &t->stays[person][k];
		if (other != s && other->ward == s->ward) {
			s->days[1] = other->days[0];
			other->days[1] = s->days[0];
		}
	}
}

/* Many of the other wards, so that what they tell may be told. */
static void change_others(struct town *t)
{
	each(t, SOUTH, EACH, 30, is_longer);
	each(t, EAST, EACH, 30, is_longer);
}

/* What is left is the north, before and now. */
static const struct {
	struct asked then[ASKED_MAX], now[ASKED_MAX];
} ways[] = {
	{ { BY_WARD }, { ALL, IN(6) } },
	{ { ALL, IN(6) }, { IN(1) } },
	{ { ALL, IN(6) }, { ALL, IN(6) } },
	{ { ALL, IN(6) }, { BY_WARD, IN(6) } },
	{ { IN(1) }, { { 1, 1, false }, { 1, 2, false } } },
	{ { { 1, 1, false }, { 1, 2, false } }, { ALL, IN(6) } },
	{ { BY_WARD, { 2, 1, false } }, { ALL, IN(4), IN(2) } },
};

static change *const changes[] = { is_longer, is_struck_out, was_not_known };

static void test_what_several_numbers_of_two_versions_leave_is_not_told_of_few(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		for (size_t c = 0; c < sizeof changes / sizeof changes[0]; c++)
			for (uint32_t n = 0; n <= 11; n++) {
				struct town *t = start();
				ask_all(t, ways[i].then, 0);
				ask_all(t, ways[i].now, 1);
				change_others(t);
				each(t, NORTH, EACH, n, changes[c]);
				uint32_t found = hidden(t);
				/* The north itself, where it is asked for, and what gives it back. */
				if ((found > 0) != (n < 10))
					fail_msg("way %zu, change %zu, %u persons: %u are hidden", i, c, n, found);
				if (n < 10) {
					assert_int_equal(t->audit.hits[0].units, n);
					assert_true(!sl_audit_is_new(&t->audit, t->audit.hits[0].other));
				}
				assert_false(t->audit.versions_given_up);
				finish(t);
			}
}

/* Within the ward it is the same: nobody has something else. */
static void test_stays_that_change_places_are_no_change_of_what_both_are_in(void **state)
{
	struct town *t = start();

	(void)state;
	ask(t, &(struct asked)BY_WARD, 0);
	ask(t, &(struct asked)ALL, 1);
	ask(t, &(struct asked)IN(6), 1);
	change_others(t);
	each(t, NORTH, EACH, 20, is_exchanged);
	assert_int_equal(hidden(t), 1);
	assert_int_equal(t->audit.hits[0].units, 0);
	finish(t);
}

/* One version alone, another column, or none that is printed: it is not for this question. */
static void test_numbers_that_have_no_rows_in_common_are_left_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct town *t = start();
		ask(t, &(struct asked)BY_WARD, 0);
		ask(t, i == 0 ? &(struct asked)IN(1) : &(struct asked)ALL, 1);
		if (i > 0)
			ask(t, &(struct asked)IN(6), 1);
		change_others(t);
		each(t, NORTH, EACH, i == 0 ? 12 : 3, is_longer);
		prepare(t);
		if (i == 1)
			t->versions[0].version = 1;
		struct sl_reading other = { .column = 51, .way = 61 };
		struct sl_printed_set none = { 0 };
		if (i == 2)
			t->outputs[0].printed = &other;
		if (i == 3)
			t->outputs[1].by_set = &none;
		assert_int_equal(sl_audit_row_versions(&t->audit, NULL), SL_OK);
		assert_int_equal(t->audit.nhits, 0);
		finish(t);
	}
}

/* What the version has told by itself may be told of it again. */
static void test_a_number_that_earlier_ones_of_its_version_make_up_is_not_new(void **state)
{
	(void)state;
	for (int told = 0; told < 2; told++) {
		struct town *t = start();
		ask(t, &(struct asked)BY_WARD, 0);
		if (told == 1) {
			ask(t, &(struct asked)IN(6), 0);
			ask(t, &(struct asked)IN(1), 0);
			t->version[1] = t->version[2] = 1;
		}
		ask(t, &(struct asked)ALL, 1);
		if (told == 0)
			ask(t, &(struct asked)IN(6), 1);
		change_others(t);
		each(t, NORTH, EACH, 3, is_longer);
		assert_int_equal(hidden(t), told == 0);
		finish(t);
	}
}

/* --- many sets ---------------------------------------------------------------------------------------------- */

/* So many cells in each of two versions, with ten persons in each; in `quiet` of them nobody has something else. */
static void many(struct town *t, uint32_t cells, uint32_t quiet)
{
	struct sl_alike *alike = calloc((size_t)cells + 1, sizeof *alike);
	struct sl_alike_place *places = calloc((size_t)cells * 2 + 1, sizeof *places);
	struct sl_atom *atoms = calloc((size_t)cells + 1, sizeof *atoms);
	struct sl_atom_place *in = calloc((size_t)cells * 2 + 1, sizeof *in);

	assert_true(alike != NULL && places != NULL && atoms != NULL && in != NULL);
	ask(t, &(struct asked)ALL, 0);
	ask(t, &(struct asked)ALL, 1);
	t->atoms = (struct sl_atoms){ .outputs = t->atom_outputs, .noutputs = 2, .atoms = atoms, .natoms = cells,
		.places = in, .nplaces = 2 * cells, .alike_columns = t->columns, .nalike_columns = 1, .alike = alike,
		.nalike = cells, .alike_places = places, .nalike_places = 2 * cells };
	t->columns[0].output = 1;
	place(t);
	t->outputs[1].first_set = cells;
	t->outputs[2].first_set = t->audit.nsets = 2 * cells;
	for (uint32_t o = 0; o < 2; o++)
		t->atom_outputs[o].nsets = cells;
	for (uint32_t i = 0; i < cells; i++) {
		atoms[i] = (struct sl_atom){ .units = 10, .first = 2 * i, .n = 2 };
		alike[i] = (struct sl_alike){ .units = 10, .first = 2 * i, .n = 2 };
		for (uint32_t o = 0; o < 2; o++) {
			uint32_t set = o * cells + i;
			in[2 * i + o] = (struct sl_atom_place){ set, o };
			places[2 * i + o] = (struct sl_alike_place){ set, i < quiet ? 0 : o, 1 };
			t->parts[set].hash = set;
			t->sets[set] = (struct sl_audit_set){ .parts = &t->parts[set], .nparts = 1, .rank = set, .shown = true };
		}
	}
	assert_int_equal(sl_atoms_check(&t->atoms, NULL), SL_OK);
	assert_int_equal(sl_audit_index(&t->audit, NULL), SL_OK);
}

static void test_cells_in_which_enough_have_changed_do_not_make_it_too_large(void **state)
{
	static const struct { uint32_t cells, quiet, hits; bool given_up; } cases[] = {
		{ SETS_MAX / 2, 0, 0, false }, { SETS_MAX / 2, 5, 5, false }, { SETS_MAX / 2, 300, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct town *t = start();
		many(t, cases[i].cells, cases[i].quiet);
		assert_int_equal(sl_audit_row_versions(&t->audit, NULL), SL_OK);
		assert_int_equal(t->audit.nhits, cases[i].hits);
		assert_int_equal(t->audit.versions_given_up, cases[i].given_up);
		free(t->atoms.atoms);
		free(t->atoms.places);
		free(t->atoms.alike);
		free(t->atoms.alike_places);
		finish(t);
	}
}

static void test_rows_that_were_too_many_to_be_compared_are_said(void **state)
{
	struct town *t = start();

	(void)state;
	ask(t, &(struct asked)BY_WARD, 0);
	ask(t, &(struct asked)ALL, 1);
	prepare(t);
	t->atoms.nalike = t->atoms.nalike_places = 0;
	t->atoms.alike_given_up = 1;
	assert_int_equal(sl_audit_row_versions(&t->audit, NULL), SL_OK);
	assert_true(t->audit.versions_given_up && t->audit.nhits == 0);
	finish(t);
}

static void test_every_allocation_may_fail(void **state)
{
	uint32_t n = 0;

	(void)state;
	for (enum sl_rc rc = SL_E_NOMEM; rc != SL_OK; n++) {
		struct town *t = start();
		ask(t, &(struct asked)BY_WARD, 0);
		ask(t, &(struct asked)ALL, 1);
		ask(t, &(struct asked)IN(6), 1);
		each(t, NORTH, EACH, 3, is_longer);
		prepare(t);
		failing_at(n + 1);
		rc = sl_audit_row_versions(&t->audit, NULL);
		failing_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		finish(t);
	}
	assert_true(n > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_several_numbers_of_two_versions_leave_is_not_told_of_few),
		cmocka_unit_test(test_stays_that_change_places_are_no_change_of_what_both_are_in),
		cmocka_unit_test(test_numbers_that_have_no_rows_in_common_are_left_alone),
		cmocka_unit_test(test_a_number_that_earlier_ones_of_its_version_make_up_is_not_new),
		cmocka_unit_test(test_cells_in_which_enough_have_changed_do_not_make_it_too_large),
		cmocka_unit_test(test_rows_that_were_too_many_to_be_compared_are_said),
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
