/* acts.c - see acts.h. */
#include "tests/unit/confine/acts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>


static bool open_a_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0;
}

static bool open_the_root(void)
{
	return open("/", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool write_a_file(void)
{
	return open("/x", O_WRONLY | O_CREAT, 0600) >= 0;
}

static bool open_proc(void)
{
	return open("/proc/self/mem", O_RDWR) >= 0;
}

static bool make_a_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool make_a_local_socket(void)
{
	int pair[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0;
}

static bool duplicate_a_descriptor(void)
{
	return dup(4) >= 0;
}

static bool make_memory_file(void)
{
	return memfd_create("x", 0) >= 0;
}

static bool set_up_io_uring(void)
{
	struct io_uring_params p = { 0 };

	return syscall(SYS_io_uring_setup, 1, &p) >= 0;
}

static bool fork_a_child(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0) >= 0;
}

static bool make_memory_executable(void)
{
	static _Alignas(4096) uint8_t page[4096];

	return mprotect(page, sizeof page, PROT_READ | PROT_EXEC) == 0;
}

static bool map_executable_memory(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool map_more_memory(void)
{
	return mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static bool lock_memory(void)
{
	static uint8_t page[8192];

	return mlock(page, sizeof page) == 0;
}

static bool signal_anybody(void)
{
	for (pid_t pid = 1; pid < 70000; pid++)
		if (pid != getpid() && kill(pid, 0) == 0)
			return true;
	return false;
}

static bool trace_anybody(void)
{
	for (pid_t pid = 1; pid < 300; pid++)
		if (pid != getpid() && ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0)
			return true;
	return false;
}

static bool read_others_memory(void)
{
	char byte;
	struct iovec mine = { &byte, 1 }, theirs = { (void *)(uintptr_t)0x400000, 1 };

	for (pid_t pid = 1; pid < 300; pid++)
		if (pid != getpid() && process_vm_readv(pid, &mine, 1, &theirs, 1, 0) == 1)
			return true;
	return false;
}

static bool take_a_namespace(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0;
}

static bool mount_something(void)
{
	return mount("none", "/", "tmpfs", 0, "") == 0;
}

static bool become_root(void)
{
	return setuid(0) == 0;
}

static bool raise_a_limit(void)
{
	struct rlimit more = { 64, 64 };

	return setrlimit(RLIMIT_NOFILE, &more) == 0;
}

static bool become_dumpable_with_core(void)
{
	struct rlimit core = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_CORE, &core) == 0;
}

static bool load_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0) >= 0;
}

static bool open_perf(void)
{
	char attr[128] = { 0 };

	return syscall(SYS_perf_event_open, attr, 0, -1, -1, 0) >= 0;
}

static bool set_host_name(void)
{
	return sethostname("x", 1) == 0;
}

/* What the one who started it may have put there. */
static bool find_a_key(void)
{
	return syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", ACTS_KEY_NAME, 0) >= 0;
}

static bool find_shared_memory(void)
{
	return shmget(ACTS_SHM_KEY, 0, 0) >= 0;
}

static bool allow_new_privileges(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
}

const struct act acts[] = {
	{ "open-file", open_a_file, "empty root, landlock, NOFILE" },
	{ "open-root", open_the_root, "landlock, NOFILE" },
	{ "write-file", write_a_file, "read-only root, landlock, NOFILE" },
	{ "open-proc", open_proc, "empty root, landlock, NOFILE" },
	{ "socket", make_a_socket, "NOFILE; the net namespace has no device" },
	{ "socketpair", make_a_local_socket, "NOFILE" },
	{ "dup", duplicate_a_descriptor, "NOFILE" },
	{ "memfd", make_memory_file, "NOFILE" },
	{ "io-uring", set_up_io_uring, "NOFILE" },
	{ "fork", fork_a_child, "NPROC" },
	{ "mprotect-exec", make_memory_executable, "mdwe" },
	{ "mmap-exec", map_executable_memory, "mdwe, DATA" },
	{ "mmap", map_more_memory, "DATA" },
	{ "mlock", lock_memory, "MEMLOCK" },
	{ "kill", signal_anybody, "pid namespace, landlock scope" },
	{ "ptrace", trace_anybody, "pid namespace, landlock, uid" },
	{ "read-memory", read_others_memory, "pid namespace, landlock, uid" },
	{ "unshare", take_a_namespace, "the chroot of the empty root" },
	{ "mount", mount_something, "capabilities" },
	{ "setuid", become_root, "capabilities" },
	{ "raise-limit", raise_a_limit, "capabilities" },
	{ "core", become_dumpable_with_core, "capabilities" },
	{ "bpf", load_bpf, "capabilities, NOFILE" },
	{ "perf", open_perf, "NOFILE" },
	{ "hostname", set_host_name, "capabilities, uts namespace" },
	{ "keyring", find_a_key, "session" },
	{ "shm", find_shared_memory, "ipc namespace" },
	{ "new-privs", allow_new_privileges, "the kernel: it is one way" },
};

const size_t nacts = sizeof acts / sizeof acts[0];
