/* test_confined.c - plans through the real sluice-engine, under its filter, over sealed segments. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/keeper/keeper.h"
#include "enclave/pact/cost.h"
#include "enclave/vault/digest.h"
#include "tests/unit/engine/bench.h"

#define VISITS 150000u
#define PEOPLE 50000u

struct talk {
	struct bench b;
	struct sl_engine_setup setup;
	int fds[SL_TABLES_MAX];
	uint64_t memory_bytes;
	struct sl_buf plan;
	struct sl_keeper_outcome out;
};

/* Tables of more than two row groups, and a plan that joins them. */
static void start(struct talk *t)
{
	struct bench_row *rows = calloc(VISITS, sizeof *rows);

	memset(t, 0, sizeof *t);
	bench_init(&t->b);
	for (uint32_t i = 0; i < VISITS; i++)
		rows[i] = (struct bench_row){ i / 3, { i % 3, i % 2, i % 30, i % 7 ? (int64_t)(i % 100) - 20 : NONE } };
	bench_rows(&t->b, rows, VISITS);
	for (uint32_t i = 0; i < PEOPLE; i++)
		rows[i] = (struct bench_row){ i, { i % 2, i % 2, i % 30, 1 } };
	bench_rows(&t->b, rows, PEOPLE);
	free(rows);
	bench_join(&t->b);
	bench_key(&t->b, COL_PLACE, false);
	bench_key(&t->b, BENCH_COLUMNS + COL_AGE, true);
	bench_stat(&t->b, SL_STAT_UNITS, 0, 0);
	bench_stat(&t->b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&t->b, SL_STAT_SHARE, COL_SICK, 1);
	bench_where_equals(&t->b, BENCH_COLUMNS + COL_SICK, 1);
	memory_store_seal(&t->b.memory, &t->b.setup.view, &t->setup, t->fds);
	t->memory_bytes = UINT64_C(256) << 20;
	assert_int_equal(sl_codec_encode(&sl_plan_record, &t->b.plan, &t->plan, NULL), SL_OK);
}

static enum sl_rc converse(struct talk *t)
{
	struct sl_buf setup = { 0 };

	sl_err_clear(&t->b.err);
	assert_int_equal(sl_codec_encode(&sl_engine_setup_record, &t->setup, &setup, NULL), SL_OK);
	struct sl_keeper_job job = { .program = SL_PROGRAM_ENGINE, .path = SL_TEST_BIN_DIR "/sluice-engine",
		.data_fds = t->fds, .ndata = t->setup.ntables, .memory_bytes = t->memory_bytes, .threads = t->setup.threads,
		.deadline_ms = 60000 };
	struct sl_keeper_message send[3] = { { SL_FRAME_ENGINE_SETUP, setup.data, setup.len },
		{ SL_FRAME_PLAN, t->plan.data, t->plan.len }, { SL_FRAME_PLAN, t->plan.data, t->plan.len } };
	struct sl_keeper_expect expect = { SL_FRAME_RESULT, t->setup.nplans, t->setup.nplans, (size_t)16 << 20 };
	enum sl_rc rc = sl_keeper_run(&job, send, 1 + t->setup.nplans, &expect, 1, &t->out, &t->b.err);
	sl_buf_free(&setup);
	return rc;
}

static void stop(struct talk *t)
{
	for (uint32_t i = 0; i < t->setup.ntables; i++)
		close(t->fds[i]);
	sl_keeper_outcome_free(&t->out);
	sl_codec_free(&sl_engine_setup_record, &t->setup);
	sl_buf_free(&t->plan);
	bench_fini(&t->b);
}

static void test_engine_confined_gives_the_bytes_of_the_library_and_the_plans_digest(void **state)
{
	struct talk *t = malloc(sizeof *t);
	struct sl_sha256 *sha256 = NULL;
	struct sl_buf want = { 0 };

	(void)state;
	start(t);
	t->setup.nplans = 2;
	if (converse(t) != SL_OK)
		fail_msg("%s: %s", sl_keeper_fate_name(t->out.fate), t->b.err.text);
	assert_int_equal(t->out.nframes, 2);
	assert_int_equal(bench_run(&t->b), SL_OK);
	assert_int_equal(sl_sha256_new(&sha256, NULL), SL_OK);
	assert_int_equal(sl_sha256_add(sha256, t->plan.data, t->plan.len, NULL), SL_OK);
	assert_int_equal(sl_sha256_end(sha256, t->b.result.plan_digest, NULL), SL_OK);
	sl_sha256_free(sha256);
	assert_int_equal(sl_engine_encode(&t->b.result, &want, NULL), SL_OK);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(t->out.frames[i].body.len, want.len);
		assert_memory_equal(t->out.frames[i].body.data, want.data, want.len);
	}
	assert_int_equal(t->b.result.population, PEOPLE / 2);
	assert_int_equal(t->b.result.complement, PEOPLE / 2);
	sl_buf_free(&want);
	stop(t);
	free(t);
}

