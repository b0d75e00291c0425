/* test_enclave.c - an enclave is made whole or not at all; what is not one is not opened, and not changed. */
#include "tests/unit/jobs/world.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/audit.h"
#include "jobs/job.h"
#include "jobs/job_run.h"
#include "jobs/store/job.h"
#include "jobs/store/members.h"
#include "jobs/store/release.h"
#include "jobs/store/request.h"

static enum sl_rc found(const char *dir, const char *keys, const char *name, const struct sl_officer *o, size_t n)
{
	struct sl_buf anchor = {0};
	enum sl_rc rc = sl_enclave_init(dir, keys, name, o, n, &anchor, NULL);

	sl_buf_free(&anchor);
	return rc;
}

static enum sl_rc opened(struct sl_err *err)
{
	struct sl_enclave e;
	enum sl_rc rc = sl_enclave_open("enclave", &e, err);

	sl_enclave_close(&e);
	return rc;
}

static void test_init_refused_leaves_nothing(void **state)
{
	const struct sl_officer olga = {"olga", world_key_line("olga")};
	const struct sl_officer twice[] = {olga, {"olga", world_key_line("otto")}};
	const struct sl_officer rsa = {"olga", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC olga"};
	const struct sl_officer unnamed = {"ol ga", world_key_line("olga")};

	(void)state;
	assert_int_equal(found("other", "other-keys", "de mo", &olga, 1), SL_E_INPUT);
	assert_int_equal(found("other", "other-keys", "", &olga, 1), SL_E_INPUT);
	assert_int_equal(found("other", "other-keys", "demo", &olga, 0), SL_E_INPUT);
	assert_int_equal(found("other", "other-keys", "demo", twice, 2), SL_E_INPUT);
	assert_int_equal(found("other", "other-keys", "demo", &rsa, 1), SL_E_INPUT);
	assert_int_equal(found("other", "other-keys", "demo", &unnamed, 1), SL_E_INPUT);
	assert_int_equal(found("other", "none/other-keys", "demo", &olga, 1), SL_E_IO);
	assert_int_equal(found("other", "other", "demo", &olga, 1), SL_E_INPUT);
	assert_int_equal(found("other", "other/keys", "demo", &olga, 1), SL_E_INPUT);
	assert_int_not_equal(access("other", F_OK), 0);
	assert_int_not_equal(access("other-keys", F_OK), 0);
}

static void test_init_into_a_used_folder_is_refused_and_leaves_it(void **state)
{
	const struct sl_officer olga = {"olga", world_key_line("olga")};

	(void)state;
	assert_int_equal(found("enclave", "other-keys", "demo", &olga, 1), SL_E_NO);
	assert_int_not_equal(access("other-keys", F_OK), 0);
	assert_int_equal(found("other", "keys", "demo", &olga, 1), SL_E_NO);
	assert_int_not_equal(access("other", F_OK), 0);
	assert_int_equal(access("keys/vault.key", F_OK), 0);
	assert_int_equal(opened(NULL), SL_OK);
}

static void test_init_makes_folders_for_the_owner_alone(void **state)
{
	static const char *const paths[] = {"enclave", "keys", "keys/enclave.pem", "keys/vault.key", "enclave/vault"};
	struct stat st;

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		assert_int_equal(stat(paths[i], &st), 0);
		assert_int_equal(st.st_mode & 077, 0);
	}
}

static void test_open_of_a_folder_others_can_enter_is_denied(void **state)
{
	(void)state;
	assert_int_equal(chmod("enclave", 0750), 0);
	assert_int_equal(opened(NULL), SL_E_DENIED);
}

static void test_open_where_no_enclave_is_says_how_to_make_one(void **state)
{
	struct sl_enclave e;
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(sl_enclave_open("other", &e, &err), SL_E_INPUT);
	assert_non_null(strstr(err.remedy, "sluice init"));
	assert_int_equal(sl_enclave_open("olga", &e, NULL), SL_E_INPUT);
	assert_int_equal(scratch_run("rm enclave/state.db*"), 0);
	memset(&err, 0, sizeof err);
	assert_int_equal(opened(&err), SL_E_INPUT);
	assert_non_null(strstr(err.remedy, "from a backup"));
}

static void test_open_of_what_is_no_database_is_an_integrity_failure(void **state)
{
	(void)state;
	assert_int_equal(scratch_run("rm enclave/state.db*; seq 9999 > enclave/state.db"), 0);
	assert_int_equal(opened(NULL), SL_E_INTEGRITY);
}

