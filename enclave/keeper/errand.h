/*
 * errand.h - something done in other namespaces on this process's behalf. Used by launch.c and yard.c only.
 */
#ifndef SL_KEEPER_ERRAND_H
#define SL_KEEPER_ERRAND_H

#include <stdbool.h>

/* On what clones there and never returns: a sanitizer takes an errand's stack for a thread's that has gone wrong. */
#define SL_ERRAND_STACK __attribute__((no_sanitize("address")))

/*
 * sl_errand_run - run fn(arg) in a child as short as vfork's: it has this process's memory and descriptors, and this
 * process waits until it is gone. All signals must be blocked.
 *   fn          in  system calls only; may clone a process of its own that never returns, on 64 KiB of stack
 *   namespaces  in  CLONE_NEW* flags that the child is born into; 0: none
 * Returns false when there was no child. Afterwards this process may do no less than before.
 */
bool sl_errand_run(int (*fn)(void *), void *arg, int namespaces);

#endif
