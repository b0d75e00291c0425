/* Each way a confined process can end, through the keeper, in the real processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/keeper/stage.h"

static struct stage s;

/* Runs the script actor and checks fate, code and a word of the operator's reason; no frame may come out. */
static void expect_end(const char *words, enum sl_keeper_fate fate, enum sl_rc rc, const char *reason)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	stage_run(&s, &job, words);
	if (s.out.fate != fate || s.rc != rc || strstr(s.err.text, reason) == NULL)
		print_error("%s: fate %s, rc %s, \"%s\"\n", words, sl_keeper_fate_name(s.out.fate),
		            sl_rc_name(s.rc), s.err.text);
	assert_int_equal(s.out.fate, fate);
	assert_int_equal(s.rc, rc);
	assert_non_null(strstr(s.err.text, reason));
	if (fate != SL_FATE_DONE) {
		assert_int_equal(s.out.nframes, 0);
		assert_null(s.out.frames);
	}
	stage_clear(&s);
}

static void expect_filter(const char *words)
{
#ifdef SL_SANITIZE
	(void)words;
	skip();
#else
	expect_end(words, SL_FATE_FILTER, SL_E_INTEGRITY, "system call filter");
#endif
}

static void test_keeper_open_is_killed(void **state) { (void)state; expect_filter("open"); }
static void test_keeper_connect_is_killed(void **state) { (void)state; expect_filter("connect"); }
static void test_keeper_fork_is_killed(void **state) { (void)state; expect_filter("fork"); }
static void test_keeper_exec_is_killed(void **state) { (void)state; expect_filter("exec"); }
static void test_keeper_mprotect_exec_is_killed(void **state) { (void)state; expect_filter("mprotect"); }
static void test_keeper_mmap_is_killed(void **state) { (void)state; expect_filter("mmap"); }
static void test_keeper_signal_is_killed(void **state) { (void)state; expect_filter("signal"); }
static void test_keeper_abort_is_killed(void **state) { (void)state; expect_filter("abort"); }

static void expect_crash(const char *words)
{
#ifdef SL_SANITIZE
	(void)words;
	skip();
#else
	expect_end(words, SL_FATE_CRASHED, SL_E_INTEGRITY, "killed by signal");
#endif
}

static void test_keeper_bad_pointer_is_a_crash(void **state) { (void)state; expect_crash("segv"); }
static void test_keeper_deep_stack_is_a_crash(void **state) { (void)state; expect_crash("stack"); }
static void test_keeper_double_free_is_a_crash(void **state) { (void)state; expect_crash("double-free"); }
static void test_keeper_reading_the_clock_is_a_crash(void **state) { (void)state; expect_crash("clock"); }

