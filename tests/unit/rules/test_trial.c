/*
 * test_trial.c - a request less an output or a statistic, made of what was counted, is what counting without it gives:
 * result, units behind sets, and what is judged of them. Over a case of every rule, and over tables drawn at random.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/implied.h"
#include "policy/trial.h"
#include "tests/unit/rules/needed.h"
#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

static void assert_same_bytes(const struct sl_record *record, const void *a, const void *b)
{
	struct sl_buf x = { 0 }, y = { 0 };

	assert_int_equal(sl_codec_encode(record, a, &x, NULL), SL_OK);
	assert_int_equal(sl_codec_encode(record, b, &y, NULL), SL_OK);
	if (x.len != y.len)
		fail_msg("%s: %zu and %zu bytes", record->name, x.len, y.len);
	assert_memory_equal(x.data, y.data, x.len);
	sl_buf_free(&x);
	sl_buf_free(&y);
}

/* Atoms in the order that a trial has them. */
static struct sl_atoms in_order(const struct sl_atoms *a)
{
	struct sl_atoms out;
	uint32_t n = 0, *to;

	for (uint32_t i = 0; i < a->noutputs; i++)
		n += a->outputs[i].nsets;
	to = malloc((n + 1) * sizeof *to);
	assert_non_null(to);
	for (uint32_t i = 0; i < n; i++)
		to[i] = i;
	assert_int_equal(sl_trial_atoms(a, to, a->outputs, a->noutputs, &out, NULL), SL_OK);
	free(to);
	return out;
}

/* The kit that would have been there: its rows, the earlier plans, and those of the trial. All borrowed. */
static struct kit *without(const struct past *t, const struct sl_trial *trial)
{
	struct kit *k = malloc(sizeof *k);

	assert_non_null(k);
	*k = *t->k;
	memset(k->results, 0, sizeof k->results);
	for (uint32_t i = 0; i < trial->setup.nplans; i++)
		k->plans[t->earlier + i] = trial->plans[i];
	k->setup.nplans = t->earlier + trial->setup.nplans;
	return k;
}

static void compare(struct past *t, uint32_t output, uint32_t stat)
{
	const struct sl_trial_of of = { &t->setup, t->k->plans + t->earlier, t->k->results + t->earlier, &t->space };
	struct sl_publication judged;
	struct sl_trial trial;
	struct past then = { .one_by_one = t->one_by_one, .is_public = t->is_public };

	assert_int_equal(sl_trial_open(&of, output, stat, &trial, &t->err), SL_OK);
	then.k = without(t, &trial);
	past_release(&then, t->earlier);
	for (uint32_t i = 0; i < trial.setup.nplans; i++)
		assert_same_bytes(&sl_result_record, &then.k->results[t->earlier + i], &trial.results[i]);
	if (trial.spaces[0].atoms.noutputs > 0) {
		struct sl_atoms a = in_order(&then.space.atoms);
		assert_int_equal(sl_atoms_check(&trial.spaces[0].atoms, &t->err), SL_OK);
		assert_same_bytes(&sl_atoms_record, &a, &trial.spaces[0].atoms);
		/* Which of two numbers is hidden may depend on the order, and is the same for both from here on. */
		sl_codec_free(&sl_atoms_record, &then.space.atoms);
		then.space.atoms = a;
	}
	assert_int_equal(past_judge(&then), SL_OK);
	assert_int_equal(sl_check_after(&trial.setup, trial.plans, trial.results, trial.spaces, &judged, &t->err), SL_OK);
	assert_same_bytes(&sl_publication_record, &then.now, &judged);
	sl_codec_free(&sl_publication_record, &judged);
	sl_codec_free(&sl_publication_record, &then.before);
	sl_codec_free(&sl_publication_record, &then.now);
	sl_codec_free(&sl_history_record, &then.space.history);
	sl_codec_free(&sl_atoms_record, &then.space.atoms);
	for (uint32_t i = 0; i < then.k->setup.nplans; i++)
		sl_codec_free(&sl_result_record, &then.k->results[i]);
	free(then.k);
	sl_trial_close(&trial);
}

