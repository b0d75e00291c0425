/*
 * sample.h - where the order statistics of a run will lie, told from a few of its rows. Used by order.c.
 *
 * Which rows those are follows from where the table can be cut, never from what is in them. What comes of it decides
 * how long the search takes and nothing else: the brackets are looked at, and not believed.
 */
#ifndef SL_ENGINE_SAMPLE_H
#define SL_ENGINE_SAMPLE_H

#include "enclave/engine/run.h"

/*
 * sl_sample_brackets - read the sample and set run->work.brackets, ready for the pass. There are none (npairs 0) when
 * the table is too small to be sampled, or `bytes` too few, or so many rows would lie inside that nothing is gained.
 * run is open. Fails: as sl_run_pass; SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_sample_brackets(struct sl_run *run, uint64_t bytes, struct sl_err *err);

#endif
