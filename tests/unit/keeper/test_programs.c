/* The real programs, probed: each locks itself up on this host with every required layer on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "enclave/keeper/keeper.h"

static void test_programs_each_locks_itself_up(void **state)
{
	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		char path[4096];
		uint32_t layers = 0;
		struct sl_err err = { 0 };

		(void)snprintf(path, sizeof path, "%s/%s", SL_TEST_BIN_DIR, sl_program_name((enum sl_program)p));
		if (sl_keeper_probe((enum sl_program)p, path, &layers, &err) != SL_OK)
			fail_msg("%s: %s", path, err.text);
		assert_int_equal(layers & sl_layers_required(), sl_layers_required());
		for (size_t i = 0; i < SL_LAYER_COUNT; i++)
			if (!(layers & SL_LAYER_BIT(i)))
				print_message("%s: %s is off\n", sl_program_name((enum sl_program)p), sl_layers_table[i].name);
	}
}

/* A setup of nonsense ends in an error of the program's own, not in a signal. */
static void test_programs_each_refuses_a_setup_of_nonsense(void **state)
{
	static const enum sl_frame_type setup_of[] = {
		[SL_PROGRAM_SCRIPT] = SL_FRAME_SCRIPT_SETUP, [SL_PROGRAM_ENGINE] = SL_FRAME_ENGINE_SETUP,
		[SL_PROGRAM_CHECK] = SL_FRAME_CHECK_SETUP,   [SL_PROGRAM_LOAD] = SL_FRAME_LOAD_SETUP,
	};

	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		char path[4096];
		struct sl_keeper_job job = { .program = (enum sl_program)p, .path = path, .memory_bytes = 64u << 20,
			                         .deadline_ms = 5000 };
		const struct sl_keeper_message setup = { setup_of[p], "nonsense", 8 };
		struct sl_keeper_outcome out = { 0 };
		struct sl_err err = { 0 };

		(void)snprintf(path, sizeof path, "%s/%s", SL_TEST_BIN_DIR, sl_program_name((enum sl_program)p));
		assert_int_equal(sl_keeper_run(&job, &setup, 1, NULL, 0, &out, &err), SL_E_INPUT);
		assert_int_equal(out.fate, SL_FATE_FAILED);
		sl_keeper_outcome_free(&out);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs_each_locks_itself_up),
		cmocka_unit_test(test_programs_each_refuses_a_setup_of_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
