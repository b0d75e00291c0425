/*
 * release.h - the rows of releases, the unit spaces each one spent, and the cells that left.
 */
#ifndef SL_JOBS_STORE_RELEASE_H
#define SL_JOBS_STORE_RELEASE_H

#include "jobs/store/db.h"

struct sl_store_release {
	int64_t id, request, released_at, leaf;  /* leaf: index of "release.made" */
	char *project;
};

/* sl_store_release_insert - under row's number, or the next one when it is 0; *id is it. */
SL_MUST_CHECK enum sl_rc sl_store_release_insert(struct sl_db *db, const struct sl_store_release *row, int64_t *id,
                                                 struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_leaf(struct sl_db *db, int64_t id, uint64_t leaf, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_space(struct sl_db *db, int64_t id, const char *project, const char *space,
                                                struct sl_err *err);
/* sl_store_release_get - SL_E_NO: none such (err untouched). sl_store_release_of - the release of a request. */
SL_MUST_CHECK enum sl_rc sl_store_release_get(struct sl_db *db, int64_t id, struct sl_store_release *out,
                                              struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_of(struct sl_db *db, int64_t request, int64_t *id, struct sl_err *err);
/* sl_store_release_published - the release whose publication has this digest; 0: none. */
SL_MUST_CHECK enum sl_rc sl_store_release_published(struct sl_db *db, const uint8_t publication[static 32], int64_t *id,
                                                    struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_ids(struct sl_db *db, int64_t **ids, uint32_t *n, struct sl_err *err);
void sl_store_release_free(struct sl_store_release *row);


/* A release that was taken back; statement holds the bytes that were signed, signature "" when a session asked. */
struct sl_store_revoked {
	int64_t release, at;
	char *person, *reason, *statement, *signature;
};
SL_MUST_CHECK enum sl_rc sl_store_revoked_insert(struct sl_db *db, const struct sl_store_revoked *row,
                                                 struct sl_err *err);
/* sl_store_revoked_get - SL_E_NO: it was not (err untouched). */
SL_MUST_CHECK enum sl_rc sl_store_revoked_get(struct sl_db *db, int64_t release, struct sl_store_revoked *out,
                                              struct sl_err *err);
void sl_store_revoked_free(struct sl_store_revoked *row);

/* Who has a copy: one row a person, of the last time. */
struct sl_store_fetch {
	int64_t at;
	char *person;
};
SL_MUST_CHECK enum sl_rc sl_store_fetch_insert(struct sl_db *db, int64_t release, int64_t at, const char *person,
                                               struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_fetch_list(struct sl_db *db, int64_t release, struct sl_store_fetch **out,
                                             uint32_t *n, struct sl_err *err);
void sl_store_fetch_free(struct sl_store_fetch *rows, uint32_t n);

#endif
