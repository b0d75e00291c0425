/* test_result.c - which results and publications contradict their plan or themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "enclave/pact/cost.h"
#include "tests/unit/pact/house.h"

#define NSTATS 3

static struct house h;
static struct sl_evidence evidence[H_CELLS * NSTATS];
static struct sl_margin_cell margin_cells[H_MARGIN];
static struct sl_margin margins[2];
static struct sl_distinct distinct[1];
static struct sl_result result;

static const struct sl_evidence right = { .cell_units = 5,
	                                  .cell_rows = 9,
	                                  .contributors = 4,
	                                  .rows = 7,
	                                  .known_rows = 8,
	                                  .complement_units = 5,
	                                  .rows_by_one_max = 3,
	                                  .negatives = 1,
	                                  .zeros = 1,
	                                  .sum = 4,
	                                  .sum_abs = 14,
	                                  .top1 = 9,
	                                  .top2 = 5,
	                                  .unit_min = -5,
	                                  .unit_max = 9 };

static int fresh(void **state)
{
	(void)state;
	house_init(&h);
	memset(evidence, 0, sizeof evidence);
	memset(margins, 0, sizeof margins);
	margins[0] = (struct sl_margin){ .key = 0, .cells = margin_cells, .ncells = H_MARGIN };
	result = (struct sl_result){ .filtered = 1, .evidence = evidence, .nevidence = H_CELLS * NSTATS, .margins = margins,
		.nmargins = 1, .distinct = distinct, .ndistinct = 1 };
	distinct[0] = (struct sl_distinct){ .n = 3, .v = { -4, 2, 7 } };
	evidence[4] = right;
	return 0;
}

static void refused(const char *words)
{
	sl_err_clear(&h.err);
	if (sl_result_check(&result, &h.plan, &h.view, &h.err) != SL_E_INPUT || strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	(void)fresh(NULL);
}

static void test_result_that_is_right_passes(void **state)
{
	(void)state;
	if (sl_result_check(&result, &h.plan, &h.view, &h.err) != SL_OK)
		fail_msg("%s", h.err.text);
}

static void test_result_of_another_shape_is_refused(void **state)
{
	(void)state;
	result.nevidence--;
	refused("not one evidence");
	result.nevidence = 0;
	refused("not one evidence");
	result.filtered = 0;
	refused("filter flag");
	h.plan.where.nops = 0;
	refused("filter flag");
	result.nmargins = 0;
	refused("margin is missing");
	margins[0].key = 1;
	refused("margin is missing");
	margins[0].ncells = H_MARGIN + 1;
	refused("another shape");
	margins[1] = margins[0];
	result.nmargins = 2;
	refused("a margin too many");
	h.columns[0][H_PLACE].nlabels = SL_LABELS_MAX;
	h.columns[1][H_AGE].nullable = 1;
	h.keys[0].input = H_PLACE;
	h.plan.nstats = 1;
	result.nevidence = 80008;
	h.plan.nkeys = 1; /* 20002 cells fit, but not these */
	refused("not one evidence");
}

static void contradicts(struct sl_evidence e)
{
	evidence[4] = e;
	refused("contradicts itself");
}

static void test_result_evidence_that_contradicts_itself_is_refused(void **state)
{
	struct sl_evidence e;

	(void)state;
#define WITH(field, value) e = right, e.field = (value), contradicts(e)
	WITH(contributors, 6);
	WITH(complement_units, 6);
	WITH(cell_units, 10);
	WITH(rows, 3);
	WITH(rows, 10);
	WITH(known_rows, 6);
	WITH(known_rows, 10);
	WITH(rows_by_one_max, 8);
	WITH(negatives, 4);
	WITH(zeros, 4);
	WITH(negatives, UINT64_MAX); /* with one zero the sum wraps */
	WITH(zeros, UINT64_MAX);
	WITH(top1, 4);
	WITH(top3, 6);
	WITH(top3, -1);
	WITH(sum_abs, -1);
	WITH(sum_abs, 3);            /* less than the sum itself */
	WITH(sum, -15);
	WITH(unit_min, 10);
#undef WITH
}

/* Publications. */

