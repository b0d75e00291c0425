/*
 * seen.h - the rows of which revisions of requests a reviewer has looked at: each that was judged told its author one
 * bit of rows, and jobs/unseen.h bounds how many of a project nobody has seen.
 */
#ifndef SL_JOBS_STORE_SEEN_H
#define SL_JOBS_STORE_SEEN_H

#include "jobs/store/db.h"

/* sl_store_seen_put - a reviewer has; once more is as once. */
SL_MUST_CHECK enum sl_rc sl_store_seen_put(struct sl_db *db, int64_t request, int64_t revision, struct sl_err *err);
/* A revision of a request that nobody has looked at. */
struct sl_store_unseen {
	int64_t request, revision;
	bool waits; /* it is the one there is, and with the reviewers */
};
/*
 * sl_store_seen_not - those of a project that nobody has looked at or decided on, whatever became of them since, the
 * oldest request first. What has left was decided on. project NULL: of all. Heap.
 */
SL_MUST_CHECK enum sl_rc sl_store_seen_not(struct sl_db *db, const char *project, struct sl_store_unseen **out,
                                           uint32_t *n, struct sl_err *err);

#endif
