/* launch.c - see launch.h. */
#include "enclave/keeper/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/keeper/errand.h"
#include "enclave/keeper/nest.h"
#include "enclave/keeper/yard.h"

#define ALL_NAMESPACES \
	(CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)
#define GROUP_SLACK_BYTES ((uint64_t)32 << 20)
#define GROUP_THREAD_BYTES ((uint64_t)2 << 20)
#define GROUP_FILE_BYTES ((uint64_t)256 << 20)

#define PIPE_BYTES (1 << 20)

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void sl_launch_close(struct sl_launch *l)
{
	close_fd(&l->pidfd);
	close_fd(&l->to_child);
	close_fd(&l->from_child);
	sl_cgroup_remove(&l->group);
}

static enum sl_rc check_job(const struct sl_keeper_job *job, struct sl_err *err)
{
	if (sl_program_name(job->program) == NULL || job->deadline_ms == 0 || job->memory_bytes == 0 ||
	    job->ndata > SL_PROGRAM_DATA_FDS_MAX || (job->ndata > 0 && job->data_fds == NULL))
		return sl_err_set(err, SL_E_BUG, "a job needs a program, a deadline, memory, and at most %d descriptors",
		                  SL_PROGRAM_DATA_FDS_MAX);
	return SL_OK;
}

/*
 * Raw clone: fork's handlers of libraries have no business in a process that only makes system calls. clone3 can put
 * the child into a v2 group at once, where a process that moves by itself waits for all others of the host.
 *   more  in  flags besides the nest's; with CLONE_PARENT the exit signal is the caller's own, and none may be given
 */
static pid_t clone_with(const struct sl_nest *nest, uint64_t namespaces, uint64_t more, int *pidfd)
{
	uint64_t flags = namespaces | more | CLONE_PIDFD, signal = more & CLONE_PARENT ? 0 : SIGCHLD;
	struct clone_args into = { .flags = flags | CLONE_INTO_CGROUP, .pidfd = (uint64_t)(uintptr_t)pidfd,
		                       .exit_signal = signal, .cgroup = (unsigned)nest->group->own[0] };

	if (nest->is_in_group)
		return (pid_t)syscall(SYS_clone3, &into, sizeof into);
	return (pid_t)syscall(SYS_clone, (unsigned long)(flags | signal), NULL, pidfd, NULL, 0);
}

struct birth {
	const struct sl_nest *nest;
	pid_t pid; /* -1: refused */
	int pidfd;
	int error;
};

/* Goes into the yard and clones the program there, as this process's own child. */
static SL_ERRAND_STACK int give_birth(void *given)
{
	struct birth *b = given;

	if (sl_yard_enter())
		b->pid = clone_with(b->nest, b->nest->namespaces & ~(uint64_t)(CLONE_NEWUSER | CLONE_NEWNET), CLONE_PARENT,
		                    &b->pidfd);
	if (b->pid == 0)
		sl_nest_enter(b->nest);
	b->error = errno;
	return 0;
}

static pid_t clone_in_yard(const struct sl_nest *nest, int *pidfd)
{
	struct birth b = { .nest = nest, .pid = -1, .pidfd = -1, .error = ECHILD };

	(void)sl_errand_run(give_birth, &b, 0);
	if (b.pid > 0)
		*pidfd = b.pidfd;
	errno = b.error;
	return b.pid;
}

static pid_t clone_once(struct sl_nest *nest, int *pidfd)
{
	pid_t pid = -1;

	nest->is_in_yard = (nest->namespaces & CLONE_NEWNET) && sl_yard_has(nest);
	if (nest->is_in_yard)
		pid = clone_in_yard(nest, pidfd);
	if (pid < 0) {
		nest->is_in_yard = false;
		pid = clone_with(nest, nest->namespaces, 0, pidfd);
	}
	return pid;
}

/* The deepest nest first; a host that refuses one is asked for the next. */
static pid_t clone_nested(struct sl_nest *nest, int *pidfd)
{
	const uint64_t as_root[] = { ALL_NAMESPACES, ALL_NAMESPACES & ~(uint64_t)CLONE_NEWCGROUP, 0 };
	const uint64_t as_user[] = { CLONE_NEWUSER | ALL_NAMESPACES, CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS, 0 };
	const uint64_t *tries = nest->is_root ? as_root : as_user;
	pid_t pid = -1;

	for (size_t i = 0; i < sizeof as_root / sizeof as_root[0] && pid < 0; i++) {
		nest->namespaces = tries[i];
		pid = clone_once(nest, pidfd);
	}
	return pid;
}

