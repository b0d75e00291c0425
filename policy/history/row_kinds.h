/*
 * row_kinds.h - rows that are in the same of some sets are of one kind: of which kinds each of those sets is made up.
 * Used by policy/check_beside_left.c.
 */
#ifndef SL_POLICY_HISTORY_ROW_KINDS_H
#define SL_POLICY_HISTORY_ROW_KINDS_H

#include "enclave/pact/members.h"

struct sl_row_kinds {
	uint32_t n;
	uint64_t *units;            /* per kind: that have such a row */
	uint32_t nsets;
	uint32_t *first, *of_set;   /* of_set[first[i]] … of_set[first[i + 1] - 1]: kinds of the i-th set, rising */
};
#define SL_ROW_KINDS_NO_SET UINT32_MAX
#define SL_ROW_KINDS_PLACES_MAX (1u << 22)

/*
 * sl_row_kinds_make
 *   atoms  in   checked
 *   asked  in   per set of the atoms: which of the nsets sets it is; SL_ROW_KINDS_NO_SET: none of them
 *   out    out  any content; free with sl_row_kinds_free, also after failure
 *   fits   out  false: they have more than SL_ROW_KINDS_PLACES_MAX places in kinds, and nothing is said
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_row_kinds_make(const struct sl_atoms *atoms, const uint32_t *asked, uint32_t nsets,
                                           struct sl_row_kinds *out, bool *fits, struct sl_err *err);
void sl_row_kinds_free(struct sl_row_kinds *k);

#endif