static struct sl_published_cell cells[H_CELLS * 4];
static struct sl_published_output output;
static struct sl_finding finding;
static struct sl_publication publication;

static int fresh_publication(void **state)
{
	(void)fresh(state);
	memset(cells, 0, sizeof cells);
	cells[3] = (struct sl_published_cell){ .shown = 1, .value = 12 };
	output = (struct sl_published_output){ .cells = cells, .ncells = H_CELLS * 4, .suppressed = H_CELLS * 4 - 1 };
	finding = (struct sl_finding){ .rule = SL_RULE_THRESHOLD, .severity = SL_SEVERITY_SUPPRESS, .stat = 2, .cell = 11 };
	publication = (struct sl_publication){ .releasable = 1, .outputs = &output, .noutputs = 1, .findings = &finding,
		.nfindings = 1 };
	return 0;
}

static enum sl_rc check_publication(void)
{
	sl_err_clear(&h.err);
	return sl_publication_check(&publication, &h.plan, 1, &h.view, &h.err);
}

static void publication_refused(const char *words)
{
	if (check_publication() != SL_E_INPUT || strstr(h.err.text, words) == NULL)
		fail_msg("not \"%s\" but \"%s\"", words, h.err.text);
	(void)fresh_publication(NULL);
}

static void test_publication_that_is_right_passes(void **state)
{
	(void)state;
	if (check_publication() != SL_OK)
		fail_msg("%s", h.err.text);
	finding.stat = finding.cell = SL_FINDING_WHOLE;
	assert_int_equal(check_publication(), SL_OK);
}

static void test_publication_of_another_shape_is_refused(void **state)
{
	(void)state;
	publication.noutputs = 0;
	publication_refused("one output per plan");
	output.ncells--;
	publication_refused("one value per cell");
	finding.output = 1;
	publication_refused("about no output");
	finding.cell = H_CELLS;
	publication_refused("about no cell");
	finding.stat = NSTATS;
	publication_refused("about no cell");
	output.suppressed--;
	publication_refused("miscounted");
}

static void test_publication_with_a_value_behind_a_hidden_cell_is_refused(void **state)
{
	(void)state;
	cells[5].value = 7;
	publication_refused("hidden cell carries");
	cells[5].missing = 1;
	publication_refused("hidden cell says");
	cells[3].missing = 1; /* shown without a value, and yet with one */
	publication_refused("hidden cell carries");
}

static void test_publication_that_is_releasable_against_a_refusal_is_refused(void **state)
{
	(void)state;
	finding.severity = SL_SEVERITY_REFUSE;
	publication_refused("refusing finding");
	finding.severity = SL_SEVERITY_REFUSE;
	publication.releasable = 0;
	assert_int_equal(check_publication(), SL_OK);
}

/* A byte of evidence is found in its cell; one of what is told of all cells is in none. */
static void test_first_cell_that_differs_is_found_by_its_place(void **state)
{
	struct sl_buf a = { 0 }, b = { 0 };
	uint32_t cell = 0;

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &a, NULL), SL_OK);
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &a, &cell));
	for (uint32_t c = H_CELLS; c > 0; c--)
		for (uint32_t s = 0; s < NSTATS; s++) {
			struct sl_evidence kept = evidence[(c - 1) * NSTATS + s];
			evidence[(c - 1) * NSTATS + s].unit_max ^= 1;
			sl_buf_reset(&b);
			assert_int_equal(sl_codec_encode(&sl_result_record, &result, &b, NULL), SL_OK);
			assert_true(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
			assert_int_equal(cell, c - 1);
			evidence[(c - 1) * NSTATS + s] = kept;
		}
	result.population++;
	sl_buf_reset(&b);
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &b, NULL), SL_OK);
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
	b.len--;
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
	a.len = b.len = 3;
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
	sl_buf_free(&a);
	sl_buf_free(&b);
}

