/* db.c - see db.h. */
#include "jobs/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATE_VERSION 17
#define SET_STATE_VERSION "PRAGMA user_version=17"
#define BUSY_MS 10000
#define BRING_BACK "bring state.db back from a backup, then see `sluice audit verify`"

static const char *const schemas[] = {
	sl_store_meta_schema, sl_store_log_schema,     sl_store_policy_schema, sl_store_table_schema,
	sl_store_job_schema,  sl_store_request_schema, sl_store_release_schema, sl_store_table_schema_2,
	sl_store_table_schema_3, sl_store_members_schema, sl_store_request_schema_2,
	sl_store_log_schema_2, sl_store_members_schema_2, sl_store_owner_schema, sl_store_entry_schema,
	sl_store_request_schema_3, sl_store_recovered_schema, sl_store_request_schema_4, sl_store_quality_schema,
	sl_store_recovered_schema_2, sl_store_request_schema_5, sl_store_seen_schema, sl_store_job_schema_2,
};

/* What the disk said, where SQLite says only that it said something; and what to do about it. */
static enum sl_rc disk_fault(struct sl_db *db, const char *what, struct sl_err *err)
{
	const int code = sqlite3_errcode(db->handle) & 0xFF, cause = sqlite3_system_errno(db->handle);
	const char *text = sqlite3_errmsg(db->handle);
	const bool told = (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && cause != 0;
	enum sl_rc rc = told ? sl_err_errno(err, SL_E_IO, cause, "state.db: %s: %s", what, text)
	                     : sl_err_set(err, SL_E_IO, "state.db: %s: %s", what, text);

	if (code == SQLITE_FULL || (told && (cause == ENOSPC || cause == EDQUOT)))
		sl_err_remedy(err, "nothing of this step was kept; make room on its disk, and do the same again");
	else if (code == SQLITE_READONLY || code == SQLITE_PERM || code == SQLITE_CANTOPEN)
		sl_err_remedy(err, "the account that runs sluice has to own state.db and its directory, on a disk that can be "
		                   "written to");
	return rc;
}

/* Of the last SQLite call on db: SL_E_BUSY, SL_E_IO (full disk), SL_E_INTEGRITY (corrupt), else SL_E_BUG. */
static enum sl_rc db_fault(struct sl_db *db, const char *what, struct sl_err *err)
{
	int code = db->handle != NULL ? sqlite3_errcode(db->handle) & 0xFF : SQLITE_NOMEM;
	const char *text = db->handle != NULL ? sqlite3_errmsg(db->handle) : "out of memory";
	enum sl_rc rc = SL_E_BUG;

	switch (code) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		rc = SL_E_BUSY;
		break;
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return disk_fault(db, what, err);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		rc = SL_E_INTEGRITY;
		break;
	case SQLITE_NOMEM:
		rc = SL_E_NOMEM;
		break;
	default:
		break;
	}
	(void)sl_err_set(err, rc, "state.db: %s: %s", what, text);
	if (rc == SL_E_INTEGRITY)
		sl_err_remedy(err, BRING_BACK);
	if (rc == SL_E_BUSY)
		sl_err_remedy(err, "another command is changing this enclave; try again when it is done");
	return rc;
}

static enum sl_rc run_script(struct sl_db *db, const char *sql, const char *what, struct sl_err *err)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? SL_OK : db_fault(db, what, err);
}

static enum sl_rc open_handle(const char *path, int flags, struct sl_db *db, struct sl_err *err)
{
	memset(db, 0, sizeof *db);
	if (sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		return db_fault(db, "cannot be opened", err);
	(void)sqlite3_extended_result_codes(db->handle, 1);
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	return SL_OK;
}

/*
 * FULL: what was acknowledged survives power loss, log and state alike. What is deleted is overwritten; nothing is
 * spilled into a temporary file, but by write_anew. Only for a file that is known to be ours.
 */
static enum sl_rc settle(struct sl_db *db, struct sl_err *err)
{
	return run_script(db,
	                  "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
	                  "PRAGMA temp_store=MEMORY;",
	                  "settings", err);
}

enum sl_rc sl_db_create(const char *path, struct sl_db *db, struct sl_err *err)
{
	enum sl_rc rc = open_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, db, err);

