/* result.c - see result.h. */
#include "enclave/pact/result.h"

#include <string.h>

#include "enclave/pact/cost.h"

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

/* Written so that no sum of two counts can wrap. */
static bool counts_are_sound(const struct sl_evidence *e)
{
	return e->contributors <= e->cell_units && e->complement_units <= e->cell_units && e->cell_units <= e->cell_rows &&
	       e->contributors <= e->rows && e->rows <= e->cell_rows && e->rows <= e->known_rows &&
	       e->known_rows <= e->cell_rows && e->rows_by_one_max <= e->rows && e->negatives <= e->contributors &&
	       e->zeros <= e->contributors - e->negatives;
}

static bool totals_are_sound(const struct sl_evidence *e)
{
	return e->top1 >= e->top2 && e->top2 >= e->top3 && e->top3 >= 0 && e->unit_min <= e->unit_max && e->sum_abs >= 0 &&
	       e->sum <= e->sum_abs && e->sum >= -e->sum_abs &&
	       (sl_i128)e->top1 + e->top2 + e->top3 <= e->sum_abs;
}

static bool evidence_is_sound(const struct sl_evidence *e)
{
	return counts_are_sound(e) && totals_are_sound(e);
}

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

/* By Cauchy and Schwarz each product sum is bounded by the two square sums; an honest engine's are. */
static bool moments_are_sound(const struct sl_moments *m)
{
	const sl_i128 bound = (sl_i128)1 << 126;

	return m->xx >= 0 && m->xx <= bound && m->yy >= 0 && m->yy <= bound && m->xy <= bound && m->xy >= -bound;
}

static bool quantile_is_sound(const struct sl_quantile *q, const struct sl_evidence *e)
{
	return q->below_units <= e->contributors && q->above_units <= e->contributors && q->at_units <= e->contributors &&
	       (e->contributors == 0) == (q->at_units == 0) && (e->contributors > 0 || q->value == 0);
}

static bool vectors_are_sound(const struct sl_result *r, const struct sl_plan *plan)
{
	uint32_t m = 0, q = 0;

	for (uint32_t i = 0; i < r->nevidence; i++) {
		enum sl_stat_fn fn = plan->stats[i % plan->nstats].fn;
		if (sl_stat_has_moments(fn) && !moments_are_sound(&r->moments[m++]))
			return false;
		if (fn == SL_STAT_QUANTILE && !quantile_is_sound(&r->quantiles[q++], &r->evidence[i]))
			return false;
	}
	return true;
}

static bool variable_is_sound(const struct sl_variable *v, const struct sl_evidence *e)
{
	return v->lo <= v->hi && v->above_units <= e->contributors && v->below_units <= e->contributors &&
	       (v->lo < v->hi) == (v->above_units > 0) && (v->lo < v->hi) == (v->below_units > 0);
}

/* Sums of squares are bounded, and by Cauchy and Schwarz every sum of products with them. */
static bool models_are_sound(const struct sl_result *r, const struct sl_plan *plan, uint64_t ncells)
{
	const sl_i128 bound = (sl_i128)1 << 126;
	struct sl_model_place all;
	uint32_t first[SL_STATS_MAX], n = sl_result_models(plan, first, &all);

	for (uint32_t i = 0; i < r->nsums; i++)
		if (r->sums[i].v > bound || r->sums[i].v < -bound)
			return false;
	for (uint64_t cell = 0; cell < ncells; cell++)
		for (uint32_t m = 0; m < n; m++) {
			struct sl_model_place place = sl_result_model(plan, first[m]);
			const struct sl_variable *v = &r->variables[cell * all.nvariables + place.variable];
			for (uint32_t i = 0; i < place.nvariables; i++)
				if (!variable_is_sound(&v[i], &r->evidence[cell * plan->nstats + first[m]]))
					return false;
		}
	return true;
}