/* Draws are there for all numbers or for none, and one that differs is found in its cell. */
static void test_draws_are_as_many_as_numbers_and_found_by_their_place(void **state)
{
	struct sl_draw draws[H_CELLS * (2 * NSTATS + 1)] = { 0 };
	struct sl_buf a = { 0 }, b = { 0 };
	uint32_t cell = 0;

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &a, NULL), SL_OK);
	assert_int_equal(sl_result_drawn(&a), SL_DRAWS_NONE);
	result.draws = draws;
	result.ndraws = result.nevidence;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_E_INPUT);
	result.drawn = 1;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_OK);
	result.ndraws--;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_E_INPUT);
	result.ndraws++;
	sl_buf_reset(&a);
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &a, NULL), SL_OK);
	assert_int_equal(sl_result_drawn(&a), SL_DRAWS_COUNTS);
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &a, &cell));
	for (uint32_t i = 0; i < H_CELLS * NSTATS; i++) {
		draws[i].counted = 1;
		sl_buf_reset(&b);
		assert_int_equal(sl_codec_encode(&sl_result_record, &result, &b, NULL), SL_OK);
		assert_true(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
		assert_int_equal(cell, i / NSTATS);
		draws[i].counted = 0;
	}
	/* Those of limits stand behind: of numbers, and of cells. */
	result.drawn = SL_DRAWS_LIMITS;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_E_INPUT);
	result.ndraws = H_CELLS * (2 * NSTATS + 1);
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_OK);
	sl_buf_reset(&a);
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &a, NULL), SL_OK);
	assert_int_equal(sl_result_drawn(&a), SL_DRAWS_LIMITS);
	assert_int_equal(a.len, sl_plan_result_bytes(&h.plan, &h.view, SL_DRAWS_LIMITS));
	assert_false(sl_result_differs_at(&h.plan, &h.view, &a, &a, &cell));
	for (uint32_t i = 0; i < result.ndraws; i++) {
		uint32_t numbers = H_CELLS * NSTATS;
		draws[i].known = 1;
		sl_buf_reset(&b);
		assert_int_equal(sl_codec_encode(&sl_result_record, &result, &b, NULL), SL_OK);
		assert_true(sl_result_differs_at(&h.plan, &h.view, &a, &b, &cell));
		assert_int_equal(cell, i < 2 * numbers ? i % numbers / NSTATS : i - 2 * numbers);
		draws[i].known = 0;
	}
	a.len = 3;
	assert_int_equal(sl_result_drawn(&a), SL_DRAWS_NONE);
	result.draws = NULL;
	result.ndraws = result.drawn = 0;
	sl_buf_free(&a);
	sl_buf_free(&b);
}

/* Values rise, and are of the inputs that are added up alone; none where nobody looked. */
static void test_values_of_columns_that_contradict_themselves_are_refused(void **state)
{
	uint16_t inputs[SL_INPUTS_MAX];

	(void)state;
	assert_int_equal(sl_result_distinct(&h.plan, &h.view, inputs), 1);
	distinct[0].v[3] = 9;
	refused("do not rise");
	distinct[0].v[1] = -4;
	refused("do not rise");
	distinct[0].n = 2;
	refused("do not rise");
	result.ndistinct = 2;
	refused("not the plan's");
	result.ndistinct = 0;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_OK);
	distinct[0] = (struct sl_distinct){ 0 };
	result.ndistinct = 1;
	assert_int_equal(sl_result_check(&result, &h.plan, &h.view, &h.err), SL_OK);
}

