/*
 * Control groups for confined processes: found by the rules, made with every limit, removed whatever happened. On a
 * stand-in for the kernel's files, where any step can be refused; and on the host's own, where Sluice was given one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/keeper/kernel_groups.h"
#include "tests/unit/keeper/stage.h"

#define V1_SELF "9:pids:/\n4:cpu,memory:/user/1\n0::/sluice\n"

static const struct sl_cgroup_limits limits = { .memory_bytes = 123456, .processes = 3 };
static struct sl_cgroup group;
static struct sl_err why;

static bool make(void)
{
	why = (struct sl_err){ 0 };
	return sl_cgroup_make(&kernel_groups.host, &limits, &group, &why);
}

static int next_descriptor(void)
{
	int fd = dup(2);

	(void)close(fd);
	return fd;
}

static bool file_says(const char *parent, const char *file, const char *text)
{
	char path[256];
	const char *found;

	(void)snprintf(path, sizeof path, "%s/%s/%s", parent, group.name, file);
	found = kernel_groups_read(path);
	return found != NULL && strcmp(found, text) == 0;
}

static bool v2_limits_are_set(const char *parent)
{
	return file_says(parent, "memory.max", "123456") && file_says(parent, "memory.swap.max", "0") &&
	       file_says(parent, "memory.oom.group", "1") && file_says(parent, "pids.max", "3");
}

static void expect_made_in(const char *parent)
{
	if (!make())
		fail_msg("%s: %s", parent, why.text);
	assert_int_equal(group.version, SL_CGROUP_V2);
	assert_true(v2_limits_are_set(parent));
	sl_cgroup_remove(&group);
	assert_int_equal(kernel_groups_count(parent, NULL), 0);
}

static void expect_none(const char *text)
{
	assert_false(make());
	assert_int_equal(why.rc, SL_E_HOST);
	if (strstr(why.text, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, why.text);
	assert_int_equal(group.nparts, 0);
}

static void test_cgroup_v2_given_at_the_top_gets_every_limit(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/user.slice/session-1.scope\n");
	kernel_groups_add("/sluice");
	expect_made_in("/sluice");
	kernel_groups_close();
}

static void test_cgroup_v2_nearest_group_of_that_name_above_the_process_is_taken(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/a/sluice/b/sluice/people/sluice-not\n");
	kernel_groups_add("/sluice");
	kernel_groups_add("/a/sluice/b/sluice/people/sluice-not");
	expect_made_in("/a/sluice/b/sluice");
	kernel_groups_close();
	kernel_groups_open(SL_CGROUP_V2, "0::/sluice");   /* the process is in it, and no line end */
	kernel_groups_add("/sluice");
	expect_made_in("/sluice");
	kernel_groups_close();
}

static void test_cgroup_v2_delegated_by_systemd_moves_the_keeper_aside(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/user.slice/run-1.scope\n");
	kernel_groups_add("/user.slice/run-1.scope");
	expect_none("no control group was given");
	kernel_groups.marked = "/user.slice/run-1.scope";
	expect_made_in("/user.slice/run-1.scope");
	assert_string_equal(kernel_groups_read("/user.slice/run-1.scope/keeper/cgroup.procs"), "0");
	kernel_groups_close();

	kernel_groups_open(SL_CGROUP_V2, "0::/user.slice/run-1.scope/keeper\n");
	kernel_groups_add("/user.slice/run-1.scope/keeper");
	kernel_groups.marked = "/user.slice/run-1.scope";
	expect_made_in("/user.slice/run-1.scope");
	assert_string_equal(kernel_groups_read("/user.slice/run-1.scope/keeper/cgroup.procs"), "");
	kernel_groups_close();
}

