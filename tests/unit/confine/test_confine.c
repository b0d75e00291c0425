/* The filters and layers, asked three ways: as data, in an interpreter, and in real confined processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enclave/confine/confine.h"
#include "enclave/confine/syscalls.h"
#include "tests/unit/keeper/stage.h"

static struct stage s;
static const struct sl_syscall_data three = { .ndata = 3, .readable = 5, .writable = 6 };

static void test_layers_table_is_complete_and_names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < SL_LAYER_COUNT; i++) {
		const struct sl_layer_row *row = &sl_layers_table[i];

		assert_int_equal(row->layer, i);
		assert_non_null(row->name);
		assert_true(strlen(row->reason) > 10 && strlen(row->missing) > 10);
		assert_ptr_equal(sl_layers_find(row->name), row);
	}
	assert_null(sl_layers_find("no-such-layer"));
	/* What a program does without by its nature cannot be required of all. */
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++)
		assert_int_equal(sl_layers_required() & ~sl_layers_for((enum sl_program)p), 0);
}

static void test_programs_have_names_and_zero_has_none(void **state)
{
	(void)state;
	assert_null(sl_program_name(SL_PROGRAM_NONE));
	assert_null(sl_program_name(SL_PROGRAM_COUNT));
	assert_string_equal(sl_program_name(SL_PROGRAM_ENGINE), "sluice-engine");
}

static void test_syscalls_no_program_has_no_row_and_no_filter(void **state)
{
	struct sl_err err = { 0 };

	(void)state;
	assert_int_equal(sl_syscalls_of(SL_PROGRAM_NONE).nrows, 0);
	assert_int_equal(sl_syscalls_of(SL_PROGRAM_COUNT).nrows, 0);
	assert_int_equal(sl_syscalls_export(SL_PROGRAM_NONE, &three, 1, &err), SL_E_HOST);
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++)
		for (size_t i = 0; i < sl_syscalls_of((enum sl_program)p).nrows; i++)
			assert_true(strlen(sl_syscalls_of((enum sl_program)p).rows[i].why) > 5);
}

/* A pin there is none of is fulfilled by nothing: its call is in no filter. */
static void test_syscalls_each_pin_has_a_condition_in_words_and_an_unknown_one_is_impossible(void **state)
{
	struct sl_syscall_condition none = sl_syscalls_condition(SL_SYSCALL_PIN_COUNT);

	(void)state;
	for (int pin = SL_SYSCALL_PIN_NONE; pin < SL_SYSCALL_PIN_COUNT; pin++) {
		struct sl_syscall_condition c = sl_syscalls_condition((enum sl_syscall_pin)pin);

		assert_true(strlen(c.words) > 5);
		assert_true(c.nvalues <= SL_SYSCALL_VALUES_MAX);
		assert_int_equal(c.argument < 0, pin == SL_SYSCALL_PIN_NONE);
		assert_int_equal(c.argument < 0, c.nvalues == 0 && c.data == SL_SYSCALL_DATA_NONE);
	}
	assert_true(none.argument >= 0 && none.nvalues == 0 && none.data == SL_SYSCALL_DATA_NONE);
}

/* Every number in a real process. Linux lets 335 (uretprobe) and 336 (uprobe) by any filter; both are harmless. */
static void sweep(enum sl_program program, const char *words, bool native)
{
	struct sl_keeper_job job = stage_job(program);
	const char *at;
	int number, len;
	char how;
	bool left = false;

#ifdef SL_SANITIZE
	skip();
#endif
	job.deadline_ms = 60000;
	stage_run(&s, &job, words);
	assert_int_equal(s.rc, SL_OK);
	for (at = s.text; sscanf(at, "%d:%c%*d %n", &number, &how, &len) == 2; at += len) {
		if (native && number == SYS_exit_group && strncmp(at, "231:x78 ", 8) == 0)
			left = true;
		else if (!native || (strncmp(at, "335:s4 ", 7) != 0 && strncmp(at, "336:x77 ", 8) != 0))
			fail_msg("%s %s: %s", sl_program_name(program), words, at);
	}
	assert_string_equal(at, ".");
	assert_int_equal(left, native);
	stage_clear(&s);
}

static void test_confine_sweep_native_kills_all_but_its_rows(void **state)
{
	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++)
		sweep((enum sl_program)p, "sweepn", true);
}

static void test_confine_sweep_x32_kills_all(void **state)
{
	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++)
		sweep((enum sl_program)p, "sweepx", false);
}

static void test_confine_sweep_int80_kills_all(void **state)
{
	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++)
		sweep((enum sl_program)p, "sweepi", false);
}

