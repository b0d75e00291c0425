/* source.c - see source.h. */
#include "enclave/engine/source.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"

/* SEMI and ANTI are asked for units alone: a unit's rows fold into the mark. */
bool sl_source_is_folded(const struct sl_source *s)
{
	return s->nfolds > 0 || s->join == SL_JOIN_SEMI || s->join == SL_JOIN_ANTI;
}

static enum sl_rc open_feed(struct sl_source_stream *s, const struct sl_source_order *order,
                            const struct sl_store *store, struct sl_err *err)
{
	struct sl_feed_order feed = { .table = order->source->table, .unit_first = order->unit_first,
		.unit_last = order->unit_last, .lane = order->lane,
		.units_once = order->units_once && !sl_source_is_folded(order->source) };
	uint32_t n = 0;

	if (order->source->nraws + (sl_source_is_folded(order->source) ? 0 : order->ncolumns) > SL_INPUTS_MAX)
		return sl_err_set(err, SL_E_LIMIT, "a source reads more than %d columns", SL_INPUTS_MAX);
	for (uint32_t i = 0; i < order->source->nraws; i++)
		feed.columns[n++] = order->source->raws[i].column;
	for (uint32_t i = 0; i < order->ncolumns && !sl_source_is_folded(order->source); i++) {
		feed.by_unit[n] = order->by_unit[i];
		feed.columns[n++] = order->columns[i];
	}
	feed.ncolumns = n;
	/* A row outside of what the plan or the source's own where asks is left out in either case. */
	if (order->ranges != NULL && !sl_source_is_folded(order->source)) {
		sl_filter_ranges(&order->source->where, s->ranges);
		memcpy(s->ranges + order->source->nraws, order->ranges, order->ncolumns * sizeof *s->ranges);
		feed.ranges = s->ranges;
	}
	return store->open(store, &feed, &s->feed, err);
}

enum sl_rc sl_source_open(struct sl_source_stream *s, const struct sl_source_order *order, const struct sl_store *store,
                          struct sl_err *err)
{
	const struct sl_source *source = order->source;
	enum sl_rc rc = SL_OK;

	memset(s, 0, sizeof *s);
	s->source = source;
	s->last_unit = -1;
	s->unit = -1;
	s->one_row = order->view->tables[source->table].one_row_per_unit != 0;
	s->ncolumns = source->nfolds > 0 ? source->nfolds : order->ncolumns;
	if (source->where.nops > 0)
		rc = sl_compute_init(&s->where, &source->where, err);
	if (rc == SL_OK && source->having.nops > 0)
		rc = sl_compute_init(&s->having, &source->having, err);
	for (uint32_t i = 0; i < source->nfolds && rc == SL_OK; i++)
		if (source->folds[i].arg.nops > 0)
			rc = sl_compute_init(&s->args[i], &source->folds[i].arg, err);
	if (rc == SL_OK && sl_source_is_folded(source)) {
		s->units = calloc(SL_BATCH_ROWS, sizeof *s->units);
		s->values = calloc((size_t)SL_BATCH_ROWS * (source->nfolds + 1), sizeof *s->values);
		s->nulls = calloc((size_t)SL_BATCH_ROWS * (source->nfolds + 1), 1);
		if (s->units == NULL || s->values == NULL || s->nulls == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory to fold %u columns per unit", source->nfolds);
	}
	return rc == SL_OK ? open_feed(s, order, store, err) : rc;
}

void sl_source_close(struct sl_source_stream *s)
{
	if (s->feed != NULL)
		s->feed->close(s->feed);
	sl_compute_fini(&s->where);
	sl_compute_fini(&s->having);
	for (uint32_t i = 0; i < SL_FOLDS_MAX; i++)
		sl_compute_fini(&s->args[i]);
	free(s->units);
	free(s->values);
	free(s->nulls);
	memset(s, 0, sizeof *s);
}

/* The sign of what may not be below zero: where no unit is, no difference leaves 64 bits. */
static inline int64_t sign_of_step(int64_t before, int64_t unit, int64_t step)
{
	return unit | (int64_t)((uint64_t)unit - (uint64_t)before - (uint64_t)step);
}

/* Everything later rests on this order, so it is looked at and not believed. */
static bool is_in_order(const struct sl_source_stream *s, const int64_t *u, uint32_t rows, struct sl_unit_ends ends)
{
	bool once = ends.n != 0 && ends.units != NULL;
	int64_t first = once ? ends.units[0] : u[0], step = s->one_row ? 1 : 0, negative = first;

	if (ends.n == 0)
		for (uint32_t i = 1; i < rows; i++)
			negative |= sign_of_step(u[i - 1], u[i], step);
	else if (once)
		for (uint32_t i = 1; i < ends.n; i++)
			negative |= sign_of_step(ends.units[i - 1], ends.units[i], 1);
	else
		for (uint32_t i = 0; i + 1 < ends.n; i++)
			negative |= sign_of_step(u[ends.ends[i] - 1], u[ends.ends[i]], 1);
	return negative >= 0 && first >= s->last_unit + (s->last_unit >= 0 ? step : 0) &&
	       (ends.n == 0 || ends.n == rows || !s->one_row);
}

static enum sl_rc check_order(const struct sl_source_stream *s, const int64_t *units, uint32_t rows,
                              struct sl_unit_ends ends, struct sl_err *err)
{
	if (is_in_order(s, units, rows, ends))
		return SL_OK;
	return sl_err_set(err, SL_E_INTEGRITY, "a table's rows are not in unit order, or a unit has a second row");
}

/* Makes sure a row lies at `at`, or that the feed has ended. */
static enum sl_rc fill(struct sl_source_stream *s, struct sl_err *err)
{
	if (s->ended || s->at < s->stretch.rows)
		return SL_OK;
	if (s->stretch.rows > 0)
		s->last_unit = s->stretch.units != NULL ? s->stretch.units[s->stretch.rows - 1]
		                                        : s->stretch.ends.units[s->stretch.ends.n - 1];
	enum sl_rc rc = s->feed->next(s->feed, &s->stretch, err);
	s->at = 0;
	s->ended = rc != SL_OK || s->stretch.rows == 0;
	return rc == SL_OK && !s->ended ? check_order(s, s->stretch.units, s->stretch.rows, s->stretch.ends, err) : rc;
}

/* The next rows of the feed, all its columns. */
static enum sl_rc slice(struct sl_source_stream *s, uint32_t ncolumns, struct sl_batch *out, struct sl_err *err)
{
	enum sl_rc rc = fill(s, err);

