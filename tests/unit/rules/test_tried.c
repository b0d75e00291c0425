/*
 * test_tried.c - what would cure a finding is tried: an output, or a statistic, left out; wards by district. What is
 * said to cure a finding does, and what is not said to does not: held against judging again by hand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/trial.h"
#include "tests/unit/rules/needed.h"
#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

static void close_kit(struct kit *k, struct sl_publication *p, struct sl_behind *b)
{
	sl_codec_free(&sl_publication_record, p);
	sl_codec_free(&sl_behind_record, b);
	kit_free(k);
}

static void judge(struct kit *k, struct sl_publication *p, struct sl_behind *b)
{
	struct sl_err err = { 0 };

	kit_count(k);
	if (sl_check_behind(&k->setup, k->plans, k->results, NULL, p, b, &err) != SL_OK)
		fail_msg("%s", err.text);
	assert_int_equal(sl_behind_check(b, k->plans, k->setup.nplans, &k->setup.view, &err), SL_OK);
	assert_int_equal(b->nremedies, 1);
}

static const struct sl_behind_tried *tried(const struct sl_behind *b, uint32_t output, uint32_t stat)
{
	for (uint32_t i = 0; i < b->remedies->ntried; i++)
		if (b->remedies->tried[i].output == output && b->remedies->tried[i].stat == stat)
			return &b->remedies->tried[i];
	return NULL;
}

/* A median beside counts of which one is hidden: refused, and either output alone is not. */
static struct kit *median_beside_counts(void)
{
	struct kit *k = kit_new();
	struct sl_plan *second = kit_plan(k);

