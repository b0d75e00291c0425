/* log.c - see log.h. */
#include "jobs/store/log.h"

#include <string.h>

/* Leaves are canonical JSON: a quote within a text is escaped, so only the member itself reads like this. */
#define IS_POLICY "instr(body, CAST('\"kind\":\"policy.applied\"' AS BLOB))>0"

const char sl_store_log_schema[] =
	"CREATE TABLE leaf(n INTEGER PRIMARY KEY, body BLOB NOT NULL, hash BLOB NOT NULL CHECK(length(hash)=32));"
	"CREATE TABLE edge(one INTEGER PRIMARY KEY CHECK(one=1), size INTEGER NOT NULL, hashes BLOB NOT NULL);"
	"INSERT INTO edge VALUES(1, 0, zeroblob(0));";

/* What an older state file has not kept is worked out from its leaves. */
const char sl_store_log_schema_2[] =
	"CREATE TABLE node(level INTEGER NOT NULL, n INTEGER NOT NULL, hash BLOB NOT NULL CHECK(length(hash)=32),"
	" PRIMARY KEY(level, n)) WITHOUT ROWID;"
	"CREATE INDEX leaf_policy ON leaf(n) WHERE " IS_POLICY ";";

enum sl_rc sl_log_edge(struct sl_db *db, struct sl_merkle_edge *edge, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT size, hashes FROM edge", &st, err);

	memset(edge, 0, sizeof *edge);
	if (rc == SL_OK)
		rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK) {
		size_t len = (size_t)sqlite3_column_bytes(st, 1);
		edge->size = (uint64_t)sqlite3_column_int64(st, 0);
		if (len % 32 != 0 || len > sizeof edge->hash)
			rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: the log's edge is damaged");
		else if (len > 0)
			memcpy(edge->hash, sqlite3_column_blob(st, 1), len);
	} else if (rc == SL_E_NO) {
		rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: the log's edge is gone");
	}
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc store_edge(struct sl_db *db, const struct sl_merkle_edge *edge, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	size_t n = 0;
	enum sl_rc rc = sl_stmt_begin(db, "UPDATE edge SET size=?, hashes=?", &st, err);

	while (n < SL_MERKLE_PROOF_MAX && (edge->size >> n) != 0)
		n++;
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, (int64_t)edge->size);
		sl_bind_blob(st, 2, edge->hash, n * 32);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

/* The subtrees that are whole now and were not before the last leaf. */
static enum sl_rc store_nodes(struct sl_db *db, uint64_t size, const struct sl_merkle_hash *whole, struct sl_err *err)
{
	enum sl_rc rc = SL_OK;

	for (unsigned k = SL_MERKLE_TILE; rc == SL_OK && sl_merkle_is_whole(size, k); k += SL_MERKLE_TILE) {
		sqlite3_stmt *st = NULL;
		rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO node VALUES(?,?,?)", &st, err);
		if (rc == SL_OK) {
			sl_bind_i64(st, 1, k);
			sl_bind_i64(st, 2, (int64_t)((size >> k) - 1));
			sl_bind_blob(st, 3, whole[k].b, sizeof whole[k].b);
			rc = sl_stmt_run(db, st, err);
		}
		sl_stmt_end(db, st);
	}
	return rc;
}

enum sl_rc sl_log_add(struct sl_db *db, struct sl_merkle_edge *edge, const void *body, size_t len, struct sl_err *err)
{
	struct sl_merkle_hash hash, whole[SL_MERKLE_PROOF_MAX];
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_merkle_leaf(body, len, &hash, err);

	SL_REQUIRE(db->in_transaction);
	if (rc == SL_OK)
		rc = sl_stmt_begin(db, "INSERT INTO leaf VALUES(?,?,?)", &st, err);
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, (int64_t)edge->size);
		sl_bind_blob(st, 2, body, len);
		sl_bind_blob(st, 3, hash.b, 32);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		rc = sl_merkle_edge_grow(edge, 0, &hash, whole, err);
	if (rc == SL_OK)
		rc = store_nodes(db, edge->size, whole, err);
	return rc == SL_OK ? store_edge(db, edge, err) : rc;
}

enum sl_rc sl_log_body(struct sl_db *db, uint64_t index, struct sl_buf *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT body FROM leaf WHERE n=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, (int64_t)index);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		sl_column_blob_put(st, 0, out);
	else if (rc == SL_E_NO)
		(void)sl_err_set(err, SL_E_NO, "the log has no leaf %llu", (unsigned long long)index);
	sl_stmt_end(db, st);
	return rc == SL_OK ? sl_buf_ok(out, "leaf", err) : rc;
}

enum sl_rc sl_log_last_policy(struct sl_db *db, struct sl_buf *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT body FROM leaf WHERE " IS_POLICY " ORDER BY n DESC LIMIT 1", &st, err);

	if (rc == SL_OK)
		rc = sl_stmt_row(db, st, err);
	if (rc == SL_OK)
		sl_column_blob_put(st, 0, out);
	sl_stmt_end(db, st);
	return rc == SL_OK ? sl_buf_ok(out, "leaf", err) : rc;
}

static enum sl_rc get_hash(void *self, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err)
{
	struct sl_db *db = self;
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT hash FROM leaf WHERE n=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, (int64_t)index);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		rc = sl_column_digest(st, 0, out->b, err);
	else if (rc == SL_E_NO)
		rc = sl_err_set(err, SL_E_INTEGRITY, "log leaf %llu is gone", (unsigned long long)index);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_log_node(struct sl_db *db, unsigned level, uint64_t index, struct sl_merkle_hash *out,
                       struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT hash FROM node WHERE level=? AND n=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, level);
		sl_bind_i64(st, 2, (int64_t)index);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		rc = sl_column_digest(st, 0, out->b, err);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc get_node(void *self, unsigned level, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err)
{
	return sl_log_node(self, level, index, out, err);
}

struct sl_merkle_leaves sl_log_leaves(struct sl_db *db, uint64_t size)
{
	return (struct sl_merkle_leaves){.get = get_hash, .node = get_node, .self = db, .size = size};
}

enum sl_rc sl_log_each(struct sl_db *db, uint64_t from,
                       enum sl_rc (*see)(void *self, uint64_t index, const void *body, size_t len,
                                         const struct sl_merkle_hash *hash, struct sl_err *err),
                       void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	struct sl_merkle_hash hash;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT n, body, hash FROM leaf WHERE n>=? ORDER BY n", &st, err);

	if (rc == SL_OK)
		sl_bind_i64(st, 1, from > 0 ? (int64_t)from : INT64_MIN);
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK) {
		rc = sl_column_digest(st, 2, hash.b, err);
		if (rc == SL_OK)
			rc = see(self, (uint64_t)sqlite3_column_int64(st, 0), sqlite3_column_blob(st, 1),
			         (size_t)sqlite3_column_bytes(st, 1), &hash, err);
	}
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}
