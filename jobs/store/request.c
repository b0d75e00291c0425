/* request.c - see request.h. */
#include "jobs/store/request.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/store/job.h"
#include "policy/moves.h"

const char sl_store_request_schema[] =
	"CREATE TABLE request("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES job(id), state INTEGER NOT NULL,"
	"created_at INTEGER NOT NULL, nfindings INTEGER NOT NULL, policy_serial INTEGER NOT NULL,"
	"project TEXT NOT NULL, author TEXT NOT NULL, context TEXT NOT NULL, outputs TEXT NOT NULL,"
	"refusal TEXT NOT NULL, statement TEXT NOT NULL, signature TEXT NOT NULL, policy_digest BLOB NOT NULL,"
	"digest BLOB, publication BLOB) STRICT;"
	"CREATE TABLE review("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL REFERENCES request(id),"
	"decision INTEGER NOT NULL, decided_at INTEGER NOT NULL, person TEXT NOT NULL, key TEXT NOT NULL,"
	"statement TEXT NOT NULL, signature TEXT NOT NULL) STRICT;"
	"CREATE INDEX review_request ON review(request);";

/* Of what was judged before they were kept, none is known. */
const char sl_store_request_schema_2[] = "ALTER TABLE request ADD COLUMN layers INTEGER NOT NULL DEFAULT 0;";

/* What was stored before there were revisions is the first one. Who fetched what was in the log alone. */
const char sl_store_request_schema_3[] =
	"ALTER TABLE request ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"
	"ALTER TABLE review ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"
	"ALTER TABLE owner_review ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;"
	"CREATE TABLE request_revision("
	"request INTEGER NOT NULL REFERENCES request(id), revision INTEGER NOT NULL, created_at INTEGER NOT NULL,"
	"nfindings INTEGER NOT NULL, policy_serial INTEGER NOT NULL, context TEXT NOT NULL, outputs TEXT NOT NULL,"
	"refusal TEXT NOT NULL, statement TEXT NOT NULL, signature TEXT NOT NULL, policy_digest BLOB NOT NULL, digest BLOB,"
	"publication BLOB, layers INTEGER NOT NULL, PRIMARY KEY(request, revision)) STRICT;"
	"CREATE TABLE request_comment("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, request INTEGER NOT NULL REFERENCES request(id), revision INTEGER NOT NULL,"
	"at INTEGER NOT NULL, private INTEGER NOT NULL, person TEXT NOT NULL, text TEXT NOT NULL) STRICT;"
	"CREATE INDEX comment_request ON request_comment(request);"
	"CREATE TABLE release_revoked("
	"release INTEGER PRIMARY KEY REFERENCES release(id), at INTEGER NOT NULL, person TEXT NOT NULL,"
	"reason TEXT NOT NULL, statement TEXT NOT NULL, signature TEXT NOT NULL) STRICT;"
	"CREATE TABLE release_fetch("
	"id INTEGER PRIMARY KEY AUTOINCREMENT, release INTEGER NOT NULL REFERENCES release(id), at INTEGER NOT NULL,"
	"person TEXT NOT NULL) STRICT;"
	"CREATE INDEX fetch_release ON release_fetch(release);"
	"INSERT INTO release_fetch(release, at, person)"
	" SELECT CAST(substr(body ->> '$.release', 3) AS INTEGER), CAST(strftime('%s', body ->> '$.at') AS INTEGER),"
	" body ->> '$.who' FROM (SELECT n, CAST(body AS TEXT) AS body FROM leaf"
	" WHERE instr(body, CAST('\"kind\":\"release.fetched\"' AS BLOB))>0) ORDER BY n;";

/* Before, a request had no title, and how many findings were left to judge was not counted. */
const char sl_store_request_schema_4[] =
	"ALTER TABLE request ADD COLUMN title TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE request ADD COLUMN njudge INTEGER NOT NULL DEFAULT -1;"
	"ALTER TABLE request_revision ADD COLUMN title TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE request_revision ADD COLUMN njudge INTEGER NOT NULL DEFAULT -1;";

/* Lists read everything of a request but this, which is most of it: whatever lay behind it took reading all of it. */
const char sl_store_request_schema_5[] =
	"CREATE TABLE publication("
	"request INTEGER NOT NULL REFERENCES request(id), revision INTEGER NOT NULL, sealed BLOB NOT NULL,"
	"PRIMARY KEY(request, revision)) STRICT;"
	"INSERT INTO publication SELECT id, revision, publication FROM request WHERE publication IS NOT NULL;"
	"INSERT INTO publication SELECT request, revision, publication FROM request_revision WHERE publication IS NOT NULL;"
	"ALTER TABLE request DROP COLUMN publication; ALTER TABLE request_revision DROP COLUMN publication;";