	out->rows = 0;
	if (rc != SL_OK || s->ended)
		return rc;
	uint32_t left = s->stretch.rows - s->at;
	out->rows = left < SL_BATCH_ROWS ? left : SL_BATCH_ROWS;
	out->units = s->stretch.units != NULL ? s->stretch.units + s->at : NULL;
	out->ends = s->stretch.ends;
	if (out->rows < s->stretch.rows)
		out->ends.n = 0;
	out->none_kept = s->stretch.out_of_range;
	for (uint32_t i = 0; i < ncolumns && !out->none_kept; i++) {
		out->unit_values[i] = s->stretch.unit_values[i];
		out->values[i] = out->unit_values[i] == NULL ? s->stretch.values[i] + s->at : NULL;
		out->nulls[i] = s->stretch.nulls[i] != NULL ? s->stretch.nulls[i] + s->at : NULL;
	}
	s->at += out->rows;
	return SL_OK;
}

static enum sl_rc next_rows(struct sl_source_stream *s, struct sl_batch *out, struct sl_err *err)
{
	uint32_t nraws = s->source->nraws;
	enum sl_rc rc = slice(s, nraws + s->ncolumns, out, err);

	out->marks = NULL;
	if (rc != SL_OK || out->rows == 0 || out->none_kept)
		return rc;
	if (s->where.expr != NULL) {
		sl_compute_true(&s->where, out, s->kept);
		out->marks = s->kept;
	}
	if (nraws > 0) {
		memmove(out->values, out->values + nraws, s->ncolumns * sizeof *out->values);
		memmove(out->nulls, out->nulls + nraws, s->ncolumns * sizeof *out->nulls);
		memmove(out->unit_values, out->unit_values + nraws, s->ncolumns * sizeof *out->unit_values);
	}
	return SL_OK;
}

static void fold_row(struct sl_fold_state *f, const struct sl_computed *arg, uint32_t row)
{
	bool missing = arg->values == NULL || (arg->nulls != NULL && arg->nulls[row] != 0);
	int64_t v = missing ? 0 : arg->values[row];

	f->rows++;
	if (missing)
		return;
	f->sum += v;
	if (f->with == 0 || v < f->least)
		f->least = v;
	if (f->with == 0 || v > f->most)
		f->most = v;
	f->with++;
	f->met += v != 0;
}

/* What a fold leaves; false: missing. */
static bool fold_value(const struct sl_fold *fold, const struct sl_fold_state *f, int64_t *out)
{
	int scale = fold->arg.nops > 0 ? fold->arg.ops[fold->arg.nops - 1].scale : 0;
	struct sl_input_type mean = sl_fold_type(SL_FOLD_MEAN, (struct sl_input_type){ .scale = (int8_t)scale });

	*out = 0;
	switch (fold->fn) {
	case SL_FOLD_COUNT:
		*out = (int64_t)f->rows;
		return true;
	case SL_FOLD_COUNT_IF:
		*out = (int64_t)f->met;
		return true;
	case SL_FOLD_ANY:
		*out = f->met > 0;
		return true;
	case SL_FOLD_ALL:
		*out = f->met == f->rows;
		return true;
	case SL_FOLD_SUM:
		if (f->with == 0 || f->sum > INT64_MAX || f->sum < INT64_MIN)
			return false;
		*out = (int64_t)f->sum;
		return true;
	case SL_FOLD_MEAN:
		return f->with > 0 && sl_div_round(f->sum * sl_pow10(mean.scale - scale), (sl_i128)f->with, out);
	case SL_FOLD_MIN:
		*out = f->least;
		return f->with > 0;
	case SL_FOLD_MAX:
		*out = f->most;
		return f->with > 0;
	default:
		return false;
	}
}

/* The current unit becomes a row. */
static void emit(struct sl_source_stream *s, uint32_t row)
{
	s->units[row] = s->unit;
	s->kept[row] = s->unit_rows > 0;
	for (uint32_t i = 0; i < s->source->nfolds; i++) {
		size_t at = (size_t)i * SL_BATCH_ROWS + row;
		s->nulls[at] = s->unit_rows == 0 || !fold_value(&s->source->folds[i], &s->folds[i], &s->values[at]);
		s->values[at] = s->nulls[at] ? 0 : s->values[at];
	}
	memset(s->folds, 0, sizeof s->folds);
	s->unit_rows = 0;
}

/* Rows of one batch into the current unit and those that follow; at most as many units end as it has rows. */
static uint32_t fold_batch(struct sl_source_stream *s, const struct sl_batch *in, uint32_t done)
{
	struct sl_computed args[SL_FOLDS_MAX] = { 0 };

	if (s->where.expr != NULL)
		sl_compute_true(&s->where, in, s->kept_rows);
	for (uint32_t i = 0; i < s->source->nfolds; i++)
		if (s->args[i].expr != NULL)
			args[i] = sl_compute_run(&s->args[i], in, NULL);
	for (uint32_t r = 0; r < in->rows; r++) {
		if (in->units[r] != s->unit) {
			if (s->unit >= 0)
				emit(s, done++);
			s->unit = in->units[r];
		}
		if (s->where.expr != NULL && !s->kept_rows[r])
			continue;
		s->unit_rows++;
		for (uint32_t i = 0; i < s->source->nfolds; i++)
			fold_row(&s->folds[i], &args[i], r);
	}
	return done;
}

static enum sl_rc next_units(struct sl_source_stream *s, struct sl_batch *out, struct sl_err *err)
{
	struct sl_batch in = { 0 };
	uint32_t done = 0;
	enum sl_rc rc;

