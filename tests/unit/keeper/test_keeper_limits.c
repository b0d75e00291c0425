/* The limits that a policy sets on a confined program, through the keeper, in the real process: CPU time and frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "enclave/keeper/launch.h"
#include "tests/unit/keeper/stage.h"

static struct stage s;

static void test_keeper_limits_cpu_time_ends_a_loop_long_before_its_deadline(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
	job.cpu_ms = 1;
	job.deadline_ms = 60000; /* its one second of CPU time may take many on a busy machine */
	stage_run(&s, &job, "loop");
	assert_int_equal(s.out.fate, SL_FATE_DEADLINE);
	assert_int_equal(s.rc, SL_E_LIMIT);
	assert_non_null(strstr(s.err.text, "CPU time used up"));
	assert_true(s.out.wall_ms < job.deadline_ms / 2);
	stage_clear(&s);
}

static void test_keeper_limits_cpu_seconds_are_rounded_up_and_never_more_than_the_deadline_gives(void **state)
{
	static const struct {
		uint32_t deadline_ms, cpu_ms, threads, want_s;
	} rows[] = {
		{ 10000, 0, 0, 11 },   { 10000, 1, 0, 1 },     { 10000, 1000, 1, 1 },  { 10000, 1001, 1, 2 },
		{ 10000, 5000, 2, 10 }, { 10000, 60000, 1, 11 }, { 10000, 60000, 4, 44 }, { 100, 100, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct sl_keeper_job job = { .deadline_ms = rows[i].deadline_ms, .cpu_ms = rows[i].cpu_ms,
			                     .threads = rows[i].threads };
		assert_int_equal(sl_launch_cpu_seconds(&job), rows[i].want_s);
	}
}

/* The actor floods with a type of which ten are expected; frames_max is what stops it below that. */
static void test_keeper_limits_frames_of_all_types_are_counted_together(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);

	(void)state;
	job.frames_max = 4;
	stage_run(&s, &job, "say-flood");
	assert_int_equal(s.out.fate, SL_FATE_PROTOCOL);
	assert_int_equal(s.rc, SL_E_INTEGRITY);
	assert_non_null(strstr(s.err.text, "more than 4 frames"));
	assert_int_equal(s.out.nframes, 0);
	stage_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keeper_limits_cpu_time_ends_a_loop_long_before_its_deadline),
		cmocka_unit_test(test_keeper_limits_cpu_seconds_are_rounded_up_and_never_more_than_the_deadline_gives),
		cmocka_unit_test(test_keeper_limits_frames_of_all_types_are_counted_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
