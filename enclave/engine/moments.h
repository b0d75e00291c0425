/*
 * moments.h - power sums of one or two arguments per cell, for variance, correlation and regression. Used by engine.c.
 *
 * Sums are exact in 128 bits. Sums of squares only grow, so whether one leaves 2^126 does not depend on the order of
 * rows; while neither does, the sum of products cannot (Cauchy and Schwarz), and wraps to its true value on the way.
 */
#ifndef SL_ENGINE_MOMENTS_H
#define SL_ENGINE_MOMENTS_H

#include "enclave/engine/compute.h"
#include "enclave/pact/result.h"

struct sl_moments_tally {
	uint32_t ncells, n;         /* statistics that have moments */
	struct sl_moments *moments; /* cell-major: as the result has them */
};

/* sl_moments_init - SL_E_NOMEM; sl_moments_fini also after failure, accepts a zeroed one. */
SL_MUST_CHECK enum sl_rc sl_moments_init(struct sl_moments_tally *t, uint32_t ncells, uint32_t n, struct sl_err *err);

/*
 * sl_moments_add - the kept rows of a batch to the at-th statistic.
 *   x, y   in  nulls of y are those of the pair; y NULL: one argument, x
 */
void sl_moments_add(struct sl_moments_tally *t, uint32_t at, const struct sl_batch *batch, const uint8_t *marks,
                    const uint32_t *cells, const struct sl_computed *x, const struct sl_computed *y);

void sl_moments_merge(struct sl_moments_tally *t, const struct sl_moments_tally *from);

/* sl_moments_end - what overflowed is zeroed but for the flag: nothing that is left says by how much. */
void sl_moments_end(struct sl_moments_tally *t);

void sl_moments_fini(struct sl_moments_tally *t);

#endif
