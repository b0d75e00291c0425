/*
 * kernel_groups.h - a directory that stands in for the kernel's control groups: a new directory in it gets the files
 * that the kernel would show, a removed one goes with them, and any step can be refused.
 *
 * Linked with --wrap for the calls that cgroup.c makes. The files keep what was written last.
 */
#ifndef SL_TESTS_KERNEL_GROUPS_H
#define SL_TESTS_KERNEL_GROUPS_H

#include "enclave/keeper/cgroup.h"

/* What the stand-in does next; all of it is reset by kernel_groups_open. */
struct kernel_groups {
	struct sl_cgroup_host host;
	int refuse_at;                 /* the step that fails, counted down; -1: none */
	int refuse_with;               /* errno */
	const char *lacks;             /* a file no new group has; NULL: none */
	const char *marked;            /* path that systemd marked delegated */
	bool hands_down;               /* memory and pids are in the subtree_control of each group */
	int busy;                      /* so many removals say EBUSY */
};
extern struct kernel_groups kernel_groups;

/*
 * kernel_groups_open - an empty host of a version, below a new directory, with what the calling process's groups file
 * says. kernel_groups_close - removes it.
 */
void kernel_groups_open(enum sl_cgroup_version version, const char *self);
void kernel_groups_close(void);

/* A group, with parents, below the host's root: "/sluice", "/memory/sluice". */
void kernel_groups_add(const char *path);

/* The text of a file below the root, until the next call; NULL when there is none. */
const char *kernel_groups_read(const char *path);

/* How many groups of jobs are in a group; the last one's name into name, when not NULL. */
int kernel_groups_count(const char *path, char name[64]);

#endif
