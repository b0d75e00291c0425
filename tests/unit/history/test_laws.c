/*
 * test_laws.c - random people and random releases, one after the other: whatever was let go passes an audit that is
 * written apart from the one that let it go. It tries every table of whole numbers there is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/history/narrow.h"
#include "tests/agreement/tables.h"
#include "tests/unit/history/people.h"

#define DRAWN 3              /* attributes that are asked for */
#define STEPS_MAX 3000000u   /* of one enumeration; who is not through by then says nothing */

static uint64_t seed;

static uint32_t draw(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(seed >> 33) % n;
}

/* Everything that fits what is shown, atom by atom. */
struct attack {
	const struct people *p;
	uint64_t left[PEOPLE_SETS_MAX];     /* of shown sets: what their atoms must still add up to */
	uint64_t first[PEOPLE_SETS_MAX];    /* left, before any atom has a number: less what is left, the atoms' sum */
	uint32_t waiting[PEOPLE_SETS_MAX];  /* atoms of the set that have no number yet */
	uint64_t value[PEOPLE_MAX], least[PEOPLE_MAX], most[PEOPLE_MAX];
	uint64_t hidden_least[PEOPLE_SETS_MAX], hidden_most[PEOPLE_SETS_MAX];
	uint32_t steps;
	bool through;
};

static bool shown(const struct attack *k, uint32_t set)
{
	return k->p->sets[set].shown;
}

static void note(struct attack *k)
{
	for (uint32_t i = 0; i < k->p->atoms.natoms; i++) {
		k->least[i] = k->value[i] < k->least[i] ? k->value[i] : k->least[i];
		k->most[i] = k->value[i] > k->most[i] ? k->value[i] : k->most[i];
	}
	for (uint32_t s = 0; s < k->p->audit.nsets; s++) {
		uint64_t sum = k->first[s] - k->left[s];
		k->hidden_least[s] = sum < k->hidden_least[s] ? sum : k->hidden_least[s];
		k->hidden_most[s] = sum > k->hidden_most[s] ? sum : k->hidden_most[s];
	}
}

static void enumerate(struct attack *k, uint32_t i)
{
	const struct sl_atoms *atoms = &k->p->atoms;

	if (++k->steps > STEPS_MAX) {
		k->through = false;
		return;
	}
	if (i == atoms->natoms) {
		note(k);
		return;
	}
	const struct sl_atom *a = &atoms->atoms[i];
	uint64_t hi = UINT64_MAX, lo = 0;
	for (uint32_t q = 0; q < a->n; q++) {
		uint32_t s = atoms->places[a->first + q].set;
		if (!shown(k, s))
			continue;
		hi = k->left[s] < hi ? k->left[s] : hi;
		lo = k->waiting[s] == 1 && k->left[s] > lo ? k->left[s] : lo;
	}
	/* No shown set bounds it: more of them would teach nothing. */
	hi = hi == UINT64_MAX ? 3 * k->p->threshold : hi;
	for (uint64_t v = lo; v <= hi && k->through; v++) {
		for (uint32_t q = 0; q < a->n; q++) {
			k->left[atoms->places[a->first + q].set] -= v;
			k->waiting[atoms->places[a->first + q].set]--;
		}
		bool fits = true;
		for (uint32_t q = 0; q < a->n && fits; q++) {
			uint32_t s = atoms->places[a->first + q].set;
			fits = !shown(k, s) || k->waiting[s] > 0 || k->left[s] == 0;
		}
		k->value[i] = v;
		if (fits)
			enumerate(k, i + 1);
		for (uint32_t q = 0; q < a->n; q++) {
			k->left[atoms->places[a->first + q].set] += v;
			k->waiting[atoms->places[a->first + q].set]++;
		}
	}
}

/*
 * Whether what is public tells by itself of some atoms together that there is somebody, and few. There is one such
 * output at most, of everybody: of a cell that is only partly of them it may be all or nobody.
 */
