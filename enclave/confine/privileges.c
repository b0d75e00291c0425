/* privileges.c - see privileges.h. Raw calls: libcap would be one more library in every confined program. */
#include "enclave/confine/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Newer than Debian 12's headers. */
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN (1UL << 0)
#endif

#define STACK_BYTES_MAX ((rlim_t)64 << 20)

bool sl_privileges_die_with_parent(int fd_out)
{
	struct pollfd out = { .fd = fd_out };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return false;
	/* getppid() tells nothing in a pid namespace; a pipe nobody reads does. */
	return poll(&out, 1, 0) >= 0 && (out.revents & (POLLERR | POLLNVAL)) == 0;
}

bool sl_privileges_no_new(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* Without CAP_SETPCAP the bounding set stays; no_new_privs already makes it worthless then. */
static void empty_bounding_set(void)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
			return;
}

bool sl_privileges_drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 }, now[2] = { 0 };

	empty_bounding_set();
	(void)prctl(PR_SET_SECUREBITS,
	            SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP | SECBIT_NO_SETUID_FIXUP_LOCKED |
	            SECBIT_KEEP_CAPS_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
	            0, 0, 0);
	/* A kernel without ambient capabilities has none to clear. */
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0 && errno != EINVAL)
		return false;
	if (syscall(SYS_capset, &head, none) != 0 || syscall(SYS_capget, &head, now) != 0)
		return false;
	for (size_t i = 0; i < 2; i++)
		if (now[i].effective != 0 || now[i].permitted != 0 || now[i].inheritable != 0)
			return false;
	return true;
}

bool sl_privileges_not_dumpable(void)
{
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
}

bool sl_privileges_ordinary_user(void)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (getresuid(&ruid, &euid, &suid) != 0 || getresgid(&rgid, &egid, &sgid) != 0)
		return false;
	return ruid != 0 && euid != 0 && suid != 0 && rgid != 0 && egid != 0 && sgid != 0;
}

static bool limit_to(int which, rlim_t value)
{
	struct rlimit limit = { .rlim_cur = value, .rlim_max = value };

	return setrlimit((__rlimit_resource_t)which, &limit) == 0;
}

static bool limit_is_finite(int which, rlim_t most)
{
	struct rlimit limit;

	return getrlimit((__rlimit_resource_t)which, &limit) == 0 && limit.rlim_max != RLIM_INFINITY &&
	       limit.rlim_max <= most;
}

bool sl_privileges_rlimits(bool may_write_files)
{
	static const int to_zero[] = {
		RLIMIT_CORE, RLIMIT_NPROC, RLIMIT_MEMLOCK, RLIMIT_MSGQUEUE,
#ifndef SL_SANITIZE
		RLIMIT_NOFILE, RLIMIT_DATA,
#endif
	};

	for (size_t i = 0; i < sizeof to_zero / sizeof to_zero[0]; i++)
		if (!limit_to(to_zero[i], 0))
			return false;
	if (may_write_files ? !limit_is_finite(RLIMIT_FSIZE, RLIM_INFINITY - 1) : !limit_to(RLIMIT_FSIZE, 0))
		return false;
#ifdef SL_SANITIZE
	return false; /* the two that matter most are off */
#else
	return limit_is_finite(RLIMIT_CPU, RLIM_INFINITY - 1) && limit_is_finite(RLIMIT_STACK, STACK_BYTES_MAX);
#endif
}

bool sl_privileges_mdwe(void)
{
	return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0) == 0;
}

bool sl_privileges_no_clock(void)
{
/* The sanitizers read the clock themselves. */
#if defined(PR_SET_TSC) && !defined(SL_SANITIZE)
	return prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0) == 0;
#else
	return false;
#endif
}
