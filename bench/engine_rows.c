/*
 * engine_rows - rows a second through the engine, over sealed segments in memory, and what judging the result takes
 * beside it: `bench_engine_rows [rows]`.
 *
 * One process, one thread, best of five. What a whole job costs is job.sh's matter.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "enclave/engine/engine.h"
#include "enclave/engine/segment_store.h"
#include "policy/check.h"
#include "policy/digest.h"
#include "tests/unit/engine/memory_store.h"

#define ROUNDS 5
#define ROWS_EVERYDAY 4000000u
#define ROWS_PER_UNIT 10
#define LABELS 60
#define BANDS 7

enum { KIND, AGE, AMOUNT, FLAG, COLUMNS };

static char empty[] = "", space[] = "person", names[COLUMNS][8] = { "kind", "age", "amount", "flag" };
static char table_name[2][9] = { "a.visits", "b.people" };
static char label_text[] = "label", band_text[BANDS][4] = { "b0", "b1", "b2", "b3", "b4", "b5", "b6" };

static void die(const struct sl_err *err)
{
	fprintf(stderr, "engine_rows: %s\n", err->text);
	exit(1);
}

static void make_columns(struct sl_column c[static COLUMNS])
{
	static const uint8_t types[COLUMNS] = { SL_TYPE_TEXT, SL_TYPE_INTEGER, SL_TYPE_REAL, SL_TYPE_BOOLEAN };
	static struct sl_label labels[LABELS];
	static struct sl_band bands[BANDS];

	for (int i = 0; i < LABELS; i++)
		labels[i].text = label_text;
	for (int i = 0; i < BANDS; i++)
		bands[i] = (struct sl_band){ i * 15, i * 15 + 14, band_text[i] };
	for (int i = 0; i < COLUMNS; i++)
		c[i] = (struct sl_column){ .name = names[i], .title = empty, .type = types[i], .uses = 7, .nullable = i != AGE,
			.lo = INT64_MIN, .hi = INT64_MAX };
	c[KIND].has_domain = 1;
	c[KIND].labels = labels;
	c[KIND].nlabels = LABELS;
	c[AGE].bands = bands;
	c[AGE].nbands = BANDS;
	c[AMOUNT].scale = 2;
}

static uint32_t draw(void)
{
	static uint64_t s = 1;

	s = s * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(s >> 33);
}

static void fill(struct memory_table *t, uint32_t per_unit)
{
	for (uint32_t r = 0; r < t->rows; r++) {
		t->units[r] = r / per_unit;
		t->values[KIND][r] = draw() % LABELS;
		t->values[AGE][r] = draw() % 100;
		t->values[AMOUNT][r] = draw() % 100000;
		t->values[FLAG][r] = draw() % 2;
		t->nulls[AMOUNT][r] = draw() % 20 == 0;
		t->nulls[FLAG][r] = draw() % 20 == 0;
	}
}

/* The questions, simple to full. */
struct question {
	const char *name;
	uint32_t nkeys, nstats;
	bool filtered, joined;
};

static const struct question questions[] = {
	{ "count by kind", 1, 1, false, false },
	{ "count, sum by kind and band", 2, 2, false, false },
	{ "count, sum, share by kind and band", 2, 3, false, false },
	{ "the same where age >= 18", 2, 3, true, false },
	{ "the same, joined to people", 2, 3, true, true },
};

