/*
 * engine.h - one plan over its tables: rows to full cells with evidence. Everything sluice-engine does but talk.
 *
 *   feeds → filter, fold → join on the unit → where → keys → arguments → tally, moments, quantiles → result
 *
 * A result is a function of plan and table versions alone, and of the rounding key where counts are drawn: the same
 * bytes every time, for any number of threads. The crew (confine/crew.h) is used as it stands: each thread takes some
 * of the units. No row and no unit leaves.
 */
#ifndef SL_ENGINE_ENGINE_H
#define SL_ENGINE_ENGINE_H

#include "enclave/engine/feed.h"
#include "enclave/pact/members.h"
#include "enclave/pact/result.h"
#include "enclave/pact/setup.h"

/* Cells times statistics of one result (the bound of its wire form). */
#define SL_ENGINE_EVIDENCE_MAX (SL_CELLS_MAX * 4)

/*
 * sl_engine_run - run one plan.
 *   setup  in   its view, memory_bytes and cells_max bound the run; of the keys rounding_key is looked at, with draws
 *   store  in   gives the rows of the view's tables, for as many lanes as the crew has threads
 *   plan   in   from another process: checked here
 *   out    out  caller's storage, any content; free with sl_codec_free(&sl_result_record, out). plan_digest is zero:
 *               who received the plan's bytes fills it. Zeroed after failure.
 * Fails: SL_E_INPUT (the plan is not one of this view, or reads a table nothing lies behind)
 *        SL_E_LIMIT (cells, evidence, memory: with the number it would take)
 *        SL_E_INTEGRITY (a table is not what its manifest or the catalogue says), SL_E_NOMEM
 */
SL_MUST_CHECK enum sl_rc sl_engine_run(const struct sl_engine_setup *setup, const struct sl_store *store,
                                       const struct sl_plan *plan, struct sl_result *out, struct sl_err *err);

/*
 * sl_engine_members - which units stand behind the numbers that sl_engine_run gives for the same plan.
 *   out  out  caller's storage, any content; free with sl_codec_free(&sl_members_record, out). Zeroed after failure.
 * As sl_engine_run in all else; memory grows with the units, within the process's.
 */
SL_MUST_CHECK enum sl_rc sl_engine_members(const struct sl_engine_setup *setup, const struct sl_store *store,
                                           const struct sl_plan *plan, struct sl_members *out, struct sl_err *err);

/* sl_engine_encode - a result as a RESULT frame's body, in one allocation of its size. SL_E_NOMEM, SL_E_LIMIT. */
SL_MUST_CHECK enum sl_rc sl_engine_encode(const struct sl_result *result, struct sl_buf *out, struct sl_err *err);

#endif
