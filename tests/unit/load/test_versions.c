/* test_versions.c - whole versions: read through, and two of them compared by the rows of each unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "enclave/load/compare.h"
#include "enclave/load/verify.h"
#include "tests/unit/load/harness.h"

static struct harness h;

static void load(const char *text)
{
	assert_int_equal(harness_text(&h, text), SL_OK);
	assert_true(h.report.complete);
}

static void begin(const char *text)
{
	harness_init(&h, "id");
	h.in_process_only = true;
	harness_column(&h, "age", SL_TYPE_INTEGER)->nullable = 1;
	load(text);
}

/* What a setup says of the segment that the last run wrote. */
static struct sl_load_setup of_segment(void)
{
	struct sl_load_setup s = { .format = SL_LOAD_VERIFY, .base_bytes = h.report.segment_bytes };

	memcpy(s.base_id, h.setup.segment_id, sizeof s.base_id);
	memcpy(s.base_key, h.setup.segment_key, sizeof s.base_key);
	return s;
}

static enum sl_rc verify(const struct sl_load_setup *s, struct sl_load_report *report, struct sl_err *err)
{
	struct sl_verify v = { 0 };
	enum sl_rc rc = sl_verify_prepare(&v, s, h.segment, err);

	if (rc == SL_OK)
		rc = sl_verify_run(&v, report, err);
	sl_verify_fini(&v);
	return rc;
}

static void test_verify_of_a_whole_segment_counts_its_rows(void **state)
{
	struct sl_load_report report = { 0 };

	(void)state;
	begin("id,age\n1,40\n2,50\n1,41\n");
	const struct sl_load_setup s = of_segment();
	assert_int_equal(verify(&s, &report, NULL), SL_OK);
	assert_true(report.complete);
	assert_int_equal(report.rows, 3);
	assert_int_equal(report.units, 2);
	harness_fini(&h);
}

static void test_verify_finds_every_changed_byte(void **state)
{
	(void)state;
	begin("id,age\n1,40\n2,50\n1,41\n");
	const struct sl_load_setup s = of_segment();
	for (off_t at = 0; at < (off_t)s.base_bytes; at++) {
		struct sl_load_report report = { 0 };
		struct sl_err err = { 0 };
		uint8_t was, now;

		assert_int_equal(pread(h.segment, &was, 1, at), 1);
		now = was ^ 0x10;
		assert_int_equal(pwrite(h.segment, &now, 1, at), 1);
		assert_int_equal(verify(&s, &report, &err), SL_E_INTEGRITY);
		assert_true(err.text[0] != '\0');
		assert_false(report.complete);
		assert_int_equal(pwrite(h.segment, &was, 1, at), 1);
	}
	harness_fini(&h);
}

static void test_verify_of_another_length_segment_or_key_is_refused(void **state)
{
	struct sl_load_report report = { 0 };
	struct sl_load_setup s;

	(void)state;
	begin("id,age\n1,40\n");
	s = of_segment();
	s.base_bytes++;
	assert_int_equal(verify(&s, &report, NULL), SL_E_INTEGRITY);
	s = of_segment();
	s.base_id[0] ^= 1;
	assert_int_equal(verify(&s, &report, NULL), SL_E_INTEGRITY);
	s = of_segment();
	s.base_key[31] ^= 1;
	assert_int_equal(verify(&s, &report, NULL), SL_E_INTEGRITY);
	harness_fini(&h);
}

static void differs(const char *older, const char *newer, uint64_t changed, uint64_t added, uint64_t removed)
{
	struct sl_load_report report = { 0 };
	struct sl_compare c = { 0 };
	struct sl_load_setup s;

	begin(older);
	s = of_segment();
	int kept = dup(h.segment);
	harness_again(&h);
	load(newer);
	s.format = SL_LOAD_COMPARE;
	s.compare = 1;
	s.columns = h.setup.columns;
	s.ncolumns = h.setup.ncolumns;
	memcpy(s.segment_id, h.setup.segment_id, sizeof s.segment_id);
	memcpy(s.segment_key, h.setup.segment_key, sizeof s.segment_key);
	assert_int_equal(sl_compare_prepare(&c, &s, h.segment, kept, NULL), SL_OK);
	assert_int_equal(sl_compare_run(&c, &report, NULL), SL_OK);
	sl_compare_fini(&c);
	assert_int_equal(report.changed_units, changed);
	assert_int_equal(report.added_units, added);
	assert_int_equal(report.removed_units, removed);
	close(kept);
	harness_fini(&h);
}

static void test_compare_counts_units_with_other_rows(void **state)
{
	(void)state;
	differs("id,age\n1,40\n2,50\n", "id,age\n2,50\n1,40\n", 0, 0, 0);
	differs("id,age\n1,40\n1,41\n2,50\n", "id,age\n1,41\n1,40\n2,50\n", 0, 0, 0);
	differs("id,age\n1,40\n2,50\n", "id,age\n1,40\n2,51\n", 1, 0, 0);
	differs("id,age\n1,40\n1,40\n", "id,age\n1,40\n", 1, 0, 0);
	differs("id,age\n1,40\n", "id,age\n1,\n", 1, 0, 0);
	differs("id,age\n1,40\n2,50\n", "id,age\n1,40\n3,50\n", 2, 1, 1);
	differs("id,age\n1,40\n", "id,age\n", 1, 0, 1);
}

static void test_compare_of_other_columns_or_nothing_is_refused(void **state)
{
	struct sl_compare c = { 0 };
	struct sl_load_setup s;

	(void)state;
	begin("id,age\n1,40\n");
	s = of_segment();
	assert_int_equal(sl_compare_prepare(&c, &s, h.segment, h.segment, NULL), SL_E_INPUT);
	sl_compare_fini(&c);
	s.compare = 1;
	s.columns = h.setup.columns;
	s.ncolumns = 1;
	assert_int_equal(sl_compare_prepare(&c, &s, h.segment, h.segment, NULL), SL_E_INPUT);
	sl_compare_fini(&c);
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verify_of_a_whole_segment_counts_its_rows),
		cmocka_unit_test(test_verify_finds_every_changed_byte),
		cmocka_unit_test(test_verify_of_another_length_segment_or_key_is_refused),
		cmocka_unit_test(test_compare_counts_units_with_other_rows),
		cmocka_unit_test(test_compare_of_other_columns_or_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
