/*
 * needs.h - where everything together tells of few: which earlier outputs it takes for that. For the reviewer.
 */
#ifndef SL_POLICY_HISTORY_NEEDS_H
#define SL_POLICY_HISTORY_NEEDS_H

#include "policy/history/audit.h"

/* Of more releases than these a finding names none: whoever reads it would learn nothing. */
#define SL_NEEDS_MAX 8u

/* What a search for them may cost, of a request: tenths of a second. */
#define SL_NEEDS_WORK UINT64_C(500000000)

/*
 * sl_audit_needs - after sl_audit_run: the releases that `set`, which was hidden, must not be seen beside.
 *   needed  out  per earlier output: it is one of those without which nothing would be found, the oldest where it takes
 *                one of several; where that is not known or costs too much, those that have units in common with it
 *   work    in/out  what may still be spent
 * Fails: SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_needs(const struct sl_audit *a, uint32_t set, bool *needed, uint64_t *work,
                                         struct sl_err *err);

/*
 * sl_audit_needs_set, _of_atom - the first set of an output that is shown and has units in common with `set`, or has
 * the atom; else NO_SET.
 */
uint32_t sl_audit_needs_set(const struct sl_audit *a, uint32_t output, uint32_t set);
uint32_t sl_audit_needs_set_of_atom(const struct sl_audit *a, uint32_t output, uint32_t atom);
/* sl_audit_needs_cost - about what carrying bounds through all equations once costs, in steps of SL_NEEDS_WORK. */
uint64_t sl_audit_needs_cost(const struct sl_audit *a);

#endif