static bool is_public(const struct people *p, const bool *in)
{
	uint64_t lo = 0, hi = 0;

	for (uint32_t s = 0; p->noutputs > 0 && p->outputs[0].is_public && s < p->outputs[0].nsets; s++) {
		bool any = false, all = true;
		for (uint32_t i = 0; i < p->atoms.natoms; i++) {
			if (p->atoms.places[p->atoms.atoms[i].first].set != s)
				continue;
			any = any || in[i];
			all = all && in[i];
		}
		hi += any ? p->sets[s].units : 0;
		lo += any && all ? p->sets[s].units : 0;
	}
	return lo >= 1 && hi < p->threshold;
}

static bool is_public_atom(const struct people *p, uint32_t atom)
{
	bool in[PEOPLE_MAX] = { false };

	in[atom] = true;
	return is_public(p, in);
}

static bool is_public_set(const struct people *p, uint32_t set)
{
	bool in[PEOPLE_MAX] = { false };

	for (uint32_t i = 0; i < p->atoms.natoms; i++)
		for (uint32_t q = 0; q < p->atoms.atoms[i].n; q++)
			in[i] = in[i] || p->atoms.places[p->atoms.atoms[i].first + q].set == set;
	return is_public(p, in);
}

/* Between which numbers each atom and each hidden set may be. */
static struct attack *attack(const struct people *p)
{
	struct attack *k = calloc(1, sizeof *k);

	assert_non_null(k);
	k->p = p;
	k->through = true;
	for (uint32_t s = 0; s < p->audit.nsets; s++) {
		k->left[s] = p->sets[s].units;
		k->hidden_least[s] = UINT64_MAX;
	}
	for (uint32_t i = 0; i < p->atoms.natoms; i++) {
		k->least[i] = UINT64_MAX;
		for (uint32_t q = 0; q < p->atoms.atoms[i].n; q++)
			k->waiting[p->atoms.places[p->atoms.atoms[i].first + q].set]++;
	}
	/* What is hidden has no sum to keep to. */
	for (uint32_t s = 0; s < p->audit.nsets; s++)
		k->first[s] = k->left[s] = p->sets[s].shown ? k->left[s] : UINT64_MAX / 2;
	enumerate(k, 0);
	return k;
}

/*
 * How many atoms, and hidden sets, are known to have somebody, and few, and were not by what is public. UINT32_MAX: it
 * takes too long to say.
 */
static uint32_t count_pinned(const struct people *p, const struct attack *k)
{
	uint32_t pinned = 0;

	for (uint32_t i = 0; i < p->atoms.natoms; i++)
		pinned += k->least[i] >= 1 && k->most[i] < p->threshold && !is_public_atom(p, i);
	for (uint32_t s = 0; s < p->audit.nsets; s++)
		pinned += p->sets[s].units > 0 && !p->sets[s].shown && k->hidden_least[s] >= 1 &&
		          k->hidden_most[s] < p->threshold && !is_public_set(p, s);
	return k->through ? pinned : UINT32_MAX;
}

/* Who tries all tables knows of an atom or a hidden set what is said to be known nearly, or more. */
static bool is_known(const struct people *p, const struct attack *k, const struct sl_narrow *n)
{
	bool is = false;

	for (uint32_t i = 0; i < p->atoms.natoms && !is; i++)
		is = p->atoms.atoms[i].units == n->units && k->least[i] >= n->lo && k->most[i] <= n->hi;
	for (uint32_t s = 0; s < p->audit.nsets && !is; s++)
		is = !p->sets[s].shown && p->sets[s].units == n->units && k->hidden_least[s] >= n->lo &&
		     k->hidden_most[s] <= n->hi;
	return is;
}

