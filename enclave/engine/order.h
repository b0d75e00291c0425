/*
 * order.h - the order statistics of a run: between brackets in the pass that makes the evidence when that is possible
 * (sample.h), else digit by digit in passes of their own (quantile.h). Used by engine.c.
 */
#ifndef SL_ENGINE_ORDER_H
#define SL_ENGINE_ORDER_H

#include "enclave/engine/run.h"

/*
 * sl_order_open - before the pass that makes the evidence, of an open run. What is left of memory_bytes beside what the
 * plan takes at least decides how the search goes; what it finds does not depend on it. Fails: as sl_run_pass.
 */
SL_MUST_CHECK enum sl_rc sl_order_open(struct sl_run *run, uint64_t memory_bytes, struct sl_err *err);

/* sl_order_find - after that pass: from out->evidence to out->quantiles. Fails: as sl_run_pass. */
SL_MUST_CHECK enum sl_rc sl_order_find(struct sl_run *run, struct sl_result *out, struct sl_err *err);

#endif