/* A host without clone3, or one that does not let it into the group, may still let the child move there itself. */
static pid_t clone_grouped(struct sl_nest *nest, int *pidfd)
{
	pid_t pid = -1;

	nest->is_in_group = nest->group->version == SL_CGROUP_V2;
	if (nest->is_in_group)
		pid = clone_nested(nest, pidfd);
	if (pid < 0) {
		nest->is_in_group = false;
		pid = clone_nested(nest, pidfd);
	}
	return pid;
}

static pid_t spawn(struct sl_nest *nest, int *pidfd)
{
	sigset_t all, before;
	pid_t pid;

	/* No handler of ours may run in the child before it has reset them. */
	sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, &before);
	pid = clone_grouped(nest, pidfd);
	if (pid == 0)
		sl_nest_enter(nest);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

static const char *stage_text(uint32_t stage)
{
	switch ((enum sl_nest_stage)stage) {
	case SL_NEST_DESCRIPTORS:
		return "cannot place its descriptors";
	case SL_NEST_LIMITS:
		return "cannot set its limits";
	case SL_NEST_EXEC:
		return "cannot execute it";
	case SL_NEST_EXECUTED:
		break;
	}
	return "it died before it ran";
}

/*
 * Once exec has closed the pipe: what was written until then is read at once, for to be woken costs more than to read.
 * The child makes a fixed number of calls; a file system that hangs is the only wait.
 */
static enum sl_rc read_status(int fd, uint32_t wait_ms, const char *path, uint32_t *layers, struct sl_err *err)
{
	struct sl_nest_report report = { .stage = SL_NEST_EXECUTED }, got;
	struct pollfd closed = { .fd = fd }; /* POLLHUP comes unasked */
	unsigned records = 0;
	int woken;
	ssize_t n;

	do
		woken = poll(&closed, 1, wait_ms < INT32_MAX ? (int)wait_ms : INT32_MAX);
	while (woken < 0 && errno == EINTR);
	if (woken == 0)
		return sl_err_set(err, SL_E_HOST, "%s: did not start within %u ms", path, wait_ms);
	for (;;) {
		n = read(fd, &got, sizeof got);
		if (n == 0)
			break;
		if (n < 0 && errno == EINTR)
			continue;
		if (n != (ssize_t)sizeof got)
			break;
		report = got;
		records++;
	}
	if (records == 0 || report.stage != SL_NEST_EXECUTED || n != 0)
		return sl_err_errno(err, SL_E_HOST, report.error, "%s: %s", path, stage_text(report.stage));
	*layers = report.layers;
	return SL_OK;
}

static void kill_and_reap(struct sl_launch *l)
{
	siginfo_t info;

	if (l->pid <= 0)
		return;
	(void)syscall(SYS_pidfd_send_signal, l->pidfd, SIGKILL, NULL, 0);
	while (waitid(P_PIDFD, (id_t)l->pidfd, &info, WEXITED) != 0 && errno == EINTR)
		continue;
	l->pid = 0;
}

struct pipes {
	int in[2], out[2], status[2], program, null;
};

static void close_all(struct pipes *p)
{
	int *const fds[] = { &p->in[0], &p->in[1], &p->out[0], &p->out[1], &p->status[0],
		                 &p->status[1], &p->program, &p->null };

	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		close_fd(fds[i]);
}

static enum sl_rc open_all(struct pipes *p, const char *path, struct sl_err *err)
{
	*p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 }, -1, -1 };
	p->program = open(path, O_RDONLY | O_CLOEXEC);
	if (p->program < 0) {
		(void)sl_err_errno(err, SL_E_HOST, errno, "%s", path);
		sl_err_remedy(err, "install sluice whole, or run it from its build directory");
		return SL_E_HOST;
	}
	p->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (p->null < 0)
		return sl_err_errno(err, SL_E_HOST, errno, "/dev/null");
	if (pipe2(p->in, O_CLOEXEC) != 0 || pipe2(p->out, O_CLOEXEC) != 0 || pipe2(p->status, O_CLOEXEC) != 0 ||
	    fcntl(p->in[1], F_SETFL, O_NONBLOCK) != 0 || fcntl(p->out[0], F_SETFL, O_NONBLOCK) != 0)
		return sl_err_errno(err, SL_E_HOST, errno, "cannot make a pipe");
	/* Results are megabytes: the fewer turns they take the better. A user with many pipes is refused, and waits more. */
	(void)fcntl(p->out[0], F_SETPIPE_SZ, PIPE_BYTES);
	return SL_OK;
}

