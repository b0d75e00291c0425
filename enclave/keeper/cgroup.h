/*
 * cgroup.h - a control group of its own for each confined process, made in a group that the operator gave to Sluice.
 *
 * Used by launch.c (made before the clone, removed after the process was reaped) and by `sluice doctor` (why there is
 * none). Bounds memory and the number of processes as a group, by the kernel, whatever the process does; keeps what it
 * holds off the swap device. Never takes a group that was not given: others write there. A group is given when
 *   - it is called "sluice" and the caller's process is in it or below it, or
 *   - cgroup v2: systemd marked it delegated (Delegate=yes), and the caller's process is in it or directly below, or
 *   - it is called "sluice" and lies at the top of the hierarchy.
 * On v1 one is needed in each of the hierarchies memory and pids. Nothing here is required: a host that gives none, or
 * refuses a step, has the layer off.
 */
#ifndef SL_KEEPER_CGROUP_H
#define SL_KEEPER_CGROUP_H

#include <stdbool.h>
#include <sys/types.h>

#include "enclave/base/err.h"

enum sl_cgroup_version { SL_CGROUP_NONE = 0, SL_CGROUP_V1, SL_CGROUP_V2 };

/* Where the kernel shows its groups; a test puts files of its own in their place. */
struct sl_cgroup_host {
	const char *root;   /* cgroup v2 is mounted here, or v1's hierarchies below it, each under its controller's name */
	const char *self;   /* the groups of the calling process, as in cgroups(7) */
};
extern const struct sl_cgroup_host sl_cgroup_this_host;

struct sl_cgroup_limits {
	uint64_t memory_bytes;  /* anonymous memory, what files it holds in the page cache, and the kernel's for it */
	uint32_t processes;     /* threads count */
};

#define SL_CGROUP_PARTS_MAX 2

/* Descriptors are -1 when closed. Zero is no group. */
struct sl_cgroup {
	enum sl_cgroup_version version;
	unsigned nparts;                      /* 1 on v2; on v1 one per hierarchy */
	char name[40];
	int given[SL_CGROUP_PARTS_MAX];       /* the directory that the group is made in */
	int own[SL_CGROUP_PARTS_MAX];         /* the group; locked, so that nobody takes it for a leftover */
	int entry[SL_CGROUP_PARTS_MAX];       /* its cgroup.procs, on v1 its tasks, for writing */
};

/* sl_cgroup_version_here - what is mounted; given or not. */
enum sl_cgroup_version sl_cgroup_version_here(const struct sl_cgroup_host *host);

/*
 * sl_cgroup_make - a new, empty group with its limits set; leftovers of parents that were killed are removed as well.
 *   g    out  any content; on failure no group
 *   why  out  SL_E_HOST: what the host refused, and what would give it; may be NULL
 * In a delegated group of v2 the calling process moves into the group "keeper" below it, since v2 divides no group that
 * holds processes.
 * Returns false when there is none to be had; nothing is then left behind.
 */
SL_MUST_CHECK bool sl_cgroup_make(const struct sl_cgroup_host *host, const struct sl_cgroup_limits *limits,
                                  struct sl_cgroup *g, struct sl_err *why);

/*
 * sl_cgroup_enter - put the calling process, which has one thread, into the group; false: it is not in all parts of it.
 * Two system calls at most and nothing else, for a process between clone and exec. v2 is better entered by
 * CLONE_INTO_CGROUP with own[0]: who moves there by itself waits until every processor of the host has noticed.
 */
SL_MUST_CHECK bool sl_cgroup_enter(const struct sl_cgroup *g);

/*
 * sl_cgroup_try - would a process get a group? One is made, a child enters it and leaves, and it is removed.
 *   why  out  as in sl_cgroup_make; also when it can be made and not be entered
 */
SL_MUST_CHECK bool sl_cgroup_try(const struct sl_cgroup_host *host, struct sl_err *why);

/* sl_cgroup_ran_out - has the kernel killed in it because its memory was used up? False when it cannot be told. */
bool sl_cgroup_ran_out(const struct sl_cgroup *g);

/*
 * sl_cgroup_remove - after its process was reaped. A group that something still lives in is killed (v2) and, when it
 * does not go at once, left for the next sl_cgroup_make. g has no group after.
 */
void sl_cgroup_remove(struct sl_cgroup *g);

#endif
