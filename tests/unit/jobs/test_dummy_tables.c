/* test_dummy_tables.c - invented rows are sealed beside no enclave; no key, name or descriptor of them stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/data.h"
#include "jobs/dummy.h"
#include "tests/unit/vault/failing.h"

#define TEXTS(n) .name = n, .title = n, .measured_in = ""

static struct sl_label sexes[] = { { "female" }, { "male" } };
static struct sl_column columns[] = {
	{ TEXTS("sex"), .type = SL_TYPE_TEXT, .lo = INT64_MIN, .hi = INT64_MAX, .has_domain = 1, .labels = sexes,
	  .nlabels = 2 },
	{ TEXTS("age"), .type = SL_TYPE_INTEGER, .lo = 0, .hi = 99, .nullable = 1 },
};
static struct sl_table tables[] = {
	{ .name = "study.persons", .space = "person", .unit_column = "id", .one_row_per_unit = 1, .columns = columns,
	  .ncolumns = 2 },
	{ .name = "study.visits", .space = "person", .unit_column = "id", .columns = columns, .ncolumns = 2 },
	{ .name = "study.unread", .space = "person", .unit_column = "id", .columns = columns, .ncolumns = 2 },
};
static struct sl_source sources[] = { { .table = 0 }, { .table = 1 } };
static struct sl_plan plan = { .sources = sources, .nsources = 2 };
static struct sl_job_ready ready = { .grant.view = { .tables = tables, .ntables = 3 }, .plans = &plan, .nplans = 1 };
static const struct sl_dummy_size size = { .seed = 1, .units = 20, .rows = 50 };

static unsigned open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static void test_tables_are_sealed_in_files_without_a_name(void **state)
{
	static const uint8_t zero[32];
	struct sl_job_tables t = { 0 };
	struct stat st;

	(void)state;
	assert_int_equal(sl_dummy_tables(&ready, &size, &t, NULL), SL_OK);
	assert_int_equal(t.n, 3);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(fstat(t.fds[i], &st), 0);
		assert_true(S_ISREG(st.st_mode) && st.st_nlink == 0);
		assert_int_equal(st.st_size, t.tables[i].segment_bytes);
		assert_int_equal(t.segments[i].rows, i == 0 ? size.units : size.rows);
		/* The engine has the subkeys, two columns' and the unit's; the key they come from is gone. */
		assert_memory_equal(t.segments[i].key, zero, sizeof zero);
		assert_memory_not_equal(t.tables[i].unit_key, zero, sizeof zero);
		assert_int_equal(t.tables[i].columns[1].segment_column, 2);
	}
	/* What no plan reads is not made. */
	assert_int_equal(t.tables[2].segment_bytes, 0);
	assert_int_equal(fstat(t.fds[2], &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	sl_job_tables_free(&t);
}

/* Keys are fresh, so that the same rows are never sealed the same. */
static void test_the_same_rows_are_sealed_anew_each_time(void **state)
{
	struct sl_job_tables a = { 0 }, b = { 0 };

	(void)state;
	assert_int_equal(sl_dummy_tables(&ready, &size, &a, NULL), SL_OK);
	assert_int_equal(sl_dummy_tables(&ready, &size, &b, NULL), SL_OK);
	assert_memory_not_equal(a.tables[0].unit_key, b.tables[0].unit_key, sizeof a.tables[0].unit_key);
	assert_memory_not_equal(a.tables[0].segment_id, b.tables[0].segment_id, sizeof a.tables[0].segment_id);
	assert_memory_not_equal(a.tables[0].version, b.tables[0].version, sizeof a.tables[0].version);
	sl_job_tables_free(&a);
	sl_job_tables_free(&b);
}

static void test_memory_that_runs_out_is_told_and_nothing_stays_open(void **state)
{
	unsigned before = open_descriptors();
	unsigned long k = 0;
	enum sl_rc rc;

	(void)state;
	do {
		struct sl_job_tables t = { 0 };
		failing_at(++k);
		rc = sl_dummy_tables(&ready, &size, &t, NULL);
		bool reached = failing_reached() != 0;
		failing_at(0);
		if (rc != SL_OK)
			assert_true(reached && (rc == SL_E_NOMEM || rc == SL_E_HOST));
		else if (reached)
			rc = SL_E_NOMEM; /* one that is done without */
		sl_job_tables_free(&t);
		assert_int_equal(open_descriptors(), before);
	} while (rc != SL_OK);
	assert_true(k > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_sealed_in_files_without_a_name),
		cmocka_unit_test(test_the_same_rows_are_sealed_anew_each_time),
		cmocka_unit_test(test_memory_that_runs_out_is_told_and_nothing_stays_open),
	};

	sl_policy_limits_usual(&ready.standing.policy.limits);
	return cmocka_run_group_tests_name("sealed dummy tables", tests, NULL, NULL);
}
