/* owner.c - see owner.h. */
#include "jobs/store/owner.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/store/job.h"

const char sl_store_owner_schema[] =
	"CREATE TABLE application("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, created_at INTEGER NOT NULL,"
	"decided_at INTEGER NOT NULL DEFAULT 0, until INTEGER NOT NULL, project TEXT NOT NULL, author TEXT NOT NULL,"
	"table_name TEXT NOT NULL, reason TEXT NOT NULL, decided_by TEXT NOT NULL DEFAULT '',"
	"answer TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE TABLE owner_grant("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, application INTEGER NOT NULL REFERENCES application(id),"
	"granted_at INTEGER NOT NULL, withdrawn_at INTEGER NOT NULL DEFAULT 0, person TEXT NOT NULL, key TEXT NOT NULL,"
	"statement TEXT NOT NULL, signature TEXT NOT NULL, withdrawn_by TEXT NOT NULL DEFAULT '',"
	"withdrawn_why TEXT NOT NULL DEFAULT '') STRICT;"
	"CREATE TABLE owner_review("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL REFERENCES request(id), decision INTEGER NOT NULL,"
	"decided_at INTEGER NOT NULL, person TEXT NOT NULL, key TEXT NOT NULL, statement TEXT NOT NULL,"
	"signature TEXT NOT NULL) STRICT;";

enum sl_rc sl_store_application_insert(struct sl_db *db, const struct sl_store_application *r, int64_t *id,
                                       struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO application(state,created_at,until,project,author,table_name,reason) VALUES(?,?,?,?,?,?,?)",
		&st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->state);
	sl_bind_i64(st, 2, r->created_at);
	sl_bind_i64(st, 3, r->until);
	sl_bind_text(st, 4, r->project);
	sl_bind_text(st, 5, r->author);
	sl_bind_text(st, 6, r->table);
	sl_bind_text(st, 7, r->reason);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

enum sl_rc sl_store_application_decide(struct sl_db *db, const struct sl_store_application *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "UPDATE application SET state=?,decided_at=?,decided_by=?,answer=? WHERE id=? AND state=1", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->state);
	sl_bind_i64(st, 2, r->decided_at);
	sl_bind_text(st, 3, r->decided_by != NULL ? r->decided_by : "");
	sl_bind_text(st, 4, r->answer != NULL ? r->answer : "");
	sl_bind_i64(st, 5, r->id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK && sqlite3_changes(db->handle) != 1)
		rc = sl_err_set(err, SL_E_NO, "application A-%lld has been decided", (long long)r->id);
	return rc;
}

static enum sl_rc dup_texts(sqlite3_stmt *st, int first, char **const *texts, size_t n, struct sl_err *err)
{
	for (size_t i = 0; i < n; i++) {
		*texts[i] = sl_column_text_dup(st, first + (int)i);
		if (*texts[i] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	return SL_OK;
}

enum sl_rc sl_store_application_get(struct sl_db *db, int64_t id, struct sl_store_application *out,
                                    struct sl_err *err)
{
	char **const texts[] = { &out->project, &out->author, &out->table, &out->reason, &out->decided_by, &out->answer };
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT id,state,created_at,decided_at,until,project,author,table_name,reason,"
	                              "decided_by,answer FROM application WHERE id=?",
	                              &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		out->id = sqlite3_column_int64(st, 0);
		out->state = sqlite3_column_int64(st, 1);
		out->created_at = sqlite3_column_int64(st, 2);
		out->decided_at = sqlite3_column_int64(st, 3);
		out->until = sqlite3_column_int64(st, 4);
		rc = dup_texts(st, 5, texts, sizeof texts / sizeof texts[0], err);
	}
	sl_stmt_end(db, st);
	if (rc != SL_OK)
		sl_store_application_free(out);
	return rc;
}

enum sl_rc sl_store_application_ids(struct sl_db *db, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	return sl_store_ids(db, "SELECT id FROM application WHERE ?1=0 ORDER BY id", 0, ids, n, err);
}

void sl_store_application_free(struct sl_store_application *r)
{
	char *texts[] = { r->project, r->author, r->table, r->reason, r->decided_by, r->answer };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		free(texts[i]);
	memset(r, 0, sizeof *r);
}

enum sl_rc sl_store_owner_grant_insert(struct sl_db *db, const struct sl_store_owner_grant *r, int64_t *id,
                                       struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO owner_grant(application,granted_at,person,key,statement,signature) VALUES(?,?,?,?,?,?)", &st,
		err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->application);
	sl_bind_i64(st, 2, r->granted_at);
	sl_bind_text(st, 3, r->person);
	sl_bind_text(st, 4, r->key);
	sl_bind_text(st, 5, r->statement);
	sl_bind_text(st, 6, r->signature);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

enum sl_rc sl_store_owner_grant_withdraw(struct sl_db *db, const struct sl_store_owner_grant *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "UPDATE owner_grant SET withdrawn_at=?,withdrawn_by=?,withdrawn_why=? WHERE id=? AND withdrawn_at=0", &st,
		err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->withdrawn_at);
	sl_bind_text(st, 2, r->withdrawn_by);
	sl_bind_text(st, 3, r->withdrawn_why);
	sl_bind_i64(st, 4, r->id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK && sqlite3_changes(db->handle) != 1)
		rc = sl_err_set(err, SL_E_NO, "grant G-%lld has been withdrawn before", (long long)r->id);
	return rc;
}

static enum sl_rc take_grant(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	struct sl_store_owner_grant *r = item;
	char **const texts[] = { &r->person, &r->key, &r->statement, &r->signature, &r->withdrawn_by, &r->withdrawn_why };

	r->id = sqlite3_column_int64(st, 0);
	r->application = sqlite3_column_int64(st, 1);
	r->granted_at = sqlite3_column_int64(st, 2);
	r->withdrawn_at = sqlite3_column_int64(st, 3);
	return dup_texts(st, 4, texts, sizeof texts / sizeof texts[0], err);
}

static void drop_grants(void *rows, uint32_t n)
{
	sl_store_owner_grants_free(rows, n);
}

enum sl_rc sl_store_owner_grants(struct sl_db *db, struct sl_store_owner_grant **out, uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	void *rows = NULL;

	*n = 0;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT id,application,granted_at,withdrawn_at,person,key,statement,signature,"
	                              "withdrawn_by,withdrawn_why FROM owner_grant ORDER BY id",
	                              &st, err);
	if (rc == SL_OK)
		rc = sl_stmt_all(db, st, sizeof **out, take_grant, drop_grants, &rows, n, err);
	*out = rows;
	return rc;
}

void sl_store_owner_grants_free(struct sl_store_owner_grant *rows, uint32_t n)
{
	for (uint32_t i = 0; rows != NULL && i < n; i++) {
		free(rows[i].person);
		free(rows[i].key);
		free(rows[i].statement);
		free(rows[i].signature);
		free(rows[i].withdrawn_by);
		free(rows[i].withdrawn_why);
	}
	free(rows);
}