/* A result that ends where those of earlier engines did is read as one that tells no values; and compared as one. */
static void test_results_of_engines_that_told_no_values_are_completed(void **state)
{
	struct sl_buf now = { .max = SL_RESULT_WIRE_MAX }, before = { .max = SL_RESULT_WIRE_MAX };
	struct sl_result read;

	(void)state;
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &now, NULL), SL_OK);
	result.ndistinct = 0;
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &before, NULL), SL_OK);
	before.len -= 4;
	assert_int_equal(sl_codec_decode(&sl_result_record, before.data, before.len, &read, &h.err), SL_E_INPUT);
	assert_int_equal(sl_result_complete(&h.plan, &h.view, &before, &h.err), SL_OK);
	assert_int_equal(sl_codec_decode(&sl_result_record, before.data, before.len, &read, &h.err), SL_OK);
	assert_int_equal(sl_result_check(&read, &h.plan, &h.view, &h.err), SL_OK);
	assert_int_equal(read.ndistinct, 0);
	sl_codec_free(&sl_result_record, &read);

	assert_int_equal(now.len, sl_plan_result_bytes(&h.plan, &h.view, SL_DRAWS_NONE));
	assert_int_equal(sl_result_complete(&h.plan, &h.view, &now, &h.err), SL_OK);
	assert_int_equal(now.len, sl_plan_result_bytes(&h.plan, &h.view, SL_DRAWS_NONE));
	assert_int_equal(sl_result_forget_distinct(&h.plan, &h.view, &now, &h.err), SL_OK);
	assert_int_equal(now.len, before.len);
	assert_memory_equal(now.data, before.data, now.len);
	assert_int_equal(sl_result_forget_distinct(&h.plan, &h.view, &now, &h.err), SL_OK);
	assert_int_equal(sl_result_complete(&h.plan, &h.view, &now, &h.err), SL_OK);
	assert_int_equal(now.len, before.len);
	sl_buf_free(&now);
	sl_buf_free(&before);
}

static void test_totals_of_quantiles_are_forgotten_and_no_others(void **state)
{
	struct sl_buf wire = { .max = SL_RESULT_WIRE_MAX }, once = { .max = SL_RESULT_WIRE_MAX };
	struct sl_result less;

	(void)state;
	h.stats[1].fn = SL_STAT_QUANTILE;
	evidence[3] = evidence[5] = right;
	assert_int_equal(sl_codec_encode(&sl_result_record, &result, &wire, NULL), SL_OK);
	assert_int_equal(sl_result_forget_totals(&h.plan, &wire, &h.err), SL_OK);
	assert_int_equal(sl_codec_decode(&sl_result_record, wire.data, wire.len, &less, &h.err), SL_OK);
	for (uint32_t i = 3; i < 6; i++) {
		const struct sl_evidence *e = &less.evidence[i];
		assert_int_equal(e->contributors, right.contributors);
		assert_int_equal(e->rows_by_one_max, right.rows_by_one_max);
		assert_int_equal(e->top1, i == 4 ? 0 : right.top1);
		assert_true(e->sum_abs == (i == 4 ? 0 : right.sum_abs));
		assert_int_equal(e->negatives, i == 4 ? 0 : right.negatives);
	}
	assert_int_equal(sl_codec_encode(&sl_result_record, &less, &once, NULL), SL_OK);
	assert_int_equal(sl_result_forget_totals(&h.plan, &wire, &h.err), SL_OK);
	assert_int_equal(once.len, wire.len);
	assert_memory_equal(once.data, wire.data, wire.len);
	wire.len--;
	assert_int_equal(sl_result_forget_totals(&h.plan, &wire, &h.err), SL_E_INPUT);
	sl_codec_free(&sl_result_record, &less);
	sl_buf_free(&once);
	sl_buf_free(&wire);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_result_that_is_right_passes, fresh),
		cmocka_unit_test_setup(test_result_of_another_shape_is_refused, fresh),
		cmocka_unit_test_setup(test_result_evidence_that_contradicts_itself_is_refused, fresh),
		cmocka_unit_test_setup(test_values_of_columns_that_contradict_themselves_are_refused, fresh),
		cmocka_unit_test_setup(test_results_of_engines_that_told_no_values_are_completed, fresh),
		cmocka_unit_test_setup(test_first_cell_that_differs_is_found_by_its_place, fresh),
		cmocka_unit_test_setup(test_draws_are_as_many_as_numbers_and_found_by_their_place, fresh),
		cmocka_unit_test_setup(test_totals_of_quantiles_are_forgotten_and_no_others, fresh),
		cmocka_unit_test_setup(test_publication_that_is_right_passes, fresh_publication),
		cmocka_unit_test_setup(test_publication_of_another_shape_is_refused, fresh_publication),
		cmocka_unit_test_setup(test_publication_with_a_value_behind_a_hidden_cell_is_refused, fresh_publication),
		cmocka_unit_test_setup(test_publication_that_is_releasable_against_a_refusal_is_refused, fresh_publication),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