/* Everything that can be left out of the request; returns how much that was. */
static uint32_t leave_out_each(struct past *t, uint32_t earlier)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->k->setup.nplans; i++)
		assert_int_equal(sl_implied_add(&t->k->plans[i], &t->k->setup.view, &t->err), SL_OK);
	past_release(t, earlier);
	for (uint32_t i = 0; i < t->setup.nplans; i++) {
		const struct sl_plan *p = &t->k->plans[earlier + i];
		if (t->setup.nplans > 1) {
			compare(t, i, SL_FINDING_WHOLE);
			n++;
		}
		for (uint32_t s = 0; s < p->nstats && !sl_stat_is_implied(&p->stats[s]); s++) {
			if (p->nstats < 2 || sl_stat_is_implied(&p->stats[1]))
				continue;
			compare(t, i, s);
			n++;
		}
	}
	return n;
}

static void test_of_every_rules_case_each_thing_left_out_is_as_if_it_had_not_been_asked_for(void **state)
{
	uint32_t n = 0;

	(void)state;
	for (size_t i = 0; i < nneeded; i++) {
		struct past t;
		past_open(&t);
		kit_quiet(t.k);
		needed[i].make(t.k);
		n += leave_out_each(&t, 0);
		past_close(&t);
	}
	assert_true(n > 15);
}

/* --- at random -------------------------------------------------------------------------------------------- */

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

static void add_stats(struct sl_plan *p, uint32_t *seed)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };
	static const enum sl_stat_fn fns[] = { SL_STAT_UNITS, SL_STAT_COUNT, SL_STAT_COUNT_IF, SL_STAT_SUM, SL_STAT_MEAN,
		                               SL_STAT_SHARE, SL_STAT_QUANTILE, SL_STAT_SD, SL_STAT_CORR, SL_STAT_COEF };
	uint32_t n = 2 + draw(seed, 4);

	for (uint32_t i = 0; i < n; i++) {
		enum sl_stat_fn fn = fns[draw(seed, sizeof fns / sizeof fns[0])];
		enum kit_column column = fn == SL_STAT_SHARE ? KIT_SICK : draw(seed, 2) == 0 ? KIT_AMOUNT : KIT_AGE;
		struct sl_stat *s = kit_stat(p, names[i], fn, column, fn == SL_STAT_QUANTILE ? 5000 : 20 + draw(seed, 90));
		if (fn == SL_STAT_CORR || fn == SL_STAT_COEF)
			kit_second(p, s, KIT_PRICE);
		if (fn == SL_STAT_COEF && draw(seed, 2) == 0)
			kit_second_condition(p, s, KIT_AGE, 40);
	}
}

static void make_at_random(struct past *t, uint32_t *seed, uint32_t nplans)
{
	t->k->setup.rules.context = 1;
	for (int64_t region = 0; region < 3; region++)
		for (int64_t gender = 0; gender < 2; gender++) {
			uint32_t n = 1 + draw(seed, 30);
			struct kit_row *row = kit_add(t->k, n, region, gender);
			for (uint32_t i = 0; i < n; i++) {
				row[i].value[KIT_SICK] = draw(seed, 4) == 0;
				row[i].value[KIT_AGE] = 10 + draw(seed, 70);
				row[i].missing[KIT_AMOUNT] = draw(seed, 12) == 0;
			}
		}
	for (uint32_t i = 0; i < nplans; i++) {
		struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);
		if (draw(seed, 4) > 0)
			kit_key(p, "region", KIT_REGION, false);
		if (draw(seed, 3) == 0)
			kit_key(p, "gender", KIT_GENDER, false);
		if (draw(seed, 3) == 0)
			kit_where(p, KIT_AGE, 20 + draw(seed, 40));
		add_stats(p, seed);
	}
}

