/* test_finder.c - rows of units in sealed tables: with gaps and without, over the ends of groups, and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/engine/finder.h"
#include "enclave/engine/segment_store.h"
#include "tests/unit/engine/bench.h"

#define ROWS 150000u /* three groups, the last one short */
#define FIRST 1000
#define ASKED 500u
#define COLUMN_UNITS 0

/* People sealed, one in `step` units, every seventh of them without an amount. */
struct people {
	struct bench b;
	struct sl_engine_setup setup;
	int fds[SL_TABLES_MAX];
	uint8_t *data;
	int64_t step;
	struct sl_segment_store store;
	struct sl_finder finder;
};

static struct people *seal_rows(const struct bench_row *rows, uint32_t n)
{
	struct people *p = calloc(1, sizeof *p);
	struct sl_err err = { 0 };

	assert_non_null(p);
	bench_init(&p->b);
	bench_rows(&p->b, rows, 1);
	bench_rows(&p->b, rows, n);
	memory_store_seal(&p->b.memory, &p->b.setup.view, &p->setup, p->fds);
	p->data = mmap(NULL, p->setup.tables[1].segment_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE, p->fds[1], 0);
	assert_true(p->data != MAP_FAILED);
	sl_segment_store_init(&p->store, &p->setup, 1);
	if (sl_segment_store_table(&p->store, 1, p->data, p->setup.tables[1].segment_bytes, &err) != SL_OK)
		fail_msg("%s", err.text);
	return p;
}

static struct people *seal(int64_t step)
{
	struct bench_row *rows = calloc(ROWS, sizeof *rows);

	assert_non_null(rows);
	for (uint32_t r = 0; r < ROWS; r++)
		rows[r] = (struct bench_row){ FIRST + step * r, { r % 3, 0, r % 30, r % 7 == 0 ? NONE : r } };
	struct people *p = seal_rows(rows, ROWS);
	p->step = step;
	free(rows);
	return p;
}

static void unseal(struct people *p)
{
	sl_finder_close(&p->finder);
	sl_segment_store_fini(&p->store);
	munmap(p->data, p->setup.tables[1].segment_bytes);
	close(p->fds[0]);
	close(p->fds[1]);
	sl_codec_free(&sl_engine_setup_record, &p->setup);
	bench_fini(&p->b);
	free(p);
}

static void open_finder(struct people *p, const struct sl_source *source)
{
	static const uint16_t columns[] = { COL_PLACE, COL_AMOUNT };
	const struct sl_source_order order = { .source = source, .view = &p->setup.view, .columns = columns,
		.ncolumns = 2, .unit_first = INT64_MIN, .unit_last = INT64_MAX };

	assert_int_equal(sl_finder_open(&p->finder, &order, &p->store.store, &p->b.err), SL_OK);
}

static void check_row(const struct people *p, const struct sl_batch *found, uint32_t i, int64_t unit, int64_t place)
{
	int64_t row = (unit - FIRST) / p->step;
	bool is_there = unit >= FIRST && (unit - FIRST) % p->step == 0 && row < ROWS;
	bool is_kept = is_there && (place < 0 || row % 3 == place), has_amount = is_kept && row % 7 != 0;
	uint8_t mark = !is_there ? SL_ROW_ABSENT : is_kept ? SL_ROW_KEPT : SL_ROW_LEFT_OUT;

	assert_int_equal(found->marks != NULL ? found->marks[i] : SL_ROW_KEPT, mark);
	assert_int_equal(found->nulls[0] != NULL && found->nulls[0][i], !is_kept);
	assert_int_equal(found->nulls[1] != NULL && found->nulls[1][i], !has_amount);
	assert_int_equal(found->values[0][i], is_kept ? row % 3 : 0);
	assert_int_equal(found->values[1][i], has_amount ? row : 0);
}

