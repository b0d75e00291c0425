/*
 * bounds.h - between which numbers each atom lies for whoever holds what is shown: equation by equation, until nothing
 * changes. Finds what is told; proves nothing of what is not.
 */
#ifndef SL_POLICY_HISTORY_BOUNDS_H
#define SL_POLICY_HISTORY_BOUNDS_H

#include "policy/history/audit.h"

/* Per atom. Of one that no shown set has, hi is UINT64_MAX. */
struct sl_bounds {
	uint64_t *lo, *hi;
};

/* sl_bounds_init - room for the atoms of an indexed audit. SL_E_NOMEM. sl_bounds_fini also after failure. */
SL_MUST_CHECK enum sl_rc sl_bounds_init(struct sl_bounds *b, const struct sl_audit *a, struct sl_err *err);
void sl_bounds_fini(struct sl_bounds *b);

/* sl_bounds_settle - by what is shown of the first nsets sets: all, or history's alone. */
void sl_bounds_settle(struct sl_bounds *b, const struct sl_audit *a, uint32_t nsets);

/*
 * sl_bounds_of_set - of the atoms of a set together. Where one has no bound above, or the sum is beyond 64 bits, hi is
 * UINT64_MAX.
 */
void sl_bounds_of_set(const struct sl_bounds *b, const struct sl_audit *a, uint32_t set, uint64_t *lo, uint64_t *hi);

#endif
