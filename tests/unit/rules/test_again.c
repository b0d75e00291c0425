/*
 * test_again.c - rows that few units tell from an earlier one, where policy has the earlier one told again: which
 * rows, of which release, and that what stands there says nothing of the few.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/history/outputs.h"
#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

#define T 10u

/* Persons, and how many are sick, by region; and of those older than 20: `young` of the first region are not. */
struct few {
	uint32_t all, sick;          /* of the first region, in the earlier table */
	uint32_t young, young_sick;  /* that the later one lacks */
	uint32_t young_elsewhere;    /* of the second region, that has 60 */
};

static void set_ages(struct kit *k, const struct few *f)
{
	for (uint32_t i = 0; i < k->nrows; i++) {
		bool first = i < f->all, sick = first ? i < f->sick : (i - f->all) % 2 == 0;
		uint32_t well = i - f->sick;
		bool young = !first ? i - f->all < f->young_elsewhere
		             : sick ? i < f->young_sick : well < f->young - f->young_sick;
		k->rows[i].value[KIT_SICK] = sick;
		k->rows[i].value[KIT_AGE] = young ? 10 : 50;
	}
}

static void ask(struct past *t, const struct few *f)
{
	past_open(t);
	(void)kit_add(t->k, f->all, 0, 0);
	(void)kit_add(t->k, 60, 1, 0);
	set_ages(t->k, f);
	for (uint32_t i = 0; i < 2; i++)
		kit_stat(past_persons(t, i, false), "sick", SL_STAT_COUNT_IF, KIT_SICK, 0);
	kit_where(&t->k->plans[1], KIT_AGE, 20);
	t->k->setup.rules.context = 1;
	t->k->setup.rules.near = SL_NEAR_EARLIER;
	past_release(t, 1);
	for (uint32_t i = 0; i < t->space.history.noutputs; i++) {
		t->space.history.outputs[i].again = 1;
		t->space.history.outputs[i].rules = t->setup.rules;
	}
}

static bool is_told(const struct past *t, uint32_t cell)
{
	const struct sl_published_again *a = sl_publication_again(&t->now, 0, cell);

	if (a == NULL)
		return false;
	assert_true(a->release == 7 && a->from_output == 0 && a->from_cell == cell);
	assert_true(a->ncolumns == 0 && a->columns == NULL);
	assert_false(kit_cell(t->k, &t->now, 0, cell, 0)->shown);
	return true;
}

static void test_a_row_that_few_tell_from_an_earlier_one_is_told_again_and_no_other(void **state)
{
	(void)state;
	for (int near = 0; near < 2; near++) {
		struct past t;
		ask(&t, &(struct few){ 40, 20, 4, 2, 30 });
		t.setup.rules.near = near ? SL_NEAR_EARLIER : SL_NEAR_REFUSE;
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		assert_int_equal(is_told(&t, 0), near);
		assert_int_equal(t.now.nagain, near);
		assert_true(kit_cell(t.k, &t.now, 0, 1, 0)->shown);
		assert_int_equal(kit_find(&t.now, SL_RULE_HISTORY)->measured, 4);
		assert_int_equal(sl_publication_check(&t.now, &t.k->plans[1], 1, &t.setup.view, NULL), SL_OK);
		past_close(&t);
	}
}

/* What a reader sees of a publication. */
static void put_seen(const struct past *t, struct sl_buf *out)
{
	sl_buf_u8(out, t->now.releasable);
	for (uint32_t c = 0; c < t->now.outputs[0].ncells; c++)
		sl_buf_u8(out, t->now.outputs[0].cells[c].shown);
	for (uint32_t i = 0; i < t->now.nagain; i++)
		sl_buf_printf(out, " %u L-%u %u", t->now.again[i].cell, (unsigned)t->now.again[i].release,
		              t->now.again[i].from_cell);
	assert_false(out->failed);
}

/*
 * Nobody is missing, or up to nine are, sick or not: of 14 who are well fewer than ten may be left, which hides the
 * number by itself; of a row of 19 ten are left at least. A reader is told the same.
 */
