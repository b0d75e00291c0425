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

SL_MUST_CHECK enum sl_rc sl_store_release_insert(struct sl_db *db, const struct sl_store_release *row, int64_t *id,
                                                 struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_leaf(struct sl_db *db, int64_t id, uint64_t leaf, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_space(struct sl_db *db, int64_t id, const char *project, const char *space,
                                                struct sl_err *err);
/* sl_store_release_get - SL_E_NO: none such (err untouched). sl_store_release_of - the release of a request. */
SL_MUST_CHECK enum sl_rc sl_store_release_get(struct sl_db *db, int64_t id, struct sl_store_release *out,
                                              struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_of(struct sl_db *db, int64_t request, int64_t *id, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_release_ids(struct sl_db *db, int64_t **ids, uint32_t *n, struct sl_err *err);
void sl_store_release_free(struct sl_store_release *row);

#endif
