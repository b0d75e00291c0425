/*
 * job.h - the rows of jobs: what was asked, what is sealed, who holds the lease.
 */
#ifndef SL_JOBS_STORE_JOB_H
#define SL_JOBS_STORE_JOB_H

#include "jobs/store/db.h"

/* Who runs a job: dead when no process of this boot has that number and start time. */
struct sl_lease {
	int64_t pid, start;
	char boot[64];
};

/* One row. Heap texts, never NULL after get; free with sl_store_job_free. */
struct sl_store_job {
	int64_t id, state, created_at, finished_at, layers, policy_serial;
	int64_t unseen;   /* what told of rows by how it ended, and nobody has looked at: jobs/unseen.h */
	char *project, *author, *file;
	char *printed;    /* escaped */
	char *outputs;    /* JSON: declared shapes */
	char *told, *reason;
	char *versions;   /* JSON: table → version */
	char *statement, *signature; /* "" when a session asked */
	struct sl_lease lease;
	uint8_t policy_digest[32];
	struct sl_buf script, view, plans; /* plans: sl_pack list of canonical plans */
	struct sl_buf result;              /* sealed */
};

/* sl_store_job_insert - add a running job, unseen until it has ended; *id is its number. */
SL_MUST_CHECK enum sl_rc sl_store_job_insert(struct sl_db *db, const struct sl_store_job *row, int64_t *id,
                                             struct sl_err *err);
/*
 * sl_store_job_finish - state, finished_at, layers, told, reason, unseen, result of row->id; SL_E_NO: it does not run
 * any more.
 */
SL_MUST_CHECK enum sl_rc sl_store_job_finish(struct sl_db *db, const struct sl_store_job *row, struct sl_err *err);
/* sl_store_job_reason - another reason of a job that ended, which nobody has seen; SL_E_NO: none has that number. */
SL_MUST_CHECK enum sl_rc sl_store_job_reason(struct sl_db *db, int64_t id, const char *reason, struct sl_err *err);
/* sl_store_job_get - SL_E_NO: no such job (err untouched). with_result false leaves the sealed result out. */
SL_MUST_CHECK enum sl_rc sl_store_job_get(struct sl_db *db, int64_t id, bool with_result, struct sl_store_job *out,
                                          struct sl_err *err);
/* sl_store_job_ids - numbers of all jobs (state 0) or of those in one state, rising. *ids is heap memory. */
SL_MUST_CHECK enum sl_rc sl_store_job_ids(struct sl_db *db, int64_t state, int64_t **ids, uint32_t *n,
                                          struct sl_err *err);
void sl_store_job_free(struct sl_store_job *row);

/* sl_store_ids - run one query with a single whole-number column; for the other store files too. */
SL_MUST_CHECK enum sl_rc sl_store_ids(struct sl_db *db, const char *sql, int64_t bind, int64_t **ids, uint32_t *n,
                                      struct sl_err *err);
/* sl_store_ids_of - the same of a bound statement, which is ended. */
SL_MUST_CHECK enum sl_rc sl_store_ids_of(struct sl_db *db, sqlite3_stmt *st, int64_t **ids, uint32_t *n,
                                         struct sl_err *err);

#endif