/* How many rows of the request have a group that is known nearly. */
static uint32_t count_narrow(const struct people *p, const struct attack *k)
{
	struct sl_narrow *found;
	struct sl_err err = { 0 };
	uint32_t n;

	assert_int_equal(sl_audit_narrow(&p->audit, &found, &n, &err), SL_OK);
	for (uint32_t i = 0; i < n; i++) {
		assert_true(found[i].lo <= found[i].units && found[i].units <= found[i].hi);
		assert_true(found[i].lo < found[i].hi && found[i].hi - found[i].lo < p->threshold);
		assert_true(sl_audit_is_new(&p->audit, found[i].set) && (!k->through || is_known(p, k, &found[i])));
	}
	free(found);
	return n;
}

/* --- that nobody is there ------------------------------------------------------------------------------------ */

/* Every way to have the attributes is a cell; this one's values, the first attribute's last. */
static void value_of_cell(const struct people *p, uint32_t cell, int has[ATTRIBUTES])
{
	for (int a = 0; a < ATTRIBUTES; a++) {
		has[a] = a < DRAWN ? (int)(cell % (uint32_t)p->values[a]) : 0;
		cell /= a < DRAWN ? (uint32_t)p->values[a] : 1;
	}
}

/* The cells that a set of an output is of. */
static uint64_t cells_of_set(const struct people *p, uint32_t output, uint32_t set, uint32_t ncells)
{
	struct people one = { .n = 1 };
	uint64_t cells = 0;

	memcpy(one.values, p->values, sizeof one.values);
	for (uint32_t cell = 0; cell < ncells; cell++) {
		value_of_cell(p, cell, one.has[0]);
		cells |= people_set(&one, &p->outputs[output], 0) == (int)set ? UINT64_C(1) << cell : 0;
	}
	return cells;
}

/* What is shown of the first n outputs. */
static void know_shown(const struct people *p, uint32_t n, struct tables *t)
{
	*t = (struct tables){ .ncells = 1 };
	for (int a = 0; a < DRAWN; a++)
		t->ncells *= (uint32_t)p->values[a];
	for (uint32_t o = 0; o < n; o++)
		for (uint32_t s = 0; s < p->outputs[o].nsets; s++) {
			const struct sl_audit_set *set = &p->sets[p->places[o].first_set + s];
			if (set->shown)
				tables_add(t, cells_of_set(p, o, s, t->ncells), (int64_t)set->units, (int64_t)set->units);
		}
}

static enum tables_answer may_be_in(const struct tables *known, uint64_t cells)
{
	struct tables with = *known;

	tables_add(&with, cells, 1, TABLES_ANY);
	return tables_exist(&with);
}

/*
 * How many hidden sets that nobody is in are empty in every table that agrees with what is shown, and were not before
 * the last request.
 */
static uint32_t count_told_empty(const struct people *p, uint32_t nbefore, uint32_t *undecided)
{
	struct tables before, after;
	uint32_t told = 0;

	know_shown(p, nbefore, &before);
	know_shown(p, p->noutputs, &after);
	for (uint32_t o = 0; o < p->noutputs; o++)
		for (uint32_t s = 0; s < p->outputs[o].nsets; s++) {
			const struct sl_audit_set *set = &p->sets[p->places[o].first_set + s];
			uint64_t cells = cells_of_set(p, o, s, after.ncells);
			if (set->shown || set->units > 0 || cells == 0)
				continue;
			enum tables_answer answer = may_be_in(&after, cells);
			told += answer == TABLES_NONE && may_be_in(&before, cells) != TABLES_NONE;
			*undecided += answer == TABLES_UNDECIDED;
		}
	return told;
}

static uint64_t units_of(const struct people *p, uint32_t output, uint32_t set)
{
	return p->sets[p->places[output].first_set + set].units;
}

/* Of a set that was hidden for how many it counts, though they are not few: another number fits what is shown. */
static enum tables_answer may_be_other(const struct tables *known, uint64_t cells, uint64_t units)
{
	struct tables more = *known, fewer = *known;

	tables_add(&more, cells, (int64_t)units + 1, TABLES_ANY);
	tables_add(&fewer, cells, 0, (int64_t)units - 1);
	enum tables_answer answer = tables_exist(&more);
	return answer == TABLES_NONE ? tables_exist(&fewer) : answer;
}

