/*
 * narrow.h - groups that are not shown and are known nearly: what is shown leaves fewer than t numbers more or less for
 * how many they are. No rule forbids it; a person decides.
 */
#ifndef SL_POLICY_HISTORY_NARROW_H
#define SL_POLICY_HISTORY_NARROW_H

#include "policy/history/audit.h"

/* An atom, or a hidden set: lo < units' number < hi or one of them, and hi - lo < t. */
struct sl_narrow {
	uint32_t set;        /* of the request: the hidden set, or the row that tells most of the group */
	uint64_t units, lo, hi;
};

/*
 * sl_audit_narrow - of an audit in which nothing is found any more. What is known exactly is left out, for the other
 * questions ask for it, and so is what earlier releases tell as nearly by themselves.
 *   found  out  of each row of the request the narrowest, by rows; heap memory of the caller's, NULL for none
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_narrow(const struct sl_audit *a, struct sl_narrow **found, uint32_t *nfound,
                                         struct sl_err *err);

#endif
