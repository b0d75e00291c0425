/* Any plan that decodes, run over two small tables: it is refused, or its result is sound and the same twice. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/engine/bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rows with ties, zeros, missing values, the extremes, and units that only one table has. */
static const struct bench_row visits[] = { { 1, { 0, 1, 3, 5 } }, { 1, { 0, 0, 3, -5 } }, { 1, { 2, NONE, 25, NONE } },
	{ 3, { 1, 1, 9, INT64_MAX } }, { 3, { 1, 1, 9, 1 } }, { 4, { NONE, 0, 12, 0 } }, { 9, { 0, 1, 20, -INT64_MAX } } };
static const struct bench_row people[] = { { 0, { 0, 0, 1, 1 } }, { 1, { 1, 1, 29, 7 } }, { 3, { 2, NONE, 0, NONE } },
	{ 9, { NONE, 0, 15, 2 } } };

/* Place is the domain of a reference table besides, whose rows have a flag and a number. */
static void add_reference(struct bench *b)
{
	static char name[] = "s.places", coast[] = "coast", cost[] = "cost", none[] = "";
	static struct sl_column attributes[2];
	static struct sl_reference_cell cells[4] = { { 1, 0 }, { INT64_MAX, 0 }, { 0, 1 }, { -3, 0 } };
	static struct sl_table tables[3];

	attributes[0] = (struct sl_column){ .name = coast, .title = none, .type = SL_TYPE_BOOLEAN, .nullable = 1,
		.lo = INT64_MIN, .hi = INT64_MAX };
	attributes[1] = attributes[0];
	attributes[1].name = cost;
	attributes[1].type = SL_TYPE_INTEGER;
	tables[0] = b->tables[0];
	tables[1] = b->tables[1];
	tables[2] = (struct sl_table){ .name = name, .space = none, .unit_column = none, .class_ = SL_CLASS_OPEN,
		.columns = attributes, .ncolumns = 2, .cells = cells, .ncells = 4 };
	b->columns[0][COL_PLACE].reference = b->columns[1][COL_PLACE].reference = 3;
	b->setup.view = (struct sl_view){ .tables = tables, .ntables = 3 };
	if (sl_view_check(&b->setup.view, NULL) != SL_OK)
		abort();
}

static enum sl_rc run(struct bench *b, const struct sl_plan *plan, struct sl_buf *wire)
{
	struct sl_result result;
	enum sl_rc rc = sl_engine_run(&b->setup, &b->memory.store, plan, &result, NULL);

	if (rc != SL_OK)
		return rc;
	if (sl_result_check(&result, plan, &b->setup.view, NULL) != SL_OK || sl_engine_encode(&result, wire, NULL) != SL_OK)
		abort();
	sl_codec_free(&sl_result_record, &result);
	return SL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench *b;
	struct sl_buf first = { 0 }, second = { 0 };
	struct sl_plan plan;

	if (b == NULL) {
		b = malloc(sizeof *b);
		if (b == NULL)
			abort();
		bench_init(b);
		add_reference(b);
		bench_rows(b, visits, sizeof visits / sizeof visits[0]);
		bench_rows(b, people, sizeof people / sizeof people[0]);
	}
	if (sl_codec_decode(&sl_plan_record, data, size, &plan, NULL) != SL_OK)
		return 0;
	b->memory.stretch_rows = 0;
	enum sl_rc rc = run(b, &plan, &first);
	b->memory.stretch_rows = 2;
	if (run(b, &plan, &second) != rc || first.len != second.len ||
	    (first.len > 0 && memcmp(first.data, second.data, first.len) != 0) || b->memory.nopen != 0)
		abort();
	sl_buf_free(&first);
	sl_buf_free(&second);
	sl_codec_free(&sl_plan_record, &plan);
	return 0;
}
