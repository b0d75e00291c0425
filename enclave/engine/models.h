/*
 * models.h - sums of several variables per cell, for least squares on more than one x. Used by engine.c.
 *
 * As in moments.h: sums of squares only grow, so that the order of rows does not decide whether one leaves 2^126, and
 * sums of products wrap to their true value on the way. Beside them, for each variable, how many units have a row that
 * is not its smallest value in the cell, and not its largest: a variable that few units vary is about those few.
 */
#ifndef SL_ENGINE_MODELS_H
#define SL_ENGINE_MODELS_H

#include "enclave/engine/compute.h"
#include "enclave/pact/result.h"

/* One variable of a model in a cell. The tag and the overflow are of the whole model, and stand with the first. */
struct sl_model_track {
	int64_t lo, hi, now_lo, now_hi;   /* of all units before, and of the present one */
	uint64_t above, below;            /* units before with a row above lo, below hi */
	uint32_t units;                   /* units before */
	uint32_t tag;                     /* of the present unit, its ordinal + 1; 0: none yet */
	uint8_t overflow;
};

struct sl_models_tally {
	uint32_t ncells, nmodels;
	uint32_t first[SL_STATS_MAX];     /* by model, a statistic of it */
	struct sl_model_place all, place[SL_STATS_MAX];
	struct sl_model_track *tracks;    /* cell-major: as the result has its variables */
	struct sl_sum *sums;              /* cell-major: as the result has them */
};

/* sl_models_init - for the models of a checked plan. SL_E_NOMEM; sl_models_fini also after failure, of a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_models_init(struct sl_models_tally *t, const struct sl_plan *plan, uint32_t ncells,
                                        struct sl_err *err);

/*
 * sl_models_add - the kept rows of a batch to the m-th model. Units come whole and in order.
 *   y   in  its nulls are those of the whole model
 *   xs  in  as many as the model has
 */
void sl_models_add(struct sl_models_tally *t, uint32_t m, const struct sl_batch *batch, const uint8_t *marks,
                   const uint32_t *cells, const struct sl_computed *y, const struct sl_computed *xs);

/* sl_models_end - after the last row: the last units count. sl_models_merge - from into t, both ended. */
void sl_models_end(struct sl_models_tally *t);
void sl_models_merge(struct sl_models_tally *t, const struct sl_models_tally *from);

/* sl_models_tell - variables and sums into a result; sums that overflowed are zeros. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_models_tell(struct sl_models_tally *t, struct sl_result *out, struct sl_err *err);

void sl_models_fini(struct sl_models_tally *t);

#endif
