/*
 * result.c - see result.h: what a result is made of, and where in it the numbers of a statistic lie. What is asked of a
 * decoded one is in result_check.c, what is done with the bytes of one in result_wire.c.
 */
#include "enclave/pact/result.h"

#define U64(m, doc) SL_SCALAR(struct sl_evidence, SL_KIND_U64, m, 0, 0, doc)
#define I64(m, doc) SL_SCALAR(struct sl_evidence, SL_KIND_I64, m, 0, 0, doc)

static const struct sl_field evidence_fields[] = {
	U64(cell_units, "units with a row in the cell"),
	U64(cell_rows, "rows in the cell"),
	U64(contributors, "units behind the statistic"),
	U64(complement_units, "units with a row that does not meet the condition"),
	U64(rows, "rows behind the value"),
	U64(known_rows, "rows where the condition is known"),
	U64(rows_by_one_max, "most rows by one unit"),
	U64(negatives, "contributors with a negative total; of QUANTILE nothing from here on"),
	U64(zeros, "contributors with a total of zero"),
	SL_SCALAR(struct sl_evidence, SL_KIND_I128, sum, 0, 0, "sum of values"),
	SL_SCALAR(struct sl_evidence, SL_KIND_I128, sum_abs, 0, 0, "sum of absolute unit totals"),
	I64(top1, "largest absolute unit total"),
	I64(top2, "second largest"),
	I64(top3, "third largest"),
	I64(unit_min, "smallest unit total"),
	I64(unit_max, "largest unit total"),
	SL_SCALAR(struct sl_evidence, SL_KIND_U8, all_equal, 0, 1, "all values or all unit totals are the same"),
	SL_SCALAR(struct sl_evidence, SL_KIND_U8, overflow, 0, 1, "a unit total left 64 bits"),
};
SL_RECORD(sl_evidence_record, sl_evidence, evidence_fields);

static const struct sl_field margin_cell_fields[] = {
	SL_SCALAR(struct sl_margin_cell, SL_KIND_U64, units, 0, 0, "units"),
};
static SL_RECORD(margin_cell_record, sl_margin_cell, margin_cell_fields);

static const struct sl_field margin_fields[] = {
	SL_SCALAR(struct sl_margin, SL_KIND_U16, key, 0, SL_KEYS_MAX, "key that is left out"),
	SL_VEC(struct sl_margin, cells, ncells, SL_CELLS_MAX, margin_cell_record, "units per remaining cell"),
};
static SL_RECORD(margin_record, sl_margin, margin_fields);

static const struct sl_field moments_fields[] = {
	SL_SCALAR(struct sl_moments, SL_KIND_I128, x, 0, 0, "sum of x"),
	SL_SCALAR(struct sl_moments, SL_KIND_I128, y, 0, 0, "sum of y"),
	SL_SCALAR(struct sl_moments, SL_KIND_I128, xx, 0, 0, "sum of x squared"),
	SL_SCALAR(struct sl_moments, SL_KIND_I128, xy, 0, 0, "sum of x times y"),
	SL_SCALAR(struct sl_moments, SL_KIND_I128, yy, 0, 0, "sum of y squared"),
	SL_SCALAR(struct sl_moments, SL_KIND_U8, overflow, 0, 1, "a sum of squares left 126 bits"),
};
SL_RECORD(sl_moments_record, sl_moments, moments_fields);

static const struct sl_field quantile_fields[] = {
	SL_SCALAR(struct sl_quantile, SL_KIND_I64, value, 0, 0, "the quantile"),
	SL_SCALAR(struct sl_quantile, SL_KIND_U64, below_units, 0, 0, "units with a row strictly below"),
	SL_SCALAR(struct sl_quantile, SL_KIND_U64, above_units, 0, 0, "units with a row strictly above"),
	SL_SCALAR(struct sl_quantile, SL_KIND_U64, at_units, 0, 0, "units with a row exactly there"),
};
SL_RECORD(sl_quantile_record, sl_quantile, quantile_fields);

