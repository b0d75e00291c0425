/*
 * tally.h - rows in, evidence out: the one place where the engine counts. Used by engine.c.
 *
 * Rows come in unit order, so all rows of a unit lie together: each cell keeps what the last unit that touched it gave
 * there, and folds it into the evidence when a row of another unit arrives. Distinct units, unit totals, the largest
 * three and the rest of result.h fall out of one pass for one compare a row, without a hash and without a sort.
 *
 * Everything is exact and independent of the order of a unit's rows: totals are kept in 128 bits, and a unit total
 * beyond ±(2^63-1) marks its cell and statistic as overflow. Each thread has a tally of its own, of whole units; merging
 * them is adding, so the evidence is the same bytes for any number of threads.
 */
#ifndef SL_ENGINE_TALLY_H
#define SL_ENGINE_TALLY_H

#include "enclave/engine/compute.h"
#include "enclave/engine/keys.h"
#include "enclave/pact/result.h"

/* What one (cell, argument) holds while a unit lasts, and what must be compared row by row. */
struct sl_tally_now {
	sl_i128 total;         /* of the unit's values */
	uint64_t met;          /* the unit's rows with a value, or with a true condition */
	uint64_t unmet, known; /* conditions: the unit's rows where it is false or unknown; where it is known */
	int64_t first_value;   /* of any unit, once any_value */
	uint8_t any_value, values_differ;
};

/* What of it is left of all units before. The first 64 bytes are touched by every unit, the rest seldom. */
struct sl_tally_past {
	sl_i128 sum;
	uint64_t contributors, rows, rows_by_one_max;
	int64_t unit_min, unit_max, top3;
	int64_t top1, top2;
	sl_i128 negative_sum;  /* of |unit total|, where it is negative */
	uint64_t negatives, zeros, complement_units, known;
	uint8_t overflow;
};

/* A cell's own part; its arguments' lie behind it. */
struct sl_tally_cell {
	int64_t unit;          /* the last one that touched it; -1: none yet */
	uint64_t unit_rows;    /* of that unit */
};
struct sl_tally_count {
	uint64_t units, rows, rows_by_one_max;
};

/* Distinct units of a margin's cells. */
struct sl_tally_margin {
	uint16_t key;
	uint32_t ncells;
	int64_t *last;         /* unit that was counted last, -1: none */
	uint64_t *units;
};

/* An argument that is counted; statistics with the same one share it. */
struct sl_tally_arg {
	bool is_condition;
};

struct sl_tally {
	const struct sl_keys *keys;      /* borrowed */
	uint32_t ncells, nargs;
	struct sl_tally_arg args[SL_STATS_MAX];
	size_t now_bytes, past_bytes;    /* from one cell to the next */
	uint8_t *now, *past;             /* per cell: sl_tally_cell, sl_tally_now × nargs; sl_tally_count, sl_tally_past × nargs */
	struct sl_tally_margin margins[SL_KEYS_MAX];
	uint32_t nmargins;
	/* the current unit */
	int64_t unit;                    /* -1: none yet */
	bool kept, left_out;
	uint64_t population, complement, partly;
};

/* sl_tally_init - everything it will ever allocate; sl_tally_fini also after failure. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_tally_init(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                                       const struct sl_keys *keys, const struct sl_tally_arg *args, uint32_t nargs,
                                       struct sl_err *err);

/*
 * sl_tally_add - the rows of a batch; units whole: a unit's rows all go to one tally.
 *   cells  in  of the kept rows; not looked at when batch->none_kept
 *   args   in  of the kept rows, nargs of them
 */
void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args);

/* sl_tally_end - after the last row: what the last units gave is folded. sl_tally_merge - from, ended, into t, ended. */
void sl_tally_end(struct sl_tally *t);
void sl_tally_merge(struct sl_tally *t, const struct sl_tally *from);

/* sl_tally_count_at, sl_tally_evidence - what an ended tally says of a cell. fn: the statistic that asks. */
const struct sl_tally_count *sl_tally_count_at(const struct sl_tally *t, uint32_t cell);
void sl_tally_evidence(const struct sl_tally *t, uint32_t cell, int arg, enum sl_stat_fn fn, struct sl_evidence *out);
#define SL_TALLY_NO_ARG (-1)

void sl_tally_fini(struct sl_tally *t);

#endif
