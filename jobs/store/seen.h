/*
 * seen.h - the rows of which revisions of requests a reviewer has looked at, and how often jobs told of rows by how
 * they ended: jobs/unseen.h bounds how much of that of a project nobody has seen.
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

/* sl_store_seen_not_jobs - how often jobs of the project told of rows and nobody has looked; what runs counts. */
SL_MUST_CHECK enum sl_rc sl_store_seen_not_jobs(struct sl_db *db, const char *project, int64_t *n, struct sl_err *err);
/* sl_store_seen_not_job - a job has once more, or (more false) once less; never less than not at all. */
SL_MUST_CHECK enum sl_rc sl_store_seen_not_job(struct sl_db *db, int64_t job, bool more, struct sl_err *err);
/* sl_store_seen_job - somebody has looked. Of a job that runs there is nothing to see yet. */
SL_MUST_CHECK enum sl_rc sl_store_seen_job(struct sl_db *db, int64_t job, struct sl_err *err);

#endif
