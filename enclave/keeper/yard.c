/* yard.c - see yard.h. */
#include "enclave/keeper/yard.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "enclave/keeper/errand.h"

/* Descriptors of this process, -1: none. Whoever is forked must not use its parent's: it may have less of a right. */
static struct {
	pid_t owner;   /* who made it or tried to */
	int net, user; /* user: for an ordinary user only */
} yard = { .net = -1, .user = -1 };

/* In the new namespaces: what is opened stays open when the errand is gone, and keeps them. */
static int hold_namespaces(void *given)
{
	const struct sl_nest *nest = given;

	if (!nest->is_root && !sl_nest_map_user(nest->uid, nest->gid))
		return 1;
	yard.net = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (!nest->is_root)
		yard.user = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
	return 0;
}

static void forget(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

bool sl_yard_has(const struct sl_nest *nest)
{
	if (yard.owner != getpid()) {
		struct sl_nest given = *nest;
		forget(&yard.net);
		forget(&yard.user);
		yard.owner = getpid();
		(void)sl_errand_run(hold_namespaces, &given, CLONE_NEWNET | (nest->is_root ? 0 : CLONE_NEWUSER));
	}
	return yard.net >= 0 && (nest->is_root || yard.user >= 0);
}

bool sl_yard_enter(void)
{
	return (yard.user < 0 || setns(yard.user, CLONE_NEWUSER) == 0) && setns(yard.net, CLONE_NEWNET) == 0;
}