	kit_quiet(k);
	k->setup.rules.threshold = 10;
	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_stat(second, "n", SL_STAT_COUNT, 0, 0);
	kit_stat(second, "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	return k;
}

static void test_which_output_or_statistic_left_out_lets_a_refused_request_pass_is_told(void **state)
{
	struct kit *k = median_beside_counts();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	judge(k, &p, &b);
	assert_int_equal(p.releasable, 0);
	uint32_t margins = (uint32_t)(kit_find(&p, SL_RULE_MARGINS) - p.findings);
	assert_int_equal(b.remedies->ntried, 4);
	assert_int_equal(b.remedies->untried, 0);
	const struct sl_behind_tried *first = tried(&b, 0, SL_FINDING_WHOLE), *second = tried(&b, 1, SL_FINDING_WHOLE);
	const struct sl_behind_tried *count = tried(&b, 1, 0), *median = tried(&b, 1, 1);
	assert_true(first->releasable && sl_behind_cures(first, margins));
	assert_int_equal(first->numbers, 2);
	assert_int_equal(first->hidden, 0);
	/* Four regions and the missing ones, of which one has forty persons. */
	assert_true(second->releasable && sl_behind_cures(second, margins));
	assert_int_equal(second->hidden, second->numbers - 1);
	assert_int_equal(second->refuse, 0);
	assert_true(second->suppress > 0);
	/* The median gone the total is a number that adds up: one more is hidden, and nothing refuses. */
	assert_true(median->releasable && sl_behind_cures(median, margins));
	assert_false(count->releasable);
	assert_false(sl_behind_cures(count, margins));
	assert_int_equal(count->hidden, count->numbers);
	close_kit(k, &p, &b);
}

/* Leaves out by hand, and looks whether each finding is still there. */
static void assert_holds(const struct kit *k, const struct sl_publication *p, const struct sl_behind_tried *t)
{
	const struct sl_trial_of of = { &k->setup, k->plans, k->results, NULL };
	struct sl_publication then;
	struct sl_trial trial;

	assert_int_equal(sl_trial_open(&of, t->output, t->stat, &trial, NULL), SL_OK);
	assert_int_equal(sl_check_run(&trial.setup, trial.plans, trial.results, &then, NULL), SL_OK);
	assert_int_equal(then.releasable, t->releasable);
	assert_int_equal(then.nfindings, t->refuse + t->suppress + t->judge);
	for (uint32_t f = 0; f < p->nfindings; f++) {
		bool left = false;
		for (uint32_t i = 0; i < then.nfindings; i++) {
			const struct sl_finding *x = &then.findings[i], *was = &p->findings[f];
			uint32_t stat = x->stat == SL_FINDING_WHOLE ? x->stat : sl_trial_stat(&trial, x->output, x->stat);
			left = left || (x->rule == was->rule && sl_trial_output(&trial, x->output) == was->output &&
			                stat == was->stat && x->cell == was->cell);
		}
		assert_int_equal(sl_behind_cures(t, f), !left);
	}
	sl_codec_free(&sl_publication_record, &then);
	sl_trial_close(&trial);
}

static void test_of_every_rule_what_is_said_to_cure_does_and_nothing_else_does(void **state)
{
	uint32_t ncured = 0;

	(void)state;
	for (size_t i = 0; i < nneeded; i++) {
		struct kit *k = kit_new();
		struct sl_publication p;
		struct sl_behind b;
		kit_quiet(k);
		needed[i].make(k);
		judge(k, &p, &b);
		for (uint32_t t = 0; t < b.remedies->ntried; t++) {
			assert_holds(k, &p, &b.remedies->tried[t]);
			ncured += sl_behind_cures(&b.remedies->tried[t], (uint32_t)(kit_find(&p, needed[i].rule) - p.findings));
		}
		close_kit(k, &p, &b);
	}
	assert_true(ncured > 10);
}

static void test_beside_an_earlier_release_the_output_that_may_not_be_seen_is_named(void **state)
{
	struct past t;
	struct sl_behind b;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 4, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	(void)past_persons(&t, 0, false);
	/* The same by gender; and how many there are in all. */
	struct sl_plan *men = kit_plan(t.k), *all = kit_plan(t.k);
	kit_key(men, "region", KIT_REGION, false);
	kit_key(men, "gender", KIT_GENDER, false);
	kit_stat(men, "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(all, "persons", SL_STAT_UNITS, 0, 0);
	past_release(&t, 1);
	assert_int_equal(sl_check_behind(&t.setup, t.k->plans + 1, t.k->results + 1, &t.space, &t.now, &b, &t.err), SL_OK);
	const struct sl_finding *f = kit_find(&t.now, SL_RULE_TRACKER);
	assert_non_null(f);
	assert_int_equal(f->output, 1);
	const struct sl_behind_tried *first = tried(&b, 0, SL_FINDING_WHOLE), *second = tried(&b, 1, SL_FINDING_WHOLE);
	/* All that are in a region that left are all there are: nobody is in the others, with or without the men. */
	assert_false(sl_behind_cures(first, (uint32_t)(f - t.now.findings)));
	assert_false(first->releasable);
	assert_true(sl_behind_cures(second, (uint32_t)(f - t.now.findings)));
	assert_true(second->releasable);
	sl_codec_free(&sl_behind_record, &b);
	past_close(&t);
}

static void test_where_only_groups_are_too_small_nothing_is_left_out(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "visits", SL_STAT_COUNT, 0, 0);
	judge(k, &p, &b);
	assert_int_equal(b.ncoarser, 2);
	assert_int_equal(b.remedies->ntried, 0);
	assert_int_equal(b.remedies->untried, 0);
	close_kit(k, &p, &b);
}

static void test_regions_too_small_are_counted_by_district_and_by_city(void **state)
{
	/* A and B are the east, C and D the west; A to C one city, D another. */
	static const int64_t of[4][KIT_ATTRIBUTES] = { { 0, 0 }, { 0, 0 }, { 1, 0 }, { 1, 1 } };
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	kit_levels(k, of);
	(void)kit_add(k, 4, 0, 0);
	(void)kit_add(k, 9, 1, 0);
	(void)kit_add(k, 20, 2, 0);
	(void)kit_add(k, 3, 3, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	judge(k, &p, &b);
	const struct sl_behind_level *l = b.remedies->levels;
	assert_int_equal(b.remedies->nlevels, 2);
	assert_true(l[0].attribute == 0 && l[0].groups == 2 && l[0].few == 0 && !l[0].at_most);
	assert_true(l[1].attribute == 1 && l[1].groups == 2 && l[1].few == 1 && !l[1].at_most);
	close_kit(k, &p, &b);
	/* By district already: cities, of which one has regions of both, do not lie around districts. */
	k = kit_new();
	kit_levels(k, of);
	(void)kit_add(k, 4, 0, 0);
	(void)kit_add(k, 20, 2, 0);
	kit_level(&k->plans[0], "district", 0);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	judge(k, &p, &b);
	assert_int_equal(b.ncoarser, 2);
	assert_int_equal(b.remedies->nlevels, 0);
	close_kit(k, &p, &b);
}

static void test_what_was_tried_is_of_the_request_each_once_and_in_order(void **state)
{
	struct kit *k = median_beside_counts();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	judge(k, &p, &b);
	for (uint32_t i = 0; i < b.remedies->ntried; i++) {
		struct sl_behind_tried *t = &b.remedies->tried[i];
		const struct sl_behind_tried was = *t;
		t->output = 2;
		assert_int_equal(sl_behind_check(&b, k->plans, 2, &k->setup.view, NULL), SL_E_INPUT);
		*t = was;
		t->stat = 9;
		assert_int_equal(sl_behind_check(&b, k->plans, 2, &k->setup.view, NULL), SL_E_INPUT);
		*t = was;
		t->hidden = t->numbers + 1;
		assert_int_equal(sl_behind_check(&b, k->plans, 2, &k->setup.view, NULL), SL_E_INPUT);
		*t = was;
		if (i > 0) {
			t->output = b.remedies->tried[i - 1].output;
			t->stat = b.remedies->tried[i - 1].stat;
			assert_int_equal(sl_behind_check(&b, k->plans, 2, &k->setup.view, NULL), SL_E_INPUT);
			*t = was;
		}
	}
	assert_int_equal(sl_behind_check(&b, k->plans, 2, &k->setup.view, NULL), SL_OK);
	/* What a finding beyond the last is about was not looked at. */
	assert_false(sl_behind_cures(&b.remedies->tried[0], 8 * b.remedies->tried[0].nleft));
	close_kit(k, &p, &b);
}

static void test_out_of_memory_leaves_nothing_tried(void **state)
{
	struct kit *k = median_beside_counts();
	struct sl_publication p;
	struct sl_behind b;
	enum sl_rc rc = SL_E_NOMEM;

	(void)state;
	kit_count(k);
	for (unsigned long n = 1; rc != SL_OK; n++) {
		failing_at(n);
		rc = sl_check_behind(&k->setup, k->plans, k->results, NULL, &p, &b, NULL);
		failing_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		assert_true(rc == SL_OK || (b.remedies == NULL && b.nremedies == 0 && p.outputs == NULL));
	}
	assert_int_equal(b.remedies->ntried, 4);
	close_kit(k, &p, &b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_output_or_statistic_left_out_lets_a_refused_request_pass_is_told),
		cmocka_unit_test(test_of_every_rule_what_is_said_to_cure_does_and_nothing_else_does),
		cmocka_unit_test(test_beside_an_earlier_release_the_output_that_may_not_be_seen_is_named),
		cmocka_unit_test(test_where_only_groups_are_too_small_nothing_is_left_out),
		cmocka_unit_test(test_regions_too_small_are_counted_by_district_and_by_city),
		cmocka_unit_test(test_what_was_tried_is_of_the_request_each_once_and_in_order),
		cmocka_unit_test(test_out_of_memory_leaves_nothing_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