static void test_keeper_wrong_frames_end_the_talk(void **state)
{
	static const struct {
		const char *words, *reason;
	} rows[] = {
		{ "say-zeroes", "magic" },       { "say-sequence", "sequence" },  { "say-type", "not expected" },
		{ "say-ready-twice", "not expected" }, { "say-long", "at most" }, { "say-flood", "more than 10 of type" },
		{ "say-over", "at most 65536" },  { "early-done", "before it was ready" }, { "early-layers", "READY frame" },
		{ "early-short", "READY frame" }, { "early-print", "not expected" },
		{ "say-end-is-no-end", "" },     { "say-after-end", "after the last" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		expect_end(rows[i].words, SL_FATE_PROTOCOL, SL_E_INTEGRITY, rows[i].reason);
}

static void test_keeper_peer_that_broke_the_rules_is_not_waited_for(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
	stage_run(&s, &job, "say-nonsense-and-loop");
	assert_int_equal(s.out.fate, SL_FATE_PROTOCOL);
	assert_true(s.out.wall_ms < job.deadline_ms / 2);
	stage_clear(&s);
}

static void test_keeper_frame_cut_short_is_no_answer(void **state)
{
	(void)state;
	/* It says 100 bytes, then its END frame is taken for the body and the stream ends. */
	expect_end("say-cut", SL_FATE_EXITED, SL_E_INTEGRITY, "without its last frame");
}

static void test_keeper_exit_without_end_is_no_answer(void **state)
{
	(void)state;
	expect_end("exit-7", SL_FATE_EXITED, SL_E_INTEGRITY, "exit code 7 without");
	expect_end("say-done-exit-3", SL_FATE_EXITED, SL_E_INTEGRITY, "exit code 3 after");
	expect_end("exit-0", SL_FATE_EXITED, SL_E_INTEGRITY, "exit code 0 without");
}

static void test_keeper_failed_program_gives_its_reason_escaped(void **state)
{
	(void)state;
	expect_end("fail", SL_FATE_FAILED, SL_E_LIMIT, "no room for\\n\\u{1b}[31mcells");
	expect_end("refuse-setup", SL_FATE_FAILED, SL_E_INPUT, "no such \\u{1b}[31msetup");
}

static void expect_deadline(const char *words, uint32_t deadline_ms)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	job.deadline_ms = deadline_ms;
	stage_run(&s, &job, words);
	assert_int_equal(s.out.fate, SL_FATE_DEADLINE);
	assert_int_equal(s.rc, SL_E_LIMIT);
	assert_true(s.out.wall_ms >= deadline_ms && s.out.wall_ms < deadline_ms + 500);
	stage_clear(&s);
}

static void test_keeper_loop_ends_at_deadline(void **state) { (void)state; expect_deadline("loop", 200); }
static void test_keeper_hang_before_ready_ends_at_deadline(void **state)
{
	(void)state;
	expect_deadline("hang-early", 200);
}

static void test_keeper_memory_bomb_gets_null_at_the_arena(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	unsigned long long got;

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	stage_run(&s, &job, "eat");
	assert_int_equal(s.rc, SL_OK);
	got = strtoull(s.text, NULL, 10);
	assert_true(got > (15u << 20) && got < (17u << 20));
	stage_clear(&s);
}

/* Three plans of 3 MiB out and back: both directions move at once, far beyond a pipe's room. */
static void test_keeper_echoes_long_frames_in_both_directions(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	size_t len = 3u << 20;
	uint8_t *body = malloc(len);
	const struct sl_keeper_message send[] = {
		{ SL_FRAME_SCRIPT_SETUP, "echo", 4 }, { SL_FRAME_PLAN, body, len },
		{ SL_FRAME_PLAN, body, len }, { SL_FRAME_PLAN, body, len },
	};
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 3, 3, len };

	(void)state;
	for (size_t i = 0; i < len; i++)
		body[i] = (uint8_t)(i * 131 >> 3);
	memset(&s, 0, sizeof s);
	assert_int_equal(sl_keeper_run(&job, send, 4, &expect, 1, &s.out, &s.err), SL_OK);
	assert_int_equal(s.out.nframes, 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(s.out.frames[i].body.len, len);
		assert_memory_equal(s.out.frames[i].body.data, body, len);
	}
	stage_clear(&s);
	free(body);
}

/* Bodies of both kinds: one of megabytes is read to where it stays, a short one comes with others. */
static void test_keeper_bodies_lie_one_behind_the_other_where_they_are_asked_for(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	size_t len = (9u << 20) + 1;
	struct sl_buf bodies = { 0 };
	uint8_t *body = malloc(len);
	const struct sl_keeper_message send[] = {
		{ SL_FRAME_SCRIPT_SETUP, "echo", 4 }, { SL_FRAME_PLAN, "short", 5 }, { SL_FRAME_PLAN, body, len },
		{ SL_FRAME_PLAN, body, 0 },
	};
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 3, 3, len };

	(void)state;
	for (size_t i = 0; i < len; i++)
		body[i] = (uint8_t)(i * 131 >> 3);
	memset(&s, 0, sizeof s);
	job.bodies = &bodies;
	sl_buf_u32(&bodies, 3);
	assert_int_equal(sl_keeper_run(&job, send, 4, &expect, 1, &s.out, &s.err), SL_OK);
	assert_int_equal(s.out.nframes, 3);
	struct sl_cursor in = sl_cursor_over(bodies.data, bodies.len);
	assert_int_equal(sl_cursor_u32(&in), 3);
	for (uint32_t i = 0; i < 3; i++) {
		assert_int_equal(s.out.frames[i].body.len, 0);
		assert_int_equal(sl_cursor_u32(&in), send[i + 1].len);
		assert_memory_equal(sl_cursor_take(&in, send[i + 1].len), send[i + 1].data, send[i + 1].len);
	}
	assert_int_equal(sl_cursor_left(&in), 0);
	stage_clear(&s);
	sl_buf_free(&bodies);
	free(body);
}

