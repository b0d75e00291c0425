/* test_audit.c - the log says when it was changed: a leaf, its order, its end, or all of it since a checkpoint. */
#include "tests/unit/jobs/world.h"

#include <string.h>

#include "jobs/audit.h"
#include "jobs/store/log.h"

#define LEAVES 9

static void add_leaves(struct sl_enclave *e, unsigned n, const char *what)
{
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
		assert_int_equal(sl_audit_append(e, "test.done", "olga", json_pack("{s:s}", "what", what), NULL, NULL), SL_OK);
		assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
	}
}

static int grown(void **state)
{
	static struct sl_enclave e;

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	add_leaves(&e, LEAVES - 1, "first");
	*state = &e;
	return 0;
}

static int ended(void **state)
{
	sl_enclave_close(*state);
	return world_remove(state);
}

static enum sl_rc verified(struct sl_enclave *e, const struct sl_buf *note)
{
	struct sl_checkpoint now;

	return sl_audit_verify(e, note != NULL ? (const char *)note->data : NULL, note != NULL ? note->len : 0, &now, NULL);
}

static void test_log_unchanged_is_verified(void **state)
{
	struct sl_checkpoint now;

	assert_int_equal(sl_audit_verify(*state, NULL, 0, &now, NULL), SL_OK);
	assert_int_equal(now.size, LEAVES);
}

/* Each change alone is an integrity failure. */
static void test_log_changed_is_an_integrity_failure(void **state)
{
	static const char *const changes[] = {
		"UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=4",
		"UPDATE leaf SET hash=randomblob(32) WHERE n=4",
		"DELETE FROM leaf WHERE n=0",
		"DELETE FROM leaf WHERE n=4",
		"DELETE FROM leaf WHERE n=8",
		"UPDATE leaf SET n=100 WHERE n=8",
		"UPDATE leaf SET n=100 WHERE n=3; UPDATE leaf SET n=3 WHERE n=4; UPDATE leaf SET n=4 WHERE n=100",
		"INSERT INTO leaf SELECT 9, body, hash FROM leaf WHERE n=8",
		"UPDATE edge SET size=8",
		"UPDATE edge SET size=10",
		"UPDATE edge SET size=-1",
		"UPDATE edge SET hashes=randomblob(length(hashes))",
		"UPDATE edge SET hashes=zeroblob(31)",
		"UPDATE edge SET hashes=zeroblob(0)",
		"UPDATE edge SET hashes=zeroblob(320000)",
		"DELETE FROM edge",
		"DELETE FROM leaf",
	};

	world_sql("CREATE TABLE kept_leaf AS SELECT * FROM leaf; CREATE TABLE kept_edge AS SELECT * FROM edge");
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
		world_sql(changes[i]);
		if (verified(*state, NULL) != SL_E_INTEGRITY)
			fail_msg("not found: %s", changes[i]);
		world_sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept_leaf;"
		          "DELETE FROM edge; INSERT INTO edge SELECT * FROM kept_edge");
		assert_int_equal(verified(*state, NULL), SL_OK);
	}
}

static void test_log_grown_since_a_checkpoint_is_verified(void **state)
{
	struct sl_buf note = {0};

	assert_int_equal(sl_audit_note(*state, &note, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_OK);
	add_leaves(*state, 3, "later");
	assert_int_equal(verified(*state, &note), SL_OK);
	note.data[note.len / 2] ^= 1;
	assert_int_not_equal(verified(*state, &note), SL_OK);
	sl_buf_free(&note);
}

static void test_log_rolled_back_or_rewritten_since_a_checkpoint_is_an_integrity_failure(void **state)
{
	struct sl_buf note = {0};

	world_sql("CREATE TABLE kept_leaf AS SELECT * FROM leaf; CREATE TABLE kept_edge AS SELECT * FROM edge");
	add_leaves(*state, 1, "to be forgotten");
	assert_int_equal(sl_audit_note(*state, &note, NULL), SL_OK);
	world_sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept_leaf;"
	          "DELETE FROM edge; INSERT INTO edge SELECT * FROM kept_edge");
	assert_int_equal(verified(*state, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_E_INTEGRITY);
	add_leaves(*state, 4, "another history");
	assert_int_equal(verified(*state, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_E_INTEGRITY);
	sl_buf_free(&note);
}

static void test_leaf_that_cannot_be_made_leaves_the_log_as_it_was(void **state)
{
	struct sl_enclave *e = *state;

	assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
	assert_int_equal(sl_audit_append(e, "test.done", "olga", NULL, NULL, NULL), SL_E_NOMEM);
	sl_db_rollback(&e->db);
	assert_int_equal(verified(e, NULL), SL_OK);
	assert_int_equal(world_number("SELECT count(*) FROM leaf"), LEAVES);
}

static void test_last_leaf_of_a_kind_is_not_one_that_only_quotes_it(void **state)
{
	struct sl_enclave *e = *state;
	struct sl_buf leaf = {0};

	add_leaves(e, 1, "\"kind\":\"policy.applied\"");
	assert_int_equal(sl_log_last(&e->db, "policy.applied", &leaf, NULL), SL_E_NO);
	assert_int_equal(sl_log_last(&e->db, "enclave.founded", &leaf, NULL), SL_OK);
	assert_non_null(memmem(leaf.data, leaf.len, "\"n\":0", 5));
	sl_buf_free(&leaf);
}

#define IN_LOG(t) cmocka_unit_test_setup_teardown(t, grown, ended)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_LOG(test_log_unchanged_is_verified),
		IN_LOG(test_log_changed_is_an_integrity_failure),
		IN_LOG(test_log_grown_since_a_checkpoint_is_verified),
		IN_LOG(test_log_rolled_back_or_rewritten_since_a_checkpoint_is_an_integrity_failure),
		IN_LOG(test_leaf_that_cannot_be_made_leaves_the_log_as_it_was),
		IN_LOG(test_last_leaf_of_a_kind_is_not_one_that_only_quotes_it),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
