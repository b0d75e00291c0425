/*
 * review.h - the rows of decisions on requests: reviewers', and those of owners of the tables.
 */
#ifndef SL_JOBS_STORE_REVIEW_H
#define SL_JOBS_STORE_REVIEW_H

#include "jobs/store/db.h"

/* One decision; statement holds the exact bytes that were signed. */
struct sl_store_review {
	int64_t id, request, decision, decided_at;
	char *person, *key, *statement, *signature;
};
SL_MUST_CHECK enum sl_rc sl_store_review_insert(struct sl_db *db, const struct sl_store_review *row,
                                                struct sl_err *err);
/*
 * sl_store_review_list - each person's latest on the revision there is of a request, by number. Free with
 * sl_store_review_free. sl_store_review_before - the same on an earlier revision: they count nowhere.
 */
SL_MUST_CHECK enum sl_rc sl_store_review_list(struct sl_db *db, int64_t request, struct sl_store_review **out,
                                              uint32_t *n, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_review_before(struct sl_db *db, int64_t request, int64_t revision,
                                                struct sl_store_review **out, uint32_t *n, struct sl_err *err);
/* The same of owners of the tables: another table, so that one never counts as the other. */
SL_MUST_CHECK enum sl_rc sl_store_owner_review_insert(struct sl_db *db, const struct sl_store_review *row,
                                                      struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_owner_review_list(struct sl_db *db, int64_t request, struct sl_store_review **out,
                                                    uint32_t *n, struct sl_err *err);
void sl_store_review_free(struct sl_store_review *rows, uint32_t n);

#endif
