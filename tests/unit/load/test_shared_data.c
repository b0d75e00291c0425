/*
 * test_shared_data.c - real files: a byte order mark, CRLF, Chinese headers and labels, quoted lists, 400,123 rows.
 *
 * They lie in the folder that SLUICE_SHARED_DATA names, some also in examples/. A test whose file is not there says so
 * and is skipped.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/load/harness.h"

static struct harness h;

/* NULL: not there; the test is then skipped. */
static uint8_t *shared_file(const char *name, size_t *len)
{
	const char *dir = getenv("SLUICE_SHARED_DATA");
	char path[1024];
	struct stat st;
	uint8_t *data;
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", dir != NULL ? dir : SL_TEST_SOURCE_DIR "/examples", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		print_message("skipped: %s is not here\n", path);
		return NULL;
	}
	assert_int_equal(fstat(fd, &st), 0);
	data = malloc((size_t)st.st_size + 1);
	assert_int_equal(read(fd, data, (size_t)st.st_size), st.st_size);
	*len = (size_t)st.st_size;
	close(fd);
	return data;
}

static void patients(void)
{
	static const char *const sexes[] = { "男", "女", NULL };
	static const char *const outcomes[] = { "死亡", NULL };
	struct sl_load_column *c;

	harness_init(&h, "個案編號");
	h.setup.format = SL_LOAD_CSV_GZIP;
	h.setup.one_row_per_unit = 1;
	c = harness_column(&h, "報告日期", SL_TYPE_DATE);
	free(c->date_format);
	c->date_format = strdup("%d/%m/%Y");
	harness_labels(harness_column(&h, "性別", SL_TYPE_TEXT), sexes);
	harness_column(&h, "年齡", SL_TYPE_INTEGER);
	c = harness_column(&h, "住院/出院/死亡", SL_TYPE_TEXT);
	harness_labels(c, outcomes);
	c->has_other = 1;
}

