/*
 * test_check_secondary.c - outputs of one request that are sums of one another: what is hidden besides. Each table is
 * then attacked as a reader of the release would: with pencil and paper, from what is shown alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/sums_kit.h"

static uint32_t count_findings(const struct sl_publication *p, enum sl_rule rule)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->nfindings; i++)
		n += p->findings[i].rule == rule;
	return n;
}

/* Region by gender of sdcTable's first example: women of A are 2, the best there is hides 40 more persons. */
static void test_check_secondary_hides_the_cheapest_rows_of_the_known_example(void **state)
{
	const bool shown[] = { false, false, true, true, false, false, true, true };
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
	struct sl_publication p;

	(void)state;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_int_equal(count_findings(&p, SL_RULE_SECONDARY), 3);
	assert_false(kit_has(&p, SL_RULE_MARGINS));
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
		assert_int_equal(sums_kit_shown(k, &p, 0, i), shown[i]);
	for (uint32_t i = 0; i < REGIONS; i++)
		assert_true(sums_kit_shown(k, &p, 1, i));
	assert_int_equal(p.outputs[0].suppressed, 4);
	for (uint32_t i = 1; i < p.nfindings; i++)
		assert_true(p.findings[i].output > p.findings[i - 1].output ||
		            (p.findings[i].output == p.findings[i - 1].output && p.findings[i].cell >= p.findings[i - 1].cell));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

struct paper {
	int64_t cell[REGIONS * GENDERS], row[REGIONS], column[GENDERS];
	bool cell_known[REGIONS * GENDERS], row_known[REGIONS], column_known[GENDERS];
};

/*
 * All ways to fill the hidden cells from row `r` on; the range of cell `at` in *least, *most. Totals of rows are
 * shown.
 */
static void fill_rows(struct paper *t, uint32_t r, uint32_t at, int64_t *least, int64_t *most)
{
	int64_t *a = &t->cell[r * GENDERS], *b = a + 1;

	if (r == REGIONS) {
		for (uint32_t g = 0; g < GENDERS; g++) {
			int64_t sum = 0;
			for (uint32_t i = g; i < REGIONS * GENDERS; i += GENDERS)
				sum += t->cell[i];
			if (t->column_known[g] && sum != t->column[g])
				return;
		}
		*least = t->cell[at] < *least ? t->cell[at] : *least;
		*most = t->cell[at] > *most ? t->cell[at] : *most;
		return;
	}
	for (int64_t v = 0; v <= t->row[r]; v++) {
		if ((t->cell_known[r * GENDERS] && v != *a) || (t->cell_known[r * GENDERS + 1] && t->row[r] - v != *b))
			continue;
		int64_t before[2] = { *a, *b };
		*a = v;
		*b = t->row[r] - v;
		fill_rows(t, r + 1, at, least, most);
		*a = before[0];
		*b = before[1];
	}
}

/* What is written down of the publication. False: a total of a region is hidden, which this attacker gives up at. */
static bool write_down(const struct kit *k, const struct sl_publication *p, struct paper *t)
{
	memset(t, 0, sizeof *t);
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++) {
		t->cell_known[i] = sums_kit_shown(k, p, 0, i);
		t->cell[i] = kit_cell(k, p, 0, i, 0)->value;
	}
	for (uint32_t i = 0; i < REGIONS; i++) {
		if (!sums_kit_shown(k, p, 1, i))
			return false;
		t->row[i] = kit_cell(k, p, 1, i, 0)->value;
	}
	for (uint32_t i = 0; i < GENDERS; i++) {
		t->column_known[i] = sums_kit_shown(k, p, 2, i);
		t->column[i] = kit_cell(k, p, 2, i, 0)->value;
	}
	return true;
}