/* A group of others is theirs, also when this account may write there, and also one that merely begins like ours. */
static void test_cgroup_not_given_is_not_taken(void **state)
{
	static const char *const selves[] = { "0::/a/b\n", "0::/a/sluice-b\n", "0::/\n", "", "0::\n", "nonsense", ":::\n",
		                                  "0::/../sluice\n", "1:memory:/sluice\n" };

	(void)state;
	for (size_t i = 0; i < sizeof selves / sizeof selves[0]; i++) {
		kernel_groups_open(SL_CGROUP_V2, selves[i]);
		kernel_groups_add("/a/b");
		kernel_groups_add("/a/sluice-b");
		expect_none("no control group was given");
		assert_string_not_equal(why.remedy, "");
		assert_int_equal(kernel_groups_count("/a/b", NULL), 0);
		kernel_groups_close();
	}
	kernel_groups_open(SL_CGROUP_NONE, "");
	assert_int_equal(sl_cgroup_version_here(&kernel_groups.host), SL_CGROUP_NONE);
	expect_none("no control groups are mounted");
	kernel_groups_close();
}

static void test_cgroup_v2_controllers_are_handed_down_when_they_are_not(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice");
	kernel_groups.hands_down = false;
	expect_made_in("/sluice");
	assert_string_equal(kernel_groups_read("/sluice/cgroup.subtree_control"), "+memory +pids");
	kernel_groups_close();
}

static void test_cgroup_v1_needs_both_hierarchies(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V1, V1_SELF);
	kernel_groups_add("/memory/user/1");
	expect_none("below kernel-groups-");
	kernel_groups_add("/memory/sluice");
	expect_none("pids");
	assert_int_equal(kernel_groups_count("/memory/sluice", NULL), 0);
	kernel_groups_add("/pids/sluice");
	assert_true(make());
	assert_int_equal(group.version, SL_CGROUP_V1);
	assert_true(file_says("/memory/sluice", "memory.limit_in_bytes", "123456"));
	assert_true(file_says("/memory/sluice", "memory.memsw.limit_in_bytes", "123456"));
	assert_true(file_says("/memory/sluice", "memory.swappiness", "0"));
	assert_true(file_says("/pids/sluice", "pids.max", "3"));
	assert_true(sl_cgroup_enter(&group));
	assert_true(file_says("/memory/sluice", "tasks", "0"));
	assert_true(file_says("/pids/sluice", "tasks", "0"));
	sl_cgroup_remove(&group);
	assert_int_equal(kernel_groups_count("/memory/sluice", NULL) + kernel_groups_count("/pids/sluice", NULL), 0);
	kernel_groups_close();
}

