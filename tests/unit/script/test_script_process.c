/*
 * Each case of tests/attacks/script-*, in the real sluice-script under the real keeper: job.lua is run twice,
 * expect.txt says how it must end (ok; error WORDS; deadline), and both runs hand over the same bytes. printed.txt,
 * where there is one, is what the author is shown, byte for byte.
 *
 * A script too long to be kept stands in repeat.txt: a number, and three lines of which the one in the middle comes
 * that many times.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/keeper/keeper.h"
#include "world.h"

#define CASES SL_TEST_SOURCE_DIR "/tests/attacks"
#define PREFIX "script-"
#define CASES_MIN 60
#define DEADLINE_MS 6000
#define SHORT_DEADLINE_MS 300 /* for what only the clock ends */
#define SCRIPT_MAX (1u << 20)

/* False: there is no such file. */
static bool slurp_if(const char *dir, const char *file, char *out, size_t size, size_t *n)
{
	char path[1024];

	snprintf(path, sizeof path, CASES "/%s/%s", dir, file);
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return false;
	*n = fread(out, 1, size - 1, f);
	out[*n] = '\0';
	fclose(f);
	return true;
}

static size_t slurp(const char *dir, const char *file, char *out, size_t size)
{
	size_t n = 0;

	if (!slurp_if(dir, file, out, size, &n))
		fail_msg("%s: there is no %s", dir, file);
	return n;
}

static size_t job_text(const char *name, char out[static SCRIPT_MAX + 1])
{
	static char recipe[4096];
	char *line[4], *rest = recipe;
	size_t n = 0;

	if (!slurp_if(name, "repeat.txt", recipe, sizeof recipe, &n))
		return slurp(name, "job.lua", out, SCRIPT_MAX + 1);
	for (int i = 0; i < 4; i++)
		if ((line[i] = strsep(&rest, "\n")) == NULL)
			fail_msg("%s: repeat.txt has %d lines", name, i);
	n = (size_t)snprintf(out, SCRIPT_MAX + 1, "%s", line[1]);
	for (long k = strtol(line[0], NULL, 10); k > 0; k--)
		n += (size_t)snprintf(out + n, SCRIPT_MAX + 1 - n, "%s", line[2]);
	n += (size_t)snprintf(out + n, SCRIPT_MAX + 1 - n, "%s", line[3]);
	if (n > SCRIPT_MAX)
		fail_msg("%s: longer than a script may be", name);
	return n;
}

static enum sl_rc run(const char *text, size_t len, uint32_t deadline_ms, struct sl_keeper_outcome *out,
                      struct sl_err *err)
{
	struct sl_script_setup setup = world_setup("");
	struct sl_buf wire = {0};
	const struct sl_keeper_job job = { .program = SL_PROGRAM_SCRIPT,
		                           .path = SL_TEST_BIN_DIR "/sluice-script",
		                           .memory_bytes = 96u << 20,
		                           .deadline_ms = deadline_ms };
	const struct sl_keeper_expect expect[] = { { SL_FRAME_PRINT, 0, 1, SL_PRINT_BYTES_MAX },
		                                   { SL_FRAME_PLAN, 0, SL_PLANS_MAX, SL_PLAN_WIRE_MAX },
		                                   { SL_FRAME_SCRIPT_END, 1, 1, 1 << 16 } };

	setup.script = (uint8_t *)(uintptr_t)text;
	setup.nscript = (uint32_t)len;
	setup.memory_bytes = 32u << 20;
	setup.print_bytes_max = 8000;
	assert_int_equal(sl_codec_encode(&sl_script_setup_record, &setup, &wire, err), SL_OK);
	const struct sl_keeper_message send = {SL_FRAME_SCRIPT_SETUP, wire.data, wire.len};
	enum sl_rc rc = sl_keeper_run(&job, &send, 1, expect, sizeof expect / sizeof expect[0], out, err);
	sl_buf_free(&wire);
	return rc;
}