/*
 * What the arena is not: the program itself, stacks, pipes, page tables and whatever else the kernel holds for it.
 * Mapped segments are page cache, which counts where it was read first and can be dropped at any time; they are
 * allowed in full, since a group too small for them would read them from the disk again for each job. The loader reads
 * and writes its files from end to end once, so it gets by with some of their pages.
 */
static struct sl_cgroup_limits group_limits(const struct sl_keeper_job *job)
{
	uint32_t threads = job->threads > 1 ? job->threads : 1;
	struct sl_cgroup_limits limits = {
		.memory_bytes = job->memory_bytes + job->memory_bytes / 256 + GROUP_SLACK_BYTES +
		                threads * GROUP_THREAD_BYTES,
		.processes = threads,
	};
	struct stat st;

	if (job->program == SL_PROGRAM_LOAD)
		limits.memory_bytes += GROUP_FILE_BYTES;
	for (uint32_t i = 0; i < job->ndata && job->program != SL_PROGRAM_LOAD; i++)
		if (fstat(job->data_fds[i], &st) == 0 && S_ISREG(st.st_mode))
			limits.memory_bytes += (uint64_t)st.st_size;
	return limits;
}

/* None is no failure: the layer is off then, and whoever requires it hears so. */
static void make_group(const struct sl_keeper_job *job, struct sl_cgroup *group)
{
#ifdef SL_SANITIZE
	(void)group_limits(job);
	*group = (struct sl_cgroup){ 0 };   /* the sanitizers' own memory has no bound */
#else
	const struct sl_cgroup_limits limits = group_limits(job);

	if (!sl_cgroup_make(&sl_cgroup_this_host, &limits, group, NULL))
		*group = (struct sl_cgroup){ 0 };
#endif
}

/* Clone with the child's ends, keep ours, and learn whether it got as far as exec. */
static enum sl_rc start_with(struct pipes *p, struct sl_nest *nest, uint32_t wait_ms, const char *path,
                             struct sl_launch *out, struct sl_err *err)
{
	nest->program_fd = p->program;
	nest->null_fd = p->null;
	nest->in_fd = p->in[0];
	nest->out_fd = p->out[1];
	nest->status_fd = p->status[1];
	out->pid = spawn(nest, &out->pidfd);
	if (out->pid < 0) {
		out->pid = 0;
		return sl_err_errno(err, SL_E_HOST, errno, "cannot start a process");
	}
	out->to_child = p->in[1];
	out->from_child = p->out[0];
	p->in[1] = p->out[0] = -1;
	close_fd(&p->status[1]);
	return read_status(p->status[0], wait_ms, path, &out->layers, err);
}

enum sl_rc sl_launch_start(const struct sl_keeper_job *job, const char *path, bool probe, struct sl_launch *out,
                           struct sl_err *err)
{
	char name[32], ndata[16], bytes[24], word[] = "probe";
	char *argv[] = { name, ndata, bytes, probe ? word : NULL, NULL };
	struct sl_nest nest = { .is_root = geteuid() == 0, .uid = geteuid(), .gid = getegid(), .data_fds = job->data_fds,
		                    .ndata = job->ndata, .argv = argv, .file_bytes = job->file_bytes_max };
	struct pipes p;
	enum sl_rc rc;

	*out = (struct sl_launch){ .pidfd = -1, .to_child = -1, .from_child = -1 };
	rc = check_job(job, err);
	if (rc != SL_OK)
		return rc;
	(void)snprintf(name, sizeof name, "%s", sl_program_name(job->program));
	(void)snprintf(ndata, sizeof ndata, "%" PRIu32, job->ndata);
	(void)snprintf(bytes, sizeof bytes, "%" PRIu64, job->memory_bytes);
	nest.cpu_s = sl_launch_cpu_seconds(job);
	nest.group = &out->group;
	rc = open_all(&p, path, err);
	if (rc == SL_OK)
		make_group(job, &out->group);
	if (rc == SL_OK)
		rc = start_with(&p, &nest, job->deadline_ms, path, out, err);
	if (rc != SL_OK) {
		kill_and_reap(out);
		sl_launch_close(out);
	}
	close_all(&p);
	return rc;
}
