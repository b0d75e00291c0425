/* finder.c - see finder.h. */
#include "enclave/engine/finder.h"

#include <stdlib.h>
#include <string.h>

static uint32_t columns_read(const struct sl_source *source, uint32_t ncolumns)
{
	return sl_source_is_folded(source) ? source->nfolds : source->nraws + ncolumns;
}

enum sl_rc sl_finder_open(struct sl_finder *f, const struct sl_source_order *order, const struct sl_store *store,
                          struct sl_err *err)
{
	memset(f, 0, sizeof *f);
	enum sl_rc rc = sl_source_open(&f->stream, order, store, err);
	if (rc != SL_OK)
		return rc;
	f->ncolumns = columns_read(order->source, order->ncolumns);
	f->values = calloc((size_t)(f->ncolumns + 1) * SL_BATCH_ROWS, sizeof *f->values);
	f->nulls = calloc((size_t)(f->ncolumns + 1) * SL_BATCH_ROWS, 1);
	return f->values != NULL && f->nulls != NULL
	               ? SL_OK
	               : sl_err_set(err, SL_E_NOMEM, "out of memory for %u joined columns", f->ncolumns);
}

void sl_finder_close(struct sl_finder *f)
{
	sl_source_close(&f->stream);
	free(f->values);
	free(f->nulls);
	memset(f, 0, sizeof *f);
}

/* Goes on to the shelf that `unit` lies on, or would. */
static enum sl_rc reach(struct sl_finder *f, int64_t unit, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	while (rc == SL_OK && !f->ended && (f->shelf.rows == 0 || sl_shelf_last(&f->shelf) < unit)) {
		rc = sl_source_shelf(&f->stream, unit, &f->shelf, &f->shelf_marks, err);
		f->at = 0;
		f->ended = rc != SL_OK || f->shelf.rows == 0;
	}
	return rc;
}

#define STEP_UNITS 8u

/*
 * The first of n rising units, from `at` on, that is not below `unit`; n: none. Eight at a time and without a branch in
 * between: how many persons lie between two that have events cannot be guessed.
 */
static inline uint32_t seek(const int64_t *units, uint32_t at, uint32_t n, int64_t unit)
{
	while (at + STEP_UNITS <= n) {
		uint32_t below = 0;
		for (uint32_t i = 0; i < STEP_UNITS; i++)
			below += units[at + i] < unit;
		at += below;
		if (below < STEP_UNITS)
			return at;
	}
	while (at < n && units[at] < unit)
		at++;
	return at;
}

/*
 * Places and marks of rows from..n, as far as their units do not lie behind the shelf; returns how far that is. A row
 * that is not there has the place of a neighbour, so that places do not fall.
 */
static uint32_t place(struct sl_finder *f, const int64_t *units, uint32_t from, uint32_t n)
{
	const struct sl_shelf *shelf = &f->shelf;
	int64_t last = sl_shelf_last(shelf), first = shelf->first;

	while (units[n - 1] > last) /* units[from] does not: reach */
		n--;
	if (shelf->units == NULL)
		for (uint32_t i = from; i < n; i++) {
			f->marks[i] = units[i] < first ? SL_ROW_ABSENT : SL_ROW_KEPT;
			f->places[i] = units[i] < first ? 0 : (uint32_t)(units[i] - first);
		}
	else
		for (uint32_t i = from; i < n; i++) {
			f->at = seek(shelf->units, f->at, shelf->rows, units[i]);
			f->marks[i] = shelf->units[f->at] == units[i] ? SL_ROW_KEPT : SL_ROW_ABSENT;
			f->places[i] = f->at;
		}
	for (uint32_t i = from; i < n && f->shelf_marks != NULL; i++)
		f->marks[i] = f->marks[i] == SL_ROW_KEPT ? f->shelf_marks[f->places[i]] : f->marks[i];
	return n;
}

/* What lies at the places of rows from..to. Where some value is missing, marks of all rows up to `to` hold. */
static void take(struct sl_finder *f, uint32_t from, uint32_t to)
{
	for (uint32_t c = 0; c < f->ncolumns; c++) {
		int64_t *values = f->values + (size_t)c * SL_BATCH_ROWS;
		uint8_t *nulls = f->nulls + (size_t)c * SL_BATCH_ROWS;
		bool told = sl_source_pick(&f->stream, c, f->places + from, to - from, values + from, nulls + from);
		if (told && !f->has_nulls[c])
			memset(nulls, 0, from);
		else if (!told && f->has_nulls[c])
			memset(nulls + from, 0, to - from);
		f->has_nulls[c] |= told;
	}
}

static void tell(const struct sl_finder *f, uint32_t skipped, struct sl_batch *out)
{
	for (uint32_t c = skipped; c < f->ncolumns; c++) {
		out->values[c - skipped] = f->values + (size_t)c * SL_BATCH_ROWS;
		out->nulls[c - skipped] = f->has_nulls[c] ? f->nulls + (size_t)c * SL_BATCH_ROWS : NULL;
	}
}

/* What the where of a table leaves out; folded rows have seen theirs. */
static void sift(struct sl_finder *f, const struct sl_batch *rows)
{
	if (f->stream.where.expr == NULL || sl_source_is_folded(f->stream.source))
		return;
	sl_compute_true(&f->stream.where, rows, f->kept);
	for (uint32_t i = 0; i < rows->rows; i++)
		f->marks[i] = f->marks[i] == SL_ROW_KEPT ? f->kept[i] : f->marks[i];
}

static bool are_all_kept(const struct sl_finder *f, uint32_t rows)
{
	uint8_t all = SL_ROW_KEPT;

	for (uint32_t i = 0; i < rows; i++)
		all &= f->marks[i];
	return all == SL_ROW_KEPT;
}

/* Rows that are not kept have no values. */
static void blank(struct sl_finder *f, uint32_t rows)
{
	for (uint32_t c = 0; c < f->ncolumns; c++) {
		int64_t *values = f->values + (size_t)c * SL_BATCH_ROWS;
		uint8_t *nulls = f->nulls + (size_t)c * SL_BATCH_ROWS;
		if (!f->has_nulls[c])
			memset(nulls, 0, rows);
		f->has_nulls[c] = true;
		for (uint32_t i = 0; i < rows; i++) {
			bool kept = f->marks[i] == SL_ROW_KEPT;
			values[i] = kept ? values[i] : 0;
			nulls[i] = kept ? nulls[i] : 1;
		}
	}
}

enum sl_rc sl_finder_rows(struct sl_finder *f, const int64_t *units, uint32_t n, struct sl_batch *out,
                          struct sl_err *err)
{
	uint32_t done = 0, nraws = sl_source_is_folded(f->stream.source) ? 0 : f->stream.source->nraws;
	enum sl_rc rc = SL_OK;

	memset(f->has_nulls, 0, sizeof f->has_nulls);
	while (done < n) {
		rc = reach(f, units[done], err);
		if (rc != SL_OK || f->ended)
			break;
		uint32_t to = place(f, units, done, n);
		take(f, done, to);
		done = to;
	}
	memset(f->marks + done, SL_ROW_ABSENT, n - done);
	out->rows = n;
	out->units = units;
	out->none_kept = false;
	out->marks = NULL;
	tell(f, 0, out);
	sift(f, out);
	if (!are_all_kept(f, n)) {
		out->marks = f->marks;
		blank(f, n);
	}
	tell(f, nraws, out);
	return rc;
}
