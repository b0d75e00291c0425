/*
 * start.c - what it costs to start a confined program, and what each layer adds: `bench_start ROUNDS`.
 *
 * First the real programs, as `sluice doctor` probes them: from before the clone until it runs its executable, until it
 * says that it is locked up, until it is reaped and its control group removed; then a job's three in a row, the network
 * they are born in made anew each time. Then a control group alone, where one
 * was given. Then the steps alone, in a plain child that takes them in their order. Medians. Prints a table; measures
 * nothing else, so it is the same as root and as an ordinary user.
 */
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "enclave/confine/landlock.h"
#include "enclave/confine/privileges.h"
#include "enclave/confine/syscalls.h"
#include "enclave/keeper/cgroup.h"
#include "enclave/keeper/launch.h"
#include "enclave/keeper/talk.h"

#define ROUNDS_MAX 2000
#define WANTED_MS 8.0
#define PAUSE_MS 30

enum { EXECUTED, LOCKED, GONE, NTIMES };

static double now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, unsigned n)
{
	qsort(values, n, sizeof *values, compare);
	return n > 0 ? values[n / 2] : 0;
}

static void die(const char *what, const struct sl_err *err)
{
	fprintf(stderr, "bench_start: %s: %s\n", what, err->text);
	exit(1);
}

/* --- real programs ---------------------------------------------------------------------------------- */

static void find_program(enum sl_program program, char path[static 4096])
{
	struct sl_err err = { 0 };

	if (sl_keeper_find(program, path, 4096, &err) != SL_OK)
		die("no program", &err);
}

static void start_once(enum sl_program program, const char *path, double times[static NTIMES])
{
	struct sl_keeper_job job = { .program = program, .path = path, .memory_bytes = (uint64_t)256 << 20,
		.deadline_ms = 10000 };
	struct sl_launch child;
	struct sl_talk talk = { .child = &child };
	struct sl_err err = { 0 };
	enum sl_keeper_fate fate;
	double start = now_ms();

	if (sl_launch_start(&job, path, true, &child, &err) != SL_OK)
		die(path, &err);
	times[EXECUTED] = now_ms() - start;
	struct pollfd ready = { .fd = child.from_child, .events = POLLIN };
	(void)poll(&ready, 1, 10000);
	times[LOCKED] = now_ms() - start;
	talk.layers = child.layers;
	talk.deadline = sl_talk_now_ms() + 10000;
	if (sl_talk_until_closed(&talk, &fate, &err) != SL_OK)
		die(path, &err);
	(void)waitpid(child.pid, NULL, 0);
	child.pid = 0;
	sl_launch_close(&child);
	times[GONE] = now_ms() - start;
	sl_talk_free(&talk);
}

/* All but the first find the network made (yard.h), as all but the first program of a command do. */
static void measure_program(enum sl_program program, unsigned rounds)
{
	static double values[NTIMES][ROUNDS_MAX];
	char path[4096];
	double times[NTIMES];

	find_program(program, path);
	for (unsigned i = 0; i < rounds; i++) {
		start_once(program, path, times);
		for (int t = 0; t < NTIMES; t++)
			values[t][i] = times[t];
	}
	for (int t = 0; t < NTIMES; t++)
		times[t] = median(values[t], rounds);
	printf("%-16s %10.2f %10.2f %10.2f\n", sl_program_name(program), times[EXECUTED], times[LOCKED], times[GONE]);
}

/* One after the other as a job starts them, in a process of its own: the first makes the network they are born in. */
static double job_once(void)
{
	static const enum sl_program three[] = { SL_PROGRAM_SCRIPT, SL_PROGRAM_ENGINE, SL_PROGRAM_CHECK };
	char paths[3][4096];
	double times[NTIMES], took = 0;
	int ends[2];
	pid_t pid;

	for (int i = 0; i < 3; i++)
		find_program(three[i], paths[i]);
	if (pipe(ends) != 0)
		die("pipe", &(struct sl_err){ 0 });
	pid = fork();
	if (pid == 0) {
		double start = now_ms();
		for (int i = 0; i < 3; i++)
			start_once(three[i], paths[i], times);
		took = now_ms() - start;
		_exit(write(ends[1], &took, sizeof took) == (ssize_t)sizeof took ? 0 : 1);
	}
	(void)close(ends[1]);
	if (pid < 0 || read(ends[0], &took, sizeof took) != (ssize_t)sizeof took)
		die("a job's three", &(struct sl_err){ 0 });
	(void)close(ends[0]);
	(void)waitpid(pid, NULL, 0);
	return took;
}

