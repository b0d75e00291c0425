/*
 * joint.h - everything together, of small systems: what all shown sets at once say about each atom.
 */
#ifndef SL_POLICY_HISTORY_JOINT_H
#define SL_POLICY_HISTORY_JOINT_H

#include "policy/history/audit.h"
#include "policy/secondary/system.h"

/*
 * sl_audit_joint - look for witnesses (secondary/witness.h), of what nothing was found against:
 *   - every atom of fewer than t units may as well be empty, or may as well have t: nobody can be sure that there are
 *     few;
 *   - every hidden set of fewer than t units may be both.
 * What has them without the request's sets and not beside them has a few of those hidden, the cheapest first, when that
 * helps.
 *   asked     out  false: the system is too large, or took too long
 *   unproved  out  those left without: nothing is known against them, and nothing for them
 * No clock is read: the same input gives the same answer. Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_joint(struct sl_audit *a, bool *asked, uint32_t *unproved, struct sl_err *err);

/*
 * sl_audit_joint_system - what is known, for a prover: a fact for each atom, then one for each set with units. s is
 * zero and is freed by the caller, also after failure. SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_joint_system(const struct sl_audit *a, struct sl_system *s, struct sl_err *err);

#endif