/* How many of those have one number in every table that agrees with what is shown, and had not before. */
static uint32_t count_told_primaries(const struct people *p, uint32_t nbefore)
{
	struct tables before, after;
	uint32_t told = 0;

	know_shown(p, nbefore, &before);
	know_shown(p, p->noutputs, &after);
	for (uint32_t o = 0; o < p->noutputs; o++)
		for (uint32_t s = 0; s < p->outputs[o].nsets; s++) {
			const struct sl_audit_set *set = &p->sets[p->places[o].first_set + s];
			uint64_t cells = cells_of_set(p, o, s, after.ncells);
			if (set->shown || !set->primary || units_of(p, o, s) < p->threshold)
				continue;
			told += may_be_other(&after, cells, set->units) == TABLES_NONE &&
			        may_be_other(&before, cells, set->units) != TABLES_NONE;
		}
	return told;
}

/* Sizes of two sets' difference, from the people themselves. */
static void assert_no_pair_is_close(const struct people *p)
{
	for (uint32_t x = 0; x < p->audit.nsets; x++)
		for (uint32_t y = 0; y < x; y++) {
			uint32_t ox = sl_audit_output_of(&p->audit, x), oy = sl_audit_output_of(&p->audit, y);
			uint64_t differ = 0;
			if (ox == oy || !p->sets[x].shown || !p->sets[y].shown ||
			    (p->outputs[ox].is_public && p->outputs[oy].is_public))
				continue;
			for (uint32_t i = 0; i < p->n; i++) {
				int sx = people_set(p, &p->outputs[ox], i), sy = people_set(p, &p->outputs[oy], i);
				bool in_x = sx >= 0 && (uint32_t)sx + p->places[ox].first_set == x;
				bool in_y = sy >= 0 && (uint32_t)sy + p->places[oy].first_set == y;
				differ += in_x != in_y;
			}
			bool meet = false;
			for (uint32_t i = 0; i < p->n && !meet; i++)
				meet = people_set(p, &p->outputs[ox], i) >= 0 &&
				       (uint32_t)people_set(p, &p->outputs[ox], i) + p->places[ox].first_set == x &&
				       people_set(p, &p->outputs[oy], i) >= 0 &&
				       (uint32_t)people_set(p, &p->outputs[oy], i) + p->places[oy].first_set == y;
			if (meet && !(differ == 0 && sl_audit_same(&p->sets[x], &p->sets[y])))
				assert_true(differ >= p->threshold);
		}
}

static void draw_output(struct people *p, bool primaries)
{
	bool by[ATTRIBUTES] = { false };
	int condition[ATTRIBUTES] = { -1, -1, -1, -1 };
	uint32_t in[ATTRIBUTES] = { 0 };

	for (int a = 0; a < DRAWN; a++) {
		if (p->values[a] > 2 && draw(4) == 0)
			in[a] = 7u ^ 1u << draw(3); /* one of two values */
		by[a] = draw(2) == 0;
		if (!by[a] && draw(4) == 0)
			condition[a] = (int)draw((uint32_t)p->values[a]);
	}
	struct people_output *o = people_output_in(p, by, condition, in);
	if (primaries && o->nsets > 1 && draw(2) == 0)
		people_hide(o, draw(o->nsets));
}

/* What came of one history. */
struct tally {
	uint32_t histories; /* before it */
	uint32_t releases, shown, hit, hit_for_proof, unproved, pinned_unproved, unsaid, zeros_given_up, undecided;
	uint32_t primaries_told, narrow;
};

/* What else there is in a history. */
enum with { NOTHING, PRIMARIES, PUBLIC };

static void draw_public(struct people *p)
{
	bool by[ATTRIBUTES] = { false };

	for (int a = 0; a < DRAWN; a++)
		by[a] = draw(2) == 0;
	people_public(p, by);
}