enum sl_rc sl_store_request_insert(struct sl_db *db, const struct sl_store_request *r, int64_t *id, struct sl_err *err)
{
	const int64_t as = r->id; /* *id may be the row's own */
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "INSERT INTO request(id,job,state,created_at,nfindings,policy_serial,project,author,"
	                              "context,outputs,refusal,statement,signature,policy_digest,layers,title,njudge) "
	                              "VALUES(nullif(?15,0),?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?16,?17)",
	                              &st, err);

	*id = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->job);
	sl_bind_i64(st, 2, r->state);
	sl_bind_i64(st, 3, r->created_at);
	sl_bind_i64(st, 4, r->nfindings);
	sl_bind_i64(st, 5, r->policy_serial);
	sl_bind_text(st, 6, r->project);
	sl_bind_text(st, 7, r->author);
	sl_bind_text(st, 8, r->context);
	sl_bind_text(st, 9, r->outputs);
	sl_bind_text(st, 10, r->refusal);
	sl_bind_text(st, 11, r->statement);
	sl_bind_text(st, 12, r->signature);
	sl_bind_blob(st, 13, r->policy_digest, sizeof r->policy_digest);
	sl_bind_i64(st, 14, r->layers);
	sl_bind_i64(st, 15, as);
	sl_bind_text(st, 16, r->title);
	sl_bind_i64(st, 17, r->njudge);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

/* The one statement must have changed exactly one row. */
static enum sl_rc run_one(struct sl_db *db, sqlite3_stmt *st, int64_t id, struct sl_err *err)
{
	enum sl_rc rc = sl_stmt_run(db, st, err);

	sl_stmt_end(db, st);
	if (rc == SL_OK && sqlite3_changes(db->handle) != 1)
		rc = sl_err_set(err, SL_E_BUG, "request R-%lld is not there", (long long)id);
	return rc;
}

