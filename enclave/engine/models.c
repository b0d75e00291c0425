/* models.c - see models.h. */
#include "enclave/engine/models.h"

#include <stdlib.h>
#include <string.h>

#define SQUARES_MAX ((sl_i128)1 << 126)

enum sl_rc sl_models_init(struct sl_models_tally *t, const struct sl_plan *plan, uint32_t ncells, struct sl_err *err)
{
	*t = (struct sl_models_tally){ .ncells = ncells };
	t->nmodels = sl_result_models(plan, t->first, &t->all);
	if (t->nmodels == 0)
		return SL_OK;
	for (uint32_t m = 0; m < t->nmodels; m++)
		t->place[m] = sl_result_model(plan, t->first[m]);
	t->tracks = calloc((size_t)ncells * t->all.nvariables, sizeof *t->tracks);
	t->sums = calloc((size_t)ncells * t->all.nsums, sizeof *t->sums);
	return t->tracks != NULL && t->sums != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory for models of %u cells", ncells);
}

void sl_models_fini(struct sl_models_tally *t)
{
	free(t->tracks);
	free(t->sums);
	memset(t, 0, sizeof *t);
}

static inline struct sl_model_track *tracks_at(const struct sl_models_tally *t, uint32_t m, uint32_t cell)
{
	return &t->tracks[(size_t)cell * t->all.nvariables + t->place[m].variable];
}

static inline struct sl_sum *sums_at(const struct sl_models_tally *t, uint32_t m, uint32_t cell)
{
	return &t->sums[(size_t)cell * t->all.nsums + t->place[m].sum];
}

static inline sl_i128 wrapping_sum(sl_i128 a, sl_i128 b)
{
	return (sl_i128)((unsigned __int128)a + (unsigned __int128)b);
}

/* Units `more` with their extremes and counts, beside those that are there: of either who is not at the extreme. */
static void join_units(struct sl_model_track *v, uint32_t more, int64_t lo, uint64_t above, int64_t hi, uint64_t below)
{
	if (v->units == 0) {
		v->lo = lo;
		v->hi = hi;
	}
	/* Whoever had only values at what is no longer the extreme is now off it. */
	if (lo < v->lo) {
		v->above = v->units + above;
		v->lo = lo;
	} else {
		v->above += lo > v->lo ? more : above;
	}
	if (hi > v->hi) {
		v->below = v->units + below;
		v->hi = hi;
	} else {
		v->below += hi < v->hi ? more : below;
	}
	v->units += more;
}

static void fold_unit(struct sl_model_track *tracks, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct sl_model_track *v = &tracks[i];
		bool varies = v->now_lo < v->now_hi;
		join_units(v, 1, v->now_lo, varies, v->now_hi, varies);
	}
}

static void add_products(struct sl_sum *sums, uint8_t *overflow, const int64_t *row, uint32_t n)
{
	struct sl_sum *at = sums + n;

	for (uint32_t i = 0; i < n; i++) {
		sl_i128 square = (sl_i128)row[i] * row[i];
		sums[i].v += row[i];
		if (square > SQUARES_MAX - at->v)
			*overflow = 1;
		else
			at->v += square;
		at++;
		for (uint32_t j = i + 1; j < n; j++, at++)
			at->v = wrapping_sum(at->v, (sl_i128)row[i] * row[j]);
	}
}

void sl_models_add(struct sl_models_tally *t, uint32_t m, const struct sl_batch *batch, const uint8_t *marks,
                   const uint32_t *cells, const struct sl_computed *y, const struct sl_computed *xs)
{
	uint32_t n = t->place[m].nvariables;
	int64_t row[SL_REGRESSORS_MAX + 1];

	for (uint32_t r = 0; r < batch->rows; r++) {
		if (!sl_computed_counts(y, marks, r))
			continue;
		struct sl_model_track *tracks = tracks_at(t, m, cells[r]);
		uint32_t tag = (uint32_t)batch->units[r] + 1;
		bool is_new = tracks->tag != tag;
		if (is_new && tracks->tag != 0)
			fold_unit(tracks, n);
		tracks->tag = tag;
		for (uint32_t i = 0; i < n; i++) {
			row[i] = i == 0 ? y->values[r] : xs[i - 1].values[r];
			tracks[i].now_lo = is_new || row[i] < tracks[i].now_lo ? row[i] : tracks[i].now_lo;
			tracks[i].now_hi = is_new || row[i] > tracks[i].now_hi ? row[i] : tracks[i].now_hi;
		}
		add_products(sums_at(t, m, cells[r]), &tracks->overflow, row, n);
	}
}

void sl_models_end(struct sl_models_tally *t)
{
	for (uint32_t m = 0; m < t->nmodels; m++)
		for (uint32_t cell = 0; cell < t->ncells; cell++) {
			struct sl_model_track *tracks = tracks_at(t, m, cell);
			if (tracks->tag != 0)
				fold_unit(tracks, t->place[m].nvariables);
			tracks->tag = 0;
		}
}

static void merge_sums(struct sl_sum *sums, uint8_t *overflow, const struct sl_sum *from, uint32_t n)
{
	uint32_t at = n;

	for (uint32_t i = 0; i < n; i++) {
		sums[i].v += from[i].v;
		if (from[at].v > SQUARES_MAX - sums[at].v)
			*overflow = 1;
		else
			sums[at].v += from[at].v;
		at++;
		for (uint32_t j = i + 1; j < n; j++, at++)
			sums[at].v = wrapping_sum(sums[at].v, from[at].v);
	}
}

void sl_models_merge(struct sl_models_tally *t, const struct sl_models_tally *from)
{
	for (uint32_t m = 0; m < t->nmodels; m++)
		for (uint32_t cell = 0; cell < t->ncells; cell++) {
			struct sl_model_track *to = tracks_at(t, m, cell);
			const struct sl_model_track *f = tracks_at(from, m, cell);
			to->overflow |= f->overflow;
			merge_sums(sums_at(t, m, cell), &to->overflow, sums_at(from, m, cell), t->place[m].nvariables);
			for (uint32_t i = 0; i < t->place[m].nvariables && f->units > 0; i++)
				join_units(&to[i], f[i].units, f[i].lo, f[i].above, f[i].hi, f[i].below);
		}
}

enum sl_rc sl_models_tell(struct sl_models_tally *t, struct sl_result *out, struct sl_err *err)
{
	uint32_t n = t->ncells * t->all.nvariables;

	if (t->nmodels == 0)
		return SL_OK;
	out->variables = calloc(n, sizeof *out->variables);
	if (out->variables == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for models of %u cells", t->ncells);
	out->nvariables = n;
	for (uint32_t i = 0; i < n; i++) {
		const struct sl_model_track *v = &t->tracks[i];
		out->variables[i] = (struct sl_variable){ .lo = v->lo, .hi = v->hi, .above_units = v->above,
			.below_units = v->below, .overflow = v->overflow };
	}
	/* Nothing that is left of an overflow says by how much. */
	for (uint32_t m = 0; m < t->nmodels; m++)
		for (uint32_t cell = 0; cell < t->ncells; cell++)
			if (tracks_at(t, m, cell)->overflow)
				memset(sums_at(t, m, cell), 0, t->place[m].nsums * sizeof *t->sums);
	out->sums = t->sums;
	out->nsums = t->ncells * t->all.nsums;
	t->sums = NULL;
	return SL_OK;
}
