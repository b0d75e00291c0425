/*
 * compute.h - an expression over the rows of a batch. Used by engine.c.
 *
 * One meaning for all: every row goes through sl_expr_eval, except where the expression is a bare column.
 */
#ifndef SL_ENGINE_COMPUTE_H
#define SL_ENGINE_COMPUTE_H

#include "enclave/engine/join.h"

struct sl_compute {
	const struct sl_expr *expr;    /* borrowed; checked, not empty */
	bool is_column;
	uint16_t used[SL_INPUTS_MAX];  /* inputs it reads */
	uint32_t nused;
	int64_t *values;               /* [SL_BATCH_ROWS]; not for a bare column */
	uint8_t *nulls;
};

/* What came out, a number and a mark per row; borrowed until the next run or the batch's end. */
struct sl_computed {
	const int64_t *values;
	const uint8_t *nulls;
};

/* Memory of one. */
#define SL_COMPUTE_BYTES ((uint64_t)SL_BATCH_ROWS * 9)

/* sl_compute_init - c is zeroed by the caller; sl_compute_fini also after failure. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_compute_init(struct sl_compute *c, const struct sl_expr *expr, struct sl_err *err);

/* sl_compute_run - over the rows with kept[row] != 0 (NULL: all); what stands in the others is not defined. */
struct sl_computed sl_compute_run(struct sl_compute *c, const struct sl_batch *batch, const uint8_t *kept);

void sl_compute_fini(struct sl_compute *c);

#endif
