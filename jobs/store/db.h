/*
 * db.h - state.db: opening, schema, transactions, and the few words of SQLite the store files use.
 *
 * Only jobs/store speaks SQL. One writer at a time (BEGIN IMMEDIATE); a state change and its audit leaf are one
 * commit; no confined process runs while a transaction is open.
 */
#ifndef SL_JOBS_STORE_DB_H
#define SL_JOBS_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>

#include "enclave/base/buf.h"

#define SL_DB_KEPT_MAX 24

struct sl_db {
	sqlite3 *handle;
	bool in_transaction;
	/* Statements that ended and may be asked again, without a value of anybody's; the oldest first. */
	sqlite3_stmt *kept[SL_DB_KEPT_MAX];
	uint32_t nkept;
};

/*
 * sl_db_create - make path (must not exist) with the schema. sl_db_open - open it, brought to this version when it is
 * older; SL_E_INPUT: not a state file of ours or of a later version, and left as it was; SL_E_INTEGRITY: no database at
 * all. Zeroed on failure.
 */
SL_MUST_CHECK enum sl_rc sl_db_create(const char *path, struct sl_db *db, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_db_open(const char *path, struct sl_db *db, struct sl_err *err);
/* sl_db_is_older - whether sl_db_open would bring it to this version, from which, to which. False also: who knows. */
bool sl_db_is_older(const char *path, int64_t *from, int64_t *to);
/*
 * sl_db_open_reading - only to read, and without waiting: SL_E_BUSY or SL_E_IO when somebody holds it; SL_E_INPUT: of
 * another version.
 */
SL_MUST_CHECK enum sl_rc sl_db_open_reading(const char *path, struct sl_db *db, struct sl_err *err);
void sl_db_close(struct sl_db *db);

/*
 * sl_db_begin - take the writer lock, waiting some seconds. SL_E_BUSY: somebody else holds it. Rollback does
 * nothing outside one.
 */
SL_MUST_CHECK enum sl_rc sl_db_begin(struct sl_db *db, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_db_commit(struct sl_db *db, struct sl_err *err);
void sl_db_rollback(struct sl_db *db);

/*
 * sl_db_scrub - write the file anew and empty its log, so that no byte of what was deleted is left in either. Outside a
 * transaction. SL_E_BUSY: somebody reads or writes (asked once, or for some seconds when `wait`); deleted bytes may
 * still be there.
 */
SL_MUST_CHECK enum sl_rc sl_db_scrub(struct sl_db *db, bool wait, struct sl_err *err);

/*
 * One statement, bound by position from 1 with the sl_bind_* calls, finished with sl_stmt_end in every case. Parsing it
 * takes longer than most answers: the last ones are kept.
 *   sl_stmt_row   SL_OK a row is there; SL_E_NO no more rows (err untouched)
 *   sl_stmt_run   step a statement without rows to its end
 */
SL_MUST_CHECK enum sl_rc sl_stmt_begin(struct sl_db *db, const char *sql, sqlite3_stmt **st, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_stmt_row(struct sl_db *db, sqlite3_stmt *st, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_stmt_run(struct sl_db *db, sqlite3_stmt *st, struct sl_err *err);
void sl_stmt_end(struct sl_db *db, sqlite3_stmt *st); /* NULL: nothing to end */

/*
 * sl_stmt_all - the rows of a bound statement as a heap array; the statement is ended in every case.
 *   each   in   bytes of an element; it is zeroed before `take` reads the row into it
 *   out    out  NULL when there are no rows, and on failure
 *   drop   in   frees such an array of n; called on failure alone, with what take left of the last element
 */
typedef enum sl_rc sl_stmt_take(sqlite3_stmt *st, void *item, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_stmt_all(struct sl_db *db, sqlite3_stmt *st, size_t each, sl_stmt_take *take,
                                     void (*drop)(void *items, uint32_t n), void **out, uint32_t *n,
                                     struct sl_err *err);
void sl_bind_text(sqlite3_stmt *st, int i, const char *s);            /* NULL binds NULL; copied */
void sl_bind_blob(sqlite3_stmt *st, int i, const void *data, size_t len);
void sl_bind_i64(sqlite3_stmt *st, int i, int64_t v);

/*
 * sl_column_text_dup - heap copy of a text column, "" for NULL; NULL when out of memory. sl_column_blob_put -
 * append a blob column.
 */
char *sl_column_text_dup(sqlite3_stmt *st, int i);
void sl_column_blob_put(sqlite3_stmt *st, int i, struct sl_buf *out);
/* sl_column_digest - a 32-byte blob column; SL_E_INTEGRITY when it has another length. */
SL_MUST_CHECK enum sl_rc sl_column_digest(sqlite3_stmt *st, int i, uint8_t out[static 32], struct sl_err *err);

/* Each store file's tables; run by sl_db_create in this order. */
extern const char sl_store_meta_schema[], sl_store_log_schema[], sl_store_policy_schema[], sl_store_table_schema[],
	sl_store_job_schema[], sl_store_request_schema[], sl_store_release_schema[], sl_store_table_schema_2[],
	sl_store_table_schema_3[], sl_store_members_schema[], sl_store_request_schema_3[], sl_store_request_schema_2[],
	sl_store_log_schema_2[], sl_store_members_schema_2[], sl_store_owner_schema[], sl_store_entry_schema[],
	sl_store_recovered_schema[], sl_store_request_schema_4[], sl_store_quality_schema[], sl_store_recovered_schema_2[],
	sl_store_request_schema_5[], sl_store_seen_schema[], sl_store_job_schema_2[];

#endif
