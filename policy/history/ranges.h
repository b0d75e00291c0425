/*
 * ranges.h - a set of whole numbers as ranges of them: what a comparison, a list or a band lets through, on the grid of
 * what is compared. For condition.c.
 */
#ifndef SL_POLICY_HISTORY_RANGES_H
#define SL_POLICY_HISTORY_RANGES_H

#include <stdbool.h>
#include <stdint.h>

#include "enclave/base/err.h"
#include "enclave/base/num.h"

struct sl_range {
	int64_t lo, hi; /* lo <= hi */
};

/* Settled: rising, and a number between any two that is in neither. All zero: the empty set. */
struct sl_ranges {
	struct sl_range *at;
	uint32_t n, cap;
};

#define SL_RANGE_ALL ((struct sl_range){ INT64_MIN, INT64_MAX })

void sl_ranges_free(struct sl_ranges *r);

/* sl_ranges_add - what of lo .. hi is in `within`; r is settled after sl_ranges_settle again. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_ranges_add(struct sl_ranges *r, sl_i128 lo, sl_i128 hi, struct sl_range within,
                                       struct sl_err *err);
void sl_ranges_settle(struct sl_ranges *r);

/* sl_ranges_invert - what of `within` is not in r. r is settled and within it, before and after. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_ranges_invert(struct sl_ranges *r, struct sl_range within, struct sl_err *err);

/* sl_ranges_append - all of both; r is settled after sl_ranges_settle again, once for however many. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_ranges_append(struct sl_ranges *r, const struct sl_ranges *with, struct sl_err *err);

/* sl_ranges_is_all - all of `within`. */
bool sl_ranges_is_all(const struct sl_ranges *r, struct sl_range within);

#endif
