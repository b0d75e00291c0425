/*
 * members.h - who stands behind a request's outputs, sealed so that only sluice-engine opens it, and which releases a
 * unit space has.
 */
#ifndef SL_JOBS_STORE_MEMBERS_H
#define SL_JOBS_STORE_MEMBERS_H

#include "jobs/store/db.h"

/*
 * sl_store_members_box - keep a box, and say its id. How large it is depends on rows, so it is written while nobody
 * waits for it, before the request is. sl_store_members_sweep - forget boxes from before a time that no request names.
 */
SL_MUST_CHECK enum sl_rc sl_store_members_box(struct sl_db *db, int64_t now, const struct sl_buf *box, int64_t *id,
                                              struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_store_members_sweep(struct sl_db *db, int64_t before, struct sl_err *err);
/* sl_store_members_put - the box of output `output` (in plan order) of a request. */
SL_MUST_CHECK enum sl_rc sl_store_members_put(struct sl_db *db, int64_t request, uint32_t output, int64_t box,
                                              struct sl_err *err);
/* sl_store_members_get - appended to box. SL_E_NO: they were not kept (err untouched). */
SL_MUST_CHECK enum sl_rc sl_store_members_get(struct sl_db *db, int64_t request, uint32_t output, struct sl_buf *box,
                                              struct sl_err *err);

/* sl_store_space_releases - all of a unit space, whatever the project, oldest first. *ids is heap memory. */
SL_MUST_CHECK enum sl_rc sl_store_space_releases(struct sl_db *db, const char *space, int64_t **ids, uint32_t *n,
                                                 struct sl_err *err);
/* sl_store_space_requests - the requests that left one project with something of a unit space, oldest first. */
SL_MUST_CHECK enum sl_rc sl_store_space_requests(struct sl_db *db, const char *space, const char *project,
                                                 int64_t **ids, uint32_t *n, struct sl_err *err);
/*
 * sl_store_space_releases_then - those that a release stood beside when it left as this number at this time, before
 * some restore: of each number below its own the one that left last until then, by the numbers they left under.
 */
SL_MUST_CHECK enum sl_rc sl_store_space_releases_then(struct sl_db *db, const char *space, int64_t number, int64_t at,
                                                      int64_t **ids, uint32_t *n, struct sl_err *err);

#endif
