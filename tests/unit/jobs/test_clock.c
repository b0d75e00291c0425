/*
 * test_clock.c - a clock before the log stops whatever the log would tell; that it had been ahead is told, and then
 * work goes on. The clock is this test's own.
 */
#include "tests/unit/jobs/world.h"

#include <string.h>
#include <time.h>

#include "jobs/audit.h"
#include "jobs/recover.h"

static time_t clock_now;

time_t time(time_t *out)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	now.tv_sec = clock_now != 0 ? clock_now : now.tv_sec;
	if (out != NULL)
		*out = now.tv_sec;
	return now.tv_sec;
}

static enum sl_rc append(struct sl_enclave *e, struct sl_err *err)
{
	enum sl_rc rc = sl_db_begin(&e->db, NULL);

	assert_int_equal(rc, SL_OK);
	rc = sl_audit_append(e, "job.failed", "ana", json_pack("{s:s}", "job", "J-1"), NULL, err);
	if (rc == SL_OK)
		rc = sl_db_commit(&e->db, NULL);
	sl_db_rollback(&e->db);
	return rc;
}

static void test_clock_before_the_log_stops_what_it_would_tell(void **state)
{
	const time_t began = time(NULL);
	struct sl_err err = { 0 };
	struct sl_enclave e;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(append(&e, NULL), SL_OK);
	clock_now = began - SL_AUDIT_CLOCK_S + 5;
	assert_int_equal(append(&e, NULL), SL_OK);
	clock_now = began - 2 * SL_AUDIT_CLOCK_S - 60;
	assert_int_equal(append(&e, &err), SL_E_HOST);
	assert_non_null(strstr(err.text, "before the last leaf of the log"));
	assert_non_null(strstr(err.remedy, "sluice recover --clock"));
	clock_now = began;
	assert_int_equal(append(&e, NULL), SL_OK);
	clock_now = 0;
	sl_enclave_close(&e);
}

static void test_clock_that_had_been_ahead_is_told_by_an_operator_once(void **state)
{
	const struct sl_actor operator_ = { .kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)"" };
	const struct sl_actor ana = { .kind = SL_ACTOR_SESSION, .person = (char *)(uintptr_t)"ana" };
	struct sl_checkpoint before, after;
	struct sl_enclave e;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_recover_clock(&e, &operator_, NULL), SL_E_NO);
	clock_now = time(NULL) + 40 * 365 * 86400L;
	assert_int_equal(append(&e, NULL), SL_OK);
	clock_now = 0;
	assert_int_equal(append(&e, NULL), SL_E_HOST);
	assert_int_equal(sl_audit_checkpoint(&e, &before, NULL), SL_OK);
	assert_int_equal(sl_recover_clock(&e, &ana, NULL), SL_E_DENIED);
	assert_int_equal(sl_recover_clock(&e, &operator_, NULL), SL_OK);
	assert_int_equal(sl_audit_checkpoint(&e, &after, NULL), SL_OK);
	assert_int_equal(after.size, before.size + 1);
	assert_int_equal(append(&e, NULL), SL_OK);
	assert_int_equal(sl_recover_clock(&e, &operator_, NULL), SL_E_NO);
	sl_enclave_close(&e);
	assert_int_equal(world_number("SELECT count(*) FROM leaf WHERE CAST(body AS TEXT) LIKE '%\"clock.corrected\"%'"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_clock_before_the_log_stops_what_it_would_tell, world_found, world_remove),
		cmocka_unit_test_setup_teardown(test_clock_that_had_been_ahead_is_told_by_an_operator_once, world_found,
		                                world_remove),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
