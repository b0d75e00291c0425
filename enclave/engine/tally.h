/*
 * tally.h - rows in, evidence out: the one place where the engine counts. Used by engine.c.
 *
 * Rows come in unit order, so all rows of a unit lie together: while a unit lasts, each cell it touches keeps what it
 * gave there; when the next unit begins these are folded into the evidence and forgotten. Distinct units, unit totals,
 * the largest three and the rest of result.h fall out of one pass, without a hash and without a sort.
 *
 * Everything is exact and independent of the order of a unit's rows: totals are kept in 128 bits, and a unit total
 * beyond ±(2^63-1) marks its cell and statistic as overflow.
 */
#ifndef SL_ENGINE_TALLY_H
#define SL_ENGINE_TALLY_H

#include "enclave/engine/compute.h"
#include "enclave/engine/keys.h"
#include "enclave/pact/result.h"

/* What a statistic counts beside its cell's rows and units. */
enum sl_tally_kind { SL_TALLY_NONE = 0, SL_TALLY_CONDITION, SL_TALLY_MAGNITUDE };

/* One (cell, statistic with an argument): of the current unit, and what must be remembered of all before. */
struct sl_tally_slot {
	sl_i128 total;         /* MAGNITUDE: of the current unit */
	uint64_t met, unmet;   /* rows of the current unit: with a value or a true condition; with a false or unknown one */
	uint64_t known;        /* CONDITION: rows of all units where it is known */
	int64_t first_value, first_total;
	uint8_t any_value, any_total, values_differ, totals_differ;
};

struct sl_tally_cell {
	uint64_t serial;       /* of the last unit that touched it; units are numbered from 1 */
	uint64_t unit_rows;    /* of that unit */
	uint64_t units, rows, rows_by_one_max;
};

struct sl_tally {
	const struct sl_plan *plan;
	const struct sl_keys *keys;
	uint32_t ncells, nstats, nslots; /* slots per cell: statistics with an argument */
	uint8_t kind[SL_STATS_MAX];
	uint32_t slot_stat[SL_STATS_MAX];
	struct sl_tally_cell *cells;
	struct sl_tally_slot *slots;     /* cell-major */
	uint32_t *touched;               /* cells of the current unit */
	uint32_t ntouched;
	uint64_t *margin_serial[SL_KEYS_MAX];
	/* the current unit */
	uint64_t serial;                 /* 0: none yet */
	int64_t unit;
	bool kept, left_out;
	struct sl_result *result;        /* filled in place */
};

/*
 * sl_tally_bytes - memory a tally and the result it fills take; UINT64_MAX when that is not a number of bytes.
 */
uint64_t sl_tally_bytes(const struct sl_plan *plan, const struct sl_view *view);

/*
 * sl_tally_init - everything it will ever allocate.
 *   t       out     caller's storage, any content; sl_tally_fini also after failure
 *   keys    in      of the same plan; borrowed
 *   result  in/out  zeroed by the caller, who owns what is put there, also after failure
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_tally_init(struct sl_tally *t, const struct sl_plan *plan, const struct sl_view *view,
                                       const struct sl_keys *keys, struct sl_result *result, struct sl_err *err);

/*
 * sl_tally_add - the rows of a batch.
 *   kept   in  kept[row] != 0: the row meets the plan's where; NULL: all do
 *   cells  in  of the kept rows
 *   args   in  of the kept rows, one per slot (statistics with an argument, in plan order)
 */
void sl_tally_add(struct sl_tally *t, const struct sl_batch *batch, const uint8_t *kept, const uint32_t *cells,
                  const struct sl_computed *args);

/* sl_tally_end - after the last row: the result is complete but for its plan digest. */
void sl_tally_end(struct sl_tally *t);

void sl_tally_fini(struct sl_tally *t);

#endif
