/*
 * source.h - one source of a plan as a stream of rows in unit order: its table, filtered and folded. Used by join.c.
 *
 * A source without folds gives every row of its table; with folds, and for SEMI and ANTI, one row per unit that has a
 * row there. Rows that where and having leave out are given too, marked: the evidence counts their units.
 *
 * A stream is walked, or looked into for the rows of units (finder.h): one of both.
 */
#ifndef SL_ENGINE_SOURCE_H
#define SL_ENGINE_SOURCE_H

#include "enclave/engine/compute.h"
#include "enclave/engine/feed.h"

/* One fold of the current unit. */
struct sl_fold_state {
	sl_i128 sum;
	int64_t least, most;
	uint64_t rows, with, met; /* rows; with a value; true */
};

struct sl_source_stream {
	const struct sl_source *source;    /* borrowed */
	struct sl_feed *feed;
	struct sl_stretch stretch;
	uint32_t at;                       /* row within the stretch */
	int64_t last_unit;                 /* of the rows before; -1 at the start */
	bool one_row, ended;
	uint32_t ncolumns;                 /* columns it gives, folds when there are some */
	struct sl_range ranges[SL_INPUTS_MAX];
	struct sl_compute where, having, args[SL_FOLDS_MAX];
	uint8_t kept[SL_BATCH_ROWS];       /* marks of the rows given */
	uint8_t kept_rows[SL_BATCH_ROWS];  /* rows that where keeps, before they are folded */
	/* folding */
	struct sl_fold_state folds[SL_FOLDS_MAX];
	int64_t unit;                      /* the current one; -1: none */
	uint64_t unit_rows;                /* of it that where kept */
	int64_t *units, *values;           /* rows given: [SL_BATCH_ROWS], [fold][SL_BATCH_ROWS] */
	uint8_t *nulls;
	struct sl_batch folded;            /* that lie on a shelf */
};

/* What a stream is to read. */
struct sl_source_order {
	const struct sl_source *source;
	const struct sl_view *view;
	const uint16_t *columns;           /* as sl_input.column; of folds every one is given */
	uint32_t ncolumns;
	bool by_unit[SL_INPUTS_MAX];       /* of the columns, without folds: as sl_feed_order */
	const struct sl_range *ranges;     /* of the columns, without folds; NULL: none */
	int64_t unit_first, unit_last;
	bool units_once;                   /* as sl_feed_order, without folds */
	uint32_t lane;
};

/* sl_source_is_folded - whether its rows are made of a unit's each: with folds, and for SEMI and ANTI. */
bool sl_source_is_folded(const struct sl_source *s);

/*
 * sl_source_open - s is the caller's storage, any content; sl_source_close also after failure.
 * Fails: as the store's open; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_source_open(struct sl_source_stream *s, const struct sl_source_order *order,
                                        const struct sl_store *store, struct sl_err *err);

/*
 * sl_source_next - the next rows, at most SL_BATCH_ROWS; out->rows 0: the end. Borrowed until the next call.
 * Fails: as the feed; SL_E_INTEGRITY: the table is not in unit order, or one declared to have one row per unit has two.
 */
SL_MUST_CHECK enum sl_rc sl_source_next(struct sl_source_stream *s, struct sl_batch *out, struct sl_err *err);

/*
 * sl_source_shelf - instead of sl_source_next, of a source with one row per unit: units of the next rows, those below
 * `from` may be passed over; rows 0: the end. Of a table no more is decoded than what is picked; where is not asked.
 *   marks  out  of folded rows as sl_source_next gives them; NULL: the rows are a table's
 * Borrowed until the next call. Fails: as sl_source_next.
 */
SL_MUST_CHECK enum sl_rc sl_source_shelf(struct sl_source_stream *s, int64_t from, struct sl_shelf *out,
                                         const uint8_t **marks, struct sl_err *err);

/* sl_source_pick - as sl_feed.pick, of the last shelf: columns are the raws and then those it gives, or the folds. */
bool sl_source_pick(struct sl_source_stream *s, uint32_t column, const uint32_t *rows, uint32_t n, int64_t *values,
                    uint8_t *nulls);

void sl_source_close(struct sl_source_stream *s);

#endif