static void test_open_of_another_programs_database_leaves_it_as_it_was(void **state)
{
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(scratch_run("rm enclave/state.db*"), 0);
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open("enclave/state.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE t(a)", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	assert_int_equal(scratch_run("cp enclave/state.db before"), 0);
	assert_int_equal(opened(&err), SL_E_INPUT);
	assert_non_null(strstr(err.text, "not a state file"));
	assert_int_equal(scratch_run("cmp enclave/state.db before"), 0);
}

static void test_open_of_another_version_is_refused(void **state)
{
	(void)state;
	world_sql("PRAGMA user_version=18");
	assert_int_equal(opened(NULL), SL_E_INPUT);
}

/* As versions 1 to 14 had it: in its request's row. */
#define PUBLICATION_IN_ITS_ROW \
	"DROP INDEX job_unseen; ALTER TABLE job DROP COLUMN unseen; DROP TABLE request_seen; DROP INDEX request_project; " \
	"DROP TABLE publication; ALTER TABLE request ADD COLUMN publication BLOB; "
/* What versions 1 to 7 did not have. */
#define NOTHING_NEWER \
	PUBLICATION_IN_ITS_ROW "ALTER TABLE request DROP COLUMN title; ALTER TABLE request DROP COLUMN njudge; " \
	"DROP TABLE recovered_fork_space; DROP TABLE recovered_fork; " \
	"DROP TABLE recovered_space; DROP TABLE recovered; " \
	"DROP TABLE request_revision; DROP TABLE request_comment; DROP TABLE release_revoked; " \
	"DROP TABLE release_fetch; ALTER TABLE request DROP COLUMN revision; ALTER TABLE review DROP COLUMN revision; " \
	"DROP TABLE entry; DROP TABLE entry_source; DROP TABLE owner_review; DROP TABLE owner_grant; " \
	"DROP TABLE application; DROP TRIGGER quality_forgotten; DROP TABLE quality; "

/* The schema as version 1 had it, with one version of a table. */
static void test_open_brings_an_older_state_to_this_version(void **state)
{
	struct sl_enclave e;

	(void)state;
	world_sql(NOTHING_NEWER "ALTER TABLE version DROP COLUMN changed; ALTER TABLE version DROP COLUMN in_force;"
	          "ALTER TABLE version DROP COLUMN forgotten; ALTER TABLE reference DROP COLUMN cells;"
	          "ALTER TABLE space DROP COLUMN sha256; DROP TABLE source; DROP TABLE node; DROP INDEX leaf_policy;"
	          "DROP TABLE members; DROP TABLE members_box;"
	          "DROP INDEX release_space_by_space;"
	          "ALTER TABLE request DROP COLUMN layers;"
	          "INSERT INTO version(tbl,id,segment,wrapped,bytes,rows,units,at) VALUES('a.b', zeroblob(32), zeroblob(16),"
	          " zeroblob(60), 1, 1, 1, 77); INSERT INTO reference VALUES('a.r', 0, 'k', 'l'); PRAGMA user_version=1");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(world_number("PRAGMA user_version"), 17);
	assert_int_equal(world_number("SELECT in_force FROM version"), 77);
	assert_int_equal(world_number("SELECT count(*) FROM source"), 0);
	assert_int_equal(world_number("SELECT length(cells) FROM reference WHERE tbl='a.r'"), 0);
	sl_enclave_close(&e);
	/* and the one before */
	world_sql(NOTHING_NEWER "DROP TABLE node; DROP INDEX leaf_policy;"
	          "DROP TABLE members; DROP TABLE members_box;"
	          "DROP INDEX release_space_by_space; ALTER TABLE request DROP COLUMN layers;"
	          "ALTER TABLE reference DROP COLUMN cells; PRAGMA user_version=2");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(world_number("PRAGMA user_version"), 17);
	sl_enclave_close(&e);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	sl_enclave_close(&e);
}

/* Version 9 kept who fetched a release in the log alone. */
static void test_who_fetched_is_worked_out_from_older_leaves(void **state)
{
	struct sl_store_fetch *rows = NULL;
	struct sl_enclave e;
	uint32_t n = 0;

	(void)state;
	world_sql(PUBLICATION_IN_ITS_ROW
	          "ALTER TABLE request DROP COLUMN title; ALTER TABLE request DROP COLUMN njudge;"
	          "DROP TABLE recovered_fork_space; DROP TABLE recovered_fork;"
	          "DROP TABLE recovered_space; DROP TABLE recovered; DROP TRIGGER quality_forgotten; DROP TABLE quality;"
	          "DROP TABLE request_revision; DROP TABLE request_comment; DROP TABLE release_revoked;"
	          "DROP TABLE release_fetch; ALTER TABLE request DROP COLUMN revision;"
	          "ALTER TABLE review DROP COLUMN revision; ALTER TABLE owner_review DROP COLUMN revision;"
	          "INSERT INTO request VALUES(3, 1, 1, 0, 0, 0, '', '', '', '', '', '', '', x'00', NULL, 0, NULL);"
	          "INSERT INTO release VALUES(12, 3, 0, 0, 'p');"
	          "INSERT INTO leaf VALUES"
	          "(101, CAST('{\"at\":\"2026-01-02T03:04:05Z\",\"kind\":\"release.fetched\",\"n\":101,\"release\":"
	          "\"L-12\",\"who\":\"ana\"}' AS BLOB), zeroblob(32)),"
	          "(102, CAST('{\"at\":\"2026-01-03T00:00:00Z\",\"kind\":\"release.fetched\",\"n\":102,\"release\":"
	          "\"L-12\",\"who\":\"ana\"}' AS BLOB), zeroblob(32)),"
	          "(103, CAST('{\"at\":\"2026-01-04T00:00:00Z\",\"kind\":\"release.fetched\",\"n\":103,\"release\":"
	          "\"L-12\",\"who\":\"rui\"}' AS BLOB), zeroblob(32)),"
	          "(104, CAST('{\"at\":\"2026-01-05T00:00:00Z\",\"kind\":\"release.made\",\"n\":104,\"release\":"
	          "\"L-12\",\"who\":\"tom\"}' AS BLOB), zeroblob(32)); PRAGMA user_version=9");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_store_fetch_list(&e.db, 12, &rows, &n, NULL), SL_OK);
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].person, "ana");
	assert_int_equal(rows[0].at, 1767398400);
	assert_string_equal(rows[1].person, "rui");
	sl_store_fetch_free(rows, n);
	sl_enclave_close(&e);
}