static const struct sl_field variable_fields[] = {
	SL_SCALAR(struct sl_variable, SL_KIND_I64, lo, 0, 0, "smallest value"),
	SL_SCALAR(struct sl_variable, SL_KIND_I64, hi, 0, 0, "largest value"),
	SL_SCALAR(struct sl_variable, SL_KIND_U64, above_units, 0, 0, "units with a row above the smallest"),
	SL_SCALAR(struct sl_variable, SL_KIND_U64, below_units, 0, 0, "units with a row below the largest"),
	SL_SCALAR(struct sl_variable, SL_KIND_U8, overflow, 0, 1, "of y: a sum of squares left 126 bits"),
};
SL_RECORD(sl_variable_record, sl_variable, variable_fields);

static const struct sl_field sum_fields[] = {
	SL_SCALAR(struct sl_sum, SL_KIND_I128, v, 0, 0, "sum"),
};
SL_RECORD(sl_sum_record, sl_sum, sum_fields);

static const struct sl_field draw_fields[] = {
	SL_SCALAR(struct sl_draw, SL_KIND_U64, counted, 0, 0, "of what is counted"),
	SL_SCALAR(struct sl_draw, SL_KIND_U64, known, 0, 0, "of a share's whole"),
};
SL_RECORD(sl_draw_record, sl_draw, draw_fields);

#define VALUE(i, doc) SL_SCALAR(struct sl_distinct, SL_KIND_I64, v[i], 0, 0, doc)
static const struct sl_field distinct_fields[] = {
	SL_SCALAR(struct sl_distinct, SL_KIND_U8, n, 0, SL_DISTINCT_MAX, "values, 0: more, or none"),
	VALUE(0, "the smallest"),
	VALUE(1, "the second, or 0"),
	VALUE(2, "the third, or 0"),
	VALUE(3, "the fourth, or 0"),
};
SL_RECORD(sl_distinct_record, sl_distinct, distinct_fields);

static const struct sl_field result_fields[] = {
	SL_BYTES(struct sl_result, plan_digest, 32, "SHA-256 of the plan frame"),
	SL_SCALAR(struct sl_result, SL_KIND_U64, population, 0, 0, "units after where"),
	SL_SCALAR(struct sl_result, SL_KIND_U64, complement, 0, 0, "units that where left out entirely"),
	SL_SCALAR(struct sl_result, SL_KIND_U64, partly, 0, 0, "units with rows on both sides of where"),
	SL_SCALAR(struct sl_result, SL_KIND_U8, filtered, 0, 1, "the plan has a where"),
	SL_SCALAR(struct sl_result, SL_KIND_U8, drawn, 0, SL_DRAWS_COUNT_ - 1, "no draws 0, of counts 1, and of limits 2"),
	SL_VEC(struct sl_result, evidence, nevidence, SL_CELLS_MAX * 4, sl_evidence_record, "cell-major"),
	SL_VEC(struct sl_result, margins, nmargins, SL_KEYS_MAX, margin_record, "one per sensitive key"),
	SL_VEC(struct sl_result, moments, nmoments, SL_CELLS_MAX * 4, sl_moments_record, "cell-major, of VAR … INTERCEPT"),
	SL_VEC(struct sl_result, quantiles, nquantiles, SL_CELLS_MAX * 4, sl_quantile_record, "cell-major, of QUANTILE"),
	SL_VEC(struct sl_result, variables, nvariables, SL_CELLS_MAX * 4, sl_variable_record,
	       "cell-major, of each model y, x1, x2, …"),
	SL_VEC(struct sl_result, sums, nsums, SL_CELLS_MAX * 16, sl_sum_record,
	       "cell-major, of each model sums, then sums of products"),
	SL_VEC(struct sl_result, draws, ndraws, SL_CELLS_MAX * 9, sl_draw_record, "cell-major, where they are drawn"),
	SL_VEC(struct sl_result, distinct, ndistinct, SL_INPUTS_MAX, sl_distinct_record,
	       "of inputs that a sum, mean or spread reads alone"),
};
SL_RECORD(sl_result_record, sl_result, result_fields);

bool sl_stat_has_moments(enum sl_stat_fn fn)
{
	return fn >= SL_STAT_VAR && fn <= SL_STAT_INTERCEPT;
}

uint32_t sl_result_moments_at(const struct sl_plan *plan, uint32_t stat)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < stat; i++)
		n += sl_stat_has_moments(plan->stats[i].fn);
	return n;
}

uint32_t sl_result_quantile_at(const struct sl_plan *plan, uint32_t stat)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < stat; i++)
		n += plan->stats[i].fn == SL_STAT_QUANTILE;
	return n;
}

