/* members.c - see members.h. */
#include "jobs/store/members.h"

#include "jobs/store/job.h"

const char sl_store_members_schema[] =
	"CREATE TABLE members("
	"request INTEGER NOT NULL REFERENCES request(id), output INTEGER NOT NULL, box BLOB NOT NULL,"
	"PRIMARY KEY(request, output)) STRICT;"
	"CREATE INDEX release_space_by_space ON release_space(space);";

/* Boxes are written before there is a request that names them. */
const char sl_store_members_schema_2[] =
	"CREATE TABLE members_box(id INTEGER PRIMARY KEY AUTOINCREMENT, made_at INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;"
	"INSERT INTO members_box(id, made_at, bytes) SELECT rowid, 0, box FROM members;"
	"CREATE TABLE members_2("
	"request INTEGER NOT NULL REFERENCES request(id), output INTEGER NOT NULL,"
	"box INTEGER NOT NULL REFERENCES members_box(id), PRIMARY KEY(request, output)) STRICT;"
	"INSERT INTO members_2 SELECT request, output, rowid FROM members;"
	"DROP TABLE members; ALTER TABLE members_2 RENAME TO members;"
	"CREATE INDEX members_by_box ON members(box);";

enum sl_rc sl_store_members_box(struct sl_db *db, int64_t now, const struct sl_buf *box, int64_t *id,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO members_box(made_at,bytes) VALUES(?,?)", &st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, now);
	sl_bind_blob(st, 2, box->data, box->len);
	rc = sl_stmt_run(db, st, err);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_members_sweep(struct sl_db *db, int64_t before, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "DELETE FROM members_box WHERE made_at<? AND NOT EXISTS(SELECT 1 FROM members WHERE box=members_box.id)",
		&st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, before);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_members_put(struct sl_db *db, int64_t request, uint32_t output, int64_t box, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO members(request,output,box) VALUES(?,?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, request);
	sl_bind_i64(st, 2, output);
	sl_bind_i64(st, 3, box);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_members_get(struct sl_db *db, int64_t request, uint32_t output, struct sl_buf *box,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT b.bytes FROM members AS m JOIN members_box AS b ON b.id=m.box "
	                              "WHERE m.request=? AND m.output=?",
	                              &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, request);
	sl_bind_i64(st, 2, output);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		sl_column_blob_put(st, 0, box);
		rc = sl_buf_ok(box, "the units of an output", err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_space_releases(struct sl_db *db, const char *space, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT release FROM release_space WHERE space=? ORDER BY release", &st, err);

	*ids = NULL;
	*n = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, space);
	return sl_store_ids_of(db, st, ids, n, err);
}

enum sl_rc sl_store_space_requests(struct sl_db *db, const char *space, const char *project, int64_t **ids,
                                   uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT r.request FROM release_space AS s JOIN release AS r ON r.id=s.release "
	                              "WHERE s.space=? AND s.project=? ORDER BY r.id",
	                              &st, err);

	*ids = NULL;
	*n = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, space);
	sl_bind_text(st, 2, project);
	return sl_store_ids_of(db, st, ids, n, err);
}

/* Every release with the number it left under: a fork has another one here. */
#define AS_LEFT                                                                                    \
	"(SELECT r.id AS id, coalesce(f.release, r.id) AS number, r.released_at AS at FROM release AS r "  \
	"LEFT JOIN recovered AS c ON c.release=r.id LEFT JOIN recovered_fork AS f ON f.publication=c.publication)"

enum sl_rc sl_store_space_releases_then(struct sl_db *db, const char *space, int64_t number, int64_t at, int64_t **ids,
                                        uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "WITH l AS MATERIALIZED " AS_LEFT " SELECT s.release FROM release_space AS s "
	                              "JOIN l ON l.id=s.release WHERE s.space=?1 AND l.number<?2 AND l.at<=?3 AND NOT EXISTS("
	                              "SELECT 1 FROM l AS m WHERE m.number=l.number AND m.at<=?3 AND m.at>l.at) "
	                              "ORDER BY s.release",
	                              &st, err);

	*ids = NULL;
	*n = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, space);
	sl_bind_i64(st, 2, number);
	sl_bind_i64(st, 3, at);
	return sl_store_ids_of(db, st, ids, n, err);
}
