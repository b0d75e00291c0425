/*
 * launch.h - from a job to a running process with its two pipes. Used by keeper.c only.
 */
#ifndef SL_KEEPER_LAUNCH_H
#define SL_KEEPER_LAUNCH_H

#include <sys/types.h>

#include "enclave/keeper/cgroup.h"
#include "enclave/keeper/keeper.h"

/* Descriptors are -1 when closed. */
struct sl_launch {
	pid_t pid;          /* 0: none, or reaped */
	int pidfd;
	int to_child;       /* write end, non-blocking */
	int from_child;     /* read end, non-blocking */
	uint32_t layers;    /* switched on before exec */
	struct sl_cgroup group;   /* its own; none when the host gives none */
};

/*
 * sl_launch_start - run path with the job's descriptors and limits in the deepest nest the host allows.
 *   probe  in  pass the word that makes it report its layers and leave
 * Fails: SL_E_HOST (cannot open, clone or exec), SL_E_BUG (a job without deadline, memory or program);
 * nothing runs then and nothing is open.
 */
SL_MUST_CHECK enum sl_rc sl_launch_start(const struct sl_keeper_job *job, const char *path, bool probe,
                                         struct sl_launch *out, struct sl_err *err);

/* sl_launch_cpu_seconds - CPU time the job's process may use, all threads together. */
static inline uint32_t sl_launch_cpu_seconds(const struct sl_keeper_job *job)
{
	uint32_t each_s = job->deadline_ms / 1000 + 1, asked_s = job->cpu_ms / 1000 + (job->cpu_ms % 1000 != 0);

	return (job->cpu_ms > 0 && asked_s < each_s ? asked_s : each_s) * (job->threads > 1 ? job->threads : 1);
}

/* sl_launch_close - close what is open of the descriptors, remove the group; the process must be reaped. */
void sl_launch_close(struct sl_launch *l);

#endif
