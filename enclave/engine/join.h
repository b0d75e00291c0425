/*
 * join.h - the rows of a plan: its sources joined on the privacy unit, in batches. Used by engine.c.
 *
 * Every source is in unit order, so the join is a merge. One source drives: the one with several rows per unit, or the
 * first. Each other INNER, LEFT source has at most one row per unit, SEMI and ANTI are asked only whether they have
 * one. The driver's rows pass as they lie; the others are asked once for each of its units, and what they lack is told
 * by marks and missing values.
 */
#ifndef SL_ENGINE_JOIN_H
#define SL_ENGINE_JOIN_H

#include "enclave/engine/finder.h"
#include "enclave/engine/lookup.h"

struct sl_join {
	const struct sl_plan *plan;           /* borrowed, and so are the view's cells */
	uint32_t driver;
	struct sl_source_stream stream;       /* of the driver */
	struct sl_finder sides[SL_SOURCES_MAX]; /* of all others */
	uint32_t nopen;
	uint16_t input_column[SL_INPUTS_MAX]; /* of plan.inputs[]: within its source's columns */
	bool by_row[SL_INPUTS_MAX];           /* an expression reads the input, or it is looked up */
	/* Of the driver's present batch: its units, how they are marked, where they end if the driver does not say. */
	int64_t units[SL_BATCH_ROWS];
	uint8_t unit_marks[SL_BATCH_ROWS], row_marks[SL_BATCH_ROWS];
	uint16_t own_ends[SL_BATCH_ROWS];
	struct sl_unit_ends ends;
	int64_t *values;                      /* of inputs that are not the driver's: [input][SL_BATCH_ROWS] */
	uint8_t *nulls;
	struct sl_lookup lookups[SL_INPUTS_MAX]; /* of inputs with one, in their order */
	uint32_t nlookups;
	int64_t *looked_values;               /* [lookup][SL_BATCH_ROWS] */
	uint8_t *looked_nulls;
};

/* Which rows, on which thread. */
struct sl_join_part {
	int64_t unit_first, unit_last;
	uint32_t lane;
};

/* sl_join_driver - the source whose rows the joined ones are, of a checked plan. */
uint32_t sl_join_driver(const struct sl_plan *plan, const struct sl_view *view);

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
