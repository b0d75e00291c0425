/* test_audit.c - the log says when it was changed: a leaf, its order, its end, or all of it since a checkpoint. */
#include "tests/unit/jobs/world.h"

#include <stdio.h>
#include <string.h>

#include "jobs/audit.h"
#include "jobs/audit_proof.h"
#include "jobs/store/log.h"

#define LEAVES 9
#define LONG 700 /* two kept subtrees of 256 leaves, and some */

static int grown(void **state)
{
	static struct sl_enclave e;

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	world_leaves(&e, LEAVES - 1, "first");
	*state = &e;
	return 0;
}

/* A log with a policy in it, long enough for kept subtrees; the checkpoint beside the keys is of half of it. */
static int grown_long(void **state)
{
	static struct sl_enclave e;
	struct sl_buf policy = {0};

	if (world_found(state) != 0 || sl_enclave_open("enclave", &e, NULL) != SL_OK)
		return 1;
	world_policy(&policy, "demo", 1, 1);
	assert_int_equal(world_apply(&e, &policy, "olga", NULL), SL_OK);
	sl_buf_free(&policy);
	policy = (struct sl_buf){0};
	world_policy(&policy, "demo", 2, 1);
	assert_int_equal(world_apply(&e, &policy, "olga", NULL), SL_OK);
	sl_buf_free(&policy);
	world_leaves(&e, LONG / 2 - 3, "first");
	assert_int_equal(sl_audit_keep(&e, NULL), SL_OK);
	world_leaves(&e, LONG / 2, "second");
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

static void add(struct sl_enclave *e, const char *kind, json_t *body)
{
	assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
	assert_int_equal(sl_audit_append(e, kind, "rui", body, NULL, NULL), SL_OK);
	assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
}

/* A log that lets something leave which an approval does not name is no less whole, and no less wrong. */
static void test_log_with_a_release_that_nobody_acknowledged_is_an_integrity_failure(void **state)
{
	struct sl_checkpoint now;
	struct sl_err err = {0};

	add(*state, "review.approved", json_pack("{s:[s], s:s}", "acknowledged", "depth", "request", "R-1"));
	add(*state, "release.made", json_pack("{s:[s], s:s, s:s}", "acknowledge", "depth", "release", "L-1", "request",
	                                      "R-1"));
	assert_int_equal(verified(*state, NULL), SL_OK);
	add(*state, "review.approved", json_pack("{s:[s], s:s}", "acknowledged", "depth", "request", "R-2"));
	add(*state, "release.made", json_pack("{s:[s, s], s:s, s:s}", "acknowledge", "differencing", "depth", "release", "L-2",
	                                      "request", "R-2"));
	assert_int_equal(sl_audit_verify(*state, NULL, 0, &now, &err), SL_E_INTEGRITY);
	assert_non_null(strstr(err.text, "L-2 left, and the approval of \"rui\" does not acknowledge \"differencing\""));

	/* And so says the export of it. */
	struct sl_audit_trust trust = {0};
	struct sl_err again = {0};
	FILE *text = tmpfile();
	assert_non_null(text);
	memcpy(trust.key.public, ((struct sl_enclave *)*state)->public, sizeof trust.key.public);
	(void)snprintf(trust.key.name, sizeof trust.key.name, "demo");
	assert_int_equal(sl_audit_export(*state, text, NULL), SL_OK);
	rewind(text);
	assert_int_equal(sl_audit_export_verify(text, &trust, &now, &again), SL_E_INTEGRITY);
	assert_non_null(strstr(again.text, "does not acknowledge"));
	assert_int_equal(fclose(text), 0);
}

static void test_log_grown_since_a_checkpoint_is_verified(void **state)
{
	struct sl_buf note = {0};

	assert_int_equal(sl_audit_note(*state, &note, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_OK);
	world_leaves(*state, 3, "later");
	assert_int_equal(verified(*state, &note), SL_OK);
	note.data[note.len / 2] ^= 1;
	assert_int_not_equal(verified(*state, &note), SL_OK);
	sl_buf_free(&note);
}

static void test_log_rolled_back_or_rewritten_since_a_checkpoint_is_an_integrity_failure(void **state)
{
	struct sl_buf note = {0};

	world_sql("CREATE TABLE kept_leaf AS SELECT * FROM leaf; CREATE TABLE kept_edge AS SELECT * FROM edge");
	world_leaves(*state, 1, "to be forgotten");
	assert_int_equal(sl_audit_note(*state, &note, NULL), SL_OK);
	world_sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept_leaf;"
	          "DELETE FROM edge; INSERT INTO edge SELECT * FROM kept_edge");
	assert_int_equal(verified(*state, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_E_INTEGRITY);
	world_leaves(*state, 4, "another history");
	assert_int_equal(verified(*state, NULL), SL_OK);
	assert_int_equal(verified(*state, &note), SL_E_INTEGRITY);
	sl_buf_free(&note);
}

static enum sl_rc verified_recent(struct sl_enclave *e)
{
	struct sl_checkpoint now;

	return sl_audit_verify_recent(e, &now, NULL);
}

/* What the whole walk finds, and what of it the gate's short one does. */
static const struct {
	const char *sql;
	bool recent;
} long_changes[] = {
	{"UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=100", false},
	{"UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=0", true},
	{"UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=2", true},
	{"UPDATE leaf SET body=CAST(replace(body,'policy.applied','policy.dropped') AS BLOB) WHERE n=2", true},
	{"DELETE FROM leaf WHERE n=2", true},
	{"UPDATE leaf SET body=(SELECT body FROM leaf WHERE n=1) WHERE n=200", true},
	{"UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=400", true},
	{"UPDATE leaf SET hash=randomblob(32) WHERE n=300", true},
	{"UPDATE leaf SET hash=randomblob(32) WHERE n=600", true},
	{"UPDATE leaf SET body=body || x'20' WHERE n=699", true},
	{"DELETE FROM leaf WHERE n=350", true},
	{"DELETE FROM leaf WHERE n=699", true},
	{"UPDATE leaf SET n=-1 WHERE n=699", true},
	{"INSERT INTO leaf SELECT -1, body, hash FROM leaf WHERE n=8", false},
	{"UPDATE leaf SET n=1000 WHERE n=400; UPDATE leaf SET n=400 WHERE n=401; UPDATE leaf SET n=401 WHERE n=1000", true},
	{"UPDATE node SET hash=randomblob(32) WHERE n=0", true},
	{"UPDATE node SET hash=randomblob(32) WHERE n=1", true},
	{"UPDATE edge SET hashes=randomblob(length(hashes))", true},
	{"UPDATE edge SET size=size-1", true},
};

static void test_long_log_changed_is_an_integrity_failure(void **state)
{
	struct sl_enclave *e = *state;

	assert_int_equal(world_number("SELECT count(*) FROM leaf"), LONG);
	assert_int_equal(world_number("SELECT count(*) FROM node"), LONG / 256);
	assert_int_equal(verified_recent(e), SL_OK);
	world_sql("CREATE TABLE kept_leaf AS SELECT * FROM leaf; CREATE TABLE kept_edge AS SELECT * FROM edge;"
	          "CREATE TABLE kept_node AS SELECT * FROM node");
	for (size_t i = 0; i < sizeof long_changes / sizeof long_changes[0]; i++) {
		world_sql(long_changes[i].sql);
		if (verified(e, NULL) != SL_E_INTEGRITY)
			fail_msg("not found: %s", long_changes[i].sql);
		if (verified_recent(e) != (long_changes[i].recent ? SL_E_INTEGRITY : SL_OK))
			fail_msg("the gate: %s", long_changes[i].sql);
		world_sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept_leaf;"
		          "DELETE FROM edge; INSERT INTO edge SELECT * FROM kept_edge;"
		          "DELETE FROM node; INSERT INTO node SELECT * FROM kept_node");
		assert_int_equal(verified(e, NULL), SL_OK);
		assert_int_equal(verified_recent(e), SL_OK);
	}
}

/* An older state file has no kept subtrees. */
static void test_log_without_kept_subtrees_is_the_same_log(void **state)
{
	struct sl_enclave *e = *state;
	struct sl_merkle_proof with, without;

	assert_int_equal(sl_audit_inclusion(e, 600, LONG, &with, NULL), SL_OK);
	world_sql("DELETE FROM node");
	assert_int_equal(verified(e, NULL), SL_OK);
	assert_int_equal(verified_recent(e), SL_OK);
	assert_int_equal(sl_audit_inclusion(e, 600, LONG, &without, NULL), SL_OK);
	assert_memory_equal(&with, &without, sizeof with);
}

/* Who can write state.db can make a log that fits itself; not one that fits what lies beside the keys. */
static void test_log_rolled_back_before_what_lies_beside_the_keys_is_an_integrity_failure(void **state)
{
	struct sl_enclave *e = *state;

	world_sql("CREATE TABLE kept_leaf AS SELECT * FROM leaf; CREATE TABLE kept_edge AS SELECT * FROM edge");
	world_leaves(e, 2, "to be forgotten");
	assert_int_equal(sl_audit_keep(e, NULL), SL_OK);
	world_sql("DELETE FROM leaf; INSERT INTO leaf SELECT * FROM kept_leaf;"
	          "DELETE FROM edge; INSERT INTO edge SELECT * FROM kept_edge");
	assert_int_equal(verified(e, NULL), SL_E_INTEGRITY);
	assert_int_equal(verified_recent(e), SL_E_INTEGRITY);
	assert_int_equal(sl_audit_keep(e, NULL), SL_E_INTEGRITY);
	world_leaves(e, 4, "another history");
	assert_int_equal(verified(e, NULL), SL_E_INTEGRITY);
	assert_int_equal(verified_recent(e), SL_E_INTEGRITY);
	assert_int_equal(sl_audit_keep(e, NULL), SL_E_INTEGRITY);
}

static void test_what_lies_beside_the_keys_and_is_not_ours_is_an_integrity_failure(void **state)
{
	struct sl_enclave *e = *state;
	struct sl_buf note = {0};

	assert_int_equal(scratch_run("sed -i 's/^3/4/' keys/log.note"), 0);
	assert_int_equal(verified(e, NULL), SL_E_INTEGRITY);
	assert_int_equal(verified_recent(e), SL_E_INTEGRITY);
	/* A plain checkpoint has not the fourth line. */
	assert_int_equal(sl_audit_note(e, &note, NULL), SL_OK);
	scratch_write("keys/log.note", note.data, note.len);
	assert_int_equal(verified_recent(e), SL_E_INTEGRITY);
	sl_buf_free(&note);
	/* Without any, all is read. */
	assert_int_equal(scratch_run("rm keys/log.note"), 0);
	assert_int_equal(verified_recent(e), SL_OK);
	world_sql("UPDATE leaf SET body=CAST(replace(body,'olga','otto') AS BLOB) WHERE n=100");
	assert_int_equal(verified_recent(e), SL_E_INTEGRITY);
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

static void test_last_policy_leaf_is_not_one_that_only_quotes_it(void **state)
{
	struct sl_enclave *e = *state;
	struct sl_buf leaf = {0}, policy = {0};

	world_leaves(e, 1, "\"kind\":\"policy.applied\"");
	assert_int_equal(sl_log_last_policy(&e->db, &leaf, NULL), SL_E_NO);
	world_policy(&policy, "demo", 1, 1);
	assert_int_equal(world_apply(e, &policy, "olga", NULL), SL_OK);
	world_leaves(e, 3, "\"kind\":\"policy.applied\"");
	assert_int_equal(sl_log_last_policy(&e->db, &leaf, NULL), SL_OK);
	assert_non_null(memmem(leaf.data, leaf.len, "\"n\":10", 6));
	sl_buf_free(&policy);
	sl_buf_free(&leaf);
}

#define IN_LOG(t) cmocka_unit_test_setup_teardown(t, grown, ended)
#define IN_LONG_LOG(t) cmocka_unit_test_setup_teardown(t, grown_long, ended)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_LOG(test_log_unchanged_is_verified),
		IN_LOG(test_log_changed_is_an_integrity_failure),
		IN_LOG(test_log_with_a_release_that_nobody_acknowledged_is_an_integrity_failure),
		IN_LOG(test_log_grown_since_a_checkpoint_is_verified),
		IN_LOG(test_log_rolled_back_or_rewritten_since_a_checkpoint_is_an_integrity_failure),
		IN_LONG_LOG(test_long_log_changed_is_an_integrity_failure),
		IN_LONG_LOG(test_log_without_kept_subtrees_is_the_same_log),
		IN_LONG_LOG(test_log_rolled_back_before_what_lies_beside_the_keys_is_an_integrity_failure),
		IN_LONG_LOG(test_what_lies_beside_the_keys_and_is_not_ours_is_an_integrity_failure),
		IN_LOG(test_leaf_that_cannot_be_made_leaves_the_log_as_it_was),
		IN_LOG(test_last_policy_leaf_is_not_one_that_only_quotes_it),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
