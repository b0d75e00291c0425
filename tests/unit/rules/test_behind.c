/*
 * test_behind.c - what a reviewer is told behind each number: units, the band, the rows behind a mean, and the cell of
 * an earlier release that is most like it; and which key to leave out.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "tests/unit/rules/past.h"
#include "tests/unit/vault/failing.h"

static struct sl_behind_number *number(struct sl_behind *b, const struct kit *k, uint32_t cell, uint32_t stat)
{
	return &b->outputs[0].numbers[cell * k->plans[0].nstats + stat];
}

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
}

static void test_bands_are_a_quarter_and_the_whole_of_the_limit_above_it(void **state)
{
	static const struct {
		uint64_t measured, limit;
		enum sl_margin_band band;
	} rows[] = { { 9, 10, SL_BAND_NONE }, { 10, 10, SL_BAND_NEAR }, { 12, 10, SL_BAND_NEAR }, { 13, 10, SL_BAND_FAIR },
		     { 19, 10, SL_BAND_FAIR }, { 20, 10, SL_BAND_FAR }, { 0, 0, SL_BAND_NONE }, { 1, 1, SL_BAND_NEAR },
		     { 2, 1, SL_BAND_FAR }, { 3, 3, SL_BAND_NEAR }, { 4, 3, SL_BAND_FAIR },
		     { UINT64_MAX, UINT64_MAX, SL_BAND_NEAR }, { UINT64_MAX, 1, SL_BAND_FAR } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(sl_margin_band_of(rows[i].measured, rows[i].limit), rows[i].band);
	assert_string_equal(sl_margin_band_name(SL_BAND_NEAR), "near");
	assert_string_equal(sl_margin_band_name(SL_BAND_NONE), "");
	assert_string_equal(sl_margin_band_name(77), "");
}

static void test_units_stand_behind_shown_and_hidden_numbers_and_bands_behind_shown_ones(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	(void)kit_add(k, 11, 0, 0);
	(void)kit_add(k, 9, 1, 0);
	(void)kit_add(k, 40, 2, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(&k->plans[0], "age", SL_STAT_MEAN, KIT_AGE, 0);
	judge(k, &p, &b);
	assert_int_equal(number(&b, k, 0, 0)->units, 11);
	assert_int_equal(number(&b, k, 0, 0)->band, SL_BAND_NEAR);
	assert_int_equal(number(&b, k, 0, 0)->rule, SL_RULE_THRESHOLD);
	assert_int_equal(number(&b, k, 0, 0)->rows, 0);
	assert_int_equal(number(&b, k, 0, 1)->rows, 11);
	assert_int_equal(number(&b, k, 1, 0)->units, 9);
	assert_int_equal(number(&b, k, 1, 0)->band, SL_BAND_NONE);
	assert_int_equal(number(&b, k, 1, 1)->rows, 0);
	assert_int_equal(number(&b, k, 2, 0)->units, 40);
	assert_int_equal(number(&b, k, 2, 0)->band, SL_BAND_FAR);
	assert_int_equal(b.outputs[0].compared, 0);
	assert_int_equal(b.outputs[0].nwas, 0);
	assert_int_equal(b.outputs[0].cells[0].before, SL_BEFORE_NONE);
	close_kit(k, &p, &b);
}

static void test_the_nearest_rule_is_named_and_its_figure_is_not(void **state)
{
	static const struct {
		int64_t largest;
		enum sl_margin_band band;
	} rows[] = { { 90, SL_BAND_NEAR }, { 60, SL_BAND_FAIR } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct kit *k = kit_new();
		struct sl_publication p;
		struct sl_behind b;
		struct kit_row *row = kit_add(k, 101, 0, 0);
		for (uint32_t n = 0; n < 101; n++)
			row[n].value[KIT_AMOUNT] = n == 0 ? rows[i].largest : 1;
		kit_quiet(k);
		k->setup.rules.dominance_n = 1;
		k->setup.rules.dominance_k = 50000;
		k->setup.rules.threshold = 2;
		kit_stat(&k->plans[0], "sum", SL_STAT_SUM, KIT_AMOUNT, 0);
		judge(k, &p, &b);
		assert_int_equal(p.outputs[0].cells[0].shown, 1);
		/* 90 of 190 leave 53 % where 50 must be left; 60 of 160 leave 62.5 %. */
		assert_int_equal(number(&b, k, 0, 0)->band, rows[i].band);
		assert_int_equal(number(&b, k, 0, 0)->rule, SL_RULE_DOMINANCE);
		close_kit(k, &p, &b);
	}
}

