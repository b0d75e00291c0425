/* errand.c - see errand.h. */
#include "enclave/keeper/errand.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define STACK_BYTES ((size_t)64 << 10)

bool sl_errand_run(int (*fn)(void *), void *arg, int namespaces)
{
	static _Alignas(64) char stack[STACK_BYTES]; /* one errand at a time, since this process waits for it */
	int dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	pid_t pid = clone(fn, stack + sizeof stack, namespaces | CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, arg);

	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	/* A child that enters a user namespace takes it from its memory, which is this process's as well. */
	if (dumpable == 1)
		(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	return pid > 0;
}
