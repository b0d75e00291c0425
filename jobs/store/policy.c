/* policy.c - see policy.h. */
#include "jobs/store/policy.h"

#include <string.h>

#include "enclave/vault/seal.h"

const char sl_store_policy_schema[] =
	"CREATE TABLE policy(serial INTEGER PRIMARY KEY, text BLOB NOT NULL, digest BLOB NOT NULL, armours BLOB NOT NULL,"
	" at INTEGER NOT NULL);"
	"CREATE TABLE catalogue(dataset TEXT PRIMARY KEY, text BLOB NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL);";

enum sl_rc sl_policy_put(struct sl_db *db, uint64_t serial, const void *text, size_t len,
                         const uint8_t digest[static 32], const struct sl_buf *armours, int64_t at, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT INTO policy VALUES(?,?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, (int64_t)serial);
		sl_bind_blob(st, 2, text, len);
		sl_bind_blob(st, 3, digest, 32);
		sl_bind_blob(st, 4, armours->data, armours->len);
		sl_bind_i64(st, 5, at);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_policy_stored(struct sl_db *db, uint32_t back, struct sl_buf *text, struct sl_buf *armours,
                            uint8_t digest[static 32], struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	uint8_t now[32];
	enum sl_rc rc = sl_stmt_begin(db, "SELECT text, armours, digest FROM policy ORDER BY serial DESC LIMIT 1 OFFSET ?",
	                              &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, back);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK) {
		sl_column_blob_put(st, 0, text);
		sl_column_blob_put(st, 1, armours);
		rc = sl_column_digest(st, 2, digest, err);
	}
	sl_stmt_end(db, st);
	if (rc == SL_OK)
		rc = sl_buf_ok(text, "policy", err);
	if (rc == SL_OK)
		rc = sl_buf_ok(armours, "policy signatures", err);
	if (rc == SL_OK)
		rc = sl_seal_sha256(text->data, text->len, now, err);
	if (rc == SL_OK && memcmp(now, digest, sizeof now) != 0)
		rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: a stored policy was changed");
	return rc;
}

enum sl_rc sl_policy_stored_at(struct sl_db *db, uint32_t back, int64_t *at, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT at FROM policy ORDER BY serial DESC LIMIT 1 OFFSET ?", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, back);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		*at = sqlite3_column_int64(st, 0);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_catalogue_put(struct sl_db *db, const char *dataset, const void *text, size_t len,
                            const uint8_t digest[static 32], int64_t at, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO catalogue VALUES(?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, dataset);
		sl_bind_blob(st, 2, text, len);
		sl_bind_blob(st, 3, digest, 32);
		sl_bind_i64(st, 4, at);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

/* NULL: of all datasets. */
static enum sl_rc each_catalogue(struct sl_db *db, const char *dataset, sl_catalogue_see *see, void *self,
                                 struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	uint8_t digest[32], now[32];
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT dataset, text, digest FROM catalogue WHERE ?1 IS NULL OR dataset=?1 ORDER BY dataset", &st, err);

	if (rc == SL_OK)
		sl_bind_text(st, 1, dataset);
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK) {
		rc = sl_column_digest(st, 2, digest, err);
		/* A policy pins the digest; it is worth what this comparison makes it worth. */
		if (rc == SL_OK)
			rc = sl_seal_sha256(sqlite3_column_blob(st, 1), (size_t)sqlite3_column_bytes(st, 1), now, err);
		if (rc == SL_OK && memcmp(now, digest, sizeof now) != 0)
			rc = sl_err_set(err, SL_E_INTEGRITY, "state.db: a stored catalogue was changed");
		if (rc == SL_OK)
			rc = see(self, (const char *)sqlite3_column_text(st, 0), sqlite3_column_blob(st, 1),
			         (size_t)sqlite3_column_bytes(st, 1), digest, err);
	}
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_catalogue_each(struct sl_db *db, sl_catalogue_see *see, void *self, struct sl_err *err)
{
	return each_catalogue(db, NULL, see, self, err);
}

enum sl_rc sl_catalogue_one(struct sl_db *db, const char *dataset, sl_catalogue_see *see, void *self,
                            struct sl_err *err)
{
	return each_catalogue(db, dataset, see, self, err);
}