/* As version 6 had it: the box in its row. */
static void test_boxes_of_an_older_state_are_still_those_of_their_requests(void **state)
{
	struct sl_enclave e;
	struct sl_buf box = { 0 };

	(void)state;
	world_sql(NOTHING_NEWER "DROP TABLE members; DROP TABLE members_box;"
	          "CREATE TABLE members(request INTEGER NOT NULL REFERENCES request(id), output INTEGER NOT NULL,"
	          " box BLOB NOT NULL, PRIMARY KEY(request, output)) STRICT;"
	          "INSERT INTO request VALUES(3, 1, 1, 0, 0, 0, '', '', '', '', '', '', '', x'00', NULL, 0, NULL);"
	          "INSERT INTO members VALUES(3, 1, x'6162'), (3, 0, x'63'); PRAGMA user_version=6");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_store_members_get(&e.db, 3, 1, &box, NULL), SL_OK);
	assert_int_equal(sl_store_members_get(&e.db, 3, 0, &box, NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&box), "abc");
	assert_int_equal(sl_store_members_get(&e.db, 3, 2, &box, NULL), SL_E_NO);
	sl_buf_free(&box);
	sl_enclave_close(&e);
}

/* As version 14 had it: behind it lay what lists read. One that was revised, and one that could not be judged. */
static void test_publications_of_an_older_state_are_still_those_of_their_requests(void **state)
{
	struct sl_store_request row;
	struct sl_enclave e;

	(void)state;
	world_sql(PUBLICATION_IN_ITS_ROW "ALTER TABLE request_revision ADD COLUMN publication BLOB;"
	          "INSERT INTO request(id,job,state,created_at,nfindings,policy_serial,project,author,context,outputs,refusal,"
	          "statement,signature,policy_digest,digest,publication,layers,revision,title,njudge)"
	          " VALUES(3,1,1,0,0,0,'','','','','','','',zeroblob(32),zeroblob(32),x'6162',7,2,'t',5),"
	          "(4,1,1,0,0,0,'','','','','','','',zeroblob(32),zeroblob(32),NULL,7,1,'t',5);"
	          "INSERT INTO request_revision(request,revision,created_at,nfindings,policy_serial,context,outputs,refusal,"
	          "statement,signature,policy_digest,digest,publication,layers)"
	          " VALUES(3,1,0,0,0,'','','','','',zeroblob(32),zeroblob(32),x'63',6); PRAGMA user_version=14");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_store_request_get(&e.db, 3, &row, NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&row.publication), "ab");
	assert_int_equal(row.revision, 2);
	assert_int_equal(row.layers, 7);
	assert_int_equal(row.njudge, 5);
	sl_store_request_free(&row);
	assert_int_equal(sl_store_request_head(&e.db, 3, &row, NULL), SL_OK);
	assert_int_equal(row.publication.len, 0);
	sl_store_request_free(&row);
	assert_int_equal(sl_store_request_revision(&e.db, 3, 1, &row, NULL), SL_OK);
	assert_string_equal(sl_buf_cstr(&row.publication), "c");
	assert_int_equal(row.layers, 6);
	sl_store_request_free(&row);
	assert_int_equal(sl_store_request_get(&e.db, 4, &row, NULL), SL_OK);
	assert_int_equal(row.publication.len, 0);
	sl_store_request_free(&row);
	sl_enclave_close(&e);
}

