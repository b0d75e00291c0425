/* The yard: one empty network for what a process starts; whoever is forked from it makes its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/confine/layers.h"
#include "enclave/keeper/yard.h"
#include "tests/unit/keeper/stage.h"

static struct stage s;

/* Of the calling process: which network, which users. */
static ino_t namespace_of(const char *path)
{
	struct stat st;

	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

/* What a child that moves into the yard sees. */
static ino_t network_of_the_yard(void)
{
	ino_t inside = 0;
	int ends[2];
	pid_t pid;

	CHECK(pipe(ends) == 0);
	pid = fork();
	if (pid == 0) {
		if (sl_yard_enter())
			inside = namespace_of("/proc/self/ns/net");
		_exit(write(ends[1], &inside, sizeof inside) == (ssize_t)sizeof inside ? 0 : 1);
	}
	CHECK(pid > 0 && read(ends[0], &inside, sizeof inside) == (ssize_t)sizeof inside);
	CHECK(waitpid(pid, NULL, 0) == pid && close(ends[0]) == 0 && close(ends[1]) == 0);
	return inside;
}

static struct sl_nest nest_of_this_process(void)
{
	return (struct sl_nest){ .is_root = geteuid() == 0, .uid = geteuid(), .gid = getegid() };
}

static unsigned open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	CHECK(dir != NULL);
	while (readdir(dir) != NULL)
		n++;
	CHECK(closedir(dir) == 0);
	return n;
}

static void make_one_and_use_it_again(void)
{
	struct sl_nest nest = nest_of_this_process();
	ino_t here = namespace_of("/proc/self/ns/net"), yard;
	unsigned open_before;

	CHECK(sl_yard_has(&nest));
	yard = network_of_the_yard();
	CHECK(yard != 0 && yard != here);
	open_before = open_descriptors();
	CHECK(sl_yard_has(&nest) && network_of_the_yard() == yard && open_descriptors() == open_before);
	CHECK(namespace_of("/proc/self/ns/net") == here);
}

static void a_child_makes_its_own(void)
{
	struct sl_nest nest = nest_of_this_process();
	ino_t ours;
	int status = 0;

	CHECK(sl_yard_has(&nest));
	ours = network_of_the_yard();
	pid_t pid = fork();
	if (pid == 0) {
		unsigned open_before = open_descriptors();
		bool own = sl_yard_has(&nest) && network_of_the_yard() != ours;
		_exit(own && open_descriptors() == open_before ? 0 : 1);
	}
	CHECK(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0);
	CHECK(network_of_the_yard() == ours);
}

static void start_two(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	unsigned open_before = 0;

	for (int i = 0; i < 2; i++) {
		stage_run(&s, &job, "look");
		CHECK(s.rc == SL_OK && (s.out.layers & SL_LAYER_BIT(SL_LAYER_NET_NS)) != 0);
		stage_clear(&s);
		CHECK(i == 0 || open_descriptors() == open_before);
		open_before = open_descriptors();
	}
}

static void start_and_be_as_dumpable_as_before(void)
{
	start_two();
	CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1);
	CHECK(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
	start_two();
	CHECK(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0);
}

/* Then each program has a network namespace of its own, as without a yard. */
static void refuse_to_move(void)
{
	const struct stage_refusal refused[] = { { .call = SYS_setns, .argument = -1, .error = EPERM } };

	stage_refuse(refused, 1);
}

static void refuse_to_move_for_an_ordinary_user(void)
{
	stage_as_ordinary_user();
	refuse_to_move();
}

static void nothing(void)
{
}

static bool this_host_gives_users_namespaces(void)
{
	return stage_apart(stage_as_ordinary_user, start_two);
}

static void test_yard_is_made_once_and_is_not_ours(void **state)
{
	(void)state;
	assert_true(stage_apart(nothing, make_one_and_use_it_again));
	if (!this_host_gives_users_namespaces())
		skip();
	assert_true(stage_apart(stage_as_ordinary_user, make_one_and_use_it_again));
}

static void test_yard_of_a_parent_is_not_its_childs(void **state)
{
	(void)state;
	assert_true(stage_apart(nothing, a_child_makes_its_own));
}

static void test_yard_takes_no_right_from_who_uses_it(void **state)
{
	(void)state;
	assert_true(stage_apart(nothing, start_and_be_as_dumpable_as_before));
	if (!this_host_gives_users_namespaces())
		skip();
	assert_true(stage_apart(stage_as_ordinary_user, start_and_be_as_dumpable_as_before));
}

static void test_yard_that_cannot_be_entered_is_done_without(void **state)
{
	(void)state;
	assert_true(stage_apart(refuse_to_move, start_two));
	if (!this_host_gives_users_namespaces())
		skip();
	assert_true(stage_apart(refuse_to_move_for_an_ordinary_user, start_two));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_yard_is_made_once_and_is_not_ours),
		cmocka_unit_test(test_yard_of_a_parent_is_not_its_childs),
		cmocka_unit_test(test_yard_takes_no_right_from_who_uses_it),
		cmocka_unit_test(test_yard_that_cannot_be_entered_is_done_without),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
