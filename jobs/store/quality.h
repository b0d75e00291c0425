/*
 * quality.h - what the rows of a version are like, as one sealed box a version. The version's row goes with it.
 */
#ifndef SL_JOBS_STORE_QUALITY_H
#define SL_JOBS_STORE_QUALITY_H

#include "jobs/store/db.h"

/* sl_store_quality_put - of the version with that id, which was put before. */
SL_MUST_CHECK enum sl_rc sl_store_quality_put(struct sl_db *db, const uint8_t version[static 32],
                                              const struct sl_buf *box, struct sl_err *err);
/* sl_store_quality_get - append the box; n as sl_version's. SL_E_NO: of that one none was counted (err untouched). */
SL_MUST_CHECK enum sl_rc sl_store_quality_get(struct sl_db *db, int64_t n, struct sl_buf *box, struct sl_err *err);

#endif