static void test_units_that_a_condition_leaves_out_have_a_band(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	(void)kit_add(k, 40, 0, 0);
	for (uint32_t i = 0; i < k->nrows; i++)
		k->rows[i].value[KIT_AGE] = i < 12 ? 10 : 30;
	kit_where(&k->plans[0], KIT_AGE, 20);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	judge(k, &p, &b);
	assert_int_equal(b.outputs[0].left_out, 12);
	assert_int_equal(b.outputs[0].band, SL_BAND_NEAR);
	close_kit(k, &p, &b);
}

/* --- what would help --------------------------------------------------------------------------------------- */

/* Regions 0 to 2 by gender: 4 and 30, 9 and 12, 20 and nobody. */
static struct kit *small_groups(void)
{
	static const uint32_t units[3][2] = { { 4, 30 }, { 9, 12 }, { 20, 0 } };
	struct kit *k = kit_new();

	for (int64_t region = 0; region < 3; region++)
		for (int64_t gender = 0; gender < 2; gender++)
			(void)kit_add(k, units[region][gender], region, gender);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	return k;
}

static void assert_coarser(const struct sl_behind_coarser *c, uint32_t without, uint32_t few, uint32_t groups,
                           bool at_most)
{
	assert_int_equal(c->without, without);
	assert_int_equal(c->few, few);
	assert_int_equal(c->groups, groups);
	assert_int_equal(c->at_most, at_most);
	assert_int_equal(c->limit, 10);
}

static void test_where_groups_are_too_small_each_key_is_left_out_in_turn(void **state)
{
	struct kit *k = small_groups();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	judge(k, &p, &b);
	assert_int_equal(b.ncoarser, 3);
	assert_coarser(&b.coarser[0], 2, 2, 5, false);
	assert_coarser(&b.coarser[1], 0, 0, 2, false); /* by gender alone: 33 and 42 */
	assert_coarser(&b.coarser[2], 1, 0, 3, false); /* by region alone: 34, 21, 20 */
	close_kit(k, &p, &b);
	k = small_groups();
	(void)kit_add(k, 3, 3, 1);
	judge(k, &p, &b);
	assert_coarser(&b.coarser[2], 1, 1, 4, false);
	close_kit(k, &p, &b);
}

static void test_where_units_are_in_several_groups_there_are_at_most_so_many(void **state)
{
	struct kit *k = small_groups();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	/* Region 3: the same six persons as men and as women, and one more. */
	struct kit_row *men = kit_add(k, 6, 3, 0), *women = kit_add(k, 7, 3, 1);
	for (uint32_t i = 0; i < 6; i++)
		women[i].unit = men[i].unit;
	judge(k, &p, &b);
	assert_coarser(&b.coarser[0], 2, 4, 7, false);
	assert_coarser(&b.coarser[1], 0, 0, 2, true);
	assert_coarser(&b.coarser[2], 1, 1, 4, true);
	close_kit(k, &p, &b);
}

static void test_where_no_group_is_too_small_nothing_is_left_out(void **state)
{
	struct kit *k = kit_new();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	(void)kit_add(k, 10, 0, 0);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	judge(k, &p, &b);
	assert_int_equal(b.ncoarser, 0);
	close_kit(k, &p, &b);
}

static void test_keys_left_out_are_of_the_plan_each_once_and_in_order(void **state)
{
	struct kit *k = small_groups();
	struct sl_publication p;
	struct sl_behind b;

	(void)state;
	judge(k, &p, &b);
	for (uint32_t i = 0; i < 3; i++) {
		const struct sl_behind_coarser was = b.coarser[i];
		b.coarser[i].without ^= 1;
		assert_int_equal(sl_behind_check(&b, k->plans, 1, &k->setup.view, NULL), SL_E_INPUT);
		b.coarser[i] = was;
		b.coarser[i].output = 1;
		assert_int_equal(sl_behind_check(&b, k->plans, 1, &k->setup.view, NULL), SL_E_INPUT);
		b.coarser[i] = was;
		b.coarser[i].few = b.coarser[i].groups + 1;
		assert_int_equal(sl_behind_check(&b, k->plans, 1, &k->setup.view, NULL), SL_E_INPUT);
		b.coarser[i] = was;
		b.ncoarser = i;
		assert_int_equal(sl_behind_check(&b, k->plans, 1, &k->setup.view, NULL), i == 0 ? SL_OK : SL_E_INPUT);
		b.ncoarser = 3;
	}
	assert_int_equal(sl_behind_check(&b, k->plans, 1, &k->setup.view, NULL), SL_OK);
	close_kit(k, &p, &b);
}

