/*
 * sensitive.h - which conditions of an output's sets read a column that its owner marked sensitive: who meets them is a
 * group of all who are there without them.
 */
#ifndef SL_POLICY_HISTORY_SENSITIVE_H
#define SL_POLICY_HISTORY_SENSITIVE_H

#include "enclave/pact/history.h"

/*
 * sl_sensitive_list - of a checked plan's where and its statistics, and of its sources that give rows as they are;
 * rising, into heap memory of the caller's. A condition that does not stand apart from the others, as that of a fold or
 * a semi join, is none of them.
 * Fails: SL_E_LIMIT (more than SL_PREDICATE_PARTS_MAX), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_sensitive_list(const struct sl_plan *plan, const struct sl_view *view,
                                           struct sl_sensitive **out, uint32_t *nout, struct sl_err *err);

#endif
