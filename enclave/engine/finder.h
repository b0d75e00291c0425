/*
 * finder.h - a source of one row per unit that is asked for the rows of units: a joined one. Used by join.c.
 *
 * Units are asked for as they rise, so that both sides go forward and nothing is held: a merge. What of a table is not
 * asked for is not decoded, and where its units follow each other without a gap, not even those.
 */
#ifndef SL_ENGINE_FINDER_H
#define SL_ENGINE_FINDER_H

#include "enclave/engine/source.h"

struct sl_finder {
	struct sl_source_stream stream;
	struct sl_shelf shelf;
	const uint8_t *shelf_marks;       /* NULL: all of its rows are kept */
	uint32_t at;                      /* no unit that will be asked for lies before */
	bool ended;
	uint32_t ncolumns;                /* raws, which only the source's where reads, and those that are given */
	uint32_t places[SL_BATCH_ROWS];   /* on the shelf */
	uint8_t marks[SL_BATCH_ROWS], kept[SL_BATCH_ROWS];
	int64_t *values;                  /* [column][SL_BATCH_ROWS] */
	uint8_t *nulls;
	bool has_nulls[SL_INPUTS_MAX];
};

/* sl_finder_open - as sl_source_open; the order has no ranges. */
SL_MUST_CHECK enum sl_rc sl_finder_open(struct sl_finder *f, const struct sl_source_order *order,
                                        const struct sl_store *store, struct sl_err *err);

/*
 * sl_finder_rows - of n units that rise, at most SL_BATCH_ROWS, the first not below the last of the call before.
 *   out  out  row i is the row of units[i], marked SL_ROW_ABSENT where there is none; values are of kept rows, all else
 *             is missing. Borrowed until the next call.
 * Fails: as sl_source_next.
 */
SL_MUST_CHECK enum sl_rc sl_finder_rows(struct sl_finder *f, const int64_t *units, uint32_t n, struct sl_batch *out,
                                        struct sl_err *err);

void sl_finder_close(struct sl_finder *f);

#endif
