/*
 * test_recover_faults.c - an allocation fails while a lost release is entered again: what was not done is not half
 * done, done again it is as if nothing had failed, and want of memory never passes for a release whose persons nobody
 * knows.
 */
#include "tests/unit/jobs/world.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/recover.h"
#include "tests/unit/vault/failing.h"

static struct sl_enclave e;
static const struct sl_actor operator_ = { .kind = SL_ACTOR_OPERATOR, .person = (char *)(uintptr_t)"" };
static const char *const bundle = "first";

static int founded(void **state)
{
	if (scratch_enter(state) != 0)
		return 1;
	return scratch_run("SLUICE_BIN='" SL_TEST_BIN_DIR "' SLUICE_SOURCE='" SL_TEST_SOURCE_DIR "' sh '"
	                   SL_RECOVER_WORLD "'");
}

static void bring_back(const char *backup)
{
	sl_enclave_close(&e);
	assert_int_equal(scratch_run("rm -rf enclave/state.db* enclave/releases && cp %s enclave/state.db && "
	                             "cp far.note enclave-keys/log.note", backup), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
}

static enum sl_rc recover(struct sl_recovery *out, struct sl_err *err)
{
	const struct sl_recover_ask ask = { .bundles = &bundle, .nbundles = 1 };

	return sl_recover(&e, &operator_, &ask, out, err);
}

static int64_t leaves(void)
{
	return world_number("SELECT count(*) FROM leaf");
}

static void is_entered_once(bool counted)
{
	assert_int_equal(world_number("SELECT count(*) FROM recovered"), 1);
	assert_int_equal(world_number("SELECT count(*) FROM recovered WHERE why=''"), counted);
	assert_int_equal(world_number("SELECT count(*) FROM release"), counted);
	assert_int_equal(world_number("SELECT count(*) FROM review"), counted);
	assert_int_equal(world_number("SELECT count(*) FROM leaf WHERE CAST(body AS TEXT) LIKE '%\"release.recovered\"%'"), 1);
	assert_int_equal(world_number("SELECT count(*) FROM leaf WHERE CAST(body AS TEXT) LIKE '%\"log.restored\"%'"), 1);
	assert_int_equal(scratch_run("diff -r first enclave/releases/L-1"), 0);
}

/* Each try writes state.db anew: every `step`-th allocation, from the first to the last. */
static void with_some_failing(const char *backup, enum sl_recovered_fate fate, unsigned long step)
{
	bool reached = true, counted = fate == SL_RECOVERED_COUNTED;
	unsigned long k;
	int64_t before;

	bring_back(backup);
	before = leaves();
	for (k = 1; reached; k += step) {
		struct sl_recovery r;
		struct sl_err err = { 0 };

		failing_at(k);
		enum sl_rc rc = recover(&r, &err);
		reached = failing_reached() != 0;
		failing_at(0);
		assert_false(e.db.in_transaction);
		if (rc != SL_OK && (rc != SL_E_NOMEM || !reached))
			fail_msg("allocation %lu: %d, %s", k, rc, err.text);
		if (rc == SL_OK && r.releases[0].fate != fate)
			fail_msg("allocation %lu: fate %d: %s", k, r.releases[0].fate, r.releases[0].why);
		if (rc != SL_OK)
			assert_null(r.releases);
		sl_recovery_free(&r);
		if (rc != SL_OK && leaves() == before)
			continue;
		assert_int_equal(recover(&r, NULL), SL_OK);
		assert_true(r.releases[0].fate == fate || (counted && r.releases[0].fate == SL_RECOVERED_HERE));
		sl_recovery_free(&r);
		is_entered_once(counted);
		bring_back(backup);
	}
	assert_true(k > 100);
}

static void test_recover_of_a_request_that_is_here_without_memory_is_done_again(void **state)
{
	(void)state;
	with_some_failing("with-request.db", SL_RECOVERED_COUNTED, 5);
}

/* Programs judge it again each time, so few of its allocations are tried. */
static void test_recover_of_a_job_that_is_here_without_memory_is_done_again(void **state)
{
	(void)state;
	with_some_failing("with-job.db", SL_RECOVERED_COUNTED, 47);
}

/* Last: an enclave that is opened without the versions takes their segments away. */
static void test_recover_of_what_is_not_known_without_memory_is_done_again(void **state)
{
	(void)state;
	assert_int_equal(scratch_run("cp with-job.db without.db && sqlite3 without.db "
	                             "'PRAGMA foreign_keys=OFF; UPDATE version SET forgotten=1'"), 0);
	with_some_failing("without.db", SL_RECOVERED_UNKNOWN, 7);
}

static int closed(void **state)
{
	sl_enclave_close(&e);
	return scratch_leave(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_recover_of_a_request_that_is_here_without_memory_is_done_again),
		cmocka_unit_test(test_recover_of_a_job_that_is_here_without_memory_is_done_again),
		cmocka_unit_test(test_recover_of_what_is_not_known_without_memory_is_done_again),
	};

	return cmocka_run_group_tests(tests, founded, closed);
}
