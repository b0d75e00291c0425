/* test_snapshot.c - an SQLite file in use: one state of it is copied, or it is said why not. */
#include "tests/unit/jobs/world.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jobs/snapshot.h"

#define ROOM (UINT64_C(64) << 20)

static sqlite3 *app; /* the file's own application, in this process: our locks are of open file descriptions */

static void run(const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(app, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
}

static int begun(void **state)
{
	(void)state;
	if (scratch_run("rm -f app.db* copy.db*") != 0 || sqlite3_open("app.db", &app) != SQLITE_OK)
		return 1;
	run("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2)");
	return 0;
}

static int done(void **state)
{
	(void)state;
	return sqlite3_close(app) != SQLITE_OK;
}

static enum sl_rc taken(struct sl_err *err)
{
	struct sl_snapshot s;
	enum sl_rc rc = sl_snapshot_take("app.db", ROOM, &s, err);

	if (rc != SL_OK) {
		assert_int_equal(s.db, -1);
		assert_int_equal(s.wal, -1);
	}
	sl_snapshot_close(&s);
	return rc;
}

static void keep(int fd, const char *name)
{
	char bytes[4096];
	ssize_t n;
	int to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(to >= 0);
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		assert_int_equal(write(to, bytes, (size_t)n), n);
	assert_int_equal(close(to), 0);
}

/* Rows of t in a copy of the snapshot, as SQLite itself reads it. */
static int rows_in_copy(const struct sl_snapshot *s)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;

	assert_int_equal(scratch_run("rm -f copy.db*"), 0);
	keep(s->db, "copy.db");
	if (s->wal >= 0)
		keep(s->wal, "copy.db-wal");
	assert_int_equal(sqlite3_open("copy.db", &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int n = sqlite3_column_int(st, 0);
	(void)sqlite3_finalize(st);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return n;
}

static void test_snapshot_of_an_idle_file_is_sealed_and_whole(void **state)
{
	struct sl_snapshot s;

	(void)state;
	assert_int_equal(sl_snapshot_take("app.db", ROOM, &s, NULL), SL_OK);
	assert_int_equal(s.wal, -1);
	assert_int_not_equal(write(s.db, "x", 1), 1);
	assert_int_not_equal(ftruncate(s.db, 0), 0);
	assert_int_equal(rows_in_copy(&s), 2);
	sl_snapshot_close(&s);
}

static void test_snapshot_under_a_writers_lock_is_busy(void **state)
{
	static const char *const begins[] = {"BEGIN EXCLUSIVE", "BEGIN IMMEDIATE; INSERT INTO t VALUES(3)"};
	struct sl_err err = {0};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		/* So small a cache makes the writer put its journal on disk. */
		run("PRAGMA cache_size=1; PRAGMA cache_spill=1");
		run(begins[i]);
		run("INSERT INTO t SELECT randomblob(3000) FROM t,t,t,t,t");
		assert_int_equal(taken(&err), SL_E_BUSY);
		run("ROLLBACK");
		assert_int_equal(taken(NULL), SL_OK);
	}
}

static void test_snapshot_does_not_keep_the_application_from_writing_after(void **state)
{
	struct sl_snapshot s;

	(void)state;
	assert_int_equal(sl_snapshot_take("app.db", ROOM, &s, NULL), SL_OK);
	run("INSERT INTO t VALUES(3)");
	assert_int_equal(rows_in_copy(&s), 2);
	sl_snapshot_close(&s);
}

static void test_snapshot_beside_a_hot_journal_is_refused(void **state)
{
	struct sl_err err = {0};

	(void)state;
	scratch_write("app.db-journal", "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
	assert_int_equal(taken(&err), SL_E_INPUT);
	assert_non_null(strstr(err.remedy, "its own application"));
	assert_int_equal(unlink("app.db-journal"), 0);
	assert_int_equal(taken(NULL), SL_OK);
}

static void test_snapshot_beside_a_persistent_journal_that_is_over_is_taken(void **state)
{
	struct stat st;

	(void)state;
	run("PRAGMA journal_mode=PERSIST; INSERT INTO t VALUES(3)");
	assert_int_equal(stat("app.db-journal", &st), 0);
	assert_true(st.st_size > 0);
	assert_int_equal(taken(NULL), SL_OK);
}

static void test_snapshot_of_a_file_in_wal_mode_has_the_newest_rows(void **state)
{
	struct sl_snapshot s;

	(void)state;
	run("PRAGMA journal_mode=WAL; INSERT INTO t VALUES(3)");
	assert_int_equal(sl_snapshot_take("app.db", ROOM, &s, NULL), SL_OK);
	assert_true(s.wal >= 0);
	assert_int_equal(rows_in_copy(&s), 3);
	sl_snapshot_close(&s);
	run("PRAGMA wal_checkpoint(TRUNCATE)");
	assert_int_equal(sl_snapshot_take("app.db", ROOM, &s, NULL), SL_OK);
	assert_int_equal(s.wal, -1);
	assert_int_equal(rows_in_copy(&s), 3);
	sl_snapshot_close(&s);
}

static void test_snapshot_under_a_writer_in_wal_mode_is_busy(void **state)
{
	(void)state;
	run("PRAGMA journal_mode=WAL; BEGIN IMMEDIATE; INSERT INTO t VALUES(3)");
	assert_int_equal(taken(NULL), SL_E_BUSY);
	run("COMMIT");
	assert_int_equal(taken(NULL), SL_OK);
}

static void test_snapshot_with_a_link_for_a_log_is_refused(void **state)
{
	static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
	char name[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		(void)snprintf(name, sizeof name, "app.db%s", suffixes[i]);
		assert_int_equal(symlink("olga", name), 0);
		assert_int_equal(taken(NULL), SL_E_INPUT);
		assert_int_equal(unlink(name), 0);
	}
	assert_int_equal(mkfifo("app.db-wal", 0600), 0);
	assert_int_equal(taken(NULL), SL_E_INPUT);
	assert_int_equal(unlink("app.db-wal"), 0);
}

static void test_snapshot_of_what_is_no_file_is_refused(void **state)
{
	static const char *const paths[] = {"link.db", "fifo.db", ".", "absent.db"};
	struct sl_snapshot s;

	(void)state;
	assert_int_equal(symlink("app.db", "link.db"), 0);
	assert_int_equal(mkfifo("fifo.db", 0600), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(sl_snapshot_take(paths[i], ROOM, &s, NULL), SL_E_INPUT);
}

/* Holes cost nobody a disk, and a copy of them would cost memory. */
static void test_snapshot_longer_than_its_room_is_a_limit(void **state)
{
	struct sl_snapshot s;
	struct sl_err err = {0};

	(void)state;
	assert_int_equal(sl_snapshot_take("app.db", 100, &s, &err), SL_E_LIMIT);
	assert_non_null(strstr(err.text, "app.db has"));
	assert_int_equal(scratch_run("truncate -s 40M app.db-wal"), 0);
	assert_int_equal(taken(NULL), SL_OK);
	assert_int_equal(scratch_run("truncate -s 40M app.db"), 0);
	assert_int_equal(taken(NULL), SL_E_LIMIT);
	assert_int_equal(scratch_run("truncate -s 200G app.db-wal"), 0);
	assert_int_equal(taken(NULL), SL_E_LIMIT);
	assert_int_equal(scratch_run("rm app.db-wal && truncate -s 200G app.db"), 0);
	assert_int_equal(taken(NULL), SL_E_LIMIT);
}

#define WITH_APP(t) cmocka_unit_test_setup_teardown(t, begun, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_APP(test_snapshot_of_an_idle_file_is_sealed_and_whole),
		WITH_APP(test_snapshot_under_a_writers_lock_is_busy),
		WITH_APP(test_snapshot_does_not_keep_the_application_from_writing_after),
		WITH_APP(test_snapshot_beside_a_hot_journal_is_refused),
		WITH_APP(test_snapshot_beside_a_persistent_journal_that_is_over_is_taken),
		WITH_APP(test_snapshot_of_a_file_in_wal_mode_has_the_newest_rows),
		WITH_APP(test_snapshot_under_a_writer_in_wal_mode_is_busy),
		WITH_APP(test_snapshot_with_a_link_for_a_log_is_refused),
		WITH_APP(test_snapshot_of_what_is_no_file_is_refused),
		WITH_APP(test_snapshot_longer_than_its_room_is_a_limit),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
