/*
 * rounded.h - what rounded numbers of several releases say together: each is known to an interval, cells of one family
 * and cells of another that hold the same units add up to the same, and intervals are narrowed by that.
 */
#ifndef SL_POLICY_HISTORY_ROUNDED_H
#define SL_POLICY_HISTORY_ROUNDED_H

#include "policy/history/audit.h"

/* The units of a set, as somebody knows them: lo <= units <= hi <= SL_FACT_VALUE_MAX. */
struct sl_rounded {
	int64_t lo, hi;
};

/*
 * sl_rounded_narrow - until nothing more follows from one equation at a time; the true numbers stay within.
 *   known  in/out  per set
 *   settled  out  false: more may follow: there are too many sets, or it took too long
 * Sets of tables with several rows per unit are left as they are: a unit may be in several cells. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_rounded_narrow(const struct sl_audit *a, struct sl_rounded *known, bool *settled,
                                           struct sl_err *err);

#endif
