/*
 * One layer removed: for each layer of the table, it alone is left out, and an attack that it would have stopped is
 * stopped by another one; or it is said why it stands alone. Left out either by a host that refuses its steps, or by a
 * program that claims it and has not done it. A required one that the host refuses lets no job start at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "tests/unit/confine/acts.h"
#include "tests/unit/keeper/stage.h"

#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#endif

#define REFUSALS_MAX 8
#define PRLIMIT_NPROC 6

/* How the attack must end. */
enum ending {
	NOT_TRIED = 0,
	KILLED,         /* by the filter */
	SAID,           /* it says the row's words: it did not get what it wanted */
	CRASHED_QUIETLY,
	DIES_IN_TIME,
};

struct row {
	enum sl_layer layer;
	const char *actor;               /* NULL: the ordinary one */
	struct stage_refusal refused[REFUSALS_MAX];
	const char *attack;
	enum ending ending;
	const char *words;               /* when SAID */
	const char *stopped_by;
	const char *alone;               /* why nothing else stops it */
	int landlock_abi;                /* on an older host it is the filter that stops it, so that is left on */
};

#define PRCTL(option) { .call = SYS_prctl, .argument = 0, .value = (option), .error = EINVAL }
#define CALL(name, error_) { .call = SYS_##name, .argument = -1, .error = (error_) }
#define NAMESPACE(flag) { .call = SYS_clone, .argument = 0, .value = (flag), .mask = (flag), .error = EPERM }
/* clone3's flags are out of a filter's sight. A host that refuses one namespace gives none: the next nest has fewer. */
#define NO_NAMESPACE \
	{ CALL(clone3, ENOSYS), NAMESPACE(CLONE_NEWNS), NAMESPACE(CLONE_NEWPID), NAMESPACE(CLONE_NEWNET), \
	  NAMESPACE(CLONE_NEWIPC), NAMESPACE(CLONE_NEWUTS), NAMESPACE(CLONE_NEWUSER) }

