/*
 * acknowledge.h - the findings that are left to a reviewer, and the rules a reviewer names because of them. Pure; jobs
 * asks it when a statement is made and when it is read again, the gate when it counts.
 *
 * A set of rules is bits, 1 << enum sl_rule.
 */
#ifndef SL_POLICY_ACKNOWLEDGE_H
#define SL_POLICY_ACKNOWLEDGE_H

#include "enclave/pact/publication.h"

/* sl_acknowledge_open - the rules of findings that hide nothing and refuse nothing: a person judges them. */
uint64_t sl_acknowledge_open(const struct sl_publication *publication);

/*
 * sl_acknowledge_take - rules by name.
 *   request  in   "R-1", for messages
 *   open     in   as sl_acknowledge_open
 *   names    in   n of them; one may stand twice
 *   set      out  0 on failure
 * Fails: SL_E_USAGE, with a near name: a rule of which no finding is left to judge.
 */
SL_MUST_CHECK enum sl_rc sl_acknowledge_take(const char *request, uint64_t open, const char *const *names, size_t n,
                                             uint64_t *set, struct sl_err *err);

/*
 * sl_acknowledge_ask - has everything been named? Fails: SL_E_DENIED, which lists what has not, with the numbers of its
 * findings as `review show` counts them.
 */
SL_MUST_CHECK enum sl_rc sl_acknowledge_ask(const char *request, const struct sl_publication *publication, uint64_t set,
                                            struct sl_err *err);

#endif