static void test_shared_chinese_cases_are_imported(void **state)
{
	size_t len = 0;
	uint8_t *data = shared_file("hk_covid19/enhanced_sur_covid_19_chi.csv.gz", &len);
	uint64_t women = 0, men = 0, ages = 0, dead = 0;

	(void)state;
	if (data == NULL)
		skip();
	patients();
	assert_int_equal(harness_confined(&h, data, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 13151);
	assert_int_equal(h.report.units, 13151);
	assert_int_equal(h.report.nskipped, 5);
	assert_string_equal(h.report.skipped[0].text, "發病日期");
	for (uint64_t r = 0; r < h.report.rows; r++) {
		int64_t sex = harness_value(&h, 2, r), age = harness_value(&h, 3, r);

		men += sex == 0;
		women += sex == 1;
		ages += age != INT64_MIN ? (uint64_t)age : 0;
		dead += harness_value(&h, 4, r) == 0;
	}
	assert_int_equal(women, 6824);
	assert_int_equal(men, 6322);
	assert_int_equal(ages, 570994);
	assert_int_equal(dead, 213);
	assert_int_equal(harness_value(&h, 1, 0), 18284);
	free(data);
	harness_fini(&h);
}

static void test_shared_text_column_is_no_date_column(void **state)
{
	size_t len = 0;
	uint8_t *data = shared_file("hk_covid19/enhanced_sur_covid_19_chi.csv.gz", &len);
	struct sl_load_column *c;

	(void)state;
	if (data == NULL)
		skip();
	harness_init(&h, "個案編號");
	h.setup.format = SL_LOAD_CSV_GZIP;
	c = harness_column(&h, "發病日期", SL_TYPE_DATE);
	free(c->date_format);
	c->date_format = strdup("%d/%m/%Y");
	assert_int_equal(harness_run(&h, data, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 0);
	assert_true(h.report.bad_rows_total >= 4480);
	assert_int_equal(h.report.nbad_rows, SL_BAD_ROWS_MAX);
	free(data);
	harness_fini(&h);
}

static void test_shared_quoted_lists_are_one_field(void **state)
{
	size_t len = 0;
	uint8_t *data = shared_file("hk_covid19/building_list_chi.csv.gz", &len);

	(void)state;
	if (data == NULL)
		skip();
	harness_init(&h, "相關個案編號");
	h.setup.format = SL_LOAD_CSV_GZIP;
	harness_column(&h, "地區", SL_TYPE_TEXT)->has_other = 1;
	assert_int_equal(harness_run(&h, data, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 390);
	free(data);
	harness_fini(&h);
}

static void test_shared_readings_are_exact(void **state)
{
	static const char *const tests[] = { "chol", "dbp", "fib4", "hdl", "sbp", "smoke", NULL };
	static const uint64_t counts[] = { 161258, 33430, 3738, 161259, 33430, 7008 };
	static int64_t tests_of[SL_CHUNK_ROWS], values[SL_CHUNK_ROWS];
	static uint8_t nulls[SL_CHUNK_ROWS];
	size_t len = 0;
	uint8_t *data = shared_file("nafld/labs.csv.gz", &len);
	uint64_t seen[6] = { 0 };
	int64_t sum = 0;

	(void)state;
	if (data == NULL)
		skip();
	harness_init(&h, "person_id");
	h.setup.format = SL_LOAD_CSV_GZIP;
	harness_column(&h, "days", SL_TYPE_INTEGER);
	harness_labels(harness_column(&h, "test", SL_TYPE_TEXT), tests);
	harness_column(&h, "value", SL_TYPE_REAL)->scale = 3;
	assert_int_equal(harness_confined(&h, data, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 400123);
	assert_int_equal(h.report.units, 15666);
	for (uint32_t g = 0; g < h.reader.manifest.ngroups; g++) {
		(void)harness_chunk(&h, 2, g, tests_of, nulls);
		uint32_t rows = harness_chunk(&h, 3, g, values, nulls);
		for (uint32_t r = 0; r < rows; r++) {
			seen[tests_of[r]]++;
			sum += values[r];
		}
	}
	for (int i = 0; i < 6; i++)
		assert_int_equal(seen[i], counts[i]);
	/* awk's floating sum of the file, to three decimals. */
	assert_true(sum > 25515178900 && sum < 25515178960);
	free(data);
	harness_fini(&h);
}

static void test_shared_persons_are_one_row_each(void **state)
{
	size_t len = 0;
	uint8_t *data = shared_file("nafld/persons.csv.gz", &len);
	int64_t ages = 0, no_weight = 0;

	(void)state;
	if (data == NULL)
		skip();
	harness_init(&h, "person_id");
	h.setup.format = SL_LOAD_CSV_GZIP;
	h.setup.one_row_per_unit = 1;
	harness_column(&h, "age", SL_TYPE_INTEGER)->nullable = 0;
	harness_column(&h, "male", SL_TYPE_BOOLEAN);
	harness_column(&h, "weight", SL_TYPE_REAL)->scale = 1;
	assert_int_equal(harness_run(&h, data, len, NULL, 0), SL_OK);
	assert_int_equal(h.report.complete, 1);
	assert_int_equal(h.report.rows, 17549);
	assert_int_equal(h.report.units, 17549);
	for (uint64_t r = 0; r < h.report.rows; r++) {
		ages += harness_value(&h, 1, r);
		no_weight += harness_value(&h, 3, r) == INT64_MIN;
	}
	assert_int_equal(ages, 924124);
	assert_int_equal(no_weight, 4786);
	free(data);
	harness_fini(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared_chinese_cases_are_imported),
		cmocka_unit_test(test_shared_text_column_is_no_date_column),
		cmocka_unit_test(test_shared_quoted_lists_are_one_field),
		cmocka_unit_test(test_shared_readings_are_exact),
		cmocka_unit_test(test_shared_persons_are_one_row_each),
	};

	return cmocka_run_group_tests_name("shared data", tests, NULL, NULL);
}