/* A statement that ended is asked again; one that somebody still has is not, and nothing of an answer is left in it. */
static void test_statements_are_kept_until_the_state_is_closed(void **state)
{
	sqlite3_stmt *st = NULL, *other = NULL;
	struct sl_enclave e;
	char sql[32];

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_stmt_begin(&e.db, "SELECT ?1", &st, NULL), SL_OK);
	sl_bind_i64(st, 1, 7);
	assert_int_equal(sl_stmt_row(&e.db, st, NULL), SL_OK);
	assert_int_equal(sl_stmt_begin(&e.db, "SELECT ?1", &other, NULL), SL_OK);
	assert_ptr_not_equal(st, other);
	assert_int_equal(sqlite3_column_int64(st, 0), 7);
	sl_stmt_end(&e.db, other);
	sl_stmt_end(&e.db, st);
	assert_int_equal(sl_stmt_begin(&e.db, "SELECT ?1", &other, NULL), SL_OK);
	assert_ptr_equal(st, other);
	assert_int_equal(sl_stmt_row(&e.db, other, NULL), SL_OK);
	assert_int_equal(sqlite3_column_type(other, 0), SQLITE_NULL);
	sl_stmt_end(&e.db, other);
	for (int i = 0; i < 2 * SL_DB_KEPT_MAX; i++) {
		(void)snprintf(sql, sizeof sql, "SELECT %d", i);
		assert_int_equal(sl_stmt_begin(&e.db, sql, &st, NULL), SL_OK);
		assert_int_equal(sl_stmt_row(&e.db, st, NULL), SL_OK);
		assert_int_equal(sqlite3_column_int64(st, 0), i);
		sl_stmt_end(&e.db, st);
	}
	assert_int_equal(e.db.nkept, SL_DB_KEPT_MAX);
	/* A table that is another one meanwhile. */
	assert_int_equal(sl_stmt_begin(&e.db, "SELECT * FROM meta LIMIT 1", &st, NULL), SL_OK);
	int columns = sqlite3_column_count(st);
	sl_stmt_end(&e.db, st);
	world_sql("ALTER TABLE meta ADD COLUMN more INTEGER");
	assert_int_equal(sl_stmt_begin(&e.db, "SELECT * FROM meta LIMIT 1", &st, NULL), SL_OK);
	assert_int_not_equal(sl_stmt_row(&e.db, st, NULL), SL_E_BUG);
	assert_int_equal(sqlite3_column_count(st), columns + 1);
	sl_stmt_end(&e.db, st);
	sl_enclave_close(&e);
}

static void test_boxes_without_a_request_go_when_they_are_old(void **state)
{
	struct sl_enclave e;
	struct sl_buf box = { 0 };
	int64_t named, old, young;

	(void)state;
	sl_buf_text(&box, "ab");
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_store_members_box(&e.db, 10, &box, &named, NULL), SL_OK);
	assert_int_equal(sl_store_members_box(&e.db, 10, &box, &old, NULL), SL_OK);
	assert_int_equal(sl_store_members_box(&e.db, 20, &box, &young, NULL), SL_OK);
	world_sql("INSERT INTO members SELECT 1, 0, min(id) FROM members_box");
	assert_int_equal(sl_store_members_sweep(&e.db, 20, NULL), SL_OK);
	assert_int_equal(world_number("SELECT count(*) FROM members_box"), 2);
	assert_int_equal(world_number("SELECT max(id) FROM members_box"), young);
	assert_int_equal(world_number("SELECT min(id) FROM members_box"), named);
	sl_buf_free(&box);
	sl_enclave_close(&e);
}

