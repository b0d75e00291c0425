/*
 * comment.h - the rows of what was said about requests.
 */
#ifndef SL_JOBS_STORE_COMMENT_H
#define SL_JOBS_STORE_COMMENT_H

#include "jobs/store/db.h"

/* What was said about a request, for all who see it or among reviewers. */
struct sl_store_comment {
	int64_t request, revision, at, private;
	char *person, *text;
};
SL_MUST_CHECK enum sl_rc sl_store_comment_insert(struct sl_db *db, const struct sl_store_comment *row,
                                                 struct sl_err *err);
/* sl_store_comment_list - oldest first; all_of_them: the private ones too. Free with sl_store_comment_free. */
SL_MUST_CHECK enum sl_rc sl_store_comment_list(struct sl_db *db, int64_t request, bool all_of_them,
                                               struct sl_store_comment **out, uint32_t *n, struct sl_err *err);
void sl_store_comment_free(struct sl_store_comment *rows, uint32_t n);

#endif
