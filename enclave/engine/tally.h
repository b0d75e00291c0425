/*
 * tally.h - rows in, evidence out: the one place where the engine counts. Used by engine.c.
 *
 * Rows come in unit order, so all rows of a unit lie together: each cell keeps what the last unit that touched it gave
 * there, and folds it into the evidence when a row of another unit arrives. Distinct units, unit totals, the largest
 * three and the rest of result.h fall out of one pass for one compare a row, without a hash and without a sort.
 *
 * Everything is exact and independent of the order of a unit's rows: totals are kept in 128 bits, and a unit total
 * beyond ±(2^63-1) marks its cell and statistic as overflow. Each thread has a tally of its own, of whole units;
 * merging them is adding, so the evidence is the same bytes for any number of threads.
 */
#ifndef SL_ENGINE_TALLY_H
#define SL_ENGINE_TALLY_H

#include "enclave/engine/compute.h"
#include "enclave/engine/keys.h"
#include "enclave/engine/presence.h"
#include "enclave/pact/result.h"

/*
 * What every row touches of a cell, or of one of its arguments: a line of the processor's cache, so that the cells of
 * an everyday table stay near it. What is seldom touched lies apart, in sl_tally_rest. Counts fit: a table has fewer
 * than 2^32 rows.
 */
struct sl_tally_block {
	uint32_t tag;          /* of the last unit that touched the cell, its ordinal + 1; 0: none yet */
	uint32_t now_rows;     /* of that unit: its rows in the cell; for an argument those with a value, or true */
	uint32_t units, rows, rows_by_one_max; /* of all units before */
	uint32_t flags;        /* SL_TALLY bits */
	int64_t total;         /* of that unit's values, less what went to rest.wide_total; conditions: its rows not true */
	int64_t sum;           /* of unit totals, less what went to rest.wide_sum; conditions: rows where it is known */
	int64_t quiet;         /* unit totals from here on, quiet_span of them, change the sum and nothing else */
	uint64_t quiet_span;   /* 0 until values differ, and while total is wide */
	uint64_t not_true;     /* conditions: units with a row that is not */
};
_Static_assert(sizeof(struct sl_tally_block) == 64, "a block is a cache line");

struct sl_tally_rest {
	int64_t least, most;          /* smallest and largest unit total */
	int64_t top[3];               /* largest |unit total|, falling */
	int64_t value;                /* the first one met */
	uint64_t negatives, zeros;
	sl_i128 negative_sum;         /* of |unit total|, where it is negative */
	sl_i128 wide_total, wide_sum; /* what left 64 bits on the way */
	uint8_t overflow;             /* a unit total left 64 bits in the end */
	uint8_t has_total;            /* another did not */
};

/* A unit total on its way to where it changes more than a sum: fetching that line takes as long as many rows. */
struct sl_tally_late {
	struct sl_tally_block *block;
	struct sl_tally_rest *rest;
	int64_t total;
};
#define SL_TALLY_LATE 16 /* lines that are fetched at once */

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
	bool is_whole;         /* no condition, and never missing: its rows are the cell's */
};

#define SL_TALLY_NO_ARG (-1)
#define SL_TALLY_UNIT_MAX (UINT32_MAX - 1)

struct sl_tally {
	const struct sl_keys *keys;      /* borrowed */
	uint32_t ncells, nargs;
	struct sl_tally_arg args[SL_STATS_MAX];
	int whole;                       /* argument that lives in its cells' first block; SL_TALLY_NO_ARG: none */
	uint32_t block_of[SL_STATS_MAX]; /* per argument, within a cell; 0 for the whole one */
	uint32_t nblocks;                /* of a cell: [0] is its own */
	struct sl_tally_block *blocks;   /* cell-major */
	struct sl_tally_rest *rests;     /* [cell][argument] */
	struct sl_tally_margin margins[SL_KEYS_MAX];
	uint32_t nmargins;
	struct sl_tally_late late[SL_TALLY_LATE];
	uint32_t nlate;                  /* 0 once ended */
	bool is_by_unit;                 /* of the last batch: all rows are kept, and those of a unit are in one cell */
	struct sl_presence presence;
	uint64_t population, complement, partly; /* units; once ended */
	uint16_t kept_rows[SL_BATCH_ROWS];       /* of a batch: numbers of the kept rows */
	int64_t sums[SL_BATCH_ROWS + 1];         /* of a batch: of the values before each row */
};


/* sl_tally_init - everything it will ever allocate; sl_tally_fini also after failure. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_tally_init(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                                       const struct sl_keys *keys, const struct sl_tally_arg *args, uint32_t nargs,
                                       struct sl_err *err);

/*
 * sl_tally_add - the rows of a batch; units whole: a unit's rows all go to one tally. Ordinals are at most
 * SL_TALLY_UNIT_MAX.
 *   cells  in  of the kept rows; not looked at when batch->none_kept
 *   args   in  of the kept rows, nargs of them; a whole one has no nulls
 */
void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *marks, const uint32_t *cells,
                  const struct sl_computed *args);

/*
 * sl_tally_add_edges - the same of a batch all of whose rows are kept, where no argument is counted and each unit's
 * rows are in one cell, told by unit as batch->ends has them; batch->units is not looked at. Of its units, which are
 * present, the first and the last one are counted, since they may have rows in another batch. sl_tally_add_counts - of
 * the others, which somebody else counted in a cell: how many, their rows, and the most rows of one.
 */
void sl_tally_add_edges(struct sl_tally *t, const struct sl_batch *batch, const uint32_t *unit_cells);
void sl_tally_add_counts(struct sl_tally *t, uint32_t cell, uint32_t units, uint32_t rows, uint32_t most_rows);

/* sl_tally_are_by_unit - whether all rows of each unit of a batch that tells its units are in one cell. */
bool sl_tally_are_by_unit(const struct sl_tally *t, const struct sl_batch *batch, const uint32_t *cells);

/* sl_tally_end - after the last row: what the last units gave is folded. sl_tally_merge - from into t, both ended. */
void sl_tally_end(struct sl_tally *t);
void sl_tally_merge(struct sl_tally *t, const struct sl_tally *from);

/* sl_tally_evidence - what an ended tally says of a cell; arg may be SL_TALLY_NO_ARG. fn: the statistic that asks. */
void sl_tally_evidence(const struct sl_tally *t, uint32_t cell, int arg, enum sl_stat_fn fn, struct sl_evidence *out);

void sl_tally_fini(struct sl_tally *t);

#endif