static void measure_programs(unsigned rounds)
{
	static double values[ROUNDS_MAX];
	double together;

	printf("%-16s %10s %10s %10s   ms, median of %u\n", "started until", "it runs", "locked up", "gone", rounds);
	measure_program(SL_PROGRAM_SCRIPT, rounds);
	measure_program(SL_PROGRAM_ENGINE, rounds);
	measure_program(SL_PROGRAM_CHECK, rounds);
	measure_program(SL_PROGRAM_LOAD, rounds);
	for (unsigned i = 0; i < rounds; i++) {
		(void)poll(NULL, 0, PAUSE_MS); /* the kernel takes the last network apart on its own time */
		values[i] = job_once();
	}
	together = median(values, rounds);
	printf("%-16s %32.2f   with the network they share; wanted at most %.1f: %s\n\n", "a job's three", together,
	       WANTED_MS, together <= WANTED_MS ? "reached" : "NOT reached");
}

/* --- a control group alone --------------------------------------------------------------------------- */

enum { MADE, ENTERED, BORN_INSIDE, REMOVED, NGROUP };

/* The child's own time, by writing itself into the group; -1: it could not. */
static double enter_once(const struct sl_cgroup *g)
{
	double took = -1;
	int ends[2];

	if (pipe(ends) != 0)
		return -1;
	pid_t pid = fork();
	if (pid == 0) {
		double start = now_ms(), mine;
		mine = sl_cgroup_enter(g) ? now_ms() - start : -1;
		(void)!write(ends[1], &mine, sizeof mine);
		_exit(0);
	}
	(void)close(ends[1]);
	if (read(ends[0], &took, sizeof took) != (ssize_t)sizeof took)
		took = -1;
	(void)close(ends[0]);
	(void)waitpid(pid, NULL, 0);
	return took;
}

/* What the parent waits for a clone into the group; v2 only. */
static double born_inside_once(const struct sl_cgroup *g)
{
	struct clone_args into = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = (unsigned)g->own[0] };
	double start = now_ms(), took;
	long pid = g->version == SL_CGROUP_V2 ? syscall(SYS_clone3, &into, sizeof into) : -1;

	if (pid == 0)
		_exit(0);
	took = now_ms() - start;
	if (pid < 0)
		return -1;
	(void)waitpid((pid_t)pid, NULL, 0);
	return took;
}

/* With a pause: whoever moves a process soon after another was moved waits less (the kernel's rcu_sync). */
static void measure_group(unsigned rounds)
{
	static const char *const names[NGROUP] = { "made", "entered by a write", "cloned into", "removed" };
	static const struct sl_cgroup_limits limits = { .memory_bytes = (uint64_t)256 << 20, .processes = 4 };
	static double values[NGROUP][ROUNDS_MAX];
	struct sl_cgroup g;
	struct sl_err why = { 0 };

	for (unsigned i = 0; i < rounds; i++) {
		(void)poll(NULL, 0, PAUSE_MS);
		double start = now_ms();
		if (!sl_cgroup_make(&sl_cgroup_this_host, &limits, &g, &why)) {
			printf("no control group: %s\n\n", why.text);
			return;
		}
		values[MADE][i] = now_ms() - start;
		values[ENTERED][i] = enter_once(&g);
		values[BORN_INSIDE][i] = born_inside_once(&g);
		start = now_ms();
		sl_cgroup_remove(&g);
		values[REMOVED][i] = now_ms() - start;
	}
	printf("%-20s %10s\n", "a control group", "ms");
	for (int t = 0; t < NGROUP; t++) {
		double ms = median(values[t], rounds);
		if (ms >= 0)
			printf("%-20s %10.3f\n", names[t], ms);
		else
			printf("%-20s %10s\n", names[t], "not here");
	}
	printf("\n");
}

/* --- steps alone -------------------------------------------------------------------------------------- */

