/* meta.c - see meta.h. */
#include "jobs/store/meta.h"

const char sl_store_meta_schema[] = "CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;";

enum sl_rc sl_meta_put(struct sl_db *db, const char *key, const void *value, size_t len, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO meta VALUES(?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, key);
		sl_bind_blob(st, 2, value, len);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_meta_get(struct sl_db *db, const char *key, struct sl_buf *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT value FROM meta WHERE key=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, key);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		sl_column_blob_put(st, 0, out);
	else if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: no entry %s", key);
	sl_stmt_end(db, st);
	return rc == SL_OK ? sl_buf_ok(out, key, err) : rc;
}

enum sl_rc sl_meta_has(struct sl_db *db, const char *key, bool *has, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT 1 FROM meta WHERE key=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, key);
		rc = sl_stmt_row(db, st, err);
	}
	*has = rc == SL_OK;
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_meta_remove(struct sl_db *db, const char *key, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "DELETE FROM meta WHERE key=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, key);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}