/* What older kernels have not got is done without where it is not needed there; the two limits are needed. */
static void test_cgroup_lacking_file_is_forgiven_only_where_its_absence_means_no_need(void **state)
{
	static const struct {
		enum sl_cgroup_version version;
		const char *file;
		bool forgiven;
	} rows[] = {
		{ SL_CGROUP_V2, "memory.swap.max", true },
		{ SL_CGROUP_V2, "memory.oom.group", true },
		{ SL_CGROUP_V2, "memory.max", false },
		{ SL_CGROUP_V2, "pids.max", false },
		{ SL_CGROUP_V1, "memory.memsw.limit_in_bytes", true },
		{ SL_CGROUP_V1, "memory.swappiness", true },
		{ SL_CGROUP_V1, "memory.limit_in_bytes", false },
		{ SL_CGROUP_V1, "pids.max", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		kernel_groups_open(rows[i].version, "0::/\n");
		kernel_groups_add("/sluice");
		kernel_groups_add("/memory/sluice");
		kernel_groups_add("/pids/sluice");
		kernel_groups.lacks = rows[i].file;
		if (make() != rows[i].forgiven)
			fail_msg("without %s: %s", rows[i].file, why.text);
		sl_cgroup_remove(&group);
		assert_int_equal(kernel_groups_count("/sluice", NULL), 0);
		assert_int_equal(kernel_groups_count("/memory/sluice", NULL) + kernel_groups_count("/pids/sluice", NULL), 0);
		kernel_groups_close();
	}
}

struct host_row {
	enum sl_cgroup_version version;
	const char *self, *groups[2], *marked;
};

static bool are_bounded(const struct host_row *row)
{
	bool is_v2 = row->version == SL_CGROUP_V2;

	return file_says(row->groups[0], is_v2 ? "memory.max" : "memory.limit_in_bytes", "123456") &&
	       file_says(row->groups[is_v2 ? 0 : 1], "pids.max", "3");
}

/* One start with the k-th step refused: a whole group, or none and nothing left. False when it has no k-th step. */
static bool refuse_step(const struct host_row *row, int k, int error, int *refused)
{
	int before, left = 0;
	bool made, reached;

	kernel_groups_open(row->version, row->self);
	for (size_t i = 0; i < 2 && row->groups[i] != NULL; i++)
		kernel_groups_add(row->groups[i]);
	kernel_groups.marked = row->marked;
	before = next_descriptor();
	kernel_groups.refuse_at = k;
	kernel_groups.refuse_with = error;
	made = make();
	reached = kernel_groups.refuse_at < 0;
	kernel_groups.refuse_at = -1;
	if (made) {
		assert_true(are_bounded(row));
		assert_true(error == ENOENT || row->version == SL_CGROUP_V1 || v2_limits_are_set(row->groups[0]));
		sl_cgroup_remove(&group);
	} else {
		assert_int_equal(why.rc, SL_E_HOST);
		assert_true(strlen(why.text) > 10 && strlen(why.remedy) > 10);
	}
	for (size_t i = 0; i < 2 && row->groups[i] != NULL; i++)
		left += kernel_groups_count(row->groups[i], NULL);
	if (left > 0)
		fail_msg("step %d refused with %s: %d groups are left", k, strerror(error), left);
	assert_int_equal(next_descriptor(), before);
	kernel_groups_close();
	*refused += reached && !made;
	return reached;
}

static void test_cgroup_each_step_refused_gives_a_whole_group_or_none(void **state)
{
	static const struct host_row rows[] = {
		{ SL_CGROUP_V2, "0::/x\n", { "/sluice", NULL }, NULL },
		{ SL_CGROUP_V2, "0::/run-1.scope\n", { "/run-1.scope", NULL }, "/run-1.scope" },
		{ SL_CGROUP_V1, "4:memory:/sluice\n3:pids:/sluice\n", { "/memory/sluice", "/pids/sluice" }, NULL },
	};
	static const int errors[] = { EACCES, ENOENT, EPERM, EBUSY, EMFILE, EINVAL };

	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
		for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
			int k, refused = 0;

			for (k = 0; k < 100 && refuse_step(&rows[r], k, errors[e], &refused); k++)
				continue;
			assert_true(k > 12 && k < 100);
			assert_true(refused >= 8);   /* the others can be done without: a lock that is not had, a look for leftovers */
		}
}

