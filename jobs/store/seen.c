/* seen.c - see seen.h. */
#include "jobs/store/seen.h"

#include <stdlib.h>

#include "policy/moves.h"

/* What was judged before looks were kept is taken as seen: nobody is kept waiting for it. */
const char sl_store_seen_schema[] =
	"CREATE TABLE request_seen("
	"request INTEGER NOT NULL REFERENCES request(id), revision INTEGER NOT NULL, PRIMARY KEY(request, revision)) STRICT;"
	"INSERT INTO request_seen"
	" SELECT id, revision FROM request UNION ALL SELECT request, revision FROM request_revision;"
	"CREATE INDEX request_project ON request(project);";

enum sl_rc sl_store_seen_put(struct sl_db *db, int64_t request, int64_t revision, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR IGNORE INTO request_seen VALUES(?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, request);
	sl_bind_i64(st, 2, revision);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc take_unseen(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	(void)err;
	*(struct sl_store_unseen *)item = (struct sl_store_unseen){
		sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_int64(st, 2) != 0
	};
	return SL_OK;
}

static void drop_unseen(void *items, uint32_t n)
{
	(void)n;
	free(items);
}

/* Whatever an earlier revision became: that a later one has left does not mean that anybody saw this one. */
#define UNSEEN \
	"SELECT a.id,a.revision,a.revision=r.revision AND r.state IN (?2,?3) FROM request r " \
	"JOIN (SELECT id,revision FROM request UNION ALL SELECT request,revision FROM request_revision) a ON a.id=r.id " \
	"WHERE (?1 IS NULL OR r.project=?1) AND NOT (a.revision=r.revision AND r.state IN (?4,?5)) " \
	"AND NOT EXISTS(SELECT 1 FROM request_seen s WHERE s.request=a.id AND s.revision=a.revision) " \
	"AND NOT EXISTS(SELECT 1 FROM review v WHERE v.request=a.id AND v.revision=a.revision) ORDER BY a.id,a.revision"

enum sl_rc sl_store_seen_not(struct sl_db *db, const char *project, struct sl_store_unseen **out, uint32_t *n,
                             struct sl_err *err)
{
	static const int64_t states[] = { SL_REQUEST_SUBMITTED, SL_REQUEST_PARTLY, SL_REQUEST_RELEASED, SL_REQUEST_REVOKED };
	sqlite3_stmt *st = NULL;
	void *rows = NULL;
	enum sl_rc rc = sl_stmt_begin(db, UNSEEN, &st, err);

	*n = 0;
	if (rc == SL_OK) {
		sl_bind_text(st, 1, project);
		for (int i = 0; i < 4; i++)
			sl_bind_i64(st, 2 + i, states[i]);
		rc = sl_stmt_all(db, st, sizeof **out, take_unseen, drop_unseen, &rows, n, err);
	}
	*out = rows;
	return rc;
}

enum sl_rc sl_store_seen_not_jobs(struct sl_db *db, const char *project, int64_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT coalesce(sum(unseen),0) FROM job WHERE project=? AND unseen>0", &st, err);

	*n = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, project);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		*n = sqlite3_column_int64(st, 0);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc run_of_job(struct sl_db *db, const char *sql, int64_t job, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, job);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_seen_not_job(struct sl_db *db, int64_t job, bool more, struct sl_err *err)
{
	return run_of_job(db, more ? "UPDATE job SET unseen=unseen+1 WHERE id=?"
	                           : "UPDATE job SET unseen=max(unseen-1,0) WHERE id=?", job, err);
}

enum sl_rc sl_store_seen_job(struct sl_db *db, int64_t job, struct sl_err *err)
{
	return run_of_job(db, "UPDATE job SET unseen=0 WHERE id=? AND state<>1", job, err);
}