static void test_at_random_each_thing_left_out_is_as_if_it_had_not_been_asked_for(void **state)
{
	uint32_t n = 0;

	(void)state;
	for (uint32_t round = 0; round < 16; round++) {
		uint32_t seed = 77 + round;
		struct past t;
		past_open(&t);
		t.one_by_one = round % 2 == 1;
		make_at_random(&t, &seed, 2 + round % 2);
		n += leave_out_each(&t, round % 3);
		past_close(&t);
	}
	assert_true(n > 40);
}

static void test_rounded_at_random_what_is_left_keeps_its_draws(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < 3; round++) {
		uint32_t seed = 5 + round;
		struct past t;
		past_open(&t);
		t.k->setup.rules.transform = SL_TRANSFORM_RANDOM;
		t.k->setup.rules.transform_base = 3;
		t.k->setup.rules.jitter = round == 2 ? 2 : 0;
		t.k->drawn_with = 9;
		make_at_random(&t, &seed, 2);
		assert_true(leave_out_each(&t, 0) > 3);
		past_close(&t);
	}
}

static void test_a_calc_goes_with_what_it_reads_and_others_read_on(void **state)
{
	struct past t;
	struct sl_trial trial;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	kit_stat(&t.k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&t.k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&t.k->plans[0], "rows", SL_STAT_COUNT, 0, 0);
	kit_stat(&t.k->plans[0], "old", SL_STAT_COUNT_IF, KIT_AGE, 20);
	kit_calc_difference(&t.k->plans[0], "gone", 1, 0);
	kit_calc_difference(&t.k->plans[0], "left", 2, 0);
	past_release(&t, 0);
	const struct sl_trial_of of = { &t.setup, t.k->plans, t.k->results, &t.space };
	assert_int_equal(sl_trial_open(&of, 0, 1, &trial, NULL), SL_OK);
	assert_int_equal(trial.plans[0].ncalcs, 1);
	assert_string_equal(trial.plans[0].calcs[0].name, "left");
	assert_int_equal(sl_trial_stat(&trial, 0, 0), 0);
	assert_int_equal(sl_trial_stat(&trial, 0, 1), 2);
	assert_int_equal(sl_trial_stat(&trial, 0, 2), 3);
	assert_int_equal(sl_plan_check(&trial.plans[0], &t.setup.view, NULL), SL_OK);
	sl_trial_close(&trial);
	past_close(&t);
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	kit_stat(&t.k->plans[0], "total", SL_STAT_SUM, KIT_AMOUNT, 0);
	kit_stat(&t.k->plans[0], "rows", SL_STAT_COUNT, 0, 0);
	kit_stat(&t.k->plans[0], "old", SL_STAT_COUNT_IF, KIT_AGE, 20);
	kit_calc_difference(&t.k->plans[0], "left", 2, 1);
	(void)leave_out_each(&t, 0);
	past_close(&t);
}

static void test_out_of_memory_leaves_nothing_of_a_trial(void **state)
{
	uint32_t seed = 3;
	struct past t;

	(void)state;
	past_open(&t);
	make_at_random(&t, &seed, 3);
	past_release(&t, 1);
	const struct sl_trial_of of = { &t.setup, t.k->plans + 1, t.k->results + 1, &t.space };
	for (int whole = 0; whole < 2; whole++) {
		enum sl_rc rc = SL_E_NOMEM;
		for (unsigned long n = 1; rc != SL_OK; n++) {
			struct sl_trial trial;
			failing_at(n);
			rc = sl_trial_open(&of, 0, whole ? SL_FINDING_WHOLE : 0, &trial, NULL);
			failing_at(0);
			assert_true(rc == SL_OK || rc == SL_E_NOMEM);
			sl_trial_close(&trial);
		}
	}
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_every_rules_case_each_thing_left_out_is_as_if_it_had_not_been_asked_for),
		cmocka_unit_test(test_at_random_each_thing_left_out_is_as_if_it_had_not_been_asked_for),
		cmocka_unit_test(test_rounded_at_random_what_is_left_keeps_its_draws),
		cmocka_unit_test(test_a_calc_goes_with_what_it_reads_and_others_read_on),
		cmocka_unit_test(test_out_of_memory_leaves_nothing_of_a_trial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
