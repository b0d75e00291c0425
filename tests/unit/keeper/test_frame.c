/* Frames over a pipe: what one side writes the other reads, and everything that is not exactly that is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "enclave/pact/frame.h"

static const enum sl_frame_type two[] = { SL_FRAME_PLAN, SL_FRAME_PRINT };
static int ends[2];
static struct sl_frame_side out, in;
static struct sl_buf body;
static struct sl_err err;
static enum sl_frame_type type;

static int setup(void **state)
{
	(void)state;
	memset(&out, 0, sizeof out);
	memset(&in, 0, sizeof in);
	memset(&err, 0, sizeof err);
	type = SL_FRAME_NONE;
	return pipe(ends);
}

static int teardown(void **state)
{
	(void)state;
	(void)close(ends[0]);
	(void)close(ends[1]);
	sl_buf_free(&body);
	return 0;
}

static enum sl_rc take(size_t len_max)
{
	return sl_frame_read(ends[0], &in, two, 2, len_max, &type, &body, &err);
}

static void test_frame_written_is_read_in_order(void **state)
{
	(void)state;
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PLAN, "hello", 5, &err), SL_OK);
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PRINT, NULL, 0, &err), SL_OK);
	assert_int_equal(take(5), SL_OK);
	assert_int_equal(type, SL_FRAME_PLAN);
	assert_int_equal(body.len, 5);
	assert_string_equal(sl_buf_cstr(&body), "hello");
	assert_int_equal(take(5), SL_OK);
	assert_int_equal(type, SL_FRAME_PRINT);
	assert_int_equal(body.len, 0);
}

static void test_frame_header_bytes_are_fixed(void **state)
{
	static const uint8_t want[] = { 'S', 'L', 'F', '0', 2, 0, 5, 1, 4, 3, 2, 1 };
	struct sl_frame_side side = { .next_sequence = 0x105 };
	uint8_t head[SL_FRAME_HEADER_BYTES];

	(void)state;
	sl_frame_header_put(head, &side, SL_FRAME_PLAN, 0x01020304);
	assert_memory_equal(head, want, sizeof want);
	assert_int_equal(side.next_sequence, 0x106);
}

static void test_frame_each_header_bit_flipped_is_refused(void **state)
{
	(void)state;
	for (size_t bit = 0; bit < 8 * 8; bit++) {
		struct sl_frame_side from = { 0 }, to = { 0 };
		uint8_t head[SL_FRAME_HEADER_BYTES];
		uint32_t len = 77;

		sl_frame_header_put(head, &from, SL_FRAME_PLAN, 10);
		head[bit / 8] ^= (uint8_t)(1u << bit % 8);
		if (head[4] == SL_FRAME_PRINT && head[5] == 0)
			continue; /* the other type that is allowed */
		type = SL_FRAME_NONE;
		assert_int_equal(sl_frame_header_get(head, &to, two, 2, 10, &type, &len, NULL), SL_E_INTEGRITY);
		assert_int_equal(type, SL_FRAME_NONE);
		assert_int_equal(len, 77);
		assert_int_equal(to.next_sequence, 0);
	}
}

static void test_frame_type_none_is_refused_even_if_listed(void **state)
{
	static const enum sl_frame_type none = SL_FRAME_NONE;
	struct sl_frame_side from = { 0 }, to = { 0 };
	uint8_t head[SL_FRAME_HEADER_BYTES];
	uint32_t len;

	(void)state;
	sl_frame_header_put(head, &from, SL_FRAME_NONE, 0);
	assert_int_equal(sl_frame_header_get(head, &to, &none, 1, 10, &type, &len, NULL), SL_E_INTEGRITY);
	sl_frame_header_put(head, &to, SL_FRAME_PLAN, 0);
	assert_int_equal(sl_frame_header_get(head, &from, NULL, 0, 10, &type, &len, NULL), SL_E_INTEGRITY);
}

static void test_frame_one_byte_too_long_is_refused_before_it_is_read(void **state)
{
	(void)state;
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PLAN, "hello", 5, &err), SL_OK);
	assert_int_equal(take(4), SL_E_INTEGRITY);
	assert_int_equal(body.len, 0);
	assert_null(body.data);
}

static void test_frame_repeated_or_skipped_is_refused(void **state)
{
	(void)state;
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PLAN, "a", 1, &err), SL_OK);
	out.next_sequence = 0;
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PLAN, "b", 1, &err), SL_OK);
	assert_int_equal(take(5), SL_OK);
	assert_int_equal(take(5), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "sequence 0 where 1"));
}

static void test_frame_end_of_stream_says_closed(void **state)
{
	(void)state;
	(void)close(ends[1]);
	assert_int_equal(take(5), SL_E_IO);
	assert_non_null(strstr(err.text, "closed"));
	ends[1] = -1;
}

static void test_frame_cut_anywhere_is_an_error(void **state)
{
	uint8_t whole[SL_FRAME_HEADER_BYTES + 3] = { 0 };

	(void)state;
	(void)close(ends[0]);
	(void)close(ends[1]);
	sl_frame_header_put(whole, &out, SL_FRAME_PLAN, 3);
	for (size_t len = 1; len < sizeof whole; len++) {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], whole, len), len);
		(void)close(ends[1]);
		memset(&in, 0, sizeof in);
		memset(&err, 0, sizeof err);
		assert_int_equal(take(5), SL_E_IO);
		assert_non_null(strstr(err.text, "inside a frame"));
		(void)close(ends[0]);
	}
	ends[0] = ends[1] = -1;
}

/* A writer that dribbles byte by byte, longer than the pipe, with signals between. */
static void on_alarm(int sig)
{
	(void)sig;
}

static void test_frame_dribbled_under_signals_is_whole(void **state)
{
	struct sigaction act = { .sa_handler = on_alarm };
	size_t len = 300000;
	uint8_t *data = calloc(1, len);
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < len; i++)
		data[i] = (uint8_t)(i * 7);
	assert_int_equal(sigaction(SIGUSR1, &act, NULL), 0);
	pid = fork();
	if (pid == 0) {
		enum sl_rc rc;

		for (int i = 0; i < 50; i++)
			(void)kill(getppid(), SIGUSR1);
		rc = sl_frame_write(ends[1], &out, SL_FRAME_PLAN, data, len, NULL);
		for (int i = 0; i < 50; i++)
			(void)kill(getppid(), SIGUSR1);
		_exit(rc == SL_OK ? 0 : 1);
	}
	assert_int_equal(take(len), SL_OK);
	assert_int_equal(body.len, len);
	assert_memory_equal(body.data, data, len);
	while (waitpid(pid, NULL, 0) < 0)
		continue;
	free(data);
}

static void test_frame_peer_gone_is_an_error_when_sigpipe_is_ignored(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)close(ends[0]);
	ends[0] = -1;
	assert_int_equal(sl_frame_write(ends[1], &out, SL_FRAME_PLAN, "a", 1, &err), SL_E_IO);
	(void)signal(SIGPIPE, SIG_DFL);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(test_frame_written_is_read_in_order),
		TEST(test_frame_header_bytes_are_fixed),
		TEST(test_frame_each_header_bit_flipped_is_refused),
		TEST(test_frame_type_none_is_refused_even_if_listed),
		TEST(test_frame_one_byte_too_long_is_refused_before_it_is_read),
		TEST(test_frame_repeated_or_skipped_is_refused),
		TEST(test_frame_end_of_stream_says_closed),
		TEST(test_frame_cut_anywhere_is_an_error),
		TEST(test_frame_dribbled_under_signals_is_whole),
		TEST(test_frame_peer_gone_is_an_error_when_sigpipe_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
