/*
 * unions.h - groups of several atoms that are told together, by sums and differences of shown sets, and are few.
 */
#ifndef SL_POLICY_HISTORY_UNIONS_H
#define SL_POLICY_HISTORY_UNIONS_H

#include "policy/history/columns.h"

/*
 * sl_unions_find - the first such group that what left before did not tell by itself; s is reduced.
 *   hit      out  the request's set to hide for it; SL_AUDIT_NO_SET: there is no group, or none was found
 *   through  out  false: the search was given up; if the columns are freed a->searched is beyond SL_AUDIT_SEARCH_MAX
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_unions_find(struct sl_audit *a, const struct sl_audit_columns *c, const struct sl_space *s,
                                        struct sl_audit_hit *hit, bool *through, struct sl_err *err);

/*
 * sl_unions_free - of atoms: those of which there is a witness that they may have as many units as the threshold are in
 * no such group, whose units are known. They are no longer among the few, and the columns have another order.
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_unions_free(const struct sl_audit *a, struct sl_audit_columns *c, struct sl_err *err);

#endif
