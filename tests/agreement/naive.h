/*
 * naive.h - a plan's result by lists of rows and qsort: slow, plain, and nothing of it shared with the engine.
 *
 * Scalar expressions are the pact's sl_expr_eval, which the engine's vectors and SQL are compared with elsewhere.
 */
#ifndef SL_TEST_AGREEMENT_NAIVE_H
#define SL_TEST_AGREEMENT_NAIVE_H

#include "enclave/pact/result.h"
#include "tests/unit/engine/memory_store.h"

/* naive_run - a checked plan over the store's rows; free with sl_codec_free(&sl_result_record, out). */
void naive_run(const struct sl_plan *plan, const struct sl_view *view, const struct memory_store *store,
               struct sl_result *out);

/*
 * naive_differs - the first field in which two results differ, told in out; false: there is none.
 */
bool naive_differs(const struct sl_result *engine, const struct sl_result *naive,
                   char *out, size_t size);

#endif
