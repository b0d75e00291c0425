/*
 * join.h - the rows of a plan: its sources joined on the privacy unit, in batches. Used by engine.c.
 *
 * Every source is in unit order, so the join is a merge: one source may have many rows per unit and drives, the others
 * have one. A unit that one of them lacks has no row.
 */
#ifndef SL_ENGINE_JOIN_H
#define SL_ENGINE_JOIN_H

#include "enclave/engine/batch.h"
#include "enclave/engine/feed.h"

/* One source while it is walked. */
struct sl_join_side {
	struct sl_feed *feed;
	struct sl_stretch stretch;
	uint32_t at;           /* row within the stretch */
	int64_t last_unit;     /* of the stretches before; -1 at the start */
	bool one_row, ended;
};

struct sl_join {
	uint32_t nsources, ninputs, driver;
	struct sl_join_side sides[SL_SOURCES_MAX];
	uint8_t input_source[SL_INPUTS_MAX];
	uint16_t input_column[SL_INPUTS_MAX]; /* within its feed */
	int64_t *units, *values;              /* gathered rows: [SL_BATCH_ROWS], [input][SL_BATCH_ROWS] */
	uint8_t *nulls;
};

/* sl_join_bytes - memory sl_join_open takes, feeds included. */
uint64_t sl_join_bytes(const struct sl_plan *plan, const struct sl_store *store);

/*
 * sl_join_open - open every source of a checked plan.
 *   j    out  caller's storage, any content; sl_join_close also after failure
 * Fails: as the store's open; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_join_open(struct sl_join *j, const struct sl_plan *plan, const struct sl_view *view,
                                      const struct sl_store *store, struct sl_err *err);

/*
 * sl_join_next - the next rows, units not falling from batch to batch.
 * Fails: as the feeds; SL_E_INTEGRITY: a table is not in unit order, or one declared to have one row per unit has two.
 */
SL_MUST_CHECK enum sl_rc sl_join_next(struct sl_join *j, struct sl_batch *out, struct sl_err *err);

void sl_join_close(struct sl_join *j);

#endif
