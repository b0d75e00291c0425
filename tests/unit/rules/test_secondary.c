/*
 * test_secondary.c - outputs of one request that are sums of one another: what is hidden besides, and what is refused.
 * Each table is then attacked as a reader of the release would: with pencil and paper, from what is shown alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/rules/kit.h"

#define REGIONS 4
#define GENDERS 2

/* Cells, and the totals by region and by gender; each a plan of `fn`. */
static struct kit *make(const uint32_t counts[REGIONS * GENDERS], enum sl_stat_fn fn, enum kit_column column)
{
	struct kit *k = kit_new();
	struct sl_plan *by_region = kit_plan(k), *by_gender = kit_plan(k);

	kit_quiet(k);
	k->setup.rules.threshold = 3;
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
		(void)kit_add(k, counts[i], i / GENDERS, i % GENDERS);
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(&k->plans[0], "gender", KIT_GENDER, false);
	kit_key(by_region, "region", KIT_REGION, false);
	kit_key(by_gender, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "n", fn, column, 0);
	kit_stat(by_region, "n", fn, column, 0);
	kit_stat(by_gender, "n", fn, column, 0);
	return k;
}

static bool is_shown(const struct kit *k, const struct sl_publication *p, uint32_t output, uint32_t cell)
{
	return kit_cell(k, p, output, cell, 0)->shown != 0;
}

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
	const uint32_t counts[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	const bool shown[] = { false, false, true, true, false, false, true, true };
	struct kit *k = make(counts, SL_STAT_COUNT, 0);
	struct sl_publication p;

	(void)state;
	p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_int_equal(count_findings(&p, SL_RULE_SECONDARY), 3);
	assert_false(kit_has(&p, SL_RULE_MARGINS));
	for (uint32_t i = 0; i < REGIONS * GENDERS; i++)
		assert_int_equal(is_shown(k, &p, 0, i), shown[i]);
	for (uint32_t i = 0; i < REGIONS; i++)
		assert_true(is_shown(k, &p, 1, i));
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
		t->cell_known[i] = is_shown(k, p, 0, i);
		t->cell[i] = kit_cell(k, p, 0, i, 0)->value;
	}
	for (uint32_t i = 0; i < REGIONS; i++) {
		if (!is_shown(k, p, 1, i))
			return false;
		t->row[i] = kit_cell(k, p, 1, i, 0)->value;
	}
	for (uint32_t i = 0; i < GENDERS; i++) {
		t->column_known[i] = is_shown(k, p, 2, i);
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
		struct kit *k = make(counts, SL_STAT_COUNT, 0);
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
	assert_true(!is_shown(k, &p, 0, 0) || !is_shown(k, &p, 1, 0) || !is_shown(k, &p, 1, 1));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/* A sum that one unit dominates, and the same sums by region: another sum of its row has to go. */
static void test_check_secondary_hides_a_neighbour_of_a_dominated_sum(void **state)
{
	const uint32_t counts[] = { 20, 20, 20, 20, 20, 20, 20, 20 };

	(void)state;
	for (int mean = 0; mean < 2; mean++) {
		struct kit *k = make(counts, mean ? SL_STAT_MEAN : SL_STAT_SUM, KIT_AMOUNT);
		k->setup.rules.dominance_n = 1;
		k->setup.rules.dominance_k = 50000;
		k->rows[20].value[KIT_AMOUNT] = 3000; /* a woman of A: most of her cell, but not of any total */
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, 1);
		assert_false(is_shown(k, &p, 0, 1));
		assert_true(kit_has(&p, SL_RULE_SECONDARY));
		assert_true(!is_shown(k, &p, 1, 0) || !is_shown(k, &p, 0, 0));
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

static bool refuses(struct kit *k)
{
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	bool refused = !p.releasable && kit_has(&p, SL_RULE_MARGINS) && !kit_has(&p, SL_RULE_SECONDARY);

	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return refused;
}

static void test_check_secondary_what_does_not_add_up_is_refused(void **state)
{
	const uint32_t counts[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	struct kit *k = make(counts, SL_STAT_COUNT, 0);

	(void)state;
	kit_stat(&k->plans[2], "median", SL_STAT_QUANTILE, KIT_AMOUNT, 5000);
	assert_true(refuses(k));
	k = make(counts, SL_STAT_COUNT, 0);
	kit_where(&k->plans[2], KIT_AMOUNT, 0); /* another condition: another question */
	assert_true(refuses(k));
}

/*
 * Two of the nine persons of region C are in A as well. With 40 of A and 47 in all shown, C had at least 7, which no
 * equation says.
 */
static void test_check_secondary_units_in_several_cells_are_refused(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *whole = kit_plan(k);
	struct kit_row *row;

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.zeros_show = 1;
	(void)kit_add(k, 40, 0, 0);
	row = kit_add(k, 9, 2, 0);
	row[0].unit = k->rows[0].unit;
	row[1].unit = k->rows[1].unit;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(whole, "persons", SL_STAT_UNITS, 0, 0);
	assert_true(refuses(k));
}

/* Units are no more than rows, a sum beside a mean tells a count, and a key may say whether a condition is met. */
static void test_check_secondary_two_kinds_of_numbers_are_refused(void **state)
{
	static const struct {
		enum sl_stat_fn first, second;
		enum kit_column column;
	} pairs[] = {
		{ SL_STAT_UNITS, SL_STAT_COUNT, 0 },
		{ SL_STAT_SUM, SL_STAT_MEAN, KIT_AMOUNT },
		{ SL_STAT_COUNT, SL_STAT_SUM, KIT_AMOUNT },
		{ SL_STAT_COUNT, SL_STAT_COUNT_IF, KIT_SICK },
		{ SL_STAT_COUNT_IF, SL_STAT_COUNT_IF, KIT_SICK },
		{ SL_STAT_SHARE, SL_STAT_SHARE, KIT_SICK },
	};
	const uint32_t counts[] = { 18, 2, 14, 19, 12, 10, 11, 14 };

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct kit *k = make(counts, pairs[i].first, pairs[i].column);
		for (uint32_t o = 0; o < 3; o++)
			kit_stat(&k->plans[o], "other", pairs[i].second, pairs[i].column, 0);
		assert_true(refuses(k));
	}
}

/* Ages within a band are between its edges: a sum of them is bounded by more than equations. */
static void test_check_secondary_a_sum_of_what_is_grouped_by_is_refused(void **state)
{
	const uint32_t counts[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	struct kit *k = make(counts, SL_STAT_SUM, KIT_AGE);

	(void)state;
	kit_key(&k->plans[1], "age", KIT_AGE, true);
	assert_true(refuses(k));
}

/*
 * 100 men and 95 of region A are shown: the hidden eight of B are five at least, though three of them are in A as well
 * and thirty men are women too.
 */
static void test_check_secondary_units_of_a_shared_margin_bound_each_other(void **state)
{
	struct kit *k = kit_new();
	struct sl_plan *by_gender = kit_plan(k);
	struct kit_row *row;

	(void)state;
	kit_quiet(k);
	k->setup.rules.threshold = 10;
	k->setup.rules.zeros_show = 1;
	(void)kit_add(k, 95, 0, 0);
	row = kit_add(k, 8, 1, 0);
	for (uint32_t i = 0; i < 3; i++)
		row[i].unit = k->rows[i].unit;
	row = kit_add(k, 30, 0, 1);
	for (uint32_t i = 0; i < 30; i++)
		row[i].unit = k->rows[i].unit;
	kit_key(&k->plans[0], "region", KIT_REGION, false);
	kit_key(by_gender, "gender", KIT_GENDER, false);
	kit_stat(&k->plans[0], "persons", SL_STAT_UNITS, 0, 0);
	kit_stat(by_gender, "persons", SL_STAT_UNITS, 0, 0);
	assert_true(refuses(k));
}

/* Each person has one row: persons by region, less the men counted as rows, are the two women of A. */
static void test_check_secondary_persons_and_rows_may_be_the_same(void **state)
{
	const uint32_t counts[] = { 18, 2, 14, 19, 12, 10, 11, 14 };
	const enum sl_stat_fn others[] = { SL_STAT_UNITS, SL_STAT_COUNT_IF };

	(void)state;
	for (uint32_t i = 0; i < 2; i++) {
		struct kit *k = make(counts, SL_STAT_COUNT, 0);
		k->setup.nplans = 1;
		sl_codec_free(&sl_plan_record, &k->plans[1]);
		memset(&k->plans[1], 0, sizeof k->plans[1]);
		struct sl_plan *by_region = kit_plan(k);
		kit_key(by_region, "region", KIT_REGION, false);
		kit_stat(by_region, "n", others[i], KIT_AGE, 0); /* everybody is older than 0 */
		assert_true(refuses(k));
	}
}

/* Everything there is to hide is hidden, and it is not enough: 2 and 1 are all there is. */
static void test_check_secondary_nothing_to_hide_behind_is_refused(void **state)
{
	const uint32_t counts[] = { 2, 0, 0, 0, 0, 0, 1, 0 };
	struct kit *k = make(counts, SL_STAT_COUNT, 0);

	(void)state;
	k->setup.rules.zeros_show = 1;
	k->setup.nplans = 2;
	k->setup.rules.threshold = 2; /* the 1 alone is hidden, its region's total too; beside zeros that are shown */
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_true(!p.releasable || !is_shown(k, &p, 1, 3));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

static struct sl_op of(struct sl_plan *plan, enum kit_column column, enum sl_type type)
{
	return (struct sl_op){ .op = SL_OP_COLUMN, .type = (uint8_t)type, .arg = kit_input(plan, column) };
}

static struct sl_op number(int64_t value)
{
	return (struct sl_op){ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = value };
}

static struct sl_op operation(enum sl_opcode op, enum sl_type type)
{
	return (struct sl_op){ .op = (uint8_t)op, .type = (uint8_t)type };
}

static void write_expr(struct sl_expr *e, const struct sl_op *ops, uint32_t nops)
{
	free(e->ops);
	e->ops = calloc(nops, sizeof *ops);
	assert_non_null(e->ops);
	memcpy(e->ops, ops, nops * sizeof *ops);
	e->nops = nops;
}

/* The last one. */
static void drop_key(struct sl_plan *plan)
{
	plan->nkeys--;
	free(plan->keys[plan->nkeys].name);
	free(plan->keys[plan->nkeys].description);
}

static const uint32_t known_example[] = { 18, 2, 14, 19, 12, 10, 11, 14 };

/* A sum of ones is a count, and 1000 × amount + 1 is a sum and a count in one number. */
static void test_check_secondary_a_sum_of_more_than_a_column_is_refused(void **state)
{
	(void)state;
	for (int packed = 0; packed < 2; packed++) {
		struct kit *k = make(known_example, SL_STAT_SUM, KIT_AMOUNT);
		for (uint32_t o = 0; o < 3; o++) {
			const struct sl_op one = number(1), amount = of(&k->plans[o], KIT_AMOUNT, SL_TYPE_INTEGER);
			const struct sl_op ops[] = { amount, number(1000), operation(SL_OP_MUL, SL_TYPE_INTEGER), one,
				operation(SL_OP_ADD, SL_TYPE_INTEGER) };
			if (packed)
				write_expr(&k->plans[o].stats[0].arg, ops, 5);
			else
				write_expr(&k->plans[o].stats[0].arg, &one, 1);
		}
		assert_true(refuses(k));
	}
}

/* Region by gender, region by sickness and gender by sickness: any two agree, which says less than all do. */
static void test_check_secondary_cyclic_keys_are_refused(void **state)
{
	(void)state;
	for (int cyclic = 0; cyclic < 2; cyclic++) {
		struct kit *k = make(known_example, SL_STAT_COUNT, 0);
		kit_key(&k->plans[1], "sick", KIT_SICK, false);
		if (cyclic)
			kit_key(&k->plans[2], "sick", KIT_SICK, false);
		struct sl_publication p = kit_check(k, SL_RULE_NONE);
		assert_int_equal(p.releasable, !cyclic);
		sl_codec_free(&sl_publication_record, &p);
		kit_free(k);
	}
}

/* Every output asks "sick `join` age > 30": what is empty in one that is by both is known. */
static bool is_released_where(enum sl_opcode join)
{
	struct kit *k = make(known_example, SL_STAT_COUNT, 0);
	struct sl_publication p;

	for (uint32_t i = 0; i < k->nrows; i++)
		k->rows[i].value[KIT_SICK] = 1;
	kit_key(&k->plans[1], "sick", KIT_SICK, false);
	kit_key(&k->plans[1], "age", KIT_AGE, true);
	for (uint32_t o = 0; o < 3; o++) {
		struct sl_plan *plan = &k->plans[o];
		const struct sl_op ops[] = { of(plan, KIT_SICK, SL_TYPE_BOOLEAN), of(plan, KIT_AGE, SL_TYPE_INTEGER), number(18),
			operation(SL_OP_GT, SL_TYPE_BOOLEAN), operation(join, SL_TYPE_BOOLEAN) };
		write_expr(&plan->where, ops, 5);
	}
	k->setup.rules.zeros_show = 1;
	p = kit_check(k, SL_RULE_NONE);
	bool released = p.releasable;
	assert_true(!released || p.outputs[0].suppressed > 0);
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
	return released;
}

static void test_check_secondary_a_condition_on_two_keys_together_is_refused(void **state)
{
	(void)state;
	assert_true(is_released_where(SL_OP_AND));
	assert_false(is_released_where(SL_OP_OR));
	assert_false(is_released_where(SL_OP_EQ));
}

/* Amounts over 100 alone: of so many rows, a sum is more than so many hundreds. */
static void test_check_secondary_a_condition_on_what_is_added_up_is_refused(void **state)
{
	struct kit *k = make(known_example, SL_STAT_SUM, KIT_AMOUNT);

	(void)state;
	for (uint32_t o = 0; o < 3; o++)
		kit_where(&k->plans[o], KIT_AMOUNT, 100);
	assert_true(refuses(k));
}

/* Regions by themselves, and the total: 20 of A are on the diagonal, where nobody else is. Another region is hidden. */
static void test_check_secondary_a_key_twice_is_as_once(void **state)
{
	struct kit *k = make(known_example, SL_STAT_COUNT, 0);
	struct sl_plan *plan = &k->plans[1];
	struct sl_publication p;
	uint32_t hidden = 0;

	(void)state;
	drop_key(&k->plans[0]);
	drop_key(&k->plans[0]);
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
	assert_false(is_shown(k, &p, 1, 0));
	for (uint32_t r = 0; r < REGIONS; r++)
		hidden += !is_shown(k, &p, 1, r * REGIONS + r);
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
	struct kit *k = make(known_example, SL_STAT_SUM, KIT_AMOUNT);

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
	drop_key(&k->plans[0]);
	drop_key(&k->plans[1]);
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(is_shown(k, &p, 0, 0));
	assert_true(is_shown(k, &p, 0, 1) && is_shown(k, &p, 0, 2));
	assert_false(is_shown(k, &p, 1, 0));
	sl_codec_free(&sl_publication_record, &p);
	kit_free(k);
}

/*
 * Nothing is above 0: A, which one unit dominates, could be 14 less if B, nothing but noughts, were above it; D,
 * dominated too, has but 5 to give. So C or the total has to go.
 */
static void test_check_secondary_what_is_never_above_nought_stays_below(void **state)
{
	struct kit *k = make(known_example, SL_STAT_SUM, KIT_AMOUNT);

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
	drop_key(&k->plans[0]);
	drop_key(&k->plans[1]);
	k->setup.nplans = 2;
	struct sl_publication p = kit_check(k, SL_RULE_NONE);
	assert_int_equal(p.releasable, 1);
	assert_false(is_shown(k, &p, 0, 0) || is_shown(k, &p, 0, 1));
	assert_false(is_shown(k, &p, 0, 2) && is_shown(k, &p, 1, 0));
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
		cmocka_unit_test(test_check_secondary_units_in_several_cells_are_refused),
		cmocka_unit_test(test_check_secondary_two_kinds_of_numbers_are_refused),
		cmocka_unit_test(test_check_secondary_a_sum_of_what_is_grouped_by_is_refused),
		cmocka_unit_test(test_check_secondary_what_does_not_add_up_is_refused),
		cmocka_unit_test(test_check_secondary_units_of_a_shared_margin_bound_each_other),
		cmocka_unit_test(test_check_secondary_persons_and_rows_may_be_the_same),
		cmocka_unit_test(test_check_secondary_nothing_to_hide_behind_is_refused),
		cmocka_unit_test(test_check_secondary_a_sum_of_more_than_a_column_is_refused),
		cmocka_unit_test(test_check_secondary_cyclic_keys_are_refused),
		cmocka_unit_test(test_check_secondary_a_condition_on_two_keys_together_is_refused),
		cmocka_unit_test(test_check_secondary_a_condition_on_what_is_added_up_is_refused),
		cmocka_unit_test(test_check_secondary_a_key_twice_is_as_once),
		cmocka_unit_test(test_check_secondary_sums_in_tens_move_by_tens),
		cmocka_unit_test(test_check_secondary_what_is_never_above_nought_stays_below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
