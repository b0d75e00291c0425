/*
 * privileges.h - steps 3 and 4 inside a confined process: what it was born with and must lose.
 * Used by confine.c only. Each returns true when the kernel did it, so that the layer is on.
 */
#ifndef SL_CONFINE_PRIVILEGES_H
#define SL_CONFINE_PRIVILEGES_H

#include <stdbool.h>

/* SIGKILL when the keeper dies; false also when it is dead already (nobody reads fd_out). */
bool sl_privileges_die_with_parent(int fd_out);

bool sl_privileges_no_new(void);

/* Every capability gone from all five sets, and uid 0 worth nothing after. */
bool sl_privileges_drop_capabilities(void);

/* No core file, no ptrace by the same account; false if the kernel says it is dumpable still. */
bool sl_privileges_not_dumpable(void);

/* True when neither the real, effective nor saved uid or gid is 0. */
bool sl_privileges_ordinary_user(void);

/*
 * CORE, NOFILE, NPROC, MEMLOCK, MSGQUEUE and DATA to zero, FSIZE too unless may_write_files; true when they took and
 * CPU, STACK and FSIZE are finite (the keeper set them).
 */
bool sl_privileges_rlimits(bool may_write_files);

/* No memory becomes executable. The processor's clock raises SIGSEGV. */
bool sl_privileges_mdwe(void);
bool sl_privileges_no_clock(void);

#endif
