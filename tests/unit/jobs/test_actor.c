/* test_actor.c - who acts, and what each may; and that what holds is loaded whole or not at all. */
#include "tests/unit/jobs/world.h"

#include <stdlib.h>

#include "enclave/vault/seal.h"
#include "jobs/actor.h"
#include "jobs/store/policy.h"
#include "jobs/store/table.h"
#include "tests/unit/vault/failing.h"

struct stage {
	struct sl_enclave e;
	struct sl_standing s;
};
static struct stage stage;

static int ruled(void **state)
{
	struct sl_buf text = {0};

	if (world_found(state) != 0 || sl_enclave_open("enclave", &stage.e, NULL) != SL_OK)
		return 1;
	world_policy(&text, "demo", 1, 1);
	enum sl_rc rc = world_apply(&stage.e, &text, "olga", NULL);
	sl_buf_free(&text);
	if (rc == SL_OK)
		rc = sl_standing_load(&stage.e, &stage.s, NULL);
	return rc != SL_OK;
}

static int unruled(void **state)
{
	sl_standing_free(&stage.s);
	sl_enclave_close(&stage.e);
	return world_remove(state);
}

static enum sl_rc may(const char *key, const char *session, enum sl_action action)
{
	struct sl_actor a;
	enum sl_rc rc = sl_actor_identify(&stage.e, &stage.s, key, session, &a, NULL);

	if (rc == SL_OK)
		rc = sl_actor_may(&a, &stage.s, action, NULL);
	sl_actor_free(&a);
	return rc;
}

static void test_key_of_nobody_is_not_identified(void **state)
{
	struct sl_actor a;
	struct sl_err err = {0};

	(void)state;
	scratch_ssh_key("eve");
	assert_int_equal(sl_actor_identify(&stage.e, &stage.s, "eve", NULL, &a, &err), SL_E_IDENT);
	assert_int_equal(a.kind, SL_ACTOR_NONE);
	assert_true(err.remedy[0] != '\0');
	assert_int_equal(sl_actor_identify(&stage.e, &stage.s, "no-such-file", NULL, &a, NULL), SL_E_IDENT);
	assert_int_equal(sl_actor_may(&a, &stage.s, SL_ACTION_DATA_LIST, NULL), SL_E_DENIED);
}

static void test_public_key_without_its_private_one_is_not_identified(void **state)
{
	struct sl_actor a;

	(void)state;
	assert_int_equal(scratch_run("cp ana.pub stolen.pub; unset SSH_AUTH_SOCK"), 0);
	(void)unsetenv("SSH_AUTH_SOCK");
	assert_int_equal(sl_actor_identify(&stage.e, &stage.s, "stolen.pub", NULL, &a, NULL), SL_E_IDENT);
}

static void test_session_of_nobody_is_not_identified(void **state)
{
	static const char *const names[] = {"eve", "", "Ana", "ana ", "operator"};
	struct sl_actor a;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_int_equal(sl_actor_identify(&stage.e, &stage.s, NULL, names[i], &a, NULL), SL_E_IDENT);
}

static void test_key_and_session_are_the_same_person(void **state)
{
	struct sl_actor a;

	(void)state;
	assert_int_equal(sl_actor_identify(&stage.e, &stage.s, "ana", NULL, &a, NULL), SL_OK);
	assert_int_equal(a.kind, SL_ACTOR_KEY);
	assert_string_equal(a.person, "ana");
	sl_actor_free(&a);
	assert_int_equal(sl_actor_identify(&stage.e, &stage.s, NULL, "ana", &a, NULL), SL_OK);
	assert_int_equal(a.kind, SL_ACTOR_SESSION);
	assert_null(a.key_path);
	sl_actor_free(&a);
}

static void test_roles_do_what_is_theirs_alone(void **state)
{
	(void)state;
	assert_int_equal(may("rui", NULL, SL_ACTION_REVIEW_DECIDE), SL_OK);
	assert_int_equal(may("ana", NULL, SL_ACTION_REVIEW_DECIDE), SL_E_DENIED);
	assert_int_equal(may("olga", NULL, SL_ACTION_REVIEW_DECIDE), SL_E_DENIED);
	assert_int_equal(may("teo", NULL, SL_ACTION_REVIEW_DECIDE), SL_E_DENIED);
	assert_int_equal(may("ana", NULL, SL_ACTION_DATA_IMPORT), SL_E_DENIED);
	assert_int_equal(may(NULL, "ana", SL_ACTION_DATA_IMPORT), SL_E_DENIED);
	assert_int_equal(may("rui", NULL, SL_ACTION_JOB_RUN), SL_E_DENIED);
	assert_int_equal(may("ana", NULL, SL_ACTION_JOB_RUN), SL_OK);
	assert_int_equal(may("teo", NULL, SL_ACTION_DATA_IMPORT), SL_OK);
}

