/*
 * members.h - one thread's part of who stands behind an output's numbers (pact/members.h). Used by lane.c and engine.c.
 *
 * Rows come in unit order, so a unit's sets are complete when the next unit's first row comes: they are written then,
 * and nothing but the bytes of units that were written grows.
 */
#ifndef SL_ENGINE_MEMBERS_H
#define SL_ENGINE_MEMBERS_H

#include "enclave/engine/compute.h"
#include "enclave/engine/batch.h"
#include "enclave/pact/members.h"

struct sl_member_tally {
	uint32_t nsets, per_cell;  /* per_cell: 1 + watched statistics */
	bool one_row;
	uint16_t inputs[SL_PRINTS_MAX];
	uint32_t nprints;          /* of those inputs */
	int64_t unit;              /* of the row before; -1: none */
	uint64_t row, last_row;    /* its place among the unit's rows; of the last one that was noted */
	struct sl_buf rows;        /* of the present unit, as they will stand */
	uint64_t nrows;
	int64_t first, last;       /* units that were written; first -1: none */
	uint64_t nunits;
	struct sl_buf out;         /* as sl_members.units, but that the first unit has no ordinal */
};

/* sl_members_init - SL_E_LIMIT: too many sets. sl_members_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_members_init(struct sl_member_tally *t, const struct sl_plan *plan,
                                         const struct sl_view *view, bool one_row, struct sl_err *err);

/*
 * sl_members_add - the rows of a batch; all rows of the driver pass here, kept or not, whole units per tally.
 *   cells    in  of the kept rows; not looked at when batch->none_kept
 *   watched  in  of the kept rows: per watched statistic its condition or argument
 *   is_condition  in  per watched statistic: its rows are those where it is true, not those that have a value
 */
void sl_members_add(struct sl_member_tally *t, const struct sl_batch *batch, const uint8_t *marks,
                    const uint32_t *cells, const struct sl_computed *watched, const bool *is_condition);

/* sl_members_end - after the last row. SL_E_LIMIT, SL_E_NOMEM: what it wrote did not fit. */
SL_MUST_CHECK enum sl_rc sl_members_end(struct sl_member_tally *t, struct sl_err *err);

/* sl_members_append - the units of an ended tally behind those of out; tallies in order of their units. */
SL_MUST_CHECK enum sl_rc sl_members_append(const struct sl_member_tally *t, int64_t *last, struct sl_buf *out,
                                           uint64_t *nunits, struct sl_err *err);

void sl_members_fini(struct sl_member_tally *t);

#endif