static const struct row rows[] = {
	{ .layer = SL_LAYER_ARENA, .actor = "without_arena", .attack = "eat", .ending = KILLED,
	  .stopped_by = "seccomp: the C library's allocator asks for a page" },
	{ .layer = SL_LAYER_ENVIRONMENT, .actor = "without_environment", .attack = "look", .ending = SAID,
	  .words = "env=TZ=UTC0, ", .stopped_by = "its other half: the keeper executes with none" },
	{ .layer = SL_LAYER_DESCRIPTORS, .attack = "read-data", .ending = KILLED,
	  .stopped_by = "seccomp: reads are pinned to frames in, whatever is open" },
	{ .layer = SL_LAYER_NO_NEW_PRIVS, .actor = "without_no_new_privs", .refused = { PRCTL(PR_SET_NO_NEW_PRIVS) },
	  .attack = "exec", .ending = KILLED, .stopped_by = "seccomp; the empty root holds no program" },
	{ .layer = SL_LAYER_CAPABILITIES, .actor = "without_capabilities", .refused = { CALL(capset, EPERM) },
	  .attack = "try-mount", .ending = KILLED, .stopped_by = "seccomp; ordinary-user" },
	{ .layer = SL_LAYER_NOT_DUMPABLE, .actor = "without_not_dumpable", .refused = { PRCTL(PR_SET_DUMPABLE) },
	  .attack = "segv", .ending = CRASHED_QUIETLY,
	  .stopped_by = "rlimits: a core file may have no byte; an account of its own keeps others from looking inside" },
	{ .layer = SL_LAYER_PARENT_DEATH, .actor = "without_parent_death", .refused = { PRCTL(PR_SET_PDEATHSIG) },
	  .attack = "loop", .ending = DIES_IN_TIME, .stopped_by = "rlimits: CPU time ends" },
	{ .layer = SL_LAYER_RLIMITS, .actor = "without_rlimits",
	  .refused = { { .call = SYS_prlimit64, .argument = 1, .value = PRLIMIT_NPROC, .error = EPERM } },
	  .attack = "try-fork", .ending = KILLED, .stopped_by = "seccomp" },
	{ .layer = SL_LAYER_SECCOMP, .actor = "no_filter", .refused = { CALL(seccomp, EINVAL), PRCTL(PR_SET_SECCOMP) },
	  .attack = "try-open-file", .ending = SAID, .words = "no",
	  .stopped_by = "empty-root, landlock, rlimits; the other acts in test_attacks_worker" },
	{ .layer = SL_LAYER_NO_NETWORK, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "reach",
	  .ending = SAID, .words = "reached=0", .stopped_by = "landlock", .landlock_abi = 4 },
	{ .layer = SL_LAYER_ORDINARY_USER, .actor = "no_filter",
	  .refused = { CALL(setresuid, EPERM), CALL(setresgid, EPERM) }, .attack = "try-open-file", .ending = SAID,
	  .words = "no", .stopped_by = "empty-root, landlock, rlimits; capabilities are gone" },
	{ .layer = SL_LAYER_SESSION, .refused = { CALL(setsid, EPERM),
	             { .call = SYS_keyctl, .argument = 0, .value = KEYCTL_JOIN_SESSION_KEYRING, .error = EPERM } },
	  .attack = "try-keyring", .ending = KILLED, .stopped_by = "seccomp" },
	{ .layer = SL_LAYER_EMPTY_ROOT, .actor = "no_filter", .refused = { CALL(mount, EPERM) },
	  .attack = "try-open-file", .ending = SAID, .words = "no", .stopped_by = "landlock, rlimits" },
	{ .layer = SL_LAYER_MOUNT_NS, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "try-mount",
	  .ending = SAID, .words = "no", .stopped_by = "capabilities" },
	{ .layer = SL_LAYER_PID_NS, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "try-kill",
	  .ending = SAID, .words = "no", .stopped_by = "landlock's scope", .landlock_abi = 6 },
	{ .layer = SL_LAYER_NET_NS, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "reach", .ending = SAID,
	  .words = "reached=0", .stopped_by = "landlock", .landlock_abi = 4 },
	{ .layer = SL_LAYER_IPC_NS, .refused = NO_NAMESPACE, .attack = "try-shm", .ending = KILLED,
	  .stopped_by = "seccomp" },
	{ .layer = SL_LAYER_UTS_NS, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "try-hostname",
	  .ending = SAID, .words = "no", .stopped_by = "capabilities" },
	{ .layer = SL_LAYER_CGROUP_NS, .actor = "no_filter", .refused = NO_NAMESPACE, .attack = "try-open-proc",
	  .ending = SAID, .words = "no", .stopped_by = "landlock, rlimits" },
	{ .layer = SL_LAYER_LANDLOCK, .actor = "no_filter", .refused = { CALL(landlock_create_ruleset, ENOSYS) },
	  .attack = "try-open-file", .ending = SAID, .words = "no", .stopped_by = "empty-root, rlimits" },
	{ .layer = SL_LAYER_MDWE, .refused = { PRCTL(PR_SET_MDWE) }, .attack = "try-mprotect-exec", .ending = KILLED,
	  .stopped_by = "seccomp" },
	{ .layer = SL_LAYER_NO_CLOCK, .refused = { PRCTL(PR_SET_TSC) },
	  .alone = "reading the clock is no system call; what it tells has no way out but results that are reviewed, "
	           "and a job's end, which is told at a slot" },
	{ .layer = SL_LAYER_CGROUP, .actor = "no_filter", .refused = { CALL(mkdirat, EROFS) }, .attack = "try-fork",
	  .ending = SAID, .words = "no", .stopped_by = "rlimits: NPROC, DATA; arena" },
};

static const struct row *row;    /* of the child that stage_apart makes */
static struct stage s;

static struct sl_keeper_job job_of(const char *actor)
{
	static char path[4096];
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	if (actor != NULL) {
		(void)snprintf(path, sizeof path, "%.*s/test_actor_%s", (int)(strrchr(job.path, '/') - job.path), job.path, actor);
		job.path = path;
	}
	return job;
}

/* The row as it is on this host. */
static struct row here(const struct row *r)
{
	struct row now = *r;