	if (rc == SL_OK)
		rc = settle(db, err);
	if (rc == SL_OK)
		rc = sl_db_begin(db, err);
	for (size_t i = 0; rc == SL_OK && i < sizeof schemas / sizeof schemas[0]; i++)
		rc = run_script(db, schemas[i], "schema", err);
	if (rc == SL_OK)
		rc = run_script(db, SET_STATE_VERSION, "version", err);
	if (rc == SL_OK)
		rc = sl_db_commit(db, err);
	if (rc != SL_OK)
		sl_db_close(db);
	return rc;
}

/* Two commands may find an older file at once: who has the writer lock looks again. */
static enum sl_rc read_version(struct sl_db *db, int64_t *version, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "PRAGMA user_version", &st, err);

	if (rc == SL_OK)
		rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		*version = sqlite3_column_int64(st, 0);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc migrate(struct sl_db *db, struct sl_err *err)
{
	int64_t version = 0;
	enum sl_rc rc = sl_db_begin(db, err);

	if (rc == SL_OK)
		rc = read_version(db, &version, err);
	if (rc == SL_OK && version == 1)
		rc = run_script(db, sl_store_table_schema_2, "schema", err);
	if (rc == SL_OK && version < 3)
		rc = run_script(db, sl_store_table_schema_3, "schema", err);
	if (rc == SL_OK && version < 4)
		rc = run_script(db, sl_store_members_schema, "schema", err);
	if (rc == SL_OK && version < 5)
		rc = run_script(db, sl_store_request_schema_2, "schema", err);
	if (rc == SL_OK && version < 6)
		rc = run_script(db, sl_store_log_schema_2, "schema", err);
	if (rc == SL_OK && version < 7)
		rc = run_script(db, sl_store_members_schema_2, "schema", err);
	if (rc == SL_OK && version < 8)
		rc = run_script(db, sl_store_owner_schema, "schema", err);
	if (rc == SL_OK && version < 9)
		rc = run_script(db, sl_store_entry_schema, "schema", err);
	if (rc == SL_OK && version < 10)
		rc = run_script(db, sl_store_request_schema_3, "schema", err);
	if (rc == SL_OK && version < 11)
		rc = run_script(db, sl_store_recovered_schema, "schema", err);
	if (rc == SL_OK && version < 12)
		rc = run_script(db, sl_store_request_schema_4, "schema", err);
	if (rc == SL_OK && version < 13)
		rc = run_script(db, sl_store_quality_schema, "schema", err);
	if (rc == SL_OK && version < 14)
		rc = run_script(db, sl_store_recovered_schema_2, "schema", err);
	if (rc == SL_OK && version < 15)
		rc = run_script(db, sl_store_request_schema_5, "schema", err);
	if (rc == SL_OK && version < 16)
		rc = run_script(db, sl_store_seen_schema, "schema", err);
	if (rc == SL_OK && version < 17)
		rc = run_script(db, sl_store_job_schema_2, "schema", err);
	if (rc == SL_OK && version < STATE_VERSION)
		rc = run_script(db, SET_STATE_VERSION, "version", err);
	if (rc == SL_OK)
		rc = sl_db_commit(db, err);
	sl_db_rollback(db);
	return rc;
}

enum sl_rc sl_db_open(const char *path, struct sl_db *db, struct sl_err *err)
{
	int64_t version = -1;
	enum sl_rc rc = open_handle(path, SQLITE_OPEN_READWRITE, db, err);

	if (rc == SL_OK)
		rc = read_version(db, &version, err);
	if (rc == SL_OK && (version < 1 || version > STATE_VERSION)) {
		rc = sl_err_set(err, SL_E_INPUT, "%s is not a state file of this version of Sluice (it says %lld, not %d)", path,
		                (long long)version, STATE_VERSION);
		sl_err_remedy(err, version > STATE_VERSION ? "a newer Sluice wrote it: use that one" : BRING_BACK);
	}
	if (rc == SL_OK)
		rc = settle(db, err);
	if (rc == SL_OK && version < STATE_VERSION)
		rc = migrate(db, err);
	if (rc != SL_OK)
		sl_db_close(db);
	return rc;
}

