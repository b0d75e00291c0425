/* recovered.c - see recovered.h. */
#include "jobs/store/recovered.h"

#include <stdlib.h>
#include <string.h>

#include "jobs/store/job.h"

const char sl_store_recovered_schema[] =
	"CREATE TABLE recovered("
	"release INTEGER PRIMARY KEY, request INTEGER NOT NULL, at INTEGER NOT NULL, publication BLOB NOT NULL,"
	"project TEXT NOT NULL, person TEXT NOT NULL, why TEXT NOT NULL) STRICT;"
	"CREATE TABLE recovered_space("
	"release INTEGER NOT NULL REFERENCES recovered(release), space TEXT NOT NULL, PRIMARY KEY(release, space)) STRICT;";

enum sl_rc sl_store_recovered_put(struct sl_db *db, const struct sl_store_recovered *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "DELETE FROM recovered_space WHERE release=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, r->release);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	st = NULL;
	if (rc == SL_OK)
		rc = sl_stmt_begin(db,
		                   "INSERT OR REPLACE INTO recovered(release,request,at,publication,project,person,why)"
		                   " VALUES(?,?,?,?,?,?,?)",
		                   &st, err);
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, r->release);
		sl_bind_i64(st, 2, r->request);
		sl_bind_i64(st, 3, r->at);
		sl_bind_blob(st, 4, r->publication, sizeof r->publication);
		sl_bind_text(st, 5, r->project);
		sl_bind_text(st, 6, r->person);
		sl_bind_text(st, 7, r->why);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_store_recovered_get(struct sl_db *db, int64_t release, struct sl_store_recovered *out, struct sl_err *err)
{
	char **texts[] = { &out->project, &out->person, &out->why };
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT release,request,at,publication,project,person,why FROM recovered WHERE release=?", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, release);
	rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		out->release = sqlite3_column_int64(st, 0);
		out->request = sqlite3_column_int64(st, 1);
		out->at = sqlite3_column_int64(st, 2);
		rc = sl_column_digest(st, 3, out->publication, err);
	}
	for (int i = 0; i < 3 && rc == SL_OK; i++)
		if ((*texts[i] = sl_column_text_dup(st, 4 + i)) == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	sl_stmt_end(st);
	if (rc != SL_OK)
		sl_store_recovered_free(out);
	return rc;
}

void sl_store_recovered_free(struct sl_store_recovered *r)
{
	free(r->project);
	free(r->person);
	free(r->why);
	memset(r, 0, sizeof *r);
}

enum sl_rc sl_store_recovered_space(struct sl_db *db, int64_t release, const char *space, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc =
		sl_stmt_begin(db, "INSERT INTO recovered_space(release,space) VALUES(?,?) ON CONFLICT DO NOTHING", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, release);
	sl_bind_text(st, 2, space);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(st);
	return rc;
}

enum sl_rc sl_store_recovered_ids(struct sl_db *db, const char *space, int64_t **ids, uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc;

	*ids = NULL;
	*n = 0;
	if (space == NULL)
		return sl_store_ids(db, "SELECT release FROM recovered WHERE why<>'' AND ?1=0 ORDER BY release", 0, ids, n, err);
	rc = sl_stmt_begin(db,
	                   "SELECT DISTINCT release FROM recovered_space WHERE space=? OR space='" SL_STORE_EVERY_SPACE
	                   "' ORDER BY release",
	                   &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_text(st, 1, space);
	return sl_store_ids_of(db, st, ids, n, err);
}

static enum sl_rc reached(struct sl_db *db, const char *sql, int64_t *id, struct sl_err *err)
{
	int64_t *ids = NULL;
	uint32_t n = 0;
	enum sl_rc rc = sl_store_ids(db, sql, 0, &ids, &n, err);

	*id = rc == SL_OK && n > 0 ? ids[0] : 0;
	free(ids);
	return rc;
}

enum sl_rc sl_store_reached_release(struct sl_db *db, int64_t *id, struct sl_err *err)
{
	return reached(db, "SELECT seq FROM sqlite_sequence WHERE name='release' AND ?1=0", id, err);
}

enum sl_rc sl_store_reached_request(struct sl_db *db, int64_t *id, struct sl_err *err)
{
	return reached(db, "SELECT seq FROM sqlite_sequence WHERE name='request' AND ?1=0", id, err);
}

/* SQLite makes the row of a table with its first insertion: until then there is none to raise. */
static enum sl_rc reach(struct sl_db *db, const char *const sql[2], int64_t id, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (int i = 0; i < 2 && rc == SL_OK; i++) {
		sqlite3_stmt *st = NULL;
		rc = sl_stmt_begin(db, sql[i], &st, err);
		if (rc != SL_OK)
			break;
		sl_bind_i64(st, 1, id);
		rc = sl_stmt_run(db, st, err);
		sl_stmt_end(st);
	}
	return rc;
}

enum sl_rc sl_store_reach_release(struct sl_db *db, int64_t id, struct sl_err *err)
{
	static const char *const sql[2] = {
		"UPDATE sqlite_sequence SET seq=max(seq, ?1) WHERE name='release'",
		"INSERT INTO sqlite_sequence(name,seq) SELECT 'release', ?1"
		" WHERE NOT EXISTS(SELECT 1 FROM sqlite_sequence WHERE name='release')",
	};

	return reach(db, sql, id, err);
}

enum sl_rc sl_store_reach_request(struct sl_db *db, int64_t id, struct sl_err *err)
{
	static const char *const sql[2] = {
		"UPDATE sqlite_sequence SET seq=max(seq, ?1) WHERE name='request'",
		"INSERT INTO sqlite_sequence(name,seq) SELECT 'request', ?1"
		" WHERE NOT EXISTS(SELECT 1 FROM sqlite_sequence WHERE name='request')",
	};

	return reach(db, sql, id, err);
}
