/* table.c - see table.h. */
#include "jobs/store/table.h"

#include <stdlib.h>
#include <string.h>

const char sl_store_table_schema[] =
	"CREATE TABLE version(n INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, id BLOB NOT NULL, segment BLOB "
        "NOT NULL UNIQUE,"
	" wrapped BLOB NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL, units INTEGER NOT NULL, at INTEGER NOT "
        "NULL);"
	"CREATE INDEX version_by_table ON version(tbl, n);"
	"CREATE TABLE space(name TEXT PRIMARY KEY, units INTEGER NOT NULL);"
	"CREATE TABLE reference(tbl TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,"
	" PRIMARY KEY(tbl, position));";

enum sl_rc sl_version_put(struct sl_db *db, const struct sl_version *v, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO version(tbl,id,segment,wrapped,bytes,rows,units,at) VALUES(?,?,?,?,?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, v->table);
		sl_bind_blob(st, 2, v->id, sizeof v->id);
		sl_bind_blob(st, 3, v->segment_id, sizeof v->segment_id);
		sl_bind_blob(st, 4, v->wrapped, v->nwrapped);
		sl_bind_i64(st, 5, (int64_t)v->bytes);
		sl_bind_i64(st, 6, (int64_t)v->rows);
		sl_bind_i64(st, 7, (int64_t)v->units);
		sl_bind_i64(st, 8, v->at);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	return rc;
}

static enum sl_rc take_version(sqlite3_stmt *st, struct sl_version *out, struct sl_err *err)
{
	size_t nwrapped = (size_t)sqlite3_column_bytes(st, 3);

	if (sqlite3_column_bytes(st, 2) != 16 || nwrapped > sizeof out->wrapped)
		return sl_err_set(err, SL_E_INTEGRITY, "state.db: a table version is damaged");
	memcpy(out->segment_id, sqlite3_column_blob(st, 2), 16);
	if (nwrapped > 0)
		memcpy(out->wrapped, sqlite3_column_blob(st, 3), nwrapped);
	out->nwrapped = nwrapped;
	out->bytes = (uint64_t)sqlite3_column_int64(st, 4);
	out->rows = (uint64_t)sqlite3_column_int64(st, 5);
	out->units = (uint64_t)sqlite3_column_int64(st, 6);
	out->at = sqlite3_column_int64(st, 7);
	enum sl_rc rc = sl_column_digest(st, 1, out->id, err);
	if (rc == SL_OK && (out->table = sl_column_text_dup(st, 0)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	return rc;
}

enum sl_rc sl_version_latest(struct sl_db *db, const char *table, struct sl_version *out, uint32_t *nversions,
                             struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc =
		sl_stmt_begin(db,
	                      "SELECT tbl,id,segment,wrapped,bytes,rows,units,at,(SELECT count(*) FROM version w WHERE "
	                      "w.tbl=v.tbl) FROM version v WHERE tbl=? ORDER BY n DESC LIMIT 1",
	                      &st, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK && nversions != NULL)
		*nversions = (uint32_t)sqlite3_column_int64(st, 8);
	if (rc == SL_OK)
		rc = take_version(st, out, err);
	sl_stmt_end(st);
	return rc;
}

void sl_version_free(struct sl_version *v)
{
	free(v->table);
	memset(v, 0, sizeof *v);
}

enum sl_rc sl_version_has_segment(struct sl_db *db, const uint8_t segment_id[static 16], bool *known,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT 1 FROM version WHERE segment=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_blob(st, 1, segment_id, 16);
		rc = sl_stmt_row(db, st, err);
	}
	*known = rc == SL_OK;
	sl_stmt_end(st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_space_units(struct sl_db *db, const char *space, uint64_t *units, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT units FROM space WHERE name=?", &st, err);

	*units = 0;
	if (rc == SL_OK) {
		sl_bind_text(st, 1, space);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		*units = (uint64_t)sqlite3_column_int64(st, 0);
	sl_stmt_end(st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_space_set(struct sl_db *db, const char *space, uint64_t units, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO space VALUES(?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, space);
		sl_bind_i64(st, 2, (int64_t)units);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_reference_clear(struct sl_db *db, const char *table, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "DELETE FROM reference WHERE tbl=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_reference_add(struct sl_db *db, const char *table, uint32_t position, const char *key, const char *label,
                            struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO reference VALUES(?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		sl_bind_i64(st, 2, position);
		sl_bind_text(st, 3, key);
		sl_bind_text(st, 4, label);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_reference_each(struct sl_db *db, sl_reference_see *see, void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT tbl, key, label FROM reference ORDER BY tbl, position", &st, err);

	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		rc = see(self, (const char *)sqlite3_column_text(st, 0), (const char *)sqlite3_column_text(st, 1),
		         (const char *)sqlite3_column_text(st, 2), err);
	sl_stmt_end(st);
	return rc == SL_E_NO ? SL_OK : rc;
}