static void play(struct tally *t, enum with with)
{
	struct people *p = calloc(1, sizeof *p);

	assert_non_null(p);
	p->threshold = 2 + draw(3);
	p->n = 6 + draw(24);
	for (int a = 0; a < ATTRIBUTES; a++)
		p->values[a] = 2 + (int)draw(2);
	for (uint32_t i = 0; i < p->n; i++)
		for (int a = 0; a < ATTRIBUTES; a++)
			p->has[i][a] = draw(3) == 0 ? (int)draw((uint32_t)p->values[a]) : 0;
	if (with == PUBLIC)
		draw_public(p);
	for (uint32_t r = 0; r < 4; r++) {
		for (uint32_t o = draw(4) == 0 ? 2 : 1; o > 0; o--)
			draw_output(p, with == PRIMARIES);
		uint32_t nbefore = p->nearlier;
		people_audit(p, true);
		if (nbefore == 0 && p->noutputs == 1)
			continue; /* by itself it is another rule's matter */
		assert_no_pair_is_close(p);
		struct attack *k = attack(p);
		uint32_t pinned = count_pinned(p, k);
		t->narrow += count_narrow(p, k) > 0;
		free(k);
		t->releases++;
		t->hit += p->audit.nhits > 0;
		t->hit_for_proof += p->hits_for_proof > 0;
		t->unproved += p->unproved > 0;
		t->unsaid += pinned == UINT32_MAX;
		t->zeros_given_up += p->audit.zeros_given_up;
		if (!p->audit.zeros_given_up && count_told_empty(p, nbefore, &t->undecided) > 0)
			fail_msg("history %u: that nobody is in a hidden set is told", t->histories);
		t->primaries_told += count_told_primaries(p, nbefore);
		for (uint32_t s = 0; s < p->audit.nsets; s++)
			t->shown += sl_audit_is_new(&p->audit, s) && p->sets[s].shown;
		if (pinned == UINT32_MAX)
			continue;
		if (p->unproved > 0)
			t->pinned_unproved += pinned > 0;
		else
			assert_int_equal(pinned, 0);
	}
	people_free(p);
	free(p);
}

static uint32_t rounds(void)
{
	const char *asked = getenv("SL_HISTORY_ROUNDS");

	return asked != NULL ? (uint32_t)strtoul(asked, NULL, 10) : 60;
}

/* Sets that a rule hid, however many. What follows from sums that cannot be less than nothing is hardly ever met. */
static void test_what_a_rule_hid_is_told_by_no_releases_together(void **state)
{
	struct tally t = { 0 };

	(void)state;
	for (uint32_t n = rounds(); t.histories < n; t.histories++) {
		seed = 79000000 + t.histories;
		play(&t, PRIMARIES);
	}
	print_message("%u releases, %u sets shown; %u had rows hidden; %u hidden numbers were told\n", t.releases, t.shown,
	              t.hit, t.primaries_told);
	assert_true(t.releases > t.histories && t.shown > t.histories);
	assert_true(t.primaries_told <= t.releases / 1000);
}

static void test_every_history_that_was_let_go_passes_another_audit(void **state)
{
	struct tally t = { 0 };
	uint32_t n = rounds();

	(void)state;
	for (uint32_t i = 0; i < n; i++) {
		seed = 20261127 + i;
		play(&t, NOTHING);
		t.histories++;
	}
	print_message("%u releases, %u sets shown; %u had rows hidden (%u for a proof), %u not proved (%u pinned), %u unsaid; "
	              "of zeros %u given up, %u undecided; %u with groups known nearly\n",
	              t.releases, t.shown, t.hit, t.hit_for_proof, t.unproved, t.pinned_unproved, t.unsaid, t.zeros_given_up,
	              t.undecided, t.narrow);
	assert_true(t.releases > n && t.shown > n && t.hit > n / 10);
	assert_true(t.hit_for_proof > 0); /* where nothing else finds fault, rows are hidden for the sake of a witness */
	assert_true(t.unsaid < t.releases / 4);
	assert_true(t.zeros_given_up == 0 && t.undecided <= t.releases / 100);
	/* Beside ordinary releases no person is asked for it. */
	assert_true(t.narrow <= t.releases / 100);
	/* What is pinned all the same was told to the reviewer as not proved; and it is hardly ever so. */
	assert_true(t.pinned_unproved <= t.releases / 200);
}

