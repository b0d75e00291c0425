/* landlock.c - see landlock.h. Debian 12's header stops at ABI 2, so the newer words are written out here. */
#include "enclave/confine/landlock.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CREATE_RULESET_VERSION 1u

/* struct landlock_ruleset_attr of ABI 6; older kernels are given the leading part they know. */
struct ruleset {
	uint64_t files, network, scopes;
};

/* What each ABI added (Documentation/userspace-api/landlock.rst). */
static const struct {
	int abi;
	struct ruleset adds;
} added[] = {
	{ 1, { .files = (UINT64_C(1) << 13) - 1 } }, /* execute … make_sym */
	{ 2, { .files = UINT64_C(1) << 13 } },       /* refer */
	{ 3, { .files = UINT64_C(1) << 14 } },       /* truncate */
	{ 4, { .network = 3 } },                     /* bind and connect TCP */
	{ 5, { .files = UINT64_C(1) << 15 } },       /* ioctl on devices */
	{ 6, { .scopes = 3 } },                      /* abstract sockets, signals */
};

static long abi_version(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
}

bool sl_landlock_deny_all(void)
{
	long abi = abi_version();
	struct ruleset all = { 0 };
	size_t bytes = abi >= 6 ? sizeof all : abi >= 4 ? 2 * sizeof all.files : sizeof all.files;
	long fd, rc;

	if (abi < 1)
		return false;
	for (size_t i = 0; i < sizeof added / sizeof added[0]; i++) {
		if (added[i].abi > abi)
			break;
		all.files |= added[i].adds.files;
		all.network |= added[i].adds.network;
		all.scopes |= added[i].adds.scopes;
	}
	fd = syscall(SYS_landlock_create_ruleset, &all, bytes, 0);
	if (fd < 0)
		return false;
	rc = syscall(SYS_landlock_restrict_self, (int)fd, 0);
	(void)close((int)fd);
	return rc == 0;
}