bool sl_db_is_older(const char *path, int64_t *from, int64_t *to)
{
	struct sl_db db;
	bool known = open_handle(path, SQLITE_OPEN_READONLY, &db, NULL) == SL_OK && read_version(&db, from, NULL) == SL_OK;

	*to = STATE_VERSION;
	sl_db_close(&db);
	return known && *from >= 1 && *from < STATE_VERSION;
}

enum sl_rc sl_db_open_reading(const char *path, struct sl_db *db, struct sl_err *err)
{
	int64_t version = -1;
	enum sl_rc rc = open_handle(path, SQLITE_OPEN_READONLY, db, err);

	if (rc == SL_OK)
		(void)sqlite3_busy_timeout(db->handle, 0);
	if (rc == SL_OK)
		rc = read_version(db, &version, err);
	if (rc == SL_OK && version != STATE_VERSION)
		rc = sl_err_set(err, SL_E_INPUT, "%s is of another version", path);
	if (rc != SL_OK)
		sl_db_close(db);
	return rc;
}

void sl_db_close(struct sl_db *db)
{
	if (db->handle != NULL) {
		sl_db_rollback(db);
		for (uint32_t i = 0; i < db->nkept; i++)
			(void)sqlite3_finalize(db->kept[i]);
		(void)sqlite3_close(db->handle);
	}
	memset(db, 0, sizeof *db);
}

enum sl_rc sl_db_begin(struct sl_db *db, struct sl_err *err)
{
	SL_REQUIRE(!db->in_transaction);
	enum sl_rc rc = run_script(db, "BEGIN IMMEDIATE", "begin", err);
	db->in_transaction = rc == SL_OK;
	return rc;
}

enum sl_rc sl_db_commit(struct sl_db *db, struct sl_err *err)
{
	SL_REQUIRE(db->in_transaction);
	enum sl_rc rc = run_script(db, "COMMIT", "commit", err);
	if (rc == SL_OK)
		db->in_transaction = false;
	else
		sl_db_rollback(db);
	return rc;
}

void sl_db_rollback(struct sl_db *db)
{
	if (db->handle != NULL && db->in_transaction)
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_transaction = false;
}

/* How many frames are left in the log: 0 is a log of no bytes. */
static enum sl_rc empty_log(struct sl_db *db, struct sl_err *err)
{
	int left = -1, done = 0;

	if (sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &left, &done) != SQLITE_OK)
		return db_fault(db, "emptying its log", err);
	return left == 0 ? SL_OK : sl_err_set(err, SL_E_BUSY, "state.db: somebody still reads an older state");
}

/*
 * The copy is as large as what is kept: it is made in a file without a name beside state.db, which is gone when the
 * process ends, and not in memory, nor on the disk of /tmp. The library has one such directory for all, so only now.
 */
static enum sl_rc write_anew(struct sl_db *db, struct sl_err *err)
{
	const char *path = sqlite3_db_filename(db->handle, "main");
	int folder = (int)strlen(path);

	while (folder > 0 && path[folder - 1] != '/')
		folder--;
	SL_REQUIRE(folder > 0);
	sqlite3_temp_directory = sqlite3_mprintf("%.*s", folder, path);
	if (sqlite3_temp_directory == NULL)
		return sl_err_set(err, SL_E_NOMEM, "state.db: out of memory to write it anew");
	enum sl_rc rc = run_script(db, "PRAGMA temp_store=FILE; VACUUM;", "writing it anew", err);
	(void)sqlite3_exec(db->handle, "PRAGMA temp_store=MEMORY", NULL, NULL, NULL);
	sqlite3_free(sqlite3_temp_directory);
	sqlite3_temp_directory = NULL;
	return rc;
}

enum sl_rc sl_db_scrub(struct sl_db *db, bool wait, struct sl_err *err)
{
	SL_REQUIRE(!db->in_transaction);
	if (!wait)
		(void)sqlite3_busy_timeout(db->handle, 0);
	enum sl_rc rc = write_anew(db, err);
	if (rc == SL_OK)
		rc = empty_log(db, err);
	if (!wait)
		(void)sqlite3_busy_timeout(db->handle, BUSY_MS);
	return rc;
}

/* Whoever has it keeps it until it ends: a second one of the same words is parsed anew. */
static sqlite3_stmt *take_kept(struct sl_db *db, uint32_t i)
{
	sqlite3_stmt *st = db->kept[i];

	memmove(&db->kept[i], &db->kept[i + 1], (--db->nkept - i) * sizeof db->kept[0]);
	return st;
}