static void test_the_local_operator_may_no_decision_and_no_job(void **state)
{
	(void)state;
	assert_int_equal(may(NULL, NULL, SL_ACTION_DATA_IMPORT), SL_OK);
	assert_int_equal(may(NULL, NULL, SL_ACTION_REVIEW_DECIDE), SL_E_IDENT);
	assert_int_equal(may(NULL, NULL, SL_ACTION_JOB_RUN), SL_E_IDENT);
}

static void test_zeroed_actor_may_nothing(void **state)
{
	const struct sl_actor a = {0};
	const struct sl_standing fresh = {0};

	(void)state;
	assert_int_equal(sl_actor_may(&a, &stage.s, SL_ACTION_DATA_LIST, NULL), SL_E_DENIED);
	assert_int_equal(sl_actor_may(&a, &fresh, SL_ACTION_POLICY_APPLY, NULL), SL_E_DENIED);
}

/* The example catalogue, and two reference rows, put in the state file by hand. */
static void furnish(void)
{
	static char a[] = "a", b[] = "b", first[] = "first", second[] = "second";
	static struct sl_reference_cell cells[2] = { { -7, 0 }, { 0, 1 } };
	static const struct sl_reference_row rows[2] = { { a, first, cells, 2 }, { b, second, NULL, 0 } };
	struct sl_buf text = {0};
	uint8_t digest[32];

	scratch_read(SL_TEST_SOURCE_DIR "/tests/data/catalogue/study.json", &text);
	assert_int_equal(sl_seal_sha256(text.data, text.len, digest, NULL), SL_OK);
	assert_int_equal(sl_db_begin(&stage.e.db, NULL), SL_OK);
	assert_int_equal(sl_catalogue_put(&stage.e.db, "study", text.data, text.len, digest, 0, NULL), SL_OK);
	assert_int_equal(sl_reference_add(&stage.e.db, "study.codes", 0, &rows[0], NULL), SL_OK);
	assert_int_equal(sl_reference_add(&stage.e.db, "study.codes", 1, &rows[1], NULL), SL_OK);
	assert_int_equal(sl_db_commit(&stage.e.db, NULL), SL_OK);
	sl_buf_free(&text);
}

static void test_standing_with_a_changed_catalogue_is_an_integrity_failure(void **state)
{
	struct sl_standing s;

	(void)state;
	furnish();
	assert_int_equal(sl_standing_load(&stage.e, &s, NULL), SL_OK);
	assert_int_equal(s.ncatalogues, 1);
	assert_int_equal(s.nreference, 1);
	sl_standing_free(&s);
	world_sql("UPDATE catalogue SET text=CAST(replace(text,'filter','measure') AS BLOB)");
	assert_int_equal(sl_standing_load(&stage.e, &s, NULL), SL_E_INTEGRITY);
	assert_int_equal(s.ncatalogues, 0);
}

static void test_standing_out_of_memory_at_every_allocation_is_nothing(void **state)
{
	const struct sl_standing nothing = {0};
	struct sl_standing s;
	unsigned long k = 0;
	enum sl_rc rc;

	(void)state;
	furnish();
	do {
		struct sl_err err = {0};
		failing_at(++k);
		rc = sl_standing_load(&stage.e, &s, &err);
		bool reached = failing_reached() != 0;
		failing_at(0);
		if (rc != SL_OK) {
			assert_true(reached);
			if (rc != SL_E_NOMEM)
				fail_msg("allocation %lu: %d, %s", k, rc, err.text);
			assert_int_equal(err.rc, rc);
			assert_memory_equal(&s, &nothing, sizeof s);
		} else {
			sl_standing_free(&s);
			if (reached)
				rc = SL_E_NOMEM;
		}
	} while (rc != SL_OK);
	assert_true(k > 50);
}

#define RULED(t) cmocka_unit_test_setup_teardown(t, ruled, unruled)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RULED(test_key_of_nobody_is_not_identified),
		RULED(test_public_key_without_its_private_one_is_not_identified),
		RULED(test_session_of_nobody_is_not_identified),
		RULED(test_key_and_session_are_the_same_person),
		RULED(test_roles_do_what_is_theirs_alone),
		RULED(test_the_local_operator_may_no_decision_and_no_job),
		RULED(test_zeroed_actor_may_nothing),
		RULED(test_standing_with_a_changed_catalogue_is_an_integrity_failure),
		RULED(test_standing_out_of_memory_at_every_allocation_is_nothing),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
