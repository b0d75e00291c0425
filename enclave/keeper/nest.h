/*
 * nest.h - what the new process does between clone and exec. Used by launch.c only.
 *
 * Runs in a copy of the parent that may hold locks of its libraries: system calls only, no allocation, no
 * stdio. Ends in exec or _exit; what it managed goes up the status pipe.
 */
#ifndef SL_KEEPER_NEST_H
#define SL_KEEPER_NEST_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "enclave/keeper/cgroup.h"

enum sl_nest_stage { SL_NEST_EXECUTED = 0, SL_NEST_DESCRIPTORS, SL_NEST_LIMITS, SL_NEST_EXEC };

/* One record on the status pipe; the last one before its end counts. */
struct sl_nest_report {
	uint32_t stage;      /* enum sl_nest_stage that failed; 0: about to exec */
	int32_t error;       /* errno */
	uint32_t layers;
};

/* Everything the child needs, made by the parent before. */
struct sl_nest {
	uint64_t namespaces;       /* CLONE_NEW* flags of what it is in and the parent is not */
	bool is_root;              /* the parent's euid is 0 */
	unsigned uid, gid;         /* of the parent, for the maps of a user namespace */
	int program_fd, status_fd, in_fd, out_fd, null_fd;
	const int *data_fds;
	unsigned ndata;
	rlim_t cpu_s, file_bytes;
	const struct sl_cgroup *group;   /* to enter; may be none */
	bool is_in_group;                /* it was cloned into it */
	bool is_in_yard;                 /* its network, and user, namespace was there before (yard.h) */
	char *const *argv;
};

#define SL_NEST_STAND_IN_ID 65534   /* nobody, nogroup */

/* sl_nest_map_user - in a new user namespace: the stand-in there is the parent's account here. System calls only. */
bool sl_nest_map_user(unsigned uid, unsigned gid);

_Noreturn void sl_nest_enter(const struct sl_nest *nest);

#endif