static bool in_namespace(int flag)
{
	return unshare(flag) == 0;
}

static bool mount_ns(void) { return in_namespace(CLONE_NEWNS); }
static bool net_ns(void) { return in_namespace(CLONE_NEWNET); }
static bool ipc_ns(void) { return in_namespace(CLONE_NEWIPC); }
static bool uts_ns(void) { return in_namespace(CLONE_NEWUTS); }
static bool cgroup_ns(void) { return in_namespace(CLONE_NEWCGROUP); }
static bool user_ns(void) { return in_namespace(CLONE_NEWUSER); }
static bool parent_death(void) { return sl_privileges_die_with_parent(SL_CONFINE_FD_OUT); }
static bool rlimits(void) { (void)sl_privileges_rlimits(false); return true; }

static bool seccomp(void)
{
	const struct sl_syscall_data data = { 0 };

	return sl_syscalls_install(SL_PROGRAM_ENGINE, &data, NULL) == SL_OK;
}

/* Namespaces but that of processes, which only a clone makes. seccomp is last: after it only a write is possible. */
static const struct {
	const char *name;
	bool (*take)(void);
	bool for_user;  /* only an ordinary user needs it */
} steps[] = {
	{ "user namespace", user_ns, true },
	{ "mount namespace", mount_ns, false },
	{ "network namespace", net_ns, false },
	{ "ipc namespace", ipc_ns, false },
	{ "uts namespace", uts_ns, false },
	{ "cgroup namespace", cgroup_ns, false },
	{ "no new privileges", sl_privileges_no_new, false },
	{ "capabilities", sl_privileges_drop_capabilities, false },
	{ "landlock", sl_landlock_deny_all, false },
	{ "not dumpable", sl_privileges_not_dumpable, false },
	{ "death with parent", parent_death, false },
	{ "mdwe", sl_privileges_mdwe, false },
	{ "rlimits", rlimits, false },
	{ "seccomp", seccomp, false },
};

#define NSTEPS (sizeof steps / sizeof steps[0])

/* -1: not taken here. */
static void take_steps(double took[static NSTEPS])
{
	for (size_t i = 0; i < NSTEPS; i++) {
		double start = now_ms();
		bool ok = (!steps[i].for_user || geteuid() != 0) && steps[i].take();
		took[i] = ok ? now_ms() - start : -1;
	}
}

/* False: the child did not live to tell. *forked: the bare clone and its end. */
static bool steps_once(double took[static NSTEPS])
{
	int ends[2];
	bool ok;

	if (pipe(ends) != 0)
		return false;
	(void)fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		double mine[NSTEPS];
		if (dup2(ends[1], SL_CONFINE_FD_OUT) < 0)
			_exit(1);
		take_steps(mine);
		(void)!write(SL_CONFINE_FD_OUT, mine, sizeof mine);
		_exit(0);
	}
	(void)close(ends[1]);
	ok = pid > 0 && read(ends[0], took, NSTEPS * sizeof *took) == (ssize_t)(NSTEPS * sizeof *took);
	(void)close(ends[0]);
	(void)waitpid(pid, NULL, 0);
	return ok;
}

static void measure_steps(unsigned rounds)
{
	static double values[NSTEPS][ROUNDS_MAX];
	double took[NSTEPS];
	unsigned n = 0;

	for (unsigned i = 0; i < rounds; i++) {
		if (!steps_once(took))
			continue;
		for (size_t s = 0; s < NSTEPS; s++)
			values[s][n] = took[s];
		n++;
	}
	printf("%-20s %10s\n", "a layer alone", "ms");
	for (size_t s = 0; s < NSTEPS && n > 0; s++) {
		double ms = median(values[s], n);
		if (ms >= 0)
			printf("%-20s %10.3f\n", steps[s].name, ms);
		else if (!steps[s].for_user || geteuid() != 0)
			printf("%-20s %10s\n", steps[s].name, "not here");
	}
}

int main(int argc, char **argv)
{
	long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench_start ROUNDS (at most %d)\n", ROUNDS_MAX);
		return 2;
	}
	measure_programs((unsigned)rounds);
	measure_group((unsigned)rounds);
	measure_steps((unsigned)rounds);
	return 0;
}