static bool is_first_of_model(const struct sl_plan *plan, uint32_t stat)
{
	if (!sl_stat_is_model((enum sl_stat_fn)plan->stats[stat].fn))
		return false;
	for (uint32_t i = 0; i < stat; i++)
		if (sl_stat_same_model(&plan->stats[i], &plan->stats[stat]))
			return false;
	return true;
}

static struct sl_model_place size_of_model(const struct sl_stat *s)
{
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&s->arg2, parts) + 1;

	return (struct sl_model_place){ .nvariables = n, .nsums = n + n * (n + 1) / 2 };
}

uint32_t sl_result_models(const struct sl_plan *plan, uint32_t first[static SL_STATS_MAX], struct sl_model_place *all)
{
	uint32_t n = 0;

	*all = (struct sl_model_place){ 0 };
	for (uint32_t i = 0; i < plan->nstats; i++) {
		if (!is_first_of_model(plan, i))
			continue;
		struct sl_model_place one = size_of_model(&plan->stats[i]);
		all->nvariables += one.nvariables;
		all->nsums += one.nsums;
		first[n++] = i;
	}
	return n;
}

struct sl_model_place sl_result_model(const struct sl_plan *plan, uint32_t stat)
{
	struct sl_model_place place = size_of_model(&plan->stats[stat]);

	for (uint32_t i = 0; i < stat && !sl_stat_same_model(&plan->stats[i], &plan->stats[stat]); i++) {
		if (!is_first_of_model(plan, i))
			continue;
		struct sl_model_place before = size_of_model(&plan->stats[i]);
		place.variable += before.nvariables;
		place.sum += before.nsums;
	}
	return place;
}

uint64_t sl_result_draws(uint8_t level, uint64_t ncells, uint32_t nstats)
{
	uint64_t counts = ncells * nstats;

	return level == SL_DRAWS_LIMITS ? 2 * counts + ncells : level == SL_DRAWS_COUNTS ? counts : 0;
}

static struct sl_draw draw_at(const struct sl_result *result, uint64_t at)
{
	bool is_there = result->drawn == SL_DRAWS_LIMITS && at < result->ndraws;

	return is_there ? result->draws[at] : (struct sl_draw){ 0 };
}

struct sl_draw sl_result_limit_draw(const struct sl_result *result, uint32_t place)
{
	return draw_at(result, (uint64_t)result->nevidence + place);
}

struct sl_draw sl_result_cell_draw(const struct sl_result *result, uint32_t cell)
{
	return draw_at(result, 2 * (uint64_t)result->nevidence + cell);
}

static bool is_added_up(uint8_t fn)
{
	return fn == SL_STAT_SUM || fn == SL_STAT_MEAN || fn == SL_STAT_VAR || fn == SL_STAT_SD;
}

/* Some statistic that adds up reads the input, and no other. */
static bool is_read_alone(const struct sl_plan *plan, uint32_t input)
{
	for (uint32_t s = 0; s < plan->nstats; s++) {
		const struct sl_expr *e = &plan->stats[s].arg;
		bool alone = is_added_up(plan->stats[s].fn), any = false;
		for (uint32_t i = 0; i < e->nops && alone; i++) {
			bool reads = e->ops[i].op == SL_OP_COLUMN;
			alone = !reads || e->ops[i].arg == input;
			any = any || reads;
		}
		if (alone && any)
			return true;
	}
	return false;
}

/* A number as it stands, of which the catalogue leaves more values than are told. */
static bool may_have_more(const struct sl_plan *plan, const struct sl_view *view, uint32_t input)
{
	const struct sl_input *in = &plan->inputs[input];
	const struct sl_source *source = &plan->sources[in->source];

	if (source->nfolds > 0 || in->lookup > 0)
		return false;
	const struct sl_column *c = &view->tables[source->table].columns[in->column];
	return (c->type == SL_TYPE_INTEGER || c->type == SL_TYPE_REAL || c->type == SL_TYPE_DATE) &&
	       (sl_i128)c->hi - c->lo >= SL_DISTINCT_MAX;
}

uint32_t sl_result_distinct(const struct sl_plan *plan, const struct sl_view *view,
                            uint16_t inputs[static SL_INPUTS_MAX])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < plan->ninputs; i++)
		if (may_have_more(plan, view, i) && is_read_alone(plan, i))
			inputs[n++] = (uint16_t)i;
	return n;
}
