/*
 * join.h - the rows of a plan: its sources joined on the privacy unit, in batches. Used by engine.c.
 *
 * Every source is in unit order, so the join is a merge. One source drives: the one with several rows per unit, or the
 * first. Each other INNER, LEFT source has at most one row per unit, SEMI and ANTI are asked only whether they have
 * one. The driver's rows pass as they lie; what the others lack is told by marks and missing values, nothing is moved.
 */
#ifndef SL_ENGINE_JOIN_H
#define SL_ENGINE_JOIN_H

#include "enclave/engine/lookup.h"
#include "enclave/engine/source.h"

/* A source while it is walked. */
struct sl_join_side {
	struct sl_source_stream stream;
	struct sl_batch batch;
	uint32_t at;                  /* row within the batch */
	bool ended;
	uint32_t place[SL_BATCH_ROWS]; /* of the driver's rows: row of this side's batch, or SL_JOIN_NONE */
};
#define SL_JOIN_NONE UINT32_MAX

struct sl_join {
	const struct sl_plan *plan;           /* borrowed, and so are the view's cells */
	uint32_t driver;
	struct sl_join_side sides[SL_SOURCES_MAX];
	uint32_t nopen;
	uint16_t input_column[SL_INPUTS_MAX]; /* of plan.inputs[]: within its source's columns */
	int64_t *values;                      /* of inputs that are not the driver's: [input][SL_BATCH_ROWS] */
	uint8_t *nulls;
	struct sl_lookup lookups[SL_INPUTS_MAX]; /* of inputs with one, in their order */
	uint32_t nlookups;
	int64_t *looked_values;               /* [lookup][SL_BATCH_ROWS] */
	uint8_t *looked_nulls;
	bool has_nulls[SL_INPUTS_MAX];        /* of the present batch */
	bool is_marked;                       /* some row of the present batch may not be kept */
	uint8_t marks[SL_BATCH_ROWS];
};

/* Which rows, on which thread. */
struct sl_join_part {
	int64_t unit_first, unit_last;
	uint32_t lane;
};

/* sl_join_driver - the source whose rows the joined ones are, of a checked plan. */
uint32_t sl_join_driver(const struct sl_plan *plan, const struct sl_view *view);

/* sl_join_bytes - memory sl_join_open takes, feeds included. */
uint64_t sl_join_bytes(const struct sl_plan *plan, const struct sl_store *store);

/*
 * sl_join_open - open every source of a checked plan.
 *   j       out  caller's storage, any content; sl_join_close also after failure
 *   ranges  in   per input: values outside cannot be kept (sl_filter_ranges); copied
 * Fails: as the store's open; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_join_open(struct sl_join *j, const struct sl_plan *plan, const struct sl_view *view,
                                      const struct sl_store *store, const struct sl_join_part *part,
                                      const struct sl_range *ranges, struct sl_err *err);

/*
 * sl_join_next - the next rows, units not falling from batch to batch.
 * Fails: as sl_source_next.
 */
SL_MUST_CHECK enum sl_rc sl_join_next(struct sl_join *j, struct sl_batch *out, struct sl_err *err);

void sl_join_close(struct sl_join *j);

#endif