static void test_what_was_kept_before_keys_were_left_out_or_remedies_tried_has_none(void **state)
{
	struct kit *k = small_groups();
	struct sl_publication p;
	struct sl_behind b, back;
	struct sl_buf wire = { 0 };

	(void)state;
	judge(k, &p, &b);
	assert_int_equal(sl_codec_encode(&sl_behind_record, &b, &wire, NULL), SL_OK);
	assert_int_equal(sl_behind_stored(wire.data, wire.len, &back, NULL), SL_OK);
	assert_true(back.ncoarser == 3 && back.nremedies == 1);
	sl_codec_free(&sl_behind_record, &back);
	uint32_t kept = b.ncoarser;
	b.nremedies = 0;
	sl_buf_reset(&wire);
	assert_int_equal(sl_codec_encode(&sl_behind_record, &b, &wire, NULL), SL_OK);
	assert_int_equal(sl_behind_stored(wire.data, wire.len - 4, &back, NULL), SL_OK);
	assert_true(back.ncoarser == 3 && back.nremedies == 0);
	sl_codec_free(&sl_behind_record, &back);
	b.ncoarser = 0;
	sl_buf_reset(&wire);
	assert_int_equal(sl_codec_encode(&sl_behind_record, &b, &wire, NULL), SL_OK);
	b.ncoarser = kept;
	b.nremedies = 1;
	assert_int_equal(sl_behind_stored(wire.data, wire.len - 8, &back, NULL), SL_OK);
	assert_true(back.ncoarser == 0 && back.noutputs == 1);
	sl_codec_free(&sl_behind_record, &back);
	assert_int_equal(sl_behind_stored(wire.data, wire.len - 9, &back, NULL), SL_E_INPUT);
	for (unsigned long n = 1;; n++) {
		failing_at(n);
		enum sl_rc rc = sl_behind_stored(wire.data, wire.len - 8, &back, NULL);
		failing_at(0);
		if (rc == SL_OK)
			break;
		assert_int_equal(rc, SL_E_NOMEM);
		assert_null(back.outputs);
	}
	sl_codec_free(&sl_behind_record, &back);
	sl_buf_free(&wire);
	close_kit(k, &p, &b);
}

/* --- beside what left before ----------------------------------------------------------------------------- */

static struct sl_plan *persons(struct past *t, uint32_t i, bool by_gender)
{
	struct sl_plan *p = i == 0 ? &t->k->plans[0] : kit_plan(t->k);

	kit_key(p, "region", KIT_REGION, false);
	if (by_gender)
		kit_key(p, "gender", KIT_GENDER, false);
	kit_stat(p, "persons", SL_STAT_UNITS, 0, 0);
	return p;
}

static enum sl_rc judge_past(struct past *t, struct sl_behind *b)
{
	return sl_check_behind(&t->setup, t->k->plans + t->earlier, t->k->results + t->earlier, &t->space, &t->now, b,
	                       &t->err);
}

static void test_the_same_cell_of_before_is_named_also_where_nobody_is(void **state)
{
	struct past t;
	struct sl_behind b;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 50, 1, 0);
	persons(&t, 0, false);
	persons(&t, 1, false);
	past_release(&t, 1);
	assert_int_equal(judge_past(&t, &b), SL_OK);
	assert_int_equal(b.outputs[0].compared, 1);
	for (uint32_t c = 0; c < b.outputs[0].ncells; c++) {
		assert_int_equal(b.outputs[0].cells[c].before, SL_BEFORE_SAME);
		assert_int_equal(b.outputs[0].cells[c].release, 7);
		assert_int_equal(b.outputs[0].cells[c].cell, c);
		assert_int_equal(b.outputs[0].cells[c].changed, 0);
		assert_int_equal(b.outputs[0].cells[c].band, SL_BAND_NONE);
	}
	sl_codec_free(&sl_behind_record, &b);
	past_close(&t);
}

