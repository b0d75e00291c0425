/*
 * distinct.h - which values a column of a segment has in all its rows, where they are at most SL_DISTINCT_MAX. Used by
 * segment_store.c.
 *
 * Numbers that add up such a column say how many rows have each value (policy/rules/few.h), which sluice-check has to
 * know of. A column of many values is given up at the first rows; of one of few all is read that zones do not tell.
 */
#ifndef SL_ENGINE_DISTINCT_H
#define SL_ENGINE_DISTINCT_H

#include "enclave/pact/result.h"
#include "enclave/vault/reader.h"

/* sl_distinct_add - one more value. False: they are more than are told; *d is then of no use. */
bool sl_distinct_add(struct sl_distinct *d, int64_t value);

/* sl_distinct_add_rows - of n rows, those with nulls[r] left out (NULL: none is missing). False: as above. */
bool sl_distinct_add_rows(struct sl_distinct *d, const int64_t *values, const uint8_t *nulls, uint32_t n);

/*
 * sl_distinct_of - of a granted column; lane 0 must be free. *out zeroed: there are more, or no value at all.
 * Fails: SL_E_INTEGRITY as sl_reader_chunk, SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_distinct_of(const struct sl_reader *r, uint32_t column, struct sl_distinct *out,
                                        struct sl_err *err);

#endif
