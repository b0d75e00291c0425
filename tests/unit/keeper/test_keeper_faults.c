/* What the host does to the keeper: no memory, no descriptors, signals. Never a frame, a child or a descriptor left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/keeper/stage.h"

void *__real_malloc(size_t len);
void *__real_realloc(void *p, size_t len);
void *__wrap_malloc(size_t len);
void *__wrap_realloc(void *p, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);

static struct stage s;
static int fail_at = -1;   /* allocation number that fails; -1: none */

static int is_due(void)
{
	return fail_at >= 0 && fail_at-- == 0;
}

void *__wrap_malloc(size_t len)
{
	return is_due() ? NULL : __real_malloc(len);
}

void *__wrap_realloc(void *p, size_t len)
{
	return is_due() ? NULL : __real_realloc(p, len);
}

static int turned_away;    /* how often each frame's first write still is */
static int nturned_away;

static bool begins_a_frame(const uint8_t *data, size_t len)
{
	uint8_t head[SL_FRAME_HEADER_BYTES];
	struct sl_frame_side side = { 0 };

	sl_frame_header_put(head, &side, SL_FRAME_PLAN, 0);
	return len >= sizeof head && memcmp(head, data, 4) == 0;
}

/* As a full pipe that does not wait would. */
ssize_t __wrap_write(int fd, const void *data, size_t len)
{
	if (turned_away > 0 && begins_a_frame(data, len)) {
		turned_away--;
		nturned_away++;
		errno = EAGAIN;
		return -1;
	}
	return __real_write(fd, data, len);
}

static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)close(fd);
	return fd;
}

static void assert_nothing_left(int descriptor_before)
{
	if (s.rc != SL_OK) {
		assert_int_equal(s.out.nframes, 0);
		assert_int_not_equal(s.out.fate, SL_FATE_DONE);
		assert_int_not_equal(s.err.rc, SL_OK);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(next_descriptor(), descriptor_before);
}

/* A header made anew for each try would have the next number each time, and the child would hang up. */
static void test_keeper_a_write_that_must_be_tried_again_keeps_the_frames_number(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
	turned_away = 3;
	nturned_away = 0;
	stage_run(&s, &job, "look");
	assert_int_equal(nturned_away, 3);
	assert_int_equal(s.rc, SL_OK);
	assert_int_equal(s.out.fate, SL_FATE_DONE);
	stage_clear(&s);
}

static void test_keeper_each_allocation_failed_ends_cleanly(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	int before = next_descriptor(), k;

	(void)state;
	for (k = 0; k < 200; k++) {
		fail_at = k;
		stage_run(&s, &job, "look");
		if (fail_at >= 0)
			break;   /* it needed fewer */
		assert_int_equal(s.rc, SL_E_NOMEM);
		assert_nothing_left(before);
		stage_clear(&s);
	}
	fail_at = -1;
	assert_true(k > 1 && k < 200);
	assert_int_equal(s.rc, SL_OK);
	stage_clear(&s);
}

static void test_keeper_each_descriptor_refused_ends_cleanly(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	int before = next_descriptor();
	struct rlimit was, few;
	int refused = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = was;
	for (rlim_t more = 0; more < 24; more++) {
		few.rlim_cur = (rlim_t)before + more;
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
		stage_run(&s, &job, "look");
		assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
		assert_true(s.rc == SL_OK || s.rc == SL_E_HOST);
		refused += s.rc == SL_E_HOST;
		assert_nothing_left(before);
		stage_clear(&s);
	}
	assert_true(refused >= 8 && refused < 24);
}

static void on_signal(int sig)
{
	(void)sig;
}

static void test_keeper_under_a_storm_of_signals_loses_nothing(void **state)
{
	struct sigaction act = { .sa_handler = on_signal };
	struct itimerval storm = { { 0, 200 }, { 0, 200 } }, calm = { 0 };
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	int before = next_descriptor();

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &act, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &storm, NULL), 0);
	for (int i = 0; i < 20; i++) {
		stage_run(&s, &job, "look");
		assert_int_equal(s.rc, SL_OK);
		assert_int_equal(s.out.nframes, 1);
		stage_clear(&s);
	}
	assert_int_equal(setitimer(ITIMER_REAL, &calm, NULL), 0);
	assert_nothing_left(before);
}

/* Ignored signals, a blocked mask and a handler of the caller's do not reach the child; the caller keeps his. */
static void test_keeper_caller_with_odd_signals_is_left_as_it_was(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	sigset_t usr, before, after;

	(void)state;
	sigemptyset(&usr);
	sigaddset(&usr, SIGUSR1);
	assert_int_equal(sigprocmask(SIG_BLOCK, &usr, &before), 0);
	(void)signal(SIGHUP, SIG_IGN);
	stage_run(&s, &job, "look");
	(void)signal(SIGHUP, SIG_DFL);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, &after), 0);
	assert_true(sigismember(&after, SIGUSR1));
	assert_false(sigismember(&after, SIGPIPE));
	assert_int_equal(s.rc, SL_OK);
#ifndef SL_SANITIZE
	assert_non_null(strstr(s.text, "signals=0."));
#endif
	stage_clear(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_a_write_that_must_be_tried_again_keeps_the_frames_number),
		cmocka_unit_test(test_keeper_each_allocation_failed_ends_cleanly),
		cmocka_unit_test(test_keeper_each_descriptor_refused_ends_cleanly),
		cmocka_unit_test(test_keeper_under_a_storm_of_signals_loses_nothing),
		cmocka_unit_test(test_keeper_caller_with_odd_signals_is_left_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
