/* entry.c - see entry.h. */
#include "jobs/store/entry.h"

const char sl_store_entry_schema[] =
	"CREATE TABLE entry(n INTEGER PRIMARY KEY, dataset TEXT NOT NULL, tbl TEXT NOT NULL, col TEXT NOT NULL,"
	" position INTEGER NOT NULL, owner TEXT NOT NULL, class INTEGER NOT NULL, space TEXT NOT NULL, rhythm TEXT NOT NULL,"
	" title TEXT NOT NULL, description TEXT NOT NULL, labels TEXT NOT NULL, folded TEXT NOT NULL);"
	"CREATE INDEX entry_by_dataset ON entry(dataset, n);"
	"CREATE INDEX entry_table ON entry(dataset, n) WHERE position=0;"
	"CREATE TABLE entry_source(dataset TEXT PRIMARY KEY, digest BLOB NOT NULL, folding INTEGER NOT NULL);";

#define ENTRY_COLUMNS "tbl,col,position,owner,class,space,rhythm,title,description,labels,folded"

static enum sl_rc run_for(struct sl_db *db, const char *sql, const char *dataset, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, dataset);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_entries_begin(struct sl_db *db, const char *dataset, const uint8_t digest[static 32],
                                  int64_t folding, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = run_for(db, "DELETE FROM entry WHERE dataset=?", dataset, err);

	if (rc == SL_OK)
		rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO entry_source VALUES(?,?,?)", &st, err);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, dataset);
		sl_bind_blob(st, 2, digest, 32);
		sl_bind_i64(st, 3, folding);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_entry_put(struct sl_db *db, const char *dataset, const struct sl_store_entry *entry,
                              struct sl_err *err)
{
	const char *const texts[] = {entry->owner,       entry->space,  entry->rhythm, entry->title,
	                             entry->description, entry->labels, entry->folded};
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO entry(dataset,tbl,col,position,class,owner,space,rhythm,title,description,labels,folded)"
		    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, dataset);
		sl_bind_text(st, 2, entry->table);
		sl_bind_text(st, 3, entry->column);
		sl_bind_i64(st, 4, entry->position);
		sl_bind_i64(st, 5, entry->class_);
		for (int i = 0; i < 7; i++)
			sl_bind_text(st, 6 + i, texts[i]);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_entries_stale(struct sl_db *db, int64_t folding, sl_store_stale_see *see, void *self,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT dataset FROM catalogue AS c WHERE NOT EXISTS(SELECT 1 FROM entry_source AS s"
	                              " WHERE s.dataset=c.dataset AND s.digest=c.digest AND s.folding=?)",
	                              &st, err);

	if (rc == SL_OK)
		sl_bind_i64(st, 1, folding);
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		rc = see(self, (const char *)sqlite3_column_text(st, 0), err);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

static const char *text_at(sqlite3_stmt *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st, i);

	return s != NULL ? s : "";
}

static enum sl_rc see_entry(sqlite3_stmt *st, sl_store_entry_see *see, void *self, struct sl_err *err)
{
	const struct sl_store_entry e = {
		.table = text_at(st, 0), .column = text_at(st, 1), .position = sqlite3_column_int64(st, 2),
		.owner = text_at(st, 3), .class_ = (uint8_t)sqlite3_column_int(st, 4), .space = text_at(st, 5),
		.rhythm = text_at(st, 6), .title = text_at(st, 7), .description = text_at(st, 8), .labels = text_at(st, 9),
		.folded = text_at(st, 10),
	};

	return see(self, &e, err);
}

enum sl_rc sl_store_entry_tables(struct sl_db *db, sl_store_entry_see *see, void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT " ENTRY_COLUMNS " FROM entry WHERE position=0 ORDER BY dataset, n", &st,
	                              err);

	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		rc = see_entry(st, see, self, err);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_store_entry_folded(struct sl_db *db, sl_store_folded_see *see, void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT n, position, folded FROM entry ORDER BY dataset, n", &st, err);

	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		rc = see(self, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1) == 0, text_at(st, 2), err);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_store_entry_rows(struct sl_db *db, const int64_t *rows, size_t n, sl_store_entry_see *see, void *self,
                               struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT " ENTRY_COLUMNS " FROM entry WHERE n=?", &st, err);

	for (size_t i = 0; rc == SL_OK && i < n; i++) {
		sl_bind_i64(st, 1, rows[i]);
		rc = sl_stmt_row(db, st, err);
		if (rc == SL_OK)
			rc = see_entry(st, see, self, err);
		(void)sqlite3_reset(st);
	}
	sl_stmt_end(db, st);
	return rc;
}