/* Tables by two keys as they would be if nobody compared them: much is known nearly, and all of it is so. */
static void test_what_is_said_to_be_known_nearly_is_known_to_who_tries_all_tables(void **state)
{
	uint32_t found = 0;

	(void)state;
	for (uint32_t n = 0; n < 200; n++) {
		struct people *p = people_start(2 + n % 3);
		struct sl_err err = { 0 };
		seed = 640000 + n;
		for (int a = 0; a < ATTRIBUTES; a++)
			p->values[a] = 2;
		for (uint32_t i = 8 + draw(20); i > 0; i--)
			people_add(p, 1, (int)draw(2), (int)draw(2), (int)draw(2), 0);
		for (int without = 0; without < DRAWN; without++)
			people_output(p, BY(without != 0, without != 1, without != 2), ANY);
		p->nearlier = 2;
		people_prepare(p);
		assert_int_equal(sl_audit_index(&p->audit, &err), SL_OK);
		struct attack *k = attack(p);
		found += count_narrow(p, k);
		free(k);
		people_finish(p);
	}
	print_message("%u groups known nearly\n", found);
	assert_true(found > 20);
}

/* Before all of them a count of everybody is public, by some attributes, however small its cells. */
static void test_beside_what_is_public_no_release_tells_of_few(void **state)
{
	struct tally t = { 0 };
	uint32_t n = rounds();

	(void)state;
	for (; t.histories < n; t.histories++) {
		seed = 20210000 + t.histories;
		play(&t, PUBLIC);
	}
	print_message("%u releases, %u sets shown; %u had rows hidden, %u not proved (%u pinned), %u unsaid; of zeros %u "
	              "given up, %u undecided\n",
	              t.releases, t.shown, t.hit, t.unproved, t.pinned_unproved, t.unsaid, t.zeros_given_up, t.undecided);
	assert_true(t.releases > n && t.shown > n && t.hit > n / 10);
	assert_true(t.unsaid < t.releases / 4);
	assert_true(t.zeros_given_up == 0 && t.undecided <= t.releases / 100);
	assert_true(t.pinned_unproved <= t.releases / 200);
}

/* People in another order, and outputs asked for in another: the same cells of the same outputs are shown. */
static void test_the_order_of_people_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 60; i++) {
		struct people *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b);
		assert_true(a != NULL && b != NULL);
		seed = 9000 + i;
		a->threshold = 3;
		a->n = 20 + draw(20);
		for (int k = 0; k < ATTRIBUTES; k++)
			a->values[k] = 2;
		for (uint32_t j = 0; j < a->n; j++)
			for (int k = 0; k < ATTRIBUTES; k++)
				a->has[j][k] = (int)draw(2);
		*b = *a;
		for (uint32_t j = 0; j < a->n; j++)
			memcpy(b->has[j], a->has[a->n - 1 - j], sizeof b->has[j]);
		for (uint32_t r = 0; r < 3; r++) {
			draw_output(a, false);
			people_output_in(b, a->outputs[r].by, a->outputs[r].condition, a->outputs[r].in);
			people_audit(a, true);
			people_audit(b, true);
			assert_memory_equal(a->outputs[r].hidden, b->outputs[r].hidden, sizeof a->outputs[r].hidden);
		}
		people_free(a);
		people_free(b);
		free(a);
		free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_a_rule_hid_is_told_by_no_releases_together),
		cmocka_unit_test(test_every_history_that_was_let_go_passes_another_audit),
		cmocka_unit_test(test_what_is_said_to_be_known_nearly_is_known_to_who_tries_all_tables),
		cmocka_unit_test(test_beside_what_is_public_no_release_tells_of_few),
		cmocka_unit_test(test_the_order_of_people_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