static void test_check_secondary_leaves_no_cell_under_three_to_pencil_and_paper(void **state)
{
	uint32_t looked_at = 0, refused = 0;
	unsigned seed = 3;

	(void)state;
	for (uint32_t round = 0; round < 60; round++) {
		uint32_t counts[REGIONS * GENDERS];
		struct paper t;
		for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
			counts[i] = (uint32_t)rand_r(&seed) % 4 == 0 ? 1 + (uint32_t)rand_r(&seed) % 2 : 3 + (uint32_t)rand_r(&seed) % 20;
		struct kit *k = sums_kit_make(counts, SL_STAT_COUNT, 0);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		refused += !p.releasable;
		for (uint32_t i = 0; i < REGIONS * GENDERS && p.releasable && write_down(k, &p, &t); i++) {
			int64_t least = INT64_MAX, most = INT64_MIN;
			if (counts[i] >= 3)
				continue;
			assert_false(t.cell_known[i]);
			fill_rows(&t, 0, i, &least, &most);
			assert_int_equal(least, 0);
			assert_true(most >= counts[i] + 3);
			looked_at++;
		}
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
	assert_true(looked_at > 40 && refused < 30);
}

/* No totals are asked for; but both outputs add up to those of the regions. */
static void test_check_secondary_two_tables_have_their_margin_in_common(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *other = kit_plan(k);
	struct sl_publication p;

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 3;
	for (uint32_t i = 0; i < 2 * GENDERS; i++) {
		struct kit_row *row = kit_add(k, i == 1 ? 2 : 20, i / GENDERS, i % GENDERS);
		for (uint32_t u = 0; u < (i == 1 ? 2u : 20u); u++)
			row[u].value[KIT_AGE] = u % 2 ? 30 : 50;
	}
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(other, "region", KIT_REGION, false);
	kit_key(other, "age", KIT_AGE, true);
	kit_stat(&k->plans[0], "n", SL_STAT_COUNT, 0, 0);
	kit_stat(other, "n", SL_STAT_COUNT, 0, 0);
	k->setup.rules.zeros_show = 1;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_true(kit_has(&p, SL_RULE_SECONDARY));
	/* Women of A are hidden; so must be the men, or some of A's ages. */
	assert_true(!sums_kit_shown(k, &p, 0, 0) || !sums_kit_shown(k, &p, 1, 0) || !sums_kit_shown(k, &p, 1, 1));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A sum that one unit dominates, and the same sums by region: another sum of its row has to go. */
static void test_check_secondary_hides_a_neighbour_of_a_dominated_sum(void **state)
{
	const uint32_t counts[] = { 20, 20, 20, 20, 20, 20, 20, 20 };

	(void)state;
	for (int mean = 0; mean < 2; mean++) {
		struct kit *k = sums_kit_make(counts, mean ? SL_STAT_MEAN : SL_STAT_SUM, KIT_AMOUNT);
		k->setup.rules.dominance_n = 1;
		k->setup.rules.dominance_k = 50000;
		k->rows[20].value[KIT_AMOUNT] = 3000; /* a woman of A: most of her cell, but not of any total */
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, 1);
		assert_false(sums_kit_shown(k, &p, 0, 1));
		assert_true(kit_has(&p, SL_RULE_SECONDARY));
		assert_true(!sums_kit_shown(k, &p, 1, 0) || !sums_kit_shown(k, &p, 0, 0));
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Regions by themselves, and the total: 20 of A are on the diagonal, where nobody else is. Another region is hidden. */
static void test_check_secondary_a_key_twice_is_as_once(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_COUNT, 0);
	struct sl_plan *plan = &k->plans[1];
	struct sl_publication p;
	uint32_t hidden = 0;

	(void)state;
	sums_kit_drop_key(&k->plans[0]);
	sums_kit_drop_key(&k->plans[0]);
	k->setup.nplans = 2;
	k->setup.rules.threshold = 21;
	plan->inputs = realloc(plan->inputs, 2 * sizeof *plan->inputs);
	assert_non_null(plan->inputs);
	plan->inputs[plan->ninputs++] = plan->inputs[0];
	plan->keys = realloc(plan->keys, 2 * sizeof *plan->keys);
	assert_non_null(plan->keys);
	plan->keys[plan->nkeys++] = (struct sl_key){ .name = strdup("again"), .input = 1, .description = strdup("") };
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(sums_kit_shown(k, &p, 1, 0));
	for (uint32_t r = 0; r < REGIONS; r++)
		hidden += !sums_kit_shown(k, &p, 1, r * REGIONS + r);
	assert_true(hidden == 2 && kit_has(&p, SL_RULE_SECONDARY));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/*
 * Everything is in tens, as anybody sees. The hidden sum of A has to be able to be six more, so ten; B and C, of which
 * each row adds 9 at least, could give up six, but not ten. So the total has to go.
 */
static void test_check_secondary_sums_in_tens_move_by_tens(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_SUM, KIT_AMOUNT);

	(void)state;
	k->nrows = 0;
	(void)kit_add(k, 3, 0, 0);
	(void)kit_add(k, 6, 1, 0);
	(void)kit_add(k, 7, 2, 0);
	for (uint32_t i = 0; i < k->nrows; i++)
		k->rows[i].value[KIT_AMOUNT] = i == 0 ? 40 : 10;
	k->setup.nplans = 2;
	k->setup.rules = (struct sl_rules){ .threshold = 1, .dof = 1, .numerator = 1, .group_disclosure = 1,
		.within_group = 1, .all_equal = 1, .small_complement = 1, .context = 1, .group_percent = 90000, .zeros_show = 1,
		.dominance_n = 1, .dominance_k = 65000 };
	k->setup.view.tables[0].columns[KIT_AMOUNT].lo = 9;
	sums_kit_drop_key(&k->plans[0]);
	sums_kit_drop_key(&k->plans[1]);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(sums_kit_shown(k, &p, 0, 0));
	assert_true(sums_kit_shown(k, &p, 0, 1) && sums_kit_shown(k, &p, 0, 2));
	assert_false(sums_kit_shown(k, &p, 1, 0));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/*
 * Nothing is above 0: A, which one unit dominates, could be 14 less if B, nothing but noughts, were above it; D,
 * dominated too, has but 5 to give. So C or the total has to go.
 */
static void test_check_secondary_what_is_never_above_nought_stays_below(void **state)
{
	struct kit *k = sums_kit_make(sums_kit_example, SL_STAT_SUM, KIT_AMOUNT);

	(void)state;
	k->nrows = 0;
	(void)kit_add(k, 12, 0, 0);
	(void)kit_add(k, 5, 1, 0);
	(void)kit_add(k, 9, 2, 0);
	(void)kit_add(k, 5, 3, 0);
	for (uint32_t i = 0; i < k->nrows; i++)
		k->rows[i].value[KIT_AMOUNT] = i < 12 ? -1 : i < 17 || i > 27 ? 0 : i < 26 ? -20 : i == 26 ? -4 : -1;
	k->rows[0].value[KIT_AMOUNT] = -100;
	k->setup.rules.dominance_n = 1;
	k->setup.rules.dominance_k = 80000;
	k->setup.rules.zeros_show = 1;
	sums_kit_drop_key(&k->plans[0]);
	sums_kit_drop_key(&k->plans[1]);
	k->setup.nplans = 2;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(sums_kit_shown(k, &p, 0, 0) || sums_kit_shown(k, &p, 0, 1));
	assert_false(sums_kit_shown(k, &p, 0, 2) && sums_kit_shown(k, &p, 1, 0));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check_secondary_hides_the_cheapest_rows_of_the_known_example),
		cmocka_unit_test(test_check_secondary_leaves_no_cell_under_three_to_pencil_and_paper),
		cmocka_unit_test(test_check_secondary_two_tables_have_their_margin_in_common),
		cmocka_unit_test(test_check_secondary_hides_a_neighbour_of_a_dominated_sum),
		cmocka_unit_test(test_check_secondary_a_key_twice_is_as_once),
		cmocka_unit_test(test_check_secondary_sums_in_tens_move_by_tens),
		cmocka_unit_test(test_check_secondary_what_is_never_above_nought_stays_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
