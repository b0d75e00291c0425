/*
 * result_wire.c - encoded results beside each other: where two of a plan differ, and what one of an earlier engine
 * lacks. See result.h.
 */
#include "enclave/pact/result.h"

#include <string.h>

#include "enclave/pact/cost.h"

uint8_t sl_result_drawn(const struct sl_buf *result)
{
	size_t behind = sl_codec_fixed_bytes(&sl_result_record);

	return result->len > behind ? result->data[behind - 1] : SL_DRAWS_NONE;
}

/* Of a record whose members all have one width. */
static size_t wire_bytes(const struct sl_record *record, const void *zeroed)
{
	struct sl_buf one = { 0 };
	size_t n = sl_codec_encode(record, zeroed, &one, NULL) == SL_OK ? one.len : 0;

	sl_buf_free(&one);
	return n;
}

/* What the values take on the wire, their count left out. */
static size_t values_bytes(const struct sl_plan *plan, const struct sl_view *view)
{
	uint16_t inputs[SL_INPUTS_MAX];

	return sl_result_distinct(plan, view, inputs) * sl_codec_fixed_bytes(&sl_distinct_record);
}

/* With their count, as an encoded result has them, or has none. */
static size_t distinct_bytes(const struct sl_plan *plan, const struct sl_view *view, const struct sl_buf *wire)
{
	bool has_values = wire->len == sl_plan_result_bytes(plan, view, sl_result_drawn(wire));

	return 4 + (has_values ? values_bytes(plan, view) : 0);
}

enum sl_rc sl_result_complete(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *wire,
                              struct sl_err *err)
{
	if (wire->len + 4 + values_bytes(plan, view) != sl_plan_result_bytes(plan, view, sl_result_drawn(wire)))
		return SL_OK;
	sl_buf_u32(wire, 0);
	return sl_buf_ok(wire, "a result", err);
}

enum sl_rc sl_result_forget_distinct(const struct sl_plan *plan, const struct sl_view *view, struct sl_buf *wire,
                                     struct sl_err *err)
{
	if (wire->len != sl_plan_result_bytes(plan, view, sl_result_drawn(wire)) || values_bytes(plan, view) == 0)
		return SL_OK;
	wire->len -= 4 + values_bytes(plan, view);
	sl_buf_u32(wire, 0);
	return sl_buf_ok(wire, "a result", err);
}

/* Records from `at` on, per_cell of each cell: the first cell of which one differs. */
static bool first_difference(const struct sl_buf *a, const struct sl_buf *b, size_t at, size_t each, uint64_t cells,
                             uint32_t per_cell, uint32_t *cell)
{
	for (uint64_t c = 0; per_cell > 0 && c < cells && *cell > c; c++)
		if (memcmp(a->data + at + c * per_cell * each, b->data + at + c * per_cell * each, per_cell * each) != 0) {
			*cell = (uint32_t)c;
			return true;
		}
	return false;
}

bool sl_result_differs_at(const struct sl_plan *plan, const struct sl_view *view, const struct sl_buf *a,
                          const struct sl_buf *b, uint32_t *cell)
{
	static const struct sl_result nothing;
	static const struct sl_evidence no_evidence;
	static const struct sl_moments no_moments;
	static const struct sl_quantile no_quantile;
	static const struct sl_variable no_variable;
	static const struct sl_sum no_sum;
	static const struct sl_draw no_draw;
	/* Eight counts of what there is none of; evidence stands behind the first of them. */
	size_t head = wire_bytes(&sl_result_record, &nothing), evidence = wire_bytes(&sl_evidence_record, &no_evidence);
	size_t moments = wire_bytes(&sl_moments_record, &no_moments);
	size_t quantile = wire_bytes(&sl_quantile_record, &no_quantile);
	uint32_t nmoments = sl_result_moments_at(plan, plan->nstats);
	uint32_t nquantiles = sl_result_quantile_at(plan, plan->nstats);
	size_t variable = wire_bytes(&sl_variable_record, &no_variable), sum = wire_bytes(&sl_sum_record, &no_sum);
	size_t draw = wire_bytes(&sl_draw_record, &no_draw), counts = sl_plan_cells(plan, view) * plan->nstats * draw;
	bool limits = sl_result_drawn(a) == SL_DRAWS_LIMITS;
	struct sl_model_place models;
	uint32_t first[SL_STATS_MAX];
	uint64_t cells = sl_plan_cells(plan, view);

	(void)sl_result_models(plan, first, &models);
	/* From the end, each with the count of what stands behind it. */
	size_t draws = distinct_bytes(plan, view, a) + sl_result_draws(sl_result_drawn(a), cells, plan->nstats) * draw;
	bool drawn = sl_result_drawn(a) != SL_DRAWS_NONE;
	size_t sums = draws + 4 + cells * models.nsums * sum;
	size_t variables = sums + 4 + cells * models.nvariables * variable;
	size_t behind = variables + 4 + cells * nquantiles * quantile, back = behind + 4 + cells * nmoments * moments;
	size_t front = cells * plan->nstats * evidence;

	*cell = UINT32_MAX;
	if (head < 32 || evidence == 0 || moments == 0 || quantile == 0 || variable == 0 || sum == 0 || a->len != b->len ||
	    a->len < head + front + back - 20)
		return false;
	/* Each looks only before the cell that was found already. */
	bool found = first_difference(a, b, head - 28, evidence, cells, plan->nstats, cell);
	found |= first_difference(a, b, a->len - back, moments, cells, nmoments, cell);
	found |= first_difference(a, b, a->len - behind, quantile, cells, nquantiles, cell);
	found |= first_difference(a, b, a->len - variables, variable, cells, models.nvariables, cell);
	found |= first_difference(a, b, a->len - sums, sum, cells, models.nsums, cell);
	found |= first_difference(a, b, a->len - draws, draw, cells, drawn ? plan->nstats : 0, cell);
	found |= first_difference(a, b, a->len - draws + counts, draw, cells, limits ? plan->nstats : 0, cell);
	found |= first_difference(a, b, a->len - draws + 2 * counts, draw, cells, limits, cell);
	return found;
}

static struct sl_evidence counts_of(const struct sl_evidence *e)
{
	return (struct sl_evidence){ .cell_units = e->cell_units, .cell_rows = e->cell_rows,
		.contributors = e->contributors, .complement_units = e->complement_units, .rows = e->rows,
		.known_rows = e->known_rows, .rows_by_one_max = e->rows_by_one_max };
}

enum sl_rc sl_result_forget_totals(const struct sl_plan *plan, struct sl_buf *wire, struct sl_err *err)
{
	struct sl_buf less = { .max = SL_RESULT_WIRE_MAX };
	struct sl_result result;
	enum sl_rc rc = sl_codec_decode(&sl_result_record, wire->data, wire->len, &result, err);

	if (rc != SL_OK)
		return rc;
	for (uint32_t i = 0; i < result.nevidence; i++)
		if (plan->stats[i % plan->nstats].fn == SL_STAT_QUANTILE)
			result.evidence[i] = counts_of(&result.evidence[i]);
	rc = sl_codec_encode(&sl_result_record, &result, &less, err);
	sl_codec_free(&sl_result_record, &result);
	if (rc == SL_OK) {
		sl_buf_free(wire);
		*wire = less;
	} else {
		sl_buf_free(&less);
	}
	return rc;
}
