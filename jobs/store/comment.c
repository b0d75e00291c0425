/* comment.c - see comment.h. The table is of request.c's schema. */
#include "jobs/store/comment.h"

#include <stdlib.h>

enum sl_rc sl_store_comment_insert(struct sl_db *db, const struct sl_store_comment *r, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "INSERT INTO request_comment(request,revision,at,private,person,text) VALUES(?,?,?,?,?,?)", &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->request);
	sl_bind_i64(st, 2, r->revision);
	sl_bind_i64(st, 3, r->at);
	sl_bind_i64(st, 4, r->private);
	sl_bind_text(st, 5, r->person);
	sl_bind_text(st, 6, r->text);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc take_comment(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	struct sl_store_comment *c = item;

	*c = (struct sl_store_comment){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
		                            sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3),
		                            sl_column_text_dup(st, 4), sl_column_text_dup(st, 5) };
	return c->person != NULL && c->text != NULL ? SL_OK : sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static void drop_comments(void *rows, uint32_t n)
{
	sl_store_comment_free(rows, n);
}

enum sl_rc sl_store_comment_list(struct sl_db *db, int64_t request, bool all_of_them, struct sl_store_comment **out,
                                 uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	void *rows = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT request,revision,at,private,person,text FROM request_comment "
	                              "WHERE request=? AND (private=0 OR ?) ORDER BY id",
	                              &st, err);

	*n = 0;
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, request);
		sl_bind_i64(st, 2, all_of_them);
		rc = sl_stmt_all(db, st, sizeof **out, take_comment, drop_comments, &rows, n, err);
	}
	*out = rows;
	return rc;
}

void sl_store_comment_free(struct sl_store_comment *rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		free(rows[i].person);
		free(rows[i].text);
	}
	free(rows);
}
