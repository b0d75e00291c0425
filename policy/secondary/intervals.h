/*
 * intervals.h - what an attacker who knows every number of a system to an interval can make of the equations: the
 * intervals, narrowed until nothing more follows from one equation at a time.
 *
 * Finds what is told; proves nothing of what is not (several equations together may tell more).
 */
#ifndef SL_POLICY_SECONDARY_INTERVALS_H
#define SL_POLICY_SECONDARY_INTERVALS_H

#include "policy/secondary/system.h"

/*
 * sl_intervals_narrow - facts' lo and hi; a fact stands at most once in an equation. *settled false: it was given up,
 * and more may follow. The true values stay within.
 */
void sl_intervals_narrow(struct sl_system *s, bool *settled);

#endif
