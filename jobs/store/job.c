/* job.c - see job.h. */
#include "jobs/store/job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char sl_store_job_schema[] =
	"CREATE TABLE job("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, created_at INTEGER NOT NULL,"
	"finished_at INTEGER NOT NULL DEFAULT 0, layers INTEGER NOT NULL DEFAULT 0, policy_serial INTEGER NOT NULL,"
	"project TEXT NOT NULL, author TEXT NOT NULL, file TEXT NOT NULL, printed TEXT NOT NULL, outputs TEXT NOT NULL,"
	"told TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', versions TEXT NOT NULL,"
	"statement TEXT NOT NULL, signature TEXT NOT NULL,"
	"lease_pid INTEGER NOT NULL, lease_start INTEGER NOT NULL, lease_boot TEXT NOT NULL,"
	"policy_digest BLOB NOT NULL, script BLOB NOT NULL, view BLOB NOT NULL, plans BLOB NOT NULL, result BLOB) STRICT;";

/* What ended before ends were counted is taken as seen. */
const char sl_store_job_schema_2[] =
	"ALTER TABLE job ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX job_unseen ON job(project, unseen) WHERE unseen > 0;";

enum sl_rc sl_store_job_insert(struct sl_db *db, const struct sl_store_job *r, int64_t *id, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db,
		"INSERT INTO job(state,created_at,policy_serial,project,author,file,printed,outputs,versions,statement,"
		"signature,lease_pid,lease_start,lease_boot,policy_digest,script,view,plans,unseen) "
		"VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1)",
		&st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->state);
	sl_bind_i64(st, 2, r->created_at);
	sl_bind_i64(st, 3, r->policy_serial);
	sl_bind_text(st, 4, r->project);
	sl_bind_text(st, 5, r->author);
	sl_bind_text(st, 6, r->file);
	sl_bind_text(st, 7, r->printed);
	sl_bind_text(st, 8, r->outputs);
	sl_bind_text(st, 9, r->versions);
	sl_bind_text(st, 10, r->statement);
	sl_bind_text(st, 11, r->signature);
	sl_bind_i64(st, 12, r->lease.pid);
	sl_bind_i64(st, 13, r->lease.start);
	sl_bind_text(st, 14, r->lease.boot);
	sl_bind_blob(st, 15, r->policy_digest, sizeof r->policy_digest);
	sl_bind_blob(st, 16, r->script.data, r->script.len);
	sl_bind_blob(st, 17, r->view.data, r->view.len);
	sl_bind_blob(st, 18, r->plans.data, r->plans.len);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

enum sl_rc sl_store_job_finish(struct sl_db *db, const struct sl_store_job *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db,
		"UPDATE job SET state=?,finished_at=?,layers=?,told=?,reason=?,result=?,unseen=? WHERE id=? AND state=1", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->state);
	sl_bind_i64(st, 2, r->finished_at);
	sl_bind_i64(st, 3, r->layers);
	sl_bind_text(st, 4, r->told == NULL ? "" : r->told);
	sl_bind_text(st, 5, r->reason == NULL ? "" : r->reason);
	if (r->result.len > 0)
		sl_bind_blob(st, 6, r->result.data, r->result.len);
	sl_bind_i64(st, 7, r->unseen);
	sl_bind_i64(st, 8, r->id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK && sqlite3_changes(db->handle) != 1)
		rc = sl_err_set(err, SL_E_NO, "job J-%lld is no longer running", (long long)r->id);
	return rc;
}

enum sl_rc sl_store_job_reason(struct sl_db *db, int64_t id, const char *reason, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE job SET reason=?,unseen=max(unseen,1) WHERE id=? AND state<>1",
	                                &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, reason);
	sl_bind_i64(st, 2, id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK && sqlite3_changes(db->handle) != 1)
		rc = sl_err_set(err, SL_E_NO, "no job J-%lld has ended", (long long)id);
	return rc;
}

static enum sl_rc read_row(sqlite3_stmt *st, struct sl_store_job *out, struct sl_err *err)
{
	char **texts[] = { &out->project,  &out->author,   &out->file,      &out->printed,  &out->outputs,
		           &out->told,     &out->reason,   &out->versions,  &out->statement, &out->signature };
	char *boot;