static void judge_end(const char *name, const char *expected, const struct sl_keeper_outcome *out)
{
	const struct sl_keeper_frame *last = &out->frames[out->nframes - 1];
	struct sl_script_end end;
	struct sl_err err = {0};

	assert_int_equal(last->type, SL_FRAME_SCRIPT_END);
	assert_int_equal(sl_codec_decode(&sl_script_end_record, last->body.data, last->body.len, &end, &err), SL_OK);
	bool right = strcmp(expected, "ok") == 0 ? end.ok : !end.ok && strstr(end.message, expected + strlen("error")) != NULL;
	if (strcmp(expected, "error") == 0)
		right = !end.ok;
	else if (!end.ok && strncmp(expected, "error ", 6) == 0)
		right = strstr(end.message, expected + 6) != NULL;
	if (!right)
		fail_msg("%s: wanted %s, got ok %d \"%s\"", name, expected, end.ok, end.message);
	sl_codec_free(&sl_script_end_record, &end);
}

static void judge_printed(const char *name, const struct sl_keeper_outcome *out)
{
	static char wanted[SL_PRINT_BYTES_MAX];
	size_t n = 0;

	if (!slurp_if(name, "printed.txt", wanted, sizeof wanted, &n))
		return;
	const struct sl_keeper_frame *f = &out->frames[0];
	if (f->type != SL_FRAME_PRINT || f->body.len != n || memcmp(f->body.data, wanted, n) != 0)
		fail_msg("%s: frame %u, \"%.*s\"", name, (unsigned)f->type, (int)f->body.len, (const char *)f->body.data);
}

static void same_frames(const char *name, const struct sl_keeper_outcome *a, const struct sl_keeper_outcome *b)
{
	if (a->nframes != b->nframes)
		fail_msg("%s: %u frames, then %u", name, a->nframes, b->nframes);
	for (uint32_t i = 0; i < a->nframes; i++)
		if (a->frames[i].body.len != b->frames[i].body.len ||
		    memcmp(a->frames[i].body.data, b->frames[i].body.data, a->frames[i].body.len) != 0)
			fail_msg("%s: frame %u differs between two runs", name, i);
}

static void run_case(const char *name)
{
	static char text[SCRIPT_MAX + 1], expected[256], why[1024];
	struct sl_keeper_outcome first = {0}, again = {0};
	struct sl_err err = {0};
	size_t len = job_text(name, text);

	slurp(name, "expect.txt", expected, sizeof expected);
	slurp(name, "why.txt", why, sizeof why);
	expected[strcspn(expected, "\n")] = '\0';
	if (strcmp(expected, "deadline") == 0) {
		if (run(text, len, SHORT_DEADLINE_MS, &first, &err) != SL_E_LIMIT || first.fate != SL_FATE_DEADLINE ||
		    first.nframes != 0)
			fail_msg("%s: fate %s, %s", name, sl_keeper_fate_name(first.fate), err.text);
	} else {
		if (run(text, len, DEADLINE_MS, &first, &err) != SL_OK || run(text, len, DEADLINE_MS, &again, &err) != SL_OK)
			fail_msg("%s: fate %s, %s", name, sl_keeper_fate_name(first.fate), err.text);
		judge_end(name, expected, &first);
		judge_printed(name, &first);
		same_frames(name, &first, &again);
	}
	sl_keeper_outcome_free(&first);
	sl_keeper_outcome_free(&again);
}

static void test_script_process_each_attack_ends_as_said(void **state)
{
	(void)state;
#ifdef SL_SANITIZE
	/* The sanitizer's allocator reads the clock, which a confined process has not. */
	(void)run_case;
	skip();
#else
	DIR *dir = opendir(CASES);
	size_t n = 0;

	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		if (strncmp(e->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		run_case(e->d_name);
		n++;
	}
	closedir(dir);
	print_message("%zu attacks\n", n);
	assert_true(n >= CASES_MIN);
#endif
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_script_process_each_attack_ends_as_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