static void make_plan(const struct question *q, struct sl_plan *p)
{
	static struct sl_source sources[2] = { { .table = 0 }, { .table = 1 } };
	static struct sl_input inputs[5] = { { .column = KIND }, { .column = AGE }, { .column = AMOUNT }, { .column = FLAG },
		{ .source = 1, .column = AGE } };
	static struct sl_op amount = { .op = SL_OP_COLUMN, .type = SL_TYPE_REAL, .scale = 2, .arg = AMOUNT };
	static struct sl_op flag = { .op = SL_OP_COLUMN, .type = SL_TYPE_BOOLEAN, .arg = FLAG };
	static struct sl_op where[3] = { { .op = SL_OP_COLUMN, .type = SL_TYPE_INTEGER },
		{ .op = SL_OP_CONST, .type = SL_TYPE_INTEGER, .value = 18 }, { .op = SL_OP_GE, .type = SL_TYPE_BOOLEAN } };
	static struct sl_key keys[2];
	static struct sl_stat stats[3];

	keys[0] = (struct sl_key){ .name = names[0], .input = KIND, .description = empty };
	keys[1] = (struct sl_key){ .name = names[1], .input = q->joined ? 4 : AGE, .banded = 1, .description = empty };
	stats[0] = (struct sl_stat){ .name = band_text[0], .fn = SL_STAT_COUNT, .description = empty };
	stats[1] = (struct sl_stat){ .name = band_text[1], .fn = SL_STAT_SUM, .arg = { .ops = &amount, .nops = 1 },
		.description = empty };
	stats[2] = (struct sl_stat){ .name = band_text[2], .fn = SL_STAT_SHARE, .arg = { .ops = &flag, .nops = 1 },
		.description = empty };
	where[0].arg = keys[1].input;
	*p = (struct sl_plan){ .output = band_text[3], .sources = sources, .nsources = q->joined ? 2 : 1, .inputs = inputs,
		.ninputs = q->joined ? 5 : 4, .keys = keys, .nkeys = q->nkeys, .stats = stats, .nstats = q->nstats,
		.purpose = empty };
	if (q->filtered)
		p->where = (struct sl_expr){ .ops = where, .nops = 3 };
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Every rule that looks at a cell, with nothing to look for beside it: one output, and no earlier release. */
static double judge(const struct sl_engine_setup *setup, const struct sl_plan *plan, struct sl_result *result)
{
	const struct sl_check_setup check = { .view = setup->view, .nplans = 1, .purpose = empty, .context = empty,
		.rules = { .threshold = 10, .dominance_n = 2, .dominance_k = 90000, .p_percent = 10000, .group_percent = 90000,
		           .dof = 10, .context = 1 } };
	struct sl_buf bytes = { .max = SL_PLAN_WIRE_MAX };
	struct sl_publication publication;
	struct sl_err err = { 0 };

	if (sl_codec_encode(&sl_plan_record, plan, &bytes, &err) != SL_OK)
		die(&err);
	sl_digest_sha256(bytes.data, bytes.len, result->plan_digest);
	sl_buf_free(&bytes);
	double start = now();
	if (sl_check_run(&check, plan, result, &publication, &err) != SL_OK)
		die(&err);
	double took = now() - start;
	sl_codec_free(&sl_publication_record, &publication);
	return took;
}

static void measure(const struct sl_engine_setup *setup, const struct sl_store *store, const struct question *q,
                    uint32_t rows)
{
	double best = 1e9, check = 1e9;
	struct sl_plan plan;

	make_plan(q, &plan);
	for (int i = 0; i < ROUNDS; i++) {
		struct sl_result result;
		struct sl_err err = { 0 };
		double start = now();
		if (sl_engine_run(setup, store, &plan, &result, &err) != SL_OK)
			die(&err);
		double took = now() - start;
		best = took < best ? took : best;
		took = judge(setup, &plan, &result);
		check = took < check ? took : check;
		sl_codec_free(&sl_result_record, &result);
	}
	printf("%-40s %8.1f ms %8.1f million rows/s %6.1f ns/row; judged in %5.2f ms, %.1f %%\n", q->name, best * 1e3,
	       rows / best / 1e6, best * 1e9 / rows, check * 1e3, 100 * check / best);
}

int main(int argc, char **argv)
{
	uint32_t rows = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : ROWS_EVERYDAY;
	static struct sl_column columns[COLUMNS];
	static struct memory_store memory;
	static struct sl_segment_store store;
	struct sl_table tables[2];
	struct sl_view view = { .tables = tables, .ntables = 2 };
	struct sl_engine_setup setup;
	int fds[SL_TABLES_MAX];

	make_columns(columns);
	for (int t = 0; t < 2; t++)
		tables[t] = (struct sl_table){ .name = table_name[t], .space = space, .unit_column = empty,
			.one_row_per_unit = t == 1, .class_ = SL_CLASS_CONFIDENTIAL, .columns = columns, .ncolumns = COLUMNS };
	memory_store_init(&memory);
	fill(memory_store_table(&memory, rows, COLUMNS), ROWS_PER_UNIT);
	fill(memory_store_table(&memory, rows / ROWS_PER_UNIT + 1, COLUMNS), 1);
	memory_store_seal(&memory, &view, &setup, fds);
	sl_segment_store_init(&store, &setup, 1);
	for (uint32_t t = 0; t < 2; t++) {
		struct sl_err err = { 0 };
		size_t bytes = setup.tables[t].segment_bytes;
		void *data = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fds[t], 0);
		if (data == MAP_FAILED || sl_segment_store_table(&store, t, data, bytes, &err) != SL_OK)
			die(&err);
	}
	printf("%u rows, %u units, sealed (AES-256-GCM)\n", rows, rows / ROWS_PER_UNIT);
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
		measure(&setup, &store.store, &questions[i], rows);
	printf("the same rows as they lie in memory\n");
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
		measure(&setup, &memory.store, &questions[i], rows);
	sl_segment_store_fini(&store);
	memory_store_fini(&memory);
	sl_codec_free(&sl_engine_setup_record, &setup);
	return 0;
}