static void test_a_cell_that_shares_most_units_is_named_with_how_many_differ(void **state)
{
	struct past t;
	struct sl_behind b;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 12, 0, 1);
	(void)kit_add(t.k, 50, 1, 0);
	(void)kit_add(t.k, 60, 1, 1);
	persons(&t, 0, false);
	persons(&t, 1, true);
	past_release(&t, 1);
	assert_int_equal(judge_past(&t, &b), SL_OK);
	const struct sl_behind_cell *cells = b.outputs[0].cells;
	/* 40 of 52 in region 0; of the 110 of region 1 neither half is more than half but the second. */
	assert_int_equal(cells[0].before, SL_BEFORE_OVERLAP);
	assert_int_equal(cells[0].cell, 0);
	assert_int_equal(cells[0].changed, 12);
	assert_int_equal(cells[0].band, SL_BAND_NEAR);
	assert_int_equal(cells[1].before, SL_BEFORE_NONE);
	assert_int_equal(cells[1].release, 0);
	sl_codec_free(&sl_behind_record, &b);
	past_close(&t);
}

static void test_an_output_without_a_statistic_in_common_says_nothing_in_its_place(void **state)
{
	struct past t;
	struct sl_behind b;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	persons(&t, 0, false);
	struct sl_plan *p = kit_plan(t.k);
	kit_key(p, "region", KIT_REGION, false);
	kit_stat(p, "age", SL_STAT_MEAN, KIT_AGE, 0);
	t.k->setup.rules.context = 1;
	past_release(&t, 1);
	assert_int_equal(judge_past(&t, &b), SL_OK);
	assert_int_equal(b.outputs[0].compared, 1);
	for (uint32_t c = 0; c < b.outputs[0].ncells; c++)
		assert_int_equal(b.outputs[0].cells[c].before, SL_BEFORE_NONE);
	sl_codec_free(&sl_behind_record, &b);
	past_close(&t);
}

static void test_out_of_memory_leaves_nothing_behind(void **state)
{
	struct past t;
	struct sl_behind b;
	enum sl_rc rc = SL_E_NOMEM;

	(void)state;
	past_open(&t);
	(void)kit_add(t.k, 40, 0, 0);
	(void)kit_add(t.k, 12, 0, 1);
	persons(&t, 0, false);
	persons(&t, 1, true);
	past_release(&t, 1);
	for (unsigned long k = 1; rc != SL_OK; k++) {
		failing_at(k);
		rc = judge_past(&t, &b);
		failing_at(0);
		assert_true(rc == SL_OK || rc == SL_E_NOMEM);
		assert_true(rc == SL_OK || (b.outputs == NULL && b.noutputs == 0 && t.now.outputs == NULL));
	}
	sl_codec_free(&sl_behind_record, &b);
	past_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bands_are_a_quarter_and_the_whole_of_the_limit_above_it),
		cmocka_unit_test(test_units_stand_behind_shown_and_hidden_numbers_and_bands_behind_shown_ones),
		cmocka_unit_test(test_the_nearest_rule_is_named_and_its_figure_is_not),
		cmocka_unit_test(test_units_that_a_condition_leaves_out_have_a_band),
		cmocka_unit_test(test_where_groups_are_too_small_each_key_is_left_out_in_turn),
		cmocka_unit_test(test_where_units_are_in_several_groups_there_are_at_most_so_many),
		cmocka_unit_test(test_where_no_group_is_too_small_nothing_is_left_out),
		cmocka_unit_test(test_keys_left_out_are_of_the_plan_each_once_and_in_order),
		cmocka_unit_test(test_what_was_kept_before_keys_were_left_out_or_remedies_tried_has_none),
		cmocka_unit_test(test_the_same_cell_of_before_is_named_also_where_nobody_is),
		cmocka_unit_test(test_a_cell_that_shares_most_units_is_named_with_how_many_differ),
		cmocka_unit_test(test_an_output_without_a_statistic_in_common_says_nothing_in_its_place),
		cmocka_unit_test(test_out_of_memory_leaves_nothing_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
