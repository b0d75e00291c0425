/* release.c - see release.h. */
#include "jobs/store/release.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/store/job.h"

const char sl_store_release_schema[] =
	"CREATE TABLE release("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL UNIQUE REFERENCES request(id),"
	"released_at INTEGER NOT NULL, leaf INTEGER NOT NULL, project TEXT NOT NULL) STRICT;"
	"CREATE TABLE release_space("
	"release INTEGER NOT NULL REFERENCES release(id), project TEXT NOT NULL, space TEXT NOT NULL,"
	"PRIMARY KEY(release, space)) STRICT;";

enum sl_rc sl_store_release_insert(struct sl_db *db, const struct sl_store_release *r, int64_t *id, struct sl_err *err)
{
	const int64_t as = r->id; /* *id may be the row's own */
	sqlite3_stmt *st = NULL;
	enum sl_rc rc =
		sl_stmt_begin(db,
		              "INSERT INTO release(id,request,released_at,leaf,project) VALUES(nullif(?5,0),?1,?2,?3,?4)",
		              &st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->request);
	sl_bind_i64(st, 2, r->released_at);
	sl_bind_i64(st, 3, r->leaf);
	sl_bind_text(st, 4, r->project);
	sl_bind_i64(st, 5, as);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

enum sl_rc sl_store_release_leaf(struct sl_db *db, int64_t id, uint64_t leaf, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE release SET leaf=? WHERE id=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, (int64_t)leaf);
	sl_bind_i64(st, 2, id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_release_space(struct sl_db *db, int64_t id, const char *project, const char *space,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO release_space(release,project,space) VALUES(?,?,?) ON CONFLICT DO NOTHING", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	sl_bind_text(st, 2, project);
	sl_bind_text(st, 3, space);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_release_get(struct sl_db *db, int64_t id, struct sl_store_release *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(db, "SELECT id,request,released_at,leaf,project FROM release WHERE id=?", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		out->id = sqlite3_column_int64(st, 0);
		out->request = sqlite3_column_int64(st, 1);
		out->released_at = sqlite3_column_int64(st, 2);
		out->leaf = sqlite3_column_int64(st, 3);
		out->project = sl_column_text_dup(st, 4);
		if (out->project == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_release_of(struct sl_db *db, int64_t request, int64_t *id, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_ids(db, "SELECT id FROM release WHERE request=?", request, &ids, &n, err);

	*id = rc == SL_OK && n > 0 ? ids[0] : 0;
	free(ids);
	return rc;
}

enum sl_rc sl_store_release_published(struct sl_db *db, const uint8_t publication[static 32], int64_t *id,
                                      struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT r.id FROM release AS r JOIN request AS q ON q.id=r.request WHERE q.digest=? ORDER BY r.id", &st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_blob(st, 1, publication, 32);
	rc = sl_store_ids_of(db, st, &ids, &n, err);
	*id = rc == SL_OK && n > 0 ? ids[0] : 0;
	free(ids);
	return rc;
}

enum sl_rc sl_store_release_ids(struct sl_db *db, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	return sl_store_ids(db, "SELECT id FROM release WHERE ?1=0 ORDER BY id", 0, ids, n, err);
}

void sl_store_release_free(struct sl_store_release *r)
{
	if (r == NULL)
		return;
	free(r->project);
	memset(r, 0, sizeof *r);
}

enum sl_rc sl_store_revoked_insert(struct sl_db *db, const struct sl_store_revoked *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO release_revoked(release,at,person,reason,statement,signature) VALUES(?,?,?,?,?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->release);
	sl_bind_i64(st, 2, r->at);
	sl_bind_text(st, 3, r->person);
	sl_bind_text(st, 4, r->reason);
	sl_bind_text(st, 5, r->statement);
	sl_bind_text(st, 6, r->signature);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_revoked_get(struct sl_db *db, int64_t release, struct sl_store_revoked *out, struct sl_err *err)
{
	char **texts[] = { &out->person, &out->reason, &out->statement, &out->signature };
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT release,at,person,reason,statement,signature FROM release_revoked WHERE release=?", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, release);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		out->release = sqlite3_column_int64(st, 0);
		out->at = sqlite3_column_int64(st, 1);
	}
	for (int i = 0; i < 4 && rc == SL_OK; i++) {
		*texts[i] = sl_column_text_dup(st, 2 + i);
		if (*texts[i] == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_stmt_end(db, st);
	if (rc != SL_OK)
		sl_store_revoked_free(out);
	return rc;
}

void sl_store_revoked_free(struct sl_store_revoked *r)
{
	free(r->person);
	free(r->reason);
	free(r->statement);
	free(r->signature);
	memset(r, 0, sizeof *r);
}

enum sl_rc sl_store_fetch_insert(struct sl_db *db, int64_t release, int64_t at, const char *person,
                                 struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO release_fetch(release,at,person) VALUES(?,?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, release);
	sl_bind_i64(st, 2, at);
	sl_bind_text(st, 3, person);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc take_fetch(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	struct sl_store_fetch *f = item;

	f->at = sqlite3_column_int64(st, 0);
	f->person = sl_column_text_dup(st, 1);
	return f->person != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static void drop_fetches(void *rows, uint32_t n)
{
	sl_store_fetch_free(rows, n);
}

enum sl_rc sl_store_fetch_list(struct sl_db *db, int64_t release, struct sl_store_fetch **out, uint32_t *n,
                               struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	void *rows = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT max(at),person FROM release_fetch WHERE release=? GROUP BY person ORDER BY person", &st, err);

	*n = 0;
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, release);
		rc = sl_stmt_all(db, st, sizeof **out, take_fetch, drop_fetches, &rows, n, err);
	}
	*out = rows;
	return rc;
}

void sl_store_fetch_free(struct sl_store_fetch *rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		free(rows[i].person);
	free(rows);
}
