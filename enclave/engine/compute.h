/*
 * compute.h - an expression over the rows of a batch. Used by engine.c.
 *
 * One meaning for all: what comes out for a row is what sl_expr_eval gives for it. The expression is compiled once
 * (program.h); a run allocates nothing and calls no system.
 */
#ifndef SL_ENGINE_COMPUTE_H
#define SL_ENGINE_COMPUTE_H

#include "enclave/engine/feed.h"
#include "enclave/engine/program.h"

struct sl_compute {
	const struct sl_expr *expr;    /* borrowed; checked, not empty */
	struct sl_program program;
	struct sl_register *registers;
	int64_t *wide;                 /* a condition's answers as numbers; NULL: it is none */
	void *room;
	size_t room_bytes;
};

/* What came out, a number and a mark (not 0: missing) per row; borrowed until the next run or the batch's end. */
struct sl_computed {
	const int64_t *values;
	const uint8_t *nulls;          /* NULL: none missing */
};

/* sl_computed_counts - whether a row is kept (marks NULL: all are) and has a value. */
static inline bool sl_computed_counts(const struct sl_computed *arg, const uint8_t *marks, uint32_t row)
{
	return (marks == NULL || marks[row] == SL_ROW_KEPT) && (arg->nulls == NULL || arg->nulls[row] == 0);
}

/* sl_compute_init - c is zeroed by the caller; sl_compute_fini also after failure. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_compute_init(struct sl_compute *c, const struct sl_expr *expr, struct sl_err *err);

/*
 * sl_compute_run - over the rows with kept[row] != 0 (NULL: all); what stands in the others, and in a missing row, is
 * not defined.
 */
struct sl_computed sl_compute_run(struct sl_compute *c, const struct sl_batch *batch, const uint8_t *kept);

/* sl_compute_true - of a condition: 1 for the rows where it is true, 0 where it is false or unknown. */
void sl_compute_true(struct sl_compute *c, const struct sl_batch *batch, uint8_t kept[static SL_BATCH_ROWS]);

void sl_compute_fini(struct sl_compute *c);

/*
 * sl_filter_ranges - what a condition asks of each input by itself, for leaving out chunks that hold no such row.
 *   where   in   a checked condition, or an empty expression, which asks nothing
 *   ranges  out  by input: lo > hi when no value will do, `missing` when a missing one may. A row outside of any of
 *                them cannot make the condition true; of a row inside of all nothing is said.
 */
void sl_filter_ranges(const struct sl_expr *where, struct sl_range ranges[static SL_INPUTS_MAX]);

#endif