static void test_confine_each_row_allowed_and_perturbed(void **state)
{
	const int data[] = { open("/dev/null", O_RDONLY | O_CLOEXEC), open("/dev/null", O_WRONLY | O_CLOEXEC),
		                 open("/dev/null", O_RDWR | O_CLOEXEC) };

	(void)state;
#ifdef SL_SANITIZE
	skip();
#endif
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		struct sl_keeper_job job = stage_job((enum sl_program)p);

		job.data_fds = data;
		job.ndata = 3;
		stage_run(&s, &job, "rows");
		assert_int_equal(s.rc, SL_OK);
		assert_string_equal(s.text, "ok");
		stage_clear(&s);
	}
	for (size_t i = 0; i < 3; i++)
		(void)close(data[i]);
}

/* What a process sees before its filter is on: exact descriptors, no variable but the zone it set, no rights. */
static void test_confine_nothing_is_inherited(void **state)
{
	const int data[] = { open("/dev/null", O_RDONLY | O_CLOEXEC), open("/dev/null", O_WRONLY) };
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	int leaky = open("/etc/passwd", O_RDONLY);   /* without CLOEXEC, on purpose */
	int high = fcntl(leaky, F_DUPFD, 700);

	(void)state;
	assert_int_equal(setenv("SLUICE_SECRET", "x", 1), 0);
	job.data_fds = data;
	job.ndata = 2;
	stage_run(&s, &job, "look");
	assert_int_equal(s.rc, SL_OK);
	assert_non_null(strstr(s.text, "fds=0,1,2,3,4,5,6, "));
	assert_non_null(strstr(s.text, "ndata=2 leader=1 nnp=1 dumpable=0 env=TZ=UTC0, passwd=0"));
	assert_non_null(strstr(s.text, "mkdir=0 setuid=0 signals=0."));
	if (s.out.layers & SL_LAYER_BIT(SL_LAYER_EMPTY_ROOT))
		assert_non_null(strstr(s.text, "etc=0"));
	if (s.out.layers & SL_LAYER_BIT(SL_LAYER_ORDINARY_USER))
		assert_non_null(strstr(s.text, "uid=65534 gid=65534"));
	stage_clear(&s);
	(void)close(high);
	(void)close(leaky);
	(void)close(data[0]);
	(void)close(data[1]);
}

static void test_confine_ordinary_work_needs_no_other_call(void **state)
{
	(void)state;
	for (int p = SL_PROGRAM_SCRIPT; p < SL_PROGRAM_COUNT; p++) {
		struct sl_keeper_job job = stage_job((enum sl_program)p);

		stage_run(&s, &job, "work");
		assert_int_equal(s.rc, SL_OK);
		assert_string_equal(s.text, "0.10000000000000001 No such file or directory 1e+300");
		stage_clear(&s);
	}
}

/* Before the filter, so that it is another layer that stops it: the net namespace, or Landlock where there is none. */
static void reach_for_loopback(void)
{
	struct sl_keeper_job job = stage_job(SL_PROGRAM_SCRIPT);
	char words[32];
	int fd = stage_listen_on_loopback(words);

	stage_run(&s, &job, words);
	CHECK(s.rc == SL_OK && strcmp(s.text, "reached=0") == 0);
	stage_clear(&s);
	(void)close(fd);
}

static void test_confine_loopback_is_out_of_reach_before_the_filter(void **state)
{
	(void)state;
	reach_for_loopback();
	assert_true(stage_apart(stage_without_namespaces, reach_for_loopback));
	assert_true(stage_apart(stage_as_ordinary_user, reach_for_loopback));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers_table_is_complete_and_names_are_unique),
		cmocka_unit_test(test_programs_have_names_and_zero_has_none),
		cmocka_unit_test(test_syscalls_no_program_has_no_row_and_no_filter),
		cmocka_unit_test(test_syscalls_each_pin_has_a_condition_in_words_and_an_unknown_one_is_impossible),
		cmocka_unit_test(test_confine_sweep_native_kills_all_but_its_rows),
		cmocka_unit_test(test_confine_sweep_x32_kills_all),
		cmocka_unit_test(test_confine_sweep_int80_kills_all),
		cmocka_unit_test(test_confine_each_row_allowed_and_perturbed),
		cmocka_unit_test(test_confine_nothing_is_inherited),
		cmocka_unit_test(test_confine_ordinary_work_needs_no_other_call),
		cmocka_unit_test(test_confine_loopback_is_out_of_reach_before_the_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
