/* test_out_of_memory.c - every allocation of an import fails once: an error, no segment, no leak. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"
#include "tests/unit/vault/failing.h"

#define SPILLING_BYTES ((uint64_t)5 << 20)

static const char *const sexes[] = { "f", "m", NULL };

/* harness_run with the k-th allocation failing, in everything but the harness. */
static enum sl_rc run_with(struct harness *h, const struct sl_load_fds *fds, unsigned long k, int *reached)
{
	static struct sl_load l;
	enum sl_rc rc;

	failing_at(k);
	rc = sl_load_prepare(&l, &h->setup, fds, h->memory_bytes > 0 ? h->memory_bytes : (uint64_t)256 << 20, &h->err);
	if (rc == SL_OK)
		rc = sl_load_run(&l, &h->report, &h->err);
	*reached = failing_reached();
	failing_at(0);
	sl_load_fini(&l);
	return rc;
}

static void each_allocation(struct harness *h, const char *text)
{
	int reached = 1;
	unsigned long k = 1;

	for (; reached; k++) {
		FILE *source = tmpfile(), *segment = tmpfile(), *spill = tmpfile();
		struct sl_load_fds fds = { .source = fileno(source), .segment = -1,
			.registry = h->registry, .spill = -1, .base = h->setup.base_bytes > 0 ? h->base : -1, .wal = -1 };

		assert_int_equal(write(fds.source, text, strlen(text)), (ssize_t)strlen(text));
		assert_int_equal(lseek(fds.source, 0, SEEK_SET), 0);
		if (!h->setup.reference) {
			fds.segment = fileno(segment);
			fds.spill = fileno(spill);
			assert_int_equal(lseek(h->registry, 0, SEEK_SET), 0);
		}
		enum sl_rc rc = run_with(h, &fds, k, &reached);
		if (reached) {
			/* A row that does not fit a buffer is a bad row; all else is told as memory, or as a limit by a buffer. */
			assert_true(rc == SL_E_NOMEM || rc == SL_E_LIMIT || (rc == SL_OK && !h->report.complete));
			assert_int_equal(h->report.complete, 0);
		} else {
			if (rc != SL_OK)
				fail_msg("%s", h->err.text);
			assert_int_equal(h->report.complete, h->report.bad_rows_total == 0);
		}
		h->spilt_bytes = (uint64_t)lseek(fileno(spill), 0, SEEK_END);
		sl_codec_free(&sl_load_report_record, &h->report);
		sl_err_clear(&h->err);
		fclose(source);
		fclose(segment);
		fclose(spill);
	}
	assert_true(k > 10);
}

static void test_import_each_failed_allocation_is_reported(void **state)
{
	struct harness h;

	(void)state;
	harness_init(&h, "id");
	h.setup.one_row_per_unit = 1;
	harness_column(&h, "age", SL_TYPE_INTEGER);
	harness_labels(harness_column(&h, "sex", SL_TYPE_TEXT), sexes);
	each_allocation(&h, "id,age,sex,x\nb,30,f,1\na,41,m,2\n");
	each_allocation(&h, "id,age,sex,x\nb,30,f,1\na,x,m,2\n");
	harness_fini(&h);
}

static void test_append_each_failed_allocation_is_reported(void **state)
{
	struct harness h;

	(void)state;
	harness_init(&h, "id");
	harness_column(&h, "age", SL_TYPE_INTEGER);
	assert_int_equal(harness_text(&h, "id,age\nb,30\na,41\n"), SL_OK);
	harness_base(&h, false);
	each_allocation(&h, "id,age\na,30\nc,1\n");
	harness_fini(&h);
}

/* So little memory that the rows go to the spill, stretch by stretch. */
static void test_spill_each_failed_allocation_is_reported(void **state)
{
	struct harness h;
	struct sl_buf text = { 0 };

	(void)state;
	harness_init(&h, "id");
	h.memory_bytes = SPILLING_BYTES;
	harness_column(&h, "age", SL_TYPE_INTEGER);
	sl_buf_text(&text, "id,age\n");
	for (int i = 0; i < 110000; i++)
		sl_buf_printf(&text, "%d,%d\n", i % 10, i);
	each_allocation(&h, sl_buf_cstr(&text));
	assert_true(h.spilt_bytes > 0);
	sl_buf_free(&text);
	harness_fini(&h);
}

static void test_reference_each_failed_allocation_is_reported(void **state)
{
	struct harness h;

	(void)state;
	harness_init(&h, NULL);
	harness_column(&h, "code", SL_TYPE_TEXT);
	each_allocation(&h, "code\na\nb\n");
	harness_column(&h, "height", SL_TYPE_INTEGER);
	h.setup.attributes = 1;
	each_allocation(&h, "code,height\na,1\nb,\n");
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_import_each_failed_allocation_is_reported),
		cmocka_unit_test(test_append_each_failed_allocation_is_reported),
		cmocka_unit_test(test_spill_each_failed_allocation_is_reported),
		cmocka_unit_test(test_reference_each_failed_allocation_is_reported),
	};

	return cmocka_run_group_tests_name("load without memory", tests, NULL, NULL);
}
