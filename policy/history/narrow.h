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
	uint32_t hidden;     /* the group: a hidden set; SL_AUDIT_NO_SET: */
	uint32_t atom;       /* an atom */
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

/*
 * sl_narrow_needs - the earlier outputs that it takes to know a group as nearly, the oldest where it takes one of
 * several; where finding that costs too much, those that have units of it.
 *   n       in   of sl_audit_narrow
 *   beside  out  per earlier output: a shown set, of those that the group lies in or has units in if there is one;
 *                SL_AUDIT_NO_SET: it does not take the output
 *   work    in/out  what may still be spent: see needs.h
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_narrow_needs(const struct sl_audit *a, const struct sl_narrow *n, uint32_t *beside,
                                         uint64_t *work, struct sl_err *err);

#endif
