/* nest.c - see nest.h. A step that a poorer host refuses is skipped and its layer stays off; the parent judges. */
#include "enclave/keeper/nest.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/keyctl.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enclave/confine/layers.h"
#include "enclave/confine/program.h"
#include "enclave/keeper/errand.h"

#define FD_FIRST_DATA 5
#define STACK_BYTES ((rlim_t)8 << 20)

static SL_ERRAND_STACK _Noreturn void give_up(const struct sl_nest *nest, enum sl_nest_stage stage)
{
	struct sl_nest_report report = { .stage = stage, .error = errno };

	(void)!write(nest->status_fd, &report, sizeof report);
	_exit(69);
}

static void default_signals(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		(void)sigaction(sig, &dfl, NULL);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Sources may stand where targets go: all move up first, then down into place. */
static bool place_descriptors(struct sl_nest *nest)
{
	int floor = FD_FIRST_DATA + (int)nest->ndata, data[SL_PROGRAM_DATA_FDS_MAX];
	int *const own[] = { &nest->status_fd, &nest->program_fd, &nest->in_fd, &nest->out_fd, &nest->null_fd };

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		*own[i] = fcntl(*own[i], F_DUPFD_CLOEXEC, floor);
		if (*own[i] < 0)
			return false;
	}
	for (unsigned i = 0; i < nest->ndata; i++) {
		data[i] = fcntl(nest->data_fds[i], F_DUPFD_CLOEXEC, floor);
		if (data[i] < 0)
			return false;
	}
#ifdef SL_SANITIZE
	const int nnull = 2; /* the sanitizer's report needs standard error */
#else
	const int nnull = 3;
#endif
	for (int fd = 0; fd < nnull; fd++)
		if (dup2(nest->null_fd, fd) < 0)
			return false;
	if (dup2(nest->in_fd, 3) < 0 || dup2(nest->out_fd, 4) < 0)
		return false;
	for (unsigned i = 0; i < nest->ndata; i++)
		if (dup2(data[i], FD_FIRST_DATA + (int)i) < 0)
			return false;
	return close_range((unsigned)floor, ~0u, CLOSE_RANGE_CLOEXEC) == 0;
}

static bool limit(int which, rlim_t soft, rlim_t hard)
{
	struct rlimit value = { .rlim_cur = soft, .rlim_max = hard };

	return setrlimit((__rlimit_resource_t)which, &value) == 0;
}

/* The first process of a pid namespace ignores SIGXCPU; the hard limit's SIGKILL it cannot. */
static bool set_limits(const struct sl_nest *nest)
{
	return limit(RLIMIT_CPU, nest->cpu_s, nest->cpu_s + 1) && limit(RLIMIT_STACK, STACK_BYTES, STACK_BYTES) &&
	       limit(RLIMIT_FSIZE, nest->file_bytes, nest->file_bytes) && limit(RLIMIT_CORE, 0, 0);
}

static bool write_file(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, len) == (ssize_t)len;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

/* "65534 <id> 1", without stdio. */
static bool map_id(const char *path, unsigned id)
{
	char digits[12], line[40] = "65534 ";
	size_t len = strlen(line), n = 0;

	do
		digits[n++] = (char)('0' + id % 10);
	while ((id /= 10) != 0);
	while (n > 0)
		line[len++] = digits[--n];
	memcpy(line + len, " 1\n", 3);
	return write_file(path, line, len + 3);
}

bool sl_nest_map_user(unsigned uid, unsigned gid)
{
	(void)write_file("/proc/self/setgroups", "deny", 4);
	return map_id("/proc/self/uid_map", uid) && map_id("/proc/self/gid_map", gid);
}

/*
 * The program's file is open already and, linked static-pie, needs no other, so nothing has to be in the new root.
 * The chroot into its only directory has one effect: a process in a chroot cannot make a user namespace, in which
 * it would have every capability again.
 */
static bool empty_root(void)
{
#ifdef SL_SANITIZE
	return false; /* such a program needs its dynamic linker */
#else
	const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

	return mount("", "/", "", MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/tmp", "tmpfs", flags, "size=0,nr_inodes=2,mode=0555") == 0 && chdir("/tmp") == 0 &&
	       mkdir("empty", 0555) == 0 &&
	       syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 &&
	       chdir("/") == 0 &&
	       mount("", "/", "", MS_REMOUNT | MS_BIND | MS_RDONLY | flags, NULL) == 0 && chroot("/empty") == 0 &&
	       chdir("/") == 0;
#endif
}

static void empty_bounding_set(void)
{
	for (unsigned long cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
			return;
}

/* A host that gives root no CAP_SETUID refuses; the process sees that it is root still and does not claim the layer. */
static void become_nobody(void)
{
	(void)prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
	            SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED, 0, 0, 0);
	empty_bounding_set();
	(void)!syscall(SYS_setgroups, 0, NULL);
	(void)!syscall(SYS_setresgid, SL_NEST_STAND_IN_ID, SL_NEST_STAND_IN_ID, SL_NEST_STAND_IN_ID);
	(void)!syscall(SYS_setresuid, SL_NEST_STAND_IN_ID, SL_NEST_STAND_IN_ID, SL_NEST_STAND_IN_ID);
}

static uint32_t namespace_layers(uint64_t flags)
{
	static const struct {
		uint64_t flag;
		enum sl_layer layer;
	} of[] = {
		{ CLONE_NEWNS, SL_LAYER_MOUNT_NS }, { CLONE_NEWPID, SL_LAYER_PID_NS }, { CLONE_NEWNET, SL_LAYER_NET_NS },
		{ CLONE_NEWIPC, SL_LAYER_IPC_NS },  { CLONE_NEWUTS, SL_LAYER_UTS_NS }, { CLONE_NEWCGROUP, SL_LAYER_CGROUP_NS },
	};
	uint32_t layers = 0;

	for (size_t i = 0; i < sizeof of / sizeof of[0]; i++)
		if (flags & of[i].flag)
			layers |= SL_LAYER_BIT(of[i].layer);
	if (flags & CLONE_NEWNET)
		layers |= SL_LAYER_BIT(SL_LAYER_NO_NETWORK);
	return layers;
}

SL_ERRAND_STACK void sl_nest_enter(const struct sl_nest *given)
{
	static char *const no_environment[] = { NULL };
	struct sl_nest nest = *given;
	struct sl_nest_report report = { .layers = namespace_layers(nest.namespaces) };
	bool mapped = true;

	default_signals();
	/* First: its descriptors stand where others go, and what comes after is on the group's account. */
	if (nest.is_in_group || sl_cgroup_enter(nest.group))
		report.layers |= SL_LAYER_BIT(SL_LAYER_CGROUP);
	if (setsid() >= 0 && syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0)
		report.layers |= SL_LAYER_BIT(SL_LAYER_SESSION);
	if ((nest.namespaces & CLONE_NEWUSER) && !nest.is_in_yard)
		mapped = sl_nest_map_user(nest.uid, nest.gid);
	if (!place_descriptors(&nest))
		give_up(&nest, SL_NEST_DESCRIPTORS);
	if (mapped && (nest.namespaces & CLONE_NEWNS) && empty_root())
		report.layers |= SL_LAYER_BIT(SL_LAYER_EMPTY_ROOT);
	if (nest.is_root)
		become_nobody();
	if (!set_limits(&nest))
		give_up(&nest, SL_NEST_LIMITS);
	(void)!write(nest.status_fd, &report, sizeof report);
	(void)syscall(SYS_execveat, nest.program_fd, "", nest.argv, no_environment, AT_EMPTY_PATH);
	give_up(&nest, SL_NEST_EXEC);
}