static void test_what_is_told_again_does_not_depend_on_who_the_few_are(void **state)
{
	static const uint32_t sizes[][2] = { { 40, 26 }, { 40, 10 }, { 19, 9 } };

	(void)state;
	for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
		struct sl_buf first = { 0 };
		uint32_t hidden = 0, seen = 0;
		for (uint32_t young = 0; young < T; young++)
			for (uint32_t sick = 0; sick <= young; sick++) {
				struct few f = { sizes[s][0], sizes[s][1], young, sick, 30 };
				struct sl_buf now = { 0 };
				struct past t;
				ask(&t, &f);
				assert_int_equal(past_judge(&t), SL_OK);
				assert_true(is_told(&t, 0));
				hidden += kit_has(&t.now, SL_RULE_NUMERATOR);
				put_seen(&t, seen++ == 0 ? &first : &now);
				if (seen > 1) {
					assert_int_equal(now.len, first.len);
					assert_memory_equal(now.data, first.data, now.len);
				}
				sl_buf_free(&now);
				past_close(&t);
			}
		sl_buf_free(&first);
		print_message("%u people, %u sick: %u of %u with a number that a rule hides\n", sizes[s][0], sizes[s][1], hidden,
		              seen);
		assert_true(hidden > 0 && hidden < seen);
	}
}

/* Beside 18 units a row of nine is near, and would be said to have somebody in it. */
static void test_a_small_earlier_row_is_not_told_again(void **state)
{
	(void)state;
	for (uint32_t all = 2 * T - 2; all < 2 * T; all++) {
		struct past t;
		ask(&t, &(struct few){ all, all, 9, 9, 30 });
		t.space.history.outputs[0].sets[0].shown = 1; /* whatever hid it */
		t.space.history.outputs[0].sets[0].told = 1;
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(sl_publication_again(&t.now, 0, 0) != NULL, all == 2 * T - 1);
		past_close(&t);
	}
}

enum without { OTHERS, HIDDEN, OTHER_RULES, OTHER_TABLES, OTHER_STATISTICS, NO_HISTORY, WITHOUT_COUNT };

/* Numbers that whoever asks has not, or not as they would be judged now, or of something else: refused as before. */
static void test_what_is_no_number_of_the_projects_is_not_told_again(void **state)
{
	(void)state;
	for (int what = 0; what < WITHOUT_COUNT; what++) {
		struct past t;
		ask(&t, &(struct few){ 40, 20, 4, 2, 0 });
		struct sl_earlier_output *o = &t.space.history.outputs[0];
		o->again = what != OTHERS;
		for (uint32_t s = 0; s < o->nsets && what == HIDDEN; s++)
			o->sets[s].told = o->sets[s].shown = 0;
		o->rules.threshold -= what == OTHER_RULES;
		o->tables.hash += what == OTHER_TABLES;
		for (uint32_t s = 0; s < o->nstats && what == OTHER_STATISTICS; s++)
			o->stats[s].hash++;
		t.setup.nspaces = what != NO_HISTORY;
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.nagain, 0);
		assert_int_equal(t.now.releasable, 0);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_SMALL_COMPLEMENT);
		assert_non_null(f);
		assert_int_equal(f->severity, SL_SEVERITY_REFUSE);
		past_close(&t);
	}
}

/* Four are left out of a hundred: as though nobody were, where that table left. */
static void test_where_a_condition_leaves_out_few_every_row_is_told_again(void **state)
{
	struct past t;

	(void)state;
	for (uint32_t young = 0; young < 5; young += 4) {
		ask(&t, &(struct few){ 40, 20, young, young / 2, 0 });
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.releasable, 1);
		const struct sl_finding *f = kit_find(&t.now, SL_RULE_SMALL_COMPLEMENT);
		assert_non_null(f);
		assert_int_equal(f->severity, SL_SEVERITY_SUPPRESS);
		assert_int_equal(f->measured, young);
		assert_true(is_told(&t, 0) && is_told(&t, 1));
		assert_int_equal(t.now.outputs[0].suppressed, t.now.outputs[0].ncells);
		past_close(&t);
	}
}

/* Two earlier rows are near: the first release, whichever is nearer. */
static void test_of_two_earlier_rows_the_first_that_left_is_told(void **state)
{
	(void)state;
	for (uint32_t nearer = 0; nearer < 2; nearer++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 40, 0, 0);
		(void)kit_add(t.k, 60, 1, 0);
		for (uint32_t i = 0; i < t.k->nrows; i++)
			t.k->rows[i].value[KIT_AGE] = i < 4 ? 10 : i < 7 ? 30 : i >= 40 && i < 55 ? 10 : 50;
		for (uint32_t i = 0; i < 3; i++)
			past_persons(&t, i, false);
		kit_where(&t.k->plans[1], KIT_AGE, nearer ? 15 : 40);
		kit_where(&t.k->plans[2], KIT_AGE, 20);
		t.k->setup.rules.near = SL_NEAR_EARLIER;
		past_release(&t, 2);
		for (uint32_t i = 0; i < 2; i++) {
			struct sl_earlier_output *o = &t.space.history.outputs[i];
			o->again = 1;
			o->rules = t.setup.rules;
			for (uint32_t s = 0; s < o->nsets; s++)
				o->sets[s].told = o->sets[s].shown = 1;
		}
		assert_int_equal(past_judge(&t), SL_OK);
		assert_true(is_told(&t, 0));
		past_close(&t);
	}
}