static void test_cgroup_leftovers_of_a_killed_parent_go_and_living_ones_stay(void **state)
{
	char living[64];
	int fd;

	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice/job-1-1");
	kernel_groups_add("/sluice/job-2-1");
	kernel_groups_add("/sluice/shells");
	(void)snprintf(living, sizeof living, "%s/sluice/job-2-1", kernel_groups.host.root);
	fd = open(living, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_true(make());
	assert_null(kernel_groups_read("/sluice/job-1-1/cgroup.procs"));
	assert_non_null(kernel_groups_read("/sluice/job-2-1/cgroup.procs"));
	assert_non_null(kernel_groups_read("/sluice/shells/cgroup.procs"));
	sl_cgroup_remove(&group);
	(void)close(fd);
	kernel_groups_close();
}

static void test_cgroup_two_at_once_have_groups_of_their_own(void **state)
{
	struct sl_cgroup first;

	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice");
	assert_true(make());
	first = group;
	assert_true(make());
	assert_string_not_equal(first.name, group.name);
	assert_int_equal(kernel_groups_count("/sluice", NULL), 2);
	sl_cgroup_remove(&first);
	assert_true(v2_limits_are_set("/sluice"));
	sl_cgroup_remove(&group);
	assert_int_equal(kernel_groups_count("/sluice", NULL), 0);
	kernel_groups_close();
}

static void test_cgroup_something_still_in_it_is_killed_and_it_goes_or_is_left_for_the_next(void **state)
{
	char name[64] = "", path[128];
	int before;

	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice");
	before = next_descriptor();
	assert_true(make());
	kernel_groups.busy = 2;
	sl_cgroup_remove(&group);
	assert_int_equal(kernel_groups_count("/sluice", NULL), 0);
	assert_true(make());
	kernel_groups.busy = 100;
	sl_cgroup_remove(&group);
	assert_int_equal(next_descriptor(), before);
	assert_int_equal(kernel_groups_count("/sluice", name), 1);
	(void)snprintf(path, sizeof path, "/sluice/%s/cgroup.kill", name);
	assert_string_equal(kernel_groups_read(path), "1");
	kernel_groups.busy = 0;
	assert_true(make());
	sl_cgroup_remove(&group);
	assert_int_equal(kernel_groups_count("/sluice", NULL), 0);
	kernel_groups_close();
}

static void put_events(const char *text)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/sluice/%s/memory.events", kernel_groups.host.root, group.name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void test_cgroup_tells_who_was_killed_for_memory(void **state)
{
	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice");
	assert_true(make());
	assert_false(sl_cgroup_ran_out(&group));
	put_events("low 0\nmax 12\noom 1\noom_kill 0\noom_group_kill 0\n");
	assert_false(sl_cgroup_ran_out(&group));
	put_events("low 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n");
	assert_true(sl_cgroup_ran_out(&group));
	sl_cgroup_remove(&group);
	assert_false(sl_cgroup_ran_out(&group));
	kernel_groups_close();
}

/* A child's step, not the keeper's: the group that it could not enter is gone, and why is told. */
static void test_cgroup_that_cannot_be_entered_is_told(void **state)
{
	int k;

	(void)state;
	kernel_groups_open(SL_CGROUP_V2, "0::/\n");
	kernel_groups_add("/sluice");
	why = (struct sl_err){ 0 };
	assert_true(sl_cgroup_try(&kernel_groups.host, &why));
	for (k = 0; k < 100; k++) {
		why = (struct sl_err){ 0 };
		kernel_groups.refuse_with = EACCES;
		kernel_groups.refuse_at = k;
		if (!sl_cgroup_try(&kernel_groups.host, &why) && strstr(why.text, "no process can be put into") != NULL)
			break;
		assert_int_equal(kernel_groups_count("/sluice", NULL), 0);
	}
	kernel_groups.refuse_at = -1;
	assert_true(k < 100);
	assert_non_null(strstr(why.text, "Permission denied"));
	assert_non_null(strstr(why.remedy, "inside"));
	kernel_groups_close();
}

static void test_cgroup_none_can_be_entered_and_removed_without_harm(void **state)
{
	struct sl_cgroup none = { 0 };

	(void)state;
	assert_false(sl_cgroup_enter(&none));
	sl_cgroup_remove(&none);
	assert_int_equal(next_descriptor(), next_descriptor());
}

/* From here on with the host's own groups; false, and said so, when it gives Sluice none. */
static bool host_gives(const struct sl_cgroup_limits *wanted)
{
	why = (struct sl_err){ 0 };
	if (sl_cgroup_try(&sl_cgroup_this_host, &why) && sl_cgroup_make(&sl_cgroup_this_host, wanted, &group, &why))
		return true;
	print_message("not on this host: %s\n", why.text);
	return false;
}

/* How a process in the group ends that does `act`: its wait status. */
static int status_of(void (*act)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (!sl_cgroup_enter(&group))
			_exit(9);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void hold_64_mib(void)
{
	char *p = mmap(NULL, 64u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED)
		_exit(8);
	memset(p, 1, 64u << 20);
}

static void fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	_exit(pid < 0 && errno == EAGAIN ? 7 : 6);
}

static void test_cgroup_of_this_host_bounds_memory_and_processes(void **state)
{
	static const struct sl_cgroup_limits small = { .memory_bytes = 8u << 20, .processes = 1 };
	int status;

	(void)state;
	if (!host_gives(&small))
		skip();
	status = status_of(fork_once);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
	assert_false(sl_cgroup_ran_out(&group));
	status = status_of(hold_64_mib);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_true(sl_cgroup_ran_out(&group));
	assert_int_equal(faccessat(group.given[0], group.name, F_OK, 0), 0);
	sl_cgroup_remove(&group);
}

/* Groups of jobs in a directory, which is closed. */
static int directories_in(int fd)
{
	DIR *d = fdopendir(fd);
	struct dirent *entry;
	int n = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL)
		n += strncmp(entry->d_name, "job-", 4) == 0;
	(void)closedir(d);
	return n;
}