/* A quantile and a variance besides, so that every pass and every vector is there. */
static void add_passes(struct talk *t)
{
	bench_stat(&t->b, SL_STAT_QUANTILE, COL_AMOUNT, 0);
	t->b.stats[3].p = 9000;
	bench_stat(&t->b, SL_STAT_VAR, COL_AMOUNT, 0);
	sl_buf_reset(&t->plan);
	assert_int_equal(sl_codec_encode(&sl_plan_record, &t->b.plan, &t->plan, NULL), SL_OK);
}

static void test_engine_confined_gives_the_same_bytes_for_any_number_of_threads(void **state)
{
	struct talk *t = malloc(sizeof *t);
	struct sl_buf first = { 0 };

	(void)state;
	start(t);
	add_passes(t);
	for (uint32_t threads = 1; threads <= 5; threads++) {
		sl_keeper_outcome_free(&t->out);
		t->setup.threads = threads;
		if (converse(t) != SL_OK)
			fail_msg("%u threads: %s: %s", threads, sl_keeper_fate_name(t->out.fate), t->b.err.text);
		assert_int_equal(t->out.nframes, 1);
		if (threads == 1)
			sl_buf_put(&first, t->out.frames[0].body.data, t->out.frames[0].body.len);
		assert_int_equal(t->out.frames[0].body.len, first.len);
		assert_memory_equal(t->out.frames[0].body.data, first.data, first.len);
	}
	sl_buf_free(&first);
	stop(t);
	free(t);
}

/* Whichever thread meets it, and whatever the others are at. */
static void test_engine_confined_names_the_damaged_chunk_for_any_number_of_threads(void **state)
{
	struct talk *t = malloc(sizeof *t);
	char first[512] = "";
	uint8_t byte;

	(void)state;
	start(t);
	off_t at = (off_t)t->setup.tables[0].segment_bytes * 2 / 3;
	assert_int_equal(pread(t->fds[0], &byte, 1, at), 1);
	byte ^= 1;
	assert_int_equal(pwrite(t->fds[0], &byte, 1, at), 1);
	for (uint32_t threads = 1; threads <= 4; threads++) {
		sl_keeper_outcome_free(&t->out);
		t->setup.threads = threads;
		assert_int_equal(converse(t), SL_E_INTEGRITY);
		assert_int_equal(t->out.nframes, 0);
		if (threads == 1)
			snprintf(first, sizeof first, "%s", t->b.err.text);
		assert_string_equal(t->b.err.text, first);
	}
	assert_non_null(strstr(first, "row group"));
	stop(t);
	free(t);
}

/* What a plan is refused for is enough for it: an arena of that many bytes, and what stands in it before. */
static void test_engine_confined_needs_no_more_than_it_says(void **state)
{
	struct talk *t = malloc(sizeof *t);

	(void)state;
	start(t);
	add_passes(t);
	for (uint32_t i = 0; i < 6; i++) {
		uint32_t threads = i % 3 + 1;
		bool drawn = i >= 3;
		sl_keeper_outcome_free(&t->out);
		t->setup.threads = threads;
		t->setup.draws = drawn;
		t->setup.memory_bytes = sl_plan_engine_bytes(&t->b.plan, &t->b.setup.view, threads, drawn);
		t->memory_bytes = t->setup.memory_bytes + (UINT64_C(4) << 20);
		if (converse(t) != SL_OK)
			fail_msg("%u threads%s: %s: %s", threads, drawn ? ", drawn" : "", sl_keeper_fate_name(t->out.fate),
			         t->b.err.text);
	}
	stop(t);
	free(t);
}