enum later { ASKED_AGAIN, TWO_ROWS, OTHER_UNITS, OTHER_QUESTION, LATER_COUNT };

/*
 * One question has left twice: the later answer is told, which another version of the table may have given. Not where
 * units have several rows, nor an answer of other units or to another question: the row would be known to lie between.
 */
static void test_of_one_question_that_left_twice_the_later_answer_is_told(void **state)
{
	(void)state;
	for (int how = 0; how < LATER_COUNT; how++) {
		struct past t;
		past_open(&t);
		(void)kit_add(t.k, 40, 0, 0);
		(void)kit_add(t.k, 60, 1, 0);
		for (uint32_t i = 0; i < t.k->nrows; i++)
			t.k->rows[i].value[KIT_AGE] = i < 4 ? 30 : i >= 40 && i < 55 ? 10 : 50;
		for (uint32_t i = 0; i < 3; i++)
			past_persons(&t, i, false);
		if (how == OTHER_UNITS)
			kit_where(&t.k->plans[1], KIT_AGE, 40);
		if (how == OTHER_QUESTION)
			kit_where(&t.k->plans[1], KIT_AGE, 5);
		kit_where(&t.k->plans[2], KIT_AGE, 20);
		t.k->setup.rules.near = SL_NEAR_EARLIER;
		past_release(&t, 2);
		for (uint32_t i = 0; i < 3; i++)
			t.space.atoms.outputs[i].rows_of = how == TWO_ROWS;
		for (uint32_t i = 0; i < 2; i++) {
			struct sl_earlier_output *o = &t.space.history.outputs[i];
			o->again = 1;
			o->rules = t.setup.rules;
			o->release = 7 + i;
			for (uint32_t s = 0; s < o->nsets; s++) {
				struct sl_earlier_set *set = &o->sets[s], *first = &t.space.history.outputs[0].sets[s];
				set->told = set->shown = 1;
				if (how != OTHER_UNITS)
					continue;
				memcpy(set->parts, first->parts, first->nparts * sizeof *first->parts);
				set->nparts = first->nparts;
			}
		}
		assert_int_equal(past_judge(&t), SL_OK);
		const struct sl_published_again *a = sl_publication_again(&t.now, 0, 0);
		assert_non_null(a);
		assert_int_equal(a->release, how == ASKED_AGAIN ? 8 : 7);
		assert_int_equal(a->from_output, how == ASKED_AGAIN ? 1 : 0);
		assert_int_equal(a->from_cell, 0);
		past_close(&t);
	}
}

/* What is told again is hidden for all that comes after: it is of other units than its row. */
static void test_a_row_that_is_told_again_is_hidden_for_history(void **state)
{
	struct sl_earlier_output o;
	struct past t;

	(void)state;
	ask(&t, &(struct few){ 40, 20, 4, 2, 30 });
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(sl_history_output(&t.k->plans[1], &t.setup.view, &t.now, &t.setup.rules, 8, 0, &o,
	                                   NULL), SL_OK);
	assert_int_equal(o.sets[0].shown, 0);
	assert_int_equal(o.sets[0].told, 0);
	assert_int_equal(o.sets[o.per_cell].shown, 1);
	assert_int_equal(o.sets[o.per_cell].told, 3);
	sl_history_output_free(&o);
	past_close(&t);
}

static void test_with_an_allocation_failing_nothing_is_told_again(void **state)
{
	unsigned long k = 1;
	enum sl_rc rc;

	(void)state;
	do {
		struct past t;
		ask(&t, &(struct few){ 40, 20, 4, 2, 0 });
		failing_at(k++);
		rc = past_judge(&t);
		bool reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		assert_int_equal(t.now.nagain, reached ? 0 : 2);
		past_close(&t);
	} while (rc != SL_OK);
	assert_true(k > 20);
}