static void test_open_through_a_link_to_the_state_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(scratch_run("mv enclave/state.db . && ln -s \"$PWD/state.db\" enclave/state.db"), 0);
	assert_int_not_equal(opened(NULL), SL_OK);
	assert_int_equal(scratch_run("rm state.db*"), 0);
}

/* What a killed command was writing goes; what nobody here knows may be of a newer state.db. */
static void test_open_takes_away_segments_that_were_being_written(void **state)
{
	struct sl_enclave e;

	(void)state;
	assert_int_equal(
		scratch_run("cd enclave/vault && touch 00112233445566778899aabbccddeeff.seg person.units "
	                    "ffeeddccbbaa99887766554433221100.seg && "
	                    "printf '\\000\\021\\042\\063\\104\\125\\146\\167\\210\\231\\252\\273\\314\\335\\356\\377' "
	                    "> import.lock"), 0);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_non_null(strstr(e.repaired, "data command that did not finish"));
	sl_enclave_close(&e);
	assert_int_not_equal(access("enclave/vault/00112233445566778899aabbccddeeff.seg", F_OK), 0);
	assert_int_equal(access("enclave/vault/person.units", F_OK), 0);
	assert_int_equal(access("enclave/vault/ffeeddccbbaa99887766554433221100.seg", F_OK), 0);
	assert_int_equal(scratch_run("test ! -s enclave/vault/import.lock"), 0);
}

static void test_sign_key_of_another_enclave_is_an_integrity_failure(void **state)
{
	struct sl_enclave e;
	struct sl_ed25519 other, key;

	(void)state;
	assert_int_equal(sl_ed25519_generate(&other, NULL), SL_OK);
	assert_int_equal(unlink("keys/enclave.pem"), 0);
	assert_int_equal(sl_ed25519_write(&other, "keys/enclave.pem", NULL), SL_OK);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_enclave_sign_key(&e, &key, NULL), SL_E_INTEGRITY);
	sl_enclave_close(&e);
}

static void test_unseal_of_another_purpose_or_place_fails(void **state)
{
	struct sl_enclave e;
	struct sl_buf box = {0}, out = {0};

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_int_equal(sl_enclave_seal(&e, "result", "J-1", "secret", 6, &box, NULL), SL_OK);
	assert_int_equal(sl_enclave_unseal(&e, "result", "J-2", box.data, box.len, &out, NULL), SL_E_INTEGRITY);
	assert_int_equal(sl_enclave_unseal(&e, "other", "J-1", box.data, box.len, &out, NULL), SL_E_INTEGRITY);
	box.data[box.len - 1] ^= 1;
	assert_int_equal(sl_enclave_unseal(&e, "result", "J-1", box.data, box.len, &out, NULL), SL_E_INTEGRITY);
	box.data[box.len - 1] ^= 1;
	assert_int_equal(sl_enclave_unseal(&e, "result", "J-1", box.data, box.len, &out, NULL), SL_OK);
	assert_memory_equal(out.data, "secret", 6);
	sl_buf_free(&box);
	sl_buf_free(&out);
	sl_enclave_close(&e);
}

/* A running job held by a lease; its number. */
static int64_t add_running(struct sl_enclave *e, const struct sl_lease *lease)
{
	char none[] = "";
	struct sl_store_job row = {
		.state = SL_JOB_RUNNING, .project = none, .author = none, .file = none, .printed = none, .outputs = none,
		.told = none, .reason = none, .versions = none, .statement = none, .signature = none, .lease = *lease,
	};
	int64_t id = 0;

	assert_int_equal(sl_db_begin(&e->db, NULL), SL_OK);
	assert_int_equal(sl_store_job_insert(&e->db, &row, &id, NULL), SL_OK);
	assert_int_equal(sl_db_commit(&e->db, NULL), SL_OK);
	return id;
}

