/* layers.c - see layers.h. */
#include "enclave/confine/layers.h"

#include <string.h>

#define LAYER(id, name_, required_, reason_, missing_) \
	[id] = { .layer = (id), .name = (name_), .required = (required_), .reason = (reason_), .missing = (missing_) }

#define NEEDS_NS " needs root, or user namespaces for ordinary users"

const struct sl_layer_row sl_layers_table[SL_LAYER_COUNT] = {
	LAYER(SL_LAYER_ARENA, "arena", true,
	      "memory is one region mapped before lock-down; a full one is an error, not a system call",
	      "the region could not be mapped; lower the memory limit, or this is a sanitizer build"),
	LAYER(SL_LAYER_ENVIRONMENT, "environment", true,
	      "no variable can carry a secret in or steer a library",
	      "the environment is not empty; start it through the keeper"),
	LAYER(SL_LAYER_DESCRIPTORS, "descriptors", true,
	      "the process holds the named descriptors and no other",
	      "a descriptor is missing or one too many was inherited; start it through the keeper"),
	LAYER(SL_LAYER_NO_NEW_PRIVS, "no-new-privs", true,
	      "no execve can add rights, and the filter may be installed",
	      "prctl(PR_SET_NO_NEW_PRIVS) was refused; it needs Linux 3.5 or newer"),
	LAYER(SL_LAYER_CAPABILITIES, "capabilities", true,
	      "no capability is held, and none can come back",
	      "capabilities could not be dropped; the host's security module refuses capset"),
	LAYER(SL_LAYER_NOT_DUMPABLE, "not-dumpable", true,
	      "no core file, and no process of the same account may look inside",
	      "prctl(PR_SET_DUMPABLE) was refused"),
	LAYER(SL_LAYER_PARENT_DEATH, "parent-death", true,
	      "the process dies with its keeper",
	      "prctl(PR_SET_PDEATHSIG) was refused, or the keeper is gone already"),
	LAYER(SL_LAYER_RLIMITS, "rlimits", true,
	      "no core file, no new descriptor, process, locked page or data page; CPU time is bounded",
	      "a limit could not be set; start it through the keeper, which bounds CPU time"),
	LAYER(SL_LAYER_SECCOMP, "seccomp", true,
	      "every system call but the program's few kills it",
	      "the filter was refused; the kernel needs CONFIG_SECCOMP_FILTER, and a container must allow seccomp"),
	LAYER(SL_LAYER_NO_NETWORK, "no-network", true,
	      "no socket can be made or used",
	      "neither a network namespace nor the filter is on"),
	LAYER(SL_LAYER_ORDINARY_USER, "ordinary-user", false,
	      "the process runs under no account with rights of its own",
	      "it runs as root; give the account CAP_SETUID and CAP_SETGID, or run sluice as an ordinary user"),
	LAYER(SL_LAYER_SESSION, "session", false,
	      "a session and keyring of its own: no terminal, no key of the caller",
	      "setsid or keyctl was refused; a container that hides keyctl does that"),
	LAYER(SL_LAYER_EMPTY_ROOT, "empty-root", false,
	      "the root directory is empty and read-only, and no user namespace can be made",
	      "the root could not be exchanged;" NEEDS_NS),
	LAYER(SL_LAYER_MOUNT_NS, "mount-namespace", false,
	      "no mount of the host is seen",
	      "no mount namespace;" NEEDS_NS),
	LAYER(SL_LAYER_PID_NS, "pid-namespace", false,
	      "no process of the host is seen or signalled",
	      "no pid namespace;" NEEDS_NS),
	LAYER(SL_LAYER_NET_NS, "net-namespace", false,
	      "no network device exists",
	      "no net namespace;" NEEDS_NS),
	LAYER(SL_LAYER_IPC_NS, "ipc-namespace", false,
	      "no shared memory or queue of the host is seen",
	      "no ipc namespace;" NEEDS_NS),
	LAYER(SL_LAYER_UTS_NS, "uts-namespace", false,
	      "the host's name cannot be changed",
	      "no uts namespace;" NEEDS_NS),
	LAYER(SL_LAYER_CGROUP_NS, "cgroup-namespace", false,
	      "the host's control groups are not seen",
	      "no cgroup namespace;" NEEDS_NS),
	LAYER(SL_LAYER_LANDLOCK, "landlock", false,
	      "every file and network right is denied, also if the filter had a hole",
	      "Landlock is off; the kernel needs CONFIG_SECURITY_LANDLOCK and lsm=landlock"),
	LAYER(SL_LAYER_MDWE, "mdwe", false,
	      "no memory can become executable",
	      "PR_SET_MDWE was refused; it needs Linux 6.3 or newer"),
	/* libcrypto reads the clock in the others. */
	[SL_LAYER_NO_CLOCK] = {
		.layer = SL_LAYER_NO_CLOCK,
		.name = "no-clock",
		.not_for = 1u << SL_PROGRAM_ENGINE | 1u << SL_PROGRAM_LOAD,
		.reason = "reading the processor's clock kills: nothing can be timed",
		.missing = "the clock can be read; prctl(PR_SET_TSC) was refused, it is there on x86 only",
	},
	LAYER(SL_LAYER_CGROUP, "cgroup", false,
	      "memory and processes are bounded by the kernel as a group too, and nothing goes to a swap device",
	      "no control group was given to Sluice, or it cannot be used; the custodian's book says how to give one"),
};

uint32_t sl_layers_known(void)
{
	return SL_LAYER_BIT(SL_LAYER_COUNT) - 1;
}

uint32_t sl_layers_for(enum sl_program program)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < SL_LAYER_COUNT; i++)
		if ((sl_layers_table[i].not_for >> (unsigned)program & 1) == 0)
			mask |= SL_LAYER_BIT(i);
	return mask;
}

uint32_t sl_layers_required(void)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < SL_LAYER_COUNT; i++)
		if (sl_layers_table[i].required)
			mask |= SL_LAYER_BIT(i);
#ifdef SL_SANITIZE
	/* The sanitizers map memory and read the clock as they please; such a build is for tests only. */
	mask &= ~(SL_LAYER_BIT(SL_LAYER_SECCOMP) | SL_LAYER_BIT(SL_LAYER_ARENA) | SL_LAYER_BIT(SL_LAYER_RLIMITS) |
	          SL_LAYER_BIT(SL_LAYER_NO_NETWORK));
#endif
	return mask;
}

const struct sl_layer_row *sl_layers_find(const char *name)
{
	for (size_t i = 0; i < SL_LAYER_COUNT; i++)
		if (strcmp(sl_layers_table[i].name, name) == 0)
			return &sl_layers_table[i];
	return NULL;
}