/* --- the publication ---------------------------------------------------------------------------------------- */

enum wrong { RIGHT, NO_CELL, NO_OUTPUT, TWICE, NARROW, SHOWN, REFUSED, VALUE, WRONG_COUNT };

static void test_a_publication_with_rows_told_again_that_cannot_be_is_refused(void **state)
{
	(void)state;
	for (int wrong = RIGHT; wrong < WRONG_COUNT; wrong++) {
		struct past t;
		ask(&t, &(struct few){ 40, 20, 4, 2, 0 });
		assert_int_equal(past_judge(&t), SL_OK);
		assert_int_equal(t.now.nagain, 2);
		struct sl_published_again *a = &t.now.again[1];
		struct sl_published_cell *own = &t.now.outputs[0].cells[2];
		a->columns = calloc(2, sizeof *a->columns);
		a->ncolumns = 2;
		a->columns[0] = (struct sl_published_cell){ .shown = wrong != VALUE, .value = 60 };
		a->cell += wrong == NO_CELL ? 1000 : 0;
		a->output = wrong == NO_OUTPUT;
		if (wrong == TWICE)
			a->cell = t.now.again[0].cell;
		a->ncolumns -= wrong == NARROW;
		if (wrong == SHOWN) {
			*own = (struct sl_published_cell){ .shown = 1, .value = 60 };
			t.now.outputs[0].suppressed--;
		}
		t.now.releasable = wrong != REFUSED;
		assert_int_equal(sl_publication_check(&t.now, &t.k->plans[1], 1, &t.setup.view, NULL),
		                 wrong == RIGHT ? SL_OK : SL_E_INPUT);
		if (wrong == RIGHT) {
			assert_int_equal(sl_publication_told(&t.now, 0, 1, 0, 2)->value, 60);
			assert_false(sl_publication_told(&t.now, 0, 1, 1, 2)->shown);
			assert_ptr_equal(sl_publication_told(&t.now, 0, 0, 0, 2), &t.now.outputs[0].cells[0]);
		}
		past_close(&t);
	}
}

/* A publication that was stored before rows were told again ends where their count would be. */
static void test_a_publication_of_before_is_read_as_telling_nothing_again(void **state)
{
	struct sl_publication back;
	struct sl_buf wire = { 0 };
	struct past t;

	(void)state;
	ask(&t, &(struct few){ 40, 20, 4, 2, 30 });
	t.setup.rules.near = SL_NEAR_REFUSE;
	assert_int_equal(past_judge(&t), SL_OK);
	assert_int_equal(sl_codec_encode(&sl_publication_record, &t.now, &wire, NULL), SL_OK);
	for (size_t less = 0; less <= 4; less++) {
		enum sl_rc rc = sl_publication_stored(wire.data, wire.len - less, &back, NULL);
		assert_int_equal(rc, less % 4 == 0 ? SL_OK : SL_E_INPUT);
		assert_int_equal(back.nfindings, less % 4 == 0 ? t.now.nfindings : 0);
		assert_int_equal(back.nagain, 0);
		sl_codec_free(&sl_publication_record, &back);
	}
	for (unsigned long k = 1, reached = 1; reached; k++) {
		failing_at(k);
		enum sl_rc rc = sl_publication_stored(wire.data, wire.len - 4, &back, NULL);
		reached = (unsigned long)failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_codec_free(&sl_publication_record, &back);
	}
	sl_buf_free(&wire);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_row_that_few_tell_from_an_earlier_one_is_told_again_and_no_other),
		cmocka_unit_test(test_what_is_told_again_does_not_depend_on_who_the_few_are),
		cmocka_unit_test(test_a_small_earlier_row_is_not_told_again),
		cmocka_unit_test(test_what_is_no_number_of_the_projects_is_not_told_again),
		cmocka_unit_test(test_where_a_condition_leaves_out_few_every_row_is_told_again),
		cmocka_unit_test(test_of_two_earlier_rows_the_first_that_left_is_told),
		cmocka_unit_test(test_of_one_question_that_left_twice_the_later_answer_is_told),
		cmocka_unit_test(test_a_row_that_is_told_again_is_hidden_for_history),
		cmocka_unit_test(test_with_an_allocation_failing_nothing_is_told_again),
		cmocka_unit_test(test_a_publication_with_rows_told_again_that_cannot_be_is_refused),
		cmocka_unit_test(test_a_publication_of_before_is_read_as_telling_nothing_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