	if (r->landlock_abi > 0 && syscall(SYS_landlock_create_ruleset, NULL, 0, 1u) < r->landlock_abi) {
		now.actor = NULL;
		now.attack = strcmp(r->attack, "reach") == 0 ? "try-socket" : r->attack;
		now.ending = KILLED;
		now.stopped_by = "seccomp; this host's Landlock is too old";
	}
	return now;
}

static bool is_required(const struct row *r)
{
	return (sl_layers_required() & SL_LAYER_BIT(r->layer)) != 0;
}

static void refuse(void)
{
	if (row->layer == SL_LAYER_SESSION)
		(void)syscall(SYS_add_key, "user", ACTS_KEY_NAME, "x", (size_t)1, KEY_SPEC_SESSION_KEYRING);
	stage_refuse(row->refused, REFUSALS_MAX);
}

static void refuse_as_ordinary_user(void)
{
	stage_as_ordinary_user();
	refuse();
}

/* The honest program on a host that refuses the layer: a required one ends it, a wanted one is not claimed. */
static void run_on_refusing_host(void)
{
	struct sl_keeper_job job = job_of(NULL);

	stage_run(&s, &job, "look");
	CHECK((s.out.layers & SL_LAYER_BIT(row->layer)) == 0);
	if (!is_required(row)) {
		CHECK(s.rc == SL_OK);
		return;
	}
	CHECK(s.rc == SL_E_HOST && s.out.fate == SL_FATE_HOST && s.out.nframes == 0);
	CHECK(strstr(s.err.text, sl_layers_table[row->layer].name) != NULL && s.err.remedy[0] != '\0');
}

/* The keeper is killed; its child, which is told nothing of it, loops with the pipe's end in its hands. */
static void outlive_the_keeper(void)
{
	struct pollfd end = { .events = POLLIN };
	int ends[2];
	char byte;
	pid_t pid;

	CHECK(pipe2(ends, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		struct sl_keeper_job job = job_of(row->actor);

		job.data_fds = &ends[1];
		job.ndata = 1;
		job.deadline_ms = 900;
		(void)close(ends[0]);
		stage_run(&s, &job, row->attack);
		_exit(0);
	}
	(void)close(ends[1]);
	end.fd = ends[0];
	CHECK(poll(&end, 1, 300) == 0);
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, NULL, 0) == pid);
	CHECK(poll(&end, 1, 200) == 0);     /* it is left out indeed: the child lives on */
	CHECK(poll(&end, 1, 30000) == 1 && read(ends[0], &byte, 1) == 0);
	(void)close(ends[0]);
}

static void attack(void)
{
	struct sl_keeper_job job = job_of(row->actor);
	char words[32];
	int listener = -1, file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	int shm = shmget(ACTS_SHM_KEY, 4096, IPC_CREAT | 0666);

	CHECK(file >= 0 && shm >= 0);   /* what the attacks are after is there */
	(void)snprintf(words, sizeof words, "%s", row->attack);
	if (strcmp(row->attack, "reach") == 0)
		listener = stage_listen_on_loopback(words);
	if (row->layer == SL_LAYER_DESCRIPTORS) {
		job.data_fds = &file;
		job.ndata = 1;
	}
	stage_run(&s, &job, words);
	if (row->ending == KILLED)
		CHECK(s.out.fate == SL_FATE_FILTER);
	else if (row->ending == CRASHED_QUIETLY)
		CHECK(s.out.fate == SL_FATE_CRASHED && access("core", F_OK) != 0);
	else
		CHECK(s.rc == SL_OK && strstr(s.text, row->words) != NULL);
	(void)shmctl(shm, IPC_RMID, NULL);
	(void)close(file);
	if (listener >= 0)
		(void)close(listener);
}

static void test_removed_each_layer_has_one_row(void **state)
{
	(void)state;
	assert_int_equal(sizeof rows / sizeof rows[0], SL_LAYER_COUNT);
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		assert_int_equal(rows[i].layer, i);
		assert_int_equal(rows[i].alone != NULL, rows[i].ending == NOT_TRIED);
		assert_int_equal(rows[i].alone == NULL, rows[i].stopped_by != NULL);
	}
}