/* A reference table of so many rows, which no plan reads. */
static void add_reference(struct talk *t, uint32_t rows)
{
	struct sl_engine_setup *s = &t->setup;
	uint32_t n = s->ntables++;

	s->view.tables = realloc(s->view.tables, (n + 1) * sizeof *s->view.tables);
	s->tables = realloc(s->tables, (n + 1) * sizeof *s->tables);
	struct sl_table *table = &s->view.tables[s->view.ntables++];
	*table = (struct sl_table){ .name = malloc(16), .space = strdup(""), .unit_column = strdup(""),
		.period = strdup(""), .class_ = SL_CLASS_OPEN, .columns = calloc(1, sizeof *table->columns), .ncolumns = 1,
		.cells = calloc(rows, sizeof *table->cells), .ncells = rows };
	(void)snprintf(table->name, 16, "codes.c%u", n);
	table->columns[0] = (struct sl_column){ .name = strdup("beds"), .title = strdup(""), .measured_in = strdup(""),
		.type = SL_TYPE_INTEGER, .uses = SL_USE_FILTER, .lo = INT64_MIN, .hi = INT64_MAX };
	s->tables[n] = (struct sl_engine_table){ .segment_bytes = 0, .ncolumns = 1,
		.columns = calloc(1, sizeof *s->tables[n].columns) };
	t->fds[n] = open("/dev/null", O_RDONLY);
	assert_true(t->fds[n] >= 0);
}

/* What a project may see stands in the engine beside every plan: 16 MB of it here. */
static void test_engine_confined_says_what_the_view_takes(void **state)
{
	struct talk *t = malloc(sizeof *t);

	(void)state;
	start(t);
	uint64_t alone = sl_plan_engine_bytes(&t->b.plan, &t->setup.view, 1, false);
	for (uint32_t i = 0; i < 5; i++)
		add_reference(t, SL_REFERENCE_CELLS_MAX);
	t->setup.memory_bytes = sl_plan_engine_bytes(&t->b.plan, &t->setup.view, 1, false);
	t->memory_bytes = t->setup.memory_bytes + (UINT64_C(4) << 20);
	if (converse(t) != SL_OK)
		fail_msg("%s: %s", sl_keeper_fate_name(t->out.fate), t->b.err.text);
	sl_keeper_outcome_free(&t->out);
	t->setup.memory_bytes = alone;
	t->memory_bytes = alone + (UINT64_C(4) << 20);
	assert_int_equal(converse(t), SL_E_LIMIT);
	stop(t);
	free(t);
}

static void test_engine_confined_with_a_wrong_key_is_an_integrity_fault(void **state)
{
	struct talk *t = malloc(sizeof *t);

	(void)state;
	start(t);
	t->setup.tables[0].columns[COL_AMOUNT].subkey[31] ^= 1;
	assert_int_equal(converse(t), SL_E_INTEGRITY);
	assert_int_equal(t->out.fate, SL_FATE_FAILED);
	assert_int_equal(t->out.nframes, 0);
	stop(t);
	free(t);
}

static void test_engine_confined_with_a_byte_changed_is_an_integrity_fault(void **state)
{
	struct talk *t = malloc(sizeof *t);
	uint8_t byte;

	(void)state;
	start(t);
	assert_int_equal(pread(t->fds[0], &byte, 1, 5000), 1);
	byte ^= 1;
	assert_int_equal(pwrite(t->fds[0], &byte, 1, 5000), 1);
	assert_int_equal(converse(t), SL_E_INTEGRITY);
	assert_int_equal(t->out.nframes, 0);
	stop(t);
	free(t);
}

static void test_engine_confined_with_too_little_memory_is_refused(void **state)
{
	struct talk *t = malloc(sizeof *t);

	(void)state;
	start(t);
	t->setup.memory_bytes = 1 << 20;
	assert_int_equal(converse(t), SL_E_LIMIT);
	assert_int_equal(t->out.fate, SL_FATE_FAILED);
	assert_int_equal(t->out.end_reason, SL_END_LIMIT);
	stop(t);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_engine_confined_gives_the_bytes_of_the_library_and_the_plans_digest),
		cmocka_unit_test(test_engine_confined_gives_the_same_bytes_for_any_number_of_threads),
		cmocka_unit_test(test_engine_confined_names_the_damaged_chunk_for_any_number_of_threads),
		cmocka_unit_test(test_engine_confined_needs_no_more_than_it_says),
		cmocka_unit_test(test_engine_confined_says_what_the_view_takes),
		cmocka_unit_test(test_engine_confined_with_a_wrong_key_is_an_integrity_fault),
		cmocka_unit_test(test_engine_confined_with_a_byte_changed_is_an_integrity_fault),
		cmocka_unit_test(test_engine_confined_with_too_little_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
