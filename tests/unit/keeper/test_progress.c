/* test_progress.c - progress is handed on as it comes, from a program that may tell it, within its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/confine/layers.h"
#include "enclave/keeper/talk.h"
#include "enclave/pact/load.h"

#define PIPE_BYTES (1 << 20)

/* What a peer says, and what became of it. */
struct scene {
	int ends[2];
	struct sl_frame_side side;
	struct sl_talk talk;
	struct sl_launch child;
	enum sl_keeper_fate fate;
	struct sl_err err;
	uint32_t told;
	uint8_t last;
};

static void on_progress(void *self, const uint8_t *body, size_t len)
{
	struct scene *s = self;

	assert_true(len <= SL_LOAD_PROGRESS_BYTES);
	s->told++;
	s->last = len > 0 ? body[len - 1] : 0;
}

static void begin(struct scene *s)
{
	memset(s, 0, sizeof *s);
	assert_int_equal(pipe(s->ends), 0);
	assert_true(fcntl(s->ends[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES);
	s->child = (struct sl_launch){ .pidfd = -1, .to_child = -1, .from_child = s->ends[0] };
	s->talk = (struct sl_talk){ .child = &s->child, .deadline = sl_talk_now_ms() + 10000, .may_tell_progress = true,
		.progress = on_progress, .progress_self = s };
}

static void say(struct scene *s, enum sl_frame_type type, const void *body, size_t len)
{
	assert_int_equal(sl_frame_write(s->ends[1], &s->side, type, body, len, NULL), SL_OK);
}

static void say_ready(struct scene *s)
{
	uint32_t layers = sl_layers_known();
	uint8_t mask[4];

	for (size_t i = 0; i < sizeof mask; i++)
		mask[i] = (uint8_t)(layers >> (8 * i));
	say(s, SL_FRAME_READY, mask, sizeof mask);
}

static enum sl_rc end(struct scene *s)
{
	static const uint8_t done[6] = { 1, 1 };
	enum sl_rc rc;

	say(s, SL_FRAME_END, done, sizeof done);
	assert_int_equal(close(s->ends[1]), 0);
	rc = sl_talk_until_closed(&s->talk, &s->fate, &s->err);
	assert_int_equal(s->talk.nframes, 0);
	sl_talk_free(&s->talk);
	sl_launch_close(&s->child);
	return rc;
}

static void test_progress_is_handed_on_and_is_no_answer(void **state)
{
	uint8_t body[SL_LOAD_PROGRESS_BYTES] = { 0 };
	struct scene s;

	(void)state;
	begin(&s);
	say_ready(&s);
	for (uint8_t i = 1; i <= 3; i++) {
		body[sizeof body - 1] = i;
		say(&s, SL_FRAME_LOAD_PROGRESS, body, sizeof body);
	}
	assert_int_equal(end(&s), SL_OK);
	assert_int_equal(s.told, 3);
	assert_int_equal(s.last, 3);
}

static void test_progress_nobody_asked_for_is_passed_over(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	s.talk.progress = NULL;
	say_ready(&s);
	say(&s, SL_FRAME_LOAD_PROGRESS, "x", 1);
	assert_int_equal(end(&s), SL_OK);
}

static void refused(struct scene *s, const char *part)
{
	assert_int_equal(end(s), SL_E_INTEGRITY);
	assert_int_equal(s->fate, SL_FATE_PROTOCOL);
	if (strstr(s->err.text, part) == NULL)
		fail_msg("%s", s->err.text);
}

static void test_progress_out_of_place_ends_the_talk(void **state)
{
	uint8_t body[SL_LOAD_PROGRESS_BYTES + 1] = { 0 };
	struct scene s;

	(void)state;
	begin(&s);
	s.talk.may_tell_progress = false;
	say_ready(&s);
	say(&s, SL_FRAME_LOAD_PROGRESS, body, 25);
	refused(&s, "not expected");
	begin(&s);
	say(&s, SL_FRAME_LOAD_PROGRESS, body, 25);
	refused(&s, "not expected");
	begin(&s);
	say_ready(&s);
	say(&s, SL_FRAME_LOAD_PROGRESS, body, sizeof body);
	refused(&s, "at most 25");
	assert_int_equal(s.told, 0);
}

static void test_progress_without_end_ends_the_talk(void **state)
{
	uint8_t body[SL_LOAD_PROGRESS_BYTES] = { 0 };
	struct scene s;

	(void)state;
	begin(&s);
	say_ready(&s);
	for (int i = 0; i <= SL_LOAD_PROGRESS_MAX; i++)
		say(&s, SL_FRAME_LOAD_PROGRESS, body, sizeof body);
	refused(&s, "more than 4096 times");
	assert_int_equal(s.told, SL_LOAD_PROGRESS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_progress_is_handed_on_and_is_no_answer),
		cmocka_unit_test(test_progress_nobody_asked_for_is_passed_over),
		cmocka_unit_test(test_progress_out_of_place_ends_the_talk),
		cmocka_unit_test(test_progress_without_end_ends_the_talk),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
