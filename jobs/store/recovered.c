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

/* A bundle whose number another release has here: its publication tells it apart. */
const char sl_store_recovered_schema_2[] =
	"CREATE TABLE recovered_fork("
	"publication BLOB PRIMARY KEY, release INTEGER NOT NULL, request INTEGER NOT NULL, at INTEGER NOT NULL,"
	"project TEXT NOT NULL, person TEXT NOT NULL, why TEXT NOT NULL) STRICT;"
	"CREATE TABLE recovered_fork_space("
	"publication BLOB NOT NULL REFERENCES recovered_fork(publication), space TEXT NOT NULL,"
	"PRIMARY KEY(publication, space)) STRICT;";

/* What is stored of both alike. */
#define COLUMNS "release,request,at,publication,project,person,why"
#define TO_COLUMNS "(" COLUMNS ") VALUES(?,?,?,?,?,?,?)"

/* What its row is found by, as the first parameter. */
static void bind_key(sqlite3_stmt *st, const struct sl_store_recovered *of)
{
	if (of->is_fork)
		sl_bind_blob(st, 1, of->publication, sizeof of->publication);
	else
		sl_bind_i64(st, 1, of->release);
}

static enum sl_rc forget_spaces(struct sl_db *db, const struct sl_store_recovered *of, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              of->is_fork ? "DELETE FROM recovered_fork_space WHERE publication=?"
	                                          : "DELETE FROM recovered_space WHERE release=?",
	                              &st, err);

	if (rc != SL_OK)
		return rc;
	bind_key(st, of);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_recovered_put(struct sl_db *db, const struct sl_store_recovered *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = forget_spaces(db, r, err);

	if (rc == SL_OK)
		rc = sl_stmt_begin(db,
		                   r->is_fork ? "INSERT OR REPLACE INTO recovered_fork" TO_COLUMNS
		                              : "INSERT OR REPLACE INTO recovered" TO_COLUMNS,
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
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc take(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	struct sl_store_recovered *out = item;
	char **texts[] = { &out->project, &out->person, &out->why };

	out->release = sqlite3_column_int64(st, 0);
	out->request = sqlite3_column_int64(st, 1);
	out->at = sqlite3_column_int64(st, 2);
	out->is_fork = sqlite3_column_int64(st, 7) != 0;
	for (int i = 0; i < 3; i++)
		if ((*texts[i] = sl_column_text_dup(st, 4 + i)) == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return sl_column_digest(st, 3, out->publication, err);
}

/* The one row of a bound statement; it is ended. */
static enum sl_rc get(struct sl_db *db, sqlite3_stmt *st, struct sl_store_recovered *out, struct sl_err *err)
{
	enum sl_rc rc = sl_stmt_row(db, st, err);

	if (rc == SL_OK)
		rc = take(st, out, err);
	sl_stmt_end(db, st);
	if (rc != SL_OK)
		sl_store_recovered_free(out);
	return rc;
}

enum sl_rc sl_store_recovered_get(struct sl_db *db, int64_t release, struct sl_store_recovered *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(db, "SELECT " COLUMNS ",0 FROM recovered WHERE release=?", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, release);
	return get(db, st, out, err);
}

enum sl_rc sl_store_recovered_fork(struct sl_db *db, const uint8_t publication[static 32],
                                   struct sl_store_recovered *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_stmt_begin(db, "SELECT " COLUMNS ",1 FROM recovered_fork WHERE publication=?", &st, err);
	if (rc != SL_OK)
		return rc;
	sl_bind_blob(st, 1, publication, 32);
	return get(db, st, out, err);
}

void sl_store_recovered_free(struct sl_store_recovered *r)
{
	free(r->project);
	free(r->person);
	free(r->why);
	memset(r, 0, sizeof *r);
}

void sl_store_recovered_list_free(struct sl_store_recovered *rows, uint32_t n)
{
	for (uint32_t i = 0; rows != NULL && i < n; i++)
		sl_store_recovered_free(&rows[i]);
	free(rows);
}

static void drop(void *items, uint32_t n)
{
	sl_store_recovered_list_free(items, n);
}

enum sl_rc sl_store_recovered_space(struct sl_db *db, const struct sl_store_recovered *of, const char *space,
                                    struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db,
		of->is_fork ? "INSERT INTO recovered_fork_space(publication,space) VALUES(?,?) ON CONFLICT DO NOTHING"
	                : "INSERT INTO recovered_space(release,space) VALUES(?,?) ON CONFLICT DO NOTHING",
		&st, err);

	if (rc != SL_OK)
		return rc;
	bind_key(st, of);
	sl_bind_text(st, 2, space);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_recovered_unknown(struct sl_db *db, const char *space, struct sl_store_recovered **rows,
                                      uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;

	*rows = NULL;
	*n = 0;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT " COLUMNS ",0 FROM recovered AS r WHERE why<>'' AND (?1 IS NULL OR EXISTS("
	                              "SELECT 1 FROM recovered_space WHERE release=r.release AND space IN (?1,"
	                              "'" SL_STORE_EVERY_SPACE "'))) "
	                              "UNION ALL SELECT " COLUMNS ",1 FROM recovered_fork AS f WHERE why<>'' AND ("
	                              "?1 IS NULL OR EXISTS(SELECT 1 FROM recovered_fork_space WHERE "
	                              "publication=f.publication AND space IN (?1,'" SL_STORE_EVERY_SPACE "'))) "
	                              "ORDER BY 1, 8",
	                              &st, err);
	if (rc != SL_OK)
		return rc;
	if (space != NULL)
		sl_bind_text(st, 1, space);
	return sl_stmt_all(db, st, sizeof **rows, take, drop, (void **)rows, n, err);
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
		sl_stmt_end(db, st);
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