static void test_keeper_bodies_beyond_their_bound_are_refused(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	struct sl_buf bodies = { .max = 4 + 17 + 4 + 1 + 4 };
	const struct sl_keeper_message send[] = {
		{ SL_FRAME_SCRIPT_SETUP, "echo", 4 }, { SL_FRAME_PLAN, "of seventeen byte", 17 }, { SL_FRAME_PLAN, "a", 1 },
		{ SL_FRAME_PLAN, "b", 1 },
	};
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 3, 3, 100 };

	(void)state;
	memset(&s, 0, sizeof s);
	job.bodies = &bodies;
	assert_int_equal(sl_keeper_run(&job, send, 4, &expect, 1, &s.out, &s.err), SL_E_LIMIT);
	assert_non_null(strstr(s.err.text, "does not fit into 30 bytes"));
	assert_int_equal(s.out.nframes, 0);
	stage_clear(&s);
	sl_buf_free(&bodies);
	bodies.max++;
	memset(&s, 0, sizeof s);
	assert_int_equal(sl_keeper_run(&job, send, 4, &expect, 1, &s.out, &s.err), SL_OK);
	stage_clear(&s);
	sl_buf_free(&bodies);
}

static void test_keeper_sends_no_plan_before_the_layers_are_judged(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	const struct sl_keeper_message send[] = { { SL_FRAME_SCRIPT_SETUP, "peek", 4 }, { SL_FRAME_PLAN, "plan", 4 } };
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 1, 1, 100 };

	(void)state;
	memset(&s, 0, sizeof s);
	assert_int_equal(sl_keeper_run(&job, send, 2, &expect, 1, &s.out, &s.err), SL_OK);
	assert_int_equal(s.out.frames[0].body.len, 6);
	assert_memory_equal(s.out.frames[0].body.data, "more=0", 6);
	stage_clear(&s);
}

/* The message lies in a file that the living child looks into: what the parent holds of it is gone by then. */
static void look_for_setup(bool secret, const char *found)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 1, 1, 100 };
	size_t len = strlen("look-for-setup");
	int fd = memfd_create("setup", MFD_CLOEXEC);
	void *data;

	assert_int_equal(ftruncate(fd, (off_t)len), 0);
	data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(data, MAP_FAILED);
	memcpy(data, "look-for-setup", len);
	job.data_fds = &fd;
	job.ndata = 1;
	job.setup_is_secret = secret;
	const struct sl_keeper_message send = { SL_FRAME_SCRIPT_SETUP, data, len };
	memset(&s, 0, sizeof s);
	assert_int_equal(sl_keeper_run(&job, &send, 1, &expect, 1, &s.out, &s.err), SL_OK);
	assert_int_equal(s.out.frames[0].body.len, strlen(found));
	assert_memory_equal(s.out.frames[0].body.data, found, strlen(found));
	stage_clear(&s);
	(void)munmap(data, len);
	(void)close(fd);
}

static void test_keeper_holds_no_byte_of_a_secret_setup_while_the_child_lives(void **state)
{
	(void)state;
	look_for_setup(true, "left=0");
	look_for_setup(false, "left=14");
}

static void test_keeper_secret_setup_is_wiped_when_nobody_took_it(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	char secret[] = "secret";
	const struct sl_keeper_message send = { SL_FRAME_SCRIPT_SETUP, secret, sizeof secret };

	(void)state;
	memset(&s, 0, sizeof s);
	job.path = "/nonexistent";
	job.setup_is_secret = true;
	assert_int_equal(sl_keeper_run(&job, &send, 1, NULL, 0, &s.out, &s.err), SL_E_HOST);
	for (size_t i = 0; i < sizeof secret; i++)
		assert_int_equal(secret[i], 0);
	stage_clear(&s);
}