static bool distinct_is_sound(const struct sl_result *r, const struct sl_plan *plan, const struct sl_view *view)
{
	uint16_t inputs[SL_INPUTS_MAX];

	if (r->ndistinct != 0 && r->ndistinct != sl_result_distinct(plan, view, inputs))
		return false;
	for (uint32_t i = 0; i < r->ndistinct; i++) {
		const struct sl_distinct *d = &r->distinct[i];
		for (uint32_t k = 0; k < SL_DISTINCT_MAX; k++)
			if (k >= d->n ? d->v[k] != 0 : k > 0 && d->v[k] <= d->v[k - 1])
				return false;
	}
	return true;
}

static enum sl_rc refuse(struct sl_err *err, const char *why)
{
	return sl_err_set(err, SL_E_INPUT, "result: %s", why);
}

enum sl_rc sl_result_check(const struct sl_result *result, const struct sl_plan *plan, const struct sl_view *view,
                           struct sl_err *err)
{
	uint64_t ncells = sl_plan_cells(plan, view);
	struct sl_model_place models;
	uint32_t m = 0, first[SL_STATS_MAX];

	if (ncells > SL_CELLS_MAX || result->nevidence != ncells * plan->nstats)
		return refuse(err, "not one evidence per cell and statistic");
	if (result->nmoments != ncells * sl_result_moments_at(plan, plan->nstats) ||
	    result->nquantiles != ncells * sl_result_quantile_at(plan, plan->nstats))
		return refuse(err, "not one record of moments or quantiles per cell and statistic that has them");
	(void)sl_result_models(plan, first, &models);
	if (result->nvariables != ncells * models.nvariables || result->nsums != ncells * models.nsums)
		return refuse(err, "not the variables and sums that the models of the plan have");
	if (result->ndraws != sl_result_draws(result->drawn, ncells, plan->nstats))
		return refuse(err, "not as many draws as cells and statistics have");
	if (!distinct_is_sound(result, plan, view))
		return refuse(err, "values of columns that are not the plan's, or do not rise");
	if (result->filtered != sl_plan_is_filtered(plan))
		return refuse(err, "filter flag disagrees with the plan");
	for (uint32_t i = 0; i < result->nevidence; i++)
		if (!evidence_is_sound(&result->evidence[i]))
			return refuse(err, "evidence contradicts itself");
	if (!models_are_sound(result, plan, ncells))
		return refuse(err, "variables or sums of a model contradict themselves");
	if (!vectors_are_sound(result, plan))
		return refuse(err, "moments or quantiles contradict themselves");
	for (uint32_t k = 0; k < plan->nkeys; k++) {
		const struct sl_column *c = sl_plan_key_column(plan, view, k);
		if (!sl_plan_input_sensitive(plan, view, plan->keys[k].input))
			continue;
		if (m >= result->nmargins || result->margins[m].key != k ||
		    result->margins[m].ncells != ncells / sl_column_ngroups(c, plan->keys[k].banded != 0))
			return refuse(err, "a margin is missing or has another shape");
		m++;
	}
	return m == result->nmargins ? SL_OK : refuse(err, "a margin too many");
}

uint64_t sl_result_draws(uint8_t level, uint64_t ncells, uint32_t nstats)
{
	uint64_t counts = ncells * nstats;

	return level == SL_DRAWS_LIMITS ? 2 * counts + ncells : level == SL_DRAWS_COUNTS ? counts : 0;
}

uint8_t sl_result_drawn(const struct sl_buf *result)
{
	size_t behind = sl_codec_fixed_bytes(&sl_result_record);

	return result->len > behind ? result->data[behind - 1] : SL_DRAWS_NONE;
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

/* Of a record whose members all have one width. */
static size_t wire_bytes(const struct sl_record *record, const void *zeroed)
{
	struct sl_buf one = { 0 };
	size_t n = sl_codec_encode(record, zeroed, &one, NULL) == SL_OK ? one.len : 0;

	sl_buf_free(&one);
	return n;
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
