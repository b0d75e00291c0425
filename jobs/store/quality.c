/* quality.c - see quality.h. */
#include "jobs/store/quality.h"

/* A version that is forgotten takes what was counted of it along. */
const char sl_store_quality_schema[] =
	"CREATE TABLE quality(version INTEGER PRIMARY KEY REFERENCES version(n), box BLOB NOT NULL) STRICT;"
	"CREATE TRIGGER quality_forgotten AFTER UPDATE OF forgotten ON version WHEN NEW.forgotten > 0"
	" BEGIN DELETE FROM quality WHERE version = NEW.n; END;";

enum sl_rc sl_store_quality_put(struct sl_db *db, const uint8_t version[static 32], const struct sl_buf *box,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc =
		sl_stmt_begin(db, "INSERT INTO quality SELECT max(n), ?2 FROM version WHERE id=?1", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_blob(st, 1, version, 32);
	sl_bind_blob(st, 2, box->data, box->len);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_quality_get(struct sl_db *db, int64_t n, struct sl_buf *box, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT box FROM quality WHERE version=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, n);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		sl_column_blob_put(st, 0, box);
		rc = sl_buf_ok(box, "quality", err);
	}
	sl_stmt_end(db, st);
	return rc;
}