enum sl_rc sl_store_request_seal(struct sl_db *db, const struct sl_store_request *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE request SET digest=? WHERE id=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_blob(st, 1, r->digest, sizeof r->digest);
	sl_bind_i64(st, 2, r->id);
	rc = run_one(db, st, r->id, err);
	if (rc == SL_OK)
		rc = sl_stmt_begin(db, "REPLACE INTO publication SELECT id,revision,?1 FROM request WHERE id=?2", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_blob(st, 1, r->publication.data, r->publication.len);
	sl_bind_i64(st, 2, r->id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_request_sign(struct sl_db *db, const struct sl_store_request *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE request SET statement=?,signature=? WHERE id=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, r->statement);
	sl_bind_text(st, 2, r->signature);
	sl_bind_i64(st, 3, r->id);
	return run_one(db, st, r->id, err);
}

/* One statement about one request, its only parameter. */
static enum sl_rc run_on(struct sl_db *db, const char *sql, int64_t id, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_request_revise(struct sl_db *db, const struct sl_store_request *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = run_on(db,
	                       "INSERT INTO request_revision SELECT id,revision,created_at,nfindings,policy_serial,context,"
	                       "outputs,refusal,statement,signature,policy_digest,digest,layers,title,njudge "
	                       "FROM request WHERE id=?",
	                       r->id, err);

	if (rc == SL_OK)
		rc = run_on(db, "DELETE FROM members WHERE request=?", r->id, err);
	if (rc == SL_OK)
		rc = sl_stmt_begin(db,
		                   "UPDATE request SET created_at=?,nfindings=?,policy_serial=?,context=?,outputs=?,refusal=?,"
		                   "statement=?,signature=?,policy_digest=?,layers=?,title=?,njudge=?,digest=NULL,"
		                   "revision=revision+1 WHERE id=?",
		                   &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->created_at);
	sl_bind_i64(st, 2, r->nfindings);
	sl_bind_i64(st, 3, r->policy_serial);
	sl_bind_text(st, 4, r->context);
	sl_bind_text(st, 5, r->outputs);
	sl_bind_text(st, 6, r->refusal);
	sl_bind_text(st, 7, r->statement);
	sl_bind_text(st, 8, r->signature);
	sl_bind_blob(st, 9, r->policy_digest, sizeof r->policy_digest);
	sl_bind_i64(st, 10, r->layers);
	sl_bind_text(st, 11, r->title);
	sl_bind_i64(st, 12, r->njudge);
	sl_bind_i64(st, 13, r->id);
	return run_one(db, st, r->id, err);
}

enum sl_rc sl_store_request_state(struct sl_db *db, int64_t id, int64_t state, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE request SET state=? WHERE id=?", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, state);
	sl_bind_i64(st, 2, id);
	return run_one(db, st, id, err);
}

static enum sl_rc read_row(sqlite3_stmt *st, struct sl_store_request *out, struct sl_err *err)
{
	char **texts[] = { &out->project, &out->author,    &out->context,  &out->outputs,
		           &out->refusal, &out->statement, &out->signature };

	out->id = sqlite3_column_int64(st, 0);
	out->job = sqlite3_column_int64(st, 1);
	out->state = sqlite3_column_int64(st, 2);
	out->created_at = sqlite3_column_int64(st, 3);
	out->nfindings = sqlite3_column_int64(st, 4);
	out->policy_serial = sqlite3_column_int64(st, 5);
	for (int i = 0; i < (int)(sizeof texts / sizeof texts[0]); i++) {
		*texts[i] = sl_column_text_dup(st, 6 + i);
		if (*texts[i] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	sl_column_blob_put(st, 15, &out->publication);
	out->layers = sqlite3_column_int64(st, 16);
	out->revision = sqlite3_column_int64(st, 17);
	out->njudge = sqlite3_column_int64(st, 19);
	if ((out->title = sl_column_text_dup(st, 18)) == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	enum sl_rc rc = sl_column_digest(st, 13, out->policy_digest, err);
	if (rc == SL_OK)
		rc = sl_column_digest(st, 14, out->digest, err);
	return rc == SL_OK ? sl_buf_ok(&out->publication, "publication", err) : rc;
}

/* The second parameter, where there is one, is a revision. */
static enum sl_rc get_row(struct sl_db *db, const char *sql, int64_t id, int64_t revision, struct sl_store_request *out,
                          struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	if (revision > 0)
		sl_bind_i64(st, 2, revision);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		rc = read_row(st, out, err);
	sl_stmt_end(db, st);
	if (rc != SL_OK)
		sl_store_request_free(out);
	return rc;
}

enum sl_rc sl_store_request_get(struct sl_db *db, int64_t id, struct sl_store_request *out, struct sl_err *err)
{
	return get_row(db,
	               "SELECT id,job,state,created_at,nfindings,policy_serial,project,author,context,outputs,refusal,"
	               "statement,signature,policy_digest,digest,(SELECT sealed FROM publication p WHERE p.request=q.id AND "
	               "p.revision=q.revision),layers,revision,title,njudge FROM request q WHERE id=?",
	               id, 0, out, err);
}

enum sl_rc sl_store_request_head(struct sl_db *db, int64_t id, struct sl_store_request *out, struct sl_err *err)
{
	return get_row(db,
	               "SELECT id,job,state,created_at,nfindings,policy_serial,project,author,context,outputs,refusal,"
	               "statement,signature,policy_digest,digest,NULL,layers,revision,title,njudge FROM request "
	               "WHERE id=?",
	               id, 0, out, err);
}

enum sl_rc sl_store_request_revision(struct sl_db *db, int64_t id, int64_t revision, struct sl_store_request *out,
                                     struct sl_err *err)
{
	memset(out, 0, sizeof *out);
	if (revision < 1)
		return SL_E_NO;
	return get_row(db,
	               "SELECT q.id,q.job,q.state,v.created_at,v.nfindings,v.policy_serial,q.project,q.author,v.context,"
	               "v.outputs,v.refusal,v.statement,v.signature,v.policy_digest,v.digest,p.sealed,v.layers,"
	               "v.revision,v.title,v.njudge FROM request q JOIN request_revision v ON v.request=q.id "
	               "LEFT JOIN publication p ON p.request=v.request AND p.revision=v.revision "
	               "WHERE q.id=?1 AND v.revision=?2",
	               id, revision, out, err);
}

enum sl_rc sl_store_request_revisions(struct sl_db *db, int64_t id, int64_t **numbers, uint32_t *n, struct sl_err *err)
{
	return sl_store_ids(db, "SELECT revision FROM request_revision WHERE request=?1 ORDER BY revision", id, numbers, n,
	                    err);
}

enum sl_rc sl_store_request_spoke(struct sl_db *db, int64_t id, const char *person, int64_t *revision,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT max(coalesce((SELECT max(revision) FROM review WHERE request=?1 AND "
	                              "person=?2),0),coalesce((SELECT max(revision) FROM request_comment WHERE request=?1 "
	                              "AND person=?2),0))",
	                              &st, err);

	*revision = 0;
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, id);
	sl_bind_text(st, 2, person);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		*revision = sqlite3_column_int64(st, 0);
	sl_stmt_end(db, st);
	return rc;
}

_Static_assert(SL_REQUEST_SUBMITTED == 1 && SL_REQUEST_PARTLY == 6, "the states that wait, in the text of a query");

enum sl_rc sl_store_request_ids(struct sl_db *db, bool waiting, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	return sl_store_ids(db, "SELECT id FROM request WHERE ?1=0 OR state IN (1,6) ORDER BY id", waiting, ids, n, err);
}

void sl_store_request_free(struct sl_store_request *r)
{
	if (r == NULL)
		return;
	char *texts[] = { r->project, r->author,    r->context,   r->outputs,
		          r->refusal, r->statement, r->signature, r->title };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		free(texts[i]);
	sl_buf_free(&r->publication);
	memset(r, 0, sizeof *r);
}