/* Asks for units `stride` apart, from before the first to behind the last; the last of a call once more in the next. */
static void ask(struct people *p, int64_t stride, int64_t place)
{
	int64_t units[ASKED], unit = 0;
	struct sl_batch found;

	while (unit < FIRST + p->step * ROWS + 5000) {
		for (uint32_t i = 0; i < ASKED; i++)
			units[i] = unit + stride * i;
		unit = units[ASKED - 1];
		assert_int_equal(sl_finder_rows(&p->finder, units, ASKED, &found, &p->b.err), SL_OK);
		assert_int_equal(found.rows, ASKED);
		for (uint32_t i = 0; i < ASKED; i++)
			check_row(p, &found, i, units[i], place);
	}
}

static void test_finder_units_are_found_wherever_they_lie(void **state)
{
	static const int64_t steps[] = { 1, 2, 3 }, strides[] = { 1, 2, 5, 97 };
	const struct sl_source source = { .table = 1 };

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
		for (size_t k = 0; k < sizeof strides / sizeof strides[0]; k++) {
			struct people *p = seal(steps[i]);
			open_finder(p, &source);
			ask(p, strides[k], -1);
			unseal(p);
		}
}

static void test_finder_rows_a_where_leaves_out_have_no_values(void **state)
{
	struct sl_raw raw = { .column = COL_PLACE };
	struct sl_op ops[3] = { { .op = SL_OP_COLUMN, .type = SL_TYPE_TEXT },
		{ .op = SL_OP_CONST, .type = SL_TYPE_TEXT, .value = 1 }, { .op = SL_OP_EQ, .type = SL_TYPE_BOOLEAN } };
	const struct sl_source source = { .table = 1, .raws = &raw, .nraws = 1, .where = { .ops = ops, .nops = 3 } };

	(void)state;
	for (int64_t step = 1; step < 3; step++) {
		struct people *p = seal(step);
		open_finder(p, &source);
		ask(p, 11, 1);
		unseal(p);
	}
}

static void damage(struct people *p, uint32_t column)
{
	const struct sl_manifest_chunk *chunk = &p->store.readers[1].manifest.columns[column].chunks[1];

	p->data[chunk->offset + chunk->bytes / 2] ^= 1;
}

static enum sl_rc ask_second_group(struct people *p)
{
	const struct sl_source source = { .table = 1 };
	const int64_t unit = FIRST + p->step * 100000;
	struct sl_batch found;

	open_finder(p, &source);
	enum sl_rc rc = sl_finder_rows(&p->finder, &unit, 1, &found, &p->b.err);
	if (rc == SL_OK)
		check_row(p, &found, 0, unit, -1);
	unseal(p);
	return rc;
}

static void test_finder_ordinals_are_read_only_where_there_are_gaps(void **state)
{
	(void)state;
	for (int64_t step = 1; step < 3; step++) {
		struct people *p = seal(step);
		damage(p, COLUMN_UNITS);
		assert_int_equal(ask_second_group(p), step == 1 ? SL_OK : SL_E_INTEGRITY);
		p = seal(step);
		damage(p, 1 + COL_AMOUNT);
		assert_int_equal(ask_second_group(p), SL_E_INTEGRITY);
	}
}

/* As many rows as from its first unit to its last, and yet one is there twice. */
static void test_finder_a_second_row_beside_a_gap_is_refused(void **state)
{
	const struct bench_row rows[] = { { 1, { 0, 0, 0, 0 } }, { 1, { 0, 0, 0, 0 } }, { 3, { 0, 0, 0, 0 } } };
	const struct sl_source source = { .table = 1 };
	struct people *p = seal_rows(rows, 3);
	const int64_t unit = 2;
	struct sl_batch found;

	(void)state;
	open_finder(p, &source);
	assert_int_equal(sl_finder_rows(&p->finder, &unit, 1, &found, &p->b.err), SL_E_INTEGRITY);
	unseal(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_finder_units_are_found_wherever_they_lie),
		cmocka_unit_test(test_finder_rows_a_where_leaves_out_have_no_values),
		cmocka_unit_test(test_finder_ordinals_are_read_only_where_there_are_gaps),
		cmocka_unit_test(test_finder_a_second_row_beside_a_gap_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