	out->id = sqlite3_column_int64(st, 0);
	out->state = sqlite3_column_int64(st, 1);
	out->created_at = sqlite3_column_int64(st, 2);
	out->finished_at = sqlite3_column_int64(st, 3);
	out->layers = sqlite3_column_int64(st, 4);
	out->policy_serial = sqlite3_column_int64(st, 5);
	for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++) {
		*texts[i] = sl_column_text_dup(st, 6 + i);
		if (*texts[i] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	out->lease.pid = sqlite3_column_int64(st, 16);
	out->lease.start = sqlite3_column_int64(st, 17);
	boot = sl_column_text_dup(st, 18);
	if (boot == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	(void)snprintf(out->lease.boot, sizeof out->lease.boot, "%s", boot);
	free(boot);
	sl_column_blob_put(st, 20, &out->script);
	sl_column_blob_put(st, 21, &out->view);
	sl_column_blob_put(st, 22, &out->plans);
	sl_column_blob_put(st, 23, &out->result);
	out->unseen = sqlite3_column_int64(st, 24);
	enum sl_rc rc = sl_column_digest(st, 19, out->policy_digest, err);
	if (rc == SL_OK)
		rc = sl_buf_ok(&out->script, "script", err);
	if (rc == SL_OK)
		rc = sl_buf_ok(&out->view, "view", err);
	if (rc == SL_OK)
		rc = sl_buf_ok(&out->plans, "plans", err);
	return rc == SL_OK ? sl_buf_ok(&out->result, "result", err) : rc;
}

enum sl_rc sl_store_job_get(struct sl_db *db, int64_t id, bool with_result, struct sl_store_job *out,
                            struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(
		db,
		"SELECT id,state,created_at,finished_at,layers,policy_serial,project,author,file,printed,outputs,told,"
		"reason,versions,statement,signature,lease_pid,lease_start,lease_boot,policy_digest,script,view,plans,"
		"CASE WHEN ?2 THEN result ELSE NULL END,unseen FROM job WHERE id=?1",
		&st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	sl_bind_i64(st, 2, with_result);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		rc = read_row(st, out, err);
	sl_stmt_end(db, st);
	if (rc != SL_OK)
		sl_store_job_free(out);
	return rc;
}

enum sl_rc sl_store_ids(struct sl_db *db, const char *sql, int64_t bind, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	*ids = NULL;
	*n = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, bind);
	return sl_store_ids_of(db, st, ids, n, err);
}

enum sl_rc sl_store_ids_of(struct sl_db *db, sqlite3_stmt *st, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	uint32_t cap = 0;
	enum sl_rc rc;

	*ids = NULL;
	*n = 0;
	while ((rc = sl_stmt_row(db, st, err)) == SL_OK) {
		if (*n == cap) {
			cap = cap == 0 ? 64 : cap * 2;
			int64_t *more = realloc(*ids, cap * sizeof **ids);
			if (more == NULL) {
				rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
				break;
			}
			*ids = more;
		}
		(*ids)[(*n)++] = sqlite3_column_int64(st, 0);
	}
	sl_stmt_end(db, st);
	if (rc == SL_E_NO)
		return SL_OK;
	free(*ids);
	*ids = NULL;
	*n = 0;
	return rc;
}

enum sl_rc sl_store_job_ids(struct sl_db *db, int64_t state, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	return sl_store_ids(db, "SELECT id FROM job WHERE ?1=0 OR state=?1 ORDER BY id", state, ids, n, err);
}

void sl_store_job_free(struct sl_store_job *r)
{
	if (r == NULL)
		return;
	char *texts[] = { r->project, r->author,   r->file,      r->printed,  r->outputs,
		          r->told,    r->reason,   r->versions,  r->statement, r->signature };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		free(texts[i]);
	sl_buf_free(&r->script);
	sl_buf_free(&r->view);
	sl_buf_free(&r->plans);
	sl_buf_free(&r->result);
	memset(r, 0, sizeof *r);
}