static void kill_a_keeper_at_work(const struct sl_keeper_job *job)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct stage own;

		stage_run(&own, job, "loop");
		_exit(0);
	}
	(void)usleep(300000);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)usleep(300000);   /* its child dies with it, and is then out of the group */
}

/* The keeper's own: a job may require the layer, and no group is left of 20 of them, nor of one that was killed. */
static void test_cgroup_of_this_host_holds_the_confined_process(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	struct stage s;
	int given;

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	if (!host_gives(&limits))
		skip();
	given = openat(group.given[0], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	sl_cgroup_remove(&group);
	job.layers_required = SL_LAYER_BIT(SL_LAYER_CGROUP);
	for (int i = 0; i < 20; i++) {
		stage_run(&s, &job, i % 2 == 0 ? "look" : "segv");
		assert_int_equal(s.rc, i % 2 == 0 ? SL_OK : SL_E_INTEGRITY);
		assert_true(s.out.layers & SL_LAYER_BIT(SL_LAYER_CGROUP));
		stage_clear(&s);
	}
	kill_a_keeper_at_work(&job);
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_OK);
	stage_clear(&s);
	assert_int_equal(directories_in(given), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cgroup_v2_given_at_the_top_gets_every_limit),
		cmocka_unit_test(test_cgroup_v2_nearest_group_of_that_name_above_the_process_is_taken),
		cmocka_unit_test(test_cgroup_v2_delegated_by_systemd_moves_the_keeper_aside),
		cmocka_unit_test(test_cgroup_not_given_is_not_taken),
		cmocka_unit_test(test_cgroup_v2_controllers_are_handed_down_when_they_are_not),
		cmocka_unit_test(test_cgroup_v1_needs_both_hierarchies),
		cmocka_unit_test(test_cgroup_lacking_file_is_forgiven_only_where_its_absence_means_no_need),
		cmocka_unit_test(test_cgroup_each_step_refused_gives_a_whole_group_or_none),
		cmocka_unit_test(test_cgroup_leftovers_of_a_killed_parent_go_and_living_ones_stay),
		cmocka_unit_test(test_cgroup_two_at_once_have_groups_of_their_own),
		cmocka_unit_test(test_cgroup_something_still_in_it_is_killed_and_it_goes_or_is_left_for_the_next),
		cmocka_unit_test(test_cgroup_tells_who_was_killed_for_memory),
		cmocka_unit_test(test_cgroup_that_cannot_be_entered_is_told),
		cmocka_unit_test(test_cgroup_none_can_be_entered_and_removed_without_harm),
		cmocka_unit_test(test_cgroup_of_this_host_bounds_memory_and_processes),
		cmocka_unit_test(test_cgroup_of_this_host_holds_the_confined_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
