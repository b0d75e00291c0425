/*
 * owner.h - the rows of what owners are asked and say: applications for tables, grants, decisions about releases.
 */
#ifndef SL_JOBS_STORE_OWNER_H
#define SL_JOBS_STORE_OWNER_H

#include "jobs/store/db.h"

enum sl_application_state {
	SL_APPLICATION_NONE = 0,
	SL_APPLICATION_WAITS,
	SL_APPLICATION_GRANTED,
	SL_APPLICATION_REFUSED
};

/* For one table. Heap texts, never NULL after get. until: days since 1970-01-01; INT64_MIN: not said. */
struct sl_store_application {
	int64_t id, state, created_at, decided_at, until;
	char *project, *author, *table, *reason;
	char *decided_by, *answer; /* "" until decided; answer: the owner's words of a refusal */
};
SL_MUST_CHECK enum sl_rc sl_store_application_insert(struct sl_db *db, const struct sl_store_application *row,
                                                     int64_t *id, struct sl_err *err);
/* sl_store_application_decide - of one that waits. SL_E_NO: it does not. */
SL_MUST_CHECK enum sl_rc sl_store_application_decide(struct sl_db *db, const struct sl_store_application *row,
                                                     struct sl_err *err);
/* sl_store_application_get - SL_E_NO: none such (err untouched). */
SL_MUST_CHECK enum sl_rc sl_store_application_get(struct sl_db *db, int64_t id, struct sl_store_application *out,
                                                  struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_application_ids(struct sl_db *db, int64_t **ids, uint32_t *n, struct sl_err *err);
void sl_store_application_free(struct sl_store_application *row);

/* One grant: what it says is its statement alone. Heap texts. withdrawn_at 0: it was not. */
struct sl_store_owner_grant {
	int64_t id, application, granted_at, withdrawn_at;
	char *person, *key, *statement, *signature;
	char *withdrawn_by, *withdrawn_why;
};
SL_MUST_CHECK enum sl_rc sl_store_owner_grant_insert(struct sl_db *db, const struct sl_store_owner_grant *row,
                                                     int64_t *id, struct sl_err *err);
/* sl_store_owner_grant_withdraw - SL_E_NO: it was withdrawn before, or there is none. */
SL_MUST_CHECK enum sl_rc sl_store_owner_grant_withdraw(struct sl_db *db, const struct sl_store_owner_grant *row,
                                                       struct sl_err *err);
/* sl_store_owner_grants - all, oldest first. Free with sl_store_owner_grants_free. */
SL_MUST_CHECK enum sl_rc sl_store_owner_grants(struct sl_db *db, struct sl_store_owner_grant **out, uint32_t *n,
                                               struct sl_err *err);
void sl_store_owner_grants_free(struct sl_store_owner_grant *rows, uint32_t n);

#endif