	out->rows = 0;
	do {
		rc = slice(s, s->source->nraws, &in, err);
		if (rc != SL_OK)
			return rc;
		if (in.rows > 0)
			done = fold_batch(s, &in, done);
	} while (in.rows > 0 && done == 0);
	if (in.rows == 0 && s->unit >= 0) {
		emit(s, done++);
		s->unit = -1;
	}
	out->rows = done;
	out->units = s->units;
	out->marks = s->kept;
	out->none_kept = false;
	for (uint32_t i = 0; i < s->source->nfolds; i++) {
		out->values[i] = s->values + (size_t)i * SL_BATCH_ROWS;
		out->nulls[i] = s->nulls + (size_t)i * SL_BATCH_ROWS;
	}
	if (done > 0 && s->having.expr != NULL) {
		sl_compute_true(&s->having, out, s->kept_rows);
		for (uint32_t r = 0; r < done; r++)
			s->kept[r] &= s->kept_rows[r];
	}
	return SL_OK;
}

enum sl_rc sl_source_next(struct sl_source_stream *s, struct sl_batch *out, struct sl_err *err)
{
	return sl_source_is_folded(s->source) ? next_units(s, out, err) : next_rows(s, out, err);
}

enum sl_rc sl_source_shelf(struct sl_source_stream *s, int64_t from, struct sl_shelf *out, const uint8_t **marks,
                           struct sl_err *err)
{
	const struct sl_unit_ends not_told = { NULL, 0, NULL };
	enum sl_rc rc;

	*marks = NULL;
	if (sl_source_is_folded(s->source)) {
		rc = next_units(s, &s->folded, err);
		*out = (struct sl_shelf){ .rows = s->folded.rows, .units = s->folded.units };
		*marks = s->folded.marks;
		return rc;
	}
	rc = s->feed->shelf(s->feed, from, out, err);
	if (rc != SL_OK || out->rows == 0)
		return rc;
	if (out->units == NULL)
		rc = check_order(s, &out->first, 1, not_told, err);
	else
		rc = check_order(s, out->units, out->rows, not_told, err);
	s->last_unit = sl_shelf_last(out);
	return rc;
}

bool sl_source_pick(struct sl_source_stream *s, uint32_t column, const uint32_t *rows, uint32_t n, int64_t *values,
                    uint8_t *nulls)
{
	if (!sl_source_is_folded(s->source))
		return s->feed->pick(s->feed, column, rows, n, values, nulls);
	for (uint32_t i = 0; i < n; i++) {
		values[i] = s->folded.values[column][rows[i]];
		nulls[i] = s->folded.nulls[column][rows[i]];
	}
	return true;
}
