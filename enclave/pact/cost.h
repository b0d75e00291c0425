/*
 * cost.h - the memory a plan takes in sluice-engine, from declared domains alone: known before a table is opened.
 *
 * What the engine allocates is bounded by this (its tests compare), so a plan that would not fit is refused where its
 * author can still be told everything. Linear in cells, statistics and threads; never in rows or units. Not in it are
 * the tables' manifests, some 75 bytes for each chunk of 65,536 cells: the largest table of eight columns has 40 MB.
 */
#ifndef SL_PACT_COST_H
#define SL_PACT_COST_H

#include "enclave/pact/plan.h"

/* Per thread: a column that is read, a row-wise register of an expression, all else that does not grow. */
#define SL_COST_COLUMN_BYTES ((uint64_t)768 << 10)
#define SL_COST_REGISTER_BYTES ((uint64_t)20 << 10)
#define SL_COST_THREAD_BYTES ((uint64_t)2 << 20)
/* Per cell: of the cell and of each argument in every thread; of each statistic in the result and on the wire. */
#define SL_COST_CELL_BYTES ((uint64_t)192)
#define SL_COST_ARG_BYTES ((uint64_t)192)
#define SL_COST_STAT_BYTES ((uint64_t)640)
#define SL_COST_MARGIN_BYTES ((uint64_t)16)
#define SL_COST_MOMENTS_BYTES ((uint64_t)96)
#define SL_COST_QUANTILE_BYTES ((uint64_t)176)
/* Of each variable and each sum of a model: in every thread and in the result; sums of one stand on the wire, too. */
#define SL_COST_VARIABLE_BYTES ((uint64_t)256)
#define SL_COST_SUM_BYTES ((uint64_t)64)
/* Of draws: of a cell and of each argument in every thread; of each statistic in the result and on the wire. */
#define SL_COST_DRAWN_CELL_BYTES ((uint64_t)48)
#define SL_COST_DRAWN_ARG_BYTES ((uint64_t)32)
#define SL_COST_DRAW_BYTES ((uint64_t)32)
/* Of limits, besides: of each argument in every thread; of each cell in the result and on the wire. */
#define SL_COST_LIMIT_ARG_BYTES ((uint64_t)32)
#define SL_COST_LIMIT_CELL_BYTES ((uint64_t)32)

/* Of what stands in the engine whatever the plan is: a text of the view besides its letters. */
#define SL_COST_TEXT_BYTES ((uint64_t)48)

/*
 * sl_plan_engine_bytes - of a checked plan with 1 to 64 threads; UINT64_MAX when it is no number of bytes.
 *   drawn  in  enum sl_draws_level
 */
uint64_t sl_plan_engine_bytes(const struct sl_plan *plan, const struct sl_view *view, uint32_t threads, uint8_t drawn);

/* sl_plan_result_bytes - exact wire size of a checked plan's result: declared in shape, its numbers fixed in width. */
uint64_t sl_plan_result_bytes(const struct sl_plan *plan, const struct sl_view *view, uint8_t drawn);

#endif