enum sl_rc sl_stmt_begin(struct sl_db *db, const char *sql, sqlite3_stmt **st, struct sl_err *err)
{
	*st = NULL;
	for (uint32_t i = db->nkept; i > 0; i--)
		if (strcmp(sqlite3_sql(db->kept[i - 1]), sql) == 0) {
			*st = take_kept(db, i - 1);
			return SL_OK;
		}
	return sqlite3_prepare_v2(db->handle, sql, -1, st, NULL) == SQLITE_OK ? SL_OK : db_fault(db, "statement", err);
}

enum sl_rc sl_stmt_row(struct sl_db *db, sqlite3_stmt *st, struct sl_err *err)
{
	int code = sqlite3_step(st);

	if (code == SQLITE_ROW)
		return SL_OK;
	return code == SQLITE_DONE ? SL_E_NO : db_fault(db, "reading", err);
}

enum sl_rc sl_stmt_run(struct sl_db *db, sqlite3_stmt *st, struct sl_err *err)
{
	return sqlite3_step(st) == SQLITE_DONE ? SL_OK : db_fault(db, "writing", err);
}

void sl_stmt_end(struct sl_db *db, sqlite3_stmt *st)
{
	if (st == NULL)
		return;
	if (sqlite3_reset(st) != SQLITE_OK || sqlite3_clear_bindings(st) != SQLITE_OK) {
		(void)sqlite3_finalize(st);
		return;
	}
	if (db->nkept == SL_DB_KEPT_MAX)
		(void)sqlite3_finalize(take_kept(db, 0));
	db->kept[db->nkept++] = st;
}

/* Room for one more behind n; it doubles, so n is a power of two whenever there is none. */
static void *one_more(void *items, uint32_t n, size_t each)
{
	bool full = (n & (n - 1)) == 0;
	char *more = full ? realloc(items, (n > 0 ? 2 * (size_t)n : 1) * each) : items;

	if (more != NULL)
		memset(more + n * each, 0, each);
	return more;
}

enum sl_rc sl_stmt_all(struct sl_db *db, sqlite3_stmt *st, size_t each, sl_stmt_take *take,
                       void (*drop)(void *items, uint32_t n), void **out, uint32_t *n, struct sl_err *err)
{
	enum sl_rc rc;

	*out = NULL;
	*n = 0;
	while ((rc = sl_stmt_row(db, st, err)) == SL_OK) {
		char *more = one_more(*out, *n, each);
		if (more != NULL) {
			*out = more;
			rc = take(st, more + (*n)++ * each, err);
		} else {
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		}
		if (rc != SL_OK)
			break;
	}
	sl_stmt_end(db, st);
	if (rc == SL_E_NO)
		return SL_OK;
	drop(*out, *n);
	*out = NULL;
	*n = 0;
	return rc;
}

void sl_bind_text(sqlite3_stmt *st, int i, const char *s)
{
	(void)sqlite3_bind_text(st, i, s, -1, SQLITE_TRANSIENT);
}

void sl_bind_blob(sqlite3_stmt *st, int i, const void *data, size_t len)
{
	(void)sqlite3_bind_blob64(st, i, len > 0 ? data : "", len, SQLITE_TRANSIENT);
}

void sl_bind_i64(sqlite3_stmt *st, int i, int64_t v)
{
	(void)sqlite3_bind_int64(st, i, v);
}

char *sl_column_text_dup(sqlite3_stmt *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st, i);

	return strdup(s != NULL ? s : "");
}

void sl_column_blob_put(sqlite3_stmt *st, int i, struct sl_buf *out)
{
	const void *data = sqlite3_column_blob(st, i);

	sl_buf_put(out, data, data != NULL ? (size_t)sqlite3_column_bytes(st, i) : 0);
}

enum sl_rc sl_column_digest(sqlite3_stmt *st, int i, uint8_t out[static 32], struct sl_err *err)
{
	const void *data = sqlite3_column_blob(st, i);

	if (data == NULL || sqlite3_column_bytes(st, i) != 32)
		return sl_err_set(err, SL_E_INTEGRITY, "state.db: a digest is not 32 bytes long");
	memcpy(out, data, 32);
	return SL_OK;
}
