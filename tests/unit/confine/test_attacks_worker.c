/*
 * A worker that was taken over: native code of the attacker's choice after lock-down. Every act must be killed by
 * the filter; and with the filter left out, must be stopped by another layer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/confine/acts.h"
#include "tests/unit/keeper/stage.h"

static struct stage s;

static void run_act(const struct sl_keeper_job *job, const char *name)
{
	char words[64];

	(void)snprintf(words, sizeof words, "try-%s", name);
	stage_run(&s, job, words);
}

static void test_worker_every_act_is_killed_by_the_filter(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		struct sl_keeper_job job = stage_job((enum sl_program)p);

		for (size_t i = 0; i < nacts; i++) {
			run_act(&job, acts[i].name);
			if (s.out.fate != SL_FATE_FILTER)
				fail_msg("%s: %s: %s", sl_program_name(job.program), acts[i].name, sl_keeper_fate_name(s.out.fate));
			stage_clear(&s);
		}
	}
}

/* Prints what got through, so that a failure names every hole at once. */
static bool other_layers_stop(const char *const but[])
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	char path[4096];
	bool all = true;

	(void)snprintf(path, sizeof path, "%.*s/test_actor_no_filter", (int)(strrchr(job.path, '/') - job.path), job.path);
	job.path = path;
	for (size_t i = 0; i < nacts; i++) {
		bool excused = false;

		for (size_t j = 0; but[j] != NULL; j++)
			excused = excused || strcmp(but[j], acts[i].name) == 0;
		run_act(&job, acts[i].name);
		if (s.rc != SL_OK || (strcmp(s.text, "no") != 0 && !excused)) {
			(void)fprintf(stderr, "%s: %s %s (should be stopped by %s)\n", acts[i].name, s.text, s.err.text,
			              acts[i].stopped_by);
			all = false;
		}
		stage_clear(&s);
	}
	return all;
}

static const char *const nothing_excused[] = { NULL };

/* An empty user namespace can be had there; what it would be good for is stopped by the others. */
static const char *const unshare_excused[] = { "unshare", NULL };

static void hold_without_filter_and_namespaces(void)
{
	CHECK(other_layers_stop(unshare_excused));
}

static void user_without_namespaces(void)
{
	stage_as_ordinary_user();
	stage_without_namespaces();
}

static void hold_without_filter(void)
{
	CHECK(other_layers_stop(nothing_excused));
}

static void test_worker_without_filter_other_layers_stop_every_act(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	assert_true(other_layers_stop(nothing_excused));
}

static void test_worker_without_filter_for_an_ordinary_user_other_layers_stop_every_act(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	assert_true(stage_apart(stage_as_ordinary_user, hold_without_filter));
}

/* Two layers out, filter and namespaces: rlimits, Landlock, MDWE and the empty capability sets are left. */
static void test_worker_without_filter_and_namespaces_the_rest_stops_every_act(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	assert_true(stage_apart(stage_without_namespaces, hold_without_filter_and_namespaces));
	assert_true(stage_apart(user_without_namespaces, hold_without_filter_and_namespaces));
}

static void test_worker_that_crashes_leaves_no_core(void **state)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_ENGINE);
	struct dirent *entry;
	DIR *here;

	(void)state;
	stage_run(&s, &job, "segv");
	assert_int_not_equal(s.rc, SL_OK);
	here = opendir(".");
	assert_non_null(here);
	while ((entry = readdir(here)) != NULL)
		assert_string_not_equal(entry->d_name, "core");
	(void)closedir(here);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worker_every_act_is_killed_by_the_filter),
		cmocka_unit_test(test_worker_without_filter_other_layers_stop_every_act),
		cmocka_unit_test(test_worker_without_filter_for_an_ordinary_user_other_layers_stop_every_act),
		cmocka_unit_test(test_worker_without_filter_and_namespaces_the_rest_stops_every_act),
		cmocka_unit_test(test_worker_that_crashes_leaves_no_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
