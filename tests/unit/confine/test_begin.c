/*
 * A confined program started by somebody else than the keeper: it looks for itself, says which layer is off and
 * leaves before it reads its setup.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/confine/confine.h"

/* One start; zeroed is an honest one. */
struct start {
	const char *program;       /* "": test_actor_script */
	char *variable;            /* in the environment */
	const char *words;         /* setup to send */
	char *ndata, *bytes, *word;
	bool open_stdin, extra_low, extra_high, swapped, reader_gone, no_cpu_limit, file_size_open;
};

struct seen {
	bool ready;
	uint32_t layers;
	int exit_code;             /* -1: signal */
	char said[256];
};

static _Noreturn void become(const struct start *how, int in, int out)
{
	char path[512] = STAGE_DIR "/", name[] = "x";
	char *env[] = { how->variable, NULL };
	char *argv[] = { name, how->ndata != NULL ? how->ndata : (char[]){ "0" },
		             how->bytes != NULL ? how->bytes : (char[]){ "16777216" }, how->word, NULL };
	const struct rlimit ten = { 10, 11 }, none = { 0, 0 }, stack = { 8 << 20, 8 << 20 };
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);

	strcat(path, how->program != NULL ? how->program : "test_actor_script");
	in = fcntl(in, F_DUPFD, 50);
	out = fcntl(out, F_DUPFD, 50);
	zero = fcntl(zero, F_DUPFD, 50);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(fd == 0 && how->open_stdin ? zero : null, fd);
	(void)dup2(how->swapped ? out : in, 3);
	(void)dup2(how->swapped ? in : out, 4);
	if (how->extra_low)
		(void)dup2(null, 5);
	if (how->extra_high)
		(void)dup2(null, 1000);
	for (int fd = how->extra_low ? 6 : 5; fd < 1000; fd++)
		(void)close(fd);
	if (!how->no_cpu_limit)
		(void)setrlimit(RLIMIT_CPU, &ten);
	if (!how->file_size_open)
		(void)setrlimit(RLIMIT_FSIZE, &none);
	(void)setrlimit(RLIMIT_STACK, &stack);
	(void)execve(path, argv, env);
	_exit(98);
}

static void listen_to(int fd, struct seen *seen)
{
	static const enum sl_frame_type any[] = { SL_FRAME_READY, SL_FRAME_PRINT, SL_FRAME_END };
	struct sl_frame_side side = { 0 };
	struct sl_buf body = { 0 };
	enum sl_frame_type type;

	while (sl_frame_read(fd, &side, any, 3, 4096, &type, &body, NULL) == SL_OK) {
		struct sl_cursor c = sl_cursor_over(body.data, body.len);

		if (type == SL_FRAME_READY) {
			seen->ready = true;
			seen->layers = sl_cursor_u32(&c);
		} else if (type == SL_FRAME_PRINT && body.len < sizeof seen->said) {
			memcpy(seen->said, body.data, body.len);
		}
	}
	sl_buf_free(&body);
}

static struct seen start(const struct start *how)
{
	struct seen seen = { .exit_code = -1 };
	struct sl_frame_side side = { 0 };
	const char *words = how->words != NULL ? how->words : "nothing";
	int in[2], out[2], status = 0;
	pid_t pid;

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(sl_frame_write(in[1], &side, SL_FRAME_SCRIPT_SETUP, words, strlen(words), NULL), SL_OK);
	if (how->reader_gone)
		(void)close(out[0]);
	pid = fork();
	if (pid == 0)
		become(how, in[0], out[1]);
	(void)close(in[0]);
	(void)close(in[1]);
	(void)close(out[1]);
	if (!how->reader_gone) {
		listen_to(out[0], &seen);
		(void)close(out[0]);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		seen.exit_code = WEXITSTATUS(status);
	return seen;
}

static void test_begin_honest_start_has_every_required_layer(void **state)
{
	struct seen seen = start(&(struct start){ 0 });

	(void)state;
	assert_true(seen.ready);
	assert_int_equal(seen.layers & sl_layers_required(), sl_layers_required());
	assert_int_equal(seen.exit_code, 0);
}

static void expect_off(const struct start *how, enum sl_layer layer)
{
	struct seen seen = start(how);

	assert_true(seen.ready);
	assert_int_equal(seen.layers & SL_LAYER_BIT(layer), 0);
	assert_int_equal(seen.exit_code, 69);
	assert_string_equal(seen.said, "");
}

static void test_begin_variable_in_the_environment_ends_it(void **state)
{
	char variable[] = "LD_PRELOAD=x";

	(void)state;
	expect_off(&(struct start){ .variable = variable }, SL_LAYER_ENVIRONMENT);
}

static void test_begin_wrong_descriptors_end_it(void **state)
{
	char one[] = "1";

	(void)state;
	expect_off(&(struct start){ .open_stdin = true }, SL_LAYER_DESCRIPTORS);
	expect_off(&(struct start){ .extra_low = true }, SL_LAYER_DESCRIPTORS);
	expect_off(&(struct start){ .extra_high = true }, SL_LAYER_DESCRIPTORS);
	expect_off(&(struct start){ .ndata = one }, SL_LAYER_DESCRIPTORS);
}

static void test_begin_swapped_pipes_say_nothing(void **state)
{
	struct seen seen = start(&(struct start){ .swapped = true });

	(void)state;
	assert_false(seen.ready);
	assert_int_equal(seen.exit_code, 69);
}

static void test_begin_keeper_gone_ends_it(void **state)
{
	struct seen seen = start(&(struct start){ .reader_gone = true });

	(void)state;
	assert_int_not_equal(seen.exit_code, 0);
}

static void test_begin_unbounded_cpu_or_files_end_it(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	expect_off(&(struct start){ .no_cpu_limit = true }, SL_LAYER_RLIMITS);
	expect_off(&(struct start){ .program = "test_actor_load", .file_size_open = true }, SL_LAYER_RLIMITS);
}

static void test_begin_wrong_words_are_refused(void **state)
{
	char bad[] = "x", minus[] = "-1", many[] = "65", probe[] = "prob";
	const struct start starts[] = { { .ndata = bad }, { .ndata = minus }, { .ndata = many }, { .bytes = bad },
		                            { .bytes = minus }, { .word = probe } };

	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
		struct seen seen = start(&starts[i]);

		assert_false(seen.ready);
		assert_int_equal(seen.exit_code, 2);
	}
}

/* Started as root and not changed to another account: root without one capability. */
static void test_begin_root_is_left_without_capabilities(void **state)
{
	static const char *const acts[] = { "try-core", "try-raise-limit", "try-mount", "try-hostname" };

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
		struct seen seen = start(&(struct start){ .program = "test_actor_no_filter", .words = acts[i] });

		assert_string_equal(seen.said, "no");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_begin_honest_start_has_every_required_layer),
		cmocka_unit_test(test_begin_variable_in_the_environment_ends_it),
		cmocka_unit_test(test_begin_wrong_descriptors_end_it),
		cmocka_unit_test(test_begin_swapped_pipes_say_nothing),
		cmocka_unit_test(test_begin_keeper_gone_ends_it),
		cmocka_unit_test(test_begin_unbounded_cpu_or_files_end_it),
		cmocka_unit_test(test_begin_wrong_words_are_refused),
		cmocka_unit_test(test_begin_root_is_left_without_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
