/* test_out_of_memory.c - every allocation of writer, reader and registry fails once; nothing leaks, nothing crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/vault/registry.h"
#include "tests/unit/vault/failing.h"
#include "tests/unit/vault/table.h"

#define ROWS 6

static enum sl_rc write_some(int fd, struct sl_err *err)
{
	static const int64_t values[ROWS] = { 0, 1, 1, 2, 5, 5 };
	static char name[] = "c";
	const struct sl_manifest_column columns[2] = { { .name = name, .type = SL_TYPE_INTEGER },
		{ .name = name, .type = SL_TYPE_INTEGER } };
	const int64_t *value_of[2] = { values, values };
	const uint8_t *null_of[2] = { NULL, NULL };
	struct sl_writer w;
	uint8_t version[32];
	uint64_t bytes;
	enum sl_rc rc = sl_writer_init(&w, test_id, test_key, columns, 2, ROWS, err);

	if (rc == SL_OK)
		rc = sl_writer_begin(&w, fd, err);
	if (rc == SL_OK)
		rc = sl_writer_group(&w, value_of, null_of, ROWS, err);
	if (rc == SL_OK)
		rc = sl_writer_finish(&w, version, &bytes, err);
	sl_writer_fini(&w);
	return rc;
}

static void test_writer_each_failed_allocation_is_reported(void **state)
{
	unsigned long k = 1;

	(void)state;
	for (;; k++) {
		int fd = memfd_create("segment", 0);
		struct sl_err err = { 0 };

		failing_at(k);
		enum sl_rc rc = write_some(fd, &err);
		int reached = failing_reached();
		failing_at(0);
		close(fd);
		if (!reached) {
			assert_int_equal(rc, SL_OK);
			break;
		}
		/* A buffer does not tell its bound from memory. */
		assert_true(rc == SL_E_NOMEM || rc == SL_E_LIMIT);
	}
	assert_true(k > 8);
}

static void test_reader_each_failed_allocation_is_reported(void **state)
{
	struct test_table t = test_table_random(3, 30, 1);
	uint8_t version[32];
	size_t len = 0;
	uint8_t *data = test_table_write(&t, test_id, test_key, &len, version);
	unsigned long k = 1;

	(void)state;
	for (;; k++) {
		struct sl_err err = { 0 };

		failing_at(k);
		enum sl_rc rc = test_table_read(data, len, test_id, test_key, NULL, &err);
		int reached = failing_reached();
		failing_at(0);
		if (!reached) {
			assert_int_equal(rc, SL_OK);
			break;
		}
		assert_int_equal(rc, SL_E_NOMEM);
	}
	assert_true(k > 5);
	free(data);
	test_table_free(&t);
}

static enum sl_rc register_some(struct sl_err *err)
{
	struct sl_registry r;
	uint64_t ordinal;
	enum sl_rc rc = sl_registry_init(&r, test_key, err);

	for (int i = 0; i < 600 && rc == SL_OK; i++)
		rc = sl_registry_ordinal(&r, (const char *)&i, sizeof i, &ordinal, err);
	sl_registry_fini(&r);
	return rc;
}

static void test_registry_each_failed_allocation_is_reported(void **state)
{
	unsigned long k = 1;

	(void)state;
	for (;; k++) {
		struct sl_err err = { 0 };

		failing_at(k);
		enum sl_rc rc = register_some(&err);
		int reached = failing_reached();
		failing_at(0);
		if (!reached) {
			assert_int_equal(rc, SL_OK);
			break;
		}
		assert_int_equal(rc, SL_E_NOMEM);
	}
	assert_true(k > 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_writer_each_failed_allocation_is_reported),
		cmocka_unit_test(test_reader_each_failed_allocation_is_reported),
		cmocka_unit_test(test_registry_each_failed_allocation_is_reported),
	};

	return cmocka_run_group_tests_name("vault without memory", tests, NULL, NULL);
}