static void test_keeper_too_few_frames_is_protocol(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	const struct sl_keeper_message send = { SL_FRAME_SCRIPT_SETUP, "nothing", 7 };
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 1, 1, 100 };

	(void)state;
	memset(&s, 0, sizeof s);
	assert_int_equal(sl_keeper_run(&job, &send, 1, &expect, 1, &s.out, &s.err), SL_E_INTEGRITY);
	assert_int_equal(s.out.fate, SL_FATE_PROTOCOL);
	stage_clear(&s);
}

static void test_keeper_zeroed_job_does_not_start(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT), bad;

	(void)state;
	for (int i = 0; i < 4; i++) {
		bad = job;
		if (i == 0)
			bad.program = SL_PROGRAM_NONE;
		if (i == 1)
			bad.deadline_ms = 0;
		if (i == 2)
			bad.memory_bytes = 0;
		if (i == 3)
			bad.ndata = SL_PROGRAM_DATA_FDS_MAX + 1;
		stage_run(&s, &bad, "look");
		assert_int_equal(s.rc, SL_E_BUG);
		assert_int_equal(s.out.fate, SL_FATE_HOST);
		stage_clear(&s);
	}
}

static void test_keeper_missing_executable_is_host(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	char path[64] = "/nonexistent/sluice-script";

	(void)state;
	job.path = path;
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_E_HOST);
	assert_string_not_equal(s.err.remedy, "");
	job.path = "/etc/passwd";
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_E_HOST);
}

static void test_keeper_memory_too_small_names_the_arena(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	job.memory_bytes = 4096;
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_E_HOST);
	assert_int_equal(s.out.fate, SL_FATE_HOST);
	assert_non_null(strstr(s.err.text, "arena"));
}

static void refuse_no_clock(void)
{
	static const struct stage_refusal tsc = { .call = SYS_prctl, .argument = 0, .value = PR_SET_TSC, .error = EINVAL };

	stage_refuse(&tsc, 1);
}

/* A policy requires a layer that this host refuses: nothing comes back, and the layer is named. */
static void run_with_a_clock(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	job.layers_required = SL_LAYER_BIT(SL_LAYER_NO_CLOCK);
	stage_run(&s, &job, "look");
	CHECK(s.rc == SL_E_HOST && s.out.fate == SL_FATE_HOST && s.out.nframes == 0);
	CHECK(strstr(s.err.text, "no-clock") != NULL && s.err.remedy[0] != '\0');
	job.layers_required = 0;
	stage_run(&s, &job, "look");
	CHECK(s.rc == SL_OK);
	stage_clear(&s);
}

static void test_keeper_required_layer_off_refuses_by_name(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
	assert_true(stage_apart(refuse_no_clock, run_with_a_clock));
	job.layers_required = UINT32_C(1) << 31;
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_E_HOST);
}

/* The engine's libraries read the clock, so a policy that requires it off means the others. */
static void test_keeper_required_layer_that_is_not_for_the_program_is_let_go(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);

	(void)state;
	job.layers_required = SL_LAYER_BIT(SL_LAYER_NO_CLOCK);
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_OK);
	assert_false(s.out.layers & SL_LAYER_BIT(SL_LAYER_NO_CLOCK));
	stage_clear(&s);
}

static void test_keeper_judge_each_required_layer_is_needed(void **state)
{
	(void)state;
	assert_int_equal(sl_keeper_judge_layers(sl_layers_known(), 0, NULL), SL_OK);
	assert_int_equal(sl_keeper_judge_layers(0, 0, NULL), SL_E_HOST);
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		uint32_t without = sl_layers_known() & ~SL_LAYER_BIT(i);
		bool required = (sl_layers_required() & SL_LAYER_BIT(i)) != 0;
		struct sl_err err = { 0 };

		assert_int_equal(sl_keeper_judge_layers(without, 0, &err), required ? SL_E_HOST : SL_OK);
		if (required)
			assert_non_null(strstr(err.text, sl_layers_table[i].name));
		assert_int_equal(sl_keeper_judge_layers(without, SL_LAYER_BIT(i), NULL), SL_E_HOST);
	}
}

