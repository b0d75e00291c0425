/* sweep.h - inside the test actor, before lock-down: try system calls in children that lock themselves up. */
#ifndef SL_TESTS_CONFINE_SWEEP_H
#define SL_TESTS_CONFINE_SWEEP_H

#include "enclave/confine/confine.h"

/*
 * Every number 0 to 1023 of an ABI ('n' native, 'x' x32, 'i' int 0x80), one child each, first argument 78. Appends
 * "number:how " for every child that was not killed by SIGSYS: how is xCODE (left itself) or sSIGNAL.
 */
void sweep_numbers(struct sl_confine *c, char abi, struct sl_buf *found);

/* Every row with its arguments and with each perturbed; appends name and argument of each wrong outcome, else "ok". */
void sweep_rows(struct sl_confine *c, struct sl_buf *found);

#endif
