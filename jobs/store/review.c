/* review.c - see review.h. The tables are of request.c's schema, and of owner.c's. */
#include "jobs/store/review.h"

#include <stdlib.h>

/* A decision is on the revision there is: what was decided on an earlier one is kept, and never counts. */
#define REVISION_OF_NOW "revision=(SELECT revision FROM request WHERE id=?1)"
#define OF_NOW " VALUES(?1,?2,?3,?4,?5,?6,?7,(SELECT revision FROM request WHERE id=?1))"

/* Reviewers' and owners' decisions lie in two tables of one shape: one never counts as the other. */
static enum sl_rc insert_decision(struct sl_db *db, const char *sql, const struct sl_store_review *r,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	if (rc != SL_OK)
		return rc;
	sl_bind_i64(st, 1, r->request);
	sl_bind_i64(st, 2, r->decision);
	sl_bind_i64(st, 3, r->decided_at);
	sl_bind_text(st, 4, r->person);
	sl_bind_text(st, 5, r->key);
	sl_bind_text(st, 6, r->statement);
	sl_bind_text(st, 7, r->signature);
	rc = sl_stmt_run(db, st, err);
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_review_insert(struct sl_db *db, const struct sl_store_review *r, struct sl_err *err)
{
	return insert_decision(
		db, "INSERT INTO review(request,decision,decided_at,person,key,statement,signature,revision)" OF_NOW, r,
		err);
}

enum sl_rc sl_store_owner_review_insert(struct sl_db *db, const struct sl_store_review *r, struct sl_err *err)
{
	return insert_decision(
		db,
		"INSERT INTO owner_review(request,decision,decided_at,person,key,statement,signature,revision)" OF_NOW, r,
		err);
}

static enum sl_rc take_review(sqlite3_stmt *st, void *item, struct sl_err *err)
{
	struct sl_store_review *r = item;
	char **texts[] = { &r->person, &r->key, &r->statement, &r->signature };

	r->id = sqlite3_column_int64(st, 0);
	r->request = sqlite3_column_int64(st, 1);
	r->decision = sqlite3_column_int64(st, 2);
	r->decided_at = sqlite3_column_int64(st, 3);
	for (int i = 0; i < 4; i++) {
		*texts[i] = sl_column_text_dup(st, 4 + i);
		if (*texts[i] == NULL)
			return sl_err_set(err, SL_E_NOMEM, "out of memory");
	}
	return SL_OK;
}

static void drop_reviews(void *rows, uint32_t n)
{
	sl_store_review_free(rows, n);
}

/* revision 0: sql asks for the one there is. */
static enum sl_rc list_decisions(struct sl_db *db, const char *sql, int64_t request, int64_t revision,
                                 struct sl_store_review **out, uint32_t *n, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	void *rows = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	*n = 0;
	if (rc == SL_OK) {
		sl_bind_i64(st, 1, request);
		if (revision > 0)
			sl_bind_i64(st, 2, revision);
		rc = sl_stmt_all(db, st, sizeof **out, take_review, drop_reviews, &rows, n, err);
	}
	*out = rows;
	return rc;
}

enum sl_rc sl_store_review_list(struct sl_db *db, int64_t request, struct sl_store_review **out, uint32_t *n,
                                struct sl_err *err)
{
	return list_decisions(db,
	                      "SELECT id,request,decision,decided_at,person,key,statement,signature FROM review "
	                      "WHERE id IN (SELECT max(id) FROM review WHERE request=?1 AND " REVISION_OF_NOW
	                      " GROUP BY person) ORDER BY id",
	                      request, 0, out, n, err);
}

enum sl_rc sl_store_review_before(struct sl_db *db, int64_t request, int64_t revision, struct sl_store_review **out,
                                  uint32_t *n, struct sl_err *err)
{
	return list_decisions(db,
	                      "SELECT id,request,decision,decided_at,person,key,statement,signature FROM review "
	                      "WHERE id IN (SELECT max(id) FROM review WHERE request=?1 AND revision=?2 GROUP BY person) "
	                      "ORDER BY id",
	                      request, revision, out, n, err);
}

enum sl_rc sl_store_owner_review_list(struct sl_db *db, int64_t request, struct sl_store_review **out, uint32_t *n,
                                      struct sl_err *err)
{
	return list_decisions(db,
	                      "SELECT id,request,decision,decided_at,person,key,statement,signature FROM owner_review "
	                      "WHERE id IN (SELECT max(id) FROM owner_review WHERE request=?1 AND " REVISION_OF_NOW
	                      " GROUP BY person) ORDER BY id",
	                      request, 0, out, n, err);
}

void sl_store_review_free(struct sl_store_review *rows, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		free(rows[i].person);
		free(rows[i].key);
		free(rows[i].statement);
		free(rows[i].signature);
	}
	free(rows);
}
