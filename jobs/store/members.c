/* members.c - see members.h. */
#include "jobs/store/members.h"

#include "jobs/store/job.h"

const char sl_store_members_schema[] =
	"CREATE TABLE members("
	"request INTEGER NOT NULL REFERENCES request(id), output INTEGER NOT NULL, box BLOB NOT NULL,"
	"PRIMARY KEY(request, output)) STRICT;"
	"CREATE INDEX release_space_by_space ON release_space(space);";

enum sl_rc sl_store_members_put(struct sl_db *db, int64_t request, uint32_t output, const struct sl_buf *box,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO members(request,output,box) VALUES(?,?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, request);
	sl_bind_i64(st, 2, output);
	sl_bind_blob(st, 3, box->data, box->len);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_store_members_get(struct sl_db *db, int64_t request, uint32_t output, struct sl_buf *box,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT box FROM members WHERE request=? AND output=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, request);
	sl_bind_i64(st, 2, output);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		sl_column_blob_put(st, 0, box);
		rc = sl_buf_ok(box, "the units of an output", err);
	}
	sl_stmt_end(st);
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