static void test_keeper_leaves_no_child_and_no_descriptor(void **state)
{
	static const char *const words[] = { "look", "segv", "exit-7", "say-type", "fail", "open" };
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	int before = open("/dev/null", O_RDONLY), after;

	(void)state;
	(void)close(before);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		stage_run(&s, &job, words[i]);
		assert_int_not_equal(s.out.fate, SL_FATE_HOST);
		stage_clear(&s);
	}
	after = open("/dev/null", O_RDONLY);
	(void)close(after);
	assert_int_equal(after, before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* A plan that does not fit the pipe, for a peer that says one more word and is gone. */
static void send_to_one_who_leaves(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	size_t len = 1u << 20;
	uint8_t *body = calloc(1, len);
	const struct sl_keeper_message send[] = { { SL_FRAME_SCRIPT_SETUP, "say-word-later-and-exit", 23 },
		                                      { SL_FRAME_PLAN, body, len } };
	const struct sl_keeper_expect expect = { SL_FRAME_PRINT, 0, 1, 100 };
	sigset_t pending;

	memset(&s, 0, sizeof s);
	CHECK(sl_keeper_run(&job, send, 2, &expect, 1, &s.out, &s.err) == SL_E_INTEGRITY);
	CHECK(s.out.fate == SL_FATE_EXITED);
	sigemptyset(&pending);
	CHECK(sigpending(&pending) == 0 && !sigismember(&pending, SIGPIPE));
	free(body);
}

/* The keeper is stopped while the peer leaves, so that it finds the last word and the broken pipe at once. */
static void test_keeper_peer_gone_raises_no_sigpipe(void **state)
{
	int status = -1;
	pid_t pid;

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	pid = fork();
	if (pid == 0) {
		send_to_one_who_leaves();
		_exit(0);
	}
	(void)usleep(100000);
	(void)kill(pid, SIGSTOP);
	(void)usleep(300000);
	(void)kill(pid, SIGCONT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void test_keeper_probe_tells_the_layers(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	struct sl_err err = { 0 };
	uint32_t layers = 0;

	(void)state;
	assert_int_equal(sl_keeper_probe(SL_PROGRAM_SCRIPT, job.path, &layers, &err), SL_OK);
	assert_int_equal(layers & sl_layers_required(), sl_layers_required());
	assert_int_equal(layers & ~sl_layers_known(), 0);
}

static void run_plain(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	stage_run(&s, &job, "look");
	CHECK(s.rc == SL_OK);
	CHECK(strstr(s.text, "passwd=0") != NULL);
	stage_clear(&s);
#ifndef SL_SANITIZE
	stage_run(&s, &job, "open");
	CHECK(s.out.fate == SL_FATE_FILTER);
	stage_clear(&s);
#endif
}

static void run_plain_without_nets(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	run_plain();
	stage_run(&s, &job, "look");
	CHECK((s.out.layers & (SL_LAYER_BIT(SL_LAYER_NET_NS) | SL_LAYER_BIT(SL_LAYER_EMPTY_ROOT))) == 0);
	job.layers_required = SL_LAYER_BIT(SL_LAYER_NET_NS);
	stage_run(&s, &job, "look");
	CHECK(s.rc == SL_E_HOST && strstr(s.err.text, "net-namespace") != NULL);
}

static void stage_user_without_namespaces(void)
{
	stage_as_ordinary_user();
	stage_without_namespaces();
}

static void test_keeper_works_for_an_ordinary_user(void **state)
{
	(void)state;
	assert_true(stage_apart(stage_as_ordinary_user, run_plain));
}

/* One layer removed: without any namespace the file stays out of reach and the filter still kills. */
static void test_keeper_without_namespaces_other_layers_hold(void **state)
{
	(void)state;
	assert_true(stage_apart(stage_without_namespaces, run_plain_without_nets));
	assert_true(stage_apart(stage_user_without_namespaces, run_plain_without_nets));
}

/* Killed in the middle of a job, the keeper takes its child along. */
static void test_keeper_dies_and_takes_its_child_along(void **state)
{
	int ends[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		/* As a data descriptor the pipe's write end lives in the confined child too. */
		struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);

		job.data_fds = &ends[1];
		job.ndata = 1;
		(void)close(ends[0]);
		stage_run(&s, &job, "loop");
		_exit(0);
	}
	(void)close(ends[1]);
	(void)usleep(100000);
	assert_int_equal(waitpid(pid, NULL, WNOHANG), 0); /* it is at work */
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	(void)alarm(5);
	assert_int_equal(read(ends[0], &byte, 1), 0); /* end of stream: nobody holds it */
	(void)alarm(0);
	(void)close(ends[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_open_is_killed),
		cmocka_unit_test(test_keeper_connect_is_killed),
		cmocka_unit_test(test_keeper_fork_is_killed),
		cmocka_unit_test(test_keeper_exec_is_killed),
		cmocka_unit_test(test_keeper_mprotect_exec_is_killed),
		cmocka_unit_test(test_keeper_mmap_is_killed),
		cmocka_unit_test(test_keeper_signal_is_killed),
		cmocka_unit_test(test_keeper_abort_is_killed),
		cmocka_unit_test(test_keeper_bad_pointer_is_a_crash),
		cmocka_unit_test(test_keeper_deep_stack_is_a_crash),
		cmocka_unit_test(test_keeper_double_free_is_a_crash),
		cmocka_unit_test(test_keeper_reading_the_clock_is_a_crash),
		cmocka_unit_test(test_keeper_wrong_frames_end_the_talk),
		cmocka_unit_test(test_keeper_peer_that_broke_the_rules_is_not_waited_for),
		cmocka_unit_test(test_keeper_frame_cut_short_is_no_answer),
		cmocka_unit_test(test_keeper_exit_without_end_is_no_answer),
		cmocka_unit_test(test_keeper_failed_program_gives_its_reason_escaped),
		cmocka_unit_test(test_keeper_loop_ends_at_deadline),
		cmocka_unit_test(test_keeper_hang_before_ready_ends_at_deadline),
		cmocka_unit_test(test_keeper_memory_bomb_gets_null_at_the_arena),
		cmocka_unit_test(test_keeper_echoes_long_frames_in_both_directions),
		cmocka_unit_test(test_keeper_bodies_lie_one_behind_the_other_where_they_are_asked_for),
		cmocka_unit_test(test_keeper_bodies_beyond_their_bound_are_refused),
		cmocka_unit_test(test_keeper_sends_no_plan_before_the_layers_are_judged),
		cmocka_unit_test(test_keeper_holds_no_byte_of_a_secret_setup_while_the_child_lives),
		cmocka_unit_test(test_keeper_secret_setup_is_wiped_when_nobody_took_it),
		cmocka_unit_test(test_keeper_too_few_frames_is_protocol),
		cmocka_unit_test(test_keeper_zeroed_job_does_not_start),
		cmocka_unit_test(test_keeper_missing_executable_is_host),
		cmocka_unit_test(test_keeper_memory_too_small_names_the_arena),
		cmocka_unit_test(test_keeper_required_layer_off_refuses_by_name),
		cmocka_unit_test(test_keeper_required_layer_that_is_not_for_the_program_is_let_go),
		cmocka_unit_test(test_keeper_judge_each_required_layer_is_needed),
		cmocka_unit_test(test_keeper_leaves_no_child_and_no_descriptor),
		cmocka_unit_test(test_keeper_peer_gone_raises_no_sigpipe),
		cmocka_unit_test(test_keeper_probe_tells_the_layers),
		cmocka_unit_test(test_keeper_works_for_an_ordinary_user),
		cmocka_unit_test(test_keeper_without_namespaces_other_layers_hold),
		cmocka_unit_test(test_keeper_dies_and_takes_its_child_along),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
