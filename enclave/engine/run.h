/* run.h - a plan while it runs: its lanes, and passes of all of them over the rows. Used by engine.c and order.c. */
#ifndef SL_ENGINE_RUN_H
#define SL_ENGINE_RUN_H

#include "enclave/engine/lane.h"

struct sl_run {
	struct sl_work work;
	struct sl_lane *lanes;
	uint32_t nlanes;
};

/*
 * sl_run_open - one lane per thread, as far as the driver's table can be cut; units belong to one lane each.
 *   run  in/out  zeroed but for run->work, which is ready (sl_work_init); sl_run_close also after failure
 * Fails: as sl_lane_init.
 */
SL_MUST_CHECK enum sl_rc sl_run_open(struct sl_run *run, struct sl_err *err);

/* sl_run_pass - all rows once, on all threads. Of several failures the first lane's: the answer is always the same. */
SL_MUST_CHECK enum sl_rc sl_run_pass(struct sl_run *run, enum sl_pass pass, struct sl_err *err);

/* sl_run_parts - the same of rows of `n` parts, as many at once as there are lanes. */
SL_MUST_CHECK enum sl_rc sl_run_parts(struct sl_run *run, enum sl_pass pass, const struct sl_join_part *parts,
                                      uint32_t n, struct sl_err *err);

void sl_run_close(struct sl_run *run);

#endif
