/* test_segment_store.c - what a setup and its segments must agree on, and every allocation of a run failing once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/engine/segment_store.h"
#include "tests/unit/engine/bench.h"
#include "tests/unit/vault/failing.h"

struct sealed {
	struct bench b;
	struct sl_engine_setup setup;
	int fds[SL_TABLES_MAX];
	void *data[2];
	struct sl_segment_store store;
};

static struct sealed *start(void)
{
	struct sealed *s = calloc(1, sizeof *s);
	const struct bench_row visits[] = { { 1, { 0, 1, 5, 10 } }, { 2, { 1, 0, 25, 7 } } };
	const struct bench_row people[] = { { 1, { 0, 1, 5, 1 } }, { 2, { 1, 1, 5, NONE } } };

	assert_non_null(s);
	bench_init(&s->b);
	bench_rows(&s->b, visits, 2);
	bench_rows(&s->b, people, 2);
	bench_join(&s->b);
	bench_key(&s->b, COL_SICK, false);
	bench_stat(&s->b, SL_STAT_SUM, COL_AMOUNT, 0);
	bench_stat(&s->b, SL_STAT_SHARE, COL_SICK, 1);
	bench_where_equals(&s->b, BENCH_COLUMNS + COL_AGE, 5);
	memory_store_seal(&s->b.memory, &s->b.setup.view, &s->setup, s->fds);
	for (uint32_t t = 0; t < 2; t++) {
		s->data[t] = mmap(NULL, s->setup.tables[t].segment_bytes, PROT_READ, MAP_PRIVATE, s->fds[t], 0);
		assert_true(s->data[t] != MAP_FAILED);
	}
	sl_segment_store_init(&s->store, &s->setup, s->setup.threads);
	return s;
}

static void stop(struct sealed *s)
{
	sl_segment_store_fini(&s->store);
	for (uint32_t t = 0; t < 2; t++) {
		munmap(s->data[t], s->setup.tables[t].segment_bytes);
		close(s->fds[t]);
	}
	sl_codec_free(&sl_engine_setup_record, &s->setup);
	bench_fini(&s->b);
	free(s);
}

static enum sl_rc open_table(struct sealed *s, uint32_t table)
{
	sl_err_clear(&s->b.err);
	return sl_segment_store_table(&s->store, table, s->data[table], s->setup.tables[table].segment_bytes, &s->b.err);
}

static struct sl_column *amount(struct sealed *s)
{
	return &s->setup.view.tables[0].columns[COL_AMOUNT];
}

static void test_segment_store_a_column_of_another_type_scale_or_domain_is_refused(void **state)
{
	struct sealed *s = start();

	(void)state;
	amount(s)->type = SL_TYPE_REAL;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	amount(s)->type = SL_TYPE_INTEGER;
	amount(s)->scale = 2;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	amount(s)->scale = 0;
	s->setup.view.tables[0].columns[COL_PLACE].nlabels = 1;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	s->setup.view.tables[0].columns[COL_PLACE].nlabels = 2;
	assert_int_equal(open_table(s, 0), SL_OK);
	stop(s);
}

static void test_segment_store_the_unit_column_and_columns_beyond_are_no_columns(void **state)
{
	struct sealed *s = start();
	uint16_t *column = &s->setup.tables[0].columns[COL_AMOUNT].segment_column;

	(void)state;
	*column = 0;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	*column = BENCH_COLUMNS + 1;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	*column = BENCH_COLUMNS;
	assert_int_equal(open_table(s, 0), SL_OK);
	stop(s);
}

static void test_segment_store_another_segment_or_manifest_key_is_refused(void **state)
{
	struct sealed *s = start();

	(void)state;
	s->setup.tables[0].segment_id[0] ^= 1;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	s->setup.tables[0].segment_id[0] ^= 1;
	s->setup.tables[0].manifest_key[0] ^= 1;
	assert_int_equal(open_table(s, 0), SL_E_INTEGRITY);
	stop(s);
}

static void test_segment_store_a_table_twice_or_beyond_is_refused(void **state)
{
	struct sealed *s = start();

	(void)state;
	assert_int_equal(open_table(s, 0), SL_OK);
	assert_int_equal(open_table(s, 0), SL_E_INPUT);
	assert_int_equal(sl_segment_store_table(&s->store, 2, s->data[1], 1, NULL), SL_E_INPUT);
	s->setup.tables[1].ncolumns--;
	assert_int_equal(open_table(s, 1), SL_E_INPUT);
	s->setup.tables[1].ncolumns++;
	stop(s);
}

static void test_segment_store_a_plan_over_a_table_without_rows_behind_is_refused(void **state)
{
	struct sealed *s = start();
	struct sl_result r;

	(void)state;
	assert_int_equal(open_table(s, 0), SL_OK);
	assert_int_equal(sl_engine_run(&s->setup, &s->store.store, &s->b.plan, &r, NULL), SL_E_INPUT);
	assert_null(r.evidence);
	stop(s);
}

static enum sl_rc open_and_run(struct sealed *s, struct sl_result *r, struct sl_buf *out)
{
	enum sl_rc rc = open_table(s, 0);

	if (rc == SL_OK)
		rc = open_table(s, 1);
	if (rc == SL_OK)
		rc = sl_engine_run(&s->setup, &s->store.store, &s->b.plan, r, NULL);
	if (rc == SL_OK)
		rc = sl_engine_encode(r, out, NULL);
	return rc;
}

static void test_segment_store_each_allocation_may_fail(void **state)
{
	int reached = 1;
	unsigned long k = 0;

	(void)state;
	while (reached) {
		struct sealed *s = start();
		struct sl_result r = { 0 };
		struct sl_buf out = { 0 };
		failing_at(++k);
		enum sl_rc rc = open_and_run(s, &r, &out);
		reached = failing_reached();
		failing_at(0);
		assert_int_equal(rc, reached ? SL_E_NOMEM : SL_OK);
		sl_buf_free(&out);
		sl_codec_free(&sl_result_record, &r);
		stop(s);
	}
	assert_true(k > 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_segment_store_a_column_of_another_type_scale_or_domain_is_refused),
		cmocka_unit_test(test_segment_store_the_unit_column_and_columns_beyond_are_no_columns),
		cmocka_unit_test(test_segment_store_another_segment_or_manifest_key_is_refused),
		cmocka_unit_test(test_segment_store_a_table_twice_or_beyond_is_refused),
		cmocka_unit_test(test_segment_store_a_plan_over_a_table_without_rows_behind_is_refused),
		cmocka_unit_test(test_segment_store_each_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