/* Every row that a host can refuse, as root and as an ordinary user. */
static void test_removed_by_the_host_a_required_layer_ends_it_and_a_wanted_one_is_not_claimed(void **state)
{
	(void)state;
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		bool own_uid = rows[i].layer == SL_LAYER_ORDINARY_USER;

		row = &rows[i];
		/* With the filter on there is no network all the same. */
		if (row->refused[0].error == 0 || row->layer == SL_LAYER_NO_NETWORK)
			continue;
		if ((!own_uid || geteuid() == 0) && !stage_apart(refuse, run_on_refusing_host))
			fail_msg("%s", sl_layers_table[i].name);
		if (!own_uid && !stage_apart(refuse_as_ordinary_user, run_on_refusing_host))
			fail_msg("%s, as an ordinary user", sl_layers_table[i].name);
	}
}

/* `sluice doctor` on such a host: exit 69, the layer's line says missing, and its remedy is told. */
static void run_doctor(void)
{
	static char out[16384];
	int ends[2], status;
	size_t len = 0;
	ssize_t n;
	const char *missing = sl_layers_table[row->layer].missing, *at;
	char line[64];
	pid_t pid;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		(void)dup2(ends[1], 1);
		(void)dup2(ends[1], 2);
		(void)execl(SL_TEST_BIN_DIR "/sluice", "sluice", "doctor", NULL);
		_exit(98);
	}
	(void)close(ends[1]);
	while ((n = read(ends[0], out + len, sizeof out - 1 - len)) > 0)
		len += (size_t)n;
	(void)close(ends[0]);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 69);
	(void)snprintf(line, sizeof line, "%-16s required missing", sl_layers_table[row->layer].name);
	CHECK(strstr(out, line) != NULL);
	(void)snprintf(line, sizeof line, "\n%s: ", sl_layers_table[row->layer].name);
	at = strstr(out, line);
	CHECK(at != NULL && strncmp(at + strlen(line), missing, strlen(missing)) == 0);
	CHECK(strstr(out, "every required layer is there") == NULL);
}

static void test_removed_by_the_host_doctor_says_missing_and_ends_with_69(void **state)
{
	int tried = 0;

	(void)state;
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		row = &rows[i];
		if (row->refused[0].error == 0 || !is_required(row) || row->layer == SL_LAYER_NO_NETWORK)
			continue;
		if (!stage_apart(refuse, run_doctor))
			fail_msg("%s", sl_layers_table[i].name);
		tried++;
	}
	assert_int_equal(tried, 6);
}

static void nothing(void)
{
}

static void test_removed_one_layer_another_stops_the_attack(void **state)
{
	int failed = 0;

	(void)state;
	assert_int_equal(setenv("SLUICE_SECRET", "x", 1), 0);
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		struct row now = here(&rows[i]);
		bool holds = true;

		row = &now;
		if (row->ending == DIES_IN_TIME)
			holds = stage_apart(nothing, outlive_the_keeper);
		else if (row->ending != NOT_TRIED)
			holds = stage_apart(is_required(row) && row->layer != SL_LAYER_NO_NETWORK ? nothing : refuse, attack) &&
			        stage_apart(is_required(row) && row->layer != SL_LAYER_NO_NETWORK ? stage_as_ordinary_user :
			                    refuse_as_ordinary_user, attack);
		print_message("%-16s %-18s %s: %s\n", sl_layers_table[i].name, row->attack != NULL ? row->attack : "-",
		              row->alone != NULL ? "stands alone" : holds ? "stopped by" : "NOT STOPPED by",
		              row->alone != NULL ? row->alone : row->stopped_by);
		failed += !holds;
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_removed_each_layer_has_one_row),
		cmocka_unit_test(test_removed_by_the_host_a_required_layer_ends_it_and_a_wanted_one_is_not_claimed),
		cmocka_unit_test(test_removed_by_the_host_doctor_says_missing_and_ends_with_69),
		cmocka_unit_test(test_removed_one_layer_another_stops_the_attack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