static void test_lease_of_a_dead_process_an_older_start_or_boot_is_not_alive(void **state)
{
	struct sl_lease now, l;

	(void)state;
	assert_int_equal(sl_job_lease(&now, NULL), SL_OK);
	assert_true(sl_job_lease_alive(&now));
	l = now;
	l.start++;
	assert_false(sl_job_lease_alive(&l));
	l = now;
	l.boot[0] = l.boot[0] == '0' ? '1' : '0';
	assert_false(sl_job_lease_alive(&l));
	l = now;
	l.pid = 4194305;
	assert_false(sl_job_lease_alive(&l));
}

static void test_open_loses_the_jobs_of_dead_processes_alone(void **state)
{
	struct sl_enclave e;
	struct sl_lease alive, dead;
	struct sl_store_job row;
	struct sl_checkpoint now;

	(void)state;
	assert_int_equal(sl_job_lease(&alive, NULL), SL_OK);
	dead = alive;
	dead.start++;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	int64_t first = add_running(&e, &dead), second = add_running(&e, &alive);
	sl_enclave_close(&e);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_non_null(strstr(e.repaired, "was lost"));
	assert_int_equal(sl_store_job_get(&e.db, first, false, &row, NULL), SL_OK);
	assert_int_equal(row.state, SL_JOB_LOST);
	sl_store_job_free(&row);
	assert_int_equal(sl_store_job_get(&e.db, second, false, &row, NULL), SL_OK);
	assert_int_equal(row.state, SL_JOB_RUNNING);
	sl_store_job_free(&row);
	assert_int_equal(sl_audit_verify(&e, NULL, 0, &now, NULL), SL_OK);
	assert_int_equal(now.size, 2);
	sl_enclave_close(&e);
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	assert_string_equal(e.repaired, "");
	sl_enclave_close(&e);
}

static void test_begin_while_another_writes_is_busy_and_leaves_no_transaction(void **state)
{
	struct sl_enclave e;
	sqlite3 *other = NULL;

	(void)state;
	assert_int_equal(sl_enclave_open("enclave", &e, NULL), SL_OK);
	(void)sqlite3_busy_timeout(e.db.handle, 10);
	assert_int_equal(sqlite3_open("enclave/state.db", &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sl_db_begin(&e.db, NULL), SL_E_BUSY);
	assert_false(e.db.in_transaction);
	assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_equal(sl_db_begin(&e.db, NULL), SL_OK);
	sl_enclave_close(&e);
}

#define IN_ENCLAVE(t) cmocka_unit_test_setup_teardown(t, world_found, world_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_init_refused_leaves_nothing, world_remove),
		IN_ENCLAVE(test_init_into_a_used_folder_is_refused_and_leaves_it),
		IN_ENCLAVE(test_init_makes_folders_for_the_owner_alone),
		IN_ENCLAVE(test_open_of_a_folder_others_can_enter_is_denied),
		IN_ENCLAVE(test_open_where_no_enclave_is_says_how_to_make_one),
		IN_ENCLAVE(test_open_of_what_is_no_database_is_an_integrity_failure),
		IN_ENCLAVE(test_open_of_another_programs_database_leaves_it_as_it_was),
		IN_ENCLAVE(test_open_of_another_version_is_refused),
		IN_ENCLAVE(test_open_brings_an_older_state_to_this_version),
		IN_ENCLAVE(test_boxes_of_an_older_state_are_still_those_of_their_requests),
		IN_ENCLAVE(test_who_fetched_is_worked_out_from_older_leaves),
		IN_ENCLAVE(test_publications_of_an_older_state_are_still_those_of_their_requests),
		IN_ENCLAVE(test_statements_are_kept_until_the_state_is_closed),
		IN_ENCLAVE(test_boxes_without_a_request_go_when_they_are_old),
		IN_ENCLAVE(test_open_through_a_link_to_the_state_file_is_refused),
		IN_ENCLAVE(test_open_takes_away_segments_that_were_being_written),
		IN_ENCLAVE(test_sign_key_of_another_enclave_is_an_integrity_failure),
		IN_ENCLAVE(test_unseal_of_another_purpose_or_place_fails),
		cmocka_unit_test(test_lease_of_a_dead_process_an_older_start_or_boot_is_not_alive),
		IN_ENCLAVE(test_open_loses_the_jobs_of_dead_processes_alone),
		IN_ENCLAVE(test_begin_while_another_writes_is_busy_and_leaves_no_transaction),
	};

	return cmocka_run_group_tests(tests, world_people, scratch_leave);
}
