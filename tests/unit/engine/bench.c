/* bench.c - see bench.h. */
#include "tests/unit/engine/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char empty[] = "", space[] = "person", output[] = "table1";
static char table_names[2][10] = { "s.visits", "s.people" };
static char column_names[BENCH_COLUMNS][10] = { "place", "sick", "age", "amount" };
static char key_names[3][3] = { "k0", "k1", "k2" };
static char stat_names[5][3] = { "s0", "s1", "s2", "s3", "s4" };
static char label_texts[2][6] = { "north", "south" }, band_texts[2][6] = { "0-9", "20-29" };
static struct sl_label labels[2] = { { label_texts[0] }, { label_texts[1] } };
static struct sl_band bands[2] = { { 0, 9, band_texts[0] }, { 20, 29, band_texts[1] } };

static void make_columns(struct sl_column c[static BENCH_COLUMNS])
{
	static const uint8_t types[] = { SL_TYPE_TEXT, SL_TYPE_BOOLEAN, SL_TYPE_INTEGER, SL_TYPE_INTEGER };

	for (uint32_t i = 0; i < BENCH_COLUMNS; i++)
		c[i] = (struct sl_column){ .name = column_names[i], .title = empty, .type = types[i], .nullable = i != COL_AGE,
			.uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE, .sensitive = i == COL_SICK, .lo = INT64_MIN,
			.hi = INT64_MAX };
	c[COL_PLACE].has_domain = 1;
	c[COL_PLACE].has_other = 1;
	c[COL_PLACE].labels = labels;
	c[COL_PLACE].nlabels = 2;
	c[COL_AGE].lo = 0;
	c[COL_AGE].hi = 29;
	c[COL_AGE].bands = bands;
	c[COL_AGE].nbands = 2;
}

static void add_source(struct bench *b, uint16_t table)
{
	for (uint16_t c = 0; c < BENCH_COLUMNS; c++)
		b->inputs[b->plan.ninputs++] = (struct sl_input){ .source = (uint16_t)b->plan.nsources, .column = c };
	b->sources[b->plan.nsources++].table = table;
}

void bench_init(struct bench *b)
{
	memset(b, 0, sizeof *b);
	for (uint32_t t = 0; t < 2; t++) {
		make_columns(b->columns[t]);
		b->tables[t] = (struct sl_table){ .name = table_names[t], .space = space, .unit_column = empty,
			.one_row_per_unit = t == 1, .class_ = SL_CLASS_CONFIDENTIAL, .columns = b->columns[t],
			.ncolumns = BENCH_COLUMNS };
	}
	b->setup = (struct sl_engine_setup){ .view = { .tables = b->tables, .ntables = 2 }, .nplans = 1,
		.memory_bytes = 64 << 20, .cells_max = 1000 };
	memory_store_init(&b->memory);
	b->plan = (struct sl_plan){ .output = output, .sources = b->sources, .inputs = b->inputs, .keys = b->keys,
		.stats = b->stats, .purpose = empty, .line = 1 };
	add_source(b, 0);
}

void bench_fini(struct bench *b)
{
	sl_codec_free(&sl_result_record, &b->result);
	assert_int_equal(b->memory.nopen, 0);
	memory_store_fini(&b->memory);
}

void bench_rows(struct bench *b, const struct bench_row *rows, uint32_t n)
{
	struct memory_table *t = memory_store_table(&b->memory, n, BENCH_COLUMNS);

	for (uint32_t r = 0; r < n; r++) {
		t->units[r] = rows[r].unit;
		for (uint32_t c = 0; c < BENCH_COLUMNS; c++) {
			t->nulls[c][r] = rows[r].values[c] == NONE;
			t->values[c][r] = rows[r].values[c] == NONE ? 0 : rows[r].values[c];
		}
	}
}

void bench_join(struct bench *b)
{
	add_source(b, 1);
}

void bench_key(struct bench *b, uint16_t input, bool banded)
{
	b->keys[b->plan.nkeys] = (struct sl_key){ .name = key_names[b->plan.nkeys], .input = input, .banded = banded,
		.description = empty };
	b->plan.nkeys++;
}

static void put_column(struct bench *b, struct sl_expr *e, struct sl_op *ops, uint16_t input)
{
	const struct sl_column *c = &b->columns[input / BENCH_COLUMNS][input % BENCH_COLUMNS];

	*e = (struct sl_expr){ .ops = ops, .nops = 1 };
	ops[0] = (struct sl_op){ .op = SL_OP_COLUMN, .type = c->type, .arg = input };
}

static void put_equals(struct bench *b, struct sl_expr *e, struct sl_op *ops, uint16_t input, int64_t value)
{
	put_column(b, e, ops, input);
	ops[1] = (struct sl_op){ .op = SL_OP_CONST, .type = ops[0].type, .value = value };
	ops[2] = (struct sl_op){ .op = SL_OP_EQ, .type = SL_TYPE_BOOLEAN };
	e->nops = 3;
}

void bench_stat(struct bench *b, enum sl_stat_fn fn, uint16_t input, int64_t value)
{
	uint32_t i = b->plan.nstats++;
	struct sl_stat *s = &b->stats[i];

	*s = (struct sl_stat){ .name = stat_names[i], .fn = (uint8_t)fn, .description = empty };
	if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
		put_equals(b, &s->arg, b->ops[i], input, value);
	else if (fn != SL_STAT_UNITS && fn != SL_STAT_COUNT)
		put_column(b, &s->arg, b->ops[i], input);
}

void bench_where_equals(struct bench *b, uint16_t input, int64_t value)
{
	put_equals(b, &b->plan.where, b->ops[5], input, value);
}

enum sl_rc bench_run(struct bench *b)
{
	sl_codec_free(&sl_result_record, &b->result);
	sl_err_clear(&b->err);
	enum sl_rc rc = sl_engine_run(&b->setup, &b->memory.store, &b->plan, &b->result, &b->err);
	if (rc == SL_OK && sl_result_check(&b->result, &b->plan, &b->setup.view, &b->err) != SL_OK)
		fail_msg("%s", b->err.text);
	return rc;
}

const struct sl_evidence *bench_evidence(const struct bench *b, uint32_t cell, uint32_t stat)
{
	return &b->result.evidence[cell * b->plan.nstats + stat];
}
